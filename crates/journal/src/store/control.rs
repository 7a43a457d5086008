//! What the people who run a site do to logs and to the quarantine.

use super::{
    answer::{EnrolError, ReleaseError},
    log::Log,
    rows::{Odd, Result, Rows},
    upload::{Joined, join},
    work::Work,
};
use crate::{Head, LogName, Slice};

/// Lets a device write.
pub(crate) struct Enrol(pub(crate) Log);

impl Work for Enrol {
    type Answer = Result<(), EnrolError>;

    fn community(&self) -> [u8; 16] {
        self.0.name.community
    }

    fn device(&self) -> Option<[u8; 16]> {
        Some(self.0.name.device)
    }

    fn run(&self, rows: &mut dyn Rows) -> Result<Self::Answer> {
        let Log { name, book, key } = self.0;
        if let Some(held) = rows.log(name)? {
            return Ok(match held {
                held if held.log.key != key => Err(EnrolError::OtherKey),
                held if held.log.book != book => Err(EnrolError::OtherBook),
                held if held.revoked => Err(EnrolError::Revoked),
                _ => Ok(()),
            });
        }
        rows.enrol(self.0)?;
        Ok(Ok(()))
    }
}

/// Lets a device write no more.
pub(crate) struct Revoke(pub(crate) LogName);

impl Work for Revoke {
    type Answer = Result<(), EnrolError>;

    fn community(&self) -> [u8; 16] {
        self.0.community
    }

    fn device(&self) -> Option<[u8; 16]> {
        Some(self.0.device)
    }

    fn run(&self, rows: &mut dyn Rows) -> Result<Self::Answer> {
        Ok(if rows.revoke(self.0)? { Ok(()) } else { Err(EnrolError::Unknown) })
    }
}

/// Admits what is in quarantine after all: from a telephone that was revoked before it had sent everything.
pub(crate) struct Release {
    pub(crate) community: [u8; 16],
    pub(crate) number: u64,
}

impl Work for Release {
    type Answer = Result<(Head, u64), ReleaseError>;

    fn community(&self) -> [u8; 16] {
        self.community
    }

    fn device(&self) -> Option<[u8; 16]> {
        None
    }

    fn run(&self, rows: &mut dyn Rows) -> Result<Self::Answer> {
        let Some(bytes) = rows.aside(self.community, self.number)? else {
            return Ok(Err(ReleaseError::Missing));
        };
        let slice = Slice::from_bytes(&bytes).map_err(|_| Odd("no slice"))?;
        let Some(state) = rows.log(slice.log)? else { return Ok(Err(ReleaseError::Unknown)) };
        if let Err(why) = crate::admit::check(slice.log, &slice, &state.log.key) {
            return Ok(Err(ReleaseError::Refused(why)));
        }
        match join(rows, &state, &slice, false)? {
            Joined::Stored { head, position } => {
                rows.settle(self.community, self.number)?;
                Ok(Ok((head, position)))
            }
            Joined::Refused(why) => Ok(Err(ReleaseError::Refused(why))),
            Joined::Shut => unreachable!("a release asks for no leave"),
        }
    }
}

/// Marks what is in quarantine as seen to.
pub(crate) struct Settle {
    pub(crate) community: [u8; 16],
    pub(crate) number: u64,
}

impl Work for Settle {
    type Answer = bool;

    fn community(&self) -> [u8; 16] {
        self.community
    }

    fn device(&self) -> Option<[u8; 16]> {
        None
    }

    fn run(&self, rows: &mut dyn Rows) -> Result<bool> {
        rows.settle(self.community, self.number)
    }
}
