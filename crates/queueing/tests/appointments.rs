//! Appointments against a published vector, against enumeration, and against the proof's own bound.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chance::Law;
use queueing::appointments::{Session, on_grid, poisson};

#[test]
fn the_published_schedule_waits_as_published() {
    let session = Session { slots: 24, slot: 10, service: poisson(9.0, 0.0), overtime_weight: 1.0 };
    let outcome = session.outcome(&[1; 24]);
    assert!((outcome.wait_mean - 2.282_908_752_468_24).abs() < 1e-10, "{outcome:?}");
    assert!((outcome.overtime - 2.932_476_752_897_85).abs() < 1e-10, "{outcome:?}");
}

#[test]
fn a_certain_service_waits_for_those_before() {
    let session = Session { slots: 3, slot: 4, service: vec![0.0, 0.0, 0.0, 1.0], overtime_weight: 2.0 };
    // Three at once take 9 of 12 steps; three in the last slot end five steps late.
    let outcome = session.outcome(&[3, 0, 0]);
    assert_eq!((outcome.wait_mean, outcome.overtime, outcome.idle, outcome.cost), (3.0, 0.0, 3.0, 3.0));
    let outcome = session.outcome(&[0, 0, 3]);
    assert_eq!((outcome.overtime, outcome.idle, outcome.cost), (5.0, 8.0, 13.0));
}

/// The least cost of all ways to book so many people.
fn enumerated(session: &Session, people: u32) -> f64 {
    fn fill(session: &Session, counts: &mut Vec<u32>, left: u32, best: &mut f64) {
        if counts.len() + 1 == session.slots {
            counts.push(left);
            *best = best.min(session.outcome(counts).cost);
            counts.pop();
            return;
        }
        for here in 0..=left {
            counts.push(here);
            fill(session, counts, left - here, best);
            counts.pop();
        }
    }
    let mut best = f64::INFINITY;
    fill(session, &mut Vec::new(), people, &mut best);
    best
}

#[test]
fn the_search_finds_the_best_of_all_and_proves_it() {
    let laws = [
        poisson(3.0, 0.0),
        on_grid(&Law::lognormal_mean_cv(4.0, 1.2), 1.0, 0.2),
        on_grid(&Law::exponential(2.5), 1.0, 0.0),
        vec![0.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.7],
    ];
    for (law, service) in laws.iter().enumerate() {
        for (slots, people) in [(16, 4), (12, 5), (8, 6), (5, 8), (3, 9), (1, 4)] {
            for (slot, overtime_weight) in [(1, 0.5), (2, 1.0), (3, 4.0)] {
                let session = Session { slots, slot, service: service.clone(), overtime_weight };
                let found = session.best(people, &|| false);
                let best = enumerated(&session, people);
                let case = format!("law {law}, {people} in {slots} of {slot}: {found:?} against {best}");
                assert_eq!(found.counts.iter().sum::<u32>(), people, "{case}");
                assert!((found.outcome.cost - best).abs() < 1e-9, "{case}");
                assert!(found.proof.least <= best + 1e-9 && found.proof.gap < 1e-6, "{case}");
            }
        }
    }
}

#[test]
fn what_is_proven_before_the_time_is_up_still_holds() {
    let session = Session { slots: 12, slot: 2, service: poisson(3.0, 0.0), overtime_weight: 1.0 };
    let (early, whole) = (session.neighbourhood(8), session.best(8, &|| false));
    assert!(early.proof.least <= whole.outcome.cost + 1e-12, "{early:?} {whole:?}");
    assert!(early.outcome.cost >= whole.outcome.cost - 1e-12);
}

#[test]
fn who_has_no_time_gets_people_spread_evenly_and_nothing_proven() {
    let session = Session { slots: 12, slot: 2, service: poisson(3.0, 0.0), overtime_weight: 1.0 };
    let found = session.best(8, &|| true);
    assert_eq!((found.counts.clone(), found.tried), (session.spread(8), 0));
    assert_eq!(found.outcome, session.outcome(&session.spread(8)));
    assert!(found.proof.least <= session.best(8, &|| false).outcome.cost && found.proof.gap > 0.0);
}

#[test]
fn a_law_on_the_grid_keeps_its_mean_and_who_does_not_come_takes_no_time() {
    let shares = on_grid(&Law::lognormal_mean_cv(540.0, 0.5), 60.0, 0.25);
    let mean: f64 = shares.iter().enumerate().map(|(minutes, share)| minutes as f64 * share).sum();
    assert!((mean - 9.0 * 0.75).abs() < 1e-4, "{mean}");
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9 && shares[0] >= 0.25);
}
