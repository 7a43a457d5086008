//! What a live board shows, and what is found as it becomes true.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/scenarios.rs"]
mod scenarios;

use domain::{Envelope, Event, Moment, Origin, Plan, Scenario};
use rehearse::{Luck, Purpose, Rehearsal};
use round::{Board, Finding, Live, Pressure, Round, WaveState};
use std::fmt::Write;
use uuid::Uuid;
use words::Language;

fn moment(second: i64) -> Moment {
    scenarios::opening() + second * 10_000
}

fn say(finding: &Finding) -> String {
    let key = format!("live.{}", finding.said.code);
    let sentence = words::say(Language::En, &key, &finding.said.args);
    assert!(sentence != key && !sentence.contains('{'), "{sentence}");
    sentence
}

/// Findings with the times at which they began and ended.
fn told(live: &Live) -> String {
    let mut told = String::new();
    for finding in live.findings() {
        let clock = |at: Moment| live.round().rules().clock(at);
        let until = finding.until.map_or_else(String::new, clock);
        writeln!(told, "{} to {until:5} {}", clock(finding.since), say(finding)).unwrap();
    }
    told
}

/// A site to which things are told.
struct Site {
    live: Live,
    told: u128,
}

impl Site {
    fn new(more: &str) -> Site {
        let scenario = scenarios::scenario(more);
        let (rules, calls) = scenarios::rules(&scenario, Some(&plan::waves(&scenario, 0.9)));
        Site { live: Live::new(rules, calls), told: 0 }
    }

    fn tell(&mut self, second: i64, event: Event) {
        self.told += 1;
        let (at, id) = (moment(second).rfc3339(), Uuid::from_u128(self.told));
        let (community_id, device) = (Uuid::nil(), Uuid::nil());
        let seq = self.told as u64;
        self.live.admit(&Envelope { id, community_id, device, seq, at, origin: Origin::Paper, event });
    }

    /// So many people in a queue.
    fn queue(&mut self, second: i64, people: std::ops::Range<u128>, station: &str, lane: u16) {
        for person in people {
            let visit = Uuid::from_u128(person);
            let class = if person == 3 { "green" } else { "general" }.to_owned();
            self.tell(second, Event::Arrived { visit, household: None, class, lane: Some(lane) });
            self.tell(second, Event::Queued { visit, station: station.to_owned(), lane });
        }
    }

    fn start(&mut self, second: i64, person: u128, station: &str, lane: u16, server: u32) {
        let visit = Uuid::from_u128(person);
        self.tell(second, Event::ServiceStarted { visit, station: station.to_owned(), lane, server });
    }

    fn board(&self, second: i64) -> Board {
        self.live.board(moment(second))
    }
}

#[test]
fn a_queue_is_told_with_its_waits_now_and_soon() {
    let mut site = Site::new(scenarios::TWO_LANES);
    site.tell(0, Event::RoundOpened);
    site.queue(60, 1..6, "registration", 1);
    site.start(90, 3, "registration", 1, 1);
    let board = site.board(150);
    let desk = &board.desks[0];
    assert_eq!(
        (desk.name.as_str(), desk.lane, desk.queue, desk.serving, desk.servers, desk.idle),
        ("registration", 1, 4, 1, Some(1), Some(0))
    );
    assert_eq!((desk.head_wait_min, desk.longest_wait_min), (Some(1.5), Some(1.5)));
    // Four people ahead and one at the table, fifteen seconds each.
    assert_eq!(desk.predicted_wait_min, Some(1.25));
    assert_eq!(desk.pressure, Pressure::Clear);
    assert_eq!(desk.now[0].person, 3);
    // Both samplers of lane 1 have nobody to serve; lane 2 has nobody before them.
    let starved: Vec<(String, u16)> =
        board.desks.iter().filter(|desk| desk.starved).map(|desk| (desk.name.clone(), desk.lane)).collect();
    assert_eq!(starved, [("sampling".to_owned(), 1)]);
    assert_eq!((board.at_site, board.counts.green, board.clock.as_str()), (5, 1, "07:02"));
    assert_eq!(board.now_serving(1).count(), 1);
    assert_eq!(site.live.round().green_here().collect::<Vec<_>>(), [3]);
}

