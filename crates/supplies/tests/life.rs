//! Shipments from promise to receipt, step by step: what is known, what is asked, and where each unit is.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "book/book.rs"]
mod book;

use book::*;
use supplies::*;
use uuid::Uuid;

fn desk(party: Uuid) -> Who {
    who(party, Role::Desk)
}

/// 1,000 swabs and 240 bottles are in the depot, 100 and 48 of them on their way.
fn on_its_way() -> Book {
    let mut book = Book::of(GARDEN);
    book.done(desk(CITY), Command::Enter { store: depot(), lines: asked(1000, 240), entry: Entry::Opening });
    book.done(desk(CITY), Command::Promise(promise(100, 48)));
    book.done(desk(CITY), Command::Send { shipment: SHIPMENT, from: depot(), lines: asked(100, 48) });
    book
}

fn receive(swab: i64, bottles: i64) -> Command {
    let at = End::Store(gate());
    Command::Receive { shipment: SHIPMENT, at, lines: asked(swab, bottles), rest: false, unlisted: false }
}

#[test]
fn it_is_delivered_when_the_receiver_says_so_and_not_before() {
    let mut book = on_its_way();
    assert_eq!(book.shipment().stage, Stage::Sent);
    assert_eq!(
        (book.has(Account::Stock(depot()), &swabs()), book.has(Account::Transit(SHIPMENT), &swabs())),
        (900, 100)
    );
    book.tell(who(CITY, Role::Carrier), Event::AtGate { shipment: SHIPMENT });
    assert_eq!(book.shipment().stage, Stage::AtGate, "who brings it does not say that it came");
    let receipt =
        Event::Received { shipment: SHIPMENT, at: End::Store(gate()), lines: lines(100, 48), rest: false };
    book.tell(who(CITY, Role::Carrier), receipt);
    assert_eq!(book.shipment().stage, Stage::AtGate, "nobody receives for another party");
    assert_eq!(book.near(), ["aside: city desk"]);
    let own = Command::Receive {
        shipment: SHIPMENT,
        at: End::Store(depot()),
        lines: asked(100, 48),
        rest: false,
        unlisted: true,
    };
    assert_eq!(book.refused(who(CITY, Role::Gate), own), Refusal::NotTheirs, "its sender takes it back");
    book.done(who(GARDEN, Role::Gate), receive(100, 48));
    assert_eq!(book.state.decide(book.now, &who(GARDEN, Role::Gate), receive(100, 48)), Ok(vec![]));
    assert_eq!(book.shipment().stage, Stage::Received);
    assert!(book.shipment().is_over());
    assert_eq!(
        (book.has(Account::Stock(gate()), &water()), book.has(Account::Transit(SHIPMENT), &water())),
        (48, 0)
    );
    assert_eq!(book.state.ledger().sum(&swabs()), 0);
}

#[test]
fn what_nobody_has_confirmed_is_seen_with_whom_to_call() {
    let mut book = Book::of(GARDEN);
    book.done(desk(CITY), Command::Promise(Promise { leaves: Some(at(30)), ..promise(100, 48) }));
    book.now = at(32);
    assert_eq!(book.near(), [""; 0]);
    assert_eq!(book.state.next_look(book.now), Some(at(33)));
    book.later(1);
    assert_eq!(book.near(), ["not_sent: city desk, city carrier, garden gate"]);
    book.tell(
        who(CITY, Role::Keeper),
        Event::Sent { shipment: SHIPMENT, from: depot(), lines: lines(100, 48) },
    );
    assert_eq!(book.near(), [""; 0]);
    book.now = at(63);
    assert_eq!(book.near(), ["unconfirmed: city carrier, garden gate, city desk"]);
    book.tell(who(CITY, Role::Carrier), Event::AtGate { shipment: SHIPMENT });
    assert_eq!(book.near(), ["unconfirmed: garden gate, city carrier, city desk"]);
    // Promised anew, it is late from then on.
    let again = Command::Promise(Promise { due: at(120), ..promise(100, 48) });
    assert_eq!(book.refused(desk(CITY), again), Refusal::OnItsWay);
    book.done(who(GARDEN, Role::Gate), receive(100, 48));
    assert_eq!(book.near(), [""; 0]);
}

