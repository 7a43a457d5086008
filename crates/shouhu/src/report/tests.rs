//! The page, whole: what a browser and a reader need to be true of it.

mod markup;

use super::{Finding, Report, Run};
use domain::Scenario;
use markup::Markup;
use rehearse::{Curves, Figures, Luck, Progress, Purpose, Rehearsal, Spread};
use scenario::Files;
use words::Language;

const SMALL: &str = r#"
format = 1
[community]
name = "Small Court"
timezone = "Asia/Shanghai"
[round]
purpose = "screening"
date = 2022-03-28
opens = "07:00"
closes = "13:00"
[site]
lanes = 2
room = 20
[[site.station]]
name = "registration"
servers = 1
service = { law = "exponential", mean_s = 20 }
[[site.station]]
name = "sampling"
servers = 2
service = { law = "exponential", mean_s = 9 }
[arrivals]
law = "poisson"
per_hour = 340
hours = 1
green_share = 0.1
"#;

fn read(toml: &str, sets: &[(&str, &str)]) -> Scenario {
    let mut files = Files::default();
    files.0.insert("scenario.toml".to_owned(), toml.as_bytes().to_vec());
    let sets: Vec<_> = sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (scenario, notes) = scenario::read(&files, &sets, &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:?}"))
}

fn lived(name: &str, scenario: &Scenario) -> Run {
    let luck = Luck { seed: 1, purpose: Purpose::Rehearse };
    let rehearsal = Rehearsal::new(scenario, None);
    let outcome = rehearsal.run(luck, 4, 1, &Progress::default());
    let waited_at_most = outcome.waited_at_most().iter().copied().step_by(60).collect();
    Run {
        name: name.to_owned(),
        site: scenario.site.clone(),
        figures: outcome.figures(),
        curves: rehearsal.curves(luck, 4),
        waited_at_most,
    }
}

/// A run in which nobody came.
fn empty(name: &str, stations: usize) -> Run {
    let spread = Spread { mean: None, p50: None, p95: None, max: None, ci95: None, p95_ci95: None };
    let station = |number: usize| rehearse::StationFigures {
        name: format!("station {number}"),
        servers: Some(1),
        utilisation: None,
        wait_min: spread.clone(),
    };
    let figures = Figures {
        people: 0.0,
        served: 0.0,
        left: 0.0,
        unserved: 0.0,
        replications: 1,
        engine: "fifo",
        wait_min: spread.clone(),
        stay_min: spread.clone(),
        green: None,
        classes: std::collections::BTreeMap::new(),
        done_97_min: None,
        done_97_ci95: None,
        queue_max: 0.0,
        crowd_person_min: None,
        caller_hours: 0.0,
        stations: (0..stations).map(station).collect(),
    };
    let curves = Curves {
        first_minute: 0,
        waiting: [vec![], vec![], vec![]],
        waiting_at: vec![vec![]; stations],
        served_at: vec![vec![]; stations],
        arrived: vec![],
        done: vec![],
    };
    Run { name: name.to_owned(), site: read(SMALL, &[]).site, figures, curves, waited_at_most: vec![] }
}

fn page(scenario: &Scenario, runs: Vec<Run>) -> String {
    let args = vec![("station", "@station.sampling".to_owned()), ("busy", "90 %".to_owned())];
    let findings = vec![Finding { code: "bottleneck", args }];
    Report {
        scenario,
        runs,
        findings,
        command: "shouhu rehearse small".to_owned(),
        seed: 1,
        languages: Language::En.on_paper(),
    }
    .page()
}

