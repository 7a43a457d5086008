//! What devices say that they signed, checked alone or many at once.
//!
//! A claim is true if its answer is reduced, key and commitment are points that are not of small order, and
//! `8 (s B - k A - R) = 0`: the equation of RFC 8032 with the cofactor. It is chosen because one claim and many then
//! come to the same. Many are summed up, each times a number that nobody can foresee; without the cofactor a device could
//! sign so that the sum is right by luck and its own equation is wrong, and what a server admitted would be called
//! unsigned when the journal is verified. With it such a signature is its device's word in both, and forging stays as
//! hard (Chalkias, Garillot and Nikolaenko, "Taming the many EdDSAs", 2020).

use crate::{
    frame::{Head, LogName},
    key::{PublicKey, Signature, statement},
};
use curve25519_dalek::{
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
};
use sha2::{Digest, Sha512};

/// A signature, ready to be checked.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// The signer's key, `A`.
    key: EdwardsPoint,
    /// What the signature commits to, `R`.
    commitment: EdwardsPoint,
    /// Its answer, `s`.
    answer: Scalar,
    /// Hash of the commitment, the key and what was signed, `k`.
    challenge: Scalar,
}

impl Claim {
    /// A device's word that its log had this head; `None` if that is no signature by any key.
    pub(crate) fn new(key: &PublicKey, log: LogName, head: &Head, signature: &Signature) -> Option<Claim> {
        let (commitment, answer) = signature.0.split_first_chunk::<32>()?;
        let mut hash = Sha512::new();
        hash.update(commitment);
        hash.update(key.0.as_bytes());
        hash.update(statement(log, head));
        let challenge = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
        let answer: Option<Scalar> = Scalar::from_canonical_bytes(answer.try_into().ok()?).into();
        let commitment = CompressedEdwardsY(*commitment).decompress()?;
        let claim = Claim { key: key.0.to_edwards(), commitment, answer: answer?, challenge };
        (!claim.key.is_small_order() && !claim.commitment.is_small_order()).then_some(claim)
    }

    /// Whether it is so.
    pub(crate) fn is_true(&self) -> bool {
        let Claim { key, commitment, answer, challenge } = self;
        let expected = EdwardsPoint::vartime_double_scalar_mul_basepoint(challenge, &-key, answer);
        (expected - commitment).is_small_order()
    }

    /// Whether all are so. Many cost a third of what they cost one by one.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn are_true(claims: &[&Claim]) -> bool {
        use curve25519_dalek::{constants::ED25519_BASEPOINT_POINT as BASE, traits::VartimeMultiscalarMul};

        if let [claim] = claims {
            return claim.is_true();
        }
        let weights = weights(claims);
        let pairs = || claims.iter().zip(&weights);
        let base: Scalar = pairs().map(|(claim, weight)| claim.answer * weight).sum();
        let commitments = pairs().map(|(claim, weight)| (*weight, -claim.commitment));
        let keys = pairs().map(|(claim, weight)| (claim.challenge * weight, -claim.key));
        let (factors, points): (Vec<Scalar>, Vec<EdwardsPoint>) =
            [(base, BASE)].into_iter().chain(commitments).chain(keys).unzip();
        EdwardsPoint::vartime_multiscalar_mul(factors, points).is_small_order()
    }
}

