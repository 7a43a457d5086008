//! The doors of a round in the order of walking, and lists of them to print: of a wave, of those at which nobody opened, of those who
//! are visited at home.

use super::{book::Made, definition::Definition, print::day};

use domain::{
    Moment,
    event::Answer,
    walk::{Rounds, Stop, Ways},
};
use formats::pdf::{Column, Fonts, Form, NoFont, forms, pdf};
use phone::{Door, ListKind, Walks};
use round::{Folded, Household};
use std::collections::BTreeMap;
use verbs::{
    Voice,
    sheets::{DoorRow, walks},
};

/// Rows of a list on a page; those below the last door are room for what is found there.
const ROWS: usize = 28;
/// Ticks of a second, as events have them.
const TICKS_PER_SECOND: i64 = 10_000;

/// The ways between the doors of a round.
pub fn ways(definition: &Definition, doors: &[Door]) -> Ways {
    let walking = definition.kept.scenario().map(|kept| kept.walking).unwrap_or_default();
    Ways::new(walking, doors.iter().map(|door| (&*door.building, &*door.door)))
}

/// All doors as one person walks to them.
pub fn as_walked<'a>(definition: &Definition, doors: &'a [Door]) -> Vec<&'a Door> {
    let stops: Vec<Stop<'_>> = doors.iter().map(|door| door.stop(0)).collect();
    ways(definition, doors).order(&stops).into_iter().map(|place| &doors[place]).collect()
}

/// What is asked to be walked to.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Which doors.
    pub kind: ListKind,
    /// Of this wave alone; `None`: of all waves.
    pub wave: Option<u32>,
    /// Callers or pairs; `None`: as the scenario has them.
    pub walkers: Option<u16>,
    /// When they begin; a wave begins when it is planned.
    pub from: Moment,
}

/// Lists of doors, one for each who walks.
#[derive(Debug)]
pub struct Lists<'a> {
    made: &'a Made,
    folded: &'a Folded,
    doors: &'a [Door],
    asked: Asked,
    ways: Ways,
    /// Each with its wave and when it begins.
    rounds: Vec<(Option<u32>, Moment, Rounds)>,
}

impl<'a> Lists<'a> {
    /// Of a round, at a moment.
    pub fn new(
        (made, folded, doors): (&'a Made, &'a Folded, &'a [Door]),
        asked: Asked,
        now: Moment,
    ) -> Lists<'a> {
        let definition = &made.definition;
        let ways = ways(definition, doors);
        let walks = Walks { live: folded.live(), doors, ways: &ways, one_for_all: definition.one_for_all };
        let rounds = match asked.kind {
            ListKind::Wave => {
                let callers = asked.walkers.map_or_else(|| callers(definition), u32::from);
                let place_of: BTreeMap<_, usize> =
                    doors.iter().enumerate().map(|(place, door)| (door.household, place)).collect();
                let waves =
                    definition.waves.iter().filter(|of| asked.wave.is_none_or(|wave| wave == of.number));
                let of_wave = |wave: &phone::Wave| {
                    let places: Vec<usize> =
                        wave.households.iter().filter_map(|of| place_of.get(of).copied()).collect();
                    let planned = definition.calls.waves.iter().find(|of| of.number == wave.number);
                    let begins = planned.map_or(asked.from, |of| definition.rules.opens + of.call_at);
                    (Some(wave.number), begins, walks.knocked(&places, callers.max(1) as usize))
                };
                waves.map(of_wave).collect()
            }
            ListKind::Again => {
                let places = walks.again(now);
                vec![(
                    None,
                    asked.from,
                    walks.knocked(&places, usize::from(asked.walkers.unwrap_or(1).max(1))),
                )]
            }
            ListKind::Visit => {
                let pairs = asked.walkers.unwrap_or(ways.walking().pairs);
                vec![(None, asked.from, walks.visited(&walks.visits(now), usize::from(pairs.max(1))))]
            }
        };
        Lists { made, folded, doors, asked, ways, rounds }
    }

    /// Whether there is no door on them.
    pub fn is_empty(&self) -> bool {
        self.rounds.iter().all(|(.., rounds)| rounds.rounds.is_empty())
    }

    /// As a table that spreadsheets open.
    pub fn csv(&self, voice: Voice) -> String {
        let mut rows = Vec::new();
        for (wave, begins, rounds) in &self.rounds {
            for (walker, tour) in (1..).zip(&rounds.rounds) {
                rows.extend(tour.stops.iter().zip(&tour.at_s).map(|(&place, &at_s)| {
                    let door = &self.doors[place];
                    DoorRow {
                        time: self.clock(*begins, at_s),
                        wave: *wave,
                        lane: Some(door.lane).filter(|lane| *lane > 0),
                        walker,
                        building: &door.building,
                        entrance: &door.entrance,
                        door: &door.door,
                        people: self.people(place),
                        know: self.know(door, voice),
                    }
                }));
            }
        }
        walks(&rows, voice)
    }

