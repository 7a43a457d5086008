//! Event streams: paced, resumed, and gone when the page goes.

use crate::{HERE, House};
use axum::{
    body::{Body, BodyDataStream},
    http::{Request, StatusCode},
};
use futures_util::StreamExt;
use serde_json::Value;
use tokio::time::Instant;

/// One message of a stream, and when it came.
#[derive(Debug)]
struct Message {
    kind: String,
    id: Option<usize>,
    data: String,
    after_s: f64,
}

struct Board {
    body: BodyDataStream,
    read: String,
    opened: Instant,
}

impl Board {
    async fn open(house: &House, id: &str, query: &str, seen: Option<usize>) -> Result<Board, StatusCode> {
        let mut request = Request::get(format!("/api/v1/scenarios/{id}/events?{query}")).header("host", HERE);
        if let Some(seen) = seen {
            request = request.header("last-event-id", seen.to_string());
        }
        let response = house.send(request.body(Body::empty()).unwrap()).await;
        if response.status() != StatusCode::OK {
            return Err(response.status());
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Ok(Board {
            body: response.into_body().into_data_stream(),
            read: String::new(),
            opened: Instant::now(),
        })
    }

    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some((message, rest)) = self.read.split_once("\n\n") {
                let (message, rest) = (message.to_owned(), rest.to_owned());
                self.read = rest;
                let field = |name: &str| {
                    let lines = message.lines().filter_map(|line| line.strip_prefix(&format!("{name}: ")));
                    lines.collect::<Vec<&str>>().join("\n")
                };
                if field("event").is_empty() {
                    continue;
                }
                let after_s = self.opened.elapsed().as_secs_f64();
                return Some(Message {
                    kind: field("event"),
                    id: field("id").parse().ok(),
                    data: field("data"),
                    after_s,
                });
            }
            let chunk = self.body.next().await?.unwrap();
            self.read += std::str::from_utf8(&chunk).unwrap();
        }
    }

    async fn all(mut self) -> Vec<Message> {
        let mut messages = Vec::new();
        while let Some(message) = self.next().await {
            messages.push(message);
        }
        messages
    }
}

fn events(messages: &[Message]) -> Vec<(f64, Value)> {
    let of = |message: &Message| -> Vec<(f64, Value)> {
        message.data.lines().map(|line| (message.after_s, serde_json::from_str(line).unwrap())).collect()
    };
    messages.iter().filter(|message| message.kind == "events").flat_map(of).collect()
}

/// Minutes after Willow Court's opening.
fn minute(event: &Value) -> f64 {
    let at = domain::Moment::parse(event["at"].as_str().unwrap()).unwrap();
    let opens = domain::Moment::parse("2026-03-28T07:00:00+08:00").unwrap();
    (at - opens) as f64 / 600_000.0
}

