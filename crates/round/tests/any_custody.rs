//! Random ways of tubes: what is granted holds the invariants, and what is told comes to the same in whatever order it
//! comes in.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/scenarios.rs"]
mod scenarios;

use domain::{
    Command, Envelope, Event, Moment, Origin,
    event::{CallBack, Finding, Holder, HolderKind, Reason},
};
use proptest::prelude::*;
use round::{BatchNow, Conflict, Round, Rules, TubeCounts};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};
use uuid::Uuid;

static RULES: LazyLock<Rules> =
    LazyLock::new(|| scenarios::rules(&scenarios::scenario(scenarios::TWO_LANES), None).0);

const TUBES: u128 = 6;

fn id(of: u128, number: u128) -> Uuid {
    Uuid::from_u128(of << 64 | number)
}

fn uuid(of: u128, many: u128) -> impl Strategy<Value = Uuid> {
    (0..many).prop_map(move |number| id(of, number))
}

fn tube() -> impl Strategy<Value = Uuid> {
    uuid(3, TUBES + 2)
}

fn tubes() -> impl Strategy<Value = Vec<Uuid>> {
    prop::collection::vec(tube(), 0..4)
}

fn holder() -> impl Strategy<Value = Holder> {
    let kind = prop_oneof![Just(HolderKind::Site), Just(HolderKind::Courier), Just(HolderKind::Lab)];
    (kind, uuid(6, 2)).prop_map(|(kind, id)| Holder { kind, id })
}

fn finding() -> impl Strategy<Value = Finding> {
    prop_oneof![
        3 => Just(Finding::Negative),
        2 => Just(Finding::Positive),
        1 => Just(Finding::Inconclusive),
        1 => Just(Finding::Invalid),
    ]
}

fn call() -> impl Strategy<Value = CallBack> {
    prop_oneof![Just(CallBack::Reached), Just(CallBack::NotReached), Just(CallBack::Refused)]
}

/// Each person is in the tube of their number.
fn visit() -> impl Strategy<Value = Uuid> {
    uuid(1, TUBES * 2)
}

fn command() -> impl Strategy<Value = Command> {
    let (report, batch) = (|| uuid(7, 9), || uuid(5, 3));
    let reason = proptest::option::of(Just(Reason::Retested));
    prop_oneof![
        4 => (batch(), tubes()).prop_map(|(batch, tubes)| Command::SealBatch { batch, tubes }),
        4 => (batch(), holder(), proptest::option::of(holder()), 0..4u32, any::<bool>()).prop_map(
            |(batch, by, from, tubes, counted)| Command::ReceiveBatch { batch, by, from, tubes, counted }
        ),
        2 => (batch(), tubes(), tubes(), tubes()).prop_map(|(batch, missing, spoiled, extra)| {
            Command::OpenBatch { batch, missing, spoiled, extra }
        }),
        2 => (tube(), 0..3u8).prop_map(|(item, alias)| Command::NameTube {
            item,
            alias: alias.to_string(),
            issuer: "city".to_owned(),
        }),
        9 => (report(), tube(), finding(), proptest::option::of(report()), reason).prop_map(
            |(report, item, finding, instead_of, reason)| Command::ReportResult {
                report,
                item,
                finding,
                lab: id(8, 0),
                by: id(8, 1),
                instead_of,
                reason,
            }
        ),
        6 => (prop::collection::vec(report(), 0..4), uuid(9, 3))
            .prop_map(|(reports, by)| Command::ReleaseResults { reports, by }),
        1 => (visit(), call(), proptest::option::of(report())).prop_map(|(visit, outcome, report)| {
            Command::RecordCallBack { visit, outcome, by: id(9, 0), report }
        }),
        2 => (visit(), uuid(4, 4)).prop_map(|(visit, item)| Command::Resample { visit, item }),
    ]
}

