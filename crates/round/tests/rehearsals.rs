//! Every event of a rehearsal goes through the rule book: its command is granted and gives exactly that event, no two
//! facts contradict each other, and at the end everybody is accounted for.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/scenarios.rs"]
mod scenarios;

use domain::{Command, Envelope, Event, Moment, Plan, Scenario};
use rehearse::{Luck, Purpose, Rehearsal};
use round::{Admission, Live, Phase, Round};

fn events(scenario: &Scenario, plan: Option<&Plan>, seed: u64) -> Vec<Envelope> {
    let luck = Luck { seed, purpose: Purpose::Rehearse };
    let rehearsal = Rehearsal::new(scenario, plan);
    let at = |ticks| (scenarios::opening() + ticks).rfc3339();
    rehearse::events::replication_0(&rehearsal, scenario, luck, at)
}

/// What somebody at the site would have asked for.
fn asked(event: &Event, late: bool) -> Command {
    match event.clone() {
        Event::RoundOpened => Command::OpenRound,
        Event::HouseholdCalled { household, wave } => Command::CallHousehold { household, wave },
        Event::Arrived { visit, household, class, lane } if late => {
            Command::ArriveLate { visit, household, class, lane }
        }
        Event::Arrived { visit, household, class, lane } => Command::Arrive { visit, household, class, lane },
        Event::Queued { visit, station, lane } => Command::JoinQueue { visit, station, lane },
        Event::ServiceStarted { visit, station, lane, server } => {
            Command::StartService { visit, station, lane, server }
        }
        Event::Served { visit, station, lane, server } => {
            Command::FinishService { visit, station, lane, server }
        }
        Event::ItemGiven { visit, kind, item, lot } => Command::GiveItem { visit, kind, item, lot },
        Event::TubeSealed { item, .. } => Command::SealTube { item },
        Event::ObservationEnded { visit } => Command::EndObservation { visit },
        Event::Deferred { visit, station } => Command::Defer { visit, station },
        Event::TurnedAway { visit, station } => Command::TurnAway { visit, station },
        Event::Left { visit } => Command::Leave { visit },
        Event::RoundClosed => Command::CloseRound,
        other => panic!("{other:?} is nothing that a rehearsal tells"),
    }
}

/// Goes through a rehearsal, and gives the state at its end.
fn gone_through(scenario: &Scenario, plan: Option<&Plan>, seed: u64) -> Round {
    let (rules, _) = scenarios::rules(scenario, plan);
    let mut round = Round::new(rules);
    let closes = scenario.round.closes.map(|closes| scenarios::opening() + closes);
    for envelope in events(scenario, plan, seed) {
        let at = Moment::parse(&envelope.at).unwrap();
        let command = asked(&envelope.event, closes.is_some_and(|closes| at > closes));
        let granted = round.decide(at, &command);
        assert_eq!(granted, Ok(vec![envelope.event.clone()]), "at {} in event {}", envelope.at, envelope.seq);
        assert_eq!(round.admit(&envelope), Admission::New);
        assert_eq!(round.conflicts(), []);
    }
    let counts = round.counts();
    assert_eq!(counts.at_site(), 0);
    assert_eq!(counts.arrived, counts.served + counts.left + counts.unserved);
    assert!(round.tubes().values().all(|tube| !tube.is_open()));
    assert!(matches!(round.phase(), Phase::Closed { .. }));
    round
}

#[test]
fn sunshine_garden_by_one_message_to_all() {
    let scenario = scenarios::example("sunshine-garden");
    let round = gone_through(&scenario, Some(&plan::broadcast(&scenario)), 1);
    let counts = round.counts();
    assert!(counts.served > 3500 && counts.left == 0, "{counts:?}");
    let in_tubes: usize = round.tubes().values().map(|tube| tube.people.len()).sum();
    assert_eq!(in_tubes as u32, counts.served);
    assert_eq!(
        round.households().values().filter(|of| of.called.is_some()).count(),
        scenario.roll.households.len()
    );
}

