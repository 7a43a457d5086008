//! Results of labs: sent, looked at, let out, given out again.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{Asker, Body, Query, rounds::place, rounds::refused as refused_by_rule};
use crate::{
    access::{
        role::{Place as Held, Role},
        who::{Asking, Who},
    },
    app::App,
    limits,
    machine::aside,
    people::id::CommunityId,
    problem::{Fault, Problem},
    run::{
        book::aside::AsideListed,
        held,
        results::{
            Became, Sender, Sent,
            file::{self, Form},
            out,
        },
        running::CommandFault,
    },
    schema::notes::Refused,
};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Command, Moment, event::RELEASE_MAX};
use formats::results::{ProblemNote, Reports, Severity, Ways, fhir, hl7};
use jiff::tz::TimeZone;
use round::TubeCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use verbs::Voice;

/// How results are sent.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Sending {
    /// `table`, `fhir` or `hl7`; absent: as the content type says, else as the file begins.
    #[param(inline)]
    form: Option<FormName>,
    /// The time zone of times that do not say theirs; default `Asia/Shanghai`.
    zone: Option<String>,
    /// What the file is called, for what is said of it.
    name: Option<String>,
    /// Answers as for a table, whatever the form: for a person who sends a file.
    #[serde(default)]
    summary: bool,
    /// Language of sentences.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// In which form results are sent and given.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormName {
    /// CSV or a workbook.
    Table,
    /// FHIR R4.
    Fhir,
    /// HL7 v2.5.1.
    Hl7,
}

/// What became of results that were sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultsTaken {
    /// Reports that are written down now.
    taken: usize,
    /// Reports that were known already.
    known: usize,
    /// Reports that are kept aside until somebody has looked.
    aside: usize,
    /// Reports that could not be read.
    refused: usize,
    /// What is to be said of rows: those kept aside and those refused, at most 1,000.
    rows: Vec<RowSaid>,
}

/// What is to be said of one row, message or resource.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowSaid {
    /// Where it stands, in words.
    place: String,
    /// `error`, `warning` or `hint`; `aside` for what is kept aside.
    severity: &'static str,
    /// The same in every language.
    code: String,
    /// What is wrong.
    message: String,
    /// What to do.
    mend: String,
}

