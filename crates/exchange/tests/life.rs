//! One need from its posting to its end, step by step: who may do what when, and who is told what.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "street/street.rs"]
mod street;

use exchange::{Command, Event, How, Kind, Life, Near, NearWhy, Refusal, Side, Subject, Tone, Urgency, Who};
use street::{AT, HOUR, Street, desk, id, need, offer};

#[test]
fn medicine_is_fetched_and_nobody_is_told_who_before_both_have_said_yes() {
    let mut street = Street::default();
    let (asks, gives) = (id(1), id(2));
    let wanted = street.post(need(asks, Kind::Medicine));
    let given = street.post(offer(gives, Kind::Medicine));
    let seen = |street: &Street, who| {
        street.exchange.partner(street.exchange.need(wanted).unwrap(), who).map(|of| of.by)
    };
    assert_eq!(street.refused(&Who::Resident(asks), Command::Accept { need: wanted }), Refusal::NothingAsked);
    assert_eq!(
        street.refused(&Who::Resident(gives), Command::Propose { need: wanted, offer: given }),
        Refusal::DeskAlone
    );
    street.done(&desk(), Command::Propose { need: wanted, offer: given });
    assert_eq!((seen(&street, asks), seen(&street, gives)), (None, None));
    street.done(&Who::Resident(gives), Command::Accept { need: wanted });
    assert!(street.again(&Who::Resident(gives), Command::Accept { need: wanted }), "yes once is yes");
    assert_eq!((seen(&street, asks), seen(&street, gives)), (None, None), "one yes is not both");
    // Somebody else is told no more than of a need that does not exist.
    assert_eq!(street.refused(&Who::Resident(id(3)), Command::Accept { need: wanted }), Refusal::Unknown);
    street.done(&Who::Resident(asks), Command::Accept { need: wanted });
    assert_eq!((seen(&street, asks), seen(&street, gives)), (Some(gives), Some(asks)));
    assert_eq!(seen(&street, id(3)), None);
    street.done(&Who::Resident(gives), Command::Carry { need: wanted });
    assert_eq!(
        street.refused(&Who::Resident(asks), Command::Decline { need: wanted }),
        Refusal::AlreadyCarried
    );
    street.done(&Who::Resident(asks), Command::Confirm { need: wanted });
    let life = street.exchange.need(wanted).unwrap().life;
    assert!(matches!(life, Life::Closed { how: How::Confirmed { offer }, .. } if offer == Some(given)));
    assert_eq!((seen(&street, asks), seen(&street, gives)), (None, None), "it is over");
}

#[test]
fn who_needs_it_says_that_it_was_not_done_after_all_and_the_desk_sees_it_at_once() {
    let mut street = Street::default();
    let (asks, gives) = (id(1), id(2));
    let wanted = street.post(need(asks, Kind::Medicine));
    let given = street.post(offer(gives, Kind::Medicine));
    street.done(&desk(), Command::Propose { need: wanted, offer: given });
    for who in [asks, gives] {
        street.done(&Who::Resident(who), Command::Accept { need: wanted });
    }
    street.done(&Who::Resident(gives), Command::Carry { need: wanted });
    street.done(&Who::Resident(asks), Command::HandOver { need: wanted });
    assert!(matches!(street.exchange.need(wanted).unwrap().life, Life::Handed { .. }));
}

#[test]
fn a_volunteer_who_carried_it_confirms_for_nobody() {
    let mut street = Street::default();
    let (wanted, _) = street.agreed(id(1), id(2), Kind::Food);
    assert_eq!(street.refused(&desk(), Command::Carry { need: wanted }), Refusal::NobodyCarries);
    street.done(&desk(), Command::Assign { need: wanted, volunteer: id(70) });
    street.done(&desk(), Command::Carry { need: wanted });
    street.done(&Who::Resident(id(2)), Command::Confirm { need: wanted });
    assert!(!street.exchange.need(wanted).unwrap().life.is_closed());
    street.later(24 * HOUR);
    let near = street.exchange.near(street.now);
    assert_eq!(near.iter().map(|of| of.why).collect::<Vec<_>>(), [NearWhy::NotConfirmed]);
    street.done(&Who::Resident(id(1)), Command::Confirm { need: wanted });
    assert!(street.exchange.near(street.now).is_empty());
}

