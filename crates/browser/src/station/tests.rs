#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use super::{HeadText, Station, refused};
use crate::answer::voice;
use domain::{Command, Envelope};
use journal::{Hash, Head, PublicKey, Slice};
use phone::Bundle;
use serde_json::{Value, json};

/// 07:00 at the site.
const OPENS_MS: f64 = 1_648_422_000_000.0;
const SECRET: [u8; 32] = [7; 32];

/// The bundle that the pages' tests have, too.
fn bundle() -> Bundle {
    let text = include_str!("../../../../web/tests/world/bundle.json");
    serde_json::from_str(text).unwrap()
}

fn start(frames: &[u8], acknowledged: Option<HeadText>) -> Option<Station> {
    Station::of(bundle(), &SECRET, frames, acknowledged, &[1; 32])
}

fn start_as(role: &str) -> Station {
    let mut bundle = bundle();
    role.clone_into(&mut bundle.task.role);
    Station::of(bundle, &SECRET, &[], None, &[1; 32]).unwrap()
}

fn of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn sit(station: &mut Station, name: &str) -> Value {
    let table = json!({ "station": name, "lane": 1, "server": 1 });
    station.sit(&table.to_string()).unwrap();
    table
}

/// Decides and does; gives back what a page would store.
fn step(station: &mut Station, at_s: f64, commands: &Value) -> Vec<u8> {
    let told = of(&station.decide(OPENS_MS + at_s * 1e3, &commands.to_string(), "en").unwrap());
    assert!(told["step"]["frames"].as_u64().unwrap() > 0, "{told}");
    let frames = station.pending().unwrap();
    station.done();
    frames
}

fn refusal(station: &mut Station, at_s: f64, commands: &Value, language: &str) -> Value {
    let told = of(&station.decide(OPENS_MS + at_s * 1e3, &commands.to_string(), language).unwrap());
    assert_eq!(station.pending(), None);
    told["refused"].clone()
}

fn check_in(station: &Station, door: &Value, table: &Value) -> Value {
    let people = door["people"].as_array().unwrap().iter().filter(|person| person["arrived"].is_null());
    let of = people.map(|person| {
        json!({ "type": "CheckIn", "visit": person["visit"], "household": door["household"],
            "class": person["class"], "table": table })
    });
    assert_eq!(of_site(station)["name"], "Example Garden");
    of.collect()
}

fn of_site(station: &Station) -> Value {
    of(&station.site("zh"))
}

fn serve(visit: &Value, tube: &Value, table: &Value) -> Value {
    json!([{ "type": "Serve", "visit": visit, "table": table, "item": { "kind": "tube", "item": tube } }])
}

fn tube(station: &Station, number: u32) -> Value {
    let bundle = bundle();
    let code = round::TubeKey::new(bundle.community, bundle.tube_key.unwrap()).code(number);
    let read = of(&station.scanned(&code.to_string(), "en"));
    assert_eq!(read["kind"], "tube", "{read}");
    read["tube"]["item"].clone()
}

#[test]
fn a_household_is_checked_in_and_everything_comes_back_after_a_restart() {
    let mut station = start(&[], None).unwrap();
    let table = sit(&mut station, "registration");
    let found = of(&station.find("02"));
    let door = &found[0];
    assert_eq!((door["label"].as_str(), door["people"].as_array().unwrap().len()), (Some("1-102"), 4));
    let commands = check_in(&station, door, &table);
    let mut kept = step(&mut station, 10.0, &commands);
    assert_eq!(of(&station.now(OPENS_MS + 11e3))["unsent"], 12);
    // The same household again: the roll's name, not a number that nobody at the table knows.
    let refused = refusal(&mut station, 20.0, &commands, "en");
    assert_eq!(refused["code"], "already_arrived");
    assert_eq!(refused["message"], "1-102 Person 1 has been here since 07:00.");
    let undone = of(&station.undo(OPENS_MS + 30e3, "en"));
    assert_eq!(undone["step"]["first"], 13);
    station.forget();
    assert_eq!(of(&station.now(OPENS_MS + 31e3))["written"], 12, "what could not be stored has not happened");
    station.undo(OPENS_MS + 32e3, "en");
    kept.extend(station.pending().unwrap());
    station.done();
    let again = start(&kept, None).unwrap();
    assert_eq!(again.now(OPENS_MS + 40e3), station.now(OPENS_MS + 40e3));
    assert!(start(&kept[..kept.len() - 1], None).is_none(), "half a frame is no log");
}

