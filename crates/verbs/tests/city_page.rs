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
        "rounds": rounds, "findings": ["whole"],
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
            assert!(!text.contains("whole"));
            sites += list(&part["sites"]).len();
            stops += list(&part["rounds"]).iter().map(|round| list(&round["stops"]).len()).sum::<usize>();
            tubes += part["clocks"]["tubes"].as_f64().unwrap();
            for lab in list(&part["labs"]) {
                assert_eq!(lab["waiting_max"], Value::Null);
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
