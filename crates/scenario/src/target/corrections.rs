//! Negative numbers: corrections of days before.

/// Known days before a negative number from which it is taken off.
const CORRECTED_DAYS: usize = 7;

/// What became of one negative number.
pub(super) struct Correction {
    /// Its day.
    pub day: usize,
    /// Cases that it takes away.
    pub number: f64,
    /// Known days before it that were looked at.
    pub days: usize,
    /// Whether they held enough for it.
    pub taken: bool,
}

/// Cases as they are to be read on the evening of the last day. A negative number makes its day unknown and is taken off the known days of
/// the week before in proportion; where they hold too few it is taken off nothing.
pub(super) fn correct(raw: &[Option<f64>]) -> (Vec<Option<f64>>, Vec<Correction>) {
    let mut cases = raw.to_vec();
    let mut corrections = Vec::new();
    for day in 0..cases.len() {
        let Some(number) = cases[day].filter(|number| *number < 0.0) else { continue };
        let number = -number;
        cases[day] = None;
        let known: Vec<usize> = (0..day).rev().filter(|&before| cases[before].is_some()).collect();
        let before = &known[..known.len().min(CORRECTED_DAYS)];
        let all: f64 = before.iter().filter_map(|&before| cases[before]).sum();
        let taken = all > number;
        if taken {
            for &before in before {
                cases[before] = cases[before].map(|cases| (cases * (1.0 - number / all)).round());
            }
        }
        corrections.push(Correction { day, number, days: before.len(), taken });
    }
    (cases, corrections)
}
