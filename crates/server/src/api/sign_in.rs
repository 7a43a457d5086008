//! Signing in and out, and who one is.

use super::{Body, factor};
use crate::{
    access::{
        attempts::Source,
        gate::{clear_cookie, has_cookie, set_cookie, set_known_cookie, source},
        role::Grant,
        secret::Secret,
        who::{Asking, Who},
    },
    app::App,
    limits,
    machine::aside,
    people::{self, People, accounts::Account, id::AccountId, log::Happened, sessions::Device},
    problem::{Fault, Problem},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::time::Instant;
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

/// A link's secret, and how its bearer will sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// What stands behind `#` in the link.
    token: String,
    /// The login name that they choose.
    login: String,
    /// The password that they choose, of ten letters or more.
    password: String,
}

/// A login name and its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// As it was chosen.
    login: String,
    /// As it was chosen.
    password: String,
    /// Of an account with a second factor: what the app shows, or a recovery code. Absent at first: `code_needed` asks for it.
    code: Option<String>,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The one so far.
    old: String,
    /// The one from now on.
    new: String,
}

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Whether only this machine reaches the server, or others do.
    mode: ModeName,
    /// Whether whoever asks owns the machine, and may do everything.
    owner: bool,
    /// Who signed in; null for the owner, a device, or nobody.
    #[schema(required)]
    account: Option<Account>,
    /// The phone that joined a round; null for all others.
    #[schema(required)]
    device: Option<Device>,
    /// What they may do, and where.
    grants: Vec<Grant>,
}

/// Who reaches the server.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ModeName {
    /// This machine alone: nobody needs an account.
    Here,
    /// Others too.
    Open,
}

/// Makes the account of a link, and signs it in; or gives an account another password, by a link for that, and signs nobody in. Each
/// link works once.
#[utoipa::path(
    post, path = "/api/v1/welcome", request_body = Welcome,
    responses(
        (status = CREATED, body = Account),
        (status = NOT_FOUND, description = "The link was used, is over, or is none", body = Problem),
        (status = CONFLICT, description = "Somebody has this login name", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "No such login name or password can be", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem),
    )
)]
pub async fn welcome(
    State(app): State<App>,
    asking: Asking,
    Body(welcome): Body<Welcome>,
) -> Result<Response, Fault> {
    let login = login_name(&welcome.login)?;
    let no_link = || Fault::new(StatusCode::NOT_FOUND, "link_unknown");
    let wrong = || match app.attempts.wrong_token(asking.address, Instant::now()) {
        Ok(()) => no_link(),
        Err(wait) => wait.into(),
    };
    let link = Secret::parse(welcome.token.trim()).ok_or_else(wrong)?.hash();
    let now = people::now();
    // Only who has a link may make us hash.
    let known = {
        let people = app.people.clone();
        aside(move || Ok(people.invitation(&link, now)?)).await?
    };
    known.ok_or_else(wrong)?;
    let password = app.passwords.hash(welcome.password, &login).await?;
    let (people, name) = (app.people.clone(), login.clone());
    let made = aside(move || {
        // Who has a second factor shows it when they sign in, and nobody else is signed in by such a link.
        if let Some((id, by)) = people.renewed(&link, &login, &password, now)? {
            // Whoever made the link may have used it, too.
            let who = by.map_or_else(|| Who::Owner.label(), |by| by.to_string());
            people.note(Some(id), Happened::PasswordChanged, &who, now)?;
            return Ok((people.account(id)?, None));
        }
        match people.accept(&link, &login, &password, now) {
            Ok(id) => {
                end_own(&people, &asking)?;
                // Whose link it was: two persons of an act that takes two are no two if one invited the other.
                let who = people.inviter(id)?.map_or_else(|| Who::Owner.label(), |by| by.to_string());
                people.note(Some(id), Happened::Made, &who, now)?;
                Ok((people.account(id)?, Some(people.sign_in(id, now)?)))
            }
            Err(people::PeopleError::Unknown) => Err(no_link()),
            Err(error) => Err(error.into()),
        }
    });
    let (account, secret) = made.await?;
    let Some(secret) = secret else { return Ok((StatusCode::CREATED, Json(account)).into_response()) };
    let known = set_known_cookie(&app.known.token(&name), app.mode.is_tls());
    let mut response = with_session(&app, &secret, (StatusCode::CREATED, Json(account)).into_response());
    response.headers_mut().append(header::SET_COOKIE, known);
    Ok(response)
}

/// Signs in: the answer sets the cookie `session`, `__Host-session` under TLS.
#[utoipa::path(
    post, path = "/api/v1/login", request_body = Login,
    responses(
        (status = OK, body = Account),
        (status = UNPROCESSABLE_ENTITY, description = "Login name or password is wrong", body = Problem),
        (status = TOO_MANY_REQUESTS, description = "`Retry-After` says when to try again", body = Problem),
    )
)]
pub async fn login(
    State(app): State<App>,
    asking: Asking,
    headers: HeaderMap,
    Body(login): Body<Login>,
) -> Result<Response, Fault> {
    let name = plain(&login.login);
    let source = source(&app, &headers, &name, asking.address);
    app.attempts.try_login(&name, source, Instant::now())?;
    let found = {
        let (people, name) = (app.people.clone(), name.clone());
        aside(move || Ok(people.login(&name)?)).await?
    };
    let (id, hash) = found.unzip();
    let fits = app.passwords.fits(login.password, hash).await?;
    let (people, code) = (app.people.clone(), login.code);
    let Some(id) = id.filter(|_| fits) else {
        if let Some(id) = id {
            // Nobody waits for it: an answer that takes longer would tell that there is such a name.
            drop(spawn_blocking(move || people.note(Some(id), Happened::Refused, "nobody", people::now())));
        }
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "login_wrong"));
    };
    aside(move || {
        if people.has_factor(id)? {
            // A code that is not there yet is no wrong one; it is counted until it is.
            let code = code.ok_or_else(|| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "code_needed"))?;
            factor::show(&people, id, &code)?;
        }
        Ok(())
    })
    .await?;
    app.attempts.signed_in(&name, source);
    let people = app.people.clone();
    let signed_in = aside(move || {
        end_own(&people, &asking)?;
        let now = people::now();
        people.note(Some(id), Happened::SignedIn, &id.to_string(), now)?;
        Ok((people.account(id)?, people.sign_in(id, now)?))
    });
    let (account, secret) = signed_in.await?;
    let mut response = with_session(&app, &secret, Json(account).into_response());
    if !matches!(source, Source::Known(_)) {
        let known = set_known_cookie(&app.known.token(&name), app.mode.is_tls());
        response.headers_mut().append(header::SET_COOKIE, known);
    }
    Ok(response)
}

