//! `rehearse --stress`: every card and every pair is played, to see what breaks first, how much it takes, and which
//! single change would survive it.
//!
//! Map: [`stress`] the whole · [`Strain`], [`Limit`] when a day breaks · [`Trial`] a day with faults · [`Margin`] how much
//! of a card it takes · [`Answer`], [`Change`] what survives it · `output` the JSON · `said` the sentences.

mod change;
pub(crate) mod margin;
mod output;
mod said;
mod strain;

pub use change::{Answer, Change};
pub use margin::Margin;
pub use said::{
    answer_in_words, change_in_words, faults_in_words, limits_in_words, margin_in_words, sentences,
};
pub use strain::{Limit, Strain};
pub(crate) use {
    change::{more, most, offline},
    output::margin_output,
    strain::UNSERVED_SHARE,
};

use crate::{By, Lived, Run, live, rehearse::plan_of};
use ::rehearse::{
    Figures, Luck, Outcome, Paired, Purpose,
    faults::{Fault, Unmet, cards, faulted},
};
use domain::{Notes, Plan, Scenario};

/// Replications of a trial, at most: differences under the same luck need few.
const REPS_MAX: u32 = 40;
/// And at least, so that there is an interval.
const REPS_MIN: u32 = 6;
/// People who are simulated for all trials together, about: a minute or so on one core of an ordinary machine.
const PEOPLE_MAX: f64 = 1e8;
/// Trials of a stress test, about.
const TRIALS: f64 = 450.0;

/// What a stress test found.
#[derive(Clone, Debug)]
pub struct Stressed {
    /// The day as planned.
    pub plain: Lived,
    /// How near it is to its limits by itself.
    pub strain: Strain,
    /// Replications of each trial.
    pub reps: u32,
    /// Each card as it is usually played.
    pub cards: Vec<Trial>,
    /// Each pair of cards that the scenario can meet.
    pub pairs: Vec<Trial>,
    /// What breaks first.
    pub first: First,
    /// How much of each card it takes.
    pub margins: Vec<Margin>,
    /// What survives each card that breaks the day, and what breaks it first.
    pub answers: Vec<Answer>,
}

/// A day with faults.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The faults.
    pub faults: Vec<Fault>,
    /// Why the scenario cannot meet them: then nothing was tried.
    pub unmet: Option<Unmet>,
    /// What the day came to; `None` where nothing was tried.
    pub found: Option<Found>,
}

/// What a day came to.
#[derive(Clone, Debug)]
pub struct Found {
    /// In minutes and people.
    pub figures: Figures,
    /// The day with the faults less the day without.
    pub difference: Paired,
    /// How near to its limits, or beyond.
    pub strain: Strain,
}

/// What breaks first.
#[derive(Clone, Debug, PartialEq)]
pub enum First {
    /// The plan breaks without any fault.
    Plan,
    /// One card does: the place of the worst among the cards.
    Card(usize),
    /// No card alone, but a pair: its place among the pairs.
    Pair(usize),
    /// Nothing does.
    Nothing,
}

/// A site, the plan that was made for it, and how days on it are tried.
pub(crate) struct Bench<'a> {
    scenario: &'a Scenario,
    plan: Option<&'a Plan>,
    run: Run<'a>,
    reps: u32,
    /// The day as planned, on as many replications as a trial has.
    plain: Outcome,
}

impl Bench<'_> {
    fn luck(&self) -> Luck {
        Luck { seed: self.run.seed, purpose: Purpose::Choose }
    }

    /// A day on this site, by this plan, with these faults.
    fn day(&self, scenario: &Scenario, plan: Option<&Plan>, faults: &[Fault]) -> (Scenario, Outcome) {
        self.day_on(self.luck(), self.reps, scenario, plan, faults)
    }

    fn day_on(
        &self,
        luck: Luck,
        reps: u32,
        scenario: &Scenario,
        plan: Option<&Plan>,
        faults: &[Fault],
    ) -> (Scenario, Outcome) {
        let (day, plan) = faulted(scenario, plan, faults);
        let rehearsal = self.run.rehearsal(&day, plan.as_ref());
        let outcome = self.run.machine.run("progress.stress", &rehearsal, luck, reps).0;
        (day, outcome)
    }

    fn strain(&self, faults: &[Fault]) -> Strain {
        let (day, outcome) = self.day(self.scenario, self.plan, faults);
        Strain::of(&day, &outcome.figures())
    }

    fn trial(&self, faults: Vec<Fault>) -> Trial {
        if let Some(unmet) = faults.iter().find_map(|fault| fault.unmet(self.scenario, self.plan)) {
            return Trial { faults, unmet: Some(unmet), found: None };
        }
        let (day, outcome) = self.day(self.scenario, self.plan, &faults);
        let figures = outcome.figures();
        let strain = Strain::of(&day, &figures);
        let difference = Paired::of(&outcome, &self.plain);
        Trial { faults, unmet: None, found: Some(Found { figures, difference, strain }) }
    }
}

