//! One demand held against another: what an authority asks, and what is done or asked beneath it.

use domain::{
    Mark,
    directive::{Demand, Hours, People, When},
};
use jiff::civil::{Date, DateTime};
use serde::Serialize;
use std::{cmp::Ordering, collections::BTreeMap};

/// How what is beneath stands to what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It allows more than is allowed, or does less than is asked: refused.
    Looser,
    /// It says nothing.
    Silent,
    /// It asks for more than is asked: allowed, and shown.
    Stricter,
    /// It is what is asked.
    Same,
    /// The clause has no figures: people have to read it.
    Unread,
}

impl Verdict {
    /// The word for it in the JSON and in the catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Looser => "looser",
            Verdict::Silent => "silent",
            Verdict::Stricter => "stricter",
            Verdict::Same => "same",
            Verdict::Unread => "unread",
        }
    }

    /// Of several, the one that decides.
    fn worst(all: impl IntoIterator<Item = Verdict>) -> Verdict {
        all.into_iter().min().unwrap_or(Verdict::Same)
    }
}

/// Holds what is done or asked beneath against what is asked above, on the round's day. Different kinds say nothing of each other.
pub fn hold(asked: &Demand, beneath: &Demand, day: Date) -> Verdict {
    match (asked, beneath) {
        (Demand::Dates { from, until }, Demand::Dates { from: first, until: last }) => {
            within((*from, *until), (*first, *last))
        }
        (Demand::HoursWithin(asked), Demand::HoursWithin(beneath)) => {
            let (asked, beneath) = (on(*asked, day), on(*beneath, day));
            Verdict::worst([at_least(asked.0, beneath.0), at_most(asked.1, beneath.1)].into_iter().flatten())
        }
        (Demand::HoursOpen(asked), Demand::HoursOpen(beneath)) => {
            let (asked, beneath) = (on(*asked, day), on(*beneath, day));
            Verdict::worst([at_most(asked.0, beneath.0), at_least(asked.1, beneath.1)].into_iter().flatten())
        }
        (Demand::Who(asked), Demand::Who(beneath)) => who(asked, beneath),
        (Demand::Frequency { every_days: asked }, Demand::Frequency { every_days: beneath })
        | (Demand::ToLab { within_h: asked }, Demand::ToLab { within_h: beneath })
        | (Demand::ToResult { within_h: asked }, Demand::ToResult { within_h: beneath }) => {
            ordered(beneath.total_cmp(asked))
        }
        (Demand::Spacing { at_least_m: asked }, Demand::Spacing { at_least_m: beneath }) => {
            ordered(asked.total_cmp(beneath))
        }
        (Demand::Pool(asked), Demand::Pool(beneath)) => pools(asked, beneath),
        (Demand::GreenChannel(asked), Demand::GreenChannel(beneath)) => marks(asked, beneath),
        (Demand::NamesKeptAtLeast { days: asked }, Demand::NamesKeptAtLeast { days: beneath }) => {
            ordered(asked.cmp(beneath))
        }
        (Demand::NamesKeptAtMost { days: asked }, Demand::NamesKeptAtMost { days: beneath }) => {
            ordered(beneath.cmp(asked))
        }
        _ => Verdict::Silent,
    }
}

/// Whether no community can do both.
pub fn clash(one: &Demand, other: &Demand, day: Date) -> bool {
    match (one, other) {
        (Demand::Dates { from, until }, Demand::Dates { from: first, until: last }) => {
            last < from || until < first
        }
        (Demand::HoursOpen(open), Demand::HoursWithin(within))
        | (Demand::HoursWithin(within), Demand::HoursOpen(open)) => {
            let (open, within) = (on(*open, day), on(*within, day));
            open.0.zip(within.0).is_some_and(|(open, within)| open < within)
                || open.1.zip(within.1).is_some_and(|(open, within)| open > within)
        }
        (Demand::HoursWithin(one), Demand::HoursWithin(other)) => {
            let (one, other) = (on(*one, day), on(*other, day));
            one.0.zip(other.1).is_some_and(|(from, until)| from >= until)
                || other.0.zip(one.1).is_some_and(|(from, until)| from >= until)
        }
        (Demand::NamesKeptAtLeast { days: least }, Demand::NamesKeptAtMost { days: most })
        | (Demand::NamesKeptAtMost { days: most }, Demand::NamesKeptAtLeast { days: least }) => least > most,
        _ => false,
    }
}

/// Both ends as local moments; an end before its beginning is of the next day.
pub(crate) fn on(hours: Hours, day: Date) -> (Option<DateTime>, Option<DateTime>) {
    let (from, until) = (hours.from.map(|when| when.on(day)), hours.until.map(|when| when.on(day)));
    let until = match (from, until, hours.until) {
        (Some(from), Some(until), Some(When::Time(_))) if until < from => {
            day.tomorrow().map_or(Some(until), |next| Some(next.to_datetime(until.time())))
        }
        _ => until,
    };
    (from, until)
}

fn ordered(beneath_is: Ordering) -> Verdict {
    match beneath_is {
        Ordering::Greater => Verdict::Looser,
        Ordering::Equal => Verdict::Same,
        Ordering::Less => Verdict::Stricter,
    }
}

/// Beneath must not be earlier than asked; nothing where nothing is asked.
fn at_least<T: Ord>(asked: Option<T>, beneath: Option<T>) -> Option<Verdict> {
    Some(match (asked?, beneath) {
        (_, None) => Verdict::Silent,
        (asked, Some(beneath)) => ordered(asked.cmp(&beneath)),
    })
}

/// Beneath must not be later than asked.
fn at_most<T: Ord>(asked: Option<T>, beneath: Option<T>) -> Option<Verdict> {
    Some(match (asked?, beneath) {
        (_, None) => Verdict::Silent,
        (asked, Some(beneath)) => ordered(beneath.cmp(&asked)),
    })
}

fn within((from, until): (Date, Date), (first, last): (Date, Date)) -> Verdict {
    if first < from || last > until {
        Verdict::Looser
    } else if (from, until) == (first, last) || first == last {
        // A round is of one day: it cannot fill a week.
        Verdict::Same
    } else {
        Verdict::Stricter
    }
}

fn who(asked: &People, beneath: &People) -> Verdict {
    match (asked, beneath) {
        (People::Everybody, People::Everybody) => Verdict::Same,
        (People::Everybody, People::Marked(_)) => Verdict::Looser,
        (People::Marked(_), People::Everybody) => Verdict::Stricter,
        (People::Marked(asked), People::Marked(beneath)) => marks(asked, beneath),
    }
}

fn marks(asked: &[Mark], beneath: &[Mark]) -> Verdict {
    if asked.iter().any(|mark| !beneath.contains(mark)) {
        Verdict::Looser
    } else if beneath.iter().any(|mark| !asked.contains(mark)) {
        Verdict::Stricter
    } else {
        Verdict::Same
    }
}

/// Zone by zone as asked; one that is not named is that without a name.
fn pools(asked: &BTreeMap<String, u8>, beneath: &BTreeMap<String, u8>) -> Verdict {
    Verdict::worst(asked.iter().map(|(zone, most)| {
        let found = beneath.get(zone).or_else(|| beneath.get(""));
        found.map_or(Verdict::Silent, |size| ordered(size.cmp(most)))
    }))
}
