//! `[community]` and `[round]`: whom it is for, when, and what for.

use crate::clock::{Clock, ROUND_DAYS_MAX, TICKS_PER_DAY, ticks_after};
use crate::made_roll::MadeRoll;
use crate::reader::{Field, Limits, Section};
use chance::Ticks;
use domain::Place;
use domain::scenario::Community;
use jiff::civil::DateTime;

/// Households of a community: more than the largest housing estate; beyond that it is several communities.
const HOUSEHOLDS_MAX: f64 = 1_000_000.0;
/// Entrances of a community, for the same reason.
const ENTRANCES_MAX: f64 = 100_000.0;
/// Mean people in a household: dormitories are entered as a roll.
const MEAN_SIZE_MAX: f64 = 15.0;
/// People in a tube. Ten and twenty are what health authorities have allowed; dilution forbids more.
const POOL_MAX: f64 = 20.0;
/// Years in which dates are taken for meant.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// `[community]`, with the roll that it asks to be made, and where it asks.
pub(crate) fn read_community(mut section: Section<'_>) -> (Community, Option<(MadeRoll, Place)>) {
    let name = section.need("name").and_then(|field| field.name()).unwrap_or_default().to_owned();
    let timezone = match section.get("timezone") {
        Some(field) => timezone(&field).unwrap_or("UTC").to_owned(),
        None => {
            section.context.hint(&section.place_of("timezone"), "no_timezone", &[]);
            "UTC".to_owned()
        }
    };
    let households = section.whole("households", Limits::new(1.0, HOUSEHOLDS_MAX));
    let mean_size = section.number("mean_size", Limits::new(1.0, MEAN_SIZE_MAX));
    let entrances = section.whole("entrances", Limits::new(1.0, ENTRANCES_MAX));
    if !section.has("households") && (section.has("mean_size") || section.has("entrances")) {
        section.missing("households");
    }
    if let (Some(households), Some(entrances)) = (households, entrances)
        && entrances > households
    {
        let args: [(&'static str, &dyn std::fmt::Display); 2] =
            [("entrances", &entrances), ("households", &households)];
        section.context.error(&section.place_of("entrances"), "more_entrances_than_households", &args);
    }
    let place = section.place_of("households");
    section.finish();
    let made = households.map(|households| (MadeRoll::new(households, mean_size, entrances), place));
    (Community { name, timezone }, made)
}

/// The shape of an IANA name. Whether such a zone exists is for the programs that know the table of zones.
fn timezone<'a>(field: &Field<'a>) -> Option<&'a str> {
    let name = field.name()?;
    let sound = is_timezone(name);
    if !sound {
        field.error("timezone_name", &[]);
    }
    sound.then_some(name)
}

/// Whether a text has the shape of an IANA name.
pub(crate) fn is_timezone(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// `[round]` before its service file is known.
pub(crate) struct RoundDraft<'a> {
    pub purpose: Option<Field<'a>>,
    pub opens: Option<DateTime>,
    pub closes: Option<Ticks>,
    /// Whether `closes` is there, even if it could not be read.
    pub closes_given: bool,
    pub pool: Option<Field<'a>>,
    pub pool_size: u8,
}

/// `[round]`.
pub(crate) fn read_round<'a>(mut section: Section<'a>) -> RoundDraft<'a> {
    let purpose = section.need("purpose").filter(|field| field.name().is_some());
    let date_field = section.get("date");
    let date = date_field.as_ref().and_then(Field::date);
    let opens_field = section.need("opens");
    let clock = opens_field.as_ref().and_then(Field::clock);
    let opens = match (clock, date) {
        (Some(Clock::Moment(moment)), Some(date)) if moment.date() != date => {
            let shown = date.to_string();
            opens_field.as_ref().expect("it was read").error("opens_on_another_date", &[("date", &shown)]);
            None
        }
        (Some(Clock::Moment(moment)), _) => Some(moment),
        (Some(Clock::Time(time)), Some(date)) => Some(date.to_datetime(time)),
        (Some(Clock::Time(_)), None) => {
            if date_field.is_none() {
                section.missing("date");
            }
            None
        }
        (None, _) => None,
    };
    let opens = opens.filter(|opens| {
        let sound = YEARS.contains(&opens.year());
        if !sound {
            let field = date_field.as_ref().or(opens_field.as_ref()).expect("a date was read");
            field.error("year_out_of_range", &[("min", YEARS.start()), ("max", YEARS.end())]);
        }
        sound
    });
    let closes_given = section.has("closes");
    let closes = section.get("closes").and_then(|field| read_closes(&field, opens));
    let pool = section.get("pool");
    let pool_size = pool.as_ref().and_then(|field| field.whole(Limits::new(1.0, POOL_MAX))).unwrap_or(1);
    section.finish();
    let pool_size = u8::try_from(pool_size).expect("the limit is below");
    RoundDraft { purpose, opens, closes, closes_given, pool, pool_size }
}

fn read_closes(field: &Field<'_>, opens: Option<DateTime>) -> Option<Ticks> {
    let clock = field.clock()?;
    let opens = opens?;
    let closes = ticks_after(opens, clock.on(opens.date()));
    if closes <= 0 {
        field.error("closes_before_opening", &[]);
        return None;
    }
    if closes > ROUND_DAYS_MAX * TICKS_PER_DAY {
        field.error("too_late", &[("days", &ROUND_DAYS_MAX)]);
        return None;
    }
    Some(closes)
}
