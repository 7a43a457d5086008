//! The doors that a caller walks to: the wave, those at which nobody opened, and those who cannot come.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/garden.rs"]
mod garden;

use domain::{Command, Moment, event::Answer};
use garden::{at, bundle, id, visit};
use journal::SecretKey;
use phone::{Bundle, CallsNow, ListKind, Phone};

fn phone(change: impl FnOnce(&mut Bundle)) -> Phone {
    let mut bundle = bundle(3, "caller", None);
    change(&mut bundle);
    Phone::join(bundle, SecretKey::from_random([3; 32]), [3; 32])
}

fn done(phone: &mut Phone, at: Moment, commands: &[Command]) {
    let step = phone.decide(at, commands).unwrap();
    phone.done(step);
}

/// Each list: its kind, whose it is, doors left, and its doors.
fn lists(now: &CallsNow) -> Vec<(ListKind, usize, usize, Vec<String>)> {
    let doors = |list: &phone::DoorList| list.doors.iter().map(|door| door.label.clone()).collect();
    now.lists.iter().map(|list| (list.kind, list.part, list.left, doors(list))).collect()
}

fn answer(phone: &mut Phone, seconds: i64, door: u32, answer: Answer) {
    let household = id(0x100 + u128::from(door));
    done(phone, at(seconds), &[Command::AnswerCall { household, answer }]);
}

fn call_all(phone: &mut Phone, wave: u32) {
    let households = phone.bundle().waves[wave as usize - 1].households.clone();
    for (second, household) in (0..).zip(households) {
        done(phone, at(second), &[Command::CallHousehold { household, wave }]);
    }
}

#[test]
fn a_wave_is_shared_out_among_its_callers_and_each_door_is_on_one_list() {
    let alone = phone(|_| ()).calls(at(0));
    assert_eq!(alone.wave, Some((1, "07:00".to_owned())));
    let [(ListKind::Wave, 0, 20, doors)] = &lists(&alone)[..] else { panic!("{alone:?}") };
    // Five floors have no lift: from the ground up.
    assert_eq!((doors[0].as_str(), doors[19].as_str()), ("1-101", "1-504"));
    let two = phone(|bundle| bundle.callers = 2).calls(at(0));
    let lists = lists(&two);
    let parts: Vec<(usize, usize)> = lists.iter().map(|(_, part, left, _)| (*part, *left)).collect();
    assert_eq!((parts[0], parts.len(), parts[1].1 + parts[2].1), ((0, 20), 3, 20));
    let (one, other) = (&lists[1].3, &lists[2].3);
    assert!(one.iter().all(|door| !other.contains(door)), "{one:?} {other:?}");
    let [whole, first, second] = [0, 1, 2].map(|place: usize| two.lists[place].minutes);
    assert!(first < whole && second < whole, "{first} {second} {whole}");
}

#[test]
fn who_was_not_at_home_is_knocked_at_again_after_the_last_door_and_before_closing() {
    let mut phone = phone(|_| ());
    let again = |phone: &Phone, seconds| {
        let now = phone.calls(at(seconds));
        let found = now.lists.iter().find(|list| list.kind == ListKind::Again);
        found.map_or_else(Vec::new, |list| list.doors.iter().map(|door| door.label.clone()).collect())
    };
    done(&mut phone, at(0), &[Command::CallHousehold { household: id(0x102), wave: 1 }]);
    answer(&mut phone, 1, 2, Answer::NotAtHome);
    assert!(again(&phone, 1200).is_empty(), "doors of the wave are still to be called");
    for (second, door) in (0..20u128).filter(|door| *door != 2).enumerate() {
        let command = Command::CallHousehold { household: id(0x100 + door), wave: 1 };
        done(&mut phone, at(1200 + second as i64), &[command]);
    }
    answer(&mut phone, 1230, 9, Answer::NotAtHome);
    assert_eq!(again(&phone, 1240), ["1-103"], "nobody comes home within ten minutes");
    assert_eq!(again(&phone, 1900), ["1-103", "1-302"]);
    answer(&mut phone, 1900, 2, Answer::Coming);
    answer(&mut phone, 1910, 9, Answer::NotAtHome);
    assert!(again(&phone, 2600).is_empty());
    // The site closes at 13:00: from 12:00 on once more.
    let noon = 5 * 3600;
    assert_eq!((again(&phone, noon - 1), again(&phone, noon)), (vec![], vec!["1-302".to_owned()]));
    answer(&mut phone, noon + 60, 9, Answer::NotAtHome);
    assert!(again(&phone, noon + 1200).is_empty());
    let knocks = phone.folded().live().knocked();
    assert_eq!((knocks.first, knocks.second, knocks.reached), (2, 2, 1));
}

#[test]
fn who_cannot_come_is_visited_in_the_order_of_walking_and_frail_people_who_have_not_come_before_closing() {
    let mut phone = phone(|bundle| bundle.walking.pairs = 2);
    call_all(&mut phone, 1);
    for door in [3, 19, 17] {
        answer(&mut phone, 60, door, Answer::CannotCome);
    }
    let visits = |phone: &Phone, seconds| {
        let lists = lists(&phone.calls(at(seconds)));
        lists.into_iter().filter(|list| list.0 == ListKind::Visit).map(|list| list.3).collect::<Vec<_>>()
    };
    assert_eq!(visits(&phone, 600), [vec!["1-104"], vec!["1-502", "1-504"]]);
    // Somebody of 504 comes after all and says so; door 5 has a frail person and has not come.
    answer(&mut phone, 700, 19, Answer::Coming);
    assert_eq!(visits(&phone, 5 * 3600 - 1).concat(), ["1-104", "1-502"]);
    assert_eq!(visits(&phone, 5 * 3600).concat(), ["1-104", "1-202", "1-502"]);
    // Nobody opens: it stays a visit, and is no door to knock at.
    answer(&mut phone, 800, 17, Answer::NotAtHome);
    assert_eq!(visits(&phone, 2000).concat(), ["1-104", "1-502"]);
    let list = phone.calls(at(2000)).lists.into_iter().find(|list| list.kind == ListKind::Visit).unwrap();
    assert_eq!(list.minutes, 10, "two people, five minutes each");
    assert_eq!(list.until, "07:43");
    assert_eq!(list.doors[0].people[0].visit, visit(3, 0));
}
