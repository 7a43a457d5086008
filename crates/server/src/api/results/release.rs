//! What waits to be let out, and who lets it out.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    super::{
        Asker, Body,
        rounds::{place, refused},
    },
    code_of, person, word,
};
use crate::{
    access::{
        secret::{digest, hex},
        who::Asking,
    },
    app::App,
    limits,
    machine::aside,
    people::id::AccountId,
    problem::{Fault, Problem},
    run::{
        held,
        running::{CommandFault, Running},
    },
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    Command, Moment,
    event::{Finding, RELEASE_MAX},
};
use round::Round;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// Results of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundResults {
    /// Tubes that are sealed.
    sealed: u32,
    /// Tubes with a result.
    with_result: u32,
    /// Tubes whose result is let out.
    released: u32,
    /// Reports that wait to be let out; those that are not negative first.
    waiting: Vec<WaitingResult>,
    /// Waiting reports that are not listed.
    more: usize,
    /// Negative reports that wait, contradict no other, and were not let out by whoever asks: those are let out together.
    negative: usize,
    /// Which those are: sent back as `seen` when all of them are let out.
    seen: String,
    /// Negative reports that whoever asks has let out, and that wait for somebody else.
    mine: usize,
    /// Waiting reports that contradict others.
    disputed: usize,
    /// Reports of a list that may be let out by one person.
    alone: usize,
    /// Codes of tubes with a result into which nobody is known to have been swabbed.
    of_nobody: Vec<String>,
}

/// A report that waits to be let out.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingResult {
    /// The report.
    #[schema(value_type = String)]
    report: Uuid,
    /// The tube's code.
    tube: String,
    /// People in it.
    people: usize,
    /// What was found: `negative`, `positive`, `inconclusive`, `invalid`.
    finding: String,
    /// When it was reported, seconds since 1970.
    at: i64,
    /// Whether it takes the place of another.
    amended: bool,
    /// Whether reports contradict each other: to be settled first.
    disputed: bool,
    /// How many have let it out so far.
    by: usize,
    /// Whether whoever asks is one of them.
    mine: bool,
}

/// What of a round's results waits to be let out.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/results",
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = OK, body = RoundResults), (status = NOT_FOUND, body = Problem))
)]
pub async fn of_round(
    State(app): State<App>,
    asking: Asking,
    Path((community, round)): Path<(String, String)>,
) -> Result<Json<RoundResults>, Fault> {
    let (community, round) = place(&community, &round)?;
    let mine = person(&asking.who);
    let results = aside(move || {
        let running = app.runs.running(community, round)?;
        let running = held(&running);
        let of = running.folded().live().round();
        let counts = of.tube_counts();
        let mut waiting: Vec<WaitingResult> = of
            .waiting_results()
            .map(|result| WaitingResult {
                report: result.report.report,
                tube: code_of(result.report.item),
                people: of.people_in(result.report.item),
                finding: word(&result.report.finding),
                at: result.report.evidence.at.0 / 10_000,
                amended: result.report.instead_of.is_some(),
                disputed: result.disputed,
                by: result.by.len(),
                mine: result.by.contains(&mine),
            })
            .collect();
        waiting.sort_by(|one, other| {
            let last = |of: &WaitingResult| (of.finding == "negative", of.at);
            last(one).cmp(&last(other)).then_with(|| one.tube.cmp(&other.tube))
        });
        let negative = together(of, mine);
        let mine = waiting.iter().filter(|of| of.finding == "negative" && !of.disputed && of.mine).count();
        let disputed = waiting.iter().filter(|of| of.disputed).count();
        let more = waiting.len().saturating_sub(limits::RESULTS_LISTED);
        waiting.truncate(limits::RESULTS_LISTED);
        Ok(RoundResults {
            sealed: counts.sealed,
            with_result: counts.with_result,
            released: counts.released,
            more,
            negative: negative.len(),
            seen: which(&negative),
            mine,
            disputed,
            waiting,
            alone: round::MASS_RELEASE,
            of_nobody: of.results_of_nobody().map(code_of).collect(),
        })
    });
    results.await.map(Json)
}

