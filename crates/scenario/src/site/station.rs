//! `[[site.station]]`: one counter.

use super::ROOM_MAX;
use super::route::{WayDraft, read_ways};
use super::servers::read_servers;
use crate::law::{Sign, law_of};
use crate::reader::{Field, Limits, Section};
use chance::Law;
use domain::Place;
use domain::scenario::{Changeover, Order, Servers, Station, Unit};
use jiff::civil::DateTime;

/// A site with more different counters than this is several sites.
const STATIONS_MAX: usize = 64;
/// People between two pauses: a server who serves this many has no pause.
const EVERY_MAX: f64 = 1_000_000.0;
/// A pause, a walk, or the time one more member of a household takes: a day is longer than any.
const SECONDS_MAX: f64 = 86_400.0;
/// People who stand before one counter when the site opens: more than any street holds.
const START_MAX: f64 = 10_000.0;
/// Minutes of observation: a day.
pub(crate) const OBSERVE_MIN_MAX: f64 = 1_440.0;

/// A station whose routes still name their ends.
pub(crate) struct StationDraft<'a> {
    pub station: Station,
    /// Where it stands in the file.
    pub place: Place,
    /// Its `next`, if it has one.
    pub ways: Vec<WayDraft<'a>>,
}

/// Reads the list of stations; one without a name is left out once it is noted.
pub(crate) fn read_stations<'a>(field: &Field<'a>, opens: Option<DateTime>) -> Vec<StationDraft<'a>> {
    let tables = field.tables(STATIONS_MAX);
    if tables.is_empty() && field.is_list() {
        field.error("no_stations", &[]);
    }
    tables.into_iter().map(|table| read_station(table, opens)).collect()
}

fn read_station<'a>(mut section: Section<'a>, opens: Option<DateTime>) -> StationDraft<'a> {
    let name = section.need("name").and_then(|field| field.name()).unwrap_or_default().to_owned();
    let shared = section.flag("shared");
    let servers = section.need("servers").and_then(|field| read_servers(&field, opens));
    let service = section.need("service").and_then(|field| law_of(&field, Sign::NotNegative));
    let changeover = section.table("changeover").and_then(read_changeover);
    let ways = section.get("next").map(|field| read_ways(&field)).unwrap_or_default();
    let units = [("person", Unit::Person), ("household", Unit::Household), ("vehicle", Unit::Vehicle)];
    let unit = section.get("unit").and_then(|field| field.choice(&units)).unwrap_or(Unit::Person);
    let plus_each_s = section.number("plus_each_s", Limits::new(0.0, SECONDS_MAX)).unwrap_or(0.0);
    let room = section.whole("room", Limits::new(1.0, ROOM_MAX));
    let walk = section.get("walk_s").and_then(|field| read_walk(&field));
    let orders = [("fifo", Order::Fifo), ("scrum", Order::Scrum)];
    let order = section.get("order").and_then(|field| field.choice(&orders)).unwrap_or(Order::Fifo);
    let observe_min = section.number("observe_min", Limits::new(0.0, OBSERVE_MIN_MAX)).unwrap_or(0.0);
    let gives_here = section.flag("gives_here");
    let start = section.get("waiting_at_start");
    let waiting = start.as_ref().and_then(|field| field.whole(Limits::new(0.0, START_MAX))).unwrap_or(0);
    if let (Some(field), Some(room)) = (&start, room.filter(|&room| waiting > room)) {
        field.error("start_over_room", &[("station", &name), ("room", &room)]);
    }

    if unit == Unit::Person && plus_each_s > 0.0 {
        section.context.warning(&section.place_of("plus_each_s"), "plus_each_alone", &[]);
    }
    if changeover.is_some() && matches!(servers, Some(Servers::Unlimited)) {
        section.context.warning(&section.place_of("changeover"), "changeover_unlimited", &[]);
    }
    let place = section.place.clone();
    section.finish();
    let station = Station {
        name,
        shared,
        servers: servers.unwrap_or(Servers::Unlimited),
        service: service.unwrap_or(Law::constant(0.0)),
        changeover,
        next: Vec::new(),
        unit,
        plus_each_s,
        room,
        walk,
        order,
        observe_min,
        gives_here,
        waiting_at_start: waiting,
    };
    StationDraft { station, place, ways }
}

fn read_changeover(mut section: Section<'_>) -> Option<Changeover> {
    let every = section.need("every").and_then(|field| field.whole(Limits::new(1.0, EVERY_MAX)));
    let away_s = section.need("away_s").and_then(|field| field.number(Limits::new(0.0, SECONDS_MAX)));
    section.finish();
    Some(Changeover { every: every?, away_s: away_s? })
}

fn read_walk(field: &Field<'_>) -> Option<Law> {
    if field.is_table() {
        return law_of(field, Sign::NotNegative);
    }
    field.number(Limits::new(0.0, SECONDS_MAX)).map(Law::constant)
}
