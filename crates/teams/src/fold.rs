//! Facts become state: first what others tell of, then what was told of it, each in the order of its own time. Nothing here can fail.
//! What was not for whoever told it to tell stands aside.

use crate::{
    Conflict, ConflictKind, DeploymentNow, Event, Goods, MemberNow, OfferNow, RequestNow, Role, ShiftNow,
    Step, Told,
    state::{Answer, ChangeNow, Key, State},
    theirs::settles,
};
use domain::event::Keeps;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Two facts, and the party that says which of them is true.
type Settling = (Uuid, Uuid, Uuid);

/// What a desk says of two facts.
fn settling(told: &Told) -> Option<(Settling, Keeps, &Told)> {
    match told.event {
        Event::Settled { first, second, keeps } if told.by.role == Role::Desk => {
            Some(((first, second, told.by.party), keeps, told))
        }
        _ => None,
    }
}

/// Beginnings, by what they need: an offer its request, a deployment its offer, a member their team, a shift its members and whose desk may
/// plan it. Steps come last.
fn level(event: &Event) -> u8 {
    match event {
        Event::Offered { .. } | Event::Joined { .. } => 1,
        Event::Committed { .. } => 2,
        Event::ChangeAsked { .. } | Event::ShiftPlanned { .. } => 3,
        of if of.begins() => 0,
        _ => 4,
    }
}

impl State {
    /// What all facts come to. What somebody said is not true is left out, if it was contradicted; leaving it out may show what else is.
    pub(crate) fn of(told: &BTreeMap<Key, Told>) -> State {
        let said: Vec<(Settling, Keeps, &Told)> = told.values().filter_map(settling).collect();
        let named: BTreeSet<Uuid> = said.iter().flat_map(|of| [of.0.0, of.0.1]).collect();
        let tellers: BTreeMap<Uuid, Uuid> =
            told.values().filter(|of| named.contains(&of.id)).map(|of| (of.id, of.by.party)).collect();
        // `None`: one of the facts is not known.
        let is_theirs = |(first, second, party): &Settling, keeps: Keeps| {
            Some(settles(*party, keeps, *tellers.get(first)?, *tellers.get(second)?))
        };
        // The last word of each party on each pair, of those that are theirs to say.
        let theirs = said.iter().filter(|(pair, keeps, _)| is_theirs(pair, *keeps) == Some(true));
        let settled: BTreeMap<Settling, Keeps> = theirs.map(|(pair, keeps, _)| (*pair, *keeps)).collect();
        let mut void = BTreeSet::new();
        let mut found = BTreeSet::new();
        loop {
            let mut state = State { void: void.clone(), ..State::default() };
            for now in 0..=4 {
                let these = told.values().filter(|of| level(&of.event) == now && !void.contains(&of.id));
                these.for_each(|of| state.take(of));
            }
            let before = found.len();
            for (first, second) in state.conflicts().into_keys() {
                let words = settled.range((first, second, Uuid::nil())..=(first, second, Uuid::max()));
                for (pair, keeps) in words {
                    found.insert(*pair);
                    match keeps {
                        Keeps::First => drop(void.insert(second)),
                        Keeps::Second => drop(void.insert(first)),
                        Keeps::Both => {}
                    }
                }
            }
            if before == found.len() {
                for (pair, keeps, of) in &said {
                    if is_theirs(pair, *keeps) == Some(false) {
                        state.aside.insert(of.id, (of.at, of.by));
                    } else if !found.contains(pair) {
                        state.unplaced.insert(of.id, (of.at, of.by));
                        state.awaits_conflict = true;
                    }
                }
                state.settled = found.into_iter().map(|(first, second, _)| (first, second)).collect();
                return state;
            }
        }
    }

    /// Takes in one fact after all that come before it.
    pub(crate) fn take(&mut self, told: &Told) {
        let key = (told.at, told.id);
        if let Event::Named { of, .. } = told.event {
            self.called.insert(of);
        }
        let is_off = matches!(&told.event, Event::RulesSet { rules, .. } if rules.is_off());
        let list = match self.is_theirs(&told.by, &told.event) {
            Some(is_theirs) if is_off || !is_theirs => &mut self.aside,
            None => &mut self.unplaced,
            Some(_) => {
                let is_placed = if told.event.begins() {
                    self.begin(key, &told.event)
                } else {
                    self.step(key, &told.event)
                };
                if is_placed.is_some() {
                    return;
                }
                &mut self.unplaced
            }
        };
        list.insert(told.id, (told.at, told.by));
    }

