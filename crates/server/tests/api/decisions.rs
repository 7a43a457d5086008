//! The evening talked over: residents' words without names, and a log that is carried into the scenario.

use crate::{
    evening::{NAMES, ROLL, lived},
    rounds::Site,
};
use axum::http::{Method, StatusCode};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::io::{Cursor, Read};

async fn write(site: &Site, line: Value) -> (StatusCode, Value) {
    let answer = site.ask(Method::POST, &format!("{}/decisions?lang=en", site.round), Some(line)).await;
    assert!(NAMES.iter().all(|name| !answer.text().contains(name)), "{}", answer.text());
    (answer.status, answer.json())
}

async fn written(site: &Site, line: Value) -> Value {
    let (status, told) = write(site, line).await;
    assert_eq!(status, StatusCode::OK, "{told:#}");
    told
}

/// Somebody says, by the link on their own slip, how things go.
async fn complain(site: &Site, name: &str, words: &str) {
    let path = site.rounds.replace("/rounds", "/names");
    let names = site.ask(Method::GET, &format!("{path}?why=copy"), None).await.json();
    let of = names.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
    let copy = format!("{path}/{}/copy?why=copy", of["id"].as_str().unwrap());
    let own = site.ask(Method::GET, &copy, None).await.json()["stays"][0]["own"].clone();
    let token = own.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let act = json!({ "do": "speak", "tone": "complaint", "words": words });
    let path = format!("{}/mine/neighbours?lang=en", site.round);
    let said = site.house.post(&path, json!({ "token": token, "act": act })).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
}

/// The text of a file of the scenario that the round was made from.
async fn file(site: &Site, scenario: &str, name: &str) -> String {
    let kept = site.ask(Method::GET, &format!("/api/v1/scenarios/{scenario}"), None).await.json();
    let packed = kept["files"][name].as_str().unwrap_or_else(|| panic!("{name}: {}", kept["files"]));
    String::from_utf8(BASE64_STANDARD.decode(packed).unwrap()).unwrap()
}

#[tokio::test]
async fn what_is_agreed_at_the_desk_stands_in_the_scenario_and_no_name_in_the_log() {
    let site = Site::of(ROLL).await;
    lived(&site).await;
    complain(&site, "周九", "Nobody knocked at our door.").await;
    let path = format!("{}/decisions?lang=en", site.round);
    let seen = site.ask(Method::GET, &path, None).await;
    assert!(NAMES.iter().all(|name| !seen.text().contains(name)), "{}", seen.text());
    let seen = seen.json();
    let said = json!([{ "tone": "complaint", "words": "Nobody knocked at our door.", "answered": false }]);
    assert_eq!((&seen["residents"], &seen["log"]["decisions"]), (&said, &json!([])), "{seen:#}");
    let scenario = seen["scenario"].as_str().unwrap().to_owned();
    let cards = seen["log"]["cards"].as_array().unwrap();
    assert!(cards.contains(&json!("Caller")), "{cards:?}");

    let said = json!({ "do": "say", "by": ["adviser"], "words": "Two steps apart, please." });
    assert_eq!(written(&site, said).await["log"]["said"][0]["words"], "Two steps apart, please.");
    let rule = json!({
        "do": "propose", "by": ["volunteer"], "words": "Knock twice, then ring.", "role": "Caller", "figure": "complaints",
        "problem": "Nobody knocked at our door."
    });
    let told = written(&site, rule).await;
    assert_eq!(told["log"]["decisions"][0]["measured"]["value"], 1.0, "{told:#}");
    let key = "site.station.registration.servers";
    let value = json!({ "do": "propose", "words": "Two clerks.", "set": [key, "2"] });
    let told = written(&site, value).await;
    let clerks = &told["log"]["decisions"][1];
    assert_eq!(clerks["expected"]["difference"].as_array().map(Vec::len), Some(2), "{clerks:#}");
    assert_eq!(clerks["change"], "servers at registration: 2");

    let today = crate::rounds::today();
    let told = written(&site, json!({ "do": "try", "decision": 1, "on": today, "part": "building 3" })).await;
    let knock = &told["log"]["decisions"][0];
    // The day of the trial is the day on which it was measured: it is told, and not held against itself.
    assert_eq!((&knock["fact"]["value"], &knock["verdict"]), (&json!(1.0), &Value::Null), "{knock:#}");
    for number in [1, 2] {
        let agreed = json!({ "do": "agree", "decision": number, "by": ["secretariat", "committee"] });
        written(&site, agreed).await;
    }
    let text = file(&site, &scenario, "scenario.toml").await;
    assert!(text.contains("servers = 2") && text.contains("[[lesson]]"), "{text}");
    assert!(file(&site, &scenario, "services/screening.toml").await.contains("Knock twice, then ring."));
    let log = file(&site, &scenario, "decisions.toml").await;
    assert!(NAMES.iter().all(|name| !log.contains(name)), "{log}");

    let docx = site.ask(Method::GET, &format!("{}/evening.docx?lang=en", site.round), None).await;
    assert_eq!(docx.status, StatusCode::OK, "{}", docx.text());
    let mut document = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(docx.body.to_vec())).unwrap();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut document).unwrap();
    for words in ["Knock twice, then ring.", "Two steps apart, please.", "building 3"] {
        assert!(document.contains(words), "{words}");
    }
    // "Eve" is in "Everyone".
    assert!(["王小明", "李四", "周九", "Bob"].iter().all(|name| !document.contains(name)));
}

#[tokio::test]
async fn what_may_not_follow_is_refused_in_words_and_changes_nothing() {
    let site = Site::of(ROLL).await;
    // Nobody has come yet: the log is kept all the same, and there is no report.
    let docx = site.ask(Method::GET, &format!("{}/evening.docx", site.round), None).await;
    assert_eq!(docx.problem(), (404, "evening_empty".to_owned()));
    written(&site, json!({ "do": "propose", "words": "Two clerks.", "notice": true })).await;
    for (line, code) in [
        (json!({ "do": "agree", "decision": 2 }), "decision_unknown"),
        (json!({ "do": "object", "decision": 1 }), "decision_words"),
        (json!({ "do": "say", "words": "Ask 13800138000." }), "decision_telephone"),
        (json!({ "do": "say" }), "missing_key"),
        (json!({ "do": "propose", "words": "x", "role": "Cook" }), "decision_role"),
        (json!({ "do": "propose", "words": "x", "set": ["site.lanes", "many"] }), "not_a_whole_number"),
    ] {
        let (status, told) = write(&site, line.clone()).await;
        assert_eq!(
            (status, &told["notes"][0]["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(code)),
            "{line}"
        );
        assert!(!told.to_string().contains("13800138000"));
    }
    for line in [
        json!({ "do": "say", "by": ["mayor"], "words": "x" }),
        json!({ "do": "propose", "words": "x", "figure": "mood" }),
        json!({ "do": "propose", "lesson": "waves.size" }),
        json!({ "do": "try", "decision": 1, "on": "tomorrow" }),
    ] {
        let (status, told) = write(&site, line.clone()).await;
        assert_eq!((status, &told["code"]), (StatusCode::BAD_REQUEST, &json!("decision_line")), "{line}");
    }
    let seen = site.ask(Method::GET, &format!("{}/decisions", site.round), None).await.json();
    let decisions = seen["log"]["decisions"].as_array().unwrap();
    assert_eq!((decisions.len(), &decisions[0]["state"]), (1, &json!("proposed")));
}
