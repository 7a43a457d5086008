//! Names over HTTP: seen by the secretary alone, with a reason that is written down, and as they were typed.

use crate::House;
use crate::aside;
use axum::http::Method;
use serde_json::{Value, json};
use server::{
    access::role::{Grant, Place, Role},
    people::{
        id::{CommunityId, ResidentId, RoundId},
        names::{Import, Looks},
        now,
    },
};

/// Markup, a formula, and marks that turn the reading round.
const ODD: [&str; 3] =
    ["<b onclick=\"x()\">Ann</b>", "=HYPERLINK(\"http://evil.example\")", "\u{202e}nnA\u{202c}"];

struct Garden {
    house: House,
    community: CommunityId,
    residents: Vec<ResidentId>,
    secretary: String,
}

impl Garden {
    fn new() -> Garden {
        let house = House::open();
        let community = aside(|| house.people.make_community("Willow Court", now())).unwrap().id;
        let residents = import(&house, community);
        let grant = Grant { role: Role::Secretary, place: Place::Community(community) };
        let link = aside(|| house.people.invite(None, &[grant], now())).unwrap().hash();
        let id = aside(|| house.people.accept(&link, "anna", "no password", now())).unwrap();
        let secretary = aside(|| house.people.sign_in(id, now())).unwrap().text();
        Garden { house, community, residents, secretary }
    }

    async fn ask(&self, method: Method, rest: &str, body: Option<Value>) -> crate::Answer {
        let path = format!("/api/v1/communities/{}/{rest}", self.community);
        self.house.ask_as(Some(&self.secretary), method, &path, body).await
    }
}

fn import(house: &House, community: CommunityId) -> Vec<ResidentId> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let rows = ODD.iter().zip(1..).map(|(name, n)| format!("12,2,30{n},{},1380000000{n}\n", quoted(name)));
    let csv = format!("building,entrance,door,name,phone\n{}", rows.collect::<String>());
    let (roll, cells, notes) =
        scenario::roll::read_roll_with_cells("roll.csv", csv.as_bytes(), &mut |_, _| {});
    assert!(!notes.refuses(), "{notes:?}");
    let round = RoundId::draw();
    let import = Import { community, round, retain_until: now() + 86_400, roll: &roll, cells: &cells };
    aside(|| house.people.import(&import, Looks { who: "owner", why: "a test", now: now() }))
        .unwrap()
        .residents
}

#[tokio::test]
async fn names_come_back_as_they_were_typed_are_kept_nowhere_and_each_look_is_written_down() {
    let garden = Garden::new();
    let answer = garden.ask(Method::GET, "names?why=correction", None).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    assert!(answer.header("content-type").starts_with("application/json"));
    let all = answer.json();
    let mut names: Vec<&str> =
        all.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    let mut typed = ODD;
    typed.sort_unstable();
    assert_eq!(names, typed);
    let log = garden.ask(Method::GET, "accesses", None).await;
    let last = log.json().as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["what"], &last["why"]), (&json!("read"), &json!("correction")));
    assert!(ODD.iter().all(|name| !log.text().contains(name)), "{}", log.text());
}

#[tokio::test]
async fn without_one_of_the_reasons_nobody_looks() {
    let garden = Garden::new();
    let before = garden.ask(Method::GET, "accesses", None).await.text();
    // No words of one's own: they stand in the address, and could name somebody.
    for why in ["", "%20%20", "Copy", "called%20Ann"] {
        let answer = garden.ask(Method::GET, &format!("names?why={why}"), None).await;
        assert_eq!(answer.problem(), (400, "query".to_owned()), "{why}");
    }
    assert_eq!(garden.ask(Method::GET, "names", None).await.problem(), (400, "query".to_owned()));
    assert_eq!(garden.ask(Method::GET, "accesses", None).await.text(), before);
}

