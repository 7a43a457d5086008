//! `[arrivals]`: how people come to the site.

use crate::clock::{ROUND_DAYS_MAX, TICKS_PER_DAY, TICKS_PER_MINUTE, ticks_after};
use crate::law::{Sign, law_of};
use crate::reader::{Field, Limits, Section};
use chance::{Law, Ticks};
use domain::scenario::{Appointments, Arrivals, Flow, Mix, WalkIns};
use jiff::civil::DateTime;

/// People in one replication: they lie in memory together, about a hundred bytes each, on every thread.
pub(crate) const PEOPLE_MAX: f64 = 20_000_000.0;
/// Arrivals an hour at one site.
const PER_HOUR_MAX: f64 = 10_000_000.0;
/// Hours of a round of a week.
const HOURS_MAX: f64 = 24.0 * ROUND_DAYS_MAX as f64;
/// Minutes of the same week.
const MINUTES_MAX: f64 = 60.0 * HOURS_MAX;
/// Places in one slot.
const PLACES_MAX: f64 = 100_000.0;
/// A tenth of a minute: nobody keeps an appointment to the second.
const SLOT_MIN_MIN: f64 = 0.1;
/// Times in a schedule: one a person, as many as a file of 4 MiB can hold.
const TIMES_MAX: usize = 1_000_000;

/// Words of `law`.
const LAWS: [&str; 6] = ["broadcast", "waves", "appointments", "poisson", "schedule", "mix"];
/// Every key that some law of arrivals has.
const KEYS: [&str; 14] = [
    "at",
    "reaction",
    "slot_min",
    "places",
    "no_show",
    "punctuality",
    "hours",
    "per_hour",
    "people",
    "green_share",
    "times_min",
    "waves",
    "appointments",
    "walk_ins",
];

/// What arrivals need to know of the round.
#[derive(Clone, Copy)]
pub(crate) struct Hours {
    pub opens: Option<DateTime>,
    pub closes: Option<Ticks>,
    /// Whether the round says when it closes, even if that could not be read.
    pub closes_given: bool,
}

/// Reads `[arrivals]`. Keys of another law are passed over with a warning: so a law is changed by changing one word.
pub(crate) fn read_arrivals(mut section: Section<'_>, hours: Hours) -> Option<Arrivals> {
    let law = section.need("law")?;
    let word = law.text()?;
    let arrivals = match word {
        "broadcast" => broadcast(&mut section, hours),
        "waves" => Some(Arrivals::Waves),
        "appointments" => appointments(&mut section, hours).map(Arrivals::Appointments),
        "poisson" => walk_ins(&mut section, hours).map(Arrivals::Poisson),
        "schedule" => schedule(&mut section),
        "mix" => mix(&mut section, hours),
        _ => {
            law.unknown_word(&LAWS);
            return None;
        }
    };
    section.pass_over(&KEYS, word);
    section.finish();
    arrivals
}

fn broadcast(section: &mut Section<'_>, hours: Hours) -> Option<Arrivals> {
    let at = section.get("at").map(|field| moment(&field, hours.opens));
    let reaction = section.need("reaction").and_then(|field| law_of(&field, Sign::Any));
    Some(Arrivals::Broadcast { at: at.unwrap_or(Some(0))?, reaction: reaction? })
}

/// A clock time in ticks after the opening, at most a week away from it.
fn moment(field: &Field<'_>, opens: Option<DateTime>) -> Option<Ticks> {
    let clock = field.clock()?;
    let opens = opens?;
    let at = ticks_after(opens, clock.on(opens.date()));
    if at.abs() > ROUND_DAYS_MAX * TICKS_PER_DAY {
        field.error("too_far", &[("days", &ROUND_DAYS_MAX)]);
        return None;
    }
    Some(at)
}

fn appointments(section: &mut Section<'_>, hours: Hours) -> Option<Appointments> {
    let slot =
        section.need("slot_min").and_then(|field| field.number(Limits::new(SLOT_MIN_MIN, MINUTES_MAX)));
    let places = section.need("places").and_then(|field| field.whole(Limits::new(1.0, PLACES_MAX)));
    let no_show = section.get("no_show").map_or(Some(0.0), |field| field.number(Limits::SHARE));
    let punctuality = punctuality(section);
    let until = until(section, hours);
    let (slot, places, until) = (minutes(slot?), places?, until?);
    let slots = (until + slot - 1) / slot;
    if slots * i64::from(places) > PEOPLE_MAX as i64 {
        let people = slots * i64::from(places);
        section.context.error(
            &section.place_of("places"),
            "too_many_people",
            &[("people", &people), ("max", &PEOPLE_MAX)],
        );
        return None;
    }
    let slots = u32::try_from(slots).expect("a week has 100,800 slots of a tenth of a minute");
    Some(Appointments { slot, places, slots, no_show: no_show?, punctuality: punctuality? })
}

