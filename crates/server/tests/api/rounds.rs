//! A real round from its making to its evening: phones join, work without a network, send, and every number is right.

use crate::aside;
use crate::{Answer, House, packed};
use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
};
use domain::{Command, Moment, command::Thing};
use jiff::{civil::DateTime, tz::TimeZone};
use journal::{Hash, Head, SecretKey, Slice};
use phone::{Bundle, Phone};
use round::TubeKey;
use serde_json::{Value, json};
use server::access::role::{Grant, Place, Role};
use std::sync::LazyLock;
use uuid::Uuid;

pub const ROLL: &str = "building,door,name,phone,mark\n1,101,王小明,13800000001,\n1,101,李四,13800000002,frail\n1,102,<b>Ann</b>,,\n2,301,=1+1,,\n";

/// A round at a server that others reach.
pub struct Site {
    pub house: House,
    pub secretary: String,
    pub rounds: String,
    pub round: String,
}

impl Site {
    pub async fn new() -> Site {
        Site::of(ROLL).await
    }

    /// With another roll.
    pub async fn of(roll: &str) -> Site {
        Site::made("purpose = \"screening\"\npool = 3\n", roll).await
    }

    /// With another purpose, too.
    pub async fn made(purpose: &str, roll: &str) -> Site {
        Site::with(&format!("{}{purpose}", scenario(morning())), REST, roll).await
    }

    /// In another time zone.
    pub async fn in_zone(zone: &str) -> Site {
        let scenario = scenario(zone);
        Site::with(&format!("{scenario}purpose = \"screening\"\npool = 3\n"), REST, ROLL).await
    }

    /// Where doses are given, and everybody is watched for twenty minutes after theirs.
    pub async fn watched(roll: &str) -> Site {
        let rest = REST.replace("servers = 2", "servers = 2\nobserve_min = 20");
        Site::with(&format!("{}purpose = \"flu-clinic\"\n", scenario(morning())), &rest, roll).await
    }

    /// Where doses of one lot are given, in another time zone.
    pub async fn of_a_lot(zone: &str, name: &str, expires: &str, roll: &str) -> Site {
        let scenario = scenario(zone);
        let lots = json!([{ "name": name, "expires": expires }]);
        Site::at(
            House::open(),
            &format!("{scenario}purpose = \"flu-clinic\"\n"),
            REST,
            &[("roll.csv", roll)],
            lots,
        )
        .await
    }

    async fn with(scenario: &str, rest: &str, roll: &str) -> Site {
        Site::at(House::open(), scenario, rest, &[("roll.csv", roll)], json!([])).await
    }

    /// What is used up there, in one slot from six in the morning to six in the evening.
    pub async fn using(supplies: &str, roll: &str) -> Site {
        let scenario = scenario(morning()).replace("opens = \"00:00\"", "opens = \"06:00\"");
        let scenario = format!("{scenario}purpose = \"screening\"\npool = 3\n");
        let rest = format!("{REST}[supplies]\nslot_min = 720\n");
        let files = [("roll.csv", roll), ("supplies.csv", supplies)];
        Site::at(House::open(), &scenario, &rest, &files, json!([])).await
    }

    /// At this server.
    pub async fn of_house(house: House, roll: &str) -> Site {
        let scenario = format!("{}purpose = \"screening\"\npool = 3\n", scenario(morning()));
        Site::at(house, &scenario, REST, &[("roll.csv", roll)], json!([])).await
    }

