//! Notices of a round: issued at the desk, printed for each entrance with a code that counts who has opened it, and told at the doors.
//! They are counted by entrance; nobody is known by it.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

pub mod channels;
pub mod form;
pub mod page;

use self::channels::{NoticeAtChannel, all_known};

use super::{
    Asker, Body,
    paper::still,
    rounds::{place, reached_at},
    scenarios::read,
    shift::{Use, doors_of, doors_to_count},
    verbs_on::desk,
};
use crate::{
    access::who::Asking,
    app::App,
    channels::Channels,
    clock::now_in,
    limits,
    machine::aside,
    people::id::{CommunityId, RoundId},
    problem::{Fault, Problem},
    run::{
        book::{Made, NewestNotice, NoticeOfRound, PostedSeen, notice_unknown},
        held, notices,
    },
    schema::{
        notes::Refused,
        notice::{LanguageName, NoticeKindName},
    },
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use notice::{Addressed, EntranceReceipts, Notice};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use verbs::{
    Voice,
    options::{self, NoticeOptions},
};
use words::Language;

/// A notice to be issued.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    /// What it is for; absent: the round, or a correction where there is a notice already.
    #[schema(value_type = Option<NoticeKindName>)]
    kind: Option<options::NoticeKindName>,
    /// A building or an entrance; absent: everybody.
    #[serde(rename = "for")]
    addressed: Option<String>,
    /// What is different, in the secretary's words.
    #[serde(default)]
    changed: Vec<String>,
    /// From when an all clear or a call-back holds, local.
    from: Option<String>,
    /// Until when.
    until: Option<String>,
    /// The channels to which it is sent, by their names.
    #[serde(default)]
    channels: Vec<String>,
}

/// A notice of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundNotice {
    /// Its number in the round, from 1.
    number: u32,
    /// What it is for.
    kind: String,
    /// When it was issued, local: `2026-03-27T20:00`.
    at: String,
    /// What residents see first.
    title: String,
    /// A building or an entrance; empty: everybody.
    #[serde(rename = "for")]
    addressed: String,
    /// The number of the notice that it replaces.
    #[schema(required)]
    replaces: Option<u32>,
    /// The message for the chat.
    text: String,
    /// Who has it, in the order of the roll.
    entrances: Vec<NoticeAtEntrance>,
    /// What became of it in the channels to which it is sent.
    channels: Vec<NoticeAtChannel>,
}

/// Who of an entrance has a notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeAtEntrance {
    /// The building.
    building: String,
    /// The entrance; empty where a building has only one.
    entrance: String,
    /// Both, as people say them: `12-2`.
    label: String,
    /// Its households.
    households: u32,
    /// Sheets that were printed for it.
    printed: u32,
    /// Browsers that opened it: a household may have several, or none.
    seen: u32,
    /// Households that were told at the door.
    told: u32,
    /// Households that have it in neither way, if each browser is one household's.
    still: u32,
    /// Where it is read: the code on its paper, and what its chat is sent.
    link: String,
}

/// Where the entrances of a round read their notices, and to which channels they were sent.
struct Ways {
    secret: [u8; 32],
    round: (CommunityId, RoundId),
    /// How whoever asks reaches this server.
    reached: String,
    posted: Vec<PostedSeen>,
    channels: Arc<Channels>,
}

impl Ways {
    fn of(app: &App, made: &Made, reached: String) -> Result<Ways, Fault> {
        let round = (made.community, made.id);
        let posted = app.runs.book.all_posted(round.0, round.1)?;
        Ok(Ways { secret: made.secret, round, reached, posted, channels: app.channels.clone() })
    }

    fn to(&self, of: &EntranceReceipts) -> String {
        format!("{}{}", self.reached, notices::path(&self.secret, self.round, of))
    }
}

/// Paper for the entrances.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticePaper {
    /// Its language; absent: that of the answer.
    #[schema(value_type = Option<LanguageName>)]
    language: Option<options::LanguageName>,
    /// Of this building alone; absent: of all for which it is.
    building: Option<String>,
}

/// Who was told at the door.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeTold {
    /// The building.
    building: String,
    /// The entrance; absent where a building has only one.
    #[serde(default)]
    entrance: String,
    /// Households of it that were told by now: all of them, so that a second tap changes nothing.
    told: u32,
}

