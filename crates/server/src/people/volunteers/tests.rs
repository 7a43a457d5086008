use super::*;
use crate::db::both::{Place, both};

const LOOKS: Looks<'static> = Looks { who: "owner", why: "a test", now: 100 };

fn cells(name: &str, phone: &str, when: &str) -> VolunteerCells {
    let all = [("name", name), ("phone", phone), ("available", when)];
    all.iter().filter(|(_, text)| !text.is_empty()).map(|(of, text)| ((*of).into(), (*text).into())).collect()
}

fn opened(place: &Place) -> (People, CommunityId, SignUp) {
    let people = place.people();
    let community = people.make_community("柳园", 0).unwrap().id;
    let code = people.open_sign_up(community, 1000, 5000, 100).unwrap();
    (people, community, code)
}

#[test]
fn who_has_the_code_signs_up_until_it_ends_and_nobody_after() {
    both(|place| {
        let (people, community, code) = opened(place);
        let ann =
            people.add_volunteer(community, &code.token, &cells("Ann", "1380013800", "周一"), 100).unwrap();
        assert_eq!(ann.retain_until, 5000);
        assert_eq!(
            people.open_sign_up(community, 2000, 6000, 100).unwrap().token,
            code.token,
            "what hangs on a wall stays"
        );
        let bob = people.add_volunteer(community, &code.token, &cells("Bob", "", ""), 200).unwrap();
        assert_eq!((ann.retain_until, bob.retain_until), (5000, 6000), "each is kept as they were told");
        let refused = |token: &str, now| {
            people.add_volunteer(community, token, &cells("Eve", "", ""), now).unwrap_err()
        };
        for (token, now) in [("", 200), (&*ann.token, 200), (&*code.token, 2000)] {
            assert!(matches!(refused(token, now), PeopleError::NoSignUp), "{token} {now}");
        }
        people.end_sign_up(community).unwrap();
        let next = people.open_sign_up(community, 3000, 6000, 300).unwrap();
        assert_ne!(next.token, code.token);
        assert!(matches!(refused(&code.token, 300), PeopleError::NoSignUp), "the code of before");
        let names: Vec<String> = people
            .volunteers(community, LOOKS)
            .unwrap()
            .into_iter()
            .map(|of| of.cells["name"].clone())
            .collect();
        assert_eq!(names, ["Ann", "Bob"]);
        let other = people.make_community("梅园", 0).unwrap().id;
        assert!(matches!(people.own_volunteer(other, ann.id, &ann.token), Err(PeopleError::Unknown)));
        assert!(people.volunteers(other, LOOKS).unwrap().is_empty());
    });
}

#[test]
fn an_own_link_opens_one_volunteer_alone_and_ends_when_they_get_another() {
    both(|place| {
        let (people, community, code) = opened(place);
        let [ann, bob] = ["Ann", "Bob"]
            .map(|name| people.add_volunteer(community, &code.token, &cells(name, "", ""), 100).unwrap());
        assert_eq!(people.own_volunteer(community, ann.id, &ann.token).unwrap(), ann);
        for token in [&*bob.token, &*code.token, "", "x"] {
            assert!(
                matches!(people.own_volunteer(community, ann.id, token), Err(PeopleError::Unknown)),
                "{token}"
            );
        }
        people.renew_volunteer(community, ann.id).unwrap();
        assert!(people.own_volunteer(community, ann.id, &ann.token).is_err());
        assert_eq!(people.volunteers(community, LOOKS).unwrap()[0].cells["name"], "Ann");
    });
}

#[test]
fn a_sheet_adds_who_is_new_and_changes_who_is_known() {
    both(|place| {
        let (people, community, code) = opened(place);
        let own = people
            .add_volunteer(community, &code.token, &cells("王 小明", "138-0013-8000", "周一"), 100)
            .unwrap();
        let sheet = [
            cells("王小明", "13800138000", ""),
            cells("王小明", "13900139000", "周二"),
            cells("李四", "", ""),
        ];
        let taken = people.take_volunteers(community, &sheet, 7000, LOOKS).unwrap();
        assert_eq!(taken, Taken { added: 2, changed: 1, same: 0 });
        let again = people.own_volunteer(community, own.id, &own.token).unwrap();
        assert_eq!((&*again.cells["available"], &*again.cells["phone"]), ("周一", "13800138000"));
        let again = people.take_volunteers(community, &sheet, 7000, LOOKS).unwrap();
        assert_eq!(again, Taken { added: 0, changed: 0, same: 3 });
        assert!(matches!(people.take_volunteers(community, &sheet, 100, LOOKS), Err(PeopleError::Retention)));
        let log = people.accesses(community).unwrap();
        assert!(log.iter().all(|line| line.what == VOLUNTEERS && line.resident.is_none()), "{log:?}");
    });
}

#[test]
fn a_flood_is_stopped_and_says_so() {
    let place = Place::file();
    let (people, community, code) = opened(&place);
    let add = |now| people.add_volunteer(community, &code.token, &cells("Ann", "", ""), now);
    for _ in 0..limits::SIGN_UPS_AN_HOUR {
        add(200).unwrap();
    }
    assert!(matches!(add(201), Err(PeopleError::Flooded)));
    let later = people.open_sign_up(community, 9000, 90_000, 201).unwrap();
    people.add_volunteer(community, &later.token, &cells("Bob", "", ""), 200 + 3600).unwrap();
}

