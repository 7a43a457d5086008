//! How long a file of a lab's results takes, through the whole server and onto the disk: `results_taken [TUBES [ROUNDS]]`. Rounds are
//! made, their tubes filled; then a table with a result for each tube is sent, then the same once more, then one of which
//! nothing is known. Ends by itself, and leaves nothing behind.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "this is what it is for")]

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{Event, Moment};
use serde_json::{Value, json};
use server::{App, People, Runs, Store, access::mode::Mode, people::id::RoundId, run::held};
use std::{env, fmt::Write, sync::Arc, time::Instant};
use tokio::{runtime::Runtime, sync::watch};
use tower::ServiceExt;
use uuid::Uuid;

const SCENARIO: &str = r#"format = 1
[community]
name = "Example Court"
timezone = "UTC"
[round]
purpose = "screening"
opens = "00:00"
closes = "23:59"
date = "#;
const REST: &str = r#"
[site]
lanes = 1
[[site.station]]
name = "registration"
servers = 1
service = { law = "constant", mean_s = 10 }
[[site.station]]
name = "sampling"
servers = 2
service = { law = "constant", mean_s = 10 }
[arrivals]
law = "waves"
"#;

fn main() {
    let mut args = env::args().skip(1).map(|arg| arg.parse::<u32>().unwrap());
    let (tubes, rounds) = (args.next().unwrap_or(100_000), args.next().unwrap_or(100));
    Runtime::new().unwrap().block_on(measure(tubes, rounds));
}

async fn measure(tubes: u32, rounds: u32) {
    let data = tempfile::tempdir().unwrap();
    let people = Arc::new(People::open(data.path()).unwrap());
    let runs = Arc::new(Runs::open(data.path(), people.rounds_key()).unwrap());
    let (_stop, stopping) = watch::channel(false);
    let store = Store::open(data.path()).unwrap();
    let router = App::new(store, people.clone(), runs.clone(), Mode::here(8300, false), stopping).router();

    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let packed = |text: &str| BASE64_STANDARD.encode(text);
    let files = json!({
        "scenario.toml": packed(&format!("{SCENARIO}{today}{REST}")),
        "roll.csv": packed("building,door,name\n1,101,Example A\n")
    });
    let scenario = ask(&router, "/api/v1/scenarios", json!({ "files": files })).await;
    let until = today.checked_add(jiff::Span::new().days(30)).unwrap().to_string();
    let mut file = String::from("tube,result\n");
    for _ in 0..rounds {
        let community = people.make_community("Example Court", server::people::now()).unwrap().id;
        let new = json!({ "scenario": scenario["id"], "policy": "waves", "retain_until": until });
        let made = ask(&router, &format!("/api/v1/communities/{community}/rounds"), new).await;
        let round = RoundId::parse(made["id"].as_str().unwrap_or_else(|| panic!("{made}"))).unwrap();
        let running = runs.running(community, round).unwrap();
        let mut running = held(&running);
        let key = running.made.tubes().unwrap();
        let now = Moment::from(jiff::Timestamp::now());
        let filled = (0..tubes / rounds).flat_map(|number| {
            let item = key.code(number).item();
            writeln!(file, "{},negative", key.code(number)).unwrap();
            let given = Event::ItemGiven { visit: Uuid::new_v4(), kind: "tube".to_owned(), item, lot: None };
            [(now, given), (now, Event::TubeSealed { item, people: 1 })]
        });
        let filled: Vec<(Moment, Event)> = filled.collect();
        running.decided(&runs, now, |_| (filled.clone(), ())).unwrap();
    }
    let unknown: String = (0..tubes)
        .fold("tube,result\n".to_owned(), |file, number| file + &format!("NOBODY-{number},negative\n"));
    for (name, file) in [("new", &file), ("sent again", &file), ("unknown", &unknown)] {
        let begun = Instant::now();
        let request = Request::post("/api/v1/results?zone=UTC")
            .header("host", "localhost:8300")
            .header("content-type", "text/csv")
            .body(Body::from(file.clone()));
        let response = router.clone().oneshot(request.unwrap()).await.unwrap();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let said: Value = serde_json::from_slice(&body).unwrap();
        let counts = ["taken", "known", "aside", "refused"].map(|key| format!("{key} {}", said[key]));
        println!("{name}: {:.2} s, {}", begun.elapsed().as_secs_f64(), counts.join(", "));
    }
}

async fn ask(router: &Router, path: &str, body: Value) -> Value {
    let request =
        Request::post(path).header("host", "localhost:8300").header("content-type", "application/json");
    let response = router.clone().oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
    serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap()
}
