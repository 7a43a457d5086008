//! When a day breaks: each figure that has a limit, over its limit.

use ::rehearse::{Figures, TICKS_PER_MINUTE};
use domain::Scenario;
use serde::Serialize;

/// A full room for ten minutes is a crowd for long.
const CROWD_MIN: f64 = 10.0;
/// One in a hundred who goes home unserved is a round that has to come back.
pub(crate) const UNSERVED_SHARE: f64 = 0.01;

/// What a day can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// 95 in 100 wait no longer than the scenario's target.
    Wait,
    /// More wait than there is room for, for long.
    Room,
    /// One in a hundred gives up or is turned away.
    Served,
    /// 97 in 100 are done before closing.
    Closing,
}

impl Limit {
    /// All, in the order in which they are said.
    pub const ALL: [Limit; 4] = [Limit::Wait, Limit::Room, Limit::Served, Limit::Closing];

    /// The word for it in JSON and in the catalogue, under `stress.limit.`.
    pub fn name(self) -> &'static str {
        match self {
            Limit::Wait => "wait",
            Limit::Room => "room",
            Limit::Served => "served",
            Limit::Closing => "closing",
        }
    }
}

/// Figures over their limits: above 1 the day breaks. Null where the scenario sets no limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Strain {
    /// Of the wait that 95 in 100 do not exceed.
    pub wait: Option<f64>,
    /// Of the person-minutes in a crowd, over ten minutes of a full room.
    pub room: Option<f64>,
    /// Of those who gave up or were turned away, over one in a hundred.
    pub served: Option<f64>,
    /// Of the time at which 97 in 100 are done.
    pub closing: Option<f64>,
}

impl Strain {
    /// Of a day, as its figures say.
    pub fn of(scenario: &Scenario, figures: &Figures) -> Strain {
        Strain::with(scenario, figures, figures.wait_min.p95, figures.done_97_min)
    }

    /// The same at the upper ends of the intervals: below 1 there is hardly a doubt.
    pub fn at_most(scenario: &Scenario, figures: &Figures) -> Strain {
        let upper =
            |value: Option<f64>, interval: Option<[f64; 2]>| interval.map_or(value, |limits| Some(limits[1]));
        let wait = upper(figures.wait_min.p95, figures.wait_min.p95_ci95);
        Strain::with(scenario, figures, wait, upper(figures.done_97_min, figures.done_97_ci95))
    }

    fn with(scenario: &Scenario, figures: &Figures, wait: Option<f64>, done: Option<f64>) -> Strain {
        let closes = scenario.round.closes.map(|closes| closes as f64 / TICKS_PER_MINUTE as f64);
        let room = scenario.site.room.map(|room| f64::from(room.max(1)) * CROWD_MIN);
        let not_served = (figures.left + figures.unserved) / figures.people.max(1.0);
        Strain {
            wait: Some(wait.unwrap_or(0.0) / scenario.waves.wait_p95_min),
            room: room.zip(figures.crowd_person_min).map(|(room, crowd)| crowd / room),
            served: Some(not_served / UNSERVED_SHARE),
            closing: closes.filter(|&closes| closes > 0.0).map(|closes| done.unwrap_or(0.0) / closes),
        }
    }

    fn each(&self) -> [(Limit, Option<f64>); 4] {
        let values = [self.wait, self.room, self.served, self.closing];
        std::array::from_fn(|place| (Limit::ALL[place], values[place]))
    }

    /// What breaks.
    pub fn breaks(&self) -> Vec<Limit> {
        let broken = self.each().into_iter().filter(|(_, strain)| strain.is_some_and(|strain| strain > 1.0));
        broken.map(|(limit, _)| limit).collect()
    }

    /// The greatest strain.
    pub fn worst(&self) -> f64 {
        self.each().into_iter().filter_map(|(_, strain)| strain).fold(0.0, f64::max)
    }

    /// Whether the day holds.
    pub fn holds(&self) -> bool {
        self.worst() <= 1.0
    }
}
