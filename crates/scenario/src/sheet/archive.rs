//! What an XLSX file may hold: it is a zip archive, and a zip archive of a few kilobytes may unfold into terabytes.
//! Every part that the reader of workbooks may open is unfolded here first, counted and thrown away, so that what the
//! archive says of its own sizes is believed only as far as it is true.

use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Files in the archive. A workbook has a few for each sheet.
const ENTRIES_MAX: usize = 10_000;
/// Unfolded bytes of all parts together. A sheet of a million rows and eight columns has about 300 MB.
const UNFOLDED_MAX: u64 = 512 << 20;
/// Unfolded bytes for each byte of the archive. Sheets unfold by 5 to 60; deflate cannot do more than 1,032.
const RATIO_MAX: u64 = 250;
/// Below this a high ratio does no harm: a small sheet of equal rows folds very well.
const RATIO_MATTERS: u64 = 32 << 20;

/// What is good to know about a workbook before it is opened.
pub struct Contents {
    /// Whether any sheet has merged cells.
    pub merges: bool,
}

/// Whether the archive is a workbook that can be opened safely; otherwise the code of the note that says why not.
pub fn check(bytes: &[u8]) -> Result<Contents, &'static str> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "sheet_cut_off")?;
    if archive.len() > ENTRIES_MAX {
        return Err("sheet_zip_bomb");
    }
    check_kind(&archive)?;
    let mut contents = Contents { merges: false };
    let mut unfolded = 0;
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|fault| code_of(&fault))?;
        let allowed = UNFOLDED_MAX - unfolded;
        if part.size() > allowed {
            return Err("sheet_zip_bomb");
        }
        let name = part.name().map_err(|_| "sheet_damaged")?.to_ascii_lowercase();
        // Pictures and the like are never opened.
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        let mut scan = Scan::new(name.ends_with("sharedstrings.xml"));
        loop {
            let length = part.read(&mut buffer).map_err(|_| "sheet_damaged")?;
            if length == 0 {
                break;
            }
            unfolded += length as u64;
            let ratio = unfolded / bytes.len() as u64;
            if unfolded > UNFOLDED_MAX || (unfolded > RATIO_MATTERS && ratio > RATIO_MAX) {
                return Err("sheet_zip_bomb");
            }
            scan.read(&buffer[..length])?;
        }
        contents.merges |= scan.merges;
    }
    Ok(contents)
}

fn code_of(fault: &ZipError) -> &'static str {
    match fault {
        ZipError::UnsupportedArchive(_) => "sheet_is_locked",
        _ => "sheet_damaged",
    }
}

/// Whether the archive is an XLSX workbook, and no other file that is a zip archive inside.
fn check_kind(archive: &ZipArchive<Cursor<&[u8]>>) -> Result<(), &'static str> {
    let names: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(|name| name.to_ascii_lowercase()).collect();
    let has = |name: &str| names.iter().any(|other| other == name);
    let under = |folder: &str| names.iter().any(|other| other.starts_with(folder));
    if has("xl/workbook.bin") || has("mimetype") || under("index/") {
        Err("sheet_is_other_spreadsheet")
    } else if under("word/") || under("ppt/") {
        Err("sheet_is_document")
    } else if has("[content_types].xml") {
        Ok(())
    } else {
        Err("sheet_is_archive")
    }
}

/// Looks through one part while it is counted.
struct Scan {
    shared_strings: bool,
    merges: bool,
    size: u64,
    /// The last bytes of the piece before, so that a word across two pieces is found.
    carry: Vec<u8>,
}

const MERGES: &[u8] = b"<mergeCell";
const COUNT: &[u8] = b"uniqueCount";
/// The longest stretch that has to be seen in one: `uniqueCount = "` and twenty digits.
const CARRY: usize = 64;

impl Scan {
    fn new(shared_strings: bool) -> Self {
        Scan { shared_strings, merges: false, size: 0, carry: Vec::new() }
    }

    fn read(&mut self, piece: &[u8]) -> Result<(), &'static str> {
        // A part in UTF-16 would hide its words from this scan; no program writes one.
        if piece.contains(&0) {
            return Err("sheet_damaged");
        }
        self.size += piece.len() as u64;
        self.carry.extend(&piece[..piece.len().min(CARRY)]);
        let joint = std::mem::take(&mut self.carry);
        for text in [joint.as_slice(), piece] {
            self.merges |= position(text, MERGES).is_some();
            if self.shared_strings {
                check_count(text)?;
            }
        }
        self.carry.extend(&piece[piece.len().saturating_sub(CARRY)..]);
        Ok(())
    }
}

/// The reader of workbooks makes room for as many shared strings as the part says it has, before it has seen one.
/// A sheet of the largest size with ten columns of texts has about ten million.
fn check_count(text: &[u8]) -> Result<(), &'static str> {
    const COUNT_MAX: usize = 10_485_760;
    let mut rest = text;
    while let Some(at) = position(rest, COUNT) {
        rest = &rest[at + COUNT.len()..];
        let digits = rest.iter().skip_while(|byte| !byte.is_ascii_digit() && **byte != b'>');
        let number = digits.take_while(|byte| byte.is_ascii_digit()).fold(0_usize, |number, digit| {
            number.saturating_mul(10).saturating_add(usize::from(digit - b'0'))
        });
        if number > COUNT_MAX {
            return Err("sheet_zip_bomb");
        }
    }
    Ok(())
}

fn position(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}
