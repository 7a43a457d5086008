//! Boxes of tubes on a screen: which tubes are in none yet, which boxes this phone's person has, and who is to be called back.

use crate::{PersonNow, Phone};
use chance::TICKS_PER_SECOND;
use domain::{
    Command, Moment,
    event::{CallBack, Event, HolderKind},
};
use round::{BatchCode, BatchNow, Refusal, label};
use serde::Serialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Boxes at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoxesNow {
    /// Sealed tubes that are in no box: those that this phone sealed, if it sealed any; the first swabbed first.
    pub loose: Vec<TubeLabel>,
    /// Boxes that were closed at the site and nobody has taken, as far as this phone knows.
    pub here: Vec<BoxNow>,
    /// Boxes that this phone's person has, whose time runs out first.
    pub held: Vec<BoxNow>,
}

/// A tube by what is read on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TubeLabel {
    /// Its identifier.
    pub item: Uuid,
    /// What is read aloud of it.
    pub label: String,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoxNow {
    /// Its identifier.
    pub batch: Uuid,
    /// What is read aloud of it.
    pub label: String,
    /// The whole code, for whoever takes it and cannot scan it.
    pub code: String,
    /// Its tubes; none where this phone has not heard what is in it.
    pub tubes: Vec<TubeLabel>,
    /// How many tubes, as those say who closed it, else whoever took it last.
    pub count: u32,
    /// When it was closed, `07:35`; absent where this phone has not heard of that.
    pub sealed: Option<String>,
    /// Who has it; absent where nobody is known to.
    pub holder: Option<HolderKind>,
    /// That phone, as the list of phones calls it.
    pub phone: String,
    /// Since when, `07:40`.
    pub since: Option<String>,
    /// Whether this phone's person has it.
    pub mine: bool,
    /// Minutes until the first of its tubes is to be at the lab; negative: late.
    pub left_min: Option<i64>,
    /// Whether the lab has opened it.
    pub opened: bool,
    /// Tubes that were not in it then.
    pub missing: Vec<Uuid>,
    /// Tubes of which no result will come.
    pub spoiled: Vec<Uuid>,
    /// Tubes that were in it and stood on no list of it.
    pub extra: Vec<TubeLabel>,
}

/// Somebody who is to be called back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallNow {
    /// Who.
    #[serde(flatten)]
    pub person: PersonNow,
    /// The tube that concerns them.
    pub tube: String,
    /// The report that says so.
    pub report: Uuid,
    /// What they are told first: `pool`, `again`, `contact`.
    pub say: &'static str,
    /// Since when that is known, `09:02`.
    pub since: String,
    /// Minutes until they are to be called; negative: late.
    pub left_min: i64,
    /// What came of the last call, and when.
    pub called: Option<(CallBack, String)>,
    /// The tube in which they are alone since.
    pub alone: Option<String>,
    /// Whether nothing more is to be done.
    pub done: bool,
}

impl Phone {
    /// Boxes at a moment.
    pub fn boxes(&self, at: Moment) -> BoxesNow {
        let round = self.folded.live().round();
        let own = self.own_tubes();
        let mut loose = round.loose_tubes();
        if loose.iter().any(|tube| own.contains(tube)) {
            loose.retain(|tube| own.contains(tube));
        }
        let (mut here, mut held) = (Vec::new(), Vec::new());
        for batch in round.batches().filter(|of| of.opened.is_none()) {
            let mine = self.has(&batch);
            if mine && !batch.received.is_empty() {
                held.push(self.boxed(&batch, at));
            } else if batch.holder.kind == HolderKind::Site && batch.received.is_empty() {
                here.push(self.boxed(&batch, at));
            }
        }
        held.sort_by_key(|of| (of.left_min.unwrap_or(i64::MAX), of.batch));
        BoxesNow { loose: loose.into_iter().map(tube).collect(), here, held }
    }

    /// A box, of which nothing may be known yet.
    pub fn batch(&self, batch: Uuid, at: Moment) -> BoxNow {
        let known = self.folded.live().round().batch(batch);
        known.map_or_else(|| unheard(batch), |known| self.boxed(&known, at))
    }

