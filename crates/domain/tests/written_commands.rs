//! The written form of every command, pinned: phones of an older version send them, and commands only grow.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{
    command::{Command, Table, Thing},
    event::{Answer, Gate, Guest, Keeps},
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
            Command::CountQueue { station: station(), lane: 2, people: 40 },
            r#"{"type":"CountQueue","station":"sampling","lane":2,"people":40}"#,
        ),
        (
            Command::CountPeople { gate: Gate::In, people: 1 },
            r#"{"type":"CountPeople","gate":"in","people":1}"#,
        ),
        (Command::RecallLot { lot: "A7".to_owned() }, r#"{"type":"RecallLot","lot":"A7"}"#),
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
