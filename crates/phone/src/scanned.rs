//! What a scanned or typed text is.

use crate::{Found, Phone};
use hmac::{Hmac, KeyInit, Mac};
use round::{CodeFault, TubeCode, Whose, read_card_code, read_person_code};
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
    /// Somebody who is not on the phone's roll, by a code that was linked.
    Guest(Uuid),
    /// A stopwatch card.
    Card(u32),
    /// No code of ours: a card of another system, by what would stand for it here; `None` where it is too short to be one.
    Other(Option<Uuid>),
}

/// Letters and digits of another system's code, at least: fewer are a door that was typed wrongly.
const CODE_LEAST: usize = 6;

impl Phone {
    /// What a scanned or typed text is. A link counts as what stands after its last `#`, `/` or `=`.
    pub fn scanned(&self, text: &str) -> Scanned {
        let text = text.trim();
        let text = text.rsplit(['#', '/', '=']).next().unwrap_or(text);
        let person = read_person_code(text).ok();
        if let Some(found) = person.as_ref().and_then(|code| self.doors.of_code(code)) {
            return Scanned::Found(found);
        }
        if let Some(card) = read_card_code(text) {
            return Scanned::Card(card);
        }
        // Cards of other systems have letters too; ours have two lengths.
        let letters = text.chars().filter(char::is_ascii_alphanumeric).count();
        let is_ours = [9, 14].contains(&letters);
        match (self.tubes.as_ref().map(|key| key.read(text)), person) {
            // Without its community it is as long as a person's code, and in some communities all have a check character that fits.
            (Some(Ok(code)), _) => Scanned::Tube(code),
            (_, Some(_)) => Scanned::Elsewhere,
            (Some(Err(fault @ (CodeFault::Foreign | CodeFault::NotOurs))), _) => Scanned::Fault(fault),
            (Some(Err(CodeFault::Mistyped)), _) if is_ours => Scanned::Fault(CodeFault::Mistyped),
            _ => self.other(text),
        }
    }

    /// What a code of another system is here: whose somebody said that it is, or what would stand for it.
    fn other(&self, text: &str) -> Scanned {
        let Some(code) = self.code(text) else { return Scanned::Other(None) };
        let Some(Whose { visit, household }) = self.folded.live().round().of_code(code) else {
            return Scanned::Other(Some(code));
        };
        let known = match visit {
            Some(visit) => self.doors.of_visit(visit),
            None => household.and_then(|of| self.door_of(of)).map(Found::Door),
        };
        match (known, visit) {
            (Some(found), _) => Scanned::Found(found),
            (None, Some(visit)) if self.bundle.doors.is_empty() || household.is_none() => {
                Scanned::Guest(visit)
            }
            (None, _) => Scanned::Elsewhere,
        }
    }

    /// What stands for a code of another system: of the round's own key, so that the journal does not tell the code.
    fn code(&self, text: &str) -> Option<Uuid> {
        let plain: String = text.chars().filter(|of| of.is_alphanumeric()).collect();
        let key = self.bundle.code_key.filter(|_| plain.chars().count() >= CODE_LEAST)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key may have any length");
        mac.update(b"shouhu/code/1\0");
        mac.update(plain.to_uppercase().as_bytes());
        let hash: [u8; 32] = mac.finalize().into_bytes().into();
        let (bytes, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        Some(uuid::Builder::from_custom_bytes(*bytes).into_uuid())
    }
}
