//! What a desk may ask for, and what it is told to do instead.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::Moment;
use journal::{Frame, SecretKey};
use parties::{
    Act, Book, Card, Command, NearWhy, PartnerEvent, Refusal, Subject, SuppliesEvent, ToldAt, Writer, Written,
};
use std::collections::BTreeSet;
use supplies::{
    Carrier, Command as Supply, End, Event, Good, Lines, Promise, Role, Share, ShipmentKey, Store, To,
};
use uuid::Uuid;
use words::Language;

const CITY: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const MINUTE: i64 = 600_000;

fn card(party: Uuid, key: u8) -> Card {
    let key = SecretKey::from_random([key; 32]).public().to_bytes();
    let key = key.iter().map(|byte| format!("{byte:02x}")).collect();
    Card { party, name: "Example City".to_owned(), address: "https://city.example".to_owned(), key }
}

fn all() -> BTreeSet<Subject> {
    Subject::ALL.into()
}

/// A book, and the last position in it.
#[derive(Clone)]
struct Desk(Book, u64);

impl Desk {
    fn new(own: Uuid) -> Desk {
        Desk(Book::new(own), 0)
    }

    fn write(&mut self, writer: Writer, at: i64, act: Act) -> Option<Written> {
        self.1 += 1;
        let body = Written { at: Moment(at), by: "owner".to_owned(), act }.body();
        self.0.admit(self.1, writer, &Frame { id: *Uuid::from_u128(u128::from(self.1)).as_bytes(), body })
    }

    /// Writes down what partners are told now.
    fn tells(&mut self) {
        for act in self.0.untold() {
            self.write(Writer::Own, 0, act).unwrap();
        }
    }

    fn does(&mut self, at: i64, command: Command) -> Result<usize, Refusal> {
        let acts = self.0.decide(Moment(at), "owner", command)?;
        let count = acts.len();
        for act in acts {
            self.write(Writer::Own, at, act).unwrap();
        }
        self.tells();
        Ok(count)
    }
}

#[test]
fn a_card_is_read_as_it_was_handed_over_and_nothing_else_is_one() {
    let own = card(OTHER, 7);
    assert_eq!(Card::parse(&format!("  {}\n", own.text())), Some(own.clone()));
    assert_eq!(own.fingerprint().len(), 8 * 4 + 7);
    assert_ne!(own.fingerprint(), card(OTHER, 8).fingerprint());
    let bad = [
        "".to_owned(),
        "shouhu-party {}".to_owned(),
        own.text().replace("shouhu-party ", ""),
        own.text().replace(&own.key, &own.key[1..]),
        own.text().replace("Example City", " "),
        own.text().replace("Example City", &"x".repeat(201)),
        own.text().replace("\"name\"", "\"person\""),
    ];
    for text in bad {
        assert_eq!(Card::parse(&text), None, "{text}");
    }
}

#[test]
fn whoever_brings_another_key_may_be_somebody_else() {
    let mut desk = Desk::new(CITY);
    let meet = |key| Command::Meet { card: card(OTHER, key).text(), subjects: all() };
    assert_eq!(desk.does(0, meet(7)), Ok(2));
    assert_eq!(desk.does(0, meet(7)), Ok(0), "it is so already");
    assert_eq!(desk.does(0, meet(8)), Err(Refusal::KeyOther));
    assert_eq!(desk.does(0, Command::Part { from: OTHER }), Ok(1));
    assert_eq!(desk.does(0, meet(7)), Err(Refusal::Parted));
    let own = Command::Meet { card: card(CITY, 7).text(), subjects: all() };
    assert_eq!(desk.does(0, own), Err(Refusal::CardOwn));
}

