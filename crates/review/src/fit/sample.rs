//! Measured times, in order.

use chance::{TICKS_PER_SECOND, Ticks};

/// Times in seconds, sorted, with their logarithms once these are needed.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub seconds: Vec<f64>,
    pub logs: Vec<f64>,
    pub mean: f64,
    pub variance: f64,
    pub mean_log: f64,
    pub variance_log: f64,
    /// Half of the step to which the times were rounded, in seconds; 0 where they were not.
    pub half_step: f64,
}

/// Searches over many starting points use no more than so many times, spread evenly over the sorted sample.
const THINNED: usize = 1_000;

impl Sample {
    /// `seconds` sorted.
    pub fn new(seconds: Vec<f64>, half_step: f64) -> Sample {
        let positive = seconds.first().is_some_and(|&least| least > 0.0);
        let logs: Vec<f64> =
            if positive { seconds.iter().map(|&x| libm::log(x)).collect() } else { Vec::new() };
        let (mean, variance) = moments(&seconds);
        let (mean_log, variance_log) = moments(&logs);
        Sample { seconds, logs, mean, variance, mean_log, variance_log, half_step }
    }

    pub fn len(&self) -> usize {
        self.seconds.len()
    }

    pub fn n(&self) -> f64 {
        self.seconds.len() as f64
    }

    pub fn positive(&self) -> bool {
        !self.logs.is_empty()
    }

    pub fn least(&self) -> f64 {
        self.seconds.first().copied().unwrap_or(0.0)
    }

    /// The value below which this share lies.
    pub fn quantile(&self, share: f64) -> f64 {
        let place = (share * self.n()) as usize;
        self.seconds.get(place.min(self.len().saturating_sub(1))).copied().unwrap_or(0.0)
    }

    /// The same without the first `floor` seconds of each.
    pub fn above(&self, floor: f64) -> Sample {
        Sample::new(self.seconds.iter().map(|x| x - floor).collect(), self.half_step)
    }

    /// No more than a thousand of the times, evenly over the sorted sample.
    pub fn thinned(&self) -> Sample {
        if self.len() <= THINNED {
            return self.clone();
        }
        let place = |number: usize| (2 * number + 1) * self.len() / (2 * THINNED);
        Sample::new((0..THINNED).map(|number| self.seconds[place(number)]).collect(), self.half_step)
    }
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n)
}

/// The step to which times were rounded, in ticks: the coarsest of the usual ones that nearly all are multiples of.
pub(crate) fn step(ticks: &[Ticks]) -> Ticks {
    const STEPS: [Ticks; 9] = [
        60 * TICKS_PER_SECOND,
        30 * TICKS_PER_SECOND,
        15 * TICKS_PER_SECOND,
        10 * TICKS_PER_SECOND,
        5 * TICKS_PER_SECOND,
        TICKS_PER_SECOND,
        TICKS_PER_SECOND / 10,
        TICKS_PER_SECOND / 100,
        TICKS_PER_SECOND / 1000,
    ];
    let most = |step: &&Ticks| {
        let multiples = ticks.iter().filter(|&&time| time % **step == 0).count();
        multiples as f64 >= 0.98 * ticks.len() as f64
    };
    STEPS.iter().find(most).copied().unwrap_or(1)
}
