//! What a scanned or typed text is.

use crate::{Found, Phone};
use round::{CodeFault, TubeCode, read_person_code};

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
    /// No code of ours: a card of another system.
    Other,
}

impl Phone {
    /// What a scanned or typed text is. A link counts as what stands after its last `#`, `/` or `=`.
    pub fn scanned(&self, text: &str) -> Scanned {
        let text = text.trim();
        let text = text.rsplit(['#', '/', '=']).next().unwrap_or(text);
        let person = read_person_code(text).ok();
        if let Some(found) = person.as_ref().and_then(|code| self.doors.of_code(code)) {
            return Scanned::Found(found);
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
            _ => Scanned::Other,
        }
    }
}
