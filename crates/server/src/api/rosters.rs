//! Rosters at the secretary's desk: made in a turn of their own, looked at with all that they lack, and changed by hand.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

pub mod cards;
mod hours;
pub mod rules;

use hours::{GuestView, HoursView, guests, hours};

use super::{Asker, Body, Query, names::Unkept, paper::pdf, rounds::community_of, volunteers::looks};
use crate::{
    access::who::Asking,
    app::App,
    limits,
    machine::aside,
    people::id::{CommunityId, VolunteerId},
    problem::{Fault, Problem},
    rostering::{self, Built, ByHand, KeptRoster, KeptShift, Make, Repaired},
    schema::notes::Refused,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use formats::{
    Block, Document, Part, Table,
    pdf::{Paper, Sheet, sheets},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use verbs::{SpokenNote, Voice, roster::role_word};

/// A roster in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterListed {
    /// The scenario that it is of.
    scenario: String,
    /// When it was last changed, seconds since 1970.
    changed: i64,
    /// When its first shift begins, local: `2022-03-28T07:00`.
    from: String,
    /// When its last one ends.
    until: String,
    /// Places that are filled, and how many there are.
    filled: [u32; 2],
}

/// A roster to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterAsked {
    /// Seconds to look for a better one, 1 to 120. One that is proven to be the best ends sooner.
    seconds: f64,
}

/// Whether a page asks until the roster is made.
#[derive(Debug, Deserialize)]
pub struct Waiting {
    #[serde(default)]
    waits: bool,
}

/// Something to be changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterChange {
    /// How often the roster had been made when it was looked at.
    made: u32,
    /// What.
    change: ByHand,
}

/// A roster, or that it is being made.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterSeen {
    /// The roster; null where none was made yet.
    #[schema(required)]
    roster: Option<RosterView>,
    /// For how many seconds it has been made now, and how many it may take; null if it is not.
    #[schema(required)]
    making: Option<[f64; 2]>,
    /// What came of what was just done, in sentences.
    said: Vec<String>,
}

/// A roster.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterView {
    /// How often it was made.
    made: u32,
    /// Where its clocks are.
    zone: String,
    /// Its shifts, in the order of time.
    shifts: Vec<ShiftView>,
    /// Shifts with empty places, and what would fill them.
    gaps: Vec<GapView>,
    /// Hard rules that are broken, by those whom somebody put there.
    broken: Vec<String>,
    /// How good it is: places filled, and what is proven.
    good: Vec<String>,
    /// How many wishes are broken, but for empty places.
    wishes_broken: usize,
    /// What broken wishes cost, in sentences: the dearest, how many more there are, and the sum of missed rotations.
    wishes: Vec<String>,
    /// What everybody serves.
    hours: Vec<HoursView>,
    /// Who comes from other communities of this server.
    guests: Vec<GuestView>,
    /// What somebody should look at.
    notes: Vec<RosterNote>,
}

/// A shift.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftView {
    /// When it begins, local: `2022-03-28T07:00`.
    from: String,
    /// When it ends.
    until: String,
    /// What is done: its word in files.
    role: String,
    /// In the asker's language.
    role_name: String,
    /// Where, for people who are lent; null here.
    #[schema(required)]
    site: Option<String>,
    /// How many people.
    people: u32,
    /// In protective clothing.
    protective: bool,
    /// In the heat.
    heat: bool,
    /// Who.
    on: Vec<OnView>,
}

/// Somebody at a shift.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnView {
    /// Who.
    id: VolunteerId,
    /// Their name; empty for somebody who was erased.
    name: String,
    /// Whether a person set it.
    pinned: bool,
    /// Whether they say that they cannot come.
    cannot: bool,
    /// Whether they ask for somebody to take it.
    offered: bool,
    /// Whether they have had their five minutes.
    briefed: bool,
    /// Whether they scanned the card of their role.
    by_card: bool,
    /// When they came, seconds since 1970.
    #[schema(required)]
    came: Option<i64>,
    /// When they left.
    #[schema(required)]
    left: Option<i64>,
    /// Whether they came by the code that hangs at the site.
    at_site: bool,
    /// Whether it was told later when they came or left: their telephone had no network.
    told_later: bool,
}

