//! How many people wait at the site at one time, in every lane. As in [`crate::profile`]: bins of time bound the queue,
//! and only bins that may hold the longest are looked at event by event.

use super::{
    GHOST, LANES_MAX,
    admit::Line,
    lanes::{self, ROWS_A_SUM, Sum},
    picked,
};
use crate::profile::Crowding;
use chance::Ticks;
use pulp::Simd;

/// The waiting intervals of a batch.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    /// Rows of bins: how many join a queue, and how many leave one.
    plus: Vec<i32>,
    minus: Vec<i32>,
    width: usize,
    /// When bin 0 begins, and how wide bins are: `1 << shift` ticks.
    first: i32,
    shift: u32,
    /// Bins used so far, and the most that are worth their memory: then they are made wider.
    used: usize,
    bins_max: usize,
    runs: Vec<Run>,
    running: usize,
    /// Intervals that are in no run, a lane each: those who were not served.
    others: Vec<[Vec<i32>; 2]>,
    /// The longest queue, and bins that may hold a longer one, a lane each.
    most: Vec<i64>,
    unsure: Vec<Vec<(i64, usize, i64)>>,
    /// Person-ticks by bin, and those beyond the room, a lane each; bins of a lane in which the queue is only at times
    /// longer than the room, with how many wait when they begin.
    areas: Vec<i32>,
    beyond: Vec<i128>,
    partly: Vec<(usize, usize, i64)>,
    steps: Vec<(i32, i64)>,
}

/// The intervals of one station's queues: rows of times at which people joined each queue, and at which they were called
/// from any, all in order, doubled, and odd where somebody waited.
#[derive(Debug, Default)]
struct Run {
    joined: [Vec<i32>; picked::QUEUES],
    gone: Vec<i32>,
}

impl Run {
    /// All lists of times, each with what it does to the number of those who wait.
    fn lists(&self) -> impl Iterator<Item = (&[i32], i32)> {
        let joined = self.joined.iter().map(|times| (&times[..], 1));
        joined.chain([(&self.gone[..], -1)])
    }
}

/// People and stations for each bin: few bins to go through, yet so narrow that they bound the queue well.
const WAITS_PER_BIN: usize = 4;

impl Crowd {
    pub(super) fn begin<S: Simd>(&mut self, lines: &[Line], stations: usize) {
        self.running = 0;
        if self.width != S::I32_LANES {
            self.width = S::I32_LANES;
            (self.plus, self.minus, self.used) = (Vec::new(), Vec::new(), 0);
        }
        self.others.resize_with(self.width, Default::default);
        self.others.iter_mut().flatten().for_each(Vec::clear);
        let (first, last) = lines
            .iter()
            .filter_map(Line::span)
            .fold((i32::MAX, GHOST), |(first, last), span| (first.min(span.0), last.max(span.1)));
        let waits = lines.iter().map(|line| line.places).sum::<usize>() * stations / WAITS_PER_BIN;
        self.first = if first == i32::MAX { 0 } else { first };
        let span = (i64::from(last) - i64::from(first)).max(1) as u64;
        self.shift = (span / waits.max(1) as u64).max(1).ilog2().min(29);
        let used = self.used * self.width;
        for counts in [&mut self.plus, &mut self.minus] {
            let used = used.min(counts.len());
            counts[..used].fill(0);
        }
        (self.used, self.bins_max) = (0, (4 * waits).max(64));
    }

    /// The queues of another station begin; this is their number.
    pub(super) fn run(&mut self) -> usize {
        if self.running == self.runs.len() {
            self.runs.push(Run::default());
        }
        let run = &mut self.runs[self.running];
        run.joined.iter_mut().for_each(Vec::clear);
        run.gone.clear();
        self.running += 1;
        self.running - 1
    }

