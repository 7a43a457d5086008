//! What a scanned or typed text is, for a page.

use super::refused::{Words, plain, words};
use phone::{DoorNow, ForeignCard, Found, PersonNow, Phone, Refused, Scanned, TubeNow};
use round::{CodeFault, Refusal};
use serde::Serialize;
use uuid::Uuid;
use verbs::Voice;

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Read {
    /// With why nobody more may be mixed in, if so.
    Tube { tube: TubeNow, refused: Option<Words> },
    /// A box of tubes, by its identifier.
    Batch { batch: Uuid },
    Door {
        door: DoorNow,
        /// The card of another system by which it was found.
        card: Option<ForeignCard>,
    },
    Person {
        person: PersonNow,
        /// Absent for somebody who is not on the roll.
        door: Option<DoorNow>,
        /// The card of another system by which the person was found.
        card: Option<ForeignCard>,
    },
    /// A stopwatch card.
    Card { card: u32 },
    Fault {
        #[serde(flatten)]
        words: Words,
        /// It may be a card of another system that only looks like ours.
        card: Option<ForeignCard>,
    },
    /// With what would stand for it, if it may be linked to somebody.
    Other { card: Option<ForeignCard> },
}

pub(super) fn read(phone: &Phone, text: &str, voice: Voice) -> Read {
    let card = phone.foreign_card(text);
    let linked = card.filter(|card| card.linked);
    let fault = |code| Read::Fault { words: plain(code, voice), card };
    match phone.scanned(text) {
        Scanned::Tube(code) => {
            let tube = phone.tube(code.item());
            let refused = Refused { place: 0, refusal: Refusal::TubeSealed { tube: tube.item } };
            let refused = (!tube.open).then(|| words(phone, &refused, voice));
            Read::Tube { tube, refused }
        }
        Scanned::Found(found) => of_found(phone, found, linked).unwrap_or(Read::Other { card: None }),
        Scanned::Guest(visit) => Read::Person { person: phone.person(visit), door: None, card: linked },
        Scanned::Card(card) => Read::Card { card },
        Scanned::Box(code) => Read::Batch { batch: code.id() },
        Scanned::BoxFault(CodeFault::Foreign) => fault("box_foreign"),
        Scanned::BoxFault(CodeFault::NotOurs) => fault("box_not_ours"),
        Scanned::BoxFault(CodeFault::Mistyped | CodeFault::NoCode) => fault("code_mistyped"),
        Scanned::Elsewhere => fault("code_elsewhere"),
        Scanned::Fault(CodeFault::Foreign) => fault("code_foreign"),
        Scanned::Fault(CodeFault::Mistyped) => fault("code_mistyped"),
        Scanned::Fault(CodeFault::NotOurs) => fault("code_not_ours"),
        Scanned::Fault(CodeFault::NoCode) | Scanned::Other(_) => Read::Other { card },
    }
}

fn of_found(phone: &Phone, found: Found, card: Option<ForeignCard>) -> Option<Read> {
    let (Found::Door(place) | Found::Person(place, _)) = found;
    let door = phone.door(place)?;
    Some(match found {
        Found::Door(_) => Read::Door { door, card },
        Found::Person(_, number) => {
            Read::Person { person: door.people.get(number)?.clone(), door: Some(door), card }
        }
    })
}
