//! Random histories: the same facts come to the same in any order, what is open surfaces, what is over does not.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "city/city.rs"]
mod city;

use city::{CITY, City, DAY, HOUR, HUZHOU, MINUTE, NINGBO, control, desk, id, leader};
use domain::event::{Finding, Keeps};
use proptest::{prelude::*, strategy::ValueTree};
use std::collections::{BTreeMap, BTreeSet};
use teams::{
    Ask, By, Change, Close, Command, Deployment, Event, Fitness, Goods, Health, Heat, Lodging, Member,
    NearWhy, Offer, Role, Room, Rules, Shift, Stage, Step, Strength, Team, Teams, Told,
};
use uuid::Uuid;

/// What somebody does, by numbers that become ids of a small world.
type Does = (u8, u8, u8, u8);

const HOSTS: [Uuid; 2] = [CITY, HUZHOU];

/// What comes late in a life comes often, or it would hardly come at all.
const OFTEN: [u8; 50] = [
    0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15, 16, 16, 16, 17, 18, 18, 19, 19, 20, 21, 21, 22,
    22, 23, 24, 25, 26, 27, 28, 29, 29, 30, 31, 31, 31, 31, 32, 32, 32, 32, 32, 32, 33, 33,
];

/// How it begins, as far as a case lets it: a team is asked for, offered, committed, formed, there and at work.
const BEGINS: [Does; 20] = [
    (0, 0, 0, 2),
    (1, 0, 3, 9),
    (6, 0, 0, 9),
    (9, 0, 0, 1),
    (23, 0, 0, 0),
    (23, 0, 1, 0),
    (13, 0, 0, 2),
    (13, 1, 1, 1),
    (24, 0, 0, 0),
    (24, 0, 0, 2),
    (24, 0, 0, 3),
    (24, 0, 1, 4),
    (24, 0, 1, 5),
    (15, 0, 0, 0),
    (16, 0, 0, 0),
    (16, 1, 0, 0),
    (20, 0, 0, 0),
    (19, 0, 0, 2),
    (31, 0, 0, 2),
    (32, 0, 0, 0),
];

fn does() -> impl Strategy<Value = (i64, Does)> {
    (0..400i64, (prop::sample::select(&OFTEN[..]), 0..4u8, 0..4u8, 0..12u8))
}

/// A beginning, and anything after it.
fn any_case(most: usize) -> impl Strategy<Value = Vec<(i64, Does)>> {
    let begins =
        (0..=BEGINS.len()).prop_map(|until| BEGINS[..until].iter().map(|of| (4, *of)).collect::<Vec<_>>());
    (begins, prop::collection::vec(does(), 1..most)).prop_map(|(begins, more)| [begins, more].concat())
}

