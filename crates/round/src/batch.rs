//! A sealed box of tubes: who filled it, who had it since, and what the lab found in it. All that was told is kept, in the
//! order of its own times; what it comes to is asked of it.

use crate::{Conflict, Evidence};
use domain::{
    Moment,
    event::{Holder, HolderKind, Keeps},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// All that was told of a box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub(crate) sealed: BTreeSet<Sealing>,
    pub(crate) received: BTreeSet<Receipt>,
    pub(crate) opened: BTreeSet<Opening>,
}

/// Somebody closed the box.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sealing {
    /// By which record.
    pub evidence: Evidence,
    /// With these tubes in it.
    pub tubes: BTreeSet<Uuid>,
}

/// Somebody took the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Receipt {
    /// By which record.
    pub evidence: Evidence,
    /// Who has it now.
    pub by: Holder,
    /// From whom, as the receiver knew it.
    pub from: Option<Holder>,
    /// Tubes in it, as the receiver said.
    pub tubes: u32,
}

/// The lab looked into the box.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opening {
    /// By which record.
    pub evidence: Evidence,
    /// Tubes that were to be in it and are not.
    pub missing: BTreeSet<Uuid>,
    /// Tubes of which no result will come.
    pub spoiled: BTreeSet<Uuid>,
    /// Tubes that are in it and stood on no list of it, as far as the lab knew.
    pub extra: BTreeSet<Uuid>,
}

/// A box as all that was told of it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchNow {
    /// The box.
    pub batch: Uuid,
    /// Its tubes, as those say who closed it; none where nobody has heard of that yet.
    pub tubes: BTreeSet<Uuid>,
    /// When it was closed first.
    pub sealed: Option<Evidence>,
    /// Who has it.
    pub holder: Holder,
    /// Since when.
    pub since: Moment,
    /// Each hand-over, the first first.
    pub received: Vec<HandOver>,
    /// When the lab opened it, as it said last.
    pub opened: Option<Opening>,
}

/// A hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// What the receiver said.
    pub receipt: Receipt,
    /// Who had it before, by all that is known.
    pub before: Option<Holder>,
    /// Whether somebody else must have had it in between, who never said so.
    pub gap: bool,
    /// Tubes that were sealed into it, where the receiver counted another number.
    pub differs_from: Option<u32>,
}

impl Batch {
    /// The sealings that count, and those that contradict each other. Unless somebody said that one of two is wrong, all
    /// that any of them names is in the box.
    fn sealings(&self, batch: Uuid, settled: &BTreeMap<Uuid, Keeps>) -> (Vec<&Sealing>, Vec<Conflict>) {
        let mut counts: Vec<&Sealing> = Vec::new();
        let mut conflicts = Vec::new();
        for next in &self.sealed {
            let Some(first) = counts.first().filter(|_| counts.iter().all(|of| of.tubes != next.tubes))
            else {
                counts.push(next);
                continue;
            };
            let count = |of: &Sealing| (of.evidence.at, of.tubes.len());
            let conflict = Conflict::BoxSealedTwice { batch, first: count(first), second: count(next) };
            match settled.get(&conflict.id()) {
                Some(Keeps::First) => {}
                Some(Keeps::Second) => counts = vec![next],
                Some(Keeps::Both) | None => counts.push(next),
            }
            // Two others at one moment are one question.
            if !conflicts.iter().any(|of: &Conflict| of.id() == conflict.id()) {
                conflicts.push(conflict);
            }
        }
        (counts, conflicts)
    }

    /// Whether a sealing counts.
    pub(crate) fn counts(&self, batch: Uuid, sealing: Evidence, settled: &BTreeMap<Uuid, Keeps>) -> bool {
        self.sealed.len() <= 1 || self.sealings(batch, settled).0.iter().any(|of| of.evidence == sealing)
    }

