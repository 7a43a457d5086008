//! Cities: what is read of them, and what is said of what is wrong.

#[path = "notes/said.rs"]
mod said;

use domain::{City, Notes};
use said::{rendered, without_words};
use scenario::{Files, cities, example, is_city, read, read_city};
use std::fmt::Write;

const CITY: &str = r#"format = 1
kind = "city"
[city]
name = "Two towns"
timezone = "UTC"
residents = 10_000
residents_per_site = { mean = 2500, cv = 0.1 }
[round]
purpose = "screening"
date = 2022-04-04
opens = "07:00"
closes = "19:00"
pool = 10
[arrivals]
law = "poisson"
share_per_hour = [0.2, 0.3, 0.1]
[couriers]
every_min = 60
travel = { law = "constant", mean_min = 20 }
[testing]
batch_tubes = 96
run = { law = "constant", mean_min = 120 }
[[shape]]
name = "two-lanes"
share = 0.5
lanes = 2
[[shape]]
name = "one-lane"
share = 0.5
"#;
const PLACES: &str =
    "place,kind,residents,latitude,longitude\nWest,district,3,31.2,121.4\nEast,district,1,31.2,121.6\n";
const LABS: &str = "lab,tubes_per_hour,opens,closes\nFirst,48,08:00,20:00\n";

fn folder(files: &[(&str, &str)]) -> Files {
    Files(files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect())
}

#[track_caller]
fn city_of(files: &[(&str, &str)], sets: &[(&str, &str)]) -> (Option<City>, Notes) {
    let sets: Vec<_> = sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (city, notes) = read_city(&folder(files), &sets, &mut |_, _| {});
    assert_eq!(city.is_none(), notes.refuses());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    (city, notes)
}

#[test]
fn sites_are_made_by_the_rules_and_live_in_their_districts() {
    let files = [("scenario.toml", CITY), ("places.csv", PLACES), ("labs.csv", LABS)];
    assert!(is_city(&folder(&files)));
    let (city, notes) = city_of(&files, &[]);
    assert_eq!(rendered(&notes), "");
    let city = city.expect("it is sound");
    assert_eq!((city.sites.len(), city.residents()), (4, 10_000));
    let west: u32 = city.sites.iter().filter(|site| site.district == 0).map(|site| site.residents).sum();
    assert_eq!(west, 7_500);
    for site in &city.sites {
        let centre = city.districts[site.district as usize].centre.expect("it is given");
        assert!(site.position.expect("it was laid out").km_to(centre) < 5.01);
        assert!((1_500..4_000).contains(&site.residents), "{}", site.residents);
    }
    // The stations are those of the service.
    assert_eq!(city.shapes[0].site.stations[1].name, "sampling");
    assert_eq!(city_of(&files, &[]).0, Some(city));
}

#[test]
fn keys_of_shapes_are_set_by_name() {
    let files = [("scenario.toml", CITY), ("labs.csv", LABS)];
    let sets = [("shape.one-lane.station.sampling.servers", "5"), ("shape.two-lanes.lanes", "7")];
    let city = city_of(&files, &sets).0.expect("it is sound");
    let servers = match &city.shapes[1].site.stations[1].servers {
        domain::scenario::Servers::Calendar(calendar) => calendar.0.clone(),
        domain::scenario::Servers::Unlimited => Vec::new(),
    };
    assert_eq!((servers, city.shapes[0].site.lanes), (vec![(0, 5)], 7));
}

#[test]
fn a_row_has_the_shape_that_it_names_and_what_is_its_own() {
    let sites = "site,district,shape,residents,lanes,staff,servers,opens,closes,latitude,longitude\n\
        a,West,one-lane,500,,,,,,31.25,121.45\n\
        b,West,,500,,9,,,,,\n\
        c,East,one-lane,500,,,registration 2; sampling 4,08:00,12:30,,\n";
    let files = [("scenario.toml", CITY), ("places.csv", PLACES), ("labs.csv", LABS), ("sites.csv", sites)];
    let (city, notes) = city_of(&files, &[]);
    assert_eq!(rendered(&notes), "");
    let city = city.expect("it is sound");
    let shape = |site: usize| &city.shapes[city.sites[site].shape as usize];
    assert_eq!(city.sites[0].position.map(|position| position.latitude), Some(31.25));
    // Nine people open three lanes of one registrar and two samplers.
    assert_eq!((shape(0).site.lanes, shape(1).site.lanes), (1, 3));
    assert_eq!((shape(2).opens, shape(2).closes), (36_000_000, Some(198_000_000)));
    assert_eq!(city.districts.iter().map(|district| district.residents).collect::<Vec<_>>(), [1_000, 500]);
}

