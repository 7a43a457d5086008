//! `crews.toml`: few crews and several communities on one day. A community may bring a scenario of its own, in a folder beside
//! the file.

mod ways;

use crate::{
    Files,
    clock::{TICKS_PER_DAY, TICKS_PER_MINUTE, ticks_after},
    compose,
    format::check_format,
    reader::{Context, Field, Limits, Section, nearest},
    value,
};
use domain::{
    CrewDay, Notes, Place, Scenario,
    crews::{Crew, CrewCommunity},
};
use jiff::civil::{Date, DateTime, Time};
use ways::Ways;

/// The file that makes a folder a day of crews.
const FILE: &str = "crews.toml";
/// Communities under one roof: a committee has fewer. The search for a division looks at each with each; for twenty and as many
/// crews it takes some ten seconds.
const COMMUNITIES_MAX: usize = 20;
/// Crews that one roof divides, for the same reason.
const CREWS_MAX: usize = 20;
/// Stops of a crew in a day, as the division has them.
const STOPS_MAX: usize = 4;
/// People of one community.
const PEOPLE: Limits = Limits::new(0.0, 1_000_000.0);
/// People whom one crew serves in an hour: from a visit at home to tickets at a gate.
const PACE: Limits = Limits::new(1.0, 3_600.0);
/// Where nothing is said of how services differ: between those measured for registration and for swabs.
const SERVICE_CV: f64 = 0.5;
/// A cv beyond this describes no counter.
const CV_MAX: f64 = 5.0;

/// Whether a folder is a day of crews.
pub fn is_crew_day(files: &Files) -> bool {
    files.0.contains_key(FILE)
}

/// Reads the folder, as [`crate::read`] does a community's; notes on a community's own scenario name its folder.
pub fn read_crew_day(files: &Files) -> (Option<CrewDay>, Notes) {
    let context = Context::new(files);
    let day = day(&context);
    compose::finish(context, day)
}

fn day(context: &Context<'_>) -> Option<CrewDay> {
    let Some(bytes) = context.file(FILE) else {
        context.error(&Place::file(FILE), "crews_no_file", &[]);
        return None;
    };
    let tree = value::parse(context, FILE, bytes)?;
    let mut top = Section::top(context, FILE, &tree);
    check_format(&mut top)?;
    let times = top.need("day").and_then(|field| field.table()).map(read_day);
    let midnight = times.as_ref().and_then(|times| times.midnight);
    let communities_place = top.place_of("community");
    let communities = top.need("community").map(|field| field.tables(COMMUNITIES_MAX)).unwrap_or_default();
    let communities = read_communities(context, communities, midnight);
    let names: Vec<&str> = communities.iter().map(|of| of.name.as_str()).collect();
    let crews_place = top.place_of("crew");
    let crews = top.need("crew").map(|field| field.tables(CREWS_MAX)).unwrap_or_default();
    let crews = read_crews(context, crews, midnight, &names);
    let travel_place = top.place_of("travel");
    let ways = match top.table("travel") {
        Some(section) => ways::read(section, &names),
        None => Ways::unknown(names.len(), travel_place),
    };
    top.finish();
    if communities.is_empty() && !context.refuses() {
        context.error(&communities_place, "crews_no_communities", &[]);
    }
    if crews.is_empty() && !context.refuses() {
        context.error(&crews_place, "crews_none", &[]);
    }
    let way_min = ways.whole(context, &names);
    let times = times?;
    let day = CrewDay {
        midnight: midnight?,
        now_min: times.now_min,
        promise_min: times.promise_min,
        service_cv: times.service_cv,
        communities,
        crews,
        pack_min: ways.pack_min,
        setup_min: ways.setup_min,
        way_min,
    };
    // Where times could not be read, they are over by mistake.
    if !context.refuses() {
        warn(context, &day, &communities_place, &crews_place);
    }
    Some(day)
}

/// What stands there and helps nobody.
fn warn(context: &Context<'_>, day: &CrewDay, communities: &Place, crews: &Place) {
    let now = day.now_min.unwrap_or(f64::NEG_INFINITY);
    for community in day.communities.iter().filter(|of| of.people > 0 && of.closes_min <= now) {
        context.warning(communities, "crews_community_over", &[("name", &community.name)]);
    }
    for crew in day.crews.iter().filter(|of| of.until_min <= now) {
        context.warning(crews, "crews_crew_over", &[("name", &crew.name)]);
    }
}

/// `[day]`.
struct Times {
    midnight: Option<DateTime>,
    now_min: Option<f64>,
    promise_min: Option<f64>,
    service_cv: f64,
}

fn read_day(mut section: Section<'_>) -> Times {
    let date: Option<Date> = section.need("date").and_then(|field| field.date());
    let midnight = date.map(|date| date.to_datetime(Time::midnight()));
    let now_min = section.get("now").and_then(|field| minutes(&field, midnight));
    let promise_min = section.get("promise").and_then(|field| minutes(&field, midnight));
    let service_cv = section.number("service_cv", Limits::new(0.0, CV_MAX)).unwrap_or(SERVICE_CV);
    section.finish();
    Times { midnight, now_min, promise_min, service_cv }
}

