//! The words of a cell about time.

use jiff::civil::Weekday;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Nothing said.
    None,
    /// A day of a month.
    Day,
    /// A month.
    Month,
    /// An hour of the day.
    Hour,
    /// A time of day, in minutes.
    Minutes,
}

/// A word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Week(Weekday),
    Number(i32, Unit),
    /// A part of the day in minutes after midnight.
    Part(i32, i32),
    To,
    /// Until the time before or after it.
    Before,
    Any,
    Never,
    Except,
    ExceptThat,
    IfNeeded,
    Comma,
    End,
    Unknown,
}

/// Words that stand for one thing; the longest that fits counts.
const WORDS: &[(&str, Word)] = &[
    ("凌晨", Word::Part(0, 6 * 60)),
    ("清晨", Word::Part(5 * 60, 9 * 60)),
    ("早晨", Word::Part(5 * 60, 9 * 60)),
    ("早上", Word::Part(6 * 60, 12 * 60)),
    ("上午", Word::Part(6 * 60, 12 * 60)),
    ("早", Word::Part(6 * 60, 12 * 60)),
    ("中午", Word::Part(11 * 60, 14 * 60)),
    ("下午", Word::Part(12 * 60, 18 * 60)),
    ("午后", Word::Part(12 * 60, 18 * 60)),
    ("傍晚", Word::Part(17 * 60, 20 * 60)),
    ("晚上", Word::Part(18 * 60, 22 * 60)),
    ("晚间", Word::Part(18 * 60, 22 * 60)),
    ("晚", Word::Part(18 * 60, 22 * 60)),
    ("夜里", Word::Part(20 * 60, 24 * 60)),
    ("夜间", Word::Part(20 * 60, 24 * 60)),
    ("半夜", Word::Part(20 * 60, 24 * 60)),
    ("白天", Word::Part(8 * 60, 18 * 60)),
    ("下班后", Word::Part(18 * 60, 22 * 60)),
    ("dawn", Word::Part(0, 6 * 60)),
    ("early morning", Word::Part(5 * 60, 9 * 60)),
    ("mornings", Word::Part(6 * 60, 12 * 60)),
    ("morning", Word::Part(6 * 60, 12 * 60)),
    ("noon", Word::Part(11 * 60, 14 * 60)),
    ("lunchtime", Word::Part(11 * 60, 14 * 60)),
    ("afternoons", Word::Part(12 * 60, 18 * 60)),
    ("afternoon", Word::Part(12 * 60, 18 * 60)),
    ("evenings", Word::Part(18 * 60, 22 * 60)),
    ("evening", Word::Part(18 * 60, 22 * 60)),
    ("after work", Word::Part(18 * 60, 22 * 60)),
    ("nights", Word::Part(20 * 60, 24 * 60)),
    ("night", Word::Part(20 * 60, 24 * 60)),
    ("daytime", Word::Part(8 * 60, 18 * 60)),
    ("madrugada", Word::Part(0, 6 * 60)),
    ("mañanas", Word::Part(6 * 60, 12 * 60)),
    ("mañana", Word::Part(6 * 60, 12 * 60)),
    ("mediodía", Word::Part(11 * 60, 14 * 60)),
    ("tardes", Word::Part(12 * 60, 18 * 60)),
    ("tarde", Word::Part(12 * 60, 18 * 60)),
    ("noches", Word::Part(18 * 60, 22 * 60)),
    ("noche", Word::Part(18 * 60, 22 * 60)),
    ("después del trabajo", Word::Part(18 * 60, 22 * 60)),
    ("除外", Word::ExceptThat),
    ("不行", Word::ExceptThat),
    ("不可以", Word::ExceptThat),
    ("不能", Word::ExceptThat),
    ("没空", Word::Never),
    ("没时间", Word::Never),
    ("不方便", Word::ExceptThat),
    ("除了", Word::Except),
    ("除去", Word::Except),
    ("除", Word::Except),
    ("except for", Word::Except),
    ("except", Word::Except),
    ("not on", Word::Except),
    ("not", Word::Except),
    ("but", Word::Except),
    ("never", Word::Never),
    ("excepto", Word::Except),
    ("salvo", Word::Except),
    ("menos", Word::Except),
    ("no", Word::Except),
    ("nunca", Word::Never),
    ("si hace falta", Word::IfNeeded),
    ("si es necesario", Word::IfNeeded),
    ("de reserva", Word::IfNeeded),
    ("机动", Word::IfNeeded),
    ("备用", Word::IfNeeded),
    ("替补", Word::IfNeeded),
    ("没人时", Word::IfNeeded),
    ("if needed", Word::IfNeeded),
    ("if nobody else", Word::IfNeeded),
    ("standby", Word::IfNeeded),
    ("on call", Word::IfNeeded),
    ("backup", Word::IfNeeded),
    ("随时", Word::Any),
    ("全天", Word::Any),
    ("整天", Word::Any),
    ("每天", Word::Any),
    ("天天", Word::Any),
    ("每日", Word::Any),
    ("每晚", Word::Part(18 * 60, 22 * 60)),
    ("其他时间", Word::Any),
    ("其他", Word::Any),
    ("其余", Word::Any),
    ("都可以", Word::Any),
    ("都行", Word::Any),
    ("均可", Word::Any),
    ("可以", Word::Any),
    ("有空", Word::Any),
    ("不限", Word::Any),
    ("任何时间", Word::Any),
    ("all day", Word::Any),
    ("whole day", Word::Any),
    ("full day", Word::Any),
    ("every day", Word::Any),
    ("everyday", Word::Any),
    ("daily", Word::Any),
    ("every", Word::Any),
    ("each", Word::Any),
    ("any time", Word::Any),
    ("anytime", Word::Any),
    ("any day", Word::Any),
    ("any", Word::Any),
    ("always", Word::Any),
    ("siempre", Word::Any),
    ("todo el día", Word::Any),
    ("todos los días", Word::Any),
    ("cada día", Word::Any),
    ("cualquier día", Word::Any),
    ("cualquier hora", Word::Any),
    ("hasta", Word::Before),
    ("y", Word::Comma),
    ("o", Word::Comma),
    ("a partir", Word::Comma),
    ("desde", Word::Comma),
    ("entre", Word::Comma),
    ("solo", Word::Comma),
    ("sólo", Word::Comma),
    ("all", Word::Any),
    ("yes", Word::Any),
    ("到", Word::To),
    ("至", Word::To),
    ("-", Word::To),
    ("to", Word::To),
    ("through", Word::To),
    ("以前", Word::Before),
    ("之前", Word::Before),
    ("为止", Word::Before),
    ("前", Word::Before),
    ("until", Word::Before),
    ("till", Word::Before),
    ("before", Word::Before),
    (";", Word::End),
    (",", Word::Comma),
    ("、", Word::Comma),
    ("/", Word::Comma),
    ("和", Word::Comma),
    ("及", Word::Comma),
    ("and", Word::Comma),
    ("or", Word::Comma),
    ("&", Word::Comma),
    ("+", Word::Comma),
    // Words that change nothing.
    ("以后", Word::Comma),
    ("之后", Word::Comma),
    ("开始", Word::Comma),
    ("起", Word::Comma),
    ("后", Word::Comma),
    ("after", Word::Comma),
    ("from", Word::Comma),
    ("between", Word::Comma),
    ("only", Word::Comma),
    ("on", Word::Comma),
    ("at", Word::Comma),
    ("the", Word::Comma),
    ("in", Word::Comma),
    ("can", Word::Comma),
    ("o'clock", Word::Comma),
    ("外", Word::Comma),
    ("的", Word::Comma),
    ("只", Word::Comma),
    ("能来", Word::Any),
    ("能", Word::Comma),
    ("都", Word::Comma),
    ("。", Word::Comma),
    (".", Word::Comma),
];

