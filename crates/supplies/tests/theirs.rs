//! Whose word counts of a shipment, how far ahead a stock is looked at, and what fits into a record.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "book/book.rs"]
mod book;

use book::*;
use supplies::*;
use uuid::Uuid;

fn desk(party: Uuid) -> Who {
    who(party, Role::Desk)
}

fn receive(swab: i64, bottles: i64) -> Command {
    let at = End::Store(gate());
    Command::Receive { shipment: SHIPMENT, at, lines: asked(swab, bottles), rest: false, unlisted: false }
}

/// A haulier brings 100 swabs from the city to the garden.
fn hauled() -> Book {
    let mut book = Book::of(GARDEN);
    let carrier = Carrier { party: HAULIER, person: None };
    book.done(desk(CITY), Command::Promise(Promise { carrier, ..promise(100, 0) }));
    book
}

const HAULIER: Uuid = Uuid::from_u128(3);

#[test]
fn whoever_carries_it_and_anybody_else_closes_nothing_that_others_wait_for() {
    let yard = store(HAULIER, 30);
    let at = End::Store(yard);
    let shipment = SHIPMENT;
    let long = Promise { from: Some(yard), due: at_far(), ..promise(100, 0) };
    let own = |book: &Book| book.state.shipment(shipment).unwrap();
    let attacks = [
        Event::Refused { shipment, at, reason: Reason::NotNeeded },
        Event::Promised { promise: long },
        Event::CalledOff { shipment },
        Event::Sent { shipment, from: yard, lines: lines(1, 0) },
        Event::Settled { shipment, step: Step::Received, at, over: vec![], lines: Some(lines(100, 0)) },
        Event::Settled { shipment, step: Step::Sent, at, over: vec![], lines: Some(lines(1, 0)) },
        Event::TakenBack { shipment, at: yard, lines: lines(100, 0) },
        Event::Found { shipment, at: yard, lines: lines(10, 0) },
    ];
    for event in attacks {
        for came in [None, Some(90)] {
            let (mut quiet, mut book) = (hauled(), hauled());
            for book in [&mut quiet, &mut book] {
                if let Some(count) = came {
                    let sent = Command::Send { shipment, from: depot(), lines: vec![(swabs(), 100)] };
                    book.done(who(CITY, Role::Keeper), sent);
                    book.done(
                        who(GARDEN, Role::Gate),
                        Command::Receive {
                            shipment,
                            at: End::Store(gate()),
                            lines: vec![(swabs(), count)],
                            rest: false,
                            unlisted: false,
                        },
                    );
                }
                book.now = AT + 70 * MINUTE;
            }
            let id = book.tell(desk(HAULIER), event.clone());
            assert_eq!(own(&book), own(&quiet), "{event:?}");
            assert_eq!(book.state.ledger(), quiet.state.ledger());
            let mut near = quiet.near();
            near.push("aside: garden desk".to_owned());
            assert_eq!(book.near(), near, "{event:?}");
            assert_eq!(book.state.aside().map(|of| of.id).collect::<Vec<_>>(), [id]);
        }
    }
}

fn at_far() -> domain::Moment {
    at(60 * 24 * 59)
}

