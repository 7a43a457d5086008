//! How a round goes on, the call of its next wave, and the page for everybody.

use crate::aside;
use crate::rounds::{Site, at, check_in, done};
use axum::http::{Method, StatusCode};
use domain::Moment;
use serde_json::{Value, json};

async fn ahead(site: &Site) -> Value {
    let answer = site.ask(Method::GET, &format!("{}/ahead?lang=en", site.round), None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn call(site: &Site, wave: u64) -> crate::Answer {
    site.ask(Method::POST, &format!("{}/calls?lang=en", site.round), Some(json!({ "wave": wave }))).await
}

#[tokio::test]
async fn a_wave_is_called_once_by_a_tap_and_phones_hear_of_it() {
    let site = Site::new().await;
    let before = ahead(&site).await;
    let wave = before["next_wave"]["wave"].as_u64().unwrap();
    assert!(!before["next_wave"]["doors"].as_array().unwrap().is_empty(), "{before}");
    assert_eq!(before["by_itself"], false);
    let (_, order) = site.phone("order", None, 1).await;
    let called = call(&site, wave).await;
    assert_eq!(called.status, StatusCode::OK, "{}", called.text());
    let households = called.json()["households"].as_u64().unwrap();
    assert!(households > 0);
    let told = site.told(&order, 0).await.text();
    assert_eq!(told.matches("HouseholdCalled").count() as u64, households, "{told}");
    assert_eq!(call(&site, wave).await.json()["households"], 0, "a second tap calls nobody again");
    let unknown = call(&site, 4000).await;
    assert_eq!((unknown.status, unknown.string("code").as_str()), (StatusCode::NOT_FOUND, "wave_unknown"));
}

#[tokio::test]
async fn a_drill_names_the_moment_and_nobody_else_does() {
    let site = Site::new().await;
    let asked = async |site: &Site, at: Moment| {
        site.ask(Method::GET, &format!("{}/ahead?at={}", site.round, at.rfc3339()), None).await
    };
    let refused = asked(&site, at()).await;
    assert_eq!(refused.problem(), (403, "no_drill".to_owned()));
    let site = site.for_drills();
    // Far before the day of the round it is foreseen from its opening, far after it there is nothing to foresee.
    let day = 24 * 3600 * 10_000;
    let now = ahead(&site).await;
    assert_ne!(now["clock"], Value::Null, "{now}");
    let later = asked(&site, Moment(at().0 + 9 * day)).await.json();
    assert_eq!(later["clock"], Value::Null, "{later}");
    let earlier = asked(&site, Moment(at().0 - 9 * day)).await.json();
    assert_ne!(earlier["waits"], json!([]), "{earlier}");
    assert_eq!(ahead(&site).await, now, "whoever asks for now is not told of another moment");
    let never = site.ask(Method::GET, &format!("{}/ahead?at=soon&lang=en", site.round), None).await;
    assert_eq!(never.problem(), (422, "moment".to_owned()));
    assert!(never.text().contains("2026-12-31T08:00:00Z"), "{}", never.text());
}

#[tokio::test]
async fn waves_that_are_called_by_themselves_are_called_once_the_site_is_open_and_few_wait() {
    let site = Site::new().await;
    let path = format!("{}/calls", site.round);
    let on = site.ask(Method::PUT, &path, Some(json!({ "by_itself": true }))).await;
    assert_eq!(on.status, StatusCode::NO_CONTENT, "{}", on.text());
    assert_eq!(ahead(&site).await["by_itself"], true);
    let (_, order) = site.phone("order", None, 1).await;
    // A day before the first call nobody is called; after it the first wave is.
    aside(|| site.house.runs.call_due(Moment(at().0 - 24 * 3600 * 10_000)));
    assert!(!site.told(&order, 0).await.text().contains("HouseholdCalled"));
    // Late in opening: a closed gate.
    aside(|| site.house.runs.call_due(at()));
    assert!(!site.told(&order, 0).await.text().contains("HouseholdCalled"));
    let open = json!({ "commands": [{ "type": "OpenRound" }] });
    let opened = site.ask(Method::POST, &format!("{}/commands", site.round), Some(open)).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
    aside(|| site.house.runs.call_due(at()));
    assert!(site.told(&order, 0).await.text().contains("HouseholdCalled"));
    let off = site.ask(Method::PUT, &path, Some(json!({ "by_itself": false }))).await;
    assert_eq!(off.status, StatusCode::NO_CONTENT);
    assert!(aside(|| site.house.runs.book.calling(0)).unwrap().is_empty());
}

#[tokio::test]
async fn nobody_is_called_by_itself_while_the_phones_are_silent() {
    let site = Site::new().await;
    let on = json!({ "by_itself": true });
    site.ask(Method::PUT, &format!("{}/calls", site.round), Some(on)).await;
    let (mut phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let (_, order) = site.phone("order", None, 2).await;
    let door = phone.bundle().doors[0].household;
    let commands = json!({ "commands": [
        { "type": "OpenRound" }, { "type": "CallHousehold", "household": door, "wave": 1 }
    ] });
    let opened = site.ask(Method::POST, &format!("{}/commands", site.round), Some(commands)).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
    let called = async || site.told(&order, 0).await.text().matches("HouseholdCalled").count();
    aside(|| site.house.runs.call_due(at()));
    assert_eq!(called().await, 1, "no phone has told of anything");
    let commands = check_in(&phone, 0);
    done(&mut phone, &commands);
    site.sync(&mut phone).await;
    aside(|| site.house.runs.call_due(Moment(at().0 + 11 * 60 * 10_000)));
    assert_eq!(called().await, 1, "it told eleven minutes ago, and nothing since");
    aside(|| site.house.runs.call_due(at()));
    assert!(called().await > 1, "it told just now");
}

#[tokio::test]
async fn everybody_with_the_link_sees_how_long_people_wait_and_nothing_of_anybody() {
    let site = Site::new().await;
    let (mut phone, _) = site.phone("registrar", Some("registration"), 2).await;
    let commands = check_in(&phone, 0);
    done(&mut phone, &commands);
    site.sync(&mut phone).await;
    let page =
        site.house.get(&site.round.replace("/api/v1/communities", "/now").replace("/rounds", "")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.header("content-type").starts_with("text/html"));
    let text = page.text();
    assert!(text.len() < 6000 && !text.contains("<script"), "{}", text.len());
    assert!(text.contains("Willow Court") && text.contains("class=\"level clear\""), "{text}");
    for never in ["王小明", "李四", "101", "13800000001"] {
        assert!(!text.contains(never), "{never}");
    }
    let nowhere = site.house.get("/now/nothing/nothing").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}