#[test]
fn who_stands_for_a_donor_is_chosen_among_those_who_hear_of_teams_and_told_to_nobody() {
    let mut desk = Desk::new(CITY);
    let stand = |donor: &str, party| Command::Stand { stands: [(donor.to_owned(), party)].into() };
    assert_eq!(desk.does(0, stand("East", Some(OTHER))), Err(Refusal::PartnerUnknown));
    let words = BTreeSet::from([Subject::Words]);
    desk.does(0, Command::Meet { card: card(OTHER, 7).text(), subjects: words }).unwrap();
    assert_eq!(desk.does(0, stand("East", Some(OTHER))), Err(Refusal::AidNotShared));
    desk.does(0, Command::Share { with: OTHER, subjects: all() }).unwrap();
    assert_eq!(desk.does(0, stand("East", Some(OTHER))), Ok(1));
    assert_eq!(desk.does(0, stand("East", Some(OTHER))), Ok(0), "it is so already");
    assert_eq!((desk.0.stands_for("East"), desk.0.stands_for("West")), (Some(OTHER), None));
    assert_eq!(desk.0.told(OTHER, 0, 10).len(), 0);
    // Nobody else says so.
    let donor = "West".to_owned();
    let stood = Act::Partners(PartnerEvent::Stood { donor, party: Some(OTHER) });
    assert!(desk.write(Writer::Partner(OTHER), 0, stood).is_none());
    assert_eq!(desk.0.stands_for("West"), None);
    let long = desk.does(0, stand(&"x".repeat(61), Some(OTHER)));
    assert!(matches!(long, Err(Refusal::Aid(_))));
    assert_eq!(desk.does(0, stand("East", None)), Ok(1));
    assert_eq!(desk.0.stands_for("East"), None);
}

#[test]
fn nobody_is_met_who_could_promise_under_the_codes_of_another() {
    let mut seen: std::collections::BTreeMap<String, Uuid> = std::collections::BTreeMap::new();
    // What stands for a party in a code, of so many that two have the same.
    let letters = |party| ShipmentKey::new(party, [1; 32]).code(0).unwrap().to_string()[1..6].to_owned();
    let twins = (1..200_000).map(Uuid::from_u128).find_map(|party| {
        let known = seen.insert(letters(party), party)?;
        supplies::same_letters(known, party).then_some((known, party))
    });
    let (one, other) = twins.unwrap();
    let meet = |party| Command::Meet { card: card(party, 7).text(), subjects: all() };
    let mut desk = Desk::new(one);
    assert_eq!(desk.does(0, meet(other)), Err(Refusal::CardLetters));
    let mut desk = Desk::new(Uuid::from_u128(1 << 100));
    assert_eq!(desk.does(0, meet(one)), Ok(2));
    assert_eq!(desk.does(0, meet(other)), Err(Refusal::CardLetters));
    assert_eq!(desk.does(0, meet(one)), Ok(0), "whom it knows it knows");
}

#[test]
fn what_nobody_reads_comes_up_on_both_desks() {
    let mut desk = Desk::new(CITY);
    let write =
        |words: &str| Command::Write { message: Uuid::from_u128(9), to: OTHER, words: words.to_owned() };
    assert_eq!(desk.does(0, write("two buses at six")), Err(Refusal::PartnerUnknown));
    desk.does(0, Command::Meet { card: card(OTHER, 7).text(), subjects: BTreeSet::new() }).unwrap();
    assert_eq!(desk.does(0, write("two buses at six")), Err(Refusal::NotShared));
    desk.does(0, Command::Share { with: OTHER, subjects: all() }).unwrap();
    assert_eq!(desk.does(0, write("  ")), Err(Refusal::WordsMissing));
    assert_eq!(desk.does(0, write(&"x".repeat(2001))), Err(Refusal::WordsLong { most: 2000 }));
    assert_eq!(desk.does(0, write("two buses at six")), Ok(1));
    assert_eq!(desk.does(0, Command::Read { message: Uuid::from_u128(9) }), Err(Refusal::MessageOwn));
    assert!(desk.0.near(Moment(29 * MINUTE)).is_empty());
    let near = desk.0.near(Moment(30 * MINUTE));
    assert_eq!(
        near.iter().map(|near| (near.why, near.party)).collect::<Vec<_>>(),
        [(NearWhy::NotRead, OTHER)]
    );

    let mut other = Desk::new(OTHER);
    other.does(0, Command::Meet { card: card(CITY, 7).text(), subjects: all() }).unwrap();
    let told = desk.0.told(OTHER, 0, 10);
    assert_eq!(told.len(), 1);
    let wrote = desk.0.decide(Moment(0), "owner", write("two buses at six")).unwrap().remove(0);
    other.write(Writer::Partner(CITY), 0, wrote).unwrap();
    assert_eq!(other.0.near(Moment(1)).iter().map(|near| near.why).collect::<Vec<_>>(), [NearWhy::ToRead]);
    other.does(MINUTE, Command::Read { message: Uuid::from_u128(9) }).unwrap();
    assert!(other.0.near(Moment(1)).is_empty());
}

