//! Codes that people scan, read aloud and type: of tubes, of boxes, of doors and of people. Each ends in a character by which
//! anyone can tell that it was mistyped; a tube's code also carries a part that only the phones of its round can make.

use domain::letters::{CodeFault, check, digits, letter, symbols};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use uuid::Uuid;

/// The code of a box of tubes: `X89VM0-0001-S22P-E`, as a tube's, with a letter before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchCode(TubeCode);

/// The code of a tube: `3F7K2-00JD-X4MZ-Q` is community, number, keyed part and check character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TubeCode {
    /// The community that issued it: the first 25 bits of its identifier's hash.
    pub community: u32,
    /// The tube's number, below [`TUBES_MAX`].
    pub number: u32,
    /// What the round's key makes of both, 20 bits: a made-up code fits once in a million.
    keyed: u32,
}

/// The key of a round's tubes. Every phone of the round has it, and it is worth nothing when the round is over.
#[derive(Clone, PartialEq, Eq)]
pub struct TubeKey {
    community: u32,
    key: [u8; 32],
}

/// Tubes of one round.
pub const TUBES_MAX: u32 = 1 << 20;

/// A box's code begins with it, for 箱.
const BOX: u8 = b'X';
const COMMUNITY: usize = 5;
const NUMBER: usize = 4;
const KEYED: usize = 4;

impl TubeKey {
    /// The key of a community's round, from 32 bytes of true randomness.
    pub fn new(community: Uuid, key: [u8; 32]) -> TubeKey {
        let tag = keyed(b"shouhu/community/1", &[community.as_bytes()]);
        TubeKey { community: tag & ((1 << (5 * COMMUNITY)) - 1), key }
    }

    /// The code of the tube with this number.
    ///
    /// # Panics
    /// From [`TUBES_MAX`] on: a round has no more.
    pub fn code(&self, number: u32) -> TubeCode {
        assert!(number < TUBES_MAX, "a round has fewer tubes");
        let keyed = self.keyed(TUBE, self.community, number);
        TubeCode { community: self.community, number, keyed }
    }

    /// The number by which its codes name their community; two communities may share one.
    pub fn community(&self) -> u32 {
        self.community
    }

    /// The code of the box with this number.
    ///
    /// # Panics
    /// From [`TUBES_MAX`] on: there are no more boxes than tubes.
    pub fn batch(&self, number: u32) -> BatchCode {
        assert!(number < TUBES_MAX, "a round has fewer boxes");
        let keyed = self.keyed(BATCH, self.community, number);
        BatchCode(TubeCode { community: self.community, number, keyed })
    }

    /// Reads a box's code and checks that it is of this round. Community and separators may be left out, the letter not.
    ///
    /// # Errors
    /// Why it may not be used.
    pub fn read_batch(&self, text: &str) -> Result<BatchCode, CodeFault> {
        let (kind, mut symbols) = batch_symbols(text)?;
        if symbols.len() == NUMBER + KEYED + 1 {
            symbols.splice(0..0, digits(self.community, COMMUNITY));
        }
        self.own(BATCH, TubeCode::of_symbols(kind, &symbols)?).map(BatchCode)
    }

    /// Checks that an identifier in an event is of a box of this round.
    ///
    /// # Errors
    /// Why it is none.
    pub fn check_batch(&self, batch: Uuid) -> Result<BatchCode, CodeFault> {
        self.own(BATCH, TubeCode::of_id(BATCH, batch).ok_or(CodeFault::NoCode)?).map(BatchCode)
    }

    /// Reads a code and checks that it is of this round. Community and separators may be left out.
    ///
    /// # Errors
    /// Why it may not be used.
    pub fn read(&self, text: &str) -> Result<TubeCode, CodeFault> {
        let mut symbols = symbols(text)?;
        if symbols.len() == NUMBER + KEYED + 1 {
            // Typed by hand: of one's own community, which the check character still speaks for.
            symbols.splice(0..0, digits(self.community, COMMUNITY));
        }
        self.own(TUBE, TubeCode::of_symbols(&[], &symbols)?)
    }

