//! What somebody should look at, and whom to call: no hand-over stays unconfirmed unseen.

use crate::{Good, MINUTE, Role, ShipmentNow, Stage, Store, Supplies};
use chance::Ticks;
use domain::Moment;
use uuid::Uuid;

/// Whoever takes something in has their hands full, and says so within three minutes: two are left of the five in which it must surface, for
/// whoever looks at the list now and then.
pub const CONFIRMED_WITHIN: Ticks = 3 * MINUTE;
/// So long before a slot it is said that the stock does not reach: time in which something can still be brought.
pub const LOW_BEFORE: Ticks = 120 * MINUTE;

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// What it is about.
    pub of: Subject,
    /// Why.
    pub why: NearWhy,
    /// Its time.
    pub by: Moment,
    /// Whom to call, the first first.
    pub call: Vec<Call>,
    /// Households that have not said that it came.
    pub households: Vec<Uuid>,
}

/// What something is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A shipment.
    Shipment(Uuid),
    /// A good in a stock, and how many are there; where it does not reach, how many it lacks.
    Stock(Store, Good, i64),
    /// What should be written off.
    WriteOff(Uuid),
    /// A record that stands aside.
    Record(Uuid),
}

/// Whom to call. Their telephone stands elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// Of which party.
    pub party: Uuid,
    /// As what.
    pub role: Role,
    /// Who, where that is known.
    pub person: Option<Uuid>,
}

/// Why something should be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NearWhy {
    /// Records contradict each other.
    Contested,
    /// It should have left, and nobody has said that it did.
    NotSent,
    /// It should have come, and no receiver has said that it did.
    Unconfirmed,
    /// Somebody else has it.
    Astray,
    /// Something left and did not come.
    Short,
    /// More came than left.
    Surplus,
    /// It was refused, and is not in the sender's stock again.
    Refused,
    /// All have theirs, and something is still on its way.
    LeftOver,
    /// It came or left, and nobody here has heard of a promise.
    Unannounced,
    /// A second person in another role has to agree.
    WriteOff,
    /// More is told to have left the stock than ever came.
    Overdrawn,
    /// The slots that run or begin soon need more than there is.
    Low,
    /// Somebody wrote what is not theirs to write.
    Aside,
}

impl NearWhy {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            NearWhy::Contested => "supplies.near.contested",
            NearWhy::NotSent => "supplies.near.not_sent",
            NearWhy::Unconfirmed => "supplies.near.unconfirmed",
            NearWhy::Astray => "supplies.near.astray",
            NearWhy::Short => "supplies.near.short",
            NearWhy::Surplus => "supplies.near.surplus",
            NearWhy::Refused => "supplies.near.refused",
            NearWhy::LeftOver => "supplies.near.left_over",
            NearWhy::Unannounced => "supplies.near.unannounced",
            NearWhy::WriteOff => "supplies.near.write_off",
            NearWhy::Overdrawn => "supplies.near.overdrawn",
            NearWhy::Low => "supplies.near.low",
            NearWhy::Aside => "supplies.near.aside",
        }
    }
}

impl Supplies {
    /// What this party should look at, the soonest first. What stands here stays until somebody does something, but for a slot that is over.
    pub fn near(&self, now: Moment) -> Vec<Near> {
        let mut near: Vec<Near> = self
            .shipments()
            .flat_map(|of| due(&of))
            .filter(|(from, _)| *from <= now)
            .map(|(_, near)| near)
            .collect();
        let own = |role| Call { party: self.own, role, person: None };
        for (id, write_off) in &self.write_offs {
            for loss in write_off.losses() {
                let parties = self.parties(loss);
                let waits = write_off.agreed(loss, parties).is_none();
                let Some(asked) = write_off.asks(loss, parties).next().filter(|_| waits).map(|ask| ask.mark)
                else {
                    continue;
                };
                let role = if asked.by.role == Role::Desk { Role::Keeper } else { Role::Desk };
                let party = parties.map_or(asked.by.party, |of| of.second_to(asked.by.party));
                near.push(Near {
                    of: Subject::WriteOff(*id),
                    why: NearWhy::WriteOff,
                    by: asked.at,
                    call: vec![Call { party, role, person: None }],
                    households: vec![],
                });
            }
        }
        for (store, good, count, by) in self.ledger().overdrawn(self.own) {
            let of = Subject::Stock(store, good.clone(), count);
            near.push(Near {
                of,
                why: NearWhy::Overdrawn,
                by,
                call: vec![own(Role::Keeper)],
                households: vec![],
            });
        }
        for (store, good, slot, lacks) in self.low(now) {
            let of = Subject::Stock(store, good, lacks);
            let call = vec![own(Role::Keeper), own(Role::Desk)];
            near.push(Near { of, why: NearWhy::Low, by: slot, call, households: vec![] });
        }
        for record in self.aside() {
            let of = Subject::Record(record.id);
            let call = vec![Call { party: record.by.party, role: Role::Desk, person: None }];
            near.push(Near { of, why: NearWhy::Aside, by: record.at, call, households: vec![] });
        }
        near.sort_by(|one, other| (one.by, one.why, &one.of).cmp(&(other.by, other.why, &other.of)));
        near
    }

