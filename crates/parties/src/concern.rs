//! Whom something that a party writes concerns besides itself.

use crate::{Act, Book, Subject};
use journal::Frame;
use std::collections::{BTreeMap, BTreeSet};
use supplies::Loss;
use teams::{Event, Teams};
use uuid::Uuid;

/// Whom something concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Concern {
    /// These.
    Parties(BTreeSet<Uuid>),
    /// Every partner: what a party has and how it works.
    Everybody,
}

impl Concern {
    /// Whom an act of the book's own party concerns, by all that the book knows then.
    pub fn of(own: Uuid, act: &Act, book: &Book) -> Concern {
        let mut parties: BTreeSet<Uuid> = match act {
            Act::Partners(_) => BTreeSet::new(),
            Act::Words(event) => book.other_desk(event).into_iter().collect(),
            Act::Supplies(event) => of_supplies(event, book),
            Act::Aid(event) => match of_aid(event, book.teams()) {
                Some(parties) => parties,
                None => return Concern::Everybody,
            },
        };
        parties.remove(&own);
        Concern::Parties(parties)
    }
}

fn of_supplies(event: &supplies::Event, book: &Book) -> BTreeSet<Uuid> {
    let shipment = match event {
        supplies::Event::WriteOffAsked { of: Loss::Shipment(shipment), .. } => Some(*shipment),
        event => event.shipment(),
    };
    let Some(now) = shipment.and_then(|shipment| book.supplies().shipment(shipment)) else {
        return BTreeSet::new();
    };
    let Some(promise) = now.promise else { return BTreeSet::new() };
    let from = promise.from.map(|from| from.party);
    from.into_iter().chain([promise.carrier.party, promise.to.party()]).collect()
}

/// `None`: everybody.
fn of_aid(event: &Event, teams: &Teams) -> Option<BTreeSet<Uuid>> {
    let of_request = |request: &Uuid| {
        let known = teams.request(*request);
        known.into_iter().flat_map(|of| of.request.asked.iter().copied().chain([of.request.host])).collect()
    };
    let of_offer = |offer: &Uuid| -> BTreeSet<Uuid> {
        let Some(of) = teams.offer(*offer) else { return BTreeSet::new() };
        let host = teams.request(of.offer.request).map(|of| of.request.host);
        host.into_iter().chain([of.offer.donor]).collect()
    };
    let of_deployment = |deployment: &Uuid| -> BTreeSet<Uuid> {
        teams.deployment(*deployment).into_iter().flat_map(|of| [of.donor, of.host]).collect()
    };
    let of_shift = |shift: &Uuid| teams.shift(*shift).map(|of| of.shift.team);
    Some(match event {
        Event::Named { .. }
        | Event::RulesSet { .. }
        | Event::Declared { .. }
        | Event::LodgingOpened { .. }
        | Event::HeatForecast { .. } => return None,
        Event::Requested { request } => request.asked.iter().copied().collect(),
        Event::Declined { request, .. } => {
            teams.request(*request).map(|of| of.request.host).into_iter().collect()
        }
        Event::RequestClosed { request, .. } => of_request(request),
        Event::Offered { offer } => of_offer(&offer.id),
        Event::OfferAccepted { offer, .. }
        | Event::OfferDeclined { offer }
        | Event::OfferWithdrawn { offer } => of_offer(offer),
        Event::Committed { deployment } => of_deployment(&deployment.id),
        Event::Stepped { deployment, .. }
        | Event::Lodged { deployment, .. }
        | Event::ChangeAsked { deployment, .. } => of_deployment(deployment),
        Event::ChangeAnswered { change, .. } => {
            teams.change_of(*change).map(|of| of_deployment(&of)).unwrap_or_default()
        }
        Event::Formed { .. } | Event::Joined { .. } | Event::Left { .. } => of_team(team_of(event)?, teams),
        Event::Received { team, .. } => of_team(*team, teams),
        Event::ShiftPlanned { shift } => of_team(shift.team, teams),
        Event::ShiftBegan { shift } | Event::ShiftEnded { shift } | Event::ShiftDropped { shift } => {
            of_shift(shift).map(|team| of_team(team, teams)).unwrap_or_default()
        }
        Event::Checked { member, .. }
        | Event::Tested { member, .. }
        | Event::Isolated { member }
        | Event::Freed { member } => {
            let stays =
                teams.member(*member).into_iter().flat_map(|of| of.stays.iter().map(|(team, ..)| *team));
            stays.flat_map(|team| of_team(team, teams)).collect()
        }
        // Whoever was told of one of the two was told by the one who wrote it.
        Event::Settled { .. } => return None,
    })
}

/// The team whose people an event tells of.
fn team_of(event: &Event) -> Option<Uuid> {
    match event {
        Event::Formed { team } => Some(team.id),
        Event::Joined { team, .. } | Event::Left { team, .. } => Some(*team),
        _ => None,
    }
}

/// Those from whom and to whom a team is sent and has not come home.
fn of_team(team: Uuid, teams: &Teams) -> BTreeSet<Uuid> {
    let sent =
        teams.team(team).into_iter().flat_map(|of| &of.deployments).filter_map(|id| teams.deployment(*id));
    sent.filter(|of| of.stage() != teams::Stage::Over).flat_map(|of| [of.donor, of.host]).collect()
}

/// What a party wrote that whoever is concerned later has to hear, too: what it has and how it works, and who is in its teams.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    everybody: Vec<(u64, Frame)>,
    /// With whoever was told already.
    teams: BTreeMap<Uuid, Vec<(u64, Frame, BTreeSet<Uuid>)>>,
    /// What concerns somebody whom the party has not met.
    unmet: BTreeMap<Uuid, Vec<(u64, Subject, Frame)>>,
}

impl Kept {
    /// Keeps what the own party wrote.
    pub fn keep(&mut self, act: &Act, concern: Concern, position: u64, frame: &Frame) {
        let Act::Aid(event) = act else { return };
        if let (Some(team), Concern::Parties(told)) = (team_of(event), &concern) {
            self.teams.entry(team).or_default().push((position, frame.clone(), told.clone()));
        } else if concern == Concern::Everybody {
            self.everybody.push((position, frame.clone()));
        }
    }

    /// Something concerns somebody whom the party has not met: it is told when they have.
    pub fn of_unmet(&mut self, party: Uuid, position: u64, subject: Subject, frame: &Frame) {
        self.unmet.entry(party).or_default().push((position, subject, frame.clone()));
    }

    /// What somebody has to hear who is met now.
    pub fn of_met(&mut self, party: Uuid) -> Vec<(u64, Subject, Frame)> {
        let everybody =
            self.everybody.iter().map(|(position, frame)| (*position, Subject::Aid, frame.clone()));
        self.unmet.remove(&party).into_iter().flatten().chain(everybody).collect()
    }

    /// What both sides of a deployment that begins now have to hear of its team.
    pub fn of_deployment(&mut self, act: &Act, teams: &Teams) -> Vec<(Uuid, u64, Frame)> {
        let Act::Aid(Event::Committed { deployment }) = act else { return Vec::new() };
        let Some(of) = teams.deployment(deployment.id) else { return Vec::new() };
        let mut tells = Vec::new();
        for (position, frame, told) in self.teams.get_mut(&deployment.team).into_iter().flatten() {
            let new = [of.donor, of.host].into_iter().filter(|party| told.insert(*party));
            tells.extend(new.map(|party| (party, *position, frame.clone())));
        }
        tells
    }
}
