//! Faults as they are typed: `NAME`, `NAME=VALUE`, `NAME=VALUE@TIME`, of a city `NAME=VALUE@TIME/PLACE`, or the name of a hand.

use ::rehearse::{
    TICKS_PER_MINUTE,
    faults::{Card, Fault, HANDS, PlaceKind, Scale, card, cards, hand},
};
use chance::Ticks;
use domain::{City, Notes, Place, Scenario};
use jiff::civil::{DateTime, Time};

/// Below this likeness a name is no slip of the pen.
const LIKENESS_MIN: f64 = 0.3;
/// Later than this after opening no fault begins: three days, longer than any round of the examples.
const FROM_MAX_MIN: f64 = 4_320.0;

/// What was asked for, or all that is wrong with it. A time is a time of day, or minutes after opening.
///
/// # Errors
/// Notes: a name that is not known with the nearest that is, a value with the range of the card, a card that is there
/// twice.
pub fn read_faults(asked: &[String], scenario: &Scenario) -> Result<Vec<Fault>, Notes> {
    read_all(asked, Day { opens: scenario.round.opens, city: None })
}

/// The same for a city, where a card may be at one place: `lab-stops=240@12:00/Lab 4`.
///
/// # Errors
/// As [`read_faults`]; and a place that the city does not have, with the nearest that it has.
pub fn read_city_faults(asked: &[String], city: &City) -> Result<Vec<Fault>, Notes> {
    read_all(asked, Day { opens: city.round.opens, city: Some(city) })
}

/// The day on which faults are played.
#[derive(Clone, Copy)]
struct Day<'a> {
    opens: DateTime,
    city: Option<&'a City>,
}

impl<'a> Day<'a> {
    /// The places of the city that a card may be at.
    fn places(self, card: &Card) -> Vec<&'a str> {
        let Some(city) = self.city else { return Vec::new() };
        match card.place {
            Some(PlaceKind::Lab) => {
                let labs = city.testing.iter().flat_map(|testing| &testing.labs);
                labs.map(|lab| lab.name.as_str()).collect()
            }
            Some(PlaceKind::District) => {
                city.districts.iter().map(|district| district.name.as_str()).collect()
            }
            None => Vec::new(),
        }
    }

    /// The place of a card where none is named.
    fn usual_place(self, card: &Card) -> Option<u32> {
        let testing = self.city?.testing.as_ref()?;
        (card.place == Some(PlaceKind::Lab)).then(|| testing.largest_lab())
    }
}

fn read_all(asked: &[String], day: Day<'_>) -> Result<Vec<Fault>, Notes> {
    let mut notes = Notes::default();
    let mut faults: Vec<Fault> = Vec::new();
    for text in asked {
        for fault in read(text.trim(), day, &mut notes) {
            // One lab and another may stop; all districts and one of them are the same card twice.
            let twice = |other: &&Fault| {
                let apart = other.place.is_some() && fault.place.is_some() && other.place != fault.place;
                other.card == fault.card && !apart
            };
            if faults.iter().any(|other| twice(&other)) {
                notes.error(place(text), "fault_twice", &[("name", &fault.card.name)]);
            } else {
                faults.push(fault);
            }
        }
    }
    if notes.refuses() { Err(notes) } else { Ok(faults) }
}

fn place(text: &str) -> Place {
    Place::file("--fault").column(text)
}

fn read(text: &str, day: Day<'_>, notes: &mut Notes) -> Vec<Fault> {
    let (name, rest) =
        text.split_once(['=', '@', '/']).map_or((text, ""), |(name, _)| (name, &text[name.len()..]));
    if let Some(hand) = hand(name) {
        if !rest.is_empty() {
            notes.error(
                place(text),
                "fault_hand_value",
                &[("name", &name), ("cards", &hand.cards.join(", "))],
            );
        }
        return hand.cards.iter().filter_map(|name| card(name)).map(Fault::usual).collect();
    }
    let Some(card) = card(name) else {
        notes.error(place(text), "fault_unknown", &[("name", &name), ("nearest", &nearest(name))]);
        return Vec::new();
    };
    let mut fault = Fault { place: day.usual_place(card), ..Fault::usual(card) };
    let (rest, at) = rest.split_once('/').map_or((rest, None), |(rest, at)| (rest, Some(at.trim())));
    let (value, from) = rest.split_once('@').map_or((rest, None), |(value, from)| (value, Some(from)));
    if let Some(value) = value.strip_prefix('=') {
        match (&card.scale, value.trim().parse::<f64>()) {
            (None, _) => notes.error(place(text), "fault_no_value", &[("name", &name)]),
            (Some(scale), Ok(value)) if fits(scale, value) => fault.value = value,
            (Some(scale), _) => out_of_range(text, card, scale, notes),
        }
    }
    if let Some(from) = from {
        match (card.from_min, when(from.trim(), day.opens)) {
            (None, _) => notes.error(place(text), "fault_no_time", &[("name", &name)]),
            (Some(_), Some(ticks)) => fault.from = ticks,
            (Some(_), None) => notes.error(place(text), "fault_time", &[("time", &from)]),
        }
    }
    if let Some(at) = at {
        let places = day.places(card);
        match (0..).zip(&places).find(|(_, known)| **known == at) {
            Some((number, _)) => fault.place = Some(number),
            None if places.is_empty() => notes.error(place(text), "fault_no_place", &[("name", &name)]),
            None => {
                let near = most_like(at, places.into_iter()).unwrap_or_default();
                notes.error(place(text), "fault_place", &[("place", &at), ("near", &near)]);
            }
        }
    }
    vec![fault]
}

fn fits(scale: &Scale, value: f64) -> bool {
    (scale.least..=scale.most).contains(&value) && (!scale.whole || value.fract() == 0.0)
}

fn out_of_range(text: &str, card: &Card, scale: &Scale, notes: &mut Notes) {
    let code = if scale.whole { "fault_value_whole" } else { "fault_value" };
    notes.error(
        place(text),
        code,
        &[("name", &card.name), ("least", &scale.least), ("most", &scale.most), ("usual", &scale.usual)],
    );
}

/// A time of day from opening on, or minutes after opening.
fn when(text: &str, opens: DateTime) -> Option<Ticks> {
    let minutes = match text.split_once(':') {
        Some((hour, minute)) => {
            let at = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
            let minute_of = |time: Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
            f64::from((minute_of(at) - minute_of(opens.time())).rem_euclid(24 * 60))
        }
        None => text.parse().ok()?,
    };
    let fits = (0.0..=FROM_MAX_MIN).contains(&minutes);
    fits.then_some((minutes * TICKS_PER_MINUTE as f64) as Ticks)
}

/// The known name that looks most like this one; the first card where none does.
fn nearest(name: &str) -> &'static str {
    let known = cards().iter().map(|card| card.name).chain(HANDS.iter().map(|hand| hand.name));
    most_like(name, known).filter(|best| likeness(name, best) >= LIKENESS_MIN).unwrap_or("list")
}

fn most_like<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.max_by(|left, right| likeness(name, left).total_cmp(&likeness(name, right)))
}

fn likeness(name: &str, known: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(name, known)
}
