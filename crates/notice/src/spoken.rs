//! Text as a loudspeaker says it: numbers, times and dates as words.

use ::words::Language;

/// Digits that are said one by one: telephone numbers, doors of three digits and more.
const ONE_BY_ONE: usize = 5;

/// The text with its dates, times, labels and numbers as words. A door, which follows its building and entrance behind a
/// hyphen, is said digit by digit.
pub fn spoken(text: &str, language: Language) -> String {
    let mut said = String::with_capacity(text.len() * 2);
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < letters.len() {
        if !letters[at].is_ascii_digit() {
            said.push(letters[at]);
            at += 1;
            continue;
        }
        let token: String = letters[at..]
            .iter()
            .enumerate()
            .take_while(|(place, letter)| {
                // A mark belongs to the number only between two digits.
                letter.is_ascii_digit()
                    || (":-.".contains(**letter)
                        && letters.get(at + place + 1).is_some_and(char::is_ascii_digit))
            })
            .map(|(_, letter)| *letter)
            .collect();
        at += token.chars().count();
        said += &say(&token, language);
    }
    said
}

fn say(token: &str, language: Language) -> String {
    if let Some(said) = date(token, language) {
        return said;
    }
    let pause = match language {
        Language::En => ", ",
        Language::Zh => "，",
    };
    let parts: Vec<&str> = token.split('-').collect();
    let times: Option<Vec<String>> = parts.iter().map(|part| time(part, language)).collect();
    if let Some(times) = times {
        let to = match language {
            Language::En => " to ",
            Language::Zh => "到",
        };
        return times.join(to);
    }
    let part = |(place, part): (usize, &&str)| {
        if let Some((whole, rest)) = part.split_once('.') {
            let point = match language {
                Language::En => " point ",
                Language::Zh => "点",
            };
            return format!("{}{point}{}", number(whole, language), digits(rest, language));
        }
        if place >= 2 || part.len() >= ONE_BY_ONE { digits(part, language) } else { number(part, language) }
    };
    // Two numbers with a hyphen are a telephone if one of them is long.
    if parts.len() == 2 && parts.iter().any(|part| part.len() >= ONE_BY_ONE) {
        return parts.iter().map(|part| digits(part, language)).collect::<Vec<_>>().join(pause);
    }
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join(pause)
}

fn date(token: &str, language: Language) -> Option<String> {
    let parts: Vec<&str> = token.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (month, day): (usize, u64) = (month.parse().ok()?, day.parse().ok()?);
    Some(match language {
        Language::En => {
            const MONTHS: [&str; 12] = [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ];
            format!("{} {}", MONTHS.get(month.checked_sub(1)?)?, english(day))
        }
        Language::Zh => format!("{}月{}日", chinese(month as u64), chinese(day)),
    })
}

fn time(token: &str, language: Language) -> Option<String> {
    let (hour, minute) = token.split_once(':')?;
    let (hour, minute): (u64, u64) = (hour.parse().ok()?, minute.parse().ok()?);
    if hour > 24 || minute > 59 {
        return None;
    }
    let (half, part) = (if hour > 12 { hour - 12 } else { hour }, part_of_day(hour, language));
    Some(match (language, minute) {
        (Language::En, 0) => format!("{} o'clock{part}", english(half)),
        (Language::En, 1..=9) => format!("{} oh {}{part}", english(half), english(minute)),
        (Language::En, _) => format!("{} {}{part}", english(half), english(minute)),
        (Language::Zh, 0) => format!("{part}{}点整", hour_in_chinese(half)),
        (Language::Zh, 1..=9) => format!("{part}{}点零{}分", hour_in_chinese(half), chinese(minute)),
        (Language::Zh, _) => format!("{part}{}点{}分", hour_in_chinese(half), chinese(minute)),
    })
}

/// After noon nobody says thirteen.
fn part_of_day(hour: u64, language: Language) -> &'static str {
    match (language, hour) {
        (Language::En, 13..=17) => " in the afternoon",
        (Language::En, 18..) => " in the evening",
        (Language::Zh, 13..=17) => "下午",
        (Language::Zh, 18..) => "晚上",
        _ => "",
    }
}

fn hour_in_chinese(hour: u64) -> String {
    if hour == 2 { "两".to_owned() } else { chinese(hour) }
}

/// Each digit of a text by itself.
pub(crate) fn one_by_one(text: &str, language: Language) -> String {
    let letters: Vec<char> = text.chars().collect();
    let runs = letters.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit());
    runs.map(|run| {
        let run: String = run.iter().collect();
        if run.starts_with(|letter: char| letter.is_ascii_digit()) { digits(&run, language) } else { run }
    })
    .collect()
}