/// English names of weekdays begin with these.
const WEEKDAYS: [(&str, &str, Weekday); 7] = [
    ("mon", "monday", Weekday::Monday),
    ("tue", "tuesday", Weekday::Tuesday),
    ("wed", "wednesday", Weekday::Wednesday),
    ("thu", "thursday", Weekday::Thursday),
    ("fri", "friday", Weekday::Friday),
    ("sat", "saturday", Weekday::Saturday),
    ("sun", "sunday", Weekday::Sunday),
];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Spanish names of weekdays, short and long, with and without their accents.
const SPANISH_DAYS: [(&[&str], Weekday); 7] = [
    (&["lun", "lunes"], Weekday::Monday),
    (&["mar", "martes"], Weekday::Tuesday),
    (&["mié", "mie", "miércoles", "miercoles"], Weekday::Wednesday),
    (&["jue", "jueves"], Weekday::Thursday),
    (&["vie", "viernes"], Weekday::Friday),
    (&["sáb", "sab", "sábado", "sabado", "sábados", "sabados"], Weekday::Saturday),
    (&["dom", "domingo", "domingos"], Weekday::Sunday),
];
/// Spanish months that do not begin as in English.
const SPANISH_MONTHS: [(&str, i32); 4] = [("ene", 1), ("abr", 4), ("ago", 8), ("dic", 12)];
/// Spanish words that say nothing, also between a day and its month.
const SILENT: [&str; 8] = ["de", "del", "el", "la", "los", "las", "por", "puedo"];

