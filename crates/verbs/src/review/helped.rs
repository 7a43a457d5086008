//! Did it help? What was measured when a figure was changed, beside what is measured now. Two days of one site differ by
//! chance alone; what is smaller than that is no difference.

use super::taught::about;
use crate::{number::number, voice::Voice};
use ::rehearse::Figures;
use ::review::Review;
use chance::special::student_t_quantile;
use domain::{Scenario, scenario::Lesson};
use serde_json::{Value, json};

/// One measure, before changes and now.
#[derive(Clone, Debug, PartialEq)]
pub struct Helped {
    /// The day of the round that taught the changes, `2026-12-01`.
    pub date: Option<String>,
    /// The keys that were changed together.
    pub keys: Vec<String>,
    /// Those of them that this round teaches again: the figure was wrong once more.
    pub again: Vec<String>,
    /// `wait_p95_min` or `done_97_min`.
    pub measure: &'static str,
    /// What was measured then, in minutes.
    pub before: f64,
    /// What is measured now, in minutes.
    pub now: f64,
    /// By how much two such measurements differ through chance alone in 95 of 100 cases; `None` where that is unknown.
    pub chance: Option<f64>,
    /// What comes of it.
    pub verdict: Verdict,
}

/// Whether it helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Better, by more than chance.
    Helped,
    /// No more than chance apart.
    Same,
    /// Worse, by more than chance.
    Worse,
    /// Nobody can say what chance does: one round, and no rehearsal beside it.
    Unknown,
}

/// Standard errors to the ends of a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// All lessons of the scenario, those of one round together.
pub(super) fn helped(review: &Review, scenario: &Scenario, forecast: Option<&Figures>) -> Vec<Helped> {
    let rounds = review.rounds.max(1) as u32;
    let wait = Now {
        value: review.wait_min.p95,
        sd: sd(forecast.and_then(|figures| figures.wait_min.p95_ci95), forecast.map(|f| f.replications))
            .or_else(|| sd(review.wait_min.p95_ci95, Some(rounds))),
    };
    let done = Now {
        value: review.done_97_min,
        sd: sd(forecast.and_then(|figures| figures.done_97_ci95), forecast.map(|f| f.replications))
            .or_else(|| sd(review.done_97_ci95, Some(rounds))),
    };
    let mut helped = Vec::new();
    for together in scenario.lessons.chunk_by(|a, b| a.date == b.date && a.measured == b.measured) {
        let Some(first) = together.first() else { continue };
        // A round does not say of itself whether it helped.
        if first.measured.wait_p95_min.is_some_and(|then| Some(hundredth(then)) == wait.value.map(hundredth))
            && first.measured.done_97_min.map(hundredth) == done.value.map(hundredth)
        {
            continue;
        }
        let measures = [
            ("wait_p95_min", first.measured.wait_p95_min, &wait),
            ("done_97_min", first.measured.done_97_min, &done),
        ];
        for (measure, before, now) in measures {
            if let (Some(before), Some(value)) = (before, now.value) {
                helped.push(compared(together, measure, before, value, now.chance(rounds), review));
            }
        }
    }
    helped
}

/// As finely as a lesson is written.
fn hundredth(minutes: f64) -> i64 {
    (minutes * 100.0).round() as i64
}

struct Now {
    value: Option<f64>,
    /// Standard deviation of one round's value.
    sd: Option<f64>,
}

impl Now {
    /// What was measured before rests on one round, what is measured now on so many.
    fn chance(&self, rounds: u32) -> Option<f64> {
        let variance = 1.0 + 1.0 / f64::from(rounds.max(1));
        self.sd.map(|sd| Z * sd * variance.sqrt())
    }
}

/// The standard deviation of one round's value, from an interval of the mean of so many.
fn sd(interval: Option<[f64; 2]>, of: Option<u32>) -> Option<f64> {
    let ([low, high], n) = (interval?, f64::from(of.filter(|of| *of > 1)?));
    Some((high - low) / 2.0 / student_t_quantile(0.975, n - 1.0) * n.sqrt())
}

fn compared(
    together: &[Lesson],
    measure: &'static str,
    before: f64,
    now: f64,
    chance: Option<f64>,
    review: &Review,
) -> Helped {
    let verdict = Verdict::of(before, now, chance);
    let keys: Vec<String> = together.iter().map(|lesson| lesson.key.clone()).collect();
    let again = keys.iter().filter(|key| review.lessons.iter().any(|lesson| lesson.key == **key));
    Helped {
        date: together.first().and_then(|lesson| lesson.date).map(|date| date.to_string()),
        again: again.cloned().collect(),
        keys,
        measure,
        before,
        now,
        chance,
        verdict,
    }
}

impl Verdict {
    /// What a figure, of which less is better, says beside an earlier one; `chance` is by how much two differ anyway.
    pub(crate) fn of(before: f64, now: f64, chance: Option<f64>) -> Verdict {
        match chance {
            None => Verdict::Unknown,
            Some(chance) if (now - before).abs() <= chance => Verdict::Same,
            Some(_) if now < before => Verdict::Helped,
            Some(_) => Verdict::Worse,
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Helped => "helped",
            Verdict::Same => "same",
            Verdict::Worse => "worse",
            Verdict::Unknown => "unknown",
        }
    }
}

impl Helped {
    /// The verdict's word.
    pub fn word(&self) -> &'static str {
        self.verdict.word()
    }

    /// What was changed, before and now, and whether it is more than chance.
    pub fn sentence(&self, voice: Voice) -> String {
        let list = |keys: &[String]| {
            let said: Vec<String> = keys.iter().map(|key| about(key, voice)).collect();
            said.join(&voice.word("list.separator"))
        };
        let date = self.date.clone().unwrap_or_else(|| "–".to_owned());
        let (before, now) = (number(self.before), number(self.now));
        let by = number((self.now - self.before).abs());
        let chance = self.chance.map_or_else(String::new, number);
        let measure = format!("@review.measure.{}", self.measure);
        let args = [
            ("date", date.as_str()),
            ("what", &list(&self.keys)),
            ("measure", &measure),
            ("before", &before),
            ("now", &now),
            ("by", &by),
            ("chance", &chance),
        ];
        let mut sentence = voice.say(&format!("review.helped.{}", self.word()), &args);
        if !self.again.is_empty() {
            sentence += &voice.word("review.sentence_gap");
            sentence += &voice.say("review.helped.again", &[("what", &list(&self.again))]);
        }
        sentence
    }

    pub(super) fn json(&self, voice: Voice) -> Value {
        json!({
            "date": self.date, "keys": self.keys, "again": self.again, "measure": self.measure,
            "before": self.before, "now": self.now, "chance": self.chance,
            "verdict": self.word(), "sentence": self.sentence(voice),
        })
    }
}
