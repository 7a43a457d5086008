//! How many people wait at the site at one time, from sorted runs of joining and leaving times: the greatest number,
//! and the person-ticks spent in a queue longer than the site's room. Exact, without merging the runs: only the
//! stretches of time in which the answer may lie are looked at event by event.

use chance::Ticks;

/// Bins are so wide that so many waits begin in each on average: few bins to go through, and few people by whom the
/// queue within one may be longer than at its ends.
const WAITS_PER_BIN: u64 = 4;

/// The waiting intervals of one replication. Reused from one replication to the next.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    runs: Vec<Run>,
    used: usize,
    plus: Vec<u32>,
    minus: Vec<u32>,
    cursors: Vec<[usize; 2]>,
    deltas: Vec<(Ticks, i32)>,
}

/// The waiting intervals at one desk.
#[derive(Debug, Default)]
pub(crate) struct Run {
    joined: Vec<Ticks>,
    gone: Vec<Ticks>,
    /// Whether some of the times are not in order, as of those who give up.
    mixed: bool,
}

/// What the profile says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Crowding {
    /// Most people waiting at one time.
    pub most: u64,
    /// Person-ticks waited while more people waited than the room holds.
    pub beyond_room: i128,
    /// Person-ticks waited.
    pub waited: i128,
}

impl Run {
    /// `size` people waited from `from` to `until`; intervals of no length do not count.
    #[inline]
    pub(crate) fn waited(&mut self, from: Ticks, until: Ticks, size: u8) {
        if until > from {
            self.mixed |= self.joined.last() > Some(&from) || self.gone.last() > Some(&until);
            for _ in 0..size {
                self.joined.push(from);
                self.gone.push(until);
            }
        }
    }

    /// `size` people begin to wait, in the order of time.
    #[inline]
    pub(crate) fn joined(&mut self, at: Ticks, size: u8) {
        self.joined.extend(std::iter::repeat_n(at, size as usize));
    }

    /// `size` people stop waiting, in the order of time.
    #[inline]
    pub(crate) fn gone(&mut self, at: Ticks, size: u8) {
        self.gone.extend(std::iter::repeat_n(at, size as usize));
    }

    /// Single people who waited from and until these times, which are both in order.
    #[inline]
    pub(crate) fn waited_all(&mut self, intervals: impl ExactSizeIterator<Item = (Ticks, Ticks)>) {
        let before = self.joined.len();
        let after = before + intervals.len();
        self.joined.resize(after, 0);
        self.gone.resize(after, 0);
        let mut place = before;
        for (from, until) in intervals {
            // Every interval is written, and those of no length are written over: chance makes a poor branch.
            self.joined[place] = from;
            self.gone[place] = until;
            place += usize::from(until > from);
        }
        self.joined.truncate(place);
        self.gone.truncate(place);
    }
}

impl Profile {
    pub(crate) fn begin(&mut self) {
        self.used = 0;
    }

    /// An empty run for the next desk.
    pub(crate) fn run(&mut self) -> &mut Run {
        if self.used == self.runs.len() {
            self.runs.push(Run::default());
        }
        self.used += 1;
        let run = &mut self.runs[self.used - 1];
        run.joined.clear();
        run.gone.clear();
        run.mixed = false;
        run
    }

    /// Puts back the run that was taken last.
    pub(crate) fn put_back(&mut self, run: Run) {
        self.runs[self.used - 1] = run;
    }

    /// What the runs since `begin` say.
    pub(crate) fn crowding(&mut self, room: Option<u32>) -> Crowding {
        let runs = &mut self.runs[..self.used];
        for run in runs.iter_mut().filter(|run| run.mixed) {
            run.joined.sort_unstable();
            run.gone.sort_unstable();
        }
        let first = runs.iter().filter_map(|run| run.joined.first()).min();
        let last = runs.iter().filter_map(|run| run.gone.last()).max();
        let (Some(&first), Some(&last)) = (first, last) else { return Crowding::default() };
        let waits: usize = runs.iter().map(|run| run.joined.len()).sum();
        let waited = runs.iter().map(|run| total(&run.gone) - total(&run.joined)).sum();
        // Wide enough to be few, narrow enough to bound the queue within them.
        let shift = (((last - first) as u64 / (waits as u64 / WAITS_PER_BIN).max(1)).max(1)).ilog2() + 1;
        let bins = ((last - first) >> shift) as usize + 1;
        self.count(first, shift, bins);
        let most = self.most(first, shift);
        let beyond_room = room.map_or(0, |room| self.beyond(first, shift, i64::from(room)));
        Crowding { most, beyond_room, waited }
    }

    fn count(&mut self, first: Ticks, shift: u32, bins: usize) {
        for counts in [&mut self.plus, &mut self.minus] {
            counts.clear();
            counts.resize(bins, 0);
        }
        for run in &self.runs[..self.used] {
            for (&joined, &gone) in run.joined.iter().zip(&run.gone) {
                self.plus[((joined - first) >> shift) as usize] += 1;
                self.minus[((gone - first) >> shift) as usize] += 1;
            }
        }
    }

