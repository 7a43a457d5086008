//! The log of decisions in a folder: written as it is read, and carried into what tomorrow's plan is made from.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "notes/said.rs"]
mod said;

use domain::decision::{
    Act, Agreement, By, Change, Entry, Expected, Fact, Figure, Onto, Proposal, State, What,
};
use jiff::civil::{DateTime, date};
use said::{rendered, without_words};
use scenario::{
    Files, TAKEN_AWAY, Takes, WithTexts, decide, example, export_method, read, read_decisions, read_method,
    take_method, value_at,
};

fn at(minute: i8) -> DateTime {
    date(2022, 3, 28).at(20, minute, 0, 0)
}

fn line(minute: i8, by: &[By], words: &str, what: What) -> Entry {
    Entry { at: at(minute), by: by.to_vec(), words: words.to_owned(), what }
}

fn proposal(change: Change) -> Proposal {
    Proposal {
        problem: "People waited an hour at the first table.".to_owned(),
        change,
        figure: Figure::WaitP95,
        expected: Some(Expected {
            before: 126.5,
            after: 79.25,
            difference: Some([-48.0, -46.5]),
            one_day: Some([2.0, 1.5]),
        }),
        measured: Some(Fact { value: 130.25, error: None, on: Some(date(2022, 3, 28)) }),
    }
}

fn proposed(change: Change, words: &str) -> Entry {
    line(0, &[By::Volunteer], words, What::Proposed(Box::new(proposal(change))))
}

fn two_clerks() -> Entry {
    let (key, value) = ("site.station.registration.servers".to_owned(), "2".to_owned());
    proposed(Change::Value { key, value }, "Two clerks at each table.")
}

fn moved(minute: i8, decision: u32, act: Act, words: &str) -> Entry {
    line(minute, &[By::Secretariat], words, What::Moved { decision, act })
}

fn agree(minute: i8, decision: u32) -> Entry {
    let act = Act::Agree(Agreement::default());
    line(minute, &[By::Secretariat, By::Committee], "", What::Moved { decision, act })
}

/// The folder after these lines; each must be taken.
fn after(mut files: Files, lines: &[Entry]) -> Files {
    for entry in lines {
        let (with, notes) = decide(&files, entry.clone());
        files = with.unwrap_or_else(|| panic!("{entry:?}: {}", rendered(&notes)));
    }
    files
}

fn text(files: &Files, name: &str) -> String {
    String::from_utf8(files.0[name].clone()).unwrap()
}

#[test]
fn every_kind_of_line_is_read_as_it_was_written_and_none_above_it_is_touched() {
    let trial = Act::Try { on: Some(date(2022, 3, 29)), part: "buildings 1 to 6".to_owned() };
    let lines = [
        line(0, &[By::Adviser], "Stand two steps apart; \"quotes\", 'too' \\ and 中文。", What::Said),
        two_clerks(),
        moved(5, 1, Act::Object, "Too much work."),
        moved(6, 1, trial, ""),
        agree(7, 1),
        Entry { at: at(8), ..proposed(Change::Rule(Onto::Log), "Water for every team.") },
        moved(9, 2, Act::Drop, "The town brings it."),
    ];
    let mut files = example("sunshine-garden").unwrap();
    for entry in &lines {
        let before = files.0.get("decisions.toml").cloned().unwrap_or_default();
        files = after(files, std::slice::from_ref(entry));
        assert!(files.0["decisions.toml"].starts_with(&before));
    }
    let (log, notes) = read_decisions(&files);
    assert_eq!(rendered(&notes), "");
    assert_eq!(log.said, [lines[0].clone()]);
    let [clerks, water] = &log.all[..] else { panic!("{log:?}") };
    let What::Proposed(of) = &lines[1].what else { unreachable!() };
    assert_eq!((&clerks.proposal, &clerks.words, &clerks.by), (&**of, &lines[1].words, &lines[1].by));
    assert_eq!((clerks.state, water.state), (State::Agreed, State::Dropped));
    assert_eq!(clerks.moves[..2], lines[2..4]);
    // What stood there until then goes with the agreement.
    assert_eq!(clerks.agreement().unwrap().1.old.as_deref(), Some("1"));
    assert_eq!(clerks.moves[2].by, [By::Secretariat, By::Committee]);
}

#[test]
fn an_agreed_value_stands_in_the_scenario_until_it_is_taken_back() {
    let files = example("sunshine-garden").unwrap();
    let key = "site.station.registration.servers";
    let proposed = after(files.clone(), &[two_clerks()]);
    assert_eq!(
        (value_at(&proposed, key), &proposed.0["scenario.toml"]),
        (Some("1".to_owned()), &files.0["scenario.toml"])
    );
    let agreed = after(proposed, &[agree(1, 1)]);
    assert_eq!(value_at(&agreed, key).as_deref(), Some("2"));
    let scenario = read(&agreed, &[], &mut |_, _| {}).0.unwrap();
    assert_eq!((&*scenario.lessons[0].key, &*scenario.lessons[0].why), (key, "Two clerks at each table."));
    let back = moved(2, 1, Act::Drop, "Nobody had so many people.");
    assert_eq!(value_at(&after(agreed.clone(), std::slice::from_ref(&back)), key).as_deref(), Some("1"));
    // What somebody has changed since is theirs.
    let theirs = scenario::edit(&agreed, &[(key.to_owned(), "3".to_owned())]).0.unwrap();
    let (left, notes) = decide(&theirs, back);
    assert_eq!(value_at(&left.unwrap(), key).as_deref(), Some("3"));
    assert_eq!(rendered(&notes), format!("warning decisions.toml decision_stays key={key}\n"));
    assert_eq!(without_words(&notes), Vec::<String>::new());
}

