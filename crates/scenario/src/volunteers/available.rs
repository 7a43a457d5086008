//! When somebody can come, as people write it: `周一三五上午`, `every evening`, `7:00-11:00`, `28日全天`, `except Tuesday`.
//!
//! `words` makes a text into words; here clauses are made of them: some days, some hours, and whether they are left out. Days without
//! hours are whole days, hours without days are those of every day, and a clause of exceptions is taken from all others.

mod days;
mod words;

use days::Day;
use domain::roster::{DAY_MIN, Span};
use jiff::civil::Date;
use words::{Unit, Word};

/// The days of a roster.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    /// The first.
    pub first: Date,
    /// How many.
    pub count: i32,
}

/// What a cell says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// The stretches, in order and apart.
    pub spans: Vec<Span>,
    /// Whether it says "only if nobody else comes".
    pub if_needed: bool,
    /// Whether a part of it was not understood.
    pub unknown: bool,
}

/// Days and hours that belong together.
#[derive(Default)]
struct Clause {
    days: Vec<Day>,
    hours: Vec<(i32, i32)>,
    except: bool,
    /// Whether it says that its days are whole: `周一可以`, `28日全天`.
    whole: bool,
    /// Whether it says anything, be it only "any time".
    said: bool,
}

/// Reads a cell; an empty one is all of the time.
pub(super) fn read(text: &str, days: Days) -> Reading {
    let mut reading = Reading::default();
    let mut clauses: Vec<Clause> = Vec::new();
    let mut clause = Clause::default();
    let words = words::of(text);
    let mut at = 0;
    // `下午2-5点`: a part of the day in front of a time tells which half of the day it is in.
    let mut half: Option<(i32, i32)> = None;
    while at < words.len() {
        let next = words.get(at + 1);
        let dates = days::dates(&words[at..]);
        // A day after hours begins a new clause: `周一上午 周三下午`, `28日全天，29日上午`.
        let new_days = dates.is_some() || matches!(words[at], Word::Week(_));
        if new_days && (clause.whole || !clause.hours.is_empty()) {
            clauses.push(std::mem::take(&mut clause));
            half = None;
        }
        if let Some((named, used)) = dates {
            clause.said = true;
            clause.days.extend(named);
            at += used;
            continue;
        }
        match words[at] {
            Word::Week(from) => {
                clause.said = true;
                let to = match (next, words.get(at + 2)) {
                    (Some(Word::To), Some(Word::Week(to))) => {
                        at += 2;
                        *to
                    }
                    _ => from,
                };
                let mut day = from;
                clause.days.push(Day::Week(day));
                while day != to {
                    day = day.next();
                    clause.days.push(Day::Week(day));
                }
            }
            Word::Number(_, Unit::Month) => reading.unknown = true,
            Word::Number(from, unit) => {
                clause.said = true;
                let to = match (next, words.get(at + 2)) {
                    (Some(Word::To), Some(Word::Number(to, unit))) => Some((*to, *unit)),
                    _ => None,
                };
                at += if to.is_some() { 2 } else { 0 };
                let begin = minute(from, unit, half);
                let before = matches!(words.get(at + 1), Some(Word::Before));
                let until = match to {
                    // `晚上10点-1点` ends after midnight.
                    Some((to, last)) if minute(to, last, None) < minute(from, unit, None) => {
                        minute(to, last, None)
                    }
                    Some((to, unit)) => minute(to, unit, half),
                    None if before => begin,
                    None => DAY_MIN,
                };
                // A single time says until when, or from when on.
                let begin = if before && to.is_none() { 0 } else { begin };
                if !(0..=DAY_MIN).contains(&begin) || until == begin {
                    reading.unknown = true;
                } else {
                    let over = if until < begin { DAY_MIN } else { 0 };
                    clause.hours.push((begin, until + over));
                }
                half = None;
            }
            Word::Part(from, until) => {
                clause.said = true;
                // In front of a time it says which half of the day; elsewhere it is the hours.
                if matches!(next, Some(Word::Number(_, Unit::Hour | Unit::Minutes | Unit::None))) {
                    half = Some((from, until));
                } else {
                    clause.hours.push((from, until));
                }
            }
            Word::Any => {
                clause.said = true;
                clause.whole |= !clause.days.is_empty();
            }
            Word::Never => {
                clause.said = true;
                clause.except = true;
            }
            Word::Except => {
                if clause.said && !clause.except {
                    clauses.push(std::mem::take(&mut clause));
                }
                clause.except = true;
            }
            // `周二除外`, `周二不行`: what stands before it.
            Word::ExceptThat => {
                clause.except = true;
                clauses.push(std::mem::take(&mut clause));
            }
            Word::End => {
                clauses.push(std::mem::take(&mut clause));
                half = None;
            }
            Word::IfNeeded => reading.if_needed = true,
            // A stretch of days whose ends do not go together.
            Word::To if matches!(next, Some(Word::Week(_) | Word::Number(_, Unit::Day | Unit::Month))) => {
                reading.unknown = true;
            }
            Word::Comma | Word::To | Word::Before => {}
            Word::Unknown => reading.unknown = true,
        }
        at += 1;
    }
    clauses.push(clause);
    clauses.retain(|clause| clause.said);
    reading.spans = spans(&clauses, days);
    reading
}

