//! What the events come to.

use crate::{DAY, Event, Posting, Side, Tone};
use domain::Moment;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// All needs, offers and voices of a community.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    pub(crate) needs: BTreeMap<Uuid, Need>,
    pub(crate) offers: BTreeMap<Uuid, Offer>,
    pub(crate) voices: BTreeMap<Uuid, Voice>,
    /// When each person posted, changed or said something within a day.
    pub(crate) lately: BTreeMap<Uuid, Vec<Moment>>,
}

/// A need, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What is needed.
    pub posting: Posting,
    /// When it was posted.
    pub posted: Moment,
    /// How far it is.
    pub life: Life,
    /// Since when the secretariat sees to it, if it was asked to. Who is asked for it since and says no does not undo that.
    pub handed: Option<Moment>,
    /// The volunteer who carries it, or carried it.
    pub carrier: Option<Uuid>,
    /// Since when a volunteer who was to carry what two have agreed said that they cannot, and nobody else is to.
    pub given_back: Option<Moment>,
    /// Offers of which one of the two said no.
    pub declined: BTreeSet<Uuid>,
}

/// How far a need is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// There is nobody yet.
    Open,
    /// Both were asked.
    Offered {
        /// By whose offer.
        offer: Uuid,
        /// Since when.
        since: Moment,
        /// Who said yes: whoever needs it, whoever offers it.
        yes: [bool; 2],
    },
    /// Both said yes, or a volunteer is to do it.
    Agreed {
        /// By whose offer; `None`: by that of nobody, a volunteer does it.
        offer: Option<Uuid>,
        /// Since when.
        since: Moment,
    },
    /// It was done, as one says.
    Carried {
        /// By whose offer, as above.
        offer: Option<Uuid>,
        /// Since when.
        since: Moment,
        /// Who has confirmed it, as above; where nobody offered it, the second is the volunteer.
        confirmed: [bool; 2],
    },
    /// The secretariat sees to it.
    Handed {
        /// Since when.
        since: Moment,
    },
    /// It is over.
    Closed {
        /// Since when.
        at: Moment,
        /// How.
        how: How,
    },
}

/// How a need ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Both said that it was done.
    Confirmed {
        /// By whose offer; `None`: a volunteer did it alone.
        offer: Option<Uuid>,
    },
    /// It was taken back.
    Withdrawn,
    /// The secretariat has seen to it.
    Settled,
    /// It goes on as another of the household.
    Joined {
        /// As which.
        into: Uuid,
    },
}

/// An offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is offered.
    pub posting: Posting,
    /// When it was posted.
    pub posted: Moment,
    /// Whether the secretariat lets them be with children; `None`: it has not said.
    pub word: Option<bool>,
    /// When it was taken back.
    pub withdrawn: Option<Moment>,
}

/// What somebody says of how things go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// Its own.
    pub id: Uuid,
    /// Whose.
    pub by: Uuid,
    /// Which way.
    pub tone: Tone,
    /// What.
    pub words: String,
    /// When it was said.
    pub at: Moment,
    /// By when it is answered.
    pub due: Moment,
    /// The answer, and since when it stands there.
    pub answer: Option<(Moment, String)>,
}

impl Life {
    /// By whose offer: from being asked until it is over.
    pub fn offer(self) -> Option<Uuid> {
        match self {
            Life::Offered { offer, .. } => Some(offer),
            Life::Agreed { offer, .. } | Life::Carried { offer, .. } => offer,
            Life::Open | Life::Handed { .. } | Life::Closed { .. } => None,
        }
    }

    /// Whether it is over.
    pub fn is_closed(self) -> bool {
        matches!(self, Life::Closed { .. })
    }
}

impl Need {
    /// Nobody is asked for it any more: it was seen to before, or it was not.
    fn has_nobody(&mut self) {
        self.life = self.handed.map_or(Life::Open, |since| Life::Handed { since });
        (self.carrier, self.given_back) = (None, None);
    }

    /// Who carries it, as long as they do, or wait until all have said that it was done.
    pub fn errand(&self) -> Option<Uuid> {
        self.carrier.filter(|_| matches!(self.life, Life::Agreed { .. } | Life::Carried { .. }))
    }
}

