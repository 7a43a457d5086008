//! Times at a site in sentences: the time of day, and its day where that is not today.

use super::{book::Made, print};
use domain::Moment;
use jiff::{ToSpan, civil::Date};
use round::Rules;
use verbs::Voice;

/// The clock of a round's site, looked at at a moment.
#[derive(Clone, Copy, Debug)]
pub struct SiteClock<'a> {
    rules: &'a Rules,
    /// The round's day.
    date: Option<Date>,
    today: i64,
}

impl<'a> SiteClock<'a> {
    /// Of a round.
    pub fn new(made: &'a Made, now: Moment) -> SiteClock<'a> {
        let rules = &made.definition.rules;
        SiteClock { rules, date: print::day(made).parse().ok(), today: rules.day(now) }
    }

    /// `23:10`, or `23:10 on 2022-03-28`.
    pub fn said(&self, at: Moment, voice: Voice) -> String {
        let (time, days) = (self.rules.clock(at), self.rules.day(at));
        let other = Some(days).filter(|days| *days != self.today);
        let date = other.zip(self.date).and_then(|(days, date)| date.checked_add(days.days()).ok());
        match date {
            Some(date) => voice.say("custody.when", &[("time", &*time), ("date", &date.to_string())]),
            None => time,
        }
    }
}