/// Who carries what, and whether it is fetched from somebody.
fn errands(street: &Street, volunteer: u128) -> Vec<(uuid::Uuid, bool)> {
    street.exchange.errands(id(volunteer)).map(|(need, from)| (need.posting.id, from.is_some())).collect()
}

#[test]
fn a_need_that_no_neighbour_offers_is_carried_by_a_volunteer_and_both_confirm() {
    let mut street = Street::default();
    let wanted = street.post(need(id(1), Kind::Medicine));
    let assign = |volunteer| Command::Assign { need: wanted, volunteer: id(volunteer) };
    assert_eq!(street.refused(&Who::Resident(id(1)), assign(70)), Refusal::DeskAlone);
    let volunteer = |of| Who::Volunteer(id(of));
    assert_eq!(street.refused(&volunteer(70), Command::Carry { need: wanted }), Refusal::Unknown);
    let events = street.done(&desk(), assign(70));
    assert!(matches!(&events[..], [Event::Assigned { by, .. }] if by == "anna"), "who gave it is kept");
    assert!(street.again(&desk(), assign(70)));
    assert_eq!(errands(&street, 70), [(wanted, false)]);
    // The volunteer cannot: the secretariat sees it at once, and gives it to another.
    street.done(&volunteer(70), Command::Decline { need: wanted });
    assert_eq!(street.exchange.near(street.now)[0].why, NearWhy::Handed);
    assert!(errands(&street, 70).is_empty());
    street.done(&desk(), assign(71));
    assert_eq!(street.refused(&volunteer(70), Command::Carry { need: wanted }), Refusal::Unknown);
    for command in [Command::Accept { need: wanted }, Command::Confirm { need: wanted }] {
        assert_eq!(street.refused(&volunteer(71), command), Refusal::NotYours);
    }
    assert!(street.exchange.near(street.now).is_empty(), "it is promised");
    street.done(&volunteer(71), Command::Carry { need: wanted });
    assert!(street.again(&volunteer(71), Command::Carry { need: wanted }));
    assert_eq!(street.refused(&volunteer(71), Command::Decline { need: wanted }), Refusal::AlreadyCarried);
    assert_eq!(street.refused(&desk(), assign(70)), Refusal::AlreadyCarried);
    street.done(&Who::Resident(id(1)), Command::Confirm { need: wanted });
    assert_eq!(street.exchange.need(wanted).unwrap().carrier, Some(id(71)), "who carried it is known");
    assert!(street.exchange.need(wanted).unwrap().life.is_closed());
    assert!(errands(&street, 71).is_empty(), "it is over");
}

#[test]
fn who_got_it_from_a_volunteer_may_say_so_first() {
    let mut street = Street::default();
    let wanted = street.post(need(id(1), Kind::Medicine));
    street.done(&desk(), Command::Assign { need: wanted, volunteer: id(70) });
    street.done(&Who::Resident(id(1)), Command::Confirm { need: wanted });
    street.done(&Who::Volunteer(id(70)), Command::Carry { need: wanted });
    assert!(street.exchange.need(wanted).unwrap().life.is_closed());
}

#[test]
fn a_volunteer_carries_from_one_neighbour_to_the_other_and_who_cannot_is_seen() {
    let mut street = Street::default();
    let (wanted, _) = street.agreed(id(1), id(2), Kind::Food);
    street.done(&desk(), Command::Assign { need: wanted, volunteer: id(70) });
    assert_eq!(errands(&street, 70), [(wanted, true)]);
    street.done(&Who::Volunteer(id(70)), Command::Decline { need: wanted });
    let near = street.exchange.near(street.now);
    assert_eq!(near.iter().map(|of| of.why).collect::<Vec<_>>(), [NearWhy::GivenBack]);
    assert!(matches!(street.exchange.need(wanted).unwrap().life, Life::Agreed { .. }), "the two still agree");
    street.done(&desk(), Command::Assign { need: wanted, volunteer: id(71) });
    assert!(street.exchange.near(street.now).is_empty());
    street.done(&Who::Volunteer(id(71)), Command::Carry { need: wanted });
    for who in [1, 2] {
        street.done(&Who::Resident(id(who)), Command::Confirm { need: wanted });
    }
    assert!(street.exchange.need(wanted).unwrap().life.is_closed());
}

