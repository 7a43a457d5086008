//! What the figures mean, in sentences.

use super::{Answer, Output, Question, Size};
use crate::{
    number::{number, whole},
    voice::Voice,
};
use screening::Filling;
use serde::Serialize;

/// A share as a percentage with a decimal where it matters.
pub(super) fn percent(share: f64) -> String {
    let tenths = format!("{:.1}", share * 100.0);
    format!("{} %", tenths.strip_suffix(".0").unwrap_or(&tenths))
}

/// Tests a person, as tables of pool sizes have them.
pub fn tests(a_person: f64) -> String {
    format!("{a_person:.4}")
}

impl Answer {
    /// The command's JSON.
    pub fn output<'a>(&'a self, question: &Question, voice: Voice) -> impl Serialize + 'a {
        Output {
            prevalence: self.prevalence,
            sizes: &self.sizes,
            best: self.best(),
            earliest: self.earliest(),
            findings: self.sentences(question, voice),
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
            ("saved", percent(1.0 - best.tests_per_person)),
        ];
        let mut sentences = vec![match best.n {
            1 => voice.word("pool.best_alone"),
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
        let Some(day) = &best.day else { return sentences };
        let Some(earliest) = self.earliest() else {
            sentences.push(voice.word("pool.earliest_none"));
            return sentences;
        };
        let hours = |size: &Size| size.day.as_ref().map_or(f64::NAN, |day| day.all_h);
        let args = |size: &Size| {
            [
                ("n", size.n.to_string()),
                ("hours", format!("{:.1}", hours(size))),
                ("tests", tests(size.tests_per_person)),
                ("best", best.n.to_string()),
                ("best_hours", format!("{:.1}", hours(best))),
            ]
        };
        let key = if earliest.n == best.n { "pool.earliest_too" } else { "pool.earliest" };
        sentences.push(say(key, &args(earliest)));
        let args = [
            ("n", best.n.to_string()),
            ("tubes", whole(day.tubes)),
            ("recalls", number(day.recalls)),
            ("chance", percent(day.recall_chance)),
        ];
        sentences.push(say("pool.day", &args));
        sentences
    }
}
