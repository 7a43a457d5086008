//! Who is on duty when, once something went wrong: calendars with servers taken out.

use crate::TICKS_PER_MINUTE;
use chance::Ticks;
use domain::{
    Scenario,
    scenario::{Calendar, Servers, Station},
};

/// A round without a closing time is looked after for a day.
const DAY: Ticks = 24 * 60 * TICKS_PER_MINUTE;
/// The last people leave well within this time after closing.
const AFTER_CLOSING: Ticks = 4 * 60 * TICKS_PER_MINUTE;

/// The time at which what lasts all day ends.
pub(super) fn evening(scenario: &Scenario) -> Ticks {
    scenario.round.closes.unwrap_or(DAY) + AFTER_CLOSING
}

/// Calls `change` on a station's calendar, if its servers are counted.
pub(super) fn on_duty(station: &mut Station, change: impl FnOnce(&Calendar) -> Calendar) {
    if let Servers::Calendar(calendar) = &mut station.servers {
        *calendar = change(calendar);
    }
}

/// Makes one table of a station that stands in each lane: whoever is there serves all lanes.
pub(super) fn one_table(station: &mut Station, lanes: u16) {
    if station.shared || lanes == 1 {
        return;
    }
    let lanes = u32::from(lanes);
    station.shared = true;
    station.room = station.room.map(|room| room.saturating_mul(lanes));
    on_duty(station, |calendar| {
        within(calendar, Ticks::MIN, Ticks::MAX, |servers| servers.saturating_mul(lanes))
    });
}

/// The calendar with another number of servers from one time until another.
pub(super) fn within(
    calendar: &Calendar,
    from: Ticks,
    until: Ticks,
    change: impl Fn(u32) -> u32,
) -> Calendar {
    let times = calendar.0.iter().map(|entry| entry.0).chain([from, until]);
    rebuilt(times.collect(), |at| {
        let servers = servers_at(calendar, at);
        if from <= at && at < until { change(servers) } else { servers }
    })
}

/// The calendar with a share of the servers' time taken out from one time until another: of every `cycle`, so many
/// servers are away for so long, one after the other, that this share is lost. Who is away a part of the cycle is away
/// at its beginning.
pub(super) fn thinned(
    calendar: &Calendar,
    share: f64,
    (from, until): (Ticks, Ticks),
    cycle: Ticks,
) -> Calendar {
    let away = |servers: u32| {
        let lost = f64::from(servers) * share;
        let whole = lost as u32;
        (whole, ((lost - f64::from(whole)) * cycle as f64 + 0.5) as Ticks)
    };
    let mut parts: Vec<Ticks> = calendar.0.iter().map(|entry| away(entry.1).1).collect();
    parts.sort_unstable();
    parts.dedup();
    let mut times: Vec<Ticks> = calendar.0.iter().map(|entry| entry.0).chain([from, until]).collect();
    let mut begins = from;
    while begins < until {
        times.push(begins);
        times.extend(parts.iter().map(|part| begins + part).filter(|&time| time < until));
        begins += cycle;
    }
    rebuilt(times, |at| {
        let servers = servers_at(calendar, at);
        if at < from || at >= until {
            return servers;
        }
        let (whole, part) = away(servers);
        servers - whole - u32::from((at - from) % cycle < part)
    })
}

/// A calendar from its times, with no entry that changes nothing.
fn rebuilt(mut times: Vec<Ticks>, servers: impl Fn(Ticks) -> u32) -> Calendar {
    times.sort_unstable();
    times.dedup();
    let mut entries: Vec<(Ticks, u32)> = Vec::with_capacity(times.len());
    for at in times.into_iter().filter(|&at| at > Ticks::MIN && at < Ticks::MAX) {
        let servers = servers(at);
        if entries.last().map_or(0, |last| last.1) != servers {
            entries.push((at, servers));
        }
    }
    if entries.is_empty() {
        entries.push((0, 0));
    }
    Calendar(entries)
}

/// Before the first entry there are none.
fn servers_at(calendar: &Calendar, at: Ticks) -> u32 {
    calendar.0.iter().take_while(|entry| entry.0 <= at).last().map_or(0, |entry| entry.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_then_three() -> Calendar {
        Calendar(vec![(0, 2), (100, 3)])
    }

    #[test]
    fn servers_taken_out_for_a_while_come_back() {
        let found = within(&two_then_three(), 50, 150, |servers| servers - 1);
        assert_eq!(found.0, [(0, 2), (50, 1), (100, 2), (150, 3)]);
    }

    #[test]
    fn nobody_on_duty_is_a_calendar_without_servers() {
        assert_eq!(within(&two_then_three(), 0, Ticks::MAX, |_| 0).0, [(0, 0)]);
    }

    #[test]
    fn a_third_of_one_server_is_a_third_of_each_cycle() {
        let found = thinned(&Calendar(vec![(0, 1)]), 1.0 / 3.0, (60, 180), 60);
        assert_eq!(found.0, [(0, 1), (60, 0), (80, 1), (120, 0), (140, 1)]);
    }

    #[test]
    fn a_share_of_several_servers_is_taken_of_all_of_them_together() {
        // A quarter of six: one all the time, and one more half of it.
        let found = thinned(&Calendar(vec![(0, 6)]), 0.25, (0, 40), 20);
        assert_eq!(found.0, [(0, 4), (10, 5), (20, 4), (30, 5), (40, 6)]);
        let ends = found.0[1..].iter().map(|entry| entry.0).chain([40]);
        let lost =
            found.0.iter().zip(ends).map(|(&(from, servers), until)| (until - from) * i64::from(6 - servers));
        assert_eq!(lost.sum::<i64>(), 6 * 40 / 4);
    }
}
