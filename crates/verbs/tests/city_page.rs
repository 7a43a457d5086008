//! What a city's page is given: parts of random cities, held against the whole and against one another.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chance::{Cause, Chance};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use verbs::city::page::{CityView, Sees, read};

/// A number from 0 up to `below`, by chance.
struct Draw {
    city: u32,
    next: u32,
}

impl Draw {
    fn below(&mut self, below: u32) -> u32 {
        self.next += 1;
        Chance::new(7, self.city, 0).word(Cause::Site, 0, self.next) % below
    }
}

/// A city of some districts, labs, sites and rounds; names say whose they are.
fn city(number: u32) -> (Value, usize) {
    let mut draw = Draw { city: number, next: 0 };
    let (districts, labs) = (1 + draw.below(5), 1 + draw.below(4));
    let mut sites = Vec::new();
    for district in 0..districts {
        for site in 0..1 + draw.below(6) {
            let tubes = f64::from(1 + draw.below(500));
            let oldest = (draw.below(4) > 0).then(|| 4.0 + f64::from(draw.below(200)) / 10.0);
            sites.push(json!([format!("D{district}s{site}"), district, 31.0, 121.0, tubes, oldest]));
        }
    }
    let name = |lab: u32| format!("Lab{lab}");
    let mut rounds = Vec::new();
    for _ in 0..1 + draw.below(6) {
        let lab = name(draw.below(labs));
        let stops: Vec<Value> = (0..1 + draw.below(4))
            .map(|_| draw.below(sites.len() as u32))
            .map(|site| json!({ "number": site + 1, "site": sites[site as usize][0], "after_min": 5.0, "boxes": 1 }))
            .collect();
        rounds.push(json!({ "starts": lab, "ends": lab, "lab": lab, "vehicles": 1, "back_min": 30.0,
            "departs_min": [60.0], "stops": stops }));
    }
    let flows: Vec<Value> = (0..districts)
        .map(|district| {
            json!({ "district": district, "lab": draw.below(labs), "brought": [f64::from(draw.below(900)), 3.0] })
        })
        .collect();
    let document = json!({
        "labs": (0..labs).map(|lab| json!({ "name": name(lab), "tubes_per_hour": 100.0, "waiting_max": 5.0 })).collect::<Vec<_>>(),
        "rounds": rounds, "findings": ["Of all together."],
        "map": {
            "city": "Example", "opens": "2022-04-04T06:00", "within_h": 24.0, "due_min": 600.0, "sites": sites, "flows": flows,
            "districts": (0..districts).map(|of| json!({ "name": format!("D{of}"), "latitude": null, "longitude": null, "radius_km": 5.0,
                "outline": null, "half_hours": [1.0, f64::from(of)], "late": 1.0, "untested": f64::from(of) })).collect::<Vec<_>>(),
            "labs": (0..labs).map(|lab| json!({ "name": name(lab), "latitude": 31.0, "longitude": 121.0, "away": false, "open_min": [[0.0, 600.0]] })).collect::<Vec<_>>(),
        },
    });
    (document, districts as usize)
}

fn view(document: &Value, sees: &Sees) -> Value {
    let mut view = CityView::default();
    view.add(&read("rounds.json", document.to_string().as_bytes()).unwrap(), sees);
    serde_json::to_value(view).unwrap()["rounds"].clone()
}

#[test]
fn parts_of_a_city_are_apart_and_together_the_whole() {
    for number in 0..300 {
        let (document, districts) = city(number);
        let all = view(&document, &Sees::All);
        let list = |of: &Value| of.as_array().unwrap().clone();
        let (mut sites, mut stops, mut tubes, mut brought) = (0, 0, 0.0, 0.0);
        for own in 0..districts {
            let part = view(&document, &Sees::Districts(BTreeSet::from([format!("D{own}")])));
            let text = part.to_string();
            for other in (0..districts).filter(|other| *other != own) {
                assert!(!text.contains(&format!("D{other}")), "city {number}, D{own}: {text}");
            }
            assert!(!text.contains("Of all together"));
            sites += list(&part["sites"]).len();
            stops += list(&part["rounds"]).iter().map(|round| list(&round["stops"]).len()).sum::<usize>();
            tubes += part["clocks"]["tubes"].as_f64().unwrap();
            for lab in list(&part["labs"]) {
                assert_eq!((&lab["waiting_max"], &lab["share"]), (&Value::Null, &Value::Null));
                brought += lab["tubes"].as_f64().unwrap();
            }
            // Numbers are places in the lists that are shown.
            for round in list(&part["rounds"]) {
                assert!((round["lab"].as_u64().unwrap() as usize) < list(&part["labs"]).len());
                for stop in list(&round["stops"]) {
                    let site = &part["sites"][stop["site"].as_u64().unwrap() as usize];
                    assert_eq!(site["district"], 0, "{site}");
                }
            }
        }
        assert_eq!(sites, list(&all["sites"]).len());
        assert_eq!(
            stops,
            list(&all["rounds"]).iter().map(|round| list(&round["stops"]).len()).sum::<usize>()
        );
        assert_eq!(tubes, all["clocks"]["tubes"].as_f64().unwrap());
        assert_eq!(brought, list(&all["labs"]).iter().map(|lab| lab["tubes"].as_f64().unwrap()).sum::<f64>());
        let nobody = view(&document, &Sees::Districts(BTreeSet::new()));
        assert_eq!((list(&nobody["sites"]).len(), list(&nobody["labs"]).len()), (0, 0));
    }
}

