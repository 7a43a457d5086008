//! The plan: by linear programs where people can go one by one, and from there in whole teams and buses by searching neighbourhoods.

use crate::bound::{self, Clock, Ladder, Loads};
use crate::{
    Bounds, CHUNK, Level, Levels, Limits, Solved, Unsolved,
    board::{Board, CONVOY},
    convoys, least_of,
    search::Search,
};
use domain::aid::{Aid, AidPlan};

/// The part of the time in which whole teams are sought, for each of two levels.
const LOADS: f64 = 0.12;
/// The part of the time after which no bus is sent elsewhere by itself.
const SENT: f64 = 0.6;
/// A column's value this near to a whole number is one.
const NEAR: f64 = 1e-6;

/// Plans; `seconds` is how long it has taken so far.
///
/// # Errors
/// If HiGHS gives nothing, as when it runs out of time.
pub fn solve(
    aid: &Aid,
    limits: Limits,
    seconds: &dyn Fn() -> f64,
    progress: &mut dyn FnMut(&str, f64),
) -> Result<Solved, Unsolved> {
    let empty = Board::new(aid);
    let clock = Clock { time_s: limits.time_s, seconds };
    let mut ladder = Ladder::new(&empty.ground, clock)?;
    let mut best = ladder.best.clone();
    let donors: Vec<usize> = (0..aid.donors.len()).collect();
    progress("levels", seconds());
    let whole = aid.rules.seats.is_some() || aid.skills.iter().any(|skill| skill.team > 1);
    let two_s;
    let mut loads = None;
    let board = if whole {
        let chunk = if aid.rules.seats.is_some() { CONVOY } else { CHUNK };
        let mut board = Board::new(aid);
        board.fill(&donors, &best.targets, chunk, 0.0);
        // Bus by bus is more even where people suffice, all buses of a day to one district fuller where they do not.
        let mut by_bus = Board::new(aid);
        by_bus.fill(&donors, &best.targets, aid.rules.seats.unwrap_or(CHUNK), 0.0);
        if by_bus.worth(&best.targets) > board.worth(&best.targets) {
            board = by_bus;
        }
        loads = bound::loads(&empty.ground, &best.targets, limits.time_s * LOADS).ok();
        if let Some(loads) = &loads {
            best.least = loads.least;
            // Whole teams cost some of the first level: more of the second can be had than with all of it.
            best.more = ladder.total(loads.least).map_or(loads.more, |linear| linear.min(loads.more));
            let buses = Clock { time_s: limits.time_s * SENT, seconds };
            let sent = aid.rules.seats.and_then(|_| convoys::send(aid, loads, &best, buses).ok());
            let mut other = sent.unwrap_or_else(|| {
                let mut board = Board::new(aid);
                board.send(loads.rides(), &best.targets);
                board
            });
            other.fill(&donors, &best.targets, chunk, 0.0);
            if other.worth(&best.targets) > board.worth(&best.targets) {
                board = other;
            }
        }
        let mut search = Search::new(aid, &best, limits, seconds);
        board = search.first_two(board, progress)?;
        two_s = seconds();
        let levels = board.levels(&best.targets);
        let more = levels.total - empty.ground.total() as f64;
        let lowest = ladder.burden(levels.least, more).unwrap_or(0.0);
        search.last_two(board, lowest, progress)?
    } else {
        let board = linear(aid, &mut ladder, clock);
        two_s = seconds();
        board
    };
    if let Some(loads) = &mut loads {
        // Its second bound is for plans that are better on the first level than this one.
        let Levels { least, .. } = board.levels(&best.targets);
        if least < loads.held {
            let time_s = clock.left_s().min(limits.time_s * LOADS);
            (loads.more, loads.held) = (bound::total(&empty.ground, &best.targets, least, time_s), least);
        }
    }
    Ok(finish(&board, &mut ladder, loads, two_s, clock))
}

