//! Plans of a small compound, and of Sunshine Garden.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Plan, Policy, Scenario};
use plan::search::{Did, Free, Judge, Luck, searched};
use plan::{
    Capacity, Forecast, Score, Stage, bottleneck, broadcast, check, choose_load, lane_of_entrances, needs,
    tail, waves,
};
use scenario::Files;
use std::collections::BTreeSet;

const TICKS_PER_MINUTE: i64 = 600_000;

/// Four entrances of ten households, two lanes, one minute a person at the slower station.
fn compound(more: &str) -> Scenario {
    let mut roll = "building,entrance,door,name\n".to_owned();
    for entrance in 1..=4 {
        for door in 1..=10 {
            for person in 1..=2 {
                roll += &format!("{entrance},1,{door}01,example {entrance}-{door}-{person}\n");
            }
        }
    }
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\ndate = 2022-03-28\n\
         opens = \"07:00\"\n[arrivals]\nlaw = \"waves\"\n{more}\n"
    );
    let files = [("scenario.toml".to_owned(), text.into_bytes()), ("roll.csv".to_owned(), roll.into_bytes())];
    let (scenario, notes) = scenario::read(&Files(files.into()), &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

const SITE: &str = "[site]\nlanes = 2\nroom = 30\n[[site.station]]\nname = \"registration\"\nservers = 1\n\
    service = { law = \"constant\", mean_s = 60 }\n[[site.station]]\nname = \"sampling\"\nservers = 1\n\
    service = { law = \"constant\", mean_s = 20 }\nchangeover = { every = 10, away_s = 50 }\n";

fn everyone_once(plan: &Plan, scenario: &Scenario) {
    let called: Vec<u32> = plan.waves.iter().flat_map(|wave| wave.households.iter().copied()).collect();
    let different: BTreeSet<u32> = called.iter().copied().collect();
    assert_eq!(
        (called.len(), different.len()),
        (scenario.roll.households.len(), scenario.roll.households.len())
    );
}

#[test]
fn every_household_is_called_once_to_its_entrances_lane() {
    let scenario = compound(SITE);
    let lanes = lane_of_entrances(&scenario.roll, 2);
    assert_eq!(lanes.iter().filter(|&&lane| lane == 0).count(), 2);
    for plan in [broadcast(&scenario), waves(&scenario, 0.9)] {
        everyone_once(&plan, &scenario);
        for wave in &plan.waves {
            for &household in &wave.households {
                let entrance = scenario.roll.households[household as usize].entrance;
                assert_eq!(wave.lane, lanes[entrance as usize]);
            }
        }
    }
}

#[test]
fn waves_follow_at_the_load_of_the_slowest_station() {
    let scenario = compound(&format!("{SITE}[waves]\nsize = 20\n"));
    let (slowest, per_hour) = bottleneck(&scenario).unwrap();
    assert_eq!((slowest, per_hour.round()), (0, 60.0));
    let plan = waves(&scenario, 0.5);
    let calls: Vec<i64> =
        plan.waves.iter().filter(|wave| wave.lane == 0).map(|wave| wave.call_at / TICKS_PER_MINUTE).collect();
    // Twenty people at half of one a minute: forty minutes between two calls, the first ahead of the opening.
    assert_eq!(calls.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>(), [40]);
    assert!(calls[0] < 0 && calls[0] > -10, "{calls:?}");
    assert_eq!(plan.load, Some(0.5));
    assert_eq!(plan.waves.iter().map(|wave| wave.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn a_large_entrance_is_divided_into_equal_waves() {
    let scenario = compound(&format!("{SITE}[waves]\nsize = 7\n"));
    let sizes: BTreeSet<usize> =
        waves(&scenario, 0.9).waves.iter().map(|wave| wave.households.len()).collect();
    // Twenty people in three parts of whole households.
    assert_eq!(sizes, BTreeSet::from([3, 4]));
}

#[test]
fn capacity_follows_the_calendar() {
    let site = SITE.replace("servers = 1\nservice = { law = \"constant\", mean_s = 60 }", "servers = [{ from = \"07:00\", servers = 1 }, { from = \"07:30\", servers = 2 }, { from = \"08:00\", servers = 0 }]\nservice = { law = \"constant\", mean_s = 60 }");
    let capacity = Capacity::of_lane(&compound(&site));
    let minute = |people| capacity.time_of(people, 1.0).map(|at| at / TICKS_PER_MINUTE);
    // One a minute for half an hour, then two a minute (sampling takes 2.4), and nobody after an hour.
    assert_eq!([minute(0.0), minute(30.0), minute(50.0), minute(91.0)], [Some(0), Some(30), Some(40), None]);
}

#[test]
fn the_load_chosen_keeps_its_target_on_fresh_seeds() {
    let scenario = compound(SITE);
    // A wait that grows with the load, and a little more on fresh seeds: what chose must not judge.
    let mut asked = Vec::new();
    let choice = choose_load(&scenario, &mut |plan, stage| {
        let load = plan.load.unwrap();
        asked.push((load, stage));
        let wait = 12.0 * load + if stage == Stage::Confirm { 0.3 } else { 0.0 };
        Score { wait_p95_min: wait - 0.2, wait_p95_upper_min: wait, done_97_min: 100.0 }
    });
    assert_eq!(choice.plan.load, Some(0.80));
    assert!(choice.meets_target && choice.confirmed.wait_p95_upper_min <= 10.0);
    assert_eq!(asked.iter().filter(|(_, stage)| *stage == Stage::Confirm).count(), 4);
    assert_eq!(asked.len(), choice.tries.len());
}

#[test]
fn an_impossible_target_is_said_to_be_missed() {
    let scenario = compound(SITE);
    let choice = choose_load(&scenario, &mut |_, _| Score {
        wait_p95_min: 50.0,
        wait_p95_upper_min: 51.0,
        done_97_min: 1.0,
    });
    assert!(!choice.meets_target);
    assert_eq!(choice.plan.load, Some(0.40));
}

fn codes(plan: &Plan, scenario: &Scenario, forecast: Option<&Forecast>) -> Vec<&'static str> {
    check(plan, scenario, forecast, "plan.json").0.iter().map(|note| note.code).collect()
}

#[test]
fn a_sound_plan_has_no_notes() {
    let scenario = compound(SITE);
    let forecast = Forecast { wait_p95_upper_min: 9.0, queue_max: 25.0, unserved: 0.0, done_97_min: 60.0 };
    assert_eq!(codes(&waves(&scenario, 0.9), &scenario, Some(&forecast)), [""; 0]);
}

#[test]
fn what_a_plan_breaks_is_said_with_the_least_change() {
    let scenario = compound(&format!(
        "{}[waves]\ncallers = {{ number = 1, law = \"constant\", mean_s = 600 }}\n",
        SITE.replace("room = 30", "room = 5")
    ));
    let mut plan = waves(&scenario, 0.9);
    let forecast = Forecast { wait_p95_upper_min: 31.0, queue_max: 40.0, unserved: 12.0, done_97_min: 60.0 };
    let found = codes(&plan, &scenario, Some(&forecast));
    for code in [
        "plan_wave_larger_than_room",
        "plan_callers_too_few",
        "plan_wait_above_target",
        "plan_queue_larger_than_room",
        "plan_people_turned_away",
    ] {
        assert!(found.contains(&code), "{code}: {found:?}");
    }
    plan.waves.iter_mut().for_each(|wave| wave.lane = 1);
    assert!(codes(&plan, &scenario, None).contains(&"plan_lanes_uneven"));
    let late = compound(SITE);
    let mut late = Scenario {
        round: domain::scenario::Round { closes: Some(30 * TICKS_PER_MINUTE), ..late.round.clone() },
        ..late
    };
    late.waves.size = 40;
    let mut plan = waves(&late, 0.9);
    plan.waves[0].call_at = 40 * TICKS_PER_MINUTE;
    assert!(codes(&plan, &late, None).contains(&"plan_call_after_closing"));
}

#[test]
fn a_queue_that_does_not_fit_the_plan_of_the_site_is_said_with_the_metres_that_it_lacks() {
    let post = |lane| {
        format!(
            "[[layout.post]]\nstation = \"registration\"\nlane = {lane}\nat_m = [12, {lane}]\nqueue_m = [[10, {lane}], [2, {lane}]]\n\
             [[layout.post]]\nstation = \"sampling\"\nlane = {lane}\nat_m = [30, {lane}]\nqueue_m = [[28, {lane}], [24, {lane}]]\n"
        )
    };
    // Places for five and for three people in each of two lanes.
    let layout = |spacing: f64| format!("{SITE}[layout]\nspacing_m = {spacing}\n{}{}", post(1), post(2));
    let scenario = compound(&layout(2.0));
    let forecast =
        |queue_max| Forecast { wait_p95_upper_min: 9.0, queue_max, unserved: 0.0, done_97_min: 60.0 };
    let found = |plan: &Plan, scenario: &Scenario, queue: f64| {
        let notes = check(plan, scenario, Some(&forecast(queue)), "plan.json");
        let said = notes.0.into_iter().map(|note| (note.code, note.args));
        said.filter(|(code, _)| code.contains("drawn")).collect::<Vec<_>>()
    };
    let plan = waves(&scenario, 0.9);
    assert_eq!(found(&plan, &scenario, 16.0), []);
    let (code, args) = found(&plan, &scenario, 20.0).remove(0);
    assert_eq!(code, "plan_queue_longer_than_drawn");
    let args: Vec<String> = args.into_iter().map(|(name, value)| format!("{name} {value}")).collect();
    assert_eq!(args, ["queue 20", "places 16", "metres 9", "load 0.85", "spacing 1.6"]);
    // At half of the spacing 28 fit, and 30 would have to stand closer than a metre.
    let close = compound(&layout(1.0));
    assert_eq!(found(&plan, &close, 28.0), []);
    assert_eq!(found(&plan, &close, 30.0)[0].0, "plan_queue_much_longer_than_drawn");
    assert_eq!(found(&broadcast(&close), &close, 30.0)[0].0, "plan_broadcast_queue_drawn");
    // Without a layout of its own, nothing is held against a plan.
    assert_eq!(found(&plan, &compound(SITE), 30.0), []);
}

#[test]
fn the_tail_knocks_again_after_the_last_wave() {
    let scenario = compound(SITE);
    let plan = waves(&scenario, 0.9);
    let last = plan.waves.iter().map(|wave| wave.call_at).max().unwrap();
    assert!(tail(&plan, &scenario).unwrap().last_call_at > last);
    assert_eq!(tail(&broadcast(&scenario), &scenario), None);
    assert_eq!(plan.policy, Policy::Waves);
    let posts: Vec<(String, u32)> =
        needs(&plan, &scenario).into_iter().map(|need| (need.post, need.people)).collect();
    assert_eq!(posts, [("registration".to_owned(), 2), ("sampling".to_owned(), 2), ("caller".to_owned(), 8)]);
}

/// Says on the final luck that people wait too long, and elsewhere that they do not; counts how often it is asked for the final word.
#[derive(Default)]
struct Strict {
    finals: u32,
}

impl Judge for Strict {
    fn judge(&mut self, _: &Scenario, _: &Plan, luck: Luck) -> Did {
        self.finals += u32::from(luck == Luck::Final);
        let wait_p95_min = if luck == Luck::Final { 1_000.0 } else { 1.0 };
        Did {
            wait_p95_min,
            wait_p95_upper_min: wait_p95_min,
            done_97_min: 60.0,
            unserved: 0.0,
            caller_hours: 1.0,
        }
    }
    fn goes_on(&mut self, _: f64) -> bool {
        true
    }
}

#[test]
fn the_final_word_is_asked_for_once_and_told_even_where_it_misses() {
    let mut judge = Strict::default();
    let found = searched(&compound(SITE), None, Free { staff: false }, &mut judge);
    assert_eq!(judge.finals, 1);
    assert!(!found.meets_target);
    assert_eq!(found.confirmed.wait_p95_min, 1_000.0);
}
