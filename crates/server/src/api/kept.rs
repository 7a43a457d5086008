//! What a community keeps of its residents, why, and until when: a page for everybody, in plain words.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker,
    plain::{self, escaped},
};
use crate::{
    app::App,
    machine::aside,
    people::id::CommunityId,
    problem::{Fault, Problem},
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use std::fmt::Write;

/// Headings, and what stands under each.
const PARTS: [(&str, &[&str]); 4] = [
    (
        "kept.what",
        &[
            "kept.what.roll",
            "kept.what.round",
            "kept.what.home",
            "kept.what.card",
            "kept.what.neighbours",
            "kept.what.not",
        ],
    ),
    ("kept.why", &["kept.why.call", "kept.why.table", "kept.why.green"]),
    ("kept.who", &["kept.who.secretary", "kept.who.table", "kept.who.records", "kept.who.written"]),
    ("kept.yours", &["kept.yours.copy", "kept.yours.correct", "kept.yours.erase"]),
];

/// The last day on which names are kept, at the site of the round that keeps them longest: `2026-12-24`.
pub(super) fn last_day(app: &App, community: CommunityId) -> Result<Option<String>, Fault> {
    let Some(until) = app.people.names_kept_until(community)? else { return Ok(None) };
    let rounds = app.runs.book.rounds(community)?;
    let longest = rounds.iter().find(|round| round.retain_until == until);
    let zone = match longest {
        // From the book alone: everybody may ask, and nobody waits for that.
        Some(round) => app.runs.book.round(community, round.id)?.definition.zone(),
        None => TimeZone::UTC,
    };
    let last = Timestamp::from_second(until - 1).ok();
    Ok(last.map(|at| zone.to_datetime(at).date().to_string()))
}

/// What a community keeps of its residents, why, and until when.
#[utoipa::path(
    get, path = "/kept/{community}", params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, content_type = "text/html", body = String), (status = NOT_FOUND, body = Problem))
)]
pub async fn kept(
    State(app): State<App>,
    Path(community): Path<String>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let unknown = || Fault::new(StatusCode::NOT_FOUND, "unknown_here");
    let id = CommunityId::parse(&community).ok_or_else(unknown)?;
    let found = aside(move || Ok((app.people.community(id)?, last_day(&app, id)?)));
    let (community, until) = found.await?;
    let say = |key: &str| escaped(&voice.word(key));
    let until = match until {
        Some(day) => voice.say("kept.until.day", &[("day", &day)]),
        None => voice.word("kept.until.none"),
    };
    let mut body = format!("<p class=\"level\"><b>{}</b> {}</p>", say("kept.until"), escaped(&until));
    for (heading, lines) in PARTS {
        let _ = write!(body, "<h2>{}</h2>", say(heading));
        for line in lines {
            let _ = write!(body, "<p>{}</p>", say(line));
        }
    }
    let page = plain::Page {
        title: voice.word("kept.title"),
        name: &community.name,
        note: voice.word("kept.note"),
        again_s: None,
    };
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, page.html(&body, voice)).into_response())
}
