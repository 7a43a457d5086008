//! What the facts come to.

use crate::{
    Change, Close, Conflict, Deployment, Goods, Health, Lodging, Member, Offer, Request, Room, Rules, Shift,
    Step, Strength, Team, event::By, work::Heat,
};
use domain::{Moment, event::Finding};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The place of a fact: its own time, and then its identifier.
pub(crate) type Key = (Moment, Uuid);

/// Everything that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub names: BTreeMap<Uuid, String>,
    pub rules: BTreeMap<Uuid, Rules>,
    pub strengths: BTreeMap<(Uuid, String), Strength>,
    pub requests: BTreeMap<Uuid, RequestNow>,
    pub offers: BTreeMap<Uuid, OfferNow>,
    pub deployments: BTreeMap<Uuid, DeploymentNow>,
    pub changes: BTreeMap<Uuid, ChangeNow>,
    pub lodgings: BTreeMap<Uuid, (Key, Lodging)>,
    pub teams: BTreeMap<Uuid, TeamNow>,
    pub members: BTreeMap<Uuid, MemberNow>,
    pub shifts: BTreeMap<Uuid, ShiftNow>,
    /// In the order in which they were told.
    pub heat: Vec<Heat>,
    /// Facts that tell of something of which nobody has told: it comes in later, or never.
    pub unplaced: BTreeMap<Uuid, (Moment, By)>,
    /// Facts that were not for whoever told them to tell, and rules that cannot be: they are kept, and count for nothing.
    pub aside: BTreeMap<Uuid, (Moment, By)>,
    /// Whatever anybody gave a name, whether that counts or not.
    pub called: BTreeSet<Uuid>,
    /// Pairs of facts found while folding; others are found in what came of it.
    pub contradictions: BTreeMap<(Uuid, Uuid), Conflict>,
    /// Facts that somebody said are not true.
    pub void: BTreeSet<Uuid>,
    /// Whether somebody settled what does not contradict itself yet.
    pub awaits_conflict: bool,
    /// Pairs that somebody settled.
    pub settled: BTreeSet<(Uuid, Uuid)>,
}

/// A request, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestNow {
    /// What is asked.
    pub request: Request,
    /// By which fact.
    pub told: Key,
    /// Donors that said no.
    pub declined: BTreeSet<Uuid>,
    /// Offers to it.
    pub offers: BTreeSet<Uuid>,
    /// Since when it is over, and how, unless it was filled.
    pub closed: Option<(Moment, Close)>,
}

/// An offer, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferNow {
    /// What is offered.
    pub offer: Offer,
    /// By which fact.
    pub told: Key,
    /// The answer that counts, and the fact that it is.
    pub answer: Option<(Key, Answer)>,
    /// Since when the donor sends no more of it than it has committed.
    pub ended: Option<Moment>,
    /// What is sent of it.
    pub deployments: BTreeSet<Uuid>,
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The recipient takes so many.
    Accepted {
        /// People.
        number: u32,
    },
    /// The recipient does not take it.
    Declined,
    /// The donor took it back before.
    Withdrawn,
}

/// A deployment, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentNow {
    /// Who is sent.
    pub deployment: Deployment,
    /// By which fact.
    pub told: Key,
    /// From whom.
    pub donor: Uuid,
    /// To whom.
    pub host: Uuid,
    /// To which district.
    pub district: String,
    /// For what.
    pub skill: String,
    /// Until when they stay: as the offer says, or as both agreed since.
    pub until: Moment,
    /// The fact by which each step is known first.
    pub steps: BTreeMap<Step, Key>,
    /// Where they were put, the last in force.
    pub lodged: Vec<(Moment, Uuid, Vec<Room>)>,
}

named!(
    /// How far a deployment is.
    Stage {
        /// At home.
        Committed "committed",
        /// On the way.
        Departed "departed",
        /// There.
        Arrived "arrived",
        /// There, and with beds.
        Lodged "lodged",
        /// To go home: released, withdrawn, or turned round on the way.
        Leaving "leaving",
        /// Over.
        Over "over",
    }
);

impl Stage {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Committed => "team.stage.committed",
            Stage::Departed => "team.stage.departed",
            Stage::Arrived => "team.stage.arrived",
            Stage::Lodged => "team.stage.lodged",
            Stage::Leaving => "team.stage.leaving",
            Stage::Over => "team.stage.over",
        }
    }
}

/// A change that one side asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChangeNow {
    pub deployment: Uuid,
    pub what: Change,
    pub until: Moment,
    pub asked: Key,
    pub answer: Option<(Key, bool)>,
}