impl Trial {
    /// The greatest strain; 0 where nothing was tried.
    pub fn worst(&self) -> f64 {
        self.found.as_ref().map_or(0.0, |found| found.strain.worst())
    }

    /// Whether the day breaks.
    pub fn breaks(&self) -> bool {
        self.worst() > 1.0
    }
}

impl Stressed {
    /// The faults that break the day first; none where the plan breaks by itself.
    pub fn first_faults(&self) -> Option<&[Fault]> {
        match self.first {
            First::Plan => Some(&[]),
            First::Card(place) => Some(&self.cards[place].faults),
            First::Pair(place) => Some(&self.pairs[place].faults),
            First::Nothing => None,
        }
    }

    /// The answer to these faults, if one was looked for.
    pub fn answer_to(&self, faults: &[Fault]) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.faults == faults)
    }
}

/// Plays every card and every pair. `progress` is told how many trials are done of about how many.
///
/// # Errors
/// Notes, where a policy is asked for and nobody can be called.
pub fn stress(
    scenario: &Scenario,
    run: &Run<'_>,
    by: By,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Stressed, Notes> {
    let plan = plan_of(scenario, run, by)?;
    let name = plan.as_ref().map_or("as_given", |plan| plan.policy.name());
    let plain = live(scenario, run, name, plan.clone());
    let affordable = (PEOPLE_MAX / TRIALS / plain.figures.people.max(1.0)) as u32;
    let reps = affordable.clamp(REPS_MIN, REPS_MAX).min(run.reps.max(1));
    let luck = Luck { seed: run.seed, purpose: Purpose::Choose };
    let on_trial = run.machine.run("progress.stress", &plain.rehearsal, luck, reps).0;
    let bench = Bench { scenario, plan: plan.as_ref(), run: *run, reps, plain: on_trial };
    let strain = Strain::of(scenario, &plain.figures);

    let usual: Vec<Fault> = cards().iter().map(Fault::usual).collect();
    let met: Vec<Fault> =
        usual.iter().copied().filter(|fault| fault.unmet(scenario, plan.as_ref()).is_none()).collect();
    let pairs = met
        .iter()
        .enumerate()
        .flat_map(|(place, &one)| met[place + 1..].iter().map(move |&other| vec![one, other]));
    let pairs: Vec<Vec<Fault>> = pairs.collect();
    // Each card is looked into once more for its margin, and once more for an answer.
    let (all, mut done) = ((usual.len() + pairs.len() + 2 * met.len()) as u64, 0);
    let mut tick = || {
        done += 1;
        progress(done.min(all), all);
    };
    let mut trial = |faults: Vec<Fault>| {
        tick();
        bench.trial(faults)
    };
    let cards: Vec<Trial> = usual.into_iter().map(|fault| trial(vec![fault])).collect();
    let pairs: Vec<Trial> = pairs.into_iter().map(&mut trial).collect();
    let worst = |trials: &[Trial]| {
        let broken = trials.iter().enumerate().filter(|(_, trial)| trial.breaks());
        broken
            .reduce(|best, next| if next.1.worst() > best.1.worst() { next } else { best })
            .map(|(place, _)| place)
    };
    let first = match (strain.holds(), worst(&cards), worst(&pairs)) {
        (false, ..) => First::Plan,
        (_, Some(place), _) => First::Card(place),
        (_, None, Some(place)) => First::Pair(place),
        _ => First::Nothing,
    };
    let mut margins = Vec::new();
    for card in cards.iter().filter(|trial| trial.found.is_some()) {
        tick();
        margins.extend(margin::margin(&bench, card));
    }
    let mut asked: Vec<Vec<Fault>> = match &first {
        First::Plan => vec![Vec::new()],
        First::Pair(place) => vec![pairs[*place].faults.clone()],
        _ => Vec::new(),
    };
    if first != First::Plan {
        asked.extend(cards.iter().filter(|trial| trial.breaks()).map(|trial| trial.faults.clone()));
    }
    let mut answers = Vec::new();
    for faults in asked {
        tick();
        answers.push(change::answer(&bench, faults));
    }
    progress(all, all);
    Ok(Stressed { strain, reps, cards, pairs, first, margins, answers, plain })
}
