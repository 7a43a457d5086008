//! Sessions, invitations and accounts: one's own, and those of people whom one could have invited.

use super::Body;
use crate::{
    access::{
        gate::forbidden,
        role::{FIRST, Grant, Place, Role, may_invite, may_renew},
        secret::Secret,
        who::{Asking, Who},
    },
    app::App,
    limits,
    machine::aside,
    people::{
        self,
        accounts::Account,
        id::{AccountId, SessionId},
        log::{Happened, Line},
        sessions::{Device, Session},
    },
    problem::{Fault, Problem},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A session that can be ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenSession {
    /// To end it with.
    id: SessionId,
    /// Whether it is that of this request.
    this: bool,
    /// Whether it is one's own.
    own: bool,
    /// The login name; null for a device.
    #[schema(required)]
    login: Option<String>,
    /// The phone that joined a round; null for an account.
    #[schema(required)]
    device: Option<Device>,
    /// When it began, seconds since 1970.
    created: i64,
    /// When it was last used, to the minute.
    seen: i64,
    /// When it ends by itself.
    expires: i64,
}

/// An account, for whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedAccount {
    #[serde(flatten)]
    account: Account,
    /// Whether whoever asks may give it another password, or take its second factor away.
    renewable: bool,
}

/// Something that happened to an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountEvent {
    /// Seconds since 1970.
    at: i64,
    /// The account's id; null for a link that was made.
    #[schema(required)]
    account: Option<AccountId>,
    /// Its login name; null where there is none any more.
    #[schema(required)]
    login: Option<String>,
    /// What.
    what: Happened,
    /// Who did it: an account's id, `owner`, or `nobody` for somebody who was not let in.
    who: String,
    /// Their login name; null where whoever asks does not know them.
    #[schema(required)]
    by: Option<String>,
}

/// What somebody is invited to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Roles, and where.
    grants: Vec<Grant>,
}

/// A link for somebody, to be handed to them alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    /// It works once, and makes an account.
    link: String,
    /// Until when, seconds since 1970.
    expires: i64,
}

/// Sessions that whoever asks may end, the last used first.
#[utoipa::path(get, path = "/api/v1/sessions", responses((status = OK, body = [OpenSession])))]
pub async fn sessions(State(app): State<App>, asking: Asking) -> Result<Json<Vec<OpenSession>>, Fault> {
    let sessions = aside(move || {
        let all = app.people.sessions(people::now())?;
        Ok(all
            .into_iter()
            .filter(|session| may_end(&asking, session))
            .map(|one| listed(&asking, one))
            .collect())
    });
    sessions.await.map(Json)
}