#[tokio::test]
async fn a_resident_is_corrected_copied_and_erased() {
    let began = now();
    let garden = Garden::new();
    let one = garden.residents[0];
    let correction =
        json!({ "why": "correction", "name": "<i>示例</i>", "phone": "1", "document": "\u{202e}2" });
    let put = garden.ask(Method::PUT, &format!("names/{one}"), Some(correction.clone())).await;
    assert_eq!(put.status, 204, "{}", put.text());
    let copy = garden.ask(Method::GET, &format!("names/{one}/copy?why=copy"), None).await;
    assert_eq!((copy.status.as_u16(), copy.header("cache-control")), (200, "no-store"));
    let copy = copy.json();
    for cell in ["name", "phone", "document"] {
        assert_eq!(copy["resident"][cell], correction[cell]);
    }
    assert_eq!(copy["resident"]["door"], "301");
    // A round of which the book knows nothing is one in UTC.
    let day = |at: i64| json!(jiff::Timestamp::from_second(at + 86_399).unwrap().to_string()[..10]);
    assert!([day(began), day(now())].contains(&copy["kept_until"]), "{}", copy["kept_until"]);
    let what: Vec<&Value> = copy["accesses"].as_array().unwrap().iter().map(|line| &line["what"]).collect();
    assert_eq!(what, ["import", "correct", "copy"]);
    // Of a look at everybody: what and when. Its reason may be somebody else's.
    let why: Vec<&Value> = copy["accesses"].as_array().unwrap().iter().map(|line| &line["why"]).collect();
    assert_eq!(why, ["", "correction", "copy"]);
    assert_eq!((&copy["accesses"][0]["who"], copy["accesses"][1]["who"] == ""), (&json!(""), false));
    // Looks at others are not theirs to see.
    garden.ask(Method::GET, &format!("names/{}/copy?why=other", garden.residents[1]), None).await;
    let again = garden.ask(Method::GET, &format!("names/{one}/copy?why=other"), None).await;
    assert_eq!(again.json()["accesses"].as_array().unwrap().len(), 4);

    let mut long = correction;
    long["name"] = json!("x".repeat(201));
    let refused = garden.ask(Method::PUT, &format!("names/{one}"), Some(long)).await;
    assert_eq!(refused.problem(), (422, "cell_long".to_owned()));
    let erased = garden.ask(Method::DELETE, &format!("names/{one}?why=erasure"), None).await;
    assert_eq!((erased.json()["rows"].clone(), erased.json()["found"].clone()), (json!(1), json!(0)));
    let gone = garden.ask(Method::GET, &format!("names/{one}/copy?why=other"), None).await;
    assert_eq!(gone.problem(), (404, "unknown_here".to_owned()));
}

/// Whoever tries ids learns nothing: one of another community answers as one that nobody has.
#[tokio::test]
async fn an_id_of_elsewhere_is_as_unknown_as_one_of_nobody() {
    let garden = Garden::new();
    let other = aside(|| garden.house.people.make_community("Plum Court", now())).unwrap().id;
    let foreign = import(&garden.house, other)[0];
    let correction = json!({ "why": "other", "name": "y", "phone": "", "document": "" });
    let mut answers = Vec::new();
    for id in [foreign.to_string(), ResidentId::draw().to_string(), "nothing".to_owned()] {
        let put = garden.ask(Method::PUT, &format!("names/{id}"), Some(correction.clone())).await;
        let copy = garden.ask(Method::GET, &format!("names/{id}/copy?why=other"), None).await;
        let erase = garden.ask(Method::DELETE, &format!("names/{id}?why=other"), None).await;
        answers.push([put, copy, erase].map(|answer| (answer.problem(), answer.text())));
    }
    assert_eq!(answers[0][0].0, (404, "unknown_here".to_owned()));
    assert!(answers.iter().flatten().all(|answer| *answer == answers[0][0]), "{answers:?}");
    assert_eq!(
        aside(|| garden.house.people.read_all(other, Looks { who: "owner", why: "a test", now: 0 }))
            .unwrap()
            .len(),
        3
    );
    // The same of whole communities.
    let at = |id: &str| format!("/api/v1/communities/{id}/names?why=other");
    for id in [other.to_string(), CommunityId::draw().to_string()] {
        let answer = garden.house.ask_as(Some(&garden.secretary), Method::GET, &at(&id), None).await;
        assert_eq!(answer.problem(), (403, "forbidden".to_owned()));
    }
}

#[tokio::test]
async fn all_names_of_a_community_are_destroyed_when_its_name_is_typed() {
    let garden = Garden::new();
    let wrong = json!({ "why": "the round is over", "community": "Plum Court" });
    let answer = garden.ask(Method::POST, "purge", Some(wrong)).await;
    assert_eq!(answer.problem(), (409, "purge_name".to_owned()));
    let purge = json!({ "why": "the round is over", "community": "Willow Court" });
    let purged = garden.ask(Method::POST, "purge", Some(purge.clone())).await.json();
    assert_eq!((&purged["rows"], &purged["found"]), (&json!(6), &json!(0)));
    assert_eq!(garden.ask(Method::GET, "names?why=other", None).await.json(), json!([]));
    let log = garden.ask(Method::GET, "accesses", None).await.json();
    let last = log.as_array().unwrap().last().unwrap();
    let why = last["why"].as_str().unwrap();
    assert!(why.starts_with("rows 6, ") && why.ends_with("found 0: the round is over"), "{why}");
    assert_ne!(last["who"], "clock");
    assert_eq!(garden.ask(Method::POST, "purge", Some(purge)).await.json()["rows"], 0);
}
