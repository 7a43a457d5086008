//! Who does what when: volunteers and shifts become a roster, the roster is held against every rule, repaired when somebody drops
//! out, and what cannot be filled is explained.
//!
//! # Map
//! `board` a roster being made, and what each rule says to one more assignment · `draft` a roster by greed and chains of moves ·
//! `chain` one place filled by moving few others · [`model`] the mixed-integer program (feature `solver`) · [`check`](check()) all that a roster
//! breaks, and what it costs, by its own reading of the rules · [`best`](best()) what this build can do · [`repair`](repair()) after a drop-out · [`explain`](explain()) gaps and wishes ·
//! [`hours`](hours()) what counts for whom.
//!
//! # What it deliberately does not know
//! No file, no clock, no language, no telephone number. It does not know how many people a station takes: shifts come from the plan
//! or from a person. `check` shares no code with the rest, so that the two can catch each other.

mod best;
mod board;
mod chain;
mod check;
mod draft;
mod explain;
mod hours;
mod repair;

#[cfg(feature = "solver")]
pub mod model;

pub use best::{Best, best, mended};
pub use check::{Broken, Sum, Verdict, check};
pub use draft::{draft, redraft};
pub use explain::{Change, Gap, Helper, Price, explain, helpers, prices};
pub use hours::{Credit, hours};
pub use repair::{Repair, excuse, repair};
