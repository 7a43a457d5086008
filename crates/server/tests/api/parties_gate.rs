//! Phones at a party's gate: without an account, by a code; what they did without a network is told later, once, and at its own time.

use crate::{
    aside,
    parties::{Desk, until},
    parties_supplies::{find, stock, two, water},
};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// A phone at a desk's gate.
struct Phone<'a> {
    desk: &'a Desk,
    path: String,
    token: String,
}

impl Desk {
    fn gate(&self) -> String {
        format!("/api/v1/parties/{}/gate", self.id)
    }

    /// A phone that scans a new code.
    async fn phone(&self) -> Phone<'_> {
        let made = self.house.post(&self.gate(), json!({})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let link = made.string("link");
        let (_, behind) = link.split_once("/gate#").unwrap();
        let (party, token) = behind.split_once('/').unwrap();
        assert!(made.string("svg").contains("<svg"));
        Phone { desk: self, path: format!("/api/v1/gates/{party}"), token: token.to_owned() }
    }
}

impl Phone<'_> {
    /// What it sees once it has told these.
    async fn tells(&self, acts: Value) -> Value {
        let told = self.desk.house.post(&self.path, json!({ "token": self.token, "acts": acts })).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        told.json()
    }

    async fn sees(&self) -> Value {
        self.tells(json!([])).await
    }

    /// The answer to a phone whose code opens nothing.
    async fn is_unknown(&self) -> bool {
        let asked = self.desk.house.post(&self.path, json!({ "token": self.token })).await;
        asked.status == StatusCode::NOT_FOUND && asked.string("code") == "gate_unknown"
    }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

/// Something done so many seconds ago, under a number.
fn done(number: u32, ago: i64, act: Value) -> Value {
    json!({ "id": format!("00000000-0000-4000-8000-{number:012}"), "made": now() - ago, "act": act })
}

fn receives(shipment: &Value, count: i64) -> Value {
    json!({ "kind": "receive", "shipment": shipment, "lines": water(count) })
}

/// A shipment that is under way, as the other desk knows.
async fn sent(from: &Desk, to: &Desk, count: i64) -> Value {
    let shipment = from.promises(to, count).await["id"].clone();
    from.moves(json!({ "kind": "send", "shipment": shipment, "lines": water(count) })).await;
    until("the receiver sees it", async || to.is_at(&shipment, "sent").await).await;
    shipment
}

