//! Volunteers from the code on the wall to the hours on the sheet of thanks: their words are theirs and the secretary's, and nobody else's.

use crate::{
    Answer, House, aside, packed,
    rounds::{account, in_a_month, morning, today, tomorrow},
};
use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use server::{
    access::role::{Place, Role},
    card_code,
    people::id::CommunityId,
};
use std::sync::Arc;

const SHEET: &str = "name,phone,skills,available,experience,organisations\n\
    Ann,1380013800,registration,,3 times,committee; employer\n\
    Bob,1380013801,registration,,yes,\n\
    Cem,1380013802,registration,,yes,\n\
    Dai,1380013803,,,yes,\n\
    Eva,1380013804,registration,if needed,yes,\n";
const SHIFTS: &str = "role,from,until,people\n\
    registration,08:00,10:00,2\n\
    registration,10:00,12:00,1\n\
    order,08:00,10:00,1\n\
    interpreting,08:00,10:00,1\n";

pub(crate) struct Court {
    pub(crate) house: Arc<House>,
    pub(crate) community: CommunityId,
    secretary: String,
    pub(crate) scenario: String,
}

impl Court {
    async fn new() -> Court {
        Court::with(SHIFTS).await
    }

    pub(crate) async fn with(shifts: &str) -> Court {
        Court::at(Arc::new(House::open()), "Willow Court", shifts).await
    }

    /// Another community of the same server.
    pub(crate) async fn other(&self, name: &str, shifts: &str) -> Court {
        Court::at(self.house.clone(), name, shifts).await
    }

    async fn at(house: Arc<House>, name: &str, shifts: &str) -> Court {
        let community = house.community(name);
        let secretary = account(&house, Role::Secretary, Place::Community(community));
        let toml = include_str!("court.toml")
            .replace("2026-03-28", &today())
            .replace("Asia/Shanghai", morning())
            .replace("07:00", "08:00")
            .replace("09:00", "12:00");
        let files = json!({ "scenario.toml": packed(&toml), "shifts.csv": packed(shifts) });
        let made = house.ask_as(
            Some(&secretary),
            Method::POST,
            "/api/v1/scenarios",
            Some(json!({ "files": files })),
        );
        let scenario = made.await.string("id");
        Court { house, community, secretary, scenario }
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/communities/{}/{rest}", self.community)
    }

    pub(crate) async fn desk(&self, method: Method, rest: &str, body: Option<Value>) -> Answer {
        self.house.ask_as(Some(&self.secretary), method, &self.path(rest), body).await
    }

    /// As whoever holds a telephone.
    async fn anybody(&self, rest: &str, body: Value) -> Answer {
        self.house.ask(Method::POST, &self.path(rest), &[], Some(body)).await
    }

    async fn open(&self) -> String {
        let code =
            self.desk(Method::POST, "volunteers/code", Some(json!({ "kept_until": in_a_month() }))).await;
        assert_eq!(code.status, StatusCode::OK, "{}", code.text());
        assert!(code.string("svg").contains("<svg"));
        code.string("link").rsplit('/').next().unwrap().to_owned()
    }

