//! How one party gets to know another: a line of text that somebody hands over by a way of their own, a telephone, a letter, a messenger.

use journal::PublicKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who a party is, where its server is, and by which key its word is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The party.
    pub party: Uuid,
    /// What people call it: the name of a place, never of a person.
    pub name: String,
    /// Its server's address, `https://HOST[:PORT]`; empty where nobody can write to it, and it is heard only when it writes itself.
    pub address: String,
    /// What it signs with: the public key, 64 hexadecimal digits.
    pub key: String,
}

/// Letters of a name or an address: a line.
const LETTERS: usize = 200;
/// What a card begins with, so that nobody takes it for anything else.
const BEGINS: &str = "shouhu-party ";

impl Card {
    /// As it is handed over: one line.
    pub fn text(&self) -> String {
        format!("{BEGINS}{}", serde_json::to_string(self).expect("our own types are written as JSON"))
    }

    /// Of a text; `None` where it is no card, or one that nobody could write to or believe.
    pub fn parse(text: &str) -> Option<Card> {
        let card: Card = serde_json::from_str(text.trim().strip_prefix(BEGINS)?).ok()?;
        let fits = |text: &str| text.chars().count() <= LETTERS && !text.contains(char::is_control);
        let named = !card.name.trim().is_empty() && fits(&card.name) && fits(&card.address);
        (named && card.public().is_some()).then_some(card)
    }

    /// The key.
    pub fn public(&self) -> Option<PublicKey> {
        PublicKey::from_bytes(&crate::hex::parse(&self.key)?)
    }

    /// Eight groups of letters that two people read to each other, to be sure that nobody changed the card on its way: a hash of the party,
    /// its key and its address.
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest, Sha256};
        let hash = Sha256::new()
            .chain_update(self.party.as_bytes())
            .chain_update(self.key.to_ascii_lowercase())
            .chain_update(&self.address)
            .finalize();
        let groups: Vec<String> =
            hash[..16].chunks(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
        groups.join(" ")
    }
}
