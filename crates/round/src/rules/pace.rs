//! How fast stations work: servers on duty, and how long a queue takes.

use super::{Rules, StationRules};
use chance::{TICKS_PER_SECOND, Ticks};

impl StationRules {
    /// Servers on duty so many ticks after opening, in each lane unless shared; `None` where they are not counted.
    pub fn on_duty(&self, at: Ticks) -> Option<u32> {
        let calendar = self.servers.as_ref()?;
        Some(calendar.iter().take_while(|&&(from, _)| from <= at).last().map_or(0, |&(_, servers)| servers))
    }

    /// Ticks until so many people have been taken into service, from a time in ticks after opening; `None` if servers
    /// go home before.
    pub fn time_for(&self, people: f64, from: Ticks) -> Option<Ticks> {
        let Some(calendar) = &self.servers else { return Some(0) };
        // Work is in server-ticks.
        let mut work = people * self.seconds_a_person * TICKS_PER_SECOND as f64;
        if work <= 0.0 && self.on_duty(from).is_some_and(|servers| servers > 0) {
            return Some(0);
        }
        let mut at = from;
        let changes = calendar.iter().map(|&(change, _)| change).filter(|&change| change > from);
        for until in changes.chain([Ticks::MAX]) {
            let servers = f64::from(self.on_duty(at)?);
            if servers > 0.0 {
                let needed = work / servers;
                if needed <= (until as f64 - at as f64) {
                    return Some((at - from).saturating_add(needed as Ticks));
                }
                work -= servers * (until as f64 - at as f64);
            }
            at = until;
        }
        None
    }
}

impl Rules {
    /// People a minute whom a lane can take through all its stations at a time in ticks after opening: the pace of the
    /// slowest. Infinite where nobody ever waits.
    pub fn lane_pace(&self, at: Ticks) -> f64 {
        let paces = self.stations.iter().filter_map(|station| {
            let servers = f64::from(station.on_duty(at)?);
            let lanes = if station.shared { f64::from(self.lanes.max(1)) } else { 1.0 };
            let seconds = station.seconds_a_person * station.passes * lanes;
            (seconds > 0.0).then(|| servers * 60.0 / seconds)
        });
        paces.fold(f64::INFINITY, f64::min)
    }
}
