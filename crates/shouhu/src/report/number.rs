//! Numbers as people read them.

/// Shown where there is nothing to show.
pub(super) const NONE: &str = "–";

/// One decimal below ten, whole above, thousands apart.
pub(super) fn short(value: f64) -> String {
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

/// A share as a percentage; what is not quite all or nothing is not rounded to it.
pub(super) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return NONE.to_owned();
    }
    let hundred = share * 100.0;
    let text = if hundred > 0.0 && hundred < 0.5 {
        "<1".to_owned()
    } else if (99.5..100.0).contains(&hundred) {
        ">99".to_owned()
    } else {
        format!("{hundred:.0}")
    };
    format!("{text}\u{a0}%")
}

/// A place on a picture, as a percentage with two decimals for an attribute.
pub(super) fn place(share: f64) -> String {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let text = format!("{:.2}", share * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(short(9.12), "9.1");
        assert_eq!(short(9.97), "10");
        assert_eq!(short(-0.01), "0");
        assert_eq!(whole(1_234_567.4), "1,234,567");
        assert_eq!(whole(999.6), "1,000");
        assert_eq!(whole(-12.0), "-12");
        assert_eq!(short(f64::NAN), NONE);
    }

    #[test]
    fn a_share_that_is_not_all_is_not_rounded_to_all() {
        assert_eq!(percent(0.999), ">99\u{a0}%");
        assert_eq!(percent(1.0), "100\u{a0}%");
        assert_eq!(percent(0.0), "0\u{a0}%");
    }

    #[test]
    fn a_place_is_always_on_the_picture() {
        assert_eq!(place(f64::INFINITY), "0%");
        assert_eq!(place(1.5), "100%");
        assert_eq!(place(0.125), "12.5%");
    }
}
