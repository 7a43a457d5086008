//! An unconfirmed hand-over surfaces within five minutes after its time, whatever devices and clocks do.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "book/book.rs"]
mod book;

use book::*;
use domain::Moment;
use proptest::prelude::*;
use supplies::*;
use uuid::Uuid;

/// One hand-over as it really goes: minutes, and when what a device wrote down reaches the server; `None`: never.
#[derive(Clone, Debug)]
struct Drawn {
    due: i64,
    doors: bool,
    /// When the sender's record arrives, and how wrong the clock is.
    sent: Option<(i64, i64)>,
    at_gate: Option<(i64, i64)>,
    /// The receiver's: one for a party, up to three for households; with the count.
    received: [Option<(i64, i64, u32)>; 3],
    refused: bool,
    /// Nobody was at one of the doors that should have spoken, and what was for it, or more, is in stock again: when that arrives, and how many.
    back: Option<(i64, i64, usize, u32)>,
    /// How many of each left: fewer than were promised, or more.
    loaded: u32,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    // Phones are away for up to five hours, and their clocks are up to two hours wrong.
    let away = || proptest::option::weighted(0.7, (0..300i64, -120..120i64));
    let receipt = || proptest::option::weighted(0.5, (0..300i64, -120..120i64, 0..9u32));
    let received = [receipt(), receipt(), receipt()];
    let back = proptest::option::weighted(0.4, (0..300i64, -120..120i64, 0..3usize, 1..9u32));
    let rest = (prop::bool::weighted(0.1), back, 1..14u32);
    (1..200i64, any::<bool>(), away(), away(), received, rest).prop_map(
        |(due, doors, sent, at_gate, received, (refused, back, loaded))| Drawn {
            due,
            doors,
            sent,
            at_gate,
            received,
            refused,
            back,
            loaded,
        },
    )
}

fn shipment(number: usize) -> Uuid {
    Uuid::from_u128(0x5000 + number as u128)
}

/// What reaches a server, and when.
fn arriving(number: usize, of: &Drawn) -> Vec<(i64, Record)> {
    let shipment = shipment(number);
    let base = if of.doors { round(4) } else { promise(4, 0) };
    let promise = Promise { shipment, due: at(of.due), ..base };
    let from = promise.from.unwrap();
    let mut all = Vec::new();
    let mut add = |minute: i64, wrong: i64, by: Who, event: Event| {
        let id = Uuid::from_u128(0xe << 64 | (number as u128) << 8 | all.len() as u128);
        all.push((minute, Record { id, at: at(minute + wrong), by, event }));
    };
    add(0, 0, who(from.party, Role::Desk), Event::Promised { promise });
    if let Some((minute, wrong)) = of.sent {
        add(
            minute,
            wrong,
            who(from.party, Role::Keeper),
            Event::Sent { shipment, from, lines: lines(of.loaded, of.loaded) },
        );
    }
    if let Some((minute, wrong)) = of.at_gate {
        add(minute, wrong, who(CITY, Role::Carrier), Event::AtGate { shipment });
        // Who brings it says that it came: that counts for nothing.
        let receipt = Event::Received { shipment, at: End::Store(gate()), lines: lines(4, 0), rest: false };
        add(minute, wrong, who(CITY, Role::Carrier), receipt);
    }
    for (place, receipt) in of.received.iter().enumerate().take(if of.doors { 3 } else { 1 }) {
        let Some((minute, wrong, count)) = *receipt else { continue };
        let household = 31 + place as u128;
        let at = if of.doors { door(household) } else { End::Store(gate()) };
        let event = if of.refused {
            Event::Refused { shipment, at, reason: Reason::NotNeeded }
        } else {
            Event::Received { shipment, at, lines: lines(count, count), rest: false }
        };
        let home = Who { party: GARDEN, role: Role::Household, person: Uuid::from_u128(household) };
        add(minute, wrong, if of.doors { home } else { who(GARDEN, Role::Gate) }, event);
    }
    if let Some((minute, wrong, place, count)) = of.back.filter(|_| of.doors) {
        let refused = Event::Refused { shipment, at: door(31 + place as u128), reason: Reason::NobodyThere };
        add(minute, wrong, who(GARDEN, Role::Desk), refused);
        let back = Event::TakenBack { shipment, at: from, lines: lines(count, count) };
        add(minute, wrong, who(GARDEN, Role::Keeper), back);
    }
    all
}

