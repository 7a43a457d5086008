//! Who offered to help: their own words, sealed, until the day that they were told; the code by which people sign up; and rosters,
//! which know volunteers by their ids alone.
//!
//! Links are proofs made of the key that seals: none is kept anywhere, and all end with the key.

use super::{
    People, PeopleError, cipher,
    cipher::DataKey,
    doing,
    id::{CommunityId, VolunteerId},
    names::{Looks, log},
};
use crate::{
    access::secret::{hex, same},
    db::{On, values},
    limits,
};
use scenario::VolunteerCells;

/// What the log of accesses calls all that is done with volunteers.
pub const VOLUNTEERS: &str = "volunteers";
/// What their data key is wrapped as: not that of residents, whose names go with their rounds.
const OF_VOLUNTEERS: &str = "volunteers";

/// Somebody who offered to help, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volunteer {
    /// Random.
    pub id: VolunteerId,
    /// When they were first written down, seconds since 1970.
    pub created: i64,
    /// Until when they are kept, as they were told.
    pub retain_until: i64,
    /// What proves their link. It changes when they are given another.
    pub token: String,
    /// What proves the address of their calendar, which shows shifts and opens nothing else. It changes with the link.
    pub feed: String,
    /// Their own words.
    pub cells: VolunteerCells,
}

/// The code by which people sign up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignUp {
    /// What stands in its link.
    pub token: String,
    /// Until when it can be used, seconds since 1970.
    pub until: i64,
    /// Until when whoever signs up by it is kept.
    pub retain_until: i64,
}

/// What came of a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Who was not known before.
    pub added: usize,
    /// Of whom something changed.
    pub changed: usize,
    /// Of whom nothing did.
    pub same: usize,
}

/// What came of a change of somebody's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Corrected {
    /// It is kept.
    Now,
    /// They were changed since they were read, and nothing is kept: as they are now.
    Since(VolunteerCells),
}

/// A roster as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRow {
    /// The scenario that it is of.
    pub scenario: String,
    /// It grows with each change.
    pub version: i64,
    /// When it was last changed, seconds since 1970.
    pub at: i64,
    /// Shifts, and who has them: ids.
    pub content: String,
}

/// What is kept beside a community's volunteers.
struct Volunteering {
    key: Option<DataKey>,
    code: i64,
    code_until: i64,
    retain_until: i64,
}

impl People {
    /// Lets people sign up until a moment, to be kept until a day. A code that is open stays the same, so that what hangs on a wall does.
    ///
    /// # Errors
    /// The day is past, there is no such community, or the database says no.
    pub fn open_sign_up(
        &self,
        community: CommunityId,
        until: i64,
        retain_until: i64,
        now: i64,
    ) -> Result<SignUp, PeopleError> {
        if retain_until <= now {
            return Err(PeopleError::Retention);
        }
        let open = doing("open a sign-up");
        self.db.change(&open, |on| {
            let key = self.volunteers_key(on, community, retain_until)?;
            let until = until.min(retain_until);
            let text = "UPDATE volunteering SET code_until = ?2, retain_until = ?3 WHERE community_id = ?1";
            on.execute(text, values![community, until, retain_until]).map_err(&open)?;
            let text = "SELECT code FROM volunteering WHERE community_id = ?1";
            let code = on.count(text, values![community]).map_err(&open)?;
            Ok(SignUp { token: code_token(&key, code), until, retain_until })
        })
    }

