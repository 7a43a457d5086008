//! Waves that a person pinned, and the others planned around them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Plan, Policy, Scenario, Wave};
use plan::{Capacity, Score, check, choose_load, choose_load_around, waves, waves_around};
use proptest::prelude::*;
use scenario::Files;

const MINUTE: i64 = 600_000;

/// So many entrances and lanes; one minute a person at the slower station.
fn compound(entrances: u32, lanes: u16) -> Scenario {
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\nhouseholds = {}\nentrances = {entrances}\n[round]\n\
         purpose = \"screening\"\ndate = 2022-03-28\nopens = \"07:00\"\n[site]\nlanes = {lanes}\n[[site.station]]\n\
         name = \"registration\"\nservers = 1\nservice = {{ law = \"constant\", mean_s = 12 }}\n[arrivals]\n\
         law = \"waves\"\n[attendance]\nhouseholds = 0.9\npersons = 0.95\n",
        entrances * 25
    );
    let files = [("scenario.toml".to_owned(), text.into_bytes())];
    let (scenario, notes) = scenario::read(&Files(files.into()), &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

fn pin(plan: &Plan, which: impl Fn(&Wave) -> bool) -> Plan {
    let mut kept = plan.clone();
    kept.waves.iter_mut().for_each(|wave| wave.pinned = which(wave));
    kept
}

fn without_pins(plan: &Plan) -> Plan {
    pin(plan, |_| false)
}

fn called(plan: &Plan) -> Vec<u32> {
    let mut called: Vec<u32> = plan.waves.iter().flat_map(|wave| wave.households.iter().copied()).collect();
    called.sort_unstable();
    called
}

/// People of these waves who still wait in a lane when each one comes, served as a fluid at the load: by the arrival's
/// tick, with whether the wave is pinned.
fn meetings(waves: &[&Wave], scenario: &Scenario, load: f64) -> Vec<(i64, bool, f64)> {
    let rules = &scenario.waves;
    let coming = |wave: &Wave| {
        let people: u32 = wave.households.iter().map(|&household| scenario.roll.size(household)).sum();
        f64::from(people) * scenario.attendance.households * scenario.attendance.persons
    };
    let arrives = |wave: &Wave| {
        let calls =
            wave.households.len() as f64 * rules.callers.call.mean_s() / f64::from(rules.callers.number);
        wave.call_at + ((rules.reaction.mean_s() + calls / 2.0) * 1e4) as i64
    };
    let per_tick = load / 12.0 / 1e4;
    let mut order: Vec<&&Wave> = waves.iter().collect();
    order.sort_by_key(|wave| arrives(wave));
    let (mut waiting, mut now) = (0.0_f64, 0);
    let mut met = Vec::new();
    for wave in order {
        let at = arrives(wave).max(0);
        waiting = (waiting - (at - now) as f64 * per_tick).max(0.0);
        now = at;
        met.push((arrives(wave), wave.pinned, waiting));
        waiting += coming(wave);
    }
    met
}

fn of_lane(plan: &Plan, lane: u16) -> Vec<&Wave> {
    plan.waves.iter().filter(|wave| wave.lane == lane).collect()
}

#[test]
fn without_pins_nothing_is_different() {
    let scenario = compound(12, 3);
    let plan = waves(&scenario, 0.9);
    assert_eq!(waves_around(&scenario, 0.9, &plan), plan);
    // Another load's waves, none of them pinned, are forgotten.
    assert_eq!(waves_around(&scenario, 0.9, &waves(&scenario, 0.5)), plan);
}

#[test]
fn a_pinned_wave_stays_and_the_others_close_the_gap_it_left() {
    let scenario = compound(8, 1);
    let plan = waves(&scenario, 0.9);
    let mut kept = pin(&plan, |wave| wave.number == 3);
    // The third wave goes to the end of the morning.
    kept.waves[2].call_at += 600 * MINUTE;
    let moved = kept.waves[2].clone();
    let new = waves_around(&scenario, 0.9, &kept);
    let last = new.waves.last().unwrap();
    assert_eq!(Wave { number: moved.number, ..last.clone() }, moved);
    assert_eq!(last.number, u32::try_from(new.waves.len()).unwrap());
    // The fourth is called when the third would have been, but for the calls its own households take.
    assert_eq!(new.waves[2].households, plan.waves[3].households);
    assert!((new.waves[2].call_at - plan.waves[2].call_at).abs() <= 3 * MINUTE);
    assert_eq!(called(&new), called(&plan));
    let notes = check(&new, &scenario, None, "plan.json");
    let hint = notes.0.iter().find(|note| note.code == "plan_pin_delays").unwrap();
    assert_eq!(hint.args[0], ("wave", last.number.to_string()));
}

#[test]
fn two_waves_pinned_to_one_time_are_said_to_meet() {
    let scenario = compound(8, 1);
    let plan = waves(&scenario, 0.9);
    let mut kept = pin(&plan, |wave| wave.number == 3 || wave.number == 6);
    kept.waves[5].call_at = kept.waves[2].call_at + MINUTE;
    let new = waves_around(&scenario, 0.9, &kept);
    assert_eq!(called(&new), called(&plan));
    let notes = check(&new, &scenario, None, "plan.json");
    assert!(notes.0.iter().any(|note| note.code == "plan_pin_crowds"), "{notes:#?}");
    let calm = check(&pin(&plan, |wave| wave.number == 3), &scenario, None, "plan.json");
    assert!(!calm.0.iter().any(|note| note.code.starts_with("plan_pin")), "{calm:#?}");
}

#[test]
fn a_wave_of_other_households_leaves_no_crumbs() {
    let mut scenario = compound(8, 2);
    scenario.waves.size = 20;
    let plan = waves(&scenario, 0.9);
    // A person put together a wave of all but two households of the first wave and half of the second.
    let mut kept = plan.clone();
    let mut own = kept.waves[0].clone();
    own.households.truncate(own.households.len() - 2);
    own.households.extend(&kept.waves[1].households[..5]);
    own.pinned = true;
    kept.waves = vec![own.clone()];
    let new = waves_around(&scenario, 0.9, &kept);
    assert_eq!(called(&new), called(&plan));
    assert!(new.waves.iter().all(|wave| wave.pinned || wave.households.len() > 2));
    assert_eq!(new.pinned().map(|wave| &wave.households).collect::<Vec<_>>(), [&own.households]);
}

#[test]
fn a_lane_that_is_gone_gives_its_pins_to_the_last() {
    let plan = waves(&compound(8, 4), 0.9);
    let kept = pin(&plan, |wave| wave.lane == 3);
    let scenario = compound(8, 2);
    let new = waves_around(&scenario, 0.9, &kept);
    assert!(new.waves.iter().all(|wave| wave.lane < 2));
    assert_eq!(new.pinned().count(), kept.pinned().count());
    assert_eq!(called(&new), called(&plan));
}

#[test]
fn the_load_is_chosen_with_the_pins_in_place() {
    let scenario = compound(8, 2);
    let kept = pin(&waves(&scenario, 0.9), |wave| wave.number == 2);
    let mut score = |plan: &Plan, _| {
        assert_eq!(plan.policy, Policy::Waves);
        let wait = 12.0 * plan.load.unwrap();
        Score { wait_p95_min: wait, wait_p95_upper_min: wait, done_97_min: 100.0 }
    };
    let choice = choose_load_around(&scenario, &kept, &mut score);
    let pinned: Vec<&Wave> = choice.plan.pinned().collect();
    assert_eq!((pinned.len(), pinned[0].call_at), (1, kept.waves[1].call_at));
    assert_eq!(choice.plan.load, choose_load(&scenario, &mut score).plan.load);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn waves_pinned_where_they_were_planned_move_nothing(
        entrances in 1u32..12, lanes in 1u16..4, load in 0.4f64..1.1, pinned in any::<u64>(),
    ) {
        let scenario = compound(entrances, lanes);
        let plan = waves(&scenario, load);
        let kept = pin(&plan, |wave| pinned >> (wave.number % 64) & 1 == 1);
        let new = waves_around(&scenario, load, &kept);
        prop_assert_eq!(&new, &kept);
        prop_assert_eq!(without_pins(&new), plan);
    }

    #[test]
    fn pins_stay_everybody_is_called_once_and_only_pins_crowd(
        entrances in 1u32..12,
        lanes in 1u16..4,
        load in 0.4f64..1.1,
        pins in prop::collection::vec((any::<prop::sample::Index>(), -30i64..400, 0u16..4), 0..6),
    ) {
        let scenario = compound(entrances, lanes);
        let plan = waves(&scenario, load);
        let mut kept = plan.clone();
        for (which, minute, lane) in pins {
            let wave = which.index(kept.waves.len());
            kept.waves[wave] =
                Wave { call_at: minute * MINUTE, lane: lane % lanes, pinned: true, ..kept.waves[wave].clone() };
        }
        let new = waves_around(&scenario, load, &kept);
        prop_assert_eq!(called(&new), called(&plan));
        let bare = |plan: &Plan| {
            let mut pins: Vec<(i64, u16, Vec<u32>)> =
                plan.pinned().map(|wave| (wave.call_at, wave.lane, wave.households.clone())).collect();
            pins.sort();
            pins
        };
        prop_assert_eq!(bare(&new), bare(&kept));
        for (place, wave) in new.waves.iter().enumerate() {
            prop_assert_eq!(wave.number as usize, place + 1);
            prop_assert!(place == 0 || new.waves[place - 1].call_at <= wave.call_at);
        }
        // A minute's people may still be there, for calls fall on whole minutes.
        let minute = load / 12.0 * 60.0 + 1e-6;
        for lane in 0..lanes {
            let all = meetings(&of_lane(&new, lane), &scenario, load);
            let pins: Vec<&Wave> = of_lane(&new, lane).into_iter().filter(|wave| wave.pinned).collect();
            let pins_alone = meetings(&pins, &scenario, load);
            for (at, pinned, waiting) in all {
                let forced = pins_alone.iter().filter(|met| pinned && met.0 == at).map(|met| met.2);
                let forced = forced.fold(0.0, f64::max);
                let pins_at_once = pins_alone.iter().filter(|met| met.0 == at).count() > 1;
                prop_assert!(waiting <= forced + minute || pins_at_once, "{waiting} of {forced} at {at}");
            }
        }
    }

    #[test]
    fn people_by_is_the_inverse_of_time_of(people in 0.0f64..500.0, load in 0.4f64..1.1) {
        let capacity = Capacity::of_lane(&compound(1, 1));
        let back = capacity.people_by(capacity.time_of(people, load).unwrap(), load);
        prop_assert!((back - people).abs() < 1e-3);
    }
}