#[test]
fn volunteers_go_on_their_own_day_leave_no_byte_and_residents_stay() {
    both(|place| {
        let (people, community, code) = opened(place);
        let bob = people.add_volunteer(community, &code.token, &cells("Bob", "", ""), 100).unwrap();
        people.open_sign_up(community, 1000, 9000, 100).unwrap();
        let eve = people.add_volunteer(community, &code.token, &cells("Eve", "", ""), 100).unwrap();
        people.keep_roster(community, "round", None, "{}", 100).unwrap();
        assert_eq!(people.purge(4999).unwrap().rows, 0, "a day too early");
        let purged = people.purge(5000).unwrap();
        assert_eq!((purged.rows, purged.found), (1, 0));
        assert!(people.own_volunteer(community, bob.id, &bob.token).is_err());
        assert_eq!(people.own_volunteer(community, eve.id, &eve.token).unwrap().cells["name"], "Eve");
        assert!(people.roster(community, "round").unwrap().is_some());
        let purged = people.purge(9000).unwrap();
        assert_eq!((purged.rows, purged.found), (1, 0));
        assert!(people.roster(community, "round").unwrap().is_none(), "with the last the rosters go");
        assert!(people.sign_up(community, 9000).unwrap().is_none());
        assert_eq!(people.purge(9001).unwrap().rows, 0, "once is enough");
    });
}

#[test]
fn one_who_asks_for_it_is_erased_and_a_purge_of_the_community_takes_all() {
    both(|place| {
        let (people, community, code) = opened(place);
        let [ann, bob] = ["Ann", "Bob"]
            .map(|name| people.add_volunteer(community, &code.token, &cells(name, "", ""), 100).unwrap());
        let erased = people.erase_volunteer(community, ann.id, LOOKS).unwrap();
        assert_eq!((erased.rows, erased.found), (1, 0));
        assert!(matches!(people.erase_volunteer(community, ann.id, LOOKS), Err(PeopleError::Unknown)));
        assert!(people.own_volunteer(community, ann.id, &ann.token).is_err());
        assert!(people.own_volunteer(community, bob.id, &bob.token).is_ok());
        let purged = people.purge_community(community, LOOKS).unwrap();
        assert_eq!((purged.rows, purged.found), (1, 0));
        assert!(people.volunteers(community, LOOKS).unwrap().is_empty());
        assert!(people.sign_up(community, 100).unwrap().is_none(), "its code is gone with its key");
    });
}

#[test]
fn no_file_holds_a_volunteer_in_the_open() {
    let place = Place::file();
    let (people, community, code) = opened(&place);
    let ann = people
        .add_volunteer(community, &code.token, &cells("金丝雀", "13800138000", "周一上午"), 100)
        .unwrap();
    for file in ["people.sqlite", "people.sqlite-wal"] {
        let bytes = std::fs::read(place.data().join(file)).unwrap();
        for text in ["金丝雀", "13800138000", "周一上午", &*ann.token, &*code.token] {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text} in {file}");
        }
    }
}

#[test]
fn of_two_who_change_words_at_once_the_second_is_told_what_they_are() {
    both(|place| {
        let (people, community, code) = opened(place);
        let was = cells("Ann", "1380013800", "");
        let ann = people.add_volunteer(community, &code.token, &was, 100).unwrap().id;
        let (first, second) = (cells("Ann", "1380013800", "周一"), cells("Ann", "1380013801", ""));
        let mut with_blank = was.clone();
        with_blank.insert("skills".to_owned(), String::new());
        let corrected = |was, cells| people.correct_volunteer(community, ann, (was, cells), None).unwrap();
        assert_eq!(corrected(&with_blank, &first), Corrected::Now, "an empty cell is none");
        assert_eq!(corrected(&was, &second), Corrected::Since(first.clone()));
        assert_eq!(people.volunteers(community, LOOKS).unwrap()[0].cells, first);
        assert_eq!(corrected(&first, &second), Corrected::Now);
    });
}

#[test]
fn of_two_who_change_a_roster_at_once_the_second_is_told() {
    both(|place| {
        let (people, community, _) = opened(place);
        assert_eq!(people.keep_roster(community, "round", None, "one", 1).unwrap(), 1);
        assert!(matches!(
            people.keep_roster(community, "round", None, "other", 1),
            Err(PeopleError::RosterChanged)
        ));
        assert_eq!(people.keep_roster(community, "round", Some(1), "two", 2).unwrap(), 2);
        assert!(matches!(
            people.keep_roster(community, "round", Some(1), "x", 3),
            Err(PeopleError::RosterChanged)
        ));
        let kept = people.roster(community, "round").unwrap().unwrap();
        assert_eq!((kept.version, &*kept.content), (2, "two"));
        assert_eq!(people.rosters(community).unwrap().len(), 1);
    });
}
