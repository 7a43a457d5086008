//! The roll of the example `sunshine-garden` is the one that its generator writes.

#[path = "../examples/sunshine_garden_roll.rs"]
mod generator;

use domain::Mark;
use scenario::roll::read_roll;

const ROLL: &[u8] = include_bytes!("../../../examples/sunshine-garden/roll.csv");

#[test]
fn the_example_roll_is_the_one_generated() {
    assert!(
        generator::roll().as_bytes() == ROLL,
        "run `cargo run -p scenario --example sunshine_garden_roll`"
    );
}

#[test]
fn the_example_roll_is_read_without_a_note_and_has_its_numbers() {
    let (roll, notes) = read_roll("roll.csv", ROLL, &mut |_, _| {});
    assert!(notes.0.is_empty(), "{notes:?}");
    assert_eq!((roll.entrances.len(), roll.households.len(), roll.people()), (48, 1_536, 3_948));
    let share = |mark| roll.residents.iter().filter(|marks| marks.has(mark)).count() as f64 / 3_948.0;
    for (mark, low, high) in [
        (Mark::Frail, 0.05, 0.07),
        (Mark::Ill, 0.015, 0.025),
        (Mark::Pupil, 0.08, 0.10),
        (Mark::Teacher, 0.005, 0.015),
        (Mark::ForeignLanguage, 0.01, 0.02),
        (Mark::Tenant, 0.10, 0.14),
    ] {
        assert!((low..high).contains(&share(mark)), "{}: {}", mark.name(), share(mark));
    }
    assert_eq!(roll.household_id(0), "1-1-101");
    assert_eq!(roll.household_id(1_535), "16-3-1602");
}
