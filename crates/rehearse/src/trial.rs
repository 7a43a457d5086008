//! Many plans on the same luck: what chance gives is drawn once, and only those lanes are lived again in which a plan
//! changes when somebody comes.

use crate::{
    Luck, TICKS_PER_MINUTE,
    arrivals::{Coming, gather},
    calls::tell,
    compile::compile,
};
use chance::{Chance, TICKS_PER_SECOND, Ticks};
use domain::{Plan, Policy, Scenario, scenario::LaneChoice};
use queueing::{Days, Detail, Distribution, Engine, Model, Progress, Visit};
use std::{collections::BTreeMap, ops::Range, rc::Rc, sync::Mutex};

/// What chance gives to the households of a roll, in so many replications, whatever the plan.
#[derive(Clone, Debug)]
pub struct Draws {
    luck: Luck,
    first: u32,
    days: Vec<Drawn>,
}

/// One replication.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    /// Ticks that the call of each household takes.
    pub calls: Vec<Ticks>,
    /// From the end of the call to arriving; [`NOBODY`] where nobody comes.
    pub reactions: Vec<Ticks>,
    /// Those who come, by key and class, household after household.
    pub people: Vec<(u32, u8)>,
    /// Where each household's people start; one more entry than households.
    pub starts: Vec<u32>,
}

/// The reaction of a household of which nobody comes.
pub(crate) const NOBODY: Ticks = Ticks::MAX;

impl Draws {
    /// Draws for replications `numbers` of a luck, for waves of this scenario.
    pub fn new(scenario: &Scenario, luck: Luck, numbers: Range<u32>) -> Draws {
        let nobody = Plan { policy: Policy::Waves, ..Plan::default() };
        let coming = Coming::new(scenario, Some(&nobody), &compile(scenario));
        let first = numbers.start;
        let chance = |number| Chance::new(luck.seed, luck.purpose as u32, number);
        let days = numbers.map(|number| coming.drawn(&scenario.roll, &chance(number))).collect();
        Draws { luck, first, days }
    }

    /// Replications.
    pub fn replications(&self) -> u32 {
        u32::try_from(self.days.len()).expect("replications are counted in 32 bits")
    }
}

/// How a plan did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Did {
    /// The wait that 95 in 100 do not exceed, in minutes.
    pub wait_p95_min: f64,
    /// Minutes after opening at which 97 % are done, mean over replications.
    pub done_97_min: f64,
    /// People who are not served, mean over replications.
    pub unserved: f64,
    /// Hours that all callers are out, from the first call to the last, mean over replications.
    pub caller_hours: f64,
}

/// One scenario's site, ready for plan after plan.
#[derive(Debug)]
pub struct Trial {
    model: Model,
    callers: u32,
    engine: Engine,
    parties: bool,
    /// Whether lanes have nothing in common but the callers.
    apart: bool,
    threads: usize,
    /// What each lane did, by what came to it.
    lived: BTreeMap<u128, Rc<Lane>>,
}

/// What came of one lane.
#[derive(Debug)]
struct Lane {
    wait: Distribution,
    unserved: f64,
    /// When people left, by replication.
    left: Vec<Vec<Ticks>>,
}

/// Who comes to a lane, by replication: when, and which household.
type Comers = Vec<Vec<(Ticks, u32, u16)>>;

/// Lanes that are remembered before all are forgotten.
const REMEMBERED: usize = 4_096;

impl Trial {
    /// Makes a scenario ready; `None` if not only its roll comes, if people already stand there at the start, or if
    /// this build does not tell when people left.
    pub fn new(scenario: &Scenario, threads: usize) -> Option<Trial> {
        let compiled = compile(scenario);
        let told = cfg!(feature = "abreast");
        if !told || !scenario.arrivals.needs_roll() || !compiled.classes.starting.is_empty() {
            return None;
        }
        let model = compiled.model;
        let one_lane = model.lanes == 1 || scenario.site.lane_choice == LaneChoice::Assigned;
        let apart = one_lane && model.warmup == 0 && model.stations.iter().all(|station| !station.shared);
        let (engine, parties) = (model.engine(), crate::compile::serves_parties(scenario));
        let callers = scenario.waves.callers.number;
        Some(Trial { model, callers, engine, parties, apart, threads, lived: BTreeMap::new() })
    }

    /// Rehearses waves on the first so many replications of these draws.
    pub fn run(&mut self, plan: &Plan, draws: &Draws, replications: u32) -> Did {
        let (comers, caller_hours) = self.comers(plan, draws, replications.min(draws.replications()));
        let lanes: Vec<Rc<Lane>> = comers.into_iter().map(|comers| self.lane(comers, draws)).collect();
        Did { caller_hours, ..pooled(&lanes) }
    }

