//! Cells that say yes, how long, what cannot be borne, and how somebody is reached.

/// What a cell about limits says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Limits {
    pub minutes_per_day_max: Option<i32>,
    pub no_suit: bool,
    pub no_heat: bool,
    pub unknown: bool,
}

const NO: [&str; 12] = ["", "无", "没有", "否", "不", "no", "none", "n", "false", "0", "-", "/"];

/// Whether a cell says yes, or anything but no.
pub(super) fn is_yes(text: &str) -> bool {
    !NO.contains(&domain::simplified(text.trim()).to_lowercase().as_str())
}

/// Whether a cell about experience says that there is none; `None` for words that are not known.
pub(super) fn is_new(text: &str) -> Option<bool> {
    let text = domain::simplified(text.trim()).to_lowercase();
    const NEW: [&str; 17] = [
        "新",
        "新手",
        "首次",
        "第一次",
        "初次",
        "无经验",
        "没经验",
        "没做过",
        "first",
        "first time",
        "first-timer",
        "first timer",
        "new",
        "beginner",
        "never",
        "no experience",
        "newcomer",
    ];
    const OLD: [&str; 22] = [
        "有",
        "是",
        "老",
        "老手",
        "熟练",
        "有经验",
        "做过",
        "多次",
        "熟手",
        "骨干",
        "组长",
        "老志愿者",
        "yes",
        "y",
        "true",
        "experienced",
        "some",
        "often",
        "many",
        "senior",
        "leader",
        "regular",
    ];
    if NO.contains(&text.as_str()) {
        return (!text.is_empty()).then_some(true);
    }
    if NEW.contains(&text.as_str()) {
        return Some(true);
    }
    // `3次`, `12 times`
    let times: String = text.chars().take_while(char::is_ascii_digit).collect();
    if OLD.contains(&text.as_str()) || times.parse::<u32>().is_ok_and(|times| times > 0) {
        return Some(false);
    }
    None
}

/// `最多2小时`, `每天不超过3小时`, `2h`, `不能穿防护服`, `怕热`, `no protective clothing; at most 90 min`.
pub(super) fn limits(text: &str) -> Limits {
    let mut limits = Limits::default();
    let text = domain::simplified(text).to_lowercase();
    for part in text.split([';', ',', '、', '。']).map(|part| part.trim().to_owned()) {
        if NO.contains(&part.as_str()) {
            continue;
        }
        let has = |words: &[&str]| words.iter().any(|word| part.contains(word));
        if has(&["防护服", "大白", "protective", "gown", "suit"]) {
            limits.no_suit = true;
        } else if has(&["怕热", "中暑", "高温", "晒", "heat", "sun", "室内", "indoor"]) {
            limits.no_heat = true;
        } else if let Some(minutes) = minutes(&part) {
            limits.minutes_per_day_max = Some(minutes);
        } else {
            limits.unknown = true;
        }
    }
    limits
}

/// A length of time up to a day, in minutes; a number alone is hours.
pub(super) fn minutes(text: &str) -> Option<i32> {
    let text = domain::simplified(text);
    let text = text.as_str();
    let start =
        text.find(|letter: char| letter.is_ascii_digit() || "一两二三四五六七八半".contains(letter))?;
    let rest = &text[start..];
    let end = rest.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(rest.len());
    let (number, unit) = if end > 0 {
        (rest[..end].parse::<f64>().ok()?, rest[end..].trim_start())
    } else {
        let letter = rest.chars().next()?;
        let number = match letter {
            '半' => 0.5,
            '两' => 2.0,
            _ => "零一二三四五六七八".chars().position(|digit| digit == letter)? as f64,
        };
        (number, rest[letter.len_utf8()..].trim_start())
    };
    let hours =
        ["小时", "个小时", "个半小时", "钟头", "个钟头", "h"].iter().any(|word| unit.starts_with(word));
    let more = if unit.starts_with("个半") || unit.starts_with("小时半") { 30.0 } else { 0.0 };
    let minutes = if ["分", "min"].iter().any(|word| unit.starts_with(word)) {
        number
    } else if hours || unit.is_empty() {
        number * 60.0 + more
    } else {
        return None;
    };
    (15.0..=1_440.0).contains(&minutes).then_some(minutes as i32)
}

/// The telephone numbers in a cell: runs of at least seven digits, with the blanks, dashes and brackets that people put into them.
pub(super) fn phones(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split([';', ',', '/', '、', '|', '或', '和']) {
        let mut digits = String::new();
        for word in part.split_whitespace() {
            let own: String = word.chars().filter(char::is_ascii_digit).collect();
            // A mobile number is complete at eleven: what follows is the next.
            if digits.len() >= 11 && own.len() >= 7 {
                found.push(std::mem::take(&mut digits));
            }
            digits += &own;
        }
        if digits.len() >= 22 && digits.len().is_multiple_of(11) {
            found.extend(digits.as_bytes().chunks(11).map(|one| String::from_utf8_lossy(one).into_owned()));
        } else if digits.len() >= 7 {
            found.push(digits);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn experience_is_told_in_many_words() {
        for (text, expected) in [
            ("新手", Some(true)),
            ("第一次", Some(true)),
            ("无", Some(true)),
            ("0", Some(true)),
            ("3次", Some(false)),
            ("有", Some(false)),
            ("First time", Some(true)),
            ("experienced", Some(false)),
            ("", None),
            ("看情况", None),
        ] {
            assert_eq!(is_new(text), expected, "{text}");
        }
    }

    #[test]
    fn limits_are_hours_a_day_and_what_cannot_be_borne() {
        for (text, expected) in [
            ("", (None, false, false, false)),
            ("最多2小时", (Some(120), false, false, false)),
            ("每天不超过两个半小时", (Some(150), false, false, false)),
            ("90分钟", (Some(90), false, false, false)),
            ("at most 1.5 h; no heat", (Some(90), false, true, false)),
            ("不能穿防护服,怕热", (None, true, true, false)),
            ("腰不好", (None, false, false, true)),
            ("400小时", (None, false, false, true)),
            ("3", (Some(180), false, false, false)),
        ] {
            let found = limits(text);
            let found = (found.minutes_per_day_max, found.no_suit, found.no_heat, found.unknown);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn two_telephone_numbers_in_a_cell_are_two() {
        for (text, count) in [
            ("13800138000", 1),
            ("138 0013 8000", 1),
            ("021-5555 0100", 1),
            ("13800138000/13900139000", 2),
            ("13800138000 13900139000", 2),
            ("1380013800013900139000", 2),
            ("+44 20 7946 0000", 1),
            ("", 0),
            ("微信", 0),
        ] {
            assert_eq!(phones(text).len(), count, "{text}");
        }
    }
}
