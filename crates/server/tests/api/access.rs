//! Signing in, inviting, ending sessions: as a browser does it, on a server that others reach.

use crate::aside;
use crate::{Answer, House};
use axum::http::Method;
use serde_json::{Value, json};

const PASSWORD: &str = "four words of mine";

/// The cookie that an answer sets.
fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie");
    for part in ["; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    set.strip_prefix("__Host-session=").unwrap().split(';').next().unwrap().to_owned()
}

impl House {
    async fn welcome(&self, token: &str, login: &str) -> Answer {
        let body = json!({ "token": token, "login": login, "password": PASSWORD });
        self.ask_as(None, Method::POST, "/api/v1/welcome", Some(body)).await
    }

    /// The first account's cookie.
    async fn first(&self) -> String {
        let link = aside(|| self.people.first_link(server::people::now())).unwrap().unwrap();
        let made = self.welcome(&link.text(), "Anna").await;
        assert_eq!(made.status, 201, "{}", made.text());
        cookie(&made)
    }

    async fn login(&self, login: &str, password: &str) -> Answer {
        let body = json!({ "login": login, "password": password });
        self.ask_as(None, Method::POST, "/api/v1/login", Some(body)).await
    }

    async fn invited(&self, by: &str, grants: Value) -> Answer {
        let body = json!({ "grants": grants });
        self.ask_as(Some(by), Method::POST, "/api/v1/invitations", Some(body)).await
    }
}

fn token(invited: &Answer) -> String {
    assert_eq!(invited.status, 201, "{}", invited.text());
    let link = invited.string("link");
    let (page, token) = link.split_once('#').unwrap();
    assert_eq!(page, "https://garden.example/welcome");
    token.to_owned()
}

#[tokio::test]
async fn the_first_link_makes_the_first_account_once() {
    let house = House::open();
    assert_eq!(house.welcome(&"0".repeat(64), "eve").await.problem(), (404, "link_unknown".to_owned()));
    assert_eq!(house.welcome("nonsense", "eve").await.problem().0, 404);
    let link = aside(|| house.people.first_link(server::people::now())).unwrap().unwrap();
    let weak = json!({ "token": link.text(), "login": "anna", "password": "short" });
    let weak = house.ask_as(None, Method::POST, "/api/v1/welcome", Some(weak)).await;
    assert_eq!(weak.problem(), (422, "password_weak".to_owned()));
    for usual in ["1234567890", "shouhu2022", "anna-2022-anna"] {
        let usual = json!({ "token": link.text(), "login": "anna", "password": usual });
        let usual = house.ask_as(None, Method::POST, "/api/v1/welcome", Some(usual)).await;
        assert_eq!(usual.problem(), (422, "password_usual".to_owned()));
    }
    assert_eq!(house.welcome(&link.text(), "a b").await.problem(), (422, "login_name".to_owned()));
    let made = house.welcome(&link.text(), " Anna ").await;
    assert_eq!((made.status.as_u16(), made.string("login")), (201, "anna".to_owned()));
    let me = house.ask_as(Some(&cookie(&made)), Method::GET, "/api/v1/me", None).await.json();
    assert_eq!(
        (&me["mode"], &me["owner"], &me["account"]["login"]),
        (&json!("open"), &json!(false), &json!("anna"))
    );
    assert_eq!(house.welcome(&link.text(), "eve").await.problem().0, 404);
    let nobody = house.ask_as(None, Method::GET, "/api/v1/me", None).await.json();
    assert_eq!((&nobody["account"], &nobody["grants"]), (&Value::Null, &json!([])));
}

#[tokio::test]
async fn a_password_opens_a_session_and_a_change_ends_all_others() {
    let house = House::open();
    let first = house.first().await;
    assert_eq!(house.login("anna", "wrong words here").await.problem(), (422, "login_wrong".to_owned()));
    assert_eq!(house.login("nobody", PASSWORD).await.problem(), (422, "login_wrong".to_owned()));
    let second = cookie(&house.login("ANNA ", PASSWORD).await);
    let wrong = json!({ "old": "wrong words here", "new": "other words of mine" });
    let wrong = house.ask_as(Some(&second), Method::POST, "/api/v1/password", Some(wrong)).await;
    assert_eq!(wrong.problem(), (422, "password_wrong".to_owned()));
    let usual = json!({ "old": PASSWORD, "new": "qwertyuiop" });
    let usual = house.ask_as(Some(&second), Method::POST, "/api/v1/password", Some(usual)).await;
    assert_eq!(usual.problem(), (422, "password_usual".to_owned()));
    let change = json!({ "old": PASSWORD, "new": "other words of mine" });
    let changed = house.ask_as(Some(&second), Method::POST, "/api/v1/password", Some(change)).await;
    assert_eq!(changed.status, 204);
    for old in [&first, &second] {
        assert_eq!(house.ask_as(Some(old), Method::GET, "/api/v1/scenarios", None).await.status, 401);
    }
    let third = cookie(&changed);
    assert_eq!(house.ask_as(Some(&third), Method::GET, "/api/v1/scenarios", None).await.status, 200);
    assert_eq!(house.login("anna", PASSWORD).await.status, 422);
    assert_eq!(house.login("anna", "other words of mine").await.status, 200);
}