impl RoundNotice {
    fn of(NoticeOfRound { notice, entrances }: &NoticeOfRound, ways: &Ways, voice: Voice) -> RoundNotice {
        let at_entrance = |of: &EntranceReceipts| NoticeAtEntrance {
            building: of.building.clone(),
            entrance: of.entrance.clone(),
            label: of.label(),
            households: of.households,
            printed: of.printed,
            seen: of.seen,
            told: of.told,
            still: of.still_to_tell(),
            link: ways.to(of),
        };
        RoundNotice {
            number: notice.number,
            kind: notice.kind.clone(),
            at: notice.at.strftime("%Y-%m-%dT%H:%M").to_string(),
            title: notice.title(voice.language),
            addressed: notice.addressed.label(),
            replaces: notice.replaces.map(|old| old.number),
            text: notice.chat(voice.language),
            entrances: entrances.iter().map(at_entrance).collect(),
            channels: NoticeAtChannel::all(notice.number, ways, voice),
        }
    }
}

/// The notices of a round, the newest first, with who has them by entrance.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/notices",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = [RoundNotice]), (status = NOT_FOUND, body = Problem))
)]
pub async fn notices(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    headers: HeaderMap,
    Asker(voice): Asker,
) -> Result<Json<Vec<RoundNotice>>, Fault> {
    let (community, round) = place(&community, &round)?;
    let reached = reached_at(&app, &headers);
    let all = aside(move || {
        let ways = Ways::of(&app, &app.runs.book.round(community, round)?, reached)?;
        let all = all_told(&app, &asking, community, round)?;
        Ok(all.iter().map(|one| RoundNotice::of(one, &ways, voice)).collect())
    });
    all.await.map(Json)
}

/// Issues a notice of a round: by the scenario that it was made from, with the round's own day, doors and calls. Where there is one
/// already, the new one replaces it and says what is different.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/notices", request_body = NewNotice,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = CREATED, body = RoundNotice), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "The round has no doors, its names have ended, or there are too many", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "It is looser than a directive, or changes nothing", body = Refused)
    )
)]
pub async fn issue_notice(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    headers: HeaderMap,
    Asker(voice): Asker,
    Body(new): Body<NewNotice>,
) -> Result<(StatusCode, Json<RoundNotice>), Fault> {
    let (community, round) = place(&community, &round)?;
    let reached = reached_at(&app, &headers);
    let runs = app.runs.clone();
    let made = aside(move || still(runs.book.round(community, round)?)).await?;
    let files = read(app.clone(), asking.clone(), &made.definition.made_from).await?.files;
    let within = app.clone();
    let issued = app.turns.compute(move || {
        let app = within;
        let desk = desk(&files, voice);
        let scenario = desk.scenario(&[])?;
        let doors = doors_of(&app, &made, &asking, (Use::Read, "a notice for the doors is written"))?;
        let (scenario, plan) = notices::as_round(&made, scenario, &doors);
        if scenario.roll.entrances.is_empty() {
            return Err(Fault::new(StatusCode::CONFLICT, "notice_no_doors"));
        }
        let before = app.runs.book.newest_notice(community, round)?.map(|before| before.notice);
        let corrects = matches!(new.kind, None | Some(options::NoticeKindName::Change));
        // What it corrects told of the round, and told it to all whom this one is for: not news of one building.
        let earlier = if corrects { app.runs.book.notices(community, round)? } else { Vec::new() };
        let whom = new.addressed.as_deref().map(str::trim).unwrap_or_default();
        let told = |of: &&Notice| {
            let label = of.addressed.label();
            matches!(&*of.kind, "round" | "change") && (label.is_empty() || label == whom)
        };
        let replaced = earlier.iter().map(|of| &of.notice).find(told);
        let options = NoticeOptions {
            addressed: new.addressed,
            kind: new.kind,
            number: before.as_ref().map(|before| before.number + 1),
            replaces: replaced.map(|of| serde_json::to_value(of).expect("our own types are written as JSON")),
            changed: new.changed,
            from: new.from,
            until: new.until,
            ..NoticeOptions::default()
        };
        let notice = desk.noticed(&scenario, plan.as_ref(), &options, &now_in)?.notice;
        if matches!(notice.addressed, Addressed::Household(..)) {
            return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "notice_private"));
        }
        let entrances = notice::receipts(&notice.addressed, &scenario.roll);
        let issued = NoticeOfRound { notice, entrances };
        let to = all_known(&app.channels, community, &new.channels, &issued.notice)?;
        app.runs.book.issue_notice(community, round, &issued, &to)?;
        app.channels.wake();
        Ok(RoundNotice::of(&issued, &Ways::of(&app, &made, reached)?, voice))
    });
    Ok((StatusCode::CREATED, Json(issued.await?)))
}