#[test]
fn what_is_short_is_explained_found_or_written_off_by_two() {
    let mut book = on_its_way();
    let differs = book.state.differs(SHIPMENT, None, asked(90, 48)).unwrap();
    assert_eq!(differs, [Differs { good: swabs(), awaited: 100, counted: 90 }]);
    book.done(who(GARDEN, Role::Gate), receive(90, 48));
    assert_eq!(book.shipment().stage, Stage::Short);
    assert_eq!(book.near(), ["short: city desk, city carrier, garden desk"]);
    book.done(who(GARDEN, Role::Keeper), Command::Explain { shipment: SHIPMENT, reason: Reason::Unknown });
    assert_eq!(book.near(), ["short: city desk, city carrier"]);
    let find = |count| Command::Find { shipment: SHIPMENT, at: depot(), lines: vec![(swabs(), count)] };
    let too_many = Refusal::MoreThanMissing { good: "swabs".to_owned(), missing: 10 };
    assert_eq!(book.refused(desk(CITY), find(11)), too_many);
    book.done(desk(CITY), find(6));
    assert_eq!(
        (book.has(Account::Stock(depot()), &swabs()), book.has(Account::Missing(SHIPMENT), &swabs())),
        (906, 4)
    );
    let (write_off, of) = (Uuid::from_u128(9), Loss::Shipment(SHIPMENT));
    let ask = Command::AskWriteOff { write_off, of, lines: vec![(swabs(), 4)], reason: Reason::Lost };
    book.done(who(GARDEN, Role::Keeper), ask);
    let agree = Command::AgreeWriteOff { write_off };
    assert_eq!(book.refused(who(GARDEN, Role::Keeper), agree.clone()), Refusal::SameHand);
    let other = Who { person: Uuid::from_u128(77), ..who(GARDEN, Role::Keeper) };
    assert_eq!(book.refused(other, agree.clone()), Refusal::SameRole);
    assert_eq!(book.near(), ["short: city desk, city carrier", "write_off: garden desk"]);
    book.done(desk(GARDEN), agree);
    assert!(book.shipment().is_over());
    assert_eq!(book.near(), [""; 0]);
    assert_eq!(book.has(Account::WrittenOff(of), &swabs()), 4);
    // Found after all, it is in stock and no more written off than is gone.
    book.tell(desk(GARDEN), Event::Found { shipment: SHIPMENT, at: gate(), lines: lines(3, 0) });
    assert_eq!(
        (book.has(Account::WrittenOff(of), &swabs()), book.has(Account::Stock(gate()), &swabs())),
        (1, 93)
    );
    assert_eq!(book.state.ledger().sum(&swabs()), 0);
}

#[test]
fn whoever_had_not_heard_of_a_count_is_not_refused_and_both_stand() {
    let mut book = on_its_way();
    let unheard = |command| Command::Unheard(Box::new(command));
    let one = who(GARDEN, Role::Gate);
    let other = Who { person: Uuid::from_u128(77), ..one };
    let first = book.done(one, unheard(receive(60, 48)))[0];
    let same = book.state.decide(book.now, &other, unheard(receive(60, 48)));
    assert_eq!(same, Ok(vec![]), "the same count is nothing new");
    let second = book.done(other, unheard(receive(100, 48)))[0];
    let refuse = Command::Refuse { shipment: SHIPMENT, at: End::Store(gate()), reason: Reason::Broken };
    assert_eq!(book.refused(other, refuse.clone()), Refusal::AlreadyReceived);
    let third = book.done(other, unheard(refuse))[0];
    assert_eq!(book.shipment().contested, [first, second, third].into());
    assert_eq!(book.has(Account::Stock(gate()), &swabs()), 60, "the first holds until somebody has looked");
    // What is wrong in itself is refused all the same.
    assert_eq!(book.refused(who(CITY, Role::Gate), unheard(receive(1, 1))), Refusal::NotTheirs);
    let nothing = Command::Receive {
        shipment: SHIPMENT,
        at: End::Store(gate()),
        lines: vec![],
        rest: false,
        unlisted: false,
    };
    assert_eq!(book.refused(other, unheard(nothing)), Refusal::NothingCounted);
}

#[test]
fn two_receipts_that_differ_are_asked_about_and_nothing_is_lost() {
    let mut book = on_its_way();
    let first = book.done(who(GARDEN, Role::Gate), receive(60, 48))[0];
    assert_eq!(book.refused(who(GARDEN, Role::Volunteer), receive(40, 0)), Refusal::AlreadyReceived);
    let received = |lines| Event::Received { shipment: SHIPMENT, at: End::Store(gate()), lines, rest: false };
    let second = book.tell(who(GARDEN, Role::Volunteer), received(lines(100, 48)));
    assert_eq!(book.shipment().contested, [first, second].into());
    assert_eq!(book.has(Account::Stock(gate()), &swabs()), 60, "the first holds until somebody has looked");
    assert_eq!(book.near(), ["contested: garden desk", "short: city desk, city carrier, garden desk"]);
    let settle =
        |lines| Command::Settle { shipment: SHIPMENT, step: Step::Received, at: End::Store(gate()), lines };
    assert_eq!(book.refused(who(GARDEN, Role::Gate), settle(Some(asked(100, 48)))), Refusal::NotTheirs);
    book.done(desk(GARDEN), settle(Some(asked(100, 48))));
    assert!(book.shipment().is_over());
    assert_eq!(book.has(Account::Stock(gate()), &swabs()), 100);
    // A third count comes in late from a phone that was away: it is asked about again.
    book.tell(who(GARDEN, Role::Keeper), received(lines(99, 48)));
    assert_eq!(book.near(), ["contested: garden desk"]);
    book.done(desk(GARDEN), settle(Some(asked(100, 48))));
    assert_eq!(book.near(), [""; 0]);
}

