//! Days on which something goes wrong have the shapes that such days had.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Policy, Scenario};
use rehearse::{
    Curves, Progress,
    faults::{HANDS, card, cards},
};
use scenario::Files;
use std::collections::BTreeSet;
use verbs::{
    By, Cost, Machine, Run, Trials, Voice, Work,
    faults::{Played, deal, play, read_faults},
    sheets::exercise,
    stress::{self, First, Limit, stress},
};
use words::Language;

/// Rehearses here and now.
struct Alone;

impl Machine for Alone {
    fn watch(&self, _: &'static str, _: u64, work: &mut Work<'_>) -> Cost {
        work(1, &Progress::default());
        Cost::default()
    }
}

fn run(reps: u32) -> Run<'static> {
    Run { seed: 1, reps, trials: Trials::QUICK, on_event_engine: false, machine: &Alone }
}

fn example(name: &str, sets: &[(&str, &str)]) -> Scenario {
    let sets: Vec<(String, String)> =
        sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (scenario, notes) = scenario::read(&scenario::example(name).unwrap(), &sets, &mut |_, _| ());
    scenario.unwrap_or_else(|| panic!("{notes:?}"))
}

/// Sunshine Garden at a load that leaves it some air.
fn garden() -> Scenario {
    example("sunshine-garden", &[("waves.load", "0.8")])
}

/// One lane of two stations, and people by the minute.
fn small(more: &str) -> Scenario {
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\n\
         date = 2022-03-28\nopens = \"07:00\"\ncloses = \"15:00\"\n[site]\nlanes = 1\nroom = 60\n\
         [[site.station]]\nname = \"registration\"\nservers = 2\nservice = {{ law = \"exponential\", mean_s = 30 }}\n\
         [[site.station]]\nname = \"sampling\"\nservers = 2\nservice = {{ law = \"exponential\", mean_s = 30 }}\n{more}\n"
    );
    let files = Files([("scenario.toml".to_owned(), text.into_bytes())].into());
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| ());
    scenario.unwrap_or_else(|| panic!("{notes:?}"))
}

const WALK_INS: &str = "[arrivals]\nlaw = \"poisson\"\nper_hour = 180\nhours = 7\n[waves]\nwait_p95_min = 20";

fn played(scenario: &Scenario, by: Policy, faults: &[&str]) -> Played {
    let by = if scenario.arrivals.needs_roll() { By::Policy(by) } else { By::Law };
    let asked: Vec<String> = faults.iter().map(|fault| (*fault).to_owned()).collect();
    let faults = read_faults(&asked, scenario).unwrap_or_else(|notes| panic!("{notes:?}"));
    play(scenario, &run(20), by, &faults).unwrap()
}

fn curves(played: &Played) -> (Curves, Curves) {
    let of = |lived: &verbs::Lived| lived.rehearsal.curves(run(20).luck(), 20);
    (of(&played.with), of(&played.without))
}

/// People waiting at a station at a minute after opening.
fn waiting(curves: &Curves, station: usize, minute: i64) -> f64 {
    let place = usize::try_from(minute - curves.first_minute).unwrap();
    curves.waiting_at[station].get(place).copied().unwrap_or(0.0)
}

fn p95(played: &Played) -> (f64, f64) {
    (played.with.figures.wait_min.p95.unwrap(), played.without.figures.wait_min.p95.unwrap())
}

#[test]
fn the_queue_grows_while_the_system_is_down_and_drains_after() {
    let day = played(&garden(), Policy::Waves, &["system-down=45@08:00"]);
    let (with, without) = curves(&day);
    assert!((waiting(&with, 0, 59) - waiting(&without, 0, 59)).abs() < 1.0, "nothing happened yet");
    let at: Vec<f64> = [65, 75, 85, 95, 104].iter().map(|&minute| waiting(&with, 0, minute)).collect();
    assert!(at.windows(2).all(|pair| pair[1] > pair[0] + 20.0), "it grows: {at:?}");
    let after: Vec<f64> = [120, 150, 180, 210].iter().map(|&minute| waiting(&with, 0, minute)).collect();
    assert!(after.windows(2).all(|pair| pair[1] < pair[0]), "it drains: {after:?}");
    let (with, without) = p95(&day);
    assert!(with > without + 15.0, "{with} {without}");
}

