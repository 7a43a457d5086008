//! What the cells of a row say.

use super::{Cell, PEOPLE_MAX, Roll, Row, Wrong};
use crate::Door;
use domain::{Moment, roll::door_label};
use round::{CodeFault, Rules, TubeCode};

/// A row whose cells were read.
#[derive(Clone, Debug)]
pub(super) struct Said<'a> {
    pub(super) at: Moment,
    pub(super) door: Option<&'a Door>,
    pub(super) people: u32,
    pub(super) green: u32,
    pub(super) item: Item,
}

/// What people of a row were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The table gives nothing.
    Nothing,
    /// A place in this tube.
    Tube(TubeCode),
    /// A thing of its own each, of this lot.
    Lot(Option<String>),
}

/// As above: the tube of the row before.
const DITTO: [&str; 6] = ["\"", "''", "〃", "”", "“", "同上"];
/// Who is not on the roll has no door.
const NO_DOOR: &str = "-";
/// Doors that are named where a text fits several.
const NAMED: usize = 4;

/// Reads a row; all that is wrong with it. `gives` is what the table gives, `before` the tube of the row before.
pub(super) fn cells<'a>(
    row: &Row,
    roll: &Roll<'a>,
    gives: Option<&str>,
    before: Option<TubeCode>,
) -> Result<Said<'a>, Vec<Wrong>> {
    let rules = roll.folded.live().round().rules();
    let mut wrong = Vec::new();
    let mut keep = |of: Wrong| wrong.push(of);
    let at = time(&row.time, rules, roll.now).map_err(&mut keep).ok();
    let door = door(&row.door, roll.doors).map_err(&mut keep).ok();
    let people = people(&row.people).map_err(&mut keep).ok();
    let green = green(&row.green, people).map_err(&mut keep).ok();
    let item = item(&row.item, roll, gives, before).map_err(&mut keep).ok();
    match (at, door, people, green, item) {
        (Some(at), Some(door), Some(people), Some(green), Some(item)) => {
            Ok(Said { at, door, people, green, item })
        }
        _ => Err(wrong),
    }
}

impl Said<'_> {
    /// The same for the same row, however it was typed.
    pub(super) fn plain(&self) -> String {
        let door = self.door.map_or_else(String::new, |door| door.household.to_string());
        let item = match &self.item {
            Item::Nothing => String::new(),
            Item::Tube(code) => code.to_string(),
            Item::Lot(lot) => lot.clone().unwrap_or_default(),
        };
        [self.at.0.to_string(), door, self.people.to_string(), self.green.to_string(), item].join("\0")
    }
}

/// `9:05`, `09.05`, `905`, `0905` or `9点05`; with seconds or a date before it, as spreadsheets write it.
fn time(typed: &str, rules: &Rules, now: Moment) -> Result<Moment, Wrong> {
    let unread = || Wrong::cell(Cell::Time, "time_unread", &[("typed", &typed)]);
    let clock = typed.rsplit(' ').next().unwrap_or_default();
    if clock.starts_with("0.") {
        // A part of a day, as a spreadsheet keeps a time.
        return Err(unread());
    }
    let mut parts: Vec<&str> =
        clock.split([':', '.', '点', '时', '分', 'h']).filter(|part| !part.is_empty()).collect();
    if let [digits] = parts[..]
        && (3..=4).contains(&digits.len())
        && digits.is_ascii()
    {
        let (hours, minutes) = digits.split_at(digits.len() - 2);
        parts = vec![hours, minutes];
    }
    let [hours, minutes] =
        parts.get(..2).filter(|_| parts.len() <= 3).and_then(|of| of.try_into().ok()).ok_or_else(unread)?;
    let (hours, minutes): (&str, &str) = (hours, minutes);
    let number = |text: &str| text.parse::<u16>().ok().filter(|_| text.len() <= 2);
    let (hours, minutes) = number(hours).zip(number(minutes)).ok_or_else(unread)?;
    if hours > 24 || minutes > 59 {
        return Err(unread());
    }
    let Some(at) = rules.on_the_day(hours % 24 * 60 + minutes) else {
        let opens = rules.clock(rules.opens);
        let closes =
            rules.closes.map_or_else(|| "24:00".to_owned(), |closes| rules.clock(rules.opens + closes));
        return Err(Wrong::cell(
            Cell::Time,
            "time_outside",
            &[("typed", &typed), ("opens", &opens), ("closes", &closes)],
        ));
    };
    if at > now {
        return Err(Wrong::cell(Cell::Time, "time_ahead", &[("typed", &typed)]));
    }
    Ok(at)
}