/// Takes results of a lab, row by row: a table (CSV, XLSX), a FHIR bundle, HL7 messages. What cannot be taken is refused, or kept
/// aside with a reason. Sending again what was sent is a success. FHIR is answered as OperationOutcome, a single HL7
/// message as acknowledgement.
#[utoipa::path(
    post, path = "/api/v1/results", params(Sending),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = OK, body = ResultsTaken), (status = FORBIDDEN, body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "Not a spreadsheet", body = Refused)
    )
)]
pub async fn send(
    State(app): State<App>,
    asking: Asking,
    Asker(voice): Asker,
    Query(sending): Query<Sending>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Fault> {
    let ways = ways(sending.zone.as_deref(), app.for_drills)?;
    let form = sending.form.map(|form| match form {
        FormName::Table => Form::Table,
        FormName::Fhir => Form::Fhir,
        FormName::Hl7 => Form::Hl7,
    });
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let form = form.or_else(|| kind.and_then(Form::of_type)).unwrap_or_else(|| Form::of_bytes(&body));
    let name = sending.name.unwrap_or_default();
    let turn = app.turns.clone();
    turn.compute(move || {
        let reports = file::read(&name, &body, form, &ways)?;
        let sent = take(&app, &asking.who, &reports)?;
        if sending.summary {
            return Ok(Json(summary(&reports, &sent, voice)).into_response());
        }
        Ok(answer(form, &body, &reports, &sent, &ways, voice))
    })
    .await
}

/// Takes what was read, for whoever sends it.
pub(crate) fn take(app: &App, who: &Who, reports: &Reports) -> Result<Vec<Sent>, Fault> {
    let communities = reported_for(app, who)?;
    let by = person(who);
    let sender = Sender { lab: by, by, at: Moment::from(jiff::Timestamp::now()) };
    app.runs.take_results(&communities, sender, reports)
}

/// How results are answered, in the form in which they came.
pub(crate) fn answer(
    form: Form,
    message: &[u8],
    reports: &Reports,
    sent: &[Sent],
    ways: &Ways,
    voice: Voice,
) -> Response {
    let say = |note: &ProblemNote| said(note, voice);
    match form {
        Form::Fhir => {
            let mut outcome = fhir::outcome(&reports.notes, &say);
            if let Some(issues) = outcome["issue"].as_array_mut() {
                issues.extend(sent.iter().filter_map(|sent| fhir_issue(sent, voice)));
            }
            ([(header::CONTENT_TYPE, "application/fhir+json; charset=utf-8")], outcome.to_string())
                .into_response()
        }
        Form::Hl7 if reports.taken.len() + reports.refused <= 1 || messages(message) == 1 => {
            let (said, _) = acknowledged(message, reports, sent, ways, voice);
            ([(header::CONTENT_TYPE, "application/hl7-v2; charset=utf-8")], said).into_response()
        }
        _ => Json(summary(reports, sent, voice)).into_response(),
    }
}

fn messages(bytes: &[u8]) -> usize {
    bytes.split(|byte| [b'\r', b'\n'].contains(byte)).filter(|line| line.starts_with(b"MSH")).count()
}

/// The acknowledgement of one message. What is kept aside was taken over, too: nobody need send it again.
pub(crate) fn acknowledged(
    message: &[u8],
    reports: &Reports,
    sent: &[Sent],
    ways: &Ways,
    voice: Voice,
) -> (String, hl7::Code) {
    let code =
        hl7::Code::of(sent.len(), reports.refused + usize::from(reports.taken.is_empty() && sent.is_empty()));
    let header = hl7::Header {
        application: "shouhu".to_owned(),
        id: Uuid::new_v4().simple().to_string(),
        at: jiff::Timestamp::now(),
        ..hl7::Header::default()
    };
    (hl7::ack(message, &header, ways, code, &reports.notes, &|note| said(note, voice)), code)
}

fn said(note: &ProblemNote, voice: Voice) -> String {
    let args: Vec<(&str, &str)> = note.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let [message, mend] =
        ["results", "results_mend"].map(|of| voice.say(&format!("{of}.{}", note.code()), &args));
    format!("{message} {mend}")
}

fn fhir_issue(sent: &Sent, voice: Voice) -> Option<serde_json::Value> {
    let Became::Aside { why, .. } = &sent.became else { return None };
    let words = format!("{} {}", voice.said("refusal", "", why), voice.said("refusal", ".next", why));
    Some(serde_json::json!({
        "severity": "warning", "code": "business-rule",
        "details": { "coding": [{ "code": why.code }], "text": words },
        "diagnostics": sent.place.to_string(),
    }))
}

fn summary(reports: &Reports, sent: &[Sent], voice: Voice) -> ResultsTaken {
    let count = |of: fn(&Became) -> bool| sent.iter().filter(|sent| of(&sent.became)).count();
    let at = |place: &formats::results::Place| {
        let (key, args) = place.said();
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        voice.say(key, &args)
    };
    let noted = reports.notes.iter().map(|note| {
        let args: Vec<(&str, &str)> = note.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let words = |of: &str| voice.say(&format!("{of}.{}", note.code()), &args);
        let severity = match note.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        };
        RowSaid {
            place: at(&note.place),
            severity,
            code: note.code().to_owned(),
            message: words("results"),
            mend: words("results_mend"),
        }
    });
    let kept = sent.iter().filter_map(|sent| match &sent.became {
        Became::Aside { why, .. } => Some(RowSaid {
            place: at(&sent.place),
            severity: "aside",
            code: why.code.to_owned(),
            message: voice.said("refusal", "", why),
            mend: voice.said("refusal", ".next", why),
        }),
        _ => None,
    });
    ResultsTaken {
        taken: count(|of| matches!(of, Became::Taken)),
        known: count(|of| matches!(of, Became::Known)),
        aside: count(|of| matches!(of, Became::Aside { .. })),
        refused: reports.refused,
        rows: noted.chain(kept).take(limits::RESULTS_SAID).collect(),
    }
}

fn ways(zone: Option<&str>, exercise: bool) -> Result<Ways, Fault> {
    let name = zone.unwrap_or("Asia/Shanghai");
    let zone = TimeZone::get(name)
        .map_err(|_| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "zone").with("zone", name))?;
    Ok(Ways { zone, issuer: None, exercise })
}

/// Who somebody is in an event: a random identifier, never a name. The owner of the machine has none.
pub(super) fn person(who: &Who) -> Uuid {
    match who {
        Who::Account(account) => account.id.0,
        Who::Device(device) => device.device.0,
        Who::Owner | Who::Nobody => Uuid::nil(),
    }
}

