//! A volunteer's own words apart from any folder: the cells of their row, how they are understood, and the sheets that somebody who keeps
//! volunteers writes for [`super::read_volunteers`].

use super::{
    SEPARATORS,
    available::{self, Days},
    cells, skills, table,
};
use crate::{
    sheet::{Grouped, plain},
    tables,
};
use csv::WriterBuilder;
use domain::{Notes, roster::Span};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

/// What stands in a volunteer's row, by the names of the columns of `volunteers.csv`.
pub type VolunteerCells = BTreeMap<String, String>;

/// The row of the first volunteer in a sheet that [`write_volunteers`] wrote; the next has the next.
pub const FIRST_ROW: u32 = 3;
/// It names the separator, whatever stands in the cells.
const SEPARATED: &[u8] = b"sep=,\n";

/// How a volunteer's own words are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Understood {
    /// When they can come: minutes after the first day's midnight, in order and apart.
    pub spans: Vec<Span>,
    /// Whether they come only if nobody else does.
    pub if_needed: bool,
    /// Whether a part of when they can come was not understood.
    pub when_unknown: bool,
    /// What they can do: roles by their words.
    pub roles: Vec<String>,
    /// Words for skills that nobody knows, each with the nearest that is known.
    pub unknown: Vec<(String, Option<String>)>,
    /// The most that they serve on a day.
    pub minutes_per_day_max: Option<i32>,
    /// Whether protective clothing is nothing for them.
    pub no_suit: bool,
    /// Whether the heat is nothing for them.
    pub no_heat: bool,
    /// Whether a part of what they cannot do was not understood.
    pub limits_unknown: bool,
}

/// A shift to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftRow {
    /// When it begins, local.
    pub from: DateTime,
    /// When it ends.
    pub until: DateTime,
    /// What is done.
    pub role: String,
    /// How many people.
    pub people: u32,
    /// Where, for people who are lent; `None` here.
    pub site: Option<String>,
    /// In protective clothing.
    pub suit: bool,
    /// In the heat.
    pub heat: bool,
}

/// The columns of a volunteer's row, in the order of the documentation.
pub fn volunteer_columns() -> impl Iterator<Item = &'static str> {
    table("volunteers").columns.iter().map(|column| column.name)
}

/// The rows of a volunteers' sheet, CSV or XLSX, as they stand there. Those without a name are left out.
///
/// # Errors
/// All notes, if it is no such sheet or a row of it cannot be read.
pub fn read_volunteer_cells(file: &str, bytes: &[u8]) -> Result<(Vec<VolunteerCells>, Notes), Notes> {
    let mut rows = Vec::new();
    let mut notes = Grouped::new(file);
    tables::read(table("volunteers"), bytes, &mut notes, &mut |_, _| {}, &mut |cells, _| {
        let own = volunteer_columns().map(|name| (name.to_owned(), cells.text(name).trim().to_owned()));
        let own: VolunteerCells = own.filter(|(_, text)| !text.is_empty()).collect();
        if own.contains_key("name") {
            rows.push(own);
        }
    });
    let notes = notes.finish();
    if notes.refuses() { Err(notes) } else { Ok((rows, notes)) }
}

/// How a volunteer's words are read, for so many days from a first one.
pub fn understood(own: &VolunteerCells, first: Date, days: i32) -> Understood {
    let text = |column: &str| own.get(column).map(|text| plain(text)).unwrap_or_default();
    let when = available::read(&text("available"), Days { first, count: days });
    let limits = cells::limits(&text("limits"));
    let mut read = Understood {
        spans: when.spans,
        if_needed: when.if_needed || cells::is_yes(&text("standby")),
        when_unknown: when.unknown,
        minutes_per_day_max: cells::minutes(&text("hours_max")).or(limits.minutes_per_day_max),
        no_suit: limits.no_suit,
        no_heat: limits.no_heat,
        limits_unknown: limits.unknown,
        ..Understood::default()
    };
    let said = text("skills");
    for word in said.split(SEPARATORS).map(str::trim).filter(|word| !word.is_empty()) {
        match skills::role_of(word, &[]) {
            Some(role) if !read.roles.contains(&role) => read.roles.push(role),
            Some(_) => {}
            None if skills::is_none(word) => {}
            None => read.unknown.push((word.to_owned(), skills::nearest(word, &[]))),
        }
    }
    if cells::is_yes(&text("languages")) && !read.roles.iter().any(|role| role == "interpreting") {
        read.roles.push("interpreting".to_owned());
    }
    read
}

