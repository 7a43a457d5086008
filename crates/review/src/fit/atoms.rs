//! Point masses: values that come so often that no smooth law gives them.

use chance::{TICKS_PER_SECOND, Ticks};

/// A mixture of more constants than this is a table.
const MOST: usize = 4;
/// Fewer equal times than this prove nothing.
const FEWEST: usize = 8;
/// A smaller share of the sample is left to the smooth law.
const SHARE: f64 = 0.01;
/// Neighbours on either side, in steps of the rounding, that say how often a value should come.
const NEIGHBOURS: Ticks = 3;

/// The values, in ticks, with how many of the sorted times have each. Times rounded to `step` come often too: a point
/// mass stands out from its neighbours.
pub(crate) fn atoms(ticks: &[Ticks], step: Ticks) -> Vec<(Ticks, usize)> {
    let mut runs: Vec<(Ticks, usize)> = Vec::new();
    for &time in ticks {
        match runs.last_mut() {
            Some((value, count)) if *value == time => *count += 1,
            _ => runs.push((time, 1)),
        }
    }
    let count_at = |value: Ticks| match runs.binary_search_by_key(&value, |run| run.0) {
        Ok(place) => runs[place].1 as f64,
        Err(_) => 0.0,
    };
    let fewest = FEWEST.max((SHARE * ticks.len() as f64) as usize);
    let mut found: Vec<(Ticks, usize)> = Vec::new();
    for &(value, count) in runs.iter().filter(|run| run.1 >= fewest) {
        let around = (1..=NEIGHBOURS).flat_map(|away| [value - away * step, value + away * step]);
        let expected = around.map(count_at).sum::<f64>() / (2 * NEIGHBOURS) as f64;
        if count as f64 > 4.0 * expected + 5.0 * expected.sqrt() + 5.0 {
            found.push((value, count));
        }
    }
    found.sort_by_key(|&(value, count)| (std::cmp::Reverse(count), value));
    found.truncate(MOST);
    found
}

pub(crate) fn seconds(ticks: Ticks) -> f64 {
    ticks as f64 / TICKS_PER_SECOND as f64
}