    pub(crate) async fn sheet(&self, content: &str) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.path(&format!("volunteers/sheet?kept_until={}", in_a_month())))
            .header("host", self.house.host)
            .header("cookie", format!("__Host-session={}", self.secretary))
            .header("content-type", "application/octet-stream")
            .body(Body::from(content.to_owned()));
        let response = self.house.send(request.unwrap()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, body: to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec() }
    }

    async fn list(&self) -> Vec<Value> {
        self.desk(Method::GET, "volunteers", None).await.json()["volunteers"].as_array().unwrap().clone()
    }

    pub(crate) async fn id_of(&self, name: &str) -> String {
        let all = self.list().await;
        all.iter().find(|one| one["cells"]["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Whose page a volunteer's link opens.
    async fn own(&self, name: &str) -> Value {
        let all = self.list().await;
        let link =
            all.iter().find(|one| one["cells"]["name"] == name).unwrap()["link"].as_str().unwrap().to_owned();
        let mut parts = link.rsplit('/');
        let (token, volunteer) = (parts.next().unwrap(), parts.next().unwrap());
        json!({ "volunteer": volunteer, "token": token })
    }

    async fn page(&self, name: &str) -> Value {
        let answer = self.anybody("volunteers/own", self.own(name).await).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    async fn act(&self, name: &str, act: Value) -> Answer {
        let mut own = self.own(name).await;
        own["act"] = act;
        self.anybody("volunteers/own/act", own).await
    }

    pub(crate) async fn made(&self) -> Value {
        let path = format!("rosters/{}", self.scenario);
        let made = self.desk(Method::POST, &path, Some(json!({ "seconds": 20.0 }))).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text());
        made.json()["roster"].clone()
    }

    pub(crate) async fn change(&self, made: u64, change: Value) -> Answer {
        let body = json!({ "made": made, "change": change });
        self.desk(Method::PUT, &format!("rosters/{}", self.scenario), Some(body)).await
    }
}

/// The names at a shift.
pub(crate) fn names(roster: &Value, shift: usize) -> Vec<String> {
    let on = roster["shifts"][shift]["on"].as_array().unwrap();
    on.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn shift_of(roster: &Value, role: &str, from: &str) -> usize {
    let is = |shift: &Value| shift["role"] == role && shift["from"].as_str().unwrap().ends_with(from);
    roster["shifts"].as_array().unwrap().iter().position(is).unwrap()
}

#[tokio::test]
async fn whoever_scans_the_code_offers_to_help_and_the_secretary_sees_it() {
    let court = Court::new().await;
    let code = court.open().await;
    let seen = court.anybody("volunteers/scanned", json!({ "code": code })).await;
    assert_eq!(
        (seen.string("community"), seen.string("kept_until")),
        ("Willow Court".to_owned(), in_a_month())
    );
    let cells = json!({ "name": "<b>金丝雀</b>", "phone": "138 0013 8000", "available": "周一三上午", "skills": "登记、修电脑" });
    let asked = json!({ "code": code, "cells": cells, "today": "2026-11-26" });
    let read = court.anybody("volunteers/read?lang=zh", asked).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.text());
    let free: Vec<String> = read.json()["days"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|day| day["hours"] != json!([]))
        .map(|day| format!("{} {}", day["date"].as_str().unwrap(), day["hours"]))
        .collect();
    assert_eq!(free, ["2026-11-30 [[\"06:00\",\"12:00\"]]", "2026-12-02 [[\"06:00\",\"12:00\"]]"]);
    assert_eq!(read.json()["roles"][0]["role"], "registration");
    assert_eq!(read.json()["unknown"][0]["word"], "修电脑");

    let joined = court.anybody("volunteers/join", json!({ "code": code, "cells": cells })).await;
    assert_eq!(joined.status, StatusCode::CREATED, "{}", joined.text());
    let link = joined.string("link");
    assert!(link.starts_with("https://garden.example/volunteer#"), "{link}");
    let listed = court.desk(Method::GET, "volunteers", None).await;
    assert_eq!(listed.header("cache-control"), "no-store");
    let listed = listed.json();
    assert_eq!(listed["volunteers"][0]["cells"], cells);
    assert_eq!(listed["volunteers"][0]["link"], link);
    assert!(listed["sign_up"]["link"].as_str().unwrap().ends_with(&code));
    let page = court.page("<b>金丝雀</b>").await;
    assert_eq!((&page["next"], &page["cells"]), (&json!("nothing"), &cells));
    // Who looked is written down without a name, and no resident is shown it.
    let log = court.desk(Method::GET, "accesses", None).await;
    assert!(log.text().contains("\"volunteers\"") && !log.text().contains("金丝雀"), "{}", log.text());
    let poster = court.desk(Method::GET, "volunteers/poster", None).await;
    assert_eq!((poster.status, poster.header("content-type")), (StatusCode::OK, "application/pdf"));
    for file in ["people.sqlite", "people.sqlite-wal", "rounds.sqlite", "rounds.sqlite-wal"] {
        let bytes = std::fs::read(court.house.data.path().join(file)).unwrap_or_default();
        let text = "金丝雀".as_bytes();
        assert!(!bytes.windows(text.len()).any(|part| part == text), "{file}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_up_is_said_in_words() {
    let court = Court::new().await;
    let code = court.open().await;
    let join = async |code: &str, cells: Value| {
        court.anybody("volunteers/join", json!({ "code": code, "cells": cells })).await.problem()
    };
    let ann = json!({ "name": "Ann", "phone": "13800138000" });
    for (code, cells, expected) in [
        ("", ann.clone(), (404, "no_sign_up")),
        (&*"0".repeat(32), ann.clone(), (404, "no_sign_up")),
        (&*code, json!({ "phone": "13800138000" }), (422, "volunteer_name")),
        (&*code, json!({ "name": "Ann", "phone": "later" }), (422, "volunteer_phone")),
        (
            &*code,
            json!({ "name": "Ann", "phone": "13800138000", "skills": "x".repeat(500) }),
            (422, "volunteer_words"),
        ),
        (
            &*code,
            json!({ "name": "Ann", "phone": "13800138000", "role": "secretary" }),
            (422, "volunteer_words"),
        ),
    ] {
        assert_eq!(join(code, cells.clone()).await, (expected.0, expected.1.to_owned()), "{cells}");
    }
    let chinese =
        court.anybody("volunteers/join?lang=zh", json!({ "code": code, "cells": { "name": "示例" } })).await;
    assert!(chinese.text().contains("电话"), "{}", chinese.text());
    let day = court.desk(Method::POST, "volunteers/code", Some(json!({ "kept_until": "2020-01-01" }))).await;
    assert_eq!(day.problem(), (422, "retention".to_owned()));
    let sheet = court.sheet("a,b\n1,2\n").await;
    assert_eq!(sheet.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sheet.json()["notes"][0]["code"], "table_heading_missing");
    court.desk(Method::DELETE, "volunteers/code", None).await;
    assert_eq!(join(&code, ann).await, (404, "no_sign_up".to_owned()), "it was ended");
    assert_eq!(
        court.desk(Method::GET, "volunteers/poster", None).await.problem(),
        (404, "no_sign_up".to_owned())
    );
}

#[tokio::test]
async fn a_flood_from_one_address_is_stopped() {
    let court = Court::new().await;
    let code = court.open().await;
    let mut taken = 0;
    let stopped = loop {
        let cells = json!({ "name": format!("Nobody {taken}"), "phone": "13800138000" });
        let answer = court.anybody("volunteers/join", json!({ "code": code, "cells": cells })).await;
        if answer.status != StatusCode::CREATED {
            break answer;
        }
        taken += 1;
    };
    assert_eq!((taken, stopped.problem()), (60, (429, "too_many".to_owned())));
    assert!(!stopped.header("retry-after").is_empty());
}

#[tokio::test]
async fn a_roster_is_made_of_a_sheet_told_with_its_gap_pinned_and_mended() {
    let court = Court::new().await;
    let nobody = court
        .desk(Method::POST, &format!("rosters/{}", court.scenario), Some(json!({ "seconds": 5.0 })))
        .await;
    assert_eq!(nobody.problem(), (409, "volunteers_none".to_owned()));
    let none = court.desk(Method::GET, &format!("rosters/{}", court.scenario), None).await.json();
    assert_eq!((&none["roster"], &none["making"]), (&Value::Null, &Value::Null));
    let taken = court.sheet(SHEET).await;
    assert_eq!(taken.json()["added"], 5, "{}", taken.text());
    assert_eq!(court.sheet(SHEET).await.json()["same"], 5);

    let roster = court.made().await;
    let [first, second, order, interpreting] =
        [("registration", "08:00"), ("registration", "10:00"), ("order", "08:00"), ("interpreting", "08:00")]
            .map(|(role, from)| shift_of(&roster, role, from));
    assert_eq!(
        (names(&roster, first).len(), names(&roster, second).len(), names(&roster, order).len()),
        (2, 1, 1)
    );
    assert_eq!(roster["broken"], json!([]));
    let gap = &roster["gaps"][0];
    assert_eq!((gap["shift"].as_u64(), gap["could"].as_u64()), (Some(interpreting as u64), Some(0)));
    assert!(gap["changes"].as_array().unwrap().len() > 1, "{gap}");
    assert!(roster["good"][0].as_str().unwrap().contains("4"), "{}", roster["good"]);

    // Whoever is put at a shift stays there, also when it is made anew.
    let free = ["Ann", "Bob", "Cem"]
        .into_iter()
        .find(|name| !names(&roster, first).contains(&(*name).to_owned()))
        .unwrap();
    let id = court.id_of(free).await;
    let gone = court.id_of(&names(&roster, first)[0]).await;
    let taken = court.change(1, json!({ "type": "take", "shift": first, "volunteer": gone })).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text());
    let put = json!({ "type": "put", "shift": first, "volunteer": id, "from": null });
    let changed = court.change(1, put.clone()).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    assert!(names(&changed.json()["roster"], first).contains(&free.to_owned()));
    let again = court.made().await;
    assert_eq!(again["made"], 2);
    let pinned = again["shifts"][first]["on"]
        .as_array()
        .unwrap()
        .iter()
        .find(|on| on["name"] == free)
        .unwrap()
        .clone();
    assert_eq!(pinned["pinned"], true);
    assert_eq!(
        court.change(1, put).await.problem(),
        (409, "roster_changed".to_owned()),
        "what was seen before"
    );

    // Somebody cannot come: the place is filled at once.
    let out = names(&again, first).into_iter().find(|name| name != free).unwrap();
    let out_id = court.id_of(&out).await;
    let mended = court
        .change(2, json!({ "type": "out", "volunteer": out_id, "shift": first, "whole_day": true }))
        .await;
    assert_eq!(mended.status, StatusCode::OK, "{}", mended.text());
    let (said, mended) = (mended.json()["said"].clone(), mended.json()["roster"].clone());
    assert!(!mended["shifts"].to_string().contains(&out), "{mended}");
    assert_eq!((names(&mended, first).len(), mended["broken"].clone()), (2, json!([])), "{said}");
    assert!(said[0].as_str().unwrap().contains("newly empty: 0"), "{said}");
    let after = court.made().await;
    assert!(!after["shifts"].to_string().contains(&out), "who cannot come stays away when it is made anew");

    let thanks = court.desk(Method::GET, &format!("rosters/{}/thanks", court.scenario), None).await;
    assert_eq!((thanks.status, thanks.header("content-type")), (StatusCode::OK, "application/pdf"));
    let erased = court.desk(Method::DELETE, &format!("volunteers/{id}"), None).await;
    assert_eq!(erased.json()["found"], 0, "{}", erased.text());
    let left = court.desk(Method::GET, &format!("rosters/{}", court.scenario), None).await.json();
    assert!(!left.to_string().contains(free), "a roster knows ids alone");
}

#[tokio::test]
async fn whoever_waits_for_a_roster_reads_no_name_and_is_not_written_down() {
    let court = Court::new().await;
    court.sheet(SHEET).await;
    court.made().await;
    let lines = async || court.desk(Method::GET, "accesses", None).await.text().matches("\"roster\"").count();
    let path = format!("rosters/{}", court.scenario);
    let before = lines().await;
    let working = court.house.app.making.begin(court.community, &court.scenario, 5.0).unwrap();
    for _ in 0..3 {
        let waiting = court.desk(Method::GET, &format!("{path}?waits=true"), None).await.json();
        assert_eq!((&waiting["roster"], waiting["making"].is_array()), (&Value::Null, true));
    }
    assert_eq!(lines().await, before, "nobody's name was read");
    assert!(court.desk(Method::GET, &path, None).await.json()["roster"].is_object());
    assert_eq!(lines().await, before + 1, "who looks is written down");
    drop(working);
    assert!(court.desk(Method::GET, &format!("{path}?waits=true"), None).await.json()["roster"].is_object());
    assert_eq!(lines().await, before + 2, "once, when it is made");
}

#[tokio::test]
async fn a_volunteer_reads_the_card_comes_and_leaves_and_the_desk_sees_it() {
    let court = Court::with("role,from,until,people\norder,00:00,12:00,1\norder,12:00,24:00,1\n").await;
    let sheet =
        "name,phone,available,organisations\nAnn,1380013800,,committee; employer\nBob,1380013801,没空,\n";
    court.sheet(sheet).await;
    let roster = court.made().await;
    let ann = court.id_of("Ann").await;
    let mut seen = roster.clone();
    // At every hour of the day, whatever the clock says; that it is too long is told.
    for shift in 0..roster["shifts"].as_array().unwrap().len() {
        let put = json!({ "type": "put", "shift": shift, "volunteer": ann, "from": null });
        seen = court.change(1, put).await.json()["roster"].clone();
    }
    assert!(!seen["broken"].as_array().unwrap().is_empty(), "{seen}");
    let page = court.page("Ann").await;
    let shift =
        page["shifts"].as_array().unwrap().iter().find(|shift| shift["is_now"] == true).unwrap()["shift"]
            .clone();
    assert_eq!(page["next"], "brief");
    let act = |kind: &str| json!({ "type": kind, "roster": court.scenario, "shift": shift });
    assert_eq!(court.act("Ann", act("left")).await.problem(), (409, "own_not_now".to_owned()));
    assert_eq!(court.act("Bob", act("came")).await.problem(), (409, "roster_not_on".to_owned()));
    for (kind, next) in [("brief", "come"), ("came", "work")] {
        assert_eq!(court.act("Ann", act(kind)).await.status, StatusCode::NO_CONTENT, "{kind}");
        assert_eq!(court.page("Ann").await["next"], next);
    }
    let seen = court.desk(Method::GET, &format!("rosters/{}", court.scenario), None).await.json();
    let on = &seen["roster"]["shifts"][shift.as_u64().unwrap() as usize]["on"][0];
    assert!(on["at_site"] == false, "by their word");
    assert!(on["briefed"] == true && on["came"].is_i64() && on["left"].is_null(), "{on}");
    assert_eq!(court.act("Ann", act("left")).await.status, StatusCode::NO_CONTENT);
    // The code that hangs at the site proves it; another proves nothing.
    let by_code = async |code: &str| {
        court
            .act("Ann", json!({ "type": "came", "roster": court.scenario, "shift": shift, "site": code }))
            .await
    };
    assert_eq!(by_code("0").await.problem(), (409, "own_site_code".to_owned()));
    let code = aside(|| court.house.people.site_code(court.community)).unwrap().unwrap();
    assert_eq!(by_code(&code).await.status, StatusCode::NO_CONTENT);
    let again = court.desk(Method::GET, &format!("rosters/{}", court.scenario), None).await.json();
    let again = &again["roster"]["shifts"][shift.as_u64().unwrap() as usize]["on"][0];
    assert!(again["at_site"] == true && again["came"] == on["came"], "{again}");
    // Nobody has scanned the card of their role: they only tapped.
    assert!(again["by_card"] == false, "{again}");
    let (role, day) = {
        let shift = &seen["roster"]["shifts"][shift.as_u64().unwrap() as usize];
        (shift["role"].as_str().unwrap().to_owned(), shift["from"].as_str().unwrap()[..10].to_owned())
    };
    let card = async |code: String| court.act("Ann", json!({ "type": "card", "code": code })).await;
    for (role, day) in [("sampling", &*day), (&*role, "2001-01-01")] {
        assert_eq!(card(card_code(&code, role, day)).await.problem(), (409, "own_card_code".to_owned()));
    }
    assert_eq!(card(card_code(&code, &role, &day)).await.status, StatusCode::NO_CONTENT);
    let read = court.desk(Method::GET, &format!("rosters/{}", court.scenario), None).await.json();
    let read = &read["roster"]["shifts"][shift.as_u64().unwrap() as usize]["on"][0];
    assert!(read["by_card"] == true && read["briefed"] == true, "{read}");
    let cards = format!("rosters/{}/cards?day={day}", court.scenario);
    let printed = court.desk(Method::GET, &cards, None).await;
    assert_eq!(printed.header("content-type"), "application/pdf", "{}", printed.text());
    assert!(!lopdf::Document::load_mem(&printed.body).unwrap().get_pages().is_empty());
    let none =
        court.desk(Method::GET, &format!("rosters/{}/cards?day=2001-01-01", court.scenario), None).await;
    assert_eq!(none.problem(), (409, "roster_no_cards".to_owned()));
    // The desk mends what was forgotten.
    let came = on["came"].as_i64().unwrap();
    let mend =
        |left: i64| json!({ "type": "came", "shift": shift, "volunteer": ann, "came": came, "left": left });
    let made = roster["made"].as_u64().unwrap();
    assert_eq!(court.change(made, mend(came - 1)).await.problem(), (422, "roster_left_first".to_owned()));
    let mended = court.change(made, mend(came + 5400)).await.json();
    let hours = mended["roster"]["hours"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "Ann")
        .unwrap()
        .clone();
    assert_eq!((&hours["served"], &hours["organisations"]), (&json!(1.5), &json!(["committee", "employer"])));
}

#[tokio::test]
async fn what_was_done_without_a_network_is_told_later_with_its_own_time() {
    // For four hours, as long as a shift may be.
    let court = Court::with("role,from,until,people\norder,10:00,14:00,1\n").await;
    court.sheet("name,phone\nAnn,1380013800\n").await;
    court.made().await;
    let ann = court.id_of("Ann").await;
    court.change(1, json!({ "type": "put", "shift": 0, "volunteer": ann, "from": null })).await;
    let page = court.page("Ann").await;
    let shift =
        page["shifts"].as_array().unwrap().iter().find(|shift| shift["is_now"] == true).unwrap()["shift"]
            .clone();
    let now = jiff::Timestamp::now().as_second();
    let act = async |kind: &str, made: i64| {
        let mut own = court.own("Ann").await;
        own["act"] = json!({ "type": kind, "roster": court.scenario, "shift": shift });
        own["made"] = json!(made);
        court.anybody("volunteers/own/act", own).await
    };
    for off in [now + 3600, now - 13 * 3600] {
        assert_eq!(act("came", off).await.problem(), (409, "own_made_off".to_owned()));
    }
    // Two minutes ago, wherever in the day that is: whoever is early by an hour may say so.
    assert_eq!(act("came", now - 120).await.status, StatusCode::NO_CONTENT);
    assert_eq!(act("left", now - 180).await.problem(), (409, "own_not_now".to_owned()), "before they came");
    assert_eq!(act("left", now - 90).await.status, StatusCode::NO_CONTENT);
    assert_eq!(act("came", now - 120).await.status, StatusCode::NO_CONTENT, "sent twice");
    let seen = court.desk(Method::GET, &format!("rosters/{}", court.scenario), None).await.json();
    let on = &seen["roster"]["shifts"][shift.as_u64().unwrap() as usize]["on"][0];
    assert_eq!(
        (&on["came"], &on["left"], &on["told_later"]),
        (&json!(now - 120), &json!(now - 90), &json!(true))
    );
}

#[tokio::test]
async fn a_swap_is_taken_by_whoever_the_rules_let_and_a_calendar_has_it() {
    // In the hours to come, wherever the clock stands.
    let court = Court::with(
        "role,date,from,until,people\nregistration,DAY,08:00,10:00,1\nregistration,DAY,10:00,12:00,1\n"
            .replace("DAY", &tomorrow())
            .as_str(),
    )
    .await;
    let sheet = "name,phone,skills\nAnn,1380013800,registration\nBob,1380013801,registration\nEva,1380013802,registration\nDai,1380013803,\n";
    court.sheet(sheet).await;
    let roster = court.made().await;
    assert_eq!(roster["gaps"], json!([]), "{roster}");
    let [owner, busy] = [0, 1].map(|shift| names(&roster, shift)[0].clone());
    let other = ["Ann", "Bob", "Eva"].into_iter().find(|name| *name != owner && *name != busy).unwrap();
    let offer = json!({ "type": "offer", "roster": court.scenario, "shift": 0, "offered": true });
    assert_eq!(court.act(&owner, offer).await.status, StatusCode::NO_CONTENT);
    assert!(court.page(&owner).await["shifts"][0]["offered"] == true);
    assert_eq!(court.page("Dai").await["offers"], json!([]), "who is not trained is not asked");
    // Whoever has a shift may change theirs for it; two would be more than is fair.
    assert_eq!(court.page(&busy).await["offers"][0]["give"], json!([1]));
    let offers = court.page(other).await["offers"].clone();
    assert_eq!(offers[0]["give"], json!([]));
    assert_eq!((&offers[0]["name"], offers.as_array().unwrap().len()), (&json!(owner), 1));
    let take = json!({ "type": "accept", "roster": court.scenario, "shift": 0, "of": court.id_of(&owner).await, "give": null });
    assert_eq!(court.act("Dai", take.clone()).await.problem(), (409, "own_rules".to_owned()));
    assert_eq!(court.act(other, take.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(court.act(other, take).await.problem(), (409, "own_offer_gone".to_owned()));
    let seen = court.desk(Method::GET, &format!("rosters/{}", court.scenario), None).await.json();
    assert_eq!(names(&seen["roster"], 0), [other]);

    let begins = format!("{}T08:00:00", tomorrow()).parse().unwrap();
    let begins = TimeZone::get(morning()).unwrap().to_timestamp(begins).unwrap().strftime("%Y%m%dT%H%M%SZ");
    let calendar = court.page(other).await["calendar"].as_str().unwrap().to_owned();
    let path = calendar.strip_prefix("https://garden.example").unwrap();
    let feed = court.house.get(path).await;
    assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
    assert!(
        feed.text().contains(&format!("DTSTART:{begins}")) && !feed.text().contains(other),
        "{}",
        feed.text()
    );
    let (start, _) = path.rsplit_once('/').unwrap();
    assert_eq!(
        court.house.get(&format!("{start}/{}", "0".repeat(32))).await.problem(),
        (404, "volunteer_unknown".to_owned())
    );
}

#[tokio::test]
async fn a_link_opens_its_own_volunteer_alone_until_it_is_renewed() {
    let court = Court::new().await;
    court.sheet(SHEET).await;
    let (ann, bob) = (court.own("Ann").await, court.own("Bob").await);
    let mixed = json!({ "volunteer": ann["volunteer"], "token": bob["token"] });
    for wrong in [mixed, json!({ "volunteer": "x", "token": "y" })] {
        assert_eq!(
            court.anybody("volunteers/own", wrong).await.problem(),
            (404, "volunteer_unknown".to_owned())
        );
    }
    let other = court.house.community("Plum Court");
    let path = format!("/api/v1/communities/{other}/volunteers/own");
    assert_eq!(court.house.ask(Method::POST, &path, &[], Some(ann.clone())).await.problem().0, 404);
    let mut words = ann.clone();
    words["was"] = court.page("Ann").await["cells"].clone();
    words["cells"] = json!({ "name": "Ann", "phone": "13800138000", "available": "没空" });
    assert_eq!(court.anybody("volunteers/own/words", words).await.status, StatusCode::NO_CONTENT);
    assert!(
        court.page("Ann").await["read"]["days"]
            .as_array()
            .unwrap()
            .iter()
            .all(|day| day["hours"] == json!([]))
    );
    let id = ann["volunteer"].as_str().unwrap();
    assert_eq!(
        court.desk(Method::POST, &format!("volunteers/{id}/link"), Some(json!({}))).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(court.anybody("volunteers/own", ann).await.problem(), (404, "volunteer_unknown".to_owned()));
    assert_eq!(court.page("Ann").await["cells"]["name"], "Ann");
}

#[tokio::test]
async fn neither_the_desk_nor_a_volunteer_writes_over_what_they_have_not_seen() {
    let court = Court::new().await;
    court.sheet(SHEET).await;
    let mut own = court.own("Ann").await;
    let path = format!("volunteers/{}", own["volunteer"].as_str().unwrap());
    let was = court.page("Ann").await["cells"].clone();
    own["was"] = was.clone();
    own["cells"] = json!({ "name": "Ann", "phone": "1380013800", "available": "Mon" });
    assert_eq!(court.anybody("volunteers/own/words", own.clone()).await.status, StatusCode::NO_CONTENT);
    // The desk had the card open all the while.
    let desk = json!({ "was": was, "cells": { "name": "Ann", "phone": "1380013899" } });
    let refused = court.desk(Method::PUT, &path, Some(desk.clone())).await;
    assert_eq!(refused.problem(), (409, "volunteer_changed".to_owned()));
    assert_eq!(refused.json()["cells"], own["cells"], "as it is now");
    let seen = json!({ "was": refused.json()["cells"], "cells": desk["cells"] });
    assert_eq!(court.desk(Method::PUT, &path, Some(seen)).await.status, StatusCode::NO_CONTENT);
    let late = court.anybody("volunteers/own/words", own).await;
    assert_eq!(late.problem(), (409, "volunteer_changed".to_owned()));
    assert_eq!(late.json()["cells"], desk["cells"]);
    assert_eq!(court.page("Ann").await["cells"], desk["cells"], "nothing was kept of what was refused");
}
