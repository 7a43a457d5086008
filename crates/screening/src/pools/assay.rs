//! How well one test sees.

/// A test by its errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Assay {
    /// Share of positive people whom a test of their own finds, 0 to 1.
    pub sensitivity: f64,
    /// Share of negative tubes that are told negative, 0 to 1.
    pub specificity: f64,
    /// What many others in the tube take from the sensitivity.
    pub dilution: Dilution,
}

/// Sensitivity by how many times a positive is diluted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dilution {
    /// Times (1 and more, rising) and the share of the undiluted sensitivity that is left (1 and less, falling).
    points: Vec<(f64, f64)>,
}

/// Why a dilution was refused: rows by their place, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DilutionProblem {
    /// Times below 1 or no number.
    Times(usize),
    /// A share outside 0 to 1 or no number.
    Share(usize),
    /// Not more times than in the row before.
    Order(usize),
    /// A greater share than in the row before: more water does not make a test see more.
    Rises(usize),
}

impl Dilution {
    /// Of rows: times, and the share of the undiluted sensitivity that is left at them. One time leaves all of it.
    ///
    /// # Errors
    /// All rows that cannot be.
    pub fn new(rows: &[(f64, f64)]) -> Result<Dilution, Vec<DilutionProblem>> {
        let mut problems = Vec::new();
        let mut before = (1.0, 1.0);
        for (row, &(times, share)) in rows.iter().enumerate() {
            if !(times.is_finite() && times >= 1.0) {
                problems.push(DilutionProblem::Times(row));
                continue;
            }
            if !(0.0..=1.0).contains(&share) {
                problems.push(DilutionProblem::Share(row));
                continue;
            }
            if times <= before.0 && !(row == 0 && times == 1.0) {
                problems.push(DilutionProblem::Order(row));
            }
            if share > before.1 {
                problems.push(DilutionProblem::Rises(row));
            }
            before = (times, share);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut points = rows.to_vec();
        if points.first().is_some_and(|first| first.0 > 1.0) {
            points.insert(0, (1.0, 1.0));
        }
        Ok(Dilution { points })
    }

    /// The most times that it knows of; `None` where nothing is lost at any.
    pub fn known_to(&self) -> Option<f64> {
        self.points.last().map(|last| last.0)
    }

    /// The share of the sensitivity that is left: straight between the rows over the logarithm of the times, as cycles are
    /// counted; beyond the last row as there.
    fn left(&self, times: f64) -> f64 {
        let Some(&last) = self.points.last() else { return 1.0 };
        let place = self.points.partition_point(|point| point.0 <= times);
        let (Some(&above), Some(&below)) = (self.points.get(place), self.points.get(place.wrapping_sub(1)))
        else {
            return if place == 0 { 1.0 } else { last.1 };
        };
        let way = libm::log2(times / below.0) / libm::log2(above.0 / below.0);
        below.1 + (above.1 - below.1) * way
    }
}

impl Assay {
    /// The probability that a tube of so many people, so many of them positive, is told positive.
    pub fn tells(&self, persons: u32, positives: u32) -> f64 {
        if positives == 0 {
            return 1.0 - self.specificity;
        }
        self.sensitivity * self.dilution.left(f64::from(persons) / f64::from(positives))
    }
}
