//! The written form of every command, pinned: phones of an older version send them, and commands only grow.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{
    command::{Command, Table, Thing},
    event::{Answer, CallBack, Finding, Gate, Guest, Holder, HolderKind, Keeps, Reason},
};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn all() -> Vec<(Command, &'static str)> {
    let (visit, household, item) = (id(1), id(2), id(3));
    let station = || "sampling".to_owned();
    let class = || "green".to_owned();
    let table = || Table { station: station(), lane: 2, server: 1 };
    let courier = Holder { kind: HolderKind::Courier, id: id(5) };
    vec![
        (Command::OpenRound, r#"{"type":"OpenRound"}"#),
        (
            Command::CallHousehold { household, wave: 4 },
            r#"{"type":"CallHousehold","household":"00000000-0000-0000-0000-000000000002","wave":4}"#,
        ),
        (
            Command::Arrive { visit, household: None, class: class(), lane: Some(2) },
            r#"{"type":"Arrive","visit":"00000000-0000-0000-0000-000000000001","class":"green","lane":2}"#,
        ),
        (
            Command::ArriveLate { visit, household: Some(household), class: class(), lane: None },
            r#"{"type":"ArriveLate","visit":"00000000-0000-0000-0000-000000000001","household":"00000000-0000-0000-0000-000000000002","class":"green"}"#,
        ),
        (
            Command::JoinQueue { visit, station: station(), lane: 2 },
            r#"{"type":"JoinQueue","visit":"00000000-0000-0000-0000-000000000001","station":"sampling","lane":2}"#,
        ),
        (
            Command::StartService { visit, station: station(), lane: 2, server: 1 },
            r#"{"type":"StartService","visit":"00000000-0000-0000-0000-000000000001","station":"sampling","lane":2,"server":1}"#,
        ),
        (
            Command::FinishService { visit, station: station(), lane: 2, server: 1 },
            r#"{"type":"FinishService","visit":"00000000-0000-0000-0000-000000000001","station":"sampling","lane":2,"server":1}"#,
        ),
        (
            Command::GiveItem { visit, kind: "tube".to_owned(), item, lot: None },
            r#"{"type":"GiveItem","visit":"00000000-0000-0000-0000-000000000001","kind":"tube","item":"00000000-0000-0000-0000-000000000003"}"#,
        ),
        (Command::SealTube { item }, r#"{"type":"SealTube","item":"00000000-0000-0000-0000-000000000003"}"#),
        (
            Command::EndObservation { visit },
            r#"{"type":"EndObservation","visit":"00000000-0000-0000-0000-000000000001"}"#,
        ),
        (
            Command::Defer { visit, station: station() },
            r#"{"type":"Defer","visit":"00000000-0000-0000-0000-000000000001","station":"sampling"}"#,
        ),
        (
            Command::TurnAway { visit, station: station() },
            r#"{"type":"TurnAway","visit":"00000000-0000-0000-0000-000000000001","station":"sampling"}"#,
        ),
        (Command::Leave { visit }, r#"{"type":"Leave","visit":"00000000-0000-0000-0000-000000000001"}"#),
        (Command::CloseRound, r#"{"type":"CloseRound"}"#),
        (
            Command::CheckIn {
                visit,
                household: Some(household),
                class: class(),
                guest: None,
                table: table(),
            },
            r#"{"type":"CheckIn","visit":"00000000-0000-0000-0000-000000000001","household":"00000000-0000-0000-0000-000000000002","class":"green","table":{"station":"sampling","lane":2,"server":1}}"#,
        ),
        (
            Command::CheckIn {
                visit,
                household: None,
                class: class(),
                guest: Some(Guest::Visitor),
                table: table(),
            },
            r#"{"type":"CheckIn","visit":"00000000-0000-0000-0000-000000000001","class":"green","guest":"visitor","table":{"station":"sampling","lane":2,"server":1}}"#,
        ),
        (
            Command::Serve {
                visit,
                table: table(),
                item: Some(Thing { kind: "tube".to_owned(), item, lot: None }),
            },
            r#"{"type":"Serve","visit":"00000000-0000-0000-0000-000000000001","table":{"station":"sampling","lane":2,"server":1},"item":{"kind":"tube","item":"00000000-0000-0000-0000-000000000003"}}"#,
        ),
        (
            Command::AnswerCall { household, answer: Answer::Coming },
            r#"{"type":"AnswerCall","household":"00000000-0000-0000-0000-000000000002","answer":"coming"}"#,
        ),
        (
            Command::TellNotice { household },
            r#"{"type":"TellNotice","household":"00000000-0000-0000-0000-000000000002"}"#,
        ),
        (
            Command::BookElsewhere { household, visit: None, reference: "AB-4711".to_owned() },
            r#"{"type":"BookElsewhere","household":"00000000-0000-0000-0000-000000000002","reference":"AB-4711"}"#,
        ),
        (
            Command::CountQueue { station: station(), lane: 2, people: 40 },
            r#"{"type":"CountQueue","station":"sampling","lane":2,"people":40}"#,
        ),
        (
            Command::CountPeople { gate: Gate::In, people: 1 },
            r#"{"type":"CountPeople","gate":"in","people":1}"#,
        ),
        (Command::RecallLot { lot: "A7".to_owned() }, r#"{"type":"RecallLot","lot":"A7"}"#),
        (
            Command::SealBatch { batch: id(4), tubes: vec![item] },
            r#"{"type":"SealBatch","batch":"00000000-0000-0000-0000-000000000004","tubes":["00000000-0000-0000-0000-000000000003"]}"#,
        ),
        (
            Command::ReceiveBatch { batch: id(4), by: courier, from: None, tubes: 12, counted: true },
            r#"{"type":"ReceiveBatch","batch":"00000000-0000-0000-0000-000000000004","by":{"kind":"courier","id":"00000000-0000-0000-0000-000000000005"},"tubes":12,"counted":true}"#,
        ),
        (
            Command::ReceiveBatch {
                batch: id(4),
                by: Holder { kind: HolderKind::Lab, id: id(6) },
                from: Some(courier),
                tubes: 12,
                counted: false,
            },
            r#"{"type":"ReceiveBatch","batch":"00000000-0000-0000-0000-000000000004","by":{"kind":"lab","id":"00000000-0000-0000-0000-000000000006"},"from":{"kind":"courier","id":"00000000-0000-0000-0000-000000000005"},"tubes":12}"#,
        ),
        (
            Command::OpenBatch { batch: id(4), missing: Vec::new(), spoiled: vec![item], extra: Vec::new() },
            r#"{"type":"OpenBatch","batch":"00000000-0000-0000-0000-000000000004","spoiled":["00000000-0000-0000-0000-000000000003"]}"#,
        ),
        (
            Command::NameTube { item, alias: "A-77".to_owned(), issuer: "city".to_owned() },
            r#"{"type":"NameTube","item":"00000000-0000-0000-0000-000000000003","alias":"A-77","issuer":"city"}"#,
        ),
        (
            Command::ReportResult {
                report: id(7),
                item,
                finding: Finding::Negative,
                lab: id(6),
                by: id(8),
                instead_of: None,
                reason: None,
            },
            r#"{"type":"ReportResult","report":"00000000-0000-0000-0000-000000000007","item":"00000000-0000-0000-0000-000000000003","finding":"negative","lab":"00000000-0000-0000-0000-000000000006","by":"00000000-0000-0000-0000-000000000008"}"#,
        ),
        (
            Command::ReportResult {
                report: id(9),
                item,
                finding: Finding::Inconclusive,
                lab: id(6),
                by: id(8),
                instead_of: Some(id(7)),
                reason: Some(Reason::PlateSwapped),
            },
            r#"{"type":"ReportResult","report":"00000000-0000-0000-0000-000000000009","item":"00000000-0000-0000-0000-000000000003","finding":"inconclusive","lab":"00000000-0000-0000-0000-000000000006","by":"00000000-0000-0000-0000-000000000008","instead_of":"00000000-0000-0000-0000-000000000007","reason":"plate_swapped"}"#,
        ),
        (
            Command::ReleaseResults { reports: vec![id(7)], by: id(8) },
            r#"{"type":"ReleaseResults","reports":["00000000-0000-0000-0000-000000000007"],"by":"00000000-0000-0000-0000-000000000008"}"#,
        ),
        (
            Command::RecordCallBack { visit, outcome: CallBack::NotReached, by: id(8), report: None },
            r#"{"type":"RecordCallBack","visit":"00000000-0000-0000-0000-000000000001","outcome":"not_reached","by":"00000000-0000-0000-0000-000000000008"}"#,
        ),
        (
            Command::RecordCallBack { visit, outcome: CallBack::Reached, by: id(8), report: Some(id(7)) },
            r#"{"type":"RecordCallBack","visit":"00000000-0000-0000-0000-000000000001","outcome":"reached","by":"00000000-0000-0000-0000-000000000008","report":"00000000-0000-0000-0000-000000000007"}"#,
        ),
        (
            Command::Resample { visit, item },
            r#"{"type":"Resample","visit":"00000000-0000-0000-0000-000000000001","item":"00000000-0000-0000-0000-000000000003"}"#,
        ),
        (
            Command::SettleConflict { conflict: item, keeps: Keeps::Both },
            r#"{"type":"SettleConflict","conflict":"00000000-0000-0000-0000-000000000003","keeps":"both"}"#,
        ),
    ]
}

#[test]
fn each_command_is_written_as_ever_and_read_back() {
    for (command, written) in all() {
        assert_eq!(serde_json::to_string(&command).unwrap(), written);
        assert_eq!(serde_json::from_str::<Command>(written).unwrap(), command);
    }
}
