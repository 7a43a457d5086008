//! The file as a whole, whoever has it open: copied, and looked at.

use super::{PeopleError, doing, schema};
use rusqlite::{Connection, OpenFlags};
use std::{fs::File, path::Path, time::Duration};

/// Copies the file as it is now into a new one, while a server may be using it. What was deleted is not in the copy.
///
/// # Errors
/// There is a file of that name, or the database or the disk says no.
pub fn copy(from: &Path, to: &Path) -> Result<(), PeopleError> {
    let disk = |source| PeopleError::Disk { path: to.to_owned(), source };
    let connection = open(from).map_err(|error| doing("open for a copy")(error.into()))?;
    let mut options = File::options();
    options.write(true).create_new(true);
    // SQLite fills an empty file, and leaves it to its owner alone.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(to).map_err(disk)?;
    let name = to.to_str().ok_or_else(|| disk(std::io::ErrorKind::InvalidFilename.into()))?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(|error| doing("copy")(error.into()))?;
    file.sync_all().map_err(disk)
}

/// Whether a file is whole, as far as can be told without the key: what is wrong with it, or `None`. That cells open is not
/// looked at; each says so itself when it is read.
///
/// # Errors
/// A newer program wrote it.
pub fn check(path: &Path) -> Result<Option<String>, PeopleError> {
    let found = open(path).and_then(|connection| {
        let version = schema::version(&connection)?;
        let said: String = connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .unwrap_or_else(|error| error.to_string());
        let strays: i64 =
            connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
        Ok((version, said, strays))
    });
    match found {
        Err(source) => Ok(Some(source.to_string())),
        Ok((found, ..)) if found > schema::KNOWN => {
            Err(PeopleError::Newer { path: path.to_owned(), found, known: schema::KNOWN })
        }
        Ok((0, ..)) => Ok(Some("no such tables".to_owned())),
        Ok((_, said, _)) if said != "ok" => Ok(Some(said)),
        Ok((.., strays)) => Ok((strays > 0).then(|| format!("{strays} rows without the row they belong to"))),
    }
}

/// Opens a connection that only reads.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{FILE, People, id::CommunityId};

    #[test]
    fn a_copy_is_whole_is_for_its_owner_and_opens_with_the_key_alone() {
        let (data, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let people = People::open(data.path()).unwrap();
        let community = people.make_community("柳园", 0).unwrap().id;
        let (from, to) = (data.path().join(FILE), other.path().join(FILE));
        copy(&from, &to).unwrap();
        assert!(matches!(copy(&from, &to), Err(PeopleError::Disk { .. })));
        assert_eq!((check(&from).unwrap(), check(&to).unwrap()), (None, None));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o077, 0);
        }
        assert!(matches!(People::open(other.path()), Err(PeopleError::KeyMissing(_))));
        std::fs::create_dir_all(other.path().join("keys")).unwrap();
        std::fs::copy(data.path().join("keys/master.key"), other.path().join("keys/master.key")).unwrap();
        let again = People::open(other.path()).unwrap();
        assert_eq!(again.community(community).unwrap().name, "柳园");
        assert!(matches!(again.community(CommunityId::draw()), Err(PeopleError::Unknown)));
    }

    #[test]
    fn what_is_damaged_is_told() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("other.sqlite");
        std::fs::write(
            &path,
            "no database, and longer than the header of one, which has a hundred bytes".repeat(9),
        )
        .unwrap();
        assert!(check(&path).unwrap().is_some());
        Connection::open(data.path().join("empty.sqlite"))
            .unwrap()
            .execute_batch("CREATE TABLE a (b)")
            .unwrap();
        assert!(check(&data.path().join("empty.sqlite")).unwrap().is_some());
        drop(People::open(data.path()).unwrap());
        let path = data.path().join(FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        for byte in bytes.iter_mut().skip(4096).step_by(7) {
            *byte ^= 0x55;
        }
        std::fs::write(&path, bytes).unwrap();
        assert!(check(&path).unwrap().is_some());
    }
}