/// A shift with empty places.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapView {
    /// Its place among the shifts.
    shift: usize,
    /// Places that nobody has.
    places: u32,
    /// How many could do it at all.
    could: u32,
    /// What would fill one of them, the least change first.
    changes: Vec<String>,
    /// Who best fills one right now, the best first; nobody else moves.
    helpers: Vec<HelperView>,
}

/// Somebody who can fill a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelperView {
    /// Who.
    id: VolunteerId,
    /// Their name.
    name: String,
    /// Hours that they have already.
    hours: f64,
}

/// What somebody should look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterNote {
    /// Whose words it is about; null for all.
    #[schema(required)]
    volunteer: Option<VolunteerId>,
    /// `warning` or `hint`.
    #[schema(value_type = crate::schema::notes::Severity)]
    severity: domain::Severity,
    /// What is wrong.
    message: String,
    /// What to do.
    mend: String,
}

/// A community's rosters.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rosters", params(("community" = String, Path)),
    responses((status = OK, body = [RosterListed]), (status = NOT_FOUND, body = Problem))
)]
pub async fn rosters(
    State(app): State<App>,
    Path(community): Path<String>,
) -> Result<Json<Vec<RosterListed>>, Fault> {
    let listed = aside(move || {
        let id = app.people.community(community_of(&community)?)?.id;
        let listed = app.people.rosters(id)?.into_iter().map(|row| {
            let kept = KeptRoster::of(&row.content)?;
            let people: u32 = kept.shifts.iter().map(|shift| shift.people).sum();
            let filled = kept.shifts.iter().map(|shift| shift.people.min(shift.on.len() as u32)).sum();
            let from = kept.shifts.iter().map(|shift| &shift.from).min().cloned().unwrap_or_default();
            let until = kept.shifts.iter().map(|shift| &shift.until).max().cloned().unwrap_or_default();
            Ok(RosterListed {
                scenario: row.scenario,
                changed: row.at,
                from,
                until,
                filled: [filled, people],
            })
        });
        listed.collect::<Result<Vec<_>, Fault>>()
    });
    listed.await.map(Json)
}

/// The roster of a scenario, held against the rules, with what it lacks.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rosters/{id}",
    params(
        ("community" = String, Path), ("id" = String, Path), ("lang" = Option<String>, Query),
        ("waits" = Option<bool>, Query, description = "Whether it is asked for again and again until it is made: no names before that")
    ),
    responses(
        (status = OK, body = RosterSeen), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "The scenario is gone, or has another day by now", body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn roster(
    State(app): State<App>,
    asking: Asking,
    Path((community, scenario)): Path<(String, String)>,
    Query(Waiting { waits }): Query<Waiting>,
    Asker(voice): Asker,
) -> Result<Unkept<RosterSeen>, Fault> {
    let seen = aside(move || {
        let community = app.people.community(community_of(&community)?)?.id;
        // Whoever waits reads no name, so nobody need know of it.
        if let Some(making) = making(&app, community, &scenario).filter(|_| waits) {
            return Ok(RosterSeen { roster: None, making: Some(making), said: Vec::new() });
        }
        let seen = seen(&app, community, &scenario, Vec::new(), voice)?;
        if seen.roster.is_some() {
            let who = asking.who.label();
            // The names on it are read as the list is.
            app.people.log_volunteers(community, looks(&who, "roster"))?;
        }
        Ok(seen)
    });
    seen.await.map(Unkept::of)
}

/// Makes the roster of a scenario of those who offered to help, or makes it anew: what is pinned, and who cannot come, stays. It is made
/// and kept also if whoever asked goes away. What changed while it was solved holds: the roster is brought onto that, and whom it moved is said.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rosters/{id}", request_body = RosterAsked,
    params(("community" = String, Path), ("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = RosterSeen), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "Nobody offered to help, or it is being made", body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Refused), (status = SERVICE_UNAVAILABLE, body = Problem)
    )
)]
pub async fn make_roster(
    State(app): State<App>,
    asking: Asking,
    Path((community, scenario)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(asked): Body<RosterAsked>,
) -> Result<Unkept<RosterSeen>, Fault> {
    if !(1.0..=limits::ROSTER_SECONDS).contains(&asked.seconds) {
        let fault = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "roster_seconds");
        return Err(fault.with("most", limits::ROSTER_SECONDS));
    }
    let id = community_of(&community)?;
    let within = app.clone();
    let made = app.turns.compute(move || {
        let community = within.people.community(id)?.id;
        let make = Make { community, scenario, seconds: asked.seconds };
        let moved = rostering::make(&within, &asking.who, &make, voice)?;
        let who = asking.who.label();
        within.people.log_volunteers(community, looks(&who, "roster"))?;
        let said = moved.map(|moved| {
            vec![voice.say("volunteers.made_meanwhile", &[("changed", &listed(&moved, voice))])]
        });
        seen(&within, community, &make.scenario, said.unwrap_or_default(), voice)
    });
    made.await.map(Unkept::of)
}

