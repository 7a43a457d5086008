//! A city's documents: who may put them, who sees what of them.

use crate::{Answer, House, rounds::account};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::access::role::{Place, Role};

/// Two districts of two sites each, one round that stops at sites of both, and one lab of each kind.
fn rounds() -> Value {
    let district = |name: &str, latitude: f64, left: f64| json!({ "name": name, "latitude": latitude, "longitude": 121.5, "radius_km": 4.0, "outline": null, "left_behind": left });
    let flow = |district: u32, lab: u32, hour: usize, tubes: f64| {
        let mut brought = vec![0.0; hour];
        brought.push(tubes);
        json!({ "district": district, "lab": lab, "brought": brought, "half_hours": [0.0, 0.0, tubes], "late": 0.0, "untested": 0.0 })
    };
    let lab = |name: &str, away: bool| json!({ "name": name, "latitude": 31.2, "longitude": 121.4, "away": away, "open_min": [[0.0, 600.0]] });
    let stop = |number: u32, site: &str| json!({ "number": number, "site": site, "after_min": 10.0 * f64::from(number), "boxes": 2 });
    json!({
        "labs": [
            { "name": "Example Lab A", "tubes_per_hour": 100.0, "waiting_max": 12.0 },
            { "name": "Example Lab B", "tubes_per_hour": 100.0, "waiting_max": 0.0 },
        ],
        "rounds": [
            { "starts": "Example Lab A", "ends": "Example Lab A", "lab": "Example Lab A", "vehicles": 1, "back_min": 60.0,
              "departs_min": [60.0, 120.0], "stops": [stop(1, "North 1"), stop(3, "South 1")] },
            { "starts": "Example Lab B", "ends": "Example Lab B", "lab": "Example Lab B", "vehicles": 1, "back_min": 60.0,
              "departs_min": [60.0], "stops": [stop(4, "South 2")] },
        ],
        "transfers": [{ "from": "Example Lab A", "to": "Example Lab B", "departs_min": 200.0, "arrives_min": 260.0, "tubes": 777.0,
            "notify_by_min": 100.0, "message": "" }],
        "unserved": ["North 2"],
        "findings": ["The whole city in a sentence."],
        "map": {
            "city": "Example City", "opens": "2022-04-04T06:00", "within_h": 24.0, "due_min": 600.0,
            "districts": [district("North", 31.3, 10.0), district("South", 31.1, 0.0)],
            "labs": [lab("Example Lab A", false), lab("Example Lab B", true)],
            "sites": [["North 1", 0, 31.31, 121.5, 20.0, [[0, 20.0, 6.5]]], ["North 2", 0, 31.32, 121.5, 10.0, []],
                ["South 1", 1, 31.11, 121.5, 4177.0, [[0, 4177.0, 7.5]]], ["South 2", 1, 31.12, 121.5, 4299.0, [[1, 4299.0, 8.5]]]],
            "flows": [flow(0, 0, 1, 20.0), flow(1, 0, 1, 4177.0), flow(1, 1, 0, 4299.0)],
        },
    })
}

fn aid() -> Value {
    let team = |team: &str, recipient: &str| {
        json!({ "team": team, "donor": "Example Donor", "recipient": recipient, "skill": "sampler", "people": 40,
            "leaves": "2022-04-03", "from": "2022-04-04", "until": "2022-04-05", "free": "2022-04-20" })
    };
    let district = |name: &str| json!({ "recipient": name, "asked_person_days": 100, "met_person_days": 80, "share": 0.8 });
    let short = |name: &str| {
        json!({ "recipient": name, "why": format!("Of {name}'s there are too few."), "skill": "sampler",
        "people": 5, "from": "2022-04-04", "until": "2022-04-05", "person_days": 10 })
    };
    json!({ "first": "2022-04-04", "days": 3, "deployments": [team("T1", "North"), team("T2", "South")],
        "districts": [district("North"), district("South")], "unmet": [short("North"), short("South")],
        "sentences": ["All of the city's aid in a sentence."] })
}

struct City {
    house: House,
    lead: String,
    city: String,
    north: String,
    south: String,
    town: String,
}

impl City {
    async fn new() -> City {
        let house = House::open();
        let lead = account(&house, Role::Authority, Place::All);
        let make = async |body: Value| {
            let made = house.ask_as(Some(&lead), Method::POST, "/api/v1/places", Some(body)).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
            made.string("id")
        };
        let city = make(json!({ "name": "Example City", "kind": "city" })).await;
        let below =
            |name: &str, kind: &str, parent: &str| json!({ "name": name, "kind": kind, "parent": parent });
        let north = make(below("North", "district", &city)).await;
        let south = make(below("South", "district", &city)).await;
        let town = make(below("North Town", "town", &north)).await;
        City { house, lead, city, north, south, town }
    }

