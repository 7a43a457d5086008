//! Whether all is as it was written: a data folder, a backup, or a journal's file alone.

use super::{
    JOURNAL, KeepError, Manifest, Step, Tell, copy,
    manifest::{self, FileAt},
};
use journal::{Fault, Head, Journal, LogName, OpenError, Verified, What, sqlite};
use server::{Database, people, run::book};
use std::{io, path::Path};

/// What was looked at, and what is wrong.
#[derive(Debug, Default)]
pub struct Report {
    /// Logs of the journal.
    pub logs: u64,
    /// Frames of it.
    pub frames: u64,
    /// What is wrong; nothing if all is as it was written.
    pub faults: Vec<Found>,
}

/// Something that is not as it was written.
#[derive(Debug)]
pub enum Found {
    /// In the journal.
    Journal(Fault),
    /// The file of accounts and names is damaged.
    People(String),
    /// The book of rounds is damaged.
    Rounds(String),
    /// A file of a backup is not there.
    FileMissing(String),
    /// A file of a backup is another.
    FileChanged(String),
}

impl Report {
    pub(super) fn of_journal(found: Verified) -> Report {
        let faults = found.faults.into_iter().map(Found::Journal).collect();
        Report { logs: found.logs, frames: found.frames, faults }
    }

    pub(super) fn of_people(why: String) -> Report {
        Report { faults: vec![Found::People(why)], ..Report::default() }
    }

    pub(super) fn of_file(path: String) -> Report {
        Report { faults: vec![Found::FileChanged(path)], ..Report::default() }
    }
}

/// Checks what lies here; against the heads of a backup, too, if there is one to compare with. Whoever uses the data folder
/// is not disturbed.
///
/// # Errors
/// Why nothing can be said.
pub fn verify(place: &Path, against: Option<&Manifest>, tell: Tell<'_>) -> Result<Report, KeepError> {
    let heads = against.and_then(Manifest::heads).unwrap_or_default();
    if place.is_file() {
        return journal(place, &heads, tell);
    }
    if place.join(manifest::FILE).is_file() {
        let manifest = Manifest::read(place)?;
        let mut report = backup(place, &manifest, tell)?;
        if against.is_some() {
            let compared = journal(&place.join(JOURNAL).join(sqlite::FILE), &heads, tell)?;
            report.faults.extend(compared.faults.into_iter().filter(is_of_history));
        }
        return Ok(report);
    }
    let (people_file, journal_file) = (place.join(people::FILE), place.join(JOURNAL).join(sqlite::FILE));
    if !place.join(super::SCENARIOS).is_dir() && !people_file.is_file() && !journal_file.is_file() {
        return Err(KeepError::NoData(place.to_owned()));
    }
    let mut report = journal(&journal_file, &heads, tell)?;
    report.look_at_the_others(place)?;
    Ok(report)
}

/// Checks the journal in a database, against the heads of a backup, too, if there is one to compare with. Servers go on meanwhile.
///
/// # Errors
/// Why nothing can be said.
pub fn verify_database(
    database: &Database,
    against: Option<&Manifest>,
    tell: Tell<'_>,
) -> Result<Report, KeepError> {
    let heads = against.and_then(Manifest::heads).unwrap_or_default();
    let journal = Journal::connect(database.url())?;
    let found = journal.verify_against(&heads, &|at| tell(Step::Verify, at.done as u64, at.all as u64))?;
    Ok(Report::of_journal(found))
}

/// Checks a backup against what it says of itself.
pub(super) fn backup(folder: &Path, manifest: &Manifest, tell: Tell<'_>) -> Result<Report, KeepError> {
    let heads = manifest.heads().unwrap_or_default();
    let mut report = journal(&folder.join(JOURNAL).join(sqlite::FILE), &heads, tell)?;
    for (done, file) in (0..).zip(&manifest.files) {
        tell(Step::Verify, done, manifest.files.len() as u64);
        match copy::one(&folder.join(&file.path), None) {
            Ok((bytes, sha256)) if same(file, bytes, &sha256) => {}
            Ok(_) => report.faults.push(Found::FileChanged(file.path.clone())),
            Err(KeepError::Disk { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                report.faults.push(Found::FileMissing(file.path.clone()));
            }
            Err(error) => return Err(error),
        }
    }
    report.look_at_the_others(folder)?;
    Ok(report)
}

impl Report {
    /// The files beside the journal.
    fn look_at_the_others(&mut self, folder: &Path) -> Result<(), KeepError> {
        let (people_file, rounds_file) = (folder.join(people::FILE), folder.join(book::FILE));
        if people_file.is_file() {
            self.faults.extend(people::check(&people_file)?.map(Found::People));
        }
        if rounds_file.is_file() {
            self.faults.extend(book::check(&rounds_file).map(Found::Rounds));
        }
        Ok(())
    }
}

fn same(file: &FileAt, bytes: u64, sha256: &str) -> bool {
    file.bytes == bytes && file.sha256 == sha256
}

/// Where there is no journal all of its logs are lost, if there were any.
fn journal(path: &Path, heads: &[(LogName, Head)], tell: Tell<'_>) -> Result<Report, KeepError> {
    if !path.is_file() {
        let lost = heads.iter().filter(|(_, head)| head.seq > 0).map(|(name, head)| {
            let what = What::Rewound { had: head.seq, has: 0 };
            Found::Journal(Fault { community: Some(name.community), device: Some(name.device), seq: 1, what })
        });
        return Ok(Report { faults: lost.collect(), ..Report::default() });
    }
    // A file that cannot even be opened as a database is damaged, which is what is asked for here.
    match sqlite::look(path) {
        Err(OpenError::Storage(error)) => {
            let what = What::Unreadable(error.to_string());
            let fault = Fault { community: None, device: None, seq: 0, what };
            return Ok(Report { faults: vec![Found::Journal(fault)], ..Report::default() });
        }
        looked => looked?,
    }
    let found = sqlite::verify_against(path, heads, &|at| {
        tell(Step::Verify, at.done as u64, at.all as u64);
    })?;
    Ok(Report::of_journal(found))
}

fn is_of_history(found: &Found) -> bool {
    let Found::Journal(fault) = found else { return false };
    matches!(fault.what, What::Rewound { .. } | What::OtherHistory)
}
