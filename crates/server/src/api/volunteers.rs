//! Volunteers: whoever scans a community's code offers to help in their own words; its secretary sees who did, and keeps their sheet.
//! No name stands in an address.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

pub mod own;
pub mod posters;

mod errands;
mod own_words;

pub use errands::OwnErrand;
pub use own_words::ReadBack;
pub(super) use own_words::{checked, day_of, read_back};

use super::{
    Asker, Body, Query,
    names::Unkept,
    rounds::{community_of, picture, reached_at},
};
use crate::{
    access::who::Asking,
    app::App,
    limits,
    machine::aside,
    people::{
        self, PeopleError,
        id::{CommunityId, VolunteerId},
        names::Looks,
        neighbours::NotDone,
        purge::Purged,
        volunteers::{Corrected, SignUp, Taken, Volunteer},
    },
    problem::{Fault, Problem, WordsChanged},
    schema::notes::Refused,
};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use exchange::{Command, Who};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc, time::Instant};
use utoipa::ToSchema;

/// Who offered to help, for the secretary.
#[derive(Debug, Serialize, ToSchema)]
pub struct VolunteersSeen {
    /// The code by which people sign up; null while nobody can.
    #[schema(required)]
    sign_up: Option<SignUpCode>,
    /// Who did, and who stands in the sheets that were read; the first first.
    volunteers: Vec<VolunteerSeen>,
}

/// A code by which people sign up.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignUpCode {
    /// What is scanned: a link with the proof behind `#`.
    link: String,
    /// The same as a picture, SVG.
    svg: String,
    /// Until when it can be used, seconds since 1970.
    until: i64,
    /// The last day on which whoever signs up by it is kept.
    kept_until: String,
}

/// A volunteer.
#[derive(Debug, Serialize, ToSchema)]
pub struct VolunteerSeen {
    /// Random, and all that a roster knows of them.
    id: VolunteerId,
    /// When they were first written down, seconds since 1970.
    created: i64,
    /// The last day on which they are kept.
    kept_until: String,
    /// Their own page: whoever has it acts as them.
    link: String,
    /// Their own words, by the columns of `volunteers.csv`.
    cells: BTreeMap<String, String>,
    /// How these are understood.
    read: ReadBack,
}

/// Until when people are kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUpOpened {
    /// The last day, `2026-12-24`.
    kept_until: String,
}

/// From which day words are read, and until which day a sheet's people are kept.
#[derive(Debug, Deserialize)]
pub struct Days {
    today: Option<String>,
    kept_until: Option<String>,
}

/// What came of a sheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct SheetTaken {
    /// Who was not known before.
    added: usize,
    /// Of whom something changed.
    changed: usize,
    /// Of whom nothing did.
    same: usize,
    /// What somebody should look at.
    #[schema(value_type = Vec<crate::schema::notes::Note>)]
    notes: Vec<verbs::SpokenNote>,
}

/// The code that somebody scanned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scanned {
    /// What stands behind the last `/` of its link.
    code: String,
}

/// What the code is of.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignUpSeen {
    /// What people call the community.
    community: String,
    /// The last day on which whoever signs up is kept.
    kept_until: String,
}

/// Whose words are to be read: of whoever holds a code, or of a volunteer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToRead {
    /// The code, or the proof of the volunteer's link.
    code: String,
    /// The volunteer; absent for whoever signs up.
    volunteer: Option<String>,
    /// The words, by the columns of `volunteers.csv`.
    cells: BTreeMap<String, String>,
    /// The day from which on they are read; absent: today.
    today: Option<String>,
}

/// Somebody who signs up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SigningUp {
    /// The code.
    code: String,
    /// Their words, by the columns of `volunteers.csv`.
    cells: BTreeMap<String, String>,
}

/// Somebody signed up.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedUp {
    /// Their own page. It is shown once; whoever loses it asks the secretary.
    link: String,
}

/// A volunteer's words, written anew by the secretary.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnWords {
    /// As they stood where they were read.
    was: BTreeMap<String, String>,
    /// All of them, by the columns of `volunteers.csv`.
    cells: BTreeMap<String, String>,
}

