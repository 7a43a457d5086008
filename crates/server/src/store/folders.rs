//! Scenarios in the data folder: `DIR/scenarios/ID/` are plain folders. Everything is read anew each time, so what somebody edits
//! by hand is seen. What is removed moves to `DIR/.bin/`.

use super::{Changes, Id, Kept, Listed, New, StoreError, Written, at, changed, folder, kept, theirs, write};
use crate::{
    access::{role::Place, who::Who},
    limits,
};
use scenario::Files;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Hidden in a scenario's folder: what people call it, where that is not the community's name.
const NAME_FILE: &str = ".name";
/// Beside it: for which place it is, as grants say it. Without one it is for those who plan everywhere.
const PLACE_FILE: &str = ".place";

/// The folders.
pub(super) struct Folders {
    scenarios: PathBuf,
    bin: PathBuf,
    /// One at a time: what is read is whole, and a version is compared and written over in one go.
    turn: Mutex<()>,
}

impl Folders {
    pub(super) fn open(data: &Path) -> Result<Folders, StoreError> {
        let (scenarios, bin) = (data.join("scenarios"), data.join(".bin"));
        for folder in [&scenarios, &bin] {
            write::make_folder(folder).map_err(at(folder))?;
        }
        Ok(Folders { scenarios, bin, turn: Mutex::new(()) })
    }

    pub(super) fn list(&self) -> Result<(Vec<Listed>, usize), StoreError> {
        let _turn = self.turn();
        let (ids, others) = self.ids()?;
        let mut listed = Vec::new();
        for id in ids {
            // A folder that is too large, or goes away meanwhile, hides no other.
            let Ok(kept) = self.read(&id) else { continue };
            let changed = folder::changed(&self.folder(&id));
            let Kept { name, version, place, .. } = kept;
            listed.push(Listed { id: id.to_string(), name, version, changed, place });
        }
        listed.sort_by(|a, b| b.changed.cmp(&a.changed).then_with(|| a.id.cmp(&b.id)));
        Ok((listed, others))
    }

    pub(super) fn get(&self, id: &Id) -> Result<Kept, StoreError> {
        let _turn = self.turn();
        self.read(id)
    }

    pub(super) fn create(&self, new: &New, files: &Files) -> Result<Kept, StoreError> {
        let _turn = self.turn();
        if self.ids()?.0.len() >= limits::SCENARIOS {
            return Err(StoreError::Full);
        }
        let id = new.id(|id| !self.folder(id).exists());
        self.write_new(&id, files, new.named.as_ref(), new.place)
    }

    /// Writes a scenario as it is elsewhere, and reads it back.
    pub(super) fn put(&self, kept: &Kept, named: Option<&String>) -> Result<Kept, StoreError> {
        let _turn = self.turn();
        self.write_new(&kept.id, &kept.files, named, kept.place)
    }

    fn write_new(
        &self,
        id: &Id,
        files: &Files,
        named: Option<&String>,
        place: Place,
    ) -> Result<Kept, StoreError> {
        let hidden = named.map(|name| (NAME_FILE.to_owned(), name.as_bytes().to_vec()));
        let place = (PLACE_FILE.to_owned(), place.to_string().into_bytes());
        let hidden: BTreeMap<_, _> = hidden.into_iter().chain([place]).collect();
        let folder = self.folder(id);
        write::new_folder(&folder, files.0.iter().chain(&hidden)).map_err(at(&folder))?;
        self.read(id)
    }

    pub(super) fn change(
        &self,
        who: &Who,
        id: &Id,
        version: &str,
        changes: &Changes,
    ) -> Result<Written, StoreError> {
        let _turn = self.turn();
        let kept = self.read(id)?;
        theirs(who, kept.place)?;
        if kept.version != version {
            return Ok(Written::Conflict(kept));
        }
        let folder = self.folder(id);
        let (_, named) = changed(&kept, changes)?;
        write::check_room(&folder, changes.files.keys())?;
        // A file that stays as it is keeps its time.
        let mut files: BTreeMap<String, Option<Vec<u8>>> = changes.files.clone();
        files.retain(|path, content| content.as_ref() != kept.files.0.get(path));
        if let Some(named) = named {
            files.insert(NAME_FILE.to_owned(), named.map(String::into_bytes));
        }
        if let Some(place) = changes.place {
            files.insert(PLACE_FILE.to_owned(), Some(place.to_string().into_bytes()));
        }
        write::change(&folder, &files).map_err(at(&folder))?;
        Ok(Written::Now(self.read(id)?))
    }

    pub(super) fn remove(&self, who: &Who, id: &Id) -> Result<(), StoreError> {
        let _turn = self.turn();
        let folder = self.folder(id);
        if !folder::is_folder(&folder) {
            return Err(StoreError::Unknown);
        }
        theirs(who, place_of(&folder))?;
        write::to_bin(&folder, &self.bin, id.as_str()).map_err(at(&folder))
    }

    pub(super) fn unplaced(&self) -> Result<Vec<Id>, StoreError> {
        let _turn = self.turn();
        let (mut ids, _) = self.ids()?;
        ids.retain(|id| !self.folder(id).join(PLACE_FILE).is_file());
        Ok(ids)
    }

    pub(super) fn put_in(&self, id: &Id, place: Place) -> Result<(), StoreError> {
        let _turn = self.turn();
        let folder = self.folder(id);
        let place = BTreeMap::from([(PLACE_FILE.to_owned(), Some(place.to_string().into_bytes()))]);
        write::change(&folder, &place).map_err(at(&folder))
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
        Ok(kept(id, files, named, place_of(&folder)))
    }
}

/// What cannot be read opens nothing.
fn place_of(folder: &Path) -> Place {
    let text = fs::read_to_string(folder.join(PLACE_FILE)).ok();
    text.and_then(|text| Place::parse(text.trim())).unwrap_or(Place::All)
}
