//! A spreadsheet as the rows of a shift: which column holds what is told by its heading, Chinese or English, in any order.

use domain::{Notes, Place, Severity};
use phone::paper::{Cell, ROWS_MAX, Row};
use scenario::sheet::{Grouped, Outcome, Row as Line, RowReader, read_sheet};

/// Headings in plain small letters, nothing but letters and digits.
const HEADINGS: [(Cell, &[&str]); 5] = [
    (Cell::Time, &["时间", "时刻", "时分", "登记时间", "采样时间", "time", "at", "clock"]),
    (
        Cell::Door,
        &["门牌", "门牌号", "房号", "室号", "房间号", "户号", "门", "door", "doorno", "room", "flat"],
    ),
    (Cell::People, &["人数", "几人", "多少人", "人", "people", "howmany", "persons", "count"]),
    (Cell::Green, &["绿色", "绿色通道", "其中绿色", "优先", "green", "greenchannel", "ofthemgreen"]),
    (
        Cell::Item,
        &[
            "试管",
            "试管号",
            "试管码",
            "管号",
            "管码",
            "采样管",
            "批号",
            "tube",
            "tubecode",
            "tubescode",
            "code",
            "lot",
        ],
    ),
];

/// The rows of a file, each with its number in it, and the headings of its columns.
pub struct Sheet {
    /// The rows.
    pub rows: Vec<Row>,
    /// What the file calls its columns.
    pub headings: Vec<(Cell, String)>,
}

/// Reads a file.
///
/// # Errors
/// It is no spreadsheet, has no headings, or too many rows.
pub fn read(name: &str, bytes: &[u8]) -> Result<Sheet, Notes> {
    let mut notes = Grouped::new(name);
    let mut lines = Lines::default();
    let outcome = read_sheet(bytes, &mut lines, &mut notes, &mut |_, _| ());
    let mut notes = notes.finish();
    let place = || Place { file: name.to_owned(), row: None, column: None };
    if outcome == Outcome::NoHeading {
        notes.push(Severity::Error, place(), "shift_no_heading", &[]);
    } else if lines.rows.len() > ROWS_MAX {
        notes.push(Severity::Error, place(), "shift_too_many_rows", &[("limit", &ROWS_MAX)]);
    }
    if notes.0.iter().any(|note| note.severity == Severity::Error) {
        return Err(notes);
    }
    let headings = lines.columns.iter().map(|&(cell, column)| (cell, lines.heading[column].clone()));
    Ok(Sheet { headings: headings.collect(), rows: lines.rows })
}

#[derive(Default)]
struct Lines {
    columns: Vec<(Cell, usize)>,
    heading: Vec<String>,
    rows: Vec<Row>,
}

impl RowReader for Lines {
    fn is_heading(&mut self, row: &Line) -> bool {
        let known = columns(row);
        [Cell::Time, Cell::Door, Cell::People]
            .iter()
            .all(|needed| known.iter().any(|(cell, _)| cell == needed))
    }

    fn begin(&mut self, heading: &Line) {
        self.columns = columns(heading);
        self.heading = heading.cells().map(str::to_owned).collect();
    }

    fn row(&mut self, row: &Line, _: &mut Grouped) -> bool {
        let text = |wanted: Cell| {
            let column = self.columns.iter().find(|(cell, _)| *cell == wanted);
            column.map_or_else(String::new, |&(_, column)| row.cell(column).to_owned())
        };
        let read = Row {
            row: row.number(),
            time: text(Cell::Time),
            door: text(Cell::Door),
            people: text(Cell::People),
            green: text(Cell::Green),
            item: text(Cell::Item),
        };
        // A line with a number and nothing else is a row of the printed form that was not needed.
        let says = [&read.time, &read.door, &read.people, &read.item].iter().any(|cell| !cell.is_empty());
        if says && self.rows.len() <= ROWS_MAX {
            self.rows.push(read);
        }
        says
    }
}

/// The first column of each kind.
fn columns(row: &Line) -> Vec<(Cell, usize)> {
    let mut found: Vec<(Cell, usize)> = Vec::new();
    for (column, text) in row.cells().enumerate() {
        let text: String = domain::simplified(text)
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let known = HEADINGS.iter().find(|(_, names)| names.contains(&text.as_str()));
        if let Some(&(cell, _)) = known
            && !found.iter().any(|(other, _)| *other == cell)
        {
            found.push((cell, column));
        }
    }
    found
}
