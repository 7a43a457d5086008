//! The service as a whole, asked as a browser asks.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod access;
mod ahead;
mod boards;
mod evening;
mod kept;
mod names;
mod pages;
mod paper;
mod rounds;
mod safety;
mod scenarios;
mod schema;
mod table;
mod trust;
mod uploads;
mod verbs;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use server::{
    App, Find, People, Runs, Store,
    access::mode::{Mode, PublicUrl},
};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

const PORT: u16 = 8300;
const HERE: &str = "localhost:8300";

/// A server on a data folder of its own.
struct House {
    app: App,
    router: Router,
    people: Arc<People>,
    runs: Arc<Runs>,
    /// What a browser names as its host.
    host: &'static str,
    data: TempDir,
    /// Room for uploads.
    uploads: Arc<Semaphore>,
    stop: watch::Sender<bool>,
}

impl House {
    fn new() -> House {
        House::with_pages(|_| None)
    }

    /// A server that others reach at a public name.
    fn open() -> House {
        let url = PublicUrl::parse("https://garden.example").unwrap();
        House::at(Mode::public(&url), "garden.example", |_| None)
    }

    fn with_pages(find: Find) -> House {
        House::at(Mode::here(PORT, false), HERE, find)
    }

    fn at(mode: Mode, host: &'static str, find: Find) -> House {
        House::on(tempfile::tempdir().unwrap(), mode, host, find)
    }

    /// The same server on the same data, as after a restart.
    fn restarted(self) -> House {
        let House { router, app, people, runs, host, data, .. } = self;
        drop((router, app, people, runs));
        let url = PublicUrl::parse(&format!("https://{host}")).unwrap();
        House::on(data, Mode::public(&url), host, |_| None)
    }

    fn on(data: TempDir, mode: Mode, host: &'static str, find: Find) -> House {
        let (stop, stopping) = watch::channel(false);
        let people = Arc::new(People::open(data.path()).unwrap());
        let runs = Arc::new(Runs::open(data.path(), people.rounds_key()).unwrap());
        let mut app =
            App::new(Store::open(data.path()).unwrap(), people.clone(), runs.clone(), mode, stopping);
        app.find = find;
        let uploads = app.uploads.clone();
        House { router: app.clone().router(), app, people, runs, host, data, uploads, stop }
    }

    /// The same server, as it answers when it was started for drills.
    fn for_drills(self) -> House {
        let mut app = self.app;
        app.for_drills = true;
        House { router: app.clone().router(), app, ..self }
    }

    async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, &[], Some(body)).await
    }

    /// As a browser with the cookie of a session.
    async fn ask_as(&self, cookie: Option<&str>, method: Method, path: &str, body: Option<Value>) -> Answer {
        let prefix = if self.app.mode.is_tls() { "__Host-" } else { "" };
        let cookie = cookie.map(|cookie| format!("{prefix}session={cookie}"));
        let headers: Vec<(&str, &str)> = cookie.iter().map(|cookie| ("cookie", &**cookie)).collect();
        self.ask(method, path, &headers, body).await
    }

    async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        let host =
            [("host", self.host)].into_iter().filter(|_| !headers.iter().any(|(name, _)| *name == "host"));
        for (name, value) in host.chain(headers.iter().copied()) {
            request = request.header(name, value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.send(request.body(body).unwrap()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, body: to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec() }
    }

    /// Willow Court: its id and version.
    async fn court(&self) -> (String, String) {
        let files = json!({ "scenario.toml": packed(include_str!("court.toml")) });
        let made = self.post("/api/v1/scenarios", json!({ "files": files })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        (made.string("id"), made.string("version"))
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    fn string(&self, key: &str) -> String {
        self.json()[key].as_str().unwrap_or_else(|| panic!("no {key} in {}", self.text())).to_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of the problem that this is.
    fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        for part in ["message", "mend"] {
            let said = self.string(part);
            assert!(!said.is_empty() && !said.starts_with("problem") && !said.contains('{'), "{said}");
        }
        (self.status.as_u16(), self.string("code"))
    }
}

fn packed(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}
