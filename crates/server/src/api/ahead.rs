//! How a real round goes on, and the call of its next wave.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker, Body, Query,
    rounds::{place, place_for, refused},
};
use crate::{
    access::who::Asking,
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    run::{held, running::CommandFault},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::Moment;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use verbs::{Voice, ahead::Foreseen, station_word};

/// How a round goes on, lived many times from now on. Times are the site's time of day, waits are minutes. A band of three: one
/// draw in twenty is below the first, half are below the second, one in twenty is above the third.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ahead {
    /// The moment from which it is foreseen; null where nothing can be.
    #[schema(required)]
    clock: Option<String>,
    /// When 97 % of those served will have left.
    #[schema(required)]
    done_97: Option<[String; 3]>,
    /// The wait of whoever comes at a moment.
    waits: Vec<WaitAhead>,
    /// The wave whose turn it is.
    #[schema(required)]
    next_wave: Option<NextWave>,
    /// What one change would gain, if it gains in nine of ten draws.
    #[schema(required)]
    advice: Option<String>,
    /// What the day's own events say of its stations.
    learnt: Vec<Pace>,
    /// Whether waves are called by themselves.
    by_itself: bool,
}

/// The wait of whoever comes at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitAhead {
    /// The site's time of day.
    clock: String,
    /// A band for each lane.
    lanes: Vec<[f64; 3]>,
}

/// The wave whose turn it is, called now.
#[derive(Debug, Serialize, ToSchema)]
pub struct NextWave {
    /// Its number.
    wave: u32,
    /// Half of its people wait no longer than the first, 95 in 100 no longer than the second.
    wait_min: [f64; 2],
    /// Whether few enough will wait.
    may: bool,
    /// Its doors, entrance by entrance.
    doors: Vec<String>,
}

/// How fast a station is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pace {
    /// Its name in the asker's language.
    station: String,
    /// Mean seconds for a person, as planned.
    planned_s: f64,
    /// The same as it was seen today.
    seen_s: f64,
}

/// A wave to be called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallWave {
    /// Its number.
    wave: u32,
}

/// Households that were called.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalledWave {
    /// How many; none where all of them had been.
    households: usize,
}

/// How waves are called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallBy {
    /// By themselves, when few enough will wait.
    by_itself: bool,
}

/// From when on a round is foreseen.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FromWhen {
    /// A moment, RFC 3339, in the place of now; on a server for drills alone, whose days are when they like.
    at: Option<String>,
}

/// How a round goes on: the rest of its day, lived many times from what its events say so far. A moment old at most.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/ahead",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query), FromWhen),
    responses(
        (status = OK, body = Ahead), (status = NOT_FOUND, body = Problem),
        (status = FORBIDDEN, description = "A moment is named, and this is no server for drills", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "The moment is none", body = Problem),
        (status = SERVICE_UNAVAILABLE, body = Problem)
    )
)]
pub async fn ahead(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
    Query(FromWhen { at }): Query<FromWhen>,
) -> Result<Json<Ahead>, Fault> {
    let (community, round) = place_for(&asking, &community, &round)?;
    if at.is_some() && !app.for_drills {
        return Err(Fault::new(StatusCode::FORBIDDEN, "no_drill"));
    }
    let at = at.map(|text| Moment::parse(&text).ok_or_else(|| not_a_moment(&text))).transpose()?;
    let within = app.clone();
    let seen = app.turns.compute(move || {
        let foreseen = match at {
            Some(at) => within.runs.foresee_at(community, round, at)?,
            None => within.runs.foresee(community, round, Moment::from(jiff::Timestamp::now()))?,
        };
        let by_itself = within.runs.book.calling(crate::people::now())?.contains(&(community, round));
        let running = within.runs.running(community, round)?;
        let running = held(&running);
        let site = running.made.definition.site(voice.language);
        let doors = site.map(|site| site["doors"].clone()).unwrap_or_default();
        Ok(said(foreseen.as_deref(), &doors, by_itself, voice))
    });
    seen.await.map(Json)
}

/// Calls a wave from the secretary's desk: its households are told to come now.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/calls", request_body = CallWave,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = CalledWave), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "A rule says no", body = Problem)
    )
)]
pub async fn call_wave(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(CallWave { wave }): Body<CallWave>,
) -> Result<Result<Json<CalledWave>, (StatusCode, Json<Problem>)>, Fault> {
    let (community, round) = place(&community, &round)?;
    let called = aside(move || {
        let now = Moment::from(jiff::Timestamp::now());
        match app.runs.call_wave(community, round, wave, now) {
            Ok(households) => Ok(Ok(Json(CalledWave { households }))),
            Err(CommandFault::Fault(fault)) => Err(fault),
            Err(CommandFault::Refused(_, refusal)) => {
                let running = app.runs.running(community, round)?;
                let said = refusal.said(&held(&running).made.definition.rules);
                Ok(Err(refused(&said, voice)))
            }
        }
    });
    called.await
}

/// Has waves called by themselves, or by hand.
#[utoipa::path(
    put, path = "/api/v1/communities/{community}/rounds/{round}/calls", request_body = CallBy,
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn call_by_itself(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Body(CallBy { by_itself }): Body<CallBy>,
) -> Result<StatusCode, Fault> {
    let (community, round) = place(&community, &round)?;
    aside(move || {
        app.runs.book.round(community, round)?;
        app.runs.book.call_by_itself(community, round, by_itself)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn not_a_moment(text: &str) -> Fault {
    let text: String = text.chars().take(40).collect();
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "moment").with("moment", text)
}

fn said(foreseen: Option<&Foreseen>, doors: &serde_json::Value, by_itself: bool, voice: Voice) -> Ahead {
    let Some(seen) = foreseen else {
        return Ahead {
            clock: None,
            done_97: None,
            waits: Vec::new(),
            next_wave: None,
            advice: None,
            learnt: Vec::new(),
            by_itself,
        };
    };
    let doors_of = |wave: u32| {
        let of = doors.as_array().into_iter().flatten().find(|of| of["wave"] == wave);
        let list = of.and_then(|of| of["doors"].as_array()).into_iter().flatten();
        list.filter_map(|door| door.as_str().map(str::to_owned)).collect()
    };
    let waits = seen.waits.iter().map(|at| WaitAhead { clock: at.clock.clone(), lanes: at.lanes.clone() });
    let pace = |of: &verbs::ahead::LearntOf| Pace {
        station: voice.word(station_word(&of.station).trim_start_matches('@')),
        planned_s: of.planned_s,
        seen_s: of.seen_s,
    };
    Ahead {
        clock: Some(seen.clock.clone()),
        done_97: seen.done_97.clone(),
        waits: waits.collect(),
        next_wave: seen.next_wave.as_ref().map(|next| NextWave {
            wave: next.wave,
            wait_min: next.wait_min,
            may: next.may,
            doors: doors_of(next.wave),
        }),
        advice: seen.advice.as_ref().map(|advice| advice.text(voice)),
        learnt: seen.learnt.iter().map(pace).collect(),
        by_itself,
    }
}
