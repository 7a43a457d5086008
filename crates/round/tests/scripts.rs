//! Days at a small site, told command by command: what is granted, and what is refused in which words.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/scenarios.rs"]
mod scenarios;

use domain::{
    Command, Event, Moment,
    command::{Table, Thing},
    event::{Gate, Guest, Keeps},
};
use round::{Round, Rules, Said};
use std::fmt::Write;
use uuid::Uuid;
use words::Language;

/// Names in scripts are short: a hexadecimal number is itself, anything else its letters.
fn id(name: &str) -> Uuid {
    let letters = || name.bytes().fold(1u128, |id, byte| id << 8 | u128::from(byte));
    Uuid::from_u128(u128::from_str_radix(name, 16).unwrap_or_else(|_| letters()))
}

fn say(said: &Said, prefix: &str, end: &str) -> String {
    let args: Vec<(&str, String)> = said
        .args
        .iter()
        .map(|(name, value)| {
            let word = value.strip_prefix('@').map(|key| words::say::<&str, &str>(Language::En, key, &[]));
            (*name, word.unwrap_or_else(|| value.clone()))
        })
        .collect();
    let key = format!("{prefix}.{}{end}", said.code);
    let sentence = words::say(Language::En, &key, &args);
    assert_ne!(sentence, key, "no words for it");
    assert!(!sentence.contains('{'), "{sentence}");
    sentence
}

fn moment(time: &str) -> Moment {
    Moment::parse(&format!("2022-03-28T{time}Z")).unwrap()
}

/// `station/lane/server` with what is not said taken as 0.
fn place(text: &str) -> (String, u16, u32) {
    let mut parts = text.split('/');
    let station = parts.next().unwrap().to_owned();
    let mut number = || parts.next().map_or(0, |part| part.parse::<u32>().unwrap());
    (station, number() as u16, number())
}

fn command(words: &[&str]) -> Command {
    let visit = words.get(1).map_or(Uuid::nil(), |name| id(name));
    let place = || place(words[2]);
    let (station, lane, server) = if words.get(2).is_some_and(|word| word.contains('/')) {
        place()
    } else {
        (words.get(2).map_or_else(String::new, |word| (*word).to_owned()), 0, 0)
    };
    let arrival = || {
        let lane = words.iter().find_map(|word| word.strip_prefix("lane")).map(|lane| lane.parse().unwrap());
        let household = words.iter().find_map(|word| word.strip_prefix("home=")).map(id);
        let class = if words.contains(&"green") { "green" } else { "general" };
        (visit, household, class.to_owned(), lane)
    };
    match words[0] {
        "open" => Command::OpenRound,
        "call" => Command::CallHousehold { household: visit, wave: words[2].parse().unwrap() },
        "arrive" => {
            let (visit, household, class, lane) = arrival();
            Command::Arrive { visit, household, class, lane }
        }
        "late" => {
            let (visit, household, class, lane) = arrival();
            Command::ArriveLate { visit, household, class, lane }
        }
        "queue" => Command::JoinQueue { visit, station, lane },
        "start" => Command::StartService { visit, station, lane, server },
        "finish" => Command::FinishService { visit, station, lane, server },
        "give" => Command::GiveItem { visit, kind: words[2].to_owned(), item: id(words[3]), lot: None },
        "seal" => Command::SealTube { item: visit },
        "watched" => Command::EndObservation { visit },
        "defer" => Command::Defer { visit, station },
        "away" => Command::TurnAway { visit, station },
        "leave" => Command::Leave { visit },
        "close" => Command::CloseRound,
        "checkin" => {
            let (visit, household, class, _) = arrival();
            let kind = |kind: &str| serde_json::from_value::<Guest>(kind.into()).unwrap();
            let guest = words.iter().find_map(|word| word.strip_prefix("guest=")).map(kind);
            Command::CheckIn { visit, household, class, guest, table: Table { station, lane, server } }
        }
        "serve" => {
            let thing = |name: &str| words.iter().find_map(|word| word.strip_prefix(name));
            let item = ["tube", "dose"].into_iter().find_map(|kind| {
                let item = id(thing(&format!("{kind}="))?);
                Some(Thing { kind: kind.to_owned(), item, lot: thing("lot=").map(str::to_owned) })
            });
            Command::Serve { visit, table: Table { station, lane, server }, item }
        }
        "answer" => {
            Command::AnswerCall { household: visit, answer: serde_json::from_value(words[2].into()).unwrap() }
        }
        "count" => Command::CountQueue { station, lane, people: words[3].parse().unwrap() },
        "in" => Command::CountPeople { gate: Gate::In, people: words[1].parse().unwrap() },
        "out" => Command::CountPeople { gate: Gate::Out, people: words[1].parse().unwrap() },
        "letgo" => Command::LetGo { visit },
        "card" => Command::TapCard {
            card: words[1].parse().unwrap(),
            table: words.get(2).map(|_| Table { station, lane, server }),
        },
        "link" => {
            let home = words.iter().find_map(|word| word.strip_prefix("home=")).map(id);
            let who = words.get(2).filter(|word| !word.contains('=')).map(|name| id(name));
            let instead = words.last() == Some(&"instead");
            Command::LinkCode { code: visit, visit: who, household: home, instead }
        }
        "recall" => Command::RecallLot { lot: words[1].to_owned() },
        "settle" => Command::SettleConflict { conflict: visit, keeps: Keeps::First },
        other => panic!("{other} is no command of a script"),
    }
}

