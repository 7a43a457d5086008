//! The mathematics of screening a population.
//!
//! # Map
//! [`pools`] what tubes of many people cost, find and miss · [`transmission`] what frequency, delay and participation take from R ·
//! [`target`] whether a target such as "no cases outside quarantine by the 11th" can be reached, and what moves it
//!
//! # What it deliberately does not know
//! No scenario, no site, no queue: numbers come in, numbers go out.

pub mod pools;
pub mod target;
pub mod transmission;

pub use pools::{
    Assay, Content, Day, Dilution, DilutionProblem, Figures, Filling, Flow, Hours, Households, SECONDARY,
    Tube, best, figures,
};
