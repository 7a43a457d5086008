//! Stopwatch cards, and codes of other systems, which say nothing here until somebody says whose they are.

use super::{Round, Whose};
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

    pub(super) fn link_code(
        &self,
        code: Uuid,
        visit: Option<Uuid>,
        household: Option<Uuid>,
    ) -> Result<Vec<Event>, Refusal> {
        if visit.or(household).is_none() {
            return Err(Refusal::CodeOfNobody);
        }
        match self.of_code(code) {
            Some(whose) if whose == (Whose { visit, household }) => Ok(Vec::new()),
            Some(_) => Err(Refusal::CodeTaken),
            None => Ok(vec![Event::CodeLinked { code, visit, household }]),
        }
    }

    /// The first link counts: by it people were let in since.
    pub(super) fn linked(&mut self, at: Moment, code: Uuid, whose: Whose) {
        let (first, known) = *self.codes.entry(code).or_insert((at, whose));
        if known != whose {
            self.conflicts.push(Conflict::TwoLinks { code, first, second: at });
            if at < first {
                self.codes.insert(code, (at, whose));
            }
        }
    }
}
