//! Cells merged over several rows: the text of the first is the text of all.

use super::Wide;
use crate::sheet::{COLUMNS_MAX, Kind};
use calamine::Dimensions;

/// The merged regions of one sheet, walked through from above.
pub(super) struct Merges {
    /// Column, first row and last row of each region higher than a row, the lowest last.
    waiting: Vec<(usize, u32, u32)>,
    /// For each column the last row and the text of the region that covers it now.
    open: Vec<Option<(u32, String)>>,
}

impl Merges {
    pub(super) fn new(regions: &[Dimensions]) -> Self {
        let high = regions.iter().filter(|region| region.start.0 < region.end.0);
        let mut waiting: Vec<(usize, u32, u32)> =
            high.map(|region| (region.start.1 as usize, region.start.0, region.end.0)).collect();
        waiting.retain(|&(column, ..)| column < COLUMNS_MAX);
        waiting.sort_by_key(|&(column, first, _)| (std::cmp::Reverse(first), column));
        Merges { waiting, open: Vec::new() }
    }

    /// Fills the cells of a row that are merged with one above. Rows come from above; one without any cell is left out.
    pub(super) fn fill(&mut self, number: u32, row: &mut Wide) {
        for column in 0..self.open.len() {
            let Some((last, text)) = &self.open[column] else { continue };
            if *last < number {
                self.open[column] = None;
            } else if row.text(column).is_empty() {
                row.set(column, text, Kind::Merged);
            }
        }
        while let Some(&(column, first, last)) = self.waiting.last()
            && first <= number
        {
            self.waiting.pop();
            if first == number {
                if self.open.len() <= column {
                    self.open.resize(column + 1, None);
                }
                self.open[column] = Some((last, row.text(column).to_owned()));
            }
        }
    }
}