#[test]
fn what_the_server_has_is_not_sent_again() {
    let mut station = start(&[], None).unwrap();
    let table = sit(&mut station, "registration");
    assert_eq!(station.slice(), None);
    let mut kept = Vec::new();
    for (digits, at_s) in [("101", 1.0), ("203", 2.0)] {
        let found = of(&station.find(digits));
        let commands = check_in(&station, &found[0], &table);
        kept.extend(step(&mut station, at_s, &commands));
    }
    let slice = Slice::from_bytes(&station.slice().unwrap()).unwrap();
    let public = Station::public_key(&SECRET);
    let key = PublicKey::from_bytes(&super::hex::bytes(&public).unwrap()).unwrap();
    assert!(key.signed(slice.log, &slice.head(), &slice.signature));
    let Head { seq, hash: Hash(hash) } = slice.head();
    let hash = super::hex::of(&hash);
    assert!(!station.stored(seq as f64, &hash.replace(&hash[..2], "zz")), "no hash");
    assert!(!station.stored(seq as f64 - 1.0, &hash), "a head of another log");
    assert!(station.stored(seq as f64, &hash));
    assert_eq!(station.slice(), None);
    let told = of(&station.acknowledged());
    assert_eq!((told["seq"].as_u64(), told["hash"].as_str()), (Some(seq), Some(hash.as_str())));
    let again = start(&kept, Some(HeadText { seq, hash })).unwrap();
    assert_eq!(of(&again.now(OPENS_MS))["unsent"], 0);
    // A server that has lost the end of it says so: then it is sent once more.
    assert_eq!(start(&kept, None).unwrap().slice().map(|bytes| bytes.len()), Some(slice.to_bytes().len()));
}

#[test]
fn a_full_tube_refuses_the_eleventh_in_words() {
    let mut station = start(&[], None).unwrap();
    let table = sit(&mut station, "sampling");
    let (first, second) = (tube(&station, 4), tube(&station, 5));
    let doors: Vec<Value> =
        ["101", "102", "103", "104"].iter().map(|digits| of(&station.find(digits))[0].clone()).collect();
    let people: Vec<&Value> = doors.iter().flat_map(|door| door["people"].as_array().unwrap()).collect();
    for (person, at_s) in people.iter().zip(0..).take(10) {
        let shown = of(&station.now(OPENS_MS))["tube"].clone();
        assert_eq!(
            shown["people"].as_array().map(Vec::len),
            (at_s > 0).then_some(at_s),
            "continues by itself"
        );
        step(&mut station, at_s as f64, &serve(&person["visit"], &first, &table));
    }
    assert_eq!(of(&station.now(OPENS_MS))["tube"], Value::Null, "sealed");
    let full = refusal(&mut station, 60.0, &serve(&people[10]["visit"], &first, &table), "zh");
    assert_eq!((full["code"].as_str(), full["next"].as_str()), (Some("tube_sealed"), Some("请换一支新管。")));
    let twice = refusal(&mut station, 61.0, &serve(&people[0]["visit"], &second, &table), "zh");
    assert!(twice["message"].as_str().unwrap().starts_with("1-101 Person 1已经在"), "{twice}");
    step(&mut station, 62.0, &serve(&people[10]["visit"], &second, &table));
    assert_eq!(of(&station.tube(second.as_str().unwrap()))["people"].as_array().unwrap().len(), 1);
    assert_eq!(of(&station.person(people[10]["visit"].as_str().unwrap()))["item"], "0005");
}

