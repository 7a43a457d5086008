//! Results that are kept aside until somebody has looked.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    super::{Asker, rounds::community_of},
    person,
};
use crate::{
    access::{
        role::{Place as Held, Role},
        who::{Asking, Who},
    },
    app::App,
    machine::aside,
    people::{self, id::CommunityId},
    problem::{Fault, Problem},
    run::book::aside::AsideListed,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;

/// What of results is kept aside.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultsAside {
    /// What nobody has looked at first; 1,000 at most.
    reports: Vec<AsideSaid>,
    /// How many nobody has looked at in all.
    waiting: usize,
}

/// A report that is kept aside, in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct AsideSaid {
    /// The report.
    #[serde(flatten)]
    listed: AsideListed,
    /// Why it is kept aside.
    message: String,
    /// What to do.
    mend: String,
}

/// What of a community's results is kept aside.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/results/aside",
    params(("community" = String, Path), ("lang" = Option<String>, Query)), responses((status = OK, body = ResultsAside))
)]
pub async fn kept_aside(
    State(app): State<App>,
    Path(community): Path<String>,
    Asker(voice): Asker,
) -> Result<Json<ResultsAside>, Fault> {
    let community = community_of(&community)?;
    list_aside(app, Some(community), None, voice).await
}

/// Results of which nobody knows of which community they are.
#[utoipa::path(
    get, path = "/api/v1/results/aside", params(("lang" = Option<String>, Query)), responses((status = OK, body = ResultsAside))
)]
pub async fn of_nobody(
    State(app): State<App>,
    asking: Asking,
    Asker(voice): Asker,
) -> Result<Json<ResultsAside>, Fault> {
    // What a lab sent is that lab's, until it is known whose it is.
    let own = (!everywhere(&asking.who)).then(|| person(&asking.who));
    list_aside(app, None, own, voice).await
}

/// Whether somebody is at home in all communities.
fn everywhere(who: &Who) -> bool {
    match who {
        Who::Owner => true,
        Who::Account(account) => account
            .grants
            .iter()
            .any(|grant| grant.place == Held::All && matches!(grant.role, Role::Authority | Role::Secretary)),
        Who::Device(_) | Who::Nobody => false,
    }
}

async fn list_aside(
    app: App,
    community: Option<CommunityId>,
    lab: Option<Uuid>,
    voice: Voice,
) -> Result<Json<ResultsAside>, Fault> {
    let (listed, waiting) = aside(move || app.runs.book.results_aside(community, lab)).await?;
    let reports = listed.into_iter().map(|listed| {
        let args: BTreeMap<String, String> = serde_json::from_value(listed.args.clone()).unwrap_or_default();
        let args: Vec<(&str, &str)> =
            args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let words = |end: &str| voice.say(&format!("refusal.{}{end}", listed.why), &args);
        AsideSaid { message: words(""), mend: words(".next"), listed }
    });
    Ok(Json(ResultsAside { reports: reports.collect(), waiting }))
}

/// Notes that somebody has looked at a report that is kept aside.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/results/aside/{number}",
    params(("community" = String, Path), ("number" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn settle(
    State(app): State<App>,
    Path((community, number)): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    let community = community_of(&community)?;
    settled(app, Some(community), &number).await
}

/// The same of one of which nobody knows of which community it is.
#[utoipa::path(
    post, path = "/api/v1/results/aside/{number}", params(("number" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn settle_of_nobody(
    State(app): State<App>,
    asking: Asking,
    Path(number): Path<String>,
) -> Result<StatusCode, Fault> {
    if !everywhere(&asking.who) {
        return Err(Fault::new(StatusCode::NOT_FOUND, "unknown_here"));
    }
    settled(app, None, &number).await
}

async fn settled(app: App, community: Option<CommunityId>, number: &str) -> Result<StatusCode, Fault> {
    let unknown = || Fault::new(StatusCode::NOT_FOUND, "unknown_here");
    let number: i64 = number.parse().map_err(|_| unknown())?;
    let found = aside(move || app.runs.book.settle_result(community, number, people::now())).await?;
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}
