//! Four servers, of a community, a committee and two cities, that work together; one is cut off, and another begins anew.

use crate::{HERE, House, PORT, aside, cluster};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::{People, Runs, access::mode::Mode};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};

/// A party on a server of its own, which others reach at a port of this machine.
pub struct Desk {
    pub house: House,
    /// As it stands in addresses.
    pub id: String,
    port: u16,
    listening: Option<JoinHandle<()>>,
}

impl Desk {
    pub async fn new(kind: &str, name: &str) -> Desk {
        let house = House::at(Mode::here(PORT, false), HERE, |_| None);
        let made = match kind {
            "community" => house.post("/api/v1/communities", json!({ "name": name })).await,
            kind => house.post("/api/v1/places", json!({ "parent": null, "kind": kind, "name": name })).await,
        };
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let id = made.string("id");
        let id = if kind == "community" { id } else { format!("in:{id}") };
        let mut desk = Desk { house, id, port: cluster::port(), listening: None };
        desk.joins().await;
        desk
    }

    /// Listens, at the same port as before, and asks its partners.
    async fn joins(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        // Its browsers, and its partners, name the port of their own; the router takes the usual one.
        let router = self.house.router.clone();
        let router = axum::Router::new().fallback(move |mut request: axum::extract::Request| {
            let router = router.clone();
            async move {
                request.headers_mut().insert("host", HERE.parse().unwrap());
                tower::ServiceExt::oneshot(router, request).await.unwrap()
            }
        });
        self.listening = Some(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
        self.house.app.tell_partners();
    }

    /// Neither hears nor says anything; its desk goes on.
    pub fn is_cut_off(&mut self) {
        self.listening.take().unwrap().abort();
        self.house.stop.send_replace(true);
    }

    /// The same server, started anew with what is on its disk.
    pub async fn back(mut self) -> Desk {
        let House { router, app, people, runs, data, database, .. } = self.house;
        drop((router, app, people, runs));
        let path = data.path();
        let is_free = || {
            let people = People::open(path).ok()?;
            Runs::open(path, people.rounds_key()).ok()
        };
        // A database holds no lock of a process.
        if database.is_none() {
            until("what was under way lets go of the data", async || aside(|| is_free().is_some())).await;
        }
        self.house = House::on(data, database, Mode::here(PORT, false), HERE, |_| None);
        self.joins().await;
        self
    }

    pub async fn page(&self) -> Value {
        let page = self.house.get(&format!("/api/v1/parties/{}", self.id)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        page.json()
    }

    pub async fn does(&self, act: Value) -> Value {
        let done = self.house.post(&format!("/api/v1/parties/{}", self.id), act).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        done.json()
    }

    /// Its card, with the address at which it listens.
    async fn card(&self) -> String {
        let card = self.page().await["card"].as_str().unwrap().to_owned();
        card.replace(r#""address":"""#, &format!(r#""address":"http://127.0.0.1:{}""#, self.port))
    }

    pub async fn party(&self) -> String {
        self.page().await["party"].as_str().unwrap().to_owned()
    }

    pub async fn meets(&self, other: &Desk) {
        let card = other.card().await;
        self.does(json!({ "kind": "meet", "card": card, "shares": ["words", "supplies", "aid"] })).await;
    }

    async fn writes(&self, to: &Desk, words: &str) {
        let party = to.party().await;
        self.does(json!({ "kind": "write", "party": party, "words": words })).await;
    }

    /// All words, by whether they were written to it.
    async fn words(&self) -> BTreeSet<(bool, String)> {
        let page = self.page().await;
        let messages = page["messages"].as_array().unwrap();
        let all: BTreeSet<_> = messages
            .iter()
            .map(|of| (of["to_us"].as_bool().unwrap(), of["words"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(all.len(), messages.len(), "each is there once: {page:#}");
        all
    }
}

/// Waits until something is so; a test that waits longer than a minute has failed.
pub async fn until<F: AsyncFn() -> bool>(what: &str, is_so: F) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_servers_tell_each_other_what_concerns_both_also_after_one_was_cut_off() {
    let court = Desk::new("community", "Example Court").await;
    let committee = Desk::new("neighbourhood", "Example Committee").await;
    let city = Desk::new("city", "Example City").await;
    let donor = Desk::new("city", "Other City").await;
    for (one, other) in [(&court, &committee), (&committee, &city), (&city, &donor)] {
        one.meets(other).await;
        other.meets(one).await;
    }
    court.writes(&committee, "two samplers are missing").await;
    committee.writes(&city, "Example Court needs two samplers").await;
    city.writes(&donor, "forty samplers from the fourth on").await;
    let has = async |desk: &Desk, words: &str| desk.words().await.contains(&(true, words.to_owned()));
    until("the committee hears the court", async || has(&committee, "two samplers are missing").await).await;
    until("the city hears the committee", async || has(&city, "Example Court needs two samplers").await)
        .await;
    until("the donor hears the city", async || has(&donor, "forty samplers from the fourth on").await).await;
    // What was read is known to whoever wrote it.
    let page = donor.page().await;
    assert_eq!(page["near"].as_array().unwrap().len(), 1, "{page:#}");
    let message = page["messages"][0]["id"].clone();
    let page = donor.does(json!({ "kind": "read", "message": message })).await;
    assert_eq!(page["near"], json!([]));
    until("the city knows that it was read", async || {
        city.page().await["messages"].as_array().unwrap().iter().any(|of| of["read"].is_i64())
    })
    .await;

    // The court is cut off, and both sides go on.
    let mut court = court;
    court.is_cut_off();
    for number in 0..20 {
        court.writes(&committee, &format!("from the court {number}")).await;
        committee.writes(&court, &format!("to the court {number}")).await;
    }
    until("the committee knows that the court does not answer", async || {
        let page = committee.page().await;
        let of =
            page["partners"].as_array().unwrap().iter().find(|of| of["name"] == "Example Court").unwrap();
        of["why"].is_string() && of["waiting"] == 20
    })
    .await;
    city.writes(&donor, "the others go on").await;
    until("the others go on", async || has(&donor, "the others go on").await).await;
    let court = court.back().await;
    until("the court hears all that was said meanwhile", async || has(&court, "to the court 19").await).await;
    until("and is heard", async || has(&committee, "from the court 19").await).await;
    let both: BTreeSet<_> = court.words().await.into_iter().map(|(to_us, words)| (!to_us, words)).collect();
    let committees: BTreeSet<_> = committee.words().await;
    assert_eq!(both.len(), 41);
    assert!(both.is_subset(&committees));

    // Nobody hears what is between two others.
    let donors = donor.words().await;
    assert_eq!(donors.len(), 2);
    for desk in [&court, &committee, &city, &donor] {
        assert_eq!(desk.page().await["unread"], 0);
        let runs = desk.house.runs.clone();
        let verified = aside(|| runs.journal.verify(&|_| {}).unwrap());
        assert!(verified.faults.is_empty());
    }
}

#[tokio::test]
async fn whoever_was_not_met_or_signs_with_another_key_is_not_heard() {
    let city = Desk::new("city", "Example City").await;
    let donor = Desk::new("city", "Other City").await;
    city.meets(&donor).await;
    city.writes(&donor, "forty samplers").await;
    // The donor has not met the city: it is told so, and nothing is lost.
    until("the city knows that it was not met", async || {
        city.page().await["partners"][0]["why"].as_str().is_some_and(|why| why.contains("card"))
    })
    .await;
    const SLICE: &[(&str, &str)] = &[("content-type", "application/octet-stream")];
    let (to, from) = (donor.party().await, city.party().await);
    let unmet = donor
        .house
        .ask(
            Method::POST,
            &format!("/api/v1/hear/{to}?from={from}&after=0&at=0&proof={}", "0".repeat(128)),
            SLICE,
            None,
        )
        .await;
    assert_eq!((unmet.status, unmet.string("code")), (StatusCode::NOT_FOUND, "party_not_met".to_owned()));
    let nobody = donor
        .house
        .ask(
            Method::POST,
            &format!("/api/v1/hear/{from}?from={to}&after=0&at=0&proof={}", "0".repeat(128)),
            SLICE,
            None,
        )
        .await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    // Somebody brings a card with another key.
    let card = donor.card().await;
    let key = &card[card.find(r#""key":""#).unwrap() + 7..][..64];
    let other = city.card().await;
    let others = &other[other.find(r#""key":""#).unwrap() + 7..][..64];
    let act = json!({ "kind": "meet", "card": card.replace(key, others), "shares": ["words"] });
    let refused = city.house.post(&format!("/api/v1/parties/{}", city.id), act).await;
    assert_eq!(
        (refused.status, refused.string("code")),
        (StatusCode::CONFLICT, "party_key_other".to_owned())
    );
    let act = json!({ "kind": "meet", "card": "nothing", "shares": ["words"] });
    let refused = city.house.post(&format!("/api/v1/parties/{}", city.id), act).await;
    assert_eq!(refused.string("code"), "party_card_unreadable");
    let act = json!({ "kind": "share", "party": to, "shares": ["everything"] });
    let refused = city.house.post(&format!("/api/v1/parties/{}", city.id), act).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    donor.meets(&city).await;
    until("then it hears", async || donor.words().await.len() == 1).await;
}

#[tokio::test]
async fn of_a_partner_that_cannot_be_reached_and_asks_by_itself_the_desk_sees_what_waits_for_it() {
    let committee = Desk::new("neighbourhood", "Example Committee").await;
    let mut court = Desk::new("community", "Example Court").await;
    court.meets(&committee).await;
    // Behind its router the court has no address.
    let card = court.page().await["card"].clone();
    committee.does(json!({ "kind": "meet", "card": card, "shares": ["words"] })).await;
    let seen = async || committee.page().await["partners"][0].clone();
    assert_eq!((&seen().await["address"], &seen().await["answered"]), (&json!(""), &Value::Null));
    committee.writes(&court, "one").await;
    until("the court asks, and holds it", async || {
        let of = seen().await;
        of["answered"].is_i64() && of["told"].as_u64() > Some(0) && of["waiting"] == 0
    })
    .await;
    assert!(court.words().await.contains(&(true, "one".to_owned())));
    court.is_cut_off();
    committee.writes(&court, "two").await;
    until("the desk sees that it waits", async || seen().await["waiting"] == 1).await;
}
