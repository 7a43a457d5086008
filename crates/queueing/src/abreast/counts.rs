//! What is counted while replications run side by side: a histogram of each measured time in each lane, bins of one
//! second as in [`crate::Measure`], and sums.

use super::lanes::{self, Sum};
use crate::model::Model;
use chance::{TICKS_PER_SECOND, Ticks};
use pulp::Simd;

/// All that is counted of a batch.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Waiting before all stations, of those served.
    pub wait: Times,
    /// From arriving to leaving, of those served.
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

/// One measured time in every lane.
#[derive(Debug, Default)]
pub(crate) struct Times {
    /// Rows of bins.
    bins: Vec<u32>,
    width: usize,
    /// Sum, a lane each.
    pub sum: Vec<i64>,
    /// The longest, a lane each.
    pub max: Vec<i32>,
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
        for times in [&mut self.wait, &mut self.stay].into_iter().chain(&mut self.station_waits) {
            times.begin(width);
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
    fn begin(&mut self, width: usize) {
        if self.width != width {
            (self.bins, self.width) = (vec![0; 64 * width], width);
        }
        self.sum.clear();
        self.sum.resize(width, 0);
        self.max.clear();
        self.max.resize(width, 0);
    }

    fn clear(&mut self) {
        let used = self.max.iter().map(|&max| bin(max)).max().map_or(0, |bin| bin + 1);
        self.bins[..used * self.width].fill(0);
    }

    /// The counts of a lane, bin by bin, as far as there are any.
    pub(crate) fn in_lane(&self, lane: usize) -> impl ExactSizeIterator<Item = &u32> {
        let used = bin(self.max[lane]) + 1;
        self.bins[..used * self.width].iter().skip(lane).step_by(self.width)
    }

    /// Adds a person for each lane of these rows in which there is somebody, and their times to other sums, if there are any.
    #[inline(always)]
    pub(super) fn record<S: Simd>(&mut self, simd: S, rows: &[S::i32s], sums: &mut [i64]) {
        let nobody = simd.splat_i32s(0);
        let (mut longest, mut shortest) = (nobody, nobody);
        let mut sum = Sum::new(simd);
        for &row in rows {
            longest = simd.max_i32s(longest, row);
            shortest = simd.min_i32s(shortest, row);
            sum.add(simd, simd.max_i32s(row, nobody));
        }
        sum.add_to(&mut self.sum);
        sum.add_to(sums);
        for (max, &longest) in self.max.iter_mut().zip(lanes::each::<S>(&longest)) {
            *max = longest.max(*max);
        }
        let last = lanes::each::<S>(&longest).iter().copied().max().unwrap_or(0);
        self.reach(bin(last));
        let somebody_missing = lanes::each::<S>(&shortest).iter().any(|&shortest| shortest < 0);
        let number = lanes::numbered(simd);
        let bins = &mut self.bins[..];
        for row in rows {
            let places = place(simd, *row, number);
            if somebody_missing {
                for (&place, &time) in lanes::each::<S>(&places).iter().zip(lanes::each::<S>(row)) {
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
        if (bin + 1) * self.width > self.bins.len() {
            self.grow(bin);
        }
    }

    #[cold]
    fn grow(&mut self, bin: usize) {
        self.bins.resize((bin + 1).next_power_of_two() * self.width, 0);
    }
}

/// Where times are counted: row times lanes, plus lane.
#[inline(always)]
fn place<S: Simd>(simd: S, times: S::i32s, number: S::i32s) -> S::i32s {
    // Division by 10,000 of what has 32 bits: multiplied by 2⁴⁵ / 10,000, rounded up, and shifted back.
    const INVERSE: u32 = 0xd1b7_1759;
    let up = simd.add_u32s(simd.transmute_u32s_i32s(times), simd.splat_u32s(TICKS_PER_SECOND as u32 - 1));
    let (_, high) = simd.widening_mul_u32s(up, simd.splat_u32s(INVERSE));
    let bin = simd.wrapping_dyn_shr_u32s(high, simd.splat_u32s(13));
    let row = simd.wrapping_dyn_shl_u32s(bin, simd.splat_u32s(S::I32_LANES.ilog2()));
    simd.transmute_i32s_u32s(simd.or_u32s(row, simd.transmute_u32s_i32s(number)))
}

/// The bin of a time: 0 holds exact zeros, k times in (k − 1, k] seconds.
fn bin(time: i32) -> usize {
    ((Ticks::from(time) + TICKS_PER_SECOND - 1) / TICKS_PER_SECOND) as usize
}
