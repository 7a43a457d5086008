//! `outlines.geojson`: where districts end, drawn by whoever has the right to: a `FeatureCollection` of areas, each with the `name` of
//! a place of `places.csv`. A city without it is drawn with circles.

use crate::reader::{Context, nearest};
use domain::{
    Place,
    city::{District, Position},
};
use serde::Deserialize;
use std::fmt::Display;

const FILE: &str = "outlines.geojson";
/// Points of all outlines: more than a thousand for each district of a large city, and a picture of half a megabyte.
const POINTS_MAX: usize = 20_000;
/// An outline that is so many kilometres from its district's middle, and near it once its numbers are turned round, has them the
/// wrong way round.
const FAR_KM: f64 = 300.0;

type Point = Vec<f64>;

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    kind: String,
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    properties: Option<Properties>,
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Properties {
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: serde_json::Value,
}

/// Gives districts their outlines, where the folder has some.
pub(super) fn read(context: &Context<'_>, districts: &mut [District]) {
    let Some(bytes) = context.file(FILE) else { return };
    let file = Place::file(FILE);
    let collection = match serde_json::from_slice::<Collection>(bytes) {
        Ok(found) if found.kind == "FeatureCollection" => found,
        Ok(found) => return context.error(&file, "city_outlines_kind", &[("kind", &found.kind)]),
        Err(why) => return context.error(&file, "city_outlines_unreadable", &[("why", &why)]),
    };
    let mut points = 0;
    for (number, feature) in (1u32..).zip(&collection.features) {
        let at = At { context, number };
        let district = at.district(feature, districts);
        let Some(outline) = at.outline(feature) else { continue };
        points += outline.iter().flatten().map(Vec::len).sum::<usize>();
        let Some(district) = district else { continue };
        let district = &mut districts[district];
        if let Some(centre) = district.centre
            && turned_round(centre, &outline)
        {
            at.error("geometry", "city_outline_turned", &[("name", &district.name)]);
        } else if district.outline.is_empty() {
            district.outline = outline;
        } else {
            at.error("name", "city_outline_twice", &[("name", &district.name)]);
        }
    }
    if points > POINTS_MAX {
        context.error(&file, "city_outlines_points", &[("points", &points), ("most", &POINTS_MAX)]);
    }
}

/// A feature by its number, of which something may have to be said.
struct At<'c, 'f> {
    context: &'c Context<'f>,
    number: u32,
}

impl At<'_, '_> {
    fn error(&self, part: &str, code: &'static str, args: &[(&'static str, &dyn Display)]) {
        let number: (&'static str, &dyn Display) = ("number", &self.number);
        let args: Vec<(&'static str, &dyn Display)> =
            std::iter::once(number).chain(args.iter().copied()).collect();
        self.context.error(&Place::file(FILE).column(part), code, &args);
    }

    fn district(&self, feature: &Feature, districts: &[District]) -> Option<usize> {
        let name = feature.properties.as_ref().and_then(|of| of.name.as_deref()).unwrap_or_default().trim();
        if name.is_empty() {
            self.error("name", "city_outline_unnamed", &[]);
            return None;
        }
        let found = districts.iter().position(|district| district.name == name);
        if found.is_none() {
            let known: Vec<&str> = districts.iter().map(|district| district.name.as_str()).collect();
            let near = nearest(name, &known).or(known.first().copied()).unwrap_or_default();
            self.error("name", "city_outline_unknown", &[("name", &name), ("near", &near)]);
        }
        found
    }

    /// The areas of a feature; `None` once it is said what is wrong with them.
    fn outline(&self, feature: &Feature) -> Option<Vec<Vec<Vec<Position>>>> {
        let kind = feature.geometry.as_ref().map_or("null", |of| of.kind.as_str());
        let coordinates = feature.geometry.as_ref().map(|of| of.coordinates.clone()).unwrap_or_default();
        let areas: serde_json::Result<Vec<Vec<Vec<Point>>>> = match kind {
            "Polygon" => serde_json::from_value(coordinates).map(|area| vec![area]),
            "MultiPolygon" => serde_json::from_value(coordinates),
            _ => {
                self.error("geometry", "city_outline_kind", &[("kind", &kind)]);
                return None;
            }
        };
        let areas = match areas {
            Ok(areas) if areas.iter().flatten().flatten().all(|point| point.len() >= 2) => areas,
            _ => {
                self.error("geometry", "city_outline_numbers", &[]);
                return None;
            }
        };
        let rings = || areas.iter().flatten();
        if rings().count() == 0 || areas.iter().any(Vec::is_empty) {
            self.error("geometry", "city_outline_numbers", &[]);
            return None;
        }
        if rings()
            .any(|ring| ring.len() < 4 || ring.first().map(|at| &at[..2]) != ring.last().map(|at| &at[..2]))
        {
            self.error("geometry", "city_outline_open", &[]);
            return None;
        }
        let fits = |at: &&Point| !((-180.0..=180.0).contains(&at[0]) && (-90.0..=90.0).contains(&at[1]));
        if let Some(at) = rings().flatten().find(fits) {
            self.error("geometry", "city_outline_range", &[("longitude", &at[0]), ("latitude", &at[1])]);
            return None;
        }
        let position = |at: &Point| Position { latitude: at[1], longitude: at[0] };
        let ring = |ring: &Vec<Point>| ring.iter().map(position).collect();
        Some(areas.iter().map(|area| area.iter().map(ring).collect()).collect())
    }
}

/// Whether latitude and longitude stand the wrong way round.
fn turned_round(centre: Position, outline: &[Vec<Vec<Position>>]) -> bool {
    let Some(&at) = outline.iter().flatten().flatten().next() else { return false };
    let turned = Position { latitude: at.longitude, longitude: at.latitude };
    centre.km_to(at) > FAR_KM && centre.km_to(turned) < FAR_KM
}
