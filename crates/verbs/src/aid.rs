//! `aid`: who sends whom, as every mouth gives it.
//!
//! Map: [`Aided`] the plan, its tables and its sentences (`said`), its JSON (`output`), its orders (`papers`) · [`read_before`] a plan that was made before, and
//! what is withdrawn from it.

mod before;
mod output;
mod papers;
mod said;

pub use before::{Before, read_before, withdraw};
pub use output::AidOutput;
pub use papers::ORDER;
pub(crate) use said::percent_down;

use ::aid::{
    Best, Bounds, Idle, Unmet, Verdict,
    home::{self, home_day},
};
use domain::{
    Aid, AidPlan, Notes, Place,
    aid::{Deployment, Team},
};
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// A plan, what is proven of it, and what it lacks.
#[derive(Clone, Debug)]
pub struct Aided {
    /// What it was made from; teams that have left stand in it.
    pub aid: Aid,
    /// Who sends whom.
    pub plan: AidPlan,
    /// By deployment: its name.
    pub names: Vec<String>,
    /// What is proven; `None` where nothing is.
    pub bounds: Option<Bounds>,
    /// What the independent check says.
    pub verdict: Verdict,
    /// What is not met, and why.
    pub unmet: Vec<Unmet>,
    /// Who could go and stays.
    pub idle: Vec<Idle>,
    /// Against the plan before; `None` without one.
    pub changes: Option<Changes>,
    /// Those who were withdrawn, by name.
    pub withdrawn: Vec<(String, i32)>,
    /// Names of all that had left and were withdrawn, now or before.
    pub stopped: BTreeSet<String>,
    /// Whether the solver gave nothing, and the plan is made by greed.
    pub unsolved: bool,
    /// What someone should look at.
    pub notes: Notes,
}

/// Deployments against a plan before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// As they were.
    pub kept: usize,
    /// New ones, by place in the plan.
    pub new: Vec<usize>,
    /// With other numbers: the place, and people before.
    pub other: Vec<(usize, u32)>,
    /// No longer there.
    pub gone: Vec<(String, Deployment)>,
}

impl Aided {
    /// Holds a plan against the rules and explains it.
    pub fn new(aid: Aid, best: Best, before: Option<Before>, notes: Notes) -> Aided {
        let verdict = ::aid::check(&aid, &best.plan);
        let (unmet, idle) = (::aid::explain(&aid, &best.plan), ::aid::idle(&aid, &best.plan));
        let (names, changes) = names(&aid, &best.plan, before.as_ref());
        let Before { withdrawn, stopped, .. } = before.unwrap_or_default();
        Aided {
            aid,
            plan: best.plan,
            names,
            bounds: best.bounds,
            verdict,
            unmet,
            idle,
            changes,
            withdrawn,
            stopped,
            unsolved: best.unsolved.is_some(),
            notes,
        }
    }

    /// A day of the plan as a date.
    pub fn date(&self, day: i32) -> Date {
        date(&self.aid, day)
    }

    /// The day on which a deployment is home again, its rest still before it.
    pub fn home(&self, of: &Deployment) -> i32 {
        of.until + 1 + (of.from - of.leaves)
    }
}

/// A day of a plan as a date.
fn date(aid: &Aid, day: i32) -> Date {
    aid.first.saturating_add(day.days())
}

type Key = (i32, usize, usize, usize);

fn key(of: &Deployment) -> Key {
    (of.leaves, of.donor, of.district, of.skill)
}

/// Those that were there before keep their names; the others follow in number.
fn names(aid: &Aid, plan: &AidPlan, before: Option<&Before>) -> (Vec<String>, Option<Changes>) {
    let empty = Vec::new();
    let was = before.map_or(&empty, |before| &before.open);
    let old: BTreeMap<Key, &(String, Deployment)> = was.iter().map(|named| (key(&named.1), named)).collect();
    let dropped = before.map_or(&empty, |before| &before.dropped);
    let mut taken: BTreeSet<&str> = aid.teams.iter().map(|team| team.name.as_str()).collect();
    taken.extend(was.iter().chain(dropped).map(|(name, _)| name.as_str()));
    let mut last = taken.iter().filter_map(|name| number_of(name)).max().unwrap_or(0);
    let mut next = || loop {
        last += 1;
        let name = format!("A{last:03}");
        if !taken.contains(name.as_str()) {
            return name;
        }
    };
    let mut changes = Changes::default();
    let mut names = Vec::new();
    for (at, of) in plan.deployments.iter().enumerate() {
        match old.get(&key(of)) {
            Some((name, earlier)) => {
                names.push(name.clone());
                if earlier.people == of.people {
                    changes.kept += 1;
                } else {
                    changes.other.push((at, earlier.people));
                }
            }
            None => {
                names.push(next());
                changes.new.push(at);
            }
        }
    }
    let now: Vec<Key> = plan.deployments.iter().map(key).collect();
    let gone = was.iter().filter(|(_, of)| !now.contains(&key(of)));
    changes.gone = gone.chain(dropped).cloned().collect();
    (names, before.map(|_| changes))
}

/// The number in a name of ours; a larger one was given by somebody else.
fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix('A')?.parse::<u32>().ok().map(u64::from)
}

/// What should be looked at in a task: donors that will need help themselves, and those that have sent too many already.
pub fn look(aid: &Aid) -> Notes {
    let mut notes = Notes::default();
    let place = || Place::file("donors.csv");
    for (at, donor) in aid.donors.iter().enumerate() {
        if let Some(day) = home::turns(aid, at) {
            let cases = crate::number::number(home_day(aid, at, day).cases);
            let args: [(&str, &dyn std::fmt::Display); 3] =
                [("donor", &donor.name), ("date", &date(aid, day as i32)), ("cases", &cases)];
            notes.warning(place(), "aid_turns", &args);
        }
    }
    for of in below(aid) {
        let (donor, skill) = (&aid.donors[of.donor].name, &aid.skills[of.skill].name);
        let date = date(aid, of.day as i32);
        let args: [(&str, &dyn std::fmt::Display); 5] =
            [("donor", donor), ("skill", skill), ("date", &date), ("away", &of.away), ("most", &of.most)];
        notes.warning(place(), "aid_too_many_away", &args);
    }
    notes
}

/// A donor of whom more are away than it could spare, whatever is planned: they had left before.
struct Below {
    donor: usize,
    skill: usize,
    day: usize,
    away: u64,
    most: u32,
}

/// The first day of each donor and skill on which that is so.
fn below(aid: &Aid) -> Vec<Below> {
    let mut all = Vec::new();
    for donor in 0..aid.donors.len() {
        for skill in 0..aid.skills.len() {
            let limits = home::limits(aid, donor, skill);
            let here = |team: &&Team| (team.donor, team.skill) == (donor, skill);
            let gone = |day: usize| {
                let away = aid.teams.iter().filter(here);
                let away = away.filter(|team| (team.leaves..team.free).contains(&(day as i32)));
                away.map(|team| u64::from(team.people)).sum::<u64>()
            };
            let short = (aid.now..aid.days).find(|day| gone(*day) > u64::from(limits[*day]));
            let below = |day: usize| Below { donor, skill, day, away: gone(day), most: limits[day] };
            all.extend(short.map(below));
        }
    }
    all
}
