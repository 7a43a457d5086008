//! From swabs to tubes: a lane fills one tube after the other across the people who pass.

use chance::{TICKS_PER_SECOND, Ticks};

/// A tube. Times are milliseconds after the round's opening: 32 bits hold 49 days, and a city has millions of tubes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tube {
    /// When its first swab went in.
    pub first: u32,
    /// When it was closed.
    pub closed: u32,
    /// People in it.
    pub people: u8,
    /// Whether what is looked for is in it.
    pub positive: bool,
}

const TICKS_PER_MILLI: Ticks = TICKS_PER_SECOND / 1_000;

/// Ticks as milliseconds, up.
pub(super) fn millis(ticks: Ticks) -> u32 {
    u32::try_from((ticks.max(0) + TICKS_PER_MILLI - 1) / TICKS_PER_MILLI).unwrap_or(u32::MAX)
}

/// Milliseconds as ticks.
pub(super) fn ticks(millis: u32) -> Ticks {
    Ticks::from(millis) * TICKS_PER_MILLI
}

/// Fills tubes from the moments, in order, at which people of a lane were sampled, each `shift` later than it says. A
/// tube is closed when it is full, when it has been open for `open_max`, or with the last person of the lane.
pub(super) fn fill(times: &[Ticks], shift: Ticks, pool: u8, open_max: Option<Ticks>, tubes: &mut Vec<Tube>) {
    let pool = pool.max(1) as usize;
    let mut rest = times;
    while let Some(&first) = rest.first() {
        let full = pool.min(rest.len());
        let here = match open_max {
            Some(limit) if rest[full - 1] > first + limit => {
                rest[..full].partition_point(|&time| time <= first + limit)
            }
            _ => full,
        };
        let closed = match open_max {
            // Somebody came too late for it.
            Some(limit) if here < full => first + limit,
            _ => rest[here - 1],
        };
        tubes.push(Tube {
            first: millis(first + shift),
            closed: millis(closed + shift),
            people: here as u8,
            positive: false,
        });
        rest = &rest[here..];
    }
}

/// Chance that a tube of each size holds what is looked for.
pub(super) fn positive_by_size(prevalence: f64) -> [f64; 256] {
    let mut chances = [0.0; 256];
    let mut clean = 1.0;
    for chance in &mut chances {
        *chance = 1.0 - clean;
        clean *= 1.0 - prevalence;
    }
    chances
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(seconds: &[i64], pool: u8, open_max: Option<i64>) -> Vec<(u32, u32, u8)> {
        let times: Vec<Ticks> = seconds.iter().map(|second| second * TICKS_PER_SECOND).collect();
        let mut tubes = Vec::new();
        fill(&times, 0, pool, open_max.map(|second| second * TICKS_PER_SECOND), &mut tubes);
        tubes.iter().map(|tube| (tube.first / 1_000, tube.closed / 1_000, tube.people)).collect()
    }

    #[test]
    fn the_last_tube_of_a_lane_is_closed_with_its_last_person() {
        assert_eq!(filled(&[1, 2, 3, 4, 9], 2, None), [(1, 2, 2), (3, 4, 2), (9, 9, 1)]);
        assert_eq!(filled(&[], 2, None), []);
    }

    #[test]
    fn a_tube_that_was_open_too_long_is_closed() {
        assert_eq!(filled(&[1, 2, 50, 51, 52, 53], 4, Some(10)), [(1, 11, 2), (50, 53, 4)]);
    }

    #[test]
    fn a_larger_tube_is_likelier_to_hold_it() {
        let chances = positive_by_size(0.1);
        assert_eq!((chances[0], chances[1]), (0.0, 0.09999999999999998));
        assert!((chances[10] - 0.6513).abs() < 1e-4);
    }
}