#[tokio::test]
async fn who_signs_in_again_leaves_no_session_behind() {
    let house = House::open();
    let first = house.first().await;
    let body = json!({ "login": "anna", "password": PASSWORD });
    let again = house.ask_as(Some(&first), Method::POST, "/api/v1/login", Some(body)).await;
    let second = cookie(&again);
    assert_eq!(house.ask_as(Some(&first), Method::GET, "/api/v1/scenarios", None).await.status, 401);
    let invited = house.invited(&second, json!([{ "role": "caller", "place": "all" }])).await;
    let body = json!({ "token": token(&invited), "login": "ben", "password": PASSWORD });
    let made = house.ask_as(Some(&second), Method::POST, "/api/v1/welcome", Some(body)).await;
    assert_eq!(made.status, 201);
    assert_eq!(house.ask_as(Some(&second), Method::GET, "/api/v1/scenarios", None).await.status, 401);
    // Another browser of the same account goes on.
    let elsewhere = cookie(&house.login("anna", PASSWORD).await);
    cookie(&house.login("anna", PASSWORD).await);
    assert_eq!(house.ask_as(Some(&elsewhere), Method::GET, "/api/v1/scenarios", None).await.status, 200);
}

#[tokio::test]
async fn who_guesses_waits_and_is_told_how_long() {
    let house = House::open();
    house.first().await;
    let mut answer = house.login("anna", "guess number 0").await;
    for guess in 1..10 {
        if answer.status == 429 {
            break;
        }
        answer = house.login("anna", &format!("guess number {guess}")).await;
    }
    assert_eq!(answer.problem(), (429, "too_many".to_owned()));
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    assert!(answer.string("message").contains(&wait.to_string()));
    assert_eq!(house.login("anna", PASSWORD).await.status, 429, "the right one waits too");
}

#[tokio::test]
async fn a_browser_that_has_signed_in_before_is_not_shut_out_by_strangers() {
    let house = House::open();
    let link = aside(|| house.people.first_link(server::people::now())).unwrap().unwrap();
    let made = house.welcome(&link.text(), "anna").await;
    let known = made.headers.get_all("set-cookie").iter().nth(1).unwrap().to_str().unwrap();
    for part in ["; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/"] {
        assert!(known.contains(part), "{known}");
    }
    let known = known.split(';').next().unwrap();
    while house.login("anna", "guess after guess").await.status != 429 {}
    let body = json!({ "login": "anna", "password": PASSWORD });
    let again = house.ask(Method::POST, "/api/v1/login", &[("cookie", known)], Some(body)).await;
    assert_eq!(again.status, 200, "{}", again.text());
    // It opens nothing, and is nobody else's.
    assert_eq!(house.ask(Method::GET, "/api/v1/sessions", &[("cookie", known)], None).await.status, 401);
    while house.login("ben", "guess after guess").await.status != 429 {}
    let body = json!({ "login": "ben", "password": PASSWORD });
    let other = house.ask(Method::POST, "/api/v1/login", &[("cookie", known)], Some(body)).await;
    assert_eq!(other.problem(), (429, "too_many".to_owned()));
}

#[tokio::test]
async fn a_good_link_is_taken_whoever_guesses_beside_it() {
    let house = House::open();
    let link = aside(|| house.people.first_link(server::people::now())).unwrap().unwrap();
    let none = "0".repeat(64);
    for _ in 0..server::limits::ADDRESS_TOKENS {
        assert_eq!(house.welcome(&none, "eve").await.status, 404);
    }
    assert_eq!(house.welcome(&none, "eve").await.problem(), (429, "too_many".to_owned()));
    assert_eq!(house.welcome(&link.text(), "anna").await.status, 201);
}