/// The command, and who gives it.
fn command(city: &City, (what, one, other, third): Does) -> (By, Command) {
    let now = city.now;
    let request = id(0xa0 + u128::from(one % 2));
    let host = HOSTS[usize::from(one % 2)];
    let offer = id(0xb0 + u128::from(one % 3));
    let deployment = id(0xe0 + u128::from(one % 3));
    let team = id(0xf0 + u128::from(other % 3));
    let member = id(0x100 + u128::from(third % 8));
    let shift = id(0x200 + u128::from(one));
    let change = id(0x300 + u128::from(one));
    let of = |nth: u128| {
        city.teams.deployment(deployment).map_or(HOSTS[0], |of| if nth == 0 { of.host } else { of.donor })
    };
    let step = |party, step| (desk(party), Command::Step { deployment, step });
    match what {
        0 => (
            desk(NINGBO),
            Command::Declare(Strength {
                donor: NINGBO,
                skill: "sampling".to_owned(),
                people: 30,
                reserve: u32::from(third),
            }),
        ),
        1..=3 => {
            let (from, until) = (Some(now + 2 * HOUR), Some(now + i64::from(other + 1) * DAY));
            let ask = Ask {
                id: request,
                host,
                asked: vec![NINGBO],
                number: u32::from(third) + 1,
                from,
                until,
                answer_by: from,
                ..city.ask(1)
            };
            (desk(host), Command::Request(ask))
        }
        4 => (desk(NINGBO), Command::Decline { request, donor: NINGBO }),
        5 => (desk(host), Command::CloseRequest { request, how: Close::Enough }),
        6..=8 => {
            let request = id(0xa0 + u128::from(other % 2));
            let offer = Offer {
                id: offer,
                request,
                donor: NINGBO,
                number: u32::from(third) + 1,
                from: now + HOUR,
                until: now + 3 * DAY,
            };
            (desk(NINGBO), Command::Offer(offer))
        }
        9..=11 => {
            let known = city.teams.offer(offer).map(|of| of.offer.clone());
            let host = known
                .as_ref()
                .and_then(|of| city.teams.request(of.request))
                .map_or(CITY, |of| of.request.host);
            let number = if third % 3 == 0 { 1 } else { known.map_or(1, |of| of.number) };
            (desk(host), Command::AcceptOffer { offer, number })
        }
        12 if other == 0 => (desk(NINGBO), Command::WithdrawOffer { offer }),
        12 => (desk(host), Command::DeclineOffer { offer }),
        13..=14 => {
            let number = u32::from(third % 3) + 1;
            let sent = Deployment {
                id: deployment,
                offer: id(0xb0 + u128::from(third / 4)),
                team,
                number,
                departs: now + HOUR,
                arrives: now + 4 * HOUR,
            };
            (desk(NINGBO), Command::Commit(sent))
        }
        15 => step(of(1), Step::Departed),
        16 => step(of(0), Step::Arrived),
        17 => step(of(0), if other == 0 { Step::Withdrawn } else { Step::Released }),
        18 => step(of(1), if other == 0 { Step::Cancelled } else { Step::Returned }),
        19 => {
            let rooms = vec![Room { number: "1".to_owned(), members: vec![member] }];
            (desk(of(0)), Command::Lodge { deployment, lodging: id(0x1d0), rooms })
        }
        20 => (desk(of(0)), Command::OpenLodging(Lodging { id: id(0x1d0), host: of(0), beds: 3 })),
        21 => {
            let what = if other < 2 { Change::Extend } else { Change::Return };
            let by = of(if other < 2 { 0 } else { 1 });
            (desk(by), Command::AskChange { change, deployment, what, until: now + i64::from(third) * DAY })
        }
        22 => (
            desk(if other < 2 { NINGBO } else { of(0) }),
            Command::AnswerChange { change, granted: third % 2 == 0 },
        ),
        23 => (
            desk(NINGBO),
            Command::Form(Team {
                id: team,
                donor: NINGBO,
                skill: "sampling".to_owned(),
                name: "队".to_owned(),
            }),
        ),
        24..=25 => (
            desk(NINGBO),
            Command::Join { team, member: Member { id: member, supervisor: third == 0, spared: third == 1 } },
        ),
        26 => (desk(NINGBO), Command::Leave { team, member }),
        27 => (
            leader(NINGBO),
            Command::Check { member, health: if other == 0 { Health::Ill } else { Health::Well } },
        ),
        28 => {
            let finding = if other == 0 { Finding::Positive } else { Finding::Negative };
            (control(NINGBO), Command::Test { member, taken: now + -HOUR, finding })
        }
        29 => (
            control(NINGBO),
            if other % 2 == 0 { Command::Isolate { member } } else { Command::Free { member } },
        ),
        30 => (desk(host), Command::Forecast(Heat { host, day: now, celsius: 28 + i16::from(third) })),
        31 => {
            let members = vec![member, id(0x100 + u128::from((third + 1) % 8))];
            let (from, until) = (now + HOUR, now + i64::from(other + 2) * HOUR);
            let planned = Shift {
                id: shift,
                team,
                members,
                from,
                until,
                bus: Some("1".to_owned()),
                ..city.shift(1, &[], 1, (0, 0), (1, 0))
            };
            (leader(NINGBO), Command::PlanShift(planned))
        }
        32 => {
            let by = leader(NINGBO);
            match other {
                0 | 1 => (by, Command::BeginShift { shift }),
                2 => (by, Command::EndShift { shift }),
                _ => (by, Command::DropShift { shift }),
            }
        }
        _ => {
            let shift = (other % 2 == 0).then_some(shift);
            let goods = Goods::ALL[usize::from(third) % 3];
            (leader(NINGBO), Command::Receive { team, shift, goods, count: 2 })
        }
    }
}

