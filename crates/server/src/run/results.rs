//! What labs report: each report is taken to the tube that it is of, decided by the rules of its round, and written into that
//! round's journal. What cannot be is kept aside with a reason, for a person to look at; nothing is lost.
//!
//! Map: [`file`] what was sent, as reports · `tubes` which tube a code or a label means · this file: decided and written.
//! Kept aside: `book::aside`.

pub mod file;
pub mod out;
mod tubes;

use super::{Runs, book::aside::Aside, held};
use crate::{
    access::secret,
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use domain::{
    Command, Event, Moment,
    event::{Finding, Reason},
};
use formats::results::{LabReport, Place, Reports, Status, Taken};
use round::Said;
use std::collections::BTreeMap;
use tubes::{Found, Tubes};
use uuid::Uuid;

/// Who sends results.
#[derive(Clone, Copy, Debug)]
pub struct Sender {
    /// The lab.
    pub lab: Uuid,
    /// The person, or the machine, by its account.
    pub by: Uuid,
    /// When it came.
    pub at: Moment,
}

/// What became of one report.
#[derive(Clone, Debug)]
pub enum Became {
    /// It is written down.
    Taken,
    /// It was written down before, or says what is known.
    Known,
    /// It is kept aside.
    Aside {
        /// Of which community; `None` where nobody knows.
        community: Option<CommunityId>,
        /// Its number there.
        number: i64,
        /// Why.
        why: Said,
    },
    /// Not even that: too many are kept aside. It is to be sent again.
    NoRoom(Said),
}

/// A report that was read, and what became of it.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its row, message or resource.
    pub place: Place,
    /// What became of it.
    pub became: Became,
}

/// A report on its way to its round.
struct Row {
    place: usize,
    at: Moment,
    report: Uuid,
    item: Uuid,
    finding: Finding,
    /// Takes the place of what holds now, for this reason.
    amends: Option<Reason>,
}

impl Runs {
    /// Takes what a lab sent, row by row, of the communities for which it may report. Blocks until it is stored.
    ///
    /// # Errors
    /// The disk says no. What was stored before is stored, and a second time is a success.
    pub fn take_results(
        &self,
        communities: &[CommunityId],
        sender: Sender,
        reports: &Reports,
    ) -> Result<Vec<Sent>, Fault> {
        let mut tubes = Tubes::of(self, communities, sender.at)?;
        let mut became: Vec<Option<Became>> = vec![None; reports.taken.len()];
        let mut aside: Vec<(usize, Aside<'_>)> = Vec::new();
        let kept = |community, round, place: usize, why| {
            let report = &reports.taken[place].report;
            (place, Aside { community, round, lab: sender.lab, at: sender.at.0 / 10_000, report, why })
        };
        let mut rounds: BTreeMap<(CommunityId, RoundId), Vec<Row>> = BTreeMap::new();
        for (place, Taken { report, .. }) in reports.taken.iter().enumerate() {
            match tubes.find(self, &report.tube)? {
                Ok(Found { community, round, item }) => {
                    rounds.entry((community, round)).or_default().push(row(place, item, report, sender));
                }
                Err((community, why)) => aside.push(kept(community, None, place, why)),
            }
        }
        for ((community, round), rows) in rounds {
            for (row, said) in rows.iter().zip(self.write_results(community, round, sender, &rows)?) {
                match said {
                    Ok(new) => became[row.place] = Some(if new { Became::Taken } else { Became::Known }),
                    Err(why) => aside.push(kept(Some(community), Some(round), row.place, why)),
                }
            }
        }
        let numbers = self.book.set_results_aside(aside.iter().map(|(_, of)| of))?;
        for ((place, Aside { community, why, .. }), number) in aside.into_iter().zip(numbers) {
            became[place] = Some(match number {
                Some(number) => Became::Aside { community, number, why },
                None => Became::NoRoom(Said::new("results_aside_full", &[("most", &limits::RESULTS_ASIDE)])),
            });
        }
        let sent = reports
            .taken
            .iter()
            .zip(became)
            .filter_map(|(taken, became)| Some(Sent { place: taken.place.clone(), became: became? }));
        Ok(sent.collect())
    }

    /// Decides the rows of one round and writes down what comes of them: for each whether it was new, or why not.
    fn write_results(
        &self,
        community: CommunityId,
        round: RoundId,
        sender: Sender,
        rows: &[Row],
    ) -> Result<Vec<Result<bool, Said>>, Fault> {
        let running = self.running(community, round)?;
        let mut running = held(&running);
        running.decided(self, sender.at, |running| {
            let round = running.folded().live().round();
            let commands: Vec<(Moment, Command)> = rows
                .iter()
                .map(|row| {
                    // Sent again, an amendment replaces what it replaced, not itself.
                    let known = round.report(row.report).and_then(|of| of.instead_of);
                    let holds = || round.result(row.item).map(|of| of.report.report);
                    let command = Command::ReportResult {
                        report: row.report,
                        item: row.item,
                        finding: row.finding,
                        lab: sender.lab,
                        by: sender.by,
                        instead_of: row.amends.map(|_| known.or_else(holds).unwrap_or(Uuid::nil())),
                        reason: row.amends,
                    };
                    (row.at, command)
                })
                .collect();
            let decided = round.decide_results(commands.iter().map(|(at, command)| (*at, command)));
            let mut events: Vec<(Moment, Event)> = Vec::new();
            let rules = &running.made.definition.rules;
            let said = decided
                .into_iter()
                .zip(&commands)
                .map(|(decided, (at, _))| match decided {
                    Ok(told) => {
                        let new = !told.is_empty();
                        events.extend(told.into_iter().map(|event| (*at, event)));
                        Ok(new)
                    }
                    Err(refusal) => Err(refusal.said(rules)),
                })
                .collect();
            (events, said)
        })
    }
}

fn row(place: usize, item: Uuid, report: &LabReport, sender: Sender) -> Row {
    let reported = report.reported.map(Moment::from);
    // What is taken back says nothing any more, even where the message still carries the value.
    let finding = report.finding.filter(|_| report.status != Status::Cancelled).unwrap_or(Finding::Invalid);
    let reason = report.replaces.as_ref().and_then(|of| of.reason);
    let amends = (report.status != Status::Final).then(|| reason.unwrap_or(Reason::Other));
    let at = reported.filter(|at| *at <= sender.at).unwrap_or(sender.at);
    Row { place, at, report: identifier(item, finding, report, sender.lab), item, finding, amends }
}

/// The identifier of a report comes from what it says: whoever sends it again says the same again.
fn identifier(item: Uuid, finding: Finding, report: &LabReport, lab: Uuid) -> Uuid {
    let said = (
        lab,
        item,
        finding,
        &report.id,
        report.reported.map(|at| at.as_second()),
        report.status as u8,
        report.replaces.as_ref().map(|of| &of.report),
    );
    let text = serde_json::to_vec(&said).expect("plain values are written as JSON");
    let digest = secret::digest(&[b"a lab's report", &text]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