    /// Everybody who is to be called back, as far as this phone has heard; who is done last.
    pub fn to_call(&self, at: Moment) -> Vec<CallNow> {
        let round = self.folded.live().round();
        let rules = round.rules();
        let all = round.to_call().into_iter().map(|of| CallNow {
            person: self.person(of.visit),
            tube: label(of.tube),
            report: of.report,
            say: round.to_say(&of).name(),
            since: rules.clock(of.since),
            left_min: minutes(of.due, at),
            called: of.called.map(|(at, outcome)| (outcome, rules.clock(at))),
            alone: of.alone.map(|(_, tube)| label(tube)),
            done: of.done(),
        });
        all.collect()
    }

    /// Whether a command is about a tube or a box that this round has not: its code tells, without a network.
    pub(crate) fn strange(&self, command: &Command) -> Option<Refusal> {
        let key = self.tubes.as_ref()?;
        let of_box = |batch: &Uuid| key.check_batch(*batch).err().map(|fault| Refusal::StrangeBox { fault });
        let of_tube = |item: &Uuid| key.check(*item).err().map(|fault| Refusal::StrangeTube { fault });
        match command {
            Command::SealBatch { batch, tubes } => of_box(batch).or_else(|| tubes.iter().find_map(of_tube)),
            Command::ReceiveBatch { batch, .. } => of_box(batch),
            Command::OpenBatch { batch, extra, .. } => {
                of_box(batch).or_else(|| extra.iter().find_map(of_tube))
            }
            Command::NameTube { item, .. }
            | Command::ReportResult { item, .. }
            | Command::Resample { item, .. } => of_tube(item),
            _ => None,
        }
    }

    fn has(&self, batch: &BatchNow) -> bool {
        batch.holder.id == self.bundle.device
    }

    fn boxed(&self, of: &BatchNow, at: Moment) -> BoxNow {
        let round = self.folded.live().round();
        let clock = |at| round.rules().clock(at);
        let counted = of.received.last().map(|last| last.receipt.tubes);
        let count = of.sealed.map(|_| of.tubes.len() as u32).or(counted).unwrap_or(0);
        BoxNow {
            tubes: of.tubes.iter().copied().map(tube).collect(),
            count,
            sealed: of.sealed.map(|of| clock(of.at)),
            holder: Some(of.holder.kind),
            phone: format!("{:04x}", of.holder.id.as_u128() & 0xffff),
            since: Some(clock(of.since)),
            mine: self.has(of) && !of.received.is_empty(),
            left_min: round.batch_due(of).map(|(to_lab, _)| minutes(to_lab, at)),
            opened: of.opened.is_some(),
            missing: of.opened.iter().flat_map(|of| of.missing.iter().copied()).collect(),
            spoiled: of.opened.iter().flat_map(|of| of.spoiled.iter().copied()).collect(),
            extra: of.opened.iter().flat_map(|of| of.extra.iter().copied().map(tube)).collect(),
            ..unheard(of.batch)
        }
    }

    fn own_tubes(&self) -> BTreeSet<Uuid> {
        let own = self.folded.told().iter().filter(|told| told.device == self.bundle.device);
        let tube = |event: &Event| match event {
            Event::ItemGiven { item, .. }
            | Event::TubeSealed { item, .. }
            | Event::Resampled { item, .. } => Some(*item),
            _ => None,
        };
        own.filter_map(|told| tube(&told.event)).collect()
    }
}

fn tube(item: Uuid) -> TubeLabel {
    TubeLabel { item, label: label(item) }
}

fn unheard(batch: Uuid) -> BoxNow {
    BoxNow {
        batch,
        label: label(batch),
        code: BatchCode::of_id(batch).map_or_else(|| label(batch), |code| code.to_string()),
        tubes: Vec::new(),
        count: 0,
        sealed: None,
        holder: None,
        phone: String::new(),
        since: None,
        mine: false,
        left_min: None,
        opened: false,
        missing: Vec::new(),
        spoiled: Vec::new(),
        extra: Vec::new(),
    }
}

/// Whole minutes until a moment, rounded down: nobody is told that there is more time than there is.
fn minutes(until: Moment, at: Moment) -> i64 {
    (until - at).div_euclid(60 * TICKS_PER_SECOND)
}
