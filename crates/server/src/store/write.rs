//! Writing so that a crash at any moment leaves a whole folder: all of a change, or nothing of it.
//!
//! A change is written beside, into `.write-part/`, and made durable. Renaming that folder to `.write/` is the one step
//! at which the change happens. What it says is then carried out, file by file; who finds `.write/` after a crash carries
//! out the rest.

use super::{StoreError, folder::is_folder};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, File},
    io::{self, Write},
    path::{Component, Path, PathBuf},
};

const PART: &str = ".write-part";
const READY: &str = ".write";
/// In them: the new files by their paths, and the paths of those that go.
const FILES: &str = "files";
const GONE: &str = "gone";

/// A folder, and those above it; for its owner's eyes only, since rolls hold names.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// A new folder with its files, all at once.
pub(super) fn new_folder<'a>(
    folder: &Path,
    files: impl Iterator<Item = (&'a String, &'a Vec<u8>)>,
) -> io::Result<()> {
    let parent = folder.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    let beside = parent.join(".new");
    remove(&beside)?;
    write_all(&beside, files)?;
    fs::rename(&beside, folder)?;
    sync(parent)
}

/// Whether the paths can be written: no link and no file stands where a folder must be, no folder where a file must be.
pub(super) fn check_room<'a>(
    folder: &Path,
    paths: impl Iterator<Item = &'a String>,
) -> Result<(), StoreError> {
    for path in paths {
        let clash = || StoreError::Clash(path.clone());
        let mut above = folder.to_owned();
        let (parents, _) = path.rsplit_once('/').unwrap_or_default();
        for part in parents.split('/').filter(|part| !part.is_empty()) {
            above.push(part);
            if fs::symlink_metadata(&above).is_ok() && !is_folder(&above) {
                return Err(clash());
            }
        }
        if is_folder(&folder.join(path)) {
            return Err(clash());
        }
    }
    Ok(())
}

/// Carries out a change: `None` takes a file out.
pub(super) fn change(folder: &Path, files: &BTreeMap<String, Option<Vec<u8>>>) -> io::Result<()> {
    let part = folder.join(PART);
    remove(&part)?;
    make_folder(&part)?;
    write_all(&part.join(FILES), files.iter().filter_map(|(path, content)| Some((path, content.as_ref()?))))?;
    let gone = files.iter().filter(|(_, content)| content.is_none()).map(|(path, _)| format!("{path}\n"));
    write_one(&part.join(GONE), gone.collect::<String>().as_bytes())?;
    sync(&part)?;
    fs::rename(&part, folder.join(READY))?;
    sync(folder)?;
    finish(folder)
}

/// Carries out what a crash left, and clears away what never became a change.
pub(super) fn finish(folder: &Path) -> io::Result<()> {
    remove(&folder.join(PART))?;
    let ready = folder.join(READY);
    if !is_folder(&ready) {
        return Ok(());
    }
    let files = ready.join(FILES);
    // A folder that somebody was given may hold a change that leads elsewhere: through a link, or by its paths.
    let inside = if is_folder(&files) { paths_in(&files)? } else { Vec::new() };
    for inside in inside {
        let target = folder.join(&inside);
        if leads_out(folder, &inside) {
            continue;
        }
        let parent = target.parent().ok_or(io::ErrorKind::InvalidFilename)?;
        make_folder(parent)?;
        fs::rename(files.join(&inside), &target)?;
        sync(parent)?;
    }
    let gone = match fs::read_to_string(ready.join(GONE)) {
        Ok(gone) => gone,
        // Clearing away had begun: everything was done.
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    for path in gone.lines() {
        let target = folder.join(path);
        if leads_out(folder, Path::new(path)) {
            continue;
        }
        match fs::remove_file(&target) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // Folders that are empty now; one that is not stays.
        for above in target.ancestors().skip(1).take_while(|above| *above != folder) {
            if fs::remove_dir(above).is_err() {
                break;
            }
        }
    }
    sync(folder)?;
    remove(&ready)
}

/// Whether a path leaves the folder, by its parts or through a link.
fn leads_out(folder: &Path, inside: &Path) -> bool {
    let parts = inside.components().all(|part| matches!(part, Component::Normal(_)));
    let mut above = inside.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
    !parts || above.any(|above| fs::symlink_metadata(folder.join(above)).is_ok_and(|found| !found.is_dir()))
}

/// Moves a folder into the bin, under its name and the time.
pub(super) fn to_bin(folder: &Path, bin: &Path, id: &str) -> io::Result<()> {
    let now = Timestamp::now().strftime("%Y%m%d-%H%M%S").to_string();
    let free = (1..).map(|number| match number {
        1 => bin.join(format!("{id}-{now}")),
        _ => bin.join(format!("{id}-{now}-{number}")),
    });
    let place = free.into_iter().find(|place| !place.exists()).ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(folder, place)?;
    sync(bin)
}

fn write_all<'a>(folder: &Path, files: impl Iterator<Item = (&'a String, &'a Vec<u8>)>) -> io::Result<()> {
    make_folder(folder)?;
    let mut folders = vec![folder.to_owned()];
    for (path, content) in files {
        let target = folder.join(path);
        let parent = target.parent().ok_or(io::ErrorKind::InvalidFilename)?.to_owned();
        make_folder(&parent)?;
        write_one(&target, content)?;
        folders.push(parent);
    }
    folders.sort_unstable();
    folders.dedup();
    folders.iter().try_for_each(|folder| sync(folder))
}

fn write_one(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Makes a folder's entries durable; Windows does that by itself and lets nobody open a folder.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The files in a folder of ours, by their paths in it.
fn paths_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(inside) = open.pop() {
        let entries = match fs::read_dir(folder.join(&inside)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let path = inside.join(entry.file_name());
            if entry.file_type()?.is_dir() { open.push(path) } else { paths.push(path) }
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: PathBuf) -> String {
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_change_that_a_crash_cut_is_carried_out_or_never_was() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("round");
        let [a, b] = ["a", "b"].map(|name| (name.to_owned(), b"old".to_vec()));
        new_folder(&folder, [(&a.0, &a.1), (&b.0, &b.1)].into_iter()).unwrap();

        // Cut before it was ready: nothing of it is there.
        make_folder(&folder.join(PART).join(FILES)).unwrap();
        fs::write(folder.join(PART).join(FILES).join("a"), "half").unwrap();
        finish(&folder).unwrap();
        assert_eq!(text(folder.join("a")), "old");
        assert!(!folder.join(PART).exists());

        // Cut after it was ready, with one file in its place: the rest follows.
        make_folder(&folder.join(READY).join(FILES).join("sub")).unwrap();
        fs::write(folder.join(READY).join(FILES).join("sub").join("c"), "new").unwrap();
        fs::write(folder.join(READY).join(GONE), "b\n").unwrap();
        fs::write(folder.join("a"), "new").unwrap();
        finish(&folder).unwrap();
        assert_eq!([text(folder.join("a")), text(folder.join("sub/c"))], ["new", "new"]);
        assert!(!folder.join("b").exists() && !folder.join(READY).exists());

        // One that leads out of the folder is not carried out.
        fs::write(home.path().join("mine"), "mine").unwrap();
        make_folder(&folder.join(READY)).unwrap();
        fs::write(folder.join(READY).join(GONE), "../mine\n").unwrap();
        finish(&folder).unwrap();
        assert_eq!(text(home.path().join("mine")), "mine");

        // The last file of a folder takes the folder along.
        change(&folder, &BTreeMap::from([("sub/c".to_owned(), None)])).unwrap();
        assert!(!folder.join("sub").exists());
    }
}
