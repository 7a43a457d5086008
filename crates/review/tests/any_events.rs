//! Whatever events say, and in whatever order, a review comes out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{
    Moment,
    event::{Envelope, Event, Origin},
};
use proptest::prelude::*;
use review::{Review, read};
use uuid::Uuid;

fn id(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

fn event() -> impl Strategy<Value = Event> {
    let station = prop_oneof![Just("a".to_owned()), Just("b".to_owned()), Just(String::new())];
    (0u8..14, 0u8..40, station, 0u16..4, 0u32..4).prop_map(|(kind, visit, station, lane, server)| {
        let (visit, household) = (id(visit), id(visit / 3));
        match kind {
            0 => Event::RoundOpened,
            1 => Event::HouseholdCalled { household, wave: server },
            2 | 3 => Event::Arrived {
                visit,
                household: (lane > 0).then_some(household),
                class: station,
                lane: (lane > 1).then_some(lane),
            },
            4 | 5 => Event::Queued { visit, station, lane },
            6 | 7 => Event::ServiceStarted { visit, station, lane, server },
            8..=10 => Event::Served { visit, station, lane, server },
            11 => Event::Deferred { visit, station },
            12 => Event::TurnedAway { visit, station },
            _ => Event::Left { visit },
        }
    })
}

fn envelope() -> impl Strategy<Value = Envelope> {
    let at = prop_oneof![
        8 => (0i64..40_000_000).prop_map(|ticks| Moment(ticks).rfc3339()),
        1 => any::<i64>().prop_map(|ticks| Moment(ticks).rfc3339()),
        1 => Just("seven".to_owned()),
    ];
    (any::<u64>(), event(), at).prop_map(|(number, event, at)| Envelope {
        id: Uuid::from_u128(u128::from(number)),
        community_id: id(0),
        device: id(1),
        seq: number,
        at,
        origin: Origin::Real,
        event,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_events_are_reviewed(events in prop::collection::vec(envelope(), 0..400)) {
        let (review, _) = Review::of(&[events], None, None);
        prop_assert!(review.people >= review.served + review.left + review.unserved - 1e-9);
        serde_json::to_string(&review).unwrap();
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let (events, notes) = read(&bytes, "events.jsonl");
        prop_assert!(!events.is_empty() || notes.refuses());
    }
}

#[test]
fn one_person_often_served_at_one_desk_is_reviewed_with_a_scenario() {
    let files = scenario::example("sunshine-garden").unwrap();
    let (scenario, _) = scenario::read(&files, &[], &mut |_, _| {});
    let scenario = scenario.unwrap();
    let served = |number: u32| Envelope {
        id: Uuid::from_u128(u128::from(number)),
        community_id: id(0),
        device: id(1),
        seq: u64::from(number),
        at: Moment(i64::from(number) * 100_000).rfc3339(),
        origin: Origin::Paper,
        event: Event::Served { visit: id(1), station: "sampling".to_owned(), lane: 1, server: 1 },
    };
    let events: Vec<Envelope> = (1..200).map(served).collect();
    let (review, _) = Review::of(&[events], Some(&scenario), Some(&plan::broadcast(&scenario)));
    assert_eq!(review.people, 1.0);
    let again = review.refit_drawn(&scenario, 1);
    assert!(again.site.stations.iter().all(|station| station.service.problems().is_empty()));
}
