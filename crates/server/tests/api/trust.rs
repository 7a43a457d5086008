//! What the server believes of a phone: its role bounds what counts, and a tube must be one of the round.

use crate::aside;
use crate::rounds::{Site, at, check_in, done};
use axum::http::{Method, StatusCode};
use domain::{Envelope, Event, Origin, command::Thing};
use phone::Phone;
use round::TubeKey;
use serde_json::{Value, json};
use uuid::Uuid;

impl Site {
    async fn conflicts(&self, lang: &str) -> Vec<Value> {
        let told = self.ask(Method::GET, &format!("{}/conflicts?lang={lang}", self.round), None).await;
        told.json().as_array().unwrap().iter().filter(|of| of["settled"].is_null()).cloned().collect()
    }

    async fn settle(&self, conflict: &Value, keeps: &str) {
        let settle =
            json!({ "commands": [{ "type": "SettleConflict", "conflict": conflict["id"], "keeps": keeps }] });
        let settled = self.ask(Method::POST, &format!("{}/commands", self.round), Some(settle)).await;
        assert_eq!(settled.status, StatusCode::OK, "{}", settled.text());
    }

    async fn doubted(&self, phone: &Phone) -> Value {
        let phones = self.ask(Method::GET, &format!("{}/phones", self.round), None).await.json();
        let device = json!(phone.bundle().device);
        phones.as_array().unwrap().iter().find(|of| of["device"] == device).unwrap()["doubted"].clone()
    }

    async fn people_and_conflicts(&self) -> (Value, Value) {
        let round = self.ask(Method::GET, &self.round, None).await.json();
        (round["people"].clone(), round["conflicts"].clone())
    }
}

/// Writes down what the phone's own rules would refuse, as a changed program does.
fn written(phone: &mut Phone, events: Vec<Event>) {
    let step = phone.written(at(), events);
    phone.done(step);
}

#[tokio::test]
async fn what_a_phone_writes_beyond_its_role_is_stored_shown_and_not_counted() {
    let site = Site::new().await;
    let (mut order, cookie) = site.phone("order", None, 1).await;
    let (mut registrar, _) = site.phone("registrar", Some("registration"), 2).await;
    let household = registrar.bundle().doors[0].household;
    let arrived =
        Event::Arrived { visit: Uuid::from_u128(1), household: None, class: String::new(), lane: None };
    written(&mut order, vec![Event::HouseholdCalled { household, wave: 1 }, arrived, Event::RoundClosed]);
    written(&mut order, vec![Event::PeopleCounted { gate: domain::event::Gate::In, people: 7 }]);
    site.sync(&mut order).await;
    assert_eq!(order.unsent(), 0, "nothing of it blocks the log");
    assert_eq!(site.people_and_conflicts().await, (json!([0, 0]), json!(3)));
    assert_eq!(site.doubted(&order).await, json!(3));
    let told = site.told(&cookie, 0).await.json()["lines"].clone();
    assert_eq!((told.as_array().unwrap().len(), &told[0]["type"]), (1, &json!("PeopleCounted")), "{told}");
    // Its own rules say so at once.
    let commands = check_in(&registrar, 0);
    let (mut other, _) = site.phone("order", None, 3).await;
    other.sit(registrar.table().cloned());
    let refused = other.decide(at(), &commands).unwrap_err();
    assert_eq!(refused.refusal, round::Refusal::NotYourTask { role: round::Role::Order });
    // The day goes on, and the secretary decides of each.
    done(&mut registrar, &commands);
    site.sync(&mut registrar).await;
    assert_eq!(site.people_and_conflicts().await, (json!([2, 0]), json!(3)));
    for lang in ["en", "zh"] {
        for conflict in site.conflicts(lang).await {
            let text = conflict["text"].as_str().unwrap();
            assert!(
                !text.contains('{') && !text.contains('@') && conflict["asks"] == "whether",
                "{conflict}"
            );
        }
    }
    let conflicts = site.conflicts("en").await;
    let of = |word: &str| {
        let is = |conflict: &&Value| conflict["text"].as_str().unwrap().contains(word);
        conflicts.iter().find(is).unwrap_or_else(|| panic!("{word} in {conflicts:#?}"))
    };
    site.settle(of("people came"), "second").await;
    site.settle(of("called"), "first").await;
    assert_eq!(site.people_and_conflicts().await, (json!([3, 0]), json!(1)));
    let round = site.ask(Method::GET, &site.round, None).await.json();
    assert_eq!(round["phase"], "before", "it was not closed by an order keeper");
    // Who has heard everything so far hears what counts now, and only that.
    let after = site.told(&cookie, 1).await.json()["lines"].clone();
    let types: Vec<&str> =
        after.as_array().unwrap().iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(types.iter().filter(|of| **of == "Arrived").count(), 3, "{types:?}");
    assert!(!types.contains(&"HouseholdCalled") && !types.contains(&"RoundClosed"), "{types:?}");
}

