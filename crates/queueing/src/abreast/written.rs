//! What is written down of the rows that passed a station: who was served, who was not, who goes on.

use super::{
    admit::Line,
    counts::{Counts, GAVE_UP, NOBODY, TURNED_AWAY},
    lanes::{self, Sum},
    passage::{Passage, ROWS},
    picked::QUEUES,
    station::{Books, Desk},
};
use crate::tally::Detail;
use pulp::Simd;

impl<S: Simd> Desk<'_, '_, S> {
    /// Writes down who of these rows is not served.
    #[inline(always)]
    pub(super) fn dismiss(&mut self, rows: usize) {
        let simd = self.simd;
        let width = S::I32_LANES;
        let Passage { at, waits, until, .. } = &*self.passage;
        let mut any = simd.splat_u32s(0);
        for &wait in lanes::rows::<S>(&waits[..rows * width]) {
            any = simd.or_u32s(any, lanes::bits(simd, simd.less_than_i32s(wait, simd.splat_i32s(NOBODY))));
        }
        if !lanes::any::<S>(&any) {
            return;
        }
        let everything = self.books.detail == Detail::Everything;
        let counts = &mut *self.books.counts;
        for place in 0..rows * width {
            let lane = place % width;
            match waits[place] {
                GAVE_UP => counts.left[lane] += 1,
                TURNED_AWAY => counts.unserved[lane] += 1,
                _ => continue,
            }
            counts.waited[lane] += i64::from(until[place]) - i64::from(at[place]);
            if everything {
                self.books.crowd.other(lane, at[place], until[place]);
            }
        }
    }

    /// Writes down who of these rows was served; those at the first station stand in the places from `first` on.
    #[inline(always)]
    pub(super) fn write_down(&mut self, first: usize, rows: usize) {
        self.count_waits(rows);
        if self.books.detail == Detail::Everything {
            self.add_waits(first, rows);
            if self.last() {
                self.count_departures(first, rows);
            }
        }
    }

    /// Whether somebody in these rows is left out of every wait.
    #[inline(always)]
    fn some_are_early(&self, rows: usize) -> bool {
        let simd = self.simd;
        let early = self.early();
        let people = lanes::rows::<S>(&self.passage.who[..rows * S::I32_LANES]);
        early > 0 && {
            let first =
                people.iter().fold(simd.splat_i32s(i32::MAX), |first, &who| simd.min_i32s(first, who));
            lanes::each::<S>(&first).iter().any(|&who| who < early)
        }
    }

    /// Counts the waits of these rows at this station.
    #[inline(always)]
    fn count_waits(&mut self, rows: usize) {
        let simd = self.simd;
        let count = rows * S::I32_LANES;
        let last = self.last();
        let early = if self.some_are_early(rows) { self.early() } else { 0 };
        let (waited_for, picks) = (!self.unlimited(), self.picks());
        let Passage { at, who, services, waits, until, stay, free, queue, .. } = &mut *self.passage;
        let Books { counts, crowd, detail, .. } = &mut *self.books;
        let everything = *detail == Detail::Everything;
        let waits_rows = lanes::rows::<S>(&waits[..count]);
        let zero = simd.splat_i32s(0);
        let (mut busy, mut served) = (Sum::new(simd), zero);
        for (&wait, &service) in waits_rows.iter().zip(lanes::rows::<S>(services)) {
            let serves = simd.greater_than_or_equal_i32s(wait, zero);
            busy.add(simd, simd.select_i32s(serves, service, zero));
            let one = simd.transmute_i32s_u32s(lanes::bits(simd, serves));
            served = simd.sub_i32s(served, one);
        }
        busy.add_to(&mut counts.busy[self.place]);
        if last {
            for (total, &served) in counts.served.iter_mut().zip(lanes::each::<S>(&served)) {
                *total += i64::from(served);
            }
        }
        if waited_for && everything {
            let [came, until, queues] =
                [&at[..count], &until[..count], &queue[..count]].map(lanes::rows::<S>);
            let rows = [came, until, waits_rows, queues];
            if picks {
                crowd.note::<S, { QUEUES }>(simd, free[self.place].run, rows);
            } else {
                crowd.note::<S, 1>(simd, free[self.place].run, rows);
            }
        }
        let measure = &mut counts.station_waits[self.place];
        if early > 0 {
            let mut waited = Sum::new(simd);
            waits_rows.iter().for_each(|&wait| waited.add(simd, simd.max_i32s(wait, zero)));
            waited.add_to(&mut counts.waited);
            stay[..count].copy_from_slice(&waits[..count]);
            leave_out(early, who, &mut stay[..count]);
        }
        let (counted, sums) = match early {
            0 => (waits_rows, &mut counts.waited[..]),
            _ => (lanes::rows::<S>(&stay[..count]), &mut [][..]),
        };
        if everything {
            measure.record(simd, counted, sums);
        } else {
            measure.sum(simd, counted, sums);
        }
    }

