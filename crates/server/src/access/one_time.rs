//! One-time codes of an app on somebody's telephone (RFC 6238, with what every such app takes: SHA-1, six digits, thirty seconds), and
//! recovery codes for when the telephone is lost.

use super::secret::{SecretHash, random};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// How long a code holds.
const STEP_SECONDS: i64 = 30;
/// A telephone's clock may be off by so many steps, either way.
const STEPS_OFF: i64 = 1;
/// Of a secret: as RFC 4226 asks, 160 bits.
const SECRET_BYTES: usize = 20;
/// Recovery codes of an account: each is for one lost telephone.
pub const RECOVERY_CODES: usize = 8;
/// Of a recovery code: 120 random bits, which nobody guesses, so that a fast hash does.
const RECOVERY_BYTES: usize = 15;
/// As RFC 4648 writes five bits.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an app and the server have in common.
pub struct OneTime(Zeroizing<[u8; SECRET_BYTES]>);

impl OneTime {
    /// A new one.
    pub fn draw() -> OneTime {
        OneTime(Zeroizing::new(random()))
    }

    /// As it was kept; `None` for what is none.
    pub fn of(secret: &[u8]) -> Option<OneTime> {
        secret.try_into().ok().map(|secret| OneTime(Zeroizing::new(secret)))
    }

    /// To be kept, sealed.
    pub fn secret(&self) -> &[u8] {
        &*self.0
    }

    /// To be typed into an app.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(base32(&*self.0))
    }

    /// To be scanned by an app: of which server, and whose.
    pub fn link(&self, server: &str, login: &str) -> Zeroizing<String> {
        let (server, login, secret) = (escaped(server), escaped(login), self.text());
        Zeroizing::new(format!(
            "otpauth://totp/shouhu%20{server}:{login}?secret={}&issuer=shouhu%20{server}",
            *secret
        ))
    }

    /// The code of a moment, seconds since 1970.
    pub fn code(&self, now: i64) -> String {
        self.at(now.div_euclid(STEP_SECONDS))
    }

    /// Of which step a code is, about now; `None` for a wrong one.
    pub fn step_of(&self, code: &str, now: i64) -> Option<i64> {
        let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        let step = now.div_euclid(STEP_SECONDS);
        (step - STEPS_OFF..=step + STEPS_OFF).rev().find(|step| same(&self.at(*step), &code))
    }

    fn at(&self, step: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&*self.0).expect("a key of any length does");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let from = usize::from(hash[19] & 15);
        let number = u32::from_be_bytes([hash[from] & 0x7f, hash[from + 1], hash[from + 2], hash[from + 3]]);
        format!("{:06}", number % 1_000_000)
    }
}

/// A recovery code that was just drawn, or that somebody showed.
#[derive(PartialEq, Eq)]
pub struct Recovery(Zeroizing<[u8; RECOVERY_BYTES]>);

impl Recovery {
    /// A new one.
    pub fn draw() -> Recovery {
        Recovery(Zeroizing::new(random()))
    }

    /// As it was written down, with or without hyphens; `None` for what is none.
    pub fn parse(text: &str) -> Option<Recovery> {
        let letters = text.bytes().filter(|letter| *letter != b'-' && !letter.is_ascii_whitespace());
        let mut bits: u128 = 0;
        let mut count = 0;
        for letter in letters {
            let value = LETTERS.iter().position(|known| *known == letter.to_ascii_uppercase())?;
            count += 1;
            if count > RECOVERY_BYTES * 8 / 5 {
                return None;
            }
            bits = bits << 5 | value as u128;
        }
        if count != RECOVERY_BYTES * 8 / 5 {
            return None;
        }
        bits.to_be_bytes()[16 - RECOVERY_BYTES..].try_into().ok().map(|bytes| Recovery(Zeroizing::new(bytes)))
    }

    /// To be written down: `ABCD-EFGH-IJKL-MNOP-QRST-UVWX`.
    pub fn text(&self) -> Zeroizing<String> {
        let letters = Zeroizing::new(base32(&*self.0));
        let groups: Vec<&str> = (0..6).map(|group| &letters[4 * group..4 * group + 4]).collect();
        Zeroizing::new(groups.join("-"))
    }

    /// What is kept.
    pub fn hash(&self) -> SecretHash {
        Sha256::digest(*self.0).into()
    }
}

/// Neither is printed by mistake.
impl fmt::Debug for OneTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OneTime")
    }
}

impl fmt::Debug for Recovery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Recovery")
    }
}

/// Without looking longer the more of it is right.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.bytes().zip(other.bytes()).fold(0, |all, (one, other)| all | (one ^ other)) == 0
}

/// Of bytes whose bits are a multiple of five.
fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| usize::from(bytes[at / 8] >> (7 - at % 8) & 1);
    let letters = (0..bytes.len() * 8).step_by(5);
    letters.map(|at| char::from(LETTERS[(at..at + 5).fold(0, |all, at| all << 1 | bit(at))])).collect()
}

/// For an address.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let one_time = OneTime::of(b"12345678901234567890").unwrap();
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(one_time.code(at), code, "{at}");
            let step = at / 30;
            assert_eq!(one_time.step_of(code, at), Some(step));
            assert_eq!(one_time.step_of(code, at + 30), Some(step), "a telephone that is slow");
            assert_eq!(one_time.step_of(code, at + 90), None, "too late");
            assert_eq!(one_time.step_of(code, at - 90), None, "too early");
        }
        assert_eq!(&*one_time.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "as RFC 4648 writes it");
        for wrong in ["", "28708", "2870822", "２８７０８２", "287 08"] {
            assert_eq!(one_time.step_of(wrong, 59), None, "{wrong}");
        }
        assert_eq!(one_time.step_of("287 082", 59), Some(1), "as apps show it");
        assert!(OneTime::of(b"short").is_none());
    }

    #[test]
    fn a_recovery_code_is_read_as_somebody_wrote_it_down() {
        let code = Recovery::draw();
        let text = code.text().to_string();
        assert_eq!(text.len(), 29);
        for written in [text.clone(), text.to_lowercase(), text.replace('-', ""), text.replace('-', " ")] {
            assert_eq!(Recovery::parse(&written).map(|of| of.hash()), Some(code.hash()), "{written}");
        }
        for wrong in
            ["", "287082", &text[1..], &format!("{text}A"), "0000-0000-0000-0000-0000-0000", &"A".repeat(400)]
        {
            assert!(Recovery::parse(wrong).is_none(), "{wrong}");
        }
        assert_ne!(Recovery::draw().hash(), code.hash());
    }

    #[test]
    fn a_link_says_which_server_and_whose() {
        let link = OneTime::of(b"12345678901234567890").unwrap().link("garden.example", "anna w@柳");
        assert_eq!(
            &*link,
            "otpauth://totp/shouhu%20garden.example:anna%20w%40%E6%9F%B3?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=shouhu%20garden.example"
        );
    }
}
