//! What a laboratory knows of its test: how much of the sensitivity is left when a positive is one of many in the tube.

use crate::{
    sheet::Grouped,
    tables::{Column, Holds, Table, read},
};
use domain::{Notes, Place};

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct DilutionRow {
    /// Where it stands.
    pub place: Place,
    /// How many times a positive is diluted: people in the tube over positive ones.
    pub times: f64,
    /// The share of the undiluted sensitivity that is left.
    pub share: f64,
}

/// More people than ever shared a tube.
const TIMES_MAX: f64 = 10_000.0;

static TABLE: Table = Table {
    name: "dilution",
    columns: &[
        Column {
            name: "times",
            chinese: "稀释倍数",
            holds: Holds::Number(1.0, TIMES_MAX),
            required: true,
            also: &["dilution", "fold", "pool", "倍数", "混采人数"],
        },
        Column {
            name: "share",
            chinese: "保留灵敏度",
            holds: Holds::Number(0.0, 1.0),
            required: true,
            also: &["left", "sensitivity", "share_left", "灵敏度", "保留比例"],
        },
    ],
};

/// Reads such a table, CSV or XLSX: its rows as far as each cell holds what it should, and notes on all others.
pub fn read_dilution(file: &str, bytes: &[u8]) -> (Vec<DilutionRow>, Notes) {
    let mut rows = Vec::new();
    let mut notes = Grouped::new(file);
    read(&TABLE, bytes, &mut notes, &mut |_, _| {}, &mut |cells, _| {
        if let (true, Some(times), Some(share)) =
            (cells.sound, cells.number_in("times"), cells.number_in("share"))
        {
            rows.push(DilutionRow { place: Place::file(file).row(cells.number()), times, share });
        }
    });
    (rows, notes.finish())
}
