//! Phones of a round: they join by a code, send what they wrote down, and hear what others did.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

pub mod aside;

use super::{
    Body, Query,
    rounds::{Seat, community_of, enrol, place, place_for},
};
use crate::{
    access::{
        gate::{may_still, set_phone_cookie, sign_in_first},
        secret::Secret,
        who::{Asking, Who},
    },
    app::App,
    limits,
    machine::aside,
    people::{
        self,
        id::{CommunityId, DeviceId, RoundId},
        names::Looks,
        sessions::Device,
    },
    problem::{Fault, Problem},
    run::{
        book::Joined,
        bundle::{bundle, sees_roll},
        held, news,
    },
    telemetry,
};
use axum::{
    Extension, Json,
    body::Body as RequestBody,
    extract::{Path, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Envelope;
use futures_util::StreamExt;
use journal::{Answer, BYTES_MAX, Head, LogName, LogState, PublicKey, Refused, Slice};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::timeout,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Where phones hear what others recorded, as the table of rights has it.
const TOLD: &str = "/api/v1/communities/{community}/rounds/{round}/told";

/// A phone that wants to join.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    /// The secret of the code that was scanned.
    token: String,
    /// The phone's own public key, 64 hexadecimal digits.
    public_key: String,
}

/// What it is given.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedRound {
    /// Rules, calls, and the phone's part of the roll.
    #[schema(value_type = Object)]
    bundle: Value,
}

/// What became of a slice.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Uploaded {
    /// All of it is stored durably, now or since an earlier time.
    Stored {
        /// The number of the last frame that is held.
        seq: u64,
        /// The hash of the log up to it.
        hash: String,
        /// A position of the community's journal at which all of it has been written.
        position: u64,
    },
    /// Frames before it are missing: what is held ends here.
    Gap {
        /// The number of the last frame that is held.
        seq: u64,
        /// The hash of the log up to it.
        hash: String,
    },
    /// It is kept aside until a person decides. The phone keeps its copy.
    Quarantined {
        /// Its number.
        number: u64,
        /// `unknown`, `revoked`, `unsigned`, `forked`, `broken`, `excess` or `late`.
        why: &'static str,
    },
    /// Nothing of it was taken.
    Refused {
        /// `large` or `foreign`.
        why: &'static str,
    },
}

/// What others recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldEvents {
    /// To ask from next time.
    position: u64,
    /// Events, in the journal's order.
    #[schema(value_type = Vec<Object>)]
    lines: Vec<Envelope>,
}

/// From where on.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct After {
    /// The position that the last answer gave; 0 at first.
    #[serde(default)]
    after: u64,
    /// Seconds for which the answer may wait until there is something: what is urgent is answered at once, anything else after 8. No
    /// longer than 25; 0 answers at once.
    #[serde(default)]
    wait: u64,
}

/// A phone of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhoneOfRound {
    /// The phone.
    device: DeviceId,
    /// What is done with it.
    role: &'static str,
    /// At which table it began.
    #[schema(required)]
    table: Option<Seat>,
    /// When it joined, seconds since 1970.
    joined: i64,
    /// When it last asked for anything, to the minute, or wrote down what is held of it: seconds since 1970. What it did since then
    /// may be on it alone.
    heard: i64,
    /// Frames that are held of its log.
    seq: u64,
    /// The hash of its log up to there: a lost phone's gap begins after it.
    hash: String,
    /// Whether it may write no more.
    revoked: bool,
    /// Slices of it that were not admitted and that nobody has looked at.
    quarantined: usize,
    /// Events of it that say a time before the round was made, or after they came, by more than a day: its clock is wrong.
    off_clock: usize,
    /// Events of it that stand aside and do not count: it wrote of what its role does not write of, or of a tube that the round
    /// has not. They are among the conflicts.
    doubted: usize,
}

