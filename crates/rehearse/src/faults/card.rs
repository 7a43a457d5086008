//! The cards as data.

/// One thing that may go wrong. Its words stand in the catalogue under `fault.NAME`: what happened, what to look at, who
/// must decide.
#[derive(Debug, PartialEq)]
pub struct Card {
    /// Its name on the command line and in JSON.
    pub name: &'static str,
    /// How much of it there can be; `None` where it is or is not.
    pub scale: Option<Scale>,
    /// From when it usually is, in minutes after opening; `None` where it lasts all day.
    pub from_min: Option<i64>,
    /// Where in a city it may be; `None` where it is at every site.
    pub place: Option<PlaceKind>,
}

/// What of a city a card may be at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// One lab; the largest where none is named.
    Lab,
    /// The sites of one district; all where none is named.
    District,
}

/// How much of a fault there can be.
#[derive(Debug, PartialEq)]
pub struct Scale {
    /// What is counted.
    pub unit: Unit,
    /// What is played where nothing is said.
    pub usual: f64,
    /// The smallest value.
    pub least: f64,
    /// The greatest.
    pub most: f64,
    /// Whether only whole numbers make sense.
    pub whole: bool,
    /// Which end is worse.
    pub worse: Worse,
}

/// What a card's value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// People.
    People,
    /// So many times as long.
    Times,
    /// Minutes.
    Minutes,
    /// Minutes for each scan.
    MinutesEach,
    /// Waves.
    Waves,
    /// Buildings.
    Buildings,
    /// Lanes.
    Lanes,
    /// Per cent.
    Percent,
    /// Minutes of each hour.
    MinutesAnHour,
}

impl Unit {
    /// The word for it in JSON and in the catalogue, under `fault.unit.`.
    pub fn name(self) -> &'static str {
        match self {
            Unit::People => "people",
            Unit::Times => "times",
            Unit::Minutes => "minutes",
            Unit::MinutesEach => "minutes_each",
            Unit::Waves => "waves",
            Unit::Buildings => "buildings",
            Unit::Lanes => "lanes",
            Unit::Percent => "percent",
            Unit::MinutesAnHour => "minutes_an_hour",
        }
    }
}

/// Which end of a scale is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worse {
    /// The greater value.
    Up,
    /// The smaller.
    Down,
}

/// Cards that are played together under one name.
#[derive(Debug, PartialEq)]
pub struct Hand {
    /// Its name on the command line.
    pub name: &'static str,
    /// The names of its cards, each as it is usually played.
    pub cards: &'static [&'static str],
}

const fn up(unit: Unit, usual: f64, least: f64, most: f64) -> Option<Scale> {
    let whole = !matches!(unit, Unit::Times | Unit::MinutesEach);
    Some(Scale { unit, usual, least, most, whole, worse: Worse::Up })
}

const fn all_day(name: &'static str, scale: Option<Scale>) -> Card {
    Card { name, scale, from_min: None, place: None }
}

const fn from(minutes: i64, name: &'static str, scale: Option<Scale>) -> Card {
    Card { name, scale, from_min: Some(minutes), place: None }
}

const fn at(place: PlaceKind, card: Card) -> Card {
    Card { place: Some(place), ..card }
}

/// Longer than any outage that a site would sit out, in minutes.
const OUTAGE_MAX: f64 = 480.0;

/// In the order in which they are met: what changes who comes, then who serves and how, then where people wait, then what
/// becomes of tubes.
static CARDS: [Card; 16] = [
    all_day("early-crowd", up(Unit::Minutes, 60.0, 1.0, 240.0)),
    all_day("wave-twice", up(Unit::Waves, 1.0, 1.0, 50.0)),
    all_day("building-not-called", up(Unit::Buildings, 1.0, 1.0, 1000.0)),
    all_day("registrars-absent", up(Unit::People, 1.0, 1.0, 1000.0)),
    all_day("slow-clerk", up(Unit::Times, 2.0, 1.0, 20.0)),
    // Chengdu, 2 September 2022: four to five minutes a scan.
    all_day("system-slow", up(Unit::MinutesEach, 4.5, 0.1, 30.0)),
    from(60, "system-down", up(Unit::Minutes, 45.0, 1.0, OUTAGE_MAX)),
    from(60, "system-down-offline", up(Unit::Minutes, 45.0, 1.0, OUTAGE_MAX)),
    from(90, "tubes-out", up(Unit::Minutes, 30.0, 1.0, OUTAGE_MAX)),
    from(120, "team-withdrawn", up(Unit::Lanes, 1.0, 1.0, 1000.0)),
    // A third: the pace that teams lost who were given nothing to drink is not on record.
    from(180, "no-water", up(Unit::Percent, 33.0, 1.0, 95.0)),
    all_day("heat", up(Unit::MinutesAnHour, 15.0, 1.0, 55.0)),
    all_day("no-order-keepers", None),
    all_day(
        "rain",
        Some(Scale {
            unit: Unit::People,
            usual: 30.0,
            least: 0.0,
            most: 100_000.0,
            whole: true,
            worse: Worse::Down,
        }),
    ),
    at(PlaceKind::District, from(240, "courier-late", up(Unit::Minutes, 60.0, 1.0, OUTAGE_MAX))),
    // A day: for the rest of it.
    at(PlaceKind::Lab, from(360, "lab-stops", up(Unit::Minutes, 120.0, 1.0, 1440.0))),
];

/// Evenings that were lived, under one name each.
pub static HANDS: [Hand; 4] = [
    Hand { name: "chengdu-evening", cards: &["system-slow"] },
    Hand { name: "crowd-at-the-table", cards: &["registrars-absent", "no-order-keepers"] },
    Hand { name: "team-falls-ill", cards: &["team-withdrawn"] },
    Hand { name: "day-without-water", cards: &["no-water", "heat"] },
];

/// All cards, in the order in which they are met.
pub fn cards() -> &'static [Card] {
    &CARDS
}

/// The card of this name.
pub fn card(name: &str) -> Option<&'static Card> {
    CARDS.iter().find(|card| card.name == name)
}

/// The hand of this name.
pub fn hand(name: &str) -> Option<&'static Hand> {
    HANDS.iter().find(|hand| hand.name == name)
}
