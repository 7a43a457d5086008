//! The letters of codes that people scan, read aloud and type: of tubes, boxes, doors, people and shipments.
//!
//! They are Crockford's base 32, which has no I, L, O and U, so that nothing is mistaken for 1, 0 or V. Each code ends in a character by
//! which anyone can tell that it was mistyped.

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Why a text is no code that may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeFault {
    /// Not a code of this kind at all.
    NoCode,
    /// The check character does not fit: mistyped or misread.
    Mistyped,
    /// Another community issued it.
    Foreign,
    /// Right in form, but made by nobody of this round: of another day, or made up.
    NotOurs,
}

/// The check character: a Reed-Solomon symbol over the field of 32 elements. One wrong letter, two neighbours changed
/// about, and any two letters changed about are always found.
pub fn check(symbols: &[u8]) -> u8 {
    symbols.iter().fold(0, |check, symbol| double(check ^ symbol))
}

/// Twice an element of the field of 32 elements, by x⁵ + x² + 1.
fn double(element: u8) -> u8 {
    let doubled = element << 1;
    if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

/// The values of a text's letters; separators are passed over, and I, L and O are what they were meant to be.
///
/// # Errors
/// Another letter, or far too many.
pub fn symbols(text: &str) -> Result<Vec<u8>, CodeFault> {
    /// Longer texts are no codes.
    const LETTERS_MAX: usize = 64;
    if text.len() > LETTERS_MAX {
        return Err(CodeFault::NoCode);
    }
    let meant = text.bytes().filter(|byte| !b" -\t\r\n".contains(byte)).map(|byte| {
        let letter = match byte.to_ascii_uppercase() {
            b'I' | b'L' => b'1',
            b'O' => b'0',
            other => other,
        };
        let place = LETTERS.iter().position(|&known| known == letter).ok_or(CodeFault::NoCode)?;
        Ok(place as u8)
    });
    meant.collect()
}

/// A number's last so many letters, the highest first.
pub fn digits(number: u32, letters: usize) -> impl Iterator<Item = u8> {
    (0..letters).rev().map(move |place| (number >> (5 * place) & 31) as u8)
}

/// The letter of a value.
pub fn letter(symbol: u8) -> char {
    LETTERS[usize::from(symbol & 31)].into()
}
