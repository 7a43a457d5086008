//! Goods on their way from one server to another: promised, sent, at the gate, received, short; both desks see the same, and whom to call.

use crate::{
    aside,
    parties::{Desk, until},
};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

impl Desk {
    pub async fn supplies(&self) -> Value {
        let page = self.house.get(&format!("/api/v1/parties/{}/supplies", self.id)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        page.json()
    }

    pub async fn moves(&self, act: Value) -> Value {
        let done = self.house.post(&format!("/api/v1/parties/{}/supplies", self.id), act).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        done.json()
    }

    /// Why it may not.
    async fn may_not(&self, act: Value) -> String {
        let refused = self.house.post(&format!("/api/v1/parties/{}/supplies", self.id), act).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
        refused.string("code")
    }

    pub async fn is_at(&self, shipment: &Value, stage: &str) -> bool {
        let page = self.supplies().await;
        find(&page, shipment).is_some_and(|of| of["stage"] == stage)
    }

    /// Promises bottles of water, due in two hours; the shipment.
    pub async fn promises(&self, to: &Desk, count: i64) -> Value {
        let due = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 7200;
        let party = to.party().await;
        let before = self.supplies().await["shipments"].clone();
        let page =
            self.moves(json!({ "kind": "promise", "to": party, "lines": water(count), "due": due })).await;
        let is_new = |of: &&Value| before.as_array().unwrap().iter().all(|known| known["id"] != of["id"]);
        let mut new = page["shipments"].as_array().unwrap().iter().filter(is_new);
        let shipment = new.next().unwrap().clone();
        assert_eq!(new.next(), None);
        shipment
    }

    /// All that the journal holds of its book.
    pub async fn journal(&self) -> String {
        let (runs, own) = (self.house.runs.clone(), self.party().await.parse::<uuid::Uuid>().unwrap());
        let entries = aside(move || runs.journal.read(*own.as_bytes(), *own.as_bytes(), 0, 10_000).unwrap());
        entries.iter().map(|entry| String::from_utf8_lossy(&entry.frame.body).into_owned()).collect()
    }
}

pub fn water(count: i64) -> Value {
    json!([{ "good": "water", "unit": "bottle", "count": count }])
}

pub fn find<'a>(page: &'a Value, shipment: &Value) -> Option<&'a Value> {
    page["shipments"].as_array().unwrap().iter().find(|of| of["id"] == *shipment)
}

pub fn stock(page: &Value) -> Value {
    page["stock"].as_array().unwrap().first().map_or(Value::Null, |of| of["count"].clone())
}

