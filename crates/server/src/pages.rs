//! The built pages, from the binary.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use std::borrow::Cow;
use verbs::Voice;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Built;

/// Where files of the pages come from: a path without the first slash → content.
pub type Find = fn(&str) -> Option<Cow<'static, [u8]>>;

/// The page that all addresses of the pages begin with.
const INDEX: &str = "index.html";
/// Files whose names carry a hash of their content lie here: they never change.
const HASHED: &str = "assets/";
/// The API's own addresses are never a page.
const API: &str = "api/";
/// What a build lays beside a file, the smallest first.
const PACKED: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// A file of the pages that were built into this program.
pub fn built(path: &str) -> Option<Cow<'static, [u8]>> {
    Built::get(path).map(|file| file.data)
}

/// Whether this program was built with its pages.
pub fn are_built() -> bool {
    Built::get(INDEX).is_some()
}

/// Answers with a file, or with the first page, which finds its own way. `None` for what is no page.
pub fn answer(find: Find, method: &Method, uri: &Uri, headers: &HeaderMap, voice: Voice) -> Option<Response> {
    let path = uri.path().trim_start_matches('/');
    if path == API.trim_end_matches('/') || path.starts_with(API) {
        return None;
    }
    if method != Method::GET && method != Method::HEAD {
        return None;
    }
    // An address with an ending is a file; one without is a place in the pages.
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let path = if is_file { path } else { INDEX };
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    match file(find, path, headers) {
        Some(found) => Some(found),
        None if path == INDEX => Some(missing(voice)),
        None => None,
    }
}

fn file(find: Find, path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = find(path)?;
    let wanted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let packed = PACKED
        .iter()
        .filter(|(coding, _)| accepts(wanted, coding))
        .find_map(|(coding, ending)| Some((*coding, find(&format!("{path}{ending}"))?)));
    let tag = crate::store::tag(&plain);
    let cache = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen == tag.as_str()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (coding, content) = packed.map_or((None, plain), |(coding, content)| (Some(coding), content));
        let mut response = Response::new(match content {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        });
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(path)));
        if let Some(coding) = coding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("it is hexadecimal"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Some(response)
}

/// Whether a coding is named and not ruled out by `q=0`.
fn accepts(wanted: &str, coding: &str) -> bool {
    wanted.split(',').any(|part| {
        let mut part = part.split(';').map(str::trim);
        let named = part.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        named && !part.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// A file's content type by its ending.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// What stands at `/` where no pages were built.
fn missing(voice: Voice) -> Response {
    let [title, text, mend] =
        ["serve.no_pages_title", "serve.no_pages", "serve.no_pages_api"].map(|key| voice.word(key));
    let language = voice.language.tag();
    let page = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>{title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n<p>{mend}</p>\n"
    );
    let mut response = page.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
