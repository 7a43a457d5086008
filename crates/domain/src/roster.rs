//! Volunteers, the shifts that are to be filled, and the rules between them. All times are minutes after the local midnight at
//! which the roster's first day begins.

use crate::roll::Tongue;
use jiff::civil::DateTime;

/// Minutes of a day.
pub const DAY_MIN: i32 = 24 * 60;

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its beginning.
    pub from_min: i32,
    /// Its end, not included.
    pub until_min: i32,
}

impl Span {
    /// How long it is.
    pub fn minutes(self) -> i32 {
        self.until_min - self.from_min
    }
    /// Whether some minute is in both.
    pub fn overlaps(self, other: Span) -> bool {
        self.from_min < other.until_min && other.from_min < self.until_min
    }
    /// Whether all of the other is in this one.
    pub fn holds(self, other: Span) -> bool {
        self.from_min <= other.from_min && other.until_min <= self.until_min
    }
}

/// What somebody does at a shift: calling, registration, order keeping …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its word, `registration`.
    pub name: String,
    /// Whether anyone can do it after five minutes' briefing: order keeping, calling, carrying.
    pub anyone: bool,
}

/// Some who do the same thing at the same time in the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// When.
    pub span: Span,
    /// What: a place in [`Task::roles`].
    pub role: usize,
    /// How many people.
    pub people: u32,
    /// Where: a place in [`Task::sites`]; 0 is this community, others are communities to which people are lent.
    pub site: usize,
    /// Whether it is worked in protective clothing, of which each assignment takes one.
    pub suit: bool,
    /// Whether it is worked in the heat.
    pub heat: bool,
}

/// Who can help.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volunteer {
    /// As the roster shows it.
    pub name: String,
    /// The roles that they are trained for, in order; what anyone can do is not listed.
    pub roles: Vec<usize>,
    /// When they can come: in order, apart from each other.
    pub available: Vec<Span>,
    /// "I can come if nobody does."
    pub if_needed: bool,
    /// Whether this is all new to them.
    pub first_timer: bool,
    /// Whether they come from elsewhere: nothing is owed to them, and fairness does not count them.
    pub guest: bool,
    /// Whether they dropped out: nothing is owed to them any more, and the median does not count them.
    pub excused: bool,
    /// Whether protective clothing is nothing for them.
    pub no_suit: bool,
    /// Whether the heat is nothing for them.
    pub no_heat: bool,
    /// The most that they serve on one day.
    pub minutes_per_day_max: Option<i32>,
    /// Roles that they would rather have; empty: any.
    pub prefers: Vec<usize>,
    /// Languages that they speak with those who speak no other.
    pub languages: Vec<Tongue>,
    /// Organisations with which their hours count: where they live, and where they work.
    pub organisations: Vec<String>,
    /// Their row in the volunteers' sheet; 0 if they stand in none.
    pub row: u32,
}

/// Two volunteers who belong together or apart: places in [`Task::volunteers`], the smaller one first.
pub type Pair = (usize, usize);

/// Whether a rule may be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// Never: rather a place stays empty.
    Hard,
    /// At this cost for each time.
    Soft(u32),
}

/// The rules. Each is one thing that can be broken, and has one reason (`rule.NAME` in the catalogue).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Only who is trained for a role does it.
    Trained,
    /// Nobody is asked for when they said that they cannot come.
    Available,
    /// Nobody is in two places, and the way between two is walked in time.
    OnePlace,
    /// In protective clothing in the heat two hours at most, then an hour without.
    SuitInHeat,
    /// On duty four hours at most in any five.
    Rest,
    /// After a shift that ends late at night, eight hours before the next.
    Night,
    /// Nobody serves more on a day than they said.
    Limit,
    /// Protective clothing or heat for nobody who said that they cannot stand it.
    Fit,
    /// Who belongs together is on duty at the same times.
    Together,
    /// Who is to be apart (one stays with the child) is never on duty at the same time.
    Apart,
    /// At each shift no more first-timers than experienced people.
    FirstTimers,
    /// Protective clothing lasts.
    Suits,
    /// Vests suffice at any time.
    Vests,
    /// Nobody serves more than twice the median.
    TwiceMedian,
    /// Who was pinned stays.
    Pinned,
    /// Every place is filled.
    Filled,
    /// Nobody who can come is left out.
    Nobody,
    /// After an hour at a hard post, another one. A community may make it a hard rule.
    Rotation,
    /// Everybody does what they would rather do.
    Preference,
    /// Who comes only if nobody else does is left at home.
    IfNeeded,
}

impl Rule {
    /// All of them, hard ones first.
    pub const ALL: [Rule; 20] = [
        Rule::Trained,
        Rule::Available,
        Rule::OnePlace,
        Rule::SuitInHeat,
        Rule::Rest,
        Rule::Night,
        Rule::Limit,
        Rule::Fit,
        Rule::Together,
        Rule::Apart,
        Rule::FirstTimers,
        Rule::Suits,
        Rule::Vests,
        Rule::TwiceMedian,
        Rule::Pinned,
        Rule::Filled,
        Rule::Nobody,
        Rule::Rotation,
        Rule::Preference,
        Rule::IfNeeded,
    ];

    /// Its word in files and in the catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Trained => "trained",
            Rule::Available => "available",
            Rule::OnePlace => "one_place",
            Rule::SuitInHeat => "suit_in_heat",
            Rule::Rest => "rest",
            Rule::Night => "night",
            Rule::Limit => "limit",
            Rule::Fit => "fit",
            Rule::Together => "together",
            Rule::Apart => "apart",
            Rule::FirstTimers => "first_timers",
            Rule::Suits => "suits",
            Rule::Vests => "vests",
            Rule::TwiceMedian => "twice_median",
            Rule::Pinned => "pinned",
            Rule::Filled => "filled",
            Rule::Nobody => "nobody_nothing",
            Rule::Rotation => "rotation",
            Rule::Preference => "preference",
            Rule::IfNeeded => "if_needed",
        }
    }
}