#[test]
fn sunshine_garden_in_waves() {
    let scenario = scenarios::example("sunshine-garden");
    let plan = plan::waves(&scenario, 0.9);
    let round = gone_through(&scenario, Some(&plan), 2);
    assert_eq!(round.waves().len(), plan.waves.len());
    let here = round.waves().values().map(|wave| wave.people).sum::<u32>();
    assert_eq!(here, round.counts().arrived);
}

/// Each example by its own law; whoever is called comes in waves and by one message to all.
#[test]
fn every_example_of_the_house() {
    for name in scenario::examples() {
        let scenario = scenarios::example(name);
        let plans = if scenario.arrivals.needs_roll() {
            vec![Some(plan::waves(&scenario, 0.9)), Some(plan::broadcast(&scenario))]
        } else {
            vec![None]
        };
        for plan in plans {
            let counts = gone_through(&scenario, plan.as_ref(), 3).counts();
            assert!(counts.served > 200, "{name}: {counts:?}");
        }
    }
}

#[test]
fn the_flu_clinic() {
    let round = gone_through(&scenarios::example("flu-clinic"), None, 1);
    assert!(round.counts().served > 800, "{:?}", round.counts());
}

/// Everything that a scenario can ask of a site, at once.
const MOTLEY: &str = r#"closes = "09:00"
pool = 3
[site]
lanes = 2
lane_choice = "shortest"
green_channel = true
room = 30
[[site.station]]
name = "gate"
shared = true
servers = 2
unit = "household"
plus_each_s = 4
service = { law = "exponential", mean_s = 20 }
walk_s = { law = "uniform", min_s = 5, max_s = 40 }
[[site.station]]
name = "registration"
servers = [{ from = "06:50", servers = 2 }, { from = "07:30", servers = 1 }, { from = "07:40", servers = 3 }]
service = { law = "lognormal", mean_s = 40, cv = 0.6 }
observe_min = 2
next = [{ to = "sampling", share = 0.95 }, { to = "exit", share = 0.05 }]
[[site.station]]
name = "sampling"
servers = 1
order = "scrum"
service = { law = "exponential", mean_s = 30 }
changeover = { every = 5, away_s = 20 }
observe_min = 1
next = [{ to = "rest", share = 0.9 }, { to = "registration", share = 0.1 }]
[[site.station]]
name = "rest"
servers = "unlimited"
service = { law = "exponential", mean_min = 3 }
[[visitor]]
class = "frail"
share = 0.1
service_factor = 1.5
skips = ["rest"]
[[visitor]]
class = "guest"
share = 0.1
service_factor = 0.5
[patience]
law = "exponential"
mean_min = 15
[waves]
reaction = { law = "normal", mean_min = 3, sd_min = 5 }
late = { share = 0.3, law = "uniform", min_min = 60, max_min = 130 }
[arrivals]
law = "waves"
"#;

/// Rooms, where nobody is watched before them: who finds the next room full stays where he is.
#[test]
fn a_site_with_everything_and_a_full_room() {
    let text = MOTLEY
        .replace("observe_min = 2\n", "")
        .replace("name = \"sampling\"", "name = \"sampling\"\nroom = 2");
    everything(&scenarios::scenario(&text));
}

#[test]
fn a_site_with_everything() {
    everything(&scenarios::scenario(MOTLEY));
}

/// A household with frail people passes by the gate together, whoever else belongs to it.
#[test]
fn a_site_whose_gate_lets_frail_people_and_their_families_by() {
    let text = MOTLEY.replace("skips = [\"rest\"]", "skips = [\"gate\"]").replace("closes = \"09:00\"", "");
    let scenario = scenarios::scenario(&text);
    let plan = plan::waves(&scenario, 1.2);
    let mut past_the_gate = [0; 2];
    for seed in 0..10 {
        let round = gone_through(&scenario, Some(&plan), seed);
        for of in round.visits().values().filter(|of| of.begun() && !of.has_passed(0)) {
            past_the_gate[usize::from(of.green)] += 1;
        }
    }
    assert!(past_the_gate.iter().all(|&people| people > 10), "{past_the_gate:?}");
}

