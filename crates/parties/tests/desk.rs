//! What a desk may ask for, and what it is told to do instead.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::Moment;
use journal::{Frame, SecretKey};
use parties::{Act, Book, Card, Command, NearWhy, Refusal, Subject, Writer, Written};
use std::collections::BTreeSet;
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

/// A book, and the next position in it.
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

    fn does(&mut self, at: i64, command: Command) -> Result<usize, Refusal> {
        let acts = self.0.decide(command)?;
        let count = acts.len();
        for act in acts {
            self.write(Writer::Own, at, act).unwrap();
        }
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
    let wrote = desk.0.decide(write("two buses at six")).unwrap().remove(0);
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
    let settings =
        foreign.0.decide(Command::Meet { card: card(Uuid::from_u128(3), 9).text(), subjects: all() });
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
fn every_refusal_says_what_to_do_in_every_language() {
    let all = [
        Refusal::CardUnreadable,
        Refusal::CardOwn,
        Refusal::KeyOther,
        Refusal::PartnerUnknown,
        Refusal::PartnersMany { most: 3 },
        Refusal::Parted,
        Refusal::NotShared,
        Refusal::WordsMissing,
        Refusal::WordsLong { most: 3 },
        Refusal::MessageUnknown,
        Refusal::MessageOwn,
    ];
    for refusal in all {
        let (code, args) = refusal.said();
        for key in [format!("problem.{code}"), format!("problem_mend.{code}")] {
            for language in Language::ALL {
                let said = words::say(language, &key, &args);
                assert!(said != key && !said.contains('{'), "{key}: {said}");
            }
        }
    }
}