/// What happened, told of whatever the rules say; `None` of what has no such form.
fn fact(command: Command) -> Option<Event> {
    Some(match command {
        Command::Offer(offer) => Event::Offered { offer },
        Command::AcceptOffer { offer, number } => Event::OfferAccepted { offer, number },
        Command::DeclineOffer { offer } => Event::OfferDeclined { offer },
        Command::WithdrawOffer { offer } => Event::OfferWithdrawn { offer },
        Command::Commit(deployment) => Event::Committed { deployment },
        Command::Step { deployment, step } => Event::Stepped { deployment, step },
        Command::AskChange { change, deployment, what, until } => {
            Event::ChangeAsked { change, deployment, what, until }
        }
        Command::AnswerChange { change, granted } => Event::ChangeAnswered { change, granted },
        Command::Lodge { deployment, lodging, rooms } => Event::Lodged { deployment, lodging, rooms },
        Command::Join { team, member } => Event::Joined { team, member },
        Command::Leave { team, member } => Event::Left { team, member },
        Command::PlanShift(shift) => Event::ShiftPlanned { shift },
        Command::BeginShift { shift } => Event::ShiftBegan { shift },
        Command::EndShift { shift } => Event::ShiftEnded { shift },
        Command::Isolate { member } => Event::Isolated { member },
        _ => return None,
    })
}

/// The same of what is not told past the rules elsewhere.
fn any_fact(command: Command) -> Option<Event> {
    Some(match command {
        Command::Declare(strength) => Event::Declared { strength },
        Command::Decline { request, donor } => Event::Declined { request, donor },
        Command::CloseRequest { request, how } => Event::RequestClosed { request, how },
        Command::Check { member, health } => Event::Checked { member, health },
        Command::Test { member, taken, finding } => Event::Tested { member, taken, finding },
        Command::Free { member } => Event::Freed { member },
        Command::Forecast(heat) => Event::HeatForecast { heat },
        Command::DropShift { shift } => Event::ShiftDropped { shift },
        Command::Receive { team, shift, goods, count } => Event::Received { team, shift, goods, count },
        of => return fact(of),
    })
}

/// A party that nobody asked for anything, and its team.
const OUTSIDER: Uuid = Uuid::from_u128(0xbad);
const ITS_TEAM: Uuid = Uuid::from_u128(0xbad1);

/// The same identifier, as if it were the outsider's own.
fn claimed(event: &Event) -> Option<Event> {
    let mut event = event.clone();
    match &mut event {
        Event::Requested { request } => (request.host, request.number) = (OUTSIDER, 1),
        Event::Offered { offer } => (offer.donor, offer.number) = (OUTSIDER, 1),
        Event::Formed { team } => team.donor = OUTSIDER,
        Event::LodgingOpened { lodging } => (lodging.host, lodging.beds) = (OUTSIDER, 0),
        Event::Joined { team, .. } => *team = ITS_TEAM,
        Event::ShiftPlanned { shift } => shift.team = ITS_TEAM,
        Event::Received { team, .. } => *team = ITS_TEAM,
        _ => return None,
    }
    Some(event)
}

/// What an outsider tells of what is others': whatever they told, what they might tell, that their things were its own, their names and rules,
/// and which of their facts is true.
fn intrusions(city: &City, tries: &[(u8, Does)], role: Role) -> Vec<Told> {
    let by = By { party: OUTSIDER, role, person: Some(id(0x103)) };
    let team = Team { id: ITS_TEAM, donor: OUTSIDER, skill: "sampling".to_owned(), name: "X".to_owned() };
    let start = city::midnight() + -DAY;
    let mut all = vec![(start, desk(OUTSIDER), Event::Formed { team })];
    for &(kind, does) in tries {
        let of = |nth: u8| city.log.get(usize::from(nth) * 11 % city.log.len().max(1));
        let (Some(told), Some(other)) = (of(does.0), of(does.3)) else { continue };
        let at = told.at + (i64::from(does.2) - 2) * HOUR;
        let (at, event) = match kind {
            0 => (at, Some(told.event.clone())),
            // What nobody has, it may have.
            1 if city.teams.unplaced().chain(city.teams.aside()).any(|of| of == told.id) => continue,
            1 => (told.at.max(city.now), claimed(&told.event)),
            2 => (at, any_fact(command(city, does).1)),
            3 => {
                let keeps = [Keeps::First, Keeps::Second, Keeps::Both][usize::from(does.1) % 3];
                let mut conflicts = city.teams.conflicts().map(|of| of.pair());
                let (first, second) = conflicts.next().unwrap_or((told.id, other.id));
                (at, Some(Event::Settled { first, second, keeps }))
            }
            4 => (
                at,
                Some(Event::Named {
                    of: [CITY, id(0xf0), id(0x103)][usize::from(does.1) % 3],
                    name: "X".to_owned(),
                }),
            ),
            _ => {
                (at, Some(Event::RulesSet { host: CITY, rules: Rules { water_min: 0, ..Rules::default() } }))
            }
        };
        if let Some(event) = event {
            let by = if kind == 1 || kind == 3 { desk(OUTSIDER) } else { by };
            all.push((at, by, event));
        }
    }
    let told = all.into_iter().enumerate();
    told.map(|(nth, (at, by, event))| Told { id: id(7 << 100 | nth as u128), at, by, event }).collect()
}

