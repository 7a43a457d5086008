//! What of a round is sealed: its secrets, and what it goes by, which leads from its identifiers to doors.

use super::{super::definition::Definition, Made};
use crate::{
    db::{self, On, Row, values},
    people::{
        PeopleError,
        id::{CommunityId, RoundId},
        master_key::RoundsKey,
    },
};
use rusqlite::{Connection, params};

/// The columns of a round in the order in which they are read; what is sealed stands last.
pub(super) const COLUMNS: &str = "community_id, id, name, opens, made, phones_until, retain_until, desk, bound, \
                                  secret, tube_key, desk_key, definition";

/// The sealed cells of a round.
pub(super) struct Sealed {
    pub(super) secret: Vec<u8>,
    pub(super) tube_key: Vec<u8>,
    pub(super) desk_key: Vec<u8>,
    pub(super) definition: Vec<u8>,
}

/// The same, opened.
pub(super) struct Opened {
    pub(super) secret: [u8; 32],
    pub(super) tube_key: [u8; 32],
    pub(super) desk_key: [u8; 32],
    pub(super) definition: Definition,
}

impl Sealed {
    /// Of a round as it was made.
    pub(super) fn of(made: &Made, key: &RoundsKey) -> Sealed {
        let definition = serde_json::to_vec(&made.definition).expect("our own types are written as JSON");
        let of = [&made.secret[..], &made.tube_key, &made.desk_key, &definition];
        Sealed::new(&made.community.to_string(), &made.id.to_string(), of, key)
    }

    /// In the place of what cannot be opened any more.
    pub(super) fn of_nothing(community: CommunityId, round: RoundId, key: &RoundsKey) -> Sealed {
        let zeros: &[u8] = &[0; 32];
        Sealed::new(&community.to_string(), &round.to_string(), [zeros, zeros, zeros, b"{}"], key)
    }

    fn new(community: &str, round: &str, of: [&[u8]; 4], key: &RoundsKey) -> Sealed {
        let seal = |column, bytes| key.seal(&[community, round, column], bytes);
        let [secret, tube_key, desk_key, definition] = of;
        Sealed {
            secret: seal("secret", secret),
            tube_key: seal("tube_key", tube_key),
            desk_key: seal("desk_key", desk_key),
            definition: seal("definition", definition),
        }
    }

    /// As they stand in a row.
    pub(super) fn read(row: &Row<'_>) -> db::Result<Sealed> {
        Ok(Sealed {
            secret: row.get(9)?,
            tube_key: row.get(10)?,
            desk_key: row.get(11)?,
            definition: row.get(12)?,
        })
    }

    /// What they say.
    pub(super) fn open(&self, community: CommunityId, round: RoundId, key: &RoundsKey) -> db::Result<Opened> {
        let (community, round) = (community.to_string(), round.to_string());
        let open = |column, sealed: &[u8]| key.open(&[&community, &round, column], sealed).map_err(odd);
        let short = |column, sealed: &[u8]| {
            let opened = open(column, sealed)?;
            <[u8; 32]>::try_from(&**opened).map_err(|_| odd(PeopleError::Broken))
        };
        let definition = open("definition", &self.definition)?;
        let unread = |_| db::Error::Odd("a round's definition cannot be read");
        Ok(Opened {
            secret: short("secret", &self.secret)?,
            tube_key: short("tube_key", &self.tube_key)?,
            desk_key: short("desk_key", &self.desk_key)?,
            definition: serde_json::from_slice(&definition).map_err(unread)?,
        })
    }
}

fn odd(_: PeopleError) -> db::Error {
    db::Error::Odd("it was changed, or another key sealed it")
}

const TABLES: &str = "
    ALTER TABLE round RENAME TO unsealed;
    CREATE TABLE round (
        community TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, opens INTEGER NOT NULL,
        made INTEGER NOT NULL, phones_until INTEGER NOT NULL, retain_until INTEGER NOT NULL,
        forgotten INTEGER NOT NULL, desk TEXT NOT NULL, bound INTEGER NOT NULL, secret BLOB NOT NULL, tube_key BLOB NOT NULL,
        desk_key BLOB NOT NULL, definition BLOB NOT NULL, PRIMARY KEY (community, id)
    ) STRICT;
    CREATE TABLE seal (proof BLOB NOT NULL) STRICT;
";

