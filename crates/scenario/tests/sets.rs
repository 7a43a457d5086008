//! `--set KEY=VALUE`.

#[path = "notes/said.rs"]
mod said;

use domain::Scenario;
use domain::scenario::{Arrivals, Servers};
use said::{rendered, without_words};
use scenario::{Notes, example, read};

fn set(sets: &[(&str, &str)]) -> (Option<Scenario>, Notes) {
    let files = example("flu-clinic").expect("it is in the house");
    let sets: Vec<(String, String)> =
        sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    read(&files, &sets, &mut |_, _| {})
}

fn sound(sets: &[(&str, &str)]) -> Scenario {
    let (scenario, notes) = set(sets);
    scenario.unwrap_or_else(|| panic!("{sets:?}: {}", rendered(&notes)))
}

#[test]
fn a_station_is_named_by_its_place_from_0_or_by_its_name() {
    for key in ["site.station.1.servers", "site.station[1].servers", "site.station.registration.servers"] {
        let scenario = sound(&[(key, "7")]);
        let Servers::Calendar(calendar) = &scenario.site.stations[1].servers else { panic!("{key}") };
        assert_eq!(calendar.0, [(0, 7)], "{key}");
    }
}

#[test]
fn a_value_is_toml_or_else_a_text_and_tables_are_made() {
    let scenario = sound(&[
        ("site.lanes", "3"),
        ("site.lane_choice", "shortest"),
        ("round.opens", "08:30"),
        ("round.date", "2023-05-06"),
        ("patience", "{ law = 'exponential', mean_min = 90 }"),
        ("statistics.warmup_people", "5"),
        ("site.station.observation.service.parts.0.cv", "0.1"),
    ]);
    assert_eq!((scenario.site.lanes, scenario.statistics.warmup_people), (3, 5));
    assert_eq!(scenario.round.opens.to_string(), "2023-05-06T08:30:00");
    assert_eq!(scenario.patience.map(|law| law.mean_s()), Some(5_400.0));
}

#[test]
fn stations_that_come_from_the_service_can_be_set_too() {
    let files = example("flu-clinic").expect("it is in the house");
    let text = String::from_utf8(files.0["scenario.toml"].clone()).expect("it is UTF-8");
    let (head, rest) = text.split_once("[[site.station]]").expect("it has stations");
    let (_, tail) = rest.split_once("[arrivals]").expect("people arrive");
    let mut files = files.clone();
    files.0.insert("scenario.toml".into(), format!("{head}[arrivals]{tail}").into());
    let sets = [("site.station.assessment.servers".to_owned(), "9".to_owned())];
    let (scenario, notes) = read(&files, &sets, &mut |_, _| {});
    let scenario = scenario.unwrap_or_else(|| panic!("{}", rendered(&notes)));
    assert_eq!(scenario.site.stations.len(), 4);
    let Servers::Calendar(calendar) = &scenario.site.stations[2].servers else { panic!("it has servers") };
    assert_eq!(calendar.0, [(0, 9)]);
}

#[test]
fn another_law_of_arrivals_passes_over_the_keys_of_the_former_with_warnings() {
    let (scenario, notes) = set(&[("arrivals.law", "poisson"), ("arrivals.per_hour", "10")]);
    assert!(matches!(scenario.map(|scenario| scenario.arrivals), Some(Arrivals::Poisson(_))));
    assert!(
        !notes.refuses() && notes.0.iter().all(|note| note.code == "key_of_another_law"),
        "{}",
        rendered(&notes)
    );
}

#[test]
fn wrong_sets_are_said_with_the_key_as_it_was_given() {
    let (scenario, notes) = set(&[
        ("site.lanes", "many"),
        ("site.lane", "3"),
        ("site.station.vaccinaton.servers", "3"),
        ("site.station.9.servers", "3"),
        ("site.lane_choice.x", "3"),
        ("site.lanes.x", "3"),
        ("site..lanes", "3"),
        ("", "3"),
        ("site.station.entrance.service", "{ law = 'constant', mean_s = -1 }"),
        ("arrivals.punctuality.sd_min", "-5"),
        ("waves.late", "{ share = 2, law = 'constant', mean_s = 1 }"),
        ("community.timezone", "07:00"),
    ]);
    assert!(scenario.is_none());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    insta::assert_snapshot!(rendered(&notes));
}
