//! Rows of `shifts.csv`: what is to be filled.

use super::{DAYS_MAX, SHIFTS_MAX, add_role, cells, skills, table};
use crate::{
    clock::{Clock, TICKS_PER_MINUTE, date_of, ticks_after},
    sheet::Grouped,
    tables,
};
use domain::roster::{DAY_MIN, Role, Shift, Span};
use jiff::civil::DateTime;

/// A shift is no longer than this: who is on duty longer has no shifts, but a day.
const SHIFT_MIN_MAX: i32 = 12 * 60;

pub(super) fn read(
    bytes: &[u8],
    midnight: DateTime,
    roles: &mut Vec<Role>,
    sites: &mut Vec<String>,
    notes: &mut Grouped,
) -> Vec<Shift> {
    let mut shifts: Vec<Shift> = Vec::new();
    tables::read(table("shifts"), bytes, notes, &mut |_, _| {}, &mut |cells, notes| {
        if !cells.sound {
            return;
        }
        let at = Some(cells.number());
        if shifts.len() == SHIFTS_MAX {
            notes.error(at, "", "shifts_too_many", &[("max", &SHIFTS_MAX)]);
            return;
        }
        let own: Vec<String> = roles.iter().map(|role| role.name.clone()).collect();
        let role = match skills::role_of(cells.text("role"), &own) {
            Some(role) => add_role(roles, &role),
            None => {
                let word = cells.text("role").to_owned();
                if let Some(near) = skills::nearest(&word, &own) {
                    notes.warning(
                        at,
                        cells.heading("role"),
                        "shifts_role_unknown_near",
                        &[("nearest", &near)],
                    );
                }
                add_role(roles, &word)
            }
        };
        let day = match cells.text("date") {
            "" => midnight.date(),
            text => date_of(&text.replace(['/', '.'], "-")).unwrap_or(midnight.date()),
        };
        let minute = |column: &str| {
            let text = cells.text(column);
            if text == "24:00" {
                let day = day.saturating_add(jiff::Span::new().days(1));
                return Some(
                    (ticks_after(midnight, day.to_datetime(jiff::civil::Time::midnight())) / TICKS_PER_MINUTE)
                        as i32,
                );
            }
            Some((ticks_after(midnight, Clock::parse(text)?.on(day)) / TICKS_PER_MINUTE) as i32)
        };
        let (Some(from_min), Some(mut until_min)) = (minute("from"), minute("until")) else {
            notes.error(at, cells.heading("from"), "table_time_expected", &[("range", &"")]);
            return;
        };
        if until_min <= from_min {
            until_min += DAY_MIN;
        }
        if until_min - from_min > SHIFT_MIN_MAX || until_min <= from_min {
            notes.error(at, cells.heading("until"), "shifts_too_long", &[("hours", &(SHIFT_MIN_MAX / 60))]);
            return;
        }
        if !(0..DAYS_MAX * DAY_MIN).contains(&from_min) {
            let (from, days) = (midnight.date(), DAYS_MAX);
            notes.error(at, cells.heading("date"), "shifts_other_days", &[("from", &from), ("days", &days)]);
            return;
        }
        let people = cells.whole("people").unwrap_or(1);
        let site = match cells.text("site") {
            "" => 0,
            name => match sites.iter().position(|known| known == name) {
                Some(place) => place,
                None => {
                    sites.push(name.to_owned());
                    sites.len() - 1
                }
            },
        };
        let suit = cells::is_yes(cells.text("protective"));
        let heat = cells::is_yes(cells.text("heat"));
        shifts.push(Shift { span: Span { from_min, until_min }, role, people, site, suit, heat });
    });
    shifts.sort_by_key(|shift| (shift.span, shift.site, shift.role));
    shifts
}
