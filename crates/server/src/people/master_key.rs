//! The master key: it wraps each community's data key, seals the secrets of rounds, and lies in a file of its own, outside backups of the database.

use super::{PeopleError, cipher, doing, id::CommunityId};
use crate::{
    access::secret::hex,
    db::{On, values},
};
use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};
use zeroize::{Zeroize, Zeroizing};

/// Its folder in the data folder. Who backs up the data folder leaves it out, and keeps it elsewhere.
pub const FOLDER: &str = "keys";
/// Its file there: 64 hexadecimal digits.
pub const FILE: &str = "master.key";

/// Sealed by the master key in the database, to tell at once whether a key is the right one.
const CHECK: &[u8] = b"shouhu";

/// The key, held in memory while the server runs.
pub struct MasterKey(cipher::Key);

impl MasterKey {
    /// Reads the key. Where there is none yet, and nothing that needs one, makes it.
    pub(super) fn open(data: &Path, on: &On<'_>) -> Result<MasterKey, PeopleError> {
        let path = data.join(FOLDER).join(FILE);
        let find = "SELECT value FROM meta WHERE key = 'master_key_check'";
        let check = on.optional(find, &[], |row| row.get::<Vec<u8>>(0));
        let check = check.map_err(doing("check the master key"))?;
        let key = match (read(&path)?, &check) {
            (Some(key), _) => key,
            (None, Some(_)) => return Err(PeopleError::KeyMissing(path)),
            (None, None) => {
                make(data, &path).map_err(|source| PeopleError::Disk { path: path.clone(), source })?
            }
        };
        match check {
            Some(check) => {
                let fits = cipher::open(&key, &["check"], &check).is_ok_and(|opened| *opened == CHECK);
                if !fits {
                    return Err(PeopleError::KeyWrong(path));
                }
            }
            None => {
                let check = cipher::seal(&key, &["check"], CHECK);
                let write = "INSERT INTO meta (key, value) VALUES ('master_key_check', ?1)";
                on.execute(write, values![check]).map_err(doing("write the master key's check"))?;
            }
        }
        Ok(MasterKey(key))
    }

    /// A data key for the database; `kind` says what it seals.
    pub(super) fn wrap(&self, kind: &str, community: CommunityId, key: &cipher::Key) -> Vec<u8> {
        cipher::seal(&self.0, &[kind, &community.to_string()], &**key)
    }

    /// A data key from the database.
    pub(super) fn unwrap(
        &self,
        kind: &str,
        community: CommunityId,
        wrapped: &[u8],
    ) -> Result<cipher::Key, PeopleError> {
        let opened = cipher::open(&self.0, &[kind, &community.to_string()], wrapped)?;
        let key = <[u8; 32]>::try_from(&**opened).map_err(|_| PeopleError::Broken)?;
        Ok(Zeroizing::new(key))
    }
}

/// What seals the secrets of rounds: the master key, for that alone.
#[derive(Clone)]
pub struct RoundsKey(cipher::Key);

impl RoundsKey {
    pub(super) fn new(MasterKey(key): &MasterKey) -> RoundsKey {
        RoundsKey(key.clone())
    }

    /// Seals bytes for a place in the file of rounds: what is moved elsewhere does not open.
    pub fn seal(&self, place: &[&str], bytes: &[u8]) -> Vec<u8> {
        cipher::seal(&self.0, &[&["rounds"], place].concat(), bytes)
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// It was changed, belongs elsewhere, or another key sealed it.
    pub fn open(&self, place: &[&str], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, PeopleError> {
        cipher::open(&self.0, &[&["rounds"], place].concat(), sealed)
    }
}

fn read(path: &Path) -> Result<Option<cipher::Key>, PeopleError> {
    let text = match fs::read(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(PeopleError::Disk { path: path.to_owned(), source }),
    };
    let wrong = || PeopleError::KeyWrong(path.to_owned());
    let digits = text.trim_ascii();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(wrong());
    }
    let mut key = Zeroizing::new([0; 32]);
    for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(Some(key))
}

/// Makes the key, for its owner alone, and on the disk before anything is sealed with it.
fn make(data: &Path, path: &Path) -> io::Result<cipher::Key> {
    let folder: PathBuf = data.join(FOLDER);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    let key = cipher::draw();
    let mut options = fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let mut text = hex(&*key);
    let written = writeln!(file, "{text}");
    text.zeroize();
    written?;
    file.sync_all()?;
    #[cfg(unix)]
    for folder in [&*folder, data] {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{db::both::both, people::People};

    #[test]
    fn without_its_key_the_file_is_not_opened_and_no_other_key_is_made() {
        both(|place| {
            let open = || match place.database() {
                None => People::open(place.data()),
                Some(database) => People::shared(place.data(), database),
            };
            drop(open().unwrap());
            let path = place.data().join(FOLDER).join(FILE);
            let kept = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            assert!(matches!(open(), Err(PeopleError::KeyMissing(_))));
            assert!(!path.exists());
            for wrong in ["", "no key", &"0".repeat(64), &"g".repeat(64)] {
                fs::write(&path, wrong).unwrap();
                assert!(matches!(open(), Err(PeopleError::KeyWrong(_))), "{wrong}");
            }
            fs::write(&path, kept).unwrap();
            open().unwrap();
        });
    }
}
