//! Whom what a party says of requests, offers and teams concerns: who asks and who is asked, who offers, and of a team those who send it and those
//! with whom it is. Whoever gets a team hears what was said of its people before.

use crate::concern::Tell;
use chance::{TICKS_PER_SECOND, Ticks};
use domain::{Moment, event::Finding};
use journal::Frame;
use std::collections::{BTreeMap, BTreeSet};
use teams::{By, DeploymentNow, Event, Health, Stage, Step, Teams, Told};
use uuid::Uuid;

const DAY: Ticks = 24 * 3600 * TICKS_PER_SECOND;
/// The weather of days before these is nobody's concern any more.
const HEAT_DAYS: Ticks = 2;

/// What the book's own party wrote, and whom it concerns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aid {
    written: Vec<Own>,
    /// By its fact.
    facts: BTreeMap<Uuid, usize>,
    /// What may concern somebody later: by its team, member, lodging, or the party itself as a host.
    about: BTreeMap<Uuid, Vec<usize>>,
    settled: Vec<usize>,
    /// What is to be looked at: facts, and all of what somebody has to do with now. It is looked at together, so that many facts of one moment are
    /// folded once.
    new: Vec<usize>,
    stirred: BTreeSet<Uuid>,
    /// Who had to do with each team when it was looked at last: what comes in late may put a deployment in its place, or take back that it is over.
    near: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// Something came in since then.
    heard: bool,
    /// Somebody said which of two facts is true: anything may be otherwise than it was.
    settles: bool,
    /// The time of what the party told last: it has no other clock. Not the latest of all: a clock that once was ahead is forgotten.
    now: Moment,
}

#[derive(Clone, Debug)]
struct Own {
    position: u64,
    frame: Frame,
    at: Moment,
    event: Event,
    concerns: BTreeSet<Uuid>,
}

impl Aid {
    /// Takes in a fact, and where it stands if it is the own party's. Whom it concerns, [`Aid::tells`] says.
    pub fn take(&mut self, own: Uuid, told: &Told, at: Option<(u64, &Frame)>) {
        self.heard = true;
        match &told.event {
            Event::Committed { deployment } => self.stirred.extend([deployment.team, own]),
            Event::Joined { member, .. } => drop(self.stirred.insert(member.id)),
            Event::Lodged { lodging, .. } => drop(self.stirred.insert(*lodging)),
            Event::Settled { .. } => self.settles = true,
            _ => {}
        }
        let Some((position, frame)) = at else { return };
        self.now = told.at;
        let place = self.written.len();
        self.new.push(place);
        self.facts.insert(told.id, place);
        if let Event::Settled { .. } = told.event {
            self.settled.push(place);
        }
        self.written.push(Own {
            position,
            frame: frame.clone(),
            at: told.at,
            event: told.event.clone(),
            concerns: BTreeSet::new(),
        });
    }

    /// A party was told of what stands at these places: it was concerned, whoever it concerns by now.
    pub fn told(&mut self, party: Uuid, positions: impl Iterator<Item = u64>) {
        for position in positions {
            if let Ok(place) = self.written.binary_search_by_key(&position, |of| of.position) {
                self.written[place].concerns.insert(party);
            }
        }
    }

    /// Who is to be told of what that they were not.
    pub fn tells(&mut self, own: Uuid, teams: &Teams) -> Vec<Tell> {
        if !std::mem::take(&mut self.heard) {
            return Vec::new();
        }
        for place in &self.new {
            if let Some(of) = topic(&self.written[*place].event, own, teams) {
                self.about.entry(of).or_default().push(*place);
            }
        }
        let mut stirred = std::mem::take(&mut self.stirred);
        for (team, _) in teams.teams() {
            let near = of_team(team, self.now, teams);
            let before = self.near.entry(team).or_default();
            if !near.is_subset(before) {
                stirred.insert(team);
            }
            *before = near;
        }
        let members = stirred.iter().filter_map(|id| teams.team(*id)).flat_map(|of| &of.members);
        let all: BTreeSet<Uuid> = stirred.iter().chain(members).copied().collect();
        let mut places: BTreeSet<usize> = std::mem::take(&mut self.new).into_iter().collect();
        places.extend(all.iter().filter_map(|of| self.about.get(of)).flatten());
        if std::mem::take(&mut self.settles) {
            places.extend(self.about.values().flatten());
        }
        let mut tells = Vec::new();
        // What is said of two facts comes after them.
        for place in places.into_iter().chain(self.settled.clone()) {
            let of = &self.written[place];
            let parties = self.parties(own, of, teams);
            let of = &mut self.written[place];
            for party in parties.into_iter().filter(|party| *party != own) {
                if of.concerns.insert(party) {
                    tells.push(Tell { party, position: of.position, frame: of.frame.clone() });
                }
            }
        }
        tells
    }