/// Prints the newest notice for each entrance, with its own times and a code that leads to it. Sheets are counted.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/notices/{number}/paper", request_body = NoticePaper,
    params(
        ("community" = String, Path), ("round" = String, Path), ("number" = String, Path),
        ("lang" = Option<String>, Query)
    ),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/pdf"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "It was replaced, names have ended, or there is no font", body = Problem)
    )
)]
pub async fn print_notice(
    State(app): State<App>,
    Path((community, round, number)): Path<(String, String, String)>,
    Asker(voice): Asker,
    headers: HeaderMap,
    Body(asked): Body<NoticePaper>,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let number = number_of(&number)?;
    let reached = reached_at(&app, &headers);
    let bytes = aside(move || {
        let book = &app.runs.book;
        let made = still(book.round(community, round)?)?;
        let NoticeOfRound { notice, entrances } = book.notice(community, round, number)?;
        let newest = book.newest_notices(community, round)?;
        let building = asked.building.as_deref().map(str::trim).filter(|building| !building.is_empty());
        let meant = (0..).zip(&entrances).filter(|(_, of)| building.is_none_or(|one| of.building == one));
        let meant: Vec<(u32, &EntranceReceipts)> = meant.collect();
        if meant.is_empty() {
            return Err(notice_unknown());
        }
        // Paper that no longer holds at an entrance is not hung up there.
        let newest_of = |of: &EntranceReceipts| {
            let is_there =
                |one: &&NewestNotice| (&one.building, &one.entrance) == (&of.building, &of.entrance);
            newest.iter().find(is_there).map_or(number, |one| one.number)
        };
        let last = meant.iter().map(|(_, of)| newest_of(of)).max().unwrap_or(number);
        let (places, meant): (Vec<u32>, Vec<&EntranceReceipts>) =
            meant.into_iter().filter(|(_, of)| newest_of(of) == number).unzip();
        match meant.len() {
            0 => return Err(Fault::new(StatusCode::CONFLICT, "notice_replaced").with("newest", last)),
            1..=limits::NOTICE_SHEETS => {}
            _ => {
                let many = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "notice_sheets_many");
                return Err(many.with("most", limits::NOTICE_SHEETS));
            }
        }
        let ways = Ways::of(&app, &made, reached)?;
        let hung_up = |of: &&EntranceReceipts| notices::hung_up(&notice, of, Some(ways.to(of)));
        let sheets: Vec<Notice> = meant.iter().map(hung_up).collect();
        let language = asked.language.map_or(voice.language, Language::from);
        let bytes = notice::pdf(&sheets, language, &app.runs.fonts.read()?)?;
        book.notice_printed(community, round, number, &places)?;
        Ok(bytes)
    });
    let kind = [(header::CONTENT_TYPE, "application/pdf"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, bytes.await?).into_response())
}

/// Writes down how many households of an entrance were told at the door by now.
#[utoipa::path(
    put, path = "/api/v1/communities/{community}/rounds/{round}/notices/{number}/told", request_body = NoticeTold,
    params(
        ("community" = String, Path), ("round" = String, Path), ("number" = String, Path),
        ("lang" = Option<String>, Query)
    ),
    responses(
        (status = OK, body = RoundNotice), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "The entrance has fewer households", body = Problem)
    )
)]
pub async fn tell_notice(
    State(app): State<App>,
    Path((community, round, number)): Path<(String, String, String)>,
    asking: Asking,
    headers: HeaderMap,
    Asker(voice): Asker,
    Body(NoticeTold { building, entrance, told }): Body<NoticeTold>,
) -> Result<Json<RoundNotice>, Fault> {
    let (community, round) = place(&community, &round)?;
    let number = number_of(&number)?;
    let reached = reached_at(&app, &headers);
    let now = aside(move || {
        let book = &app.runs.book;
        let made = book.round(community, round)?;
        book.notice_told(community, round, number, (&building, &entrance), told)?;
        let ways = Ways::of(&app, &made, reached)?;
        Ok(RoundNotice::of(&one_told(&app, &asking, (community, round), number)?, &ways, voice))
    });
    now.await.map(Json)
}

/// The notices of a round, the newest first, with what phones reported from the doors. Blocks on the disk.
fn all_told(
    app: &App,
    asking: &Asking,
    community: CommunityId,
    round: RoundId,
) -> Result<Vec<NoticeOfRound>, Fault> {
    let mut all = app.runs.book.notices(community, round)?;
    if all.is_empty() {
        return Ok(all);
    }
    let running = app.runs.running(community, round)?;
    let told = notices::told_at_doors(&held(&running));
    if !told.is_empty() {
        let doors = doors_to_count(app, &running, asking, "who was told of a notice is counted")?;
        notices::count_told(&mut all, &doors, |household| told.get(&household));
    }
    Ok(all)
}

/// The same of one.
fn one_told(
    app: &App,
    asking: &Asking,
    (community, round): (CommunityId, RoundId),
    number: u32,
) -> Result<NoticeOfRound, Fault> {
    let all = all_told(app, asking, community, round)?;
    all.into_iter().find(|of| of.notice.number == number).ok_or_else(notice_unknown)
}

fn number_of(text: &str) -> Result<u32, Fault> {
    text.parse().map_err(|_| notice_unknown())
}
