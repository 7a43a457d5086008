//! Data folders and databases for drills. A mark in them says that nothing there is real; each is of one kind for good.

use crate::db::{self, Database, Db};
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
/// The mark of a database: a schema.
const SCHEMA: &str = "shouhu_drill";
/// By this header a drill says what it is: no server takes it for real work.
pub const HEADER: &str = "shouhu-drill";

/// Why a data folder or a database is not opened.
#[derive(Debug)]
pub enum DrillError {
    /// It is to be used for drills, and holds something that may be real.
    Real(PathBuf),
    /// It was made for drills, and is to be used for real.
    Marked(PathBuf),
    /// The database is to be used for drills, and holds something that may be real.
    DatabaseReal,
    /// The database was made for drills, and is to be used for real.
    DatabaseMarked,
    /// The database said no.
    Database(db::Error),
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

impl From<db::Error> for DrillError {
    fn from(error: db::Error) -> DrillError {
        DrillError::Database(error)
    }
}

/// Before a database is opened: marks one that is empty, where it is for drills.
///
/// # Errors
/// It is of the other kind, or cannot be used. Nothing was changed then.
pub fn admit_database(database: &Database, for_drills: bool) -> Result<(), DrillError> {
    const OTHERS: &str = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
        WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";
    Db::shared(database, SCHEMA, 1).alone(DrillError::Database, |on| {
        let is_marked =
            on.count("SELECT count(*) FROM pg_namespace WHERE nspname = 'shouhu_drill'", &[])? > 0;
        match (is_marked, for_drills) {
            (true, true) | (false, false) => Ok(()),
            (true, false) => Err(DrillError::DatabaseMarked),
            (false, true) if on.count(OTHERS, &[])? > 0 => Err(DrillError::DatabaseReal),
            (false, true) => Ok(on.batch(&format!("CREATE SCHEMA {SCHEMA}"))?),
        }
    })
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
    use crate::db::both::Place;

    #[test]
    fn a_database_is_for_drills_or_for_real_and_stays_so() {
        let (drill, real) = (Place::shared(), Place::shared());
        let drill = drill.database().unwrap();
        admit_database(drill, false).unwrap();
        admit_database(drill, true).unwrap();
        admit_database(drill, true).unwrap();
        assert!(matches!(admit_database(drill, false), Err(DrillError::DatabaseMarked)));
        real.people();
        assert!(matches!(admit_database(real.database().unwrap(), true), Err(DrillError::DatabaseReal)));
        admit_database(real.database().unwrap(), false).unwrap();
    }

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
