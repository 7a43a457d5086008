//! A roster by greed and chains: where the solver is not built in, where seconds count, and for the solver to begin with.

use crate::{
    board::{Board, floor_min},
    chain::Chain,
};
use domain::roster::{Roster, Rule, Task};

/// The longest chain of moves for one place.
const MOVES_MAX: usize = 4;
/// Attempts at chains for all places: some tenths of a second at 500 volunteers.
const TRIES: u32 = 300_000;
/// Rounds in which twice the median is found: it depends on the roster, which depends on it.
const ROUNDS: usize = 8;
/// Passes over the whole roster for cheaper people. Few find anything after the third.
const PASSES: usize = 6;

/// A roster that breaks no hard rule, as far as those who are pinned break none.
pub fn draft(task: &Task) -> Roster {
    let mut board = Board::new(task);
    let fixed = vec![false; task.shifts.len()];
    board.most_min = first_bound(task, &board);
    // Who is pinned brings those who belong to them.
    for &(who, at) in &task.pinned {
        Chain::new(&board, &fixed, TRIES).bring(&mut board, who, at);
    }
    fill(&mut board, &fixed);
    improve(&mut board);
    for _ in 0..ROUNDS {
        let bound = board.bound_min();
        let over = relieve(&mut board, bound);
        board.most_min = bound;
        fill(&mut board, &fixed);
        improve(&mut board);
        if !over && board.bound_min() >= bound {
            break;
        }
    }
    // Whatever was filled last may have moved the median.
    while relieve_to_own_bound(&mut board) {}
    board.roster()
}

/// A roster as near to another as the rules of a task let it be, for what changed since that one was made: who is pinned is where they are
/// pinned, who still may have a shift keeps it, and what that leaves empty is filled by chains of moves.
pub fn redraft(task: &Task, wish: &Roster) -> Roster {
    let mut board = Board::new(task);
    let fixed = vec![false; task.shifts.len()];
    board.most_min = Board::of(task, wish).bound_min();
    while settle(&mut board, wish) {}
    for &(who, at) in &task.pinned {
        Chain::new(&board, &fixed, TRIES).bring(&mut board, who, at);
    }
    while part(&mut board) {}
    for at in 0..board.people.len() {
        board.send_home(at);
    }
    fill(&mut board, &fixed);
    while relieve_to_own_bound(&mut board) {}
    board.roster()
}

/// Puts those back who may have what they had; whether there were any. Who belongs to them may come later.
fn settle(board: &mut Board<'_>, wish: &Roster) -> bool {
    let mut any = false;
    for (at, people) in wish.shifts.iter().enumerate().take(board.people.len()) {
        for &who in people {
            if board.empty(at) > 0 && board.fits_alone(who, at) {
                board.put(who, at);
                any = true;
            }
        }
    }
    any
}

/// Takes off whoever is on duty without those who belong to them; whether there were any.
fn part(board: &mut Board<'_>) -> bool {
    let mut any = false;
    for who in 0..board.own.len() {
        for at in board.own[who].clone() {
            if board.breaks(Rule::Together, who, at) && board.may_go(who, at) {
                board.take(who, at);
                any = true;
            }
        }
    }
    any
}

/// Twice the mean of what is to be served, to begin with.
fn first_bound(task: &Task, board: &Board<'_>) -> i32 {
    let count = (0..task.volunteers.len()).filter(|&who| board.is_owed(who)).count().max(1) as i64;
    let minutes: i64 =
        task.shifts.iter().map(|shift| i64::from(shift.span.minutes()) * i64::from(shift.people)).sum();
    floor_min(task).max(i32::try_from(2 * minutes / count).unwrap_or(i32::MAX))
}

/// Fills what is empty, the shifts with the least choice first.
fn fill(board: &mut Board<'_>, fixed: &[bool]) {
    let choice = |at: usize| {
        let could = (0..board.own.len()).filter(|&who| board.could(who, at)).count();
        could as f64 / f64::from(board.task.shifts[at].people.max(1))
    };
    let mut order: Vec<(f64, usize)> = (0..board.people.len()).map(|at| (choice(at), at)).collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let mut chain = Chain::new(board, fixed, TRIES);
    for moves in [1, MOVES_MAX] {
        for &(_, at) in &order {
            while board.empty(at) > 0 && chain.fill(board, at, moves) {}
        }
    }
}

