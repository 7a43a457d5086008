//! Boxes of tubes: closed, handed over, opened; and labels of other systems. A phone may have heard of a part alone, so only
//! what it knows for certain is refused; a tube that another table has sealed may be unknown to it.

use super::Round;
use crate::{
    Alias, Evidence, Refusal,
    batch::{Opening, Receipt, Sealing},
};
use domain::{
    Event,
    event::{BATCH_TUBES_MAX, Holder, HolderKind},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Letters of a label of another system, and of its issuer: printed barcodes have fewer.
pub const ALIAS_MAX: usize = 64;

impl Round {
    pub(super) fn seal_batch(&self, batch: Uuid, tubes: &[Uuid]) -> Result<Vec<Event>, Refusal> {
        count_fits(batch, tubes.len())?;
        let mut seen = BTreeSet::new();
        let tubes: Vec<Uuid> = tubes.iter().copied().filter(|&tube| seen.insert(tube)).collect();
        if let Some((sealed, known)) = self.batch(batch).and_then(|of| Some((of.sealed?, of.tubes))) {
            // The same again is no second box.
            let same = known == seen;
            return if same { Ok(Vec::new()) } else { Err(Refusal::BoxSealed { batch, at: sealed.at }) };
        }
        for &tube in &tubes {
            if self.tubes.get(&tube).is_some_and(crate::Tube::is_open) {
                return Err(Refusal::TubeNotSealed { tube });
            }
            if self.result(tube).is_some() {
                return Err(Refusal::TubeTested { tube });
            }
            let found = self.found_in(tube).map(|(other, _)| other).filter(|other| *other != batch);
            if let Some(other) = self.box_of(tube).or(found) {
                return Err(Refusal::TubeBoxed { tube, batch: other });
            }
        }
        Ok(vec![Event::BatchSealed { batch, tubes }])
    }

    pub(super) fn receive_batch(
        &self,
        batch: Uuid,
        by: Holder,
        from: Option<Holder>,
        tubes: u32,
        counted: bool,
    ) -> Result<Vec<Event>, Refusal> {
        count_fits(batch, tubes as usize)?;
        let known = self.batch(batch);
        if known.is_none() && !counted {
            return Err(Refusal::BoxNotSealed { batch });
        }
        if let Some(known) = &known {
            if let Some(opening) = &known.opened {
                return Err(Refusal::BoxOpened { batch, at: opening.evidence.at });
            }
            // Taken already: nothing more happens.
            if known.holder == by {
                return Ok(Vec::new());
            }
        }
        // Nobody takes a box from themselves.
        let from = from.filter(|from| *from != by).or(known.map(|of| of.holder));
        Ok(vec![Event::BatchReceived { batch, by, from, tubes }])
    }

    pub(super) fn open_batch(
        &self,
        batch: Uuid,
        missing: &[Uuid],
        spoiled: &[Uuid],
        extra: &[Uuid],
    ) -> Result<Vec<Event>, Refusal> {
        let at_lab = self.batch(batch).filter(|of| of.holder.kind == HolderKind::Lab);
        let known = at_lab.ok_or(Refusal::BoxNotReceived { batch })?;
        if extra.len() > BATCH_TUBES_MAX {
            return Err(Refusal::BoxTooFull { batch, most: BATCH_TUBES_MAX });
        }
        // What is on the list is not found beside it, and what is not there is not found.
        let extra: BTreeSet<Uuid> =
            extra.iter().copied().filter(|of| !known.tubes.contains(of) && !missing.contains(of)).collect();
        let strange =
            |tube: &&Uuid| known.sealed.is_some() && !known.tubes.contains(*tube) && !extra.contains(*tube);
        if let Some(&tube) = missing.iter().chain(spoiled).find(strange) {
            return Err(Refusal::TubeNotInBox { tube, batch });
        }
        let elsewhere = |tube: &Uuid| self.found_in(*tube).is_some_and(|(other, _)| other != batch);
        let tested = |tube: &&Uuid| self.result(**tube).is_some() && !elsewhere(tube);
        if let Some(&tube) = missing.iter().find(tested) {
            return Err(Refusal::TubeTested { tube });
        }
        // What was tested because it was found here was here.
        let before = known.opened.iter().flat_map(|of| of.extra.difference(&extra));
        if let Some(&tube) = before.filter(|tube| !known.tubes.contains(*tube)).find(tested) {
            return Err(Refusal::TubeTested { tube });
        }
        let missing: BTreeSet<Uuid> = missing.iter().copied().collect();
        // What is not there cannot be broken.
        let spoiled: BTreeSet<Uuid> = spoiled.iter().copied().filter(|of| !missing.contains(of)).collect();
        let same = |of: &Opening| of.missing == missing && of.spoiled == spoiled && of.extra == extra;
        if known.opened.as_ref().is_some_and(same) {
            return Ok(Vec::new());
        }
        let [missing, spoiled, extra] = [missing, spoiled, extra].map(|of| of.into_iter().collect());
        Ok(vec![Event::BatchOpened { batch, missing, spoiled, extra }])
    }

    pub(super) fn name_tube(&self, item: Uuid, alias: &str, issuer: &str) -> Result<Vec<Event>, Refusal> {
        let (alias, issuer) = (alias.trim(), issuer.trim());
        let reads = |text: &str| {
            (1..=ALIAS_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        if !reads(alias) || !reads(issuer) {
            return Err(Refusal::AliasUnreadable { most: ALIAS_MAX });
        }
        let key = (issuer.to_owned(), alias.to_owned());
        let mut told = self.custody.names.get(&key).into_iter().flatten();
        if told.clone().any(|(_, tube)| *tube == item) {
            return Ok(Vec::new());
        }
        if let Some((_, tube)) = told.next() {
            return Err(Refusal::AliasTaken { tube: *tube });
        }
        let (issuer, alias) = key;
        Ok(vec![Event::TubeNamed { item, alias, issuer }])
    }

    pub(super) fn batch_sealed(&mut self, evidence: Evidence, batch: Uuid, tubes: &[Uuid]) {
        let tubes: BTreeSet<Uuid> = tubes.iter().copied().take(BATCH_TUBES_MAX).collect();
        for &tube in &tubes {
            self.custody.boxed.entry(tube).or_default().insert((evidence, batch));
        }
        let of = self.custody.batches.entry(batch).or_default();
        of.sealed.insert(Sealing { evidence, tubes });
        self.look_into_box(batch);
    }

    pub(super) fn batch_received(&mut self, batch: Uuid, receipt: Receipt) {
        let receipt = Receipt { from: receipt.from.filter(|from| *from != receipt.by), ..receipt };
        self.custody.batches.entry(batch).or_default().received.insert(receipt);
        self.look_into(batch);
    }

    pub(super) fn batch_opened(&mut self, evidence: Evidence, batch: Uuid, tubes: [&[Uuid]; 3]) {
        let [missing, spoiled, extra] =
            tubes.map(|of| of.iter().copied().take(BATCH_TUBES_MAX).collect::<BTreeSet<Uuid>>());
        for &tube in &extra {
            self.custody.extra.entry(tube).or_default().insert(batch);
        }
        let opening = Opening { evidence, missing, spoiled, extra };
        self.custody.batches.entry(batch).or_default().opened.insert(opening);
        self.look_into_box(batch);
    }

    pub(super) fn tube_named(&mut self, evidence: Evidence, item: Uuid, alias: &str, issuer: &str) {
        let short = |text: &str| text.chars().take(ALIAS_MAX).collect::<String>();
        let (alias, issuer) = (short(alias), short(issuer));
        let told = self.custody.names.entry((issuer.clone(), alias.clone())).or_default();
        told.insert((evidence, item));
        let tubes: BTreeSet<Uuid> = told.iter().map(|(_, tube)| *tube).collect();
        self.custody.aliases.entry(item).or_default().insert((evidence, Alias { issuer, alias }));
        tubes.into_iter().for_each(|tube| self.look_into(tube));
    }

    /// What is said of a box may contradict what is said of its tubes.
    fn look_into_box(&mut self, batch: Uuid) {
        let of = self.custody.batches.get(&batch);
        let listed = of.iter().flat_map(|of| &of.sealed).flat_map(|of| &of.tubes);
        let found = of.iter().flat_map(|of| &of.opened).flat_map(|of| &of.extra);
        let tubes: BTreeSet<Uuid> = listed.chain(found).copied().collect();
        tubes.into_iter().for_each(|tube| self.look_into(tube));
        self.look_into(batch);
    }

    /// Asks anew what of a tube or a box contradicts itself: what comes in late may have solved it.
    pub(super) fn look_into(&mut self, of: Uuid) {
        let now = match self.custody.batches.get(&of) {
            Some(batch) => batch.conflicts(of, &self.settled),
            None => self.tube_conflicts(of),
        };
        let before = self.disputes.get(&of).map_or(&[][..], Vec::as_slice);
        if before == now.as_slice() {
            return;
        }
        let gone: Vec<_> = before.iter().filter(|old| !now.contains(old)).cloned().collect();
        let new: Vec<_> = now.iter().filter(|new| !before.contains(new)).cloned().collect();
        self.conflicts.retain(|known| !gone.contains(known));
        self.conflicts.extend(new);
        if now.is_empty() {
            self.disputes.remove(&of);
        } else {
            self.disputes.insert(of, now);
        }
    }

    /// The same for all of which anything contradicted itself: somebody has settled it.
    pub(super) fn look_again(&mut self) {
        let known: Vec<Uuid> = self.disputes.keys().copied().collect();
        for of in known {
            if self.custody.batches.contains_key(&of) { self.look_into_box(of) } else { self.look_into(of) }
        }
    }
}

fn count_fits(batch: Uuid, tubes: usize) -> Result<(), Refusal> {
    match tubes {
        0 => Err(Refusal::BoxEmpty { batch }),
        1..=BATCH_TUBES_MAX => Ok(()),
        _ => Err(Refusal::BoxTooFull { batch, most: BATCH_TUBES_MAX }),
    }
}
