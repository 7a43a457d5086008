//! A day by quarters of an hour: counts of what is sorted in time, and the wait that two such counts tell.

use chance::{TICKS_PER_SECOND, Ticks};

/// Ticks in a quarter of an hour.
pub const QUARTER: Ticks = 15 * 60 * TICKS_PER_SECOND;

/// Counts by quarter of an hour after the round's opening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quarters(pub Vec<u32>);

impl Quarters {
    /// Counts times that are in order, each `shift` later than it says.
    pub(super) fn count(&mut self, times: &[Ticks], shift: Ticks) {
        self.count_by(times.len(), |place| times[place] + shift);
    }

    /// The same of so many things, by their places.
    pub(super) fn count_by(&mut self, things: usize, at: impl Fn(usize) -> Ticks) {
        let mut first = 0;
        while first < things {
            let quarter = (at(first).max(0) / QUARTER) as usize;
            let end = (quarter as Ticks + 1) * QUARTER;
            let (mut low, mut high) = (first, things);
            while low < high {
                let middle = low.midpoint(high);
                if at(middle) < end { low = middle + 1 } else { high = middle }
            }
            self.add(quarter, (low - first) as u32);
            first = low;
        }
    }

    pub(super) fn add(&mut self, quarter: usize, count: u32) {
        if self.0.len() <= quarter {
            self.0.resize(quarter + 1, 0);
        }
        self.0[quarter] += count;
    }

    /// Adds the counts of another.
    pub(super) fn extend(&mut self, other: &Quarters) {
        for (quarter, &count) in other.0.iter().enumerate() {
            self.add(quarter, count);
        }
    }

    /// Sums of four quarters each.
    pub(super) fn hours(&self) -> Vec<u64> {
        self.0.chunks(4).map(|hour| hour.iter().map(|&count| u64::from(count)).sum()).collect()
    }

    /// The quarters after which so many had been counted, with its fraction; `None` if they never were.
    pub(super) fn reached(&self, wanted: f64) -> Option<f64> {
        let mut before = 0.0;
        for (quarter, &count) in self.0.iter().enumerate() {
            let count = f64::from(count);
            if count > 0.0 && before + count >= wanted {
                return Some(quarter as f64 + ((wanted - before) / count).max(0.0));
            }
            before += count;
        }
        None
    }
}

/// For who came at the end of each quarter: quarters until as many had gone as had come by then. A queue keeps its order,
/// so that this is how long one stays. `None` where the day ended before: who came then was not served any more.
pub(super) fn stays(came: &Quarters, gone: &Quarters, quarters: usize) -> Vec<Option<f64>> {
    let mut sum = 0u64;
    let (mut at, mut before) = (0, 0.0);
    (0..quarters)
        .map(|quarter| {
            sum += u64::from(came.0.get(quarter).copied().unwrap_or(0));
            let wanted = sum as f64;
            while let Some(&count) = gone.0.get(at) {
                if before + f64::from(count) >= wanted {
                    let part = if count == 0 { 0.0 } else { (wanted - before) / f64::from(count) };
                    return Some((at as f64 + part - (quarter as f64 + 1.0)).max(0.0));
                }
                before += f64::from(count);
                at += 1;
            }
            (wanted <= before).then_some(0.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_order_are_counted_by_quarter() {
        let mut quarters = Quarters::default();
        quarters.count(&[0, 1, QUARTER - 1, QUARTER, 3 * QUARTER], QUARTER);
        assert_eq!(quarters.0, [0, 3, 1, 0, 1]);
        assert_eq!(quarters.hours(), [4, 1]);
        assert_eq!(quarters.reached(3.5), Some(2.5));
        assert_eq!(quarters.reached(6.0), None);
    }

    #[test]
    fn a_stay_is_the_way_between_the_two_counts() {
        let (came, gone) = (Quarters(vec![40, 0, 0, 10]), Quarters(vec![10, 10, 10, 10]));
        assert_eq!(stays(&came, &gone, 4), [Some(3.0), Some(2.0), Some(1.0), None]);
    }
}
