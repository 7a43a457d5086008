//! The book of a party, folded.

use crate::{
    Act, AidEvent, Partner, PartnerEvent, Subject, SuppliesEvent, ToldFrame, Writer, Written,
    aid::Aid,
    concern::Shipments,
    words::{Message, Messages},
};
use journal::Frame;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use supplies::{Record, Role, Supplies, Who};
use teams::{By, Teams};
use uuid::Uuid;

/// The book of a party as far as the journal was read.
#[derive(Clone, Debug)]
pub struct Book {
    own: Uuid,
    partners: BTreeMap<Uuid, Partner>,
    /// Donors of plans, and the partners that stand for them.
    stands: BTreeMap<String, Uuid>,
    messages: Messages,
    supplies: Supplies,
    /// Whom shipments concern.
    shipments: Shipments,
    teams: Teams,
    /// Whom requests, offers and teams concern.
    aid: Aid,
    /// Frames that nobody here can read: a newer program's, or a partner's of which it is not the writer's to write.
    unread: Vec<u64>,
}

impl Book {
    /// An empty one of this party.
    pub fn new(own: Uuid) -> Book {
        Book {
            own,
            partners: BTreeMap::new(),
            stands: BTreeMap::new(),
            messages: Messages::default(),
            supplies: Supplies::of(own),
            shipments: Shipments::default(),
            teams: Teams::default(),
            aid: Aid::default(),
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

    /// The partner that stands for a donor of a plan, as the desk chose.
    pub fn stands_for(&self, donor: &str) -> Option<Uuid> {
        self.stands.get(donor).copied()
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

    /// Its stock, and the shipments that it heard of.
    pub fn supplies(&self) -> &Supplies {
        &self.supplies
    }

    /// Whether the party itself has written an act of supplies or of aid in a frame of this name.
    pub fn has_written(&self, frame: Uuid) -> bool {
        let id = |what| id_of(what, self.own, frame.as_bytes());
        self.supplies.knows(id(b"record")) || self.teams.fact(id(b"fact")).is_some()
    }

    /// Requests, offers and teams that it heard of.
    pub fn teams(&self) -> &Teams {
        &self.teams
    }

    /// Places of frames that nobody here can read.
    pub fn unread(&self) -> &[u64] {
        &self.unread
    }

    /// How many records change nothing: nobody here can read them, or they are not their writer's to write.
    pub fn unread_count(&self) -> usize {
        self.unread.len() + self.supplies.aside().count() + self.teams.aside().count()
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
        // What is said of teams is looked at together: before somebody is met, who hears of it, and when it is asked who is to be told.
        if let Some(Written { act: Act::Partners(PartnerEvent::Met { .. }), .. }) = written {
            self.look_at_aid();
        }
        let done = written.as_ref().is_some_and(|written| self.apply(writer, from, written));
        if !done {
            self.unread.push(position);
            return None;
        }
        let written = written?;
        let own = (writer == Writer::Own).then_some((position, frame));
        match &written.act {
            Act::Partners(_) => {}
            Act::Words(event) => {
                if let (Some(_), Some(party)) = (own, self.messages.other(self.own, event)) {
                    self.tell(party, position, Subject::Words, frame.clone());
                }
            }
            Act::Supplies(SuppliesEvent { role, event }) => {
                let by = self.who(from, *role, &written.by);
                let id = id_of(b"record", from, &frame.id);
                self.supplies.apply(&Record { id, at: written.at, by, event: event.clone() });
                for tell in self.shipments.take(&by, event, own) {
                    self.tell(tell.party, tell.position, Subject::Supplies, tell.frame);
                }
            }
            Act::Aid(AidEvent { role, event }) => {
                let (id, by) = (id_of(b"fact", from, &frame.id), self.by(from, *role, &written.by));
                let told = teams::Told { id, at: written.at, by, event: event.clone() };
                self.teams.apply(&told);
                self.aid.take(self.own, &told, own);
            }
        }
        Some(written)
    }

    /// Folds an act of partners or words; false where it is not the writer's to write.
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
            // What is not theirs stands aside there.
            Act::Supplies(_) | Act::Aid(_) => true,
        }
    }

    /// Somebody among supplies. What is written for a household is written by its own id, which is nobody else's; of another party's households
    /// nobody can write: a door is its party's.
    pub(crate) fn who(&self, party: Uuid, role: Role, by: &str) -> Who {
        let household = Some(by).filter(|_| role == Role::Household).and_then(|by| Uuid::try_parse(by).ok());
        Who { party, role, person: household.unwrap_or_else(|| id_of(b"person", party, by.as_bytes())) }
    }

    /// As whom an account of this party stands among supplies and teams.
    pub fn person(&self, by: &str) -> Uuid {
        id_of(b"person", self.own, by.as_bytes())
    }

    /// Somebody among teams.
    pub(crate) fn by(&self, party: Uuid, role: teams::Role, by: &str) -> By {
        By { party, role, person: Some(id_of(b"person", party, by.as_bytes())) }
    }

    /// Whom what was written of requests, offers and teams since the last look concerns.
    pub(crate) fn look_at_aid(&mut self) {
        for tell in self.aid.tells(self.own, &self.teams) {
            self.tell(tell.party, tell.position, Subject::Aid, tell.frame);
        }
    }

    fn apply_partners(&mut self, event: &PartnerEvent) {
        match event {
            PartnerEvent::Met { card } => {
                let (own, shipments, aid) = (self.own, &self.shipments, &self.aid);
                let partner = self.partners.entry(card.party).or_insert_with(|| {
                    let mut partner = Partner::new(own, card.clone());
                    for (position, frame) in shipments.of_met(card.party) {
                        partner.concerned(position, Subject::Supplies, frame);
                    }
                    for (position, frame) in aid.of_met(card.party) {
                        partner.concerned(position, Subject::Aid, frame);
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
                    partner.part();
                }
            }
            PartnerEvent::Stood { donor, party: Some(party) } => {
                self.stands.insert(donor.clone(), *party);
            }
            PartnerEvent::Stood { donor, party: None } => {
                self.stands.remove(donor);
            }
            PartnerEvent::Told { to, frames } => {
                self.aid.told(*to, frames.iter().map(|of| of.position));
                if let Some(partner) = self.partners.get_mut(to) {
                    partner.tell(frames);
                }
            }
        }
    }

    fn tell(&mut self, party: Uuid, position: u64, subject: Subject, frame: Frame) {
        if let Some(partner) = self.partners.get_mut(&party) {
            partner.concerned(position, subject, frame);
        }
    }
}

/// What nobody but its party can take for itself: of two parties that give something the same name, each has its own.
fn id_of(what: &[u8], party: Uuid, name: &[u8]) -> Uuid {
    let hash = Sha256::new()
        .chain_update(b"shouhu/party-")
        .chain_update(what)
        .chain_update(b"/1\0")
        .chain_update(party.as_bytes())
        .chain_update(name)
        .finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(id).into_uuid()
}
