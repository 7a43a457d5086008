//! Aid between cities: `kind = "aid"` at the top of `scenario.toml`, and the tables `donors`, `demand`, `places`, `travel` and `deployed`.
//!
//! Map: here the file itself · `tables` the rows of the five tables · `ways` hours from each donor to each district.

mod tables;
mod ways;

use crate::{
    Files, compose,
    reader::{Context, Limits, Section},
    value::{self, Value},
};
use domain::{
    Aid, Notes, Place,
    aid::{REST_DAYS_MAX, Rules, Skill, Team},
};
use jiff::civil::Date;

/// Days that one plan covers: what is known of a fortnight ahead is little, of two months nothing.
const DAYS_MAX: f64 = 60.0;
/// Skills that are told apart.
const SKILLS_MAX: usize = 12;
/// More than all of China's prefectures (333: statistical bulletin on civil affairs of 2021, Ministry of Civil Affairs, August 2022), and the
/// districts of several megacities: the program grows with their product.
const DONORS_MAX: usize = 400;
const DISTRICTS_MAX: usize = 300;
/// Hours that are travelled before a day's work begins.
const SAME_DAY_H: f64 = 4.0;
/// A bus on motorways, with its stops.
const KM_PER_H: f64 = 70.0;
/// How long a team works where nothing is said.
const STAY_DAYS: u32 = 14;
/// How long it is isolated after it, where nothing is said.
const REST_DAYS: u32 = 14;
/// Cases on a day from which a city tests everybody, where nothing is said.
const WHOLE_CITY_CASES: f64 = 20.0;
/// Second guide to testing whole cities, September 2021: up to five million residents within two days, more within three.
const ROUND_DAYS: (u32, u32) = (2, 3);
const ROUND_RESIDENTS: u32 = 5_000_000;
/// People in a tube, as the guides of spring 2022 have it.
const POOL: u32 = 10;

/// Whether a folder is of this kind; says nothing about it.
pub fn is_aid(files: &Files) -> bool {
    let Some(bytes) = files.0.get(compose::FILE) else { return false };
    value::parse(&Context::new(files), compose::FILE, bytes).is_some_and(|tree| tree.is_aid())
}

/// Reads the folder, as [`crate::read`] does a community's.
pub fn read_aid(files: &Files, sets: &[(String, String)]) -> (Option<Aid>, Notes) {
    let context = Context::new(files);
    let aid = compose::tree(&context, sets).and_then(|(tree, _)| aid(&context, &tree));
    crate::folder::check_others(&context);
    compose::finish(context, aid)
}

