//! Facts as they are written: tags and fields only grow.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use std::collections::BTreeSet;
use teams::{ConflictKind, Event, Fitness, NearWhy, Refusal, Role, Shared, Stage, Told};
use words::{Language, say};

const GOLDEN: &str = include_str!("golden.ndjson");

#[test]
fn what_was_once_written_is_read_and_written_the_same() {
    let mut tags = BTreeSet::new();
    for line in GOLDEN.lines() {
        let told: Told = serde_json::from_str(line).unwrap_or_else(|no| panic!("{no}: {line}"));
        assert_eq!(serde_json::to_string(&told).unwrap(), line);
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        tags.insert(value["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(tags.len(), 30, "one line at least for each kind of fact: {tags:?}");
    // What nobody has heard of is not taken for something else.
    let line = GOLDEN.lines().next().unwrap().replace("\"Named\"", "\"Renamed\"");
    assert!(serde_json::from_str::<Told>(&line).is_err());
}

#[test]
fn a_request_without_an_end_is_not_read() {
    let line = GOLDEN.lines().find(|line| line.contains("\"Requested\"")).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
    value["request"].as_object_mut().unwrap().remove("until");
    let no = serde_json::from_value::<Told>(value).unwrap_err().to_string();
    assert!(no.contains("until"), "{no}");
}

#[test]
fn whatever_is_said_has_words_in_all_languages() {
    use Refusal::*;
    let refusals = [
        Unknown,
        Known,
        NotYours,
        ReceiverSays,
        NameOfMember,
        TextMissing,
        TextLong { most: 1 },
        FactLong { bytes: 1 },
        NoStart,
        NoEnd,
        TimeOrder,
        TimePast,
        NumberOff { most: 1 },
        RulesOff,
        HeatOff,
        StrengthUnknown,
        AboveReserve { people: 1, reserve: 1, promised: 1, most: 1 },
        Over,
        Answered,
        AboveOffer { most: 1 },
        AboveNeed { most: 1 },
        AboveAccepted { most: 1 },
        TeamElsewhere { team: String::new(), until: String::new() },
        StepOrder { stage: Stage::Over.key() },
        BedsShort { beds: 1, people: 1 },
        BedTwice { people: 1 },
        MemberElsewhere,
        NotMembers { people: 1 },
        MembersTwice { people: 1 },
        NotThere,
        Unfit { people: 1 },
        AtWork { people: 1 },
        RestShort { people: 1, hours: 1 },
        WorkLong { people: 1, hours: 1 },
        SpellLong { hours: 1 },
        HeatStop { celsius: 40 },
        HeatWindow { from: 11, until: 15 },
        SparedOut { people: 1 },
        SupervisorsShort { needed: 1, has: 0 },
        CrewsShort { from: String::new(), people: 1, free: 1 },
        NotInConflict,
    ];
    let at = domain::Moment(0);
    let stages =
        [Stage::Committed, Stage::Departed, Stage::Arrived, Stage::Lodged, Stage::Leaving, Stage::Over];
    let fitness = [
        Fitness::Fit,
        Fitness::Exposed { clear_from: at },
        Fitness::ToIsolate { since: at },
        Fitness::Isolated { since: at },
    ];
    for language in Language::ALL {
        let is_said = |key: &str, args: &[(&'static str, String)]| {
            let said = say(language, key, args);
            assert!(said != key && !said.contains('{'), "{key} in {}: {said}", language.tag());
        };
        for of in &refusals {
            let (code, args) = of.said();
            is_said(&format!("problem.{code}"), &args);
            is_said(&format!("problem_mend.{code}"), &args);
        }
        NearWhy::ALL.iter().for_each(|of| is_said(of.key(), &[]));
        stages.iter().for_each(|of| is_said(of.key(), &[]));
        fitness.iter().for_each(|of| is_said(of.key(), &[]));
        Role::ALL.iter().for_each(|of| is_said(of.key(), &[]));
        Shared::ALL.iter().for_each(|of| is_said(of.key(), &[]));
        for kind in ConflictKind::ALL {
            let id = uuid::Uuid::nil();
            let conflict = teams::Conflict { kind: *kind, of: id, first: (at, id), second: (at, id) };
            let (key, args) = conflict.said(&teams::Teams::default());
            is_said(key, &args);
        }
    }
}

/// Keeps the list of kinds beside the file: a new one does not compile here until it has a line there.
#[expect(dead_code, reason = "it is for the compiler")]
fn each_kind(event: &Event) {
    match event {
        Event::Named { .. }
        | Event::RulesSet { .. }
        | Event::Declared { .. }
        | Event::Requested { .. }
        | Event::Declined { .. }
        | Event::RequestClosed { .. }
        | Event::Offered { .. }
        | Event::OfferAccepted { .. }
        | Event::OfferDeclined { .. }
        | Event::OfferWithdrawn { .. }
        | Event::Committed { .. }
        | Event::Stepped { .. }
        | Event::Lodged { .. }
        | Event::ChangeAsked { .. }
        | Event::ChangeAnswered { .. }
        | Event::LodgingOpened { .. }
        | Event::Formed { .. }
        | Event::Joined { .. }
        | Event::Left { .. }
        | Event::Checked { .. }
        | Event::Tested { .. }
        | Event::Isolated { .. }
        | Event::Freed { .. }
        | Event::HeatForecast { .. }
        | Event::ShiftPlanned { .. }
        | Event::ShiftBegan { .. }
        | Event::ShiftEnded { .. }
        | Event::ShiftDropped { .. }
        | Event::Received { .. }
        | Event::Settled { .. } => {}
    }
}
