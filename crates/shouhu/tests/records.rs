//! `rehearse --records`: every visit as a row, from which the figures of the same command follow to the last bit.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};
use serde_json::Value;
use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

/// What a command prints, and its exit status.
fn shouhu(folder: &Path, args: &[&str]) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shouhu"));
    let output = command.args(args).current_dir(folder).env("LC_ALL", "C").output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

fn example(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(shouhu(folder.path(), &["init", "round", "--example", name]).1, 0);
    folder
}

/// Rehearses `round` with these further arguments, and gives its JSON.
fn rehearse(folder: &Path, more: &[&str]) -> Value {
    let (text, status) = shouhu(folder, &[&["rehearse", "round", "--json"], more].concat());
    assert_eq!(status, 0, "{more:?}");
    serde_json::from_str(&text).unwrap()
}

/// A table: its headings and its rows.
struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(path: &Path) -> Table {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let heads = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        Table { heads, rows }
    }

    fn column(&self, name: &str) -> usize {
        self.heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    /// The rows in whose column stands this value.
    fn having(&self, name: &str, value: &str) -> Vec<&[String]> {
        let place = self.column(name);
        self.rows.iter().map(Vec::as_slice).filter(|row| row[place] == value).collect()
    }

    /// Ticks of 0.1 ms in a column of seconds.
    fn ticks(&self, row: &[String], name: &str) -> i64 {
        (row[self.column(name)].parse::<f64>().unwrap() * 10_000.0).round() as i64
    }
}

/// The quantile as the figures have it: from a histogram with bins of one second, (k − 1, k], in minutes.
fn quantile(sorted: &[i64], share: f64) -> f64 {
    let rank = share * sorted.len() as f64;
    let bin = |ticks: i64| (ticks + 9_999) / 10_000;
    let mut below = 0.0;
    for people in sorted.chunk_by(|one, other| bin(*one) == bin(*other)) {
        let (upper, count) = (bin(people[0]), people.len() as f64);
        if below + count >= rank {
            let within = if upper == 0 { 0.0 } else { (upper - 1) as f64 + (rank - below) / count };
            return (within * 10_000.0).min(sorted[sorted.len() - 1] as f64) / 600_000.0;
        }
        below += count;
    }
    unreachable!("a rank is within the people")
}

/// A number as it comes out of JSON: reading may lose its last bit, so both sides are read.
fn read(number: f64) -> Value {
    serde_json::from_str(&serde_json::to_string(&number).unwrap()).unwrap()
}

/// Mean, median and p95 of waits, as the figures of this object have them, against those of the rows.
fn waits_agree(figures: &Value, mut ticks: Vec<i64>) {
    ticks.sort_unstable();
    let mean = ticks.iter().map(|&wait| i128::from(wait)).sum::<i128>() as f64 / ticks.len() as f64;
    assert_eq!(figures["mean"], read(mean / 600_000.0));
    assert_eq!(figures["p50"], read(quantile(&ticks, 0.5)));
    assert_eq!(figures["p95"], read(quantile(&ticks, 0.95)));
    assert_eq!(figures["max"], read(*ticks.last().unwrap() as f64 / 600_000.0));
}

/// All that can be recomputed of one run.
fn agrees(figures: &Value, table: &Table, run: &str) {
    let rows = table.having("run", run);
    let (end, class, counted) = (table.column("end"), table.column("class"), table.column("counted"));
    let reps = figures["replications"].as_f64().unwrap();
    assert_eq!(figures["people"], read(rows.len() as f64 / reps));
    for word in ["served", "left", "unserved"] {
        let people = rows.iter().filter(|row| row[end] == word).count();
        assert_eq!(figures[word], read(people as f64 / reps), "{word}");
    }
    let served: Vec<&&[String]> =
        rows.iter().filter(|row| row[end] == "served" && row[counted] == "true").collect();
    let waits = |row: &&&[String]| table.ticks(row, "waited_s");
    waits_agree(&figures["wait_min"], served.iter().map(waits).collect());
    let stays = |row: &&&[String]| table.ticks(row, "left_s") - table.ticks(row, "arrived_s");
    waits_agree(&figures["stay_min"], served.iter().map(stays).collect());
    for (name, of_class) in figures["classes"].as_object().unwrap() {
        let waited: Vec<i64> = served.iter().filter(|row| row[class] == **name).map(waits).collect();
        if !waited.is_empty() {
            waits_agree(&of_class["wait_min"], waited);
        }
    }
    for station in figures["stations"].as_array().unwrap() {
        let name = station["name"].as_str().unwrap();
        let started = table.column(&format!("{name}_started_s"));
        let rows = rows.iter().filter(|row| !row[started].is_empty() && row[counted] == "true");
        let waited = rows.map(|row| {
            table.ticks(row, &format!("{name}_started_s")) - table.ticks(row, &format!("{name}_queued_s"))
        });
        waits_agree(&station["wait_min"], waited.collect());
    }
}

