//! Whose word counts of a shipment: its sender's, its carrier's and its receiver's, each for what is theirs.

use crate::{Event, Promise, ShipmentCode, Step, Who};
use uuid::Uuid;

/// The parties of a shipment, as it is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parties {
    /// Whoever promises it: says what left, what is back, and that it will not come.
    pub sender: Uuid,
    pub carrier: Uuid,
    /// Says what came.
    pub receiver: Uuid,
}

impl Promise {
    /// Whose it is: whoever sends it or, where that one keeps no book here, whoever gets it.
    pub fn party(&self) -> Uuid {
        self.from.map_or(self.to.party(), |from| from.party)
    }

    /// Whether it stands under a code that its party gave out. What is no code is whose it is promised first.
    pub fn is_of_its_code(&self) -> bool {
        ShipmentCode::of_id(self.shipment).is_none_or(|code| code.is_of(self.party()))
    }
}

impl Parties {
    /// Whose a shipment is that was promised so, the first first; and what its sender promised last.
    pub fn of<'a>(promises: impl Iterator<Item = &'a Promise>) -> Option<Parties> {
        let mut promises = promises.peekable();
        let sender = promises.peek()?.party();
        let last = promises.filter(|promise| promise.party() == sender).last()?;
        Some(Parties { sender, carrier: last.carrier.party, receiver: last.to.party() })
    }

    /// Whether a party sends, carries or receives it.
    pub fn has(&self, party: Uuid) -> bool {
        [self.sender, self.carrier, self.receiver].contains(&party)
    }

    /// Whether this may be said of the shipment by somebody who may say it of what is theirs. A receipt may always: another party that
    /// has it says so, and is no receiver by that; and so it settles what it said itself, and nothing else.
    pub fn may(&self, by: &Who, event: &Event) -> bool {
        match event {
            Event::Promised { promise } => promise.party() == self.sender,
            Event::CalledOff { .. } => by.party == self.sender,
            Event::Sent { from: at, .. } | Event::TakenBack { at, .. } => at.party == self.sender,
            Event::AtGate { .. }
            | Event::Given { .. }
            | Event::Explained { .. }
            | Event::WriteOffAsked { .. }
            | Event::WriteOffAgreed { .. } => self.has(by.party),
            Event::Refused { at, .. } => at.party() == self.receiver,
            Event::Settled { at, step: Step::Sent, .. } => at.party() == self.sender,
            // What turns up with whoever brings it is received or taken back.
            Event::Found { at, .. } => [self.sender, self.receiver].contains(&at.party),
            _ => true,
        }
    }

    /// Whether these two hands may write something of it off: whoever carried it does not alone say that it is gone, unless there is nobody
    /// else.
    pub fn may_write_off(&self, first: &Who, second: &Who) -> bool {
        let carried = |by: &Who| by.party == self.carrier;
        let alone = [self.sender, self.receiver].iter().all(|party| *party == self.carrier);
        self.has(first.party) && self.has(second.party) && (alone || !carried(first) || !carried(second))
    }

    /// Whose second hand is asked when this party has asked to write something off.
    pub fn second_to(&self, first: Uuid) -> Uuid {
        match first == self.carrier {
            true if self.receiver == first => self.sender,
            true => self.receiver,
            false => first,
        }
    }
}
