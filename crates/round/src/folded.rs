//! A round as its journal tells it: event by event, in the journal's order, without what was taken back.

use crate::{
    Admission, Calls, Conflict, Doubt, Live, Refusal, Round, Rules, WayStep, rules::MINUTE, trust::Aside,
};
use chance::Ticks;
use domain::{Command, Envelope, Event, Moment, event::Keeps};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use uuid::Uuid;

/// A round with all that was told of it. Taking back what was told folds the rest anew: a day is some ten thousand
/// events, and is folded in some hundredths of a second.
#[derive(Clone, Debug)]
pub struct Folded {
    rules: Arc<Rules>,
    calls: Calls,
    told: Vec<Arc<Envelope>>,
    /// Who recorded each.
    known: BTreeMap<Uuid, Uuid>,
    undone: BTreeSet<(Uuid, Uuid)>,
    aside: Aside,
    live: Live,
}

/// Commands that belong together, at most: the largest households. What takes them back still fits into one frame.
pub const TOGETHER_MAX: usize = 64;
/// What a person did last can be taken back for so long.
pub const UNDO_FOR: Ticks = MINUTE;

impl Folded {
    /// A round of which nothing has happened.
    pub fn new(rules: impl Into<Arc<Rules>>, calls: Calls) -> Folded {
        let rules = rules.into();
        Folded {
            live: Live::new(rules.clone(), calls.clone()),
            rules,
            calls,
            told: Vec::new(),
            known: BTreeMap::new(),
            undone: BTreeSet::new(),
            aside: Aside::default(),
        }
    }

    /// Takes in what devices recorded, in the journal's order; each once, however often it is told. Which of them were new,
    /// by their places.
    pub fn admit(&mut self, envelopes: impl IntoIterator<Item = Envelope>) -> Vec<usize> {
        self.admit_doubting(Uuid::nil(), envelopes.into_iter().map(|envelope| (envelope, Vec::new())))
    }

    /// The same, of which some is doubted and stands aside, until the desk settles it. What that lets count is told after it and
    /// has its place.
    pub fn admit_doubting(
        &mut self,
        desk: Uuid,
        envelopes: impl IntoIterator<Item = (Envelope, Vec<Doubt>)>,
    ) -> Vec<usize> {
        let mut anew = false;
        let mut new = Vec::new();
        for (place, (envelope, doubts)) in envelopes.into_iter().enumerate() {
            // What stands aside holds no name that somebody else has a right to.
            let Some(envelope) = self.aside.keep(Arc::new(envelope), doubts) else { continue };
            let settled = match envelope.event {
                Event::ConflictSettled { conflict, keeps } if envelope.device == desk => {
                    Some((conflict, keeps))
                }
                _ => None,
            };
            if !self.tell(envelope, &mut anew) {
                continue;
            }
            new.push(place);
            let counts = settled.map(|(conflict, keeps)| self.aside.settle(conflict, keeps));
            for envelope in counts.into_iter().flatten() {
                new.extend(self.tell(envelope, &mut anew).then_some(place));
            }
        }
        if anew {
            self.live = Live::new(self.rules.clone(), self.calls.clone());
            for envelope in &self.told {
                if !self.undone.contains(&(envelope.device, envelope.id)) {
                    let admission = self.live.admit(envelope);
                    debug_assert_eq!(admission, Admission::New, "each is known once");
                }
            }
        }
        new
    }

    /// Takes in one; whether it is new. `anew` turns true where all must be folded anew, and then nothing more is folded here.
    fn tell(&mut self, envelope: Arc<Envelope>, anew: &mut bool) -> bool {
        let device = envelope.device;
        if self.known.contains_key(&envelope.id) {
            return false;
        }
        self.known.insert(envelope.id, device);
        if let Event::Undone { events } = &envelope.event {
            for &event in events {
                let first = self.undone.insert((device, event));
                *anew |= first && self.known.get(&event) == Some(&device);
            }
        }
        if !*anew && !self.undone.contains(&(device, envelope.id)) {
            self.live.admit(&envelope);
        }
        self.told.push(envelope);
        true
    }

