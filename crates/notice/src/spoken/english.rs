//! Figures as English says them.

use super::{Figures, half};

pub(super) const FIGURES: Figures = Figures {
    pause: ", ",
    to: " to ",
    point: " point ",
    gap: " ",
    digits: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    number: english,
    date: |month, day| format!("{} {}", MONTHS[month - 1], english(day)),
    time,
};

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

fn time(hour: u64, minute: u64) -> String {
    let part = match hour {
        13..=17 => " in the afternoon",
        18.. => " in the evening",
        _ => "",
    };
    let hour = english(half(hour));
    match minute {
        0 => format!("{hour} o'clock{part}"),
        1..=9 => format!("{hour} oh {}{part}", english(minute)),
        _ => format!("{hour} {}{part}", english(minute)),
    }
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
