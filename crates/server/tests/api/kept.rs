//! What is kept of people: the page for everybody, and a resident's own copy.

use crate::rounds::{Site, at, check_in, done};
use axum::http::{Method, StatusCode};
use serde_json::Value;

#[tokio::test]
async fn everybody_may_read_what_a_community_keeps_and_until_when() {
    let site = Site::new().await;
    let community = site.rounds.trim_start_matches("/api/v1/communities/").trim_end_matches("/rounds");
    let page = site.house.get(&format!("/kept/{community}?lang=en")).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    let text = page.text();
    let day = crate::rounds::in_a_month();
    assert!(text.contains("Willow Court") && text.contains(&format!("Until the end of {day}")), "{text}");
    assert!(!text.contains("<script") && !text.contains("kept."), "{text}");
    let other = site.house.get(&format!("/kept/{community}?lang=zh")).await.text();
    assert!(other.contains("保存到什么时候") && other.contains(&day), "{other}");
    for nobody in ["/kept/nothing", "/kept/00000000-0000-4000-8000-000000000000"] {
        assert_eq!(site.house.get(nobody).await.status, StatusCode::NOT_FOUND, "{nobody}");
    }
}

#[tokio::test]
async fn a_copy_tells_what_rounds_wrote_down_of_that_person_alone() {
    let site = Site::new().await;
    let (mut phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let commands = check_in(&phone, 0);
    done(&mut phone, &commands);
    site.sync(&mut phone).await;
    let names = site.rounds.replace("/rounds", "/names");
    let all = site.ask(Method::GET, &format!("{names}?why=test"), None).await.json();
    let (came, away): (Vec<&Value>, Vec<&Value>) = {
        let door = &phone.bundle().doors[0];
        all.as_array()
            .unwrap()
            .iter()
            .partition(|of| of["door"] == door.door.as_str() && of["building"] == door.building.as_str())
    };
    let copy = async |of: &Value| {
        let path = format!("{names}/{}/copy?why=asked", of["id"].as_str().unwrap());
        site.ask(Method::GET, &path, None).await.json()
    };
    for person in came {
        let copy = copy(person).await;
        assert_eq!(copy["stays"].as_array().unwrap().len(), 1, "{copy}");
        let types =
            copy["stays"][0]["events"].as_array().unwrap().iter().map(|of| of["event"]["type"].clone());
        assert_eq!(types.collect::<Vec<_>>(), ["Arrived", "Served", "Queued"]);
        let told = copy["stays"].to_string();
        let other = all.as_array().unwrap().iter().filter(|of| of["id"] != person["id"]);
        other.for_each(|of| assert!(!told.contains(of["name"].as_str().unwrap()), "{told}"));
        assert!(copy["stays"][0]["events"][0]["at"].as_str().unwrap() <= at().rfc3339().as_str());
    }
    assert_eq!(copy(away[0]).await["stays"], serde_json::json!([]));
}