    /// Checks that an identifier in an event is of a tube of this round.
    ///
    /// # Errors
    /// Why it is none.
    pub fn check(&self, item: Uuid) -> Result<TubeCode, CodeFault> {
        self.own(TUBE, TubeCode::of_item(item).ok_or(CodeFault::NoCode)?)
    }

    fn own(&self, kind: Kind, code: TubeCode) -> Result<TubeCode, CodeFault> {
        if code.community != self.community {
            return Err(CodeFault::Foreign);
        }
        if code.keyed != self.keyed(kind, code.community, code.number) {
            return Err(CodeFault::NotOurs);
        }
        Ok(code)
    }

    fn keyed(&self, kind: Kind, community: u32, number: u32) -> u32 {
        let parts: [&[u8]; 3] = [kind.keyed, &community.to_le_bytes(), &number.to_le_bytes()];
        keyed(&self.key, &parts) & ((1 << (5 * KEYED)) - 1)
    }
}

impl fmt::Debug for TubeKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "TubeKey of {:05x}", self.community)
    }
}

impl TubeCode {
    /// Reads a whole code; whether its keyed part is right, only the round's key tells.
    ///
    /// # Errors
    /// A text that is no code, or mistyped.
    pub fn parse(text: &str) -> Result<TubeCode, CodeFault> {
        TubeCode::of_symbols(&[], &symbols(text)?)
    }

    /// `before`: what the check character speaks for, too.
    fn of_symbols(before: &[u8], symbols: &[u8]) -> Result<TubeCode, CodeFault> {
        let Some((&last, rest)) =
            symbols.split_last().filter(|(_, rest)| rest.len() == COMMUNITY + NUMBER + KEYED)
        else {
            return Err(CodeFault::NoCode);
        };
        if check(&[before, rest].concat()) != last {
            return Err(CodeFault::Mistyped);
        }
        let number = |part: &[u8]| part.iter().fold(0u32, |number, &symbol| number << 5 | u32::from(symbol));
        let (community, rest) = rest.split_at(COMMUNITY);
        let (tube, keyed) = rest.split_at(NUMBER);
        Ok(TubeCode { community: number(community), number: number(tube), keyed: number(keyed) })
    }

    fn symbols(self) -> Vec<u8> {
        [(self.community, COMMUNITY), (self.number, NUMBER), (self.keyed, KEYED)]
            .into_iter()
            .flat_map(|(number, letters)| digits(number, letters))
            .collect()
    }

    /// The number by which it names its community.
    pub fn community(self) -> u32 {
        self.community
    }

    /// The tube's identifier in events: the code itself, so that a journal tells it without a table.
    pub fn item(self) -> Uuid {
        self.id(TUBE)
    }

    fn id(self, kind: Kind) -> Uuid {
        let bits = u128::from(self.community) << 40 | u128::from(self.number) << 20 | u128::from(self.keyed);
        // 65 bits: three above the variant of a version 8 identifier, the rest below it.
        let high = bits >> 62 << 80 | kind.mark << 64;
        let low = bits & ((1 << 62) - 1);
        uuid::Builder::from_custom_bytes((high | low).to_be_bytes()).into_uuid()
    }

    /// The code of a tube's identifier; `None` for the tubes of a rehearsal, and for other things.
    pub fn of_item(item: Uuid) -> Option<TubeCode> {
        TubeCode::of_id(TUBE, item)
    }

    fn of_id(kind: Kind, item: Uuid) -> Option<TubeCode> {
        let of = item.as_u128();
        let bits = (of >> 80) << 62 | of & ((1 << 62) - 1);
        let part = |from: u32, letters: usize| (bits >> from & ((1 << (5 * letters)) - 1)) as u32;
        let code =
            TubeCode { community: part(40, COMMUNITY), number: part(20, NUMBER), keyed: part(0, KEYED) };
        (code.id(kind) == item).then_some(code)
    }

    /// What is read aloud of it: the number's letters.
    pub fn short(self) -> String {
        digits(self.number, NUMBER).map(letter).collect()
    }
}

impl fmt::Display for TubeCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbols = self.symbols();
        let mut rest: String = symbols.iter().copied().map(letter).collect();
        rest.insert(COMMUNITY + NUMBER, '-');
        rest.insert(COMMUNITY, '-');
        write!(out, "{rest}-{}", letter(check(&symbols)))
    }
}

