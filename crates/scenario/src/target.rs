//! What `shouhu target` reads: a series of cases by days, and policies.
//!
//! Map: [`read_series`] a table as health bulletins give it · [`read_policies`] TOML files of what is done from when on.

mod columns;
mod corrections;
mod counts;
mod dates;
mod policy;
mod series;

pub use policy::{MEASURES, Measures, PolicyFile, PolicyStep, read_policies};
pub use series::{Series, read_series};