/// Who offered to help a community.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/volunteers",
    params(("community" = String, Path), ("today" = Option<String>, Query), ("lang" = Option<String>, Query)),
    responses((status = OK, body = VolunteersSeen), (status = NOT_FOUND, body = Problem))
)]
pub async fn volunteers(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Query(days): Query<Days>,
    Asker(voice): Asker,
    headers: HeaderMap,
) -> Result<Unkept<VolunteersSeen>, Fault> {
    let today = day_of(days.today.as_deref())?;
    let reached = reached_at(&app, &headers);
    let seen = aside(move || {
        let id = app.people.community(community_of(&community)?)?.id;
        let zone = zone_of(&app, id)?;
        let who = asking.who.label();
        let all = app.people.volunteers(id, looks(&who, "list"))?;
        let sign_up = app.people.sign_up(id, people::now())?;
        let seen = |one: Volunteer| VolunteerSeen {
            id: one.id,
            created: one.created,
            kept_until: last_day(one.retain_until, &zone),
            link: own_link(&reached, id, &one),
            read: read_back(&one.cells, today, voice),
            cells: one.cells,
        };
        Ok(VolunteersSeen {
            sign_up: sign_up.map(|code| shown(&code, &reached, id, &zone)),
            volunteers: all.into_iter().map(seen).collect(),
        })
    });
    seen.await.map(Unkept::of)
}

/// Lets people sign up by a code for a month, to be kept until a day. A code that is open stays the same.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/volunteers/code", request_body = SignUpOpened,
    params(("community" = String, Path)),
    responses(
        (status = OK, body = SignUpCode), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "The day is past, or too far", body = Problem)
    )
)]
pub async fn open_sign_up(
    State(app): State<App>,
    Path(community): Path<String>,
    headers: HeaderMap,
    Body(opened): Body<SignUpOpened>,
) -> Result<Json<SignUpCode>, Fault> {
    let reached = reached_at(&app, &headers);
    let code = aside(move || {
        let id = community_of(&community)?;
        let zone = zone_of(&app, id)?;
        let now = people::now();
        let kept = end_of(&opened.kept_until, &zone, now)?;
        let until = now + limits::SIGN_UP_WITHIN.as_secs() as i64;
        let code = app.people.open_sign_up(id, until, kept, now)?;
        Ok(shown(&code, &reached, id, &zone))
    });
    code.await.map(Json)
}

/// Ends the code for signing up: the next one is another.
#[utoipa::path(
    delete, path = "/api/v1/communities/{community}/volunteers/code", params(("community" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn end_sign_up(State(app): State<App>, Path(community): Path<String>) -> Result<StatusCode, Fault> {
    let ended = aside(move || Ok(app.people.end_sign_up(community_of(&community)?)?));
    ended.await.map(|()| StatusCode::NO_CONTENT)
}

/// Takes a volunteers' sheet in, CSV or XLSX. Who is known by name and telephone gets what it says, and keeps the rest.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/volunteers/sheet",
    params(("community" = String, Path), ("kept_until" = String, Query), ("lang" = Option<String>, Query)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = OK, body = SheetTaken), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "No such sheet", body = Refused)
    )
)]
pub async fn take_sheet(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Query(days): Query<Days>,
    Asker(voice): Asker,
    body: Bytes,
) -> Result<Json<SheetTaken>, Fault> {
    let taken = aside(move || {
        let id = app.people.community(community_of(&community)?)?.id;
        let now = people::now();
        let kept = end_of(days.kept_until.as_deref().unwrap_or_default(), &zone_of(&app, id)?, now)?;
        let (rows, notes) = scenario::read_volunteer_cells("volunteers.csv", &body)?;
        let who = asking.who.label();
        let Taken { added, changed, same } =
            app.people.take_volunteers(id, &rows, kept, looks(&who, "sheet"))?;
        Ok(SheetTaken { added, changed, same, notes: voice.notes(&notes) })
    });
    taken.await.map(Json)
}

/// Writes a volunteer's words anew.
#[utoipa::path(
    put, path = "/api/v1/communities/{community}/volunteers/{volunteer}", request_body = OwnWords,
    params(("community" = String, Path), ("volunteer" = String, Path)),
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "They were changed since: as they are now", body = WordsChanged),
        (status = UNPROCESSABLE_ENTITY, description = "Without a name, or with too long a cell", body = Problem)
    )
)]
pub async fn correct_volunteer(
    State(app): State<App>,
    asking: Asking,
    Path((community, volunteer)): Path<(String, String)>,
    Body(words): Body<OwnWords>,
) -> Result<StatusCode, Fault> {
    let cells = checked(words.cells)?;
    let done = aside(move || {
        let (community, volunteer) = both(&community, &volunteer)?;
        let who = asking.who.label();
        let looks = looks(&who, "correction");
        corrected(app.people.correct_volunteer(community, volunteer, (&words.was, &cells), Some(looks))?)
    });
    done.await.map(|()| StatusCode::NO_CONTENT)
}