/// Plays a script of commands, and says what came of each.
fn play(rules: Rules, script: &str) -> String {
    let mut round = Round::new(rules);
    let mut told = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = moment(words[0]);
        match round.decide(at, &command(&words[1..])) {
            Ok(events) => {
                let names: Vec<String> = events.iter().map(name).collect();
                writeln!(told, "{line:42} → {}", names.join(", ")).unwrap();
                events.iter().for_each(|event| round.apply(at, event));
            }
            Err(refusal) => {
                let said = refusal.said(round.rules());
                let (what, next) = (say(&said, "refusal", ""), say(&said, "refusal", ".next"));
                writeln!(told, "{line:42} ✗ {what} {next}").unwrap();
            }
        }
        assert!(round.conflicts().is_empty(), "{:?}", round.conflicts());
    }
    writeln!(told, "{:?}", round.counts()).unwrap();
    told
}

fn name(event: &Event) -> String {
    let json = serde_json::to_value(event).unwrap();
    match event {
        Event::TubeSealed { people, .. } => format!("TubeSealed with {people}"),
        _ => json["type"].as_str().unwrap().to_owned(),
    }
}

fn two_lanes() -> Rules {
    scenarios::rules(&scenarios::scenario(scenarios::TWO_LANES), None).0
}

#[test]
fn a_morning_as_it_should_be() {
    insta::assert_snapshot!(play(
        two_lanes(),
        "06:50:00 call 301 1
         06:58:00 arrive ann home=301 lane1
         06:58:10 queue ann registration/1
         07:00:00 open
         07:00:05 start ann registration/1/1
         07:00:20 finish ann registration/1/1
         07:00:20 queue ann sampling/1
         07:00:21 start ann sampling/1/2
         07:00:40 give ann tube 0412
         07:00:41 finish ann sampling/1/2
         07:00:50 leave ann
         07:01:00 arrive bob lane2
         07:01:00 queue bob registration/2
         07:02:00 finish bob registration/2/1
         07:02:00 defer bob sampling
         07:03:00 seal 0412
         07:04:00 close"
    ));
}

#[test]
fn the_doors_of_the_site() {
    insta::assert_snapshot!(play(
        two_lanes(),
        "06:40:00 close
         06:50:00 call 301 1
         06:51:00 call 301 2
         06:58:00 arrive ann lane1
         06:58:05 arrive ann lane1
         06:58:06 arrive bob lane3
         06:58:10 queue ann registration/1
         06:59:00 start ann registration/1/1
         07:00:00 open
         07:00:01 open
         08:59:00 late cho lane1
         09:00:00 arrive cho lane1
         09:00:00 queue cho registration/1
         09:00:01 arrive dan lane1
         09:00:01 late dan home=301 lane1
         09:00:02 queue dan registration/1
         09:00:03 start ann registration/1/1
         09:00:04 away ann registration
         09:00:04 away cho registration
         09:00:05 close
         09:00:06 away dan registration
         09:01:00 close
         09:02:00 call 302 1
         09:03:00 open"
    ));
}