/// The door whose whole label it is; else the only one whose number it is, or whose label ends so.
fn door<'a>(typed: &str, doors: &'a [Door]) -> Result<Option<&'a Door>, Wrong> {
    if typed == NO_DOOR {
        return Ok(None);
    }
    let plain = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(typed);
    if wanted.is_empty() {
        return Err(Wrong::cell(Cell::Door, "door_missing", &[]));
    }
    let parted: Vec<String> = typed
        .split(|letter: char| !letter.is_alphanumeric())
        .map(plain)
        .filter(|part| !part.is_empty())
        .collect();
    let label = |door: &Door| door_label(&door.building, &door.entrance, &door.door);
    // `1-1201` and `11-201` are two doors: where a text has parts, they are compared.
    let same = |door: &Door| {
        let own: Vec<String> = label(door).split('-').map(plain).collect();
        if parted.len() > 1 { own == parted } else { plain(&label(door)) == wanted }
    };
    let ends = |door: &Door| {
        let own: Vec<String> = label(door).split('-').map(plain).collect();
        own.ends_with(&parted)
    };
    let all = |fits: &dyn Fn(&Door) -> bool| doors.iter().filter(|door| fits(door)).collect::<Vec<&Door>>();
    let mut found = all(&same);
    if found.is_empty() {
        found = all(&ends);
    }
    match found[..] {
        [only] => Ok(Some(only)),
        [] => Err(Wrong::cell(Cell::Door, "door_unknown", &[("typed", &typed)])),
        ref several => {
            let named: Vec<String> = several.iter().take(NAMED).map(|door| label(door)).collect();
            let more = if several.len() > NAMED { " …" } else { "" };
            let doors = format!("{}{more}", named.join(" · "));
            Err(Wrong::cell(Cell::Door, "door_several", &[("typed", &typed), ("doors", &doors)]))
        }
    }
}

fn people(typed: &str) -> Result<u32, Wrong> {
    let people = typed.parse().ok().filter(|people| (1..=PEOPLE_MAX).contains(people));
    people.ok_or_else(|| {
        Wrong::cell(Cell::People, "people_unread", &[("typed", &typed), ("most", &PEOPLE_MAX)])
    })
}

/// A number; a tick is enough where a row has one person.
fn green(typed: &str, people: Option<u32>) -> Result<u32, Wrong> {
    let ticked = ["y", "yes", "x", "v", "√", "✓", "✔", "是"].contains(&typed.to_lowercase().as_str());
    let green = match people {
        _ if typed.is_empty() => Some(0),
        Some(1) if ticked => Some(1),
        _ => typed.parse().ok(),
    };
    let green = green.ok_or_else(|| Wrong::cell(Cell::Green, "green_unread", &[("typed", &typed)]))?;
    match people.filter(|&people| green > people) {
        Some(people) => {
            Err(Wrong::cell(Cell::Green, "green_more", &[("green", &green), ("people", &people)]))
        }
        None => Ok(green),
    }
}

/// What the table gave, as the cell of a row says it.
pub(super) fn item(
    typed: &str,
    roll: &Roll<'_>,
    gives: Option<&str>,
    before: Option<TubeCode>,
) -> Result<Item, Wrong> {
    let wrong =
        |code, args: &[(&'static str, &dyn std::fmt::Display)]| Err(Wrong::cell(Cell::Item, code, args));
    match gives {
        None if typed.is_empty() => Ok(Item::Nothing),
        None => wrong("item_not_here", &[("typed", &typed)]),
        Some("tube") if typed.is_empty() => wrong("tube_missing", &[]),
        Some("tube") if DITTO.contains(&typed) => match before {
            Some(code) => Ok(Item::Tube(code)),
            None => wrong("ditto_first", &[]),
        },
        Some("tube") => match roll.tubes.read(typed) {
            Ok(code) => Ok(Item::Tube(code)),
            Err(CodeFault::NoCode) => wrong("tube_unread", &[("typed", &typed)]),
            Err(CodeFault::Mistyped) => wrong("tube_mistyped", &[("typed", &typed)]),
            Err(CodeFault::Foreign) => wrong("tube_foreign", &[]),
            Err(CodeFault::NotOurs) => wrong("tube_not_ours", &[]),
        },
        Some(_) => Ok(Item::Lot(Some(typed.to_owned()).filter(|lot| !lot.is_empty()))),
    }
}
