//! The service as a whole, asked as a browser asks.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../../../journal/tests/parts/cluster.rs"]
mod cluster;

mod access;
mod ahead;
mod boards;
mod canary;
mod channels;
mod city;
mod custody;
mod decisions;
mod doses;
mod evening;
mod kept;
mod names;
mod neighbours;
mod news;
mod notices;
mod pages;
mod paper;
mod parties;
mod parties_aid;
mod parties_doors;
mod parties_gate;
mod parties_needs;
mod parties_orders;
mod parties_supplies;
mod places;
mod results;
mod rosters;
mod rounds;
mod safety;
mod scenarios;
mod schema;
mod shared;
mod table;
mod trust;
mod uploads;
mod verbs;
mod volunteers;
mod walks;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use server::{
    App, Database, Find, People, Runs, Store,
    access::mode::{Mode, PublicUrl},
};
use std::{path::Path, sync::Arc, thread};
use tempfile::TempDir;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

const PORT: u16 = 8300;
const HERE: &str = "localhost:8300";
/// Where others reach it.
const GARDEN: &str = "garden.example";

/// A server on a data folder of its own.
struct House {
    app: App,
    router: Router,
    people: Arc<People>,
    runs: Arc<Runs>,
    /// What a browser names as its host.
    host: &'static str,
    data: TempDir,
    /// Where everything is, if that is no file.
    database: Option<cluster::Database>,
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
        House::at(garden(), GARDEN, |_| None)
    }

    fn with_pages(find: Find) -> House {
        House::at(Mode::here(PORT, false), HERE, find)
    }

    fn at(mode: Mode, host: &'static str, find: Find) -> House {
        House::on(tempfile::tempdir().unwrap(), is_shared().then(database), mode, host, find)
    }

    /// The same server on the same data, as after a restart.
    fn restarted(self) -> House {
        let House { router, app, people, runs, host, data, database, .. } = self;
        drop((router, app, people, runs));
        let url = PublicUrl::parse(&format!("https://{host}")).unwrap();
        House::on(data, database, Mode::public(&url), host, |_| None)
    }

    fn on(
        data: TempDir,
        database: Option<cluster::Database>,
        mode: Mode,
        host: &'static str,
        find: Find,
    ) -> House {
        let stores = opened(data.path(), database.as_ref().map(|database| &*database.url));
        House::of(stores, data, database, mode, host, find)
    }

    fn of(
        (store, people, runs): (Store, Arc<People>, Arc<Runs>),
        data: TempDir,
        database: Option<cluster::Database>,
        mode: Mode,
        host: &'static str,
        find: Find,
    ) -> House {
        let (stop, stopping) = watch::channel(false);
        let mut app = App::new(store, people.clone(), runs.clone(), mode, stopping);
        app.find = find;
        let uploads = app.uploads.clone();
        House { router: app.clone().router(), app, people, runs, host, data, database, uploads, stop }
    }

    /// The same server, as it answers when it was started for drills.
    fn for_drills(self) -> House {
        let mut app = self.app;
        app.for_drills = true;
        House { router: app.clone().router(), app, ..self }
    }

    /// Does something to the book of rounds behind the server's back: in its file, or in its database.
    fn in_the_book(&self, file: &str, shared: &str) {
        match &self.database {
            None => {
                let book = rusqlite::Connection::open(self.data.path().join("rounds.sqlite")).unwrap();
                book.execute_batch(file).unwrap();
            }
            Some(database) => aside(|| {
                let mut book = journal::postgres::connect(&database.url).unwrap();
                book.batch_execute(&format!("SET search_path = rounds; {shared}")).unwrap();
            }),
        }
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

/// The stores of a process on a data folder, or on a database and with the key in the folder.
fn opened(data: &Path, database: Option<&str>) -> (Store, Arc<People>, Arc<Runs>) {
    aside(|| match database.map(Database::at) {
        None => {
            let people = People::open(data).unwrap();
            let runs = Runs::open(data, people.rounds_key()).unwrap();
            (Store::open(data).unwrap(), Arc::new(people), Arc::new(runs))
        }
        Some(database) => {
            let people = People::shared(data, &database).unwrap();
            let runs = Runs::shared(data, &database, people.rounds_key()).unwrap();
            (Store::shared(data, &database).unwrap(), Arc::new(people), Arc::new(runs))
        }
    })
}

fn garden() -> Mode {
    Mode::public(&PublicUrl::parse(&format!("https://{GARDEN}")).unwrap())
}

/// Whether all of these tests are on a shared database this time.
fn is_shared() -> bool {
    std::env::var_os(shared::SHARED).is_some()
}

fn database() -> cluster::Database {
    aside(cluster::database)
}

/// What asks a store blocks, and runs on no thread that serves.
fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| scope.spawn(work).join()).unwrap()
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