#[test]
fn codes_and_what_others_recorded_are_read() {
    let mut station = start(&[], None).unwrap();
    let kind = |text: &str| of(&station.scanned(text, "en"))["kind"].clone();
    let door = bundle().doors[2].clone();
    assert_eq!(kind(&door.code), "door");
    assert_eq!(kind(&format!("https://example.org/r#{}", door.people[1].code)), "person");
    assert_eq!(kind("6901234567892"), "other");
    // Of the length of our own tubes: at registration it can be linked all the same.
    let passport = of(&station.scanned("E12345678", "en"));
    assert_eq!(
        (passport["kind"].as_str(), passport["code"].as_str()),
        (Some("fault"), Some("code_mistyped"))
    );
    assert_eq!(passport["card"]["linked"], false);
    let link = json!([{ "type": "LinkCode", "code": passport["card"]["code"], "household": door.household }]);
    step(&mut station, 1.0, &link);
    let known = of(&station.scanned("e1234 5678", "en"));
    assert_eq!((known["kind"].as_str(), &known["card"]["linked"]), (Some("door"), &json!(true)));
    let elsewhere = of(&station.scanned(&round::person_code([9; 5]), "en"));
    assert_eq!(
        (elsewhere["kind"].as_str(), elsewhere["code"].as_str()),
        (Some("fault"), Some("code_elsewhere"))
    );
    // Another phone has let in somebody of this door.
    let mut other =
        Station::of(Bundle { device: uuid::Uuid::from_u128(99), ..bundle() }, &[8; 32], &[], None, &[3; 32])
            .unwrap();
    let table = sit(&mut other, "registration");
    let found = of(&other.find("103"));
    let commands = check_in(&other, &found[0], &table);
    step(&mut other, 5.0, &commands);
    let told: Vec<&Envelope> = other.phone.folded().told().iter().map(|told| &**told).collect();
    let lines: String = told.iter().map(|told| serde_json::to_string(told).unwrap() + "\n").collect();
    assert_eq!(station.hear(&format!("{lines}{lines}no event\n")), 1);
    let refused = refusal(&mut station, 9.0, &commands, "en");
    assert_eq!(refused["code"], "already_arrived");
    sit(&mut station, "sampling");
    assert_eq!(
        of(&station.now(OPENS_MS + 9e3))["queue_people"],
        found[0]["people"].as_array().unwrap().len()
    );
    assert_eq!(of(&station.door(found[0]["household"].as_str().unwrap()))["label"], "1-103");
}

#[test]
fn callers_order_keepers_and_counters_write_things_down() {
    let mut station = start_as("caller");
    assert_eq!(of_site(&station)["tasks"], json!(["caller"]));
    let call = of(&station.calls(OPENS_MS, "en"));
    let door = &call["lists"][0]["doors"][0];
    assert_eq!((&door["open"], &door["note"]), (&json!(true), &json!("")));
    let household = &door["household"];
    step(
        &mut station,
        1.0,
        &json!([{ "type": "CallHousehold", "household": household, "wave": call["wave"] },
        { "type": "AnswerCall", "household": household, "answer": "coming" }]),
    );
    let booking = json!([{ "type": "BookElsewhere", "household": household, "reference": "ab-4711" }]);
    step(&mut station, 1.5, &booking);
    let called = of(&station.calls(OPENS_MS + 2e3, "zh"));
    let door = &called["lists"][0]["doors"][0];
    assert_eq!((&door["open"], &door["note"]), (&json!(false), &json!("07:00 说这就来 · 已代约：AB-4711")));
    assert!(called["lists"][0]["head"].as_str().unwrap().starts_with("第 1 批，计划 "), "{called}");
    let telephone = json!([{ "type": "BookElsewhere", "household": household, "reference": "13800138000" }]);
    assert_eq!(refusal(&mut station, 2.0, &telephone, "en")["code"], "no_reference");
    // Counting is somebody else's task.
    let count = json!([{ "type": "CountQueue", "station": "registration", "lane": 1, "people": 14 }]);
    for language in ["en", "zh"] {
        let refused = refusal(&mut station, 2.0, &count, language);
        assert_eq!(refused["code"], "not_your_task");
        let (message, next) = (refused["message"].as_str().unwrap(), refused["next"].as_str().unwrap());
        assert!(!message.contains(['{', '@']) && !next.is_empty(), "{refused}");
    }
    let mut station = start_as("order");
    assert_eq!(of_site(&station)["tasks"], json!(["order", "tally", "box", "label"]));
    assert_eq!(of_site(&start_as("courier"))["tasks"], json!(["label", "courier"]));
    assert_eq!(of_site(&start_as("lab"))["tasks"], json!(["label", "lab"]));
    assert_eq!(
        of_site(&start_as("registrar"))["tasks"],
        json!(["registrar", "sampler", "order", "tally", "box", "label", "recall"])
    );
    sit(&mut station, "registration");
    step(&mut station, 2.0, &count);
    step(&mut station, 2.0, &json!([{ "type": "CountPeople", "gate": "in", "people": 1 }]));
    let now = of(&station.now(OPENS_MS + 3e3));
    assert_eq!((&now["counted"][0], &now["tally"]), (&json!(14), &json!([1, 0])));
    station.undo(OPENS_MS + 4e3, "en");
    station.done();
    let now = of(&station.now(OPENS_MS + 5e3));
    assert_eq!(
        (&now["counted"][0], &now["tally"]),
        (&json!(14), &json!([0, 0])),
        "one step, not two of one moment"
    );
    assert_ne!(station.fresh(OPENS_MS), station.fresh(OPENS_MS));
}

