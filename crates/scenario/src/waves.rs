//! `[waves]`, `[attendance]`, `[patience]`, `[statistics]`, `[custody]`: how households are called, who comes, who gives up, what
//! is counted, by when tubes are tested.

use crate::arrivals::PEOPLE_MAX;
use crate::law::{Sign, law_of, read_law};
use crate::reader::{Limits, Section};
use chance::Law;
use domain::scenario::{Attendance, Callers, Custody, Late, Statistics, WaveRules};

/// Callers of one community: one for each household would be a broadcast.
const CALLERS_MAX: f64 = 10_000.0;
/// People in a wave.
const SIZE_MAX: f64 = 10_000.0;
/// Loads that make sense: below a third the staff mostly wait, above the capacity the queue only grows, and a little
/// above it is worth trying for a short round.
const LOAD: Limits = Limits::new(0.3, 1.2);
/// A wait of a day is no target.
const WAIT_TARGET_MIN_MAX: f64 = 1_440.0;

/// What `[waves]` means where it says nothing: from the knock to arriving 3 ± 5 minutes; 8 callers, a call 40 s with
/// cv 0.5; 40 people a wave; a load found by rehearsal; 10 minutes for 95 in 100.
pub(crate) fn default_waves() -> WaveRules {
    WaveRules {
        reaction: Law::normal(180.0, 300.0),
        late: None,
        callers: Callers { number: 8, call: Law::lognormal_mean_cv(40.0, 0.5) },
        size: 40,
        load: None,
        wait_p95_min: 10.0,
    }
}

/// Reads `[waves]`.
pub(crate) fn read_waves(mut section: Section<'_>) -> WaveRules {
    let default = default_waves();
    let reaction = section.get("reaction").and_then(|field| law_of(&field, Sign::Any));
    let late = section.table("late").and_then(read_late);
    let callers = section.table("callers").map(|table| read_callers(table, &default.callers));
    let size = section.whole("size", Limits::new(1.0, SIZE_MAX));
    let load = section.number("load", LOAD);
    let wait_p95_min = section.number("wait_p95_min", Limits::new(0.1, WAIT_TARGET_MIN_MAX));
    section.finish();
    WaveRules {
        reaction: reaction.unwrap_or(default.reaction),
        late,
        callers: callers.unwrap_or(default.callers),
        size: size.unwrap_or(default.size),
        load,
        wait_p95_min: wait_p95_min.unwrap_or(default.wait_p95_min),
    }
}

fn read_late(mut section: Section<'_>) -> Option<Late> {
    let share = section.need("share").and_then(|field| field.number(Limits::SHARE));
    let reaction = read_law(&mut section, Sign::Any)?;
    section.finish();
    Some(Late { share: share?, reaction })
}

fn read_callers(mut section: Section<'_>, default: &Callers) -> Callers {
    let only_number = section.has("number") && section.has_one_key();
    let number = section.whole("number", Limits::new(1.0, CALLERS_MAX)).unwrap_or(default.number);
    if only_number || section.is_empty() {
        return Callers { number, ..default.clone() };
    }
    match read_law(&mut section, Sign::NotNegative) {
        Some(call) => {
            section.finish();
            Callers { number, call }
        }
        None => Callers { number, ..default.clone() },
    }
}

/// Reads `[attendance]`.
pub(crate) fn read_attendance(mut section: Section<'_>) -> Attendance {
    let households = section.number("households", Limits::SHARE).unwrap_or(1.0);
    let persons = section.number("persons", Limits::SHARE).unwrap_or(1.0);
    section.finish();
    Attendance { households, persons }
}

/// Reads `[statistics]`.
pub(crate) fn read_statistics(mut section: Section<'_>) -> Statistics {
    let warmup_people = section.whole("warmup_people", Limits::new(0.0, PEOPLE_MAX)).unwrap_or(0);
    section.finish();
    Statistics { warmup_people }
}

/// Reads `[custody]`; half an hour to three days, for a lab on an island.
pub(crate) fn read_custody(mut section: Section<'_>) -> Custody {
    let usual = Custody::default();
    let limits = Limits::new(0.5, 72.0);
    let to_lab_h = section.number("to_lab_h", limits).unwrap_or(usual.to_lab_h);
    let to_result_h = section.number("to_result_h", limits).unwrap_or(usual.to_result_h.max(to_lab_h));
    if to_result_h < to_lab_h {
        let args: [(&'static str, &dyn std::fmt::Display); 2] =
            [("result", &to_result_h), ("lab", &to_lab_h)];
        section.context.error(&section.place_of("to_result_h"), "result_before_lab", &args);
    }
    section.finish();
    Custody { to_lab_h, to_result_h }
}
