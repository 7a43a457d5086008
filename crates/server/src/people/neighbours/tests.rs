use super::*;
use crate::{
    db::both::both,
    people::{id::RoundId, names::Import},
};
use exchange::{Kind, Place, Posting, Side, Tone, Urgency};
use std::fs;

const LOOKS: Looks<'static> = Looks { who: "anna", why: "a test", now: 100 };
/// What stands in nobody's file.
const CANARY: &str = "胰岛素 for 302";
const DAY: i64 = 86_400;

fn garden(people: &People) -> (CommunityId, Vec<ResidentId>) {
    let community = people.make_community("柳园", 0).unwrap().id;
    let csv = "building,entrance,door,name\n12,2,301,甲\n12,2,302,乙\n12,2,303,丙\n";
    let (roll, cells, _) = scenario::roll::read_roll_with_cells("roll.csv", csv.as_bytes(), &mut |_, _| {});
    let import =
        Import { community, round: RoundId::draw(), retain_until: 100 * DAY, roll: &roll, cells: &cells };
    (community, people.import(&import, LOOKS).unwrap().residents)
}

fn posting(by: ResidentId, side: Side) -> Posting {
    Posting {
        id: Uuid::new_v4(),
        by: by.0,
        home: by.0,
        side,
        kind: Kind::Medicine,
        subject: None,
        for_child: false,
        meet: exchange::Meet::Door,
        timed: false,
        urgency: Urgency::Urgent,
        place: Place { building: "12".to_owned(), entrance: "2".to_owned(), floor: Some(3) },
        from: Moment(0),
        until: Moment(2 * DAY * 10_000),
        most: 1,
        words: CANARY.to_owned(),
        on_behalf: false,
    }
}

fn act(people: &People, community: CommunityId, by: ResidentId, command: Command) -> Exchange {
    people.act(community, 200, &Who::Resident(by.0), &command).unwrap()
}

/// A need of the first, which the second has agreed to do; a need of the third; what the first said.
fn agreed(people: &People) -> (CommunityId, Vec<ResidentId>, Uuid) {
    let (community, all) = garden(people);
    let (need, offer) = (posting(all[0], Side::Need), posting(all[1], Side::Offer));
    let (wanted, given) = (need.id, offer.id);
    act(people, community, all[0], Command::Post(need));
    act(people, community, all[1], Command::Post(offer));
    act(people, community, all[2], Command::Post(posting(all[2], Side::Need)));
    let (id, words, due) = (Uuid::new_v4(), CANARY.to_owned(), Moment(DAY * 10_000));
    act(people, community, all[0], Command::Speak { id, by: all[0].0, tone: Tone::Praise, words, due });
    let desk = Who::Desk("anna".to_owned());
    people.act(community, 200, &desk, &Command::Propose { need: wanted, offer: given }).unwrap();
    for who in &all[..2] {
        act(people, community, *who, Command::Accept { need: wanted });
    }
    (community, all, wanted)
}

#[test]
fn what_neighbours_ask_comes_back_as_it_was_and_who_learns_of_whom_is_written_down() {
    both(|place| {
        let people = place.people();
        let (community, all, wanted) = agreed(&people);
        let (exchange, whose) = people.exchange_at_desk(community, LOOKS).unwrap();
        assert_eq!(exchange, people.exchange(community).unwrap());
        assert_eq!((exchange.needs().count(), exchange.offers().count(), whose.len()), (2, 1, 3));
        assert_eq!(exchange.need(wanted).unwrap().posting.words, CANARY);
        let log: Vec<_> = people.accesses(community).unwrap();
        let log: Vec<_> =
            log.iter().filter(|of| of.what == "exchange").map(|of| (of.who.clone(), of.resident)).collect();
        let (one, other) = (all[0], all[1]);
        assert_eq!(
            log,
            [(other.to_string(), Some(one)), (one.to_string(), Some(other)), ("anna".to_owned(), None)]
        );
        let copy = people.own(community, all[2], LOOKS).unwrap();
        assert_eq!(copy.told.len(), 1, "their own post, and nobody else's");
        // A refusal writes nothing.
        let strange = Command::Settle { need: wanted };
        let refused = people.act(community, 200, &Who::Resident(all[0].0), &strange);
        assert!(matches!(refused, Err(NotDone::Refused(Refusal::DeskAlone))));
        assert_eq!(people.exchange(community).unwrap(), exchange);
    });
}

