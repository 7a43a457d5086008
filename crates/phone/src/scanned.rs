//! What a scanned or typed text is.

use crate::{Found, Phone};
use hmac::{Hmac, KeyInit, Mac};
use round::{BatchCode, CodeFault, TubeCode, Whose, read_card_code, read_person_code};
use serde::Serialize;
use sha2::Sha256;
use uuid::Uuid;

/// What a scanned or typed text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// A tube of this round.
    Tube(TubeCode),
    /// A household or a person on the phone's roll.
    Found(Found),
    /// A person's or a household's code in form, but not on this phone's part of the roll.
    Elsewhere,
    /// A tube that may not be used here.
    Fault(CodeFault),
    /// A box of this round.
    Box(BatchCode),
    /// A box that may not be taken here.
    BoxFault(CodeFault),
    /// Somebody who is not on the phone's roll, by a code that was linked.
    Guest(Uuid),
    /// A stopwatch card.
    Card(u32),
    /// No code of ours: a card of another system, by what would stand for it here; `None` where it is too short to be one.
    Other(Option<Uuid>),
}

/// A card of another system, as it may be linked to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ForeignCard {
    /// What stands for its code here.
    pub code: Uuid,
    /// Whether somebody said already whose it is.
    pub linked: bool,
}

/// Letters and digits of another system's code, at least: fewer are a door that was typed wrongly.
const CODE_LEAST: usize = 6;
/// Letters and digits of a box's whole code.
const BOX_LETTERS: usize = 15;
/// What a link has, and a printed number has not.
const OF_LINKS: [char; 3] = ['#', '/', '='];

impl Phone {
    /// What a scanned or typed text is. Our own codes may stand in a link, after its last `#`, `/` or `=`; a card of another
    /// system is the whole text, for nobody knows which part of its link tells one card from the next.
    pub fn scanned(&self, text: &str) -> Scanned {
        let whole = text.trim();
        let text = whole.rsplit(OF_LINKS).next().unwrap_or(whole);
        let person = read_person_code(text).ok();
        if let Some(found) = person.as_ref().and_then(|code| self.doors.of_code(code)) {
            return Scanned::Found(found);
        }
        if let Some(card) = read_card_code(text) {
            // A tower may be called as the cards are.
            return self.door_labelled(text).map_or(Scanned::Card(card), Scanned::Found);
        }
        let tube = self.tubes.as_ref().map(|key| key.read(text));
        if let Some(Ok(code)) = tube {
            // Without its community it is as long as a person's code, and in some communities all have a check character that fits.
            return Scanned::Tube(code);
        }
        let batch = self.tubes.as_ref().map(|key| key.read_batch(text));
        if let Some(Ok(code)) = batch {
            return Scanned::Box(code);
        }
        let other = self.other(whole);
        if !matches!(other, Scanned::Other(_)) {
            return other;
        }
        // Cards of other systems have letters too; ours have two lengths.
        let letters = text.chars().filter(char::is_ascii_alphanumeric).count();
        let is_ours = [9, 14].contains(&letters);
        match batch {
            Some(Err(fault @ (CodeFault::Foreign | CodeFault::NotOurs))) => return Scanned::BoxFault(fault),
            Some(Err(fault @ CodeFault::Mistyped)) if letters == BOX_LETTERS => {
                return Scanned::BoxFault(fault);
            }
            _ => {}
        }
        match (tube, person) {
            (_, Some(_)) => Scanned::Elsewhere,
            (Some(Err(fault @ (CodeFault::Foreign | CodeFault::NotOurs))), _) => Scanned::Fault(fault),
            (Some(Err(CodeFault::Mistyped)), _) if is_ours => Scanned::Fault(CodeFault::Mistyped),
            _ => other,
        }
    }

    /// What a text is as a card of another system; `None` where it is too short to be one. Also a text that looks like a code
    /// of ours and is none may be one.
    pub fn foreign_card(&self, text: &str) -> Option<ForeignCard> {
        let code = self.code(text.trim())?;
        let linked = self.folded.live().round().of_code(code).is_some();
        Some(ForeignCard { code, linked })
    }

    /// What a code of another system is here: whose somebody said that it is, or what would stand for it.
    fn other(&self, text: &str) -> Scanned {
        let Some(code) = self.code(text) else { return Scanned::Other(None) };
        let round = self.folded.live().round();
        let Some(Whose { visit, household }) = round.of_code(code) else {
            return Scanned::Other(Some(code));
        };
        let door = household.and_then(|of| self.door_of(of));
        match (visit, door) {
            (Some(visit), _) => match self.doors.of_visit(visit) {
                Some(found) => Scanned::Found(found),
                // Whoever came to a door of this roll and is not on it, and whoever is on nobody's.
                None if self.bundle.doors.is_empty()
                    || door.is_some()
                    || household.is_none()
                    || round.visit(visit).is_some_and(|of| of.guest.is_some()) =>
                {
                    Scanned::Guest(visit)
                }
                None => Scanned::Elsewhere,
            },
            (None, Some(door)) => Scanned::Found(Found::Door(door)),
            (None, None) => Scanned::Elsewhere,
        }
    }

    /// What stands for a code of another system: of the round's own key, so that the journal does not tell the code.
    fn code(&self, text: &str) -> Option<Uuid> {
        let letters = text.chars().filter(|of| of.is_alphanumeric()).count();
        let key = self.bundle.code_key.filter(|_| letters >= CODE_LEAST)?;
        let plain = if text.contains(OF_LINKS) {
            text.to_owned()
        } else {
            // Printed in groups, and typed in small letters.
            text.chars().filter(|of| of.is_alphanumeric()).collect::<String>().to_uppercase()
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key may have any length");
        mac.update(b"shouhu/code/1\0");
        mac.update(plain.as_bytes());
        let hash: [u8; 32] = mac.finalize().into_bytes().into();
        let (bytes, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        Some(uuid::Builder::from_custom_bytes(*bytes).into_uuid())
    }
}
