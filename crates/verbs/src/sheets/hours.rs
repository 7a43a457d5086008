//! How long people wait who come by themselves, hour by hour: what a site makes public.

use rehearse::Curves;

/// An hour of the round and the wait in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hour {
    /// Its beginning, in minutes after opening.
    pub from_min: u32,
    /// The mean wait of those who come in it, in minutes.
    pub wait_min: f64,
    /// The same on one day of twenty.
    pub bad_day_min: f64,
}

/// People in an hour, on average, below which a mean says nothing.
const PEOPLE_MIN: f64 = 1.0;

/// The hours from opening until this minute in which somebody comes. Little's law makes waits of the people who wait: those
/// who wait, over those who get through in a minute.
pub(super) fn hours(curves: &Curves, until_min: f64) -> Vec<Hour> {
    let Ok(opening) = usize::try_from(-curves.first_minute) else { return Vec::new() };
    let [_, waiting, on_a_bad_day] = &curves.waiting;
    let mut hours = Vec::new();
    // The last minute holds all that is later than what is drawn.
    let drawn = curves.arrived.len().saturating_sub(1);
    for hour in 0_u32.. {
        let (from_min, from) = (hour * 60, opening + hour as usize * 60);
        if f64::from(from_min) >= until_min || from >= drawn {
            break;
        }
        let to = (from + 60).min(drawn);
        let came = curves.arrived[to] - curves.arrived[from];
        let through = came - (waiting[to] - waiting[from]);
        if came < PEOPLE_MIN || through <= 0.0 {
            continue;
        }
        let wait = |waiting: &[f64]| waiting[from..to].iter().sum::<f64>() / through;
        hours.push(Hour { from_min, wait_min: wait(waiting), bad_day_min: wait(on_a_bad_day) });
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each minute two come and two get through, and ten wait; on a bad day thirty.
    fn steady(minutes: usize) -> Curves {
        let line = |value: f64| vec![value; minutes];
        Curves {
            first_minute: 0,
            waiting: [line(0.0), line(10.0), line(30.0)],
            waiting_at: Vec::new(),
            served_at: Vec::new(),
            arrived: (0..minutes).map(|minute| 2.0 * minute as f64).collect(),
            done: Vec::new(),
        }
    }

    #[test]
    fn ten_who_wait_where_two_a_minute_get_through_wait_five_minutes() {
        let found = hours(&steady(181), 600.0);
        assert_eq!(found.len(), 3);
        assert_eq!(found[1], Hour { from_min: 60, wait_min: 5.0, bad_day_min: 15.0 });
    }

    #[test]
    fn no_hour_is_told_after_the_end_or_in_which_nobody_comes() {
        assert_eq!(hours(&steady(181), 90.0).len(), 2);
        let mut curves = steady(181);
        curves.arrived.iter_mut().skip(60).for_each(|arrived| *arrived = 120.0);
        assert_eq!(hours(&curves, 600.0).len(), 1);
    }
}