    /// The receipts that count: two people who say that they took it from the same third cannot both be right.
    fn receipts(&self, batch: Uuid, settled: &BTreeMap<Uuid, Keeps>) -> (Vec<Receipt>, Vec<Conflict>) {
        let mut counts: Vec<Receipt> = Vec::new();
        let mut conflicts = Vec::new();
        for &next in &self.received {
            let fork = counts
                .last()
                .copied()
                .filter(|last| last.by != next.by && next.from.is_some() && next.from == last.from);
            if let Some(last) = fork {
                let took = |of: Receipt| (of.evidence.at, of.by);
                let conflict = Conflict::TwoHolders { batch, first: took(last), second: took(next) };
                match settled.get(&conflict.id()) {
                    Some(Keeps::First) => {
                        conflicts.push(conflict);
                        continue;
                    }
                    Some(Keeps::Second) => drop(counts.pop()),
                    Some(Keeps::Both) | None => {}
                }
                conflicts.push(conflict);
            }
            counts.push(next);
        }
        (counts, conflicts)
    }

    pub(crate) fn conflicts(&self, batch: Uuid, settled: &BTreeMap<Uuid, Keeps>) -> Vec<Conflict> {
        if self.sealed.len() < 2 && self.received.len() < 2 {
            return Vec::new();
        }
        let mut conflicts = self.sealings(batch, settled).1;
        conflicts.extend(self.receipts(batch, settled).1);
        conflicts
    }

    /// What the lab said last.
    pub(crate) fn opening(&self) -> Option<&Opening> {
        self.opened.last()
    }

    /// Who has it, and since when; `None` where nothing at all is known.
    pub(crate) fn holder(&self, batch: Uuid, settled: &BTreeMap<Uuid, Keeps>) -> Option<(Holder, Moment)> {
        let opened = self.opened.first().map(|of| {
            let lab = Holder { kind: HolderKind::Lab, id: of.evidence.device };
            (lab, of.evidence.at)
        });
        let Some(last) = self.received.last() else {
            let site = self
                .sealed
                .first()
                .map(|of| (Holder { kind: HolderKind::Site, id: of.evidence.device }, of.evidence.at));
            return opened.or(site);
        };
        let counts = if self.received.len() == 1 { vec![*last] } else { self.receipts(batch, settled).0 };
        let last = counts.last()?;
        // Told again by whoever has it: since the first time.
        let since = counts.iter().rev().take_while(|of| of.by == last.by).last()?;
        match opened {
            // It was opened, and nobody at the lab said that it came.
            Some(lab) if last.by.kind != HolderKind::Lab && lab.1 >= last.evidence.at => Some(lab),
            _ => Some((last.by, since.evidence.at)),
        }
    }

    /// The box as all that was told of it comes to.
    pub(crate) fn now(&self, batch: Uuid, settled: &BTreeMap<Uuid, Keeps>) -> Option<BatchNow> {
        let (holder, since) = self.holder(batch, settled)?;
        let sealings = self.sealings(batch, settled).0;
        let tubes: BTreeSet<Uuid> = sealings.iter().flat_map(|of| of.tubes.iter().copied()).collect();
        let sealed = sealings.first().map(|of| of.evidence);
        let mut before = sealed.map(|of| Holder { kind: HolderKind::Site, id: of.device });
        let mut received: Vec<HandOver> = Vec::new();
        for receipt in self.receipts(batch, settled).0 {
            let gap = receipt.from.is_some_and(|from| before.is_some_and(|before| before != from))
                && before != Some(receipt.by);
            let count = u32::try_from(tubes.len()).unwrap_or(u32::MAX);
            let differs_from = (sealed.is_some() && receipt.tubes != count).then_some(count);
            received.push(HandOver { receipt, before: receipt.from.or(before), gap, differs_from });
            before = Some(receipt.by);
        }
        let opened = self.opening().cloned();
        Some(BatchNow { batch, tubes, sealed, holder, since, received, opened })
    }
}
