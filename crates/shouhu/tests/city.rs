//! A city through the commands: fields, exit status, the same bytes, the page.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::fs;
use terminal::{example, number, shouhu, timeless, told};

/// A hundredth of the megacity, so that a test need not live all of it.
const SMALL: [&str; 2] = ["--set", "city.residents=256650"];

#[test]
fn rehearse_gives_the_fields_of_a_city_and_the_same_bytes_on_any_threads() {
    let folder = example("megacity", "city");
    let args = [&["rehearse", "city", "--json"][..], &SMALL].concat();
    let found = told(folder.path(), &[&args[..], &["--threads", "1"]].concat());
    for field in [
        "people",
        "served",
        "left",
        "unserved",
        "replications",
        "engine",
        "wait_min",
        "stay_min",
        "done_97_min",
        "queue_max",
        "cpu_s",
        "wall_s",
        "people_per_second",
        "sites",
        "districts",
        "tubes",
        "labs",
        "result_h",
        "recalls",
        "hours",
        "help_first",
        "findings",
    ] {
        assert!(found.get(field).is_some(), "{field} is missing");
    }
    assert!(found["engine"]["fifo"].is_u64() && found["engine"]["event"].is_u64());
    assert_eq!(found["replications"], 1);
    let sites = &found["sites"];
    let levels: f64 = ["clear", "busy", "jammed"].iter().map(|level| number(&sites[level])).sum();
    assert_eq!(levels, number(&sites["count"]));
    for field in ["district", "name", "level", "wait_p95_min", "queue_max"] {
        assert!(!sites["worst"][0][field].is_null(), "{field}");
    }
    let tubes = &found["tubes"];
    assert!((number(&tubes["filled"]) - number(&tubes["tested"]) - number(&tubes["waiting"])).abs() < 1e-6);
    let again = told(folder.path(), &[&args[..], &["--threads", "2"]].concat());
    assert_eq!(timeless(found), timeless(again));
}

#[test]
fn every_city_of_the_house_is_checked_and_rehearsed_and_its_page_stands_alone() {
    for name in ["megacity", "county-antibiotics"] {
        let folder = example(name, "city");
        assert_eq!(shouhu(folder.path(), &["check", "city"]).status.code(), Some(0));
        let small: &[&str] = if name == "megacity" { &SMALL } else { &[] };
        let args = [&["rehearse", "city", "--json", "--report", "page.html"][..], small].concat();
        let found = told(folder.path(), &args);
        assert!(number(&found["served"]) / number(&found["people"]) > 0.9, "{found}");
        let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
        assert!(page.contains("<canvas") && page.contains("id=\"city\"") && page.contains("lang=\"zh-CN\""));
        assert!(!page.contains("http://") && !page.contains("https://"));
        assert!(page.len() < 1_500_000, "{}", page.len());
    }
}

#[test]
fn what_makes_no_sense_for_a_city_is_wrong_usage() {
    let folder = example("county-antibiotics", "city");
    for wrong in [
        &["rehearse", "city", "--policy", "waves"][..],
        &["rehearse", "city", "--sweep", "city.residents=1,2"],
        &["rehearse", "city", "--events", "events.jsonl"],
        &["plan", "city", "--policy", "broadcast"],
        &["plan", "city", "--keep", "plan.json"],
    ] {
        let output = shouhu(folder.path(), wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("city"), "{wrong:?}");
    }
    let refused = shouhu(folder.path(), &["check", "city", "--set", "round.closes=2020-01-01T00:00"]);
    assert_eq!(refused.status.code(), Some(1));
}