fn everything(scenario: &Scenario) {
    let plan = plan::waves(scenario, 1.2);
    let mut all = [0; 3];
    for seed in 0..20 {
        let counts = gone_through(scenario, Some(&plan), seed).counts();
        all[0] += counts.served;
        all[1] += counts.left;
        all[2] += counts.unserved;
    }
    assert!(all.iter().all(|&people| people > 20), "{all:?}");
}

#[test]
fn walk_ins_in_vehicles() {
    let scenario = scenarios::scenario(
        r#"[site]
        lanes = 2
        [[site.station]]
        name = "window"
        servers = 2
        unit = "vehicle"
        plus_each_s = 20
        service = { law = "exponential", mean_s = 60 }
        [[site.station]]
        name = "swab"
        servers = 1
        service = { law = "exponential", mean_s = 20 }
        [[visitor]]
        class = "car"
        share = 1
        party_sizes = [{ size = 1, share = 0.7 }, { size = 4, share = 0.3 }]
        [arrivals]
        law = "poisson"
        per_hour = 60
        people = 300
        "#,
    );
    for seed in 0..5 {
        gone_through(&scenario, None, seed);
    }
}

#[test]
fn sending_again_changes_nothing() {
    let scenario = scenarios::scenario(scenarios::TWO_LANES);
    let plan = plan::waves(&scenario, 0.9);
    let (rules, _) = scenarios::rules(&scenario, Some(&plan));
    let events = events(&scenario, Some(&plan), 1);
    let mut once = Round::new(rules.clone());
    let mut often = Round::new(rules);
    for (number, envelope) in events.iter().enumerate() {
        once.admit(envelope);
        often.admit(envelope);
        for again in &events[number / 2..=number] {
            assert_eq!(often.admit(again), Admission::Known);
        }
    }
    assert_eq!(once, often);
}

#[test]
fn rules_and_calls_can_be_written_down_and_sent() {
    let scenario = scenarios::example("sunshine-garden");
    let (rules, calls) = scenarios::rules(&scenario, Some(&plan::waves(&scenario, 0.9)));
    let written = serde_json::to_string(&(&rules, &calls)).unwrap();
    let (read, read_calls) = serde_json::from_str::<(round::Rules, round::Calls)>(&written).unwrap();
    assert_eq!(read, rules);
    let shape = |calls: &round::Calls| -> Vec<(u32, i64, u16, u32)> {
        calls.waves.iter().map(|wave| (wave.number, wave.call_at, wave.lane, wave.people)).collect()
    };
    assert_eq!(shape(&read_calls), shape(&calls));
}

/// Folding a day is what a page does when somebody seeks. Run alone, optimised: `--release -- --ignored --nocapture`.
#[test]
#[ignore = "measures"]
fn a_day_folds_in_a_blink() {
    let scenario = scenarios::example("sunshine-garden");
    for plan in [plan::waves(&scenario, 0.9), plan::broadcast(&scenario)] {
        let events = events(&scenario, Some(&plan), 1);
        let (rules, calls) = scenarios::rules(&scenario, Some(&plan));
        #[expect(clippy::disallowed_methods, reason = "measuring is this test's purpose")]
        let now = std::time::Instant::now;
        let started = now();
        let mut round = Round::new(rules.clone());
        events.iter().for_each(|event| {
            round.admit(event);
        });
        let folded = started.elapsed();
        let started = now();
        let mut live = Live::new(rules, calls);
        events.iter().for_each(|event| {
            live.admit(event);
        });
        println!("{} events: folded in {folded:?}, watched in {:?}", events.len(), started.elapsed());
        let started = now();
        let board = live.board(live.round().latest().unwrap());
        println!("one board in {:?}, {} desks", started.elapsed(), board.desks.len());
    }
}
