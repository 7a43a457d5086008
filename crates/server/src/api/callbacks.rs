//! Who of a round's tubes is to be called back: a list for the secretary alone, and what came of each call.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker, Body,
    custody::seconds,
    results::{code_of, person, word},
    rounds::{place, refused as refused_by_rule},
};
use crate::{
    access::who::Asking,
    app::App,
    machine::aside,
    people::{
        self,
        names::{Looks, Resident},
    },
    problem::{Fault, Problem},
    run::{book::Made, held, ids::Secrets, running::CommandFault},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Command, Moment, event::CallBack};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;

/// Who is to be called back.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallBacks {
    /// Who is still to be called first, and of those whoever waits longest.
    people: Vec<PersonToCall>,
}

/// Somebody who is to be called back.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonToCall {
    /// Who, as the round knows them.
    #[schema(value_type = String)]
    visit: Uuid,
    /// The number that they were given when they came; null for somebody of whom nobody has heard that they came.
    #[schema(required)]
    number: Option<u32>,
    /// Their name; empty where they are not on the roll, or its names ended.
    name: String,
    /// Their door, `1-101`; empty as the name is.
    door: String,
    /// Their telephone, as it stands on the roll.
    phone: String,
    /// The code of the tube that concerns them.
    tube: String,
    /// The report that says so: what came of a call is sent with it.
    #[schema(value_type = String)]
    report: Uuid,
    /// What was found in it: `positive`, `inconclusive`, `invalid`.
    finding: String,
    /// What they are told first, in words that say no more of them than is known: `pool` (the tube that they share with others is
    /// looked at once more), `again` (their own sample has to be taken once more), `contact` (somebody will talk with them).
    say: &'static str,
    /// People in it.
    people: usize,
    /// Since when it is let out, seconds since 1970.
    since: i64,
    /// Until when they are to be called, seconds since 1970.
    due: i64,
    /// Whether what was found is being amended.
    amended: bool,
    /// Whether nothing more is to be done.
    done: bool,
    /// What came of the last call: `reached`, `not_reached`, `refused`; null where nobody called.
    #[schema(required)]
    outcome: Option<String>,
    /// When that was, seconds since 1970.
    #[schema(required)]
    called: Option<i64>,
    /// The code of the tube in which they are alone since.
    #[schema(required)]
    alone: Option<String>,
    /// What was found in that, once it is let out.
    #[schema(required)]
    own: Option<String>,
}

/// What came of a call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalledBack {
    /// Who was called.
    #[schema(value_type = String)]
    visit: Uuid,
    /// `reached`, `not_reached`, `refused`.
    #[schema(value_type = String)]
    outcome: CallBack,
    /// The report of which they were told, as the list had it; absent: what holds now.
    #[schema(value_type = Option<String>)]
    report: Option<Uuid>,
}

/// Somebody who was called back is in a new tube alone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampledAlone {
    /// Who.
    #[schema(value_type = String)]
    visit: Uuid,
    /// The code of the new tube.
    tube: String,
}

/// Who is to be called back, with names and doors. That somebody looked is written down.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/callbacks",
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = OK, body = CallBacks), (status = NOT_FOUND, body = Problem))
)]
pub async fn callbacks(
    State(app): State<App>,
    asking: Asking,
    Path((community, round)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let found = aside(move || {
        let running = app.runs.running(community, round)?;
        let (made, called) = {
            let running = held(&running);
            (running.made.clone(), running.folded().live().round().to_call())
        };
        // Where nobody is to be called, nobody's name is read.
        let why = "the list of people to be called back";
        let mut named = if called.is_empty() { BTreeMap::new() } else { named(&app, &made, &asking, why)? };
        let running = held(&running);
        let of = running.folded().live().round();
        let people = called.iter().map(|call| {
            let resident = named.remove(&call.visit);
            let (name, door, phone) = resident.map(said).unwrap_or_default();
            PersonToCall {
                visit: call.visit,
                number: of.visit(call.visit).map(|of| of.number),
                name,
                door,
                phone,
                tube: code_of(call.tube),
                report: call.report,
                finding: word(&call.finding),
                say: of.to_say(call).name(),
                people: of.people_in(call.tube),
                since: seconds(call.since),
                due: seconds(call.due),
                amended: call.amended,
                done: call.done(),
                outcome: call.called.map(|(_, outcome)| word(&outcome)),
                called: call.called.map(|(at, _)| seconds(at)),
                alone: call.alone.map(|(_, tube)| code_of(tube)),
                own: call.own.map(|finding| word(&finding)),
            }
        });
        Ok(CallBacks { people: people.collect() })
    });
    let found = found.await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(found)).into_response())
}

