//! Numbers as people read them.

/// Shown where there is nothing to show.
pub const NONE: &str = "–";

/// One decimal below ten, whole above, thousands apart.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    if value.abs() >= 9.95 {
        return whole(value);
    }
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Whole, thousands apart: `12,480`.
pub fn whole(value: f64) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::with_capacity(digits.len() + 4);
    if value <= -0.5 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share as a percentage for people.
pub fn percent(share: f64) -> String {
    percent_to(share, 0)
}

/// A share as a percentage with so many decimals.
pub fn percent_to(share: f64, decimals: usize) -> String {
    format!("{:.decimals$} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_precise_as_people_need() {
        let shown = [0.0, -0.01, 3.04, 9.12, 9.97, 2095.4, 1_234_567.4, -53.2, f64::NAN].map(number);
        assert_eq!(shown, ["0", "0", "3", "9.1", "10", "2,095", "1,234,567", "-53", "–"]);
        assert_eq!(whole(999.6), "1,000");
        assert_eq!([0, 1, 2].map(|decimals| percent_to(0.12345, decimals)), ["12 %", "12.3 %", "12.35 %"]);
    }
}