    async fn at(house: House, scenario: &str, rest: &str, tables: &[(&str, &str)], lots: Value) -> Site {
        let community = aside(|| house.people.make_community("Willow Court", now())).unwrap().id;
        let secretary = account(&house, Role::Secretary, Place::Community(community));
        let mut files =
            json!({ "scenario.toml": packed(&format!("{scenario}date = \"{}\"\n{rest}", today())) });
        for (name, table) in tables {
            files[name] = packed(table).into();
        }
        let new = json!({ "files": files });
        let made = house.ask_as(Some(&secretary), Method::POST, "/api/v1/scenarios", Some(new)).await;
        let rounds = format!("/api/v1/communities/{community}/rounds");
        let new = json!({
            "scenario": made.string("id"), "policy": "waves", "retain_until": in_a_month(), "lots": lots
        });
        let round = house.ask_as(Some(&secretary), Method::POST, &rounds, Some(new)).await;
        assert_eq!(round.status, StatusCode::CREATED, "{}", round.text());
        let round = format!("{rounds}/{}", round.string("id"));
        Site { house, secretary, rounds, round }
    }

    /// The same site as another process has it.
    pub fn beside(&self, house: House) -> Site {
        Site {
            house,
            secretary: self.secretary.clone(),
            rounds: self.rounds.clone(),
            round: self.round.clone(),
        }
    }

    /// The same site at another of its rounds.
    pub fn at_round(self, id: &str) -> Site {
        Site { round: format!("{}/{id}", self.rounds), ..self }
    }

    /// After a restart of the server.
    pub fn restarted(self) -> Site {
        Site { house: self.house.restarted(), ..self }
    }

    /// The same site at a server for drills.
    pub fn for_drills(self) -> Site {
        Site { house: self.house.for_drills(), ..self }
    }

    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.house.ask_as(Some(&self.secretary), method, path, body).await
    }

    async fn code(&self, role: &str, station: Option<&str>) -> String {
        let table = station.map(|station| json!({ "station": station, "lane": 1, "server": 1 }));
        let asked = Some(json!({ "role": role, "table": table }));
        let code = self.ask(Method::POST, &format!("{}/codes", self.round), asked).await;
        assert_eq!(code.status, StatusCode::CREATED, "{}", code.text());
        assert!(code.string("svg").contains("<svg"));
        code.string("link").split_once('#').unwrap().1.to_owned()
    }

    /// A phone that joins by a code: it, and the cookie that it was given.
    async fn join(&self, token: &str, of: u8) -> (Phone, String) {
        let key = SecretKey::from_random([of; 32]);
        let public: String = key.public().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let asked = json!({ "token": token, "public_key": public });
        let joined = self.house.post("/api/v1/join", asked).await;
        assert_eq!(joined.status, StatusCode::CREATED, "{}", joined.text());
        let bundle: Bundle = serde_json::from_value(joined.json()["bundle"].clone()).unwrap();
        let cookie = joined.header("set-cookie").split(';').next().unwrap().replace("__Host-phone=", "");
        (Phone::join(bundle, key, [of; 32]), cookie)
    }

    pub async fn phone(&self, role: &str, station: Option<&str>, of: u8) -> (Phone, String) {
        self.join(&self.code(role, station).await, of).await
    }

    pub async fn send(&self, phone: &Phone, bytes: Vec<u8>) -> Answer {
        let log = format!("{}/logs/{}", self.rounds.trim_end_matches("/rounds"), phone.bundle().device);
        let request = Request::post(log)
            .header("host", self.house.host)
            .header("content-type", "application/octet-stream")
            .body(Body::from(bytes));
        let response = self.house.send(request.unwrap()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, body: to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec() }
    }

    /// Sends all that a phone has.
    pub async fn sync(&self, phone: &mut Phone) {
        while let Some(slice) = phone.slice() {
            let answer = self.send(phone, slice.to_bytes()).await;
            assert_eq!(
                (answer.status, answer.string("kind").as_str()),
                (StatusCode::OK, "stored"),
                "{}",
                answer.text()
            );
            assert!(phone.stored(&head(&answer)));
        }
    }

    pub async fn told(&self, cookie: &str, after: u64) -> Answer {
        self.house
            .ask_as(Some(cookie), Method::GET, &format!("{}/told?after={after}", self.round), None)
            .await
    }
}

