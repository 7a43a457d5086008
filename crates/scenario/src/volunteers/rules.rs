//! `[roster]`: how far the rules go, and how shifts are made of the plan's stations.

use crate::{
    clock::Clock,
    reader::{Field, Limits, Section},
};
use domain::roster::{Rule, Rules};

/// How shifts are made of the plan's stations, where there is no `shifts.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct PostRules {
    /// Length of a shift, in minutes.
    pub shift_min: i32,
    /// Stations that a medical crew brings its own people for.
    pub crew: Vec<String>,
    /// Roles beside the stations, with how many people.
    pub posts: Vec<(String, u32)>,
    /// Roles in protective clothing.
    pub suit: Vec<String>,
    /// The hours of heat, in minutes after midnight; `None` on a mild day.
    pub heat: Option<(i32, i32)>,
    /// People who wait, for each further one who keeps order.
    pub waiting_per_keeper: u32,
    /// The station at which scanning is another's work, and its share of the service.
    pub scanning: Option<(String, f64)>,
}

impl PostRules {
    /// Whether some of a stretch is in the hours of heat, on whatever day: minutes after a midnight at which it begins, and for how long.
    pub fn is_hot(&self, from_min: i32, minutes: i32) -> bool {
        let begins = from_min.rem_euclid(1440);
        self.heat.is_some_and(|(hot, mild)| {
            [0, 1440].iter().any(|day| begins < mild + day && hot + day < begins + minutes)
        })
    }
}

impl Default for PostRules {
    fn default() -> PostRules {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        PostRules {
            shift_min: 120,
            crew: words(&["sampling", "vaccination"]),
            posts: Vec::new(),
            suit: words(&["sampling", "registration"]),
            heat: None,
            waiting_per_keeper: 50,
            scanning: None,
        }
    }
}

/// Roles that one list may hold.
const ROLES_MAX: usize = 50;
/// People at one post.
const PEOPLE: Limits = Limits::new(0.0, 1_000.0);
const LIFTED: [(&str, Rule); 4] = [
    ("together", Rule::Together),
    ("apart", Rule::Apart),
    ("first_timers", Rule::FirstTimers),
    ("twice_median", Rule::TwiceMedian),
];
/// Wishes that a community may make hard rules.
const HARDENED: [(&str, Rule); 1] = [("rotation", Rule::Rotation)];

pub(super) fn read(mut section: Section<'_>) -> (Rules, PostRules) {
    let (mut rules, mut staffing) = (Rules::default(), PostRules::default());
    let day = Limits::new(0.0, 1_440.0);
    let mut minutes = |key: &'static str, of: &mut i32, least: f64| {
        if let Some(number) = section.whole(key, Limits::new(least, day.max)) {
            *of = number as i32;
        }
    };
    minutes("shift_min", &mut staffing.shift_min, 15.0);
    minutes("suit_in_heat_min", &mut rules.suit_in_heat_min, 15.0);
    minutes("suit_recovery_min", &mut rules.suit_recovery_min, 0.0);
    minutes("duty_min", &mut rules.duty_min, 15.0);
    minutes("rest_min", &mut rules.rest_min, 0.0);
    minutes("night_rest_min", &mut rules.night_rest_min, 0.0);
    minutes("way_min", &mut rules.way_min, 0.0);
    minutes("rotation_min", &mut rules.rotation_min, 15.0);
    let stock = Limits::new(0.0, 1_000_000.0);
    rules.suits = section.whole("suits", stock);
    rules.vests = section.whole("vests", stock);
    if let Some(words) = section.get("lift").and_then(|field| field.list(LIFTED.len())) {
        rules.lifted = words.iter().filter_map(|word| word.choice(&LIFTED)).collect();
    }
    if let Some(words) = section.get("hard").and_then(|field| field.list(HARDENED.len())) {
        let hard: Vec<Rule> = words.iter().filter_map(|word| word.choice(&HARDENED)).collect();
        rules.rotation_hard = hard.contains(&Rule::Rotation);
    }
    let cost = Limits::new(0.0, 100_000.0);
    if let Some(mut costs) = section.table("costs") {
        for (key, of) in [
            ("empty", &mut rules.empty_cost),
            ("nobody_nothing", &mut rules.nobody_cost),
            ("if_needed", &mut rules.if_needed_cost),
            ("preference", &mut rules.preference_cost),
            ("rotation", &mut rules.rotation_cost),
        ] {
            *of = costs.whole(key, cost).unwrap_or(*of);
        }
        costs.finish();
    }
    for (key, of) in [("crew", &mut staffing.crew), ("suit", &mut staffing.suit)] {
        if let Some(words) = section.get(key).and_then(|field| field.list(ROLES_MAX)) {
            *of = words.iter().filter_map(Field::name).map(str::to_owned).collect();
        }
    }
    for mut post in section.get("post").map(|field| field.tables(ROLES_MAX)).unwrap_or_default() {
        let role = post.need("role").and_then(|field| field.name()).map(str::to_owned);
        let people = post.need("people").and_then(|field| field.whole(PEOPLE));
        post.finish();
        staffing.posts.extend(role.zip(people));
    }
    staffing.waiting_per_keeper = section
        .whole("waiting_per_keeper", Limits::new(1.0, 10_000.0))
        .unwrap_or(staffing.waiting_per_keeper);
    if let Some(mut scanning) = section.table("scanning") {
        let station = scanning.need("station").and_then(|field| field.name()).map(str::to_owned);
        let share = scanning.need("share").and_then(|field| field.number(Limits::new(0.01, 0.99)));
        scanning.finish();
        staffing.scanning = station.zip(share);
    }
    if let Some(mut heat) = section.table("heat") {
        let mut time = |key| {
            let field = heat.need(key)?;
            match field.clock()? {
                Clock::Time(time) => Some(i32::from(time.hour()) * 60 + i32::from(time.minute())),
                Clock::Moment(_) => {
                    field.error("not_a_time", &[]);
                    None
                }
            }
        };
        let (from, until) = (time("from"), time("until"));
        heat.finish();
        staffing.heat = from.zip(until);
    }
    section.finish();
    (rules, staffing)
}
