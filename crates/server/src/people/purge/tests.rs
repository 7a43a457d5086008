use super::*;
use crate::{
    db::both::both,
    people::{
        id::RoundId,
        names::{Import, Imported},
    },
};

const LOOKS: Looks<'static> = Looks { who: "owner", why: "a test", now: 0 };

fn import(people: &People, community: CommunityId, retain_until: i64) -> Imported {
    let mut csv = "楼栋,单元,房号,姓名,电话,身份证\n".to_owned();
    for n in 0..500 {
        csv += &format!("12,{},{},示例{n},138{n:08},1101011990{n:08}\n", n % 4 + 1, n / 8 + 101);
    }
    let (roll, cells, _) = scenario::roll::read_roll_with_cells("roll.csv", csv.as_bytes(), &mut |_, _| {});
    let import = Import { community, round: RoundId::draw(), retain_until, roll: &roll, cells: &cells };
    people.import(&import, LOOKS).unwrap()
}

/// All that is sealed of a community, and its wrapped key.
fn pieces(people: &People, community: CommunityId) -> Pieces {
    let found = people.db.read(doing("look"), |on| {
        let mut pieces = Pieces::default();
        cells(on, community, None, &mut pieces)?;
        for text in [
            "SELECT door FROM household WHERE community_id = ?1",
            "SELECT wrapped_key FROM community WHERE community_id = ?1",
        ] {
            gather(on, text, values![community], &mut pieces)?;
        }
        Ok(pieces)
    });
    found.unwrap()
}

/// How many of them are found: in the files, or in all rows.
fn hits_of(people: &People, gone: &Pieces) -> u64 {
    match people.db.connection() {
        Some(_) => scan(&people.path, gone).unwrap().1,
        None => people.db.read(doing("look"), |on| search_rows(on, gone)).unwrap().1,
    }
}

#[test]
fn what_is_past_its_day_is_gone_from_every_byte_and_nothing_else_is() {
    both(|place| {
        let people = place.people();
        let past = people.make_community("柳园", 0).unwrap().id;
        let kept = people.make_community("梅园", 0).unwrap().id;
        let imported = import(&people, past, 1000);
        import(&people, kept, 1000);
        import(&people, kept, 5000);
        let gone = pieces(&people, past);
        assert!(gone.plain.len() > 500 * 3 * 2);
        assert!(hits_of(&people, &gone) > 0, "they are there before");
        assert_eq!(people.purge(999).unwrap(), Purged::default(), "a day too early");
        let purged = people.purge(1000).unwrap();
        let rows = 500 + imported.households.len() as u64;
        assert_eq!((purged.rows, purged.found), (rows, 0));
        assert!(purged.bytes_scanned > 80_000, "{purged:?}");
        assert_eq!(hits_of(&people, &gone), 0);
        assert!(matches!(people.read(past, imported.residents[0], LOOKS), Err(PeopleError::Unknown)));
        assert_eq!(people.read_all(kept, LOOKS).unwrap().len(), 500);
        let log = people.accesses(past).unwrap();
        assert!(log.last().unwrap().why.contains("found 0"), "{log:?}");
        assert_eq!(people.purge(1001).unwrap(), Purged::default(), "once is enough");
        // The next round of the same community begins with a new key.
        import(&people, past, 9000);
        assert_eq!(people.read_all(past, LOOKS).unwrap().len(), 500);
    });
}

/// Has the next searches fail, as a full disk does; what is returned lets them be again.
fn unsearched<'a>(people: &'a People, data: &Path) -> Box<dyn Fn() + 'a> {
    let Some(connection) = people.db.connection() else {
        let batch = |text: &'static str| {
            people.db.read(doing("set up"), |on| on.batch(text).map_err(doing("set up")))
        };
        batch("CREATE VIEW unread AS SELECT decode(name, 'hex') AS bytes FROM community").unwrap();
        return Box::new(move || batch("DROP VIEW unread").unwrap());
    };
    // Somebody reads: the write-ahead log cannot be emptied.
    connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    let reader = Connection::open(data.join("people.sqlite")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM resident;").unwrap();
    Box::new(move || reader.execute_batch("ROLLBACK").unwrap())
}

