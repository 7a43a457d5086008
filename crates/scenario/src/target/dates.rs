//! Dates as bulletins write them.

use jiff::civil::Date;

/// `2022-03-28`, `2022/3/28`, `2022.3.28`, `20220328` or `2022年3月28日`, with or without a time after it. Day and month alone, or in an
/// order that is not plain, is no date.
pub(super) fn read(text: &str) -> Option<Date> {
    let day = text.split([' ', 'T']).next()?;
    if day.len() == 8 && day.bytes().all(|letter| letter.is_ascii_digit()) {
        return date(&day[..4], &day[4..6], &day[6..]);
    }
    let mut parts = day.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty());
    let (year, month, of) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    date(year, month, of)
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::read;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_in_all_plain_ways_and_in_no_other() {
        let day = Some(date(2022, 3, 8));
        for text in [
            "2022-03-08",
            "2022/3/8",
            "2022.3.8",
            "20220308",
            "2022年3月8日",
            "2022-03-08 00:00",
            "2022-03-08T00:00",
        ] {
            assert_eq!(read(text), day, "{text}");
        }
        for text in ["08/03/2022", "3-8", "2022-13-08", "2022-02-30", "合计", "", "44628"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