    /// Adds the waits of these rows to what each person has waited before.
    #[inline(always)]
    fn add_waits(&mut self, first: usize, rows: usize) {
        let width = S::I32_LANES;
        let count = rows * width;
        let picks = self.picks();
        let Passage { index, waits, total, .. } = &mut *self.passage;
        let waited = &mut self.line.waited[..];
        if self.place == 0 {
            total[..count].copy_from_slice(&waits[..count]);
            if picks {
                for (&index, &wait) in index[..count].iter().zip(&*waits) {
                    waited[index as usize] = wait;
                }
            } else {
                waited[first * width..first * width + count].copy_from_slice(&waits[..count]);
            }
        } else {
            // (Whoever is nobody has a place of the own to be written to.)
            for ((&index, &wait), total) in index[..count].iter().zip(&*waits).zip(&mut total[..]) {
                let waited = &mut waited[index as usize];
                *waited = waited.wrapping_add(wait);
                *total = *waited;
            }
        }
    }

    /// Counts all the wait and all the stay of those who go home.
    #[inline(always)]
    fn count_departures(&mut self, first: usize, rows: usize) {
        let simd = self.simd;
        let count = rows * S::I32_LANES;
        let early = if self.some_are_early(rows) { self.early() } else { 0 };
        let observe = self.delay();
        let picks = self.picks();
        let Passage { at, who, index, services, waits, until, total, stay, class, .. } = &mut *self.passage;
        let arrived: &[i32] = if self.place == 0 {
            &at[..count]
        } else {
            let Line { arrived, .. } = &*self.line;
            lanes::gather(arrived, &index[..count], stay);
            &stay[..count]
        };
        let (observe, nobody) = (simd.splat_i32s(observe), simd.splat_i32s(NOBODY));
        let mut stays = [nobody; ROWS];
        let [arrived, until, services, waits] =
            [arrived, &until[..count], &services[..count], &waits[..count]].map(lanes::rows::<S>);
        for (row, total) in lanes::rows_mut::<S>(&mut total[..count]).iter_mut().enumerate() {
            let served = simd.greater_than_or_equal_i32s(waits[row], simd.splat_i32s(0));
            let end = simd.add_i32s(simd.add_i32s(until[row], services[row]), observe);
            stays[row] = simd.select_i32s(served, simd.sub_i32s(end, arrived[row]), nobody);
            *total = simd.select_i32s(served, *total, nobody);
        }
        lanes::rows_mut::<S>(stay).copy_from_slice(&stays);
        if early > 0 {
            leave_out(early, who, &mut total[..count]);
            leave_out(early, who, &mut stay[..count]);
        }
        let [total, stay] = [&total[..count], &stay[..count]].map(lanes::rows::<S>);
        let Counts { wait: waits, stay: stays, .. } = &mut *self.books.counts;
        if self.model.classes.len() == 1 {
            waits.record(simd, total, &mut []);
            stays.record(simd, stay, &mut []);
            return;
        }
        let classes = &self.line.classes[..];
        if self.place == 0 && !picks {
            class[..count].copy_from_slice(&classes[first * S::I32_LANES..][..count]);
        } else {
            lanes::gather(classes, &index[..count], class);
        }
        let classes = lanes::rows::<S>(&class[..count]);
        waits.record_by_class(simd, total, classes);
        stays.record_by_class(simd, stay, classes);
    }

    /// Whoever goes on from these rows stands in them now, or has left.
    #[inline(always)]
    pub(super) fn go_on(&mut self, rows: usize) {
        let simd = self.simd;
        let width = S::I32_LANES;
        let count = rows * width;
        let last = self.last();
        let Passage { at, who, next_at, next_who, .. } = &mut *self.passage;
        if last && self.books.detail == Detail::Waits {
            // Nobody asks when they left.
        } else if last {
            let nobody = simd.splat_i32s(self.nobody);
            let next = lanes::rows::<S>(&next_at[..count]).iter().zip(lanes::rows::<S>(next_who));
            self.books.departed.leave(simd, next.map(|(&at, &who)| (at, simd.less_than_i32s(who, nobody))));
        } else {
            std::mem::swap(at, next_at);
            std::mem::swap(who, next_who);
        }
    }
}

/// Those who come first are left out of every wait, where the scenario says so.
fn leave_out(early: i32, who: &[i32], times: &mut [i32]) {
    let early = times.iter_mut().zip(who).filter(|(_, who)| **who < early);
    early.for_each(|(time, _)| *time = NOBODY);
}
