use super::*;
use crate::{
    db::both::{Place, both},
    people::id::RoundId,
};

const LOOKS: Looks<'static> = Looks { who: "owner", why: "a test", now: 100 };

struct Garden<'a> {
    place: &'a Place,
    people: People,
    community: CommunityId,
}

impl Garden<'_> {
    fn new(place: &Place) -> Garden<'_> {
        let people = place.people();
        let community = people.make_community("柳园", 0).unwrap().id;
        Garden { place, people, community }
    }

    fn import(&self, csv: &str) -> Imported {
        let (roll, cells, notes) =
            scenario::roll::read_roll_with_cells("roll.csv", csv.as_bytes(), &mut |_, _| {});
        assert!(!notes.refuses(), "{notes:?}");
        let import = Import {
            community: self.community,
            round: RoundId::draw(),
            retain_until: 1000,
            roll: &roll,
            cells: &cells,
        };
        self.people.import(&import, LOOKS).unwrap()
    }

    fn name(&self, id: ResidentId) -> String {
        self.people.read(self.community, id, LOOKS).unwrap().cells.name
    }
}

const ROLL: &str = "楼栋,单元,房号,姓名,电话,身份证\n\
    12,2,301,示例一,13800000001,110101199001010011\n\
    12,2,302,示例三,13800000003,\n\
    12,2,301,示例二,13800000002,\n\
    13,1,101,示例四,,\n";

#[test]
fn who_is_read_again_keeps_their_id() {
    both(|place| {
        let garden = Garden::new(place);
        let first = garden.import(ROLL);
        assert_eq!((first.households.len(), first.residents.len(), first.new, first.gone), (3, 4, 4, 0));
        assert_eq!(
            garden.name(first.residents[1]),
            "示例二",
            "cells follow their residents into the roll's order"
        );
        let again = garden.import(ROLL);
        assert_eq!(again, Imported { new: 0, ..first.clone() });
        // In another order, with one gone, one new, one whose telephone changed.
        let changed = garden.import(
            "楼栋,单元,房号,姓名,电话,身份证\n\
             13,1,101,示例四,,\n\
             12,2,301,示例二,13900000009,\n\
             12,2,301,示例一,13800000001,110101199001010011\n\
             12,2,302,示例五,13700000005,\n",
        );
        let [one, two, three, four] = first.residents[..] else { unreachable!() };
        assert_eq!(changed.residents[..3], [four, two, one]);
        assert_ne!(changed.residents[3], three, "another name at the same door is another person");
        assert_eq!((changed.new, changed.gone), (1, 1));
        assert_eq!(changed.households, [first.households[2], first.households[0], first.households[1]]);
        assert_eq!(garden.people.read(garden.community, two, LOOKS).unwrap().cells.phone, "13900000009");
        assert!(!garden.people.read(garden.community, three, LOOKS).unwrap().is_listed);
        // Whoever comes back is still known.
        assert_eq!(garden.import(ROLL).residents, first.residents);
    });
}

#[test]
fn a_name_that_is_corrected_stays_the_same_person() {
    both(|place| {
        let garden = Garden::new(place);
        let first = garden.import(ROLL);
        let by_document = garden.import(&ROLL.replace("示例一", "示 例 壹"));
        assert_eq!(by_document.residents, first.residents);
        let by_phone = garden.import(&ROLL.replace("示例三", "示例叁"));
        assert_eq!(by_phone.residents, first.residents);
        let one = first.residents[0];
        let cells = Cells { name: "示例甲".to_owned(), phone: "1".to_owned(), document: String::new() };
        garden.people.correct(garden.community, one, &cells, LOOKS).unwrap();
        assert_eq!(garden.people.read(garden.community, one, LOOKS).unwrap().cells, cells);
    });
}

#[test]
fn nothing_is_kept_without_a_day_and_the_day_never_moves_back() {
    both(|place| {
        let garden = Garden::new(place);
        let (roll, cells, _) =
            scenario::roll::read_roll_with_cells("roll.csv", ROLL.as_bytes(), &mut |_, _| {});
        let round = RoundId::draw();
        let import =
            Import { community: garden.community, round, retain_until: 100, roll: &roll, cells: &cells };
        assert!(matches!(garden.people.import(&import, LOOKS), Err(PeopleError::Retention)));
        garden.people.import(&Import { retain_until: 500, ..import }, LOOKS).unwrap();
        garden.people.import(&Import { retain_until: 9000, ..import }, LOOKS).unwrap();
        assert_eq!(garden.people.purge(500).unwrap().rows, 7, "the first day holds");
    });
}

#[test]
fn who_looked_is_written_down_without_the_name() {
    both(|place| {
        let garden = Garden::new(place);
        let one = garden.import(ROLL).residents[0];
        garden.people.read(garden.community, one, Looks { why: "called, nobody answered", ..LOOKS }).unwrap();
        garden.people.read_all(garden.community, LOOKS).unwrap();
        let log = garden.people.accesses(garden.community).unwrap();
        let what: Vec<_> = log.iter().map(|line| (&*line.what, line.resident)).collect();
        assert_eq!(what, [("import", None), ("read", Some(one)), ("read", None)]);
        assert_eq!((&*log[1].who, &*log[1].why, log[1].at), ("owner", "called, nobody answered", 100));
    });
}

#[test]
fn no_file_holds_a_name_in_the_open_and_no_other_community_reads_it() {
    both(|place| {
        let garden = Garden::new(place);
        let one = garden.import(ROLL).residents[0];
        let files = if place.is_shared() { vec![] } else { vec!["people.sqlite", "people.sqlite-wal"] };
        for file in files {
            let bytes = std::fs::read(garden.place.data().join(file)).unwrap();
            for text in ["示例一", "13800000001", "110101199001010011", "301"] {
                // An id of hexadecimal digits has the door's three now and then.
                let in_id =
                    |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
                let mut places =
                    bytes.windows(text.len()).enumerate().filter(|(_, window)| *window == text.as_bytes());
                let found = places.any(|(at, _)| !(in_id(at.wrapping_sub(1)) || in_id(at + text.len())));
                assert!(!found, "{text} in {file}");
            }
        }
        let other = garden.people.make_community("梅园", 0).unwrap().id;
        assert!(matches!(garden.people.read(other, one, LOOKS), Err(PeopleError::Unknown)));
    });
}

#[test]
fn a_whole_compound_is_read_in_seconds() {
    both(|place| {
        let garden = Garden::new(place);
        let mut csv = "楼栋,单元,房号,姓名,电话\n".to_owned();
        for n in 0..4000 {
            csv += &format!("{},{},{},示例{n},138{n:08}\n", n / 400 + 1, n / 100 % 4 + 1, n / 3 % 33 + 101);
        }
        let began = std::time::Instant::now();
        let first = garden.import(&csv);
        assert_eq!(garden.import(&csv).residents, first.residents);
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    });
}
