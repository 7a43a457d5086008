//! Aid between cities: what is read of it, and what is said of what is wrong.

#[path = "notes/said.rs"]
mod said;

use domain::{Aid, Notes};
use said::{rendered, without_words};
use scenario::{Files, aids, example, is_aid, read_aid};

const SCENARIO: &str = r#"format = 1
kind = "aid"
[aid]
name = "Aid"
from = 2022-04-03
days = 3
[[skill]]
name = "sampling"
team = 20
tests_per_day = 360
[[skill]]
name = "ward"
"#;
const DONORS: &str = "donor,skill,people,offers,reserve,travel_h,cases\nEast,sampling,400,100,200,3,1\nEast,ward,50,,10,,\nWest,sampling,300,,,6,\n";
const DEMAND: &str = "recipient,skill,people,from,to,why\nNorth,sampling,120,2022-04-03,2022-04-09,screening\nSouth,ward,20,2022-04-04,2022-04-05,\n";
const DEPLOYED: &str = "team,donor,recipient,skill,people,from,to\nT1,East,North,sampling,20,2022-04-01,2022-04-03\nT1,East,South,sampling,20,2022-04-04,2022-04-05\n";

#[track_caller]
fn aid_of(files: &[(&str, &str)]) -> (Option<Aid>, Notes) {
    let mut all = vec![("scenario.toml", SCENARIO), ("donors.csv", DONORS), ("demand.csv", DEMAND)];
    all.retain(|(name, _)| !files.iter().any(|(other, _)| other == name));
    all.extend(files);
    let files =
        Files(all.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect());
    assert!(is_aid(&files));
    let (aid, notes) = read_aid(&files, &[]);
    assert_eq!(aid.is_none(), notes.refuses());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    (aid, notes)
}

#[track_caller]
fn refused(file: &str, from: &str, to: &str, expected: &str) {
    let text = [
        ("donors.csv", DONORS),
        ("demand.csv", DEMAND),
        ("deployed.csv", DEPLOYED),
        ("scenario.toml", SCENARIO),
    ];
    let text = text.iter().find(|(name, _)| *name == file).expect("it is one of them").1;
    assert!(text.contains(from), "{from}");
    let (_, notes) = aid_of(&[(file, &text.replacen(from, to, 1))]);
    assert!(rendered(&notes).contains(expected), "{}", rendered(&notes));
}

#[test]
fn what_is_written_is_read() {
    let (aid, notes) = aid_of(&[("deployed.csv", DEPLOYED)]);
    assert_eq!(rendered(&notes), "");
    let aid = aid.expect("it is sound");
    assert_eq!((aid.donors.len(), aid.districts.len(), aid.teams.len()), (2, 2, 2));
    assert_eq!(aid.travel_h, [[3.0, 3.0], [6.0, 6.0]]);
    assert_eq!(aid.donors[0].staff[0].offered, Some(100));
    assert_eq!((aid.requests[1].from, aid.requests[1].until), (1, 2));
    assert_eq!((aid.teams[0].from, aid.teams[0].until, aid.teams[0].free), (-2, 0, 15));
}

#[test]
fn who_has_left_counts_at_home_after_the_journey_and_the_rest() {
    let far = DONORS.replace("300,,,6", "300,,,60");
    let deployed = DEPLOYED.replace("T1,East,South", "T2,West,South");
    let (aid, notes) = aid_of(&[("donors.csv", &far), ("deployed.csv", &deployed)]);
    assert!(!notes.refuses(), "{}", rendered(&notes));
    let team = aid.expect("it is sound").teams[1].clone();
    // 60 hours are three days; they work on days 1 and 2, are home on day 6 and rest for 14.
    assert_eq!((team.leaves, team.from, team.until, team.free), (-2, 1, 2, 20));
}

#[test]
fn what_is_right_is_not_complained_of() {
    let one = "team,donor,recipient,skill,people,from,to\nT1,East,North,sampling,20,2022-04-01,2022-04-03\nT1,East,North,ward,5,2022-04-01,2022-04-03\n";
    let (_, notes) = aid_of(&[("deployed.csv", one)]);
    assert_eq!(rendered(&notes), "", "two skills of one team in one place");
    // One after the other in the same beds; the way twice, and the same.
    let demand = "recipient,skill,people,from,to,why\nNorth,sampling,100,2022-04-03,2022-04-03,\nNorth,ward,100,2022-04-04,2022-04-05,\n";
    let places = "place,kind,beds\nNorth,district,100\n";
    let travel = "donor,recipient,travel_h\nEast,North,3\nEast,North,3\n";
    let (_, notes) = aid_of(&[("demand.csv", demand), ("places.csv", places), ("travel.csv", travel)]);
    assert_eq!(rendered(&notes), "");
}

