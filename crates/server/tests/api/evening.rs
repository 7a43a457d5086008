//! A round in the evening: a small day written by hand, and what is told of it to whom.

use crate::aside;
use crate::{
    Answer,
    rounds::{Site, account, at, check_in, done, serve, there, tomorrow},
};
use axum::http::{Method, StatusCode};
use domain::{Command, Envelope, Moment, command::Thing, event::Answer as Said};
use phone::Phone;
use serde_json::{Value, json};
use server::access::role::{Place, Role};

/// Eight doors: numbers that sort as numbers, a cell that a spreadsheet would run, and names.
pub const ROLL: &str = "building,entrance,door,name,mark\n\
    10,,101,王小明,\n10,,101,李四,frail\n2,,201,Ann,\n2,,1201,Bob,\n2,,1201,Eve,\n\
    2,,301,赵六,\n2,,302,钱七,\n=1+1,,101,孙八,\n3,,101,周九,\n3,,102,吴十,\n";
pub const NAMES: [&str; 10] = ["王小明", "李四", "Ann", "Bob", "Eve", "赵六", "钱七", "孙八", "周九", "吴十"];

type Home = (&'static str, Option<Said>, &'static [usize], &'static [usize]);

/// What happens: a door by its label, what it said, and who of it are checked in and served, by their place behind the door.
/// The second who is checked in at 2-1201 claims green; the first of 10-101 is served; the frail one of it is not.
const DAY: [Home; 6] = [
    ("10-101", Some(Said::Coming), &[0, 1], &[0]),
    ("2-201", Some(Said::NotAtHome), &[], &[]),
    ("2-1201", Some(Said::Coming), &[0, 1], &[0, 1]),
    ("2-301", Some(Said::Coming), &[], &[]),
    ("3-101", Some(Said::CannotCome), &[], &[]),
    ("=1+1-101", None, &[], &[]),
];

/// Building, door, people missing, why.
const MISSED: [(&str, &str, u32, &str); 7] = [
    ("2", "301", 1, "coming"),
    ("2", "302", 1, "not_called"),
    ("2", "201", 1, "not_at_home"),
    ("3", "101", 1, "cannot_come"),
    ("3", "102", 1, "not_called"),
    ("10", "101", 1, "not_served"),
    ("=1+1", "101", 1, "not_come"),
];

fn door(phone: &Phone, label: &str) -> usize {
    phone.bundle().doors.iter().position(|door| door.label() == label).unwrap()
}

/// The day, written down by three phones and sent.
pub async fn lived(site: &Site) -> Phone {
    let (mut caller, _) = site.phone("caller", None, 1).await;
    let (mut registrar, _) = site.phone("registrar", Some("registration"), 2).await;
    let (mut sampler, _) = site.phone("sampler", Some("sampling"), 3).await;
    let open = json!({ "commands": [{ "type": "OpenRound" }] });
    let opened = site.ask(Method::POST, &format!("{}/commands", site.round), Some(open)).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
    for (label, said, come, served) in DAY {
        let place = door(&registrar, label);
        let household = registrar.bundle().doors[place].household;
        let wave =
            caller.bundle().waves.iter().find(|wave| wave.households.contains(&household)).unwrap().number;
        done(&mut caller, &[Command::CallHousehold { household, wave }]);
        if let Some(answer) = said {
            done(&mut caller, &[Command::AnswerCall { household, answer }]);
        }
        let all = check_in(&registrar, place);
        let mut some: Vec<Command> = come.iter().map(|&one| all[one].clone()).collect();
        if label == "2-1201"
            && let Command::CheckIn { class, .. } = &mut some[1]
        {
            "green".clone_into(class);
        }
        if !some.is_empty() {
            done(&mut registrar, &some);
        }
        for &one in served {
            let visit = sampler.bundle().doors[place].people[one].visit;
            let command = serve(&sampler, visit, 1);
            done(&mut sampler, &[command]);
        }
    }
    // Somebody who is not on the roll comes and is served.
    let guest = uuid::Uuid::from_u128(77);
    let table = registrar.table().unwrap().clone();
    let guest_in = Command::CheckIn {
        visit: guest,
        household: None,
        class: String::new(),
        guest: Some(domain::event::Guest::Visitor),
        table,
    };
    done(&mut registrar, &[guest_in]);
    let command = serve(&sampler, guest, 2);
    done(&mut sampler, &[command]);
    for phone in [&mut caller, &mut registrar, &mut sampler] {
        site.sync(phone).await;
    }
    sampler
}

async fn get(site: &Site, path: &str) -> Answer {
    let answer = site.ask(Method::GET, &format!("{}/{path}", site.round), None).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    for name in NAMES {
        assert!(!answer.text().contains(name), "{name} in {path}");
    }
    answer
}

#[tokio::test]
async fn a_small_day_is_counted_and_everybody_who_was_missed_is_on_the_list_and_nobody_else() {
    let site = Site::of(ROLL).await;
    lived(&site).await;
    let evening = get(&site, "evening?lang=en").await.json();
    let why = json!({
        "not_called": 2, "not_at_home": 1, "coming": 1, "not_come": 1, "cannot_come": 1, "not_served": 1
    });
    assert_eq!(
        evening["reach"],
        json!({ "doors": 8, "people": 10, "served": 3, "done": 1, "why": why }),
        "{evening:#}"
    );
    let entrances: Vec<(&str, u64, u64)> = evening["entrances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| {
            let reach = &of["reach"];
            let count = |key: &str| reach[key].as_u64().unwrap();
            (of["building"].as_str().unwrap(), count("served"), count("people"))
        })
        .collect();
    assert_eq!(entrances, [("2", 2, 5), ("3", 0, 2), ("10", 1, 2), ("=1+1", 0, 1)]);
    assert_eq!((&evening["unlisted"], &evening["others"]), (&json!(1), &json!([0, 0, 1])));
    // One claimed green at the site; one is frail on the roll. The hour is that of the test.
    let green = evening["green"].as_array().unwrap();
    let sum = |key: &str| green.iter().map(|of| of[key].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("claimed"), sum("marked")), (1, 1), "{green:?}");
    assert!(green.iter().all(|of| of["class"] == "green"), "{green:?}");
    // The review knows the plan and the roll's sizes, and lists nobody.
    let review = &evening["review"];
    assert_eq!((&review["people"], &review["served"]), (&json!(5.0), &json!(4.0)), "{review:#}");
    assert_eq!(review["planned"]["stations"][0]["planned_mean_s"], 10.0);
    let expected = review["planned"]["waves"].as_array().unwrap().iter();
    let expected: f64 = expected.map(|wave| wave["expected_people"].as_f64().unwrap()).sum();
    assert!(expected > 5.0 && expected <= 10.0, "{expected}");
    assert_eq!((&review["doors"], &review["coverage"]["missed"]), (&json!([]), &json!([])));
    assert!(!review["findings"].to_string().contains("missed"), "{}", review["findings"]);
    assert!(!review["notes"].to_string().contains("review_other_community"), "{}", review["notes"]);

    let missed = get(&site, "missed").await.json();
    let listed: Vec<(&str, &str, u32, &str)> = missed["doors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| {
            let text = |key: &str| of[key].as_str().unwrap();
            (text("building"), text("door"), of["missing"].as_u64().unwrap() as u32, text("why"))
        })
        .collect();
    assert_eq!((listed, &missed["known"]), (MISSED.to_vec(), &json!(true)));

    let csv = get(&site, "missed.csv?lang=zh").await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"missed.csv\"");
    let csv = csv.text();
    let mut lines = csv.lines();
    assert_eq!(lines.next().unwrap(), "\u{feff}楼栋,单元,房号,人数,未完成人数,批次,情况");
    // Which wave a door is in is the plan's business.
    let without_wave = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        [&cells[..5], &cells[6..]].concat().join(",")
    };
    let lines: Vec<String> = lines.map(without_wave).collect();
    assert_eq!(lines.len(), MISSED.len());
    assert!(lines.contains(&"2,,201,1,1,不在家".to_owned()), "{csv}");
    assert!(lines.contains(&"'=1+1,,101,1,1,没有来".to_owned()), "{csv}");
    assert!(!csv.contains("\n=") && !csv.contains(",="), "{csv}");
    // Each time that doors were read is written down, with the reason.
    let accesses = site.rounds.replace("rounds", "accesses");
    let accesses = site.ask(Method::GET, &accesses, None).await.text();
    assert_eq!(accesses.matches("the list of whom a round missed").count(), 2, "{accesses}");
    // Whoever only counts reads no list; each who does so is written down once, also where it is in memory.
    let authority = account(&site.house, Role::Authority, Place::All);
    let community = site.rounds.trim_end_matches("/rounds");
    for _ in 0..2 {
        let path = format!("{}/evening", site.round);
        let again = site.house.ask_as(Some(&authority), Method::GET, &path, None).await;
        assert_eq!(again.json()["reach"], evening["reach"]);
    }
    let log = site.ask(Method::GET, &format!("{community}/accesses"), None).await.json();
    let counted =
        log.as_array().unwrap().iter().filter(|of| of["why"] == "the evening of a round is counted");
    let counted: Vec<(&str, &Value)> = counted.map(|of| (of["what"].as_str().unwrap(), &of["who"])).collect();
    assert!(matches!(counted[..], [("count", one), ("count", other)] if one != other), "{counted:?}");
}

