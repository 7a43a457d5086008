//! From the folder to the scenario: each part read once, then held against the others.

use crate::arrivals::{Hours, read_arrivals};
use crate::checks::{self, Resolved};
use crate::law::{Sign, law_of};
use crate::layout::read_layout;
use crate::lesson::read_lessons;
use crate::made_roll::MadeRoll;
use crate::reader::{Context, Section};
use crate::round::{RoundDraft, read_community, read_round};
use crate::service::{Comes, Service, lend_stations, service_of};
use crate::site::read_site;
use crate::value::{self, Value};
use crate::visitors::read_visitors;
use crate::walking::read_walking;
use crate::waves::{default_waves, read_attendance, read_custody, read_statistics, read_waves};
use crate::{roll, supplies, value::set, volunteers};
use domain::roll::{Household, Roll};
use domain::scenario::{Arrivals, Attendance, Gives, Round, Scenario};
use domain::{Notes, OwnRules, Place, SupplyRules};

/// The file that makes a folder a scenario.
pub(crate) const FILE: &str = "scenario.toml";
/// Where a roll may stand.
pub(crate) const ROLLS: [&str; 2] = ["roll.csv", "roll.xlsx"];
/// Stations of the scenario: what is set below this is set after those of the service have been put in.
pub(crate) const STATIONS: &str = "site.station";

/// Shapes of a city's sites, likewise.
const SHAPES: &str = "shape";

/// The scenario's tree with the command line's values in it, and its service.
pub(crate) fn tree(context: &Context<'_>, sets: &[(String, String)]) -> Option<(Value, Option<Service>)> {
    let Some(bytes) = context.file(FILE) else {
        context.error(&Place::file(FILE), "no_scenario", &[]);
        return None;
    };
    let mut tree = value::parse(context, FILE, bytes)?;
    let late = |key: &str| key.starts_with(STATIONS) || key.starts_with(SHAPES);
    let (late, early): (Vec<_>, Vec<_>) = sets.iter().partition(|(key, _)| late(key));
    for (key, value) in early {
        set(context, &mut tree, key, value);
    }
    let service = {
        let mut top = Section::top(context, FILE, &tree);
        let mut round = top.get("round").filter(|field| field.is_table()).and_then(|field| field.table());
        let purpose = round.as_mut().and_then(|round| round.get("purpose"));
        purpose.filter(|field| field.is_text()).and_then(|field| service_of(&field))
    };
    if let Some(service) = &service {
        lend_stations(service, &mut tree);
    }
    for (key, value) in late {
        set(context, &mut tree, key, value);
    }
    Some((tree, service))
}

/// The scenario of the tree, without its roll; `None` if the file is of another version or kind, or lacks a part.
pub(crate) fn scenario(
    context: &Context<'_>,
    tree: &Value,
    service: Option<&Service>,
    progress: &mut dyn FnMut(u64, u64),
) -> Option<Scenario> {
    let mut top = Section::top(context, FILE, tree);
    crate::format::check_format(&mut top)?;
    let kinds = [("community", None), ("city", Some("later_city")), ("aid", Some("later_aid"))];
    if let Some(later) = top.get("kind").and_then(|field| field.choice(&kinds)).flatten() {
        context.error(&top.place_of("kind"), later, &[]);
        return None;
    }
    let community = top.need("community").and_then(|field| field.table()).map(read_community);
    let round = top.need("round").and_then(|field| field.table()).map(read_round);
    let opens = round.as_ref().and_then(|round| round.opens);
    // Without its service, a file that leaves the stations to it is not blamed for having none.
    let site = if service.is_some() { top.need("site") } else { top.get("site") };
    let site = site.and_then(|field| field.table()).map(|table| read_site(table, opens));
    let visitors = top.get("visitor").map(|field| read_visitors(&field)).unwrap_or_default();
    let hours = Hours {
        opens,
        closes: round.as_ref().and_then(|round| round.closes),
        closes_given: round.as_ref().is_some_and(|round| round.closes_given),
    };
    let arrivals =
        top.need("arrivals").and_then(|field| field.table()).and_then(|table| read_arrivals(table, hours));
    let waves = top.table("waves").map_or_else(default_waves, read_waves);
    let attendance_place = top.place_of("attendance");
    let attendance = top.table("attendance").map(read_attendance);
    let patience = top.get("patience").map(|field| law_of(&field, Sign::NotNegative));
    let statistics = top.table("statistics").map(read_statistics);
    let custody = top.table("custody").map(read_custody);
    let walking = top.table("walking").map(read_walking);
    let supplies_place = top.place_of("supplies");
    let supplies = top.table("supplies").map(supplies::read_rules);
    let lessons = top.get("lesson").map(|field| read_lessons(&field)).unwrap_or_default();
    let layout = top.table("layout").map(read_layout);
    if let Some(roster) = top.table("roster") {
        volunteers::check_rules(roster);
    }
    let statistics_place = top.place_of("statistics");
    let arrivals_place = top.place_of("arrivals");
    top.finish();

    let (community, made) = community.unzip();
    let roll = find_roll(context, arrivals.as_ref(), made.flatten(), &arrivals_place, progress);
    let roll = match service.map(|service| service.comes) {
        Some(Comes::One) => one_of_each(&roll),
        _ => roll,
    };
    let site = site.map(|draft| checks::resolve(context, draft, visitors));
    let patience = match patience {
        Some(law) => Some(law?),
        None => None,
    };
    let Resolved { site, visitors, stations_at, visitors_at } = site?;
    let places = checks::Places {
        arrivals: arrivals_place,
        attendance: attendance_place,
        statistics: statistics_place,
        stations: stations_at,
        visitors: visitors_at,
    };
    let mut scenario = Scenario {
        community: community?,
        round: round.and_then(|round| finish_round(round, service))?,
        site,
        layout: None,
        visitors,
        arrivals: arrivals?,
        waves,
        attendance: attendance.unwrap_or(Attendance { households: 1.0, persons: 1.0 }),
        patience,
        statistics: statistics.unwrap_or_default(),
        custody: custody.unwrap_or_default(),
        walking: walking.map(|draft| draft.resolve(context, &roll)).unwrap_or_default(),
        supplies: SupplyRules::default(),
        roll,
        lessons,
        directives: Vec::new(),
        own_rules: OwnRules {
            one_comes: service.is_some_and(|service| service.comes == Comes::One),
            ..OwnRules::default()
        },
    };
    let goods = supplies::read_goods(context, &scenario);
    if supplies.is_some() && goods.is_empty() {
        context.hint(&supplies_place, "supplies_unused", &[]);
    }
    scenario.supplies = SupplyRules { goods, ..supplies.unwrap_or_default() };
    scenario.layout = layout.map(|draft| draft.resolve(context, &scenario));
    checks::check(context, &scenario, &places);
    Some(scenario)
}

