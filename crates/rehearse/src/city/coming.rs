//! Who comes to a site: a Poisson process whose rate in each hour is a share of the site's residents.

use chance::{Cause, Chance, Interner, Law, Sampler, TICKS_PER_SECOND, Ticks};
use domain::city::Stream;
use queueing::Visit;
use std::sync::Arc;

/// People who come to sites of one shape.
#[derive(Clone, Debug)]
pub(super) struct Coming {
    /// Gaps on a stretched clock on which one expected person takes [`UNIT`] ticks.
    gaps: Arc<Sampler>,
    /// The hours in which anybody comes.
    hours: Vec<Hour>,
    /// How much sooner than in these hours they come.
    sooner: Ticks,
    green: Option<(f64, u8)>,
    lanes: u16,
}

#[derive(Clone, Copy, Debug)]
struct Hour {
    /// When it begins.
    from: f64,
    /// Share of the residents who came before it, and who have come at its end.
    before: f64,
    until: f64,
    /// Ticks a share of one takes.
    pace: f64,
}

/// As in [`queueing::poisson`]: fine enough that rounding gaps to whole ticks does not show.
const UNIT_S: f64 = 6_000.0;
const UNIT: f64 = UNIT_S * TICKS_PER_SECOND as f64;
const HOUR: f64 = 3_600.0 * TICKS_PER_SECOND as f64;
/// Blocks of four words drawn at a time.
const BLOCKS: usize = 32;

impl Coming {
    pub(super) fn new(
        stream: &Stream,
        green_class: Option<u8>,
        lanes: u16,
        interner: &mut Interner,
    ) -> Coming {
        let mut before = 0.0;
        let mut hours = Vec::new();
        for (number, &share) in (0u32..).zip(&stream.share_per_hour) {
            if share > 0.0 {
                let from = f64::from(number) * HOUR;
                hours.push(Hour { from, before, until: before + share, pace: HOUR / share });
            }
            before += share;
        }
        let green = green_class.filter(|_| stream.green_share > 0.0).map(|class| (stream.green_share, class));
        Coming {
            gaps: interner.sampler(&Law::exponential(UNIT_S)),
            hours,
            sooner: stream.sooner,
            green,
            lanes,
        }
    }

    /// Everyone who comes to a site of so many residents, in the order of time, lanes in turn.
    pub(super) fn fill(&self, residents: u32, chance: &Chance, visits: &mut Vec<Visit>) {
        if residents == 0 {
            return;
        }
        let unit = 1.0 / (UNIT * f64::from(residents));
        let Some(last) = self.hours.last() else { return };
        visits.reserve((last.until * f64::from(residents) * 1.1) as usize + 64);
        let mut hours = self.hours.iter();
        let mut hour = *hours.next().expect("there is a last");
        // A whole number of stretched ticks: exact whatever the processor.
        let mut stretched: Ticks = 0;
        let mut words = [[0; 4]; BLOCKS];
        let (mut number, mut lane) = (0u32, 0u16);
        loop {
            chance.blocks_of_consecutive_people(Cause::Gap, number / 4, &mut words);
            for &word in words.as_flattened() {
                stretched += self.gaps.draw(word);
                let share = stretched as f64 * unit;
                while share >= hour.until {
                    match hours.next() {
                        Some(next) => hour = *next,
                        None => return,
                    }
                }
                let at = (hour.from + (share - hour.before).max(0.0) * hour.pace) as Ticks - self.sooner;
                let class = match self.green {
                    Some((share, class)) if chance::happens(chance.word(Cause::Mark, number, 0), share) => {
                        class
                    }
                    _ => 0,
                };
                visits.push(Visit { at, key: number, lane, class, party: 1 });
                lane = if lane + 1 < self.lanes { lane + 1 } else { 0 };
                number += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_come_in_each_hour_as_the_shares_say() {
        let stream = Stream { share_per_hour: vec![0.0, 0.3, 0.0, 0.6], sooner: 0, green_share: 0.0 };
        let coming = Coming::new(&stream, None, 3, &mut Interner::default());
        let mut visits = Vec::new();
        coming.fill(100_000, &Chance::new(1, 2, 3), &mut visits);
        assert!(visits.is_sorted_by_key(|visit| visit.at));
        let came = |hour: i64| visits.iter().filter(|visit| visit.at / 36_000_000 == hour).count() as f64;
        assert_eq!((came(0), came(2), came(4)), (0.0, 0.0, 0.0));
        assert!((came(1) - 30_000.0).abs() < 600.0, "{}", came(1));
        assert!((came(3) - 60_000.0).abs() < 900.0, "{}", came(3));
        assert!(visits.iter().zip(0..).all(|(visit, number)| visit.lane == (number % 3) as u16));
    }
}