#[test]
fn the_rest_comes_later_and_more_than_left_is_a_fact_too() {
    let mut book = on_its_way();
    book.done(who(GARDEN, Role::Gate), receive(60, 48));
    let rest = |count| Command::Receive {
        shipment: SHIPMENT,
        at: End::Store(gate()),
        lines: vec![(swabs(), count)],
        rest: true,
        unlisted: false,
    };
    book.done(who(GARDEN, Role::Gate), rest(40));
    assert!(book.shipment().is_over());
    book.done(who(GARDEN, Role::Gate), rest(5));
    assert_eq!(book.shipment().surplus, [(swabs(), 5)].into());
    assert_eq!(book.near(), ["surplus: city desk"]);
    assert_eq!(
        (book.has(Account::Stock(gate()), &swabs()), book.has(Account::Difference(GARDEN), &swabs())),
        (105, -5)
    );
    // The sender counts again: five more had left.
    let settle = Command::Settle {
        shipment: SHIPMENT,
        step: Step::Sent,
        at: End::Store(depot()),
        lines: Some(asked(105, 48)),
    };
    book.done(desk(CITY), settle);
    assert_eq!(
        (book.has(Account::Stock(depot()), &swabs()), book.has(Account::Difference(GARDEN), &swabs())),
        (895, 0)
    );
    assert_eq!(book.near(), [""; 0]);
}

#[test]
fn what_cannot_be_is_told_with_what_to_do() {
    let book = on_its_way();
    let gate_keeper = who(GARDEN, Role::Gate);
    let negative = Refusal::CountNegative { good: "swabs".to_owned() };
    assert_eq!(book.refused(gate_keeper, receive(-1, 48)), negative);
    assert_eq!(
        book.refused(gate_keeper, receive(i64::MAX, 48)),
        Refusal::CountLarge { good: "swabs".to_owned() }
    );
    let nothing = Command::Count { store: gate(), lines: vec![] };
    assert_eq!(book.refused(gate_keeper, nothing), Refusal::NothingCounted);
    let unknown =
        Command::Refuse { shipment: Uuid::from_u128(4), at: End::Store(gate()), reason: Reason::TooLate };
    assert_eq!(book.refused(gate_keeper, unknown), Refusal::UnknownShipment);
    assert_eq!(book.refused(desk(CITY), Command::CallOff { shipment: SHIPMENT }), Refusal::OnItsWay);
    assert_eq!(book.refused(gate_keeper, Command::CallOff { shipment: SHIPMENT }), Refusal::NotTheirs);
    let more = Command::Send { shipment: SHIPMENT, from: depot(), lines: asked(1, 1) };
    assert_eq!(book.refused(desk(CITY), more), Refusal::AlreadySent);
    let unnamed = Command::Count { store: gate(), lines: vec![(Good::new(" ", "piece"), 1)] };
    assert_eq!(book.refused(gate_keeper, unnamed), Refusal::GoodUnnamed);
    for (late, refusal) in [(-1, Refusal::TimePast), (60 * 24 * 100, Refusal::TimeFar)] {
        let promise = Promise { shipment: Uuid::from_u128(8), due: at(late), ..promise(1, 1) };
        assert_eq!(book.refused(desk(CITY), Command::Promise(promise)), refusal);
    }
}

#[test]
fn what_comes_unannounced_is_taken_in_and_asked_about() {
    let mut book = Book::of(GARDEN);
    let receive = |unlisted| Command::Receive {
        shipment: SHIPMENT,
        at: End::Store(gate()),
        lines: asked(10, 0),
        rest: false,
        unlisted,
    };
    assert_eq!(book.refused(who(GARDEN, Role::Gate), receive(false)), Refusal::UnknownShipment);
    book.done(who(GARDEN, Role::Gate), receive(true));
    assert_eq!(book.near(), ["unannounced: "]);
    assert_eq!((book.has(Account::Stock(gate()), &swabs()), book.has(Account::Outside, &swabs())), (10, -10));
    // The promise comes in after the receipt: two of twelve are missing.
    book.tell(desk(CITY), Event::Promised { promise: promise(12, 0) });
    assert_eq!(book.near(), ["short: city desk, city carrier, garden desk"]);
    assert_eq!(book.has(Account::Stock(depot()), &swabs()), -12);
    // What left is told last: ten.
    book.tell(desk(CITY), Event::Sent { shipment: SHIPMENT, from: depot(), lines: lines(10, 0) });
    assert_eq!(book.near(), [""; 0]);
}

