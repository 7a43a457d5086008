//! What a board is told before the first event. Fields that only the page needs are left out.

use domain::{
    Layout,
    layout::{Point, Post},
};
use round::{Calls, Rules};
use serde::Deserialize;

/// The site, as `verbs::board_site` writes it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Site {
    view: View,
    pub(crate) rules: Rules,
    pub(crate) calls: Calls,
    pub(crate) doors: Vec<WaveDoors>,
}

#[derive(Clone, Debug, Deserialize)]
struct View {
    layout: Drawn,
}

/// The doors of a wave, as they are called out.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WaveDoors {
    pub(crate) wave: u32,
    pub(crate) doors: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Drawn {
    width_m: f64,
    depth_m: f64,
    spacing_m: f64,
    entrance_m: Point,
    exit_m: Point,
    posts: Vec<DrawnPost>,
}

#[derive(Clone, Debug, Deserialize)]
struct DrawnPost {
    station: String,
    lane: u16,
    at_m: Point,
    queue_m: Vec<Point>,
    area_m: Option<[Point; 2]>,
}

impl Site {
    /// Where everything stands; posts keep their order, those of stations that the rules do not know are left out.
    pub(crate) fn layout(&self) -> Layout {
        let Drawn { width_m, depth_m, spacing_m, entrance_m, exit_m, posts } = &self.view.layout;
        let posts = posts.iter().filter_map(|post| {
            Some(Post {
                station: self.rules.station(&post.station)?,
                lane: post.lane.checked_sub(1),
                at_m: post.at_m,
                queue_m: post.queue_m.clone(),
                area_m: post.area_m,
            })
        });
        let posts = posts.collect();
        Layout {
            width_m: *width_m,
            depth_m: *depth_m,
            spacing_m: *spacing_m,
            entrance_m: *entrance_m,
            exit_m: *exit_m,
            posts,
        }
    }

    /// The doors of a wave.
    pub(crate) fn doors(&self, wave: u32) -> &[String] {
        self.doors.iter().find(|of| of.wave == wave).map_or(&[], |of| &of.doors)
    }
}
