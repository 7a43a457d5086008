//! Holds each request against the table, before anything else sees it.

use super::{
    attempts::Source,
    role::Place,
    secret::Secret,
    table::{self, Allowed, Found, Within},
    who::{Asking, Who},
};
use crate::{
    app::App,
    drill, limits,
    listen::Peer,
    machine::aside,
    people::{
        self, People,
        id::{CommunityId, SessionId},
    },
    problem::Fault,
};
use axum::{
    RequestExt,
    extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use std::{borrow::Cow, net::IpAddr};

/// The cookie of an account's session.
const COOKIE: &str = "session";
/// That of a browser which has signed in before; it opens nothing.
const KNOWN: &str = "known";
/// That of a phone which joined a round: the secretary's own browser may be one, too.
const PHONE: &str = "phone";
/// That of a browser which has opened a notice; it opens nothing.
const SEEN: &str = "notice";

/// Whether whoever reads something of a community for long may go on: their session may have ended meanwhile, or their role, and the
/// community may have been moved out of their place. Blocks on the disk.
///
/// # Errors
/// The database says no.
pub fn may_still(
    people: &People,
    session: Option<SessionId>,
    path: &str,
    of: CommunityId,
) -> Result<bool, Fault> {
    let Some(session) = session else { return Ok(true) };
    let who = people.who_is(session, people::now())?;
    let Found::Rule(rule) = table::find(&Method::GET, path) else { return Ok(false) };
    Ok(who.is_some_and(|who| rule.permits(&who, Some(Place::Community(of)))))
}

/// The number of the notice that a browser has opened at this address.
pub fn seen(headers: &HeaderMap) -> Option<u32> {
    text(headers, SEEN, false)?.parse().ok()
}

/// The header by which a browser is counted once. It is sent to this one address alone, and tells nobody apart.
pub fn set_seen_cookie(number: u32, path: &str, is_tls: bool) -> HeaderValue {
    let (seconds, secure) = (limits::OPENED_SECONDS, if is_tls { "; Secure" } else { "" });
    let cookie = format!("{SEEN}={number}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&cookie).expect("numbers and ids are ASCII")
}

/// Lets pass what the table permits.
///
/// # Errors
/// Everything else: 401 for nobody, 403 for somebody who may not.
pub async fn gate(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, Fault> {
    if request.headers().contains_key(drill::HEADER) && !app.for_drills {
        return Err(Fault::new(StatusCode::FORBIDDEN, "no_drill"));
    }
    let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|ConnectInfo(Peer(peer))| peer.ip());
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    let address = app.mode.client(peer, forwarded.and_then(|value| value.to_str().ok()));
    let is_tls = app.mode.is_tls();
    let secrets =
        [COOKIE, PHONE].into_iter().filter_map(|name| cookie(request.headers(), name, is_tls)).collect();
    let asking = asking(&app, address, secrets).await?;
    // What no route takes is a page, or an address that does not exist: there is nothing to guard.
    if let Some(path) = request.extensions().get::<MatchedPath>().cloned() {
        let rule = match table::find(request.method(), path.as_str()) {
            Found::Rule(rule) => rule,
            Found::OtherMethod => return Err(Fault::new(StatusCode::METHOD_NOT_ALLOWED, "method")),
            Found::Nothing => return Err(forbidden()),
        };
        let asked = match rule.within {
            Within::Anywhere => None,
            Within::Community => param(&mut request, "community", community).await,
            Within::Place => param(&mut request, "place", Place::parse_in_path).await,
            Within::Party => param(&mut request, "party", Place::parse_party).await,
        };
        if !rule.permits(&asking.who, asked) {
            let nobody = asking.who == Who::Nobody;
            return Err(if nobody { sign_in_first() } else { forbidden() });
        }
        if rule.who == Allowed::Public {
            // Whoever we do not know sends a few words, not a roll.
            DefaultBodyLimit::max(limits::PUBLIC_BODY_BYTES).apply(&mut request);
            request.extensions_mut().insert(FewWords);
        }
    }
    request.extensions_mut().insert(asking);
    Ok(next.run(request).await)
}

/// Of a request that may carry no more than [`limits::PUBLIC_BODY_BYTES`].
#[derive(Clone, Copy, Debug)]
pub struct FewWords;

async fn asking(app: &App, address: IpAddr, secrets: Vec<Secret>) -> Result<Asking, Fault> {
    let nobody = Asking { who: Who::Nobody, session: None, address };
    if !app.mode.is_open() {
        return Ok(Asking { who: Who::Owner, ..nobody });
    }
    if secrets.is_empty() {
        return Ok(nobody);
    }
    let people = app.people.clone();
    let found = aside(move || {
        for secret in secrets {
            if let Some(found) = people.session(&secret.hash(), people::now())? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    })
    .await?;
    Ok(match found {
        Some((session, who)) => Asking { who, session: Some(session), address },
        None => nobody,
    })
}

fn community(text: &str) -> Option<Place> {
    CommunityId::parse(text).map(Place::Community)
}

/// What stands in the path under a name.
async fn param(request: &mut Request, name: &str, parse: fn(&str) -> Option<Place>) -> Option<Place> {
    let params = request.extract_parts::<RawPathParams>().await.ok()?;
    params.iter().find(|(known, _)| *known == name).and_then(|(_, text)| parse(text))
}

/// Whether a browser sends the cookie of an account's session.
pub fn has_cookie(headers: &HeaderMap, is_tls: bool) -> bool {
    cookie(headers, COOKIE, is_tls).is_some()
}

/// From where a request tries an account's password.
pub fn source(app: &App, headers: &HeaderMap, login: &str, address: IpAddr) -> Source {
    match text(headers, KNOWN, app.mode.is_tls()).and_then(|text| app.known.browser(login, text)) {
        Some(browser) => Source::Known(browser),
        None => Source::Address(address),
    }
}

/// The secret in a request's cookie.
fn cookie(headers: &HeaderMap, name: &str, is_tls: bool) -> Option<Secret> {
    text(headers, name, is_tls).and_then(Secret::parse)
}

fn text<'a>(headers: &'a HeaderMap, name: &str, is_tls: bool) -> Option<&'a str> {
    let name = named(name, is_tls);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == &*name).map(|(_, text)| text)
}