/// Pages of all shapes that a rehearsal can give.
fn pages() -> Vec<(&'static str, String)> {
    let small = read(SMALL, &[]);
    let no_room = SMALL.replace("room = 20\n", "").replace("green_share = 0.1\n", "");
    let no_room = read(&no_room, &[]);
    let one = "name = \"registration\"\nservers = 1\nservice = { law = \"exponential\", mean_s = 20 }\n";
    let chairs = read(
        &SMALL.replace(
            one,
            "name = \"chairs\"\nservers = \"unlimited\"\nservice = { law = \"constant\", mean_min = 15 }\n",
        ),
        &[],
    );
    let more: String = (2..=8)
        .map(|number| {
            SMALL[SMALL.find("[[site").unwrap()..SMALL.find("[arrivals").unwrap()]
                .split("[[site.station]]\n")
                .nth(1)
                .unwrap()
                .replace("registration", &format!("desk {number}"))
        })
        .map(|station| format!("[[site.station]]\n{station}"))
        .collect();
    let nine = read(&SMALL.replace("[arrivals]", &format!("{more}[arrivals]")), &[]);
    let swept = ["2", "3", "4", "5", "6", "7", "8", "9"];
    let swept = swept
        .iter()
        .map(|lanes| lived(&format!("site.lanes={lanes}"), &read(SMALL, &[("site.lanes", lanes)])));
    vec![
        ("two runs", page(&small, vec![lived("broadcast", &small), lived("waves", &small)])),
        ("one run", page(&small, vec![lived("as_given", &small)])),
        ("eight runs", page(&small, swept.collect())),
        ("no room, nobody green", page(&no_room, vec![lived("waves", &no_room)])),
        ("unlimited", page(&chairs, vec![lived("waves", &chairs)])),
        ("nine stations", page(&nine, vec![lived("waves", &nine), empty("broadcast", 9)])),
        ("nobody came", page(&small, vec![empty("broadcast", 2), empty("waves", 1)])),
        ("no runs", page(&small, vec![])),
    ]
}

#[test]
fn every_page_is_well_formed_and_loads_nothing() {
    for (shape, page) in pages() {
        let markup = Markup::read(&page).unwrap_or_else(|wrong| panic!("{shape}: {wrong:?}"));
        for loading in ["http", "src=", "<link", "url(", "@import", "<iframe", "<img"] {
            assert!(!page.contains(loading), "{shape}: {loading}");
        }
        assert_eq!(markup.texts("main", "lang"), ["en", "zh-CN"], "{shape}");
        let uses = markup.texts("use", "href");
        let ids = markup.texts("path", "id");
        assert!(
            uses.iter().all(|used| ids.iter().any(|id| used[1..] == **id)),
            "{shape}: a curve is missing"
        );
        assert_eq!(
            ids.len(),
            ids.iter().collect::<std::collections::BTreeSet<_>>().len(),
            "{shape}: a curve is twice"
        );
    }
}

#[test]
fn no_picture_has_a_place_that_is_not_a_number() {
    for (shape, page) in pages() {
        let content = &page[page.find("<body").unwrap()..];
        let mut words = content.split(|letter: char| !letter.is_alphanumeric());
        assert!(words.all(|word| word != "NaN" && word != "inf"), "{shape}");
    }
}

