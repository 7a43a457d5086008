//! A station whose servers come, go and pause: there are two sorted arrays then, of those who will be free and of
//! those who will depart, as in the FIFO engine.

use super::{
    GHOST,
    counts::{GAVE_UP, NOBODY, TURNED_AWAY},
    lanes,
    station::Desk,
};
use crate::model::{Changeover, Servers, Station};
use chance::Ticks;
use pulp::Simd;

/// Nobody is free before this.
const NEVER: i32 = i32::MAX;
/// Why a server is free, above the person: at equal times in this order, as in the FIFO engine.
const BACK: i32 = 1 << 28;
const DUTY: i32 = 2 << 28;
/// Rows for those who are relieved while they serve, beside those on duty.
const RELIEVED: usize = 2;

/// The servers of a station in all lanes: rows of servers, and of departures.
#[derive(Debug, Default)]
pub(super) struct Staff {
    /// When each server is free, sorted by time and then by cause; [`NEVER`] where there is none.
    free_at: Vec<i32>,
    cause: Vec<i32>,
    /// People since the last pause.
    since_pause: Vec<i32>,
    /// Who departs, and when, sorted.
    ends: Vec<i32>,
    whos: Vec<i32>,
    /// The next change of the calendar in each lane: its place, and its time.
    change: Vec<usize>,
    change_at: Vec<i32>,
    changeover: Option<Changeover>,
}

impl Staff {
    /// Whether this station needs such an array.
    pub(super) fn needed(station: &Station) -> bool {
        match &station.servers {
            Servers::Unlimited => false,
            Servers::Calendar(calendar) => {
                station.changeover.is_some() || calendar.len() > 1 || calendar[0].1 == 0
            }
        }
    }

    /// Nobody is there yet.
    pub(super) fn begin<S: Simd>(&mut self, station: &Station, calendar: &[(Ticks, u32)], nobody: i32) {
        let width = S::I32_LANES;
        let most = calendar.iter().map(|change| change.1 as usize).max().unwrap_or(0).max(1);
        let departures = if calendar.len() > 1 { most + RELIEVED } else { most };
        for (rows, numbers, value) in [
            (&mut self.free_at, most, NEVER),
            (&mut self.cause, most, 0),
            (&mut self.since_pause, most, 0),
            (&mut self.ends, departures, GHOST),
            (&mut self.whos, departures, nobody),
            (&mut self.change_at, 1, calendar[0].0 as i32),
        ] {
            rows.clear();
            rows.resize(numbers * width, value);
        }
        self.change.clear();
        self.change.resize(width, 0);
        self.changeover = station.changeover;
    }

    /// Who departs, in order.
    pub(super) fn departing(&self) -> (&[i32], &[i32]) {
        (&self.ends, &self.whos)
    }

    /// The calendar's next changes in a lane, as long as `due(when, when the first server is free)`; returns the overtime
    /// of those who go.
    fn change(&mut self, lane: usize, calendar: &[(Ticks, u32)], due: impl Fn(i32, i32) -> bool) -> Ticks {
        let width = self.change.len();
        let mut overtime = 0;
        while let Some(&(at, servers)) = calendar.get(self.change[lane])
            && due(at as i32, self.free_at[lane])
        {
            self.change[lane] += 1;
            let mut here: Vec<(i32, i32, i32)> = (0..self.free_at.len() / width)
                .map(|row| row * width + lane)
                .map(|place| (self.free_at[place], self.cause[place], self.since_pause[place]))
                .filter(|server| server.0 != NEVER)
                .collect();
            let leaving = here.len().saturating_sub(servers as usize);
            overtime +=
                here.drain(..leaving).map(|server| (Ticks::from(server.0) - at).max(0)).sum::<Ticks>();
            while here.len() < servers as usize {
                let fresh = (at as i32, DUTY);
                let place = here.partition_point(|before| (before.0, before.1) <= fresh);
                here.insert(place, (fresh.0, fresh.1, 0));
            }
            let absent = std::iter::repeat((NEVER, 0, 0));
            for (row, server) in here.into_iter().chain(absent).take(self.free_at.len() / width).enumerate() {
                let place = row * width + lane;
                (self.free_at[place], self.cause[place], self.since_pause[place]) = server;
            }
        }
        self.change_at[lane] = calendar.get(self.change[lane]).map_or(NEVER, |change| change.0 as i32);
        overtime
    }

