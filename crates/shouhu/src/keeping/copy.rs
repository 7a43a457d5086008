//! Files, copied and hashed; for their owner's eyes only, and on the disk before anybody relies on them.

use super::{
    KeepError, at,
    manifest::{FileAt, digits},
};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

/// How often a folder that is being changed is read anew before that is said.
const TRIES: u32 = 10;
/// Between two tries: a change of a scenario is written in a fraction of it.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// Folders within folders, at most: far more than a scenario has.
const DEPTH_MAX: usize = 16;
/// What a change is prepared in, and what a new scenario is: neither has become true.
const UNFINISHED: [&str; 2] = [".write-part", ".new"];

/// Copies a folder whose files somebody may be changing: what is read twice alike is whole.
pub(super) fn folder(from: &Path, to: &Path, prefix: &str) -> Result<Vec<FileAt>, KeepError> {
    for _ in 0..TRIES {
        remove(to)?;
        make_folder(to)?;
        if let (Some(copied), Some(now)) = (read(from, Some(to), prefix)?, read(from, None, prefix)?)
            && copied == now
        {
            return Ok(copied);
        }
        sleep(TRY_AGAIN_AFTER);
    }
    Err(KeepError::Changing(from.to_owned()))
}

/// Reads all files of a folder, and copies them if there is somewhere to; `None` if one went away meanwhile. Links are
/// left out: they could lead anywhere.
fn read(from: &Path, to: Option<&Path>, prefix: &str) -> Result<Option<Vec<FileAt>>, KeepError> {
    let mut files = Vec::new();
    let mut open = vec![(PathBuf::new(), 0)];
    while let Some((inside, depth)) = open.pop() {
        let folder = from.join(&inside);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            entries => entries.map_err(at(&folder))?,
        };
        for entry in entries {
            let entry = entry.map_err(at(&folder))?;
            let name = entry.file_name();
            let inside = inside.join(&name);
            let kind = entry.file_type().map_err(at(&entry.path()))?;
            if UNFINISHED.iter().any(|unfinished| name == *unfinished) {
                continue;
            }
            if kind.is_dir() && depth < DEPTH_MAX {
                open.push((inside, depth + 1));
            } else if kind.is_file() {
                let to = to.map(|to| to.join(&inside));
                let Some(inside) = inside.to_str() else {
                    return Err(at(&entry.path())(io::ErrorKind::InvalidFilename.into()));
                };
                let path = format!("{prefix}/{}", inside.replace(std::path::MAIN_SEPARATOR, "/"));
                match one(&entry.path(), to.as_deref()) {
                    Err(KeepError::Disk { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                        return Ok(None);
                    }
                    read => {
                        let (bytes, sha256) = read?;
                        files.push(FileAt { path, bytes, sha256 });
                    }
                }
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Some(files))
}

/// Reads a file to its end, and copies it if there is somewhere to: its length and its hash.
pub(super) fn one(from: &Path, to: Option<&Path>) -> Result<(u64, String), KeepError> {
    let mut file = File::open(from).map_err(at(from))?;
    let mut into = match to {
        None => None,
        Some(to) => {
            make_folder(to.parent().unwrap_or(Path::new(".")))?;
            Some((create(to)?, to))
        }
    };
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut part = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut part).map_err(at(from))?;
        if length == 0 {
            break;
        }
        bytes += length as u64;
        hash.update(&part[..length]);
        if let Some((into, to)) = &mut into {
            into.write_all(&part[..length]).map_err(at(to))?;
        }
    }
    if let Some((into, to)) = into {
        into.sync_all().map_err(at(to))?;
    }
    Ok((bytes, digits(&hash.finalize())))
}

/// Writes a new file.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<(), KeepError> {
    let mut file = create(path)?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(at(path))
}

fn create(path: &Path) -> Result<File, KeepError> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(at(path))
}

/// A folder, and those above it.
pub(super) fn make_folder(path: &Path) -> Result<(), KeepError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path).map_err(at(path))
}

/// Clears a folder away, if there is one.
pub(super) fn remove(folder: &Path) -> Result<(), KeepError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(folder)(error)),
        _ => Ok(()),
    }
}

/// Makes the entries of a folder and of all in it durable.
pub(super) fn sync_folders(folder: &Path) -> Result<(), KeepError> {
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let entry = entry.map_err(at(folder))?;
        if entry.file_type().map_err(at(&entry.path()))?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    sync(folder)
}

/// Makes a folder's entries durable; Windows does that by itself and lets nobody open a folder.
pub(super) fn sync(folder: &Path) -> Result<(), KeepError> {
    if cfg!(unix) {
        File::open(folder).and_then(|opened| opened.sync_all()).map_err(at(folder))?;
    }
    Ok(())
}
