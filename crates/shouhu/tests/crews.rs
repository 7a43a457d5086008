//! `shouhu crews` through the binary: fields, exit status, the same bytes, both languages.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::fs;
use terminal::{example, shouhu, told};

#[test]
fn the_division_is_told_in_one_object_and_the_same_bytes() {
    let folder = example("three-compounds", "day");
    let args = ["crews", "day", "--json", "--reps", "20"];
    let found = told(folder.path(), &args);
    for field in
        ["stays", "done", "latest", "bound", "gap", "unserved", "moves", "rehearsed", "agreed", "sentences"]
    {
        assert!(found.get(field).is_some(), "{field} is missing");
    }
    for field in ["crew", "community", "from", "until", "people"] {
        assert!(!found["stays"][0][field].is_null(), "{field}");
    }
    assert_eq!(found["done"].as_array().unwrap().len(), 3);
    assert_eq!(found["rehearsed"]["draws"], 20);
    assert!(found["agreed"].is_null());
    assert_eq!(told(folder.path(), &args), found);
}

#[test]
fn a_person_reads_who_moves_and_by_when_all_are_done_in_both_languages() {
    let folder = example("three-compounds", "day");
    for (language, done) in [("en", "All done by "), ("zh", "全部在 ")] {
        let out = shouhu(folder.path(), &["crews", "day", "--reps", "20", "--lang", language]);
        assert!(out.status.success());
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(text.contains(done) && text.contains("First Court"), "{text}");
    }
}

#[test]
fn what_is_wrong_is_refused_with_all_notes() {
    let folder = example("three-compounds", "day");
    let path = folder.path().join("day/crews.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("at = \"First Court\"", "at = \"Frist Court\"", 2)).unwrap();
    let out = shouhu(folder.path(), &["crews", "day", "--json"]);
    assert_eq!(out.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let notes = found["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 2);
    assert!(notes.iter().all(|note| note["code"] == "crews_community_unknown"), "{found}");
}