/// Seals what an older program wrote down in the open. `secure_delete` is on: of what stood there nothing is left.
pub(super) fn seal_all(db: &Connection, key: &RoundsKey) -> rusqlite::Result<()> {
    db.execute_batch(TABLES)?;
    let mut rows =
        db.prepare("SELECT community, id, secret, tube_key, desk_key, definition FROM unsealed")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (community, id): (String, String) = (row.get(0)?, row.get(1)?);
        let [secret, tube_key, desk_key]: [Vec<u8>; 3] = [row.get(2)?, row.get(3)?, row.get(4)?];
        let definition: String = row.get(5)?;
        let of = [&secret[..], &tube_key, &desk_key, definition.as_bytes()];
        let sealed = Sealed::new(&community, &id, of, key);
        let text = "INSERT INTO round SELECT community, id, name, opens, made, phones_until, retain_until, \
                    secret = zeroblob(32), desk, 0, ?3, ?4, ?5, ?6 FROM unsealed WHERE community = ?1 AND id = ?2";
        let Sealed { secret, tube_key, desk_key, definition } = sealed;
        db.execute(text, params![community, id, secret, tube_key, desk_key, definition])?;
    }
    drop(rows);
    prove_in(db, key)?;
    db.execute_batch("DROP TABLE unsealed;")
}

/// Has a new file say by which key it is sealed.
pub(super) fn prove_in(db: &Connection, key: &RoundsKey) -> rusqlite::Result<()> {
    db.execute("INSERT INTO seal (proof) VALUES (?1)", [key.seal(&["proof"], PROOF)]).map(drop)
}

/// Has a database say by which key it is sealed, if it does not yet.
pub(super) fn prove(on: &On<'_>, key: &RoundsKey) -> db::Result<()> {
    let text = "INSERT INTO seal (proof) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM seal)";
    on.execute(text, values![key.seal(&["proof"], PROOF)]).map(drop)
}

/// What is sealed to tell at once whether a key is the right one.
const PROOF: &[u8] = b"shouhu";

