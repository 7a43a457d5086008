//! Pooled testing without a domain: how many tests, recalls and misses a tube of many people costs.
//!
//! Map: [`Assay`] how well one test sees, also diluted · [`Tube`] who may be in a tube: strangers, or whole households ·
//! [`figures`] what a tube size costs, finds and misses · [`Day`] how long a day with such tubes takes.
//!
//! Two stages (Dorfman, Annals of Mathematical Statistics 14, 1943): a tube that is positive has each of its people tested
//! alone. In mixed sampling that is a new visit, because nothing is left of a single swab: so recalls and hours count beside
//! tests. Errors of the two stages are taken as independent.

mod assay;
mod day;
mod figures;
mod households;
mod tube;
pub mod target;
pub mod transmission;

pub use assay::{Assay, Dilution, DilutionProblem};
pub use day::{Day, Hours};
pub use figures::{Figures, best, figures};
pub use households::Households;
pub use tube::{Content, Tube};
