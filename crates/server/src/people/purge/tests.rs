use super::*;
use crate::people::{
    id::RoundId,
    names::{Import, Imported},
};
use rusqlite::Connection;

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
fn pieces(connection: &Connection, community: CommunityId) -> Pieces {
    let mut pieces = Pieces::new();
    cells(connection, community, None, &mut pieces).unwrap();
    for sql in
        ["SELECT door FROM household WHERE community = ?1", "SELECT wrapped_key FROM community WHERE id = ?1"]
    {
        gather(connection, sql, params![community], &mut pieces).unwrap();
    }
    pieces
}

#[test]
fn what_is_past_its_day_is_gone_from_every_byte_and_nothing_else_is() {
    let data = tempfile::tempdir().unwrap();
    let people = People::open(data.path()).unwrap();
    let past = people.make_community("柳园", 0).unwrap().id;
    let kept = people.make_community("梅园", 0).unwrap().id;
    let imported = import(&people, past, 1000);
    import(&people, kept, 1000);
    import(&people, kept, 5000);
    let path = data.path().join("people.sqlite");
    let gone = pieces(&people.turn(), past);
    assert!(gone.len() > 500 * 3 * 2);
    assert!(scan(&path, &gone).unwrap().1 > 0, "they are there before");
    assert_eq!(people.purge(999).unwrap(), Purged::default(), "a day too early");
    let purged = people.purge(1000).unwrap();
    let rows = 500 + imported.households.len() as u64;
    assert_eq!((purged.rows, purged.found), (rows, 0));
    assert!(purged.bytes_scanned > 100_000, "{purged:?}");
    assert_eq!(scan(&path, &gone).unwrap().1, 0);
    assert!(matches!(people.read(past, imported.residents[0], LOOKS), Err(PeopleError::Unknown)));
    assert_eq!(people.read_all(kept, LOOKS).unwrap().len(), 500);
    let log = people.accesses(past).unwrap();
    assert!(log.last().unwrap().why.contains("found 0"), "{log:?}");
    assert_eq!(people.purge(1001).unwrap(), Purged::default(), "once is enough");
    // The next round of the same community begins with a new key.
    import(&people, past, 9000);
    assert_eq!(people.read_all(past, LOOKS).unwrap().len(), 500);
}

#[test]
fn the_search_finds_what_is_left() {
    let data = tempfile::tempdir().unwrap();
    let people = People::open(data.path()).unwrap();
    let community = people.make_community("柳园", 0).unwrap().id;
    import(&people, community, 1000);
    // A copy that somebody made beside the file, half of one cell in it.
    let name: Vec<u8> =
        people.turn().query_row("SELECT name FROM resident LIMIT 1", [], |row| row.get(0)).unwrap();
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
    let connection = people.turn();
    let gone = pieces(&connection, community);
    connection.execute("DELETE FROM resident", []).unwrap();
    assert!(scan(&data.path().join("people.sqlite"), &gone).unwrap().1 > 0);
}

#[test]
fn one_who_asks_for_it_is_erased() {
    let data = tempfile::tempdir().unwrap();
    let people = People::open(data.path()).unwrap();
    let community = people.make_community("柳园", 0).unwrap().id;
    let imported = import(&people, community, 1000);
    let one = imported.residents[7];
    let erased = people.erase(community, one, LOOKS).unwrap();
    assert_eq!((erased.rows, erased.found), (1, 0));
    assert!(matches!(people.read(community, one, LOOKS), Err(PeopleError::Unknown)));
    assert!(matches!(people.erase(community, one, LOOKS), Err(PeopleError::Unknown)));
    assert_eq!(people.read_all(community, LOOKS).unwrap().len(), 499);
}
