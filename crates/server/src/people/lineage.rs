//! Who invited whom: two persons of an act that takes two are no two if one brought the other in. It outlives accounts, since whoever
//! removes one would else wipe away whence the rest came; it is ids alone.

use super::{People, PeopleError, accounts, doing, id::AccountId};
use crate::{
    access::role::{Grant, Role},
    db::{On, values},
};

/// Steps of a line that are followed: nobody invites in so long a row but to hide where it begins.
const STEPS_MAX: usize = 64;

/// Somebody in a line, and how they came in.
struct Link {
    of: AccountId,
    /// Whether the one before them stood above: an authority of all their places, or the owner of the machine.
    appointed: bool,
}

impl People {
    /// Whether two are different persons as far as invitations tell. They are not if one brought the other in, directly or through others,
    /// or if somebody brought in both who does not stand above them: a secretary is one person with all whom they invited. Accounts
    /// of before this was written down count as those of the owner of the machine.
    ///
    /// # Errors
    /// The database says no.
    pub fn are_apart(&self, one: AccountId, other: AccountId) -> Result<bool, PeopleError> {
        self.db.read(doing("find who invited whom"), |on| {
            let (mine, theirs) = (line(on, one)?, line(on, other)?);
            // So long a line hides where it begins.
            if [&mine, &theirs].iter().any(|line| line.len() >= STEPS_MAX) {
                return Ok(false);
            }
            let met = mine.iter().enumerate().find_map(|(at, link)| {
                let there = theirs.iter().position(|of| of.of == link.of)?;
                Some((at, there))
            });
            Ok(match met {
                None => true,
                Some((0, _) | (_, 0)) => false,
                Some((at, there)) => mine[at - 1].appointed && theirs[there - 1].appointed,
            })
        })
    }

    /// Who invited somebody; `None` for the owner of the machine, and where it is not known.
    ///
    /// # Errors
    /// The database says no.
    pub fn inviter(&self, of: AccountId) -> Result<Option<AccountId>, PeopleError> {
        self.db.read(doing("find who invited whom"), |on| Ok(before(on, of)?.and_then(|(by, _)| by)))
    }
}

/// Writes down who invited an account.
pub(super) fn note(
    on: &On<'_>,
    account: AccountId,
    by: Option<AccountId>,
    grants: &[Grant],
) -> Result<(), PeopleError> {
    let reach = match by {
        Some(by) => accounts::account(on, by)?.map(|inviter| inviter.reach).unwrap_or_default(),
        None => Vec::new(),
    };
    let above =
        |of: &Grant| reach.iter().any(|have| have.role == Role::Authority && have.place.covers(of.place));
    let appointed = by.is_none() || grants.iter().all(above);
    let text = "INSERT INTO invited (account, made_by, appointed) VALUES (?1, ?2, ?3)";
    on.execute(text, values![account, by, appointed]).map(drop).map_err(doing("write down who invited whom"))
}

fn before(on: &On<'_>, of: AccountId) -> Result<Option<(Option<AccountId>, bool)>, PeopleError> {
    let text = "SELECT made_by, appointed FROM invited WHERE account = ?1";
    let found = on.optional(text, values![of], |row| Ok((row.get(0)?, row.get(1)?)));
    found.map_err(doing("find who invited whom"))
}

/// Somebody, who invited them, who invited those, and so on.
fn line(on: &On<'_>, of: AccountId) -> Result<Vec<Link>, PeopleError> {
    let mut line: Vec<Link> = Vec::new();
    let mut next = Some(of);
    while let Some(of) = next.filter(|_| line.len() < STEPS_MAX) {
        let found = before(on, of)?;
        line.push(Link { of, appointed: found.is_none_or(|(_, appointed)| appointed) });
        next = found.and_then(|(by, _)| by);
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::role::Place, db::both::both};

    /// Who is invited by whom, to what: `a` is of the owner.
    const INVITED: [(&str, &str, Role); 8] = [
        ("authority", "", Role::Authority),
        ("anna", "authority", Role::Secretary),
        ("ben", "authority", Role::Secretary),
        ("own", "", Role::Secretary),
        ("puppet", "anna", Role::Secretary),
        ("second", "anna", Role::Secretary),
        ("third", "puppet", Role::Lab),
        ("below", "ben", Role::Lab),
    ];

    #[test]
    fn a_secretary_is_one_person_with_all_whom_they_brought_in_and_stays_so_when_accounts_go() {
        both(|place| {
            let people = place.people();
            let mut known: Vec<(&str, AccountId)> = Vec::new();
            for (name, by, role) in INVITED {
                let by = known.iter().find(|(known, _)| *known == by).map(|(_, id)| *id);
                let grants = [Grant { role, place: Place::All }];
                let link = people.invite(by, &grants, 0).unwrap().hash();
                known.push((name, people.accept(&link, name, "x", 1).unwrap()));
            }
            let id = |name: &str| known.iter().find(|(known, _)| *known == name).unwrap().1;
            let check = |people: &People| {
                for (one, other, apart) in [
                    ("anna", "ben", true),
                    ("anna", "own", true),
                    ("anna", "below", true),
                    ("third", "below", true),
                    ("anna", "puppet", false),
                    ("anna", "third", false),
                    ("puppet", "second", false),
                    ("second", "third", false),
                    ("authority", "anna", false),
                    ("authority", "third", false),
                    ("authority", "own", true),
                ] {
                    for (one, other) in [(one, other), (other, one)] {
                        assert_eq!(people.are_apart(id(one), id(other)).unwrap(), apart, "{one} {other}");
                    }
                }
            };
            check(&people);
            assert_eq!(people.inviter(id("puppet")).unwrap(), Some(id("anna")));
            assert_eq!(people.inviter(id("own")).unwrap(), None);
            // Whoever stood between is taken away: that makes nobody another.
            people.remove_account(id("puppet")).unwrap();
            check(&people);
            assert!(
                people.are_apart(AccountId::draw(), id("anna")).unwrap(),
                "of before it was written down"
            );
        });
    }
}
