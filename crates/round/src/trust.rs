//! What a server believes of what came in. Whatever a device signed is stored; what it had no business to write, or a tube
//! that this round has not, stands aside until the secretary says that it counts.

use crate::{CodeFault, Conflict, Matter, Role, TubeKey, conflict::Writer};
use domain::{Envelope, Event, Moment, Origin, event::Keeps};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use uuid::Uuid;

/// Why an event that came in stands aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Its device's role does not write of this; `None`: nobody knows what the device was for.
    NotItsTask(Option<Role>, Matter),
    /// It says that it was typed from paper or rehearsed, has the name of a typed row, or speaks for somebody else, and is
    /// from a phone.
    NotItsOwn,
    /// This round has no such tube or box.
    StrangeTube(Uuid, CodeFault),
}

/// What is known of a round's devices and tubes.
#[derive(Clone, Copy, Debug)]
pub struct Trust<'a> {
    /// The server's own desk: it may write everything.
    pub desk: Uuid,
    /// What each phone is for.
    pub roles: &'a BTreeMap<Uuid, Role>,
    /// The key of the round's tubes, where it has any.
    pub tubes: Option<&'a TubeKey>,
    /// Whether roles bound what counts. A round from before they did goes on as it began.
    pub bound: bool,
}

/// What the names of typed rows are known by: phones draw theirs by time and chance.
const TYPED: usize = 8;

impl Trust<'_> {
    /// Why an event stands aside, one reason after the other; none: it is believed.
    pub fn doubts(&self, told: &Envelope) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        if told.device != self.desk {
            let other = speaks_for(&told.event).is_some_and(|by| by != told.device);
            if told.origin != Origin::Real || told.id.get_version_num() == TYPED || other {
                return vec![Doubt::NotItsOwn];
            }
            let role = self.roles.get(&told.device).copied();
            let foreign = |_: &Matter| self.bound && !role.is_some_and(|role| role.may_write(&told.event));
            doubts.extend(
                Matter::of(&told.event).filter(foreign).map(|matter| Doubt::NotItsTask(role, matter)),
            );
        }
        doubts.extend(self.tubes.and_then(|tubes| match &told.event {
            Event::ItemGiven { kind, item, .. } if kind != "tube" => {
                Some(Doubt::StrangeTube(*item, CodeFault::NoCode))
            }
            Event::ItemGiven { item, .. }
            | Event::TubeSealed { item, .. }
            | Event::TubeNamed { item, .. }
            | Event::ResultReported { item, .. }
            | Event::Resampled { item, .. } => strange(tubes, item),
            Event::BatchSealed { batch, tubes: sealed } => {
                strange_box(tubes, batch).or_else(|| sealed.iter().find_map(|item| strange(tubes, item)))
            }
            Event::BatchReceived { batch, .. } => strange_box(tubes, batch),
            Event::BatchOpened { batch, extra, .. } => {
                strange_box(tubes, batch).or_else(|| extra.iter().find_map(|item| strange(tubes, item)))
            }
            _ => None,
        }));
        doubts
    }
}

fn strange(tubes: &TubeKey, item: &Uuid) -> Option<Doubt> {
    tubes.check(*item).err().map(|fault| Doubt::StrangeTube(*item, fault))
}

fn strange_box(tubes: &TubeKey, batch: &Uuid) -> Option<Doubt> {
    tubes.check_batch(*batch).err().map(|fault| Doubt::StrangeTube(*batch, fault))
}

/// Who is said to have done it, where an event says that: two persons are two devices or two accounts, and a phone speaks for
/// itself alone.
fn speaks_for(event: &Event) -> Option<Uuid> {
    match event {
        Event::BatchReceived { by, .. } => Some(by.id),
        Event::ResultReported { by, .. }
        | Event::ResultsReleased { by, .. }
        | Event::CalledBack { by, .. } => Some(*by),
        _ => None,
    }
}

/// What stands aside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aside(BTreeMap<Uuid, Case>);

