//! How people come, from the answers: slots and places, an hourly rate, a message, or calls.

use super::Brief;

/// Slots that people are used to, in minutes.
const SLOTS_MIN: [u32; 5] = [5, 10, 15, 20, 30];
/// A day on which slots end earlier than this share of the time for them is too short at the start.
const SPREAD: f64 = 0.95;

/// Slots and places for booked people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slots {
    pub slot_min: u32,
    pub places: u32,
    pub slots: u32,
}

impl Slots {
    /// Hours from the opening to the end of the last slot.
    pub fn hours(&self) -> f64 {
        f64::from(self.slots * self.slot_min) / 60.0
    }
}

/// Minutes in which people may come: the wait that is still accepted is left over before closing, but no more than a
/// quarter of the time.
pub(super) fn coming_min(brief: &Brief) -> f64 {
    let open = brief.hours() * 60.0;
    open - brief.wait_min.min(open / 4.0)
}

/// The shortest usual slot that spreads the people over the time for them; few people have slots of their own.
pub(super) fn slots(people: u32, minutes: f64) -> Slots {
    let shortest = SLOTS_MIN[0];
    let most = (minutes / f64::from(shortest)) as u32;
    if people <= most {
        let slot_min = ((minutes / f64::from(people)) as u32).max(1);
        return Slots { slot_min, places: 1, slots: people };
    }
    let mut best: Option<(f64, Slots)> = None;
    for slot_min in SLOTS_MIN {
        let most = ((minutes / f64::from(slot_min)) as u32).max(1);
        let places = people.div_ceil(most);
        let slots = people.div_ceil(places);
        let spread = f64::from(slots) / f64::from(most);
        let found = Slots { slot_min, places, slots };
        if spread >= SPREAD {
            return found;
        }
        if best.as_ref().is_none_or(|(widest, _)| spread > *widest) {
            best = Some((spread, found));
        }
    }
    best.map_or(Slots { slot_min: shortest, places: people, slots: 1 }, |(_, slots)| slots)
}

/// People or parties an hour, whole, so that all have come when the time for them is over.
pub(super) fn per_hour(parties: u32, minutes: f64) -> u32 {
    (libm::ceil(f64::from(parties) * 60.0 / minutes) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_hold_everybody_and_end_in_time() {
        for (people, minutes) in
            [(4_000, 340.0), (960, 460.0), (10, 340.0), (69, 340.0), (1, 45.0), (1_000_000, 45.0)]
        {
            let found = slots(people, minutes);
            let booked = found.slots * found.places;
            assert!(booked >= people && booked < people + found.places, "{people}: {found:?}");
            assert!(f64::from(found.slots * found.slot_min) <= minutes, "{people}: {found:?}");
        }
        assert_eq!(slots(4_000, 340.0), Slots { slot_min: 5, places: 59, slots: 68 });
        assert_eq!(slots(10, 340.0), Slots { slot_min: 34, places: 1, slots: 10 });
    }
}