#[test]
fn what_is_refused_goes_back_and_is_seen_until_it_is_there() {
    let mut book = on_its_way();
    let refuse = Command::Refuse { shipment: SHIPMENT, at: End::Store(gate()), reason: Reason::WrongGoods };
    book.done(who(GARDEN, Role::Gate), refuse);
    assert_eq!(book.shipment().stage, Stage::Refused);
    assert_eq!(book.refused(who(GARDEN, Role::Gate), receive(100, 48)), Refusal::AlreadyRefused);
    assert_eq!(book.near(), ["refused: city carrier, city desk"]);
    let back = |swab| Command::TakeBack { shipment: SHIPMENT, at: depot(), lines: asked(swab, 48) };
    let too_many = Refusal::MoreThanMissing { good: "swabs".to_owned(), missing: 100 };
    assert_eq!(book.refused(desk(CITY), back(101)), too_many);
    book.done(desk(CITY), back(100));
    assert_eq!(book.shipment().stage, Stage::TakenBack);
    assert!(book.near().is_empty() && book.shipment().is_over());
    assert_eq!(book.has(Account::Stock(depot()), &swabs()), 1000);
}

#[test]
fn each_household_says_for_itself_that_it_came() {
    let mut book = Book::of(GARDEN);
    book.done(desk(GARDEN), Command::Enter { store: gate(), lines: asked(0, 20), entry: Entry::Donated });
    book.done(desk(GARDEN), Command::Promise(round(5)));
    book.done(desk(GARDEN), Command::Send { shipment: SHIPMENT, from: gate(), lines: asked(0, 16) });
    let volunteer = who(GARDEN, Role::Volunteer);
    for household in [31, 32, 33] {
        book.done(volunteer, Command::Give { shipment: SHIPMENT, household: Uuid::from_u128(household) });
    }
    let receive = |household, count| Command::Receive {
        shipment: SHIPMENT,
        at: door(household),
        lines: vec![(water(), count)],
        rest: false,
        unlisted: false,
    };
    let home = |household| Who { party: GARDEN, role: Role::Household, person: Uuid::from_u128(household) };
    assert_eq!(
        book.refused(home(31), receive(32, 5)),
        Refusal::NotTheirs,
        "nobody confirms for the neighbours"
    );
    book.done(home(31), receive(31, 5));
    // Who was at the door confirms for nobody; another volunteer, who has asked them, may.
    assert_eq!(book.refused(volunteer, receive(32, 5)), Refusal::OwnGift);
    book.tell(
        volunteer,
        Event::Received { shipment: SHIPMENT, at: door(32), lines: lines(0, 5), rest: false },
    );
    assert_eq!(book.shipment().unconfirmed().count(), 2);
    book.done(Who { person: Uuid::from_u128(88), ..volunteer }, receive(32, 4));
    book.now = at(63);
    let waits = "unconfirmed (1 doors): garden volunteer, garden carrier, garden desk";
    assert_eq!(book.near(), ["short: garden desk, garden carrier", waits]);
    let nobody = Event::Refused { shipment: SHIPMENT, at: door(33), reason: Reason::NobodyThere };
    book.tell(Who { person: Uuid::from_u128(88), ..volunteer }, nobody);
    assert_eq!(
        (book.shipment().missing, book.has(Account::Given(GARDEN), &water())),
        ([(water(), 1)].into(), 9)
    );
    // What was for the third and the bottle beyond are still on the cart.
    book.done(desk(GARDEN), Command::TakeBack { shipment: SHIPMENT, at: gate(), lines: vec![(water(), 6)] });
    book.later(1);
    assert_eq!(book.near(), ["short: garden desk, garden carrier"]);
    assert_eq!(book.has(Account::Stock(gate()), &water()), 10);
    // The missing one turns up: the others have theirs, though one door's came back.
    let found = Command::Find { shipment: SHIPMENT, at: gate(), lines: vec![(water(), 1)] };
    book.done(who(GARDEN, Role::Keeper), found);
    assert_eq!((book.shipment().stage, book.shipment().is_over()), (Stage::Received, true));
}

