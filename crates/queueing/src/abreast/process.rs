//! People who come by a Poisson process, in all lanes of the registers at once.
//!
//! The numbers are those of [`Poisson::each`] (`tests/lanes_agree.rs` compares them): the stretched clock is a sum of whole numbers, which floating point of 64
//! bits holds exactly below 2⁵³, and the steps from there to a tick are the same.

#![allow(clippy::needless_range_loop, reason = "a lane of many arrays at once")]

use super::{GHOST, LANES_MAX, PEOPLE_MAX, TIME_MAX, admit::Line, lanes};
use crate::poisson::{HOUR, Poisson, Rates, UNIT};
use chance::{Cause, Ticks, stream::Abreast};
use pulp::Simd;

/// Rows that one block of chance gives.
const ROWS: usize = 4;
/// Floating-point numbers from here to twice as much are whole.
const INTEGER: f64 = 4_503_599_627_370_496.0;
/// Sums of whole numbers are exact up to this.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Brings everyone of these processes into the site's lanes in turn; false if somebody does not fit in.
#[inline(always)]
pub(super) fn admit<S: Simd>(
    simd: S,
    processes: &[&Poisson],
    streams: &Abreast<S>,
    lines: &mut [Line],
    by_class: bool,
) -> bool {
    let width = S::I32_LANES;
    for line in lines.iter_mut() {
        line.begin(width);
        line.arrived.clear();
        line.keys.clear();
    }
    let Some(mut clocks) = Clocks::new(processes) else { return false };
    let (mut gaps, mut arrived) = ([0; ROWS * LANES_MAX], [0; LANES_MAX]);
    let mut at = [0.0; LANES_MAX];
    let (mut number, mut in_turn) = (0, 0);
    while clocks.open > 0 {
        let block = streams.block(simd, Cause::Gap, simd.splat_u32s(number / ROWS as u32), 0);
        processes[0].gaps.draw_each(bytemuck::cast_slice(&block), &mut gaps[..ROWS * width]);
        for gaps in gaps[..ROWS * width].chunks_exact(width) {
            let line = &mut lines[in_turn];
            if !clocks.step(simd, number, gaps, &mut at, &mut arrived[..width]) {
                return false;
            }
            line.arrived.extend_from_slice(&arrived[..width]);
            line.keys.extend(std::iter::repeat_n(number, width));
            number += 1;
            in_turn = if in_turn + 1 < lines.len() { in_turn + 1 } else { 0 };
        }
        if number as usize > PEOPLE_MAX - ROWS {
            return false;
        }
    }
    let count = lines.len();
    for (place, line) in lines.iter_mut().enumerate() {
        for (filled, came) in line.filled.iter_mut().zip(clocks.came) {
            *filled = (came.unwrap_or(0) as usize + count - 1 - place) / count;
        }
        line.places = line.filled.iter().copied().max().unwrap_or(0);
        line.arrived.resize((line.places + 1) * width, GHOST);
        line.arrived[line.places * width..].fill(GHOST);
        line.keys.resize((line.places + 1) * width, 0);
    }
    if by_class {
        lines.iter_mut().for_each(|line| mark(simd, processes[0].marked, streams, line));
    }
    true
}

/// Some are of a class of their own, by each person's luck.
#[inline(always)]
fn mark<S: Simd>(simd: S, marked: Option<(f64, u8)>, streams: &Abreast<S>, line: &mut Line) {
    line.classes.clear();
    line.classes.resize(line.keys.len(), 0);
    let Some((share, class)) = marked else { return };
    let keys = S::as_simd_u32s(&line.keys).0.iter();
    for (classes, &keys) in line.classes.chunks_exact_mut(S::I32_LANES).zip(keys) {
        let [words, ..] = streams.block(simd, Cause::Mark, keys, 0);
        let words: &[u32] = bytemuck::cast_slice(std::slice::from_ref(&words));
        for (its_class, &word) in classes.iter_mut().zip(words) {
            *its_class = if chance::happens(word, share) { class.into() } else { 0 };
        }
    }
}

/// Where the processes stand, a lane each. A lane whose process is over stands at infinity, and no hour ends for it.
struct Clocks<'a> {
    processes: &'a [&'a Poisson],
    stretched: [f64; LANES_MAX],
    /// Ticks of a stretched tick, where the rate never changes.
    ticks: [f64; LANES_MAX],
    /// The hour that runs: its number, the people expected before it, in it, and until it ends.
    hour: [f64; LANES_MAX],
    before: [f64; LANES_MAX],
    rate: [f64; LANES_MAX],
    until: [f64; LANES_MAX],
    /// The number of the next.
    next: [usize; LANES_MAX],
    /// Nobody comes from this tick on.
    ends: [f64; LANES_MAX],
    /// How many came, where the process is over.
    came: [Option<u32>; LANES_MAX],
    open: usize,
    /// The least number that is more than some process has people.
    least: u32,
    /// Whether some clock went further than numbers are exact.
    inexact: bool,
    sooner: i32,
    hourly: bool,
}

