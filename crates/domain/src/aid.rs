//! Who sends whom: donors with what must stay at home, requests of a recipient's districts, and the plan between them.
//!
//! Days are counted from the first day of the plan, which is 0.

use jiff::civil::Date;

/// Donors, districts, requests, and what is ruled.
#[derive(Clone, Debug, PartialEq)]
pub struct Aid {
    /// What it is called.
    pub name: String,
    /// Day 0.
    pub first: Date,
    /// Days that are planned.
    pub days: usize,
    /// The first day on which somebody can still leave.
    pub now: usize,
    /// What people can do.
    pub skills: Vec<Skill>,
    /// Who sends.
    pub donors: Vec<Donor>,
    /// Where they go.
    pub districts: Vec<District>,
    /// What is asked for.
    pub requests: Vec<Request>,
    /// Hours on the way from each donor to each district.
    pub travel_h: Vec<Vec<f64>>,
    /// Teams that have left already: they stay as they are.
    pub teams: Vec<Team>,
    /// What holds for all.
    pub rules: Rules,
}

/// Days of rest, at most.
pub const REST_DAYS_MAX: u32 = 60;

/// What holds for all.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Who is no longer on the way than this works on the day of leaving; each further 24 hours, begun, cost a day.
    pub same_day_h: f64,
    /// Days that a team works at most.
    pub stay_days: usize,
    /// Days after the journey home on which it does not count there: isolation, rest.
    pub rest_days: usize,
    /// Seats of a bus; `None`: people travel as they can.
    pub seats: Option<u32>,
    /// Cases on one day from which a donor tests all its residents.
    pub whole_city_cases: f64,
    /// Residents up to whom a city is tested within the first number of days, above within the second.
    pub round_days: (u32, u32),
    /// Residents that part the two.
    pub round_residents: u32,
    /// People in a tube.
    pub pool: u32,
}

/// What somebody can do.
#[derive(Clone, Debug, PartialEq)]
pub struct Skill {
    /// Its name.
    pub name: String,
    /// People of a team, which comes whole; 1: anybody can come alone.
    pub team: u32,
    /// People whom one of them samples in a day; `None`: they do not sample.
    pub tests_per_day: Option<f64>,
    /// Tubes that one of them tests in a day; `None`: they do not test.
    pub tubes_per_day: Option<f64>,
    /// How many of them a case needs at home for as long as cases are counted.
    pub staff_per_case: f64,
}

/// A city or a hospital that sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Donor {
    /// Its name.
    pub name: String,
    /// Who lives there.
    pub residents: u32,
    /// Its own cases on the day before the first.
    pub cases: f64,
    /// What they are multiplied by from day to day.
    pub growth: f64,
    /// People whom its own rule has tested each day.
    pub tests_per_day: f64,
    /// The last day of that rule; `None`: it goes on.
    pub tests_until: Option<i32>,
    /// Buses that can leave on one day; `None`: as many as are needed.
    pub buses: Option<u32>,
    /// By skill, in the order of [`Aid::skills`].
    pub staff: Vec<Staff>,
}

/// A donor's people of one skill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Staff {
    /// How many it has.
    pub people: u32,
    /// How many it offers; `None`: all that need not stay.
    pub offered: Option<u32>,
    /// How many stay in any case.
    pub reserve: u32,
}

/// A place that people are sent to.
#[derive(Clone, Debug, PartialEq)]
pub struct District {
    /// Its name.
    pub name: String,
    /// Beds for those who come; `None`: enough.
    pub beds: Option<u32>,
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The district.
    pub district: usize,
    /// The skill.
    pub skill: usize,
    /// How many, each day.
    pub people: u32,
    /// The first day.
    pub from: i32,
    /// The last day.
    pub until: i32,
    /// What for.
    pub why: String,
}

impl Aid {
    /// Days between leaving and working, and as many between the last day of work and being home.
    pub fn way_days(&self, donor: usize, district: usize) -> i32 {
        ((self.travel_h[donor][district] - self.rules.same_day_h).max(0.0) / 24.0).ceil() as i32
    }

    /// The day from which who works until a day counts at home again: the journey and the rest lie between.
    pub fn free(&self, donor: usize, district: usize, until: i32) -> i32 {
        let rest_days = self.rules.rest_days as i32;
        until.saturating_add(1).saturating_add(self.way_days(donor, district)).saturating_add(rest_days)
    }
}

/// People who have left already.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// Who sent it.
    pub donor: usize,
    /// Where it is.
    pub district: usize,
    /// What it does.
    pub skill: usize,
    /// How many they are.
    pub people: u32,
    /// The day of leaving.
    pub leaves: i32,
    /// The first day of work.
    pub from: i32,
    /// The last day of work; before the first if they were called back on their way.
    pub until: i32,
    /// The day from which they count at home again, by [`Aid::free`].
    pub free: i32,
}

/// People of one skill whom a donor sends to a district on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deployment {
    /// The day of leaving.
    pub leaves: i32,
    /// Who sends.
    pub donor: usize,
    /// Where to.
    pub district: usize,
    /// Who they are.
    pub skill: usize,
    /// How many.
    pub people: u32,
    /// The first day of work; they sleep there from this day on.
    pub from: i32,
    /// The last day of work.
    pub until: i32,
    /// The day from which they count at home again.
    pub free: i32,
}

/// Buses that a donor sends to a district on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trip {
    /// The day of leaving.
    pub leaves: i32,
    /// Who sends.
    pub donor: usize,
    /// Where to.
    pub district: usize,
    /// How many.
    pub buses: u32,
}

/// Who sends whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AidPlan {
    /// In the order of days, donors, districts, skills.
    pub deployments: Vec<Deployment>,
    /// In the same order; empty where no bus is counted.
    pub trips: Vec<Trip>,
}