#[tokio::test(start_paused = true)]
async fn a_board_gets_the_site_what_was_and_then_what_is_as_it_happens() {
    let house = House::new();
    let (id, _) = house.court().await;
    let (speed, from_min) = (60.0, 20.0);
    let board = Board::open(&house, &id, "policy=broadcast&seed=4&speed=60&from_min=20", None).await.unwrap();
    let messages = board.all().await;
    assert_eq!(messages[0].kind, "site");
    let site: Value = serde_json::from_str(&messages[0].data).unwrap();
    assert_eq!(site["view"]["community"], "Willow Court");
    assert_eq!(site["calls"]["broadcast"], true);
    assert!(!site["view"]["layout"]["posts"].as_array().unwrap().is_empty());
    let events = events(&messages);
    assert!(events.len() > 500, "{}", events.len());
    let lag_min = 0.051 * speed / 60.0;
    for (after_s, event) in &events {
        let (now, at) = (from_min + after_s * speed / 60.0, minute(event));
        assert!(at <= now + 1e-6, "an event of minute {at} came at {now}");
        assert!(at >= now - lag_min || *after_s < 1e-3, "an event of minute {at} came only at {now}");
    }
    let at_once = events.iter().filter(|(after_s, _)| *after_s < 1e-3).count();
    assert_eq!(at_once, events.iter().filter(|(_, event)| minute(event) <= from_min).count());
    for message in messages.iter().filter(|message| message.kind == "events") {
        assert!(message.data.lines().count() <= server::limits::MESSAGE_EVENTS);
    }
    let last = messages.last().unwrap();
    assert_eq!((last.kind.as_str(), last.id), ("end", Some(events.len())));
    let seqs: Vec<u64> = events.iter().map(|(_, event)| event["seq"].as_u64().unwrap()).collect();
    assert!(seqs.iter().copied().eq(1..=events.len() as u64));
    // Time is told each second, in quiet minutes too.
    let told: Vec<f64> =
        messages.iter().filter(|message| message.kind == "clock").map(|message| message.after_s).collect();
    assert!(told.len() as f64 >= last.after_s.floor());
    assert!(told.windows(2).all(|pair| pair[1] - pair[0] < 1.06), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_goes_on_where_it_broke() {
    let house = House::new();
    let (id, _) = house.court().await;
    let whole =
        events(&Board::open(&house, &id, "policy=broadcast&speed=120", None).await.unwrap().all().await);
    let mut first = Board::open(&house, &id, "policy=broadcast&speed=120", None).await.unwrap();
    let mut got = Vec::new();
    let mut seen = 0;
    while seen < 200 {
        let message = first.next().await.unwrap();
        seen = message.id.unwrap_or(seen);
        got.extend(events(&[message]));
    }
    drop(first);
    let rest = Board::open(&house, &id, "policy=broadcast&speed=120", Some(seen)).await.unwrap().all().await;
    assert_eq!(rest[0].kind, "site");
    got.extend(events(&rest));
    let only =
        |events: &[(f64, Value)]| events.iter().map(|(_, event)| event.clone()).collect::<Vec<Value>>();
    assert_eq!(only(&got), only(&whole));
    // Who has seen the end is not to ask again.
    let after = Board::open(&house, &id, "policy=broadcast", Some(whole.len())).await;
    assert_eq!(after.err(), Some(StatusCode::NO_CONTENT));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_goes_leaves_its_place() {
    let house = House::new();
    let (id, _) = house.court().await;
    let mut open = Vec::new();
    for _ in 0..server::limits::STREAMS {
        let mut board = Board::open(&house, &id, "policy=broadcast", None).await.unwrap();
        board.next().await.unwrap();
        open.push(board);
    }
    let full = house.get(&format!("/api/v1/scenarios/{id}/events?policy=broadcast")).await;
    assert_eq!(full.problem(), (503, "streams_full".to_owned()));
    open.pop();
    let mut again = Board::open(&house, &id, "policy=broadcast", None).await.unwrap();
    assert_eq!(again.next().await.unwrap().kind, "site");
    // All end when the server stops, without an end of the round.
    house.stop.send_replace(true);
    let rest = again.all().await;
    assert!(rest.iter().all(|message| message.kind != "end"));
}

#[tokio::test]
async fn what_a_board_cannot_be_asked_is_refused() {
    let house = House::new();
    let (id, _) = house.court().await;
    let at = format!("/api/v1/scenarios/{id}/events");
    for query in ["speed=0.5", "speed=121", "speed=NaN", "from_min=inf", "from_min=99999999"] {
        assert_eq!(
            house.get(&format!("{at}?{query}")).await.problem(),
            (400, "out_of_range".to_owned()),
            "{query}"
        );
    }
    for query in ["policy=shout", "seed=-1", "sped=1"] {
        assert_eq!(house.get(&format!("{at}?{query}")).await.problem(), (400, "query".to_owned()), "{query}");
    }
    assert_eq!(house.get(&format!("{at}?plan=none.json")).await.problem(), (404, "plan_unknown".to_owned()));
    assert_eq!(house.get("/api/v1/scenarios/none/events").await.problem().0, 404);
}
