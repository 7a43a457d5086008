//! A scenario's text changed in place.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "notes/said.rs"]
mod said;

use domain::scenario::{Lesson, Measured};
use said::{rendered, without_words};
use scenario::{Files, TAKEN_AWAY, edit, example, examples, learn, read};

fn sets(sets: &[(&str, &str)]) -> Vec<(String, String)> {
    sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn text(files: &Files) -> String {
    String::from_utf8(files.0["scenario.toml"].clone()).unwrap()
}

/// Sunshine Garden without its own stations.
fn without_stations() -> Files {
    let mut files = example("sunshine-garden").unwrap();
    let old = text(&files);
    let (head, rest) = old.split_once("[[site.station]]").unwrap();
    let (_, tail) = rest.split_once("[arrivals]").unwrap();
    files.0.insert("scenario.toml".into(), format!("{head}[arrivals]{tail}").into());
    files
}

/// Edits, and holds the result against reading the folder with the same values set.
fn edited(files: &Files, changes: &[(&str, &str)]) -> Files {
    let changes = sets(changes);
    let (edited, notes) = edit(files, &changes);
    let edited = edited.unwrap_or_else(|| panic!("{changes:?}: {}", rendered(&notes)));
    let set = read(files, &changes, &mut |_, _| {}).0;
    let found = read(&edited, &[], &mut |_, _| {}).0;
    assert!(set == found && found.is_some(), "{changes:?}:\n{}", text(&edited));
    edited
}

#[test]
fn a_value_is_exchanged_and_everything_else_stays() {
    let files = example("sunshine-garden").unwrap();
    let new = text(&edited(
        &files,
        &[("site.lanes", "3"), ("waves.load", "0.85"), ("attendance.households", "0.9")],
    ));
    let old = text(&files);
    let expected = old
        .replace("lanes = 4 ", "lanes = 3 ")
        .replace("households = 0.97", "households = 0.9")
        .replace("\n\n[attendance]", "\nload = 0.85\n\n[attendance]");
    assert_eq!(new, expected);
}

#[test]
fn set_and_edited_scenarios_are_equal() {
    let changes: [&[(&str, &str)]; 12] = [
        &[("site.station.sampling.servers", "3")],
        &[("site.station[0].servers", "[{ from = '07:00', servers = 2 }, { from = '09:00', servers = 1 }]")],
        &[("site.station.registration.service", "{ law = 'gamma', mean_s = 12, cv = 0.5 }")],
        &[("site.station.registration.service.parts.1.mean_s", "90")],
        &[("site.station.sampling.changeover.away_s", "20.5")],
        &[("arrivals", "{ law = 'waves' }")],
        &[("arrivals", "{ law = 'broadcast', at = '08:00', reaction = { law = 'constant', mean_min = 5 } }")],
        &[("patience", "{ law = 'exponential', mean_min = 90 }"), ("patience.mean_min", "60")],
        &[("round.opens", "08:30"), ("round.closes", "2022-03-28T14:00"), ("round.date", "2022-03-28")],
        &[("community.name", "Another \"name\""), ("kind", "community"), ("statistics.warmup_people", "0")],
        &[("waves.callers.number", "6"), ("waves.late.share", "0.2"), ("waves.late.max_min", "60")],
        &[("site.station", "[{ name = 'gate', servers = 2, service = { law = 'constant', mean_s = 4 } }]")],
    ];
    for change in changes {
        edited(&example("sunshine-garden").unwrap(), change);
        if !change.iter().any(|(key, _)| key.starts_with("site.station[")) {
            edited(&without_stations(), change);
        }
    }
}

#[test]
fn comments_beside_and_above_a_value_survive() {
    let files = example("sunshine-garden").unwrap();
    let changes = [
        ("site.station.registration.servers", "2"),
        ("arrivals", "{ law = 'broadcast', at = '07:30', reaction = { law = 'constant', mean_min = 9 } }"),
        ("waves.reaction", "{ law = 'normal', mean_min = 4, sd_min = 5 }"),
    ];
    let new = text(&edited(&files, &changes));
    let comments = |text: &str| -> Vec<String> {
        text.lines().filter_map(|line| line.split_once('#')).map(|(_, comment)| comment.to_owned()).collect()
    };
    assert_eq!(comments(&new), comments(&text(&files)));
}

#[test]
fn stations_of_the_service_are_written_out_when_one_is_set() {
    let files = without_stations();
    let new = edited(&files, &[("site.station.sampling.servers", "1")]);
    insta::assert_snapshot!(text(&new));
    assert!(!text(&edited(&files, &[("site.lanes", "2")])).contains("[[site.station]]"));
    let clinic = "format = 1\n[community]\nname = \"A\"\ntimezone = \"UTC\"\n[round]\npurpose = \"flu-clinic\"\n\
        date = 2022-03-28\nopens = \"07:00\"\n[arrivals]\nlaw = \"poisson\"\nper_hour = 10\nhours = 2\n";
    let clinic = Files([("scenario.toml".to_owned(), clinic.as_bytes().to_vec())].into());
    assert!(text(&edited(&clinic, &[("site.station.0.servers", "9")])).contains("observe_min = 20"));
}

#[test]
fn what_does_not_read_is_not_written() {
    let files = example("sunshine-garden").unwrap();
    for (key, value) in [
        ("site.lane", "3"),
        ("site.lanes", "many"),
        ("site.station.nobody.servers", "3"),
        ("a..b", "1"),
        ("arrivals", "{ law = 'never' }"),
        ("lesson", "3"),
    ] {
        let (edited, notes) = edit(&files, &sets(&[(key, value)]));
        assert!(edited.is_none() && notes.refuses(), "{key}");
        assert!(notes.0.iter().any(|note| note.place.file == "--set"), "{key}: {}", rendered(&notes));
        assert_eq!(without_words(&notes), Vec::<String>::new());
    }
    assert!(edit(&Files::default(), &sets(&[("site.lanes", "3")])).0.is_none());
}

#[test]
fn every_example_can_be_edited_and_no_edit_changes_no_byte() {
    for name in examples() {
        let files = example(name).unwrap();
        assert_eq!(edit(&files, &[]).0, Some(files.clone()), "{name}");
        edited(&files, &[("site.lanes", "5"), ("round.closes", "16:00")]);
    }
}

fn lesson(key: &str, new: &str) -> Lesson {
    Lesson {
        key: key.to_owned(),
        old: None,
        new: new.to_owned(),
        why: "One in twelve had no phone; \"side table\" added.".to_owned(),
        date: Some("2022-03-28".parse().unwrap()),
        measured: Measured { wait_p50_min: Some(31.234), wait_p95_min: Some(126.0), done_97_min: None },
    }
}

#[test]
fn a_lesson_sets_the_figure_and_is_read_back_with_what_stood_there() {
    for files in [example("sunshine-garden").unwrap(), without_stations()] {
        let law = "{ law = 'lognormal', mean_s = 11.5, cv = 0.4 }";
        let lessons = [lesson("site.station.registration.service", law), lesson("site.lanes", "5")];
        let (learned, notes) = learn(&files, &lessons);
        let learned = learned.unwrap_or_else(|| panic!("{}", rendered(&notes)));
        let scenario = read(&learned, &[], &mut |_, _| {}).0.unwrap();
        assert_eq!(scenario.site.lanes, 5);
        assert_eq!(scenario.site.stations[0].service.mean_s(), 11.5);
        let [first, second] = scenario.lessons.as_slice() else { panic!("two lessons") };
        assert_eq!((second.old.as_deref(), second.new.as_str()), (Some("4"), "5"));
        assert!(
            first.old.as_deref().unwrap().starts_with("{ law = \"mixture\", parts = [{ share = 0.92,"),
            "{first:?}"
        );
        assert_eq!((first.why.as_str(), first.date), (lessons[0].why.as_str(), lessons[0].date));
        assert_eq!(first.measured.wait_p50_min, Some(31.23));
        assert_eq!(first.measured.done_97_min, None);
        // Going back to the old value gives the old scenario, with its lessons beside it.
        let back = [
            (first.key.clone(), first.old.clone().unwrap()),
            (second.key.clone(), second.old.clone().unwrap()),
        ];
        let mut back = read(&edit(&learned, &back).0.unwrap(), &[], &mut |_, _| {}).0.unwrap();
        back.lessons.clear();
        assert_eq!(Some(back), read(&files, &[], &mut |_, _| {}).0);
        // A second review adds to the list.
        let again = learn(&learned, &[lesson("waves.wait_p95_min", "12")]).0.unwrap();
        let scenario = read(&again, &[], &mut |_, _| {}).0.unwrap();
        assert_eq!((scenario.lessons.len(), scenario.lessons[2].old.as_deref()), (3, None));
    }
}

#[test]
fn a_lesson_can_take_a_key_away() {
    for files in [example("sunshine-garden").unwrap(), without_stations()] {
        let with = edit(
            &files,
            &[("site.station.sampling.changeover".into(), "{ every = 10, away_s = 30 }".into())],
        );
        let with = with.0.unwrap();
        let (learned, notes) = learn(&with, &[lesson("site.station.sampling.changeover", TAKEN_AWAY)]);
        let learned = learned.unwrap_or_else(|| panic!("{}", rendered(&notes)));
        let scenario = read(&learned, &[], &mut |_, _| {}).0.unwrap();
        assert!(scenario.site.stations.iter().all(|station| station.changeover.is_none()));
        assert_eq!(scenario.lessons[0].old.as_deref(), Some("{ every = 10, away_s = 30 }"));
        assert_eq!(scenario.lessons[0].new, TAKEN_AWAY);
    }
}

#[test]
fn a_lesson_that_does_not_read_is_refused() {
    let files = example("sunshine-garden").unwrap();
    assert!(learn(&files, &[lesson("site.lanes", "0")]).0.is_none());
    let wrong = "\n[[lesson]]\nkey = \"site.lanes\"\nwhy = 3\ndate = \"soon\"\nwait_p50_min = -1\nwait = 2\n";
    let mut files = files;
    files.0.get_mut("scenario.toml").unwrap().extend_from_slice(wrong.as_bytes());
    let (scenario, notes) = read(&files, &[], &mut |_, _| {});
    assert!(scenario.is_none());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    insta::assert_snapshot!(rendered(&notes));
}
