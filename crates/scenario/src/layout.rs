//! `[layout]`: the plan of the site, to scale.

mod write;

pub use write::write_layout;

use crate::reader::{Field, Limits, Section};
use crate::visitors::index_of;
use domain::Place;
use domain::layout::{Given, GivenPost, Layout, Point, distance};
use domain::scenario::{Scenario, Servers};
use std::collections::BTreeMap;

/// A site larger than this, in metres, is a town.
const METRES: Limits = Limits::new(0.0, 10_000.0);
const SIZE: Limits = Limits::new(1.0, METRES.max);
/// From shoulder to shoulder to a lorry with its trailer and a gap, in metres.
const SPACING: Limits = Limits::new(0.3, 30.0);
/// More posts than the lanes of the largest site have.
const POSTS_MAX: usize = 10_000;
/// Corners of one queue.
const CORNERS_MAX: usize = 200;
/// Two posts nearer than this, in metres, stand on top of each other.
const APART_MIN_M: f64 = 1.0;
/// Posts that are named in one note.
const NAMED_MAX: usize = 6;

/// `[layout]` before its stations and lanes are held against the site.
pub(crate) struct LayoutDraft<'a> {
    given: Given,
    /// Points that must lie inside the site, where they stand in the file.
    corners: Vec<(Point, Place)>,
    posts: Vec<PostDraft<'a>>,
    place: Place,
}

struct PostDraft<'a> {
    station: Option<Field<'a>>,
    lane: Option<u32>,
    at_m: Option<Point>,
    queue_m: Vec<Point>,
    area_m: Option<[Point; 2]>,
    place: Place,
    lane_at: Place,
    at_at: Place,
    queue_at: Place,
    area_at: Place,
}

