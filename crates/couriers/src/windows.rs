//! What a lab can take and when: of the tubes that reach it in any stretch of hours, it must be able to start as many before the
//! first of two moments comes, their age or the time at which results are due.

use crate::{Lab, QUARTER_MIN, Task};

/// Hours of a day and more: the longest round has seven days.
const HOURS_MAX: usize = 24 * 8;
/// Labs are filled to this share of what they can test: batches, luck and late vehicles take the rest.
const FILLED: f64 = 0.95;

/// Tubes that come from the hour `from` to the hour `to`, both included, must not be more than `limit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    pub from: usize,
    pub to: usize,
    pub limit: f64,
}

/// A lab's windows, and what comes to it.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub windows: Vec<Window>,
    /// Hours by which what is closed at a site comes later.
    pub shift: usize,
    /// Tubes that come, by hour.
    pub coming: Vec<f64>,
}

/// Tubes of a site by the hour in which they are closed, without empty hours at either end.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByHour {
    pub first: usize,
    pub tubes: Vec<f64>,
}

impl ByHour {
    pub(crate) fn of(quarters: &[f64]) -> ByHour {
        let hour = (60.0 / QUARTER_MIN) as usize;
        let hours: Vec<f64> = quarters.chunks(hour).map(|of| of.iter().sum()).collect();
        let first = hours.iter().position(|&tubes| tubes > 0.0).unwrap_or(0);
        let last = hours.iter().rposition(|&tubes| tubes > 0.0).map_or(0, |last| last + 1);
        ByHour { first, tubes: hours[first..last.max(first)].to_vec() }
    }
}

/// Hours in which anything can come to a lab.
pub(crate) fn hours(task: &Task) -> usize {
    let last = task.sites.iter().map(|site| site.last_min).fold(task.due_min, f64::max);
    let away = task.labs.iter().filter_map(|lab| lab.away).map(|away| away.travel_min).fold(0.0, f64::max);
    let all = last + away + 2.0 * (task.every_min + task.vehicle.route_max_min) + 120.0;
    ((all / 60.0).ceil() as usize).min(HOURS_MAX)
}

impl Room {
    /// A lab at one of its places, to which nothing comes yet.
    pub(crate) fn new(task: &Task, lab: &Lab, place: u32, hours: usize) -> Room {
        let further = lab.away.map_or(0.0, |away| away.travel_min + crate::schedule::TRUCK_EVERY_MIN / 2.0);
        let mean = (task.every_min + task.vehicle.route_max_min) / 2.0 + further;
        let longest = task.open_max_min + task.every_min + task.vehicle.route_max_min + 2.0 * further;
        // How long a tube that was as slow as can be may still wait for a machine.
        let wait = task.within_min - longest - task.run_min - task.fill_min;
        let until = task.due_min - task.run_min;
        let ready = lab.places[place as usize].ready_min;
        let mut windows = Vec::new();
        for from in 0..hours {
            let start = (60 * from) as f64;
            let all = lab.started(ready, start, until);
            for to in from..hours {
                let end = (60 * (to + 1)) as f64 + wait;
                if to + 1 == hours || end < until {
                    let limit = if to + 1 == hours { all } else { lab.started(ready, start, end).min(all) };
                    windows.push(Window { from, to, limit: FILLED * limit });
                }
            }
        }
        Room { windows, shift: (mean / 60.0).round() as usize, coming: vec![0.0; hours] }
    }

    /// Puts a site's tubes in, or takes them out with a sign of −1.
    pub(crate) fn add(&mut self, tubes: &ByHour, sign: f64) {
        let last = self.coming.len() - 1;
        for (hour, &count) in (tubes.first + self.shift..).zip(&tubes.tubes) {
            self.coming[hour.min(last)] += sign * count;
        }
    }

    /// Tubes that come and cannot be tested in time.
    pub(crate) fn over(&self) -> f64 {
        let mut upto = [0.0; HOURS_MAX + 1];
        for (hour, count) in self.coming.iter().enumerate() {
            upto[hour + 1] = upto[hour] + count;
        }
        let over = |window: &Window| upto[window.to + 1] - upto[window.from] - window.limit;
        // What is put in and taken out again leaves dust.
        self.windows.iter().map(over).fold(0.0, f64::max).max(1e-6) - 1e-6
    }

    /// The same with a site more.
    pub(crate) fn over_with(&mut self, tubes: &ByHour) -> f64 {
        self.add(tubes, 1.0);
        let over = self.over();
        self.add(tubes, -1.0);
        over
    }
}

impl Lab {
    /// Tubes that it can start between two moments.
    pub(crate) fn started(&self, ready: f64, from: f64, until: f64) -> f64 {
        let open = self
            .open_min
            .iter()
            .map(|&[opens, closes]| (closes.min(until) - opens.max(from).max(ready)).max(0.0));
        open.sum::<f64>() / 60.0 * self.tubes_per_hour
    }
}
