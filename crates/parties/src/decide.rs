//! What somebody at a party's desk asks for becomes acts, or is refused.

use crate::{Act, AidEvent, Book, Card, PartnerEvent, Refusal, Subject, SuppliesEvent, ToldAt, WordsEvent};
use domain::Moment;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};
use uuid::Uuid;

/// Whom a party works together with, at most: all districts of a province and more.
pub const PARTNERS_MOST: usize = 300;
/// Letters of a message: a page.
pub const WORDS_LETTERS: usize = 2000;
/// Frames that one act says to be told: it fits into a frame itself.
const TOLD_AT_ONCE: usize = 100;

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// To work together with the party of a card, and to tell it of these. A card of one that is known brings its new address or name.
    Meet {
        /// As it was handed over.
        card: String,
        /// Of which it is told.
        subjects: BTreeSet<Subject>,
    },
    /// To tell a partner of these from now on, and of nothing else.
    Share {
        /// Whom.
        with: Uuid,
        /// Of which.
        subjects: BTreeSet<Subject>,
    },
    /// To hear a partner and tell it things no more. There is no way back but a new key of theirs.
    Part {
        /// Whom.
        from: Uuid,
    },
    /// To ask these partners, from now on, for what a plan of aid wants of its donors, by what it calls them; or nobody.
    Stand {
        /// Whom for which.
        stands: BTreeMap<String, Option<Uuid>>,
    },
    /// To write to a partner's desk.
    Write {
        /// Drawn by whoever takes it in.
        message: Uuid,
        /// To whom.
        to: Uuid,
        /// What.
        words: String,
    },
    /// To say that a message was read.
    Read {
        /// Which.
        message: Uuid,
    },
    /// Something of stock and shipments.
    Supplies {
        /// As what.
        role: supplies::Role,
        /// What.
        command: supplies::Command,
    },
    /// Several things of stock and shipments: all of them, or nothing.
    AllSupplies {
        /// As what, and what, one after the other.
        commands: Vec<(supplies::Role, supplies::Command)>,
    },
    /// Something of requests, offers and teams: all of it, or nothing.
    Aid {
        /// As what.
        role: teams::Role,
        /// What, one after the other.
        commands: Vec<teams::Command>,
    },
}

impl Book {
    /// What a command comes to that somebody gives then; nothing where it is so already. `by`: the id of an account or a phone.
    ///
    /// # Errors
    /// A rule says no.
    pub fn decide(&self, at: Moment, by: &str, command: Command) -> Result<Vec<Act>, Refusal> {
        match command {
            Command::Meet { card, subjects } => self.meet(&card, subjects),
            Command::Share { with, subjects } => {
                let partner = self.met(with)?;
                let event = PartnerEvent::Shared { with, subjects };
                let is_so =
                    matches!(&event, PartnerEvent::Shared { subjects, .. } if *subjects == partner.shares);
                Ok(if is_so { Vec::new() } else { vec![Act::Partners(event)] })
            }
            Command::Part { from } => {
                let is_so = self.partner(from).ok_or(Refusal::PartnerUnknown)?.parted;
                Ok(if is_so { Vec::new() } else { vec![Act::Partners(PartnerEvent::Parted { from })] })
            }
            Command::Stand { stands } => self.stand(stands),
            Command::Write { message, to, words } => {
                let words = words.trim().to_owned();
                let partner = self.met(to)?;
                if words.is_empty() {
                    return Err(Refusal::WordsMissing);
                }
                if words.chars().count() > WORDS_LETTERS {
                    return Err(Refusal::WordsLong { most: WORDS_LETTERS });
                }
                if !partner.is_told(Subject::Words) {
                    return Err(Refusal::NotShared);
                }
                Ok(vec![Act::Words(WordsEvent::Wrote { message, to, words })])
            }
            Command::Read { message } => {
                let of = self.message(message).ok_or(Refusal::MessageUnknown)?;
                if of.to != self.own() {
                    return Err(Refusal::MessageOwn);
                }
                let event = WordsEvent::Read { message };
                Ok(if of.read.is_some() { Vec::new() } else { vec![Act::Words(event)] })
            }
            Command::Supplies { role, command } => self.supply(at, by, vec![(role, command)]),
            Command::AllSupplies { commands } => self.supply(at, by, commands),
            Command::Aid { role, commands } => self.aid(at, &self.by(self.own(), role, by), commands),
        }
    }

    /// What partners are to be told and were not, as acts that say so: whoever writes in the book writes these after it. Nothing is told before.
    pub fn untold(&mut self) -> Vec<Act> {
        self.look_at_aid();
        let told =
            |to: Uuid, frames: &[ToldAt]| Act::Partners(PartnerEvent::Told { to, frames: frames.to_vec() });
        let of = |partner: &crate::Partner| {
            let (to, frames) = (partner.card.party, partner.untold());
            frames.chunks(TOLD_AT_ONCE).map(|some| told(to, some)).collect::<Vec<Act>>()
        };
        self.partners().flat_map(of).collect()
    }

