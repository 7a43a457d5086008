//! Tubes of each size at a site: what a rehearsal adds to a flow without chance.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::Scenario;
use rehearse::Progress;
use scenario::Files;
use screening::{Assay, Dilution, Filling};
use verbs::{
    Cost, Machine, Run, Trials, Work,
    pool::{
        Answer, Question, answer,
        site::{self, After, Lived, Tried},
    },
};

struct Here;

impl Machine for Here {
    fn watch(&self, _: &'static str, _: u64, work: &mut Work<'_>) -> Cost {
        work(2, &Progress::default());
        Cost::default()
    }
}

const RUN: Run<'_> = Run { seed: 1, reps: 20, trials: Trials::QUICK, on_event_engine: false, machine: &Here };
const AFTER: After = After { lab_tubes_per_hour: f64::INFINITY, turnaround_h: 5.0, return_h: 2.0 };

/// 600 people from the first minute on, two lanes with one sampler each, a swab of 10 s and a change of 60 s.
fn swabs(more: &str) -> Scenario {
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\ndate = 2022-03-28\n\
         opens = \"07:00\"\n{more}\n[site]\nlanes = 2\n[[site.station]]\nname = \"sampling\"\nservers = 1\n\
         service = {{ law = \"constant\", mean_s = 10 }}\nchangeover = {{ every = 10, away_s = 60 }}\n\
         [arrivals]\nlaw = \"schedule\"\ntimes_min = [{}]\n",
        vec!["0"; 600].join(", ")
    );
    let files = Files([("scenario.toml".to_owned(), text.into_bytes())].into());
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

fn question(sizes: &[u32], prevalence: f64) -> Question {
    Question {
        prevalences: vec![prevalence],
        assay: Assay { sensitivity: 1.0, specificity: 1.0, dilution: Dilution::default() },
        sizes: sizes.to_vec(),
        filling: Filling::Strangers,
        sensitivity_min: 0.0,
        recall_tests: 0.0,
    }
}

fn asked(scenario: &Scenario, question: &Question, after: After) -> Answer {
    let tried = Tried::new(scenario, question, after, &RUN).unwrap();
    let lived: Lived = tried.live(RUN.luck(), RUN.reps, 2, &Progress::default());
    answer(question, &|place, figures| lived.day(place, figures)).unwrap().remove(0)
}

#[test]
fn a_table_that_never_starves_takes_as_long_as_its_work() {
    let found = asked(&swabs(""), &question(&[1, 5, 10, 20], 0.0), AFTER);
    for size in &found.sizes {
        let day = size.day.as_ref().unwrap();
        // 300 people at each of two samplers, and a change after each tube but the last.
        let by_hand = (300.0 * 10.0 + (300.0 / f64::from(size.n) - 1.0) * 60.0) / 3_600.0;
        let (rehearsed, flow) = (day.sampling_h.unwrap(), day.sampling_flow_h.unwrap());
        assert!((rehearsed - by_hand).abs() <= 1.0 / 60.0, "{}: {rehearsed} {by_hand}", size.n);
        assert!((flow - by_hand - 60.0 / 3_600.0).abs() < 1e-9, "{}: {flow} {by_hand}", size.n);
        assert_eq!((day.people, day.recalls, day.recall_chance), (600.0, 0.0, 0.0));
        assert!((day.all_h - rehearsed - 5.0).abs() < 1e-9);
    }
    assert_eq!((found.best().n, found.earliest().unwrap().n), (20, 20));
}

/// At 2 % eight to a tube take the fewest tests; where each change takes a minute and the laboratory is slow, what is earliest
/// depends on both, and one alone needs no second visit.
#[test]
fn fewest_tests_and_earliest_result_are_two_questions() {
    let sizes = [1, 2, 4, 8, 16];
    let free = asked(&swabs(""), &question(&sizes, 0.02), AFTER);
    assert_eq!(free.best().n, 8);
    // Alone, 600 changes of a minute take five hours at each sampler, and a second visit seven.
    assert_eq!(free.earliest().unwrap().n, 1);
    let slow = After { lab_tubes_per_hour: 20.0, ..AFTER };
    let slow = asked(&swabs(""), &question(&sizes, 0.02), slow);
    assert_eq!(slow.earliest().unwrap().n, 8, "the laboratory decides, and it has the fewest tests");
    let day = slow.best().day.as_ref().unwrap();
    assert!((day.first_h - (600.0 / 8.0 / 20.0 + 5.0)).abs() < 0.1, "{day:?}");
    // The first come again after seven hours, and keep it busy from then on.
    assert!((day.all_h - (7.0 + day.recalls / 20.0 + 5.0)).abs() < 0.1, "{day:?}");
}

