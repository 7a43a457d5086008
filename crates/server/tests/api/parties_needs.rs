//! What a round needs of its community's stock: held against what there is, and what it uses goes from it by itself.

use crate::{
    Answer, aside,
    evening::{NAMES, ROLL, lived},
    rounds::{Site, done, serve},
};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::people::id::CommunityId;
use uuid::Uuid;

const SUPPLIES: &str = "good,unit,per,rate,station,box\nswabs,piece,person,1,sampling,5\nforms,sheet,person,1,registration,100\n\
                        tubes,piece,tube,1,sampling,10\n";

const ALL: [(&str, &str); 3] = [("swabs", "piece"), ("forms", "sheet"), ("tubes", "piece")];

struct Court {
    site: Site,
}

impl Court {
    async fn of(supplies: &str) -> Court {
        Court { site: Site::using(supplies, ROLL).await }
    }

    fn path(&self) -> String {
        format!("/api/v1/parties/{}/supplies", self.site.rounds.split('/').nth(4).unwrap())
    }

    fn own(&self) -> Uuid {
        CommunityId::parse(self.site.rounds.split('/').nth(4).unwrap()).unwrap().0
    }

    fn provide(&self, goods: &[(&str, &str)]) -> Value {
        let goods: Vec<Value> =
            goods.iter().map(|(good, unit)| json!({ "good": good, "unit": unit })).collect();
        json!({ "kind": "provide", "round": self.site.round.rsplit('/').next().unwrap(), "goods": goods })
    }

    async fn acts(&self, act: Value) -> Answer {
        self.site.ask(Method::POST, &self.path(), Some(act)).await
    }

    async fn moves(&self, act: Value) -> Value {
        let done = self.acts(act).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        done.json()
    }

    /// The page, after what rounds have used was noted.
    async fn noted(&self) -> Value {
        aside(|| self.site.house.app.note_used()).unwrap();
        self.site.ask(Method::GET, &self.path(), None).await.json()
    }

    /// What its book has written so far.
    fn journal(&self) -> Vec<String> {
        let (runs, own) = (self.site.house.runs.clone(), self.own());
        let entries = aside(move || runs.journal.read(*own.as_bytes(), *own.as_bytes(), 0, 10_000).unwrap());
        entries.iter().map(|entry| String::from_utf8_lossy(&entry.frame.body).into_owned()).collect()
    }
}

fn need(page: &Value, good: &str) -> [i64; 4] {
    let all = page["needs"].as_array().unwrap();
    let of = all.iter().find(|of| of["good"] == good).unwrap();
    assert_eq!(of["slots"].as_array().unwrap().len(), 1);
    ["needs", "used", "there", "lacks"].map(|key| of["slots"][0][key].as_i64().unwrap())
}

fn provided(page: &Value) -> Vec<String> {
    let goods = page["rounds"][0]["goods"].as_array().unwrap().iter();
    goods.filter(|of| of["provided"] == true).map(|of| of["good"].as_str().unwrap().to_owned()).collect()
}

fn stock(page: &Value, good: &str) -> i64 {
    let all = page["stock"].as_array().unwrap();
    all.iter().find(|of| of["good"] == good).map_or(0, |of| of["count"].as_i64().unwrap())
}

fn why(page: &Value) -> Vec<(String, String)> {
    let text = |of: &Value| of.as_str().unwrap().to_owned();
    page["near"].as_array().unwrap().iter().map(|of| (text(&of["why"]), text(&of["what"]))).collect()
}

