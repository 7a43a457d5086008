//! Words from desk to desk: what today is a telephone call that nobody finds again.

use crate::WordsEvent;
use domain::Moment;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A message from one desk to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its own.
    pub id: Uuid,
    /// Whose words.
    pub from: Uuid,
    /// To whom.
    pub to: Uuid,
    /// When it was written, by the writer's clock.
    pub at: Moment,
    /// What.
    pub words: String,
    /// When the other desk said that it has read it.
    pub read: Option<Moment>,
}

/// All messages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Messages {
    all: BTreeMap<Uuid, Message>,
    /// Said to be read before they came: the message, and by whom.
    read: BTreeMap<(Uuid, Uuid), Moment>,
}

impl Messages {
    pub fn all(&self) -> impl Iterator<Item = &Message> {
        let mut all: Vec<&Message> = self.all.values().collect();
        all.sort_by_key(|message| (message.at, message.id));
        all.into_iter()
    }

    pub fn get(&self, id: Uuid) -> Option<&Message> {
        self.all.get(&id)
    }

    /// Folds an event that `from` wrote, whichever of two came first; false where it is not theirs to write.
    pub fn apply(&mut self, own: Uuid, from: Uuid, at: Moment, event: &WordsEvent) -> bool {
        match event {
            WordsEvent::Wrote { message, to, words } => {
                let is_new = !self.all.contains_key(message);
                if !is_new || (from != own && *to != own) {
                    return false;
                }
                let read = self.read.remove(&(*message, *to));
                let of = Message { id: *message, from, to: *to, at, words: words.clone(), read };
                self.all.insert(*message, of);
                true
            }
            WordsEvent::Read { message } => match self.all.get_mut(message) {
                Some(of) if of.to == from => {
                    of.read = Some(of.read.map_or(at, |before| before.min(at)));
                    true
                }
                Some(_) => false,
                None => {
                    self.read.entry((*message, from)).or_insert(at);
                    true
                }
            },
        }
    }

    /// The other desk that an event of ours concerns.
    pub fn other(&self, own: Uuid, event: &WordsEvent) -> Option<Uuid> {
        match event {
            WordsEvent::Wrote { to, .. } => Some(*to),
            WordsEvent::Read { message } => {
                self.all.get(message).map(|of| of.from).filter(|from| *from != own)
            }
        }
    }
}
