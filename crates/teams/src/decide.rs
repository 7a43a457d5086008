//! Commands become facts, or are refused: of requests, offers and deployments here, of people and work in `work`.

mod promised;
mod work;

use crate::{
    Ask, Change, Command, Event, Offer, Refusal, Role, Stage, Step, Teams,
    event::By,
    state::{Answer, OfferNow},
    theirs::settles,
};
use domain::Moment;
use uuid::Uuid;

/// People in one request, offer or declaration: all health workers of a large province are fewer.
pub const NUMBER_MOST: u32 = 1_000_000;
/// Letters of a name, a skill, a district.
pub const NAME_LETTERS: usize = 60;
/// Letters of why somebody asks.
pub const WHY_LETTERS: usize = 600;
/// Members of a team.
pub const MEMBERS_MOST: usize = 1000;
/// Members of a shift, of all rooms that are told of at once, donors that are asked: identifiers of 39 bytes each, in one fact.
pub const SEATS_MOST: usize = 350;
/// Bytes of what happened, as it is written: a frame of the journal holds 16 KiB, and who told it when stands in it too.
pub const FACT_BYTES: usize = 15_000;

/// What is wrong, all of it.
type No = Vec<Refusal>;

impl Teams {
    /// What comes of a command; nothing where it was done before.
    ///
    /// # Errors
    /// Rules say no: all that do.
    pub fn decide(&self, at: Moment, by: &By, command: Command) -> Result<Vec<Event>, Vec<Refusal>> {
        let mut no = No::new();
        let event = command.clone().event();
        // A request that lacks its times is no fact yet: whose it would be is known.
        let theirs = match (&event, &command) {
            (None, Command::Request(ask)) => Some(by.role == Role::Desk && by.party == ask.host),
            (None, _) => None,
            (Some(event), _) => self.now().is_theirs(by, event),
        };
        // Who brings something, or names a member, is told more than that it is not theirs to say.
        let is_told_more = match &command {
            Command::Receive { .. } => by.role == Role::Stores,
            Command::Name { of, .. } => self.now().members.contains_key(of),
            _ => false,
        };
        may(theirs != Some(false) || is_told_more, &mut no);
        if event.as_ref().is_some_and(|of| of.bytes() > FACT_BYTES) {
            no.push(Refusal::FactLong { bytes: FACT_BYTES });
        }
        let done = self.weigh(at, by, &command, &mut no);
        if done == Some(true) && no.iter().all(|of| *of != Refusal::NotYours) {
            return Ok(vec![]);
        }
        no.sort();
        no.dedup();
        if (done.is_none() || theirs.is_none()) && no.is_empty() {
            no.push(Refusal::Unknown);
        }
        if !no.is_empty() {
            return Err(no);
        }
        let mut events = Vec::new();
        if let Command::CloseRequest { request, .. } = command {
            let waits =
                self.now().offers.values().filter(|of| of.offer.request == request && of.answer.is_none());
            events.extend(waits.map(|of| Event::OfferDeclined { offer: of.offer.id }));
        }
        events.extend(event);
        Ok(events)
    }