#[test]
fn queues_and_services() {
    insta::assert_snapshot!(play(
        two_lanes(),
        "07:00:00 open
         07:00:00 queue ann registration/1
         07:00:01 arrive ann lane1
         07:00:02 queue ann sampling/1
         07:00:03 queue ann swabbing/1
         07:00:04 queue ann registration/7
         07:00:05 start ann registration/1/1
         07:00:06 queue ann registration/1
         07:00:07 queue ann registration/1
         07:00:07 queue ann registration/2
         07:00:07 queue ann registration/1
         07:00:08 start ann registration/2/1
         07:00:09 start ann sampling/1/1
         07:00:10 leave ann
         07:00:11 start ann registration/1/1
         07:00:12 arrive bob lane1
         07:00:12 queue bob registration/1
         07:00:13 start bob registration/1/1
         07:00:14 leave ann
         07:00:15 defer ann registration
         07:00:16 queue ann sampling/1
         07:00:17 finish ann registration/2/1
         07:00:18 finish ann registration/1/1
         07:00:19 start bob registration/1/1
         07:00:20 leave ann
         07:00:21 watched ann
         07:00:22 queue ann registration/1
         07:00:23 defer ann registration
         07:00:24 queue ann sampling/1"
    ));
}

#[test]
fn a_sealed_tube_takes_no_more_specimens() {
    let mut script = "07:00:00 open\n".to_owned();
    for who in ["ann", "bob", "cho", "dan", "eve"] {
        writeln!(script, "07:00:01 arrive {who} lane1\n07:00:01 queue {who} registration/1").unwrap();
        writeln!(script, "07:00:02 finish {who} registration/1/1\n07:00:03 queue {who} sampling/1").unwrap();
    }
    script += "07:01:00 give ann tube 0412
               07:01:01 start ann sampling/1/1
               07:01:02 seal 0412
               07:01:03 give ann dose 0412
               07:01:04 give ann tube 0412
               07:01:05 give ann tube 0413
               07:01:06 finish ann sampling/1/1
               07:01:07 finish bob sampling/1/1
               07:01:07 give bob tube 0412
               07:01:08 finish cho sampling/1/1
               07:01:08 give cho tube 0412
               07:01:09 finish dan sampling/1/1
               07:01:09 give dan tube 0412
               07:01:10 seal 0412
               07:01:11 seal 0412
               07:01:12 give dan tube 0412
               07:01:13 give dan tube 0413
               07:01:14 leave ann
               07:01:14 leave bob
               07:01:14 leave cho
               07:01:14 leave dan
               07:01:15 defer eve sampling
               07:01:16 close
               07:01:17 seal 0413
               07:01:18 close";
    insta::assert_snapshot!(play(two_lanes(), &script));
}

#[test]
fn a_clinic_with_chairs_a_shared_desk_and_doses() {
    let clinic = scenarios::scenario(
        r#"[site]
        lanes = 2
        [[site.station]]
        name = "desk"
        shared = true
        servers = 1
        unit = "household"
        service = { law = "constant", mean_s = 30 }
        [[site.station]]
        name = "jab"
        servers = 1
        observe_min = 20
        service = { law = "constant", mean_s = 60 }
        [waves]
        reaction = { law = "constant", mean_min = 5 }
        [arrivals]
        law = "waves"
        "#,
    );
    let mut rules = scenarios::rules(&clinic, None).0;
    rules.gives = Some(("dose".to_owned(), vec![1]));
    insta::assert_snapshot!(play(
        rules,
        "07:00:00 open
         07:00:00 arrive ann home=301 lane1
         07:00:00 arrive bob home=301 lane1
         07:00:00 arrive cho home=302 lane2
         07:00:01 queue ann desk/1
         07:00:01 queue ann desk/0
         07:00:01 queue bob desk/0
         07:00:01 queue cho desk/0
         07:00:02 start ann desk/0/1
         07:00:03 start bob desk/0/1
         07:00:03 start cho desk/0/1
         07:00:33 finish ann desk/0/1
         07:00:33 finish bob desk/0/1
         07:00:34 queue ann jab/1
         07:00:34 queue bob jab/1
         07:00:35 start cho desk/0/1
         07:00:36 start ann jab/1/1
         07:00:37 start bob jab/1/1
         07:00:38 give ann dose aa
         07:00:39 give ann dose ab
         07:01:36 finish ann jab/1/1
         07:01:37 start bob jab/1/1
         07:01:38 give bob dose aa
         07:05:00 watched ann
         07:21:35 leave ann
         07:21:36 leave ann"
    ));
}

const SITE_OF_CODES: &str = r#"[site]
        lanes = 1
        [[site.station]]
        name = "jab"
        servers = 1
        observe_min = 15
        service = { law = "constant", mean_s = 60 }
        [[site.station]]
        name = "desk"
        servers = 1
        service = { law = "constant", mean_s = 30 }
        [waves]
        reaction = { law = "constant", mean_min = 5 }
        [arrivals]
        law = "waves"
        "#;

