//! A layout for a scenario that brings none: lanes side by side, stations from the entrance on the left to the exit on
//! the right, so that nobody walks against others; before each post a line that turns to and fro.

use super::drawing::servers_max;
use super::{HEAD_M, Layout, Point, Post, server_pitch, server_row, servers_in_row, tidy};
use crate::scenario::{Scenario, Servers, Station, Unit};

/// People who wait stand a metre apart unless a scenario says otherwise.
const SPACING_M: f64 = 1.0;
/// Between the fronts of two vehicles: a car of up to 5 m and a gap.
const VEHICLE_M: f64 = 7.0;
/// People who wait in a lane where nothing is said about room.
const PLACES_IN_LANE: f64 = 25.0;
/// The shortest line before a post, in people.
const PLACES_MIN: f64 = 5.0;
/// The longest line that is drawn unasked.
const PLACES_MAX: f64 = 2_000.0;
/// People in a row of a line that turns, before it turns.
const ROW_MAX: u32 = 12;
/// Free along every side of the site.
const MARGIN_M: f64 = 2.0;
/// From the entrance to the first line, between lanes and behind each post at least: room to walk past.
const AISLE_M: f64 = 2.5;

impl Layout {
    /// The layout of a scenario that brings none: as large as its lanes, servers and room need.
    pub fn drawn(scenario: &Scenario) -> Layout {
        let vehicles = scenario.site.stations.first().is_some_and(|station| station.unit == Unit::Vehicle);
        Layout::drawn_at(scenario, if vehicles { VEHICLE_M } else { SPACING_M })
    }

    /// The same with another spacing, in metres.
    pub fn drawn_at(scenario: &Scenario, spacing_m: f64) -> Layout {
        let site = &scenario.site;
        let lanes = f64::from(site.lanes);
        let mut blocks = blocks(scenario, spacing_m);
        let highest = |shared| {
            let heights = blocks.iter().filter(move |block| block.station.shared == shared);
            heights.map(|block| block.height).fold(0.0, f64::max)
        };
        let aisle = aisle(spacing_m);
        // A lane is never lower than one server and the way past.
        let lane_height: f64 = server_pitch(spacing_m).max(highest(false));
        let all_lanes = lanes * lane_height + (lanes - 1.0) * aisle;
        let height = all_lanes.max(highest(true));
        let lanes_top = MARGIN_M + (height - all_lanes) / 2.0;
        let mut x = MARGIN_M + AISLE_M;
        let mut posts = Vec::new();
        for (station, block) in blocks.iter_mut().enumerate() {
            block.fill(if block.station.shared { height } else { lane_height }, spacing_m);
            let mut stand = |lane, top: f64, height: f64| {
                posts.push(block.post(station, lane, [x, top + (height - block.height) / 2.0], spacing_m));
            };
            if block.station.shared {
                stand(None, MARGIN_M, height);
            } else {
                for lane in 0..site.lanes {
                    let top = lanes_top + f64::from(lane) * (lane_height + aisle);
                    stand(Some(lane), top, lane_height);
                }
            }
            x += block.width(spacing_m) + aisle;
        }
        let [width_m, depth_m] = tidy([x + MARGIN_M, height + 2.0 * MARGIN_M]);
        let middle = depth_m / 2.0;
        Layout {
            width_m,
            depth_m,
            spacing_m,
            entrance_m: tidy([0.0, middle]),
            exit_m: tidy([width_m, middle]),
            posts,
        }
    }
}

/// Free behind each post, and between two lanes.
fn aisle(spacing_m: f64) -> f64 {
    AISLE_M.max(spacing_m)
}

/// What one post of a station takes: a line, servers, and seats behind them.
struct Block<'a> {
    station: &'a Station,
    servers: u32,
    /// People who should fit the line.
    places: u32,
    /// Rows of the line: an odd number, so that its end lies towards the entrance.
    rows: u32,
    seats: u32,
    seat_rows: u32,
    height: f64,
}