/// Ends a session at once. That of a phone which joined a round ends the phone's code and key as well, unless it does so itself:
/// what it sends from then on is kept aside.
#[utoipa::path(
    delete, path = "/api/v1/sessions/{session}", params(("session" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn end_session(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let ended = aside(move || {
        let all = app.people.sessions(people::now())?;
        let id = SessionId::parse(&id);
        // Whoever may not end it does not hear that there is one.
        let found = all.into_iter().find(|one| Some(one.id) == id).filter(|one| may_end(&asking, one));
        let found = found.ok_or(people::PeopleError::Unknown)?;
        match &found.who {
            // A phone signs what it sends, and needs no session for that: somebody else who ends it means the phone.
            Who::Device(of) if Some(found.id) != asking.session => {
                match super::phones::take_out(&app, of.community, of.round, of.device) {
                    // The book knows no such phone: its session is all that there is.
                    Err(fault) if fault.status() == StatusCode::NOT_FOUND => {}
                    taken => return taken,
                }
            }
            _ => {}
        }
        app.people.end_session(found.id)?;
        match &found.who {
            Who::Account(of) => {
                let who = asking.who.label();
                Ok(app.people.note(Some(of.id), Happened::SessionEnded, &who, people::now())?)
            }
            _ => Ok(()),
        }
    });
    ended.await.map(|()| StatusCode::NO_CONTENT)
}

/// Makes a link that invites somebody to roles and places that whoever asks may give.
#[utoipa::path(
    post, path = "/api/v1/invitations", request_body = Invitation,
    responses(
        (status = CREATED, body = Invited),
        (status = FORBIDDEN, description = "Above one's own role, or at another place", body = Problem),
        (status = CONFLICT, description = "Too many wait to be used", body = Problem),
    )
)]
pub async fn invite(
    State(app): State<App>,
    asking: Asking,
    Body(invitation): Body<Invitation>,
) -> Result<(StatusCode, Json<Invited>), Fault> {
    let grants = invitation.grants;
    if grants.is_empty() || grants.len() > limits::GRANTS {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "grants").with("most", limits::GRANTS));
    }
    if !may_invite(asking.who.grants(), &grants) {
        return Err(forbidden());
    }
    let by = match &asking.who {
        Who::Account(account) => Some(account.id),
        _ => None,
    };
    let now = people::now();
    let url = app.mode.url();
    let invited = aside(move || {
        for grant in &grants {
            match grant.place {
                Place::Community(id) => drop(app.people.community(id)?),
                Place::Tree(id) => drop(app.people.place(id)?),
                Place::All => {}
            }
        }
        let secret = app.people.invite(by, &grants, now)?;
        app.people.note(None, Happened::Invited, &asking.who.label(), now)?;
        Ok(secret)
    });
    let secret = invited.await?;
    Ok((StatusCode::CREATED, Json(handed(&url, &secret, now))))
}

/// Makes a link by which somebody who forgot their password chooses another one. For whoever may let results out (secretary, lab,
/// authority) an authority makes it, or the owner of the machine: nobody becomes the second person of a release by it.
#[utoipa::path(
    post, path = "/api/v1/accounts/{account}/link", params(("account" = String, Path)),
    responses(
        (status = CREATED, body = Invited),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "It is one's own, or too many links wait to be used", body = Problem),
    )
)]
pub async fn renew(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Invited>), Fault> {
    let (now, url) = (people::now(), app.mode.url());
    let made = aside(move || {
        let account = below(&app, &asking.who, &id)?;
        let by = match &asking.who {
            Who::Account(own) => Some(own.id),
            _ => None,
        };
        let secret = app.people.renew(by, account.id, now)?;
        app.people.note(Some(account.id), Happened::Renewal, &asking.who.label(), now)?;
        Ok(secret)
    });
    Ok((StatusCode::CREATED, Json(handed(&url, &made.await?, now))))
}

/// A link to be handed to somebody.
fn handed(url: &str, secret: &Secret, now: i64) -> Invited {
    let within = i64::try_from(limits::INVITATION_WITHIN.as_secs()).unwrap_or(i64::MAX);
    Invited { link: format!("{url}/welcome#{}", secret.text()), expires: now + within }
}

/// Accounts that whoever asks may take away, and their own.
#[utoipa::path(get, path = "/api/v1/accounts", responses((status = OK, body = [ListedAccount])))]
pub async fn accounts(State(app): State<App>, asking: Asking) -> Result<Json<Vec<ListedAccount>>, Fault> {
    let accounts = aside(move || {
        let mut all = app.people.accounts()?;
        all.retain(|account| sees(&asking.who, account));
        let listed = all.into_iter().map(|account| ListedAccount {
            renewable: !is_own(&asking.who, account.id) && is_below(&asking.who, &account),
            account,
        });
        Ok(listed.collect())
    });
    accounts.await.map(Json)
}

/// Takes an account away, with all of its sessions: somebody no longer helps.
#[utoipa::path(
    delete, path = "/api/v1/accounts/{account}", params(("account" = String, Path)),
    responses(
        (status = NO_CONTENT),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "It is one's own", body = Problem),
    )
)]
pub async fn remove_account(
    State(app): State<App>,
    asking: Asking,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let removed = aside(move || {
        let account = under(&app, &asking.who, &id)?;
        app.people.remove_account(account.id)?;
        Ok(app.people.note(Some(account.id), Happened::Removed, &asking.who.label(), people::now())?)
    });
    removed.await.map(|()| StatusCode::NO_CONTENT)
}

