//! A scenario as a page shows it.

pub mod layout;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A scenario, without its households.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct View {
    /// The community's name.
    pub community: String,
    /// IANA name.
    pub timezone: String,
    /// The service file's name.
    pub purpose: String,
    /// `2022-03-28`.
    pub date: String,
    /// `07:00`.
    pub opens: String,
    /// Minutes after opening at which the last service may start; null: when all are served.
    #[schema(required)]
    pub closes_min: Option<f64>,
    /// People in a tube.
    pub pool: u8,
    /// `broadcast`, `waves`, `appointments` …
    pub arrivals: String,
    /// Whether households are called, so that policies can be compared.
    pub called: bool,
    /// Of the roll.
    pub roll: RollView,
    /// The place.
    pub site: SiteView,
    /// The wait, in minutes, that 95 in 100 should not exceed.
    pub wait_p95_min: f64,
    /// Share of the bottleneck's capacity at which households are called; null: chosen by rehearsal.
    #[schema(required)]
    pub load: Option<f64>,
    /// Who knocks.
    pub callers: u32,
    /// Share of households of which anybody comes.
    pub attendance_households: f64,
    /// Share of their people who come.
    pub attendance_persons: f64,
    /// The plan of the site, to scale; drawn by the house where the scenario has none.
    pub layout: layout::Drawing,
}

/// The size of a roll.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RollView {
    /// Entrances.
    pub entrances: u64,
    /// Households.
    pub households: u64,
    /// Residents.
    pub people: u32,
}

/// The place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SiteView {
    /// Identical lanes.
    pub lanes: u16,
    /// Whether the green class has priority.
    pub green_channel: bool,
    /// People who can wait without crowding.
    #[schema(required)]
    pub room: Option<u32>,
    /// Names of the stations at which people begin.
    pub starts: Vec<String>,
    /// The stations in order.
    pub stations: Vec<StationView>,
}

/// A station.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct StationView {
    /// Its name in the files.
    pub name: String,
    /// What people call it.
    pub word: String,
    /// One for all lanes.
    pub shared: bool,
    /// Servers at most, in each lane unless shared; null: nobody ever waits.
    #[schema(required)]
    pub servers: Option<u32>,
    /// Whether the number of servers is the same all day.
    pub steady: bool,
    /// Mean seconds of a service.
    pub mean_s: f64,
    /// Minutes of observation after it.
    pub observe_min: f64,
    /// Where people of any class go from here, each once: names of stations, and `exit`.
    pub next: Vec<String>,
}