    /// What remains of the calendar when the last has come: the overtime of those who go, a lane each.
    pub(super) fn finish(&mut self, calendar: &[(Ticks, u32)], overtime: &mut [Ticks]) {
        for (lane, overtime) in overtime.iter_mut().enumerate() {
            *overtime += self.change(lane, calendar, |_, _| true);
        }
    }
}

impl<S: Simd> Desk<'_, '_, S> {
    /// Takes so many rows through the station; false where the FIFO engine has to do it.
    #[inline(always)]
    pub(super) fn serve_general(&mut self, rows: usize, calendar: &[(Ticks, u32)]) -> bool {
        let simd = self.simd;
        let (ghost, nobody) = (simd.splat_i32s(GHOST), simd.splat_i32s(self.nobody));
        let (zero, one, never) = (simd.splat_i32s(0), simd.splat_i32s(1), simd.splat_i32s(NEVER));
        let delay = simd.splat_i32s(self.delay());
        let closes = simd.splat_i32s(self.closes().min(NEVER - 1));
        let last_change = calendar.last().map_or(0, |change| change.0) as i32;
        let over = simd.min_i32s(closes, simd.splat_i32s(last_change));
        let first = self.place == 0;
        let passage = &mut *self.passage;
        let staff = &mut passage.staff[self.place];
        let changeover = staff.changeover;
        let every = simd.splat_i32s(changeover.map_or(i32::MAX, |pause| pause.every.min(1 << 30) as i32));
        let away = simd.splat_i32s(changeover.map_or(0, |pause| pause.away as i32));
        let (mut top, mut pauses, mut odd) = (ghost, zero, simd.splat_u32s(0));
        for row in 0..rows {
            let at = lanes::rows::<S>(&passage.at)[row];
            let who = lanes::rows::<S>(&passage.who)[row];
            let service = lanes::rows::<S>(&passage.services)[row];
            let patience = lanes::rows::<S>(&passage.patience)[row];
            let real = simd.less_than_i32s(who, nobody);
            // A staff change comes before an arrival of the same tick from outside, after one from another station.
            let change_at = lanes::rows::<S>(&staff.change_at)[0];
            let soonest = lanes::rows::<S>(&staff.free_at)[0];
            let mut due =
                simd.or_m32s(simd.less_than_i32s(change_at, at), simd.less_than_i32s(change_at, soonest));
            if first {
                due = simd.or_m32s(due, simd.equal_i32s(change_at, at));
            }
            due = simd.and_m32s(simd.and_m32s(due, real), simd.less_than_i32s(change_at, never));
            let due = lanes::bits(simd, due);
            if lanes::any::<S>(&due) {
                for lane in 0..S::I32_LANES {
                    if bytemuck::cast_slice::<S::u32s, u32>(std::slice::from_ref(&due))[lane] != 0 {
                        let at = lanes::each::<S>(&at)[lane];
                        self.books.counts.overtime[self.place][lane] +=
                            staff.change(lane, calendar, |change, soonest| {
                                change < at || change < soonest || first && change == at
                            });
                    }
                }
            }
            let soonest = lanes::rows::<S>(&staff.free_at)[0];
            let start = simd.max_i32s(at, soonest);
            let nobody_comes = simd.equal_i32s(soonest, never);
            let in_time = simd.less_than_or_equal_i32s(start, closes);
            let turned_away = simd.max_i32s(at, simd.select_i32s(nobody_comes, over, closes));
            let end = simd.select_i32s(in_time, start, turned_away);
            let until = simd.add_i32s(at, simd.min_i32s(simd.sub_i32s(end, at), patience));
            let stays = simd.equal_i32s(until, end);
            // A ghost is earlier than anybody.
            let until = simd.select_i32s(real, until, ghost);
            let serves = simd.and_m32s(real, simd.and_m32s(in_time, stays));
            let lost = simd.select_i32s(stays, simd.splat_i32s(TURNED_AWAY), simd.splat_i32s(GAVE_UP));
            let lost = simd.select_i32s(real, lost, simd.splat_i32s(NOBODY));
            lanes::rows_mut::<S>(&mut passage.waits)[row] =
                simd.select_i32s(serves, simd.sub_i32s(start, at), lost);
            lanes::rows_mut::<S>(&mut passage.until)[row] = until;
            let end = simd.add_i32s(start, service);
            top = simd.max_i32s(top, simd.select_i32s(serves, end, ghost));
            // Whoever departs first goes on; where nobody is served everything stays as it is.
            let (ends, whos) = (lanes::rows_mut::<S>(&mut staff.ends), lanes::rows_mut::<S>(&mut staff.whos));
            let gone = (ends[0], whos[0]);
            let goes = simd.and_m32s(serves, simd.less_than_i32s(gone.1, nobody));
            lanes::rows_mut::<S>(&mut passage.next_at)[row] =
                simd.select_i32s(goes, simd.add_i32s(gone.0, delay), ghost);
            lanes::rows_mut::<S>(&mut passage.next_who)[row] = simd.select_i32s(serves, gone.1, nobody);
            // A service of no length, or someone who departs later than the next begins, needs more than these arrays.
            let strange = simd
                .or_m32s(simd.less_than_or_equal_i32s(service, zero), simd.greater_than_i32s(gone.0, start));
            odd = simd.or_u32s(odd, lanes::bits(simd, simd.and_m32s(serves, strange)));
            let mut by = (simd.select_i32s(serves, end, gone.0), simd.select_i32s(serves, who, gone.1));
            for place in 1..ends.len() {
                let next = (ends[place], whos[place]);
                let same = simd.and_m32s(simd.equal_i32s(next.0, by.0), simd.less_than_i32s(next.1, by.1));
                let before = simd.or_m32s(simd.less_than_i32s(next.0, by.0), same);
                ends[place - 1] = simd.select_i32s(before, next.0, by.0);
                whos[place - 1] = simd.select_i32s(before, next.1, by.1);
                by = (simd.select_i32s(before, by.0, next.0), simd.select_i32s(before, by.1, next.1));
            }
            let last = ends.len() - 1;
            (ends[last], whos[last]) = by;
            let free_at = lanes::rows_mut::<S>(&mut staff.free_at);
            let (cause, since_pause) =
                (lanes::rows_mut::<S>(&mut staff.cause), lanes::rows_mut::<S>(&mut staff.since_pause));
            let since = simd.add_i32s(since_pause[0], one);
            let pause = simd.greater_than_or_equal_i32s(since, every);
            let served = (
                simd.add_i32s(end, simd.select_i32s(pause, away, zero)),
                simd.add_i32s(who, simd.select_i32s(pause, simd.splat_i32s(BACK), zero)),
                simd.select_i32s(pause, zero, since),
            );
            pauses = simd.add_i32s(pauses, simd.select_i32s(simd.and_m32s(serves, pause), one, zero));
            let mut by = (
                simd.select_i32s(serves, served.0, soonest),
                simd.select_i32s(serves, served.1, cause[0]),
                simd.select_i32s(serves, served.2, since_pause[0]),
            );
            for place in 1..free_at.len() {
                let next = (free_at[place], cause[place], since_pause[place]);
                let same =
                    simd.and_m32s(simd.equal_i32s(next.0, by.0), simd.less_than_or_equal_i32s(next.1, by.1));
                let before = simd.or_m32s(simd.less_than_i32s(next.0, by.0), same);
                free_at[place - 1] = simd.select_i32s(before, next.0, by.0);
                cause[place - 1] = simd.select_i32s(before, next.1, by.1);
                since_pause[place - 1] = simd.select_i32s(before, next.2, by.2);
                by = (
                    simd.select_i32s(before, by.0, next.0),
                    simd.select_i32s(before, by.1, next.1),
                    simd.select_i32s(before, by.2, next.2),
                );
            }
            let last = free_at.len() - 1;
            (free_at[last], cause[last], since_pause[last]) = by;
        }
        let pause = changeover.map_or(0, |pause| pause.away);
        for (busy, &pauses) in self.books.counts.busy[self.place].iter_mut().zip(lanes::each::<S>(&pauses)) {
            *busy += Ticks::from(pauses) * pause;
        }
        let free_top = &mut passage.free[self.place].top;
        *free_top = lanes::each::<S>(&top).iter().copied().fold(*free_top, i32::max);
        !lanes::any::<S>(&odd)
    }
}
