//! Where whole buses go, once it stands who rides in them. A linear program over all of them sends most to one district each; those
//! that it would part, and some that are drawn again and again, are sent by a program in whole numbers while the others stay.

use crate::board::{Board, EVEN_WEIGHT, LEAST_WEIGHT, Load};
use crate::bound::{Best, Clock};
use crate::drawn::Drawn;
use crate::program::{Come, meet};
use crate::solver::{Column, Rows};
use crate::{Unsolved, bound::Loads};
use domain::aid::Aid;

/// What of a convoy the linear program sends to one district so that it goes there.
const ALMOST: f64 = 0.99;
/// Convoys in one neighbourhood.
const OPEN: usize = 50;
/// Seconds for one neighbourhood.
const EACH_S: f64 = 1.5;
/// With less time than this, no other is begun.
const LEAST_S: f64 = 0.2;
/// Neighbourhoods without any gain after which it stops.
const IDLE_MAX: usize = 30;
/// Nearer than this, it need not be.
const GAP: f64 = 2e-4;
/// The stream of neighbourhoods.
const SEED: u32 = 2023;

/// Buses of one donor that leave on one day for one district.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Convoy {
    donor: usize,
    leaves: usize,
    load: Load,
}

/// By convoy: the district to which it goes.
type Sent = Vec<Option<usize>>;

/// Sends what leaves each donor on each day, so that the least-served district has most, then all.
///
/// # Errors
/// If HiGHS does not solve the linear program in the time that is left.
pub fn send<'a>(aid: &'a Aid, loads: &Loads, best: &Best, clock: Clock<'_>) -> Result<Board<'a>, Unsolved> {
    let convoys = convoys(aid, loads);
    let of = |sent: &Sent| {
        let mut board = Board::new(aid);
        let ways = convoys.iter().zip(sent);
        ways.for_each(|(convoy, to)| to.iter().for_each(|to| ride(&mut board, convoy, *to)));
        board
    };
    let all: Vec<&Convoy> = convoys.iter().collect();
    let mut sent = places(&Board::new(aid), &all, best, None, clock.left_s())?;
    let mut board = of(&sent);
    let (mut drawn, mut idle) = (Drawn::new(SEED), 0);
    // What the linear program would part comes first.
    let mut open: Vec<usize> = (0..sent.len()).filter(|at| sent[*at].is_none()).collect();
    while idle < IDLE_MAX && clock.time_s - (clock.seconds)() > LEAST_S {
        let mut others: Vec<usize> = (0..sent.len()).filter(|at| !open.contains(at)).collect();
        let worst = board.worst(&best.targets);
        let (mut there, mut elsewhere): (Vec<usize>, Vec<usize>) =
            others.iter().partition(|at| sent[**at] == worst);
        // Half of them from the district that holds the least back: its beds or its mix of skills may want others.
        for (of, size) in [(&mut there, OPEN / 2), (&mut elsewhere, OPEN)] {
            while open.len() < size && !of.is_empty() {
                open.push(drawn.take(of));
            }
        }
        others.retain(|at| !open.contains(at));
        let all_open = others.is_empty();
        let mut ground = Board::new(aid);
        for at in others {
            sent[at].iter().for_each(|to| ride(&mut ground, &convoys[at], *to));
        }
        let some: Vec<&Convoy> = open.iter().map(|at| &convoys[*at]).collect();
        let now: Sent = open.iter().map(|at| sent[*at]).collect();
        let time_s = EACH_S.min(clock.time_s - (clock.seconds)());
        // What was found stays where no more is found in time.
        let Ok(goes) = places(&ground, &some, best, Some(&now), time_s) else { break };
        let mut other = sent.clone();
        for (at, to) in open.drain(..).zip(goes) {
            other[at] = to;
        }
        let made = of(&other);
        if made.worth(&best.targets) > board.worth(&best.targets) {
            (board, sent, idle) = (made, other, 0);
        } else if all_open {
            break;
        } else {
            idle += 1;
        }
    }
    Ok(board)
}