#[test]
fn no_word_of_it_stands_in_the_file() {
    let data = tempfile::tempdir().unwrap();
    let people = People::open(data.path()).unwrap();
    agreed(&people);
    for entry in fs::read_dir(data.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap_or_default();
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!["胰岛素", "medicine", "Posted"].iter().any(|text| holds(text)), "{}", path.display());
    }
}

#[test]
fn whoever_is_erased_is_gone_from_the_exchange_and_others_lose_nothing_of_theirs() {
    both(|place| {
        let people = place.people();
        let (community, all, wanted) = agreed(&people);
        // The second had promised it: now there is nobody for it again.
        assert_eq!(people.erase(community, all[1], LOOKS).unwrap().found, 0);
        let exchange = people.exchange(community).unwrap();
        assert_eq!((exchange.needs().count(), exchange.offers().count()), (2, 0));
        assert_eq!(exchange.need(wanted).unwrap().life, Life::Open);
        assert_eq!(people.erase(community, all[0], LOOKS).unwrap().found, 0);
        let exchange = people.exchange(community).unwrap();
        assert_eq!((exchange.needs().count(), exchange.voices().count()), (1, 0));
        // And with the names of all, all of it.
        assert_eq!(people.purge_community(community, LOOKS).unwrap().found, 0);
        assert_eq!(people.exchange(community).unwrap(), Exchange::default());
        assert!(matches!(
            people.act(community, 200, &Who::Resident(all[2].0), &Command::Post(posting(all[2], Side::Need))),
            Err(NotDone::People(PeopleError::Unknown))
        ));
    });
}

#[test]
fn what_is_over_is_forgotten_after_a_fortnight() {
    both(|place| {
        let people = place.people();
        let (community, all, wanted) = agreed(&people);
        for who in &all[..2] {
            act(&people, community, *who, Command::Confirm { need: wanted });
        }
        let open = |people: &People| people.exchange(community).unwrap().needs().count();
        people.purge(200 + 14 * DAY - 1).unwrap();
        assert_eq!(open(&people), 2);
        people.purge(200 + 14 * DAY).unwrap();
        assert_eq!(open(&people), 1, "what is still needed stays");
    });
}

#[test]
fn what_is_near_is_opened_again_only_where_the_table_changed_whoever_changed_it() {
    both(|place| {
        let (people, other) = (place.people(), place.people());
        let (community, all, _) = agreed(&people);
        let now = Moment(3 * DAY * 10_000);
        let near = |people: &People| people.neighbours_near(community, now).unwrap();
        let count = people.exchange(community).unwrap().near(now).len();
        assert!(count > 0);
        assert_eq!((near(&people), near(&other)), (count, count));
        assert_eq!(people.neighbours_near(community, Moment(0)).unwrap(), 1, "what is urgent alone, by then");
        // Each process sees what the other writes.
        act(&other, community, all[2], Command::Post(posting(all[2], Side::Offer)));
        let (id, words, due) = (Uuid::new_v4(), CANARY.to_owned(), Moment(DAY * 10_000));
        act(
            &other,
            community,
            all[2],
            Command::Speak { id, by: all[2].0, tone: Tone::Complaint, words, due },
        );
        assert_eq!(near(&people), count + 1);
        // What has not changed is not opened: a row that cannot be is not met.
        let text = "UPDATE exchange SET event = ?2 WHERE community_id = ?1 AND number = 1";
        let broken = vec![0_u8; 40];
        people.db.execute(text, values![community, broken]).unwrap();
        assert!(people.exchange(community).is_err());
        assert_eq!(near(&people), count + 1);
        people.db.execute("DELETE FROM exchange WHERE community_id = ?1", values![community]).unwrap();
        assert_eq!((near(&people), near(&other)), (0, 0), "nothing stays of what is gone");
        assert!(people.near.all().is_empty());
    });
}
