//! A round as its journal tells it: event by event, in the journal's order, without what was taken back.

use crate::{Admission, Calls, Live, Refusal, Rules, rules::MINUTE};
use chance::Ticks;
use domain::{Command, Envelope, Event, Moment};
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
        }
    }

    /// Takes in what devices recorded, in the journal's order; each once, however often it is told. Which of them were new,
    /// by their places.
    pub fn admit(&mut self, envelopes: impl IntoIterator<Item = Envelope>) -> Vec<usize> {
        let mut anew = false;
        let mut new = Vec::new();
        for (place, envelope) in envelopes.into_iter().enumerate() {
            if self.known.contains_key(&envelope.id) {
                continue;
            }
            let device = envelope.device;
            self.known.insert(envelope.id, device);
            new.push(place);
            if let Event::Undone { events } = &envelope.event {
                for &event in events {
                    let first = self.undone.insert((device, event));
                    anew |= first && self.known.get(&event) == Some(&device);
                }
            }
            let envelope = Arc::new(envelope);
            if !anew && !self.undone.contains(&(device, envelope.id)) {
                self.live.admit(&envelope);
            }
            self.told.push(envelope);
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
        let stands = self.told.iter().filter(|told| !self.undone.contains(&(told.device, told.id)));
        stands.filter(|told| !matches!(told.event, Event::Undone { .. })).map(Arc::as_ref)
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
                let events = round.decide(at, command).map_err(|refusal| (place, refusal))?;
                events.iter().for_each(|event| round.apply(at, event));
                all.extend(events);
            }
            return Ok(all);
        };
        self.live.round().decide(at, command).map_err(|refusal| (0, refusal))
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
