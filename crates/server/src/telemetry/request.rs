//! Each request: counted, and written down where it went wrong or where all are wanted.

use super::metric;
use crate::{
    access::secret::{hex, random},
    people,
    problem::Fault,
};
use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

/// What no route takes: a page, or an address that does not exist.
const PAGE: &str = "page";

/// Lets a request through, and tells what became of it.
pub(crate) async fn watched(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = word(request.method());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    let route = matched.as_ref().map_or(PAGE, MatchedPath::as_str);
    // A fault becomes its answer farther out, where the language is known.
    let fault = response.extensions().get::<Fault>();
    let status = fault.map_or(response.status(), Fault::status).as_u16();
    let code = fault.map_or("", Fault::code);
    let waited = response.extensions().get::<Waited>().map_or(Duration::ZERO, |Waited(time)| *time);
    let took = begun.elapsed().saturating_sub(waited);
    metric::answered(method, route, status, took);
    let ms = took.as_secs_f64() * 1e3;
    if status >= 500 {
        let why = fault.map(Fault::why).unwrap_or_default();
        let reference = Reference(hex(&random::<4>()));
        tracing::error!(target: super::log::TARGET, method, route, status, code, why, reference = reference.0, ms, "request");
        response.extensions_mut().insert(reference);
    } else if (status == 403 || status == 429) && is_due() {
        // Somebody asks for what they may not, or guesses.
        tracing::warn!(target: super::log::TARGET, method, route, status, code, ms, "request");
    } else {
        tracing::info!(target: super::log::TARGET, method, route, status, code, ms, "request");
    }
    response
}

/// Whoever is refused fills no disk: one line a second tells enough.
fn is_due() -> bool {
    static LAST: AtomicI64 = AtomicI64::new(0);
    let now = people::now();
    LAST.swap(now, Ordering::Relaxed) != now
}

/// How long an answer waited because it was asked to: nothing was slow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waited(pub(crate) Duration);

/// By which a line of the log is found when somebody reports what they saw.
#[derive(Clone, Debug)]
pub(crate) struct Reference(pub(crate) String);

/// A method's word. Whoever makes one up makes no label of ours.
fn word(method: &Method) -> &'static str {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE];
    let words = ["GET", "HEAD", "POST", "PUT", "DELETE"];
    known.iter().zip(words).find_map(|(one, word)| (one == method).then_some(word)).unwrap_or("other")
}