    /// People who joined and left a station's queues at these times, row by row; who waited is where `waits` is positive.
    /// Where there are several `QUEUES`, `queues` says in which of them.
    #[inline(always)]
    pub(super) fn note<S: Simd, const QUEUES: usize>(
        &mut self,
        simd: S,
        run: usize,
        [joined, gone, waits, queues]: [&[S::i32s]; 4],
    ) {
        let width = S::I32_LANES;
        // The latest time of these rows bounds the bins.
        let mut last = simd.splat_i32s(self.first);
        for &gone in gone {
            last = simd.max_i32s(last, gone);
        }
        let last = lanes::each::<S>(&last).iter().copied().max().unwrap_or(self.first);
        self.reach(last);
        let run = &mut self.runs[run];
        let before = run.gone.len();
        let latest = |times: &[i32]| match times.len().checked_sub(width) {
            Some(last) => halved(simd, lanes::rows::<S>(&times[last..])[0]),
            None => simd.splat_i32s(GHOST),
        };
        let mut latest_gone = latest(&run.gone);
        let mut latest_joined: [S::i32s; QUEUES] = std::array::from_fn(|queue| latest(&run.joined[queue]));
        run.gone.resize(before + joined.len() * width, 0);
        run.joined[..QUEUES].iter_mut().for_each(|times| times.resize(before + joined.len() * width, 0));
        let gone_out = lanes::rows_mut::<S>(&mut run.gone[before..]);
        let mut joined_out = run.joined.each_mut().map(|times| {
            let from = before.min(times.len());
            lanes::rows_mut::<S>(&mut times[from..])
        });
        let (plus, minus) = (&mut self.plus[..], &mut self.minus[..]);
        let (zero, one) = (simd.splat_i32s(0), simd.splat_u32s(1));
        let first = simd.splat_i32s(self.first);
        let number = simd.transmute_u32s_i32s(lanes::numbered(simd));
        let (shift, row_shift) = (simd.splat_u32s(self.shift), simd.splat_u32s(S::I32_LANES.ilog2()));
        for (row, (((&joined, &gone), &waits), gone_out)) in
            joined.iter().zip(gone).zip(waits).zip(gone_out).enumerate()
        {
            let waited = lanes::bits(simd, simd.greater_than_i32s(waits, zero));
            let place = |time| {
                let since = simd.and_u32s(simd.transmute_u32s_i32s(simd.sub_i32s(time, first)), waited);
                let row = simd.wrapping_dyn_shl_u32s(simd.wrapping_dyn_shr_u32s(since, shift), row_shift);
                simd.transmute_i32s_u32s(simd.or_u32s(row, number))
            };
            let odd = simd.and_u32s(waited, one);
            let doubled = |time: S::i32s, odd: S::u32s| {
                let time = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_i32s(time), one);
                simd.transmute_i32s_u32s(simd.or_u32s(time, odd))
            };
            latest_gone = simd.max_i32s(latest_gone, gone);
            *gone_out = doubled(latest_gone, odd);
            for (queue, (latest, out)) in latest_joined.iter_mut().zip(&mut joined_out).enumerate() {
                let later = simd.max_i32s(*latest, joined);
                if QUEUES == 1 {
                    *latest = later;
                    out[row] = doubled(later, odd);
                } else {
                    let here = simd.equal_i32s(queues[row], simd.splat_i32s(queue as i32));
                    *latest = simd.select_i32s(here, later, *latest);
                    out[row] = doubled(*latest, simd.and_u32s(odd, lanes::bits(simd, here)));
                }
            }
            let (from, to) = (place(joined), place(gone));
            let odd = simd.transmute_i32s_u32s(odd);
            let steps = lanes::each::<S>(&from).iter().zip(lanes::each::<S>(&to)).zip(lanes::each::<S>(&odd));
            for ((&from, &to), &one) in steps {
                plus[from as usize] += one;
                minus[to as usize] += one;
            }
        }
    }

    /// Somebody who was not served waited here, too.
    pub(super) fn other(&mut self, lane: usize, joined: i32, gone: i32) {
        if gone > joined {
            self.reach(gone);
            let (from, to) = (self.bin(joined), self.bin(gone));
            self.plus[from * self.width + lane] += 1;
            self.minus[to * self.width + lane] += 1;
            self.others[lane][0].push(joined);
            self.others[lane][1].push(gone);
        }
    }

    fn bin(&self, time: i32) -> usize {
        (time.wrapping_sub(self.first) as u32 >> self.shift) as usize
    }

    /// Makes room for this time.
    #[inline]
    fn reach(&mut self, time: i32) {
        self.used = self.used.max(self.bin(time) + 1);
        if self.used * self.width > self.plus.len() {
            self.grow();
        }
    }

    /// More bins, or wider ones.
    #[cold]
    fn grow(&mut self) {
        while self.used > self.bins_max {
            self.shift += 1;
            let width = self.width;
            for counts in [&mut self.plus, &mut self.minus] {
                for number in 0..counts.len() {
                    let (row, lane) = (number / width, number % width);
                    let count = std::mem::take(&mut counts[number]);
                    counts[row / 2 * width + lane] += count;
                }
            }
            self.used = self.used.div_ceil(2);
        }
        let numbers = self.used.next_power_of_two() * self.width;
        for counts in [&mut self.plus, &mut self.minus] {
            let numbers = numbers.max(counts.len());
            counts.resize(numbers, 0);
        }
    }

    /// Bounds the queue in all lanes by what is known at the ends of bins.
    #[inline(always)]
    pub(super) fn bound<S: Simd>(&mut self, simd: S) {
        self.others.iter_mut().flatten().for_each(|times| times.sort_unstable());
        let used = self.used * self.width;
        let bins = || lanes::rows::<S>(&self.plus[..used]).iter().zip(lanes::rows::<S>(&self.minus[..used]));
        let zero = simd.splat_i32s(0);
        let (mut waiting, mut most) = (zero, zero);
        for (&plus, &minus) in bins() {
            let with = simd.add_i32s(waiting, plus);
            waiting = simd.sub_i32s(with, minus);
            // In a bin that nobody leaves the most is known.
            let known = simd.select_i32s(simd.equal_i32s(minus, zero), with, waiting);
            most = simd.max_i32s(most, known);
        }
        assert!(
            lanes::each::<S>(&waiting).iter().all(|&waiting| waiting == 0),
            "who joins a queue leaves it"
        );
        self.most.clear();
        self.most.extend(lanes::each::<S>(&most).iter().map(|&most| i64::from(most)));
        self.unsure.resize_with(self.width, Vec::new);
        self.unsure.iter_mut().for_each(Vec::clear);
        waiting = zero;
        for (bin, (&plus, &minus)) in bins().enumerate() {
            let bound = simd.add_i32s(waiting, plus);
            if lanes::any::<S>(&lanes::bits(simd, simd.greater_than_i32s(bound, most))) {
                let lanes = lanes::each::<S>(&bound).iter().zip(lanes::each::<S>(&waiting)).zip(&self.most);
                for (lane, ((&bound, &waiting), &most)) in lanes.enumerate() {
                    if i64::from(bound) > most {
                        self.unsure[lane].push((bound.into(), bin, waiting.into()));
                    }
                }
            }
            waiting = simd.sub_i32s(bound, minus);
        }
    }

    /// What the intervals of each of these lanes say, after [`Crowd::bound`]; `told(lane, crowding)`.
    #[inline(always)]
    pub(super) fn tell<S: Simd>(
        &mut self,
        simd: S,
        waited: &[i64],
        room: Option<u32>,
        mut told: impl FnMut(usize, Crowding),
    ) {
        for lane in 0..waited.len() {
            let mut unsure = std::mem::take(&mut self.unsure[lane]);
            let mut most = self.most[lane];
            // The likeliest first: where a bin may hold no more than is known, the others do not either.
            unsure.sort_unstable_by(|one, other| other.cmp(one));
            for &(bound, bin, waiting) in &unsure {
                if bound <= most {
                    break;
                }
                self.steps(lane, bin, waiting, |_, waiting| most = most.max(waiting));
            }
            (self.most[lane], self.unsure[lane]) = (most, unsure);
        }
        let crowded = |most: i64| room.map(i64::from).filter(|&room| most > room);
        if self.most[..waited.len()].iter().any(|&most| crowded(most).is_some()) {
            self.weigh(simd);
            self.beyond(simd, room.map_or(0, |room| i32::try_from(room).unwrap_or(i32::MAX)));
        }
        for (lane, &waited) in waited.iter().enumerate() {
            let most = self.most[lane];
            let beyond_room = crowded(most).map_or(0, |_| self.beyond[lane]);
            let most = u64::try_from(most).expect("a queue is never negative");
            told(lane, Crowding { most, beyond_room, waited: waited.into() });
        }
    }

    /// Person-ticks waited while more people waited than the room holds, in all lanes, after [`Crowd::weigh`].
    #[inline(always)]
    fn beyond<S: Simd>(&mut self, simd: S, room: i32) {
        let width = S::I32_LANES;
        let used = self.used * width;
        let zero = simd.splat_i32s(0);
        let room_row = simd.splat_i32s(room);
        // A sign turned over makes areas numbers that are not negative.
        let sign = simd.splat_u32s(1 << 31);
        let mut totals = [[0i64; LANES_MAX]; 3];
        let mut sums = [Sum::new(simd); 3];
        self.partly.clear();
        let mut waiting = zero;
        let rows = [&self.plus, &self.minus, &self.areas].map(|numbers| lanes::rows::<S>(&numbers[..used]));
        let [plus, minus, areas] = rows;
        for (bin, ((&plus, &minus), &area)) in plus.iter().zip(minus).zip(areas).enumerate() {
            let most = simd.add_i32s(waiting, plus);
            let full = simd.greater_than_i32s(simd.sub_i32s(waiting, minus), room_row);
            let at_times = simd.greater_than_i32s(most, room_row);
            if lanes::any::<S>(&lanes::bits(simd, at_times)) {
                sums[0].add(simd, simd.select_i32s(full, waiting, zero));
                let turned = simd.transmute_i32s_u32s(simd.xor_u32s(simd.transmute_u32s_i32s(area), sign));
                sums[1].add(simd, simd.select_i32s(full, turned, zero));
                sums[2].add(simd, simd.select_i32s(full, simd.splat_i32s(1), zero));
                let partly = lanes::bits(simd, simd.and_m32s(at_times, simd.not_m32s(full)));
                if lanes::any::<S>(&partly) {
                    let partly: &[u32] = bytemuck::cast_slice(std::slice::from_ref(&partly));
                    for lane in (0..width).filter(|&lane| partly[lane] != 0) {
                        self.partly.push((lane, bin, lanes::each::<S>(&waiting)[lane].into()));
                    }
                }
            }
            if bin % ROWS_A_SUM == ROWS_A_SUM - 1 {
                sums.iter_mut().zip(&mut totals).for_each(|(sum, totals)| sum.flush(simd, totals));
            }
            waiting = simd.sub_i32s(most, minus);
        }
        sums.iter_mut().zip(&mut totals).for_each(|(sum, totals)| sum.flush(simd, totals));
        self.beyond.clear();
        self.beyond.extend((0..width).map(|lane| {
            let [waiting, areas, bins] = totals.map(|totals| i128::from(totals[lane]));
            (waiting << self.shift) + areas - (bins << 31)
        }));
        let partly = std::mem::take(&mut self.partly);
        for &(lane, bin, waiting) in &partly {
            let mut beyond = 0;
            self.steps(lane, bin, waiting, |length, waiting| {
                if waiting > room.into() {
                    beyond += i128::from(length) * i128::from(waiting);
                }
            });
            self.beyond[lane] += beyond;
        }
        self.partly = partly;
    }

    /// Finds the person-ticks of each bin, beyond those of the people who wait when it begins.
    #[inline(always)]
    fn weigh<S: Simd>(&mut self, simd: S) {
        let width = S::I32_LANES;
        self.areas.clear();
        self.areas.resize(self.used * width, 0);
        let areas = &mut self.areas[..];
        let inside = simd.splat_u32s((1 << self.shift) - 1);
        let (shift, row_shift) = (simd.splat_u32s(self.shift), simd.splat_u32s(width.ilog2()));
        let (one, first) = (simd.splat_u32s(1), simd.splat_i32s(self.first));
        let number = simd.transmute_u32s_i32s(lanes::numbered(simd));
        for run in &self.runs[..self.running] {
            for (times, sign) in run.lists() {
                for &time in lanes::rows::<S>(times) {
                    // Half of a doubled time, whatever its sign.
                    let bits = simd.transmute_u32s_i32s(time);
                    let odd = simd.and_u32s(bits, one);
                    let real = simd.equal_u32s(odd, one);
                    let since = simd.transmute_u32s_i32s(simd.sub_i32s(time, simd.add_i32s(first, first)));
                    let since =
                        simd.select_u32s(real, simd.wrapping_dyn_shr_u32s(since, one), simd.splat_u32s(0));
                    let row = simd.wrapping_dyn_shl_u32s(simd.wrapping_dyn_shr_u32s(since, shift), row_shift);
                    let place = simd.transmute_i32s_u32s(simd.or_u32s(row, number));
                    let rest = simd.sub_u32s(inside, simd.and_u32s(since, inside));
                    let area = simd.select_u32s(real, simd.add_u32s(rest, one), simd.splat_u32s(0));
                    let area = simd.transmute_i32s_u32s(area);
                    for (&place, &area) in lanes::each::<S>(&place).iter().zip(lanes::each::<S>(&area)) {
                        areas[place as usize] += sign * area;
                    }
                }
            }
        }
        let (first, shift, width) = (self.first, self.shift, self.width);
        for (lane, others) in self.others.iter().enumerate() {
            for (times, sign) in others.iter().zip([1, -1]) {
                for &time in times {
                    let since = time.wrapping_sub(first) as u32;
                    let rest = (1u32 << shift) - (since & ((1 << shift) - 1));
                    areas[(since >> shift) as usize * width + lane] += sign * rest as i32;
                }
            }
        }
    }

    /// Calls `step(length, waiting)` for each stretch of a bin with a constant number of people waiting.
    fn steps(&mut self, lane: usize, bin: usize, mut waiting: i64, mut step: impl FnMut(Ticks, i64)) {
        let from = i64::from(self.first) + ((bin as i64) << self.shift);
        let until = from + (1 << self.shift);
        let mut steps = std::mem::take(&mut self.steps);
        steps.clear();
        for run in &self.runs[..self.running] {
            for (times, sign) in run.lists() {
                let rows = times.len() / self.width;
                let time = |row: usize| times[row * self.width + lane];
                let (mut low, mut high) = (0, rows);
                while low < high {
                    let middle = low.midpoint(high);
                    if i64::from(time(middle) >> 1) < from { low = middle + 1 } else { high = middle }
                }
                let inside = (low..rows).map(time).take_while(|&time| i64::from(time >> 1) < until);
                steps.extend(inside.filter(|time| time & 1 == 1).map(|time| (time >> 1, sign.into())));
            }
        }
        for (times, sign) in self.others[lane].iter().zip([1, -1]) {
            let start = times.partition_point(|&time| i64::from(time) < from);
            steps.extend(
                times[start..].iter().take_while(|&&time| i64::from(time) < until).map(|&time| (time, sign)),
            );
        }
        steps.sort_unstable();
        let mut now = from;
        for &(time, sign) in &steps {
            let time = i64::from(time);
            if time > now {
                step(time - now, waiting);
                now = time;
            }
            waiting += sign;
        }
        step(until - now, waiting);
        self.steps = steps;
    }
}

/// A doubled time.
#[inline(always)]
fn halved<S: Simd>(simd: S, doubled: S::i32s) -> S::i32s {
    let mut halved = doubled;
    let times: &mut [i32] = bytemuck::cast_slice_mut(std::slice::from_mut(&mut halved));
    times.iter_mut().for_each(|time| *time >>= 1);
    let _ = simd;
    halved
}
