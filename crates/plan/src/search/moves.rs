//! The search itself.

use super::{
    Did, Free, Judge, Luck, Searched,
    curve::curve,
    fluid::{Fluid, KNOTS, Profile},
    staffed::divisions,
};
use crate::{
    lanes::lane_of_entrances,
    pace::MINUTE,
    waves::{free_parts, number},
};
use domain::{Plan, Policy, Scenario, Wave, scenario::LaneChoice};
use std::collections::{BTreeMap, BTreeSet};

/// Replications by which candidates are told apart at first, and at last.
const FEW: u32 = 8;
const MANY: u32 = 32;
/// Replications that say how slowly to call.
const CHECKED: u32 = 250;
/// By how many times the half of its confidence interval the wait keeps the target on them. The final word has four times as many
/// replications, so half of the error: with 1.96 of its own errors to keep, and the luck of both, 19 in 20 plans keep the target there.
const MARGIN: f64 = 1.5;
/// A minute of wait beyond the target counts as so many minutes at the end, and so does a person not served.
const WAIT_COUNTS: f64 = 15.0;
const UNSERVED_COUNTS: f64 = 5.0;
/// What a move has to gain, in minutes: less is luck.
const GAIN: f64 = 0.02;
/// Waves that are tried a little earlier and later, and entrances in other lanes, at most.
const NUDGED: usize = 60;
const SWAPPED: usize = 24;

/// A plan by its few numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Way {
    /// Place among the divisions of the staff.
    pub staff: usize,
    pub lane_of: Vec<u16>,
    pub profiles: Vec<Profile>,
    /// Minutes by which single waves are called later, by their first household.
    pub nudges: BTreeMap<u32, i64>,
    pub callers: Option<u32>,
}

/// All that candidates have in common.
pub(super) struct Ground<'a> {
    scenario: &'a Scenario,
    kept: &'a Plan,
    staff: Vec<Vec<(usize, u32)>>,
    staffed: Vec<Scenario>,
    groups: Vec<Vec<Vec<u32>>>,
    by_arrival: bool,
    judge: &'a mut dyn Judge,
    aim_min: f64,
    tried: u32,
    stopped: bool,
    steps: u32,
}

/// Steps that a whole search takes, about: for the bar.
const STEPS: f64 = 420.0;

/// Searches for the best plan around the pinned waves of `kept`.
pub fn searched(scenario: &Scenario, kept: Option<&Plan>, free: Free, judge: &mut dyn Judge) -> Searched {
    let nothing = Plan::default();
    let kept = kept.unwrap_or(&nothing);
    let mut ground = Ground::new(scenario, kept, free, judge);
    let start = ground.start();
    let best = ground.climb(start);
    let best = ground.calibrated(best);
    ground.finish(&best)
}

