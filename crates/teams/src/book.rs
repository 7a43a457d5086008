//! All facts, and the state that they come to.

use crate::{
    Change, Conflict, DeploymentNow, Event, Lodging, MemberNow, OfferNow, RequestNow, Rules, ShiftNow,
    Strength, TeamNow, Told,
    state::{Key, State},
};
use domain::Moment;
use std::{collections::BTreeMap, sync::OnceLock};
use uuid::Uuid;

/// All that was told of requests, offers and teams, and what it comes to. The same facts come to the same in whatever order they came in.
#[derive(Clone, Debug, Default)]
pub struct Teams {
    /// In the order of their own times.
    told: BTreeMap<Key, Told>,
    /// The time of each, so that none is taken in twice.
    known: BTreeMap<Uuid, Moment>,
    /// What they come to; nothing where it is to be folded anew, which the next who reads does, however many came in meanwhile.
    folded: OnceLock<State>,
    /// What of it contradicts itself, likewise.
    contradicts: OnceLock<BTreeMap<(Uuid, Uuid), Conflict>>,
}

impl PartialEq for Teams {
    fn eq(&self, other: &Teams) -> bool {
        self.told == other.told && self.now() == other.now()
    }
}

impl Eq for Teams {}

impl Teams {
    /// Takes in a fact. One that was taken in before changes nothing.
    pub fn apply(&mut self, told: &Told) {
        let is_last = self.told.last_key_value().is_none_or(|(last, _)| *last < (told.at, told.id));
        if !self.keep(told) {
            return;
        }
        let is_plain = |now: &State| {
            // What waits or stands aside may be placed by what begins, and what settles something by whatever contradicts.
            let is_whole = now.unplaced.is_empty() && now.aside.is_empty();
            (is_whole || !told.event.begins())
                && !now.awaits_conflict
                && !matches!(told.event, Event::Settled { .. })
                && !now.unseats(&told.event)
        };
        match self.folded.get_mut().filter(|now| is_last && is_plain(now)) {
            Some(now) => now.take(told),
            None => drop(self.folded.take()),
        }
    }

    /// Takes in a fact as if nothing that is known hung on it: for what builds on it at the same moment and is thrown away then. Nothing is folded
    /// anew, whatever else came in, or is dated later.
    pub fn suppose(&mut self, told: &Told) {
        let mut now = std::mem::take(&mut self.folded).into_inner().unwrap_or_else(|| State::of(&self.told));
        if self.keep(told) {
            now.take(told);
        }
        self.folded = OnceLock::from(now);
    }

    /// Takes in many facts at once, in any order.
    pub fn take_in(&mut self, facts: impl IntoIterator<Item = Told>) {
        for told in facts {
            if self.keep(&told) {
                self.folded.take();
            }
        }
    }

    /// What all facts come to.
    pub(crate) fn now(&self) -> &State {
        self.folded.get_or_init(|| State::of(&self.told))
    }

    /// Whether a fact is new. Of two with one identifier, which no book gives twice, the same one is kept everywhere.
    fn keep(&mut self, told: &Told) -> bool {
        if let Some(at) = self.known.get(&told.id).copied() {
            match self.told.get(&(at, told.id)) {
                Some(known) if *told < *known => drop(self.told.remove(&(at, told.id))),
                _ => return false,
            }
            self.folded.take();
        }
        self.contradicts.take();
        self.known.insert(told.id, told.at);
        self.told.insert((told.at, told.id), told.clone());
        true
    }

    /// All facts, in the order of their own times.
    pub fn told(&self) -> impl Iterator<Item = &Told> {
        self.told.values()
    }

    /// A fact.
    pub fn fact(&self, id: Uuid) -> Option<&Told> {
        self.told.get(&(*self.known.get(&id)?, id))
    }

    /// A request.
    pub fn request(&self, id: Uuid) -> Option<&RequestNow> {
        self.now().requests.get(&id)
    }

    /// All requests.
    pub fn requests(&self) -> impl Iterator<Item = &RequestNow> {
        self.now().requests.values()
    }

    /// An offer.
    pub fn offer(&self, id: Uuid) -> Option<&OfferNow> {
        self.now().offers.get(&id)
    }

    /// All offers.
    pub fn offers(&self) -> impl Iterator<Item = &OfferNow> {
        self.now().offers.values()
    }

    /// A deployment.
    pub fn deployment(&self, id: Uuid) -> Option<&DeploymentNow> {
        self.now().deployments.get(&id)
    }

    /// All deployments.
    pub fn deployments(&self) -> impl Iterator<Item = &DeploymentNow> {
        self.now().deployments.values()
    }

    /// A change that one side asked for: of which deployment, what, and until when they stay then.
    pub fn change(&self, id: Uuid) -> Option<(Uuid, Change, Moment)> {
        self.now().changes.get(&id).map(|of| (of.deployment, of.what, of.until))
    }

    /// Changes of a deployment that one side asked for and the other has not answered: which, what, and until when they stay then.
    pub fn open_changes(&self, deployment: Uuid) -> impl Iterator<Item = (Uuid, Change, Moment)> {
        let open = self.now().changes.iter().filter(move |(_, of)| of.deployment == deployment);
        open.filter(|(_, of)| of.answer.is_none()).map(|(id, of)| (*id, of.what, of.until))
    }

    /// What a donor said last that it has of a skill.
    pub fn strength(&self, donor: Uuid, skill: &str) -> Option<&Strength> {
        self.now().strengths.get(&(donor, skill.to_owned()))
    }

    /// Lodgings.
    pub fn lodgings(&self) -> impl Iterator<Item = &Lodging> {
        self.now().lodgings.values().map(|(_, of)| of)
    }

