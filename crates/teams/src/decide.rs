//! Commands become facts, or are refused: of requests, offers and deployments here, of people and work in `work`.

mod promised;
mod work;

use crate::{
    Ask, Change, Command, Event, Offer, Refusal, Role, Stage, Step, Teams,
    event::By,
    state::{Answer, OfferNow},
};
use domain::Moment;
use uuid::Uuid;

/// People in one request, offer or declaration: all health workers of a large province are fewer.
pub const NUMBER_MOST: u32 = 1_000_000;
/// Letters of a name, a skill, a district.
pub const NAME_LETTERS: usize = 60;
/// Letters of why somebody asks.
pub const WHY_LETTERS: usize = 600;
/// Members of a team, of a shift, of all rooms that are told of at once.
pub const MEMBERS_MOST: usize = 1000;

/// What is wrong, all of it.
type No = Vec<Refusal>;

impl Teams {
    /// What comes of a command; nothing where it was done before.
    ///
    /// # Errors
    /// Rules say no: all that do.
    pub fn decide(&self, at: Moment, by: &By, command: Command) -> Result<Vec<Event>, Vec<Refusal>> {
        let mut no = No::new();
        let done = self.weigh(at, by, &command, &mut no);
        if done == Some(true) && no.iter().all(|of| *of != Refusal::NotYours) {
            return Ok(vec![]);
        }
        no.sort();
        no.dedup();
        if done.is_none() && no.is_empty() {
            no.push(Refusal::Unknown);
        }
        if !no.is_empty() {
            return Err(no);
        }
        let mut events = Vec::new();
        if let Command::CloseRequest { request, .. } = command {
            let waits =
                self.now.offers.values().filter(|of| of.offer.request == request && of.answer.is_none());
            events.extend(waits.map(|of| Event::OfferDeclined { offer: of.offer.id }));
        }
        events.extend(command.event());
        Ok(events)
    }