fn finish_round(round: RoundDraft<'_>, service: Option<&Service>) -> Option<Round> {
    let gives = service.map(|service| service.gives)?;
    if gives != Gives::Tube
        && round.pool_size > 1
        && let Some(pool) = &round.pool
    {
        pool.context.warning(&pool.place, "pool_without_tubes", &[]);
    }
    Some(Round {
        purpose: round.purpose?.text()?.to_owned(),
        gives,
        opens: round.opens?,
        closes: round.closes,
        pool: round.pool_size,
    })
}

/// The roll that the arrivals need: from its file, or made. A file is read, and its notes given, even where the
/// arrivals could not be read.
fn find_roll(
    context: &Context<'_>,
    arrivals: Option<&Arrivals>,
    made: Option<(MadeRoll, Place)>,
    place: &Place,
    progress: &mut dyn FnMut(u64, u64),
) -> Roll {
    let files: Vec<(&str, &[u8])> =
        ROLLS.into_iter().filter_map(|name| Some((name, context.file(name)?))).collect();
    let wanted = arrivals.is_none_or(Arrivals::needs_roll);
    if let [(name, bytes), rest @ ..] = files.as_slice() {
        if !wanted {
            context.hint(&Place::file(*name), "roll_unused", &[]);
            return Roll::default();
        }
        if !rest.is_empty() {
            context.error(&Place::file(*name), "two_rolls", &[("one", &ROLLS[0]), ("other", &ROLLS[1])]);
        }
        if let Some((_, asked_at)) = &made {
            context.warning(asked_at, "made_roll_unused", &[("name", name)]);
        }
        let (roll, notes) = roll::read_roll(name, bytes, progress);
        context.take_over(notes);
        return roll;
    }
    match made {
        Some((made, _)) if wanted => made.make(),
        Some((_, asked_at)) => {
            context.hint(&asked_at, "roll_unused", &[]);
            Roll::default()
        }
        None => {
            if arrivals.is_some_and(Arrivals::needs_roll) {
                context.error(place, "no_roll", &[]);
            }
            Roll::default()
        }
    }
}

/// The roll of those who come where one person comes for a household: one without a mark, if there is any, for who
/// can walk goes. The others stay at home and out of every count.
fn one_of_each(roll: &Roll) -> Roll {
    let mut heads = Roll { entrances: roll.entrances.clone(), ..Roll::default() };
    for household in &roll.households {
        let members = &roll.residents[household.residents.start as usize..household.residents.end as usize];
        let start = heads.people();
        let head = members.iter().find(|marks| !marks.green()).or(members.first());
        heads.residents.extend(head);
        heads.households.push(Household { residents: start..heads.people(), ..household.clone() });
    }
    heads
}

/// All notes and, if none of them refuses, the scenario.
pub(crate) fn finish<T>(context: Context<'_>, scenario: Option<T>) -> (Option<T>, Notes) {
    let refused = context.refuses();
    assert!(refused || scenario.is_some(), "what could not be read has a note that says why");
    (scenario.filter(|_| !refused), context.into_notes())
}
