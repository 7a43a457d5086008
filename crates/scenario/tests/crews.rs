//! Days of crews: what is read of them, and what is said of what is wrong.

#[path = "notes/said.rs"]
mod said;

use domain::{CrewDay, Notes};
use said::{rendered, without_words};
use scenario::{Files, crew_days, example, is_crew_day, read_crew_day};

const DAY: &str = r#"format = 1
[day]
date = 2022-03-28
now = "10:00"
promise = "13:00"
[[community]]
name = "East"
people = 600
opens = "07:00"
closes = "15:00"
lanes_max = 2
[[community]]
name = "West"
people = 300
opens = "07:00"
closes = "2022-03-29T01:00"
lanes_max = 1
[[crew]]
name = "A"
from = "07:00"
until = "15:00"
at = "East"
people_per_hour = 100
agreed = ["East", "West"]
[[crew]]
name = "B"
from = "11:00"
until = "15:00"
people_per_hour = 120
[travel]
pack_min = 5
setup_min = 10
[[travel.between]]
communities = ["West", "East"]
way_min = 15
"#;

#[track_caller]
fn day_of(text: &str) -> (Option<CrewDay>, Notes) {
    let files = Files([("crews.toml".to_owned(), text.as_bytes().to_vec())].into());
    assert!(is_crew_day(&files));
    let (day, notes) = read_crew_day(&files);
    assert_eq!(day.is_none(), notes.refuses());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    (day, notes)
}

#[track_caller]
fn refused(from: &str, to: &str, expected: &str) {
    assert!(DAY.contains(from), "{from}");
    let (_, notes) = day_of(&DAY.replacen(from, to, 1));
    assert_eq!(rendered(&notes), expected, "{to}");
}

#[test]
fn a_day_is_read_in_minutes_after_its_midnight() {
    let (day, notes) = day_of(DAY);
    assert_eq!(rendered(&notes), "");
    let day = day.expect("it is sound");
    assert_eq!((day.now_min, day.promise_min, day.service_cv), (Some(600.0), Some(780.0), 0.5));
    assert_eq!(day.communities.iter().map(|of| of.closes_min).collect::<Vec<_>>(), [900.0, 1500.0]);
    assert_eq!(day.crews.iter().map(|of| of.at).collect::<Vec<_>>(), [Some(0), None]);
    assert_eq!(day.crews[0].agreed, [0, 1]);
    assert_eq!(day.way_min, [[0.0, 15.0], [15.0, 0.0]]);
}

#[test]
fn what_is_wrong_is_said_all_at_once_with_its_row() {
    refused(
        "at = \"East\"",
        "at = \"Eats\"",
        "error crews.toml:22:crew[1].at crews_community_unknown value=\"Eats\" near=East\n",
    );
    refused("name = \"B\"", "name = \"A\"", "error crews.toml:26:crew[2].name crews_crew_twice name=A\n");
    refused(
        "name = \"West\"",
        "name = \"East\"",
        concat!(
            "error crews.toml:13:community[2].name crews_community_twice name=East\n",
            "error crews.toml:24:crew[1].agreed[2] crews_community_unknown value=\"West\" near=East\n",
            "error crews.toml:34:travel.between[1].communities[1] crews_community_unknown value=\"West\" near=East\n",
            "error crews.toml:30:travel crews_no_way one=East other=East\n",
        ),
    );
    refused(
        "closes = \"15:00\"",
        "closes = \"06:00\"",
        "error crews.toml:10:community[1].closes crews_no_time from=opens until=closes\n",
    );
    refused("until = \"15:00\"\nat", "at", "error crews.toml:18:crew[1].until missing_key key=until\n");
    refused(
        "\"2022-03-29T01:00\"",
        "\"2022-04-29T01:00\"",
        "error crews.toml:16:community[2].closes crews_another_day value=\"2022-04-29T01:00\" date=2022-03-28\n",
    );
    refused(
        "[[travel.between]]\ncommunities = [\"West\", \"East\"]\nway_min = 15\n",
        "",
        "error crews.toml:30:travel crews_no_way one=East other=West\n",
    );
    refused(
        "[\"West\", \"East\"]",
        "[\"West\", \"West\"]",
        concat!(
            "error crews.toml:34:travel.between[1].communities crews_way_ends value=[…]\n",
            "error crews.toml:30:travel crews_no_way one=East other=West\n",
        ),
    );
    refused(
        "[\"East\", \"West\"]\n[[crew",
        "[\"East\", \"East\"]\n[[crew",
        "error crews.toml:24:crew[1].agreed[2] crews_stop_twice value=\"East\" crew=A\n",
    );
    refused(
        "lanes_max = 2",
        "lanes_max = 2\nscenario = \"east\"",
        "error crews.toml:12:community[1].scenario crews_no_scenario value=\"east\"\n",
    );
    refused(
        "pack_min = 5\n",
        "pack_mins = 5\n",
        concat!(
            "error crews.toml:30:travel.pack_min missing_key key=pack_min\n",
            "error crews.toml:31:travel.pack_mins unknown_key_near key=pack_mins near=pack_min\n",
        ),
    );
}

#[test]
fn whose_time_is_over_is_a_warning() {
    let (day, notes) = day_of(&DAY.replacen("now = \"10:00\"", "now = \"15:30\"", 1));
    assert!(day.is_some());
    let codes: Vec<&str> = notes.0.iter().map(|note| note.code).collect();
    assert_eq!(codes, ["crews_community_over", "crews_crew_over", "crews_crew_over"]);
}

#[test]
fn a_community_brings_its_own_scenario_and_its_notes_name_the_folder() {
    let text = DAY.replacen("lanes_max = 2", "lanes_max = 2\nscenario = \"east\"", 1);
    let mut files = Files([("crews.toml".to_owned(), text.into_bytes())].into());
    for (path, bytes) in example("sunshine-garden").expect("it is in the house").0 {
        files.0.insert(format!("east/{path}"), bytes);
    }
    let (day, notes) = read_crew_day(&files);
    assert_eq!(rendered(&notes), "");
    assert!(day.expect("it is sound").communities[0].scenario.is_some());
    files.0.insert("east/scenario.toml".to_owned(), b"format = 1\n".to_vec());
    let (day, notes) = read_crew_day(&files);
    assert!(day.is_none() && notes.0.iter().all(|note| note.place.file.starts_with("east/")), "{notes:?}");
}

#[test]
fn every_day_of_crews_of_the_house_reads_without_a_note() {
    assert_eq!(crew_days(), ["three-compounds"]);
    for name in crew_days() {
        let (day, notes) = read_crew_day(&example(name).expect("it is listed"));
        assert_eq!(rendered(&notes), "", "{name}");
        assert!(day.is_some());
    }
    let (day, notes) = read_crew_day(&Files::default());
    assert_eq!((day, rendered(&notes)), (None, "error crews.toml crews_no_file\n".to_owned()));
}
