//! Places above communities: a committee sees its own, what moves is written down, figures are told with care.

use crate::rounds::{Site, account, check_in, done};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use futures_util::{FutureExt, StreamExt};
use serde_json::{Value, json};
use server::access::role::{Place, Role};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

/// A site whose community stands in a neighbourhood of a city, with the committees of this and of another neighbourhood.
struct Town {
    site: Site,
    authority: String,
    ours: String,
    others: String,
}

impl Town {
    async fn new() -> Town {
        let site = Site::new().await;
        let authority = account(&site.house, Role::Authority, Place::All);
        let make = async |body: Value| {
            let made = site.house.ask_as(Some(&authority), Method::POST, "/api/v1/places", Some(body)).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
            made.string("id")
        };
        let city = make(json!({ "name": "Riverside", "kind": "city" })).await;
        let below = |name: &str| json!({ "name": name, "kind": "neighbourhood", "parent": city });
        let (ours, others) = (make(below("North")).await, make(below("South")).await);
        let put = format!("{}/place", site.rounds.trim_end_matches("/rounds"));
        let put =
            site.house.ask_as(Some(&authority), Method::PUT, &put, Some(json!({ "place": ours }))).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text());
        Town { site, authority, ours, others }
    }

    fn committee(&self, place: &str) -> String {
        account(&self.site.house, Role::Committee, Place::parse_in_path(place).unwrap())
    }

    async fn get(&self, who: &str, path: &str) -> crate::Answer {
        self.site.house.ask_as(Some(who), Method::GET, &format!("/api/v1/places/{path}"), None).await
    }
}

