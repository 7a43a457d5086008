//! What a plan breaks, and the least change that would mend it.

use crate::{
    capacity::{Capacity, mean_party},
    pins,
};
use chance::{TICKS_PER_SECOND, Ticks};
use domain::{Notes, Place, Plan, Policy, Scenario, scenario::Unit};

/// What a rehearsal of the plan says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// The wait that 95 in 100 do not exceed, in minutes, at the upper end of its confidence interval.
    pub wait_p95_upper_min: f64,
    /// Most people waiting at one time.
    pub queue_max: f64,
    /// People turned away.
    pub unserved: f64,
    /// Minutes after opening at which 97 % are done.
    pub done_97_min: f64,
}

/// More than this share above the mean lane is worth a note.
const UNEVEN: f64 = 1.15;

/// Checks a plan against its scenario and, where there is one, its forecast. `file` is the plan's name in the notes.
pub fn check(plan: &Plan, scenario: &Scenario, forecast: Option<&Forecast>, file: &str) -> Notes {
    let mut notes = Notes::default();
    let place = || Place::file(file);
    let wave_place = |number: u32| Place::file(file).column(format!("waves[{number}]"));
    let people = |households: &[u32]| -> u32 {
        households.iter().map(|&household| scenario.roll.size(household)).sum()
    };
    let coming = scenario.attendance.households * scenario.attendance.persons;
    if plan.policy == Policy::Waves {
        for wave in &plan.waves {
            let size = people(&wave.households);
            if let Some(room) = scenario.site.room.filter(|&room| size > room) {
                let parts = size.div_ceil(room.max(1));
                let args: [(&str, &dyn std::fmt::Display); 4] =
                    [("wave", &wave.number), ("people", &size), ("room", &room), ("parts", &parts)];
                notes.warning(wave_place(wave.number).column("people"), "plan_wave_larger_than_room", &args);
            }
        }
        check_callers(plan, scenario, &mut notes, file);
        check_closing(plan, scenario, &mut notes, file);
        if scenario.site.lane_choice == domain::scenario::LaneChoice::Assigned {
            pins::check(plan, scenario, &mut notes, file);
        }
    }
    let mut lanes = vec![0.0; usize::from(scenario.site.lanes)];
    for wave in &plan.waves {
        lanes[usize::from(wave.lane)] += f64::from(people(&wave.households)) * coming;
    }
    let mean = lanes.iter().sum::<f64>() / lanes.len() as f64;
    let fullest = (0..lanes.len()).max_by(|&a, &b| lanes[a].total_cmp(&lanes[b])).unwrap_or(0);
    let assigned = scenario.site.lane_choice == domain::scenario::LaneChoice::Assigned;
    if assigned && lanes[fullest] > mean * UNEVEN {
        let more = (lanes[fullest] - mean) as u32;
        notes.hint(
            place().column("waves"),
            "plan_lanes_uneven",
            &[("lane", &(fullest + 1)), ("more", &more)],
        );
    }
    let rate = Capacity::of_lane(scenario).mean_rate(mean);
    if let Some(forecast) = forecast {
        check_forecast(plan, scenario, forecast, rate, &mut notes, file);
    }
    notes
}

/// Whether the callers can make the calls between the first wave and the last.
fn check_callers(plan: &Plan, scenario: &Scenario, notes: &mut Notes, file: &str) {
    let times = plan.waves.iter().map(|wave| wave.call_at);
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else { return };
    let calls: usize =
        plan.waves.iter().filter(|wave| wave.call_at < last).map(|wave| wave.households.len()).sum();
    let seconds = (last - first) as f64 / TICKS_PER_SECOND as f64;
    let work = calls as f64 * scenario.waves.callers.call.mean_s();
    let number = scenario.waves.callers.number;
    if work > f64::from(number) * seconds && seconds > 0.0 {
        let needed = (work / seconds) as u32 + 1;
        notes.warning(
            Place::file(file).column("waves"),
            "plan_callers_too_few",
            &[("callers", &number), ("needed", &needed), ("calls", &calls)],
        );
    }
}

