//! A series of cases by days.

use super::{columns, dates};
use crate::sheet::{Grouped, Kind, Outcome, Row, RowReader, read_sheet};
use domain::Notes;
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeMap;

/// Days from the first to the last: an outbreak is judged by its last months, and a wrong year must not make a million empty days.
const DAYS_MAX: i64 = 1_000;
/// Days whose cases must be known before anything is said of what comes.
const KNOWN_MIN: usize = 7;
/// Known days before a negative number from which it is taken off.
const CORRECTED_DAYS: usize = 7;
/// Most cases of one day: more people than live in any country.
const CASES_MAX: f64 = 1e9;
/// Days that a note names.
const NAMED_MAX: usize = 12;

/// Cases by days, without a gap: a day of which nothing is known is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The first day.
    pub first: Date,
    /// New cases of each day, negative corrections taken off the days before.
    pub cases: Vec<Option<f64>>,
    /// Those found in quarantine beside them; empty where the table does not tell.
    pub inside: Vec<Option<f64>>,
    /// Headings of the columns that were added up.
    pub columns: Vec<String>,
    /// Whether the columns say that these cases were found outside quarantine.
    pub outside: bool,
}

impl Series {
    /// The date of a day of the series, or after it.
    pub fn date(&self, day: usize) -> Date {
        self.first.saturating_add((day as i64).days())
    }

    /// The last day.
    pub fn last(&self) -> Date {
        self.date(self.cases.len() - 1)
    }

    /// The place of a date.
    pub fn place(&self, date: Date) -> Option<usize> {
        let days = days_between(self.first, date);
        usize::try_from(days).ok().filter(|&days| days < self.cases.len())
    }

    /// What was known on the evening of a day of the series.
    pub fn until(&self, day: usize) -> Series {
        let cut = |values: &[Option<f64>]| values.iter().take(day + 1).copied().collect();
        Series { cases: cut(&self.cases), inside: cut(&self.inside), ..self.clone() }
    }
}

pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Reads a table with a column of dates and one or more of new cases; `wanted` names those to be added up.
pub fn read_series(file: &str, bytes: &[u8], wanted: &[String]) -> (Option<Series>, Notes) {
    let mut notes = Grouped::new(file);
    let mut reader = Reader { wanted, ..Reader::default() };
    match read_sheet(bytes, &mut reader, &mut notes, &mut |_, _| {}) {
        Outcome::Read => {}
        Outcome::NoHeading => {
            notes.error(None, "", "series_no_date", &[]);
            return (None, notes.finish());
        }
        Outcome::Refused => return (None, notes.finish()),
    }
    let series = reader.series(&mut notes);
    let notes = notes.finish();
    (series.filter(|_| !notes.refuses()), notes)
}

/// One row: a day's sums.
struct Told {
    row: u32,
    date: Date,
    cases: Option<f64>,
    inside: Option<f64>,
}

#[derive(Default)]
struct Reader<'w> {
    wanted: &'w [String],
    headings: Vec<String>,
    columns: columns::Columns,
    trouble: Option<Vec<String>>,
    told: Vec<Told>,
}

impl RowReader for Reader<'_> {
    fn is_heading(&mut self, row: &Row) -> bool {
        row.len() > 1 && row.cells().any(columns::is_date)
    }

    fn begin(&mut self, heading: &Row) {
        self.headings = heading.cells().map(|heading| heading.chars().take(60).collect()).collect();
        match columns::find(&self.headings, self.wanted) {
            Ok(columns) => self.columns = columns,
            Err(names) => self.trouble = Some(names),
        }
    }

    fn row(&mut self, row: &Row, notes: &mut Grouped) -> bool {
        if row.is_blank() || self.trouble.is_some() {
            return false;
        }
        let (text, at) = (row.own(self.columns.date), Some(row.number()));
        let Some(date) = dates::read(text) else {
            // A row of sums, or a remark, says so by having no date; a date that cannot be read must not be lost.
            if text.bytes().any(|letter| letter.is_ascii_digit()) {
                notes.error(at, &self.headings[self.columns.date], "series_date", &[("value", &text)]);
            } else {
                notes.warning(at, "", "series_no_day", &[]);
            }
            return false;
        };
        let [cases, inside] =
            [&self.columns.cases, &self.columns.inside].map(|places| sum(row, places, &self.headings, notes));
        self.told.push(Told { row: row.number(), date, cases, inside });
        true
    }
}

/// The sum of a row's cells; nothing if one of them is unknown.
fn sum(row: &Row, places: &[usize], headings: &[String], notes: &mut Grouped) -> Option<f64> {
    /// What people write where they do not know.
    const UNKNOWN: [&str; 10] = ["", "-", "--", "/", "na", "n/a", "nan", "null", "?", "未公布"];
    let mut all = Some(0.0);
    for &place in places {
        let text = row.own(place);
        if UNKNOWN.contains(&text.to_lowercase().as_str()) && row.kind(place) != Kind::Failed {
            all = None;
            continue;
        }
        let digits: String = text.chars().filter(|letter| !matches!(letter, ',' | ' ' | '+')).collect();
        let number = digits.strip_suffix('例').unwrap_or(&digits).parse::<f64>().ok();
        match number.filter(|number| number.fract() == 0.0 && number.abs() <= CASES_MAX) {
            Some(number) => all = all.map(|all| all + number),
            None => {
                notes.error(Some(row.number()), &headings[place], "series_no_count", &[("value", &text)]);
                all = None;
            }
        }
    }
    all.filter(|_| !places.is_empty())
}