/// Minutes after midnight; `half` is the part of the day that was said before it.
fn minute(number: i32, unit: Unit, half: Option<(i32, i32)>) -> i32 {
    let minute = if unit == Unit::Minutes { number } else { number * 60 };
    match half {
        Some((from, _)) if from >= 12 * 60 && minute < 12 * 60 && minute > 0 => minute + 12 * 60,
        _ => minute,
    }
}

/// What clauses mean on the days of a roster.
fn spans(clauses: &[Clause], days: Days) -> Vec<Span> {
    let mut able = vec![false; (days.count.max(0) * DAY_MIN + DAY_MIN) as usize];
    if clauses.iter().all(|clause| clause.except) {
        able[..(days.count.max(0) * DAY_MIN) as usize].fill(true);
    }
    for except in [false, true] {
        for clause in clauses.iter().filter(|clause| clause.except == except) {
            for day in 0..days.count {
                let date = days.first.saturating_add(jiff::Span::new().days(day));
                if !clause.days.is_empty() && !clause.days.iter().any(|day| day.is(date)) {
                    continue;
                }
                // A whole day has no end at midnight where the next one is free too.
                let whole = [(0, DAY_MIN)];
                let hours = if clause.hours.is_empty() { &whole[..] } else { &clause.hours };
                for &(from, until) in hours {
                    let start = day * DAY_MIN;
                    let range = (start + from.max(0)) as usize..((start + until) as usize).min(able.len());
                    if range.start < range.end {
                        able[range].fill(!except);
                    }
                }
            }
        }
    }
    let mut spans: Vec<Span> = Vec::new();
    for (minute, able) in able.iter().enumerate().filter(|(_, able)| **able) {
        debug_assert!(able);
        let minute = minute as i32;
        match spans.last_mut() {
            Some(last) if last.until_min == minute => last.until_min = minute + 1,
            _ => spans.push(Span { from_min: minute, until_min: minute + 1 }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cell on Monday 28 March to Sunday 3 April 2022, as `Mon 07:00-11:00`.
    fn said(text: &str) -> String {
        let days = Days { first: jiff::civil::date(2022, 3, 28), count: 7 };
        let reading = read(&crate::sheet::plain(text), days);
        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon+"];
        let clock = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let mut out: Vec<String> = Vec::new();
        for span in &reading.spans {
            let day = span.from_min / DAY_MIN;
            let (from, until) = (span.from_min - day * DAY_MIN, span.until_min - day * DAY_MIN);
            let days = until / DAY_MIN;
            if from == 0 && until % DAY_MIN == 0 && days > 1 {
                out.push(format!("{}..{}", names[day as usize], names[(day + days - 1) as usize]));
            } else {
                out.push(format!("{} {}-{}", names[day as usize], clock(from), clock(until)));
            }
        }
        if reading.if_needed {
            out.push("if needed".to_owned());
        }
        if reading.unknown {
            out.push("?".to_owned());
        }
        out.join(" ")
    }

    #[test]
    fn availability_is_read_as_people_write_it() {
        for (text, expected) in [
            ("周一三五上午", "Mon 06:00-12:00 Wed 06:00-12:00 Fri 06:00-12:00"),
            ("周一、周三上午", "Mon 06:00-12:00 Wed 06:00-12:00"),
            ("周一上午，周三下午", "Mon 06:00-12:00 Wed 12:00-18:00"),
            ("星期六日全天", "Sat..Sun"),
            ("周一至周三", "Mon..Wed"),
            ("周一到三 7点-9点半", "Mon 07:00-09:30 Tue 07:00-09:30 Wed 07:00-09:30"),
            ("周末", "Sat..Sun"),
            (
                "工作日晚上七点以后",
                "Mon 19:00-24:00 Tue 19:00-24:00 Wed 19:00-24:00 Thu 19:00-24:00 Fri 19:00-24:00",
            ),
            ("28日全天", "Mon 00:00-24:00"),
            ("28、30号 下午", "Mon 12:00-18:00 Wed 12:00-18:00"),
            ("3月29日 7:00-11:00", "Tue 07:00-11:00"),
            ("2022-03-29 7:00-11:00", "Tue 07:00-11:00"),
            ("28-30日", "Mon..Wed"),
            ("周二下午2-5点", "Tue 14:00-17:00"),
            ("周二下午2点到5点", "Tue 14:00-17:00"),
            ("周二晚上10点-1点", "Tue 22:00-25:00"),
            ("周一可以，周二不行", "Mon 00:00-24:00"),
            ("28日全天，29日上午", "Mon 00:00-24:00 Tue 06:00-12:00"),
            ("周一全天，周二上午", "Mon 00:00-24:00 Tue 06:00-12:00"),
            ("Mon all day, Tue morning", "Mon 00:00-24:00 Tue 06:00-12:00"),
            ("周一可以 7点-9点", "Mon 07:00-09:00"),
            ("3月28日至30日", "Mon..Wed"),
            ("3月28日至30日上午", "Mon 06:00-12:00 Tue 06:00-12:00 Wed 06:00-12:00"),
            ("3月31日-4月2日", "Thu..Sat"),
            ("2022-03-31 to 2022-04-02", "Thu..Sat"),
            ("31日至2日", "Thu..Sat"),
            ("31号到4月2号", "Thu..Sat"),
            ("28-30 March", "Mon..Wed"),
            ("March 31 to April 2", "Thu..Sat"),
            ("3/28-3/30 7-11", "Mon 07:00-11:00 Tue 07:00-11:00 Wed 07:00-11:00"),
            ("28日至周三", "Mon 00:00-24:00 Wed 00:00-24:00 ?"),
            ("除周二", "Mon 00:00-24:00 Wed..Sun"),
            ("周二除外", "Mon 00:00-24:00 Wed..Sun"),
            ("周二不行，其他都可以", "Mon 00:00-24:00 Wed..Sun"),
            ("除了周二至周日", "Mon 00:00-24:00"),
            ("随时", "Mon..Sun"),
            ("", "Mon..Sun"),
            ("机动", "Mon..Sun if needed"),
            ("周一上午，机动", "Mon 06:00-12:00 if needed"),
            (
                "lun, mié mañanas; sábado 7–11; no el martes",
                "Mon 06:00-12:00 Wed 06:00-12:00 Sat 07:00-11:00",
            ),
            ("lun, mar por la tarde", "Mon 12:00-18:00 Tue 12:00-18:00"),
            (
                "lunes a viernes de 9 a 13",
                "Mon 09:00-13:00 Tue 09:00-13:00 Wed 09:00-13:00 Thu 09:00-13:00 Fri 09:00-13:00",
            ),
            ("28 de marzo todo el día; mar 29 mañana", "Mon 00:00-24:00 Tue 06:00-12:00"),
            ("2 de abril", "Sat 00:00-24:00"),
            ("excepto el martes", "Mon 00:00-24:00 Wed..Sun"),
            ("fin de semana hasta las 10", "Sat 00:00-10:00 Sun 00:00-10:00"),
            ("domingo a las 7, si hace falta", "Sun 07:00-24:00 if needed"),
            ("nunca", ""),
            ("no", ""),
            ("Mon, Wed mornings", "Mon 06:00-12:00 Wed 06:00-12:00"),
            ("Mon morning; Wed evening", "Mon 06:00-12:00 Wed 18:00-22:00"),
            ("Monday to Wednesday", "Mon..Wed"),
            ("except Tuesday", "Mon 00:00-24:00 Wed..Sun"),
            ("weekends 9am-1pm", "Sat 09:00-13:00 Sun 09:00-13:00"),
            ("not on Tuesday or Wednesday", "Mon 00:00-24:00 Thu..Sun"),
            ("28th all day", "Mon 00:00-24:00"),
            ("Tue 7-11", "Tue 07:00-11:00"),
            ("Tue after 18:00", "Tue 18:00-24:00"),
            ("Tue until 9:30", "Tue 00:00-09:30"),
            ("周二 9:30以前", "Tue 00:00-09:30"),
            ("anytime", "Mon..Sun"),
            ("没空", ""),
            ("看孩子情况", "Mon..Sun ?"),
            ("Tue 25:00", "Tue 00:00-24:00 ?"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
        let every = said("every evening");
        assert_eq!(every.matches("18:00-22:00").count(), 7, "{every}");
        let hours = said("7:00-11:00");
        assert_eq!(hours.matches("07:00-11:00").count(), 7, "{hours}");
        let but = said("every evening except Tuesday");
        assert!(but.matches("18:00-22:00").count() == 6 && !but.contains("Tue"), "{but}");
    }
}
