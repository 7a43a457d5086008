//! Notices of a round: issued at the desk, printed for each entrance, opened by whoever scans their code, counted and forgotten.

use crate::{
    Answer, aside,
    rounds::{Site, at, done},
};
use axum::http::{Method, StatusCode};
use domain::Command;
use lopdf::Document;
use notice::EntranceReceipts;
use serde_json::{Value, json};
use server::{
    people::id::{CommunityId, RoundId},
    run::notices,
};

impl Site {
    async fn issue(&self, new: Value) -> Answer {
        self.ask(Method::POST, &format!("{}/notices", self.round), Some(new)).await
    }

    async fn issued(&self, new: Value) -> Value {
        let issued = self.issue(new).await;
        assert_eq!(issued.status, StatusCode::CREATED, "{}", issued.text());
        issued.json()
    }

    /// Entrance, households, printed, seen, told, still to tell, of the newest notice.
    async fn receipts(&self) -> Vec<(String, [u64; 5])> {
        let all = self.ask(Method::GET, &format!("{}/notices", self.round), None).await.json();
        let of = |at: &Value| {
            let counts = ["households", "printed", "seen", "told", "still"];
            (at["label"].as_str().unwrap().to_owned(), counts.map(|key| at[key].as_u64().unwrap()))
        };
        all[0]["entrances"].as_array().unwrap().iter().map(of).collect()
    }

    fn ids(&self) -> (CommunityId, RoundId) {
        let parts: Vec<&str> = self.round.split('/').collect();
        (CommunityId::parse(parts[4]).unwrap(), RoundId::parse(parts[6]).unwrap())
    }

    /// Where the code at an entrance leads.
    fn path_of(&self, building: &str) -> String {
        let (community, round) = self.ids();
        let secret = aside(|| self.house.runs.book.round(community, round)).unwrap().secret;
        let of = EntranceReceipts { building: building.to_owned(), ..EntranceReceipts::default() };
        notices::path(&secret, (community, round), &of)
    }

    async fn open(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.house.ask(Method::GET, path, headers, None).await
    }
}

fn counted(of: &str, counts: [u64; 5]) -> (String, [u64; 5]) {
    (of.to_owned(), counts)
}

#[tokio::test]
async fn a_notice_hangs_at_each_entrance_and_is_counted_once_a_browser() {
    let site = Site::new().await;
    let first = site.issued(json!({})).await;
    assert_eq!(
        (&first["number"], &first["kind"], &first["replaces"]),
        (&json!(1), &json!("round"), &json!(null))
    );
    let text = first["text"].as_str().unwrap();
    assert!(text.contains("Willow Court") && text.contains("doors 101–102"), "{text}");
    assert_eq!(site.receipts().await, [counted("1", [2, 0, 0, 0, 2]), counted("2", [1, 0, 0, 0, 1])]);
    let link = first["entrances"][0]["link"].as_str().unwrap();
    assert_eq!(link, format!("https://garden.example{}", site.path_of("1")));
    // On paper, each entrance with its own.
    let paper = format!("{}/notices/1/paper", site.round);
    let printed = site.ask(Method::POST, &paper, Some(json!({ "language": "en" }))).await;
    assert_eq!(
        (printed.status, printed.header("content-type")),
        (StatusCode::OK, "application/pdf"),
        "{}",
        printed.text()
    );
    let pages = Document::load_mem(&printed.body).unwrap().get_pages().len();
    assert!(pages >= 2, "{pages}");
    let one = site.ask(Method::POST, &paper, Some(json!({ "language": "en", "building": "2" }))).await;
    assert!(Document::load_mem(&one.body).unwrap().get_pages().len() < pages);
    let nowhere = site.ask(Method::POST, &paper, Some(json!({ "building": "9" }))).await;
    assert_eq!(nowhere.problem(), (404, "notice_unknown".to_owned()));
    // Whoever scans the code reads their own, and is counted once.
    let path = site.path_of("1");
    let page = site.open(&path, &[]).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    let html = page.text();
    assert!(html.contains("Willow Court") && html.contains("101") && !html.contains("301"), "{html}");
    for hidden in ["王小明", "李四", "<script", "notice.part", "<b>Ann"] {
        assert!(!html.contains(hidden), "{hidden}: {html}");
    }
    let set = page.header("set-cookie").to_owned();
    for part in ["notice=1; ", &format!("Path={path}; "), "HttpOnly", "SameSite=Lax", "; Secure"] {
        assert!(set.contains(part), "{set}");
    }
    let zh = site.open(&format!("{path}?lang=zh"), &[("cookie", "notice=1")]).await;
    assert!(zh.text().contains("每个浏览器只计一次"), "{}", zh.text());
    // What a chat fetches beforehand, or looks whether it is there, was read by nobody.
    site.open(&path, &[("sec-purpose", "prefetch;prerender")]).await;
    assert_eq!(
        site.ask(Method::GET, &path, None).await.header("set-cookie"),
        "",
        "the secretary looks for others"
    );
    assert_eq!(site.house.ask(Method::HEAD, &path, &[], None).await.status, StatusCode::OK);
    site.open(&path, &[]).await;
    site.open(&site.path_of("2"), &[("cookie", "notice=x")]).await;
    assert_eq!(site.receipts().await, [counted("1", [2, 1, 2, 0, 0]), counted("2", [1, 2, 1, 0, 0])]);
    // At the doors.
    let told = format!("{}/notices/1/told", site.round);
    for _ in 0..2 {
        let said = site.ask(Method::PUT, &told, Some(json!({ "building": "1", "told": 2 }))).await;
        assert_eq!(said.json()["entrances"][0]["told"], 2, "{}", said.text());
    }
    let over = site.ask(Method::PUT, &told, Some(json!({ "building": "1", "told": 3 }))).await;
    assert_eq!(over.problem(), (422, "notice_told_over".to_owned()));
    let nowhere =
        site.ask(Method::PUT, &told, Some(json!({ "building": "1", "entrance": "7", "told": 1 }))).await;
    assert_eq!(nowhere.problem(), (404, "notice_unknown".to_owned()));
}

