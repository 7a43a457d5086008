//! A series of cases by days.

use super::{columns, corrections::correct, counts, dates};
use crate::sheet::{Grouped, Kind, Outcome, Row, RowReader, read_sheet};
use domain::Notes;
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeMap;

/// Days from the first to the last: an outbreak is judged by its last months, and a wrong year must not make a million empty days.
const DAYS_MAX: i64 = 1_000;
/// Days whose cases must be known before anything is said of what comes.
const KNOWN_MIN: usize = 7;
/// Unknown days on end that a forecast can live through; beyond that nothing is left of what was learned, and a wrong year is the likely reason.
const UNKNOWN_MAX: i64 = 60;
/// Known days of which none has fewer cases than the one before, from which on a column looks like a sum to date.
const NEVER_FALLS_MIN: usize = 10;
/// Days that a note names.
const NAMED_MAX: usize = 12;

/// Cases by days, without a gap: a day of which nothing is known is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The first day.
    pub first: Date,
    /// As they were written: a negative number corrects days before.
    raw: Vec<Option<f64>>,
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
        let cut =
            |values: &[Option<f64>]| -> Vec<Option<f64>> { values.iter().take(day + 1).copied().collect() };
        let raw = cut(&self.raw);
        Series { cases: correct(&raw).0, raw, inside: cut(&self.inside), ..self.clone() }
    }

    /// The cases as they were known on the evening of a day of the series: corrections that came later are not taken off yet.
    pub fn known_on(&self, day: usize) -> Vec<Option<f64>> {
        correct(&self.raw[..self.raw.len().min(day + 1)]).0
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

/// One row: a day's numbers.
struct Told {
    row: u32,
    date: Date,
    /// Of each column of cases.
    cells: Vec<Option<f64>>,
    /// The sum of those that count.
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
        let [cells, inside] = [&self.columns.cases, &self.columns.inside]
            .map(|places| places.iter().map(|&place| cell(row, place, &self.headings, notes)).collect());
        self.told.push(Told { row: row.number(), date, cells, cases: None, inside: sum(&inside) });
        true
    }
}

/// A cell's number; nothing where it is unknown.
fn cell(row: &Row, place: usize, headings: &[String], notes: &mut Grouped) -> Option<f64> {
    /// What people write where they do not know.
    const UNKNOWN: [&str; 10] = ["", "-", "--", "/", "na", "n/a", "nan", "null", "?", "未公布"];
    let text = row.own(place);
    if UNKNOWN.contains(&text.to_lowercase().as_str()) && row.kind(place) != Kind::Failed {
        return None;
    }
    let number = counts::read(text);
    if number.is_none() {
        notes.error(Some(row.number()), &headings[place], "series_no_count", &[("value", &text)]);
    }
    number
}

