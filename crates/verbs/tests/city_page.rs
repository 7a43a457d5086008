//! What a city's page is given: parts of random cities, held against the whole and against one another.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chance::{Cause, Chance};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
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

/// Of each lab the tubes of a site that come there, and the hours of the oldest.
type Brought = BTreeMap<u32, (f64, Option<f64>)>;

/// A city of some districts, labs, sites and rounds; names say whose they are. A site's tubes come to the labs of the rounds that stop
/// there; some stops have none, and some rounds end at another lab, from which a truck goes on.
fn city(number: u32) -> (Value, [usize; 2]) {
    let mut draw = Draw { city: number, next: 0 };
    let (districts, labs) = (1 + draw.below(5), 1 + draw.below(4));
    let mut sites = Vec::new();
    for district in 0..districts {
        for site in 0..1 + draw.below(6) {
            sites.push((format!("D{district}s{site}"), district, BTreeMap::new()));
        }
    }
    let name = |lab: u32| format!("Lab{lab}");
    let (mut rounds, mut transfers) = (Vec::new(), Vec::new());
    for _ in 0..1 + draw.below(6) {
        let lab = draw.below(labs);
        let ends = if draw.below(4) > 0 { lab } else { draw.below(labs) };
        let stops: Vec<u32> = (0..1 + draw.below(4)).map(|_| draw.below(sites.len() as u32)).collect();
        for &site in &stops {
            let tubes = f64::from(draw.below(4).min(1) * (1 + draw.below(500)));
            let oldest = (draw.below(4) > 0).then(|| 4.0 + f64::from(draw.below(200)) / 10.0);
            sites[site as usize].2.insert(lab, (tubes, oldest));
        }
        if ends != lab {
            transfers.push(
                json!({ "from": name(ends), "to": name(lab), "departs_min": 90.0, "arrives_min": 150.0,
                "tubes": draw.below(900), "notify_by_min": 30.0 }),
            );
        }
        let stop = |site: u32| json!({ "number": site + 1, "site": sites[site as usize].0, "after_min": draw.below(30), "boxes": 1 });
        let stops: Vec<Value> = stops.into_iter().map(stop).collect();
        rounds.push(json!({ "starts": name(draw.below(labs)), "ends": name(ends), "lab": name(lab), "vehicles": 1, "back_min": 30.0,
            "departs_min": [60.0 + f64::from(draw.below(60))], "stops": stops }));
    }
    let mut flows: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (_, district, brought) in &sites {
        for (lab, (tubes, _)) in brought {
            *flows.entry((*district, *lab)).or_default() += tubes;
        }
    }
    let flows: Vec<Value> = flows
        .into_iter()
        .map(|((district, lab), tubes)| {
            json!({ "district": district, "lab": lab, "brought": [tubes, 0.0], "half_hours": [0.0, tubes - tubes.min(2.0)], "late": tubes.min(3.0), "untested": tubes.min(2.0) })
        })
        .collect();
    let lab = |lab: u32| json!({ "name": name(lab), "tubes_per_hour": 100 + lab, "waiting_max": 5 + lab });
    let site = |(name, district, brought): (String, u32, Brought)| {
        let tubes = brought.values().map(|of| of.0).sum::<f64>() + 1.0;
        let brought: Vec<Value> =
            brought.into_iter().map(|(lab, (tubes, oldest))| json!([lab, tubes, oldest])).collect();
        json!([name, district, 31.0, 121.0, tubes, brought])
    };
    let document = json!({
        "labs": (0..labs).map(lab).collect::<Vec<_>>(),
        "rounds": rounds, "transfers": transfers, "findings": ["Of all together."], "unserved": ["D0s0"],
        "map": {
            "city": "Example", "opens": "2022-04-04T06:00", "within_h": 24.0, "due_min": 600.0, "flows": flows,
            "sites": sites.into_iter().map(site).collect::<Vec<_>>(),
            "districts": (0..districts).map(|of| json!({ "name": format!("D{of}"), "latitude": null, "longitude": null, "radius_km": 5.0,
                "outline": null, "left_behind": 7 + of })).collect::<Vec<_>>(),
            "labs": (0..labs).map(|lab| json!({ "name": name(lab), "latitude": 31.0, "longitude": 121.0, "away": false, "open_min": [[0.0, 600.0]] })).collect::<Vec<_>>(),
        },
    });
    (document, [districts as usize, labs as usize])
}

