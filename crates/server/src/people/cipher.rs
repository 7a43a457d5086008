//! Cells sealed with XChaCha20-Poly1305. Its nonces are long enough to be drawn by chance.
//!
//! What is sealed is bound to its place: a cell that is moved to another community, row or column does not open.

use super::{PeopleError, id::CommunityId};
use crate::access::secret::random;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes of a nonce, which stands before what is sealed.
const NONCE: usize = 24;

/// 256 bits that seal, wiped from memory when they are let go.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// A new key.
pub(super) fn draw() -> Key {
    Zeroizing::new(random())
}

/// Seals bytes for a place.
pub(super) fn seal(key: &Key, place: &[&str], bytes: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE] = random();
    let cipher = XChaCha20Poly1305::new(&(**key).into());
    let place = bound(place);
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: bytes, aad: &place });
    let sealed = sealed.expect("a cell is far shorter than the cipher's limit");
    [&nonce[..], &sealed].concat()
}

/// Opens what was sealed for this place.
pub(super) fn open(key: &Key, place: &[&str], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, PeopleError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(PeopleError::Broken)?;
    let cipher = XChaCha20Poly1305::new(&(**key).into());
    let place = bound(place);
    let opened = cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &place });
    opened.map(Zeroizing::new).map_err(|_| PeopleError::Broken)
}

/// The parts of a place, each with its length, so that no two places read alike.
fn bound(place: &[&str]) -> Vec<u8> {
    let mut bytes = b"shouhu 1".to_vec();
    for part in place {
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

/// The data key of one community.
pub(super) struct DataKey {
    community: String,
    key: Key,
}

impl DataKey {
    pub(super) fn new(community: CommunityId, key: Key) -> DataKey {
        DataKey { community: community.to_string(), key }
    }

    /// Seals a cell of this community.
    pub(super) fn seal(&self, row: &str, column: &str, text: &str) -> Vec<u8> {
        seal(&self.key, &["cell", &self.community, row, column], text.as_bytes())
    }

    /// Opens a cell of this community.
    pub(super) fn open(&self, row: &str, column: &str, sealed: &[u8]) -> Result<String, PeopleError> {
        let opened = open(&self.key, &["cell", &self.community, row, column], sealed)?;
        String::from_utf8(opened.to_vec()).map_err(|_| PeopleError::Broken)
    }

    /// What proves that a link is ours: whoever has no key makes none, and when the key is destroyed no link opens anything.
    pub(super) fn proof(&self, place: &[&str]) -> [u8; 16] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.key).expect("a key may have any length");
        mac.update(&bound(&[&["link", self.community.as_str()][..], place].concat()));
        let hash: [u8; 32] = mac.finalize().into_bytes().into();
        let (proof, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        *proof
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_opens_in_its_own_place_alone() {
        let (here, there) = (CommunityId::draw(), CommunityId::draw());
        let key = draw();
        let own = DataKey::new(here, key.clone());
        let sealed = own.seal("r1", "name", "示例");
        assert_eq!(own.open("r1", "name", &sealed).unwrap(), "示例");
        assert!(own.open("r2", "name", &sealed).is_err(), "another row");
        assert!(own.open("r1", "phone", &sealed).is_err(), "another column");
        assert!(DataKey::new(there, key).open("r1", "name", &sealed).is_err(), "another community");
        assert!(DataKey::new(here, draw()).open("r1", "name", &sealed).is_err(), "another key");
        assert_ne!(own.seal("r1", "name", "示例"), sealed, "the same text twice looks alike");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(own.open("r1", "name", &changed).is_err(), "byte {at}");
        }
        assert!(own.open("r1", "name", &[]).is_err());
    }

    #[test]
    fn no_two_places_read_alike() {
        assert_ne!(bound(&["ab", "c"]), bound(&["a", "bc"]));
        assert_ne!(bound(&["a", ""]), bound(&["a"]));
    }
}
