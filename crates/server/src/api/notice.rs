//! What residents are told: the JSON and the files of the terminal's command.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker, Body, Query,
    file::{DOCX, file},
    scenarios::read,
    verbs_on::desk,
};
use crate::{
    access::who::Asking,
    app::App,
    clock::{now_in, with_offset},
    problem::{Fault, Problem},
    run::Runs,
    schema::{
        notes::Refused,
        notice::{NoticeOptions, NoticeRefused, NoticeWritten},
    },
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use formats::pdf::NoPicture;
use notice::Notice;
use serde::{
    Deserialize,
    de::{IntoDeserializer, value::Error as ValueError},
};
use std::slice;
use utoipa::{IntoParams, ToSchema};
use verbs::options;
use words::Language;

/// As which file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NoticeFile {
    /// `pdf`, `docx`, `txt`, `script`, `png`, `svg`, `xml` or `json`; default `pdf`.
    #[param(inline)]
    #[serde(default)]
    form: NoticeForm,
    /// The language of refusals, and of the notice if it says none.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// As which file a notice is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoticeForm {
    /// A4 to print.
    #[default]
    Pdf,
    /// For a word processor.
    Docx,
    /// The message for the chat.
    Txt,
    /// What is read into a loudspeaker.
    Script,
    /// A picture as wide as a telephone.
    Png,
    /// The same, however high.
    Svg,
    /// CAP 1.2.
    Xml,
    /// The notice itself, to be replaced later.
    Json,
}

/// Writes a notice beneath the directives: the JSON of `shouhu notice --json`, with the directives clause by clause and what residents
/// asked. One that is looser than a directive is refused, and says where.
#[utoipa::path(
    post, path = "/api/v1/scenarios/{id}/notice", request_body = NoticeOptions,
    params(("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = NoticeWritten), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = NoticeRefused)
    )
)]
pub async fn notice(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    Asker(voice): Asker,
    Body(options): Body<options::NoticeOptions>,
) -> Result<Response, Fault> {
    let files = read(app.clone(), asking, &id).await?.files;
    let written = app.turns.compute(move || {
        let language = options.language.map_or(voice.language, Language::from);
        Ok(match desk(&files, voice).notice(&options, &now_in) {
            Ok(written) => (StatusCode::OK, written.output(language, voice)),
            Err(unwritten) => (StatusCode::UNPROCESSABLE_ENTITY, unwritten.output(voice)),
        })
    });
    let (status, output) = written.await?;
    Ok((status, Json(output)).into_response())
}

/// The same as a file.
#[utoipa::path(
    post, path = "/api/v1/scenarios/{id}/notice/file", request_body = NoticeOptions,
    params(("id" = String, Path), NoticeFile),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/octet-stream"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "There is no font for it, or the picture would be too high", body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn notice_file(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    Asker(voice): Asker,
    Query(NoticeFile { form, .. }): Query<NoticeFile>,
    Body(options): Body<options::NoticeOptions>,
) -> Result<Response, Fault> {
    let files = read(app.clone(), asking, &id).await?.files;
    let runs = app.runs.clone();
    let written = app.turns.compute(move || {
        let language = options.language.map_or(voice.language, Language::from);
        let written = desk(&files, voice).notice(&options, &now_in).map_err(|unwritten| unwritten.notes)?;
        as_file(&written.notice, form, language, &runs)
    });
    written.await
}

impl NoticeForm {
    /// As it stands in an address.
    pub(super) fn parse(text: &str) -> Option<NoticeForm> {
        NoticeForm::deserialize(text.into_deserializer()).map_err(|_: ValueError| ()).ok()
    }
}

/// A notice as a file to be kept.
pub(super) fn as_file(
    notice: &Notice,
    form: NoticeForm,
    language: Language,
    runs: &Runs,
) -> Result<Response, Fault> {
    let fonts = || runs.fonts.read();
    let (kind, ending, bytes) = match form {
        NoticeForm::Pdf => {
            ("application/pdf", "pdf", notice::pdf(slice::from_ref(notice), language, &fonts()?)?)
        }
        NoticeForm::Docx => (DOCX, "docx", notice.docx(language)),
        NoticeForm::Txt => ("text/plain; charset=utf-8", "txt", notice.chat(language).into_bytes()),
        NoticeForm::Script => {
            let text = notice.script(language).join("\n") + "\n";
            ("text/plain; charset=utf-8", "txt", text.into_bytes())
        }
        NoticeForm::Png => ("image/png", "png", notice.png(language, &fonts()?)?),
        NoticeForm::Svg => {
            ("image/svg+xml; charset=utf-8", "svg", notice.svg(language, &fonts()?)?.into_bytes())
        }
        NoticeForm::Xml => {
            let world = |at| with_offset(&notice.timezone, at);
            ("application/cap+xml; charset=utf-8", "xml", notice.cap(language, &world).into_bytes())
        }
        NoticeForm::Json => {
            let bytes = serde_json::to_vec_pretty(notice).expect("our own types are written as JSON");
            ("application/json", "json", bytes)
        }
    };
    Ok(file(kind, &format!("notice-{}.{ending}", notice.number), bytes))
}

impl From<NoPicture> for Fault {
    fn from(why: NoPicture) -> Fault {
        match why {
            NoPicture::Font(missing) => missing.into(),
            NoPicture::TooHigh => Fault::new(StatusCode::CONFLICT, "notice_too_high"),
        }
    }
}
