//! What the product promises of a review: its laws, put back into the scenario, give the round again.

mod world;

use world::{clinic, garden};

/// A wait shorter than this is compared by minutes, not by shares: 5 % of nothing is nothing.
const NEAR_NOTHING_MIN: f64 = 0.5;
/// By so many minutes at most may such a wait differ.
const FLOOR_MIN: f64 = 0.1;

fn assert_within_5_percent(world: &world::World) {
    let [original, refit] = world.pooled(50);
    for (original, refit) in original.into_iter().zip(refit) {
        let allowed = if original < NEAR_NOTHING_MIN { FLOOR_MIN } else { 0.05 * original };
        assert!((original - refit).abs() <= allowed, "{}: {original} became {refit}", world.name);
    }
}

#[test]
fn fifty_broadcasts_together_give_the_waits_again() {
    assert_within_5_percent(&garden("broadcast"));
}

#[test]
fn fifty_rounds_in_waves_together_give_the_waits_again() {
    assert_within_5_percent(&garden("waves"));
}

#[test]
fn fifty_clinics_together_give_the_waits_again() {
    assert_within_5_percent(&clinic());
}

/// 83 of 100 is what an honest 90 % interval misses once in about a hundred times.
#[test]
fn a_single_stream_lies_in_its_own_prediction_interval() {
    let [p50, p95] = garden("broadcast").covered(100, 60);
    assert!(p50 >= 83 && p95 >= 83, "p50 in {p50}, p95 in {p95} of 100");
}
