//! The parts of a scenario held against each other: names that must exist, ways that must end, work that must fit
//! into the day.

mod load;
mod names;
mod ways;

pub(crate) use load::people_at_most;
pub(crate) use names::{Resolved, resolve};
pub(crate) use ways::check as check_ways;

use crate::reader::Context;
use domain::Place;
use domain::roll::Mark;
use domain::scenario::{Arrivals, Scenario};

/// Where the parts of the file stand, for notes on them as a whole.
pub(crate) struct Places {
    pub arrivals: Place,
    pub attendance: Place,
    pub statistics: Place,
    pub stations: Vec<Place>,
    pub visitors: Vec<Place>,
}

/// All checks of a scenario whose parts could be read.
pub(crate) fn check(context: &Context<'_>, scenario: &Scenario, places: &Places) {
    ways::check(context, scenario, &places.stations);
    let by_roll = scenario.arrivals.needs_roll();
    if by_roll && scenario.statistics.warmup_people > 0 {
        context.warning(&places.statistics, "warmup_with_roll", &[]);
    }
    let attendance = &scenario.attendance;
    if !by_roll && (attendance.households < 1.0 || attendance.persons < 1.0) {
        context.hint(&places.attendance, "attendance_without_roll", &[]);
    }
    if by_roll && attendance.households * attendance.persons == 0.0 {
        context.error(&places.attendance, "nobody_attends", &[]);
    }
    if !scenario.site.green_channel && green_share(&scenario.arrivals) > 0.0 {
        context.hint(&places.arrivals, "green_share_unused", &[]);
    }
    if !by_roll {
        for (visitor, place) in scenario.visitors.iter().zip(&places.visitors) {
            if visitor.share == 0.0 && Mark::ALL.iter().any(|mark| mark.name() == visitor.class) {
                context.hint(place, "class_by_roll_only", &[("class", &visitor.class)]);
            }
        }
    }
    // The work is only worth counting where nothing else is wrong.
    if !context.refuses() {
        load::check(context, scenario, &places.stations);
    }
}

fn green_share(arrivals: &Arrivals) -> f64 {
    match arrivals {
        Arrivals::Poisson(walk_ins) => walk_ins.green_share,
        Arrivals::Mix(mix) => mix.walk_ins.as_ref().map_or(0.0, |walk_ins| walk_ins.green_share),
        _ => 0.0,
    }
}
