//! Data folders of processes that share a database. A mark in the folder says where everything is, so that nobody starts an empty
//! server on it, and a folder that holds a server of its own is not passed over.

use crate::{people, run};
use std::{
    fs::{self, DirBuilder},
    io,
    path::{Path, PathBuf},
};

/// The mark's file in a data folder.
pub const FILE: &str = "database.txt";
/// What somebody reads who opens it.
const MARK: &str = "The data of this server lies in a PostgreSQL database. Start it with --database-url or SHOUHU_DATABASE_URL.\n\
                    本服务器的数据在 PostgreSQL 数据库里，启动时请用 --database-url 或 SHOUHU_DATABASE_URL 指明。\n";

/// Why a data folder is not opened.
#[derive(Debug)]
pub enum SharingError {
    /// It holds the data of a server without a database.
    Own(PathBuf),
    /// Its server's data lies in a database, and none was named.
    Marked(PathBuf),
    /// The disk said no.
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Before a data folder is opened: marks it, where its server's data lies in a database.
///
/// # Errors
/// It is of the other kind, or the disk says no. Nothing was changed then.
pub fn admit(data: &Path, is_shared: bool) -> Result<(), SharingError> {
    let disk = |source| SharingError::Disk { path: data.to_owned(), source };
    let has = |name: &str| data.join(name).try_exists().map_err(disk);
    match (has(FILE)?, is_shared) {
        (true, false) => return Err(SharingError::Marked(data.to_owned())),
        (true, true) | (false, false) => return Ok(()),
        (false, true) => {}
    }
    for own in [people::FILE, run::book::FILE, run::JOURNAL, "scenarios"] {
        if has(own)? {
            return Err(SharingError::Own(data.to_owned()));
        }
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(data).map_err(disk)?;
    fs::write(data.join(FILE), MARK).map_err(disk)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;

    #[test]
    fn a_folder_is_of_a_database_or_a_server_of_its_own() {
        let place = tempfile::tempdir().unwrap();
        let (shared, own) = (place.path().join("a/shared"), place.path().join("own"));
        admit(&shared, true).unwrap();
        admit(&shared, true).unwrap();
        assert!(matches!(admit(&shared, false), Err(SharingError::Marked(_))));
        admit(&own, false).unwrap();
        fs::create_dir(&own).unwrap();
        fs::write(own.join("people.sqlite"), "names").unwrap();
        assert!(matches!(admit(&own, true), Err(SharingError::Own(_))));
        assert_eq!(fs::read_dir(&own).unwrap().count(), 1, "nothing was written");
    }
}
