//! Who is called when, and to which lane.
//!
//! Map: [`broadcast`] everyone at once, lanes shared out · [`waves`] wave after wave at a share of what the bottleneck
//! can serve, and [`waves_around`] those that a person pinned · [`choose_load`] the greatest share that keeps the wait
//! below its target · [`search`] call times, lanes and staff changed as long as it helps · [`tail`] the last call and the visits at home · [`needs`] how many people each post takes ·
//! [`by_hour`] how many each station needs, hour by hour, for a target ·
//! [`staffing`] how a number of staff is best divided over lanes and stations · [`crews`] how few crews are divided over several
//! communities · [`check`] what a plan breaks, and the
//! least change that would mend it.
//!
//! It does not simulate: where it needs to know how a plan would go, it asks a score that the caller brings. It does not
//! know files, pages or words.

pub mod by_hour;
mod capacity;
mod check;
mod choose;
pub mod crews;
mod lanes;
mod pace;
mod pins;
pub mod search;
pub mod staffing;
mod tail;
mod waves;

pub use capacity::{Capacity, bottleneck};
pub use check::{Forecast, check};
pub use choose::{Choice, LOADS, Score, Stage, Try, choose_load, choose_load_around};
pub use lanes::lane_of_entrances;
pub use tail::{Need, Tail, needs, tail};
pub use waves::{broadcast, waves, waves_around};
