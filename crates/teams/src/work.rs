//! A day's work: shifts, what is brought to them, and the heat they are in.

use domain::Moment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

named!(
    /// What a team receives.
    Goods {
        /// Bottles of water.
        Water "water",
        /// Meals.
        Meal "meal",
        /// Sets of protective clothing.
        Clothing "clothing",
    }
);

/// People of a team who work together at one place without a break, from one time to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shift {
    /// Its own.
    pub id: Uuid,
    /// Of which team.
    pub team: Uuid,
    /// Who.
    pub members: Vec<Uuid>,
    /// In which district.
    pub district: String,
    /// At which site; empty: one for the district.
    #[serde(default)]
    pub site: String,
    /// From when.
    #[serde(with = "domain::rfc3339")]
    pub from: Moment,
    /// Until when.
    #[serde(with = "domain::rfc3339")]
    pub until: Moment,
    /// Whether in the open.
    #[serde(default)]
    pub outdoor: bool,
    /// The bus that takes them there, as it is called that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bus: Option<String>,
}

/// The highest temperature that is forecast for a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Heat {
    /// Of the weather at which party.
    pub host: Uuid,
    /// Any time of the day.
    #[serde(with = "domain::rfc3339")]
    pub day: Moment,
    /// Whole degrees Celsius.
    pub celsius: i16,
}