    /// Ends the code, for ever: the next is another.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_sign_up(&self, community: CommunityId) -> Result<(), PeopleError> {
        let text = "UPDATE volunteering SET code = code + 1, code_until = 0 WHERE community_id = ?1";
        self.db.execute(text, values![community]).map(drop).map_err(doing("end a sign-up"))
    }

    /// The code, if people can sign up now.
    ///
    /// # Errors
    /// The database says no, or the key does not open.
    pub fn sign_up(&self, community: CommunityId, now: i64) -> Result<Option<SignUp>, PeopleError> {
        self.db.read(doing("find a sign-up"), |on| {
            let kept = self.volunteering(on, community)?;
            Ok(kept.and_then(|kept| kept.open(now)))
        })
    }

    /// The code, if this is it.
    ///
    /// # Errors
    /// It is not, or not any more, or the database says no.
    pub fn admits(&self, community: CommunityId, token: &str, now: i64) -> Result<SignUp, PeopleError> {
        let open = self.sign_up(community, now)?;
        open.filter(|open| same(open.token.as_bytes(), token.as_bytes())).ok_or(PeopleError::NoSignUp)
    }

    /// What proves that somebody is at the site: the code that hangs there. It ends with the code for signing up. `None` while there
    /// are no volunteers.
    ///
    /// # Errors
    /// The database says no.
    pub fn site_code(&self, community: CommunityId) -> Result<Option<String>, PeopleError> {
        self.db.read(doing("find the code of a site"), |on| {
            let kept = self.volunteering(on, community)?;
            Ok(kept.and_then(|kept| Some(hex(&kept.key?.proof(&["site", &kept.code.to_string()])))))
        })
    }

    /// Writes down whoever signs up by the code.
    ///
    /// # Errors
    /// It is none, there are too many, too many came in an hour, or the database says no.
    pub fn add_volunteer(
        &self,
        community: CommunityId,
        token: &str,
        cells: &VolunteerCells,
        now: i64,
    ) -> Result<Volunteer, PeopleError> {
        let add = doing("write a volunteer down");
        self.db.change(&add, |on| {
            let kept = self.volunteering(on, community)?.ok_or(PeopleError::NoSignUp)?;
            let open = kept.open(now).filter(|open| same(open.token.as_bytes(), token.as_bytes()));
            let (open, key) = open.zip(kept.key.as_ref()).ok_or(PeopleError::NoSignUp)?;
            room(on, community)?;
            let text = "SELECT count(*) FROM volunteer WHERE community_id = ?1 AND created > ?2";
            let lately = on.count(text, values![community, now - 3600]).map_err(&add)?;
            if lately >= limits::SIGN_UPS_AN_HOUR {
                return Err(PeopleError::Flooded);
            }
            let id = VolunteerId::draw();
            let row = Row { id, created: now, retain_until: open.retain_until, link: 1 };
            put(on, key, community, &row, cells)?;
            Ok(row.opened(key, cells.clone()))
        })
    }

    /// All volunteers of a community, the first first. That somebody read the list is written down.
    ///
    /// # Errors
    /// The database says no.
    pub fn volunteers(
        &self,
        community: CommunityId,
        looks: Looks<'_>,
    ) -> Result<Vec<Volunteer>, PeopleError> {
        self.db.change(doing("read volunteers"), |on| {
            let all = self.all_volunteers(on, community)?;
            if !all.is_empty() {
                log(on, community, VOLUNTEERS, None, looks)?;
            }
            Ok(all)
        })
    }

    /// Writes down that somebody reads names on a roster.
    ///
    /// # Errors
    /// The database says no.
    pub fn log_volunteers(&self, community: CommunityId, looks: Looks<'_>) -> Result<(), PeopleError> {
        self.db.change(doing("log an access"), |on| log(on, community, VOLUNTEERS, None, looks))
    }

    /// The same where a roster is made of them, and nobody reads the list.
    ///
    /// # Errors
    /// The database says no.
    pub fn volunteers_to_place(&self, community: CommunityId) -> Result<Vec<Volunteer>, PeopleError> {
        self.db.read(doing("read volunteers"), |on| self.all_volunteers(on, community))
    }

    /// The volunteer of a link.
    ///
    /// # Errors
    /// It opens nothing, or the database says no.
    pub fn own_volunteer(
        &self,
        community: CommunityId,
        id: VolunteerId,
        token: &str,
    ) -> Result<Volunteer, PeopleError> {
        let own = self.one_volunteer(community, id)?;
        if same(own.token.as_bytes(), token.as_bytes()) { Ok(own) } else { Err(PeopleError::Unknown) }
    }

    /// The volunteer of a calendar's address.
    ///
    /// # Errors
    /// It is none, or the database says no.
    pub fn volunteer_of_feed(
        &self,
        community: CommunityId,
        id: VolunteerId,
        feed: &str,
    ) -> Result<Volunteer, PeopleError> {
        let own = self.one_volunteer(community, id)?;
        if same(own.feed.as_bytes(), feed.as_bytes()) { Ok(own) } else { Err(PeopleError::Unknown) }
    }

    /// What a volunteer is called, for whoever they come to; `None` where they are not kept any more.
    ///
    /// # Errors
    /// The database says no.
    pub fn volunteer_name(
        &self,
        community: CommunityId,
        id: VolunteerId,
    ) -> Result<Option<String>, PeopleError> {
        match self.one_volunteer(community, id) {
            Ok(own) => Ok(Some(own.cells.get("name").cloned().unwrap_or_default())),
            Err(PeopleError::Unknown) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn one_volunteer(&self, community: CommunityId, id: VolunteerId) -> Result<Volunteer, PeopleError> {
        self.db.read(doing("read a volunteer"), |on| {
            let kept = self.volunteering(on, community)?;
            let key = kept.and_then(|kept| kept.key).ok_or(PeopleError::Unknown)?;
            volunteers(on, community, &key, Some(id))?.pop().ok_or(PeopleError::Unknown)
        })
    }

    /// Writes anew what stands of a volunteer, if it is still `was`: the desk and the volunteer may write at the same time, and neither
    /// writes over what they have not seen. `looks` is of whoever leads; the volunteer themselves are not written down.
    ///
    /// # Errors
    /// There is none, or the database says no.
    pub fn correct_volunteer(
        &self,
        community: CommunityId,
        id: VolunteerId,
        (was, cells): (&VolunteerCells, &VolunteerCells),
        looks: Option<Looks<'_>>,
    ) -> Result<Corrected, PeopleError> {
        self.db.change(doing("correct a volunteer"), |on| {
            let kept = self.volunteering(on, community)?;
            let key = kept.and_then(|kept| kept.key).ok_or(PeopleError::Unknown)?;
            let (row, sealed) = rows(on, community, Some(id))?.pop().ok_or(PeopleError::Unknown)?;
            let now = unsealed(&key, &row, &sealed)?;
            let is_said = |(_, text): &(&String, &String)| !text.is_empty();
            if !now.iter().filter(is_said).eq(was.iter().filter(is_said)) {
                return Ok(Corrected::Since(now));
            }
            put(on, &key, community, &row, cells)?;
            looks.map_or(Ok(()), |looks| log(on, community, VOLUNTEERS, None, looks))?;
            Ok(Corrected::Now)
        })
    }

    /// Gives a volunteer another link: the one that they had opens nothing any more.
    ///
    /// # Errors
    /// There is none, or the database says no.
    pub fn renew_volunteer(&self, community: CommunityId, id: VolunteerId) -> Result<(), PeopleError> {
        let text = "UPDATE volunteer SET link = link + 1 WHERE community_id = ?1 AND id = ?2";
        let done =
            self.db.execute(text, values![community, id]).map_err(doing("renew a volunteer's link"))?;
        if done == 0 { Err(PeopleError::Unknown) } else { Ok(()) }
    }

    /// Takes a sheet in, to be kept until a day. Who is known by name and telephone gets what the sheet says, and keeps the rest.
    ///
    /// # Errors
    /// The day is past, there are too many, there is no such community, or the database says no.
    pub fn take_volunteers(
        &self,
        community: CommunityId,
        sheet: &[VolunteerCells],
        retain_until: i64,
        looks: Looks<'_>,
    ) -> Result<Taken, PeopleError> {
        if retain_until <= looks.now {
            return Err(PeopleError::Retention);
        }
        self.db.change(doing("take volunteers in"), |on| {
            let key = self.volunteers_key(on, community, retain_until)?;
            let known = volunteers(on, community, &key, None)?;
            let mut met = vec![false; known.len()];
            let mut taken = Taken::default();
            for cells in sheet {
                let same_person = |at: &usize| !met[*at] && is_same(&known[*at].cells, cells);
                match (0..known.len()).find(same_person) {
                    Some(at) => {
                        met[at] = true;
                        let mut both = known[at].cells.clone();
                        both.extend(cells.iter().map(|(name, text)| (name.clone(), shortened(text))));
                        if both == known[at].cells {
                            taken.same += 1;
                            continue;
                        }
                        taken.changed += 1;
                        let row =
                            rows(on, community, Some(known[at].id))?.pop().ok_or(PeopleError::Unknown)?.0;
                        put(on, &key, community, &row, &both)?;
                    }
                    None => {
                        room(on, community)?;
                        taken.added += 1;
                        let cells =
                            cells.iter().map(|(name, text)| (name.clone(), shortened(text))).collect();
                        let id = VolunteerId::draw();
                        let row = Row { id, created: looks.now, retain_until, link: 1 };
                        put(on, &key, community, &row, &cells)?;
                    }
                }
            }
            log(on, community, VOLUNTEERS, None, looks)?;
            Ok(taken)
        })
    }

    /// A community's rosters, the last changed first.
    ///
    /// # Errors
    /// The database says no.
    pub fn rosters(&self, community: CommunityId) -> Result<Vec<RosterRow>, PeopleError> {
        let text = "SELECT scenario, version, at, content FROM roster WHERE community_id = ?1 \
                    ORDER BY at DESC, scenario";
        self.db.all(text, values![community], roster_row).map_err(doing("list rosters"))
    }

    /// The rosters in which people are lent to other communities and that were changed since a moment, each with the community whose it is.
    ///
    /// # Errors
    /// The database says no.
    pub fn lending(&self, since: i64) -> Result<Vec<(CommunityId, String)>, PeopleError> {
        let text = "SELECT community_id, content FROM roster WHERE at >= ?1 AND content LIKE '%\"site\":\"%' \
                    ORDER BY community_id, scenario";
        let row = |row: &crate::db::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        self.db.all(text, values![since], row).map_err(doing("list rosters"))
    }

    /// The roster of a scenario.
    ///
    /// # Errors
    /// The database says no.
    pub fn roster(&self, community: CommunityId, scenario: &str) -> Result<Option<RosterRow>, PeopleError> {
        let text =
            "SELECT scenario, version, at, content FROM roster WHERE community_id = ?1 AND scenario = ?2";
        self.db.optional(text, values![community, scenario], roster_row).map_err(doing("find a roster"))
    }

    /// Keeps a roster: a new one, or in the place of the version that was read.
    ///
    /// # Errors
    /// Somebody changed it since, there are too many, or the database says no.
    pub fn keep_roster(
        &self,
        community: CommunityId,
        scenario: &str,
        read: Option<i64>,
        content: &str,
        now: i64,
    ) -> Result<i64, PeopleError> {
        let keep = doing("keep a roster");
        self.db.change(&keep, |on| {
            let text = "SELECT version FROM roster WHERE community_id = ?1 AND scenario = ?2";
            let found = on.optional(text, values![community, scenario], |row| row.get::<i64>(0)).map_err(&keep)?;
            if found != read {
                return Err(PeopleError::RosterChanged);
            }
            if found.is_none() {
                let text = "SELECT count(*) FROM roster WHERE community_id = ?1";
                if on.count(text, values![community]).map_err(&keep)? >= limits::ROSTERS as i64 {
                    return Err(PeopleError::Full(limits::ROSTERS));
                }
            }
            let version = read.unwrap_or(0) + 1;
            let text = "INSERT INTO roster (community_id, scenario, version, at, content) VALUES (?1, ?2, ?3, ?4, ?5) \
                        ON CONFLICT (community_id, scenario) DO UPDATE SET \
                        version = excluded.version, at = excluded.at, content = excluded.content";
            on.execute(text, values![community, scenario, version, now, content]).map_err(&keep)?;
            Ok(version)
        })
    }

    /// The key of a community's volunteers; made where there is none yet, with the day until which it is needed.
    fn volunteers_key(
        &self,
        on: &On<'_>,
        community: CommunityId,
        retain_until: i64,
    ) -> Result<DataKey, PeopleError> {
        if let Some(Volunteering { key: Some(key), .. }) = self.volunteering(on, community)? {
            return Ok(key);
        }
        let make = doing("make a key for volunteers");
        let text = "SELECT 1 FROM community WHERE community_id = ?1";
        on.optional(text, values![community], |_| Ok(())).map_err(&make)?.ok_or(PeopleError::Unknown)?;
        let key = cipher::draw();
        let wrapped = self.key.wrap(OF_VOLUNTEERS, community, &key);
        let text = "INSERT INTO volunteering (community_id, wrapped_key, code, code_until, retain_until) \
                    VALUES (?1, ?2, 1, 0, ?3) ON CONFLICT (community_id) DO UPDATE SET wrapped_key = excluded.wrapped_key";
        on.execute(text, values![community, wrapped, retain_until]).map_err(&make)?;
        Ok(DataKey::new(community, key))
    }

    fn volunteering(&self, on: &On<'_>, community: CommunityId) -> Result<Option<Volunteering>, PeopleError> {
        let text =
            "SELECT wrapped_key, code, code_until, retain_until FROM volunteering WHERE community_id = ?1";
        let found = on.optional(text, values![community], |row| {
            Ok((row.get::<Option<Vec<u8>>>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        });
        let found = found.map_err(doing("find volunteers"))?;
        let Some((wrapped, code, code_until, retain_until)) = found else { return Ok(None) };
        let key = wrapped.map(|wrapped| self.key.unwrap(OF_VOLUNTEERS, community, &wrapped)).transpose()?;
        let key = key.map(|key| DataKey::new(community, key));
        Ok(Some(Volunteering { key, code, code_until, retain_until }))
    }

    fn all_volunteers(&self, on: &On<'_>, community: CommunityId) -> Result<Vec<Volunteer>, PeopleError> {
        match self.volunteering(on, community)? {
            Some(Volunteering { key: Some(key), .. }) => volunteers(on, community, &key, None),
            _ => Ok(Vec::new()),
        }
    }
}

impl Volunteering {
    /// The code, if it can be used now.
    fn open(&self, now: i64) -> Option<SignUp> {
        let key = self.key.as_ref().filter(|_| self.code_until > now && self.retain_until > now)?;
        let token = code_token(key, self.code);
        Some(SignUp { token, until: self.code_until, retain_until: self.retain_until })
    }
}

fn code_token(key: &DataKey, code: i64) -> String {
    hex(&key.proof(&["sign up", &code.to_string()]))
}

/// What stands in the open of a volunteer.
struct Row {
    id: VolunteerId,
    created: i64,
    retain_until: i64,
    link: i64,
}

impl Row {
    fn opened(&self, key: &DataKey, cells: VolunteerCells) -> Volunteer {
        let Row { id, created, retain_until, link } = *self;
        let proof = |of: &str| hex(&key.proof(&[of, &id.to_string(), &link.to_string()]));
        Volunteer { id, created, retain_until, token: proof("own"), feed: proof("calendar"), cells }
    }
}

fn rows(
    on: &On<'_>,
    community: CommunityId,
    only: Option<VolunteerId>,
) -> Result<Vec<(Row, Vec<u8>)>, PeopleError> {
    let text = "SELECT id, created, retain_until, link, cells FROM volunteer \
                WHERE community_id = ?1 AND (?2 IS NULL OR id = ?2) ORDER BY created, id";
    let rows = on.all(text, values![community, only], |row| {
        let own = Row { id: row.get(0)?, created: row.get(1)?, retain_until: row.get(2)?, link: row.get(3)? };
        Ok((own, row.get::<Vec<u8>>(4)?))
    });
    rows.map_err(doing("read volunteers"))
}

/// Everybody, or one, opened; the first first.
fn volunteers(
    on: &On<'_>,
    community: CommunityId,
    key: &DataKey,
    only: Option<VolunteerId>,
) -> Result<Vec<Volunteer>, PeopleError> {
    let open = |(row, sealed): (Row, Vec<u8>)| {
        let cells = unsealed(key, &row, &sealed)?;
        Ok(row.opened(key, cells))
    };
    let mut all = rows(on, community, only)?.into_iter().map(open).collect::<Result<Vec<Volunteer>, _>>()?;
    // Those of one sheet by their names: the same people give the same roster.
    all.sort_by(|one, other| {
        (one.created, one.cells.get("name")).cmp(&(other.created, other.cells.get("name")))
    });
    Ok(all)
}

/// What somebody said, opened.
fn unsealed(key: &DataKey, row: &Row, sealed: &[u8]) -> Result<VolunteerCells, PeopleError> {
    let cells = key.open(&row.id.to_string(), "cells", sealed)?;
    serde_json::from_str(&cells).map_err(|_| PeopleError::Broken)
}

/// Writes a volunteer, sealed anew.
fn put(
    on: &On<'_>,
    key: &DataKey,
    community: CommunityId,
    row: &Row,
    cells: &VolunteerCells,
) -> Result<(), PeopleError> {
    let text = "INSERT INTO volunteer (community_id, id, created, retain_until, link, cells) \
                VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (community_id, id) DO UPDATE SET cells = excluded.cells";
    let cells = serde_json::to_string(cells).expect("texts are written as JSON");
    let sealed = key.seal(&row.id.to_string(), "cells", &cells);
    let values = values![community, row.id, row.created, row.retain_until, row.link, sealed];
    on.execute(text, values).map(drop).map_err(doing("write a volunteer down"))
}

/// Whether there is room for one more.
fn room(on: &On<'_>, community: CommunityId) -> Result<(), PeopleError> {
    let text = "SELECT count(*) FROM volunteer WHERE community_id = ?1";
    let count = on.count(text, values![community]).map_err(doing("count volunteers"))?;
    if count >= limits::VOLUNTEERS as i64 { Err(PeopleError::Full(limits::VOLUNTEERS)) } else { Ok(()) }
}

/// A cell's text, no longer than what somebody says of themselves may be.
fn shortened(text: &str) -> String {
    text[..text.floor_char_boundary(limits::OWN_WORDS_BYTES)].to_owned()
}

/// Whether two rows are of one person: one name, and no two telephones.
fn is_same(one: &VolunteerCells, other: &VolunteerCells) -> bool {
    let of = |cells: &VolunteerCells, name: &str| -> String {
        let text = cells.get(name).map(|text| text.to_lowercase()).unwrap_or_default();
        text.chars().filter(|letter| !letter.is_whitespace()).collect()
    };
    let digits = |cells: &VolunteerCells| -> String {
        of(cells, "phone").chars().filter(char::is_ascii_digit).collect()
    };
    let (mine, theirs) = (digits(one), digits(other));
    of(one, "name") == of(other, "name") && (mine.is_empty() || theirs.is_empty() || mine == theirs)
}

fn roster_row(row: &crate::db::Row<'_>) -> crate::db::Result<RosterRow> {
    Ok(RosterRow { scenario: row.get(0)?, version: row.get(1)?, at: row.get(2)?, content: row.get(3)? })
}

#[cfg(test)]
mod tests;
