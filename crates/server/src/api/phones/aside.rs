//! What was sent and not admitted: shown at the desk, and settled there.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{Body, community_of};
use crate::{
    app::App,
    machine::aside,
    people::id::{CommunityId, DeviceId},
    problem::{Fault, Problem},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use journal::{Quarantined, Why};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A slice that was not admitted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Aside {
    /// Its number in the community's quarantine.
    number: u64,
    /// Of which phone it says it is.
    device: DeviceId,
    /// When it came, milliseconds since 1970.
    received_ms: i64,
    /// `unknown`, `revoked`, `unsigned`, `forked`, `broken`, `excess` or `late`.
    why: &'static str,
    /// How long it is.
    bytes: u64,
    /// How many records it has.
    events: usize,
}

/// What is done with a slice that was not admitted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settling {
    /// Whether it is admitted after all; else it stays where it is, and is marked as seen to.
    admit: bool,
}

/// What was sent to a community, not admitted, and not seen to: a hundred at most.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/quarantine", params(("community" = String, Path)),
    responses((status = OK, body = [Aside]))
)]
pub async fn quarantine(
    State(app): State<App>,
    Path(community): Path<String>,
) -> Result<Json<Vec<Aside>>, Fault> {
    let community = community_of(&community)?;
    let kept = aside(move || {
        let kept = quarantined(&app, community)?.into_iter().filter(|of| !of.settled);
        kept.take(SHOWN).map(|of| told_aside(&app, community, of)).collect()
    });
    kept.await.map(Json)
}

/// Admits a slice after all where it continues its log, or marks it as seen to.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/quarantine/{number}", request_body = Settling,
    params(("community" = String, Path), ("number" = u64, Path)),
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "It does not continue its log", body = Problem)
    )
)]
pub async fn settle_quarantine(
    State(app): State<App>,
    Path((community, number)): Path<(String, String)>,
    Body(Settling { admit }): Body<Settling>,
) -> Result<StatusCode, Fault> {
    let community = community_of(&community)?;
    let unknown = || Fault::new(StatusCode::NOT_FOUND, "unknown_here");
    let number: u64 = number.parse().map_err(|_| unknown())?;
    aside(move || {
        let id = *community.0.as_bytes();
        if admit {
            use journal::ReleaseError;
            return match app.runs.journal.release(id, number) {
                Ok(_) => Ok(()),
                Err(ReleaseError::Missing) => Err(unknown()),
                Err(ReleaseError::Unknown | ReleaseError::Refused(_)) => {
                    Err(Fault::new(StatusCode::CONFLICT, "quarantine_stays"))
                }
                Err(ReleaseError::Failed(error)) => Err(Fault::from(&*error)),
            };
        }
        match app.runs.journal.settle(id, number) {
            Ok(true) => Ok(()),
            Ok(false) => Err(unknown()),
            Err(error) => Err(Fault::from(&*error)),
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn quarantined(app: &App, community: CommunityId) -> Result<Vec<Quarantined>, Fault> {
    app.runs.journal.quarantined(*community.0.as_bytes(), None).map_err(|error| Fault::from(&error))
}

/// So much is shown at once.
const SHOWN: usize = 100;

fn told_aside(app: &App, community: CommunityId, of: Quarantined) -> Result<Aside, Fault> {
    let slice = app.runs.journal.quarantined_slice(*community.0.as_bytes(), of.number);
    let slice = slice.map_err(|error| Fault::from(&error))?;
    let device = DeviceId(uuid::Uuid::from_bytes(of.log.device));
    Ok(Aside {
        number: of.number,
        device,
        received_ms: of.received_at_ms,
        why: word(of.why),
        bytes: of.bytes,
        events: slice.map_or(0, |slice| slice.frames.len()),
    })
}

pub(super) fn word(why: Why) -> &'static str {
    match why {
        Why::Unknown => "unknown",
        Why::Revoked => "revoked",
        Why::Unsigned => "unsigned",
        Why::Forked { .. } => "forked",
        Why::Broken => "broken",
        Why::Excess => "excess",
        Why::Late => "late",
    }
}