/// Reads `[layout]`.
pub(crate) fn read_layout(mut section: Section<'_>) -> LayoutDraft<'_> {
    let mut given = Given {
        width_m: section.number("width_m", SIZE),
        depth_m: section.number("depth_m", SIZE),
        spacing_m: section.number("spacing_m", SPACING),
        ..Given::default()
    };
    let mut corners = Vec::new();
    let mut end = |key| {
        let field = section.get(key)?;
        let point = point(&field)?;
        corners.push((point, field.place));
        Some(point)
    };
    given.entrance_m = end("entrance_m");
    given.exit_m = end("exit_m");
    let posts = section.get("post").map(|field| field.tables(POSTS_MAX)).unwrap_or_default();
    let posts = posts.into_iter().map(read_post).collect();
    let place = section.place.clone();
    section.finish();
    LayoutDraft { given, corners, posts, place }
}

fn read_post(mut section: Section<'_>) -> PostDraft<'_> {
    let station = section.need("station");
    let lane = section.whole("lane", Limits::new(0.0, f64::from(u16::MAX)));
    let at_m = section.need("at_m").and_then(|field| point(&field));
    let corners = section.get("queue_m").and_then(|field| field.list(CORNERS_MAX)).unwrap_or_default();
    let queue_m = corners.iter().filter_map(point).collect();
    let area_m = section.get("area_m").and_then(|field| area(&field));
    let post = PostDraft {
        station,
        lane,
        at_m,
        queue_m,
        area_m,
        place: section.place.clone(),
        lane_at: section.place_of("lane"),
        at_at: section.place_of("at_m"),
        queue_at: section.place_of("queue_m"),
        area_at: section.place_of("area_m"),
    };
    section.finish();
    post
}

fn point(field: &Field<'_>) -> Option<Point> {
    let parts = field.list(CORNERS_MAX)?;
    let [right, down] = parts.as_slice() else {
        field.error("layout_point", &[]);
        return None;
    };
    let (right, down) = (right.number(METRES), down.number(METRES));
    Some([right?, down?])
}

/// Two opposite corners, in any order.
fn area(field: &Field<'_>) -> Option<[Point; 2]> {
    let parts = field.list(CORNERS_MAX)?;
    let [one, other] = parts.as_slice() else {
        field.error("layout_area", &[]);
        return None;
    };
    let (one, other) = (point(one), point(other));
    let (one, other) = (one?, other?);
    if one[0] == other[0] || one[1] == other[1] {
        field.error("layout_area", &[]);
        return None;
    }
    Some([[0, 1].map(|axis| one[axis].min(other[axis])), [0, 1].map(|axis| one[axis].max(other[axis]))])
}

impl LayoutDraft<'_> {
    /// The layout of a scenario whose other parts are known; all that does not fit them is noted.
    pub fn resolve(mut self, context: &crate::reader::Context<'_>, scenario: &Scenario) -> Layout {
        let mut first_of: BTreeMap<(usize, Option<u16>), usize> = BTreeMap::new();
        let names: Vec<&str> = scenario.site.stations.iter().map(|station| station.name.as_str()).collect();
        let mut stands = Vec::new();
        for (place, post) in self.posts.iter().enumerate() {
            let Some(station) = post.station.as_ref().and_then(|field| index_of(field, &names)) else {
                continue;
            };
            let Some(lane) = post.lane(context, scenario, station) else { continue };
            if let Some(first) = first_of.insert((station, lane), place) {
                let first = self.posts[first].place.row.unwrap_or_default();
                context.error(&post.place, "layout_twice", &[("post", &names[station]), ("first", &first)]);
                continue;
            }
            let Some(at_m) = post.at_m else { continue };
            self.corners.push((at_m, post.at_at.clone()));
            self.corners.extend(post.area_m.map(|area| (area[1], post.area_at.clone())));
            let waits = scenario.site.stations[station].servers != Servers::Unlimited;
            if !waits && !post.queue_m.is_empty() {
                context.hint(&post.queue_at, "layout_queue_unused", &[("post", &names[station])]);
            }
            stands.push((at_m, place));
            let (queue_m, area_m) = (post.queue_m.clone(), post.area_m);
            self.given.posts.push(GivenPost { station, lane, at_m, queue_m, area_m });
        }
        self.check_inside(context);
        self.check_apart(context, stands);
        let layout = self.given.layout(scenario);
        // What is missing is only worth saying where nothing else is wrong.
        if !context.refuses() {
            self.check_whole(context, scenario, &layout);
        }
        layout
    }

    /// Notes what lies outside the site, if the site's size is given: posts cannot, and a queue had better not.
    fn check_inside(&self, context: &crate::reader::Context<'_>) {
        let size = [self.given.width_m, self.given.depth_m].map(|side| side.unwrap_or(f64::INFINITY));
        let outside = |point: &Point| point[0] > size[0] || point[1] > size[1];
        let side = |side: f64| if side.is_finite() { side.to_string() } else { "–".to_owned() };
        let (width, depth) = (side(size[0]), side(size[1]));
        for (point, place) in self.corners.iter().filter(|(point, _)| outside(point)) {
            let args: [(&'static str, &dyn std::fmt::Display); 4] =
                [("x", &point[0]), ("y", &point[1]), ("width", &width), ("depth", &depth)];
            context.error(place, "layout_outside", &args);
        }
        for post in self.posts.iter().filter(|post| post.queue_m.iter().any(outside)) {
            context.warning(&post.queue_at, "layout_queue_outside", &[("width", &width), ("depth", &depth)]);
        }
    }

    /// Notes posts that stand on top of each other; `stands` are their points with their places among the posts.
    fn check_apart(&self, context: &crate::reader::Context<'_>, mut stands: Vec<(Point, usize)>) {
        stands.sort_by(|left, right| left.0[0].total_cmp(&right.0[0]).then(left.1.cmp(&right.1)));
        let mut close: Vec<(usize, usize)> = Vec::new();
        for (index, &(point, post)) in stands.iter().enumerate() {
            let near = stands[index + 1..].iter().take_while(|other| other.0[0] - point[0] < APART_MIN_M);
            let near = near.filter(|other| distance(point, other.0) < APART_MIN_M);
            close.extend(near.map(|&(_, other)| (post.max(other), post.min(other))));
        }
        close.sort_unstable();
        // A heap of posts has one note for each, not one for each pair.
        close.dedup_by_key(|pair| pair.0);
        for (later, earlier) in close {
            let row = self.posts[earlier].place.row.unwrap_or_default();
            let args: [(&'static str, &dyn std::fmt::Display); 2] = [("row", &row), ("metres", &APART_MIN_M)];
            context.warning(&self.posts[later].at_at, "layout_close", &args);
        }
    }

    /// Notes what the layout leaves to be drawn, and whether its queues hold whom the site has room for.
    fn check_whole(&self, context: &crate::reader::Context<'_>, scenario: &Scenario, layout: &Layout) {
        let given =
            |station, lane| self.given.posts.iter().any(|post| post.station == station && post.lane == lane);
        let missing = layout.posts.iter().filter(|post| !given(post.station, post.lane));
        let mut named: Vec<String> = missing
            .map(|post| {
                let name = &scenario.site.stations[post.station].name;
                post.lane.map_or_else(|| name.clone(), |lane| format!("{name} {}", lane + 1))
            })
            .collect();
        let count = named.len();
        if !self.given.posts.is_empty() && count > 0 {
            named.truncate(NAMED_MAX);
            if count > NAMED_MAX {
                named.push("…".to_owned());
            }
            let posts = named.join(", ");
            context.hint(&self.place, "layout_missing", &[("count", &count), ("posts", &posts)]);
        }
        let places = layout.queue_room_of_all();
        if let Some(room) = scenario.site.room.filter(|&room| room > places) {
            let metres = (f64::from(room - places) * layout.spacing_m).ceil();
            let args: [(&'static str, &dyn std::fmt::Display); 3] =
                [("places", &places), ("room", &room), ("metres", &metres)];
            context.hint(&self.place, "layout_room", &args);
        }
    }
}

impl PostDraft<'_> {
    /// The post's lane, from 0, or `Some(None)` at a shared station; `None` if the site has no such lane.
    fn lane(
        &self,
        context: &crate::reader::Context<'_>,
        scenario: &Scenario,
        station: usize,
    ) -> Option<Option<u16>> {
        let (lanes, station) = (scenario.site.lanes, &scenario.site.stations[station]);
        let lane = self.lane.unwrap_or(0);
        match lane {
            _ if station.shared => {
                if lane > 0 {
                    context.hint(&self.lane_at, "layout_lane_shared", &[("post", &station.name)]);
                }
                Some(None)
            }
            0 if lanes == 1 => Some(Some(0)),
            0 => {
                let args: [(&'static str, &dyn std::fmt::Display); 2] =
                    [("post", &station.name), ("lanes", &lanes)];
                context.error(&self.lane_at, "layout_lane_missing", &args);
                None
            }
            lane if lane > u32::from(lanes) => {
                // A site that is tried with fewer lanes keeps its plan.
                context.warning(&self.lane_at, "layout_lane", &[("lane", &lane), ("lanes", &lanes)]);
                None
            }
            lane => Some(Some(u16::try_from(lane - 1).expect("the site's lanes are counted in 16 bits"))),
        }
    }
}