#[tokio::test]
async fn phones_report_who_was_told_at_the_door_and_each_notice_counts_its_own() {
    let site = Site::new().await;
    site.issued(json!({})).await;
    let (mut caller, _) = site.phone("caller", None, 1).await;
    let tell = |phone: &mut phone::Phone, label: &str| {
        let place = phone.bundle().doors.iter().position(|door| door.label() == label).unwrap();
        done(phone, &[Command::TellNotice { household: phone.bundle().doors[place].household }]);
    };
    // Without a network, and twice: a household is one.
    for label in ["1-101", "1-102", "1-101"] {
        tell(&mut caller, label);
    }
    assert_eq!(site.receipts().await[0], counted("1", [2, 0, 0, 0, 2]), "nothing came in yet");
    site.sync(&mut caller).await;
    assert_eq!(site.receipts().await, [counted("1", [2, 0, 0, 2, 0]), counted("2", [1, 0, 0, 0, 1])]);
    // The desk heard of one of them as well.
    let told = format!("{}/notices/1/told", site.round);
    let said = site.ask(Method::PUT, &told, Some(json!({ "building": "1", "told": 1 }))).await;
    assert_eq!(said.json()["entrances"][0]["told"], 2, "{}", said.text());
    // Somebody who only registers does not tell for callers.
    let (mut registrar, _) = site.phone("registrar", Some("registration"), 2).await;
    let household = registrar.bundle().doors[2].household;
    assert!(registrar.decide(at(), &[Command::TellNotice { household }]).is_err());
    let looked = site.ask(Method::GET, &site.rounds.replace("/rounds", "/accesses"), None).await.text();
    assert!(looked.contains("who was told of a notice is counted"), "{looked}");
}

#[tokio::test]
async fn a_notice_of_a_round_is_given_as_each_file_and_counts_no_sheet() {
    let site = Site::new().await;
    site.issued(json!({})).await;
    let file = async |number: u32, form: &str| {
        site.ask(Method::GET, &format!("{}/notices/{number}/{form}?lang=en", site.round), None).await
    };
    for (form, kind, begins) in [
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK"),
        ("xml", "application/cap+xml; charset=utf-8", "<?xml"),
        ("script", "text/plain; charset=utf-8", ""),
        ("txt", "text/plain; charset=utf-8", ""),
        ("png", "image/png", "\u{fffd}PNG"),
        ("pdf", "application/pdf", "%PDF"),
    ] {
        let answer = file(1, form).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, kind), "{form}");
        assert!(
            answer.header("content-disposition").starts_with("attachment; filename=\"notice-1."),
            "{form}"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(text.starts_with(begins) && text.len() > 100, "{form}: {}", text.len());
        if ["xml", "txt"].contains(&form) {
            assert!(text.contains("Willow Court"), "{form}: {text}");
        }
    }
    assert_eq!(site.receipts().await, [counted("1", [2, 0, 0, 0, 2]), counted("2", [1, 0, 0, 0, 1])]);
    for (number, form) in [(2, "docx"), (1, "exe")] {
        assert_eq!(file(number, form).await.problem(), (404, "notice_unknown".to_owned()), "{form}");
    }
}

