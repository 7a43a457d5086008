//! The order of doors is held against trying everything, and what is promised of many entrances.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::walk::{Lifts, Rounds, Spot, Stop, Walking, Ways};

/// A stream of small numbers: the same on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Entrances here and there, each with a few doors.
struct Compound {
    walking: Walking,
    doors: Vec<(String, String, u32)>,
}

impl Compound {
    fn new(draw: &mut Draw, buildings: u64) -> Compound {
        let mut compound = Compound { walking: Walking::default(), doors: Vec::new() };
        if draw.below(2) == 0 {
            compound.walking.from_m = Some([draw.below(300) as f64, draw.below(300) as f64]);
        }
        for building in 1..=buildings {
            let at_m = [draw.below(300) as f64, draw.below(300) as f64];
            let building = building.to_string();
            compound.walking.spots.push(Spot { building: building.clone(), entrance: String::new(), at_m });
            for _ in 0..=draw.below(3) {
                let door = format!("{}{:02}", 1 + draw.below(9), 1 + draw.below(4));
                compound.doors.push((building.clone(), door, 20 + draw.below(40) as u32));
            }
        }
        compound
    }

    fn stops(&self) -> Vec<Stop<'_>> {
        self.doors
            .iter()
            .map(|(building, door, stay_s)| Stop { building, entrance: "", door, stay_s: *stay_s })
            .collect()
    }

    fn ways(&self) -> Ways {
        Ways::new(self.walking.clone(), self.doors.iter().map(|(building, door, _)| (&**building, &**door)))
    }
}

/// What one who walks to these buildings in this order takes: each is a round of its own kind, so ways between are all there is to add.
fn cost(compound: &Compound, order: &[usize]) -> u32 {
    let spots = &compound.walking.spots;
    let mut all = 0;
    let mut before = compound.walking.from_m;
    for &building in order {
        let spot = &spots[building];
        let alone = Walking { from_m: None, ..compound.walking.clone() };
        let stops: Vec<Stop<'_>> =
            compound.stops().into_iter().filter(|stop| stop.building == spot.building).collect();
        let tall = compound.doors.iter().map(|(building, door, _)| (&**building, &**door));
        all += Ways::new(alone, tall).rounds(&stops, 1).rounds[0].ends_s;
        if let Some(before) = before {
            let way_m: f64 = (0..2).map(|axis| (before[axis] - spot.at_m[axis]).abs()).sum();
            let way_m = if way_m == 0.0 && before != spot.at_m { 20.0 } else { way_m };
            all += (way_m / 1.2 + 0.5) as u32;
        }
        before = Some(spot.at_m);
    }
    all
}

fn permutations(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for place in 0..of.len() {
        let mut rest = of.to_vec();
        let first = rest.remove(place);
        all.extend(permutations(&rest).into_iter().map(|mut more| {
            more.insert(0, first);
            more
        }));
    }
    all
}

/// The shortest way of each subset of buildings, by trying every order.
fn shortest(compound: &Compound) -> Vec<u32> {
    let number = compound.walking.spots.len();
    let subset = |bits: usize| (0..number).filter(|of| bits & 1 << of != 0).collect::<Vec<usize>>();
    let best = |bits: usize| permutations(&subset(bits)).iter().map(|order| cost(compound, order)).min();
    (0..1 << number).map(|bits| best(bits).unwrap()).collect()
}

fn longest(rounds: &Rounds) -> u32 {
    rounds.rounds.iter().map(|tour| tour.ends_s).max().unwrap_or(0)
}

fn each_once(rounds: &Rounds, number: usize) {
    let mut all: Vec<usize> = rounds.rounds.iter().flat_map(|tour| tour.stops.iter().copied()).collect();
    all.sort_unstable();
    assert_eq!(all, (0..number).collect::<Vec<usize>>());
    for tour in &rounds.rounds {
        assert!(tour.at_s.is_sorted() && tour.at_s.iter().all(|at| *at <= tour.ends_s), "{tour:?}");
    }
}

#[test]
fn a_few_entrances_are_walked_to_and_shared_out_as_well_as_trying_everything_finds() {
    let mut draw = Draw(1);
    for _ in 0..40 {
        let compound = Compound::new(&mut draw, 5);
        let stops = compound.stops();
        let best = shortest(&compound);
        let all = best.len() - 1;
        let alone = compound.ways().rounds(&stops, 1);
        each_once(&alone, stops.len());
        assert!(alone.measured && alone.exact);
        assert_eq!(longest(&alone), best[all]);
        let two = compound.ways().rounds(&stops, 2);
        each_once(&two, stops.len());
        let undivided = (0..=all).map(|one| best[one].max(best[all & !one])).min().unwrap();
        assert!(longest(&two) <= undivided, "{} {undivided}", longest(&two));
        // An entrance is divided only where that makes the longest round a tenth shorter.
        let several = |building: &str| {
            let in_it =
                |tour: &&domain::walk::Tour| tour.stops.iter().any(|&of| stops[of].building == building);
            two.rounds.iter().filter(in_it).count() > 1
        };
        if compound.walking.spots.iter().any(|spot| several(&spot.building)) {
            assert!(longest(&two) * 10 <= undivided * 9, "{} {undivided}", longest(&two));
        } else {
            assert_eq!(longest(&two), undivided);
        }
    }
}

