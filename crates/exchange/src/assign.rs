//! The assignment of least cost (Kuhn 1955, Munkres 1957), by shortest augmenting paths: O(rows² × columns).

/// The column of each row, no column twice, such that the sum of the costs is least. There are at least as many columns as rows.
///
/// # Panics
/// There are fewer columns than rows, or rows of different lengths.
pub fn assign(costs: &[Vec<i64>]) -> Vec<usize> {
    let (rows, columns) = (costs.len(), costs.first().map_or(0, Vec::len));
    assert!(rows <= columns && costs.iter().all(|row| row.len() == columns), "each row has a column");
    // Row and column 0 are none; `taken[column]` is its row.
    let (mut of_row, mut of_column) = (vec![0; rows + 1], vec![0; columns + 1]);
    let mut taken = vec![0; columns + 1];
    for row in 1..=rows {
        taken[0] = row;
        let mut way = vec![0; columns + 1];
        let mut least = vec![i64::MAX; columns + 1];
        let mut seen = vec![false; columns + 1];
        let mut at = 0;
        while taken[at] != 0 {
            seen[at] = true;
            let (from, mut step, mut next) = (taken[at], i64::MAX, 0);
            for column in 1..=columns {
                if seen[column] {
                    continue;
                }
                let reduced = costs[from - 1][column - 1] - of_row[from] - of_column[column];
                if reduced < least[column] {
                    (least[column], way[column]) = (reduced, at);
                }
                if least[column] < step {
                    (step, next) = (least[column], column);
                }
            }
            for column in 0..=columns {
                if seen[column] {
                    of_row[taken[column]] += step;
                    of_column[column] -= step;
                } else {
                    least[column] = least[column].saturating_sub(step);
                }
            }
            at = next;
        }
        while at != 0 {
            taken[at] = taken[way[at]];
            at = way[at];
        }
    }
    let mut assigned = vec![0; rows];
    for (column, row) in taken.into_iter().enumerate().skip(1).filter(|(_, row)| *row != 0) {
        assigned[row - 1] = column - 1;
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The least sum, by trying everything.
    fn least(costs: &[Vec<i64>], used: &mut Vec<bool>) -> i64 {
        let Some((row, rest)) = costs.split_first() else { return 0 };
        let mut best = i64::MAX;
        for column in 0..row.len() {
            if !used[column] {
                used[column] = true;
                best = best.min(row[column] + least(rest, used));
                used[column] = false;
            }
        }
        best
    }

    fn matrix() -> impl Strategy<Value = Vec<Vec<i64>>> {
        (1..=7usize, 0..=3usize).prop_flat_map(|(rows, more)| {
            let columns = (rows + more).min(7);
            // Few different costs, so that there are ties; and a cost that is none.
            let cost = prop_oneof![8 => -3..20i64, 1 => Just(1_000_000)];
            prop::collection::vec(prop::collection::vec(cost, columns), rows)
        })
    }

    proptest! {
        #[test]
        fn no_other_assignment_costs_less(costs in matrix()) {
            let assigned = assign(&costs);
            let columns: std::collections::BTreeSet<usize> = assigned.iter().copied().collect();
            prop_assert_eq!(columns.len(), costs.len(), "a column is given twice");
            let sum: i64 = costs.iter().zip(&assigned).map(|(row, column)| row[*column]).sum();
            prop_assert_eq!(sum, least(&costs, &mut vec![false; costs[0].len()]));
        }
    }

    #[test]
    fn where_there_is_nothing_nothing_is_assigned() {
        assert!(assign(&[]).is_empty());
    }
}