/// A text's words, in its order.
pub(super) fn of(text: &str) -> Vec<Word> {
    let text = domain::simplified(text).to_lowercase();
    let mut rest = text.as_str();
    let mut words: Vec<Word> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            // `no` alone takes all of the time away.
            return if words == [Word::Except] { vec![Word::Never] } else { untilled(words) };
        }
        if let Some(after) = SILENT.iter().find_map(|word| whole(rest, word)) {
            rest = after;
            continue;
        }
        rest = week(rest, &mut words)
            .or_else(|| number(rest, &mut words))
            .or_else(|| spanish(rest, &mut words))
            .or_else(|| english(rest, &mut words))
            .or_else(|| known(rest, &mut words))
            .unwrap_or_else(|| unknown(rest, &mut words));
    }
}

/// `until 9:30` is said behind the time, as `9:30以前` is; between two times it is "to".
fn untilled(mut words: Vec<Word>) -> Vec<Word> {
    for at in 0..words.len() {
        if words[at] != Word::Before || at + 1 >= words.len() || !matches!(words[at + 1], Word::Number(..)) {
            continue;
        }
        if at > 0 && matches!(words[at - 1], Word::Number(_, Unit::Hour | Unit::Minutes | Unit::None)) {
            words[at] = Word::To;
        } else {
            words.swap(at, at + 1);
        }
    }
    words
}

/// `周一三五`, `星期一`, `礼拜天`, `周末`, `工作日`; and `三` after `周一到`.
fn week<'t>(text: &'t str, words: &mut Vec<Word>) -> Option<&'t str> {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    for word in ["周末", "双休日", "weekends", "weekend", "fines de semana", "fin de semana"] {
        if let Some(rest) = text.strip_prefix(word) {
            words.extend([Word::Week(Saturday), Word::Week(Sunday)]);
            return Some(rest);
        }
    }
    for word in ["工作日", "平时", "weekdays", "weekday", "working days", "entre semana", "días laborables"]
    {
        if let Some(rest) = text.strip_prefix(word) {
            words.extend([Monday, Tuesday, Wednesday, Thursday, Friday].map(Word::Week));
            return Some(rest);
        }
    }
    let in_range = matches!(words.as_slice(), [.., Word::Week(_), Word::To]);
    let named = ["每周", "周", "星期", "礼拜"].into_iter().find_map(|word| text.strip_prefix(word));
    let mut rest = match named {
        Some(rest) => rest,
        None if in_range => text,
        None => return None,
    };
    let begin = words.len();
    while let Some(letter) = rest.chars().next() {
        let day = match letter {
            '一' | '1' => Monday,
            '二' | '2' => Tuesday,
            '三' | '3' => Wednesday,
            '四' | '4' => Thursday,
            '五' | '5' => Friday,
            '六' | '6' => Saturday,
            '日' | '天' | '7' => Sunday,
            _ => break,
        };
        words.push(Word::Week(day));
        rest = &rest[letter.len_utf8()..];
        // `周1 7:00`: a digit is a day, one that follows at once would be a time.
        if letter.is_ascii_digit() {
            break;
        }
    }
    (words.len() > begin).then_some(rest)
}

