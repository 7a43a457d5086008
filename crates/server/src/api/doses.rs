//! Doses of a round for a registry: how many, and as a file with names.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{Asker, Query, callbacks::named, file::file, paper::still, results::ways, rounds::place};
use crate::{
    access::who::Asking,
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    run::{
        doses::{self, Vaccine},
        held,
    },
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use formats::results::TEXT_MAX;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The doses of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct DosesOfRound {
    /// Doses that were given.
    doses: usize,
    /// Of those, how many to people who are not on the roll: no registry is told of them, for they have no name.
    unlisted: usize,
}

/// What was given, and in which form it is told.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DosesAsked {
    /// `fhir` or `hl7`.
    #[param(inline)]
    form: DoseForm,
    /// The vaccine's CVX code, one to three figures.
    cvx: String,
    /// What the vaccine is called.
    vaccine: String,
    /// Which dose of the course the round gives, from 1.
    nth: Option<u32>,
    /// Hundredths of a millilitre of one dose: 50 is 0.5 mL.
    hundredths_ml: Option<u32>,
    /// The time zone in which times are written; default `Asia/Shanghai`. A lot's last day is always the site's.
    zone: Option<String>,
    /// Language of refusals.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// In which form doses are told.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DoseForm {
    /// A FHIR bundle of Immunization and Patient, a transaction.
    Fhir,
    /// A batch of HL7 messages, VXU^V04.
    Hl7,
}

/// How many doses a round has given.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/doses",
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = OK, body = DosesOfRound), (status = NOT_FOUND, body = Problem))
)]
pub async fn doses(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
) -> Result<Json<DosesOfRound>, Fault> {
    let (community, round) = place(&community, &round)?;
    let counted = aside(move || {
        let running = app.runs.running(community, round)?;
        let running = held(&running);
        let doses = doses::given(&running);
        let listed = doses.iter().filter(|of| running.made.definition.people.contains(&of.visit)).count();
        Ok(DosesOfRound { doses: doses.len(), unlisted: doses.len() - listed })
    });
    counted.await.map(Json)
}

/// The doses of a round for a registry, with names, documents and days of birth. That somebody looked is written down.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/doses/file",
    params(("community" = String, Path), ("round" = String, Path), DosesAsked),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/octet-stream"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "Names have ended, or no dose of anybody on the roll is known", body = Problem)
    )
)]
pub async fn doses_as_file(
    State(app): State<App>,
    asking: Asking,
    Path((community, round)): Path<(String, String)>,
    Asker(_): Asker,
    Query(asked): Query<DosesAsked>,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let ways = ways(asked.zone.as_deref(), app.for_drills)?;
    aside(move || {
        let vaccine = vaccine(&asked)?;
        let made = still(app.runs.book.round(community, round)?)?;
        let none = || Fault::new(StatusCode::CONFLICT, "no_doses");
        let running = app.runs.running(community, round)?;
        if doses::given(&held(&running)).is_empty() {
            return Err(none());
        }
        let residents = named(&app, &made, &asking, "doses for a registry")?;
        let doses = doses::named(&held(&running), &residents, &vaccine);
        if doses.is_empty() {
            return Err(none());
        }
        let (kind, ending, bytes) = match asked.form {
            DoseForm::Fhir => ("application/fhir+json; charset=utf-8", "json", doses::fhir(&doses, &ways)),
            DoseForm::Hl7 => ("application/hl7-v2; charset=utf-8", "hl7", doses::hl7(&doses, &ways)),
        };
        Ok(file(kind, &format!("doses-{round}.{ending}"), bytes))
    })
    .await
}

fn vaccine(asked: &DosesAsked) -> Result<Vaccine, Fault> {
    let (cvx, name) = (asked.cvx.trim(), asked.vaccine.trim());
    let is_code = (1..=3).contains(&cvx.len()) && cvx.bytes().all(|figure| figure.is_ascii_digit());
    let is_name = (1..=TEXT_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !is_code || !is_name || asked.nth == Some(0) || asked.hundredths_ml == Some(0) {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "vaccine"));
    }
    let (cvx, name) = (cvx.to_owned(), name.to_owned());
    Ok(Vaccine { cvx, name, nth: asked.nth, hundredths_ml: asked.hundredths_ml })
}