#[test]
fn offline_stations_hardly_notice_that_the_system_is_down() {
    let online = p95(&played(&garden(), Policy::Waves, &["system-down"])).0;
    let (offline, without) = p95(&played(&garden(), Policy::Waves, &["system-down-offline"]));
    assert!(offline - without < (online - without) / 4.0, "{offline} {online} {without}");
}

#[test]
fn on_chengdus_evening_hardly_anybody_is_served_and_samplers_wait_for_people() {
    let day = played(&garden(), Policy::Waves, &["chengdu-evening"]);
    let (with, without) = (&day.with.figures, &day.without.figures);
    // Four tables at four and a half minutes: 53 an hour, for six hours.
    let served = 4.0 * 60.0 / 4.5 * 6.0;
    assert!((with.served / served - 1.0).abs() < 0.05, "{} against {served}", with.served);
    assert!(without.served > 3_500.0);
    assert!(with.stations[0].utilisation.unwrap() > 0.99);
    assert!(with.stations[1].utilisation.unwrap() < 0.1);
}

#[test]
fn at_the_table_people_crowd_while_samplers_stand_idle() {
    let day = played(&garden(), Policy::Waves, &["crowd-at-the-table"]);
    let (with, without) = curves(&day);
    let served = |station: usize| with.served_at[station][usize::try_from(180 - with.first_minute).unwrap()];
    assert!(served(0) > 2.7, "all three clerks are busy: {}", served(0));
    assert!(served(1) < 3.0, "and of eight samplers five are idle: {}", served(1));
    assert!(waiting(&with, 0, 180) > 10.0 * waiting(&with, 1, 180), "they stand at the table");
    assert!(waiting(&with, 0, 180) > 5.0 * waiting(&without, 0, 180));
}

#[test]
fn without_order_keepers_the_same_work_is_done_and_some_wait_much_longer() {
    let crowd = played(&small(WALK_INS), Policy::Waves, &["no-order-keepers"]);
    let (with, without) = (&crowd.with.figures, &crowd.without.figures);
    assert!((with.wait_min.mean.unwrap() / without.wait_min.mean.unwrap() - 1.0).abs() < 0.15);
    assert!(with.wait_min.max.unwrap() > without.wait_min.max.unwrap());
}

#[test]
fn without_water_a_team_serves_fewer_later_in_the_day_and_as_many_before() {
    // More come than can be served, so that the staff is never idle.
    let scenario = small("[arrivals]\nlaw = \"poisson\"\nper_hour = 400\nhours = 7");
    let (with, without) = curves(&played(&scenario, Policy::Waves, &["no-water=33@180"]));
    let done = |curves: &Curves, from: i64, to: i64| {
        let at = |minute: i64| curves.done[usize::try_from(minute - curves.first_minute).unwrap()];
        at(to) - at(from)
    };
    assert!((done(&with, 20, 175) / done(&without, 20, 175) - 1.0).abs() < 0.001, "as many before");
    let later = done(&with, 190, 400) / done(&without, 190, 400);
    assert!((0.64..0.76).contains(&later), "a third fewer later: {later}");
}

#[test]
fn in_the_heat_each_server_rests_a_quarter_of_the_hour() {
    let scenario = small("[arrivals]\nlaw = \"poisson\"\nper_hour = 400\nhours = 7");
    let day = played(&scenario, Policy::Waves, &["heat=15"]);
    let share = day.with.figures.served / day.without.figures.served;
    assert!((0.72..0.82).contains(&share), "{share}");
}

#[test]
fn when_a_team_withdraws_those_who_are_left_serve_everybody_later() {
    let day = played(&garden(), Policy::Waves, &["team-falls-ill"]);
    let (with, without) = (&day.with.figures, &day.without.figures);
    assert!((with.people - without.people).abs() < 1e-9);
    assert!(with.done_97_min.unwrap() > without.done_97_min.unwrap() + 5.0);
    let all = played(&garden(), Policy::Waves, &["team-withdrawn=4@120"]);
    assert!(all.with.figures.unserved > 1_000.0, "nobody is left to serve them");
}

