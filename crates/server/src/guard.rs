//! Which pages may speak to this server: those that it sent itself.
//!
//! A web page from elsewhere can make a browser send requests to it. What tells them apart are the headers that
//! a page cannot forge: `Host` (a foreign name that was made to point here), `Origin` and `Sec-Fetch-Site` (a foreign
//! page), and a content type that a form cannot send. And while whoever asks is taken for the owner of the machine, nothing
//! that a proxy passed on is answered.

use crate::{access::mode::Mode, problem::Fault};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::Next,
    response::Response,
};

/// Lets pass what comes from the server's own pages, or from a program that is no browser.
///
/// # Errors
/// Everything else, with the reason.
pub async fn guard(State(mode): State<Mode>, request: Request, next: Next) -> Result<Response, Fault> {
    if !mode.is_open() && is_passed_on(request.version(), request.headers()) {
        return Err(Fault::new(StatusCode::FORBIDDEN, "proxied"));
    }
    check(request.method(), request.uri().path(), request.headers(), &mode)?;
    Ok(next.run(request).await)
}

/// What proxies and tunnels add.
const PASSED_ON: [&str; 8] = [
    "cf-connecting-ip",
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
];

/// Whether a proxy stands between. That of nginx by its defaults names the machine itself as the host and adds nothing; but it
/// speaks HTTP/1.0, which no browser does.
fn is_passed_on(version: Version, headers: &HeaderMap) -> bool {
    version < Version::HTTP_11 || PASSED_ON.iter().any(|name| headers.contains_key(*name))
}

fn check(method: &Method, path: &str, headers: &HeaderMap, mode: &Mode) -> Result<(), Fault> {
    // What is no text is nobody's address.
    let text =
        |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase());
    let foreign = |code| Fault::new(StatusCode::FORBIDDEN, code);
    let host = text(header::HOST).unwrap_or_default();
    if headers.get_all(header::HOST).iter().count() > 1 || !mode.is_host(&host) {
        return Err(foreign("host_foreign").with("address", mode.url()));
    }
    if text(header::ORIGIN).is_some_and(|origin| !mode.is_origin(&origin, &host)) {
        return Err(foreign("origin_foreign"));
    }
    // A link from elsewhere may open a page, but nothing from elsewhere may ask the API.
    let site = text(HeaderName::from_static("sec-fetch-site"));
    if path.starts_with("/api/") && site.is_some_and(|site| !["same-origin", "none"].contains(&site.as_str()))
    {
        return Err(foreign("origin_foreign"));
    }
    let writes = [Method::POST, Method::PUT, Method::PATCH].contains(method);
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    // Neither can be sent by a form, nor by a foreign page without asking first.
    let kinds = [
        "application/json",
        "application/octet-stream",
        // Results of labs.
        "text/csv",
        "application/fhir+json",
        "application/hl7-v2",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ];
    if writes && !kinds.contains(&kind.split(';').next().unwrap_or_default().trim()) {
        return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type"));
    }
    Ok(())
}

/// Whatever a page is tricked into, it loads and tells nothing outside this server.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; \
         form-action 'self'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(self), geolocation=(), microphone=()"),
];

/// Adds the headers that every response has.
pub async fn headers(State(mode): State<Mode>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if mode.has_public_name() {
        // Whoever came once over TLS comes no other way for a year.
        let always = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, always);
    }
    if is_api {
        // Rolls are in the answers: no cache keeps them.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: Method, path: &str, headers: &[(&str, &str)]) -> u16 {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        match check(&method, path, &map, &Mode::here(8300, false)) {
            Ok(()) => 200,
            Err(Fault::Problem { status, .. }) => status.as_u16(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_this_machines_names_are_hosts() {
        for host in ["localhost:8300", "127.0.0.1:8300", "[::1]:8300", "LOCALHOST:8300"] {
            assert_eq!(status(Method::GET, "/", &[("host", host)]), 200, "{host}");
        }
        for host in [
            "localhost",
            "localhost:80",
            "evil.example:8300",
            "127.0.0.1.evil.example:8300",
            "127.0.0.2:8300",
            "0.0.0.0:8300",
            "localhost:8300.evil.example",
            "localhost:8300@evil.example",
            "[::]:8300",
            "",
        ] {
            assert_eq!(status(Method::GET, "/", &[("host", host)]), 403, "{host}");
        }
        assert_eq!(status(Method::GET, "/", &[]), 403);
        assert_eq!(status(Method::GET, "/", &[("host", "localhost:8300"), ("host", "evil.example")]), 403);
    }

    #[test]
    fn a_foreign_page_is_refused() {
        let get = |headers: &[(&str, &str)]| {
            let host = [("host", "localhost:8300")];
            status(Method::GET, "/api/v1/scenarios", &[&host[..], headers].concat())
        };
        assert_eq!(get(&[("origin", "http://localhost:8300"), ("sec-fetch-site", "same-origin")]), 200);
        for origin in [
            "http://evil.example",
            "https://localhost:8300",
            "http://localhost:8301",
            "http://127.0.0.1:8300",
            "null",
        ] {
            assert_eq!(get(&[("origin", origin)]), 403, "{origin}");
        }
        assert_eq!(get(&[("sec-fetch-site", "cross-site")]), 403);
        assert_eq!(get(&[("sec-fetch-site", "same-site")]), 403);
        // A link to a page is no request of the API.
        let link = [("host", "localhost:8300"), ("sec-fetch-site", "cross-site")];
        assert_eq!(status(Method::GET, "/", &link), 200);
    }

    #[test]
    fn a_form_cannot_write() {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
        {
            let headers = [("host", "localhost:8300"), ("content-type", kind)];
            assert_eq!(status(Method::POST, "/api/v1/scenarios", &headers), 415, "{kind}");
        }
        let headers = [("host", "localhost:8300"), ("content-type", "application/json; charset=utf-8")];
        assert_eq!(status(Method::PUT, "/api/v1/scenarios/a", &headers), 200);
    }
}
