//! Answers checked: each in its type and within its limits, with notes on all that are not.

use super::{Answers, FILE};
use crate::Files;
use crate::clock::{Clock, ROUND_DAYS_MAX, TICKS_PER_DAY, date_of, ticks_after};
use crate::edit::lent;
use crate::made_roll::MEAN_SIZE;
use crate::reader::nearest;
use crate::service::{Service, service, services};
use domain::scenario::Unit;
use domain::{Notes, Place};
use jiff::civil::{Date, DateTime};
use std::fmt::Display;
use toml_edit::{ArrayOfTables, Item};

/// People or households of one site: beyond a million it is several sites.
const PEOPLE_MAX: f64 = 1_000_000.0;
/// Staff of one site, for the same reason.
const STAFF_MAX: f64 = 100_000.0;
/// People in the largest square.
const ROOM_MAX: f64 = 1_000_000.0;
/// Minutes that somebody would still call a wait: up to four hours.
const WAIT_MAX: f64 = 240.0;
/// People in a mean household, as the format takes them.
const MEAN_SIZES: (f64, f64) = (1.0, 15.0);
/// Characters of a name, as the format takes them.
const NAME_MAX: usize = 100;
/// Years in which dates are taken for meant.
const YEARS: (i16, i16) = (2000, 2199);

/// How residents are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Volunteers knock, door by door, wave by wave.
    Doors,
    /// One message in the group chat, to everybody at once.
    Chat,
    /// Booked appointments.
    Appointments,
    /// They just come.
    WalkIn,
}

impl Reach {
    /// The words of the question, in its order.
    pub const WORDS: [(&'static str, Reach); 4] = [
        ("doors", Reach::Doors),
        ("chat", Reach::Chat),
        ("appointments", Reach::Appointments),
        ("walk-in", Reach::WalkIn),
    ];

    /// Whether households are called, so that the round needs a list of them and people who call.
    pub fn calls(self) -> bool {
        matches!(self, Reach::Doors | Reach::Chat)
    }
}

/// Who of a household stands in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody, each for themselves.
    Everybody,
    /// One, who fetches what is for all.
    OneEach,
    /// All together, served as one.
    Together,
}

/// What a planner wants, sound in each part.
#[derive(Clone, Debug)]
pub struct Brief {
    /// What it is.
    pub service: Service,
    /// How many people it is for.
    pub people: u32,
    /// How many households.
    pub households: u32,
    /// Whether the number of people was answered; if not, it follows from the households.
    pub people_answered: bool,
    /// Local time of opening.
    pub opens: DateTime,
    /// Local time of closing, after the opening.
    pub closes: DateTime,
    /// People who can staff it at one time.
    pub staff: u32,
    /// How residents are reached.
    pub reach: Reach,
    /// People who can wait without crowding.
    pub room: u32,
    /// Minutes that 95 in 100 should not have to wait longer than.
    pub wait_min: f64,
    /// IANA time zone.
    pub timezone: String,
    /// What people call the round, if it was answered.
    pub name: Option<String>,
    /// Who of a household comes, from the service.
    pub who: Who,
}

impl Brief {
    /// The answers checked; `None` iff a note refuses.
    pub fn of(answers: &Answers) -> (Option<Brief>, Notes) {
        let mut checked = Checked { notes: Notes::default() };
        let brief = checked.brief(answers);
        let refused = checked.notes.refuses();
        (brief.filter(|_| !refused), checked.notes)
    }

    /// Hours from opening to closing.
    pub fn hours(&self) -> f64 {
        ticks_after(self.opens, self.closes) as f64 / (TICKS_PER_DAY / 24) as f64
    }

    /// People in a mean household.
    pub fn mean_size(&self) -> f64 {
        f64::from(self.people) / f64::from(self.households)
    }

    /// People or parties who come on their own: one for each household where it comes as one.
    pub fn parties(&self) -> u32 {
        if self.who == Who::Everybody { self.people } else { self.households }
    }

    /// People who stand at the site.
    pub fn visitors(&self) -> u32 {
        if self.who == Who::OneEach { self.households } else { self.people }
    }
}

/// The answers on their way, and what is wrong with them.
struct Checked {
    notes: Notes,
}