fn head(answer: &Answer) -> Head {
    let text = answer.string("hash");
    let byte = |at: usize| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap();
    Head { seq: answer.json()["seq"].as_u64().unwrap(), hash: Hash(std::array::from_fn(byte)) }
}

pub fn account(house: &House, role: Role, place: Place) -> String {
    let link = aside(|| house.people.invite(None, &[Grant { role, place }], now())).unwrap().hash();
    let id =
        aside(|| house.people.accept(&link, &format!("account-{}", Uuid::new_v4()), "no password", now()))
            .unwrap();
    aside(|| house.people.sign_in(id, now())).unwrap().text()
}

fn now() -> i64 {
    server::people::now()
}

pub fn at() -> Moment {
    Moment::from(jiff::Timestamp::now())
}

/// A time zone in which it is eleven in the morning: a site that is open all day meets no midnight, at whatever hour a test runs.
pub fn morning() -> &'static str {
    static ZONE: LazyLock<String> = LazyLock::new(|| {
        // In these names, places east of Greenwich have a minus.
        match TimeZone::UTC.to_datetime(jiff::Timestamp::now()).hour() - 11 {
            0 => "UTC".to_owned(),
            behind => format!("Etc/GMT{behind:+}"),
        }
    });
    &ZONE
}

/// The time of day there.
pub fn there(at: Moment) -> DateTime {
    let at = jiff::Timestamp::from_millisecond(at.0 / 10).unwrap();
    TimeZone::get(morning()).unwrap().to_datetime(at)
}

/// The day there.
pub fn today() -> String {
    there(at()).date().to_string()
}

/// The next day there.
pub fn tomorrow() -> String {
    there(at()).date().tomorrow().unwrap().to_string()
}

/// The same day all the while that the tests run.
pub fn in_a_month() -> String {
    static DAY: LazyLock<String> = LazyLock::new(|| {
        let later = jiff::Timestamp::from_second(now() + 30 * 86_400).unwrap();
        later.to_string()[..10].to_owned()
    });
    DAY.clone()
}

/// Waits while the day is about to end by the clocks of a host that set no time zone: a test that counts days from today ends on it.
pub fn midday() {
    let left_s = 86_400 - (now() + 8 * 3_600).rem_euclid(86_400);
    if left_s < 180 {
        std::thread::sleep(std::time::Duration::from_secs(left_s as u64));
    }
}

fn scenario(zone: &str) -> String {
    format!(
        r#"format = 1
[community]
name = "Willow Court"
timezone = "{zone}"
[round]
opens = "00:00"
closes = "23:59"
"#
    )
}

const REST: &str = r#"[site]
lanes = 1
green_channel = true
[[site.station]]
name = "registration"
servers = 1
service = { law = "constant", mean_s = 10 }
[[site.station]]
name = "sampling"
servers = 2
service = { law = "constant", mean_s = 10 }
[arrivals]
law = "waves"
[waves]
reaction = { law = "constant", mean_min = 3 }
"#;

pub fn check_in(phone: &Phone, door: usize) -> Vec<Command> {
    let of = &phone.bundle().doors[door];
    of.people
        .iter()
        .map(|person| Command::CheckIn {
            visit: person.visit,
            household: Some(of.household),
            class: person.class.clone(),
            guest: None,
            table: phone.table().unwrap().clone(),
        })
        .collect()
}

pub fn serve(phone: &Phone, visit: Uuid, tube: u32) -> Command {
    let key = TubeKey::new(phone.bundle().community, phone.bundle().tube_key.unwrap());
    let item = Some(Thing { kind: "tube".to_owned(), item: key.code(tube).item(), lot: None });
    Command::Serve { visit, table: phone.table().unwrap().clone(), item }
}

pub fn done(phone: &mut Phone, commands: &[Command]) {
    let step = phone.decide(at(), commands).unwrap();
    phone.done(step);
}