#[test]
fn a_partner_writes_only_what_is_its_own_to_write() {
    let mut desk = Desk::new(CITY);
    desk.does(0, Command::Meet { card: card(OTHER, 7).text(), subjects: all() }).unwrap();
    let foreign = Desk::new(CITY);
    let settings = foreign.0.decide(
        Moment(0),
        "owner",
        Command::Meet { card: card(Uuid::from_u128(3), 9).text(), subjects: all() },
    );
    assert_eq!(desk.write(Writer::Partner(OTHER), 0, settings.unwrap().remove(0)), None);
    let message = Uuid::from_u128(9);
    desk.does(0, Command::Write { message, to: OTHER, words: "x".to_owned() }).unwrap();
    // Neither of two others, nor in our name, nor read by whom it was not written to.
    let words = |to| Act::Words(parties::WordsEvent::Wrote { message, to, words: "y".to_owned() });
    assert_eq!(desk.write(Writer::Partner(OTHER), 0, words(CITY)), None);
    let read = Act::Words(parties::WordsEvent::Read { message });
    assert_eq!(desk.write(Writer::Partner(Uuid::from_u128(3)), 0, read), None);
    assert_eq!(desk.0.unread().len(), 3);
    assert_eq!(desk.0.partners().count(), 1);
    let kept = desk.0.message(message).unwrap();
    assert_eq!((kept.words.as_str(), kept.read), ("x", None));
}

