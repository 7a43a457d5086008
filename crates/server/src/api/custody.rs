//! Tubes after the swab: where they are, who has them, what is wrong, and one tube's whole way.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

mod says;

use says::Says;

use super::{
    Asker, Body,
    accounts::sees,
    rounds::{place, refused},
};
use crate::{
    access::{
        role::{Place, Role},
        who::Asking,
    },
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    run::{book::Made, held, holders::Holders, running::CommandFault, site_clock::SiteClock},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{Command, Moment};
use round::{Round, TubeCounts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Ticks of a minute.
const MINUTE: i64 = 600_000;

/// Where a round's tubes are, and what is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct TubesOfRound {
    /// What people call the round.
    name: String,
    /// The planned opening, seconds since 1970.
    opens: i64,
    /// How many tubes are where.
    #[schema(value_type = std::collections::BTreeMap<String, u32>)]
    counts: TubeCounts,
    /// What is wrong, the worst first.
    alarms: Vec<AlarmSaid>,
    /// Boxes, the one whose time runs out first before others.
    boxes: Vec<BoxOfRound>,
    /// People who are still to be called back; null for whoever may not know who they are.
    #[schema(required)]
    to_call: Option<usize>,
}

/// Something that is wrong with tubes, in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmSaid {
    /// `missing`, `count_differs`, `late_result`, `late_to_lab`, `spoiled`, `gap`, `unheard`, `left_open`, `left_loose`.
    kind: &'static str,
    /// What is wrong, with whom, and since when.
    message: String,
    /// What to do.
    mend: String,
    /// The box's code.
    #[serde(rename = "box")]
    #[schema(required)]
    of_box: Option<String>,
    /// Codes of the tubes, where they are known, the one whose time runs longest first.
    tubes: Vec<String>,
    /// How many tubes.
    count: u32,
    /// Since when they are with whoever has them, seconds since 1970.
    since: i64,
    /// For how long it has been wrong, in minutes.
    over_min: i64,
}

/// A box of tubes.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoxOfRound {
    /// Its code.
    code: String,
    /// Tubes that were sealed into it; null where nobody has heard of that yet.
    #[schema(required)]
    tubes: Option<usize>,
    /// Tubes that the lab found in it and that stood on no list of it.
    extra: usize,
    /// Of those that were sealed into it, how many have a result.
    with_result: usize,
    /// `site`, `courier` or `lab`.
    held_by: String,
    /// Who has it, in words.
    holder: String,
    /// Since when, seconds since 1970.
    since: i64,
    /// Minutes until it is to be at the lab, below zero when they are over; null once it is there, or where its tubes are
    /// not known.
    #[schema(required)]
    to_lab_min: Option<i64>,
    /// The same until all of it is to have a result; null once it has.
    #[schema(required)]
    to_result_min: Option<i64>,
    /// When the lab opened it, seconds since 1970.
    #[schema(required)]
    opened: Option<i64>,
}

/// A tube, and its whole way.
#[derive(Debug, Serialize, ToSchema)]
pub struct TubeOfRound {
    /// Its code.
    code: String,
    /// `open`, `loose`, `boxed`, `on_the_way`, `at_lab`, `missing`.
    #[serde(rename = "where")]
    at: &'static str,
    /// Who has it, in words.
    holder: String,
    /// Since when, seconds since 1970.
    since: i64,
    /// The code of its box.
    #[serde(rename = "box")]
    #[schema(required)]
    of_box: Option<String>,
    /// People in it.
    people: usize,
    /// Labels of other systems that it has.
    labels: Vec<LabelOfTube>,
    /// What was done with it, in the order of the records' own times.
    way: Vec<StepOfTube>,
    /// What labs said of it, the first first.
    reports: Vec<ReportOfTube>,
    /// Whether reports contradict each other.
    disputed: bool,
    /// Since when a result is let out, seconds since 1970.
    #[schema(required)]
    released: Option<i64>,
}

/// A label of another system.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelOfTube {
    /// What stands on it.
    label: String,
    /// Whose.
    issuer: String,
}

/// One step on a tube's way. Nobody's name is in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepOfTube {
    /// When, by the clock of whoever wrote it down, seconds since 1970.
    at: i64,
    /// `swabbed`, `sealed`, `named`, `boxed`, `received`, `opened`, `found`, `reported`, `released`, `called_back`.
    what: &'static str,
    /// The same in words.
    message: String,
    /// Who wrote it down, in words.
    by: String,
    /// Who had the tube after it, in words; null where the step does not say.
    #[schema(required)]
    holder: Option<String>,
    /// `real`, `paper` or `rehearsed`.
    origin: &'static str,
    /// The record by which it is known.
    #[schema(value_type = String)]
    record: Uuid,
    /// Whether the record was doubted, and counts because the secretary said so.
    doubted: bool,
    /// Whether something about it is not as it should be.
    odd: bool,
}

/// What a lab said of a tube.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportOfTube {
    /// The report.
    #[schema(value_type = String)]
    report: Uuid,
    /// `negative`, `positive`, `inconclusive`, `invalid`.
    finding: String,
    /// When, seconds since 1970.
    at: i64,
    /// The lab, in words.
    lab: String,
    /// The report whose place it took.
    #[schema(required, value_type = Option<String>)]
    instead_of: Option<Uuid>,
    /// Why: `retested`, `mislabelled`, `plate_swapped`, `typing_error`, `other`.
    #[schema(required)]
    reason: Option<String>,
    /// The report that took its place.
    #[schema(required, value_type = Option<String>)]
    superseded_by: Option<Uuid>,
}

