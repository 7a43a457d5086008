//! The evening's log from the terminal: a lesson is proposed, objected to, tried, agreed; the scenario changes; the next round's review says
//! whether it helped.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use serde_json::{Value, json};
use std::{fs, path::Path};
use tempfile::TempDir;
use terminal::{example, json, shouhu, told};

/// Registration takes longer than the scenario says: so it is in the world, before and after.
const SLOWER: &str = "site.station.registration.service={ law = 'lognormal', mean_s = 24, cv = 0.5 }";
const KEY: &str = "site.station.registration.service";

fn plan(at: &Path, name: &str) {
    told(at, &["plan", "round", "--set", "waves.load=0.85", "--reps", "20", "-o", name, "--json"]);
}

/// A day of the world as it is, by this plan.
fn day(at: &Path, plan: &str, seed: &str, date: &str, events: &str) {
    let date = format!("round.date={date}");
    let told = told(
        at,
        &[
            "rehearse", "round", "--plan", plan, "--set", SLOWER, "--set", &date, "--seed", seed, "--reps",
            "1", "--events", events, "--json",
        ],
    );
    assert!(told["people"].as_f64().unwrap() > 0.0);
}

fn evening() -> TempDir {
    let folder = example("sunshine-garden", "round");
    plan(folder.path(), "plan.json");
    day(folder.path(), "plan.json", "2", "2022-03-28", "day.jsonl");
    folder
}

fn decide(at: &Path, more: &[&str]) -> Value {
    told(at, &[&["decide", "round"], more, &["--json"]].concat())
}

#[test]
fn a_lesson_is_agreed_on_and_the_next_round_says_with_numbers_that_it_helped() {
    let folder = evening();
    let at = folder.path();
    let measuring = ["--events", "day.jsonl", "--plan", "plan.json", "--policy", "waves", "--reps", "30"];
    let propose = [
        &["propose", "--lesson", KEY, "--problem", "The first table is overrun.", "--at", "2022-03-28T20:00"]
            [..],
        &measuring,
    ];
    let out = decide(at, &propose.concat());
    let one = &out["decisions"][0];
    assert_eq!((&one["by"], &one["state"]), (&json!(["review"]), &json!("proposed")), "{one:#}");
    // The day's own figure stands beside what rehearsals expect: the old plan and the new one, in the world as it was measured.
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("{one:#}"));
    let measured = number(&one["measured"]["value"]);
    let (before, after) = (number(&one["expected"]["before"]), number(&one["expected"]["after"]));
    assert!((before - measured).abs() < 0.3 * measured, "{before} {measured}");
    assert!(after < 0.5 * before, "{before} {after}");
    assert!(number(&one["expected"]["difference"][1]) < 0.0, "{one:#}");
    let text = fs::read_to_string(at.join("round/scenario.toml")).unwrap();
    assert!(!text.contains("[[lesson]]"));

    decide(
        at,
        &[
            "object",
            "1",
            "--by",
            "volunteer",
            "--words",
            "It will last too long.",
            "--at",
            "2022-03-28T20:05",
        ],
    );
    let agree =
        [&["agree", "1", "--by", "secretariat,committee", "--at", "2022-03-28T20:30"][..], &measuring];
    // An objection is answered first.
    let (refused, status) = json(at, &[&["decide", "round"][..], &agree.concat(), &["--json"]].concat());
    assert_eq!((status, &refused["notes"][0]["code"]), (1, &json!("decision_words")), "{refused}");
    decide(at, &["try", "1", "--part", "buildings 1 to 3", "--on", "2022-03-28", "--at", "2022-03-28T20:10"]);
    let out = decide(at, &agree.concat());
    assert_eq!(out["decisions"][0]["state"], "agreed", "{out:#}");
    assert_eq!(out["decisions"][0]["log"].as_array().unwrap().len(), 3);
    let text = fs::read_to_string(at.join("round/scenario.toml")).unwrap();
    assert!(text.contains("[[lesson]]"), "{text}");

    // Tomorrow's plan is made from it, and the world is as it was.
    plan(at, "next.json");
    day(at, "next.json", "7", "2022-03-29", "next.jsonl");
    let review = |events: &str, plan: &str| {
        told(at, &["review", events, "--plan", plan, "--scenario", "round", "--reps", "30", "--json"])
    };
    let one = &review("next.jsonl", "next.json")["decisions"][0];
    assert_eq!(one["verdict"], "helped", "{one:#}");
    let now = one["fact"]["value"].as_f64().unwrap();
    assert!(measured - now > one["chance"].as_f64().unwrap(), "{one:#}");
    let sentence = one["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("It helped:") && sentence.contains("measured before"), "{sentence}");
    // The day that taught it says nothing of it.
    assert_eq!(review("day.jsonl", "plan.json")["decisions"][0]["verdict"], Value::Null);
    // And the same day by the old plan shows no difference that could be told.
    day(at, "plan.json", "9", "2022-03-29", "same.jsonl");
    let same = &review("same.jsonl", "plan.json")["decisions"][0];
    assert_eq!(same["verdict"], "same", "{same:#}");

    // On paper, in words.
    let brief = shouhu(
        at,
        &[
            "review",
            "next.jsonl",
            "--plan",
            "next.json",
            "--scenario",
            "round",
            "--reps",
            "5",
            "-o",
            "evening.docx",
        ],
    );
    let brief = String::from_utf8(brief.stdout).unwrap();
    for words in ["Decisions", "It helped:", "buildings 1 to 3", "It will last too long."] {
        assert!(brief.contains(words), "{words}: {brief}");
    }
    let docx = fs::File::open(at.join("evening.docx")).unwrap();
    let mut document = String::new();
    let mut archive = zip::ZipArchive::new(docx).unwrap();
    std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").unwrap(), &mut document).unwrap();
    assert!(document.contains("It will last too long."));
}

#[test]
fn what_is_typed_wrongly_is_refused_and_writes_nothing() {
    let folder = example("sunshine-garden", "round");
    let at = folder.path();
    for (args, status) in [
        (&["say", "--by", "review", "--words", "x"][..], 2),
        (&["propose", "--words", "x", "--figure", "mood"], 2),
        (&["propose", "--words", "x", "--notice", "--role", "Caller"], 2),
        (&["propose", "--lesson", KEY], 2),
        (&["say"], 1),
        (&["propose", "--words", "Many lanes.", "--set", "site.lanes=many"], 1),
        (&["agree", "1"], 1),
        (&["say", "--words", "Ask Ann, 13800138000."], 1),
    ] {
        let output = shouhu(at, &[&["decide", "round"], args].concat());
        assert_eq!(
            output.status.code(),
            Some(status),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(!at.join("round/decisions.toml").exists(), "{args:?}");
    }
    decide(at, &["say", "--by", "adviser", "--words", "Two steps apart."]);
    let list = shouhu(at, &["decide", "round"]);
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("an adviser from outside: Two steps apart."), "{list}");
}
