//! What no plan exceeds: the levels of the linear relaxation, one after the other, each from where the one before stood.

use crate::board::Load;
use crate::ground::Ground;
use crate::program::{Program, View};
use crate::{Unsolved, solver::Answer};
use std::collections::BTreeMap;

/// A level that is reached is held with so much to spare, for the solver's own tolerance.
const SPARE: f64 = 1e-7;
/// The part of the time that a linear program has in any case: what is proven comes last, when the search has had the rest.
const LEAST_PART: f64 = 0.03;
/// Smaller than this, a district's row does not hold the least back.
const BINDS: f64 = 1e-9;
/// Nearer than this, whole teams need not be.
const TEAMS_GAP: f64 = 2e-4;
/// The second level is sought with this much less of the first: buses to districts cost a little of it.
const HELD: f64 = 4e-3;
/// HiGHS's word for the primal simplex: what was found stays feasible when the aim changes.
const PRIMAL: i32 = 4;

/// What is left of the time.
#[derive(Clone, Copy)]
pub struct Clock<'s> {
    /// Seconds in all.
    pub time_s: f64,
    /// Seconds so far.
    pub seconds: &'s dyn Fn() -> f64,
}

impl Clock<'_> {
    /// Seconds for the next program.
    pub fn left_s(&self) -> f64 {
        (self.time_s - (self.seconds)()).max(self.time_s * LEAST_PART)
    }
}

/// The levels by pools of districts.
pub struct Ladder<'s> {
    program: Program,
    clock: Clock<'s>,
    /// What is known of the first two.
    pub best: Best,
}

/// The first two levels at best.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Best {
    /// By district: the share that it can have when the least-served comes first, then the next.
    pub targets: Vec<f64>,
    /// The part of all those shares that can be had at once.
    pub least: f64,
    /// Person-days beyond what there is, with those shares kept.
    pub more: f64,
    /// Columns and rows of the program.
    pub size: (usize, usize),
}

impl<'s> Ladder<'s> {
    /// The first two levels. Where a district cannot have more, it is held, and the least of the others is raised.
    pub fn new(ground: &Ground<'_>, clock: Clock<'s>) -> Result<Self, Unsolved> {
        let donors: Vec<usize> = (0..ground.aid.donors.len()).collect();
        let mut program = Program::new(ground, &donors, View::Pools, &[], None);
        program.solver.choose_number("simplex_strategy", PRIMAL);
        let mut targets = vec![1.0; ground.asked.len()];
        let mut open: Vec<usize> = (0..targets.len()).filter(|at| program.shares[*at].is_some()).collect();
        program.aim(&[(program.least, -1.0)]);
        while !open.is_empty() {
            let answer = program.solver.solve(clock.left_s())?;
            let least = answer.at(program.least).max(0.0);
            let mut held: Vec<usize> =
                open.iter().copied().filter(|at| binds(&program, &answer, *at)).collect();
            if least >= 1.0 - BINDS || held.is_empty() {
                held.clone_from(&open);
            }
            for at in &held {
                if let Some((share, freed)) = program.shares[*at] {
                    program.solver.bounds(share, least * (1.0 - SPARE), f64::INFINITY);
                    program.solver.bounds(freed, 0.0, 1.0);
                    targets[*at] = least;
                }
            }
            open.retain(|at| !held.contains(at));
        }
        program.aim(&[(program.total, -1.0)]);
        let answer = program.solver.solve(clock.left_s())?;
        let best = Best { targets, least: 1.0, more: answer.at(program.total), size: program.solver.size() };
        Ok(Ladder { program, clock, best })
    }

    /// Each share is at least so much of its target.
    fn hold(&mut self, least: f64) {
        for (target, share) in self.best.targets.iter().zip(&self.program.shares) {
            if let Some((share, _)) = share {
                self.program.solver.bounds(*share, target * least * (1.0 - SPARE), f64::INFINITY);
            }
        }
    }

    /// Person-days beyond what there is, at most, of plans whose first level is so good: whole teams that cost some of the first leave
    /// more for the second than those targets would.
    pub fn total(&mut self, least: f64) -> Result<f64, Unsolved> {
        if least >= 1.0 - SPARE {
            return Ok(self.best.more);
        }
        self.hold(least);
        let program = &mut self.program;
        program.solver.bounds(program.total, 0.0, f64::INFINITY);
        program.aim(&[(program.total, -1.0)]);
        Ok(program.solver.solve(self.clock.left_s())?.at(program.total))
    }

