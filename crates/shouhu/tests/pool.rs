//! `shouhu pool` through the binary: fields, exit status, notes, all languages.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::fs;
use terminal::{example, shouhu, told};

/// Best sizes as published: Dorfman (1943) for perfect tests, and the vignette of the R package binGroup2.
#[test]
fn the_published_sizes_are_the_best_of_1_to_150() {
    let here = tempfile::tempdir().unwrap();
    for (args, n, tests) in [
        (&["--prevalence", "0.001"][..], 32, 0.0628),
        (&["--prevalence", "1%"], 11, 0.1956),
        (&["--prevalence", "0.05"], 5, 0.4262),
        (&["--prevalence", "0.01", "--sensitivity", "0.99", "--specificity", "0.99"], 11, 0.2035),
    ] {
        let found = told(here.path(), &[&["pool", "--json"], args].concat());
        assert_eq!(found["sizes"].as_array().unwrap().len(), 150);
        assert_eq!((found["sizes"][0]["n"].as_u64(), found["best"]["n"].as_u64()), (Some(1), Some(n)));
        let of = |field: &str| found["best"][field].as_f64().unwrap();
        assert!((of("tests_per_person") - tests).abs() < 5e-5, "{args:?}: {found}");
        assert!(of("recalls_per_1000") > 0.0 && of("sensitivity") <= 1.0);
        assert_eq!(found["best"], found["sizes"][n as usize - 1]);
        assert!(
            found["notes"].as_array().unwrap().is_empty()
                && !found["findings"].as_array().unwrap().is_empty()
        );
    }
}

