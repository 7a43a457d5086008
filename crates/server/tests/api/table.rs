//! Who may do and see what: every operation of the schema, every role, at the own place and at a foreign one.

use crate::House;
use axum::http::Method;
use serde_json::{Value, from_str, json};
use server::{
    access::{
        role::{Grant, Place, Role},
        table::{Allowed, RULES, Rule, Within},
    },
    people::{
        id::{CommunityId, DeviceId, RoundId},
        sessions::Device,
    },
};
use std::collections::BTreeSet;

/// What a test asks as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum As {
    Nobody,
    Account(Role, Where),
    Device(Role, Where),
}

/// Where somebody has a role, seen from the community that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    Here,
    Elsewhere,
    Everywhere,
}

/// What the table says, read again and apart from the server's own reading of it.
fn may(rule: &Rule, one: As) -> bool {
    let here = |place| rule.within == Within::Anywhere || place != Where::Elsewhere;
    match (rule.who, one) {
        (Allowed::Public, _) => true,
        (Allowed::Owner, _) | (_, As::Nobody) => false,
        (Allowed::Roles { accounts, .. }, As::Account(role, place)) => {
            accounts.contains(&role) && here(place)
        }
        (Allowed::Roles { devices, .. }, As::Device(role, place)) => devices.contains(&role) && here(place),
    }
}

fn operations() -> BTreeSet<(String, String)> {
    let schema: Value = from_str(&server::openapi()).unwrap();
    let mut all = BTreeSet::new();
    for (path, item) in schema["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            all.insert((method.to_uppercase(), path.clone()));
        }
    }
    all
}

#[test]
fn the_table_names_each_operation_once_and_no_other() {
    let named: Vec<(String, String)> =
        RULES.iter().map(|rule| (rule.method.to_owned(), rule.path.to_owned())).collect();
    let once: BTreeSet<_> = named.iter().cloned().collect();
    assert_eq!(once.len(), named.len(), "an operation has two lines");
    let known = operations();
    let missing: Vec<_> = known.difference(&once).collect();
    let unknown: Vec<_> = once.difference(&known).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "without a line: {missing:?}; of nothing: {unknown:?}");
}

#[test]
fn what_is_about_one_community_is_held_against_it() {
    for rule in RULES {
        let named = rule.path.contains("{community}");
        assert_eq!(rule.within == Within::Community, named, "{} {}", rule.method, rule.path);
    }
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let house = House::open();
    let (here, elsewhere) = (house.community("Willow Court"), house.community("Plum Court"));
    let mut everybody = vec![As::Nobody];
    for role in Role::ALL {
        for place in [Where::Here, Where::Elsewhere, Where::Everywhere] {
            everybody.push(As::Account(role, place));
        }
        everybody.push(As::Device(role, Where::Here));
        everybody.push(As::Device(role, Where::Elsewhere));
    }
    let (mut allowed, mut refused) = (0, 0);
    for one in everybody {
        for rule in RULES {
            let cookie = match one {
                As::Nobody => None,
                As::Account(role, place) => {
                    let place = match place {
                        Where::Here => Place::Community(here),
                        Where::Elsewhere => Place::Community(elsewhere),
                        Where::Everywhere => Place::All,
                    };
                    Some(house.account(&[Grant { role, place }]))
                }
                As::Device(role, place) => {
                    let community = if place == Where::Here { here } else { elsewhere };
                    Some(house.device(role, community))
                }
            };
            let path = rule
                .path
                .replace("{community}", &here.to_string())
                .replace("{id}", "nothing")
                .replace("{session}", "nothing")
                .replace("{account}", "nothing");
            let method: Method = rule.method.parse().unwrap();
            // A body that no operation takes: what comes after the gate is not asked here.
            let body = [Method::POST, Method::PUT].contains(&method).then(|| json!({ "nothing": 1 }));
            let answer = house.ask_as(cookie.as_deref(), method, &path, body).await;
            let status = answer.status.as_u16();
            if may(rule, one) {
                allowed += 1;
                assert!(![401, 403, 405].contains(&status) && status < 500, "{one:?} {rule:?}: {status}");
            } else {
                refused += 1;
                let expected = if one == As::Nobody { (401, "sign_in_first") } else { (403, "forbidden") };
                assert_eq!(answer.problem(), (expected.0, expected.1.to_owned()), "{one:?} {rule:?}");
            }
        }
    }
    assert!(allowed > 300 && refused > 300, "{allowed} {refused}");
}

#[tokio::test]
async fn the_owner_of_the_machine_may_do_everything() {
    let house = House::new();
    for rule in RULES {
        let path = rule
            .path
            .replace("{community}", &CommunityId::draw().to_string())
            .replace("{id}", "nothing")
            .replace("{session}", "nothing")
            .replace("{account}", "nothing");
        let method: Method = rule.method.parse().unwrap();
        let body = [Method::POST, Method::PUT].contains(&method).then(|| json!({ "nothing": 1 }));
        let status = house.ask(method, &path, &[], body).await.status.as_u16();
        assert!(![401, 403, 405].contains(&status) && status < 500, "{rule:?}: {status}");
    }
}

#[tokio::test]
async fn a_cookie_that_ended_is_nobodys() {
    let house = House::open();
    let here = house.community("Willow Court");
    let cookie = house.account(&[Grant { role: Role::Secretary, place: Place::Community(here) }]);
    let me = house.ask_as(Some(&cookie), Method::GET, "/api/v1/me", None).await;
    assert_eq!(me.json()["grants"], json!([{ "role": "secretary", "place": here.to_string() }]));
    house.ask_as(Some(&cookie), Method::POST, "/api/v1/logout", Some(json!({}))).await;
    let answer = house.ask_as(Some(&cookie), Method::GET, "/api/v1/scenarios", None).await;
    assert_eq!(answer.problem(), (401, "sign_in_first".to_owned()));
}

impl House {
    fn account(&self, grants: &[Grant]) -> String {
        let link = self.people.invite(None, grants, now()).unwrap().hash();
        let login = format!("account-{}", DeviceId::draw());
        let id = self.people.accept(&link, &login, "no password", now()).unwrap();
        self.people.sign_in(id, now()).unwrap().text()
    }

    fn device(&self, role: Role, community: CommunityId) -> String {
        let device = Device { community, round: RoundId::draw(), device: DeviceId::draw(), role };
        self.people.join(device, now(), now() + 3600).unwrap().text()
    }

    fn community(&self, name: &str) -> CommunityId {
        self.people.make_community(name, now()).unwrap().id
    }
}

fn now() -> i64 {
    server::people::now()
}
