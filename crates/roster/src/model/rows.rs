//! Rows about one volunteer: what nobody can have both, stretches of duty, a day's limit, who is left out, and the median.

use super::Program;
use crate::board::{Board, clash, day_of, floor_min, hot, rotates, same_post, too_soon, without_a_break};
use domain::roster::{Roster, Shift};
use good_lp::{Constraint, Expression, Variable, constraint, variable};

impl Program<'_> {
    /// All that concerns one volunteer alone.
    pub(super) fn each(&mut self, begin: &Roster) {
        let task = self.task;
        let cliques = self.cliques();
        let board = Board::of(task, begin);
        for who in 0..task.volunteers.len() {
            let own: Vec<(usize, Variable)> =
                self.has.range((who, 0)..(who + 1, 0)).map(|((_, at), has)| (*at, *has)).collect();
            for clique in &cliques {
                let those: Vec<Variable> = own
                    .iter()
                    .filter(|(at, _)| clique.binary_search(at).is_ok())
                    .map(|(_, has)| *has)
                    .collect();
                if those.len() > 1 {
                    self.rows.push(constraint!(those.into_iter().sum::<Expression>() <= 1.0));
                }
            }
            let rules = &task.rules;
            self.stretches(&own, &|_| true, (rules.duty_min, rules.rest_min));
            self.stretches(&own, &hot, (rules.suit_in_heat_min, rules.suit_recovery_min));
            self.days(who, &own);
            self.left_out(who, &own, &board);
            if rules.rotation_hard {
                for role in 0..task.roles.len() {
                    let post = |shift: &Shift| shift.role == role && same_post(shift, shift);
                    self.stretches(&own, &post, without_a_break(rules));
                }
            } else {
                self.rotation(who, &own, begin);
            }
        }
    }

    /// Sets of shifts of which nobody can have two, so many that each two that exclude each other are in one of them.
    fn cliques(&self) -> Vec<Vec<usize>> {
        let task = self.task;
        let count = task.shifts.len();
        let rules = &task.rules;
        let too_long = |first: &Shift, second: &Shift| {
            rules.rotation_hard
                && rotates(first, second)
                && first.span.minutes() + second.span.minutes() > rules.rotation_min
        };
        let excludes = |one: usize, other: usize| {
            let (first, second) = (&task.shifts[one], &task.shifts[other]);
            one != other
                && (clash(task, first, second)
                    || too_soon(&task.rules, first, second)
                    || too_soon(&task.rules, second, first)
                    || too_long(first, second)
                    || too_long(second, first))
        };
        let table: Vec<Vec<bool>> =
            (0..count).map(|one| (0..count).map(|other| excludes(one, other)).collect()).collect();
        let mut covered = vec![vec![false; count]; count];
        let mut cliques = Vec::new();
        for one in 0..count {
            for other in one + 1..count {
                if !table[one][other] || covered[one][other] {
                    continue;
                }
                let mut clique = vec![one, other];
                for (more, excluded) in table.iter().enumerate() {
                    if !clique.contains(&more) && clique.iter().all(|&member| excluded[member]) {
                        clique.push(more);
                    }
                }
                clique.sort_unstable();
                for &member in &clique {
                    for &more in &clique {
                        covered[member][more] = true;
                    }
                }
                cliques.push(clique);
            }
        }
        cliques
    }

    /// At most `on` minutes in any stretch of `on + off`: one row for each stretch that begins or ends with a shift.
    fn stretches(&mut self, own: &[(usize, Variable)], of: &dyn Fn(&Shift) -> bool, (on, off): (i32, i32)) {
        let task = self.task;
        let those: Vec<(usize, Variable)> =
            own.iter().copied().filter(|(at, _)| of(&task.shifts[*at])).collect();
        let mut starts: Vec<i32> = those
            .iter()
            .flat_map(|(at, _)| {
                let span = task.shifts[*at].span;
                [span.from_min, span.until_min - on - off]
            })
            .collect();
        starts.sort_unstable();
        starts.dedup();
        let mut known: Vec<Vec<(usize, i32)>> = Vec::new();
        for from in starts {
            let part = |at: usize| {
                let span = task.shifts[at].span;
                (span.until_min.min(from + on + off) - span.from_min.max(from)).max(0)
            };
            let parts: Vec<(usize, i32)> =
                those.iter().map(|(at, _)| (*at, part(*at))).filter(|(_, minutes)| *minutes > 0).collect();
            // One at a time: what can be served within it is no more than its length.
            let mut spans: Vec<(i32, i32)> = parts
                .iter()
                .map(|(at, _)| {
                    (
                        task.shifts[*at].span.from_min.max(from),
                        task.shifts[*at].span.until_min.min(from + on + off),
                    )
                })
                .collect();
            spans.sort_unstable();
            let mut union = 0;
            let mut reach = i32::MIN;
            for (start, end) in spans {
                union += (end - start.max(reach)).max(0);
                reach = reach.max(end);
            }
            if union <= on || known.contains(&parts) {
                continue;
            }
            let sum: Expression = those
                .iter()
                .filter(|(at, _)| part(*at) > 0)
                .map(|(at, has)| f64::from(part(*at)) * *has)
                .sum();
            self.rows.push(constraint!(sum <= f64::from(on)));
            known.push(parts);
        }
    }

    fn days(&mut self, who: usize, own: &[(usize, Variable)]) {
        let Some(most) = self.task.volunteers[who].minutes_per_day_max else { return };
        let task = self.task;
        let mut days: Vec<i32> = own.iter().map(|(at, _)| day_of(&task.shifts[*at])).collect();
        days.sort_unstable();
        days.dedup();
        for day in days {
            let that = own.iter().filter(|(at, _)| day_of(&task.shifts[*at]) == day);
            let served: Expression =
                that.map(|(at, has)| f64::from(task.shifts[*at].span.minutes()) * *has).sum();
            self.rows.push(constraint!(served <= f64::from(most)));
        }
    }

    fn left_out(&mut self, who: usize, own: &[(usize, Variable)], board: &Board<'_>) {
        if !board.is_owed(who) {
            return;
        }
        let out = self.add(variable().min(0).max(1), f64::from(u8::from(board.own[who].is_empty())));
        self.objective += f64::from(self.task.rules.nobody_cost) * out;
        let has: Expression = own.iter().map(|(_, has)| Expression::from(*has)).sum();
        self.rows.push(constraint!(has + out >= 1.0));
    }

    fn rotation(&mut self, who: usize, own: &[(usize, Variable)], begin: &Roster) {
        let task = self.task;
        let here = |at: usize| begin.shifts[at].contains(&who);
        for (one, first) in own {
            for (other, second) in own {
                if one != other && rotates(&task.shifts[*one], &task.shifts[*other]) {
                    let both = here(*one) && here(*other);
                    let missed = self.add(variable().min(0).max(1), f64::from(u8::from(both)));
                    self.objective += f64::from(task.rules.rotation_cost) * missed;
                    self.rows.push(constraint!(*first + *second - missed <= 1.0));
                }
            }
        }
    }

    /// Nobody serves more than twice the median, or than what anyone may: `most ≤ 2·median` unless `one` says that the latter is the bound.
    /// Half of those who count serve the median or more.
    pub(super) fn median(&mut self, begin: &Roster) {
        let task = self.task;
        let board = Board::of(task, begin);
        let longest = floor_min(task);
        let served = |program: &Self, who: usize| -> Expression {
            let own = program.has.range((who, 0)..(who + 1, 0));
            own.map(|((_, at), has)| f64::from(task.shifts[*at].span.minutes()) * *has).sum()
        };
        let counted: Vec<usize> = (0..task.volunteers.len()).filter(|&who| board.is_owed(who)).collect();
        if counted.is_empty() {
            return;
        }
        let all: i32 = task.shifts.iter().map(|shift| shift.span.minutes() * shift.people as i32).sum();
        let known = board.median_min().unwrap_or(0);
        let half = counted.len() - (counted.len() - 1) / 2;
        // Half of them serve the median: it is no more than what there is to serve for each of these.
        let highest = all / half as i32;
        let median = self.add(variable().min(0).max(highest), f64::from(known.min(highest)));
        let one = self.yes_or_no(2 * known < longest);
        let most = f64::from(longest.max(2 * highest));
        let long = f64::from(longest);
        let mut rows: Vec<Constraint> = Vec::new();
        for who in (0..task.volunteers.len()).filter(|&who| !task.volunteers[who].guest) {
            let hours = served(self, who);
            rows.push(constraint!(hours.clone() - 2.0 * median - long * one <= 0.0));
            rows.push(constraint!(hours + (most - long) * one <= most));
        }
        let mut at_least = Expression::default();
        for &who in &counted {
            let above = self.yes_or_no(board.minutes[who] >= known);
            at_least += above;
            let hours = served(self, who);
            rows.push(constraint!(median - hours + f64::from(highest) * above <= f64::from(highest)));
        }
        rows.push(constraint!(at_least >= half as f64));
        self.rows.extend(rows);
    }
}
