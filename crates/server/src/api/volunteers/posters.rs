//! What hangs on a wall: the code by which people sign up, and the one by which volunteers say that they are at the site.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{code_link, last_day, zone_of};
use crate::{
    api::{
        Asker,
        paper::pdf,
        rounds::{community_of, reached_at},
    },
    app::App,
    machine::aside,
    people::{self, PeopleError},
    problem::{Fault, Problem},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use formats::pdf::{Poster, poster};
use verbs::Voice;

/// Prints the code for signing up as a poster.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/volunteers/poster",
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/pdf"),
        (status = NOT_FOUND, description = "Nobody can sign up now", body = Problem),
        (status = CONFLICT, description = "There is no font", body = Problem)
    )
)]
pub async fn sign_up_poster(
    State(app): State<App>,
    Path(community): Path<String>,
    Asker(voice): Asker,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let reached = reached_at(&app, &headers);
    let bytes = aside(move || {
        let community = app.people.community(community_of(&community)?)?;
        let code = app.people.sign_up(community.id, people::now())?.ok_or(PeopleError::NoSignUp)?;
        let day = last_day(code.retain_until, &zone_of(&app, community.id)?);
        let poster_of = Poster {
            title: voice.say("volunteers.poster", &[("community", &community.name)]),
            code: code_link(&reached, community.id, &code),
            lines: ["volunteers.poster.scan", "volunteers.poster.write", "volunteers.poster.then"]
                .map(|key| voice.word(key))
                .to_vec(),
            foot: voice.say("volunteers.poster.kept", &[("day", &day)]),
        };
        printed(&app, &poster_of, voice)
    });
    Ok(pdf(bytes.await?))
}

/// Prints the code that hangs at the site: whoever scans it with the telephone of their own page is there.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/volunteers/site",
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/pdf"),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "Nobody has offered to help yet, or there is no font", body = Problem)
    )
)]
pub async fn site_poster(
    State(app): State<App>,
    Path(community): Path<String>,
    Asker(voice): Asker,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let reached = reached_at(&app, &headers);
    let bytes = aside(move || {
        let community = app.people.community(community_of(&community)?)?;
        let nobody = || Fault::new(StatusCode::CONFLICT, "volunteers_none");
        let code = app.people.site_code(community.id)?.ok_or_else(nobody)?;
        let poster_of = Poster {
            title: voice.say("volunteers.site", &[("community", &community.name)]),
            code: format!("{reached}/volunteer#{}/site/{code}", community.id),
            lines: ["volunteers.site.come", "volunteers.site.leave"].map(|key| voice.word(key)).to_vec(),
            foot: voice.word("volunteers.site.foot"),
        };
        printed(&app, &poster_of, voice)
    });
    Ok(pdf(bytes.await?))
}

/// A poster as bytes. Blocks on the disk.
fn printed(app: &App, of: &Poster, voice: Voice) -> Result<Vec<u8>, Fault> {
    let fonts = app.runs.fonts.read()?;
    let pages = [poster(of, &fonts)];
    Ok(formats::pdf::pdf(&of.title, voice.language.tag(), &pages, &fonts)?)
}