/// Reports to be let out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToRelease {
    /// Which; absent: all negative ones that wait.
    #[schema(value_type = Option<Vec<String>>)]
    reports: Option<Vec<Uuid>>,
    /// How many negative ones were shown, where all of them are let out: where more or fewer wait by now, none is.
    shown: Option<usize>,
    /// Which negative ones were shown, as the list said: where others wait by now, be it as many, none is let out.
    seen: Option<String>,
}

/// Negative reports that wait, contradict no other and were not let out by this person: they are let out together.
fn together(of: &Round, by: Uuid) -> Vec<Uuid> {
    let waiting = of.waiting_results().filter(|of| !of.disputed && !of.by.contains(&by));
    let negative = waiting.filter(|of| of.report.finding == Finding::Negative);
    negative.map(|of| of.report.report).collect()
}

/// A short text that is another for other reports.
fn which(reports: &[Uuid]) -> String {
    let mut sorted: Vec<&[u8]> = reports.iter().map(|report| report.as_bytes().as_slice()).collect();
    sorted.sort_unstable();
    hex(&digest(&sorted)[..16])
}

/// What was let out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Released {
    /// Reports that this person let out now.
    reports: usize,
    /// Those of them that are out; the others wait for a second person.
    out: usize,
}

/// Whether somebody else who lets out one of these is, by invitations, one person with whoever asks.
fn is_related(app: &App, of: &Round, reports: &[Uuid], by: Uuid) -> Result<bool, Fault> {
    // By tube, not by report: several may agree, and any of them lets it out.
    let tubes: BTreeSet<Uuid> =
        reports.iter().filter_map(|report| of.report(*report)).map(|report| report.item).collect();
    let waiting = of.waiting_results().filter(|of| tubes.contains(&of.report.item));
    let others: BTreeSet<Uuid> = waiting.flat_map(|of| of.by).filter(|of| *of != by).collect();
    for other in others {
        if !app.people.are_apart(AccountId(by), AccountId(other))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Lets results out. Any that is not negative, and a list of more than fifty, need a second person, who does the same: not one whom the
/// first invited, nor who invited them, nor who was invited by the same secretary.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/results/release", request_body = ToRelease,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = Released), (status = CONFLICT, body = Problem), (status = NOT_FOUND, body = Problem))
)]
pub async fn release(
    State(app): State<App>,
    asking: Asking,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(ToRelease { reports, shown, seen }): Body<ToRelease>,
) -> Result<Result<Json<Released>, (StatusCode, Json<Problem>)>, Fault> {
    let (community, round) = place(&community, &round)?;
    let by = person(&asking.who);
    let done = aside(move || {
        let running = app.runs.running(community, round)?;
        let mut running = held(&running);
        let reports = match reports {
            Some(reports) => reports,
            None => {
                let negative = together(running.folded().live().round(), by);
                // Nobody lets out what nobody has seen.
                let same = shown.is_none_or(|shown| shown == negative.len());
                if !same || seen.is_some_and(|seen| seen != which(&negative)) {
                    let changed = Fault::new(StatusCode::CONFLICT, "results_changed");
                    return Err(changed.with("now", negative.len()));
                }
                negative
            }
        };
        let apart = |running: &Running| match is_related(&app, running.folded().live().round(), &reports, by)?
        {
            true => Err(Fault::new(StatusCode::CONFLICT, "release_related")),
            false => Ok(()),
        };
        let at = Moment::from(jiff::Timestamp::now());
        for some in reports.chunks(RELEASE_MAX) {
            let command = Command::ReleaseResults { reports: some.to_vec(), by };
            match running.command_if(&app.runs, at, &[command], apart) {
                Ok(_) => {}
                Err(CommandFault::Fault(fault)) => return Err(fault),
                Err(CommandFault::Refused(_, refusal)) => {
                    return Ok(Err(refused(&refusal.said(&running.made.definition.rules), voice)));
                }
            }
        }
        let of = running.folded().live().round();
        let out = |report: &&Uuid| {
            let tube = of.report(**report).map(|of| of.item);
            tube.and_then(|tube| of.result(tube)).is_some_and(|of| of.released.is_some())
        };
        Ok(Ok(Json(Released { reports: reports.len(), out: reports.iter().filter(out).count() })))
    });
    done.await
}
