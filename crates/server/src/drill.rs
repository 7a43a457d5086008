//! Data folders for drills. A mark in the folder says that nothing in it is real; a folder is of one kind for good.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The mark's file in a data folder.
pub const FILE: &str = "drill.txt";
/// What somebody reads who opens it.
const MARK: &str = "This data folder was made for drills: shouhu serve --drill. Nothing in it is real. Delete the folder when you are done.\n\
                    这个数据文件夹用于演练（shouhu serve --drill），里面没有真实数据。演练完请把整个文件夹删掉。\n";
/// By this header a drill says what it is: no server takes it for real work.
pub const HEADER: &str = "shouhu-drill";

/// Why a data folder is not opened.
#[derive(Debug)]
pub enum DrillError {
    /// It is to be used for drills, and holds something that may be real.
    Real(PathBuf),
    /// It was made for drills, and is to be used for real.
    Marked(PathBuf),
    /// The disk said no.
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Whether a data folder was made for drills.
///
/// # Errors
/// The disk says no.
pub fn is_marked(data: &Path) -> io::Result<bool> {
    data.join(FILE).try_exists()
}

/// Before a data folder is opened: marks one that is missing or empty, where it is for drills.
///
/// # Errors
/// It is of the other kind, or the disk says no. Nothing was changed then.
pub fn admit(data: &Path, for_drills: bool) -> Result<(), DrillError> {
    let disk = |source| DrillError::Disk { path: data.to_owned(), source };
    match (is_marked(data).map_err(disk)?, for_drills) {
        (true, true) | (false, false) => return Ok(()),
        (true, false) => return Err(DrillError::Marked(data.to_owned())),
        (false, true) => {}
    }
    let is_empty = match fs::read_dir(data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(disk(error)),
    };
    if !is_empty {
        return Err(DrillError::Real(data.to_owned()));
    }
    mark(data).map_err(disk)
}

fn mark(data: &Path) -> io::Result<()> {
    fs::create_dir_all(data)?;
    let mut file = File::options().create_new(true).write(true).open(data.join(FILE))?;
    file.write_all(MARK.as_bytes())?;
    file.sync_all()?;
    // Where folders can be opened, a name is on the disk once its folder is.
    if cfg!(unix) { File::open(data)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;

    #[test]
    fn a_folder_is_for_drills_or_for_real_and_stays_so() {
        let place = tempfile::tempdir().unwrap();
        let (drill, real) = (place.path().join("drill/data"), place.path().join("real"));
        admit(&drill, true).unwrap();
        admit(&drill, true).unwrap();
        assert!(matches!(admit(&drill, false), Err(DrillError::Marked(_))));
        // A folder that is still missing is nobody's.
        admit(&real, false).unwrap();
        fs::create_dir(&real).unwrap();
        fs::write(real.join("people.sqlite"), "names").unwrap();
        assert!(matches!(admit(&real, true), Err(DrillError::Real(_))));
        admit(&real, false).unwrap();
        assert_eq!(fs::read_dir(&real).unwrap().count(), 1, "nothing was written");
    }
}