#[tokio::test]
async fn what_stands_aside_stands_there_after_a_restart() {
    let site = Site::new().await;
    let (mut caller, _) = site.phone("caller", None, 1).await;
    let arrived = |visit| Event::Arrived {
        visit: Uuid::from_u128(visit),
        household: None,
        class: String::new(),
        lane: None,
    };
    written(&mut caller, vec![arrived(1), arrived(2)]);
    site.sync(&mut caller).await;
    let conflict = site.conflicts("en").await.remove(0);
    site.settle(&conflict, "both").await;
    assert_eq!(site.people_and_conflicts().await, (json!([2, 0]), json!(0)));
    let site = site.restarted();
    assert_eq!(site.people_and_conflicts().await, (json!([2, 0]), json!(0)));
}

#[tokio::test]
async fn a_phone_that_writes_as_if_it_were_paper_takes_no_rows_place() {
    let site = Site::new().await;
    let (phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let log = phone.log();
    let arrived =
        Event::Arrived { visit: Uuid::from_u128(1), household: None, class: String::new(), lane: Some(1) };
    let frame = journal::Frame {
        id: *uuid::Builder::from_custom_bytes([7; 16]).into_uuid().as_bytes(),
        body: Envelope::body(at(), Origin::Paper, &arrived),
    };
    let key = journal::SecretKey::from_random([1; 32]);
    let slice = journal::Slice::sign(log, &journal::Head::of_nothing(log), vec![frame], &key);
    let answer = site.send(&phone, slice.to_bytes()).await;
    assert_eq!(answer.string("kind"), "stored", "{}", answer.text());
    let conflicts = site.conflicts("en").await;
    assert_eq!((&conflicts[0]["code"], &conflicts[0]["asks"]), (&json!("not_its_own"), &json!("nothing")));
    site.settle(&conflicts[0], "second").await;
    assert_eq!(site.people_and_conflicts().await, (json!([0, 0]), json!(0)), "that never counts");
}

#[tokio::test]
async fn a_tube_that_this_round_never_issued_is_looked_at_and_blocks_nothing() {
    let site = Site::new().await;
    let (mut phone, _) = site.phone("sampler", Some("sampling"), 1).await;
    let visits: Vec<Uuid> =
        phone.bundle().doors.iter().flat_map(|door| door.people.iter().map(|person| person.visit)).collect();
    let own = TubeKey::new(phone.bundle().community, phone.bundle().tube_key.unwrap());
    let forged = TubeKey::new(phone.bundle().community, [9; 32]);
    let foreign = TubeKey::new(Uuid::from_u128(9), phone.bundle().tube_key.unwrap());
    for (visit, key) in visits.iter().zip([&own, &forged, &foreign]) {
        let item = Some(Thing { kind: "tube".to_owned(), item: key.code(5).item(), lot: None });
        let table = phone.table().unwrap().clone();
        done(&mut phone, &[domain::Command::Serve { visit: *visit, table, item }]);
    }
    site.sync(&mut phone).await;
    let conflicts = site.conflicts("zh").await;
    let codes: Vec<&str> = conflicts.iter().map(|of| of["code"].as_str().unwrap()).collect();
    for code in ["tube_not_ours", "tube_foreign"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    let (people, _) = site.people_and_conflicts().await;
    assert_eq!(people, json!([3, 3]), "people are served, whatever they were given");
    assert_eq!(site.doubted(&phone).await, json!(2));
}

#[tokio::test]
async fn the_file_of_rounds_shows_no_secret_and_opens_after_a_restart() {
    let site = Site::new().await;
    let (mut phone, _) = site.phone("sampler", Some("sampling"), 1).await;
    let door = &phone.bundle().doors[0];
    let (household, visit) = (door.household.to_string(), door.people[0].visit);
    let tube_key = phone.bundle().tube_key.unwrap();
    let is_in_the_open = |site: &Site, wanted: &[u8]| {
        ["rounds.sqlite", "rounds.sqlite-wal"].iter().any(|file| {
            let bytes = std::fs::read(site.house.data.path().join(file)).unwrap_or_default();
            bytes.windows(wanted.len()).any(|part| part == wanted)
        })
    };
    assert!(
        is_in_the_open(&site, phone.bundle().round.to_string().as_bytes()),
        "the search finds what is there"
    );
    for secret in [&tube_key[..], household.as_bytes(), visit.to_string().as_bytes(), b"1-101"] {
        assert!(!is_in_the_open(&site, secret));
    }
    let site = site.restarted();
    let key = TubeKey::new(phone.bundle().community, tube_key);
    let item = Some(Thing { kind: "tube".to_owned(), item: key.code(1).item(), lot: None });
    let table = phone.table().unwrap().clone();
    done(&mut phone, &[domain::Command::Serve { visit, table, item }]);
    site.sync(&mut phone).await;
    assert_eq!(site.people_and_conflicts().await.0, json!([1, 1]));
    assert_eq!(site.doubted(&phone).await, json!(0), "it knows its own tubes again");
}

#[tokio::test]
async fn what_comes_after_the_end_of_the_round_is_kept_aside_and_can_be_admitted() {
    let site = Site::new().await;
    let (mut phone, cookie) = site.phone("registrar", Some("registration"), 1).await;
    let all = check_in(&phone, 0);
    done(&mut phone, &all);
    let early = phone.slice().unwrap().to_bytes();
    site.sync(&mut phone).await;
    let all = check_in(&phone, 1);
    done(&mut phone, &all);
    // The day goes by.
    let moved = format!("UPDATE round SET phones_until = {}", server::people::now() - 1);
    site.house.in_the_book(&moved, &moved);
    let site = site.restarted();
    assert_eq!(site.told(&cookie, 0).await.status, StatusCode::OK);
    let (runs, people) = (&site.house.runs, &site.house.people);
    let now = server::people::now();
    aside(|| runs.end_over(people, now, now + 100)).unwrap();
    assert_eq!(site.told(&cookie, 0).await.status, StatusCode::OK, "it was over before");
    aside(|| runs.end_over(people, 0, now)).unwrap();
    assert_eq!(site.told(&cookie, 0).await.status, StatusCode::UNAUTHORIZED);
    // It had not heard the answer: what is held is held.
    assert_eq!(site.send(&phone, early).await.string("kind"), "stored");
    let late = phone.slice().unwrap().to_bytes();
    for _ in 0..2 {
        let answer = site.send(&phone, late.clone()).await;
        assert_eq!((answer.string("kind").as_str(), answer.string("why").as_str()), ("quarantined", "late"));
    }
    assert_eq!(site.people_and_conflicts().await.0, json!([2, 0]));
    let quarantine = site.rounds.replace("rounds", "quarantine");
    let aside = site.ask(Method::GET, &quarantine, None).await.json();
    assert_eq!(
        (aside.as_array().unwrap().len(), &aside[0]["why"], &aside[0]["events"]),
        (1, &json!("late"), &json!(3))
    );
    let admit = format!("{quarantine}/{}", aside[0]["number"]);
    let admitted = site.ask(Method::POST, &admit, Some(json!({ "admit": true }))).await;
    assert_eq!(admitted.status, StatusCode::NO_CONTENT, "{}", admitted.text());
    assert_eq!(site.people_and_conflicts().await.0, json!([3, 0]));
    assert_eq!(
        site.send(&phone, late).await.string("kind"),
        "stored",
        "the phone is told so, and may forget it"
    );
}

/// Boxes go with couriers' phones; what was found in a tube is told to those alone who have to do with it.
#[tokio::test]
async fn a_courier_hears_of_boxes_and_a_sampler_of_no_results() {
    let site = Site::new().await;
    let (mut secretary, _) = site.phone("secretary", None, 1).await;
    let (mut courier, of_courier) = site.phone("courier", None, 2).await;
    let (_, of_sampler) = site.phone("sampler", Some("sampling"), 3).await;
    let (_, of_registrar) = site.phone("registrar", Some("registration"), 4).await;
    let bundle = courier.bundle().clone();
    let key = TubeKey::new(bundle.community, bundle.tube_key.unwrap());
    assert_eq!(bundle.doors, [], "no name goes with a courier");
    let (item, batch) = (key.code(1).item(), key.batch(1).id());
    let by = secretary.bundle().device;
    written(
        &mut secretary,
        vec![
            Event::ItemGiven { visit: Uuid::from_u128(1), kind: "tube".to_owned(), item, lot: None },
            Event::BatchSealed { batch, tubes: vec![item] },
            Event::ResultReported {
                report: Uuid::from_u128(9),
                item,
                finding: domain::event::Finding::Positive,
                lab: by,
                by,
                instead_of: None,
                reason: None,
            },
        ],
    );
    site.sync(&mut secretary).await;
    let holder = domain::event::Holder { kind: domain::event::HolderKind::Courier, id: bundle.device };
    done(
        &mut courier,
        &[domain::Command::ReceiveBatch { batch, by: holder, from: None, tubes: 1, counted: true }],
    );
    site.sync(&mut courier).await;
    let mut heard = Vec::new();
    for cookie in [&of_courier, &of_sampler, &of_registrar] {
        let told = site.told(cookie, 0).await.json()["lines"].clone();
        let types: Vec<String> =
            told.as_array().unwrap().iter().map(|of| of["type"].as_str().unwrap().to_owned()).collect();
        heard.push(types.join(" "));
    }
    assert_eq!(
        heard,
        [
            "BatchSealed BatchReceived",
            "ItemGiven BatchSealed BatchReceived",
            "ItemGiven BatchSealed ResultReported BatchReceived",
        ]
    );
}
