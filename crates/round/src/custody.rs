//! Where each tube is, from the swab to the lab, and by which records that is known. What was told is kept in the order of
//! its own times, so that it comes to the same in whatever order it came in.

use crate::{Batch, BatchNow, Conflict, Evidence, Round, Seal, batch::Opening};
use domain::{
    Moment,
    event::{Holder, HolderKind, Keeps},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What was told of tubes and boxes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Custody {
    pub batches: BTreeMap<Uuid, Batch>,
    /// In which boxes each tube is said to be.
    pub boxed: BTreeMap<Uuid, BTreeSet<(Evidence, Uuid)>>,
    /// In which boxes each tube was found that stood on no list of theirs.
    pub extra: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// What was done with each tube itself.
    pub handled: BTreeMap<Uuid, BTreeSet<(Evidence, Handled)>>,
    /// Labels of other systems, by issuer and text.
    pub names: BTreeMap<(String, String), BTreeSet<(Evidence, Uuid)>>,
    /// The same, by tube.
    pub aliases: BTreeMap<Uuid, BTreeSet<(Evidence, Alias)>>,
}

/// What was done with a tube itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Handled {
    Swabbed(Uuid),
    Alone(Uuid),
    Sealed(u8),
}

/// A label of another system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alias {
    /// Whose label.
    pub issuer: String,
    /// What stands on it.
    pub alias: String,
}

/// Where a tube is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// At the table, not sealed yet.
    Open,
    /// Sealed, at the site, in no box.
    Loose,
    /// In a box, at the site.
    Boxed {
        /// Which.
        batch: Uuid,
    },
    /// In a box, with a courier.
    OnTheWay {
        /// Which.
        batch: Uuid,
    },
    /// At a lab.
    AtLab {
        /// In which box it came, where that is known.
        batch: Option<Uuid>,
    },
    /// It was to be in a box, and the lab has not found it there.
    Missing {
        /// In which.
        batch: Uuid,
    },
}

/// A tube with whoever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TubeAt {
    /// Where.
    pub at: Whereabouts,
    /// Who has it, or had it last.
    pub holder: Holder,
    /// Since when.
    pub since: Moment,
}

/// How many tubes are where. `sealed` is the sum of `loose`, `boxed`, `on_the_way`, `at_lab` and `missing`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct TubeCounts {
    /// Not sealed yet.
    pub open: u32,
    /// Sealed, or in a box.
    pub sealed: u32,
    /// At the site in no box.
    pub loose: u32,
    /// In a box at the site.
    pub boxed: u32,
    /// With a courier.
    pub on_the_way: u32,
    /// At a lab.
    pub at_lab: u32,
    /// Not found when their box was opened.
    pub missing: u32,
    /// With a result, released or not.
    pub with_result: u32,
    /// With a result that is released.
    pub released: u32,
}

impl Round {
    /// The box in which a tube is. One that was said to be in two is in the first until somebody has looked; if both is
    /// true, it was packed anew.
    pub fn box_of(&self, item: Uuid) -> Option<Uuid> {
        self.boxed(item).0.map(|(_, batch)| batch)
    }

    /// The box in which a lab has found a tube that stood on no list of it; what was told last of the tube holds.
    pub(crate) fn found_in(&self, item: Uuid) -> Option<(Uuid, &Opening)> {
        let boxes = self.custody.extra.get(&item)?;
        let listed = self.boxed(item).0;
        let found = boxes.iter().filter_map(|&batch| {
            let opening = self.custody.batches.get(&batch)?.opening()?;
            let later = listed.is_none_or(|(told, of)| of != batch && told < opening.evidence);
            Some((batch, opening)).filter(|_| later && opening.extra.contains(&item))
        });
        found.max_by_key(|(_, opening)| opening.evidence)
    }

    fn boxed(&self, item: Uuid) -> (Option<(Evidence, Uuid)>, Vec<Conflict>) {
        let mut conflicts = Vec::new();
        let mut seen: Option<(Evidence, Uuid)> = None;
        for &next in self.custody.boxed.get(&item).into_iter().flatten() {
            let counts = |batch: &Batch| batch.counts(next.1, next.0, &self.settled);
            if !self.custody.batches.get(&next.1).is_some_and(counts) {
                continue;
            }
            match seen {
                None => seen = Some(next),
                Some(first) if first.1 == next.1 => {}
                Some(first) => {
                    let conflict = Conflict::TwoBoxes {
                        tube: item,
                        first: (first.0.at, first.1),
                        second: (next.0.at, next.1),
                    };
                    if matches!(self.settled.get(&conflict.id()), Some(Keeps::Second | Keeps::Both)) {
                        seen = Some(next);
                    }
                    if !conflicts.contains(&conflict) {
                        conflicts.push(conflict);
                    }
                }
            }
        }
        (seen, conflicts)
    }