    /// What concerns somebody who is met only now.
    pub fn of_met(&self, party: Uuid) -> impl Iterator<Item = (u64, Frame)> {
        let theirs = self.written.iter().filter(move |of| of.concerns.contains(&party));
        theirs.map(|of| (of.position, of.frame.clone()))
    }

    fn parties(&self, own: Uuid, of: &Own, teams: &Teams) -> BTreeSet<Uuid> {
        let now = self.now;
        let of_request = |id: &Uuid| teams.request(*id).map(|of| &of.request);
        let of_offer = |id: &Uuid| -> BTreeSet<Uuid> {
            let Some(of) = teams.offer(*id) else { return BTreeSet::new() };
            of_request(&of.offer.request).map(|of| of.host).into_iter().chain([of.offer.donor]).collect()
        };
        let of_deployment = |id: &Uuid| -> BTreeSet<Uuid> {
            teams.deployment(*id).into_iter().flat_map(|of| [of.donor, of.host]).collect()
        };
        let is_fresh = |party: &Uuid, at: Moment| at >= now + -before(*party, teams);
        // Of a shift only those hear who know it: it is not passed on what the host of another time planned.
        let of_shift = |team: Uuid, shift: &Uuid| -> BTreeSet<Uuid> {
            let Some(shift) = teams.shift(*shift) else { return BTreeSet::new() };
            let planned = teams.fact(shift.told.1).map(|of| of.by.party);
            let knows = |party: &Uuid| planned == Some(own) || planned == Some(*party);
            let all = of_team(team, now, teams).into_iter();
            let over = if shift.is_open() { now } else { shift.span().1 };
            all.filter(|party| knows(party) && is_fresh(party, over)).collect()
        };
        let of_member = |id: &Uuid, is_kept: bool| -> BTreeSet<Uuid> {
            let stays = teams.member(*id).into_iter().flat_map(|of| &of.stays);
            let all = stays.flat_map(|(team, _, left)| {
                let parties = of_team(*team, now, teams).into_iter();
                parties.filter(move |party| left.is_none_or(|(left, _)| is_fresh(party, left)))
            });
            all.filter(|party| is_kept || is_fresh(party, of.at)).collect()
        };
        match &of.event {
            // What a party has is its own affair.
            Event::Declared { .. } => BTreeSet::new(),
            Event::Named { of, .. } if teams.team(*of).is_some() => of_team(*of, now, teams),
            Event::Named { of: lodging, .. } => lodged(*lodging, teams),
            Event::LodgingOpened { lodging } => lodged(lodging.id, teams),
            Event::RulesSet { .. } => guests(own, teams),
            Event::HeatForecast { heat } if heat.day >= now + -HEAT_DAYS * DAY => guests(own, teams),
            Event::HeatForecast { .. } => BTreeSet::new(),
            Event::Requested { request } => request.asked.iter().copied().collect(),
            Event::RequestClosed { request, .. } => {
                of_request(request).into_iter().flat_map(|of| of.asked.iter().copied()).collect()
            }
            Event::Declined { request, .. } => of_request(request).map(|of| of.host).into_iter().collect(),
            Event::Offered { offer } => of_offer(&offer.id),
            Event::OfferAccepted { offer, .. }
            | Event::OfferDeclined { offer }
            | Event::OfferWithdrawn { offer } => of_offer(offer),
            Event::Committed { deployment } => of_deployment(&deployment.id),
            Event::Stepped { deployment, .. }
            | Event::Lodged { deployment, .. }
            | Event::ChangeAsked { deployment, .. } => of_deployment(deployment),
            Event::ChangeAnswered { change, .. } => {
                teams.change(*change).map(|(deployment, ..)| of_deployment(&deployment)).unwrap_or_default()
            }
            Event::Formed { team } => of_team(team.id, now, teams),
            Event::Joined { team, .. } | Event::Left { team, .. } => of_team(*team, now, teams),
            // Who is apart, or was positive, is so for whoever gets them, however long ago it was told.
            Event::Isolated { member } | Event::Freed { member } => of_member(member, true),
            Event::Tested { member, finding, .. } => of_member(member, *finding == Finding::Positive),
            // So is an illness until somebody says that it is over.
            Event::Checked { member, health } => {
                of_member(member, *health != Health::Well || ends_illness(*member, of.at, teams))
            }
            Event::ShiftPlanned { shift } => of_shift(shift.team, &shift.id),
            Event::ShiftBegan { shift } | Event::ShiftEnded { shift } | Event::ShiftDropped { shift } => {
                teams.shift(*shift).map(|of| of_shift(of.shift.team, shift)).unwrap_or_default()
            }
            Event::Received { team, shift: Some(shift), .. } => of_shift(*team, shift),
            Event::Received { team, shift: None, .. } => {
                let all = of_team(*team, now, teams).into_iter();
                all.filter(|party| is_fresh(party, of.at)).collect()
            }
            // Whoever knows both.
            Event::Settled { first, second, .. } => {
                let (first, second) = (self.knows(*first, teams), self.knows(*second, teams));
                first.intersection(&second).copied().collect()
            }
        }
    }

