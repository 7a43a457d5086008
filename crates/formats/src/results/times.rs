//! Moments as tables, FHIR and HL7 write them. Whoever says no zone is taken to mean that of the lab; a time that its clock
//! showed twice or never is refused.

use super::Problem;
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

/// What was written where a moment is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// To the second, or to the minute.
    Moment(Timestamp),
    /// A day and no hour: what clocks are counted from it cannot be.
    Day,
}

/// The moment that this clock shows then.
fn at(date: Date, time: Time, zone: &TimeZone) -> Result<Said, Problem> {
    // Older zones have seconds, and the last days of what can be written have no moment in every zone.
    if !(1950..=9998).contains(&date.year()) {
        return Err(Problem::TimeWrong);
    }
    let ambiguous = zone.to_ambiguous_timestamp(DateTime::from_parts(date, time));
    if ambiguous.is_ambiguous() {
        return Err(Problem::TimeAmbiguous);
    }
    ambiguous.compatible().map(Said::Moment).map_err(|_| Problem::TimeWrong)
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<i8> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn year(text: &str) -> Option<i16> {
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `+0800`, `+08:00`, `Z`.
fn offset(text: &str) -> Option<TimeZone> {
    if text == "Z" || text == "z" {
        return Some(TimeZone::UTC);
    }
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let rest = text.get(1..)?;
    let (hours, minutes) = match rest.len() {
        4 => (rest.get(..2)?, rest.get(2..)?),
        5 if rest.as_bytes()[2] == b':' => (rest.get(..2)?, rest.get(3..)?),
        _ => return None,
    };
    let (hours, minutes) = (i32::from(number(hours, 2)?), i32::from(number(minutes, 2)?));
    // No place on earth is further from UTC than 14 hours.
    if hours > 14 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(TimeZone::fixed)
}

/// HL7's TS: `YYYYMMDD[HH[MM[SS[.S[S[S[S]]]]]]][+/-ZZZZ]`. An hour without minutes is not to the minute.
pub fn hl7(text: &str, zone: &TimeZone) -> Result<Said, Problem> {
    let wrong = Problem::TimeWrong;
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (figures, mut rest) = text.split_at(digits);
    if let Some(part) = rest.strip_prefix('.') {
        let digits = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
        if !(1..=4).contains(&digits) || figures.len() != 14 {
            return Err(wrong);
        }
        rest = &part[digits..];
    }
    let own = if rest.is_empty() {
        None
    } else {
        Some(offset(rest).filter(|_| !rest.contains([':', 'Z', 'z'])).ok_or(wrong)?)
    };
    let two = |from: usize| figures.get(from..from + 2).and_then(|text| number(text, 2));
    let year = figures.get(..4).and_then(year).ok_or(wrong)?;
    if figures.len() == 4 || figures.len() == 6 {
        return Date::new(year, two(4).unwrap_or(1), 1).map(|_| Said::Day).map_err(|_| wrong);
    }
    let day = |month, day| Date::new(year, month, day).map_err(|_| wrong);
    let date = day(two(4).ok_or(wrong)?, two(6).ok_or(wrong)?)?;
    let time = match figures.len() {
        8 | 10 => return Ok(Said::Day),
        12 => Time::new(two(8).ok_or(wrong)?, two(10).ok_or(wrong)?, 0, 0),
        14 => Time::new(two(8).ok_or(wrong)?, two(10).ok_or(wrong)?, two(12).ok_or(wrong)?, 0),
        _ => return Err(wrong),
    };
    at(date, time.map_err(|_| wrong)?, own.as_ref().unwrap_or(zone))
}

/// The zone that HL7's moment says for itself.
pub fn hl7_zone(text: &str) -> Option<TimeZone> {
    let from = text.find(['+', '-'])?;
    offset(&text[from..])
}

/// A moment as HL7 writes it, with its zone.
pub fn to_hl7(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned_datetime(zone.clone()).strftime("%Y%m%d%H%M%S%z").to_string()
}

/// FHIR's dateTime and instant: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or that with `Thh:mm:ss[.s…](Z|(+|-)hh:mm)`.
pub fn fhir(text: &str) -> Result<Said, Problem> {
    let wrong = Problem::TimeWrong;
    let Some((date, rest)) = text.split_once('T') else {
        let mut parts = text.split('-');
        let year = parts.next().and_then(year).ok_or(wrong)?;
        let month = parts.next().map_or(Some(1), |text| number(text, 2)).ok_or(wrong)?;
        let day = parts.next().map_or(Some(1), |text| number(text, 2)).ok_or(wrong)?;
        let sound = parts.next().is_none() && Date::new(year, month, day).is_ok();
        return if sound { Ok(Said::Day) } else { Err(wrong) };
    };
    let from = rest.find(['Z', '+', '-']).ok_or(wrong)?;
    let (clock, zone) = rest.split_at(from);
    let zone = Some(zone).filter(|zone| *zone == "Z" || zone.contains(':')).and_then(offset).ok_or(wrong)?;
    let (clock, part) = clock.split_once('.').unwrap_or((clock, "0"));
    if part.is_empty() || part.len() > 9 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong);
    }
    let said: Vec<&str> = date.split('-').chain(clock.split(':')).collect();
    let [y, mo, d, h, mi, s] = said[..] else { return Err(wrong) };
    let two = |text| number(text, 2).ok_or(wrong);
    let date = Date::new(year(y).ok_or(wrong)?, two(mo)?, two(d)?).map_err(|_| wrong)?;
    let time = Time::new(two(h)?, two(mi)?, two(s)?, 0).map_err(|_| wrong)?;
    at(date, time, &zone)
}

