//! A real round as it happens, for boards; and the facts in it that contradict each other.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker,
    rounds::{place, place_for},
};
use crate::{
    access::{gate::may_still, who::Asking},
    app::App,
    limits,
    machine::aside,
    people::{
        self,
        id::{CommunityId, RoundId, SessionId},
    },
    problem::{Fault, Problem},
    run::held,
    schema::events::Clock,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use domain::{Moment, event::Keeps};
use futures_util::{Stream, stream};
use round::Question;
use serde::Serialize;
use serde_json::{Value, json};
use std::{convert::Infallible, time::Duration};
use tokio::{sync::OwnedSemaphorePermit, time::Instant};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a round is watched, as the table of rights has it.
const LIVE: &str = "/api/v1/communities/{community}/rounds/{round}/live";

/// Facts that contradict each other, or that nobody need believe.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictOfRound {
    /// Its id, by which it is settled.
    #[schema(value_type = String)]
    id: Uuid,
    /// What kind it is.
    code: &'static str,
    /// In words.
    text: String,
    /// What is asked: `which` of two facts is true; `whether` what stands aside counts (`second`) or not (`first`); `nothing`,
    /// it is only to be seen (`first`).
    asks: &'static str,
    /// `first`, `second` or `both`; null while nobody has settled it.
    #[schema(required)]
    settled: Option<&'static str>,
}

/// A round as it happens.
///
/// Messages as those of a rehearsal: `site` first; `events`, one event a line, everything so far and then as it happens;
/// `clock` each second. The id of `events` is the journal's position: with `Last-Event-ID` the stream goes on after it.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/live",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query), ("Last-Event-ID" = Option<u64>, Header)),
    responses(
        (status = OK, content_type = "text/event-stream", body = String),
        (status = NOT_FOUND, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem),
    )
)]
pub async fn live(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (community, round) = place_for(&asking, &community, &round)?;
    let place = app.boards.clone().try_acquire_owned();
    let place = place.map_err(|_| Fault::new(StatusCode::SERVICE_UNAVAILABLE, "streams_full"))?;
    let within = app.clone();
    let (site, opens) = aside(move || {
        let running = within.runs.running(community, round)?;
        let running = held(&running);
        let definition = &running.made.definition;
        let mut site = definition.site(voice.language).cloned().unwrap_or(Value::Null);
        let told = running.folded().told();
        // A phone whose clock is a year wrong does not make the board begin a year ago.
        let (made, now) = (&running.made, people::now());
        let can_be = told.iter().filter(|event| made.can_be(event, now));
        let first = can_be.filter_map(|event| Moment::parse(&event.at)).min();
        let first_min = first.map_or(0.0, |at| definition.rules.minutes(at).min(0.0));
        if let Value::Object(site) = &mut site {
            site.insert("first_min".to_owned(), json!(first_min));
            site.insert("last_min".to_owned(), Value::Null);
        }
        Ok((site.to_string(), definition.rules.opens))
    })
    .await?;
    let seen = headers.get("last-event-id").and_then(|seen| seen.to_str().ok()?.parse::<u64>().ok());
    let watching = Watching {
        grown: app.runs.grown.clone(),
        stopping: app.stopping.clone(),
        app,
        community,
        round,
        opens,
        session: asking.session,
        site: Some(site),
        position: seen.unwrap_or(0),
        told: None,
        _place: place,
    };
    Ok(Sse::new(watching.messages()).keep_alive(KeepAlive::default()).into_response())
}

/// A board that watches a round.
struct Watching {
    app: App,
    grown: tokio::sync::watch::Receiver<Option<journal::Committed>>,
    stopping: tokio::sync::watch::Receiver<bool>,
    community: CommunityId,
    round: RoundId,
    opens: Moment,
    /// Whoever is signed out sees no more; the owner of the machine has none.
    session: Option<SessionId>,
    site: Option<String>,
    position: u64,
    /// When time was last told.
    told: Option<Instant>,
    _place: OwnedSemaphorePermit,
}

impl Watching {
    fn messages(self) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static {
        stream::unfold(self, |mut watching| async {
            let message = watching.next().await?;
            Some((Ok(message), watching))
        })
    }

    async fn may_go_on(&self) -> bool {
        let (people, session, community) = (self.app.people.clone(), self.session, self.community);
        aside(move || may_still(&people, session, LIVE, community)).await.unwrap_or(false)
    }

    async fn next(&mut self) -> Option<Event> {
        if let Some(site) = self.site.take() {
            return Some(Event::default().event("site").data(site).retry(Duration::from_secs(2)));
        }
        loop {
            // Before it is looked at: what is committed after that wakes us again.
            self.grown.borrow_and_update();
            let (runs, community, round, after) =
                (self.app.runs.clone(), self.community, self.round, self.position);
            let news = aside(move || {
                let running = runs.running(community, round)?;
                let (position, events) = held(&running).told_after(after, limits::MESSAGE_EVENTS);
                let lines: Vec<String> = events
                    .iter()
                    .map(|event| serde_json::to_string(&**event).expect("our own types are written as JSON"))
                    .collect();
                Ok((position, lines))
            });
            // A journal that cannot be read ends the stream: the board says that it is late, and asks again.
            let (position, lines) = news.await.ok()?;
            self.position = position;
            if !lines.is_empty() {
                return Some(
                    Event::default().event("events").id(position.to_string()).data(lines.join("\n")),
                );
            }
            let tell = self.told.map_or_else(Instant::now, |told| told + limits::CLOCK_EVERY);
            if tell <= Instant::now() {
                if !self.may_go_on().await {
                    return None;
                }
                self.told = Some(Instant::now());
                let now = Moment::from(jiff::Timestamp::now());
                let now_min = (now - self.opens) as f64 / 600_000.0;
                let text =
                    serde_json::to_string(&Clock { now_min }).expect("our own types are written as JSON");
                return Some(Event::default().event("clock").data(text));
            }
            tokio::select! {
                () = tokio::time::sleep_until(tell) => {}
                grown = self.grown.changed() => if grown.is_err() { return None },
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            }
        }
    }
}

/// Facts that contradict each other, in the order in which they came in, and then what stands aside. The secretary's desk
/// settles them.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/conflicts",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = [ConflictOfRound]), (status = NOT_FOUND, body = Problem))
)]
pub async fn conflicts(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
) -> Result<Json<Vec<ConflictOfRound>>, Fault> {
    let (community, round) = place(&community, &round)?;
    let found = aside(move || {
        let running = app.runs.running(community, round)?;
        let running = held(&running);
        let round = running.folded().live().round();
        let said = running.folded().conflicts().map(|(conflict, settled)| {
            let said = conflict.said(round);
            ConflictOfRound {
                id: conflict.id(),
                code: said.code,
                text: voice.said("conflict", "", &said),
                asks: match conflict.question() {
                    Question::Which => "which",
                    Question::Whether => "whether",
                    Question::Nothing => "nothing",
                },
                settled: settled.map(|keeps| match keeps {
                    Keeps::First => "first",
                    Keeps::Second => "second",
                    Keeps::Both => "both",
                }),
            }
        });
        Ok(said.collect())
    });
    found.await.map(Json)
}
