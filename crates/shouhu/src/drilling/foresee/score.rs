//! What was shown, held against what came.

use serde::Serialize;
use std::collections::BTreeMap;

/// Something that was shown, and what came of it, in minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// One in twenty should come below the first, half below the second, one in twenty above the third.
    pub band: [f64; 3],
    pub came: f64,
}

/// One look ahead, so many minutes after the opening.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    pub minute: i64,
    /// The waits of those who come now, lane by lane.
    pub waits: Vec<Shown>,
    /// The same of those who come in an hour.
    pub later: Vec<Shown>,
    /// When 97 % are done.
    pub done: Option<Shown>,
}

/// How well rounds were foreseen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Foresights {
    pub rounds: usize,
    pub wait: Score,
    pub wait_in_an_hour: Score,
    pub done_97: Score,
    /// The last by how early it was foreseen.
    pub done_97_by_look: Vec<ByLook>,
}

/// How well the end of rounds was foreseen at one time of theirs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ByLook {
    /// Minutes after the opening.
    pub minute: i64,
    #[serde(flatten)]
    pub score: Score,
}

/// How far what was shown was off; minutes, null where nothing was looked at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    pub shown: usize,
    pub error_median_min: Option<f64>,
    pub error_p90_min: Option<f64>,
    /// Of all errors, with their signs: above 0, too much was shown.
    pub error_mean_min: Option<f64>,
    /// The share of what came that its band of 90 in 100 held.
    pub in_band: Option<f64>,
}

impl Foresights {
    /// Of the looks of each round.
    pub fn of(rounds: &[Vec<Look>]) -> Foresights {
        let looks = || rounds.iter().flatten();
        let mut by_look: BTreeMap<i64, Vec<Shown>> = BTreeMap::new();
        for look in looks() {
            by_look.entry(look.minute).or_default().extend(look.done);
        }
        let by_look = by_look.into_iter().map(|(minute, of)| ByLook { minute, score: Score::of(of) });
        Foresights {
            rounds: rounds.len(),
            wait: Score::of(looks().flat_map(|look| look.waits.clone())),
            wait_in_an_hour: Score::of(looks().flat_map(|look| look.later.clone())),
            done_97: Score::of(looks().filter_map(|look| look.done)),
            done_97_by_look: by_look.filter(|of| of.score.shown > 0).collect(),
        }
    }
}

impl Score {
    fn of(shown: impl IntoIterator<Item = Shown>) -> Score {
        let shown: Vec<Shown> = shown.into_iter().collect();
        let mut errors: Vec<f64> = shown.iter().map(|of| (of.band[1] - of.came).abs()).collect();
        errors.sort_by(f64::total_cmp);
        let at = |percent: usize| errors.get((errors.len() * percent).div_ceil(100).max(1) - 1).copied();
        let mean = |sum: f64| (!shown.is_empty()).then(|| sum / shown.len() as f64);
        let held = shown.iter().filter(|of| (of.band[0]..=of.band[2]).contains(&of.came)).count();
        Score {
            shown: shown.len(),
            error_median_min: at(50),
            error_p90_min: at(90),
            error_mean_min: mean(shown.iter().map(|of| of.band[1] - of.came).sum()),
            in_band: mean(held as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_from_the_middle_and_a_band_holds_its_ends() {
        let shown = |error: f64| Shown { band: [5.0, 10.0, 15.0], came: 10.0 - error };
        let score = Score::of([0.0, 1.0, -2.0, 5.0, -5.5].map(shown));
        assert_eq!((score.shown, score.error_median_min, score.error_p90_min), (5, Some(2.0), Some(5.5)));
        assert_eq!((score.error_mean_min, score.in_band), (Some(-0.3), Some(0.8)));
        let nothing = Score::of([]);
        assert_eq!((nothing.error_median_min, nothing.in_band), (None, None));
    }

    #[test]
    fn the_end_is_told_by_how_early_it_was_foreseen() {
        let look = |minute, came| Look {
            minute,
            done: Some(Shown { band: [0.0, 1.0, 2.0], came }),
            ..Look::default()
        };
        let of = Foresights::of(&[vec![look(0, 5.0), look(30, 2.0)], vec![look(0, 2.0)]]);
        let by_look: Vec<_> = of.done_97_by_look.iter().map(|of| (of.minute, of.score.in_band)).collect();
        assert_eq!(by_look, [(0, Some(0.5)), (30, Some(1.0))]);
        assert_eq!((of.rounds, of.done_97.shown, of.wait.shown), (2, 3, 0));
    }
}
