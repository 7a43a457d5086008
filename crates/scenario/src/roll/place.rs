//! The door of a row: from the columns that the list has, and from the rows above where a cell is left empty because
//! it says the same.

use super::address::{Address, read_door};
use super::columns::Columns;
use super::houses::{Door, NOWHERE};
use super::part::Part;
use super::people::hash;
use crate::sheet::{Grouped, Kind, Row};
use std::collections::BTreeMap;

/// What a row says of its door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A door.
    Door(Door),
    /// Somewhere to put the resident, though the door cannot be read: the column that should say it.
    Unreadable(Door, usize),
    /// A spreadsheet took the door (in this column) for a date.
    Date(usize),
    /// No door, neither here nor above.
    Nothing,
}

/// Letters of a building, an entrance or a door. Longer texts are something else.
const PART_CHARS_MAX: usize = 12;
/// Digits of a number of a house or door. Telephones and documents have more.
const PART_DIGITS_MAX: usize = 6;
/// Where fewer rows than one in this many leave their door empty, these are slips, and not the form of the list.
const SLIPS: u64 = 10;

/// What the rows above said.
#[derive(Default)]
pub(super) struct Places {
    above: Option<Door>,
    /// The cells from which the door above was read. Read again below it, they say the same.
    cells_above: String,
    /// The last row that only named a building for the rows below it.
    section: Option<Address>,
    /// Rows with a door of their own.
    own: u64,
    /// Rows that took it from above.
    filled: Vec<u32>,
    /// For each text that is no door, the row that had it first: rows with the same text are one household.
    unreadable: BTreeMap<u64, u32>,
    one_building: bool,
}

impl Places {
    /// A row that names a building for the rows below.
    pub(super) fn begin_section(&mut self, section: Address) {
        self.above = None;
        self.cells_above.clear();
        self.section = Some(section);
    }

    /// The door of a row.
    pub(super) fn find(&mut self, row: &Row, columns: &Columns, has_name: bool) -> Found {
        let dated = |column: &usize| row.kind(*column) == Kind::Date || is_date(row.cell(*column));
        if let Some(column) = [columns.door, columns.address].into_iter().flatten().find(dated) {
            return Found::Date(column);
        }
        let cell = |column: Option<usize>| column.map_or("", |column| row.cell(column));
        if cell(columns.door).is_empty() && cell(columns.address).is_empty() {
            return self.without_door(row, columns, has_name);
        }
        self.own += u64::from(has_name);
        // Most rows name the same door as the one above, in the same cells.
        let cells = [columns.building, columns.entrance, columns.door, columns.address].map(cell);
        if self.cells_above.split('\n').eq(cells)
            && let Some(above) = &self.above
        {
            return Found::Door(above.clone());
        }
        self.cells_above.clear();
        let mut door = Self::written(row, columns);
        self.complete(
            &mut door,
            columns,
            cell(columns.building).is_empty(),
            cell(columns.entrance).is_empty(),
        );
        let read = !door.building.is_empty() && is_door(&door.door);
        if read && is_part(&door.building) && is_part(&door.entrance) {
            self.above = Some(door.clone());
            // Plain cells hold no line feeds.
            self.cells_above = cells.join("\n");
            return Found::Door(door);
        }
        let column = if cell(columns.door).is_empty() { columns.address } else { columns.door };
        let column = column.expect("one of the two cells is not empty");
        let known = is_part(&door.building) && is_part(&door.entrance) && !door.building.is_empty();
        let mut nearby = if known { door } else { Door { building: NOWHERE.to_owned(), ..Door::default() } };
        nearby.door.clear();
        let first = *self.unreadable.entry(hash(nearby.key(), row.cell(column))).or_insert(row.number());
        nearby.door = format!("#{first}");
        Found::Unreadable(nearby, column)
    }

    /// A row whose door and address are empty: with a name, it belongs to the household above.
    fn without_door(&mut self, row: &Row, columns: &Columns, has_name: bool) -> Found {
        let part =
            |column: Option<usize>, part: Part| column.map_or_else(String::new, |at| part.read(row.cell(at)));
        let building = part(columns.building, Part::Building);
        let entrance = part(columns.entrance, Part::Entrance);
        let says_same = |own: &str, above: &str| own.is_empty() || own == above;
        match &self.above {
            Some(above) if says_same(&building, &above.building) && says_same(&entrance, &above.entrance) => {
                if has_name && above.door.is_empty() {
                    return Found::Nothing;
                }
                if has_name {
                    self.filled.push(row.number());
                }
                Found::Door(above.clone())
            }
            _ => {
                if !building.is_empty() {
                    self.cells_above.clear();
                    self.above = Some(Door { building, entrance, ..Door::default() });
                }
                Found::Nothing
            }
        }
    }

