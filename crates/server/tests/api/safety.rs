//! Who may speak to the server, and what it lets a page do.

use crate::House;
use axum::{
    body::Body,
    http::{Method, Request, Version},
};
use serde_json::json;

#[tokio::test]
async fn a_foreign_host_or_page_is_refused_and_told_why() {
    let house = House::new();
    for path in ["/", "/api/v1/scenarios", "/assets/x.js"] {
        let answer = house.ask(Method::GET, path, &[("host", "evil.example:8300")], None).await;
        assert_eq!(answer.problem(), (403, "host_foreign".to_owned()), "{path}");
        assert!(answer.string("mend").contains("http://localhost:8300"));
    }
    let origin = [("origin", "http://evil.example")];
    for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS] {
        let answer = house.ask(method, "/api/v1/scenarios", &origin, None).await;
        assert_eq!(answer.problem(), (403, "origin_foreign".to_owned()));
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
    let own = house
        .ask(
            Method::POST,
            "/api/v1/scenarios",
            &[("origin", "http://localhost:8300")],
            Some(json!({ "example": "flu-clinic" })),
        )
        .await;
    assert_eq!(own.status, 201);
}

#[tokio::test]
async fn what_a_proxy_passes_on_to_this_machine_is_nobodys_and_a_public_name_is_what_it_needs() {
    let here = House::new();
    let headers = [
        ("forwarded", "for=203.0.113.9"),
        ("via", "1.1 proxy"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-host", "garden.example"),
        ("x-real-ip", "203.0.113.9"),
    ];
    for path in ["/", "/now/x", "/api/v1/me", "/api/v1/scenarios"] {
        for header in headers {
            let answer = here.ask(Method::GET, path, &[header], None).await;
            assert_eq!(answer.problem(), (403, "proxied".to_owned()), "{path} {header:?}");
            assert!(answer.string("mend").contains("--public-url"));
        }
        // nginx by its defaults: no header, the machine's own name, and the old version.
        let old = Request::get(path).version(Version::HTTP_10).header("host", crate::HERE);
        assert_eq!(here.send(old.body(Body::empty()).unwrap()).await.status(), 403, "{path}");
    }
    assert_eq!(here.get("/api/v1/me").await.json()["owner"], true);
    let open = House::open();
    for header in headers {
        let me = open.ask(Method::GET, "/api/v1/me", &[header], None).await;
        assert_eq!((me.status.as_u16(), &me.json()["owner"]), (200, &json!(false)), "{header:?}");
    }
}

#[tokio::test]
async fn a_form_of_another_page_changes_nothing() {
    let house = House::new();
    let request = Request::post("/api/v1/scenarios")
        .header("host", crate::HERE)
        .header("content-type", "text/plain")
        .body(Body::from(r#"{"example":"flu-clinic"}"#))
        .unwrap();
    assert_eq!(house.send(request).await.status(), 415);
    assert_eq!(house.get("/api/v1/scenarios").await.json(), json!([]));
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_a_page() {
    let house = House::new();
    for path in ["/", "/api/v1/health", "/api/v1/nothing", "/none.js"] {
        let answer = house.get(path).await;
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'self';",
            "script-src 'self' 'wasm-unsafe-eval';",
            "object-src 'none';",
            "frame-ancestors 'none';",
            "base-uri 'none';",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: on this machine alone");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-embedder-policy"), "require-corp");
    }
}

#[tokio::test]
async fn a_public_name_is_opened_over_tls_alone_for_a_year() {
    let house = House::open();
    for path in ["/", "/api/v1/health", "/api/v1/scenarios", "/none.js"] {
        let answer = house.get(path).await;
        assert_eq!(
            answer.header("strict-transport-security"),
            "max-age=31536000; includeSubDomains",
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_words() {
    let house = House::new();
    assert_eq!(house.get("/api/v1/nothing").await.problem(), (404, "address_unknown".to_owned()));
    assert_eq!(
        house.ask(Method::DELETE, "/api/v1/health", &[], None).await.problem(),
        (405, "method".to_owned())
    );
    let zh = house.get("/api/v1/nothing?lang=zh").await;
    assert!(!zh.string("message").is_ascii());
}
