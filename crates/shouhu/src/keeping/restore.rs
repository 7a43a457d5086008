//! A backup into a new data folder.

use super::{KeepError, Manifest, Partial, Step, Tell, copy, is_free, verify};
use std::path::{Path, PathBuf};

/// Puts a backup back into a folder that is missing or empty, once all of it was checked: the folder, what the backup says
/// of itself, and what was found in it.
///
/// # Errors
/// Why nothing was put back; the folder is as it was then.
pub fn restore(
    from: &Path,
    data: &Path,
    tell: Tell<'_>,
) -> Result<(PathBuf, Manifest, verify::Report), KeepError> {
    // First, since it costs nothing.
    if !is_free(data)? {
        return Err(KeepError::Exists(data.to_owned()));
    }
    let manifest = Manifest::read(from)?;
    let report = verify::backup(from, &manifest, tell)?;
    if !report.faults.is_empty() {
        return Err(KeepError::Faulty(report));
    }
    let partial = Partial::begin(data)?;
    if let Err(error) = fill(&partial.path, from, &manifest, tell) {
        // The first reason is the one to be said.
        let _ = copy::remove(&partial.path);
        return Err(error);
    }
    Ok((partial.finish()?, manifest, report))
}

fn fill(folder: &Path, from: &Path, manifest: &Manifest, tell: Tell<'_>) -> Result<(), KeepError> {
    copy::make_folder(&folder.join(super::SCENARIOS))?;
    for (done, file) in (0..).zip(&manifest.files) {
        tell(Step::Copy, done, manifest.files.len() as u64);
        let to = folder.join(&file.path);
        let (bytes, sha256) = copy::one(&from.join(&file.path), Some(&to))?;
        if (bytes, &sha256) != (file.bytes, &file.sha256) {
            return Err(KeepError::Faulty(verify::Report::of_file(file.path.clone())));
        }
    }
    Ok(())
}
