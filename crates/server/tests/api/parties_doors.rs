//! Goods to the households of a community: promised to all doors of a round, given, confirmed by each by its own link, and what nobody has confirmed by
//! its door.

use crate::{
    Answer, House, aside, packed,
    parties::{Desk, until},
    rounds::{Site, account, in_a_month},
};
use axum::http::{Method, StatusCode};
use journal::{Frame, Head, SecretKey, Slice};
use parties::{Act, Written};
use serde_json::{Value, json};
use server::{
    access::role::{Place, Role},
    people::id::CommunityId,
};
use std::{
    io::Cursor,
    time::{SystemTime, UNIX_EPOCH},
};
use supplies::Event;
use uuid::Uuid;

const ROLL: &str = "building,entrance,door,name,phone\n12,2,301,Ann,13900001111\n12,2,301,Abe,\n12,2,302,Ben,13900002222\n13,1,101,Cleo,\n";
const PEOPLE: [&str; 4] = ["Ann", "Abe", "Ben", "Cleo"];
const ONCE: &str = "7d1f2b3c-0000-4000-8000-00000000d001";

/// A community with a round: its desk, and each person's link.
struct Court {
    site: Site,
    links: Vec<String>,
}

impl Court {
    async fn of(roll: &str, people: &[&str]) -> Court {
        let site = Site::of(roll).await;
        let mut links = Vec::new();
        let path = site.rounds.replace("/rounds", "/names");
        let names = site.ask(Method::GET, &format!("{path}?why=copy"), None).await.json();
        for name in people {
            let id = names.as_array().unwrap().iter().find(|one| one["name"] == *name).unwrap()["id"].clone();
            let copy = format!("{path}/{}/copy?why=copy", id.as_str().unwrap());
            let own = site.ask(Method::GET, &copy, None).await.json()["stays"][0]["own"].clone();
            links.push(own.as_str().unwrap().rsplit('/').next().unwrap().to_owned());
        }
        Court { site, links }
    }

    fn community(&self) -> &str {
        self.site.rounds.split('/').nth(4).unwrap()
    }

    fn path(&self) -> String {
        format!("/api/v1/parties/{}/supplies", self.community())
    }

    async fn look(&self, path: &str) -> Value {
        let seen = self.site.ask(Method::GET, &format!("{}{path}", self.path()), None).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
        seen.json()
    }

    async fn moves(&self, act: Value) -> Value {
        let done = self.site.ask(Method::POST, &self.path(), Some(act)).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        done.json()
    }

    async fn may_not(&self, act: Value) -> String {
        let refused = self.site.ask(Method::POST, &self.path(), Some(act)).await;
        assert!(refused.status.is_client_error(), "{}", refused.text());
        refused.string("code")
    }

    async fn stocked() -> Court {
        let court = Court::of(ROLL, &PEOPLE).await;
        let lines = json!([line("water", "bottle", 100), line("rice", "bag", 50)]);
        court.moves(json!({ "kind": "enter", "how": "donated", "lines": lines })).await;
        court
    }

    /// Two bottles for each person and a bag for each household, at all doors or some.
    fn promise(&self, buildings: &[&str]) -> Value {
        json!({
            "kind": "doors", "do": "promise", "round": self.round(), "buildings": buildings, "due": soon(),
            "each": [
                { "good": "water", "unit": "bottle", "count": 2, "per_person": true },
                { "good": "rice", "unit": "bag", "count": 1 }
            ]
        })
    }

    fn round(&self) -> &str {
        self.site.round.rsplit('/').next().unwrap()
    }

    /// The doors of a shipment, each by what it is called.
    async fn doors(&self, shipment: &Value) -> Vec<Value> {
        let path = format!("/{}/doors", shipment.as_str().unwrap());
        self.look(&path).await["doors"].as_array().unwrap().clone()
    }

