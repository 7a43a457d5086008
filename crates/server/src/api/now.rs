//! How long people wait at a round's site: a page for everybody who has its link. A few kilobytes without a script, so that any
//! phone shows it; it says how long and nothing of anybody.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker,
    plain::{self, escaped},
    rounds::place,
};
use crate::{
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    run::held,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Moment;
use round::Pressure;
use std::fmt::Write;
use verbs::{
    Voice,
    ahead::{Foreseen, WaitAt},
    number::number,
};

/// The page asks again after so many seconds.
const AGAIN_S: u32 = 60;
/// Hours that it looks ahead, in steps of the forecast.
const STEPS: usize = 9;

/// How long people wait at a site, now and in the next two hours.
#[utoipa::path(
    get, path = "/now/{community}/{round}",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, content_type = "text/html", body = String), (status = NOT_FOUND, body = Problem))
)]
pub async fn now(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let runs = app.runs.clone();
    // A crowd that looks at once costs no more than one of them.
    let lately = aside(move || match runs.foreseen_lately(community, round) {
        Some(known) => Ok(Some(known)),
        // Whoever asks for what does not exist takes nobody's turn.
        None => runs.book.round(community, round).map(|_| None),
    });
    let lately = lately.await?;
    let found = match lately {
        Some(known) => Ok(known),
        None => {
            let runs = app.runs.clone();
            let foresee = app.turns.compute(move || {
                let seen = runs.foresee(community, round, Moment::from(jiff::Timestamp::now()))?;
                let running = runs.running(community, round)?;
                let name = held(&running).made.definition.community();
                Ok((name, seen))
            });
            foresee.await
        }
    };
    let page = match found {
        Ok((name, seen)) => page(&name, body(seen.as_deref(), voice), voice),
        // It asks again by itself.
        Err(Fault::Problem { status: StatusCode::SERVICE_UNAVAILABLE, .. }) => {
            page("", level_only(&voice.word("now.soon")), voice)
        }
        Err(fault) => return Err(fault),
    };
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, page).into_response())
}

fn level_only(text: &str) -> String {
    format!("<p class=\"level\">{}</p>", escaped(text))
}

fn body(seen: Option<&Foreseen>, voice: Voice) -> String {
    let say = |key: &str, args: &[(&str, &str)]| escaped(&voice.say(key, args));
    let Some((seen, now, later)) =
        seen.and_then(|seen| Some((seen, seen.waits.first()?, seen.waits.get(1..)?)))
    else {
        return level_only(&voice.word("now.nothing"));
    };
    if seen.from > Moment::from(jiff::Timestamp::now()) {
        return level_only(&voice.say("now.before", &[("clock", &seen.clock)]));
    }
    let mut body = format!("<p class=\"soft\">{}</p>", say("now.as_of", &[("clock", &seen.clock)]));
    let [low, half, high] = worst(now);
    let level = Pressure::of(Some(half));
    let word = say(level_key(level), &[]);
    let (half, low, high) = (number(half.round()), number(low.round()), number(high.round()));
    let about = say("now.wait", &[("minutes", &half), ("low", &low), ("high", &high)]);
    let _ = write!(body, "<p class=\"level {}\"><b>{word}</b> {about}</p>", class(level));
    if now.lanes.len() > 1 {
        body.push_str("<ul>");
        for (place, band) in now.lanes.iter().enumerate() {
            let (lane, minutes) = ((place + 1).to_string(), number(band[1].round()));
            let text = say("now.lane", &[("lane", &lane), ("minutes", &minutes)]);
            let _ = write!(body, "<li class=\"{}\">{text}</li>", class(Pressure::of(Some(band[1]))));
        }
        body.push_str("</ul>");
    }
    let _ = write!(body, "<h2>{}</h2><table>", say("now.later", &[]));
    for at in later.iter().take(STEPS - 1) {
        let half = worst(at)[1];
        let minutes = say("now.minutes", &[("minutes", &number(half.round()))]);
        let level = class(Pressure::of(Some(half)));
        let _ = write!(body, "<tr class=\"{level}\"><th>{}</th><td>{minutes}</td></tr>", at.clock);
    }
    body.push_str("</table>");
    body
}

fn page(name: &str, body: String, voice: Voice) -> String {
    let page = plain::Page {
        title: voice.word("now.title"),
        name,
        note: voice.word("now.note"),
        again_s: Some(AGAIN_S),
    };
    page.html(&body, voice)
}

/// The longest of the lanes: who promises less is not waited for in anger.
pub(super) fn worst(at: &WaitAt) -> [f64; 3] {
    at.lanes.iter().copied().max_by(|one, other| one[1].total_cmp(&other[1])).unwrap_or_default()
}

fn class(level: Pressure) -> &'static str {
    match level {
        Pressure::Clear => "clear",
        Pressure::Busy => "busy",
        Pressure::Jammed => "jammed",
    }
}

fn level_key(level: Pressure) -> &'static str {
    match level {
        Pressure::Clear => "now.clear",
        Pressure::Busy => "now.busy",
        Pressure::Jammed => "now.jammed",
    }
}
