//! `shouhu team` through the binary: the story's facts, at one moment and another, one book or two, what cannot be read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::fs;
use terminal::{shouhu, told};

const STORY: &str = include_str!("../../teams/tests/story.ndjson");

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("events.ndjson"), STORY).unwrap();
    folder
}

#[test]
fn who_is_where_and_what_is_due_is_told_as_it_was_then() {
    let folder = folder();
    let at = |time: &str| told(folder.path(), &["team", "events.ndjson", "--json", "--at", time]);
    let noon = at("2022-04-02T12:00:00+08:00");
    for field in ["at", "teams", "near", "alarms", "tomorrow", "conflicts", "dry"] {
        assert!(noon.get(field).is_some(), "{field} is missing");
    }
    let near = |found: &serde_json::Value, why: &str| {
        found["near"].as_array().unwrap().iter().filter(|of| of["why"] == why).count()
    };
    assert_eq!(near(&noon, "water_due"), 1, "ten people without water since eight");
    let water = noon["near"].as_array().unwrap().iter().find(|of| of["why"] == "water_due").unwrap();
    assert_eq!(
        (water["role"].as_str(), water["party_name"].as_str()),
        (Some("stores"), Some("Shanghai")),
        "whom to call"
    );
    let night = at("2022-04-03T21:00:00+08:00");
    assert_eq!(night["alarms"].as_array().unwrap().len(), 1);
    assert_eq!(night["alarms"][0]["contacts"].as_array().unwrap().len(), 19);
    assert_eq!(night["tomorrow"][0]["fit"], 0);
    let last = told(folder.path(), &["team", "events.ndjson", "--json"]);
    assert_eq!(last["alarms"].as_array().unwrap().len(), 20);
    assert_eq!(last["dry"][0]["from"], "2022-04-02 08:00");
}

#[test]
fn two_books_in_any_order_come_to_the_same() {
    let folder = folder();
    let (mut one, mut other): (Vec<&str>, Vec<&str>) = (vec![], vec![]);
    for (nth, line) in STORY.lines().enumerate() {
        if nth % 3 == 0 { one.push(line) } else { other.push(line) }
    }
    other.reverse();
    fs::write(folder.path().join("one.ndjson"), one.join("\n")).unwrap();
    fs::write(folder.path().join("other.ndjson"), other.join("\r\n")).unwrap();
    let whole = told(folder.path(), &["team", "events.ndjson", "--json"]);
    assert_eq!(
        told(folder.path(), &["team", "other.ndjson", "one.ndjson", "events.ndjson", "--json"]),
        whole
    );
}

#[test]
fn a_team_is_withdrawn_without_anything_being_written() {
    let folder = folder();
    let args = [
        "team",
        "events.ndjson",
        "--at",
        "2022-04-03T21:00:00+08:00",
        "--withdraw",
        "宁波一队",
        "--lang",
        "zh",
    ];
    let out = shouhu(folder.path(), &args);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(text.contains("如果宁波一队现在撤出") && text.contains("请求浦东 sampling"), "{text}");
    let unknown = shouhu(folder.path(), &["team", "events.ndjson", "--withdraw", "nobody"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.path().join("events.ndjson")).unwrap(), STORY);
}

#[test]
fn of_two_teams_of_one_name_none_is_taken_for_the_other() {
    let folder = folder();
    let twice = STORY.replace("Huzhou 1", "宁波一队");
    fs::write(folder.path().join("twice.ndjson"), twice).unwrap();
    let withdraw = |team| shouhu(folder.path(), &["team", "twice.ndjson", "--withdraw", team]);
    let out = withdraw("宁波一队");
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8(out.stderr).unwrap();
    let ids = ["00000000-0000-0000-0000-0000000000f1", "00000000-0000-0000-0000-0000000000f2"];
    assert!(ids.iter().all(|id| said.contains(id)), "{said}");
    assert!(withdraw(ids[1]).status.success());
}

#[test]
fn a_line_says_which_request_shift_or_member() {
    let folder = folder();
    let at = |time: &str| {
        let out = shouhu(folder.path(), &["team", "events.ndjson", "--lang", "en", "--at", time]);
        String::from_utf8(out.stdout).unwrap()
    };
    let dry = at("2022-04-02T11:00:00+08:00");
    assert!(dry.contains("(浦东 2022-04-02 08:00; 1)"), "{dry}");
    let night = at("2022-04-03T21:00:00+08:00");
    assert!(night.contains("(00001004; 1)") && night.contains("…; 19)"), "{night}");
}

