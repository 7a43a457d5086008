//! `shouhu migrate`: a data folder into an empty database.

use super::{
    Stop,
    serve::{database, of_database, people_of, rounds_of, stored},
};
use crate::{args::Migrate, speak::Speaker};
use domain::Severity;
use serde_json::{Value, json};
use server::{
    access::secret::hex,
    migrate::{self, MigrateError, Moved},
};
use std::path::Path;

pub fn run(args: &Migrate, speaker: Speaker) -> Result<(), Stop> {
    let database = database(args.database_url.as_ref())
        .ok_or_else(|| Stop::Usage(speaker.word("keep.migrate.no_database").to_owned()))?;
    let tell = |table: &str| speaker.aside(&speaker.say("keep.migrate.table", &[("table", table)]));
    let moved = migrate::migrate(&args.data, &database, &tell).map_err(|error| {
        let why = in_words(&error, &args.data, speaker);
        if args.json {
            let note = json!({ "severity": Severity::Error, "code": "migrate", "message": why });
            speaker.json(&json!({ "notes": [note] }));
        } else {
            speaker.aside(&why);
        }
        Stop::Refused
    })?;
    if args.json {
        speaker.json(&as_json(&moved));
        return Ok(());
    }
    let rows: u64 = moved.tables.iter().map(|table| table.rows).sum();
    let counts = [rows, moved.tables.len() as u64, moved.scenarios as u64, moved.logs, moved.frames];
    let [rows, tables, scenarios, logs, frames] = counts.map(|count| count.to_string());
    let told = [
        ("rows", &*rows),
        ("tables", &tables),
        ("scenarios", &scenarios),
        ("logs", &logs),
        ("frames", &frames),
    ];
    speaker.result(&speaker.say("keep.migrate.done", &told));
    let key = args.data.join("keys").join("master.key").display().to_string();
    speaker.result(&speaker.say("keep.migrate.next", &[("path", &key)]));
    Ok(())
}

fn as_json(moved: &Moved) -> Value {
    let tables = moved.tables.iter();
    let table =
        |of: &migrate::MovedTable| json!({ "table": of.name, "rows": of.rows, "sha256": hex(&of.sha256) });
    json!({
        "tables": tables.map(table).collect::<Vec<Value>>(), "scenarios": moved.scenarios,
        "logs": moved.logs, "frames": moved.frames,
    })
}

/// Why a folder was not moved into a database, or a database not fetched into one.
pub(super) fn in_words(error: &MigrateError, data: &Path, speaker: Speaker) -> String {
    let path = data.display().to_string();
    match error {
        MigrateError::NoData => speaker.say("keep.no_data", &[("path", &path)]),
        MigrateError::OtherForm => speaker.word("keep.migrate.other_form").to_owned(),
        MigrateError::Disk(source) => {
            let args = [("path", &*path), ("why", &*source.to_string())];
            format!("{} {}", speaker.say("problem.disk", &args), speaker.word("problem_mend.disk"))
        }
        MigrateError::NotEmpty(table) => speaker.say("keep.migrate.not_empty", &[("table", table)]),
        MigrateError::Differs(table) => speaker.say("keep.migrate.differs", &[("table", table)]),
        MigrateError::Faulty(faults) => speaker.say("keep.migrate.faulty", &[("count", &faults.to_string())]),
        MigrateError::People(error) => people_of(error, speaker),
        MigrateError::Rounds(error) => rounds_of(error, speaker),
        MigrateError::Places(fault) => speaker.say("serve.not_placed", &[("why", fault.code())]),
        MigrateError::Scenarios(error) => stored(error, data, speaker),
        MigrateError::Journal(error) => speaker.say("keep.journal", &[("why", &error.to_string())]),
        MigrateError::Storage(error) => speaker.say("keep.journal", &[("why", &error.to_string())]),
        MigrateError::Database(error) => of_database(error, speaker),
    }
}
