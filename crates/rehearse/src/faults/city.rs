//! What each card does to a city. A card of a site is met by every site at once: the sites of a shape are one model, and it
//! is changed as that of a single site is.

use super::{Fault, Unmet, cards, met};
use crate::TICKS_PER_MINUTE;
use chance::Ticks;
use domain::{
    City,
    city::{Late, Testing},
    scenario::Gives,
};

pub(super) fn unmet(fault: &Fault, city: &City) -> Option<Unmet> {
    match fault.card.name {
        "courier-late" | "lab-stops" => tested(city).is_none().then_some(Unmet::NoTesting),
        // People come by the hour, and the hours can begin sooner.
        "early-crowd" => None,
        _ => {
            let mut why = city.shapes.iter().map(|shape| met::unmet(fault, &city.alone(shape), None));
            // One shape that can meet it is enough.
            let first = why.next().flatten()?;
            why.all(|why| why.is_some()).then_some(first)
        }
    }
}

fn tested(city: &City) -> Option<&Testing> {
    let testing = city.testing.as_ref()?;
    (city.round.gives == Gives::Tube && !testing.labs.is_empty()).then_some(testing)
}

/// A city's day with these faults, met in the order of the cards. What the city cannot meet changes nothing.
pub fn faulted_city(city: &City, faults: &[Fault]) -> City {
    let mut day = city.clone();
    let met = |fault: &&Fault| unmet(fault, city).is_none();
    let in_order = cards().iter().flat_map(|card| faults.iter().filter(move |fault| fault.card == card));
    let faults: Vec<&Fault> = in_order.filter(met).collect();
    for fault in &faults {
        let ticks = (fault.value * TICKS_PER_MINUTE as f64) as Ticks;
        match fault.card.name {
            "early-crowd" => day.arrivals.sooner = ticks,
            "courier-late" => late(&mut day, fault, ticks),
            "lab-stops" => stopped(&mut day, fault, ticks),
            _ => {}
        }
    }
    let at_sites: Vec<&Fault> = faults.into_iter().filter(|fault| is_at_sites(fault)).collect();
    if !at_sites.is_empty() {
        for number in 0..city.shapes.len() {
            at_shape(city, &mut day, number, &at_sites);
        }
    }
    day
}

fn is_at_sites(fault: &Fault) -> bool {
    fault.card.place.is_none() && fault.card.name != "early-crowd"
}

/// The model of a shape is that of a site on its own, whose moments count from its own opening.
fn at_shape(city: &City, day: &mut City, number: usize, faults: &[&Fault]) {
    let shape = &city.shapes[number];
    let planned = city.alone(shape);
    let mut alone = planned.clone();
    for fault in faults.iter().filter(|fault| met::unmet(fault, &planned, None).is_none()) {
        let since_its_opening =
            if fault.card.from_min.is_some() { fault.from - shape.opens } else { fault.from };
        met::meet(&Fault { from: since_its_opening, ..**fault }, &planned, &mut alone, None);
    }
    day.shapes[number].site = alone.site;
    day.patience = alone.patience;
}

/// Couriers come late to the sites of one district, or of all.
fn late(day: &mut City, fault: &Fault, by: Ticks) {
    for (number, district) in (0..).zip(&mut day.districts) {
        if fault.place.is_none_or(|place| place == number) {
            district.late = Some(Late { from: fault.from, by });
        }
    }
}

/// One lab starts nothing for a while.
fn stopped(day: &mut City, fault: &Fault, length: Ticks) {
    let Some(testing) = &mut day.testing else { return };
    let largest = testing.largest_lab();
    if let Some(lab) = testing.labs.get_mut(fault.place.unwrap_or(largest) as usize) {
        lab.stops = Some((fault.from, fault.from + length));
    }
}
