//! What each card does, and whether a scenario can meet it.

use super::{
    Fault, Unmet, coming,
    duty::{evening, on_duty, one_table, thinned, within},
};
use crate::TICKS_PER_MINUTE;
use chance::{Law, Ticks};
use domain::{
    Plan, Scenario,
    scenario::{Arrivals, Calendar, Gives, Order, Servers, Station},
};

/// A cycle in which a part of the servers' time is lost is long against a service, so that those who finish late do not
/// make up for it, and short against a queue.
const CYCLE_SERVICES: f64 = 20.0;
/// And no shorter or longer than this, in minutes.
const CYCLE_MIN: (f64, f64) = (10.0, 60.0);
/// Rest is given by the hour.
const HOUR: Ticks = 60 * TICKS_PER_MINUTE;
/// Paper is typed in afterwards for as long as the outage lasted, and takes this share of the clerks' time: ours to
/// assume, for nobody has published it.
const TYPING: f64 = 0.2;
/// A scan takes longest and shortest this much more or less than usual: four to five minutes around four and a half.
const SCAN_SPREAD: f64 = 1.0 / 9.0;
/// In the rain people are ready to wait half as long.
const RAIN_PATIENCE: f64 = 0.5;
/// Where the scenario lets nobody give up, people in the rain wait an hour on average.
const RAIN_PATIENCE_S: f64 = 3_600.0;

/// The first station with counted servers: where people are registered.
fn first(scenario: &Scenario) -> Option<usize> {
    scenario.site.stations.iter().position(counted)
}

fn counted(station: &Station) -> bool {
    matches!(station.servers, Servers::Calendar(_))
}

/// Where the round's item is given; the first of several.
fn giving(scenario: &Scenario) -> Option<usize> {
    scenario.site.giving().first().copied()
}

pub(super) fn unmet(fault: &Fault, scenario: &Scenario, plan: Option<&Plan>) -> Option<Unmet> {
    let when = |unmet: Unmet, is: bool| is.then_some(unmet);
    match fault.card.name {
        "courier-late" | "lab-stops" => Some(Unmet::NoCity),
        "early-crowd" => {
            let timed = match &scenario.arrivals {
                Arrivals::Poisson(_) => false,
                Arrivals::Mix(mix) => mix.waves || mix.appointments.is_some(),
                _ => true,
            };
            when(Unmet::NoTimes, !timed)
        }
        "building-not-called" => when(Unmet::NoWaves, !coming::calls_waves(plan)),
        "wave-twice" => when(Unmet::NoWaves, !coming::calls_waves(plan))
            .or_else(|| when(Unmet::NoNextWave, !plan.is_some_and(coming::has_next))),
        "tubes-out" => when(Unmet::NothingGiven, scenario.round.gives == Gives::Nothing)
            .or_else(|| when(Unmet::NoServers, first(scenario).is_none())),
        "rain" => None,
        _ => when(Unmet::NoServers, first(scenario).is_none()),
    }
}

/// Changes the day. `planned` is the scenario without any fault: a lane of it is a lane still when its tables were put
/// together.
pub(super) fn meet(fault: &Fault, planned: &Scenario, day: &mut Scenario, plan: Option<&mut Plan>) {
    let value = fault.value;
    let until = fault.from + (value * TICKS_PER_MINUTE as f64) as Ticks;
    let count = value as u32;
    match fault.card.name {
        "early-crowd" => coming::early(day, plan, value),
        "wave-twice" => {
            if let Some(plan) = plan {
                coming::together(plan, count);
            }
        }
        "building-not-called" => {
            if let Some(plan) = plan {
                coming::forgotten(plan, &day.roll, count);
            }
        }
        "registrars-absent" => at_first(day, |day, first| absent(day, first, count)),
        "slow-clerk" => at_first(day, |day, first| slow(day, planned, first, value)),
        "system-slow" => at_first(day, |day, first| {
            let spread = value * SCAN_SPREAD;
            day.site.stations[first].service = Law::uniform((value - spread) * 60.0, (value + spread) * 60.0);
        }),
        "system-down" => at_first(day, |day, first| {
            stopped(&mut day.site.stations[first], fault.from, until);
        }),
        "system-down-offline" => at_first(day, |day, first| {
            let typed = until + (until - fault.from);
            slower(&mut day.site.stations[first], TYPING, until, typed);
        }),
        "tubes-out" => {
            if let Some(giving) = giving(day) {
                stopped(&mut day.site.stations[giving], fault.from, until);
            }
        }
        "team-withdrawn" => withdrawn(day, planned, count, fault.from),
        "no-water" => {
            let evening = evening(day);
            day.site
                .stations
                .iter_mut()
                .for_each(|station| slower(station, value / 100.0, fault.from, evening));
        }
        "heat" => {
            let span = (fault.from, evening(day));
            for station in &mut day.site.stations {
                on_duty(station, |calendar| thinned(calendar, value / 60.0, span, HOUR));
            }
        }
        "no-order-keepers" => at_first(day, |day, first| day.site.stations[first].order = Order::Scrum),
        "rain" => rain(day, count),
        _ => {}
    }
    // The places of a drawn site are those of its tables: with other tables it is drawn anew.
    let tables = |scenario: &Scenario| scenario.site.stations.iter().map(|station| station.shared).collect();
    let (before, after): (Vec<bool>, Vec<bool>) = (tables(planned), tables(day));
    if before != after {
        day.layout = None;
    }
}