/// How far the rules go. The defaults are those of volunteers' handbooks and of the round that this house was built for:
/// docs/roster.md gives the reason of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Minutes in protective clothing in the heat, in any stretch that is `suit_recovery_min` longer.
    pub suit_in_heat_min: i32,
    /// Minutes out of it after that.
    pub suit_recovery_min: i32,
    /// Minutes on duty, in any stretch that is `rest_min` longer.
    pub duty_min: i32,
    /// Minutes of rest after that.
    pub rest_min: i32,
    /// A shift that ends at or after this minute of the day, or before `dawn_min`, is a late one.
    pub late_min: i32,
    /// Before this minute of the day it is still night.
    pub dawn_min: i32,
    /// Minutes between the end of a late shift and the next.
    pub night_rest_min: i32,
    /// Minutes on the way between two communities.
    pub way_min: i32,
    /// Minutes at a post in protective clothing or heat after which someone should change to another.
    pub rotation_min: i32,
    /// Sets of protective clothing; absent: enough.
    pub suits: Option<u32>,
    /// Vests that are worn at one time; absent: enough.
    pub vests: Option<u32>,
    /// Whether the rules that a community may lift hold: `Together`, `Apart`, `FirstTimers`, `TwiceMedian`.
    pub lifted: Vec<Rule>,
    /// Whether nobody stays longer than `rotation_min` at one such post, rather than that it costs something.
    pub rotation_hard: bool,
    /// The most that somebody may serve though it is more than twice the median: the bound of the roster that was agreed, before somebody
    /// dropped out. What was fair then does not become unfair by it.
    pub agreed_max_min: Option<i32>,
    /// What a place that stays empty costs.
    pub empty_cost: u32,
    /// What somebody costs who can come and is left out.
    pub nobody_cost: u32,
    /// What somebody costs who is asked though they come only if nobody does, for each shift.
    pub if_needed_cost: u32,
    /// What a shift in a role costs that somebody would rather not have.
    pub preference_cost: u32,
    /// What a missed rotation costs.
    pub rotation_cost: u32,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            suit_in_heat_min: 120,
            suit_recovery_min: 60,
            duty_min: 240,
            rest_min: 60,
            late_min: 22 * 60,
            dawn_min: 5 * 60,
            night_rest_min: 8 * 60,
            way_min: 20,
            rotation_min: 60,
            suits: None,
            vests: None,
            lifted: Vec::new(),
            rotation_hard: false,
            agreed_max_min: None,
            empty_cost: 1_000,
            nobody_cost: 100,
            if_needed_cost: 30,
            preference_cost: 10,
            rotation_cost: 5,
        }
    }
}

impl Rules {
    /// Whether a rule may be broken, and at what cost.
    pub fn force(&self, rule: Rule) -> Force {
        match rule {
            Rule::Filled => Force::Soft(self.empty_cost),
            Rule::Nobody => Force::Soft(self.nobody_cost),
            Rule::Rotation if self.rotation_hard => Force::Hard,
            Rule::Rotation => Force::Soft(self.rotation_cost),
            Rule::Preference => Force::Soft(self.preference_cost),
            Rule::IfNeeded => Force::Soft(self.if_needed_cost),
            rule if self.lifted.contains(&rule) => Force::Soft(0),
            _ => Force::Hard,
        }
    }

    /// Whether a rule that may be lifted holds.
    pub fn holds(&self, rule: Rule) -> bool {
        !self.lifted.contains(&rule)
    }
}

/// What a roster is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The local midnight from which minutes are counted.
    pub midnight: DateTime,
    /// What is done.
    pub roles: Vec<Role>,
    /// Where: this community first.
    pub sites: Vec<String>,
    /// Who can help.
    pub volunteers: Vec<Volunteer>,
    /// What is to be filled, in the order of time.
    pub shifts: Vec<Shift>,
    /// Who must be on duty at the same times.
    pub together: Vec<Pair>,
    /// Who must not.
    pub apart: Vec<Pair>,
    /// The rules.
    pub rules: Rules,
    /// What a person set, and what stays: volunteers and shifts.
    pub pinned: Vec<(usize, usize)>,
}

/// Who does what when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// For each shift of the task the volunteers who have it, in order.
    pub shifts: Vec<Vec<usize>>,
}

impl Roster {
    /// A roster with nobody on it.
    pub fn empty(task: &Task) -> Roster {
        Roster { shifts: vec![Vec::new(); task.shifts.len()] }
    }

    /// The shifts of one volunteer, in the task's order.
    pub fn of(&self, volunteer: usize) -> impl Iterator<Item = usize> {
        let has = move |(_, people): &(usize, &Vec<usize>)| people.contains(&volunteer);
        self.shifts.iter().enumerate().filter(has).map(|(shift, _)| shift)
    }

    /// Places that nobody has.
    pub fn places_empty(&self, task: &Task) -> u32 {
        let empty = |(people, shift): (&Vec<usize>, &Shift)| shift.people.saturating_sub(people.len() as u32);
        self.shifts.iter().zip(&task.shifts).map(empty).sum()
    }

    /// Minutes that a volunteer serves.
    pub fn minutes_of(&self, task: &Task, volunteer: usize) -> i32 {
        self.of(volunteer).map(|shift| task.shifts[shift].span.minutes()).sum()
    }
}