/// What leaves each donor on each day, by single buses where whole teams fit into as few of them.
fn convoys(aid: &Aid, loads: &Loads) -> Vec<Convoy> {
    let seats = aid.rules.seats.unwrap_or(u32::MAX);
    let of = |((leaves, donor), load): ((usize, usize), Load)| {
        let buses = by_bus(aid, &load, seats).unwrap_or_else(|| vec![load]);
        buses.into_iter().map(move |load| Convoy { donor, leaves, load })
    };
    loads.rides().into_iter().flat_map(of).collect()
}

/// A load by single buses, large teams first; `None` if that takes more buses than there need be.
fn by_bus(aid: &Aid, load: &Load, seats: u32) -> Option<Vec<Load>> {
    let all: u32 = load.iter().map(|(_, people)| people).sum();
    let mut buses = vec![(seats, Load::new()); all.div_ceil(seats) as usize];
    let mut load = load.clone();
    load.sort_by_key(|(skill, _)| std::cmp::Reverse(aid.skills[*skill].team));
    for (skill, mut left) in load {
        let team = aid.skills[skill].team.max(1);
        for (free, inside) in &mut buses {
            let goes = left.min(*free / team * team);
            if goes > 0 {
                inside.push((skill, goes));
                (*free, left) = (*free - goes, left - goes);
            }
        }
        if left > 0 {
            return None;
        }
    }
    Some(buses.into_iter().map(|(_, inside)| inside).collect())
}

fn ride(board: &mut Board<'_>, convoy: &Convoy, district: usize) {
    for &(skill, people) in &convoy.load {
        let people = people.min(board.fits(convoy.donor, district, skill, convoy.leaves));
        board.add(convoy.donor, district, skill, convoy.leaves, people);
    }
}

/// Where convoys go while what is on the board stays: in whole numbers from where they go `now`, or by the linear program, which leaves
/// out those that it would part.
fn places(
    board: &Board<'_>,
    convoys: &[&Convoy],
    best: &Best,
    now: Option<&Sent>,
    time_s: f64,
) -> Result<Sent, Unsolved> {
    let ground = &board.ground;
    let mut rows = Rows::default();
    let mut come = Come::new();
    let mut ways: Vec<Vec<(usize, Column)>> = Vec::new();
    for convoy in convoys {
        let mut each = Vec::new();
        for district in 0..ground.asked.len() {
            let goes = |&(skill, people): &(usize, u32)| {
                let (from, ..) = ground.journey(convoy.donor, district, skill, convoy.leaves)?;
                Some(((district, skill, from as usize), f64::from(people)))
            };
            let load: Vec<_> = convoy.load.iter().filter_map(goes).collect();
            if load.is_empty() {
                continue;
            }
            let column = if now.is_some() { rows.whole(0.0, 1.0) } else { rows.column(0.0, 1.0) };
            each.push((district, column));
            for (key, people) in load {
                come.entry(key).or_default().push((column, people));
            }
        }
        let once: Vec<_> = each.iter().map(|(_, column)| (*column, 1.0)).collect();
        if once.len() > 1 {
            rows.row(f64::NEG_INFINITY, 1.0, &once);
        }
        ways.push(each);
    }
    let met = meet(&mut rows, ground, come, &best.targets);
    let mut solver = rows.into_solver();
    let all: u64 = ground.asked.iter().sum();
    for (column, weight) in
        [(met.least, LEAST_WEIGHT * all as f64), (met.even, EVEN_WEIGHT), (met.total, 1.0)]
    {
        solver.cost(column, -weight);
    }
    if let Some(now) = now {
        solver.choose_share("mip_rel_gap", GAP);
        let goes = |(each, now): (&Vec<(usize, Column)>, &Option<usize>)| -> Vec<(Column, f64)> {
            each.iter().map(|(to, column)| (*column, f64::from(u8::from(Some(*to) == *now)))).collect()
        };
        solver.begin(&ways.iter().zip(now).flat_map(goes).collect::<Vec<_>>());
    }
    let answer = solver.solve(time_s)?;
    let to = |each: &Vec<(usize, Column)>| {
        each.iter().find(|(_, column)| answer.at(*column) > ALMOST).map(|(district, _)| *district)
    };
    Ok(ways.iter().map(to).collect())
}
