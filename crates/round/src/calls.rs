//! Who is expected when: the plan's waves and everybody else whose coming is known beforehand.

use crate::rules::MINUTE;
use chance::{Law, Sampler, TICKS_PER_SECOND, Ticks};
use domain::{
    Plan, Policy, Scenario,
    scenario::{Appointments, Arrivals, Flow, WalkIns},
};
use serde::{Deserialize, Serialize};

/// Who is expected when. It can be written down and sent, like the [rules](crate::Rules).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Calls {
    /// The plan's waves, in the order of their calls; empty where nobody is called.
    pub waves: Vec<PlannedWave>,
    /// Whether the waves are one message to all.
    pub broadcast: bool,
    /// How long people take from the call to arriving: (minutes, share), shares sum to 1.
    pub reaction: Vec<(f64, f64)>,
    /// Share of the people called who come.
    pub attendance: f64,
    /// People with appointments and walk-ins: (ticks after opening, people), in order of time.
    pub others: Vec<(Ticks, f64)>,
}

/// One wave as it is planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedWave {
    /// Its number, from 1.
    pub number: u32,
    /// When its call starts, in ticks after opening.
    pub call_at: Ticks,
    /// Its lane, from 1; 0 where people choose on arrival.
    pub lane: u16,
    /// Households in it.
    pub households: u32,
    /// People in them.
    pub people: u32,
    /// Minutes that calling all of them takes.
    pub calling_min: f64,
}

/// A law is looked at in so many points: enough for a forecast by the minute.
const POINTS: u32 = 64;
/// Walk-ins without an end are expected for so long.
const WALK_IN_MINUTES: usize = 24 * 60;

impl Calls {
    /// What a plan and the scenario's own law of arrivals let expect.
    pub fn new(scenario: &Scenario, plan: Option<&Plan>) -> Calls {
        let rules = &scenario.waves;
        let broadcast = plan.is_some_and(|plan| plan.policy == Policy::Broadcast);
        let chosen = scenario.site.lane_choice == domain::scenario::LaneChoice::Shortest;
        let a_call = if broadcast {
            0.0
        } else {
            rules.callers.call.mean_s() / 60.0 / f64::from(rules.callers.number.max(1))
        };
        let waves = plan.iter().flat_map(|plan| &plan.waves).map(|wave| {
            let households = u32::try_from(wave.households.len()).unwrap_or(u32::MAX);
            PlannedWave {
                number: wave.number,
                call_at: wave.call_at,
                lane: if chosen { 0 } else { wave.lane.saturating_add(1) },
                households,
                people: wave.households.iter().map(|&household| scenario.roll.size(household)).sum(),
                calling_min: a_call * f64::from(households),
            }
        });
        let mut waves: Vec<PlannedWave> = waves.collect();
        waves.sort_by_key(|wave| (wave.call_at, wave.number));
        let reaction = match &scenario.arrivals {
            Arrivals::Broadcast { reaction, .. } if broadcast => points(reaction, 1.0),
            _ if broadcast => points(&usual_reaction_to_a_message(), 1.0),
            _ => {
                let late = rules.late.as_ref().map_or(0.0, |late| late.share);
                let mut reaction = points(&rules.reaction, 1.0 - late);
                reaction.extend(rules.late.iter().flat_map(|late| points(&late.reaction, late.share)));
                reaction
            }
        };
        let attendance = scenario.attendance.households * scenario.attendance.persons;
        Calls { waves, broadcast, reaction, attendance, others: others(&scenario.arrivals) }
    }

    /// Minutes from a wave's call to the arrival of its people, on average.
    pub fn mean_delay_min(&self, wave: &PlannedWave) -> f64 {
        let reaction: f64 = self.reaction.iter().map(|(minutes, share)| minutes * share).sum();
        reaction + wave.calling_min / 2.0
    }
}

/// A law in minutes, as equally likely values that sum to `share`.
fn points(law: &Law, share: f64) -> Vec<(f64, f64)> {
    let sampler = Sampler::compile(law);
    let step = u32::MAX / POINTS;
    let values = (0..POINTS).map(|point| sampler.draw(point * step + step / 2) as f64 / MINUTE as f64);
    values.map(|minutes| (minutes, share / f64::from(POINTS))).collect()
}

/// Where a scenario has no law of its own for a message to all: as in a rehearsal.
fn usual_reaction_to_a_message() -> Law {
    Law::lognormal_median_sigma(1800.0, 0.8)
}

fn others(arrivals: &Arrivals) -> Vec<(Ticks, f64)> {
    let mut others = match arrivals {
        Arrivals::Appointments(appointments) => booked(appointments),
        Arrivals::Schedule { times, punctuality } => {
            let shift = punctuality.as_ref().map_or(0, mean_ticks);
            times.iter().map(|time| (time + shift, 1.0)).collect()
        }
        Arrivals::Poisson(people) => walk_ins(people),
        Arrivals::Mix(mix) => {
            let mut all = mix.appointments.as_ref().map_or_else(Vec::new, booked);
            all.extend(mix.walk_ins.iter().flat_map(walk_ins));
            all
        }
        Arrivals::Broadcast { .. } | Arrivals::Waves => Vec::new(),
    };
    others.sort_by_key(|&(time, _)| time);
    others
}

fn booked(appointments: &Appointments) -> Vec<(Ticks, f64)> {
    let shift = appointments.punctuality.as_ref().map_or(0, mean_ticks);
    let people = f64::from(appointments.places) * (1.0 - appointments.no_show);
    (0..Ticks::from(appointments.slots)).map(|slot| (slot * appointments.slot + shift, people)).collect()
}

fn walk_ins(walk_ins: &WalkIns) -> Vec<(Ticks, f64)> {
    let minutes = match &walk_ins.per_hour {
        Flow::Constant(_) => WALK_IN_MINUTES,
        Flow::Hourly(hours) => hours.len() * 60,
    };
    let rate = |minute: usize| match &walk_ins.per_hour {
        Flow::Constant(per_hour) => *per_hour,
        Flow::Hourly(hours) => hours[minute / 60],
    };
    let mut left = walk_ins.people.map_or(f64::INFINITY, f64::from);
    let until = walk_ins.until.unwrap_or(Ticks::MAX);
    let mut expected = Vec::new();
    for minute in 0..minutes {
        let at = minute as Ticks * MINUTE;
        let people = (rate(minute) / 60.0).min(left);
        if at >= until || left <= 0.0 {
            break;
        }
        left -= people;
        expected.push((at, people));
    }
    expected
}

fn mean_ticks(law: &Law) -> Ticks {
    (law.mean_s() * TICKS_PER_SECOND as f64) as Ticks
}