#[test]
fn a_haulier_does_not_write_off_what_it_carried_with_two_hands_of_its_own() {
    let mut book = hauled();
    book.done(
        who(CITY, Role::Keeper),
        Command::Send { shipment: SHIPMENT, from: depot(), lines: asked(100, 0) },
    );
    book.done(who(GARDEN, Role::Gate), receive(90, 0));
    let ask = |number, count| Command::AskWriteOff {
        write_off: Uuid::from_u128(number),
        of: Loss::Shipment(SHIPMENT),
        lines: vec![(swabs(), count)],
        reason: Reason::Lost,
    };
    let agree = |number| Command::AgreeWriteOff { write_off: Uuid::from_u128(number) };
    let agreed =
        |number| Event::WriteOffAgreed { write_off: Uuid::from_u128(number), of: Loss::Shipment(SHIPMENT) };
    book.done(who(HAULIER, Role::Keeper), ask(9, 10));
    assert_eq!(book.refused(desk(HAULIER), agree(9)), Refusal::CarriersHands);
    book.tell(desk(HAULIER), agreed(9));
    assert_eq!(book.has(Account::Missing(SHIPMENT), &swabs()), 10, "both hands are the haulier's");
    let stranger = Uuid::from_u128(4);
    assert_eq!(book.refused(desk(stranger), agree(9)), Refusal::NotTheirs);
    assert_eq!(book.refused(desk(stranger), ask(8, 10)), Refusal::NotTheirs);
    book.tell(desk(stranger), agreed(9));
    assert_eq!((book.has(Account::Missing(SHIPMENT), &swabs()), book.state.aside().count()), (10, 1));
    assert!(book.near().contains(&"write_off: garden desk".to_owned()), "{:?}", book.near());
    // Under the request of another somebody asks for more: nobody knows with which the second agrees.
    book.done(who(GARDEN, Role::Keeper), ask(7, 4));
    assert_eq!(book.refused(who(HAULIER, Role::Keeper), ask(7, 10)), Refusal::WriteOffDiffers);
    let more = Event::WriteOffAsked {
        write_off: Uuid::from_u128(7),
        of: Loss::Shipment(SHIPMENT),
        lines: lines(10, 0),
        reason: Reason::Lost,
    };
    book.tell(who(HAULIER, Role::Keeper), more);
    assert_eq!(book.refused(desk(GARDEN), agree(7)), Refusal::WriteOffDiffers);
    book.tell(desk(GARDEN), agreed(7));
    assert_eq!(book.has(Account::Missing(SHIPMENT), &swabs()), 10);
    book.done(desk(GARDEN), agree(9));
    assert_eq!(book.has(Account::WrittenOff(Loss::Shipment(SHIPMENT)), &swabs()), 10);
}

#[test]
fn whoever_agrees_to_one_loss_has_not_agreed_to_another_under_the_same_request() {
    let mut book = Book::of(GARDEN);
    let (write_off, other) = (Uuid::from_u128(9), Uuid::from_u128(0x501));
    for shipment in [SHIPMENT, other] {
        book.tell(desk(CITY), Event::Promised { promise: Promise { shipment, ..promise(100, 0) } });
        book.tell(who(CITY, Role::Keeper), Event::Sent { shipment, from: depot(), lines: lines(100, 0) });
        let at = End::Store(gate());
        book.tell(
            who(GARDEN, Role::Gate),
            Event::Received { shipment, at, lines: lines(90, 0), rest: false },
        );
    }
    let asks = |shipment| Event::WriteOffAsked {
        write_off,
        of: Loss::Shipment(shipment),
        lines: lines(10, 0),
        reason: Reason::Lost,
    };
    book.tell(who(CITY, Role::Keeper), asks(SHIPMENT));
    book.tell(desk(GARDEN), Event::WriteOffAgreed { write_off, of: Loss::Shipment(SHIPMENT) });
    book.tell(who(CITY, Role::Keeper), asks(other));
    assert_eq!(book.has(Account::WrittenOff(Loss::Shipment(SHIPMENT)), &swabs()), 10);
    assert_eq!(book.has(Account::Missing(other), &swabs()), 10);
}

#[test]
fn a_shipment_is_whose_its_code_is_however_a_promise_is_dated() {
    let code = ShipmentKey::new(CITY, [3; 32]).code(5).unwrap();
    let promise = Promise { shipment: code.id(), ..promise(100, 0) };
    let theirs = Promise { from: Some(store(HAULIER, 30)), due: at_far(), ..promise.clone() };
    let mut book = Book::of(GARDEN);
    assert_eq!(book.refused(desk(HAULIER), Command::Promise(theirs.clone())), Refusal::OtherParty);
    let before = Record {
        id: Uuid::from_u128(1),
        at: at(-60),
        by: desk(HAULIER),
        event: Event::Promised { promise: theirs },
    };
    book.state.apply(&before);
    book.done(desk(CITY), Command::Promise(promise.clone()));
    assert_eq!(book.state.shipment(code.id()).unwrap().promise, Some(promise));
    assert_eq!(book.state.aside().map(|of| of.id).collect::<Vec<_>>(), [Uuid::from_u128(1)]);
}

