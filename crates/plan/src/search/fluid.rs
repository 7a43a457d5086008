//! The fluid start: people expected, minute by minute, and calls that keep a backlog.

use crate::{capacity::Capacity, pace::MINUTE};
use chance::{Sampler, TICKS_PER_SECOND, Ticks};
use domain::{Scenario, Wave};

/// Places of the day at which a backlog is given; between them it runs straight.
pub(super) const KNOTS: usize = 6;

/// The backlog, in minutes of a lane's work, that calls aim at from the first of its people to the last.
pub(super) type Profile = [f64; KNOTS];

/// Minutes before the opening that are looked at: nobody is called earlier than this.
const EARLY: i64 = 240;
/// Equally likely reactions that a law is asked for.
const ASKED: u32 = 512;
/// A lane that cannot take all, because its calendar ends, calls the rest within this many minutes.
const LONGEST: i64 = 10 * 1_440;

/// What does not change from plan to plan.
pub(super) struct Fluid<'a> {
    scenario: &'a Scenario,
    /// Share of people who come in each minute after their call, from [`Fluid::soonest`] on.
    reaction: Vec<f64>,
    /// Minutes; negative: some come before the call.
    soonest: i64,
    /// Minutes from the call to the middle of those who come at once.
    usual_min: f64,
    capacity: Capacity,
    come: f64,
}

impl<'a> Fluid<'a> {
    pub fn new(scenario: &'a Scenario) -> Fluid<'a> {
        let rules = &scenario.waves;
        let late = rules.late.as_ref().map_or(0.0, |late| late.share);
        let mut minutes: Vec<(i64, f64)> = drawn(&rules.reaction, 1.0 - late);
        if let Some(rule) = &rules.late {
            minutes.extend(drawn(&rule.reaction, late));
        }
        let soonest = minutes.iter().map(|&(minute, _)| minute).min().unwrap_or(0).max(-EARLY);
        let last = minutes.iter().map(|&(minute, _)| minute).max().unwrap_or(0).min(EARLY * 4);
        let mut reaction = vec![0.0; (last - soonest).max(0) as usize + 1];
        for (minute, share) in minutes {
            reaction[(minute.clamp(soonest, last) - soonest) as usize] += share;
        }
        Fluid {
            scenario,
            reaction,
            soonest,
            usual_min: rules.reaction.mean_s() / 60.0,
            capacity: Capacity::of_lane(scenario),
            come: scenario.attendance.households * scenario.attendance.persons,
        }
    }

    fn people(&self, households: &[u32]) -> f64 {
        let people: u32 = households.iter().map(|&household| self.scenario.roll.size(household)).sum();
        f64::from(people) * self.come
    }

    /// Minutes from the start of the calls to the middle of those who come at once.
    fn ahead(&self, households: &[u32]) -> f64 {
        let callers = &self.scenario.waves.callers;
        let calls_s = households.len() as f64 * callers.call.mean_s() / f64::from(callers.number.max(1));
        self.usual_min + calls_s / 120.0
    }

    /// The waves of a lane: the pinned ones as they are, and the groups one after the other, each as soon as those
    /// expected before it have fallen to the profile's backlog.
    pub fn lane(&self, lane: u16, pins: &[&Wave], groups: &[Vec<u32>], profile: &Profile) -> Vec<Wave> {
        let mut expected = Expected { minutes: vec![0.0; EARLY as usize], upto: 0.0, next: 0 };
        for pin in pins {
            self.expect(&mut expected, pin.call_at / MINUTE, &pin.households);
        }
        let whole: f64 = groups.iter().map(|group| self.people(group)).sum();
        let rate = self.capacity.mean_rate(whole.max(1.0)) * 60.0;
        let mut waves: Vec<Wave> = pins.iter().map(|&pin| Wave { lane, ..pin.clone() }).collect();
        let (mut before, mut call) = (0.0, 1 - EARLY);
        for households in groups {
            let people = self.people(households);
            let share = (before + people / 2.0) / whole.max(1.0);
            let wanted = at(profile, share) * rate;
            let ahead = self.ahead(households);
            while call < LONGEST {
                let minute = call + ahead as i64;
                let served = self.capacity.people_by((minute + 1).max(0) * MINUTE, 1.0);
                if expected.by(minute) + people / 2.0 <= served + wanted {
                    break;
                }
                call += 1;
            }
            let call_at = call * MINUTE;
            self.expect(&mut expected, call, households);
            waves.push(Wave { number: 0, call_at, lane, households: households.clone(), pinned: false });
            before += people;
        }
        waves
    }

    fn expect(&self, expected: &mut Expected, call: i64, households: &[u32]) {
        let people = self.people(households);
        let calls = self.ahead(households) - self.usual_min;
        for (minute, share) in (self.soonest..).zip(&self.reaction) {
            expected.add(call + minute + calls as i64, people * share);
        }
    }
}

/// People expected, by minute from [`EARLY`] before the opening on.
struct Expected {
    minutes: Vec<f64>,
    /// The sum of those before `next`.
    upto: f64,
    next: usize,
}

impl Expected {
    fn add(&mut self, minute: i64, people: f64) {
        let place = (minute + EARLY).max(0) as usize;
        if place < self.next {
            self.upto += people;
        }
        if self.minutes.len() <= place {
            self.minutes.resize(place + 1, 0.0);
        }
        self.minutes[place] += people;
    }

    /// All who have come by the end of a minute; minutes are asked for in any order, mostly one after the other.
    fn by(&mut self, minute: i64) -> f64 {
        let upto = ((minute + EARLY + 1).max(0) as usize).min(self.minutes.len());
        while self.next < upto {
            self.upto += self.minutes[self.next];
            self.next += 1;
        }
        while self.next > upto {
            self.next -= 1;
            self.upto -= self.minutes[self.next];
        }
        self.upto
    }
}

/// Equally likely minutes of a law, with their shares.
fn drawn(law: &chance::Law, share: f64) -> Vec<(i64, f64)> {
    let sampler = Sampler::compile(law);
    let spacing = u32::MAX / ASKED;
    let minute = |ticks: Ticks| ticks.div_euclid(60 * TICKS_PER_SECOND);
    (0..ASKED)
        .map(|place| (minute(sampler.draw(place * spacing + spacing / 2)), share / f64::from(ASKED)))
        .collect()
}

/// A profile at a share of the day's people.
fn at(profile: &Profile, share: f64) -> f64 {
    let place = share.clamp(0.0, 1.0) * (KNOTS - 1) as f64;
    let left = (place as usize).min(KNOTS - 2);
    profile[left] + (profile[left + 1] - profile[left]) * (place - left as f64)
}