    /// The list for its cart, as it is written.
    async fn cart(&self, shipment: &Value) -> String {
        let path = format!("{}/{}/cart.docx?lang=en", self.path(), shipment.as_str().unwrap());
        written(self.site.ask(Method::GET, &path, None).await)
    }

    /// What a household sees on its own page, after what it says.
    async fn own(&self, who: usize, act: Option<Value>) -> Answer {
        let path = format!("{}/mine/goods?lang=en", self.site.round);
        self.site.house.post(&path, json!({ "token": self.links[who], "act": act })).await
    }

    async fn says(&self, who: usize, act: Value) -> Value {
        let said = self.own(who, Some(act)).await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.text());
        said.json()["deliveries"][0].clone()
    }

    /// Writes behind what its desk wrote: the last promise once more, due an hour ago.
    async fn is_late(&self) {
        let (runs, own) = (self.site.house.runs.clone(), self.community().parse::<Uuid>().unwrap());
        aside(move || {
            let party = runs.book.party(own).unwrap().unwrap();
            let log = party.desk_log();
            let (mut head, mut last) = (Head::of_nothing(log.name), None);
            for entry in runs.journal.read(*own.as_bytes(), *own.as_bytes(), 0, 10_000).unwrap() {
                head = head.with(&entry.frame);
                let written = Written::read(&entry.frame.body).unwrap();
                last = Some(written).filter(is_promise).or(last);
            }
            let mut late = last.unwrap();
            late.at = late.at + 1;
            if let Act::Supplies(of) = &mut late.act
                && let Event::Promised { promise } = &mut of.event
            {
                promise.due = late.at + -3600 * 10_000;
            }
            let frame = Frame { id: *Uuid::new_v4().as_bytes(), body: late.body() };
            let slice = Slice::sign(log.name, &head, vec![frame], &SecretKey::from_random(party.key));
            let answer = server::run::desk_log::append(&runs.journal, slice, late.at);
            assert!(matches!(answer, journal::Answer::Stored { .. }), "{answer:?}");
        });
    }
}

fn written(docx: Answer) -> String {
    assert_eq!(docx.status, StatusCode::OK, "{}", docx.text());
    let mut archive = zip::ZipArchive::new(Cursor::new(docx.body.to_vec())).unwrap();
    std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap()
}

fn is_promise(written: &Written) -> bool {
    matches!(&written.act, Act::Supplies(of) if matches!(of.event, Event::Promised { .. }))
}

fn line(good: &str, unit: &str, count: i64) -> Value {
    json!({ "good": good, "unit": unit, "count": count })
}

fn soon() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 7200
}

fn stock(page: &Value, good: &str) -> i64 {
    let all = page["stock"].as_array().unwrap();
    all.iter().find(|of| of["good"] == good).map_or(0, |of| of["count"].as_i64().unwrap())
}

fn of<'a>(doors: &'a [Value], door: &str) -> &'a Value {
    doors.iter().find(|of| of["door"] == door).unwrap()
}

