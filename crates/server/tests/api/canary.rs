//! Names that were made to be found: whoever asks whatever they may, a name reaches those alone who need it, and nothing of another
//! community's reaches anybody. Looked for in every answer, and in every byte that lies on the disk.

use crate::{
    aside,
    rounds::{Site, account, check_in, done},
};
use axum::http::{Method, StatusCode};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use server::{
    access::{
        role::{Place, Role},
        table::RULES,
    },
    people::{id::CommunityId, names::Looks},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Cursor, Read},
    path::Path,
};
use zip::ZipArchive;

const ROLL: &str = "building,door,name,phone,mark\n1,101,金丝雀甲,13900001111,frail\n1,102,Canary Quill,13900002222,\n2,201,ЗяблікТрэці,,\n";
/// Parts of names and telephones, by which a masked name is found too.
const CANARIES: [&str; 5] = ["金丝雀甲", "Canary Quill", "ЗяблікТрэці", "13900001111", "13900002222"];
/// What sends for as long as somebody listens; what it sends is looked at in the tests of boards.
const STREAMS: [&str; 2] = ["/live", "/scenarios/{id}/events"];

/// Which answers hold a name, and for whom: all others are for nobody's eyes.
const SEEN: [(&str, &[Role]); 7] = [
    ("/api/v1/communities/{community}/names", &[Role::Secretary]),
    ("/api/v1/communities/{community}/names/{resident}/copy", &[Role::Secretary]),
    // A scenario's roll is for those who plan for its place.
    ("/api/v1/scenarios/{id}", &[Role::Secretary, Role::Committee, Role::Authority]),
    ("/api/v1/scenarios/{id}/folder.zip", &[Role::Secretary, Role::Committee, Role::Authority]),
    // Volunteers are the secretary's.
    ("/api/v1/communities/{community}/volunteers", &[Role::Secretary]),
    ("/api/v1/communities/{community}/rosters/{id}", &[Role::Secretary]),
    ("/api/v1/communities/{community}/neighbours", &[Role::Secretary]),
];
/// What somebody needs, in their own words: it is theirs, and the secretary's.
const NEED: &str = "金丝雀甲 needs insulin";

fn holds(text: &[u8]) -> bool {
    CANARIES.iter().any(|canary| text.windows(canary.len()).any(|part| part == canary.as_bytes()))
}

/// An answer as somebody reads it: files in it unpacked.
fn unpacked(body: &[u8]) -> Vec<u8> {
    let mut all = body.to_vec();
    let json: Value = serde_json::from_slice(body).unwrap_or_default();
    for file in json["files"].as_object().into_iter().flat_map(|files| files.values()) {
        all.extend(file.as_str().and_then(|text| BASE64_STANDARD.decode(text).ok()).unwrap_or_default());
    }
    if let Ok(mut zip) = ZipArchive::new(Cursor::new(body)) {
        for at in 0..zip.len() {
            zip.by_index(at).unwrap().read_to_end(&mut all).unwrap();
        }
    }
    all
}

/// The files below a folder that hold a canary.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if holds(&fs::read(&path).unwrap_or_default()) {
                found.insert(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found
}