impl<'a> Clocks<'a> {
    /// `None` if these do not go side by side.
    fn new(processes: &'a [&'a Poisson]) -> Option<Clocks<'a>> {
        let (hourly, sooner, marked) = (processes[0].is_hourly(), processes[0].sooner, processes[0].marked);
        let alike = |process: &&Poisson| {
            process.is_hourly() == hourly && process.sooner == sooner && process.marked == marked
        };
        if !processes.iter().all(alike) || sooner.abs() >= TIME_MAX {
            return None;
        }
        let mut clocks = Clocks {
            processes,
            stretched: [f64::INFINITY; LANES_MAX],
            ticks: [1.0; LANES_MAX],
            hour: [0.0; LANES_MAX],
            before: [0.0; LANES_MAX],
            rate: [1.0; LANES_MAX],
            until: [f64::NAN; LANES_MAX],
            next: [0; LANES_MAX],
            ends: [0.0; LANES_MAX],
            came: [None; LANES_MAX],
            open: processes.len(),
            least: 0,
            inexact: false,
            sooner: sooner as i32,
            hourly,
        };
        for (lane, process) in processes.iter().enumerate() {
            clocks.stretched[lane] = 0.0;
            clocks.ends[lane] = process.until.clamp(-1, TIME_MAX - 1 + sooner.min(0)) as f64 + 1.0;
            match &process.rates {
                Rates::Constant(_) => clocks.ticks[lane] = process.ticks(),
                Rates::Hourly(_) => clocks.until[lane] = 0.0,
            }
        }
        Some(clocks)
    }

    /// Person `number` comes in each lane that is open; false if somebody does not fit in.
    #[inline(always)]
    fn step<S: Simd>(
        &mut self,
        simd: S,
        number: u32,
        gaps: &[i32],
        at: &mut [f64; LANES_MAX],
        arrived: &mut [i32],
    ) -> bool {
        let width = S::I32_LANES;
        if number >= self.least {
            self.run_out(number);
        }
        for (stretched, &gap) in self.stretched[..width].iter_mut().zip(gaps) {
            *stretched += f64::from(gap);
        }
        if self.hourly {
            let mut turns = false;
            for lane in 0..width {
                at[lane] = self.stretched[lane] / UNIT;
                turns |= at[lane] >= self.until[lane];
            }
            if turns {
                self.turn(at);
            }
            for lane in 0..width {
                at[lane] = (self.hour[lane] + (at[lane] - self.before[lane]) / self.rate[lane]) * HOUR;
            }
        } else {
            for lane in 0..width {
                at[lane] = self.stretched[lane] * self.ticks[lane];
            }
        }
        for lane in 0..width {
            // Without its fraction and next to 2⁵², a number's last bits are those of an integer.
            let tick = ((at[lane].trunc() + INTEGER).to_bits() as i32).wrapping_sub(self.sooner);
            arrived[lane] = if at[lane] < self.ends[lane] { tick } else { GHOST };
        }
        let over = simd.equal_i32s(lanes::rows::<S>(arrived)[0], simd.splat_i32s(GHOST));
        let over = simd.transmute_i32s_u32s(lanes::bits(simd, over));
        let over: i32 = lanes::each::<S>(&over).iter().sum();
        -over == (width - self.open) as i32 || self.end(number, at)
    }

    /// Those processes are over that have no more people than this.
    #[cold]
    fn run_out(&mut self, number: u32) {
        self.least = u32::MAX;
        for lane in 0..self.processes.len() {
            let people = self.processes[lane].people;
            if people <= number {
                self.close(lane);
            } else {
                self.least = self.least.min(people);
            }
        }
    }

    /// Hours end, when so many people were expected.
    #[cold]
    fn turn(&mut self, expected: &[f64; LANES_MAX]) {
        for lane in 0..self.processes.len() {
            while expected[lane] >= self.until[lane] {
                let Rates::Hourly(hours) = &self.processes[lane].rates else { return };
                let Some(&(before, rate)) = hours.get(self.next[lane]) else {
                    self.close(lane);
                    break;
                };
                (self.hour[lane], self.before[lane], self.rate[lane]) =
                    (self.next[lane] as f64, before, rate);
                self.until[lane] = before + rate;
                self.next[lane] += 1;
            }
        }
    }

    fn close(&mut self, lane: usize) {
        let stretched = &mut self.stretched[lane];
        self.inexact |= *stretched > EXACT && stretched.is_finite();
        *stretched = f64::INFINITY;
        (self.hour[lane], self.before[lane], self.rate[lane]) = (f64::INFINITY, 0.0, 1.0);
        self.until[lane] = f64::NAN;
    }

    /// Processes were over before this person; false if somebody does not fit in.
    #[cold]
    fn end(&mut self, number: u32, at: &[f64; LANES_MAX]) -> bool {
        for lane in 0..self.processes.len() {
            if self.came[lane].is_some() || at[lane] < self.ends[lane] {
                continue;
            }
            if at[lane].is_finite() && at[lane] as Ticks <= self.processes[lane].until {
                return false;
            }
            self.close(lane);
            self.came[lane] = Some(number);
            self.open -= 1;
        }
        !self.inexact
    }
}
