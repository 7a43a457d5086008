//! What is counted while replications run side by side: a histogram of each measured time in each lane, bins of one
//! second as in [`crate::Measure`], and sums.

use super::lanes::{self, Sum};
use crate::{measure::quantile, model::Model};
use chance::{TICKS_PER_SECOND, Ticks};
use pulp::Simd;

/// All that is counted of a batch.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Waiting before all stations, of those served, each class apart.
    pub wait: Times,
    /// From arriving to leaving, of those served, each class apart.
    pub stay: Times,
    /// Waiting before each station, of those it served.
    pub station_waits: Vec<Times>,
    /// Busy time of each station, a lane each.
    pub busy: Vec<Vec<i64>>,
    /// Time served after the end of a shift at each station, a lane each.
    pub overtime: Vec<Vec<i64>>,
    /// Who was served, gave up, was turned away: a lane each.
    pub served: Vec<i64>,
    pub left: Vec<i64>,
    pub unserved: Vec<i64>,
    /// All time waited, by whomever.
    pub waited: Vec<i64>,
}

/// One measured time in every lane, classes of people apart.
#[derive(Debug, Default)]
pub(crate) struct Times {
    /// Rows of bins: of each bin a row for each class.
    bins: Vec<u32>,
    width: usize,
    /// There are rows for `1 << split` classes.
    split: u32,
    /// People, sum and longest: of each class a row of lanes.
    people: Vec<u32>,
    sum: Vec<i64>,
    max: Vec<i32>,
}

/// In a row of times: nobody counts in this lane,
pub(super) const NOBODY: i32 = -1;
/// or somebody who gave up,
pub(super) const GAVE_UP: i32 = -2;
/// or was turned away.
pub(super) const TURNED_AWAY: i32 = -3;

impl Counts {
    pub(super) fn begin<S: Simd>(&mut self, model: &Model) {
        let (width, stations) = (S::I32_LANES, model.stations.len());
        self.station_waits.resize_with(stations.max(self.station_waits.len()), Times::default);
        self.busy.resize_with(stations.max(self.busy.len()), Vec::new);
        self.overtime.resize_with(self.busy.len(), Vec::new);
        let sums = [&mut self.served, &mut self.left, &mut self.unserved, &mut self.waited];
        for sums in sums.into_iter().chain(&mut self.busy).chain(&mut self.overtime) {
            sums.clear();
            sums.resize(width, 0);
        }
        for times in [&mut self.wait, &mut self.stay] {
            times.begin(width, model.classes.len());
        }
        for times in &mut self.station_waits {
            times.begin(width, 1);
        }
    }

    /// Forgets the batch.
    pub(super) fn clear(&mut self) {
        for times in [&mut self.wait, &mut self.stay].into_iter().chain(&mut self.station_waits) {
            times.clear();
        }
    }
}

impl Times {
    fn begin(&mut self, width: usize, classes: usize) {
        let split = classes.next_power_of_two().ilog2();
        if (self.width, self.split) != (width, split) {
            (self.bins, self.width, self.split) = (vec![0; (64 * width) << split], width, split);
        }
        self.sum.clear();
        self.sum.resize(width * classes, 0);
        self.max.clear();
        self.max.resize(width * classes, 0);
        self.people.clear();
        self.people.resize(width * classes, 0);
    }

    fn clear(&mut self) {
        let used = self.max.iter().map(|&max| bin(max)).max().map_or(0, |bin| bin + 1);
        let used = ((used * self.width) << self.split).min(self.bins.len());
        self.bins[..used].fill(0);
    }

    /// The classes of which it is asked.
    fn classes(&self, wanted: impl Fn(usize) -> bool) -> Classes {
        Classes(
            (0..self.max.len() / self.width)
                .filter(|&class| wanted(class))
                .fold(0, |all, class| all | 1 << class),
        )
    }