/// What a phone tells that was away: as if every rule had let it.
fn fact(command: Command) -> Event {
    match command {
        Command::SealBatch { batch, tubes } => Event::BatchSealed { batch, tubes },
        Command::ReceiveBatch { batch, by, from, tubes, .. } => {
            Event::BatchReceived { batch, by, from, tubes }
        }
        Command::OpenBatch { batch, missing, spoiled, extra } => {
            Event::BatchOpened { batch, missing, spoiled, extra }
        }
        Command::NameTube { item, alias, issuer } => Event::TubeNamed { item, alias, issuer },
        Command::ReportResult { report, item, finding, lab, by, instead_of, reason } => {
            Event::ResultReported { report, item, finding, lab, by, instead_of, reason }
        }
        Command::ReleaseResults { reports, by } => Event::ResultsReleased { reports, by },
        Command::RecordCallBack { visit, outcome, by, report } => {
            Event::CalledBack { visit, outcome, by, report }
        }
        Command::Resample { visit, item } => Event::Resampled { visit, item },
        other => panic!("{other:?}"),
    }
}

fn told(number: usize, second: i64, event: Event) -> Envelope {
    Envelope {
        id: Uuid::from_u128(number as u128 + 1),
        community_id: Uuid::nil(),
        device: id(6, number as u128 % 3),
        seq: number as u64,
        at: (scenarios::opening() + second * 10_000).rfc3339(),
        origin: Origin::Real,
        event,
    }
}

/// Two people in each tube, and the tubes sealed but for the last.
fn swabs() -> Vec<Envelope> {
    let mut events = Vec::new();
    for tube in 0..TUBES {
        for person in 0..2 {
            let visit = id(1, tube * 2 + person);
            events.push(Event::Arrived { visit, household: None, class: String::new(), lane: Some(1) });
            events.push(Event::ItemGiven { visit, kind: "tube".to_owned(), item: id(3, tube), lot: None });
        }
        if tube + 1 < TUBES {
            events.push(Event::TubeSealed { item: id(3, tube), people: 2 });
        }
    }
    let numbered = events.into_iter().enumerate();
    numbered.map(|(number, event)| told(10_000 + number, number as i64, event)).collect()
}

fn hear(round: &mut Round, told: &[Envelope]) {
    told.iter().for_each(|of| {
        round.admit(of);
    });
}

/// Everything that is read of tubes.
type Reading = (
    Vec<(
        Uuid,
        Option<round::TubeAt>,
        Option<Uuid>,
        Option<round::TubeResult>,
        Vec<round::Reported>,
        Vec<round::WayStep>,
    )>,
    Vec<BatchNow>,
    Vec<round::Alarm>,
    Vec<round::ToCall>,
    Vec<Option<round::Outcome>>,
    BTreeMap<Uuid, Conflict>,
    TubeCounts,
    Vec<Option<Uuid>>,
);

fn read(round: &Round, now: Moment) -> Reading {
    let tubes = round.all_tubes().collect::<BTreeSet<Uuid>>().into_iter();
    let tubes = tubes.map(|item| {
        (
            item,
            round.tube_at(item),
            round.box_of(item),
            round.result(item),
            round.reports(item),
            round.way(item),
        )
    });
    (
        tubes.collect(),
        round.batches().collect(),
        round.alarms(now),
        round.to_call(),
        (0..TUBES * 2).map(|visit| round.outcome(id(1, visit))).collect(),
        round.conflicts().iter().map(|of| (of.id(), of.clone())).collect(),
        round.tube_counts(),
        (0..3).map(|alias| round.named("city", &alias.to_string())).collect(),
    )
}

