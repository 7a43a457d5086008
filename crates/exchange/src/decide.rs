//! Commands become events, or are refused.

use crate::{
    Command, DAY, Event, Exchange, Life, Meet, Need, Offer, Posting, Refusal, Side, Subject, Voice, Who,
    place::Distance,
};
use chance::Ticks;
use domain::Moment;
use uuid::Uuid;

/// Letters of what somebody needs or offers: a few lines, as a grandmother's neighbour types them.
pub const WORDS_LETTERS: usize = 300;
/// Letters of a complaint, of praise, and of an answer.
pub const VOICE_LETTERS: usize = 600;
/// How far ahead a need or an offer may reach.
pub const WINDOW_MOST: Ticks = 30 * DAY;
/// Neighbours whom one offer may serve at one time.
pub const MANY_MOST: u8 = 5;
/// Needs and offers of one person that are open at one time: no household needs more, and a flood is seen.
pub const LIVE_OF_ONE: usize = 8;
/// What one person may post, change or say within a day.
pub const POSTED_A_DAY: usize = 20;
/// Needs, offers and voices of a community that are open at one time: a whole compound of ten thousand asks for less.
pub const LIVE_MOST: usize = 3000;

/// How well an offer fits a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fit {
    /// The way; `None` where they meet elsewhere than at a door.
    pub way: Option<Distance>,
    /// Where they meet.
    pub meet: Meet,
    /// What exactly, where both said it.
    pub subject: Option<Subject>,
    /// Whether one said it and the other did not.
    pub is_unsaid: bool,
    /// What whoever offers has on their hands, and did lately.
    pub load: u32,
}

