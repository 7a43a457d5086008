//! When a city's day breaks: each figure that has a limit, over its limit.

use crate::stress::UNSERVED_SHARE;
use domain::City;
use rehearse::{TICKS_PER_MINUTE, city::CityFigures};
use serde::Serialize;

/// More jammed sites than one in twenty are more than anybody drives help to in a day: ours to assume.
const JAMMED_SHARE: f64 = 0.05;
/// A round of which one tube in twenty is late has not said who is ill: ours to assume.
const LATE_SHARE: f64 = 0.05;

/// What a city's day can break, in the order in which it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CityLimit {
    /// One site in twenty jams.
    Jammed,
    /// One person in a hundred gives up or is turned away.
    Served,
    /// 97 in 100 are done before the last site closes.
    Closing,
    /// One tube in twenty has no result in time.
    Tubes,
}

impl CityLimit {
    /// All, in the order in which they are said.
    pub const ALL: [CityLimit; 4] =
        [CityLimit::Jammed, CityLimit::Served, CityLimit::Closing, CityLimit::Tubes];

    /// The word for it in the catalogue, under `stress.city_limit.`.
    pub(super) fn name(self) -> &'static str {
        match self {
            CityLimit::Jammed => "jammed",
            CityLimit::Served => "served",
            CityLimit::Closing => "closing",
            CityLimit::Tubes => "tubes",
        }
    }
}

/// Figures over their limits: above 1 the day breaks. Null where the city sets no limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CityStrain {
    /// Of the sites that jam, over one in twenty.
    pub jammed: f64,
    /// Of those who gave up or were turned away, over one in a hundred.
    pub served: f64,
    /// Of the time at which 97 in 100 are done, over the last site's closing.
    pub closing: Option<f64>,
    /// Of the tubes that have no result in time, over one in twenty.
    pub tubes: Option<f64>,
}

impl CityStrain {
    /// Of a day, as its figures say.
    pub fn of(city: &City, figures: &CityFigures) -> CityStrain {
        let closes: Option<Vec<i64>> = city.shapes.iter().map(|shape| shape.closes).collect();
        let closes = closes
            .and_then(|closes| closes.into_iter().max())
            .map(|closes| closes as f64 / TICKS_PER_MINUTE as f64);
        let jammed = figures.sites.jammed as f64 / figures.sites.count.max(1) as f64;
        let not_served = (figures.left + figures.unserved) / figures.people.max(1.0);
        CityStrain {
            jammed: jammed / JAMMED_SHARE,
            served: not_served / UNSERVED_SHARE,
            closing: closes
                .filter(|&closes| closes > 0.0)
                .map(|closes| figures.done_97_min.unwrap_or(0.0) / closes),
            tubes: figures.tubes.map(|tubes| (1.0 - tubes.in_time_share) / LATE_SHARE),
        }
    }

    fn each(&self) -> [(CityLimit, f64); 4] {
        let values = [self.jammed, self.served, self.closing.unwrap_or(0.0), self.tubes.unwrap_or(0.0)];
        std::array::from_fn(|place| (CityLimit::ALL[place], values[place]))
    }

    /// What breaks.
    pub fn breaks(&self) -> Vec<CityLimit> {
        self.each().into_iter().filter(|(_, strain)| *strain > 1.0).map(|(limit, _)| limit).collect()
    }

    /// The greatest strain.
    pub fn worst(&self) -> f64 {
        self.each().into_iter().map(|(_, strain)| strain).fold(0.0, f64::max)
    }

    /// The greatest rise of a strain above another day's.
    pub(super) fn above(&self, other: &CityStrain) -> f64 {
        self.each().iter().zip(other.each()).map(|(this, that)| this.1 - that.1).fold(0.0, f64::max)
    }
}
