//! How records are written: what was written once is read for ever.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "book/book.rs"]
mod book;

use book::*;
use supplies::*;
use uuid::Uuid;

/// One of each, the fields that may be left out once with and once without.
fn events() -> Vec<(Role, Event)> {
    let (shipment, at_gate, write_off) = (SHIPMENT, End::Store(gate()), Uuid::from_u128(9));
    let carrier = Carrier { party: CITY, person: Some(Uuid::from_u128(70)) };
    vec![
        (Role::Desk, Event::Promised { promise: promise(100, 48) }),
        (
            Role::Desk,
            Event::Promised { promise: Promise { carrier, leaves: Some(at(30)), from: None, ..round(5) } },
        ),
        (Role::Desk, Event::CalledOff { shipment }),
        (Role::Keeper, Event::Sent { shipment, from: depot(), lines: lines(100, 48) }),
        (Role::Carrier, Event::AtGate { shipment }),
        (Role::Volunteer, Event::Given { shipment, household: Uuid::from_u128(31) }),
        (Role::Gate, Event::Received { shipment, at: at_gate, lines: lines(90, 48), rest: false }),
        (Role::Household, Event::Received { shipment, at: door(31), lines: lines(0, 5), rest: true }),
        (Role::Gate, Event::Refused { shipment, at: at_gate, reason: Reason::WrongGoods }),
        (
            Role::Desk,
            Event::Settled {
                shipment,
                step: Step::Received,
                at: at_gate,
                over: vec![write_off],
                lines: None,
            },
        ),
        (
            Role::Desk,
            Event::Settled {
                shipment,
                step: Step::Sent,
                at: at_gate,
                over: vec![],
                lines: Some(lines(1, 2)),
            },
        ),
        (Role::Keeper, Event::TakenBack { shipment, at: depot(), lines: lines(1, 0) }),
        (Role::Keeper, Event::Found { shipment, at: depot(), lines: lines(1, 0) }),
        (Role::Carrier, Event::Explained { shipment, reason: Reason::NeverLoaded }),
        (
            Role::Keeper,
            Event::WriteOffAsked {
                write_off,
                of: Loss::Shipment(shipment),
                lines: lines(1, 0),
                reason: Reason::Lost,
            },
        ),
        (
            Role::Keeper,
            Event::WriteOffAsked {
                write_off,
                of: Loss::Store(gate()),
                lines: lines(1, 0),
                reason: Reason::Expired,
            },
        ),
        (Role::Desk, Event::WriteOffAgreed { write_off, of: Loss::Shipment(shipment) }),
        (Role::Keeper, Event::Entered { store: gate(), lines: lines(9, 9), entry: Entry::Donated }),
        (
            Role::Keeper,
            Event::Moved { party: GARDEN, from: gate().place, to: depot().place, lines: lines(2, 0) },
        ),
        (Role::Keeper, Event::Used { store: gate(), slot: at(0), lines: lines(3, 0) }),
        (Role::Keeper, Event::Counted { store: gate(), lines: lines(4, 0) }),
        (
            Role::Desk,
            Event::Needed { store: gate(), slot: at(0), until: at(60), round: None, lines: lines(5, 0) },
        ),
        (
            Role::Desk,
            Event::Needed {
                store: gate(),
                slot: at(0),
                until: at(60),
                round: Some(write_off),
                lines: lines(5, 0),
            },
        ),
    ]
}

#[test]
fn records_are_written_as_ever() {
    let record = |(number, (role, event)): (usize, (Role, Event))| Record {
        id: Uuid::from_u128(number as u128),
        at: at(number as i64),
        by: who(if role == Role::Carrier { CITY } else { GARDEN }, role),
        event,
    };
    let written: Vec<String> =
        events().into_iter().enumerate().map(|of| serde_json::to_string(&record(of)).unwrap()).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/records.jsonl");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(path, written.join("\n") + "\n").unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        kept.lines().collect::<Vec<_>>(),
        written,
        "GOLDEN=1 writes it anew, where something was added"
    );
    for (line, of) in kept.lines().zip(events().into_iter().enumerate()) {
        assert_eq!(serde_json::from_str::<Record>(line).unwrap(), record(of));
    }
}
