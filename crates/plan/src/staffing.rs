//! How a number of staff is best divided over identical lanes and their stations, and how many it takes to serve a
//! number of people in time.
//!
//! It knows rates only: a post takes so many seconds of somebody's time for each person. Waits are for the rehearsal.
//! Callers, and those who relieve others, are no posts: [`split`] is given the staff who are left for the stations, and
//! [`callers`] and [`relief`] say how many to keep aside.

use crate::capacity::{passes, server_s};
use domain::{Scenario, scenario::Servers};

/// Share of the capacity that a round is planned for: a queue at more grows long before it is full, and the search for
/// waves ends near it too.
pub const LOAD: f64 = 0.9;
/// Share of a caller's time that goes into calls: the rest are stairs, doors that do not open, and questions.
const CALLING: f64 = 0.8;
/// One in ten is away from the posts at any time, to rest or to keep order. The planning model of the Agency for
/// Healthcare Research and Quality ("Bioterrorism and Epidemic Outbreak Response Model") counts 10 to 20 per cent of
/// staff time as downtime.
const RELIEF_OF: u32 = 10;
/// People a second whom one line lets through: six a minute still step up one by one. It is a generous assumption; a
/// drill in Jinjiang passed 131 an hour in each lane (Jinjiang Economic Report, 2021-09-24).
const LINE_PER_S: f64 = 0.1;
/// Lanes that a scenario can have.
const LANES_MAX: u32 = 1_000;
/// Rates closer than this are equal: they are quotients of small numbers.
const EQUAL: f64 = 1e-9;

/// A station as staffing sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// The station's name.
    pub name: String,
    /// Seconds of a server's time that one visitor of the site takes, in all passes.
    pub work_s: f64,
    /// One for all lanes.
    pub shared: bool,
    /// Takes no staff: chairs.
    pub unlimited: bool,
}

/// Staff divided over lanes and stations.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Identical lanes.
    pub lanes: u32,
    /// Servers at each post, in each lane unless it is shared; 0 where it takes none.
    pub servers: Vec<u32>,
    /// People at all posts together.
    pub staff: u32,
    /// People a second whom the slowest post can serve, all lanes together; infinite where no post takes staff.
    pub per_s: f64,
}

impl Split {
    /// Hours until this many people are served at [`LOAD`].
    pub fn hours_for(&self, people: f64) -> f64 {
        people / (self.per_s * LOAD) / 3_600.0
    }
}

/// The posts of a scenario's site, in its order.
pub fn posts(scenario: &Scenario) -> Vec<Post> {
    let stations = &scenario.site.stations;
    let post = |(station, passes): (&domain::scenario::Station, f64)| Post {
        name: station.name.clone(),
        work_s: server_s(scenario, station) * passes,
        shared: station.shared,
        unlimited: station.servers == Servers::Unlimited,
    };
    stations.iter().zip(passes(stations)).map(post).collect()
}

/// How many of all staff are kept aside to relieve the others and to keep order.
pub fn relief(staff: u32) -> u32 {
    staff / RELIEF_OF
}

/// Callers who keep pace with people served at this rate: a call takes `call_s` and brings `people_per_call`.
pub fn callers(per_s: f64, people_per_call: f64, call_s: f64) -> u32 {
    up(per_s * LOAD / people_per_call * call_s / CALLING).max(1)
}

/// The division that serves most people an hour, with the fewest staff and then the fewest lanes of those that serve
/// as many; who is left over relieves the others. `None` if there are fewer people than posts.
pub fn split(posts: &[Post], staff: u32) -> Option<Split> {
    let mut best: Option<Split> = None;
    for lanes in 1..=LANES_MAX.min(staff.max(1)) {
        let Some(found) = split_over(posts, staff, lanes) else { break };
        let better = best.as_ref().is_none_or(|best| {
            let equal = found.per_s == best.per_s || (found.per_s - best.per_s).abs() <= EQUAL * best.per_s;
            if equal { found.staff < best.staff } else { found.per_s > best.per_s }
        });
        if better {
            best = Some(found);
        }
    }
    best
}

