//! Arrivals by chance: a Poisson process with a constant rate or one for each hour.

use crate::people::Visit;
use chance::{Cause, Chance, Sampler, TICKS_PER_SECOND, Ticks};
use std::sync::{Arc, OnceLock};

/// A Poisson process of people.
#[derive(Clone, Debug)]
pub struct Poisson {
    /// Unit-rate gaps, in ticks of a stretched clock on which one unit of expected people is `UNIT` ticks.
    pub(crate) gaps: Arc<Sampler>,
    /// People an hour: one rate for ever, or one for each hour after opening and then nobody.
    pub(crate) rates: Rates,
    /// No more people than this.
    pub(crate) people: u32,
    /// Nobody comes after this tick.
    pub(crate) until: Ticks,
    /// Everyone comes so many ticks sooner than by the clock.
    pub(crate) sooner: Ticks,
    /// A share of the people who are of a class of their own.
    pub(crate) marked: Option<(f64, u8)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Rates {
    Constant(f64),
    /// For each hour: expected people before it, and during it.
    Hourly(Arc<[(f64, f64)]>),
}

/// One expected person on the stretched clock, as seconds for the law of gaps: fine enough that rounding gaps to whole
/// ticks does not show.
const UNIT_S: f64 = 6_000.0;
pub(crate) const UNIT: f64 = UNIT_S * TICKS_PER_SECOND as f64;
/// Blocks of four words drawn at a time.
const BLOCKS: usize = 32;
pub(crate) const HOUR: f64 = 3_600.0 * TICKS_PER_SECOND as f64;

impl Poisson {
    /// The same rate for ever; needs a limit of people or of time.
    pub fn constant(per_hour: f64, people: u32, until: Ticks) -> Poisson {
        Poisson {
            gaps: unit_gaps(),
            rates: Rates::Constant(per_hour),
            people,
            until,
            sooner: 0,
            marked: None,
        }
    }

    /// One rate for each hour after opening; afterwards nobody comes.
    pub fn hourly(per_hour: &[f64], people: u32, until: Ticks) -> Poisson {
        let mut before = 0.0;
        let hours = per_hour.iter().map(|&rate| {
            let hour = (before, rate);
            before += rate;
            hour
        });
        Poisson {
            gaps: unit_gaps(),
            rates: Rates::Hourly(hours.collect()),
            people,
            until,
            sooner: 0,
            marked: None,
        }
    }

    /// The same with so many times the people an hour: cheaper than to make another.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Poisson {
        let rates = match &self.rates {
            Rates::Constant(rate) => Rates::Constant(rate * factor),
            Rates::Hourly(hours) => {
                Rates::Hourly(hours.iter().map(|(before, rate)| (before * factor, rate * factor)).collect())
            }
        };
        Poisson { rates, ..self.clone() }
    }

    /// The same with everyone so many ticks sooner, later where that is negative.
    #[must_use]
    pub fn sooner(self, sooner: Ticks) -> Poisson {
        Poisson { sooner, ..self }
    }

    /// The same with a share of the people of this class: who, each person's luck says.
    #[must_use]
    pub fn marked(self, share: f64, class: u8) -> Poisson {
        Poisson { marked: Some((share, class)), ..self }
    }

    /// Calls `come(number, at)` for each person, in the order of time.
    #[inline]
    pub fn each(&self, chance: &Chance, mut come: impl FnMut(u32, Ticks)) {
        let mut clock = self.clock();
        let mut words = [[0; 4]; BLOCKS];
        let people_of_words = words.as_flattened().len() as u32;
        let mut first = 0;
        while first < self.people {
            chance.blocks_of_consecutive_people(Cause::Gap, first / 4, &mut words);
            for (number, &word) in (first..self.people).zip(words.as_flattened()) {
                match clock.next(word) {
                    Some(at) => come(number, at),
                    None => return,
                }
            }
            first = first.saturating_add(people_of_words);
        }
    }

    /// A clock at the opening, nobody having come yet.
    fn clock(&self) -> Clock<'_> {
        Clock { poisson: self, stretched: 0, ticks: self.ticks(), hour: 0 }
    }

    /// Ticks of a stretched tick; 0 where the rate changes by the hour.
    pub(crate) fn ticks(&self) -> f64 {
        match &self.rates {
            Rates::Constant(per_hour) => HOUR / (per_hour * UNIT),
            Rates::Hourly(_) => 0.0,
        }
    }

    /// Whether the rate changes by the hour.
    #[cfg(feature = "abreast")]
    pub(crate) fn is_hourly(&self) -> bool {
        matches!(self.rates, Rates::Hourly(_))
    }

    /// Fills in everyone as a visit, of class 0 but for those [marked](Poisson::marked), lanes in turn.
    pub fn arrive(&self, chance: &Chance, lanes: u16, visits: &mut Vec<Visit>) {
        let mut lane = 0;
        self.each(chance, |number, at| {
            let class = match self.marked {
                Some((share, class)) if chance::happens(chance.word(Cause::Mark, number, 0), share) => class,
                _ => 0,
            };
            visits.push(Visit { at, key: number, lane, class, party: 1 });
            lane = if lane + 1 < lanes { lane + 1 } else { 0 };
        });
    }
}

/// Where the process stands.
struct Clock<'a> {
    poisson: &'a Poisson,
    /// Expected people so far, as a whole number of stretched ticks: exact whatever the processor.
    stretched: Ticks,
    /// Ticks of a stretched tick, where the rate never changes.
    ticks: f64,
    hour: usize,
}

impl Clock<'_> {
    /// When the next person comes, by this word; `None` if nobody does any more.
    #[inline(always)]
    fn next(&mut self, word: u32) -> Option<Ticks> {
        self.stretched += self.poisson.gaps.draw(word);
        let at = match &self.poisson.rates {
            Rates::Constant(_) => (self.stretched as f64 * self.ticks) as Ticks,
            Rates::Hourly(hours) => {
                let expected = self.stretched as f64 / UNIT;
                while hours.get(self.hour).is_some_and(|(before, rate)| expected >= before + rate) {
                    self.hour += 1;
                }
                let (before, rate) = hours.get(self.hour)?;
                ((self.hour as f64 + (expected - before) / rate) * HOUR) as Ticks
            }
        };
        (at <= self.poisson.until).then_some(at - self.poisson.sooner)
    }
}

/// One table for all processes.
fn unit_gaps() -> Arc<Sampler> {
    static GAPS: OnceLock<Arc<Sampler>> = OnceLock::new();
    Arc::clone(GAPS.get_or_init(|| Arc::new(Sampler::compile(&chance::Law::exponential(UNIT_S)))))
}
