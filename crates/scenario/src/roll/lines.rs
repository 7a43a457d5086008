//! Rows of a list, one after the other: which are residents, and what each says.

use super::address::Address;
use super::columns::Columns;
use super::document::Documents;
use super::houses::Houses;
use super::marks;
use super::people::{By, Identity, Met, People, hash};
use super::place::{Found, Places};
use crate::sheet::{Grouped, Kind, Row, RowReader};
use domain::{Marks, Roll};

/// Searches for the nearest known mark. Each costs some microseconds, and twenty are shown.
const SEARCHES_MAX: u32 = 200;

/// What a row says of its resident, as it is written there. It is let go, but where a server asks for it to seal it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cells {
    /// The name.
    pub name: String,
    /// The telephone number, or several.
    pub phone: String,
    /// The number of an identity document.
    pub document: String,
}

/// Nobody's name is printed by mistake.
impl std::fmt::Debug for Cells {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Cells")
    }
}

/// Reads a list.
#[derive(Default)]
pub(super) struct Lines {
    /// Each resident's cells in the order of the rows, where they are asked for.
    cells: Option<Vec<Cells>>,
    columns: Columns,
    /// The row before, while the headings are looked for.
    before: Option<Columns>,
    /// The row with the most known headings, if none has enough.
    nearly: Option<Columns>,
    found: bool,
    below_heading: bool,
    places: Places,
    houses: Houses,
    people: People,
    documents: Documents,
    two_phones: u64,
    two_phones_row: u32,
    searches: u32,
    marks_read: marks::Reader,
    /// Whether any row was about a resident, even one who could not be taken.
    any: bool,
}

impl RowReader for Lines {
    fn is_heading(&mut self, row: &Row) -> bool {
        let own = Columns::of(row);
        if own.suffice() {
            return true;
        }
        // Headings in two rows, one under the other.
        let both = self.before.as_ref().map(|above| above.and(row));
        if own.known().len() > 1 && both.is_some_and(|both| both.suffice()) {
            return true;
        }
        let most = self.nearly.as_ref().map_or(0, |nearly| nearly.known().len());
        if own.known().len() > most {
            self.nearly = Some(own.clone());
        }
        self.before = Some(own);
        false
    }

    fn begin(&mut self, heading: &Row) {
        let own = Columns::of(heading);
        self.columns = match &self.before {
            Some(above) if !own.suffice() => above.and(heading),
            _ => own,
        };
        self.found = true;
        self.below_heading = true;
    }

    fn row(&mut self, row: &Row, notes: &mut Grouped) -> bool {
        let below_heading = std::mem::take(&mut self.below_heading);
        let name = self.name_of(row);
        if self.is_more_heading(row, below_heading) || is_total(row, name) {
            return false;
        }
        self.check_formulas(row, notes);
        if name.is_empty() { self.unnamed(row, notes) } else { self.resident(row, name, notes) }
    }
}

impl Lines {
    /// Takes along what each row says of its resident.
    #[cfg(feature = "names")]
    pub(super) fn with_cells() -> Lines {
        Lines { cells: Some(Vec::new()), ..Lines::default() }
    }

    /// Keeps a row's cells; of one who was met before, what was not said then.
    fn keep_cells(&mut self, row: &Row, name: &str, resident: u32) {
        let Some(kept) = &mut self.cells else { return };
        let own = |column: Option<usize>| column.map_or("", |column| row.own(column));
        let resident = resident as usize;
        if kept.len() <= resident {
            kept.resize(resident + 1, Cells::default());
        }
        let kept = &mut kept[resident];
        let new = [name, own(self.columns.phone), own(self.columns.document)];
        for (kept, new) in [&mut kept.name, &mut kept.phone, &mut kept.document].into_iter().zip(new) {
            if kept.is_empty() {
                new.clone_into(kept);
            }
        }
    }