#[test]
fn every_picture_is_told_in_words_and_numbers() {
    for (shape, page) in pages() {
        let markup = Markup::read(&page).unwrap();
        let pictures = page.matches(r#"<svg role="img""#).count()
            + page.matches(r#"<svg class="strip" role="img""#).count();
        let told = markup.texts("svg", "aria-label");
        assert_eq!(told.len(), pictures, "{shape}");
        assert!(told.iter().all(|words| !words.trim().is_empty()), "{shape}");
        let figures = page.matches("<section class=\"queue\"").count();
        assert!(page.matches("<details>").count() >= figures * 2, "{shape}: a picture without its numbers");
    }
}

#[test]
fn every_word_is_in_every_catalogue() {
    let sources = [
        include_str!("card.rs"),
        include_str!("crowding.rs"),
        include_str!("figure.rs"),
        include_str!("green.rs"),
        include_str!("head.rs"),
        include_str!("key_figures.rs"),
        include_str!("making.rs"),
        include_str!("page.rs"),
        include_str!("queue.rs"),
        include_str!("sheet.rs"),
        include_str!("stations.rs"),
        include_str!("stations/panel.rs"),
        include_str!("voice.rs"),
        include_str!("waits.rs"),
    ];
    let mut found = 0;
    for source in sources {
        // Keys put together from parts end in a gap, and are covered by the pages below.
        let keys = source.split('"').filter(|text| text.starts_with("report.") && !text.contains(['{', ' ']));
        for key in keys {
            found += 1;
            for language in Language::ALL {
                assert!(language.catalogue().contains_key(key), "{key} is not in {}", language.tag());
            }
        }
    }
    assert!(found > 80, "the keys were not found in the sources");
    for number in 1..=12 {
        assert!(Language::Zh.catalogue().contains_key(&format!("report.month.{number}")));
    }
    for number in 1..=7 {
        assert!(Language::Zh.catalogue().contains_key(&format!("weekday.{number}")));
    }
    for (shape, page) in pages() {
        let content = &page[page.find("<body").unwrap()..];
        let missing = content.find("report.").map(|at| &content[at..(at + 40).min(content.len())]);
        assert_eq!(missing, None, "{shape}: a key stands for its word");
    }
}

#[test]
fn names_cannot_bring_markup() {
    let mut scenario = read(SMALL, &[]);
    let evil = r#"</title><script>alert('x')</script>"&"#;
    scenario.community.name = evil.to_owned();
    scenario.round.purpose = evil.to_owned();
    scenario.site.stations[0].name = evil.to_owned();
    let args = vec![("station", evil.to_owned()), ("busy", evil.to_owned())];
    let findings = vec![Finding { code: "bottleneck", args }];
    let runs = vec![lived(evil, &scenario), lived("waves", &scenario)];
    let report = Report {
        scenario: &scenario,
        runs,
        findings,
        command: evil.to_owned(),
        seed: 1,
        languages: Language::En.on_paper(),
    };
    let page = report.page();
    Markup::read(&page).unwrap();
    assert!(!page.contains("alert('x')"));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("alert(&#39;x&#39;)"));
}

#[test]
fn a_gap_with_a_key_is_said_in_each_language() {
    let small = read(SMALL, &[]);
    let page = page(&small, vec![lived("waves", &small)]);
    for language in Language::En.on_paper() {
        let words = language.catalogue();
        let sentence = words["finding.bottleneck"].replace("{station}", &words["station.sampling"]);
        assert!(
            page.contains(&sentence.replace("{busy}", "90\u{a0}%").replace('\'', "&#39;")),
            "{}",
            language.tag()
        );
    }
}

#[test]
fn what_nobody_measured_is_a_dash() {
    let small = read(SMALL, &[]);
    let page = page(&small, vec![empty("broadcast", 2), empty("waves", 2)]);
    assert!(page.contains("<b>–</b>"));
    assert!(page.contains("<td>–</td>"));
    assert!(page.contains(&words::say::<&str, &str>(Language::En, "report.nobody_served", &[])));
}

#[test]
fn of_two_runs_the_later_is_judged_against_the_earlier() {
    let (slow, fast) = (read(SMALL, &[]), read(SMALL, &[("site.lanes", "4")]));
    let better = page(&slow, vec![lived("broadcast", &slow), lived("waves", &fast)]);
    let worse = page(&slow, vec![lived("broadcast", &fast), lived("waves", &slow)]);
    let signs = |page: &str| {
        (
            page.matches(r#"<span class="chip good">✓"#).count(),
            page.matches(r#"<span class="chip bad">✗"#).count(),
        )
    };
    assert!(signs(&better).0 > signs(&worse).0, "{:?} {:?}", signs(&better), signs(&worse));
    assert!(signs(&better).1 < signs(&worse).1, "{:?} {:?}", signs(&better), signs(&worse));
}

#[test]
fn a_page_of_two_runs_is_light_enough_to_pass_on() {
    let (_, page) = pages().swap_remove(0);
    assert!(page.len() < 300_000, "{} bytes", page.len());
}

#[test]
fn the_same_report_is_the_same_page() {
    let small = read(SMALL, &[]);
    let page = || page(&small, vec![lived("broadcast", &small), lived("waves", &small)]);
    assert_eq!(page(), page());
}
