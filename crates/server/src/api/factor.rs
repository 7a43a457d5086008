//! The second factor of one's own account: one-time codes of an app on a telephone, and recovery codes.

use super::{Body, accounts, rounds::picture};
use crate::{
    access::{
        attempts::Source,
        one_time::OneTime,
        who::{Asking, Who},
    },
    app::App,
    machine::aside,
    people::{self, PeopleError, accounts::Account, factor::Shown, id::AccountId, log::Happened},
    problem::{Fault, Problem},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::time::Instant;
use utoipa::ToSchema;

/// That it is oneself who wants a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFactor {
    /// One's password.
    password: String,
}

/// What an app is given.
#[derive(Serialize, ToSchema)]
pub struct ProposedFactor {
    /// To be typed into the app.
    secret: String,
    /// To be scanned by it, as SVG.
    svg: String,
}

/// What the app shows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstCode {
    /// Six digits.
    code: String,
}

/// For when the telephone is lost.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each lets in once; they are shown this once.
    recovery: Vec<String>,
}

/// That it is oneself who wants no second factor any more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoFactor {
    /// One's password.
    password: String,
    /// What the app shows, or a recovery code.
    code: String,
}

/// Proposes a second factor: it is asked for once a code of it was typed.
#[utoipa::path(
    post, path = "/api/v1/factor", request_body = NewFactor,
    responses(
        (status = CREATED, body = ProposedFactor),
        (status = CONFLICT, description = "There is one already", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "The password is wrong", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem),
    )
)]
pub async fn propose_factor(
    State(app): State<App>,
    asking: Asking,
    Body(new): Body<NewFactor>,
) -> Result<Response, Fault> {
    let account = own(&asking)?.clone();
    let source = source(&asking);
    app.attempts.try_login(&account.login, source, Instant::now())?;
    check_password(&app, &account, new.password).await?;
    let (attempts, login) = (app.attempts.clone(), account.login.clone());
    let server = app.mode.url();
    let server = server.split("//").nth(1).unwrap_or_default().trim_end_matches('/').to_owned();
    let proposed = aside(move || {
        let one_time = OneTime::draw();
        app.people.propose_factor(account.id, &one_time).map_err(|error| match error {
            PeopleError::Full(_) => Fault::new(StatusCode::CONFLICT, "factor_there"),
            other => other.into(),
        })?;
        let link = one_time.link(&server, &account.login);
        Ok(ProposedFactor { secret: one_time.text().to_string(), svg: picture(&link) })
    });
    let proposed = proposed.await?;
    // Where there is a second factor already, a password alone makes no guess at its codes good.
    attempts.signed_in(&login, source);
    Ok(secret(StatusCode::CREATED, proposed))
}

/// Shows that an app has it: from now on it is asked for. The answer has the recovery codes, this once.
#[utoipa::path(
    post, path = "/api/v1/factor/code", request_body = FirstCode,
    responses(
        (status = OK, body = RecoveryCodes),
        (status = UNPROCESSABLE_ENTITY, description = "The code is wrong", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem),
    )
)]
pub async fn add_factor(
    State(app): State<App>,
    asking: Asking,
    Body(FirstCode { code }): Body<FirstCode>,
) -> Result<Response, Fault> {
    let account = own(&asking)?.clone();
    let source = source(&asking);
    app.attempts.try_login(&account.login, source, Instant::now())?;
    let people = app.people.clone();
    let id = account.id;
    let added = aside(move || {
        let now = people::now();
        let codes = people.add_factor(id, &code, now)?;
        let codes = codes.ok_or_else(|| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "code_wrong"))?;
        people.note(Some(id), Happened::FactorAdded, &id.to_string(), now)?;
        Ok(RecoveryCodes { recovery: codes.iter().map(|code| code.text().to_string()).collect() })
    });
    let added = added.await?;
    app.attempts.signed_in(&account.login, source);
    Ok(secret(StatusCode::OK, added))
}

/// Ends it: the password alone lets in again.
#[utoipa::path(
    post, path = "/api/v1/factor/end", request_body = NoFactor,
    responses(
        (status = NO_CONTENT),
        (status = UNPROCESSABLE_ENTITY, description = "The password or the code is wrong", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem),
    )
)]
pub async fn end_factor(
    State(app): State<App>,
    asking: Asking,
    Body(NoFactor { password, code }): Body<NoFactor>,
) -> Result<StatusCode, Fault> {
    let account = own(&asking)?.clone();
    let source = source(&asking);
    app.attempts.try_login(&account.login, source, Instant::now())?;
    check_password(&app, &account, password).await?;
    let people = app.people.clone();
    let id = account.id;
    aside(move || {
        show(&people, id, &code)?;
        people.remove_factor(id)?;
        Ok(people.note(Some(id), Happened::FactorRemoved, &id.to_string(), people::now())?)
    })
    .await?;
    app.attempts.signed_in(&account.login, source);
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the second factor of somebody away who lost it: of an account to which whoever asks may give another password.
#[utoipa::path(
    delete, path = "/api/v1/accounts/{account}/factor", params(("account" = String, Path)),
    responses(
        (status = NO_CONTENT),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "It is one's own", body = Problem),
    )
)]
pub async fn remove_factor(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    aside(move || {
        let account = accounts::below(&app, &asking.who, &id)?;
        if app.people.remove_factor(account.id)? {
            let (what, who) = (Happened::FactorRemoved, asking.who.label());
            app.people.note(Some(account.id), what, &who, people::now())?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Lets in whoever shows an account's second factor, and writes down who does not. Blocks on the disk.
pub(super) fn show(people: &people::People, id: AccountId, code: &str) -> Result<(), Fault> {
    let now = people::now();
    match people.show_factor(id, code, now)? {
        Shown::Code => Ok(()),
        Shown::Recovery => Ok(people.note(Some(id), Happened::RecoveryUsed, &id.to_string(), now)?),
        Shown::Nothing => {
            people.note(Some(id), Happened::Refused, "nobody", now)?;
            Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "code_wrong"))
        }
    }
}

fn own(asking: &Asking) -> Result<&Account, Fault> {
    match &asking.who {
        Who::Account(account) => Ok(account),
        _ => Err(Fault::new(StatusCode::CONFLICT, "no_account")),
    }
}

/// Who is signed in waits for no stranger; and whoever signs in anew does not begin to count anew.
pub(super) fn source(asking: &Asking) -> Source {
    match &asking.who {
        Who::Account(account) => Source::Known(*account.id.0.as_bytes()),
        _ => Source::Address(asking.address),
    }
}

/// Whether this is an account's password.
pub(super) async fn check_password(app: &App, account: &Account, password: String) -> Result<(), Fault> {
    let found = {
        let (people, name) = (app.people.clone(), account.login.clone());
        aside(move || Ok(people.login(&name)?)).await?
    };
    if app.passwords.fits(password, found.map(|(_, hash)| hash)).await? {
        return Ok(());
    }
    let (people, id) = (app.people.clone(), account.id);
    aside(move || Ok(people.note(Some(id), Happened::Refused, &id.to_string(), people::now())?)).await?;
    Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "password_wrong"))
}

/// Shown once, and kept by no browser.
fn secret(status: StatusCode, answer: impl Serialize) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}
