//! How a running day goes on: what its events say so far, and the rest of it lived many times from there.
//!
//! Three things are not known: how fast the site is, who comes, and luck. Each batch of draws therefore has a site of its own,
//! with services drawn from what the day's own events leave open, or from what a plan leaves open before there are enough
//! of them; within a batch only luck differs. So a band of the draws holds all three.

mod advice;
mod kept;
mod learnt;
mod midway;

pub use kept::Kept;
pub use learnt::{PLAN_DOUBT, as_it_turns_out};

use crate::Voice;
use domain::{Moment, Scenario};
use learnt::Learnt;
use midway::midway;
use rehearse::ahead::{Ahead, Future, Midway};
use round::Folded;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A running day, as far as it takes to foresee its rest.
#[derive(Clone, Copy)]
pub struct Running<'a> {
    /// What happened so far.
    pub folded: &'a Folded,
    /// The site as it was planned, without a roll.
    pub scenario: &'a Scenario,
    /// The households of each wave.
    pub waves: &'a BTreeMap<u32, Vec<Uuid>>,
    /// Visitor classes of those on the roll, with their shares; everyone else is general.
    pub classes: &'a [(String, f64)],
}

/// How a day goes on. Times are the site's time of day, waits are minutes.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreseen {
    /// The moment from which it is foreseen.
    pub clock: String,
    /// The same moment.
    pub from: Moment,
    /// When 97 % of those served will have left: in one draw of twenty before the first, in half of them by the second, in one
    /// of twenty after the third. Null where nobody is expected.
    pub done_97: Option<[String; 3]>,
    /// The same in minutes after the planned opening.
    pub done_97_min: Option<[f64; 3]>,
    /// The wait of whoever comes at a moment, lane by lane.
    pub waits: Vec<WaitAt>,
    /// The wave whose turn it is, called now; null where there is none.
    pub next_wave: Option<WaveAhead>,
    /// What one change would gain, if it gains in nine of ten draws.
    pub advice: Option<Advice>,
    /// What the day's own events say of its stations.
    pub learnt: Vec<LearntOf>,
}

/// The wait of whoever comes at a moment: before all stations together, until the last service begins.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitAt {
    /// The site's time of day.
    pub clock: String,
    /// For each lane: one draw in twenty is shorter than the first, half than the second, one in twenty longer than the
    /// third.
    pub lanes: Vec<[f64; 3]>,
}

/// A wave, called now.
#[derive(Clone, Debug, PartialEq)]
pub struct WaveAhead {
    /// Its number.
    pub wave: u32,
    /// The waits of its people: half wait no longer than the first, 95 in 100 no longer than the second.
    pub wait_min: [f64; 2],
    /// Whether the second is within what the round aims at: then it may be called.
    pub may: bool,
}

/// One change, and what it gains: the sentence's key, and what fills its gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice(&'static str, Vec<(&'static str, String)>);

impl Advice {
    /// The sentence: `Move one person from sampling to registration: done 25 minutes earlier, 94 % sure.`
    pub fn text(&self, voice: Voice) -> String {
        let Advice(key, args) = self;
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        voice.say(key, &args)
    }
}

/// A station as the day's own events tell of it.
#[derive(Clone, Debug, PartialEq)]
pub struct LearntOf {
    /// The station.
    pub station: String,
    /// Mean seconds of a person's service that it was planned with.
    pub planned_s: f64,
    /// The same as it was seen.
    pub seen_s: f64,
}

/// Sites that are drawn, and the days that each of them lives.
#[derive(Clone, Copy)]
struct Draws {
    sites: u32,
    each: u32,
}

/// Enough for a band of 5 to 95 in 100: its ends rest on ten draws each.
const FULL: Draws = Draws { sites: 20, each: 10 };

/// Enough for a wave, whose people all wait in each draw.
const FEW: Draws = Draws { sites: 10, each: 4 };

impl Running<'_> {
    /// Foresees the rest of the day from a moment on; `None` where it is over.
    pub fn foresee(&self, at: Moment) -> Option<Foreseen> {
        if matches!(self.folded.live().round().phase(), round::Phase::Closed { .. }) {
            return None;
        }
        let rules = self.folded.live().round().rules();
        let learnt = Learnt::of(self, at);
        let midway = midway(self, learnt.first_s(self.scenario), at);
        let sites = learnt.drawn(self.scenario, FULL.sites, midway.at);
        let future = live(&sites, &midway, FULL.each, midway.at);
        let clock = |ticks: chance::Ticks| rules.clock(rules.opens + ticks);
        let mut done: Vec<chance::Ticks> = future.draws.iter().filter_map(|draw| draw.done_97).collect();
        let done = band(&mut done);
        // From closing on nobody is served who comes: of such a moment there is nothing to tell.
        let served =
            |lanes: &&Vec<Vec<chance::Ticks>>| lanes.iter().all(|of| 2 * of.len() >= future.draws.len());
        let told = future.waits.iter().take_while(served);
        let waits = midway.asked.iter().zip(told).map(|(&asked, lanes)| WaitAt {
            clock: clock(asked),
            lanes: lanes.iter().map(|of| band(&mut of.clone()).unwrap_or_default().map(minutes)).collect(),
        });
        let waits = waits.collect();
        let next_wave = midway.wave.and_then(|wave| {
            let called = midway::called_now(&midway);
            let mut of = live(&sites[..FEW.sites as usize], &called, FEW.each, midway.at).wave_waits;
            of.sort_unstable();
            let wait_min = [50, 95].map(|percent| quantile(&of, percent).map(minutes));
            let [Some(half), Some(most)] = wait_min else { return None };
            Some(WaveAhead { wave, wait_min: [half, most], may: most <= rules.wait_p95_min })
        });
        Some(Foreseen {
            clock: rules.clock(at),
            from: at,
            done_97: done.map(|of| of.map(clock)),
            done_97_min: done.map(|of| of.map(minutes)),
            waits,
            next_wave,
            advice: advice::best(&learnt, self.scenario, &midway),
            learnt: learnt.seen(self.scenario),
        })
    }
}

/// Lives the rest of the day at each of these sites. The same draw meets the same luck whatever the sites.
fn live(sites: &[Scenario], midway: &Midway, each: u32, seed: i64) -> Future {
    let mut future = Future::default();
    for (number, site) in (0..).zip(sites) {
        let numbers = number * each..(number + 1) * each;
        Ahead::new(site, midway).run(seed as u64, numbers, &mut future);
    }
    future
}

fn minutes(ticks: chance::Ticks) -> f64 {
    ticks as f64 / rehearse::TICKS_PER_MINUTE as f64
}

/// What one in twenty is below, half are, and one in twenty is above.
fn band(values: &mut [chance::Ticks]) -> Option<[chance::Ticks; 3]> {
    values.sort_unstable();
    let of = [5, 50, 95].map(|percent| quantile(values, percent));
    let [Some(low), Some(half), Some(high)] = of else { return None };
    Some([low, half, high])
}

/// Of sorted values.
fn quantile(sorted: &[chance::Ticks], percent: usize) -> Option<chance::Ticks> {
    let last = sorted.len().checked_sub(1)?;
    Some(sorted[(last * percent + 50) / 100])
}