    /// People, sum and longest in a lane, of those classes of which it is asked.
    pub(crate) fn in_lane(&self, lane: usize, wanted: impl Fn(usize) -> bool) -> (u64, i64, Ticks) {
        let places = || self.classes(&wanted).each().map(|class| class * self.width + lane);
        let max = places().map(|place| self.max[place]).max().unwrap_or(0);
        let people = places().map(|place| u64::from(self.people[place])).sum();
        (people, places().map(|place| self.sum[place]).sum(), max.into())
    }

    /// What 95 in 100 of them do not exceed.
    pub(crate) fn p95_in_lane(&self, lane: usize, wanted: impl Fn(usize) -> bool) -> f64 {
        let (people, _, max) = self.in_lane(lane, &wanted);
        let classes = self.classes(wanted);
        let bins = bin(max as i32) + 1;
        if self.split == 0 {
            return quantile(bins, |bin| self.bins[bin * self.width + lane].into(), people, max, 0.95);
        }
        let count = |bin: usize| {
            let first = ((bin * self.width) << self.split) + lane;
            classes.each().map(|class| u64::from(self.bins[first + class * self.width])).sum()
        };
        quantile(bins, count, people, max, 0.95)
    }

    /// The counts of those classes in all lanes together, bin by bin.
    pub(crate) fn all_lanes(&self, wanted: impl Fn(usize) -> bool) -> impl ExactSizeIterator<Item = u64> {
        let classes = self.classes(wanted);
        let longest = classes.each().flat_map(|class| &self.max[class * self.width..][..self.width]);
        let bins = bin(longest.copied().max().unwrap_or(0)) + 1;
        let rows = self.bins.chunks_exact(self.width << self.split).take(bins);
        rows.map(move |rows| {
            let of = |row: &[u32]| row.iter().sum::<u32>();
            match self.split {
                0 => of(rows).into(),
                _ => {
                    classes.each().map(|class| u64::from(of(&rows[class * self.width..][..self.width]))).sum()
                }
            }
        })
    }

    /// Adds a person for each lane of these rows in which there is somebody, and their times to other sums, if there are
    /// any.
    #[inline(always)]
    pub(super) fn record<S: Simd>(&mut self, simd: S, rows: &[S::i32s], sums: &mut [i64]) {
        let zero = simd.splat_i32s(0);
        let found = self.sum_up(simd, rows.iter().copied(), 0, sums);
        self.count::<S, false>(simd, rows.iter().map(|&row| (row, zero)), found);
    }

    /// The same but for how many people took how long.
    #[inline(always)]
    pub(super) fn sum<S: Simd>(&mut self, simd: S, rows: &[S::i32s], sums: &mut [i64]) {
        self.sum_up(simd, rows.iter().copied(), 0, sums);
    }

    /// As [`Times::record`], for people of several classes.
    #[inline(always)]
    pub(super) fn record_by_class<S: Simd>(&mut self, simd: S, rows: &[S::i32s], classes: &[S::i32s]) {
        let both = || rows.iter().copied().zip(classes.iter().copied());
        let nobody = simd.splat_i32s(NOBODY);
        let mut found = (0, false);
        for class in 0..self.max.len() / self.width {
            let this = simd.splat_i32s(class as i32);
            let of_class = both().map(|(row, of)| simd.select_i32s(simd.equal_i32s(of, this), row, nobody));
            let (last, missing) = self.sum_up(simd, of_class, class, &mut []);
            found = (found.0.max(last), found.1 | missing);
        }
        self.count::<S, true>(simd, both(), found);
    }