/// The people of a round's roll, by their visits; none where names ended.
pub(super) fn named(
    app: &App,
    made: &Made,
    asking: &Asking,
    why: &str,
) -> Result<BTreeMap<Uuid, Resident>, Fault> {
    if made.retain_until <= people::now() || !app.people.has_residents(made.community)? {
        return Ok(BTreeMap::new());
    }
    let who = asking.who.label();
    let all = app.people.read_all(made.community, Looks { who: &who, why, now: people::now() })?;
    let secrets = Secrets(&made.secret);
    Ok(all.into_iter().map(|resident| (secrets.visit(resident.id.0), resident)).collect())
}

/// Name, door and telephone.
fn said(of: Resident) -> (String, String, String) {
    let door = [&*of.building, &*of.entrance, &*of.door];
    let door: Vec<&str> = door.into_iter().filter(|part| !part.is_empty()).collect();
    (of.cells.name.clone(), door.join("-"), of.cells.phone.clone())
}

/// Writes down what came of calling somebody back.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/callbacks", request_body = CalledBack,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = NO_CONTENT), (status = CONFLICT, body = Problem), (status = NOT_FOUND, body = Problem))
)]
pub async fn call_back(
    State(app): State<App>,
    asking: Asking,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(CalledBack { visit, outcome, report }): Body<CalledBack>,
) -> Result<Result<StatusCode, (StatusCode, Json<Problem>)>, Fault> {
    let by = person(&asking.who);
    let command = move |_: &Made| Ok(Command::RecordCallBack { visit, outcome, by, report });
    write(app, &community, &round, voice, command).await
}

/// Writes down that somebody who was called back is in a new tube alone.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/callbacks/alone", request_body = SampledAlone,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = NO_CONTENT), (status = CONFLICT, body = Problem), (status = NOT_FOUND, body = Problem))
)]
pub async fn sampled_alone(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(SampledAlone { visit, tube }): Body<SampledAlone>,
) -> Result<Result<StatusCode, (StatusCode, Json<Problem>)>, Fault> {
    let command = move |made: &Made| {
        let code = made.tubes().and_then(|key| key.read(tube.trim()).ok());
        let item = code.ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "tube_not_ours"))?.item();
        Ok(Command::Resample { visit, item })
    };
    write(app, &community, &round, voice, command).await
}

async fn write(
    app: App,
    community: &str,
    round: &str,
    voice: Voice,
    command: impl FnOnce(&Made) -> Result<Command, Fault> + Send + 'static,
) -> Result<Result<StatusCode, (StatusCode, Json<Problem>)>, Fault> {
    let (community, round) = place(community, round)?;
    let done = aside(move || {
        let running = app.runs.running(community, round)?;
        let mut running = held(&running);
        let command = command(&running.made)?;
        match running.command(&app.runs, Moment::from(jiff::Timestamp::now()), &[command]) {
            Ok(_) => Ok(Ok(StatusCode::NO_CONTENT)),
            Err(CommandFault::Fault(fault)) => Err(fault),
            Err(CommandFault::Refused(_, refusal)) => {
                Ok(Err(refused_by_rule(&refusal.said(&running.made.definition.rules), voice)))
            }
        }
    });
    done.await
}
