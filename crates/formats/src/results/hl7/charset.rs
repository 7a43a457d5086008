//! The bytes of a message as text, by the character set that it names in MSH-18 (table 0211). Nothing is guessed: what
//! names none is ASCII, and what is not what it names is refused.

use super::super::Problem;
use encoding_rs::GB18030;
use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charset {
    Ascii,
    Utf8,
    Latin1,
    Gb18030,
}

impl Charset {
    fn named(name: &str) -> Option<Charset> {
        match name {
            "" | "ASCII" | "ISO IR6" => Some(Charset::Ascii),
            "UNICODE UTF-8" | "UTF-8" | "UTF8" => Some(Charset::Utf8),
            "8859/1" => Some(Charset::Latin1),
            "GB 18030-2000" | "GB18030" | "GB 18030" => Some(Charset::Gb18030),
            _ => None,
        }
    }
}

/// The text, or why there is none and what the message named.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, (Problem, String)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
        return Err((Problem::CharsetWide, String::new()));
    }
    let end = bytes.iter().position(|byte| [b'\r', b'\n'].contains(byte)).unwrap_or(bytes.len());
    let header = &bytes[..end];
    let plain = field(&String::from_utf8_lossy(header));
    // The second byte of a letter of GB 18030 may be a separator: the header is then counted as GB 18030 alone.
    let counted = || field(&GB18030.decode_without_bom_handling(header).0);
    let charset =
        if std::str::from_utf8(header).is_err() && Charset::named(&counted()) == Some(Charset::Gb18030) {
            Charset::Gb18030
        } else {
            Charset::named(&plain).ok_or_else(|| (Problem::CharsetUnknown, plain.clone()))?
        };
    let decoded = decode(bytes, charset).map_err(|problem| (problem, plain.clone()))?;
    let line = decoded.split(['\r', '\n']).next().unwrap_or_default();
    match Charset::named(&field(line)) == Some(charset) {
        true => Ok(decoded),
        false => Err((Problem::CharsetLies, plain)),
    }
}

/// MSH-18, the first of its repetitions: the others are for parts that switch, which nobody here sends.
fn field(header: &str) -> String {
    let Some(sign) = header.chars().nth(3) else { return String::new() };
    let field = header.split(sign).nth(17).unwrap_or_default();
    let repetition = header.chars().nth(5).unwrap_or('~');
    field.split(repetition).next().unwrap_or_default().trim().to_uppercase()
}

fn decode(bytes: &[u8], charset: Charset) -> Result<Cow<'_, str>, Problem> {
    let utf8 = std::str::from_utf8(bytes);
    match charset {
        Charset::Ascii if bytes.is_ascii() => utf8.map(Cow::Borrowed).map_err(|_| Problem::CharsetWrong),
        Charset::Ascii => Err(Problem::CharsetUnsaid),
        Charset::Utf8 => utf8.map(Cow::Borrowed).map_err(|_| Problem::CharsetWrong),
        // Sound UTF-8 with letters beyond ASCII is sound in no other set by chance.
        Charset::Latin1 | Charset::Gb18030 if utf8.is_ok() && !bytes.is_ascii() => Err(Problem::CharsetLies),
        Charset::Latin1 => {
            let controls = bytes.iter().any(|byte| (0x80..0xa0).contains(byte));
            if controls {
                Err(Problem::CharsetWrong)
            } else {
                Ok(bytes.iter().map(|&byte| char::from(byte)).collect())
            }
        }
        Charset::Gb18030 => {
            GB18030.decode_without_bom_handling_and_without_replacement(bytes).ok_or(Problem::CharsetWrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(charset: &str, note: &[u8]) -> Vec<u8> {
        let mut bytes =
            format!("MSH|^~\\&|LAB||||20220405||ORU^R01|1|P|2.5.1||||||{charset}\rNTE|1|").into_bytes();
        bytes.extend_from_slice(note);
        bytes
    }

    #[test]
    fn a_message_is_read_in_the_set_that_it_names_and_in_no_other() {
        let gb = GB18030.encode("阴性").0.into_owned();
        // Of this letter the second byte is `|`.
        let bar = GB18030.encode("東").0.into_owned();
        assert_eq!(bar[1], b'|');
        for (charset, note, expected) in [
            ("", &b"negative"[..], Ok("negative")),
            ("ASCII", b"negative", Ok("negative")),
            ("UNICODE UTF-8", "阴性".as_bytes(), Ok("阴性")),
            ("8859/1", b"n\xe9gatif", Ok("négatif")),
            ("GB 18030-2000", &gb, Ok("阴性")),
            ("GB 18030-2000", &bar, Ok("東")),
            ("UNICODE UTF-8~8859/1", "阴性".as_bytes(), Ok("阴性")),
            ("", "阴性".as_bytes(), Err(Problem::CharsetUnsaid)),
            ("", &gb, Err(Problem::CharsetUnsaid)),
            ("UNICODE UTF-8", &gb, Err(Problem::CharsetWrong)),
            ("GB 18030-2000", "阴性".as_bytes(), Err(Problem::CharsetLies)),
            ("8859/1", "é".as_bytes(), Err(Problem::CharsetLies)),
            ("8859/1", b"\x80", Err(Problem::CharsetWrong)),
            ("GB 18030-2000", b"\xff\xff", Err(Problem::CharsetWrong)),
            ("BIG-5", b"negative", Err(Problem::CharsetUnknown)),
            ("UNICODE UTF-16", b"negative", Err(Problem::CharsetUnknown)),
            ("", b"n\0e\0", Err(Problem::CharsetWide)),
        ] {
            let bytes = message(charset, note);
            let said = text(&bytes).map(|text| text.split("NTE|1|").nth(1).unwrap().to_owned());
            assert_eq!(said.as_deref().map_err(|(problem, _)| *problem), expected, "{charset}");
        }
    }

    #[test]
    fn a_separator_inside_a_letter_of_the_header_is_none() {
        let (header, ..) =
            GB18030.encode("MSH|^~\\&|東方||||20220405||ORU^R01|1|P|2.5.1||||||GB 18030-2000\r");
        assert!(text(&header).unwrap().starts_with("MSH|^~\\&|東方|"));
    }
}
