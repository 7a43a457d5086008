//! Who was near whom, who may work, and what follows when a member turns positive.

use crate::{DAY, DeploymentNow, HOUR, Health, MemberNow, Shift, ShiftNow, Stage, Teams};
use chance::Ticks;
use domain::{Moment, event::Finding};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

named!(
    /// What two shared.
    Shared {
        /// A shift.
        Shift "shift",
        /// A bus.
        Bus "bus",
        /// A room.
        Room "room",
    }
);

impl Shared {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Shared::Shift => "team.shared.shift",
            Shared::Bus => "team.shared.bus",
            Shared::Room => "team.shared.room",
        }
    }
}

/// Whether a member may work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitness {
    /// They may.
    Fit,
    /// They were near somebody positive, and work again with a negative sample taken from then on.
    Exposed {
        /// From then on.
        clear_from: Moment,
    },
    /// Positive or ill, and not apart yet.
    ToIsolate {
        /// Since when it is known.
        since: Moment,
    },
    /// Apart.
    Isolated {
        /// Since when.
        since: Moment,
    },
}

impl Fitness {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Fitness::Fit => "team.fitness.fit",
            Fitness::Exposed { .. } => "team.fitness.exposed",
            Fitness::ToIsolate { .. } => "team.fitness.to_isolate",
            Fitness::Isolated { .. } => "team.fitness.isolated",
        }
    }
}

/// A member who was near a positive one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub member: Uuid,
    /// In which team.
    pub team: Uuid,
    /// What they shared.
    pub shared: BTreeSet<Shared>,
    /// When last.
    pub last: Moment,
    /// When they are to be tested.
    pub tests: Vec<Moment>,
    /// A negative sample taken from then on lets them work again.
    pub clear_from: Moment,
}

/// A member is positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Who.
    pub member: Uuid,
    /// In which team.
    pub team: Uuid,
    /// When the sample was taken.
    pub taken: Moment,
    /// When it was told.
    pub known: Moment,
    /// Who was near them.
    pub contacts: Vec<Contact>,
}

/// People that a deployment lacks on a day: what a planner takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// The day, `2022-04-07`.
    pub day: String,
    /// The recipient.
    pub host: Uuid,
    /// The district.
    pub district: String,
    /// The skill.
    pub skill: String,
    /// Whose people are lacking.
    pub team: Uuid,
    /// People who were committed.
    pub committed: u32,
    /// People of them who may work that day.
    pub fit: u32,
    /// Seats in shifts of that day that are planned with people who may not.
    pub seats: u32,
}

impl Teams {
    /// Each positive member who was not let back since, the last told first, with whoever was near them.
    pub fn alarms(&self, now: Moment) -> Vec<Alarm> {
        let positive = self
            .now()
            .members
            .values()
            .filter_map(|of| positive(of).map(|(taken, known)| (of, taken, known)));
        let mut all: Vec<Alarm> = positive
            .filter_map(|(of, taken, known)| {
                let (member, team) =
                    (of.member.id, of.team(taken).or_else(|| of.stays.last().map(|of| of.0))?);
                let rules = self.rules_of(team, taken);
                let from = taken + -Ticks::from(rules.contact_days) * DAY;
                let contacts = self.near_to(of, &among(of, from, now.max(taken)));
                let tests =
                    || rules.exposed_tests_days.iter().map(|day| known + Ticks::from(*day) * DAY).collect();
                let contacts = contacts.into_iter().filter_map(|(id, (last, shared))| {
                    let team = self.now().members.get(&id)?.team(last)?;
                    let clear_from = last + Ticks::from(rules.clear_days) * DAY;
                    Some(Contact { member: id, team, shared, last, tests: tests(), clear_from })
                });
                Some(Alarm { member, team, taken, known, contacts: contacts.collect() })
            })
            .collect();
        all.sort_by_key(|of| (std::cmp::Reverse(of.known), of.member));
        all
    }

