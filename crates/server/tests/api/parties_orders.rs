//! The plan of aid that a city keeps becomes requests to those who stand for its donors: each once, also of a plan that is made anew.

use crate::{House, parties::Desk, rounds::account};
use axum::http::{Method, StatusCode};
use jiff::{Span, Timestamp, tz::Offset};
use serde_json::{Value, json};
use server::access::role::{Place, Role};

/// A date by the clocks of a host that set no time zone.
fn day(ahead: i64) -> String {
    let here = Offset::constant(8).to_datetime(Timestamp::now());
    here.date().saturating_add(Span::new().days(ahead)).to_string()
}

/// Team, donor, district, skill, people, and days from today: leaves, from, until.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str, u32, [i64; 3]);

fn plan(rows: &[Row<'_>]) -> Value {
    let deployments: Vec<Value> = rows
        .iter()
        .map(|(team, donor, district, skill, people, [leaves, from, until])| {
            json!({ "team": team, "donor": donor, "recipient": district, "skill": skill, "people": people,
                "leaves": day(*leaves), "from": day(*from), "until": day(*until), "free": day(*until + 8), "left": false })
        })
        .collect();
    let district = |name: &str| json!({ "recipient": name, "asked_person_days": 100, "met_person_days": 80, "share": 0.8 });
    json!({ "first": day(0), "days": 7, "deployments": deployments, "districts": [district("North"), district("South")],
        "unmet": [], "sentences": [] })
}

const FIRST: [Row<'static>; 4] = [
    ("A001", "Other City", "North", "sampling", 30, [1, 2, 6]),
    ("A002", "Other City", "South", "ward", 12, [3, 3, 6]),
    ("A003", "Nobody's City", "South", "sampling", 20, [2, 2, 6]),
    ("A004", "Other City", "South", "sampling", 9, [-1, 0, 6]),
];

impl Desk {
    async fn keeps(&self, plan: &Value) {
        let place = self.id.trim_start_matches("in:");
        let path = format!("/api/v1/places/{place}/city/aid");
        let put = self.house.ask_as(None, Method::PUT, &path, Some(plan.clone())).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text());
    }

    async fn orders(&self) -> Value {
        self.aid().await["plan"].clone()
    }

    /// Presses for all that is to be asked.
    async fn presses(&self, plan: &Value) -> Value {
        self.aids(json!({ "kind": "orders", "mark": plan["mark"], "asks": asks(plan) })).await
    }
}

/// All orders, as they stand on the page.
fn lines(plan: &Value) -> Vec<&Value> {
    plan["groups"].as_array().unwrap().iter().flat_map(|of| of["orders"].as_array().unwrap()).collect()
}

fn asks(plan: &Value) -> Vec<Value> {
    lines(plan).into_iter().map(|of| of["ask"].clone()).filter(|of| !of.is_null()).collect()
}

/// Team, still to be asked for, asked.
fn told(plan: &Value) -> Vec<(String, u64, u64)> {
    let number = |of: &Value| of.as_u64().unwrap();
    let line =
        |of: &Value| (of["teams"].as_str().unwrap().to_owned(), number(&of["lacks"]), number(&of["asked"]));
    lines(plan).into_iter().map(line).collect()
}

fn line(team: &str, lacks: u64, asked: u64) -> (String, u64, u64) {
    (team.to_owned(), lacks, asked)
}