#[test]
fn who_got_it_need_not_wait_for_the_other_to_tap() {
    let mut street = Street::default();
    let (wanted, _) = street.agreed(id(1), id(2), Kind::Food);
    street.done(&Who::Resident(id(1)), Command::Confirm { need: wanted });
    street.done(&Who::Resident(id(2)), Command::Confirm { need: wanted });
    assert!(street.exchange.need(wanted).unwrap().life.is_closed());
}

#[test]
fn who_cannot_after_all_is_not_asked_for_it_again() {
    let mut street = Street::default();
    let (wanted, given) = street.agreed(id(1), id(2), Kind::Food);
    street.done(&Who::Resident(id(2)), Command::Decline { need: wanted });
    assert_eq!(street.exchange.need(wanted).unwrap().life, Life::Open);
    assert_eq!(
        street.refused(&desk(), Command::Propose { need: wanted, offer: given }),
        Refusal::DeclinedBefore
    );
    assert!(street.exchange.proposals(street.now).is_empty());
}

#[test]
fn a_need_posted_twenty_times_is_one() {
    let mut street = Street::default();
    let first = street.post(need(id(1), Kind::Medicine));
    for _ in 0..20 {
        street.now = street.now + 60 * 10_000;
        let (id_of, from) = (street.draw(), street.now);
        let again = Command::Post(exchange::Posting { id: id_of, from, ..need(id(1), Kind::Medicine) });
        assert_eq!(street.exchange.decide(street.now, &Who::Resident(id(1)), again), Ok(vec![]));
    }
    // More urgent by now: it is the same need, and says so.
    let urgent =
        exchange::Posting { id: street.draw(), urgency: Urgency::Urgent, ..need(id(1), Kind::Medicine) };
    let events = street.done(&Who::Resident(id(1)), Command::Post(urgent));
    assert!(matches!(&events[..], [Event::Amended { posting }] if posting.id == first), "{events:?}");
    assert_eq!(street.exchange.needs().count(), 1);
    // Another language is another need, and so is another day.
    for subject in [Subject::Japanese, Subject::Korean] {
        let wanted = exchange::Posting { subject: Some(subject), ..need(id(1), Kind::Interpreting) };
        street.post(wanted);
    }
    let later =
        exchange::Posting { from: AT + 48 * HOUR, until: AT + 50 * HOUR, ..need(id(1), Kind::Medicine) };
    street.post(later);
    assert_eq!(street.exchange.needs().count(), 4);
}

#[test]
fn two_of_a_household_who_ask_for_the_same_are_seen_and_joined() {
    let mut street = Street::default();
    let home = need(id(1), Kind::Medicine).home;
    let first = street.post(need(id(1), Kind::Medicine));
    street.later(60);
    let second = street.post(exchange::Posting { home, ..need(id(2), Kind::Medicine) });
    // Another household, another kind, another day, another language: nothing is said of them.
    street.post(need(id(3), Kind::Medicine));
    street.post(exchange::Posting { home, ..need(id(2), Kind::Food) });
    let (from, until) = (AT + 48 * HOUR, AT + 50 * HOUR);
    let later = street.post(exchange::Posting { home, from, until, ..need(id(2), Kind::Medicine) });
    for (who, subject) in [(1, Subject::Korean), (2, Subject::Japanese)] {
        street.post(exchange::Posting { home, subject: Some(subject), ..need(id(who), Kind::Interpreting) });
    }
    assert_eq!(street.exchange.doubles(), [(second, first)]);
    let join = |need, into| Command::Join { need, into };
    assert_eq!(street.refused(&Who::Resident(id(1)), join(second, first)), Refusal::DeskAlone);
    for (need, into) in [(second, later), (first, first)] {
        assert_eq!(street.refused(&desk(), join(need, into)), Refusal::NotTheSame);
    }
    street.done(&desk(), join(second, first));
    let life = street.exchange.need(second).unwrap().life;
    assert!(matches!(life, Life::Closed { how: How::Joined { into }, .. } if into == first));
    assert!(street.exchange.doubles().is_empty());
    // The one that somebody does already is the one that stays.
    let mut street = Street::default();
    let first = street.post(need(id(1), Kind::Medicine));
    street.later(60);
    let second = street.post(exchange::Posting { home, ..need(id(2), Kind::Medicine) });
    street.done(&desk(), Command::Assign { need: second, volunteer: id(70) });
    assert_eq!(street.exchange.doubles(), [(first, second)]);
    assert_eq!(street.refused(&desk(), join(second, first)), Refusal::UnderWay);
    street.done(&desk(), join(first, second));
}