#[tokio::test]
async fn what_was_written_down_goes_into_a_review_as_it_is() {
    let site = Site::of(ROLL).await;
    lived(&site).await;
    let events = get(&site, "events.jsonl").await;
    assert_eq!(events.header("content-type"), "application/x-ndjson");
    let text = events.text();
    let read: Vec<Envelope> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(read.len() > 20 && read.iter().all(|of| of.origin == domain::Origin::Real), "{text}");
    let scenario = get(&site, "evening").await.string("scenario");
    let files = json!({ "events.jsonl": crate::packed(&events.text()) });
    let asked = json!({ "files": files, "scenario": scenario });
    let reviewed = site.ask(Method::POST, "/api/v1/review?lang=en", Some(asked)).await;
    assert_eq!(reviewed.status, StatusCode::OK, "{}", reviewed.text());
    assert_eq!(reviewed.json()["people"], 5.0);
    // Nothing is missing, nothing is there twice, and nobody says that it is somebody else's.
    for note in ["event_", "review_other_community"] {
        assert!(!reviewed.json()["notes"].to_string().contains(note), "{}", reviewed.json()["notes"]);
    }
}

#[tokio::test]
async fn overseers_see_how_many_and_phones_and_strangers_nothing() {
    let site = Site::of(ROLL).await;
    lived(&site).await;
    let elsewhere = aside(|| site.house.people.make_community("Plum Court", 0)).unwrap().id;
    let community = server::people::id::CommunityId::parse(site.rounds.split('/').nth(4).unwrap()).unwrap();
    let (_, caller) = site.phone("caller", None, 8).await;
    let (_, registrar) = site.phone("registrar", Some("registration"), 9).await;
    let (_, lead) = site.phone("secretary", None, 10).await;
    let committee = account(&site.house, Role::Committee, Place::Community(community));
    let stranger = account(&site.house, Role::Secretary, Place::Community(elsewhere));
    let counts = ["evening"];
    let doors = ["missed", "missed.csv", "events.jsonl"];
    let status = async |cookie: &str, path: &str| {
        let path = format!("{}/{path}", site.round);
        site.house.ask_as(Some(cookie), Method::GET, &path, None).await.status
    };
    for path in counts {
        assert_eq!(status(&committee, path).await, StatusCode::OK, "{path}");
    }
    for path in doors {
        assert_eq!(status(&committee, path).await, StatusCode::FORBIDDEN, "{path}");
    }
    for cookie in [&caller, &registrar, &lead, &stranger] {
        for path in counts.iter().chain(&doors) {
            assert_eq!(status(cookie, path).await, StatusCode::FORBIDDEN, "{path}");
        }
    }
    // A secretary of another community finds no such round there, either.
    let foreign = site.round.replace(&community.to_string(), &elsewhere.to_string());
    for path in counts.iter().chain(&doors) {
        let asked = format!("{foreign}/{path}");
        let answer = site.house.ask_as(Some(&stranger), Method::GET, &asked, None).await;
        assert_eq!(answer.problem(), (404, "round_unknown".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn the_next_round_is_for_those_who_were_missed_and_for_nobody_else() {
    let site = Site::of(ROLL).await;
    lived(&site).await;
    let scenario = get(&site, "evening").await.string("scenario");
    let before = site.round.rsplit('/').next().unwrap().to_owned();
    let tomorrow = tomorrow();
    let in_a_month = jiff::Timestamp::from_second(at().0 / 10_000 + 30 * 86_400).unwrap().to_string();
    let mut new = json!({
        "scenario": scenario, "retain_until": in_a_month[..10], "missed_of": before, "date": &tomorrow
    });
    let made = site.ask(Method::POST, &site.rounds, Some(new.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let site = site.at_round(&made.string("id"));
    let (phone, _) = site.phone("registrar", Some("registration"), 20).await;
    let (caller, _) = site.phone("caller", None, 21).await;
    let doors: Vec<(String, Vec<&str>)> = phone
        .bundle()
        .doors
        .iter()
        .map(|door| (door.label(), door.people.iter().map(|person| person.name.as_str()).collect()))
        .collect();
    let names = |label: &str| doors.iter().find(|(of, _)| of == label).map(|(_, names)| names.clone());
    assert_eq!(doors.len(), MISSED.len(), "{doors:?}");
    assert_eq!(names("10-101"), Some(vec!["李四"]), "whoever was served is not called again");
    assert_eq!(names("2-1201"), None);
    let called: usize = caller.bundle().waves.iter().map(|wave| wave.households.len()).sum();
    assert_eq!(called, MISSED.len());
    let opens = made.json()["opens"].as_i64().unwrap();
    assert_eq!(there(Moment(opens * 10_000)).date().to_string(), tomorrow);
    // Nobody lost a name by it.
    let names = site.ask(Method::GET, &site.rounds.replace("rounds", "names?why=other"), None).await;
    for name in NAMES {
        assert!(names.text().contains(name), "{name}: {}", names.text());
    }
    // Of another community there is no such round; and of what is no round.
    for nothing in ["nothing".to_owned(), uuid::Uuid::new_v4().to_string()] {
        new["missed_of"] = json!(nothing);
        let answer = site.ask(Method::POST, &site.rounds, Some(new.clone())).await;
        assert_eq!(answer.problem(), (404, "round_unknown".to_owned()), "{nothing}");
    }
}

/// A round for those whom another missed.
fn missed_of(site: &Site, scenario: &str) -> Value {
    let in_a_month = jiff::Timestamp::from_second(at().0 / 10_000 + 30 * 86_400).unwrap().to_string();
    json!({
        "scenario": scenario, "retain_until": in_a_month[..10],
        "missed_of": site.round.rsplit('/').next().unwrap()
    })
}

#[tokio::test]
async fn nobody_who_has_a_dose_is_called_for_a_second_one() {
    let site = Site::watched("building,door,name\n1,101,Ann\n1,101,Bob\n1,102,Kim\n1,103,Lee\n").await;
    let (mut phone, _) = site.phone("sampler", Some("sampling"), 1).await;
    assert!(phone.bundle().rules.stations[1].observe > 0, "people are watched");
    let dose = |of: u128| Thing { kind: "dose".to_owned(), item: uuid::Uuid::from_u128(of), lot: None };
    let give = |phone: &mut Phone, label: &str| {
        let visit = phone.bundle().doors[door(phone, label)].people[0].visit;
        let table = phone.table().unwrap().clone();
        done(phone, &[Command::Serve { visit, table, item: Some(dose(visit.as_u128())) }]);
        visit
    };
    give(&mut phone, "1-101");
    // And one by paper: nobody is ever let go there.
    site.sync(&mut phone).await;
    let typed = json!({
        "sheet": "1", "table": { "station": "sampling", "lane": 1, "server": 1 }, "write": true,
        "rows": [{ "row": 1, "time": "0:00", "door": "1-102", "people": "1" }]
    });
    let typed = site.ask(Method::POST, &format!("{}/paper/shift", site.round), Some(typed)).await;
    assert_eq!(typed.json()["written"], true, "{}", typed.text());
    let evening = get(&site, "evening").await.json();
    assert_eq!((&evening["reach"]["served"], &evening["others"][2]), (&json!(2), &json!(2)), "{evening:#}");
    let missed = get(&site, "missed").await.json();
    let doors: Vec<(&str, u64)> = missed["doors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| (of["door"].as_str().unwrap(), of["missing"].as_u64().unwrap()))
        .collect();
    assert_eq!(doors, [("101", 1), ("103", 1)]);
    let scenario = evening["scenario"].as_str().unwrap().to_owned();
    let made = site.ask(Method::POST, &site.rounds, Some(missed_of(&site, &scenario))).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    // A phone without a network tells of one more after the new round was made.
    give(&mut phone, "1-103");
    site.sync(&mut phone).await;
    let site = site.at_round(&made.string("id"));
    let (caller, _) = site.phone("caller", None, 2).await;
    let doors: Vec<(String, usize)> =
        caller.bundle().doors.iter().map(|door| (door.label(), door.people.len())).collect();
    assert_eq!(doors, [("1-101".to_owned(), 1)], "whom the round before served after all is on no phone");
    for wave in &caller.bundle().waves {
        let path = format!("{}/calls", site.round);
        let called = site.ask(Method::POST, &path, Some(json!({ "wave": wave.number }))).await;
        assert_eq!(called.status, StatusCode::OK, "{}", called.text());
    }
    let events = get(&site, "events.jsonl").await.text();
    assert_eq!(events.matches("HouseholdCalled").count(), 1, "{events}");
    assert_eq!(get(&site, "evening").await.json()["reach"]["people"], 1);
    // A third round, for those whom the second missed, and one more late word of the first.
    let new = missed_of(&site, &scenario);
    let made = site.ask(Method::POST, &site.rounds, Some(new.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let second = phone.bundle().doors[door(&phone, "1-101")].people[1].visit;
    let table = phone.table().unwrap().clone();
    done(&mut phone, &[Command::Serve { visit: second, table, item: Some(dose(1)) }]);
    site.sync(&mut phone).await;
    let refused = site.ask(Method::POST, &site.rounds, Some(new)).await;
    assert_eq!(refused.problem(), (409, "nobody_missed".to_owned()));
    let site = site.at_round(&made.string("id"));
    let (caller, _) = site.phone("caller", None, 3).await;
    assert_eq!(caller.bundle().doors.len(), 0, "everybody has a dose");
}

#[tokio::test]
async fn what_is_refused_prolongs_nobodys_names_and_changes_no_roll() {
    let site = Site::of(ROLL).await;
    lived(&site).await;
    let scenario = get(&site, "evening").await.string("scenario");
    let community = server::people::id::CommunityId::parse(site.rounds.split('/').nth(4).unwrap()).unwrap();
    let kept = || aside(|| site.house.people.names_kept_until(community)).unwrap();
    let listed = || {
        let looks = server::people::names::Looks { who: "owner", why: "a test", now: 0 };
        aside(|| site.house.people.read_all(community, looks)).unwrap()
    };
    let (until, roll) = (kept(), listed());
    let later = jiff::Timestamp::from_second(at().0 / 10_000 + 200 * 86_400).unwrap().to_string();
    let mut new = missed_of(&site, &scenario);
    new["retain_until"] = json!(later[..10]);
    // A plan that does not fit, for those who were missed and for everybody.
    new["plan"] = json!({ "waves": [{ "number": 1 }] });
    for whom in ["missed_of", ""] {
        let mut new = new.clone();
        if whom.is_empty() {
            new.as_object_mut().unwrap().remove("missed_of");
        }
        let refused = site.ask(Method::POST, &site.rounds, Some(new)).await;
        assert!(refused.status.is_client_error(), "{}", refused.text());
        assert_eq!((kept(), listed()), (until, roll.clone()), "{whom}");
    }
    // What could be made if the disk let it: nothing of it stays.
    site.house.in_the_book(
        "CREATE TRIGGER is_full BEFORE INSERT ON round BEGIN SELECT RAISE(ABORT, 'full'); END",
        "CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END'; \
         CREATE TRIGGER is_full BEFORE INSERT ON round EXECUTE FUNCTION is_full()",
    );
    new.as_object_mut().unwrap().remove("plan");
    let failed = site.ask(Method::POST, &site.rounds, Some(new)).await;
    assert!(failed.status.is_server_error(), "{}", failed.text());
    assert_eq!(kept(), until);
}

#[tokio::test]
async fn once_all_names_are_destroyed_nothing_leads_to_doors() {
    let site = Site::of(ROLL).await;
    lived(&site).await;
    assert!(get(&site, "evening").await.json()["reach"].is_object());
    let purge = json!({ "why": "the round is over", "community": "Willow Court" });
    let path = format!("{}/purge", site.rounds.trim_end_matches("/rounds"));
    let purged = site.ask(Method::POST, &path, Some(purge)).await;
    assert_eq!(purged.json()["found"], 0, "{}", purged.text());
    assert_eq!(site.house.runs.in_memory_now(), 0);
    let evening = get(&site, "evening").await.json();
    assert_eq!((&evening["reach"], &evening["entrances"]), (&Value::Null, &json!([])), "{evening}");
    let made = {
        let mut ids = site.round.split('/').skip(4).step_by(2);
        let community = server::people::id::CommunityId::parse(ids.next().unwrap()).unwrap();
        let round = server::people::id::RoundId::parse(ids.next().unwrap()).unwrap();
        aside(|| site.house.runs.book.round(community, round)).unwrap()
    };
    assert_eq!((made.secret, made.desk_key), ([0; 32], [0; 32]));
    assert!(made.retain_until <= server::people::now());
}

#[tokio::test]
async fn where_one_comes_for_all_marks_stay_with_whom_they_are_of() {
    let roll =
        "building,door,name,mark\n1,101,Ann,\n1,101,Bob,frail\n1,101,Eve,\n1,102,Kim,\n1,102,Lee,frail\n";
    let site = Site::made("purpose = \"pod-antibiotics\"\n", roll).await;
    let (phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let people = phone.bundle().doors.iter().flat_map(|door| &door.people);
    let green: Vec<&str> = people.filter(|of| of.class == "green").map(|of| of.name.as_str()).collect();
    assert_eq!(green, ["Bob", "Lee"]);
}

#[tokio::test]
async fn where_one_lives_behind_each_door_one_comes_for_all_all_the_same() {
    let site =
        Site::made("purpose = \"pod-antibiotics\"\n", "building,door,name\n1,101,Ann\n1,102,Kim\n").await;
    let round = server::people::id::RoundId::parse(site.round.rsplit('/').next().unwrap()).unwrap();
    let community = server::people::id::CommunityId::parse(site.rounds.split('/').nth(4).unwrap()).unwrap();
    assert!(aside(|| site.house.runs.book.round(community, round)).unwrap().definition.one_for_all);
}

#[tokio::test]
async fn whoever_was_erased_since_was_on_the_roll() {
    let site = Site::of(ROLL).await;
    lived(&site).await;
    let names = site.rounds.replace("rounds", "names");
    let all = site.ask(Method::GET, &format!("{names}?why=other"), None).await.json();
    let one = all.as_array().unwrap().iter().find(|of| of["name"] == "Eve").unwrap();
    let erased = format!("{names}/{}?why=erasure", one["id"].as_str().unwrap());
    assert_eq!(site.ask(Method::DELETE, &erased, None).await.status, StatusCode::OK);
    let evening = get(&site, "evening").await.json();
    assert_eq!((&evening["unlisted"], &evening["reach"]["people"]), (&json!(1), &json!(9)));
}

#[tokio::test]
async fn once_everybody_is_served_there_is_no_list_and_no_round_to_be_made() {
    let site = Site::of("building,door,name\n1,101,Ann\n").await;
    let (mut sampler, _) = site.phone("sampler", Some("sampling"), 3).await;
    let visit = sampler.bundle().doors[0].people[0].visit;
    let command = serve(&sampler, visit, 1);
    done(&mut sampler, &[command]);
    site.sync(&mut sampler).await;
    assert_eq!(get(&site, "missed").await.json(), json!({ "known": true, "doors": [] }));
    let evening = get(&site, "evening").await;
    assert_eq!(evening.json()["reach"]["done"], 1);
    let in_a_month = jiff::Timestamp::from_second(at().0 / 10_000 + 30 * 86_400).unwrap().to_string();
    let new = json!({
        "scenario": evening.string("scenario"), "retain_until": in_a_month[..10],
        "missed_of": site.round.rsplit('/').next().unwrap()
    });
    let refused = site.ask(Method::POST, &site.rounds, Some(new)).await;
    assert_eq!(refused.problem(), (409, "nobody_missed".to_owned()));
    // When the day of names is over, there are counts and no doors.
    let later = server::people::now() + 366 * 86_400;
    aside(|| site.house.runs.forget(later)).unwrap();
    let evening = get(&site, "evening").await.json();
    assert_eq!((&evening["reach"], &evening["entrances"]), (&Value::Null, &json!([])));
    assert_eq!(evening["review"]["served"], 1.0);
}

#[tokio::test]
async fn where_one_comes_for_all_a_household_is_served_or_missed_as_a_whole() {
    let roll = "building,door,name\n1,101,Ann\n1,101,Bob\n1,101,Eve\n1,102,Kim\n1,102,Lee\n";
    let site = Site::made("purpose = \"pod-antibiotics\"\n", roll).await;
    let (mut phone, _) = site.phone("sampler", Some("sampling"), 1).await;
    let door = &phone.bundle().doors[0];
    let (household, visit) = (door.household, door.people[1].visit);
    let arrive = Command::CheckIn {
        visit,
        household: Some(household),
        class: String::new(),
        guest: None,
        table: domain::command::Table { station: "registration".to_owned(), lane: 1, server: 1 },
    };
    done(&mut phone, &[arrive]);
    let item = Some(Thing { kind: "course".to_owned(), item: uuid::Uuid::from_u128(9), lot: None });
    let command = Command::Serve { visit, table: phone.table().unwrap().clone(), item };
    done(&mut phone, &[command]);
    site.sync(&mut phone).await;
    let evening = get(&site, "evening").await;
    let why = json!({ "not_called": 1 });
    assert_eq!(
        evening.json()["reach"],
        json!({ "doors": 2, "people": 5, "served": 3, "done": 1, "why": why }),
        "{}",
        evening.text()
    );
    let in_a_month = jiff::Timestamp::from_second(at().0 / 10_000 + 30 * 86_400).unwrap().to_string();
    let new = json!({
        "scenario": evening.string("scenario"), "retain_until": in_a_month[..10],
        "missed_of": site.round.rsplit('/').next().unwrap()
    });
    let made = site.ask(Method::POST, &site.rounds, Some(new)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let site = site.at_round(&made.string("id"));
    let (phone, _) = site.phone("registrar", Some("registration"), 2).await;
    let doors: Vec<(String, usize)> =
        phone.bundle().doors.iter().map(|door| (door.label(), door.people.len())).collect();
    assert_eq!(doors, [("1-102".to_owned(), 2)]);
}
