//! Neighbours who help each other, over HTTP: each by the link on their own slip, the secretariat at its desk.

use crate::{
    Answer, aside, packed,
    rounds::{Site, account},
};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::access::role::{Place, Role};

const ROLL: &str =
    "building,entrance,door,name,phone\n12,2,301,Ann,13900001111\n12,2,302,Ben,13900002222\n12,1,101,Cleo,\n";

/// A compound: the desk, and each person's link.
struct Street {
    site: Site,
    /// In the order of the roll.
    links: Vec<String>,
}

impl Street {
    async fn new() -> Street {
        Street::of(ROLL, &["Ann", "Ben", "Cleo"]).await
    }

    async fn of(roll: &str, people: &[&str]) -> Street {
        let site = Site::of(roll).await;
        let mut links = Vec::new();
        let path = site.rounds.replace("/rounds", "/names");
        let names = site.ask(Method::GET, &format!("{path}?why=copy"), None).await.json();
        for name in people {
            let id = names.as_array().unwrap().iter().find(|one| one["name"] == *name).unwrap()["id"].clone();
            let copy = format!("{path}/{}/copy?why=copy", id.as_str().unwrap());
            let own = site.ask(Method::GET, &copy, None).await.json()["stays"][0]["own"].clone();
            links.push(own.as_str().unwrap().rsplit('/').next().unwrap().to_owned());
        }
        Street { site, links }
    }

    /// Somebody's page, after what they do.
    async fn own(&self, who: usize, act: Option<Value>) -> Answer {
        let path = format!("{}/mine/neighbours?lang=en", self.site.round);
        self.site.house.post(&path, json!({ "token": self.links[who], "act": act })).await
    }

