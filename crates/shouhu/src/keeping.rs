//! A data folder kept: copied while it is used, put back, and looked at as a whole.
//!
//! Map: [`Manifest`] what a backup says of itself · [`copy`] files, copied and hashed · [`backup()`] a data folder into a new
//! folder, and [`backup_of_database`] · [`restore()`] the way back · [`verify()`] whether all is as it was written · [`Found`] what is not.
//!
//! Of the journal and of the file of accounts it knows only that their own crates copy and check them.

mod backup;
mod copy;
mod manifest;
mod restore;
mod verify;

pub use backup::{backup, backup_of_database};
pub use manifest::{Manifest, id_text};
pub use restore::restore;
pub use verify::{Found, Report, verify, verify_database};

use journal::{OpenError, StorageError, sqlite::BackupError};
use server::{PeopleError, migrate::MigrateError};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// In a data folder: scenarios, each a folder.
const SCENARIOS: &str = "scenarios";
/// In a data folder: the journal's own folder.
const JOURNAL: &str = "journal";

/// What a long work is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Files are copied.
    Copy,
    /// What is written is checked.
    Verify,
}

/// Who is told how far a work is: the step, how much is done, of how much.
pub type Tell<'a> = &'a (dyn Fn(Step, u64, u64) + Sync);

/// Why nothing was kept or put back.
#[derive(Debug)]
pub enum KeepError {
    /// There is no data of a server in this folder.
    NoData(PathBuf),
    /// The folder to be written holds something.
    Exists(PathBuf),
    /// It would lie in the data folder itself.
    Inside(PathBuf),
    /// It is no backup, or not a whole one.
    NoManifest {
        /// The manifest's file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A newer program wrote the backup.
    Newer {
        /// The manifest's file.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// Somebody writes to this folder again and again.
    Changing(PathBuf),
    /// The folder was made for drills: nothing in it is real.
    Drill(PathBuf),
    /// The keys are to be kept, too, and are not there.
    NoKeys(PathBuf),
    /// What was written, or is to be put back, is not as it should be.
    Faulty(Report),
    /// The disk said no.
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The journal cannot be used.
    Journal(OpenError),
    /// The journal cannot be read.
    Storage(StorageError),
    /// The file of accounts and names cannot be used.
    People(PeopleError),
    /// The database cannot be read, or does not read back as it was written.
    Database {
        /// The folder into which it is fetched.
        path: PathBuf,
        /// Why.
        why: Box<MigrateError>,
    },
}

impl From<OpenError> for KeepError {
    fn from(error: OpenError) -> KeepError {
        KeepError::Journal(error)
    }
}

impl From<StorageError> for KeepError {
    fn from(error: StorageError) -> KeepError {
        KeepError::Storage(error)
    }
}

impl From<PeopleError> for KeepError {
    fn from(error: PeopleError) -> KeepError {
        KeepError::People(error)
    }
}

impl From<BackupError> for KeepError {
    fn from(error: BackupError) -> KeepError {
        match error {
            BackupError::Exists(path) => KeepError::Exists(path),
            BackupError::Io { path, source } => KeepError::Disk { path, source },
            BackupError::Storage(error) => KeepError::Storage(error),
            BackupError::Faulty { found, .. } => KeepError::Faulty(Report::of_journal(found)),
        }
    }
}

/// Says where the disk said no.
fn at(path: &Path) -> impl FnOnce(io::Error) -> KeepError + '_ {
    move |source| KeepError::Disk { path: path.to_owned(), source }
}

/// Whether a folder is missing or empty.
fn is_free(folder: &Path) -> Result<bool, KeepError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(at(folder)(error)),
    }
}

/// The folder that a new one is written in until it is whole: beside it, so that renaming it is one step.
struct Partial {
    path: PathBuf,
    to: PathBuf,
}

impl Partial {
    /// Begins a folder, which must be missing or empty. What an earlier attempt left is cleared away.
    fn begin(to: &Path) -> Result<Partial, KeepError> {
        let to = std::path::absolute(to).map_err(at(to))?;
        if !is_free(&to)? {
            return Err(KeepError::Exists(to));
        }
        let name = to.file_name().ok_or_else(|| at(&to)(io::ErrorKind::InvalidFilename.into()))?;
        let path = to.with_file_name(format!("{}.partial", name.to_string_lossy()));
        copy::remove(&path)?;
        copy::make_folder(&path)?;
        Ok(Partial { path, to })
    }

    /// Gives it its name, once all of it is on the disk.
    fn finish(self) -> Result<PathBuf, KeepError> {
        copy::sync_folders(&self.path)?;
        if self.to.exists() {
            fs::remove_dir(&self.to).map_err(at(&self.to))?;
        }
        fs::rename(&self.path, &self.to).map_err(at(&self.to))?;
        if let Some(parent) = self.to.parent() {
            copy::sync(parent)?;
        }
        Ok(self.to)
    }
}
