//! `shouhu drill` through a real server: what arrived is what was sent, and nothing real is ever drilled on.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};
use terminal::{example, json, number, shouhu};

/// A server at a free port.
struct Served {
    child: Child,
    url: String,
}

impl Served {
    fn start(data: &Path, more: &[&str]) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shouhu"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .env("LC_ALL", "C")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Served { child, url: line.trim().to_owned() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn note(found: &Value) -> &str {
    found["notes"][0]["code"].as_str().unwrap_or_else(|| panic!("{found}"))
}

#[test]
fn each_event_arrives_once_whatever_the_pace_and_the_uploads() {
    let folder = example("flu-clinic", "clinic");
    let served = Served::start(&folder.path().join("data"), &["--drill"]);
    let one = ["drill", &*served.url, "clinic", "--rate", "400", "--for", "1", "--phones", "7", "--json"];
    let (found, status) = json(folder.path(), &one);
    assert_eq!(status, 0, "{found}");
    assert_eq!((&found["events"], &found["uploads"]), (&400.into(), &400.into()));
    for (field, least) in
        [("per_second", 1.0), ("p50_ms", 0.0), ("p99_ms", 0.0), ("lost", 0.0), ("doubled", 0.0)]
    {
        assert!(number(&found[field]) >= least, "{field}: {found}");
    }
    // A whole rehearsal, as fast as it goes, in uploads of several events on fewer connections than phones.
    let all = [
        "drill",
        &*served.url,
        "clinic",
        "--speed",
        "100000",
        "--phones",
        "5",
        "--connections",
        "2",
        "--batch",
        "50",
        "--json",
    ];
    let (whole, status) = json(folder.path(), &all);
    assert_eq!(status, 0, "{whole}");
    let events = number(&whole["events"]);
    let uploads = number(&whole["uploads"]);
    assert!(uploads >= events / 50.0 && uploads <= events / 50.0 + 5.0, "{whole}");
    assert_eq!((&whole["lost"], &whole["doubled"], &whole["unsent"]), (&0.into(), &0.into(), &0.into()));
    // What was rehearsed is what was sent.
    let rehearsed = shouhu(folder.path(), &["rehearse", "clinic", "--reps", "1", "--events", "events"]);
    assert!(rehearsed.status.success());
    let lines = fs::read_to_string(folder.path().join("events")).unwrap().lines().count();
    assert_eq!(lines as f64, events);
    let said = shouhu(
        folder.path(),
        &["drill", &served.url, "clinic", "--rate", "100", "--for", "1", "--phones", "2"],
    );
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("acknowledged and lost"), "{said}");
}

#[test]
fn what_the_desk_foresees_is_held_against_what_came() {
    let folder = tempfile::tempdir().unwrap();
    // A morning of two hours and two hundred doors.
    let court = include_str!("../../server/tests/api/court.toml");
    let court = court.replace("households = 60", "households = 200");
    fs::create_dir(folder.path().join("court")).unwrap();
    fs::write(folder.path().join("court/scenario.toml"), court).unwrap();
    let served = Served::start(&folder.path().join("data"), &["--drill"]);
    let asked = ["drill", &*served.url, "court", "--foresee", "2"];
    let (seen, status) = json(folder.path(), &[&asked[..], &["--json"]].concat());
    assert_eq!((status, &seen["rounds"]), (0, &2.into()), "{seen}");
    for field in ["wait", "wait_in_an_hour", "done_97"] {
        assert!(number(&seen[field]["shown"]) >= 2.0, "{field}: {seen}");
        // Households that were somebody else, or another hour of the day, are off by more than this.
        assert!(number(&seen[field]["error_median_min"]) < 12.0, "{field}: {seen}");
        assert!((0.0..=1.0).contains(&number(&seen[field]["in_band"])), "{field}: {seen}");
    }
    assert_eq!(seen["done_97_by_look"][1]["minute"], 30);
    let said = shouhu(folder.path(), &[&asked[..], &["--lang", "zh"]].concat());
    let (table, below) = (String::from_utf8(said.stdout).unwrap(), String::from_utf8(said.stderr).unwrap());
    assert!(table.contains("97% 的人完成的时间") && below.contains("共 2 轮"), "{table}{below}");
}

#[test]
fn nothing_real_is_drilled_on_and_no_drill_becomes_real() {
    let folder = example("flu-clinic", "clinic");
    let (real, drill) = (folder.path().join("real"), folder.path().join("drill"));
    let drilled =
        |url: &str| json(folder.path(), &["drill", url, "clinic", "--rate", "10", "--for", "1", "--json"]);
    let served = Served::start(&real, &[]);
    let (refused, status) = drilled(&served.url);
    assert_eq!((status, note(&refused)), (1, "not_for_drills"));
    drop(served);
    let (refused, status) = drilled("http://127.0.0.1:1");
    assert_eq!((status, note(&refused)), (1, "broken"), "nobody listens there");
    // Nothing of the drill is left on the real server.
    assert_eq!(fs::read_dir(real.join("scenarios")).unwrap().count(), 0);
    let serve = |data: &Path, more: &[&str]| {
        let args = [&["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()], more].concat();
        let output = shouhu(folder.path(), &args);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (status, why) = serve(&real, &["--drill"]);
    assert_eq!(status, Some(1));
    assert!(why.contains("may be real"), "{why}");
    drop(Served::start(&drill, &["--drill"]));
    let (status, why) = serve(&drill, &[]);
    assert_eq!(status, Some(1));
    assert!(why.contains("made for drills"), "{why}");
    let (kept, status) = json(folder.path(), &["backup", "kept", "--data", "drill", "--json"]);
    assert_eq!((status, note(&kept)), (1, "drill"));
}

#[test]
fn what_makes_no_sense_is_wrong_usage() {
    let folder = example("flu-clinic", "clinic");
    for wrong in [
        &["https://127.0.0.1:1", "clinic"][..],
        &["127.0.0.1:8300", "clinic"],
        &["http://127.0.0.1:1/page", "clinic"],
        &["http://127.0.0.1:1", "clinic", "--reconnect"],
        &["http://127.0.0.1:1", "clinic", "--rate", "1000000", "--for", "60"],
        &["http://127.0.0.1:1", "clinic", "--rate", "0"],
        &["http://127.0.0.1:1", "clinic", "--batch", "257"],
        &["http://127.0.0.1:1", "clinic", "--speed", "2", "--rate", "2"],
        &["http://127.0.0.1:1", "clinic", "--foresee", "0"],
        &["http://127.0.0.1:1", "clinic", "--foresee", "2", "--rate", "2"],
    ] {
        let output = shouhu(folder.path(), &[&["drill"], wrong].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
