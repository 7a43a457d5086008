//! A drop-out that chains did not mend: the smallest change that there is.

use super::{Limits, Program};
use crate::{
    check,
    repair::{self, CHANGED_MAX, Repair},
};
use domain::roster::{Roster, Span, Task};
use good_lp::{Expression, constraint, variable};

/// What a place that stays empty costs beside a changed person.
const EMPTY: f64 = 100.0;
/// As [`repair`](crate::repair()), and where that leaves a place empty or touches more than three others, the smallest change by
/// search: first with three others at most, then, if that cannot be, with as many as it takes. Each search has half of `time_s` seconds.
pub fn repair(task: &Task, roster: &Roster, who: usize, out: Span, now_min: i32, time_s: f64) -> Repair {
    let quick = repair::repair(task, roster, who, out, now_min);
    let sound = check(&quick.task, &quick.roster).broken.is_empty();
    if sound && quick.is_small() {
        return quick;
    }
    let held: Vec<bool> = task.shifts.iter().map(|shift| shift.span.from_min < now_min).collect();
    let size = |repair: &Repair| (repair.changed.len() > CHANGED_MAX, repair.lost, repair.changed.len());
    let few = smallest(&quick.task, roster, &quick.roster, (who, &held), (Some(CHANGED_MAX), time_s / 2.0));
    let mut best = match few {
        Some(few) if !sound || size(&few) <= size(&quick) => return few,
        few => Repair { proven: few.map_or(0, |few| few.proven), ..quick },
    };
    if !sound || best.changed.len() > CHANGED_MAX {
        let any = smallest(&best.task, roster, &best.roster, (who, &held), (None, time_s / 2.0));
        best = any.filter(|any| !sound || size(any) < size(&best)).unwrap_or(best);
    }
    best
}

fn smallest(
    task: &Task,
    before: &Roster,
    begin: &Roster,
    (who, held): (usize, &[bool]),
    (most, time_s): (Option<usize>, f64),
) -> Option<Repair> {
    let mut start = begin.clone();
    for (at, held) in held.iter().enumerate() {
        if *held {
            start.shifts[at].clone_from(&before.shifts[at]);
        }
    }
    let mut program = Program::new(task, &start, held);
    program.changes(before, &start, who, most);
    let (found, bound) = program.run(Limits { time_s, gap: 0.0 }).ok()?;
    let roster = found.filter(|roster| check(task, roster).broken.is_empty())?;
    let mut repair = Repair::of(task.clone(), before, roster, who);
    if let Some(most) = most {
        let empty = ((bound - 1e-6 - most as f64) / EMPTY).ceil().max(0.0) as u32;
        repair.proven = empty.saturating_sub(before.places_empty(task)).min(repair.lost);
    }
    Some(repair)
}

impl Program<'_> {
    /// The objective of a repair: places that stay empty, then others who are changed.
    fn changes(&mut self, before: &Roster, begin: &Roster, who: usize, most: Option<usize>) {
        let mut objective = Expression::default();
        for (_, empty) in &self.empty {
            objective += EMPTY * *empty;
        }
        let mut all = Expression::default();
        for one in (0..self.task.volunteers.len()).filter(|one| *one != who) {
            let own: Vec<(usize, good_lp::Variable)> =
                self.has.range((one, 0)..(one + 1, 0)).map(|((_, at), has)| (*at, *has)).collect();
            // A shift that they had and can have no longer is a change already.
            let had = before.of(one).count();
            let kept = own.iter().filter(|(at, _)| before.shifts[*at].contains(&one)).count();
            let least = if kept < had { 1.0 } else { 0.0 };
            let differs = f64::from(u8::from(!before.of(one).eq(begin.of(one))));
            let changed = self.add(variable().min(least).max(1), differs.max(least));
            for (at, has) in own {
                if before.shifts[at].contains(&one) {
                    self.rows.push(constraint!(has + changed >= 1.0));
                } else {
                    self.rows.push(constraint!(has - changed <= 0.0));
                }
            }
            all += changed;
        }
        if let Some(most) = most {
            self.rows.push(constraint!(all.clone() <= most as f64));
        }
        self.objective = objective + all;
    }
}
