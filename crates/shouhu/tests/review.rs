//! After the round: events in, a review out, lessons written, and the loop closed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use serde_json::Value;
use std::{fs, path::Path};
use tempfile::TempDir;
use terminal::{json, shouhu};

/// The services at registration take twice as long than the scenario says.
const SLOWER: &str = "site.station.registration.service={ law = 'lognormal', mean_s = 24, cv = 0.5 }";

/// An example with a plan by waves, and the events of a day on which registration was slower than planned.
fn a_slow_day() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(json(folder.path(), &["init", "round", "--example", "sunshine-garden", "--json"]).1, 0);
    let plan = ["plan", "round", "--set", "waves.load=0.85", "--reps", "20", "-o", "plan.json", "--json"];
    assert_eq!(json(folder.path(), &plan).1, 0);
    day(folder.path(), "day.jsonl", "1", SLOWER);
    folder
}

fn day(folder: &Path, events: &str, seed: &str, set: &str) {
    let rehearse = [
        "rehearse",
        "round",
        "--plan",
        "plan.json",
        "--set",
        set,
        "--seed",
        seed,
        "--reps",
        "1",
        "--events",
        events,
        "--json",
    ];
    assert_eq!(json(folder, &rehearse).1, 0);
}

fn codes(notes: &Value) -> Vec<String> {
    notes.as_array().unwrap().iter().map(|note| note["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_a_round_taught_is_written_and_the_next_review_says_whether_it_helped() {
    let folder = a_slow_day();
    let review = ["review", "day.jsonl", "--plan", "plan.json", "--reps", "30", "--write", "round", "--json"];
    let (review, status) = json(folder.path(), &review);
    assert_eq!(status, 0, "{review}");
    for field in ["stations", "wait_min", "planned", "lessons", "notes", "findings", "helped"] {
        assert!(!review[field].is_null(), "{field}");
    }
    let registration =
        review["stations"].as_array().unwrap().iter().find(|one| one["name"] == "registration").unwrap();
    assert!((registration["mean_s"].as_f64().unwrap() - 24.0).abs() < 1.0, "{registration}");
    assert!(registration["service"]["law"].is_string());
    assert_eq!(registration["inferred"], false);
    // The forecast is that of the scenario before the lesson.
    let planned = review["planned"]["forecast"]["wait_p95_min"].as_f64().unwrap();
    assert!(review["wait_min"]["p95"].as_f64().unwrap() > planned, "{planned}");
    let written = review["written"].as_array().unwrap();
    assert!(written.contains(&"site.station.registration.service".into()), "{written:?}");
    let (scenario, status) = json(folder.path(), &["check", "round", "--json"]);
    assert_eq!(status, 0, "{scenario}");
    let text = fs::read_to_string(folder.path().join("round/scenario.toml")).unwrap();
    assert!(text.contains("[[lesson]]") && text.contains("takes 2"), "{text}");

    // The scenario now knows how slow registration is: the same luck gives nearly the day that was.
    let again = ["rehearse", "round", "--plan", "plan.json", "--reps", "30", "--json"];
    let (again, _) = json(folder.path(), &again);
    let (was, is) = (review["wait_min"]["p95"].as_f64().unwrap(), again["wait_min"]["p95"].as_f64().unwrap());
    assert!((is - was).abs() < 0.3 * was, "{was} {is}");

    // A day on which registration is quick again: it helped, or rather the next review says so.
    day(
        folder.path(),
        "next.jsonl",
        "7",
        "site.station.registration.service={ law = 'lognormal', mean_s = 5, cv = 0.5 }",
    );
    let next =
        ["review", "next.jsonl", "--plan", "plan.json", "--scenario", "round", "--reps", "30", "--json"];
    let (next, _) = json(folder.path(), &next);
    let helped = next["helped"].as_array().unwrap();
    let wait = helped.iter().find(|one| one["measure"] == "wait_p95_min").unwrap();
    assert_eq!(wait["verdict"], "helped", "{wait}");
    assert!(
        wait["again"].as_array().unwrap().contains(&"site.station.registration.service".into()),
        "{wait}"
    );
    assert!(wait["sentence"].as_str().unwrap().starts_with("It helped."));
    // A round does not say of itself whether it helped.
    let same = ["review", "day.jsonl", "--plan", "plan.json", "--scenario", "round", "--reps", "5", "--json"];
    assert_eq!(json(folder.path(), &same).0["helped"], Value::Array(Vec::new()));
}

#[test]
fn a_drill_says_how_many_were_processed_how_fast_and_where_it_stuck() {
    let folder = a_slow_day();
    let (review, _) =
        json(folder.path(), &["review", "day.jsonl", "--scenario", "round", "--reps", "2", "--json"]);
    let (drill, number) = (&review["drill"], |value: &Value| value.as_f64().unwrap());
    assert_eq!(drill["processed"], review["served"]);
    assert!(number(&drill["processed"]) > 3_000.0, "{drill}");
    let minutes = number(&drill["until_min"]) - number(&drill["from_min"]);
    assert_eq!(number(&drill["minutes"]), minutes);
    assert!(
        (number(&drill["per_hour"]) - number(&drill["processed"]) * 60.0 / minutes).abs() < 1e-9,
        "{drill}"
    );
    // 24 s a person at one desk in each of four lanes, and two for 9 s beside it.
    assert_eq!(drill["bottleneck"], "registration");
    let stations = drill["stations"].as_array().unwrap();
    let station = |name: &str| stations.iter().find(|one| one["name"] == name).unwrap();
    for (name, staff) in [("registration", 4), ("sampling", 8)] {
        let one = station(name);
        assert_eq!((one["staff"].as_u64(), &one["processed"]), (Some(staff), &drill["processed"]), "{one}");
        let capacity = staff as f64 * 3_600.0 / number(&one["mean_s"]);
        assert!((number(&one["capacity_per_hour"]) - capacity).abs() < 1e-9, "{one}");
        assert!(number(&one["per_hour"]) < capacity, "{one}");
    }
    assert!((number(&station("registration")["capacity_per_hour"]) - 600.0).abs() < 25.0, "{stations:?}");
}

/// Cards of one morning: somebody comes every 20 seconds, registration takes 20, 24 or 28 seconds in turn after a wait of
/// 5, and sampling 9.
fn cards(people: u32) -> String {
    let clock =
        |seconds: u32| format!("{:02}:{:02}:{:02}", 7 + seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut text = String::from("card,station,came,start,end\n");
    for person in 0..people {
        let came = person * 20;
        let (start, end) = (came + 5, came + 25 + 4 * (person % 3));
        text += &format!("R{person},registration,{},{},{}\n", clock(came), clock(start), clock(end));
        text += &format!("R{person},sampling,,{},{}\n", clock(end + 2), clock(end + 11));
    }
    text
}

#[test]
fn stopwatch_cards_give_exact_waits_and_services_and_a_lesson() {
    let folder = a_slow_day();
    fs::write(folder.path().join("cards.csv"), cards(120)).unwrap();
    let (review, status) =
        json(folder.path(), &["review", "cards.csv", "--scenario", "round", "--reps", "5", "--json"]);
    assert_eq!(status, 0, "{review}");
    assert_eq!(codes(&review["notes"]), ["review_sample"]);
    assert_eq!(review["served"].as_f64(), Some(120.0));
    let station =
        |name: &str| review["stations"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
    for (name, mean_s, wait_min) in [("registration", 24.0, 5.0 / 60.0), ("sampling", 9.0, 2.0 / 60.0)] {
        let one = station(name);
        assert!((one["mean_s"].as_f64().unwrap() - mean_s).abs() < 0.01, "{one}");
        assert!((one["wait_min"]["mean"].as_f64().unwrap() - wait_min).abs() < 0.001, "{one}");
        assert_eq!(one["inferred"], false, "{one}");
    }
    let lessons = review["lessons"].as_array().unwrap();
    let lesson = lessons.iter().find(|one| one["key"] == "site.station.registration.service").unwrap();
    assert!(lesson["sentence"].as_str().unwrap().contains("24"), "{lesson}");
}

#[test]
fn the_same_review_gives_the_same_bytes_and_a_report_of_either_kind() {
    let folder = a_slow_day();
    let run = |output: &str, lang: &str| {
        let args = [
            "review",
            "day.jsonl",
            "--plan",
            "plan.json",
            "--scenario",
            "round",
            "--reps",
            "5",
            "-o",
            output,
            "--lang",
            lang,
        ];
        let done = shouhu(folder.path(), &args);
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
        (String::from_utf8(done.stdout).unwrap(), fs::read(folder.path().join(output)).unwrap())
    };
    let (text, docx) = run("report.docx", "en");
    assert!(text.contains("What happened") && text.contains("Plan against actual"), "{text}");
    assert_eq!(run("report.docx", "en"), (text, docx.clone()));
    assert!(docx.starts_with(b"PK"));
    assert_ne!(run("report.docx", "zh").1, docx);
    let document = document_of(&docx);
    for heading in ["Throughput drill", "After-action review"] {
        assert!(document.contains(&format!(">{heading}<")), "{heading}");
    }
    let workbook = run("report.xlsx", "en").1;
    let mut workbook = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let sheets = std::io::read_to_string(workbook.by_name("xl/workbook.xml").unwrap()).unwrap();
    assert!(sheets.contains(r#"name="Throughput drill""#), "{sheets}");
    assert!(workbook.by_name("xl/charts/chart1.xml").is_ok(), "the queue is drawn");
    let (_, page) = run("report.html", "en");
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("Who was missed") && page.contains("漏了谁"));
    // Nothing is loaded from elsewhere, and nobody is named.
    assert!(!page.contains("http://") && !page.contains("https://"));
    assert!(!page.contains("review.") && !text_of_catalogue_missing(&page));
}

/// What a word processor reads of a report.
fn document_of(docx: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap()
}

/// A key without words stands as itself.
fn text_of_catalogue_missing(page: &str) -> bool {
    page.contains(">report.") || page.contains(">lesson.") || page.contains(">finding.")
}

#[test]
fn a_file_that_is_cut_is_read_as_far_as_it_goes() {
    let folder = a_slow_day();
    let whole = fs::read(folder.path().join("day.jsonl")).unwrap();
    let cut = whole.len() * 2 / 3;
    let at = cut + whole[cut..].iter().position(|&byte| byte == b':').unwrap();
    fs::write(folder.path().join("cut.jsonl"), &whole[..at]).unwrap();
    let row = whole[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let (review, status) = json(folder.path(), &["review", "cut.jsonl", "--scenario", "round", "--json"]);
    assert_eq!(status, 0);
    let note = review["notes"].as_array().unwrap().iter().find(|note| note["code"] == "event_cut").unwrap();
    assert_eq!((note["file"].as_str(), note["row"].as_u64()), (Some("cut.jsonl"), Some(row as u64)));
    assert!(!note["mend"].as_str().unwrap().is_empty());
    assert!(review["served"].as_f64().unwrap() > 100.0, "{}", review["served"]);
}

#[test]
fn what_is_no_file_of_events_is_refused_with_all_notes() {
    let folder = a_slow_day();
    fs::write(folder.path().join("wrong.jsonl"), "hello\nworld\n").unwrap();
    fs::write(folder.path().join("cards.csv"), "who,when\nA,7:00\n").unwrap();
    let (refused, status) =
        json(folder.path(), &["review", "wrong.jsonl", "cards.csv", "--scenario", "round", "--json"]);
    assert_eq!(status, 1);
    let codes = codes(&refused["notes"]);
    for code in ["event_line", "event_none", "cards_columns"] {
        assert!(codes.iter().any(|found| found == code), "{code}: {codes:?}");
    }
    // Cards say times of day: without a scenario nobody knows of which day.
    let (refused, status) = json(folder.path(), &["review", "cards.csv", "--json"]);
    assert_eq!((status, refused["notes"][0]["code"].as_str()), (1, Some("cards_need_scenario")));
    assert_eq!(shouhu(folder.path(), &["review", "nothing.jsonl"]).status.code(), Some(1));
}

#[test]
fn wrong_usage_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        &["review"][..],
        &["review", "day.jsonl", "--plan", "plan.json"],
        &["review", "day.jsonl", "-o", "report.pdf"],
    ] {
        assert_eq!(shouhu(folder.path(), args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn events_alone_are_measured_without_a_scenario() {
    let folder = a_slow_day();
    let (review, status) = json(folder.path(), &["review", "day.jsonl", "--json"]);
    assert_eq!(status, 0);
    assert!(review["wait_min"]["p95"].as_f64().is_some());
    assert_eq!(review["lessons"], Value::Array(Vec::new()));
    assert_eq!(review["planned"], Value::Null);
    let doors = review["doors"].as_array().unwrap();
    assert!(doors.iter().all(|one| one["door"].is_null()));
    let with = json(folder.path(), &["review", "day.jsonl", "--scenario", "round", "--json"]).0;
    let doors = with["doors"].as_array().unwrap();
    assert!(!doors.is_empty() && doors.iter().all(|one| one["door"].is_string()), "{doors:?}");
}

#[test]
fn events_of_another_town_give_no_doors_and_say_so() {
    let folder = a_slow_day();
    day(folder.path(), "elsewhere.jsonl", "1", "community.name='Elsewhere'");
    let review =
        ["review", "elsewhere.jsonl", "--plan", "plan.json", "--scenario", "round", "--reps", "5", "--json"];
    let (review, status) = json(folder.path(), &review);
    assert_eq!(status, 0, "{review}");
    let notes = review["notes"].as_array().unwrap();
    let note = notes.iter().find(|note| note["code"] == "review_other_community").unwrap();
    assert_eq!(
        (note["severity"].as_str(), note["file"].as_str()),
        (Some("warning"), Some("elsewhere.jsonl"))
    );
    assert!(!note["mend"].as_str().unwrap().is_empty());
    let doors = review["doors"].as_array().unwrap();
    assert!(!doors.is_empty() && doors.iter().all(|one| one["door"].is_null()), "{doors:?}");
}

#[test]
fn cards_from_a_chinese_spreadsheet_program_are_read() {
    let folder = a_slow_day();
    // Who leaves one station comes to the next at the same moment, as cards are filled in.
    let table = "卡号,工位,到达,开始,结束\r\n甲,登记,7:00,7:01,7:02\r\n甲,采样,7:02,7:03,7:05\r\n乙,登记,7:01,7:02,7:05\r\n";
    let gb18030 = encoding_rs::GB18030.encode(table).0;
    assert!(std::str::from_utf8(&gb18030).is_err());
    fs::write(folder.path().join("cards.csv"), gb18030).unwrap();
    let (review, status) = json(folder.path(), &["review", "cards.csv", "--scenario", "round", "--json"]);
    assert_eq!(status, 0, "{review}");
    let stations = review["stations"].as_array().unwrap();
    let measured = |name: &str| stations.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(measured("registration")["mean_s"].as_f64(), Some(120.0));
    assert_eq!(measured("sampling")["mean_s"].as_f64(), Some(120.0));
    assert!(!codes(&review["notes"]).contains(&"review_station_unknown".to_owned()), "{review}");
}