#[tokio::test]
async fn a_name_reaches_those_who_need_it_and_nobody_elsewhere() {
    let site = Site::of(ROLL).await;
    let community = site.rounds.split('/').nth(4).unwrap().to_owned();
    let round = site.round.rsplit('/').next().unwrap().to_owned();
    let (mut registrar, phone) = site.phone("registrar", Some("registration"), 1).await;
    let open = json!({ "commands": [{ "type": "OpenRound" }] });
    site.ask(Method::POST, &format!("{}/commands", site.round), Some(open)).await;
    for door in 0..3 {
        let commands = check_in(&registrar, door);
        done(&mut registrar, &commands);
    }
    site.sync(&mut registrar).await;
    let names = site.ask(Method::GET, &format!("/api/v1/communities/{community}/names?why=copy"), None).await;
    assert_eq!(names.status, StatusCode::OK);
    let resident = names.json().to_string();
    let resident = resident.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let scenario =
        site.ask(Method::GET, "/api/v1/scenarios", None).await.json()[0]["id"].as_str().unwrap().to_owned();

    let own = [("name", CANARIES[0]), ("phone", CANARIES[3]), ("skills", "registration")];
    let own = [own.map(|(column, text)| (column.to_owned(), text.to_owned())).into()];
    let looks = Looks { who: "owner", why: "a test", now: server::people::now() };
    let id = CommunityId::parse(&community).unwrap();
    aside(|| site.house.people.take_volunteers(id, &own, looks.now + 86_400, looks)).unwrap();
    let path = format!("/api/v1/communities/{community}/rosters/{scenario}");
    let roster = site.ask(Method::POST, &path, Some(json!({ "seconds": 1.0 }))).await;
    assert!(roster.status == StatusCode::OK && holds(&roster.body), "{}", roster.text());
    let path = format!("/api/v1/communities/{community}/names/{resident}/copy?why=copy");
    let copy = site.ask(Method::GET, &path, None).await.json();
    let token = copy["stays"][0]["own"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let act = json!({ "do": "post", "side": "need", "kind": "medicine", "urgency": "urgent", "hours": 3, "words": NEED });
    let mine = format!("{}/mine/neighbours", site.round);
    let posted = site.house.post(&mine, json!({ "token": token, "act": act })).await;
    assert!(posted.status == StatusCode::OK && holds(&posted.body), "{}", posted.text());

    let here = Place::parse(&community).unwrap();
    let there = Place::Community(
        aside(|| site.house.people.make_community("Plum Court", server::people::now())).unwrap().id,
    );
    let mut seen: BTreeMap<String, BTreeSet<Role>> = BTreeMap::new();
    let mut asked = 0;
    for role in Role::ALL {
        for place in [here, there] {
            let cookie = account(&site.house, role, place);
            for rule in RULES {
                let stream = STREAMS.iter().any(|end| rule.path.ends_with(end));
                if stream {
                    continue;
                }
                let path = rule
                    .path
                    .replace("{community}", &community)
                    .replace("{round}", &round)
                    .replace("{resident}", &resident)
                    .replace("{id}", &scenario)
                    .replace("{place}", &community);
                let path = if path.contains("/names") { format!("{path}?why=copy") } else { path };
                let method: Method = rule.method.parse().unwrap();
                // What changes something is asked with a body that nothing takes: its errors quote nothing.
                let body = (method != Method::GET && method != Method::DELETE)
                    .then(|| json!({ "name": "nobody", "why": "nothing" }));
                if method == Method::DELETE || path.ends_with("/logout") {
                    continue;
                }
                let answer = site.house.ask_as(Some(&cookie), method.clone(), &path, body).await;
                asked += 1;
                if holds(&unpacked(&answer.body)) || holds(format!("{:?}", answer.headers).as_bytes()) {
                    assert_eq!(place, here, "{role:?} of another community sees a name: {method} {path}");
                    seen.entry(rule.path.to_owned()).or_default().insert(role);
                }
            }
        }
    }
    assert!(asked > 1_000, "{asked}");
    let may: BTreeMap<String, BTreeSet<Role>> =
        SEEN.iter().map(|(path, roles)| ((*path).to_owned(), roles.iter().copied().collect())).collect();
    for (path, roles) in &seen {
        let allowed = may.get(path).cloned().unwrap_or_default();
        assert!(roles.is_subset(&allowed), "{path} shows names to {roles:?}");
    }
    // The search finds what is there: who leads the round reads names, and a phone that registers has its roll.
    assert!([0, 2, 3, 4, 5, 6].iter().all(|at| seen.contains_key(SEEN[*at].0)), "{seen:?}");
    assert!(holds(serde_json::to_string(registrar.bundle()).unwrap().as_bytes()));
    let told = site.told(&phone, 0).await;
    assert!(told.status == StatusCode::OK && !holds(&told.body), "events carry no names");
    let errors: Value =
        json!({ "why": "copy", "name": CANARIES[0], "phone": "x".repeat(5000), "document": "" });
    let path = format!("/api/v1/communities/{community}/names/{resident}");
    let refused = site.ask(Method::PUT, &path, Some(errors)).await;
    assert!(
        refused.status.is_client_error() && !holds(&refused.body),
        "an error quotes a name: {}",
        refused.text()
    );

    // On the disk a name stands in the roll of its scenario, and nowhere else.
    assert_eq!(files(site.house.data.path()), BTreeSet::from(["roll.csv".to_owned()]));
}
