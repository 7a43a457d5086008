//! An address in one cell: `12号楼2单元301`, `12栋2单元301室`, `12-2-301`, `12幢301`, with or without the names of the
//! road and the compound before it.

use super::part::{Part, chinese_numeral, number, signs};

/// What an address says; empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// What tells two buildings of one number apart: a lane, an estate, a phase (`100弄`, `2期`).
    pub zone: String,
    pub building: String,
    pub entrance: String,
    pub door: String,
}

/// What follows a value and says what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Building,
    /// `号`: a house's number, a building or a door, whichever is missing.
    Number,
    Entrance,
    Floor,
    Door,
    /// A lane, an estate or a phase: its word.
    Zone(&'static str),
    /// Nothing, a dash or a slash.
    Plain,
}

/// Signs, longest first where one begins another.
const SIGNS: &[(&str, Sign)] = &[
    ("号楼", Sign::Building),
    ("号院", Sign::Zone("号院")),
    ("号门", Sign::Entrance),
    ("号单元", Sign::Entrance),
    ("号房", Sign::Door),
    ("号室", Sign::Door),
    ("单元", Sign::Entrance),
    ("弄", Sign::Zone("弄")),
    ("巷", Sign::Zone("巷")),
    ("期", Sign::Zone("期")),
    ("区", Sign::Zone("区")),
    ("栋", Sign::Building),
    ("幢", Sign::Building),
    ("座", Sign::Building),
    ("#", Sign::Building),
    ("楼", Sign::Floor),
    ("层", Sign::Floor),
    ("门", Sign::Entrance),
    ("梯", Sign::Entrance),
    ("室", Sign::Door),
    ("房", Sign::Door),
    ("户", Sign::Door),
    ("号", Sign::Number),
];

/// Words before a value, in capitals; longer ones first.
const WORDS: &[(&str, Sign)] = &[
    ("BUILDING", Sign::Building),
    ("BLDG", Sign::Building),
    ("BLOCK", Sign::Building),
    ("TOWER", Sign::Building),
    ("ENTRANCE", Sign::Entrance),
    ("STAIRCASE", Sign::Entrance),
    ("UNIT", Sign::Entrance),
    ("FLOOR", Sign::Floor),
    ("APARTMENT", Sign::Door),
    ("APT", Sign::Door),
    ("FLAT", Sign::Door),
    ("ROOM", Sign::Door),
    ("DOOR", Sign::Door),
];

impl Address {
    /// Reads a plain cell. What it does not say stays empty; an address that makes no sense says nothing.
    pub(super) fn read(cell: &str) -> Self {
        // What stands in brackets at the end is a remark: 12-2-301(租).
        let text = cell
            .trim_end_matches(')')
            .rsplit_once('(')
            .filter(|_| cell.ends_with(')'))
            .map_or(cell, |(text, _)| text);
        let text = signs(text).to_uppercase();
        let mut reading = Reading::default();
        for (value, sign) in (Values { rest: &text, pending: None }) {
            reading.take(value, sign);
        }
        reading.finish().unwrap_or_default()
    }

    /// Reads a row that names a building, or a building and an entrance, for the rows below it: `12号楼2单元`.
    pub(super) fn read_section(cell: &str) -> Option<Self> {
        let cell = signs(cell);
        let is_sign = ["号楼", "栋", "幢", "座", "单元"].iter().any(|sign| cell.ends_with(sign))
            || cell.to_uppercase().starts_with("BUILDING");
        let address = Address::read(&cell);
        let short = cell.chars().count() <= 20;
        (is_sign && short && !address.building.is_empty() && address.door.is_empty()).then_some(address)
    }
}

/// The values of an address with their signs.
struct Values<'a> {
    rest: &'a str,
    /// An English word that the next value belongs to.
    pending: Option<Sign>,
}

impl<'a> Iterator for Values<'a> {
    type Item = (&'a str, Sign);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let first = self.rest.chars().next()?;
            let length: usize =
                self.rest.chars().take_while(|&letter| is_value(letter)).map(char::len_utf8).sum();
            if length == 0 {
                self.rest = &self.rest[first.len_utf8()..];
                continue;
            }
            if let Some((word, sign)) = WORDS.iter().find(|(word, _)| self.rest[..length].starts_with(word)) {
                self.pending = Some(*sign);
                self.rest = &self.rest[word.len()..];
                continue;
            }
            let value = &self.rest[..length];
            let after = &self.rest[length..];
            let near = after.trim_start_matches(' ');
            if let Some((sign_text, sign)) = SIGNS.iter().find(|(sign, _)| near.starts_with(sign)) {
                self.rest = &near[sign_text.len()..];
                self.pending = None;
                return Some((value, *sign));
            }
            self.rest = after;
            if let Some(sign) = self.pending.take() {
                return Some((value, sign));
            }
            let follows = after.chars().next();
            if value.is_ascii() && follows.is_none_or(|letter| " -/_,.、".contains(letter)) {
                return Some((value, Sign::Plain));
            }
        }
    }
}

fn is_value(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || chinese_numeral(letter.encode_utf8(&mut [0; 4])).is_some()
        || "甲乙丙丁东南西北中".contains(letter)
}

/// What was read so far.
#[derive(Default)]
struct Reading<'a> {
    zone: String,
    building: Option<&'a str>,
    entrance: Option<&'a str>,
    floor: Option<&'a str>,
    door: Option<&'a str>,
    /// Values followed by 号 only.
    numbers: Vec<&'a str>,
    /// Values followed by nothing that says what they are.
    plain: Vec<&'a str>,
}