/// Joins a round by a code: the answer sets the phone's session.
#[utoipa::path(
    post, path = "/api/v1/join", request_body = Joining,
    responses(
        (status = CREATED, body = JoinedRound),
        (status = NOT_FOUND, description = "The code is over, or is none", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem),
    )
)]
pub async fn join(
    State(app): State<App>,
    asking: Asking,
    Body(joining): Body<Joining>,
) -> Result<Response, Fault> {
    let unknown = || Fault::new(StatusCode::NOT_FOUND, "code_unknown");
    let key = Secret::parse(&joining.public_key).and_then(|bytes| PublicKey::from_bytes(&bytes.0));
    let key = key.ok_or_else(|| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "key_none"))?;
    let now = people::now();
    let secret = Secret::parse(joining.token.trim());
    let within = app.clone();
    let joined = aside(move || {
        let app = within;
        let Some(secret) = secret else { return Ok(None) };
        let Some(code) = app.runs.book.code(&secret.hash(), now)? else { return Ok(None) };
        let made = app.runs.book.round(code.community, code.round)?;
        if made.retain_until <= now {
            return Ok(None);
        }
        let community = app.people.community(code.community)?;
        let device = DeviceId::draw();
        // First of all, for it is what may be full.
        let joined =
            Joined { device, role: code.role, table: code.table.clone(), joined: now, code: secret.hash() };
        app.runs.book.add_device(code.community, code.round, &joined, || taken_out(&app, code.community))?;
        let residents = if sees_roll(code.role) && app.people.has_residents(code.community)? {
            let looks = Looks { who: &device.to_string(), why: "a phone joins", now };
            app.people.read_all(code.community, looks)?
        } else {
            Vec::new()
        };
        let served = app.runs.served_before(&made)?;
        let given = bundle(&made, &community.name, device, code.role, code.table, (&residents, &served));
        enrol(&app, &made, device, &key)?;
        let device = Device { community: code.community, round: code.round, device, role: code.role };
        let session = app.people.join(device, now, made.phones_until)?;
        Ok(Some((given, session, made.phones_until - now)))
    });
    let Some((given, session, seconds)) = joined.await? else {
        app.attempts.wrong_token(asking.address, Instant::now())?;
        return Err(unknown());
    };
    let bundle = serde_json::to_value(given).expect("our own types are written as JSON");
    let mut response = (StatusCode::CREATED, Json(JoinedRound { bundle })).into_response();
    response.headers_mut().insert(header::SET_COOKIE, set_phone_cookie(&session, seconds, app.mode.is_tls()));
    Ok(response)
}

/// Takes a slice of a phone's log. Sending again is always a success. Who sent it, its signature says.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/logs/{device}",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("community" = String, Path), ("device" = String, Path)),
    responses(
        (status = OK, body = Uploaded),
        (status = BAD_REQUEST, body = Problem),
        (status = SERVICE_UNAVAILABLE, description = "`Retry-After` says when to try again", body = Problem),
    )
)]
pub async fn upload(
    State(app): State<App>,
    Path((community, device)): Path<(String, String)>,
    asking: Asking,
    request: Request,
) -> Result<Response, Fault> {
    let community = community_of(&community)?;
    let device = DeviceId::parse(&device).ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "unknown_here"))?;
    let from = LogName { community: *community.0.as_bytes(), device: *device.0.as_bytes() };
    let within = app.clone();
    // Nearly every upload is of a phone that has sent before; no file is asked for it.
    let until = match app.runs.book.until_known(community, device) {
        Some(until) => Some(until),
        None => aside(move || within.runs.book.until(community, device)).await?,
    };
    let known = until.is_some() || app.runs.journal.is_enrolled(from);
    if !known {
        // A server that lost its memory keeps aside what it is told; of a community that is not here, nothing.
        let within = app.clone();
        aside(move || Ok(within.people.community(community)?)).await?;
    }
    if !known {
        // Phones of a round are never counted: a whole site shares one address.
        app.attempts.stranger(asking.address, Instant::now())?;
    }
    let most = if known { BYTES_MAX } else { limits::STRANGER_BYTES };
    // Whoever does not say how much it will be may send the most.
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok()).unwrap_or(most);
    let large = || Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "body_large").with("megabytes", BYTES_MAX >> 20);
    if length > most {
        return Err(large());
    }
    if app.uploads.available_permits() < kilobytes(length) {
        return Err(later());
    }
    let slow = |_| Fault::new(StatusCode::REQUEST_TIMEOUT, "body_slow");
    let received = received(request.into_body(), most, &app.uploads);
    let (body, _room) =
        timeout(limits::BODY_WITHIN, received).await.map_err(slow)?.map_err(|cut| match cut {
            Cut::Large => large(),
            Cut::NoRoom => later(),
            Cut::Slow => Fault::new(StatusCode::REQUEST_TIMEOUT, "body_slow"),
            Cut::Broken => Fault::new(StatusCode::BAD_REQUEST, "body_cut"),
        })?;
    let garbled = |why| Fault::new(StatusCode::BAD_REQUEST, "slice").with("why", why);
    let slice = Slice::from_bytes(&body).map_err(garbled)?;
    let frames = slice.frames.len();
    let (reply, replied) = oneshot::channel();
    let received_ms = jiff::Timestamp::now().as_millisecond();
    let reply = move |answer| drop(reply.send(answer));
    // Of whom the book knows nothing any more, nobody knows that the time is not over.
    if until.map_or(known, |until| received_ms / 1000 >= until) {
        app.runs.journal.append_late(from, slice, received_ms, reply);
    } else {
        app.runs.journal.append(from, slice, received_ms, reply);
    }
    let hash = |head: &Head| crate::access::secret::hex(&head.hash.0);
    let answer = replied.await.unwrap_or(Answer::Busy);
    telemetry::slice(outcome(&answer), frames);
    let uploaded = match answer {
        Answer::Stored { head, position } => Uploaded::Stored { seq: head.seq, hash: hash(&head), position },
        Answer::Refused(Refused::Gap(head)) => Uploaded::Gap { seq: head.seq, hash: hash(&head) },
        Answer::Refused(Refused::TooLarge) => Uploaded::Refused { why: "large" },
        Answer::Refused(_) => Uploaded::Refused { why: "foreign" },
        Answer::Quarantined { number, why } => Uploaded::Quarantined { number, why: aside::word(why) },
        Answer::Busy | Answer::QuarantineFull => return Err(later()),
        Answer::Failed(error) => return Err(Fault::from(&*error)),
    };
    Ok(Json(uploaded).into_response())
}

