//! Who of several processes does what one must do.

use super::{Book, failed};
use crate::{db::values, problem::Fault};
use std::time::Duration;

impl Book {
    /// Whether this process does something from now on until so long has passed, by the database's clock: it did so last, or
    /// nobody does any more.
    ///
    /// # Errors
    /// The database says no.
    pub fn lease(&self, name: &str, holder: &str, lasts: Duration) -> Result<bool, Fault> {
        let lasts = i64::try_from(lasts.as_secs()).unwrap_or(i64::MAX);
        let held = self.db.change(failed, |on| {
            let clock = on.either("unixepoch()", "extract(epoch FROM clock_timestamp())::bigint");
            let text = format!(
                "INSERT INTO lease (name, holder, expires) VALUES (?1, ?2, {clock} + ?3) \
                 ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires = excluded.expires \
                 WHERE lease.holder = excluded.holder OR lease.expires <= {clock}"
            );
            on.execute(&text, values![name, holder, lasts]).map_err(failed)
        })?;
        Ok(held == 1)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::db::both::both;

    #[test]
    fn one_has_it_until_it_is_over() {
        both(|place| {
            let book = place.book(place.people().rounds_key());
            let (hour, over) = (Duration::from_secs(3600), Duration::ZERO);
            assert!(book.lease("calls", "a", hour).unwrap());
            assert!(!book.lease("calls", "b", hour).unwrap());
            assert!(book.lease("other", "b", hour).unwrap());
            assert!(book.lease("calls", "a", over).unwrap(), "whoever has it keeps it, or lets it go");
            assert!(book.lease("calls", "b", hour).unwrap());
            assert!(!book.lease("calls", "a", hour).unwrap());
        });
    }
}