/// A number of 128 bits for each claim, from all of them: whoever changes anything that is claimed changes every number.
/// A challenge is a hash of commitment, key and what was signed.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn weights(claims: &[&Claim]) -> Vec<Scalar> {
    let mut hash = Sha512::new();
    hash.update(b"shouhu/claims/1\0");
    for claim in claims {
        hash.update(claim.challenge.as_bytes());
        hash.update(claim.answer.as_bytes());
    }
    let all = hash.finalize();
    let weight = |number: u64| {
        let mut hash = Sha512::new();
        hash.update(all);
        hash.update(number.to_le_bytes());
        let hash: [u8; 64] = hash.finalize().into();
        let (weight, _) = hash.split_first_chunk().expect("a hash has 64 bytes");
        Scalar::from(u128::from_le_bytes(*weight))
    };
    (0..claims.len() as u64).map(weight).collect()
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::{SecretKey, frame::Hash};
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT as BASE, EIGHT_TORSION};
    use ed25519_dalek::VerifyingKey;

    const LOG: LogName = LogName { community: [1; 16], device: [2; 16] };

    fn head(seq: u64) -> Head {
        Head { seq, hash: Hash([seq as u8; 32]) }
    }

    fn signed(of: u8) -> Claim {
        let key = SecretKey::from_random([of; 32]);
        let head = head(of.into());
        Claim::new(&key.public(), LOG, &head, &key.sign(LOG, &head)).unwrap()
    }

    /// A device that signs with points of its own making: its key and its commitments have parts of small order.
    struct Odd {
        secret: Scalar,
        key: PublicKey,
    }

    impl Odd {
        fn new(key: EdwardsPoint) -> Odd {
            let secret = Scalar::from(7_u64.pow(20));
            let point = EdwardsPoint::mul_base(&secret) + key;
            let key = VerifyingKey::from_bytes(&point.compress().0).unwrap();
            Odd { secret, key: PublicKey(key) }
        }

        fn sign(&self, head: &Head, commitment: EdwardsPoint) -> Signature {
            let nonce = Scalar::from(11_u64.pow(15) + head.seq);
            let written = (EdwardsPoint::mul_base(&nonce) + commitment).compress();
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&written.0);
            // The challenge is known once the commitment is written.
            let challenge = Claim::new(&self.key, LOG, head, &Signature(signature)).unwrap().challenge;
            signature[32..].copy_from_slice((nonce + challenge * self.secret).as_bytes());
            Signature(signature)
        }
    }

    #[test]
    fn one_that_is_wrong_among_many_is_found_whatever_is_wrong_with_it() {
        let all: Vec<Claim> = (1..=40).map(signed).collect();
        let are_true = |claims: &[Claim]| Claim::are_true(&claims.iter().collect::<Vec<_>>());
        assert!(are_true(&all) && all.iter().all(Claim::is_true));
        for at in [0, 17, 39] {
            let with = |wrong: Claim| {
                let mut all = all.clone();
                assert!(!wrong.is_true());
                all[at] = wrong;
                all
            };
            let other = signed(99);
            assert!(!are_true(&with(Claim { answer: all[at].answer + Scalar::ONE, ..all[at].clone() })));
            assert!(!are_true(&with(Claim { key: other.key, ..all[at].clone() })));
            assert!(!are_true(&with(Claim { challenge: other.challenge, ..all[at].clone() })));
            assert!(!are_true(&with(Claim { commitment: other.commitment, ..all[at].clone() })));
        }
        // Two wrongs that would be right together if all counted alike.
        let mut pair = all.clone();
        pair[3].commitment += BASE;
        pair[4].commitment -= BASE;
        assert!(!are_true(&pair));
    }

    #[test]
    fn what_many_come_to_one_comes_to_also_where_parts_are_of_small_order() {
        let honest: Vec<Claim> = (1..=5).map(signed).collect();
        for key in EIGHT_TORSION {
            let odd = Odd::new(key);
            for (number, commitment) in (0..).zip(EIGHT_TORSION) {
                let head = head(number);
                let claim = Claim::new(&odd.key, LOG, &head, &odd.sign(&head, commitment)).unwrap();
                let many: Vec<&Claim> = honest.iter().chain([&claim]).collect();
                assert!(claim.is_true(), "it is the device's own word");
                assert!(Claim::are_true(&many));
                // Nor does it vouch for anything else.
                let other = Claim { answer: claim.answer + Scalar::ONE, ..claim.clone() };
                let many: Vec<&Claim> = honest.iter().chain([&other]).collect();
                assert!(!other.is_true() && !Claim::are_true(&many));
            }
        }
    }

    #[test]
    fn points_of_small_order_sign_nothing() {
        let key = SecretKey::from_random([1; 32]);
        let nothing = Signature([0; 64]);
        for point in EIGHT_TORSION {
            // With such a key the same signature would fit every head.
            let weak = PublicKey(VerifyingKey::from_bytes(&point.compress().0).unwrap());
            let mut signature = key.sign(LOG, &head(1));
            assert!(Claim::new(&weak, LOG, &head(1), &signature).is_none());
            signature.0[..32].copy_from_slice(&point.compress().0);
            assert!(Claim::new(&key.public(), LOG, &head(1), &signature).is_none());
        }
        assert!(Claim::new(&key.public(), LOG, &head(1), &nothing).is_none());
        // An answer that is not reduced would be a second signature.
        let mut again = key.sign(LOG, &head(1));
        let mut carry = 0;
        let order = (-Scalar::ONE).to_bytes();
        for (at, byte) in order.iter().enumerate() {
            let sum = u16::from(again.0[32 + at]) + u16::from(*byte) + u16::from(at == 0) + carry;
            again.0[32 + at] = sum as u8;
            carry = sum >> 8;
        }
        assert!(key.public().signed(LOG, &head(1), &key.sign(LOG, &head(1))));
        assert!(Claim::new(&key.public(), LOG, &head(1), &again).is_none());
    }

    #[test]
    fn it_agrees_with_the_strict_check_on_what_devices_sign() {
        for of in 1..=50 {
            let key = SecretKey::from_random([of; 32]);
            let (head, other) = (head(of.into()), head(0));
            let signature = key.sign(LOG, &head);
            let strict = |head: &Head| {
                let written = ed25519_dalek::Signature::from_bytes(&signature.0);
                key.public().0.verify_strict(&statement(LOG, head), &written).is_ok()
            };
            for head in [head, other] {
                assert_eq!(key.public().signed(LOG, &head, &signature), strict(&head));
            }
        }
    }
}
