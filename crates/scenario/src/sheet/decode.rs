//! The bytes of a CSV file as text: UTF-8, UTF-16 with its mark, or GB18030 (which holds GBK and GB2312), told apart
//! by what decodes.

use super::kind::is_utf16;
#[cfg(feature = "sheets")]
use encoding_rs::GB18030;
use std::borrow::Cow;

/// Why bytes are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecodable {
    /// The last character is not whole.
    CutOff,
    /// A file in UTF-8 with bytes in this line that are not.
    Broken(u32),
    /// Neither UTF-8 nor GB18030.
    Unknown,
}

impl Undecodable {
    /// The code of the note that says so.
    pub fn code(self) -> &'static str {
        match self {
            Undecodable::CutOff => "sheet_cut_off",
            Undecodable::Broken(_) => "sheet_broken_character",
            Undecodable::Unknown => "sheet_encoding_unknown",
        }
    }

    /// The line that it is in, where that is known.
    pub fn line(self) -> Option<u32> {
        match self {
            Undecodable::Broken(line) => Some(line),
            Undecodable::CutOff | Undecodable::Unknown => None,
        }
    }
}

/// Characters outside ASCII that must be sound UTF-8 before the first fault for the file to be UTF-8 with a fault:
/// text in GB18030 passes for UTF-8 for two or three characters at most.
const SOUND_UTF8: usize = 8;

/// Decodes a file. UTF-8 is not copied.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
    if is_utf16(bytes) {
        return decode_utf16(bytes);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let fault = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(fault) => fault,
    };
    let sound = &bytes[..fault.valid_up_to()];
    let marks = sound.iter().filter(|&&byte| byte >= 0xc0).count();
    if marks >= SOUND_UTF8 {
        let line = 1 + sound.iter().filter(|&&byte| byte == b'\n').count();
        return Err(match fault.error_len() {
            None => Undecodable::CutOff,
            Some(_) => Undecodable::Broken(u32::try_from(line).unwrap_or(u32::MAX)),
        });
    }
    decode_gb18030(bytes)
}

#[cfg(feature = "sheets")]
fn decode_gb18030(bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
    if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text);
    }
    // A character of GB18030 has up to four bytes: without those of a last one cut in two, the rest decodes.
    let cut = (1..4.min(bytes.len())).any(|tail| {
        GB18030.decode_without_bom_handling_and_without_replacement(&bytes[..bytes.len() - tail]).is_some()
    });
    Err(if cut { Undecodable::CutOff } else { Undecodable::Unknown })
}

#[cfg(not(feature = "sheets"))]
fn decode_gb18030(_: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
    Err(Undecodable::Unknown)
}

fn decode_utf16(bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
    let (pairs, half) = bytes[2..].as_chunks::<2>();
    if !half.is_empty() {
        return Err(Undecodable::CutOff);
    }
    let from = if bytes.starts_with(b"\xff\xfe") { u16::from_le_bytes } else { u16::from_be_bytes };
    let units = pairs.iter().map(|&pair| from(pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.map(Cow::Owned).map_err(|_| Undecodable::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_utf16_and_gb18030_are_told_apart() {
        let text = "姓名,楼栋,门牌号,备注\n";
        let gb = GB18030.encode(text).0;
        let utf16: Vec<u8> =
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        assert_eq!(decode(&gb).unwrap(), text);
        assert_eq!(decode(&utf16).unwrap(), text);
    }

    #[test]
    fn a_character_cut_in_two_is_a_file_cut_off() {
        let text = "姓名,楼栋,门牌号,备注,楼";
        assert_eq!(decode(&text.as_bytes()[..text.len() - 1]), Err(Undecodable::CutOff));
        let gb = GB18030.encode(text).0;
        assert_eq!(decode(&gb[..gb.len() - 1]), Err(Undecodable::CutOff));
        assert_eq!(decode(b"\xff\xfea\0b"), Err(Undecodable::CutOff));
    }

    #[test]
    fn utf8_with_a_broken_character_is_not_taken_for_gb18030() {
        let mut bytes = "姓名,楼栋,门牌号,备注\n张".as_bytes().to_vec();
        bytes.extend(b"\xff,12\n");
        assert_eq!(decode(&bytes), Err(Undecodable::Broken(2)));
        assert_eq!(decode(b"\x80\xff\xff abcd"), Err(Undecodable::Unknown));
    }
}