/// What was recorded in a round after a position; waits until there is something, where that is asked for.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/told",
    params(("community" = String, Path), ("round" = String, Path), After),
    responses((status = OK, body = ToldEvents), (status = NOT_FOUND, body = Problem))
)]
pub async fn told(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Query(After { after, wait }): Query<After>,
) -> Result<(Extension<telemetry::Waited>, Json<ToldEvents>), Fault> {
    let (community, round) = place_for(&asking, &community, &round)?;
    let role = match &asking.who {
        Who::Device(device) => device.role.at_site(),
        _ => None,
    };
    let began = Instant::now();
    if wait > 0 {
        let most = Duration::from_secs(wait).min(limits::WAIT);
        let stopping = app.stopping.clone();
        news::wait(&app.runs, (community, round), asking.session, after, most, stopping).await;
    }
    let waited = telemetry::Waited(began.elapsed());
    let told = aside(move || {
        // Whoever was taken out meanwhile hears nothing.
        if wait > 0 && !may_still(&app.people, asking.session, TOLD, community)? {
            return Err(sign_in_first());
        }
        let running = app.runs.running(community, round)?;
        let (position, events) = held(&running).told_after(after, limits::TOLD_EVENTS);
        // What was found in a tube is not for every phone that knows who is in it.
        let heard = events.iter().filter(|told| role.is_none_or(|role| role.hears(&told.event)));
        Ok(ToldEvents { position, lines: heard.map(|event| (**event).clone()).collect() })
    });
    Ok((Extension(waited), Json(told.await?)))
}

/// The phones of a round, and where their logs stand.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/phones",
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = OK, body = [PhoneOfRound]), (status = NOT_FOUND, body = Problem))
)]
pub async fn phones(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
) -> Result<Json<Vec<PhoneOfRound>>, Fault> {
    let (community, round) = place(&community, &round)?;
    let phones = aside(move || {
        let running = app.runs.running(community, round)?;
        let running = held(&running);
        let heads = app.runs.journal.heads(*community.0.as_bytes()).map_err(|error| Fault::from(&error))?;
        let heads: BTreeMap<[u8; 16], LogState> =
            heads.into_iter().map(|log| (log.log.name.device, log)).collect();
        let aside = aside::quarantined(&app, community)?;
        let seen = app.people.seen_in(community, round)?;
        let wrote = running.wrote_last();
        let phone = |joined: Joined| {
            let device = *joined.device.0.as_bytes();
            let log = heads.get(&device);
            PhoneOfRound {
                device: joined.device,
                role: joined.role.name(),
                table: joined.table.map(Seat::from),
                joined: joined.joined,
                heard: [seen.get(&joined.device).copied(), wrote.get(&joined.device).copied()]
                    .into_iter()
                    .flatten()
                    .fold(joined.joined, i64::max),
                seq: log.map_or(0, |log| log.head.seq),
                hash: log.map_or_else(String::new, |log| crate::access::secret::hex(&log.head.hash.0)),
                revoked: log.is_some_and(|log| log.revoked),
                quarantined: aside.iter().filter(|of| of.log.device == device && !of.settled).count(),
                off_clock: running.off_clock(joined.device),
                doubted: running.folded().aside_of(joined.device.0),
            }
        };
        Ok(app.runs.book.devices(community, round)?.into_iter().map(phone).collect())
    });
    phones.await.map(Json)
}