impl BatchCode {
    /// The box's number, below [`TUBES_MAX`].
    pub fn number(self) -> u32 {
        self.0.number
    }

    /// Reads a whole code; whether its keyed part is right, only the round's key tells.
    ///
    /// # Errors
    /// A text that is no code, or mistyped.
    pub fn parse(text: &str) -> Result<BatchCode, CodeFault> {
        let (kind, symbols) = batch_symbols(text)?;
        TubeCode::of_symbols(kind, &symbols).map(BatchCode)
    }

    /// The box's identifier in events: the code itself.
    pub fn id(self) -> Uuid {
        self.0.id(BATCH)
    }

    /// The code of a box's identifier; `None` for anything else.
    pub fn of_id(batch: Uuid) -> Option<BatchCode> {
        TubeCode::of_id(BATCH, batch).map(BatchCode)
    }

    /// What is read aloud of it: the letter and the number's letters.
    pub fn short(self) -> String {
        format!("{}{}", char::from(BOX), self.0.short())
    }
}

impl fmt::Display for BatchCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbols = self.0.symbols();
        let mut rest: String = symbols.iter().copied().map(letter).collect();
        rest.insert(COMMUNITY + NUMBER, '-');
        rest.insert(COMMUNITY, '-');
        let check = check(&[&[BOX_SYMBOL][..], &symbols].concat());
        write!(out, "{}{rest}-{}", char::from(BOX), letter(check))
    }
}

/// What a code is of.
#[derive(Clone, Copy)]
struct Kind {
    /// What stands in a version 8 identifier beside the code.
    mark: u128,
    /// What the round's key is asked with, before community and number.
    keyed: &'static [u8],
}

const TUBE: Kind = Kind { mark: 0x7be, keyed: b"" };
const BATCH: Kind = Kind { mark: 0xb0c, keyed: b"box" };

/// The letter's value among the letters of codes.
const BOX_SYMBOL: u8 = 29;

/// The values of a box's code after its letter, and that of the letter.
fn batch_symbols(text: &str) -> Result<(&'static [u8], Vec<u8>), CodeFault> {
    let mut symbols = symbols(text)?;
    if symbols.first() != Some(&BOX_SYMBOL)
        || ![NUMBER + KEYED + 2, COMMUNITY + NUMBER + KEYED + 2].contains(&symbols.len())
    {
        return Err(CodeFault::NoCode);
    }
    symbols.remove(0);
    Ok((&[BOX_SYMBOL], symbols))
}

/// A code of a door or a person from random bits: `K7QF2M9X-D`. It says nothing about whom it belongs to, and trying
/// codes out finds nobody: there are 10^12 of them.
pub fn person_code(random: [u8; 5]) -> String {
    let bits = random.iter().fold(0u64, |bits, &byte| bits << 8 | u64::from(byte));
    let symbols: Vec<u8> = (0..PERSON).rev().map(|place| (bits >> (5 * place) & 31) as u8).collect();
    let check = letter(check(&symbols));
    format!("{}-{check}", symbols.into_iter().map(letter).collect::<String>())
}

/// Reads a code of a door or a person into the form in which [`person_code`] writes it.
///
/// # Errors
/// A text that is no code, or mistyped.
pub fn read_person_code(text: &str) -> Result<String, CodeFault> {
    let symbols = symbols(text)?;
    let Some((&last, rest)) = symbols.split_last().filter(|(_, rest)| rest.len() == PERSON) else {
        return Err(CodeFault::NoCode);
    };
    if check(rest) != last {
        return Err(CodeFault::Mistyped);
    }
    Ok(format!("{}-{}", rest.iter().copied().map(letter).collect::<String>(), letter(last)))
}