fn aid(context: &Context<'_>, tree: &Value) -> Option<Aid> {
    let mut top = Section::top(context, compose::FILE, tree);
    crate::format::check_format(&mut top)?;
    top.get("kind");
    let head = top.need("aid").and_then(|field| field.table()).map(read_head);
    let skills_place = top.place_of("skill");
    let skills = top.need("skill").map(|field| field.tables(SKILLS_MAX)).unwrap_or_default();
    let skills = read_skills(context, skills);
    let mut rules = Rules {
        same_day_h: SAME_DAY_H,
        stay_days: STAY_DAYS as usize,
        rest_days: REST_DAYS as usize,
        seats: None,
        whole_city_cases: WHOLE_CITY_CASES,
        round_days: ROUND_DAYS,
        round_residents: ROUND_RESIDENTS,
        pool: POOL,
    };
    let mut km_per_h = KM_PER_H;
    if let Some(mut section) = top.table("travel") {
        rules.same_day_h = section.number("same_day_h", Limits::new(0.0, 24.0)).unwrap_or(rules.same_day_h);
        km_per_h = section.number("km_per_h", Limits::new(1.0, 1_000.0)).unwrap_or(km_per_h);
        rules.seats = section.whole("seats", Limits::new(1.0, 2_000.0));
        section.finish();
    }
    if let Some(mut section) = top.table("stay") {
        let days = Limits::new(1.0, 365.0);
        rules.stay_days = section.whole("days", days).unwrap_or(STAY_DAYS) as usize;
        let rest = Limits::new(0.0, f64::from(REST_DAYS_MAX));
        rules.rest_days = section.whole("rest_days", rest).unwrap_or(REST_DAYS) as usize;
        section.finish();
    }
    if let Some(mut section) = top.table("home") {
        let cases = section.number("whole_city_cases", Limits::new(0.0, 1e6));
        rules.whole_city_cases = cases.unwrap_or(rules.whole_city_cases);
        let days = Limits::new(1.0, 14.0);
        rules.round_days.0 = section.whole("round_days", days).unwrap_or(ROUND_DAYS.0);
        rules.round_days.1 = section.whole("round_days_large", days).unwrap_or(ROUND_DAYS.1);
        let residents = section.whole("large_residents", Limits::new(0.0, 1e9));
        rules.round_residents = residents.unwrap_or(ROUND_RESIDENTS);
        rules.pool = section.whole("pool", Limits::new(1.0, 20.0)).unwrap_or(POOL);
        section.finish();
    }
    top.finish();
    if skills.is_empty() && !context.refuses() {
        context.error(&skills_place, "aid_no_skills", &[]);
    }
    // Tables are read, and their notes given, even where the file beside them is wrong.
    let first = head.as_ref().and_then(|head| head.first);
    let days = head.as_ref().map_or(1, |head| head.days);
    let read = tables::read(context, &skills, first, days);
    let Head { name, first, days } = head?;
    let travel_h = ways::hours(context, &read, km_per_h);
    let mut aid = Aid {
        name,
        first: first?,
        days,
        now: 0,
        skills,
        donors: read.donors,
        districts: read.districts,
        requests: read.requests,
        travel_h,
        teams: Vec::new(),
        rules,
    };
    for team in read.teams {
        let leaves = team.from.saturating_sub(aid.way_days(team.donor, team.district));
        let free = aid.free(team.donor, team.district, team.until);
        aid.teams.push(Team { leaves, free, ..team });
    }
    Some(aid)
}

/// `[aid]`.
struct Head {
    name: String,
    first: Option<Date>,
    days: usize,
}

fn read_head(mut section: Section<'_>) -> Head {
    let name = section.need("name").and_then(|field| field.name()).unwrap_or_default().to_owned();
    let first = section.need("from").and_then(|field| field.date());
    let days = section.need("days").and_then(|field| field.whole(Limits::new(1.0, DAYS_MAX))).unwrap_or(1);
    section.finish();
    Head { name, first, days: days as usize }
}

/// `[[skill]]`, each.
fn read_skills(context: &Context<'_>, sections: Vec<Section<'_>>) -> Vec<Skill> {
    let mut skills: Vec<Skill> = Vec::new();
    for mut section in sections {
        let name = section.need("name").and_then(|field| field.name()).unwrap_or_default().to_owned();
        if !name.is_empty() && skills.iter().any(|other| other.name == name) {
            context.error(&section.place_of("name"), "aid_skill_twice", &[("name", &name)]);
        }
        let each = Limits::new(1.0, 100_000.0);
        skills.push(Skill {
            name,
            team: section.whole("team", Limits::new(1.0, 10_000.0)).unwrap_or(1),
            tests_per_day: section.number("tests_per_day", each),
            tubes_per_day: section.number("tubes_per_day", each),
            staff_per_case: section.number("staff_per_case", Limits::new(0.0, 1_000.0)).unwrap_or(0.0),
        });
        section.finish();
    }
    skills
}

/// Where a file of places, donors and requests could be wrong as a whole.
fn nothing(context: &Context<'_>, file: &str, code: &'static str) {
    if !context.refuses() {
        context.error(&Place::file(file), code, &[]);
    }
}

impl Value {
    /// Whether the tree of a scenario's file says that it is aid between cities.
    pub(crate) fn is_aid(&self) -> bool {
        self.entry("kind").and_then(Value::text) == Some("aid")
    }
}
