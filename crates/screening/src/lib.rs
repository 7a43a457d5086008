//! The mathematics of screening a population.
//!
//! # Map
//! [`pools`] what tubes of many people cost, find and miss
//!
//! # What it deliberately does not know
//! No scenario, no site, no queue: numbers come in, numbers go out.

pub mod pools;

pub use pools::{
    Assay, Content, Day, Dilution, DilutionProblem, Figures, Filling, Flow, Hours, Households, SECONDARY,
    Tube, best, figures,
};
