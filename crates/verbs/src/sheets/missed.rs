//! Whom a round missed, as a table for tomorrow.

use super::csv_table;
use crate::Voice;

/// A door of which somebody was not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StillMissed<'a> {
    /// The building.
    pub building: &'a str,
    /// The entrance; empty where a building has only one.
    pub entrance: &'a str,
    /// The door.
    pub door: &'a str,
    /// People who live there.
    pub people: u32,
    /// Those of them who were not served.
    pub missing: u32,
    /// The wave in which it was to be called.
    pub wave: Option<u32>,
    /// Why: the name of [`round::Why`].
    pub why: &'a str,
}

/// The list as a table that spreadsheets open: UTF-8 with a byte-order mark, and no cell that they would run.
pub fn missed(doors: &[StillMissed<'_>], voice: Voice) -> String {
    let heads = ["building", "entrance", "door", "people", "missing", "wave", "why"];
    let rows = doors.iter().map(|of| {
        [
            of.building.to_owned(),
            of.entrance.to_owned(),
            of.door.to_owned(),
            of.people.to_string(),
            of.missing.to_string(),
            of.wave.map_or_else(String::new, |wave| wave.to_string()),
            voice.word(&format!("evening.why.{}", of.why)),
        ]
    });
    csv_table("sheet", &heads, rows, voice)
}