/// The header that gives a browser its session, for so many seconds.
pub fn set_cookie(secret: &Secret, seconds: i64, is_tls: bool) -> HeaderValue {
    written(COOKIE, &secret.text(), seconds, is_tls)
}

/// The header by which a browser is known later.
pub fn set_known_cookie(token: &str, is_tls: bool) -> HeaderValue {
    written(KNOWN, token, limits::KNOWN_SECONDS, is_tls)
}

/// The header that gives a phone its session, for so many seconds.
pub fn set_phone_cookie(secret: &Secret, seconds: i64, is_tls: bool) -> HeaderValue {
    written(PHONE, &secret.text(), seconds, is_tls)
}

/// The header that takes it away.
pub fn clear_cookie(is_tls: bool) -> HeaderValue {
    written(COOKIE, "", 0, is_tls)
}

fn written(name: &str, text: &str, seconds: i64, is_tls: bool) -> HeaderValue {
    let (name, secure) = (named(name, is_tls), if is_tls { "; Secure" } else { "" });
    let cookie = format!("{name}={text}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&cookie).expect("it is ASCII")
}

/// Under TLS no sister of this host can set a cookie of such a name, so nobody is signed in unawares as somebody else.
fn named(name: &str, is_tls: bool) -> Cow<'_, str> {
    if is_tls { Cow::Owned(format!("__Host-{name}")) } else { Cow::Borrowed(name) }
}

/// Nobody that we know asks for what is not everybody's.
pub fn sign_in_first() -> Fault {
    Fault::new(StatusCode::UNAUTHORIZED, "sign_in_first")
}

/// Somebody asks for what they may not.
pub fn forbidden() -> Fault {
    Fault::new(StatusCode::FORBIDDEN, "forbidden")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_as_it_was_set_and_only_a_whole_one() {
        let secret = Secret::draw();
        let set = set_cookie(&secret, 60, true);
        let text = set.to_str().unwrap();
        for part in ["; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/", "; Max-Age=60"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!clear_cookie(false).to_str().unwrap().contains("Secure"));
        assert!(text.starts_with("__Host-session=") && !text.contains("Domain"), "{text}");
        assert!(set_cookie(&secret, 60, false).to_str().unwrap().starts_with("session="));
        let read_as = |text: &str, is_tls: bool| {
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, text.parse().unwrap());
            cookie(&headers, COOKIE, is_tls)
        };
        let read = |text: &str| read_as(text, false);
        let own = format!("session={}", secret.text());
        assert_eq!(read(&own), Some(secret.clone()));
        assert_eq!(read(&format!("a=b; {own}; c=d")), Some(secret.clone()));
        assert_eq!(read_as(&format!("{own}; __Host-{own}"), true), Some(secret));
        assert_eq!(read_as(&own, true), None, "a sister of this host may have set it");
        for text in ["session=", "session=x", "xsession=1", "other=1", &own[..own.len() - 1]] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