fn number(text: &str, language: Language) -> String {
    // What begins with nought, or is long, is a code and no count.
    match text.parse::<u64>() {
        Ok(number) if text.len() < ONE_BY_ONE && (text.len() == 1 || !text.starts_with('0')) => {
            match language {
                Language::En => english(number),
                Language::Zh => chinese(number),
            }
        }
        _ => digits(text, language),
    }
}

fn digits(text: &str, language: Language) -> String {
    let one = |digit: char| {
        let digit = digit.to_digit(10).unwrap_or(0) as usize;
        match language {
            Language::En => {
                ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][digit]
            }
            // A one alone is said so that it is not heard as seven.
            Language::Zh => ["零", "幺", "二", "三", "四", "五", "六", "七", "八", "九"][digit],
        }
    };
    let gap = match language {
        Language::En => " ",
        Language::Zh => "",
    };
    text.chars().filter(char::is_ascii_digit).map(one).collect::<Vec<_>>().join(gap)
}

fn english(number: u64) -> String {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] =
        ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    match number {
        0..=19 => SMALL[number as usize].to_owned(),
        20..=99 if number.is_multiple_of(10) => TENS[number as usize / 10].to_owned(),
        20..=99 => format!("{}-{}", TENS[number as usize / 10], SMALL[number as usize % 10]),
        100..=999 if number.is_multiple_of(100) => format!("{} hundred", english(number / 100)),
        100..=999 => format!("{} hundred and {}", english(number / 100), english(number % 100)),
        _ if number.is_multiple_of(1_000) => format!("{} thousand", english(number / 1_000)),
        _ => {
            let rest = number % 1_000;
            let and = if rest < 100 { " and" } else { "" };
            format!("{} thousand{and} {}", english(number / 1_000), english(rest))
        }
    }
}

fn chinese(number: u64) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |number: u64| DIGITS[number as usize % 10];
    match number {
        0..=9 => digit(number).to_owned(),
        10 => "十".to_owned(),
        11..=19 => format!("十{}", digit(number % 10)),
        20..=99 if number.is_multiple_of(10) => format!("{}十", digit(number / 10)),
        20..=99 => format!("{}十{}", digit(number / 10), digit(number % 10)),
        100..=999 => below(number, 100, "百"),
        1_000..=9_999 => below(number, 1_000, "千"),
        _ => below(number, 10_000, "万"),
    }
}

/// A number of so many units and a rest: a place that is empty between them is said as nought.
fn below(number: u64, unit: u64, word: &str) -> String {
    let (head, rest) = (number / unit, number % unit);
    let tail = match rest {
        0 => String::new(),
        rest if rest < unit / 10 => format!("零{}", chinese(rest)),
        // Within a larger number ten is one ten.
        rest @ 10..=19 => format!("一{}", chinese(rest)),
        rest => chinese(rest),
    };
    format!("{}{word}{tail}", chinese(head))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_times_dates_and_doors_are_said_as_people_say_them() {
        for (written, en, zh) in [
            ("07:00", "seven o'clock", "七点整"),
            ("07:05", "seven oh five", "七点零五分"),
            ("14:30", "two thirty in the afternoon", "下午两点三十分"),
            ("20:05", "eight oh five in the evening", "晚上八点零五分"),
            ("12:00", "twelve o'clock", "十二点整"),
            ("02:10", "two ten", "两点十分"),
            ("2022-03-28", "March twenty-eight", "三月二十八日"),
            ("12", "twelve", "十二"),
            ("7:00-11:00", "seven o'clock to eleven o'clock", "七点整到十一点整"),
            ("110", "one hundred and ten", "一百一十"),
            ("105", "one hundred and five", "一百零五"),
            ("3948", "three thousand nine hundred and forty-eight", "三千九百四十八"),
            ("2005", "two thousand and five", "二千零五"),
            ("12-2-301", "twelve, two, three zero one", "十二，二，三零幺"),
            (
                "021-55512345",
                "zero two one, five five five one two three four five",
                "零二幺，五五五幺二三四五",
            ),
            ("1.5", "one point five", "一点五"),
            ("lane 2.", "lane two.", "lane 二."),
            ("007", "zero zero seven", "零零七"),
            ("no number", "no number", "no number"),
        ] {
            assert_eq!(spoken(written, Language::En), en, "{written}");
            assert_eq!(spoken(written, Language::Zh), zh, "{written}");
        }
    }

    #[test]
    fn no_digit_is_left_in_what_is_said() {
        for number in (0..20_000).step_by(7) {
            for language in Language::ALL {
                let said = spoken(&format!("x {number} y"), language);
                assert!(!said.chars().any(|letter| letter.is_ascii_digit()), "{said}");
            }
        }
    }
}