impl<'a> Reading<'a> {
    fn take(&mut self, value: &'a str, sign: Sign) {
        match sign {
            // Other numbers before a lane, an estate or a building belong to the road.
            Sign::Zone(word) => {
                let zone = format!("{}{}{word}", self.zone, number(value));
                *self = Reading { zone, ..Reading::default() };
            }
            Sign::Building => {
                let zone = std::mem::take(&mut self.zone);
                *self = Reading { zone, building: Some(value), ..Reading::default() };
            }
            Sign::Number if self.building.is_some() || self.entrance.is_some() => self.door = Some(value),
            Sign::Number => {
                self.plain.clear();
                self.numbers.push(value);
            }
            Sign::Entrance => self.entrance = Some(value),
            // 12楼 is a building where none was named, and a floor where one was.
            Sign::Floor if self.building.is_none() && self.numbers.is_empty() && self.plain.is_empty() => {
                self.building = Some(value);
            }
            Sign::Floor => self.floor = Some(value),
            Sign::Door => self.door = Some(value),
            Sign::Plain => self.plain.push(value),
        }
    }

    fn finish(mut self) -> Option<Address> {
        if self.building.is_none() {
            let is_door = self.door.is_none() && self.plain.is_empty() && self.numbers.len() > 1;
            if is_door {
                self.door = self.numbers.pop();
            }
            self.building = self.numbers.pop();
        }
        let mut plain = self.plain;
        // 12-2-3-301: the floor is said twice.
        if plain.len() == 4 && plain[3].len() > plain[2].len() && plain[3].starts_with(plain[2]) {
            plain.remove(2);
        }
        if self.door.is_none() {
            self.door = plain.pop();
        }
        let mut plain = plain.into_iter();
        if self.building.is_none() {
            self.building = plain.next();
        }
        if self.entrance.is_none() {
            self.entrance = plain.next();
        }
        if plain.next().is_some() {
            return None;
        }
        let door = match (self.door, self.floor) {
            // 3层东户: the door's name says nothing without its floor.
            (Some(door), Some(floor)) if !door.is_ascii() && chinese_numeral(door).is_none() => {
                format!("{}{door}", number(floor))
            }
            (Some(door), _) => number(door),
            (None, _) => String::new(),
        };
        let building = self.building.map_or_else(String::new, number);
        Some(Address {
            zone: self.zone,
            building,
            entrance: self.entrance.map_or_else(String::new, number),
            door,
        })
    }
}

/// The door cell of a list with several columns: mostly `301`, sometimes with the way to it, `2-301`.
pub(super) fn read_door(cell: &str) -> Address {
    let simple = Part::Door.read(cell);
    if simple.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Address { door: simple, ..Address::default() };
    }
    let capitals = cell.to_uppercase();
    let values: Vec<_> = Values { rest: &capitals, pending: None }.collect();
    let address = Address::read(cell);
    if address.door.is_empty() {
        return Address { door: simple, ..Address::default() };
    }
    // Of two plain values the first is more often the entrance than the building: the caller knows the building.
    let plain = values.iter().all(|(_, sign)| matches!(sign, Sign::Plain | Sign::Door));
    if plain && values.len() == 2 {
        return Address { entrance: address.building, door: address.door, ..Address::default() };
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str) -> String {
        let address = Address::read(&crate::sheet::plain(cell));
        format!("{}{}|{}|{}", address.zone, address.building, address.entrance, address.door)
    }

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (cell, expected) in [
            ("12号楼2单元301", "12|2|301"),
            ("12栋2单元301室", "12|2|301"),
            ("12號樓2單元301", "12|2|301"),
            ("12-2-301", "12|2|301"),
            ("１２－２－３０１", "12|2|301"),
            ("12—2—301室", "12|2|301"),
            ("12幢301", "12||301"),
            ("12-301", "12||301"),
            ("12#301", "12||301"),
            ("12#-2-301", "12|2|301"),
            ("12 号楼 2 单元 301 室", "12|2|301"),
            ("12 2 301", "12|2|301"),
            ("十二号楼三单元四〇一室", "12|3|401"),
            ("A座1201", "A||1201"),
            ("A3-1202", "A3||1202"),
            ("12号301室", "12||301"),
            ("12号楼2单元3层301", "12|2|301"),
            ("3号楼2门3楼东户", "3|2|3东"),
            ("12-2-3-301", "12|2|301"),
            ("天山路100弄12号301室", "100弄12||301"),
            ("幸福路100号阳光花园3号楼2单元301", "3|2|301"),
            ("阳光花园二期12-2-301", "2期12|2|301"),
            ("五一路8号院12号楼301", "8号院12||301"),
            ("12号楼2单元301(租)", "12|2|301"),
            ("12楼301", "12||301"),
            ("02-01-0301", "2|1|301"),
            ("Building 12, Unit 2, Room 301", "12|2|301"),
            ("12号楼2单元", "12|2|"),
            ("301", "||301"),
            ("门卫室", "||"),
            ("1-2-3-4-5", "||"),
        ] {
            assert_eq!(read(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_door_cell_may_hold_the_way_to_it() {
        let door = |cell: &str| {
            let address = read_door(cell);
            format!("{}|{}|{}", address.building, address.entrance, address.door)
        };
        assert_eq!(door("301"), "||301");
        assert_eq!(door("2-301"), "|2|301");
        assert_eq!(door("12-2-301"), "12|2|301");
        assert_eq!(door("2单元301"), "|2|301");
        assert_eq!(door("门卫"), "||门卫");
    }

    #[test]
    fn a_section_names_a_building_and_nothing_more() {
        let section = Address::read_section("12号楼2单元").unwrap();
        assert_eq!((section.building.as_str(), section.entrance.as_str()), ("12", "2"));
        assert_eq!(Address::read_section("12号楼301"), None);
        assert_eq!(Address::read_section("填表说明"), None);
    }
}
