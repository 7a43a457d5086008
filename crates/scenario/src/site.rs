//! `[site]`: lanes and stations.

mod route;
mod servers;
mod station;

pub(crate) use station::{OBSERVE_MIN_MAX, StationDraft, read_stations};

use crate::reader::{Limits, Section};
use domain::scenario::{LaneChoice, Site};
use jiff::civil::DateTime;

/// More parallel lanes than the largest stadium has gates.
const LANES_MAX: f64 = 1_000.0;
/// People in a queue whose length anybody can still judge.
pub(crate) const ROOM_MAX: f64 = 1_000_000.0;

/// The site with its stations still in the form that cross checks need: with their places, and routes by name.
pub(crate) struct SiteDraft<'a> {
    pub site: Site,
    pub stations: Vec<StationDraft<'a>>,
}

/// Reads `[site]`. Calendars need the opening; where that is unreadable, they come out empty.
pub(crate) fn read_site<'a>(mut section: Section<'a>, opens: Option<DateTime>) -> SiteDraft<'a> {
    let lanes = section.whole("lanes", Limits::new(1.0, LANES_MAX)).unwrap_or(1);
    let choices = [("assigned", LaneChoice::Assigned), ("shortest", LaneChoice::Shortest)];
    let lane_choice = section.get("lane_choice").and_then(|field| field.choice(&choices));
    let green_channel = section.flag("green_channel");
    let room = section.whole("room", Limits::new(0.0, ROOM_MAX));
    let stations = match section.get("station") {
        Some(field) => read_stations(&field, opens),
        None => {
            section.context.error(&section.place_of("station"), "no_stations", &[]);
            Vec::new()
        }
    };
    section.finish();
    SiteDraft {
        site: Site {
            lanes: u16::try_from(lanes).expect("the limit is below"),
            lane_choice: lane_choice.unwrap_or(LaneChoice::Assigned),
            green_channel,
            room,
            stations: Vec::new(),
        },
        stations,
    }
}
