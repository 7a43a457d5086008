//! The search for ways: from a tour that is cut among the crews, by small changes, as long as one gains.

use super::{NOBODY, STOPS_MAX, Task, WORTH_MIN, flow::Network, horizon, least, people};

/// Changes of which each is tried together with each: some ten thousand looks, a tenth of a second.
const TWICE_MAX: usize = 160;

/// With no more ways than these all are tried: two crews among four communities have 4,225.
const ALL_MAX: usize = 5_000;

/// The communities to which each crew goes, in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ways(pub(super) Vec<Vec<usize>>);

/// What ways are worth: first whom they leave unserved, then when all is done and what must be told to whom.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Cost {
    unserved: f64,
    minutes: f64,
}

/// The best ways that small changes find, and where there are few the best of all.
pub(super) fn search(task: &Task) -> Ways {
    let improved = starts(task).into_iter().map(|start| improve(task, start));
    let best = improved.reduce(|best, other| if other.1 < best.1 { other } else { best });
    let Some(best) = best else { return Ways(vec![Vec::new(); task.crews.len()]) };
    let less = |(best, than), other| match cost_if_less(task, &other, than) {
        Some(cost) => (other, cost),
        None => (best, than),
    };
    all(task).fold(best, less).0
}

/// All ways that there are; none where that would be too many.
fn all(task: &Task) -> impl Iterator<Item = Ways> {
    let (mut each, needed) = (vec![Vec::new()], needed(task));
    let mut longest = 0;
    for _ in 0..STOPS_MAX {
        let from = std::mem::replace(&mut longest, each.len());
        for of in from..each.len() {
            let more = needed.iter().copied().filter(|place| !each[of].contains(place));
            let longer: Vec<Vec<usize>> = more.map(|place| [&each[of][..], &[place]].concat()).collect();
            each.extend(longer);
        }
        if each.len() > ALL_MAX {
            break;
        }
    }
    let crews = task.crews.len() as u32;
    let count = each.len().checked_pow(crews).filter(|&count| count <= ALL_MAX).unwrap_or(0);
    let of = move |number: usize| {
        Ways((0..crews).map(|crew| each[number / each.len().pow(crew) % each.len()].clone()).collect())
    };
    (0..count).map(of).filter(|ways| has_room(task, ways))
}

fn improve(task: &Task, start: Ways) -> (Ways, Cost) {
    let mut cost = cost(task, &start, None).expect("without a cost to beat there is one");
    let mut ways = start;
    // Each change gains, so it ends; this is for what floating point calls a gain.
    for _ in 0..1_000 {
        let less = |other: Ways| Some((cost_if_less(task, &other, cost)?, other));
        let better = changes(task, &ways).find_map(less).or_else(|| {
            // What one change cannot mend two may, and with few crews there is time to try.
            let few = changes(task, &ways).take(TWICE_MAX + 1).count() <= TWICE_MAX;
            let once = changes(task, &ways).take(usize::from(few) * TWICE_MAX);
            once.flat_map(|once| changes(task, &once).collect::<Vec<_>>()).find_map(less)
        });
        match better {
            Some((less, other)) => (cost, ways) = (less, other),
            None => break,
        }
    }
    (ways, cost)
}

fn cost_if_less(task: &Task, ways: &Ways, than: Cost) -> Option<Cost> {
    cost(task, ways, Some(than)).filter(|found| found < &than)
}

/// What ways cost; `None` as soon as it is known that they cost no less than another.
fn cost(task: &Task, ways: &Ways, than: Option<Cost>) -> Option<Cost> {
    let at =
        |time: f64| people(task) - Network::of(task, &ways.0, &vec![time; task.communities.len()]).served();
    let nobody = people(task) * NOBODY + NOBODY;
    let told = told(task, ways) as f64 * WORTH_MIN;
    if let Some(than) = than.filter(|than| than.unserved == 0.0) {
        // One question says no to most.
        let early = than.minutes - told - 1e-3;
        if early <= 0.0 || at(early) > nobody {
            return None;
        }
        return Some(Cost { unserved: 0.0, minutes: told + least(0.0, early, |time| at(time) <= nobody) });
    }
    let horizon = horizon(task);
    let left = at(horizon);
    // A share of a person is a person.
    let unserved = if left <= nobody { 0.0 } else { left.ceil() };
    if than.is_some_and(|than| unserved > than.unserved) {
        return None;
    }
    Some(Cost { unserved, minutes: told + least(0.0, horizon, |time| at(time) <= left + nobody) })
}