    /// Where a tube is and who has it; `None` for one of which nobody has heard.
    pub fn tube_at(&self, item: Uuid) -> Option<TubeAt> {
        if let Some((batch, opening)) = self.found_in(item) {
            let lab = Holder { kind: HolderKind::Lab, id: opening.evidence.device };
            let of = self.custody.batches.get(&batch);
            let known = of.and_then(|of| of.holder(batch, &self.settled)).map(|(holder, _)| holder);
            let holder = known.filter(|of| of.kind == HolderKind::Lab).unwrap_or(lab);
            // Said again, it was there since the first time.
            let mut said = of.into_iter().flat_map(|of| &of.opened).filter(|of| of.extra.contains(&item));
            let since = said.next().map_or(opening.evidence.at, |first| first.evidence.at);
            return Some(TubeAt { at: Whereabouts::AtLab { batch: Some(batch) }, holder, since });
        }
        let tube = self.tubes.get(&item);
        let batch = self.box_of(item);
        let held = batch.and_then(|batch| {
            let of = self.custody.batches.get(&batch)?;
            Some((batch, of, of.holder(batch, &self.settled)?))
        });
        let tested = self.result(item).is_some();
        let Some((batch, of, (holder, since))) = held else {
            let last = self.custody.handled.get(&item).and_then(BTreeSet::last);
            let site = last.map_or(Uuid::nil(), |(evidence, _)| evidence.device);
            let site = Holder { kind: HolderKind::Site, id: site };
            let tube = tube?;
            return Some(match tube.seal {
                _ if tested => {
                    let (lab, since) = self.results.first_lab(item)?;
                    let holder = Holder { kind: HolderKind::Lab, id: lab };
                    TubeAt { at: Whereabouts::AtLab { batch: None }, holder, since }
                }
                Seal::Open => TubeAt { at: Whereabouts::Open, holder: site, since: tube.since },
                Seal::Sealed { at, .. } => {
                    let mut handled = self.custody.handled.get(&item).into_iter().flatten();
                    let sealed = handled.find(|(_, what)| !matches!(what, Handled::Swabbed(_)));
                    let since = sealed.map_or(at, |(evidence, _)| evidence.at);
                    TubeAt { at: Whereabouts::Loose, holder: site, since }
                }
            });
        };
        let missing = of.opening().filter(|of| of.missing.contains(&item));
        let at = match (missing, holder.kind) {
            (Some(opening), _) if !tested => {
                // Whoever brought it to the lab had it last.
                let brought = self.batch(batch).and_then(|of| {
                    let lab = of.received.iter().rev().find(|of| of.receipt.by.kind != HolderKind::Lab);
                    lab.map(|of| of.receipt.by)
                        .or(of.sealed.map(|of| Holder { kind: HolderKind::Site, id: of.device }))
                });
                return Some(TubeAt {
                    at: Whereabouts::Missing { batch },
                    holder: brought.unwrap_or(holder),
                    since: opening.evidence.at,
                });
            }
            (_, HolderKind::Lab) => Whereabouts::AtLab { batch: Some(batch) },
            _ if tested => Whereabouts::AtLab { batch: Some(batch) },
            (_, HolderKind::Courier) => Whereabouts::OnTheWay { batch },
            (_, HolderKind::Site) => Whereabouts::Boxed { batch },
        };
        Some(TubeAt { at, holder, since })
    }

    /// When a tube's first specimen was taken: from then on its time runs. Of a tube of which only its box was heard, when
    /// that was closed.
    pub fn first_swab(&self, item: Uuid) -> Option<Moment> {
        let swabs = self.custody.handled.get(&item).into_iter().flatten();
        let mut swabs = swabs.filter(|(_, what)| !matches!(what, Handled::Sealed(_)));
        swabs
            .next()
            .map(|(evidence, _)| evidence.at)
            .or_else(|| self.tubes.get(&item).map(|of| of.since))
            .or_else(|| self.custody.boxed.get(&item)?.first().map(|(evidence, _)| evidence.at))
            .or_else(|| self.found_in(item).map(|(_, opening)| opening.evidence.at))
    }

