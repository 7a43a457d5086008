//! Shares as the pictures need them.

pub(super) use verbs::number::{NONE, number as short, whole};

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