/// How much has to be said: each stop beyond a crew's first, and each that was not agreed, or was and is given up.
fn told(task: &Task, ways: &Ways) -> usize {
    let of = |(way, agreed): (&Vec<usize>, &Vec<usize>)| {
        let other = if agreed.is_empty() {
            0
        } else {
            let kept = agreed.iter().zip(way).take_while(|(one, other)| one == other).count();
            agreed.len().max(way.len()) - kept
        };
        way.len().saturating_sub(1) + other
    };
    ways.0.iter().zip(task.crews.iter().map(|crew| &crew.agreed)).map(of).sum()
}

/// What was agreed.
pub(super) fn agreed(task: &Task) -> Ways {
    let of = |crew: &super::Crew| {
        let known = crew.agreed.iter().copied().filter(|&stop| stop < task.communities.len());
        known.take(STOPS_MAX).collect()
    };
    Ways(task.crews.iter().map(of).collect())
}

/// Ways to begin with: what was agreed, and tours that are cut where a crew's share of the work ends.
fn starts(task: &Task) -> Vec<Ways> {
    let mut starts = Vec::new();
    if task.crews.iter().any(|crew| !crew.agreed.is_empty()) {
        starts.push(agreed(task));
    }
    let needed = needed(task);
    for &first in &needed {
        let tour = tour(task, &needed, first);
        starts.push(cut(task, &tour));
        starts.push(cut(task, &tour.into_iter().rev().collect::<Vec<_>>()));
    }
    // The more communities, the more alike their tours.
    starts.truncate(12);
    starts.retain(|ways| has_room(task, ways));
    if starts.is_empty() {
        starts.push(Ways(vec![Vec::new(); task.crews.len()]));
    }
    starts
}

/// Communities in which anybody is to be served.
fn needed(task: &Task) -> Vec<usize> {
    (0..task.communities.len()).filter(|&place| task.communities[place].people > 0.0).collect()
}

/// From one community always on to the nearest that is left.
fn tour(task: &Task, needed: &[usize], first: usize) -> Vec<usize> {
    let mut left: Vec<usize> = needed.iter().copied().filter(|&place| place != first).collect();
    let mut tour = vec![first];
    while !left.is_empty() {
        let here = tour[tour.len() - 1];
        let way = |place: &usize| task.travel_min[here][*place];
        let nearest = (0..left.len()).min_by(|&one, &other| way(&left[one]).total_cmp(&way(&left[other])));
        tour.push(left.remove(nearest.expect("some are left")));
    }
    tour
}

/// Shares the work along a tour out among the crews, in the order in which they reach its beginning.
fn cut(task: &Task, tour: &[usize]) -> Ways {
    let pace: f64 = task.crews.iter().map(|crew| crew.people_per_h).sum();
    let mut order: Vec<usize> = (0..task.crews.len()).collect();
    order.sort_by(|&one, &other| {
        let reach = |crew: usize| tour.first().map_or(0.0, |&first| task.crews[crew].reach_min[first]);
        reach(one).total_cmp(&reach(other)).then(one.cmp(&other))
    });
    let mut ways = Ways(vec![Vec::new(); task.crews.len()]);
    let mut stops = tour.iter().map(|&place| (place, task.communities[place].people)).peekable();
    let Some((mut place, mut left)) = stops.next() else { return ways };
    for crew in order {
        let mut share = people(task) * task.crews[crew].people_per_h / pace;
        while share > NOBODY && ways.0[crew].len() < STOPS_MAX {
            ways.0[crew].push(place);
            let taken = share.min(left);
            share -= taken;
            left -= taken;
            if left <= NOBODY {
                match stops.next() {
                    Some(next) => (place, left) = next,
                    None => break,
                }
            }
        }
    }
    ways
}

/// Whether no community is gone to by more crews than find room there.
fn has_room(task: &Task, ways: &Ways) -> bool {
    let mut crews = vec![0; task.communities.len()];
    for &stop in ways.0.iter().flatten() {
        crews[stop] += 1;
    }
    crews.iter().zip(&task.communities).all(|(&crews, of)| crews <= of.lanes_max)
}

