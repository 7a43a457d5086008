//! Hours from each donor to each district: as `travel.csv` says, or as the donor's row says for all, or by road from the positions of both.

use super::tables::Tables;
use crate::{
    city::tables::{file, table},
    reader::{Context, nearest},
    sheet::Grouped,
    tables::{self, Cells},
};
use domain::{Place, city::Position};
use std::fmt::Display;

/// A road over the distance as the crow flies: between Chinese cities about 1.3.
const ROAD: f64 = 1.3;
const EARTH_KM: f64 = 6_371.0;

pub(super) fn hours(context: &Context<'_>, read: &Tables, km_per_h: f64) -> Vec<Vec<f64>> {
    let mut given = given(context, read);
    for ((donor, from), hours) in read.donors.iter().zip(&read.donors_at).zip(&mut given) {
        let mut unknown = None;
        for ((district, to), hours) in read.districts.iter().zip(&read.districts_at).zip(hours.iter_mut()) {
            if hours.is_finite() {
                continue;
            }
            let by_road = || Some(ROAD * km(from.position.as_ref()?, to.position.as_ref()?) / km_per_h);
            match from.hours.or_else(by_road) {
                Some(found) => *hours = found,
                None if from.noted || to.noted => {}
                None => unknown = unknown.or(Some(&district.name)),
            }
        }
        if let Some(place) = unknown {
            let at = Place::file(&*read.donors_file).row(from.row).column("travel_h");
            context.error(&at, "aid_no_way", &[("donor", &donor.name), ("place", place)]);
        }
    }
    given
}

/// `travel.csv`; what it does not say is infinite.
fn given(context: &Context<'_>, read: &Tables) -> Vec<Vec<f64>> {
    let mut given = vec![vec![f64::INFINITY; read.districts.len()]; read.donors.len()];
    let Some((name, bytes)) = file(context, "travel") else { return given };
    let mut notes = Grouped::new(&name);
    let mut noted = Vec::new();
    let donors: Vec<&str> = read.donors.iter().map(|donor| donor.name.as_str()).collect();
    let districts: Vec<&str> = read.districts.iter().map(|district| district.name.as_str()).collect();
    let mut take = |cells: &Cells<'_>, notes: &mut Grouped| {
        let mut find = |column: &str, known: &[&str], code: &'static str| {
            let name = cells.text(column);
            let found = known.iter().position(|other| *other == name);
            if found.is_none() && !cells.noted(&[column]) {
                let near = nearest(name, known).or(known.first().copied()).unwrap_or("–");
                let args: [(&str, &dyn Display); 2] = [("name", &name), ("near", &near)];
                notes.error(Some(cells.number()), cells.heading(column), code, &args);
            }
            found
        };
        let donor = find("donor", &donors, "aid_donor_unknown");
        let district = find("recipient", &districts, "aid_place_unknown");
        let (Some(donor), Some(district)) = (donor, district) else { return };
        if cells.noted(&["travel_h"]) {
            noted.push((donor, district));
        } else if let Some(hours) = cells.number_in("travel_h") {
            let before = given[donor][district];
            if before.is_finite() && before != hours {
                let names: [&dyn Display; 2] = [&read.donors[donor].name, &read.districts[district].name];
                let args: [(&str, &dyn Display); 4] =
                    [("donor", names[0]), ("place", names[1]), ("before", &before), ("value", &hours)];
                notes.error(Some(cells.number()), cells.heading("travel_h"), "aid_way_twice", &args);
            }
            given[donor][district] = hours;
        }
    };
    tables::read(table("travel"), bytes, &mut notes, &mut |_, _| {}, &mut take);
    context.take_over(notes.finish());
    // That nobody can read them was told; that there are none would be false.
    for (donor, district) in noted {
        if !given[donor][district].is_finite() {
            given[donor][district] = 0.0;
        }
    }
    given
}

/// As the crow flies, by the haversine formula.
fn km(one: &Position, other: &Position) -> f64 {
    let radians = |degrees: f64| degrees.to_radians();
    let half = |a: f64, b: f64| {
        let sine = libm::sin(radians(b - a) / 2.0);
        sine * sine
    };
    let along = libm::cos(radians(one.latitude)) * libm::cos(radians(other.latitude));
    let h = half(one.latitude, other.latitude) + along * half(one.longitude, other.longitude);
    2.0 * EARTH_KM * libm::asin(libm::sqrt(h).min(1.0))
}