#[test]
fn a_key_that_did_not_stand_there_goes_again() {
    let (key, value) = ("waves.load".to_owned(), "0.85".to_owned());
    let files = example("sunshine-garden").unwrap();
    assert_eq!(value_at(&files, &key), None);
    let set = proposed(Change::Value { key: key.clone(), value }, "Call more slowly.");
    let files = after(files, &[set, agree(1, 1)]);
    assert_eq!(value_at(&files, &key).as_deref(), Some("0.85"));
    let files = after(files, &[moved(2, 1, Act::Drop, "It took too long.")]);
    assert_eq!(value_at(&files, &key), None);
    let taken = proposed(
        Change::Value { key: "site.station.sampling.changeover".into(), value: TAKEN_AWAY.into() },
        "Nobody changes gloves at the table any more.",
    );
    let without = after(files, &[taken, agree(3, 2)]);
    assert_eq!(value_at(&without, "site.station.sampling.changeover"), None);
    let with = after(without, &[moved(4, 2, Act::Drop, "They do.")]);
    let stands = value_at(&with, "site.station.sampling.changeover").unwrap();
    assert!(stands.contains("every = 10") && stands.contains("away_s = 15"), "{stands}");
}

#[test]
fn an_agreed_rule_stands_where_it_is_read_until_it_is_taken_back() {
    let files = example("sunshine-garden").unwrap();
    let more = |files: &Files| read(files, &[], &mut |_, _| {}).0.unwrap().own_rules.more;
    let tasks = |files: &Files| {
        let service = scenario::service("screening", files).0.unwrap();
        let card = service.roles.into_iter().find(|role| role.name.0["en"] == "Caller").unwrap();
        card.tasks.into_iter().map(|task| task.0["en"].clone()).collect::<Vec<String>>()
    };
    let (before, cards) = (more(&files), tasks(&files));
    let lines = [
        proposed(Change::Rule(Onto::Notice), "Bring your own pen."),
        proposed(Change::Rule(Onto::Card("caller".to_owned())), "Knock twice, then ring."),
        agree(1, 1),
        agree(2, 2),
    ];
    let agreed = after(files, &lines);
    assert_eq!(more(&agreed).len(), before.len() + 1);
    assert_eq!(more(&agreed).last().unwrap().1.0["en"], "Bring your own pen.");
    assert_eq!(tasks(&agreed), [&cards[..], &["Knock twice, then ring.".to_owned()]].concat());
    assert!(text(&agreed, "services/screening.toml").contains("\n    \"Knock twice, then ring.\",\n]"));
    // Taking a second one of the same words back would take the first one's.
    for onto in [Onto::Notice, Onto::Card("Caller".to_owned())] {
        let words = if onto == Onto::Notice { "Bring your own pen." } else { "Knock twice, then ring." };
        let (with, notes) = decide(&agreed, proposed(Change::Rule(onto), words));
        assert!(with.is_none(), "{}", rendered(&notes));
        assert!(notes.0.iter().any(|note| note.code == "decision_stands"), "{}", rendered(&notes));
    }
    let back =
        after(agreed, &[moved(3, 1, Act::Drop, "There are pens."), moved(4, 2, Act::Drop, "Bells are out.")]);
    assert_eq!((more(&back), tasks(&back)), (before, cards));
}

#[test]
fn what_may_not_follow_or_cannot_stand_there_changes_nothing() {
    let files = after(example("sunshine-garden").unwrap(), &[two_clerks()]);
    let value = |key: &str, value: &str| Change::Value { key: key.to_owned(), value: value.to_owned() };
    for (entry, expected) in [
        (moved(1, 2, Act::Drop, "No."), "decision_unknown"),
        (moved(1, 1, Act::Object, ""), "decision_words"),
        (
            line(1, &[By::Review], "", What::Moved { decision: 1, act: Act::Agree(Agreement::default()) }),
            "decision_nobody",
        ),
        (line(1, &[By::Volunteer], "Call 021-5555-0100.", What::Said), "decision_telephone"),
        (line(1, &[By::Volunteer], &"很".repeat(601), What::Said), "decision_long"),
        (line(1, &[By::Volunteer], "", What::Said), "missing_key"),
        (proposed(value("site.lane", "3"), "Three."), "unknown_key"),
        (proposed(value("site.lanes", "many"), "Many."), "not_a_whole_number"),
        (proposed(Change::Rule(Onto::Card("Cook".to_owned())), "Cook."), "decision_role"),
    ] {
        let (with, notes) = decide(&files, entry);
        assert!(with.is_none(), "{expected}");
        assert!(notes.0.iter().any(|note| note.code == expected), "{expected}: {}", rendered(&notes));
        assert_eq!(without_words(&notes), Vec::<String>::new());
        assert!(!rendered(&notes).contains("5555"));
    }
    let agreed = after(files, &[agree(1, 1)]);
    let (with, notes) = decide(&agreed, agree(2, 1));
    assert!(with.is_none() && notes.0[0].code == "decision_move", "{}", rendered(&notes));
}

