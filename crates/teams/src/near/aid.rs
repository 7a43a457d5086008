//! What is due of requests, offers and deployments.

use super::{ANSWER_WITHIN, Found, HOME_WITHIN, LODGED_WITHIN, Near, NearWhy, SEEN_BEFORE, Turn};
use crate::{Change, DAY, DeploymentNow, Role, Stage, Step, Teams};
use chance::Ticks;
use domain::Moment;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A request that is not covered is shown so long before its people are needed.
const COVERED_BEFORE: Ticks = DAY;
/// A team stands so long before it departs.
const FORMED_BEFORE: Ticks = DAY / 2;

impl Teams {
    pub(super) fn near_requests(&self, found: &mut Found) {
        for of in self.now().requests.values().filter(|of| of.closed.is_none()) {
            let request = &of.request;
            if self.uncovered(of) == 0 {
                continue;
            }
            let near = |by: Moment, why, party| {
                let turn = Turn { party, role: Role::Desk };
                Near { by, why, of: request.id, team: None, turn }
            };
            let offers = of.offers.iter().filter_map(|id| self.now().offers.get(id));
            let answered: BTreeSet<Uuid> =
                offers.map(|of| of.offer.donor).chain(of.declined.iter().copied()).collect();
            for donor in request.asked.iter().filter(|donor| !answered.contains(*donor)) {
                let by = request.answer_by;
                found.add(by + -SEEN_BEFORE, near(by, NearWhy::RequestUnanswered, *donor));
            }
            if found.now >= request.until {
                found.add(request.until, near(request.until, NearWhy::RequestOver, request.host));
            } else {
                let from = request.from + -COVERED_BEFORE;
                found.add(from, near(request.from, NearWhy::RequestUncovered, request.host));
            }
        }
    }

    pub(super) fn near_offers(&self, found: &mut Found) {
        for of in self.now().offers.values() {
            let host =
                self.now().requests.get(&of.offer.request).map(|of| of.request.host).unwrap_or_default();
            let near = |by: Moment, why, party| {
                let turn = Turn { party, role: Role::Desk };
                Near { by, why, of: of.offer.id, team: None, turn }
            };
            match of.answer {
                None => {
                    let by = of.told.0 + ANSWER_WITHIN;
                    found.add(by + -SEEN_BEFORE, near(by, NearWhy::OfferUnanswered, host));
                }
                Some(((at, _), _)) => {
                    if self.uncommitted(of) > 0 {
                        let by = at + ANSWER_WITHIN;
                        found.add(by + -SEEN_BEFORE, near(by, NearWhy::NotCommitted, of.offer.donor));
                    }
                    let open = of.deployments.iter().filter_map(|id| self.now().deployments.get(id));
                    let open = open.filter(|of| of.stage() != Stage::Over).count();
                    if self.committed(of) > of.accepted() && open > 0 {
                        found.add(at, near(at, NearWhy::OverCommitted, of.offer.donor));
                    }
                }
            }
        }
        for ((donor, skill), of) in &self.now().strengths {
            if self.promised(*donor, skill, found.now, found.now + 30 * DAY)
                > of.people.saturating_sub(of.reserve)
            {
                let turn = Turn { party: *donor, role: Role::Desk };
                let by = found.now;
                found.add(by, Near { by, why: NearWhy::ReserveShort, of: *donor, team: None, turn });
            }
        }
    }

    pub(super) fn near_deployments(&self, found: &mut Found) {
        for of in self.now().deployments.values() {
            let stage = of.stage();
            if stage == Stage::Over {
                continue;
            }
            let team = Some(of.deployment.team);
            let near = |by: Moment, why, party, role| Near {
                by,
                why,
                of: of.deployment.id,
                team,
                turn: Turn { party, role },
            };
            self.near_team(of, stage, found);
            match stage {
                Stage::Committed => {
                    let by = of.deployment.departs;
                    found.add(by, near(by, NearWhy::NotDeparted, of.donor, Role::Desk));
                }
                Stage::Departed => {
                    let by = of.deployment.arrives;
                    found.add(by, near(by, NearWhy::NotArrived, of.donor, Role::Leader));
                }
                Stage::Arrived => {
                    let by = of.steps.get(&Step::Arrived).map_or(of.deployment.arrives, |(at, _)| *at)
                        + LODGED_WITHIN;
                    found.add(by + -SEEN_BEFORE, near(by, NearWhy::NotLodged, of.host, Role::Desk));
                }
                Stage::Leaving => {
                    let by = of.ends().map_or(of.until, |(at, _)| at) + HOME_WITHIN;
                    found.add(by, near(by, NearWhy::NotReturned, of.donor, Role::Leader));
                }
                Stage::Lodged | Stage::Over => {}
            }
            if matches!(stage, Stage::Arrived | Stage::Lodged) {
                found.add(of.until + -DAY, near(of.until, NearWhy::ReturnDue, of.host, Role::Desk));
            }
        }
        for (&id, of) in &self.now().changes {
            let Some(deployment) = self.now().deployments.get(&of.deployment) else { continue };
            if of.answer.is_none() && deployment.stage() != Stage::Over {
                let party = if of.what == Change::Extend { deployment.donor } else { deployment.host };
                let turn = Turn { party, role: Role::Desk };
                let by = of.asked.0 + ANSWER_WITHIN;
                let team = Some(deployment.deployment.team);
                found.add(by + -SEEN_BEFORE, Near { by, why: NearWhy::ChangeUnanswered, of: id, team, turn });
            }
        }
        for (&id, ((at, _), lodging)) in &self.now().lodgings {
            if self.guests(id, None) > lodging.beds as usize {
                let turn = Turn { party: lodging.host, role: Role::Desk };
                found.add(*at, Near { by: *at, why: NearWhy::BedsOver, of: id, team: None, turn });
            }
        }
    }

    /// Whether there are people in the team, and as many supervisors as they need.
    fn near_team(&self, of: &DeploymentNow, stage: Stage, found: &mut Found) {
        if stage == Stage::Leaving {
            return;
        }
        let (team, by) = (of.deployment.team, of.deployment.departs);
        let turn = Turn { party: of.donor, role: Role::Desk };
        let near = |why| Near { by, why, of: of.deployment.id, team: Some(team), turn };
        let (mut people, mut supervisors) = (0, 0);
        for of in self.members_of(team, found.now) {
            people += 1;
            supervisors += usize::from(of.member.supervisor);
        }
        let formed = self.now().teams.get(&team).is_some_and(|of| of.team.is_some());
        if !formed || people < of.deployment.number as usize {
            found.add(by + -FORMED_BEFORE, near(NearWhy::TeamNotFormed));
        } else if supervisors < self.rules(of.host).supervisors(people) {
            found.add(by + -FORMED_BEFORE, near(NearWhy::SupervisorsShort));
        }
    }
}