#[tokio::test]
async fn the_code_at_the_door_leads_to_the_newest_notice_and_dies_with_the_names() {
    let site = Site::new().await;
    site.issued(json!({})).await;
    let path = site.path_of("1");
    let unchanged = site.issue(json!({})).await;
    assert_eq!(unchanged.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unchanged.text());
    assert_eq!(unchanged.json()["notes"][0]["code"], "notice_changes_nothing");
    let second = site.issued(json!({ "changed": ["Bring an umbrella.", " "] })).await;
    assert_eq!(
        (&second["number"], &second["kind"], &second["replaces"]),
        (&json!(2), &json!("change"), &json!(1))
    );
    let page = site.open(&path, &[("cookie", "notice=1")]).await;
    let html = page.text();
    assert!(html.contains("This replaces notice 1") && html.contains("Bring an umbrella."), "{html}");
    assert!(page.header("set-cookie").starts_with("notice=2; "));
    assert_eq!(site.receipts().await[0], counted("1", [2, 0, 1, 0, 1]), "of the newest, not of the first");
    // Paper that no longer holds is not hung up.
    let old = site.ask(Method::POST, &format!("{}/notices/1/paper", site.round), Some(json!({}))).await;
    assert_eq!(old.problem(), (409, "notice_replaced".to_owned()));
    // News of one building leaves the other's as it was.
    let third = site.issued(json!({ "kind": "all-clear", "for": "2" })).await;
    assert_eq!((&third["number"], &third["for"], &third["replaces"]), (&json!(3), &json!("2"), &json!(null)));
    assert!(site.open(&path, &[]).await.text().contains("Bring an umbrella."));
    assert!(site.open(&site.path_of("2"), &[]).await.text().contains("All clear"));
    for (new, code) in [(json!({ "for": "1-101", "kind": "call-back" }), "notice_private")] {
        assert_eq!(site.issue(new).await.problem(), (422, code.to_owned()));
    }
    let nowhere = site.issue(json!({ "for": "12" })).await.json();
    assert_eq!(nowhere["notes"][0]["code"], "notice_nowhere");
    // A code that is none, and then too many of them.
    let wrong = format!("{}0000000000000000", &path[..path.len() - 16]);
    assert_eq!(site.open(&wrong, &[]).await.problem(), (404, "notice_unknown".to_owned()));
    for _ in 0..200 {
        site.open(&wrong, &[]).await;
    }
    assert_eq!(site.open(&wrong, &[]).await.problem(), (429, "too_many".to_owned()));
    assert_eq!(site.open(&path, &[]).await.status, StatusCode::OK, "whoever has a good code reads on");
    let (community, _) = site.ids();
    aside(|| site.house.runs.forget_community(community, server::people::now())).unwrap();
    assert_ne!(site.open(&path, &[]).await.status, StatusCode::OK);
    assert_eq!(site.issue(json!({})).await.problem(), (409, "round_forgotten".to_owned()));
    let left = site.ask(Method::GET, &format!("{}/notices", site.round), None).await;
    assert_eq!(left.json(), json!([]));
}

#[tokio::test]
async fn a_round_without_doors_has_no_entrance_to_hang_a_notice_at() {
    let site = Site::new().await;
    let made = site.ask(Method::POST, "/api/v1/scenarios", Some(json!({ "example": "walk-in-point" }))).await;
    let today = crate::rounds::today();
    let new =
        json!({ "scenario": made.string("id"), "retain_until": crate::rounds::in_a_month(), "date": today });
    let round = site.ask(Method::POST, &site.rounds, Some(new)).await;
    assert_eq!(round.status, StatusCode::CREATED, "{}", round.text());
    let site = site.at_round(&round.string("id"));
    assert_eq!(site.issue(json!({})).await.problem(), (409, "notice_no_doors".to_owned()));
}