#[test]
fn a_document_that_does_not_fit_itself_is_refused_by_place() {
    let (whole, _) = city(3);
    let mut odd = whole.clone();
    odd["map"]["flows"][0]["lab"] = json!(99);
    odd["rounds"][0]["lab"] = json!("Nowhere");
    odd["map"]["opens"] = json!("six");
    let notes = read("rounds.json", odd.to_string().as_bytes()).unwrap_err();
    let places: Vec<_> = notes.0.iter().map(|note| note.place.column.clone().unwrap()).collect();
    assert_eq!(places, ["map.opens", "map.flows[0]", "rounds[0]"]);
    let code = |text: &str| read("x.json", text.as_bytes()).unwrap_err().0[0].code;
    assert_eq!(code("{"), "document_not_json");
    assert_eq!(code(r#"{"rounds": 3}"#), "document_unknown", "a rehearsal has a number of them");
    assert_eq!(code(r#"{"rounds": []}"#), "document_older");
    // Bytes that were cut off anywhere are refused, never read in part.
    let text = whole.to_string();
    for cut in (0..text.len()).step_by(97) {
        assert!(read("rounds.json", &text.as_bytes()[..cut]).is_err(), "{cut}");
    }
}

#[test]
fn a_site_belongs_to_the_lab_that_goes_on_and_to_none_where_nobody_comes_any_more() {
    let (mut document, _) = city(3);
    let site = |name: &str| json!([name, 0, 31.0, 121.0, 10.0, 5.0]);
    let lab = |name: &str| json!({ "name": name, "tubes_per_hour": 100.0, "waiting_max": 5.0 });
    let round = |lab: &str, leaves: f64, sites: &[u32]| {
        let stops: Vec<Value> = sites
            .iter()
            .map(|site| json!({ "number": site, "site": "", "after_min": 5.0, "boxes": 1 }))
            .collect();
        json!({ "starts": lab, "ends": lab, "lab": lab, "vehicles": 1, "back_min": 30.0, "departs_min": [leaves], "stops": stops })
    };
    let place = |name: &str| json!({ "name": name, "latitude": 31.0, "longitude": 121.0, "away": false, "open_min": [] });
    document["map"]["flows"] = json!([]);
    document["map"]["sites"] = json!([site("Moved"), site("Left"), site("Same"), site("Same")]);
    document["labs"] = json!([lab("Stopped"), lab("Next")]);
    document["map"]["labs"] = json!([place("Stopped"), place("Next")]);
    // The past stands before what goes on, as a changed plan has it.
    document["rounds"] = json!([round("Stopped", 60.0, &[1, 2, 3]), round("Next", 300.0, &[1, 3, 4])]);
    document["unserved"] = json!(["Left", "Same"]);
    let labs: Vec<Value> =
        view(&document, &Sees::All)["sites"].as_array().unwrap().iter().map(|of| of["lab"].clone()).collect();
    assert_eq!(labs, [json!(1), Value::Null, json!(1), json!(1)], "of two of one name nobody knows which");
}

#[test]
fn a_document_is_read_as_windows_writes_it() {
    let text = city(3).0.to_string();
    let marked = ["\u{feff}", &text].concat();
    let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [marked.as_bytes(), &little, &big] {
        assert!(read("rounds.json", bytes).is_ok());
        assert_eq!(*verbs::city::page::text(bytes), *text.as_bytes());
    }
    // Cut off anywhere, in the midst of a letter too, it is refused.
    for cut in 0..40 {
        assert!(read("rounds.json", &little[..cut]).is_err(), "{cut}");
    }
}

#[test]
fn a_document_that_would_keep_a_page_or_a_server_busy_is_refused() {
    let codes = |document: &Value| -> Vec<String> {
        let notes = read("x.json", document.to_string().as_bytes()).unwrap_err();
        notes.0.iter().filter_map(|note| note.place.column.clone()).collect()
    };
    let (whole, _) = city(3);
    let mut odd = whole.clone();
    odd["unserved"] = json!(vec![""; 100_001]);
    assert_eq!(codes(&odd), ["unserved"]);
    let mut odd = whole.clone();
    let district = whole["map"]["districts"][0].clone();
    let many = (0..1_001).map(|number| {
        let mut of = district.clone();
        of["name"] = json!(format!("D{number}"));
        of
    });
    odd["map"]["districts"] = many.collect();
    assert_eq!(codes(&odd), ["map.districts"]);
    let mut odd = whole.clone();
    odd["rounds"][0]["departs_min"] = json!(vec![60.0; 200_001]);
    assert_eq!(codes(&odd), ["rounds"]);
    // Two labs of one name, and a pair of district and lab twice: a page would take one for the other.
    let mut odd = whole.clone();
    let (lab, place, flow) = (&whole["labs"][0], &whole["map"]["labs"][0], &whole["map"]["flows"][0]);
    for (list, one) in [("labs", place), ("flows", flow)] {
        odd["map"][list].as_array_mut().unwrap().push(one.clone());
    }
    odd["labs"].as_array_mut().unwrap().push(lab.clone());
    let last = whole["map"]["flows"].as_array().unwrap().len();
    assert_eq!(codes(&odd), ["map.labs".to_owned(), format!("map.flows[{last}]")]);
    let code = read("x.json", &vec![b' '; verbs::city::page::BYTES_MAX + 1]).unwrap_err().0[0].code;
    assert_eq!(code, "document_large");

    let team = |number: u32| {
        json!({ "team": "T", "donor": format!("City {number}"), "recipient": "North", "skill": "sampler", "people": u32::MAX,
            "from": "2022-04-04", "until": "2022-04-05" })
    };
    let aid = |teams: u32| {
        json!({ "first": "2022-04-04", "days": 400, "deployments": (0..teams).map(team).collect::<Vec<_>>(),
            "districts": [{ "recipient": "North", "asked_person_days": 10_000, "met_person_days": 9_999, "share": 0.9999 }] })
    };
    assert_eq!(
        codes(&aid(2_500)),
        ["deployments"],
        "two thousand and five hundred rows of four hundred days, and one"
    );
    let mut shown = CityView::default();
    shown.add(&read("aid.json", aid(3).to_string().as_bytes()).unwrap(), &Sees::All);
    let shown = serde_json::to_value(shown).unwrap();
    let north = &shown["teams"]["recipients"][0];
    assert_eq!((&north["people"][1], &north["people"][2]), (&json!(3 * u64::from(u32::MAX)), &json!(0)));
    assert_eq!(north["met"], "99.9 %", "what is almost met is not met");
}

#[test]
fn a_target_has_its_dates_as_pages_read_them() {
    let target = |likely: &str, days: [&str; 2]| {
        let by = |date: &str| json!({ "date": date, "probability": 0.5, "low": 0.4, "high": 0.6 });
        let cases =
            |date: &str| json!({ "date": date, "p05": 1.0, "p25": 2.0, "p50": 3.0, "p75": 4.0, "p95": 5.0 });
        json!({ "by": "2022-04-05", "goal": { "at_most": 0.0, "clear_days": 3 }, "sentences": [],
            "series": { "first": "2022-04-01", "last": "2022-04-04", "cases": [1.0] },
            "policies": [{ "name": "hold", "likely": likely, "targets": days.map(by), "cases": days.map(cases) }] })
    };
    let good = |document: &Value| read("target.json", document.to_string().as_bytes()).is_ok();
    assert!(good(&target("2022-04-06", ["2022-04-05", "2022-04-06"])));
    for (likely, days) in [
        ("20220406", ["2022-04-05", "2022-04-06"]),
        ("soon", ["2022-04-05", "2022-04-06"]),
        ("2022-04-06", ["2022-04-05T00:00", "2022-04-06"]),
        ("2022-04-06", ["2022-04-05", "2022-04-05"]),
    ] {
        assert!(!good(&target(likely, days)), "{likely} {days:?}");
    }
}
