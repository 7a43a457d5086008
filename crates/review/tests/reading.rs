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
