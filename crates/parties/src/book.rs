//! The book of a party, folded.

use crate::{
    Act, Partner, PartnerEvent, Subject, ToldFrame, Writer, Written,
    concern::{Concern, Kept},
    words::{Message, Messages},
};
use domain::Moment;
use journal::Frame;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The book of a party as far as the journal was read.
#[derive(Clone, Debug)]
pub struct Book {
    own: Uuid,
    partners: BTreeMap<Uuid, Partner>,
    messages: Messages,
    supplies: supplies::Supplies,
    teams: teams::Teams,
    /// What whoever is concerned later has to hear, too.
    kept: Kept,
    /// Frames that nobody here can read: a newer program's, or a partner's of which it is not the writer's to write.
    unread: Vec<u64>,
}

impl Book {
    /// An empty one of this party.
    pub fn new(own: Uuid) -> Book {
        Book {
            own,
            partners: BTreeMap::new(),
            messages: Messages::default(),
            supplies: supplies::Supplies::of(own),
            teams: teams::Teams::default(),
            kept: Kept::default(),
            unread: Vec::new(),
        }
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
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.all()
    }

    /// A message.
    pub fn message(&self, id: Uuid) -> Option<&Message> {
        self.messages.get(id)
    }

    /// Its stock, and shipments that concern it.
    pub fn supplies(&self) -> &supplies::Supplies {
        &self.supplies
    }

    /// Requests, offers and teams that concern it.
    pub fn teams(&self) -> &teams::Teams {
        &self.teams
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
        let id = Uuid::from_bytes(frame.id);
        if !written.as_ref().is_some_and(|written| self.apply(writer, from, id, written)) {
            self.unread.push(position);
            return None;
        }
        let written = written?;
        // Who is sent somewhere brings with them what was told of them before.
        for (party, position, frame) in self.kept.of_deployment(&written.act, &self.teams) {
            self.tell(party, position, Subject::Aid, &frame);
        }
        if writer == Writer::Own
            && let Some(subject) = written.act.subject()
        {
            let concern = Concern::of(self.own, &written.act, self);
            match &concern {
                Concern::Parties(parties) => {
                    parties.iter().for_each(|party| self.tell(*party, position, subject, frame));
                }
                Concern::Everybody => {
                    let all: Vec<Uuid> = self.partners.keys().copied().collect();
                    all.into_iter().for_each(|party| self.tell(party, position, subject, frame));
                }
            }
            self.kept.keep(&written.act, concern, position, frame);
        }
        Some(written)
    }

    /// Folds an act; false where it is not the writer's to write.
    fn apply(&mut self, writer: Writer, from: Uuid, id: Uuid, written: &Written) -> bool {
        match &written.act {
            Act::Partners(event) => {
                if writer != Writer::Own {
                    return false;
                }
                self.apply_partners(event);
                true
            }
            Act::Words(event) => self.messages.apply(self.own, from, written.at, event),
            Act::Supplies(event) => {
                let Some(by) = written.by.of_supplies(from) else { return false };
                self.supplies.apply(&supplies::Record { id, at: written.at, by, event: event.clone() });
                true
            }
            Act::Aid(event) => {
                let by = written.by.of_teams(from);
                self.teams.apply(&teams::Told { id, at: written.at, by, event: event.clone() });
                true
            }
        }
    }

    fn apply_partners(&mut self, event: &PartnerEvent) {
        match event {
            PartnerEvent::Met { card } => {
                let (own, kept) = (self.own, &mut self.kept);
                let partner = self.partners.entry(card.party).or_insert_with(|| {
                    let mut partner = Partner::new(own, card.clone());
                    for (position, subject, frame) in kept.of_met(card.party) {
                        partner.concerned(position, subject, frame);
                    }
                    partner
                });
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

    /// The other desk that words of ours are for.
    pub(crate) fn other_desk(&self, event: &crate::WordsEvent) -> Option<Uuid> {
        self.messages.other(self.own, event)
    }

    fn tell(&mut self, party: Uuid, position: u64, subject: Subject, frame: &Frame) {
        match self.partners.get_mut(&party) {
            Some(partner) => partner.concerned(position, subject, frame.clone()),
            None if party != self.own => self.kept.of_unmet(party, position, subject, frame),
            None => {}
        }
    }

    /// When a partner that is told things was heard last; the oldest silence first.
    pub fn silent(&self) -> Vec<(Uuid, Option<Moment>)> {
        let mut silent: Vec<_> = self
            .partners
            .values()
            .filter(|partner| !partner.parted && !partner.shares.is_empty())
            .map(|partner| (partner.card.party, partner.heard))
            .collect();
        silent.sort_by_key(|&(party, heard)| (heard, party));
        silent
    }
}