/// A station after which people are watched, as a table works it: one step each.
#[test]
fn people_who_are_watched_are_let_go_and_cards_and_foreign_codes_are_known() {
    let clinic = scenarios::scenario(SITE_OF_CODES);
    insta::assert_snapshot!(play(
        scenarios::rules(&clinic, None).0,
        "07:00:00 open
         07:00:00 card 0
         07:00:00 card 1000
         07:00:00 card 7
         07:02:00 card 7 chair/1/1
         07:02:00 card 7 jab/1/1
         07:02:30 arrive ann lane1
         07:03:00 serve ann jab/1/1
         07:17:00 letgo ann
         07:18:00 letgo ann
         07:18:00 letgo ann
         07:18:00 letgo bob
         07:19:00 link c0de ann home=301
         07:19:00 link c0de ann home=301
         07:19:00 link c0de home=301
         07:19:00 link c0de home=302
         07:19:30 link c0de home=302 instead
         07:19:00 link d0de"
    ));
    let at = |minute: u32| moment(&format!("07:{minute:02}:00"));
    let mut round = Round::new(scenarios::rules(&clinic, None).0);
    let tap = |card, table: Option<&str>| Event::CardTapped {
        card,
        table: table.map(|name| Table { station: name.to_owned(), lane: 1, server: 1 }),
    };
    let rules = round.rules().clone();
    let awaited = |round: &Round, station: &str, at: Moment| round.cards().awaited(&rules, station, at);
    // Told in another order than it happened: the table's phone has a network, the entrance's has none.
    round.apply(at(22), &tap(3, Some("jab")));
    assert_eq!((round.cards().next(), round.cards().waited(&rules)), (1, None));
    round.apply(at(10), &tap(3, None));
    round.apply(at(12), &tap(4, None));
    assert_eq!((round.cards().next(), awaited(&round, "jab", at(23))), (5, vec![4]));
    assert_eq!(awaited(&round, "desk", at(23)), [3, 4]);
    assert_eq!(round.cards().waited(&rules), Some((at(22), 12 * 600_000)));
    assert_eq!(round.cards().back(&rules, at(23)), None);
    // Nobody tapped the fourth at the jab: it does not measure that queue, and is not awaited there any more.
    round.apply(at(24), &tap(4, Some("desk")));
    assert_eq!(awaited(&round, "jab", at(25)), [] as [u32; 0]);
    assert_eq!(round.cards().waited(&rules), Some((at(22), 12 * 600_000)));
    assert_eq!(round.cards().back(&rules, at(25)), Some(4), "it was shown where people leave");
    round.apply(at(30), &tap(3, None));
    assert_eq!(awaited(&round, "jab", at(31)), [3], "it is handed out again");
    assert_eq!(round.cards().next(), 5, "the fourth may still be out");
    let late = Moment(at(30).0 + 181 * 600_000);
    assert_eq!((awaited(&round, "jab", late), round.cards().back(&rules, late)), (vec![], Some(3)));
    // Who came home with it measures nothing, and who comes after it passes it by.
    round.apply(late, &tap(3, Some("jab")));
    assert_eq!(round.cards().waited(&rules), None);
    for (card, minute) in [(6, 40), (7, 41), (8, 42)] {
        round.apply(at(minute), &tap(card, None));
    }
    round.apply(at(50), &tap(7, Some("jab")));
    assert_eq!(awaited(&round, "jab", at(51)), [3, 6, 8]);
    round.apply(at(52), &tap(8, Some("jab")));
    assert_eq!(awaited(&round, "jab", at(53)), [] as [u32; 0], "two went past them");
    assert_eq!(awaited(&round, "desk", at(53)), [3, 6, 7, 8]);
}