#[tokio::test]
async fn a_round_from_the_first_code_to_the_last_number() {
    let site = Site::new().await;
    let (mut first, _) = site.phone("registrar", Some("registration"), 1).await;
    let (mut second, cookie) = site.phone("sampler", Some("sampling"), 2).await;
    let doors: Vec<String> = first.bundle().doors.iter().map(phone::Door::label).collect();
    assert_eq!(doors, ["1-101", "1-102", "2-301"]);
    assert_eq!(first.bundle().doors[0].people[0].name, "王小明");
    assert_eq!(first.bundle().doors[0].people[1].class, "green", "frail people are green");
    assert_eq!(second.bundle().doors[0].people[0].name, "王＊明", "who samples reads no whole name");
    // What looks like markup or a formula is text, and stays as it is.
    let names: Vec<&str> =
        first.bundle().doors[1..].iter().map(|door| door.people[0].name.as_str()).collect();
    assert_eq!(names, ["<b>Ann</b>", "=1+1"]);
    let opened = json!({ "commands": [{ "type": "OpenRound" }] });
    let opened = site.ask(Method::POST, &format!("{}/commands", site.round), Some(opened)).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
    // Neither phone hears of the other.
    for door in 0..3 {
        let all = check_in(&first, door);
        done(&mut first, &all);
    }
    let visits: Vec<Uuid> =
        second.bundle().doors.iter().flat_map(|door| door.people.iter().map(|person| person.visit)).collect();
    for &visit in &visits[..3] {
        let served = serve(&second, visit, 1);
        done(&mut second, &[served]);
    }
    // The second sends first, and twice.
    let slice = second.slice().unwrap().to_bytes();
    site.sync(&mut second).await;
    let again = site.send(&second, slice).await;
    assert_eq!(again.string("kind"), "stored");
    site.sync(&mut first).await;
    let round = site.ask(Method::GET, &site.round, None).await.json();
    assert_eq!(
        (&round["phase"], &round["people"], &round["conflicts"]),
        (&json!("open"), &json!([4, 3]), &json!(0))
    );
    // What is told is all that happened, once, and the phones come to the same.
    let told = site.told(&cookie, 0).await.json();
    let lines = told["lines"].as_array().unwrap().clone();
    assert_eq!(lines.len(), 1 + 4 * 3 + 3 * 3 + 1, "{lines:#?}");
    second.hear(lines.into_iter().map(|line| serde_json::from_value(line).unwrap()));
    assert_eq!(second.folded().live().round().counts().arrived, 4);
    let after = site.told(&cookie, told["position"].as_u64().unwrap()).await.json();
    assert_eq!(after["lines"], json!([]));
    // No name is in what was written, and none in what is told.
    for name in ["王小明", "李四", "Ann", "13800000001"] {
        assert!(!told.to_string().contains(name), "{name}");
        for file in
            ["journal/journal.sqlite", "journal/journal.sqlite-wal", "rounds.sqlite", "rounds.sqlite-wal"]
        {
            let bytes = std::fs::read(site.house.data.path().join(file)).unwrap_or_default();
            assert!(!bytes.windows(name.len()).any(|part| part == name.as_bytes()), "{name} in {file}");
        }
    }
}

#[tokio::test]
async fn two_tables_that_say_different_things_are_settled_at_the_desk() {
    let site = Site::new().await;
    let (mut first, _) = site.phone("sampler", Some("sampling"), 1).await;
    let (mut second, _) = site.phone("sampler", Some("sampling"), 2).await;
    let visit = first.bundle().doors[0].people[0].visit;
    for (phone, tube) in [(&mut first, 1), (&mut second, 2)] {
        let served = serve(phone, visit, tube);
        done(phone, &[served]);
        site.sync(phone).await;
    }
    let conflicts = site.ask(Method::GET, &format!("{}/conflicts?lang=zh", site.round), None).await.json();
    let two = conflicts.as_array().unwrap().iter().find(|of| of["code"] == "two_items").unwrap();
    assert!(two["text"].as_str().unwrap().contains("号"), "{two}");
    let settle =
        json!({ "commands": [{ "type": "SettleConflict", "conflict": two["id"], "keeps": "second" }] });
    let settled = site.ask(Method::POST, &format!("{}/commands", site.round), Some(settle.clone())).await;
    assert_eq!(settled.status, StatusCode::OK, "{}", settled.text());
    let conflicts = site.ask(Method::GET, &format!("{}/conflicts", site.round), None).await.json();
    let two = conflicts.as_array().unwrap().iter().find(|of| of["code"] == "two_items").unwrap();
    assert_eq!(two["settled"], "second");
}

