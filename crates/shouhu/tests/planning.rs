//! `shouhu plan --policy search`, `staff` and `appointments` through the binary: limits of time, an interrupt, laws, roles.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::Duration,
};
use terminal::{example, json, number, shouhu, told};

const SEARCH: [&str; 6] = ["plan", "round", "--policy", "search", "--json", "--seed=3"];

/// Two hours of a small site.
const SMALL: &str = "format = 1\n[community]\nname = \"Example site\"\ntimezone = \"UTC\"\n\
    [round]\npurpose = \"screening\"\ndate = 2022-03-28\nopens = \"07:00\"\ncloses = \"09:00\"\n\
    [site]\nlanes = 1\n\
    [[site.station]]\nname = \"registration\"\nservers = 2\nservice = { law = \"lognormal\", mean_s = 60, cv = 0.5 }\n\
    [[site.station]]\nname = \"sampling\"\nservers = 2\nservice = { law = \"lognormal\", mean_s = 40, cv = 0.5 }\n\
    [arrivals]\nlaw = \"poisson\"\nper_hour = [120, 60]\n";

/// Servers of the plan's staff, where it has any.
fn staff(plan: &serde_json::Value) -> usize {
    plan["staff"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_search_keeps_its_limit_of_time_and_leaves_the_staff_where_it_was_told_to() {
    let folder = example("sunshine-garden", "round");
    let plan = told(folder.path(), &[&SEARCH[..], &["--time-limit", "0.2"]].concat());
    assert_eq!(plan["search"]["cut_short"], true, "{}", plan["search"]);
    assert!(!plan["waves"].as_array().unwrap().is_empty(), "the best so far is a plan");
    let kept = told(folder.path(), &[&SEARCH[..], &["--time-limit", "2", "--keep-staff"]].concat());
    assert_eq!(staff(&kept), 0, "{}", kept["staff"]);
}

/// Whether a process has a handler of interrupts.
#[cfg(target_os = "linux")]
fn listens(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or("0");
    // Signals are counted from one, and an interrupt is the second.
    u64::from_str_radix(caught.trim(), 16).unwrap() & 0b10 != 0
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_search_says_the_best_so_far() {
    let folder = example("sunshine-garden", "round");
    // A long search: many more plans than are tried in a second.
    let mut search = Command::new(env!("CARGO_BIN_EXE_shouhu"))
        .args(SEARCH)
        .args(["--time-limit", "600"])
        .current_dir(folder.path())
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Until it listens, the signal would end it.
    while !listens(search.id()) && search.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(1));
    }
    let sent = Command::new("kill").args(["-INT", &search.id().to_string()]).status().unwrap();
    assert!(sent.success(), "it had ended before it was interrupted");
    let output = search.wait_with_output().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(plan["search"]["cut_short"], true);
    assert!(!plan["waves"].as_array().unwrap().is_empty());
}

#[test]
fn appointments_take_a_law_a_stations_law_or_a_mean() {
    let folder = example("sunshine-garden", "round");
    let few = [
        "appointments",
        "--people",
        "4",
        "--slots",
        "4",
        "--slot-min",
        "10",
        "--counts",
        "1,1,1,1",
        "--json",
    ];
    let asked = |more: &[&str]| told(folder.path(), &[&few[..], more].concat());
    let mean = asked(&["--service-min", "9", "--cv", "0.5"]);
    let same = asked(&["--law", "{ law = \"lognormal\", mean_min = 9, cv = 0.5 }"]);
    assert_eq!(mean, same, "one law in two words");
    let constant = asked(&["--law", "{ law = \"constant\", mean_min = 9 }"]);
    assert_eq!((number(&constant["wait_mean_min"]), number(&constant["service_mean_min"])), (0.0, 9.0));
    // Half of them take 5 minutes and half 15: who comes second waits 5 minutes every other time.
    let mixed = "{ law = \"mixture\", parts = [\
        { share = 0.5, law = \"constant\", mean_min = 5 }, { share = 0.5, law = \"constant\", mean_min = 15 }] }";
    let two =
        ["appointments", "--people", "2", "--slots", "2", "--slot-min", "10", "--counts", "1,1", "--json"];
    let mixed = told(folder.path(), &[&two[..], &["--law", mixed]].concat());
    assert!((number(&mixed["wait_mean_min"]) - 1.25).abs() < 1e-9, "{mixed}");
    let station = asked(&["--scenario", "round", "--station", "registration"]);
    assert!(number(&station["service_mean_min"]) > 0.0);
    let published = "appointments --people 24 --slots 24 --slot-min 10 --service-min 9 --poisson --json";
    assert_eq!(json(folder.path(), &published.split(' ').collect::<Vec<_>>()).1, 0);

    let status = |more: &[&str]| shouhu(folder.path(), &[&few[..], more].concat()).status.code().unwrap();
    assert_eq!(status(&["--law", "{ law = \"lognormall\", mean_min = 9, cv = 0.5 }"]), 1, "no such law");
    assert_eq!(status(&["--law", "{ law = \"normal\", mean_min = 1, sd_min = 9 }"]), 1, "below zero");
    assert_eq!(status(&["--law", "{ law = \"constant\", mean_min = 900 }"]), 2, "no appointment");
    assert_eq!(status(&["--law", "9", "--cv", "0.4"]), 2, "one of them");
    assert_eq!(status(&["--scenario", "round", "--station", "nowhere"]), 2);
    assert_eq!(status(&["--scenario", "round"]), 2, "which station");
    assert_eq!(status(&[]), 2, "no service at all");
}

#[test]
fn staff_is_allocated_to_scanning_and_to_order_by_the_hour_and_a_roster_is_made_of_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("round")).unwrap();
    fs::write(folder.path().join("round/scenario.toml"), SMALL).unwrap();
    let staff = ["staff", "round", "--json", "--reps", "20", "--wait", "10"];
    let asked = |more: &[&str]| told(folder.path(), &[&staff[..], more].concat());
    let whole = asked(&[]);
    let people = |found: &serde_json::Value, role: &str| -> Vec<u64> {
        let hours = found["hours"].as_array().unwrap().iter();
        hours
            .map(|hour| {
                let roles = hour["roles"].as_array().unwrap().iter();
                roles.filter(|one| one["role"] == role).map(|one| one["people"].as_u64().unwrap()).sum()
            })
            .collect()
    };
    assert!(people(&whole, "scanning").iter().all(|&count| count == 0));
    for hour in whole["hours"].as_array().unwrap() {
        let (mean, p95) = (number(&hour["waiting"]), number(&hour["waiting_p95"]));
        assert!(mean <= p95, "{hour}");
        assert_eq!(hour["order_keepers"].as_u64().unwrap(), 1 + (p95 / 50.0) as u64, "{hour}");
    }
    // Every second one who waits takes somebody who keeps order.
    let strict = asked(&["--set", "roster.waiting_per_keeper=2"]);
    assert!(people(&strict, "order").iter().sum::<u64>() > people(&whole, "order").iter().sum::<u64>());
    let apart = [
        "--set",
        "roster.scanning={ station = \"registration\", share = 0.4 }",
        "--shifts",
        "round/shifts.csv",
    ];
    let split = asked(&apart);
    assert_eq!(split["scanning"]["station"], "registration");
    let (scan, rest) = (people(&split, "scanning"), people(&split, "registration"));
    assert!(scan.iter().all(|&count| count > 0) && rest.iter().all(|&count| count > 0), "{scan:?} {rest:?}");
    assert_eq!(split["meets_target"], true, "{split}");
    let shifts = fs::read_to_string(folder.path().join("round/shifts.csv")).unwrap();
    for role in ["scanning", "registration", "order"] {
        assert!(shifts.contains(role), "{role}: {shifts}");
    }
    assert!(!shifts.contains("sampling"), "a medical crew staffs it: {shifts}");
    fs::write(folder.path().join("round/volunteers.csv"), "name,skills\nAnn,scanning\nBob,registration\n")
        .unwrap();
    let roster = told(folder.path(), &["roster", "round", "--json", "--time-limit", "5"]);
    assert!(roster["shifts"].as_array().unwrap().iter().any(|shift| shift["role"] == "scanning"));
    let nowhere = ["--set", "roster.scanning={ station = \"gate\", share = 0.4 }"];
    let (said, status) = json(folder.path(), &[&staff[..], &nowhere[..]].concat());
    assert_eq!((status, said["notes"][0]["code"].as_str()), (1, Some("scanning_station")));
}