/// All that stands aside for one reason: the secretary decides once.
#[derive(Clone, Debug)]
struct Case {
    doubt: Doubt,
    device: Uuid,
    /// With what else is doubted of each.
    events: Vec<(Arc<Envelope>, Vec<Doubt>)>,
    ids: BTreeSet<(Uuid, Uuid)>,
    /// How many of them were given back since.
    given: usize,
    settled: Option<Keeps>,
}

impl Aside {
    /// Keeps an event aside, or gives it back: where the secretary has said that such events count, so do those that come after.
    pub(crate) fn keep(&mut self, told: Arc<Envelope>, doubts: Vec<Doubt>) -> Option<Arc<Envelope>> {
        let mut doubts = doubts.into_iter();
        while let Some(doubt) = doubts.next() {
            let new = Case::new(doubt, told.device);
            let case = self.0.entry(new.conflict(|_| true).id()).or_insert(new);
            if case.counts() {
                continue;
            }
            if case.ids.insert((told.device, told.id)) {
                case.events.push((told, doubts.collect()));
                // Whoever left out what was there has not seen this.
                case.settled = None;
            }
            return None;
        }
        Some(told)
    }

    /// Whether this is a case that somebody can settle.
    pub(crate) fn has(&self, conflict: Uuid) -> bool {
        self.0.contains_key(&conflict)
    }

    /// Settles a case; the events that count from now on, as far as nothing else is doubted of them. What was told cannot be
    /// untold: who leaves it out later stops what comes after.
    pub(crate) fn settle(&mut self, conflict: Uuid, keeps: Keeps) -> Vec<Arc<Envelope>> {
        let Some(case) = self.0.get_mut(&conflict) else { return Vec::new() };
        case.settled = Some(keeps);
        if !case.counts() {
            return Vec::new();
        }
        let counts = case.events[case.given..].to_vec();
        case.given = case.events.len();
        counts.into_iter().filter_map(|(told, doubts)| self.keep(told, doubts)).collect()
    }

    /// The cases, and how each was settled. What its own device took back is in none.
    pub(crate) fn cases(
        &self,
        undone: &BTreeSet<(Uuid, Uuid)>,
    ) -> impl Iterator<Item = (Conflict, Option<Keeps>)> {
        let stands = move |told: &Envelope| !undone.contains(&(told.device, told.id));
        let left = self.0.values().filter(move |case| case.events.iter().any(|(told, _)| stands(told)));
        left.map(move |case| (case.conflict(stands), case.settled))
    }

    /// Whether an event stood aside and was given back.
    pub(crate) fn doubted(&self, device: Uuid, event: Uuid) -> bool {
        self.0.values().any(|case| case.ids.contains(&(device, event)))
    }

    /// Events of a device that stand aside, and of which nobody has said anything.
    pub(crate) fn of_device(&self, device: Uuid, undone: &BTreeSet<(Uuid, Uuid)>) -> usize {
        let open = self.0.values().filter(|case| case.settled.is_none());
        let waiting = open.flat_map(|case| &case.events[case.given..]);
        waiting.filter(|(told, _)| told.device == device && !undone.contains(&(device, told.id))).count()
    }
}

impl Case {
    fn new(doubt: Doubt, device: Uuid) -> Case {
        Case { doubt, device, events: Vec::new(), ids: BTreeSet::new(), given: 0, settled: None }
    }

    /// Whether its events count. A phone never writes paper, whoever says so.
    fn counts(&self) -> bool {
        let kept = matches!(self.settled, Some(Keeps::Second | Keeps::Both));
        kept && self.doubt != Doubt::NotItsOwn
    }

    fn conflict(&self, stands: impl Fn(&Envelope) -> bool) -> Conflict {
        let left = || self.events.iter().map(|(told, _)| told).filter(|told| stands(told));
        let at = left().find_map(|told| Moment::parse(&told.at)).unwrap_or_default();
        let by = Writer { device: self.device, events: left().count(), at };
        match self.doubt {
            Doubt::NotItsTask(role, matter) => Conflict::NotItsTask { by, role, matter },
            Doubt::NotItsOwn => Conflict::NotItsOwn { by },
            Doubt::StrangeTube(tube, fault) => Conflict::StrangeTube { by, tube, fault },
        }
    }
}