/// Whether anybody is called so late that the site closes before they can come.
fn check_closing(plan: &Plan, scenario: &Scenario, notes: &mut Notes, file: &str) {
    let Some(closes) = scenario.round.closes else { return };
    let reaction = (scenario.waves.reaction.mean_s() * TICKS_PER_SECOND as f64) as Ticks;
    for wave in plan.waves.iter().filter(|wave| wave.call_at + reaction > closes) {
        let late = (wave.call_at + reaction - closes) / (60 * TICKS_PER_SECOND) + 1;
        let place = Place::file(file).column(format!("waves[{}].call_at", wave.number));
        notes.warning(place, "plan_call_after_closing", &[("wave", &wave.number), ("minutes", &late)]);
    }
}

fn check_forecast(
    plan: &Plan,
    scenario: &Scenario,
    forecast: &Forecast,
    rate: f64,
    notes: &mut Notes,
    file: &str,
) {
    let place = |column: &str| Place::file(file).column(format!("forecast.{column}"));
    let target = scenario.waves.wait_p95_min;
    let shown = |value: f64| format!("{value:.0}");
    if forecast.wait_p95_upper_min > target {
        let args: [(&str, &dyn std::fmt::Display); 3] = [
            ("wait", &shown(forecast.wait_p95_upper_min)),
            ("target", &target),
            ("load", &plan.load.map_or_else(|| "–".to_owned(), |load| format!("{:.2}", load - 0.05))),
        ];
        let code =
            if plan.policy == Policy::Waves { "plan_wait_above_target" } else { "plan_broadcast_wait" };
        notes.warning(place("wait_min.p95"), code, &args);
    }
    if let Some(room) = scenario.site.room.filter(|&room| forecast.queue_max > f64::from(room)) {
        let args: [(&str, &dyn std::fmt::Display); 2] =
            [("queue", &shown(forecast.queue_max)), ("room", &room)];
        notes.warning(place("queue_max"), "plan_queue_larger_than_room", &args);
    }
    check_drawn(plan, scenario, forecast, notes, place("queue_max"));
    if forecast.unserved >= 0.5 {
        // The lanes go on as they go: so much longer, and nobody is turned away.
        let lanes = f64::from(scenario.site.lanes);
        let longer = if rate > 0.0 { forecast.unserved / lanes / rate / 60.0 + 1.0 } else { f64::NAN };
        let args: [(&str, &dyn std::fmt::Display); 2] =
            [("people", &shown(forecast.unserved)), ("minutes", &shown(longer))];
        notes.warning(place("unserved"), "plan_people_turned_away", &args);
    }
}

/// Nobody is asked to wait closer than this, in metres.
const SPACING_MIN_M: f64 = 1.0;

/// Whether those who wait fit the queues that the scenario's layout draws.
fn check_drawn(plan: &Plan, scenario: &Scenario, forecast: &Forecast, notes: &mut Notes, place: Place) {
    let Some(layout) = &scenario.layout else { return };
    // In a line of vehicles one place holds all who came in one.
    let vehicles = scenario.site.stations.first().is_some_and(|station| station.unit == Unit::Vehicle);
    let party = if vehicles { mean_party(scenario) } else { 1.0 };
    let places = f64::from(layout.queue_room_of_all()) * party;
    if forecast.queue_max <= places {
        return;
    }
    // One metre of line more than is missing does no harm.
    let metres = ((forecast.queue_max - places) / party * layout.spacing_m) as u32 + 1;
    // Closer, to the decimetre below.
    let spacing = (layout.spacing_m * places / forecast.queue_max * 10.0) as u32;
    let closer = f64::from(spacing) / 10.0;
    let load = plan.load.map_or_else(|| "–".to_owned(), |load| format!("{:.2}", load - 0.05));
    let (queue, places) = (format!("{:.0}", forecast.queue_max), format!("{places:.0}"));
    let args: [(&str, &dyn std::fmt::Display); 5] =
        [("queue", &queue), ("places", &places), ("metres", &metres), ("load", &load), ("spacing", &closer)];
    let code = match plan.policy {
        Policy::Broadcast => "plan_broadcast_queue_drawn",
        Policy::Waves if closer >= SPACING_MIN_M => "plan_queue_longer_than_drawn",
        Policy::Waves => "plan_queue_much_longer_than_drawn",
    };
    notes.warning(place, code, &args);
}
