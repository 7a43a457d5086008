//! What a live board looks at: events as they happen, over server-sent events.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{Asker, Query, scenarios::read, verbs_on::desk};
use crate::{
    access::who::Asking,
    app::App,
    problem::{Fault, Problem},
    recording::{Key, Recording},
    schema::{notes::Refused, options::PolicyName},
    stream::Play,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response, Sse, sse::KeepAlive},
};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;
use verbs::options;

/// Slowest and fastest. At the fastest a round of six hours takes three minutes.
const SPEEDS: std::ops::RangeInclusive<f64> = 1.0..=120.0;
/// A round lasts at most a week; calls may start a day before it.
const MINUTES: std::ops::RangeInclusive<f64> = -1440.0..=10080.0;

/// How a board plays.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Playing {
    /// Plan by this policy first; absent: as the scenario's law says.
    #[param(value_type = Option<PolicyName>)]
    policy: Option<options::PolicyName>,
    /// A plan's file in the folder, in the place of a policy.
    plan: Option<String>,
    /// Seed of the random numbers.
    seed: Option<u64>,
    /// Minutes at the site in a minute of the board, 1 to 120.
    speed: Option<f64>,
    /// The minute after opening at which the pace begins; absent: the first event.
    from_min: Option<f64>,
    /// Language of the stations' words.
    #[serde(rename = "lang")]
    #[param(rename = "lang")]
    _lang: Option<String>,
}

/// The events of a round, paced.
///
/// Messages: `site` first; `events`, one event a line, everything until `from_min` at once, then as it happens; `clock`
/// each second; `end`. The id of `events` and `end` is the number of events so far: with `Last-Event-ID` the stream goes on
/// after them. To pause, close it; to seek, open it with another `from_min`.
#[utoipa::path(
    get, path = "/api/v1/scenarios/{id}/events",
    params(("id" = String, Path), Playing, ("Last-Event-ID" = Option<u64>, Header)),
    responses(
        (status = OK, content_type = "text/event-stream", body = String),
        (status = NO_CONTENT, description = "All events have been seen"),
        (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Refused),
        (status = SERVICE_UNAVAILABLE, body = Problem),
    )
)]
pub async fn events(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
    Asker(voice): Asker,
    headers: HeaderMap,
    Query(playing): Query<Playing>,
) -> Result<Response, Fault> {
    let speed = within(playing.speed.unwrap_or(1.0), &SPEEDS, "speed")?;
    let from_min = playing.from_min.map(|minute| within(minute, &MINUTES, "from_min")).transpose()?;
    let place = app.streams.clone().try_acquire_owned();
    let place = place.map_err(|_| Fault::new(StatusCode::SERVICE_UNAVAILABLE, "streams_full"))?;
    let kept = read(app.clone(), asking, &id).await?;
    let key = Key {
        version: kept.version,
        policy: playing.policy,
        plan: playing.plan,
        seed: playing.seed.unwrap_or(1),
        language: voice.language,
    };
    let recording = match app.recordings.find(&key) {
        Some(recording) => recording,
        None => {
            let asked = key.clone();
            let made = app.turns.compute(move || Recording::of(&desk(&kept.files, voice), &asked));
            let recording = Arc::new(made.await?);
            app.recordings.keep(key, recording.clone());
            recording
        }
    };
    let seen = headers.get("last-event-id").and_then(|seen| seen.to_str().ok()?.parse::<usize>().ok());
    let seen = seen.unwrap_or(0);
    if seen >= recording.lines.len() {
        // An event source that gets no content does not ask again.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let first = recording.span_min[0].min(0.0);
    // Who comes back goes on where the connection broke.
    let back = seen.checked_sub(1).map(|last| recording.lines[last].at_min);
    let from_min = from_min.into_iter().chain(back).reduce(f64::max).unwrap_or(first);
    let play = Play { recording, from_min, speed, seen, stopping: app.stopping, _place: Some(place) };
    Ok(Sse::new(play.messages()).keep_alive(KeepAlive::default()).into_response())
}

fn within(value: f64, range: &std::ops::RangeInclusive<f64>, name: &'static str) -> Result<f64, Fault> {
    let wrong = || {
        Fault::new(StatusCode::BAD_REQUEST, "out_of_range")
            .with("name", name)
            .with("least", range.start())
            .with("most", range.end())
    };
    if range.contains(&value) { Ok(value) } else { Err(wrong()) }
}