#[test]
fn what_is_refused_though_nobody_said_that_it_left_is_seen_until_its_sender_speaks() {
    let refused = || {
        let mut book = Book::of(GARDEN);
        book.done(
            desk(CITY),
            Command::Enter { store: depot(), lines: asked(100, 48), entry: Entry::Opening },
        );
        book.done(desk(CITY), Command::Promise(promise(100, 48)));
        let refuse =
            Command::Refuse { shipment: SHIPMENT, at: End::Store(gate()), reason: Reason::NotNeeded };
        book.done(who(GARDEN, Role::Gate), refuse);
        assert_eq!(book.shipment().stage, Stage::Refused);
        assert_eq!(book.near(), ["refused: city carrier, city desk"]);
        book
    };
    let send = Command::Send { shipment: SHIPMENT, from: depot(), lines: asked(100, 48) };
    // It had left, and is back.
    let mut book = refused();
    book.done(who(CITY, Role::Keeper), send.clone());
    assert_eq!(book.near(), ["refused: city carrier, city desk"]);
    let back = Command::TakeBack { shipment: SHIPMENT, at: depot(), lines: asked(100, 48) };
    book.done(who(CITY, Role::Keeper), back);
    assert_eq!((book.near(), book.shipment().stage), (vec![], Stage::TakenBack));
    assert!(book.shipment().is_over());
    assert_eq!(book.has(Account::Stock(depot()), &swabs()), 100);
    // It had not, and does not.
    let mut book = refused();
    let off = Command::CallOff { shipment: SHIPMENT };
    assert_eq!(book.refused(desk(GARDEN), off.clone()), Refusal::NotTheirs);
    book.done(desk(CITY), off.clone());
    assert_eq!((book.near(), book.shipment().stage), (vec![], Stage::CalledOff));
    assert!(book.shipment().is_over());
    assert_eq!(book.refused(desk(CITY), send), Refusal::CalledOff);
    // It had, says somebody late: it is to come back.
    book.tell(
        who(CITY, Role::Keeper),
        Event::Sent { shipment: SHIPMENT, from: depot(), lines: lines(100, 48) },
    );
    assert_eq!(book.near(), ["refused: city carrier, city desk"]);
    // What came to be refused after it was called off is seen all the same.
    let mut book = Book::of(GARDEN);
    book.done(desk(CITY), Command::Promise(promise(100, 48)));
    book.done(desk(CITY), off.clone());
    book.tell(
        who(GARDEN, Role::Gate),
        Event::Refused { shipment: SHIPMENT, at: End::Store(gate()), reason: Reason::NotNeeded },
    );
    assert_eq!(book.near(), ["refused: city carrier, city desk"]);
    book.later(1);
    book.done(desk(CITY), off);
    assert_eq!(book.near(), [""; 0]);
}

/// Three doors get five bottles each; so many are loaded.
fn on_a_cart(loaded: i64) -> Book {
    let mut book = Book::of(GARDEN);
    book.done(desk(GARDEN), Command::Enter { store: gate(), lines: asked(0, 20), entry: Entry::Donated });
    book.done(desk(GARDEN), Command::Promise(round(5)));
    let lines = vec![(water(), loaded)];
    book.done(desk(GARDEN), Command::Send { shipment: SHIPMENT, from: gate(), lines });
    book
}

fn at_door(household: u128, count: i64) -> Command {
    let (at, lines) = (door(household), vec![(water(), count)]);
    Command::Receive { shipment: SHIPMENT, at, lines, rest: false, unlisted: false }
}

fn nobody_there(household: u128) -> Command {
    Command::Refuse { shipment: SHIPMENT, at: door(household), reason: Reason::NobodyThere }
}

fn back(count: i64) -> Command {
    Command::TakeBack { shipment: SHIPMENT, at: gate(), lines: vec![(water(), count)] }
}

#[test]
fn a_household_that_got_nothing_stays_listed_whatever_else_of_its_cart_came_back() {
    // Of fifteen bottles ten are loaded; or fifteen, and the first door takes what was the third's.
    for (loaded, first) in [(10, 5), (15, 10)] {
        for brought in [false, true] {
            let mut book = on_a_cart(loaded);
            if brought {
                for household in [31, 32, 33] {
                    let household = Uuid::from_u128(household);
                    book.done(who(GARDEN, Role::Carrier), Command::Give { shipment: SHIPMENT, household });
                }
            }
            book.done(desk(GARDEN), at_door(31, first));
            book.done(desk(GARDEN), nobody_there(32));
            book.done(desk(GARDEN), back(5));
            assert_eq!(book.shipment().transit, Counts::new());
            assert_eq!(book.shipment().stage, if brought { Stage::AtGate } else { Stage::Sent });
            assert!(!book.shipment().is_over());
            book.now = at(63);
            let near = book.state.near(book.now);
            let waits = near.iter().find(|of| of.why == NearWhy::Unconfirmed).unwrap();
            assert_eq!(waits.households, [Uuid::from_u128(33)]);
            // It goes off the list when somebody says what became of it there.
            book.done(desk(GARDEN), nobody_there(33));
            assert!(book.near().iter().all(|near| !near.starts_with("unconfirmed")), "{:?}", book.near());
        }
    }
}

