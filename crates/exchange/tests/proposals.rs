//! Who is brought together with whom, and the reasons that are told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "street/street.rs"]
mod street;

use exchange::{Command, Kind, Meet, Place, Posting, Reason, Subject, Urgency};
use street::{AT, HOUR, Street, desk, id, need, offer};
use words::Language;

fn at(posting: Posting, building: &str, floor: u8) -> Posting {
    let place = Place { building: building.to_owned(), entrance: "2".to_owned(), floor: Some(floor) };
    Posting { place, ..posting }
}

/// By whom each need would be helped.
fn pairs(street: &Street) -> Vec<(u128, u128)> {
    let of = |id| street.exchange.need(id).map(|of| of.posting.by.as_u128());
    let by = |id| street.exchange.offer(id).unwrap().posting.by.as_u128();
    let all = street.exchange.proposals(street.now);
    all.iter().map(|pair| (of(pair.need).unwrap(), by(pair.offer))).collect()
}

#[test]
fn the_nearest_goes_to_the_most_urgent_and_as_many_as_can_be_are_helped() {
    let mut street = Street::default();
    // Both live beside the one who could help; another lives far away.
    street.post(at(need(id(1), Kind::Medicine), "12", 3));
    street.post(Posting { urgency: Urgency::Urgent, ..at(need(id(2), Kind::Medicine), "12", 5) });
    street.post(at(offer(id(11), Kind::Medicine), "12", 4));
    assert_eq!(pairs(&street), [(2, 11)], "one who can help is for the urgent");
    street.post(at(offer(id(12), Kind::Medicine), "20", 6));
    assert_eq!(pairs(&street), [(2, 11), (1, 12)], "and the other has the long way");
}

#[test]
fn all_ways_together_are_the_shortest() {
    let mut street = Street::default();
    // Each alone would take the first; together one of them must not.
    street.post(at(need(id(1), Kind::Food), "1", 1));
    street.post(at(need(id(2), Kind::Food), "3", 1));
    street.post(at(offer(id(11), Kind::Food), "2", 1));
    street.post(at(offer(id(12), Kind::Food), "9", 1));
    assert_eq!(
        pairs(&street).into_iter().collect::<std::collections::BTreeSet<_>>(),
        [(1, 11), (2, 12)].into()
    );
}

#[test]
fn what_fits_exactly_goes_before_what_was_not_said_and_another_language_is_no_help() {
    let mut street = Street::default();
    let speaks = |subject, posting| Posting { subject, ..posting };
    street.post(speaks(Some(Subject::Japanese), need(id(1), Kind::Interpreting)));
    street.post(speaks(Some(Subject::Korean), offer(id(11), Kind::Interpreting)));
    assert!(pairs(&street).is_empty());
    street.post(speaks(None, offer(id(12), Kind::Interpreting)));
    assert_eq!(pairs(&street), [(1, 12)]);
    street.post(speaks(Some(Subject::Japanese), at(offer(id(13), Kind::Interpreting), "12", 6)));
    assert_eq!(pairs(&street), [(1, 13)]);
}

#[test]
fn who_helps_already_is_asked_after_others_and_never_for_more_than_they_said() {
    let mut street = Street::default();
    let (_, given) = street.agreed(id(1), id(11), Kind::Food);
    street.post(need(id(2), Kind::Food));
    assert!(pairs(&street).is_empty(), "one neighbour at one time");
    let (_, two) = street.agreed(id(3), id(12), Kind::Repairs);
    assert_ne!(given, two);
    // One who has mended something may carry food as well, and does so after one who is free.
    street.post(offer(id(12), Kind::Food));
    assert_eq!(pairs(&street), [(2, 12)]);
    street.post(offer(id(13), Kind::Food));
    assert_eq!(pairs(&street), [(2, 13)]);
    // One offer may serve three.
    let mut street = Street::default();
    for who in 1..=4 {
        street.post(need(id(who), Kind::Lessons));
    }
    street.post(Posting { most: 3, ..offer(id(11), Kind::Lessons) });
    assert_eq!(pairs(&street).len(), 3);
}

