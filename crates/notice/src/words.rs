//! A notice in one language: as a document, as a message for the chat, and as a script for a loudspeaker.

mod chat;
mod paper;
mod parts;
mod script;

pub use paper::Paper;

use crate::{Addressed, Both, Call, Notice};
use ::words::Language;
use jiff::civil::{Date, DateTime};

/// Says a notice in one language.
#[derive(Clone, Copy)]
pub(crate) struct Tongue(pub Language);

impl Tongue {
    pub fn say(self, key: &str, args: &[(&str, &str)]) -> String {
        ::words::say(self.0, key, args)
    }
    pub fn word(self, key: &str) -> String {
        self.say(key, &[])
    }
    pub fn of(self, both: &Both) -> &str {
        self.0.among(&both.0)
    }
    /// `Monday 28 March`
    pub fn day(self, day: Date) -> String {
        let weekday = day.weekday().to_monday_one_offset();
        let args = [
            ("weekday", &*self.word(&format!("notice.weekday.{weekday}"))),
            ("day", &*day.day().to_string()),
            ("month", &*self.word(&format!("notice.month.{}", day.month()))),
        ];
        self.say("notice.date", &args)
    }
    /// The time of day; with the day where it is another.
    pub fn time(self, at: DateTime, day: Date) -> String {
        let time = domain::time_of_day(at);
        if at.date() == day {
            return time;
        }
        self.say("notice.moment", &[("day", &self.day(at.date())), ("time", &time)])
    }
    /// `building 12, entrance 2`
    pub fn place(self, building: &str, entrance: &str) -> String {
        let number = |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric());
        let mut place = if number(building) {
            self.say("notice.building", &[("building", building)])
        } else {
            building.to_owned()
        };
        if !entrance.is_empty() {
            place += &if number(entrance) {
                self.say("notice.entrance", &[("entrance", entrance)])
            } else {
                format!(" {entrance}")
            };
        }
        place
    }
    /// `building 12, entrance 2, doors 101–602`
    pub fn doors_of(self, call: &Call) -> String {
        let place = self.place(&call.building, &call.entrance);
        let several = call.doors.contains([',', '–', '，']) || call.doors.contains(&self.word("notice.to"));
        let key = if several { "notice.doors" } else { "notice.household" };
        self.say(key, &[("place", &place), ("door", &call.doors)])
    }
    /// A sentence begins with a capital letter.
    pub fn begun(self, text: &str) -> String {
        let mut letters = text.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
            .unwrap_or_default()
    }
    /// Whom it is for.
    pub fn addressed(self, addressed: &Addressed) -> String {
        match addressed {
            Addressed::Everybody => self.word("notice.everybody"),
            Addressed::Building(building) => self.place(building, ""),
            Addressed::Entrance(building, entrance) => self.place(building, entrance),
            Addressed::Household(building, entrance, door) => {
                self.say("notice.household", &[("place", &self.place(building, entrance)), ("door", door)])
            }
        }
    }
}

impl Notice {
    pub(crate) fn day(&self) -> Date {
        self.opens.date()
    }
    /// What residents see first: `Pooled screening`, or what kind of news it is.
    pub fn title(&self, language: Language) -> String {
        let tongue = Tongue(language);
        let service = tongue.of(&self.service).to_owned();
        tongue.say(
            &format!("notice.title.{}", self.kind),
            &[("service", &service), ("community", &self.community)],
        )
    }
    /// `Notice 3 · Sunday 27 March 20:00`
    pub(crate) fn numbered(&self, tongue: Tongue) -> String {
        let at = format!("{} {}", tongue.day(self.at.date()), domain::time_of_day(self.at));
        tongue.say("notice.number", &[("number", &self.number.to_string()), ("at", &at)])
    }
    /// `This replaces notice 2 of 07:10.`
    pub(crate) fn replacing(&self, tongue: Tongue) -> Option<String> {
        let old = self.replaces?;
        let at = tongue.time(old.at, self.at.date());
        Some(tongue.say("notice.replaces", &[("number", &old.number.to_string()), ("at", &at)]))
    }
}