#[test]
fn a_flood_is_stopped_and_says_when_to_come_again() {
    let mut street = Street::default();
    let days = |n: i64| exchange::Posting {
        from: AT + n * 24 * HOUR,
        until: AT + n * 24 * HOUR + HOUR,
        ..need(id(1), Kind::Food)
    };
    let posts: Vec<_> = (0..8).map(|n| street.post(days(n))).collect();
    let one_more = Command::Post(exchange::Posting { id: street.draw(), ..days(9) });
    assert_eq!(street.refused(&Who::Resident(id(1)), one_more), Refusal::TooManyOpen { most: 8 });
    // Taken back and posted anew, again and again.
    let mut posted = posts.len();
    let mut last = *posts.last().unwrap();
    let refused = loop {
        street.done(&Who::Resident(id(1)), Command::Withdraw { posting: last });
        last = street.draw();
        let post = Command::Post(exchange::Posting { id: last, ..days(9) });
        match street.exchange.decide(street.now, &Who::Resident(id(1)), post.clone()) {
            Ok(_) => street.done(&Who::Resident(id(1)), post),
            Err(refused) => break refused,
        };
        posted += 1;
    };
    assert_eq!((refused, posted), (Refusal::TooManyToday { most: 20 }, 20));
    street.later(24 * HOUR);
    street.post(days(9));
    // Nobody else was kept from anything.
    street.post(exchange::Posting { by: id(2), ..days(9) });
}

#[test]
fn an_offer_to_a_child_waits_for_the_secretariats_word() {
    let mut street = Street::default();
    let wanted = street.post(need(id(1), Kind::Childcare));
    assert!(street.exchange.need(wanted).unwrap().posting.for_child, "a child, as always");
    let given = street.post(offer(id(2), Kind::Childcare));
    let flagged =
        |street: &Street| street.exchange.flagged(street.now).map(|of| of.posting.id).collect::<Vec<_>>();
    assert_eq!(flagged(&street), [given]);
    assert!(street.exchange.proposals(street.now).is_empty());
    let propose = Command::Propose { need: wanted, offer: given };
    assert_eq!(street.refused(&desk(), propose.clone()), Refusal::NeedsWord);
    let word = |good| Command::GiveWord { offer: given, good };
    assert_eq!(street.refused(&Who::Resident(id(2)), word(true)), Refusal::DeskAlone, "not their own");
    let events = street.done(&desk(), word(true));
    assert!(
        matches!(&events[..], [Event::WordGiven { good: true, by, .. }] if by == "anna"),
        "who said so is kept"
    );
    assert_eq!((flagged(&street).len(), street.exchange.proposals(street.now).len()), (0, 1));
    street.done(&desk(), propose.clone());
    for who in [1, 2] {
        street.done(&Who::Resident(id(who)), Command::Accept { need: wanted });
    }
    // The word is taken back: what was promised to the child is promised no more.
    street.done(&desk(), word(false));
    assert_eq!(street.exchange.need(wanted).unwrap().life, Life::Open);
    assert_eq!(street.refused(&desk(), propose), Refusal::NeedsWord);
    // The way to a hospital with a child is the same; with a grown-up it is not.
    let hospital = street.post(offer(id(3), Kind::Visit));
    let grown = street.post(need(id(4), Kind::Visit));
    assert!(flagged(&street).is_empty());
    street.post(exchange::Posting { for_child: true, ..need(id(5), Kind::Visit) });
    assert_eq!(flagged(&street), [hospital]);
    let proposed: Vec<_> =
        street.exchange.proposals(street.now).iter().map(|of| (of.need, of.offer)).collect();
    assert_eq!(proposed, [(grown, hospital)]);
}

