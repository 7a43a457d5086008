//! Scenarios of which nobody has said for which place they are: those that an older program kept, when whoever planned on a server saw
//! all of them, and folders that somebody put into the data folder by hand.

use crate::{
    access::role::Place,
    people::{People, id::CommunityId},
    problem::Fault,
    run::Runs,
    store::{Id, Store},
};
use std::collections::{BTreeMap, BTreeSet};

/// Says it of each, once: for the community whose rounds were made of it; where no round was, for the only community that there is. All
/// others are for those who plan everywhere, who may hand them on. So nobody loses what they worked with, and nobody sees what they
/// did not see before. How many there were.
///
/// # Errors
/// The disk or the database says no. Those of which it was not said stay with those who plan everywhere.
pub fn place(store: &Store, people: &People, runs: &Runs) -> Result<usize, Fault> {
    let unplaced = store.unplaced()?;
    if unplaced.is_empty() {
        return Ok(0);
    }
    let mut made_from: BTreeMap<String, BTreeSet<CommunityId>> = BTreeMap::new();
    let communities = people.communities()?;
    for community in &communities {
        // A round that does not open any more says nothing, and holds up no other.
        for scenario in runs.book.made_from(community.id)? {
            made_from.entry(scenario).or_default().insert(community.id);
        }
    }
    let only = |of: &BTreeSet<CommunityId>| match of.first() {
        Some(&one) if of.len() == 1 => Place::Community(one),
        _ => Place::All,
    };
    let all: BTreeSet<CommunityId> = communities.iter().map(|community| community.id).collect();
    let of = |id: &Id| only(made_from.get(id.as_str()).unwrap_or(&all));
    for id in &unplaced {
        store.put_in(id, of(id))?;
    }
    Ok(unplaced.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::{access::who::Who, db::both::both, run::book::example};
    use scenario::Files;

    /// A scenario as an older program left it.
    fn unplaced(disk: &crate::db::both::Place, store: &Store, name: &str) -> Id {
        let id = store.create(Place::All, Some(name), "", &Files::default()).unwrap().id;
        match disk.database() {
            None => {
                std::fs::remove_file(disk.data().join("scenarios").join(id.as_str()).join(".place")).unwrap();
            }
            Some(database) => {
                let db = crate::db::Db::shared(database, "scenarios", 1);
                db.execute("UPDATE scenario SET place = NULL WHERE id = ?1", crate::db::values![id.as_str()])
                    .unwrap();
            }
        }
        id
    }

    #[test]
    fn a_round_that_does_not_open_holds_up_nothing() {
        let (disk, now) = (crate::db::both::Place::file(), 1);
        let (store, people) = (disk.store(), disk.people());
        let [court, _] =
            ["Willow Court", "Plum Court"].map(|name| people.make_community(name, now).unwrap().id);
        let [of_court, of_broken] = [unplaced(&disk, &store, "one"), unplaced(&disk, &store, "two")];
        let runs = Runs::open(disk.data(), people.rounds_key()).unwrap();
        for scenario in [&of_court, &of_broken] {
            runs.book.make(&example::made(court, scenario.as_str())).unwrap();
        }
        let book = rusqlite::Connection::open(disk.data().join(crate::run::book::FILE)).unwrap();
        let text = "UPDATE round SET definition = x'00' WHERE name = ?1";
        assert_eq!(book.execute(text, [of_broken.as_str()]).unwrap(), 1);
        assert_eq!(place(&store, &people, &runs).unwrap(), 2);
        assert_eq!(store.get(&Who::Owner, &of_court).unwrap().place, Place::Community(court));
        assert_eq!(store.get(&Who::Owner, &of_broken).unwrap().place, Place::All, "nobody knows whose it is");
    }

    #[test]
    fn a_scenario_without_a_place_is_for_the_only_community_or_for_those_who_plan_everywhere() {
        both(|disk| {
            let (store, people) = (disk.store(), disk.people());
            let runs = match disk.database() {
                None => Runs::open(disk.data(), people.rounds_key()),
                Some(database) => Runs::shared(disk.data(), database, people.rounds_key()),
            }
            .unwrap();
            let court = people.make_community("Willow Court", 1).unwrap().id;
            let [one, said] = [unplaced(disk, &store, "one"), unplaced(disk, &store, "said")];
            store.put_in(&said, Place::All).unwrap();
            assert_eq!(store.get(&Who::Owner, &one).unwrap().place, Place::All, "until it is said");
            assert_eq!(place(&store, &people, &runs).unwrap(), 1);
            assert_eq!(store.get(&Who::Owner, &one).unwrap().place, Place::Community(court));
            assert_eq!(store.get(&Who::Owner, &said).unwrap().place, Place::All, "what was said holds");
            people.make_community("Plum Court", 1).unwrap();
            let two = unplaced(disk, &store, "two");
            assert_eq!(place(&store, &people, &runs).unwrap(), 1);
            assert_eq!(store.get(&Who::Owner, &two).unwrap().place, Place::All, "nobody knows whose it is");
            assert_eq!(place(&store, &people, &runs).unwrap(), 0, "it is said once");
        });
    }
}
