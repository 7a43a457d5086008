//! A round as its journal tells it: what was taken back did not happen, in whatever order it is told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/scenarios.rs"]
mod scenarios;

use domain::{
    Command, Envelope, Event, Moment, Origin,
    command::{Table, Thing},
};
use proptest::prelude::*;
use round::{Calls, Folded, Live, Refusal, UNDO_FOR};
use uuid::Uuid;

fn folded() -> Folded {
    let scenario = scenarios::scenario(scenarios::TWO_LANES);
    Folded::new(scenarios::rules(&scenario, None).0, Calls::default())
}

/// A device that records.
struct Device {
    device: Uuid,
    seq: u64,
}

impl Device {
    fn new(device: u128) -> Device {
        Device { device: Uuid::from_u128(device), seq: 0 }
    }

    fn record(&mut self, at: Moment, event: Event) -> Envelope {
        self.seq += 1;
        Envelope {
            id: Uuid::from_u128(self.device.as_u128() << 32 | u128::from(self.seq)),
            community_id: Uuid::nil(),
            device: self.device,
            seq: self.seq,
            at: at.rfc3339(),
            origin: Origin::Real,
            event,
        }
    }

    fn step(&mut self, folded: &mut Folded, at: Moment, command: Command) {
        let events = folded.decide(at, &[command]).unwrap();
        let told: Vec<Envelope> = events.into_iter().map(|event| self.record(at, event)).collect();
        folded.admit(told);
    }

    fn undo(&mut self, folded: &mut Folded, at: Moment) -> Result<(), Refusal> {
        let event = folded.undo(self.device, at)?;
        let told = self.record(at, event);
        folded.admit([told]);
        Ok(())
    }
}

fn table(station: &str) -> Table {
    Table { station: station.to_owned(), lane: 1, server: 1 }
}

fn check_in(visit: u128) -> Command {
    let visit = Uuid::from_u128(visit);
    Command::CheckIn {
        visit,
        household: None,
        class: "general".to_owned(),
        guest: None,
        table: table("registration"),
    }
}

fn serve(visit: u128, tube: u128) -> Command {
    let item = Thing { kind: "tube".to_owned(), item: Uuid::from_u128(tube), lot: None };
    Command::Serve { visit: Uuid::from_u128(visit), table: table("sampling"), item: Some(item) }
}

#[test]
fn the_last_step_of_a_device_is_taken_back_for_a_minute() {
    let mut folded = folded();
    let at = folded.live().round().rules().opens;
    let (mut one, mut other) = (Device::new(1), Device::new(2));
    assert_eq!(one.undo(&mut folded, at), Err(Refusal::NothingToUndo));
    one.step(&mut folded, at, check_in(1));
    let before = folded.live().round().clone();
    other.step(&mut folded, at + 10, check_in(2));
    // Three people fill a tube here, and the third seals it: one step is taken back whole.
    other.step(&mut folded, at + 20, serve(2, 9));
    other.step(&mut folded, at + 30, serve(1, 9));
    one.step(&mut folded, at + 40, check_in(3));
    other.step(&mut folded, at + 50, serve(3, 9));
    assert!(!folded.live().round().tubes()[&Uuid::from_u128(9)].is_open());
    other.undo(&mut folded, at + 60).unwrap();
    let tube = &folded.live().round().tubes()[&Uuid::from_u128(9)];
    assert!(tube.is_open() && tube.people.len() == 2, "{tube:?}");
    // Then the step before it, and the one before that; what the other phone did stays.
    other.undo(&mut folded, at + 70).unwrap();
    other.undo(&mut folded, at + 80).unwrap();
    other.undo(&mut folded, at + 90).unwrap();
    assert_eq!(other.undo(&mut folded, at + 95), Err(Refusal::NothingToUndo));
    assert_eq!(folded.live().round().counts().arrived, 2);
    one.undo(&mut folded, at + 100).unwrap();
    assert_eq!(folded.live().round().counts(), before.counts());
    assert_eq!(one.undo(&mut folded, at + UNDO_FOR + 1), Err(Refusal::UndoneTooLate { minutes: 1 }));
}

#[test]
fn several_people_are_checked_in_together_or_nobody_is() {
    let folded = folded();
    let at = folded.live().round().rules().opens;
    assert_eq!(folded.decide(at, &[check_in(1), check_in(2)]).unwrap().len(), 6);
    let (place, refusal) = folded.decide(at, &[check_in(1), check_in(1)]).unwrap_err();
    assert_eq!(place, 1);
    assert!(matches!(refusal, Refusal::AlreadyArrived { .. }));
}

proptest! {
    /// Whatever is told in whatever order and however often, what was taken back by its own device leaves no trace.
    #[test]
    fn what_was_taken_back_leaves_no_trace(
        steps in proptest::collection::vec((0..2usize, 0..4u128, 0..3u8), 1..40),
        order in any::<u64>(),
    ) {
        let mut folded = folded();
        let opens = folded.live().round().rules().opens;
        let mut devices = [Device::new(1), Device::new(2)];
        for (time, (device, person, what)) in (0i64..).zip(steps) {
            let at = opens + time * 1000;
            let own = &mut devices[device];
            let command = if what == 0 { check_in(person) } else { serve(person, 9) };
            if what == 2 {
                let _ = own.undo(&mut folded, at);
            } else if folded.decide(at, std::slice::from_ref(&command)).is_ok() {
                own.step(&mut folded, at, command);
            }
        }
        let told: Vec<Envelope> = folded.told().iter().map(|told| (**told).clone()).collect();
        let left: Vec<&Envelope> = domain::event::happened(&told).collect();
        let mut live = Live::new(folded.live().round().rules().clone(), Calls::default());
        for envelope in left {
            live.admit(envelope);
        }
        prop_assert_eq!(live.round().counts(), folded.live().round().counts());
        prop_assert_eq!(live.round().tubes(), folded.live().round().tubes());
        // In pieces, and twice.
        let cut = order as usize % (told.len() + 1);
        let mut again = self::folded();
        again.admit(told[..cut].to_vec());
        again.admit(told.clone());
        prop_assert_eq!(again.live().round().counts(), folded.live().round().counts());
        prop_assert_eq!(again.live().round().tubes(), folded.live().round().tubes());
    }
}
