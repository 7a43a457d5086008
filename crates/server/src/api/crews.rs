//! Few crews shared out over a place's communities, by what is left at each of them now.

use super::{Asker, Body, figures::place_of};
use crate::{
    access::who::Asking,
    app::App,
    limits,
    machine::aside,
    people::{self, id::CommunityId},
    problem::{Fault, Problem},
    run::held,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    CrewDay,
    crews::{Crew, CrewCommunity},
};
use jiff::{Timestamp, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Days that are lived for a look: enough to tell nine of ten.
const DRAWS: u32 = 60;
/// How services differ where a round keeps no scenario.
const SERVICE_CV: f64 = 0.5;
/// Minutes of a day.
const DAY_MIN: f64 = 24.0 * 60.0;

/// Crews to be written down: who they are, or where they were told to go.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CrewsAnew {
    /// What was written down where it was read; null: nothing.
    was: Option<SharedCrews>,
    /// What is to be.
    crews: SharedCrews,
}

/// Crews as a committee wrote them down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedCrews {
    /// By when all are to be done, `13:00`; null for no promise.
    promise: Option<String>,
    /// Minutes to pack up.
    pack_min: f64,
    /// Minutes to set up.
    setup_min: f64,
    /// Minutes on the way from any community to any other.
    way_min: f64,
    /// The crews.
    crews: Vec<SharedCrew>,
}

/// A crew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedCrew {
    /// Its name.
    name: String,
    /// When its shift begins, `07:00`.
    from: String,
    /// When it ends.
    until: String,
    /// The community where it stands, set up; null: elsewhere.
    at: Option<CommunityId>,
    /// People whom it serves in an hour.
    people_per_hour: f64,
    /// Where it was told to go, in order.
    agreed: Vec<CommunityId>,
}

/// What is left, and who goes where.
#[derive(Debug, Serialize, ToSchema)]
pub struct CrewsNow {
    /// As they were written down; null where nobody did.
    #[schema(required)]
    kept: Option<SharedCrews>,
    /// What is left where.
    left: Vec<LeftAt>,
    /// The division, as `shouhu crews --json` gives it; null where there is nothing to divide, or nobody.
    #[schema(required, value_type = Option<Object>)]
    division: Option<Value>,
    /// For each crew the communities to which it goes, in order.
    ways: Vec<Vec<CommunityId>>,
}

/// What is left at a community.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftAt {
    /// The community.
    community: CommunityId,
    /// Its name.
    name: String,
    /// People who are expected and not through.
    people: u32,
}

/// Who is expected where, and how the crews that were written down are best divided over them from now on.
#[utoipa::path(
    get, path = "/api/v1/places/{place}/crews",
    params(("place" = String, Path, description = "A place's id, or `all`"), ("lang" = Option<String>, Query)),
    responses((status = OK, body = CrewsNow), (status = NOT_FOUND, body = Problem), (status = CONFLICT, description = "More communities than can be divided at a time", body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem))
)]
pub async fn crews(
    State(app): State<App>,
    Path(place): Path<String>,
    Asker(voice): Asker,
) -> Result<Json<CrewsNow>, Fault> {
    let within = app.clone();
    let seen = app.turns.compute(move || {
        let (_, at) = place_of(&within, &place)?;
        let kept: Option<SharedCrews> = within.people.crews(&at.to_string())?.and_then(|text| written(&text));
        let standing = kept.iter().flat_map(|kept| &kept.crews).filter_map(|crew| crew.at).collect();
        let Found { mut open, over, zone } = open_now(&within, at, &standing)?;
        if open.len() + over.len() > limits::CREWS {
            return Err(Fault::new(StatusCode::CONFLICT, "crews_many").with("most", limits::CREWS));
        }
        let left =
            open.iter().map(|(id, of)| LeftAt { community: *id, name: of.name.clone(), people: of.people });
        let left: Vec<LeftAt> = left.collect();
        let is_any = !open.is_empty();
        open.extend(over);
        let day = kept.as_ref().filter(|_| is_any).and_then(|kept| day(kept, &open, &zone));
        let Some(day) = day.filter(|day| !day.crews.is_empty()) else {
            return Ok(CrewsNow { kept, left, division: None, ways: Vec::new() });
        };
        let divided = verbs::crews::divide(day, 1, DRAWS);
        let ways = divided
            .division
            .stays
            .iter()
            .map(|stays| stays.iter().map(|stay| open[stay.community].0).collect());
        let ways = ways.collect();
        let division = serde_json::to_value(divided.output(voice)).ok();
        Ok(CrewsNow { kept, left, division, ways })
    });
    seen.await.map(Json)
}

/// Writes the crews down: who they are, where they stand, and where they were told to go; if nobody else did since they were read.
#[utoipa::path(
    put, path = "/api/v1/places/{place}/crews", request_body = CrewsAnew,
    params(("place" = String, Path, description = "A place's id, or `all`")),
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "Somebody else wrote them down since", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "A crew has no name, no time or no pace, or is in two places", body = Problem)
    )
)]
pub async fn keep_crews(
    State(app): State<App>,
    asking: Asking,
    Path(place): Path<String>,
    Body(CrewsAnew { was, crews }): Body<CrewsAnew>,
) -> Result<StatusCode, Fault> {
    if !sound(&crews) {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "crews").with("most", limits::CREWS));
    }
    let keep = aside(move || {
        let (_, at) = place_of(&app, &place)?;
        let text = serde_json::to_string(&crews).expect("our own types are written as JSON");
        let is_same = |kept: Option<&str>| kept.and_then(written) == was;
        let (who, now) = (asking.who.label(), people::now());
        Ok(app.people.keep_crews(&at.to_string(), is_same, &text, (&who, now))?)
    });
    keep.await.map(|()| StatusCode::NO_CONTENT)
}