#[test]
fn a_cart_that_comes_back_as_it_left_is_taken_back() {
    let mut book = on_a_cart(15);
    book.done(desk(GARDEN), back(15));
    assert_eq!((book.shipment().stage, book.shipment().is_over()), (Stage::TakenBack, true));
    let mut book = on_a_cart(15);
    for household in [31, 32, 33] {
        book.done(desk(GARDEN), nobody_there(household));
        book.done(desk(GARDEN), back(5));
    }
    assert_eq!((book.shipment().stage, book.shipment().is_over()), (Stage::TakenBack, true));
    let mut book = on_its_way();
    book.done(desk(CITY), Command::TakeBack { shipment: SHIPMENT, at: depot(), lines: asked(100, 48) });
    assert_eq!((book.shipment().stage, book.shipment().is_over()), (Stage::TakenBack, true));
    book.now = at(90);
    assert_eq!(book.near(), [""; 0]);
}

#[test]
fn a_count_corrects_the_stock_and_what_was_used_before_it_changes_only_the_difference() {
    let mut book = Book::of(GARDEN);
    let keeper = who(GARDEN, Role::Keeper);
    book.done(keeper, Command::Enter { store: gate(), lines: asked(100, 0), entry: Entry::Opening });
    let used = |count| Event::Used { store: gate(), slot: at(0), lines: lines(count, 0) };
    book.tell(keeper, used(30));
    book.later(10);
    book.done(keeper, Command::Count { store: gate(), lines: vec![(swabs(), 65)] });
    let difference = |book: &Book| {
        let of = book.state.ledger().differences(gate(), &swabs());
        of.iter().map(|of| (of.counted, of.booked)).collect::<Vec<_>>()
    };
    assert_eq!((difference(&book), book.has(Account::Difference(GARDEN), &swabs())), (vec![(65, 70)], 5));
    // So far fifty were used in the slot, of which thirty before the count.
    book.tell(keeper, used(50));
    assert_eq!(
        (book.has(Account::Stock(gate()), &swabs()), book.has(Account::Used(gate()), &swabs())),
        (45, 50)
    );
    // A phone that was away tells of two more before the count: the difference is smaller, the stock is what was counted.
    let late = Record { at: at(5), id: Uuid::from_u128(1), by: who(GARDEN, Role::Volunteer), event: used(2) };
    book.state.apply(&late);
    book.state.apply(&late);
    assert_eq!((difference(&book), book.has(Account::Stock(gate()), &swabs())), (vec![(65, 68)], 45));
    assert_eq!(book.state.ledger().sum(&swabs()), 0);
    // Of more than there is somebody counts anew.
    book.tell(keeper, used(99));
    assert_eq!(book.near(), ["overdrawn: garden keeper"]);
}

#[test]
fn a_stock_that_does_not_reach_for_the_next_slot_is_seen_while_something_can_be_brought() {
    let mut book = Book::of(GARDEN);
    let keeper = who(GARDEN, Role::Keeper);
    book.done(keeper, Command::Enter { store: gate(), lines: asked(100, 0), entry: Entry::Opening });
    let need = Command::Need {
        store: gate(),
        slot: at(180),
        until: at(240),
        round: None,
        lines: vec![(swabs(), 150)],
    };
    book.done(desk(GARDEN), need);
    assert_eq!(book.near(), [""; 0]);
    assert_eq!(book.state.next_look(book.now), Some(at(60)));
    book.now = at(60);
    assert_eq!(book.near(), ["low: garden keeper, garden desk"]);
    assert_eq!(book.state.near(book.now)[0].of, Subject::Stock(gate(), swabs(), 50));
    // What is promised in time counts, until it is late.
    book.tell(desk(CITY), Event::Promised { promise: Promise { due: at(90), ..promise(50, 0) } });
    assert_eq!(book.near(), [""; 0]);
    book.now = at(93);
    assert_eq!(
        book.near(),
        ["not_sent: city desk, city carrier, garden gate", "low: garden keeper, garden desk"]
    );
    book.done(who(GARDEN, Role::Gate), receive(50, 0));
    assert_eq!(book.near(), [""; 0]);
    // In the slot itself what was used of it is needed no more.
    book.now = at(200);
    book.tell(keeper, Event::Used { store: gate(), slot: at(180), lines: lines(140, 0) });
    assert_eq!(book.near(), [""; 0]);
    book.done(keeper, Command::Count { store: gate(), lines: vec![(swabs(), 9)] });
    assert_eq!(book.near(), ["low: garden keeper, garden desk"]);
}

