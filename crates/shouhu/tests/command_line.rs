//! The command line as a contract: fields, exit status, same bytes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use serde_json::Value;
use std::fs;
use tempfile::TempDir;
use terminal::{example, json, number, shouhu};

/// A scenario of two exponential stations and people who come by chance.
fn tandem(arrivals: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("round")).unwrap();
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\n\
         date = 2022-03-28\nopens = \"00:00\"\n[site]\nlanes = 1\n\
         [[site.station]]\nname = \"first\"\nservers = 2\nservice = {{ law = \"exponential\", mean_s = 60 }}\n\
         [[site.station]]\nname = \"second\"\nservers = 4\nservice = {{ law = \"exponential\", mean_s = 120 }}\n\
         [arrivals]\n{arrivals}\n"
    );
    fs::write(folder.path().join("round/scenario.toml"), text).unwrap();
    folder
}

#[test]
fn rehearse_gives_the_fields_of_the_contract() {
    let folder = example("sunshine-garden", "round");
    let (found, status) = json(folder.path(), &["rehearse", "round", "--reps", "20", "--json"]);
    assert_eq!(status, 0);
    for field in [
        "people",
        "served",
        "left",
        "unserved",
        "replications",
        "engine",
        "wait_min",
        "stay_min",
        "green",
        "classes",
        "done_97_min",
        "queue_max",
        "crowd_person_min",
        "caller_hours",
        "stations",
        "cpu_s",
        "wall_s",
        "people_per_second",
    ] {
        assert!(!found[field].is_null(), "{field}");
    }
    for field in ["mean", "p50", "p95", "max", "ci95", "p95_ci95"] {
        assert!(
            !found["wait_min"][field].is_null() && !found["green"]["wait_min"][field].is_null(),
            "{field}"
        );
    }
    assert_eq!(found["engine"], "event");
    assert_eq!(found["replications"], 20);
    let parts = number(&found["served"]) + number(&found["left"]) + number(&found["unserved"]);
    assert!((number(&found["people"]) - parts).abs() < 1e-9);
    assert_eq!(found["stations"][0]["name"], "registration");
    assert_eq!(found["stations"][1]["servers"], 2);
}

#[test]
fn one_replication_has_no_intervals() {
    let folder = tandem("law = \"poisson\"\nper_hour = 90\npeople = 500");
    let (found, _) = json(folder.path(), &["rehearse", "round", "--reps", "1", "--json"]);
    assert!(found["wait_min"]["ci95"].is_null() && found["wait_min"]["p95_ci95"].is_null());
    assert!(found["green"].is_null() && found["crowd_person_min"].is_null());
    assert_eq!(found["engine"], "fifo");
}

#[test]
fn the_same_inputs_give_the_same_bytes_on_any_number_of_threads() {
    let folder = example("sunshine-garden", "round");
    let run = |threads: &str, policy: &str| {
        let args = [
            "rehearse",
            "round",
            "--policy",
            policy,
            "--reps",
            "12",
            "--seed",
            "7",
            "--json",
            "--threads",
            threads,
        ];
        let (mut found, _) = json(folder.path(), &args);
        for cost in ["cpu_s", "wall_s", "people_per_second"] {
            found.as_object_mut().unwrap().remove(cost);
        }
        found.to_string()
    };
    for policy in ["broadcast", "waves"] {
        assert_eq!(run("1", policy), run("3", policy));
    }
}

#[test]
fn the_engines_agree_through_the_command() {
    let folder = tandem(
        "law = \"poisson\"\nper_hour = [80, 140, 60]\n[patience]\nlaw = \"exponential\"\nmean_min = 20",
    );
    let run = |engine: &str| {
        let (mut found, _) =
            json(folder.path(), &["rehearse", "round", "--reps", "30", "--engine", engine, "--json"]);
        for other in ["cpu_s", "wall_s", "people_per_second", "engine"] {
            found.as_object_mut().unwrap().remove(other);
        }
        found.to_string()
    };
    assert_eq!(run("fifo"), run("event"));
}

#[test]
fn sunshine_garden_shows_its_story() {
    let folder = example("sunshine-garden", "round");
    let args =
        ["rehearse", "round", "--policy", "waves", "--compare", "broadcast", "--reps", "100", "--json"];
    let (found, _) = json(folder.path(), &args);
    let before = &found["compared"];
    // Told all at once, the queue passes well over an hour.
    assert!(number(&before["wait_min"]["p95"]) > 90.0, "{}", before["wait_min"]);
    // In waves the wait keeps its target at no more than 15 % later an end.
    assert!(number(&found["wait_min"]["p95"]) <= 10.0, "{}", found["wait_min"]);
    assert!(number(&found["done_97_min"]) <= 1.15 * number(&before["done_97_min"]));
    let said: Vec<&str> = found["findings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(
        said.iter().any(|said| said.contains("moving one person in each lane from sampling to registration")),
        "{said:?}"
    );
}