/// Destroys what a volunteer said of themselves, and says what a search found afterwards: `found` should be 0.
#[utoipa::path(
    delete, path = "/api/v1/communities/{community}/volunteers/{volunteer}",
    params(("community" = String, Path), ("volunteer" = String, Path)),
    responses((status = OK, body = Purged), (status = NOT_FOUND, body = Problem))
)]
pub async fn erase_volunteer(
    State(app): State<App>,
    asking: Asking,
    Path((community, volunteer)): Path<(String, String)>,
) -> Result<Json<Purged>, Fault> {
    let erased = aside(move || {
        let (community, volunteer) = both(&community, &volunteer)?;
        let who = asking.who.label();
        give_back(&app, community, volunteer)?;
        Ok(app.people.erase_volunteer(community, volunteer, looks(&who, "erasure"))?)
    });
    erased.await.map(Json)
}

/// What a volunteer who goes was to carry goes back to the secretariat.
fn give_back(app: &App, community: CommunityId, volunteer: VolunteerId) -> Result<(), Fault> {
    if !app.people.any_errand(community)? {
        return Ok(());
    }
    let exchange = app.people.exchange(community)?;
    let needs: Vec<_> = exchange.errands(volunteer.0).map(|(need, _)| need.posting.id).collect();
    for need in needs {
        match app.people.act(
            community,
            people::now(),
            &Who::Volunteer(volunteer.0),
            &Command::Decline { need },
        ) {
            // It was carried: both have only to say so.
            Ok(_) | Err(NotDone::Refused(_)) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(())
}

/// Gives a volunteer another link to their own page: the one before opens nothing any more.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/volunteers/{volunteer}/link",
    params(("community" = String, Path), ("volunteer" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn renew_volunteer(
    State(app): State<App>,
    Path((community, volunteer)): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    let renewed = aside(move || {
        let (community, volunteer) = both(&community, &volunteer)?;
        Ok(app.people.renew_volunteer(community, volunteer)?)
    });
    renewed.await.map(|()| StatusCode::NO_CONTENT)
}

/// What a code that was scanned is of.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/volunteers/scanned", request_body = Scanned,
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = SignUpSeen),
        (status = NOT_FOUND, description = "The code is none, or over", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem)
    )
)]
pub async fn scanned(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Body(Scanned { code }): Body<Scanned>,
) -> Result<Json<SignUpSeen>, Fault> {
    let seen = aside(move || {
        let (community, open) = admitted(&app, &asking, &community, &code)?;
        let kept_until = last_day(open.retain_until, &zone_of(&app, community)?);
        Ok(SignUpSeen { community: app.people.community(community)?.name, kept_until })
    });
    seen.await.map(Json)
}

/// How a volunteer's words are understood, so that they see it while they write.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/volunteers/read", request_body = ToRead,
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = ReadBack), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem), (status = TOO_MANY_REQUESTS, body = Problem)
    )
)]
pub async fn read_words(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Asker(voice): Asker,
    Body(asked): Body<ToRead>,
) -> Result<Json<ReadBack>, Fault> {
    app.attempts.reading(asking.address, Instant::now())?;
    let today = day_of(asked.today.as_deref())?;
    let cells = own_words::limited(asked.cells)?;
    let read = aside(move || {
        match asked.volunteer.as_deref() {
            Some(volunteer) => drop(whose(&app, &asking, &community, volunteer, &asked.code)?),
            None => drop(admitted(&app, &asking, &community, &asked.code)?),
        }
        Ok(read_back(&cells, today, voice))
    });
    read.await.map(Json)
}

