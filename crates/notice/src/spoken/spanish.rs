//! Figures as Spanish says them.

use super::{Figures, half};

pub(super) const FIGURES: Figures = Figures {
    pause: ", ",
    to: " a ",
    point: " punto ",
    gap: " ",
    digits: ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    number: spanish,
    date: |month, day| format!("{} de {}", spanish(day), MONTHS[month - 1]),
    time,
};

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

fn time(hour: u64, minute: u64) -> String {
    let part = match hour {
        13..=19 => " de la tarde",
        20.. => " de la noche",
        _ => "",
    };
    let hour = match half(hour) {
        1 => "una".to_owned(),
        hour => spanish(hour),
    };
    match minute {
        0 => format!("{hour} en punto{part}"),
        _ => format!("{hour} y {}{part}", spanish(minute)),
    }
}

/// A number below a million.
fn spanish(number: u64) -> String {
    const SMALL: [&str; 30] = [
        "cero",
        "uno",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciséis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
        "veintiuno",
        "veintidós",
        "veintitrés",
        "veinticuatro",
        "veinticinco",
        "veintiséis",
        "veintisiete",
        "veintiocho",
        "veintinueve",
    ];
    const TENS: [&str; 10] =
        ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
    const HUNDREDS: [&str; 10] = [
        "",
        "ciento",
        "doscientos",
        "trescientos",
        "cuatrocientos",
        "quinientos",
        "seiscientos",
        "setecientos",
        "ochocientos",
        "novecientos",
    ];
    match number {
        0..=29 => SMALL[number as usize].to_owned(),
        30..=99 if number.is_multiple_of(10) => TENS[number as usize / 10].to_owned(),
        30..=99 => format!("{} y {}", TENS[number as usize / 10], SMALL[number as usize % 10]),
        100 => "cien".to_owned(),
        101..=999 if number.is_multiple_of(100) => HUNDREDS[number as usize / 100].to_owned(),
        101..=999 => format!("{} {}", HUNDREDS[number as usize / 100], spanish(number % 100)),
        1_000 => "mil".to_owned(),
        1_001..=1_999 => format!("mil {}", spanish(number % 1_000)),
        _ if number.is_multiple_of(1_000) => format!("{} mil", spanish(number / 1_000)),
        _ => format!("{} mil {}", spanish(number / 1_000), spanish(number % 1_000)),
    }
}
