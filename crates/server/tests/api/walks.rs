//! Doors to walk to: lists of a wave, of whom to knock at again, of homes to visit, and of interpreters.

use crate::{
    evening::lived,
    rounds::{Site, account, done},
};
use axum::http::{Method, StatusCode};
use domain::Command;
use server::access::role::{Place, Role};

/// The doors of the evening's small day, some of whom speak something else.
const ROLL: &str = "building,entrance,door,name,mark\n\
    10,,101,王小明,\n10,,101,李四,frail\n2,,201,Ann,外籍\n2,,1201,Bob,\n2,,1201,Eve,\n\
    2,,301,赵六,\n2,,302,钱七,\n=1+1,,101,孙八,\n3,,101,周九,foreign-language: Korean\n3,,102,吴十,\n";

async fn list(site: &Site, asked: &str) -> String {
    let answer = site.ask(Method::GET, &format!("{}/walks?{asked}", site.round), None).await;
    assert_eq!(answer.status, StatusCode::OK, "{asked}: {}", answer.text());
    answer.text()
}

/// Building and door of each row.
fn doors(csv: &str) -> Vec<String> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{}-{}", cells[4], cells[7])
    };
    csv.lines().skip(1).map(row).collect()
}

#[tokio::test]
async fn lists_of_doors_are_given_in_the_order_of_walking_and_to_the_secretary_alone() {
    let site = Site::of(ROLL).await;
    lived(&site).await;
    let (mut caller, _) = site.phone("caller", None, 4).await;
    let place = caller.bundle().doors.iter().position(|door| door.label() == "3-101").unwrap();
    let household = caller.bundle().doors[place].household;
    assert_eq!(caller.bundle().doors[place].languages(), ["ko"]);
    let booking = Command::BookElsewhere { household, visit: None, reference: "ab-4711".to_owned() };
    done(&mut caller, &[booking]);
    site.sync(&mut caller).await;

    let wave = list(&site, "doors=wave&form=csv&walkers=1&lang=en").await;
    let mut all = doors(&wave);
    all.sort_unstable();
    assert_eq!(all, ["'=1+1-101", "10-101", "2-1201", "2-201", "2-301", "2-302", "3-101", "3-102"], "{wave}");
    // Whoever cannot come is visited; nobody is knocked at again within ten minutes.
    let visits = list(&site, "doors=visit&form=csv&from=11:00&lang=zh").await;
    let row = visits.lines().nth(1).unwrap();
    assert!(row.starts_with(",11:00,") && row.contains("3,,1,101,1,") && row.contains("韩语"), "{visits}");
    assert!(row.contains("已代约：AB-4711") && visits.lines().count() == 2, "{visits}");
    let again = site.ask(Method::GET, &format!("{}/walks?doors=again&form=csv", site.round), None).await;
    assert_eq!(again.problem(), (409, "no_walk".to_owned()));
    // Nobody has signed up: what to do stands there.
    let spoken = list(&site, "doors=interpret&form=csv&lang=en").await;
    assert!(spoken.contains("3,,101,Korean,\"Nobody speaks Korean"), "{spoken}");
    assert!(spoken.contains("2,,201,another language,\"Ask which language"), "{spoken}");
    for kind in ["wave", "visit", "interpret"] {
        let path = format!("{}/walks?doors={kind}&form=pdf&lang=en", site.round);
        let pdf = site.ask(Method::GET, &path, None).await;
        assert_eq!((pdf.status, &pdf.body[..5]), (StatusCode::OK, &b"%PDF-"[..]), "{kind}");
    }

    let evening = site.ask(Method::GET, &format!("{}/evening?lang=en", site.round), None).await.json();
    assert_eq!(evening["knocks"], serde_json::json!([1, 0, 0]), "{evening:#}");
    assert_eq!(evening["booked"], serde_json::json!([1, 1]));
    assert_eq!((&evening["to_do"][0], &evening["to_do"][1]), (&0.into(), &1.into()));
    assert_eq!(evening["foreign"], 2);
    for (asked, status, code) in [
        ("doors=wave&form=csv&walkers=0", 422, "walkers"),
        ("doors=wave&form=csv&from=25:00", 422, "walk_time"),
        ("doors=wave&form=csv&wave=99", 409, "no_walk"),
    ] {
        let refused = site.ask(Method::GET, &format!("{}/walks?{asked}", site.round), None).await;
        assert_eq!(refused.problem(), (status, code.to_owned()), "{asked}");
    }
    let accesses = site.rounds.replace("rounds", "accesses");
    let accesses = site.ask(Method::GET, &accesses, None).await.text();
    assert_eq!(accesses.matches("a list of doors to walk to").count(), 8, "{accesses}");
    let authority = account(&site.house, Role::Authority, Place::All);
    let path = format!("{}/walks?doors=wave&form=csv", site.round);
    let refused = site.house.ask_as(Some(&authority), Method::GET, &path, None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