/// Why each act was refused, or nothing.
fn refusals(page: &Value) -> Vec<String> {
    let told = page["told"].as_array().unwrap().iter();
    told.map(|of| of["problem"]["code"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_at_the_gate_sees_what_comes_and_nothing_else_of_the_party() {
    let (committee, court) = two().await;
    committee
        .does(json!({ "kind": "telephones", "phones": { "desk": "555 0100", "carrier": "+1 555 0101" } }))
        .await;
    court.does(json!({ "kind": "telephones", "phones": { "desk": "555 0102" } })).await;
    // The court has something in stock, and sends some of it.
    let masks = json!([{ "good": "masks", "unit": "box", "count": 7 }]);
    court.moves(json!({ "kind": "count", "lines": masks })).await;
    let away =
        json!({ "kind": "promise", "to": committee.party().await, "lines": masks, "due": now() + 7200 });
    let away = court.moves(away).await["shipments"][0]["id"].clone();
    let promised = committee.promises(&court, 200).await;
    let shipment = &promised["id"];
    until("the court hears of it", async || court.is_at(shipment, "promised").await).await;

    let none = court.house.get(&court.gate()).await.json();
    assert_eq!(none, json!({ "until": null, "heard": null }));
    let phone = court.phone().await;
    let page = phone.sees().await;
    assert_eq!((&page["name"], page["shipments"].as_array().unwrap().len()), (&json!("Example Court"), 1));
    let of = &page["shipments"][0];
    assert_eq!(
        (&of["id"], &of["from"], &of["short"]),
        (shipment, &json!("Example Committee"), &promised["short"])
    );
    assert_eq!(of["can"], json!(["receive", "refuse"]));
    assert_eq!(
        of["lines"],
        json!([{ "good": "water", "unit": "bottle", "awaited": 200, "received": 0, "missing": 0 }])
    );
    assert_eq!(
        of["call"][0],
        json!({ "who": "Example Committee · whoever brings it", "phone": "+1 555 0101" })
    );
    assert_eq!(of["call"][1]["phone"], "555 0100");
    let text = page.to_string();
    assert!(!text.contains("masks") && !text.contains("555 0102") && !text.contains("\"stock\""), "{text}");
    let heard = court.house.get(&court.gate()).await.json();
    assert!(
        heard["heard"].as_i64().unwrap() >= now() - 60
            && heard["until"].as_i64().unwrap() > now() + 6 * 86_400
    );

    // What goes out is not the gate's, nor what another awaits.
    let page = phone
        .tells(json!([
            done(1, 0, json!({ "kind": "reach_gate", "shipment": away })),
            done(2, 0, json!({ "kind": "refuse", "shipment": away, "why": "broken" })),
            done(3, 0, json!({ "kind": "receive", "shipment": away, "lines": masks })),
            done(4, 0, json!({ "kind": "refuse", "shipment": shipment, "why": "who knows" })),
            done(5, 0, receives(shipment, 200)),
        ]))
        .await;
    let not = "supplies_not_theirs";
    assert_eq!(refusals(&page), [not, not, not, "supplies_reason", ""]);
    let said = &page["told"][0]["problem"];
    assert!(said["message"].as_str().unwrap().len() > 10 && said["mend"].as_str().unwrap().len() > 10);
    // What came stays to be seen for a day.
    assert_eq!(
        (&page["shipments"][0]["stage"], &page["shipments"][0]["can"]),
        (&json!("received"), &json!([]))
    );
    // In the journal stands which code it was, and nothing that opens the gate.
    let journal = court.journal().await;
    assert!(journal.contains("\"gate-") && !journal.contains(&phone.token), "{journal}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_without_a_network_is_told_later_once_and_at_its_own_time() {
    let (committee, court) = two().await;
    let promised = committee.promises(&court, 200).await;
    let shipment = &promised["id"];
    committee.moves(json!({ "kind": "send", "shipment": shipment, "lines": water(200) })).await;
    until("the court sees it", async || court.is_at(shipment, "sent").await).await;
    let phone = court.phone().await;
    // The desk counts before it is told: what came before the count is in it.
    court.moves(json!({ "kind": "count", "lines": water(180) })).await;
    let short =
        json!({ "kind": "receive", "shipment": promised["short"], "lines": water(180), "why": "broken" });
    let (reached, came) =
        (done(1, 7200, json!({ "kind": "reach_gate", "shipment": shipment })), done(2, 5400, short));
    let page = phone.tells(json!([reached, came])).await;
    assert_eq!(refusals(&page), ["", ""]);
    assert_eq!(page["shipments"][0]["can"], json!(["rest"]));
    assert_eq!(page["shipments"][0]["lines"][0]["missing"], 20);
    let frames = async || {
        let (runs, own) = (court.house.runs.clone(), court.party().await.parse::<uuid::Uuid>().unwrap());
        aside(move || runs.journal.read(*own.as_bytes(), *own.as_bytes(), 0, 10_000).unwrap().len())
    };
    until("the committee sees it, at its own time", async || {
        let page = committee.supplies().await;
        let of = find(&page, shipment).unwrap();
        of["stage"] == "short" && of["since"] == came["made"] && of["explained"][0] == "Example Court: broken"
    })
    .await;
    assert_eq!(stock(&court.supplies().await), 180);

    // The answer was lost: all of it is told again, with what was done meanwhile, and each is done once.
    let rest = json!({ "kind": "receive", "shipment": shipment, "lines": water(20), "rest": true });
    let before = frames().await;
    let again = phone.tells(json!([reached, came])).await;
    assert_eq!((refusals(&again), frames().await), (vec![String::new(); 2], before));
    let rest = done(3, -5, rest);
    for _ in 0..2 {
        assert_eq!(refusals(&phone.tells(json!([reached, came, rest])).await), ["", "", ""]);
    }
    assert_eq!(stock(&court.supplies().await), 200);
    until("the committee sees that all came", async || committee.is_at(shipment, "received").await).await;

    // A server that starts anew knows what was told, and the code.
    let (path, token) = (phone.path.clone(), phone.token.clone());
    let mut court = court;
    court.is_cut_off();
    let court = court.back().await;
    let phone = Phone { desk: &court, path, token };
    assert_eq!(refusals(&phone.tells(json!([rest])).await), [""]);
    assert_eq!(stock(&court.supplies().await), 200);

    // Why it was another number is a record of its own: where that was not stored, it is when it is told again.
    let shipment = sent(&committee, &court, 50).await;
    for why in [None, Some("broken"), Some("broken")] {
        let came = json!({ "kind": "receive", "shipment": shipment, "lines": water(40), "why": why });
        assert_eq!(refusals(&phone.tells(json!([done(4, -5, came)])).await), [""]);
    }
    until("the committee knows why", async || {
        find(&committee.supplies().await, &shipment).unwrap()["explained"] == json!(["Example Court: broken"])
    })
    .await;
    assert_eq!(stock(&court.supplies().await), 240);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_too_long_ago_or_not_yet_is_refused_and_keeps_nothing_else() {
    let (committee, court) = two().await;
    let promised = committee.promises(&court, 10).await;
    let shipment = &promised["id"];
    until("the court hears of it", async || court.is_at(shipment, "promised").await).await;
    let phone = court.phone().await;
    let page = phone
        .tells(json!([
            done(1, 3 * 86_400 + 60, receives(shipment, 1)),
            done(2, -700, receives(shipment, 2)),
            done(3, 0, receives(&json!("W12"), 3)),
            done(4, 0, receives(&json!("00000000-0000-4000-8000-000000000009"), 3)),
            done(5, 0, json!({ "kind": "receive", "shipment": shipment, "lines": [] })),
            done(6, -300, receives(shipment, 10)),
        ]))
        .await;
    let why = [
        "gate_late",
        "gate_ahead",
        "supplies_code_mistyped",
        "supplies_unknown_shipment",
        "supplies_nothing_counted",
        "",
    ];
    assert_eq!(refusals(&page), why);
    // A clock that is a little ahead is not believed: it was now.
    let since = find(&court.supplies().await, shipment).unwrap()["since"].as_i64().unwrap();
    assert!((now() - 60..=now()).contains(&since));

    // What nobody has heard of is taken in when somebody has looked twice.
    let street = Desk::new("neighbourhood", "Example Street").await;
    committee.meets(&street).await;
    let second = committee.promises(&street, 5).await;
    let receive = |unlisted| json!({ "kind": "receive", "shipment": second["code"], "lines": water(5), "unlisted": unlisted });
    assert_eq!(
        refusals(&phone.tells(json!([done(7, 60, receive(false))])).await),
        ["supplies_unknown_shipment"]
    );
    let page = phone.tells(json!([done(8, 60, receive(true))])).await;
    assert_eq!((refusals(&page), stock(&court.supplies().await)), (vec![String::new()], json!(15)));
    assert_eq!(page["shipments"].as_array().unwrap().len(), 2);

    let reach = |number| done(number, 0, json!({ "kind": "reach_gate", "shipment": shipment }));
    let many: Vec<Value> = (10..111).map(reach).collect();
    let many = court.house.post(&phone.path, json!({ "token": phone.token, "acts": many })).await;
    assert_eq!(
        (many.status, many.string("code")),
        (StatusCode::UNPROCESSABLE_ENTITY, "gate_many".to_owned())
    );
    let large = json!({ "token": "x".repeat(17 << 10) });
    let large = court.house.post(&phone.path, large).await;
    assert_eq!(large.problem(), (413, "words_large".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_phones_that_count_the_same_agree_and_of_two_counts_the_desk_says_which() {
    let (committee, court) = two().await;
    let (one, other) = (sent(&committee, &court, 10).await, sent(&committee, &court, 20).await);
    let phone = court.phone().await;
    let first =
        phone.tells(json!([done(1, 60, receives(&one, 10)), done(2, 60, receives(&other, 20))])).await;
    // The second phone had not heard of it; nor has a third, which found it spoiled.
    let refuse = json!({ "kind": "refuse", "shipment": other, "why": "spoiled" });
    let acts =
        json!([done(3, 30, receives(&one, 10)), done(4, 30, receives(&other, 19)), done(5, 20, refuse)]);
    let second = phone.tells(acts).await;
    assert_eq!((refusals(&first), refusals(&second)), (vec![String::new(); 2], vec![String::new(); 3]));
    let page = court.supplies().await;
    assert_eq!((stock(&page), &find(&page, &one).unwrap()["over"]), (json!(30), &json!(true)));
    let why = "Two records say different numbers: somebody looks and says which.";
    assert_eq!((&page["near"][0]["shipment"], &page["near"][0]["why"]), (&other, &json!(why)));
    until("the committee sees that two say different things", async || {
        committee.supplies().await["near"][0]["why"] == why
    })
    .await;
    let page = court.moves(json!({ "kind": "settle", "shipment": other, "lines": water(20) })).await;
    assert_eq!((stock(&page), page["near"].as_array().unwrap().len()), (json!(30), 0));
    // Told again after that, it opens nothing anew.
    phone.tells(json!([done(4, 30, receives(&other, 19))])).await;
    assert_eq!(court.supplies().await["near"], json!([]));
}

#[tokio::test]
async fn a_code_that_was_ended_or_replaced_or_guessed_opens_nothing() {
    let court = Desk::new("community", "Example Court").await;
    let other = Desk::new("city", "Other City").await;
    let first = court.phone().await;
    assert_eq!(first.sees().await["shipments"], json!([]));
    let second = court.phone().await;
    assert!(first.is_unknown().await && !second.is_unknown().await);
    // A good code at another's gate, and at none.
    for path in [format!("/api/v1/gates/{}", other.party().await), "/api/v1/gates/nowhere".to_owned()] {
        assert!(Phone { desk: &court, path, token: second.token.clone() }.is_unknown().await);
    }
    let ended = court.house.ask(Method::DELETE, &court.gate(), &[], None).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert!(second.is_unknown().await);
    assert_eq!(court.house.get(&court.gate()).await.json(), json!({ "until": null, "heard": null }));
    // Whoever guesses is stopped, and costs nobody with a good code anything.
    let third = court.phone().await;
    let guess = json!({ "token": "0".repeat(64) });
    let mut status = StatusCode::NOT_FOUND;
    for _ in 0..200 {
        status = court.house.post(&third.path, guess.clone()).await.status;
        if status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    third.sees().await;
}
