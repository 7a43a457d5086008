//! One place filled: by whoever fits, or by somebody who leaves another place, which is filled in turn.

use crate::board::Board;

/// Who is put where, or taken away from there, in the order in which it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Put(usize, usize),
    Take(usize, usize),
}

/// A search for a chain: what it must leave alone, what it has done, and how much it may still try.
#[derive(Debug)]
pub(crate) struct Chain<'a> {
    /// Who must not be put anywhere.
    pub barred: Vec<bool>,
    /// Shifts that nobody may leave: they have begun.
    pub fixed: &'a [bool],
    /// Whom to prefer though others cost less: they are touched already.
    pub touched: Vec<bool>,
    /// How many may be touched in all.
    pub touched_max: usize,
    /// Attempts to move somebody that are left.
    pub tries: u32,
    steps: Vec<Step>,
}

impl<'a> Chain<'a> {
    /// A search that leaves shifts that are `fixed` as they are.
    pub fn new(board: &Board<'_>, fixed: &'a [bool], tries: u32) -> Chain<'a> {
        let count = board.own.len();
        Chain {
            barred: vec![false; count],
            fixed,
            touched: vec![false; count],
            touched_max: usize::MAX,
            tries,
            steps: Vec::new(),
        }
    }

    /// Fills one place of a shift by at most so many moves; the board is as before where it cannot be done.
    pub fn fill(&mut self, board: &mut Board<'_>, at: usize, moves: usize) -> bool {
        let begin = self.steps.len();
        let found = self.directly(board, at) || (2..=moves).any(|length| self.by_moving(board, at, length));
        found && self.settle(board, begin)
    }

    /// Who was moved counts as touched; where those are too many, it is as before.
    fn settle(&mut self, board: &mut Board<'_>, begin: usize) -> bool {
        let mut touched = self.touched.clone();
        for step in &self.steps[begin..] {
            let (Step::Put(who, _) | Step::Take(who, _)) = *step;
            touched[who] = true;
        }
        if touched.iter().filter(|touched| **touched).count() > self.touched_max {
            self.undo(board, begin);
            return false;
        }
        self.touched = touched;
        true
    }

    /// The one who fits best: touched already, then at the least cost, then with the fewest minutes.
    fn directly(&mut self, board: &mut Board<'_>, at: usize) -> bool {
        let mut best: Option<((bool, i64, i32), usize)> = None;
        for who in 0..board.own.len() {
            if self.barred[who] || !board.fits_alone(who, at) {
                continue;
            }
            if !board.together(who).is_empty() && !self.group_fits(board, who, at) {
                continue;
            }
            let before = i64::from(board.cost_of(who));
            board.put(who, at);
            let more = i64::from(board.cost_of(who)) - before;
            board.take(who, at);
            let key = (!self.touched[who], more, board.minutes[who]);
            if best.is_none_or(|(least, _)| key < least) {
                best = Some((key, who));
            }
        }
        let Some((_, who)) = best else { return false };
        if board.together(who).is_empty() {
            self.put(board, who, at);
            return true;
        }
        self.put_group(board, who, at)
    }

    fn group_fits(&mut self, board: &mut Board<'_>, who: usize, at: usize) -> bool {
        let begin = self.steps.len();
        let fits = self.put_group(board, who, at);
        self.undo(board, begin);
        fits
    }

    /// Somebody and all who are tied to them, each at a shift of the same time.
    fn put_group(&mut self, board: &mut Board<'_>, who: usize, at: usize) -> bool {
        let begin = self.steps.len();
        if board.group(who).iter().any(|&one| self.barred[one]) {
            return false;
        }
        self.put(board, who, at);
        let brought = self.bring(board, who, at);
        if !brought {
            self.undo(board, begin);
        }
        brought
    }

    /// All who are tied to somebody who has a shift, each at one of the same time.
    pub fn bring(&mut self, board: &mut Board<'_>, who: usize, at: usize) -> bool {
        let begin = self.steps.len();
        let span = board.task.shifts[at].span;
        let group = board.group(who);
        for &other in &group[1..] {
            if board.own[other].iter().any(|&theirs| board.task.shifts[theirs].span == span) {
                continue;
            }
            let free = (0..board.people.len()).find(|&theirs| {
                board.task.shifts[theirs].span == span
                    && !self.fixed[theirs]
                    && board.empty(theirs) > 0
                    && board.fits_alone(other, theirs)
            });
            match free {
                Some(theirs) => self.put(board, other, theirs),
                None => {
                    self.undo(board, begin);
                    return false;
                }
            }
        }
        true
    }

    /// Somebody leaves one of their shifts for this one, and that one is filled by a chain that is one shorter.
    fn by_moving(&mut self, board: &mut Board<'_>, at: usize, moves: usize) -> bool {
        if moves < 2 {
            return self.directly(board, at);
        }
        for who in 0..board.own.len() {
            if self.barred[who] || board.own[who].is_empty() || !board.together(who).is_empty() {
                continue;
            }
            if !board.could(who, at) || board.people[at].contains(&who) {
                continue;
            }
            for place in 0..board.own[who].len() {
                let Some(&from) = board.own[who].get(place) else { break };
                if self.fixed[from] || board.is_pinned(who, from) || !board.spares(who, from) {
                    continue;
                }
                if self.tries == 0 {
                    return false;
                }
                self.tries -= 1;
                let begin = self.steps.len();
                self.take(board, who, from);
                if board.fits(who, at) {
                    self.put(board, who, at);
                    self.barred[who] = true;
                    let filled = self.by_moving(board, from, moves - 1);
                    self.barred[who] = false;
                    if filled {
                        return true;
                    }
                }
                self.undo(board, begin);
            }
        }
        false
    }

    fn put(&mut self, board: &mut Board<'_>, who: usize, at: usize) {
        board.put(who, at);
        self.steps.push(Step::Put(who, at));
    }

    fn take(&mut self, board: &mut Board<'_>, who: usize, at: usize) {
        board.take(who, at);
        self.steps.push(Step::Take(who, at));
    }

    fn undo(&mut self, board: &mut Board<'_>, begin: usize) {
        while self.steps.len() > begin {
            match self.steps.pop() {
                Some(Step::Put(who, at)) => board.take(who, at),
                Some(Step::Take(who, at)) => board.put(who, at),
                None => break,
            }
        }
    }
}
