//! What a page asks for, as JSON: the command line's options by their names.

use crate::rehearse::{Beside, By};
use domain::{Policy, notice::NoticeKind};
use serde::Deserialize;
use serde_json::Value;
use words::Language;

/// Of `plan`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlanOptions {
    /// `broadcast` or `waves`.
    pub policy: PolicyName,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Replications of the forecast.
    pub reps: u32,
    /// A first answer while somebody looks on: fewer replications choose and confirm the load.
    pub quick: bool,
    /// Keys of scenario.toml that are overridden.
    pub set: Vec<(String, String)>,
    /// A plan's file: what is pinned in it stays.
    pub keep: Option<Value>,
    /// Replications whose minutes are drawn; 0: none.
    pub curves: u32,
    /// What must be at the gate when, for which the day is lived once more.
    pub supplies: bool,
}

/// Of a search for waves. Nobody goes to another station by it: a page that takes its plan pins waves, and staff cannot be pinned.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchOptions {
    /// Seconds after which it ends with the best plan so far; absent: 30.
    #[serde(default = "half_a_minute")]
    pub seconds: f64,
    /// Seed of the random numbers; absent: 1.
    pub seed: Option<u64>,
    /// A plan's file: what is pinned in it stays.
    pub keep: Option<Value>,
    /// What must be at the gate when, for which the day is lived once more.
    #[serde(default)]
    pub supplies: bool,
}

fn half_a_minute() -> f64 {
    30.0
}

/// Of `rehearse`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RehearseOptions {
    /// Plan by this policy first; absent: as the scenario's law says.
    pub policy: Option<PolicyName>,
    /// Rehearse this plan's file.
    pub plan: Option<Value>,
    /// Rehearse this policy too.
    pub compare: Option<PolicyName>,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Replications.
    pub reps: u32,
    /// Fewer replications choose and confirm the load of a policy.
    pub quick: bool,
    /// Look for the move of one server that gains most.
    pub moves: bool,
    /// Keys of scenario.toml that are overridden.
    pub set: Vec<(String, String)>,
    /// Replications whose minutes are drawn; 0: none.
    pub curves: u32,
    /// What must be at the gate when, for which the day is lived once more.
    pub supplies: bool,
}

/// Of `notice`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticeOptions {
    /// A plan's file, whose times it tells.
    pub plan: Option<Value>,
    /// A building, an entrance or a household; absent: everybody.
    #[serde(rename = "for")]
    pub addressed: Option<String>,
    /// Its language; absent: that of the answer.
    pub language: Option<LanguageName>,
    /// What it is for; absent: a round, or a change where it replaces one.
    pub kind: Option<NoticeKindName>,
    /// Its number; absent: 1, or one more than that of the notice that it replaces.
    pub number: Option<u32>,
    /// The notice that it replaces, as its JSON.
    pub replaces: Option<Value>,
    /// What is different, as somebody wrote it.
    pub changed: Vec<String>,
    /// When it is written, local: `07:10`, `2022-03-28T07:10`; absent: now.
    pub at: Option<String>,
    /// From when it holds.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
}

/// A language by its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct LanguageName(Language);

impl TryFrom<String> for LanguageName {
    type Error = String;

    fn try_from(tag: String) -> Result<LanguageName, String> {
        let known = || Language::ALL.map(Language::tag).join(", ");
        Language::of_tag(&tag)
            .map(LanguageName)
            .ok_or_else(|| format!("unknown variant, expected {}", known()))
    }
}

impl From<LanguageName> for Language {
    fn from(LanguageName(language): LanguageName) -> Language {
        language
    }
}

/// A kind of notice by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKindName {
    /// A round, before it is held.
    Round,
    /// Something of an earlier notice is otherwise now.
    Change,
    /// It is over, or open again.
    AllClear,
    /// Some are asked to come once more.
    CallBack,
    /// Questions and their answers.
    Questions,
}

impl From<NoticeKindName> for NoticeKind {
    fn from(name: NoticeKindName) -> NoticeKind {
        match name {
            NoticeKindName::Round => NoticeKind::Round,
            NoticeKindName::Change => NoticeKind::Change,
            NoticeKindName::AllClear => NoticeKind::AllClear,
            NoticeKindName::CallBack => NoticeKind::CallBack,
            NoticeKindName::Questions => NoticeKind::Questions,
        }
    }
}

/// A policy by its word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicyName {
    /// One message to all at once.
    Broadcast,
    /// Door by door, wave by wave.
    #[default]
    Waves,
}

impl From<PolicyName> for Policy {
    fn from(name: PolicyName) -> Policy {
        match name {
            PolicyName::Broadcast => Policy::Broadcast,
            PolicyName::Waves => Policy::Waves,
        }
    }
}

/// As the command line's defaults.
pub(crate) const SEED: u64 = 1;
pub(crate) const REPS: u32 = 200;

impl Default for PlanOptions {
    fn default() -> PlanOptions {
        let policy = PolicyName::default();
        PlanOptions {
            policy,
            seed: SEED,
            reps: REPS,
            quick: false,
            set: Vec::new(),
            keep: None,
            curves: 0,
            supplies: false,
        }
    }
}

impl Default for RehearseOptions {
    fn default() -> RehearseOptions {
        RehearseOptions {
            policy: None,
            plan: None,
            compare: None,
            seed: SEED,
            reps: REPS,
            quick: false,
            moves: true,
            set: Vec::new(),
            curves: 0,
            supplies: false,
        }
    }
}

impl RehearseOptions {
    /// How people come, but for a plan's file.
    pub fn by(&self) -> By {
        self.policy.map_or(By::Law, |policy| By::Policy(policy.into()))
    }

    /// What is rehearsed beside it.
    pub fn beside(&self) -> Beside {
        self.compare.map_or(Beside::Nothing, |policy| Beside::Policy(policy.into()))
    }
}
