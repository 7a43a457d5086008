//! The sentences of a notice, by what they are about: paper, chat and script choose among them.

use super::Tongue;
use crate::{Call, Change, How, Notice};
use ::words::Language;

impl Notice {
    fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }
    /// Whether it tells of the round itself.
    pub(super) fn tells_round(&self) -> bool {
        self.is("round") || self.is("change")
    }

    /// The one thing to know, in a sentence or two.
    pub(super) fn first(&self, tongue: Tongue) -> Vec<String> {
        let day = self.day();
        let from = self.from.unwrap_or(self.at);
        let hours = |from: jiff::civil::DateTime| {
            let until = self.until.map(|until| tongue.time(until, from.date()));
            let date = tongue.day(from.date());
            let from = domain::time_of_day(from);
            match until {
                Some(until) => {
                    tongue.say("notice.hours", &[("date", &date), ("from", &from), ("until", &until)])
                }
                None => tongue.say("notice.hours_from", &[("date", &date), ("from", &from)]),
            }
        };
        let for_whom = tongue.addressed(&self.addressed);
        if self.is("all-clear") {
            return vec![hours(from), tongue.begun(&tongue.say("notice.all_clear", &[("who", &for_whom)]))];
        }
        if self.is("call-back") {
            return vec![
                hours(from),
                tongue.begun(&tongue.say("notice.call_back", &[("who", &for_whom)])),
                tongue.word("notice.call_back_why"),
            ];
        }
        if self.is("questions") {
            return Vec::new();
        }
        let closes = self.closes.map(|closes| tongue.time(closes, day));
        let opens = domain::time_of_day(self.opens);
        let date = tongue.day(day);
        let mut said = vec![match closes {
            Some(until) => {
                tongue.say("notice.hours", &[("date", &date), ("from", &opens), ("until", &until)])
            }
            None => tongue.say("notice.hours_from", &[("date", &date), ("from", &opens)]),
        }];
        if let Some(site) = &self.site {
            said.push(tongue.say("notice.where", &[("where", tongue.of(site))]));
        }
        said
    }

    /// The own time of whom it is for, where all of them have one: a line for each call, large.
    pub(super) fn own_time(&self, tongue: Tongue) -> Vec<String> {
        /// More than this is a table.
        const LINES_MAX: usize = 4;
        if !self.tells_round() || self.calls.is_empty() || self.calls.len() > LINES_MAX {
            return Vec::new();
        }
        self.calls.iter().map(|call| self.call_in_words(call, tongue)).collect()
    }

    pub(super) fn call_in_words(&self, call: &Call, tongue: Tongue) -> String {
        let time = tongue.time(call.at, self.day());
        let doors = tongue.doors_of(call);
        let lane = call.lane.map(|lane| lane.to_string()).unwrap_or_default();
        let args = [("time", &*time), ("doors", &*doors), ("lane", &*lane)];
        let key = match (self.how, call.lane) {
            (How::Broadcast, Some(_)) => "notice.own_lane",
            (How::Broadcast, None) => "notice.own_message",
            (_, Some(_)) => "notice.own_call",
            (_, None) => "notice.own_call_any_lane",
        };
        tongue.begun(&tongue.say(key, &args))
    }

    /// How people come.
    pub(super) fn coming(&self, tongue: Tongue) -> Vec<String> {
        if !self.tells_round() {
            return Vec::new();
        }
        let how = match self.how {
            How::Waves => "waves",
            How::Broadcast => "broadcast",
            How::Appointment => "appointment",
            How::WalkIn => "walk_in",
        };
        let mut said = vec![tongue.word(&format!("notice.how.{how}"))];
        if self.green {
            said.push(tongue.word("notice.green"));
        }
        said
    }

    /// What to bring, how to behave, what follows: heading and sentence.
    pub(super) fn doing(&self, tongue: Tongue) -> Vec<(String, String)> {
        if !self.tells_round() && !self.is("call-back") {
            return Vec::new();
        }
        let texts = [("bring", &self.bring), ("at_site", &self.at_site), ("after", &self.after)];
        let said = |(key, text): (&str, &Option<crate::Both>)| {
            let text = text.as_ref()?;
            Some((tongue.word(&format!("notice.part.{key}")), tongue.of(text).to_owned()))
        };
        texts.into_iter().filter_map(said).collect()
    }

    /// The rules that it gives itself, as figures.
    pub(super) fn rules(&self, tongue: Tongue) -> Vec<String> {
        if !self.tells_round() {
            return Vec::new();
        }
        let mut said = Vec::new();
        let mut rule = |key: &str, number: Option<String>| {
            said.extend(number.map(|number| tongue.say(key, &[("n", &number)])));
        };
        rule("notice.rule_pool", self.pool.map(|pool| pool.to_string()));
        rule("notice.rule_result", self.result_h.map(|hours| hours.to_string()));
        rule("notice.rule_spacing", self.spacing_m.map(|metres| metres.to_string()));
        rule("notice.rule_names", self.names_kept_days.map(|days| days.to_string()));
        said
    }

    /// What is otherwise than in the notice that it replaces; at most so many, and how many more there are.
    pub(super) fn changes(&self, tongue: Tongue, most: usize) -> Vec<String> {
        let shown = |text: &str| match text.parse::<jiff::civil::DateTime>() {
            _ if text.is_empty() => tongue.word("notice.nothing"),
            Ok(at) => tongue.time(at, self.day()),
            Err(_) => text.to_owned(),
        };
        let one = |change: &Change| {
            let (before, now) = (shown(tongue.of(&change.before)), shown(tongue.of(&change.now)));
            let what = match &change.call {
                Some(call) => tongue.begun(&tongue.doors_of(call)),
                None => tongue.word(&format!("notice.what.{}", change.what)),
            };
            tongue.say("notice.changed", &[("what", &what), ("before", &before), ("now", &now)])
        };
        let mut said: Vec<String> = self.told.clone();
        said.extend(self.changed.iter().take(most).map(one));
        if self.changed.len() > most {
            let more = (self.changed.len() - most).to_string();
            said.push(tongue.say("notice.changed_more", &[("n", &more)]));
        }
        said
    }

    /// What residents should do, a line each.
    pub(crate) fn coming_and_doing(&self, language: Language) -> Vec<String> {
        let tongue = Tongue(language);
        let mut lines = self.coming(tongue);
        lines.extend(self.doing(tongue).into_iter().map(|(_, text)| text));
        lines
    }

    pub(super) fn more(&self, tongue: Tongue) -> Vec<String> {
        self.more.iter().map(|text| tongue.of(text).to_owned()).collect()
    }

    /// Question and answer, those asked most first.
    pub(super) fn asked(&self) -> impl Iterator<Item = (&str, &str)> {
        self.answers.iter().filter_map(|one| Some((one.question.as_str(), one.answer.as_deref()?)))
    }

    /// Whom to ask, and who wrote it.
    pub(super) fn signed(&self, tongue: Tongue) -> Vec<String> {
        let contact =
            self.contact.as_ref().map(|contact| tongue.say("notice.contact", &[("contact", contact)]));
        let issuer =
            self.issued_by.as_ref().map(|issuer| tongue.say("notice.issued_by", &[("issuer", issuer)]));
        contact.into_iter().chain(issuer).collect()
    }
}
