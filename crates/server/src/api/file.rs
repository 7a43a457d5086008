//! An answer that is kept as a file. No cache keeps it: that holds for the whole API.

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};

pub const CSV: &str = "text/csv; charset=utf-8";
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Bytes of a media type, to be kept under a name; the name is ours, never a person's words.
pub fn file(kind: &'static str, name: &str, bytes: impl Into<Body>) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, named)], bytes.into())
        .into_response()
}