    /// The name in a row; empty where the cell only says that nobody lives there.
    fn name_of<'a>(&self, row: &'a Row) -> &'a str {
        let name = self.columns.name.map_or("", |column| row.cell(column));
        if matches!(name, "-" | "/" | "无") || marks::is_vacant(name) { "" } else { name }
    }

    /// Whether the row is a second row of headings, or the same headings again (on each printed page).
    fn is_more_heading(&mut self, row: &Row, below_heading: bool) -> bool {
        let name = self.columns.name.expect("the headings have a name");
        if !row.cell(name).is_empty() && row.cell(name) == self.columns.heading(name) {
            if below_heading {
                self.columns = self.columns.and(row);
            }
            return true;
        }
        if !below_heading || !row.cell(name).is_empty() || Columns::of(row).known().len() < 2 {
            return false;
        }
        let both = self.columns.and(row);
        if both.suffice() {
            self.columns = both;
        }
        true
    }

    fn check_formulas(&self, row: &Row, notes: &mut Grouped) {
        let Columns { building, entrance, door, address, name, document, .. } = self.columns;
        let used = [building, entrance, door, address, name, document].into_iter().flatten();
        for column in used.chain(self.columns.marks.iter().copied()) {
            if row.kind(column) == Kind::Failed {
                let heading = self.columns.heading(column);
                notes.error(Some(row.number()), heading, "sheet_formula_failed", &[]);
            }
        }
    }

    /// A row without a name: a building's title, an empty flat, a form not filled in, or somebody whose name is missing.
    fn unnamed(&mut self, row: &Row, notes: &mut Grouped) -> bool {
        let own = |column: Option<usize>| column.map_or("", |column| row.own(column));
        let mut filled = (0..row.len()).filter(|&column| !row.own(column).is_empty());
        if let (Some(only), None) = (filled.next(), filled.next())
            && let Some(section) = Address::read_section(row.cell(only))
        {
            self.places.begin_section(section);
            return false;
        }
        let columns = &self.columns;
        let place = [columns.building, columns.entrance, columns.door, columns.address];
        let says_more = (0..row.len()).any(|column| {
            let counts = !place.contains(&Some(column)) && !columns.serial.contains(&column);
            counts && columns.name != Some(column) && !row.own(column).is_empty()
        });
        let has_door = !own(columns.door).is_empty() || !own(columns.address).is_empty();
        let vacant = columns.marks.iter().any(|&column| marks::read(row.cell(column)).vacant)
            || columns.name.is_some_and(|column| !row.own(column).is_empty());
        if has_door && says_more && !vacant {
            let heading = columns.heading_of(columns.name);
            notes.warning(Some(row.number()), heading, "roll_name_missing", &[]);
            return self.resident(row, "", notes);
        }
        if has_door || !own(columns.building).is_empty() {
            // Rows below may leave out what this one says.
            self.places.find(row, &self.columns, false);
        } else if says_more {
            notes.hint(Some(row.number()), "", "roll_row_left_out", &[]);
        }
        false
    }

    fn resident(&mut self, row: &Row, name: &str, notes: &mut Grouped) -> bool {
        self.any = true;
        let at = Some(row.number());
        let door = match self.places.find(row, &self.columns, !name.is_empty()) {
            Found::Door(door) => door,
            Found::Unreadable(door, column) => {
                notes.warning(at, self.columns.heading(column), "roll_door_unreadable", &[]);
                door
            }
            Found::Date(column) => {
                notes.error(at, self.columns.heading(column), "roll_door_is_date", &[]);
                return true;
            }
            Found::Nothing => {
                let heading = self.columns.heading_of(self.columns.door.or(self.columns.address));
                notes.error(at, heading, "roll_door_missing", &[]);
                return true;
            }
        };
        self.count_phones(row);
        let marks = self.marks(row, notes);
        let document = self.documents.read(row, &self.columns, notes);
        let name_at_door = (!name.is_empty()).then(|| hash(door.key(), name));
        let new = Met { resident: self.houses.people(), row: row.number() };
        if let Some((met, by)) = self.people.meet(Identity { name_at_door, document }, new) {
            let (column, code) = match by {
                By::Name => (self.columns.name, "roll_person_twice"),
                By::Document => (self.columns.document, "roll_document_twice"),
            };
            notes.warning(at, self.columns.heading_of(column), code, &[("row", &met.row)]);
            self.houses.mark(met.resident, marks);
            self.keep_cells(row, name, met.resident);
            return true;
        }
        self.keep_cells(row, name, new.resident);
        if let Some(first) = self.houses.add(&door, marks, row.number()) {
            let heading = self.columns.heading_of(self.columns.door.or(self.columns.address));
            notes.warning(at, heading, "roll_household_split", &[("row", &first)]);
        }
        true
    }

    fn marks(&mut self, row: &Row, notes: &mut Grouped) -> Marks {
        let mut all = Marks::default();
        for &column in &self.columns.marks {
            let reading = self.marks_read.read(row.cell(column));
            all = all.union(reading.marks);
            if !reading.unknown {
                continue;
            }
            let heading = self.columns.heading(column);
            self.searches += 1;
            let nearest = if self.searches > SEARCHES_MAX { None } else { marks::nearest(row.cell(column)) };
            match nearest {
                Some(word) => {
                    notes.warning(
                        Some(row.number()),
                        heading,
                        "roll_mark_unknown_near",
                        &[("nearest", &word)],
                    );
                }
                None => notes.warning(Some(row.number()), heading, "roll_mark_unknown", &[]),
            }
        }
        all
    }

    fn count_phones(&mut self, row: &Row) {
        const SHORTEST: usize = 7;
        let Some(column) = self.columns.phone else { return };
        let numbers = row.own(column).split(|letter: char| !letter.is_ascii_digit());
        if numbers.filter(|number| number.len() >= SHORTEST).count() > 1 {
            if self.two_phones == 0 {
                self.two_phones_row = row.number();
            }
            self.two_phones += 1;
        }
    }

    /// The roll with the cells that were asked for, and the notes that need the whole list.
    pub(super) fn finish(self, notes: &mut Grouped) -> (Roll, Vec<Cells>) {
        self.places.finish(&self.columns, notes);
        self.documents.finish(&self.columns, notes);
        if self.two_phones > 0 {
            let heading = self.columns.heading_of(self.columns.phone);
            notes.hint(Some(self.two_phones_row), heading, "roll_two_phones", &[("count", &self.two_phones)]);
        }
        if !self.any {
            notes.error(None, "", "roll_no_residents", &[]);
        }
        let (roll, places) = self.houses.finish(notes);
        let mut cells = vec![Cells::default(); if self.cells.is_some() { places.len() } else { 0 }];
        for (of, place) in self.cells.into_iter().flatten().zip(places) {
            cells[place as usize] = of;
        }
        (roll, cells)
    }

    /// Says which headings are missing, of the row that had the most. Only known headings are shown: where there are
    /// none, the row may hold people.
    pub(super) fn say_no_heading(&self, notes: &mut Grouped) {
        let Some(nearly) = self.nearly.as_ref().filter(|_| !self.found) else {
            notes.error(None, "", "roll_heading_none", &[]);
            return;
        };
        let seen = nearly.known().join(" · ");
        if nearly.name.is_none() && !nearly.has_place() {
            notes.error(None, "", "roll_heading_both_missing", &[("seen", &seen)]);
        } else if nearly.name.is_none() {
            notes.error(None, "", "roll_heading_name_missing", &[("seen", &seen)]);
        } else {
            notes.error(None, "", "roll_heading_door_missing", &[("seen", &seen)]);
        }
    }
}

/// Whether the row sums up: its first cell or the one for the name says so, or, where there is no name, any.
fn is_total(row: &Row, name: &str) -> bool {
    const CHINESE: [&str; 6] = ["合计", "小计", "总计", "共计", "总人数", "总户数"];
    const ENGLISH: [&str; 4] = ["total", "subtotal", "grandtotal", "sum"];
    let says = |cell: &str| {
        // Few cells begin like a total: the others need no closer look.
        if !cell.starts_with(['合', '小', '总', '共', 't', 'T', 's', 'S', 'g', 'G']) {
            return false;
        }
        let bare: String = cell.chars().take(24).filter(|letter| !letter.is_whitespace()).collect();
        let bare = bare.to_ascii_lowercase().replace('-', "");
        let word = bare.split([':', '=']).next().unwrap_or("");
        CHINESE.iter().any(|total| bare.starts_with(total)) || ENGLISH.contains(&word)
    };
    let first = row.cells().find(|cell| !cell.is_empty()).unwrap_or("");
    if name.is_empty() { row.cells().any(says) } else { says(first) || says(name) }
}
