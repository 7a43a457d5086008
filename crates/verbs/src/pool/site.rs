//! The day of one community's site: how long the table, the laboratory and second visits take with tubes of each size.
//!
//! The table is rehearsed, a size after the other under the same luck, so that queues count. What follows is a flow without
//! chance: tubes reach the laboratory as people leave the site, and it tests so many in an hour.

use super::Question;
use crate::{
    rehearse::{By, plan_of},
    run::Run,
};
use ::rehearse::{Leaving, Luck, Outcome, Progress, Rehearsal};
use domain::{
    Notes, Place, Plan, Scenario,
    scenario::{Changeover, Gives, Servers, Station, Unit},
};
use screening::{Day, Figures, Filling, Flow, Hours, Households};
use serde::Serialize;

/// Sizes where nothing is asked: those that a scenario can say, since no sampling tube takes more than 20 swabs.
pub const SIZES: std::ops::RangeInclusive<u32> = 1..=20;
/// People of one household: a dormitory has more, and is no household.
pub const HOUSEHOLD_MAX: usize = 64;
const MINUTE_H: f64 = 1.0 / 60.0;

/// What the day of a size comes to: means over replications.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SizeDay {
    /// People tested.
    pub people: f64,
    /// People who came and were not tested: turned away, or tired of waiting.
    pub unserved: f64,
    /// The wait before the table that 95 in 100 do not exceed, in minutes.
    pub wait_p95_min: Option<f64>,
    /// Tubes of the first stage.
    pub tubes: f64,
    /// People who are called again.
    pub recalls: f64,
    /// Hours from the opening until the last swab of the first stage, rehearsed; null for a city.
    pub sampling_h: Option<f64>,
    /// The same if nobody ever had to wait for people to come: work over hands.
    pub sampling_flow_h: Option<f64>,
    /// Hours from the opening until all tubes of the first stage have a result.
    pub first_h: f64,
    /// The probability that anybody is called again.
    pub recall_chance: f64,
    /// Hours that second visits take beyond that, if there are any.
    pub second_h: f64,
    /// Hours from the opening until everybody has a result, second visits as often as there are any.
    pub all_h: f64,
    /// What was rehearsed; the rest is a flow without chance.
    pub rehearsed: &'static [&'static str],
}

/// What comes after the table.
#[derive(Clone, Copy, Debug)]
pub struct After {
    /// Tubes that laboratories test in an hour; infinite where nothing is said.
    pub lab_tubes_per_hour: f64,
    /// Hours from a tube to its result where the laboratory is free.
    pub turnaround_h: f64,
    /// Hours from a positive tube's result until its people stand at the table.
    pub return_h: f64,
}

/// A site with tubes of each size, ready to be rehearsed.
#[derive(Debug)]
pub struct Tried {
    day: Day,
    rehearsals: Vec<Rehearsal>,
}

/// A site that was rehearsed with tubes of each size.
#[derive(Debug)]
pub struct Lived {
    day: Day,
    tables: Vec<(Outcome, Leaving)>,
}

/// The households of a scenario's roll, kept in one tube; strangers where it has none.
pub fn filling(scenario: &Scenario, secondary: f64) -> Filling {
    let mut numbers = vec![0u64; HOUSEHOLD_MAX];
    for household in &scenario.roll.households {
        let people = household.residents.len().min(HOUSEHOLD_MAX);
        if people > 0 {
            numbers[people - 1] += 1;
        }
    }
    Households::new(&numbers, secondary).map_or(Filling::Strangers, Filling::Households)
}

/// What speaks against asking a scenario for its day, or should be known first.
pub fn notes(scenario: &Scenario, lab_tubes_per_hour: Option<f64>) -> Notes {
    let mut notes = Notes::default();
    let place = |key: &str| Place::file("scenario.toml").column(key);
    if scenario.round.gives != Gives::Tube {
        notes.error(place("round.purpose"), "pooled_no_tubes", &[("purpose", &scenario.round.purpose)]);
        return notes;
    }
    let counters = scenario.site.giving();
    let Some(&first) = counters.first() else {
        notes.error(place("site.station"), "pooled_no_table", &[]);
        return notes;
    };
    if counters.iter().all(|&place| scenario.site.stations[place].changeover.is_none()) {
        let station = &scenario.site.stations[first].name;
        notes.hint(place("site.station"), "pooled_no_change", &[("station", station)]);
    }
    if lab_tubes_per_hour.is_none() {
        notes.hint(Place::file("--lab-tubes-per-hour"), "pooled_no_lab", &[]);
    }
    notes
}

