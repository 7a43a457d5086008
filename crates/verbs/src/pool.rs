//! `pool`: how many people to a tube.
//!
//! Map: [`Question`] what is asked · [`answer`] what each size costs, finds and misses, and which is best · [`read_dilution`] the
//! laboratory's table · [`site`] the table of a scenario and the hours until everybody has a result · [`city`](mod@city) the same for many
//! sites, rehearsed with their couriers and laboratories.

pub mod city;
pub mod site;

mod dilution;
mod said;

pub use dilution::read_dilution;
pub use said::{output, tests};

use domain::{Note, Notes, Place};
use screening::{Assay, Figures, Filling, best};
use serde::Serialize;
use site::SizeDay;

/// Sizes where nothing is asked: beyond 150 no published table goes, since a tube has no room.
pub const SIZES: std::ops::RangeInclusive<u32> = 1..=150;
/// The largest size that can be asked for.
pub const SIZE_MAX: u32 = 1_000;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Shares of the people who are positive, 0 to 1.
    pub prevalences: Vec<f64>,
    /// How well a test sees.
    pub assay: Assay,
    /// People in a tube.
    pub sizes: Vec<u32>,
    /// Who shares a tube.
    pub filling: Filling,
    /// The least share of positive people that a size must find to be the best.
    pub sensitivity_min: f64,
    /// What calling a person again counts beside the test, in tests.
    pub recall_tests: f64,
}

/// One size.
#[derive(Clone, Debug, Serialize)]
pub struct Size {
    /// People in a tube, at most.
    pub n: u32,
    /// Tests of both stages for each person.
    pub tests_per_person: f64,
    /// Share of the positive people who are found in the end; where nobody is positive, of the first who is.
    pub sensitivity: f64,
    /// Of 1,000 people, those who are called again for a tube of their own.
    pub recalls_per_1000: f64,
    /// Tubes of the first stage for each person.
    pub tubes_per_person: f64,
    /// Tubes of several people that are told positive, for 1,000 people.
    pub positive_tubes_per_1000: f64,
    /// Of 1,000 people, those told positive who are not.
    pub false_positives_per_1000: f64,
    /// Of 1,000 people, positive ones who are told negative.
    pub missed_per_1000: f64,
    /// Tests for each person if strangers shared the tubes; absent where they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strangers_tests_per_person: Option<f64>,
    /// The day of a scenario with such tubes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<SizeDay>,
}

/// All sizes at one prevalence.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Share of the people who are positive.
    pub prevalence: f64,
    /// What is asked, in its order.
    pub sizes: Vec<Size>,
    /// The place of the one with the fewest tests a person, recalls counted as the question says.
    pub best: usize,
    /// The place of the one by which everybody has a result first; `None` without a day.
    pub earliest: Option<usize>,
}

/// What each size comes to, at each prevalence. `day` brings the day of a size, by its place.
///
/// # Errors
/// A note, where no size finds the share that is asked for.
pub fn answer(
    question: &Question,
    day: &dyn Fn(usize, &Figures) -> Option<SizeDay>,
) -> Result<Vec<Answer>, Notes> {
    let mut notes = Notes::default();
    let answers = question.prevalences.iter().filter_map(|&prevalence| {
        let sizes = question.sizes.iter().enumerate();
        let sizes: Vec<Size> =
            sizes.map(|(place, &n)| question.size(n, prevalence, |of| day(place, of))).collect();
        let weight = |size: &Size| {
            let sees = sees(size, question.sensitivity_min);
            let recalls = question.recall_tests * size.recalls_per_1000 / 1_000.0;
            if sees { size.tests_per_person + recalls } else { f64::INFINITY }
        };
        let Some(best) = best(sizes.iter().map(weight)) else {
            notes.0.push(finds_too_few(&sizes, question.sensitivity_min));
            return None;
        };
        Some(Answer { prevalence, earliest: earliest(&sizes, question.sensitivity_min), sizes, best })
    });
    let answers = answers.collect();
    if notes.refuses() { Err(notes) } else { Ok(answers) }
}

/// What a careful reader should know before the figures.
pub fn hints(question: &Question) -> Notes {
    let mut notes = Notes::default();
    let place = || Place::file("--prevalence");
    if question.prevalences.contains(&0.0) {
        notes.hint(place(), "pooled_nobody", &[]);
    }
    if question.prevalences.contains(&1.0) {
        notes.hint(place(), "pooled_everybody", &[]);
    }
    let largest = question.sizes.iter().copied().max().unwrap_or(1);
    if let Some(known) = question.assay.dilution.known_to().filter(|known| f64::from(largest) > *known) {
        notes.hint(Place::file("--dilution"), "dilution_ends", &[("times", &known), ("largest", &largest)]);
    }
    notes
}

impl Question {
    fn size(&self, n: u32, prevalence: f64, day: impl FnOnce(&Figures) -> Option<SizeDay>) -> Size {
        let figures = self.filling.figures(n, prevalence, &self.assay);
        let strangers = match self.filling {
            Filling::Strangers => None,
            Filling::Households(_) => {
                Some(Filling::Strangers.figures(n, prevalence, &self.assay).tests_per_person)
            }
        };
        Size {
            n,
            tests_per_person: figures.tests_per_person,
            sensitivity: figures.sensitivity.unwrap_or(0.0),
            recalls_per_1000: figures.recalls_per_1000,
            tubes_per_person: figures.tubes_per_person,
            positive_tubes_per_1000: figures.positive_tubes_per_1000,
            false_positives_per_1000: figures.false_positives_per_1000,
            missed_per_1000: figures.missed_per_1000,
            strangers_tests_per_person: strangers,
            day: day(&figures),
        }
    }
}

/// Rounding must not refuse a size that finds just as many as are asked for.
const ROUNDING: f64 = 1e-9;

fn sees(size: &Size, sensitivity_min: f64) -> bool {
    size.sensitivity >= sensitivity_min - ROUNDING
}

/// More people than this not tested beyond the least, and a day is not comparable: it ends early because it gave up.
const UNSERVED_MORE: f64 = 0.5;

/// The size by which everybody has a result first, of those that serve as many as any and see enough.
fn earliest(sizes: &[Size], sensitivity_min: f64) -> Option<usize> {
    let lost = |size: &Size| size.day.as_ref().map_or(f64::INFINITY, |day| day.unserved);
    let least = sizes.iter().map(lost).fold(f64::INFINITY, f64::min);
    best(sizes.iter().map(|size| match &size.day {
        Some(day) if day.unserved <= least + UNSERVED_MORE && sees(size, sensitivity_min) => day.all_h,
        _ => f64::INFINITY,
    }))
}

fn finds_too_few(sizes: &[Size], wanted: f64) -> Note {
    let place = best(sizes.iter().map(|size| -size.sensitivity)).unwrap_or(0);
    let (n, most) = sizes.get(place).map_or((1, 0.0), |size| (size.n, size.sensitivity));
    let mut notes = Notes::default();
    notes.error(
        Place::file("--sensitivity-min"),
        "pooled_finds_too_few",
        &[("wanted", &said::percent(wanted)), ("most", &said::percent(most)), ("n", &n)],
    );
    notes.0.remove(0)
}

impl Answer {
    /// The size with the fewest tests.
    pub fn best(&self) -> &Size {
        &self.sizes[self.best]
    }

    /// The size by which everybody has a result first.
    pub fn earliest(&self) -> Option<&Size> {
        self.earliest.map(|place| &self.sizes[place])
    }
}
