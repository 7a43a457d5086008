//! The plan of the site: drawn where a scenario brings none, read where it does.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "notes/said.rs"]
mod said;

use domain::Scenario;
use domain::layout::{Drawing, DrawnPost, Layout, Point, distance};
use proptest::prelude::*;
use said::{rendered, without_words};
use scenario::{Files, examples, read, write_layout};

fn folder(text: &str) -> Files {
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), text.into());
    files
}

fn sound(text: &str) -> Scenario {
    let (scenario, notes) = read(&folder(text), &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{text}\n{}", rendered(&notes)))
}

/// A walk-in site with these lines under `[site]`, and after it.
fn site(lines: &str, after: &str) -> String {
    format!(
        "format = 1\n[community]\nname = \"A\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\n\
         opens = 2022-03-28T07:00\n[arrivals]\nlaw = \"poisson\"\nper_hour = 1\nhours = 1\n[site]\n{lines}\n{after}\n"
    )
}

const TWO_LANES: &str = "lanes = 2\nroom = 60\n[[site.station]]\nname = \"registration\"\nservers = 1\n\
    service = { law = \"constant\", mean_s = 15 }\n[[site.station]]\nname = \"sampling\"\nservers = 2\n\
    service = { law = \"constant\", mean_s = 15 }\n[[site.station]]\nname = \"rest\"\nservers = \"unlimited\"\n\
    shared = true\nservice = { law = \"constant\", mean_min = 3 }";

/// Every point of a post where a person or a table is.
fn points(post: &DrawnPost) -> Vec<Point> {
    [&post.places_m, &post.servers_m, &post.seats_m].into_iter().flatten().copied().collect()
}

/// What is wrong with a drawing: somebody outside, or two on one spot.
fn faults(drawing: &Drawing) -> Vec<String> {
    let mut faults = Vec::new();
    let apart = drawing.spacing_m - 0.02;
    let all: Vec<Point> = drawing.posts.iter().flat_map(points).collect();
    let size = [drawing.width_m, drawing.depth_m];
    let inside = |point: &Point| (0..2).all(|axis| (0.0..=size[axis]).contains(&point[axis]));
    faults.extend(all.iter().filter(|point| !inside(point)).map(|point| format!("{point:?} is outside")));
    let mut by_x = all;
    by_x.sort_by(|left, right| left[0].total_cmp(&right[0]));
    for (index, point) in by_x.iter().enumerate() {
        for other in by_x[index + 1..].iter().take_while(|other| other[0] - point[0] < apart) {
            if distance(*point, *other) < apart {
                faults.push(format!("{point:?} and {other:?} are too close"));
            }
        }
    }
    faults
}

fn station() -> impl Strategy<Value = String> {
    let servers =
        prop_oneof![5 => (1u32..30).prop_map(|n| n.to_string()), 1 => Just("\"unlimited\"".to_owned())];
    (
        servers,
        any::<bool>(),
        1u32..200,
        prop::option::weighted(0.2, 1u32..60),
        prop_oneof![4 => Just(0), 1 => Just(15)],
    )
        .prop_map(|(servers, shared, mean_s, room, observe_min)| {
            let room = room.map_or_else(String::new, |room| format!("room = {room}\n"));
            format!(
                "servers = {servers}\nshared = {shared}\n{room}observe_min = {observe_min}\n\
                 service = {{ law = \"constant\", mean_s = {mean_s} }}\n"
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_drawn_site_has_a_place_for_everybody_and_one_way_through(
        lanes in 1u16..=12,
        stations in prop::collection::vec(station(), 1..=6),
        room in prop::option::of(0u32..900),
        spacing in prop_oneof![Just(1.0), Just(1.5), Just(2.0), Just(7.0)],
    ) {
        let lines: String = stations.iter().enumerate()
            .map(|(number, lines)| {
                // A room after a station where people are watched is refused.
                let lines = if number > 0 && !stations[number - 1].contains("observe_min = 0") {
                    lines.lines().filter(|line| !line.starts_with("room")).map(|line| format!("{line}\n")).collect()
                } else {
                    lines.clone()
                };
                format!("[[site.station]]\nname = \"{number}\"\n{lines}")
            })
            .collect();
        let own_rooms = lines.contains("\nroom");
        let room_line = room.map_or_else(String::new, |room| format!("room = {room}\n"));
        let scenario = sound(&site(&format!("lanes = {lanes}\n{room_line}{lines}"), ""));
        let layout = Layout::drawn_at(&scenario, spacing);
        prop_assert_eq!(&layout, &Layout::drawn_at(&scenario, spacing));
        let drawing = layout.drawing(&scenario);
        prop_assert_eq!(faults(&drawing), Vec::<String>::new());
        let shared = scenario.site.stations.iter().filter(|station| station.shared).count();
        prop_assert_eq!(layout.posts.len(), shared + (stations.len() - shared) * usize::from(lanes));
        let waits = drawing.posts.iter().any(|post| !post.servers_m.is_empty());
        if let Some(room) = room.filter(|_| waits && !own_rooms) {
            prop_assert!(layout.queue_room_of_all() >= room, "{} of {room}", layout.queue_room_of_all());
        }
        // One way: nobody of a later station is left of anybody of an earlier one, and every line ends towards the entrance.
        for (earlier, later) in layout.posts.iter().zip(&layout.posts[1..]) {
            prop_assert!(earlier.station == later.station || earlier.at_m[0] < later.at_m[0]);
        }
        for post in layout.posts.iter().filter(|post| !post.queue_m.is_empty()) {
            prop_assert!(post.queue_m[post.queue_m.len() - 1][0] <= post.queue_m[0][0]);
            prop_assert!(post.queue_m[0][0] < post.at_m[0]);
        }
        prop_assert_eq!((layout.entrance_m[0], layout.exit_m[0]), (0.0, layout.width_m));
        // What is written is read back as it was.
        let text = site(&format!("lanes = {lanes}\n{room_line}{lines}"), &write_layout(&layout, &scenario));
        prop_assert_eq!(sound(&text).layout, Some(layout));
    }
}

#[test]
fn every_example_can_be_drawn() {
    for name in examples() {
        let (scenario, notes) = read(&scenario::example(name).unwrap(), &[], &mut |_, _| {});
        let scenario = scenario.unwrap_or_else(|| panic!("{name}: {}", rendered(&notes)));
        let layout = scenario.layout.clone().unwrap_or_else(|| Layout::drawn(&scenario));
        assert_eq!(faults(&layout.drawing(&scenario)), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn people_stand_along_the_line_from_its_head_and_spill_in_a_crowd_at_its_end() {
    let post = "[layout]\nwidth_m = 30\ndepth_m = 20\nspacing_m = 2\n[[layout.post]]\nstation = \"registration\"\nlane = 1\n\
        at_m = [12, 5]\nqueue_m = [[10, 5], [5, 5], [5, 10]]\n";
    let layout = sound(&site(TWO_LANES, post)).layout.unwrap();
    let post = layout.post(0, 0).unwrap();
    assert_eq!(layout.queue_room(post), 6);
    let at = |i| layout.place_in_queue(post, i);
    assert_eq!(
        [at(0).at_m, at(2).at_m, at(3).at_m, at(5).at_m],
        [[10.0, 5.0], [6.0, 5.0], [5.0, 6.0], [5.0, 10.0]]
    );
    assert!(!at(5).spills && at(6).spills);
    // The line ends downwards: the crowd stands below it, four abreast and closer.
    assert_eq!([at(6).at_m, at(7).at_m, at(10).at_m], [[6.8, 12.0], [5.6, 12.0], [6.8, 13.2]]);
    // Two servers stand across the way of those who come.
    assert_eq!(layout.servers(post, 2), [[12.0, 5.0], [12.0, 7.0]]);
}

#[test]
fn a_post_without_a_line_has_one_towards_the_entrance_and_posts_that_are_not_placed_are_drawn() {
    let layout = "[layout]\nwidth_m = 60\ndepth_m = 30\nentrance_m = [0, 29]\n[[layout.post]]\n\
        station = \"registration\"\nlane = 2\nat_m = [50, 29]\n";
    let (scenario, notes) = read(&folder(&site(TWO_LANES, layout)), &[], &mut |_, _| {});
    let layout = scenario.unwrap().layout.unwrap();
    assert_eq!(
        rendered(&notes),
        "hint scenario.toml:28:layout layout_missing count=4 posts=registration 1, sampling 1, sampling 2, rest\n"
    );
    let post = layout.post(0, 1).unwrap();
    assert_eq!((post.queue_m[0], post.queue_m[1][1]), ([48.5, 29.0], 29.0));
    assert!(layout.queue_room(post) >= 15, "{}", layout.queue_room(post));
    assert_eq!(layout.posts.len(), 5);
    assert_eq!((layout.width_m, layout.depth_m, layout.exit_m), (60.0, 30.0, [60.0, 15.0]));
}

#[test]
fn posts_of_a_small_site_move_together() {
    let scenario = sound(&site(TWO_LANES, "[layout]\nwidth_m = 9\ndepth_m = 5\n"));
    let layout = scenario.layout.as_ref().unwrap();
    let inside = |point: &Point| (0.0..=9.0).contains(&point[0]) && (0.0..=5.0).contains(&point[1]);
    assert!(layout.posts.iter().all(|post| inside(&post.at_m) && post.queue_m.iter().all(inside)));
    assert!(layout.queue_room_of_all() < Layout::drawn(&scenario).queue_room_of_all());
}

#[test]
fn vehicles_stand_further_apart() {
    let lanes = "lanes = 2\n[[site.station]]\nname = \"gate\"\nservers = 1\nunit = \"vehicle\"\n\
        service = { law = \"constant\", mean_s = 60 }";
    assert_eq!(Layout::drawn(&sound(&site(lanes, ""))).spacing_m, 7.0);
}

#[test]
fn everything_that_is_wrong_with_a_layout_is_said_at_once() {
    let layout = "[layout]\nwidth_m = 30\ndepth_m = 0\nspacing = 1\nentrance_m = [31, 5]\nexit_m = [30]\n\
        [[layout.post]]\nstation = \"registrations\"\nlane = 1\nat_m = [12, 5]\n\
        [[layout.post]]\nstation = \"registration\"\nlane = 7\nat_m = [12, 5]\n\
        [[layout.post]]\nstation = \"registration\"\nat_m = [12, 5]\n\
        [[layout.post]]\nstation = \"registration\"\nlane = 1\nat_m = [12, 5]\nqueue_m = [[10, 5], [-2, 5], [\"a\", 1], 4]\n\
        [[layout.post]]\nstation = \"registration\"\nlane = 1\nat_m = [12, 9]\n\
        [[layout.post]]\nstation = \"sampling\"\nlane = 1\nat_m = [12.5, 5.5]\nqueue_m = [[10, 5], [35, 5]]\n\
        [[layout.post]]\nstation = \"rest\"\nlane = 1\nat_m = [20, 5]\nqueue_m = [[10, 5]]\narea_m = [[20, 3], [40, 9]]\n\
        [[layout.post]]\nstation = \"sampling\"\nlane = 2\nat_m = [13, 12]\narea_m = [[20, 3], [20, 9]]\n";
    let (scenario, notes) = read(&folder(&site(TWO_LANES, layout)), &[], &mut |_, _| {});
    assert!(scenario.is_none());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    insta::assert_snapshot!(rendered(&notes));
}

#[test]
fn queues_that_hold_fewer_than_the_room_says_are_a_hint() {
    let post = |lane, y| {
        format!(
            "[[layout.post]]\nstation = \"gate\"\nlane = {lane}\nat_m = [12, {y}]\nqueue_m = [[10, {y}], [6, {y}]]\n"
        )
    };
    let lanes = "lanes = 2\nroom = 40\n[[site.station]]\nname = \"gate\"\nservers = 1\nservice = { law = \"constant\", mean_s = 60 }";
    let (scenario, notes) =
        read(&folder(&site(lanes, &format!("[layout]\n{}{}", post(1, 2), post(2, 6)))), &[], &mut |_, _| {});
    assert!(scenario.is_some());
    assert_eq!(rendered(&notes), "hint scenario.toml:19:layout layout_room places=10 room=40 metres=30\n");
    assert_eq!(without_words(&notes), Vec::<String>::new());
}