fn part(districts: &[usize], labs: &[usize]) -> Sees {
    Sees::Part {
        districts: districts.iter().map(|of| format!("D{of}")).collect(),
        labs: labs.iter().map(|of| format!("Lab{of}")).collect(),
    }
}

fn view(document: &Value, sees: &Sees) -> Value {
    let mut view = CityView::default();
    view.add(&read("rounds.json", document.to_string().as_bytes()).unwrap(), sees);
    serde_json::to_value(view).unwrap()["rounds"].clone()
}

#[test]
fn parts_of_a_city_are_apart_and_together_the_whole() {
    for number in 0..300 {
        let (document, [districts, _]) = city(number);
        let all = view(&document, &Sees::All);
        let list = |of: &Value| of.as_array().unwrap().clone();
        let (mut sites, mut stops, mut tubes, mut brought) = (0, 0, 0.0, 0.0);
        for own in 0..districts {
            let part = view(&document, &part(&[own], &[]));
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
        let nobody = view(&document, &part(&[], &[]));
        assert_eq!((list(&nobody["sites"]).len(), list(&nobody["labs"]).len()), (0, 0));
    }
}

#[test]
fn a_lab_sees_all_that_comes_to_it_and_nothing_else() {
    let mut transferred = 0;
    for number in 0..300 {
        let (document, [districts, labs]) = city(number);
        let list = |of: &Value| of.as_array().unwrap().clone();
        let figure = |of: &Value| of.as_f64().unwrap();
        let all = view(&document, &Sees::All);
        let mut tubes = 0.0;
        for own in 0..labs {
            let seen = view(&document, &part(&[], &[own]));
            let flows = list(&document["map"]["flows"]).into_iter().filter(|flow| flow["lab"] == own);
            let brought: f64 = flows.map(|flow| figure(&flow["brought"][0])).sum();
            let lab = &seen["labs"][0];
            let whole = &all["labs"][own];
            assert_eq!(list(&seen["labs"]).len(), 1, "city {number}");
            for of in ["name", "tubes", "share", "waiting_max"] {
                assert_eq!(lab[of], whole[of], "city {number}, Lab{own}: {of}");
            }
            assert_eq!(figure(&lab["tubes"]), brought);
            let of_districts: f64 = list(&seen["districts"]).iter().map(|of| figure(&of["tubes"])).sum();
            assert_eq!(of_districts, brought, "of each district what comes here");
            assert!(list(&seen["flows"]).iter().all(|flow| figure(&flow["tubes"]) > 0.0));
            assert_eq!((list(&seen["unserved"]).len(), list(&seen["sentences"]).len()), (0, 0));
            // Its rounds end there, and each of their stops brings tubes to it.
            let ours = |of: &&Value| of["lab"] == json!(format!("Lab{own}")) && of["ends"] == of["lab"];
            let bring = |stop: &&Value| {
                let site = &document["map"]["sites"][stop["number"].as_u64().unwrap() as usize - 1];
                list(&site[5]).iter().any(|of| of[0] == own && figure(&of[1]) > 0.0)
            };
            let stops = |of: &Value| list(&of["stops"]).iter().filter(bring).count();
            let expected: Vec<usize> = document["rounds"]
                .as_array()
                .unwrap()
                .iter()
                .filter(ours)
                .map(stops)
                .filter(|stops| *stops > 0)
                .collect();
            let mut found: Vec<(u64, usize)> = list(&seen["rounds"])
                .iter()
                .map(|of| (of["number"].as_u64().unwrap(), list(&of["stops"]).len()))
                .collect();
            found.sort_unstable();
            assert_eq!(found.into_iter().map(|(_, stops)| stops).collect::<Vec<_>>(), expected);
            for transfer in list(&seen["transfers"]) {
                assert_eq!((&transfer["to"], &transfer["from"]), (&json!(0), &Value::Null));
                transferred += 1;
            }
            tubes += figure(&seen["clocks"]["tubes"]);
        }
        let left: f64 = list(&document["map"]["districts"]).iter().map(|of| figure(&of["left_behind"])).sum();
        assert_eq!(tubes + left, figure(&all["clocks"]["tubes"]));
        assert_eq!(districts, list(&all["districts"]).len());
    }
    assert!(transferred > 50, "{transferred}");
    let mut teams = CityView::default();
    let aid = json!({ "first": "2022-04-04", "days": 1, "deployments": [], "districts": [] }).to_string();
    teams.add(&read("aid.json", aid.as_bytes()).unwrap(), &part(&[], &[0]));
    assert_eq!(serde_json::to_value(teams).unwrap()["teams"], Value::Null, "no team comes to a lab");
}

/// The same document for whoever holds these districts and labs, with all else made another: names, tubes, clocks, stops, rounds.
fn with_others_changed(document: &Value, districts: &BTreeSet<usize>, labs: &BTreeSet<usize>) -> Value {
    let mut new = document.clone();
    let index = |of: &Value| of.as_u64().unwrap() as usize;
    let named = |of: &Value| of.as_str().unwrap()[3..].parse::<usize>().unwrap();
    let list = |of: &Value| of.as_array().unwrap().clone();
    let whose = |stop: &Value| index(&document["map"]["sites"][index(&stop["number"]) - 1][1]);
    let comes = |site: &Value, lab: usize| {
        labs.contains(&lab)
            && list(&site[5]).iter().any(|of| index(&of[0]) == lab && of[1].as_f64() > Some(0.0))
    };
    // Labs that a district knows: its tubes are driven there.
    let mut known = labs.clone();
    let mut shown = districts.clone();
    for flow in list(&document["map"]["flows"]) {
        let (district, lab) = (index(&flow["district"]), index(&flow["lab"]));
        if districts.contains(&district) {
            known.insert(lab);
        }
        if labs.contains(&lab) && flow["brought"][0].as_f64() > Some(0.0) {
            shown.insert(district);
        }
    }
    for round in list(&document["rounds"]) {
        if list(&round["stops"]).iter().any(|stop| districts.contains(&whose(stop))) {
            known.extend([named(&round["lab"]), named(&round["ends"])]);
        }
    }
    new["findings"] = json!(["Quite another thing."]);
    for flow in new["map"]["flows"].as_array_mut().unwrap() {
        if !districts.contains(&index(&flow["district"])) && !labs.contains(&index(&flow["lab"])) {
            (flow["brought"], flow["half_hours"]) = (json!([99, 99, 99]), json!([0, 0, 0, 0, 99]));
            (flow["late"], flow["untested"]) = (json!(99), json!(99));
        }
    }
    for site in new["map"]["sites"].as_array_mut().unwrap() {
        if districts.contains(&index(&site[1])) {
            continue;
        }
        let any = labs.iter().any(|&lab| comes(site, lab));
        site[4] = json!(9_999);
        if !any {
            (site[0], site[2]) = (json!(format!("Hidden {}", site[0])), json!(48.0));
        }
        let theirs = |of: &mut &mut Value| labs.contains(&index(&of[0]));
        for brought in
            site[5].as_array_mut().unwrap().iter_mut().filter(|of| !theirs(&mut &mut (*of).clone()))
        {
            (brought[1], brought[2]) = (json!(9_999), json!(99.0));
        }
    }
    for (number, district) in new["map"]["districts"].as_array_mut().unwrap().iter_mut().enumerate() {
        if !districts.contains(&number) {
            district["left_behind"] = json!(9_999);
        }
        if !shown.contains(&number) {
            (district["name"], district["radius_km"]) =
                (json!(format!("Hidden district {number}")), json!(99.0));
        }
    }
    for round in new["rounds"].as_array_mut().unwrap() {
        let (lab, ends) = (named(&round["lab"]), named(&round["ends"]));
        let mut seen = false;
        for stop in round["stops"].as_array_mut().unwrap() {
            let site = &document["map"]["sites"][index(&stop["number"]) - 1];
            if districts.contains(&whose(stop)) || (labs.contains(&ends) && comes(site, lab)) {
                seen = true;
            } else {
                (stop["after_min"], stop["boxes"]) = (json!(99.0), json!(99));
            }
        }
        round["starts"] = json!("Lab0");
        if !seen {
            // Where tubes of theirs go by another lab, it is told that they come, and no more.
            (round["vehicles"], round["back_min"]) = (json!(99), json!(999.0));
        }
    }
    for transfer in new["transfers"].as_array_mut().unwrap() {
        if !labs.contains(&named(&transfer["to"])) {
            (transfer["tubes"], transfer["arrives_min"]) = (json!(9_999), json!(999.0));
        } else if !labs.contains(&named(&transfer["from"])) {
            let other = list(&document["labs"]).iter().rposition(|of| !labs.contains(&named(&of["name"])));
            transfer["from"] = document["labs"][other.unwrap()]["name"].clone();
        }
    }
    let names: Vec<String> =
        list(&document["labs"]).iter().map(|of| of["name"].as_str().unwrap().to_owned()).collect();
    for (number, name) in names.iter().enumerate() {
        if !labs.contains(&number) {
            new["labs"][number]["waiting_max"] = json!(9_999);
        }
        if !known.contains(&number) {
            new["labs"][number]["tubes_per_hour"] = json!(9_999);
            new["map"]["labs"][number]["longitude"] = json!(11.0);
            new = serde_json::from_str(
                &new.to_string()
                    .replace(&format!("{name:?}"), "\"Hidden lab HIDDEN\"")
                    .replace("HIDDEN", &number.to_string()),
            )
            .unwrap();
        }
    }
    new
}

#[test]
fn what_is_not_theirs_changes_nothing_of_what_they_see() {
    for number in 0..400 {
        let (document, [districts, labs]) = city(number);
        let mut draw = Draw { city: number, next: 1_000 };
        let mut some = |of: usize| -> BTreeSet<usize> { (0..of).filter(|_| draw.below(3) == 0).collect() };
        let (own, own_labs) = (some(districts), some(labs));
        let list = |of: &BTreeSet<usize>| of.iter().copied().collect::<Vec<_>>();
        let sees = part(&list(&own), &list(&own_labs));
        let changed = with_others_changed(&document, &own, &own_labs);
        let (before, after) = (view(&document, &sees), view(&changed, &sees));
        for (key, before) in before.as_object().unwrap() {
            assert_eq!(*before, after[key], "{key} of city {number}: districts {own:?}, labs {own_labs:?}");
        }
        assert!(!after.to_string().contains("Hidden"));
    }
}

#[test]
fn a_document_that_does_not_fit_itself_is_refused_by_place() {
    let (whole, _) = city(3);
    let mut odd = whole.clone();
    odd["map"]["sites"][0][5] = json!([[0, 1.0, null], [0, 1.0, null]]);
    odd["map"]["flows"][0]["lab"] = json!(99);
    odd["rounds"][0]["lab"] = json!("Nowhere");
    odd["map"]["opens"] = json!("six");
    let notes = read("rounds.json", odd.to_string().as_bytes()).unwrap_err();
    let places: Vec<_> = notes.0.iter().map(|note| note.place.column.clone().unwrap()).collect();
    assert_eq!(places, ["map.opens", "map.sites[0]", "map.flows[0]", "rounds[0]"]);
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
    let site = |name: &str| json!([name, 0, 31.0, 121.0, 10.0, [[0, 10.0, 5.0]]]);
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
