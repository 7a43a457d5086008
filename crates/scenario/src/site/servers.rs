//! `servers`: a number, a calendar, or `"unlimited"`.

use crate::clock::{ROUND_DAYS_MAX, TICKS_PER_DAY, ticks_after};
use crate::reader::{Field, Limits};
use chance::Ticks;
use domain::scenario::{Calendar, Servers};
use jiff::civil::DateTime;

/// Servers of one station in one lane: more than any hall holds.
const SERVERS_MAX: f64 = 10_000.0;
/// Changes of staff: every ten minutes for a week.
const CHANGES_MAX: usize = 1_008;

/// Reads `servers`.
pub(super) fn read_servers(field: &Field<'_>, opens: Option<DateTime>) -> Option<Servers> {
    if field.is_text() {
        field.choice(&[("unlimited", ())])?;
        return Some(Servers::Unlimited);
    }
    if field.is_list() {
        return read_calendar(field, opens).map(Servers::Calendar);
    }
    let number = field.whole(Limits::new(1.0, SERVERS_MAX))?;
    Some(Servers::Calendar(Calendar(vec![(0, number)])))
}

fn read_calendar(field: &Field<'_>, opens: Option<DateTime>) -> Option<Calendar> {
    let mut sound = true;
    let mut changes: Vec<(Ticks, u32)> = Vec::new();
    let tables = field.tables(CHANGES_MAX);
    if tables.is_empty() {
        if field.is_list() {
            field.error("calendar_empty", &[]);
        }
        return None;
    }
    for mut table in tables {
        let from = table.need("from");
        let clock = from.as_ref().and_then(Field::clock);
        let servers = table.need("servers").and_then(|field| field.whole(Limits::new(0.0, SERVERS_MAX)));
        table.finish();
        let (Some(from), Some(clock), Some(servers), Some(opens)) = (from, clock, servers, opens) else {
            sound = false;
            continue;
        };
        let at = ticks_after(opens, clock.on(opens.date()));
        if at > ROUND_DAYS_MAX * TICKS_PER_DAY {
            from.error("too_late", &[("days", &ROUND_DAYS_MAX)]);
            sound = false;
        } else if changes.last().is_some_and(|(last, _)| at <= *last) {
            from.error("calendar_order", &[]);
            sound = false;
        } else {
            if at < 0 {
                field.context.hint(&from.place, "calendar_before_opening", &[]);
            }
            changes.push((at, servers));
        }
    }
    if !sound {
        return None;
    }
    // Of the changes before the opening only the last still holds at the opening.
    let past = changes.iter().filter(|(at, _)| *at <= 0).count().saturating_sub(1);
    changes.drain(..past);
    changes[0].0 = changes[0].0.max(0);
    if changes.iter().all(|(_, servers)| *servers == 0) {
        field.error("calendar_nobody", &[]);
        return None;
    }
    Some(Calendar(changes))
}
