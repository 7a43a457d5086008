//! `rehearse`: what would happen, as every mouth gives it.

use crate::{
    clock::{Zones, opening},
    findings::{self, Finding},
    plan::needs_roll,
    run::{Cost, Run},
    supplies::{SupplyPlan, supplies},
    voice::Voice,
};
use ::rehearse::{Curves, Figures, Outcome, Paired, Rehearsal};
use domain::{Envelope, Notes, Plan, Policy, Scenario, scenario::Arrivals};
use serde::Serialize;

/// How people come to a rehearsal.
#[derive(Clone, Debug)]
pub enum By {
    /// As the scenario's own law says.
    Law,
    /// Planned first, by a policy.
    Policy(Policy),
    /// By this plan.
    Plan(Plan),
}

/// What is rehearsed beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// This policy.
    Policy(Policy),
    /// Broadcast beside waves, waves beside a broadcast; nothing where nobody is called.
    TheOther,
}

/// One rehearsal: its plan, how it was run, and what came out.
#[derive(Clone, Debug)]
pub struct Lived {
    /// `broadcast`, `waves`, `as_given`, or a swept value such as `site.lanes=3`.
    pub name: String,
    /// What was rehearsed.
    pub scenario: Scenario,
    /// Who was called when; `None` where nobody is called.
    pub plan: Option<Plan>,
    /// Ready to run again.
    pub rehearsal: Rehearsal,
    /// What came out.
    pub outcome: Outcome,
    /// In minutes and people.
    pub figures: Figures,
    /// What it cost.
    pub cost: Cost,
    /// Who stands where, minute by minute; `None` where nobody asked.
    pub curves: Option<Curves>,
}

/// One rehearsal, perhaps with another beside it, and what they say.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    /// The one that was asked for.
    pub this: Lived,
    /// The one beside it.
    pub other: Option<Lived>,
    /// What the figures say.
    pub findings: Vec<Finding>,
    /// What must be at the gate when, where the folder says what is used; `None` where nobody asked.
    pub supplies: Option<SupplyPlan>,
}

#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    figures: &'a Figures,
    #[serde(flatten)]
    cost: Cost,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<Compared<'a>>,
    findings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    curves: Option<&'a Curves>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplies: Option<serde_json::Value>,
}

#[derive(Serialize)]
struct Compared<'a> {
    policy: &'a str,
    #[serde(flatten)]
    figures: &'a Figures,
    #[serde(flatten)]
    cost: Cost,
    /// The rehearsed plan less this one.
    difference: Paired,
    #[serde(skip_serializing_if = "Option::is_none")]
    curves: Option<&'a Curves>,
}

/// Rehearses a scenario. With `moves`, the one move of a server that gains most is looked for too, by rehearsing.
///
/// # Errors
/// Notes, where a policy is asked for and nobody can be called.
pub fn rehearse(
    scenario: &Scenario,
    run: &Run<'_>,
    by: By,
    beside: Beside,
    moves: bool,
) -> Result<Rehearsed, Notes> {
    let plan = plan_of(scenario, run, by)?;
    let policy = plan.as_ref().map(|plan| plan.policy);
    let other = match (beside, policy) {
        (Beside::Policy(_), _) if !scenario.arrivals.needs_roll() => return Err(needs_roll()),
        (Beside::Policy(other), _) => Some(other),
        (Beside::TheOther, Some(Policy::Broadcast)) => Some(Policy::Waves),
        (Beside::TheOther, Some(Policy::Waves)) => Some(Policy::Broadcast),
        _ => None,
    };
    let this = live(scenario, run, policy.map_or("as_given", Policy::name), plan);
    let other = other.filter(|other| Some(*other) != policy).map(|other| {
        let plan = run.plan_alone(scenario, other);
        live(scenario, run, other.name(), Some(plan))
    });
    let findings = said(run, &this, other.as_ref(), moves);
    Ok(Rehearsed { this, other, findings, supplies: None })
}

/// Lives one plan.
pub fn live(scenario: &Scenario, run: &Run<'_>, name: &str, plan: Option<Plan>) -> Lived {
    let rehearsal = run.rehearsal(scenario, plan.as_ref());
    let (outcome, cost) = run.rehearse(&rehearsal);
    let figures = outcome.figures();
    let (name, scenario) = (name.to_owned(), scenario.clone());
    Lived { name, scenario, plan, rehearsal, outcome, figures, cost, curves: None }
}