#[tokio::test]
async fn each_household_says_by_its_own_link_that_it_came_and_the_desk_sees_what_is_missing() {
    let court = Court::stocked().await;
    let choice = court.look("/doors").await;
    assert_eq!((&choice["round"], choice["rounds"].as_array().unwrap().len()), (&json!(court.round()), 1));
    assert_eq!(choice["buildings"][0], json!({ "building": "12", "doors": 2, "people": 3 }));

    let page = court.moves(court.promise(&[])).await;
    let shipments = page["shipments"].as_array().unwrap();
    let (shipment, id) = (&shipments[0], &shipments[0]["id"]);
    assert_eq!(
        (shipments.len(), &shipment["doors"]["all"], &shipment["incoming"]),
        (1, &json!(3), &json!(false))
    );
    let promised = |good: usize| &shipment["lines"][good]["promised"];
    assert_eq!((promised(0), promised(1)), (&json!(3), &json!(8)));
    assert_eq!(shipment["can"], json!(["send", "call_off"]));
    let doors = court.doors(id).await;
    let names: Vec<&str> = doors.iter().map(|of| of["door"].as_str().unwrap()).collect();
    assert_eq!(names, ["12-2-301", "12-2-302", "13-1-101"]);
    assert_eq!(of(&doors, "12-2-301")["lines"][1]["count"], 4, "two for each of two");
    let text = doors.iter().map(Value::to_string).collect::<String>();
    assert!(PEOPLE.iter().chain(&["13900"]).all(|secret| !text.contains(secret)), "{text}");

    // Under way, it is out of the stock.
    let page = court.moves(json!({ "kind": "doors", "do": "send", "shipments": [id] })).await;
    assert_eq!((stock(&page, "water"), stock(&page, "rice")), (92, 47));
    // It comes to doors, and to no stock.
    let receive = json!({ "kind": "receive", "shipment": id, "lines": [line("water", "bottle", 8)] });
    assert_eq!(court.may_not(receive).await, "supplies_not_theirs");

    let give = |doors: &[&Value]| {
        let households: Vec<&Value> = doors.iter().map(|of| &of["household"]).collect();
        json!({ "kind": "doors", "do": "give", "shipment": id, "households": households })
    };
    let page = court.moves(give(&[of(&doors, "12-2-301"), of(&doors, "12-2-302")])).await;
    assert_eq!(
        (&page["shipments"][0]["doors"]["given"], &page["shipments"][0]["stage_word"]),
        (&json!(2), &json!("at the doors"))
    );
    // Who left it there confirms it for nobody; a colleague who has asked them may.
    let confirm = json!({ "kind": "doors", "do": "confirm", "shipment": id, "household": of(&doors, "12-2-302")["household"] });
    assert_eq!(court.may_not(confirm.clone()).await, "supplies_own_gift");
    let seen = court.doors(id).await;
    assert_eq!(
        (&of(&seen, "12-2-302")["by_you"], &of(&seen, "12-2-302")["can"]),
        (&json!(true), &json!(["return"]))
    );
    let place = Place::Community(CommunityId::parse(court.community()).unwrap());
    let colleague = account(&court.site.house, Role::Secretary, place);
    for _ in 0..2 {
        let done = court
            .site
            .house
            .ask_as(Some(&colleague), Method::POST, &court.path(), Some(confirm.clone()))
            .await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        assert_eq!(done.json()["shipments"][0]["doors"]["confirmed"], 1);
    }

    // Ann's page tells of her home alone, and she says that it is there; so Abe's does.
    let page = court.own(0, None).await;
    assert!(
        ["12-2-302", "Ben", "13-1-101", "Ann"].iter().all(|other| !page.text().contains(other)),
        "{}",
        page.text()
    );
    assert_eq!(page.header("cache-control"), "no-store");
    let delivery = page.json()["deliveries"][0].clone();
    assert_eq!((&delivery["state"], &delivery["can"]), (&json!("given"), &json!(["here", "missing"])));
    let here = court.says(0, json!({ "delivery": id })).await;
    assert_eq!(
        (&here["state"], &here["lines"][1]["received"], &here["can"]),
        (&json!("here"), &json!(4), &json!([]))
    );
    assert_eq!(court.own(1, None).await.json()["deliveries"][0]["state"], "here");
    let again = court.says(1, json!({ "delivery": id })).await;
    assert_eq!(again["state"], "here", "said again it is the same");

    // Cleo's is not due: that nothing is there is said then; that one is missing may be said now.
    let count = |water: i64, rice: i64| json!({ "delivery": id, "lines": [line("water", "bottle", water), line("rice", "bag", rice)] });
    assert_eq!(court.own(3, Some(count(0, 0))).await.problem(), (409, "supplies_door_early".to_owned()));
    assert_eq!(court.own(3, Some(count(3, 1))).await.problem(), (409, "supplies_count_large".to_owned()));
    let missing = court.says(3, count(1, 1)).await;
    assert_eq!((&missing["state"], &missing["can"]), (&json!("missing"), &json!(["rest"])));
    let page = court.look("").await;
    let near = &page["near"][0];
    assert_eq!(
        (&near["why"], &near["doors"]),
        (&json!("Fewer came than left: what became of the rest?"), &json!(["13-1-101"]))
    );
    assert_eq!(
        (&page["shipments"][0]["stage"], &page["shipments"][0]["lines"][1]["missing"]),
        (&json!("short"), &json!(1))
    );
    let rest = court.says(3, json!({ "delivery": id, "rest": true })).await;
    assert_eq!(rest["state"], "here");
    let page = court.look("").await;
    assert_eq!((&page["near"], &page["shipments"][0]["over"]), (&json!([]), &json!(true)));
    assert_eq!((stock(&page, "water"), stock(&page, "rice")), (92, 47));
}