    /// When time alone may put something on the list next.
    pub fn next_look(&self, now: Moment) -> Option<Moment> {
        let shipments = self.shipments().flat_map(|of| due(&of)).map(|(from, _)| from);
        let late = self.shipments().filter_map(|of| Some(of.promise?.due + CONFIRMED_WITHIN));
        let slots = self.needs.iter().filter(|((store, _), _)| store.party == self.own);
        let slots = slots.flat_map(|(_, slots)| {
            slots.iter().flat_map(|((slot, _), need)| [*slot + -LOW_BEFORE, need.until])
        });
        shipments.chain(late).chain(slots).filter(|at| *at > now).min()
    }

    /// Goods of own stocks of which the slots that run, or begin within [`LOW_BEFORE`], need more than there is and surely comes before
    /// them: from which slot on it does not reach, and how many are lacking until the last of them.
    fn low(&self, now: Moment) -> Vec<(Store, Good, Moment, i64)> {
        let mut low = Vec::new();
        for (store, good) in self.needs.keys().filter(|(store, _)| store.party == self.own) {
            let slots = self.slots(*store, good, now);
            let near = slots.iter().filter(|of| of.slot <= now + LOW_BEFORE && of.lacks > 0);
            let lacks = near.clone().map(|of| of.lacks).max();
            low.extend(
                near.map(|of| of.slot)
                    .next()
                    .zip(lacks)
                    .map(|(slot, lacks)| (*store, good.clone(), slot, lacks)),
            );
        }
        low
    }
}

/// Why a shipment is to be looked at, and from when on.
fn due(of: &ShipmentNow) -> Vec<(Moment, Near)> {
    let promise = of.promise.as_ref();
    let to = |role| promise.map(|promise| Call { party: promise.to.party(), role, person: None });
    let from = promise.and_then(|promise| promise.from);
    let sender = from.map(|from| Call { party: from.party, role: Role::Desk, person: None });
    let carrier = promise.map(|promise| Call {
        party: promise.carrier.party,
        role: Role::Carrier,
        person: promise.carrier.person,
    });
    let households: Vec<Uuid> = of.unconfirmed().filter_map(|share| share.household).collect();
    let receiver = if households.is_empty() { to(Role::Gate) } else { to(Role::Volunteer) };
    let mut all = Vec::new();
    let mut add = |from: Moment, why, by, call: &[Option<Call>]| {
        let waits = matches!(why, NearWhy::NotSent | NearWhy::Unconfirmed);
        let households = if waits { households.clone() } else { Vec::new() };
        let mut whom: Vec<Call> = Vec::new();
        for one in call.iter().flatten() {
            if !whom.contains(one) {
                whom.push(*one);
            }
        }
        all.push((from, Near { of: Subject::Shipment(of.id), why, by, call: whom, households }));
    };
    if let Some(promise) = promise {
        let late = promise.due + CONFIRMED_WITHIN;
        match of.stage {
            Stage::Promised => {
                let leaves = promise.leaves.map_or(late, |leaves| late.min(leaves + CONFIRMED_WITHIN));
                let by = promise.leaves.unwrap_or(promise.due).min(promise.due);
                add(leaves, NearWhy::NotSent, by, &[sender, carrier, receiver]);
            }
            Stage::Sent => add(late, NearWhy::Unconfirmed, promise.due, &[carrier, receiver, sender]),
            Stage::AtGate => add(late, NearWhy::Unconfirmed, promise.due, &[receiver, carrier, sender]),
            _ => {}
        }
    } else if of.stage != Stage::TakenBack || !of.received.is_empty() {
        add(of.since, NearWhy::Unannounced, of.since, &[]);
    }
    if !of.contested.is_empty() {
        let sent = of.shares.iter().all(|share| share.told.is_disjoint(&of.contested));
        add(of.since, NearWhy::Contested, of.since, &if sent { [sender] } else { [to(Role::Desk)] });
    }
    if let Some(party) = of.astray {
        add(
            of.since,
            NearWhy::Astray,
            of.since,
            &[Some(Call { party, role: Role::Desk, person: None }), carrier],
        );
    }
    let spoke = |call: &Option<Call>| {
        call.is_some_and(|call| of.explained.iter().any(|(party, ..)| *party == call.party))
    };
    if of.missing.values().any(|count| *count > 0) {
        let sides = [sender, carrier, to(Role::Desk)];
        let silent: Vec<Option<Call>> = sides.iter().copied().filter(|side| !spoke(side)).collect();
        let all_spoke = silent.iter().flatten().next().is_none();
        add(of.since, NearWhy::Short, of.since, if all_spoke { &sides } else { &silent });
    }
    let explained = if sender.is_some() { spoke(&sender) } else { !of.explained.is_empty() };
    if !of.surplus.is_empty() && !explained {
        add(of.since, NearWhy::Surplus, of.since, &[sender.or(to(Role::Desk))]);
    }
    let is_out = of.transit.values().any(|count| *count > 0);
    // It was refused, so it may stand there though nobody has said that it left: its sender says that it is back, or calls it off.
    let is_untold = promise.is_some() && of.sent.is_empty();
    match of.stage {
        Stage::Refused if is_out || is_untold => {
            add(of.since, NearWhy::Refused, of.since, &[carrier, sender]);
        }
        Stage::Received | Stage::Short if is_out => {
            add(of.since, NearWhy::LeftOver, of.since, &[carrier, sender]);
        }
        _ => {}
    }
    all
}
