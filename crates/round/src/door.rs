//! What is said at doors: knocks where nobody opened, when to knock again, and bookings made there for somebody in another system.

use crate::{Evidence, Household, Live, Refusal, Round, rules::MINUTE};
use chance::Ticks;
use domain::{Event, Moment, event::Answer};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Answers nearer to each other are of one knock: somebody tapped again, or came back for a word.
pub const KNOCKS_APART: Ticks = 10 * MINUTE;
/// Who was not at home is knocked at once more so long before the site closes: time to come down, to wait and to be served.
pub const LAST_KNOCK: Ticks = 60 * MINUTE;
/// Letters, digits and hyphens of a reference of another system.
pub const REFERENCE_MAX: usize = 12;
/// Digits of a reference that follow each other: telephones, passports and documents have more.
const DIGITS_MAX: usize = 6;

/// Why a door is to be knocked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Knock {
    /// Its wave has been called to the last door.
    Second,
    /// The site closes soon.
    Last,
}

/// A booking in another system, made on somebody's behalf.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Booking {
    /// When, and who wrote it down.
    pub evidence: Evidence,
    /// The person; `None`: the household.
    pub visit: Option<Uuid>,
    /// What the other system calls it; nothing of anybody.
    pub reference: String,
}

/// What became of doors at which nobody opened at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Knocks {
    /// Doors at which nobody opened the first time.
    pub first: u32,
    /// Of those: knocked at again.
    pub second: u32,
    /// Of those knocked at again: somebody opened, or came after all.
    pub reached: u32,
}

impl Household {
    /// Whether somebody of it said that they cannot come down, and it did not say later that it comes.
    pub fn asks_for_visit(&self) -> bool {
        let declined = self.at_door.values().any(|said| *said == Answer::CannotCome);
        declined && !matches!(self.answer(), Some((_, Answer::Coming)))
    }

    /// Each knock with what was said at last: what was answered within ten minutes is one.
    pub fn knocks(&self) -> Vec<(Moment, Answer)> {
        let mut knocks: Vec<(Moment, Answer)> = Vec::new();
        for (&at, &answer) in &self.at_door {
            match knocks.last_mut() {
                Some((since, said)) if at - *since < KNOCKS_APART => *said = answer,
                _ => knocks.push((at, answer)),
            }
        }
        knocks
    }
}

impl Live {
    /// Whether a door at which nobody opened is to be knocked at again by now, and why.
    pub fn to_knock(&self, household: Uuid, at: Moment) -> Option<Knock> {
        let of = self.round().households().get(&household)?;
        let closed = of.people.is_empty() && matches!(of.answer(), Some((_, Answer::NotAtHome)));
        if !closed || of.asks_for_visit() {
            return None;
        }
        let (since, knocks) = (of.knocks().last()?.0, of.knocks().len());
        if at - since < KNOCKS_APART {
            return None;
        }
        let rules = self.round().rules();
        if rules.closes.is_some_and(|closes| at >= rules.opens + closes) {
            return None;
        }
        if self.last_knock().is_some_and(|last| at >= last && since < last) {
            return Some(Knock::Last);
        }
        (knocks == 1 && self.is_called(of.called.map(|(_, wave)| wave))).then_some(Knock::Second)
    }

    /// From when on who was not at home is knocked at once more; `None` where the site does not close.
    pub fn last_knock(&self) -> Option<Moment> {
        let rules = self.round().rules();
        rules.closes.map(|closes| rules.opens + (closes - LAST_KNOCK))
    }

    /// Whether somebody is to go to a household of which this many were not served, some of them marked as frail or ill: it said that
    /// it cannot come; or the site closes soon, it was called, and nobody has come.
    pub fn to_visit(&self, household: Uuid, missing: u32, frail: bool, at: Moment) -> bool {
        let of = self.round().households().get(&household);
        let late = self.last_knock().is_some_and(|last| at >= last);
        let not_come = of.is_some_and(|of| {
            let comes = matches!(of.answer(), Some((_, Answer::Coming | Answer::NotAtHome)));
            of.called.is_some() && of.people.is_empty() && !comes
        });
        missing > 0 && (of.is_some_and(Household::asks_for_visit) || frail && late && not_come)
    }

    /// Whether a wave was called to its last door.
    fn is_called(&self, wave: Option<u32>) -> bool {
        let Some(wave) = wave else { return true };
        let planned = self.calls().waves.iter().find(|of| of.number == wave);
        let called = self.round().waves().get(&wave).map_or(0, |of| of.called);
        planned.is_none_or(|of| called >= of.households)
    }

    /// What became of doors at which nobody opened at first.
    pub fn knocked(&self) -> Knocks {
        let mut counted = Knocks::default();
        for of in self.round().households().values() {
            let knocks = of.knocks();
            let Some(first) = knocks.iter().position(|(_, said)| *said == Answer::NotAtHome) else {
                continue;
            };
            counted.first += 1;
            let again = &knocks[first + 1..];
            if again.is_empty() {
                continue;
            }
            counted.second += 1;
            let opened = again.iter().any(|(_, said)| *said != Answer::NotAtHome);
            counted.reached += u32::from(opened || !of.people.is_empty());
        }
        counted
    }
}

impl Round {
    /// Bookings of a household, in the order of what the devices' clocks said.
    pub fn bookings(&self, household: Uuid) -> impl Iterator<Item = &Booking> {
        self.bookings.get(&household).into_iter().flatten()
    }

    /// Households for which somebody booked, and how many bookings there are.
    pub fn booked(&self) -> (usize, usize) {
        let once = |all: &BTreeSet<Booking>| {
            // Typed on two phones it is one booking.
            all.iter().map(|of| (of.visit, &of.reference)).collect::<BTreeSet<_>>().len()
        };
        (self.bookings.len(), self.bookings.values().map(once).sum())
    }

    pub(crate) fn book(
        &self,
        household: Uuid,
        visit: Option<Uuid>,
        reference: &str,
    ) -> Result<Vec<Event>, Refusal> {
        let reference = reference.trim().to_ascii_uppercase();
        if !is_reference(&reference) {
            return Err(Refusal::NoReference { most: REFERENCE_MAX, digits: DIGITS_MAX });
        }
        // Twice is once.
        let known = self.bookings(household).any(|of| of.visit == visit && of.reference == reference);
        let event = Event::BookedElsewhere { household, visit, reference };
        Ok(if known { Vec::new() } else { vec![event] })
    }
}

/// Whether it is a short code of letters and digits, and neither a name, a telephone nor a document's number.
fn is_reference(text: &str) -> bool {
    let in_a_row = text.split(|of: char| !of.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    (4..=REFERENCE_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && (2..=if letters { DIGITS_MAX + 2 } else { DIGITS_MAX }).contains(&digits)
        && in_a_row <= DIGITS_MAX
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn a_reference_is_no_number_of_anybody() {
        for right in ["AB12", "20-4711", "X7Q-204711", "883204"] {
            assert!(is_reference(right), "{right}");
        }
        let wrong = [
            "",
            "A1",
            "ZHANG",
            "WANG-XIAO",
            "13800138000",
            "E12345678",
            "11010519491231002X",
            "4711#",
            "王12",
        ];
        for wrong in wrong.into_iter().chain(["1380013-8000", "6234-5678", "139 1234", "123-456-789"]) {
            assert!(!is_reference(wrong), "{wrong}");
        }
    }
}