#[tokio::test]
async fn another_households_link_says_nothing_of_it_and_what_nobody_confirmed_is_listed_by_its_door() {
    let court = Court::stocked().await;
    let page = court.moves(court.promise(&["12"])).await;
    let id = &page["shipments"][0]["id"];
    court.moves(json!({ "kind": "doors", "do": "send", "shipments": [id] })).await;
    // Cleo lives elsewhere: she is told of nothing, and says nothing.
    assert_eq!(court.own(3, None).await.json(), json!({ "deliveries": [] }));
    assert_eq!(
        court.own(3, Some(json!({ "delivery": id }))).await.problem(),
        (404, "unknown_here".to_owned())
    );
    let path = format!("{}/mine/goods", court.site.round);
    let forged = court.site.house.post(&path, json!({ "token": court.links[0].replace('a', "b") })).await;
    assert_eq!(forged.problem(), (404, "own_unknown".to_owned()));

    let doors = court.doors(id).await;
    let household = &of(&doors, "12-2-302")["household"];
    court.moves(json!({ "kind": "doors", "do": "give", "shipment": id, "households": [household] })).await;
    court.says(0, json!({ "delivery": id })).await;
    assert_eq!(court.look("").await["near"], json!([]), "not before its time");
    court.is_late().await;
    let near = court.look("").await["near"].clone();
    assert_eq!(
        (near.as_array().unwrap().len(), &near[0]["shipment"], &near[0]["doors"]),
        (1, id, &json!(["12-2-302"]))
    );
    // Who may not see doors reads no more than that there is one.
    let place = Place::Community(CommunityId::parse(court.community()).unwrap());
    let committee = account(&court.site.house, Role::Committee, place);
    for path in ["".to_owned(), format!("/{}/doors", id.as_str().unwrap())] {
        let path = format!("{}{path}", court.path());
        let seen = court.site.house.ask_as(Some(&committee), Method::GET, &path, None).await;
        assert!(seen.status == StatusCode::OK && !seen.text().contains("12-2"), "{}", seen.text());
    }
    let promised = court
        .site
        .house
        .ask_as(Some(&committee), Method::POST, &court.path(), Some(court.promise(&[])))
        .await;
    assert_eq!(promised.status, StatusCode::FORBIDDEN);

    // Nobody was at home: it comes back into the stock, said twice it comes back once.
    for _ in 0..2 {
        let back = json!({ "kind": "doors", "do": "return", "shipment": id, "household": household, "why": "nobody_there" });
        let page = court.moves(back).await;
        assert_eq!((stock(&page, "water"), stock(&page, "rice"), &page["near"]), (96, 49, &json!([])));
    }
    assert_eq!(court.own(2, None).await.json()["deliveries"][0]["state"], "back");
    // What somebody wrote down wrongly the desk corrects.
    let ann = &of(&doors, "12-2-301")["household"];
    let settle = json!({ "kind": "doors", "do": "settle", "shipment": id, "household": ann, "lines": [line("water", "bottle", 3), line("rice", "bag", 1)] });
    let near = court.moves(settle).await["near"].clone();
    assert_eq!(near[0]["doors"], json!(["12-2-301"]));
    assert_eq!(court.own(0, None).await.json()["deliveries"][0]["state"], "missing");
}

