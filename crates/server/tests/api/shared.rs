//! Several processes over one database: all that these tests ask of one server once more, and what one process tells another.

use crate::{
    GARDEN, House,
    channels::{receiver, webhook},
    database, garden, is_shared, opened,
    parties::until,
    rounds::{ROLL, Site, account, check_in, done},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use server::access::role::{Place, Role};
use std::{
    process::Command,
    time::{Duration, Instant},
};
use tokio::time::timeout;

/// Set where all tests are on a shared database.
pub const SHARED: &str = "SHOUHU_TEST_ON_SHARED";
/// What asks no store, or a folder of scenarios.
const LEFT_OUT: [&str; 15] = [
    "boards::",
    "canary::",
    "pages::",
    "safety::",
    "schema::",
    "shared::",
    "verbs::",
    "a_scenario_is_made_from_an_example_and_lies_in_the_data_folder",
    "an_edit_by_hand_is_a_new_version",
    "what_is_removed_lies_in_the_bin",
    "a_link_is_not_followed",
    "a_path_never_leaves_its_folder",
    "only_the_owner_can_look_into_the_data_folder",
    "the_file_of_rounds_shows_no_secret",
    "what_failed_inside_is_told_to_the_log",
];

#[test]
fn all_is_the_same_on_a_database_that_several_processes_share() {
    if is_shared() {
        return;
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.env(SHARED, "1").arg("--test-threads=4");
    for left_out in LEFT_OUT {
        again.args(["--skip", left_out]);
    }
    let ran = again.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    let passed = said.split(" passed;").next().and_then(|before| before.rsplit(' ').next()).unwrap();
    assert!(passed.parse::<usize>().unwrap() > 60, "{said}");
}

/// A second process over the database of a site.
fn beside(site: &Site) -> Site {
    let data = tempfile::tempdir().unwrap();
    std::fs::create_dir(data.path().join("keys")).unwrap();
    let key = "keys/master.key";
    std::fs::copy(site.house.data.path().join(key), data.path().join(key)).unwrap();
    let stores = opened(data.path(), site.house.database.as_ref().map(|database| &*database.url));
    site.beside(House::of(stores, data, None, garden(), GARDEN, |_| None))
}

/// A site at one of several processes.
async fn shared(roll: &str) -> Site {
    let data = tempfile::tempdir().unwrap();
    Site::of_house(House::on(data, Some(database()), garden(), GARDEN, |_| None), roll).await
}

/// What a board shows of how many came, as soon as it does, and after how long.
async fn arrived(house: &House, round: &str, cookie: &str, awaited: usize) -> Duration {
    let request = Request::get(format!("{round}/live"))
        .header("host", house.host)
        .header("cookie", format!("__Host-session={cookie}"))
        .body(Body::empty())
        .unwrap();
    let response = house.send(request).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut stream = response.into_body().into_data_stream();
    let (began, mut read) = (Instant::now(), String::new());
    while read.matches("\"type\":\"Arrived\"").count() < awaited {
        let chunk = timeout(Duration::from_secs(20), stream.next()).await.expect("it came too late");
        read += std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap();
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_board_on_one_process_shows_what_a_phone_told_the_other() {
    let site = shared(ROLL).await;
    let there = beside(&site);
    let (mut phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let board = tokio::spawn(async move {
        let after = arrived(&there.house, &there.round, &there.secretary, 2).await;
        (after, there)
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let all = check_in(&phone, 0);
    done(&mut phone, &all);
    let sent = Instant::now();
    site.sync(&mut phone).await;
    let (_, there) = board.await.unwrap();
    assert!(sent.elapsed() < Duration::from_secs(3), "{:?}", sent.elapsed());
    // And the other way round: a phone that joined here sends there.
    let all = check_in(&phone, 1);
    done(&mut phone, &all);
    there.sync(&mut phone).await;
    let told = site.ask(Method::GET, &site.round, None).await;
    assert_eq!(told.json()["people"][0], json!(3), "{}", told.text());
}

/// What of a round's evening leads to doors.
async fn reach(site: &Site) -> Value {
    let evening = site.ask(Method::GET, &format!("{}/evening?lang=en", site.round), None).await;
    assert_eq!(evening.status, StatusCode::OK, "{}", evening.text());
    evening.json()["reach"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_is_sent_by_one_of_several_processes() {
    const NOTICES: u64 = 6;
    let (address, heard) = receiver(&["200 OK"]);
    let site = shared(ROLL).await.with_channels(&webhook("chat", address));
    let there = beside(&site).with_channels(&webhook("chat", address));
    site.noticed(json!({ "channels": ["chat"] })).await;
    for number in 2..=NOTICES {
        // News that take no earlier one's place.
        let desk = if number % 2 == 0 { &there } else { &site };
        desk.noticed(json!({ "kind": "all-clear", "for": "2", "channels": ["chat"] })).await;
    }
    for number in 1..=NOTICES {
        there.becomes(number, "chat", "sent").await;
    }
    // Nobody takes it once more.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let mut numbers: Vec<u64> =
        heard.lock().unwrap().iter().map(|(_, body)| body["number"].as_u64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=NOTICES).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_one_process_destroys_lead_from_no_other_to_doors() {
    let site = shared(ROLL).await;
    let there = beside(&site);
    assert!(reach(&there).await.is_object() && there.house.runs.in_memory_now() == 1);
    let purge = json!({ "why": "the round is over", "community": "Willow Court" });
    let path = format!("{}/purge", site.rounds.trim_end_matches("/rounds"));
    let purged = site.ask(Method::POST, &path, Some(purge)).await;
    assert_eq!(purged.json()["found"], 0, "{}", purged.text());
    assert_eq!(reach(&site).await, Value::Null);
    assert_eq!(reach(&there).await, Value::Null, "what it had in memory, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_looks_over_many_rounds_takes_no_round_out_of_memory() {
    let site = shared(ROLL).await;
    let place = {
        let authority = account(&site.house, Role::Authority, Place::All);
        let new = json!({ "name": "Riverside", "kind": "city" });
        let made = site.house.ask_as(Some(&authority), Method::POST, "/api/v1/places", Some(new)).await;
        let put = format!("{}/place", site.rounds.trim_end_matches("/rounds"));
        let body = json!({ "place": made.string("id") });
        site.house.ask_as(Some(&authority), Method::PUT, &put, Some(body)).await;
        made.string("id")
    };
    let there = beside(&site);
    let committee = account(&site.house, Role::Committee, Place::parse_in_path(&place).unwrap());
    for look in ["figures", "overview", "crews"] {
        let path = format!("/api/v1/places/{place}/{look}?lang=en");
        let seen = there.house.ask_as(Some(&committee), Method::GET, &path, None).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
    }
    let page = async || there.house.get(&format!("/status/{place}?lang=en")).await.text();
    let before = page().await;
    assert_eq!(there.house.runs.in_memory_now(), 0);
    // It is not folded anew for everybody who asks: the page says of when it is.
    let (mut phone, _) = site.phone("sampler", Some("sampling"), 1).await;
    let commands = check_in(&phone, 0);
    done(&mut phone, &commands);
    site.sync(&mut phone).await;
    assert_eq!(page().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_waits_at_one_process_hears_at_once_what_another_was_told() {
    let site = shared(ROLL).await;
    let there = beside(&site);
    let (_, cookie) = site.phone("registrar", Some("registration"), 1).await;
    let after = there.told(&cookie, 0).await.json()["position"].as_u64().unwrap();
    let path = format!("{}/told?after={after}&wait=25", there.round);
    let runs = there.house.runs.clone();
    let waiting = tokio::spawn(async move {
        let told = there.house.ask_as(Some(&cookie), Method::GET, &path, None).await;
        (told.text(), Instant::now(), there)
    });
    until("it waits", async || runs.waiting_now() == 1).await;
    let began = Instant::now();
    let open = json!({ "commands": [{ "type": "OpenRound" }] });
    site.ask(Method::POST, &format!("{}/commands", site.round), Some(open)).await;
    let (told, came, _there) = waiting.await.unwrap();
    assert!(told.contains("RoundOpened"), "{told}");
    // What may wait comes after eight.
    assert!(came - began < Duration::from_secs(6), "{:?}", came - began);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_desks_that_write_at_once_are_one_log_and_keep_nothing_aside() {
    let doors: String = (101..141).map(|door| format!("1,{door},Example {door},\n")).collect();
    let site = shared(&format!("building,door,name,phone\n{doors}")).await;
    let (phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let (_, cookie) = site.phone("order", None, 2).await;
    let there = beside(&site);
    let homes: Vec<Value> = phone.bundle().doors.iter().map(|door| json!(door.household)).collect();
    assert_eq!(homes.len(), 40);
    let call = |site: Site, homes: Vec<Value>| async move {
        for home in homes {
            let command = json!({ "type": "CallHousehold", "household": home, "wave": 1 });
            let path = format!("{}/commands", site.round);
            let done = site.ask(Method::POST, &path, Some(json!({ "commands": [command] }))).await;
            assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        }
        site
    };
    let (even, odd): (Vec<_>, Vec<_>) = homes.into_iter().enumerate().partition(|(at, _)| at % 2 == 0);
    let homes = |of: Vec<(usize, Value)>| of.into_iter().map(|(_, home)| home).collect::<Vec<Value>>();
    let (one, two) =
        tokio::join!(tokio::spawn(call(site, homes(even))), tokio::spawn(call(there, homes(odd))));
    for site in &[one.unwrap(), two.unwrap()] {
        let told = site.told(&cookie, 0).await.text();
        assert_eq!(told.matches("HouseholdCalled").count(), 40, "{told}");
        let path = site.rounds.replace("/rounds", "/quarantine");
        assert_eq!(site.ask(Method::GET, &path, None).await.json(), json!([]));
    }
}

#[tokio::test]
async fn whoever_is_signed_out_of_one_process_is_signed_out_of_all() {
    let site = shared(ROLL).await;
    let there = beside(&site);
    assert_eq!(there.ask(Method::GET, &site.rounds, None).await.status, StatusCode::OK);
    site.ask(Method::POST, "/api/v1/logout", Some(json!({}))).await;
    assert_eq!(there.ask(Method::GET, &site.rounds, None).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_number_of_a_tube_is_printed_by_two_processes() {
    let site = shared(ROLL).await;
    let there = beside(&site);
    let print = |site: Site| async move {
        for _ in 0..5 {
            let asked = json!({ "sheet": "plain", "count": 3 });
            let path = format!("{}/paper/tubes", site.round);
            let printed = site.ask(Method::POST, &path, Some(asked)).await;
            assert_eq!(printed.status, StatusCode::OK, "{}", printed.text());
        }
        site
    };
    let (one, two) = tokio::join!(tokio::spawn(print(site)), tokio::spawn(print(there)));
    let (site, _there) = (one.unwrap(), two.unwrap());
    let paper = site.ask(Method::GET, &format!("{}/paper", site.round), None).await;
    assert_eq!(paper.json()["next_tube"], json!(31), "{}", paper.text());
}
