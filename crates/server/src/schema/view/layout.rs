//! The plan of the site, with every place in it. Metres from its upper left corner.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Metres to the right and down.
type Point = [f64; 2];

/// The plan of a site.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Drawing {
    /// From left to right.
    pub width_m: f64,
    /// From top to bottom.
    pub depth_m: f64,
    /// Between two who wait.
    pub spacing_m: f64,
    /// Where people come in.
    #[schema(value_type = Vec<f64>)]
    pub entrance_m: Point,
    /// Where they leave.
    #[schema(value_type = Vec<f64>)]
    pub exit_m: Point,
    /// People, or vehicles, who fit all drawn queues.
    pub queue_room: u32,
    /// Every post.
    pub posts: Vec<DrawnPost>,
}

/// One station of one lane, or a shared one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DrawnPost {
    /// The station's name.
    pub station: String,
    /// The lane, from 1; 0 for a shared station.
    pub lane: u16,
    /// Where its first server stands.
    #[schema(value_type = Vec<f64>)]
    pub at_m: Point,
    /// Where its servers stand.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub servers_m: Vec<Point>,
    /// The line of its queue, from the head backwards.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub queue_m: Vec<Point>,
    /// The places along the queue, from the head.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub places_m: Vec<Point>,
    /// Where those stand who find the line full.
    pub spill: Spill,
    /// Where people sit or are watched: upper left and lower right corner.
    #[schema(required, value_type = Option<Vec<Vec<f64>>>)]
    pub area_m: Option<[Point; 2]>,
    /// The seats of the area, row by row.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub seats_m: Vec<Point>,
}

/// A crowd in rows: the i-th person stands at `from_m + (i mod in_row)·step_m + (i div in_row)·row_m`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Spill {
    /// The first of them.
    #[schema(value_type = Vec<f64>)]
    pub from_m: Point,
    /// From one to the next of a row.
    #[schema(value_type = Vec<f64>)]
    pub step_m: Point,
    /// From one row to the next.
    #[schema(value_type = Vec<f64>)]
    pub row_m: Point,
    /// People in a row.
    pub in_row: u32,
}
