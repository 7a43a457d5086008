//! Did it help? The round's fact beside what was measured before the change, or else beside what a rehearsal had said without it. One
//! round is one draw: what lies within what chance does anyway is no difference.

use super::Z;
use crate::{
    number::number,
    review::{Reviewed, Verdict},
    voice::{Voice, station_word},
};
use domain::decision::{Decision, Decisions, Expected, Fact, Figure, State};

/// What an evening knows.
pub struct Seen<'a> {
    /// How the round went.
    pub reviewed: &'a Reviewed,
    /// Doors of which somebody was missed, where the doors are known.
    pub doors: Option<u32>,
    /// Complaints of the day, where they are known.
    pub complaints: Option<u32>,
}

/// What a round shows of a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The decision's number.
    pub number: u32,
    /// What the round's figure was; `None` where the decision did not hold yet on that day, or nobody measured it.
    pub fact: Option<Fact>,
    /// What it is held against.
    pub before: Option<f64>,
    /// Whether that was measured; else it was rehearsed.
    pub was_measured: bool,
    /// By how much two such days differ through chance alone in 95 of 100 cases.
    pub chance: Option<f64>,
    /// What comes of it; `None` as long as nothing can be held against anything.
    pub verdict: Option<Verdict>,
    /// Where it was tried, on a part of the site: which.
    pub part: String,
}

impl Seen<'_> {
    /// The round's own figure.
    pub fn fact(&self, figure: &Figure) -> Option<Fact> {
        let review = &self.reviewed.review;
        let counted = |value: f64| Some((value, Some(value.max(1.0).sqrt())));
        let plain = |value: Option<f64>| value.map(|value| (value, None));
        let (value, error) = match figure {
            Figure::WaitMean => plain(review.wait_min.mean),
            Figure::WaitP95 => plain(review.wait_min.p95),
            Figure::Done97 => plain(review.done_97_min),
            Figure::QueueMax => plain(Some(review.queue_max)),
            Figure::Unserved => plain(Some(review.unserved)),
            Figure::DoorsMissed => counted(f64::from(self.doors?)),
            Figure::Complaints => counted(f64::from(self.complaints?)),
            Figure::Service(station) => {
                let of = review.stations.iter().find(|of| of.name == *station)?;
                let mean = of.mean_s?;
                let error = of.cv.filter(|_| of.n > 1).map(|cv| mean * cv / (of.n as f64).sqrt());
                Some((mean, error))
            }
        }?;
        Some(Fact { value, error, on: self.reviewed.opened.map(|at| at.date()) })
    }
}

/// Households that were missed, as far as a review knows any household.
pub fn missed(reviewed: &Reviewed) -> Option<u32> {
    let coverage = &reviewed.review.coverage;
    coverage.share.map(|_| coverage.missed.len() as u32)
}

/// Each decision that held or was tried in this round, beside what was before; the others without a fact.
pub fn judge(log: &Decisions, seen: Option<&Seen<'_>>) -> Vec<Judged> {
    log.all.iter().map(|decision| of_one(decision, seen)).collect()
}

fn of_one(decision: &Decision, seen: Option<&Seen<'_>>) -> Judged {
    let mut judged = Judged {
        number: decision.number,
        fact: None,
        before: None,
        was_measured: false,
        chance: None,
        verdict: None,
        part: String::new(),
    };
    let Some((seen, opened)) = seen.and_then(|seen| Some((seen, seen.reviewed.opened?))) else {
        return judged;
    };
    let holds = match decision.state {
        State::Agreed => decision.agreement().is_some_and(|(entry, _)| entry.at < opened),
        State::Trying => {
            let trial = decision.trials().find(|(_, on, _)| *on == Some(opened.date()));
            judged.part = trial.map(|(_, _, part)| part.to_owned()).unwrap_or_default();
            trial.is_some()
        }
        _ => false,
    };
    let figure = &decision.proposal.figure;
    let Some(fact) = seen.fact(figure).filter(|_| holds) else { return judged };
    judged.fact = Some(fact);
    // What was agreed was measured before it held; the day of a trial is not held against itself.
    let is_earlier = |of: &Fact| of.on.is_none_or(|on| on < opened.date());
    let measured = decision.measured().filter(|of| decision.state == State::Agreed || is_earlier(of));
    let expected = decision.expected();
    judged.was_measured = measured.is_some();
    judged.before = measured.map(|of| of.value).or(expected.map(|of| of.before));
    if let Some(before) = judged.before {
        let rounds = seen.reviewed.review.rounds.max(1) as f64;
        judged.chance = chance(figure, measured, &fact, expected, rounds);
        judged.verdict = Some(Verdict::of(before, fact.value, judged.chance));
    }
    judged
}