    fn most(&mut self, first: Ticks, shift: u32) -> u64 {
        // The most at the ends of bins, and in bins that nobody left.
        let (mut waiting, mut most) = (0i64, 0i64);
        for (&plus, &minus) in self.plus.iter().zip(&self.minus) {
            let with = waiting + i64::from(plus);
            waiting = with - i64::from(minus);
            most = most.max(if minus == 0 { with } else { waiting });
        }
        // Only bins that may hold more are looked at, the likeliest first.
        let mut unsure = Vec::new();
        waiting = 0;
        for (bin, (&plus, &minus)) in self.plus.iter().zip(&self.minus).enumerate() {
            let bound = waiting + i64::from(plus);
            if bound > most {
                unsure.push((bound, bin, waiting));
            }
            waiting = bound - i64::from(minus);
        }
        let likeliest = unsure.iter().copied().max();
        for (bound, bin, waiting) in likeliest.into_iter().chain(unsure) {
            if bound > most {
                self.steps(first, shift, bin, waiting, |_, waiting| most = most.max(waiting));
            }
        }
        u64::try_from(most).expect("a queue is never negative")
    }

    fn beyond(&mut self, first: Ticks, shift: u32, room: i64) -> i128 {
        let (mut waiting, mut beyond) = (0i64, 0i128);
        self.cursors.clear();
        self.cursors.resize(self.used, [0; 2]);
        for bin in 0..self.plus.len() {
            let (plus, minus) = (i64::from(self.plus[bin]), i64::from(self.minus[bin]));
            if waiting - minus > room {
                beyond += self.area(first, shift, bin, waiting);
            } else if waiting + plus > room {
                self.steps(first, shift, bin, waiting, |length, waiting| {
                    if waiting > room {
                        beyond += i128::from(length) * i128::from(waiting);
                    }
                });
            }
            waiting += plus - minus;
        }
        beyond
    }

    /// Person-ticks waited during a bin that begins with `waiting` people. Bins are asked for in their order.
    fn area(&mut self, first: Ticks, shift: u32, bin: usize, waiting: i64) -> i128 {
        let from = first + ((bin as Ticks) << shift);
        let until = from + (1 << shift);
        let mut area = i128::from(waiting) << shift;
        for (run, cursors) in self.runs.iter().zip(&mut self.cursors) {
            for (times, cursor, sign) in [(&run.joined, 0, 1), (&run.gone, 1, -1)] {
                let cursor = &mut cursors[cursor];
                if times.get(*cursor).is_some_and(|&time| time < from) {
                    *cursor += times[*cursor..].partition_point(|&time| time < from);
                }
                while let Some(&time) = times.get(*cursor).filter(|&&time| time < until) {
                    area += i128::from(sign * (until - time));
                    *cursor += 1;
                }
            }
        }
        area
    }

    /// Calls `step(length, waiting)` for each stretch of a bin with a constant number of people waiting.
    fn steps(
        &mut self,
        first: Ticks,
        shift: u32,
        bin: usize,
        mut waiting: i64,
        mut step: impl FnMut(Ticks, i64),
    ) {
        let from = first + ((bin as Ticks) << shift);
        let until = from + (1 << shift);
        let mut deltas = std::mem::take(&mut self.deltas);
        deltas.clear();
        for run in &self.runs[..self.used] {
            for (times, delta) in [(&run.joined, 1), (&run.gone, -1)] {
                let start = times.partition_point(|&time| time < from);
                deltas.extend(
                    times[start..].iter().take_while(|&&time| time < until).map(|&time| (time, delta)),
                );
            }
        }
        deltas.sort_unstable();
        let mut now = from;
        for &(time, delta) in &deltas {
            if time > now {
                step(time - now, waiting);
                now = time;
            }
            waiting += i64::from(delta);
        }
        step(until - now, waiting);
        self.deltas = deltas;
    }
}

fn total(times: &[Ticks]) -> i128 {
    times.iter().map(|&time| i128::from(time)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_hand(intervals: &[(Ticks, Ticks)], room: i64) -> Crowding {
        let mut times: Vec<Ticks> = intervals.iter().flat_map(|&(from, until)| [from, until]).collect();
        times.sort_unstable();
        let waiting = |at| intervals.iter().filter(|&&(from, until)| from <= at && at < until).count() as i64;
        let mut crowding = Crowding::default();
        for pair in times.windows(2) {
            let (now, length) = (waiting(pair[0]), pair[1] - pair[0]);
            crowding.most = crowding.most.max(now as u64);
            crowding.waited += i128::from(now * length);
            crowding.beyond_room += if now > room { i128::from(now * length) } else { 0 };
        }
        crowding
    }

    proptest! {
        #[test]
        fn the_profile_equals_counting_by_hand(
            runs in prop::collection::vec(prop::collection::vec((-200i64..2000, 0i64..300), 0..60), 1..5),
            room in 0u32..20,
        ) {
            let mut profile = Profile::default();
            profile.begin();
            let mut all = Vec::new();
            for intervals in &runs {
                let run = profile.run();
                let mut sorted = intervals.clone();
                sorted.sort_unstable();
                for (from, length) in sorted {
                    run.waited(from, from + length, 1);
                    all.push((from, from + length));
                }
            }
            prop_assert_eq!(profile.crowding(Some(room)), by_hand(&all, i64::from(room)));
        }
    }
}
