//! A copy of the journal, taken while it is used, and looked at before it is called one.

use super::{failed_at, journal::sync_folder, reader, verify};
use crate::{Progress, StorageError, Verified};
use std::{
    error::Error,
    ffi::OsString,
    fmt,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Why there is no copy.
#[derive(Debug)]
pub enum BackupError {
    /// There is a file of this name.
    Exists(PathBuf),
    /// The copy cannot be written.
    Io {
        /// The copy.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The journal or the copy cannot be read.
    Storage(StorageError),
    /// The copy is not as it should be, and so the journal is not, most likely. It is left where it is.
    Faulty {
        /// The copy.
        path: PathBuf,
        /// What was found.
        found: Verified,
    },
}

impl fmt::Display for BackupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BackupError::Exists(path) => write!(out, "{} exists already; nothing was copied", path.display()),
            BackupError::Io { path, source } => {
                write!(out, "could not write the copy {}: {source}", path.display())
            }
            BackupError::Storage(error) => error.fmt(out),
            BackupError::Faulty { path, found } => {
                write!(out, "the copy {} has {} faults", path.display(), found.faults.len())?;
                found.faults.first().map_or(Ok(()), |first| write!(out, "; the first: {first}"))
            }
        }
    }
}

impl Error for BackupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            BackupError::Io { source, .. } => Some(source),
            BackupError::Storage(error) => error.source(),
            _ => None,
        }
    }
}

/// Copies a journal's file as it is now into a new file, whoever writes to it meanwhile, checks the copy, and only then
/// gives it its name. It takes no lock: it reads as of one moment.
///
/// # Errors
/// Why there is no copy.
pub fn backup(from: &Path, to: &Path, progress: &(dyn Fn(Progress) + Sync)) -> Result<Verified, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.into()));
    }
    let mut name = OsString::from(to);
    name.push(".partial");
    let partial = PathBuf::from(name);
    let failed = |source| BackupError::Io { path: to.into(), source };
    // What an earlier attempt left.
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let copy = |source| BackupError::Storage(failed_at("copy", from, source));
    // Not a pooled one: it takes long, and readers should not wait for it.
    let db = reader::open(from).map_err(copy)?;
    let Some(into) = partial.to_str() else {
        return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "SQLite takes names in UTF-8 only")));
    };
    db.execute("VACUUM INTO ?1", [into]).map_err(copy)?;
    File::options().write(true).open(&partial).and_then(|file| file.sync_all()).map_err(failed)?;
    let found = verify(&partial, progress).map_err(BackupError::Storage)?;
    if !found.faults.is_empty() {
        return Err(BackupError::Faulty { path: partial, found });
    }
    fs::rename(&partial, to).map_err(failed)?;
    sync_folder(to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
        .map_err(failed)?;
    Ok(found)
}
