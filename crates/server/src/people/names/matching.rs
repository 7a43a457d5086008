//! Who of a household is who, when its roll is read again.

use super::Resident;
use scenario::roll::Cells;

/// Whether a row, at its position, is a resident.
type Fits<'a> = dyn Fn(usize, &Cells, &Resident) -> bool + 'a;

/// For each of the new rows, which of the known residents it is.
///
/// A document says it surely, then a name, then the same telephone at the same position, then a position at which at most
/// one of the two has a name. A row with another name is another person: nobody inherits somebody's history.
pub(super) fn meet(known: &[Resident], rows: &[Cells]) -> Vec<Option<usize>> {
    let mut met = vec![None; rows.len()];
    let mut taken = vec![false; known.len()];
    let at = |position: usize, resident: &Resident| resident.position as usize == position;
    let has = |text: &str| !bare(text).is_empty();
    let same = |a: &str, b: &str| has(a) && bare(a) == bare(b);
    let documents_differ =
        |a: &Cells, b: &Cells| has(&a.document) && has(&b.document) && bare(&a.document) != bare(&b.document);
    let passes: [&Fits<'_>; 5] = [
        &|_, row, resident| same(&row.document, &resident.cells.document),
        &|position, row, resident| {
            at(position, resident)
                && same(&row.name, &resident.cells.name)
                && !documents_differ(row, &resident.cells)
        },
        &|_, row, resident| same(&row.name, &resident.cells.name) && !documents_differ(row, &resident.cells),
        &|position, row, resident| {
            at(position, resident)
                && same(&row.phone, &resident.cells.phone)
                && !documents_differ(row, &resident.cells)
        },
        &|position, row, resident| {
            at(position, resident)
                && !(has(&row.name) && has(&resident.cells.name))
                && !documents_differ(row, &resident.cells)
        },
    ];
    for fits in passes {
        for (position, row) in rows.iter().enumerate() {
            if met[position].is_some() {
                continue;
            }
            let free = (0..known.len()).find(|&one| !taken[one] && fits(position, row, &known[one]));
            if let Some(one) = free {
                met[position] = Some(one);
                taken[one] = true;
            }
        }
    }
    met
}

/// Blanks and capitals make no difference.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}