/// Whether somebody may report results at all.
pub(crate) fn may_report(who: &Who) -> bool {
    match who {
        Who::Owner => true,
        Who::Account(account) => {
            account.grants.iter().any(|grant| matches!(grant.role, Role::Lab | Role::Secretary))
        }
        Who::Device(_) | Who::Nobody => false,
    }
}

/// The communities of which somebody may report results.
fn reported_for(app: &App, who: &Who) -> Result<Vec<CommunityId>, Fault> {
    let all = app.people.communities()?.into_iter().map(|community| community.id);
    Ok(match who {
        Who::Owner => all.collect(),
        Who::Account(account) => {
            let mut grants = account.grants.iter();
            let reports: Vec<Held> = grants
                .by_ref()
                .filter(|grant| matches!(grant.role, Role::Lab | Role::Secretary))
                .map(|grant| grant.place)
                .collect();
            all.filter(|id| reports.iter().any(|place| place.covers(Held::Community(*id)))).collect()
        }
        Who::Device(_) | Who::Nobody => Vec::new(),
    })
}

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
        let more = waiting.len().saturating_sub(limits::RESULTS_LISTED);
        waiting.truncate(limits::RESULTS_LISTED);
        Ok(RoundResults {
            sealed: counts.sealed,
            with_result: counts.with_result,
            released: counts.released,
            more,
            waiting,
            alone: round::MASS_RELEASE,
            of_nobody: of.results_of_nobody().map(code_of).collect(),
        })
    });
    results.await.map(Json)
}

pub(super) fn code_of(item: Uuid) -> String {
    TubeCode::of_item(item).map_or_else(|| item.to_string(), |code| code.to_string())
}

pub(super) fn word<T: Serialize>(of: &T) -> String {
    serde_json::to_value(of).ok().and_then(|of| of.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Reports to be let out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToRelease {
    /// Which; absent: all negative ones that wait.
    #[schema(value_type = Option<Vec<String>>)]
    reports: Option<Vec<Uuid>>,
}

/// What was let out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Released {
    /// Reports that this person let out now.
    reports: usize,
    /// Those of them that are out; the others wait for a second person.
    out: usize,
}

/// Lets results out. Any that is not negative, and a list of more than fifty, need a second person, who does the same.
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
    Body(ToRelease { reports }): Body<ToRelease>,
) -> Result<Result<Json<Released>, (StatusCode, Json<Problem>)>, Fault> {
    let (community, round) = place(&community, &round)?;
    let by = person(&asking.who);
    let done = aside(move || {
        let running = app.runs.running(community, round)?;
        let mut running = held(&running);
        let reports = reports.unwrap_or_else(|| {
            let of = running.folded().live().round();
            let mine = of.waiting_results().filter(|of| !of.disputed && !of.by.contains(&by));
            let negative = mine.filter(|of| of.report.finding == domain::event::Finding::Negative);
            negative.map(|of| of.report.report).collect()
        });
        let at = Moment::from(jiff::Timestamp::now());
        for some in reports.chunks(RELEASE_MAX) {
            let command = Command::ReleaseResults { reports: some.to_vec(), by };
            match running.command(&app.runs, at, &[command]) {
                Ok(_) => {}
                Err(CommandFault::Fault(fault)) => return Err(fault),
                Err(CommandFault::Refused(_, refusal)) => {
                    return Ok(Err(refused_by_rule(&refusal.said(&running.made.definition.rules), voice)));
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

/// In which form results are given.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Giving {
    /// `csv`, `xlsx`, `fhir` or `hl7`.
    #[param(inline)]
    form: OutName,
    /// The time zone in which times are written; default `Asia/Shanghai`.
    zone: Option<String>,
    /// Language of headings.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// In which form results are given.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OutName {
    /// A table in UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
    /// A FHIR bundle.
    Fhir,
    /// An HL7 message.
    Hl7,
}

/// A round's results that are let out, as a file: of tubes, without anybody's name.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/results/file",
    params(("community" = String, Path), ("round" = String, Path), Giving),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream"), (status = NOT_FOUND, body = Problem))
)]
pub async fn as_file(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Query(giving): Query<Giving>,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let ways = ways(giving.zone.as_deref(), app.for_drills)?;
    aside(move || {
        let running = app.runs.running(community, round)?;
        let reports = out::released(held(&running).folded().live().round());
        let (kind, ending, bytes) = match giving.form {
            OutName::Csv => ("text/csv; charset=utf-8", "csv", out::csv(&reports, voice.language, &ways)?),
            OutName::Xlsx => {
                let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                (kind, "xlsx", out::xlsx(&reports, voice.language, &ways)?)
            }
            OutName::Fhir => ("application/fhir+json; charset=utf-8", "json", out::fhir(&reports, &ways)),
            OutName::Hl7 => ("application/hl7-v2; charset=utf-8", "hl7", out::hl7(&reports, &ways)),
        };
        let name = format!("attachment; filename=\"results-{round}.{ending}\"");
        Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
            .into_response())
    })
    .await
}

/// What of results is kept aside.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultsAside {
    /// What nobody has looked at first.
    reports: Vec<AsideSaid>,
}

/// A report that is kept aside, in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct AsideSaid {
    /// The report.
    #[serde(flatten)]
    listed: AsideListed,
    /// Why it is kept aside.
    message: String,
    /// What to do.
    mend: String,
}