#[test]
fn a_purge_that_broke_off_is_proved_and_told_by_the_next() {
    both(|place| {
        let people = place.people();
        let [past, asked] = ["柳园", "梅园"].map(|name| people.make_community(name, 0).unwrap().id);
        let imported = import(&people, past, 1000);
        let one = import(&people, asked, 9000).residents[7];
        let gone = pieces(&people, past);
        let done = |people: &People| people.accesses(past).unwrap().last().unwrap().what == "purge";
        let let_be = unsearched(&people, place.data());
        people.purge(1000).unwrap_err();
        people.purge(1001).unwrap_err();
        assert!(people.purge_community(past, LOOKS).is_err() && people.erase(asked, one, LOOKS).is_err());
        assert!(!done(&people), "nothing is told that was not searched for");
        let_be();
        assert_eq!(people.erase(asked, one, LOOKS).unwrap().rows, 1, "asked again");
        assert!(matches!(people.erase(asked, one, LOOKS), Err(PeopleError::Unknown)));
        let purged = people.purge(4600).unwrap();
        assert_eq!((purged.rows, purged.found), (500 + imported.households.len() as u64, 0));
        assert!(purged.bytes_scanned > 0 && done(&people));
        assert_eq!(hits_of(&people, &gone), 0);
        assert_eq!(people.purge(4601).unwrap(), Purged::default(), "once is enough");
    });
}

#[test]
fn whoever_searched_for_one_purge_does_not_tell_of_the_next() {
    both(|place| {
        let people = place.people();
        let past = people.make_community("柳园", 0).unwrap().id;
        let broken_off = |now| {
            import(&people, past, now);
            let let_be = unsearched(&people, place.data());
            people.purge(now).unwrap_err();
            let_be();
        };
        let left = || people.db.change(doing("look"), |on| unproved(on, None)).unwrap();
        broken_off(1000);
        // One process goes to search; another has searched and told first; and then the next purge breaks off.
        let (ours, pieces) = left();
        people.purge(1001).unwrap();
        broken_off(2000);
        people.prove(&ours, &pieces, 2001).unwrap();
        assert_eq!(left().0.len(), 1, "it is still to be searched for");
        assert!(people.purge(2002).unwrap().rows > 0);
        let told = people.accesses(past).unwrap().iter().filter(|line| line.what == "purge").count();
        assert_eq!(told, 2, "each once");
    });
}

#[test]
fn what_is_searched_for_later_is_found_by_its_digest() {
    let data = tempfile::tempdir().unwrap();
    let people = People::open(data.path()).unwrap();
    let community = people.make_community("柳园", 0).unwrap().id;
    import(&people, community, 1000);
    let text = "SELECT name FROM resident LIMIT 1";
    let name: Vec<u8> = people.db.optional(text, &[], |row| row.get(0)).unwrap().unwrap();
    let let_be = unsearched(&people, data.path());
    people.purge(1000).unwrap_err();
    let_be();
    fs::write(data.path().join("people.sqlite-copy"), [b"before ", &name[..20]].concat()).unwrap();
    assert!(people.purge(1001).unwrap().found > 0);
}

#[test]
fn the_search_finds_what_is_left() {
    let data = tempfile::tempdir().unwrap();
    let people = People::open(data.path()).unwrap();
    let community = people.make_community("柳园", 0).unwrap().id;
    import(&people, community, 1000);
    // A copy that somebody made beside the file, half of one cell in it.
    let text = "SELECT name FROM resident LIMIT 1";
    let name: Vec<u8> = people.db.optional(text, &[], |row| row.get(0)).unwrap().unwrap();
    fs::write(data.path().join("people.sqlite-copy"), [b"before ", &name[..20]].concat()).unwrap();
    assert!(people.purge(1000).unwrap().found > 0);
}

#[test]
fn plain_deleting_would_leave_something() {
    // Why the log is emptied: what was deleted still stands in it.
    let data = tempfile::tempdir().unwrap();
    let people = People::open(data.path()).unwrap();
    let community = people.make_community("柳园", 0).unwrap().id;
    import(&people, community, 1000);
    let gone = pieces(&people, community);
    people.db.execute("DELETE FROM resident", &[]).unwrap();
    assert!(scan(&data.path().join("people.sqlite"), &gone).unwrap().1 > 0);
}

#[test]
fn one_who_asks_for_it_is_erased() {
    both(|place| {
        let people = place.people();
        let community = people.make_community("柳园", 0).unwrap().id;
        let imported = import(&people, community, 1000);
        let one = imported.residents[7];
        let erased = people.erase(community, one, LOOKS).unwrap();
        assert_eq!((erased.rows, erased.found), (1, 0));
        assert!(matches!(people.read(community, one, LOOKS), Err(PeopleError::Unknown)));
        assert!(matches!(people.erase(community, one, LOOKS), Err(PeopleError::Unknown)));
        assert_eq!(people.read_all(community, LOOKS).unwrap().len(), 499);
    });
}

#[test]
fn a_copy_of_a_cell_that_was_left_in_another_table_is_found() {
    let place = crate::db::both::Place::shared();
    let people = place.people();
    let community = people.make_community("柳园", 0).unwrap().id;
    import(&people, community, 1000);
    let text = "CREATE TABLE left_over AS SELECT name FROM resident LIMIT 1";
    people.db.read(doing("copy"), |on| on.batch(text).map_err(doing("copy"))).unwrap();
    assert!(people.purge(1000).unwrap().found > 0);
}