impl Checked {
    fn error(&mut self, field: &str, code: &'static str, args: &[(&'static str, &dyn Display)]) {
        self.notes.error(Place::file(FILE).column(field), code, args);
    }

    fn brief(&mut self, answers: &Answers) -> Option<Brief> {
        let service = self.service(&answers.service);
        let homes = self.homes(answers);
        let opens = self.opens(answers);
        let closes = self.closes(answers, opens);
        let staff = self.whole("staff", answers.staff, 1.0, STAFF_MAX);
        let reach = self.reach(&answers.reach);
        let room = self.whole("room", answers.room, 1.0, ROOM_MAX);
        let wait_min = self.number("wait", answers.wait, 1.0, WAIT_MAX);
        let timezone = self.timezone(&answers.timezone);
        let name = self.name(&answers.name);
        let (service, who) = service?;
        let (people, households) = homes?;
        Some(Brief {
            service,
            people,
            households,
            people_answered: answers.people.is_some(),
            opens: opens?,
            closes: closes?,
            staff: staff?,
            reach: reach?,
            room: room?,
            wait_min: wait_min?,
            timezone: timezone?,
            name,
            who,
        })
    }

    fn service(&mut self, name: &str) -> Option<(Service, Who)> {
        const FIELD: &str = "service";
        let known = services();
        let list = known.join(", ");
        let name = name.trim();
        if name.is_empty() {
            self.error(FIELD, "answer_service", &[("known", &list)]);
            return None;
        }
        if !known.contains(&name) {
            match nearest(name, &known) {
                Some(near) => {
                    let args: [(&'static str, &dyn Display); 3] =
                        [("value", &name), ("near", &near), ("known", &list)];
                    self.error(FIELD, "unknown_service_near", &args);
                }
                None => self.error(FIELD, "unknown_service", &[("value", &name), ("known", &list)]),
            }
            return None;
        }
        let files = Files::default();
        let (found, notes) = service(name, &files);
        self.notes.extend(notes);
        let found = found?;
        let Some(stations) = lent(name, &files) else {
            self.error(FIELD, "no_stations", &[]);
            return None;
        };
        let who = who(found.to, &stations);
        Some((found, who))
    }

    /// People and households; the one that is not answered follows from the other.
    fn homes(&mut self, answers: &Answers) -> Option<(u32, u32)> {
        if answers.people.is_none() && answers.households.is_none() {
            self.error("people", "answer_people", &[]);
            return None;
        }
        let mut each =
            |field, given: Option<f64>| given.map(|given| self.whole(field, Some(given), 1.0, PEOPLE_MAX));
        let people = each("people", answers.people);
        let households = each("households", answers.households);
        match (people, households) {
            (Some(people), None) => {
                let people = people?;
                let households = (f64::from(people) / MEAN_SIZE + 0.5) as u32;
                Some((people, households.clamp(1, people)))
            }
            (None, Some(households)) => {
                let households = households?;
                Some(((f64::from(households) * MEAN_SIZE + 0.5) as u32, households))
            }
            (Some(people), Some(households)) => {
                let (people, households) = (people?, households?);
                let mean = f64::from(people) / f64::from(households);
                if mean < MEAN_SIZES.0 || mean > MEAN_SIZES.1 {
                    let mean = format!("{mean:.1}");
                    let args: [(&'static str, &dyn Display); 5] = [
                        ("people", &people),
                        ("households", &households),
                        ("mean", &mean),
                        ("min", &MEAN_SIZES.0),
                        ("max", &MEAN_SIZES.1),
                    ];
                    self.error("households", "answer_mean_size", &args);
                    return None;
                }
                Some((people, households))
            }
            (None, None) => None,
        }
    }

    fn opens(&mut self, answers: &Answers) -> Option<DateTime> {
        let date = self.date(&answers.date);
        let time = match Clock::parse(&answers.opens) {
            Some(Clock::Time(time)) => Some(time),
            _ => {
                self.time("opens", &answers.opens);
                None
            }
        };
        Some(date?.to_datetime(time?))
    }

    fn date(&mut self, text: &str) -> Option<Date> {
        if text.trim().is_empty() {
            self.error("date", "answer_missing", &[]);
            return None;
        }
        let Some(date) = date_of(text) else {
            self.error("date", "not_a_date", &[("value", &quoted(text))]);
            return None;
        };
        if date.year() < YEARS.0 || date.year() > YEARS.1 {
            let args: [(&'static str, &dyn Display); 3] =
                [("value", &date), ("min", &YEARS.0), ("max", &YEARS.1)];
            self.error("date", "year_out_of_range", &args);
            return None;
        }
        Some(date)
    }

    fn closes(&mut self, answers: &Answers, opens: Option<DateTime>) -> Option<DateTime> {
        let Some(clock) = Clock::parse(&answers.closes) else {
            self.time("closes", &answers.closes);
            return None;
        };
        let opens = opens?;
        let closes = clock.on(opens.date());
        let ticks = ticks_after(opens, closes);
        if ticks <= 0 {
            self.error("closes", "closes_before_opening", &[("value", &quoted(&answers.closes))]);
            return None;
        }
        if ticks > ROUND_DAYS_MAX * TICKS_PER_DAY {
            let args: [(&'static str, &dyn Display); 2] =
                [("value", &quoted(&answers.closes)), ("days", &ROUND_DAYS_MAX)];
            self.error("closes", "too_late", &args);
            return None;
        }
        Some(closes)
    }

    /// Notes that a time is missing, or is none.
    fn time(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.error(field, "answer_missing", &[]);
        } else {
            self.error(field, "not_a_time", &[("value", &quoted(text))]);
        }
    }

    fn reach(&mut self, word: &str) -> Option<Reach> {
        let word = word.trim();
        if let Some((_, reach)) = Reach::WORDS.iter().find(|(name, _)| *name == word) {
            return Some(*reach);
        }
        let words = Reach::WORDS.map(|(name, _)| name);
        let known = words.join(", ");
        match nearest(word, &words) {
            _ if word.is_empty() => self.error("reach", "answer_missing", &[]),
            Some(near) => {
                let args: [(&'static str, &dyn Display); 3] =
                    [("value", &quoted(word)), ("near", &near), ("known", &known)];
                self.error("reach", "unknown_word_near", &args);
            }
            None => self.error("reach", "unknown_word", &[("value", &quoted(word)), ("known", &known)]),
        }
        None
    }

    fn timezone(&mut self, name: &str) -> Option<String> {
        let name = name.trim();
        if name.is_empty() {
            return Some("UTC".to_owned());
        }
        if !crate::round::is_timezone(name) {
            self.error("timezone", "timezone_name", &[("value", &quoted(name))]);
            return None;
        }
        Some(name.to_owned())
    }

    fn name(&mut self, name: &str) -> Option<String> {
        let name = name.trim();
        if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            self.error("name", "name_too_long", &[("value", &quoted(name)), ("max", &NAME_MAX)]);
        }
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn whole(&mut self, field: &str, given: Option<f64>, min: f64, max: f64) -> Option<u32> {
        let number = self.number(field, given, min, max)?;
        let whole = number as u32;
        if f64::from(whole) != number {
            self.error(field, "not_a_whole_number", &[("value", &number)]);
            return None;
        }
        Some(whole)
    }

    fn number(&mut self, field: &str, given: Option<f64>, min: f64, max: f64) -> Option<f64> {
        let Some(number) = given else {
            self.error(field, "answer_missing", &[]);
            return None;
        };
        if !(min..=max).contains(&number) {
            let args: [(&'static str, &dyn Display); 3] = [("value", &number), ("min", &min), ("max", &max)];
            self.error(field, "answer_range", &args);
            return None;
        }
        Some(number)
    }
}

/// Who comes, by whom a station serves at one time: all of a car, a household whose size counts, or each alone.
fn who(to: Unit, stations: &ArrayOfTables) -> Who {
    let together = stations.iter().any(|station| {
        let unit = station.get("unit").and_then(Item::as_str).unwrap_or("person");
        let by_size = station.contains_key("plus_each_s");
        unit == "vehicle" || (unit == "household" && (by_size || to == Unit::Person))
    });
    match to {
        _ if together => Who::Together,
        Unit::Person => Who::Everybody,
        Unit::Household => Who::OneEach,
        Unit::Vehicle => Who::Together,
    }
}

fn quoted(text: &str) -> String {
    crate::value::shortened(&format!("\"{text}\""))
}
