//! The written form of every event, pinned: other people's files depend on it, and events only grow.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{
    Moment,
    command::Table,
    event::{
        Answer, CallBack, Envelope, Event, Finding, Gate, Guest, Holder, HolderKind, Keeps, Origin, Reason,
        happened,
    },
};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn all() -> Vec<(Event, &'static str)> {
    let (visit, household, item) = (id(1), id(2), id(3));
    let station = || "sampling".to_owned();
    let courier = Holder { kind: HolderKind::Courier, id: id(5) };
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
            Event::ItemGiven { visit, kind: "tube".to_owned(), item, lot: None },
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
        (
            Event::ItemGiven { visit, kind: "dose".to_owned(), item, lot: Some("A7".to_owned()) },
            r#"{"type":"ItemGiven","visit":"00000000-0000-0000-0000-000000000001","kind":"dose","item":"00000000-0000-0000-0000-000000000003","lot":"A7"}"#,
        ),
        (
            Event::BookedElsewhere { household, visit: Some(visit), reference: "AB-4711".to_owned() },
            r#"{"type":"BookedElsewhere","household":"00000000-0000-0000-0000-000000000002","visit":"00000000-0000-0000-0000-000000000001","reference":"AB-4711"}"#,
        ),
        (
            Event::HouseholdAnswered { household, answer: Answer::NotAtHome },
            r#"{"type":"HouseholdAnswered","household":"00000000-0000-0000-0000-000000000002","answer":"not_at_home"}"#,
        ),
        (
            Event::NoticeTold { household },
            r#"{"type":"NoticeTold","household":"00000000-0000-0000-0000-000000000002"}"#,
        ),
        (
            Event::Unlisted { visit, kind: Guest::Carer },
            r#"{"type":"Unlisted","visit":"00000000-0000-0000-0000-000000000001","kind":"carer"}"#,
        ),
        (
            Event::QueueCounted { station: station(), lane: 2, people: 40 },
            r#"{"type":"QueueCounted","station":"sampling","lane":2,"people":40}"#,
        ),
        (
            Event::PeopleCounted { gate: Gate::Out, people: 1 },
            r#"{"type":"PeopleCounted","gate":"out","people":1}"#,
        ),
        (Event::LotRecalled { lot: "A7".to_owned() }, r#"{"type":"LotRecalled","lot":"A7"}"#),
        (
            Event::Undone { events: vec![visit] },
            r#"{"type":"Undone","events":["00000000-0000-0000-0000-000000000001"]}"#,
        ),
        (Event::CardTapped { card: 7, table: None }, r#"{"type":"CardTapped","card":7}"#),
        (
            Event::CardTapped { card: 7, table: Some(Table { station: station(), lane: 2, server: 1 }) },
            r#"{"type":"CardTapped","card":7,"station":"sampling","lane":2,"server":1}"#,
        ),
        (
            Event::CodeLinked { code: item, visit: None, household: Some(household), instead: false },
            r#"{"type":"CodeLinked","code":"00000000-0000-0000-0000-000000000003","household":"00000000-0000-0000-0000-000000000002"}"#,
        ),
        (
            Event::CodeLinked { code: item, visit: None, household: Some(household), instead: true },
            r#"{"type":"CodeLinked","code":"00000000-0000-0000-0000-000000000003","household":"00000000-0000-0000-0000-000000000002","instead":true}"#,
        ),
        (
            Event::BatchSealed { batch: id(4), tubes: vec![item] },
            r#"{"type":"BatchSealed","batch":"00000000-0000-0000-0000-000000000004","tubes":["00000000-0000-0000-0000-000000000003"]}"#,
        ),
        (
            Event::BatchReceived { batch: id(4), by: courier, from: None, tubes: 12 },
            r#"{"type":"BatchReceived","batch":"00000000-0000-0000-0000-000000000004","by":{"kind":"courier","id":"00000000-0000-0000-0000-000000000005"},"tubes":12}"#,
        ),
        (
            Event::BatchReceived {
                batch: id(4),
                by: Holder { kind: HolderKind::Lab, id: id(6) },
                from: Some(courier),
                tubes: 12,
            },
            r#"{"type":"BatchReceived","batch":"00000000-0000-0000-0000-000000000004","by":{"kind":"lab","id":"00000000-0000-0000-0000-000000000006"},"from":{"kind":"courier","id":"00000000-0000-0000-0000-000000000005"},"tubes":12}"#,
        ),
        (
            Event::BatchOpened { batch: id(4), missing: Vec::new(), spoiled: vec![item], extra: Vec::new() },
            r#"{"type":"BatchOpened","batch":"00000000-0000-0000-0000-000000000004","spoiled":["00000000-0000-0000-0000-000000000003"]}"#,
        ),
        (
            Event::BatchOpened { batch: id(4), missing: Vec::new(), spoiled: Vec::new(), extra: vec![item] },
            r#"{"type":"BatchOpened","batch":"00000000-0000-0000-0000-000000000004","extra":["00000000-0000-0000-0000-000000000003"]}"#,
        ),
        (
            Event::TubeNamed { item, alias: "A-77".to_owned(), issuer: "city".to_owned() },
            r#"{"type":"TubeNamed","item":"00000000-0000-0000-0000-000000000003","alias":"A-77","issuer":"city"}"#,
        ),
        (
            Event::ResultReported {
                report: id(7),
                item,
                finding: Finding::Negative,
                lab: id(6),
                by: id(8),
                instead_of: None,
                reason: None,
            },
            r#"{"type":"ResultReported","report":"00000000-0000-0000-0000-000000000007","item":"00000000-0000-0000-0000-000000000003","finding":"negative","lab":"00000000-0000-0000-0000-000000000006","by":"00000000-0000-0000-0000-000000000008"}"#,
        ),
        (
            Event::ResultReported {
                report: id(9),
                item,
                finding: Finding::Inconclusive,
                lab: id(6),
                by: id(8),
                instead_of: Some(id(7)),
                reason: Some(Reason::PlateSwapped),
            },
            r#"{"type":"ResultReported","report":"00000000-0000-0000-0000-000000000009","item":"00000000-0000-0000-0000-000000000003","finding":"inconclusive","lab":"00000000-0000-0000-0000-000000000006","by":"00000000-0000-0000-0000-000000000008","instead_of":"00000000-0000-0000-0000-000000000007","reason":"plate_swapped"}"#,
        ),
        (
            Event::ResultsReleased { reports: vec![id(7)], by: id(8) },
            r#"{"type":"ResultsReleased","reports":["00000000-0000-0000-0000-000000000007"],"by":"00000000-0000-0000-0000-000000000008"}"#,
        ),
        (
            Event::CalledBack { visit, outcome: CallBack::NotReached, by: id(8), report: None },
            r#"{"type":"CalledBack","visit":"00000000-0000-0000-0000-000000000001","outcome":"not_reached","by":"00000000-0000-0000-0000-000000000008"}"#,
        ),
        (
            Event::CalledBack { visit, outcome: CallBack::Reached, by: id(8), report: Some(id(7)) },
            r#"{"type":"CalledBack","visit":"00000000-0000-0000-0000-000000000001","outcome":"reached","by":"00000000-0000-0000-0000-000000000008","report":"00000000-0000-0000-0000-000000000007"}"#,
        ),
        (
            Event::Resampled { visit, item },
            r#"{"type":"Resampled","visit":"00000000-0000-0000-0000-000000000001","item":"00000000-0000-0000-0000-000000000003"}"#,
        ),
        (
            Event::ConflictSettled { conflict: item, keeps: Keeps::Second },
            r#"{"type":"ConflictSettled","conflict":"00000000-0000-0000-0000-000000000003","keeps":"second"}"#,
        ),
    ]
}

#[test]
fn each_event_is_written_as_ever_and_read_back() {
    for (event, written) in all() {
        assert_eq!(serde_json::to_string(&event).unwrap(), written);
        assert_eq!(serde_json::from_str::<Event>(written).unwrap(), event);
    }
    let tag = |event: &Event| serde_json::to_value(event).unwrap()["type"].as_str().unwrap().to_owned();
    let mut written: Vec<String> = all().iter().map(|(event, _)| tag(event)).collect();
    let mut known = Event::TYPES.map(str::to_owned).to_vec();
    written.sort_unstable();
    written.dedup();
    known.sort_unstable();
    assert_eq!(written, known);
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

#[test]
fn a_frame_holds_what_the_log_does_not_know_already() {
    let at = Moment::parse("2022-03-27T23:05:00Z").unwrap();
    let body = Envelope::body(at, Origin::Real, &Event::Left { visit: id(1) });
    let written = r#"{"at":"2022-03-27T23:05:00.0000Z","origin":"real","type":"Left","visit":"00000000-0000-0000-0000-000000000001"}"#;
    assert_eq!(String::from_utf8(body.clone()).unwrap(), written);
    let read = Envelope::of_body((id(8), id(7), 5), id(9), &body).unwrap();
    assert_eq!((read.id, read.community_id, read.device, read.seq), (id(9), id(8), id(7), 5));
    assert_eq!(read.event, Event::Left { visit: id(1) });
    for (event, _) in all() {
        let body = Envelope::body(at, Origin::Paper, &event);
        assert_eq!(Envelope::of_body((id(8), id(7), 5), id(9), &body).unwrap().event, event);
    }
    assert!(Envelope::of_body((id(8), id(7), 5), id(9), b"{}").is_err());
}

#[test]
fn only_its_own_device_takes_an_event_back() {
    let envelope = |of: u128, device: u128, event: Event| Envelope {
        id: id(of),
        community_id: id(8),
        device: id(device),
        seq: 1,
        at: "2022-03-27T23:00:00.0000Z".to_owned(),
        origin: Origin::Real,
        event,
    };
    let events = vec![
        envelope(1, 1, Event::RoundOpened),
        envelope(2, 1, Event::Undone { events: vec![id(1), id(3)] }),
        envelope(3, 2, Event::RoundClosed),
    ];
    let left: Vec<Uuid> = happened(&events).map(|envelope| envelope.id).collect();
    assert_eq!(left, [id(3)]);
}
