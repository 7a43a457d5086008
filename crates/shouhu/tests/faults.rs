//! `rehearse --fault` and `--stress` as a contract: fields, exit status, same bytes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use serde_json::Value;
use std::{fs, path::Path};
use tempfile::TempDir;
use terminal::{json, shouhu, timeless};

/// The JSON object that a rehearsal prints, without what differs from run to run, and the exit status.
fn rehearsed(folder: &Path, more: &[&str]) -> (Value, i32) {
    let (value, status) = json(folder, &[&["rehearse", "round", "--json", "--reps", "8"], more].concat());
    (timeless(value), status)
}

/// A walk-in point: no roll, one lane.
fn point() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("round")).unwrap();
    let text = "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\n\
        date = 2022-03-28\nopens = \"07:00\"\ncloses = \"15:00\"\n[site]\nlanes = 1\nroom = 60\n\
        [[site.station]]\nname = \"registration\"\nservers = 2\nservice = { law = \"exponential\", mean_s = 30 }\n\
        [[site.station]]\nname = \"sampling\"\nservers = 2\nservice = { law = \"exponential\", mean_s = 30 }\n\
        [waves]\nwait_p95_min = 20\n[arrivals]\nlaw = \"poisson\"\nper_hour = 180\nhours = 7\n";
    fs::write(folder.path().join("round/scenario.toml"), text).unwrap();
    folder
}

#[test]
fn a_fault_stands_beside_the_day_without_it() {
    let folder = point();
    let faults = ["--fault", "system-down=30@08:00", "--fault", "wave-twice"];
    let (found, status) = rehearsed(folder.path(), &faults);
    assert_eq!(status, 0);
    let told = &found["faults"];
    assert_eq!(told[0]["name"], "system-down");
    assert_eq!((told[0]["value"].as_f64(), told[0]["from_min"].as_f64()), (Some(30.0), Some(60.0)));
    assert!(told[0]["unmet"].is_null());
    assert_eq!(told[1]["unmet"], "no_waves");
    let wait = |figures: &Value| figures["wait_min"]["p95"].as_f64().unwrap();
    assert!(wait(&found) > wait(&found["without"]) + 10.0);
    let difference = &found["without"]["difference"]["wait_p95_min"];
    assert!(difference["ci95"][0].as_f64().unwrap() > 0.0, "{difference}");
    let (plain, _) = rehearsed(folder.path(), &[]);
    assert_eq!(found["without"]["wait_min"], plain["wait_min"], "the same luck");
    let threads = [&faults[..], &["--threads", "1"]].concat();
    assert_eq!(rehearsed(folder.path(), &threads).0, found, "the same bytes");
}

#[test]
fn wrong_faults_are_refused_with_notes() {
    let folder = point();
    let (found, status) = rehearsed(folder.path(), &["--fault", "sistem-down", "--fault", "heat=99"]);
    assert_eq!(status, 1);
    let mends: Vec<&str> =
        found["notes"].as_array().unwrap().iter().map(|note| note["mend"].as_str().unwrap()).collect();
    assert!(mends[0].contains("system-down") && mends[1].contains("from 1 to 55"), "{mends:?}");
    let both = shouhu(folder.path(), &["rehearse", "round", "--fault", "heat", "--stress"]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn the_list_holds_every_card_and_hand() {
    let folder = point();
    let (found, status) = rehearsed(folder.path(), &["--fault", "list"]);
    assert_eq!(status, 0);
    assert_eq!(found["cards"].as_array().unwrap().len(), rehearse::faults::cards().len());
    assert_eq!(found["hands"].as_array().unwrap().len(), rehearse::faults::HANDS.len());
    let text =
        String::from_utf8(shouhu(folder.path(), &["rehearse", "round", "--fault", "list"]).stdout).unwrap();
    assert!(text.contains("chengdu-evening") && text.contains("→ Couriers and labs"), "{text}");
}

#[test]
fn a_stress_test_gives_its_fields_the_same_bytes_and_an_exercise() {
    let folder = point();
    let (found, status) = rehearsed(folder.path(), &["--stress", "--sheets", "papers"]);
    assert_eq!(status, 0);
    let stress = &found["stress"];
    for field in ["replications", "strain", "cards", "pairs", "first", "margins", "change", "changes"] {
        assert!(!stress[field].is_null(), "{field}");
    }
    assert_eq!(stress["change"]["survives"]["kind"], "offline");
    assert!(folder.path().join("papers/exercise.html").exists());
    assert_eq!(rehearsed(folder.path(), &["--stress", "--threads", "1"]).0, found, "the same bytes");
}
