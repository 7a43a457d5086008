//! What of a scenario the site goes by.

mod pace;
mod ways;

pub use ways::Way;

use chance::{TICKS_PER_SECOND, Ticks};
use domain::{
    Mark, Moment, Scenario,
    scenario::{Branch, Custody, Gives, Servers, Unit},
};
use serde::{Deserialize, Serialize};

/// What of a scenario the site goes by. It can be written down and sent, so that a phone needs no scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// The planned opening: the tick 0 of every other time here.
    pub opens: Moment,
    /// The time of day at opening, in seconds after midnight: a phone knows no time zones.
    pub opens_s: i64,
    /// Ticks after opening; who comes later is not served any more.
    pub closes: Option<Ticks>,
    /// Lanes of the site.
    pub lanes: u16,
    /// People who can wait at the site without crowding.
    pub room: Option<u32>,
    /// The stations, in the order in which people pass them.
    pub stations: Vec<StationRules>,
    /// Visitor classes with something of their own; everyone else is `general`.
    pub classes: Vec<ClassRules>,
    /// What a person is given, `tube`, `dose`, `course` or `parcel`, and the places of the stations that give it.
    pub gives: Option<(String, Vec<usize>)>,
    /// People in a tube.
    pub pool: u8,
    /// Households of the roll.
    pub households: u32,
    /// The wait, in minutes, that 95 in 100 people should not exceed.
    pub wait_p95_min: f64,
    /// Lots that may be given; where there are none, lots are not written down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<Lot>,
    /// By when tubes are at the lab and have a result.
    #[serde(default)]
    pub custody: CustodyRules,
}

/// By when tubes are at the lab and have a result, in ticks after their first swab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyRules {
    /// At the lab.
    pub to_lab: Ticks,
    /// With a result.
    pub to_result: Ticks,
}

impl From<Custody> for CustodyRules {
    fn from(Custody { to_lab_h, to_result_h }: Custody) -> CustodyRules {
        let ticks = |hours: f64| (hours * 60.0 * MINUTE as f64 + 0.5) as Ticks;
        CustodyRules { to_lab: ticks(to_lab_h), to_result: ticks(to_result_h) }
    }
}

impl Default for CustodyRules {
    fn default() -> CustodyRules {
        Custody::default().into()
    }
}

/// A lot of doses, courses or parcels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// As it stands on the box.
    pub name: String,
    /// From when on nothing of it may be given; absent: it does not expire.
    pub expires: Option<Moment>,
    /// Whether it was recalled before the round.
    pub recalled: bool,
}

/// A station as the site knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationRules {
    /// Its name, unique at the site.
    pub name: String,
    /// One for all lanes.
    pub shared: bool,
    /// Servers from each tick after opening on, in each lane unless shared; absent: nobody ever waits, as on chairs.
    pub servers: Option<Vec<(Ticks, u32)>>,
    /// Seconds that a server needs for one person, changeover included, on average.
    pub seconds_a_person: f64,
    /// How often a person passes it on average.
    pub passes: f64,
    /// Whether people who came together are served together.
    pub together: bool,
    /// Ticks that a person is watched after the service.
    pub observe: Ticks,
    /// Ways on.
    pub next: Vec<Way>,
}

/// A visitor class as the site knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRules {
    /// Its name.
    pub name: String,
    /// Whether it is frail people, patients, pupils or teachers.
    pub green: bool,
    /// Whether it is served before others.
    pub first: bool,
    /// Stations that it passes by, as places in the list.
    pub skips: Vec<usize>,
}

pub use domain::roll::GREEN;

