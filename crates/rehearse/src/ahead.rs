//! The rest of a day that is already running: who stands where and who is still to come, lived many times from now on.
//!
//! The site is the scenario's, with whatever was learnt of it so far. A rehearsal begins with empty queues; this begins
//! with those that are there. Households that have not been seen are drawn: on their way, in the queue before the first table
//! where nobody counts them, or not coming. What a draw says of one of them must agree with what is known: had it come
//! before the queue was last empty, it would have been let in.

mod coming;
mod site;

use crate::{Luck, Purpose, looking::Looking};
use chance::{Chance, Ticks};
use coming::{Coming, Who};
use domain::Scenario;
use queueing::{Model, People, Tally, simulate};

/// What is known of a site at a moment of its day.
#[derive(Clone, Debug, Default)]
pub struct Midway {
    /// The moment, in ticks after opening, as all times here.
    pub at: Ticks,
    /// People at the site, in the order in which they are served.
    pub standing: Vec<Standing>,
    /// Households of whom nobody has come yet, in the order of their calls.
    pub awaited: Vec<Awaited>,
    /// Whether households are told by one message to all, and not by a knock.
    pub broadcast: bool,
    /// What is known of the queue before the first station, lane by lane; where that station is shared, of one.
    pub doors: Vec<Door>,
    /// People who are expected otherwise: when, and how many on average, in order.
    pub others: Vec<(Ticks, f64)>,
    /// Visitor classes of those who will come, with their shares; everyone else is general.
    pub classes: Vec<(String, f64)>,
    /// When people left who were served.
    pub gone: Vec<Ticks>,
    /// Moments at which somebody is imagined to come to each lane, to see how long the wait is.
    pub asked: Vec<Ticks>,
    /// The wave of whose people the waits are wanted.
    pub wave: Option<u32>,
}

/// Somebody at the site.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The station whose queue it is, as a place in the scenario.
    pub station: usize,
    /// Lane, from 0; 0 for a shared station.
    pub lane: u16,
    /// Visitor class.
    pub class: String,
    /// When the person joins the queue; not before now.
    pub from: Ticks,
    /// The share of the service that is still ahead: 1 for whoever waits.
    pub left: f64,
}

/// A household of whom nobody has come yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Awaited {
    /// Its wave.
    pub wave: u32,
    /// Its lane, from 0; `None` where people choose.
    pub lane: Option<u16>,
    /// People in it.
    pub people: u32,
    /// When it was told to come, or will be.
    pub told: Ticks,
    /// What it said at its door: whether it comes.
    pub answer: Option<bool>,
}

/// The queue before a first station, where people are seen only when they are let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    /// Whoever came before was let in. Now, where people are seen on arrival.
    pub busy_since: Ticks,
    /// The standard deviation of that.
    pub doubt: Ticks,
    /// The queue as somebody counted it last: when, and how many of those have not been let in since.
    pub counted: Option<(Ticks, u32)>,
}

/// A site ready to be lived from a moment on.
#[derive(Clone, Debug)]
pub struct Ahead<'a> {
    model: Model,
    coming: Coming<'a>,
}

/// What the draws say so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Future {
    /// One for each draw.
    pub draws: Vec<Drawn>,
    /// The wait of whoever comes at each of the moments asked, by moment, then lane: one for each draw in which they are served.
    pub waits: Vec<Vec<Vec<Ticks>>>,
    /// The waits of the wave's people in all draws; [`NEVER`] of those who are not served.
    pub wave_waits: Vec<Ticks>,
}

/// One draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    /// When 97 % of those served have left; `None` if nobody is.
    pub done_97: Option<Ticks>,
    /// People who will have been served.
    pub served: u32,
    /// The wait, from now on, of all who are not through yet, on average.
    pub wait: f64,
}

/// The wait of somebody who is turned away, or gives up: longer than a week.
pub const NEVER: Ticks = 7 * 24 * 60 * crate::TICKS_PER_MINUTE;

impl<'a> Ahead<'a> {
    /// Makes a site ready.
    pub fn new(scenario: &Scenario, midway: &'a Midway) -> Ahead<'a> {
        let (model, classes) = site::site(scenario, midway);
        Ahead { model, coming: Coming::new(scenario, midway, classes) }
    }

    /// Lives the rest of the day so many times, and adds what it saw. The same numbers meet the same luck.
    pub fn run(&self, seed: u64, numbers: std::ops::Range<u32>, future: &mut Future) {
        let luck = Luck { seed, purpose: Purpose::Ahead };
        let lanes = usize::from(self.model.lanes);
        let asked = self.coming.midway.asked.len();
        future.waits.resize_with(asked, || vec![Vec::new(); lanes]);
        let engine = self.model.engine();
        let mut tally = Tally::new(&self.model);
        let (mut people, mut who) = (People::default(), Vec::new());
        for number in numbers {
            let chance = Chance::new(luck.seed, luck.purpose as u32, number);
            self.coming.fill(&chance, &mut people.visits, &mut who);
            let mut looking = Looking::new(people.visits.len());
            simulate(&self.model, engine, &mut people, &chance, number, &mut tally, &mut looking);
            self.tell(&people, &who, &looking, future);
        }
    }

    fn tell(&self, people: &People, who: &[Who], looking: &Looking, future: &mut Future) {
        let midway = self.coming.midway;
        let mut left = midway.gone.clone();
        let (mut waited, mut count) = (0, 0_u32);
        for (entry, (who, visit)) in who.iter().zip(&people.visits).enumerate() {
            let wait = looking.waited[entry];
            let through = looking.left[entry];
            if let Who::Asked { moment, lane } = *who {
                // Whoever is turned away has not waited for anything.
                if through.is_some() {
                    future.waits[moment][usize::from(lane)].push(wait);
                }
                continue;
            }
            left.extend(through);
            waited += wait;
            count += 1;
            if let Who::Wave(wave) = *who
                && Some(wave) == midway.wave
                && visit.at >= midway.at
            {
                future.wave_waits.push(if through.is_some() { wait } else { NEVER });
            }
        }
        let served = u32::try_from(left.len()).unwrap_or(u32::MAX);
        let done_97 = (!left.is_empty()).then(|| {
            let place = (left.len() * 97).div_ceil(100) - 1;
            *left.select_nth_unstable(place).1
        });
        let wait = waited as f64 / f64::from(count.max(1));
        future.draws.push(Drawn { done_97, served, wait });
    }
}
