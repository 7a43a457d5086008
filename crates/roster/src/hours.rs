//! Hours, and with whom they count.

use domain::roster::{Roster, Task};

/// What one volunteer served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Who: a place in the task.
    pub volunteer: usize,
    /// Minutes in all.
    pub minutes: i32,
    /// Of them, in protective clothing.
    pub suit_min: i32,
    /// Of them, for other communities.
    pub lent_min: i32,
    /// Shifts.
    pub shifts: usize,
    /// The organisations with which all of these minutes count, each in full.
    pub organisations: Vec<String>,
}

/// What everybody serves by this roster, in the task's order.
pub fn hours(task: &Task, roster: &Roster) -> Vec<Credit> {
    let credit = |volunteer: usize| {
        let own: Vec<_> = roster.of(volunteer).map(|at| &task.shifts[at]).collect();
        let sum = |of: &dyn Fn(&domain::roster::Shift) -> bool| {
            own.iter().filter(|shift| of(shift)).map(|shift| shift.span.minutes()).sum()
        };
        Credit {
            volunteer,
            minutes: sum(&|_| true),
            suit_min: sum(&|shift| shift.suit),
            lent_min: sum(&|shift| shift.site > 0),
            shifts: own.len(),
            organisations: task.volunteers[volunteer].organisations.clone(),
        }
    };
    (0..task.volunteers.len()).map(credit).collect()
}
