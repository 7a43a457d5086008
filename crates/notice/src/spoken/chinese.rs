//! Figures as Chinese says them, in both ways of writing it.

use super::{Figures, half};

pub(super) const SIMPLIFIED: Figures = Figures {
    pause: "，",
    to: "到",
    point: "点",
    gap: "",
    // A one alone is said so that it is not heard as seven.
    digits: ["零", "幺", "二", "三", "四", "五", "六", "七", "八", "九"],
    number: chinese,
    date: |month, day| format!("{}月{}日", chinese(month as u64), chinese(day)),
    time,
};

pub(super) const TRADITIONAL: Figures = Figures {
    point: "點",
    digits: ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
    time: |hour, minute| time(hour, minute).replace('点', "點").replace('两', "兩"),
    // What is said of figures has fewer than five digits: no 萬.
    ..SIMPLIFIED
};

fn time(hour: u64, minute: u64) -> String {
    let part = match hour {
        13..=17 => "下午",
        18.. => "晚上",
        _ => "",
    };
    let hour = match half(hour) {
        2 => "两".to_owned(),
        hour => chinese(hour),
    };
    match minute {
        0 => format!("{part}{hour}点整"),
        1..=9 => format!("{part}{hour}点零{}分", chinese(minute)),
        _ => format!("{part}{hour}点{}分", chinese(minute)),
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
