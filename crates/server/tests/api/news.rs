//! Phones that wait for news: what concerns somebody is told at once, everything else a little later, and nobody waits for ever.

use crate::{
    Answer,
    parties::until,
    results::Filled,
    rounds::{Site, check_in, done},
};
use axum::http::{Method, StatusCode};
use phone::Phone;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What is told at once comes within two seconds, as promised, and what may wait after eight: between them, on a machine that does other
/// things as well.
const AT_ONCE: Duration = Duration::from_secs(6);

impl Site {
    async fn waited(&self, cookie: &str, after: u64, wait: u64) -> Answer {
        let path = format!("{}/told?after={after}&wait={wait}", self.round);
        self.house.ask_as(Some(cookie), Method::GET, &path, None).await
    }

    /// Until so many phones wait.
    async fn wait(&self, phones: usize) {
        until("they wait", async || self.house.runs.waiting_now() == phones).await;
    }

    /// Lets a phone hear all that there is; the position up to which it is.
    async fn hear(&self, phone: &mut Phone, cookie: &str, after: u64) -> u64 {
        let told = self.told(cookie, after).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        heard(phone, &told)
    }
}

fn heard(phone: &mut Phone, told: &Answer) -> u64 {
    let told = told.json();
    let lines = told["lines"].as_array().unwrap().clone();
    phone.hear(lines.into_iter().map(|line| serde_json::from_value(line).unwrap()));
    told["position"].as_u64().unwrap()
}

/// A positive tube that waits for the second person: its report.
async fn half_out(of: &Filled) -> Vec<Value> {
    of.table(0, &[(&of.tubes[0], "阳性")]).await;
    let positive = vec![of.results().await["waiting"][0]["report"].clone()];
    let first = of.release(&of.labs[0], Some(positive.clone())).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    positive
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_positive_that_is_let_out_is_on_a_registrars_phone_at_once() {
    let of = Filled::new().await;
    let (mut registrar, cookie) = of.site.phone("registrar", Some("registration"), 7).await;
    let (mut order, other) = of.site.phone("order", None, 8).await;
    let positive = half_out(&of).await;
    let after = of.site.hear(&mut registrar, &cookie, 0).await;
    of.site.hear(&mut order, &other, 0).await;
    let release = async {
        of.site.wait(2).await;
        let asked = Instant::now();
        of.release(&of.labs[1], Some(positive)).await;
        asked
    };
    let waited = async |after| (of.site.waited(&cookie, after, 25).await, Instant::now());
    let (asked, (told, came), others) =
        tokio::join!(release, waited(after), of.site.waited(&other, after, 25));
    assert!(came - asked < AT_ONCE, "{:?}", came - asked);
    let after = heard(&mut registrar, &told);
    assert_eq!(registrar.to_call(crate::rounds::at()).len(), 3);
    // That somebody was called back is told as fast.
    let calls = format!("{}/callbacks", of.site.round);
    let visit = of.site.ask(Method::GET, &calls, None).await.json()["people"][0]["visit"].clone();
    let call = async {
        of.site.wait(1).await;
        let asked = Instant::now();
        let body = json!({ "visit": visit, "outcome": "reached" });
        assert_eq!(of.site.ask(Method::POST, &calls, Some(body)).await.status, StatusCode::NO_CONTENT);
        asked
    };
    let (asked, (told, came)) = tokio::join!(call, waited(after));
    assert!(
        told.text().contains("CalledBack") && came - asked < AT_ONCE,
        "{:?} {}",
        came - asked,
        told.text()
    );
    // Whoever has nothing to do with it is told nothing.
    assert_eq!(others.json()["lines"], json!([]));
    heard(&mut order, &others);
    assert_eq!(order.to_call(crate::rounds::at()), []);
}

#[tokio::test]
async fn what_can_wait_does_and_an_answer_comes_without_news() {
    let site = Site::new().await;
    let (mut phone, cookie) = site.phone("registrar", Some("registration"), 1).await;
    let (mut other, _) = site.phone("registrar", Some("registration"), 2).await;
    let after = site.hear(&mut phone, &cookie, 0).await;
    let began = Instant::now();
    let told = site.waited(&cookie, after, 1).await;
    assert_eq!(told.json(), json!({ "position": after, "lines": [] }));
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
    // A check-in is no reason to wake a phone: it comes with the rest.
    let began = Instant::now();
    let step = check_in(&other, 0);
    done(&mut other, &step);
    let (told, ()) = tokio::join!(site.waited(&cookie, after, 4), site.sync(&mut other));
    assert!(told.text().contains("Arrived"), "{}", told.text());
    assert!(began.elapsed() >= Duration::from_secs(4), "{:?}", began.elapsed());
    // What was missed meanwhile is told at once where it cannot wait, also before it is asked for.
    let after = told.json()["position"].as_u64().unwrap();
    let open = json!({ "commands": [{ "type": "OpenRound" }] });
    site.ask(Method::POST, &format!("{}/commands", site.round), Some(open)).await;
    let began = Instant::now();
    let told = site.waited(&cookie, after, 25).await;
    assert!(told.text().contains("RoundOpened") && began.elapsed() < AT_ONCE, "{}", told.text());
}

#[tokio::test]
async fn a_phone_waits_once_and_one_that_was_taken_out_hears_nothing() {
    let site = Site::new().await;
    let (mut phone, cookie) = site.phone("registrar", Some("registration"), 1).await;
    let after = site.hear(&mut phone, &cookie, 0).await;
    let again = async {
        site.wait(1).await;
        site.waited(&cookie, after, 2).await
    };
    let began = Instant::now();
    let first = async { (site.waited(&cookie, after, 25).await, began.elapsed()) };
    let (second, (first, took)) = tokio::join!(again, first);
    assert!(took < AT_ONCE && first.status == StatusCode::OK, "{took:?}");
    assert!(began.elapsed() >= Duration::from_secs(2) && second.status == StatusCode::OK);

    let gone = format!("{}/phones/{}", site.round, phone.bundle().device);
    let revoke = async {
        site.wait(1).await;
        site.ask(Method::DELETE, &gone, None).await
    };
    let (revoked, told) = tokio::join!(revoke, site.waited(&cookie, after, 4));
    assert_eq!((revoked.status, told.status), (StatusCode::NO_CONTENT, StatusCode::UNAUTHORIZED));
}
