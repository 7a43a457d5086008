//! What authorities above a community require: a chain of directives, each with its words untouched and, beside them,
//! what they demand in figures.

use crate::{Mark, Place};
use jiff::civil::{Date, DateTime, Time};
use std::collections::BTreeMap;

/// Who may be above a community, the highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A region or province.
    Region,
    /// A city.
    City,
    /// A district.
    District,
    /// A town or subdistrict.
    Town,
    /// The neighbourhood committee.
    Neighbourhood,
}

impl Level {
    /// All levels, the highest first.
    pub const ALL: [Level; 5] =
        [Level::Region, Level::City, Level::District, Level::Town, Level::Neighbourhood];

    /// The word for it in files.
    pub fn name(self) -> &'static str {
        match self {
            Level::Region => "region",
            Level::City => "city",
            Level::District => "district",
            Level::Town => "town",
            Level::Neighbourhood => "neighbourhood",
        }
    }
}

/// One document from above.
#[derive(Clone, Debug, PartialEq)]
pub struct Directive {
    /// Whose it is.
    pub level: Level,
    /// Who issued it.
    pub issued_by: String,
    /// The day on which it was issued.
    pub date: Date,
    /// The time of that day, if it says one: of two of one day, the later holds.
    pub time: Option<Time>,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// Its words, untouched.
    pub text: String,
    /// What it demands, clause by clause.
    pub clauses: Vec<Clause>,
    /// Where it stands.
    pub place: Place,
}

/// One clause of a directive.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Its number in the document.
    pub id: String,
    /// Its words, untouched.
    pub text: String,
    /// What it demands in figures; nothing where only people can read it.
    pub demands: Vec<Demand>,
    /// Where it stands.
    pub place: Place,
}

/// One thing that can be demanded, and that a community does or does not keep.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// The round's day lies within these, both included.
    Dates {
        /// The first day.
        from: Date,
        /// The last day.
        until: Date,
    },
    /// Nobody is served before or after.
    HoursWithin(Hours),
    /// It is open at least from and until.
    HoursOpen(Hours),
    /// Who has to be served.
    Who(People),
    /// A round at least once in so many days.
    Frequency {
        /// Days from one round to the next.
        every_days: f64,
    },
    /// People who wait stand so far apart.
    Spacing {
        /// Metres, at least.
        at_least_m: f64,
    },
    /// People in a tube, at most, by zone; the empty zone is any that is not named.
    Pool(BTreeMap<String, u8>),
    /// Who is served before others.
    GreenChannel(Vec<Mark>),
    /// Tubes are at the lab so many hours after their first swab.
    ToLab {
        /// Hours, at most.
        within_h: f64,
    },
    /// Results are there so many hours after the first swab.
    ToResult {
        /// Hours, at most.
        within_h: f64,
    },
    /// Names are kept so many days.
    NamesKeptAtLeast {
        /// Days.
        days: u32,
    },
    /// Names are kept no longer than so many days.
    NamesKeptAtMost {
        /// Days.
        days: u32,
    },
}

/// A part of a day, or of several; an end that is not said is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    /// From.
    pub from: Option<When>,
    /// Until.
    pub until: Option<When>,
}

/// A time of the round's day, or a local moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A time of the day on which the round opens.
    Time(Time),
    /// A date and a time.
    Moment(DateTime),
}

impl When {
    /// The local moment, on this day if it is a time of day.
    pub fn on(self, day: Date) -> DateTime {
        match self {
            When::Time(time) => day.to_datetime(time),
            When::Moment(moment) => moment,
        }
    }
}

/// A set of people of the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum People {
    /// All of it.
    Everybody,
    /// Those with one of these marks.
    Marked(Vec<Mark>),
}

/// The kinds of demands, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// [`Demand::Dates`]
    Dates,
    /// [`Demand::HoursWithin`]
    HoursWithin,
    /// [`Demand::HoursOpen`]
    HoursOpen,
    /// [`Demand::Who`]
    Who,
    /// [`Demand::Frequency`]
    Frequency,
    /// [`Demand::Spacing`]
    Spacing,
    /// [`Demand::Pool`]
    Pool,
    /// [`Demand::GreenChannel`]
    GreenChannel,
    /// [`Demand::ToLab`]
    ToLab,
    /// [`Demand::ToResult`]
    ToResult,
    /// [`Demand::NamesKeptAtLeast`]
    NamesKeptAtLeast,
    /// [`Demand::NamesKeptAtMost`]
    NamesKeptAtMost,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 12] = [
        Kind::Dates,
        Kind::HoursWithin,
        Kind::HoursOpen,
        Kind::Who,
        Kind::Frequency,
        Kind::Spacing,
        Kind::Pool,
        Kind::GreenChannel,
        Kind::ToLab,
        Kind::ToResult,
        Kind::NamesKeptAtLeast,
        Kind::NamesKeptAtMost,
    ];

    /// The word for it in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Dates => "dates",
            Kind::HoursWithin => "hours_within",
            Kind::HoursOpen => "hours_open",
            Kind::Who => "who",
            Kind::Frequency => "frequency",
            Kind::Spacing => "spacing",
            Kind::Pool => "pool",
            Kind::GreenChannel => "green_channel",
            Kind::ToLab => "to_lab",
            Kind::ToResult => "to_result",
            Kind::NamesKeptAtLeast => "names_at_least",
            Kind::NamesKeptAtMost => "names_at_most",
        }
    }

    /// The key of the folder that says what the community does.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Dates => "scenario.toml: round.date",
            Kind::HoursWithin | Kind::HoursOpen => "scenario.toml: round.opens, round.closes",
            Kind::Who => "scenario.toml: round.purpose; plan.json: waves",
            Kind::Frequency => "notice.toml: every_days",
            Kind::Spacing => "notice.toml: spacing_m",
            Kind::Pool => "scenario.toml: round.pool; notice.toml: zone",
            Kind::GreenChannel => "scenario.toml: site.green_channel",
            Kind::ToLab => "scenario.toml: custody.to_lab_h",
            Kind::ToResult => "scenario.toml: custody.to_result_h",
            Kind::NamesKeptAtLeast | Kind::NamesKeptAtMost => "notice.toml: names_kept_days",
        }
    }
}

impl Demand {
    /// What kind it is of.
    pub fn kind(&self) -> Kind {
        match self {
            Demand::Dates { .. } => Kind::Dates,
            Demand::HoursWithin(_) => Kind::HoursWithin,
            Demand::HoursOpen(_) => Kind::HoursOpen,
            Demand::Who(_) => Kind::Who,
            Demand::Frequency { .. } => Kind::Frequency,
            Demand::Spacing { .. } => Kind::Spacing,
            Demand::Pool(_) => Kind::Pool,
            Demand::GreenChannel(_) => Kind::GreenChannel,
            Demand::ToLab { .. } => Kind::ToLab,
            Demand::ToResult { .. } => Kind::ToResult,
            Demand::NamesKeptAtLeast { .. } => Kind::NamesKeptAtLeast,
            Demand::NamesKeptAtMost { .. } => Kind::NamesKeptAtMost,
        }
    }
}