/// The fewest staff, and then the fewest lanes, who serve this many people in these hours at [`LOAD`]; `None` if that
/// is more than one site can be.
pub fn least(posts: &[Post], people: f64, hours: f64) -> Option<Split> {
    let needed = people / (hours * 3_600.0 * LOAD);
    let mut best: Option<Split> = None;
    for lanes in 1..=LANES_MAX {
        let servers: Vec<u32> = posts.iter().map(|post| servers_for(post, lanes, needed)).collect();
        let found = counted(posts, lanes, servers);
        let enough = found.per_s >= needed * (1.0 - EQUAL);
        if enough && best.as_ref().is_none_or(|best| found.staff < best.staff) {
            best = Some(found);
        }
    }
    best
}

/// The fewest servers of a post who serve at this rate.
fn servers_for(post: &Post, lanes: u32, per_s: f64) -> u32 {
    let lanes = if post.shared { 1.0 } else { f64::from(lanes) };
    if post.unlimited { 0 } else { up(per_s * post.work_s / lanes * (1.0 - EQUAL)).max(1) }
}

/// The best division for a number of lanes: only one more at the slowest post can serve more people, so one after the
/// other is put there until the staff is used up.
fn split_over(posts: &[Post], staff: u32, lanes: u32) -> Option<Split> {
    let mut best = counted(posts, lanes, posts.iter().map(|post| u32::from(!post.unlimited)).collect());
    if best.staff > staff {
        return None;
    }
    let mut tried = best.clone();
    while let Some(slowest) = slowest(posts, &tried) {
        tried.servers[slowest] += 1;
        tried = counted(posts, lanes, tried.servers);
        if tried.staff > staff || tried.per_s > line_limit(posts, lanes) * (1.0 + EQUAL) {
            break;
        }
        if tried.per_s > best.per_s * (1.0 + EQUAL) {
            best = tried.clone();
        }
        if best.per_s >= line_limit(posts, lanes) * (1.0 - EQUAL) {
            break;
        }
    }
    Some(best)
}

/// The division with its sum and its rate.
fn counted(posts: &[Post], lanes: u32, servers: Vec<u32>) -> Split {
    let of = |post: &Post| if post.shared { 1 } else { lanes };
    let staff = posts.iter().zip(&servers).map(|(post, &servers)| of(post).saturating_mul(servers));
    let staff = staff.fold(0, u32::saturating_add);
    let rates = posts.iter().zip(&servers).filter_map(|(post, &servers)| rate(post, lanes, servers));
    let per_s = rates.fold(line_limit(posts, lanes), f64::min);
    Split { lanes, servers, staff, per_s }
}

/// People a second at a post, all lanes together; `None` where nobody waits for staff.
fn rate(post: &Post, lanes: u32, servers: u32) -> Option<f64> {
    let lanes = if post.shared { 1.0 } else { f64::from(lanes) };
    (!post.unlimited && post.work_s > 0.0).then(|| lanes * f64::from(servers) / post.work_s)
}

/// What the lines let through; a single server at each post is never slowed down by it.
fn line_limit(posts: &[Post], lanes: u32) -> f64 {
    let alone = posts.iter().filter(|post| !post.shared).filter_map(|post| rate(post, 1, 1));
    let slowest = alone.fold(f64::INFINITY, f64::min);
    if slowest.is_finite() { f64::from(lanes) * LINE_PER_S.max(slowest) } else { f64::INFINITY }
}

fn slowest(posts: &[Post], split: &Split) -> Option<usize> {
    let rates = posts.iter().zip(&split.servers).map(|(post, &servers)| rate(post, split.lanes, servers));
    let rates = rates.enumerate().filter_map(|(place, rate)| Some((place, rate?)));
    rates.min_by(|left, right| left.1.total_cmp(&right.1)).map(|(place, _)| place)
}

