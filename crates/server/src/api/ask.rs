//! What a request asks: its language, its options, its body.

use crate::{access::gate::FewWords, limits, problem::Fault};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, Uri, header, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use std::convert::Infallible;
use tokio::time::timeout;
use verbs::Voice;
use words::Language;

/// Whose words the answer is in: `?lang=`, or else what the browser prefers, or else English.
#[derive(Clone, Copy, Debug)]
pub struct Asker(pub Voice);

impl Asker {
    /// Of a request's address and headers.
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Asker {
        let asked = uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("lang="));
        let preferred = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::of_locale(asked.or_else(preferred).unwrap_or("en"));
        Asker(Voice { language })
    }
}

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asker, Infallible> {
        Ok(Asker::of(&parts.uri, &parts.headers))
    }
}

/// The options in an address.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query<T>, Fault> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(options)) => Ok(Query(options)),
            Err(error) => Err(Fault::new(StatusCode::BAD_REQUEST, "query").with("why", error.body_text())),
        }
    }
}

/// A body of JSON; an empty one is `{}`.
#[derive(Clone, Copy, Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Fault> {
        let few = request.extensions().get::<FewWords>().is_some();
        let whole = timeout(limits::BODY_WITHIN, Bytes::from_request(request, state)).await;
        let whole = whole.map_err(|_| Fault::new(StatusCode::REQUEST_TIMEOUT, "body_slow"))?;
        let bytes = whole.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE if few => Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "words_large")
                .with("kilobytes", limits::PUBLIC_BODY_BYTES >> 10),
            StatusCode::PAYLOAD_TOO_LARGE => Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "body_large")
                .with("megabytes", limits::BODY_BYTES >> 20),
            _ => Fault::new(StatusCode::BAD_REQUEST, "body_cut"),
        })?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(text).map(Body).map_err(|error| {
            let code = if error.classify() == Category::Data { "body_other" } else { "body_no_json" };
            Fault::new(StatusCode::BAD_REQUEST, code)
                .with("why", why(&error))
                .with("row", error.line())
                .with("column", error.column())
        })
    }
}

/// What serde says, but for values: they could be somebody's name.
fn why(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let about_keys = ["unknown field", "missing field", "duplicate field", "unknown variant"];
    let said = said.split(" at line ").next().unwrap_or_default();
    if about_keys.iter().any(|start| said.starts_with(start)) { said.to_owned() } else { "JSON".to_owned() }
}
