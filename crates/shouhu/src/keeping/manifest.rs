//! What a backup says of itself: `manifest.json` in its folder, written last.

use super::KeepError;
use journal::{Hash, Head, LogName};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Component, Path},
};

/// Its file in a backup's folder.
pub(super) const FILE: &str = "manifest.json";
/// The form that this program writes. It only grows; what an older program could not read is a new one.
pub(super) const FORMAT: u64 = 1;

/// What a backup holds, and what it was taken of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of the backup.
    pub format: u64,
    /// The version of the program that wrote it.
    pub program: String,
    /// When, RFC 3339 UTC.
    pub made: String,
    /// Whether the master key is in it.
    pub keys: bool,
    /// Where each log of the journal stood.
    pub logs: Vec<LogAt>,
    /// All files but this one.
    pub files: Vec<FileAt>,
}

/// Where a log stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogAt {
    /// An id, 32 hexadecimal digits with hyphens.
    pub community: String,
    /// The same of the device.
    pub device: String,
    /// How many frames it had.
    pub seq: u64,
    /// SHA-256 of them, in hexadecimal digits.
    pub hash: String,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileAt {
    /// In the backup and in a data folder, with slashes.
    pub path: String,
    /// How long it is.
    pub bytes: u64,
    /// Of its content, in hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    /// Of a backup's folder, or this very file.
    ///
    /// # Errors
    /// It is no whole backup, or a newer program wrote it.
    pub fn read(backup: &Path) -> Result<Manifest, KeepError> {
        #[derive(Deserialize)]
        struct Any {
            format: u64,
        }
        let path = if backup.is_dir() { backup.join(FILE) } else { backup.to_owned() };
        let none = |why: String| KeepError::NoManifest { path: path.clone(), why };
        let text = fs::read(&path).map_err(|error| none(error.to_string()))?;
        let any: Any = serde_json::from_slice(&text).map_err(|error| none(error.to_string()))?;
        if any.format > FORMAT {
            return Err(KeepError::Newer { path, found: any.format });
        }
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| none(error.to_string()))?;
        if let Some(file) = manifest.files.iter().find(|file| !stays_inside(&file.path)) {
            return Err(none(file.path.clone()));
        }
        if manifest.heads().is_none() {
            return Err(none("logs".to_owned()));
        }
        Ok(manifest)
    }

    /// Writes it, durably.
    pub(super) fn write(&self, folder: &Path) -> Result<(), KeepError> {
        let path = folder.join(FILE);
        let mut text = serde_json::to_vec_pretty(self).expect("our own types are written as JSON");
        text.push(b'\n');
        super::copy::write(&path, &text)
    }

    /// The heads of all logs; `None` if one of them is no head.
    pub(super) fn heads(&self) -> Option<Vec<(LogName, Head)>> {
        self.logs.iter().map(LogAt::head).collect()
    }
}

impl LogAt {
    pub(super) fn new(name: LogName, head: Head) -> LogAt {
        LogAt {
            community: id_text(name.community),
            device: id_text(name.device),
            seq: head.seq,
            hash: digits(&head.hash.0),
        }
    }

    fn head(&self) -> Option<(LogName, Head)> {
        let id = |text: &str| bytes::<16>(&text.replace('-', ""));
        let name = LogName { community: id(&self.community)?, device: id(&self.device)? };
        Some((name, Head { seq: self.seq, hash: Hash(bytes(&self.hash)?) }))
    }
}

/// Whether a path of a manifest leads to a file within the folder, whoever wrote it.
fn stays_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains('\\')
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// An id as people meet it elsewhere: in addresses, and in the log of who looked at names.
pub fn id_text(id: [u8; 16]) -> String {
    let text = digits(&id);
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}

/// In hexadecimal digits.
pub(super) fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_out_is_no_path_of_a_backup() {
        for path in ["scenarios/a/roll.csv", "people.sqlite", "scenarios/a/.name"] {
            assert!(stays_inside(path), "{path}");
        }
        for path in ["", "../people.sqlite", "/etc/passwd", "a/../../b", "a\\..\\b"] {
            assert!(!stays_inside(path), "{path}");
        }
    }

    #[test]
    fn a_head_is_read_as_it_was_written() {
        let name = LogName { community: [1; 16], device: [0xab; 16] };
        let head = Head { seq: 7, hash: Hash([0x0f; 32]) };
        let written = LogAt::new(name, head);
        assert_eq!(written.device, "abababab-abab-abab-abab-abababababab");
        assert_eq!(written.head(), Some((name, head)));
        assert_eq!(LogAt { hash: "0f".to_owned(), ..written }.head(), None);
    }
}
