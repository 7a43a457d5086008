//! How long the queue will be: people as a fluid that comes as planned and is served at the pace of the slowest station.

use crate::{Calls, PlannedWave, Round, rules::MINUTE};
use domain::Moment;

/// A wave is called when the people before it will wait no more than this share of the wait that is aimed at: who comes
/// last of a wave finds the first of it there too.
const HEADROOM: f64 = 0.5;

/// A queue is looked at no further ahead than this.
const MINUTES_MAX: u32 = 24 * 60;

impl Round {
    /// People waiting at the site in so many minutes from a moment on: (minute, people), the first is now.
    pub fn forecast(&self, calls: &Calls, at: Moment, minutes: u32) -> Vec<(u32, f64)> {
        let by_lane = self.forecast_lanes(calls, at, minutes.min(MINUTES_MAX), None);
        (0..).zip(by_lane.iter().map(|lanes| lanes.iter().sum())).collect()
    }

    /// If a wave were called now: the people who will wait in its lane when it arrives, and the minutes that they take.
    pub(crate) fn queue_at_arrival(&self, calls: &Calls, wave: &PlannedWave, at: Moment) -> (f64, f64) {
        let minutes = (calls.mean_delay_min(wave).max(0.0) as u32).min(MINUTES_MAX);
        let by_lane = self.forecast_lanes(calls, at, minutes, Some(wave.number));
        let lanes = by_lane.last().map_or(&[][..], Vec::as_slice);
        let queue = match wave.lane {
            0 => lanes.iter().sum::<f64>() / lanes.len().max(1) as f64,
            lane => lanes.get(usize::from(lane) - 1).copied().unwrap_or(0.0),
        };
        let then = self.rules().ticks(at + i64::from(minutes) * MINUTE);
        (queue, if queue > 0.0 { queue / self.rules().lane_pace(then) } else { 0.0 })
    }

    /// Whether people who wait so many minutes before a wave are few enough to call it.
    pub(crate) fn is_short(&self, wait_min: f64) -> bool {
        wait_min <= self.rules().wait_p95_min * HEADROOM
    }

    /// Waiting people by minute and lane; without one of the waves.
    fn forecast_lanes(&self, calls: &Calls, at: Moment, minutes: u32, without: Option<u32>) -> Vec<Vec<f64>> {
        let lanes = usize::from(self.rules().lanes.max(1));
        let steps = minutes as usize;
        let mut coming = vec![vec![0.0; lanes]; steps + 1];
        let mut come = |minute: f64, lane: u16, people: f64| {
            // Who should be here by now and is called only now comes in the first minute.
            let step = minute.max(0.0) as usize + 1;
            let Some(by_lane) = coming.get_mut(step) else { return };
            match lane {
                0 => by_lane.iter_mut().for_each(|of| *of += people / lanes as f64),
                lane => {
                    if let Some(of) = by_lane.get_mut(usize::from(lane) - 1) {
                        *of += people;
                    }
                }
            }
        };
        let now = self.rules().ticks(at);
        for wave in calls.waves.iter().filter(|wave| Some(wave.number) != without) {
            let counts = self.waves().get(&wave.number).copied().unwrap_or_default();
            let people = f64::from(wave.people) * calls.attendance;
            let called = (f64::from(counts.called) / f64::from(wave.households.max(1))).min(1.0);
            let since = counts.since.map(|since| (since - at) as f64 / MINUTE as f64);
            let due = (wave.call_at - now).max(0) as f64 / MINUTE as f64;
            if since.is_none() && due > f64::from(minutes) + EARLIEST_MIN {
                continue;
            }
            for &(reaction, share) in &calls.reaction {
                let delay = reaction + wave.calling_min / 2.0;
                if let Some(since) = since.filter(|since| since + delay >= 0.0) {
                    come(since + delay, wave.lane, people * share * called);
                }
                if called < 1.0 {
                    come(due + delay, wave.lane, people * share * (1.0 - called));
                }
            }
        }
        let from = calls.others.partition_point(|&(time, _)| time < now);
        for &(time, people) in &calls.others[from..] {
            let minute = (time - now) as f64 / MINUTE as f64;
            if minute >= f64::from(minutes) {
                break;
            }
            come(minute, 0, people);
        }
        let mut queue = self.waiting_by_lane(lanes);
        let mut forecast = vec![queue.clone()];
        for (step, coming) in coming.iter().enumerate().skip(1) {
            let pace = self.rules().lane_pace(now + step as i64 * MINUTE - MINUTE / 2);
            for (queue, coming) in queue.iter_mut().zip(coming) {
                *queue = (*queue + coming - pace).max(0.0);
            }
            forecast.push(queue.clone());
        }
        forecast
    }

    fn waiting_by_lane(&self, lanes: usize) -> Vec<f64> {
        let mut queue = vec![0.0; lanes];
        for (desk, counter) in self.counters() {
            let waiting = counter.waiting() as f64;
            match queue.get_mut(usize::from(desk.lane).wrapping_sub(1)) {
                Some(of) => *of += waiting,
                None => queue.iter_mut().for_each(|of| *of += waiting / lanes as f64),
            }
        }
        queue
    }
}

/// Nobody comes more than so many minutes before the call.
const EARLIEST_MIN: f64 = 60.0;
