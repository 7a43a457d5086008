#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use super::{Board, STRIDE, ground};
use crate::answer::{json, voice};
use domain::{Envelope, Moment};
use rehearse::Progress;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use verbs::{Cost, Desk, Machine, Work, options::RehearseOptions};

/// Runs one replication and no more: events need no figures.
struct Once;

impl Machine for Once {
    fn watch(&self, _: &'static str, _: u64, work: &mut Work<'_>) -> Cost {
        work(1, &Progress::default());
        Cost::default()
    }
}

/// The site of an example, and the events of a rehearsal of it as lines.
fn played(example: &str, options: &str) -> (String, Vec<u8>) {
    let files = scenario::example(example).unwrap();
    let zones = |_: &str, at: jiff::civil::DateTime| Moment::parse(&format!("{at}Z"));
    let desk = Desk { files: &files, machine: &Once, zones: &zones, voice: voice("en") };
    let options: RehearseOptions = serde_json::from_str(options).unwrap();
    let (site, events) = desk.board(&options).unwrap();
    (json(&site), verbs::lines(&events))
}

fn garden() -> (String, Vec<u8>) {
    played("sunshine-garden", r#"{"policy": "broadcast"}"#)
}

fn board(site: &str) -> Board {
    Board::of(serde_json::from_str(site).unwrap())
}

fn full(site: &str, lines: &[u8]) -> Board {
    let mut board = board(site);
    board.push(lines);
    board
}

/// All that a page shows of a moment.
fn seen(board: &mut Board, at_min: f64) -> (String, Vec<f32>) {
    board.advance(at_min);
    (board.now("en"), board.people.clone())
}

#[test]
fn going_back_shows_what_was_shown() {
    let (site, lines) = garden();
    let mut there = full(&site, &lines);
    let minutes = [-5.0, 0.0, 12.5, 90.0, 91.0, 300.0, 600.0];
    let on: Vec<_> = minutes.iter().map(|&minute| seen(&mut there, minute)).collect();
    for (&minute, first) in minutes.iter().zip(&on).rev() {
        assert_eq!(&seen(&mut there, minute), first, "at {minute}");
        assert_eq!(&seen(&mut full(&site, &lines), minute), first, "at {minute}, gone to at once");
    }
    for at in [1, 5, 2, 6, 0, 4] {
        assert_eq!(&seen(&mut there, minutes[at]), &on[at], "at {}, from elsewhere", minutes[at]);
    }
}

#[test]
fn lines_may_be_cut_anywhere() {
    let (site, lines) = garden();
    let mut cut = board(&site);
    for part in lines.chunks(1013) {
        cut.push(part);
    }
    assert_eq!(seen(&mut cut, 45.0), seen(&mut full(&site, &lines), 45.0));
}

#[test]
fn events_that_come_late_are_shown_at_their_time() {
    let (site, lines) = garden();
    let cut = lines.len() / 3 + lines[lines.len() / 3..].iter().position(|&byte| byte == b'\n').unwrap() + 1;
    let mut late = full(&site, &lines[cut..]);
    late.advance(200.0);
    late.push(&lines[..cut]);
    assert_eq!(seen(&mut late, 200.0), seen(&mut full(&site, &lines), 200.0));
}

#[test]
fn what_cannot_be_read_is_counted_and_hurts_nothing() {
    let (site, lines) = garden();
    let mut spoilt = full(&site, &lines[..lines.len() / 2]);
    spoilt.push(b"\n\nnot an event\n{\"type\":\"Unheard\"}\n");
    let now: Value = serde_json::from_str(&seen(&mut spoilt, 30.0).0).unwrap();
    // The line that was cut in the middle is the third.
    assert_eq!(now["unread"], 3);
    assert!(now["at_site"].as_u64().unwrap() > 100);
}

#[test]
fn everybody_at_the_site_stands_somewhere_once() {
    for (example, options) in
        [("sunshine-garden", r#"{"policy": "broadcast"}"#), ("flu-clinic", "{}"), ("drive-through", "{}")]
    {
        let (site, lines) = played(example, options);
        let mut board = full(&site, &lines);
        let mut most = 0;
        for step in 0..80 {
            let (now, people) = seen(&mut board, f64::from(step) * 5.0);
            let now: Value = serde_json::from_str(&now).unwrap();
            let numbers: BTreeSet<u32> = people.chunks(STRIDE).map(|person| person[0] as u32).collect();
            assert_eq!(numbers.len() * STRIDE, people.len(), "{example}, minute {}", step * 5);
            assert_eq!(Some(numbers.len() as u64), now["at_site"].as_u64(), "{example}, minute {}", step * 5);
            most = most.max(numbers.len());
        }
        assert!(most > 10, "{example} was empty");
    }
}

#[test]
fn nobody_changes_seats() {
    let (site, lines) = played("flu-clinic", "{}");
    let mut board = full(&site, &lines);
    let mut seats: BTreeMap<u32, [f32; 2]> = BTreeMap::new();
    let mut kept = 0;
    for step in 0..600 {
        let (_, people) = seen(&mut board, f64::from(step));
        let sitting = people.chunks(STRIDE).filter(|person| person[3] as u32 & 3 == ground::WATCHED);
        let now: BTreeMap<u32, [f32; 2]> = sitting.map(|who| (who[0] as u32, [who[1], who[2]])).collect();
        for (who, seat) in &now {
            if let Some(before) = seats.get(who) {
                assert_eq!(seat, before);
                kept += 1;
            }
        }
        seats = now;
    }
    assert!(kept > 1000, "hardly anybody sat: {kept}");
}

#[test]
fn findings_and_stations_speak_the_users_language() {
    let (site, lines) = garden();
    let mut board = full(&site, &lines);
    board.advance(60.0);
    let [english, chinese]: [Value; 2] =
        ["en", "zh"].map(|tag| serde_json::from_str(&board.now(tag)).unwrap());
    assert_eq!(english["desks"][0]["word"], "registration");
    assert_eq!(chinese["desks"][0]["word"], "登记");
    let said = |now: &Value| {
        now["findings"].as_array().unwrap().iter().map(|of| of["text"].to_string()).collect::<Vec<_>>()
    };
    assert!(said(&english).iter().any(|text| text.contains("crowded")), "{:?}", said(&english));
    assert!(said(&chinese).iter().all(|text| !text.contains('{')), "{:?}", said(&chinese));
}

#[test]
fn the_lines_of_a_stream_are_those_of_the_terminal() {
    let (_, lines) = garden();
    let first: Envelope = serde_json::from_slice(lines.split(|&byte| byte == b'\n').next().unwrap()).unwrap();
    assert_eq!(first.seq, 1);
}