/// Changes a roster by hand: somebody is put at a shift and pinned, taken off, or cannot come and is replaced at once.
#[utoipa::path(
    put, path = "/api/v1/communities/{community}/rosters/{id}", request_body = RosterChange,
    params(("community" = String, Path), ("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = RosterSeen), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "It was made anew since, or somebody is not at this shift", body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn change_roster(
    State(app): State<App>,
    asking: Asking,
    Path((community, scenario)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(asked): Body<RosterChange>,
) -> Result<Unkept<RosterSeen>, Fault> {
    let changed = aside(move || {
        let community = app.people.community(community_of(&community)?)?.id;
        let came = rostering::changed(&app, community, &scenario, |kept| {
            if kept.made != asked.made {
                return Err(Fault::new(StatusCode::CONFLICT, "roster_changed"));
            }
            asked.change.apply(&app, community, &scenario, kept, voice)
        })?;
        app.people.log_volunteers(community, looks(&asking.who.label(), "roster"))?;
        seen(&app, community, &scenario, came.map(|came| repaired(&came, voice)).unwrap_or_default(), voice)
    });
    changed.await.map(Unkept::of)
}

/// A sheet of thanks: who served how long, and with which organisations it counts.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rosters/{id}/thanks",
    params(("community" = String, Path), ("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/pdf"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "There is no font, or the scenario is gone", body = Problem)
    )
)]
pub async fn thanks(
    State(app): State<App>,
    asking: Asking,
    Path((community, scenario)): Path<(String, String)>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let bytes = aside(move || {
        let community = app.people.community(community_of(&community)?)?;
        let (_, kept) = rostering::find(&app, community.id, &scenario)?;
        let built = rostering::build(&app, community.id, &scenario, &kept, voice)?;
        let who = asking.who.label();
        app.people.log_volunteers(community.id, looks(&who, "thanks"))?;
        let fonts = app.runs.fonts.read()?;
        let document = thanked(&community.name, &hours(&kept, &built), voice);
        let sheet = Sheet { document: &document, number: "", large: &[], code: "" };
        let (pages, _) = sheets(&sheet, Paper::A4, &fonts);
        Ok(formats::pdf::pdf(&document.title, voice.language.tag(), &pages, &fonts)?)
    });
    Ok(pdf(bytes.await?))
}

/// For how many seconds it has been made, and how many it may take.
fn making(app: &App, community: CommunityId, scenario: &str) -> Option<[f64; 2]> {
    app.making.since(community, scenario).map(|(since, most)| [since, most])
}

/// The roster as it is now. Blocks on the disk.
fn seen(
    app: &App,
    community: CommunityId,
    scenario: &str,
    said: Vec<String>,
    voice: Voice,
) -> Result<RosterSeen, Fault> {
    let making = making(app, community, scenario);
    let roster = match app.people.roster(community, scenario)? {
        None => None,
        Some(row) => {
            let kept = KeptRoster::of(&row.content)?;
            let built = rostering::build(app, community, scenario, &kept, voice)?;
            Some(viewed(&kept, &built, guests(app, community, &kept, voice)?, voice))
        }
    };
    Ok(RosterSeen { roster, making, said })
}