#[test]
fn all_that_is_wrong_in_a_log_is_said_at_its_row() {
    let mut files = example("sunshine-garden").unwrap();
    files.0.insert("decisions.toml".into(), include_bytes!("wrong/decisions/decisions.toml").to_vec());
    let (scenario, notes) = read(&files, &[], &mut |_, _| {});
    assert!(scenario.is_none());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    insta::assert_snapshot!(rendered(&notes));
}

#[test]
fn agreed_rules_go_to_another_community_as_proposals_and_nobodys_words_do() {
    let rule = proposed(Change::Rule(Onto::Card("Caller".to_owned())), "Knock twice, then ring.");
    let dropped = proposed(Change::Rule(Onto::Notice), "Come when you like.");
    let lines = [
        line(0, &[By::Resident], "It was cold.", What::Said),
        rule,
        dropped,
        moved(1, 1, Act::Object, "Old people sleep."),
        line(
            2,
            &[By::Secretariat],
            "Only after nine.",
            What::Moved { decision: 1, act: Act::Agree(Agreement::default()) },
        ),
        moved(3, 2, Act::Drop, "Nobody did."),
    ];
    let theirs = after(example("sunshine-garden").unwrap(), &lines);
    let method = export_method(&theirs, None, WithTexts::default()).0.unwrap();
    let text = text(&method, "method.toml");
    assert!(text.contains("[[rule]]\nwords = \"Knock twice, then ring.\"\nrole = \"Caller\"\n"), "{text}");
    for words in ["cold", "Old people", "after nine", "when you like", "an hour", "volunteer"] {
        assert!(!text.contains(words), "{words}");
    }
    let read_back = read_method(&method).0.unwrap();
    for (name, change) in [("sunshine-garden", Onto::Card("Caller".to_owned())), ("flu-clinic", Onto::Log)] {
        let ours = example(name).unwrap();
        let takes = Takes { only: &[], at: at(30), why: &|_| String::new() };
        let (taken, notes) = take_method(&read_back, &method, &ours, &takes);
        let (with, took) = taken.unwrap_or_else(|| panic!("{}", rendered(&notes)));
        assert_eq!(took.rules, 1);
        let log = read_decisions(&with).0;
        assert_eq!((log.all[0].by.as_slice(), log.all[0].state), (&[By::Method][..], State::Proposed));
        assert_eq!(log.all[0].proposal.change, Change::Rule(change));
        // Taken over twice, it is proposed once.
        let again = take_method(&read_back, &method, &with, &takes).0.unwrap().1;
        assert_eq!(again.rules, 0);
    }
}

#[test]
fn an_agreed_rule_of_notices_is_handed_on_as_a_rule_and_not_as_a_sentence() {
    let mut files = example("sunshine-garden").unwrap();
    files.0.insert("notice.toml".to_owned(), b"format = 1\n[more]\nround = [\"Wear a mask.\"]\n".to_vec());
    let lines = [proposed(Change::Rule(Onto::Notice), "Bring your own pen."), agree(1, 1)];
    let theirs = after(files, &lines);
    let method = export_method(&theirs, None, WithTexts { texts: true, ..WithTexts::default() }).0.unwrap();
    let sentences = text(&method, "notice.toml");
    assert!(sentences.contains("Wear a mask.") && !sentences.contains("pen"), "{sentences}");
    // Whoever says it already, in another spelling, says it once.
    let mut ours = example("sunshine-garden").unwrap();
    ours.0.insert(
        "notice.toml".to_owned(),
        b"format = 1\n[more]\nround = ['Wear a mask.', 'Bring your own pen.']\n".to_vec(),
    );
    let takes = Takes { only: &[], at: at(30), why: &|_| String::new() };
    let read_back = read_method(&method).0.unwrap();
    let (taken, notes) = take_method(&read_back, &method, &ours, &takes);
    let (with, took) = taken.unwrap_or_else(|| panic!("{}", rendered(&notes)));
    assert_eq!((took.sentences, took.rules), (0, 0));
    assert_eq!(with.0.get("notice.toml"), ours.0.get("notice.toml"));
}

#[test]
fn nothing_is_handed_on_while_the_volunteers_names_cannot_be_read() {
    let mut files = example("sunshine-garden").unwrap();
    files.0.insert("volunteers.csv".to_owned(), b"who\nAnna Example\n".to_vec());
    let (method, notes) = export_method(&files, None, WithTexts { texts: true, ..WithTexts::default() });
    assert!(method.is_none() && notes.refuses(), "{}", rendered(&notes));
    assert!(!rendered(&notes).contains("Anna"));
}
