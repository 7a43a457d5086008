//! `shouhu method`: what one community learned reaches another, and nothing else of it does.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use serde_json::{Value, json};
use std::{fs, path::Path};
use tempfile::TempDir;
use terminal::{json, told};

/// A compound that measured its registration, wrote down why, and answered two questions.
fn experienced(at: &Path) {
    told(at, &["init", "theirs", "--example", "sunshine-garden", "--json"]);
    let path = at.join("theirs/scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let old =
        text.split_once("service = { law = \"mixture\"").unwrap().1.split_once("] }").unwrap().0.to_owned();
    let text = text
        .replace(
            &format!("service = {{ law = \"mixture\"{old}] }}"),
            "service = { law = \"empirical\", file = \"measured.csv\" }",
        )
        .replace(
            "callers = { number = 8, law = \"lognormal\", mean_s = 40",
            "callers = { number = 8, law = \"lognormal\", mean_s = 25",
        );
    let lesson = "\n[[lesson]]\nkey = \"site.station.registration.service\"\nnew = \"{ law = \\\"empirical\\\", file = \\\"measured.csv\\\" }\"\n\
                  why = \"Codes were scanned.\"\n";
    fs::write(&path, text + lesson).unwrap();
    fs::write(at.join("theirs/measured.csv"), "seconds,weight\n6,3\n9,1\n").unwrap();
    let questions =
        "question,answer,where\nMay my dog come?,Yes.,12\nWhom do I call?,Call 021-5555-0100.,\nWhen?,,\n";
    fs::write(at.join("theirs/questions.csv"), questions).unwrap();
}

fn two() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    experienced(home.path());
    told(home.path(), &["init", "ours", "--example", "flu-clinic", "--json"]);
    told(home.path(), &["init", "alike", "--example", "sunshine-garden", "--json"]);
    home
}

fn keys(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect()
}

#[test]
fn what_was_learned_is_handed_on_and_who_and_how_many_is_not() {
    let home = two();
    let at = home.path();
    let out = told(
        at,
        &["method", "export", "theirs", "method", "--about", "a compound of 4,000", "--questions", "--json"],
    );
    assert_eq!(out["files"], json!(["measured.csv", "method.toml", "questions.csv"]));
    assert!(out["notes"][0]["message"].as_str().unwrap().contains("long number"), "{out}");
    let text = fs::read_to_string(at.join("method/method.toml")).unwrap();
    for (own, why) in [
        ("都市阳光花园", "a name"),
        ("2022", "a day"),
        ("lanes", "lanes"),
        ("servers", "staff"),
        ("number", "callers"),
    ] {
        assert!(!text.contains(own), "{why}: {text}");
    }
    let questions = fs::read_to_string(at.join("method/questions.csv")).unwrap();
    assert_eq!(
        questions, "question,answer\nMay my dog come?,Yes.\n",
        "neither where it was asked nor a telephone"
    );

    let took = told(at, &["method", "import", "method", "alike", "--json"]);
    assert_eq!(keys(&took["taken"]), ["site.station.registration.service", "waves.callers"]);
    assert_eq!(took["taken"][0]["why"], "Codes were scanned.");
    assert_eq!(took["questions"], 1);
    let scenario = fs::read_to_string(at.join("alike/scenario.toml")).unwrap();
    assert!(scenario.contains("number = 8, law = \"lognormal\", mean_s = 25"), "{scenario}");
    assert!(scenario.contains("Taken over from a compound of 4,000. Codes were scanned."), "{scenario}");
    assert!(scenario.contains("# in each lane"), "comments stay");
    assert_eq!(
        fs::read(at.join("alike/measured.csv")).unwrap(),
        fs::read(at.join("theirs/measured.csv")).unwrap()
    );
    told(at, &["check", "alike", "--json"]);
    let again = told(at, &["method", "import", "method", "alike", "--json"]);
    assert_eq!((&again["taken"], &again["questions"]), (&json!([]), &json!(0)));
}