/// A moment as FHIR writes it.
pub fn to_fhir(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A moment as people type it: `2022-04-05 13:20`, `2022/4/5 13:20:05`, `2022年4月5日 13时20分`, `20220405132005`, or FHIR's.
/// The year comes first: `4/5/2022` could be two days.
pub fn typed(text: &str, zone: &TimeZone) -> Result<Said, Problem> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) && [8, 12, 14].contains(&text.len()) {
        return hl7(text, zone);
    }
    if text.is_ascii()
        && text.contains('T')
        && let Ok(said) = fhir(text)
    {
        return Ok(said);
    }
    let plain = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        letter => letter,
    };
    let mut figures = [0_u16; 6];
    let mut widths = [0_usize; 6];
    let mut seen = 0;
    let mut open = false;
    let mut between = String::new();
    for letter in text.chars().map(plain) {
        match letter.to_digit(10) {
            Some(digit) => {
                if !open {
                    if seen == figures.len() || !fits(seen, &between) {
                        return Err(Problem::TimeWrong);
                    }
                    (open, seen) = (true, seen + 1);
                    between.clear();
                }
                widths[seen - 1] += 1;
                if widths[seen - 1] > 4 {
                    return Err(Problem::TimeWrong);
                }
                figures[seen - 1] = figures[seen - 1] * 10 + digit as u16;
            }
            None => {
                open = false;
                between.push(letter);
                if between.len() > 12 {
                    return Err(Problem::TimeWrong);
                }
            }
        }
    }
    if !matches!(between.trim(), "" | "日" | "号" | "时" | "点" | "分" | "秒") || seen < 3 {
        return Err(Problem::TimeWrong);
    }
    // A year of four figures stands first, or the day cannot be told from the month.
    if widths[0] != 4 {
        return Err(if widths[..3].contains(&4) || widths[0] == 2 {
            Problem::TimeAmbiguous
        } else {
            Problem::TimeWrong
        });
    }
    if widths[1..].iter().any(|width| *width > 2) {
        return Err(Problem::TimeWrong);
    }
    let small = |at: usize| figures[at] as i8;
    let date = Date::new(figures[0] as i16, small(1), small(2)).map_err(|_| Problem::TimeWrong)?;
    if seen < 5 {
        return Ok(Said::Day);
    }
    at(date, Time::new(small(3), small(4), small(5), 0).map_err(|_| Problem::TimeWrong)?, zone)
}

/// Whether this stands before a moment's part of that number: year, month, day, hour, minute, second.
fn fits(part: usize, between: &str) -> bool {
    match part {
        0 => between.is_empty(),
        1 => matches!(between, "-" | "/" | "." | "年"),
        2 => matches!(between, "-" | "/" | "." | "月"),
        3 => matches!(between.trim(), "" | "日" | "号" | "T" | ",") && !between.is_empty(),
        4 => matches!(between, ":" | "时" | "点"),
        _ => matches!(between, ":" | "分"),
    }
}

