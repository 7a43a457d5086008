//! A roll in a workbook or an old encoding as CSV in UTF-8, each row in the line of its number: what notes say of the one
//! is true of the other, and a page can show and mend it.

use super::lines::Lines;
use crate::sheet::{Grouped, Outcome, Row, RowReader, read_sheet};
use domain::Notes;

/// The sheet that a roll would be read from, as CSV; notes where the bytes are no spreadsheet. A cell that is merged with
/// one above is empty, as a person sees it.
pub fn roll_as_csv(file: &str, bytes: &[u8]) -> (Option<Vec<u8>>, Notes) {
    let mut notes = Grouped::new(file);
    let mut copy = Copy { reader: Box::new(Lines::default()), rows: Vec::new() };
    let mut outcome = read_sheet(bytes, &mut copy, &mut notes, &mut |_, _| ());
    if outcome == Outcome::NoHeading {
        // The first sheet whole, so that its headings can be mended.
        notes = Grouped::new(file);
        copy = Copy { reader: Box::new(FirstRow), rows: Vec::new() };
        outcome = read_sheet(bytes, &mut copy, &mut notes, &mut |_, _| ());
    }
    match outcome {
        Outcome::Refused => (None, notes.finish()),
        Outcome::Read | Outcome::NoHeading => (Some(copy.csv()), Notes::default()),
    }
}

/// Copies the rows that another reader is shown.
struct Copy {
    reader: Box<dyn RowReader>,
    rows: Vec<(u32, Vec<String>)>,
}

impl Copy {
    fn copy(&mut self, row: &Row) {
        let cells = (0..row.len()).map(|column| row.own(column).to_owned()).collect();
        match self.rows.last_mut() {
            // Looked at again, or the first row of the next sheet: the sheet before held no headings.
            Some((number, last)) if *number == row.number() => *last = cells,
            Some((number, _)) if *number > row.number() => self.rows = vec![(row.number(), cells)],
            _ => self.rows.push((row.number(), cells)),
        }
    }

    fn csv(self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(b"\xef\xbb\xbf".to_vec());
        let mut line = 1;
        for (number, cells) in self.rows {
            let blank = (line..number).map(|_| vec![String::new(), String::new()]);
            for cells in blank.chain([cells]) {
                // A line break in a cell would move every later row.
                let cells = cells.iter().map(|cell| cell.replace(['\r', '\n'], " "));
                writer.write_record(cells).expect("a table in memory is written");
            }
            line = number + 1;
        }
        writer.into_inner().expect("a table in memory is written")
    }
}

impl RowReader for Copy {
    fn is_heading(&mut self, row: &Row) -> bool {
        self.copy(row);
        self.reader.is_heading(row)
    }

    fn begin(&mut self, heading: &Row) {
        self.copy(heading);
        self.reader.begin(heading);
    }

    fn row(&mut self, row: &Row, notes: &mut Grouped) -> bool {
        self.copy(row);
        self.reader.row(row, notes)
    }
}

/// Takes the first row for the headings.
struct FirstRow;

impl RowReader for FirstRow {
    fn is_heading(&mut self, _: &Row) -> bool {
        true
    }

    fn begin(&mut self, _: &Row) {}

    fn row(&mut self, row: &Row, _: &mut Grouped) -> bool {
        !row.is_blank()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::read_roll;

    #[test]
    fn an_old_encoding_becomes_the_same_roll_with_the_same_notes() {
        let text = "某小区花名册\n\n楼栋,单元,室号,姓名\n1,1,101,示例甲\n1,1,,示例乙\n1,1,101,示例甲\n";
        let gb = encoding_rs::GB18030.encode(text).0;
        let (csv, notes) = roll_as_csv("roll.csv", &gb);
        assert!(notes.0.is_empty());
        let read = |bytes: &[u8]| read_roll("roll.csv", bytes, &mut |_, _| ());
        let (copied, original) = (read(&csv.unwrap()), read(&gb));
        assert!(!original.1.0.is_empty(), "the list has a fault to compare");
        assert_eq!(copied, original);
    }

    #[test]
    fn a_list_without_headings_is_shown_to_be_mended() {
        let (csv, _) = roll_as_csv("roll.csv", "甲,1-1-101\n乙,1-1-102\n".as_bytes());
        assert_eq!(csv.unwrap(), "\u{feff}甲,1-1-101\n乙,1-1-102\n".as_bytes());
    }

    #[test]
    fn what_is_no_sheet_is_said() {
        let (csv, notes) = roll_as_csv("roll.xlsx", b"%PDF-1.7");
        assert!(csv.is_none());
        assert_eq!(notes.0[0].code, "sheet_is_pdf");
    }
}