/// Minutes after the day's midnight; a day and a night at most, for a shift may end after midnight.
fn minutes(field: &Field<'_>, midnight: Option<DateTime>) -> Option<f64> {
    let clock = field.clock()?;
    let midnight = midnight?;
    let ticks = ticks_after(midnight, clock.on(midnight.date()));
    if !(0..=2 * TICKS_PER_DAY).contains(&ticks) {
        let date = midnight.date();
        field.error("crews_another_day", &[("date", &date)]);
        return None;
    }
    Some(ticks as f64 / TICKS_PER_MINUTE as f64)
}

/// A span of time under two keys; its end must come after its beginning.
fn span(
    section: &mut Section<'_>,
    keys: (&'static str, &'static str),
    midnight: Option<DateTime>,
) -> Option<(f64, f64)> {
    let mut at = |key| section.need(key).and_then(|field| minutes(&field, midnight));
    let (from, until) = (at(keys.0), at(keys.1));
    let (from, until) = (from?, until?);
    if until <= from {
        section.context.error(
            &section.place_of(keys.1),
            "crews_no_time",
            &[("from", &keys.0), ("until", &keys.1)],
        );
        return None;
    }
    Some((from, until))
}

/// `[[community]]`, each.
fn read_communities(
    context: &Context<'_>,
    sections: Vec<Section<'_>>,
    midnight: Option<DateTime>,
) -> Vec<CrewCommunity> {
    let mut communities: Vec<CrewCommunity> = Vec::new();
    for mut section in sections {
        let name = section.need("name").and_then(|field| field.name()).unwrap_or_default().to_owned();
        if !name.is_empty() && communities.iter().any(|other| other.name == name) {
            context.error(&section.place_of("name"), "crews_community_twice", &[("name", &name)]);
        }
        let people = section.need("people").and_then(|field| field.whole(PEOPLE)).unwrap_or_default();
        let (opens_min, closes_min) = span(&mut section, ("opens", "closes"), midnight).unwrap_or_default();
        let most = Limits::new(1.0, CREWS_MAX as f64);
        let lanes_max = section.need("lanes_max").and_then(|field| field.whole(most)).unwrap_or(1);
        let scenario = section.get("scenario").and_then(|field| own_scenario(&field));
        section.finish();
        communities.push(CrewCommunity { name, people, opens_min, closes_min, lanes_max, scenario });
    }
    communities
}

/// The scenario in a folder beside the file.
fn own_scenario(field: &Field<'_>) -> Option<Scenario> {
    let folder = field.name()?.trim_end_matches('/');
    let prefix = format!("{folder}/");
    let inside = field.context.files.0.iter();
    let inside =
        inside.filter_map(|(path, bytes)| Some((path.strip_prefix(&prefix)?.to_owned(), bytes.clone())));
    let files = Files(inside.collect());
    if files.0.is_empty() {
        field.error("crews_no_scenario", &[]);
        return None;
    }
    let (scenario, mut notes) = crate::read(&files, &[], &mut |_, _| {});
    for note in &mut notes.0 {
        note.place.file.insert_str(0, &prefix);
    }
    field.context.take_over(notes);
    scenario
}

/// `[[crew]]`, each.
fn read_crews(
    context: &Context<'_>,
    sections: Vec<Section<'_>>,
    midnight: Option<DateTime>,
    communities: &[&str],
) -> Vec<Crew> {
    let mut crews: Vec<Crew> = Vec::new();
    for mut section in sections {
        let name = section.need("name").and_then(|field| field.name()).unwrap_or_default().to_owned();
        if !name.is_empty() && crews.iter().any(|other| other.name == name) {
            context.error(&section.place_of("name"), "crews_crew_twice", &[("name", &name)]);
        }
        let (from_min, until_min) = span(&mut section, ("from", "until"), midnight).unwrap_or_default();
        let at = section.get("at").and_then(|field| community(&field, communities));
        let pace = section.need("people_per_hour").and_then(|field| field.number(PACE));
        let mut agreed = Vec::new();
        for field in section.get("agreed").and_then(|field| field.list(STOPS_MAX)).unwrap_or_default() {
            let Some(stop) = community(&field, communities) else { continue };
            if agreed.contains(&stop) {
                field.error("crews_stop_twice", &[("crew", &name)]);
            } else {
                agreed.push(stop);
            }
        }
        section.finish();
        crews.push(Crew { name, from_min, until_min, at, people_per_h: pace.unwrap_or(PACE.min), agreed });
    }
    crews
}

/// The place of a community by its name.
fn community(field: &Field<'_>, communities: &[&str]) -> Option<usize> {
    let name = field.text()?;
    let place = communities.iter().position(|known| *known == name);
    if place.is_none() {
        let near = nearest(name, communities).or(communities.first().copied()).unwrap_or("–");
        field.error("crews_community_unknown", &[("near", &near)]);
    }
    place
}