    fn clash(&mut self, kind: ConflictKind, of: Uuid, one: Key, other: Key) {
        let conflict = Conflict::new(kind, of, one, other);
        self.contradictions.entry(conflict.pair()).or_insert(conflict);
    }

    /// Something begins. Told twice and differently, the first counts. `None`: what it belongs to is not known.
    fn begin(&mut self, key: Key, event: &Event) -> Option<()> {
        let twice = match event {
            Event::Requested { request } => {
                let known = self.requests.get(&request.id).map(|of| (of.told, of.request == *request));
                if known.is_none() {
                    let (declined, offers) = (BTreeSet::new(), BTreeSet::new());
                    let now =
                        RequestNow { request: request.clone(), told: key, declined, offers, closed: None };
                    self.requests.insert(request.id, now);
                }
                (request.id, known)
            }
            Event::Offered { offer } => {
                self.requests.get_mut(&offer.request)?.offers.insert(offer.id);
                let known = self.offers.get(&offer.id).map(|of| (of.told, of.offer == *offer));
                if known.is_none() {
                    let (answer, deployments) = (None, BTreeSet::new());
                    let now = OfferNow { offer: offer.clone(), told: key, answer, ended: None, deployments };
                    self.offers.insert(offer.id, now);
                }
                (offer.id, known)
            }
            Event::Committed { deployment } => {
                let offer = self.offers.get_mut(&deployment.offer)?;
                let request = &self.requests.get(&offer.offer.request)?.request;
                offer.deployments.insert(deployment.id);
                self.teams.entry(deployment.team).or_default().deployments.insert(deployment.id);
                let known =
                    self.deployments.get(&deployment.id).map(|of| (of.told, of.deployment == *deployment));
                if known.is_none() {
                    let now = DeploymentNow {
                        deployment: deployment.clone(),
                        told: key,
                        donor: offer.offer.donor,
                        host: request.host,
                        district: request.district.clone(),
                        skill: request.skill.clone(),
                        until: offer.offer.until,
                        steps: BTreeMap::new(),
                        lodged: Vec::new(),
                    };
                    self.deployments.insert(deployment.id, now);
                }
                (deployment.id, known)
            }
            Event::ChangeAsked { change, deployment, what, until } => {
                self.deployments.get(deployment)?;
                let now = ChangeNow {
                    deployment: *deployment,
                    what: *what,
                    until: *until,
                    asked: key,
                    answer: None,
                };
                let same =
                    |of: &ChangeNow| (of.deployment, of.what, of.until) == (*deployment, *what, *until);
                let known = self.changes.get(change).map(|of| (of.asked, same(of)));
                self.changes.entry(*change).or_insert(now);
                (*change, known)
            }
            Event::LodgingOpened { lodging } => {
                let known = self.lodgings.get(&lodging.id).map(|(told, of)| (*told, of == lodging));
                self.lodgings.entry(lodging.id).or_insert_with(|| (key, lodging.clone()));
                (lodging.id, known)
            }
            Event::Formed { team } => {
                let now = self.teams.entry(team.id).or_default();
                let known = now.told.zip(now.team.as_ref()).map(|(told, of)| (told, of == team));
                now.told.get_or_insert(key);
                now.team.get_or_insert_with(|| team.clone());
                (team.id, known)
            }
            Event::Joined { team, member } => {
                self.teams.entry(*team).or_default().members.insert(member.id);
                let new = || MemberNow {
                    member: *member,
                    stays: Vec::new(),
                    checks: Vec::new(),
                    tests: Vec::new(),
                    apart: Vec::new(),
                    shifts: Vec::new(),
                };
                self.members.entry(member.id).or_insert_with(new).stays.push((*team, key, None));
                (member.id, None)
            }
            Event::ShiftPlanned { shift } => {
                self.teams.entry(shift.team).or_default().shifts.insert(shift.id);
                let known = self.shifts.get(&shift.id).map(|of| (of.told, of.shift == *shift));
                if known.is_none() {
                    let (began, ended, dropped) = (None, None, None);
                    let received = Vec::new();
                    let now = ShiftNow { shift: shift.clone(), told: key, began, ended, dropped, received };
                    self.shifts.insert(shift.id, now);
                    for member in &shift.members {
                        self.members.get_mut(member)?.shifts.push(shift.id);
                    }
                }
                (shift.id, known)
            }
            _ => return None,
        };
        if let (of, Some((first, false))) = twice {
            self.clash(ConflictKind::SaidTwice, of, first, key);
        }
        Some(())
    }