/// Letters of a person's code before the check character.
const PERSON: usize = 8;

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

    fn key() -> TubeKey {
        TubeKey::new(Uuid::from_u128(7), [3; 32])
    }

    #[test]
    fn a_code_is_written_as_ever() {
        // Printed labels outlive programs.
        assert_eq!(key().code(0x412).to_string(), "89VM0-010J-S22P-E");
        assert_eq!(key().batch(0x12).to_string(), "X89VM0-000J-MGXM-H");
        assert_eq!(person_code([1, 2, 3, 4, 5]), "04106105-X");
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read(number in 0..TUBES_MAX, lower in any::<bool>()) {
            let code = key().code(number);
            let text = if lower { code.to_string().to_lowercase() } else { code.to_string() };
            prop_assert_eq!(key().read(&text), Ok(code));
            prop_assert_eq!(key().read(&text[6..]), Ok(code), "without the community");
            prop_assert_eq!(TubeCode::of_item(code.item()), Some(code));
            prop_assert_eq!(code.item().get_version_num(), 8);
            let other = TubeKey::new(Uuid::from_u128(7), [4; 32]);
            prop_assert!(matches!(other.read(&text), Err(CodeFault::NotOurs)) || other.code(number) == code);
            let foreign = TubeKey::new(Uuid::from_u128(8), [3; 32]);
            prop_assert_eq!(foreign.read(&text), Err(CodeFault::Foreign));
            prop_assert_eq!(key().check(code.item()), Ok(code));
            prop_assert_eq!(other.check(code.item()), other.read(&text), "an event says it as its label does");
            prop_assert_eq!(foreign.check(code.item()), Err(CodeFault::Foreign));
        }

        #[test]
        fn a_box_is_no_tube(number in 0..TUBES_MAX, lower in any::<bool>(), place in 0..14usize, other in 0..32u8) {
            let code = key().batch(number);
            let text = if lower { code.to_string().to_lowercase() } else { code.to_string() };
            prop_assert_eq!(key().read_batch(&text), Ok(code));
            prop_assert_eq!(key().read_batch(&format!("X{}", &text[7..])), Ok(code), "without the community");
            prop_assert_eq!(BatchCode::of_id(code.id()), Some(code));
            prop_assert_eq!(key().check_batch(code.id()), Ok(code));
            prop_assert_eq!(key().check(code.id()), Err(CodeFault::NoCode));
            prop_assert_eq!(key().check_batch(key().code(number).item()), Err(CodeFault::NoCode));
            prop_assert!(key().read(&text).is_err());
            prop_assert!(key().read_batch(&key().code(number).to_string()).is_err());
            let foreign = TubeKey::new(Uuid::from_u128(8), [3; 32]);
            prop_assert_eq!(foreign.read_batch(&text), Err(CodeFault::Foreign));
            let made_up = TubeKey::new(Uuid::from_u128(7), [4; 32]);
            prop_assert!(made_up.read_batch(&text) == Err(CodeFault::NotOurs) || made_up.batch(number) == code);
            let (kind, right) = batch_symbols(&text).unwrap();
            let mut wrong = right.clone();
            wrong[place] = other;
            prop_assert_eq!(TubeCode::of_symbols(kind, &wrong).is_ok(), wrong == right);
        }

        #[test]
        fn a_slip_of_the_finger_is_found(number in 0..TUBES_MAX, place in 0..14usize, other in 0..32u8, second in 0..14usize) {
            let mut symbols = key().code(number).symbols();
            symbols.push(check(&symbols));
            let mut wrong = symbols.clone();
            wrong[place] = other;
            prop_assert_eq!(TubeCode::of_symbols(&[], &wrong).is_ok(), wrong == symbols);
            let mut changed = symbols.clone();
            changed.swap(place, second);
            prop_assert_eq!(TubeCode::of_symbols(&[], &changed).is_ok(), changed == symbols);
        }

        #[test]
        fn whatever_is_scanned_is_read_or_refused(text in ".{0,80}", bytes in any::<[u8; 5]>()) {
            let _ = (key().read(&text), key().read_batch(&text));
            let code = person_code(bytes);
            prop_assert_eq!(read_person_code(&code), Ok(code.clone()));
            prop_assert_eq!(key().read(&code).is_ok(), false);
            prop_assert!(read_person_code(&key().code(5).to_string()).is_err());
        }
    }

    #[test]
    fn other_identifiers_are_no_tubes() {
        for item in [Uuid::nil(), Uuid::max(), Uuid::from_u128(0x412)] {
            assert_eq!(TubeCode::of_item(item), None);
            assert_eq!(key().check(item), Err(CodeFault::NoCode));
        }
    }
}