    /// Who comes to each lane, or to all together.
    fn comers(&self, plan: &Plan, draws: &Draws, replications: u32) -> (Vec<Comers>, f64) {
        let mut waves: Vec<_> = plan.waves.iter().collect();
        waves.sort_by_key(|wave| (wave.call_at, wave.number));
        let called: Vec<(u32, Ticks, u16)> = waves
            .iter()
            .flat_map(|wave| wave.households.iter().map(|&household| (household, wave.call_at, wave.lane)))
            .collect();
        let lanes = if self.apart { usize::from(self.model.lanes) } else { 1 };
        let callers = plan.callers.unwrap_or(self.callers);
        let mut comers = vec![Vec::with_capacity(replications as usize); lanes];
        let mut out = 0;
        for day in &draws.days[..replications as usize] {
            let mut today: Vec<Vec<(Ticks, u32, u16)>> = vec![Vec::new(); lanes];
            let mut last = Ticks::MIN;
            let mut next = called.iter();
            let calls = called.iter().map(|&(household, at, _)| (at, day.calls[household as usize]));
            tell(callers as usize, calls, |told| {
                last = last.max(told);
                if let Some(&(household, _, lane)) = next.next()
                    && day.reactions[household as usize] != NOBODY
                {
                    let place = if self.apart { usize::from(lane) } else { 0 };
                    today[place].push((told + day.reactions[household as usize], household, lane));
                }
            });
            out += called.first().map_or(0, |&(_, first, _)| last - first);
            for (comers, mut today) in comers.iter_mut().zip(today) {
                today.sort_unstable();
                comers.push(today);
            }
        }
        let hours = out as f64 / (3_600.0 * TICKS_PER_SECOND as f64) / f64::from(replications.max(1));
        (comers, hours * f64::from(callers))
    }

    /// What comes of a lane, unless it is known.
    fn lane(&mut self, comers: Comers, draws: &Draws) -> Rc<Lane> {
        let key = key(&comers, draws.first);
        if let Some(lane) = self.lived.get(&key) {
            return Rc::clone(lane);
        }
        let lane = Rc::new(self.live(&comers, draws));
        if self.lived.len() >= REMEMBERED {
            self.lived.clear();
        }
        self.lived.insert(key, Rc::clone(&lane));
        lane
    }

    fn live(&self, comers: &Comers, draws: &Draws) -> Lane {
        let left: Vec<Mutex<Vec<Ticks>>> = comers.iter().map(|_| Mutex::default()).collect();
        let parties = self.parties;
        let arrive = |number: u32, _: &Chance, visits: &mut Vec<Visit>| {
            let day = &draws.days[number as usize];
            for &(at, household, lane) in &comers[number as usize] {
                let first = visits.len();
                let places =
                    day.starts[household as usize] as usize..day.starts[household as usize + 1] as usize;
                visits.extend(day.people[places].iter().map(|&(key, class)| Visit {
                    at,
                    key,
                    lane,
                    class,
                    party: 1,
                }));
                if parties {
                    gather(visits[first..].iter_mut());
                }
            }
        };
        let told = |number: u32, _: usize, times: &[Ticks]| {
            let mut left = left[number as usize].lock().expect("nothing panics while it is held");
            left.extend_from_slice(times);
        };
        let luck = draws.luck;
        let days = Days {
            model: &self.model,
            engine: self.engine,
            count: u32::try_from(comers.len()).expect("replications are counted in 32 bits"),
            chance: &|number| Chance::new(luck.seed, luck.purpose as u32, draws.first + number),
            coming: queueing::Coming::Anyone(&arrive),
            came: None,
            left: Some(&told),
            detail: Detail::Everything,
        };
        let summary = days.run(self.threads, &Progress::default()).summary(&self.model);
        let left = left.into_iter().map(|left| left.into_inner().expect("nothing panicked")).collect();
        Lane { wait: summary.wait.distribution, unserved: summary.unserved + summary.left, left }
    }
}

/// Two independent sums over all that comes to a lane.
fn key(comers: &Comers, first: u32) -> u128 {
    let mut sums = [u64::from(first), comers.len() as u64];
    for day in comers {
        for &(at, household, lane) in day {
            let word = (at as u64) << 24 ^ u64::from(household) << 8 ^ u64::from(lane);
            sums[0] = (sums[0] ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
            sums[1] = (sums[1].rotate_left(17) ^ word).wrapping_mul(0xD1B5_4A32_D192_ED03);
        }
        sums[0] = sums[0].rotate_left(7) ^ 1;
    }
    u128::from(sums[0]) << 64 | u128::from(sums[1])
}

/// All lanes together.
fn pooled(lanes: &[Rc<Lane>]) -> Did {
    let seconds = lanes.iter().map(|lane| lane.wait.cumulative.len()).max().unwrap_or(0);
    let people: f64 = lanes.iter().map(|lane| lane.wait.people as f64).sum();
    let below = |second: usize| -> f64 {
        let lanes = lanes.iter().map(|lane| {
            let share = lane.wait.cumulative.get(second).or(lane.wait.cumulative.last()).copied();
            share.unwrap_or(0.0) * lane.wait.people as f64
        });
        lanes.sum()
    };
    let wanted = people * 0.95;
    let bins: Vec<usize> = (0..seconds).collect();
    let bin = bins.partition_point(|&second| below(second) < wanted);
    let wait_s = match bin {
        0 => 0.0,
        bin => {
            let (before, upto) = (below(bin - 1), below(bin));
            bin as f64 - 1.0 + if upto > before { (wanted - before) / (upto - before) } else { 1.0 }
        }
    };
    let replications = lanes.first().map_or(0, |lane| lane.left.len());
    let mut done = 0.0;
    let mut together = Vec::new();
    for replication in 0..replications {
        together.clear();
        lanes.iter().for_each(|lane| together.extend_from_slice(&lane.left[replication]));
        let rank = (together.len() * 97).div_ceil(100);
        if let Some(place) = rank.checked_sub(1) {
            done += *together.select_nth_unstable(place).1 as f64;
        }
    }
    Did {
        wait_p95_min: wait_s / 60.0,
        done_97_min: done / replications.max(1) as f64 / TICKS_PER_MINUTE as f64,
        unserved: lanes.iter().map(|lane| lane.unserved).sum(),
        caller_hours: 0.0,
    }
}