/// All ways that differ a little: one stop more, less or another for one crew, two in another order, one given to
/// another crew, two crews' stops exchanged, or all that they do from some stop on.
fn changes<'a>(task: &'a Task, ways: &'a Ways) -> impl Iterator<Item = Ways> + 'a {
    let (crews, places) = (task.crews.len(), task.communities.len());
    let with = move |crew: usize, way: Vec<usize>| {
        let mut other = ways.clone();
        other.0[crew] = way;
        other
    };
    let fewer = (0..crews).flat_map(move |crew| {
        (0..ways.0[crew].len()).map(move |stop| {
            let mut way = ways.0[crew].clone();
            way.remove(stop);
            with(crew, way)
        })
    });
    let another = (0..crews).flat_map(move |crew| {
        let stops = (0..ways.0[crew].len()).flat_map(move |stop| (0..places).map(move |place| (stop, place)));
        stops.filter(move |(_, place)| !ways.0[crew].contains(place)).map(move |(stop, place)| {
            let mut way = ways.0[crew].clone();
            way[stop] = place;
            with(crew, way)
        })
    });
    let more = (0..crews).filter(move |&crew| ways.0[crew].len() < STOPS_MAX).flat_map(move |crew| {
        let stops =
            (0..=ways.0[crew].len()).flat_map(move |stop| (0..places).map(move |place| (stop, place)));
        stops.filter(move |(_, place)| !ways.0[crew].contains(place)).map(move |(stop, place)| {
            let mut way = ways.0[crew].clone();
            way.insert(stop, place);
            with(crew, way)
        })
    });
    let turned = (0..crews).flat_map(move |crew| {
        let stops = ways.0[crew].len();
        (0..stops).flat_map(move |one| (one + 1..stops).map(move |other| (one, other))).map(
            move |(one, other)| {
                let mut way = ways.0[crew].clone();
                way.swap(one, other);
                with(crew, way)
            },
        )
    });
    let given = (0..crews).flat_map(move |one| (0..crews).map(move |other| (one, other))).flat_map(
        move |(one, other)| {
            let may = one != other && ways.0[other].len() < STOPS_MAX;
            let stops = (0..ways.0[one].len() * usize::from(may))
                .flat_map(move |here| (0..=ways.0[other].len()).map(move |there| (here, there)));
            stops.filter(move |&(here, _)| !ways.0[other].contains(&ways.0[one][here])).map(
                move |(here, there)| {
                    let mut changed = ways.clone();
                    let stop = changed.0[one].remove(here);
                    changed.0[other].insert(there, stop);
                    changed
                },
            )
        },
    );
    let exchanged = (0..crews).flat_map(move |one| (one + 1..crews).map(move |other| (one, other))).flat_map(
        move |(one, other)| {
            let stops = (0..ways.0[one].len())
                .flat_map(move |here| (0..ways.0[other].len()).map(move |there| (here, there)));
            stops.filter_map(move |(here, there)| {
                let mut changed = ways.clone();
                let (mine, theirs) = (ways.0[one][here], ways.0[other][there]);
                if ways.0[one].contains(&theirs) || ways.0[other].contains(&mine) {
                    return None;
                }
                changed.0[one][here] = theirs;
                changed.0[other][there] = mine;
                Some(changed)
            })
        },
    );
    let tails = (0..crews).flat_map(move |one| (one + 1..crews).map(move |other| (one, other))).flat_map(
        move |(one, other)| {
            let cuts = (0..=ways.0[one].len())
                .flat_map(move |here| (0..=ways.0[other].len()).map(move |there| (here, there)));
            cuts.filter_map(move |(here, there)| {
                let mut changed = ways.clone();
                let (mine, theirs) = (changed.0[one].split_off(here), changed.0[other].split_off(there));
                changed.0[one].extend(theirs);
                changed.0[other].extend(mine);
                let right = |way: &Vec<usize>| {
                    way.len() <= STOPS_MAX
                        && way.iter().enumerate().all(|(place, stop)| !way[..place].contains(stop))
                };
                (right(&changed.0[one]) && right(&changed.0[other])).then_some(changed)
            })
        },
    );
    fewer
        .chain(another)
        .chain(more)
        .chain(turned)
        .chain(given)
        .chain(exchanged)
        .chain(tails)
        .filter(move |ways| has_room(task, ways))
}
