//! Rosters of a community's volunteers: made of a scenario's shifts and of what volunteers said, changed by hand, mended when somebody
//! drops out, and held against every rule whenever somebody looks.
//!
//! # Map
//! `kept` what is written down: shifts and ids, never a name · `made` a roster is made · [`Built`] a roster with its task, to be looked at · `change` what
//! a desk does to it · `card` what they have read · `own` what a volunteer sees of it, and does.

mod card;
mod change;
mod kept;
mod made;
mod making;
mod own;

pub use card::card_code;
pub use change::{ByHand, Repaired};
pub use kept::{KeptRoster, KeptShift, OnShift, Swap};
pub use made::{Make, make};
pub use making::Making;
pub use own::{Act, Card, Next, Offer, OwnPage, OwnShift, calendar, cards};

use crate::{
    access::who::Who,
    app::App,
    limits,
    machine::{Processors, zones},
    people::{
        self, PeopleError,
        id::{CommunityId, VolunteerId},
        volunteers::{RosterRow, Volunteer},
    },
    problem::Fault,
    store::{Id, StoreError},
};
use axum::http::StatusCode;
use domain::{
    Notes, Severity,
    roster::{Roster, Span, Task},
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use scenario::{FIRST_ROW, Files};
use verbs::{Desk, Voice, roster::Rostered};

/// Sheets that those of the server take the place of.
const SHEETS: [&str; 2] = ["volunteers.csv", "volunteers.xlsx"];

/// A roster with all that it takes to look at it.
pub struct Built {
    /// Held against the rules, and explained.
    pub rostered: Rostered,
    /// The task's volunteers.
    pub ids: Vec<VolunteerId>,
    /// For each shift as it is kept, the task's.
    pub places: Vec<usize>,
}

/// The roster of a scenario.
///
/// # Errors
/// There is none, or the database says no.
pub fn find(app: &App, community: CommunityId, scenario: &str) -> Result<(RosterRow, KeptRoster), Fault> {
    let none = || Fault::new(StatusCode::NOT_FOUND, "roster_none");
    let row = app.people.roster(community, scenario)?.ok_or_else(none)?;
    let kept = KeptRoster::of(&row.content)?;
    Ok((row, kept))
}

/// Reads a roster, changes it, keeps it; again if somebody else was quicker.
///
/// # Errors
/// There is none, what `work` says, somebody else is always quicker, or the database says no.
pub fn changed<T>(
    app: &App,
    community: CommunityId,
    scenario: &str,
    work: impl Fn(&mut KeptRoster) -> Result<T, Fault>,
) -> Result<T, Fault> {
    for tried in 1.. {
        let (row, mut kept) = find(app, community, scenario)?;
        let done = work(&mut kept)?;
        match app.people.keep_roster(community, scenario, Some(row.version), &kept.text(), people::now()) {
            Err(PeopleError::RosterChanged) if tried < limits::ROSTER_TRIES => {}
            kept => return kept.map(|_| done).map_err(Fault::from),
        }
    }
    unreachable!("it is tried until it is done")
}

/// A roster with its task, as volunteers' words are today. Whoever was erased since is not on it.
///
/// # Errors
/// The scenario is gone, it or somebody's words refuse, or the database says no.
pub fn build(
    app: &App,
    community: CommunityId,
    scenario: &str,
    kept: &KeptRoster,
    voice: Voice,
) -> Result<Built, Fault> {
    // Whoever may see the roster may see it where others plan the round.
    let files = folder(app, &Who::Owner, scenario)?;
    let volunteers = app.people.volunteers_to_place(community)?;
    let mut files = with_volunteers(files, &volunteers);
    files.0.insert("shifts.csv".to_owned(), scenario::write_shifts(&kept.rows()?));
    let desk = Desk { files: &files, machine: &Processors, zones: &zones, voice };
    let scenario = desk.scenario(&[])?;
    let (sheets, mut said) = scenario::read_volunteers(&files, &scenario, &[]);
    let Some(sheets) = sheets else { return Err(said.into()) };
    let (mut task, more) = verbs::roster::task_as_made(sheets);
    said.extend(more);
    let ids = ids_of(&task, &volunteers)?;
    let outs = kept.leave_out(&mut task, &ids);
    task.rules.agreed_max_min = kept.agreed_max_min;
    let places = kept.places_in(&task)?;
    let mut roster = Roster::empty(&task);
    for (shift, &at) in kept.shifts.iter().zip(&places) {
        for on in &shift.on {
            let Some(who) = ids.iter().position(|id| *id == on.volunteer) else { continue };
            roster.shifts[at].push(who);
            if on.pinned {
                task.pinned.push((who, at));
            }
        }
    }
    for people in &mut roster.shifts {
        people.sort_unstable();
    }
    let notes = Notes(
        said.0.into_iter().filter(|note| note.severity != Severity::Error && of_people(note)).collect(),
    );
    let rostered = Rostered::new(task, roster, outs, kept.bound, notes);
    Ok(Built { rostered, ids, places })
}

/// What is said of the shifts was said when the roster was made.
fn of_people(note: &domain::Note) -> bool {
    !note.place.file.starts_with("shifts")
}

impl Built {
    /// Whose row a note is about.
    pub fn volunteer_of(&self, row: Option<u32>) -> Option<VolunteerId> {
        let who = self.rostered.task.volunteers.iter().position(|person| Some(person.row) == row)?;
        Some(self.ids[who])
    }

    /// The place of a volunteer in the task.
    pub fn place_of(&self, id: VolunteerId) -> Option<usize> {
        self.ids.iter().position(|known| *known == id)
    }
}

/// Volunteers of a scenario as its folder has them, or those who signed up in their place; nobody where it cannot be read.
///
/// # Errors
/// The scenario is gone, or the database says no.
pub fn helpers(
    app: &App,
    who: &Who,
    community: CommunityId,
    scenario: &str,
) -> Result<Vec<domain::roster::Volunteer>, Fault> {
    let files = folder(app, who, scenario)?;
    let signed_up = app.people.volunteers_to_place(community)?;
    let files = if signed_up.is_empty() { files } else { with_volunteers(files, &signed_up) };
    let (read, _) = scenario::read(&files, &[], &mut |_, _| ());
    let sheets = read.and_then(|read| scenario::read_volunteers(&files, &read, &[]).0);
    Ok(sheets.map(|sheets| sheets.volunteers).unwrap_or_default())
}

/// The files of a scenario.
fn folder(app: &App, who: &Who, scenario: &str) -> Result<Files, Fault> {
    let gone = || Fault::new(StatusCode::CONFLICT, "roster_scenario_gone");
    let id = Id::parse(scenario).ok_or_else(gone)?;
    match app.store.get(who, &id) {
        Ok(kept) => Ok(kept.files),
        Err(StoreError::Unknown) => Err(gone()),
        Err(error) => Err(error.into()),
    }
}

/// A folder with these volunteers in the place of its own, a row each in their order.
fn with_volunteers(mut files: Files, volunteers: &[Volunteer]) -> Files {
    for name in SHEETS {
        files.0.remove(name);
    }
    let sheet = scenario::write_volunteers(volunteers.iter().map(|one| &one.cells));
    files.0.insert("volunteers.csv".to_owned(), sheet);
    files
}

/// Whose rows the task's volunteers are.
fn ids_of(task: &Task, volunteers: &[Volunteer]) -> Result<Vec<VolunteerId>, Fault> {
    let id = |person: &domain::roster::Volunteer| {
        let place = person.row.checked_sub(FIRST_ROW).and_then(|place| volunteers.get(place as usize));
        place.map(|one| one.id).ok_or_else(|| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "broken"))
    };
    task.volunteers.iter().map(id).collect()
}

