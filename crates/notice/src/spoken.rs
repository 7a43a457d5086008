//! Text as a loudspeaker says it: numbers, times and dates as words.

mod chinese;
mod english;
mod spanish;

use ::words::Language;

/// Digits that are said one by one: telephone numbers, doors of three digits and more.
const ONE_BY_ONE: usize = 5;

/// How a language says figures.
struct Figures {
    /// Between the parts of a door or a telephone number.
    pause: &'static str,
    /// Between two times.
    to: &'static str,
    /// Within a fraction.
    point: &'static str,
    /// Between digits that are said singly.
    gap: &'static str,
    /// Digits that are said singly.
    digits: [&'static str; 10],
    /// Of a count.
    number: fn(u64) -> String,
    /// Of a month, from 1 to 12, and a day.
    date: fn(usize, u64) -> String,
    /// Of an hour and a minute.
    time: fn(u64, u64) -> String,
}

/// What is known of a language's figures. Where nothing is, they stay as they are: programs that speak say them well enough.
fn figures(language: Language) -> Option<&'static Figures> {
    match language.tag() {
        "en" => Some(&english::FIGURES),
        "es" => Some(&spanish::FIGURES),
        "zh" => Some(&chinese::SIMPLIFIED),
        "zh-Hant" => Some(&chinese::TRADITIONAL),
        _ => None,
    }
}

/// The text with its dates, times, labels and numbers as words. A door, which follows its building and entrance behind a
/// hyphen, is said digit by digit.
pub fn spoken(text: &str, language: Language) -> String {
    let Some(figures) = figures(language) else { return text.to_owned() };
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
        said += &say(&token, figures);
    }
    said
}

fn say(token: &str, figures: &Figures) -> String {
    if let Some(said) = date(token, figures) {
        return said;
    }
    let parts: Vec<&str> = token.split('-').collect();
    let times: Option<Vec<String>> = parts.iter().map(|part| time(part, figures)).collect();
    if let Some(times) = times {
        return times.join(figures.to);
    }
    let part = |(place, part): (usize, &&str)| {
        if let Some((whole, rest)) = part.split_once('.') {
            return format!("{}{}{}", number(whole, figures), figures.point, digits(rest, figures));
        }
        if place >= 2 || part.len() >= ONE_BY_ONE { digits(part, figures) } else { number(part, figures) }
    };
    // Two numbers with a hyphen are a telephone if one of them is long.
    if parts.len() == 2 && parts.iter().any(|part| part.len() >= ONE_BY_ONE) {
        return parts.iter().map(|part| digits(part, figures)).collect::<Vec<_>>().join(figures.pause);
    }
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join(figures.pause)
}

fn date(token: &str, figures: &Figures) -> Option<String> {
    let parts: Vec<&str> = token.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (month, day): (usize, u64) = (month.parse().ok()?, day.parse().ok()?);
    (1..=12).contains(&month).then(|| (figures.date)(month, day))
}

fn time(token: &str, figures: &Figures) -> Option<String> {
    let (hour, minute) = token.split_once(':')?;
    let (hour, minute): (u64, u64) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute <= 59).then(|| (figures.time)(hour, minute))
}

/// After noon nobody says thirteen.
fn half(hour: u64) -> u64 {
    if hour > 12 { hour - 12 } else { hour }
}

/// Each digit of a text by itself.
pub(crate) fn one_by_one(text: &str, language: Language) -> String {
    let Some(figures) = figures(language) else { return text.to_owned() };
    let letters: Vec<char> = text.chars().collect();
    let runs = letters.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit());
    runs.map(|run| {
        let run: String = run.iter().collect();
        if run.starts_with(|letter: char| letter.is_ascii_digit()) { digits(&run, figures) } else { run }
    })
    .collect()
}

fn number(text: &str, figures: &Figures) -> String {
    // What begins with nought, or is long, is a code and no count.
    match text.parse::<u64>() {
        Ok(number) if text.len() < ONE_BY_ONE && (text.len() == 1 || !text.starts_with('0')) => {
            (figures.number)(number)
        }
        _ => digits(text, figures),
    }
}

fn digits(text: &str, figures: &Figures) -> String {
    let one = |digit: char| figures.digits[digit.to_digit(10).unwrap_or(0) as usize];
    text.chars().filter(char::is_ascii_digit).map(one).collect::<Vec<_>>().join(figures.gap)
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
        let said = |written: &str, tag: &str| spoken(written, Language::of_tag(tag).unwrap());
        for (written, es) in [
            ("07:00", "siete en punto"),
            ("07:05", "siete y cinco"),
            ("14:30", "dos y treinta de la tarde"),
            ("20:05", "ocho y cinco de la noche"),
            ("12:00", "doce en punto"),
            ("02:10", "dos y diez"),
            ("2022-03-28", "veintiocho de marzo"),
            ("12", "doce"),
            ("7:00-11:00", "siete en punto a once en punto"),
            ("110", "ciento diez"),
            ("105", "ciento cinco"),
            ("3948", "tres mil novecientos cuarenta y ocho"),
            ("2005", "dos mil cinco"),
            ("12-2-301", "doce, dos, tres cero uno"),
            ("021-55512345", "cero dos uno, cinco cinco cinco uno dos tres cuatro cinco"),
            ("1.5", "uno punto cinco"),
            ("007", "cero cero siete"),
            ("no number", "no number"),
            ("13:01", "una y uno de la tarde"),
            ("21", "veintiuno"),
            ("100", "cien"),
            ("1000", "mil"),
            ("7516", "siete mil quinientos dieciséis"),
        ] {
            assert_eq!(said(written, "es"), es, "{written}");
        }
        for (written, traditional) in [
            ("14:30", "下午兩點三十分"),
            ("02:00", "兩點整"),
            ("1.5", "一點五"),
            ("12-2-301", "十二，二，三零一"),
        ] {
            assert_eq!(said(written, "zh-Hant"), traditional, "{written}");
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
