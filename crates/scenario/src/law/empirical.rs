//! Measured times: a CSV file of the folder with the columns `seconds` and, if it likes, `weight`.

use crate::reader::Field;
use domain::Place;

/// A day's stopwatch cards of a whole city district; beyond that, count equal values and write their weights.
const VALUES_MAX: usize = 100_000;
/// The same 31 days as for other laws.
const SECONDS_MAX: f64 = super::SECONDS_MAX;
/// Weights are counts or shares.
const WEIGHT_MAX: f64 = 1e9;

/// The (seconds, weight) of the file that this field names.
pub(super) fn values(field: &Field<'_>) -> Option<Vec<(f64, f64)>> {
    let name = field.name()?;
    let Some(bytes) = field.context.file(name) else {
        field.error("file_missing", &[("name", &name)]);
        return None;
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let file = Place::file(name);
    let Ok(headings) = rows.headers().cloned() else {
        field.context.error(&file.row(1), "empirical_text", &[]);
        return None;
    };
    let column = |wanted: &str| headings.iter().position(|heading| heading.eq_ignore_ascii_case(wanted));
    let Some(seconds) = column("seconds") else {
        field.context.error(&file.row(1), "empirical_no_column", &[]);
        return None;
    };
    let weight = column("weight");
    let mut values = Vec::new();
    let mut sound = true;
    for record in rows.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let row = error.position().map_or(1, csv::Position::line);
                field.context.error(&at(&file, row), "empirical_text", &[]);
                return None;
            }
        };
        let row = record.position().map_or(1, csv::Position::line);
        let cell = |column: usize, name: &str, min: f64, max: f64| -> Option<f64> {
            let text = record.get(column).unwrap_or_default();
            let number = text.parse::<f64>().ok().filter(|number| (min..=max).contains(number));
            if number.is_none() {
                let place = at(&file, row).column(name);
                let shown = crate::value::shortened(text);
                let args: [(&'static str, &dyn std::fmt::Display); 3] =
                    [("value", &shown), ("min", &min), ("max", &max)];
                field.context.error(&place, "empirical_value", &args);
            }
            number
        };
        let value = cell(seconds, "seconds", -SECONDS_MAX, SECONDS_MAX);
        let weight = weight.map_or(Some(1.0), |column| cell(column, "weight", 0.0, WEIGHT_MAX));
        match (value, weight) {
            (Some(value), Some(weight)) => values.push((value, weight)),
            _ => sound = false,
        }
        if values.len() > VALUES_MAX {
            field.context.error(&file, "empirical_too_long", &[("max", &VALUES_MAX)]);
            return None;
        }
    }
    if sound && values.iter().all(|(_, weight)| *weight == 0.0) {
        field.context.error(&file, "empirical_empty", &[]);
        return None;
    }
    sound.then_some(values)
}

fn at(file: &Place, row: u64) -> Place {
    file.clone().row(u32::try_from(row).unwrap_or(u32::MAX))
}