/// Three buildings of so many entrances with thirty doors.
fn compound(entrances: usize) -> String {
    let mut roll = "building,entrance,door,name\n".to_owned();
    for place in 0..entrances * 30 {
        let (entrance, door) = (place / 30, place % 30);
        let (building, floor, side) = (entrance % 3 + 1, door / 3 + 1, door % 3 + 1);
        roll += &format!("{building},{},{floor}0{side},P{place}\n", entrance / 3 + 1);
    }
    roll
}

#[tokio::test]
async fn many_doors_are_several_shipments_all_of_them_or_none_and_sent_again_they_are_once() {
    let court = Court::of(&compound(9), &["P0"]).await;
    let mut promise = court.promise(&[]);
    promise["due"] = json!(1);
    assert_eq!(court.may_not(promise).await, "supplies_time_past");
    let mut promise = court.promise(&["99"]);
    assert_eq!(court.may_not(promise.clone()).await, "supplies_no_doors");
    promise["buildings"] = json!([]);
    promise["each"][0]["count"] = json!(-1);
    assert_eq!(court.may_not(promise.clone()).await, "supplies_count_negative");
    promise["each"] = json!([{ "good": "water", "unit": "bottle", "count": 0 }]);
    assert_eq!(court.may_not(promise.clone()).await, "supplies_nothing_counted");
    promise["each"][0]["count"] = json!(1);
    assert_eq!(court.look("").await["shipments"], json!([]));

    let path = format!("{}?once={ONCE}", court.path());
    for _ in 0..2 {
        let done = court.site.ask(Method::POST, &path, Some(promise.clone())).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    }
    let page = court.look("").await;
    let mut shipments = page["shipments"].as_array().unwrap().clone();
    shipments.sort_by_key(|of| of["code"].to_string());
    let counts: Vec<i64> = shipments.iter().map(|of| of["doors"]["all"].as_i64().unwrap()).collect();
    assert_eq!(counts, [120, 120, 30], "four entrances on each, as they are walked to");
    let mut all = Vec::new();
    for of in &shipments {
        let doors = court.doors(&of["id"]).await;
        all.extend(doors.iter().map(|door| door["door"].as_str().unwrap().to_owned()));
    }
    let entrances: Vec<String> =
        all.iter().map(|door| door.rsplit_once('-').unwrap().0.to_owned()).collect::<Vec<_>>();
    let mut runs = entrances.clone();
    runs.dedup();
    assert_eq!((all.len(), runs.len()), (270, 9), "an entrance is walked to once: {runs:?}");

    // All of them leave with one touch, more than ever came: the desk counts.
    let ids: Vec<&Value> = shipments.iter().map(|of| &of["id"]).collect();
    let page = court.moves(json!({ "kind": "doors", "do": "send", "shipments": ids })).await;
    assert_eq!(stock(&page, "water"), -270);
    assert!(page["shipments"].as_array().unwrap().iter().all(|of| of["stage"] == "sent"));
    let own =
        court.says(0, json!({ "delivery": court.own(0, None).await.json()["deliveries"][0]["id"] })).await;
    assert_eq!(own["state"], "here");
}

