//! Bad uploads: too much, too slow, by a wrong clock. Each is told so or kept to be looked at, and holds nothing for long.

use crate::rounds::{Site, check_in, done};
use axum::{
    body::{Body, Bytes, to_bytes},
    http::{Method, Request},
};
use domain::Moment;
use futures_util::stream;
use journal::BYTES_MAX;
use phone::Phone;
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::sleep;

/// A body of so many pieces of 64 KiB, each so long after the one before, and how many of them were asked for.
fn pieces(count: usize, after: Duration) -> (Body, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let piece = stream::unfold(0, move |number| {
        let counted = counted.clone();
        async move {
            sleep(after).await;
            counted.fetch_add(1, Ordering::Relaxed);
            (number < count).then(|| (Ok::<_, Infallible>(Bytes::from(vec![0; 64 << 10])), number + 1))
        }
    });
    (Body::from_stream(piece), asked)
}

/// The status and the code of the problem that becomes of it.
async fn sent(site: &Site, phone: &Phone, length: Option<usize>, body: Body) -> (u16, String) {
    let log = format!("{}/logs/{}", site.rounds.trim_end_matches("/rounds"), phone.bundle().device);
    let mut request =
        Request::post(log).header("host", site.house.host).header("content-type", "application/octet-stream");
    if let Some(length) = length {
        request = request.header("content-length", length);
    }
    let response = site.house.send(request.body(body).unwrap()).await;
    let status = response.status().as_u16();
    let said: Value =
        serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap()).unwrap();
    (status, said["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(start_paused = true)]
async fn what_is_too_much_is_refused_before_it_is_read_and_a_flood_is_cut_off() {
    let site = Site::new().await;
    let (phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let large = (413, "body_large".to_owned());
    // It says so itself: nothing of it is read.
    let (body, asked) = pieces(1600, Duration::ZERO);
    assert_eq!(sent(&site, &phone, Some(100 << 20), body).await, large);
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    // It does not say how much: so much is read as an upload may have, and a piece more.
    let (body, asked) = pieces(usize::MAX, Duration::ZERO);
    assert_eq!(sent(&site, &phone, None, body).await, large);
    assert_eq!(asked.load(Ordering::Relaxed), BYTES_MAX / (64 << 10) + 1);
    assert_eq!(
        site.house.uploads.available_permits(),
        server::limits::UPLOADING_KILOBYTES,
        "all room is free again"
    );
}

#[tokio::test(start_paused = true)]
async fn who_is_slow_or_has_stopped_holds_no_more_room_than_for_what_came() {
    let site = Site::new().await;
    let (phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let slow = (408, "body_slow".to_owned());
    for (count, every) in [(usize::MAX, 3_600), (usize::MAX, 9), (0, 3_600)] {
        let (body, _) = pieces(count, Duration::from_secs(every));
        assert_eq!(sent(&site, &phone, Some(BYTES_MAX), body).await, slow, "a piece each {every} s");
    }
    // Many that announce much and send nothing leave room for who sends.
    let waiting: Vec<_> = (0..100).map(|_| pieces(usize::MAX, Duration::from_secs(3_600)).0).collect();
    let stalled = waiting.into_iter().map(|body| sent(&site, &phone, Some(BYTES_MAX), body));
    let all = server::limits::UPLOADING_KILOBYTES;
    let (stalled, free) = tokio::join!(futures_util::future::join_all(stalled), async {
        sleep(Duration::from_secs(1)).await;
        site.house.uploads.available_permits()
    });
    assert_eq!((stalled.len(), free), (100, all));
    assert!(stalled.iter().all(|answer| *answer == slow), "{stalled:?}");
    assert_eq!(site.house.uploads.available_permits(), all, "all room is free again");
}

#[tokio::test]
async fn where_there_is_no_room_who_sends_is_told_when_to_come_again() {
    let site = Site::new().await;
    let (mut phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let all = check_in(&phone, 0);
    done(&mut phone, &all);
    let most = u32::try_from(server::limits::UPLOADING_KILOBYTES).unwrap();
    let taken = site.house.uploads.clone().try_acquire_many_owned(most).unwrap();
    let refused = site.send(&phone, phone.slice().unwrap().to_bytes()).await;
    assert_eq!((refused.problem(), refused.header("retry-after")), ((503, "upload_busy".to_owned()), "2"));
    drop(taken);
    site.sync(&mut phone).await;
    assert_eq!(phone.unsent(), 0);
}

#[tokio::test]
async fn a_phone_whose_clock_is_a_year_wrong_loses_nothing_and_is_shown() {
    let site = Site::new().await;
    let (mut wrong, _) = site.phone("registrar", Some("registration"), 1).await;
    let (mut right, cookie) = site.phone("registrar", Some("registration"), 2).await;
    let year = Moment(365 * 86_400 * 10_000);
    let now = Moment::from(jiff::Timestamp::now());
    for (phone, door, at) in [(&mut wrong, 0, Moment(now.0 - year.0)), (&mut right, 1, now)] {
        let all = check_in(phone, door);
        let step = phone.decide(at, &all).unwrap();
        phone.done(step);
        site.sync(phone).await;
    }
    let phones = site.ask(Method::GET, &format!("{}/phones", site.round), None).await.json();
    let off = |phone: &Phone| {
        let device = json!(phone.bundle().device);
        phones.as_array().unwrap().iter().find(|of| of["device"] == device).unwrap()["off_clock"].clone()
    };
    assert_eq!((off(&wrong), off(&right)), (json!(6), json!(0)));
    assert_eq!(
        site.told(&cookie, 0).await.json()["lines"].as_array().unwrap().len(),
        9,
        "all of it is there"
    );
    assert_eq!(site.ask(Method::GET, &site.round, None).await.json()["people"], json!([3, 0]));
}

#[tokio::test]
async fn a_server_that_holds_something_real_takes_no_drill() {
    let site = Site::new().await;
    let drill = [("shouhu-drill", "1")];
    let refused = site.house.ask(Method::GET, "/api/v1/health", &drill, None).await;
    assert_eq!(refused.problem(), (403, "no_drill".to_owned()));
    assert_eq!(site.house.get("/api/v1/health").await.json()["drill"], json!(false));
}
