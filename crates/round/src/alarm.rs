//! What is wrong with tubes on their way at a moment, and who has them.

use crate::{BatchNow, Phase, Round, Whereabouts};
use chance::Ticks;
use domain::{
    Moment,
    event::{Holder, HolderKind},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is wrong. The worst first: what cannot be mended by hurrying stands before what can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmKind {
    /// The lab has not found tubes in their box.
    Missing,
    /// Whoever took a box counted another number than was sealed into it.
    CountDiffers,
    /// No result, and the time for it is over.
    LateResult,
    /// Not at the lab, and the time for it is over.
    LateToLab,
    /// The lab cannot test tubes, and has not said so as a result.
    Spoiled,
    /// Somebody must have had the box in between who never said so.
    Gap,
    /// Somebody has a box, and nobody has said what is in it: the clocks of its tubes are not known.
    Unheard,
    /// Tubes that nobody sealed are left at the site.
    LeftOpen,
    /// Sealed tubes that are in no box are left at the site.
    LeftLoose,
}

/// Something that is wrong with tubes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// What.
    pub kind: AlarmKind,
    /// Of which box.
    pub batch: Option<Uuid>,
    /// Which tubes, the one whose time runs longest first; none where only their number is known.
    pub tubes: Vec<Uuid>,
    /// How many.
    pub count: u32,
    /// Who has them, or had them last.
    pub holder: Holder,
    /// Since when.
    pub since: Moment,
    /// For how long it has been wrong, in ticks.
    pub over: Ticks,
}

impl AlarmKind {
    /// Its word in data.
    pub fn name(self) -> &'static str {
        match self {
            AlarmKind::Missing => "missing",
            AlarmKind::CountDiffers => "count_differs",
            AlarmKind::LateResult => "late_result",
            AlarmKind::LateToLab => "late_to_lab",
            AlarmKind::Spoiled => "spoiled",
            AlarmKind::Gap => "gap",
            AlarmKind::Unheard => "unheard",
            AlarmKind::LeftOpen => "left_open",
            AlarmKind::LeftLoose => "left_loose",
        }
    }
}

/// Tubes of one kind of trouble that somebody has, by box.
type Group = (AlarmKind, Option<Uuid>, Holder, Moment);

impl Round {
    /// What is wrong at a moment, the worst first, and of the same kind what is wrong for longest.
    pub fn alarms(&self, now: Moment) -> Vec<Alarm> {
        let mut groups: BTreeMap<Group, (Ticks, Vec<(Moment, Uuid)>)> = BTreeMap::new();
        for item in self.all_tubes() {
            let Some((kind, batch, holder, since, from)) = self.wrong_with(item, now) else { continue };
            let (over, tubes) = groups.entry((kind, batch, holder, since)).or_default();
            *over = (*over).max(now - from);
            tubes.push((self.first_swab(item).unwrap_or(since), item));
        }
        let of_tubes = groups.into_iter().map(|((kind, batch, holder, since), (over, mut tubes))| {
            tubes.sort_unstable();
            let count = tubes.len() as u32;
            let tubes = tubes.into_iter().map(|(_, item)| item).collect();
            Alarm { kind, batch, tubes, count, holder, since, over }
        });
        let mut alarms: Vec<Alarm> = of_tubes.collect();
        for batch in self.batches() {
            alarms.extend(hand_overs(&batch, now));
        }
        alarms.sort_by_key(|of| (of.kind, -of.over, of.batch, of.holder));
        alarms
    }

    /// By when a tube is to be at the lab, and to have a result.
    pub fn due(&self, item: Uuid) -> Option<(Moment, Moment)> {
        let swab = self.first_swab(item)?;
        let custody = &self.rules.custody;
        Some((swab + custody.to_lab, swab + custody.to_result))
    }

    /// By when the first of a box's tubes is to be at the lab, and to have a result.
    pub fn batch_due(&self, batch: &BatchNow) -> Option<(Moment, Moment)> {
        batch.tubes.iter().filter_map(|&item| self.due(item)).min()
    }

    /// The worst that is wrong with a tube, who has it since when, and since when it is wrong.
    fn wrong_with(
        &self,
        item: Uuid,
        now: Moment,
    ) -> Option<(AlarmKind, Option<Uuid>, Holder, Moment, Moment)> {
        let tube = self.tube_at(item)?;
        let (to_lab, to_result) = self.due(item)?;
        let late_to_lab = || (now > to_lab).then_some((AlarmKind::LateToLab, to_lab));
        let left = |kind| self.left_since(now).map(|since| (kind, since));
        let (batch, wrong) = match tube.at {
            Whereabouts::Missing { batch } => (Some(batch), Some((AlarmKind::Missing, tube.since))),
            Whereabouts::AtLab { batch } => {
                let opening = batch.and_then(|batch| self.custody.batches.get(&batch)?.opening());
                let spoiled = opening.filter(|of| of.spoiled.contains(&item));
                let wrong = match spoiled {
                    _ if self.result(item).is_some() => None,
                    _ if now > to_result => Some((AlarmKind::LateResult, to_result)),
                    spoiled => spoiled.map(|of| (AlarmKind::Spoiled, of.evidence.at)),
                };
                (batch, wrong)
            }
            Whereabouts::Boxed { batch } | Whereabouts::OnTheWay { batch } => (Some(batch), late_to_lab()),
            Whereabouts::Loose => (None, late_to_lab().or_else(|| left(AlarmKind::LeftLoose))),
            Whereabouts::Open => (None, late_to_lab().or_else(|| left(AlarmKind::LeftOpen))),
        };
        // A tube into which the only person was taken back is as if it had never been touched.
        let touched =
            tube.at != Whereabouts::Open || self.tubes.get(&item).is_some_and(|of| !of.people.is_empty());
        wrong.filter(|_| touched).map(|(kind, from)| (kind, batch, tube.holder, tube.since, from))
    }

    /// Since when nothing should stand at the site any more: it has closed, or should have.
    fn left_since(&self, now: Moment) -> Option<Moment> {
        match self.phase {
            Phase::Closed { at } => Some(at).filter(|at| now >= *at),
            _ => {
                let closes = self.rules.opens + self.rules.closes?;
                (now > closes).then_some(closes)
            }
        }
    }
}

fn hand_overs(batch: &BatchNow, now: Moment) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    let opened = batch.opened.is_some();
    let alarm = |kind, count: u32, holder: Holder, since: Moment| Alarm {
        kind,
        batch: Some(batch.batch),
        tubes: Vec::new(),
        count,
        holder,
        since,
        over: now - since,
    };
    for of in &batch.received {
        let (by, at) = (of.receipt.by, of.receipt.evidence.at);
        // Once the lab has looked inside it is known which are missing.
        if let Some(sealed) = of.differs_from.filter(|_| !opened) {
            alarms.push(alarm(AlarmKind::CountDiffers, sealed.abs_diff(of.receipt.tubes), by, at));
        }
        if of.gap {
            alarms.push(alarm(AlarmKind::Gap, of.receipt.tubes, by, at));
        }
    }
    let counted = batch.received.last().map_or(0, |of| of.receipt.tubes);
    if batch.sealed.is_none() {
        alarms.push(alarm(AlarmKind::Unheard, counted, batch.holder, batch.since));
    } else if opened && !batch.received.iter().any(|of| of.receipt.by.kind == HolderKind::Lab) {
        // Opened, and nobody at the lab said that it came.
        alarms.push(alarm(AlarmKind::Gap, batch.tubes.len() as u32, batch.holder, batch.since));
    }
    alarms
}