/// By how much they differ anyway: what was before rests on one round, or on so many rehearsals that it is known; the fact on so many
/// rounds.
fn chance(
    figure: &Figure,
    measured: Option<Fact>,
    fact: &Fact,
    expected: Option<Expected>,
    rounds: f64,
) -> Option<f64> {
    let own = |of: Option<Fact>| of.and_then(|of| of.error).unwrap_or(0.0);
    let variance = if figure.is_count() || matches!(figure, Figure::Service(_)) {
        // Where the earlier day does not say how sure it was, nobody can.
        if measured.is_some_and(|of| of.error.is_none()) {
            return None;
        }
        let error = fact.error?;
        own(measured) * own(measured) + error * error
    } else {
        let [sd, _] = expected?.one_day?;
        sd * sd * (1.0 / rounds + if measured.is_some() { 1.0 } else { 0.0 })
    };
    Some(Z * variance.sqrt())
}

/// A figure in words, with its unit.
pub(super) fn word_of(figure: &Figure, voice: Voice) -> String {
    match figure {
        Figure::Service(station) => {
            voice.say("decide.figure.service_s", &[("station", &station_word(station))])
        }
        other => voice.word(&format!("decide.figure.{}", other.name())),
    }
}

/// What rehearsals expect, in a sentence.
pub(super) fn expectation(expected: &Expected, voice: Voice) -> String {
    let (before, after) = (number(expected.before), number(expected.after));
    let mut args = vec![("before", before.as_str()), ("after", after.as_str())];
    let Some([low, high]) = expected.difference else { return voice.say("decide.expected.plain", &args) };
    let (low_said, high_said) = (number(low), number(high));
    args.extend([("low", low_said.as_str()), ("high", high_said.as_str())]);
    let key = match (low <= 0.0 && high >= 0.0, low_said == high_said) {
        (true, _) => "decide.expected.nothing",
        (false, true) => "decide.expected.sharp",
        (false, false) => "decide.expected.difference",
    };
    voice.say(key, &args)
}

impl Judged {
    /// Whether it helped, in a sentence or two; `None` where nothing can be said.
    pub fn sentence(&self, decision: &Decision, voice: Voice) -> Option<String> {
        let (fact, before, verdict) = (self.fact?, self.before?, self.verdict?);
        let chance = self.chance.map_or_else(String::new, number);
        let by = number((fact.value - before).abs());
        let then = if self.was_measured { "@decide.then.measured" } else { "@decide.then.rehearsed" };
        let args = [
            ("figure", word_of(&decision.proposal.figure, voice)),
            ("before", number(before)),
            ("now", number(fact.value)),
            ("by", by),
            ("chance", chance),
            ("then", then.to_owned()),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut said = vec![voice.say(&format!("decide.verdict.{}", verdict.word()), &args)];
        if let Some((after, [_, sd])) = decision.expected().and_then(|of| Some((of.after, of.one_day?))) {
            let (low, high) = ((after - Z * sd).max(0.0), after + Z * sd);
            let key = if (low..=high).contains(&fact.value) {
                "decide.as_rehearsed"
            } else {
                "decide.not_as_rehearsed"
            };
            said.push(voice.say(key, &[("low", &number(low)), ("high", &number(high))]));
        }
        if !self.part.is_empty() {
            said.push(voice.say("decide.part_only", &[("part", &self.part)]));
        }
        Some(said.join(&voice.word("review.sentence_gap")))
    }
}
