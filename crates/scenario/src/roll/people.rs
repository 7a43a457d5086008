//! People entered twice, found without keeping anyone's name: of a name with its door, and of a document number, only
//! a 64-bit hash is kept, and that only while the list is read.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// What tells one resident from another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    /// Hash of the name at its door; none where no name is given.
    pub name_at_door: Option<u64>,
    /// Hash of the document number; none where none is given.
    pub document: Option<u64>,
}

/// What two rows have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Name,
    Document,
}

/// Where a resident was met first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Met {
    pub resident: u32,
    pub row: u32,
}

/// All residents met so far. Two residents in a million share a hash by chance with probability 3e-8.
#[derive(Default)]
pub(super) struct People {
    names: HashMap<u64, (Met, Option<u64>), BuildHasherDefault<Hashed>>,
    documents: HashMap<u64, Met, BuildHasherDefault<Hashed>>,
}

impl People {
    /// Remembers a resident, unless they were met before: then says where.
    pub(super) fn meet(&mut self, identity: Identity, new: Met) -> Option<(Met, By)> {
        if let Some(document) = identity.document
            && let Some(met) = self.documents.get(&document)
        {
            return Some((*met, By::Document));
        }
        if let Some(name) = identity.name_at_door {
            // Two documents are two people, even of one name behind one door.
            let same = |other: Option<u64>| other.is_none() || identity.document.is_none();
            match self.names.get(&name) {
                Some((met, document)) if same(*document) => {
                    let met = *met;
                    if let Some(document) = identity.document {
                        self.documents.insert(document, met);
                    }
                    return Some((met, By::Name));
                }
                Some(_) => {}
                None => {
                    self.names.insert(name, (new, identity.document));
                }
            }
        }
        if let Some(document) = identity.document {
            self.documents.insert(document, new);
        }
        None
    }
}

/// Keys that are hashes already.
#[derive(Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("only u64 keys are hashed");
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// FNV-1a over the letters that are no blanks, in small letters, finished as in SplitMix64 so that all bits are mixed.
/// `seed` keeps hashes of different things apart.
pub(super) fn hash(seed: u64, text: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash = OFFSET ^ seed;
    for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
        let code = u32::from(letter.to_ascii_lowercase());
        for byte in code.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    }
    hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ hash >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(row: u32) -> Met {
        Met { resident: row, row }
    }

    #[test]
    fn the_same_name_at_the_same_door_is_one_person_unless_the_documents_differ() {
        let mut people = People::default();
        let at = |name, document| Identity { name_at_door: Some(name), document };
        assert_eq!(people.meet(at(1, None), met(1)), None);
        assert_eq!(people.meet(at(1, Some(70)), met(2)), Some((met(1), By::Name)));
        assert_eq!(people.meet(at(2, Some(80)), met(3)), None);
        assert_eq!(people.meet(at(2, Some(81)), met(4)), None);
        assert_eq!(people.meet(at(9, Some(70)), met(5)), Some((met(1), By::Document)));
        assert_eq!(people.meet(Identity { name_at_door: None, document: None }, met(6)), None);
    }

    #[test]
    fn blanks_and_capitals_in_a_name_make_no_difference() {
        assert_eq!(hash(0, "示 例"), hash(0, "示例"));
        assert_eq!(hash(0, "Ann Example"), hash(0, "ANN EXAMPLE"));
        assert_ne!(hash(0, "示例"), hash(1, "示例"));
    }
}