    /// Whether each member may work who was not always fit.
    pub fn fitness(&self, now: Moment) -> BTreeMap<Uuid, Fitness> {
        let mut all = BTreeMap::new();
        for of in self.exposed(now) {
            all.insert(of.member, Fitness::Exposed { clear_from: of.clear_from });
        }
        for (&id, of) in &self.now().members {
            let freed = freed(of);
            let apart = of.apart.iter().rev().take_while(|(_, apart)| *apart).last();
            let ill =
                of.checks.iter().rev().take_while(|(at, health)| *health == Health::Ill && Some(*at) > freed);
            let known = positive(of).map(|(_, known)| known).or_else(|| ill.last().map(|(at, _)| *at));
            match (apart, known) {
                (Some((since, _)), _) => drop(all.insert(id, Fitness::Isolated { since: *since })),
                (None, Some(since)) => drop(all.insert(id, Fitness::ToIsolate { since })),
                (None, None) => {}
            }
        }
        all
    }

    /// Who was near somebody positive and is not cleared; of several contacts the last counts.
    pub fn exposed(&self, now: Moment) -> Vec<Contact> {
        let mut all: BTreeMap<Uuid, Contact> = BTreeMap::new();
        for contact in self.alarms(now).into_iter().rev().flat_map(|of| of.contacts) {
            let Some(of) = self.now().members.get(&contact.member) else { continue };
            let is_clear = |(taken, _, finding): &(Moment, Moment, Finding)| {
                *finding == Finding::Negative && *taken >= contact.clear_from
            };
            if of.tests.iter().any(is_clear) || positive(of).is_some() {
                continue;
            }
            match all.get_mut(&contact.member) {
                Some(known) => {
                    known.shared.extend(contact.shared);
                    known.last = known.last.max(contact.last);
                    known.clear_from = known.clear_from.max(contact.clear_from);
                    known.tests.extend(contact.tests);
                    known.tests.sort_unstable();
                    known.tests.dedup();
                }
                None => drop(all.insert(contact.member, contact)),
            }
        }
        all.into_values().collect()
    }

    /// On how many days a member has worked, by the days of wherever the team was.
    pub fn days_worked(&self, member: Uuid) -> usize {
        let worked =
            self.now().shifts.values().filter(|of| of.began.is_some() && of.shift.members.contains(&member));
        let days = worked.map(|of| self.rules_of(of.shift.team, of.span().0).day(of.span().0));
        days.collect::<BTreeSet<i64>>().len()
    }

    /// What is lacking on the day after now: people of deployments who may not work, and seats planned with them.
    pub fn tomorrow(&self, now: Moment) -> Vec<Short> {
        let fitness = self.fitness(now);
        let short = self.now().deployments.values().filter_map(|of| {
            let rules = self.rules(of.host);
            let day = rules.day(now) + 1;
            if !(Stage::Arrived..=Stage::Lodged).contains(&of.stage()) || of.until <= rules.begins(day) {
                return None;
            }
            let team = of.deployment.team;
            let unfit: BTreeSet<Uuid> = self
                .members_of(team, now)
                .map(|of| of.member.id)
                .filter(|id| fitness.get(id).is_some_and(|of| *of != Fitness::Fit))
                .collect();
            let all = self.now().teams.get(&team).into_iter().flat_map(|of| &of.shifts);
            let shifts = all.filter_map(|id| self.now().shifts.get(id));
            let shifts = shifts.filter(|of| of.is_open() && rules.day(of.shift.from) == day);
            let seats = shifts.flat_map(|of| &of.shift.members).filter(|id| unfit.contains(*id)).count();
            (!unfit.is_empty()).then(|| Short {
                day: rules.date(day),
                host: of.host,
                district: of.district.clone(),
                skill: of.skill.clone(),
                team,
                committed: of.deployment.number,
                fit: (self.members_of(team, now).count() - unfit.len()) as u32,
                seats: seats as u32,
            })
        });
        short.collect()
    }