/// What is true whatever was told.
fn nothing_is_lost(round: &Round) {
    let mut boxes: BTreeMap<Uuid, usize> = BTreeMap::new();
    for item in round.all_tubes() {
        // A tube is in one place.
        *boxes.entry(item).or_default() += usize::from(round.box_of(item).is_some());
        assert!(boxes[&item] <= 1);
        let result = round.result(item);
        let reports = round.reports(item);
        // What is released was reported, and holds; and what is not negative was released by two.
        if let Some(of) = &result {
            assert!(reports.iter().any(|known| known.report == of.report && known.superseded_by.is_none()));
            if of.released.is_some() {
                assert!(!of.disputed && !of.by.is_empty());
                assert!(of.report.finding == Finding::Negative || of.by.len() >= 2);
            }
        }
        // Nothing takes the place of two reports, nor of itself.
        let mut by: Vec<Uuid> = reports.iter().filter_map(|of| of.superseded_by).collect();
        assert!(reports.iter().all(|of| of.superseded_by != Some(of.report.report)));
        let all = by.len();
        by.sort_unstable();
        by.dedup();
        assert_eq!(all, by.len());
    }
    let TubeCounts { open, sealed, loose, boxed, on_the_way, at_lab, missing, with_result, released } =
        round.tube_counts();
    assert_eq!(sealed, loose + boxed + on_the_way + at_lab + missing);
    assert_eq!((open + sealed) as usize, round.all_tubes().count());
    assert!(released <= with_result && with_result <= sealed);
    for call in round.to_call() {
        assert_ne!(call.finding, Finding::Negative);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_is_granted_contradicts_nothing(asked in prop::collection::vec((0..400i64, command()), 1..120)) {
        let mut round = Round::new(RULES.clone());
        hear(&mut round, &swabs());
        let mut second = 100;
        for (number, (pause, command)) in asked.into_iter().enumerate() {
            second += pause;
            let at = scenarios::opening() + second * 10_000;
            // Whoever is said to have given it, and is not known to have had it, is a contradiction to be settled.
            let command = match command {
                Command::ReceiveBatch { batch, by, tubes, counted, .. } => {
                    Command::ReceiveBatch { batch, by, from: None, tubes, counted }
                }
                other => other,
            };
            let Ok(events) = round.decide(at, &command) else { continue };
            // Asked again, it is known already, or a second person is asked for.
            for event in events {
                let before = round.clone();
                round.admit(&told(number, second, event));
                prop_assert_ne!(&before, &round);
            }
            let again = round.decide(at, &command);
            let repeats = matches!(command, Command::RecordCallBack { .. });
            let second_person = matches!(again, Err(round::Refusal::SecondPerson { .. }));
            // An amendment that is told again is the report itself; what was opened once is opened once more if it is corrected.
            prop_assert!(repeats || second_person || again == Ok(Vec::new()), "{:?}: {:?}", command, again);
            prop_assert!(round.conflicts().is_empty(), "{:?}: {:?}", command, round.conflicts());
            let boxes: Vec<BatchNow> = round.batches().collect();
            for item in round.all_tubes() {
                prop_assert!(boxes.iter().filter(|of| of.tubes.contains(&item)).count() <= 1);
            }
            nothing_is_lost(&round);
        }
    }

    #[test]
    fn what_is_told_comes_to_the_same_in_any_order(
        facts in prop::collection::vec((0..40_000i64, command()), 1..60),
        order in prop::collection::vec(any::<u32>(), 140),
        twice in any::<bool>(),
    ) {
        let mut all = swabs();
        let facts = facts.into_iter().enumerate();
        all.extend(facts.map(|(number, (second, command))| told(number, second, fact(command))));
        let now = scenarios::opening() + 300_000_000;
        let mut straight = Round::new(RULES.clone());
        for of in &all {
            straight.admit(of);
            nothing_is_lost(&straight);
        }
        // People come in tubes before they are called back: what is known of a person is not of tubes.
        let (people, mut tubes): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|of| matches!(of.event, Event::Arrived { .. }));
        let mut place = order.iter().cycle();
        tubes.sort_by_cached_key(|_| *place.next().unwrap());
        let mut shuffled = Round::new(RULES.clone());
        hear(&mut shuffled, &people);
        for of in &tubes {
            shuffled.admit(of);
            if twice {
                shuffled.admit(of);
            }
            nothing_is_lost(&shuffled);
        }
        prop_assert_eq!(custody(read(&straight, now)), custody(read(&shuffled, now)));
    }
}

/// Without contradictions about who is in a tube: of those the journal's order decides.
fn custody(mut of: Reading) -> Reading {
    let tubes = |of: &Conflict| {
        !matches!(of, Conflict::TubeGrew { .. } | Conflict::TwoSeals { .. } | Conflict::TubeOverfull { .. })
    };
    of.5.retain(|_, conflict| tubes(conflict));
    of
}

