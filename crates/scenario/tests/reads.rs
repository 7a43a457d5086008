//! Scenarios that are as they should be, and what is read from them.

#[path = "notes/said.rs"]
mod said;

use chance::{Law, TICKS_PER_SECOND, Ticks};
use domain::Scenario;
use domain::scenario::{Arrivals, Branch, Calendar, Flow, Gives, Mix, Order, Servers, Target, Unit};
use jiff::civil::date;
use said::{rendered, without_words};
use scenario::{Files, example, examples, read, service, services};

const MINUTE: Ticks = 60 * TICKS_PER_SECOND;

fn folder(text: &str) -> Files {
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), text.into());
    files
}

/// The scenario of a text that has no faults.
fn sound(text: &str) -> Scenario {
    let (scenario, notes) = read(&folder(text), &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{}", rendered(&notes)))
}

/// A scenario around a station's service and a law of arrivals.
fn around(station: &str, arrivals: &str) -> String {
    format!(
        "format = 1\n[community]\nname = \"A\"\ntimezone = \"UTC\"\nhouseholds = 20\n[round]\npurpose = \"flu-clinic\"\n\
         opens = 2022-03-28T07:00\n[site]\n[[site.station]]\nname = \"one\"\n{station}\n[arrivals]\n{arrivals}\n"
    )
}

fn service_law(law: &str) -> Law {
    let text = around(&format!("servers = 1\nservice = {law}"), "law = \"waves\"");
    sound(&text).site.stations.remove(0).service
}

fn arrivals(text: &str) -> Arrivals {
    sound(&around("servers = 1\nservice = { law = \"constant\", mean_s = 1 }", text)).arrivals
}

#[test]
fn every_law_is_read_in_seconds_or_minutes_with_its_floor() {
    let cases = [
        ("{ law = 'constant', mean_s = 9 }", Law::constant(9.0)),
        ("{ law = 'constant', mean_min = 0 }", Law::constant(0.0)),
        ("{ law = 'exponential', mean_min = 1.5, floor_min = 2 }", Law::exponential(90.0).with_floor(120.0)),
        ("{ law = 'lognormal', mean_s = 9, cv = 0.4 }", Law::lognormal_mean_cv(9.0, 0.4)),
        ("{ law = 'lognormal', median_min = 30, sigma = 0.8 }", Law::lognormal_median_sigma(1_800.0, 0.8)),
        ("{ law = 'gamma', mean_s = 9, cv = 0.4, floor_s = 1 }", Law::gamma(9.0, 0.4).with_floor(1.0)),
        ("{ law = 'triangular', min_s = 1, mode_s = 2, max_min = 1 }", Law::triangular(1.0, 2.0, 60.0)),
        ("{ law = 'uniform', min_min = 1, max_min = 2 }", Law::uniform(60.0, 120.0)),
        ("{ law = 'normal', mean_s = 9, sd_s = 0 }", Law::normal(9.0, 0.0)),
        ("{ law = 'uniform', min_s = -5, max_s = 5, floor_s = 5 }", Law::uniform(-5.0, 5.0).with_floor(5.0)),
        (
            "{ law = 'mixture', floor_s = 1, parts = [{ share = 0.9, law = 'constant', mean_s = 1 }, \
             { share = 0.1, law = 'exponential', mean_s = 2, floor_s = 3 }] }",
            Law::mixture(vec![(0.9, Law::constant(1.0)), (0.1, Law::exponential(2.0).with_floor(3.0))])
                .with_floor(1.0),
        ),
    ];
    for (text, law) in cases {
        assert_eq!(service_law(text), law, "{text}");
    }
}

#[test]
fn an_empirical_law_draws_the_values_of_its_file_with_their_weights_or_once_each() {
    let mut files = folder(&around(
        "servers = 1\nservice = { law = 'empirical', file = 'times/a.csv' }",
        "law = 'waves'",
    ));
    for (text, values) in [
        ("seconds,weight\n9, 2\n12.5,1\n", vec![(9.0, 2.0), (12.5, 1.0)]),
        ("\u{feff}note,Seconds\r\nslow,60\r\n\r\n,5\r\n", vec![(60.0, 1.0), (5.0, 1.0)]),
    ] {
        files.0.insert("times/a.csv".into(), text.into());
        let (scenario, notes) = read(&files, &[], &mut |_, _| {});
        let scenario = scenario.unwrap_or_else(|| panic!("{}", rendered(&notes)));
        assert_eq!(scenario.site.stations[0].service, Law::empirical(values));
    }
}

#[test]
fn every_key_of_a_station_is_read() {
    let station = "shared = true\nservers = [{ from = '06:00', servers = 1 }, { from = '06:30', servers = 3 }, \
         { from = 2022-03-28T12:00, servers = 2 }, { from = '2022-03-29 08:00', servers = 0 }]\n\
         service = { law = 'constant', mean_s = 1 }\nchangeover = { every = 10, away_s = 15 }\nunit = 'household'\n\
         plus_each_s = 4\nwalk_s = 30\norder = 'scrum'\nobserve_min = 15\ngives_here = true\n\
         next = [{ to = 'one', share = 0.1 }, { to = 'exit', share = 0.9 }, { to = 'exit', class = 'slow' }]\n\
         [[visitor]]\nclass = 'slow'\nshare = 0.2\nservice_factor = 2\npriority = true\nskips = []\n\
         party_sizes = [{ size = 1, share = 0.5 }, { size = 3, share = 0.5 }]";
    let text = around(station, "law = 'waves'");
    let scenario = sound(&text);
    let station = &scenario.site.stations[0];
    assert!(station.shared && station.gives_here);
    let noon = 5 * 60 * MINUTE;
    let calendar = Calendar(vec![(0, 3), (noon, 2), (25 * 60 * MINUTE, 0)]);
    assert_eq!(station.servers, Servers::Calendar(calendar));
    assert_eq!(station.changeover.map(|changeover| (changeover.every, changeover.away_s)), Some((10, 15.0)));
    assert_eq!((station.unit, station.plus_each_s, station.order), (Unit::Household, 4.0, Order::Scrum));
    assert_eq!((station.walk.clone(), station.observe_min), (Some(Law::constant(30.0)), 15.0));
    let branch = |to, share, class: Option<&str>| Branch { to, share, class: class.map(str::to_owned) };
    let slow = branch(Target::Exit, 1.0, Some("slow"));
    assert_eq!(station.next, [branch(Target::Station(0), 0.1, None), branch(Target::Exit, 0.9, None), slow]);
    let visitor = &scenario.visitors[0];
    assert_eq!((visitor.class.as_str(), visitor.share, visitor.service_factor), ("slow", 0.2, 2.0));
    assert!(visitor.priority && visitor.skips.is_empty());
    assert_eq!(
        visitor.parties.iter().map(|party| (party.size, party.weight)).collect::<Vec<_>>(),
        [(1, 0.5), (3, 0.5)]
    );
}

#[test]
fn a_room_a_random_walk_and_chairs_are_read() {
    let station = "servers = 'unlimited'\nroom = 12\nservice = { law = 'constant', mean_s = 1 }\n\
         walk_s = { law = 'uniform', min_s = 5, max_s = 9 }";
    let scenario = sound(&around(station, "law = 'waves'"));
    let station = &scenario.site.stations[0];
    assert_eq!((station.room, &station.servers), (Some(12), &Servers::Unlimited));
    assert_eq!(station.walk, Some(Law::uniform(5.0, 9.0)));
}

#[test]
fn every_law_of_arrivals_is_read() {
    let Arrivals::Broadcast { at, reaction } =
        arrivals("law = 'broadcast'\nat = '06:30'\nreaction = { law = 'normal', mean_min = 30, sd_min = 5 }")
    else {
        panic!("it is a broadcast");
    };
    assert_eq!((at, reaction), (-30 * MINUTE, Law::normal(1_800.0, 300.0)));
    assert_eq!(arrivals("law = 'waves'"), Arrivals::Waves);
    let Arrivals::Appointments(booked) =
        arrivals("law = 'appointments'\nslot_min = 7\nplaces = 3\nhours = 1\nno_show = 0.02")
    else {
        panic!("they are appointments");
    };
    assert_eq!((booked.slot, booked.places, booked.slots, booked.no_show), (7 * MINUTE, 3, 9, 0.02));
    let Arrivals::Poisson(walk_ins) =
        arrivals("law = 'poisson'\nper_hour = [10, 0, 5.5]\npeople = 20\ngreen_share = 0.1")
    else {
        panic!("they come by chance");
    };
    assert_eq!(walk_ins.per_hour, Flow::Hourly(vec![10.0, 0.0, 5.5]));
    assert_eq!((walk_ins.people, walk_ins.until, walk_ins.green_share), (Some(20), None, 0.1));
    let Arrivals::Schedule { times, punctuality } = arrivals(
        "law = 'schedule'\ntimes_min = [-1, 0, 2.5]\npunctuality = { law = 'constant', mean_s = -30 }",
    ) else {
        panic!("it is a schedule");
    };
    assert_eq!((times, punctuality), (vec![-MINUTE, 0, 5 * MINUTE / 2], Some(Law::constant(-30.0))));
    let Arrivals::Mix(Mix { waves, appointments, walk_ins }) = arrivals(
        "law = 'mix'\nwaves = true\nappointments = { slot_min = 5, places = 2, hours = 2 }\n\
         walk_ins = { per_hour = 12, hours = 3 }",
    ) else {
        panic!("it is a mix");
    };
    assert_eq!((waves, appointments.map(|booked| booked.slots)), (true, Some(24)));
    assert_eq!(walk_ins.and_then(|walk_ins| walk_ins.until), Some(180 * MINUTE));
}

#[test]
fn what_is_not_said_takes_the_documented_default() {
    let scenario = sound(&around("servers = 1\nservice = { law = 'constant', mean_s = 1 }", "law = 'waves'"));
    let waves = &scenario.waves;
    assert_eq!((waves.size, waves.load, waves.wait_p95_min, &waves.late), (40, None, 10.0, &None));
    assert_eq!((waves.callers.number, waves.callers.call.clone()), (8, Law::lognormal_mean_cv(40.0, 0.5)));
    assert_eq!(waves.reaction, Law::normal(180.0, 300.0));
    assert_eq!((scenario.attendance.households, scenario.attendance.persons), (1.0, 1.0));
    assert_eq!((scenario.round.pool, scenario.round.closes, scenario.patience), (1, None, None));
    assert_eq!((scenario.site.lanes, scenario.site.green_channel, scenario.site.room), (1, false, None));
    assert_eq!(scenario.roll.households.len(), 20);
}

#[test]
fn a_round_without_stations_uses_those_of_its_service_and_its_time_of_observation() {
    let text = "format = 1\n[community]\nname = \"A\"\ntimezone = \"UTC\"\n[round]\npurpose = \"flu-clinic\"\n\
        date = 2022-03-28\nopens = 07:00\ncloses = 2022-03-29T01:00\n[site]\nlanes = 2\n[arrivals]\nlaw = \"poisson\"\nper_hour = 10\n";
    let scenario = sound(text);
    let names: Vec<&str> = scenario.site.stations.iter().map(|station| station.name.as_str()).collect();
    assert_eq!(names, ["entrance", "registration", "assessment", "vaccination"]);
    assert_eq!(scenario.site.stations[3].observe_min, 20.0);
    assert_eq!((scenario.round.gives, scenario.round.opens), (Gives::Dose, date(2022, 3, 28).at(7, 0, 0, 0)));
    assert_eq!(scenario.round.closes, Some(18 * 60 * MINUTE));
}

#[test]
fn a_service_of_the_folder_takes_the_place_of_the_embedded_one_and_its_faults_name_its_file() {
    let mut files =
        folder(&around("servers = 1\nservice = { law = 'constant', mean_s = 1 }", "law = 'waves'"));
    let own = "format = 1\nname = \"Bread\"\ngives = \"parcel\"\nto = \"household\"\n";
    files.0.insert("services/flu-clinic.toml".into(), own.into());
    assert_eq!(read(&files, &[], &mut |_, _| {}).0.map(|scenario| scenario.round.gives), Some(Gives::Parcel));
    let wrong = "name = { fr = \"Pain\" }\ngives = \"bread\"\n[[station]]\nname = \"door\"\nservers = 0\n\
        [[role]]\ndo = [\"\"]\n[notice]\ncal = \"come\"\n";
    files.0.insert("services/flu-clinic.toml".into(), wrong.into());
    let text = "format = 1\n[community]\nname = \"A\"\ntimezone = \"UTC\"\n[round]\npurpose = \"flu-clinic\"\n\
        opens = 2022-03-28T07:00\n[arrivals]\nlaw = \"poisson\"\nper_hour = [10]\n";
    files.0.insert("scenario.toml".into(), text.into());
    let (scenario, notes) = read(&files, &[], &mut |_, _| {});
    assert!(scenario.is_none());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    insta::assert_snapshot!(rendered(&notes));
}

#[test]
fn every_service_of_the_house_reads_without_a_note_and_speaks_both_languages() {
    let house = [
        "drive-through",
        "flu-clinic",
        "pod-antibiotics",
        "polling-place",
        "registration-day",
        "relief-goods",
        "screening",
        "walk-in-point",
    ];
    assert_eq!(services(), house);
    for name in services() {
        let (service, notes) = service(name, &Files::default());
        assert_eq!(rendered(&notes), "", "{name}");
        let service = service.unwrap_or_else(|| panic!("{name}"));
        assert!(!service.roles.is_empty() && service.notice.call.is_some());
        assert!(
            service.roles.iter().all(|role| role.name.0["en"] != role.name.0["zh"] && !role.tasks.is_empty())
        );
    }
}

#[test]
fn every_example_reads_without_a_note() {
    let house = [
        "drive-through",
        "flu-clinic",
        "pod-antibiotics",
        "polling-place",
        "registration-day",
        "relief-goods",
        "relief-goods-vehicles",
        "sunshine-garden",
        "walk-in-point",
    ];
    assert_eq!(examples(), house);
    for name in examples() {
        let files = example(name).expect("it is listed");
        let (scenario, notes) = read(&files, &[], &mut |_, _| {});
        assert_eq!(rendered(&notes), "", "{name}");
        assert!(scenario.is_some());
    }
    assert_eq!(example("no-such-example"), None);
}

#[test]
fn sunshine_garden_is_staffed_as_in_the_trial() {
    let files = example("sunshine-garden").expect("it is in the house");
    let scenario = read(&files, &[], &mut |_, _| {}).0.expect("it is sound");
    let staff: u32 = scenario
        .site
        .stations
        .iter()
        .map(|station| match &station.servers {
            Servers::Calendar(calendar) => calendar.0[0].1,
            Servers::Unlimited => 0,
        })
        .sum();
    assert_eq!((scenario.site.lanes, staff, scenario.round.pool), (4, 3, 10));
    let roll = &scenario.roll;
    assert_eq!((roll.entrances.len(), roll.households.len(), roll.people()), (48, 1_536, 3_948));
    assert!(scenario.patience.is_none());
}

#[test]
fn the_flu_clinic_has_the_published_staff_and_times() {
    let files = example("flu-clinic").expect("it is in the house");
    let scenario = read(&files, &[], &mut |_, _| {}).0.expect("it is sound");
    let means: Vec<f64> =
        scenario.site.stations.iter().map(|station| station.service.mean_s() / 60.0).collect();
    let published = [3.0, 3.0 + 1.0 / 0.7, 3.0, 4.0, 0.98 * 20.0 + 0.02 * 30.0];
    assert!(
        means.iter().zip(published).all(|(mean, published)| (mean - published).abs() < 1e-9),
        "{means:?}"
    );
    let Arrivals::Appointments(booked) = &scenario.arrivals else { panic!("people have appointments") };
    assert_eq!(booked.slots * booked.places, 960);
}
