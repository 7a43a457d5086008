//! Plans tried on draws that are made once do exactly as they do when they are rehearsed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Plan, Policy, Scenario, Wave};
use rehearse::{Draws, Luck, Progress, Purpose, Rehearsal, Trial};
use scenario::Files;

const REPLICATIONS: u32 = 24;

fn compound(more: &str) -> Scenario {
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\nhouseholds = 240\nmean_size = 2.6\nentrances = 8\n\
         [round]\npurpose = \"screening\"\ndate = 2022-03-28\nopens = \"07:00\"\n{more}\n[[site.station]]\nname = \"registration\"\n\
         servers = 1\nservice = {{ law = \"lognormal\", mean_s = 14, cv = 0.9 }}\n[[site.station]]\nname = \"sampling\"\nservers = 2\n\
         service = {{ law = \"gamma\", mean_s = 9, cv = 0.4 }}\nchangeover = {{ every = 10, away_s = 15 }}\n[arrivals]\nlaw = \"waves\"\n\
         [waves]\nlate = {{ share = 0.1, law = \"uniform\", min_min = 5, max_min = 60 }}\n\
         callers = {{ number = 2, law = \"lognormal\", mean_s = 40, cv = 0.5 }}\n\
         [attendance]\nhouseholds = 0.9\npersons = 0.95\n"
    );
    let files = Files([("scenario.toml".to_owned(), text.into_bytes())].into());
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

/// An entrance after the other, to the lanes in turn.
fn plan(scenario: &Scenario, every_min: i64) -> Plan {
    let waves = (0..).zip(&scenario.roll.entrances).map(|(number, entrance)| Wave {
        number: number + 1,
        call_at: i64::from(number) * every_min * rehearse::TICKS_PER_MINUTE,
        lane: (number % u32::from(scenario.site.lanes)) as u16,
        households: entrance.households.clone().collect(),
        pinned: false,
    });
    Plan { policy: Policy::Waves, waves: waves.collect(), ..Plan::default() }
}

#[test]
fn a_trial_says_what_a_rehearsal_says() {
    let luck = Luck { seed: 3, purpose: Purpose::Choose };
    let sites = [
        "[site]\nlanes = 2",
        "[site]\nlanes = 2\ngreen_channel = true\n[[visitor]]\nclass = \"frail\"\nshare = 0.1",
        "closes = \"08:00\"\n[site]\nlanes = 2",
        "[site]\nlanes = 2\nlane_choice = \"shortest\"",
        "[site]\nlanes = 3",
    ];
    for site in sites {
        let scenario = compound(site);
        let draws = Draws::new(&scenario, luck, 0..REPLICATIONS);
        let mut trial = Trial::new(&scenario, 2).unwrap();
        let mut plans = vec![plan(&scenario, 6), plan(&scenario, 9), plan(&scenario, 6)];
        // Only one lane is called at other times; and one caller more changes everybody's.
        plans[2].waves[3].call_at += 3 * rehearse::TICKS_PER_MINUTE;
        plans.push(Plan { callers: Some(3), ..plans[0].clone() });
        for plan in &plans {
            let did = trial.run(plan, &draws, REPLICATIONS);
            let rehearsal = Rehearsal::new(&scenario, Some(plan));
            let figures = rehearsal.run(luck, REPLICATIONS, 1, &Progress::default()).figures();
            let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
            assert!(
                close(did.wait_p95_min, figures.wait_min.p95.unwrap()),
                "{site}: {did:?} {:?}",
                figures.wait_min
            );
            assert!(close(did.done_97_min, figures.done_97_min.unwrap()), "{site}: {did:?}");
            assert!(close(did.unserved, figures.unserved), "{site}: {did:?}");
            assert!(close(did.caller_hours, rehearsal.caller_hours(luck, REPLICATIONS)), "{site}: {did:?}");
        }
    }
}

#[test]
fn a_plan_that_staffs_otherwise_is_rehearsed_with_its_staff() {
    let scenario = compound("[site]\nlanes = 2");
    let staffed = Plan { staff: vec![(0, 2), (1, 1)], ..plan(&scenario, 6) };
    let luck = Luck { seed: 3, purpose: Purpose::Choose };
    let run =
        |plan: &Plan| Rehearsal::new(&scenario, Some(plan)).run(luck, 8, 1, &Progress::default()).figures();
    let (before, after) = (run(&plan(&scenario, 6)), run(&staffed));
    assert_eq!(after.stations.iter().map(|station| station.servers).collect::<Vec<_>>(), [Some(2), Some(1)]);
    assert!(after.done_97_min < before.done_97_min);
    let draws = Draws::new(&scenario, luck, 0..8);
    let other = staffed.staffed(&scenario).unwrap();
    let did = Trial::new(&other, 1).unwrap().run(&staffed, &draws, 8);
    assert!((did.done_97_min - after.done_97_min.unwrap()).abs() < 1e-6);
}