#[test]
fn two_hours_ahead_is_looked_at_slot_by_slot() {
    let mut book = Book::of(GARDEN);
    let keeper = who(GARDEN, Role::Keeper);
    book.done(keeper, Command::Enter { store: gate(), lines: asked(100, 0), entry: Entry::Opening });
    for hour in 0..5 {
        let (slot, until) = (at(60 + hour * 60), at(120 + hour * 60));
        book.done(
            desk(GARDEN),
            Command::Need { store: gate(), slot, until, round: None, lines: vec![(swabs(), 40)] },
        );
    }
    // The first two slots are provided for; the third begins at 180, and lacks 20.
    book.now = at(59);
    assert_eq!(book.near(), [""; 0]);
    assert_eq!(book.state.next_look(book.now), Some(at(60)));
    book.now = at(60);
    let near = book.state.near(book.now);
    assert_eq!((near[0].why, near[0].by), (NearWhy::Low, at(180)));
    assert_eq!(near[0].of, Subject::Stock(gate(), swabs(), 20));
    // In the fourth forty more, as soon as it is near.
    book.now = at(119);
    assert_eq!(book.state.near(book.now)[0].of, Subject::Stock(gate(), swabs(), 20));
    book.tell(keeper, Event::Used { store: gate(), slot: at(60), lines: lines(40, 0) });
    book.now = at(120);
    assert_eq!(book.state.near(book.now)[0].of, Subject::Stock(gate(), swabs(), 60));
    // What comes in time for the third and for the fourth.
    book.tell(desk(CITY), Event::Promised { promise: Promise { due: at(170), ..promise(60, 0) } });
    assert_eq!(book.near(), [""; 0]);
}

#[test]
fn what_does_not_fit_into_a_record_is_refused_and_what_is_granted_fits() {
    let book = Book::of(GARDEN);
    let doors = |many: u128, good: &Good| Promise {
        to: To::Doors {
            party: GARDEN,
            of: (0..many)
                .map(|door| Share {
                    household: Uuid::from_u128(u128::MAX - door),
                    lines: [(good.clone(), 5)].into_iter().collect(),
                })
                .collect(),
        },
        ..round(5)
    };
    let decide = |promise| book.state.decide(AT, &desk(GARDEN), Command::Promise(promise));
    let most = SHARES_MOST as u128;
    let water = Good::new("水", "瓶");
    let event = decide(doors(most, &water)).unwrap().remove(0);
    let record = Record { id: Uuid::from_u128(u128::MAX), at: AT, by: desk(GARDEN), event };
    assert!(serde_json::to_vec(&record).unwrap().len() <= BYTES_MOST);
    assert_eq!(decide(doors(most + 1, &water)), Err(Refusal::TooManyShares));
    let long = Good::new(&"水".repeat(NAME_LETTERS), "bottle");
    assert_eq!(decide(doors(most, &long)), Err(Refusal::TooLarge));
    // And so with any command.
    let many = |long: usize| -> Asked {
        let name = |number: usize| Good::new(&format!("{number:03}{}", "水".repeat(long)), "piece");
        (0..LINES_MOST).map(|number| (name(number), 1)).collect()
    };
    let count = |lines| book.state.decide(AT, &desk(GARDEN), Command::Count { store: gate(), lines });
    assert!(count(many(4)).is_ok());
    assert_eq!(count(many(NAME_LETTERS - 3)), Err(Refusal::TooLarge));
}
