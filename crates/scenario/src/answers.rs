//! Seven questions, and the scenario's folder made from their answers: for someone who has no roll and writes no file.
//!
//! [`Answers`] is what a page or a terminal collects; [`Brief`] the same, checked; [`compose`] the folder. How many
//! lanes and servers the staff make is asked elsewhere and comes as plain data, [`Staffing`].

mod brief;
mod coming;
mod homes;
mod written;

pub use brief::{Brief, Reach, Who};
pub use written::{Staffing, compose};

use domain::Notes;
use serde::{Deserialize, Serialize};

/// The name by which notes call the answers, as if they were a file; its columns are the fields.
pub const FILE: &str = "answers";

/// The answers as they are given. Nothing is checked yet: a field may be empty, too large, or no number at all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// What it is: the name of a service, `screening`.
    pub service: String,
    /// How many people it is for; this or `households`, or both.
    pub people: Option<f64>,
    /// How many households.
    pub households: Option<f64>,
    /// The day, `2026-12-01`.
    pub date: String,
    /// When it opens, `07:00`.
    pub opens: String,
    /// When it closes, `13:00`; with the date, `2026-12-03T13:00`, if that is another day.
    pub closes: String,
    /// How many people can staff it at one time, callers included.
    pub staff: Option<f64>,
    /// How residents are reached: `doors`, `chat`, `appointments` or `walk-in`.
    pub reach: String,
    /// How many can wait without crowding.
    pub room: Option<f64>,
    /// What wait, in minutes, 95 in 100 should not exceed.
    pub wait: Option<f64>,
    /// The place's IANA time zone, which a page or a terminal knows by itself.
    pub timezone: String,
    /// What people call the round; empty: the service and the day.
    pub name: String,
}

impl Answers {
    /// All that is wrong with the answers; each note's column is the field's name.
    pub fn check(&self) -> Notes {
        Brief::of(self).1
    }
}