    /// Who is known to know a fact: who told it, and whom it concerns if it is the own party's.
    fn knows(&self, fact: Uuid, teams: &Teams) -> BTreeSet<Uuid> {
        let told = teams.fact(fact).map(|Told { by: By { party, .. }, .. }| *party);
        let own = self.facts.get(&fact).map(|place| &self.written[*place].concerns);
        told.into_iter().chain(own.into_iter().flatten().copied()).collect()
    }
}

/// Whether the check before this one found somebody ill.
fn ends_illness(member: Uuid, at: Moment, teams: &Teams) -> bool {
    let checks = teams.member(member).into_iter().flat_map(|of| &of.checks);
    let before = checks.filter(|(then, _)| *then < at).max_by_key(|(then, _)| *then);
    before.is_some_and(|(_, health)| *health != Health::Well)
}

/// What a fact is about that may concern somebody later.
fn topic(event: &Event, own: Uuid, teams: &Teams) -> Option<Uuid> {
    Some(match event {
        Event::Named { of, .. } => *of,
        Event::RulesSet { .. } | Event::HeatForecast { .. } => own,
        Event::LodgingOpened { lodging } => lodging.id,
        Event::Formed { team } => team.id,
        Event::Joined { team, .. } | Event::Left { team, .. } | Event::Received { team, .. } => *team,
        Event::Checked { member, .. }
        | Event::Tested { member, .. }
        | Event::Isolated { member }
        | Event::Freed { member } => *member,
        Event::ShiftPlanned { shift } => shift.team,
        Event::ShiftBegan { shift } | Event::ShiftEnded { shift } | Event::ShiftDropped { shift } => {
            teams.shift(*shift)?.shift.team
        }
        _ => return None,
    })
}

/// Who gets a team hears of so long before: whoever was near somebody then may still be apart.
fn before(host: Uuid, teams: &Teams) -> Ticks {
    let rules = teams.rules(host);
    Ticks::from(rules.contact_days) * DAY + Ticks::from(rules.isolation_days) * DAY
}

/// Who had a team hears of its people so long after: whoever turns positive then was near somebody there.
fn after(host: Uuid, teams: &Teams) -> Ticks {
    Ticks::from(teams.rules(host).contact_days) * DAY
}

/// Who sends a team, and those with whom it is, will be, or was a short while ago.
fn of_team(team: Uuid, now: Moment, teams: &Teams) -> BTreeSet<Uuid> {
    let sent = teams.team(team).into_iter().flat_map(|of| &of.deployments);
    let is_near = |of: &&DeploymentNow| {
        let home = [Step::Returned, Step::Cancelled].iter().filter_map(|step| of.steps.get(step)).max();
        of.stage() != Stage::Over || home.is_some_and(|(at, _)| *at >= now + -after(of.host, teams))
    };
    let near = sent.filter_map(|id| teams.deployment(*id)).filter(is_near);
    near.flat_map(|of| [of.donor, of.host]).collect()
}

/// Whose people sleep there.
fn lodged(lodging: Uuid, teams: &Teams) -> BTreeSet<Uuid> {
    let there = teams.deployments().filter(|of| of.lodged.iter().any(|(_, known, _)| *known == lodging));
    there.map(|of| of.donor).collect()
}

/// Whose people are with a host, or come.
fn guests(host: Uuid, teams: &Teams) -> BTreeSet<Uuid> {
    let there = teams.deployments().filter(|of| of.host == host && of.stage() != Stage::Over);
    there.map(|of| of.donor).collect()
}