#[test]
fn a_box_is_scanned_closed_and_taken() {
    let mut station = start_as("secretary");
    let table = sit(&mut station, "sampling");
    let item = tube(&station, 4);
    let door = of(&station.find("101"))[0].clone();
    step(&mut station, 1.0, &serve(&door["people"][0]["visit"], &item, &table));
    step(&mut station, 2.0, &json!([{ "type": "SealTube", "item": item }]));
    let bundle = bundle();
    let code = round::TubeKey::new(bundle.community, bundle.tube_key.unwrap()).batch(1).to_string();
    let read = of(&station.scanned(&code, "en"));
    assert_eq!(read["kind"], "batch", "{read}");
    let made_up = round::TubeKey::new(bundle.community, [0; 32]).batch(1).to_string();
    assert_eq!(of(&station.scanned(&made_up, "zh"))["code"], "box_not_ours");
    let batch = &read["batch"];
    assert_eq!(of(&station.boxes(OPENS_MS + 3e3))["loose"][0]["label"], "0004");
    step(&mut station, 3.0, &json!([{ "type": "SealBatch", "batch": batch, "tubes": [item] }]));
    let by = json!({ "kind": "courier", "id": bundle.device });
    step(&mut station, 4.0, &json!([{ "type": "ReceiveBatch", "batch": batch, "by": by, "tubes": 1 }]));
    let held = of(&station.boxes(OPENS_MS + 5e3))["held"][0].clone();
    assert_eq!((held["code"].as_str(), held["mine"].as_bool()), (Some(code.as_str()), Some(true)));
    assert_eq!(of(&station.batch(batch.as_str().unwrap(), OPENS_MS + 61e3))["left_min"], 239);
    assert_eq!(of(&station.to_call(OPENS_MS)), json!([]));
}

#[test]
fn every_sentence_about_a_person_can_say_the_name() {
    let mut station = start(&[], None).unwrap();
    let table = sit(&mut station, "registration");
    let found = of(&station.find("102"));
    let commands = check_in(&station, &found[0], &table);
    step(&mut station, 1.0, &commands);
    for language in ["en", "zh"] {
        let voice = voice(language);
        for (key, sentence) in voice.language.catalogue() {
            let about = ["{person}", "{other}"].iter().any(|gap| sentence.contains(gap));
            if !key.starts_with("refusal.") || key == "refusal.numbered" || !about {
                continue;
            }
            let marked = "\u{1}1\u{1}";
            let said = voice.say(key, &[("person", marked), ("other", marked), ("server", "1")]);
            let said = refused::named(&station.phone, voice, said);
            assert!(said.contains("1-102 Person 1"), "{key}: {said}");
            assert!(
                !said.contains("No. ") && !said.contains("Person 1 号") && !said.contains('\u{1}'),
                "{key}: {said}"
            );
        }
    }
    let unknown = phone::Refused { place: 0, refusal: round::Refusal::HasItem { person: 77 } };
    let said = refused::words(&station.phone, &unknown, voice("en"));
    assert_eq!(said.message, "No. 77 has already been given theirs.");
    let _: Command = serde_json::from_value(json!({ "type": "OpenRound" })).unwrap();
}