impl Exchange {
    /// What comes of a command; nothing where it was done before.
    ///
    /// # Errors
    /// A rule says no.
    pub fn decide(&self, at: Moment, by: &Who, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Post(posting) => self.post(at, by, posting),
            Command::Withdraw { posting } => self.withdraw(by, posting),
            Command::HandOver { need } => {
                let found = self.open_need(need)?;
                owned(by, &found.posting)?;
                match found.life {
                    Life::Handed { .. } => Ok(vec![]),
                    // Who needs it may say that it was not done after all.
                    Life::Carried { confirmed, .. } if confirmed[Side::Need as usize] => {
                        Err(Refusal::AlreadyCarried)
                    }
                    _ => Ok(vec![Event::HandedOver { need }]),
                }
            }
            Command::Propose { need, offer } => {
                desk(by)?;
                let (found, of) = (self.open_need(need)?, self.offers.get(&offer).ok_or(Refusal::Unknown)?);
                self.fit(at, found, of)?;
                Ok(vec![Event::Offered { need, offer }])
            }
            Command::Join { need, into } => {
                desk(by)?;
                let (found, other) = (self.open_need(need)?, self.open_need(into)?);
                let over = matches!(other.life, Life::Carried { .. });
                if need == into || over || !found.posting.is_double(&other.posting) {
                    return Err(Refusal::NotTheSame);
                }
                match found.life {
                    Life::Open | Life::Handed { .. } => Ok(vec![Event::Joined { need, into }]),
                    _ => Err(Refusal::UnderWay),
                }
            }
            Command::Assign { need, volunteer } => {
                let by = desk(by)?;
                let found = self.open_need(need)?;
                match found.life {
                    Life::Agreed { .. } if found.carrier == Some(volunteer) => Ok(vec![]),
                    Life::Open | Life::Handed { .. } | Life::Agreed { .. } => {
                        Ok(vec![Event::Assigned { need, volunteer, by }])
                    }
                    Life::Offered { .. } => Err(Refusal::NeedNotOpen),
                    Life::Carried { .. } | Life::Closed { .. } => Err(Refusal::AlreadyCarried),
                }
            }
            Command::Accept { need } => {
                let (found, side) = self.stands(by, need)?;
                match found.life {
                    Life::Offered { yes, .. } if yes[side as usize] => Ok(vec![]),
                    Life::Offered { .. } => Ok(vec![Event::Accepted { need, side }]),
                    Life::Agreed { .. } => Ok(vec![]),
                    _ => Err(Refusal::NothingAsked),
                }
            }
            Command::Decline { need } if matches!(by, Who::Volunteer(_)) => match self.errand(by, need)?.life
            {
                Life::Agreed { .. } => Ok(vec![Event::GivenBack { need }]),
                _ => Err(Refusal::AlreadyCarried),
            },
            Command::Decline { need } => {
                let (found, side) = self.stands(by, need)?;
                match found.life {
                    Life::Offered { .. } | Life::Agreed { .. } => Ok(vec![Event::Declined { need, side }]),
                    Life::Carried { .. } => Err(Refusal::AlreadyCarried),
                    _ => Err(Refusal::NothingAsked),
                }
            }
            Command::Carry { need } => {
                // Who carries confirms for nobody else; what nobody offered they did themselves.
                let carried = |found: &Need| found.life.offer().is_none().then_some(Side::Offer);
                let (found, side) = match by {
                    Who::Desk(_) => {
                        let found = self.open_need(need)?;
                        if found.carrier.is_none() {
                            return Err(Refusal::NobodyCarries);
                        }
                        (found, carried(found))
                    }
                    Who::Volunteer(_) => self.errand(by, need).map(|found| (found, carried(found)))?,
                    Who::Resident(_) => self.stands(by, need).map(|(found, side)| (found, Some(side)))?,
                };
                match found.life {
                    // Who needs it has tapped first.
                    Life::Carried { offer: None, confirmed: [true, false], .. }
                        if side == Some(Side::Offer) =>
                    {
                        Ok(vec![Event::Confirmed { need, side: Side::Offer }])
                    }
                    Life::Agreed { .. } => Ok(vec![Event::Carried { need, by: side }]),
                    Life::Carried { .. } => Ok(vec![]),
                    _ => Err(Refusal::NotAgreed),
                }
            }
            Command::Confirm { need } => {
                let (found, side) = self.stands(by, need)?;
                match found.life {
                    // Whoever got it need not wait until the other has tapped.
                    Life::Agreed { .. } => Ok(vec![Event::Carried { need, by: Some(side) }]),
                    Life::Carried { confirmed, .. } if confirmed[side as usize] => Ok(vec![]),
                    Life::Carried { .. } => Ok(vec![Event::Confirmed { need, side }]),
                    _ => Err(Refusal::NotAgreed),
                }
            }
            Command::GiveWord { offer, good } => {
                let by = desk(by)?;
                let of = self.offers.get(&offer).ok_or(Refusal::Unknown)?;
                Ok(if of.word == Some(good) { vec![] } else { vec![Event::WordGiven { offer, good, by }] })
            }
            Command::Settle { need } => {
                let by = desk(by)?;
                self.open_need(need)?;
                Ok(vec![Event::Settled { need, by }])
            }
            Command::Speak { id, by: of, tone, words, due } => {
                owned_by(by, of)?;
                let words = lines(&words, VOICE_LETTERS)?;
                if words.is_empty() {
                    return Err(Refusal::WordsMissing);
                }
                let known = |voice: &Voice| (voice.by, voice.tone, &*voice.words) == (of, tone, &*words);
                if self.voices.values().any(|voice| voice.answer.is_none() && known(voice)) {
                    return Ok(vec![]);
                }
                self.has_room(at, of)?;
                Ok(vec![Event::Spoken { id, by: of, tone, words, due }])
            }
            Command::Answer { voice, words } => {
                let by = desk(by)?;
                let found = self.voices.get(&voice).ok_or(Refusal::Unknown)?;
                let words = lines(&words, VOICE_LETTERS)?;
                if words.is_empty() {
                    return Err(Refusal::WordsMissing);
                }
                match &found.answer {
                    Some((_, said)) if *said == words => Ok(vec![]),
                    Some(_) => Err(Refusal::Answered),
                    None => Ok(vec![Event::Answered { voice, words, by }]),
                }
            }
        }
    }

    fn post(&self, at: Moment, by: &Who, mut posting: Posting) -> Result<Vec<Event>, Refusal> {
        owned_by(by, posting.by)?;
        posting.words = lines(&posting.words, WORDS_LETTERS)?;
        posting.on_behalf = matches!(by, Who::Desk(_));
        posting.for_child = posting.side == Side::Need && posting.kind.is_for_child(Some(posting.for_child));
        if posting.side == Side::Offer {
            (posting.meet, posting.timed) = (Meet::Door, false);
        }
        if posting.until <= at.max(posting.from) {
            return Err(Refusal::TimePast);
        }
        if posting.until > at + WINDOW_MOST {
            return Err(Refusal::TimeFar);
        }
        if posting.subject.is_some_and(|subject| !posting.kind.subjects().contains(&subject)) {
            return Err(Refusal::SubjectOther);
        }
        if !(1..=MANY_MOST).contains(&posting.most) {
            return Err(Refusal::MostOff { most: MANY_MOST });
        }
        let of = posting.by;
        let mut live = self.live(at).filter(move |known| known.by == of);
        if let Some(known) = live.clone().find(|known| known.is_same(&posting)) {
            if posting.says_no_more_than(known) {
                return Ok(vec![]);
            }
            let open = |need: &Need| matches!(need.life, Life::Open | Life::Handed { .. });
            let asked = self.needs.get(&known.id).is_some_and(|need| !open(need));
            if asked || self.is_asked(known.id) {
                return Err(Refusal::UnderWay);
            }
            self.has_room(at, of)?;
            posting.id = known.id;
            return Ok(vec![Event::Amended { posting }]);
        }
        if live.nth(LIVE_OF_ONE - 1).is_some() {
            return Err(Refusal::TooManyOpen { most: LIVE_OF_ONE });
        }
        self.has_room(at, of)?;
        Ok(vec![Event::Posted { posting }])
    }

    fn withdraw(&self, by: &Who, posting: Uuid) -> Result<Vec<Event>, Refusal> {
        let events = vec![Event::Withdrawn { posting }];
        if let Some(need) = self.needs.get(&posting) {
            owned(by, &need.posting)?;
            return match need.life {
                Life::Closed { .. } => Ok(vec![]),
                Life::Carried { .. } => Err(Refusal::AlreadyCarried),
                _ => Ok(events),
            };
        }
        let offer = self.offers.get(&posting).ok_or(Refusal::Unknown)?;
        owned(by, &offer.posting)?;
        Ok(if offer.withdrawn.is_some() { vec![] } else { events })
    }

    /// How well an offer fits a need for which there is nobody yet.
    ///
    /// # Errors
    /// It does not.
    pub(crate) fn fit(&self, at: Moment, need: &Need, offer: &Offer) -> Result<Fit, Refusal> {
        let (asks, gives) = (&need.posting, &offer.posting);
        if !matches!(need.life, Life::Open | Life::Handed { .. }) {
            return Err(Refusal::NeedNotOpen);
        }
        if !offer.is_open(at) {
            return Err(Refusal::OfferNotOpen);
        }
        let is_unsaid = asks.subject.is_some() != gives.subject.is_some();
        if asks.kind != gives.kind || (!is_unsaid && asks.subject != gives.subject) {
            return Err(Refusal::OtherKind);
        }
        if asks.home == gives.home {
            return Err(Refusal::SameHome);
        }
        if need.declined.contains(&gives.id) {
            return Err(Refusal::DeclinedBefore);
        }
        // What is past can be done late, if anybody still does it: its own end counts no more.
        let until = if asks.until > at { asks.until.min(gives.until) } else { gives.until };
        if asks.from.max(gives.from).max(at) >= until {
            return Err(Refusal::TimesApart);
        }
        // Who goes along does not leave halfway, and does not come when half of it is over.
        let is_covered = gives.from <= asks.from && asks.until <= gives.until;
        if asks.timed && at <= asks.from && !is_covered {
            return Err(Refusal::TimesApart);
        }
        if asks.for_child && offer.word != Some(true) {
            return Err(Refusal::NeedsWord);
        }
        if self.on_hand(gives.id) >= usize::from(gives.most) {
            return Err(Refusal::OfferFull);
        }
        let subject = asks.subject.filter(|_| !is_unsaid);
        let way = (asks.meet == Meet::Door).then(|| asks.place.to(&gives.place));
        Ok(Fit { way, meet: asks.meet, subject, is_unsaid, load: self.load(gives.by) })
    }

    /// For how many needs an offer is asked or promised just now.
    pub(crate) fn on_hand(&self, offer: Uuid) -> usize {
        let asked = |need: &&Need| matches!(need.life, Life::Offered { .. } | Life::Agreed { .. });
        self.needs.values().filter(asked).filter(|need| need.life.offer() == Some(offer)).count()
    }

    /// For how many needs somebody's offers are asked or promised, and were lately carried.
    fn load(&self, person: Uuid) -> u32 {
        let by = |need: &&Need| {
            let offer = match need.life {
                Life::Closed { how: crate::How::Confirmed { offer }, .. } => offer,
                life => life.offer(),
            };
            offer.and_then(|offer| self.offers.get(&offer)).is_some_and(|offer| offer.posting.by == person)
        };
        u32::try_from(self.needs.values().filter(by).count()).unwrap_or(u32::MAX)
    }

    fn is_asked(&self, offer: Uuid) -> bool {
        self.needs.values().any(|need| need.life.offer() == Some(offer))
    }

    /// What is neither over nor taken back. An offer ends with its time; a need does not.
    pub(crate) fn live(&self, at: Moment) -> impl Iterator<Item = &Posting> + Clone {
        let needs = self.needs.values().filter(|need| !need.life.is_closed()).map(|need| &need.posting);
        let offers = self.offers.values().filter(move |offer| offer.is_open(at)).map(|offer| &offer.posting);
        needs.chain(offers)
    }

    /// Whether somebody may post or say one thing more.
    fn has_room(&self, at: Moment, person: Uuid) -> Result<(), Refusal> {
        let lately = self.lately.get(&person).map_or(&[][..], Vec::as_slice);
        if lately.iter().filter(|then| at - **then < DAY).count() >= POSTED_A_DAY {
            return Err(Refusal::TooManyToday { most: POSTED_A_DAY });
        }
        let voices = self.voices.values().filter(|voice| voice.answer.is_none()).count();
        if self.live(at).count() + voices >= LIVE_MOST { Err(Refusal::Full) } else { Ok(()) }
    }

    fn open_need(&self, need: Uuid) -> Result<&Need, Refusal> {
        let need = self.needs.get(&need).ok_or(Refusal::Unknown)?;
        if need.life.is_closed() { Err(Refusal::NeedClosed) } else { Ok(need) }
    }

    /// A need that a volunteer carries.
    fn errand(&self, by: &Who, need: Uuid) -> Result<&Need, Refusal> {
        let Who::Volunteer(volunteer) = by else { return Err(Refusal::NotYours) };
        let found = self.needs.get(&need).filter(|found| found.carrier == Some(*volunteer));
        found.ok_or(Refusal::Unknown)?;
        self.open_need(need)
    }

    /// A need, and on which side of it somebody stands.
    fn stands(&self, by: &Who, need: Uuid) -> Result<(&Need, Side), Refusal> {
        let found = self.needs.get(&need).ok_or(Refusal::Unknown)?;
        let Who::Resident(person) = by else { return Err(Refusal::NotYours) };
        // Who was asked once and stands there no more learns no more than a stranger does.
        let side = self.side(found, *person).ok_or(Refusal::Unknown)?;
        Ok((self.open_need(need)?, side))
    }
}

fn desk(by: &Who) -> Result<String, Refusal> {
    match by {
        Who::Desk(who) => Ok(who.clone()),
        Who::Resident(_) | Who::Volunteer(_) => Err(Refusal::DeskAlone),
    }
}

fn owned(by: &Who, posting: &Posting) -> Result<(), Refusal> {
    owned_by(by, posting.by)
}

fn owned_by(by: &Who, person: Uuid) -> Result<(), Refusal> {
    match by {
        Who::Desk(_) => Ok(()),
        Who::Resident(asks) if *asks == person => Ok(()),
        Who::Resident(_) | Who::Volunteer(_) => Err(Refusal::NotYours),
    }
}

/// Words as they are kept: without marks that nobody sees, not too long.
fn lines(words: &str, most: usize) -> Result<String, Refusal> {
    let kept: String = words.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect();
    let kept = kept.trim();
    if kept.chars().count() > most { Err(Refusal::WordsLong { most }) } else { Ok(kept.to_owned()) }
}