/// Lines of the log, while somebody holds this.
#[derive(Clone, Default)]
struct Lines(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_failed_inside_is_told_to_the_log_and_not_to_strangers() {
    let lines = Lines::default();
    let writer = lines.clone();
    let log =
        tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || writer.clone()).finish();
    let _writing = tracing::subscriber::set_default(log);
    let house = House::open();
    let file = rusqlite::Connection::open(house.data.path().join("people.sqlite")).unwrap();
    file.execute_batch("ALTER TABLE account RENAME TO gone").unwrap();
    let answer = house.login("anna", PASSWORD).await;
    assert_eq!(answer.problem(), (500, "people_broken".to_owned()));
    let folder = house.data.path().to_str().unwrap();
    for inner in ["account", "table", "SELECT", folder, "anna"] {
        assert!(!answer.text().contains(inner), "{inner} in {}", answer.text());
    }
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let line = log.lines().find_map(|line| {
        Some(serde_json::from_str::<Value>(line).ok()?).filter(|line| line["status"] == 500)
    });
    let line = line.unwrap_or_else(|| panic!("no line of it in {log}"));
    assert!(line["why"].as_str().unwrap().contains("no such table: account"), "{line}");
    assert!(answer.string("message").contains(line["reference"].as_str().unwrap()), "{line}");
    assert!(!log.contains("anna") && !log.contains(folder), "{log}");
    // Whoever sits at the machine is told at once.
    let own = House::new();
    let file = rusqlite::Connection::open(own.data.path().join("people.sqlite")).unwrap();
    file.execute_batch("ALTER TABLE account RENAME TO gone").unwrap();
    let answer = own.get("/api/v1/accounts").await;
    assert_eq!(answer.problem(), (500, "people_broken".to_owned()));
    assert!(answer.text().contains("no such table: account"), "{}", answer.text());
}

#[tokio::test]
async fn nobody_invites_above_themselves_or_elsewhere() {
    let house = House::open();
    let anna = house.first().await;
    let make = |name: &str| json!({ "name": name });
    let made = house.ask_as(Some(&anna), Method::POST, "/api/v1/communities", Some(make("柳园"))).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let other = house.ask_as(Some(&anna), Method::POST, "/api/v1/communities", Some(make("梅园"))).await;
    let (here, elsewhere) = (made.string("id"), other.string("id"));
    let invited = house.invited(&anna, json!([{ "role": "secretary", "place": here }])).await;
    let ben = cookie(&house.welcome(&token(&invited), "ben").await);
    let listed = house.ask_as(Some(&ben), Method::GET, "/api/v1/communities", None).await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["name"], "柳园");
    for (role, place, status) in [
        ("caller", &*here, 201),
        ("secretary", &*here, 201),
        ("caller", &*elsewhere, 403),
        ("caller", "all", 403),
        ("authority", &*here, 403),
        ("committee", &*here, 403),
    ] {
        let answer = house.invited(&ben, json!([{ "role": role, "place": place }])).await;
        assert_eq!(answer.status, status, "{role} at {place}");
    }
    assert_eq!(house.invited(&ben, json!([])).await.problem(), (422, "grants".to_owned()));
    let nowhere = "00000000-0000-4000-8000-000000000000";
    let nowhere = house.invited(&anna, json!([{ "role": "caller", "place": nowhere }])).await;
    assert_eq!(nowhere.problem(), (404, "unknown_here".to_owned()));
    assert_eq!(house.invited(&anna, json!([{ "role": "king", "place": "all" }])).await.status, 400);
}