#[test]
fn those_who_come_an_hour_early_wait_before_opening() {
    let day = played(&garden(), Policy::Waves, &["early-crowd=60"]);
    let (with, _) = curves(&day);
    assert!(waiting(&with, 0, -1) > 500.0, "{}", waiting(&with, 0, -1));
    let booked = example("flu-clinic", &[]);
    let (with, without) = p95(&played(&booked, Policy::Waves, &["early-crowd=60"]));
    assert!(with > without + 30.0, "{with} {without}");
}

#[test]
fn a_wave_too_many_fills_one_lane_for_a_while() {
    let day = played(&garden(), Policy::Waves, &["wave-twice=3"]);
    let (with, without) = (&day.with.figures, &day.without.figures);
    assert!((with.people - without.people).abs() < 1e-9, "the same people come");
    assert!(with.wait_min.p95 > without.wait_min.p95 && with.queue_max > without.queue_max);
}

#[test]
fn a_forgotten_building_comes_all_at_once_at_the_end() {
    let day = played(&garden(), Policy::Waves, &["building-not-called=2"]);
    let (with, without) = (&day.with.figures, &day.without.figures);
    assert!((with.people - without.people).abs() < 1e-9, "nobody is lost");
    assert!(with.done_97_min.unwrap() > without.done_97_min.unwrap());
    let called = |lived: &verbs::Lived| -> BTreeSet<u32> {
        lived.plan.iter().flat_map(|plan| &plan.waves).flat_map(|wave| wave.households.clone()).collect()
    };
    assert_eq!(called(&day.with), called(&day.without));
}

#[test]
fn tubes_that_run_out_stop_sampling_and_not_registration() {
    let day = played(&garden(), Policy::Waves, &["tubes-out=30@90"]);
    let (with, without) = curves(&day);
    assert!(waiting(&with, 1, 119) > waiting(&without, 1, 119) + 100.0);
    assert!(waiting(&with, 0, 119) <= waiting(&without, 0, 119) + 1.0);
}

#[test]
fn in_the_rain_people_go_home_and_stand_beyond_the_shelter() {
    let day = played(&garden(), Policy::Broadcast, &["rain"]);
    let (with, without) = (&day.with.figures, &day.without.figures);
    assert!(with.left > 100.0 && without.left < 0.5, "{}", with.left);
    assert!(with.queue_max > 30.0 && day.with.scenario.site.room == Some(30));
}

#[test]
fn one_slow_clerk_of_four_slows_the_station_by_a_seventh() {
    let day = played(&garden(), Policy::Waves, &["slow-clerk=2"]);
    let mean = |lived: &verbs::Lived| lived.scenario.site.stations[0].service.mean_s();
    assert!((mean(&day.with) / mean(&day.without) - 4.0 / 3.5).abs() < 1e-9);
}

#[test]
fn every_card_and_hand_has_words_in_each_language_and_every_card_a_scenario_that_meets_it() {
    let scenarios = [garden(), small(WALK_INS)];
    let plan = run(1).plan(&scenarios[0], Policy::Waves, None).0;
    for language in Language::ALL {
        for dealt in deal(&scenarios[0], Some(&plan), Voice { language }) {
            for text in [&dealt.title, &dealt.happened, &dealt.look, &dealt.decide] {
                assert!(!text.contains("fault."), "{text}");
            }
            assert!(dealt.unmet_because.is_empty() == dealt.played.unmet.is_none());
        }
    }
    let unmet = |scenario: &Scenario, plan| -> Vec<&str> {
        let dealt = deal(scenario, plan, Voice { language: Language::En });
        dealt.iter().filter(|card| card.played.unmet.is_some()).map(|card| card.played.name).collect()
    };
    assert_eq!(unmet(&scenarios[0], Some(&plan)), ["courier-late", "lab-stops"]);
    assert_eq!(
        unmet(&scenarios[1], None),
        ["early-crowd", "wave-twice", "building-not-called", "courier-late", "lab-stops"]
    );
    assert!(HANDS.iter().flat_map(|hand| hand.cards).all(|name| card(name).is_some()));
}

