//! `rehearse --fault` and `--stress` on a city as a contract: fields, exit status, same bytes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use serde_json::Value;
use std::{fs, path::Path};
use terminal::{example, json, number, shouhu, timeless, told};

/// A hundredth of the megacity's people, and of its labs, so that a test need not live all of it.
fn small() -> tempfile::TempDir {
    let folder = example("megacity", "city");
    let path = folder.path().join("city/labs.csv");
    let labs = "lab,tubes_per_hour\nNorth,600\nSouth,1000\n";
    fs::write(path, labs).unwrap();
    folder
}

const SMALL: [&str; 5] = ["rehearse", "city", "--json", "--set", "city.residents=256650"];

fn rehearsed(folder: &Path, more: &[&str]) -> Value {
    timeless(told(folder, &[&SMALL[..], more].concat()))
}

#[test]
fn a_city_with_faults_stands_beside_the_city_without() {
    let folder = small();
    let faults =
        ["--fault", "lab-stops=240@12:00", "--fault", "courier-late=60@13:00", "--fault", "wave-twice"];
    let found = rehearsed(folder.path(), &faults);
    let told = &found["faults"];
    assert_eq!((&told[0]["name"], &told[0]["place"]), (&"lab-stops".into(), &"South".into()));
    assert_eq!((number(&told[0]["value"]), number(&told[0]["from_min"])), (240.0, 360.0));
    assert_eq!((number(&told[1]["value"]), number(&told[1]["from_min"])), (60.0, 420.0));
    assert!(told[0]["unmet"].is_null() && told[1]["unmet"].is_null() && told[1].get("place").is_none());
    assert_eq!(told[2]["unmet"], "no_waves");
    let without = &found["without"];
    let plain = rehearsed(folder.path(), &[]);
    for field in ["wait_min", "sites", "districts", "tubes", "labs", "result_h", "hours"] {
        assert_eq!(without[field], plain[field], "the same luck: {field}");
    }
    for field in ["people", "served", "wait_min", "sites", "districts"] {
        assert_eq!(found[field], plain[field], "no site hears of it: {field}");
    }
    assert!(number(&found["result_h"]["mean"]) > number(&plain["result_h"]["mean"]));
    assert!(number(&found["labs"][1]["queue_max"]) > number(&plain["labs"][1]["queue_max"]));
    let less = number(&without["difference"]["tubes_in_time"]["mean"]);
    assert!(less <= 0.0, "{less}");
    let findings = found["findings"].to_string();
    assert!(findings.contains("South starts nothing from 12:00 until 16:00"), "{findings}");
    assert_eq!(
        rehearsed(folder.path(), &[&faults[..], &["--threads", "1"]].concat()),
        found,
        "the same bytes"
    );
}

#[test]
fn a_card_at_one_place_leaves_the_others_alone() {
    let folder = small();
    let found = rehearsed(folder.path(), &["--fault", "lab-stops=240@12:00/North"]);
    assert_eq!(found["faults"][0]["place"], "North");
    assert_eq!(found["labs"][1], found["without"]["labs"][1]);
    assert_ne!(found["labs"][0], found["without"]["labs"][0]);
    let text = shouhu(
        folder.path(),
        &[
            "rehearse",
            "city",
            SMALL[3],
            SMALL[4],
            "--fault",
            "courier-late=120@10:00/District B",
            "--report",
            "page.html",
        ],
    );
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("without") && text.contains("with the faults") && text.contains("tubes in time"),
        "{text}"
    );
    assert!(folder.path().join("page.html").exists());
}

#[test]
fn wrong_faults_of_a_city_are_refused_with_notes() {
    let folder = small();
    let wrong = [
        "--fault",
        "lab-stop",
        "--fault",
        "lab-stops=9999",
        "--fault",
        "courier-late/Distrikt B",
        "--fault",
        "heat/North",
    ];
    let (found, status) = json(folder.path(), &[&SMALL[..], &wrong].concat());
    assert_eq!(status, 1);
    let mends: Vec<&str> =
        found["notes"].as_array().unwrap().iter().map(|note| note["mend"].as_str().unwrap()).collect();
    assert!(mends[0].contains("lab-stops") && mends[1].contains("from 1 to 1440"), "{mends:?}");
    assert!(mends[2].contains("District B") && mends[3].contains('/'), "{mends:?}");
    let twice = ["--fault", "courier-late", "--fault", "courier-late/District B"];
    assert_eq!(json(folder.path(), &[&SMALL[..], &twice].concat()).1, 1);
}

