//! Who leaves which lane of the site, and when.

use crate::probe::Probe;
use chance::Ticks;

/// Notes when people leave, lane by lane.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    /// Each person's lane.
    lane: Vec<u16>,
    times: Vec<Vec<Ticks>>,
}

impl Leaving {
    pub(crate) fn begin(&mut self, lanes: u16) {
        self.lane.clear();
        self.times.resize_with(lanes as usize, Vec::new);
        self.times.iter_mut().for_each(Vec::clear);
    }

    /// Tells the times of each lane, in their order.
    pub(crate) fn tell(&mut self, mut told: impl FnMut(usize, &[Ticks])) {
        for (lane, times) in self.times.iter_mut().enumerate() {
            times.sort_unstable();
            told(lane, times);
        }
    }
}

impl Probe for Leaving {
    #[inline]
    fn arrived(&mut self, _at: Ticks, entry: usize, lane: usize) {
        if self.lane.len() <= entry {
            self.lane.resize(entry + 1, 0);
        }
        self.lane[entry] = lane as u16;
    }

    #[inline]
    fn departed(&mut self, at: Ticks, entry: usize, size: u8) {
        self.times[self.lane[entry] as usize].extend(std::iter::repeat_n(at, size as usize));
    }
}
