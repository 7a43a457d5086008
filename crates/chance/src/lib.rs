//! Laws of chance, the tables they are drawn from, and the streams of random words that feed them.
//!
//! A [`Law`] describes a random length of time in seconds, as a scenario states it. [`Sampler::compile`] turns it into a
//! table of integers, so that a draw is one look-up and one multiplication and gives the same tick on any processor.
//! The random words come from [`Chance`]: a counter-based generator with one stream for each [`Cause`], so that two
//! plans meet the same people with the same luck, and a new kind of draw moves no other.
//!
//! ```
//! use chance::{Cause, Chance, Law, Sampler};
//!
//! let service = Sampler::compile(&Law::lognormal_mean_cv(9.0, 0.4));
//! let chance = Chance::new(1, 0, 0);
//! let ticks = service.draw(chance.word(Cause::Service, 17, 0));
//! assert!(ticks > 0);
//! ```
//!
//! # Map
//! - [`law`]: what a law is, its moments, and what can be wrong with it
//! - [`sampler`]: a law compiled to a quantile table, and the interner that shares equal ones
//! - [`philox`]: the Philox4x32-10 generator
//! - [`stream`]: named streams over it
//! - [`special`]: normal, gamma, beta and Student t functions
//!
//! # What it deliberately does not know
//! No queue, no person, no scenario file and no language; no clock, no entropy, no global state. It uses no
//! transcendental function of std, whose last bits differ between platforms, only those of the `libm` crate.

pub mod law;
pub mod philox;
pub mod sampler;
pub mod special;
pub mod stream;

pub use law::{Law, LawProblem, Shape};
pub use sampler::{Interner, Sampler};
pub use stream::{Cause, Chance, happens, normal, unit};

/// A moment or a length of time, in ticks of 0.1 ms. Signed: a person may come before the opening.
pub type Ticks = i64;

/// Ticks in one second.
pub const TICKS_PER_SECOND: Ticks = 10_000;