/// Minutes after a task's midnight.
fn minute_of(midnight: DateTime, at: DateTime) -> i32 {
    at.duration_since(midnight).as_mins() as i32
}

/// What time it is where a roster is; an unknown zone is UTC.
pub fn local_now(zone: &str) -> DateTime {
    local_at(zone, people::now())
}

/// What time it was there at a moment, seconds since 1970.
fn local_at(zone: &str, at: i64) -> DateTime {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    zone.to_datetime(Timestamp::from_second(at).unwrap_or_default())
}

/// The stretch of a day, or of a shift.
fn day_of(span: Span) -> Span {
    let start = span.from_min.div_euclid(domain::roster::DAY_MIN) * domain::roster::DAY_MIN;
    Span { from_min: start, until_min: start + domain::roster::DAY_MIN }
}

impl KeptRoster {
    /// Takes from a task what somebody cannot do any more; who, and when.
    fn leave_out(&self, task: &mut Task, ids: &[VolunteerId]) -> Vec<(usize, Span)> {
        let mut outs = Vec::new();
        for out in &self.outs {
            let Some(who) = ids.iter().position(|id| *id == out.volunteer) else { continue };
            let midnight = task.midnight;
            let minute = |text: &str| text.parse::<DateTime>().map(|at| minute_of(midnight, at)).ok();
            let span = Span {
                from_min: minute(&out.from).unwrap_or(0),
                until_min: out.until.as_deref().and_then(minute).unwrap_or(i32::MAX),
            };
            ::roster::excuse(task, who, span);
            outs.push((who, span));
        }
        outs
    }
}