/// What happened to accounts that whoever asks knows of, to their own, and what they did themselves; the last first.
#[utoipa::path(get, path = "/api/v1/accounts/log", responses((status = OK, body = [AccountEvent])))]
pub async fn account_log(State(app): State<App>, asking: Asking) -> Result<Json<Vec<AccountEvent>>, Fault> {
    let events = aside(move || {
        let all = app.people.accounts()?;
        let logins: BTreeMap<String, String> = all
            .iter()
            .filter(|account| sees(&asking.who, account))
            .map(|account| (account.id.to_string(), account.login.clone()))
            .collect();
        // Of accounts that are gone nobody can say where they stood.
        let is_over_all = asking.who == Who::Owner || may_invite(asking.who.grants(), &FIRST);
        let own = asking.who.label();
        let is_seen = |line: &Line| {
            let account = line.account.map(|id| id.to_string());
            is_over_all || line.who == own || account.is_some_and(|id| logins.contains_key(&id))
        };
        let lines = app.people.account_log(limits::ACCOUNT_LOG_SHOWN, is_seen)?;
        let events = lines.into_iter().map(|Line { at, account, what, who }| {
            let by = logins.get(&who).cloned();
            let login = account.and_then(|id| logins.get(&id.to_string()).cloned());
            AccountEvent { at, account, login, what, who, by }
        });
        Ok(events.collect())
    });
    events.await.map(Json)
}

/// An account that somebody may take away; not their own. Blocks on the disk.
pub(super) fn under(app: &App, who: &Who, id: &str) -> Result<Account, Fault> {
    let id = AccountId::parse(id).ok_or(people::PeopleError::Unknown)?;
    if is_own(who, id) {
        return Err(Fault::new(StatusCode::CONFLICT, "own_account"));
    }
    let account = app.people.account(id)?.filter(|account| is_under(who, account));
    Ok(account.ok_or(people::PeopleError::Unknown)?)
}

/// The same of one whose password or second factor they may replace as well. Blocks on the disk.
pub(super) fn below(app: &App, who: &Who, id: &str) -> Result<Account, Fault> {
    let account = under(app, who, id)?;
    if is_below(who, &account) { Ok(account) } else { Err(people::PeopleError::Unknown.into()) }
}

/// Whether somebody may know of an account: it is their own, or they could have invited it.
pub(super) fn sees(who: &Who, account: &Account) -> bool {
    is_own(who, account.id) || is_under(who, account)
}

/// Whether an account is one's own.
fn is_own(who: &Who, id: AccountId) -> bool {
    matches!(who, Who::Account(own) if own.id == id)
}

/// Whether somebody could have invited another to all that they may do, and so may take it away.
fn is_under(who: &Who, account: &Account) -> bool {
    *who == Who::Owner || may_invite(who.grants(), &account.grants)
}

/// Whether somebody may give another a new password, or take their second factor away.
fn is_below(who: &Who, account: &Account) -> bool {
    *who == Who::Owner || may_renew(who.grants(), &account.grants)
}

fn may_end(asking: &Asking, session: &Session) -> bool {
    if Some(session.id) == asking.session {
        return true;
    }
    match &session.who {
        Who::Account(account) => is_own(&asking.who, account.id) || is_under(&asking.who, account),
        Who::Device(device) => {
            let wanted = Grant { role: Role::Secretary, place: Place::Community(device.community) };
            asking.who == Who::Owner || may_invite(asking.who.grants(), &[wanted])
        }
        Who::Owner | Who::Nobody => false,
    }
}

fn listed(asking: &Asking, session: Session) -> OpenSession {
    let Session { id, who, created, seen, expires } = session;
    let this = Some(id) == asking.session;
    let (own, login, device) = match who {
        Who::Account(account) => (is_own(&asking.who, account.id), Some(account.login), None),
        Who::Device(device) => (this, None, Some(device)),
        Who::Owner | Who::Nobody => (false, None, None),
    };
    OpenSession { id, this, own, login, device, created, seen, expires }
}