impl Tried {
    /// Makes a scenario ready, once for each size. Where people are called in waves, each size has waves of its own, at the
    /// pace that its table keeps.
    ///
    /// # Errors
    /// Notes, where nobody can be called.
    pub fn new(
        scenario: &Scenario,
        question: &Question,
        after: After,
        run: &Run<'_>,
    ) -> Result<Tried, Notes> {
        let rehearsals = question.sizes.iter().map(|&size| {
            let scenario = with_tubes_of(scenario, size, &question.filling);
            let plan: Option<Plan> = plan_of(&scenario, run, By::Law)?;
            Ok(run.rehearsal(&scenario, plan.as_ref()))
        });
        Ok(Tried { day: day(scenario, after), rehearsals: rehearsals.collect::<Result<_, _>>()? })
    }

    /// Rehearses each size under the same luck.
    pub fn live(self, luck: Luck, reps: u32, threads: usize, progress: &Progress) -> Lived {
        let one = |rehearsal: &Rehearsal| rehearsal.run_leaving(luck, reps, threads, progress);
        Lived { day: self.day, tables: self.rehearsals.iter().map(one).collect() }
    }

    /// How many sizes.
    pub fn sizes(&self) -> usize {
        self.rehearsals.len()
    }
}

impl Lived {
    /// People simulated.
    pub fn people_simulated(&self) -> f64 {
        self.tables.iter().map(|(outcome, _)| outcome.people_simulated()).sum()
    }

    /// The day with tubes of the size at this place.
    pub fn day(&self, place: usize, figures: &Figures) -> Option<SizeDay> {
        let (outcome, leaving) = self.tables.get(place)?;
        let table = outcome.figures();
        let hours = leaving.0.iter().map(|people| {
            let people: Vec<f64> = people.iter().map(|&people| f64::from(people)).collect();
            let flow = Flow { people: &people, from_h: MINUTE_H, step_h: MINUTE_H };
            self.day.hours_after(flow, figures)
        });
        let hours: Vec<Hours> = hours.collect();
        let mean = |of: fn(&Hours) -> f64| hours.iter().map(of).sum::<f64>() / hours.len().max(1) as f64;
        let flow = Day { people: table.served, ..self.day }.hours(figures);
        Some(SizeDay {
            people: table.served,
            unserved: table.unserved + table.left,
            wait_p95_min: table.wait_min.p95,
            tubes: table.served * figures.tubes_per_person,
            recalls: table.served * figures.recalls_per_1000 / 1_000.0,
            sampling_h: Some(mean(|hours| hours.sampling_h)),
            sampling_flow_h: Some(flow.sampling_h),
            first_h: mean(|hours| hours.first_h),
            recall_chance: mean(|hours| hours.recall_chance),
            second_h: mean(|hours| hours.second_h),
            all_h: mean(|hours| hours.all_h),
            rehearsed: &["table"],
        })
    }
}

/// The scenario with tubes of this size: a server changes tubes after so many people. Where households are kept in one tube,
/// tubes hold fewer, and a change takes longer in proportion, so that all changes take what they do.
fn with_tubes_of(scenario: &Scenario, size: u32, filling: &Filling) -> Scenario {
    let mut scenario = scenario.clone();
    let fuller = filling.tubes(size, 0.0).a_person() * f64::from(size);
    let party = mean_party(&scenario);
    for place in scenario.site.giving() {
        let station = &mut scenario.site.stations[place];
        let at_once = if station.unit == Unit::Person { 1.0 } else { party };
        if let Some(change) = station.changeover {
            let every = (f64::from(size) / at_once + 0.5).max(1.0) as u32;
            station.changeover = Some(Changeover { every, away_s: change.away_s * fuller });
        }
    }
    scenario.round.pool = u8::try_from(size).unwrap_or(u8::MAX);
    scenario
}

fn mean_party(scenario: &Scenario) -> f64 {
    let households = scenario.roll.households.len();
    if households == 0 { 1.0 } else { f64::from(scenario.roll.people()) / households as f64 }
}

/// What the scenario's table has to work with.
fn day(scenario: &Scenario, after: After) -> Day {
    let party = mean_party(scenario);
    let servers = |station: &Station| {
        let Servers::Calendar(calendar) = &station.servers else { return 0.0 };
        let most = calendar.0.iter().map(|&(_, servers)| servers).max().unwrap_or(0);
        f64::from(most) * if station.shared { 1.0 } else { f64::from(scenario.site.lanes) }
    };
    let (mut samplers, mut swab_s, mut change_s) = (0.0, 0.0, 0.0);
    for station in scenario.site.giving().into_iter().map(|place| &scenario.site.stations[place]) {
        let hands = servers(station);
        let party = if station.unit == Unit::Person { 1.0 } else { party };
        samplers += hands;
        swab_s += hands * (station.service.mean_s() + station.plus_each_s * (party - 1.0)) / party;
        change_s += hands * station.changeover.map_or(0.0, |change| change.away_s);
    }
    let samplers = samplers.max(1.0);
    Day {
        people: 0.0,
        samplers,
        swab_s: swab_s / samplers,
        change_s: change_s / samplers,
        lab_tubes_per_hour: after.lab_tubes_per_hour,
        turnaround_h: after.turnaround_h,
        return_h: after.return_h,
    }
}