#[test]
fn everything_that_is_wrong_with_a_city_is_said_at_once() {
    let wrong = CITY
        .replace("residents = 10_000", "residnets = 10_000")
        .replace("[0.2, 0.3, 0.1]", "[0.9, 0.3]")
        .replace("share = 0.5\nlanes = 2", "share = 0.4\nlanes = 0\nopens = \"06:00\"")
        .replace("name = \"one-lane\"", "name = \"two-lanes\"")
        .replace("batch_tubes = 96\n", "");
    let places = "place,kind\nWest,distrikt\nEast,district\nEast,district\n";
    let labs = "lab,tubes_per_hour\nFirst,0\n";
    let files = [("scenario.toml", &*wrong), ("places.csv", places), ("labs.csv", labs)];
    let (_, notes) = city_of(&files, &[]);
    insta::assert_snapshot!(rendered(&notes));
}

#[test]
fn everything_that_is_wrong_with_a_table_of_sites_is_said_with_its_row() {
    let sites = "site,district,shape,residents,lanes,staff,servers,opens,closes\n\
        no staff,West,one-lane,500,,0,,,\n\
        short,West,two-lanes,500,,2,,,\n\
        backwards,West,one-lane,500,,,,10:00,09:00\n\
        too early,West,one-lane,500,,,,05:00,09:00\n\
        no lanes,West,one-lane,500,0,,,,\n\
        nowhere,North,one-lane,500,,,,,\n\
        shapeless,West,one-lan,500,,,,,\n\
        servers,West,one-lane,500,,,samplers 3,,\n\
        crowded,West,one-lane,9000,,,,,\n\
        ,West,one-lane,many,,,,,\n";
    let files = [("scenario.toml", CITY), ("places.csv", PLACES), ("labs.csv", LABS), ("sites.csv", sites)];
    let (_, notes) = city_of(&files, &[]);
    insta::assert_snapshot!(rendered(&notes));
}

#[test]
fn a_cell_that_cannot_be_read_hides_nothing_else_of_its_row() {
    let places = "place,kind,residents\nWest,distrikt,many\nWest,district,3\nWest,district,few\n";
    let labs = "lab,tubes_per_hour,tubes_per_day,opens,travel_h,notice_h,latitude,longitude\n\
        First,48,,8am,,2,31.2,\nSecond,,9600,,far,2,,\nThird,many,,,,2,31.2,\nThird,,,,,,31.2,121.5\n,1e9,,,,3,,\n";
    let sites = "site,district,shape,residents,lanes,servers,opens,closes\n\
        a,North,one-lan,many,0,samplers 3,,\n\
        b,West,one-lane,many,,,10:00,9am\n\
        c,West,one-lane,500,0,,5am,06:00\n\
        d,West,one-lane,9000,2O,,,\n\
        e,West,one-lane,9000,,,18:50,7pm\n";
    let files = [("scenario.toml", CITY), ("places.csv", places), ("labs.csv", labs), ("sites.csv", sites)];
    let (_, notes) = city_of(&files, &[]);
    insta::assert_snapshot!(rendered(&notes));
}

#[test]
fn a_million_sites_with_three_broken_rows_are_three_notes_and_quick() {
    let mut sites = "site,shape,residents,opens\n".to_owned();
    for row in 0..1_000_000 {
        let _ = match row {
            7 => writeln!(sites, "{row},one-lane,none,07:00"),
            500_000 => writeln!(sites, "{row},one-lane,100,25:00"),
            999_999 => writeln!(sites, "{row},lane,100,07:00"),
            _ => writeln!(sites, "{row},one-lane,100,07:00"),
        };
    }
    let files = [("scenario.toml", CITY), ("labs.csv", LABS), ("sites.csv", &sites)];
    let started = std::time::Instant::now();
    let (_, notes) = city_of(&files, &[]);
    let took = started.elapsed();
    let rows: Vec<_> = notes.0.iter().map(|note| (note.code, note.place.row)).collect();
    let expected = [
        ("table_whole_expected", Some(9)),
        ("table_time_expected", Some(500_002)),
        ("city_shape_unknown", Some(1_000_001)),
    ];
    assert_eq!(rows, expected);
    assert!(took.as_secs() < 30, "{took:?}");
}

#[test]
fn more_work_than_a_day_has_is_a_warning_with_the_narrowest_station() {
    let files = [("scenario.toml", CITY), ("labs.csv", LABS)];
    let sets = [("city.residents_per_site", "9000"), ("city.residents", "18000")];
    let (city, notes) = city_of(&files, &sets);
    assert!(city.is_some());
    let codes: Vec<_> = notes.0.iter().map(|note| note.code).collect();
    assert_eq!(codes, ["city_shape_overloaded"]);
}

