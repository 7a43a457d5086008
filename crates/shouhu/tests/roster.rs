//! `shouhu roster` through the binary: fields, exit status, a drop-out, papers, both languages.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::fs;
use terminal::{example, shouhu, told};

const VOLUNTEERS: &str = "name,phone,skills,available,experience,organisations\n\
    Ann,1380013800,registration,,3 times,committee; employer\n\
    Bob,1380013801,registration,7:00-11:00,new,\n\
    Cem,1380013802,registration,,yes,\n\
    Dai,1380013803,,every day,yes,\n\
    Eva,1380013804,registration,if needed,yes,\n";
const SHIFTS: &str = "role,from,until,people\n\
    registration,07:00,09:00,2\n\
    registration,09:00,11:00,1\n\
    order,07:00,09:00,1\n\
    interpreting,07:00,09:00,1\n";

fn folder() -> tempfile::TempDir {
    let folder = example("sunshine-garden", "round");
    fs::write(folder.path().join("round/volunteers.csv"), VOLUNTEERS).unwrap();
    fs::write(folder.path().join("round/shifts.csv"), SHIFTS).unwrap();
    folder
}

#[test]
fn the_roster_is_told_in_one_object_with_its_gap_and_what_would_fill_what_is_empty() {
    let folder = folder();
    let found = told(folder.path(), &["roster", "round", "--json"]);
    for field in ["shifts", "cost", "bound", "gap", "broken", "gaps", "wishes", "hours", "notes"] {
        assert!(found.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(found["gap"], 0.0);
    assert_eq!(found["broken"].as_array().unwrap().len(), 0);
    let gaps = found["gaps"].as_array().unwrap();
    assert_eq!((gaps.len(), gaps[0]["role"].as_str()), (1, Some("interpreting")));
    assert!(gaps[0]["changes"].as_array().unwrap().len() > 1);
    let codes: Vec<&str> =
        found["notes"].as_array().unwrap().iter().map(|note| note["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["roster_few_trained"]);
    assert_eq!(told(folder.path(), &["roster", "round", "--json"]), found, "the same bytes");
}

#[test]
fn somebody_who_drops_out_is_replaced_and_the_others_stay() {
    let folder = folder();
    told(folder.path(), &["roster", "round", "--json", "-o", "roster.json"]);
    let out = shouhu(
        folder.path(),
        &["roster", "round", "--keep", "roster.json", "--out", "Cem@2022-03-28", "--json", "--lang", "en"],
    );
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(String::from_utf8(out.stderr).unwrap().contains("Without Cem: changed are "));
    let found: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert!(!found["shifts"].to_string().contains("Cem"));
    assert_eq!(found["gaps"].as_array().unwrap().len(), 1, "nothing newly empty");
    let nobody = shouhu(folder.path(), &["roster", "round", "--keep", "roster.json", "--out", "Zoe"]);
    assert_eq!(nobody.status.code(), Some(1));
}

#[test]
fn volunteers_get_their_shifts_a_calendar_and_their_hours() {
    let folder = folder();
    let out = shouhu(folder.path(), &["roster", "round", "--papers", "papers", "--lang", "en"]);
    assert!(out.status.success());
    let read = |name: &str| fs::read_to_string(folder.path().join("papers").join(name)).unwrap();
    let calendar = read("calendar/002.ics");
    assert!(calendar.contains("BEGIN:VEVENT") && calendar.contains("DTSTART:20220327T"), "{calendar}");
    assert!(read("shifts/002.txt").contains("Registrar"), "{}", read("shifts/002.txt"));
    let hours = read("hours.csv");
    assert_eq!(hours.matches("Ann,").count(), 2, "{hours}");
    assert!(read("thanks.txt").contains("Ann"));
    assert!(!hours.contains("138001"));
}

#[test]
fn without_shifts_the_plans_stations_are_staffed_and_both_languages_are_spoken() {
    let folder = folder();
    fs::remove_file(folder.path().join("round/shifts.csv")).unwrap();
    for (language, word) in [("en", "places are filled"), ("zh", "个位置排上了")] {
        let out = shouhu(folder.path(), &["roster", "round", "--reps", "10", "--lang", language]);
        assert!(out.status.success());
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn a_folder_without_volunteers_is_refused() {
    let folder = example("sunshine-garden", "round");
    let out = shouhu(folder.path(), &["roster", "round", "--json"]);
    assert_eq!(out.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(found["notes"][0]["code"], "volunteers_none");
}
