//! `shouhu drill` over a database: processes are killed while phones send, and nothing real is ever drilled on.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../../journal/tests/parts/cluster.rs"]
mod cluster;
mod terminal;

use serde_json::Value;
use terminal::{example, json, number, shouhu};

/// A short drill over a database.
const SHORT: [&str; 9] = ["--rate", "60", "--for", "8", "--kill-every", "3", "--phones", "6", "--json"];

#[test]
fn processes_that_are_killed_lose_nothing_and_boards_of_the_others_are_complete() {
    let folder = example("flu-clinic", "clinic");
    let database = cluster::database();
    let drill = [&["drill", &*database.url, "clinic"][..], &SHORT].concat();
    let (found, status) = json(folder.path(), &drill);
    for none in ["lost", "doubled", "unsent"] {
        assert_eq!(found[none], 0, "{none}: {found}");
    }
    assert_eq!(found["events"], 480, "{found}");
    assert!(number(&found["broken"]) > 0.0, "nobody was killed: {found}");
    let kills = found["kills"].as_array().unwrap();
    let killed: Vec<&Value> = kills.iter().map(|kill| &kill["process"]).collect();
    assert!(killed.len() >= 2 && killed[..2] == [0, 1], "{found}");
    for kill in kills {
        // On a busy machine it can take too long to be back.
        assert!(number(&kill["events"]) > 0.0 && kill["back_s"].as_f64().is_none_or(|s| s > 1.0), "{found}");
    }
    assert!(kills.iter().any(|kill| kill["back_s"].is_number()), "nobody comes back: {found}");
    let is_late = |kill: &Value| kill["complete_s"].as_f64().is_none_or(|s| s > 3.0);
    let late = kills.iter().any(is_late) || number(&found["shown_max_ms"]) > 3e3;
    assert_eq!(status, i32::from(late), "{found}");

    // The database is one for drills from now on.
    let real = ["serve", "--listen", "127.0.0.1:0", "--data", "real", "--database-url", &*database.url];
    let refused = shouhu(folder.path(), &real);
    let why = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(1) && why.contains("was made for drills"), "{why}");
    assert!(!folder.path().join("real").exists(), "nothing was written");
}

#[test]
fn a_database_that_may_be_real_is_not_drilled_on() {
    let folder = example("flu-clinic", "clinic");
    let database = cluster::database();
    let mut client = journal::postgres::connect(&database.url).unwrap();
    client.batch_execute("CREATE TABLE of_somebody (name text)").unwrap();
    let drill = [&["drill", &*database.url, "clinic"][..], &SHORT].concat();
    let (refused, status) = json(folder.path(), &drill);
    let note = &refused["notes"][0];
    assert_eq!((status, &note["code"]), (1, &"process".into()));
    assert!(note["message"].as_str().unwrap().contains("may be real"), "{refused}");
    let count = "SELECT count(*) FROM pg_namespace WHERE nspname = 'shouhu_drill'";
    assert_eq!(client.query_one(count, &[]).unwrap().get::<_, i64>(0), 0, "nothing was written");
}

#[test]
fn what_makes_no_sense_over_a_database_is_wrong_usage() {
    let folder = example("flu-clinic", "clinic");
    for wrong in [
        &["http://127.0.0.1:1", "clinic", "--kill-every", "60"][..],
        &["http://127.0.0.1:1", "clinic", "--processes", "2"],
        &["postgresql://nobody@127.0.0.1:1/none", "clinic", "--processes", "1"],
        &["postgresql://nobody@127.0.0.1:1/none", "clinic", "--kill-every", "60", "--for", "30"],
        &["postgresql://nobody@127.0.0.1:1/none", "clinic", "--for", "100000"],
        &["postgresql://nobody@127.0.0.1:1/none", "clinic", "--foresee", "2"],
        &["postgresql://nobody@127.0.0.1:1/none", "clinic", "--rate", "10", "--reconnect"],
    ] {
        let output = shouhu(folder.path(), &[&["drill"], wrong].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
