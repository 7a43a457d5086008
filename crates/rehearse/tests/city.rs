//! Cities: what can be counted by hand, and what may never be otherwise.

use domain::City;
use rehearse::{
    Luck, Progress, Purpose,
    city::{CityFigures, CityRehearsal, More},
};
use scenario::{Files, read_city};

const LUCK: Luck = Luck { seed: 3, purpose: Purpose::Rehearse };

/// A city of made sites, with what is written over it.
fn city(sets: &[(&str, &str)]) -> City {
    let text = r#"format = 1
kind = "city"
[city]
name = "Small"
timezone = "UTC"
residents = 24_000
residents_per_site = { mean = 2000, cv = 0.2 }
[round]
purpose = "screening"
date = 2022-04-04
opens = "06:00"
closes = "18:00"
pool = 10
[arrivals]
law = "poisson"
share_per_hour = [0.2, 0.2, 0.3, 0.1]
[couriers]
every_min = 60
travel = { law = "lognormal", mean_min = 20, cv = 0.5 }
[testing]
prevalence = 0.01
batch_tubes = 96
run = { law = "constant", mean_min = 120 }
[[shape]]
name = "wide"
share = 0.5
lanes = 3
[[shape]]
name = "narrow"
share = 0.5
lanes = 1
[[shape.station]]
name = "sampling"
servers = 2
service = { law = "lognormal", mean_s = 20, cv = 0.3 }
"#;
    let labs = "lab,tubes_per_hour\nA,96\nB,48\nC,3\n";
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), text.into());
    files.0.insert("labs.csv".into(), labs.into());
    let sets: Vec<_> = sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (city, notes) = read_city(&files, &sets, &mut |_, _| {});
    city.unwrap_or_else(|| panic!("{:?}", notes.0))
}

fn lived(city: &City, days: u32, threads: usize) -> CityFigures {
    CityRehearsal::new(city).run(LUCK, days, threads, &Progress::default()).figures(city)
}

fn text(figures: &CityFigures) -> String {
    format!("{figures:?}")
}

#[test]
fn nobody_and_no_tube_is_lost() {
    for sets in [
        &[][..],
        &[("shape.narrow.station.sampling.servers", "1")],
        &[("testing.ends", "2022-04-04T15:00"), ("testing.due", "2022-04-04T14:00")],
    ] {
        let city = city(sets);
        let figures = lived(&city, 3, 2);
        let sum = figures.served + figures.left + figures.unserved;
        assert!((figures.people - sum).abs() < 1e-6, "{figures:?}");
        let hours = |of: fn(&rehearse::city::HourFigures) -> f64| figures.hours.iter().map(of).sum::<f64>();
        assert!((hours(|hour| hour.came) - figures.people).abs() < 1e-6);
        assert!((hours(|hour| hour.served) - figures.served).abs() < 1e-6);
        let tubes = figures.tubes.expect("they are tested");
        assert!((tubes.filled - tubes.tested - tubes.waiting).abs() < 1e-6);
        assert!((hours(|hour| hour.tubes_closed) - tubes.filled).abs() < 1e-6);
        assert!((hours(|hour| hour.tubes_done) - tubes.tested).abs() < 1e-6);
        assert!(tubes.in_time <= tubes.tested && tubes.filled * 10.0 >= figures.served);
        let labs: f64 = figures.labs.iter().map(|lab| lab.tubes).sum();
        assert!((labs - tubes.filled).abs() < 1e-6);
        let recalls = figures.recalls.expect("they are tested");
        assert!(recalls.people <= 10.0 * recalls.tubes && recalls.tested <= recalls.people);
    }
}

#[test]
fn the_same_bytes_on_one_thread_and_on_two() {
    for sets in [&[][..], &[("shape.wide.green_channel", "true"), ("arrivals.green_share", "0.1")]] {
        let city = city(sets);
        assert_eq!(text(&lived(&city, 2, 1)), text(&lived(&city, 2, 2)));
        let rehearsal = CityRehearsal::new(&city);
        let outcome = rehearsal.run(LUCK, 1, 1, &Progress::default());
        assert_eq!(rehearsal.help(LUCK, &outcome, 1), rehearsal.help(LUCK, &outcome, 2));
    }
}