    /// Whether it was done before; what is wrong goes to `no`. `None`: it is about something that is not known.
    fn weigh(&self, at: Moment, by: &By, command: &Command, no: &mut No) -> Option<bool> {
        match command {
            Command::Name { of, name } => {
                may(by.role == Role::Desk, no);
                if self.now.members.contains_key(of) {
                    no.push(Refusal::NameOfMember);
                }
                text(name, NAME_LETTERS, no);
                Some(self.now.names.get(of) == Some(name))
            }
            Command::SetRules { host, rules } => {
                may(desk(by, *host), no);
                let hours =
                    [rules.work_h, rules.spell_h, rules.hot_spell_h, rules.hot_turn_h, rules.clothing_h];
                let is_off = hours
                    .iter()
                    .chain([&rules.hot_clothing_h, &rules.test_days])
                    .any(|of| *of == 0 || *of > 24);
                let minutes = rules.meals_min.iter().chain([&rules.check_by_min, &rules.test_by_min]);
                let is_late = minutes.into_iter().any(|of| *of >= 24 * 60) || rules.meals_min.len() > 12;
                let is_dry = rules.water_min == 0 || rules.hot_water_min == 0 || rules.bottle_ml == 0;
                let is_long =
                    rules.rest_h > 24 || rules.avoid_until_h > 24 || rules.exposed_tests_days.len() > 30;
                if is_off || is_late || is_dry || is_long || rules.utc_offset_min.abs() > 14 * 60 {
                    no.push(Refusal::RulesOff);
                }
                Some(self.now.rules.get(host) == Some(rules))
            }
            Command::Declare(of) => {
                may(desk(by, of.donor), no);
                text(&of.skill, NAME_LETTERS, no);
                number(of.people.saturating_add(1), NUMBER_MOST + 1, no);
                Some(self.now.strengths.get(&(of.donor, of.skill.clone())) == Some(of))
            }
            Command::Request(ask) => self.ask(at, by, ask, no),
            Command::Decline { request, donor } => {
                may(desk(by, *donor), no);
                let of = self.now.requests.get(request)?;
                let own = |offer: &&Uuid| {
                    self.now
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
                let of = self.now.requests.get(request)?;
                may(desk(by, of.request.host), no);
                Some(of.closed.is_some())
            }
            Command::Offer(offer) => self.offers_more(at, by, offer, no),
            Command::AcceptOffer { offer, number: of } => {
                let offer = self.now.offers.get(offer)?;
                let request = self.now.requests.get(&offer.offer.request)?;
                may(desk(by, request.request.host), no);
                number(*of, offer.offer.number, no);
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
                let offer = self.now.offers.get(offer)?;
                may(desk(by, self.now.requests.get(&offer.offer.request)?.request.host), no);
                self.answered(offer, Answer::Declined, no)
            }
            Command::WithdrawOffer { offer } => {
                let offer = self.now.offers.get(offer)?;
                may(desk(by, offer.offer.donor), no);
                match offer.answer {
                    Some((_, Answer::Accepted { .. })) => Some(offer.ended.is_some()),
                    Some((_, Answer::Withdrawn | Answer::Declined)) => Some(true),
                    None => Some(false),
                }
            }
            Command::Commit(deployment) => {
                let offer = self.now.offers.get(&deployment.offer)?;
                may(desk(by, offer.offer.donor), no);
                if let Some(known) = self.now.deployments.get(&deployment.id) {
                    return self.same(known.deployment == *deployment, no);
                }
                number(deployment.number, NUMBER_MOST, no);
                order(deployment.departs, deployment.arrives, no);
                order(deployment.arrives, offer.offer.until, no);
                let most = self.uncommitted(offer);
                if deployment.number > most {
                    no.push(Refusal::AboveAccepted { most });
                }
                if let Some(team) = self.now.teams.get(&deployment.team).and_then(|of| of.team.as_ref()) {
                    may(team.donor == offer.offer.donor, no);
                }
                let sent = self.now.deployments.values().filter(|of| of.deployment.team == deployment.team);
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
                let of = self.now.deployments.get(deployment)?;
                let (donor, host) = (by.party == of.donor, by.party == of.host);
                let is_leader = donor && by.role == Role::Leader;
                let is_desk = by.role == Role::Desk;
                may(
                    match step {
                        Step::Departed | Step::Returned => (is_desk && donor) || is_leader,
                        Step::Arrived => (is_desk && (donor || host)) || is_leader,
                        Step::Released => is_desk && host,
                        Step::Withdrawn => is_desk && (donor || host),
                        Step::Cancelled => is_desk && donor,
                    },
                    no,
                );
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
                    if self.now.teams.get(&of.deployment.team).is_none_or(|of| of.team.is_none()) {
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
                let of = self.now.deployments.get(deployment)?;
                may(desk(by, if *what == Change::Extend { of.host } else { of.donor }), no);
                if let Some(known) = self.now.changes.get(change) {
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
                let change = self.now.changes.get(change)?;
                let of = self.now.deployments.get(&change.deployment)?;
                may(desk(by, if change.what == Change::Extend { of.donor } else { of.host }), no);
                match change.answer {
                    Some((_, known)) => self.same(known == *granted, no),
                    None => Some(false),
                }
            }
            Command::Settle { first, second, .. } => {
                may(by.role == Role::Desk, no);
                let pair = (*first, *second);
                let is_done = self.now.settled.contains(&pair);
                if !is_done && !self.now.conflicts().contains_key(&pair) {
                    no.push(Refusal::NotInConflict);
                }
                Some(is_done)
            }
            _ => self.weigh_work(at, by, command, no),
        }
    }

    fn ask(&self, at: Moment, by: &By, ask: &Ask, no: &mut No) -> Option<bool> {
        may(desk(by, ask.host), no);
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
        if let Some(known) = self.now.requests.get(&ask.id) {
            let event = Command::Request(ask.clone()).event();
            let same = event.is_some_and(|of| of == Event::Requested { request: known.request.clone() });
            return self.same(same, no);
        }
        number(ask.number, NUMBER_MOST, no);
        text(&ask.skill, NAME_LETTERS, no);
        text(&ask.district, NAME_LETTERS, no);
        text(&ask.why, WHY_LETTERS, no);
        if ask.asked.contains(&ask.host) || ask.asked.len() > MEMBERS_MOST {
            no.push(Refusal::NotYours);
        }
        Some(false)
    }

    fn offers_more(&self, at: Moment, by: &By, offer: &Offer, no: &mut No) -> Option<bool> {
        may(desk(by, offer.donor), no);
        let request = self.now.requests.get(&offer.request)?;
        if let Some(known) = self.now.offers.get(&offer.id) {
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
        match self.now.strengths.get(&(offer.donor, request.request.skill.clone())) {
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

fn desk(by: &By, party: Uuid) -> bool {
    by.role == Role::Desk && by.party == party
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
    if of == 0 || of > NUMBER_MOST + 1 {
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