#[test]
fn the_moved_sampler_ends_the_round_three_quarters_of_an_hour_earlier() {
    let folder = example("sunshine-garden", "round");
    let run = |sets: &[&str]| {
        let mut args = vec!["rehearse", "round", "--reps", "60", "--json"];
        sets.iter().for_each(|set| args.extend(["--set", set]));
        number(&json(folder.path(), &args).0["done_97_min"])
    };
    let moved = ["site.station.registration.servers=2", "site.station.sampling.servers=1"];
    assert!(run(&[]) - run(&moved) > 45.0);
}

#[test]
fn a_plan_is_read_back_and_rehearsed() {
    let folder = example("sunshine-garden", "round");
    let (plan, status) = json(folder.path(), &["plan", "round", "-o", "plan.json", "--reps", "50", "--json"]);
    assert_eq!(status, 0);
    let wave = &plan["waves"][0];
    assert!(wave["call_at"].as_str().unwrap().len() == 8 && wave["members"].as_array().unwrap().len() > 5);
    let called: u64 =
        plan["waves"].as_array().unwrap().iter().map(|wave| wave["people"].as_u64().unwrap()).sum();
    assert_eq!(called, 3948);
    assert!(plan["gap"].is_null() && plan["roster"].as_array().unwrap().len() == 3);
    let (found, _) =
        json(folder.path(), &["rehearse", "round", "--plan", "plan.json", "--reps", "50", "--json"]);
    assert_eq!(found["wait_min"], plan["forecast"]["wait_min"]);
}

#[test]
fn staff_is_found_though_some_come_after_the_closing() {
    let folder = example("sunshine-garden", "round");
    let (found, status) =
        json(folder.path(), &["staff", "round", "--json", "--wait", "10", "--time-limit", "60"]);
    assert_eq!(status, 0);
    assert!(number(&found["forecast"]["unserved"]) >= 0.5, "somebody comes too late");
    assert_eq!(found["meets_target"], true);
    assert!(number(&found["confirmed_p95_min"]) <= 10.0 && number(&found["staff_hours"]) < 100.0, "{found}");
    assert_eq!(found["hours"].as_array().unwrap().len(), 6, "nobody stands there after the closing");
}

#[test]
fn who_gives_up_is_not_served_in_time() {
    let folder = tandem("law = \"poisson\"\nper_hour = [120]");
    let patience = "patience={ law = \"constant\", mean_min = 4 }";
    let (found, status) =
        json(folder.path(), &["staff", "round", "--json", "--wait", "10", "--set", patience]);
    assert_eq!(status, 0);
    let forecast = &found["forecast"];
    assert!(number(&forecast["left"]) <= 0.06 * number(&forecast["people"]), "{found}");
}

#[test]
fn events_are_one_json_object_a_line_and_the_same_each_time() {
    let folder = example("sunshine-garden", "round");
    let write = |file: &str| {
        shouhu(folder.path(), &["rehearse", "round", "--policy", "waves", "--reps", "2", "--events", file]);
        fs::read_to_string(folder.path().join(file)).unwrap()
    };
    let events = write("a.jsonl");
    assert_eq!(events, write("b.jsonl"));
    let (mut ids, mut arrived, mut left, mut given, mut sealed) =
        (std::collections::BTreeSet::new(), 0, 0, 0, 0);
    let mut last = String::new();
    for (line, number) in events.lines().zip(1..) {
        let event: Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["seq"], number);
        assert_eq!(event["origin"]["rehearsed"]["seed"], 1);
        assert!(ids.insert(event["id"].as_str().unwrap().to_owned()), "an id stands twice");
        let at = event["at"].as_str().unwrap().to_owned();
        assert!(at >= last && at.len() == 25, "{at} after {last}");
        last = at;
        match event["type"].as_str().unwrap() {
            "Arrived" => arrived += 1,
            "Left" => left += 1,
            "ItemGiven" => given += 1,
            "TubeSealed" => sealed += event["people"].as_u64().unwrap(),
            _ => {}
        }
    }
    assert!(arrived > 3000);
    assert_eq!((left, given, sealed), (arrived, arrived, arrived as u64));
}

#[test]
fn a_sweep_compares_values_under_common_random_numbers() {
    let folder = tandem("law = \"poisson\"\nper_hour = 90\npeople = 400");
    let args = ["rehearse", "round", "--reps", "40", "--sweep", "site.station.first.servers=2,3", "--json"];
    let (found, status) = json(folder.path(), &args);
    assert_eq!(status, 0);
    assert_eq!(found["sweep"], "site.station.first.servers");
    let values = found["values"].as_array().unwrap();
    assert!(values[0]["difference"].is_null());
    let difference = &values[1]["difference"]["wait_mean_min"];
    assert!(number(&difference["ci95"][1]) < 0.0, "{difference}");
    let plain = number(&values[1]["wait_min"]["mean"]) - number(&values[0]["wait_min"]["mean"]);
    assert!((number(&difference["mean"]) - plain).abs() < 1e-9);
}

