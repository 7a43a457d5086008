//! To which channels a community's notices can be sent, and what became of them there. No address is told: whoever runs the server has it.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{RoundNotice, Ways, number_of, one_told};
use crate::{
    access::who::Asking,
    api::{
        Asker, Body,
        rounds::{community_of, place, reached_at},
    },
    app::App,
    channels::{Channel, Channels},
    machine::aside,
    people::id::CommunityId,
    problem::{Fault, Problem},
    run::book::{PostState, PostedSeen},
};
use ::notice::Notice;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use verbs::Voice;

/// A channel to which notices can be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeChannel {
    /// Its name.
    name: String,
    /// `webhook` or `smtp`.
    kind: String,
    /// Its language.
    language: String,
    /// Of which buildings; none: of all.
    buildings: Vec<String>,
}

/// What became of a notice in a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeAtChannel {
    /// The channel's name.
    channel: String,
    /// How far it is.
    state: PostState,
    /// When it came so far, seconds since 1970.
    at: i64,
    /// Tries so far.
    tries: u32,
    /// When it is tried next, seconds since 1970; null where it is not.
    #[schema(required)]
    due: Option<i64>,
    /// Why the last try did not succeed; empty where none failed.
    why: String,
    /// What to do; empty where there is nothing.
    mend: String,
}

/// To which channel a notice is to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeSend {
    /// The channel's name.
    channel: String,
}

impl NoticeAtChannel {
    /// What became of the notice of this number.
    pub(super) fn all(number: u32, ways: &Ways, voice: Voice) -> Vec<NoticeAtChannel> {
        let of = |seen: &PostedSeen| {
            let PostedSeen { channel, state, tries, at, due, why, status, .. } = seen;
            let waits = *state == PostState::Waiting;
            // Whoever runs the server took it out of the file: nobody sends it any more.
            let is_gone = waits && ways.channels.named(ways.round.0, channel).is_none();
            let why = if is_gone { "gone" } else { why };
            let status = status.to_string();
            let say = |key: &str| match why {
                "" => String::new(),
                why => voice.say(&format!("{key}.{why}"), &[("status", &status)]),
            };
            let is_open = !matches!(state, PostState::Sent | PostState::Replaced);
            NoticeAtChannel {
                channel: channel.clone(),
                state: *state,
                at: *at,
                tries: *tries,
                due: (waits && !is_gone).then_some(*due),
                why: if is_open { say("channel") } else { String::new() },
                mend: if is_open { say("channel_mend") } else { String::new() },
            }
        };
        ways.posted.iter().filter(|seen| seen.number == number).map(of).collect()
    }
}

/// The names, each once, where all are channels of this community and for whom the notice is.
pub(super) fn all_known(
    channels: &Channels,
    community: CommunityId,
    names: &[String],
    notice: &Notice,
) -> Result<Vec<String>, Fault> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        let channel = channels.named(community, name).ok_or_else(|| unknown(name))?;
        if !channel.is_for(&notice.addressed) {
            let others = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "channel_others");
            return Err(others.with("channel", name).with("buildings", channel.buildings.join(", ")));
        }
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    Ok(all)
}

fn unknown(name: &str) -> Fault {
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "channel_unknown").with("channel", name)
}

/// The channels to which a community's notices can be sent.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/channels",
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = [NoticeChannel]), (status = NOT_FOUND, body = Problem))
)]
pub async fn notice_channels(
    State(app): State<App>,
    Path(community): Path<String>,
) -> Result<Json<Vec<NoticeChannel>>, Fault> {
    let community = community_of(&community)?;
    let of = |channel: &Channel| NoticeChannel {
        name: channel.name.clone(),
        kind: channel.kind().to_owned(),
        language: channel.language.tag().to_owned(),
        buildings: channel.buildings.clone(),
    };
    Ok(Json(app.channels.of(community).map(of).collect()))
}

/// Sends a notice to a channel, or once more: also to one that it was not sent to when it was issued.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/notices/{number}/channels", request_body = NoticeSend,
    params(
        ("community" = String, Path), ("round" = String, Path), ("number" = String, Path),
        ("lang" = Option<String>, Query)
    ),
    responses(
        (status = OK, body = RoundNotice), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "It waits already, or a newer one has replaced it", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "There is no such channel, or it is for others", body = Problem)
    )
)]
pub async fn send_notice(
    State(app): State<App>,
    Path((community, round, number)): Path<(String, String, String)>,
    asking: Asking,
    headers: HeaderMap,
    Asker(voice): Asker,
    Body(NoticeSend { channel }): Body<NoticeSend>,
) -> Result<Json<RoundNotice>, Fault> {
    let (community, round) = place(&community, &round)?;
    let number = number_of(&number)?;
    let reached = reached_at(&app, &headers);
    let now = aside(move || {
        let book = &app.runs.book;
        let made = book.round(community, round)?;
        let sent = one_told(&app, &asking, (community, round), number)?;
        // A correction has taken its place: nobody is told what no longer holds.
        for newer in book.notices(community, round)? {
            let newest = newer.notice.number;
            let replaces = newer.notice.replaces.is_some_and(|old| old.number == number);
            if replaces && book.notice_covers(community, round, number, newest)? {
                return Err(Fault::new(StatusCode::CONFLICT, "channel_replaced").with("newest", newest));
            }
        }
        let names = all_known(&app.channels, community, &[channel], &sent.notice)?;
        for name in &names {
            book.post(community, round, number, name)?;
        }
        app.channels.wake();
        Ok(RoundNotice::of(&sent, &Ways::of(&app, &made, reached)?, voice))
    });
    now.await.map(Json)
}
