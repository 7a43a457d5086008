//! What the bytes of a file are, told by their first ones, whatever the file's name says.

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Perhaps a CSV file.
    Text,
    /// A zip archive: perhaps an XLSX file.
    Zip,
    /// Nothing but blanks.
    Empty,
    /// Another kind of file: the code of the note that says which and what to do.
    Wrong(&'static str),
}

const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// First bytes of kinds of files that are taken for a roll now and then.
const WRONG: &[(&[u8], &str)] = &[
    (b"%PDF", "sheet_is_pdf"),
    (b"\x89PNG", "sheet_is_picture"),
    (b"\xff\xd8\xff", "sheet_is_picture"),
    (b"GIF8", "sheet_is_picture"),
    (b"BM", "sheet_is_picture"),
    (b"II*\0", "sheet_is_picture"),
    (b"MM\0*", "sheet_is_picture"),
    (b"RIFF", "sheet_is_picture"),
    (b"{\\rtf", "sheet_is_document"),
    (b"Rar!", "sheet_is_archive"),
    (b"7z\xbc\xaf", "sheet_is_archive"),
    (b"\x1f\x8b", "sheet_is_archive"),
];

impl FileKind {
    /// Looks at the first bytes (and, for old office files, for the sign of a password).
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return FileKind::Zip;
        }
        if bytes.starts_with(OLE) {
            return FileKind::Wrong(if is_locked(bytes) { "sheet_is_locked" } else { "sheet_is_old_xls" });
        }
        let wrong = WRONG.iter().find(|(magic, _)| bytes.starts_with(magic));
        if let Some((magic, code)) = wrong
            && (*magic != b"BM" || is_binary(bytes))
        {
            return FileKind::Wrong(code);
        }
        if is_utf16(bytes) {
            return FileKind::Text;
        }
        if is_binary(bytes) {
            return FileKind::Wrong("sheet_is_binary");
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
        if text.is_empty() {
            return FileKind::Empty;
        }
        if is_markup(text) { FileKind::Wrong("sheet_is_web_page") } else { FileKind::Text }
    }
}

/// Whether the byte order mark of UTF-16 stands first.
pub fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// No text in the encodings we read has a zero byte.
fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(8192)].contains(&0)
}

/// An office file with a password is an old-style container with a stream of this name, in UTF-16.
fn is_locked(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

fn is_markup(text: &[u8]) -> bool {
    let start = text[..text.len().min(512)].to_ascii_lowercase();
    let begins = |with: &[u8]| start.starts_with(with);
    begins(b"<!doctype") || begins(b"<html") || begins(b"<?xml") || begins(b"<table") || begins(b"<head")
}

#[cfg(test)]
mod tests {
    use super::FileKind;

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        let wrong = |bytes: &[u8]| match FileKind::of(bytes) {
            FileKind::Wrong(code) => code,
            _ => "",
        };
        assert_eq!(wrong(b"%PDF-1.7 ..."), "sheet_is_pdf");
        assert_eq!(wrong(b"BM\x46\x00\x00\x00"), "sheet_is_picture");
        assert_eq!(wrong(b"BMW,name\n"), "");
        assert_eq!(wrong(b"\n <!DOCTYPE html>"), "sheet_is_web_page");
        assert_eq!(wrong(b"a\0b"), "sheet_is_binary");
        assert_eq!(FileKind::of(b"\xef\xbb\xbf \r\n"), FileKind::Empty);
        assert_eq!(FileKind::of(b"\xff\xfea\0"), FileKind::Text);
    }
}