#[test]
fn green_people_stand_before_the_others() {
    let mut site = Site::new(scenarios::TWO_LANES);
    site.queue(60, 1..5, "registration", 1);
    let counter = site.live.round().counters().values().next().unwrap();
    let queue: Vec<u128> = counter.queue().map(|waiting| waiting.visit.as_u128()).collect();
    assert_eq!(queue, [3, 1, 2, 4]);
    assert_eq!(site.board(60).desks[0].first, 1);
}

#[test]
fn nobody_is_served_before_the_staff_comes() {
    let mut site = Site::new(scenarios::TWO_LANES);
    site.queue(-600, 1..3, "registration", 1);
    let desk = &site.board(-600).desks[0];
    // Ten minutes to the opening, and two people of fifteen seconds.
    assert_eq!((desk.servers, desk.predicted_wait_min), (Some(0), Some(10.5)));
}

#[test]
fn a_queue_is_worked_off_at_the_pace_of_the_slowest_station() {
    let mut site = Site::new(scenarios::TWO_LANES);
    site.tell(0, Event::RoundOpened);
    site.queue(0, 1..41, "registration", 1);
    let nobody_called = round::Calls::default();
    let forecast = site.live.round().forecast(&nobody_called, moment(0), 12);
    // Four people a minute.
    assert_eq!(forecast[..4], [(0, 40.0), (1, 36.0), (2, 32.0), (3, 28.0)]);
    assert_eq!(forecast[12], (12, 0.0));
}

/// Twenty minutes ahead, against saying that the queue stays as it is: mean absolute errors in people, and the mean error.
fn forecast_errors(scenario: &Scenario, plan: &Plan) -> (f64, f64, f64) {
    const AHEAD: i64 = 20 * 600_000;
    let mut live = watched(scenario, plan, 0);
    let mut foretold: Vec<(Moment, f64, f64)> = Vec::new();
    let (mut forecast, mut stays, mut bias, mut looks) = (0.0, 0.0, 0.0, 0.0);
    for envelope in events(scenario, plan) {
        let at = Moment::parse(&envelope.at).unwrap();
        let seen = f64::from(live.round().counts().waiting);
        while foretold.first().is_some_and(|(due, ..)| *due <= at) {
            let (_, queue, before) = foretold.remove(0);
            forecast += (seen - queue).abs();
            stays += (seen - before).abs();
            bias += queue - seen;
            looks += 1.0;
        }
        if at >= scenarios::opening() && foretold.last().is_none_or(|(last, ..)| *last + 600_000 < at + AHEAD)
        {
            let queue = live.round().forecast(live.calls(), at, 20)[20].1;
            foretold.push((at + AHEAD, queue, seen));
        }
        live.admit(&envelope);
    }
    assert!(looks > 100.0);
    (forecast / looks, stays / looks, bias / looks)
}

#[test]
fn a_forecast_is_near_what_a_rehearsal_then_shows() {
    let scenario = scenarios::example("sunshine-garden");
    let (forecast, stays, bias) = forecast_errors(&scenario, &plan::broadcast(&scenario));
    println!("broadcast {forecast} {stays} {bias}");
    assert!(forecast < 30.0 && forecast < stays / 3.0, "{forecast} against {stays}, {bias}");
    let (forecast, stays, bias) = forecast_errors(&scenario, &plan::waves(&scenario, 0.9));
    println!("waves {forecast} {stays} {bias}");
    assert!(forecast < 15.0, "{forecast} against {stays}, {bias}");
}

fn events(scenario: &Scenario, plan: &Plan) -> Vec<Envelope> {
    let luck = Luck { seed: 7, purpose: Purpose::Rehearse };
    let rehearsal = Rehearsal::new(scenario, Some(plan));
    let at = |ticks| (scenarios::opening() + ticks).rfc3339();
    rehearse::events::replication_0(&rehearsal, scenario, luck, at)
}