/// Who is turned away at the closing has no result: a size that closes on half of the people is not early.
#[test]
fn a_size_that_turns_people_away_is_not_the_earliest() {
    let found = asked(&swabs("closes = \"08:30\""), &question(&[1, 20], 0.0), AFTER);
    let days: Vec<_> = found.sizes.iter().map(|size| size.day.as_ref().unwrap()).collect();
    assert!(days[0].unserved > 100.0 && days[1].unserved == 0.0, "{days:?}");
    assert!(days[0].all_h > days[1].all_h - 1.0 && found.earliest().unwrap().n == 20);
}

#[test]
fn households_of_the_roll_share_tubes_and_change_them_sooner() {
    let text = "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\nhouseholds = 300\nmean_size = 2.6\nentrances = 6\n\
         [round]\npurpose = \"screening\"\ndate = 2022-03-28\nopens = \"07:00\"\n[site]\nlanes = 1\n[[site.station]]\n\
         name = \"sampling\"\nservers = 2\nservice = { law = \"lognormal\", mean_s = 12, cv = 0.4 }\n\
         changeover = { every = 10, away_s = 30 }\n[arrivals]\nlaw = \"broadcast\"\nat = \"07:00\"\n\
         reaction = { law = \"lognormal\", median_min = 5, sigma = 0.5 }\n";
    let files = Files([("scenario.toml".to_owned(), text.as_bytes().to_vec())].into());
    let scenario = scenario::read(&files, &[], &mut |_, _| {}).0.unwrap();
    let strangers = question(&[5, 10], 0.01);
    let together = Question { filling: site::filling(&scenario, 0.4), ..strangers.clone() };
    let (strangers, together) = (asked(&scenario, &strangers, AFTER), asked(&scenario, &together, AFTER));
    for (apart, together) in strangers.sizes.iter().zip(&together.sizes) {
        assert!(together.tubes_per_person > apart.tubes_per_person);
        assert!(together.recalls_per_1000 < apart.recalls_per_1000, "an infected household fills one tube");
        assert_eq!(together.strangers_tests_per_person, Some(apart.tests_per_person));
        let hours = |size: &verbs::pool::Size| size.day.as_ref().unwrap().sampling_h.unwrap();
        assert!(hours(together) > hours(apart));
    }
}

#[test]
fn scenarios_without_tubes_are_refused_and_gaps_are_told() {
    let codes = |text: &str| -> Vec<&'static str> {
        let files = Files([("scenario.toml".to_owned(), text.as_bytes().to_vec())].into());
        let scenario = scenario::read(&files, &[], &mut |_, _| {}).0.unwrap();
        site::notes(&scenario, None).0.iter().map(|note| note.code).collect()
    };
    let text = "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\n[round]\npurpose = \"PURPOSE\"\ndate = 2022-03-28\n\
         opens = \"07:00\"\n[site]\nlanes = 1\n[[site.station]]\nname = \"desk\"\nservers = SERVERS\n\
         service = { law = \"constant\", mean_s = 10 }\n[arrivals]\nlaw = \"schedule\"\ntimes_min = [0]\n";
    let with = |purpose: &str, servers: &str| text.replace("PURPOSE", purpose).replace("SERVERS", servers);
    assert_eq!(codes(&with("polling-place", "1")), ["pooled_no_tubes"]);
    assert_eq!(codes(&with("screening", "\"unlimited\"")), ["pooled_no_table"]);
    assert_eq!(codes(&with("screening", "1")), ["pooled_no_change", "pooled_no_lab"]);
}
