//! Few crews over several communities: who goes where and when, whether the promise holds under chance, and what is to be said.
//!
//! Map: [`divide`] the day · [`Divided`] the division, its JSON and its sentences · `lived` the same under chance.

mod lived;
mod output;

pub use lived::{LivedCommunity, LivedDay};
pub use output::{CrewStay, CrewsOutput, Move};
pub use plan::crews::STOPS_MAX;

use crate::{
    Voice,
    clock::after,
    findings::Finding,
    number::{number, percent, whole},
};
use domain::{CrewDay, Notes, Place};
use plan::crews::{Community, Crew, Division, Task};

/// The share of draws in which a promise must hold before it is given.
pub const PROMISED: f64 = 0.9;
/// A crew's pace and its scenario's lane that differ more than this are not the same crew.
const PACE_DIFFERS: f64 = 0.15;

/// A day of crews, divided and lived.
#[derive(Clone, Debug)]
pub struct Divided {
    /// What was to be divided.
    pub day: CrewDay,
    /// Who works where.
    pub division: Division,
    /// The same with the crews as they were agreed; `None` where nothing was.
    pub agreed: Option<Division>,
    /// The division under chance.
    pub lived: LivedDay,
    /// What was agreed under the same luck.
    pub agreed_lived: Option<LivedDay>,
    /// What someone should look at.
    pub notes: Notes,
}

/// Divides a day from now on, and lives it so many times.
pub fn divide(day: CrewDay, seed: u64, draws: u32) -> Divided {
    let task = task(&day);
    let division = plan::crews::divide(&task);
    let agreed = day.crews.iter().any(|crew| !crew.agreed.is_empty()).then(|| plan::crews::as_agreed(&task));
    let lived = LivedDay::of(&day, &division, seed, draws);
    let agreed_lived = agreed.as_ref().map(|agreed| LivedDay::of(&day, agreed, seed, draws));
    let notes = paces(&day);
    Divided { day, division, agreed, lived, agreed_lived, notes }
}

/// The day from now on, as a task.
fn task(day: &CrewDay) -> Task {
    let now = day.now_min.unwrap_or(0.0);
    let count = day.communities.len();
    let travel = |one: usize, other: usize| {
        if one == other { 0.0 } else { day.pack_min + day.way_min[one][other] + day.setup_min }
    };
    let row = |one: usize| (0..count).map(|other| travel(one, other)).collect::<Vec<f64>>();
    let communities = day.communities.iter().map(|of| Community {
        people: f64::from(of.people),
        opens_min: of.opens_min,
        closes_min: of.closes_min,
        lanes_max: of.lanes_max as usize,
    });
    let crews = day.crews.iter().map(|of| Crew {
        from_min: of.from_min.max(now),
        until_min: of.until_min,
        people_per_h: of.people_per_h,
        reach_min: of.at.map_or_else(|| vec![day.setup_min; count], row),
        agreed: of.agreed.clone(),
    });
    Task {
        communities: communities.collect(),
        crews: crews.collect(),
        travel_min: (0..count).map(row).collect(),
    }
}

/// Where a crew's pace is not that of a lane of the community's own scenario, one of the two is wrong.
fn paces(day: &CrewDay) -> Notes {
    let mut notes = Notes::default();
    let crews = day.crews.len().max(1) as f64;
    let pace = day.crews.iter().map(|crew| crew.people_per_h).sum::<f64>() / crews;
    for community in &day.communities {
        let Some(scenario) = &community.scenario else { continue };
        let lane = plan::Capacity::of_lane(scenario).mean_rate(f64::from(community.people.max(1))) * 3600.0;
        if lane > 0.0 && (lane / pace - 1.0).abs() > PACE_DIFFERS {
            let (lane, pace) = (whole(lane), whole(pace));
            let args: [(&str, &dyn std::fmt::Display); 3] =
                [("name", &community.name), ("lane", &lane), ("pace", &pace)];
            notes.warning(Place::file("crews.toml"), "crews_pace_differs", &args);
        }
    }
    notes
}

impl Divided {
    /// A time in minutes after the day's midnight, `10:30`.
    pub fn clock(&self, minutes: f64) -> String {
        clock(&self.day, minutes)
    }

