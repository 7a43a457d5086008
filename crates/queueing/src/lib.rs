//! Queues without a domain: a site of lanes, stations and servers, the people who pass them, and what they waited.
//!
//! Map: [`Model`] what the site is · [`Visit`] who comes · [`fifo`] and [`event`], the two engines · [`Tally`] and
//! [`Summary`] what came out · [`Probe`] who may look on · [`replicate`] many replications on many threads ·
//! [`poisson`] arrivals by chance · [`theory`] the formulas that judge the engines ·
//! [`appointments`] slots before one server, exactly.
//!
//! The FIFO engine needs no agenda of events: under first come, first served a station is its sorted array of
//! server-free times (Kiefer and Wolfowitz, Transactions of the AMS 78, 1955), and the values taken out of it are its
//! departures in the order of time. The event engine keeps an agenda and does the rest: priority, join-the-shortest,
//! finite rooms, random order, random walks, feedback. Where both apply they agree bit for bit, because time is an
//! integer count of ticks and a person's draws are keyed by the person, never by the order of events.
//!
//! This crate does not know what is given at a station, who is called when, or what a minute means to a planner.

#[cfg(feature = "abreast")]
pub mod abreast;
pub mod appointments;
pub mod event;
pub mod fifo;
mod leaving;
mod measure;
mod model;
mod people;
pub mod poisson;
mod probe;
mod profile;
mod replicate;
mod summary;
mod tally;
pub mod theory;
mod ways;

pub use measure::{Distribution, Measure};
pub use model::{Changeover, Class, Engine, LaneChoice, Model, Route, Servers, Station, Walk};
pub use people::{People, ROUNDS_MAX, Visit};
pub use probe::{NoProbe, Probe};
pub use replicate::{Arrive, Came, Coming, Days, Left, Progress, replicate, simulate};
pub use summary::{Interval, Series, StationSummary, Summary};
pub use tally::{Detail, Tally};