#[test]
fn a_community_is_no_city_and_who_reads_communities_is_told_where_cities_go() {
    let files = folder(&[("scenario.toml", CITY)]);
    assert!(!is_city(&folder(&[("scenario.toml", "format = 1\n")])));
    let (scenario, notes) = read(&files, &[], &mut |_, _| {});
    assert!(scenario.is_none());
    assert_eq!(notes.0[0].code, "later_city");
}

#[test]
fn every_city_of_the_house_reads_without_a_note_but_sites_that_are_meant_to_jam() {
    assert_eq!(cities(), ["county-antibiotics", "megacity"]);
    for name in cities() {
        let files = example(name).expect("it is listed");
        let (city, notes) = read_city(&files, &[], &mut |_, _| {});
        let others = notes.0.iter().filter(|note| note.code != "city_shape_overloaded").count();
        assert_eq!(others, 0, "{name}: {}", rendered(&notes));
        assert!(city.is_some_and(|city| (3..=20).contains(&city.shapes.len())), "{name}");
    }
}

/// A square around a middle, as GeoJSON has it.
fn square(longitude: f64, latitude: f64) -> String {
    let corners = [(-0.05, -0.05), (0.05, -0.05), (0.05, 0.05), (-0.05, 0.05), (-0.05, -0.05)];
    let corners = corners.map(|(east, north)| format!("[{:.2},{:.2}]", longitude + east, latitude + north));
    format!("[[{}]]", corners.join(","))
}

fn feature(name: &str, kind: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
    )
}

fn outlines(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

#[test]
fn districts_end_where_their_outlines_say_and_are_circles_without_one() {
    let east = format!("[{},{}]", square(121.6, 31.2), square(121.8, 31.2));
    let drawn = outlines(&[feature("East", "MultiPolygon", &east)]);
    let files = [("scenario.toml", CITY), ("places.csv", PLACES), ("labs.csv", LABS)];
    let plain = city_of(&files, &[]).0.expect("it is sound");
    let (city, notes) = city_of(&[&files[..], &[("outlines.geojson", &*drawn)]].concat(), &[]);
    assert_eq!(rendered(&notes), "");
    let mut city = city.expect("it is sound");
    assert!(city.districts[0].outline.is_empty());
    assert_eq!(city.districts[1].outline.len(), 2);
    assert_eq!(city.districts[1].outline[1][0][2].longitude, 121.85);
    city.districts[1].outline.clear();
    assert_eq!(city, plain, "a picture changes nothing else");
}

#[test]
fn everything_that_is_wrong_with_outlines_is_said_at_once_by_feature() {
    let good = square(121.4, 31.2);
    let drawn = outlines(&[
        feature("West", "Polygon", &good),
        feature("West", "Polygon", &good),
        feature("Wset", "Polygon", &good),
        feature("", "Polygon", &good),
        feature("East", "Point", "[121.6,31.2]"),
        feature("East", "Polygon", "[[[121.6,31.2],[121.7,31.2],[121.7,31.3],[121.6,31.3]]]"),
        feature("East", "Polygon", &square(3_460_000.0, 13_530_000.0)),
        feature("East", "Polygon", &square(31.2, 85.0)),
        feature("East", "Polygon", "[[\"here\"]]"),
    ]);
    // Middles in the far east, so that numbers turned round are positions, too.
    let places =
        "place,kind,residents,latitude,longitude\nWest,district,3,31.2,121.4\nEast,district,1,31.2,85\n";
    let files =
        [("scenario.toml", CITY), ("places.csv", places), ("labs.csv", LABS), ("outlines.geojson", &drawn)];
    insta::assert_snapshot!(rendered(&city_of(&files, &[]).1));
    for broken in ["no JSON", r#"{"type":"Topology","features":[]}"#, r#"{"type":"FeatureCollection"}"#] {
        let files = [
            ("scenario.toml", CITY),
            ("places.csv", PLACES),
            ("labs.csv", LABS),
            ("outlines.geojson", broken),
        ];
        assert!(city_of(&files, &[]).1.refuses(), "{broken}");
    }
}

#[test]
fn half_a_position_and_a_capacity_without_a_heading_are_told_with_their_columns() {
    let half = "lab,tubes_per_hour,latitude,longitude\nFirst,48,31.2,\nSecond,48,,121.4\n";
    let none = "lab,tubes,latitude,longitude\nFirst,48,31.2,121.4\n";
    let said = |labs| {
        let files = [("scenario.toml", CITY), ("places.csv", PLACES), ("labs.csv", labs)];
        rendered(&city_of(&files, &[]).1)
    };
    let told = said(half);
    for place in ["labs.csv:2:longitude city_half_position", "labs.csv:3:latitude city_half_position"] {
        assert!(told.contains(place), "{told}");
    }
    let told = said(none);
    assert!(told.contains("labs.csv:2:tubes_per_hour table_cell_missing"), "{told}");
}