#[test]
fn what_is_wrong_is_named() {
    refused("donors.csv", "400,100", "400,500", "aid_offers_more");
    refused("donors.csv", "400,100,200", "400,300,200", "aid_offers_reserve");
    refused("donors.csv", "300,,,6", "300,,301,6", "aid_reserve_more");
    refused("donors.csv", "300,,,6", "19,,,6", "aid_less_than_team");
    refused("donors.csv", "50,,10,,", "50,,10,4,", "aid_says_two");
    refused("donors.csv", "300,,,6", "300,,,", "aid_no_way");
    refused("donors.csv", "East,ward", "East,sampling", "aid_donor_twice");
    refused("donors.csv", "East,ward", "East,wrad", "aid_skill_unknown");
    refused("demand.csv", "2022-04-09", "", "aid_no_end");
    refused("demand.csv", "2022-04-09", "2022-04-01", "aid_backwards");
    refused("demand.csv", "2022-04-04,2022-04-05", "2022-05-04,2022-05-05", "aid_request_outside");
    refused("deployed.csv", "2022-04-03", "2022-04-04", "aid_two_places");
    refused(
        "deployed.csv",
        "T1,East,South,sampling,20,2022-04-04",
        "T1,East,North,sampling,20,2022-04-03",
        "aid_team_twice",
    );
    refused("deployed.csv", "2022-04-03\n", "\n", "aid_team_no_end");
    refused("deployed.csv", "sampling,20", "sampling,0", "aid_team_empty");
    refused("deployed.csv", "sampling,20", "sampling,401", "deployed.csv:2:people aid_more_away");
    refused("deployed.csv", "T1,East,North", "T1,Eest,North", "aid_donor_unknown");
    refused("deployed.csv", "East,North", "East,Nort", "aid_place_unknown");
    let twice = "donor,recipient,travel_h\nEast,North,3\nEast,North,50\n";
    let (_, notes) = aid_of(&[("travel.csv", twice)]);
    assert!(rendered(&notes).contains("aid_way_twice"), "{}", rendered(&notes));
    refused("scenario.toml", "name = \"ward\"", "name = \"sampling\"", "aid_skill_twice");
    let few = "place,kind,beds\nNorth,district,100\nSouth,district,50\n";
    let (_, notes) = aid_of(&[("places.csv", few)]);
    assert!(rendered(&notes).contains("aid_beds_less"), "{}", rendered(&notes));
    let (_, notes) = aid_of(&[("demand.csv", "recipient,skill,people,from\n")]);
    assert!(rendered(&notes).contains("aid_no_demand"), "{}", rendered(&notes));
}

#[test]
fn a_number_that_cannot_be_read_hides_nothing_else_of_its_row() {
    let donors = "donor,skill,people,offers,reserve,travel_h,cases\nEast,sampling,many,,,3,\nEast,sampling,400,,,,\nWest,wrad,many,,,6,\n";
    let demand = "recipient,skill,people,from,to,why\nNorth,samplng,few,2022-04-03,2022-04-09,\n";
    let deployed = "team,donor,recipient,skill,people,from,to\nT1,East,North,sampling,x,2022-04-03,2022-04-04\nT1,East,South,sampling,20,2022-04-04,2022-04-05\n";
    let places = "place,kind,beds\nNorth,district,\nSouth,district,\nSouth,district,all\n";
    let travel = "donor,recipient,travel_h\nEast,Nort,far\nEats,North,3\n";
    let files = [
        ("donors.csv", donors),
        ("demand.csv", demand),
        ("deployed.csv", deployed),
        ("places.csv", places),
        ("travel.csv", travel),
    ];
    let (_, notes) = aid_of(&files);
    let said = rendered(&notes);
    let told = [
        "places.csv:4:place city_place_twice",
        "travel.csv:2:recipient aid_place_unknown",
        "travel.csv:2:travel_h table_number_expected",
        "travel.csv:3:donor aid_donor_unknown",
        "donors.csv:3:skill aid_donor_twice",
        "donors.csv:4:skill aid_skill_unknown",
        "demand.csv:2:skill aid_skill_unknown",
        "deployed.csv:3:team aid_two_places",
    ];
    for note in told {
        assert!(said.contains(note), "{note}: {said}");
    }
    assert_eq!((notes.0.len(), said.contains("aid_no_way")), (13, false), "{said}");
}

