//! The plan's file.

#[path = "notes/said.rs"]
mod said;

use domain::Scenario;
use domain::plan::{Plan, Policy, Wave};
use said::{rendered, without_words};
use scenario::{Files, read, read_plan, write_plan};

const SECOND: i64 = chance::TICKS_PER_SECOND;

/// A round late in the evening: four households of 1-1, 1-2.
fn scenario() -> Scenario {
    let text = "format = 1\n[community]\nname = \"A\"\ntimezone = \"UTC\"\nhouseholds = 4\nentrances = 2\nmean_size = 1\n\
        [round]\npurpose = \"screening\"\nopens = 2022-03-28T23:30\n[site]\nlanes = 2\n[arrivals]\nlaw = \"waves\"\n";
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), text.into());
    let (scenario, notes) = read(&files, &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{}", rendered(&notes)))
}

fn plan() -> Plan {
    let wave = |number, call_at, lane, households| Wave { number, call_at, lane, households, pinned: false };
    Plan {
        policy: Policy::Waves,
        load: Some(0.95),
        waves: vec![wave(1, -300 * SECOND, 1, vec![1, 0]), wave(2, 2_400 * SECOND, 0, vec![2, 3])],
        ..Plan::default()
    }
}

#[test]
fn a_plan_that_was_written_is_read_back_as_it_was() {
    let scenario = scenario();
    let file = write_plan(&plan(), &scenario);
    assert_eq!(file.waves[0].call_at, "23:25:00");
    assert_eq!(file.waves[1].call_at, "2022-03-29T00:10:00");
    assert_eq!(file.waves[0].members, ["1-1-102", "1-1-101"]);
    assert_eq!((file.waves[0].lane, file.waves[0].households, file.waves[0].people), (2, 2, 2));
    let mut json = serde_json::to_value(&file).unwrap();
    json["forecast"] = "other keys are ignored".into();
    let (read, notes) = read_plan("plan.json", json.to_string().as_bytes(), &scenario);
    assert_eq!(rendered(&notes), "");
    assert_eq!(read, Some(plan()));
}

#[test]
fn a_pinned_wave_is_written_and_read_and_the_others_do_not_mention_it() {
    let scenario = scenario();
    let mut plan = plan();
    plan.waves[1].pinned = true;
    let text = serde_json::to_string(&write_plan(&plan, &scenario)).unwrap();
    assert_eq!(text.matches("\"pinned\":true").count(), 1);
    assert_eq!(text.matches("pinned").count(), 1);
    assert_eq!(read_plan("plan.json", text.as_bytes(), &scenario).0, Some(plan));
    let wrong = text.replace("\"pinned\":true", "\"pinned\":\"yes\"");
    let (read, notes) = read_plan("plan.json", wrong.as_bytes(), &scenario);
    assert!(read.is_none());
    assert_eq!(rendered(&notes), "error plan.json:waves[2].pinned plan_pinned value=yes\n");
    assert_eq!(without_words(&notes), Vec::<String>::new());
}

#[test]
fn everything_that_is_wrong_with_a_plan_is_said_at_once() {
    let json = r#"{"policy": "wave", "load": "high", "waves": [
        {"number": 1, "call_at": "23:30", "lane": 3, "households": 2, "people": 9, "members": ["1-1-101", "9-9-999"]},
        {"number": 1, "call_at": "half past", "lane": 1, "households": 1, "people": 1, "members": ["1-1-101", 5]},
        {"number": 0, "call_at": "2022-05-28T23:30:00", "lane": "1", "households": 3, "people": 3, "members": []},
        {"number": 4, "call_at": "23:30:00", "lane": 1},
        7
    ]}"#;
    let (plan, notes) = read_plan("plan.json", json.as_bytes(), &scenario());
    assert!(plan.is_none());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    insta::assert_snapshot!(rendered(&notes));
}

#[test]
fn a_household_that_nobody_calls_and_a_wrong_count_are_warnings() {
    let scenario = scenario();
    let mut file = write_plan(&plan(), &scenario);
    file.waves[1].members.pop();
    let (plan, notes) = read_plan("plan.json", &serde_json::to_vec(&file).unwrap(), &scenario);
    assert!(plan.is_some());
    insta::assert_snapshot!(rendered(&notes));
}

#[test]
fn a_file_that_is_cut_off_or_no_plan_says_where() {
    let scenario = scenario();
    let whole = serde_json::to_string_pretty(&write_plan(&plan(), &scenario)).unwrap();
    let mut said = String::new();
    for text in ["", &whole[..whole.len() / 2], "number,call_at\n1,07:00\n", "[]", "{\"policy\": \"waves\"}"]
    {
        let (plan, notes) = read_plan("plan.json", text.as_bytes(), &scenario);
        assert!(plan.is_none());
        assert_eq!(without_words(&notes), Vec::<String>::new());
        said.push_str(&rendered(&notes));
    }
    insta::assert_snapshot!(said);
}
