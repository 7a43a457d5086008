//! The verbs over HTTP give what the middle gives.

use crate::{House, packed};
use axum::http::Method;
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
        .ask(Method::POST, &format!("{at}/rehearse"), &[("accept-language", "en-GB")], Some(options))
        .await;
    assert_ne!(zh["findings"], en.json()["findings"]);
    assert_eq!(zh["wait_min"], en.json()["wait_min"]);
}

#[tokio::test]
async fn waves_are_searched_for_within_the_seconds_that_are_asked_for() {
    let house = House::new();
    let (id, _) = house.court().await;
    let at = format!("/api/v1/scenarios/{id}/search");
    for seconds in [0.5, 61.0] {
        assert_eq!(
            house.post(&at, json!({ "seconds": seconds })).await.problem(),
            (422, "search_seconds".to_owned())
        );
    }
    let found = house.post(&at, json!({ "seconds": 1.0 })).await.json();
    let search = &found["search"];
    assert!(search["plans_tried"].as_u64().is_some_and(|tried| tried > 0), "{found}");
    assert!(search["curve"].as_array().unwrap().iter().any(|point| point["chosen"] == true), "{search}");
    assert!(found["staff"].is_null(), "nobody goes to another station");
    // What is pinned stays where it is.
    let mut keep = found.clone();
    keep["waves"].as_array_mut().unwrap().iter_mut().for_each(|wave| wave["pinned"] = json!(true));
    let again = house.post(&at, json!({ "seconds": 1.0, "keep": keep })).await.json();
    let calls = |plan: &Value| {
        plan["waves"].as_array().unwrap().iter().map(|wave| wave["call_at"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(calls(&again), calls(&found));
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
    fn watch(&self, _: &'static str, _: u64, work: &mut verbs::Work<'_>) -> verbs::Cost {
        work(1, &rehearse::Progress::default());
        verbs::Cost::default()
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

const DIRECTIVE: &str = "format = 1\nlevel = \"town\"\nissued_by = \"Town\"\ndate = 2026-03-20\n\
    text = \"1. At most ten share a tube. 2. Results within 24 hours. 3. Two metres apart.\"\n\
    [[clause]]\nid = \"1\"\ntext = \"At most ten share a tube.\"\nkind = \"pool\"\nat_most = 10\n\
    [[clause]]\nid = \"2\"\ntext = \"Results within 24 hours.\"\nkind = \"result\"\nwithin_h = 24\n\
    [[clause]]\nid = \"3\"\ntext = \"Two metres apart.\"\nkind = \"spacing\"\nat_least_m = 2\n";

#[tokio::test]
async fn a_notice_is_written_beneath_the_directives_in_every_form_and_refused_where_it_is_looser() {
    let house = House::new();
    let (id, version) = house.court().await;
    let at = format!("/api/v1/scenarios/{id}");
    let questions = "question,answer,where\nMay I sit?,Yes.,\nmay I sit,,\nIs there water?,,\n";
    let files = json!({ "directive.toml": packed(DIRECTIVE), "questions.csv": packed(questions) });
    let change = json!({ "files": files });
    let written = house.ask(Method::PUT, &at, &[("if-match", &version)], Some(change)).await;
    let version = written.string("version");
    let plan = house.post(&format!("{at}/plan"), json!({ "reps": 4, "quick": true })).await.json();
    let asked = json!({ "plan": plan, "for": "1-1", "language": "en", "at": "2026-03-27T20:00" });
    let first = house.post(&format!("{at}/notice?lang=zh"), asked.clone()).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let first = first.json();
    assert_eq!((&first["language"], &first["notice"]["number"]), (&json!("en"), &json!(1)));
    assert!(first["text"].as_str().unwrap().starts_with("[Notice 1] "), "{first}");
    let verdicts = |of: &Value| -> Vec<String> {
        let all = of["clauses"].as_array().unwrap().iter();
        all.map(|one| one["verdict"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(verdicts(&first), ["same", "stricter", "silent"]);
    let asked_of: Vec<(u64, Value, Value)> = first["questions"]["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["asked"].as_u64().unwrap(), one["answer"].clone(), one["rows"].clone()))
        .collect();
    assert_eq!(asked_of, [(2, json!("Yes."), json!([2, 3])), (1, json!(null), json!([4]))]);
    assert_eq!(first["questions"]["answer"], "answer");
    // As files.
    for (form, kind, start) in [
        ("pdf", "application/pdf", &b"%PDF"[..]),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("txt", "text/plain; charset=utf-8", b"[Notice 1] "),
        ("script", "text/plain; charset=utf-8", b"Attention please"),
        ("png", "image/png", b"\x89PNG"),
        ("svg", "image/svg+xml; charset=utf-8", b"<svg"),
        ("xml", "application/cap+xml; charset=utf-8", b"<?xml"),
        ("json", "application/json", b"{"),
    ] {
        let file = house.post(&format!("{at}/notice/file?form={form}"), asked.clone()).await;
        assert_eq!(
            (file.status.as_u16(), file.header("content-type")),
            (200, kind),
            "{form}: {}",
            file.text()
        );
        assert!(file.body.starts_with(start), "{form}: {}", file.text());
        assert!(file.header("content-disposition").contains("filename=\"notice-1."), "{form}");
    }
    // A correction of what was kept.
    let correction =
        json!({ "replaces": first["notice"], "changed": ["At the south gate."], "for": "1-1", "plan": plan });
    let second = house.post(&format!("{at}/notice"), correction).await.json();
    assert_eq!(
        (&second["notice"]["kind"], &second["notice"]["number"]),
        (&json!("change"), &json!(2)),
        "{second}"
    );
    for (body, code) in [
        (json!({ "for": "77" }), "notice_nowhere"),
        (json!({ "kind": "change" }), "notice_replaces_nothing"),
        (json!({ "kind": "call-back" }), "notice_call_back_all"),
        (json!({ "replaces": { "number": "x" } }), "notice_unreadable"),
        (json!({ "at": "soon" }), "notice_time"),
        (json!({ "number": 0 }), "notice_number"),
    ] {
        let refused = house.post(&format!("{at}/notice"), body.clone()).await;
        let codes = refused.json();
        let codes: Vec<&str> =
            codes["notes"].as_array().unwrap().iter().map(|note| note["code"].as_str().unwrap()).collect();
        assert!(refused.status == 422 && codes.contains(&code), "{body}: {}", refused.text());
        let file = house.post(&format!("{at}/notice/file"), body).await;
        assert_eq!(file.status, 422, "{}", file.text());
    }
    // Looser: refused, and it is seen which clause it is.
    let loose = include_str!("court.toml").replace("pool = 10", "pool = 20");
    let change = json!({ "files": { "scenario.toml": packed(&loose) } });
    house.ask(Method::PUT, &at, &[("if-match", &version)], Some(change)).await;
    let refused = house.post(&format!("{at}/notice"), json!({})).await;
    assert_eq!(
        (refused.status.as_u16(), verdicts(&refused.json())[0].as_str()),
        (422, "looser"),
        "{}",
        refused.text()
    );
    assert_eq!(refused.json()["notes"][0]["code"], "directive_looser");
    assert_eq!(house.post(&format!("{at}/notice/file"), json!({})).await.status, 422);
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
    let body = json!({ "scenario": id, "files": { "round.jsonl": packed(&lines) } });
    let reviewed = house.post("/api/v1/review", body).await;
    assert_eq!(reviewed.status, 200, "{}", reviewed.text());
    let reviewed = reviewed.json();
    let came = lines.matches("\"type\":\"Arrived\"").count();
    assert!(came > 100 && reviewed["people"] == came as f64, "{reviewed}");
    assert!(reviewed["notes"].is_array() && reviewed["wait_min"]["mean"].is_number());
    // Cut in the middle of a line: the rest is used, and it is said.
    let cut = packed(&lines[..lines.len() / 2]);
    let reviewed = house.post("/api/v1/review", json!({ "files": { "round.jsonl": cut } })).await;
    assert_eq!(reviewed.status, 200, "{}", reviewed.text());
    assert!(!reviewed.json()["notes"].as_array().unwrap().is_empty());
    let nothing = house.post("/api/v1/review", json!({ "files": { "round.jsonl": "" } })).await;
    assert_eq!(nothing.status, 422, "{}", nothing.text());
    let cards = house.post("/api/v1/review", json!({ "files": { "cards.csv": "" } })).await;
    assert_eq!(cards.problem(), (400, "cards_need_scenario".to_owned()));
}