impl Block<'_> {
    fn in_row(&self) -> u32 {
        if self.places == 0 { 0 } else { self.places.div_ceil(self.rows) }
    }

    /// Makes use of the height there is: as many rows as make line and seats about square.
    fn fill(&mut self, height: f64, spacing_m: f64) {
        let fit = 1 + ((height - server_pitch(spacing_m)) / spacing_m).max(0.0) as u32;
        let square = self.places.isqrt().min(fit);
        self.rows = self.rows.max(square.saturating_sub(1) | 1);
        self.seat_rows = self.seat_rows.max(self.seats.isqrt().min((height / spacing_m) as u32));
        self.height = self.needed(spacing_m);
    }

    fn needed(&self, spacing_m: f64) -> f64 {
        let pitch = server_pitch(spacing_m);
        let servers = f64::from(self.servers.min(servers_in_row(self.servers))) * pitch;
        let line = pitch + f64::from(self.rows - 1) * spacing_m;
        servers.max(line).max(f64::from(self.seat_rows) * spacing_m)
    }

    fn line_m(&self, spacing_m: f64) -> f64 {
        f64::from(self.in_row().saturating_sub(1)) * spacing_m
    }

    /// From the block's left edge to its first server.
    fn to_server_m(&self, spacing_m: f64) -> f64 {
        if self.places == 0 { 0.0 } else { self.line_m(spacing_m) + HEAD_M.max(spacing_m) }
    }

    fn to_seats_m(&self, spacing_m: f64) -> f64 {
        if self.servers == 0 {
            return 0.0;
        }
        let rows = self.servers.div_ceil(servers_in_row(self.servers));
        self.to_server_m(spacing_m) + f64::from(rows - 1) * server_row(spacing_m) + aisle(spacing_m)
    }

    fn seats_m(&self, spacing_m: f64) -> f64 {
        if self.seats == 0 { 0.0 } else { f64::from(self.seats.div_ceil(self.seat_rows)) * spacing_m }
    }

    fn width(&self, spacing_m: f64) -> f64 {
        let servers = if self.servers == 0 { 0.0 } else { self.to_seats_m(spacing_m) - aisle(spacing_m) };
        let seats = if self.seats == 0 { 0.0 } else { self.to_seats_m(spacing_m) + self.seats_m(spacing_m) };
        servers.max(seats)
    }

    /// The post, with the block's upper left corner here.
    fn post(&self, station: usize, lane: Option<u16>, corner: Point, spacing_m: f64) -> Post {
        let [x, top] = corner;
        let first = top + server_pitch(spacing_m) / 2.0;
        let head = x + self.line_m(spacing_m);
        let mut queue_m: Vec<Point> = Vec::new();
        if self.places > 0 {
            for row in 0..self.rows {
                let y = first + f64::from(row) * spacing_m;
                let ends = if row % 2 == 0 { [head, x] } else { [x, head] };
                queue_m.extend(ends.map(|x| tidy([x, y])));
            }
            queue_m.dedup();
        }
        let area_m = (self.seats > 0).then(|| {
            let left = x + self.to_seats_m(spacing_m);
            let high = f64::from(self.seat_rows) * spacing_m;
            let top = top + (self.height - high) / 2.0;
            [tidy([left, top]), tidy([left + self.seats_m(spacing_m), top + high])]
        });
        let at_m = match area_m {
            Some([corner, opposite]) if self.servers == 0 => [corner[0], (corner[1] + opposite[1]) / 2.0],
            _ => [x + self.to_server_m(spacing_m), first],
        };
        Post { station, lane, at_m: tidy(at_m), queue_m, area_m }
    }
}

/// A block for each station, as high as it must be.
fn blocks(scenario: &Scenario, spacing_m: f64) -> Vec<Block<'_>> {
    let site = &scenario.site;
    let lanes = f64::from(site.lanes);
    let mean_s = |station: &Station| station.service.mean_s().max(0.0);
    // Seconds between two people of one lane who leave a post that is never idle: the longer, the longer its line.
    let beat = |station: &Station| match servers_max(station) {
        0 => 0.0,
        servers if station.shared => mean_s(station) * lanes / f64::from(servers),
        servers => mean_s(station) / f64::from(servers),
    };
    let beats: f64 = site.stations.iter().map(beat).sum();
    let slowest = site.stations.iter().map(beat).fold(0.0, f64::max);
    let counted = site.stations.iter().filter(|station| station.servers != Servers::Unlimited).count();
    let room = site.room.map_or(PLACES_IN_LANE, |room| f64::from(room) / lanes);
    let block = |station| {
        let servers = servers_max(station);
        let posts = if station.shared { lanes } else { 1.0 };
        let share = if beats > 0.0 { beat(station) / beats } else { 1.0 / counted.max(1) as f64 };
        let wanted = station.room.map_or((room * share * posts).max(PLACES_MIN), f64::from);
        let places = if servers == 0 { 0 } else { wanted.min(PLACES_MAX).ceil() as u32 };
        let longest = ROW_MAX.max(places.isqrt());
        let rows = places.div_ceil(longest).max(1) | 1;
        // Little's law: those who sit are those who come in the time that one of them stays.
        let sits_s = if servers == 0 { mean_s(station) } else { 0.0 } + station.observe_min * 60.0;
        let per_s = if slowest > 0.0 { posts / slowest } else { 0.0 };
        let seats = if servers == 0 { (sits_s * per_s).max(1.0) } else { sits_s * per_s };
        let seats = seats.min(PLACES_MAX).ceil() as u32;
        let seat_rows = if seats == 0 { 0 } else { seats.div_ceil(longest.max(seats.isqrt() * 2)) };
        let mut block = Block { station, servers, places, rows, seats, seat_rows, height: 0.0 };
        block.height = block.needed(spacing_m);
        block
    };
    site.stations.iter().map(block).collect()
}
