//! How many people wait at the site at one time, from sorted runs of joining and leaving times: the greatest number,
//! and the person-ticks spent in a queue longer than the site's room. Exact, without merging the runs: only the
//! stretches of time in which the answer may lie are looked at event by event.

use chance::Ticks;

/// The waiting intervals of one replication. Reused from one replication to the next.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    runs: Vec<Run>,
    used: usize,
    plus: Vec<u32>,
    minus: Vec<u32>,
    area: Vec<Ticks>,
    deltas: Vec<(Ticks, i32)>,
}

/// The waiting intervals at one desk.
#[derive(Debug, Default)]
pub(crate) struct Run {
    joined: Vec<Ticks>,
    gone: Vec<Ticks>,
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
            for _ in 0..size {
                self.joined.push(from);
                self.gone.push(until);
            }
        }
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
        run
    }

    /// Puts back the run that was taken last.
    pub(crate) fn put_back(&mut self, run: Run) {
        self.runs[self.used - 1] = run;
    }

    /// What the runs since `begin` say.
    pub(crate) fn crowding(&mut self, room: Option<u32>) -> Crowding {
        let runs = &mut self.runs[..self.used];
        for run in runs.iter_mut() {
            sort(&mut run.joined);
            sort(&mut run.gone);
        }
        let first = runs.iter().filter_map(|run| run.joined.first()).min();
        let last = runs.iter().filter_map(|run| run.gone.last()).max();
        let (Some(&first), Some(&last)) = (first, last) else { return Crowding::default() };
        let waits: usize = runs.iter().map(|run| run.joined.len()).sum();
        let waited = runs.iter().map(|run| total(&run.gone) - total(&run.joined)).sum();
        // A bin for every two waits: wide enough to be few, narrow enough to bound the queue within them.
        let shift = (((last - first) as u64 / (waits as u64 / 2).max(1)).max(1)).ilog2() + 1;
        let bins = ((last - first) >> shift) as usize + 1;
        self.count(first, shift, bins, room.is_some());
        let most = self.most(first, shift);
        let beyond_room = room.map_or(0, |room| self.beyond(first, shift, i64::from(room)));
        Crowding { most, beyond_room, waited }
    }

    fn count(&mut self, first: Ticks, shift: u32, bins: usize, with_area: bool) {
        for counts in [&mut self.plus, &mut self.minus] {
            counts.clear();
            counts.resize(bins, 0);
        }
        self.area.clear();
        if with_area {
            self.area.resize(bins, 0);
        }
        for run in &self.runs[..self.used] {
            for (times, counts, sign) in [(&run.joined, &mut self.plus, 1), (&run.gone, &mut self.minus, -1)] {
                for &time in times {
                    let bin = ((time - first) >> shift) as usize;
                    counts[bin] += 1;
                    if with_area {
                        self.area[bin] += sign * (first + ((bin as Ticks + 1) << shift) - time);
                    }
                }
            }
        }
    }

    fn most(&mut self, first: Ticks, shift: u32) -> u64 {
        let (mut waiting, mut most) = (0i64, 0i64);
        let mut unsure = Vec::new();
        for (bin, (&plus, &minus)) in self.plus.iter().zip(&self.minus).enumerate() {
            let bound = waiting + i64::from(plus);
            if plus > 0 && minus > 0 && bound > most {
                unsure.push((bound, bin, waiting));
            } else if minus == 0 {
                most = most.max(bound);
            }
            waiting += i64::from(plus) - i64::from(minus);
            most = most.max(waiting);
        }
        unsure.retain(|&(bound, _, _)| bound > most);
        unsure.sort_unstable_by(|a, b| b.cmp(a));
        for (bound, bin, waiting) in unsure {
            if bound <= most {
                break;
            }
            self.steps(first, shift, bin, waiting, |_, waiting| most = most.max(waiting));
        }
        u64::try_from(most).expect("a queue is never negative")
    }

    fn beyond(&mut self, first: Ticks, shift: u32, room: i64) -> i128 {
        let (mut waiting, mut beyond) = (0i64, 0i128);
        let width = 1i64 << shift;
        for bin in 0..self.plus.len() {
            let (plus, minus) = (i64::from(self.plus[bin]), i64::from(self.minus[bin]));
            if waiting - minus > room {
                beyond += i128::from(waiting) * i128::from(width) + i128::from(self.area[bin]);
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

    /// Calls `step(length, waiting)` for each stretch of a bin with a constant number of people waiting.
    fn steps(&mut self, first: Ticks, shift: u32, bin: usize, mut waiting: i64, mut step: impl FnMut(Ticks, i64)) {
        let from = first + ((bin as Ticks) << shift);
        let until = from + (1 << shift);
        let mut deltas = std::mem::take(&mut self.deltas);
        deltas.clear();
        for run in &self.runs[..self.used] {
            for (times, delta) in [(&run.joined, 1), (&run.gone, -1)] {
                let start = times.partition_point(|&time| time < from);
                deltas.extend(times[start..].iter().take_while(|&&time| time < until).map(|&time| (time, delta)));
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

fn sort(times: &mut [Ticks]) {
    // Starts under first come, first served are in order; those who gave up are not.
    if !times.is_sorted() {
        times.sort_unstable();
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
