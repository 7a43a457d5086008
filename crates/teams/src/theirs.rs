//! Whose a fact is: the one table of who may tell what. Commands are weighed by it, and facts that come in from others count by it.
//!
//! What is somebody's by what is known stays theirs when more becomes known, but for one thing that [`State::unseats`] says: facts that
//! were folded need not be looked at again.

use crate::{Change, DeploymentNow, Event, MemberNow, Role, Step, event::By, state::State};
use domain::event::Keeps;
use uuid::Uuid;

impl State {
    /// Whether it is for `by` to tell; `None`: that depends on something that is not known. An identifier is of the party that told of it first.
    pub(crate) fn is_theirs(&self, by: &By, event: &Event) -> Option<bool> {
        let desk = |party: Uuid| by.role == Role::Desk && by.party == party;
        Some(match event {
            Event::Named { of, .. } => match self.lodgings.get(of) {
                _ if *of == by.party => by.role == Role::Desk,
                Some((_, lodging)) => desk(lodging.host),
                None => match self.donor(*of) {
                    Some(donor) => desk(donor),
                    None if self.members.contains_key(of) => false,
                    None => return None,
                },
            },
            Event::RulesSet { host, .. } => desk(*host),
            Event::Declared { strength } => desk(strength.donor),
            Event::Requested { request } => {
                let known = self.requests.get(&request.id);
                desk(request.host) && known.is_none_or(|of| of.request.host == request.host)
            }
            Event::Declined { donor, .. } => desk(*donor),
            Event::RequestClosed { request, .. } => desk(self.requests.get(request)?.request.host),
            Event::Offered { offer } => {
                let known = self.offers.get(&offer.id);
                desk(offer.donor) && known.is_none_or(|of| of.offer.donor == offer.donor)
            }
            Event::OfferAccepted { offer, .. } | Event::OfferDeclined { offer } => {
                desk(self.requests.get(&self.offers.get(offer)?.offer.request)?.request.host)
            }
            Event::OfferWithdrawn { offer } => desk(self.offers.get(offer)?.offer.donor),
            Event::Committed { deployment } => {
                let donor = self.offers.get(&deployment.offer)?.offer.donor;
                let known = self.deployments.get(&deployment.id);
                desk(donor)
                    && known.is_none_or(|of| of.donor == donor)
                    && self.donor(deployment.team).is_none_or(|of| of == donor)
            }
            Event::Stepped { deployment, step } => {
                let of = self.deployments.get(deployment)?;
                let is_leader = by.party == of.donor && by.role == Role::Leader;
                match step {
                    Step::Departed | Step::Returned => desk(of.donor) || is_leader,
                    Step::Arrived => desk(of.donor) || desk(of.host) || is_leader,
                    Step::Released => desk(of.host),
                    Step::Withdrawn => desk(of.donor) || desk(of.host),
                    Step::Cancelled => desk(of.donor),
                }
            }
            Event::Lodged { deployment, .. } => desk(self.deployments.get(deployment)?.host),
            Event::ChangeAsked { change, deployment, what, .. } => {
                let asker = asks(self.deployments.get(deployment)?, *what);
                let known = self.changes.get(change);
                let known = known.and_then(|of| Some(asks(self.deployments.get(&of.deployment)?, of.what)));
                desk(asker) && known.is_none_or(|known| known == asker)
            }
            Event::ChangeAnswered { change, .. } => {
                let change = self.changes.get(change)?;
                let of = self.deployments.get(&change.deployment)?;
                desk(if asks(of, change.what) == of.host { of.donor } else { of.host })
            }
            Event::LodgingOpened { lodging } => {
                let known = self.lodgings.get(&lodging.id);
                desk(lodging.host) && known.is_none_or(|(_, of)| of.host == lodging.host)
            }
            Event::Formed { team } => {
                desk(team.donor) && self.donor(team.id).is_none_or(|of| of == team.donor)
            }
            Event::Joined { team, member } => {
                let donor = self.donor(*team)?;
                desk(donor) && self.sends(member.id).is_none_or(|of| of == donor)
            }
            Event::Left { team, .. } => desk(self.donor(*team)?),
            // A member's health is told by the member (checks alone), the team's leader or infection control, or the donor's desk.
            Event::Checked { member, .. } => {
                let is_own = by.role == Role::Member && by.person == Some(*member);
                by.party == self.sends(*member)? && (is_own || watches(by.role))
            }
            Event::Tested { member, .. } | Event::Isolated { member } | Event::Freed { member } => {
                by.party == self.sends(*member)? && watches(by.role)
            }
            Event::HeatForecast { heat } => desk(heat.host),
            Event::ShiftPlanned { shift } => {
                let known = self.shifts.get(&shift.id).map(|of| of.shift.team);
                let teams = [Some(shift.team), known];
                for team in teams.into_iter().flatten() {
                    if !self.works(by, team)? {
                        return Some(false);
                    }
                }
                let donor = self.donor(shift.team)?;
                for member in &shift.members {
                    if self.sends(*member)? != donor {
                        return Some(false);
                    }
                }
                true
            }
            Event::ShiftBegan { shift } | Event::ShiftEnded { shift } | Event::ShiftDropped { shift } => {
                self.works(by, self.shifts.get(shift)?.shift.team)?
            }
            // Delivered is what the receiver says.
            Event::Received { team, shift, .. } => {
                let is_receiver = matches!(by.role, Role::Leader | Role::InfectionControl | Role::Member);
                let of_team = match shift {
                    Some(shift) => self.shifts.get(shift)?.shift.team == *team,
                    None => true,
                };
                by.party == self.donor(*team)? && is_receiver && of_team
            }
            // Of which facts, `settles` says.
            Event::Settled { .. } => by.role == Role::Desk,
        })
    }