/// A round at a party that is a community.
async fn with_round(house: &House, community: &str, roll: &str) -> String {
    let files = json!({ "scenario.toml": packed(include_str!("court.toml")), "roll.csv": packed(roll) });
    let made = house.post("/api/v1/scenarios", json!({ "files": files })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let new = json!({ "scenario": made.string("id"), "policy": "waves", "retain_until": in_a_month() });
    let round = house.post(&format!("/api/v1/communities/{community}/rounds"), new).await;
    assert_eq!(round.status, StatusCode::CREATED, "{}", round.text());
    round.string("id")
}

#[tokio::test]
async fn the_list_for_a_cart_has_the_doors_that_wait_in_the_order_of_walking_and_no_name() {
    let court = Court::stocked().await;
    let id = court.moves(court.promise(&[])).await["shipments"][0]["id"].clone();
    let doors = court.doors(&id).await;
    let list = court.cart(&id).await;
    let places: Vec<usize> =
        doors.iter().map(|of| list.find(&format!(">{}<", of["door"].as_str().unwrap())).unwrap()).collect();
    assert!(places.len() > 2 && places.is_sorted(), "{places:?}");
    let sum: i64 = doors.iter().map(|of| of["lines"][0]["count"].as_i64().unwrap()).sum();
    let said = format!(
        "{}: {sum} {}",
        doors[0]["lines"][0]["good"].as_str().unwrap(),
        doors[0]["lines"][0]["unit"].as_str().unwrap()
    );
    assert!(list.contains(&said), "{said}: {list}");
    assert!(PEOPLE.iter().all(|name| !list.contains(name)), "{list}");

    // What was left somewhere is not brought again.
    let give = |of: &Value| json!({ "kind": "doors", "do": "give", "shipment": id, "households": [of["household"]] });
    court.moves(give(&doors[1])).await;
    let list = court.cart(&id).await;
    assert!(!list.contains(&format!(">{}<", doors[1]["door"].as_str().unwrap())));
    assert_eq!(list.matches('☐').count(), doors.len() - 1);
    for of in doors.iter().enumerate().filter(|(nth, _)| *nth != 1).map(|(_, of)| of) {
        court.moves(give(of)).await;
    }
    assert!(court.cart(&id).await.contains("Nothing of this shipment is still to be brought."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_that_carries_says_what_it_left_and_reads_no_door() {
    let committee = Desk::new("neighbourhood", "Example Committee").await;
    let court = Desk::new("community", "Example Court").await;
    committee.meets(&court).await;
    court.meets(&committee).await;
    let round = with_round(&court.house, &court.id, ROLL).await;
    let path = |desk: &Desk| format!("/api/v1/parties/{}/supplies", desk.id);
    let promise = json!({
        "kind": "doors", "do": "promise", "round": round, "carrier": committee.party().await, "due": soon(),
        "each": [{ "good": "water", "unit": "bottle", "count": 2 }]
    });
    let done = court.house.post(&path(&court), promise).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let id = done.json()["shipments"][0]["id"].as_str().unwrap().to_owned();
    let seen = async |desk: &Desk| desk.house.get(&path(desk)).await.json()["shipments"][0]["doors"].clone();
    until("the committee hears of it", async || seen(&committee).await["all"] == 3).await;
    assert_eq!(seen(&committee).await["ours"], false);
    let doors = committee.house.get(&format!("{}/{id}/doors", path(&committee))).await;
    assert!(!doors.text().contains("12-2") && doors.text().contains('…'), "{}", doors.text());
    let list = written(committee.house.get(&format!("{}/{id}/cart.docx", path(&committee))).await);
    assert!(!list.contains("12-2") && list.matches('☐').count() == 3, "{list}");
    let door = doors.json()["doors"][0].clone();
    assert_eq!(door["can"], json!(["give"]));
    let act =
        |what: &str| json!({ "kind": "doors", "do": what, "shipment": id, "household": door["household"] });
    let refused = committee.house.post(&path(&committee), act("confirm")).await;
    assert_eq!(refused.problem(), (409, "supplies_not_theirs".to_owned()));
    let give = json!({ "kind": "doors", "do": "give", "shipment": id, "households": [door["household"]] });
    let given = committee.house.post(&path(&committee), give).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.text());
    until("the court sees it at a door", async || seen(&court).await["given"] == 1).await;
    // The household's word reaches the carrier, who stands aside for nothing.
    assert_eq!(court.house.post(&path(&court), act("confirm")).await.status, StatusCode::OK);
    until("the committee sees it confirmed", async || seen(&committee).await["confirmed"] == 1).await;
    assert_eq!(committee.page().await["unread"], 0);
}
