//! Arrivals by chance: a Poisson process with a constant rate or one for each hour.

use crate::people::Visit;
use chance::{Cause, Chance, Sampler, TICKS_PER_SECOND, Ticks};

/// A Poisson process of people.
#[derive(Clone, Debug)]
pub struct Poisson {
    /// Unit-rate gaps, in ticks of a stretched clock on which one unit of expected people is `UNIT` ticks.
    gaps: Sampler,
    /// People an hour: one rate for ever, or one for each hour after opening and then nobody.
    rates: Rates,
    /// No more people than this.
    people: u32,
    /// Nobody comes after this tick.
    until: Ticks,
}

#[derive(Clone, Debug)]
enum Rates {
    Constant(f64),
    /// For each hour: expected people before it, and during it.
    Hourly(Vec<(f64, f64)>),
}

/// One expected person on the stretched clock, as seconds for the law of gaps: fine enough that rounding gaps to whole
/// ticks does not show.
const UNIT_S: f64 = 6_000.0;
const UNIT: f64 = UNIT_S * TICKS_PER_SECOND as f64;
/// Blocks of four words drawn at a time.
const BLOCKS: usize = 32;
const HOUR: f64 = 3_600.0 * TICKS_PER_SECOND as f64;

impl Poisson {
    /// The same rate for ever; needs a limit of people or of time.
    pub fn constant(per_hour: f64, people: u32, until: Ticks) -> Poisson {
        Poisson { gaps: unit_gaps(), rates: Rates::Constant(per_hour), people, until }
    }

    /// One rate for each hour after opening; afterwards nobody comes.
    pub fn hourly(per_hour: &[f64], people: u32, until: Ticks) -> Poisson {
        let mut before = 0.0;
        let hours = per_hour.iter().map(|&rate| {
            let hour = (before, rate);
            before += rate;
            hour
        });
        Poisson { gaps: unit_gaps(), rates: Rates::Hourly(hours.collect()), people, until }
    }

    /// Calls `come(number, at)` for each person, in the order of time.
    #[inline]
    pub fn each(&self, chance: &Chance, mut come: impl FnMut(u32, Ticks)) {
        match &self.rates {
            Rates::Constant(per_hour) => {
                let ticks = HOUR / (per_hour * UNIT);
                self.each_at(chance, |stretched| Some((stretched as f64 * ticks) as Ticks), &mut come);
            }
            Rates::Hourly(hours) => {
                let mut hour = 0;
                let at = |stretched| {
                    let expected = stretched as f64 / UNIT;
                    while hours.get(hour).is_some_and(|(before, rate)| expected >= before + rate) {
                        hour += 1;
                    }
                    let (before, rate) = hours.get(hour)?;
                    Some(((hour as f64 + (expected - before) / rate) * HOUR) as Ticks)
                };
                self.each_at(chance, at, &mut come);
            }
        }
    }

    /// `at` gives the time at which the stretched clock shows so much, or `None` if it never does.
    #[inline]
    fn each_at(
        &self,
        chance: &Chance,
        mut at: impl FnMut(Ticks) -> Option<Ticks>,
        come: &mut impl FnMut(u32, Ticks),
    ) {
        // Expected people so far, as a whole number of stretched ticks: exact whatever the processor.
        let mut stretched: Ticks = 0;
        let mut words = [[0; 4]; BLOCKS];
        let people_of_words = words.as_flattened().len() as u32;
        let mut first = 0;
        while first < self.people {
            chance.blocks_of_consecutive_people(Cause::Gap, first / 4, &mut words);
            for (number, &word) in (first..self.people).zip(words.as_flattened()) {
                stretched += self.gaps.draw(word);
                match at(stretched) {
                    Some(at) if at <= self.until => come(number, at),
                    _ => return,
                }
            }
            first = first.saturating_add(people_of_words);
        }
    }

    /// Fills in everyone as a visit of class 0, lanes in turn.
    pub fn arrive(&self, chance: &Chance, lanes: u16, visits: &mut Vec<Visit>) {
        let mut lane = 0;
        self.each(chance, |number, at| {
            visits.push(Visit { at, key: number, lane, class: 0, party: 1 });
            lane = if lane + 1 < lanes { lane + 1 } else { 0 };
        });
    }
}

fn unit_gaps() -> Sampler {
    Sampler::compile(&chance::Law::exponential(UNIT_S))
}