#[tokio::test]
async fn what_a_round_needs_is_held_against_the_stock_and_what_it_uses_goes_from_it() {
    let court = Court::of(SUPPLIES).await;
    let swabs = json!([{ "good": "swabs", "unit": "piece", "count": 6 }]);
    let page = court.moves(json!({ "kind": "enter", "how": "bought", "lines": swabs })).await;
    let round = &page["rounds"][0];
    assert_eq!((round["name"].as_str(), provided(&page)), (Some("Willow Court"), vec![]));
    let takes = |good: &str| {
        let goods = round["goods"].as_array().unwrap();
        goods.iter().find(|of| of["good"] == good).unwrap()["count"].as_i64().unwrap()
    };
    // Ten people, of whom not all come on each day; with a tube for each of the two servers, at most one more each.
    let all = takes("swabs");
    assert!((8..=10).contains(&all), "{all}");
    assert!((3..=5).contains(&takes("tubes")), "{}", takes("tubes"));
    assert_eq!((page["needs"].as_array().unwrap().len(), why(&page)), (0, vec![]));

    let page = court.moves(court.provide(&ALL)).await;
    assert_eq!(provided(&page), ["forms", "swabs", "tubes"]);
    assert_eq!(need(&page, "swabs"), [all, 0, 6, all - 6]);
    let lacking = format!("{} piece swabs", all - 6);
    assert!(why(&page).iter().any(|(_, what)| *what == lacking), "{:?}", why(&page));
    let brought = |page: &Value, good: &str| {
        let all = page["bring"].as_array().unwrap();
        all.iter().find(|of| of["good"] == good).map(|of| [of["boxes"].clone(), of["count"].clone()])
    };
    assert_eq!(brought(&page, "swabs"), Some([json!(1), json!(5)]));
    assert_eq!(brought(&page, "forms"), Some([json!(1), json!(100)]));
    // Said again, it is written once.
    let before = court.journal().len();
    court.moves(court.provide(&ALL)).await;
    assert_eq!(court.journal().len(), before);

    // Four are served, three of the roll and a guest, of two tubes; what lacks stays the same, for what they used is needed no more.
    let mut sampler = lived(&court.site).await;
    let page = court.noted().await;
    assert_eq!(need(&page, "swabs"), [all, 4, 2, all - 6]);
    assert_eq!((stock(&page, "swabs"), need(&page, "tubes")[1]), (2, 2));
    let before = court.journal().len();
    court.noted().await;
    assert_eq!(court.journal().len(), before, "nothing was used since");

    // Somebody counts; what a phone tells afterwards goes from what was counted.
    let swabs = json!([{ "good": "swabs", "unit": "piece", "count": 9 }]);
    court.moves(json!({ "kind": "count", "lines": swabs })).await;
    let door = sampler.bundle().doors.iter().find(|door| door.label() == "10-101").unwrap();
    let command = serve(&sampler, door.people[1].visit, 2);
    done(&mut sampler, &[command]);
    court.site.sync(&mut sampler).await;
    let page = court.noted().await;
    assert_eq!((stock(&page, "swabs"), need(&page, "swabs")[1], need(&page, "swabs")[3]), (8, 5, 0));
    assert!(brought(&page, "swabs").is_none());

    // Forms and tubes come from elsewhere: nobody has counted any here.
    assert_eq!(why(&page).len(), 4, "{:?}", why(&page));
    let none = json!([{ "good": "forms", "unit": "sheet", "count": 0 }, { "good": "tubes", "unit": "piece", "count": 0 }]);
    court.moves(json!({ "kind": "count", "lines": none })).await;
    let page = court.moves(court.provide(&ALL[..1])).await;
    assert_eq!((provided(&page), need(&page, "swabs")[1], why(&page)), (vec!["swabs".to_owned()], 5, vec![]));

    // Another stock provides for it from now on: what was used stays used.
    let page = court.moves(court.provide(&[])).await;
    assert_eq!((provided(&page), stock(&page, "swabs")), (vec![], 8));
    assert_eq!((page["needs"].clone(), page["bring"].clone(), why(&page)), (json!([]), json!([]), vec![]));
    let before = court.journal().len();
    court.noted().await;
    assert_eq!(court.journal().len(), before);
    let journal = court.journal().concat();
    assert!(NAMES.iter().all(|name| !journal.contains(name)));
}

#[tokio::test]
async fn a_round_that_takes_nothing_is_not_provided_for() {
    let court = Court { site: Site::new().await };
    let page = court.site.ask(Method::GET, &court.path(), None).await.json();
    assert_eq!((&page["rounds"], &page["needs"], &page["bring"]), (&json!([]), &json!([]), &json!([])));
    let refused = court.acts(court.provide(&ALL)).await;
    assert_eq!(
        (refused.status, refused.string("code")),
        (StatusCode::CONFLICT, "supplies_round_takes_nothing".into())
    );
    let unknown = court.acts(json!({ "kind": "provide", "round": Uuid::nil(), "goods": [] })).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{}", unknown.text());
}
