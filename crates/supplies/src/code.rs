//! The code of a shipment, on its delivery note and in events: scanned, read aloud, or typed by whoever takes it in.

use domain::letters::{CodeFault, check, digits, letter, symbols};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use uuid::Uuid;

/// `W89VM0-000J-MGXM-H`: for 物资, then who issued it, number, keyed part and check character, as on a box of tubes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShipmentCode {
    party: u32,
    number: u32,
    keyed: u32,
}

/// What a party makes its codes with. Only its own server has it: a made-up code fits once in a million.
#[derive(Clone, PartialEq, Eq)]
pub struct ShipmentKey {
    party: u32,
    key: [u8; 32],
}

/// Shipments of one party.
pub const SHIPMENTS_MOST: u32 = 1 << 20;

/// The value of W among the letters of codes.
const MARK: u8 = 28;
/// What stands in a version 8 identifier beside the code.
const OF_SHIPMENT: u128 = 0x5e7;
const PARTY: usize = 5;
const NUMBER: usize = 4;
const KEYED: usize = 4;

impl ShipmentKey {
    /// The key of a party, from 32 bytes of true randomness.
    pub fn new(party: Uuid, key: [u8; 32]) -> ShipmentKey {
        ShipmentKey { party: tag(party), key }
    }

    /// The code of the shipment with this number; `None` from [`SHIPMENTS_MOST`] on.
    pub fn code(&self, number: u32) -> Option<ShipmentCode> {
        let keyed = self.keyed(number);
        (number < SHIPMENTS_MOST).then_some(ShipmentCode { party: self.party, number, keyed })
    }

    /// Checks that an identifier is of a shipment that this party issued.
    ///
    /// # Errors
    /// Why it is none.
    pub fn check(&self, shipment: Uuid) -> Result<ShipmentCode, CodeFault> {
        let code = ShipmentCode::of_id(shipment).ok_or(CodeFault::NoCode)?;
        match () {
            () if code.party != self.party => Err(CodeFault::Foreign),
            () if code.keyed != self.keyed(code.number) => Err(CodeFault::NotOurs),
            () => Ok(code),
        }
    }

    fn keyed(&self, number: u32) -> u32 {
        let parts: [&[u8]; 3] = [b"shipment", &self.party.to_le_bytes(), &number.to_le_bytes()];
        keyed(&self.key, &parts) & ((1 << (5 * KEYED)) - 1)
    }
}

impl fmt::Debug for ShipmentKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ShipmentKey of {:05x}", self.party)
    }
}

impl ShipmentCode {
    /// Reads a whole code; whether its keyed part is right, only the key of whoever issued it tells.
    ///
    /// # Errors
    /// A text that is no code, or mistyped.
    pub fn parse(text: &str) -> Result<ShipmentCode, CodeFault> {
        let all = symbols(text)?;
        let Some((&last, rest)) = all
            .split_last()
            .filter(|(_, rest)| rest.len() == 1 + PARTY + NUMBER + KEYED && rest.first() == Some(&MARK))
        else {
            return Err(CodeFault::NoCode);
        };
        if check(rest) != last {
            return Err(CodeFault::Mistyped);
        }
        let number = |part: &[u8]| part.iter().fold(0u32, |number, &symbol| number << 5 | u32::from(symbol));
        let (party, rest) = rest[1..].split_at(PARTY);
        let (shipment, keyed) = rest.split_at(NUMBER);
        Ok(ShipmentCode { party: number(party), number: number(shipment), keyed: number(keyed) })
    }

    /// Whether it is of those that this party gives out; anybody can tell. One in 33 million other parties has the same letters.
    pub fn is_of(self, party: Uuid) -> bool {
        self.party == tag(party)
    }

    /// The shipment's number, below [`SHIPMENTS_MOST`].
    pub fn number(self) -> u32 {
        self.number
    }

    /// The shipment's identifier in events: the code itself.
    pub fn id(self) -> Uuid {
        let bits = u128::from(self.party) << 40 | u128::from(self.number) << 20 | u128::from(self.keyed);
        let high = bits >> 62 << 80 | OF_SHIPMENT << 64;
        uuid::Builder::from_custom_bytes((high | bits & ((1 << 62) - 1)).to_be_bytes()).into_uuid()
    }

