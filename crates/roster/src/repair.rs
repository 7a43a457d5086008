//! Somebody cannot come after all: their places are filled with few others touched.

use crate::{board::Board, chain::Chain};
use domain::roster::{Roster, Span, Task};

/// Others whose shifts may change: what people bear at six in the morning.
pub(crate) const CHANGED_MAX: usize = 3;
/// Moves for one place.
const MOVES_MAX: usize = CHANGED_MAX;
/// Attempts at chains: well within a second at 500 volunteers.
const TRIES: u32 = 200_000;

/// A roster after a drop-out.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    /// The task without whom it lost: what the roster is to be held against from now on.
    pub task: Task,
    /// The roster.
    pub roster: Roster,
    /// The others whose shifts changed, in order.
    pub changed: Vec<usize>,
    /// Places that stay empty though somebody had them before.
    pub lost: u32,
    /// Of them, how many no change of three others or fewer can fill, as far as that is proven (by `model::repair`).
    pub proven: u32,
}

/// Takes somebody off all shifts that touch a stretch of time, and fills what they leave. Shifts that began before `now_min` stay as
/// they are. Who is only on duty together with them is let off as well.
pub fn repair(task: &Task, roster: &Roster, who: usize, out: Span, now_min: i32) -> Repair {
    let agreed = Board::of(task, roster).bound_min();
    let mut task = task.clone();
    excuse(&mut task, who, out);
    task.rules.agreed_max_min = Some(agreed);
    task.pinned.retain(|&(pinned, at)| pinned != who || !task.shifts[at].span.overlaps(out));
    let before = roster;
    let mut kept = roster.clone();
    let begun: Vec<bool> = task.shifts.iter().map(|shift| shift.span.from_min < now_min).collect();
    let left: Vec<usize> =
        roster.of(who).filter(|&at| task.shifts[at].span.overlaps(out) && !begun[at]).collect();
    let group = Board::new(&task).group(who);
    for &at in &left {
        let span = task.shifts[at].span;
        for &one in &group {
            for (place, people) in kept.shifts.iter_mut().enumerate() {
                if task.shifts[place].span == span {
                    people.retain(|&person| person != one);
                }
            }
        }
    }
    // Who goes with them cannot be kept by a pin.
    task.pinned.retain(|&(pinned, at)| kept.shifts[at].contains(&pinned));
    let mut board = Board::of(&task, &kept);
    board.most_min = board.bound_min();
    let mut chain = Chain::new(&board, &begun, TRIES);
    chain.barred[who] = true;
    // Those who go with them are changed, they themselves are not.
    for &one in &group[1..] {
        chain.touched[one] = true;
    }
    chain.touched_max = CHANGED_MAX;
    let mut gaps: Vec<usize> = Vec::new();
    for (at, people) in before.shifts.iter().enumerate() {
        let gone = people.iter().filter(|person| !kept.shifts[at].contains(person)).count();
        gaps.extend(std::iter::repeat_n(at, gone));
    }
    // The hardest to fill first: those whom fewest can have.
    gaps.sort_by_key(|&at| ((0..board.own.len()).filter(|&one| board.fits(one, at)).count(), at));
    for moves in 1..=MOVES_MAX {
        gaps.retain(|&at| !chain.fill(&mut board, at, moves));
    }
    // What the loss broke and no chain mended: first-timers among themselves go home.
    for at in (0..board.people.len()).filter(|&at| !begun[at]) {
        board.send_home(at);
    }
    let roster = board.roster();
    Repair::of(task, before, roster, who)
}

/// Somebody cannot come in a stretch of time, and nothing is owed to them any more.
pub fn excuse(task: &mut Task, who: usize, out: Span) {
    task.volunteers[who].available = cut(&task.volunteers[who].available, out);
    task.volunteers[who].excused = true;
}

impl Repair {
    /// What one roster changed of another.
    pub(crate) fn of(task: Task, before: &Roster, roster: Roster, who: usize) -> Repair {
        let differs = |one: &usize| *one != who && !before.of(*one).eq(roster.of(*one));
        let changed = (0..task.volunteers.len()).filter(differs).collect();
        let lost = roster.places_empty(&task).saturating_sub(before.places_empty(&task));
        Repair { task, roster, changed, lost, proven: 0 }
    }

    /// Whether every place is filled again and few others are touched.
    pub fn is_small(&self) -> bool {
        self.lost == 0 && self.changed.len() <= CHANGED_MAX
    }
}

/// What is left of some stretches of time without one.
fn cut(spans: &[Span], out: Span) -> Vec<Span> {
    let parts = spans.iter().flat_map(|span| {
        let before = Span { from_min: span.from_min, until_min: span.until_min.min(out.from_min) };
        let after = Span { from_min: span.from_min.max(out.until_min), until_min: span.until_min };
        [before, after]
    });
    parts.filter(|span| span.minutes() > 0).collect()
}