impl Rules {
    /// The rules of a scenario's site. `opens` is its opening as a moment of the world: only the mouths of the house
    /// know time zones.
    pub fn new(scenario: &Scenario, opens: Moment) -> Rules {
        let site = &scenario.site;
        let passes = ways::passes(&site.stations);
        let party = ways::mean_household(&scenario.roll);
        let stations = site.stations.iter().zip(passes).map(|(station, passes)| {
            let together = station.unit != Unit::Person;
            let pause = station.changeover.map_or(0.0, |pause| pause.away_s / f64::from(pause.every.max(1)));
            let party = if together { party } else { 1.0 };
            let served = (station.service.mean_s() + station.plus_each_s * (party - 1.0)) / party;
            StationRules {
                name: station.name.clone(),
                shared: station.shared,
                servers: match &station.servers {
                    Servers::Unlimited => None,
                    Servers::Calendar(calendar) => Some(calendar.0.clone()),
                },
                seconds_a_person: served + pause,
                passes,
                together,
                observe: (station.observe_min * 60.0 * TICKS_PER_SECOND as f64 + 0.5) as Ticks,
                next: station.next.iter().map(way).collect(),
            }
        });
        let stations: Vec<StationRules> = stations.collect();
        let kind = match scenario.round.gives {
            Gives::Tube => Some("tube"),
            Gives::Dose => Some("dose"),
            Gives::Course => Some("course"),
            Gives::Parcel => Some("parcel"),
            Gives::Nothing => None,
        };
        let counters = site.giving();
        let midnight = scenario.round.opens.time();
        Rules {
            opens,
            opens_s: i64::from(midnight.hour()) * 3600
                + i64::from(midnight.minute()) * 60
                + i64::from(midnight.second()),
            closes: scenario.round.closes,
            lanes: site.lanes,
            room: site.room,
            gives: kind.filter(|_| !counters.is_empty()).map(|kind| (kind.to_owned(), counters)),
            stations,
            classes: classes(scenario),
            pool: scenario.round.pool,
            households: u32::try_from(scenario.roll.households.len()).unwrap_or(u32::MAX),
            wait_p95_min: scenario.waves.wait_p95_min,
            lots: Vec::new(),
            custody: scenario.custody.into(),
        }
    }

    /// A station's place in the list.
    pub fn station(&self, name: &str) -> Option<usize> {
        self.stations.iter().position(|station| station.name == name)
    }

    /// Whether a class is green.
    pub fn is_green(&self, class: &str) -> bool {
        self.class(class).map_or(class == GREEN, |class| class.green)
    }

    /// Whether a class is served before others.
    pub fn is_first(&self, class: &str) -> bool {
        self.class(class).is_some_and(|class| class.first)
    }

    /// Ticks after opening.
    pub fn ticks(&self, at: Moment) -> Ticks {
        at - self.opens
    }

    /// Minutes after opening.
    pub fn minutes(&self, at: Moment) -> f64 {
        self.ticks(at) as f64 / MINUTE as f64
    }

    /// A time of day at the site, `10:46`.
    pub fn clock(&self, at: Moment) -> String {
        let seconds = self.opens_s.saturating_add(self.ticks(at).div_euclid(TICKS_PER_SECOND));
        let day = seconds.rem_euclid(24 * 3600);
        format!("{:02}:{:02}", day / 3600, day / 60 % 60)
    }

    /// Days from the round's day to that of a moment, at the site; below zero: before it.
    pub fn day(&self, at: Moment) -> i64 {
        self.opens_s.saturating_add(self.ticks(at).div_euclid(TICKS_PER_SECOND)).div_euclid(24 * 3600)
    }

    /// The moment of a time of day, in minutes after midnight, of the round's day; the small hours of a site that closes
    /// after midnight belong to it. `None` if that is long before the site opens or long after it closes.
    pub fn on_the_day(&self, minutes: u16) -> Option<Moment> {
        let midnight = self.opens + -self.opens_s * TICKS_PER_SECOND;
        let at = midnight + Ticks::from(minutes) * MINUTE;
        let at = if self.ticks(at) < -AROUND { at + 24 * 60 * MINUTE } else { at };
        let last = self.closes.map_or(24 * 60 * MINUTE - AROUND, |closes| closes + AROUND);
        (self.ticks(at) <= last).then_some(at)
    }

    pub(crate) fn class(&self, name: &str) -> Option<&ClassRules> {
        self.classes.iter().find(|class| class.name == name)
    }
}

/// Chairs are taken before a site opens, and the last people are served after it has closed: so long around its hours.
const AROUND: Ticks = 3 * 60 * MINUTE;

/// Ticks in a minute.
pub(crate) const MINUTE: Ticks = 60 * TICKS_PER_SECOND;

fn way(branch: &Branch) -> Way {
    let to = match branch.to {
        domain::scenario::Target::Station(to) => Some(to),
        domain::scenario::Target::Exit => None,
    };
    Way { to, class: branch.class.clone() }
}

fn classes(scenario: &Scenario) -> Vec<ClassRules> {
    let channel = scenario.site.green_channel;
    let own = scenario.visitors.iter().map(|visitor| ClassRules {
        name: visitor.class.clone(),
        green: Mark::names_green(&visitor.class),
        first: visitor.priority || channel && Mark::names_green(&visitor.class),
        skips: visitor.skips.clone(),
    });
    let mut classes: Vec<ClassRules> = own.collect();
    if !classes.iter().any(|class| class.name == GREEN) {
        classes.push(ClassRules { name: GREEN.to_owned(), green: true, first: channel, skips: Vec::new() });
    }
    classes
}