    /// A team.
    pub fn team(&self, id: Uuid) -> Option<&TeamNow> {
        self.now().teams.get(&id)
    }

    /// All teams.
    pub fn teams(&self) -> impl Iterator<Item = (Uuid, &TeamNow)> {
        self.now().teams.iter().map(|(id, of)| (*id, of))
    }

    /// A member.
    pub fn member(&self, id: Uuid) -> Option<&MemberNow> {
        self.now().members.get(&id)
    }

    /// A shift.
    pub fn shift(&self, id: Uuid) -> Option<&ShiftNow> {
        self.now().shifts.get(&id)
    }

    /// All shifts.
    pub fn shifts(&self) -> impl Iterator<Item = &ShiftNow> {
        self.now().shifts.values()
    }

    /// The members of a team at a moment.
    pub fn members_of(&self, team: Uuid, at: Moment) -> impl Iterator<Item = &MemberNow> {
        let all = self.now().teams.get(&team).into_iter().flat_map(|of| &of.members);
        all.filter_map(|id| self.now().members.get(id)).filter(move |of| of.team(at) == Some(team))
    }

    /// Where a team is at a moment, if it is with a recipient; where two are told, the one at which it arrived first.
    pub fn stay(&self, team: Uuid, at: Moment) -> Option<&DeploymentNow> {
        let all = self.now().teams.get(&team).into_iter().flat_map(|of| &of.deployments);
        let there = all.filter_map(|id| self.now().deployments.get(id)).filter(|of| of.is_there(at));
        there.min_by_key(|of| of.there())
    }

    /// Facts that cannot both be true and that nobody has settled.
    pub fn conflicts(&self) -> impl Iterator<Item = Conflict> {
        let all = self.contradictions().values().copied();
        all.filter(|of| !self.now().settled.contains(&of.pair()))
    }

    /// All of them, settled or not; looked for once.
    pub(crate) fn contradictions(&self) -> &BTreeMap<(Uuid, Uuid), Conflict> {
        self.contradicts.get_or_init(|| self.now().conflicts())
    }

    /// Facts that tell of something that nobody has told of yet.
    pub fn unplaced(&self) -> impl Iterator<Item = Uuid> {
        self.now().unplaced.keys().copied()
    }

    /// Facts that count for nothing: they were not for whoever told them to tell, or are rules that cannot be.
    pub fn aside(&self) -> impl Iterator<Item = Uuid> {
        self.now().aside.keys().copied()
    }

    /// The rules of a host.
    pub fn rules(&self, host: Uuid) -> &Rules {
        self.now().rules.get(&host).unwrap_or(Rules::usual())
    }

    /// Rules by which times are told where no host is meant.
    pub(crate) fn rules_here(&self) -> &Rules {
        self.now().rules.values().next().unwrap_or(Rules::usual())
    }

    /// The highest temperature that is forecast at a host for a day, °C.
    pub fn heat(&self, host: Uuid, at: Moment) -> Option<i16> {
        let rules = self.rules(host);
        let day = rules.day(at);
        let told = self.now().heat.iter().rev().find(|of| of.host == host && rules.day(of.day) == day);
        told.map(|of| of.celsius)
    }

    /// A moment by the clock of the first host whose rules are known, `2022-04-04 08:00`.
    pub fn clock(&self, at: Moment) -> String {
        self.rules_here().clock(at)
    }

    /// What a party, a lodging or a team is called; anything else by the end of its identifier.
    pub fn name(&self, of: Uuid) -> String {
        let team = || Some(self.now().teams.get(&of)?.team.as_ref()?.name.clone());
        let named = self.now().names.get(&of).cloned().or_else(team);
        named.unwrap_or_else(|| format!("{:08x}", of.as_u128() & 0xffff_ffff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{By, Role};

    /// A fact that is dated ahead costs those that are supposed at their own time no folding.
    #[test]
    fn what_is_supposed_is_not_folded_anew() {
        let by = By { party: Uuid::from_u128(1), role: Role::Desk, person: None };
        let named = |id: u128, at, name: &str| {
            let event = Event::Named { of: by.party, name: name.to_owned() };
            Told { id: Uuid::from_u128(id), at: Moment(at), by, event }
        };
        let mut teams = Teams::default();
        teams.apply(&named(1, i64::MAX / 2, "ahead"));
        assert_eq!(teams.name(by.party), "ahead");
        for nth in 0..3 {
            teams.suppose(&named(10 + nth, 5, &nth.to_string()));
            assert!(teams.folded.get().is_some(), "it stays folded");
            assert_eq!(teams.name(by.party), nth.to_string());
        }
        teams.apply(&named(20, 6, "late"));
        assert!(teams.folded.get().is_none());
        assert_eq!(teams.name(by.party), "ahead");
    }

    /// Facts that come in one by one, the latest first, are folded by whoever reads, and not by each that comes.
    #[test]
    fn facts_that_come_late_are_folded_once() {
        let by = By { party: Uuid::from_u128(1), role: Role::Desk, person: None };
        let mut teams = Teams::default();
        for nth in (0..100).rev() {
            let event = Event::Named { of: by.party, name: nth.to_string() };
            teams.apply(&Told { id: Uuid::from_u128(nth), at: Moment(nth as i64), by, event });
            assert!(teams.folded.get().is_none(), "nobody has read");
        }
        assert_eq!(teams.name(by.party), "99");
        assert!(teams.folded.get().is_some());
        // What comes in its time is added to what was folded.
        let event = Event::Named { of: by.party, name: "100".to_owned() };
        teams.apply(&Told { id: Uuid::from_u128(100), at: Moment(100), by, event });
        assert_eq!(teams.folded.get().map(|now| now.names.len()), Some(1));
        assert_eq!(teams.name(by.party), "100");
    }
}