#[test]
fn many_entrances_are_shared_out_better_than_by_number_and_no_worse_with_more_people() {
    let mut draw = Draw(7);
    let mut shorter = 0;
    for _ in 0..20 {
        let compound = {
            let buildings = 10 + draw.below(20);
            Compound::new(&mut draw, buildings)
        };
        let stops = compound.stops();
        let mut before = u32::MAX;
        for walkers in [1, 2, 4, 7] {
            let rounds = compound.ways().rounds(&stops, walkers);
            each_once(&rounds, stops.len());
            assert!(!rounds.exact && rounds.rounds.len() <= walkers);
            let longest = longest(&rounds);
            assert!(longest <= rounds.by_number_s && longest < before, "{longest} {before}");
            before = longest;
            shorter += rounds.by_number_s - longest;
        }
    }
    assert!(shorter > 0);
}

fn doors(numbers: &[&'static str]) -> Vec<Stop<'static>> {
    numbers.iter().map(|door| Stop { building: "3", entrance: "2", door, stay_s: 30 }).collect()
}

fn walked(ways: &Ways, stops: &[Stop<'_>]) -> Vec<String> {
    ways.order(stops).into_iter().map(|place| stops[place].door.to_owned()).collect()
}

#[test]
fn by_lift_from_the_top_floor_down_and_by_stairs_up() {
    let stops = doors(&["101", "302", "301", "601", "门卫"]);
    let with = |lifts| Ways::new(Walking { lifts, ..Walking::default() }, [("3", "601"), ("4", "1102")]);
    let up = ["101", "门卫", "301", "302", "601"];
    let down = ["601", "301", "302", "101", "门卫"];
    assert_eq!(walked(&with(Lifts::Assumed), &stops), up, "six floors have no lift");
    assert_eq!(walked(&with(Lifts::All), &stops), down);
    assert_eq!(walked(&with(Lifts::In(vec!["3".to_owned()])), &stops), down);
    assert_eq!(walked(&with(Lifts::Nowhere), &stops), up);
    let tall = Ways::new(Walking::default(), [("3", "701")]);
    assert_eq!(walked(&tall, &stops), down, "the building has seven, though they are not called");
    // Five floors up at 12 s, five down at 9 s, five doors at 30 s.
    let alone = with(Lifts::Nowhere).rounds(&stops, 1).rounds.remove(0);
    assert_eq!((alone.ends_s, alone.walk_s), (5 * 12 + 5 * 9 + 5 * 30, 5 * 12 + 5 * 9));
    assert_eq!(alone.at_s, [0, 30, 84, 114, 180]);
}

#[test]
fn one_entrance_is_divided_by_floors_among_two_and_stays_whole_for_one() {
    let stops = doors(&["101", "102", "201", "202", "301", "302"]);
    let ways = Ways::default();
    let two = ways.rounds(&stops, 2);
    each_once(&two, stops.len());
    let floors: Vec<Vec<u8>> = two
        .rounds
        .iter()
        .map(|tour| tour.stops.iter().map(|&of| stops[of].door.as_bytes()[0] - b'0').collect())
        .collect();
    assert_eq!(floors.len(), 2);
    assert!(floors[0].iter().all(|floor| !floors[1].contains(floor)), "{floors:?}");
    assert_eq!(ways.rounds(&stops, 1).rounds.len(), 1);
    assert_eq!(ways.rounds(&doors(&["101", "102"]), 2).rounds.len(), 1, "one floor is no two rounds");
}

#[test]
fn where_nothing_is_measured_buildings_follow_their_numbers() {
    let all = [("10", "1"), ("2", "2"), ("2", "1"), ("A", ""), ("02", "1")];
    let stops: Vec<Stop<'_>> =
        all.iter().map(|(building, entrance)| Stop { building, entrance, door: "101", stay_s: 1 }).collect();
    let rounds = Ways::default().rounds(&stops, 1);
    assert!(!rounds.measured);
    let order: Vec<(&str, &str)> = rounds.rounds[0].stops.iter().map(|&of| all[of]).collect();
    assert_eq!(order, [("02", "1"), ("2", "1"), ("2", "2"), ("10", "1"), ("A", "")]);
    assert_eq!(Ways::default().rounds(&[], 3), Rounds { exact: true, measured: true, ..Rounds::default() });
}

#[test]
fn more_entrances_than_a_compound_has_are_walked_by_their_numbers_each_door_once() {
    let names: Vec<String> = (1..=400).rev().map(|number: u32| number.to_string()).collect();
    let stops: Vec<Stop<'_>> =
        names.iter().map(|name| Stop { building: name, entrance: "", door: "101", stay_s: 30 }).collect();
    let ways = Ways::default();
    let order: Vec<&str> = ways.order(&stops).into_iter().map(|place| stops[place].building).collect();
    let wanted: Vec<String> = (1..=400).map(|number: u32| number.to_string()).collect();
    assert_eq!(order, wanted);
    let two = ways.rounds(&stops, 2);
    each_once(&two, 400);
    assert_eq!((two.rounds.len(), two.exact), (2, false));
}