/// The plan that is asked for, or that the scenario's own law needs; `None` where nobody is called.
///
/// # Errors
/// Notes, where a policy or a plan is asked for and nobody can be called.
pub fn plan_of(scenario: &Scenario, run: &Run<'_>, by: By) -> Result<Option<Plan>, Notes> {
    let called = scenario.arrivals.needs_roll();
    let policy = match by {
        By::Policy(_) | By::Plan(_) if !called => return Err(needs_roll()),
        By::Plan(plan) => return Ok(Some(plan)),
        By::Policy(policy) => Some(policy),
        By::Law if !called => None,
        By::Law if matches!(scenario.arrivals, Arrivals::Broadcast { .. }) => Some(Policy::Broadcast),
        By::Law => Some(Policy::Waves),
    };
    Ok(policy.map(|policy| run.plan_alone(scenario, policy)))
}

/// The events of a rehearsal's replication 0; `None` if the scenario's time zone is not known.
pub fn events(lived: &Lived, run: &Run<'_>, zones: Zones<'_>) -> Option<Vec<Envelope>> {
    let opening = opening(&lived.scenario, zones)?;
    let at = |ticks| (opening + ticks).rfc3339();
    Some(::rehearse::events::replication_0(&lived.rehearsal, &lived.scenario, run.luck(), at))
}

/// Events as they are written: one JSON object a line.
pub fn lines<'a>(events: impl IntoIterator<Item = &'a Envelope>) -> Vec<u8> {
    let mut lines = Vec::new();
    for envelope in events {
        serde_json::to_writer(&mut lines, envelope).expect("events are written as JSON");
        lines.push(b'\n');
    }
    lines
}

impl Rehearsed {
    /// Draws the minutes of the first replications.
    pub fn draw(&mut self, run: &Run<'_>, replications: u32) {
        for lived in self.other.iter_mut().chain([&mut self.this]) {
            lived.curves = Some(lived.rehearsal.curves(run.luck(), replications));
        }
    }

    /// Says what must be at the gate when.
    pub fn provide(&mut self, run: &Run<'_>) {
        self.supplies = supplies(&self.this.scenario, run, self.this.plan.as_ref());
        self.this.cost = self.supplies.iter().fold(self.this.cost, |cost, of| cost.and(of.cost));
    }

    /// The command's JSON.
    pub fn output(&self, voice: Voice) -> impl Serialize + '_ {
        let this = &self.this;
        Output {
            figures: &this.figures,
            cost: this.cost,
            compared: self.other.as_ref().map(|other| Compared {
                policy: &other.name,
                figures: &other.figures,
                cost: other.cost,
                difference: Paired::of(&this.outcome, &other.outcome),
                curves: other.curves.as_ref(),
            }),
            findings: self.findings.iter().map(|finding| finding.sentence(voice)).collect(),
            curves: this.curves.as_ref(),
            supplies: self
                .supplies
                .as_ref()
                .map(|supplies| serde_json::json!(supplies.output(&this.scenario))),
        }
    }
}

/// The findings: of the rehearsed plan, of the two side by side, and of the one move that gains most.
fn said(run: &Run<'_>, this: &Lived, other: Option<&Lived>, moves: bool) -> Vec<Finding> {
    let policy = |lived: &Lived| lived.plan.as_ref().map(|plan| plan.policy);
    let mut findings = Vec::new();
    // Of several rehearsals only what differs is said twice.
    let of_one = |lived: &Lived| findings::of_one(policy(lived), &lived.scenario, &lived.figures);
    match other {
        None => findings.extend(of_one(this)),
        Some(other) => {
            // Told from the waves' side, whichever was rehearsed.
            let (new, old) = if policy(this) == Some(Policy::Waves) { (this, other) } else { (other, this) };
            if let (Some(new_policy), Some(old_policy)) = (policy(new), policy(old)) {
                findings.extend(findings::of_two((new_policy, &new.figures), (old_policy, &old.figures)));
            }
            findings.extend(of_one(old).into_iter().filter(|finding| finding.code != "wait_and_done"));
            let again = |finding: &Finding| {
                matches!(finding.code, "wait_and_done" | "bottleneck" | "idle" | "idle_shared")
            };
            findings.extend(of_one(new).into_iter().filter(|finding| !again(finding)));
        }
    }
    for lived in other.into_iter().chain([this]).filter(|_| moves) {
        // Waves that were searched for have no load at which others could be planned.
        let searched = |plan: &&Plan| plan.policy == Policy::Waves && plan.load.is_none();
        if let Some(plan) = lived.plan.as_ref().filter(|plan| !searched(plan)) {
            findings.extend(findings::best_move(run, &lived.scenario, plan, &lived.outcome));
        }
    }
    findings
}
