//! The data folder: `DIR/scenarios/ID/` are plain scenario folders, which the terminal works on too.
//!
//! Everything is read anew each time, so what somebody edits by hand is seen. A version is the hash of a folder's content.
//! Nothing is thrown away: what is removed moves to `DIR/.bin/`.

mod folder;
mod id;
mod path;
mod write;

pub use folder::tag;
pub use id::Id;

use crate::limits;
use base64::{Engine, prelude::BASE64_STANDARD};
use scenario::Files;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};
use utoipa::ToSchema;

/// Hidden in a scenario's folder: what people call it, where that is not the community's name.
const NAME_FILE: &str = ".name";

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
}

/// Says where the disk said no.
fn at(path: &Path) -> impl FnOnce(io::Error) -> StoreError + '_ {
    move |source| StoreError::Disk { path: path.to_owned(), source }
}

/// A data folder, held by this program alone.
#[derive(Debug)]
pub struct Store {
    scenarios: PathBuf,
    bin: PathBuf,
    /// One at a time: what is read is whole, and a version is compared and written over in one go.
    turn: Mutex<()>,
    /// Keeps a second server out.
    _lock: File,
}

impl Store {
    /// Opens a data folder; makes it where it is missing, for its owner's eyes only.
    ///
    /// # Errors
    /// The disk says no, or another server holds the folder.
    pub fn open(data: &Path) -> Result<Store, StoreError> {
        let (scenarios, bin) = (data.join("scenarios"), data.join(".bin"));
        for folder in [data, &scenarios, &bin] {
            write::make_folder(folder).map_err(at(folder))?;
        }
        let lock = data.join(".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&lock).map_err(at(&lock))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::Locked),
            Err(TryLockError::Error(source)) => return Err(at(&lock)(source)),
        }
        Ok(Store { scenarios, bin, turn: Mutex::new(()), _lock: file })
    }

    /// All scenarios, the last written first, and how many folders have names that are no ids.
    ///
    /// # Errors
    /// The disk says no.
    pub fn list(&self) -> Result<(Vec<Listed>, usize), StoreError> {
        let _turn = self.turn();
        let (ids, others) = self.ids()?;
        let mut listed = Vec::new();
        for id in ids {
            // A folder that is too large, or goes away meanwhile, hides no other.
            let Ok(kept) = self.read(&id) else { continue };
            let changed = folder::changed(&self.folder(&id));
            listed.push(Listed { id: id.to_string(), name: kept.name, version: kept.version, changed });
        }
        listed.sort_by(|a, b| b.changed.cmp(&a.changed).then_with(|| a.id.cmp(&b.id)));
        Ok((listed, others))
    }

    /// A scenario with its files.
    ///
    /// # Errors
    /// There is none, it is too large, or the disk says no.
    pub fn get(&self, id: &Id) -> Result<Kept, StoreError> {
        let _turn = self.turn();
        self.read(id)
    }

    /// A new scenario. Its id is made from its name, or else from the community's, or else from `hint`.
    ///
    /// # Errors
    /// As [`Store::get`], and paths that no scenario's file has.
    pub fn create(&self, name: Option<&str>, hint: &str, files: &Files) -> Result<Kept, StoreError> {
        let _turn = self.turn();
        if self.ids()?.0.len() >= limits::SCENARIOS {
            return Err(StoreError::Full);
        }
        path::check_all(files.0.keys())?;
        folder::check_size(files)?;
        let of_files = folder::community(files);
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        let names = [name.unwrap_or_default(), of_files.as_deref().unwrap_or_default(), hint];
        let id = Id::of_names(&names, |id| !self.folder(id).exists());
        let mut hidden = BTreeMap::new();
        if let Some(name) = name.filter(|name| Some(*name) != of_files.as_deref()) {
            hidden.insert(NAME_FILE.to_owned(), name.as_bytes().to_vec());
        }
        let folder = self.folder(&id);
        write::new_folder(&folder, files.0.iter().chain(&hidden)).map_err(at(&folder))?;
        self.read(&id)
    }

    /// Writes all changes or none, if the scenario is still at this version.
    ///
    /// # Errors
    /// As [`Store::create`].
    pub fn change(&self, id: &Id, version: &str, changes: &Changes) -> Result<Written, StoreError> {
        let _turn = self.turn();
        let kept = self.read(id)?;
        if kept.version != version {
            return Ok(Written::Conflict(kept));
        }
        let folder = self.folder(id);
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
        write::check_room(&folder, changes.files.keys())?;
        // A file that stays as it is keeps its time.
        let mut files: BTreeMap<String, Option<Vec<u8>>> = changes.files.clone();
        files.retain(|path, content| content.as_ref() != kept.files.0.get(path));
        if let Some(name) = changes.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            if folder::community(&after).as_deref() == Some(name) {
                files.insert(NAME_FILE.to_owned(), None);
            } else if name != kept.name {
                files.insert(NAME_FILE.to_owned(), Some(name.as_bytes().to_vec()));
            }
        }
        write::change(&folder, &files).map_err(at(&folder))?;
        Ok(Written::Now(self.read(id)?))
    }

    /// Moves a scenario to the bin.
    ///
    /// # Errors
    /// There is none, or the disk says no.
    pub fn remove(&self, id: &Id) -> Result<(), StoreError> {
        let _turn = self.turn();
        let folder = self.folder(id);
        if !folder::is_folder(&folder) {
            return Err(StoreError::Unknown);
        }
        write::to_bin(&folder, &self.bin, id.as_str()).map_err(at(&folder))
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        // A panic left the disk as a crash would, and that is mended on reading.
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder(&self, id: &Id) -> PathBuf {
        self.scenarios.join(id.as_str())
    }

    fn ids(&self) -> Result<(Vec<Id>, usize), StoreError> {
        let (mut ids, mut others) = (Vec::new(), 0);
        for entry in fs::read_dir(&self.scenarios).map_err(at(&self.scenarios))? {
            let entry = entry.map_err(at(&self.scenarios))?;
            let name = entry.file_name();
            let hidden = name.to_string_lossy().starts_with('.');
            if hidden || !folder::is_folder(&entry.path()) {
                continue;
            }
            match name.to_str().and_then(Id::parse) {
                Some(id) => ids.push(id),
                None => others += 1,
            }
        }
        ids.sort_unstable();
        Ok((ids, others))
    }

    fn read(&self, id: &Id) -> Result<Kept, StoreError> {
        let folder = self.folder(id);
        if !folder::is_folder(&folder) {
            return Err(StoreError::Unknown);
        }
        write::finish(&folder).map_err(at(&folder))?;
        let files = folder::read(&folder)?;
        let named = fs::read_to_string(folder.join(NAME_FILE)).ok();
        let named = named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let version = folder::version(&files, named.as_deref());
        let name = named.or_else(|| folder::community(&files)).unwrap_or_else(|| id.to_string());
        Ok(Kept { id: id.clone(), name, version, files })
    }
}
