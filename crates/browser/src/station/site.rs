//! What a page is told once of the site and the phone's task.

use domain::event::HolderKind;
use phone::Phone;
use round::{Matter, Role};
use serde::Serialize;
use uuid::Uuid;
use verbs::Voice;

#[derive(Serialize)]
pub(super) struct Site<'a> {
    name: &'a str,
    community: Uuid,
    round: Uuid,
    device: Uuid,
    role: &'a str,
    /// Tasks that it may do: `registrar`, `sampler`, `caller`, `order`, `watch`, `tally`, `box`, `label`, `courier`, `lab`, `recall`.
    tasks: Vec<&'static str>,
    /// Milliseconds since 1970.
    forget_at_ms: i64,
    lanes: u16,
    /// Tables, in the order in which people pass them; without chairs, where nobody serves.
    stations: Vec<Counter<'a>>,
    /// What a person is given.
    gives: Option<&'a str>,
    pool: u8,
    /// The class that whoever claims the green channel gets.
    green: Option<&'a str>,
    /// Lots that may be given; where there are none, none is asked for.
    lots: Vec<&'a str>,
    /// Doors on the phone's roll.
    doors: usize,
}

#[derive(Serialize)]
struct Counter<'a> {
    name: &'a str,
    word: String,
    shared: bool,
    gives: bool,
}

pub(super) fn site(phone: &Phone, voice: Voice) -> Site<'_> {
    let bundle = phone.bundle();
    let rules = &bundle.rules;
    let gives = |place: usize| rules.gives.as_ref().is_some_and(|(_, places)| places.contains(&place));
    let counters = rules.stations.iter().enumerate().filter(|(_, of)| of.servers.is_some());
    Site {
        name: &bundle.name,
        community: bundle.community,
        round: bundle.round,
        device: bundle.device,
        role: &bundle.task.role,
        tasks: tasks(
            &bundle.task.role,
            rules.stations.iter().any(|station| station.observe > 0),
            rules.gives.as_ref().is_some_and(|(kind, _)| kind == "tube"),
        ),
        forget_at_ms: bundle.forget_at.0 / 10,
        lanes: rules.lanes,
        stations: counters
            .map(|(place, of)| Counter {
                name: &of.name,
                word: voice.station(&of.name),
                shared: of.shared,
                gives: gives(place),
            })
            .collect(),
        gives: rules.gives.as_ref().map(|(kind, _)| kind.as_str()),
        pool: rules.pool,
        green: rules.classes.iter().find(|class| class.green).map(|class| class.name.as_str()),
        lots: rules.lots.iter().map(|lot| lot.name.as_str()).collect(),
        doors: bundle.doors.len(),
    }
}

/// What whoever joined in a role may do with the phone; people are watched where a station says so, and boxes are of tubes.
fn tasks(role: &str, watches: bool, tubes: bool) -> Vec<&'static str> {
    const TASKS: [(&str, Matter); 11] = [
        ("registrar", Matter::Tables),
        ("sampler", Matter::Tables),
        ("caller", Matter::Calls),
        ("order", Matter::Counts),
        ("watch", Matter::Tables),
        ("tally", Matter::Counts),
        ("box", Matter::Custody),
        ("label", Matter::Custody),
        ("courier", Matter::Custody),
        ("lab", Matter::Results),
        ("recall", Matter::Recalls),
    ];
    let role = Role::parse(role);
    let may = |task: &str, matter: Matter| {
        role.is_none_or(|role| {
            let holds = match task {
                "box" => HolderKind::Site,
                "courier" => HolderKind::Courier,
                _ => role.holds(),
            };
            role.writes(matter) && (role == Role::Secretary || role.holds() == holds)
        })
    };
    let here = |(task, matter): &(&str, Matter)| {
        may(task, *matter)
            && (watches || *task != "watch")
            && (tubes || !matches!(matter, Matter::Custody | Matter::Results | Matter::Recalls))
    };
    TASKS.into_iter().filter(here).map(|(task, _)| task).collect()
}
