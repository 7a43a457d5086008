//! What is counted, and how many of it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kind of thing and the unit in which it is counted. Swabs by the piece and swabs by the box are two goods: nothing is converted by guess.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Good {
    /// What it is called, as in `supplies.csv`.
    #[serde(rename = "good")]
    pub name: String,
    /// In what it is counted: piece, bottle, box.
    pub unit: String,
}

/// A good and how many of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    good: Good,
    count: u32,
}

/// Goods and how many of each: what stands on a shipment, or was counted. A good that stands on it with 0 was looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Vec<Line>", into = "Vec<Line>")]
pub struct Lines(pub BTreeMap<Good, u32>);

/// Sums of lines, which may be many.
pub type Counts = BTreeMap<Good, i64>;

impl Good {
    /// A good.
    pub fn new(name: &str, unit: &str) -> Good {
        Good { name: name.to_owned(), unit: unit.to_owned() }
    }
}

impl Lines {
    /// How many of a good.
    pub fn of(&self, good: &Good) -> i64 {
        self.0.get(good).copied().map_or(0, i64::from)
    }

    /// Adds them to sums.
    pub fn add_to(&self, counts: &mut Counts) {
        for (good, count) in &self.0 {
            *counts.entry(good.clone()).or_default() += i64::from(*count);
        }
    }
}

impl FromIterator<(Good, u32)> for Lines {
    /// What stands there twice is counted together.
    fn from_iter<I: IntoIterator<Item = (Good, u32)>>(lines: I) -> Lines {
        let mut all = BTreeMap::<Good, u32>::new();
        for (good, count) in lines {
            let sum = all.entry(good).or_default();
            *sum = sum.saturating_add(count);
        }
        Lines(all)
    }
}

impl From<Vec<Line>> for Lines {
    fn from(lines: Vec<Line>) -> Lines {
        lines.into_iter().map(|line| (line.good, line.count)).collect()
    }
}

impl From<Lines> for Vec<Line> {
    fn from(lines: Lines) -> Vec<Line> {
        lines.0.into_iter().map(|(good, count)| Line { good, count }).collect()
    }
}