    /// Every tube of which anybody has heard, sealed or not, that somebody filled, sealed or boxed.
    pub fn all_tubes(&self) -> impl Iterator<Item = Uuid> + '_ {
        let unheard = self.custody.boxed.keys().filter(|item| !self.tubes.contains_key(item));
        let found = self.custody.extra.keys().filter(|item| {
            let heard = self.tubes.contains_key(item) || self.custody.boxed.contains_key(item);
            !heard && self.found_in(**item).is_some()
        });
        self.tubes.keys().chain(unheard).chain(found).copied()
    }

    /// How many tubes are where.
    pub fn tube_counts(&self) -> TubeCounts {
        let mut counts = TubeCounts::default();
        if self.custody.batches.is_empty() && self.results.of_tube.is_empty() {
            // A rehearsal, or a day on which nothing has left the tables yet.
            let sealed = self.tubes.values().filter(|of| !of.is_open()).count() as u32;
            let open = self.tubes.len() as u32 - sealed;
            return TubeCounts { open, sealed, loose: sealed, ..counts };
        }
        for item in self.all_tubes() {
            let place = match self.tube_at(item).map(|of| of.at) {
                None | Some(Whereabouts::Open) => {
                    counts.open += 1;
                    continue;
                }
                Some(Whereabouts::Loose) => &mut counts.loose,
                Some(Whereabouts::Boxed { .. }) => &mut counts.boxed,
                Some(Whereabouts::OnTheWay { .. }) => &mut counts.on_the_way,
                Some(Whereabouts::AtLab { .. }) => &mut counts.at_lab,
                Some(Whereabouts::Missing { .. }) => &mut counts.missing,
            };
            *place += 1;
            counts.sealed += 1;
            let result = self.result(item);
            counts.with_result += u32::from(result.is_some());
            counts.released += u32::from(result.is_some_and(|of| of.released.is_some()));
        }
        counts
    }

    /// A box; `None` for one of which nobody has heard.
    pub fn batch(&self, batch: Uuid) -> Option<BatchNow> {
        self.custody.batches.get(&batch)?.now(batch, &self.settled)
    }

    /// All boxes.
    pub fn batches(&self) -> impl Iterator<Item = BatchNow> + '_ {
        self.custody.batches.iter().filter_map(|(&batch, of)| of.now(batch, &self.settled))
    }

    /// Boxes that somebody has now, and that are not opened yet.
    pub fn held_by(&self, holder: Uuid) -> impl Iterator<Item = BatchNow> + '_ {
        self.batches().filter(move |of| of.holder.id == holder && of.opened.is_none())
    }

    /// Tubes that are sealed and in no box, the one that waits longest first.
    pub fn loose_tubes(&self) -> Vec<Uuid> {
        let sealed = self.tubes.iter().filter(|(_, of)| !of.is_open());
        let loose = sealed.map(|(&item, _)| item).filter(|item| {
            !self.custody.boxed.contains_key(item)
                && !self.results.of_tube.contains_key(item)
                && self.found_in(*item).is_none()
        });
        let mut loose: Vec<Uuid> = loose.collect();
        loose.sort_by_key(|&item| self.first_swab(item));
        loose
    }

    /// The tube that has a label of another system; `None` also where two are said to have it.
    pub fn named(&self, issuer: &str, alias: &str) -> Option<Uuid> {
        let told = self.custody.names.get(&(issuer.to_owned(), alias.to_owned()))?;
        let mut tubes = self.two_tubes(told).0.into_iter();
        tubes.next().filter(|_| tubes.next().is_none())
    }

    /// Whether two tubes are said to have this label.
    pub fn named_twice(&self, issuer: &str, alias: &str) -> bool {
        let told = self.custody.names.get(&(issuer.to_owned(), alias.to_owned()));
        told.is_some_and(|told| self.two_tubes(told).0.len() > 1)
    }

    /// Every tube that has a label of another system.
    pub fn named_tubes(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.custody.aliases.keys().copied()
    }

    /// How many people are known to be in a tube.
    pub fn people_in(&self, item: Uuid) -> usize {
        self.tubes.get(&item).map_or(0, |of| of.people.len())
    }

    /// Labels of other systems that a tube has.
    pub fn aliases(&self, item: Uuid) -> impl Iterator<Item = &Alias> {
        self.custody.aliases.get(&item).into_iter().flatten().map(|(_, alias)| alias)
    }

    fn two_tubes(&self, told: &BTreeSet<(Evidence, Uuid)>) -> (BTreeSet<Uuid>, Vec<Conflict>) {
        let mut tubes = BTreeSet::new();
        let mut conflicts = Vec::new();
        let mut first: Option<(Evidence, Uuid)> = None;
        for &next in told {
            match first {
                Some(of) if !tubes.contains(&next.1) => {
                    let conflict =
                        Conflict::TwoTubesNamed { first: (of.0.at, of.1), second: (next.0.at, next.1) };
                    match self.settled.get(&conflict.id()) {
                        Some(Keeps::First) => {}
                        Some(Keeps::Second) => {
                            tubes = BTreeSet::from([next.1]);
                            first = Some(next);
                        }
                        Some(Keeps::Both) | None => drop(tubes.insert(next.1)),
                    }
                    conflicts.push(conflict);
                }
                Some(_) => {}
                None => {
                    first = Some(next);
                    tubes.insert(next.1);
                }
            }
        }
        (tubes, conflicts)
    }

    /// What of a tube contradicts itself.
    pub(crate) fn tube_conflicts(&self, item: Uuid) -> Vec<Conflict> {
        let mut conflicts = self.boxed(item).1;
        for (_, Alias { issuer, alias }) in self.custody.aliases.get(&item).into_iter().flatten() {
            let told = self.custody.names.get(&(issuer.clone(), alias.clone()));
            let of_this =
                |of: &Conflict| matches!(of, Conflict::TwoTubesNamed { second, .. } if second.1 == item);
            let named = told.map(|told| self.two_tubes(told).1).unwrap_or_default();
            conflicts.extend(named.into_iter().filter(of_this));
        }
        conflicts.extend(self.result_conflicts(item));
        conflicts
    }
}
