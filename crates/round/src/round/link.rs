//! Stopwatch cards, and codes of other systems, which say nothing here until somebody says whose they are.

use super::{Link, Round, Whose};
use crate::{CARDS_MAX, Conflict, Refusal};
use domain::{Event, Moment, command::Table};
use uuid::Uuid;

impl Round {
    pub(super) fn tap_card(&self, card: u32, table: Option<&Table>) -> Result<Vec<Event>, Refusal> {
        if !(1..=CARDS_MAX).contains(&card) {
            return Err(Refusal::NoSuchCard { card });
        }
        if let Some(Table { station, lane, .. }) = table {
            self.desk(station, *lane)?;
        }
        Ok(vec![Event::CardTapped { card, table: table.cloned() }])
    }

    pub(super) fn link_code(&self, code: Uuid, whose: Whose, instead: bool) -> Result<Vec<Event>, Refusal> {
        let Whose { visit, household } = whose;
        if visit.or(household).is_none() {
            return Err(Refusal::CodeOfNobody);
        }
        let known = self.of_code(code);
        let agreed = known.map(|known| known.and(whose));
        match agreed {
            Some(agreed) if agreed.is_some() && agreed == known => Ok(Vec::new()),
            Some(None) if !instead => Err(Refusal::CodeTaken),
            // Only what replaces something says so: else a link that comes in later would be put aside unseen.
            _ => Ok(vec![Event::CodeLinked { code, visit, household, instead: agreed == Some(None) }]),
        }
    }

    /// The first link counts, for by it people were let in since; but what was linked instead of it, or says more exactly
    /// whose it is, counts.
    pub(super) fn linked(&mut self, at: Moment, code: Uuid, whose: Whose, instead: bool) {
        let new = Link { at, whose, instead };
        let Some(known) = self.codes.insert(code, new) else { return };
        let stands = match known.whose.and(whose) {
            // Told twice, or what the one says and the other leaves open.
            Some(both) if both == known.whose && both == whose => {
                Link { at: known.at.min(at), whose, instead: known.instead || instead }
            }
            Some(both) if both == known.whose => known,
            Some(both) => Link { at, whose: both, instead: known.instead || instead },
            None if instead && at >= known.at => {
                let left = |of: &Conflict| !matches!(of, Conflict::TwoLinks { code: of, .. } if *of == code);
                self.conflicts.retain(left);
                new
            }
            None if known.instead && at < known.at => known,
            None => {
                let (first, second) = ((known.at, known.whose), (at, whose));
                self.conflicts.push(Conflict::TwoLinks { code, first, second });
                if at < known.at { new } else { known }
            }
        };
        self.codes.insert(code, stands);
    }

    /// Whoever looked into two links said which is right: what was said before it does not count any more.
    pub(super) fn settled_link(&mut self, code: Uuid, (at, whose): (Moment, Whose)) {
        self.codes.insert(code, Link { at, whose, instead: true });
    }
}

impl Whose {
    /// What two say together that can both be true: of one person, or of a household and one of its people.
    fn and(self, other: Whose) -> Option<Whose> {
        let one_person = self.visit.is_some() && self.visit == other.visit;
        let one_home = self.household.is_some() && self.household == other.household;
        let agree = one_person || one_home && (self.visit.is_none() || other.visit.is_none());
        agree.then(|| Whose {
            visit: self.visit.or(other.visit),
            household: self.household.or(other.household),
        })
    }
}