/// Where a round's tubes are, who has them, and what is wrong.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/boxes",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = TubesOfRound), (status = NOT_FOUND, body = Problem))
)]
pub async fn boxes(
    State(app): State<App>,
    asking: Asking,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
) -> Result<Json<TubesOfRound>, Fault> {
    let (community, round) = place(&community, &round)?;
    let found = aside(move || {
        let running = app.runs.running(community, round)?;
        let made = held(&running).made.clone();
        let holders = holders(&app, &asking, &made)?;
        let here = Place::Community(community);
        let knows_people =
            asking.who.grants().iter().any(|of| of.role == Role::Secretary && of.place.covers(here));
        let running = held(&running);
        let of = running.folded().live().round();
        let now = Moment::from(jiff::Timestamp::now());
        let clock = SiteClock::new(&made, now);
        let says = Says { round: of, holders: &holders, clock, voice };
        let mut boxes: Vec<BoxOfRound> = of.batches().map(|batch| says.of_box(&batch, now)).collect();
        let first = |of: &BoxOfRound| of.to_lab_min.or(of.to_result_min);
        boxes.sort_by(|one, other| {
            let last = |of: &BoxOfRound| (first(of).is_none(), first(of));
            last(one).cmp(&last(other)).then_with(|| one.code.cmp(&other.code))
        });
        Ok(TubesOfRound {
            name: made.name.clone(),
            opens: made.opens,
            counts: of.tube_counts(),
            alarms: of.alarms(now).iter().map(|alarm| says.alarm(alarm)).collect(),
            boxes,
            to_call: knows_people.then(|| of.to_call().iter().filter(|of| !of.done()).count()),
        })
    });
    found.await.map(Json)
}

/// A tube's whole way, with the records by which it is known. It is asked for by its code, or by a label of another system.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/tubes/{tube}",
    params(("community" = String, Path), ("round" = String, Path), ("tube" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = TubeOfRound), (status = NOT_FOUND, body = Problem))
)]
pub async fn tube(
    State(app): State<App>,
    asking: Asking,
    Path((community, round, tube)): Path<(String, String, String)>,
    Asker(voice): Asker,
) -> Result<Json<TubeOfRound>, Fault> {
    let (community, round) = place(&community, &round)?;
    let found = aside(move || {
        let running = app.runs.running(community, round)?;
        let made = held(&running).made.clone();
        let holders = holders(&app, &asking, &made)?;
        let running = held(&running);
        let unheard = || Fault::new(StatusCode::NOT_FOUND, "tube_unheard");
        let of = running.folded().live().round();
        let item = meant(&made, of, &tube).ok_or_else(unheard)?;
        let clock = SiteClock::new(&made, Moment::from(jiff::Timestamp::now()));
        let says = Says { round: of, holders: &holders, clock, voice };
        says.tube(running.folded(), item).ok_or_else(unheard)
    });
    found.await.map(Json)
}

/// A label of another system that a tube has, too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelToGive {
    /// What stands on it: 1 to 64 letters.
    label: String,
    /// Whose it is, likewise: a lab, a city's registry.
    issuer: String,
}

/// Writes down that a tube has a label of another system, too. From then on results of that label are this tube's.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/tubes/{tube}/labels", request_body = LabelToGive,
    params(("community" = String, Path), ("round" = String, Path), ("tube" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = NO_CONTENT), (status = CONFLICT, body = Problem), (status = NOT_FOUND, body = Problem))
)]
pub async fn label_tube(
    State(app): State<App>,
    Path((community, round, tube)): Path<(String, String, String)>,
    Asker(voice): Asker,
    Body(LabelToGive { label, issuer }): Body<LabelToGive>,
) -> Result<Result<StatusCode, (StatusCode, Json<Problem>)>, Fault> {
    let (community, round) = place(&community, &round)?;
    let done = aside(move || {
        let running = app.runs.running(community, round)?;
        let mut running = held(&running);
        let key = running.made.tubes();
        // A label is put on our own code alone: by another label a tube is found once it has it.
        let code = key.and_then(|key| key.read(tube.trim()).ok());
        let item = code.ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "tube_not_ours"))?.item();
        let command = Command::NameTube { item, alias: label, issuer };
        match running.command(&app.runs, Moment::from(jiff::Timestamp::now()), &[command]) {
            Ok(_) => Ok(Ok(StatusCode::NO_CONTENT)),
            Err(CommandFault::Fault(fault)) => Err(fault),
            Err(CommandFault::Refused(_, refusal)) => {
                Ok(Err(refused(&refusal.said(&running.made.definition.rules), voice)))
            }
        }
    });
    done.await
}

/// The tube that somebody typed: a code of this community, or a label of another system that only one tube has.
fn meant(made: &Made, round: &Round, typed: &str) -> Option<Uuid> {
    let typed = typed.trim();
    if let Some(code) = made.tubes().and_then(|key| key.read(typed).ok()) {
        return Some(code.item());
    }
    let mut named = round
        .named_tubes()
        .filter(|item| round.aliases(*item).any(|of| of.alias.eq_ignore_ascii_case(typed)));
    named.next().filter(|_| named.next().is_none())
}

/// Who is who in a round, as far as whoever asks may know.
fn holders(app: &App, asking: &Asking, made: &Made) -> Result<Holders, Fault> {
    let phones = app.runs.book.devices(made.community, made.id)?;
    let mut accounts = app.people.accounts()?;
    accounts.retain(|account| sees(&asking.who, account));
    Ok(Holders::new(made, phones, accounts))
}

pub(super) fn seconds(at: Moment) -> i64 {
    at.0.div_euclid(10_000)
}
