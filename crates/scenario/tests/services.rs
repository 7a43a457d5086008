//! The services of the house and the examples that show them.

#[path = "notes/said.rs"]
mod said;

use domain::Scenario;
use said::{rendered, without_words};
use scenario::{Comes, Files, Service, Text, example, examples, read, service, services};

fn folder(text: &str) -> Files {
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), text.into());
    files
}

fn of_the_house(name: &str) -> Service {
    let (service, notes) = service(name, &Files::default());
    service.unwrap_or_else(|| panic!("{}", rendered(&notes)))
}

/// A scenario of three lines that leaves its stations to the service.
fn bare(purpose: &str, arrivals: &str) -> String {
    format!(
        "format = 1\n[community]\nname = \"A\"\ntimezone = \"UTC\"\nhouseholds = 30\n[round]\npurpose = \"{purpose}\"\n\
         opens = 2022-03-28T07:00\n[site]\n[arrivals]\n{arrivals}\n"
    )
}

fn read_example(name: &str) -> Scenario {
    let (scenario, notes) = read(&example(name).expect("it is listed"), &[], &mut |_, _| {});
    assert_eq!(rendered(&notes), "", "{name}");
    scenario.expect("nothing refuses it")
}

#[test]
fn every_service_has_an_example_that_reads_without_a_note() {
    let shown: Vec<String> = examples().iter().map(|name| read_example(name).round.purpose).collect();
    for service in services() {
        assert!(shown.iter().any(|purpose| purpose == service), "nothing shows {service}");
    }
    assert_eq!(services().len(), 8);
}

#[test]
fn every_card_and_notice_of_every_service_is_in_both_languages() {
    let chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    let check = |service: &str, text: &Text| {
        assert!(
            chinese(&text.0["zh"]) && !chinese(&text.0["en"]) && !text.0["en"].is_empty(),
            "{service}: {text:?}"
        );
    };
    for name in services() {
        let service = of_the_house(name);
        check(name, &service.name);
        assert!(service.roles.len() >= 3, "{name}");
        for role in &service.roles {
            check(name, &role.name);
            for lines in [&role.tasks, &role.limits, &role.doubts] {
                assert!(!lines.is_empty(), "{name}: {}", role.name.0["en"]);
                lines.iter().for_each(|line| check(name, line));
            }
        }
        let notice = &service.notice;
        for text in [&notice.call, &notice.bring, &notice.at_site, &notice.after] {
            check(name, text.as_ref().unwrap_or_else(|| panic!("{name} lacks a notice")));
        }
    }
}

#[test]
fn the_stations_of_every_service_are_sound_by_themselves_for_people_by_chance_and_for_a_roll() {
    for name in services() {
        for arrivals in ["law = \"poisson\"\nper_hour = [10]", "law = \"waves\""] {
            let (scenario, notes) = read(&folder(&bare(name, arrivals)), &[], &mut |_, _| {});
            let hints_apart: Vec<_> = notes.0.iter().filter(|note| note.code != "roll_unused").collect();
            assert!(hints_apart.is_empty(), "{name}: {}", rendered(&notes));
            assert!(!scenario.expect("nothing refuses it").site.stations.is_empty());
        }
    }
}

#[test]
fn where_one_comes_for_the_household_the_roll_is_of_those_who_come_and_they_are_the_unmarked() {
    assert_eq!(of_the_house("pod-antibiotics").comes, Comes::One);
    assert_eq!(of_the_house("screening").comes, Comes::All);
    let mut files = folder(&bare("relief-goods", "law = \"waves\"").replace("households = 30\n", ""));
    let roll = "building,entrance,door,name,marks\n1,1,101,A,frail\n1,1,101,B,\n1,1,102,C,frail\n1,1,102,D,ill\n1,2,101,E,\n";
    files.0.insert("roll.csv".into(), roll.into());
    let (scenario, notes) = read(&files, &[], &mut |_, _| {});
    let roll = scenario.unwrap_or_else(|| panic!("{}", rendered(&notes))).roll;
    let green: Vec<bool> = roll.residents.iter().map(|marks| marks.green()).collect();
    assert_eq!((roll.entrances.len(), roll.households.len()), (2, 3));
    assert_eq!(green, [false, true, false], "who is not frail goes; where all are, the first of them");
    assert!((0..3).all(|household| roll.size(household) == 1));
    assert_eq!(roll.household_id(2), "1-2-101");
    // For a service to which everybody comes, the same folder counts five.
    files.0.insert(
        "scenario.toml".into(),
        bare("screening", "law = \"waves\"").replace("households = 30\n", "").into(),
    );
    let scenario = read(&files, &[], &mut |_, _| {}).0.expect("it is sound");
    assert_eq!(scenario.roll.people(), 5);
}

#[test]
fn a_service_file_whose_stations_lead_in_a_circle_is_told_so_at_its_row_with_a_mend() {
    let own = |ways: &str| {
        let mut files =
            folder(&bare("bread", "law = \"poisson\"\nper_hour = [10]").replace("households = 30\n", ""));
        let station = |name: &str, next: &str| {
            format!(
                "[[station]]\nname = \"{name}\"\nservers = 1\nservice = {{ law = \"constant\", mean_s = 1 }}\n{next}\n"
            )
        };
        let text = format!(
            "format = 1\nname = \"Bread\"\ngives = \"parcel\"\n{}{}",
            station("list", ""),
            station("gate", ways)
        );
        files.0.insert("services/bread.toml".into(), text.into());
        let (scenario, notes) = read(&files, &[], &mut |_, _| {});
        assert_eq!(without_words(&notes), Vec::<String>::new());
        (scenario.is_some(), rendered(&notes))
    };
    // Round and round, for everybody.
    let circle = "error services/bread.toml:4:station[1] no_way_out station=list\n\
                  error services/bread.toml:9:station[2] no_way_out station=gate\n";
    assert_eq!(own("next = [{ to = \"list\" }]"), (false, circle.to_owned()));
    // To itself, with a way out that nobody takes.
    let (reads, said) = own("next = [{ to = \"gate\" }, { to = \"exit\", share = 0 }]");
    assert!(!reads && said.contains("services/bread.toml:9:station[2] no_way_out station=gate"), "{said}");
    // Nearly everybody goes back: it ends, and is not meant.
    let (reads, said) = own("next = [{ to = \"list\", share = 0.98 }, { to = \"exit\", share = 0.02 }]");
    assert!(reads);
    assert!(
        said.contains("warning services/bread.toml:4:station[1] long_circle station=list visits=43"),
        "{said}"
    );
    // A few go back: that is what ways back are for.
    assert_eq!(
        own("next = [{ to = \"list\", share = 0.1 }, { to = \"exit\", share = 0.9 }]"),
        (true, String::new())
    );
}
