//! A volunteer's own page, by the link that they alone have: what they do next, and what they said.

use super::{OwnErrand, ReadBack, corrected, day_of, errands::errands, own_words, read_back, whose};
use crate::{
    access::who::Asking,
    api::{Asker, Body, names::Unkept, rounds::reached_at},
    app::App,
    machine::aside,
    people::{
        PeopleError,
        id::{CommunityId, VolunteerId},
    },
    problem::{Fault, Problem, WordsChanged},
    rostering::{Act, Card, Next, Offer, OwnPage, OwnShift, calendar},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Instant};
use utoipa::ToSchema;

/// Whose page is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnVolunteer {
    /// The volunteer, as the link says.
    volunteer: String,
    /// What proves it.
    token: String,
    /// The day from which their words are read; absent: today.
    today: Option<String>,
}

/// Something that a volunteer does.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VolunteerAct {
    /// The volunteer.
    volunteer: String,
    /// What proves it.
    token: String,
    /// What they do.
    act: Act,
    /// When they did it, seconds since 1970, where it is told later for want of a network; absent: now. Twelve hours at most.
    made: Option<i64>,
}

/// What a volunteer says of themselves, written anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnWordsAnew {
    /// The volunteer.
    volunteer: String,
    /// What proves it.
    token: String,
    /// As they stood where they were read.
    was: BTreeMap<String, String>,
    /// All of their words, by the columns of `volunteers.csv`.
    cells: BTreeMap<String, String>,
}

/// A volunteer's own page.
#[derive(Debug, Serialize, ToSchema)]
pub struct VolunteerPage {
    /// What people call the community.
    community: String,
    /// The last day on which they are kept.
    kept_until: String,
    /// Their own words.
    cells: BTreeMap<String, String>,
    /// How these are understood.
    read: ReadBack,
    /// The one next thing.
    next: Next,
    /// Of which of the shifts, counted from 0; null where nothing is next.
    #[schema(required)]
    first: Option<usize>,
    /// Their shifts that are not over.
    shifts: Vec<OwnShift>,
    /// What they carry from neighbour to neighbour, the most urgent first.
    errands: Vec<OwnErrand>,
    /// Shifts that others would give away.
    offers: Vec<Offer>,
    /// The cards of their roles.
    cards: Vec<Card>,
    /// The address of their shifts for a calendar. It shows no name, and opens nothing else.
    calendar: String,
}

/// What a volunteer sees of themselves.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/volunteers/own", request_body = OwnVolunteer,
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = VolunteerPage), (status = NOT_FOUND, description = "The link opens nothing", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem)
    )
)]
pub async fn own_page(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Asker(voice): Asker,
    headers: HeaderMap,
    Body(asked): Body<OwnVolunteer>,
) -> Result<Unkept<VolunteerPage>, Fault> {
    app.attempts.reading(asking.address, Instant::now())?;
    let today = day_of(asked.today.as_deref())?;
    let reached = reached_at(&app, &headers);
    let page = aside(move || {
        let (community, own) = whose(&app, &asking, &community, &asked.volunteer, &asked.token)?;
        let OwnPage { next, first, shifts, offers, cards } = OwnPage::of(&app, community, &own, voice)?;
        let zone = super::zone_of(&app, community)?;
        Ok(VolunteerPage {
            community: app.people.community(community)?.name,
            kept_until: super::last_day(own.retain_until, &zone),
            read: read_back(&own.cells, today, voice),
            calendar: format!("{reached}/calendar/{community}/{}/{}", own.id, own.feed),
            cells: own.cells,
            next,
            first,
            shifts,
            errands: errands(&app, community, own.id)?,
            offers,
            cards,
        })
    });
    page.await.map(Unkept::of)
}

/// Something that a volunteer does: read their card, came, left, cannot come, asks for a swap or takes one.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/volunteers/own/act", request_body = VolunteerAct,
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, description = "The link opens nothing", body = Problem),
        (status = CONFLICT, description = "They are not at this shift, it is not the time, or a rule says no", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem)
    )
)]
pub async fn own_act(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Asker(voice): Asker,
    Body(asked): Body<VolunteerAct>,
) -> Result<StatusCode, Fault> {
    app.attempts.reading(asking.address, Instant::now())?;
    let done = aside(move || {
        let (community, own) = whose(&app, &asking, &community, &asked.volunteer, &asked.token)?;
        asked.act.done(&app, community, (&own, asked.made), voice)
    });
    done.await.map(|()| StatusCode::NO_CONTENT)
}

/// What a volunteer says of themselves, written anew: when they can come, that they come only if nobody does.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/volunteers/own/words", request_body = OwnWordsAnew,
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, description = "The link opens nothing", body = Problem),
        (status = CONFLICT, description = "They were changed since: as they are now", body = WordsChanged),
        (status = UNPROCESSABLE_ENTITY, description = "Without a name or a telephone, or with too long a cell", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem)
    )
)]
pub async fn own_words_anew(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Body(asked): Body<OwnWordsAnew>,
) -> Result<StatusCode, Fault> {
    app.attempts.reading(asking.address, Instant::now())?;
    let cells = own_words::checked(asked.cells)?;
    if !own_words::is_reachable(&cells) {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "volunteer_phone"));
    }
    let done = aside(move || {
        let (community, own) = whose(&app, &asking, &community, &asked.volunteer, &asked.token)?;
        corrected(app.people.correct_volunteer(community, own.id, (&asked.was, &cells), None)?)
    });
    done.await.map(|()| StatusCode::NO_CONTENT)
}

/// A volunteer's shifts for the calendar of their telephone, which asks again by itself.
#[utoipa::path(
    get, path = "/calendar/{community}/{volunteer}/{feed}",
    params(
        ("community" = String, Path), ("volunteer" = String, Path), ("feed" = String, Path),
        ("lang" = Option<String>, Query)
    ),
    responses(
        (status = OK, content_type = "text/calendar", body = String), (status = NOT_FOUND, body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem)
    )
)]
pub async fn own_calendar(
    State(app): State<App>,
    asking: Asking,
    Path((community, volunteer, feed)): Path<(String, String, String)>,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    app.attempts.reading(asking.address, Instant::now())?;
    let text = aside(move || {
        let found = match CommunityId::parse(&community).zip(VolunteerId::parse(&volunteer)) {
            Some((community, id)) => {
                app.people.volunteer_of_feed(community, id, &feed).map(|own| (community, own))
            }
            None => Err(PeopleError::Unknown),
        };
        match found {
            Err(PeopleError::Unknown) => {
                app.attempts.wrong_token(asking.address, Instant::now())?;
                Err(Fault::new(StatusCode::NOT_FOUND, "volunteer_unknown"))
            }
            found => {
                let (community, own) = found?;
                calendar(&app, community, &own, voice)
            }
        }
    });
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, text.await?).into_response())
}
