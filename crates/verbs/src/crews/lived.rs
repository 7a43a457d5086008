//! A division under chance: each community from its own scenario, or from its crews' pace and the stated cv.

use chance::{Law, Ticks, law::Shape};
use domain::{
    CrewDay, Scenario,
    crews::CrewCommunity,
    scenario::{
        Arrivals, Attendance, Calendar, Callers, Community, Custody, Gives, LaneChoice, Order, Round,
        Servers, Site, Station, Statistics, Unit, WaveRules,
    },
};
use jiff::civil::Time;
use plan::crews::Division;
use rehearse::{
    TICKS_PER_MINUTE,
    crews::{CrewRounds, Place, Stay},
};

/// People who stand ready before the first of a crew's people are served, so that it never waits for a caller: a tube of ten.
const AHEAD: f64 = 10.0;
/// Where a community has no scenario: people come within some minutes of the time that they were told, as in the example of
/// the house.
const REACTION: Shape = Shape::Normal { mean_s: 0.0, sd_s: 300.0 };

/// A division under chance.
#[derive(Clone, Debug, PartialEq)]
pub struct LivedDay {
    /// For each draw when the last community was done, in minutes after midnight; infinite where somebody was not served.
    latest_min: Vec<f64>,
    /// Community by community.
    pub communities: Vec<LivedCommunity>,
}

/// A community under chance.
#[derive(Clone, Debug, PartialEq)]
pub struct LivedCommunity {
    done_min: Vec<f64>,
    /// Mean minutes before all stations together; 0 where nobody was served.
    pub wait_mean_min: f64,
    /// 95 of 100 waited no longer, in minutes.
    pub wait_p95_min: f64,
    /// People not served, on average.
    pub unserved: f64,
}

impl LivedDay {
    /// Lives a division so many times.
    pub(super) fn of(day: &CrewDay, division: &Division, seed: u64, draws: u32) -> LivedDay {
        let outcome = rounds(day, division).live(seed, 0..draws);
        let mut latest_min: Vec<f64> = outcome.latest().into_iter().map(minutes).collect();
        // Whom the division leaves out is told of nothing, so nobody misses them in a draw.
        if division.unserved.iter().any(|&left| left > 0.0) {
            latest_min.fill(f64::INFINITY);
        }
        latest_min.sort_by(f64::total_cmp);
        let communities =
            outcome.done.into_iter().zip(outcome.waits).zip(outcome.unserved).zip(&division.unserved);
        let communities = communities.map(|(((done, mut waits), unserved), left)| {
            let mut done_min: Vec<f64> = done.into_iter().map(minutes).collect();
            done_min.sort_by(f64::total_cmp);
            let sum: i128 = waits.iter().map(|&wait| i128::from(wait)).sum();
            let p95 = match waits.len() {
                0 => 0,
                count => *waits.select_nth_unstable((count * 95).div_ceil(100) - 1).1,
            };
            let per_min = TICKS_PER_MINUTE as f64;
            LivedCommunity {
                done_min,
                wait_mean_min: sum as f64 / waits.len().max(1) as f64 / per_min,
                wait_p95_min: p95 as f64 / per_min,
                unserved: unserved + left,
            }
        });
        LivedDay { latest_min, communities: communities.collect() }
    }

    /// Draws.
    pub fn draws(&self) -> u32 {
        u32::try_from(self.latest_min.len()).unwrap_or(u32::MAX)
    }

    /// By when all are done in this share of the draws, in minutes after midnight; `None` if never.
    pub fn done_by(&self, share: f64) -> Option<f64> {
        by(&self.latest_min, share)
    }

    /// The share of draws in which all were done by the promise; `None` without one.
    pub fn kept(&self, day: &CrewDay) -> Option<f64> {
        let promise = day.promise_min?;
        let kept = self.latest_min.iter().filter(|&&latest| latest <= promise).count();
        Some(kept as f64 / self.latest_min.len().max(1) as f64)
    }
}

impl LivedCommunity {
    /// By when it is done in this share of the draws, in minutes after midnight; `None` if never.
    pub fn done_by(&self, share: f64) -> Option<f64> {
        by(&self.done_min, share)
    }
}

/// Of sorted minutes.
fn by(sorted: &[f64], share: f64) -> Option<f64> {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().filter(|minutes| minutes.is_finite() && *minutes > 0.0)
}

fn minutes(ticks: Option<Ticks>) -> f64 {
    ticks.map_or(f64::INFINITY, |ticks| ticks as f64 / TICKS_PER_MINUTE as f64)
}

fn ticks(minutes: f64) -> Ticks {
    (minutes * TICKS_PER_MINUTE as f64).round() as Ticks
}

