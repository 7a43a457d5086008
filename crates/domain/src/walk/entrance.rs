//! The doors of one entrance, in the order in which they are walked to.

use super::{FLOOR_DOWN_S, FLOOR_UP_S, LIFT_FLOOR_S, LIFT_S, Stop, Ways};
use crate::roll::floor_of;

/// Doors of one entrance that one person walks to.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Places of its stops, in order.
    pub stops: Vec<usize>,
    /// When each is reached: seconds from the foot of the stairs.
    pub at_s: Vec<u32>,
    /// Seconds at the doors.
    pub stay_s: u32,
    /// Seconds until whoever walks is down again.
    pub inside_s: u32,
}

/// The entrances of these stops, by their numbers.
pub(super) fn units(ways: &Ways, stops: &[Stop<'_>], mut places: Vec<usize>) -> Vec<Unit> {
    let entrance = |place: usize| (stops[place].building, stops[place].entrance);
    places.sort_by_cached_key(|&place| key(&stops[place]));
    let by_entrance = places.chunk_by(|&one, &other| entrance(one) == entrance(other));
    by_entrance.map(|some| Unit::new(ways, stops, some.to_vec())).collect()
}

impl Unit {
    /// By lift to the highest floor and down the stairs, or up the stairs and down again.
    fn new(ways: &Ways, stops: &[Stop<'_>], mut places: Vec<usize>) -> Unit {
        let floor = |place: usize| floor_of(stops[place].door).unwrap_or(1);
        let lift = places.first().is_some_and(|&place| ways.has_lift(stops[place].building));
        places.sort_by_cached_key(|&place| {
            let floor = i16::from(floor(place));
            (if lift { -floor } else { floor }, natural(stops[place].door), stops[place].door)
        });
        let mut unit = Unit { stops: Vec::new(), at_s: Vec::new(), stay_s: 0, inside_s: 0 };
        let (mut now_s, mut on) = (0, 1);
        for place in places {
            let to = floor(place);
            now_s += match (to.saturating_sub(on), on.saturating_sub(to)) {
                (0, down) => u32::from(down) * FLOOR_DOWN_S,
                (up, _) if lift => {
                    let up = u32::from(up);
                    (LIFT_S + up * LIFT_FLOOR_S).min(up * FLOOR_UP_S)
                }
                (up, _) => u32::from(up) * FLOOR_UP_S,
            };
            on = to;
            unit.stops.push(place);
            unit.at_s.push(now_s);
            unit.stay_s += stops[place].stay_s;
            now_s += stops[place].stay_s;
        }
        unit.inside_s = now_s + u32::from(on.saturating_sub(1)) * FLOOR_DOWN_S;
        unit
    }

    /// In parts of about this many seconds at the doors, each of whole floors.
    pub fn divided(&self, ways: &Ways, stops: &[Stop<'_>], equal_s: u32) -> Vec<Unit> {
        let parts = self.inside_s.div_ceil(equal_s);
        let floor = |place: usize| floor_of(stops[place].door);
        let floors = self.stops.chunk_by(|&one, &other| floor(one) == floor(other));
        let each_s = self.stay_s.div_ceil(parts.max(1)).max(1);
        let mut divided: Vec<(u32, Vec<usize>)> = Vec::new();
        let mut before_s = 0;
        for floor in floors {
            let stay_s: u32 = floor.iter().map(|&place| stops[place].stay_s).sum();
            // The middle of a floor says to which part it belongs.
            let part = (before_s + stay_s / 2) / each_s;
            before_s += stay_s;
            match divided.last_mut() {
                Some((same, places)) if *same == part => places.extend(floor),
                _ => divided.push((part, floor.to_vec())),
            }
        }
        divided.into_iter().map(|(_, places)| Unit::new(ways, stops, places)).collect()
    }
}

/// A text by which numbers in it are in the order of numbers.
pub(super) type Natural = Vec<(String, u64)>;

/// Entrances in the order of their numbers.
pub(super) fn key<'a>(stop: &Stop<'a>) -> (Natural, Natural, &'a str, &'a str) {
    // `2` and `02` are two buildings.
    (natural(stop.building), natural(stop.entrance), stop.building, stop.entrance)
}

/// A text in pieces of letters and numbers: building 2 comes before building 10.
pub(super) fn natural(text: &str) -> Natural {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (letters, more) = rest.split_at(rest.find(|of: char| of.is_ascii_digit()).unwrap_or(rest.len()));
        let (digits, more) = more.split_at(more.find(|of: char| !of.is_ascii_digit()).unwrap_or(more.len()));
        parts.push((letters.to_owned(), digits.parse().unwrap_or(0)));
        rest = more;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn numbers_in_a_text_count_as_numbers() {
        let mut doors = ["10", "2", "A10", "A9", "1201", "301", "12号", ""];
        doors.sort_by_key(|text| natural(text));
        assert_eq!(doors, ["", "2", "10", "12号", "301", "1201", "A9", "A10"]);
    }
}
