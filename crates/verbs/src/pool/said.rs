//! What the figures mean, in sentences.

use super::{Answer, Question, Size};
use crate::{
    number::{NONE, number, percent_to, whole},
    voice::{SpokenNote, Voice},
};
use domain::Notes;
use screening::Filling;
use serde::Serialize;

/// Hours by which nobody would choose: six minutes.
const ALIKE_H: f64 = 0.1;

/// A share as a percentage with a decimal where it matters.
pub(super) fn percent(share: f64) -> String {
    percent_to(share, 1).replace(".0 %", " %")
}

/// Tests a person, as tables of pool sizes have them.
pub fn tests(a_person: f64) -> String {
    format!("{a_person:.4}")
}

/// The share of a wait that nobody would notice.
const ALIKE_SHARE: f64 = 0.03;

fn tenths(hours: f64) -> String {
    if hours.is_finite() { format!("{hours:.1}") } else { NONE.to_owned() }
}

/// What was asked for: one prevalence, or several.
#[derive(Serialize)]
struct Said {
    #[serde(flatten)]
    alone: Option<Output>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prevalences: Vec<Output>,
    notes: Vec<SpokenNote>,
}

/// One prevalence.
#[derive(Serialize)]
struct Output {
    prevalence: f64,
    sizes: Vec<Size>,
    best: Size,
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest: Option<Size>,
    findings: Vec<String>,
}

/// The command's JSON: of one prevalence its sizes, of several a list of them.
pub fn output(answers: Vec<Answer>, question: &Question, notes: &Notes, voice: Voice) -> impl Serialize {
    let notes = voice.notes(notes);
    let mut prevalences: Vec<Output> =
        answers.into_iter().map(|answer| answer.output(question, voice)).collect();
    let alone = if prevalences.len() == 1 { prevalences.pop() } else { None };
    Said { alone, prevalences, notes }
}

impl Answer {
    fn output(self, question: &Question, voice: Voice) -> Output {
        Output {
            findings: self.sentences(question, voice),
            prevalence: self.prevalence,
            best: self.best().clone(),
            earliest: self.earliest().cloned(),
            sizes: self.sizes,
        }
    }

    /// What the figures mean.
    pub fn sentences(&self, question: &Question, voice: Voice) -> Vec<String> {
        let say = |key: &str, args: &[(&str, String)]| {
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            voice.say(key, &args)
        };
        let best = self.best();
        let figures = [
            ("n", best.n.to_string()),
            ("tests", tests(best.tests_per_person)),
            ("saved", percent((1.0 - best.tests_per_person).abs())),
        ];
        let mut sentences = vec![match best.n {
            1 => voice.word("pool.best_alone"),
            _ if best.tests_per_person > 1.0 => say("pool.best_costs", &figures),
            _ => say("pool.best", &figures),
        }];
        if best.n > 1 {
            sentences.push(say("pool.recalls", &[("recalls", number(best.recalls_per_1000))]));
        }
        if question.assay.sensitivity < 1.0 || question.assay.dilution.known_to().is_some() {
            let args = [("found", percent(best.sensitivity)), ("missed", number(best.missed_per_1000))];
            sentences.push(say("pool.found", &args));
        }
        if question.assay.specificity < 1.0 {
            sentences.push(say("pool.wrong", &[("wrong", number(best.false_positives_per_1000))]));
        }
        if let (Filling::Households(households), Some(strangers)) =
            (&question.filling, best.strangers_tests_per_person.filter(|_| best.n > 1))
        {
            let args = [("secondary", percent(households.secondary())), ("strangers", tests(strangers))];
            sentences.push(say("pool.households", &args));
        }
        sentences.extend(self.of_day().into_iter().map(|(key, args)| say(key, &args)));
        sentences
    }

    /// What the day of a scenario comes to: hours, waits, and what of it was rehearsed.
    fn of_day(&self) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
        let best = self.best();
        let Some(day) = &best.day else { return Vec::new() };
        let mut said = Vec::new();
        match self.earliest().and_then(|size| Some((size, size.day.as_ref()?.all_h))) {
            None => said.push(("pool.earliest_none", Vec::new())),
            Some((size, hours)) => {
                let key = match () {
                    () if size.n == best.n => "pool.earliest_too",
                    () if day.all_h - hours <= ALIKE_H => "pool.earliest_alike",
                    () => "pool.earliest",
                };
                let args = vec![
                    ("n", size.n.to_string()),
                    ("hours", tenths(hours)),
                    ("tests", tests(size.tests_per_person)),
                    ("best", best.n.to_string()),
                    ("best_hours", tenths(day.all_h)),
                ];
                said.push((key, args));
            }
        }
        let waits = self.sizes.iter().filter_map(|size| Some((size.day.as_ref()?.wait_p95_min?, size.n)));
        let longer = |one: &(f64, u32), other: &(f64, u32)| one.0.total_cmp(&other.0);
        if let (Some(low), Some(high)) = (waits.clone().min_by(longer), waits.max_by(longer)) {
            let args = vec![
                ("low", number(low.0)),
                ("low_n", low.1.to_string()),
                ("high", number(high.0)),
                ("high_n", high.1.to_string()),
            ];
            let alike = high.0 - low.0 <= ALIKE_SHARE * high.0;
            said.push((if alike { "pool.waits_alike" } else { "pool.waits" }, args));
        }
        let args = vec![
            ("n", best.n.to_string()),
            ("tubes", whole(day.tubes)),
            ("recalls", number(day.recalls)),
            ("chance", percent(day.recall_chance)),
        ];
        said.push(("pool.day", args));
        let key = if day.rehearsed.contains(&"labs") { "pool.rehearsed_city" } else { "pool.rehearsed_site" };
        said.push((key, Vec::new()));
        said
    }
}
