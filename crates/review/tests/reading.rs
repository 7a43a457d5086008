//! Event files and cards as people have them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod world;

use review::{read, read_cards};

fn lines(count: usize) -> Vec<String> {
    let events = world::clinic().events(1);
    events.iter().take(count).map(|event| serde_json::to_string(event).unwrap()).collect()
}

fn codes(notes: &domain::Notes) -> Vec<(&'static str, Option<u32>)> {
    notes.0.iter().map(|note| (note.code, note.place.row)).collect()
}

#[test]
fn a_whole_file_is_read_without_a_note() {
    let text = lines(30).join("\n") + "\n";
    let (events, notes) = read(text.as_bytes(), "events.jsonl");
    assert_eq!((events.len(), codes(&notes)), (30, vec![]));
}

#[test]
fn a_file_cut_in_the_middle_of_a_line_keeps_the_lines_before() {
    let text = lines(30).join("\n");
    let (events, notes) = read(&text.as_bytes()[..text.len() - 20], "events.jsonl");
    assert_eq!((events.len(), codes(&notes)), (29, vec![("event_cut", Some(30))]));
}

#[test]
fn strange_lines_are_notes_with_their_rows() {
    let mut all = lines(6);
    all[1] = all[1].replace("\"type\":\"", "\"type\":\"Future");
    all[2] = "not an event".to_owned();
    all[4] = all[3].clone();
    let text = all.join("\r\n") + "\n";
    let (events, notes) = read(text.as_bytes(), "events.jsonl");
    assert_eq!(events.len(), 3);
    let found = codes(&notes);
    for expected in [("event_unknown", Some(2)), ("event_line", Some(3)), ("event_line_twice", Some(5))] {
        assert!(found.contains(&expected), "{found:?}");
    }
    // Two lines of one device are missing between, and then one more.
    assert_eq!(found.iter().filter(|(code, _)| *code == "event_gap").count(), 2);
}

#[test]
fn a_file_without_events_refuses() {
    let (events, notes) = read(b"", "events.jsonl");
    assert!(events.is_empty() && notes.refuses());
}

#[test]
fn cards_give_waits_and_services() {
    let text = "card,station,came,start,end\n1,desk,7:00,7:02:00,7:03:00\n2,desk,7:01,7:03:00,7:05:30\n3,desk,,soon,\n";
    let (cards, notes) = read_cards(text, "cards.csv", domain::Moment(0));
    assert_eq!(cards.len(), 2);
    assert_eq!(codes(&notes), [("cards_time", Some(4)), ("cards_row", Some(4))]);
    let mut observed = review::Observed::new();
    observed.take_in_cards(&cards);
    let (review, _) = observed.review(None, None);
    assert_eq!(review.wait_min.mean, Some(2.0));
    assert_eq!((review.stations[0].mean_s, review.stations[0].n), (Some(105.0), 2));
}

/// Who leaves one station joins the next queue at the same moment.
#[test]
fn a_card_goes_from_station_to_station_within_a_moment() {
    let text =
        "card,station,came,start,end\n1,desk,7:00,7:01,7:02\n1,table,7:02,7:02,7:04\n1,exit,7:04,7:04,7:05\n";
    let (cards, notes) = read_cards(text, "cards.csv", domain::Moment(0));
    assert_eq!(codes(&notes), []);
    let mut observed = review::Observed::new();
    observed.take_in_cards(&cards);
    let (review, _) = observed.review(None, None);
    let measured: Vec<_> = review.stations.iter().map(|one| (one.n, one.mean_s)).collect();
    assert_eq!(measured, [(1, Some(60.0)), (1, Some(120.0)), (1, Some(60.0))]);
}

/// Cards of a few people say nothing of what a server did between two of them, nor how many came.
#[test]
fn cards_are_a_sample() {
    let row = |card: u32| format!("{card},registration,7:{card:02}:00,7:{card:02}:05,7:{card:02}:36\n");
    let text = "card,station,came,start,end\n".to_owned() + &(1..=30).map(row).collect::<String>();
    let (cards, _) = read_cards(&text, "cards.csv", domain::Moment(0));
    let garden = world::garden("waves");
    let mut observed = review::Observed::new();
    observed.take_in_cards(&cards);
    let (alone, notes) = observed.clone().review(Some(&garden.scenario), None);
    assert_eq!(codes(&notes), [("review_sample", None)]);
    // Its one server a lane is not taken for whoever served all of them.
    let desk = &alone.stations[0];
    assert_eq!((desk.n, desk.mean_s, desk.between_s, desk.utilisation), (30, Some(31.0), 0.0, None));

    // Beside a whole round they add times; they are no second round.
    let events = garden.events(1);
    let (whole, _) = review::Review::of(std::slice::from_ref(&events), Some(&garden.scenario), None);
    observed.take_in(&events, &mut domain::Notes::default());
    let (both, notes) = observed.review(Some(&garden.scenario), None);
    assert!(!codes(&notes).iter().any(|(code, _)| *code == "review_sample"));
    assert_eq!((both.rounds, both.people, both.queue_max), (1, whole.people, whole.queue_max));
    assert_eq!(both.stations[0].n, whole.stations[0].n + 30);
}
