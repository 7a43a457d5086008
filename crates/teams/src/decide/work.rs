//! Commands of people and their work.

use super::{MEMBERS_MOST, NAME_LETTERS, No, SEATS_MOST, may, number, order, text};
use crate::{
    Command, Goods, Refusal, Role, Shift, ShiftNow, Stage, Teams, event::By, supplies::Obstacle,
    supplies::sleepers,
};
use domain::Moment;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

impl Teams {
    /// As `weigh`.
    pub(super) fn weigh_work(&self, at: Moment, by: &By, command: &Command, no: &mut No) -> Option<bool> {
        match command {
            Command::OpenLodging(lodging) => {
                number(lodging.beds, super::NUMBER_MOST, no);
                match self.now().lodgings.get(&lodging.id) {
                    Some((_, known)) => self.same(known == lodging, no),
                    None => Some(false),
                }
            }
            Command::Lodge { deployment, lodging, rooms } => {
                let of = self.now().deployments.get(deployment)?;
                let (_, house) = self.now().lodgings.get(lodging)?;
                may(house.host == of.host, no);
                if !matches!(of.stage(), Stage::Committed | Stage::Departed | Stage::Arrived | Stage::Lodged)
                {
                    no.push(Refusal::StepOrder { stage: of.stage().key() });
                }
                let all: Vec<Uuid> = rooms.iter().flat_map(|room| room.members.iter().copied()).collect();
                let once: BTreeSet<Uuid> = all.iter().copied().collect();
                if once.len() < all.len() {
                    no.push(Refusal::BedTwice { people: all.len() - once.len() });
                }
                let members: BTreeSet<Uuid> =
                    self.members_of(of.deployment.team, at).map(|of| of.member.id).collect();
                strangers(once.difference(&members).count(), no);
                let others = self.guests(*lodging, Some(*deployment));
                if once.len() > SEATS_MOST {
                    no.push(Refusal::NumberOff { most: SEATS_MOST as u32 });
                }
                let people = others.saturating_add(sleepers(of, rooms));
                if people > house.beds as usize {
                    no.push(Refusal::BedsShort { beds: house.beds, people });
                }
                Some(of.lodged.last().is_some_and(|(_, known, told)| known == lodging && told == rooms))
            }
            Command::Form(team) => {
                text(&team.name, NAME_LETTERS, no);
                text(&team.skill, NAME_LETTERS, no);
                match self.now().teams.get(&team.id).and_then(|of| of.team.as_ref()) {
                    Some(known) => self.same(known == team, no),
                    None => Some(false),
                }
            }
            Command::Join { team, member } => {
                self.now().donor(*team)?;
                if self.now().called.contains(&member.id) {
                    no.push(Refusal::NameOfMember);
                }
                if self.members_of(*team, at).count() >= MEMBERS_MOST {
                    no.push(Refusal::NumberOff { most: MEMBERS_MOST as u32 });
                }
                match self.now().members.get(&member.id).and_then(|of| of.team(at)) {
                    Some(known) if known == *team => Some(true),
                    Some(_) => {
                        no.push(Refusal::MemberElsewhere);
                        Some(false)
                    }
                    None => Some(false),
                }
            }
            Command::Leave { team, member } => {
                self.now().donor(*team)?;
                Some(self.now().members.get(member)?.team(at) != Some(*team))
            }
            Command::Check { member, .. } => self.now().members.get(member).map(|_| false),
            Command::Test { member, taken, finding } => {
                if *taken > at {
                    no.push(Refusal::TimeOrder);
                }
                let known = &self.now().members.get(member)?.tests;
                Some(known.iter().any(|of| of.0 == *taken && of.2 == *finding))
            }
            Command::Isolate { member } => {
                Some(self.now().members.get(member)?.apart.last().is_some_and(|(_, apart)| *apart))
            }
            Command::Free { member } => {
                Some(self.now().members.get(member)?.apart.last().is_none_or(|(_, apart)| !*apart))
            }
            Command::Forecast(heat) => {
                if !(-60..=60).contains(&heat.celsius) {
                    no.push(Refusal::HeatOff);
                }
                Some(self.heat(heat.host, heat.day) == Some(heat.celsius))
            }
            Command::PlanShift(shift) => {
                if let Some(known) = self.now().shifts.get(&shift.id) {
                    return self.same(known.shift == *shift, no);
                }
                self.now().donor(shift.team)?;
                text(&shift.district, NAME_LETTERS, no);
                order(shift.from, shift.until, no);
                if shift.until <= at {
                    no.push(Refusal::TimePast);
                }
                self.plans(at, shift, no);
                Some(false)
            }
            Command::BeginShift { shift } | Command::EndShift { shift } | Command::DropShift { shift } => {
                let of = self.now().shifts.get(shift)?;
                let ShiftNow { began, ended, dropped, .. } = of;
                let (done, fits) = match command {
                    Command::BeginShift { .. } => (began.is_some(), dropped.is_none() && ended.is_none()),
                    Command::EndShift { .. } => (ended.is_some(), began.is_some()),
                    _ => (dropped.is_some(), began.is_none()),
                };
                if !done && !fits {
                    no.push(Refusal::Over);
                }
                Some(done)
            }
            Command::Receive { team, shift, count, goods } => {
                // Delivered is what the receiver says; who brought it may not say so.
                if by.role == Role::Stores {
                    no.push(Refusal::ReceiverSays);
                }
                self.now().donor(*team)?;
                number(*count, super::NUMBER_MOST, no);
                let of = match shift {
                    Some(shift) => Some(self.now().shifts.get(shift).filter(|of| of.shift.team == *team)?),
                    None => None,
                };
                if of.is_some_and(|of| !of.is_open()) {
                    no.push(Refusal::Over);
                }
                if *goods == Goods::Clothing && of.is_none() {
                    no.push(Refusal::Unknown);
                }
                Some(false)
            }
            _ => None,
        }
    }

