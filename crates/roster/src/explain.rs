//! Why a place stays empty and what would fill it, who best fills it now, and what keeping a wish would cost.

use crate::{board::Board, chain::Chain};
use domain::roster::{Force, Roster, Rule, Task};

/// Changes that are told for one gap: more are not read.
const CHANGES_MAX: usize = 3;
/// Helpers that are told for one gap.
const HELPERS_MAX: usize = 5;
const MOVES_MAX: usize = 3;
const TRIES: u32 = 20_000;

/// What would fill a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Somebody comes, or stays, so many minutes beyond what they said.
    Longer {
        /// Who.
        volunteer: usize,
        /// Minutes.
        minutes: i32,
    },
    /// More sets of protective clothing, or vests.
    Stock {
        /// Of which: `Suits` or `Vests`.
        rule: Rule,
        /// How many more.
        pieces: u32,
    },
    /// A rule gives way for one person.
    Waive {
        /// Who.
        volunteer: usize,
        /// The rule.
        rule: Rule,
    },
    /// Somebody who can come learns the role.
    Train {
        /// Who.
        volunteer: usize,
    },
    /// So many more people who can do it come at that time.
    Recruit {
        /// How many.
        people: u32,
    },
}

/// A shift with empty places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The shift.
    pub shift: usize,
    /// Places that nobody has.
    pub places: u32,
    /// How many could do it at all: trained, free, and able.
    pub could: u32,
    /// What would fill one of the places, the least change first.
    pub changes: Vec<Change>,
}

/// Somebody who can fill a place right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Helper {
    /// Who.
    pub volunteer: usize,
    /// What it costs more in wishes.
    pub cost: i64,
    /// Minutes that they have already.
    pub minutes: i32,
}

/// What a broken wish costs, and what keeping it would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The wish.
    pub rule: Rule,
    /// Whose.
    pub volunteer: usize,
    /// At which shift; `None` for somebody who is left out.
    pub shift: Option<usize>,
    /// What it costs as it is.
    pub cost: u32,
    /// What all else would cost more if it were kept, as the best that a short search finds: places that stay empty, and other
    /// wishes; `None` where none was found.
    pub kept_cost: Option<i64>,
    /// Places that would stay empty.
    pub places: i64,
}

/// All gaps of a roster, in the order of the shifts.
pub fn explain(task: &Task, roster: &Roster) -> Vec<Gap> {
    let mut board = Board::of(task, roster);
    board.most_min = board.bound_min();
    let gaps = (0..task.shifts.len()).filter(|&at| board.empty(at) > 0);
    gaps.map(|at| gap(&board, at)).collect()
}

fn gap(board: &Board<'_>, at: usize) -> Gap {
    let count = board.own.len();
    let places = board.empty(at);
    let mut changes: Vec<(u32, Change)> = Vec::new();
    for volunteer in (0..count).filter(|who| !board.people[at].contains(who)) {
        if let [rule] = board.broken(volunteer, at)[..] {
            changes.extend(mend(board, volunteer, at, rule).map(|change| (worth(change), change)));
        }
    }
    changes.sort();
    // More clothing is the same change whoever wears it.
    changes.dedup();
    let mut changes: Vec<Change> = changes.into_iter().map(|(_, change)| change).take(CHANGES_MAX).collect();
    // People who are free, trained and able fill it, unless it is longer than anyone may be on duty.
    if board.bearable(at) {
        changes.push(Change::Recruit { people: places });
    }
    let could = (0..count).filter(|&who| board.could(who, at)).count() as u32;
    Gap { shift: at, places, could, changes }
}

/// The change that lifts the one rule in the way; `None` for what nobody should be asked for.
fn mend(board: &Board<'_>, volunteer: usize, at: usize, rule: Rule) -> Option<Change> {
    let span = board.task.shifts[at].span;
    match rule {
        Rule::Available => {
            let spans = &board.task.volunteers[volunteer].available;
            // Somebody who is there for a part of it, or comes right after.
            let missing = |have: &domain::roster::Span| {
                (have.from_min - span.from_min).max(0) + (span.until_min - have.until_min).max(0)
            };
            let minutes = spans.iter().map(missing).min()?;
            (minutes <= span.minutes()).then_some(Change::Longer { volunteer, minutes })
        }
        Rule::Trained => Some(Change::Train { volunteer }),
        Rule::Suits | Rule::Vests => Some(Change::Stock { rule, pieces: board.lacking(rule, at) }),
        Rule::FirstTimers | Rule::TwiceMedian => Some(Change::Waive { volunteer, rule }),
        // Health and rest, one's own word, one's family, and being in two places are nothing to ask for.
        _ => None,
    }
}

