//! How many were served by the end of each slot, against the events of the same day, which another engine and another probe write.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Scenario, event::Event};
use rehearse::{Luck, Progress, Purpose, Rehearsal};
use std::collections::BTreeMap;

const LUCK: Luck = Luck { seed: 3, purpose: Purpose::Rehearse };
const HOUR: i64 = 36_000_000;

fn example(name: &str) -> Scenario {
    let (scenario, notes) = scenario::read(&scenario::example(name).unwrap(), &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

#[test]
fn what_is_counted_is_what_the_events_tell() {
    for name in ["sunshine-garden", "relief-goods", "flu-clinic"] {
        let scenario = example(name);
        let plan = scenario.arrivals.needs_roll().then(|| plan::waves(&scenario, 0.9));
        let rehearsal = Rehearsal::new(&scenario, plan.as_ref());
        let begun = rehearsal.begun(LUCK, 1, HOUR, 1, &Progress::default()).remove(0);
        let events = rehearse::events::replication_0(&rehearsal, &scenario, LUCK, |ticks| ticks.to_string());
        let mut told: BTreeMap<(usize, i64), u64> = BTreeMap::new();
        let mut tubes: BTreeMap<i64, std::collections::BTreeSet<uuid::Uuid>> = BTreeMap::new();
        for envelope in &events {
            let slot = envelope.at.parse::<i64>().unwrap().div_euclid(HOUR).max(0);
            match &envelope.event {
                Event::ServiceStarted { station, .. } => {
                    let place = scenario.site.stations.iter().position(|of| of.name == *station).unwrap();
                    *told.entry((place, slot)).or_default() += 1;
                }
                Event::ItemGiven { kind, item, .. } if kind == "tube" => {
                    tubes.entry(slot).or_default().insert(*item);
                }
                _ => {}
            }
        }
        assert!(begun.slots() >= 2, "{name}");
        for place in 0..scenario.site.stations.len() {
            for slot in 0..begun.slots() {
                let until = |of: &i64| *of <= slot as i64;
                let expected: u64 = told
                    .iter()
                    .filter(|((at, of), _)| *at == place && until(of))
                    .map(|(_, count)| count)
                    .sum();
                assert_eq!(begun.people(place, slot).sum::<u64>(), expected, "{name} {place} {slot}");
                assert_eq!(begun.parties(place, slot).sum::<u64>(), expected, "here each comes alone");
            }
        }
        // No more tubes were begun than the most that so many people can begin. Four lanes of two who sample.
        for slot in (0..begun.slots()).filter(|_| name == "sunshine-garden") {
            let used: std::collections::BTreeSet<_> =
                tubes.iter().filter(|(of, _)| **of <= slot as i64).flat_map(|(_, items)| items).collect();
            let most: u64 = begun.people(1, slot).map(|people| (people.saturating_sub(2)) / 10 + 2).sum();
            assert!(used.len() as u64 <= most && used.len() as u64 + 8 >= most, "{} of {most}", used.len());
        }
    }
}

#[test]
fn threads_change_nothing() {
    let rehearsal = Rehearsal::new(&example("flu-clinic"), None);
    let progress = Progress::default();
    let one = rehearsal.begun(LUCK, 7, HOUR, 1, &Progress::default());
    assert_eq!(one, rehearsal.begun(LUCK, 7, HOUR, 3, &progress));
    assert_eq!(progress.done.into_inner(), 7);
    let people = rehearsal.run(LUCK, 7, 2, &Progress::default()).people_simulated();
    assert_eq!(one.iter().map(|day| day.arrived).sum::<u64>() as f64, people);
}
