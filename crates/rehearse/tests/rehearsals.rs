//! Rehearsals of small scenarios, against what can be said by hand.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Plan, Policy, Scenario, Wave, event::Event};
use rehearse::{Figures, Luck, Paired, Progress, Purpose, Rehearsal};
use scenario::Files;

const LUCK: Luck = Luck { seed: 1, purpose: Purpose::Rehearse };

fn scenario(more: &str) -> Scenario {
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\nhouseholds = 60\nmean_size = 2.5\nentrances = 4\n\
         [round]\npurpose = \"screening\"\ndate = 2022-03-28\nopens = \"07:00\"\n{more}\n"
    );
    let files = Files([("scenario.toml".to_owned(), text.into_bytes())].into());
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

fn station(name: &str, service: &str, more: &str) -> String {
    format!("[[site.station]]\nname = \"{name}\"\nservice = {{ {service} }}\n{more}\n")
}

fn one_wave(scenario: &Scenario, policy: Policy) -> Plan {
    let households = (0..scenario.roll.households.len() as u32).collect();
    Plan {
        policy,
        load: None,
        waves: vec![Wave { number: 1, call_at: 0, lane: 0, households, pinned: false }],
        ..Plan::default()
    }
}

fn figures(scenario: &Scenario, plan: Option<&Plan>, replications: u32) -> Figures {
    Rehearsal::new(scenario, plan).run(LUCK, replications, 2, &Progress::default()).figures()
}

#[test]
fn people_on_a_schedule_wait_as_by_hand() {
    let site = "[site]\nlanes = 1\nroom = 1\n".to_owned()
        + &station("desk", "law = \"constant\", mean_min = 4", "servers = 1");
    let scenario = scenario(&format!("{site}[arrivals]\nlaw = \"schedule\"\ntimes_min = [0, 1, 2, 30]\n"));
    let found = figures(&scenario, None, 1);
    // Starts at 0, 4, 8 and 30: waits of 0, 3, 6 and 0 minutes.
    assert_eq!(found.wait_min.mean, Some(2.25));
    assert_eq!(found.wait_min.max, Some(6.0));
    assert_eq!(found.stay_min.mean, Some(6.25));
    assert_eq!(found.done_97_min, Some(34.0));
    assert_eq!(found.queue_max, 2.0);
    // Two people wait from minute 2 to minute 4, where one has room.
    assert_eq!(found.crowd_person_min, Some(4.0));
    // Busy for 16 of 34 minutes.
    assert_eq!(found.stations[0].utilisation, Some(16.0 / 34.0));
    assert_eq!(found.caller_hours, 0.0);
}

#[test]
fn callers_spend_their_time_and_people_come_after_the_knock() {
    let site =
        "[site]\nlanes = 1\n".to_owned() + &station("desk", "law = \"constant\", mean_s = 0", "servers = 1");
    let rules = "[waves]\nreaction = { law = \"constant\", mean_min = 2 }\ncallers = { number = 3, law = \"constant\", mean_s = 60 }\n";
    let scenario = scenario(&format!("{site}{rules}[arrivals]\nlaw = \"waves\"\n"));
    let plan = one_wave(&scenario, Policy::Waves);
    let found = figures(&scenario, Some(&plan), 2);
    assert_eq!(found.caller_hours, 1.0);
    assert_eq!(found.people, f64::from(scenario.roll.people()));
    // Sixty calls by three callers: the last knock after twenty minutes, the last arrival two minutes later.
    let done = found.done_97_min.unwrap();
    assert!(done > 20.0 && done <= 22.0, "{done}");
}

#[test]
fn attendance_is_a_share_of_households_and_of_their_people() {
    let site =
        "[site]\nlanes = 1\n".to_owned() + &station("desk", "law = \"constant\", mean_s = 1", "servers = 9");
    let text = format!(
        "{site}[attendance]\nhouseholds = 0.8\npersons = 0.5\n[arrivals]\nlaw = \"broadcast\"\nat = \"07:00\"\nreaction = {{ law = \"constant\", mean_s = 60 }}\n"
    );
    let scenario = scenario(&text);
    let found = figures(&scenario, Some(&one_wave(&scenario, Policy::Broadcast)), 2000);
    let expected = 0.4 * f64::from(scenario.roll.people());
    assert!((found.people / expected - 1.0).abs() < 0.01, "{} against {expected}", found.people);
}

