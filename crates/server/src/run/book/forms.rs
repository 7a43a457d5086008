//! The tables of the book, and the way from each form of its file to the next.

use super::sealed;
use crate::{db::Tables, people::master_key::RoundsKey};
use rusqlite::Connection;

/// The form that this program writes.
pub(super) const KNOWN: i64 = 12;

/// The tables as this program has them. All belongs to a community, and has its id first in each key, so that a database of many
/// servers can be divided by it; but for the proof of the key, who does what must be done once, and parties, which may be places.
pub(crate) const TABLES: Tables = Tables {
    schema: "rounds",
    form: KNOWN,
    text: NOW,
    steps: &[(7, BOXES), (8, NOTICES), (9, OUTBOX), (10, PARTY), (11, PARTY_CALLS), (12, GATE_CODE)],
};

const NOW: &str = "
    CREATE TABLE result_aside (
        community_id TEXT NOT NULL, number INTEGER NOT NULL, round TEXT, lab TEXT NOT NULL, at INTEGER NOT NULL,
        why TEXT NOT NULL, args TEXT NOT NULL, report TEXT NOT NULL, digest BLOB NOT NULL, settled INTEGER NOT NULL,
        PRIMARY KEY (community_id, number)
    ) STRICT;
    CREATE UNIQUE INDEX result_aside_once ON result_aside (community_id, digest);
    CREATE TABLE round (
        community_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, opens INTEGER NOT NULL,
        made INTEGER NOT NULL, phones_until INTEGER NOT NULL, retain_until INTEGER NOT NULL,
        forgotten INTEGER NOT NULL, desk TEXT NOT NULL, bound INTEGER NOT NULL, secret BLOB NOT NULL, tube_key BLOB NOT NULL,
        desk_key BLOB NOT NULL, definition BLOB NOT NULL, PRIMARY KEY (community_id, id)
    ) STRICT;
    CREATE TABLE seal (proof BLOB NOT NULL) STRICT;
    CREATE TABLE code (
        community_id TEXT NOT NULL, round TEXT NOT NULL, hash BLOB NOT NULL, role TEXT NOT NULL, seat TEXT,
        expires INTEGER NOT NULL, PRIMARY KEY (community_id, hash)
    ) STRICT;
    CREATE INDEX code_round ON code (community_id, round);
    CREATE INDEX code_hash ON code (hash);
    CREATE TABLE device (
        community_id TEXT NOT NULL, id TEXT NOT NULL, round TEXT NOT NULL, role TEXT NOT NULL, seat TEXT,
        joined INTEGER NOT NULL, code BLOB NOT NULL, PRIMARY KEY (community_id, id)
    ) STRICT;
    CREATE TABLE printed (
        community_id TEXT NOT NULL, round TEXT NOT NULL, tube INTEGER NOT NULL, sheet INTEGER NOT NULL,
        batch INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (community_id, round)
    ) STRICT;
    CREATE TABLE notice (
        community_id TEXT NOT NULL, round TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL,
        PRIMARY KEY (community_id, round, number)
    ) STRICT;
    CREATE TABLE notice_receipt (
        community_id TEXT NOT NULL, round TEXT NOT NULL, number INTEGER NOT NULL, place INTEGER NOT NULL,
        building TEXT NOT NULL, entrance TEXT NOT NULL, households INTEGER NOT NULL, printed INTEGER NOT NULL,
        seen INTEGER NOT NULL, told INTEGER NOT NULL, PRIMARY KEY (community_id, round, number, place)
    ) STRICT;
    CREATE TABLE outbox (
        community_id TEXT NOT NULL, round TEXT NOT NULL, number INTEGER NOT NULL, channel TEXT NOT NULL,
        key TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, at INTEGER NOT NULL, due INTEGER NOT NULL,
        why TEXT NOT NULL, status INTEGER NOT NULL, holder TEXT NOT NULL,
        PRIMARY KEY (community_id, round, number, channel)
    ) STRICT;
    CREATE INDEX outbox_due ON outbox (channel, state, due);
    CREATE TABLE calling (
        community_id TEXT NOT NULL, round TEXT NOT NULL, PRIMARY KEY (community_id, round)
    ) STRICT;
    CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
    CREATE TABLE party (
        id TEXT PRIMARY KEY, place TEXT NOT NULL, desk TEXT NOT NULL, key BLOB NOT NULL, made INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE party_calls (
        party TEXT NOT NULL, of TEXT NOT NULL, said BLOB NOT NULL, PRIMARY KEY (party, of)
    ) STRICT;
    CREATE TABLE gate_code (
        party TEXT PRIMARY KEY, hash BLOB NOT NULL, expires INTEGER NOT NULL, heard INTEGER NOT NULL
    ) STRICT;
";

/// The first form of the file.
#[cfg(test)]
pub(super) const ROUNDS: &str = "
    CREATE TABLE IF NOT EXISTS round (
        community TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, opens INTEGER NOT NULL,
        made INTEGER NOT NULL, phones_until INTEGER NOT NULL, retain_until INTEGER NOT NULL,
        secret BLOB NOT NULL, tube_key BLOB NOT NULL, desk TEXT NOT NULL, desk_key BLOB NOT NULL,
        definition TEXT NOT NULL, PRIMARY KEY (community, id)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS code (
        hash BLOB PRIMARY KEY, community TEXT NOT NULL, round TEXT NOT NULL, role TEXT NOT NULL, seat TEXT,
        expires INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS code_round ON code (community, round);
    CREATE TABLE IF NOT EXISTS device (
        community TEXT NOT NULL, id TEXT NOT NULL, round TEXT NOT NULL, role TEXT NOT NULL, seat TEXT,
        joined INTEGER NOT NULL, code BLOB NOT NULL, PRIMARY KEY (community, id)
    ) STRICT;
";

/// The next number of a tube, and of a shift sheet, that was not printed yet. A round of which nothing was has no row.
pub(super) const PRINTED: &str = "
    CREATE TABLE printed (
        community TEXT NOT NULL, round TEXT NOT NULL, tube INTEGER NOT NULL, sheet INTEGER NOT NULL,
        PRIMARY KEY (community, round)
    ) STRICT;
";

/// Rounds whose waves are called by themselves.
pub(super) const CALLING: &str = "
    CREATE TABLE calling (community TEXT NOT NULL, round TEXT NOT NULL, PRIMARY KEY (community, round)) STRICT;
";

/// What belongs to a community says so by the same name everywhere, first in its key; and who does what must be done once.
const DIVIDED: &str = "
    ALTER TABLE round RENAME COLUMN community TO community_id;
    ALTER TABLE device RENAME COLUMN community TO community_id;
    ALTER TABLE printed RENAME COLUMN community TO community_id;
    ALTER TABLE calling RENAME COLUMN community TO community_id;
    DROP INDEX code_round;
    ALTER TABLE code RENAME TO undivided;
    CREATE TABLE code (
        community_id TEXT NOT NULL, round TEXT NOT NULL, hash BLOB NOT NULL, role TEXT NOT NULL, seat TEXT,
        expires INTEGER NOT NULL, PRIMARY KEY (community_id, hash)
    ) STRICT;
    CREATE INDEX code_round ON code (community_id, round);
    CREATE INDEX code_hash ON code (hash);
    INSERT INTO code SELECT community, round, hash, role, seat, expires FROM undivided;
    DROP TABLE undivided;
    CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
";

/// Results of labs that nobody could take to a tube.
const ASIDE: &str = "
    CREATE TABLE result_aside (
        community_id TEXT NOT NULL, number INTEGER NOT NULL, round TEXT, lab TEXT NOT NULL, at INTEGER NOT NULL,
        why TEXT NOT NULL, args TEXT NOT NULL, report TEXT NOT NULL, digest BLOB NOT NULL, settled INTEGER NOT NULL,
        PRIMARY KEY (community_id, number)
    ) STRICT;
    CREATE UNIQUE INDEX result_aside_once ON result_aside (community_id, digest);
";

/// The next number of a box, beside that of a tube.
const BOXES: &str = "
    ALTER TABLE printed ADD COLUMN batch INTEGER NOT NULL DEFAULT 1;
";

/// What residents of a round are told, and who has it, by entrance.
const NOTICES: &str = "
    CREATE TABLE notice (
        community_id TEXT NOT NULL, round TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL,
        PRIMARY KEY (community_id, round, number)
    ) STRICT;
    CREATE TABLE notice_receipt (
        community_id TEXT NOT NULL, round TEXT NOT NULL, number INTEGER NOT NULL, place INTEGER NOT NULL,
        building TEXT NOT NULL, entrance TEXT NOT NULL, households INTEGER NOT NULL, printed INTEGER NOT NULL,
        seen INTEGER NOT NULL, told INTEGER NOT NULL, PRIMARY KEY (community_id, round, number, place)
    ) STRICT;
";

/// Notices on their way to channels.
const OUTBOX: &str = "
    CREATE TABLE outbox (
        community_id TEXT NOT NULL, round TEXT NOT NULL, number INTEGER NOT NULL, channel TEXT NOT NULL,
        key TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, at INTEGER NOT NULL, due INTEGER NOT NULL,
        why TEXT NOT NULL, status INTEGER NOT NULL, holder TEXT NOT NULL,
        PRIMARY KEY (community_id, round, number, channel)
    ) STRICT;
    CREATE INDEX outbox_due ON outbox (channel, state, due);
";

/// Places and communities that keep a book with others.
const PARTY: &str = "
    CREATE TABLE party (
        id TEXT PRIMARY KEY, place TEXT NOT NULL, desk TEXT NOT NULL, key BLOB NOT NULL, made INTEGER NOT NULL
    ) STRICT;
";

/// Telephones of parties, as each knows those of others.
const PARTY_CALLS: &str = "
    CREATE TABLE party_calls (
        party TEXT NOT NULL, of TEXT NOT NULL, said BLOB NOT NULL, PRIMARY KEY (party, of)
    ) STRICT;
";

/// By which phones at a party's gate tell what came: one code for each party, and when a phone was heard last.
const GATE_CODE: &str = "
    CREATE TABLE gate_code (
        party TEXT PRIMARY KEY, hash BLOB NOT NULL, expires INTEGER NOT NULL, heard INTEGER NOT NULL
    ) STRICT;
";

/// A step to a form of the file.
pub(super) enum Form {
    /// Tables.
    Tables(&'static str),
    /// What is written anew.
    Changed(fn(&Connection, &RoundsKey) -> rusqlite::Result<()>),
}

/// What leads to each form of the file from the one before.
const FORMS: [(i64, Form); 11] = [
    (2, Form::Tables(PRINTED)),
    (3, Form::Tables(CALLING)),
    (4, Form::Changed(sealed::seal_all)),
    (5, Form::Tables(DIVIDED)),
    (6, Form::Tables(ASIDE)),
    (7, Form::Tables(BOXES)),
    (8, Form::Tables(NOTICES)),
    (9, Form::Tables(OUTBOX)),
    (10, Form::Tables(PARTY)),
    (11, Form::Tables(PARTY_CALLS)),
    (12, Form::Tables(GATE_CODE)),
];

/// What leads from nothing to this program's form.
const NEW: [(i64, Form); 1] = [(KNOWN, Form::Changed(make))];

/// What a file of this form does not have yet; `None` for one of a newer program.
pub(super) fn missing(form: i64) -> Option<&'static [(i64, Form)]> {
    const { assert!(FORMS.len() as i64 == KNOWN - 1, "each form has its step") };
    match form {
        0 => Some(&NEW),
        _ => usize::try_from(form - 1).ok().and_then(|done| FORMS.get(done..)),
    }
}

fn make(db: &Connection, key: &RoundsKey) -> rusqlite::Result<()> {
    db.execute_batch(NOW)?;
    sealed::prove_in(db, key)
}

/// Brings the file up to the form that this program writes.
pub(super) fn bring_up(
    db: &mut Connection,
    missing: &[(i64, Form)],
    key: &RoundsKey,
) -> rusqlite::Result<()> {
    for (form, step) in missing {
        // The tables and the number that says that they are there: both or none.
        let changes = db.transaction()?;
        match step {
            Form::Tables(tables) => changes.execute_batch(tables)?,
            Form::Changed(change) => change(&changes, key)?,
        }
        changes.pragma_update(None, "user_version", form)?;
        changes.commit()?;
    }
    Ok(())
}
