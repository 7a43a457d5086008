//! A review beside the wrong scenario, and cards as people write them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Moment, Notes, Scenario};
use rehearse::{Luck, Purpose, Rehearsal};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use verbs::{Happened, Reviewed};

/// A site of two stations for sixty households of this community, half of whom stay away.
fn scenario(community: &str) -> Scenario {
    let text = format!(
        "format = 1\n[community]\nname = \"{community}\"\ntimezone = \"UTC\"\nhouseholds = 60\nmean_size = 2.5\n\
         entrances = 4\n[round]\npurpose = \"screening\"\ndate = 2022-03-28\nopens = \"07:00\"\n[arrivals]\n\
         law = \"waves\"\n[waves]\nreaction = {{ law = \"constant\", mean_min = 5 }}\n[attendance]\nhouseholds = 0.5\n"
    );
    let files = scenario::Files([("scenario.toml".to_owned(), text.into_bytes())].into());
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

/// The file of a rehearsed day.
fn events(scenario: &Scenario) -> Vec<u8> {
    let plan = plan::waves(scenario, 0.9);
    let rehearsal = Rehearsal::new(scenario, Some(&plan));
    let opening = Moment::parse("2022-03-28T07:00:00Z").unwrap();
    let luck = Luck { seed: 1, purpose: Purpose::Rehearse };
    let at = |ticks| (opening + ticks).rfc3339();
    let lines = rehearse::events::replication_0(&rehearsal, scenario, luck, at);
    lines.iter().flat_map(|event| [serde_json::to_vec(event).unwrap(), b"\n".to_vec()].concat()).collect()
}

fn review(files: &[(&str, Vec<u8>)], scenario: &Scenario) -> (Option<Reviewed>, Notes) {
    let files: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect();
    let plan = plan::waves(scenario, 0.9);
    let zones =
        |_: &str, at: jiff::civil::DateTime| Moment::parse(&at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    verbs::review(&Happened {
        files: &files,
        scenario: Some(scenario),
        plan: Some(&plan),
        run: None,
        curves: 0,
        zones: &zones,
    })
}

/// The files that notes of this code are on.
fn noted<'a>(notes: &'a Notes, code: &str) -> Vec<&'a str> {
    notes.0.iter().filter(|note| note.code == code).map(|note| note.place.file.as_str()).collect()
}

#[test]
fn events_of_another_town_give_no_doors_and_say_so() {
    let (ours, theirs) = (scenario("Our town"), scenario("Their town"));
    let (own, notes) = review(&[("ours.jsonl", events(&ours))], &ours);
    let own = own.unwrap();
    assert!(own.missed.len() > 10 && own.missed.iter().all(|one| one.door.is_some()), "{:?}", own.missed);
    assert!(noted(&notes, "review_other_community").is_empty());

    let (other, notes) = review(&[("theirs.jsonl", events(&theirs))], &ours);
    let other = other.unwrap().missed;
    assert!(!other.is_empty() && other.iter().all(|one| one.door.is_none()), "{other:?}");
    assert_eq!(noted(&notes, "review_other_community"), ["theirs.jsonl"]);

    // One file of another town is enough: both were rehearsed with one seed, so their households share identifiers.
    let (both, notes) = review(&[("a.jsonl", events(&ours)), ("b.jsonl", events(&theirs))], &ours);
    let both = both.unwrap().missed;
    assert!(!both.is_empty() && both.iter().all(|one| one.door.is_none()), "{both:?}");
    assert_eq!(noted(&notes, "review_other_community"), ["b.jsonl"]);
}

#[test]
fn whose_a_real_round_is_its_events_do_not_say() {
    let ours = scenario("Our town");
    let real = String::from_utf8(events(&ours)).unwrap().lines().fold(String::new(), |lines, line| {
        let mut event: Value = serde_json::from_str(line).unwrap();
        event["origin"] = json!("real");
        event["community_id"] = json!("6d1b2c3a-0000-4000-8000-000000000001");
        lines + &event.to_string() + "\n"
    });
    let (reviewed, notes) = review(&[("events.jsonl", real.into_bytes())], &ours);
    let missed = reviewed.unwrap().missed;
    assert!(!missed.is_empty() && missed.iter().all(|one| one.door.is_none()), "{missed:?}");
    assert!(noted(&notes, "review_other_community").is_empty());
}

#[test]
fn cards_may_call_a_station_by_its_word_in_any_language() {
    let cards = "card,station,came,start,end\n1,登记,7:00,7:01,7:02\n1,Sampling,7:02,7:03,7:04\n\
                 2,registration,7:01,7:02,7:04\n2,后门,7:05,7:05,7:06\n";
    let (reviewed, notes) = review(&[("cards.csv", cards.into())], &scenario("Our town"));
    let stations = reviewed.unwrap().review.stations;
    let measured: Vec<_> = stations.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(measured, ["registration", "sampling", "后门"]);
    let unknown = notes.0.iter().filter(|note| note.code == "review_station_unknown");
    assert_eq!(unknown.map(|note| note.args[0].1.as_str()).collect::<Vec<_>>(), ["后门"]);
}

#[test]
fn a_workbook_is_no_table_of_cards() {
    let (reviewed, notes) = review(&[("cards.csv", b"PK\x03\x04rest".to_vec())], &scenario("Our town"));
    assert!(reviewed.is_none());
    assert_eq!(noted(&notes, "sheet_not_converted"), ["cards.csv"]);
}