#[test]
fn whose_a_code_is_can_be_corrected() {
    let site = scenarios::scenario(SITE_OF_CODES);
    let at = |minute: u32| moment(&format!("07:{minute:02}:00"));
    let mut round = Round::new(scenarios::rules(&site, None).0);
    let link = |visit: Option<&str>, household: &str, instead| Event::CodeLinked {
        code: id("c0de"),
        visit: visit.map(id),
        household: Some(id(household)),
        instead,
    };
    let whose = |round: &Round| {
        let whose = round.of_code(id("c0de")).unwrap();
        (whose.visit, whose.household.unwrap())
    };
    round.apply(at(20), &link(None, "302", false));
    round.apply(at(21), &link(None, "302", false));
    assert_eq!(round.conflicts(), []);
    // One of the household says it more exactly, and the household does not say it otherwise.
    round.apply(at(22), &link(Some("ann"), "302", false));
    round.apply(at(19), &link(None, "302", false));
    assert_eq!((round.conflicts(), whose(&round)), (&[][..], (Some(id("ann")), id("302"))));
    round.apply(at(9), &link(None, "301", false));
    assert_eq!(whose(&round), (None, id("301")), "the earlier one counts");
    round.apply(
        at(23),
        &Event::Arrived { visit: id("ann"), household: Some(id("302")), class: String::new(), lane: None },
    );
    let conflict = round.conflicts()[0].clone();
    assert_eq!(
        say(&conflict.said(&round), "conflict", ""),
        "A card of another system (C0DE) was linked to No. 1 (07:22) and to No. 0301 (07:09)."
    );
    // Settling says which, and nobody need settle what was linked anew at a table.
    let settled = |keeps| Event::ConflictSettled { conflict: conflict.id(), keeps };
    round.apply(at(30), &settled(Keeps::First));
    assert_eq!(whose(&round), (Some(id("ann")), id("302")));
    round.apply(at(31), &settled(Keeps::Second));
    assert_eq!(whose(&round), (None, id("301")));
    round.apply(at(40), &link(Some("bob"), "303", true));
    assert_eq!((round.conflicts(), whose(&round)), (&[][..], (Some(id("bob")), id("303"))));
    // What a phone without a network had said before comes in later.
    round.apply(at(35), &link(None, "304", false));
    assert_eq!((round.conflicts(), whose(&round)), (&[][..], (Some(id("bob")), id("303"))));
    round.apply(at(45), &link(None, "304", false));
    assert_eq!((round.conflicts().len(), whose(&round)), (1, (Some(id("bob")), id("303"))));
}

#[test]
fn facts_that_contradict_each_other_are_kept() {
    let visit = |name: &str| id(name);
    let at = |second: u32| moment(&format!("07:{:02}:{:02}", second / 60, second % 60));
    let arrived = |name: &str| Event::Arrived {
        visit: visit(name),
        household: None,
        class: "general".to_owned(),
        lane: Some(1),
    };
    let (station, lane) = ("sampling".to_owned(), 1);
    let started = |name: &str, server| Event::ServiceStarted {
        visit: visit(name),
        station: station.clone(),
        lane,
        server,
    };
    let served =
        |name: &str, server| Event::Served { visit: visit(name), station: station.clone(), lane, server };
    let given = |name: &str, tube: u128| Event::ItemGiven {
        visit: visit(name),
        kind: "tube".to_owned(),
        item: Uuid::from_u128(tube),
        lot: None,
    };
    let sealed = |tube: u128, people| Event::TubeSealed { item: Uuid::from_u128(tube), people };
    let facts = vec![
        (10, arrived("ann")),
        (11, arrived("bob")),
        (20, started("ann", 1)),
        // Another table says that it serves the same person.
        (21, started("ann", 2)),
        (30, served("ann", 2)),
        // The same told again is no news.
        (30, served("ann", 2)),
        (31, served("ann", 1)),
        // One table, two people.
        (40, started("bob", 2)),
        (41, started("cho", 2)),
        (42, served("cho", 2)),
        (50, given("ann", 0x412)),
        (51, given("ann", 0x413)),
        (52, sealed(0x412, 1)),
        (53, given("bob", 0x412)),
        (54, sealed(0x412, 2)),
        // Recorded before the seal by another device, and counted by who sealed it.
        (55, sealed(0x414, 2)),
        (49, given("bob", 0x414)),
        (49, given("dan", 0x414)),
        (60, Event::Left { visit: visit("ann") }),
        (61, Event::Deferred { visit: visit("ann"), station: "sampling".to_owned() }),
        (62, started("ann", 1)),
        (63, Event::Served { visit: visit("eve"), station: "booth".to_owned(), lane: 1, server: 1 }),
        (64, arrived("bob")),
        // The arrival comes in after all: no conflict any more.
        (5, arrived("cho")),
        (70, given("fay", 0x415)),
        (71, given("gil", 0x415)),
        (72, given("hal", 0x415)),
        (73, given("ian", 0x415)),
    ];
    let mut round = Round::new(two_lanes());
    for (second, event) in &facts {
        round.apply(at(*second), event);
    }
    let conflicts: Vec<String> =
        round.conflicts().iter().map(|conflict| say(&conflict.said(&round), "conflict", "")).collect();
    insta::assert_snapshot!(conflicts.join("\n"));
}

