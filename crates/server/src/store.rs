//! Scenarios: plain folders in the data folder (`folders`), which the terminal works on too; or, where several processes share
//! a database, rows of it (`shared`).
//!
//! A version is the hash of a scenario's content. Nothing is thrown away: what is removed goes to a bin. Each scenario is for one place:
//! for whoever does not plan there, there is none of its id.

mod folder;
mod folders;
mod id;
mod path;
mod shared;
mod write;

pub use folder::tag;
pub use id::Id;

pub(crate) use shared::TABLES;

use folders::Folders;
use shared::Shared;

use crate::{
    access::{role::Place, who::Who},
    db::{self, Database, On},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use scenario::Files;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fmt,
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};
use utoipa::ToSchema;

/// A scenario in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Listed {
    /// Its folder's name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Of its content.
    pub version: String,
    /// When its files were last written, RFC 3339.
    pub changed: Option<String>,
    /// For which place it is planned: who plans there sees it, and nobody else.
    pub place: Place,
}

/// A scenario with its files.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its folder's name.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// Of its content.
    pub version: String,
    /// Its files.
    pub files: Files,
    /// For which place it is planned.
    pub place: Place,
}

/// A scenario as it is sent.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Packed {
    /// Its folder's name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Of its content.
    pub version: String,
    /// Its files: path → base64.
    pub files: BTreeMap<String, String>,
    /// For which place it is planned.
    pub place: Place,
}

impl Kept {
    /// As it is sent.
    pub fn packed(&self) -> Packed {
        let files = self.files.0.iter();
        Packed {
            id: self.id.to_string(),
            name: self.name.clone(),
            version: self.version.clone(),
            files: files.map(|(path, bytes)| (path.clone(), BASE64_STANDARD.encode(bytes))).collect(),
            place: self.place,
        }
    }
}

/// What is to be written into a scenario's folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Its new name; `None`: as it is.
    pub name: Option<String>,
    /// Files: `None` takes one out.
    pub files: BTreeMap<String, Option<Vec<u8>>>,
    /// For which place it is planned from now on; `None`: as it is.
    pub place: Option<Place>,
}

/// What came of a change.
#[derive(Clone, Debug)]
pub enum Written {
    /// It is written; as it is now.
    Now(Kept),
    /// Somebody else wrote since the version that was read; as it is now.
    Conflict(Kept),
}

/// Why the store did not do it.
#[derive(Debug)]
pub enum StoreError {
    /// There is no scenario of that id.
    Unknown,
    /// There are as many scenarios as there may be.
    Full,
    /// More files or bytes than a scenario may have.
    Large,
    /// A path that no scenario's file has.
    Path(String),
    /// Two paths that cannot lie beside each other.
    Clash(String),
    /// Somebody else works on this data folder.
    Locked,
    /// The disk said no.
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database said no.
    Database(db::Error),
    /// A newer program wrote the database.
    Newer,
}

/// Says where the disk said no.
fn at(path: &Path) -> impl FnOnce(io::Error) -> StoreError + '_ {
    move |source| StoreError::Disk { path: path.to_owned(), source }
}

/// All scenarios. Its data folder is held by this program alone.
pub struct Store {
    held: Held,
    /// Keeps a second server out.
    _lock: File,
}

enum Held {
    Folders(Folders),
    Shared(Shared),
}

impl fmt::Debug for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a data folder; makes it where it is missing, for its owner's eyes only.
    ///
    /// # Errors
    /// The disk says no, or another server holds the folder.
    pub fn open(data: &Path) -> Result<Store, StoreError> {
        let lock = lock(data)?;
        Ok(Store { held: Held::Folders(Folders::open(data)?), _lock: lock })
    }

    /// Opens them in a database that several processes share. The data folder holds what is this process's own.
    ///
    /// # Errors
    /// The disk or the database says no, or another server holds the folder.
    pub fn shared(data: &Path, database: &Database) -> Result<Store, StoreError> {
        let lock = lock(data)?;
        Ok(Store { held: Held::Shared(Shared::open(database)?), _lock: lock })
    }

    /// The scenarios that somebody plans with, the last written first, and how many folders have names that are no ids.
    ///
    /// # Errors
    /// The disk or the database says no.
    pub fn list(&self, who: &Who) -> Result<(Vec<Listed>, usize), StoreError> {
        let (mut listed, others) = match &self.held {
            Held::Folders(folders) => folders.list()?,
            Held::Shared(shared) => (shared.list()?, 0),
        };
        listed.retain(|of| who.plans_for(of.place));
        Ok((listed, others))
    }

    /// A scenario with its files.
    ///
    /// # Errors
    /// There is none that somebody plans with, it is too large, or the disk or the database says no.
    pub fn get(&self, who: &Who, id: &Id) -> Result<Kept, StoreError> {
        let kept = match &self.held {
            Held::Folders(folders) => folders.get(id),
            Held::Shared(shared) => shared.get(id),
        };
        kept.and_then(|kept| theirs(who, kept.place).map(|()| kept))
    }

    /// A new scenario, for a place. Its id is made from its name, or else from the community's, or else from `hint`.
    ///
    /// # Errors
    /// As [`Store::get`], and paths that no scenario's file has.
    pub fn create(
        &self,
        place: Place,
        name: Option<&str>,
        hint: &str,
        files: &Files,
    ) -> Result<Kept, StoreError> {
        path::check_all(files.0.keys())?;
        folder::check_size(files)?;
        let new = New::of(place, name, hint, files);
        match &self.held {
            Held::Folders(folders) => folders.create(&new, files),
            Held::Shared(shared) => shared.create(&new, files),
        }
    }

    /// Writes all changes or none, if the scenario is still at this version.
    ///
    /// # Errors
    /// As [`Store::create`].
    pub fn change(
        &self,
        who: &Who,
        id: &Id,
        version: &str,
        changes: &Changes,
    ) -> Result<Written, StoreError> {
        match &self.held {
            Held::Folders(folders) => folders.change(who, id, version, changes),
            Held::Shared(shared) => shared.change(who, id, version, changes),
        }
    }

    /// Moves a scenario to the bin.
    ///
    /// # Errors
    /// There is none that somebody plans with, or the disk or the database says no.
    pub fn remove(&self, who: &Who, id: &Id) -> Result<(), StoreError> {
        match &self.held {
            Held::Folders(folders) => folders.remove(who, id),
            Held::Shared(shared) => shared.remove(who, id),
        }
    }

    /// The scenarios of which nobody has said yet for which place they are: those of an older program, and folders that somebody
    /// put in by hand.
    ///
    /// # Errors
    /// The disk or the database says no.
    pub(crate) fn unplaced(&self) -> Result<Vec<Id>, StoreError> {
        match &self.held {
            Held::Folders(folders) => folders.unplaced(),
            Held::Shared(shared) => shared.unplaced(),
        }
    }

    /// Says it of one.
    ///
    /// # Errors
    /// The disk or the database says no.
    pub(crate) fn put_in(&self, id: &Id, place: Place) -> Result<(), StoreError> {
        match &self.held {
            Held::Folders(folders) => folders.put_in(id, place),
            Held::Shared(shared) => shared.put_in(id, place),
        }
    }
}