    fn authority(&self, place: &str) -> String {
        account(&self.house, Role::Authority, Place::parse_in_path(place).unwrap())
    }

    async fn put(&self, who: &str, path: &str, body: Value) -> Answer {
        self.house.ask_as(Some(who), Method::PUT, &format!("/api/v1/places/{path}"), Some(body)).await
    }

    async fn seen(&self, who: &str, place: &str) -> Value {
        let path = format!("/api/v1/places/{place}/city");
        let answer = self.house.ask_as(Some(who), Method::GET, &path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    /// All of its documents, and each district given to its place.
    async fn filled() -> City {
        let city = City::new().await;
        for (what, document) in [("rounds", rounds()), ("aid", aid())] {
            let put = city.put(&city.lead, &format!("{}/city/{what}", city.city), document).await;
            assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text());
        }
        let holders =
            json!([{ "name": "North", "place": city.north }, { "name": "South", "place": city.south }]);
        let put = city.put(&city.lead, &format!("{}/city-districts", city.city), holders).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text());
        city
    }
}

#[tokio::test]
async fn whoever_holds_a_city_sees_all_and_whoever_holds_a_district_nothing_of_another() {
    let city = City::filled().await;
    let all = city.seen(&city.authority(&city.city), &city.city).await;
    assert_eq!((&all["whole"], &all["name"]), (&json!(true), &json!("Example City")));
    assert_eq!(all["view"]["rounds"]["sites"].as_array().unwrap().len(), 4);
    assert_eq!(all["view"]["rounds"]["transfers"][0]["tubes"], 777.0);
    assert_eq!(all["districts"].as_array().unwrap().len(), 2);

    let north = city.seen(&city.authority(&city.north), &city.north).await;
    assert_eq!((&north["whole"], &north["own"]), (&json!(false), &json!(["North"])));
    let view = &north["view"];
    let names = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|of| of["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&view["rounds"]["sites"]), ["North 1", "North 2"]);
    assert_eq!(names(&view["rounds"]["labs"]), ["Example Lab A"], "the labs to which its tubes go");
    assert_eq!(view["rounds"]["labs"][0]["tubes"], 20.0, "its own tubes there");
    let clocks = &view["rounds"]["clocks"];
    assert_eq!((&clocks["tubes"], &clocks["untested"]), (&json!(30.0), &json!(10.0)));
    assert_eq!(view["rounds"]["labs"][0]["waiting_max"], Value::Null);
    let driven = view["rounds"]["rounds"].as_array().unwrap();
    assert_eq!((driven.len(), driven[0]["stops"].as_array().unwrap().len()), (1, 1), "its own stops alone");
    assert_eq!((&driven[0]["stops"][0]["first"], &driven[0]["oldest_h"]), (&json!("07:10"), &json!(6.5)));
    assert_eq!(view["rounds"]["unserved"], json!(["North 2"]));
    assert_eq!(names(&view["teams"]["recipients"]), ["North"]);
    assert_eq!(view["teams"]["recipients"][0]["people"], json!([40, 40, 0]));
    // Whatever else is in the answer: no word and no figure of the other district, and none of the whole city.
    let text = format!("{view} {} {}", north["own"], north["districts"]);
    for of_others in ["South", "Lab B", "777", "4177", "4299", "in a sentence", "T2"] {
        assert!(!text.contains(of_others), "{of_others}: {text}");
    }

    // A town in the district has no part of its own, and neither has who holds another city.
    let town = city.seen(&city.authority(&city.town), &city.town).await;
    assert_eq!((&town["own"], &town["view"]["rounds"]), (&json!([]), &Value::Null));
    let path = format!("/api/v1/places/{}/city", city.north);
    let south = city.authority(&city.south);
    assert_eq!(city.house.ask_as(Some(&south), Method::GET, &path, None).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_district_that_calls_itself_otherwise_sees_no_more() {
    let city = City::filled().await;
    let north = city.authority(&city.north);
    let renamed = city.put(&north, &city.north, json!({ "name": "South" })).await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text());
    let seen = city.seen(&north, &city.north).await;
    assert_eq!(seen["own"], json!(["North"]));
    // Nor does it say who looks after what, or put documents: the city does.
    let holders = json!([{ "name": "South", "place": city.north }]);
    let refused = city.put(&north, &format!("{}/city-districts", city.city), holders.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let refused = city.put(&north, &format!("{}/city-districts", city.north), holders).await;
    assert_eq!(refused.problem(), (409, "city_kind".to_owned()));
    let refused = city.put(&north, &format!("{}/city/rounds", city.north), rounds()).await;
    assert_eq!(refused.problem(), (409, "city_kind".to_owned()));
    let committee = account(&city.house, Role::Committee, Place::parse_in_path(&city.city).unwrap());
    let refused = city.put(&committee, &format!("{}/city/rounds", city.city), rounds()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    // A place that moved out of the city sees nothing of it any more.
    city.put(&city.lead, &city.south, json!({ "name": "South" })).await;
    let other = city.house.ask_as(
        Some(&city.lead),
        Method::POST,
        "/api/v1/places",
        Some(json!({ "name": "Other City", "kind": "city" })),
    );
    let other = other.await.string("id");
    let moved = city.put(&city.lead, &city.north, json!({ "parent": other })).await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.text());
    let seen = city.seen(&north, &city.north).await;
    assert_eq!((&seen["name"], &seen["view"]["rounds"]), (&json!(""), &Value::Null));
    let again = json!([{ "name": "North", "place": city.north }]);
    let refused = city.put(&city.lead, &format!("{}/city-districts", city.city), again).await;
    assert_eq!(refused.problem(), (409, "city_holder".to_owned()));
}

#[tokio::test]
async fn whoever_holds_a_lab_sees_what_comes_to_it_and_nothing_of_another() {
    let city = City::filled().await;
    let make = async |name: &str, parent: &str| {
        let body = json!({ "name": name, "kind": "lab", "parent": parent });
        let made = city.house.ask_as(Some(&city.lead), Method::POST, "/api/v1/places", Some(body)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.string("id")
    };
    let (bench, other) = (make("Bench", &city.city).await, make("Other Bench", &city.north).await);
    let holders = async |a: Option<&str>, b: Option<&str>| {
        let labs = json!([{ "name": "Example Lab A", "place": a }, { "name": "Example Lab B", "place": b }]);
        city.put(&city.lead, &format!("{}/city-labs", city.city), labs).await
    };
    assert_eq!(holders(Some(&bench), Some(&other)).await.status, StatusCode::NO_CONTENT);
    // Each committee or authority of its lab's place, and nobody else.
    let committee = account(&city.house, Role::Committee, Place::parse_in_path(&bench).unwrap());
    let seen = city.seen(&committee, &bench).await;
    assert_eq!(
        (&seen["whole"], &seen["own"], &seen["own_labs"]),
        (&json!(false), &json!([]), &json!(["Example Lab A"]))
    );
    let view = &seen["view"];
    let lab = &view["rounds"]["labs"][0];
    assert_eq!((&lab["tubes"], &lab["waiting_max"]), (&json!(4197.0), &json!(12.0)), "all that comes there");
    assert_eq!((&lab["brought"], &lab["capacity"]), (&json!([0.0, 4197.0]), &json!([100.0, 100.0])));
    assert_eq!(lab["share"], 4.197, "of a thousand until 16:00");
    assert_eq!(view["rounds"]["clocks"]["tubes"], 4197.0);
    let driven = view["rounds"]["rounds"].as_array().unwrap();
    assert_eq!((driven.len(), &driven[0]["arrives"]), (1, &json!(["08:00", "09:00"])));
    let stops: Vec<_> =
        driven[0]["stops"].as_array().unwrap().iter().map(|stop| (&stop["first"], &stop["tubes"])).collect();
    assert_eq!(stops, [(&json!("07:10"), &json!(20.0)), (&json!("07:30"), &json!(4177.0))]);
    assert_eq!(view["teams"], Value::Null);
    for of_others in ["Lab B", "777", "4299", "North 2", "South 2", "in a sentence", "Donor", "too few"] {
        assert!(!view.to_string().contains(of_others), "{of_others}: {view}");
    }

    // A lab elsewhere is told of what is driven there, and by when it must know; not from which lab.
    let seen = city.seen(&city.authority(&other), &other).await;
    let view = &seen["view"]["rounds"];
    let batch = &view["transfers"][0];
    assert_eq!((&batch["tubes"], &batch["from"]), (&json!(777.0), &Value::Null));
    assert_eq!((&batch["arrives"], &batch["told_by"]), (&json!("10:20"), &json!("07:40")));
    for of_others in ["Lab A", "North", "4177", "South 1"] {
        assert!(!view.to_string().contains(of_others), "{of_others}: {view}");
    }

    // Above a lab and in a district: what is either's, and of the other lab no more than the district's own tubes.
    let seen = city.seen(&city.authority(&city.north), &city.north).await;
    assert_eq!((&seen["own"], &seen["own_labs"]), (&json!(["North"]), &json!(["Example Lab B"])));
    let labs: Vec<_> = seen["view"]["rounds"]["labs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| (&of["name"], &of["tubes"], &of["whole"], &of["waiting_max"]))
        .collect();
    assert_eq!(
        labs,
        [
            (&json!("Example Lab A"), &json!(20.0), &json!(false), &Value::Null),
            (&json!("Example Lab B"), &json!(4299.0), &json!(true), &json!(0.0)),
        ]
    );
    let view = &seen["view"];
    assert_eq!(view["rounds"]["clocks"]["tubes"], 20.0 + 10.0 + 4299.0);
    assert_eq!(view["teams"]["recipients"].as_array().unwrap().len(), 1);
    for of_others in ["South 1", "4177", "4197", "T2", "South's", "in a sentence"] {
        assert!(!view.to_string().contains(of_others), "{of_others}: {view}");
    }

    // What is given is taken back, and a place that is moved away takes nothing with it.
    let path = format!("/api/v1/places/{bench}/city");
    let elsewhere = city.house.ask_as(Some(&city.authority(&other)), Method::GET, &path, None).await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    assert_eq!(holders(None, Some(&other)).await.status, StatusCode::NO_CONTENT);
    let seen = city.seen(&committee, &bench).await;
    assert_eq!((&seen["own_labs"], &seen["view"]["rounds"]), (&json!([]), &Value::Null));
    let all = city.seen(&city.lead, &city.city).await;
    let given =
        json!([{ "name": "Example Lab A", "place": null }, { "name": "Example Lab B", "place": other }]);
    assert_eq!(all["labs"], given);
    assert_eq!(all["districts"][0]["place"], json!(city.north), "districts stay given");
    let away = json!({ "name": "Other City", "kind": "city" });
    let away =
        city.house.ask_as(Some(&city.lead), Method::POST, "/api/v1/places", Some(away)).await.string("id");
    let moved = city.put(&city.lead, &other, json!({ "parent": away })).await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.text());
    let seen = city.seen(&city.authority(&other), &other).await;
    assert_eq!((&seen["own_labs"], &seen["view"]["rounds"]), (&json!([]), &Value::Null));
    assert_eq!(holders(None, Some(&other)).await.problem(), (409, "city_holder".to_owned()));

    // A lab does not say itself what is its own; it is named once; nobody lives there.
    let bench_lead = city.authority(&bench);
    let own = json!([{ "name": "Example Lab A", "place": bench }]);
    let refused = city.put(&bench_lead, &format!("{}/city-labs", city.city), own.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let refused = city.put(&bench_lead, &format!("{bench}/city-labs"), own).await;
    assert_eq!(refused.problem(), (409, "city_kind".to_owned()));
    let twice =
        json!([{ "name": "Example Lab A", "place": bench }, { "name": "Example Lab A", "place": null }]);
    let refused = city.put(&city.lead, &format!("{}/city-labs", city.city), twice).await;
    assert_eq!(refused.problem(), (422, "city_districts".to_owned()));
    let court = json!({ "name": "Court" });
    let court = city
        .house
        .ask_as(Some(&city.lead), Method::POST, "/api/v1/communities", Some(court))
        .await
        .string("id");
    let path = format!("/api/v1/communities/{court}/place");
    let put = city.house.ask_as(Some(&city.lead), Method::PUT, &path, Some(json!({ "place": bench }))).await;
    assert_eq!(put.problem(), (409, "place_not_wider".to_owned()));
}

#[tokio::test]
async fn a_document_is_what_its_command_wrote_takes_the_place_of_the_one_before_and_is_taken_back() {
    let city = City::filled().await;
    let path = |what: &str| format!("{}/city/{what}", city.city);
    let note = |answer: &Answer| answer.json()["notes"][0]["code"].clone();
    let other = city.put(&city.lead, &path("aid"), rounds()).await;
    assert_eq!((other.status, note(&other)), (StatusCode::UNPROCESSABLE_ENTITY, json!("document_other")));
    let mut older = rounds();
    older.as_object_mut().unwrap().remove("map");
    let older = city.put(&city.lead, &path("rounds"), older).await;
    assert_eq!(note(&older), "document_older");
    let mut odd = rounds();
    odd["rounds"][0]["stops"][0]["number"] = json!(99);
    odd["map"]["sites"][2][1] = json!(7);
    let odd = city.put(&city.lead, &path("rounds"), odd).await;
    let all: Vec<Value> =
        odd.json()["notes"].as_array().unwrap().iter().map(|of| of["column"].clone()).collect();
    assert_eq!(all, ["map.sites[2]", "rounds[0]"], "all that is wrong, at once");
    assert_eq!(note(&city.put(&city.lead, &path("rounds"), json!({ "plan": 1 })).await), "document_unknown");
    let unknown = city.put(&city.lead, &path("weather"), rounds()).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);

    let mut next = rounds();
    next["map"]["city"] = json!("Example City, the day after");
    assert_eq!(city.put(&city.lead, &path("rounds"), next).await.status, StatusCode::NO_CONTENT);
    let seen = city.seen(&city.lead, &city.city).await;
    assert_eq!(seen["view"]["rounds"]["city"], "Example City, the day after");
    let gone = format!("/api/v1/places/{}", path("rounds"));
    let back = city.house.ask_as(Some(&city.lead), Method::DELETE, &gone, None).await;
    assert_eq!(back.status, StatusCode::NO_CONTENT);
    assert_eq!(city.seen(&city.lead, &city.city).await["view"]["rounds"], Value::Null);
    let twice = city.house.ask_as(Some(&city.lead), Method::DELETE, &gone, None).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_region_keeps_of_one_kind_hides_nothing_that_a_city_keeps_of_another() {
    let city = City::filled().await;
    let above = json!({ "name": "Example Region", "kind": "region" });
    let region = city.house.ask_as(Some(&city.lead), Method::POST, "/api/v1/places", Some(above)).await;
    let region = region.string("id");
    let moved = city.put(&city.lead, &city.city, json!({ "parent": region })).await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.text());
    let gone = format!("/api/v1/places/{}/city/aid", city.city);
    city.house.ask_as(Some(&city.lead), Method::DELETE, &gone, None).await;
    let put = city.put(&city.lead, &format!("{region}/city/aid"), aid()).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text());
    // The region says nothing yet: the city sees its own rounds, none of the region's teams, and may put its own.
    let own = city.authority(&city.city);
    let seen = city.seen(&own, &city.city).await;
    assert_eq!((&seen["whole"], &seen["name"]), (&json!(true), &json!("Example City")));
    let lab = &seen["view"]["rounds"]["labs"][0];
    assert_eq!((&lab["whole"], &seen["view"]["teams"]), (&json!(true), &Value::Null));
    let from: Vec<_> =
        seen["documents"].as_array().unwrap().iter().map(|of| (&of["what"], &of["from"])).collect();
    assert_eq!(from, [(&json!("rounds"), &Value::Null), (&json!("aid"), &json!("Example Region"))]);
    // It gives one district to the city and the other to that district's place: each sees its own, the city both.
    let holders = json!([{ "name": "North", "place": city.city }, { "name": "South", "place": city.south }]);
    let put = city.put(&city.lead, &format!("{region}/city-districts"), holders).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text());
    let names = |seen: &Value| -> Vec<String> {
        let teams = seen["view"]["teams"]["recipients"].as_array().cloned().unwrap_or_default();
        teams.iter().map(|of| of["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&city.seen(&own, &city.city).await), ["North", "South"]);
    let south = city.seen(&city.authority(&city.south), &city.south).await;
    assert_eq!(
        (names(&south), &south["view"]["rounds"]["sites"][0]["name"]),
        (vec!["South".to_owned()], &json!("South 1"))
    );
    assert!(!south["view"].to_string().contains("North"), "{south}");
    // A city that keeps nothing may put its first document all the same.
    let other = json!({ "name": "Other City", "kind": "city", "parent": region });
    let other =
        city.house.ask_as(Some(&city.lead), Method::POST, "/api/v1/places", Some(other)).await.string("id");
    let seen = city.seen(&city.authority(&other), &other).await;
    assert_eq!(
        (&seen["whole"], &seen["own"], &seen["view"]["teams"]),
        (&json!(true), &json!([]), &Value::Null)
    );
}