/// Somebody who scanned the code offers to help.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/volunteers/join", request_body = SigningUp,
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = CREATED, body = SignedUp),
        (status = NOT_FOUND, description = "The code is none, or over", body = Problem),
        (status = CONFLICT, description = "There are as many as there may be", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "Without a name or a telephone, or with too long a cell", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem)
    )
)]
pub async fn join_volunteers(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    headers: HeaderMap,
    Body(SigningUp { code, cells }): Body<SigningUp>,
) -> Result<(StatusCode, Json<SignedUp>), Fault> {
    let cells = checked(cells)?;
    if !own_words::is_reachable(&cells) {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "volunteer_phone"));
    }
    let reached = reached_at(&app, &headers);
    let link = aside(move || {
        let (community, _) = admitted(&app, &asking, &community, &code)?;
        app.attempts.sign_up(asking.address, Instant::now())?;
        let one = app.people.add_volunteer(community, &code, &cells, people::now())?;
        Ok(own_link(&reached, community, &one))
    });
    Ok((StatusCode::CREATED, Json(SignedUp { link: link.await? })))
}

/// Who wrote over what they had not seen is told what it is now.
fn corrected(corrected: Corrected) -> Result<(), Fault> {
    match corrected {
        Corrected::Now => Ok(()),
        Corrected::Since(now) => Err(Fault::Words(Arc::new(now))),
    }
}

/// The community whose code this is. Wrong ones are counted. Blocks on the disk.
fn admitted(app: &App, asking: &Asking, community: &str, code: &str) -> Result<(CommunityId, SignUp), Fault> {
    let open = match CommunityId::parse(community) {
        Some(id) => app.people.admits(id, code, people::now()).map(|open| (id, open)),
        None => Err(PeopleError::NoSignUp),
    };
    match open {
        Err(PeopleError::NoSignUp) => {
            app.attempts.wrong_token(asking.address, Instant::now())?;
            Err(PeopleError::NoSignUp.into())
        }
        open => Ok(open?),
    }
}

/// The volunteer whose link this is. Wrong ones are counted. Blocks on the disk.
pub(super) fn whose(
    app: &App,
    asking: &Asking,
    community: &str,
    volunteer: &str,
    token: &str,
) -> Result<(CommunityId, Volunteer), Fault> {
    let own = match CommunityId::parse(community).zip(VolunteerId::parse(volunteer)) {
        Some((community, id)) => app.people.own_volunteer(community, id, token).map(|own| (community, own)),
        None => Err(PeopleError::Unknown),
    };
    match own {
        Err(PeopleError::Unknown) => {
            app.attempts.wrong_token(asking.address, Instant::now())?;
            Err(Fault::new(StatusCode::NOT_FOUND, "volunteer_unknown"))
        }
        own => Ok(own?),
    }
}

/// Where a community's clocks are: as its newest round says. Blocks on the disk.
pub(super) fn zone_of(app: &App, community: CommunityId) -> Result<TimeZone, Fault> {
    Ok(match app.runs.book.rounds(community)?.first() {
        Some(newest) => app.runs.book.round(community, newest.id)?.definition.zone(),
        None => TimeZone::UTC,
    })
}

pub(super) fn looks<'w>(who: &'w str, why: &'w str) -> Looks<'w> {
    Looks { who, why, now: people::now() }
}

fn both(community: &str, volunteer: &str) -> Result<(CommunityId, VolunteerId), Fault> {
    Ok((community_of(community)?, VolunteerId::parse(volunteer).ok_or(PeopleError::Unknown)?))
}

fn code_link(reached: &str, community: CommunityId, code: &SignUp) -> String {
    format!("{reached}/volunteer#{community}/{}", code.token)
}

fn own_link(reached: &str, community: CommunityId, one: &Volunteer) -> String {
    format!("{reached}/volunteer#{community}/{}/{}", one.id, one.token)
}

fn shown(code: &SignUp, reached: &str, community: CommunityId, zone: &TimeZone) -> SignUpCode {
    let link = code_link(reached, community, code);
    SignUpCode { svg: picture(&link), link, until: code.until, kept_until: last_day(code.retain_until, zone) }
}

/// The day that ends at a moment, `2026-12-24`.
fn last_day(end: i64, zone: &TimeZone) -> String {
    let last = Timestamp::from_second(end - 1).unwrap_or_default();
    zone.to_datetime(last).date().to_string()
}

/// The end of a day, no further than names may be kept.
fn end_of(day: &str, zone: &TimeZone, now: i64) -> Result<i64, Fault> {
    let day = day_of(Some(day))?;
    let wrong = |_| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "day").with("day", day);
    let next = day.tomorrow().map_err(wrong)?;
    let end = zone.to_timestamp(next.at(0, 0, 0, 0)).map_err(wrong)?.as_second();
    if end > now + limits::RETAIN_DAYS * 86_400 {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "retention"));
    }
    Ok(end)
}
