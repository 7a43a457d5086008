//! `shouhu target` through the binary: fields, exit status, the same bytes, every language.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::fs;
use terminal::{example, json, number, shouhu, told};

#[test]
fn dates_policies_and_scores_are_told_in_one_object_and_the_same_bytes() {
    let folder = example("reopening", "city");
    let args = [
        "target",
        "city/series.csv",
        "--policy",
        "city/hold.toml",
        "--policy",
        "city/open-in-steps.toml",
        "--by",
        "2026-10-20",
        "--json",
    ];
    let found = told(folder.path(), &args);
    let targets = found["targets"].as_array().unwrap();
    assert_eq!(targets[0]["date"], "2026-10-03");
    for pair in targets.windows(2) {
        assert!(number(&pair[0]["probability"]) <= number(&pair[1]["probability"]));
    }
    for target in targets {
        let [low, mean, high] = ["low", "probability", "high"].map(|key| number(&target[key]));
        assert!((0.0..=mean).contains(&low) && (mean..=1.0).contains(&high), "{target}");
    }
    let [held, opened] = [0, 1].map(|place| &found["policies"][place]);
    assert_eq!(held["targets"], found["targets"]);
    let last = |policy: &serde_json::Value| {
        number(&policy["targets"].as_array().unwrap().last().unwrap()["probability"])
    };
    assert!(last(opened) <= last(held));
    assert_eq!(opened["steps"].as_array().unwrap().len(), 3);
    let scores = &found["baseline_scores"];
    assert_eq!(scores["cases"].as_array().unwrap().len(), 4);
    for key in ["model", "last_value", "last_week"] {
        assert!(number(&scores["cases"][0]["crps"][key]) > 0.0, "{key}");
    }
    assert!(!scores["events"][0]["brier"]["constant"].is_null());
    assert!(!found["levers"]["levers"].as_array().unwrap().is_empty());
    let codes: Vec<_> = found["notes"].as_array().unwrap().iter().map(|note| note["code"].clone()).collect();
    assert_eq!(codes, ["series_gap", "series_unknown"]);
    assert_eq!(told(folder.path(), &args), found);
}

#[test]
fn a_person_reads_dates_and_what_moves_them_and_gets_a_page_that_loads_nothing() {
    let folder = example("reopening", "city");
    for (language, word) in [
        ("en", "What moves it most"),
        ("zh", "最起作用的是"),
        ("es", "Lo que más la mueve"),
        ("zh-Hant", "最起作用的是"),
    ] {
        let args = ["target", "city/series.csv", "--report", "page.html", "--lang", language];
        let out = shouhu(folder.path(), &args);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(text.contains(word) && text.contains("2026-10-16 ←"), "{text}");
        assert!(!text.contains("target."), "{text}");
        let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
        assert!(page.contains("<polygon") && !page.contains("http://") && !page.contains("https://"));
    }
}

#[test]
fn what_cannot_be_asked_is_refused_with_all_notes() {
    let folder = example("reopening", "city");
    let refused = |args: &[&str]| {
        let all: Vec<&str> = ["target", "city/series.csv", "--json"].iter().chain(args).copied().collect();
        let (value, status) = json(folder.path(), &all);
        assert_eq!(status, 1, "{value}");
        let notes = value["notes"].as_array().unwrap().clone();
        let errors = notes.into_iter().filter(|note| note["severity"] == "error");
        errors.map(|note| note["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    fs::write(folder.path().join("late.toml"), "name = \"late\"\n[[step]]\nfrom = 2026-09-20\n").unwrap();
    assert_eq!(refused(&["--by", "2026-10-02", "--policy", "late.toml"]), ["target_by", "target_step_past"]);
    assert_eq!(refused(&["--from-day", "2026-09-03"]), ["target_from_day"]);
    assert_eq!(refused(&["--column", "nobody"]), ["series_column_unknown"]);
    let usage = shouhu(folder.path(), &["target", "city/series.csv", "--clear-days", "0"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn an_earlier_day_forgets_what_came_after_it() {
    let folder = example("reopening", "city");
    let series = fs::read_to_string(folder.path().join("city/series.csv")).unwrap();
    // The day after, six of the week before turn out to be none.
    let last = series.lines().find(|line| line.starts_with("2026-09-27")).unwrap();
    let series = series.replace(last, "2026-09-27,1,-6");
    fs::write(folder.path().join("city/series.csv"), &series).unwrap();
    let cut: Vec<&str> = series.lines().take_while(|line| !line.starts_with("2026-09-27")).collect();
    fs::write(folder.path().join("cut.csv"), cut.join("\n")).unwrap();
    let mut from = told(folder.path(), &["target", "city/series.csv", "--from-day", "2026-09-26", "--json"]);
    let mut known = told(folder.path(), &["target", "cut.csv", "--json"]);
    for value in [&mut from, &mut known] {
        value["notes"] = serde_json::Value::Null;
    }
    assert_eq!(from, known);
    let later = told(folder.path(), &["target", "city/series.csv", "--json"]);
    let week = |found: &serde_json::Value| found["series"]["cases"].as_array().unwrap()[19..26].to_vec();
    assert_ne!(week(&later), week(&from), "the correction is of the week that the earlier day knew");
}

#[test]
fn numbers_that_no_path_foretold_and_wrong_years_are_told() {
    let here = tempfile::tempdir().unwrap();
    let quiet: String = (1..=24).map(|day| format!("2022-03-{day:02},{}\n", 2 + day % 2)).collect();
    fs::write(here.path().join("quiet.csv"), format!("date,cases\n{quiet}")).unwrap();
    fs::write(here.path().join("jump.csv"), format!("date,cases\n{quiet}2022-03-25,900\n")).unwrap();
    let lost = "The last numbers are foreseen by no path";
    let says =
        |file: &str| told(here.path(), &["target", file, "--json"])["sentences"].to_string().contains(lost);
    assert!(says("jump.csv") && !says("quiet.csv"));
    fs::write(
        here.path().join("year.csv"),
        format!("date,cases\n{}", quiet.replace("2022-03-13", "2020-03-13")),
    )
    .unwrap();
    let out = shouhu(here.path(), &["target", "year.csv", "--lang", "en"]);
    assert_eq!(out.status.code(), Some(1));
    let text = String::from_utf8(out.stderr).unwrap();
    assert!(text.contains("year.csv") && text.contains("14") && text.contains("wrong year"), "{text}");
}