    /// Whether it was done before; what is wrong goes to `no`. `None`: it is about something that is not known.
    fn weigh(&self, at: Moment, by: &By, command: &Command, no: &mut No) -> Option<bool> {
        match command {
            Command::Name { of, name } => {
                if self.now().members.contains_key(of) {
                    no.push(Refusal::NameOfMember);
                }
                text(name, NAME_LETTERS, no);
                self.now().is_theirs(by, &Event::Named { of: *of, name: String::new() })?;
                Some(self.now().names.get(of) == Some(name))
            }
            Command::SetRules { host, rules } => {
                if rules.is_off() {
                    no.push(Refusal::RulesOff);
                }
                Some(self.now().rules.get(host) == Some(rules))
            }
            Command::Declare(of) => {
                text(&of.skill, NAME_LETTERS, no);
                if of.people > NUMBER_MOST {
                    no.push(Refusal::NumberOff { most: NUMBER_MOST });
                }
                Some(self.now().strengths.get(&(of.donor, of.skill.clone())) == Some(of))
            }
            Command::Request(ask) => self.ask(at, ask, no),
            Command::Decline { request, donor } => {
                let of = self.now().requests.get(request)?;
                let own = |offer: &&Uuid| {
                    self.now()
                        .offers
                        .get(offer)
                        .is_some_and(|of| of.offer.donor == *donor && of.answer.is_none())
                };
                if of.offers.iter().any(|offer| own(&offer)) {
                    no.push(Refusal::Answered);
                }
                Some(of.declined.contains(donor))
            }
            Command::CloseRequest { request, .. } => {
                let of = self.now().requests.get(request)?;
                Some(of.closed.is_some())
            }
            Command::Offer(offer) => self.offers_more(at, offer, no),
            Command::AcceptOffer { offer, number: of } => {
                let offer = self.now().offers.get(offer)?;
                let request = self.now().requests.get(&offer.offer.request)?;
                if *of == 0 {
                    no.push(Refusal::NumberOff { most: offer.offer.number });
                }
                if *of > offer.offer.number {
                    no.push(Refusal::AboveOffer { most: offer.offer.number });
                }
                let most = self.uncovered(request);
                if *of > most {
                    no.push(Refusal::AboveNeed { most });
                }
                if request.closed.is_some() {
                    no.push(Refusal::Over);
                }
                self.answered(offer, Answer::Accepted { number: *of }, no)
            }
            Command::DeclineOffer { offer } => {
                let offer = self.now().offers.get(offer)?;
                self.answered(offer, Answer::Declined, no)
            }
            Command::WithdrawOffer { offer } => {
                let offer = self.now().offers.get(offer)?;
                match offer.answer {
                    Some((_, Answer::Accepted { .. })) => Some(offer.ended.is_some()),
                    Some((_, Answer::Withdrawn | Answer::Declined)) => Some(true),
                    None => Some(false),
                }
            }
            Command::Commit(deployment) => {
                let offer = self.now().offers.get(&deployment.offer)?;
                if let Some(known) = self.now().deployments.get(&deployment.id) {
                    return self.same(known.deployment == *deployment, no);
                }
                number(deployment.number, NUMBER_MOST, no);
                order(deployment.departs, deployment.arrives, no);
                order(deployment.arrives, offer.offer.until, no);
                let most = self.uncommitted(offer);
                if deployment.number > most {
                    no.push(Refusal::AboveAccepted { most });
                }
                let sent = self.now().deployments.values().filter(|of| of.deployment.team == deployment.team);
                let meets = sent
                    .filter(|of| of.stage() != Stage::Over)
                    .find(|of| of.deployment.departs < offer.offer.until && deployment.departs < of.until);
                if let Some(other) = meets {
                    let until = self.rules(other.host).clock(other.until);
                    no.push(Refusal::TeamElsewhere { team: self.name(deployment.team), until });
                }
                Some(false)
            }
            Command::Step { deployment, step } => {
                let of = self.now().deployments.get(deployment)?;
                if of.steps.contains_key(step) {
                    return Some(true);
                }
                let stage = of.stage();
                let fits = match step {
                    Step::Departed => stage == Stage::Committed,
                    Step::Arrived => matches!(stage, Stage::Committed | Stage::Departed),
                    Step::Released | Step::Withdrawn => matches!(stage, Stage::Arrived | Stage::Lodged),
                    Step::Cancelled => matches!(stage, Stage::Committed | Stage::Departed),
                    Step::Returned => stage == Stage::Leaving,
                };
                if !fits {
                    no.push(Refusal::StepOrder { stage: stage.key() });
                }
                if matches!(step, Step::Departed | Step::Arrived) {
                    if self.now().teams.get(&of.deployment.team).is_none_or(|of| of.team.is_none()) {
                        no.push(Refusal::Unknown);
                    }
                    if let Some(other) =
                        self.stay(of.deployment.team, at).filter(|other| other.host != of.host)
                    {
                        let until = self.rules(other.host).clock(other.until);
                        no.push(Refusal::TeamElsewhere { team: self.name(of.deployment.team), until });
                    }
                }
                Some(false)
            }
            Command::AskChange { change, deployment, what, until } => {
                let of = self.now().deployments.get(deployment)?;
                if let Some(known) = self.now().changes.get(change) {
                    let same = (known.deployment, known.what, known.until) == (*deployment, *what, *until);
                    return self.same(same, no);
                }
                order(at, *until, no);
                if (*what == Change::Extend) != (*until > of.until) {
                    no.push(Refusal::TimeOrder);
                }
                if matches!(of.stage(), Stage::Leaving | Stage::Over) {
                    no.push(Refusal::Over);
                }
                Some(false)
            }
            Command::AnswerChange { change, granted } => {
                let change = self.now().changes.get(change)?;
                match change.answer {
                    Some((_, known)) => self.same(known == *granted, no),
                    None => Some(false),
                }
            }
            Command::Settle { first, second, keeps } => {
                let pair = (*first, *second);
                let is_done = self.now().settled.contains(&pair);
                if is_done || self.contradictions().contains_key(&pair) {
                    let party = |id| self.fact(id).map(|of| of.by.party).unwrap_or_default();
                    may(settles(by.party, *keeps, party(*first), party(*second)), no);
                } else {
                    no.push(Refusal::NotInConflict);
                }
                Some(is_done)
            }
            _ => self.weigh_work(at, by, command, no),
        }
    }