#[test]
fn a_way_that_cannot_be_read_is_not_said_to_be_missing() {
    let of = |donors: &str, places: &str, travel: &str| {
        let files = [("donors.csv", donors), ("places.csv", places), ("travel.csv", travel)];
        let files: Vec<_> = files.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        rendered(&aid_of(&files).1)
    };
    let hours = "donor,skill,people,travel_h\nEast,sampling,400,far\nWest,sampling,300,6\n";
    let way = "donor,skill,people\nEast,sampling,400\n";
    let by = "donor,recipient,travel_h\nEast,North,far\nEast,South,3\n";
    let at = "donor,skill,people,latitude,longitude\nEast,sampling,400,there,121\nWest,sampling,300,32,119\n";
    let rows = "donor,skill,people,latitude,longitude\nEast,wrad,400,31,121\nWest,sampling,many,32,119\n";
    let to = "place,kind,latitude,longitude\nNorth,district,31.3,121.4\nSouth,district,31.1,121.4\n";
    let half = "place,kind,latitude,longitude\nNorth,district,31.3,\nSouth,district,31.1,121.4\n";
    let cases = [
        (hours, "", "", "donors.csv:2:travel_h table_number_expected", 0),
        (way, "", by, "travel.csv:2:travel_h table_number_expected", 0),
        (at, to, "", "donors.csv:2:latitude table_number_expected", 0),
        (rows, to, "", "donors.csv:3:people table_whole_expected", 0),
        (rows, half, "", "places.csv:2:longitude city_half_position", 0),
        // What is missing besides is told.
        (way, "", "donor,recipient,travel_h\nEast,North,far\n", "donors.csv:2:travel_h aid_no_way", 1),
        (way, to, "", "donors.csv:2:travel_h aid_no_way", 1),
    ];
    for (donors, places, travel, note, missing) in cases {
        let said = of(donors, places, travel);
        assert!(said.contains(note), "{note}: {said}");
        assert_eq!(said.matches("aid_no_way").count(), missing, "{said}");
    }
}

#[test]
fn the_examples_are_read_without_an_error_and_their_sums_are_those_published() {
    assert_eq!(aids(), ["aid-to-the-city"]);
    let files = example("aid-to-the-city").expect("it is embedded");
    let (aid, notes) = read_aid(&files, &[]);
    assert!(!notes.refuses(), "{}", rendered(&notes));
    let aid = aid.expect("it is sound");
    let offered = |skill: &str, of: &dyn Fn(&str) -> bool| -> u32 {
        let skill = aid.skills.iter().position(|known| known.name == skill).expect("it is named");
        let donors = aid.donors.iter().filter(|donor| of(&donor.name));
        donors.filter_map(|donor| donor.staff[skill].offered).sum()
    };
    let all = |_: &str| true;
    assert_eq!(offered("sampling", &all), 23_000);
    assert_eq!(offered("ward", &all) + offered("dialysis", &all), 11_000);
    assert_eq!(offered("laboratory", &all) + offered("air-dome laboratory", &all), 4_000);
    assert_eq!(offered("dialysis", &all), 84);
    // Beside those who sample: hospitals, dialysis, the base and the domes.
    let near = |name: &str| name.starts_with("Neighbour") || name.starts_with("Nine");
    let skills = ["sampling", "ward", "dialysis", "laboratory", "air-dome laboratory"];
    assert_eq!(skills.map(|skill| offered(skill, &near)), [7_261, 1_510, 84, 307, 504]);
    let five =
        |name: &str| name.strip_prefix("Province ").is_some_and(|of| ["T", "U", "V", "W", "X"].contains(&of));
    assert_eq!(skills.map(|skill| offered(skill, &five)).iter().sum::<u32>(), 6_000);
    assert_eq!(offered("sampling", &|name| name.contains("pool")), 7_500);
}