/// How much a change asks of people: the smaller, the earlier it is told.
fn worth(change: Change) -> u32 {
    match change {
        Change::Longer { minutes, .. } => minutes as u32,
        Change::Stock { pieces, .. } => 30 * pieces,
        Change::Waive { .. } => 60,
        Change::Train { .. } => 180,
        Change::Recruit { .. } => 240,
    }
}

/// Who best fills a place of a shift as things stand, the best first: nobody else moves.
pub fn helpers(task: &Task, roster: &Roster, at: usize) -> Vec<Helper> {
    let mut board = Board::of(task, roster);
    board.most_min = board.bound_min();
    let mut found: Vec<Helper> = Vec::new();
    for volunteer in 0..task.volunteers.len() {
        if !board.fits(volunteer, at) {
            continue;
        }
        let before = i64::from(board.cost_of(volunteer));
        let minutes = board.minutes[volunteer];
        board.put(volunteer, at);
        let cost = i64::from(board.cost_of(volunteer)) - before;
        board.take(volunteer, at);
        found.push(Helper { volunteer, cost, minutes });
    }
    found.sort_by_key(|helper| (helper.cost, helper.minutes, helper.volunteer));
    found.truncate(HELPERS_MAX);
    found
}

/// What each broken wish of a roster costs, and what keeping it would.
pub fn prices(task: &Task, roster: &Roster) -> Vec<Price> {
    let mut board = Board::of(task, roster);
    board.most_min = board.bound_min();
    let mut prices = Vec::new();
    for volunteer in 0..task.volunteers.len() {
        if board.own[volunteer].is_empty() && board.cost_of(volunteer) > 0 {
            prices.push(left_out(&mut board, volunteer));
        }
        for at in board.own[volunteer].clone() {
            let person = &task.volunteers[volunteer];
            let disliked = !person.prefers.is_empty() && !person.prefers.contains(&task.shifts[at].role);
            for (rule, broken) in [(Rule::Preference, disliked), (Rule::IfNeeded, person.if_needed)] {
                let Force::Soft(cost) = task.rules.force(rule) else { continue };
                if broken {
                    prices.push(relieved(&board, rule, volunteer, at, cost));
                }
            }
        }
    }
    prices.sort_by_key(|price| (std::cmp::Reverse(price.cost), price.volunteer, price.shift));
    prices
}

/// Somebody has no shift: what it would cost to give them another's.
fn left_out(board: &mut Board<'_>, volunteer: usize) -> Price {
    let mut least: Option<i64> = None;
    for at in 0..board.people.len() {
        for other in board.people[at].clone() {
            if board.is_pinned(other, at) || !board.together(other).is_empty() || !board.could(volunteer, at)
            {
                continue;
            }
            let both = |board: &Board<'_>| i64::from(board.cost_of(volunteer) + board.cost_of(other));
            let before = both(board);
            board.take(other, at);
            if board.fits(volunteer, at) {
                board.put(volunteer, at);
                let more = both(board) - before + i64::from(board.task.rules.nobody_cost);
                least = Some(least.map_or(more, |known| known.min(more)));
                board.take(volunteer, at);
            }
            board.put(other, at);
        }
    }
    let cost = board.task.rules.nobody_cost;
    Price { rule: Rule::Nobody, volunteer, shift: None, cost, kept_cost: least, places: 0 }
}

/// Somebody has a shift that they would rather not have: what it would cost to let them off.
fn relieved(board: &Board<'_>, rule: Rule, volunteer: usize, at: usize, cost: u32) -> Price {
    let empty = |board: &Board<'_>| (0..board.people.len()).map(|at| i64::from(board.empty(at))).sum::<i64>();
    let mut trial = board.clone();
    trial.take(volunteer, at);
    let fixed = vec![false; board.people.len()];
    let mut chain = Chain::new(&trial, &fixed, TRIES);
    chain.barred[volunteer] = true;
    chain.fill(&mut trial, at, MOVES_MAX);
    let kept_cost = Some(trial.cost() as i64 - board.cost() as i64 + i64::from(cost));
    let places = empty(&trial) - empty(board);
    Price { rule, volunteer, shift: Some(at), cost, kept_cost, places }
}
