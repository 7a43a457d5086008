//! What is kept of people: the page for everybody, and a resident's own copy.

use crate::aside;
use crate::rounds::{Site, at, check_in, done, serve};
use axum::http::{Method, StatusCode};
use domain::Command;
use serde_json::{Value, json};

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
async fn a_copy_tells_what_rounds_keep_of_that_person_alone() {
    let site = Site::new().await;
    let (mut phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let commands = check_in(&phone, 0);
    done(&mut phone, &commands);
    site.sync(&mut phone).await;
    let names = site.rounds.replace("/rounds", "/names");
    let all = site.ask(Method::GET, &format!("{names}?why=copy"), None).await.json();
    let (came, away): (Vec<&Value>, Vec<&Value>) = {
        let door = &phone.bundle().doors[0];
        all.as_array()
            .unwrap()
            .iter()
            .partition(|of| of["door"] == door.door.as_str() && of["building"] == door.building.as_str())
    };
    let copy = async |of: &Value| {
        let path = format!("{names}/{}/copy?why=copy", of["id"].as_str().unwrap());
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
    // Who did not come is on the round's roll all the same.
    let stays = &copy(away[0]).await["stays"];
    assert_eq!((stays[0]["events"].clone(), &stays[0]["class"]), (json!([]), &json!("")), "{stays}");
    let frail = all.as_array().unwrap().iter().find(|of| of["name"] == "李四").unwrap();
    assert_eq!(copy(frail).await["stays"][0]["class"], "green");
}

#[tokio::test]
async fn a_copy_names_the_thing_that_was_given_as_it_is_read_on_it() {
    let site = Site::new().await;
    let (mut sampler, _) = site.phone("sampler", Some("sampling"), 1).await;
    let visit = sampler.bundle().doors[0].people[0].visit;
    let command = serve(&sampler, visit, 7);
    let Command::Serve { item: Some(thing), .. } = &command else { panic!("{command:?}") };
    let label = round::label(thing.item);
    done(&mut sampler, &[command]);
    site.sync(&mut sampler).await;
    let names = site.rounds.replace("/rounds", "/names");
    let all = site.ask(Method::GET, &format!("{names}?why=copy"), None).await.json();
    let served = all.as_array().unwrap().iter().find(|of| of["name"] == "王小明").unwrap();
    let path = format!("{names}/{}/copy?why=copy", served["id"].as_str().unwrap());
    let copy = site.ask(Method::GET, &path, None).await.json();
    let events = copy["stays"][0]["events"].as_array().unwrap();
    let given = events.iter().find(|of| of["event"]["type"] == "ItemGiven").unwrap();
    assert_eq!(given["label"], label);
    // By the day, not by the second: as it is read at the site.
    assert_eq!(copy["kept_until"], crate::rounds::in_a_month());
}

#[tokio::test]
async fn the_last_day_is_that_of_the_site_wherever_it_lies() {
    for zone in ["Pacific/Honolulu", "Pacific/Kiritimati", "Asia/Shanghai"] {
        let site = Site::in_zone(zone).await;
        let path = site.rounds.replace("/api/v1/communities/", "/kept/").replace("/rounds", "?lang=en");
        let page = site.house.get(&path).await.text();
        let day = crate::rounds::in_a_month();
        assert!(page.contains(&format!("Until the end of {day}")), "{zone}");
    }
}

#[tokio::test]
async fn who_reads_what_is_kept_waits_for_no_round() {
    let site = Site::new().await;
    let place: Vec<&str> = site.round.split('/').collect();
    let community = server::people::id::CommunityId::parse(place[4]).unwrap();
    let round = server::people::id::RoundId::parse(place[6]).unwrap();
    let running = aside(|| site.house.runs.running(community, round)).unwrap();
    let (taken, is_taken) = std::sync::mpsc::channel();
    let (done, is_done) = std::sync::mpsc::channel::<()>();
    let holds = std::thread::spawn(move || {
        let _held = running.lock().unwrap();
        taken.send(()).unwrap();
        // Until somebody says so, or the test fails.
        let _ = is_done.recv();
    });
    is_taken.recv().unwrap();
    let path = format!("/kept/{community}?lang=en");
    let page = tokio::time::timeout(std::time::Duration::from_secs(20), site.house.get(&path)).await;
    drop(done);
    holds.join().unwrap();
    assert_eq!(page.unwrap().status, StatusCode::OK);
}