/// Whether a server that was told so much knows that all of it was handed over, and which households have not said so.
fn open_at(of: &Drawn, minute: i64) -> Vec<u128> {
    let receivers = 0..if of.doors { 3 } else { 1 };
    let nobody = |place: usize| {
        of.back.is_some_and(|(arrives, _, at, _)| (at, of.doors) == (place, true) && arrives <= minute)
    };
    let silent =
        |place: &usize| of.received[*place].is_none_or(|(arrives, ..)| arrives > minute) && !nobody(*place);
    receivers.filter(silent).map(|place| 31 + place as u128).collect()
}

fn within_five_minutes(list: &[Near], number: usize) -> Option<&Near> {
    let waits = |of: &&Near| matches!(of.why, NearWhy::NotSent | NearWhy::Unconfirmed);
    list.iter().filter(waits).find(|of| of.of == Subject::Shipment(shipment(number)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn an_unconfirmed_hand_over_surfaces_within_five_minutes(drawn in prop::collection::vec(drawn(), 1..6), more in 5..400i64) {
        let mut all: Vec<(i64, Record)> = drawn.iter().enumerate().flat_map(|(number, of)| arriving(number, of)).collect();
        all.sort_by_key(|(minute, record)| (*minute, record.id));
        for party in [CITY, GARDEN] {
            for (number, of) in drawn.iter().enumerate() {
                for minute in [of.due + 5, of.due + more] {
                    let mut state = Supplies::of(party);
                    all.iter().filter(|(arrives, _)| *arrives <= minute).for_each(|(_, record)| state.apply(record));
                    let list = state.near(at(minute));
                    let open = open_at(of, minute);
                    match within_five_minutes(&list, number) {
                        None => prop_assert!(open.is_empty(), "{of:?} stays unseen at {minute}"),
                        Some(near) => {
                            prop_assert!(!open.is_empty(), "{of:?} is confirmed and listed");
                            prop_assert!(!near.call.is_empty(), "{near:?} tells nobody to call");
                            let doors: Vec<u128> = near.households.iter().map(Uuid::as_u128).collect();
                            prop_assert_eq!(doors, if of.doors { open } else { vec![] });
                        }
                    }
                }
                // Before its time nobody is bothered.
                let mut state = Supplies::of(party);
                all.iter().filter(|(arrives, _)| *arrives <= of.due).for_each(|(_, record)| state.apply(record));
                prop_assert!(within_five_minutes(&state.near(at(of.due)), number).is_none());
            }
        }
    }

    /// A server that looks when it is told to look next sees it as early as one that looks each minute.
    #[test]
    fn looking_when_told_to_misses_nothing(drawn in prop::collection::vec(drawn(), 1..6)) {
        let mut all: Vec<(i64, Record)> = drawn.iter().enumerate().flat_map(|(number, of)| arriving(number, of)).collect();
        all.sort_by_key(|(minute, record)| (*minute, record.id));
        let mut state = Supplies::of(GARDEN);
        let mut list = state.near(at(-1));
        let mut next: Option<Moment> = None;
        for minute in 0..420 {
            let new = all.iter().filter(|(arrives, _)| *arrives == minute);
            let told = new.map(|(_, record)| state.apply(record)).count() > 0;
            if told || next.is_some_and(|next| next <= at(minute)) {
                list = state.near(at(minute));
            }
            next = state.next_look(at(minute));
            prop_assert_eq!(&list, &state.near(at(minute)), "at {}", minute);
        }
    }
}
