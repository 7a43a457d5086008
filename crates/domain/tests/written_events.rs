//! The written form of every event, pinned: other people's files depend on it, and events only grow.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::event::{Envelope, Event, Origin};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn all() -> Vec<(Event, &'static str)> {
    let (visit, household, item) = (id(1), id(2), id(3));
    let station = || "sampling".to_owned();
    vec![
        (Event::RoundOpened, r#"{"type":"RoundOpened"}"#),
        (
            Event::HouseholdCalled { household, wave: 4 },
            r#"{"type":"HouseholdCalled","household":"00000000-0000-0000-0000-000000000002","wave":4}"#,
        ),
        (
            Event::Arrived { visit, household: None, class: "green".to_owned(), lane: Some(2) },
            r#"{"type":"Arrived","visit":"00000000-0000-0000-0000-000000000001","class":"green","lane":2}"#,
        ),
        (
            Event::Queued { visit, station: station(), lane: 2 },
            r#"{"type":"Queued","visit":"00000000-0000-0000-0000-000000000001","station":"sampling","lane":2}"#,
        ),
        (
            Event::ServiceStarted { visit, station: station(), lane: 2, server: 1 },
            r#"{"type":"ServiceStarted","visit":"00000000-0000-0000-0000-000000000001","station":"sampling","lane":2,"server":1}"#,
        ),
        (
            Event::Served { visit, station: station(), lane: 2, server: 1 },
            r#"{"type":"Served","visit":"00000000-0000-0000-0000-000000000001","station":"sampling","lane":2,"server":1}"#,
        ),
        (
            Event::ItemGiven { visit, kind: "tube".to_owned(), item },
            r#"{"type":"ItemGiven","visit":"00000000-0000-0000-0000-000000000001","kind":"tube","item":"00000000-0000-0000-0000-000000000003"}"#,
        ),
        (
            Event::TubeSealed { item, people: 10 },
            r#"{"type":"TubeSealed","item":"00000000-0000-0000-0000-000000000003","people":10}"#,
        ),
        (
            Event::ObservationEnded { visit },
            r#"{"type":"ObservationEnded","visit":"00000000-0000-0000-0000-000000000001"}"#,
        ),
        (
            Event::Deferred { visit, station: station() },
            r#"{"type":"Deferred","visit":"00000000-0000-0000-0000-000000000001","station":"sampling"}"#,
        ),
        (
            Event::TurnedAway { visit, station: station() },
            r#"{"type":"TurnedAway","visit":"00000000-0000-0000-0000-000000000001","station":"sampling"}"#,
        ),
        (Event::Left { visit }, r#"{"type":"Left","visit":"00000000-0000-0000-0000-000000000001"}"#),
        (Event::RoundClosed, r#"{"type":"RoundClosed"}"#),
    ]
}

#[test]
fn each_event_is_written_as_ever_and_read_back() {
    for (event, written) in all() {
        assert_eq!(serde_json::to_string(&event).unwrap(), written);
        assert_eq!(serde_json::from_str::<Event>(written).unwrap(), event);
    }
}

#[test]
fn the_origin_stands_on_the_envelope_alone() {
    let envelope = |origin| Envelope {
        id: id(9),
        community_id: id(8),
        device: id(7),
        seq: 5,
        at: "2022-03-27T23:00:00.0000Z".to_owned(),
        origin,
        event: Event::RoundOpened,
    };
    let written = |origin| serde_json::to_string(&envelope(origin)).unwrap();
    let head = r#"{"id":"00000000-0000-0000-0000-000000000009","community_id":"00000000-0000-0000-0000-000000000008","device":"00000000-0000-0000-0000-000000000007","seq":5,"at":"2022-03-27T23:00:00.0000Z","origin":"#;
    assert_eq!(written(Origin::Real), format!(r#"{head}"real","type":"RoundOpened"}}"#));
    assert_eq!(written(Origin::Paper), format!(r#"{head}"paper","type":"RoundOpened"}}"#));
    let rehearsed = Origin::Rehearsed { seed: 1, replication: 0 };
    let text = format!(r#"{head}{{"rehearsed":{{"seed":1,"replication":0}}}},"type":"RoundOpened"}}"#);
    assert_eq!(written(rehearsed), text);
    assert_eq!(serde_json::from_str::<Envelope>(&text).unwrap(), envelope(rehearsed));
}