    /// Facts that contradict each other and what stands aside, with what somebody said of each.
    pub fn conflicts(&self) -> impl Iterator<Item = (Conflict, Option<Keeps>)> {
        let round = self.live.round();
        let told = round.conflicts().iter().map(|of| (of.clone(), round.settled(of.id())));
        told.chain(self.aside.cases(&self.undone))
    }

    /// How many of them nobody has settled.
    pub fn open_conflicts(&self) -> usize {
        self.conflicts().filter(|(_, settled)| settled.is_none()).count()
    }

    /// Events of a device that stand aside.
    pub fn aside_of(&self, device: Uuid) -> usize {
        self.aside.of_device(device, &self.undone)
    }

    /// A tube's whole way, with what of it was doubted.
    pub fn way(&self, item: Uuid) -> Vec<WayStep> {
        let mut way = self.live.round().way(item);
        for step in &mut way {
            step.doubted = self.aside.doubted(step.evidence.device, step.evidence.event);
        }
        way
    }

    /// The site as it is watched.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Everything that was told, taken back or not, in the order in which it came.
    pub fn told(&self) -> &[Arc<Envelope>] {
        &self.told
    }

    /// What was told and not taken back, in the order in which it came.
    pub fn happened(&self) -> impl Iterator<Item = &Envelope> {
        let stands = self.told.iter().filter(|told| self.stands(told));
        stands.filter(|told| !matches!(told.event, Event::Undone { .. })).map(Arc::as_ref)
    }

    /// Whether its own device has not taken it back.
    pub fn stands(&self, told: &Envelope) -> bool {
        !self.undone.contains(&(told.device, told.id))
    }

    /// What comes of several commands that belong together, all of them or none.
    ///
    /// # Errors
    /// Why the first that cannot be done cannot, and which it is.
    pub fn decide(&self, at: Moment, commands: &[Command]) -> Result<Vec<Event>, (usize, Refusal)> {
        if commands.len() > TOGETHER_MAX {
            return Err((0, Refusal::TooMany));
        }
        let [command] = commands else {
            let mut round = self.live.round().clone();
            let mut all = Vec::new();
            for (place, command) in commands.iter().enumerate() {
                let events = self.decide_one(&round, at, command).map_err(|refusal| (place, refusal))?;
                events.iter().for_each(|event| round.apply(at, event));
                all.extend(events);
            }
            return Ok(all);
        };
        self.decide_one(self.live.round(), at, command).map_err(|refusal| (0, refusal))
    }

    /// What stands aside, the round itself does not know of.
    fn decide_one(&self, round: &Round, at: Moment, command: &Command) -> Result<Vec<Event>, Refusal> {
        match *command {
            Command::SettleConflict { conflict, keeps } if self.aside.has(conflict) => {
                Ok(vec![Event::ConflictSettled { conflict, keeps }])
            }
            _ => round.decide(at, command),
        }
    }

    /// What takes back the last step of a device: all that it recorded at one moment.
    ///
    /// # Errors
    /// It has done nothing, or too long ago.
    pub fn undo(&self, device: Uuid, at: Moment) -> Result<Event, Refusal> {
        let last = self.standing(device).next().ok_or(Refusal::NothingToUndo)?;
        if self.undoable_for(device, at).is_none() {
            return Err(Refusal::UndoneTooLate { minutes: UNDO_FOR / MINUTE });
        }
        let step = self.standing(device).take_while(|told| told.at == last.at);
        let mut events: Vec<Uuid> = step.map(|told| told.id).collect();
        events.reverse();
        Ok(Event::Undone { events })
    }

    /// For how long the last step of a device can still be taken back, in ticks; `None` if there is none, or not any more.
    pub fn undoable_for(&self, device: Uuid, at: Moment) -> Option<Ticks> {
        let last = self.standing(device).next()?;
        Some(UNDO_FOR - (at - Moment::parse(&last.at)?)).filter(|&left| left >= 0)
    }

    /// What a device did and has not taken back, the last first.
    fn standing(&self, device: Uuid) -> impl Iterator<Item = &Envelope> {
        let own = self.told.iter().rev().filter(move |told| told.device == device);
        let stands = own.filter(move |told| !self.undone.contains(&(device, told.id)));
        stands.filter(|told| !matches!(told.event, Event::Undone { .. })).map(Arc::as_ref)
    }
}