impl<'a> Ground<'a> {
    fn new(scenario: &'a Scenario, kept: &'a Plan, free: Free, judge: &'a mut dyn Judge) -> Ground<'a> {
        let staff = if free.staff { divisions(scenario) } else { vec![Vec::new()] };
        let staffed = staff.iter().map(|staff| {
            let plan = Plan { staff: staff.clone(), ..Plan::default() };
            plan.staffed(scenario).unwrap_or_else(|| scenario.clone())
        });
        let pinned: BTreeSet<u32> = kept.pinned().flat_map(|wave| wave.households.iter().copied()).collect();
        let entrances = 0..scenario.roll.entrances.len();
        Ground {
            staffed: staffed.collect(),
            staff,
            groups: entrances.map(|entrance| free_parts(scenario, entrance, &pinned)).collect(),
            by_arrival: scenario.site.lane_choice == LaneChoice::Shortest,
            aim_min: scenario.waves.wait_p95_min,
            scenario,
            kept,
            judge,
            tried: 0,
            stopped: false,
            steps: 0,
        }
    }

    fn lanes(&self) -> usize {
        usize::from(self.scenario.site.lanes)
    }

    /// The plan of a way.
    pub fn plan(&self, way: &Way) -> Plan {
        let mut staffed = &self.staffed[way.staff];
        let fewer;
        if let Some(number) = way.callers {
            let mut other = staffed.clone();
            other.waves.callers.number = number;
            fewer = other;
            staffed = &fewer;
        }
        let fluid = Fluid::new(staffed);
        let mut waves: Vec<Wave> = Vec::new();
        for lane in 0..self.scenario.site.lanes {
            let pins: Vec<&Wave> =
                self.kept.pinned().filter(|pin| self.lane_of_pin(pin, way) == lane).collect();
            let entrances = (0..way.lane_of.len()).filter(|&entrance| way.lane_of[entrance] == lane);
            let groups: Vec<Vec<u32>> =
                entrances.flat_map(|entrance| self.groups[entrance].clone()).collect();
            waves.extend(fluid.lane(lane, &pins, &groups, &way.profiles[usize::from(lane)]));
        }
        for wave in waves.iter_mut().filter(|wave| !wave.pinned) {
            let nudge = wave.households.first().and_then(|first| way.nudges.get(first));
            wave.call_at += nudge.copied().unwrap_or(0) * MINUTE;
        }
        if self.by_arrival {
            // Lanes are chosen on arrival: the plan's lanes only pace the calls.
            waves.iter_mut().for_each(|wave| wave.lane = 0);
        }
        number(&mut waves);
        let staff = self.staff[way.staff].clone();
        Plan { policy: Policy::Waves, load: None, waves, staff, callers: way.callers }
    }

    /// A pinned wave keeps its lane, as far as there is one; where lanes are chosen on arrival, that of its entrance.
    fn lane_of_pin(&self, pin: &Wave, way: &Way) -> u16 {
        let home =
            pin.households.first().map(|&first| self.scenario.roll.households[first as usize].entrance);
        let paced = home.filter(|_| self.by_arrival).map(|entrance| way.lane_of[entrance as usize]);
        paced.unwrap_or(pin.lane).min(self.scenario.site.lanes - 1)
    }

    pub fn judge(&mut self, way: &Way, luck: Luck) -> Did {
        let plan = self.plan(way);
        self.tried += 1;
        self.judge.judge(&self.staffed[way.staff], &plan, luck)
    }

    /// Whether there is time for another step.
    pub fn goes_on(&mut self) -> bool {
        self.steps += 1;
        self.stopped = self.stopped || !self.judge.goes_on((f64::from(self.steps) / STEPS).min(1.0));
        !self.stopped
    }

    fn cost_of(&mut self, way: &Way, replications: u32) -> f64 {
        let did = self.judge(way, Luck::Search(replications));
        did.done_97_min
            + WAIT_COUNTS * (did.wait_p95_min - self.aim_min).max(0.0)
            + UNSERVED_COUNTS * did.unserved
    }

    /// The best of many simple starts: divisions of the staff, a first backlog, and how fast it shrinks.
    fn start(&mut self) -> Way {
        let lane_of = lane_of_entrances(&self.scenario.roll, self.scenario.site.lanes);
        let usual = 0.6 * self.aim_min;
        let mut ways = Vec::new();
        for staff in 0..self.staff.len() {
            for first in [0.4 * usual, usual, 1.6 * usual] {
                for fall in [-6.0, 0.0, 6.0, 14.0, 26.0] {
                    let mut profile = [first; KNOTS];
                    (0..KNOTS).for_each(|knot| profile[knot] -= fall * share(knot));
                    let profiles = vec![profile; self.lanes()];
                    let lane_of = lane_of.clone();
                    ways.push(Way { staff, lane_of, profiles, nudges: BTreeMap::new(), callers: None });
                }
            }
        }
        // The scenario's own division, called carefully, is there whatever happens.
        let mut best = ways[3].clone();
        let mut replications = FEW;
        while ways.len() > 1 {
            let mut costs = Vec::with_capacity(ways.len());
            for way in ways {
                if !self.goes_on() {
                    return costs
                        .into_iter()
                        .min_by(|a: &(f64, Way), b| a.0.total_cmp(&b.0))
                        .map_or(best, |found| found.1);
                }
                costs.push((self.cost_of(&way, replications), way));
            }
            costs.sort_by(|a, b| a.0.total_cmp(&b.0));
            let half = costs.len().div_ceil(if replications == FEW { 4 } else { 2 });
            costs.truncate(half);
            ways = costs.into_iter().map(|(_, way)| way).collect();
            best = ways[0].clone();
            replications = (replications * 2).min(MANY);
        }
        best
    }

    /// Better and better by small moves.
    fn climb(&mut self, start: Way) -> Way {
        let mut best = start;
        let mut cost = self.cost_of(&best, MANY);
        for step in [4.0, 2.0, 1.0, 0.5] {
            self.bend(&mut best, &mut cost, step, None);
            self.restaff(&mut best, &mut cost);
        }
        for lane in 0..self.lanes().min(16) {
            self.bend(&mut best, &mut cost, 1.0, Some(lane));
        }
        if !self.by_arrival {
            self.swap(&mut best, &mut cost);
        }
        self.nudge(&mut best, &mut cost);
        best
    }

    /// Takes a candidate if it gains.
    fn take(&mut self, candidate: Way, best: &mut Way, cost: &mut f64) -> bool {
        let found = self.cost_of(&candidate, MANY);
        let gains = found < *cost - GAIN;
        if gains {
            (*best, *cost) = (candidate, found);
        }
        gains
    }

    /// The profile up and down from each of its places on, of all lanes or of one: calls come faster or slower before that
    /// place, and as fast as before after it. A direction that gains is taken again.
    fn bend(&mut self, best: &mut Way, cost: &mut f64, step: f64, lane: Option<usize>) {
        for knot in 0..KNOTS {
            for by in [step, -step] {
                let mut again = true;
                while again && self.goes_on() {
                    let mut candidate = best.clone();
                    for (place, profile) in candidate.profiles.iter_mut().enumerate() {
                        if lane.is_none_or(|lane| lane == place) {
                            profile[knot..].iter_mut().for_each(|minutes| *minutes += by);
                        }
                    }
                    again = self.take(candidate, best, cost);
                }
            }
        }
    }

    /// The same calls with the staff divided otherwise: what lost at the start may win once the calls fit the day.
    fn restaff(&mut self, best: &mut Way, cost: &mut f64) {
        for staff in 0..self.staff.len() {
            if staff != best.staff && self.goes_on() {
                self.take(Way { staff, ..best.clone() }, best, cost);
            }
        }
    }

    /// Entrances from the fullest lane to the emptiest, and in exchange for one from there.
    fn swap(&mut self, best: &mut Way, cost: &mut f64) {
        let mut tries = 0;
        let mut seen = BTreeSet::new();
        while tries < SWAPPED {
            let mut people = vec![0u64; self.lanes()];
            for (entrance, &lane) in best.lane_of.iter().enumerate() {
                people[usize::from(lane)] += u64::from(self.scenario.roll.people_of_entrance(entrance));
            }
            let Some(from) = (0..people.len()).max_by_key(|&lane| people[lane]) else { return };
            let Some(to) = (0..people.len()).min_by_key(|&lane| people[lane]) else { return };
            let wanted = (people[from] - people[to]) as f64 / 2.0;
            let in_lane = |lane: usize| -> Vec<usize> {
                let entrances = best.lane_of.iter().enumerate();
                entrances
                    .filter(|&(_, &its)| usize::from(its) == lane)
                    .map(|(entrance, _)| entrance)
                    .collect()
            };
            let (mine, others) = (in_lane(from), in_lane(to));
            let size = |entrance: usize| f64::from(self.scenario.roll.people_of_entrance(entrance));
            let alone = mine.iter().map(|&entrance| (entrance, None));
            let swaps = mine.iter().flat_map(|&mine| others.iter().map(move |&other| (mine, Some(other))));
            let mut moves: Vec<(f64, usize, Option<usize>)> = alone
                .chain(swaps)
                .map(|(mine, other)| (size(mine) - other.map_or(0.0, size), mine, other))
                .filter(|&(moved, ..)| moved > 0.0 && moved < 2.0 * wanted)
                .map(|(moved, mine, other)| ((moved - wanted).abs(), mine, other))
                .filter(|&(_, mine, other)| !seen.contains(&(mine, other)))
                .collect();
            moves.sort_by(|a, b| a.0.total_cmp(&b.0));
            let Some(&(_, mine, other)) = moves.first() else { return };
            if !self.goes_on() {
                return;
            }
            tries += 1;
            seen.insert((mine, other));
            let mut candidate = best.clone();
            candidate.lane_of[mine] = to as u16;
            if let Some(other) = other {
                candidate.lane_of[other] = from as u16;
            }
            self.take(candidate, best, cost);
        }
    }

    /// Single waves a minute or two earlier and later, spread over the day.
    fn nudge(&mut self, best: &mut Way, cost: &mut f64) {
        let plan = self.plan(best);
        let firsts: Vec<u32> = plan
            .waves
            .iter()
            .filter(|wave| !wave.pinned)
            .filter_map(|wave| wave.households.first().copied())
            .collect();
        let every = firsts.len().div_ceil(NUDGED).max(1);
        for &first in firsts.iter().step_by(every) {
            for by in [-1, 1] {
                let mut again = true;
                while again && self.goes_on() {
                    let mut candidate = best.clone();
                    *candidate.nudges.entry(first).or_default() += by;
                    again = self.take(candidate, best, cost);
                }
                if best.nudges.contains_key(&first) {
                    break;
                }
            }
        }
    }

    /// The same, called as fast as the target allows on replications that chose nothing.
    fn calibrated(&mut self, best: Way) -> Way {
        let keeps = |ground: &mut Self, by: f64| {
            let did = ground.judge(&best.faster(by), Luck::Check(CHECKED));
            did.wait_p95_min + MARGIN * (did.wait_p95_upper_min - did.wait_p95_min) <= ground.aim_min
        };
        let (mut low, mut high) = if keeps(self, 0.0) { (0.0, 3.0) } else { (-3.0, 0.0) };
        while low < 0.0 && low > -100.0 && !keeps(self, low) {
            (low, high) = (low * 2.0, low);
        }
        while high - low > 0.4 {
            let middle = f64::midpoint(low, high);
            if keeps(self, middle) { low = middle } else { high = middle }
        }
        best.faster(low)
    }

    /// The final word is asked for once, and told as it is.
    fn finish(mut self, way: &Way) -> Searched {
        let confirmed = self.judge(way, Luck::Final);
        let search = self.judge(way, Luck::Search(MANY));
        let curve = curve(&mut self, way, confirmed);
        Searched {
            plan: self.plan(way),
            search,
            confirmed,
            meets_target: confirmed.wait_p95_upper_min <= self.aim_min,
            tried: self.tried,
            cut_short: self.stopped,
            curve,
        }
    }

    pub fn callers(&self) -> u32 {
        self.scenario.waves.callers.number
    }
}

impl Way {
    /// Calls come faster all day, so that the last are so many minutes earlier; below 0 slower. (One shift of all calls
    /// would only move the opening: the queue would be as long, later.)
    pub fn faster(&self, by: f64) -> Way {
        let mut way = self.clone();
        for profile in &mut way.profiles {
            (0..KNOTS).for_each(|knot| profile[knot] += by * share(knot));
        }
        way
    }
}

/// The share of the day at a place of the profile.
fn share(knot: usize) -> f64 {
    knot as f64 / (KNOTS - 1) as f64
}
