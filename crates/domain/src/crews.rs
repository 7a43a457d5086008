//! One day on which few crews serve several communities.

use crate::Scenario;
use jiff::civil::DateTime;

/// The communities, the crews, and the ways between them. All times are minutes after the day's local midnight.
#[derive(Clone, Debug, PartialEq)]
pub struct CrewDay {
    /// Local midnight at which the day begins.
    pub midnight: DateTime,
    /// From when on it is planned; absent: the whole day.
    pub now_min: Option<f64>,
    /// By when all are to be done, as it was promised.
    pub promise_min: Option<f64>,
    /// Standard deviation over mean of a service where a community has no scenario of its own.
    pub service_cv: f64,
    /// Who is to be served.
    pub communities: Vec<CrewCommunity>,
    /// Who serves.
    pub crews: Vec<Crew>,
    /// Minutes to pack up at one community.
    pub pack_min: f64,
    /// Minutes to set up at another.
    pub setup_min: f64,
    /// Minutes on the way from each community to each; 0 from one to itself.
    pub way_min: Vec<Vec<f64>>,
}

/// A community that crews go to.
#[derive(Clone, Debug, PartialEq)]
pub struct CrewCommunity {
    /// Its name.
    pub name: String,
    /// People who are still to be served.
    pub people: u32,
    /// Not before.
    pub opens_min: f64,
    /// Not after.
    pub closes_min: f64,
    /// Crews that find room there in a day.
    pub lanes_max: u32,
    /// A round of its own: a crew is one lane of its site.
    pub scenario: Option<Scenario>,
}

/// People who serve one lane together.
#[derive(Clone, Debug, PartialEq)]
pub struct Crew {
    /// Its name.
    pub name: String,
    /// When its shift begins.
    pub from_min: f64,
    /// When its shift ends.
    pub until_min: f64,
    /// The community at which it stands, set up; absent: it comes from elsewhere and can be at any of them when its shift begins.
    pub at: Option<usize>,
    /// People whom it serves in an hour.
    pub people_per_h: f64,
    /// The communities to which it was told to go, in order.
    pub agreed: Vec<usize>,
}
