//! When people left, lane by lane.

use super::lanes;
use chance::Ticks;
use pulp::Simd;

/// The times at which those served left: rows of times, doubled, and odd where somebody left.
#[derive(Debug, Default)]
pub(super) struct Departed {
    times: Vec<i32>,
    width: usize,
    /// The row at which each lane of the site begins.
    lines: Vec<usize>,
    /// Whether the times of a line may be out of order.
    mixed: bool,
    told: Vec<Ticks>,
}

/// When 97 % of those served had left, and when the last did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    pub by_97: Option<Ticks>,
    pub last: Ticks,
}

impl Departed {
    pub(super) fn begin(&mut self, width: usize) {
        self.times.clear();
        self.lines.clear();
        (self.width, self.mixed) = (width, false);
    }

    /// Another lane of the site begins.
    pub(super) fn line(&mut self) {
        self.lines.push(self.times.len() / self.width);
    }

    /// From now on times come in no order.
    pub(super) fn mixed(&mut self) {
        self.mixed = true;
    }

    /// Rows of people leave, those who are somebody.
    #[inline(always)]
    pub(super) fn leave<S: Simd>(
        &mut self,
        simd: S,
        rows: impl ExactSizeIterator<Item = (S::i32s, S::m32s)>,
    ) {
        let before = self.times.len();
        self.times.resize(before + rows.len() * S::I32_LANES, 0);
        let one = simd.splat_u32s(1);
        for (out, (time, somebody)) in lanes::rows_mut::<S>(&mut self.times[before..]).iter_mut().zip(rows) {
            let doubled = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_i32s(time), one);
            let odd = simd.and_u32s(lanes::bits(simd, somebody), one);
            *out = simd.transmute_i32s_u32s(simd.or_u32s(doubled, odd));
        }
    }

    /// Tells when those served in a lane of the registers left each lane of the site, in order.
    pub(super) fn tell(&mut self, lane: usize, mut told: impl FnMut(usize, &[Ticks])) {
        let rows = self.times.len() / self.width.max(1);
        for (line, &begin) in self.lines.iter().enumerate() {
            let end = self.lines.get(line + 1).copied().unwrap_or(rows);
            let times =
                (begin..end).map(|row| self.times[row * self.width + lane]).filter(|time| time & 1 == 1);
            self.told.clear();
            self.told.extend(times.map(|time| Ticks::from(time >> 1)));
            if self.mixed {
                self.told.sort_unstable();
            }
            told(line, &self.told);
        }
    }

    /// What the departures of a lane say, of `people` in all.
    pub(super) fn end(&self, lane: usize, people: usize) -> Done {
        if people == 0 {
            return Done { by_97: None, last: 0 };
        }
        let place = (people * 97).div_ceil(100) - 1;
        let real = |row: usize| {
            let time = self.times[row * self.width + lane];
            (time & 1 == 1).then_some(time >> 1)
        };
        let rows = self.times.len() / self.width;
        if self.mixed {
            let mut times: Vec<i32> = (0..rows).filter_map(real).collect();
            let last = times.iter().copied().max().unwrap_or(0);
            let by_97 = *times.select_nth_unstable(place).1;
            return Done { by_97: Some(by_97.into()), last: last.into() };
        }
        // The last three in a hundred are taken from the ends of the lines, which are in order.
        let begins = self.lines.iter().copied();
        let ends = self.lines[1..].iter().copied().chain([rows]);
        let mut lines: Vec<_> = begins
            .zip(ends)
            .map(|(begin, end)| {
                let mut times = (begin..end).rev().filter_map(real);
                (times.next(), times)
            })
            .collect();
        let mut by_97 = 0;
        let mut last = None;
        for _ in place..people {
            let (latest, earlier) = lines.iter_mut().max_by_key(|line| line.0).expect("a site has a lane");
            by_97 = latest.expect("whoever was served left");
            *latest = earlier.next();
            last.get_or_insert(by_97);
        }
        Done { by_97: Some(by_97.into()), last: last.unwrap_or(by_97).into() }
    }
}
