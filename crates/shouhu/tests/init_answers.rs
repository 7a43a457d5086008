//! A scenario made from seven answers, at the command line.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::fs;
use terminal::{json, shouhu};

const ANSWERS: [&str; 20] = [
    "--service",
    "screening",
    "--people",
    "4000",
    "--date",
    "2026-12-01",
    "--opens",
    "07:00",
    "--closes",
    "13:00",
    "--staff",
    "16",
    "--reach",
    "doors",
    "--room",
    "200",
    "--wait",
    "20",
    "--timezone",
    "Asia/Shanghai",
];

/// The answers with one of them exchanged.
fn but<'a>(key: &str, value: &'a str) -> Vec<&'a str> {
    let mut args = ANSWERS.to_vec();
    let place = args.iter().position(|arg| *arg == key).unwrap();
    args[place + 1] = value;
    args
}

fn init<'a>(dir: &'a str, answers: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [&["init", dir], answers, more].concat()
}

#[test]
fn seven_answers_give_a_folder_that_plans_and_rehearses() {
    let folder = tempfile::tempdir().unwrap();
    let (made, status) = json(folder.path(), &init("round", &ANSWERS, &["--json"]));
    assert_eq!(
        (status, made["files"].clone(), made["notes"].clone()),
        (0, serde_json::json!(["scenario.toml"]), serde_json::json!([]))
    );
    assert_eq!(made["needs"]["in_time"], true);
    let (checked, status) = json(folder.path(), &["check", "round", "--json"]);
    assert_eq!((status, checked["notes"].clone()), (0, serde_json::json!([])));
    let (found, status) =
        json(folder.path(), &["rehearse", "round", "--policy", "waves", "--reps", "10", "--json"]);
    assert_eq!((status, found["people"].as_f64()), (0, Some(4_000.0)));
    assert_eq!(found["unserved"].as_f64(), Some(0.0));
    let text = String::from_utf8(shouhu(folder.path(), &init("again", &ANSWERS, &[])).stdout).unwrap();
    assert!(text.contains("Lanes: ") && text.contains("shouhu check again"), "{text}");
}

#[test]
fn forty_thousand_people_and_one_server_are_a_folder_and_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let mut answers = but("--people", "40000");
    let staff = answers.iter().position(|arg| *arg == "16").unwrap();
    answers[staff] = "1";
    let output = shouhu(folder.path(), &init("round", &answers, &[]));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("29 lanes") && said.contains("it ends on Tuesday, 2026-12-08"), "{said}");
    assert!(folder.path().join("round/scenario.toml").exists());
}

#[test]
fn answers_that_will_not_do_are_all_said_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (refused, status) = json(
        folder.path(),
        &["init", "round", "--service", "screening", "--people", "-4", "--reach", "pigeon", "--json"],
    );
    assert_eq!(status, 1);
    let columns: Vec<&str> =
        refused["notes"].as_array().unwrap().iter().map(|note| note["column"].as_str().unwrap()).collect();
    assert_eq!(columns, ["people", "date", "opens", "closes", "staff", "reach", "room", "wait"]);
    let (refused, status) =
        json(folder.path(), &init("round", &but("--timezone", "Asia/Nowhere"), &["--json"]));
    assert_eq!((status, refused["notes"][0]["code"].as_str()), (1, Some("timezone_unknown")));
    assert!(!folder.path().join("round").exists());
}

#[test]
fn an_example_and_answers_are_two_ways_and_neither_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let both = init("round", &ANSWERS, &["--example", "flu-clinic"]);
    assert_eq!(shouhu(folder.path(), &both).status.code(), Some(2));
    let neither = shouhu(folder.path(), &["init", "round"]);
    assert_eq!(neither.status.code(), Some(2));
    assert!(String::from_utf8(neither.stderr).unwrap().contains("--service"));
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn a_folder_that_is_there_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    assert!(shouhu(folder.path(), &init("round", &ANSWERS, &[])).status.success());
    let before = fs::read(folder.path().join("round/scenario.toml")).unwrap();
    let again = init("round", &but("--people", "100"), &[]);
    assert_eq!(shouhu(folder.path(), &again).status.code(), Some(1));
    assert_eq!(fs::read(folder.path().join("round/scenario.toml")).unwrap(), before);
}
