//! The scenario: all that a plan needs to know, checked and in units. The folder of files it is read from is the
//! business of the crate `scenario`.

mod arrivals;
mod lesson;
mod site;
mod ways;

pub use arrivals::{Appointments, Arrivals, Flow, Late, Mix, WalkIns};
pub use lesson::{Lesson, Measured};
pub use site::{
    Branch, Calendar, Changeover, LaneChoice, Order, Party, Servers, Site, Station, Target, Unit, Visitor,
};

use crate::{directive::Directive, layout::Layout, notice::OwnRules, roll::Roll, walk::Walking};
use chance::{Law, Ticks};
use jiff::civil::DateTime;

/// One round of one community, as planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Whom it serves.
    pub community: Community,
    /// When, and what for.
    pub round: Round,
    /// Where, by how many.
    pub site: Site,
    /// The plan of the site, to scale, if it brings one; [`crate::Layout::drawn`] draws one for any other.
    pub layout: Option<Layout>,
    /// Visitor classes with a share, speed or way of their own, as given.
    pub visitors: Vec<Visitor>,
    /// How people come.
    pub arrivals: Arrivals,
    /// How households are called in waves.
    pub waves: WaveRules,
    /// Who of the roll comes at all.
    pub attendance: Attendance,
    /// How long a person waits at a station before giving up; absent: nobody gives up.
    pub patience: Option<Law>,
    /// What is left out of the statistics.
    pub statistics: Statistics,
    /// By when tubes are at the lab and have a result.
    pub custody: Custody,
    /// Where buildings are, for whoever walks from door to door.
    pub walking: Walking,
    /// The households and residents; empty where the arrival law needs none.
    pub roll: Roll,
    /// What earlier rounds taught, in the order of the file.
    pub lessons: Vec<Lesson>,
    /// What authorities above require, the highest first.
    pub directives: Vec<Directive>,
    /// What the community's notices say beneath them.
    pub own_rules: OwnRules,
}

/// The compound or the clinic's public.
#[derive(Clone, Debug, PartialEq)]
pub struct Community {
    /// Its name, as people call it.
    pub name: String,
    /// IANA time-zone name, `Asia/Shanghai`.
    pub timezone: String,
}

/// One service of one community, usually on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// The service file's name, `screening`.
    pub purpose: String,
    /// What is given to whom, from the service file.
    pub gives: Gives,
    /// Local time of opening; tick 0 of everything else.
    pub opens: DateTime,
    /// Ticks after opening at which the last service may start at the first station; absent: when all are served.
    pub closes: Option<Ticks>,
    /// People in a tube, 1 to 20 (1 where nothing is pooled).
    pub pool: u8,
}

/// What a person leaves with, or leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A place in a pooled tube.
    Tube,
    /// A dose of vaccine.
    Dose,
    /// A course of medicine.
    Course,
    /// A parcel of goods.
    Parcel,
    /// Nothing: a registration, a vote.
    Nothing,
}

/// How households are called in waves.
#[derive(Clone, Debug, PartialEq)]
pub struct WaveRules {
    /// Seconds from the knock to arriving at the site; negative means early.
    pub reaction: Law,
    /// The share that reacts otherwise.
    pub late: Option<Late>,
    /// Who knocks.
    pub callers: Callers,
    /// People in a wave, about: an entrance is divided into equal parts no larger than one and a half times this.
    pub size: u32,
    /// Share of the bottleneck's capacity at which households are called; absent: chosen by rehearsal.
    pub load: Option<f64>,
    /// The wait, in minutes, that 95 in 100 people should not exceed.
    pub wait_p95_min: f64,
}

/// The volunteers who call households; they serve calls as a station serves people.
#[derive(Clone, Debug, PartialEq)]
pub struct Callers {
    /// How many of them.
    pub number: u32,
    /// Seconds a call takes, with the way to the next door.
    pub call: Law,
}

/// Shares of the roll that come; 1 where nothing is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attendance {
    /// Share of households of which anybody comes.
    pub households: f64,
    /// Share of such a household's people who come.
    pub persons: f64,
}

/// What is left out of the statistics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// The first so many arrivals of each replication are left out of every wait.
    pub warmup_people: u32,
}

/// By when a tube is at the lab and has a result, counted from its first swab.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Custody {
    /// Hours to the lab.
    pub to_lab_h: f64,
    /// Hours to the result.
    pub to_result_h: f64,
}

impl Default for Custody {
    /// A specimen keeps for four hours at room temperature (instructions of China's sampling tubes); a result was to be there
    /// within six, by the national rule of spring 2022 (CGTN, 18 April 2022).
    fn default() -> Custody {
        Custody { to_lab_h: 4.0, to_result_h: 6.0 }
    }
}