/// The sum of numbers; nothing of none, or if one of them is unknown.
fn sum(cells: &[Option<f64>]) -> Option<f64> {
    cells.iter().copied().sum::<Option<f64>>().filter(|_| !cells.is_empty())
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
        self.add_up(notes);
        let mut days: BTreeMap<Date, &Told> = BTreeMap::new();
        for told in &self.told {
            let Some(before) = days.insert(told.date, told) else { continue };
            let (row, date) = (Some(told.row), told.date);
            let (one, other) = match (before.cases, told.cases) {
                (one, other) if one == other => {
                    notes.warning(row, "", "series_twice", &[("date", &date), ("before", &before.row)]);
                    continue;
                }
                (Some(one), Some(other)) => (one, other),
                (one, _) => {
                    // A row without a number tells nothing, whichever comes first.
                    if one.is_some() {
                        days.insert(date, before);
                    }
                    notes.warning(row, "", "series_twice_empty", &[("date", &date), ("before", &before.row)]);
                    continue;
                }
            };
            let args: [(&str, &dyn std::fmt::Display); 4] =
                [("date", &date), ("before", &before.row), ("one", &one), ("other", &other)];
            notes.warning(row, "", "series_twice_other", &args);
        }
        let cut = cut_edges(&mut days);
        if !cut.is_empty() {
            notes.warning(None, "", "series_edges", &[("count", &cut.len()), ("dates", &named(&cut))]);
        }
        let Some((first, last)) = days.keys().copied().next().zip(days.keys().copied().next_back()) else {
            notes.error(None, "", "series_short", &[("count", &0), ("min", &KNOWN_MIN)]);
            return None;
        };
        if let Some((row, args)) = long_gap(&days) {
            let args: [(&str, &dyn std::fmt::Display); 4] =
                [("from", &args.0), ("to", &args.1), ("count", &args.2), ("max", &UNKNOWN_MAX)];
            notes.error(Some(row), &self.headings[self.columns.date], "series_hole", &args);
            return None;
        }
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
        let of = |told: fn(&Told) -> Option<f64>| -> Vec<Option<f64>> {
            dates.iter().map(|date| days.get(date).and_then(|&day| told(day))).collect()
        };
        let raw = of(|told| told.cases);
        let (cases, corrections) = correct(&raw);
        for one in corrections {
            let date = dates[one.day];
            let args: [(&str, &dyn std::fmt::Display); 3] =
                [("date", &date), ("number", &one.number), ("days", &one.days)];
            let code = if one.taken { "series_negative" } else { "series_negative_large" };
            notes.warning(days.get(&date).map(|told| told.row), "", code, &args);
        }
        let told = !self.columns.inside.is_empty();
        let inside = of(|told| told.inside.filter(|cases| *cases >= 0.0));
        let series = Series {
            first,
            raw,
            cases,
            inside: if told { inside } else { Vec::new() },
            columns: self.columns.cases.iter().map(|&place| self.headings[place].clone()).collect(),
            outside: self.columns.outside,
        };
        let known = series.cases.iter().flatten().count();
        if known < KNOWN_MIN {
            notes.error(None, "", "series_short", &[("count", &known), ("min", &KNOWN_MIN)]);
        }
        Some(series)
    }

    /// Adds up the columns of each row. Of several that were not named one may be the sum of the others: it alone is taken then.
    fn add_up(&mut self, notes: &mut Grouped) {
        let name = |place: usize| self.headings[self.columns.cases[place]].as_str();
        let names =
            |places: &[usize]| places.iter().map(|&place| name(place)).collect::<Vec<_>>().join(" + ");
        let rows: Vec<&[Option<f64>]> = self.told.iter().map(|told| told.cells.as_slice()).collect();
        for place in 0..self.columns.cases.len() {
            if columns::never_falls(&rows, place, NEVER_FALLS_MIN) {
                notes.warning(None, name(place), "series_never_falls", &[("column", &name(place))]);
            }
        }
        let mut taken: Vec<usize> = (0..self.columns.cases.len()).collect();
        if self.wanted.is_empty() && taken.len() > 1 {
            if let Some(total) = columns::total(&rows) {
                taken.retain(|place| *place != total);
                let args: [(&str, &dyn std::fmt::Display); 2] =
                    [("column", &name(total)), ("others", &names(&taken))];
                notes.hint(None, name(total), "series_total", &args);
                taken = vec![total];
            } else {
                notes.hint(None, "", "series_added", &[("columns", &names(&taken))]);
            }
        }
        for told in &mut self.told {
            let cells: Vec<Option<f64>> = taken.iter().map(|&place| told.cells[place]).collect();
            told.cases = sum(&cells);
        }
        self.columns.cases = taken.iter().map(|&place| self.columns.cases[place]).collect();
    }
}

/// Takes away days without a number before the first and after the last one that has one: the past ends with what is known.
fn cut_edges(days: &mut BTreeMap<Date, &Told>) -> Vec<Date> {
    let mut known = days.iter().filter(|(_, told)| told.cases.is_some()).map(|(date, _)| *date);
    let Some(first) = known.next() else { return Vec::new() };
    let last = known.next_back().unwrap_or(first);
    let cut = days.keys().copied().filter(|date| !(first..=last).contains(date)).collect();
    days.retain(|date, _| (first..=last).contains(date));
    cut
}

/// A run of too many unknown days: the row beside it with fewer known days on its side, the known days around it, and its length.
fn long_gap(days: &BTreeMap<Date, &Told>) -> Option<(u32, (Date, Date, i64))> {
    let known: Vec<&Told> = days.values().copied().filter(|told| told.cases.is_some()).collect();
    let place =
        known.windows(2).position(|pair| days_between(pair[0].date, pair[1].date) > UNKNOWN_MAX + 1)?;
    let (before, after) = (known[place], known[place + 1]);
    let odd = if place + 1 < known.len() - place - 1 { before } else { after };
    Some((odd.row, (before.date, after.date, days_between(before.date, after.date) - 1)))
}

/// The first dates of a list.
fn named(dates: &[Date]) -> String {
    let shown: Vec<String> = dates.iter().take(NAMED_MAX).map(Date::to_string).collect();
    let more = if dates.len() > NAMED_MAX { " …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
