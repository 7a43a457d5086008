//! A station whose servers come, go and pause: there are two sorted arrays then, of those who will be free and of
//! those who will depart, as in the FIFO engine.

use super::{
    GHOST, SERVERS_MAX,
    counts::{GAVE_UP, NOBODY, TURNED_AWAY},
    lanes,
    station::{Desk, replace_first},
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
/// More servers than this share one size of array; up to it each number has its own.
const FEW: usize = 4;
/// Rows of servers where there are many.
const MANY: usize = SERVERS_MAX as usize;

/// How many rows of servers a calendar takes. A row too many is harmless: nobody is in it.
fn rows_of(calendar: &[(Ticks, u32)]) -> usize {
    let most = calendar.iter().map(|change| change.1 as usize).max().unwrap_or(0).max(1);
    if most <= FEW { most } else { MANY }
}

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

/// One server in each lane.
type Server<S> = (<S as Simd>::i32s, <S as Simd>::i32s, <S as Simd>::i32s);

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
        let servers = rows_of(calendar);
        let departures = servers + RELIEVED;
        for (rows, numbers, value) in [
            (&mut self.free_at, servers, NEVER),
            (&mut self.cause, servers, 0),
            (&mut self.since_pause, servers, 0),
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

    /// The servers, row by row: when each is free, why, and how many people since the last pause.
    #[inline(always)]
    fn servers<S: Simd, const SERVERS: usize>(&self) -> [Server<S>; SERVERS] {
        let [free_at, cause, since_pause] =
            [&self.free_at, &self.cause, &self.since_pause].map(|rows| lanes::rows::<S>(rows));
        std::array::from_fn(|row| (free_at[row], cause[row], since_pause[row]))
    }

    /// Keeps them.
    #[inline(always)]
    fn keep<S: Simd, const SERVERS: usize>(&mut self, servers: &[Server<S>; SERVERS]) {
        let [free_at, cause, since_pause] = [&mut self.free_at, &mut self.cause, &mut self.since_pause]
            .map(|rows| lanes::rows_mut::<S>(rows));
        for (row, server) in servers.iter().enumerate() {
            (free_at[row], cause[row], since_pause[row]) = *server;
        }
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
    /// Takes so many rows through the station, in the order in which they stand or, where it `PICKS`, come; false where
    /// another engine has to do it.
    #[inline(always)]
    pub(super) fn serve_general<const PICKS: bool>(
        &mut self,
        rows: usize,
        calendar: &[(Ticks, u32)],
    ) -> bool {
        match rows_of(calendar) {
            1 => self.serve_by::<PICKS, 1, { 1 + RELIEVED }>(rows, calendar),
            2 => self.serve_by::<PICKS, 2, { 2 + RELIEVED }>(rows, calendar),
            3 => self.serve_by::<PICKS, 3, { 3 + RELIEVED }>(rows, calendar),
            4 => self.serve_by::<PICKS, 4, { 4 + RELIEVED }>(rows, calendar),
            _ => self.serve_by::<PICKS, MANY, { MANY + RELIEVED }>(rows, calendar),
        }
    }

    /// The same with so many rows of servers and of departures, which stay near while rows of people pass.
    #[inline(always)]
    fn serve_by<const PICKS: bool, const SERVERS: usize, const ENDS: usize>(
        &mut self,
        rows: usize,
        calendar: &[(Ticks, u32)],
    ) -> bool {
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
        let mut free = staff.servers::<S, SERVERS>();
        let mut ends = [(ghost, nobody); ENDS];
        for (end, (&at, &who)) in
            ends.iter_mut().zip(lanes::rows::<S>(&staff.ends).iter().zip(lanes::rows::<S>(&staff.whos)))
        {
            *end = (at, who);
        }
        let mut change_at = lanes::rows::<S>(&staff.change_at)[0];
        let waiting = PICKS.then(|| &passage.waiting[self.place]);
        let mut heads = waiting.map(|waiting| waiting.heads(simd));
        let count = rows * S::I32_LANES;
        let rows_of = |numbers| lanes::rows_mut::<S>(numbers);
        let [at_rows, who_rows, services, patience] =
            [&mut passage.at, &mut passage.who, &mut passage.services, &mut passage.patience]
                .map(|numbers| rows_of(&mut numbers[..count]));
        let [waits_rows, until_rows, next_at, next_who, queue_rows] = [
            &mut passage.waits,
            &mut passage.until,
            &mut passage.next_at,
            &mut passage.next_who,
            &mut passage.queue,
        ]
        .map(|numbers| rows_of(&mut numbers[..count]));
        for row in 0..rows {
            let (came, came_who) = match &heads {
                Some(heads) => heads.first(simd),
                None => (at_rows[row], who_rows[row]),
            };
            let real = simd.less_than_i32s(came_who, nobody);
            // A staff change comes before an arrival of the same tick from outside, after one from another station.
            let mut due =
                simd.or_m32s(simd.less_than_i32s(change_at, came), simd.less_than_i32s(change_at, free[0].0));
            if first {
                due = simd.or_m32s(due, simd.equal_i32s(change_at, came));
            }
            due = simd.and_m32s(simd.and_m32s(due, real), simd.less_than_i32s(change_at, never));
            let due = lanes::bits(simd, due);
            if lanes::any::<S>(&due) {
                staff.keep::<S, SERVERS>(&free);
                for lane in 0..S::I32_LANES {
                    if bytemuck::cast_slice::<S::u32s, u32>(std::slice::from_ref(&due))[lane] != 0 {
                        let at = lanes::each::<S>(&came)[lane];
                        self.books.counts.overtime[self.place][lane] +=
                            staff.change(lane, calendar, |change, soonest| {
                                change < at || change < soonest || first && change == at
                            });
                    }
                }
                free = staff.servers::<S, SERVERS>();
                change_at = lanes::rows::<S>(&staff.change_at)[0];
            }
            let (soonest, cause, since_pause) = free[0];
            if let (Some(heads), Some(waiting)) = (&mut heads, waiting) {
                let (next, queue) = heads.next(simd, waiting, (soonest, cause), first, nobody);
                at_rows[row] = simd.select_i32s(real, next[0], ghost);
                who_rows[row] = next[1];
                (services[row], patience[row]) = (next[2], next[3]);
                queue_rows[row] = queue;
            }
            let (at, who, service, patience) = (at_rows[row], who_rows[row], services[row], patience[row]);
            let start = simd.max_i32s(at, soonest);
            let nobody_comes = simd.equal_i32s(soonest, never);
            let in_time = simd.less_than_or_equal_i32s(start, closes);
            let turned_away = simd.max_i32s(at, simd.select_i32s(nobody_comes, over, closes));
            let end = simd.select_i32s(in_time, start, turned_away);
            let until = simd.add_i32s(at, simd.min_i32s(simd.sub_i32s(end, at), patience));
            let stays = simd.equal_i32s(until, end);
            let serves = simd.and_m32s(real, simd.and_m32s(in_time, stays));
            let lost = simd.select_i32s(stays, simd.splat_i32s(TURNED_AWAY), simd.splat_i32s(GAVE_UP));
            let lost = simd.select_i32s(real, lost, simd.splat_i32s(NOBODY));
            waits_rows[row] = simd.select_i32s(serves, simd.sub_i32s(start, at), lost);
            // A ghost is earlier than anybody.
            until_rows[row] = simd.select_i32s(real, until, ghost);
            let end = simd.add_i32s(start, service);
            top = simd.max_i32s(top, simd.select_i32s(serves, end, ghost));
            // Whoever departs first goes on; where nobody is served everything stays as it is.
            let gone = ends[0];
            let goes = simd.and_m32s(serves, simd.less_than_i32s(gone.1, nobody));
            next_at[row] = simd.select_i32s(goes, simd.add_i32s(gone.0, delay), ghost);
            next_who[row] = simd.select_i32s(serves, gone.1, nobody);
            // A service of no length, or someone who departs later than the next begins, needs more than these arrays.
            let strange = simd
                .or_m32s(simd.less_than_or_equal_i32s(service, zero), simd.greater_than_i32s(gone.0, start));
            odd = simd.or_u32s(odd, lanes::bits(simd, simd.and_m32s(serves, strange)));
            let by = (simd.select_i32s(serves, end, gone.0), simd.select_i32s(serves, who, gone.1));
            replace_first(simd, &mut ends, by);
            let since = simd.add_i32s(since_pause, one);
            let pause = simd.greater_than_or_equal_i32s(since, every);
            let served = (
                simd.add_i32s(end, simd.select_i32s(pause, away, zero)),
                simd.add_i32s(who, simd.select_i32s(pause, simd.splat_i32s(BACK), zero)),
                simd.select_i32s(pause, zero, since),
            );
            pauses = simd.add_i32s(pauses, simd.select_i32s(simd.and_m32s(serves, pause), one, zero));
            let mut by = (
                simd.select_i32s(serves, served.0, soonest),
                simd.select_i32s(serves, served.1, cause),
                simd.select_i32s(serves, served.2, since_pause),
            );
            for place in 1..SERVERS {
                let next = free[place];
                let same =
                    simd.and_m32s(simd.equal_i32s(next.0, by.0), simd.less_than_or_equal_i32s(next.1, by.1));
                let before = simd.or_m32s(simd.less_than_i32s(next.0, by.0), same);
                free[place - 1] = select(simd, before, next, by);
                by = select(simd, before, by, next);
            }
            free[SERVERS - 1] = by;
        }
        if let Some(heads) = heads {
            passage.waiting[self.place].moved_on(&heads);
        }
        staff.keep::<S, SERVERS>(&free);
        let kept =
            lanes::rows_mut::<S>(&mut staff.ends).iter_mut().zip(lanes::rows_mut::<S>(&mut staff.whos));
        for ((at, who), end) in kept.zip(ends) {
            (*at, *who) = end;
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

#[inline(always)]
fn select<S: Simd>(simd: S, which: S::m32s, one: Server<S>, other: Server<S>) -> Server<S> {
    (
        simd.select_i32s(which, one.0, other.0),
        simd.select_i32s(which, one.1, other.1),
        simd.select_i32s(which, one.2, other.2),
    )
}
