//! All that is kept of one resident, for themselves: everybody may ask for it.

use super::{Access, Looks, Resident, log, residents};
use crate::{
    db::values,
    people::{
        People, PeopleError, doing,
        id::{CommunityId, ResidentId},
        neighbours::Told,
        volunteers::VOLUNTEERS,
    },
};

/// What is kept of one resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// What stands in the roll.
    pub resident: Resident,
    /// Who looked at them and why, the first first. Of looks at all names of their community what and when: the reason may be
    /// somebody else's business.
    pub accesses: Vec<Access>,
    /// What they need and offer, and what they said, with what came of it.
    pub told: Vec<Told>,
}

impl People {
    /// All that is kept of one resident.
    ///
    /// # Errors
    /// There is none, or the database says no.
    pub fn own(&self, community: CommunityId, id: ResidentId, looks: Looks<'_>) -> Result<Own, PeopleError> {
        let (resident, told) = self.db.change(doing("read what is kept of a resident"), |on| {
            let key = self.data_key(on, community, false)?;
            let resident = residents(on, community, &key, Some(id))?.pop().ok_or(PeopleError::Unknown)?;
            log(on, community, "copy", Some(id), looks)?;
            Ok((resident, self.of_one(on, community, &key, id)?))
        })?;
        let mut accesses = self.accesses(community)?;
        // Who looked at volunteers did not look at them.
        accesses.retain(|line| line.resident.is_none_or(|one| one == id) && line.what != VOLUNTEERS);
        for line in accesses.iter_mut().filter(|line| line.resident.is_none()) {
            line.who.clear();
            line.why.clear();
        }
        Ok(Own { resident, accesses, told })
    }

    /// When a community's names are destroyed, seconds since 1970; `None` if no round keeps them.
    ///
    /// # Errors
    /// The database says no.
    pub fn names_kept_until(&self, community: CommunityId) -> Result<Option<i64>, PeopleError> {
        let text = "SELECT max(retain_until) FROM round WHERE community_id = ?1";
        let found = self.db.optional(text, values![community], |row| row.get(0));
        Ok(found.map_err(doing("look until when names are kept"))?.flatten())
    }
}
