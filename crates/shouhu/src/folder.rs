//! Scenario folders on disk.

use crate::speak::Speaker;
use formats::Document;
use scenario::Files;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The world failed while a file was read or written.
#[derive(Debug)]
pub struct FileError {
    doing: Doing,
    path: PathBuf,
    source: io::Error,
}

#[derive(Clone, Copy, Debug)]
enum Doing {
    Read,
    Write,
}

impl FileError {
    /// What was being done to what, and why it failed.
    pub fn in_words(&self, speaker: Speaker) -> String {
        let key = match self.doing {
            Doing::Read => "error.read",
            Doing::Write => "error.write",
        };
        speaker.say(key, &[("path", &self.path.display().to_string()), ("why", &self.source.to_string())])
    }
}

/// A folder that is larger than this is not a scenario: the largest roll we take is a fraction of it.
const BYTES_MAX: u64 = 1 << 30;
const DEPTH_MAX: usize = 4;

/// Reads all files of a folder, and of the folders in it.
pub fn read(folder: &Path) -> Result<Files, FileError> {
    let mut files = Files::default();
    let mut bytes = 0;
    let failed = |path: &Path, source| FileError { doing: Doing::Read, path: path.to_owned(), source };
    let mut open = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((path, prefix, depth)) = open.pop() {
        for entry in fs::read_dir(&path).map_err(|error| failed(&path, error))? {
            let entry = entry.map_err(|error| failed(&path, error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = fs::metadata(entry.path()).map_err(|error| failed(&entry.path(), error))?;
            // What editors and spreadsheets leave beside a file is not part of a scenario.
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            let inside = format!("{prefix}{name}");
            if kind.is_dir() {
                if depth < DEPTH_MAX {
                    open.push((entry.path(), format!("{inside}/"), depth + 1));
                }
                continue;
            }
            bytes += kind.len();
            if bytes > BYTES_MAX {
                return Err(failed(&entry.path(), io::Error::from(io::ErrorKind::FileTooLarge)));
            }
            let content = fs::read(entry.path()).map_err(|error| failed(&entry.path(), error))?;
            files.0.insert(inside, content);
        }
    }
    Ok(files)
}

/// Reads one file.
pub fn read_file(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(|source| FileError { doing: Doing::Read, path: path.to_owned(), source })
}

/// Writes what changed into a scenario's folder. The scenario last: a reader who comes between finds the old one whole.
pub fn write_changed(path: &Path, before: &Files, after: &Files) -> Result<(), FileError> {
    let changed = after.0.iter().filter(|(name, content)| before.0.get(*name) != Some(content));
    let (last, first): (Vec<_>, Vec<_>) = changed.partition(|(name, _)| name.ends_with(".toml"));
    for (name, content) in first.into_iter().chain(last) {
        write_file(&path.join(name), content)?;
    }
    Ok(())
}

/// Writes one file whole, and its folder where that is missing: a reader never meets half of it.
pub fn write_file(path: &Path, content: &[u8]) -> Result<(), FileError> {
    write_by(path, |beside| fs::write(beside, content))
}

/// The same for a document as a workbook.
pub fn write_workbook(path: &Path, document: &Document) -> Result<(), FileError> {
    write_by(path, |beside| fs::write(beside, formats::xlsx(document).map_err(io::Error::other)?))
}

/// The same for a file that is written part by part, into the path that `write` is given.
pub fn write_by<T>(path: &Path, write: impl FnOnce(&Path) -> io::Result<T>) -> Result<T, FileError> {
    let failed = |source| FileError { doing: Doing::Write, path: path.to_owned(), source };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed)?;
    let name = path.file_name().ok_or_else(|| failed(io::Error::from(io::ErrorKind::InvalidFilename)))?;
    let beside = parent.join(format!(".{}.part", name.to_string_lossy()));
    let written = write(&beside).and_then(|written| fs::rename(&beside, path).map(|()| written));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        failed(error)
    })
}

/// Writes new files into a folder; refuses, with the first that is there already, before writing any.
pub fn write_new(folder: &Path, files: &Files) -> Result<Vec<String>, FileError> {
    for name in files.0.keys() {
        let path = folder.join(name);
        if path.exists() {
            let source = io::Error::from(io::ErrorKind::AlreadyExists);
            return Err(FileError { doing: Doing::Write, path, source });
        }
    }
    for (name, content) in &files.0 {
        write_file(&folder.join(name), content)?;
    }
    Ok(files.0.keys().cloned().collect())
}
