//! A data folder into a new folder, while a server works on it; or a database, fetched into a data folder first.

use super::{
    JOURNAL, KeepError, Partial, SCENARIOS, Step, Tell, at, copy,
    manifest::{FORMAT, FileAt, LogAt, Manifest},
    verify::Report,
};
use journal::sqlite;
use server::{
    Database, drill, migrate,
    people::{self, master_key},
    run::book,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// What was kept.
#[derive(Debug)]
pub struct Backup {
    /// Its folder.
    pub path: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// Frames of the journal.
    pub frames: u64,
    /// Names in the data folder that are not in it, since nobody knows what they are.
    pub left_out: Vec<String>,
}

/// In a data folder, and left out on purpose: what was removed, locks, and what SQLite keeps beside its files while they
/// are open.
const NOT_KEPT: [&str; 8] = [
    ".bin",
    ".lock",
    "people.sqlite-wal",
    "people.sqlite-shm",
    "people.sqlite-journal",
    "rounds.sqlite-wal",
    "rounds.sqlite-shm",
    "rounds.sqlite-journal",
];

/// Copies a data folder into a new one, checks the copy, and only then gives it its name. `made` is now.
///
/// # Errors
/// Why there is no backup; nothing of that name is there then.
pub fn backup(
    data: &Path,
    to: &Path,
    with_keys: bool,
    made: String,
    tell: Tell<'_>,
) -> Result<Backup, KeepError> {
    let scenarios = data.join(SCENARIOS);
    let (people_file, journal_file) = (data.join(people::FILE), data.join(JOURNAL).join(sqlite::FILE));
    if !scenarios.is_dir() && !people_file.is_file() && !journal_file.is_file() {
        return Err(KeepError::NoData(data.to_owned()));
    }
    backup_with(data, &data.join(master_key::FOLDER).join(master_key::FILE), to, with_keys, made, tell)
}

/// Backs up the database that several processes share: it is fetched into a data folder beside `to`, which is then backed up as any
/// other, and cleared away. `data` is the folder of one of the processes, which has the key.
///
/// # Errors
/// As [`backup()`].
pub fn backup_of_database(
    database: &Database,
    data: &Path,
    to: &Path,
    with_keys: bool,
    made: String,
    tell: Tell<'_>,
) -> Result<Backup, KeepError> {
    if drill::is_marked(data).map_err(at(data))? {
        return Err(KeepError::Drill(data.to_owned()));
    }
    let to = std::path::absolute(to).map_err(at(to))?;
    if !super::is_free(&to)? {
        return Err(KeepError::Exists(to));
    }
    let name = to.file_name().ok_or_else(|| at(&to)(std::io::ErrorKind::InvalidFilename.into()))?;
    let fetched = to.with_file_name(format!("{}.fetched", name.to_string_lossy()));
    copy::remove(&fetched)?;
    let key = data.join(master_key::FOLDER).join(master_key::FILE);
    let tables = AtomicU64::new(0);
    let count = |_: &str| tell(Step::Copy, tables.fetch_add(1, Ordering::Relaxed), migrate::STEPS);
    let kept = migrate::fetch(database, &fetched, &count)
        .map_err(|why| KeepError::Database { path: fetched.clone(), why: Box::new(why) })
        .and_then(|_| backup_with(&fetched, &key, &to, with_keys, made, tell));
    // The first reason is the one to be said.
    let cleared = copy::remove(&fetched);
    let kept = kept?;
    cleared?;
    Ok(kept)
}

fn backup_with(
    data: &Path,
    key: &Path,
    to: &Path,
    with_keys: bool,
    made: String,
    tell: Tell<'_>,
) -> Result<Backup, KeepError> {
    if drill::is_marked(data).map_err(at(data))? {
        return Err(KeepError::Drill(data.to_owned()));
    }
    if with_keys && !key.is_file() {
        return Err(KeepError::NoKeys(key.to_owned()));
    }
    refuse_inside(data, to)?;
    let partial = Partial::begin(to)?;
    let result = write(&partial.path, data, with_keys.then_some(key), made, tell);
    let (manifest, frames) = match result {
        Ok(written) => written,
        Err(error) => {
            // The first reason is the one to be said.
            let _ = copy::remove(&partial.path);
            return Err(error);
        }
    };
    let left_out = left_out(data)?;
    Ok(Backup { path: partial.finish()?, manifest, frames, left_out })
}

/// The journal comes first: whoever is named in it is known to the copy of the accounts that is taken later.
fn write(
    folder: &Path,
    data: &Path,
    key: Option<&Path>,
    made: String,
    tell: Tell<'_>,
) -> Result<(Manifest, u64), KeepError> {
    let (mut files, mut logs, mut frames) = (Vec::new(), Vec::new(), 0);
    let file = |path: String| -> Result<FileAt, KeepError> {
        let (bytes, sha256) = copy::one(&folder.join(&path), None)?;
        Ok(FileAt { path, bytes, sha256 })
    };
    let journal = data.join(JOURNAL).join(sqlite::FILE);
    if journal.is_file() {
        let path = format!("{JOURNAL}/{}", sqlite::FILE);
        let to = folder.join(&path);
        copy::make_folder(&folder.join(JOURNAL))?;
        sqlite::look(&journal)?;
        tell(Step::Copy, 0, 0);
        let found = sqlite::backup(&journal, &to, &|at| tell(Step::Verify, at.done as u64, at.all as u64))?;
        frames = found.frames;
        logs = sqlite::states(&to)?.iter().map(|state| LogAt::new(state.log.name, state.head)).collect();
        files.push(file(path)?);
    }
    let people_file = data.join(people::FILE);
    if people_file.is_file() {
        tell(Step::Copy, 0, 0);
        people::copy(&people_file, &folder.join(people::FILE))?;
        let found = people::check(&folder.join(people::FILE))?;
        if let Some(why) = found {
            return Err(KeepError::Faulty(Report::of_people(why)));
        }
        files.push(file(people::FILE.to_owned())?);
    }
    let rounds_file = data.join(book::FILE);
    if rounds_file.is_file() {
        people::copy(&rounds_file, &folder.join(book::FILE))?;
        files.push(file(book::FILE.to_owned())?);
    }
    let scenarios = folders(&data.join(SCENARIOS))?;
    copy::make_folder(&folder.join(SCENARIOS))?;
    for (done, name) in (0..).zip(&scenarios) {
        tell(Step::Copy, done, scenarios.len() as u64);
        let prefix = format!("{SCENARIOS}/{name}");
        let copied = copy::folder(&data.join(&prefix), &folder.join(&prefix), &prefix)?;
        // Read again: what counts is what lies on the disk.
        for kept in copied {
            let now = file(kept.path.clone())?;
            if now != kept {
                return Err(KeepError::Faulty(Report::of_file(kept.path)));
            }
            files.push(now);
        }
    }
    if let Some(key) = key {
        let path = format!("{}/{}", master_key::FOLDER, master_key::FILE);
        copy::one(key, Some(&folder.join(&path)))?;
        files.push(file(path)?);
    }
    let program = env!("CARGO_PKG_VERSION").to_owned();
    let manifest = Manifest { format: FORMAT, program, made, keys: key.is_some(), logs, files };
    manifest.write(folder)?;
    Ok((manifest, frames))
}

/// The scenarios' folders.
fn folders(scenarios: &Path) -> Result<Vec<String>, KeepError> {
    if !scenarios.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(scenarios).map_err(at(scenarios))? {
        let entry = entry.map_err(at(scenarios))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.file_type().map_err(at(&entry.path()))?.is_dir() {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// A copy that lies in what it copies is lost with it.
fn refuse_inside(data: &Path, to: &Path) -> Result<(), KeepError> {
    let to = std::path::absolute(to).map_err(at(to))?;
    let data = fs::canonicalize(data).map_err(at(data))?;
    let known = to.ancestors().find_map(|above| fs::canonicalize(above).ok());
    if known.is_some_and(|above| above.starts_with(&data)) { Err(KeepError::Inside(to)) } else { Ok(()) }
}

fn left_out(data: &Path) -> Result<Vec<String>, KeepError> {
    let known = [SCENARIOS, JOURNAL, people::FILE, book::FILE, master_key::FOLDER];
    let mut names = Vec::new();
    for entry in fs::read_dir(data).map_err(at(data))? {
        let name = entry.map_err(at(data))?.file_name().to_string_lossy().into_owned();
        if !known.contains(&&*name) && !NOT_KEPT.contains(&&*name) {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}