#[test]
fn sizes_are_those_asked_for_each_once() {
    let here = tempfile::tempdir().unwrap();
    let found = told(here.path(), &["pool", "--json", "--prevalence", "0.01", "--sizes", "20,1,5-7,5"]);
    let sizes: Vec<u64> =
        found["sizes"].as_array().unwrap().iter().map(|size| size["n"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [20, 1, 5, 6, 7]);
    let several = told(here.path(), &["pool", "--json", "--prevalence", "0.001,0.01,5%"]);
    let best =
        several["prevalences"].as_array().unwrap().iter().map(|one| one["best"]["n"].as_u64().unwrap());
    assert_eq!(best.collect::<Vec<_>>(), [32, 11, 5]);
}

#[test]
fn nobody_or_everybody_positive_is_told_and_loses_nothing() {
    let here = tempfile::tempdir().unwrap();
    for (prevalence, code, best) in [("0", "pooled_nobody", 150), ("1", "pooled_everybody", 1)] {
        let found = told(here.path(), &["pool", "--json", "--prevalence", prevalence]);
        assert_eq!(found["notes"][0]["code"], code);
        assert_eq!(
            (found["best"]["n"].as_u64(), found["sizes"].as_array().unwrap().len()),
            (Some(best), 150)
        );
        assert!(found["sizes"].as_array().unwrap().iter().all(|size| size["sensitivity"] == 1.0), "{found}");
    }
}

#[test]
fn what_cannot_be_is_wrong_usage() {
    let here = tempfile::tempdir().unwrap();
    let many = ["1"; 65].join(",");
    for args in [
        &["pool"][..],
        &["pool", "--prevalence", "1.5"],
        &["pool", "--prevalence", "-0.1"],
        &["pool", "--prevalence", "0.1", "--sensitivity", "NaN"],
        &["pool", "--prevalence", "0.1", "--sizes", "0"],
        &["pool", "--prevalence", "0.1", "--sizes", "9-5"],
        &["pool", "--prevalence", "0.1", "--sizes", "1001"],
        &["pool", "--prevalence", "0.1", "--households", "0,0"],
        &["pool", "--prevalence", "0.1", "--households", many.as_str()],
        &["pool", "--prevalence", "0.1", "--secondary", "0.3"],
        &["pool", "--prevalence", "0.1", "--lab-tubes-per-hour", "100"],
    ] {
        assert_eq!(shouhu(here.path(), args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn a_dilution_is_read_and_refused_at_its_rows() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("ours.csv"), "稀释倍数,保留灵敏度\n1,1\n32,0.9\n").unwrap();
    let args = ["pool", "--json", "--prevalence", "0.01", "--sizes", "1,32", "--dilution", "ours.csv"];
    let found = told(here.path(), &args);
    assert_eq!(found["sizes"][0]["sensitivity"], 1.0);
    let sees = found["sizes"][1]["sensitivity"].as_f64().unwrap();
    assert!(sees > 0.9 && sees < 0.93, "others in the tube may be positive, too: {sees}");

    fs::write(here.path().join("ours.csv"), "times,share\n2,1\n10,1.2\n5,half\n4,0.9\n3,0.9\n").unwrap();
    let out = shouhu(here.path(), &args);
    assert_eq!(out.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let said: Vec<(u64, &str, &str)> = found["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| {
            (note["row"].as_u64().unwrap(), note["column"].as_str().unwrap(), note["code"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        said,
        [
            (3, "share", "table_out_of_range"),
            (4, "share", "table_number_expected"),
            (6, "times", "dilution_order"),
        ]
    );
}

#[test]
fn what_no_size_finds_is_refused_with_the_most_that_one_does() {
    let here = tempfile::tempdir().unwrap();
    let args = ["pool", "--prevalence", "0.01", "--sensitivity", "0.9", "--sensitivity-min"];
    let out = shouhu(here.path(), &[&args[..], &["0.95", "--lang", "en"]].concat());
    assert_eq!(out.status.code(), Some(1));
    let text = String::from_utf8(out.stderr).unwrap();
    assert!(text.contains("90 %") && text.contains("with 1 to a tube"), "{text}");
    // Two stages find 0.81: only one alone finds 0.9.
    let found = told(here.path(), &[&args[..], &["0.85", "--json"]].concat());
    assert_eq!(found["best"]["n"], 1);
    // A visit that counts as much as 30 tests makes tubes smaller.
    let found = told(here.path(), &["pool", "--json", "--prevalence", "0.01", "--recall-tests", "30"]);
    assert!(found["best"]["n"].as_u64().unwrap() < 5, "{}", found["best"]);
}

#[test]
fn what_costs_more_than_one_alone_is_not_said_to_save() {
    let here = tempfile::tempdir().unwrap();
    let said = |args: &[&str]| {
        let out = shouhu(here.path(), &[&["pool", "--lang", "en", "--prevalence"], args].concat());
        assert!(out.status.success());
        String::from_utf8(out.stdout).unwrap()
    };
    let text = said(&["0.5", "--sizes", "5,10"]);
    assert!(text.contains("9.9 % more than one tube each") && !text.contains("saves"), "{text}");
    let text = said(&["0.07,0.001", "--sizes", "5"]);
    assert!(text.contains("\n7 %") && text.contains("\n0.1 %"), "{text}");
    // Two stages of a test that finds 0.9 find 0.81, less a last bit.
    let found = told(
        here.path(),
        &["pool", "--json", "--prevalence", "0.01", "--sensitivity", "0.9", "--sensitivity-min", "0.81"],
    );
    assert!(found["best"]["n"].as_u64().unwrap() > 1, "{}", found["best"]);
}

/// Whoever gives up was not tested, and a size by which many do is not the earliest.
#[test]
fn who_is_tired_of_waiting_counts_as_not_tested() {
    let folder = example("sunshine-garden", "round");
    let args =
        ["pool", "--json", "--scenario", "round", "--prevalence", "0.02", "--sizes", "1,10", "--reps", "10"];
    let change = ["--strangers", "--lab-tubes-per-hour", "4000"];
    let patience = ["--set", "patience.law=exponential", "--set", "patience.mean_min=20"];
    let found = told(folder.path(), &[&args[..], &change, &patience].concat());
    let day = |place: usize, field: &str| found["sizes"][place]["day"][field].as_f64().unwrap();
    let all =
        told(folder.path(), &[&args[..], &change].concat())["sizes"][0]["day"]["people"].as_f64().unwrap();
    for place in 0..2 {
        let came = day(place, "people") + day(place, "unserved");
        assert!(day(place, "unserved") > 50.0 && (came / all - 1.0).abs() < 0.02, "{came} of {all}");
    }
}

#[test]
fn a_scenarios_day_is_rehearsed_with_each_size() {
    let folder = example("sunshine-garden", "round");
    let args =
        ["pool", "--scenario", "round", "--prevalence", "0.02", "--sizes", "1,5,10,20", "--reps", "10"];
    let fast = [&args[..], &["--lab-tubes-per-hour", "400", "--strangers"]].concat();
    let found = told(folder.path(), &[&fast[..], &["--json"]].concat());
    let sizes = found["sizes"].as_array().unwrap();
    let hours: Vec<f64> = sizes.iter().map(|size| size["day"]["all_h"].as_f64().unwrap()).collect();
    // One alone needs no second visit: nine hours, of which the laboratory takes four for more tubes.
    assert_eq!(
        (found["best"]["n"].as_u64(), found["earliest"]["n"].as_u64()),
        (Some(10), Some(1)),
        "{hours:?}"
    );
    assert!(hours[0] < 16.0 && hours[1..].iter().all(|&hours| hours > 20.0), "{hours:?}");
    let again = told(folder.path(), &[&fast[..], &["--json", "--threads", "1"]].concat());
    assert_eq!(again, found, "the same bytes on any threads");
    // Households of its roll share tubes, unless they are asked for as strangers.
    let together = told(folder.path(), &[&args[..], &["--json"]].concat());
    let of = |found: &serde_json::Value, field: &str| found["sizes"][2][field].as_f64();
    assert_eq!(of(&together, "strangers_tests_per_person"), of(&found, "tests_per_person"));
    assert!(of(&together, "tests_per_person") < of(&found, "tests_per_person"));
    assert_eq!(together["notes"][0]["code"], "pooled_no_lab");
    for (language, words) in [
        ("en", "Earliest result"),
        ("zh", "最早出结果"),
        ("es", "Resultado más temprano"),
        ("zh-Hant", "最早出結果"),
    ] {
        let out = shouhu(folder.path(), &[&fast[..], &["--lang", language]].concat());
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(out.status.success() && text.contains(words), "{text}");
    }
    let out =
        shouhu(folder.path(), &["pool", "--scenario", "round", "--prevalence", "0.01", "--sizes", "30"]);
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn a_city_is_rehearsed_whole_and_one_without_labs_is_refused() {
    let folder = example("megacity", "city");
    let small = ["pool", "--scenario", "city", "--set", "city.residents=256650", "--json"];
    let args = [&small[..], &["--prevalence", "0.0005", "--sizes", "5,10"]].concat();
    let found = told(folder.path(), &args);
    let day = |place: usize, field: &str| found["sizes"][place]["day"][field].as_f64().unwrap();
    assert!(day(0, "tubes") > 1.8 * day(1, "tubes") && day(0, "recalls") < day(1, "recalls"), "{found}");
    assert!(day(0, "all_h") > day(0, "first_h") && found["earliest"]["n"].is_u64());
    let out = shouhu(folder.path(), &[&args[..], &["--lab-tubes-per-hour", "9"]].concat());
    assert_eq!(out.status.code(), Some(2));
    let folder = example("flu-clinic", "clinic");
    let out = shouhu(folder.path(), &["pool", "--scenario", "clinic", "--prevalence", "0.01", "--json"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8(out.stdout).unwrap().contains("pooled_no_tubes"));
}
