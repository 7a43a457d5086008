//! A notice of a round as a file: for a word processor, as a picture, as what is read into a loudspeaker, as a public alert.

use super::number_of;
use crate::{
    api::{
        Asker,
        notice::{NoticeForm, as_file},
        rounds::place,
    },
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    run::book::notice_unknown,
};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::Response,
};

/// A notice of a round as a file, in the asker's language: `pdf`, `docx`, `txt`, `script`, `png`, `svg`, `xml` (CAP 1.2) or `json`. It is the notice as
/// it was issued, for all whom it is for; no sheet is counted as printed.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/notices/{number}/{form}",
    params(
        ("community" = String, Path), ("round" = String, Path), ("number" = String, Path), ("form" = String, Path),
        ("lang" = Option<String>, Query)
    ),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/octet-stream"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "There is no font for it, or the picture would be too high", body = Problem)
    )
)]
pub async fn notice_form(
    State(app): State<App>,
    Path((community, round, number, form)): Path<(String, String, String, String)>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let number = number_of(&number)?;
    let form = NoticeForm::parse(&form).ok_or_else(notice_unknown)?;
    let file = aside(move || {
        let issued = app.runs.book.notice(community, round, number)?;
        as_file(&issued.notice, form, voice.language, &app.runs)
    });
    let mut file = file.await?;
    file.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(file)
}
