//! Every state of a need against everything that can be done to it: one table, read as it stands.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "street/street.rs"]
mod street;

use exchange::{Command, How, Kind, Life, Need, Who};
use street::{Street, desk, id, need, offer};
use uuid::Uuid;

/// What is done, by whom: whoever asks, whoever offers, the desk, the volunteer who is to carry it.
static DOES: [(&str, Who); 16] = [
    ("hand_over", ASKS),
    ("propose", DESK),
    ("accept", ASKS),
    ("accept", GIVES),
    ("decline", ASKS),
    ("decline", GIVES),
    ("carry", GIVES),
    ("carry", DESK),
    ("done", ASKS),
    ("done", GIVES),
    ("settle", DESK),
    ("withdraw", ASKS),
    ("take_back", GIVES),
    ("assign", DESK),
    ("carry", BRINGS),
    ("give_back", BRINGS),
];
const ASKS: Who = Who::Resident(Uuid::from_u128(1));
const GIVES: Who = Who::Resident(Uuid::from_u128(2));
const BRINGS: Who = Who::Volunteer(Uuid::from_u128(70));
const DESK: Who = Who::Desk(String::new());

/// A state, how it is come to (places in `DOES`), and what it is after each of `DOES`; `=`: granted, and nothing changes; `-`: refused.
/// `*`: the secretariat had been asked to see to it before; `1`, `2`: who asks, who offers (or the volunteer who is alone), has said yes or
/// that it was done; `+`: a volunteer carries it; `!`: a volunteer gave it back.
#[rustfmt::skip]
const TABLE: [(&str, &[usize], [&str; 16]); 19] = [
    ("open",       &[],                  ["handed", "asked",  "-",       "-",       "-",      "-",      "-",          "-",          "-",          "-",          "settled", "withdrawn", "open",      "given+",   "-",          "-"]),
    ("handed",     &[0],                 ["=",      "asked*", "-",       "-",       "-",      "-",      "-",          "-",          "-",          "-",          "settled", "withdrawn", "handed",    "given+*",  "-",          "-"]),
    ("asked",      &[1],                 ["handed", "-",      "asked1",  "asked2",  "open",   "open",   "-",          "-",          "-",          "-",          "settled", "withdrawn", "open",      "-",        "-",          "-"]),
    ("asked2",     &[1, 3],              ["handed", "-",      "agreed",  "=",       "open",   "open",   "-",          "-",          "-",          "-",          "settled", "withdrawn", "open",      "-",        "-",          "-"]),
    ("asked*",     &[0, 1],              ["handed", "-",      "asked1*", "asked2*", "handed", "handed", "-",          "-",          "-",          "-",          "settled", "withdrawn", "handed",    "-",        "-",          "-"]),
    ("agreed",     &[1, 2, 3],           ["handed", "-",      "=",       "=",       "open",   "open",   "carried2",   "-",          "carried1",   "carried2",   "settled", "withdrawn", "open",      "agreed+",  "-",          "-"]),
    ("agreed*",    &[0, 1, 2, 3],        ["handed", "-",      "=",       "=",       "handed", "handed", "carried2*",  "-",          "carried1*",  "carried2*",  "settled", "withdrawn", "handed",    "agreed+*", "-",          "-"]),
    ("agreed+",    &[1, 2, 3, 13],       ["handed", "-",      "=",       "=",       "open",   "open",   "carried2+",  "carried+",   "carried1+",  "carried2+",  "settled", "withdrawn", "open",      "=",        "carried+",   "agreed!"]),
    ("agreed!",    &[1, 2, 3, 13, 15],   ["handed", "-",      "=",       "=",       "open",   "open",   "carried2",   "-",          "carried1",   "carried2",   "settled", "withdrawn", "open",      "agreed+",  "-",          "-"]),
    ("given+",     &[13],                ["handed", "-",      "=",       "-",       "open",   "-",      "-",          "brought2+",  "brought1+",  "-",          "settled", "withdrawn", "given+",    "=",        "brought2+",  "handed"]),
    ("given+*",    &[0, 13],             ["handed", "-",      "=",       "-",       "handed", "-",      "-",          "brought2+*", "brought1+*", "-",          "settled", "withdrawn", "given+*",   "=",        "brought2+*", "handed"]),
    ("carried2",   &[1, 2, 3, 6],        ["handed", "-",      "-",       "-",       "-",      "-",      "=",          "-",          "done",       "=",          "settled", "-",         "carried2",  "-",        "-",          "-"]),
    ("carried1",   &[1, 2, 3, 8],        ["-",      "-",      "-",       "-",       "-",      "-",      "=",          "-",          "=",          "done",       "settled", "-",         "carried1",  "-",        "-",          "-"]),
    ("carried2*",  &[0, 1, 2, 3, 6],     ["handed", "-",      "-",       "-",       "-",      "-",      "=",          "-",          "done",       "=",          "settled", "-",         "carried2*", "-",        "-",          "-"]),
    ("carried+",   &[1, 2, 3, 13, 14],   ["handed", "-",      "-",       "-",       "-",      "-",      "=",          "=",          "carried1+",  "carried2+",  "settled", "-",         "carried+",  "-",        "=",          "-"]),
    ("brought2+",  &[13, 14],            ["handed", "-",      "-",       "-",       "-",      "-",      "-",          "=",          "done",       "-",          "settled", "-",         "brought2+", "-",        "=",          "-"]),
    ("brought1+",  &[13, 8],             ["-",      "-",      "-",       "-",       "-",      "-",      "-",          "done",       "=",          "-",          "settled", "-",         "brought1+", "-",        "done",       "-"]),
    ("done",       &[1, 2, 3, 8, 9],     ["-",      "-",      "-",       "-",       "-",      "-",      "-",          "-",          "-",          "-",          "-",       "=",         "done",      "-",        "-",          "-"]),
    ("settled",    &[0, 10],             ["-",      "-",      "-",       "-",       "-",      "-",      "-",          "-",          "-",          "-",          "-",       "=",         "settled",   "-",        "-",          "-"]),
];