    fn ask(&self, at: Moment, ask: &Ask, no: &mut No) -> Option<bool> {
        if ask.from.is_none() {
            no.push(Refusal::NoStart);
        }
        match ask.until {
            None => no.push(Refusal::NoEnd),
            Some(until) => {
                if until <= at {
                    no.push(Refusal::TimePast);
                }
                ask.from.iter().for_each(|from| order(*from, until, no));
            }
        }
        if let Some(known) = self.now().requests.get(&ask.id) {
            let event = Command::Request(ask.clone()).event();
            let same = event.is_some_and(|of| of == Event::Requested { request: known.request.clone() });
            return self.same(same, no);
        }
        number(ask.number, NUMBER_MOST, no);
        text(&ask.skill, NAME_LETTERS, no);
        text(&ask.district, NAME_LETTERS, no);
        text(&ask.why, WHY_LETTERS, no);
        if ask.asked.contains(&ask.host) || ask.asked.len() > SEATS_MOST {
            no.push(Refusal::NotYours);
        }
        Some(false)
    }

    fn offers_more(&self, at: Moment, offer: &Offer, no: &mut No) -> Option<bool> {
        let request = self.now().requests.get(&offer.request)?;
        if let Some(known) = self.now().offers.get(&offer.id) {
            return self.same(known.offer == *offer, no);
        }
        may(request.request.host != offer.donor, no);
        number(offer.number, NUMBER_MOST, no);
        order(offer.from, offer.until, no);
        if offer.until <= at {
            no.push(Refusal::TimePast);
        }
        if request.closed.is_some() {
            no.push(Refusal::Over);
        }
        match self.now().strengths.get(&(offer.donor, request.request.skill.clone())) {
            None => no.push(Refusal::StrengthUnknown),
            Some(of) => {
                let promised = self.promised(offer.donor, &of.skill, offer.from, offer.until);
                let most = of.people.saturating_sub(of.reserve).saturating_sub(promised);
                if offer.number > most {
                    let (people, reserve) = (of.people, of.reserve);
                    no.push(Refusal::AboveReserve { people, reserve, promised, most });
                }
            }
        }
        Some(false)
    }

    fn answered(&self, offer: &OfferNow, answer: Answer, no: &mut No) -> Option<bool> {
        match offer.answer {
            None => Some(false),
            Some((_, known)) => self.same(known == answer, no),
        }
    }

    /// It is there already: the same, or something else that has its place.
    fn same(&self, is_same: bool, no: &mut No) -> Option<bool> {
        if !is_same {
            no.push(Refusal::Known);
        }
        Some(is_same)
    }
}

fn may(is_theirs: bool, no: &mut No) {
    if !is_theirs {
        no.push(Refusal::NotYours);
    }
}

fn order(from: Moment, until: Moment, no: &mut No) {
    if until <= from {
        no.push(Refusal::TimeOrder);
    }
}

fn number(of: u32, most: u32, no: &mut No) {
    if of == 0 || of > most {
        no.push(Refusal::NumberOff { most });
    }
}

fn text(of: &str, most: usize, no: &mut No) {
    if of.trim().is_empty() {
        no.push(Refusal::TextMissing);
    } else if of.chars().count() > most {
        no.push(Refusal::TextLong { most });
    }
}