#[test]
fn a_stock_provides_for_two_rounds_at_a_time_and_for_one_of_them_no_more() {
    let mut book = Book::of(GARDEN);
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let needs = |round, slot, count| Command::Need {
        store: gate(),
        slot: at(slot),
        until: at(slot + 60),
        round: Some(round),
        lines: vec![(swabs(), count)],
    };
    let keeper = who(GARDEN, Role::Keeper);
    book.done(keeper, Command::Enter { store: gate(), lines: asked(100, 0), entry: Entry::Opening });
    for (round, slot, count) in [(one, 60, 60), (one, 120, 50), (other, 60, 30)] {
        book.done(desk(GARDEN), needs(round, slot, count));
    }
    let seen = |book: &Book| -> Vec<[i64; 4]> {
        let slots = book.state.slots(gate(), &swabs(), book.now);
        slots.iter().map(|of| [of.needs, of.used, of.there, of.lacks]).collect()
    };
    assert_eq!(seen(&book), [[90, 0, 100, 0], [50, 0, 100, 40]]);
    assert_eq!(book.state.provided(gate()), [(one, at(180)), (other, at(120))].into());
    let only = |count| Lines([(swabs(), count)].into());
    let needs_of = [((at(60), at(120)), only(60)), ((at(120), at(180)), only(50))];
    assert_eq!(book.state.needs_of(gate(), one), needs_of.into());
    // Said again, it is said already; of a good that was needed nothing is, nothing is asked for.
    assert_eq!(book.state.decide(book.now, &desk(GARDEN), needs(other, 60, 30)), Ok(vec![]));
    book.done(desk(GARDEN), needs(other, 60, 0));
    assert_eq!(seen(&book), [[60, 0, 100, 0], [50, 0, 100, 10]]);
    assert_eq!(book.state.provided(gate()), [(one, at(180))].into());
    // What a round has used is needed no more, and is not there any more: what lacks stays the same.
    book.now = at(100);
    book.tell(keeper, Event::Used { store: gate(), slot: at(60), lines: lines(45, 0) });
    assert_eq!(seen(&book), [[60, 45, 55, 0], [50, 0, 55, 10]]);
    assert_eq!(book.state.used_by(gate(), at(60), keeper.person, &swabs()), Some((book.now, 45)));
    book.now = at(180);
    assert_eq!((seen(&book), book.state.needed(gate(), book.now).count()), (vec![], 0));
}

#[test]
fn codes_are_typed_in_short_where_the_shipment_is_awaited() {
    let key = ShipmentKey::new(CITY, [3; 32]);
    let code = key.code(5).unwrap();
    let mut book = Book::of(GARDEN);
    book.tell(desk(CITY), Event::Promised { promise: Promise { shipment: code.id(), ..promise(1, 1) } });
    assert_eq!(book.state.read(&code.short().to_lowercase()), Ok(code));
    assert_eq!(book.state.read(&code.to_string()), Ok(code));
    assert!(book.state.read(&key.code(6).unwrap().to_string()).is_err());
    assert_eq!(
        (book.state.next_number(&key), book.state.next_number(&ShipmentKey::new(GARDEN, [3; 32]))),
        (6, 0)
    );
    // Whoever guesses a code uses up no number: its party has not promised it.
    let last = key.code(SHIPMENTS_MOST - 1).unwrap().id();
    let received =
        Event::Received { shipment: last, at: End::Store(gate()), lines: lines(1, 1), rest: false };
    book.tell(who(GARDEN, Role::Gate), received);
    book.tell(desk(GARDEN), Event::Explained { shipment: last, reason: Reason::Unknown });
    let mine = Promise { shipment: last, from: Some(gate()), ..promise(1, 1) };
    book.tell(desk(GARDEN), Event::Promised { promise: mine });
    assert_eq!(book.state.next_number(&key), 6);
    book.tell(desk(CITY), Event::Promised { promise: Promise { shipment: last, ..promise(1, 1) } });
    assert_eq!(book.state.next_number(&key), SHIPMENTS_MOST);
}

#[test]
fn every_refusal_and_every_reason_to_look_has_words_in_all_languages() {
    use domain::letters::CodeFault;
    let good = || "swabs".to_owned();
    let refusals = [
        Refusal::Code(CodeFault::NoCode),
        Refusal::Code(CodeFault::Foreign),
        Refusal::UnknownShipment,
        Refusal::UnknownWriteOff,
        Refusal::NotTheirs,
        Refusal::GoodUnnamed,
        Refusal::CountNegative { good: good() },
        Refusal::CountLarge { good: good() },
        Refusal::NothingCounted,
        Refusal::TooManyLines,
        Refusal::TooManyShares,
        Refusal::ShareTwice,
        Refusal::TimePast,
        Refusal::TimeFar,
        Refusal::SlotEnds,
        Refusal::AlreadySent,
        Refusal::OnItsWay,
        Refusal::CalledOff,
        Refusal::AlreadyReceived,
        Refusal::AlreadyRefused,
        Refusal::OtherParty,
        Refusal::NothingToSettle,
        Refusal::NothingMissing,
        Refusal::MoreThanMissing { good: good(), missing: 4 },
        Refusal::SameHand,
        Refusal::SameRole,
        Refusal::CarriersHands,
        Refusal::WriteOffDiffers,
        Refusal::TooLarge,
    ];
    for language in words::Language::ALL {
        for refusal in &refusals {
            let (code, args) = refusal.said();
            for key in [format!("problem.{code}"), format!("problem_mend.{code}")] {
                let said = words::say(language, &key, &args);
                assert!(said != key && !said.contains('{'), "{key}: {said}");
            }
        }
        let whys = [
            NearWhy::Contested,
            NearWhy::NotSent,
            NearWhy::Unconfirmed,
            NearWhy::Astray,
            NearWhy::Short,
            NearWhy::Surplus,
            NearWhy::Refused,
            NearWhy::LeftOver,
            NearWhy::Unannounced,
            NearWhy::WriteOff,
            NearWhy::Overdrawn,
            NearWhy::Low,
            NearWhy::Aside,
        ];
        for key in whys.map(NearWhy::key) {
            assert_ne!(words::say::<&str, &str>(language, key, &[]), key);
        }
    }
}