#[test]
fn a_card_that_cannot_be_met_is_said_and_changes_nothing() {
    let day = played(&small(WALK_INS), Policy::Waves, &["early-crowd"]);
    assert_eq!(day.faults[0].unmet, Some("no_times"));
    assert_eq!(day.with.figures.wait_min, day.without.figures.wait_min);
}

#[test]
fn what_is_typed_wrongly_is_said_all_at_once_with_the_nearest_name_and_the_range() {
    let asked = [
        "sistem-down",
        "heat=99",
        "rain@08:00",
        "no-order-keepers=2",
        "team-falls-ill=2",
        "no-water@25:00",
        "heat",
    ];
    let asked: Vec<String> = asked.iter().map(|text| (*text).to_owned()).collect();
    let notes = read_faults(&asked, &garden()).unwrap_err();
    let codes: Vec<&str> = notes.0.iter().map(|note| note.code).collect();
    let expected = [
        "fault_unknown",
        "fault_value_whole",
        "fault_no_time",
        "fault_no_value",
        "fault_hand_value",
        "fault_time",
        "fault_twice",
    ];
    assert_eq!(codes, expected);
    let said = Voice { language: Language::En }.notes(&notes);
    assert!(said[0].mend.contains("system-down") && said[1].mend.contains("from 1 to 55"), "{said:?}");
}

#[test]
fn a_stress_test_finds_what_breaks_how_much_it_takes_and_what_survives() {
    let scenario = small(WALK_INS);
    let tested = || stress(&scenario, &run(20), By::Law, &mut |_, _| ()).unwrap();
    let found = tested();
    assert!(found.strain.holds(), "{:?}", found.strain);
    assert_eq!(found.cards.len(), cards().len());
    let met = found.cards.iter().filter(|trial| trial.found.is_some()).count();
    assert_eq!(found.pairs.len(), met * (met - 1) / 2);
    let First::Card(worst) = found.first else { panic!("{:?}", found.first) };
    assert!(found.cards.iter().all(|trial| trial.worst() <= found.cards[worst].worst()));
    // Between what was seen to hold and what was seen to break lies the point; both are tried again here.
    for margin in &found.margins {
        let breaks = |value: f64| {
            let fault = margin.fault.with_value(value);
            let day = play(&scenario, &run(20), By::Law, &[fault]).unwrap().with;
            stress::Strain::of(&day.scenario, &day.figures).worst()
        };
        if let (Some(holds), Some(broken)) = (margin.holds, margin.breaks) {
            assert!(breaks(broken) > breaks(holds) * 0.8, "{}", margin.fault.card.name);
        }
    }
    let down = found.cards.iter().find(|trial| trial.faults[0].card.name == "system-down").unwrap();
    assert_eq!(down.found.as_ref().unwrap().strain.breaks(), [Limit::Wait, Limit::Room]);
    let answer = found.answer_to(&down.faults).unwrap();
    let survives = answer.survives.as_ref().unwrap();
    assert_eq!(survives.change, stress::Change::Offline);
    assert!(survives.figures.wait_min.p95_ci95.unwrap()[1] <= 20.0);
    let json = |found: &stress::Stressed| {
        serde_json::to_string(&found.output(Voice { language: Language::En })).unwrap()
    };
    assert_eq!(json(&found), json(&tested()), "the same bytes");
}

#[test]
fn the_exercise_holds_every_card_with_the_figures_of_the_stress_test() {
    let scenario = small(WALK_INS);
    let found = stress(&scenario, &run(8), By::Law, &mut |_, _| ()).unwrap();
    for language in Language::ALL {
        let page = exercise(&found, 1, Voice { language });
        let met = found.cards.iter().filter(|trial| trial.found.is_some()).count();
        assert_eq!(page.matches("<h2>").count(), met);
        for gap in ["fault.", "stress.", "exercise.", "{"] {
            assert!(!page.split("</style>").nth(1).unwrap().contains(gap), "{gap}");
        }
    }
}