/// All that counts for those who are not the outsider.
fn counts(teams: &Teams, at: domain::Moment) -> String {
    // What waits for something that an outsider claims counts as little as before, if for another reason.
    let is_out = |why| matches!(why, NearWhy::Unplaced | NearWhy::NotTheirs);
    let (out, near): (Vec<_>, Vec<_>) =
        teams.near(at).into_iter().filter(|of| of.turn.party != OUTSIDER).partition(|of| is_out(of.why));
    let out: BTreeSet<Uuid> = out.into_iter().map(|of| of.of).collect();
    let of_members: Vec<_> = (0..8).map(|nth| teams.member(id(0x100 + nth))).collect();
    let own: Vec<_> = teams.teams().filter(|of| of.0 != ITS_TEAM).collect();
    let names: Vec<_> = [CITY, id(0xf0), id(0x103)].into_iter().map(|of| teams.name(of)).collect();
    let hosts: Vec<_> = HOSTS.iter().map(|host| (teams.rules(*host), teams.heat(*host, at))).collect();
    format!(
        "{near:#?}\n{out:#?}\n{of_members:#?}\n{own:#?}\n{names:?}\n{hosts:#?}\n{:#?}",
        (
            teams.requests().collect::<Vec<_>>(),
            teams.offers().collect::<Vec<_>>(),
            teams.deployments().collect::<Vec<_>>(),
            teams.shifts().collect::<Vec<_>>(),
            teams.conflicts().collect::<Vec<_>>(),
            (teams.alarms(at), teams.exposed(at), teams.fitness(at)),
        )
    )
}

/// A day's work of both cities, some of it told past the rules.
fn history(asked: Vec<(i64, Does)>, raw: &[bool]) -> City {
    let mut city = City::default();
    for (nth, (minutes, does)) in asked.into_iter().enumerate() {
        city.later(minutes * MINUTE / 4);
        let (by, command) = command(&city, does);
        if raw.get(nth) == Some(&true) {
            if let Some(event) = fact(command) {
                city.tell(by, event);
            }
            continue;
        }
        let Ok(events) = city.teams.decide(city.now, &by, command.clone()) else { continue };
        for event in events {
            city.tell(by, event);
        }
        if !matches!(command, Command::Check { .. } | Command::Receive { .. }) {
            assert_eq!(city.teams.decide(city.now, &by, command.clone()), Ok(vec![]), "{command:?} twice");
        }
    }
    city
}

/// Histories that never come far would prove nothing.
#[test]
fn histories_have_all_kinds_of_facts() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..300 {
        let asked = any_case(160).new_tree(&mut runner).unwrap().current();
        for told in history(asked, &[]).log {
            let value = serde_json::to_value(&told).unwrap();
            let kind = value.get("step").unwrap_or(&value["type"]).as_str().unwrap().to_owned();
            *kinds.entry(kind).or_default() += 1;
        }
    }
    let rare: Vec<_> = kinds.iter().filter(|(_, number)| **number < 10).collect();
    assert!(rare.is_empty() && kinds.len() >= 32, "{kinds:?}");
}