/// The first so many events of a rehearsal.
fn watched(scenario: &Scenario, plan: &Plan, many: usize) -> Live {
    let (rules, calls) = scenarios::rules(scenario, Some(plan));
    let mut live = Live::new(rules, calls);
    events(scenario, plan).iter().take(many).for_each(|event| {
        live.admit(event);
    });
    live
}

#[test]
fn sunshine_garden_by_one_message_to_all_is_told_in_a_few_sentences() {
    let scenario = scenarios::example("sunshine-garden");
    insta::assert_snapshot!(told(&watched(&scenario, &plan::broadcast(&scenario), usize::MAX)));
}

#[test]
fn sunshine_garden_in_waves_is_told_in_a_few_sentences() {
    let scenario = scenarios::example("sunshine-garden");
    insta::assert_snapshot!(told(&watched(&scenario, &plan::waves(&scenario, 0.9), usize::MAX)));
}

#[test]
fn a_day_that_goes_wrong_is_told() {
    let mut site = Site::new(scenarios::TWO_LANES);
    // Nobody calls the first waves.
    site.tell(0, Event::RoundOpened);
    let first: Vec<u32> = site.live.calls().waves.iter().take(2).map(|wave| wave.number).collect();
    for (number, wave) in first.into_iter().enumerate() {
        site.tell(300, Event::HouseholdCalled { household: Uuid::from_u128(900 + number as u128), wave });
    }
    // All come to lane 1, more than the site has room for.
    site.queue(310, 1..260, "registration", 1);
    site.start(320, 1, "registration", 1, 1);
    site.tell(
        340,
        Event::Served { visit: Uuid::from_u128(1), station: "registration".to_owned(), lane: 1, server: 1 },
    );
    site.tell(
        341,
        Event::ItemGiven {
            visit: Uuid::from_u128(1),
            kind: "tube".to_owned(),
            item: Uuid::from_u128(0x412),
            lot: None,
        },
    );
    site.live.advance(moment(1600));
    // Most of them give up.
    for person in 2..259 {
        site.tell(
            1601,
            Event::Deferred { visit: Uuid::from_u128(person), station: "registration".to_owned() },
        );
    }
    site.tell(1700, Event::TubeSealed { item: Uuid::from_u128(0x412), people: 1 });
    site.live.advance(moment(2400));
    insta::assert_snapshot!(told(&site.live));
}

#[test]
fn waves_are_shown_as_far_as_they_are() {
    let mut site = Site::new(scenarios::TWO_LANES);
    let states = |site: &Site, second: i64| -> Vec<WaveState> {
        site.board(second).waves.iter().take(2).map(|wave| wave.state).collect()
    };
    let first = site.live.calls().waves[0].clone();
    let second = first.call_at / 10_000;
    assert_eq!(states(&site, second - 60), [WaveState::Coming, WaveState::Coming]);
    assert_eq!(states(&site, second)[0], WaveState::Due);
    for household in 0..first.households {
        site.tell(
            second + 5,
            Event::HouseholdCalled { household: Uuid::from_u128(u128::from(household)), wave: first.number },
        );
        let all = household + 1 == first.households;
        assert_eq!(states(&site, second + 5)[0], if all { WaveState::Called } else { WaveState::Calling });
    }
    let next = site.board(second + 5).next_call.unwrap();
    assert_eq!(next.wave, site.live.calls().waves[1].number);
}

#[test]
fn a_board_is_sent_as_plain_fields() {
    let mut site = Site::new(scenarios::TWO_LANES);
    site.queue(60, 1..2, "registration", 1);
    insta::assert_snapshot!(serde_json::to_string_pretty(&site.board(61).desks[0]).unwrap());
    let round: &Round = site.live.round();
    assert!(round.conflicts().is_empty());
}
