//! A city's documents: who may put them, who sees what of them.

use crate::{Answer, House, rounds::account};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::access::role::{Place, Role};

/// Two districts of two sites each, one round that stops at sites of both, and one lab of each kind.
fn rounds() -> Value {
    let district = |name: &str, latitude: f64| {
        json!({ "name": name, "latitude": latitude, "longitude": 121.5, "radius_km": 4.0, "outline": null,
            "half_hours": [0.0, 0.0, 30.0], "late": 0.0, "untested": 0.0 })
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
            "districts": [district("North", 31.3), district("South", 31.1)],
            "labs": [lab("Example Lab A", false), lab("Example Lab B", true)],
            "sites": [["North 1", 0, 31.31, 121.5, 20.0, 6.5], ["North 2", 0, 31.32, 121.5, 10.0, null],
                ["South 1", 1, 31.11, 121.5, 4177.0, 7.5], ["South 2", 1, 31.12, 121.5, 4299.0, 8.5]],
            "flows": [{ "district": 0, "lab": 0, "brought": [0.0, 30.0] }, { "district": 1, "lab": 0, "brought": [0.0, 4177.0] },
                { "district": 1, "lab": 1, "brought": [4299.0] }],
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
    assert_eq!(view["rounds"]["labs"][0]["tubes"], 30.0, "its own tubes there");
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
    assert_eq!((&seen["view"]["rounds"]["whole"], &seen["view"]["teams"]), (&json!(true), &Value::Null));
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