impl Offer {
    /// Whether anybody can still be asked by it.
    pub fn is_open(&self, now: Moment) -> bool {
        self.withdrawn.is_none() && now < self.posting.until
    }
}

impl Exchange {
    /// All needs, by their ids.
    pub fn needs(&self) -> impl Iterator<Item = &Need> {
        self.needs.values()
    }

    /// All offers, by their ids.
    pub fn offers(&self) -> impl Iterator<Item = &Offer> {
        self.offers.values()
    }

    /// All voices, by their ids.
    pub fn voices(&self) -> impl Iterator<Item = &Voice> {
        self.voices.values()
    }

    /// A need.
    pub fn need(&self, id: Uuid) -> Option<&Need> {
        self.needs.get(&id)
    }

    /// An offer.
    pub fn offer(&self, id: Uuid) -> Option<&Offer> {
        self.offers.get(&id)
    }

    /// On which side of a need somebody stands: whose it is, or whose offer is asked for it.
    pub fn side(&self, need: &Need, person: Uuid) -> Option<Side> {
        if need.posting.by == person {
            return Some(Side::Need);
        }
        let offer = self.offers.get(&need.life.offer()?)?;
        (offer.posting.by == person).then_some(Side::Offer)
    }

    /// What a volunteer is to carry, and has not both confirmed yet; with it, whose offer it is fetched from.
    pub fn errands(&self, volunteer: Uuid) -> impl Iterator<Item = (&Need, Option<&Posting>)> {
        let theirs = self.needs.values().filter(move |need| need.errand() == Some(volunteer));
        theirs.map(|need| {
            let offer = need.life.offer().and_then(|offer| self.offers.get(&offer));
            (need, offer.map(|offer| &offer.posting))
        })
    }

    /// Who stands on the other side: nobody is told before both have said yes, nor once it is over.
    pub fn partner<'a>(&'a self, need: &'a Need, person: Uuid) -> Option<&'a Posting> {
        let (Life::Agreed { offer, .. } | Life::Carried { offer, .. }) = need.life else { return None };
        match self.side(need, person)? {
            Side::Need => self.offers.get(&offer?).map(|of| &of.posting),
            Side::Offer => Some(&need.posting),
        }
    }