fn viewed(kept: &KeptRoster, built: &Built, guests: Vec<GuestView>, voice: Voice) -> RosterView {
    let rostered = &built.rostered;
    let task = &rostered.task;
    let names: BTreeMap<VolunteerId, &str> =
        built.ids.iter().zip(&task.volunteers).map(|(id, person)| (*id, person.name.as_str())).collect();
    let shifts =
        kept.shifts.iter().enumerate().map(|(number, shift)| shift_view(kept, number, shift, &names, voice));
    let place = |at: usize| built.places.iter().position(|of| *of == at).unwrap_or(0);
    let gaps = rostered.gaps.iter().map(|gap| {
        let helpers = ::roster::helpers(task, &rostered.roster, gap.shift);
        let helper = |of: ::roster::Helper| HelperView {
            id: built.ids[of.volunteer],
            name: task.volunteers[of.volunteer].name.clone(),
            hours: f64::from(of.minutes) / 60.0,
        };
        GapView {
            shift: place(gap.shift),
            places: gap.places,
            could: gap.could,
            changes: gap.changes.iter().map(|change| rostered.change(gap.shift, change, voice)).collect(),
            helpers: helpers.into_iter().map(helper).collect(),
        }
    });
    let note = |note: SpokenNote| RosterNote {
        volunteer: if note.file.starts_with("volunteers") { built.volunteer_of(note.row) } else { None },
        severity: note.severity,
        message: note.message,
        mend: note.mend,
    };
    RosterView {
        made: kept.made,
        zone: kept.zone.clone(),
        shifts: shifts.collect(),
        gaps: gaps.collect(),
        broken: rostered.broken(voice),
        good: rostered.how_good(voice),
        wishes_broken: rostered.wishes_broken(),
        wishes: rostered.wishes(voice),
        hours: hours(kept, built),
        guests,
        notes: voice.notes(&rostered.notes).into_iter().map(note).collect(),
    }
}

fn shift_view(
    kept: &KeptRoster,
    number: usize,
    shift: &KeptShift,
    names: &BTreeMap<VolunteerId, &str>,
    voice: Voice,
) -> ShiftView {
    let on = shift.on.iter().map(|on| OnView {
        id: on.volunteer,
        name: names.get(&on.volunteer).map(|name| (*name).to_owned()).unwrap_or_default(),
        pinned: on.pinned,
        cannot: on.cannot,
        offered: kept.swaps.iter().any(|swap| (swap.volunteer, swap.shift) == (on.volunteer, number)),
        briefed: on.briefed.is_some(),
        by_card: on.by_card,
        came: on.came,
        left: on.left,
        at_site: on.at_site,
        told_later: on.told_later,
    });
    ShiftView {
        from: shift.from.clone(),
        until: shift.until.clone(),
        role: shift.role.clone(),
        role_name: role_word(&shift.role, voice),
        site: shift.site.clone(),
        people: shift.people,
        protective: shift.suit,
        heat: shift.heat,
        on: on.collect(),
    }
}

/// What came of a drop-out, in words.
fn repaired(came: &Repaired, voice: Voice) -> Vec<String> {
    let names = listed(&came.changed, voice);
    let lost = came.lost.to_string();
    let mut said = vec![voice.say("volunteers.repaired", &[("changed", &names), ("lost", &lost)])];
    if came.proven {
        said.push(voice.word("rostered.lost_proven"));
    }
    said
}

/// Names in a row, or that there are none.
fn listed(names: &[String], voice: Voice) -> String {
    if names.is_empty() { voice.word("rostered.none") } else { names.join(&voice.word("list.separator")) }
}

/// A sheet of thanks.
fn thanked(community: &str, hours: &[HoursView], voice: Voice) -> Document {
    let sum: f64 = hours.iter().map(|of| of.counted).sum();
    let args = [
        ("community", community.to_owned()),
        ("people", hours.len().to_string()),
        ("hours", verbs::number::number(sum)),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let row = |of: &HoursView| {
        vec![
            of.name.clone(),
            format!("{:.1}", of.counted),
            of.shifts.to_string(),
            of.organisations.join(&voice.word("list.separator")),
        ]
    };
    let head = ["rostered.name", "rostered.hours", "rostered.shifts", "rostered.organisation"];
    let table = Table {
        caption: String::new(),
        head: head.map(|key| voice.word(key)).to_vec(),
        rows: hours.iter().map(row).collect(),
    };
    let part = Part { heading: String::new(), lead: String::new(), blocks: vec![Block::Table(table)] };
    Document {
        language: voice.language.tag().to_owned(),
        title: voice.say("volunteers.thanks", &[("community", community)]),
        facts: vec![(voice.say("rostered.thanks", &args), String::new())],
        parts: vec![part],
        foot: voice.word("volunteers.thanks.foot"),
    }
}