/// A moment as people read it, on the lab's clock.
pub fn to_typed(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beijing() -> TimeZone {
        TimeZone::fixed(Offset::constant(8))
    }

    fn shown(said: Result<Said, Problem>) -> String {
        match said {
            Ok(Said::Moment(moment)) => moment.to_string(),
            Ok(Said::Day) => "a day".to_owned(),
            Err(problem) => problem.code().to_owned(),
        }
    }

    #[test]
    fn moments_as_they_are_typed() {
        for (text, expected) in [
            ("2022-04-05 13:20", "2022-04-05T05:20:00Z"),
            ("2022/4/5 13:20:05", "2022-04-05T05:20:05Z"),
            ("2022.4.5 9:20", "2022-04-05T01:20:00Z"),
            ("2022年4月5日 13时20分", "2022-04-05T05:20:00Z"),
            ("2022年4月5日13点20分05秒", "2022-04-05T05:20:05Z"),
            ("２０２２－０４－０５　１３：２０", "2022-04-05T05:20:00Z"),
            ("20220405132005", "2022-04-05T05:20:05Z"),
            ("202204051320", "2022-04-05T05:20:00Z"),
            ("2022-04-05T13:20:05+08:00", "2022-04-05T05:20:05Z"),
            ("2022-04-05T05:20:05.250Z", "2022-04-05T05:20:05Z"),
            ("2022-04-05T13:20:05", "2022-04-05T05:20:05Z"),
            ("2022-04-05", "a day"),
            ("2022年4月5日", "a day"),
            ("20220405", "a day"),
            ("4/5/2022 13:20", "time_ambiguous"),
            ("05-04-22 13:20", "time_ambiguous"),
            ("13:20", "time_wrong"),
            ("44656.5555", "time_wrong"),
            ("2022-02-30 10:00", "time_wrong"),
            ("2022-04-05 24:00", "time_wrong"),
            ("2022-04-05 1:20 PM", "time_wrong"),
            ("昨天", "time_wrong"),
            ("0001-01-01 00:00", "time_wrong"),
            ("9999-12-31 23:59", "time_wrong"),
        ] {
            assert_eq!(shown(typed(text, &beijing())), expected, "{text}");
        }
    }

    #[test]
    fn moments_of_hl7_and_fhir() {
        for (text, expected) in [
            ("20220405132005+0800", "2022-04-05T05:20:05Z"),
            ("20220405132005.1234-0500", "2022-04-05T18:20:05Z"),
            ("202204051320", "2022-04-05T05:20:00Z"),
            ("2022040513", "a day"),
            ("20220405", "a day"),
            ("202204", "a day"),
            ("2022", "a day"),
            ("20221305", "time_wrong"),
            ("2022040513200", "time_wrong"),
            ("20220405132005+08:00", "time_wrong"),
            ("20220405132005+2500", "time_wrong"),
            ("20220405132005.", "time_wrong"),
            ("", "time_wrong"),
        ] {
            assert_eq!(shown(hl7(text, &beijing())), expected, "{text}");
        }
        for (text, expected) in [
            ("2022-04-05T13:20:05+08:00", "2022-04-05T05:20:05Z"),
            ("2022-04-05T05:20:05.999Z", "2022-04-05T05:20:05Z"),
            ("2022-04-05", "a day"),
            ("2022-04", "a day"),
            ("2022", "a day"),
            ("2022-04-05T13:20+08:00", "time_wrong"),
            ("2022-04-05T13:20:05", "time_wrong"),
            ("2022-04-05T13:20:05+0800", "time_wrong"),
            ("2022-04-05 13:20:05Z", "time_wrong"),
        ] {
            assert_eq!(shown(fhir(text)), expected, "{text}");
        }
    }

    #[test]
    fn an_hour_that_a_clock_showed_twice_or_never_is_asked() {
        // Eastern time of the United States, by rule: no table of zones is in this crate.
        let new_york = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        assert_eq!(shown(typed("2022-11-06 01:30", &new_york)), "time_ambiguous");
        assert_eq!(shown(typed("2022-03-13 02:30", &new_york)), "time_ambiguous");
        assert_eq!(shown(typed("2022-03-13 03:30", &new_york)), "2022-03-13T07:30:00Z");
    }

    #[test]
    fn what_was_written_is_read() {
        let zones = [TimeZone::UTC, beijing(), TimeZone::fixed(Offset::from_seconds(-12_600).unwrap())];
        for zone in zones {
            for second in [0, 1_649_136_005, 2_000_000_000] {
                let moment = Timestamp::from_second(second).unwrap();
                let said = Ok(Said::Moment(moment));
                assert_eq!(hl7(&to_hl7(moment, &zone), &TimeZone::UTC), said);
                assert_eq!(fhir(&to_fhir(moment, &zone)), said);
                assert_eq!(typed(&to_typed(moment, &zone), &zone), said);
            }
        }
    }
}