/// The rest behind a word that ends there.
fn whole<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.strip_prefix(word).filter(|rest| !rest.starts_with(char::is_alphabetic))
}

/// `lunes`, `mar` (but `mar 7` is March), `28 de abril`, `7 a 11`.
fn spanish<'t>(text: &'t str, words: &mut Vec<Word>) -> Option<&'t str> {
    let counted = matches!(words.last(), Some(Word::Number(_, Unit::None | Unit::Day)));
    for (names, day) in SPANISH_DAYS {
        for name in names {
            let Some(rest) = whole(text, name) else { continue };
            let is_month =
                *name == "mar" && (counted || rest.trim_start().starts_with(|of: char| of.is_ascii_digit()));
            if !is_month {
                words.push(Word::Week(day));
                return Some(rest.strip_prefix('.').unwrap_or(rest));
            }
        }
    }
    if let Some(rest) = whole(text, "a") {
        let next = rest.trim_start();
        let day =
            || SPANISH_DAYS.iter().any(|(names, _)| names.iter().any(|name| whole(next, name).is_some()));
        match words.last() {
            Some(Word::Number(..)) if next.starts_with(|of: char| of.is_ascii_digit()) => {
                words.push(Word::To);
            }
            Some(Word::Week(_)) if day() => words.push(Word::To),
            // `a las 7`
            _ if whole(next, "las").is_some() => {}
            _ => return None,
        }
        return Some(rest);
    }
    let end = text.find(|letter: char| !letter.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let (_, number) = SPANISH_MONTHS.iter().find(|(month, _)| word.starts_with(month) && word.len() <= 9)?;
    month(*number, words);
    Some(rest.strip_prefix('.').unwrap_or(rest))
}

/// A month; in `28 March` the day stands before it.
fn month(number: i32, words: &mut Vec<Word>) {
    if let Some(Word::Number(day, Unit::None | Unit::Day)) = words.last().copied() {
        words.pop();
        words.push(Word::Number(number, Unit::Month));
        words.push(Word::Number(day, Unit::Day));
    } else {
        words.push(Word::Number(number, Unit::Month));
    }
}

fn english<'t>(text: &'t str, words: &mut Vec<Word>) -> Option<&'t str> {
    let end = text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if word.len() < 3 {
        return None;
    }
    let single = word.strip_suffix('s').unwrap_or(word);
    for (short, long, day) in WEEKDAYS {
        if single.starts_with(short) && (long.starts_with(single) || long.starts_with(word)) {
            words.push(Word::Week(day));
            return Some(rest);
        }
    }
    let number = MONTHS.iter().position(|month| word.starts_with(month) && word != "sept")?;
    // `march`, and not `marching`: a month's name is short.
    if word.len() > 9 && word != "septiembre" {
        return None;
    }
    month(number as i32 + 1, words);
    Some(rest.strip_prefix('.').unwrap_or(rest))
}

fn known<'t>(text: &'t str, words: &mut Vec<Word>) -> Option<&'t str> {
    let fits = |word: &str| {
        let ends = |rest: &str| !rest.starts_with(|letter: char| letter.is_ascii_alphabetic());
        text.strip_prefix(word)
            .is_some_and(|rest| !word.ends_with(|letter: char| letter.is_ascii_alphabetic()) || ends(rest))
    };
    let (word, what) = WORDS.iter().filter(|(word, _)| fits(word)).max_by_key(|(word, _)| word.len())?;
    words.push(*what);
    Some(&text[word.len()..])
}

fn unknown<'t>(text: &'t str, words: &mut Vec<Word>) -> &'t str {
    if words.last() != Some(&Word::Unknown) {
        words.push(Word::Unknown);
    }
    let letters = text.find(|letter: char| !letter.is_ascii_alphabetic()).filter(|end| *end > 0);
    match letters {
        Some(end) => &text[end..],
        None if text.starts_with(|letter: char| letter.is_ascii_alphabetic()) => "",
        None => &text[text.chars().next().map_or(0, char::len_utf8)..],
    }
}