#[tokio::test]
async fn sessions_are_ended_by_their_owner_and_by_a_secretary_and_by_nobody_else() {
    let house = House::open();
    let anna = house.first().await;
    let make = json!({ "name": "柳园" });
    let here = house.ask_as(Some(&anna), Method::POST, "/api/v1/communities", Some(make)).await.string("id");
    let mut cookies = Vec::new();
    for (login, role) in [("ben", "secretary"), ("carl", "caller"), ("dora", "caller")] {
        let invited = house.invited(&anna, json!([{ "role": role, "place": here }])).await;
        cookies.push(cookie(&house.welcome(&token(&invited), login).await));
    }
    let [ben, carl, dora] = &cookies[..] else { unreachable!() };
    let sessions = async |who: &str| {
        let listed = house.ask_as(Some(who), Method::GET, "/api/v1/sessions", None).await.json();
        let pair =
            |one: &Value| (one["login"].as_str().unwrap().to_owned(), one["id"].as_str().unwrap().to_owned());
        let mut listed: Vec<_> = listed.as_array().unwrap().iter().map(pair).collect();
        listed.sort();
        listed
    };
    let logins = |sessions: &[(String, String)]| sessions.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
    let bens = sessions(ben).await;
    assert_eq!(logins(&bens), ["ben", "carl", "dora"], "and not the authority's");
    assert_eq!(logins(&sessions(carl).await), ["carl"]);
    assert_eq!(logins(&sessions(&anna).await), ["anna", "ben", "carl", "dora"]);
    let end = async |who: &str, id: &str| {
        house.ask_as(Some(who), Method::DELETE, &format!("/api/v1/sessions/{id}"), None).await.status.as_u16()
    };
    let annas = sessions(&anna).await[0].1.clone();
    assert_eq!(end(ben, &annas).await, 404);
    assert_eq!(end(carl, &bens[2].1).await, 404, "a caller ends no other caller's");
    assert_eq!(end(ben, &bens[2].1).await, 204);
    assert_eq!(house.ask_as(Some(dora), Method::GET, "/api/v1/sessions", None).await.status, 401);
    assert_eq!(end(carl, &bens[1].1).await, 204);
    assert_eq!(house.ask_as(Some(carl), Method::GET, "/api/v1/sessions", None).await.status, 401);
    // Who no longer helps loses the account, too.
    let accounts = house.ask_as(Some(ben), Method::GET, "/api/v1/accounts", None).await.json();
    let id = |login: &str| {
        let found = accounts.as_array().unwrap().iter().find(|one| one["login"] == login);
        found.map(|one| one["id"].as_str().unwrap().to_owned())
    };
    assert_eq!(id("anna"), None);
    let remove = async |who: &str, id: &str| {
        house.ask_as(Some(who), Method::DELETE, &format!("/api/v1/accounts/{id}"), None).await.status.as_u16()
    };
    assert_eq!(remove(ben, &id("ben").unwrap()).await, 409);
    assert_eq!(remove(ben, &id("dora").unwrap()).await, 204);
    assert_eq!(house.login("dora", PASSWORD).await.status, 422);
}