fn at_first(day: &mut Scenario, change: impl FnOnce(&mut Scenario, usize)) {
    if let Some(first) = first(day) {
        change(day, first);
    }
}

/// So many of all lanes' servers do not come. Where they cannot be missed evenly, those who came serve all lanes.
fn absent(day: &mut Scenario, place: usize, count: u32) {
    let lanes = day.site.lanes;
    let station = &mut day.site.stations[place];
    let mut each = count;
    if !station.shared {
        if count.is_multiple_of(u32::from(lanes)) {
            each = count / u32::from(lanes);
        } else {
            one_table(station, lanes);
        }
    }
    on_duty(station, |calendar| {
        within(calendar, Ticks::MIN, Ticks::MAX, |servers| servers.saturating_sub(each))
    });
}

/// One of the servers takes so many times as long: all of them together serve as many fewer as that one does.
fn slow(day: &mut Scenario, planned: &Scenario, place: usize, times: f64) {
    let station = &planned.site.stations[place];
    let lanes = if station.shared { 1 } else { u32::from(planned.site.lanes) };
    let Servers::Calendar(calendar) = &station.servers else { return };
    let most = calendar.0.iter().map(|entry| entry.1).max().unwrap_or(0).saturating_mul(lanes).max(1);
    let servers = f64::from(most);
    let factor = servers / (servers - 1.0 + 1.0 / times);
    let station = &mut day.site.stations[place];
    station.service = station.service.scaled_by(factor);
    station.plus_each_s *= factor;
}

/// No service starts from one time until another.
fn stopped(station: &mut Station, from: Ticks, until: Ticks) {
    on_duty(station, |calendar| within(calendar, from, until, |_| 0));
}

/// A share of the servers' time is lost from one time until another.
fn slower(station: &mut Station, share: f64, from: Ticks, until: Ticks) {
    let minutes = (station.service.mean_s() * CYCLE_SERVICES / 60.0).clamp(CYCLE_MIN.0, CYCLE_MIN.1);
    let cycle = minutes as Ticks * TICKS_PER_MINUTE;
    on_duty(station, |calendar| thinned(calendar, share, (from, until), cycle));
}

/// The servers of so many lanes leave; those of the others serve all lanes.
fn withdrawn(day: &mut Scenario, planned: &Scenario, lost: u32, from: Ticks) {
    let lanes = u32::from(planned.site.lanes);
    let kept = lanes.saturating_sub(lost);
    for (station, was) in day.site.stations.iter_mut().zip(&planned.site.stations) {
        if was.shared || !counted(was) {
            continue;
        }
        let evenly =
            |calendar: &Calendar| calendar.0.iter().all(|entry| (entry.1 * kept).is_multiple_of(lanes));
        if !matches!(&station.servers, Servers::Calendar(calendar) if evenly(calendar)) {
            one_table(station, planned.site.lanes);
        }
        on_duty(station, |calendar| within(calendar, from, Ticks::MAX, |servers| servers * kept / lanes));
    }
}

/// So many have shelter, and nobody waits as long as in the sun.
fn rain(day: &mut Scenario, shelter: u32) {
    day.site.room = Some(day.site.room.map_or(shelter, |room| room.min(shelter)));
    day.patience = Some(match &day.patience {
        Some(law) => law.scaled_by(RAIN_PATIENCE),
        None => Law::exponential(RAIN_PATIENCE_S),
    });
}
