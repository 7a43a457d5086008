//! Numbers of cases as bulletins write them.

/// Most cases of one day: more people than live in any country.
const CASES_MAX: f64 = 1e9;

/// `1234`, `1,234`, `1 234`, `+7`, `-3` or `12例`: whole, with one leading sign, and commas or spaces only before groups of three digits. A point
/// is no number: it separates thousands in some countries and decimals in others.
pub(super) fn read(text: &str) -> Option<f64> {
    let text = text.trim().strip_suffix('例').unwrap_or(text).trim();
    let digits = text.strip_prefix(['+', '-', '−']).unwrap_or(text);
    let mut groups = digits.split([',', ' ']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let all_digits = |group: &str| !group.is_empty() && group.bytes().all(|letter| letter.is_ascii_digit());
    let grouped = rest.iter().all(|group| group.len() == 3 && all_digits(group));
    if !all_digits(first) || !grouped || (!rest.is_empty() && first.len() > 3) {
        return None;
    }
    let number: f64 = format!("{first}{}", rest.concat()).parse().ok()?;
    let sign = if text.starts_with(['-', '−']) { -1.0 } else { 1.0 };
    (number <= CASES_MAX).then_some(sign * number)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_number_is_read_as_it_is_meant_or_not_at_all() {
        for (text, number) in [
            ("0", 0.0),
            ("2000", 2_000.0),
            ("2,000", 2_000.0),
            ("12 345 678", 12_345_678.0),
            ("+7", 7.0),
            ("-70", -70.0),
            ("−1,234", -1_234.0),
            ("12例", 12.0),
        ] {
            assert_eq!(read(text), Some(number), "{text}");
        }
        for text in [
            "200+3",
            "200,5",
            "2.000",
            "2.0",
            "1e3",
            "+-3",
            "--3",
            "1,2345",
            "1234,567",
            ",123",
            "1,",
            "",
            "+",
            "例",
            "inf",
            "9999999999",
            "1,234-5",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
