//! The pace of one lane: each wave arrives when those before it have been served at the load, and pinned waves take
//! their part of what the lane serves first.

use crate::capacity::Capacity;
use chance::{TICKS_PER_SECOND, Ticks};
use domain::{Scenario, Wave};

pub(crate) const MINUTE: Ticks = 60 * TICKS_PER_SECOND;

/// How fast a lane is filled.
pub(crate) struct Pace<'a> {
    scenario: &'a Scenario,
    capacity: Capacity,
    load: f64,
}

impl<'a> Pace<'a> {
    pub fn new(scenario: &'a Scenario, load: f64) -> Self {
        Pace { scenario, capacity: Capacity::of_lane(scenario), load }
    }

    /// People of these households who will come, on average.
    pub fn coming(&self, households: &[u32]) -> f64 {
        let people: u32 = households.iter().map(|&household| self.scenario.roll.size(household)).sum();
        f64::from(people) * (self.scenario.attendance.households * self.scenario.attendance.persons)
    }

    /// From the start of the call of these households to the arrival of the middle one.
    pub fn ahead(&self, households: &[u32]) -> Ticks {
        let rules = &self.scenario.waves;
        let calls =
            households.len() as f64 * rules.callers.call.mean_s() / f64::from(rules.callers.number.max(1));
        ((rules.reaction.mean_s() + calls / 2.0) * TICKS_PER_SECOND as f64) as Ticks
    }

    /// When so many people have been served; `None` if the calendar ends before.
    pub fn served_at(&self, people: f64) -> Option<Ticks> {
        self.capacity.time_of(people, self.load)
    }

    /// How many have been served by a time.
    pub fn served_by(&self, time: Ticks) -> f64 {
        self.capacity.people_by(time, self.load)
    }

    /// The waves of a lane: the pinned ones as they are, and the groups, in order, in what is left.
    pub fn lane(&self, lane: u16, mut pins: Vec<Wave>, groups: Vec<Vec<u32>>) -> Vec<Wave> {
        pins.sort_by_key(|pin| pin.call_at + self.ahead(&pin.households));
        let mut pins = pins.into_iter().peekable();
        let mut waves = Vec::new();
        // People of the lane who are provided for: the first group is there at opening, each next one when those before
        // it have been served at this load. Where the calendar ends too early for all, the rest is called at the last
        // time there is; the check says so.
        let mut before = 0.0;
        let mut last = 0;
        for households in groups {
            while let Some(pin) = pins.next_if(|pin| !self.fits(before, &households, pin)) {
                before = self.after(before, &pin);
                waves.push(pin);
            }
            last = self.served_at(before).unwrap_or(last);
            before += self.coming(&households);
            let at = last - self.ahead(&households);
            let call_at = at.div_euclid(MINUTE) * MINUTE;
            waves.push(Wave { number: 0, call_at, lane, households, pinned: false });
        }
        waves.extend(pins);
        waves
    }

    /// People provided for once a pinned wave is: those still waiting when it comes are served before it.
    pub fn after(&self, before: f64, pin: &Wave) -> f64 {
        before.max(self.served_by(pin.call_at + self.ahead(&pin.households))) + self.coming(&pin.households)
    }

    /// Whether a group that comes next has been served when the pinned wave arrives. Calls fall on whole minutes, so a
    /// minute is not counted: a wave pinned where it was planned leaves the one before it where it is.
    fn fits(&self, before: f64, households: &[u32], pin: &Wave) -> bool {
        let arrives = pin.call_at + self.ahead(&pin.households);
        let comes = self.served_at(before);
        let done = self.served_at(before + self.coming(households));
        comes.is_some_and(|comes| comes < arrives) && done.is_some_and(|done| done <= arrives + MINUTE)
    }
}
