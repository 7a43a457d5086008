//! What people read.

use super::{Answer, laboratories_bind, screening};
use crate::{
    Voice,
    number::{number, percent},
};

/// Errors that differ by less are as good as the same.
const ALIKE: f64 = 0.01;
/// Errors so many times larger are not told in percent.
const MANY_TIMES: f64 = 10.0;

/// A probability for people: never a certainty.
pub fn chance_of(probability: f64) -> String {
    match probability {
        low if low < 0.005 => "< 1 %".to_owned(),
        high if high > 0.995 => "> 99 %".to_owned(),
        open => percent(open),
    }
}

/// The catalogue's word for a set of assumptions.
pub fn set_key(name: &str) -> &'static str {
    match name {
        "slower_infection" => "target.set.slower_infection",
        "restless" => "target.set.restless",
        "clustered" => "target.set.clustered",
        "leaks" => "target.set.leaks",
        "fewer_come" => "target.set.fewer_come",
        _ => "target.set.middle",
    }
}

/// The catalogue's word for a lever.
pub fn lever_key(name: &str) -> &'static str {
    match name {
        "interval" => "target.lever.interval",
        "delay" => "target.lever.delay",
        "participation" => "target.lever.participation",
        "pool" => "target.lever.pool",
        "isolate" => "target.lever.isolate",
        "labs" => "target.lever.labs",
        _ => "target.lever.contacts",
    }
}

impl Answer {
    /// What the figures say, the most important first.
    pub fn sentences(&self, voice: Voice) -> Vec<String> {
        let mut sentences = vec![self.goal_in_words(voice)];
        if self.kept >= self.goal.days {
            sentences.push(voice.say("target.kept", &[("days", &self.kept.to_string())]));
            return sentences;
        }
        if self.is_lost() {
            sentences.push(voice.word("target.lost"));
        }
        let by = self.date(self.by_day).to_string();
        for outlook in &self.outlooks {
            let [probability, low, high] = outlook.by(self.by_day).map(chance_of);
            let name = self.name(outlook, voice);
            let args =
                [("policy", &*name), ("date", &by), ("p", &probability), ("low", &low), ("high", &high)];
            sentences.push(voice.say("target.by", &args));
            let likely = outlook.likely().map(|day| self.date(day).to_string());
            sentences.push(match &likely {
                Some(date) => voice.say("target.likely", &[("policy", &name), ("date", date)]),
                None => {
                    let last = self.date(outlook.cases.len() - 1).to_string();
                    voice.say("target.unlikely", &[("policy", &name), ("date", &last)])
                }
            });
        }
        sentences.extend(self.spread(voice));
        sentences.extend(self.moved(voice));
        sentences.extend(self.bound(voice));
        if let Some(share) = self.in_quarantine() {
            sentences.push(voice.say("target.in_quarantine", &[("share", &percent(share))]));
        }
        sentences.push(self.trust(voice));
        sentences
    }

    /// What counts as reached.
    pub fn goal_in_words(&self, voice: Voice) -> String {
        let what = if self.series.outside { "target.outside" } else { "target.all" };
        let most = number(self.goal.at_most);
        let days = self.goal.days.to_string();
        let args = [("what", &*voice.word(what)), ("most", &most), ("days", &days)];
        voice.say(if self.goal.at_most == 0.0 { "target.goal_none" } else { "target.goal_most" }, &args)
    }

    /// Which assumptions say least and most of the first policy.
    fn spread(&self, voice: Voice) -> Option<String> {
        let by_set = self.outlooks[0].by_set.iter().map(|set| set[self.by_day]);
        let all: Vec<(usize, f64)> = by_set.enumerate().collect();
        let least = all.iter().min_by(|one, other| one.1.total_cmp(&other.1));
        let most = all.iter().max_by(|one, other| one.1.total_cmp(&other.1));
        let word = |of: Option<&(usize, f64)>| {
            let (set, probability) = of.copied().unwrap_or_default();
            (voice.word(set_key(screening::target::SETS[set].name)), chance_of(probability))
        };
        let ((low_set, low), (high_set, high)) = (word(least), word(most));
        let args = [("low", &*low), ("low_set", &low_set), ("high", &high), ("high_set", &high_set)];
        (low != high).then(|| voice.say("target.spread", &args))
    }

    /// What moves the first policy most.
    fn moved(&self, voice: Voice) -> Option<String> {
        let best = self.levers.levers.first()?;
        if !self.levers.moves && best.cases >= self.levers.cases {
            return None;
        }
        let date = self.date(self.levers.day).to_string();
        let shown = |value: f64| match best.name {
            "participation" | "isolate" => percent(value),
            _ => number((value * 100.0).round() / 100.0),
        };
        let [before, after] = best.values.map(shown);
        let lever = voice.say(lever_key(best.name), &[("before", &before), ("after", &after)]);
        let [was, is] = [self.levers.probability, best.probability].map(chance_of);
        let [cases, fewer] = [self.levers.cases, best.cases].map(number);
        let args = [
            ("lever", &*lever),
            ("date", &date),
            ("was", &was),
            ("is", &is),
            ("cases", &cases),
            ("fewer", &fewer),
        ];
        Some(voice.say(if self.levers.moves { "target.moves" } else { "target.moves_cases" }, &args))
    }

    /// Where laboratories say how often people are tested.
    fn bound(&self, voice: Voice) -> Vec<String> {
        let all = self.outlooks.iter().filter_map(|outlook| Some((outlook, outlook.policy.as_ref()?)));
        let bound = all.filter_map(|(outlook, policy)| {
            let steps = std::iter::once(&policy.now).chain(policy.steps.iter().map(|step| &step.measures));
            let measures = steps.into_iter().find(|measures| laboratories_bind(measures))?;
            let name = self.name(outlook, voice);
            let (wished, every) = (number(measures.interval_days), number(screening(measures).interval_days));
            Some(voice.say("target.labs_bind", &[("policy", &name), ("wished", &wished), ("every", &every)]))
        });
        bound.collect()
    }

    /// How good such forecasts were, a week ahead.
    fn trust(&self, voice: Voice) -> String {
        let week = self.scores.counts.iter().find(|score| score.days == 7 && score.forecasts > 0);
        let Some(week) = week else { return voice.word("target.no_scores") };
        let [model, value, growth] = week.crps_log;
        let better = value.min(growth);
        let times = model / better;
        let change = percent((times - 1.0).abs());
        let forecasts = week.forecasts.to_string();
        let args = [("change", &*change), ("forecasts", &forecasts)];
        let key = match times {
            // Also where both are 0.
            alike if alike.is_nan() || (alike - 1.0).abs() < ALIKE => "target.alike",
            better if better < 1.0 => "target.beats",
            many if many > MANY_TIMES => "target.loses_far",
            _ => "target.loses",
        };
        voice.say(key, &args)
    }
}
