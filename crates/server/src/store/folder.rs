//! A scenario's folder as it lies on the disk.

use super::{StoreError, at};
use crate::limits;
use jiff::Timestamp;
use scenario::Files;
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Whether this is a folder itself, and not a link to one: a link could lead out of the data folder.
pub(super) fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

/// A file of the folder, before it is read.
struct Found {
    inside: String,
    path: PathBuf,
    bytes: u64,
    changed: Option<SystemTime>,
}

/// All files of a folder that belong to the scenario. Hidden files, what spreadsheets leave beside theirs, and links do
/// not.
fn walk(folder: &Path) -> Result<Vec<Found>, StoreError> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((path, prefix, depth)) = open.pop() {
        for entry in fs::read_dir(&path).map_err(at(&path))? {
            let entry = entry.map_err(at(&path))?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.') && !name.starts_with("~$"))
            else {
                continue;
            };
            let kind = fs::symlink_metadata(entry.path()).map_err(at(&entry.path()))?;
            let inside = format!("{prefix}{name}");
            if kind.is_dir() && depth < limits::FOLDER_DEPTH {
                open.push((entry.path(), format!("{inside}/"), depth + 1));
            } else if kind.is_file() {
                let changed = kind.modified().ok();
                found.push(Found { inside, path: entry.path(), bytes: kind.len(), changed });
            }
        }
    }
    Ok(found)
}

pub(super) fn read(folder: &Path) -> Result<Files, StoreError> {
    let found = walk(folder)?;
    let bytes: u64 = found.iter().map(|file| file.bytes).sum();
    if found.len() > limits::FOLDER_FILES || bytes > limits::FOLDER_BYTES as u64 {
        return Err(StoreError::Large);
    }
    let mut files = Files::default();
    for file in found {
        files.0.insert(file.inside, fs::read(&file.path).map_err(at(&file.path))?);
    }
    Ok(files)
}

pub(super) fn check_size(files: &Files) -> Result<(), StoreError> {
    let bytes: usize = files.0.values().map(Vec::len).sum();
    let large = files.0.len() > limits::FOLDER_FILES || bytes > limits::FOLDER_BYTES;
    if large { Err(StoreError::Large) } else { Ok(()) }
}

/// When any of its files was last written, RFC 3339.
pub(super) fn changed(folder: &Path) -> Option<String> {
    let last = walk(folder).ok()?.into_iter().filter_map(|file| file.changed).max()?;
    Timestamp::try_from(last).ok().map(|at| at.to_string())
}

/// The hash of a folder's content: 128 bits of SHA-256 over every path and file with their lengths.
pub(super) fn version(files: &Files, name: Option<&str>) -> String {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    for (path, content) in &files.0 {
        add(path.as_bytes());
        add(content);
    }
    add(name.unwrap_or_default().as_bytes());
    short(hash)
}

/// A weak entity tag of a page's file: packed or not, it is the same file.
pub fn tag(content: &[u8]) -> String {
    format!("W/\"{}\"", short(Sha256::new().chain_update(content)))
}

fn short(hash: Sha256) -> String {
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The community's name in `scenario.toml`, if it can be read.
pub(super) fn community(files: &Files) -> Option<String> {
    let text = std::str::from_utf8(files.0.get("scenario.toml")?).ok()?;
    let tree: toml::Table = text.trim_start_matches('\u{feff}').parse().ok()?;
    let name = tree.get("community")?.get("name")?.as_str()?.trim();
    (!name.is_empty() && name.len() <= limits::NAME_BYTES).then(|| name.to_owned())
}
