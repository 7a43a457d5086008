//! Words from desk to desk: what today is a telephone call that nobody finds again.

use crate::WordsEvent;
use domain::Moment;
use std::collections::{BTreeMap, BTreeSet};
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
    /// By their time.
    order: BTreeSet<(Moment, Uuid)>,
    unread: BTreeSet<Uuid>,
    /// Said to be read before they came: the message, and by whom.
    read: BTreeMap<(Uuid, Uuid), Moment>,
}

impl Messages {
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.order.iter().filter_map(|(_, id)| self.all.get(id))
    }

    pub fn unread(&self) -> impl Iterator<Item = &Message> {
        self.unread.iter().filter_map(|id| self.all.get(id))
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
                self.order.insert((at, *message));
                if read.is_none() {
                    self.unread.insert(*message);
                }
                self.all.insert(*message, of);
                true
            }
            WordsEvent::Read { message } => match self.all.get_mut(message) {
                Some(of) if of.to == from => {
                    of.read = Some(of.read.map_or(at, |before| before.min(at)));
                    self.unread.remove(message);
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
