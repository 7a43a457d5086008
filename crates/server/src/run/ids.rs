//! Identifiers of one round. They come from its secret: once that is destroyed, nobody can tell from a journal whose visit
//! was whose, nor that two visits of two rounds were the same person's.

use crate::access::secret::hex;
use hmac::{Hmac, KeyInit, Mac};
use round::person_code;
use sha2::Sha256;
use uuid::Uuid;

/// What the identifiers of a round come from.
pub struct Secrets<'a>(pub &'a [u8; 32]);

impl Secrets<'_> {
    /// A household in the round's events.
    pub fn household(&self, household: Uuid) -> Uuid {
        self.id(b"household", household)
    }

    /// The visit of a resident.
    pub fn visit(&self, resident: Uuid) -> Uuid {
        self.id(b"visit", resident)
    }

    /// A household's code of the round.
    pub fn door_code(&self, household: Uuid) -> String {
        self.code(b"door", household)
    }

    /// A resident's code of the round.
    pub fn person_code(&self, resident: Uuid) -> String {
        self.code(b"person", resident)
    }

    /// The key by which codes of other systems are written down.
    pub fn code_key(&self) -> [u8; 32] {
        self.hash(b"code", Uuid::nil().as_bytes())
    }

    /// What stands in the link of an entrance's notice: 16 letters, which nobody guesses.
    pub fn entrance_code(&self, building: &str, entrance: &str) -> String {
        let hash = self.hash(b"entrance", format!("{building}\0{entrance}").as_bytes());
        hex(&hash[..8])
    }

    /// What proves that a link to a person's own result is ours.
    pub fn own_result(&self, visit: Uuid) -> [u8; 16] {
        let hash = self.hash(b"own result", visit.as_bytes());
        let (proof, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        *proof
    }

    fn id(&self, kind: &[u8], of: Uuid) -> Uuid {
        let hash = self.hash(kind, of.as_bytes());
        let (bytes, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        uuid::Builder::from_custom_bytes(*bytes).into_uuid()
    }

    fn code(&self, kind: &[u8], of: Uuid) -> String {
        let [a, b, c, d, e, ..] = self.hash(kind, of.as_bytes());
        person_code([a, b, c, d, e])
    }

    fn hash(&self, kind: &[u8], of: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0).expect("a key may have any length");
        mac.update(b"shouhu/round/1\0");
        mac.update(kind);
        mac.update(&[0]);
        mac.update(of);
        mac.finalize().into_bytes().into()
    }
}
