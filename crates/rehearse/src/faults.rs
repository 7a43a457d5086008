//! What goes wrong on the day: fault cards, and what each of them changes in a scenario and its plan.
//!
//! Map: [`Card`] a card as data · [`Hand`] cards that are played together · [`Fault`] a card with its value and its time ·
//! [`Fault::unmet`] whether a scenario can meet it · [`faulted`] the day with it · `city` both for a city. `duty` changes who
//! is on duty when, `coming` who comes when, `met` is the list of what each card does.
//!
//! The plan was made without knowing of the fault, so it is never made anew here. Where the engines have no exact lever
//! the nearest honest one is taken; docs/faults.md says which.

mod card;
mod city;
mod coming;
mod duty;
mod met;

pub use card::{Card, HANDS, Hand, PlaceKind, Scale, Unit, Worse, card, cards, hand};
pub use city::faulted_city;

use chance::Ticks;
use domain::{City, Plan, Scenario};

/// A card that is played: how much of it, and from when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// Which card.
    pub card: &'static Card,
    /// How much, in the card's unit; 0 where it has none.
    pub value: f64,
    /// From when, in ticks after opening; 0 where the card has no time.
    pub from: Ticks,
    /// Where in a city, by its number there; `None` where none is named.
    pub place: Option<u32>,
}

/// Why a scenario cannot meet a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// Couriers and labs come with a city.
    NoCity,
    /// No station has counted servers.
    NoServers,
    /// Nobody is called in waves.
    NoWaves,
    /// No lane has a wave after the one in the middle.
    NoNextWave,
    /// People come by chance: they have no time to be early for.
    NoTimes,
    /// Nothing is given.
    NothingGiven,
    /// The city's tubes are not followed to a lab.
    NoTesting,
}

impl Unmet {
    /// The word for it in JSON and in the catalogue, under `fault.unmet.`.
    pub fn name(self) -> &'static str {
        match self {
            Unmet::NoCity => "no_city",
            Unmet::NoServers => "no_servers",
            Unmet::NoWaves => "no_waves",
            Unmet::NoNextWave => "no_next_wave",
            Unmet::NoTimes => "no_times",
            Unmet::NothingGiven => "nothing_given",
            Unmet::NoTesting => "no_testing",
        }
    }
}

impl Fault {
    /// The card as it is usually played.
    pub fn usual(card: &'static Card) -> Fault {
        let value = card.scale.as_ref().map_or(0.0, |scale| scale.usual);
        let from = card.from_min.map_or(0, |minutes| minutes * crate::TICKS_PER_MINUTE);
        Fault { card, value, from, place: None }
    }

    /// The same card with another value.
    #[must_use]
    pub fn with_value(self, value: f64) -> Fault {
        Fault { value, ..self }
    }

    /// Why this scenario and plan cannot meet it; `None` where they can.
    pub fn unmet(&self, scenario: &Scenario, plan: Option<&Plan>) -> Option<Unmet> {
        met::unmet(self, scenario, plan)
    }

    /// Why this city cannot meet it; `None` where it can.
    pub fn unmet_by(&self, city: &City) -> Option<Unmet> {
        city::unmet(self, city)
    }
}

/// The day with these faults. They are met in the order of the cards, whatever the order in which they are given; what
/// the scenario cannot meet changes nothing, so ask [`Fault::unmet`] first.
pub fn faulted(scenario: &Scenario, plan: Option<&Plan>, faults: &[Fault]) -> (Scenario, Option<Plan>) {
    let mut day = (scenario.clone(), plan.cloned());
    for card in cards() {
        for fault in faults.iter().filter(|fault| fault.card == card) {
            if fault.unmet(scenario, plan).is_none() {
                met::meet(fault, scenario, &mut day.0, day.1.as_mut());
            }
        }
    }
    day
}