#[test]
fn what_comes_in_late_takes_nobody_back() {
    let mut round = Round::new(two_lanes());
    let (ann, station) = (id("ann"), "registration".to_owned());
    round.apply(moment("07:10:00"), &Event::Queued { visit: ann, station: "sampling".to_owned(), lane: 1 });
    assert_eq!(round.conflicts().len(), 1);
    // The registrar's phone had no network for a while.
    round.apply(
        moment("07:05:00"),
        &Event::Arrived { visit: ann, household: None, class: "green".to_owned(), lane: Some(1) },
    );
    round.apply(moment("07:05:00"), &Event::Queued { visit: ann, station: station.clone(), lane: 1 });
    round.apply(
        moment("07:06:00"),
        &Event::ServiceStarted { visit: ann, station: station.clone(), lane: 1, server: 1 },
    );
    round.apply(moment("07:09:00"), &Event::Served { visit: ann, station, lane: 1, server: 1 });
    assert!(round.conflicts().is_empty(), "{:?}", round.conflicts());
    let counts = round.counts();
    assert_eq!((counts.arrived, counts.waiting, counts.serving, counts.green), (1, 1, 0, 1));
    assert!(round.visit(ann).unwrap().has_passed(0));
    // A slow clock: the sampler's phone is five minutes behind, and still the person goes on.
    round.apply(
        moment("07:06:00"),
        &Event::ServiceStarted { visit: ann, station: "sampling".to_owned(), lane: 1, server: 2 },
    );
    assert_eq!((round.counts().waiting, round.counts().serving), (0, 1));
    assert_eq!(round.visit(ann).unwrap().stands.since(), moment("07:10:00"));
}

#[test]
fn a_table_does_all_that_belongs_to_a_person_in_one_step() {
    insta::assert_snapshot!(play(
        two_lanes(),
        "06:50:00 call 301 1
         06:50:30 answer 301 coming
         06:51:00 answer 302 not_at_home
         06:58:00 checkin ann registration/1/1 home=301
         06:58:20 checkin ann registration/1/1 home=301
         06:58:30 checkin bob registration/3/1
         06:58:40 checkin bob registration/1/1 green guest=tenant
         06:58:50 checkin cho registration/1/1
         06:58:55 checkin dan registration/1/1
         06:59:00 count - registration/1 12
         06:59:00 count - swabbing/1 12
         07:00:00 open
         07:00:30 serve ann sampling/1/1 tube=0412
         07:00:40 serve ann sampling/1/1 tube=0412
         07:00:45 serve ann sampling/2/1 tube=0413
         07:00:50 serve bob sampling/1/2 dose=9
         07:01:00 serve bob sampling/1/2 tube=0412
         07:01:10 serve cho sampling/1/2 tube=0412
         07:01:20 serve dan sampling/1/2 tube=0412
         07:02:00 in 4
         07:02:10 out 3
         07:03:00 settle 1
         09:00:01 checkin fay registration/1/1"
    ));
}

#[test]
fn a_lot_that_is_expired_or_recalled_is_given_to_nobody() {
    let mut rules = two_lanes();
    rules.gives = Some(("dose".to_owned(), vec![1]));
    let lot = |name: &str, expires: Option<&str>, recalled| round::Lot {
        name: name.to_owned(),
        expires: expires.map(moment),
        recalled,
    };
    rules.lots = vec![lot("A7", None, false), lot("B2", Some("08:00:00"), false), lot("C1", None, true)];
    insta::assert_snapshot!(play(
        rules,
        "06:58:00 checkin ann registration/1/1
         07:00:00 open
         07:00:10 serve ann sampling/1/1 dose=1
         07:00:20 serve ann sampling/1/1 dose=1 lot=D9
         07:00:30 serve ann sampling/1/1 dose=1 lot=C1
         07:00:40 serve ann sampling/1/1 dose=1 lot=B2
         07:30:00 checkin bob registration/1/1
         08:00:00 serve bob sampling/1/1 dose=2 lot=B2
         08:00:10 recall A7
         08:00:20 serve bob sampling/1/1 dose=2 lot=A7"
    ));
}