/// Rounded up; beyond any site it stops.
fn up(number: f64) -> u32 {
    let whole = number as u32;
    if f64::from(whole) < number { whole.saturating_add(1) } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(work_s: f64) -> Post {
        Post { name: "post".to_owned(), work_s, shared: false, unlimited: false }
    }

    /// Registration and sampling of `services/screening.toml`: 14 and 10.5 seconds a person.
    fn screening() -> Vec<Post> {
        vec![post(14.0), post(10.5)]
    }

    fn found(posts: &[Post], staff: u32) -> (u32, Vec<u32>, u32) {
        let found = split(posts, staff).unwrap();
        (found.lanes, found.servers, found.staff)
    }

    #[test]
    fn twelve_people_make_six_lanes_of_one_and_one() {
        assert_eq!(found(&screening(), 12), (6, vec![1, 1], 12));
        let per_hour = split(&screening(), 12).unwrap().per_s * 3_600.0;
        assert!((per_hour - 6.0 * 3_600.0 / 14.0).abs() < 1e-6, "{per_hour}");
    }

    #[test]
    fn who_would_stand_idle_is_left_over() {
        // The second post keeps up with one person until the first has four.
        assert_eq!(found(&[post(80.0), post(20.0)], 6), (1, vec![4, 1], 5));
        assert_eq!(found(&[post(80.0), post(20.0)], 5), (1, vec![4, 1], 5));
    }

    #[test]
    fn a_clinic_stays_in_one_lane_and_matches_servers_to_minutes() {
        // The flu clinic's published means, 3, 4.43, 3 and 4 minutes, and its 38 posts.
        let minutes = [3.0, 3.0 + 1.0 / 0.7, 3.0, 4.0];
        let posts: Vec<Post> = minutes.iter().map(|minutes| post(minutes * 60.0)).collect();
        let (lanes, servers, staff) = found(&posts, 38);
        assert_eq!((lanes, staff <= 38), (1, true));
        let best = split(&posts, 38).unwrap().per_s;
        let published =
            [8.0, 12.0, 8.0, 10.0].iter().zip(&posts).map(|(n, post)| n / post.work_s).fold(1.0, f64::min);
        assert!(best >= published, "{servers:?} {best} {published}");
    }

    #[test]
    fn the_division_is_the_best_of_all() {
        // Every division of ten people over two lane posts and a shared one, counted out.
        let mut posts = vec![post(31.0), post(17.0), post(5.0)];
        posts[2].shared = true;
        let mut best: f64 = 0.0;
        for lanes in 1..=10 {
            for (a, b, c) in
                (1..=10).flat_map(|a| (1..=10).flat_map(move |b| (1..=10).map(move |c| (a, b, c))))
            {
                if lanes * (a + b) + c <= 10 {
                    best = best.max(counted(&posts, lanes, vec![a, b, c]).per_s);
                }
            }
        }
        assert!((split(&posts, 10).unwrap().per_s - best).abs() < 1e-12);
    }

    #[test]
    fn chairs_take_nobody_and_too_few_people_are_no_site() {
        let mut posts = screening();
        posts.push(Post { unlimited: true, ..post(1_200.0) });
        assert_eq!(found(&posts, 2), (1, vec![1, 1, 0], 2));
        assert_eq!(split(&posts, 1), None);
    }

    #[test]
    fn the_least_staff_serve_in_time_and_one_fewer_do_not() {
        for people in [300.0, 4_000.0, 40_000.0] {
            let fewest = least(&screening(), people, 6.0).unwrap();
            assert!(fewest.hours_for(people) <= 6.0 + 1e-9, "{fewest:?}");
            let fewer =
                split(&screening(), fewest.staff - 1).map_or(f64::INFINITY, |split| split.hours_for(people));
            assert!(fewer > 6.0, "{people}: {fewest:?}");
        }
        assert_eq!(least(&screening(), 40_000.0, 6.0).unwrap().lanes, 29);
        assert_eq!(least(&screening(), 1e9, 1.0), None);
    }

    #[test]
    fn callers_keep_pace_and_one_in_ten_relieves() {
        // 0.27 people a second at load 0.9, 2.6 behind a door, 40 seconds a call, four fifths of the time.
        assert_eq!(callers(0.3, 2.6, 40.0), 6);
        assert_eq!((relief(9), relief(16), relief(40)), (0, 1, 4));
    }
}