#[test]
fn what_a_partner_was_told_stays_the_same_log_when_a_newer_program_reads_more() {
    let mut newer = Desk::new(CITY);
    newer.does(0, Command::Meet { card: card(OTHER, 7).text(), subjects: all() }).unwrap();
    let wrote = |number, words: &str| {
        let message = Uuid::from_u128(number);
        Act::Words(parties::WordsEvent::Wrote { message, to: OTHER, words: words.to_owned() })
    };
    let mut older = newer.clone();
    // The older program cannot read the first, and tells the second.
    newer.write(Writer::Own, 0, wrote(1, "first")).unwrap();
    older.1 += 1;
    let unreadable = Frame { id: [1; 16], body: br#"{"about":"tomorrow"}"#.to_vec() };
    assert_eq!(older.0.admit(older.1, Writer::Own, &unreadable), None);
    newer.write(Writer::Own, 0, wrote(2, "second")).unwrap();
    older.write(Writer::Own, 0, wrote(2, "second")).unwrap();
    for act in older.0.untold() {
        older.write(Writer::Own, 0, act.clone()).unwrap();
        newer.write(Writer::Own, 0, act).unwrap();
    }
    let told = older.0.told(OTHER, 0, 10);
    assert_eq!(told.len(), 1);
    newer.tells();
    let now = newer.0.told(OTHER, 0, 10);
    assert_eq!((&now[..1], now.len()), (&told[..], 2), "the first is told after it");
    assert!(now[1].position < now[0].position);
}

#[test]
fn a_book_that_never_said_when_it_told_goes_on_with_the_log_that_its_partner_holds() {
    let mut desk = Desk::new(CITY);
    let share = |subjects| Act::Partners(PartnerEvent::Shared { with: OTHER, subjects });
    let wrote = |number| {
        let message = Uuid::from_u128(number);
        Act::Words(parties::WordsEvent::Wrote { message, to: OTHER, words: "x".to_owned() })
    };
    let met = Act::Partners(PartnerEvent::Met { card: card(OTHER, 7) });
    // Two were told as they were written, one only when words were shared again, and the last never.
    let book = [
        met,
        share(all()),
        wrote(1),
        wrote(2),
        share(BTreeSet::new()),
        wrote(3),
        share(all()),
        share(BTreeSet::new()),
        wrote(4),
    ];
    for act in book {
        desk.write(Writer::Own, 0, act).unwrap();
    }
    desk.tells();
    let told = |desk: &Desk| desk.0.told(OTHER, 0, 10).iter().map(|of| of.position).collect::<Vec<_>>();
    assert_eq!(told(&desk), [3, 4, 6]);
    desk.does(0, Command::Share { with: OTHER, subjects: all() }).unwrap();
    assert_eq!(told(&desk), [3, 4, 6, 9]);
}

#[test]
fn goods_are_promised_to_whoever_hears_of_it_and_two_parties_never_write_under_one_name() {
    let key = ShipmentKey::new(CITY, [3; 32]);
    let store = |party| Store { party, place: party };
    let lines: Lines = [(Good::new("water", "bottle"), 48)].into_iter().collect();
    let promise = |carrier| Promise {
        shipment: key.code(0).unwrap().id(),
        from: Some(store(CITY)),
        carrier: Carrier { party: carrier, person: None },
        to: To::Store { store: store(OTHER), lines: lines.clone() },
        leaves: None,
        due: Moment(60 * MINUTE),
    };
    let promises =
        |carrier| Command::Supplies { role: Role::Desk, command: Supply::Promise(promise(carrier)) };
    let mut desk = Desk::new(CITY);
    assert_eq!(desk.does(0, promises(CITY)), Err(Refusal::PartnerUnknown));
    let words = [Subject::Words].into();
    desk.does(0, Command::Meet { card: card(OTHER, 7).text(), subjects: words }).unwrap();
    assert_eq!(desk.does(0, promises(CITY)), Err(Refusal::SuppliesNotShared));
    desk.does(0, Command::Share { with: OTHER, subjects: all() }).unwrap();
    assert_eq!(desk.does(0, promises(Uuid::from_u128(3))), Err(Refusal::PartnerUnknown));
    assert_eq!(desk.does(0, promises(CITY)), Ok(1));
    assert_eq!(desk.does(0, promises(CITY)), Ok(0), "it is so already");
    assert_eq!(desk.0.told(OTHER, 0, 10).len(), 1);
    let name = |of: &Desk, position: u64| of.0.has_written(Uuid::from_u128(u128::from(position)));
    assert!((1..=desk.1).any(|position| name(&desk, position)) && !name(&desk, desk.1 + 1));

    // Whoever is heard no more is called no more, and what only they could say is not waited for.
    let late = Moment(90 * MINUTE);
    let send = |count| Supply::Send {
        shipment: key.code(0).unwrap().id(),
        from: store(CITY),
        lines: vec![(Good::new("water", "bottle"), count)],
    };
    let mut parted = desk.clone();
    parted.does(0, Command::Supplies { role: Role::Keeper, command: send(48) }).unwrap();
    let waits = |of: &Desk| {
        let near = of.0.near_supplies(late).into_iter();
        near.filter(|near| near.why == supplies::NearWhy::Unconfirmed).collect::<Vec<_>>()
    };
    assert!(waits(&parted)[0].call.iter().any(|call| call.party == OTHER));
    parted.does(0, Command::Part { from: OTHER }).unwrap();
    assert!(waits(&parted).is_empty());

    // What somebody else writes under the name of the frame is another record, and stands aside.
    let said =
        Act::Supplies(SuppliesEvent { role: Role::Desk, event: Event::Promised { promise: promise(OTHER) } });
    let body = Written { at: Moment(-1), by: "owner".to_owned(), act: said }.body();
    let mut other = Desk::new(OTHER);
    let frame = |body| Frame { id: [5; 16], body };
    other.0.admit(1, Writer::Partner(Uuid::from_u128(3)), &frame(body)).unwrap();
    assert_eq!((other.0.unread_count(), other.0.supplies().shipments().count()), (1, 0));
    let said =
        Act::Supplies(SuppliesEvent { role: Role::Desk, event: Event::Promised { promise: promise(CITY) } });
    let body = Written { at: Moment(0), by: "owner".to_owned(), act: said }.body();
    other.0.admit(2, Writer::Partner(CITY), &frame(body)).unwrap();
    assert_eq!((other.0.unread_count(), other.0.supplies().shipments().count()), (1, 1));
}

#[test]
fn a_household_speaks_for_itself_and_nobody_else_does() {
    let (key, home, other) = (ShipmentKey::new(CITY, [3; 32]), Uuid::from_u128(31), Uuid::from_u128(32));
    let store = Store { party: CITY, place: CITY };
    let lines: Lines = [(Good::new("water", "bottle"), 2)].into_iter().collect();
    let promise = |number, due| Promise {
        shipment: key.code(number).unwrap().id(),
        from: Some(store),
        carrier: Carrier { party: CITY, person: None },
        to: To::Doors {
            party: CITY,
            of: [home, other].map(|household| Share { household, lines: lines.clone() }).into(),
        },
        leaves: None,
        due: Moment(due),
    };
    let all = |due| {
        let promises = [(0, 60 * MINUTE), (1, due)].map(|(number, due)| promise(number, due));
        let commands = promises.into_iter().map(|promise| (Role::Desk, Supply::Promise(promise))).collect();
        Command::AllSupplies { commands }
    };
    let mut desk = Desk::new(CITY);
    assert_eq!(desk.does(0, all(-1)), Err(Refusal::Supplies(supplies::Refusal::TimePast)), "all, or nothing");
    assert_eq!(desk.does(0, all(60 * MINUTE)), Ok(2));
    assert_eq!(desk.does(0, all(60 * MINUTE)), Ok(0));

    let shipment = key.code(0).unwrap().id();
    let says = |by: &str, household, role| {
        let at = End::Door { party: CITY, household };
        let lines = vec![(Good::new("water", "bottle"), 2)];
        let command = Supply::Receive { shipment, at, lines, rest: false, unlisted: false };
        desk.0.decide(Moment(1), by, Command::Supplies { role, command })
    };
    let not_theirs = Err(Refusal::Supplies(supplies::Refusal::NotTheirs));
    for by in ["owner", "", &other.to_string()] {
        assert_eq!(says(by, home, Role::Household), not_theirs, "{by}");
    }
    // Who has the id of a household as the id of an account is somebody else in any other role.
    assert_ne!(desk.0.person(&home.to_string()), home);
    let said = says(&home.to_string(), home, Role::Household).unwrap().remove(0);
    let written = |by: &str| Written { at: Moment(1), by: by.to_owned(), act: said.clone() }.body();
    let confirmed = |desk: &Desk| {
        let of = desk.0.supplies().to_household(CITY, home).find(|of| of.id == shipment).unwrap();
        of.shares.iter().filter(|share| share.confirmed.is_some()).count()
    };
    // A partner that writes so in its own log writes what is not its own.
    let frame = |id, body| Frame { id: [id; 16], body };
    let partner = Writer::Partner(OTHER);
    desk.0.admit(100, partner, &frame(7, written(&home.to_string()))).unwrap();
    assert_eq!((confirmed(&desk), desk.0.unread_count()), (0, 1));
    desk.0.admit(101, Writer::Own, &frame(8, written("owner"))).unwrap();
    assert_eq!((confirmed(&desk), desk.0.unread_count()), (0, 2));
    desk.0.admit(102, Writer::Own, &frame(9, written(&home.to_string()))).unwrap();
    assert_eq!((confirmed(&desk), desk.0.unread_count()), (1, 2));
}

#[test]
fn an_act_is_written_as_ever() {
    let event = Event::AtGate { shipment: Uuid::from_u128(1) };
    let act = Act::Supplies(SuppliesEvent { role: Role::Gate, event });
    let written = Written { at: Moment(0), by: "owner".to_owned(), act };
    let text = r#"{"at":"1970-01-01T00:00:00.0000Z","by":"owner","about":"supplies","event":{"role":"gate","type":"AtGate","shipment":"00000000-0000-0000-0000-000000000001"}}"#;
    assert_eq!(String::from_utf8(written.body()).unwrap(), text);
    assert_eq!(Written::read(text.as_bytes()), Some(written));
    let frames = vec![ToldAt { position: 7, hash: journal::Hash([0xab; 32]) }];
    let act = Act::Partners(PartnerEvent::Told { to: OTHER, frames });
    let written = Written { at: Moment(0), by: "owner".to_owned(), act };
    let hash = "ab".repeat(32);
    let text = format!(
        r#"{{"at":"1970-01-01T00:00:00.0000Z","by":"owner","about":"partners","event":{{"type":"Told","to":"{OTHER}","frames":[{{"position":7,"hash":"{hash}"}}]}}}}"#
    );
    assert_eq!(String::from_utf8(written.body()).unwrap(), text);
    assert_eq!(Written::read(text.as_bytes()), Some(written));
}

#[test]
fn every_refusal_says_what_to_do_in_every_language() {
    let all = [
        Refusal::CardUnreadable,
        Refusal::CardOwn,
        Refusal::CardLetters,
        Refusal::KeyOther,
        Refusal::PartnerUnknown,
        Refusal::PartnersMany { most: 3 },
        Refusal::Parted,
        Refusal::NotShared,
        Refusal::WordsMissing,
        Refusal::WordsLong { most: 3 },
        Refusal::MessageUnknown,
        Refusal::MessageOwn,
        Refusal::SuppliesNotShared,
    ];
    for refusal in all {
        let (code, args) = refusal.said().remove(0);
        for key in [format!("problem.{code}"), format!("problem_mend.{code}")] {
            for language in Language::ALL {
                let said = words::say(language, &key, &args);
                assert!(said != key && !said.contains('{'), "{key}: {said}");
            }
        }
    }
}