/// `hours`, or else until the site closes; one of the two must be there.
fn until(section: &mut Section<'_>, hours: Hours) -> Option<Ticks> {
    if let Some(field) = section.get("hours") {
        return field.number(Limits::new(0.01, HOURS_MAX)).map(|hours| minutes(60.0 * hours));
    }
    if !hours.closes_given {
        section.context.error(&section.place_of("hours"), "no_end", &[]);
    }
    hours.closes
}

/// Absent, or a law, early or late; `None` if it is wrong.
fn punctuality(section: &mut Section<'_>) -> Option<Option<Law>> {
    match section.get("punctuality") {
        Some(field) => law_of(&field, Sign::Any).map(Some),
        None => Some(None),
    }
}

fn walk_ins(section: &mut Section<'_>, hours: Hours) -> Option<WalkIns> {
    let flow = section.need("per_hour").and_then(|field| flow(&field));
    let people = section.whole("people", Limits::new(1.0, PEOPLE_MAX));
    let green_share = section.number("green_share", Limits::SHARE).unwrap_or(0.0);
    // A list ends by itself, and so does a number of people; a mere rate needs an end.
    let endless = !section.has("people") && !matches!(flow, None | Some(Flow::Hourly(_)));
    let until = match section.has("hours") || endless {
        true => Some(until(section, hours)?),
        false => {
            section.get("hours");
            None
        }
    };
    let flow = flow?;
    let expected = match &flow {
        Flow::Constant(rate) => {
            until.map_or(0.0, |until| rate * until as f64 / (60.0 * TICKS_PER_MINUTE as f64))
        }
        Flow::Hourly(rates) => rates.iter().sum(),
    };
    if people.is_none() && expected > PEOPLE_MAX {
        section.context.error(
            &section.place_of("per_hour"),
            "too_many_people",
            &[("people", &expected), ("max", &PEOPLE_MAX)],
        );
        return None;
    }
    Some(WalkIns { per_hour: flow, people, until, green_share })
}

fn flow(field: &Field<'_>) -> Option<Flow> {
    let limits = Limits::new(0.0, PER_HOUR_MAX);
    let flow = if field.is_list() {
        let rates: Vec<Option<f64>> =
            field.list(HOURS_MAX as usize)?.iter().map(|item| item.number(limits)).collect();
        Flow::Hourly(rates.into_iter().collect::<Option<Vec<f64>>>()?)
    } else {
        Flow::Constant(field.number(limits)?)
    };
    let nobody = match &flow {
        Flow::Constant(rate) => *rate == 0.0,
        Flow::Hourly(rates) => rates.iter().all(|rate| *rate == 0.0),
    };
    if nobody {
        field.error("nobody_comes", &[]);
        return None;
    }
    Some(flow)
}

fn schedule(section: &mut Section<'_>) -> Option<Arrivals> {
    let times = section.need("times_min").and_then(|field| {
        let times = field.list(TIMES_MAX)?;
        if times.is_empty() {
            field.error("nobody_comes", &[]);
            return None;
        }
        let limits = Limits::new(-MINUTES_MAX, MINUTES_MAX);
        let times: Vec<Option<Ticks>> = times.iter().map(|item| item.number(limits).map(minutes)).collect();
        times.into_iter().collect::<Option<Vec<Ticks>>>()
    });
    let punctuality = punctuality(section);
    Some(Arrivals::Schedule { times: times?, punctuality: punctuality? })
}

fn mix(section: &mut Section<'_>, hours: Hours) -> Option<Arrivals> {
    let waves = section.flag("waves");
    let count =
        usize::from(waves) + usize::from(section.has("appointments")) + usize::from(section.has("walk_ins"));
    let appointments = section.get("appointments").map(|field| {
        let mut table = field.table()?;
        let read = appointments(&mut table, hours);
        table.finish();
        read
    });
    let walk_ins = section.get("walk_ins").map(|field| {
        let mut table = field.table()?;
        let read = walk_ins(&mut table, hours);
        table.finish();
        read
    });
    if count < 2 {
        section.context.error(&section.place, "mix_of_one", &[]);
        return None;
    }
    Some(Arrivals::Mix(Mix {
        waves,
        appointments: appointments.unwrap_or(None),
        walk_ins: walk_ins.unwrap_or(None),
    }))
}

fn minutes(minutes: f64) -> Ticks {
    (minutes * TICKS_PER_MINUTE as f64).round() as Ticks
}