    async fn act(&self, who: usize, act: Value) -> Value {
        let answer = self.own(who, Some(act)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    fn desk_path(&self) -> String {
        self.site.rounds.replace("/rounds", "/neighbours")
    }

    async fn desk(&self) -> Value {
        let answer = self.site.ask(Method::GET, &format!("{}?lang=en", self.desk_path()), None).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
        answer.json()
    }

    async fn see_to(&self, act: Value) -> Answer {
        self.site.ask(Method::POST, &self.desk_path(), Some(act)).await
    }
}

fn need(kind: &str) -> Value {
    json!({ "do": "post", "side": "need", "kind": kind, "urgency": "urgent", "hours": 3, "words": "for my mother" })
}

fn offer(kind: &str) -> Value {
    json!({ "do": "post", "side": "offer", "kind": kind, "urgency": "usual", "hours": 100 })
}

fn of(act: &str, id: &Value) -> Value {
    json!({ "do": act, "of": id })
}

#[tokio::test]
async fn two_neighbours_come_together_and_neither_is_told_of_the_other_before_both_say_yes() {
    let street = Street::new().await;
    let asked = street.act(0, need("medicine")).await;
    let id = asked["needs"][0]["id"].clone();
    for _ in 0..5 {
        let again = street.act(0, need("medicine")).await;
        assert_eq!((again["needs"].as_array().unwrap().len(), &again["needs"][0]["id"]), (1, &id));
    }
    street.act(1, offer("medicine")).await;
    let desk = street.desk().await;
    assert_eq!((&desk["near"][0]["of"], &desk["near"][0]["late"]), (&id, &json!(false)), "urgent: at once");
    assert_eq!(desk["needs"][0]["door"], "12-2-301");
    let pair = &desk["proposals"][0];
    assert_eq!(pair["reasons"], json!(["urgent", "on the same floor", "has nothing else on their hands"]));
    let propose = json!({ "do": "propose", "need": pair["need"], "offer": pair["offer"] });
    assert_eq!(street.see_to(propose.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(street.see_to(propose).await.problem(), (409, "exchange_need_not_open".to_owned()));
    // One reads what is asked of them, and not whose it is.
    let page = street.own(1, None).await;
    for secret in ["Ann", "301", "13900001111", "mother"] {
        assert!(!page.text().contains(secret), "{secret} in {}", page.text());
    }
    let page = page.json();
    assert_eq!((&page["asked"][0]["kind"], &page["asked"][0]["partner"]), (&json!("medicine"), &Value::Null));
    assert_eq!(page["asked"][0]["can"], json!(["accept", "decline"]));
    assert!(page["asked"][0]["message"].as_str().unwrap().contains("in your building"), "{page}");
    // A third can do nothing with it, whatever they send.
    for act in ["accept", "decline", "done", "hand_over", "withdraw"] {
        let (status, _) = street.own(2, Some(of(act, &id))).await.problem();
        assert_eq!(status, 409, "{act}");
    }
    let one = street.act(1, of("accept", &id)).await;
    assert_eq!((&one["asked"][0]["state"], &one["asked"][0]["partner"]), (&json!("waits"), &Value::Null));
    let both = street.act(0, of("accept", &id)).await;
    assert_eq!(
        both["needs"][0]["partner"],
        json!({ "door": "12-2-302", "name": "Ben", "phone": "13900002222" })
    );
    let other = street.own(1, None).await.json();
    assert_eq!(other["asked"][0]["partner"]["name"], "Ann");
    assert_eq!(other["asked"][0]["words"], "for my mother");
    assert!(!street.own(2, None).await.text().contains("Ann"));
    // Who was told of whom is written down.
    let accesses =
        street.site.ask(Method::GET, &street.site.rounds.replace("/rounds", "/accesses"), None).await;
    let met = accesses.json().as_array().unwrap().iter().filter(|of| of["what"] == "exchange").count();
    assert_eq!(met, 3, "one look of the desk, and each of the two");
    street.act(1, of("done", &id)).await;
    let done = street.act(0, of("done", &id)).await;
    assert_eq!((&done["needs"][0]["state"], &done["needs"][0]["partner"]), (&json!("done"), &Value::Null));
    assert_eq!(street.own(1, None).await.json()["helped"], 1);
    assert_eq!(street.desk().await["near"], json!([]));
}

#[tokio::test]
async fn the_secretariat_writes_down_for_somebody_who_says_yes_on_their_own_page() {
    let street = Street::new().await;
    let posting =
        json!({ "side": "need", "kind": "medicine", "urgency": "usual", "hours": 12, "words": "her pills" });
    let post =
        |door: &str, name: &str| json!({ "do": "post", "door": door, "name": name, "posting": posting });
    for (door, name) in [("12-2-999", ""), ("12-2-301", "Ben"), ("", "")] {
        assert_eq!(street.see_to(post(door, name)).await.problem(), (404, "neighbour_unknown".to_owned()));
    }
    for _ in 0..2 {
        assert_eq!(street.see_to(post(" 12-2-301", "Ann ")).await.status, StatusCode::NO_CONTENT);
    }
    let desk = street.desk().await;
    let needs = desk["needs"].as_array().unwrap();
    assert_eq!((needs.len(), &needs[0]["on_behalf"], &needs[0]["name"]), (1, &json!(true), &json!("Ann")));
    // It is hers: on her page, and nobody is told of her before both say yes.
    let own = street.own(0, None).await.json();
    assert_eq!(
        (&own["needs"][0]["on_behalf"], &own["needs"][0]["words"]),
        (&json!(true), &json!("her pills"))
    );
    street.act(1, offer("medicine")).await;
    let pair = street.desk().await["proposals"][0].clone();
    let propose = json!({ "do": "propose", "need": pair["need"], "offer": pair["offer"] });
    assert_eq!(street.see_to(propose).await.status, StatusCode::NO_CONTENT);
    assert!(!street.own(1, None).await.text().contains("Ann"));
    let id = &pair["need"];
    assert_eq!(street.act(1, of("accept", id)).await["asked"][0]["state"], "waits");
    assert_eq!(street.act(0, of("accept", id)).await["needs"][0]["partner"]["name"], "Ben");
    // That somebody looked the door up is written down.
    let accesses =
        street.site.ask(Method::GET, &street.site.rounds.replace("/rounds", "/accesses"), None).await;
    assert!(accesses.text().contains("written down in somebody's name"), "{}", accesses.text());
}

#[tokio::test]
async fn a_stranger_is_brought_together_with_no_child_before_the_secretariat_says_so() {
    let street = Street::new().await;
    street.act(0, need("childcare")).await;
    let given = street.act(2, offer("childcare")).await;
    assert_eq!(given["offers"][0]["state"], "flagged");
    let desk = street.desk().await;
    assert_eq!((&desk["proposals"], &desk["flagged"][0]), (&json!([]), &given["offers"][0]["id"]));
    assert!(desk["needs"][0]["for_child"] == true);
    let pair = json!({ "do": "propose", "need": desk["needs"][0]["id"], "offer": desk["flagged"][0] });
    assert_eq!(street.see_to(pair.clone()).await.problem(), (409, "exchange_needs_word".to_owned()));
    let word = json!({ "do": "give_word", "of": desk["flagged"][0], "good": true });
    assert_eq!(street.see_to(word).await.status, StatusCode::NO_CONTENT);
    assert_eq!(street.see_to(pair).await.status, StatusCode::NO_CONTENT);
    assert_eq!(street.desk().await["flagged"], json!([]));
}

#[tokio::test]
async fn a_lesson_is_for_a_child_where_nobody_said_for_whom() {
    let street = Street::new().await;
    street.act(2, offer("lessons")).await;
    let unsaid = street.act(0, need("lessons")).await;
    assert_eq!(unsaid["needs"][0]["for_child"], true);
    assert_eq!(street.desk().await["proposals"], json!([]), "nobody gave a word");
    street.act(0, of("withdraw", &unsaid["needs"][0]["id"])).await;
    let mut grown = need("lessons");
    grown["for_child"] = json!(false);
    assert_eq!(street.act(0, grown).await["needs"][0]["for_child"], false);
    assert_eq!(street.desk().await["proposals"].as_array().unwrap().len(), 1);
    // Food for a child who is alone at home.
    let mut food = need("food");
    food["for_child"] = json!(true);
    street.act(1, food).await;
    street.act(2, offer("food")).await;
    let desk = street.desk().await;
    assert_eq!(
        (&desk["flagged"].as_array().unwrap().len(), desk["proposals"].as_array().unwrap().len()),
        (&2, 1)
    );
}

#[tokio::test]
async fn two_of_a_household_who_ask_for_the_same_are_one_once_the_desk_says_so() {
    let street = Street::of(&format!("{ROLL}12,2,301,Ada,13900003333\n"), &["Ann", "Ada"]).await;
    let ann = street.act(0, need("food")).await["needs"][0]["id"].clone();
    let ada = street.act(1, need("food")).await["needs"][0]["id"].clone();
    let desk = street.desk().await;
    let doubles: Vec<(&Value, &Value)> = desk["needs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|of| !of["double"].is_null())
        .map(|of| (&of["id"], &of["double"]))
        .collect();
    assert_eq!(doubles.len(), 1);
    let (need, into) = doubles[0];
    assert!([(&ada, &ann), (&ann, &ada)].contains(&(need, into)));
    let join = json!({ "do": "join", "need": need, "into": into });
    assert_eq!(street.see_to(join).await.status, StatusCode::NO_CONTENT);
    let who = usize::from(*need == ada);
    assert_eq!(street.own(who, None).await.json()["needs"][0]["state"], "joined");
}

#[tokio::test]
async fn a_visit_has_its_hour_and_its_place_and_the_door_is_told_once_both_said_yes() {
    let street = Street::new().await;
    let begins = server::people::now() + 20 * 3600;
    let mut visit = need("visit");
    (visit["at"], visit["hours"], visit["meet"]) = (json!(begins), json!(4), json!("gate"));
    let own = street.act(0, visit.clone()).await["needs"][0].clone();
    assert_eq!([&own["from"], &own["until"]], [begins, begins + 4 * 3600]);
    assert_eq!((&own["timed"], &own["meet"]), (&json!(true), &json!("gate")));
    // An offer that ends before it is none for it.
    let mut short = offer("visit");
    short["hours"] = json!(22);
    street.act(1, short).await;
    assert_eq!(street.desk().await["proposals"], json!([]));
    street.act(1, offer("visit")).await;
    let desk = street.desk().await;
    assert_eq!(desk["needs"][0]["meet"], "gate");
    let pair = &desk["proposals"][0];
    assert_eq!(pair["reasons"][1], "they meet at the gate");
    let propose = json!({ "do": "propose", "need": pair["need"], "offer": pair["offer"] });
    assert_eq!(street.see_to(propose).await.status, StatusCode::NO_CONTENT);
    let asked = street.own(1, None).await;
    let asked = asked.json()["asked"][0].clone();
    // Ids and moments may hold these digits.
    let texts = asked.as_object().unwrap().values().filter_map(Value::as_str);
    let mut texts = texts.filter(|text| uuid::Uuid::try_parse(text).is_err());
    assert!(texts.all(|text| !text.contains("301")), "{asked}");
    assert_eq!((&asked["meet"], &asked["timed"]), (&json!("gate"), &json!(true)));
    // What is past, or no place of the list.
    for (field, value, refused) in [
        ("at", json!(begins - 30 * 3600), (409, "exchange_time_past")),
        ("at", json!(i64::MAX), (409, "exchange_time_far")),
        ("at", json!(i64::MIN), (409, "exchange_time_past")),
        ("meet", json!("Dr. Example's"), (400, "body_other")),
    ] {
        let mut wrong = visit.clone();
        wrong[field] = value;
        let (status, code) = street.own(2, Some(wrong)).await.problem();
        assert_eq!((status, &*code), refused, "{field}");
    }
}

#[tokio::test]
async fn a_need_that_nobody_offers_is_given_to_a_volunteer_who_sees_what_they_must_and_no_more() {
    let street = Street::new().await;
    let path = street.site.rounds.replace("/rounds", "/volunteers");
    let in_a_month = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(30 * 24);
    let opened = json!({ "kept_until": in_a_month.to_string()[..10] });
    let code = street.site.ask(Method::POST, &format!("{path}/code"), Some(opened)).await.string("link");
    let code = code.rsplit('/').next().unwrap().to_owned();
    let join = async |name: &str, skills: &str| {
        let cells = json!({ "name": name, "phone": "13900004444", "skills": skills });
        let joined =
            street.site.house.post(&format!("{path}/join"), json!({ "code": code, "cells": cells })).await;
        assert_eq!(joined.status, StatusCode::CREATED, "{}", joined.text());
        let link = joined.string("link");
        let mut parts = link.rsplit('/').map(str::to_owned);
        let token = parts.next().unwrap();
        json!({ "volunteer": parts.next().unwrap(), "token": token })
    };
    let links = [join("Dora", "Japanese").await, join("Emil", "").await];
    let link = |name: &str| links[usize::from(name == "Emil")].clone();
    street.act(0, need("medicine")).await;
    street.act(2, need("food")).await;
    let desk = street.desk().await;
    let (dora, emil) = (&desk["volunteers"][0], &desk["volunteers"][1]);
    assert_eq!(
        (&dora["name"], &dora["subjects"], &emil["subjects"]),
        (&json!("Dora"), &json!(["japanese"]), &json!([]))
    );
    let at = |kind: &str| {
        desk["needs"].as_array().unwrap().iter().find(|of| of["kind"] == kind).unwrap()["id"].clone()
    };
    let (medicine, food) = (at("medicine"), at("food"));
    assert_eq!(
        street.see_to(of("carry", &medicine)).await.problem(),
        (409, "exchange_nobody_carries".to_owned())
    );
    let nobody =
        json!({ "do": "assign", "need": medicine, "volunteer": "00000000-0000-4000-8000-000000000000" });
    assert_eq!(street.see_to(nobody).await.problem(), (404, "volunteer_not_kept".to_owned()));
    for need in [&medicine, &food] {
        let assign = json!({ "do": "assign", "need": need, "volunteer": dora["id"] });
        assert_eq!(street.see_to(assign).await.status, StatusCode::NO_CONTENT);
    }
    let page = async |name: &str| {
        street.site.house.post(&format!("{path}/own?lang=en"), link(name)).await.json()["errands"].clone()
    };
    let errands = page("Dora").await;
    assert_eq!(errands.as_array().unwrap().len(), 2);
    let [one, other] =
        [&medicine, &food].map(|id| errands.as_array().unwrap().iter().find(|of| of["of"] == *id).unwrap());
    assert_eq!(one["to"], json!({ "door": "12-2-301", "name": "Ann", "phone": "13900001111" }));
    assert_eq!((&one["words"], &one["can"]), (&json!("for my mother"), &json!(["done", "cannot"])));
    assert_eq!(
        (&other["to"]["door"], &other["to"]["name"]),
        (&json!("12-1-101"), &Value::Null),
        "food is for a door"
    );
    assert_eq!(page("Emil").await, json!([]));
    let own = street.own(0, None).await.json()["needs"][0].clone();
    assert_eq!(
        (&own["state"], &own["carrier"], &own["partner"]),
        (&json!("given"), &json!("Dora"), &Value::Null)
    );
    let act = async |name: &str, need: &Value, done: bool| {
        let mut content = link(name);
        content["act"] = json!({ "type": "errand", "of": need, "done": done });
        street.site.house.post(&format!("{path}/own/act"), content).await
    };
    assert_eq!(act("Emil", &medicine, true).await.problem(), (409, "exchange_unknown".to_owned()));
    assert_eq!(act("Dora", &food, false).await.status, StatusCode::NO_CONTENT);
    assert_eq!(act("Dora", &medicine, true).await.status, StatusCode::NO_CONTENT);
    let desk = street.desk().await;
    assert_eq!(
        (&desk["near"][0]["of"], desk["near"].as_array().unwrap().len()),
        (&food, 1),
        "who cannot is seen"
    );
    let done = street.act(0, of("done", &medicine)).await;
    assert_eq!(done["needs"][0]["state"], "done");
    assert_eq!(page("Dora").await, json!([]));
    let known = desk["needs"].as_array().unwrap().iter().find(|of| of["id"] == medicine).unwrap();
    assert_eq!(known["carrier"], "Dora");
    // That Dora was told of Ann is written down, and of Cleo.
    let accesses =
        street.site.ask(Method::GET, &street.site.rounds.replace("/rounds", "/accesses"), None).await;
    let told = accesses.json().as_array().unwrap().iter().filter(|of| of["why"] == "errand").count();
    assert_eq!(told, 2);
}

#[tokio::test]
async fn a_voice_is_on_the_desk_until_it_is_answered_and_the_answer_on_the_page() {
    let street = Street::new().await;
    let speak = json!({ "do": "speak", "tone": "complaint", "words": "The queue stood in the rain." });
    let said = street.act(2, speak).await;
    let (at, due) = (&said["voices"][0]["at"], &said["voices"][0]["due"]);
    let hours = (due.as_i64().unwrap() - at.as_i64().unwrap()) / 3600;
    assert!((20..46).contains(&hours), "the evening of the next day: {hours} h");
    // The desk of the round says that something waits.
    let round = street.site.ask(Method::GET, &street.site.round, None).await.json();
    assert_eq!(round["neighbours_near"], 1);
    let desk = street.desk().await;
    assert_eq!((&desk["near"][0]["is_voice"], &desk["voices"][0]["name"]), (&json!(true), &json!("Cleo")));
    let answer =
        json!({ "do": "answer", "of": desk["voices"][0]["id"], "words": "Tomorrow there is a tent." });
    assert_eq!(street.see_to(answer).await.status, StatusCode::NO_CONTENT);
    assert_eq!(street.own(2, None).await.json()["voices"][0]["answer"], "Tomorrow there is a tent.");
    assert_eq!(street.own(0, None).await.json()["voices"], json!([]), "nobody else reads it");
}

#[tokio::test]
async fn what_residents_ask_is_answered_once_on_each_page_and_in_the_next_notice() {
    let street = Street::new().await;
    let ask = |words: &str| json!({ "do": "speak", "tone": "question", "words": words });
    street.act(0, ask("May my mother sit while she waits? 13900001111")).await;
    street.act(1, ask("May my mother sit while she waits?")).await;
    street.act(2, ask("When is the lift mended?")).await;
    let desk = street.desk().await;
    let groups = desk["questions"].as_array().unwrap();
    let counts: Vec<usize> = groups.iter().map(|of| of["of"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [2, 1]);
    // Which of the two was first in one second is nobody's to say; the number is hidden in either.
    let asked = groups[0]["question"].as_str().unwrap();
    assert!(asked.starts_with("May my mother sit while she waits?") && !asked.contains("139"), "{asked}");
    // An answer that would be refused is written nowhere.
    let all = |words: &str, notice: Value| json!({ "do": "answer_all", "of": groups[0]["of"], "words": words, "notice": notice });
    let empty = street.see_to(all(" ", json!("May I sit?"))).await;
    assert_eq!(empty.problem(), (409, "exchange_words_missing".to_owned()));
    let scenarios = street.site.ask(Method::GET, "/api/v1/scenarios", None).await.json();
    let path = format!("/api/v1/scenarios/{}", scenarios[0]["id"].as_str().unwrap());
    let files = async || street.site.ask(Method::GET, &path, None).await.json()["files"].clone();
    assert!(files().await.get("questions.csv").is_none());
    assert_eq!(
        street.see_to(all("There are chairs.", json!("May I sit while I wait?"))).await.status,
        StatusCode::NO_CONTENT
    );
    for who in [0, 1] {
        assert_eq!(street.own(who, None).await.json()["voices"][0]["answer"], "There are chairs.");
    }
    let private = json!({ "do": "answer_all", "of": groups[1]["of"], "words": "On Friday." });
    assert_eq!(street.see_to(private).await.status, StatusCode::NO_CONTENT);
    assert_eq!(street.desk().await["questions"], json!([]));
    let row = "May I sit while I wait?,There are chairs.,\n";
    assert_eq!(files().await["questions.csv"], packed(&format!("question,answer,where\n{row}{row}")));
    let notice = street
        .site
        .ask(Method::POST, &format!("{}/notices?lang=en", street.site.round), Some(json!({})))
        .await;
    assert_eq!(notice.status, StatusCode::CREATED, "{}", notice.text());
    let text = notice.string("text");
    assert!(text.contains("May I sit while I wait?") && text.contains("There are chairs."), "{text}");
    assert!(!text.contains("lift") && !text.contains("mother"), "{text}");
}

#[tokio::test]
async fn somebodys_time_stands_on_their_page_and_a_link_that_opens_nothing_says_so() {
    let street = Street::new().await;
    let page = street.own(0, None).await.json();
    let (at, called) = (page["call"]["at"].as_i64().unwrap(), &page["call"]["called"]);
    let round = street.site.ask(Method::GET, &street.site.round, None).await.json();
    assert!((at - round["opens"].as_i64().unwrap()).abs() < 86_400, "{page}");
    assert_eq!(called, &json!(false));
    assert_eq!(page["kinds"].as_array().unwrap().len(), 7);
    let path = format!("{}/mine/neighbours", street.site.round);
    let (one, other) = (&street.links[0], &street.links[1]);
    for wrong in [format!("{}{}", &one[..32], &other[32..]), one[..60].to_owned(), String::new()] {
        let answer = street.site.house.post(&path, json!({ "token": wrong, "act": need("food") })).await;
        assert_eq!(answer.problem(), (404, "own_unknown".to_owned()));
    }
    // An act that is none, and words without end.
    for act in [json!({ "do": "propose", "need": "x" }), json!({ "do": "post" }), json!("post")] {
        assert_eq!(street.own(0, Some(act)).await.status, StatusCode::BAD_REQUEST);
    }
    let mut long = need("food");
    long["words"] = json!("字".repeat(301));
    assert_eq!(street.own(0, Some(long)).await.problem(), (409, "exchange_words_long".to_owned()));
}

#[tokio::test]
async fn whoever_is_erased_is_gone_from_the_exchange_too() {
    let street = Street::new().await;
    street.act(0, need("food")).await;
    street.act(1, need("food")).await;
    let names = street.site.rounds.replace("/rounds", "/names");
    let all = street.site.ask(Method::GET, &format!("{names}?why=erasure"), None).await.json();
    let ann = all.as_array().unwrap().iter().find(|one| one["name"] == "Ann").unwrap()["id"].clone();
    let path = format!("{names}/{}?why=erasure", ann.as_str().unwrap());
    let copy = street.site.ask(Method::GET, &path.replace("?why", "/copy?why"), None).await.json();
    assert_eq!(copy["neighbours"][0]["event"]["posting"]["words"], "for my mother");
    let erased = street.site.ask(Method::DELETE, &path, None).await.json();
    assert_eq!((&erased["rows"], &erased["found"]), (&json!(1), &json!(0)));
    assert_eq!(street.own(0, None).await.problem(), (404, "own_unknown".to_owned()));
    assert_eq!(street.desk().await["needs"].as_array().unwrap().len(), 1);
    // Whoever leads another compound sees nothing of this one.
    let other =
        aside(|| street.site.house.people.make_community("Plum Court", server::people::now())).unwrap().id;
    let cookie = account(&street.site.house, Role::Secretary, Place::Community(other));
    let answer = street.site.house.ask_as(Some(&cookie), Method::GET, &street.desk_path(), None).await;
    assert_eq!(answer.problem(), (403, "forbidden".to_owned()));
}