#[test]
fn what_another_party_received_is_astray_until_its_own_receiver_has_it() {
    let mut book = on_its_way();
    let other = Uuid::from_u128(3);
    let elsewhere = End::Store(store(other, 30));
    let received = Event::Received { shipment: SHIPMENT, at: elsewhere, lines: lines(100, 48), rest: false };
    book.tell(who(other, Role::Gate), received);
    book.now = at(63);
    assert_eq!(book.near()[0], "astray: garden desk, city carrier");
    assert!(book.near().iter().any(|near| near.starts_with("unconfirmed: ")), "{:?}", book.near());
    assert_eq!(
        (
            book.has(Account::Stock(store(other, 30)), &swabs()),
            book.has(Account::Transit(SHIPMENT), &swabs())
        ),
        (100, 0)
    );
    // Its desk has looked: it was another shipment. Nobody else can say so for it.
    let settle = |lines| Command::Settle { shipment: SHIPMENT, step: Step::Received, at: elsewhere, lines };
    let nothing = || Some(asked(0, 0));
    assert_eq!(book.refused(desk(CITY), settle(nothing())), Refusal::NotTheirs);
    assert_eq!(book.refused(who(other, Role::Gate), settle(nothing())), Refusal::NotTheirs);
    assert_eq!(book.shipment().elsewhere, [(other, [(swabs(), 100), (water(), 48)].into())].into());
    book.done(desk(other), settle(Some(asked(10, 0))));
    assert_eq!((book.shipment().astray, book.has(Account::Transit(SHIPMENT), &swabs())), (Some(other), 90));
    book.done(desk(other), settle(nothing()));
    assert_eq!((book.shipment().astray, book.state.aside().count()), (None, 0));
    assert!(book.shipment().elsewhere.is_empty());
    assert_eq!(
        (
            book.has(Account::Stock(store(other, 30)), &swabs()),
            book.has(Account::Transit(SHIPMENT), &swabs())
        ),
        (0, 100)
    );
    assert_eq!(book.near(), ["unconfirmed: city carrier, garden gate, city desk"]);
    book.done(who(GARDEN, Role::Gate), receive(100, 48));
    assert!(book.shipment().is_over() && book.near().is_empty());
    // Who has said nothing has nothing to settle.
    let stranger = Uuid::from_u128(4);
    let at = End::Store(store(stranger, 40));
    let of_nothing = Command::Settle { shipment: SHIPMENT, step: Step::Received, at, lines: nothing() };
    assert_eq!(book.refused(desk(stranger), of_nothing), Refusal::NothingToSettle);
}

#[test]
fn a_promise_may_change_until_it_leaves_and_is_called_off_by_whoever_made_it() {
    let mut book = Book::of(GARDEN);
    book.done(desk(CITY), Command::Promise(promise(100, 48)));
    assert_eq!(book.state.decide(book.now, &desk(CITY), Command::Promise(promise(100, 48))), Ok(vec![]));
    book.done(desk(CITY), Command::Promise(Promise { due: at(90), ..promise(80, 0) }));
    book.now = at(80);
    assert_eq!(book.near(), [""; 0]);
    book.done(desk(CITY), Command::CallOff { shipment: SHIPMENT });
    book.now = at(100);
    assert!(book.near().is_empty() && book.shipment().is_over());
    let send = Command::Send { shipment: SHIPMENT, from: depot(), lines: asked(80, 0) };
    assert_eq!(book.refused(desk(CITY), send), Refusal::CalledOff);
    book.done(desk(CITY), Command::Promise(Promise { due: at(150), ..promise(80, 0) }));
    assert_eq!(book.shipment().stage, Stage::Promised);
    // Word for word as before it was called off, it is promised again.
    book.done(desk(CITY), Command::CallOff { shipment: SHIPMENT });
    assert_eq!(book.shipment().stage, Stage::CalledOff);
    book.done(desk(CITY), Command::Promise(Promise { due: at(150), ..promise(80, 0) }));
    assert_eq!(book.shipment().stage, Stage::Promised);
    let again = Command::Promise(Promise { due: at(150), ..promise(80, 0) });
    assert_eq!(book.state.decide(book.now, &desk(CITY), again), Ok(vec![]));
}
