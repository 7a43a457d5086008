//! What stands in a cookie or a link: 256 random bits. Kept is only the hash.

use sha2::{Digest, Sha256};
use std::fmt;

/// A secret that was just drawn, or that somebody showed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub(crate) [u8; 32]);

/// What is kept of a secret. A fast hash does: nobody guesses 256 random bits.
pub type SecretHash = [u8; 32];

impl Secret {
    /// A new one.
    pub fn draw() -> Secret {
        Secret(random())
    }

    /// As it was written; `None` for what is no secret of ours.
    pub fn parse(text: &str) -> Option<Secret> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let byte = |at: usize| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok();
        let mut bytes = [0; 32];
        for (at, place) in bytes.iter_mut().enumerate() {
            *place = byte(at)?;
        }
        Some(Secret(bytes))
    }

    /// For the cookie or the link; nowhere else.
    pub fn text(&self) -> String {
        hex(&self.0)
    }

    /// What is kept.
    pub fn hash(&self) -> SecretHash {
        Sha256::digest(self.0).into()
    }
}

/// A secret is not printed by mistake.
impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// Bytes that nobody can foresee.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("every system that we build for gives random bytes");
    bytes
}

/// SHA-256 of parts, told apart by their lengths.
pub fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// Whether two texts are the same, in a time that tells nothing of where they differ.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (one, other)| sum | (one ^ other)) == 0
}

/// Two letters a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_it_was_written() {
        let secret = Secret::draw();
        assert_eq!(Secret::parse(&secret.text()), Some(secret.clone()));
        assert_ne!(secret, Secret::draw());
        assert!(!format!("{secret:?}").contains(&secret.text()));
        for text in ["", "x", &"g".repeat(64), &"a".repeat(63), &"ä".repeat(32)] {
            assert_eq!(Secret::parse(text), None, "{text}");
        }
    }
}