/// As they were written down; none that this program cannot read.
fn written(text: &str) -> Option<SharedCrews> {
    serde_json::from_str(text).ok()
}

fn sound(of: &SharedCrews) -> bool {
    let minutes = |minutes: f64| (0.0..=600.0).contains(&minutes);
    let once =
        |place: usize, crew: &SharedCrew| of.crews[..place].iter().all(|other| other.name != crew.name);
    let crew = |(place, crew): (usize, &SharedCrew)| {
        let named = !crew.name.trim().is_empty() && crew.name.len() <= limits::NAME_BYTES;
        let time = minute(&crew.from).zip(minute(&crew.until)).is_some_and(|(from, until)| from < until);
        let stops = crew.agreed.len() <= verbs::crews::STOPS_MAX;
        named && time && stops && once(place, crew) && (1.0..=3_600.0).contains(&crew.people_per_hour)
    };
    of.crews.len() <= limits::CREWS
        && [of.pack_min, of.setup_min, of.way_min].into_iter().all(minutes)
        && of.promise.as_ref().is_none_or(|promise| minute(promise).is_some())
        && of.crews.iter().enumerate().all(crew)
}

/// A time of day in minutes after midnight.
fn minute(text: &str) -> Option<f64> {
    let time: Time = text.parse().ok()?;
    Some(f64::from(time.hour()) * 60.0 + f64::from(time.minute()))
}

/// What is found of a place's communities.
struct Found {
    /// Those whose newest round is not over, with what is left of it.
    open: Vec<(CommunityId, CrewCommunity)>,
    /// Those where nothing is left, and a crew still stands: it has to pack and to come from there.
    over: Vec<(CommunityId, CrewCommunity)>,
    /// Where their clocks are.
    zone: TimeZone,
}

fn open_now(
    app: &App,
    place: crate::access::role::Place,
    standing: &BTreeSet<CommunityId>,
) -> Result<Found, Fault> {
    let (mut open, mut over) = (Vec::new(), Vec::new());
    let mut zone = None;
    for community in app.people.communities_in(place)? {
        let id = community.id;
        let done = || {
            let name = community.name.clone();
            let (opens_min, closes_min, lanes_max) = (0.0, DAY_MIN, 1);
            CrewCommunity { name, people: 0, opens_min, closes_min, lanes_max, scenario: None }
        };
        let Some(listed) = app.runs.book.rounds(id)?.into_iter().next() else {
            over.extend(standing.contains(&id).then(|| (id, done())));
            continue;
        };
        let running = app.runs.beside(id, listed.id)?;
        let running = held(&running);
        let round = running.folded().live().round();
        if matches!(round.phase(), round::Phase::Closed { .. }) || running.made.phones_until < people::now() {
            over.extend(standing.contains(&id).then(|| (id, done())));
            continue;
        }
        let definition = &running.made.definition;
        let (rules, counts) = (round.rules(), round.counts());
        let scenario = definition.kept.scenario();
        let comes = scenario.as_ref().map_or(1.0, |of| of.attendance.households * of.attendance.persons);
        let gone = counts.served + counts.left + counts.unserved;
        let expected = (definition.people.len() as f64 * comes).round() as u32;
        let opens_min = rules.opens_s as f64 / 60.0;
        open.push((
            community.id,
            CrewCommunity {
                name: community.name,
                people: expected.saturating_sub(gone).max(counts.at_site()),
                opens_min,
                closes_min: rules.closes.map_or(DAY_MIN, |closes| opens_min + closes as f64 / 600_000.0),
                lanes_max: u32::from(rules.lanes).max(1),
                scenario,
            },
        ));
        zone.get_or_insert_with(|| definition.zone());
    }
    Ok(Found { open, over, zone: zone.unwrap_or(TimeZone::UTC) })
}

/// The day from now on.
fn day(kept: &SharedCrews, open: &[(CommunityId, CrewCommunity)], zone: &TimeZone) -> Option<CrewDay> {
    let local = zone.to_datetime(Timestamp::now());
    let place = |id: &CommunityId| open.iter().position(|(known, _)| known == id);
    let crews = kept.crews.iter().map(|crew| {
        Some(Crew {
            name: crew.name.clone(),
            from_min: minute(&crew.from)?,
            until_min: minute(&crew.until)?,
            at: crew.at.as_ref().and_then(place),
            people_per_h: crew.people_per_hour,
            // What is done there is agreed no more.
            agreed: crew.agreed.iter().filter_map(place).filter(|&stop| open[stop].1.people > 0).collect(),
        })
    });
    let count = open.len();
    let way = |one: usize, other: usize| if one == other { 0.0 } else { kept.way_min };
    Some(CrewDay {
        midnight: local.date().to_datetime(Time::midnight()),
        now_min: Some(f64::from(local.hour()) * 60.0 + f64::from(local.minute())),
        promise_min: kept.promise.as_deref().and_then(minute),
        service_cv: SERVICE_CV,
        communities: open.iter().map(|(_, of)| of.clone()).collect(),
        crews: crews.collect::<Option<_>>()?,
        pack_min: kept.pack_min,
        setup_min: kept.setup_min,
        way_min: (0..count).map(|one| (0..count).map(|other| way(one, other)).collect()).collect(),
    })
}