/// The division as it is lived.
fn rounds(day: &CrewDay, division: &Division) -> CrewRounds {
    let places = day.communities.iter().enumerate().map(|(place, of)| self::place(day, division, place, of));
    let ways = day.crews.iter().zip(&division.stays).map(|(crew, stays)| {
        let stay = |(number, stay): (usize, &plan::crews::Stay)| {
            let before = number.checked_sub(1).map(|before| stays[before].community);
            let travel = before
                .map_or(0.0, |before| day.pack_min + day.way_min[before][stay.community] + day.setup_min);
            Stay {
                place: stay.community,
                from: ticks(stay.from_min),
                until: ticks(stay.until_min),
                travel: ticks(travel),
                shift_ends: ticks(crew.until_min),
            }
        };
        stays.iter().enumerate().map(stay).collect()
    });
    CrewRounds { places: places.collect(), ways: ways.collect() }
}

fn place(day: &CrewDay, division: &Division, place: usize, of: &CrewCommunity) -> Place {
    let crews = day.crews.iter().zip(&division.stays);
    let here: Vec<(f64, &plan::crews::Stay)> = crews
        .flat_map(|(crew, stays)| stays.iter().map(|stay| (crew.people_per_h, stay)))
        .filter(|(_, stay)| stay.community == place)
        .collect();
    let worked_h: f64 = here.iter().map(|(_, stay)| (stay.until_min - stay.from_min) / 60.0).sum();
    let people: f64 = here.iter().map(|(_, stay)| stay.people).sum();
    let pace = if worked_h > 0.0 { people / worked_h } else { 1.0 };
    let scenario = of.scenario.clone().unwrap_or_else(|| plain(day, of, pace));
    let opens = scenario.round.opens;
    let opens = opens.duration_since(opens.date().to_datetime(Time::midnight())).as_micros() / 100;
    let reaction = match of.scenario {
        Some(_) => scenario.waves.reaction.clone(),
        None => Law::of(REACTION),
    };
    Place {
        scenario,
        calendar_from: Ticks::try_from(opens).unwrap_or(0),
        called: called(&here),
        reaction,
        opens: ticks(of.opens_min),
        closes: ticks(of.closes_min),
    }
}

/// When each person is told to come, so that crews are never without people: when those a tube ahead of them are served.
fn called(here: &[(f64, &plan::crews::Stay)]) -> Vec<Ticks> {
    let mut turns: Vec<f64> = here.iter().flat_map(|(_, stay)| [stay.from_min, stay.until_min]).collect();
    turns.sort_by(f64::total_cmp);
    turns.dedup();
    let mut called = Vec::new();
    let mut served = 0.0;
    for turn in turns.windows(2) {
        let (from, until) = (turn[0], turn[1]);
        let busy = here.iter().filter(|(_, stay)| stay.from_min <= from && until <= stay.until_min);
        let per_min: f64 = busy.map(|(per_h, _)| per_h / 60.0).sum();
        if per_min == 0.0 {
            continue;
        }
        let by_then = served + per_min * (until - from);
        while (called.len() as f64) + 1.0 <= by_then + AHEAD && (called.len() as f64) < by_then_all(here) {
            let turn = (called.len() as f64 + 1.0 - AHEAD - served).max(0.0) / per_min;
            called.push(ticks(from + turn));
        }
        served = by_then;
    }
    called
}

/// All who are to be served there, a share of a person being one.
fn by_then_all(here: &[(f64, &plan::crews::Stay)]) -> f64 {
    here.iter().map(|(_, stay)| stay.people).sum::<f64>().round()
}

/// A community of which only its crews' pace is known: one counter a lane.
fn plain(day: &CrewDay, of: &CrewCommunity, per_h: f64) -> Scenario {
    let service = match day.service_cv {
        0.0 => Law::constant(3600.0 / per_h),
        cv => Law::lognormal_mean_cv(3600.0 / per_h, cv),
    };
    let counter = Station {
        name: "service".to_owned(),
        shared: false,
        servers: Servers::Calendar(Calendar(vec![(0, 1)])),
        service,
        changeover: None,
        next: Vec::new(),
        unit: Unit::Person,
        plus_each_s: 0.0,
        room: None,
        walk: None,
        order: Order::Fifo,
        observe_min: 0.0,
        gives_here: true,
        waiting_at_start: 0,
    };
    let site = Site {
        lanes: 1,
        lane_choice: LaneChoice::Assigned,
        green_channel: false,
        room: None,
        stations: vec![counter],
    };
    Scenario {
        community: Community { name: of.name.clone(), timezone: "UTC".to_owned() },
        round: Round {
            purpose: "screening".to_owned(),
            gives: Gives::Nothing,
            opens: day.midnight,
            closes: None,
            pool: 1,
        },
        site,
        layout: None,
        visitors: Vec::new(),
        arrivals: Arrivals::Schedule { times: Vec::new(), punctuality: None },
        waves: WaveRules {
            reaction: Law::of(REACTION),
            late: None,
            callers: Callers { number: 1, call: Law::constant(0.0) },
            size: 1,
            load: None,
            wait_p95_min: f64::INFINITY,
        },
        attendance: Attendance { households: 1.0, persons: 1.0 },
        patience: None,
        statistics: Statistics::default(),
        roll: domain::Roll::default(),
        custody: Custody::default(),
        walking: Default::default(),
        lessons: Vec::new(),
        directives: Vec::new(),
        own_rules: Default::default(),
    }
}
