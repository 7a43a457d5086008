//! One clause: its words, and by its `kind` what it demands.

use crate::clock::Clock;
use crate::reader::{Field, Limits, Section};
use crate::value::Kind as ValueKind;
use domain::Mark;
use domain::directive::{Clause, Demand, Hours, People, When};
use std::collections::BTreeMap;

/// What a clause can be about: other keys stand beside each.
#[derive(Clone, Copy)]
enum Kind {
    Dates,
    Hours,
    Open,
    Who,
    Frequency,
    Spacing,
    Pool,
    GreenChannel,
    Lab,
    Result,
    Names,
}

const KINDS: [(&str, Kind); 11] = [
    ("dates", Kind::Dates),
    ("hours", Kind::Hours),
    ("open", Kind::Open),
    ("who", Kind::Who),
    ("frequency", Kind::Frequency),
    ("spacing", Kind::Spacing),
    ("pool", Kind::Pool),
    ("green-channel", Kind::GreenChannel),
    ("lab", Kind::Lab),
    ("result", Kind::Result),
    ("names", Kind::Names),
];
const MARKS: [(&str, Mark); 6] = [
    ("frail", Mark::Frail),
    ("ill", Mark::Ill),
    ("pupil", Mark::Pupil),
    ("teacher", Mark::Teacher),
    ("foreign-language", Mark::ForeignLanguage),
    ("tenant", Mark::Tenant),
];
const GREEN: [(&str, Mark); 4] = [MARKS[0], MARKS[1], MARKS[2], MARKS[3]];
const EVERYBODY: &str = "everybody";
/// Days from one round to the next, and days that names are kept.
const DAYS: Limits = Limits::new(1.0, 3_650.0);
const METRES: Limits = Limits::new(0.1, 20.0);
/// Those of `[custody]`.
const HOURS: Limits = Limits::new(0.5, 72.0);
/// Those of `round.pool`.
const POOL: Limits = Limits::new(1.0, 20.0);

pub(super) fn read_clause(mut section: Section<'_>) -> Option<Clause> {
    let place = section.place.clone();
    let id = section.need("id").and_then(|field| field.name());
    let text = section.need("text").and_then(|field| field.text());
    let kind = match section.get("kind") {
        Some(field) => field.choice(&KINDS),
        // Clauses were written before there were kinds: their times are hours.
        None if section.has("from") || section.has("until") => Some(Kind::Hours),
        None => None,
    };
    let unreadable = kind.is_none() && section.has("kind");
    let demands = kind.and_then(|kind| demands(kind, &mut section)).unwrap_or_default();
    if !unreadable {
        section.finish();
    }
    Some(Clause { id: id?.to_owned(), text: text?.to_owned(), demands, place })
}

fn demands(kind: Kind, section: &mut Section<'_>) -> Option<Vec<Demand>> {
    let one = match kind {
        Kind::Dates => {
            let from = section.need("from").and_then(|field| field.date());
            let until_field = section.need("until");
            let until = until_field.as_ref().and_then(Field::date);
            let (from, until) = (from?, until?);
            if until < from {
                until_field?.error("until_before_from", &[("from", &from)]);
                return None;
            }
            Demand::Dates { from, until }
        }
        Kind::Hours => Demand::HoursWithin(hours(section)?),
        Kind::Open => Demand::HoursOpen(hours(section)?),
        Kind::Who => Demand::Who(people(&section.need("who")?)?),
        Kind::Frequency => Demand::Frequency { every_days: section.need("every_days")?.number(DAYS)? },
        Kind::Spacing => Demand::Spacing { at_least_m: section.need("at_least_m")?.number(METRES)? },
        Kind::Pool => Demand::Pool(pools(section)?),
        Kind::GreenChannel => Demand::GreenChannel(match section.get("for") {
            Some(field) => marks(&field, &GREEN)?,
            None => Mark::GREEN.to_vec(),
        }),
        Kind::Lab => Demand::ToLab { within_h: section.need("within_h")?.number(HOURS)? },
        Kind::Result => Demand::ToResult { within_h: section.need("within_h")?.number(HOURS)? },
        Kind::Names => return names(section),
    };
    Some(vec![one])
}

fn hours(section: &mut Section<'_>) -> Option<Hours> {
    let [from, until] = ["from", "until"].map(|key| section.get(key));
    if from.is_none() && until.is_none() {
        section.missing("from");
        return None;
    }
    let when = |field: &Field<'_>| {
        Some(match field.clock()? {
            Clock::Time(time) => When::Time(time),
            Clock::Moment(moment) => When::Moment(moment),
        })
    };
    let (from, until) = (from.as_ref().map(when), until.as_ref().map(when));
    Some(Hours { from: from.transpose_option()?, until: until.transpose_option()? })
}

/// An `Option` of what may have been noted as wrong: `None` only if it was.
trait TransposeOption<T> {
    fn transpose_option(self) -> Option<Option<T>>;
}

impl<T> TransposeOption<T> for Option<Option<T>> {
    fn transpose_option(self) -> Option<Option<T>> {
        match self {
            Some(Some(read)) => Some(Some(read)),
            Some(None) => None,
            None => Some(None),
        }
    }
}

fn people(field: &Field<'_>) -> Option<People> {
    if field.is_text() {
        return field.choice(&[(EVERYBODY, ())]).map(|()| People::Everybody);
    }
    marks(field, &MARKS).map(People::Marked)
}

fn marks(field: &Field<'_>, known: &[(&'static str, Mark)]) -> Option<Vec<Mark>> {
    let all = field.list(known.len())?;
    if all.is_empty() {
        field.error("empty_text", &[]);
        return None;
    }
    let found: Vec<Option<Mark>> = all.iter().map(|one| one.choice(known)).collect();
    found.into_iter().collect()
}

/// `at_most` for every zone, `by_zone` for those that are named.
fn pools(section: &mut Section<'_>) -> Option<BTreeMap<String, u8>> {
    let any = section.get("at_most");
    let zones = section.get("by_zone");
    if any.is_none() && zones.is_none() {
        section.missing("at_most");
        return None;
    }
    let mut pools = BTreeMap::new();
    if let Some(field) = any {
        pools.insert(String::new(), field.whole(POOL)? as u8);
    }
    if let Some(field) = zones {
        let ValueKind::Table(entries) = &field.value.kind else {
            field.error("not_a_table", &[]);
            return None;
        };
        for entry in entries {
            let below = Field { context: field.context, place: field.place.clone(), value: &entry.value };
            pools.insert(entry.key.clone(), below.whole(POOL)? as u8);
        }
    }
    Some(pools)
}

fn names(section: &mut Section<'_>) -> Option<Vec<Demand>> {
    let [least, most] =
        ["at_least_days", "at_most_days"].map(|key| section.get(key).map(|field| field.whole(DAYS)));
    if least.is_none() && most.is_none() {
        section.missing("at_most_days");
        return None;
    }
    let least = least.flatten().map(|days| Demand::NamesKeptAtLeast { days });
    let most = most.flatten().map(|days| Demand::NamesKeptAtMost { days });
    Some([least, most].into_iter().flatten().collect())
}
