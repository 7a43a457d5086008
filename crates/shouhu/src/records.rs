//! Every visit as a row of a long table: `rehearse --records`. A public format, told in docs/research.md: columns are
//! only ever added, after those that are there.

use chance::{TICKS_PER_SECOND, Ticks};
use formats::rows::{Column, Kind, Rows, Value, csv, parquet};
use rehearse::{
    Luck, Progress,
    records::{Passage, Record},
};
use std::{
    fs::File,
    io::{self, BufWriter},
    path::Path,
};
use verbs::Lived;

/// How the table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// As the ending of the file's name says; `None` for any other.
    pub fn of(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Format::Csv),
            "parquet" => Some(Format::Parquet),
            _ => None,
        }
    }

    /// Writes every visit of these rehearsals, of one scenario, into a file; returns how many there were.
    ///
    /// # Errors
    /// Those of the file.
    pub fn write(
        self,
        path: &Path,
        runs: &[&Lived],
        (luck, reps): (Luck, u32),
        progress: &Progress,
    ) -> io::Result<u64> {
        let file = BufWriter::new(File::create(path)?);
        let columns = columns(runs);
        let mut rows: Box<dyn Rows> = match self {
            Format::Csv => Box::new(csv(&columns, file)?),
            Format::Parquet => Box::new(parquet(&columns, file)?),
        };
        let mut visits = 0;
        let mut values = Vec::with_capacity(columns.len());
        for lived in runs {
            let (name, classes) = (&lived.name, lived.rehearsal.classes());
            lived.rehearsal.records(luck, reps, progress, |record| {
                visits += 1;
                values.clear();
                fill(&mut values, name, classes, record);
                rows.row(&values)
            })?;
        }
        rows.finish()?;
        Ok(visits)
    }
}

/// Before those of the stations.
const BEFORE: [(&str, Kind); 11] = [
    ("run", Kind::Word),
    ("replication", Kind::Whole),
    ("person", Kind::Whole),
    ("household", Kind::Whole),
    ("class", Kind::Word),
    ("green", Kind::Flag),
    ("party", Kind::Whole),
    ("lane", Kind::Whole),
    ("wave", Kind::Whole),
    ("called_s", Kind::Decimal),
    ("arrived_s", Kind::Decimal),
];
/// Of each station, after its name.
const STATION: [&str; 3] = ["queued_s", "started_s", "ended_s"];
/// After them.
const AFTER: [(&str, Kind); 5] = [
    ("returns", Kind::Whole),
    ("waited_s", Kind::Decimal),
    ("left_s", Kind::Decimal),
    ("end", Kind::Word),
    ("counted", Kind::Flag),
];

fn columns(runs: &[&Lived]) -> Vec<Column> {
    let named = |&(name, kind): &(&str, Kind)| Column { name: name.to_owned(), kind };
    let stations = runs.first().map_or(&[][..], |lived| &lived.scenario.site.stations);
    let timed = stations.iter().flat_map(|station| {
        STATION.map(|what| Column { name: format!("{}_{what}", station.name), kind: Kind::Decimal })
    });
    BEFORE.iter().map(named).chain(timed).chain(AFTER.iter().map(named)).collect()
}

/// A record's values, in the order of the columns. What is counted from 0 inside is counted from 1, but replications.
fn fill<'a>(values: &mut Vec<Value<'a>>, run: &'a str, classes: &'a [String], record: &Record) {
    let from_one = |number: u32| Value::Whole(i64::from(number) + 1);
    let call = record.call.as_ref();
    values.extend([
        Value::Word(run),
        Value::Whole(record.replication.into()),
        from_one(record.person),
        call.map_or(Value::Nothing, |call| from_one(call.household)),
        Value::Word(&classes[record.class]),
        Value::Flag(record.green),
        Value::Whole(record.party.into()),
        from_one(record.lane as u32),
        call.map_or(Value::Nothing, |call| Value::Whole(call.wave.into())),
        seconds(call.map(|call| call.told)),
        seconds(Some(record.arrived)),
    ]);
    for &Passage { queued, started, ended } in record.stations {
        values.extend([queued, started, ended].map(seconds));
    }
    values.extend([
        Value::Whole(record.returns.into()),
        seconds(Some(record.waited)),
        seconds(Some(record.gone)),
        Value::Word(record.end.name()),
        Value::Flag(record.counted),
    ]);
}

/// The nearest number to a time of four decimals: written out, it has those four and no more.
fn seconds<'a>(ticks: Option<Ticks>) -> Value<'a> {
    ticks.map_or(Value::Nothing, |ticks| Value::Decimal(ticks as f64 / TICKS_PER_SECOND as f64))
}