/// A committee that sends, and a court that receives.
pub async fn two() -> (Desk, Desk) {
    let committee = Desk::new("neighbourhood", "Example Committee").await;
    let court = Desk::new("community", "Example Court").await;
    committee.meets(&court).await;
    court.meets(&committee).await;
    committee.moves(json!({ "kind": "count", "lines": water(500) })).await;
    (committee, court)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goods_are_delivered_when_the_receiver_says_so_and_both_desks_see_the_same() {
    let (committee, court) = two().await;
    committee
        .does(json!({ "kind": "telephones", "phones": { "desk": "555 0100", "carrier": "+1 555 0101" } }))
        .await;
    court.does(json!({ "kind": "telephones", "phones": { "gate": "555 0102" } })).await;
    let promised = committee.promises(&court, 200).await;
    let shipment = &promised["id"];
    assert!(promised["code"].as_str().unwrap().starts_with('W'));
    assert_eq!(promised["can"], json!(["send", "call_off"]));
    until("the court hears of it", async || court.is_at(shipment, "promised").await).await;
    // Nobody sends for another, and nobody receives for another.
    let send = json!({ "kind": "send", "shipment": shipment, "lines": water(200) });
    assert_eq!(court.may_not(send.clone()).await, "supplies_other_party");
    let receive = |count| json!({ "kind": "receive", "shipment": shipment, "lines": water(count) });
    assert_eq!(committee.may_not(receive(200)).await, "supplies_not_theirs");
    assert_eq!(stock(&committee.moves(send).await), 300);
    until("it is under way at the court's desk", async || court.is_at(shipment, "sent").await).await;
    court.moves(json!({ "kind": "reach_gate", "shipment": shipment })).await;
    until("the committee sees it at the gate", async || committee.is_at(shipment, "at_gate").await).await;

    // Received by the code that is typed, short and said why; said twice it is not twice.
    let short =
        json!({ "kind": "receive", "shipment": promised["short"], "lines": water(180), "why": "broken" });
    assert_eq!(stock(&court.moves(short.clone()).await), 180);
    assert_eq!(stock(&court.moves(short).await), 180);
    assert_eq!(court.may_not(receive(190)).await, "supplies_already_received");
    until("the committee sees the difference", async || {
        let page = committee.supplies().await;
        let of = find(&page, shipment).unwrap();
        of["stage"] == "short"
            && of["lines"][0]["missing"] == 20
            && of["explained"][0] == "Example Court: broken"
    })
    .await;
    let near = court.supplies().await["near"].clone();
    assert_eq!(near[0]["why"], "Fewer came than left: what became of the rest?");
    let call = |number: usize| near[0]["call"][number].clone();
    assert_eq!(call(0), json!({ "who": "Example Committee · the desk", "phone": "555 0100" }));
    assert_eq!(call(1)["phone"], "+1 555 0101");
    assert_eq!(court.page().await["supplies"], 1);
    assert!(committee.page().await["partners"][0]["telephones"][0]["phone"] == "555 0102");

    // The rest comes later, and then nothing is open anywhere.
    court.moves(json!({ "kind": "receive", "shipment": shipment, "lines": water(20), "rest": true })).await;
    until("the committee sees that all came", async || committee.is_at(shipment, "received").await).await;
    let (ours, theirs) = (committee.supplies().await, court.supplies().await);
    for field in ["lines", "code", "stage", "since", "from", "to", "due", "explained"] {
        assert_eq!(find(&ours, shipment).unwrap()[field], find(&theirs, shipment).unwrap()[field], "{field}");
    }
    assert_eq!((&ours["near"], &theirs["near"]), (&json!([]), &json!([])));
    // A count corrects the stock, and shows what it found.
    let counted = court.moves(json!({ "kind": "count", "lines": water(199) })).await;
    assert_eq!((&counted["stock"][0]["count"], &counted["stock"][0]["off"]), (&json!(199), &json!(-1)));
    let counted = court.moves(json!({ "kind": "enter", "how": "donated", "lines": water(10) })).await;
    assert_eq!(stock(&counted), 209);

    // No telephone stands in a journal; and a server that starts anew has all of it.
    for desk in [&committee, &court] {
        let journal = desk.journal().await;
        assert!(journal.contains("Received") && !journal.contains("555 01"), "{journal}");
        assert_eq!(desk.page().await["unread"], 0);
    }
    let mut court = court;
    court.is_cut_off();
    let court = court.back().await;
    assert_eq!(stock(&court.supplies().await), 209);
    assert_eq!(court.page().await["partners"][0]["telephones"][0]["phone"], "555 0100");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_before_its_promise_is_taken_in_and_what_is_lost_is_written_off_by_two() {
    let (committee, mut court) = two().await;
    court.is_cut_off();
    let promised = committee.promises(&court, 10).await;
    let shipment = &promised["id"];
    committee.moves(json!({ "kind": "send", "shipment": shipment, "lines": water(10) })).await;
    // The court has heard of nothing, and the cart is there with its delivery note.
    let receive = |unlisted| {
        let (code, lines) = (&promised["code"], water(8));
        json!({ "kind": "receive", "shipment": code, "lines": lines, "unlisted": unlisted })
    };
    assert_eq!(court.may_not(receive(false)).await, "supplies_unknown_shipment");
    let page = court.moves(receive(true)).await;
    assert_eq!((stock(&page), page["near"].as_array().unwrap().len()), (json!(8), 1));
    let court = court.back().await;
    until("the committee hears of the receipt", async || committee.is_at(shipment, "short").await).await;
    until("the court hears of the promise", async || court.is_at(shipment, "short").await).await;
    assert_eq!(stock(&court.supplies().await), 8);

    let ask = json!({ "kind": "ask_write_off", "shipment": shipment, "lines": water(2), "why": "lost" });
    let asked = committee.moves(ask).await;
    // Whoever asks does not agree.
    let mine =
        asked["near"].as_array().unwrap().iter().find(|of| of["what"] == "2 bottle water · lost").unwrap();
    assert_eq!(mine["write_off"], Value::Null);
    until("the court is asked", async || {
        court.supplies().await["near"].as_array().unwrap().iter().any(|of| of["write_off"].is_string())
    })
    .await;
    let page = court.supplies().await;
    let asked = page["near"].as_array().unwrap().iter().find(|of| of["write_off"].is_string()).unwrap();
    assert_eq!((&asked["shipment"], &asked["what"]), (shipment, &json!("2 bottle water · lost")));
    let page = court.moves(json!({ "kind": "agree_write_off", "write_off": asked["write_off"] })).await;
    assert_eq!(find(&page, shipment).unwrap()["over"], true);
    until("the committee knows", async || {
        find(&committee.supplies().await, shipment).unwrap()["over"] == true
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_again_is_done_once_and_what_never_left_is_not_awaited() {
    let (committee, court) = two().await;
    let due = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 7200;
    let lines = json!([
        { "good": "water", "unit": "bottle", "count": 100 },
        { "good": "masks", "unit": "box", "count": 10 }
    ]);
    let promise = json!({ "kind": "promise", "to": court.party().await, "lines": lines, "due": due });
    let once = "7d1f2b3c-0000-4000-8000-000000000001";
    let path = format!("/api/v1/parties/{}/supplies?once={once}", committee.id);
    for _ in 0..2 {
        let done = committee.house.post(&path, promise.clone()).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        assert_eq!(done.json()["shipments"].as_array().unwrap().len(), 1);
    }
    // Said anew by somebody it is another.
    let page = committee.moves(promise.clone()).await;
    let shipments = page["shipments"].as_array().unwrap();
    assert_eq!(shipments.len(), 2);
    assert_ne!(shipments[0]["code"], shipments[1]["code"]);
    let awaited = |page: &Value, shipment: &Value| -> Vec<Value> {
        let lines = find(page, shipment).unwrap()["lines"].as_array().unwrap().clone();
        lines.iter().map(|line| line["awaited"].clone()).collect()
    };
    let shipment = &shipments[0]["id"];
    assert_eq!(awaited(&page, shipment), [json!(10), json!(100)]);
    let sent = json!({ "kind": "send", "shipment": shipment, "lines": water(100) });
    assert_eq!(awaited(&committee.moves(sent).await, shipment), [json!(0), json!(100)]);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_to_do() {
    let committee = Desk::new("neighbourhood", "Example Committee").await;
    let court = Desk::new("community", "Example Court").await;
    committee.meets(&court).await;
    let party = court.party().await;
    committee.does(json!({ "kind": "share", "party": party, "shares": ["words"] })).await;
    let promise =
        |due: i64, count: i64| json!({ "kind": "promise", "to": party, "lines": water(count), "due": due });
    assert_eq!(committee.may_not(promise(4_000_000_000, 5)).await, "party_supplies_not_shared");
    committee.does(json!({ "kind": "share", "party": party, "shares": ["supplies"] })).await;
    assert_eq!(committee.may_not(promise(1, 5)).await, "supplies_time_past");
    assert_eq!(committee.may_not(promise(4_000_000_000, 5)).await, "supplies_time_far");
    assert_eq!(committee.may_not(promise(1, -5)).await, "supplies_count_negative");
    assert_eq!(committee.may_not(json!({ "kind": "count", "lines": [] })).await, "supplies_nothing_counted");
    let mut anew = promise(4_000_000_000, 5);
    anew["shipment"] = json!("00000000-0000-0000-0000-000000000001");
    assert_eq!(committee.may_not(anew).await, "supplies_other_party");
    let receive = json!({ "kind": "receive", "shipment": "W89VM", "lines": water(1) });
    assert_eq!(committee.may_not(receive).await, "supplies_code_mistyped");
    let act = json!({ "kind": "telephones", "phones": { "desk": "Example Person 555 0100" } });
    let refused = committee.house.post(&format!("/api/v1/parties/{}", committee.id), act).await;
    assert_eq!(
        (refused.status, refused.string("code")),
        (StatusCode::UNPROCESSABLE_ENTITY, "party_telephone".to_owned())
    );
    let nobody = committee.house.get("/api/v1/parties/in:nowhere/supplies").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}
