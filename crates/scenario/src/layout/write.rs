//! A layout as `[layout]` of `scenario.toml`.

use domain::layout::{Layout, Point};
use domain::scenario::Scenario;
use std::fmt::Write as _;

/// The layout as text for `scenario.toml`, in place of its `[layout]` and `[[layout.post]]`. Reading it back gives the
/// same layout.
pub fn write_layout(layout: &Layout, scenario: &Scenario) -> String {
    let mut text = format!(
        "[layout]\nwidth_m = {}\ndepth_m = {}\nspacing_m = {}\nentrance_m = {}\nexit_m = {}\n",
        layout.width_m,
        layout.depth_m,
        layout.spacing_m,
        point(layout.entrance_m),
        point(layout.exit_m),
    );
    for post in &layout.posts {
        let Some(station) = scenario.site.stations.get(post.station) else { continue };
        let name = toml::Value::from(station.name.as_str());
        let lane = post.lane.map(|lane| format!("lane = {}\n", lane + 1)).unwrap_or_default();
        let at = point(post.at_m);
        write!(text, "\n[[layout.post]]\nstation = {name}\n{lane}at_m = {at}\n").expect("a text takes all");
        if !post.queue_m.is_empty() {
            let corners: Vec<String> = post.queue_m.iter().map(|&corner| point(corner)).collect();
            writeln!(text, "queue_m = [{}]", corners.join(", ")).expect("a text takes all");
        }
        if let Some([from, to]) = post.area_m {
            writeln!(text, "area_m = [{}, {}]", point(from), point(to)).expect("a text takes all");
        }
    }
    text
}

fn point([right, down]: Point) -> String {
    format!("[{right}, {down}]")
}
