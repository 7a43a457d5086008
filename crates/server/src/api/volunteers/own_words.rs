//! What a volunteer writes of themselves: what may stand in it, and how it is read.

use crate::{limits, problem::Fault};
use axum::http::StatusCode;
use domain::roster::{DAY_MIN, Span};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use scenario::VolunteerCells;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use verbs::{Voice, roster::role_word};

/// Letters of a name: they fit a place of a roster.
const NAME_LETTERS: usize = 40;
/// Digits of a telephone number, at least.
const PHONE_DIGITS: usize = 7;

/// How a volunteer's words are understood.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadBack {
    /// When they can come in the next days, day by day; a day on which they cannot has no hours.
    days: Vec<DayRead>,
    /// Whether they can come at any time of these days.
    any_time: bool,
    /// Whether they come only if nobody else does.
    if_needed: bool,
    /// Whether a part of when they can come was not understood.
    when_unknown: bool,
    /// What they can do.
    roles: Vec<RoleRead>,
    /// Words for skills that nobody knows.
    unknown: Vec<UnknownWord>,
    /// Hours that they serve on a day at most.
    #[schema(required)]
    hours_max: Option<f64>,
    /// Whether protective clothing is nothing for them.
    no_suit: bool,
    /// Whether the heat is nothing for them.
    no_heat: bool,
    /// Whether a part of what they cannot do was not understood.
    limits_unknown: bool,
}

/// A day as it was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayRead {
    /// `2026-12-24`.
    date: String,
    /// From when until when: `07:00`, `24:00`.
    hours: Vec<[String; 2]>,
}

/// A skill as it was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleRead {
    /// Its word in files.
    role: String,
    /// In the asker's language.
    name: String,
}

/// A word that was not understood.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnknownWord {
    /// As it was written.
    word: String,
    /// The nearest that is known.
    #[schema(required)]
    nearest: Option<String>,
}

/// The day of a text; today where there is none.
pub fn day_of(text: Option<&str>) -> Result<Date, Fault> {
    let Some(text) = text else { return Ok(TimeZone::UTC.to_datetime(Timestamp::now()).date()) };
    let shown: String = text.chars().take(20).collect();
    text.parse().map_err(|_| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "day").with("day", shown))
}

/// Words that can be kept: a name among them, none too long, each a column that is known. Line ends become blanks.
pub fn checked(cells: BTreeMap<String, String>) -> Result<VolunteerCells, Fault> {
    let cells = limited(cells)?;
    let name = cells.get("name").map_or("", |name| name.as_str());
    if name.is_empty() || name.chars().count() > NAME_LETTERS {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "volunteer_name").with("most", NAME_LETTERS));
    }
    Ok(cells)
}

/// The same where they are only read.
pub fn limited(cells: BTreeMap<String, String>) -> Result<VolunteerCells, Fault> {
    let mut kept = VolunteerCells::new();
    for (column, text) in cells {
        let known = scenario::volunteer_columns().any(|name| name == column);
        if !known || text.len() > limits::OWN_WORDS_BYTES {
            let fault = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "volunteer_words");
            return Err(fault.with("most", limits::OWN_WORDS_BYTES));
        }
        let text: String =
            text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        if !text.trim().is_empty() {
            kept.insert(column, text.trim().to_owned());
        }
    }
    Ok(kept)
}

/// Whether somebody can be called.
pub fn is_reachable(cells: &VolunteerCells) -> bool {
    let digits = cells.get("phone").map_or(0, |phone| phone.chars().filter(char::is_ascii_digit).count());
    digits >= PHONE_DIGITS
}

/// How words are understood, for the days from one on.
pub fn read_back(cells: &VolunteerCells, today: Date, voice: Voice) -> ReadBack {
    let read = scenario::understood(cells, today, limits::READ_BACK_DAYS);
    let all = Span { from_min: 0, until_min: limits::READ_BACK_DAYS * DAY_MIN };
    let day = |number: i32| DayRead {
        date: today.saturating_add(jiff::Span::new().days(number)).to_string(),
        hours: read.spans.iter().filter_map(|span| on_day(*span, number)).collect(),
    };
    let role = |role: String| RoleRead { name: role_word(&role, voice), role };
    ReadBack {
        days: (0..limits::READ_BACK_DAYS).map(day).collect(),
        any_time: read.spans.iter().any(|span| span.holds(all)),
        if_needed: read.if_needed,
        when_unknown: read.when_unknown,
        hours_max: read.minutes_per_day_max.map(|minutes| f64::from(minutes) / 60.0),
        no_suit: read.no_suit,
        no_heat: read.no_heat,
        limits_unknown: read.limits_unknown,
        roles: read.roles.into_iter().map(role).collect(),
        unknown: read.unknown.into_iter().map(|(word, nearest)| UnknownWord { word, nearest }).collect(),
    }
}

/// The part of a stretch that lies on a day.
fn on_day(span: Span, number: i32) -> Option<[String; 2]> {
    let start = number * DAY_MIN;
    let (from, until) = ((span.from_min - start).max(0), (span.until_min - start).min(DAY_MIN));
    let clock = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
    (from < until).then(|| [clock(from), clock(until)])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use words::Language;

    fn cells(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(of, text)| ((*of).to_owned(), (*text).to_owned())).collect()
    }

    fn code(fault: &Fault) -> &'static str {
        let Fault::Problem { code, .. } = fault else { panic!("{fault:?}") };
        code
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        let long = "长".repeat(200);
        for (given, expected) in [
            (vec![], "volunteer_name"),
            (vec![("name", "  \n ")], "volunteer_name"),
            (vec![("name", &long[..150])], "volunteer_name"),
            (vec![("name", "Ann"), ("skills", &long[..])], "volunteer_words"),
            (vec![("name", "Ann"), ("secret", "x")], "volunteer_words"),
        ] {
            assert_eq!(code(&checked(cells(&given)).unwrap_err()), expected, "{given:?}");
        }
        let kept =
            checked(cells(&[("name", " Ann\u{7} "), ("available", "Mon\nTue"), ("limits", "")])).unwrap();
        assert_eq!(kept, cells(&[("name", "Ann"), ("available", "Mon Tue")]));
        assert!(is_reachable(&cells(&[("phone", "021-5555 0100")])));
        assert!(!is_reachable(&cells(&[("phone", "later")])) && !is_reachable(&kept));
    }

    #[test]
    fn days_and_hours_are_told_as_they_were_read() {
        let voice = Voice { language: Language::En };
        // A Thursday.
        let today = jiff::civil::date(2026, 11, 26);
        let read =
            read_back(&cells(&[("available", "周五晚上10点-1点"), ("skills", "登记、修电脑")]), today, voice);
        let told: Vec<(&str, Vec<String>)> = read
            .days
            .iter()
            .filter(|day| !day.hours.is_empty())
            .map(|day| (day.date.as_str(), day.hours.iter().map(|hours| hours.join("-")).collect()))
            .collect();
        let expected =
            [("2026-11-27", vec!["22:00-24:00".to_owned()]), ("2026-11-28", vec!["00:00-01:00".to_owned()])];
        assert_eq!(told, expected);
        assert!(!read.any_time && !read.when_unknown);
        assert_eq!((&*read.roles[0].role, &*read.unknown[0].word), ("registration", "修电脑"));
        assert!(read_back(&VolunteerCells::new(), today, voice).any_time);
    }
}