    fn stand(&self, stands: BTreeMap<String, Option<Uuid>>) -> Result<Vec<Act>, Refusal> {
        let mut acts = Vec::new();
        for (donor, party) in stands {
            if self.stands_for(&donor) == party {
                continue;
            }
            if donor.is_empty() {
                return Err(Refusal::Aid(vec![teams::Refusal::TextMissing]));
            }
            if donor.chars().count() > teams::NAME_LETTERS {
                return Err(Refusal::Aid(vec![teams::Refusal::TextLong { most: teams::NAME_LETTERS }]));
            }
            if let Some(party) = party
                && !self.met(party)?.is_told(Subject::Aid)
            {
                return Err(Refusal::AidNotShared);
            }
            acts.push(Act::Partners(PartnerEvent::Stood { donor, party }));
        }
        Ok(acts)
    }

    fn supply(
        &self,
        at: Moment,
        by: &str,
        commands: Vec<(supplies::Role, supplies::Command)>,
    ) -> Result<Vec<Act>, Refusal> {
        let mut acts = Vec::new();
        let mut supplies = Cow::Borrowed(self.supplies());
        let is_one = commands.len() == 1;
        for (role, command) in commands {
            if let supplies::Command::Promise(promise) = &command {
                // What is promised to somebody who hears nothing of it is nobody's to receive.
                for party in [promise.to.party(), promise.carrier.party] {
                    if party != self.own() && !self.met(party)?.is_told(Subject::Supplies) {
                        return Err(Refusal::SuppliesNotShared);
                    }
                }
            }
            let who = self.who(self.own(), role, by);
            for event in supplies.decide(at, &who, command).map_err(Refusal::Supplies)? {
                if !is_one {
                    let (id, event) = (next(acts.len()), event.clone());
                    supplies.to_mut().apply(&supplies::Record { id, at, by: who, event });
                }
                acts.push(Act::Supplies(SuppliesEvent { role, event }));
            }
        }
        Ok(acts)
    }

    fn aid(&self, at: Moment, by: &teams::By, commands: Vec<teams::Command>) -> Result<Vec<Act>, Refusal> {
        let mut acts = Vec::new();
        let mut teams = Cow::Borrowed(self.teams());
        let is_one = commands.len() == 1;
        for command in commands {
            self.hears_of_it(&command, &teams)?;
            for event in teams.decide(at, by, command).map_err(Refusal::Aid)? {
                if !is_one {
                    let id = next(acts.len());
                    teams.to_mut().suppose(&teams::Told { id, at, by: *by, event: event.clone() });
                }
                acts.push(Act::Aid(AidEvent { role: by.role, event }));
            }
        }
        Ok(acts)
    }

    /// Whoever is asked, or is offered something, has to hear of it.
    fn hears_of_it(&self, command: &teams::Command, teams: &teams::Teams) -> Result<(), Refusal> {
        let host = |request: Uuid| teams.request(request).map(|of| of.request.host);
        let parties: Vec<Uuid> = match command {
            teams::Command::Request(ask) if ask.asked.is_empty() => return Err(Refusal::NobodyAsked),
            teams::Command::Request(ask) => ask.asked.clone(),
            teams::Command::Offer(offer) => host(offer.request).into_iter().collect(),
            teams::Command::Decline { request, .. } => host(*request).into_iter().collect(),
            _ => Vec::new(),
        };
        let not_own = parties.into_iter().filter(|party| *party != self.own());
        for party in not_own {
            if !self.met(party)?.is_told(Subject::Aid) {
                return Err(Refusal::AidNotShared);
            }
        }
        Ok(())
    }

    fn met(&self, party: Uuid) -> Result<&crate::Partner, Refusal> {
        let partner = self.partner(party).ok_or(Refusal::PartnerUnknown)?;
        if partner.parted { Err(Refusal::Parted) } else { Ok(partner) }
    }

    fn meet(&self, card: &str, subjects: BTreeSet<Subject>) -> Result<Vec<Act>, Refusal> {
        let card = Card::parse(card).ok_or(Refusal::CardUnreadable)?;
        if card.party == self.own() {
            return Err(Refusal::CardOwn);
        }
        let with = card.party;
        let before = self.partner(with);
        // Who has the letters of another could promise under its codes.
        let mut others = self.partners().map(|of| of.card.party).chain([self.own()]);
        if before.is_none() && others.any(|other| supplies::same_letters(with, other)) {
            return Err(Refusal::CardLetters);
        }
        match before {
            None if self.partners().count() >= PARTNERS_MOST => {
                return Err(Refusal::PartnersMany { most: PARTNERS_MOST });
            }
            Some(before) if before.parted => return Err(Refusal::Parted),
            // Whoever brings another key may be somebody else.
            Some(before) if !before.card.key.eq_ignore_ascii_case(&card.key) => {
                return Err(Refusal::KeyOther);
            }
            _ => {}
        }
        let mut acts = Vec::new();
        if before.is_none_or(|before| before.card != card) {
            acts.push(Act::Partners(PartnerEvent::Met { card }));
        }
        if before.is_none_or(|before| before.shares != subjects) {
            acts.push(Act::Partners(PartnerEvent::Shared { with, subjects }));
        }
        Ok(acts)
    }
}

/// The id of an act that is only supposed: after all that is known, as it will be.
fn next(place: usize) -> Uuid {
    Uuid::from_u128(u128::MAX - u128::from(u32::MAX) + place as u128)
}