    /// What the row itself says.
    fn written(row: &Row, columns: &Columns) -> Door {
        let cell = |column: Option<usize>| column.map_or("", |column| row.cell(column));
        let address = Address::read(cell(columns.address));
        let door =
            if cell(columns.door).is_empty() { Address::default() } else { read_door(cell(columns.door)) };
        let mut building = Part::Building.read(cell(columns.building));
        let mut entrance = Part::Entrance.read(cell(columns.entrance));
        // 12-2 in the column of buildings is an entrance of building 12.
        if let Some((first, second)) = building.split_once('-') {
            let numbers = [first, second].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
            if numbers && (entrance.is_empty() || entrance == second) {
                entrance = second.to_owned();
                building = first.to_owned();
            } else {
                building = building.replace('-', "");
            }
        }
        let first = |own: String, others: [&str; 2]| {
            if !own.is_empty() {
                return own;
            }
            others.into_iter().find(|other| !other.is_empty()).unwrap_or("").to_owned()
        };
        let building = first(building, [&door.building, &address.building]);
        // 12-301 in the column of doors of building 12 says the building again.
        let way = if door.entrance == building { "" } else { door.entrance.as_str() };
        let entrance = first(entrance, [way, &address.entrance]);
        let zone = first(String::new(), [&door.zone, &address.zone]);
        Door { zone, building, entrance, door: first(door.door, [&address.door, ""]) }
    }

    /// Takes from above what the row leaves out.
    fn complete(&mut self, door: &mut Door, columns: &Columns, no_building: bool, no_entrance: bool) {
        let filled_down = columns.building.is_some() || self.section.is_some();
        if door.building.is_empty() && filled_down && no_building {
            if let Some(above) = &self.above {
                door.zone.clone_from(&above.zone);
                door.building.clone_from(&above.building);
                if door.entrance.is_empty() && no_entrance {
                    door.entrance.clone_from(&above.entrance);
                }
            } else if let Some(section) = &self.section {
                door.zone.clone_from(&section.zone);
                door.building.clone_from(&section.building);
                if door.entrance.is_empty() && no_entrance {
                    door.entrance.clone_from(&section.entrance);
                }
            }
        } else if let Some(above) = &self.above
            && columns.entrance.is_some()
            && no_entrance
            && door.entrance.is_empty()
            && above.building == door.building
            && above.zone == door.zone
        {
            door.entrance.clone_from(&above.entrance);
        }
        // A list with doors and nothing more is the list of one building.
        let only_doors = columns.building.is_none() && columns.address.is_none() && self.section.is_none();
        let may_be_one = self.one_building || self.above.is_none();
        if door.building.is_empty() && only_doors && may_be_one && is_door(&door.door) {
            door.building = "1".to_owned();
            self.one_building = true;
        }
    }

    /// Notes on the list as a whole.
    pub(super) fn finish(self, columns: &Columns, notes: &mut Grouped) {
        let filled = self.filled.len() as u64;
        let heading = columns.heading_of(columns.door.or(columns.address));
        if filled * SLIPS < self.own + filled {
            for row in self.filled {
                notes.warning(Some(row), heading, "roll_door_from_above", &[]);
            }
        }
        if self.one_building {
            notes.hint(None, heading, "roll_one_building", &[]);
        }
    }
}

/// Whether the text can be a building or an entrance.
fn is_part(text: &str) -> bool {
    let mut digits = 0;
    let mut most = 0;
    for letter in text.chars() {
        digits = if letter.is_ascii_digit() { digits + 1 } else { 0 };
        most = most.max(digits);
    }
    text.chars().count() <= PART_CHARS_MAX && most <= PART_DIGITS_MAX
}

/// Whether the text can be a door: it has a number or a letter, or names a side of the landing.
fn is_door(text: &str) -> bool {
    let side = |letter: char| "东西南北中甲乙丙丁左右前后".contains(letter);
    let known =
        text.bytes().any(|byte| byte.is_ascii_alphanumeric()) || (!text.is_empty() && text.chars().all(side));
    is_part(text) && known
}

/// Whether a spreadsheet made a date of a door: `12月2日`, `2-Dec`, `2012/2/3`.
fn is_date(cell: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if cell.contains('月') && cell.ends_with('日') {
        return true;
    }
    if !cell.is_ascii() || cell.len() > 12 {
        return false;
    }
    let parts: Vec<&str> = cell.split(['-', '/']).collect();
    let month = |part: &&str| MONTHS.contains(&part.to_ascii_lowercase().as_str());
    let number = |part: &str| part.parse::<u32>().unwrap_or(0);
    match parts[..] {
        [first, second] => month(&first) || month(&second),
        [first, second, third] => {
            month(&second)
                || (first.len() == 4
                    && (1900..2100).contains(&number(first))
                    && (1..=12).contains(&number(second))
                    && (1..=31).contains(&number(third)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_that_became_a_date_is_seen() {
        for cell in ["12月2日", "2-Dec", "Dec-02", "2012/2/3", "2001-02-03", "3-Feb-2001"] {
            assert!(is_date(cell), "{cell}");
        }
        for cell in ["12-2-301", "2-301", "12号楼2单元301", "A-2", "2012"] {
            assert!(!is_date(cell), "{cell}");
        }
    }

    #[test]
    fn telephones_and_words_are_no_doors() {
        assert!(is_door("301") && is_door("12A") && is_door("东"));
        assert!(!is_door("13800000000") && !is_door("门卫") && !is_door(""));
    }
}
