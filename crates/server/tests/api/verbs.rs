//! The verbs over HTTP give what the middle gives.

use crate::House;
use serde_json::{Value, json};

#[tokio::test]
async fn the_verbs_answer_in_the_askers_language() {
    let house = House::new();
    let (id, _) = house.court().await;
    let at = format!("/api/v1/scenarios/{id}");
    assert_eq!(house.get("/api/v1/health").await.string("status"), "ok");
    assert_eq!(house.get(&format!("{at}/view")).await.string("community"), "Willow Court");
    assert_eq!(house.post(&format!("{at}/check"), json!({})).await.json(), json!({ "notes": [] }));
    let options = json!({ "reps": 4, "quick": true });
    let plan = house.post(&format!("{at}/plan"), options.clone()).await;
    assert_eq!(plan.status, 200, "{}", plan.text());
    assert_eq!(plan.header("cache-control"), "no-store");
    let sheets = house.post(&format!("{at}/sheets?lang=zh"), json!({ "plan": plan.json() })).await.json();
    assert!(!sheets["sheets"][0]["content"].as_str().unwrap().is_ascii());
    let zh = house.post(&format!("{at}/rehearse?lang=zh"), options.clone()).await.json();
    let en = house
        .ask(
            axum::http::Method::POST,
            &format!("{at}/rehearse"),
            &[("accept-language", "en-GB")],
            Some(options),
        )
        .await;
    assert_ne!(zh["findings"], en.json()["findings"]);
    assert_eq!(zh["wait_min"], en.json()["wait_min"]);
}

#[tokio::test]
async fn the_same_folder_gives_the_same_bytes_as_the_middle() {
    let house = House::new();
    let (id, _) = house.court().await;
    let files = scenario::Files([("scenario.toml".to_owned(), include_bytes!("court.toml").to_vec())].into());
    let terminal = verbs::Voice { language: words::Language::En };
    let desk = verbs::Desk { files: &files, machine: &One, zones: &zones, voice: terminal };
    let options = json!({ "reps": 4, "quick": true, "seed": 9 });
    let mut there: Value =
        serde_json::from_str(&desk.rehearse(&serde_json::from_value(options.clone()).unwrap()).unwrap())
            .unwrap();
    let mut here = house.post(&format!("/api/v1/scenarios/{id}/rehearse"), options).await.json();
    for cost in ["cpu_s", "wall_s", "people_per_second"] {
        here.as_object_mut().unwrap().remove(cost);
        there.as_object_mut().unwrap().remove(cost);
    }
    assert_eq!(here, there);
}

fn zones(name: &str, at: jiff::civil::DateTime) -> Option<domain::Moment> {
    Some(domain::Moment::from(jiff::tz::TimeZone::get(name).ok()?.to_timestamp(at).ok()?))
}

/// One thread, no clock.
struct One;

impl verbs::Machine for One {
    fn run(
        &self,
        _: &'static str,
        rehearsal: &rehearse::Rehearsal,
        luck: rehearse::Luck,
        reps: u32,
    ) -> (rehearse::Outcome, verbs::Cost) {
        (rehearsal.run(luck, reps, 1, &rehearse::Progress::default()), verbs::Cost::default())
    }
}

#[tokio::test]
async fn a_folder_that_refuses_gives_its_notes() {
    let house = House::new();
    let made =
        house.post("/api/v1/scenarios", json!({ "name": "Empty", "files": { "scenario.toml": "" } })).await;
    let at = format!("/api/v1/scenarios/{}", made.string("id"));
    let refused = house.post(&format!("{at}/plan"), json!({})).await;
    assert_eq!(refused.status, 422);
    assert!(!refused.json()["notes"].as_array().unwrap().is_empty());
    assert_eq!(house.get(&format!("{at}/events")).await.status, 422);
    assert_eq!(
        house.post(&format!("{at}/plan"), json!({ "replications": 3 })).await.problem().1,
        "body_other"
    );
    assert_eq!(house.post("/api/v1/scenarios/none/plan", json!({})).await.problem().0, 404);
}

#[tokio::test]
async fn the_events_of_a_rehearsal_are_reviewed() {
    let house = House::new();
    let (id, _) = house.court().await;
    let files = scenario::Files([("scenario.toml".to_owned(), include_bytes!("court.toml").to_vec())].into());
    let voice = verbs::Voice { language: words::Language::En };
    let desk = verbs::Desk { files: &files, machine: &One, zones: &zones, voice };
    let events = desk.events(&serde_json::from_value(json!({ "policy": "broadcast" })).unwrap()).unwrap();
    let lines = String::from_utf8(verbs::lines(&events)).unwrap();
    let body = json!({ "scenario": id, "files": { "round.jsonl": crate::packed(&lines) } });
    let reviewed = house.post("/api/v1/review", body).await;
    assert_eq!(reviewed.status, 200, "{}", reviewed.text());
    let reviewed = reviewed.json();
    let came = lines.matches("\"type\":\"Arrived\"").count();
    assert!(came > 100 && reviewed["people"] == came as f64, "{reviewed}");
    assert!(reviewed["notes"].is_array() && reviewed["wait_min"]["mean"].is_number());
    // Cut in the middle of a line: the rest is used, and it is said.
    let cut = crate::packed(&lines[..lines.len() / 2]);
    let reviewed = house.post("/api/v1/review", json!({ "files": { "round.jsonl": cut } })).await;
    assert_eq!(reviewed.status, 200, "{}", reviewed.text());
    assert!(!reviewed.json()["notes"].as_array().unwrap().is_empty());
    let nothing = house.post("/api/v1/review", json!({ "files": { "round.jsonl": "" } })).await;
    assert_eq!(nothing.status, 422, "{}", nothing.text());
    let cards = house.post("/api/v1/review", json!({ "files": { "cards.csv": "" } })).await;
    assert_eq!(cards.problem(), (400, "cards_need_scenario".to_owned()));
}
