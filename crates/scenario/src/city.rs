//! A city: `kind = "city"` at the top of `scenario.toml`, and the tables `sites`, `places` and `labs`.
//!
//! Map: `rules` the parts of the file that only a city has · `shapes` what sites look like · `tables` the rows of the three
//! tables · `outlines` where districts end · `labs` a row as a lab · `sites` a row as a site · `made` sites that no table names.

mod labs;
mod made;
mod outlines;
mod rules;
mod shapes;
mod sites;
pub(crate) mod tables;

use crate::{
    Files, checks, compose,
    law::{Sign, law_of},
    reader::{Context, Section},
    round::read_round,
    service::Service,
    value::Value,
};
use domain::{
    City, Notes, Place,
    city::{District, Shape},
    scenario::{Gives, Round},
};
use made::SiteRule;
use shapes::ShapeDraft;

/// Whether a folder is a city; says nothing about it.
pub fn is_city(files: &Files) -> bool {
    let Some(bytes) = files.0.get(compose::FILE) else { return false };
    crate::value::parse(&Context::new(files), compose::FILE, bytes).is_some_and(|tree| tree.is_city())
}

/// Reads a city's folder, as [`crate::read`] does a community's.
pub fn read_city(
    files: &Files,
    sets: &[(String, String)],
    progress: &mut dyn FnMut(u64, u64),
) -> (Option<City>, Notes) {
    let context = Context::new(files);
    let city = compose::tree(&context, sets)
        .and_then(|(tree, service)| city(&context, &tree, service.as_ref(), progress));
    crate::directive::check_directive(&context);
    crate::folder::check_others(&context);
    compose::finish(context, city)
}

fn city(
    context: &Context<'_>,
    tree: &Value,
    service: Option<&Service>,
    progress: &mut dyn FnMut(u64, u64),
) -> Option<City> {
    let mut top = Section::top(context, compose::FILE, tree);
    crate::format::check_format(&mut top)?;
    top.get("kind");
    let people = top.need("city").and_then(|field| field.table()).map(rules::read_people);
    let round = top.need("round").and_then(|field| field.table()).map(read_round);
    let opens = round.as_ref().and_then(|round| round.opens);
    let closes = round.as_ref().and_then(|round| round.closes);
    let arrivals = top.need("arrivals").and_then(|field| field.table()).and_then(rules::read_arrivals);
    let shapes =
        top.need("shape").map(|field| shapes::read_shapes(&field, (opens, closes))).unwrap_or_default();
    let patience = top.get("patience").map(|field| law_of(&field, Sign::NotNegative));
    let couriers = top.get("couriers").and_then(|field| field.table()).map(rules::read_couriers);
    let testing_place = top.place_of("testing");
    let testing = top.get("testing").and_then(|field| field.table());
    let testing = testing.map(|section| rules::read_testing(section, opens));
    let (couriers_place, shapes_place) = (top.place_of("couriers"), top.place_of("shape"));
    top.finish();

    let pool = round.as_ref().map_or(1, |round| round.pool_size);
    let gives = service.map(|service| service.gives);
    let round = round.and_then(|round| {
        Some(Round {
            purpose: round.purpose?.text()?.to_owned(),
            gives: gives?,
            opens: round.opens?,
            closes: round.closes,
            pool,
        })
    });
    // Tables are read, and their notes given, even where the file beside them is wrong.
    let labs = labs::labs(context, opens);
    let places = tables::districts(context);
    tables::file(context, "sites");
    let testing = match (testing, couriers) {
        (Some(rules), Some(couriers)) => {
            if labs.is_empty() && !context.refuses() {
                context.error(&Place::file("labs.csv"), "city_no_labs", &[]);
            }
            rules.zip(couriers).map(|(rules, couriers)| rules.with(couriers, labs))
        }
        (Some(_), None) => {
            context.error(&couriers_place, "city_no_couriers", &[]);
            None
        }
        (None, _) => {
            if !labs.is_empty() || gives == Some(Gives::Tube) {
                context.hint(&testing_place, "city_no_testing", &[]);
            }
            None
        }
    };
    let (people, arrivals) = (people?, arrivals?);
    let (drafts, shapes): (Vec<ShapeDraft>, Vec<Shape>) =
        shapes.into_iter().map(|draft| (draft.clone(), draft.shape)).unzip();
    let mut city = City {
        name: people.name,
        timezone: people.timezone,
        round: round?,
        arrivals,
        patience: patience.flatten(),
        districts: Vec::new(),
        shapes,
        sites: Vec::new(),
        testing,
        rounds: None,
    };
    if city.shapes.is_empty() {
        if !context.refuses() {
            context.error(&shapes_place, "city_no_shapes", &[]);
        }
        return None;
    }
    for (draft, shape) in drafts.iter().zip(&city.shapes) {
        checks::check_ways(context, &city.alone(shape), &draft.stations_at);
    }
    city.districts = districts(places, &city.name, &people.rule);
    let rows = sites::read(context, &mut city, progress);
    if !rows {
        made::make(context, &mut city, &people.rule, &drafts, &shapes_place);
    }
    outlines::read(context, &mut city.districts);
    if city.sites.is_empty() && !context.refuses() {
        context.error(&Place::file("sites.csv"), "city_no_sites", &[]);
    }
    Some(city)
}

/// The districts of `places.csv`, or the city as one. What their residents are is a share where the file says how many
/// live in the city.
fn districts(mut districts: Vec<District>, city: &str, rule: &SiteRule) -> Vec<District> {
    if districts.is_empty() {
        districts.push(District::new(city));
    }
    made::share_out(&mut districts, rule.residents);
    districts
}

impl Value {
    /// Whether the tree of a scenario's file says that it is a city.
    pub(crate) fn is_city(&self) -> bool {
        self.entry("kind").and_then(Value::text) == Some("city")
    }
}
