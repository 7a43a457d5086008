//! Keys of devices, and what they sign: the head of a log. Ed25519 (RFC 8032), checked by the equation with the cofactor,
//! as `claim` says.

use crate::{
    claim::Claim,
    frame::{Head, LogName},
};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use std::fmt;

/// A device's own key. It never leaves the device, and is never printed.
pub struct SecretKey(SigningKey);

/// By which everyone can check what the device signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(pub(crate) VerifyingKey);

/// A device's word that its log had this head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl SecretKey {
    /// From 32 bytes of true randomness, which the caller brings.
    pub fn from_random(bytes: [u8; 32]) -> SecretKey {
        SecretKey(SigningKey::from_bytes(&bytes))
    }

    /// What others check by.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs the head of a log.
    pub fn sign(&self, log: LogName, head: &Head) -> Signature {
        Signature(self.0.sign(&statement(log, head)).to_bytes())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretKey")
    }
}

impl PublicKey {
    /// From its 32 bytes; `None` if they are no key.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<PublicKey> {
        VerifyingKey::from_bytes(bytes).ok().map(PublicKey)
    }

    /// Its 32 bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Whether the owner of this key signed this head of this log. Nobody else can make a signature up, nor a second one out
    /// of one that they saw.
    pub fn signed(&self, log: LogName, head: &Head, signature: &Signature) -> bool {
        Claim::new(self, log, head, signature).is_some_and(|claim| claim.is_true())
    }
}

/// What is signed.
pub(crate) fn statement(log: LogName, head: &Head) -> Vec<u8> {
    let parts: [&[u8]; 5] =
        [b"shouhu/head/1\0", &log.community, &log.device, &head.seq.to_le_bytes(), &head.hash.0];
    parts.concat()
}
