//! Days as a cell names them: `28日`, `3月28日至30日`, `2022-03-28 to 2022-04-02`.

use super::words::{Unit, Word};
use jiff::civil::{Date, Weekday};

/// A way to name days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    Week(Weekday),
    OfMonth(i32),
    OfYear(i32, i32),
}

impl Day {
    /// Whether it names a date. A day or month that does not exist names none.
    pub fn is(self, date: Date) -> bool {
        let (month, day) = (i32::from(date.month()), i32::from(date.day()));
        match self {
            Day::Week(weekday) => date.weekday() == weekday,
            Day::OfMonth(number) => day == number,
            Day::OfYear(of, number) => (month, day) == (of, number),
        }
    }
}

const MONTH_DAYS: i32 = 31;

/// The dates with which words begin, and how many words name them.
pub(super) fn dates(words: &[Word]) -> Option<(Vec<Day>, usize)> {
    use Unit::{Day as D, Month as M, None as N};
    use Word::{Number as Is, To};
    Some(match *words {
        // `3月31日至4月2日`
        [Is(month, M), Is(day, D | N), To, Is(last, M), Is(until, D | N), ..] => {
            (through((month, day), (last, until)), 5)
        }
        // `3月31日至2日`
        [Is(month, M), Is(day, D | N), To, Is(until, D), ..] => {
            let last = if until < day { month % 12 + 1 } else { month };
            (through((month, day), (last, until)), 4)
        }
        // `March 28-30`
        [Is(month, M), Is(day, D | N), To, Is(until, N), ..] if (day..=MONTH_DAYS).contains(&until) => {
            (through((month, day), (month, until)), 4)
        }
        [Is(month, M), Is(day, D | N), ..] => (vec![Day::OfYear(month, day)], 2),
        // `28-30 March`, `31日至4月2日`
        [Is(day, D | N), To, Is(last, M), Is(until, D | N), ..] => {
            let month = if until < day { (last + 10) % 12 + 1 } else { last };
            (through((month, day), (last, until)), 4)
        }
        // `31日至2日` goes over the end of a month.
        [Is(day, D | N), To, Is(until, D), ..] if until < day => {
            let all = (day..=MONTH_DAYS).chain(1..=until.min(MONTH_DAYS));
            (all.map(Day::OfMonth).collect(), 3)
        }
        // `28-30日`, `28日-30`
        [Is(day, D | N), To, Is(until, D), ..] => (of_month(day, until), 3),
        [Is(day, D), To, Is(until, N), ..] if (day..=MONTH_DAYS).contains(&until) => {
            (of_month(day, until), 3)
        }
        [Is(day, D), ..] => (vec![Day::OfMonth(day)], 1),
        _ => return None,
    })
}

fn of_month(day: i32, until: i32) -> Vec<Day> {
    (day..=until.min(MONTH_DAYS)).map(Day::OfMonth).collect()
}

/// All days from one to another of the same year or the next, both included; none if one of them does not exist.
fn through((month, day): (i32, i32), last: (i32, i32)) -> Vec<Day> {
    let exists = |(month, day)| (1..=12).contains(&month) && (1..=MONTH_DAYS).contains(&day);
    if !exists((month, day)) || !exists(last) {
        // They are named all the same: no days at all would mean all of them.
        return vec![Day::OfYear(month, day)];
    }
    let key = |month: i32, day: i32| 32 * month + day;
    let (first, last) = (key(month, day), key(last.0, last.1));
    let until = if last < first { last + key(12, 0) } else { last };
    (first..=until).map(|at| Day::OfYear((at / 32 - 1) % 12 + 1, at % 32)).collect()
}