#[test]
fn a_lab_that_was_away_for_a_day_sends_everything_at_once_and_a_long_list_is_quick() {
    const MANY: u32 = 20_000;
    let mut round = Round::new(RULES.clone());
    let rows: Vec<(Moment, Command)> = (0..MANY)
        .map(|number| {
            let report = Command::ReportResult {
                report: id(7, u128::from(number)),
                item: id(3, u128::from(number)),
                finding: if number % 1000 == 7 { Finding::Positive } else { Finding::Negative },
                lab: id(8, 0),
                by: id(8, 1),
                instead_of: None,
                reason: None,
            };
            (scenarios::opening() + i64::from(number), report)
        })
        .collect();
    // A result before anybody has heard of the tube: refused at the desk, kept where it was told.
    let decide = |round: &Round| round.decide_results(rows.iter().map(|(at, row)| (*at, row)));
    assert!(decide(&round).iter().all(|of| matches!(of, Err(round::Refusal::TubeUnfilled { .. }))));
    for number in 0..MANY {
        let (visit, item) = (id(1, u128::from(number)), id(3, u128::from(number)));
        round.apply(
            scenarios::opening(),
            &Event::ItemGiven { visit, kind: "tube".to_owned(), item, lot: None },
        );
    }
    let granted = decide(&round);
    assert!(granted.iter().all(|of| of.as_ref().is_ok_and(|events| events.len() == 1)));
    for ((at, _), events) in rows.iter().zip(granted) {
        events.unwrap().iter().for_each(|event| round.apply(*at, event));
    }
    assert!(decide(&round).iter().all(|of| *of == Ok(Vec::new())), "known already");
    // Within one list, each row is decided on those before it.
    let row = |report, finding| Command::ReportResult {
        report: id(7, report),
        item: id(3, 1),
        finding,
        lab: id(8, 0),
        by: id(8, 1),
        instead_of: (report == 900_002).then(|| id(7, 900_001)),
        reason: (report == 900_002).then_some(Reason::Retested),
    };
    let mut amended = row(900_001, Finding::Positive);
    if let Command::ReportResult { instead_of, reason, .. } = &mut amended {
        (*instead_of, *reason) = (Some(id(7, 1)), Some(Reason::PlateSwapped));
    }
    let list = [
        amended,
        row(900_003, Finding::Positive),
        row(900_002, Finding::Negative),
        row(900_004, Finding::Positive),
    ];
    let at = scenarios::opening() + 10_000_000;
    let told: Vec<Result<usize, &str>> = round
        .decide_results(list.iter().map(|row| (at, row)))
        .into_iter()
        .map(|of| of.map(|events| events.len()).map_err(|refusal| refusal.said(round.rules()).code))
        .collect();
    assert_eq!(told, [Ok(1), Ok(0), Ok(1), Err("other_result")]);
    // A whole list needs a second person, in however many pieces it is let out.
    let reports: Vec<Uuid> = (0..60).filter(|of| *of != 7).map(|of| id(7, of)).collect();
    for (number, piece) in reports.chunks(30).enumerate() {
        let release = Command::ReleaseResults { reports: piece.to_vec(), by: id(9, 1) };
        let at = at + number as i64 * 10_000;
        let events = round.decide(at, &release).unwrap();
        events.into_iter().for_each(|event| {
            round.admit(&Envelope { at: at.rfc3339(), ..told_by_desk(number, event) });
        });
    }
    let out = |round: &Round| reports.iter().filter(|of| released(round, **of)).count();
    assert_eq!(out(&round), 30, "the second piece is one too many for one person");
    let release = Command::ReleaseResults { reports: reports.clone(), by: id(9, 2) };
    let events = round.decide(at + 20_000, &release).unwrap();
    assert!(matches!(&events[..], [Event::ResultsReleased { reports, .. }] if reports.len() == 29));
    hear(&mut round, &events.into_iter().map(|event| told_by_desk(9, event)).collect::<Vec<_>>());
    assert_eq!(out(&round), 59);
}

fn told_by_desk(number: usize, event: Event) -> Envelope {
    told(50_000 + number, 2_000, event)
}

fn released(round: &Round, report: Uuid) -> bool {
    let tube = round.report(report).unwrap().item;
    round.result(tube).is_some_and(|of| of.released.is_some())
}
