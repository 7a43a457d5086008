//! The rounds of a city's couriers as data: what a plan makes, a rehearsal lives and a driver is handed.
//!
//! Minutes count from the round's opening. Sites and labs are named by their places in the city's lists.

use super::{City, Lab};

/// Who brings whose tubes to which lab, and when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rounds {
    /// The place chosen for each lab, by its number in [`Lab::places`].
    pub places: Vec<u32>,
    /// Ways that are driven again and again.
    pub routes: Vec<Route>,
    /// What is driven from one lab to another.
    pub trucks: Vec<Truck>,
}

/// A way from a lab past its stops to a lab.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The lab at which its vehicles start.
    pub starts: u32,
    /// The lab to which they bring their boxes.
    pub ends: u32,
    /// The lab that tests what they bring: the same, or one to which it goes on by truck.
    pub lab: u32,
    /// In the order of driving.
    pub stops: Vec<Stop>,
    /// From leaving to being back with the boxes.
    pub back_min: f64,
    /// Vehicles that drive it in turn.
    pub vehicles: u32,
    /// When a round leaves, in order.
    pub departs_min: Vec<f64>,
}

/// A stop of a route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// The site.
    pub site: u32,
    /// From leaving the lab to coming here.
    pub after_min: f64,
    /// Boxes that a round has to expect here at most.
    pub boxes: u32,
}

/// A drive from one lab to another with all tubes that are to be tested there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Truck {
    /// Where the tubes wait.
    pub from: u32,
    /// Where they are tested.
    pub to: u32,
    /// When it leaves.
    pub departs_min: f64,
    /// When it is there.
    pub arrives_min: f64,
    /// Tubes to be expected.
    pub tubes: f64,
    /// The latest moment at which the lab must have been told of them.
    pub notify_min: f64,
}

impl Rounds {
    /// The city with these rounds, each lab at the place that was chosen for it.
    #[must_use]
    pub fn settle(self, mut city: City) -> City {
        for (lab, &place) in city.testing.iter_mut().flat_map(|testing| &mut testing.labs).zip(&self.places) {
            lab.stand(place);
        }
        city.rounds = Some(self);
        city
    }
}

impl Lab {
    /// Puts it at one of its places; a number that there is not leaves it where it stands.
    pub fn stand(&mut self, place: u32) {
        if let Some(place) = self.places.get(place as usize) {
            (self.position, self.ready) = (place.position, place.ready);
        }
    }
}