#[test]
fn rules_that_cannot_be_do_not_keep_a_schedule_from_ending() {
    let folder = folder();
    let rules = r#"{"id":"00000000-0000-0000-0000-000000009999","at":"2022-04-01T00:00:00Z","by":{"party":"00000000-0000-0000-0000-0000000000c1","role":"desk"},"type":"RulesSet","host":"00000000-0000-0000-0000-0000000000c1","rules":{"water_min":0}}"#;
    fs::write(folder.path().join("rules.ndjson"), rules).unwrap();
    let from_until = ["--from", "2022-04-03T07:00:00+08:00", "--until", "2022-04-03T15:00:00+08:00"];
    let first = ["team", "events.ndjson", "rules.ndjson", "--json", "--at", "2022-04-02T20:00:00+08:00"];
    let found = told(
        folder.path(),
        &[&first[..], &["--schedule", "Huzhou 1", "--people", "5"], &from_until].concat(),
    );
    assert_eq!(found["crews"][0]["spells"][0]["water"][0], "2022-04-03 09:00");
}

#[test]
fn lines_that_cannot_be_read_are_all_told() {
    let folder = folder();
    let no_end = STORY.lines().find(|line| line.contains("\"Requested\"")).unwrap();
    let (before, after) = no_end.split_once("\"until\":").unwrap();
    let after = after.split_once(',').unwrap().1;
    fs::write(folder.path().join("bad.ndjson"), format!("{before}{after}\nhello\n{no_end}\n{{}}\n")).unwrap();
    let out = shouhu(folder.path(), &["team", "bad.ndjson", "--json"]);
    assert_eq!(out.status.code(), Some(1));
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let notes = said["notes"].as_array().unwrap();
    let rows: Vec<_> = notes.iter().map(|of| of["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [1, 2, 4]);
    assert!(notes[0]["message"].as_str().unwrap().contains("`until`"), "a request without an end");
    assert_eq!(shouhu(folder.path(), &["team", "events.ndjson", "--at", "noon"]).status.code(), Some(2));
}

#[test]
fn a_file_that_is_no_text_or_empty_is_refused_and_other_encodings_are_read() {
    let folder = folder();
    fs::write(folder.path().join("empty.ndjson"), "").unwrap();
    fs::write(folder.path().join("broken.ndjson"), [STORY.as_bytes(), b"\xff\xfe\xff\n"].concat()).unwrap();
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(STORY.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("utf16.ndjson"), utf16).unwrap();
    for (file, code) in [("empty.ndjson", "sheet_empty"), ("broken.ndjson", "sheet_broken_character")] {
        let out = shouhu(folder.path(), &["team", file, "--json"]);
        let said: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!((out.status.code(), &said["notes"][0]["code"]), (Some(1), &code.into()));
    }
    let whole = told(folder.path(), &["team", "events.ndjson", "--json"]);
    assert_eq!(told(folder.path(), &["team", "utf16.ndjson", "--json"]), whole);
    // A member has no name, and no key that nobody knows.
    let named = STORY.replacen("\"supervisor\":true", "\"supervisor\":true,\"name\":\"Example\"", 1);
    assert_ne!(named, STORY);
    fs::write(folder.path().join("named.ndjson"), named).unwrap();
    assert_eq!(shouhu(folder.path(), &["team", "named.ndjson"]).status.code(), Some(1));
}

#[test]
fn a_teams_day_is_divided_or_all_that_speaks_against_it_is_told() {
    let folder = folder();
    let day = |people: &'static str| {
        let from_until = ["--from", "2022-04-03T07:00:00+08:00", "--until", "2022-04-03T15:00:00+08:00"];
        let first = [
            "team",
            "events.ndjson",
            "--json",
            "--at",
            "2022-04-02T20:00:00+08:00",
            "--schedule",
            "Huzhou 1",
        ];
        [&first[..], &from_until, &["--people", people]].concat()
    };
    let found = told(folder.path(), &day("5"));
    let crews = found["crews"].as_array().unwrap();
    assert_eq!(crews.len(), 2);
    assert_eq!(crews[0]["spells"][0]["water"][0], "2022-04-03 09:00");
    let out = shouhu(folder.path(), &day("11"));
    assert_eq!(out.status.code(), Some(1));
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(said["notes"][0]["code"], "team_crews_short");
    assert_eq!(said["notes"][0]["file"], "--schedule");
    let said: serde_json::Value = serde_json::from_slice(&shouhu(folder.path(), &day("0")).stdout).unwrap();
    assert_eq!(said["notes"].as_array().unwrap().len(), 1, "of nobody nothing else follows");
    assert_eq!(
        shouhu(folder.path(), &["team", "events.ndjson", "--schedule", "Huzhou 1"]).status.code(),
        Some(2)
    );
}