#[test]
fn nobody_is_asked_for_their_own_household_or_for_another_time() {
    let mut street = Street::default();
    street.post(need(id(1), Kind::Food));
    street.post(Posting { home: need(id(1), Kind::Food).home, ..offer(id(11), Kind::Food) });
    street.post(Posting { from: AT + 30 * HOUR, until: AT + 40 * HOUR, ..offer(id(12), Kind::Food) });
    assert!(pairs(&street).is_empty());
}

#[test]
fn who_goes_along_has_time_from_its_beginning_to_its_end() {
    let (from, until) = (AT + 20 * HOUR, AT + 24 * HOUR);
    for (gives, fits) in [((0, 30), true), ((0, 23), false), ((21, 30), false), ((20, 24), true)] {
        let mut street = Street::default();
        let given =
            Posting { from: AT + gives.0 * HOUR, until: AT + gives.1 * HOUR, ..offer(id(11), Kind::Visit) };
        street.post(given);
        let any_time = street.post(Posting { from, until, ..need(id(1), Kind::Visit) });
        assert_eq!(
            pairs(&street),
            [(1, 11)],
            "{gives:?}: some of the time is enough for what can be done at any"
        );
        street.done(&exchange::Who::Resident(id(1)), Command::Withdraw { posting: any_time });
        street.post(Posting { timed: true, meet: Meet::Hospital, from, until, ..need(id(1), Kind::Visit) });
        assert_eq!(pairs(&street).len(), usize::from(fits), "{gives:?}");
    }
}

#[test]
fn who_meets_elsewhere_than_at_a_door_is_not_chosen_by_the_way_to_it() {
    let mut street = Street::default();
    street.post(Posting { meet: Meet::Hospital, ..need(id(1), Kind::Visit) });
    street.post(at(offer(id(11), Kind::Visit), "99", 6));
    let pair = street.exchange.proposals(street.now).remove(0);
    assert!(pair.reasons.contains(&Reason::Meet(Meet::Hospital)), "{:?}", pair.reasons);
    let (key, args) = Reason::Meet(Meet::Hospital).said();
    let place = words::say::<&str, &str>(Language::En, args[0].1.strip_prefix('@').unwrap(), &[]);
    assert_eq!(words::say(Language::En, key, &[("place", place)]), "they meet at the hospital");
    for meet in Meet::ALL {
        let key = format!("exchange.meet.{}", meet.name());
        assert_ne!(words::say::<&str, &str>(Language::Zh, &key, &[]), key);
    }
}

#[test]
fn the_reasons_are_told_in_words() {
    let mut street = Street::default();
    let wanted =
        Posting { subject: Some(Subject::Dialysis), urgency: Urgency::Urgent, ..need(id(1), Kind::Visit) };
    street.post(wanted);
    street.post(Posting { subject: Some(Subject::Dialysis), ..at(offer(id(11), Kind::Visit), "15", 1) });
    let pair = street.exchange.proposals(street.now).remove(0);
    let told = |language| -> Vec<String> {
        let said = |reason: &Reason| {
            let (key, mut args) = reason.said();
            for (_, value) in &mut args {
                if let Some(key) = value.strip_prefix('@') {
                    *value = words::say::<&str, &str>(language, key, &[]);
                }
            }
            words::say(language, key, &args)
        };
        pair.reasons.iter().map(said).collect()
    };
    assert_eq!(
        told(Language::En),
        [
            "urgent",
            "exactly what is needed: dialysis",
            "3 buildings on, 2 flights of stairs",
            "has nothing else on their hands"
        ]
    );
    assert_eq!(
        told(Language::Zh),
        ["紧急", "正好能帮：透析", "相隔 3 栋楼，上下 2 层楼梯", "手上没有别的事"]
    );
    street.done(&desk(), Command::Propose { need: pair.need, offer: pair.offer });
    assert!(pairs(&street).is_empty());
}

/// A compound on its worst day is matched in a moment: 400 needs of one kind, 400 who could help.
#[test]
fn many_are_brought_together() {
    let mut street = Street::default();
    for who in 1..=400_u128 {
        let (building, floor) = ((who % 17).to_string(), u8::try_from(who % 6 + 1).unwrap());
        street.post(at(need(id(who), Kind::Food), &building, floor));
        street.post(at(offer(id(1000 + who), Kind::Food), &building, floor));
    }
    assert_eq!(pairs(&street).len(), 150, "the others follow when these are done");
}
