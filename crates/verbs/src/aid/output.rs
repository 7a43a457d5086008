//! The command's JSON, which is the plan's file, too.

use super::Aided;
use crate::{SpokenNote, Voice};
use ::aid::Level;
use serde::{Deserialize, Serialize};

/// A team on its way.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct DeploymentFile {
    /// Its name: it stays the same in the plans that follow.
    pub team: String,
    /// Who sends.
    pub donor: String,
    /// Where to.
    pub recipient: String,
    /// What they do.
    pub skill: String,
    /// How many they are.
    pub people: u32,
    /// The day of leaving; null in older files for a team that had left before the first plan.
    pub leaves: Option<String>,
    /// The first day of work.
    pub from: String,
    /// The last day of work.
    pub until: String,
    /// The day from which they count at home again.
    pub free: String,
    /// Whether it had left when this plan was made.
    #[serde(default)]
    pub left: bool,
    /// Whether it was called back after it had left.
    #[serde(default)]
    pub withdrawn: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Bus {
    donor: String,
    recipient: String,
    leaves: String,
    buses: u32,
}

#[derive(Clone, Debug, Serialize)]
struct DistrictOutput {
    recipient: String,
    asked_person_days: u64,
    met_person_days: u64,
    share: f64,
}

#[derive(Clone, Debug, Serialize)]
struct UnmetOutput {
    recipient: String,
    skill: String,
    people: u32,
    from: String,
    until: String,
    person_days: u64,
    why: String,
}

#[derive(Clone, Debug, Serialize)]
struct LevelOutput {
    value: f64,
    bound: f64,
    gap: f64,
}

#[derive(Clone, Debug, Serialize)]
struct Levels {
    least_share: LevelOutput,
    person_days: LevelOutput,
    burden: LevelOutput,
    hours: LevelOutput,
}

#[derive(Clone, Debug, Serialize)]
struct ChangesOutput {
    kept: usize,
    new: Vec<String>,
    other: Vec<Other>,
    gone: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Other {
    team: String,
    people_before: u32,
    people: u32,
}

/// The JSON.
#[derive(Clone, Debug, Serialize)]
pub struct AidOutput {
    /// Day 0.
    first: String,
    days: usize,
    deployments: Vec<DeploymentFile>,
    buses: Vec<Bus>,
    districts: Vec<DistrictOutput>,
    unmet: Vec<UnmetOutput>,
    /// By the independent check: donors, skills and days on which a reserve is not kept.
    reserve_violations: usize,
    /// All rules that are broken, reserves included.
    broken: usize,
    /// The larger of the gaps of the first two levels; null where nothing is proven.
    gap: Option<f64>,
    levels: Option<Levels>,
    /// Against the plan before; null without one.
    changes: Option<ChangesOutput>,
    sentences: Vec<String>,
    /// What someone should look at in the folder.
    notes: Vec<SpokenNote>,
}

impl Aided {
    /// The command's JSON.
    pub fn output(&self, voice: Voice) -> AidOutput {
        let aid = &self.aid;
        let day = |day: i32| self.date(day).to_string();
        let donor = |at: usize| aid.donors[at].name.clone();
        let district = |at: usize| aid.districts[at].name.clone();
        let left = aid.teams.iter().map(|of| DeploymentFile {
            team: of.name.clone(),
            donor: donor(of.donor),
            recipient: district(of.district),
            skill: aid.skills[of.skill].name.clone(),
            people: of.people,
            leaves: Some(day(of.leaves)),
            from: day(of.from),
            until: day(of.until),
            free: day(of.free),
            left: true,
            withdrawn: self.stopped.contains(&of.name),
        });
        let plan = self.plan.deployments.iter().zip(&self.names).map(|(of, name)| DeploymentFile {
            team: name.clone(),
            donor: donor(of.donor),
            recipient: district(of.district),
            skill: aid.skills[of.skill].name.clone(),
            people: of.people,
            leaves: Some(day(of.leaves)),
            from: day(of.from),
            until: day(of.until),
            free: day(of.free),
            left: false,
            withdrawn: false,
        });
        let level = |of: Level| LevelOutput { value: of.value, bound: of.bound, gap: of.gap };
        AidOutput {
            first: aid.first.to_string(),
            days: aid.days,
            deployments: left.chain(plan).collect(),
            buses: self
                .plan
                .trips
                .iter()
                .map(|of| Bus {
                    donor: donor(of.donor),
                    recipient: district(of.district),
                    leaves: day(of.leaves),
                    buses: of.buses,
                })
                .collect(),
            districts: self
                .verdict
                .met
                .iter()
                .enumerate()
                .map(|(at, &(met, asked))| DistrictOutput {
                    recipient: district(at),
                    asked_person_days: asked,
                    met_person_days: met,
                    share: if asked == 0 { 1.0 } else { met as f64 / asked as f64 },
                })
                .collect(),
            unmet: self
                .unmet
                .iter()
                .map(|of| UnmetOutput {
                    recipient: district(of.district),
                    skill: aid.skills[of.skill].name.clone(),
                    people: of.people,
                    from: day(of.from),
                    until: day(of.until),
                    person_days: of.person_days,
                    why: self.unmet_sentence(&[of], voice),
                })
                .collect(),
            reserve_violations: self.verdict.reserve_violations(),
            broken: self.verdict.broken.len(),
            gap: self.bounds.map(|bounds| bounds.least.gap.max(bounds.total.gap)),
            levels: self.bounds.map(|of| Levels {
                least_share: level(of.least),
                person_days: level(of.total),
                burden: level(of.burden),
                hours: level(of.hours),
            }),
            changes: self.changes.as_ref().map(|of| ChangesOutput {
                kept: of.kept,
                new: of.new.iter().map(|at| self.names[*at].clone()).collect(),
                other: of
                    .other
                    .iter()
                    .map(|&(at, people_before)| Other {
                        team: self.names[at].clone(),
                        people_before,
                        people: self.plan.deployments[at].people,
                    })
                    .collect(),
                gone: of.gone.iter().map(|(name, _)| name.clone()).collect(),
            }),
            sentences: self.sentences(voice),
            notes: voice.notes(&self.notes),
        }
    }
}
