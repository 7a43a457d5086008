//! What must be at the gate when, of examples.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Event, Moment};
use jiff::civil::DateTime;
use rehearse::Progress;
use round::{Folded, Phase};
use scenario::{Files, example, read};
use std::collections::BTreeMap;
use verbs::{
    Beside, By, Cost, Desk, Machine, Run, Trials, Voice, Work,
    options::RehearseOptions,
    provision::{Needs, Provision},
};
use words::Language;

struct Alone;

impl Machine for Alone {
    fn watch(&self, _: &'static str, _: u64, work: &mut Work<'_>) -> Cost {
        work(2, &Progress::default());
        Cost::default()
    }
}

fn rehearsed(files: &Files, sets: &[(&str, &str)]) -> serde_json::Value {
    let sets: Vec<(String, String)> =
        sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let scenario = read(files, &sets, &mut |_, _| {}).0.unwrap();
    let run = Run { seed: 1, reps: 50, trials: Trials::QUICK, on_event_engine: false, machine: &Alone };
    let mut found = verbs::rehearse(&scenario, &run, By::Law, Beside::Nothing, false).unwrap();
    assert!(found.supplies.is_none(), "nobody asked");
    found.provide(&run);
    serde_json::to_value(found.output(Voice { language: Language::En })).unwrap()
}

#[test]
fn parcels_for_each_household_that_is_served() {
    let out = rehearsed(&example("relief-goods").unwrap(), &[]);
    let (served, supplies) = (out["served"].as_f64().unwrap(), &out["supplies"]);
    let good = |name: &str| {
        let goods = supplies["goods"].as_array().unwrap();
        goods.iter().find(|good| good["good"].as_str().unwrap().starts_with(name)).unwrap().clone()
    };
    let parcels = good("food parcels");
    let total = parcels["total"].as_f64().unwrap();
    // On 98 of 100 days: some more than on the mean day, and no more than there are households.
    assert!(total >= served && total <= 1200.0, "{total} for {served}");
    assert_eq!(good("carrier bags")["total"].as_f64().unwrap(), 2.0 * total);
    // Each slot is served: what is there, with what is brought by then.
    for good in supplies["goods"].as_array().unwrap() {
        let brought = |until: &str| -> u64 {
            let shipments = supplies["shipments"].as_array().unwrap().iter();
            let by = shipments.filter(|of| of["at"].as_str().unwrap() < until);
            let lines =
                by.flat_map(|of| of["lines"].as_array().unwrap()).filter(|line| line["good"] == good["good"]);
            lines.map(|line| line["count"].as_u64().unwrap()).sum()
        };
        for slot in good["slots"].as_array().unwrap() {
            let there = slot["there"].as_u64().unwrap() + brought(slot["from"].as_str().unwrap());
            assert!(there >= slot["through"].as_u64().unwrap(), "{slot}");
        }
    }
    // One at the list and two at the gate in each of three lanes, and six who go to the doors: 15 for as long as people are served.
    let gloves = good("gloves")["total"].as_f64().unwrap();
    let hours = gloves / 15.0;
    assert!((1.7..4.0).contains(&hours), "{hours} hours");
    // On a hot day more water.
    let hot = rehearsed(&example("relief-goods").unwrap(), &[("supplies.hot", "true")]);
    assert_eq!(hot["supplies"]["hot"], true);
    let water = |of: &serde_json::Value| of["supplies"]["goods"][2]["total"].as_f64().unwrap();
    assert!((water(&hot) / water(&out) - 1.5 / 0.7).abs() < 0.05, "{} {}", water(&hot), water(&out));
}

#[test]
fn a_folder_without_the_file_says_nothing_of_supplies() {
    let mut files = example("relief-goods").unwrap();
    files.0.remove("supplies.csv");
    assert!(rehearsed(&files, &[]).get("supplies").is_none());
}

/// A whole rehearsed day, as phones would have told it: what it used is what its people took, and no more than the plan needs.
#[test]
fn what_a_day_used_follows_from_its_events() {
    let files = example("relief-goods").unwrap();
    let zones = |_: &str, at: DateTime| Moment::parse(&at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    let desk =
        Desk { files: &files, machine: &Alone, zones: &zones, voice: Voice { language: Language::En } };
    let (scenario, plan) = desk.planned(&RehearseOptions::default()).unwrap();
    let needs: Needs = desk.needs(&scenario, plan.as_ref());
    let (site, events) = desk.board(&RehearseOptions::default()).unwrap();
    let opens = site.rules.opens;
    let provision = Provision { scenario: &scenario, needs: &needs, opens };
    assert!(provision.is_any());
    let mut served = BTreeMap::new();
    for told in &events {
        if let Event::ItemGiven { visit, .. } = told.event {
            served.entry(visit).or_insert(Moment::parse(&told.at).unwrap());
        }
    }
    assert!(served.len() > 900, "{}", served.len());
    let mut folded = Folded::new(site.rules, site.calls);
    folded.admit(events);
    let Phase::Closed { at } = folded.live().round().phase() else { panic!("the day is over") };
    let used = provision.used(folded.live().round().phase(), folded.happened(), at);
    let sum = |slots: &[verbs::provision::SlotLines], name: &str| -> u64 {
        let lines = slots.iter().flat_map(|slot| &slot.lines);
        lines.filter(|(good, _)| good.name.starts_with(name)).map(|(_, count)| count).sum()
    };
    assert_eq!(sum(&used, "food parcels"), served.len() as u64);
    assert_eq!(sum(&used, "carrier bags"), 2 * served.len() as u64);
    let needed = provision.slots();
    for name in ["food parcels", "carrier bags", "water", "gloves"] {
        assert!((1..=sum(&needed, name)).contains(&sum(&used, name)), "{name}: {used:?} of {needed:?}");
    }
    // Halfway through the day as much as those who had been served by then, and of what staff use the hours that are over.
    let half = Moment((opens.0 + at.0) / 2);
    let by_then = folded.happened().filter(|told| Moment::parse(&told.at).unwrap() <= half);
    let used = provision.used(Phase::Open { since: opens }, by_then, half);
    let some = served.values().filter(|at| **at <= half).count() as u64;
    let parcels = sum(&used, "food parcels");
    // A service begins before the parcel is given.
    assert!((some..=some + 20).contains(&parcels), "{parcels} of {some}");
    assert!(sum(&used, "gloves") < sum(&needed, "gloves"));
    // What was taken back is told as nothing, slot by slot, so that it is used no more.
    let none = provision.used(Phase::Before, [].into_iter(), half);
    assert_eq!(none.len(), needed.len());
    assert!(none.iter().all(|slot| slot.lines.len() == 4 && slot.lines.values().all(|count| *count == 0)));
}
