//! Arrivals by chance: a Poisson process with a constant rate or one for each hour.

use crate::people::Visit;
use chance::{Cause, Chance, Sampler, TICKS_PER_SECOND, Ticks};

/// A Poisson process of people.
#[derive(Clone, Debug)]
pub struct Poisson {
    /// Unit-rate gaps, in ticks of a stretched clock on which one unit of expected people is [`UNIT`] ticks.
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
    pub fn each(&self, chance: &Chance, mut come: impl FnMut(u32, Ticks)) {
        // Expected people so far, as a whole number of stretched ticks: exact whatever the processor.
        let mut stretched: Ticks = 0;
        let unit = UNIT_S * TICKS_PER_SECOND as f64;
        let mut hour = 0;
        let mut words = [0; 4];
        for number in 0..self.people {
            if number % 4 == 0 {
                words = chance.block(Cause::Gap, number / 4, 0);
            }
            stretched += self.gaps.draw(words[(number % 4) as usize]);
            let expected = stretched as f64 / unit;
            let at = match &self.rates {
                Rates::Constant(per_hour) => expected / per_hour * HOUR,
                Rates::Hourly(hours) => {
                    while hours.get(hour).is_some_and(|(before, rate)| expected >= before + rate) {
                        hour += 1;
                    }
                    let Some((before, rate)) = hours.get(hour) else { return };
                    (hour as f64 + (expected - before) / rate) * HOUR
                }
            } as Ticks;
            if at > self.until {
                return;
            }
            come(number, at);
        }
    }

    /// Fills in everyone as a visit of class 0, lanes in turn.
    pub fn arrive(&self, chance: &Chance, lanes: u16, visits: &mut Vec<Visit>) {
        self.each(chance, |number, at| {
            let lane = (number % u32::from(lanes)) as u16;
            visits.push(Visit { at, key: number, lane, class: 0, party: 1 });
        });
    }
}

fn unit_gaps() -> Sampler {
    Sampler::compile(&chance::Law::exponential(UNIT_S))
}