#[test]
fn no_shows_stay_away_and_slots_follow_the_clock() {
    let site =
        "[site]\nlanes = 1\n".to_owned() + &station("desk", "law = \"constant\", mean_s = 1", "servers = 9");
    let text = format!(
        "{site}[arrivals]\nlaw = \"appointments\"\nslot_min = 10\nplaces = 6\nhours = 8\nno_show = 0.25\n"
    );
    let found = figures(&scenario(&text), None, 500);
    assert!((found.people / (48.0 * 6.0 * 0.75) - 1.0).abs() < 0.01, "{}", found.people);
    let done = found.done_97_min.unwrap();
    assert!(done > 455.0 && done < 471.0, "{done}");
}

#[test]
fn a_household_registered_together_is_served_at_once_and_parts_at_the_next_station() {
    let site = "[site]\nlanes = 1\n".to_owned()
        + &station(
            "registration",
            "law = \"constant\", mean_s = 30",
            "servers = 1\nunit = \"household\"\nplus_each_s = 10",
        )
        + &station("sampling", "law = \"constant\", mean_s = 5", "servers = 1");
    let text = format!(
        "{site}[arrivals]\nlaw = \"broadcast\"\nat = \"07:00\"\nreaction = {{ law = \"uniform\", min_min = 0, max_min = 600 }}\n"
    );
    let scenario = scenario(&text);
    let plan = one_wave(&scenario, Policy::Broadcast);
    let found = figures(&scenario, Some(&plan), 300);
    let (people, households) = (f64::from(scenario.roll.people()), 60.0);
    assert_eq!(found.people, people);
    // Work at registration: 30 seconds a household and 10 for each further person.
    let work = 30.0 * households + 10.0 * (people - households);
    let rehearsal = Rehearsal::new(&scenario, Some(&plan));
    let events = rehearse::events::replication_0(&rehearsal, &scenario, LUCK, |ticks| ticks.to_string());
    let mut spans = std::collections::BTreeMap::new();
    for envelope in &events {
        let at: i64 = envelope.at.parse().unwrap();
        match &envelope.event {
            Event::ServiceStarted { station, .. } if station == "registration" => {
                spans.entry(at).or_insert(at);
            }
            Event::Served { station, .. } if station == "registration" => {
                let start = *spans.range(..at).next_back().unwrap().0;
                spans.insert(start, at);
            }
            _ => {}
        }
    }
    let busy: i64 = spans.iter().map(|(start, end)| end - start).sum();
    assert_eq!(busy as f64 / 10_000.0, work);
}

#[test]
fn green_people_pass_before_others_at_every_station() {
    let site = "[site]\nlanes = 1\ngreen_channel = true\n".to_owned()
        + &station("a", "law = \"exponential\", mean_s = 55", "servers = 1")
        + &station("b", "law = \"exponential\", mean_s = 55", "servers = 1");
    let law = "[arrivals]\nlaw = \"poisson\"\nper_hour = 60\npeople = 600\ngreen_share = 0.1\n";
    let found = figures(&scenario(&format!("{site}{law}")), None, 100);
    assert_eq!(found.engine, "event");
    let green = found.green.unwrap();
    assert!(green.wait_min.mean.unwrap() * 3.0 < found.wait_min.mean.unwrap());
    assert!((green.people / found.people - 0.1).abs() < 0.01);
    assert_eq!(found.classes.len(), 2);
    let off = figures(&scenario(&format!("{}{law}", site.replace("= true", "= false"))), None, 100);
    assert_eq!(off.engine, "fifo");
    let ratio = off.green.unwrap().wait_min.mean.unwrap() / off.wait_min.mean.unwrap();
    assert!((ratio - 1.0).abs() < 0.1, "{ratio}");
}

#[test]
fn a_better_staffed_site_differs_surely_under_the_same_luck() {
    let with = |servers: u32| {
        let site = "[site]\nlanes = 1\n".to_owned()
            + &station("desk", "law = \"exponential\", mean_s = 55", &format!("servers = {servers}"));
        let scenario =
            scenario(&format!("{site}[arrivals]\nlaw = \"poisson\"\nper_hour = 60\npeople = 300\n"));
        Rehearsal::new(&scenario, None).run(LUCK, 30, 1, &Progress::default())
    };
    let paired = Paired::of(&with(2), &with(1)).wait_mean_min.unwrap();
    assert!(paired.ci95.unwrap()[1] < 0.0);
    let same = Paired::of(&with(1), &with(1)).wait_mean_min.unwrap();
    assert_eq!((same.mean, same.ci95), (0.0, Some([0.0, 0.0])));
}