#[test]
fn the_flu_clinic_serves_within_its_published_range() {
    let folder = example("flu-clinic", "round");
    let (found, status) = json(folder.path(), &["rehearse", "round", "--reps", "50", "--json"]);
    assert_eq!(status, 0);
    // 120 an hour for 8 hours, 2 % of whom do not come; the published range is 500 to 1,400 doses.
    let served = number(&found["served"]);
    assert!((900.0..=960.0).contains(&served), "{served}");
    assert!(number(&found["stay_min"]["mean"]) > 20.0);
    assert_eq!(found["engine"], "fifo");
}

#[test]
fn all_that_is_wrong_is_said_at_once_with_its_place() {
    let folder = tandem("law = \"poisson\"\nper_hour = 90\npeople = 400\nspeed = 3");
    let path = folder.path().join("round/scenario.toml");
    let text = fs::read_to_string(&path)
        .unwrap()
        .replace("lanes = 1", "lanes = 0")
        .replace("mean_s = 60", "mean_s = -60");
    fs::write(&path, text).unwrap();
    let (found, status) = json(folder.path(), &["check", "round", "--json"]);
    assert_eq!(status, 1);
    let notes = found["notes"].as_array().unwrap();
    let columns: Vec<&str> = notes.iter().filter_map(|note| note["column"].as_str()).collect();
    for wanted in ["site.lanes", "service", "arrivals.speed"] {
        assert!(columns.iter().any(|column| column.contains(wanted)), "{wanted}: {columns:?}");
    }
    for note in notes {
        assert!(note["row"].as_u64().is_some() && note["file"] == "scenario.toml", "{note}");
        assert!(!note["message"].as_str().unwrap().starts_with("note."), "{note}");
    }
    // The other commands refuse with the same notes.
    assert_eq!(json(folder.path(), &["rehearse", "round", "--json"]), (found, 1));
}

#[test]
fn a_rehearsal_by_search_lives_the_plan_that_the_search_found() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("round")).unwrap();
    let court =
        include_str!("../../server/tests/api/court.toml").replace("households = 60", "households = 16");
    fs::write(folder.path().join("round/scenario.toml"), court).unwrap();
    let few = ["--reps", "2", "--json"];
    let rehearsed = json(folder.path(), &[&["rehearse", "round", "--policy", "search"][..], &few].concat()).0;
    shouhu(folder.path(), &[&["plan", "round", "--policy", "search", "-o", "found.json"][..], &few].concat());
    let planned = json(folder.path(), &[&["rehearse", "round", "--plan", "found.json"][..], &few].concat()).0;
    assert!(rehearsed["wait_min"]["mean"].is_f64(), "{rehearsed}");
    assert_eq!((&rehearsed["wait_min"], &rehearsed["done_97"]), (&planned["wait_min"], &planned["done_97"]));
}

#[test]
fn notes_speak_chinese_when_asked() {
    let folder = tandem("law = \"poisson\"\nper_hour = 90\npeople = 400\nspeed = 3");
    let (found, _) = json(folder.path(), &["--lang", "zh", "check", "round", "--json"]);
    let message = found["notes"][0]["message"].as_str().unwrap();
    assert!(message.chars().any(|letter| ('\u{4e00}'..'\u{9fff}').contains(&letter)), "{message}");
}

#[test]
fn wrong_usage_is_told_from_a_refusal() {
    let folder = tandem("law = \"poisson\"\nper_hour = 90\npeople = 400");
    let status = |args: &[&str]| shouhu(folder.path(), args).status.code().unwrap();
    assert_eq!(status(&["plan", "round", "--policy", "nothing"]), 2);
    assert_eq!(status(&["plan", "round", "--policy", "search"]), 1, "nobody is called there");
    assert_eq!(
        status(&["rehearse", "round", "--policy", "search"]),
        1,
        "nor is there anything to search for"
    );
    assert_eq!(status(&["rehearse", "round", "--records", "visits.xlsx"]), 2);
    assert_eq!(status(&["rehearse", "round", "--set", "lanes"]), 2);
    assert_eq!(status(&["rehearse", "round", "--policy", "waves"]), 1);
    assert_eq!(status(&["rehearse", "nowhere"]), 1);
    assert_eq!(status(&["init", "round", "--example", "nothing"]), 2);
    assert_eq!(status(&["init", "fresh", "--example", "flu-clinic"]), 0);
    assert_eq!(status(&["init", "fresh", "--example", "flu-clinic"]), 1);
}