#[tokio::test]
async fn a_phone_that_was_taken_out_takes_nobodys_room() {
    let site = Site::new().await;
    let code = site.code("registrar", Some("registration")).await;
    let (phone, _) = site.join(&code, 1).await;
    let like_it = "d.round, d.role, d.seat, d.joined, d.code FROM";
    site.house.in_the_book(
        &format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 499) INSERT INTO device \
             SELECT d.community_id, printf('00000000-0000-4000-8000-%012d', i), {like_it} n, device d"
        ),
        &format!(
            "INSERT INTO device SELECT d.community_id, '00000000-0000-4000-8000-' || lpad(i::text, 12, '0'), \
             {like_it} generate_series(1, 499) i, device d"
        ),
    );
    let code = site.code("registrar", Some("registration")).await;
    let join = async || {
        let key = SecretKey::from_random([2; 32]).public().to_bytes();
        let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        site.house.post("/api/v1/join", json!({ "token": code, "public_key": key })).await
    };
    assert_eq!(join().await.problem(), (409, "full".to_owned()));
    let gone = format!("{}/phones/{}", site.round, phone.bundle().device);
    assert_eq!(site.ask(Method::DELETE, &gone, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(join().await.status, StatusCode::CREATED);
    assert_eq!(join().await.problem(), (409, "full".to_owned()));
}

#[tokio::test]
async fn a_phone_that_was_taken_out_reads_nothing_and_loses_nothing() {
    let site = Site::new().await;
    let (mut phone, cookie) = site.phone("registrar", Some("registration"), 1).await;
    let all = check_in(&phone, 0);
    done(&mut phone, &all);
    assert_eq!(site.told(&cookie, 0).await.status, StatusCode::OK);
    let gone = format!("{}/phones/{}", site.round, phone.bundle().device);
    assert_eq!(site.ask(Method::DELETE, &gone, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.told(&cookie, 0).await.status, StatusCode::UNAUTHORIZED);
    // What it had written is sent late: it is kept aside, and shown.
    let answer = site.send(&phone, phone.slice().unwrap().to_bytes()).await;
    assert_eq!((answer.string("kind").as_str(), answer.string("why").as_str()), ("quarantined", "revoked"));
    let quarantine = site.rounds.replace("rounds", "quarantine");
    let aside = site.ask(Method::GET, &quarantine, None).await.json();
    assert_eq!((&aside[0]["why"], &aside[0]["events"]), (&json!("revoked"), &json!(6)));
    let phones = site.ask(Method::GET, &format!("{}/phones", site.round), None).await.json();
    assert_eq!((&phones[0]["revoked"], &phones[0]["quarantined"]), (&json!(true), &json!(1)));
    assert!(phones[0]["heard"].as_i64() >= phones[0]["joined"].as_i64(), "{phones}");
    // The secretary believes it.
    let admit = format!("{quarantine}/{}", aside[0]["number"]);
    let admitted = site.ask(Method::POST, &admit, Some(json!({ "admit": true }))).await;
    assert_eq!(admitted.status, StatusCode::NO_CONTENT, "{}", admitted.text());
    assert_eq!(site.ask(Method::GET, &site.round, None).await.json()["people"], json!([2, 0]));
}

#[tokio::test]
async fn a_phone_whose_session_a_secretary_ends_writes_nothing_more_that_counts_and_loses_nothing() {
    let site = Site::new().await;
    let token = site.code("registrar", Some("registration")).await;
    let (mut phone, cookie) = site.join(&token, 1).await;
    let all = check_in(&phone, 0);
    done(&mut phone, &all);
    site.sync(&mut phone).await;
    let later = check_in(&phone, 1);
    done(&mut phone, &later);
    let sessions = site.ask(Method::GET, "/api/v1/sessions", None).await.json();
    let of_phone = sessions.as_array().unwrap().iter().find(|one| !one["device"].is_null()).unwrap();
    let end = format!("/api/v1/sessions/{}", of_phone["id"].as_str().unwrap());
    assert_eq!(site.ask(Method::DELETE, &end, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.told(&cookie, 0).await.status, StatusCode::UNAUTHORIZED);
    // What it had sent counts; what comes later is kept, and does not.
    let answer = site.send(&phone, phone.slice().unwrap().to_bytes()).await;
    assert_eq!((answer.string("kind").as_str(), answer.string("why").as_str()), ("quarantined", "revoked"));
    assert_eq!(site.ask(Method::GET, &site.round, None).await.json()["people"], json!([2, 0]));
    // Whoever holds it joins by the same code no more.
    let public: String = SecretKey::from_random([2; 32])
        .public()
        .to_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let again = json!({ "token": token, "public_key": public });
    assert_eq!(site.house.post("/api/v1/join", again).await.problem(), (404, "code_unknown".to_owned()));
}

#[tokio::test]
async fn a_phone_that_signs_itself_out_may_still_send_what_it_wrote() {
    let site = Site::new().await;
    let (mut phone, cookie) = site.phone("registrar", Some("registration"), 1).await;
    let all = check_in(&phone, 0);
    done(&mut phone, &all);
    let line = format!("__Host-phone={cookie}");
    let as_phone = [("cookie", &*line)];
    let own = site.house.ask(Method::GET, "/api/v1/sessions", &as_phone, None).await.json();
    let end = format!("/api/v1/sessions/{}", own[0]["id"].as_str().unwrap());
    assert_eq!(site.house.ask(Method::DELETE, &end, &as_phone, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.told(&cookie, 0).await.status, StatusCode::UNAUTHORIZED);
    site.sync(&mut phone).await;
}

#[tokio::test]
async fn a_good_code_is_taken_whoever_guesses_or_sends_beside_it() {
    let site = Site::new().await;
    let token = site.code("registrar", Some("registration")).await;
    let key = SecretKey::from_random([7; 32]);
    let public: String = key.public().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let guess = json!({ "token": "ab".repeat(32), "public_key": public });
    // Of devices that nobody knows.
    let stranger = format!("{}/{}", site.rounds.replace("rounds", "logs"), Uuid::from_u128(7));
    for of in 0..=server::limits::ADDRESS_STRANGERS {
        let request = Request::post(&stranger)
            .header("host", site.house.host)
            .header("content-type", "application/octet-stream")
            .body(Body::from("x"));
        let status = site.house.send(request.unwrap()).await.status().as_u16();
        assert_eq!(status, if of < server::limits::ADDRESS_STRANGERS { 400 } else { 429 }, "{of}");
    }
    for _ in 0..server::limits::ADDRESS_TOKENS {
        assert_eq!(site.house.post("/api/v1/join", guess.clone()).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(site.house.post("/api/v1/join", guess).await.problem(), (429, "too_many".to_owned()));
    let (mut phone, _) = site.join(&token, 1).await;
    let all = check_in(&phone, 0);
    done(&mut phone, &all);
    site.sync(&mut phone).await;
}

#[tokio::test]
async fn what_is_forged_foreign_or_garbled_is_refused_in_words_and_changes_nothing() {
    let site = Site::new().await;
    let (mut phone, cookie) = site.phone("registrar", Some("registration"), 1).await;
    let all = check_in(&phone, 0);
    done(&mut phone, &all);
    let slice = phone.slice().unwrap();
    // Signed by somebody else, changed on the way, of a device that nobody knows.
    let forged =
        Slice { signature: SecretKey::from_random([9; 32]).sign(slice.log, &slice.head()), ..slice.clone() };
    let mut changed = slice.clone();
    changed.frames[0].body[20] ^= 1;
    for (slice, why) in [(forged, "unsigned"), (changed, "broken")] {
        let answer = site.send(&phone, slice.to_bytes()).await;
        assert_eq!((answer.string("kind").as_str(), answer.string("why").as_str()), ("quarantined", why));
    }
    let cut = slice.to_bytes()[..100].to_vec();
    assert_eq!(site.send(&phone, cut).await.problem(), (400, "slice".to_owned()));
    assert_eq!(site.send(&phone, vec![0; 5 << 20]).await.problem(), (413, "body_large".to_owned()));
    assert_eq!(site.ask(Method::GET, &site.round, None).await.json()["people"], json!([0, 0]));
    // None of that holds up the phone.
    site.sync(&mut phone).await;
    assert_eq!(site.ask(Method::GET, &site.round, None).await.json()["people"], json!([2, 0]));
    // Another round's phone hears nothing of this one, and codes cannot be guessed.
    let other = Site::new().await;
    assert_eq!(other.told(&cookie, 0).await.status, StatusCode::UNAUTHORIZED);
    let guess = json!({ "token": "ab".repeat(32), "public_key": "00".repeat(32) });
    let status = site.house.post("/api/v1/join", guess).await.status;
    assert!([StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY].contains(&status), "{status}");
    let ended = site.ask(Method::DELETE, &format!("{}/codes", site.round), None).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_phone_of_one_round_hears_nothing_of_another_of_the_same_community() {
    let site = Site::new().await;
    let (_, cookie) = site.phone("caller", None, 1).await;
    let first = site.round.clone();
    let scenarios = site.ask(Method::GET, "/api/v1/scenarios", None).await.json();
    let new = json!({ "scenario": scenarios[0]["id"], "retain_until": in_a_month() });
    let round = site.ask(Method::POST, &site.rounds, Some(new)).await;
    assert_eq!(round.status, StatusCode::CREATED, "{}", round.text());
    let other = format!("{}/{}/told", site.rounds, round.string("id"));
    let cookie_line = format!("__Host-phone={cookie}");
    let answer = site.house.ask(Method::GET, &other, &[("cookie", &cookie_line)], None).await;
    assert_eq!(answer.problem(), (404, "round_unknown".to_owned()));
    assert_eq!(site.told(&cookie, 0).await.status, StatusCode::OK, "{first}");
}

#[tokio::test]
async fn a_day_must_be_given_until_which_names_are_kept() {
    let site = Site::new().await;
    let scenarios = site.ask(Method::GET, "/api/v1/scenarios", None).await.json();
    for (day, code) in [("2020-01-01", "retention"), ("2999-01-01", "retention"), ("soon", "day")] {
        let new = json!({ "scenario": scenarios[0]["id"], "retain_until": day });
        assert_eq!(
            site.ask(Method::POST, &site.rounds, Some(new)).await.problem(),
            (422, code.to_owned()),
            "{day}"
        );
    }
    let new = json!({ "scenario": scenarios[0]["id"] });
    assert_eq!(site.ask(Method::POST, &site.rounds, Some(new)).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_table_is_told_why_its_command_is_refused() {
    let site = Site::new().await;
    let commands = format!("{}/commands?lang=en", site.round);
    let close = json!({ "commands": [{ "type": "CloseRound" }] });
    let refused = site.ask(Method::POST, &commands, Some(close)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.string("code"), "not_open");
    assert!(!refused.string("mend").is_empty());
}