/// Plans anew with teams withdrawn ([`crate::after`]): orders that were given are kept, what is missing is filled, and others are
/// taken back only where each such person gains more than so many person-days.
///
/// # Errors
/// If HiGHS gives nothing.
pub fn replan(
    aid: &Aid,
    kept: &AidPlan,
    change_days: f64,
    limits: Limits,
    seconds: &dyn Fn() -> f64,
    progress: &mut dyn FnMut(&str, f64),
) -> Result<Solved, Unsolved> {
    let mut ladder = Ladder::new(&Board::new(aid).ground, Clock { time_s: limits.time_s, seconds })?;
    let best = ladder.best.clone();
    let donors: Vec<usize> = (0..aid.donors.len()).collect();
    let mut board = Board::of(aid, kept);
    board.fill(&donors, &best.targets, 1, 0.0);
    let mut search = Search::new(aid, &best, limits, seconds).keeping(kept, change_days);
    let board = search.first_two(board, progress)?;
    Ok(finish(&board, &mut ladder, None, seconds(), Clock { time_s: limits.time_s, seconds }))
}

/// The plan of the linear programs, in whole people; filled by greed alone where they are not solved in time.
fn linear<'a>(aid: &'a Aid, ladder: &mut Ladder<'_>, clock: Clock<'_>) -> Board<'a> {
    let mut board = Board::new(aid);
    let burden = ladder.burden(1.0, ladder.best.more);
    let best = &ladder.best;
    let hours =
        |burden: f64| bound::hours(&board.ground, &best.targets, (1.0, best.more, burden), clock).ok();
    if let Some((_, program, answer)) = burden.as_ref().ok().and_then(|burden| hours(*burden)) {
        for going in &program.going {
            let people = (answer.at(going.column) + NEAR).floor() as u32;
            let people = people.min(board.fits(going.donor, going.district, going.skill, going.leaves));
            board.add(going.donor, going.district, going.skill, going.leaves, people);
        }
    }
    let donors: Vec<usize> = (0..aid.donors.len()).collect();
    board.fill(&donors, &best.targets, 1, burden.unwrap_or(0.0));
    board
}

/// What is reached, and what is proven of it: the bound of each level holds for plans that are as good on those before it.
pub(crate) fn finish(
    board: &Board<'_>,
    ladder: &mut Ladder<'_>,
    loads: Option<Loads>,
    two_s: f64,
    clock: Clock<'_>,
) -> Solved {
    let empty = Board::new(board.ground.aid);
    let reached = board.levels(&ladder.best.targets);
    let has = empty.ground.total() as f64;
    let more = reached.total - has;
    // What is not proven in time is not claimed: the plan stands all the same.
    let asked: u64 = empty.ground.asked.iter().sum();
    let linear = ladder.total(reached.least).unwrap_or(asked as f64 - has);
    let burden = ladder.burden(reached.least, more).unwrap_or(0.0);
    let best = &ladder.best;
    let given = (reached.least, more, reached.burden);
    let hours = bound::hours(&empty.ground, &best.targets, given, clock).map_or(0.0, |(hours, ..)| hours);
    let least = least_of(&best.targets, &empty.ground.asked);
    let loads = loads.unwrap_or(Loads { least: 1.0, more: f64::INFINITY, ..Loads::default() });
    let most = loads.least.max(reached.least);
    let more_at_most = if reached.least >= loads.held { loads.more } else { f64::INFINITY };
    let bounds = Bounds {
        least: Level { gap: (1.0 - reached.least / most).max(0.0), ..Level::up(board.ground.least(), least) },
        total: Level::up(reached.total, has + linear.min(more_at_most)),
        burden: Level::down(reached.burden, burden),
        hours: Level::down(reached.hours, hours),
    };
    Solved {
        plan: board.plan(),
        targets: best.targets.clone(),
        bounds,
        size: best.size,
        first_two_s: two_s,
        all_s: (clock.seconds)(),
    }
}
