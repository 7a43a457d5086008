//! When a target counts as reached.

/// So few cases, and staying so for so many days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    /// Most cases a day.
    pub at_most: f64,
    /// Days on end.
    pub days: usize,
}

impl Goal {
    /// Days at the end of what is known that keep it already; an unknown day keeps nothing.
    pub fn kept(&self, known: &[Option<f64>]) -> usize {
        known.iter().rev().take_while(|cases| cases.is_some_and(|cases| cases <= self.at_most)).count()
    }

    /// The first day of the first run of days that keep it, from 0; days `kept` before are part of it. A run that began before day 0
    /// began on day 0.
    pub fn reached(&self, kept: usize, cases: impl IntoIterator<Item = f64>) -> Option<usize> {
        let mut run = kept;
        if run >= self.days {
            return Some(0);
        }
        for (day, cases) in cases.into_iter().enumerate() {
            run = if cases <= self.at_most { run + 1 } else { 0 };
            if run >= self.days {
                return Some((day + 1).saturating_sub(run));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Goal;

    #[test]
    fn the_first_day_of_a_run_that_stays_is_the_day() {
        let goal = Goal { at_most: 0.0, days: 3 };
        for (kept, cases, day) in [
            (0, vec![0.0, 0.0, 1.0, 0.0, 0.0, 0.0], Some(3)),
            (0, vec![0.0, 0.0, 1.0, 0.0, 0.0], None),
            (2, vec![0.0, 5.0], Some(0)),
            (1, vec![0.0, 5.0, 0.0, 0.0, 0.0], Some(2)),
            (3, vec![9.0], Some(0)),
            (9, vec![], Some(0)),
        ] {
            assert_eq!(goal.reached(kept, cases.clone()), day, "{kept} {cases:?}");
        }
        assert_eq!(goal.kept(&[Some(0.0), None, Some(0.0), Some(0.0)]), 2);
    }
}