/// What of a community's results is kept aside.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/results/aside",
    params(("community" = String, Path), ("lang" = Option<String>, Query)), responses((status = OK, body = ResultsAside))
)]
pub async fn kept_aside(
    State(app): State<App>,
    Path(community): Path<String>,
    Asker(voice): Asker,
) -> Result<Json<ResultsAside>, Fault> {
    let community = super::rounds::community_of(&community)?;
    list_aside(app, Some(community), voice).await
}

/// Results of which nobody knows of which community they are.
#[utoipa::path(
    get, path = "/api/v1/results/aside", params(("lang" = Option<String>, Query)), responses((status = OK, body = ResultsAside))
)]
pub async fn of_nobody(
    State(app): State<App>,
    asking: Asking,
    Asker(voice): Asker,
) -> Result<Json<ResultsAside>, Fault> {
    // What a lab sent is that lab's, until it is known whose it is.
    let own = (!everywhere(&asking.who)).then(|| person(&asking.who));
    let Json(mut found) = list_aside(app, None, voice).await?;
    found.reports.retain(|of| own.is_none_or(|own| of.listed.lab == own));
    Ok(Json(found))
}

/// Whether somebody is at home in all communities.
fn everywhere(who: &Who) -> bool {
    match who {
        Who::Owner => true,
        Who::Account(account) => account
            .grants
            .iter()
            .any(|grant| grant.place == Held::All && matches!(grant.role, Role::Authority | Role::Secretary)),
        Who::Device(_) | Who::Nobody => false,
    }
}

async fn list_aside(
    app: App,
    community: Option<CommunityId>,
    voice: Voice,
) -> Result<Json<ResultsAside>, Fault> {
    let listed = aside(move || app.runs.book.results_aside(community)).await?;
    let reports = listed.into_iter().map(|listed| {
        let args: BTreeMap<String, String> = serde_json::from_value(listed.args.clone()).unwrap_or_default();
        let args: Vec<(&str, &str)> =
            args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let words = |end: &str| voice.say(&format!("refusal.{}{end}", listed.why), &args);
        AsideSaid { message: words(""), mend: words(".next"), listed }
    });
    Ok(Json(ResultsAside { reports: reports.collect() }))
}

/// Notes that somebody has looked at a report that is kept aside.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/results/aside/{number}",
    params(("community" = String, Path), ("number" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn settle(
    State(app): State<App>,
    Path((community, number)): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    let community = super::rounds::community_of(&community)?;
    settled(app, Some(community), &number).await
}

/// The same of one of which nobody knows of which community it is.
#[utoipa::path(
    post, path = "/api/v1/results/aside/{number}", params(("number" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn settle_of_nobody(
    State(app): State<App>,
    asking: Asking,
    Path(number): Path<String>,
) -> Result<StatusCode, Fault> {
    if !everywhere(&asking.who) {
        return Err(Fault::new(StatusCode::NOT_FOUND, "unknown_here"));
    }
    settled(app, None, &number).await
}

async fn settled(app: App, community: Option<CommunityId>, number: &str) -> Result<StatusCode, Fault> {
    let unknown = || Fault::new(StatusCode::NOT_FOUND, "unknown_here");
    let number: i64 = number.parse().map_err(|_| unknown())?;
    let found = aside(move || app.runs.book.settle_result(community, number)).await?;
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}
