//! Which cases there are.

use crate::{cases, lab::Finding};
use queueing::Engine::{Event, Fifo};

const UTILISATIONS: [f64; 5] = [0.5, 0.7, 0.8, 0.9, 0.95];

/// M/M/c on the FIFO engine.
pub fn mmc_fifo() -> Vec<Finding> {
    let servers = [1, 2, 4, 8].into_iter();
    servers
        .flat_map(|servers| UTILISATIONS.into_iter().flat_map(move |busy| cases::mmc(servers, busy, Fifo)))
        .collect()
}

/// Some of M/M/c on the event engine.
pub fn mmc_event() -> Vec<Finding> {
    [(1, 0.5), (2, 0.8), (4, 0.9), (8, 0.7)]
        .into_iter()
        .flat_map(|(servers, busy)| cases::mmc(servers, busy, Event))
        .collect()
}

/// One server, services that are not exponential.
pub fn mg1() -> Vec<Finding> {
    let fifo = [(0.0, 0.5), (0.0, 0.8), (0.0, 0.95), (0.5, 0.8), (1.5, 0.8), (0.5, 0.95)];
    let fifo = fifo.into_iter().flat_map(|(cv, busy)| cases::mg1(cv, busy, Fifo));
    let event = [(0.0, 0.8), (1.5, 0.8)].into_iter().flat_map(|(cv, busy)| cases::mg1(cv, busy, Event));
    fifo.chain(event).collect()
}

/// Stations in series.
pub fn series() -> Vec<Finding> {
    [Fifo, Event].into_iter().flat_map(cases::series).collect()
}

/// Classes with priority.
pub fn priority() -> Vec<Finding> {
    [1, 3].into_iter().flat_map(cases::priority).collect()
}

/// People who give up.
pub fn impatience() -> Vec<Finding> {
    let fifo = [(1, 0.8, 30.0), (4, 1.1, 60.0)].into_iter();
    let fifo = fifo.flat_map(|(servers, busy, patience)| cases::impatience(servers, busy, patience, Fifo));
    fifo.chain(cases::impatience(4, 1.1, 60.0, Event)).collect()
}

/// Arrivals that vary with time.
pub fn varying() -> Vec<Finding> {
    let engines = [Fifo, Event];
    let loads = engines.into_iter().flat_map(cases::offered_load);
    loads.chain(engines.into_iter().flat_map(cases::kolmogorov)).collect()
}