#[test]
fn sentences_and_services_are_handed_on_without_numbers_and_names_and_taken_over_beside_what_is_here() {
    let home = two();
    let at = home.path();
    let theirs = at.join("theirs");
    fs::write(theirs.join("volunteers.csv"), "name,phone\nQuill Example,1380013800\n").unwrap();
    let notice = "format = 1\nissued_by = \"Volunteers' secretariat\"\ncontact = \"building 3\"\n[more]\nround = [\n\
        { en = \"We go on in rain.\", zh = \"下雨照常。\" }, # tried twice\n\
        \"Ask Quill Example at the gate.\",\n\"Or call 021-5555-0100.\",\n\"都市阳光花园的人从北门进。\",\n\"Bring water.\",\n]\n";
    fs::write(theirs.join("notice.toml"), notice).unwrap();
    fs::create_dir(theirs.join("services")).unwrap();
    let service = include_str!("../../../services/relief-goods.toml");
    fs::write(theirs.join("services/parcels.toml"), service).unwrap();
    fs::write(theirs.join("services/named.toml"), format!("# Quill Example wrote this.\n{service}")).unwrap();
    let out = told(at, &["method", "export", "theirs", "method", "--texts", "--json"]);
    assert_eq!(out["files"], json!(["measured.csv", "method.toml", "notice.toml", "services/parcels.toml"]));
    let mut codes: Vec<&str> =
        out["notes"].as_array().unwrap().iter().map(|note| note["code"].as_str().unwrap()).collect();
    codes.retain(|code| code.starts_with("method_"));
    codes.sort_unstable();
    assert_eq!(codes, ["method_name", "method_name", "method_name", "method_number"]);
    let notice = fs::read_to_string(at.join("method/notice.toml")).unwrap();
    assert!(notice.contains("下雨照常") && notice.contains("Bring water"), "{notice}");
    for own in ["Quill", "5555", "都市阳光花园", "secretariat", "building 3"] {
        assert!(!notice.contains(own), "{own}: {notice}");
    }

    let ours = "format = 1\ncontact = \"gate\" # ours\n[more]\nround = [\"Bring water.\"]\n";
    fs::write(at.join("alike/notice.toml"), ours).unwrap();
    let took = told(at, &["method", "import", "method", "alike", "--json"]);
    assert_eq!((&took["sentences"], &took["services"]), (&json!(1), &json!(["services/parcels.toml"])));
    let text = fs::read_to_string(at.join("alike/notice.toml")).unwrap();
    assert!(
        text.contains("# ours") && text.contains("下雨照常") && text.matches("Bring water").count() == 1,
        "{text}"
    );
    told(at, &["check", "alike", "--json"]);
    // What is here already under that name is not written over.
    fs::write(at.join("alike/services/parcels.toml"), format!("# ours\n{service}")).unwrap();
    let again = told(at, &["method", "import", "method", "alike", "--json"]);
    assert_eq!((&again["sentences"], &again["services"]), (&json!(0), &json!([])));
    assert_eq!(again["other_services"], json!(["services/parcels.toml"]));
    assert!(fs::read_to_string(at.join("alike/services/parcels.toml")).unwrap().starts_with("# ours"));
    // A broken service is refused before anything is written.
    fs::write(at.join("method/services/parcels.toml"), "format = 1\nname = 3\n").unwrap();
    assert_eq!(json(at, &["method", "import", "method", "ours", "--json"]).1, 1);
    assert!(!at.join("ours/services").exists());
}

#[test]
fn what_does_not_fit_stays_and_a_look_writes_nothing() {
    let home = two();
    let at = home.path();
    told(at, &["method", "export", "theirs", "method", "--json"]);
    let before = fs::read(at.join("ours/scenario.toml")).unwrap();
    let look = told(at, &["method", "import", "method", "ours", "--dry-run", "--json"]);
    let left = look["left"].as_array().unwrap();
    assert!(
        left.iter()
            .any(|one| one["key"] == "site.station.sampling.service" && one["because"] == "no_station")
    );
    assert_eq!(fs::read(at.join("ours/scenario.toml")).unwrap(), before);
    // Another table of that name is not written over.
    fs::write(at.join("alike/measured.csv"), "seconds,weight\n60,1\n").unwrap();
    let only =
        ["method", "import", "method", "alike", "--only", "site.station.registration.service", "--json"];
    assert_eq!(keys(&told(at, &only)["taken"]), ["site.station.registration.service"]);
    assert_eq!(fs::read(at.join("alike/measured.csv")).unwrap(), b"seconds,weight\n60,1\n");
    assert!(fs::read_to_string(at.join("alike/scenario.toml")).unwrap().contains("method-2-measured.csv"));
}

#[test]
fn a_method_that_is_none_is_refused_with_all_that_is_wrong() {
    let home = two();
    let at = home.path();
    fs::create_dir(at.join("bad")).unwrap();
    let text = "format = 1\n[[learned]]\nkey = \"site.lanes\"\nvalue = \"9\"\n[[learned]]\nkey = \"waves.late\"\nvalue = \"{ law\"\n\
                [[learned]]\nvalue = \"3\"\n";
    fs::write(at.join("bad/method.toml"), text).unwrap();
    let (found, status) = json(at, &["method", "import", "bad", "alike", "--json"]);
    assert_eq!(status, 1);
    let notes = found["notes"].as_array().unwrap();
    let said: Vec<&str> = notes.iter().map(|note| note["message"].as_str().unwrap()).collect();
    for wanted in ["site.lanes is not one", "no value as TOML", "key"] {
        assert!(said.iter().any(|said| said.contains(wanted)), "{wanted}: {said:?}");
    }
    assert_eq!(notes.len(), 3, "{said:?}");
    told(at, &["method", "export", "theirs", "method", "--json"]);
    assert_eq!(json(at, &["method", "export", "theirs", "method", "--json"]).1, 1, "nothing is written over");
    let (found, status) = json(at, &["method", "import", "ours", "alike", "--json"]);
    assert_eq!((status, &found["notes"][0]["message"]), (1, &json!("The folder has no file method.toml.")));
}