/// What is planned for another place does not exist for somebody.
fn theirs(who: &Who, place: Place) -> Result<(), StoreError> {
    if who.plans_for(place) { Ok(()) } else { Err(StoreError::Unknown) }
}

impl Store {
    /// Writes all scenarios of the folders into the rows of a database, and reads them back; how many.
    pub(crate) fn copy_to(&self, on: &On<'_>) -> Result<usize, StoreError> {
        let listed = self.list(&Who::Owner)?.0;
        for of in &listed {
            let Some(id) = Id::parse(&of.id) else { continue };
            let changed = of.changed.as_ref().and_then(|at| at.parse::<Timestamp>().ok());
            let kept = self.get(&Who::Owner, &id)?;
            if shared::copied(on, &kept, changed.unwrap_or_else(Timestamp::now))? != kept {
                return Err(StoreError::Database(db::Error::Odd("a scenario does not read back as it was")));
            }
        }
        Ok(listed.len())
    }

    /// Writes all scenarios of a database into the folders, and reads them back; how many.
    pub(crate) fn copy_from(&self, on: &On<'_>) -> Result<usize, StoreError> {
        let Held::Folders(folders) = &self.held else { unreachable!("they are fetched into folders") };
        let scenarios = shared::all(on)?;
        for (kept, named) in &scenarios {
            if folders.put(kept, named.as_ref())? != *kept {
                return Err(StoreError::Database(db::Error::Odd("a scenario does not read back as it was")));
            }
        }
        Ok(scenarios.len())
    }
}

/// Holds a data folder; makes it where it is missing.
fn lock(data: &Path) -> Result<File, StoreError> {
    write::make_folder(data).map_err(at(data))?;
    let lock = data.join(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&lock).map_err(at(&lock))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked),
        Err(TryLockError::Error(source)) => Err(at(&lock)(source)),
    }
}

/// What a new scenario is called, and for which place it is.
struct New {
    place: Place,
    /// From the first of these that can be one comes its id.
    names: [String; 3],
    /// What people call it, where that is not the community's name.
    named: Option<String>,
}

impl New {
    fn of(place: Place, name: Option<&str>, hint: &str, files: &Files) -> New {
        let of_files = folder::community(files);
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        let named = name.filter(|name| Some(*name) != of_files.as_deref()).map(str::to_owned);
        New {
            place,
            names: [name.unwrap_or_default().to_owned(), of_files.unwrap_or_default(), hint.to_owned()],
            named,
        }
    }

    fn id(&self, free: impl Fn(&Id) -> bool) -> Id {
        Id::of_names(&self.names.each_ref().map(|name| &**name), free)
    }
}

/// What a scenario comes to with changes, if it may: its files, and its own name where that changes (`Some(None)`: it has none
/// any more, but goes by the community's).
fn changed(kept: &Kept, changes: &Changes) -> Result<(Files, Option<Option<String>>), StoreError> {
    // What lies there already has a name that this disk takes.
    path::check_each(changes.files.keys().filter(|path| !kept.files.0.contains_key(*path)))?;
    let mut after = kept.files.clone();
    for (path, content) in &changes.files {
        match content {
            Some(content) => after.0.insert(path.clone(), content.clone()),
            None => after.0.remove(path),
        };
    }
    path::check_beside(after.0.keys())?;
    folder::check_size(&after)?;
    let named = changes.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).and_then(|name| {
        if folder::community(&after).as_deref() == Some(name) {
            Some(None)
        } else {
            (name != kept.name).then(|| Some(name.to_owned()))
        }
    });
    Ok((after, named))
}

/// A scenario as it was found.
fn kept(id: &Id, files: Files, named: Option<String>, place: Place) -> Kept {
    let version = folder::version(&files, named.as_deref());
    let name = named.or_else(|| folder::community(&files)).unwrap_or_else(|| id.to_string());
    Kept { id: id.clone(), name, version, files, place }
}