    /// Who was near a member within some times: when last, and what they shared.
    fn near_to(
        &self,
        of: &MemberNow,
        within: &[(Moment, Moment)],
    ) -> BTreeMap<Uuid, (Moment, BTreeSet<Shared>)> {
        let mut found: BTreeMap<Uuid, (Moment, BTreeSet<Shared>)> = BTreeMap::new();
        let id = of.member.id;
        let mut add = |members: &[Uuid], begins: Moment, ends: Moment, shared: Shared| {
            let last = within.iter().rev().find(|(from, until)| begins <= *until && *from <= ends);
            let Some(last) = last.map(|(_, until)| ends.min(*until)) else { return };
            for &other in members.iter().filter(|other| **other != id) {
                let known = found.entry(other).or_insert((last, BTreeSet::new()));
                known.0 = known.0.max(last);
                known.1.insert(shared);
            }
        };
        let place = |shift: &Shift| {
            let day = self.rules_of(shift.team, shift.from).day(shift.from);
            (self.host(shift.team, shift.from), day)
        };
        let worked = self.now().shifts.values().filter(|of| of.began.is_some());
        for own in worked.clone().filter(|of| of.shift.members.contains(&id)) {
            let (begins, ends) = own.span();
            add(&own.shift.members, begins, ends, Shared::Shift);
            let same =
                |of: &&ShiftNow| of.shift.bus == own.shift.bus && place(&of.shift) == place(&own.shift);
            for other in worked.clone().filter(|_| own.shift.bus.is_some()).filter(same) {
                // There and back.
                add(&other.shift.members, begins, ends.max(other.span().1), Shared::Bus);
            }
        }
        for stay in self.now().deployments.values().filter(|of| !of.lodged.is_empty()) {
            let Some((_, end)) = within.last() else { break };
            for (begins, ends, room) in nights(stay, *end) {
                if room.members.contains(&id) {
                    add(&room.members, begins, ends, Shared::Room);
                }
            }
        }
        found
    }
}

/// Rooms of a deployment, each from when to when.
fn nights(of: &DeploymentNow, now: Moment) -> impl Iterator<Item = (Moment, Moment, &crate::Room)> {
    let end = of.there().and_then(|(_, until)| until).unwrap_or(now);
    of.lodged.iter().enumerate().flat_map(move |(nth, (from, _, rooms))| {
        let until = of.lodged.get(nth + 1).map_or(end, |(at, ..)| *at);
        rooms.iter().map(move |room| (*from, until, room))
    })
}

/// When somebody was among the others within a time: not from when they were set apart until they were let back, however often that was told.
fn among(of: &MemberNow, from: Moment, until: Moment) -> Vec<(Moment, Moment)> {
    let (mut all, mut since) = (Vec::new(), Some(from));
    for &(at, apart) in &of.apart {
        match since {
            Some(begins) if apart => {
                all.push((begins, at.min(until)));
                since = None;
            }
            None if !apart => since = Some(at.max(from)),
            _ => {}
        }
    }
    all.extend(since.map(|begins| (begins, until)));
    all.retain(|(begins, ends)| begins <= ends);
    all
}

/// When somebody was last let back to the others.
fn freed(of: &MemberNow) -> Option<Moment> {
    of.apart.iter().rev().find(|(_, apart)| !*apart).map(|(at, _)| *at)
}

/// Of a member who is positive and was not let back since: when the first such sample was taken, and when it was told.
fn positive(of: &MemberNow) -> Option<(Moment, Moment)> {
    let freed = freed(of);
    let found =
        of.tests.iter().filter(|(_, told, finding)| *finding == Finding::Positive && Some(*told) > freed);
    found.map(|(taken, told, _)| (*taken, *told)).min()
}

/// A test counts for a time at which one was due if its sample was taken no earlier than so long before.
pub(crate) const TAKEN_BEFORE: Ticks = 12 * HOUR;