    /// What is to be said: who moves when, when all are done, and whether the promise holds.
    pub fn sentences(&self, voice: Voice) -> Vec<String> {
        self.findings().iter().map(|finding| finding.sentence(voice)).collect()
    }

    fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut say =
            |code, args: &[(&'static str, String)]| findings.push(Finding { code, args: args.to_vec() });
        for step in self.moves() {
            let mut args = vec![("crew", step.crew), ("to", step.to), ("time", self.clock(step.leaves_min))];
            args.push(("begins", self.clock(step.begins_min)));
            match step.from {
                Some(from) => {
                    args.push(("from", from));
                    say("crews_move", &args);
                }
                None => say("crews_come", &args),
            }
        }
        for name in self.idle() {
            say("crews_idle", &[("crew", name)]);
        }
        let unserved: f64 = self.division.unserved.iter().sum();
        if unserved > 0.0 {
            let left =
                self.day.communities.iter().zip(&self.division.unserved).filter(|(_, left)| **left > 0.0);
            for (community, left) in left {
                say(
                    "crews_unserved",
                    &[("community", community.name.clone()), ("people", whole(left.ceil()))],
                );
            }
        } else if self.division.latest_min > 0.0 {
            let args = [
                ("time", self.clock(self.division.latest_min)),
                ("bound", self.clock(self.division.bound_min)),
            ];
            say("crews_done", &args);
        }
        if let Some(agreed) = &self.agreed {
            findings.extend(self.gain(agreed));
        }
        findings.extend(self.promise());
        findings
    }

    /// What the change to what was agreed gains.
    fn gain(&self, agreed: &Division) -> Option<Finding> {
        let left = |division: &Division| division.unserved.iter().sum::<f64>();
        let more = (left(agreed) - left(&self.division)).round();
        let earlier = (agreed.latest_min - self.division.latest_min).round();
        if self.changes() == 0 {
            return Some(Finding { code: "crews_as_agreed", args: Vec::new() });
        }
        let changes = ("changes", self.changes().to_string());
        if more >= 1.0 {
            return Some(Finding { code: "crews_more_served", args: vec![("people", whole(more)), changes] });
        }
        (earlier >= 1.0)
            .then(|| Finding { code: "crews_earlier", args: vec![("minutes", number(earlier)), changes] })
    }

    fn promise(&self) -> Option<Finding> {
        let by = self.lived.done_by(PROMISED).map(|minutes| self.clock(minutes));
        let promised = ("promised", percent(PROMISED));
        match (self.day.promise_min, self.lived.kept(&self.day)) {
            (Some(promise), Some(kept)) => {
                let mut args = vec![("promise", self.clock(promise)), ("kept", percent(kept)), promised];
                let code = match by {
                    _ if kept >= PROMISED => "crews_promise_kept",
                    Some(by) => {
                        args.push(("by", by));
                        "crews_promise_missed"
                    }
                    None => "crews_promise_never",
                };
                Some(Finding { code, args })
            }
            _ => Some(Finding { code: "crews_done_by", args: vec![("by", by?), promised] }),
        }
    }

    /// Crews whose first stops differ from what was agreed, and stops given up.
    fn changes(&self) -> usize {
        let ways = self.division.stays.iter().map(|stays| stays.iter().map(|stay| stay.community).collect());
        let agreed = self.agreed.as_ref().map(|agreed| &agreed.stays);
        let of = |(place, way): (usize, Vec<usize>)| {
            let before: Vec<usize> = agreed
                .map_or_else(Vec::new, |agreed| agreed[place].iter().map(|stay| stay.community).collect());
            usize::from(before != way)
        };
        ways.enumerate().map(of).sum()
    }

    /// Crews that go nowhere.
    fn idle(&self) -> impl Iterator<Item = String> {
        let crews = self.day.crews.iter().zip(&self.division.stays);
        crews.filter(|(_, stays)| stays.is_empty()).map(|(crew, _)| crew.name.clone())
    }
}

fn clock(day: &CrewDay, minutes: f64) -> String {
    // A stay that ends at 10:29:59.9 ends at half past ten.
    after(day.midnight, minutes.round())
}