/// Whether it is sealed with this key.
pub(super) fn is_key_of(on: &On<'_>, key: &RoundsKey) -> db::Result<bool> {
    let proof: Vec<u8> = on.one("SELECT proof FROM seal", &[], |row| row.get(0))?;
    Ok(key.open(&["proof"], &proof).is_ok_and(|opened| **opened == *PROOF))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::{
        super::{
            Book, FILE,
            forms::{CALLING, PRINTED, ROUNDS, bring_up, missing},
        },
        *,
    };
    use crate::{
        people::People,
        run::{RunsError, book::example::DEFINITION},
    };

    /// A definition as an older program wrote it.
    const SECRETS: [[u8; 32]; 3] =
        [*b"the secret of the round, 32 byte", [0xa7; 32], *b"the key that its desk signs with"];

    /// A file of each older form, with a round in it and one that was forgotten.
    fn old(form: usize) -> (tempfile::TempDir, People, CommunityId, [RoundId; 2]) {
        let data = tempfile::tempdir().unwrap();
        let people = People::open(data.path()).unwrap();
        let db = Connection::open(data.path().join(FILE)).unwrap();
        db.pragma_update(None, "journal_mode", "WAL").unwrap();
        db.execute_batch(&[ROUNDS, PRINTED, CALLING][..form].concat()).unwrap();
        db.pragma_update(None, "user_version", form as i64).unwrap();
        let (community, rounds) = (CommunityId::draw(), [RoundId::draw(), RoundId::draw()]);
        for (round, secrets) in rounds.iter().zip([SECRETS, [[0; 32]; 3]]) {
            let [secret, tube_key, desk_key] = secrets;
            let text = "INSERT INTO round VALUES (?1, ?2, 'Court', 1, 2, 30, 40, ?3, ?4, ?5, ?6, ?7)";
            let desk = crate::people::id::DeviceId::draw();
            let ids = [community.to_string(), round.to_string(), desk.to_string()];
            db.execute(text, params![ids[0], ids[1], secret, tube_key, ids[2], desk_key, DEFINITION])
                .unwrap();
        }
        (data, people, community, rounds)
    }

    fn is_in(data: &std::path::Path, wanted: &[u8]) -> bool {
        ["", "-wal"].iter().any(|end| {
            let bytes = std::fs::read(data.join(format!("{FILE}{end}"))).unwrap_or_default();
            bytes.windows(wanted.len()).any(|part| part == wanted)
        })
    }

    #[test]
    fn what_older_programs_wrote_in_the_open_is_sealed_once_and_leaves_no_trace() {
        for form in 1..=3 {
            let (data, people, community, [round, forgotten]) = old(form);
            let path = data.path();
            let leads = b"6f2c1f2e-9a3b-8c4d";
            assert!(
                is_in(path, &SECRETS[0]) && is_in(path, leads),
                "form {form}: the search finds what is there"
            );
            for _ in 0..2 {
                let book = Book::open(path, people.rounds_key()).unwrap();
                let made = book.round(community, round).unwrap();
                assert_eq!([made.secret, made.tube_key, made.desk_key], SECRETS, "form {form}");
                assert_eq!(
                    (made.name.as_str(), made.opens, made.phones_until, made.retain_until),
                    ("Court", 1, 30, 40)
                );
                assert_eq!(made.definition.lanes.len(), 1);
                assert_eq!(book.round(community, forgotten).unwrap().secret, [0; 32]);
                assert!(
                    book.printed(community, round).unwrap().tube == 1 && book.calling(0).unwrap().is_empty()
                );
                for secret in SECRETS.iter().map(|secret| &secret[..]).chain([&leads[..]]) {
                    assert!(!is_in(path, secret), "form {form}");
                }
            }
            let book = Book::open(path, people.rounds_key()).unwrap();
            assert_eq!(book.forget(40).unwrap(), [(community, round)], "one was forgotten before");
            assert!(book.forget(40).unwrap().is_empty());
            let made = book.round(community, round).unwrap();
            assert_eq!((made.secret, made.tube_key), ([0; 32], SECRETS[1]));
            assert!(made.definition.lanes.is_empty());
        }
    }

    #[test]
    fn what_a_kill_left_in_the_open_is_gone_at_the_next_start() {
        let (data, people, ..) = old(3);
        let path = data.path();
        let mut db = Connection::open(path.join(FILE)).unwrap();
        for (name, value) in [("journal_mode", "WAL"), ("secure_delete", "ON")] {
            db.pragma_update(None, name, value).unwrap();
        }
        bring_up(&mut db, missing(3).unwrap(), &people.rounds_key()).unwrap();
        // It ends here, before the log of writes is emptied.
        std::mem::forget(db);
        assert!(is_in(path, &SECRETS[0]), "the search finds what is there");
        drop(Book::open(path, people.rounds_key()).unwrap());
        assert!(!is_in(path, &SECRETS[0]));
    }

    #[test]
    fn a_round_that_does_not_open_is_destroyed_on_its_day_like_the_others() {
        let (data, people, community, [round, other]) = old(3);
        let book = Book::open(data.path(), people.rounds_key()).unwrap();
        let db = Connection::open(data.path().join(FILE)).unwrap();
        db.execute("UPDATE round SET forgotten = 0, definition = x'00' WHERE id = ?1", [other.to_string()])
            .unwrap();
        let mut gone = book.forget(40).unwrap();
        gone.sort();
        let mut all = [(community, round), (community, other)];
        all.sort();
        assert_eq!(gone, all);
        assert!(book.forget(40).unwrap().is_empty());
        assert!(book.round(community, other).is_err() && book.round(community, round).is_ok());
    }

    #[test]
    fn another_key_opens_nothing_and_a_cell_that_was_moved_does_not_open() {
        let (data, people, community, [round, other]) = old(3);
        let path = data.path();
        drop(Book::open(path, people.rounds_key()).unwrap());
        let stranger = tempfile::tempdir().unwrap();
        let stranger = People::open(stranger.path()).unwrap();
        assert!(matches!(Book::open(path, stranger.rounds_key()), Err(RunsError::OtherKey(_))));
        let db = Connection::open(path.join(FILE)).unwrap();
        let text = "UPDATE round SET secret = (SELECT secret FROM round WHERE id = ?1) WHERE id = ?2";
        assert_eq!(db.execute(text, [round.to_string(), other.to_string()]).unwrap(), 1);
        drop(db);
        let book = Book::open(path, people.rounds_key()).unwrap();
        assert!(book.round(community, round).is_ok());
        assert!(book.round(community, other).is_err());
    }
}