    /// The least burden with which the first two levels are so good.
    pub fn burden(&mut self, least: f64, more: f64) -> Result<f64, Unsolved> {
        self.hold(least);
        let program = &mut self.program;
        program.solver.bounds(program.total, (more * (1.0 - SPARE) - 1e-6).max(0.0), f64::INFINITY);
        program.aim(&[(program.burden, 1.0)]);
        Ok(program.solver.solve(self.clock.left_s())?.at(program.burden))
    }
}

/// Who leaves when, in whole teams, wherever they go; and what no plan in whole teams exceeds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loads {
    /// By day, donor and skill: people.
    pub people: BTreeMap<(usize, usize, usize), u32>,
    /// The first level's share of what it would be if teams could be parted, at most.
    pub least: f64,
    /// Person-days beyond what there is, at most, of plans whose first level is at least `held`.
    pub more: f64,
    /// See `more`.
    pub held: f64,
}

impl Loads {
    /// People by skill, of each day and donor.
    pub fn rides(&self) -> BTreeMap<(usize, usize), Load> {
        let mut rides: BTreeMap<(usize, usize), Load> = BTreeMap::new();
        for (&(leaves, donor, skill), &people) in &self.people {
            rides.entry((leaves, donor)).or_default().push((skill, people));
        }
        rides
    }
}

/// Whole teams, each level for so many seconds at most.
pub fn loads(ground: &Ground<'_>, targets: &[f64], time_s: f64) -> Result<Loads, Unsolved> {
    let donors: Vec<usize> = (0..ground.aid.donors.len()).collect();
    let mut program = Program::new(ground, &donors, View::Loads, targets, None);
    program.solver.choose_share("mip_rel_gap", TEAMS_GAP);
    program.aim(&[(program.least, -1.0)]);
    let first = program.solver.solve(time_s)?;
    let least = (-first.bound).min(1.0);
    let held = first.at(program.least) * (1.0 - HELD);
    program.solver.bounds(program.least, held, 1.0);
    program.aim(&[(program.total, -1.0)]);
    let second = program.solver.solve(time_s).unwrap_or(first);
    let more = if second.objective < -1.0 { -second.bound } else { f64::INFINITY };
    // Of loads that are as good, those that travel least.
    let total = second.at(program.total);
    program.solver.bounds(program.total, (total * (1.0 - SPARE) - 0.5).max(0.0), f64::INFINITY);
    program.aim(&[(program.hours, 1.0)]);
    let second = program.solver.solve(time_s / 2.0).unwrap_or(second);
    let of = |going: &crate::program::Going| {
        let people = ((second.at(going.column) + 1e-6).floor() * going.people) as u32;
        ((going.leaves, going.donor, going.skill), people)
    };
    let mut people: BTreeMap<(usize, usize, usize), u32> = BTreeMap::new();
    for (key, more) in program.going.iter().map(of).filter(|(_, people)| *people > 0) {
        *people.entry(key).or_default() += more;
    }
    Ok(Loads { people, least, more, held })
}

/// Person-days beyond what there is, at most, of plans in whole teams whose first level is as good.
pub fn total(ground: &Ground<'_>, targets: &[f64], least: f64, time_s: f64) -> f64 {
    let donors: Vec<usize> = (0..ground.aid.donors.len()).collect();
    let mut program = Program::new(ground, &donors, View::Loads, targets, None);
    program.solver.choose_share("mip_rel_gap", TEAMS_GAP);
    program.solver.bounds(program.least, (least * (1.0 - SPARE)).max(0.0), 1.0);
    program.aim(&[(program.total, -1.0)]);
    program.solver.solve(time_s).map_or(f64::INFINITY, |answer| -answer.bound)
}

fn binds(program: &Program, answer: &Answer, district: usize) -> bool {
    program.shares[district].is_some_and(|(_, freed)| answer.reduced[freed.0].abs() > BINDS)
}

/// The fewest hours with which the first three levels are so good, and the journeys.
pub fn hours(
    ground: &Ground<'_>,
    targets: &[f64],
    (least, more, burden): (f64, f64, f64),
    clock: Clock<'_>,
) -> Result<(f64, Program, Answer), Unsolved> {
    let donors: Vec<usize> = (0..ground.aid.donors.len()).collect();
    let mut program = Program::new(ground, &donors, View::Pairs, targets, None);
    program.solver.bounds(program.least, (least * (1.0 - SPARE)).max(0.0), 1.0);
    program.solver.bounds(program.total, (more * (1.0 - SPARE) - 1e-6).max(0.0), f64::INFINITY);
    program.solver.bounds(program.burden, 0.0, burden + SPARE);
    program.aim(&[(program.hours, 1.0)]);
    let answer = program.solver.solve(clock.left_s())?;
    Ok((answer.at(program.hours), program, answer))
}