async fn two() -> (Desk, Desk) {
    crate::rounds::midday();
    let city = Desk::new("city", "Example City").await;
    let donor = Desk::new("city", "Other City").await;
    city.meets(&donor).await;
    donor.meets(&city).await;
    (city, donor)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_press_asks_for_each_order_once_and_for_a_plan_made_anew_only_what_is_new() {
    let (city, donor) = two().await;
    assert_eq!(city.orders().await, Value::Null, "no plan stands there");
    let nothing = json!({ "kind": "orders", "mark": "", "asks": [] });
    assert_eq!(city.cannot(nothing.clone()).await, "aid_plan_other");
    city.keeps(&plan(&FIRST)).await;

    // A partner of the donor's name is proposed and not taken; nobody is asked before somebody chose.
    let plan_seen = city.orders().await;
    let party = donor.party().await;
    assert_eq!(
        plan_seen["donors"],
        json!([
            { "donor": "Nobody's City", "stands": null, "proposed": null },
            { "donor": "Other City", "stands": null, "proposed": party },
        ])
    );
    assert_eq!(asks(&plan_seen), Vec::<Value>::new());
    // What should have left yesterday is not asked for, and said; what leaves tomorrow stands first.
    assert_eq!(told(&plan_seen), [line("A001", 30, 0), line("A003", 20, 0), line("A002", 12, 0)]);
    assert_eq!(
        (&plan_seen["past"], &plan_seen["groups"][0]["urgent"], &plan_seen["groups"][1]["urgent"]),
        (&json!(1), &json!(true), &json!(false))
    );
    let stand = |donor: &str, party: Value| json!({ "kind": "stand", "stands": { donor: party } });
    assert_eq!(city.cannot(stand("Another", json!(party))).await, "aid_plan_other");
    assert_eq!(city.cannot(stand("Other City", json!(uuid::Uuid::new_v4()))).await, "party_partner_unknown");
    city.aids(stand("Other City", json!(party))).await;

    // Pressed twice by what was seen, and by another desk that saw the same: each is asked once.
    let seen = city.orders().await;
    assert_eq!(seen["donors"][1]["stands"]["name"], "Other City");
    assert_eq!(asks(&seen).len(), 2);
    for _ in 0..2 {
        let page = city.presses(&seen).await;
        assert_eq!(page["requests"].as_array().unwrap().len(), 2, "{page:#}");
        assert_eq!(told(&page["plan"]), [line("A001", 0, 30), line("A003", 20, 0), line("A002", 0, 12)]);
    }
    donor.sees("it is asked", |page| page["requests"].as_array().unwrap().len() == 2).await;
    let asked = donor.aid().await["requests"][0].clone();
    let midnight = |ahead: i64| {
        let date: jiff::civil::Date = day(ahead).parse().unwrap();
        Offset::constant(8).to_timestamp(date.at(0, 0, 0, 0)).unwrap().as_second()
    };
    assert_eq!(
        (&asked["number"], &asked["skill"], &asked["district"], &asked["from"], &asked["until"]),
        (&json!(30), &json!("sampling"), &json!("North"), &json!(midnight(2)), &json!(midnight(7)))
    );
    assert_eq!(asked["answer_by"], midnight(1));
    let why = format!("Plan of aid, A001: leave on {}, work from {} to {}.", day(1), day(2), day(6));
    assert_eq!(asked["why"], why);
    // The donor sees the request, and nothing of the plan.
    assert_eq!(donor.aid().await["plan"], Value::Null);

    // What it answers stands beside the order.
    let offer = json!({ "kind": "offer", "request": asked["id"], "number": 25, "from": asked["from"], "until": asked["until"], "has": 90, "stay": 40 });
    donor.aids(offer).await;
    city.sees("it is offered", |page| lines(&page["plan"])[0]["offered"] == 25).await;
    let offer = city.aid().await["requests"][0]["offers"][0]["id"].clone();
    let page = city.aids(json!({ "kind": "accept", "offer": offer, "number": 25 })).await;
    let first = lines(&page["plan"])[0].clone();
    assert_eq!((&first["accepted"], &first["short"], &first["there"]), (&json!(25), &json!(5), &json!(0)));

    // Made anew: more of one, a new one; what is gone is told and can be closed.
    let mut second = FIRST.to_vec();
    second[0].4 = 40;
    second[1] = ("A005", "Other City", "North", "ward", 7, [3, 3, 6]);
    city.keeps(&plan(&second)).await;
    let stale = json!({ "kind": "orders", "mark": seen["mark"], "asks": asks(&seen) });
    assert_eq!(city.cannot(stale).await, "aid_plan_other");
    let now = city.orders().await;
    assert_eq!(told(&now), [line("A001", 10, 30), line("A003", 20, 0), line("A005", 7, 0)]);
    let unlike = now["unlike"].as_array().unwrap();
    assert_eq!(unlike.len(), 1);
    assert_eq!(
        (&unlike[0]["number"], &unlike[0]["party"], &unlike[0]["why"]),
        (&json!(12), &json!("Other City"), &json!(["The plan has this order no longer."]))
    );
    let page = city.presses(&now).await;
    let numbers: Vec<u64> =
        page["requests"].as_array().unwrap().iter().map(|of| of["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers.iter().sum::<u64>(), 30 + 12 + 10 + 7);
    let close = json!({ "kind": "close", "request": unlike[0]["request"], "enough": false });
    assert_eq!(city.aids(close).await["plan"]["unlike"], json!([]));

    // An act that names what no order is, or that an order is no longer, does nothing.
    let other = json!({ "kind": "orders", "mark": now["mark"], "asks": [uuid::Uuid::new_v4()] });
    assert_eq!(city.cannot(other).await, "aid_plan_other");
    // Who stands for whom is remembered, also by a server that starts anew; and can be taken back.
    let mut city = city;
    city.is_cut_off();
    let city = city.back().await;
    assert_eq!(city.orders().await["donors"][1]["stands"]["party"], json!(party));
    let page = city.aids(stand("Other City", Value::Null)).await;
    assert_eq!(page["plan"]["donors"][1]["stands"], Value::Null);
    // What was asked stays asked.
    assert_eq!(told(&page["plan"]), [line("A001", 0, 40), line("A003", 20, 0), line("A005", 0, 7)]);
    assert_eq!(
        (city.page().await["unread"].clone(), donor.page().await["unread"].clone()),
        (json!(0), json!(0))
    );
}

/// The rows of `deployed.csv`.
async fn left(desk: &Desk) -> Vec<String> {
    let path = format!("/api/v1/parties/{}/aid/deployed.csv", desk.id);
    let told = desk.house.ask_as(None, Method::GET, &path, None).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text());
    let notes = scenario::tables::check_table("deployed.csv", told.text().as_bytes()).unwrap();
    // A folder alone does not use it; whatever a cell must be is looked at all the same.
    let wrong = notes.0.iter().filter(|of| !["table_not_used_yet", "table_empty"].contains(&of.code));
    assert_eq!(wrong.count(), 0, "{notes:?}");
    let text = told.text().trim_start_matches('\u{feff}').to_owned();
    let mut rows = text.lines().map(str::to_owned);
    assert_eq!(rows.next().unwrap(), "team,donor,recipient,skill,people,from,to");
    rows.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_left_is_the_table_with_which_the_next_plan_begins() {
    let (city, donor) = two().await;
    let party = donor.party().await;
    let path = format!("/api/v1/parties/{}/aid/deployed.csv", city.id);
    let none = city.house.ask_as(None, Method::GET, &path, None).await;
    assert_eq!(none.problem(), (409, "aid_plan_other".to_owned()), "no plan stands there");
    city.keeps(&plan(&FIRST)).await;
    city.aids(json!({ "kind": "stand", "stands": { "Other City": party } })).await;
    city.presses(&city.orders().await).await;
    assert_eq!(left(&city).await, Vec::<String>::new(), "who is asked has not left");

    // Thirty are asked for and come in two teams: the second sets out for the same order.
    donor.sees("it is asked", |page| page["requests"].as_array().unwrap().len() == 2).await;
    let asked = donor.aid().await["requests"][0].clone();
    let (from, until) = (asked["from"].as_i64().unwrap(), asked["until"].as_i64().unwrap());
    donor
        .aids(json!({ "kind": "offer", "request": asked["id"], "number": 30, "from": from, "until": until - 86_400, "has": 90, "stay": 40 }))
        .await;
    city.sees("it is offered", |page| lines(&page["plan"])[0]["offered"] == 30).await;
    let offer = city.aid().await["requests"][0]["offers"][0]["id"].clone();
    city.aids(json!({ "kind": "accept", "offer": offer, "number": 30 })).await;
    donor
        .sees("it is accepted", |page| {
            page["requests"][0]["offers"][0]["can"] == json!(["commit", "withdraw_offer"])
        })
        .await;
    let mut sent = Vec::new();
    for (nth, (number, later_h)) in [(22, 0), (8, 40)].into_iter().enumerate() {
        let arrives = from + later_h * 3_600;
        let commit = json!({ "kind": "commit", "offer": offer, "name": format!("Team {nth}"), "number": number, "departs": arrives - 3_600, "arrives": arrives });
        let page = donor.aids(commit).await;
        city.sees("they are sent", |page| page["teams"].as_array().unwrap().len() == sent.len() + 1).await;
        assert_eq!(left(&city).await.len(), sent.len(), "who is at home has not left");
        let of =
            page["teams"].as_array().unwrap().iter().find(|of| of["name"] == format!("Team {nth}")).unwrap();
        let deployment = of["deployment"].clone();
        donor.aids(json!({ "kind": "step", "deployment": deployment, "step": "departed" })).await;
        sent.push(deployment);
        let teams = |page: &Value| {
            page["teams"].as_array().unwrap().iter().filter(|of| of["stage"] == "departed").count()
        };
        city.sees("they are on the way", |page| teams(page) == sent.len()).await;
    }
    let row = |team: &str, people: u32, days: [i64; 2]| {
        format!("{team},Other City,North,sampling,{people},{},{}", day(days[0]), day(days[1]))
    };
    // The plan's name stands for the first alone: two of one name in one place would be one team.
    assert_eq!(left(&city).await, [row("A001", 22, [2, 5]), row("A001 (2)", 8, [3, 5])]);

    // Who had left when the plan was made, and of whom nobody told anything here, stays in the table.
    let mut second = plan(&FIRST);
    let stays = json!({ "team": "A000", "donor": "Nobody's City", "recipient": "South", "skill": "ward", "people": 40,
        "leaves": day(-4), "from": day(-3), "until": day(4), "free": day(9), "left": true });
    second["deployments"].as_array_mut().unwrap().push(stays);
    city.keeps(&second).await;
    let third = format!("A000,Nobody's City,South,ward,40,{},{}", day(-3), day(4));
    assert_eq!(left(&city).await, [third.clone(), row("A001", 22, [2, 5]), row("A001 (2)", 8, [3, 5])]);

    // A plan that is made with the table, and kept, gives the same table, however often: nobody is counted twice, and no name grows. Of whom it
    // says that they are there it orders nothing, and nothing of what was asked for them is to be closed.
    let table = left(&city).await;
    for _ in 0..3 {
        city.keeps(&made_with(&left(&city).await, &plan(&FIRST[1..3]))).await;
        assert_eq!(left(&city).await, table);
        assert_eq!(city.orders().await["unlike"], json!([]), "whoever has left is where they are");
    }
    // Under another name by hand, it is that name.
    let renamed: Vec<String> = table.iter().map(|row| row.replace("A001,", "First,")).collect();
    city.keeps(&made_with(&renamed, &plan(&FIRST[1..3]))).await;
    assert_eq!(left(&city).await, renamed);

    // Who is let go before the first day of work is away for a day, and rests: they are not at home tonight.
    for step in ["arrived", "released"] {
        city.aids(json!({ "kind": "step", "deployment": sent[1], "step": step })).await;
    }
    let mut gone = vec![third, row("A001 (2)", 8, [0, 0]), row("First", 22, [2, 5])];
    assert_eq!(left(&city).await, gone);
    // What no plan knows any more is still there, under the team's own name.
    city.keeps(&plan(&FIRST[1..])).await;
    gone = vec![row("Team 1", 8, [0, 0]), row("Team 0", 22, [2, 5])];
    assert_eq!(left(&city).await, gone);
}

/// A plan that was made with a table of those who have left.
fn made_with(table: &[String], plan: &Value) -> Value {
    let mut made = plan.clone();
    for row in table {
        let [team, donor, recipient, skill, people, from, until] = row.split(',').collect::<Vec<_>>()[..]
        else {
            panic!("seven columns: {row}")
        };
        let left = json!({ "team": team, "donor": donor, "recipient": recipient, "skill": skill,
            "people": people.parse::<u32>().unwrap(), "leaves": from, "from": from, "until": until, "free": until, "left": true });
        made["deployments"].as_array_mut().unwrap().push(left);
    }
    made
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_cannot_be_asked_for_says_all_that_is_wrong() {
    let (city, donor) = two().await;
    let party = donor.party().await;
    let long = "x".repeat(61);
    let mut rows = FIRST.to_vec();
    rows.extend([
        ("A010", "Other City", "North", long.as_str(), 5, [1, 1, 6]),
        ("A011", "Other City", "North", "ward", 0, [1, 1, 6]),
    ]);
    city.keeps(&plan(&rows)).await;
    city.aids(json!({ "kind": "stand", "stands": { "Other City": party } })).await;
    let seen = city.orders().await;
    let notes = seen["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 2, "{seen:#}");
    assert!(notes[0].as_str().unwrap().starts_with("deployments[4].skill: "), "{notes:?}");
    // What is right is asked all the same.
    let page = city.presses(&seen).await;
    assert_eq!(page["requests"].as_array().unwrap().len(), 2);

    // Of a plan whose days are over nothing is asked.
    let past: Vec<Row<'_>> = FIRST
        .iter()
        .map(|&(team, donor, district, skill, people, [leaves, from, until])| {
            (team, donor, district, skill, people, [leaves - 20, from - 20, until - 20])
        })
        .collect();
    city.keeps(&plan(&past)).await;
    let seen = city.orders().await;
    assert_eq!((&seen["past"], &seen["groups"], asks(&seen).len()), (&json!(4), &json!([]), 0));
    assert_eq!(seen["unlike"].as_array().unwrap().len(), 2);

    // One that an older program wrote is told so, and asks for nothing.
    let place = Place::parse_party(&city.id).unwrap();
    let Place::Tree(place) = place else { panic!("a place") };
    let people = city.house.people.clone();
    crate::aside(move || people.put_city(place, "aid", r#"{"deployments":[{}]}"#, ("owner", 0))).unwrap();
    let seen = city.orders().await;
    assert_eq!((seen["notes"].as_array().unwrap().len(), &seen["groups"]), (1, &json!([])));
    let mark = json!({ "kind": "orders", "mark": seen["mark"], "asks": [] });
    assert_eq!(city.cannot(mark).await, "aid_plan_other");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_orders_than_a_page_shows_are_asked_for_by_the_next_press() {
    let (city, donor) = two().await;
    let party = donor.party().await;
    let skills: Vec<String> = (0..1_010).map(|of| format!("skill {of}")).collect();
    let rows: Vec<Row<'_>> =
        skills.iter().map(|skill| ("A", "Other City", "North", skill.as_str(), 2, [1, 1, 6])).collect();
    city.keeps(&plan(&rows)).await;
    city.aids(json!({ "kind": "stand", "stands": { "Other City": party } })).await;
    let seen = city.orders().await;
    assert_eq!((asks(&seen).len(), &seen["left_off"]), (1_000, &json!(10)));
    let then = city.presses(&seen).await["plan"].clone();
    assert_eq!((asks(&then).len(), lines(&then).len()), (10, 1_000));
    let last = city.presses(&then).await["plan"].clone();
    assert_eq!((asks(&last).len(), lines(&last).len()), (0, 1_000));
}

#[tokio::test]
async fn whoever_does_not_look_over_the_place_that_keeps_a_plan_sees_nothing_of_it() {
    let house = House::open();
    let lead = account(&house, Role::Authority, Place::All);
    let make = async |body: Value| {
        let made = house.ask_as(Some(&lead), Method::POST, "/api/v1/places", Some(body)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.string("id")
    };
    let city = make(json!({ "name": "Example City", "kind": "city" })).await;
    let north = make(json!({ "name": "North", "kind": "district", "parent": city })).await;
    let other = make(json!({ "name": "Other City", "kind": "city" })).await;
    let path = format!("/api/v1/places/{city}/city/aid");
    let put = house.ask_as(Some(&lead), Method::PUT, &path, Some(plan(&FIRST))).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text());
    let look = async |who: &str, place: &str| {
        house.ask_as(Some(who), Method::GET, &format!("/api/v1/parties/in:{place}/aid"), None).await
    };
    let of = |role: Role, place: &str| account(&house, role, Place::parse_in_path(place).unwrap());
    for role in [Role::Committee, Role::Authority] {
        assert!(look(&of(role, &city), &city).await.json()["plan"].is_object());
    }
    // A district's desk and another city's are at work, and see nothing of the plan.
    for place in [&north, &other] {
        let seen = look(&of(Role::Authority, place), place).await;
        assert_eq!((seen.status, seen.json()["plan"].clone()), (StatusCode::OK, Value::Null));
        assert!(!seen.text().contains("A001"));
        assert_eq!(look(&of(Role::Authority, place), &city).await.status, StatusCode::FORBIDDEN);
    }
    // Whoever leads rounds alone may write at the desk, and may not look at the city's documents.
    let secretary = of(Role::Secretary, &city);
    let seen = look(&secretary, &city).await;
    assert_eq!((seen.status, seen.json()["plan"].clone()), (StatusCode::OK, Value::Null));
    let mark = look(&lead, &city).await.json()["plan"]["mark"].clone();
    let act = json!({ "kind": "orders", "mark": mark, "asks": [] });
    let path = format!("/api/v1/parties/in:{city}/aid");
    let refused = house.ask_as(Some(&secretary), Method::POST, &path, Some(act)).await;
    assert_eq!(refused.problem(), (409, "aid_plan_other".to_owned()));
    let table = house.ask_as(Some(&secretary), Method::GET, &format!("{path}/deployed.csv"), None).await;
    assert_eq!(table.problem(), (409, "aid_plan_other".to_owned()));
}
