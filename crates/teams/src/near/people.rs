//! What is due of members and of their work.

use super::{Found, Near, NearWhy, SEEN_BEFORE, Turn};
use crate::{DAY, Fitness, Goods, MINUTE, Role, Stage, Teams, exposure::TAKEN_BEFORE, water::Works};
use chance::Ticks;
use domain::Moment;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A shift that does not begin or end within so long of its time is shown.
const LATE_AFTER: Ticks = 15 * MINUTE;

impl Teams {
    pub(super) fn near_members(&self, found: &mut Found) {
        let fitness = self.fitness(found.now);
        let mut untested: BTreeMap<Uuid, Moment> = BTreeMap::new();
        for contact in self.exposed(found.now) {
            let Some(of) = self.now().members.get(&contact.member) else { continue };
            let is_done = |due: &&Moment| of.tests.iter().any(|(taken, ..)| *taken >= **due + -TAKEN_BEFORE);
            if let Some(due) = contact.tests.iter().find(|due| !is_done(due)) {
                untested.insert(contact.member, *due);
            }
        }
        let now = found.now;
        for of in self.now().deployments.values().filter(|of| of.stage() != Stage::Over) {
            let is_there = of.is_there(now);
            if is_there {
                self.meals_of(of, found);
            }
            let rules = self.rules(of.host);
            let since = of.there().map_or(found.now, |(from, _)| from);
            let here = rules.day(since);
            for member in self.members_of(of.deployment.team, found.now) {
                let id = member.member.id;
                let near = |by: Moment, why, role| Near {
                    by,
                    why,
                    of: id,
                    team: Some(of.deployment.team),
                    turn: Turn { party: of.donor, role },
                };
                // The first day that lacks it, so that midnight takes nothing off.
                let due = |last: Option<Moment>, every: u8, minute| {
                    let next = last.map(|at| rules.day(at) + i64::from(every.max(1)));
                    rules.at(next.map_or(here, |next| next.max(here)), minute).max(since)
                };
                if is_there {
                    let by = due(member.checks.iter().map(|of| of.0).max(), 1, rules.check_by_min);
                    found.add(by, near(by, NearWhy::CheckMissing, Role::Leader));
                    let by =
                        due(member.tests.iter().map(|of| of.0).max(), rules.test_days, rules.test_by_min);
                    found.add(by, near(by, NearWhy::TestMissing, Role::InfectionControl));
                }
                // Who is positive, exposed or apart is so on the way, too.
                if let Some(&by) = untested.get(&id) {
                    found.add(by, near(by, NearWhy::ExposedUntested, Role::InfectionControl));
                }
                match fitness.get(&id) {
                    Some(Fitness::ToIsolate { since: by }) => {
                        found.add(*by, near(*by, NearWhy::ToIsolate, Role::InfectionControl));
                    }
                    Some(Fitness::Isolated { since }) => {
                        let by = *since + Ticks::from(rules.isolation_days) * DAY;
                        found.add(by, near(by, NearWhy::IsolationLong, Role::InfectionControl));
                    }
                    Some(Fitness::Exposed { .. } | Fitness::Fit) | None => {}
                }
            }
        }
    }

    pub(super) fn near_shifts(&self, found: &mut Found) {
        let fitness = self.fitness(found.now);
        let mut works = Works::default();
        for of in self.now().shifts.values().filter(|of| of.is_open()) {
            let team = of.shift.team;
            let donor = self.now().teams.get(&team).and_then(|of| of.team.as_ref()).map(|of| of.donor);
            let host = self.host(team, found.now).or(donor).unwrap_or_default();
            let donor = donor.unwrap_or(host);
            let near = |by: Moment, why, party, role| Near {
                by,
                why,
                of: of.shift.id,
                team: Some(team),
                turn: Turn { party, role },
            };
            let need = self.supplies(&of.shift).clothing;
            if Self::received(of, Goods::Clothing) < need {
                let by = of.shift.from;
                found.add(by + -SEEN_BEFORE, near(by, NearWhy::ClothingDue, host, Role::Stores));
            }
            let unfit = |id: &Uuid| fitness.get(id).is_some_and(|of| *of != Fitness::Fit);
            if of.shift.members.iter().any(unfit) {
                let by = of.shift.from;
                found.add(found.now, near(by, NearWhy::UnfitAtWork, donor, Role::Leader));
            }
            let Some((began, _)) = of.began else {
                let by = of.shift.from;
                found.add(by + LATE_AFTER, near(by, NearWhy::ShiftNotBegun, donor, Role::Leader));
                continue;
            };
            if of.ended.is_none() {
                let by = of.shift.until;
                found.add(by + LATE_AFTER, near(by, NearWhy::ShiftNotEnded, donor, Role::Leader));
            }
            let rules = self.rules(host);
            let hot = self.is_hot(team, found.now);
            if let Some(last) = self.last_water_by(of, found.now, &mut works) {
                let by = last + self.water_every(of, found.now);
                found.add(by, near(by, NearWhy::WaterDue, host, Role::Stores));
            }
            let by = began + rules.spell(of.shift.outdoor && hot);
            found.add(by + 1, near(by, NearWhy::SpellLong, donor, Role::Leader));
        }
    }
}
