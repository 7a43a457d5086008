//! How parties are called by telephone: what each says of itself, for whom it tells of supplies or of teams. It stands in no journal: whoever says it anew, or
//! nothing, is believed the newer word, and a partner from whom one parts is forgotten.

use super::Parties;
use crate::{access::secret::hex, people, problem::Fault};
use axum::http::StatusCode;
use journal::{PublicKey, SecretKey, Signature};
use parties::{Subject, beside};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use supplies::Role;
use utoipa::ToSchema;
use uuid::Uuid;

/// As what somebody of a party is called.
pub const ROLES: [Role; 4] = [Role::Desk, Role::Keeper, Role::Gate, Role::Carrier];
/// Digits and signs of a telephone number with its country, its extension and another beside it.
const LETTERS: usize = 40;
/// Bytes of all that one says, with room for roles to come.
const BYTES: usize = 2048;

/// What a party says of how it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// When it said so, seconds since 1970, by its own clock.
    at: i64,
    /// The numbers.
    #[serde(deserialize_with = "known")]
    pub phones: BTreeMap<Role, String>,
}

/// The same on its way to another party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Beside {
    /// What is said, as JSON.
    pub text: String,
    /// By whom: a signature of 128 hexadecimal digits.
    pub proof: String,
}

impl Calls {
    /// What is said now. A number holds digits and signs and no name; one that is empty is taken out.
    ///
    /// # Errors
    /// Which is none.
    pub fn new(phones: BTreeMap<Role, String>) -> Result<Calls, Fault> {
        let phones = phones.into_iter().map(|(role, phone)| (role, phone.trim().to_owned()));
        let calls =
            Calls { at: people::now(), phones: phones.filter(|(_, phone)| !phone.is_empty()).collect() };
        let none = || Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "party_telephone").with("most", LETTERS);
        if calls.is_sound() { Ok(calls) } else { Err(none()) }
    }

    fn is_sound(&self) -> bool {
        let is_phone = |phone: &String| {
            phone.len() <= LETTERS
                && phone.bytes().any(|byte| byte.is_ascii_digit())
                && phone.bytes().all(|byte| byte.is_ascii_digit() || b"+-() /.#*,".contains(&byte))
        };
        self.phones.iter().all(|(role, phone)| ROLES.contains(role) && is_phone(phone))
    }

    fn read(text: &[u8]) -> Option<Calls> {
        let text = Some(text).filter(|text| text.len() <= BYTES)?;
        serde_json::from_slice(text).ok().filter(Calls::is_sound)
    }
}

/// Numbers of roles that this program knows: a newer one may know more.
fn known<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Role, String>, D::Error> {
    let mut all = BTreeMap::<String, String>::deserialize(from)?;
    let word = |role: Role| role.key().rsplit('.').next().unwrap_or_default();
    Ok(ROLES.into_iter().filter_map(|role| Some((role, all.remove(word(role))?))).collect())
}

impl Parties {
    /// How all are called whom a party knows, itself too. Blocks on the disk.
    ///
    /// # Errors
    /// A store says no.
    pub fn calls(&self, own: Uuid) -> Result<BTreeMap<Uuid, Calls>, Fault> {
        let all = self.runs.book.calls(own)?;
        Ok(all.into_iter().filter_map(|(of, said)| Some((of, Calls::read(&said)?))).collect())
    }

    /// Keeps how a party says that it is called itself. Blocks on the disk.
    ///
    /// # Errors
    /// A store says no.
    pub fn say_calls(&self, own: Uuid, mut calls: Calls) -> Result<(), Fault> {
        // Said twice in a second, the second is the newer.
        let before = self.calls(own)?.remove(&own).map_or(0, |before| before.at);
        calls.at = calls.at.max(before + 1);
        let text = serde_json::to_vec(&calls).expect("our own types are written as JSON");
        self.runs.book.keep_calls(own, own, Some(&text))
    }

    /// A partner from whom one parts is called no more. Blocks on the disk.
    ///
    /// # Errors
    /// A store says no.
    pub fn forget_calls(&self, own: Uuid, of: Uuid) -> Result<(), Fault> {
        self.runs.book.keep_calls(own, of, None)
    }

    /// What a partner is told of how a party is called; `None` where it is told of neither supplies nor teams, or nothing was said.
    pub(super) fn beside(
        &self,
        own: Uuid,
        key: &[u8; 32],
        to: &parties::Partner,
    ) -> Result<Option<Beside>, Fault> {
        if !to.is_told(Subject::Supplies) && !to.is_told(Subject::Aid) {
            return Ok(None);
        }
        let said = self.runs.book.calls(own)?.remove(&own);
        let text = said.and_then(|said| String::from_utf8(said.to_vec()).ok());
        Ok(text.map(|text| {
            let (log, head) = beside(to.card.party, own, &text);
            let proof = hex(&SecretKey::from_random(*key).sign(log, &head).0);
            Beside { text, proof }
        }))
    }

    /// Takes in what a partner says of how it is called; what it did not sign, or said before, is left where it is.
    pub(super) fn hear_beside(
        &self,
        own: Uuid,
        from: Uuid,
        key: &PublicKey,
        said: &Beside,
    ) -> Result<(), Fault> {
        let (log, head) = beside(own, from, &said.text);
        let is_theirs = signature(&said.proof).is_some_and(|proof| key.signed(log, &head, &proof));
        let Some(calls) = Calls::read(said.text.as_bytes()).filter(|_| is_theirs) else { return Ok(()) };
        let known = self.calls(own)?.remove(&from);
        // Nobody who keeps an old word of theirs can say it again.
        if known.is_some_and(|known| known.at >= calls.at) {
            return Ok(());
        }
        self.runs.book.keep_calls(own, from, Some(said.text.as_bytes()))
    }
}

/// A signature of 128 hexadecimal digits.
pub(crate) fn signature(text: &str) -> Option<Signature> {
    use crate::access::secret::Secret;
    let (first, second) = (Secret::parse(text.get(..64)?)?, Secret::parse(text.get(64..)?)?);
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&first.0);
    bytes[32..].copy_from_slice(&second.0);
    Some(Signature(bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;

    #[test]
    fn what_a_newer_program_says_beside_is_read_as_far_as_it_is_known_and_no_name_is() {
        let text = |phone: &str| format!(r#"{{"at":7,"until":9,"phones":{{"gate":"{phone}","pilot":"1"}}}}"#);
        let read = Calls::read(text("+86 (10) 5550100-2").as_bytes()).unwrap();
        assert_eq!(read.phones, [(Role::Gate, "+86 (10) 5550100-2".to_owned())].into());
        for bad in ["Example Person", "555 Example", "+", &"5".repeat(41)] {
            assert_eq!(Calls::read(text(bad).as_bytes()), None, "{bad}");
        }
    }
}