#[tokio::test]
async fn a_committee_sees_its_own_communities_until_they_move_and_no_others() {
    let town = Town::new().await;
    let (ours, others) = (town.committee(&town.ours), town.committee(&town.others));
    let seen = town.get(&ours, &format!("{}/overview?lang=en", town.ours)).await.json();
    assert_eq!(seen["name"], "North");
    let community = &seen["communities"][0];
    assert_eq!(
        (&community["name"], &community["round"]["phase"]),
        (&json!("Willow Court"), &json!("before"))
    );
    let refused = town.get(&ours, &format!("{}/overview", town.others)).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    let foreign = town.get(&others, &format!("{}/overview", town.others)).await.json();
    assert_eq!(foreign["communities"], json!([]));
    let listed = async |who: &str| {
        let all = town.site.house.ask_as(Some(who), Method::GET, "/api/v1/communities", None).await;
        all.json().as_array().unwrap().len()
    };
    assert_eq!((listed(&ours).await, listed(&others).await), (1, 0));
    // A committee moves nothing; the authority does, and it is written down.
    let path = format!("{}/place", town.site.rounds.trim_end_matches("/rounds"));
    let body = json!({ "place": town.others });
    let refused = town.site.house.ask_as(Some(&ours), Method::PUT, &path, Some(body.clone())).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    town.site.house.ask_as(Some(&town.authority), Method::PUT, &path, Some(body)).await;
    assert_eq!((listed(&ours).await, listed(&others).await), (0, 1));
    let moves = town.get(&town.authority, "moves").await.json();
    assert_eq!((&moves[0]["before"], &moves[0]["after"]), (&json!(town.ours), &json!(town.others)));
    assert_eq!(moves.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_board_ends_when_its_community_moves_out_of_whoevers_place_watches() {
    let town = Town::new().await;
    let committee = town.committee(&town.ours);
    let house = &town.site.house;
    let request = Request::get(format!("{}/live", town.site.round))
        .header("host", house.host)
        .header("cookie", format!("__Host-session={committee}"))
        .body(Body::empty());
    let response = house.send(request.unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut stream = response.into_body().into_data_stream();
    assert!(stream.next().await.is_some());
    let path = format!("{}/place", town.site.rounds.trim_end_matches("/rounds"));
    let body = json!({ "place": town.others });
    house.ask_as(Some(&town.authority), Method::PUT, &path, Some(body)).await;
    let ended = async { while stream.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("it goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_page_holds_up_no_lab_and_is_not_counted_for_everybody_anew() {
    let town = Town::new().await;
    let house = &town.site.house;
    let page = async |place: &str| house.get(&format!("/status/{place}?lang=en")).await;
    let first = page(&town.ours).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    // As many are counted and wait as may.
    let (free, held) = std::sync::mpsc::channel::<()>();
    let held = Arc::new(Mutex::new(held));
    let mut counts: Vec<_> = (0..server::limits::COUNTING_OR_WAITING)
        .map(|_| {
            let held = held.clone();
            Box::pin(house.app.counting.compute(move || Ok(held.lock().unwrap().recv().is_ok())))
        })
        .collect();
    assert!(counts.iter_mut().all(|count| count.now_or_never().is_none()));
    assert_eq!(page(&town.others).await.problem(), (503, "busy".to_owned()));
    assert_eq!(page(&town.ours).await.text(), first.text(), "what one was told the others are told, too");
    let sent = "管号,结果\nX-1,阴性\n";
    let request = Request::post("/api/v1/results?lang=en")
        .header("host", house.host)
        .header("cookie", format!("__Host-session={}", town.site.secretary))
        .header("content-type", "text/csv")
        .body(Body::from(sent));
    let answer = house.send(request.unwrap()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    drop((free, counts));
    assert_eq!(page(&town.others).await.status, StatusCode::OK);
}

#[tokio::test]
async fn figures_are_told_with_their_definitions_and_small_ones_not_to_everybody() {
    let town = Town::new().await;
    let committee = town.committee(&town.ours);
    let (mut phone, _) = town.site.phone("registrar", Some("registration"), 1).await;
    let commands = check_in(&phone, 0);
    done(&mut phone, &commands);
    town.site.sync(&mut phone).await;
    let figures = town.get(&committee, &format!("{}/figures?lang=en", town.ours)).await.json();
    assert_eq!((&figures["name"], &figures["rounds"]), (&json!("North"), &json!(1)));
    let names: Vec<&str> =
        figures["figures"].as_array().unwrap().iter().map(|of| of["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["people_served", "doors_done", "tubes", "results_out", "positive_tubes"]);
    assert!(figures["figures"][0]["value"].is_u64() && figures["figures"][4]["value"].is_null(), "{figures}");
    let table = town.get(&committee, &format!("{}/figures.csv?lang=en", town.ours)).await;
    assert!(table.text().contains("Willow Court,people_served,"), "{}", table.text());
    let page = town.site.house.get(&format!("/status/{}?lang=en", town.ours)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let text = page.text();
    assert!(text.len() < 6_000 && !text.contains("<script") && text.contains("not released yet"), "{text}");
    // It compares nobody: no community's name is on it.
    assert!(text.contains("North") && !text.contains("Willow Court"), "{text}");
    let nowhere = town.site.house.get("/status/all").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let mapping = "format = 1\n[[data_element]]\nfigure = \"people_served\"\nid = \"f7n9E0hX8qk\"\n\
                   [[org_unit]]\nplace = \"Willow Court\"\nid = \"DiszpKrYNg8\"\n";
    let path = format!("/api/v1/places/{}/figures/dhis2?lang=en", town.ours);
    let send = async |mapping: &str, period: &str| {
        let body = json!({ "mapping": mapping, "period": period });
        town.site.house.ask_as(Some(&committee), Method::POST, &path, Some(body)).await
    };
    let sent = send(mapping, "20220404").await.json();
    let value = &sent["data"]["dataValues"][0];
    assert_eq!((&value["orgUnit"], &value["period"]), (&json!("DiszpKrYNg8"), &json!("20220404")), "{sent}");
    let notes: Vec<&str> =
        sent["notes"].as_array().unwrap().iter().filter_map(|of| of["code"].as_str()).collect();
    assert_eq!((notes.len(), notes.last()), (5, Some(&"dhis2_other_day")), "{sent}");
    for period in ["April", "99999999", "20220231", "2022044"] {
        assert_eq!(send(mapping, period).await.problem(), (422, "dhis2_period".to_owned()), "{period}");
    }
    assert_eq!(send("format = 1\n", "20220404").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn crews_are_written_down_divided_by_what_is_left_and_agreed() {
    let town = Town::new().await;
    let committee = town.committee(&town.ours);
    let path = format!("/api/v1/places/{}/crews", town.ours);
    let community = town.site.rounds.split('/').nth(4).unwrap().to_owned();
    let crew = |name: &str, until: &str| json!({ "name": name, "from": "00:00", "until": until, "at": community, "people_per_hour": 3600, "agreed": [] });
    let crews = |all: Vec<Value>| json!({ "promise": null, "pack_min": 10, "setup_min": 10, "way_min": 10, "crews": all });
    let change = async |was: Value, crews: Value| {
        let body = json!({ "was": was, "crews": crews });
        town.site.house.ask_as(Some(&committee), Method::PUT, &path, Some(body)).await
    };
    let put = async |crews: Value| change(Value::Null, crews).await;
    let seen = async || town.get(&committee, &format!("{}/crews?lang=en", town.ours)).await.json();
    let nothing = seen().await;
    assert!(nothing["kept"].is_null() && nothing["division"].is_null(), "{nothing}");
    assert_eq!(nothing["left"][0]["name"], "Willow Court");
    assert!(nothing["left"][0]["people"].as_u64().unwrap() > 0, "{nothing}");
    let twice = put(crews(vec![crew("A", "23:59"), crew("A", "23:59")])).await;
    assert_eq!(twice.problem(), (422, "crews".to_owned()));
    let never = put(crews(vec![crew("A", "00:00")])).await;
    assert_eq!(never.problem(), (422, "crews".to_owned()));
    let kept = put(crews(vec![crew("A", "23:59")])).await;
    assert_eq!(kept.status, StatusCode::NO_CONTENT, "{}", kept.text());
    let divided = seen().await;
    assert_eq!(divided["kept"]["crews"][0]["name"], "A");
    assert!(divided["division"]["sentences"].as_array().is_some_and(|said| !said.is_empty()), "{divided}");
    let mut agreed = divided["kept"].clone();
    agreed["crews"][0]["agreed"] = divided["ways"][0].clone();
    assert_eq!(change(divided["kept"].clone(), agreed).await.status, StatusCode::NO_CONTENT);
    // Another had the screen open all the while: what they write would take back what the crews were told.
    let late = change(divided["kept"].clone(), crews(vec![crew("A", "22:00")])).await;
    assert_eq!(late.problem(), (409, "crews_changed".to_owned()));
    let again = seen().await;
    assert_eq!(again["ways"], divided["ways"], "what is agreed stays");
    // Another neighbourhood's committee learns nothing of it.
    let other = town.committee(&town.others);
    let refused = town.get(&other, &format!("{}/crews", town.ours)).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn a_crew_at_a_finished_community_has_to_pack_and_to_come_from_there() {
    let town = Town::new().await;
    let committee = town.committee(&town.ours);
    let house = &town.site.house;
    let second =
        crate::aside(|| house.people.make_community("Plum Court", server::people::now())).unwrap().id;
    let put = json!({ "place": town.ours });
    let path = format!("/api/v1/communities/{second}/place");
    assert_eq!(
        house.ask_as(Some(&town.authority), Method::PUT, &path, Some(put)).await.status,
        StatusCode::NO_CONTENT
    );
    let path = format!("/api/v1/places/{}/crews", town.ours);
    let here = town.site.rounds.split('/').nth(4).unwrap().to_owned();
    let begins = async |at: Value| {
        let was = town.get(&committee, &format!("{}/crews?lang=en", town.ours)).await.json()["kept"].clone();
        let crew = json!({ "name": "A", "from": "00:00", "until": "23:59", "at": at, "people_per_hour": 3600, "agreed": [here] });
        let crews =
            json!({ "promise": null, "pack_min": 10, "setup_min": 10, "way_min": 10, "crews": [crew] });
        let body = json!({ "was": was, "crews": crews });
        let kept = house.ask_as(Some(&committee), Method::PUT, &path, Some(body)).await;
        assert_eq!(kept.status, StatusCode::NO_CONTENT, "{}", kept.text());
        let seen = town.get(&committee, &format!("{}/crews?lang=en", town.ours)).await.json();
        assert_eq!(
            seen["left"].as_array().unwrap().len(),
            1,
            "where nothing is left nothing is listed: {seen}"
        );
        seen["division"]["sentences"][0].as_str().unwrap_or_default().to_owned()
    };
    let (elsewhere, there) = (begins(Value::Null).await, begins(json!(second)).await);
    assert!(elsewhere.contains("crew A") && !elsewhere.contains("Plum Court"), "{elsewhere}");
    assert!(there.contains("Plum Court"), "{there}");
}
