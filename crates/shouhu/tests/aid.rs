//! `shouhu aid` through the binary: fields, reserves, withdrawal, orders, exit status, languages.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use serde_json::Value;
use std::fs;
use terminal::{example, shouhu, told};

/// The example made small, so that it is planned in a moment.
fn small() -> tempfile::TempDir {
    let folder = example("aid-to-the-city", "aid");
    let path = folder.path().join("aid");
    let first = |name: &str, keep: &dyn Fn(&str) -> bool| {
        let text = fs::read_to_string(path.join(name)).unwrap();
        let lines = text.lines().enumerate().filter(|(at, line)| *at == 0 || keep(line));
        fs::write(path.join(name), lines.map(|(_, line)| format!("{line}\n")).collect::<String>()).unwrap();
    };
    first("donors.csv", &|line| line.starts_with("Neighbour city"));
    first("demand.csv", &|line| line.starts_with("District A") || line.starts_with("District B"));
    folder
}

#[test]
fn the_plan_is_told_in_one_object_and_no_reserve_is_touched() {
    let folder = small();
    let found = told(folder.path(), &["aid", "aid", "--json", "--time-limit", "5", "-o", "plan.json"]);
    for field in
        ["deployments", "unmet", "reserve_violations", "gap", "levels", "districts", "buses", "sentences"]
    {
        assert!(found.get(field).is_some(), "{field} is missing");
    }
    assert_eq!((&found["reserve_violations"], &found["broken"]), (&Value::from(0), &Value::from(0)));
    assert!(!found["deployments"].as_array().unwrap().is_empty());
    // The city whose own cases grow sends no sampler.
    let sends = |of: &Value| of["donor"] == "Neighbour city 7" && of["skill"] == "sampling";
    assert!(!found["deployments"].as_array().unwrap().iter().any(sends));
    let written: Value = serde_json::from_slice(&fs::read(folder.path().join("plan.json")).unwrap()).unwrap();
    assert_eq!(written["deployments"], found["deployments"]);

    let team = found["deployments"][0]["team"].as_str().unwrap();
    let out = format!("{team}@2022-04-06");
    let args = ["aid", "aid", "--json", "--time-limit", "5", "--plan", "plan.json", "--withdraw", &out];
    let again = told(folder.path(), &args);
    assert_eq!((&again["reserve_violations"], &again["broken"]), (&Value::from(0), &Value::from(0)));
    let same = again["deployments"].as_array().unwrap().iter().find(|of| of["team"] == *team).unwrap();
    assert_eq!((&same["left"], &same["until"]), (&Value::from(true), &Value::from("2022-04-05")));
    assert!(again["changes"]["kept"].is_u64());
}

#[test]
fn orders_are_a_document_for_each_donor_and_one_table() {
    let folder = small();
    let out =
        shouhu(folder.path(), &["aid", "aid", "--time-limit", "5", "--papers", "orders", "--lang", "zh"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(String::from_utf8(out.stdout).unwrap().contains("人日"));
    let table = fs::read_to_string(folder.path().join("orders/orders.csv")).unwrap();
    assert!(table.lines().count() > 3, "{table}");
    assert!(fs::read(folder.path().join("orders/order-001.docx")).unwrap().starts_with(b"PK"));
}

#[test]
fn other_commands_say_which_to_use_and_what_is_wrong_is_refused() {
    let folder = small();
    for verb in ["plan", "rehearse"] {
        let out = shouhu(folder.path(), &[verb, "aid"]);
        assert_eq!(out.status.code(), Some(2), "{verb}");
        assert!(String::from_utf8_lossy(&out.stderr).contains("shouhu aid"), "{verb}");
    }
    assert!(shouhu(folder.path(), &["check", "aid"]).status.success());
    let path = folder.path().join("aid/demand.csv");
    let text = fs::read_to_string(&path).unwrap().replacen("2022-04-17", "", 1);
    fs::write(&path, text).unwrap();
    let out = shouhu(folder.path(), &["aid", "aid", "--json"]);
    assert_eq!(out.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(found["notes"][0]["code"], "aid_no_end");
}
