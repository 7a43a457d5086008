//! Two servers: one asks for people, the other offers, sends a team and looks after it, until it is home; both desks see the same, and what is due.

use crate::parties::{Desk, until};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

impl Desk {
    pub async fn aid(&self) -> Value {
        let page = self.house.get(&format!("/api/v1/parties/{}/aid", self.id)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        page.json()
    }

    pub async fn aids(&self, act: Value) -> Value {
        let done = self.house.post(&format!("/api/v1/parties/{}/aid", self.id), act).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        done.json()
    }

    /// Why it may not.
    pub async fn cannot(&self, act: Value) -> String {
        let refused = self.house.post(&format!("/api/v1/parties/{}/aid", self.id), act).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
        assert!(!refused.string("mend").is_empty());
        refused.string("code")
    }

    /// All that speaks against it, in words.
    pub async fn refused(&self, act: Value) -> String {
        let refused = self.house.post(&format!("/api/v1/parties/{}/aid?lang=en", self.id), act).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
        refused.string("message")
    }

    async fn team(&self) -> Value {
        self.aid().await["teams"][0].clone()
    }

    pub async fn sees(&self, what: &str, is_so: impl Fn(&Value) -> bool) {
        until(what, async || is_so(&self.aid().await)).await;
    }
}

fn request(number: u32) -> Value {
    json!({
        "kind": "request", "asked": [], "skill": "sampling", "number": number, "district": "North",
        "from": now() + 3 * DAY, "until": now() + 6 * DAY, "why": "three days of mass testing",
    })
}

fn whys(page: &Value) -> Vec<String> {
    page["near"].as_array().unwrap().iter().map(|of| of["why"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_asked_for_offered_sent_and_come_home_and_both_desks_see_the_same() {
    let city = Desk::new("city", "Example City").await;
    let donor = Desk::new("city", "Other City").await;
    let third = Desk::new("city", "Third City").await;
    assert_eq!(city.cannot(request(300)).await, "party_nobody_asked");
    for (one, other) in [(&city, &donor), (&donor, &city), (&city, &third), (&third, &city)] {
        one.meets(other).await;
    }
    donor.does(json!({ "kind": "telephones", "phones": { "desk": "555 0100" } })).await;
    let mut endless = request(300);
    endless["until"] = Value::Null;
    assert_eq!(city.cannot(endless.clone()).await, "team_no_end");
    // All that is wrong is said at once.
    (endless["number"], endless["why"]) = (json!(0), json!(" "));
    let refused = city.refused(endless).await;
    for code in ["team_no_end", "team_text_missing"] {
        let sentence = words::say(words::Language::En, &format!("problem.{code}"), &[("", "")]);
        assert!(refused.contains(&sentence), "{code}: {refused}");
    }

    // All that are told of teams are asked; one offers, the other cannot. Sent again after its answer was lost, it is asked once.
    let (asking, once) = (request(300), uuid::Uuid::new_v4());
    let path = format!("/api/v1/parties/{}/aid?once={once}", city.id);
    for _ in 0..2 {
        assert_eq!(city.house.post(&path, asking.clone()).await.status, StatusCode::OK);
    }
    let page = city.aid().await;
    assert_eq!(page["requests"].as_array().unwrap().len(), 1, "{page}");
    let asked = &page["requests"][0];
    assert_eq!((asked["ours"].clone(), asked["waits"].as_array().unwrap().len()), (json!(true), 2));
    let id = &asked["id"];
    for desk in [&donor, &third] {
        desk.sees("it is asked", |page| page["requests"][0]["can"] == json!(["offer", "decline"])).await;
    }
    assert_eq!(donor.aid().await["requests"][0]["why"], "three days of mass testing");
    third.aids(json!({ "kind": "decline", "request": id })).await;
    let offer = |number: u32, has: Value| json!({ "kind": "offer", "request": id, "number": number, "from": now() + 3 * DAY, "until": now() + 6 * DAY, "has": has, "stay": 400 });
    assert_eq!(donor.cannot(offer(20, Value::Null)).await, "team_strength_unknown");
    assert_eq!(donor.cannot(offer(200, json!(500))).await, "team_above_reserve");
    donor.aids(offer(20, json!(500))).await;
    city.sees("the city sees both answers", |page| {
        let of = &page["requests"][0];
        of["waits"] == json!([])
            && of["declined"] == json!(["Third City"])
            && of["offers"][0]["donor"] == "Other City"
    })
    .await;
    // What the donor has is its own affair, and what it offers is nobody else's.
    for desk in [&city, &third] {
        assert_eq!(desk.aid().await["requests"][0]["has"], Value::Null);
    }
    assert_eq!(third.aid().await["requests"][0]["offers"], json!([]));

    let page = city.aid().await;
    let offered = &page["requests"][0]["offers"][0]["id"];
    assert_eq!(
        donor.cannot(json!({ "kind": "accept", "offer": offered, "number": 20 })).await,
        "team_not_yours"
    );
    assert_eq!(
        city.cannot(json!({ "kind": "accept", "offer": offered, "number": 21 })).await,
        "team_above_offer"
    );
    city.aids(json!({ "kind": "accept", "offer": offered, "number": 20 })).await;
    donor
        .sees("it is accepted", |page| {
            page["requests"][0]["offers"][0]["can"] == json!(["commit", "withdraw_offer"])
        })
        .await;
    let commit = json!({
        "kind": "commit", "offer": offered, "name": "Team one", "number": 20, "departs": now() + HOUR, "arrives": now() + 9 * HOUR,
    });
    let page = donor.aids(commit).await;
    let (team, deployment) = (page["teams"][0]["team"].clone(), page["teams"][0]["deployment"].clone());
    assert_eq!(page["teams"][0]["members"].as_array().unwrap().len(), 20);
    city.sees("the city sees who comes", |page| {
        page["teams"][0]["members"].as_array().is_some_and(|all| all.len() == 20)
    })
    .await;

    // On the way, there, and with beds.
    let step = |step: &str| json!({ "kind": "step", "deployment": deployment, "step": step });
    assert_eq!(city.cannot(step("departed")).await, "team_not_yours");
    donor.aids(step("departed")).await;
    city.sees("they are on the way", |page| page["teams"][0]["stage"] == "departed").await;
    city.aids(step("arrived")).await;
    city.aids(
        json!({ "kind": "lodge", "deployment": deployment, "name": "Example Hall", "beds": 40, "each": 2 }),
    )
    .await;
    donor.sees("they are lodged", |page| page["teams"][0]["lodging"] == "Example Hall").await;
    let rooms = city.team().await["rooms"].clone();
    let sizes: Vec<usize> =
        rooms.as_array().unwrap().iter().map(|room| room["cards"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [2; 10]);
    // Two more come, and go again.
    donor.aids(json!({ "kind": "join", "team": team, "number": 2 })).await;
    let members = |page: &Value| page["teams"][0]["members"].as_array().unwrap().clone();
    let all = members(&donor.aid().await);
    assert_eq!(all.len(), 22);
    let shared: Vec<&Value> =
        rooms.as_array().unwrap().iter().flat_map(|room| room["cards"].as_array().unwrap()).collect();
    let new: Vec<&Value> =
        all.iter().filter(|of| !shared.contains(&&of["card"])).map(|of| &of["id"]).collect();
    donor.aids(json!({ "kind": "leave", "team": team, "members": new })).await;
    city.sees("they are twenty", |page| members(page).len() == 20).await;

    // Checked, tested: one is positive, and both desks see it on one line.
    let card = donor.team().await["members"][3]["id"].clone();
    donor.aids(json!({ "kind": "check", "team": team, "ill": [] })).await;
    donor.aids(json!({ "kind": "test", "team": team, "taken": now() - 60, "positive": [card] })).await;
    city.sees("an alarm", |page| page["alarms"].as_array().unwrap().len() == 1).await;
    assert_eq!(city.aid().await["alarms"], donor.aid().await["alarms"]);
    assert!(whys(&city.aid().await).contains(&"A member is positive or ill and not apart.".to_owned()));
    donor.aids(json!({ "kind": "isolate", "members": [card] })).await;
    // And whoever shared a room with them is exposed.
    city.sees("they are apart", |page| page["teams"][0]["fit"] == 18).await;

    // Whoever hosts says how hot it will be and by which rules people work: their sender hears of both.
    crate::rounds::midday();
    let forecast = city.aid().await["weather"][1].clone();
    assert_eq!((&forecast["celsius"], &forecast["hot"]), (&Value::Null, &json!(false)));
    let noon = forecast["day"].as_i64().unwrap();
    let weather = city.aids(json!({ "kind": "heat", "day": noon, "celsius": 41 })).await["weather"].clone();
    assert_eq!((&weather[1]["celsius"], &weather[1]["hot"]), (&json!(41), &json!(true)));
    assert_eq!(city.cannot(json!({ "kind": "heat", "day": noon, "celsius": 61 })).await, "team_heat_off");
    let mut rules = city.aid().await["rules"].clone();
    rules["work_h"] = json!(25);
    assert_eq!(city.cannot(json!({ "kind": "set_rules", "rules": rules })).await, "team_rules_off");
    rules["work_h"] = json!(2);
    let page = city.aids(json!({ "kind": "set_rules", "rules": rules })).await;
    assert_eq!((&page["rules"]["work_h"], &page["rules"]["rest_h"]), (&json!(2), &json!(11)));
    let morning = |outdoor: bool, hours: i64| {
        let from = noon - 6 * HOUR;
        json!({ "kind": "plan_shift", "deployment": deployment, "people": 1, "from": from, "until": from + hours * HOUR, "outdoor": outdoor, "bus": "Bus 1" })
    };
    // What is told later comes later: who sees this shift knows of both.
    let indoors = city.aids(morning(false, 1)).await["teams"][0]["shifts"][0].clone();
    assert_eq!(indoors["bus"], "Bus 1");
    donor.sees("a shift", |page| page["teams"][0]["shifts"][0]["id"] == indoors["id"]).await;
    city.aids(json!({ "kind": "drop_shift", "shift": indoors["id"] })).await;
    for desk in [&city, &donor] {
        let refused = desk.refused(morning(true, 3)).await;
        assert!(["41", "2 hours"].iter().all(|word| refused.contains(word)), "{refused}");
    }
    rules["work_h"] = json!(8);
    city.aids(json!({ "kind": "set_rules", "rules": rules })).await;

    // They work and have water; who may not work is not planned.
    let plan = json!({
        "kind": "plan_shift", "deployment": deployment, "people": 10, "from": now() + 9 * HOUR, "until": now() + 12 * HOUR, "outdoor": false,
    });
    let page = city.aids(plan).await;
    let shift = page["teams"][0]["shifts"][0]["id"].clone();
    donor.sees("ten are to work", |page| page["teams"][0]["shifts"][0]["people"] == 10).await;
    donor.aids(json!({ "kind": "begin_shift", "shift": shift })).await;
    let water = json!({ "kind": "receive", "team": team, "shift": shift, "goods": "water", "count": 20 });
    assert_eq!(city.cannot(water.clone()).await, "team_not_yours");
    donor.aids(water).await;
    city.sees("they have water", |page| page["teams"][0]["shifts"][0]["water"].is_i64()).await;
    donor.aids(json!({ "kind": "end_shift", "shift": shift })).await;
    city.sees("ten have worked a day", |page| {
        page["teams"][0]["days_worked"] == 10 && page["teams"][0]["unworked"] == 10
    })
    .await;

    // Longer is asked and granted; then the whole team is withdrawn, and comes home.
    city.aids(json!({ "kind": "ask_change", "deployment": deployment, "until": now() + 8 * DAY })).await;
    donor.sees("longer is asked", |page| page["teams"][0]["changes"][0]["ours"] == true).await;
    let change = donor.team().await["changes"][0]["id"].clone();
    let page = donor.aids(json!({ "kind": "answer_change", "change": change, "granted": true })).await;
    assert!(page["teams"][0]["until"].as_i64().unwrap() > now() + 7 * DAY);
    donor.aids(step("withdrawn")).await;
    city.sees("they leave", |page| page["teams"][0]["stage"] == "leaving").await;
    let page = donor.aids(step("returned")).await;
    assert_eq!((&page["teams"], page["home"][0]["name"].clone()), (&json!([]), json!("Team one")));
    city.sees("they are home", |page| page["teams"] == json!([])).await;

    // A server that starts anew has all of it; and nobody's records stand aside.
    let mut city = city;
    city.is_cut_off();
    let city = city.back().await;
    assert_eq!(city.aid().await["requests"][0]["accepted"], 20);
    for desk in [&city, &donor, &third] {
        assert_eq!(
            (desk.page().await["unread"].clone(), desk.aid().await["conflicts"].clone()),
            (json!(0), json!([]))
        );
    }
    assert_eq!(third.aid().await["teams"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_answer_is_called_and_two_answers_are_settled() {
    let mut city = Desk::new("city", "Example City").await;
    let donor = Desk::new("city", "Other City").await;
    city.meets(&donor).await;
    donor.meets(&city).await;
    donor.does(json!({ "kind": "telephones", "phones": { "desk": "555 0100" } })).await;
    let mut soon = request(10);
    (soon["from"], soon["until"]) = (json!(now() + HOUR / 2), json!(now() + DAY));
    let id = city.aids(soon).await["requests"][0]["id"].clone();
    until("it knows whom to call", async || {
        let page = city.aid().await;
        let near = page["near"].as_array().unwrap().clone();
        near.iter()
            .any(|of| of["why"] == "A request has no answer from this donor." && of["phone"] == "555 0100")
    })
    .await;
    donor.sees("its turn", |page| page["near"][0]["ours"] == true && page["near"][0]["phone"] == "").await;
    assert_eq!(donor.page().await["aid"], 1);
    let offer = json!({
        "kind": "offer", "request": id, "number": 5, "from": now() + HOUR, "until": now() + DAY, "has": 50, "stay": 5,
    });
    donor.aids(offer).await;
    city.sees("an offer", |page| page["requests"][0]["offers"][0]["answer"] == "waits").await;
    let offered = city.aid().await["requests"][0]["offers"][0]["id"].clone();
    // Each decides while it does not hear the other.
    city.is_cut_off();
    donor.aids(json!({ "kind": "withdraw_offer", "offer": offered })).await;
    city.aids(json!({ "kind": "accept", "offer": offered, "number": 5 })).await;
    let city = city.back().await;
    for desk in [&city, &donor] {
        desk.sees("both see that it contradicts itself", |page| {
            page["conflicts"].as_array().unwrap().len() == 1
        })
        .await;
    }
    // Each takes back only what it told itself: the donor that it took the offer back.
    let of = donor.aid().await["conflicts"][0].clone();
    assert_eq!(of["can"], json!(["second", "both"]));
    donor
        .aids(json!({ "kind": "settle", "first": of["first"], "second": of["second"], "keeps": "second" }))
        .await;
    city.sees("it is settled", |page| page["conflicts"] == json!([])).await;
    let offers =
        [&city, &donor].map(|desk| async { desk.aid().await["requests"][0]["offers"][0]["answer"].clone() });
    for answer in offers {
        assert_eq!(answer.await, "accepted");
    }
}
