//! Who shares a tube.

use super::{Assay, Figures, Households, Tube, figures};

/// Far below any prevalence: of few enough people positive, each is the only one who is.
const FIRST: f64 = 1e-300;

/// How tubes are filled.
#[derive(Clone, Debug, PartialEq)]
pub enum Filling {
    /// By people who have nothing to do with each other.
    Strangers,
    /// By whole households.
    Households(Households),
}

impl Filling {
    /// Tubes of so many people, where each person is positive with the probability `prevalence`.
    pub fn tubes(&self, size: u32, prevalence: f64) -> Tube {
        match self {
            Filling::Strangers => Tube::of_strangers(size, prevalence),
            Filling::Households(households) => households.tubes(size, prevalence),
        }
    }

    /// What such tubes cost, find and miss. Where nobody is positive, the sensitivity is that for the first who is.
    pub fn figures(&self, size: u32, prevalence: f64, assay: &Assay) -> Figures {
        let mut found = figures(&self.tubes(size, prevalence), assay);
        if found.sensitivity.is_none() {
            found.sensitivity = figures(&self.tubes(size, FIRST), assay).sensitivity;
        }
        found
    }
}