#[test]
fn both_engines_live_the_same_day() {
    let city = city(&[]);
    let by_event =
        CityRehearsal::new(&city).on_event_engine().run(LUCK, 1, 2, &Progress::default()).figures(&city);
    let mut by_fifo = lived(&city, 1, 2);
    assert_eq!((by_fifo.engine.fifo, by_fifo.engine.event), (12, 0));
    assert_eq!((by_event.engine.fifo, by_event.engine.event), (0, 12));
    by_fifo.engine = by_event.engine;
    assert_eq!(text(&by_fifo), text(&by_event));
}

#[test]
fn a_day_that_can_be_counted_by_hand() {
    // One site, one lane, one server of exactly a minute; everybody is ill; one machine of 96 tubes for exactly two hours.
    let city = city(&[
        ("city.residents", "300"),
        ("city.residents_per_site", "300"),
        ("shape.0.share", "0"),
        ("shape.1.share", "1"),
        ("shape.narrow.station.sampling.servers", "1"),
        ("shape.narrow.station.sampling.service", r#"{ law = "constant", mean_s = 60 }"#),
        ("couriers.travel", r#"{ law = "constant", mean_min = 30 }"#),
        ("testing.prevalence", "1"),
        ("testing.fill_min", "0"),
        ("testing.recall", r#"{ law = "constant", mean_min = 60 }"#),
    ]);
    let figures = lived(&city, 1, 1);
    assert_eq!(figures.served, figures.people);
    assert!((200.0..=300.0).contains(&figures.people), "{}", figures.people);
    let tubes = figures.tubes.expect("they are tested");
    assert_eq!(tubes.filled, (figures.served / 10.0).ceil());
    assert_eq!((tubes.tested, tubes.in_time_share), (tubes.filled, 1.0));
    let recalls = figures.recalls.expect("they are tested");
    assert_eq!(
        (recalls.tubes, recalls.people, recalls.tested),
        (tubes.filled, figures.served, figures.served)
    );
    // Half an hour on the way and two hours in the machine at least; at most an hour until the courier comes, and a
    // second batch before one's own.
    let result = figures.result_h.expect("they are tested");
    assert!(result.p50 > Some(2.5) && result.max < Some(0.5 + 1.0 + 4.0 + 0.5), "{result:?}");
    // The first lab is the nearest, for none says where it is.
    assert_eq!((figures.labs[0].tubes, figures.labs[0].machines), (tubes.filled, 2));
    assert_eq!(figures.labs[1].tubes + figures.labs[2].tubes, 0.0);
}

#[test]
fn a_jam_is_told_with_the_help_that_ends_it() {
    let city = city(&[]);
    let rehearsal = CityRehearsal::new(&city);
    let outcome = rehearsal.run(LUCK, 1, 2, &Progress::default());
    let figures = outcome.figures(&city);
    assert!(figures.sites.jammed > 0, "{:?}", figures.sites);
    assert_eq!(figures.sites.clear + figures.sites.busy + figures.sites.jammed, 12);
    assert!(figures.sites.worst.windows(2).all(|pair| pair[0].level >= pair[1].level));
    let help = rehearsal.help(LUCK, &outcome, 2);
    assert_eq!((help[0].shape.as_str(), help[0].more), ("narrow", More::Server));
    assert!(help[0].wait_p95_after_min < help[0].wait_p95_before_min, "{help:?}");
    // The map shows the jam, and nobody waits before the first comes or after the last is served.
    let worst =
        (0..12).find(|&site| outcome.level(site) == rehearse::city::Level::Jammed).expect("there is one");
    let waits = outcome.waits(worst);
    assert!(waits.iter().flatten().any(|&wait| wait > 25.0), "{waits:?}");
    assert_eq!(waits.last(), Some(&Some(0.0)));
}
