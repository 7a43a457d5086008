//! From a scenario's site and people to the model that the engines run.

use chance::{Interner, Law, Ticks};
use domain::{
    Mark, Scenario,
    scenario::{Arrivals, LaneChoice, Order, Servers, Site, Station, Target, Unit},
};
use queueing::{Changeover, Class, Model, Route, Walk};

/// The model, and what its numbers are called.
pub(crate) struct Compiled {
    pub model: Model,
    pub class_names: Vec<String>,
    /// Each resident's class by their marks, or `None` where chance decides.
    pub resident_class: Vec<Option<u8>>,
    pub classes: Classes,
    pub stations: Vec<(String, Option<u32>)>,
    pub interner: Interner,
}

/// How people without a deciding mark fall into classes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Classes {
    /// Upper ends of each visitor class's share on a scale of 2³², with the class.
    pub shares: Vec<(u64, u8)>,
    /// The class of walk-ins who are green.
    pub green: Option<u8>,
    /// People who stand at a station when the site opens, each station a class of its own.
    pub starting: Vec<(u32, u8)>,
    /// Sizes of parties by class: upper ends of shares on a scale of 2³², and the size.
    pub parties: Vec<Vec<(u64, u8)>>,
}

/// The largest party that is served together; a larger one comes as several.
pub(crate) const PARTY_MAX: usize = 255;

pub(crate) fn ticks(seconds: f64) -> Ticks {
    (seconds * chance::TICKS_PER_SECOND as f64 + if seconds < 0.0 { -0.5 } else { 0.5 }) as Ticks
}

pub(crate) fn word_share(share: f64) -> u64 {
    (share * 4_294_967_296.0 + 0.5) as u64
}

pub(crate) fn compile(scenario: &Scenario) -> Compiled {
    compile_beside(scenario, Interner::default())
}

/// The same with the tables of laws that were compiled before.
pub(crate) fn compile_beside(scenario: &Scenario, mut interner: Interner) -> Compiled {
    let (class_list, class_names, classes, resident_class) = classes(scenario);
    let site = &scenario.site;
    let stations =
        (0..site.stations.len()).map(|place| station(site, place, &class_names, &mut interner)).collect();
    let model = Model {
        lanes: site.lanes,
        lane_choice: match site.lane_choice {
            LaneChoice::Assigned => queueing::LaneChoice::Assigned,
            LaneChoice::Shortest => queueing::LaneChoice::Shortest,
        },
        stations,
        classes: class_list,
        closes: scenario.round.closes,
        patience: scenario.patience.as_ref().map(|law| interner.sampler(law)),
        room: site.room,
        warmup: scenario.statistics.warmup_people,
    };
    let most = |station: &Station| match &station.servers {
        Servers::Unlimited => None,
        Servers::Calendar(calendar) => calendar.0.iter().map(|&(_, servers)| servers).max(),
    };
    let stations = site.stations.iter().map(|station| (station.name.clone(), most(station))).collect();
    Compiled { model, class_names, resident_class, classes, stations, interner }
}

fn station(site: &Site, place: usize, class_names: &[String], interner: &mut Interner) -> queueing::Station {
    let station = &site.stations[place];
    let walk = match &station.walk {
        None => Walk::Constant(0),
        Some(law) => match law.shape {
            chance::Shape::Constant { mean_s } => Walk::Constant(ticks(law.floor_s + mean_s)),
            _ => Walk::Random(interner.sampler(law)),
        },
    };
    queueing::Station {
        shared: station.shared,
        servers: match &station.servers {
            Servers::Unlimited => queueing::Servers::Unlimited,
            Servers::Calendar(calendar) => queueing::Servers::Calendar(calendar.0.clone()),
        },
        service: interner.sampler(&station.service),
        changeover: station
            .changeover
            .map(|pause| Changeover { every: pause.every.max(1), away: ticks(pause.away_s) }),
        routes: class_names.iter().map(|class| routes(site, place, class)).collect(),
        party: station.unit != Unit::Person,
        plus_each: ticks(station.plus_each_s),
        room: station.room,
        walk,
        observe: ticks(station.observe_min * 60.0),
        scrum: station.order == Order::Scrum,
    }
}

