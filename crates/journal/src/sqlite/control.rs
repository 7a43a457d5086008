//! What the people who run a site do to logs and to the quarantine.

use super::{
    answer::{EnrolError, ReleaseError},
    batch::Batch,
    known::Seen,
    log::{Log, LogState},
    quarantine,
    upload::{Joined, join},
    writer::Work,
};
use crate::{Head, LogName};
use rusqlite::{OptionalExtension, Result, params};

/// Lets a device write.
pub(super) struct Enrol(pub(super) Log);

impl Work for Enrol {
    type Answer = Result<(), EnrolError>;

    fn run(&self, batch: &mut Batch<'_>) -> Result<Self::Answer> {
        let Log { name, book, key } = self.0;
        if let Some(held) = LogState::of(batch.db, name)? {
            return Ok(match held {
                held if held.log.key != key => Err(EnrolError::OtherKey),
                held if held.log.book != book => Err(EnrolError::OtherBook),
                held if held.revoked => Err(EnrolError::Revoked),
                _ => Ok(()),
            });
        }
        let head = Head::of_nothing(name);
        batch
            .db
            .prepare_cached("INSERT INTO community VALUES (?1, 0) ON CONFLICT DO NOTHING")?
            .execute([name.community])?;
        batch
            .db
            .prepare_cached("INSERT INTO log VALUES (?1, ?2, ?3, ?4, 'active', 0, ?5)")?
            .execute(params![name.community, name.device, book, key.to_bytes(), head.hash.0])?;
        batch.enrolled(name, Seen { key, head });
        Ok(Ok(()))
    }
}

/// Lets a device write no more.
pub(super) struct Revoke(pub(super) LogName);

impl Work for Revoke {
    type Answer = Result<(), EnrolError>;

    fn run(&self, batch: &mut Batch<'_>) -> Result<Self::Answer> {
        const REVOKE: &str =
            "UPDATE log SET state = 'revoked' WHERE community_id = ?1 AND device = ?2 RETURNING seq";
        let found: Option<i64> = batch
            .db
            .prepare_cached(REVOKE)?
            .query_row(params![self.0.community, self.0.device], |row| row.get(0))
            .optional()?;
        Ok(found.map(drop).ok_or(EnrolError::Unknown))
    }
}

/// Admits what is in quarantine after all: from a telephone that was revoked before it had sent everything.
pub(super) struct Release {
    pub(super) community: [u8; 16],
    pub(super) number: u64,
}

impl Work for Release {
    type Answer = Result<(Head, u64), ReleaseError>;

    fn run(&self, batch: &mut Batch<'_>) -> Result<Self::Answer> {
        let Some(slice) = quarantine::slice(batch.db, self.community, self.number)? else {
            return Ok(Err(ReleaseError::Missing));
        };
        let Some(state) = LogState::of(batch.db, slice.log)? else { return Ok(Err(ReleaseError::Unknown)) };
        if let Err(why) = crate::admit::check(slice.log, &slice, &state.log.key) {
            return Ok(Err(ReleaseError::Refused(why)));
        }
        match join(batch, &state, &slice, false)? {
            Joined::Stored { head, position } => {
                quarantine::settle(batch, self.community, self.number)?;
                Ok(Ok((head, position)))
            }
            Joined::Refused(why) => Ok(Err(ReleaseError::Refused(why))),
            Joined::Shut => unreachable!("a release asks for no leave"),
        }
    }
}

/// Marks what is in quarantine as seen to.
pub(super) struct Settle {
    pub(super) community: [u8; 16],
    pub(super) number: u64,
}

impl Work for Settle {
    type Answer = bool;

    fn run(&self, batch: &mut Batch<'_>) -> Result<bool> {
        quarantine::settle(batch, self.community, self.number)
    }
}
