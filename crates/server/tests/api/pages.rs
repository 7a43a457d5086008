//! The pages: found, packed, cached.

use crate::{Answer, House};
use axum::http::Method;
use std::borrow::Cow;

fn find(path: &str) -> Option<Cow<'static, [u8]>> {
    let content: &'static [u8] = match path {
        "index.html" => b"<!doctype html>pages",
        "assets/app-1a2b3c.js" => b"let plain",
        "assets/app-1a2b3c.js.br" => b"br",
        "assets/app-1a2b3c.js.gz" => b"gz",
        "assets/engine-4d5e6f.wasm" => b"\0asm",
        "icon.svg" => b"<svg/>",
        "notes.txt" => b"notes",
        _ => return None,
    };
    Some(Cow::Borrowed(content))
}

async fn get(house: &House, path: &str, headers: &[(&str, &str)]) -> Answer {
    house.ask(Method::GET, path, headers, None).await
}

#[tokio::test]
async fn a_packed_file_is_sent_to_who_takes_it() {
    let house = House::with_pages(find);
    for (accepts, coding, content) in [
        ("gzip, deflate, br", "br", "br"),
        ("gzip", "gzip", "gz"),
        ("br;q=0, gzip;q=0.5", "gzip", "gz"),
        ("identity", "", "let plain"),
    ] {
        let answer = get(&house, "/assets/app-1a2b3c.js", &[("accept-encoding", accepts)]).await;
        assert_eq!(
            (answer.header("content-encoding"), answer.text().as_str()),
            (coding, content),
            "{accepts}"
        );
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert!(answer.header("cache-control").contains("immutable"));
        assert!(answer.header("vary").contains("accept-encoding"));
    }
    assert_eq!(
        get(&house, "/assets/engine-4d5e6f.wasm", &[]).await.header("content-type"),
        "application/wasm"
    );
}

#[tokio::test]
async fn a_page_says_its_kind_and_its_letters() {
    let house = House::with_pages(find);
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/icon.svg", "image/svg+xml; charset=utf-8"),
        ("/notes.txt", "text/plain; charset=utf-8"),
        ("/api/v1/health", "application/json"),
    ] {
        assert_eq!(get(&house, path, &[]).await.header("content-type"), kind, "{path}");
    }
}

#[tokio::test]
async fn places_in_the_pages_are_the_first_page() {
    let house = House::with_pages(find);
    for path in ["/", "/index.html", "/plan", "/scenarios/willow-court/board"] {
        let answer = get(&house, path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "<!doctype html>pages"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache");
        let seen = [("if-none-match", answer.header("etag"))];
        assert_eq!(get(&house, path, &seen).await.status, 304);
    }
    // A file that is missing is no page, and neither is an address of the API.
    for path in ["/assets/old-999.js", "/api/v1/nothing", "/api", "/../secret.txt"] {
        assert_eq!(get(&house, path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn without_pages_it_says_how_to_build_them() {
    let house = House::new();
    let en = house.get("/").await;
    assert_eq!(en.status, 200);
    assert!(en.text().contains("make run"));
    assert!(house.get("/?lang=zh").await.text().contains("lang=\"zh\""));
}