impl Reader<'_> {
    fn series(mut self, notes: &mut Grouped) -> Option<Series> {
        if let Some(names) = &self.trouble {
            let names = names.join(", ");
            let all = self.headings.join(", ");
            let code = if self.wanted.is_empty() { "series_which_column" } else { "series_column_unknown" };
            notes.error(None, "", code, &[("names", &names), ("all", &all)]);
            return None;
        }
        if let Some(pair) = self.told.windows(2).find(|pair| pair[1].date < pair[0].date) {
            notes.warning(Some(pair[1].row), "", "series_order", &[("date", &pair[1].date)]);
        }
        self.told.sort_by_key(|told| (told.date, told.row));
        let mut days: BTreeMap<Date, &Told> = BTreeMap::new();
        for told in &self.told {
            if let Some(before) = days.insert(told.date, told) {
                let (row, date) = (Some(told.row), told.date);
                if before.cases == told.cases {
                    notes.warning(row, "", "series_twice", &[("date", &date), ("before", &before.row)]);
                } else {
                    let shown =
                        |cases: Option<f64>| cases.map_or_else(|| "–".to_owned(), |cases| cases.to_string());
                    let (one, other) = (shown(before.cases), shown(told.cases));
                    let args: [(&str, &dyn std::fmt::Display); 4] =
                        [("date", &date), ("before", &before.row), ("one", &one), ("other", &other)];
                    notes.warning(row, "", "series_twice_other", &args);
                }
            }
        }
        let Some((first, last)) = days.keys().copied().next().zip(days.keys().copied().next_back()) else {
            notes.error(None, "", "series_short", &[("count", &0), ("min", &KNOWN_MIN)]);
            return None;
        };
        let length = days_between(first, last) + 1;
        if length > DAYS_MAX {
            let args: [(&str, &dyn std::fmt::Display); 3] =
                [("first", &first), ("last", &last), ("max", &DAYS_MAX)];
            notes.error(None, "", "series_long", &args);
            return None;
        }
        let dates: Vec<Date> = (0..length).map(|day| first.saturating_add(day.days())).collect();
        let gaps: Vec<Date> = dates.iter().copied().filter(|date| !days.contains_key(date)).collect();
        let empty =
            dates.iter().copied().filter(|date| days.get(date).is_some_and(|told| told.cases.is_none()));
        let empty: Vec<Date> = empty.collect();
        for (code, dates) in [("series_gap", gaps), ("series_unknown", empty)] {
            if !dates.is_empty() {
                notes.warning(None, "", code, &[("count", &dates.len()), ("dates", &named(&dates))]);
            }
        }
        let mut series = Series {
            first,
            cases: dates.iter().map(|date| days.get(date).and_then(|told| told.cases)).collect(),
            inside: if self.columns.inside.is_empty() {
                Vec::new()
            } else {
                dates.iter().map(|date| days.get(date).and_then(|told| told.inside)).collect()
            },
            columns: self.columns.cases.iter().map(|&place| self.headings[place].clone()).collect(),
            outside: self.columns.outside,
        };
        let rows: Vec<Option<u32>> = dates.iter().map(|date| days.get(date).map(|told| told.row)).collect();
        correct(&mut series, &rows, notes);
        series.inside.iter_mut().for_each(|cases| *cases = cases.filter(|cases| *cases >= 0.0));
        let known = series.cases.iter().flatten().count();
        if known < KNOWN_MIN {
            notes.error(None, "", "series_short", &[("count", &known), ("min", &KNOWN_MIN)]);
        }
        Some(series)
    }
}

/// A negative number corrects days before: the day itself becomes unknown, and the number is taken off the known days of the week before
/// in proportion. Where they are too few it is taken off nothing.
fn correct(series: &mut Series, rows: &[Option<u32>], notes: &mut Grouped) {
    for (day, &row) in rows.iter().enumerate() {
        let Some(number) = series.cases[day].filter(|number| *number < 0.0) else { continue };
        series.cases[day] = None;
        let known: Vec<usize> = (0..day).rev().filter(|&before| series.cases[before].is_some()).collect();
        let before = &known[..known.len().min(CORRECTED_DAYS)];
        let all: f64 = before.iter().filter_map(|&before| series.cases[before]).sum();
        let (date, number) = (series.date(day), -number);
        let args: [(&str, &dyn std::fmt::Display); 3] =
            [("date", &date), ("number", &number), ("days", &before.len())];
        if all > number {
            for &before in before {
                series.cases[before] =
                    series.cases[before].map(|cases| (cases * (1.0 - number / all)).round());
            }
            notes.warning(row, "", "series_negative", &args);
        } else {
            notes.warning(row, "", "series_negative_large", &args);
        }
    }
}

/// The first dates of a list.
fn named(dates: &[Date]) -> String {
    let shown: Vec<String> = dates.iter().take(NAMED_MAX).map(Date::to_string).collect();
    let more = if dates.len() > NAMED_MAX { " …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
