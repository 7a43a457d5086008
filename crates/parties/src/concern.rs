//! Whom what a party says of a shipment concerns: all whom any promise of it names, whenever that promise was told.

use journal::Frame;
use std::collections::{BTreeMap, BTreeSet};
use supplies::{Event, Who};
use uuid::Uuid;

/// Shipments, each with whom it concerns and what the book's own party wrote of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shipments(BTreeMap<Uuid, Concern>);

#[derive(Clone, Debug, Default)]
struct Concern {
    parties: BTreeSet<Uuid>,
    written: Vec<(u64, Frame)>,
}

/// Somebody is to be told of a frame.
pub(crate) struct Tell {
    pub party: Uuid,
    pub position: u64,
    pub frame: Frame,
}

impl Shipments {
    /// Takes in what somebody said, and where it stands if it is the own party's; who is to be told of what now. Whoever is named later hears what
    /// was written before: a receipt may come before its promise, and a promise may change its receiver.
    pub fn take(&mut self, by: &Who, event: &Event, own: Option<(u64, &Frame)>) -> Vec<Tell> {
        let Some(shipment) = event.shipment() else { return Vec::new() };
        let of = self.0.entry(shipment).or_default();
        let mut tells = Vec::new();
        // Who promises what is not theirs draws nobody in.
        if let Event::Promised { promise } = event
            && event.is_theirs(by)
        {
            for party in [promise.party(), promise.carrier.party, promise.to.party()] {
                if of.parties.insert(party) {
                    let before = of.written.iter();
                    tells.extend(before.map(|(position, frame)| Tell {
                        party,
                        position: *position,
                        frame: frame.clone(),
                    }));
                }
            }
        }
        if let Some((position, frame)) = own {
            tells.extend(of.parties.iter().map(|party| Tell {
                party: *party,
                position,
                frame: frame.clone(),
            }));
            of.written.push((position, frame.clone()));
        }
        tells
    }

    /// What concerns somebody who is met only now.
    pub fn of_met(&self, party: Uuid) -> Vec<(u64, Frame)> {
        let theirs = self.0.values().filter(|of| of.parties.contains(&party));
        theirs.flat_map(|of| of.written.iter().cloned()).collect()
    }
}