    /// The code of a shipment's identifier; `None` for anything else.
    pub fn of_id(shipment: Uuid) -> Option<ShipmentCode> {
        let of = shipment.as_u128();
        let bits = (of >> 80) << 62 | of & ((1 << 62) - 1);
        let part = |from: u32, letters: usize| (bits >> from & ((1 << (5 * letters)) - 1)) as u32;
        let code = ShipmentCode { party: part(40, PARTY), number: part(20, NUMBER), keyed: part(0, KEYED) };
        (code.id() == shipment).then_some(code)
    }

    /// What is typed where the shipment is awaited: without whoever issued it, `W000J-MGXM-H`.
    pub fn short(self) -> String {
        let symbols = self.symbols();
        let tail: String = symbols[1 + PARTY + NUMBER..].iter().copied().map(letter).collect();
        let number: String = symbols[1 + PARTY..1 + PARTY + NUMBER].iter().copied().map(letter).collect();
        format!("W{number}-{tail}-{}", letter(check(&symbols)))
    }

    /// Whether this text is its short form.
    pub fn is_short(self, text: &str) -> bool {
        let Ok(typed) = symbols(text) else { return false };
        typed.len() == 2 + NUMBER + KEYED && symbols(&self.short()).is_ok_and(|short| short == typed)
    }

    fn symbols(self) -> Vec<u8> {
        let parts = [(self.party, PARTY), (self.number, NUMBER), (self.keyed, KEYED)];
        let parts = parts.into_iter().flat_map(|(number, letters)| digits(number, letters));
        std::iter::once(MARK).chain(parts).collect()
    }
}

impl fmt::Display for ShipmentCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbols = self.symbols();
        let mut text: String = symbols.iter().copied().map(letter).collect();
        text.insert(1 + PARTY + NUMBER, '-');
        text.insert(1 + PARTY, '-');
        write!(out, "{text}-{}", letter(check(&symbols)))
    }
}

/// Whether two parties have the same letters in their codes, by chance once in 33 million: each could promise under the other's.
pub fn same_letters(one: Uuid, other: Uuid) -> bool {
    tag(one) == tag(other)
}

/// What stands for a party in its codes.
fn tag(party: Uuid) -> u32 {
    keyed(b"shouhu/party/1", &[party.as_bytes()]) & ((1 << (5 * PARTY)) - 1)
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> u32 {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key may have any length");
    parts.iter().for_each(|part| mac.update(part));
    let [a, b, c, d, ..]: [u8; 32] = mac.finalize().into_bytes().into();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(byte: u8) -> ShipmentKey {
        ShipmentKey::new(Uuid::from_u128(7), [byte; 32])
    }

    #[test]
    fn a_code_is_written_as_ever() {
        // Delivery notes outlive programs.
        let code = key(3).code(0x412).unwrap();
        assert_eq!((code.to_string(), code.short()), (WHOLE.to_owned(), SHORT.to_owned()));
        assert_eq!(key(3).code(SHIPMENTS_MOST), None);
    }

    const WHOLE: &str = "WSHGDD-010J-KAK3-3";
    const SHORT: &str = "W010J-KAK3-3";

    proptest! {
        #[test]
        fn what_is_printed_is_read_and_a_slip_is_found(number in 0..SHIPMENTS_MOST, place in 0..15usize, other in 0..32u8) {
            let code = key(3).code(number).unwrap();
            let text = code.to_string();
            prop_assert_eq!(ShipmentCode::parse(&text.to_lowercase()), Ok(code));
            prop_assert_eq!(ShipmentCode::of_id(code.id()), Some(code));
            prop_assert_eq!(key(3).check(code.id()), Ok(code));
            prop_assert!(key(4).check(code.id()) == Err(CodeFault::NotOurs) || key(4).code(number) == Some(code));
            let foreign = ShipmentKey::new(Uuid::from_u128(8), [3; 32]);
            prop_assert_eq!(foreign.check(code.id()), Err(CodeFault::Foreign));
            prop_assert!(code.is_short(&code.short()) && !code.is_short(&text));
            let mut wrong: Vec<char> = text.chars().filter(|letter| *letter != '-').collect();
            wrong[place] = letter(other);
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(ShipmentCode::parse(&wrong).is_ok(), wrong == text.replace('-', ""));
        }

        #[test]
        fn whatever_is_scanned_is_read_or_refused(text in ".{0,80}", bytes in any::<[u8; 16]>()) {
            let _ = (ShipmentCode::parse(&text), key(3).check(Uuid::from_bytes(bytes)));
        }
    }
}