fn named(need: &Need) -> String {
    let both = |both: [bool; 2]| {
        ["1", "2"].into_iter().zip(both).filter_map(|(who, is)| is.then_some(who)).collect()
    };
    let (name, who): (&str, String) = match need.life {
        Life::Open => ("open", String::new()),
        Life::Handed { .. } => return "handed".to_owned(),
        Life::Offered { yes, .. } => ("asked", both(yes)),
        Life::Agreed { offer: None, .. } => ("given", String::new()),
        Life::Agreed { .. } => ("agreed", String::new()),
        Life::Carried { offer: None, confirmed, .. } => ("brought", both(confirmed)),
        Life::Carried { confirmed, .. } => ("carried", both(confirmed)),
        Life::Closed { how: How::Confirmed { .. }, .. } => return "done".to_owned(),
        Life::Closed { how: How::Withdrawn, .. } => return "withdrawn".to_owned(),
        Life::Closed { how: How::Settled, .. } => return "settled".to_owned(),
        Life::Closed { how: How::Joined { .. }, .. } => return "joined".to_owned(),
    };
    let marks =
        [(need.carrier.is_some(), "+"), (need.given_back.is_some(), "!"), (need.handed.is_some(), "*")];
    let marks: String = marks.into_iter().filter_map(|(is, mark)| is.then_some(mark)).collect();
    format!("{name}{who}{marks}")
}

/// What a need is after so many steps, and the last of them.
fn after(steps: &[usize]) -> (String, &'static str) {
    let mut street = Street::default();
    let (need, offer) = (street.post(need(id(1), Kind::Food)), street.post(offer(id(2), Kind::Food)));
    let mut last = "";
    for &step in steps {
        let (name, by) = &DOES[step];
        let command = match *name {
            "hand_over" => Command::HandOver { need },
            "assign" => Command::Assign { need, volunteer: id(70) },
            "give_back" => Command::Decline { need },
            "propose" => Command::Propose { need, offer },
            "accept" => Command::Accept { need },
            "decline" => Command::Decline { need },
            "carry" => Command::Carry { need },
            "done" => Command::Confirm { need },
            "settle" => Command::Settle { need },
            "withdraw" => Command::Withdraw { posting: need },
            _ => Command::Withdraw { posting: offer },
        };
        let by = if *by == DESK { desk() } else { by.clone() };
        last = match street.exchange.decide(street.now, &by, command.clone()) {
            Err(_) => "-",
            Ok(events) if events.is_empty() => "=",
            Ok(_) => {
                street.done(&by, command);
                ""
            }
        };
    }
    (named(street.exchange.need(need).unwrap()), last)
}

#[test]
fn each_state_of_a_need_is_after_each_act_what_the_table_says() {
    for (state, steps, expected) in TABLE {
        assert_eq!(after(steps).0, state, "{steps:?}");
        let all = (0..DOES.len()).map(|act| match after(&[steps, &[act]].concat()) {
            (_, said @ ("-" | "=")) => said.to_owned(),
            (now, _) => now,
        });
        let all: Vec<String> = all.collect();
        let titled: Vec<_> = DOES.iter().map(|(name, _)| *name).zip(&all).collect();
        assert_eq!(all, expected, "{state}: {titled:?}");
    }
}

#[test]
fn who_is_asked_and_says_no_does_not_take_a_need_from_the_secretariat() {
    let mut street = Street::default();
    let (wanted, given) = (street.post(need(id(1), Kind::Food)), street.post(offer(id(2), Kind::Food)));
    street.done(&ASKS, Command::HandOver { need: wanted });
    let since = street.now;
    street.later(street::HOUR);
    street.done(&desk(), Command::Propose { need: wanted, offer: given });
    street.done(&GIVES, Command::Decline { need: wanted });
    let need = street.exchange.need(wanted).unwrap();
    assert_eq!(need.life, Life::Handed { since }, "since it was handed over, not since the no");
    assert_eq!(street.exchange.near(street.now).len(), 1, "and it is seen");
    assert_eq!(street.exchange.side(need, id(2)), None);
}
