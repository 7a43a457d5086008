//! One measured time: exact mean, and quantiles from a histogram with bins of one second.

use chance::{TICKS_PER_SECOND, Ticks};

/// A time measured on many people over many replications. Bin 0 holds exact zeros, bin k times in (k − 1, k] seconds.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    current: Bins<u32>,
    pooled: Bins<u64>,
    replications: Vec<Replication>,
}

/// What one replication says of the measure.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Replication {
    number: u32,
    mean: f64,
    p95: f64,
}

#[derive(Clone, Debug, Default)]
struct Bins<N> {
    counts: Vec<N>,
    /// People counted; while a replication runs only `counts` knows.
    people: u64,
    sum: i128,
    max: Ticks,
}

/// The distribution of a measured time, in ticks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    /// People measured, all replications.
    pub people: u64,
    /// Mean, exact.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 95 in 100 do not exceed it.
    pub p95: f64,
    /// The longest.
    pub max: f64,
    /// Means of the replications that measured anybody, in the order of replications.
    pub means: Vec<(u32, f64)>,
    /// 95 % quantiles of the same replications.
    pub p95s: Vec<(u32, f64)>,
    /// Cumulative shares by second: entry k is the share of people with a time of at most k seconds.
    pub cumulative: Vec<f64>,
}

impl Bins<u32> {
    #[inline]
    fn count(&mut self, bin: usize, size: u8) {
        match self.counts.get_mut(bin) {
            Some(count) => *count += u32::from(size),
            None => self.grow(bin, size),
        }
    }

    #[cold]
    fn grow(&mut self, bin: usize, size: u8) {
        self.counts.resize((bin + 1).next_power_of_two().max(64), 0);
        self.counts[bin] += u32::from(size);
    }
}

#[inline]
#[allow(
    clippy::manual_div_ceil,
    reason = "`div_ceil` looks at the remainder too, on the hottest way there is"
)]
fn bin(time: Ticks) -> usize {
    debug_assert!(time >= 0);
    ((time as u64 + (TICKS_PER_SECOND as u64 - 1)) / TICKS_PER_SECOND as u64) as usize
}

impl Measure {
    /// Adds `size` people with this time.
    #[inline]
    pub fn record(&mut self, time: Ticks, size: u8) {
        self.current.count(bin(time), size);
        self.current.sum += i128::from(time * Ticks::from(size));
        self.current.max = self.current.max.max(time);
    }

    /// Adds a person for each of these times: cheaper than one by one.
    #[inline]
    pub(crate) fn record_all(&mut self, times: impl Iterator<Item = Ticks>) {
        let (mut sum, mut max) = (0i128, 0);
        for time in times {
            self.current.count(bin(time), 1);
            sum += i128::from(time);
            max = time.max(max);
        }
        self.current.sum += sum;
        self.current.max = self.current.max.max(max);
    }

    /// Takes over a replication that was counted elsewhere; its bins go to [`Measure::pool`].
    #[cfg(feature = "abreast")]
    pub(crate) fn take(&mut self, number: u32, (people, sum, max): (u64, i64, Ticks), p95: f64) {
        if people > 0 {
            self.replications.push(Replication { number, mean: sum as f64 / people as f64, p95 });
            self.pooled.people += people;
            self.pooled.sum += i128::from(sum);
            self.pooled.max = self.pooled.max.max(max);
        }
    }

    /// Adds people of such replications, bin by bin.
    #[cfg(feature = "abreast")]
    pub(crate) fn pool(&mut self, bins: impl ExactSizeIterator<Item = u64>) {
        let pooled = &mut self.pooled.counts;
        pooled.resize(pooled.len().max(bins.len()), 0);
        for (pooled, bin) in pooled.iter_mut().zip(bins) {
            *pooled += bin;
        }
    }

    /// Ends a replication: keeps its mean and p95, and pools its people.
    pub(crate) fn end_replication(&mut self, number: u32) {
        let current = &mut self.current;
        let used = (bin(current.max) + 1).min(current.counts.len());
        current.people = current.counts[..used].iter().map(|&count| u64::from(count)).sum();
        if current.people == 0 {
            return;
        }
        let p95 = quantile(used, |bin| current.counts[bin].into(), current.people, current.max, 0.95);
        self.replications.push(Replication { number, mean: current.sum as f64 / current.people as f64, p95 });
        if self.pooled.counts.len() < used {
            self.pooled.counts.resize(used, 0);
        }
        for (pooled, count) in self.pooled.counts.iter_mut().zip(&mut current.counts[..used]) {
            *pooled += u64::from(*count);
            *count = 0;
        }
        self.pooled.people += current.people;
        self.pooled.sum += current.sum;
        self.pooled.max = self.pooled.max.max(current.max);
        current.sum = 0;
        current.max = 0;
    }