#[tokio::test]
async fn without_a_session_pages_are_sent_and_nothing_of_the_api() {
    let house = House::open();
    assert_eq!(house.ask_as(None, Method::GET, "/", None).await.status, 200);
    assert_eq!(house.ask_as(None, Method::GET, "/api/v1/health", None).await.status, 200);
    for path in ["/api/v1/scenarios", "/api/v1/sessions", "/api/v1/communities"] {
        let head = house.ask_as(None, Method::HEAD, path, None).await;
        assert_eq!(head.status, 401, "{path}");
        let answer = house.ask_as(None, Method::GET, path, None).await;
        assert_eq!(answer.problem(), (401, "sign_in_first".to_owned()), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(house.ask_as(None, Method::PATCH, "/api/v1/scenarios", Some(json!({}))).await.status, 405);
    let long = json!({ "login": "a".repeat(20_000), "password": "x" });
    assert_eq!(house.ask_as(None, Method::POST, "/api/v1/login", Some(long)).await.status, 413);
    let foreign = house.ask(Method::GET, "/api/v1/health", &[("host", "localhost:8300")], None).await;
    assert_eq!(foreign.problem(), (403, "host_foreign".to_owned()));
    assert!(foreign.string("mend").contains("https://garden.example"));
}

#[tokio::test]
async fn on_this_machine_its_owner_needs_no_account() {
    let house = House::new();
    let me = house.get("/api/v1/me").await.json();
    assert_eq!((&me["mode"], &me["owner"]), (&json!("here"), &json!(true)));
    let invited = house
        .post("/api/v1/invitations", json!({ "grants": [{ "role": "authority", "place": "all" }] }))
        .await;
    assert_eq!(invited.status, 201, "who forgot the first password makes a new account so");
    let change = json!({ "old": "x", "new": "y" });
    assert_eq!(house.post("/api/v1/password", change).await.problem(), (409, "no_account".to_owned()));
}

/// The log as somebody sees it: login, what, by whom.
async fn log(house: &House, who: &str) -> Vec<(String, String, String)> {
    let all = house.ask_as(Some(who), Method::GET, "/api/v1/accounts/log", None).await.json();
    let text = |one: &Value| one.as_str().unwrap_or("-").to_owned();
    let line = |one: &Value| {
        let who = text(&one["who"]);
        assert!(["owner", "nobody"].contains(&&*who) || who.len() == 36, "by id: {one}");
        let by = if one["by"].is_null() && who.len() < 36 { who } else { text(&one["by"]) };
        (text(&one["login"]), text(&one["what"]), by)
    };
    all.as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn what_happened_to_an_account_is_written_down_by_id_and_read_by_those_above_it() {
    let house = House::open();
    let anna = house.first().await;
    let made = ["柳园", "梅园"].map(|name| json!({ "name": name }));
    let mut places = Vec::new();
    for made in made {
        let made = house.ask_as(Some(&anna), Method::POST, "/api/v1/communities", Some(made)).await;
        places.push(made.string("id"));
    }
    let mut cookies = Vec::new();
    for (login, place) in [("ben", &places[0]), ("carl", &places[1])] {
        let invited = house.invited(&anna, json!([{ "role": "secretary", "place": place }])).await;
        cookies.push(cookie(&house.welcome(&token(&invited), login).await));
    }
    assert_eq!(house.login("ben", "wrong words here").await.status, 422);
    assert_eq!(house.login("nobody-of-this-name", "wrong words here").await.status, 422);
    // Nobody waits until it is written down that somebody was refused.
    while log(&house, &cookies[0]).await.len() < 2 {
        tokio::task::yield_now().await;
    }
    let again = cookie(&house.login("ben", PASSWORD).await);
    let out = house.ask_as(Some(&again), Method::POST, "/api/v1/logout", Some(json!({}))).await;
    assert_eq!(out.status, 204);
    let line = |login: &str, what: &str, by: &str| (login.to_owned(), what.to_owned(), by.to_owned());
    let bens = log(&house, &cookies[0]).await;
    let own = [
        line("ben", "signed_out", "ben"),
        line("ben", "signed_in", "ben"),
        line("ben", "refused", "nobody"),
        line("ben", "made", "-"),
    ];
    assert_eq!(bens, own, "and nothing of carl, nor of anna");
    assert!(log(&house, &cookies[1]).await.iter().all(|(login, ..)| login == "carl"));
    let all = log(&house, &anna).await;
    assert!(
        all.contains(&line("carl", "made", "anna")) && all.contains(&line("-", "invited", "anna")),
        "{all:?}"
    );
    let accounts = house.ask_as(Some(&anna), Method::GET, "/api/v1/accounts", None).await.json();
    let carl = accounts.as_array().unwrap().iter().find(|one| one["login"] == "carl").unwrap()["id"].clone();
    let path = format!("/api/v1/accounts/{}", carl.as_str().unwrap());
    assert_eq!(house.ask_as(Some(&anna), Method::DELETE, &path, None).await.status, 204);
    assert_eq!(log(&house, &anna).await[0], line("-", "removed", "anna"));
    assert_eq!(log(&house, &cookies[0]).await, own);
    // No name that somebody tried is kept, nor anything of where from.
    let text = house.ask_as(Some(&anna), Method::GET, "/api/v1/accounts/log", None).await.text();
    assert!(!text.contains("nobody-of-this-name") && !text.contains("address"), "{text}");
}

#[tokio::test]
async fn who_forgot_the_password_chooses_another_by_a_link_and_stays_who_they_are() {
    let house = House::open();
    let anna = house.first().await;
    let made =
        house.ask_as(Some(&anna), Method::POST, "/api/v1/communities", Some(json!({ "name": "柳园" }))).await;
    let invited = house.invited(&anna, json!([{ "role": "secretary", "place": made.string("id") }])).await;
    let ben = cookie(&house.welcome(&token(&invited), "ben").await);
    let accounts = house.ask_as(Some(&anna), Method::GET, "/api/v1/accounts", None).await.json();
    let id = |login: &str| {
        let found = accounts.as_array().unwrap().iter().find(|one| one["login"] == login).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    let link = async |who: &str, login: &str| {
        let path = format!("/api/v1/accounts/{}/link", id(login));
        house.ask_as(Some(who), Method::POST, &path, Some(json!({}))).await
    };
    assert_eq!(link(&ben, "anna").await.problem(), (404, "unknown_here".to_owned()), "nobody above oneself");
    assert_eq!(link(&anna, "anna").await.problem(), (409, "own_account".to_owned()));
    let old = token(&link(&anna, "ben").await);
    let new = token(&link(&anna, "ben").await);
    let choose = async |token: &str, login: &str| {
        let body = json!({ "token": token, "login": login, "password": "other words of mine" });
        house.ask_as(None, Method::POST, "/api/v1/welcome", Some(body)).await
    };
    assert_eq!(choose(&old, "ben").await.problem(), (404, "link_unknown".to_owned()), "the last one holds");
    assert_eq!(choose(&new, "carl").await.problem(), (422, "login_other".to_owned()));
    let chosen = choose(&new, "ben").await;
    assert_eq!((chosen.status.as_u16(), chosen.string("id")), (201, id("ben")), "{}", chosen.text());
    assert_eq!(chosen.header("set-cookie"), "", "a second factor is not passed by");
    assert_eq!(choose(&new, "ben").await.problem(), (404, "link_unknown".to_owned()), "once");
    assert_eq!(house.ask_as(Some(&ben), Method::GET, "/api/v1/scenarios", None).await.status, 401);
    assert_eq!(house.login("ben", PASSWORD).await.problem().1, "login_wrong");
    assert_eq!(house.login("ben", "other words of mine").await.status, 200);
    let seen: Vec<String> = log(&house, &anna).await.into_iter().map(|(_, what, _)| what).collect();
    assert!(
        seen.contains(&"renewal".to_owned()) && seen.contains(&"password_changed".to_owned()),
        "{seen:?}"
    );
}

#[tokio::test]
async fn nobody_takes_over_an_account_beside_them_that_lets_results_out() {
    let house = House::open();
    let anna = house.first().await;
    let made =
        house.ask_as(Some(&anna), Method::POST, "/api/v1/communities", Some(json!({ "name": "柳园" }))).await;
    let place = made.string("id");
    let mut cookies = Vec::new();
    for (login, role) in [("ben", "secretary"), ("carl", "secretary"), ("dora", "lab"), ("eve", "caller")] {
        let invited = house.invited(&anna, json!([{ "role": role, "place": place }])).await;
        cookies.push(cookie(&house.welcome(&token(&invited), login).await));
    }
    let accounts = async |who: &str| {
        house
            .ask_as(Some(who), Method::GET, "/api/v1/accounts", None)
            .await
            .json()
            .as_array()
            .unwrap()
            .clone()
    };
    let all = accounts(&anna).await;
    let id = |login: &str| all.iter().find(|one| one["login"] == login).unwrap()["id"].as_str().unwrap();
    let renewable = async |who: &str| {
        let all = accounts(who).await;
        let may = all.iter().filter(|one| one["renewable"] == true);
        may.map(|one| one["login"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(renewable(&cookies[0]).await, ["eve"]);
    assert_eq!(renewable(&anna).await, ["ben", "carl", "dora", "eve"]);
    let link = async |who: &str, login: &str| {
        let path = format!("/api/v1/accounts/{}/link", id(login));
        house.ask_as(Some(who), Method::POST, &path, Some(json!({}))).await
    };
    for login in ["carl", "dora"] {
        assert_eq!(link(&cookies[0], login).await.problem(), (404, "unknown_here".to_owned()), "{login}");
        let path = format!("/api/v1/accounts/{}/factor", id(login));
        let factor = house.ask_as(Some(&cookies[0]), Method::DELETE, &path, None).await;
        assert_eq!(factor.problem(), (404, "unknown_here".to_owned()), "{login}");
        let factor = house.ask_as(Some(&anna), Method::DELETE, &path, None).await;
        assert_eq!(factor.status, 204, "an authority, or whoever runs the server");
    }
    assert_eq!(link(&cookies[0], "eve").await.status, 201, "who lets nothing out is helped by a secretary");
    let chosen = house.welcome(&token(&link(&anna, "carl").await), "carl").await;
    assert_eq!(chosen.status, 201, "{}", chosen.text());
    let line = ("carl".to_owned(), "password_changed".to_owned(), "anna".to_owned());
    assert!(log(&house, &anna).await.contains(&line), "by whose link it was");
}

#[tokio::test]
async fn how_long_an_answer_takes_tells_nobody_who_has_an_account() {
    let house = House::on(tempfile::tempdir().unwrap(), None, super::garden(), super::GARDEN, |_| None);
    house.first().await;
    // As if the disk took for ever: nothing can be written down.
    let busy = rusqlite::Connection::open(house.data.path().join("people.sqlite")).unwrap();
    busy.execute_batch("BEGIN IMMEDIATE").unwrap();
    for login in ["nobody-of-this-name", "anna"] {
        let refused = house.login(login, "wrong words here");
        let refused = tokio::time::timeout(std::time::Duration::from_secs(4), refused).await.unwrap();
        assert_eq!(refused.problem(), (422, "login_wrong".to_owned()), "{login}");
    }
    busy.execute_batch("ROLLBACK").unwrap();
}

/// A second factor of an account; its secret.
async fn with_factor(house: &House, who: &str) -> String {
    let post = async |path: &str, body: Value| house.ask_as(Some(who), Method::POST, path, Some(body)).await;
    let secret = post("/api/v1/factor", json!({ "password": PASSWORD })).await.string("secret");
    let added = post("/api/v1/factor/code", json!({ "code": code_of(&secret, 0) })).await;
    assert_eq!(added.status, 200, "{}", added.text());
    secret
}

#[tokio::test]
async fn whoever_has_a_session_and_the_password_does_not_guess_the_second_factor() {
    for between in ["/api/v1/factor", "/api/v1/password"] {
        let house = House::open();
        let mut anna = house.first().await;
        with_factor(&house, &anna).await;
        let mut stopped = false;
        for guess in 1..=20 {
            let end = json!({ "password": PASSWORD, "code": "wrong" });
            let end = house.ask_as(Some(&anna), Method::POST, "/api/v1/factor/end", Some(end)).await;
            if end.status == 429 {
                stopped = true;
                break;
            }
            assert_eq!(end.problem(), (422, "code_wrong".to_owned()));
            if guess % 4 == 0 {
                // The right password, which opened another session or began to count anew.
                let body = match between {
                    "/api/v1/factor" => json!({ "password": PASSWORD }),
                    _ => json!({ "old": PASSWORD, "new": PASSWORD }),
                };
                let done = house.ask_as(Some(&anna), Method::POST, between, Some(body)).await;
                assert!([204, 409].contains(&done.status.as_u16()), "{}", done.text());
                if done.status == 204 {
                    anna = cookie(&done);
                }
            }
        }
        assert!(stopped, "{between}");
    }
}

/// What an app shows.
fn code_of(secret: &str, later: i64) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let value = |letter: u8| letters.iter().position(|known| *known == letter).unwrap();
    let bits: Vec<usize> =
        secret.bytes().flat_map(|letter| (0..5).rev().map(move |bit| value(letter) >> bit & 1)).collect();
    let bytes: Vec<u8> =
        bits.chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | *bit as u8)).collect();
    server::access::one_time::OneTime::of(&bytes).unwrap().code(server::people::now() + later)
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_a_password_alone_opens_nothing() {
    let house = House::open();
    let anna = house.first().await;
    let post =
        async |path: &str, body: Value| house.ask_as(Some(&anna), Method::POST, path, Some(body)).await;
    let wrong = post("/api/v1/factor", json!({ "password": "wrong words here" })).await;
    assert_eq!(wrong.problem(), (422, "password_wrong".to_owned()));
    let proposed = post("/api/v1/factor", json!({ "password": PASSWORD })).await;
    assert_eq!((proposed.status.as_u16(), proposed.header("cache-control")), (201, "no-store"));
    assert!(proposed.string("svg").contains("<svg"));
    let secret = proposed.string("secret");
    assert_eq!(house.login("anna", PASSWORD).await.status, 200, "not asked for until a code was typed");
    let bad = if code_of(&secret, 0) == "000000" { "000001" } else { "000000" };
    let bad = post("/api/v1/factor/code", json!({ "code": bad })).await;
    assert_eq!(bad.problem(), (422, "code_wrong".to_owned()));
    let added = post("/api/v1/factor/code", json!({ "code": code_of(&secret, 0) })).await;
    assert_eq!(added.status, 200, "{}", added.text());
    let recovery = added.json()["recovery"].as_array().unwrap().clone();
    assert_eq!(recovery.len(), 8);
    let me = house.ask_as(Some(&anna), Method::GET, "/api/v1/me", None).await.json();
    assert_eq!(me["account"]["factor"], json!(true));
    let again = post("/api/v1/factor", json!({ "password": PASSWORD })).await;
    assert_eq!(again.problem(), (409, "factor_there".to_owned()));

    let login = async |password: &str, code: Option<&str>| {
        let mut body = json!({ "login": "anna", "password": password });
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        house.ask_as(None, Method::POST, "/api/v1/login", Some(body)).await
    };
    let needed = login(PASSWORD, None).await;
    assert_eq!(needed.problem(), (422, "code_needed".to_owned()));
    assert_eq!(needed.header("set-cookie"), "", "nothing is opened");
    let both = login("wrong words here", Some(&code_of(&secret, 30))).await;
    assert_eq!(both.problem(), (422, "login_wrong".to_owned()), "who guesses learns of no second factor");
    // The next code: a telephone's clock may be half a minute fast.
    let next = code_of(&secret, 30);
    let opened = login(PASSWORD, Some(&next)).await;
    assert_eq!(opened.status, 200, "{}", opened.text());
    assert_eq!(login(PASSWORD, Some(&next)).await.problem(), (422, "code_wrong".to_owned()), "once");
    let one = recovery[0].as_str().unwrap();
    assert_eq!(login(PASSWORD, Some(one)).await.status, 200);
    assert_eq!(login(PASSWORD, Some(one)).await.problem(), (422, "code_wrong".to_owned()), "once");
    let end = post("/api/v1/factor/end", json!({ "password": PASSWORD, "code": "000000" })).await;
    assert_eq!(end.problem(), (422, "code_wrong".to_owned()));
    let end = json!({ "password": PASSWORD, "code": recovery[1] });
    assert_eq!(post("/api/v1/factor/end", end).await.status, 204);
    assert_eq!(login(PASSWORD, None).await.status, 200);
    let seen: Vec<String> = log(&house, &anna).await.into_iter().map(|(_, what, _)| what).collect();
    for what in ["factor_added", "recovery_used", "factor_removed", "refused"] {
        assert!(seen.iter().any(|one| one == what), "{what}: {seen:?}");
    }
}

#[tokio::test]
async fn one_time_codes_cannot_be_tried_out() {
    let house = House::open();
    let anna = house.first().await;
    let proposed = house
        .ask_as(Some(&anna), Method::POST, "/api/v1/factor", Some(json!({ "password": PASSWORD })))
        .await;
    let code = json!({ "code": code_of(&proposed.string("secret"), 0) });
    let added = house.ask_as(Some(&anna), Method::POST, "/api/v1/factor/code", Some(code)).await;
    assert_eq!(added.status, 200);
    let mut tried = 0;
    let refused = loop {
        let body = json!({ "login": "anna", "password": PASSWORD, "code": format!("{tried:06}") });
        let answer = house.ask_as(None, Method::POST, "/api/v1/login", Some(body)).await;
        if answer.status == 429 {
            break answer;
        }
        tried += 1;
        assert!(tried < 20, "{}", answer.text());
    };
    assert!(tried <= 10 && !refused.header("retry-after").is_empty(), "{tried}");
}

#[tokio::test]
async fn who_lost_the_telephone_is_helped_by_those_who_could_have_invited_them() {
    let house = House::open();
    let anna = house.first().await;
    let place =
        house.ask_as(Some(&anna), Method::POST, "/api/v1/communities", Some(json!({ "name": "柳园" }))).await;
    let here = place.string("id");
    let mut cookies = Vec::new();
    for (login, role) in [("ben", "secretary"), ("carl", "caller")] {
        let invited = house.invited(&anna, json!([{ "role": role, "place": here }])).await;
        cookies.push(cookie(&house.welcome(&token(&invited), login).await));
    }
    for who in [&anna, &cookies[1]] {
        let proposed = house
            .ask_as(Some(who), Method::POST, "/api/v1/factor", Some(json!({ "password": PASSWORD })))
            .await;
        let code = json!({ "code": code_of(&proposed.string("secret"), 0) });
        let added = house.ask_as(Some(who), Method::POST, "/api/v1/factor/code", Some(code)).await;
        assert_eq!(added.status, 200);
    }
    let accounts = house.ask_as(Some(&anna), Method::GET, "/api/v1/accounts", None).await.json();
    let take = async |who: &str, login: &str| {
        let found = accounts.as_array().unwrap().iter().find(|one| one["login"] == login).unwrap();
        let path = format!("/api/v1/accounts/{}/factor", found["id"].as_str().unwrap());
        house.ask_as(Some(who), Method::DELETE, &path, None).await.status.as_u16()
    };
    assert_eq!(take(&cookies[0], "anna").await, 404, "nobody above oneself");
    assert_eq!(take(&anna, "anna").await, 409, "one's own is ended with a code");
    assert_eq!(house.login("carl", PASSWORD).await.problem().1, "code_needed");
    assert_eq!(take(&cookies[0], "carl").await, 204);
    assert_eq!(house.login("carl", PASSWORD).await.status, 200);
    assert_eq!(house.login("anna", PASSWORD).await.problem().1, "code_needed");
}
