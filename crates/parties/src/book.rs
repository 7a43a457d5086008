//! The book of a party, folded.

use crate::{
    Act, Partner, PartnerEvent, Subject, ToldFrame, Writer, Written,
    words::{Message, Messages},
};
use journal::Frame;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The book of a party as far as the journal was read.
#[derive(Clone, Debug)]
pub struct Book {
    own: Uuid,
    partners: BTreeMap<Uuid, Partner>,
    messages: Messages,
    /// Frames that nobody here can read: a newer program's, or a partner's of which it is not the writer's to write.
    unread: Vec<u64>,
}

impl Book {
    /// An empty one of this party.
    pub fn new(own: Uuid) -> Book {
        Book { own, partners: BTreeMap::new(), messages: Messages::default(), unread: Vec::new() }
    }

    /// Whose it is.
    pub fn own(&self) -> Uuid {
        self.own
    }

    /// All whom it has met, by their ids.
    pub fn partners(&self) -> impl Iterator<Item = &Partner> {
        self.partners.values()
    }

    /// One whom it has met.
    pub fn partner(&self, party: Uuid) -> Option<&Partner> {
        self.partners.get(&party)
    }

    /// Words from and to other desks, the oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.all()
    }

    /// Those that nobody has said to have read.
    pub fn unread_messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.unread()
    }

    /// A message.
    pub fn message(&self, id: Uuid) -> Option<&Message> {
        self.messages.get(id)
    }

    /// Places of frames that nobody here can read.
    pub fn unread(&self) -> &[u64] {
        &self.unread
    }

    /// What a partner is told after a frame, so many frames at most.
    pub fn told(&self, to: Uuid, after: u64, most: usize) -> Vec<ToldFrame> {
        self.partners.get(&to).map(|partner| partner.after(after, most).collect()).unwrap_or_default()
    }

    /// Takes in a frame of the book, in the book's order; what it said. It cannot fail: what cannot be read stays where it is.
    pub fn admit(&mut self, position: u64, writer: Writer, frame: &Frame) -> Option<Written> {
        let written = Written::read(&frame.body);
        if let Writer::Partner(party) = writer
            && let Some(partner) = self.partners.get_mut(&party)
        {
            partner.heard_frames += 1;
            partner.heard = partner.heard.max(written.as_ref().map(|written| written.at));
        }
        let from = match writer {
            Writer::Own => self.own,
            Writer::Partner(party) => party,
        };
        let done = written.as_ref().is_some_and(|written| self.apply(writer, from, written));
        if !done {
            self.unread.push(position);
            return None;
        }
        let written = written?;
        if writer == Writer::Own
            && let Some(subject) = written.act.subject()
        {
            for party in self.concerned(&written.act) {
                self.tell(party, position, subject, frame);
            }
        }
        Some(written)
    }

    /// Folds an act; false where it is not the writer's to write.
    fn apply(&mut self, writer: Writer, from: Uuid, written: &Written) -> bool {
        match &written.act {
            Act::Partners(event) => {
                if writer != Writer::Own {
                    return false;
                }
                self.apply_partners(event);
                true
            }
            Act::Words(event) => self.messages.apply(self.own, from, written.at, event),
        }
    }

    fn apply_partners(&mut self, event: &PartnerEvent) {
        match event {
            PartnerEvent::Met { card } => {
                let own = self.own;
                let partner =
                    self.partners.entry(card.party).or_insert_with(|| Partner::new(own, card.clone()));
                partner.card = card.clone();
            }
            PartnerEvent::Shared { with, subjects } => {
                if let Some(partner) = self.partners.get_mut(with) {
                    partner.share(subjects.clone());
                }
            }
            PartnerEvent::Parted { from } => {
                if let Some(partner) = self.partners.get_mut(from) {
                    partner.parted = true;
                }
            }
        }
    }

    /// Whom an act of our own concerns besides us.
    fn concerned(&self, act: &Act) -> Vec<Uuid> {
        match act {
            Act::Partners(_) => Vec::new(),
            Act::Words(event) => self.messages.other(self.own, event).into_iter().collect(),
        }
    }

    fn tell(&mut self, party: Uuid, position: u64, subject: Subject, frame: &Frame) {
        if let Some(partner) = self.partners.get_mut(&party) {
            partner.concerned(position, subject, frame.clone());
        }
    }
}