/// Takes a phone out of the round at once: what it sends from now on is kept aside.
#[utoipa::path(
    delete, path = "/api/v1/communities/{community}/rounds/{round}/phones/{device}",
    params(("community" = String, Path), ("round" = String, Path), ("device" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn revoke_phone(
    State(app): State<App>,
    Path((community, round, device)): Path<(String, String, String)>,
) -> Result<StatusCode, Fault> {
    let (community, round) = place(&community, &round)?;
    let unknown = || Fault::new(StatusCode::NOT_FOUND, "unknown_here");
    let device = DeviceId::parse(&device).ok_or_else(unknown)?;
    aside(move || take_out(&app, community, round, device)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a phone out of its round: its code, its session and its key end. What it sends from then on is kept aside.
///
/// # Errors
/// 404 for a phone that is not of the round; a store says no.
pub(super) fn take_out(
    app: &App,
    community: CommunityId,
    round: RoundId,
    device: DeviceId,
) -> Result<(), Fault> {
    let known = app.runs.book.devices(community, round)?.into_iter().find(|of| of.device == device);
    let known = known.ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "unknown_here"))?;
    app.runs.book.end_code(&known.code)?;
    let name = LogName { community: *community.0.as_bytes(), device: *device.0.as_bytes() };
    // First nothing more is read by it, then nothing more is written.
    app.people.end_device(community, device)?;
    app.runs
        .journal
        .revoke(name)
        .map_err(|error| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "journal").with("why", error))
}

/// The phones of a community that were taken out.
pub(super) fn taken_out(app: &App, community: CommunityId) -> Result<BTreeSet<DeviceId>, Fault> {
    let heads = app.runs.journal.heads(*community.0.as_bytes()).map_err(|error| Fault::from(&error))?;
    let out = heads.into_iter().filter(|log| log.revoked);
    Ok(out.map(|log| DeviceId(Uuid::from_bytes(log.log.name.device))).collect())
}

/// What became of an upload, as metrics count it.
fn outcome(answer: &Answer) -> &'static str {
    match answer {
        Answer::Stored { .. } => "stored",
        Answer::Refused(Refused::Gap(_)) => "gap",
        Answer::Refused(_) => "refused",
        Answer::Quarantined { .. } => "quarantined",
        Answer::Busy | Answer::QuarantineFull => "busy",
        Answer::Failed(_) => "failed",
    }
}

/// Too much at once: nothing is lost, the phone keeps it and comes again.
fn later() -> Fault {
    Fault::new(StatusCode::SERVICE_UNAVAILABLE, "upload_busy")
}

/// Why an upload was not read to its end.
enum Cut {
    Large,
    NoRoom,
    Slow,
    Broken,
}

fn kilobytes(bytes: usize) -> usize {
    bytes / 1024 + 1
}

/// Reads an upload, and takes room for what has come: what is announced and never comes holds none.
async fn received(
    body: RequestBody,
    most: usize,
    room: &Arc<Semaphore>,
) -> Result<(Vec<u8>, Vec<OwnedSemaphorePermit>), Cut> {
    let mut pieces = body.into_data_stream();
    let (mut bytes, mut held, mut taken) = (Vec::new(), Vec::new(), 0);
    while let Some(piece) = timeout(limits::PIECE_WITHIN, pieces.next()).await.map_err(|_| Cut::Slow)? {
        let piece = piece.map_err(|_| Cut::Broken)?;
        if bytes.len() + piece.len() > most {
            return Err(Cut::Large);
        }
        let more = kilobytes(bytes.len() + piece.len()) - taken;
        // Many small pieces take as much room as one large one.
        if more > 0 {
            let more_room = u32::try_from(more).expect("it is a few thousand");
            held.push(room.clone().try_acquire_many_owned(more_room).map_err(|_| Cut::NoRoom)?);
            taken += more;
        }
        bytes.extend_from_slice(&piece);
    }
    Ok((bytes, held))
}
