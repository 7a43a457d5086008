//! What rounds have used of the stocks that provide for them is written into their parties' books: it follows from whom they have served.

use super::{Parties, clock, open::OpenBook, telling::said};
use crate::{
    access::role::Place,
    limits,
    machine::aside,
    people::id::RoundId,
    problem::Fault,
    run::{held, provision::RoundProvision},
};
use domain::Moment;
use std::sync::Arc;
use supplies::{Asked, Command, Role, Store};
use tokio::{sync::watch, time::sleep};
use uuid::Uuid;
use verbs::provision::SlotLines;

/// Writes it down until the server stops. Of several processes one does.
pub(crate) fn use_up(parties: &Arc<Parties>, stopping: &watch::Receiver<bool>) {
    let (parties, mut stopping) = (parties.clone(), stopping.clone());
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = sleep(limits::USED_EVERY) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            let within = parties.clone();
            // Whatever failed is tried again at the next look.
            aside(move || within.note_used()).await.unwrap_or_else(|fault| said(&fault));
        }
    });
}

impl Parties {
    pub(crate) fn note_used(&self) -> Result<(), Fault> {
        let all = self.runs.book.parties()?;
        if all.is_empty() || !self.runs.leads("used", limits::USED_LEASE)? {
            return Ok(());
        }
        for own in all {
            // A book or a round that cannot be read holds up no other.
            self.note_used_of(own).unwrap_or_else(|fault| said(&fault));
        }
        Ok(())
    }

    /// What the rounds that a party's stock provides for have used by now. Blocks on the disk.
    fn note_used_of(&self, own: Uuid) -> Result<(), Fault> {
        let (Some(book), now) = (self.of(own)?, clock()) else { return Ok(()) };
        let (place, rounds) = {
            let book = held(&book);
            (book.party.place, book.book().supplies().provided(stock_of(own)))
        };
        let Place::Community(community) = place else { return Ok(()) };
        let since = now + -(limits::USED_AFTER.as_secs() as i64 * 10_000);
        for (round, _) in rounds.into_iter().filter(|(_, until)| *until > since) {
            let slots = {
                let Ok(running) = self.runs.running(community, RoundId(round)) else { continue };
                let mut running = held(&running);
                let Some(provision) = RoundProvision::of(&mut running) else { continue };
                provision.used(&running, now)
            };
            for slot in slots {
                self.note_slot(&mut held(&book), (round, now), &slot)?;
            }
        }
        Ok(())
    }

    /// What phones tell late of a slot that is over takes its place there: whoever has counted since has counted without it.
    fn note_slot(
        &self,
        book: &mut OpenBook,
        (round, now): (Uuid, Moment),
        of: &SlotLines,
    ) -> Result<(), Fault> {
        let (by, store) = (format!("round {round}"), stock_of(book.party.id));
        let (person, supplies) = (book.book().person(&by), book.book().supplies());
        let (mut at, mut lines) = (now.min(of.until), Asked::new());
        let goods = supplies.goods_of(store, round);
        for (good, count) in of.lines.iter().filter(|(good, _)| goods.contains(good)) {
            let (told, before) = supplies.used_by(store, of.slot, person, good).unzip();
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            if before.map_or(0, i64::from) != count {
                lines.push((good.clone(), count));
                at = told.map_or(at, |told| at.max(told + 1));
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        let command = Command::Use { store, slot: of.slot, lines };
        let command = parties::Command::Supplies { role: Role::Keeper, command };
        book.command_once(&self.runs, &by, Some(at), None, |_| Ok(command.clone()))
    }
}

/// The one stock that a party has.
pub(crate) fn stock_of(party: Uuid) -> Store {
    Store { party, place: party }
}
