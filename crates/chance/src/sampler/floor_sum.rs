//! Exact sums over the rounded points of a line, so that a table's moments are those of what is drawn and no estimate.

/// Σ ⌊(a·i + b) / c⌋ and its companions over i = 0 ..= n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FloorSums {
    /// Σ ⌊…⌋
    pub(super) values: i128,
    /// Σ i·⌊…⌋
    weighted: i128,
    /// Σ ⌊…⌋²
    pub(super) squares: i128,
}

/// The sums over i = 0 ..= n, in as many steps as Euclid's algorithm takes on a and c.
///
/// Whole multiples of c are split off first; what remains counts lattice points under a line, and counting them
/// along the other axis exchanges a and c.
pub(super) fn floor_sums(a: i128, b: i128, c: i128, n: i128) -> FloorSums {
    if n < 0 {
        return FloorSums { values: 0, weighted: 0, squares: 0 };
    }
    let (whole_a, whole_b) = (a / c, b / c);
    let (a, b) = (a % c, b % c);
    let rest = if a == 0 {
        FloorSums { values: 0, weighted: 0, squares: 0 }
    } else {
        let top = (a * n + b) / c;
        let turned = floor_sums(c, c - b - 1, a, top - 1);
        let values = n * top - turned.values;
        FloorSums {
            values,
            weighted: (top * n * (n + 1) - turned.squares - turned.values) / 2,
            squares: n * top * (top + 1) - 2 * turned.weighted - 2 * turned.values - values,
        }
    };
    let count = n + 1;
    let sum_of_i = n * (n + 1) / 2;
    let sum_of_i2 = n * (n + 1) * (2 * n + 1) / 6;
    FloorSums {
        values: whole_a * sum_of_i + whole_b * count + rest.values,
        weighted: whole_a * sum_of_i2 + whole_b * sum_of_i + rest.weighted,
        squares: whole_a * whole_a * sum_of_i2
            + whole_b * whole_b * count
            + 2 * whole_a * whole_b * sum_of_i
            + 2 * whole_b * rest.values
            + 2 * whole_a * rest.weighted
            + rest.squares,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_are_those_counted_one_by_one() {
        for a in [0, 1, 2, 7, 12, 13, 100] {
            for b in [0, 1, 5, 6, 30] {
                for c in [1, 2, 7, 12, 64] {
                    for n in [-1, 0, 1, 5, 40] {
                        let mut counted = FloorSums { values: 0, weighted: 0, squares: 0 };
                        for i in 0..=n {
                            let value = (a * i + b) / c;
                            counted.values += value;
                            counted.weighted += i * value;
                            counted.squares += value * value;
                        }
                        assert_eq!(floor_sums(a, b, c, n), counted, "a {a} b {b} c {c} n {n}");
                    }
                }
            }
        }
    }
}