    /// Keeps the people of all replications, and nothing of a single one.
    pub(crate) fn forget_replications(&mut self) {
        self.replications = Vec::new();
    }

    /// Takes over the ended replications of another measure of the same thing.
    pub(crate) fn merge(&mut self, other: Measure) {
        if self.pooled.counts.len() < other.pooled.counts.len() {
            self.pooled.counts.resize(other.pooled.counts.len(), 0);
        }
        for (pooled, count) in self.pooled.counts.iter_mut().zip(&other.pooled.counts) {
            *pooled += count;
        }
        self.pooled.people += other.pooled.people;
        self.pooled.sum += other.pooled.sum;
        self.pooled.max = self.pooled.max.max(other.pooled.max);
        self.replications.extend(other.replications);
    }

    /// What was measured.
    pub fn distribution(&self) -> Distribution {
        let Bins { counts, people, sum, max } = &self.pooled;
        if *people == 0 {
            return Distribution::default();
        }
        let mut replications = self.replications.clone();
        replications.sort_unstable_by_key(|replication| replication.number);
        let mut below = 0;
        let cumulative = counts.iter().map(|count| {
            below += count;
            below as f64 / *people as f64
        });
        Distribution {
            people: *people,
            mean: *sum as f64 / *people as f64,
            p50: quantile(counts.len(), |bin| counts[bin], *people, *max, 0.5),
            p95: quantile(counts.len(), |bin| counts[bin], *people, *max, 0.95),
            max: *max as f64,
            means: replications.iter().map(|replication| (replication.number, replication.mean)).collect(),
            p95s: replications.iter().map(|replication| (replication.number, replication.p95)).collect(),
            cumulative: cumulative.collect(),
        }
    }
}

impl Distribution {
    /// The same without what is known only if everything is counted.
    #[must_use]
    pub(crate) fn only_mean(self) -> Distribution {
        let (p50, p95) = (f64::NAN, f64::NAN);
        Distribution { p50, p95, p95s: Vec::new(), cumulative: Vec::new(), ..self }
    }
}

/// The quantile of a histogram of so many bins, in ticks: exact for zeros, otherwise interpolated within a bin of one
/// second.
#[inline]
pub(crate) fn quantile(bins: usize, count: impl Fn(usize) -> u64, people: u64, max: Ticks, q: f64) -> f64 {
    let wanted = q * people as f64;
    // From above, because the quantiles asked for are high.
    let mut above = 0;
    for bin in (0..bins).rev() {
        let count = count(bin);
        let below = people - above - count;
        if (below as f64) < wanted || below == 0 {
            if bin == 0 {
                return 0.0;
            }
            let share = (wanted - below as f64) / (count.max(1)) as f64;
            let time = ((bin - 1) as f64 + share) * TICKS_PER_SECOND as f64;
            return time.min(max as f64);
        }
        above += count;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(seconds: &[f64]) -> Distribution {
        let mut measure = Measure::default();
        for second in seconds {
            measure.record((second * 10_000.0) as Ticks, 1);
        }
        measure.end_replication(0);
        measure.distribution()
    }

    #[test]
    fn a_quantile_is_within_a_second_of_the_sorted_sample() {
        let seconds: Vec<f64> = (0..1000).map(|n| f64::from(n * n % 7919) / 10.0).collect();
        let mut sorted = seconds.clone();
        sorted.sort_by(f64::total_cmp);
        let measured = measured(&seconds);
        assert!((measured.p50 / 10_000.0 - sorted[500]).abs() < 1.0);
        assert!((measured.p95 / 10_000.0 - sorted[950]).abs() < 1.0);
        assert_eq!(measured.max / 10_000.0, sorted[999]);
    }

    #[test]
    fn nobody_waiting_is_a_median_of_exactly_zero() {
        let measured = measured(&[0.0, 0.0, 0.0, 9.0]);
        assert_eq!(measured.p50, 0.0);
        assert_eq!(measured.mean, 22_500.0);
        assert!(measured.p95 > 80_000.0);
    }

    #[test]
    fn replications_pool_in_any_order() {
        let parts = [[1.0, 5.0], [7.0, 2.0], [0.0, 3.0]];
        let part = |number: usize| {
            let mut measure = Measure::default();
            parts[number].iter().for_each(|second| measure.record((second * 10_000.0) as Ticks, 1));
            measure.end_replication(number as u32);
            measure
        };
        let pooled = |order: [usize; 3]| {
            let mut pooled = Measure::default();
            order.into_iter().for_each(|number| pooled.merge(part(number)));
            pooled.distribution()
        };
        assert_eq!(pooled([0, 1, 2]), pooled([2, 0, 1]));
        assert_eq!(pooled([0, 1, 2]).mean, 30_000.0);
    }
}
