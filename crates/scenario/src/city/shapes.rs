//! `[[shape]]`: what sites look like.

use crate::{
    checks,
    clock::{ROUND_DAYS_MAX, TICKS_PER_DAY, ticks_after},
    reader::{Field, Limits, Section},
    site::{ROOM_MAX, SiteDraft, read_stations},
};
use chance::Ticks;
use domain::{
    Place,
    city::Shape,
    scenario::{LaneChoice, Site},
};
use jiff::{SignedDuration, civil::DateTime};

/// Shapes of one city; what a table says of single sites comes on top.
const SHAPES_MAX: usize = 200;
/// Lanes of one site.
const LANES_MAX: f64 = 1_000.0;

/// A shape with what is only said of it in the file.
#[derive(Clone)]
pub(super) struct ShapeDraft {
    pub shape: Shape,
    /// Share of the sites that are made which have this shape.
    pub share: f64,
    pub place: Place,
    pub stations_at: Vec<Place>,
}

/// The opening of a round, and its closing in ticks after it.
pub(super) type Hours = (Option<DateTime>, Option<Ticks>);

/// Reads the list of shapes.
pub(super) fn read_shapes(field: &Field<'_>, hours: Hours) -> Vec<ShapeDraft> {
    let mut shapes: Vec<ShapeDraft> = Vec::new();
    for table in field.tables(SHAPES_MAX) {
        let draft = read_shape(table, hours);
        if shapes.iter().any(|other| other.shape.name == draft.shape.name) && !draft.shape.name.is_empty() {
            field.context.error(&draft.place, "city_shape_twice", &[("name", &draft.shape.name)]);
        }
        shapes.push(draft);
    }
    shapes
}

fn read_shape(mut section: Section<'_>, (opening, closing): Hours) -> ShapeDraft {
    let name = section.need("name").and_then(|field| field.name()).unwrap_or_default().to_owned();
    let share = section.number("share", Limits::SHARE).unwrap_or(0.0);
    let lanes = section.whole("lanes", Limits::new(1.0, LANES_MAX)).unwrap_or(1);
    let choices = [("assigned", LaneChoice::Assigned), ("shortest", LaneChoice::Shortest)];
    let lane_choice = section.get("lane_choice").and_then(|field| field.choice(&choices));
    let green_channel = section.flag("green_channel");
    let room = section.whole("room", Limits::new(0.0, ROOM_MAX));
    let opens = section.get("opens").map_or(Some(0), |field| moment(&field, opening));
    let closes = match section.get("closes") {
        Some(field) => moment(&field, opening).filter(|&closes| {
            let sound = opens.is_none_or(|opens| closes > opens);
            if !sound {
                field.error("closes_before_opening", &[]);
            }
            sound
        }),
        None => closing,
    };
    let own_opening = opening.zip(opens).map(|(opening, opens)| {
        opening.saturating_add(SignedDuration::from_micros(opens.saturating_mul(100)))
    });
    let stations = match section.get("station") {
        Some(field) => read_stations(&field, own_opening),
        None => {
            section.context.error(&section.place_of("station"), "no_stations", &[]);
            Vec::new()
        }
    };
    let (place, context) = (section.place.clone(), section.context);
    section.finish();
    let site = Site {
        lanes: u16::try_from(lanes).expect("the limit is below"),
        lane_choice: lane_choice.unwrap_or(LaneChoice::Assigned),
        green_channel,
        room,
        stations: Vec::new(),
    };
    for draft in stations.iter().filter(|draft| draft.station.waiting_at_start > 0) {
        context.error(&draft.place, "city_waiting_at_start", &[]);
    }
    let resolved = checks::resolve(context, SiteDraft { site, stations }, Vec::new());
    let shape = Shape { name, site: resolved.site, opens: opens.unwrap_or(0), closes };
    ShapeDraft { shape, share, place, stations_at: resolved.stations_at }
}

fn moment(field: &Field<'_>, opening: Option<DateTime>) -> Option<Ticks> {
    let (clock, opening) = (field.clock()?, opening?);
    let at = ticks_after(opening, clock.on(opening.date()));
    if at < 0 {
        field.error("city_before_opening", &[]);
        return None;
    }
    if at > ROUND_DAYS_MAX * TICKS_PER_DAY {
        field.error("too_late", &[("days", &ROUND_DAYS_MAX)]);
        return None;
    }
    Some(at)
}