fn is_told(city: &City, is: impl Fn(&Event) -> bool) -> bool {
    city.log.iter().any(|of| is(&of.event))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_is_open_surfaces_and_what_is_over_does_not(asked in any_case(140)) {
        let city = history(asked, &[]);
        let teams = &city.teams;
        prop_assert_eq!(teams.unplaced().count(), 0, "what is granted is placed");
        let far = city.now + 100 * DAY;
        let shown = |at| teams.near(at).into_iter().map(|of| of.of).collect::<BTreeSet<Uuid>>();
        let (soon, late) = (shown(city.now), shown(far));
        for of in teams.requests() {
            let id = of.request.id;
            let closed = is_told(&city, |of| matches!(of, Event::RequestClosed { request, .. } if *request == id));
            let taken = teams.offers().any(|of| of.offer.request == id && of.accepted() > 0);
            prop_assert!(closed || taken || late.contains(&id), "{of:?} stays unseen");
            prop_assert!(!closed || (!late.contains(&id) && !soon.contains(&id)), "{of:?} is over");
            prop_assert!(!soon.contains(&id) || late.contains(&id), "{of:?} falls off the list");
        }
        for of in teams.offers() {
            let id = of.offer.id;
            let answered = is_told(&city, |of| match of {
                Event::OfferAccepted { offer, .. } | Event::OfferDeclined { offer } | Event::OfferWithdrawn { offer } => *offer == id,
                _ => false,
            });
            prop_assert!(answered || late.contains(&id), "{of:?} stays unseen");
            let sent: u32 = teams.deployments().filter(|of| of.deployment.offer == id).map(|of| of.deployment.number).sum();
            let waits = of.accepted() > sent && of.ended.is_none();
            prop_assert_eq!(late.contains(&id), !answered || waits, "{:?}", of);
        }
        for of in teams.deployments() {
            let id = of.deployment.id;
            let home = is_told(&city, |of| matches!(of, Event::Stepped { deployment, step: Step::Returned } if *deployment == id));
            let left = is_told(&city, |of| matches!(of, Event::Stepped { deployment, step: Step::Departed | Step::Arrived } if *deployment == id));
            let cancelled = is_told(&city, |of| matches!(of, Event::Stepped { deployment, step: Step::Cancelled } if *deployment == id));
            let over = home || (cancelled && !left);
            prop_assert_eq!(late.contains(&id), !over, "{:?}", of);
            prop_assert!(!over || !soon.contains(&id), "{of:?} is over");
        }
        for of in teams.shifts() {
            let id = of.shift.id;
            let over = is_told(&city, |of| matches!(of, Event::ShiftEnded { shift } | Event::ShiftDropped { shift } if *shift == id));
            prop_assert_eq!(late.contains(&id), !over, "{:?}", of);
        }
        // Whoever is to be set apart is shown until they are at home, on their way, too.
        for at in [city.now, far] {
            let near = teams.near(at);
            for (id, _) in teams.fitness(at).iter().filter(|(_, of)| matches!(of, Fitness::ToIsolate { .. })) {
                let team = teams.member(*id).unwrap().team(at);
                let away = teams.deployments().any(|of| Some(of.deployment.team) == team && of.stage() != Stage::Over);
                prop_assert!(!away || near.iter().any(|of| of.of == *id && of.why == NearWhy::ToIsolate), "{id} travels unseen");
            }
        }
        // Whoever is there and was not checked is shown at all hours, until they are.
        let missing = |at| teams.near(at).into_iter().filter(|of| of.why == NearWhy::CheckMissing).map(|of| of.of).collect::<BTreeSet<Uuid>>();
        let hours: Vec<BTreeSet<Uuid>> = (0..24).map(|hour| missing(far + hour * HOUR)).collect();
        for of in teams.deployments().filter(|of| of.is_there(far)) {
            for member in teams.members_of(of.deployment.team, far) {
                let noon = city::midnight() + ((far - city::midnight()) / DAY * DAY) + 12 * HOUR;
                prop_assert!(hours.iter().all(|of| of.contains(&member.member.id)));
                let mut checked = teams.clone();
                let event = Event::Checked { member: member.member.id, health: Health::Well };
                checked.apply(&Told { id: Uuid::from_u128(9 << 100), at: noon, by: leader(NINGBO), event });
                prop_assert!(!checked.near(noon).iter().any(|of| of.of == member.member.id && of.why == NearWhy::CheckMissing));
            }
        }
    }

    /// Whoever tells what is not theirs changes nothing that counts, in whatever order it comes in; and it is seen.
    #[test]
    fn what_an_outsider_tells_counts_for_nothing(
        asked in any_case(120),
        raw in prop::collection::vec(any::<bool>(), 140),
        is_raw in any::<bool>(),
        tries in prop::collection::vec((0..6u8, does().prop_map(|of| of.1)), 1..24),
        role in prop::sample::select(Role::ALL),
        order in prop::collection::vec(any::<u32>(), 400),
    ) {
        let city = history(asked, if is_raw { &raw } else { &[] });
        let intruding = intrusions(&city, &tries, role);
        let mut mixed: Vec<(u32, &Told)> = order.iter().copied().cycle().zip(city.log.iter().chain(&intruding)).collect();
        mixed.sort_by_key(|(key, told)| (*key, told.id));
        let (mut there, mut read) = (Teams::default(), Teams::default());
        for (_, told) in &mixed {
            there.apply(told);
            read.apply(told);
            // Whoever reads between has the same in the end.
            read.aside().count();
        }
        prop_assert!(there == read);
        let mut last = city.teams.clone();
        intruding.iter().for_each(|of| last.apply(of));
        prop_assert!(there == last);
        let at = city.now + DAY;
        prop_assert_eq!(counts(&there, at), counts(&city.teams, at));
        let seen: BTreeSet<Uuid> = there.near(at + DAY).iter().filter(|of| of.why == NearWhy::NotTheirs).map(|of| of.of).collect();
        let waits: BTreeSet<Uuid> = there.unplaced().collect();
        for of in &intruding[1..] {
            prop_assert!(seen.contains(&of.id) || waits.contains(&of.id), "{of:?} counts");
        }
    }

    #[test]
    fn both_servers_come_to_the_same(
        asked in any_case(140),
        raw in prop::collection::vec(any::<bool>(), 160),
        keeps in prop::collection::vec(prop::sample::select(&[Keeps::First, Keeps::Second, Keeps::Both][..]), 6),
        order in prop::collection::vec(any::<u32>(), 400),
        skew in prop::collection::vec(-90..90i64, 400),
    ) {
        let mut city = history(asked, &raw);
        for keeps in keeps {
            let conflicts: Vec<_> = city.teams.conflicts().collect();
            let Some(of) = conflicts.first() else { break };
            for of in &conflicts {
                prop_assert!(city.teams.near(city.now).iter().any(|near| near.why == NearWhy::Conflict && near.of == of.of));
            }
            let (first, second) = of.pair();
            city.later(MINUTE);
            // Each takes back only what it told itself.
            let told = if keeps == Keeps::First { second } else { first };
            let party = city.log.iter().find(|of| of.id == told).unwrap().by.party;
            city.does(desk(party), Command::Settle { first, second, keeps });
            prop_assert!(city.teams.conflicts().all(|of| of.pair() != (first, second)), "it is settled");
        }
        // Clocks differ, facts come in any order, one by one or many at once, some of them twice.
        let mut facts: Vec<Told> = city.log.clone();
        for (told, minutes) in facts.iter_mut().zip(skew) {
            told.at = told.at + minutes * MINUTE;
        }
        let mut here = Teams::default();
        facts.iter().for_each(|of| here.apply(of));
        let mut mixed: Vec<(u32, &Told)> = order.iter().copied().cycle().zip(&facts).collect();
        mixed.sort_by_key(|(key, told)| (*key, told.id));
        let mut there = Teams::default();
        for (_, told) in &mixed {
            there.apply(told);
        }
        let (one, other) = mixed.split_at(mixed.len() / 2);
        let mut sync = Teams::default();
        sync.take_in(other.iter().map(|(_, told)| (*told).clone()));
        sync.take_in(one.iter().chain(other).map(|(_, told)| (*told).clone()));
        prop_assert!(here == there, "one by one");
        prop_assert!(here == sync, "many at once");
        for told in &facts {
            there.apply(told);
        }
        prop_assert!(here == there, "twice is once");
        let at = city.now + DAY;
        prop_assert_eq!(here.near(at), sync.near(at));
        for of in here.unplaced() {
            prop_assert!(here.near(at + DAY).iter().any(|near| near.of == of), "what cannot be placed is seen");
        }
        for of in here.conflicts() {
            prop_assert!(here.near(at + DAY).iter().any(|near| near.of == of.of && near.why == NearWhy::Conflict));
        }
        // What is written is read back.
        for told in &facts {
            let text = serde_json::to_string(told).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Told>(&text).unwrap(), told);
        }
    }
}