    /// Whether a fact takes from somebody what was theirs: people were committed as a team that another donor forms now.
    pub(crate) fn unseats(&self, event: &Event) -> bool {
        let Event::Formed { team } = event else { return false };
        let sent = self.teams.get(&team.id).into_iter().flat_map(|of| &of.deployments);
        sent.filter_map(|id| self.deployments.get(id)).any(|of| of.donor != team.donor)
    }

    /// Who sends a team, if it is formed.
    pub(crate) fn donor(&self, team: Uuid) -> Option<Uuid> {
        self.teams.get(&team)?.team.as_ref().map(|of| of.donor)
    }

    /// Who sends a member: whoever told first that they joined.
    fn sends(&self, member: Uuid) -> Option<Uuid> {
        let MemberNow { stays, .. } = self.members.get(&member)?;
        self.donor(stays.first()?.0)
    }

    /// Work is told of by the team's leader, by the donor's desk, and by the desk of whomever the team is sent to.
    fn works(&self, by: &By, team: Uuid) -> Option<bool> {
        let donor = self.donor(team)?;
        let mut sent = self.teams.get(&team)?.deployments.iter().filter_map(|id| self.deployments.get(id));
        let is_desk = by.role == Role::Desk && (by.party == donor || sent.any(|of| of.host == by.party));
        Some(is_desk || (by.party == donor && by.role == Role::Leader))
    }
}

/// Whether a party may say so of two facts: it takes back only what it told itself.
pub(crate) fn settles(party: Uuid, keeps: Keeps, first: Uuid, second: Uuid) -> bool {
    match keeps {
        Keeps::First => party == second,
        Keeps::Second => party == first,
        Keeps::Both => party == first || party == second,
    }
}

fn asks(of: &DeploymentNow, what: Change) -> Uuid {
    if what == Change::Extend { of.host } else { of.donor }
}

fn watches(role: Role) -> bool {
    matches!(role, Role::Desk | Role::Leader | Role::InfectionControl)
}