    /// To print: pages of each who walks.
    ///
    /// # Errors
    /// A letter has no font.
    pub fn pdf(&self, fonts: &Fonts, voice: Voice) -> Result<Vec<u8>, NoFont> {
        let kind = self.asked.kind.name();
        let title = voice.word(&format!("paper.walk.{kind}"));
        let (ticks, how): (&[&str], _) = match self.asked.kind {
            ListKind::Wave => (&["coming", "not_at_home", "cannot_come"], "paper.walk.wave.how"),
            ListKind::Again => (&["coming", "not_at_home"], "paper.walk.again.how"),
            ListKind::Visit => (&["done", "not_at_home"], "paper.walk.visit.how"),
        };
        let heads = [("at", 1.4), ("door", 2.2), ("people", 1.0), ("know", 3.6)];
        let heads = heads.into_iter().chain(ticks.iter().map(|tick| (*tick, 1.3)));
        let columns: Vec<Column> = heads
            .map(|(name, share)| Column { head: voice.word(&format!("paper.walk.{name}")), share })
            .collect();
        let how = voice.word(how);
        let assumed = voice.word(if self.measured() { "paper.walk.measured" } else { "paper.walk.assumed" });
        let mut pages = Vec::new();
        for (wave, begins, rounds) in &self.rounds {
            let longest = rounds.rounds.iter().map(|tour| tour.ends_s).max().unwrap_or(0).div_ceil(60);
            let by_number = rounds.by_number_s.div_ceil(60);
            for (walker, tour) in (1..).zip(&rounds.rounds) {
                let of = rounds.rounds.len();
                let args = [
                    ("wave", wave.map_or_else(String::new, |wave| wave.to_string())),
                    ("from", self.clock(*begins, 0)),
                    ("until", self.clock(*begins, tour.ends_s)),
                    ("minutes", tour.ends_s.div_ceil(60).to_string()),
                    ("longest", longest.to_string()),
                    ("by_number", by_number.to_string()),
                ];
                let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, &**value)).collect();
                let mut facts = vec![
                    format!("{} · {}", self.made.name, day(self.made)),
                    voice.say(if wave.is_some() { "paper.walk.of_wave" } else { "paper.walk.time" }, &args),
                ];
                if longest != by_number {
                    facts.push(voice.say("paper.walk.longest", &args));
                }
                pages.extend(tour.stops.chunks(ROWS).zip(tour.at_s.chunks(ROWS)).map(|(places, times)| {
                    Form {
                        title: title.clone(),
                        number: if of > 1 { format!("{walker}/{of}") } else { String::new() },
                        facts: facts.clone(),
                        columns: columns.clone(),
                        rows: ROWS,
                        cells: places
                            .iter()
                            .zip(times)
                            .map(|(&place, &at_s)| self.cells((place, *begins, at_s), voice))
                            .collect(),
                        how: vec![how.clone(), assumed.clone()],
                    }
                }));
            }
        }
        pdf(&title, voice.language.tag(), &forms(&pages, fonts), fonts)
    }

    fn cells(&self, (place, begins, at_s): (usize, Moment, u32), voice: Voice) -> Vec<String> {
        let door = &self.doors[place];
        vec![self.clock(begins, at_s), door.label(), self.people(place).to_string(), self.know(door, voice)]
    }

    fn measured(&self) -> bool {
        self.rounds.iter().all(|(.., rounds)| rounds.measured)
    }

    fn clock(&self, begins: Moment, after_s: u32) -> String {
        self.made.definition.rules.clock(begins + i64::from(after_s) * TICKS_PER_SECOND)
    }

    /// People to call; of those who are visited, people who were not served yet.
    fn people(&self, place: usize) -> u32 {
        let one_for_all = self.made.definition.one_for_all;
        let walks = Walks { live: self.folded.live(), doors: self.doors, ways: &self.ways, one_for_all };
        match self.asked.kind {
            ListKind::Visit => walks.missing(place),
            _ => self.doors[place].people.len() as u32,
        }
    }

    /// What whoever knocks should know.
    fn know(&self, door: &Door, voice: Voice) -> String {
        let round = self.folded.live().round();
        let mut words = Vec::new();
        if door.people.iter().any(|person| person.frail) {
            words.push(voice.word("calling.frail"));
        }
        words.extend(door.languages().iter().map(|tag| voice.tongue(tag)));
        let known = round.households().get(&door.household);
        if let Some((at, answer)) = known.and_then(Household::answer) {
            let word = match answer {
                Answer::Coming => "calling.coming",
                Answer::NotAtHome => "calling.not_at_home",
                Answer::CannotCome => "calling.cannot_come",
            };
            words.push(voice.say(word, &[("time", &*round.rules().clock(at))]));
        }
        words.extend(
            round.bookings(door.household).map(|of| voice.say("calling.booked", &[("code", &*of.reference)])),
        );
        words.join(&voice.word("list.separator"))
    }
}

/// How many doors are to be knocked at again by now, and how many homes are to be visited.
pub fn to_do(definition: &Definition, folded: &Folded, doors: &[Door], now: Moment) -> [u32; 2] {
    let ways = Ways::default();
    let walks = Walks { live: folded.live(), doors, ways: &ways, one_for_all: definition.one_for_all };
    [walks.again(now).len(), walks.visits(now).len()].map(|count| count as u32)
}

/// A time of the round's day, `11:30`, as a moment; `None` if it is none.
pub fn time_of(definition: &Definition, time: &str) -> Option<Moment> {
    let (hours, minutes) = time.trim().split_once(':')?;
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
    let of_day_s = i64::from(hours) * 3600 + i64::from(minutes) * 60;
    let rules = &definition.rules;
    (hours < 24 && minutes < 60).then(|| rules.opens + (of_day_s - rules.opens_s) * TICKS_PER_SECOND)
}

/// Callers of a wave, as the scenario has them.
pub fn callers(definition: &Definition) -> u32 {
    definition.kept.scenario().map_or(1, |kept| kept.waves.callers.number)
}
