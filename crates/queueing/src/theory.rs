//! The formulas that judge the engines. Rates are per unit of time, times in the same unit; what is returned is a
//! waiting time in the queue unless said otherwise.

/// Probability of waiting in M/M/c with offered load `a` = arrival rate × mean service (Erlang's C formula, 1917).
pub fn erlang_c(servers: u32, a: f64) -> f64 {
    let c = f64::from(servers);
    // Erlang's B by its recursion, then C from B.
    let b = (1..=servers).fold(1.0, |b, k| a * b / (f64::from(k) + a * b));
    b / (1.0 - a / c * (1.0 - b))
}

/// Mean wait in M/M/c.
pub fn mmc_wait(servers: u32, arrival_rate: f64, mean_service: f64) -> f64 {
    let a = arrival_rate * mean_service;
    erlang_c(servers, a) * mean_service / (f64::from(servers) - a)
}

/// Mean wait in M/G/1 (Pollaczek and Khinchine): depends on the service's mean and coefficient of variation.
pub fn mg1_wait(arrival_rate: f64, mean_service: f64, cv: f64) -> f64 {
    let load = arrival_rate * mean_service;
    load * mean_service * (1.0 + cv * cv) / (2.0 * (1.0 - load))
}

/// Mean waits by class in M/M/c with non-preemptive priority and a common mean service, highest class first
/// (Cobham, Operations Research 2, 1954).
pub fn cobham_waits(servers: u32, arrival_rates: &[f64], mean_service: f64) -> Vec<f64> {
    let c = f64::from(servers);
    let total: f64 = arrival_rates.iter().sum();
    let residual = erlang_c(servers, total * mean_service) * mean_service / c;
    let mut before = 0.0;
    arrival_rates
        .iter()
        .map(|rate| {
            let upto = before + rate * mean_service / c;
            let wait = residual / ((1.0 - before) * (1.0 - upto));
            before = upto;
            wait
        })
        .collect()
}

/// M/M/c+M: customers whose patience is exponential give up (Palm 1957; birth-and-death solution).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Abandonment {
    /// Share of the customers who give up.
    pub gives_up: f64,
    /// Mean wait of everyone, those who give up included.
    pub wait_of_all: f64,
    /// Mean number waiting.
    pub queue: f64,
}

/// M/M/c+M in steady state. Exact up to the truncation of the queue where its probability is below 1e-15.
pub fn mmc_with_patience(
    servers: u32,
    arrival_rate: f64,
    mean_service: f64,
    mean_patience: f64,
) -> Abandonment {
    let (mut weight, mut total, mut queue) = (1.0f64, 1.0f64, 0.0f64);
    let mut n = 0u32;
    loop {
        n += 1;
        let waiting = f64::from(n.saturating_sub(servers));
        weight *= arrival_rate / (f64::from(n.min(servers)) / mean_service + waiting / mean_patience);
        total += weight;
        queue += waiting * weight;
        if n > servers && weight < total * 1e-15 {
            break;
        }
    }
    let queue = queue / total;
    Abandonment { gives_up: queue / mean_patience / arrival_rate, wait_of_all: queue / arrival_rate, queue }
}

/// Expected number in system of M(t)/M/c at time `until`, from an empty start, by Kolmogorov's forward equations
/// (fourth-order Runge-Kutta with `steps` steps on states 0 to `states` − 1). Also the area under the mean queue.
pub fn mtmc(
    servers: u32,
    rate: &dyn Fn(f64) -> f64,
    mean_service: f64,
    until: f64,
    states: usize,
    steps: u32,
) -> (f64, f64) {
    let mut p = vec![0.0; states];
    p[0] = 1.0;
    let h = until / f64::from(steps);
    let slope = |t: f64, p: &[f64]| -> Vec<f64> {
        let up = rate(t);
        let down = |n: usize| (n as f64).min(f64::from(servers)) / mean_service;
        (0..states)
            .map(|n| {
                let leaving = if n + 1 < states { up } else { 0.0 } + down(n);
                let from_below = if n > 0 { up * p[n - 1] } else { 0.0 };
                let from_above = if n + 1 < states { down(n + 1) * p[n + 1] } else { 0.0 };
                from_below + from_above - leaving * p[n]
            })
            .collect()
    };
    let along =
        |p: &[f64], k: &[f64], by: f64| -> Vec<f64> { p.iter().zip(k).map(|(p, k)| p + by * k).collect() };
    let queue = |p: &[f64]| {
        p.iter().enumerate().map(|(n, p)| (n as f64 - f64::from(servers)).max(0.0) * p).sum::<f64>()
    };
    let mut area = 0.0;
    for step in 0..steps {
        let t = f64::from(step) * h;
        let k1 = slope(t, &p);
        let k2 = slope(t + h / 2.0, &along(&p, &k1, h / 2.0));
        let k3 = slope(t + h / 2.0, &along(&p, &k2, h / 2.0));
        let k4 = slope(t + h, &along(&p, &k3, h));
        let before = queue(&p);
        for n in 0..states {
            p[n] += h / 6.0 * (k1[n] + 2.0 * k2[n] + 2.0 * k3[n] + k4[n]);
        }
        area += h * (before + queue(&p)) / 2.0;
    }
    (p.iter().enumerate().map(|(n, p)| n as f64 * p).sum(), area)
}

/// Expected number in M(t)/G/∞ at time `t`, from an empty start: the arrivals of rate λ(u) whose service lasts longer
/// than t − u, ∫ λ(u) P(S > t − u) du from 0 to t (Palm; Eick, Massey and Whitt, Operations Research 41, 1993). By the
/// midpoint rule with `steps` steps; best where the jumps of the rate lie on the ends of steps.
pub fn mtg_infinity(rate: &dyn Fn(f64) -> f64, longer_than: &dyn Fn(f64) -> f64, t: f64, steps: u32) -> f64 {
    let h = t / f64::from(steps);
    let middles = (0..steps).map(|step| (f64::from(step) + 0.5) * h);
    middles.map(|u| rate(u) * longer_than(t - u)).sum::<f64>() * h
}
