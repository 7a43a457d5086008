//! What a scenario says of its layout, and the rest drawn around it.

use super::{HEAD_M, Layout, Point, Post, distance, tidy, unit};
use crate::scenario::{Scenario, Servers};

/// The parts of a layout that a scenario gives; what it does not say is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// From left to right.
    pub width_m: Option<f64>,
    /// From top to bottom.
    pub depth_m: Option<f64>,
    /// Between two who wait.
    pub spacing_m: Option<f64>,
    /// Where people come in.
    pub entrance_m: Option<Point>,
    /// Where they leave.
    pub exit_m: Option<Point>,
    /// Posts, no two for one station and lane.
    pub posts: Vec<GivenPost>,
}

/// A post that a scenario places.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenPost {
    /// The station, by its place in the list.
    pub station: usize,
    /// The lane, from 0; `None` for a shared station.
    pub lane: Option<u16>,
    /// Where its first server stands.
    pub at_m: Point,
    /// Its line; empty: straight towards the entrance, as long as the drawn one.
    pub queue_m: Vec<Point>,
    /// Its area; absent: as large as the drawn one.
    pub area_m: Option<[Point; 2]>,
}

impl Given {
    /// The whole layout: posts that are not given stand where they would be drawn, moved together where the site is
    /// smaller than that.
    pub fn layout(&self, scenario: &Scenario) -> Layout {
        let mut layout = match self.spacing_m {
            Some(spacing_m) => Layout::drawn_at(scenario, spacing_m),
            None => Layout::drawn(scenario),
        };
        let reach = |axis: usize| {
            let ends = [self.entrance_m, self.exit_m].into_iter().flatten();
            let corners = self.posts.iter().filter_map(|post| post.area_m).map(|area| area[1]);
            let points = self.posts.iter().flat_map(|post| post.queue_m.iter().copied().chain([post.at_m]));
            points.chain(ends).chain(corners).map(|point| point[axis]).fold(0.0, f64::max)
        };
        let drawn = [layout.width_m, layout.depth_m];
        let size = [
            self.width_m.unwrap_or_else(|| drawn[0].max(reach(0))),
            self.depth_m.unwrap_or_else(|| drawn[1].max(reach(1))),
        ];
        let scale = [0, 1].map(|axis| (size[axis] / drawn[axis]).min(1.0));
        // A deeper site has the lanes in its middle.
        let down = ((size[1] - drawn[1]) / 2.0).max(0.0);
        let moved = |point: Point| tidy([point[0] * scale[0], point[1] * scale[1] + down]);
        for post in &mut layout.posts {
            post.at_m = moved(post.at_m);
            post.queue_m.iter_mut().for_each(|point| *point = moved(*point));
            post.area_m = post.area_m.map(|area| area.map(moved));
        }
        [layout.width_m, layout.depth_m] = size;
        layout.entrance_m = self.entrance_m.unwrap_or([0.0, size[1] / 2.0]);
        layout.exit_m = self.exit_m.unwrap_or([size[0], size[1] / 2.0]);
        for given in &self.posts {
            let own = |post: &Post| post.station == given.station && post.lane == given.lane;
            if let Some(place) = layout.posts.iter().position(own) {
                layout.posts[place] = given.post(&layout, &layout.posts[place], scenario);
            }
        }
        layout
    }
}

impl GivenPost {
    /// The post as given; what is not said is as at the drawn one.
    fn post(&self, layout: &Layout, drawn: &Post, scenario: &Scenario) -> Post {
        let waits = scenario.site.stations[self.station].servers != Servers::Unlimited;
        let queue_m = match self.queue_m.as_slice() {
            _ if !waits => Vec::new(),
            [] => self.towards_entrance(layout, layout.queue_room(drawn)),
            given => given.to_vec(),
        };
        let moved = drawn.area_m.map(|area| {
            let by = [self.at_m[0] - drawn.at_m[0], self.at_m[1] - drawn.at_m[1]];
            area.map(|corner| tidy([corner[0] + by[0], corner[1] + by[1]]))
        });
        Post {
            station: self.station,
            lane: self.lane,
            at_m: self.at_m,
            queue_m,
            area_m: self.area_m.or(moved),
        }
    }

    /// A straight line for so many people, which ends at the entrance if that is nearer.
    fn towards_entrance(&self, layout: &Layout, places: u32) -> Vec<Point> {
        let towards = unit(self.at_m, layout.entrance_m).unwrap_or([-1.0, 0.0]);
        let head = HEAD_M.max(layout.spacing_m);
        let wanted = f64::from(places.saturating_sub(1)) * layout.spacing_m;
        let free = (distance(self.at_m, layout.entrance_m) - head).max(0.0);
        let at = |metres: f64| tidy([0, 1].map(|axis| self.at_m[axis] + towards[axis] * metres));
        vec![at(head), at(head + wanted.min(free))]
    }
}
