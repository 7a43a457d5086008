//! Pooled testing: what a tube of many people costs, finds and misses.
//!
//! Map: [`Assay`] how well one test sees, also diluted · [`Filling`] who shares a tube: strangers, or whole
//! [`Households`] · [`Tube`] what is in it then · [`figures`] what a tube size costs, finds and misses · [`Day`] how long a day with such tubes takes.
//!
//! Two stages (Dorfman, Annals of Mathematical Statistics 14, 1943): a tube that is positive has each of its people tested
//! alone. In mixed sampling that is a new visit, because nothing is left of a single swab: so recalls and hours count beside
//! tests. Errors of the two stages are taken as independent.

mod assay;
mod day;
mod figures;
mod filling;
mod households;
mod tube;

pub use assay::{Assay, Dilution, DilutionProblem};
pub use day::{Day, Flow, Hours};
pub use figures::{Figures, best, figures};
pub use filling::Filling;
pub use households::{Households, SECONDARY};
pub use tube::{Content, Tube};
