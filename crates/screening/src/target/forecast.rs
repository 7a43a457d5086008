//! How things may go on.

use super::{Goal, Policy, Tracker, draws::Draws, regime::calendar, score::quantile};

/// Reported cases of many paths.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Days of each path.
    pub days: usize,
    /// Days after days, path after path.
    cases: Vec<f64>,
}

/// Lives each of the first `paths` paths of what was learned under a policy. Two policies meet the same luck.
pub fn forecast(tracker: &Tracker, policy: &Policy, days: usize, paths: usize) -> Forecast {
    let calendar = calendar(policy, &tracker.now, &tracker.assumptions, days);
    // Evenly among all, since paths that came of one stand side by side.
    let paths = paths.min(tracker.paths.len());
    let mut lived: Vec<_> =
        (0..paths).map(|number| tracker.paths[number * tracker.paths.len() / paths]).collect();
    let mut cases = vec![0.0; paths * days];
    for (day, (regime, contacts)) in calendar.iter().enumerate() {
        let chance = tracker.chance(1 + day as u32);
        for (number, path) in lived.iter_mut().enumerate() {
            let mut draws = Draws::new(chance, number as u32);
            let found = path.day(regime, *contacts, &tracker.assumptions, &mut draws);
            cases[number * days + day] = path.report(found, &mut draws);
        }
    }
    Forecast { days, cases }
}

impl Forecast {
    /// Of several sets of assumptions, each as likely as another.
    pub fn together<'a>(all: impl IntoIterator<Item = &'a Forecast>) -> Forecast {
        let (mut days, mut cases) = (0, Vec::new());
        for one in all {
            days = one.days;
            cases.extend_from_slice(&one.cases);
        }
        Forecast { days, cases }
    }

    /// Its paths.
    pub fn paths(&self) -> impl Iterator<Item = &[f64]> {
        self.cases.chunks_exact(self.days.max(1))
    }

    /// Cases of a day (from 0) in all paths, sorted.
    pub fn on(&self, day: usize) -> Vec<f64> {
        let mut all: Vec<f64> = self.paths().map(|path| path[day]).collect();
        all.sort_by(f64::total_cmp);
        all
    }

    /// Cases of a day (from 0) that this share of paths does not exceed.
    pub fn quantiles<const N: usize>(&self, day: usize, shares: [f64; N]) -> [f64; N] {
        let all = self.on(day);
        shares.map(|share| quantile(&all, share))
    }

    /// For each day, the share of paths that have reached a goal by then; the last days of a path only show whether it stays.
    pub fn reached(&self, goal: &Goal, kept: usize) -> Vec<f64> {
        let days = (self.days + 1).saturating_sub(goal.days);
        let mut on = vec![0_u32; days + 1];
        let mut paths = 0;
        for path in self.paths() {
            paths += 1;
            if let Some(day) = goal.reached(kept, path.iter().copied()) {
                on[day.min(days)] += 1;
            }
        }
        let mut sum = 0;
        let shares = on.iter().take(days).map(|count| {
            sum += count;
            f64::from(sum) / f64::from(paths.max(1))
        });
        shares.collect()
    }
}