/// `7:30`, `7点半`, `七点`, `9am`, `28日`, `28th`, `3月`, `3/28`, `2022-03-28`, `7`.
fn number<'t>(text: &'t str, words: &mut Vec<Word>) -> Option<&'t str> {
    let (number, rest) = digits(text)?;
    // 2022-03-28, 2022/3/28, 2022年
    if (1900..=2200).contains(&number) {
        if let Some(rest) = rest.strip_prefix('年') {
            return Some(rest);
        }
        let mark = rest.chars().next().filter(|letter| "-/.".contains(*letter))?;
        let (month, rest) = digits(&rest[1..])?;
        let (day, rest) = digits(rest.strip_prefix(mark)?)?;
        words.extend([Word::Number(month, Unit::Month), Word::Number(day, Unit::Day)]);
        return Some(rest);
    }
    if let Some(rest) = rest.strip_prefix('/') {
        let (day, rest) = digits(rest)?;
        words.extend([Word::Number(number, Unit::Month), Word::Number(day, Unit::Day)]);
        return Some(rest);
    }
    if let Some((minutes, rest)) = rest.strip_prefix(':').and_then(digits) {
        let (rest, half) = half_of_day(rest, number);
        words.push(Word::Number(half * 60 + minutes, Unit::Minutes));
        return Some(rest);
    }
    for mark in ["点钟", "点", "时"] {
        let Some(rest) = rest.strip_prefix(mark) else { continue };
        if let Some(rest) = rest.strip_prefix('半') {
            words.push(Word::Number(number * 60 + 30, Unit::Minutes));
            return Some(rest);
        }
        // `7点30分`, and not `7点 30日`.
        if let Some((minutes, rest)) = digits(rest)
            && let Some(rest) = rest.strip_prefix('分')
        {
            words.push(Word::Number(number * 60 + minutes, Unit::Minutes));
            return Some(rest);
        }
        words.push(Word::Number(number, Unit::Hour));
        return Some(rest);
    }
    for (mark, unit) in [("日", Unit::Day), ("号", Unit::Day), ("月", Unit::Month)] {
        if let Some(rest) = rest.strip_prefix(mark) {
            // `28、30号`: the numbers before it are days too.
            let mut before = words.iter_mut().rev();
            while let (Some(Word::Comma), Some(Word::Number(_, kind @ Unit::None))) =
                (before.next(), before.next())
            {
                *kind = unit;
            }
            words.push(Word::Number(number, unit));
            return Some(rest);
        }
    }
    for mark in ["st", "nd", "rd", "th"] {
        if let Some(rest) = rest.strip_prefix(mark) {
            words.push(Word::Number(number, Unit::Day));
            return Some(rest);
        }
    }
    let (after, hour) = half_of_day(rest, number);
    let unit = if after.len() < rest.len() { Unit::Hour } else { Unit::None };
    words.push(Word::Number(hour, unit));
    Some(after)
}

/// `am` and `pm` behind an hour.
fn half_of_day(text: &str, hour: i32) -> (&str, i32) {
    let spaced = text.trim_start();
    let ends = |rest: &str| !rest.starts_with(|letter: char| letter.is_ascii_alphabetic());
    for (mark, more) in [("am", 0), ("a.m.", 0), ("pm", 12), ("p.m.", 12)] {
        if let Some(rest) = spaced.strip_prefix(mark).filter(|rest| ends(rest)) {
            return (rest, hour % 12 + more);
        }
    }
    (text, hour)
}

/// A number of up to four digits, or a Chinese one up to 59 in front of a unit.
fn digits(text: &str) -> Option<(i32, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    if (1..=4).contains(&end) {
        return Some((text[..end].parse().ok()?, &text[end..]));
    }
    let mut number = 0;
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        number = match letter {
            '十' if number == 0 => 10,
            '十' => i32::min(number * 10, 9_999),
            '两' => number + 2,
            _ => match "零一二三四五六七八九".chars().position(|digit| digit == letter) {
                Some(digit) => i32::min(number + digit as i32, 9_999),
                None => break,
            },
        };
        rest = &rest[letter.len_utf8()..];
    }
    let units = ["点", "时", "日", "号", "月", "分"];
    (rest.len() < text.len() && units.iter().any(|unit| rest.starts_with(unit))).then_some((number, rest))
}