/// Takes shifts from those who serve more than a bound; whether there were any.
fn relieve(board: &mut Board<'_>, bound_min: i32) -> bool {
    let mut any = false;
    for who in 0..board.own.len() {
        while board.minutes[who] > bound_min && !board.task.volunteers[who].guest {
            let free = |at: &usize| board.may_go(who, *at);
            let key = |at: &usize| (board.spares(who, *at), *at);
            let Some(at) = board.own[who].iter().copied().filter(free).max_by_key(key) else { break };
            let span = board.task.shifts[at].span;
            for other in board.group(who) {
                let theirs =
                    board.own[other].iter().copied().find(|&own| board.task.shifts[own].span == span);
                if let Some(theirs) = theirs {
                    board.take(other, theirs);
                    board.send_home(theirs);
                }
            }
            any = true;
        }
    }
    any
}

fn relieve_to_own_bound(board: &mut Board<'_>) -> bool {
    if !board.task.rules.holds(Rule::TwiceMedian) {
        return false;
    }
    let bound = board.bound_min();
    relieve(board, bound)
}

/// Puts cheaper people in the places of dearer ones, and those who have nothing in the places of those who have much.
fn improve(board: &mut Board<'_>) {
    for _ in 0..PASSES {
        let mut any = replace(board);
        any |= swap(board);
        if !any {
            break;
        }
    }
}

fn replace(board: &mut Board<'_>) -> bool {
    let mut any = false;
    for at in 0..board.people.len() {
        for place in 0..board.people[at].len() {
            let Some(&who) = board.people[at].get(place) else { break };
            if !may_leave(board, who, at) {
                continue;
            }
            let before = i64::from(board.cost_of(who));
            board.take(who, at);
            let saved = before - i64::from(board.cost_of(who));
            let mut best: Option<(i64, usize)> = None;
            for other in 0..board.own.len() {
                if other == who || !board.together(other).is_empty() || !board.fits(other, at) {
                    continue;
                }
                let before = i64::from(board.cost_of(other));
                board.put(other, at);
                let more = i64::from(board.cost_of(other)) - before;
                board.take(other, at);
                if more < saved && best.is_none_or(|(least, _)| more < least) {
                    best = Some((more, other));
                }
            }
            board.put(best.map_or(who, |(_, other)| other), at);
            any |= best.is_some();
        }
    }
    any
}

/// Exchanges two people where both, together, would rather have the other's shift.
fn swap(board: &mut Board<'_>) -> bool {
    let mut any = false;
    for at in 0..board.people.len() {
        for place in 0..board.people[at].len() {
            let Some(&who) = board.people[at].get(place) else { break };
            let unhappy = {
                let person = &board.task.volunteers[who];
                !person.prefers.is_empty() && !person.prefers.contains(&board.task.shifts[at].role)
            };
            if unhappy && may_leave(board, who, at) {
                any |= swap_one(board, who, at);
            }
        }
    }
    any
}

fn swap_one(board: &mut Board<'_>, who: usize, at: usize) -> bool {
    for theirs in 0..board.people.len() {
        if theirs == at || !board.could(who, theirs) {
            continue;
        }
        for place in 0..board.people[theirs].len() {
            let Some(&other) = board.people[theirs].get(place) else { break };
            if other == who || !board.could(other, at) || !may_leave(board, other, theirs) {
                continue;
            }
            let before = board.cost_of(who) + board.cost_of(other);
            board.take(who, at);
            board.take(other, theirs);
            if board.fits(who, theirs) {
                board.put(who, theirs);
                if board.fits(other, at) {
                    board.put(other, at);
                    if board.cost_of(who) + board.cost_of(other) < before {
                        return true;
                    }
                    board.take(other, at);
                }
                board.take(who, theirs);
            }
            board.put(who, at);
            board.put(other, theirs);
        }
    }
    false
}

fn may_leave(board: &Board<'_>, who: usize, at: usize) -> bool {
    !board.is_pinned(who, at) && board.together(who).is_empty() && board.spares(who, at)
}