    /// Something happened to what is known; `None`: it is not.
    fn step(&mut self, key: Key, event: &Event) -> Option<()> {
        let at = key.0;
        match event {
            Event::Named { of, name } => drop(self.names.insert(*of, name.clone())),
            Event::RulesSet { host, rules } => drop(self.rules.insert(*host, rules.clone())),
            Event::Declared { strength } => {
                self.strengths.insert((strength.donor, strength.skill.clone()), strength.clone());
            }
            Event::Declined { request, donor } => {
                self.requests.get_mut(request)?.declined.insert(*donor);
            }
            Event::RequestClosed { request, how } => {
                self.requests.get_mut(request)?.closed.get_or_insert((at, *how));
            }
            Event::OfferAccepted { offer, number } => {
                self.answer(key, *offer, Answer::Accepted { number: *number })?;
            }
            Event::OfferDeclined { offer } => self.answer(key, *offer, Answer::Declined)?,
            Event::OfferWithdrawn { offer } => self.answer(key, *offer, Answer::Withdrawn)?,
            Event::Stepped { deployment, step } => {
                let of = self.deployments.get_mut(deployment)?;
                of.steps.entry(*step).or_insert(key);
                let back = of.steps.get(&Step::Returned).copied();
                let there = [Step::Departed, Step::Arrived]
                    .into_iter()
                    .filter_map(|step| of.steps.get(&step))
                    .copied();
                let late: Vec<Key> = there.filter(|there| back.is_some_and(|back| back < *there)).collect();
                for (there, back) in late.into_iter().zip(back) {
                    self.clash(ConflictKind::AfterReturn, *deployment, back, there);
                }
            }
            Event::Lodged { deployment, lodging, rooms } => {
                self.deployments.get_mut(deployment)?.lodged.push((at, *lodging, rooms.clone()));
            }
            Event::ChangeAnswered { change, granted } => {
                let of = self.changes.get_mut(change)?;
                if of.answer.is_none() {
                    of.answer = Some((key, *granted));
                    let (until, deployment) = (of.until, of.deployment);
                    if *granted {
                        self.deployments.get_mut(&deployment)?.until = until;
                    }
                }
            }
            Event::Left { team, member } => {
                let stays = &mut self.members.get_mut(member)?.stays;
                // Whoever was told to join twice leaves once.
                let mut open =
                    stays.iter_mut().filter(|of| of.0 == *team && of.2.is_none() && of.1 < key).peekable();
                open.peek()?;
                open.for_each(|of| of.2 = Some(key));
            }
            Event::Checked { member, health } => self.members.get_mut(member)?.checks.push((at, *health)),
            Event::Tested { member, taken, finding } => {
                self.members.get_mut(member)?.tests.push((*taken, at, *finding));
            }
            Event::Isolated { member } => self.members.get_mut(member)?.apart.push((at, true)),
            Event::Freed { member } => self.members.get_mut(member)?.apart.push((at, false)),
            Event::HeatForecast { heat } => self.heat.push(*heat),
            Event::ShiftBegan { shift } => drop(self.shifts.get_mut(shift)?.began.get_or_insert(key)),
            Event::ShiftEnded { shift } => drop(self.shifts.get_mut(shift)?.ended.get_or_insert(key)),
            Event::ShiftDropped { shift } => drop(self.shifts.get_mut(shift)?.dropped.get_or_insert(key)),
            Event::Received { team, shift, goods, count } => {
                let known = (at, *goods, *count);
                match shift {
                    Some(shift) => self.shifts.get_mut(shift)?.received.push(known),
                    None => self.receive(*team, known)?,
                }
            }
            // Looked at as a whole, in `of`.
            Event::Settled { .. } => {}
            of => debug_assert!(!of.begins(), "beginnings come before"),
        }
        Some(())
    }

    fn receive(&mut self, team: Uuid, known: (domain::Moment, Goods, u32)) -> Option<()> {
        self.teams.get_mut(&team)?.received.push(known);
        Some(())
    }

    /// The first answer counts, and a donor may still end what it has not committed; any other second answer contradicts it.
    fn answer(&mut self, key: Key, offer: Uuid, answer: Answer) -> Option<()> {
        let of = self.offers.get_mut(&offer)?;
        match (of.answer, answer) {
            (None, _) => of.answer = Some((key, answer)),
            (Some((_, first)), _) if first == answer => {}
            (Some((_, Answer::Accepted { .. })), Answer::Withdrawn) => drop(of.ended.get_or_insert(key.0)),
            (Some((first, _)), _) => self.clash(ConflictKind::TwoAnswers, offer, first, key),
        }
        Some(())
    }
}
