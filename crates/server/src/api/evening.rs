//! A real round in the evening: how far it came, how it went, and whom it missed.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker,
    file::{CSV, file},
    review::Reviewed,
    rounds::place,
    shift::{Use, doors_of, doors_to_count},
};
use crate::{
    access::who::Asking,
    app::App,
    machine::aside,
    people::{
        self,
        id::{CommunityId, RoundId},
    },
    problem::{Fault, Problem},
    run::{
        book::Made,
        evening::{self, Counted, EntranceReach, MissedDoor, Reach},
        held, walks,
    },
    store::Id,
};
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use domain::Moment;
use round::Folded;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use verbs::sheets::StillMissed;

/// A round in the evening, or so far: how many and when, of no door and of nobody.
#[derive(Debug, Serialize, ToSchema)]
pub struct Evening {
    /// The scenario that the round was made from, if it is still here.
    #[schema(required)]
    scenario: Option<String>,
    /// How much of the roll was reached; null where there is none, or its names ended.
    #[schema(required)]
    reach: Option<Reach>,
    /// The same by entrance.
    entrances: Vec<EntranceReach>,
    /// People who were served and are not on the roll.
    unlisted: u32,
    /// People who gave up waiting, were turned away, and are still at the site.
    others: [u32; 3],
    /// People who were only counted at the gates: in, and out.
    tally: [u32; 2],
    /// Who came to the green channel, by hour and class.
    green: Vec<GreenHour>,
    /// Doors at which nobody opened the first time; of those, knocked at again; of those, opened or come.
    knocks: [u32; 3],
    /// Doors that are to be knocked at again by now, and homes to visit; null where the doors of the roll are not known.
    #[schema(required)]
    to_do: Option<[u32; 2]>,
    /// Doors where another language is spoken, where the roll says so.
    foreign: u32,
    /// Doors for which somebody booked in another system, and bookings.
    booked: [u32; 2],
    /// Waits, services and waves, held against the plan: the fields of `shouhu review --json`; null where nobody came.
    #[schema(required)]
    review: Option<Reviewed>,
}

/// People of one green class who came in one hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct GreenHour {
    /// The hour's beginning at the site, `07:00`.
    hour: String,
    /// The class; `green` where a class has no rules of its own.
    class: String,
    /// Who claimed it at the site.
    claimed: u32,
    /// Who stands on the roll with it.
    marked: u32,
}

/// Whom a round missed.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissedDoors {
    /// Whether the doors of the roll are known: else nobody can say.
    known: bool,
    /// Doors as people walk: building by building, entrance by entrance.
    doors: Vec<MissedDoor>,
}

/// A round in the evening, or so far: coverage, green claims and the review, without doors and without names.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/evening",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = Evening), (status = NOT_FOUND, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem))
)]
pub async fn evening(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
) -> Result<Json<Evening>, Fault> {
    let (community, round) = place(&community, &round)?;
    let within = app.clone();
    let told = app.turns.compute(move || {
        let app = within;
        let Evened { made, counted, folded, doors } = count(&app, community, round, &asking)?;
        let round = folded.live().round();
        let (counts, tally) = (round.counts(), round.tally());
        let made_from =
            Id::parse(&made.definition.made_from).filter(|id| app.store.get(&asking.who, id).is_ok());
        let green = counted.green.iter().map(|of| GreenHour {
            hour: of.hour.clone(),
            class: of.class.clone(),
            claimed: of.claimed,
            marked: of.marked,
        });
        let review = counted.review.as_ref();
        let knocks = folded.live().knocked();
        let now = Moment(people::now().saturating_mul(10_000));
        let to_do = (!doors.is_empty()).then(|| walks::to_do(&made.definition, &folded, &doors, now));
        let (booked, bookings) = round.booked();
        Ok(Evening {
            scenario: made_from.map(|id| id.to_string()),
            reach: counted.reach.clone(),
            entrances: counted.entrances.clone(),
            unlisted: counted.unlisted,
            others: [counts.left, counts.unserved, counts.at_site()],
            tally: [tally.came, tally.left],
            green: green.collect(),
            knocks: [knocks.first, knocks.second, knocks.reached],
            to_do,
            foreign: doors.iter().filter(|door| !door.languages().is_empty()).count() as u32,
            booked: [booked, bookings].map(|count| count as u32),
            review: review.map(|(reviewed, scenario)| Reviewed::of(reviewed, scenario.as_ref(), voice)),
        })
    });
    told.await.map(Json)
}