    /// What speaks against a shift.
    fn plans(&self, at: Moment, shift: &Shift, no: &mut No) {
        let once: BTreeSet<Uuid> = shift.members.iter().copied().collect();
        if once.len() < shift.members.len() {
            no.push(Refusal::MembersTwice { people: shift.members.len() - once.len() });
        }
        if once.is_empty() || once.len() > SEATS_MOST {
            no.push(Refusal::NumberOff { most: SEATS_MOST as u32 });
        }
        let members: BTreeMap<Uuid, bool> =
            self.members_of(shift.team, at).map(|of| (of.member.id, of.member.supervisor)).collect();
        strangers(once.iter().filter(|of| !members.contains_key(*of)).count(), no);
        let stays = self.now().teams.get(&shift.team).into_iter().flat_map(|of| &of.deployments);
        let mut stays = stays.filter_map(|id| self.now().deployments.get(id));
        let is_there = stays.any(|of| {
            of.stage() < Stage::Leaving && of.deployment.arrives <= shift.from && shift.until <= of.until
        });
        if !is_there && self.stay(shift.team, shift.from).is_none() {
            no.push(Refusal::NotThere);
        }
        let rules = self.rules(self.host(shift.team, shift.from).unwrap_or_default());
        let has = once.iter().filter(|of| members.get(*of) == Some(&true)).count();
        // A shift of its own needs one only where it is large: a team has as many as its size says, and they watch over all its shifts.
        let needed = shift.members.len() / rules.members_a_supervisor.max(1) as usize;
        if has < needed {
            no.push(Refusal::SupervisorsShort { needed, has });
        }
        self.heat_of(shift, no);
        let fitness = self.fitness(at);
        let duties = self.duties();
        let mut against: BTreeMap<Obstacle, usize> = BTreeMap::new();
        for id in &once {
            let known = duties.get(id).map_or(&[][..], Vec::as_slice);
            for obstacle in self.obstacles(*id, shift, known, &fitness) {
                *against.entry(obstacle).or_default() += 1;
            }
        }
        let celsius = self.host(shift.team, shift.from).and_then(|host| self.heat(host, shift.from));
        let hot = rules.is_hot(celsius);
        no.extend(against.into_iter().map(|(obstacle, people)| match obstacle {
            Obstacle::Unfit => Refusal::Unfit { people },
            Obstacle::AtWork => Refusal::AtWork { people },
            Obstacle::Rest => Refusal::RestShort { people, hours: rules.rest_h },
            Obstacle::Work => {
                Refusal::WorkLong { people, hours: rules.work(shift.outdoor, celsius) / crate::HOUR }
            }
            Obstacle::Spell => Refusal::SpellLong { hours: rules.spell(hot && shift.outdoor) / crate::HOUR },
            Obstacle::Spared => Refusal::SparedOut { people },
        }));
    }

    /// Whether the day is too hot for it.
    fn heat_of(&self, shift: &Shift, no: &mut No) {
        let Some(host) = self.host(shift.team, shift.from).filter(|_| shift.outdoor) else { return };
        let (rules, celsius) = (self.rules(host), self.heat(host, shift.from));
        let Some(celsius) = celsius.filter(|of| *of >= rules.hot_c) else { return };
        if celsius >= rules.stop_c {
            no.push(Refusal::HeatStop { celsius });
        }
        let (from, until) = rules.avoid(rules.day(shift.from));
        if shift.from < until && from < shift.until {
            no.push(Refusal::HeatWindow { from: rules.avoid_from_h, until: rules.avoid_until_h });
        }
    }
}

fn strangers(people: usize, no: &mut No) {
    if people > 0 {
        no.push(Refusal::NotMembers { people });
    }
}
