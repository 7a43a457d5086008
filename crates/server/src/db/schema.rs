//! The tables of a shared database, and the way from each form to the next.

use super::{Error, On, values};

/// The tables of a store.
#[derive(Clone, Copy, Debug)]
pub struct Tables {
    /// In PostgreSQL, the schema in which they stand.
    pub schema: &'static str,
    /// Its form; it grows with each change.
    pub form: i64,
    /// What makes them where there are none: as for SQLite, with `INTEGER`, `BLOB` and `STRICT`.
    pub text: &'static str,
    /// What leads from an earlier form to the next: which it makes, and how.
    pub steps: &'static [(i64, &'static str)],
}

/// Why the tables cannot be used.
#[derive(Debug)]
pub enum FormError {
    /// A newer program wrote them: the form that was found, and the newest that this program knows.
    Newer(i64, i64),
    /// The database says no.
    Database(Error),
}

impl From<Error> for FormError {
    fn from(error: Error) -> FormError {
        FormError::Database(error)
    }
}

/// Makes the tables of a shared database, or brings them to this form. To be called by one process at a time
/// ([`super::Db::alone`]).
///
/// # Errors
/// A newer program wrote them, or the database says no.
pub fn bring_up(on: &On<'_>, tables: &Tables) -> Result<(), FormError> {
    let Tables { schema, form: known, text, steps } = *tables;
    // Somebody who may make no schema may have been given one.
    let there: bool = on.one("SELECT to_regnamespace(?1) IS NOT NULL", values![schema], |row| row.get(0))?;
    if !there {
        on.batch(&format!("CREATE SCHEMA {schema}"))?;
    }
    on.batch("CREATE TABLE IF NOT EXISTS form (form BIGINT PRIMARY KEY)")?;
    let found: Option<i64> = on.one("SELECT max(form) FROM form", &[], |row| row.get(0))?;
    match found {
        Some(found) if found > known => return Err(FormError::Newer(found, known)),
        Some(found) => {
            for (_, text) in steps.iter().filter(|(form, _)| *form > found) {
                on.batch(&as_shared(text))?;
            }
        }
        None => on.batch(&as_shared(text))?,
    }
    on.execute("DELETE FROM form WHERE form <> ?1", values![known])?;
    on.execute("INSERT INTO form (form) VALUES (?1) ON CONFLICT DO NOTHING", values![known])?;
    Ok(())
}

/// Tables as PostgreSQL has them.
fn as_shared(text: &str) -> String {
    text.replace(" INTEGER", " BIGINT").replace(" BLOB", " BYTEA").replace(") STRICT;", ");")
}

/// Tables that belong to communities, as Citus is told of them. All others stay where the coordinator is.
const DIVIDED: [&str; 19] = [
    "people.community",
    "people.round",
    "people.household",
    "people.resident",
    "people.access_log",
    "people.unproved",
    "people.volunteering",
    "people.volunteer",
    "people.roster",
    "people.exchange",
    "rounds.round",
    "rounds.code",
    "rounds.device",
    "rounds.printed",
    "rounds.result_aside",
    "rounds.calling",
    "rounds.notice",
    "rounds.notice_receipt",
    "rounds.outbox",
];

/// The statements that spread what belongs to communities over the machines of a Citus cluster, each community whole on one of
/// them. They are run once, after the tables were made; [`journal::postgres::distribution`] does the same for the journal.
pub fn distribution() -> Vec<String> {
    let spread = |table: &&str| {
        let beside = if *table == DIVIDED[0] { "none" } else { DIVIDED[0] };
        format!("SELECT create_distributed_table('{table}', 'community_id', colocate_with => '{beside}')")
    };
    DIVIDED.iter().map(spread).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Db, both::Place};
    use std::collections::BTreeSet;

    #[test]
    fn what_belongs_to_a_community_has_it_first_in_every_key() {
        let place = Place::shared();
        let people = place.people();
        let (_book, _store) = (place.book(people.rounds_key()), place.store());
        let db = Db::shared(place.database().unwrap(), "people", 1);
        let text = "SELECT c.relnamespace::regnamespace::text || '.' || c.relname, a.attname::text \
                    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] \
                    WHERE i.indisunique AND c.relnamespace::regnamespace::text IN ('people', 'rounds', 'scenarios')";
        let keys = db.all(text, &[], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?))).unwrap();
        let (divided, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(|(_, of)| of == "community_id");
        let divided: BTreeSet<String> = divided.into_iter().map(|(table, _)| table).collect();
        assert_eq!(divided, DIVIDED.map(str::to_owned).into());
        assert!(others.iter().all(|(table, _)| !divided.contains(table)), "{others:?}");
    }

    #[test]
    fn tables_are_written_as_the_server_reads_them() {
        let text = "CREATE TABLE a (b INTEGER NOT NULL, c BLOB PRIMARY KEY, d TEXT) STRICT;";
        assert_eq!(as_shared(text), "CREATE TABLE a (b BIGINT NOT NULL, c BYTEA PRIMARY KEY, d TEXT);");
    }
}