#[test]
fn curves_add_up_to_everyone() {
    let site =
        "[site]\nlanes = 1\n".to_owned() + &station("desk", "law = \"constant\", mean_s = 20", "servers = 1");
    let scenario = scenario(&format!(
        "{site}[arrivals]\nlaw = \"broadcast\"\nat = \"07:00\"\nreaction = {{ law = \"exponential\", mean_min = 10 }}\n"
    ));
    let rehearsal = Rehearsal::new(&scenario, Some(&one_wave(&scenario, Policy::Broadcast)));
    let curves = rehearsal.curves(LUCK, 5);
    let people = f64::from(scenario.roll.people());
    assert_eq!((curves.arrived.last(), curves.done.last()), (Some(&people), Some(&people)));
    assert!(curves.waiting[1].iter().cloned().fold(0.0, f64::max) > 10.0);
    assert_eq!(curves.waiting_at[0].last(), Some(&0.0));
}

#[test]
fn what_a_round_gives_is_given_at_the_stations_that_say_so_on_every_way() {
    let desk = |name: &str, more: &str| {
        station(name, "law = \"constant\", mean_s = 5", &format!("servers = 1\n{more}"))
    };
    let ways = "next = [{ to = \"express\", share = 0.5 }, { to = \"screening\", share = 0.5 }]";
    let site = |gives: &str| {
        "[site]\nlanes = 1\n".to_owned()
            + &desk("intake", ways)
            + &desk("express", &format!("{gives}\nnext = [{{ to = \"exit\" }}]"))
            + &desk("screening", gives)
            + &desk("proof", "")
            + "[arrivals]\nlaw = \"poisson\"\nper_hour = 100\npeople = 200\n"
    };
    let given = |gives: &str| {
        let scenario = scenario(&site(gives));
        let rehearsal = Rehearsal::new(&scenario, None);
        let events = rehearse::events::replication_0(&rehearsal, &scenario, LUCK, |at| at.to_string());
        let items = events.iter().filter(|event| matches!(event.event, Event::ItemGiven { .. }));
        items.count()
    };
    assert_eq!(given("gives_here = true"), 200);
    // Where no station says so, the last one gives, to those who pass it.
    assert!((60..140).contains(&given("")), "{}", given(""));
}

/// On both engines, people leave when the curves say, and nobody else does.
#[test]
fn who_leaves_is_told_by_the_minute() {
    let site = "[site]\nlanes = 1\n".to_owned()
        + &station("desk", "law = \"constant\", mean_min = 4", "servers = 1");
    let by_hand = scenario(&format!("{site}[arrivals]\nlaw = \"schedule\"\ntimes_min = [0, 1, 2, 30]\n"));
    let (_, leaving) = Rehearsal::new(&by_hand, None).run_leaving(LUCK, 1, 1, &Progress::default());
    let times: Vec<usize> = (0..leaving.0[0].len()).filter(|&minute| leaving.0[0][minute] > 0).collect();
    assert_eq!(times, [4, 8, 12, 34]);

    let two = "[site]\nlanes = 2\n".to_owned()
        + &station("registration", "law = \"lognormal\", mean_s = 20, cv = 0.6", "servers = 1")
        + &station(
            "sampling",
            "law = \"lognormal\", mean_s = 25, cv = 0.4",
            "servers = 1\nchangeover = { every = 10, away_s = 30 }",
        );
    let two = scenario(&format!("{two}[arrivals]\nlaw = \"poisson\"\nper_hour = 200\npeople = 150\n"));
    for rehearsal in [Rehearsal::new(&two, None), Rehearsal::new(&two, None).on_event_engine()] {
        let (outcome, leaving) = rehearsal.run_leaving(LUCK, 20, 2, &Progress::default());
        let people: u32 = leaving.0.iter().flatten().sum();
        assert_eq!(f64::from(people) / 20.0, outcome.figures().served);
        let same = rehearsal.run(LUCK, 20, 1, &Progress::default()).figures();
        assert_eq!(outcome.figures().wait_min, same.wait_min);
        let curves = rehearsal.curves(LUCK, 20);
        let last = leaving.0.iter().map(Vec::len).max().unwrap();
        // A curve's minutes end where ours do.
        assert_eq!(curves.first_minute + curves.done.len() as i64, last as i64 + 1);
    }
}