/// A team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamNow {
    /// What it is; `None`: others tell of it, and nobody has formed it.
    pub team: Option<Team>,
    pub(crate) told: Option<Key>,
    /// Who is or was in it.
    pub members: BTreeSet<Uuid>,
    /// Where it is sent.
    pub deployments: BTreeSet<Uuid>,
    /// When it works.
    pub shifts: BTreeSet<Uuid>,
    /// What it received that is of no shift.
    pub received: Vec<(Moment, Goods, u32)>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberNow {
    /// Who.
    pub member: Member,
    /// In which teams, from which fact to which.
    pub stays: Vec<(Uuid, Key, Option<Key>)>,
    /// Daily checks, in the order of their times.
    pub checks: Vec<(Moment, Health)>,
    /// Tests: when the sample was taken, when the finding was told.
    pub tests: Vec<(Moment, Moment, Finding)>,
    /// When they were set apart and let back.
    pub apart: Vec<(Moment, bool)>,
    pub(crate) shifts: Vec<Uuid>,
}

/// A shift, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftNow {
    /// What was planned.
    pub shift: Shift,
    /// By which fact.
    pub told: Key,
    /// Since when they work.
    pub began: Option<Key>,
    /// Since when they do not.
    pub ended: Option<Key>,
    /// Since when it is not to be.
    pub dropped: Option<Key>,
    /// What they received.
    pub received: Vec<(Moment, Goods, u32)>,
}

impl OfferNow {
    /// People of it that the recipient took.
    pub fn accepted(&self) -> u32 {
        match self.answer {
            Some((_, Answer::Accepted { number })) => number,
            _ => 0,
        }
    }
}

impl DeploymentNow {
    /// How far it is: by the farthest step that anybody told, whatever the clocks say.
    pub fn stage(&self) -> Stage {
        let has = |step| self.steps.contains_key(&step);
        if has(Step::Returned) || (has(Step::Cancelled) && !self.has_left()) {
            Stage::Over
        } else if has(Step::Released) || has(Step::Withdrawn) || has(Step::Cancelled) {
            Stage::Leaving
        } else if !self.lodged.is_empty() {
            Stage::Lodged
        } else if has(Step::Arrived) {
            Stage::Arrived
        } else if has(Step::Departed) {
            Stage::Departed
        } else {
            Stage::Committed
        }
    }

    /// Whether its people have left home, by anything that was told.
    pub fn has_left(&self) -> bool {
        let has = |step| self.steps.contains_key(&step);
        has(Step::Departed) || has(Step::Arrived) || !self.lodged.is_empty()
    }

    /// From when to when its people are at the recipient's, by what was told; until some day, while nobody told of the end.
    pub fn there(&self) -> Option<(Moment, Option<Moment>)> {
        let lodged = self.lodged.first().map(|(at, ..)| *at);
        let from = self.steps.get(&Step::Arrived).map(|(at, _)| *at).or(lodged)?;
        Some((from, self.ends().map(|(at, _)| at)))
    }

    /// The first fact by which its people are needed there no longer, or are gone.
    pub fn ends(&self) -> Option<Key> {
        let ends = [Step::Released, Step::Withdrawn, Step::Cancelled, Step::Returned];
        ends.iter().filter_map(|step| self.steps.get(step)).min().copied()
    }

    /// Whether they are there at a moment.
    pub fn is_there(&self, at: Moment) -> bool {
        self.there().is_some_and(|(from, until)| from <= at && until.is_none_or(|until| at < until))
    }
}

impl MemberNow {
    /// In which team somebody is at a moment; where two are told of, the one that came first.
    pub fn team(&self, at: Moment) -> Option<Uuid> {
        let is = |(_, (joined, _), left): &&(Uuid, Key, Option<Key>)| {
            *joined <= at && left.is_none_or(|(left, _)| at < left)
        };
        self.stays.iter().filter(is).min_by_key(|(_, joined, _)| *joined).map(|(team, ..)| *team)
    }
}

impl ShiftNow {
    /// When they worked or are to: as was told, and as planned where nothing was.
    pub fn span(&self) -> (Moment, Moment) {
        let from = self.began.map_or(self.shift.from, |(at, _)| at);
        (from, self.ended.map_or(self.shift.until, |(at, _)| at).max(from))
    }

    /// Whether they work at a moment: who has not said that they ended works on.
    pub fn works(&self, at: Moment) -> bool {
        self.began.is_some_and(|(began, _)| began <= at) && self.ended.is_none_or(|(ended, _)| at < ended)
    }

    /// Whether it is neither over nor dropped.
    pub fn is_open(&self) -> bool {
        self.ended.is_none() && (self.dropped.is_none() || self.began.is_some())
    }
}
