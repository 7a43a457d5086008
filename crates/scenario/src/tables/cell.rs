//! Whether a cell holds what its column should.

use super::Holds;

/// Checks a plain text that is not empty; the code of the note that says what is wrong with it.
pub(super) fn check(text: &str, holds: Holds) -> Result<(), &'static str> {
    let sound = match holds {
        Holds::Text => true,
        Holds::Whole(from, to) => {
            let whole = text.strip_suffix(".0").unwrap_or(text);
            let number = whole.parse::<i64>().map_err(|_| "table_whole_expected")?;
            return if (from..=to).contains(&number) { Ok(()) } else { Err("table_out_of_range") };
        }
        Holds::Number(from, to) => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            let number = number.ok_or("table_number_expected")?;
            return if (from..=to).contains(&number) { Ok(()) } else { Err("table_out_of_range") };
        }
        Holds::Time => {
            let (date, time) = text.rsplit_once([' ', 'T']).unwrap_or(("", text));
            (date.is_empty() || is_date(date)) && is_time(time)
        }
        Holds::Date => is_date(text),
    };
    match (sound, holds) {
        (true, _) => Ok(()),
        (false, Holds::Time) => Err("table_time_expected"),
        (false, _) => Err("table_date_expected"),
    }
}

/// `7:30`, `07:30`, `07:30:00`, and `24:00` for the end of a day.
fn is_time(text: &str) -> bool {
    let parts: Option<Vec<u32>> = text.split(':').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some([hour, minute]) | Some([hour, minute, 0]) => {
            *hour < 24 && *minute < 60 || (*hour, *minute) == (24, 0)
        }
        _ => false,
    }
}

/// `2022-03-28`, and `2022/3/28` as spreadsheets write it into CSV files.
fn is_date(text: &str) -> bool {
    let parts: Option<Vec<u32>> = text.split(['-', '/', '.']).map(|part| part.parse().ok()).collect();
    let Some([year, month, day]) = parts.as_deref() else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1900..=2200).contains(year) && (1..=days).contains(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_checked_for_what_they_should_hold() {
        for (text, holds, expected) in [
            ("7:30", Holds::Time, ""),
            ("24:00", Holds::Time, ""),
            ("2022-03-28T07:30", Holds::Time, ""),
            ("7.30", Holds::Time, "table_time_expected"),
            ("24:01", Holds::Time, "table_time_expected"),
            ("2022-02-29", Holds::Date, "table_date_expected"),
            ("2024/2/29", Holds::Date, ""),
            ("12", Holds::Whole(0, 12), ""),
            ("12.0", Holds::Whole(0, 12), ""),
            ("13", Holds::Whole(0, 12), "table_out_of_range"),
            ("a dozen", Holds::Whole(0, 12), "table_whole_expected"),
            ("1.5", Holds::Number(0.0, 2.0), ""),
            ("NaN", Holds::Number(0.0, 2.0), "table_number_expected"),
            ("-1", Holds::Number(0.0, 2.0), "table_out_of_range"),
        ] {
            assert_eq!(check(text, holds).err().unwrap_or(""), expected, "{text}");
        }
    }
}