#[test]
fn the_list_says_what_this_city_can_meet() {
    for (name, met) in [("megacity", true), ("county-antibiotics", false)] {
        let folder = example(name, "city");
        let found = told(folder.path(), &["rehearse", "city", "--json", "--fault", "list"]);
        let cards = found["cards"].as_array().unwrap();
        assert_eq!(cards.len(), rehearse::faults::cards().len());
        let unmet = |name: &str| &cards.iter().find(|card| card["name"] == name).unwrap()["unmet"];
        assert_eq!(unmet("lab-stops").is_null(), met, "{name}");
        assert_eq!(unmet("courier-late").is_null(), met, "{name}");
        assert!(unmet("system-down").is_null() && unmet("early-crowd").is_null(), "{name}");
        assert_eq!(unmet("wave-twice"), "no_waves");
    }
}

#[test]
fn a_stress_test_of_a_city_plays_each_card_that_it_can_meet_and_each_pair() {
    let folder = small();
    let found = rehearsed(folder.path(), &["--stress"]);
    let stress = &found["stress"];
    let cards = stress["cards"].as_array().unwrap();
    assert_eq!(cards.len(), rehearse::faults::cards().len());
    for card in cards {
        assert_eq!(card["unmet"].is_null(), card["strain"].is_object(), "{card}");
        assert_eq!(card["unmet"], card["faults"][0]["unmet"]);
    }
    let slow = cards.iter().find(|card| card["faults"][0]["name"] == "system-slow").unwrap();
    assert!(slow["breaks"].to_string().contains("jammed"), "{slow}");
    let met = cards.iter().filter(|card| card["unmet"].is_null()).count();
    let pairs = stress["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), met * (met - 1) / 2);
    assert!(pairs.iter().all(|pair| pair["faults"].as_array().unwrap().len() == 2));
    // What breaks first is the worst of all cards, and the change that was found holds with it.
    let worst = |trial: &Value| {
        let strains = trial["strain"].as_object().unwrap().values();
        strains.filter_map(Value::as_f64).fold(0.0, f64::max)
    };
    let first = &stress["first"];
    assert!(cards.iter().filter(|card| card["strain"].is_object()).all(|card| worst(card) <= worst(first)));
    assert_eq!(stress["change"]["faults"][0]["name"], first["faults"][0]["name"]);
    let broken = cards.iter().filter(|card| !card["breaks"].as_array().unwrap().is_empty()).count();
    let changes = stress["changes"].as_array().unwrap();
    assert_eq!(changes.len(), broken);
    let survived: Vec<&Value> = changes.iter().filter(|change| change["survives"].is_object()).collect();
    assert!(!survived.is_empty() && survived.iter().all(|change| worst(&change["survives"]) <= 1.0));
    assert!(survived.iter().any(|change| change["survives"]["kind"] == "offline"));
    // A margin is what a day of that value says.
    let early =
        stress["margins"].as_array().unwrap().iter().find(|margin| margin["name"] == "early-crowd").unwrap();
    let jams = |minutes: &Value| {
        let day = rehearsed(folder.path(), &["--fault", &format!("early-crowd={minutes}")]);
        number(&day["sites"]["jammed"]) / number(&day["sites"]["count"])
    };
    assert!(jams(&early["holds"]) <= 0.05 && jams(&early["breaks"]) > 0.05, "{early}");
    assert!(number(&stress["strain"]["tubes"]) >= 0.0 && !found["findings"].as_array().unwrap().is_empty());
    assert_eq!(rehearsed(folder.path(), &["--stress", "--threads", "1"]), found, "the same bytes");
}