    /// Adds up these rows, all of one class; returns the last bin, and whether there are lanes without anybody.
    #[inline(always)]
    fn sum_up<S: Simd>(
        &mut self,
        simd: S,
        rows: impl ExactSizeIterator<Item = S::i32s>,
        class: usize,
        sums: &mut [i64],
    ) -> (usize, bool) {
        let zero = simd.splat_i32s(0);
        let (mut longest, mut people) = (zero, zero);
        let mut sum = Sum::new(simd);
        let count = rows.len() as i32;
        for row in rows {
            longest = simd.max_i32s(longest, row);
            let somebody = lanes::bits(simd, simd.greater_than_i32s(row, simd.splat_i32s(NOBODY)));
            people = simd.sub_i32s(people, simd.transmute_i32s_u32s(somebody));
            sum.add(simd, simd.max_i32s(row, zero));
        }
        let first = class * self.width;
        sum.add_to(&mut self.sum[first..]);
        sum.add_to(sums);
        for (total, &people) in self.people[first..].iter_mut().zip(lanes::each::<S>(&people)) {
            *total += people as u32;
        }
        for (max, &longest) in self.max[first..].iter_mut().zip(lanes::each::<S>(&longest)) {
            *max = longest.max(*max);
        }
        let last = lanes::each::<S>(&longest).iter().copied().max().unwrap_or(0);
        (bin(last), lanes::each::<S>(&people).iter().any(|&people| people < count))
    }

    /// Counts rows of people, each with their classes, up to a last bin; `missing` says that some are nobody.
    #[inline(always)]
    fn count<S: Simd, const BY_CLASS: bool>(
        &mut self,
        simd: S,
        rows: impl Iterator<Item = (S::i32s, S::i32s)>,
        (last, missing): (usize, bool),
    ) {
        self.reach(last);
        let number = simd.transmute_u32s_i32s(lanes::numbered(simd));
        let (split, row_shift) = (simd.splat_u32s(self.split), simd.splat_u32s(S::I32_LANES.ilog2()));
        let bins = &mut self.bins[..];
        for (row, class) in rows {
            let mut bin = bins_of(simd, row);
            if BY_CLASS {
                bin = simd.wrapping_dyn_shl_u32s(bin, split);
                bin = simd.or_u32s(bin, simd.transmute_u32s_i32s(class));
            }
            let place = simd.or_u32s(simd.wrapping_dyn_shl_u32s(bin, row_shift), number);
            let places = simd.transmute_i32s_u32s(place);
            if missing {
                for (&place, &time) in lanes::each::<S>(&places).iter().zip(lanes::each::<S>(&row)) {
                    if time >= 0 {
                        bins[place as usize] += 1;
                    }
                }
            } else {
                for &place in lanes::each::<S>(&places) {
                    bins[place as usize] += 1;
                }
            }
        }
    }

    #[inline]
    fn reach(&mut self, bin: usize) {
        if ((bin + 1) * self.width) << self.split > self.bins.len() {
            self.grow(bin);
        }
    }

    #[cold]
    fn grow(&mut self, bin: usize) {
        self.bins.resize(((bin + 1).next_power_of_two() * self.width) << self.split, 0);
    }
}

/// A bit for each of some classes.
#[derive(Clone, Copy)]
struct Classes(u32);

impl Classes {
    fn each(self) -> impl Iterator<Item = usize> + Clone {
        (0..u32::BITS as usize)
            .take_while(move |class| self.0 >> class > 0)
            .filter(move |class| self.0 >> class & 1 == 1)
    }
}

/// The bins of times.
#[inline(always)]
fn bins_of<S: Simd>(simd: S, times: S::i32s) -> S::u32s {
    // Division by 10,000 of what has 32 bits: multiplied by 2⁴⁵ / 10,000, rounded up, and shifted back.
    const INVERSE: u32 = 0xd1b7_1759;
    let up = simd.add_u32s(simd.transmute_u32s_i32s(times), simd.splat_u32s(TICKS_PER_SECOND as u32 - 1));
    let (_, high) = simd.widening_mul_u32s(up, simd.splat_u32s(INVERSE));
    simd.wrapping_dyn_shr_u32s(high, simd.splat_u32s(13))
}

/// The bin of a time: 0 holds exact zeros, k times in (k − 1, k] seconds.
fn bin(time: i32) -> usize {
    ((Ticks::from(time) + TICKS_PER_SECOND - 1) / TICKS_PER_SECOND) as usize
}
