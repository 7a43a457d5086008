//! A roll, as people have it: CSV in any encoding, or a workbook.

use scenario::roll::read_roll_with_cells;

/// What must hold for any bytes.
pub fn check(bytes: &[u8]) {
    let (roll, cells, notes) = read_roll_with_cells("roll.csv", bytes, &mut |_, _| {});
    if notes.refuses() {
        return;
    }
    // Each resident has the cells of a row, and each household its residents.
    assert_eq!(roll.residents.len(), cells.len());
    let of_households: usize = roll.households.iter().map(|household| household.residents.len()).sum();
    assert_eq!(of_households, cells.len());
}
