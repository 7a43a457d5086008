//! Results that are out, as files.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    super::{
        Asker, Query,
        file::{CSV, file},
        rounds::place,
    },
    ways,
};
use crate::{
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    run::{held, results::out},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// In which form results are given.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
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
            OutName::Csv => (CSV, "csv", out::csv(&reports, voice.language, &ways)?),
            OutName::Xlsx => {
                let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                (kind, "xlsx", out::xlsx(&reports, voice.language, &ways)?)
            }
            OutName::Fhir => ("application/fhir+json; charset=utf-8", "json", out::fhir(&reports, &ways)),
            OutName::Hl7 => ("application/hl7-v2; charset=utf-8", "hl7", out::hl7(&reports, &ways)),
        };
        Ok(file(kind, &format!("results-{round}.{ending}"), bytes))
    })
    .await
}
