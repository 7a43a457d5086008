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

/// Runs a roster with these rows of volunteers and shifts, and more arguments.
fn roster(folder: &tempfile::TempDir, more: &[&str]) -> serde_json::Value {
    told(folder.path(), &[&["roster", "round", "--json", "-o", "roster.json"], more].concat())
}

fn on(shift: &serde_json::Value) -> Vec<String> {
    let people = shift["volunteers"].as_array().unwrap().iter();
    people.map(|person| format!("{}#{}", person["name"].as_str().unwrap(), person["row"])).collect()
}

#[test]
fn who_dropped_out_is_not_called_again_when_the_next_one_does() {
    let folder = folder();
    roster(&folder, &[]);
    let first = roster(&folder, &["--keep", "roster.json", "--out", "Ann@2022-03-28"]);
    assert_eq!((first["out"][0]["name"].as_str(), first["out"][0]["row"].as_u64()), (Some("Ann"), Some(2)));
    assert_eq!(first["out"][0]["until"], "2022-03-29T00:00");
    for other in ["Cem", "Bob", "Dai"] {
        let next = roster(&folder, &["--keep", "roster.json", "--out", other]);
        assert!(!next["shifts"].to_string().contains("Ann"), "{other}: {next}");
    }
    let anew = roster(&folder, &["--keep", "roster.json"]);
    assert!(!anew["shifts"].to_string().contains("Ann"), "{anew}");
    assert_eq!(anew["out"].as_array().unwrap().len(), 4);
}

#[test]
fn two_equal_rows_of_shifts_are_kept_as_two() {
    let folder = folder();
    let shifts = "role,from,until,people\norder,07:00,09:00,1\norder,07:00,09:00,1\norder,13:00,14:00,1\n";
    fs::write(folder.path().join("round/shifts.csv"), shifts).unwrap();
    let made = roster(&folder, &[]);
    let (one, other, last) =
        (on(&made["shifts"][0]), on(&made["shifts"][1]), on(&made["shifts"][2])[0].clone());
    assert!(one.len() == 1 && other.len() == 1 && one != other);
    let kept = roster(&folder, &["--keep", "roster.json", "--out", &last]);
    assert_eq!((on(&kept["shifts"][0]), on(&kept["shifts"][1])), (one, other));
    assert_eq!(kept["notes"], serde_json::json!([]));
}

#[test]
fn of_two_namesakes_the_one_who_drops_out_is_named_by_the_row() {
    let folder = folder();
    let volunteers = "name,phone\nLi Wei,13800138000\nLi Wei,13800138001\nAnn,13800138002\n";
    fs::write(folder.path().join("round/volunteers.csv"), volunteers).unwrap();
    fs::write(folder.path().join("round/shifts.csv"), "role,from,until,people\norder,07:00,09:00,2\n")
        .unwrap();
    roster(&folder, &[]);
    let run = ["roster", "round", "--keep", "roster.json", "--json", "--lang", "en", "--out"];
    let both = shouhu(folder.path(), &[&run[..], &["Li Wei"]].concat());
    assert_eq!(both.status.code(), Some(1));
    let said = String::from_utf8(both.stdout).unwrap();
    assert!(said.contains("roster_out_namesakes") && said.contains("2, 3"), "{said}");
    let one = shouhu(folder.path(), &[&run[..], &["Li Wei#3@2022-03-28"]].concat());
    let one: serde_json::Value = serde_json::from_slice(&one.stdout).unwrap();
    assert_eq!(on(&one["shifts"][0]), ["Li Wei#2", "Ann#4"]);
}

#[test]
fn a_shift_longer_than_anyone_may_stand_is_cut_and_filled() {
    let folder = folder();
    let volunteers = "name,skills\nAnn,registration\nBob,registration\nCem,registration\nDai,registration\n";
    fs::write(folder.path().join("round/volunteers.csv"), volunteers).unwrap();
    let shifts = "role,from,until,people\nregistration,07:00,13:00,2\n";
    fs::write(folder.path().join("round/shifts.csv"), shifts).unwrap();
    let made = roster(&folder, &[]);
    assert_eq!(made["gaps"], serde_json::json!([]));
    assert_eq!(made["shifts"].as_array().unwrap().len(), 2);
    assert_eq!(made["notes"][0]["code"], "roster_cut_long");
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

#[test]
fn missed_rotations_and_wishes_that_are_not_listed_are_told_by_their_sums() {
    let folder = folder();
    let people: Vec<String> = (0..14).map(|one| format!("V{one},registration,order")).collect();
    let volunteers = format!("name,skills,prefers\n{}\n", people.join("\n"));
    fs::write(folder.path().join("round/volunteers.csv"), volunteers).unwrap();
    let shifts = "role,from,until,people,protective\n\
        registration,07:00,08:00,14,yes\nregistration,08:00,09:00,14,yes\n";
    fs::write(folder.path().join("round/shifts.csv"), shifts).unwrap();
    let found = roster(&folder, &[]);
    let sums = found["sums"].as_array().unwrap();
    let rotation = sums.iter().find(|sum| sum["rule"] == "rotation").unwrap();
    assert_eq!((rotation["times"].as_u64(), rotation["cost"].as_u64()), (Some(14), Some(70)));
    assert_eq!(
        sums.iter().map(|sum| sum["cost"].as_u64().unwrap()).sum::<u64>(),
        found["cost"].as_u64().unwrap()
    );
    let out = shouhu(folder.path(), &["roster", "round", "--lang", "en"]);
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(text.contains("another post after an hour: missed 14 times at 5 each, 70 in all."), "{text}");
    assert!(text.contains("And 16 more, none of them dearer."), "{text}");
    // As a hard rule it costs no wish, but places.
    let hard = roster(&folder, &["--set", "roster.hard=[\"rotation\"]"]);
    let costs: Vec<&str> =
        hard["sums"].as_array().unwrap().iter().map(|sum| sum["rule"].as_str().unwrap()).collect();
    assert!(costs.contains(&"filled") && !costs.contains(&"rotation"), "{hard}");
    assert_eq!(hard["broken"], serde_json::json!([]));
    let wrong = shouhu(folder.path(), &["check", "round", "--set", "roster.hard=[\"filled\"]", "--json"]);
    assert_eq!(wrong.status.code(), Some(1));
}