/// A class's ways on from a station: its own, or everyone's, or straight to the next.
fn routes(site: &Site, place: usize, class: &str) -> Vec<Route> {
    let branches = &site.stations[place].next;
    let own = branches.iter().any(|branch| branch.class.as_deref() == Some(class));
    let wanted = if own { Some(class) } else { None };
    let mut below = 0.0;
    let mut routes: Vec<Route> = branches
        .iter()
        .filter(|branch| branch.class.as_deref() == wanted)
        .map(|branch| {
            below += branch.share;
            let to = match branch.to {
                Target::Station(to) => Some(to),
                Target::Exit => None,
            };
            Route { below: word_share(below), to }
        })
        .collect();
    if routes.is_empty() {
        let next = (place + 1 < site.stations.len()).then_some(place + 1);
        routes.push(Route { below: 1 << 32, to: next });
    }
    routes
}

type ClassTable = (Vec<Class>, Vec<String>, Classes, Vec<Option<u8>>);

fn classes(scenario: &Scenario) -> ClassTable {
    let green_channel = scenario.site.green_channel;
    let mut list = vec![Class::COMMON];
    let mut names = vec!["general".to_owned()];
    let mut classes = Classes { parties: vec![Vec::new()], ..Classes::default() };
    let mut below = 0.0;
    for visitor in &scenario.visitors {
        let green = Mark::names_green(&visitor.class);
        let number = u8::try_from(list.len()).expect("the check limits classes");
        list.push(Class {
            priority: if visitor.priority || green && green_channel { 0 } else { 1 },
            factor: (visitor.service_factor * 65_536.0 + 0.5) as u32,
            skips: visitor.skips.iter().fold(0, |skips, station| skips | 1 << station),
            watched: green,
            ..Class::COMMON
        });
        names.push(visitor.class.clone());
        if visitor.share > 0.0 {
            below += visitor.share;
            classes.shares.push((word_share(below), number));
        }
        let weights: f64 = visitor.parties.iter().map(|party| party.weight).sum();
        let mut upto = 0.0;
        let sizes = visitor.parties.iter().map(|party| {
            upto += party.weight / weights;
            (word_share(upto), party.size.clamp(1, PARTY_MAX as u16) as u8)
        });
        classes.parties.push(sizes.collect());
    }
    let own = |mark: Mark| names.iter().position(|name| name == mark.name()).map(|place| place as u8);
    let by_mark: Vec<(Mark, Option<u8>)> = Mark::ALL.into_iter().map(|mark| (mark, own(mark))).collect();
    let some_green = scenario.roll.residents.iter().any(|marks| {
        by_mark.iter().any(|(mark, class)| marks.has(*mark) && class.is_none() && Mark::GREEN.contains(mark))
    });
    let named = names.iter().position(|name| name == "green").map(|place| place as u8);
    if named.is_some() {
        classes.green = named;
    } else if some_green || green_walk_ins(&scenario.arrivals) {
        classes.green = Some(list.len() as u8);
        let priority = if green_channel { 0 } else { 1 };
        list.push(Class { priority, watched: true, ..Class::COMMON });
        names.push("green".to_owned());
        classes.parties.push(Vec::new());
    }
    for (place, station) in scenario.site.stations.iter().enumerate() {
        if station.waiting_at_start > 0 {
            let class = u8::try_from(list.len()).expect("the check limits classes");
            let lanes = if station.shared { 1 } else { u32::from(scenario.site.lanes) };
            classes.starting.push((station.waiting_at_start * lanes, class));
            list.push(Class { enters: place as u8, ..Class::COMMON });
            names.push(station.start_class());
            classes.parties.push(Vec::new());
        }
    }
    let green = classes.green;
    let resident_class = scenario.roll.residents.iter().map(|marks| {
        by_mark
            .iter()
            .find_map(|(mark, class)| if marks.has(*mark) { *class } else { None })
            .or(if marks.green() { green } else { None })
    });
    let resident_class = resident_class.collect();
    (list, names, classes, resident_class)
}

/// Whether people who come together are served together anywhere.
pub(crate) fn serves_parties(scenario: &Scenario) -> bool {
    scenario.site.stations.iter().any(|station| station.unit != Unit::Person)
}

fn green_walk_ins(arrivals: &Arrivals) -> bool {
    match arrivals {
        Arrivals::Poisson(walk_ins) => walk_ins.green_share > 0.0,
        Arrivals::Mix(mix) => mix.walk_ins.as_ref().is_some_and(|walk_ins| walk_ins.green_share > 0.0),
        _ => false,
    }
}

/// The law of reacting to a message to all, where the scenario has none of its own: a median of half an hour, and
/// one in ten later than an hour and a half.
pub(crate) fn usual_reaction_to_a_message() -> Law {
    Law::lognormal_median_sigma(1800.0, 0.8)
}