    /// Takes in what happened. What does not fit what is known (part of it was erased) changes nothing.
    pub fn apply(&mut self, at: Moment, event: &Event) {
        match event {
            Event::Posted { posting } => {
                self.heard(posting.by, at);
                let (id, posting, posted) = (posting.id, posting.clone(), at);
                match posting.side {
                    Side::Need => {
                        let (life, declined) = (Life::Open, BTreeSet::new());
                        let (handed, carrier, given_back) = (None, None, None);
                        let need = Need { posting, posted, life, handed, carrier, given_back, declined };
                        self.needs.insert(id, need);
                    }
                    Side::Offer => {
                        self.offers.insert(id, Offer { posting, posted, word: None, withdrawn: None });
                    }
                }
            }
            Event::Amended { posting } => {
                self.heard(posting.by, at);
                if let Some(need) = self.needs.get_mut(&posting.id) {
                    need.posting = posting.clone();
                } else if let Some(offer) = self.offers.get_mut(&posting.id) {
                    offer.posting = posting.clone();
                }
            }
            Event::Withdrawn { posting } => {
                self.close(*posting, at, How::Withdrawn);
                // What went on as this one goes on by itself.
                for need in self.needs.values_mut() {
                    if matches!(need.life, Life::Closed { how: How::Joined { into }, .. } if into == *posting)
                    {
                        need.has_nobody();
                    }
                }
                if let Some(offer) = self.offers.get_mut(posting) {
                    offer.withdrawn.get_or_insert(at);
                    self.let_go(*posting, |_| true);
                }
            }
            Event::HandedOver { need } => {
                if let Some(need) = self.needs.get_mut(need).filter(|need| !need.life.is_closed()) {
                    need.handed = Some(at);
                    need.has_nobody();
                }
            }
            Event::Offered { need, offer } => {
                let is_there = self.offers.contains_key(offer);
                if let Some(need) = self.needs.get_mut(need).filter(|need| is_there && !need.life.is_closed())
                {
                    need.life = Life::Offered { offer: *offer, since: at, yes: [false; 2] };
                }
            }
            Event::Assigned { need, volunteer, .. } => {
                let Some(need) = self.needs.get_mut(need) else { return };
                (need.carrier, need.given_back) = match need.life {
                    Life::Open | Life::Handed { .. } | Life::Agreed { .. } => (Some(*volunteer), None),
                    _ => return,
                };
                if !matches!(need.life, Life::Agreed { .. }) {
                    need.life = Life::Agreed { offer: None, since: at };
                }
            }
            Event::GivenBack { need } => {
                let Some(need) = self.needs.get_mut(need) else { return };
                match need.life {
                    Life::Agreed { offer: None, .. } => {
                        // The secretariat gave it, and finds another.
                        need.handed.get_or_insert(at);
                        need.has_nobody();
                    }
                    Life::Agreed { .. } => (need.carrier, need.given_back) = (None, Some(at)),
                    _ => {}
                }
            }
            Event::Accepted { need, side } => {
                let Some(need) = self.needs.get_mut(need) else { return };
                if let Life::Offered { offer, yes, .. } = &mut need.life {
                    yes[*side as usize] = true;
                    if *yes == [true; 2] {
                        need.life = Life::Agreed { offer: Some(*offer), since: at };
                    }
                }
            }
            Event::Declined { need, .. } => {
                let Some(need) = self.needs.get_mut(need) else { return };
                if let Life::Offered { .. } | Life::Agreed { .. } = need.life {
                    need.declined.extend(need.life.offer());
                    need.has_nobody();
                }
            }
            Event::Carried { need, by } => {
                let Some(need) = self.needs.get_mut(need) else { return };
                if let Life::Agreed { offer, .. } = need.life {
                    let mut confirmed = [false; 2];
                    if let Some(side) = by {
                        confirmed[*side as usize] = true;
                    }
                    need.life = Life::Carried { offer, since: at, confirmed };
                    need.given_back = None;
                }
            }
            Event::Confirmed { need, side } => {
                let Some(need) = self.needs.get_mut(need) else { return };
                if let Life::Carried { offer, confirmed, .. } = &mut need.life {
                    confirmed[*side as usize] = true;
                    if *confirmed == [true; 2] {
                        let how = How::Confirmed { offer: *offer };
                        need.life = Life::Closed { at, how };
                    }
                }
            }
            Event::WordGiven { offer, good, .. } => {
                let Some(of) = self.offers.get_mut(offer) else { return };
                of.word = Some(*good);
                if !good {
                    self.let_go(*offer, |need| need.posting.for_child);
                }
            }
            Event::Joined { need, into } => self.close(*need, at, How::Joined { into: *into }),
            Event::Settled { need, .. } => self.close(*need, at, How::Settled),
            Event::Spoken { id, by, tone, words, due } => {
                self.heard(*by, at);
                let (id, by, words) = (*id, *by, words.clone());
                self.voices.insert(id, Voice { id, by, tone: *tone, words, at, due: *due, answer: None });
            }
            Event::Answered { voice, words, .. } => {
                if let Some(voice) = self.voices.get_mut(voice) {
                    voice.answer.get_or_insert((at, words.clone()));
                }
            }
        }
    }

    /// Somebody tapped: what is older than a day is forgotten.
    fn heard(&mut self, person: Uuid, at: Moment) {
        let lately = self.lately.entry(person).or_default();
        lately.retain(|then| at - *then < DAY);
        lately.push(at);
    }

    fn close(&mut self, need: Uuid, at: Moment, how: How) {
        if let Some(need) = self.needs.get_mut(&need).filter(|need| !need.life.is_closed()) {
            need.life = Life::Closed { at, how };
        }
    }

    /// Needs for which an offer was asked, and not carried yet, have nobody again.
    fn let_go(&mut self, offer: Uuid, which: impl Fn(&Need) -> bool) {
        for need in self.needs.values_mut().filter(|need| which(need)) {
            let asked = matches!(need.life, Life::Offered { .. } | Life::Agreed { .. });
            if asked && need.life.offer() == Some(offer) {
                need.has_nobody();
            }
        }
    }
}
