//! Waves by search: what is promised of every plan that comes out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Plan, Policy, Scenario};
use plan::search::{Free, Searched};
use rehearse::Progress;
use scenario::Files;
use std::collections::BTreeSet;
use verbs::{Cost, Machine, Run, Search, Trials, Work, search};

struct Here;

impl Machine for Here {
    fn watch(&self, _: &'static str, _: u64, work: &mut Work<'_>) -> Cost {
        work(1, &Progress::default());
        Cost::default()
    }
}

fn run() -> Run<'static> {
    Run { seed: 1, reps: 200, trials: Trials::FULL, on_event_engine: false, machine: &Here }
}

/// 900 people in two lanes of a registrar and two samplers, of whom one would do.
fn compound() -> Scenario {
    let text = "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\nhouseholds = 350\nmean_size = 2.6\nentrances = 10\n\
         [round]\npurpose = \"screening\"\ndate = 2022-03-28\nopens = \"07:00\"\ncloses = \"11:00\"\n[site]\nlanes = 2\n\
         [[site.station]]\nname = \"registration\"\nservers = 1\nservice = { law = \"lognormal\", mean_s = 14, cv = 0.9 }\n\
         [[site.station]]\nname = \"sampling\"\nservers = 2\nservice = { law = \"lognormal\", mean_s = 9, cv = 0.4 }\n\
         [arrivals]\nlaw = \"broadcast\"\nat = \"07:00\"\nreaction = { law = \"lognormal\", median_min = 30, sigma = 0.8 }\n\
         [waves]\nreaction = { law = \"normal\", mean_min = 3, sd_min = 4 }\n\
         late = { share = 0.1, law = \"uniform\", min_min = 5, max_min = 60 }\n\
         callers = { number = 6, law = \"lognormal\", mean_s = 40, cv = 0.5 }\n[attendance]\nhouseholds = 0.97\npersons = 0.98\n";
    let files = Files([("scenario.toml".to_owned(), text.as_bytes().to_vec())].into());
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

fn found(scenario: &Scenario, kept: Option<&Plan>, staff: bool, steps: u32) -> Searched {
    let mut left = steps;
    let mut goes_on = |_: f64| {
        left = left.saturating_sub(1);
        left > 0
    };
    search(scenario, &run(), kept, Search { free: Free { staff }, threads: 1, goes_on: &mut goes_on })
}

fn everyone_once(plan: &Plan, scenario: &Scenario) {
    let called: Vec<u32> = plan.waves.iter().flat_map(|wave| wave.households.iter().copied()).collect();
    let different: BTreeSet<u32> = called.iter().copied().collect();
    assert_eq!(
        (called.len(), different.len()),
        (scenario.roll.households.len(), scenario.roll.households.len())
    );
}

#[test]
fn a_searched_plan_keeps_its_target_on_luck_of_its_own_and_ends_as_early_as_a_crowd() {
    let scenario = compound();
    let broadcast =
        run().rehearse(&run().rehearsal(&scenario, Some(&plan::broadcast(&scenario)))).0.figures();
    let mut ends = Vec::new();
    for staff in [false, true] {
        let found = found(&scenario, None, staff, u32::MAX);
        everyone_once(&found.plan, &scenario);
        assert!(found.meets_target && found.confirmed.wait_p95_upper_min <= 10.0, "{found:?}");
        assert_eq!(found.plan.staff.is_empty(), !staff, "{:?}", found.plan.staff);
        let figures = run().rehearse(&run().rehearsal(&scenario, Some(&found.plan))).0.figures();
        let (done, crowd) = (figures.done_97_min.unwrap(), broadcast.done_97_min.unwrap());
        assert!(figures.wait_min.p95.unwrap() <= 10.0, "{:?}", figures.wait_min);
        assert!(done <= 1.05 * crowd, "{done} against {crowd}");
        ends.push(done);
        assert!(found.curve.len() > 3 && found.curve.iter().filter(|point| point.chosen).count() == 1);
    }
    assert!(ends[1] < 0.85 * ends[0], "with the staff moved it is over much earlier: {ends:?}");
}

#[test]
fn the_same_seed_finds_the_same_plan() {
    let scenario = compound();
    let (one, other) = (found(&scenario, None, true, 60), found(&scenario, None, true, 60));
    assert_eq!(one, other);
    assert!(one.cut_short);
}

#[test]
fn a_search_that_is_stopped_at_once_has_a_plan() {
    let scenario = compound();
    let found = found(&scenario, None, true, 1);
    everyone_once(&found.plan, &scenario);
    assert!(found.cut_short && found.plan.policy == Policy::Waves);
    assert!(found.confirmed.done_97_min > 0.0);
}

#[test]
fn pinned_waves_stay() {
    let scenario = compound();
    let mut kept = plan::waves(&scenario, 0.8);
    for place in [2, 5] {
        kept.waves[place].pinned = true;
        kept.waves[place].call_at += 20 * rehearse::TICKS_PER_MINUTE;
    }
    let found = found(&scenario, Some(&kept), false, 80);
    everyone_once(&found.plan, &scenario);
    for pin in kept.pinned() {
        let stays = found.plan.pinned().find(|wave| wave.households == pin.households).unwrap();
        assert_eq!((stays.call_at, stays.lane), (pin.call_at, pin.lane));
    }
    assert_eq!(found.plan.pinned().count(), 2);
}