#[test]
fn a_need_of_any_kind_that_is_for_a_child_waits_for_the_secretariats_word() {
    for kind in Kind::ALL {
        let mut street = Street::default();
        let given = street.post(offer(id(2), *kind));
        let wanted = street.post(exchange::Posting { for_child: true, ..need(id(1), *kind) });
        assert!(street.exchange.proposals(street.now).is_empty(), "{kind:?}");
        let flagged: Vec<_> = street.exchange.flagged(street.now).map(|of| of.posting.id).collect();
        assert_eq!(flagged, [given], "{kind:?}");
        let propose = Command::Propose { need: wanted, offer: given };
        assert_eq!(street.refused(&desk(), propose.clone()), Refusal::NeedsWord, "{kind:?}");
        street.done(&desk(), Command::GiveWord { offer: given, good: true });
        street.done(&desk(), propose);
    }
}

#[test]
fn lessons_and_childcare_are_for_a_child_unless_somebody_says_otherwise() {
    // What nobody said, "for a grown-up", "for a child".
    let said = |kind: Kind| [None, Some(false), Some(true)].map(|said| kind.is_for_child(said));
    for (kind, is) in [
        (Kind::Lessons, [true, false, true]),
        (Kind::Childcare, [true, true, true]),
        (Kind::Interpreting, [false, false, true]),
        (Kind::Food, [false, false, true]),
    ] {
        assert_eq!(said(kind), is, "{kind:?}");
    }
    // What a page says past its own buttons changes nothing for childcare.
    let mut street = Street::default();
    let wanted = street.post(exchange::Posting { for_child: false, ..need(id(1), Kind::Childcare) });
    assert!(street.exchange.need(wanted).unwrap().posting.for_child);
}

#[test]
fn an_offer_that_is_taken_back_leaves_nobody_with_a_promise() {
    let mut street = Street::default();
    let (wanted, given) = street.agreed(id(1), id(2), Kind::Repairs);
    assert_eq!(
        street.refused(&Who::Resident(id(1)), Command::Withdraw { posting: given }),
        Refusal::NotYours
    );
    street.done(&Who::Resident(id(2)), Command::Withdraw { posting: given });
    assert_eq!(street.exchange.need(wanted).unwrap().life, Life::Open);
    assert_eq!(
        street.refused(&desk(), Command::Propose { need: wanted, offer: given }),
        Refusal::OfferNotOpen
    );
}

#[test]
fn what_the_secretariat_was_asked_for_stands_there_until_it_is_done() {
    let mut street = Street::default();
    let wanted = street.post(need(id(1), Kind::Visit));
    assert!(street.exchange.near(street.now).is_empty());
    street.done(&Who::Resident(id(1)), Command::HandOver { need: wanted });
    let near = Near { of: wanted, why: NearWhy::Handed, by: AT + 24 * HOUR };
    assert_eq!(street.exchange.near(street.now), [near]);
    street.later(240 * HOUR);
    assert_eq!(street.exchange.near(street.now), [near]);
    street.done(&desk(), Command::Settle { need: wanted });
    assert!(street.exchange.near(street.now).is_empty());
    assert_eq!(
        street.refused(&Who::Resident(id(1)), Command::HandOver { need: wanted }),
        Refusal::NeedClosed
    );
}