/// Ends the session of the request, if it has one.
#[utoipa::path(post, path = "/api/v1/logout", responses((status = NO_CONTENT)))]
pub async fn logout(State(app): State<App>, asking: Asking) -> Result<Response, Fault> {
    if let Some(session) = asking.session {
        let people = app.people.clone();
        aside(move || {
            people.end_session(session)?;
            if let Who::Account(account) = &asking.who {
                let who = account.id.to_string();
                people.note(Some(account.id), Happened::SignedOut, &who, people::now())?;
            }
            Ok(())
        })
        .await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, clear_cookie(app.mode.is_tls()));
    Ok(response)
}

/// Who asks: the owner of the machine, somebody who signed in, a phone that joined a round, or nobody.
#[utoipa::path(get, path = "/api/v1/me", responses((status = OK, body = Me)))]
pub async fn me(State(app): State<App>, asking: Asking, headers: HeaderMap) -> Response {
    let mode = if app.mode.is_open() { ModeName::Open } else { ModeName::Here };
    let grants = asking.who.grants().to_vec();
    let nobody = asking.who == Who::Nobody;
    let (owner, account, device) = match asking.who {
        Who::Owner => (true, None, None),
        Who::Account(account) => (false, Some(account), None),
        Who::Device(device) => (false, None, Some(device)),
        Who::Nobody => (false, None, None),
    };
    let mut response = Json(Me { mode, owner, account, device, grants }).into_response();
    if nobody && has_cookie(&headers, app.mode.is_tls()) {
        // A cookie that opens nothing any more need not be sent again.
        response.headers_mut().insert(header::SET_COOKIE, clear_cookie(app.mode.is_tls()));
    }
    response
}

/// Changes one's own password. All sessions of the account end; the answer sets the cookie of a new one.
#[utoipa::path(
    post, path = "/api/v1/password", request_body = NewPassword,
    responses(
        (status = NO_CONTENT),
        (status = UNPROCESSABLE_ENTITY, description = "The old one is wrong, or the new one too short", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem),
    )
)]
pub async fn password(
    State(app): State<App>,
    asking: Asking,
    Body(change): Body<NewPassword>,
) -> Result<Response, Fault> {
    let Who::Account(account) = &asking.who else {
        return Err(Fault::new(StatusCode::CONFLICT, "no_account"));
    };
    let source = factor::source(&asking);
    app.attempts.try_login(&account.login, source, Instant::now())?;
    factor::check_password(&app, account, change.old).await?;
    // Codes of a second factor are counted there, too: a password alone does not clear them.
    if !account.factor {
        app.attempts.signed_in(&account.login, source);
    }
    let hash = app.passwords.hash(change.new, &account.login).await?;
    let (people, id): (_, AccountId) = (app.people.clone(), account.id);
    let changed = aside(move || {
        let now = people::now();
        people.set_password(id, &hash)?;
        people.note(Some(id), Happened::PasswordChanged, &id.to_string(), now)?;
        Ok(people.sign_in(id, now)?)
    });
    let secret = changed.await?;
    Ok(with_session(&app, &secret, StatusCode::NO_CONTENT.into_response()))
}

/// Whoever signs in while an account is signed in leaves nothing open behind. A phone's session stays: the same browser may be both.
fn end_own(people: &People, asking: &Asking) -> Result<(), Fault> {
    match (&asking.who, asking.session) {
        (Who::Account(_), Some(session)) => Ok(people.end_session(session)?),
        _ => Ok(()),
    }
}

fn with_session(app: &App, secret: &Secret, mut response: Response) -> Response {
    let seconds = i64::try_from(limits::SESSION_WITHIN.as_secs()).unwrap_or(i64::MAX);
    response.headers_mut().insert(header::SET_COOKIE, set_cookie(secret, seconds, app.mode.is_tls()));
    response
}

/// A login name as it is compared: without blanks around it, in small letters.
fn plain(login: &str) -> String {
    // Longer ones are nobody's; they are counted all the same, and not kept whole.
    login.trim().chars().flat_map(char::to_lowercase).take(limits::LOGIN_LETTERS + 1).collect()
}

fn login_name(login: &str) -> Result<String, Fault> {
    let name = plain(login);
    let letters = |letter: char| letter.is_alphanumeric() || "-_.@".contains(letter);
    if name.is_empty() || name.chars().count() > limits::LOGIN_LETTERS || !name.chars().all(letters) {
        let no_name = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "login_name");
        return Err(no_name.with("most", limits::LOGIN_LETTERS));
    }
    Ok(name)
}