/// A `volunteers.csv` of these, one row each from [`FIRST_ROW`] on.
pub fn write_volunteers<'v>(all: impl Iterator<Item = &'v VolunteerCells>) -> Vec<u8> {
    let columns: Vec<&str> = volunteer_columns().collect();
    let cell = |own: &VolunteerCells, name: &str| own.get(name).map(|text| line(text)).unwrap_or_default();
    let rows = all.map(|own| columns.iter().map(|name| cell(own, name)).collect());
    written(&columns, rows)
}

/// A `shifts.csv` of these.
pub fn write_shifts(shifts: &[ShiftRow]) -> Vec<u8> {
    let columns: Vec<&str> = table("shifts").columns.iter().map(|column| column.name).collect();
    let cell = |shift: &ShiftRow, name: &str| {
        let yes = |is: bool| if is { "yes".to_owned() } else { String::new() };
        let clock = |at: DateTime| at.strftime("%H:%M").to_string();
        match name {
            "role" => line(&shift.role),
            "from" => clock(shift.from),
            "until" => clock(shift.until),
            "people" => shift.people.to_string(),
            "date" => shift.from.date().to_string(),
            "site" => shift.site.as_deref().map(line).unwrap_or_default(),
            "protective" => yes(shift.suit),
            "heat" => yes(shift.heat),
            _ => String::new(),
        }
    };
    let rows = shifts.iter().map(|shift| columns.iter().map(|name| cell(shift, name)).collect());
    written(&columns, rows)
}

/// A cell on one line: rows are told by their lines.
fn line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn written(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    const IN_MEMORY: &str = "memory takes every byte";
    let mut csv = WriterBuilder::new().from_writer(SEPARATED.to_vec());
    csv.write_record(columns).expect(IN_MEMORY);
    for row in rows {
        csv.write_record(row).expect(IN_MEMORY);
    }
    csv.into_inner().expect(IN_MEMORY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::roster::DAY_MIN;

    fn cells(pairs: &[(&str, &str)]) -> VolunteerCells {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn ones_own_words_are_read_as_the_sheet_is() {
        let own = cells(&[
            ("name", "示例"),
            ("available", "周一三上午"),
            ("skills", "登记、会英语；修电脑"),
            ("limits", "最多2小时，怕热"),
            ("standby", "是"),
        ]);
        let read = understood(&own, jiff::civil::date(2022, 3, 28), 7);
        let mornings =
            [0, 2].map(|day| Span { from_min: day * DAY_MIN + 360, until_min: day * DAY_MIN + 720 });
        assert_eq!(read.spans, mornings);
        assert_eq!(read.roles, ["registration", "interpreting"]);
        assert_eq!(read.unknown.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(), ["修电脑"]);
        assert!(read.if_needed && read.no_heat && !read.no_suit && !read.when_unknown);
        assert_eq!(read.minutes_per_day_max, Some(120));
        assert_eq!(
            understood(&VolunteerCells::new(), jiff::civil::date(2022, 3, 28), 2).spans[0].until_min,
            2 * DAY_MIN
        );
        assert!(
            understood(&cells(&[("available", "看孩子情况")]), jiff::civil::date(2022, 3, 28), 7)
                .when_unknown
        );
    }

    #[test]
    fn what_is_written_is_read_back_row_by_row_whatever_stands_in_it() {
        let odd = ["Ann; \"the second\", née X", "=1+1", "一\n二", "王；小明"];
        let all =
            odd.map(|name| cells(&[("name", name), ("available", "周一;周二"), ("phone", "1380013800")]));
        let bytes = write_volunteers(all.iter());
        let (back, notes) = read_volunteer_cells("volunteers.csv", &bytes).unwrap();
        assert!(!notes.refuses(), "{notes:?}");
        let names: Vec<&str> = back.iter().map(|own| own["name"].as_str()).collect();
        assert_eq!(names, ["Ann; \"the second\", née X", "=1+1", "一 二", "王;小明"]);
        let text = String::from_utf8(bytes).unwrap();
        let row = text.lines().position(|line| line.contains("=1+1")).unwrap() as u32 + 1;
        assert_eq!(row, FIRST_ROW + 1);
    }

    #[test]
    fn a_sheet_without_names_is_refused_in_words() {
        let notes = read_volunteer_cells("volunteers.csv", b"a,b\n1,2\n").unwrap_err();
        assert!(notes.0.iter().any(|note| note.code == "table_heading_missing"), "{notes:?}");
    }
}