#[test]
fn what_has_an_hour_is_on_the_list_before_it_begins() {
    let mut street = Street::default();
    let (from, until) = (AT + 20 * HOUR, AT + 24 * HOUR);
    let wanted = street.post(exchange::Posting { timed: true, from, until, ..need(id(1), Kind::Visit) });
    street.later(14 * HOUR - 1);
    assert!(street.exchange.near(street.now).is_empty());
    street.later(1);
    let near = Near { of: wanted, why: NearWhy::Nobody, by: from };
    assert_eq!(street.exchange.near(street.now), [near], "six hours before it begins, not before it ends");
    // Once it is promised, only its end counts.
    let given = street.post(exchange::Posting { until, ..offer(id(2), Kind::Visit) });
    street.done(&desk(), Command::Propose { need: wanted, offer: given });
    for who in [1, 2] {
        street.done(&Who::Resident(id(who)), Command::Accept { need: wanted });
    }
    street.later(7 * HOUR);
    assert!(street.exchange.near(street.now).is_empty());
    street.later(3 * HOUR);
    assert_eq!(street.exchange.near(street.now), [Near { of: wanted, why: NearWhy::NotCarried, by: until }]);
}

#[test]
fn what_was_written_before_there_were_hours_and_places_is_read() {
    let posting = need(id(1), Kind::Visit);
    let mut old = serde_json::to_value(Event::Posted { posting: posting.clone() }).unwrap();
    let fields = old["posting"].as_object_mut().unwrap();
    assert!(fields.remove("meet").is_some() && fields.remove("timed").is_some());
    assert_eq!(serde_json::from_value::<Event>(old).unwrap(), Event::Posted { posting });
}

#[test]
fn a_voice_is_answered_once() {
    let mut street = Street::default();
    let speak = |street: &mut Street, words: &str| Command::Speak {
        id: street.draw(),
        by: id(1),
        tone: Tone::Complaint,
        words: words.to_owned(),
        due: AT + 30 * HOUR,
    };
    let empty = speak(&mut street, " \u{7} ");
    assert_eq!(street.refused(&Who::Resident(id(1)), empty), Refusal::WordsMissing);
    let said = speak(&mut street, "The lift\nis broken");
    street.done(&Who::Resident(id(1)), said);
    let again = speak(&mut street, "The lift\nis broken");
    assert!(street.again(&Who::Resident(id(1)), again));
    let voice = street.exchange.near(street.now)[0];
    assert_eq!((voice.why, voice.by), (NearWhy::Voice, AT + 30 * HOUR));
    let answer = |words: &str| Command::Answer { voice: voice.of, words: words.to_owned() };
    assert_eq!(street.refused(&Who::Resident(id(1)), answer("Never mind")), Refusal::DeskAlone);
    street.done(&desk(), answer("It is mended on Friday."));
    assert!(street.exchange.near(street.now).is_empty());
    assert!(street.again(&desk(), answer("It is mended on Friday.")));
    assert_eq!(street.refused(&desk(), answer("Or on Monday.")), Refusal::Answered);
}

#[test]
fn what_makes_no_sense_is_refused_with_words() {
    let mut street = Street::default();
    let of = |change: &dyn Fn(&mut exchange::Posting)| {
        let mut posting = need(id(1), Kind::Food);
        change(&mut posting);
        Command::Post(posting)
    };
    for (post, refusal) in [
        (of(&|post| post.until = AT + -HOUR), Refusal::TimePast),
        (of(&|post| post.from = post.until), Refusal::TimePast),
        (of(&|post| post.until = AT + 31 * 24 * HOUR), Refusal::TimeFar),
        (of(&|post| post.words = "x".repeat(301)), Refusal::WordsLong { most: 300 }),
        (of(&|post| post.subject = Some(Subject::Maths)), Refusal::SubjectOther),
        (of(&|post| post.most = 0), Refusal::MostOff { most: 5 }),
        (of(&|post| post.by = id(2)), Refusal::NotYours),
    ] {
        assert_eq!(street.refused(&Who::Resident(id(1)), post), refusal);
        let (code, args) = refusal.said();
        for language in words::Language::ALL {
            for key in [format!("problem.{code}"), format!("problem_mend.{code}")] {
                let said = words::say(language, &key, &args);
                assert!(said != key && !said.contains('{'), "{key}: {said}");
            }
        }
    }
    assert_eq!(Side::ALL.len(), 2);
}