/// A round whose evening was counted.
pub(super) struct Evened {
    /// The round.
    pub made: Made,
    /// What its evening came to.
    pub counted: Arc<Counted>,
    folded: Folded,
    /// The doors of its roll; none where their names ended.
    doors: Arc<Vec<phone::Door>>,
}

/// A round counted as far as it has come: anew when anything came in. That doors were counted is written down.
pub(super) fn count(
    app: &App,
    community: CommunityId,
    round: RoundId,
    asking: &Asking,
) -> Result<Evened, Fault> {
    let running = app.runs.running(community, round)?;
    let doors = doors_to_count(app, &running, asking, "the evening of a round is counted")?;
    let (folded, made, position, told, known) = {
        let running = held(&running);
        let (folded, told) = (running.folded().clone(), evening::told(&running));
        (folded, running.made.clone(), running.position(), told, running.evening(&doors))
    };
    let counted = known.unwrap_or_else(|| {
        let seen = evening::Evening::new(&folded, &made.definition, &doors);
        let counted = Arc::new(seen.counted(&told));
        held(&running).keep_evening(position, doors.clone(), counted.clone());
        counted
    });
    Ok(Evened { made, counted, folded, doors })
}

/// What the phones of a round wrote down, one event a line, as `shouhu review` and the page of reviews read it. No name is in it.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/events.jsonl",
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = OK, content_type = "application/x-ndjson", body = String), (status = NOT_FOUND, body = Problem))
)]
pub async fn events_of_round(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let lines = aside(move || {
        let running = app.runs.running(community, round)?;
        let told = evening::told(&held(&running));
        Ok(verbs::lines(told.iter().map(|event| &**event)))
    });
    Ok(file("application/x-ndjson", "events.jsonl", lines.await?))
}

/// Tomorrow's list: the doors of which somebody was not served yet, and why, as people walk.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/missed",
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = OK, body = MissedDoors), (status = NOT_FOUND, body = Problem))
)]
pub async fn missed(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
) -> Result<Json<MissedDoors>, Fault> {
    still_missed(app, &community, &round, asking).await.map(Json)
}

/// The same as a table that spreadsheets open.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/missed.csv",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, content_type = "text/csv", body = String), (status = NOT_FOUND, body = Problem))
)]
pub async fn missed_csv(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let missed = still_missed(app, &community, &round, asking).await?;
    let rows = missed.doors.iter().map(|of| StillMissed {
        building: &of.building,
        entrance: &of.entrance,
        door: &of.door,
        people: of.people,
        missing: of.missing,
        wave: of.wave,
        why: of.why,
    });
    let rows: Vec<StillMissed<'_>> = rows.collect();
    Ok(file(CSV, "missed.csv", verbs::sheets::missed(&rows, voice)))
}

/// Whoever reads the list reads doors: each time is written down.
async fn still_missed(app: App, community: &str, round: &str, asking: Asking) -> Result<MissedDoors, Fault> {
    let (community, round) = place(community, round)?;
    let found = aside(move || {
        let running = app.runs.running(community, round)?;
        let made = held(&running).made.clone();
        let doors = doors_of(&app, &made, &asking, (Use::Read, "the list of whom a round missed"))?;
        let folded = held(&running).folded().clone();
        let seen = evening::Evening::new(&folded, &made.definition, &doors);
        Ok(MissedDoors { known: !doors.is_empty(), doors: seen.missed() })
    });
    found.await
}
