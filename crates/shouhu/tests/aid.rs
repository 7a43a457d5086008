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
    for field in [
        "deployments",
        "unmet",
        "reserve_violations",
        "gap",
        "levels",
        "districts",
        "buses",
        "sentences",
        "notes",
    ] {
        assert!(found.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(found["notes"][0]["code"], "aid_turns", "a city's own cases grow: {}", found["notes"]);
    assert_eq!((&found["reserve_violations"], &found["broken"]), (&Value::from(0), &Value::from(0)));
    assert!(!found["deployments"].as_array().unwrap().is_empty());
    // The city whose own cases grow sends no sampler.
    let sends = |of: &Value| of["donor"] == "Neighbour city 7" && of["skill"] == "sampling";
    assert!(!found["deployments"].as_array().unwrap().iter().any(sends));
    let written: Value = serde_json::from_slice(&fs::read(folder.path().join("plan.json")).unwrap()).unwrap();
    assert_eq!(written["deployments"], found["deployments"]);

    // Withdrawn on the second day: who leaves on it or later still has an order.
    let before = found["deployments"].as_array().unwrap();
    let team = before[0]["team"].as_str().unwrap();
    assert_eq!(before[0]["leaves"], "2022-04-03");
    let out = format!("{team}@2022-04-04");
    let args = ["aid", "aid", "--json", "--time-limit", "5", "--plan", "plan.json", "--withdraw", &out];
    let again = told(folder.path(), &args);
    assert_eq!((&again["reserve_violations"], &again["broken"]), (&Value::from(0), &Value::from(0)));
    let after = again["deployments"].as_array().unwrap();
    let same = after.iter().find(|of| of["team"] == *team).unwrap();
    assert_eq!((&same["left"], &same["until"]), (&Value::from(true), &Value::from("2022-04-03")));
    let open: Vec<&Value> = before.iter().filter(|of| of["leaves"].as_str() >= Some("2022-04-04")).collect();
    assert!(!open.is_empty());
    let stays =
        |of: &&&Value| after.iter().any(|now| now["team"] == of["team"] && now["people"] == of["people"]);
    let changes = &again["changes"];
    assert_eq!(changes["kept"], open.iter().filter(stays).count());
    let count = |what: &str| changes[what].as_array().unwrap().len();
    assert_eq!(open.iter().filter(stays).count() + count("other") + count("gone"), open.len());
    assert_eq!(after.len(), before.len() - count("gone") + count("new"));
}

#[test]
fn a_plan_that_breaks_a_rule_is_shown_and_never_written() {
    let folder = small();
    told(folder.path(), &["aid", "aid", "--json", "--time-limit", "5", "-o", "plan.json"]);
    let path = folder.path().join("plan.json");
    let mut plan: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    // A team that works in two places at once, by the file.
    let mut twice = plan["deployments"][0].clone();
    twice["team"] = "T9".into();
    twice["left"] = true.into();
    let mut other = twice.clone();
    let here = other["recipient"].as_str().unwrap() == "District A";
    other["recipient"] = (if here { "District B" } else { "District A" }).into();
    plan["deployments"] = vec![twice, other].into();
    fs::write(&path, plan.to_string()).unwrap();
    let args = [
        "aid",
        "aid",
        "--json",
        "--time-limit",
        "5",
        "--plan",
        "plan.json",
        "-o",
        "next.json",
        "--papers",
        "orders",
    ];
    let out = shouhu(folder.path(), &args);
    assert_eq!(out.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((&found["broken"], &found["reserve_violations"]), (&Value::from(1), &Value::from(0)));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("Nothing is written: a plan that breaks a rule must not be used."), "{said}");
    assert!(!folder.path().join("next.json").exists() && !folder.path().join("orders").exists());
}

#[test]
fn orders_are_not_written_among_those_of_an_earlier_plan() {
    let folder = small();
    let plan = ["aid", "aid", "--json", "--time-limit", "5", "--papers", "orders", "-o", "plan.json"];
    let found = told(folder.path(), &plan);
    let written = fs::read(folder.path().join("orders/orders.csv")).unwrap();
    let workbook = fs::File::open(folder.path().join("orders/orders.xlsx")).unwrap();
    let mut workbook = zip::ZipArchive::new(workbook).unwrap();
    let sheets = std::io::read_to_string(workbook.by_name("xl/workbook.xml").unwrap()).unwrap();
    assert_eq!(sheets.matches("<sheet ").count(), 6, "{sheets}");
    let out = shouhu(folder.path(), &plan);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("orders holds orders of an earlier plan"));
    assert_eq!(fs::read(folder.path().join("orders/orders.csv")).unwrap(), written);
    // In a folder of its own: whose order is withdrawn before it leaves is told so.
    let of = found["deployments"].as_array().unwrap().last().unwrap();
    let out = format!("{}@{}", of["team"].as_str().unwrap(), of["leaves"].as_str().unwrap());
    let args = [
        "aid",
        "aid",
        "--json",
        "--time-limit",
        "5",
        "--plan",
        "plan.json",
        "--withdraw",
        &out,
        "--papers",
        "next",
    ];
    let again = told(folder.path(), &args);
    assert!(again["changes"]["gone"].as_array().unwrap().contains(&of["team"]), "{}", again["changes"]);
    let said = again["sentences"][0].as_str().unwrap();
    assert!(said.ends_with("is withdrawn before it leaves: it does not go."), "{said}");
    assert!(folder.path().join("next/orders.csv").exists());
}

#[test]
fn what_is_no_number_of_its_kind_and_no_plan_is_refused() {
    let folder = small();
    for wrong in ["--gap=nan", "--gap=-1", "--time-limit=-3", "--time-limit=inf"] {
        let out = shouhu(folder.path(), &["aid", "aid", wrong]);
        assert_eq!(out.status.code(), Some(2), "{wrong}");
    }
    let out = shouhu(folder.path(), &["aid", "aid", "--plan", "plan.json", "--change-days=nan"]);
    assert_eq!(out.status.code(), Some(2));
    fs::write(folder.path().join("plan.json"), "{\"deployments\": 3}").unwrap();
    let out = shouhu(folder.path(), &["aid", "aid", "--plan", "plan.json"]);
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("This is no plan of shouhu aid: invalid type: integer `3`"), "{said}");
}

#[test]
fn a_place_that_can_have_nothing_is_told_so_and_the_others_are_proven() {
    let folder = small();
    let path = folder.path().join("aid/places.csv");
    let beds = |line: &str| {
        if line.starts_with("District B") { line.replacen(",740,", ",0,", 1) } else { line.to_owned() }
    };
    let text: Vec<String> = fs::read_to_string(&path).unwrap().lines().map(beds).collect();
    fs::write(&path, text.join("\n")).unwrap();
    let found = told(folder.path(), &["aid", "aid", "--json", "--time-limit", "120"]);
    let least = &found["levels"]["least_share"];
    assert_eq!((least["value"].as_f64(), least["bound"].as_f64()), (Some(0.0), Some(0.0)));
    assert!(found["gap"].as_f64().unwrap() < 0.05, "{}", found["levels"]);
    let first = found["sentences"][0].as_str().unwrap();
    let wanted = "The least-served place is District B with 0.0 % of its person-days; no plan gives the least-served more than 0.00 %.";
    assert!(first.starts_with(wanted), "{first}");
    // Too little time for a plan by the solver: it says so in its own words.
    let out = shouhu(folder.path(), &["aid", "aid", "--time-limit", "0.1"]);
    assert!(out.status.success());
    let said = String::from_utf8(out.stdout).unwrap();
    assert!(!said.contains("Made without a solver"), "{said}");
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
