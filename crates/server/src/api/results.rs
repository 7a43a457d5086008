//! Results of labs: sent and answered here; [`release`] let out, [`given`] out again, [`aside`] kept for a person to look at.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

pub mod aside;
pub mod given;
pub mod release;

use super::{Asker, Query};
use crate::{
    access::{
        role::{Place as Held, Role},
        who::{Asking, Who},
    },
    app::App,
    limits,
    people::id::CommunityId,
    problem::{Fault, Problem},
    run::results::{
        Became, Sender, Sent,
        file::{self, Form},
    },
    schema::notes::Refused,
};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Moment;
use formats::results::{ProblemNote, Reports, Severity, Ways, fhir, hl7};
use jiff::tz::TimeZone;
use round::TubeCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use verbs::Voice;

/// How results are sent.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
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
    /// Reports that could not be read, or of which too many are kept aside already.
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
    let none = count(sent, |of| matches!(of, Became::NoRoom(_)));
    let refused = reports.refused + none + usize::from(reports.taken.is_empty() && sent.is_empty());
    let code = hl7::Code::of(sent.len() - none, refused);
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
    let (severity, why) = match &sent.became {
        Became::Aside { why, .. } => ("warning", why),
        Became::NoRoom(why) => ("error", why),
        Became::Taken | Became::Known => return None,
    };
    let words = format!("{} {}", voice.said("refusal", "", why), voice.said("refusal", ".next", why));
    Some(serde_json::json!({
        "severity": severity, "code": "business-rule",
        "details": { "coding": [{ "code": why.code }], "text": words },
        "diagnostics": sent.place.to_string(),
    }))
}

fn count(sent: &[Sent], of: fn(&Became) -> bool) -> usize {
    sent.iter().filter(|sent| of(&sent.became)).count()
}

fn summary(reports: &Reports, sent: &[Sent], voice: Voice) -> ResultsTaken {
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
    let kept = sent.iter().filter_map(|sent| {
        let (severity, why) = match &sent.became {
            Became::Aside { why, .. } => ("aside", why),
            Became::NoRoom(why) => ("error", why),
            Became::Taken | Became::Known => return None,
        };
        Some(RowSaid {
            place: at(&sent.place),
            severity,
            code: why.code.to_owned(),
            message: voice.said("refusal", "", why),
            mend: voice.said("refusal", ".next", why),
        })
    });
    ResultsTaken {
        taken: count(sent, |of| matches!(of, Became::Taken)),
        known: count(sent, |of| matches!(of, Became::Known)),
        aside: count(sent, |of| matches!(of, Became::Aside { .. })),
        refused: reports.refused + count(sent, |of| matches!(of, Became::NoRoom(_))),
        rows: noted.chain(kept).take(limits::RESULTS_SAID).collect(),
    }
}

pub(super) fn ways(zone: Option<&str>, exercise: bool) -> Result<Ways, Fault> {
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
            let reports: Vec<Held> = account
                .reach
                .iter()
                .filter(|grant| matches!(grant.role, Role::Lab | Role::Secretary))
                .map(|grant| grant.place)
                .collect();
            all.filter(|id| reports.iter().any(|place| place.covers(Held::Community(*id)))).collect()
        }
        Who::Device(_) | Who::Nobody => Vec::new(),
    })
}

pub(super) fn code_of(item: Uuid) -> String {
    TubeCode::of_item(item).map_or_else(|| item.to_string(), |code| code.to_string())
}

pub(super) fn word<T: Serialize>(of: &T) -> String {
    serde_json::to_value(of).ok().and_then(|of| of.as_str().map(str::to_owned)).unwrap_or_default()
}
