//! What authorities require, whether a community keeps it, and what its residents are told.
//!
//! # Map
//! [`check`](check()) the community against its chain of directives, and the chain against itself · [`hold`], [`clash`] one demand
//! against another · `practice` what a community does, in the terms of demands.
//!
//! # What it deliberately does not know
//! No disk, no clock, no network, and no name of a resident: a notice is for everybody, a building, an entrance or a door.

mod check;
mod practice;
mod verdict;

pub use check::{Held, check};
pub use practice::shown;
pub use verdict::{Verdict, clash, hold};
