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
        if let Ok(code) = read_person_code(text) {
            return self.doors.of_code(&code).map_or(Scanned::Elsewhere, Scanned::Found);
        }
        let letters = text.chars().filter(char::is_ascii_alphanumeric).count();
        match &self.tubes {
            Some(key) => match key.read(text) {
                Ok(code) => Scanned::Tube(code),
                Err(CodeFault::NoCode) => Scanned::Other,
                // Cards of other systems have letters too; ours have two lengths.
                Err(CodeFault::Mistyped) if ![9, 14].contains(&letters) => Scanned::Other,
                Err(fault) => Scanned::Fault(fault),
            },
            None => Scanned::Other,
        }
    }
}