#[test]
fn the_figures_follow_from_the_rows() {
    let folder = example("sunshine-garden");
    let found =
        rehearse(folder.path(), &["--reps", "9", "--seed", "5", "--compare", "waves", "--records", "v.csv"]);
    let table = Table::read(&folder.path().join("v.csv"));
    agrees(&found, &table, "broadcast");
    agrees(&found["compared"], &table, "waves");
    // A household is one number, called once, whatever the plan.
    let (person, household) = (table.column("person"), table.column("household"));
    let home = |run: &str| {
        let homes = table.having("run", run).into_iter();
        homes.map(|row| (row[person].clone(), row[household].clone())).collect::<Vec<_>>()
    };
    let (mut waves, mut broadcast) = (home("waves"), home("broadcast"));
    waves.sort_unstable();
    broadcast.sort_unstable();
    assert_eq!(waves, broadcast);
}

#[test]
fn both_days_of_a_fault_have_their_rows_and_both_engines_the_same_bytes() {
    let folder = example("flu-clinic");
    let fault = ["--reps", "4", "--fault", "system-down=45@10:00"];
    let found = rehearse(folder.path(), &[&fault[..], &["--records", "fast.csv"]].concat());
    let table = Table::read(&folder.path().join("fast.csv"));
    let runs: Vec<&str> =
        table.rows.chunk_by(|one, other| one[0] == other[0]).map(|rows| &*rows[0][0]).collect();
    let [without, with] = runs[..] else { panic!("{runs:?}") };
    agrees(&found, &table, with);
    agrees(&found["without"], &table, without);
    rehearse(folder.path(), &[&fault[..], &["--engine", "event", "--records", "event.csv"]].concat());
    let bytes = |name| fs::read(folder.path().join(name)).unwrap();
    assert_eq!(bytes("fast.csv"), bytes("event.csv"));
}

#[test]
fn impatience_closing_ways_back_and_warm_up_are_in_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("round")).unwrap();
    let text = "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\n\
         date = 2022-03-28\nopens = \"08:00\"\ncloses = \"10:00\"\n[site]\nlanes = 2\n\
         [[site.station]]\nname = \"first\"\nservers = 2\nservice = { law = \"exponential\", mean_s = 60 }\n\
         [[site.station]]\nname = \"second\"\nservers = 2\nservice = { law = \"exponential\", mean_s = 60 }\n\
         next = [{ to = \"exit\", share = 0.8 }, { to = \"first\", share = 0.2 }]\n\
         [arrivals]\nlaw = \"poisson\"\nper_hour = 220\n[patience]\nlaw = \"exponential\"\nmean_min = 30\n\
         [statistics]\nwarmup_people = 7\n";
    fs::write(folder.path().join("round/scenario.toml"), text).unwrap();
    let found = rehearse(folder.path(), &["--reps", "6", "--records", "v.csv"]);
    let mut table = Table::read(&folder.path().join("v.csv"));
    let returns = table.column("returns");
    assert!(table.rows.iter().any(|row| row[returns] != "0"));
    assert_eq!(table.having("counted", "false").len(), 7 * 6);
    assert!(!table.having("end", "left").is_empty() && !table.having("end", "unserved").is_empty());
    // Stations tell the last pass only: their waits are compared where nobody comes again.
    let mut found = found;
    found["stations"] = Value::Array(Vec::new());
    agrees(&found, &table, "as_given");
    table.rows.retain(|row| row[returns] == "0" && !row[table.heads.len() - 2].is_empty());
    for row in table.having("end", "served") {
        let wait = |name: &str| {
            table.ticks(row, &format!("{name}_started_s")) - table.ticks(row, &format!("{name}_queued_s"))
        };
        assert_eq!(table.ticks(row, "waited_s"), wait("first") + wait("second"));
    }
}

#[test]
fn parquet_says_what_csv_says() {
    let folder = example("drive-through");
    for file in ["v.csv", "v.parquet"] {
        rehearse(folder.path(), &["--reps", "3", "--records", file]);
    }
    let table = Table::read(&folder.path().join("v.csv"));
    let bytes = bytes::Bytes::from(fs::read(folder.path().join("v.parquet")).unwrap());
    let reader = SerializedFileReader::new(bytes).unwrap();
    let schema = reader.metadata().file_metadata().schema();
    let heads: Vec<&str> = schema.get_fields().iter().map(|field| field.name()).collect();
    assert_eq!(heads, table.heads);
    let rows = reader.get_row_iter(None).unwrap().map(|row| {
        let cells = row.unwrap();
        let cells = cells.get_column_iter().map(|(_, cell)| match cell {
            Field::Null => String::new(),
            Field::Long(number) => number.to_string(),
            Field::Double(number) => number.to_string(),
            Field::Bool(flag) => flag.to_string(),
            Field::Str(word) => word.clone(),
            other => panic!("{other:?}"),
        });
        cells.collect::<Vec<_>>()
    });
    assert!(rows.eq(table.rows), "the tables differ");
}

#[test]
fn another_ending_and_a_city_are_told_what_to_do() {
    let folder = example("drive-through");
    assert_eq!(shouhu(folder.path(), &["rehearse", "round", "--records", "v.xlsx"]).1, 2);
    assert_eq!(shouhu(folder.path(), &["init", "city", "--example", "county-antibiotics"]).1, 0);
    assert_eq!(shouhu(folder.path(), &["rehearse", "city", "--records", "v.csv"]).1, 2);
    assert!(!folder.path().join("v.csv").exists());
}
