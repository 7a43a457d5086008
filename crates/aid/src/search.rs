//! Whole teams and whole buses: the plan is opened for some donors at a time, and HiGHS gives the best for them while the others stay.

use crate::bound::Best;
use crate::{
    Limits, Unsolved,
    board::{Board, EVEN_WEIGHT, LEAST_WEIGHT, Levels},
    drawn::Drawn,
    program::{Orders, Program, View},
    solver::Column,
};
use domain::aid::{Aid, AidPlan, Deployment};
use std::collections::BTreeMap;

/// Journeys to begin with in one neighbourhood.
const JOURNEYS: usize = 3_000;
/// Seconds for one neighbourhood.
const EACH_S: f64 = 4.0;
/// The part of the time that is searched: the rest proves what is found.
const SEARCHED: f64 = 0.9;
/// Rounds over all donors without any gain after which it stops.
const IDLE_MAX: usize = 2;

/// The search.
pub struct Search<'a, 's> {
    aid: &'a Aid,
    best: &'s Best,
    limits: Limits,
    seconds: &'s dyn Fn() -> f64,
    /// What was ordered before, by leaving day, donor, district, skill, and what it costs to take back one person's orders.
    before: Option<(Orders, f64)>,
    drawn: Drawn,
}

/// What is looked for.
#[derive(Clone, Copy)]
enum Aim {
    FirstTwo,
    Burden { least: f64, total: f64 },
    Hours { least: f64, total: f64, burden: f64 },
}

impl<'a, 's> Search<'a, 's> {
    /// Nothing was ordered before.
    pub fn new(aid: &'a Aid, best: &'s Best, limits: Limits, seconds: &'s dyn Fn() -> f64) -> Self {
        Search { aid, best, limits, seconds, before: None, drawn: Drawn::new(SEED) }
    }

    /// To take back one person's orders costs so many person-days.
    pub fn keeping(mut self, before: &AidPlan, cost: f64) -> Self {
        self.before = Some((before.deployments.iter().map(key).collect(), cost));
        self
    }

    /// The least-served district, then all person-days.
    pub fn first_two(
        &mut self,
        board: Board<'a>,
        progress: &mut dyn FnMut(&str, f64),
    ) -> Result<Board<'a>, Unsolved> {
        let until = self.limits.time_s * 0.65;
        self.improve(board, Aim::FirstTwo, until, progress)
    }

    /// The burden where it is above what it could be, then the hours on the way, each with those before it kept.
    pub fn last_two(
        &mut self,
        mut board: Board<'a>,
        lowest: f64,
        progress: &mut dyn FnMut(&str, f64),
    ) -> Result<Board<'a>, Unsolved> {
        let Levels { least, total, burden, .. } = board.levels(&self.best.targets);
        if burden > lowest * (1.0 + self.limits.gap) {
            board = self.improve(board, Aim::Burden { least, total }, self.limits.time_s * 0.75, progress)?;
        }
        let Levels { least, total, burden, .. } = board.levels(&self.best.targets);
        self.improve(board, Aim::Hours { least, total, burden }, self.limits.time_s * SEARCHED, progress)
    }

    fn improve(
        &mut self,
        mut board: Board<'a>,
        aim: Aim,
        until_s: f64,
        progress: &mut dyn FnMut(&str, f64),
    ) -> Result<Board<'a>, Unsolved> {
        let all: Vec<usize> =
            (0..self.aid.donors.len()).filter(|of| crate::home::has_any(&self.aid.donors[*of])).collect();
        let has = |of: &usize| self.aid.donors[*of].staff.iter().filter(|staff| staff.people > 0).count();
        let skills = all.iter().map(has).sum::<usize>().div_ceil(all.len().max(1));
        let per_donor = self.aid.districts.len() * skills * (self.aid.days - self.aid.now);
        let mut size = (JOURNEYS / per_donor.max(1)).clamp(2, all.len().max(2));
        let mut score = self.score(&board, aim);
        let mut idle = 0;
        while idle < IDLE_MAX && !self.near(&board, aim) {
            let order = self.shuffled(&all);
            let (mut at, begun) = (0, score);
            while at < order.len() {
                let left_s = until_s - (self.seconds)();
                if left_s < 0.2 || self.near(&board, aim) {
                    return Ok(board);
                }
                let some = &order[at..(at + size).min(order.len())];
                at += some.len();
                let before_s = (self.seconds)();
                let (found, best) = self.neighbour(&board, some, aim, EACH_S.min(left_s))?;
                let took_s = (self.seconds)() - before_s;
                if let Some(found) = found {
                    let reached = self.score(&found, aim);
                    if reached > score {
                        (board, score) = (found, reached);
                    }
                }
                if best && took_s < 0.25 * EACH_S {
                    size = (size * 3 / 2 + 1).min(all.len());
                } else if !best {
                    size = (size * 2 / 3).max(2);
                }
                progress(if matches!(aim, Aim::FirstTwo) { "first" } else { "last" }, (self.seconds)());
            }
            // One neighbourhood of all donors is the whole program.
            idle = if score > begun { 0 } else { idle + 1 };
            if order.len() <= size && score <= begun {
                break;
            }
        }
        Ok(board)
    }

    /// Whether it is proven to be near enough to the best.
    fn near(&self, board: &Board<'_>, aim: Aim) -> bool {
        let levels = board.levels(&self.best.targets);
        let has = Board::new(self.aid).ground.total() as f64;
        let enough = (has + self.best.more) * (1.0 - self.limits.gap);
        matches!(aim, Aim::FirstTwo)
            && self.before.is_none()
            && levels.least >= self.best.least * (1.0 - self.limits.gap)
            && levels.total >= enough
    }

    /// More is better.
    fn score(&self, board: &Board<'_>, aim: Aim) -> f64 {
        let Levels { least, total, burden, hours } = board.levels(&self.best.targets);
        match aim {
            // Against orders that were given, a share counts as the person-days that it is.
            Aim::FirstTwo if self.before.is_some() => self.asked() * least + total - self.changes(board),
            Aim::FirstTwo => board.worth(&self.best.targets),
            Aim::Burden { least: needed, total: asked } | Aim::Hours { least: needed, total: asked, .. }
                if least < needed - 1e-9 || total < asked =>
            {
                f64::NEG_INFINITY
            }
            Aim::Burden { .. } => {
                // The hardest donor first, and among plans with the same hardest those with fewer that bear as much.
                let each = (0..self.aid.donors.len()).map(|of| board.ground.burden(of));
                let fourth = each.map(|burden| (burden * burden) * (burden * burden));
                -burden * self.aid.donors.len() as f64 - fourth.sum::<f64>()
            }
            Aim::Hours { burden: most, .. } if burden > most + 1e-9 => f64::NEG_INFINITY,
            Aim::Hours { .. } => -hours - self.changes(board),
        }
    }

    fn asked(&self) -> f64 {
        Board::new(self.aid).ground.asked.iter().map(|asked| *asked as f64).sum()
    }

    fn changes(&self, board: &Board<'_>) -> f64 {
        let Some((before, cost)) = &self.before else { return 0.0 };
        cost * changed(before, &board.plan()) as f64
    }

    /// The best for some donors while the others stay; and whether it is proven.
    fn neighbour(
        &self,
        board: &Board<'a>,
        donors: &[usize],
        aim: Aim,
        time_s: f64,
    ) -> Result<(Option<Board<'a>>, bool), Unsolved> {
        let plan = board.plan();
        let mut ground = Board::new(self.aid).ground;
        let others = || plan.deployments.iter().filter(|of| !donors.contains(&of.donor));
        others().for_each(|of| ground.take(of));
        let before = self.before.as_ref().map(|(before, _)| before);
        let mut program = Program::new(&ground, donors, View::Whole, &self.best.targets, before);
        let now: BTreeMap<_, _> = plan.deployments.iter().map(key).collect();
        let buses: BTreeMap<_, _> = plan
            .trips
            .iter()
            .map(|of| ((of.donor, of.district, of.leaves.max(0) as usize), of.buses))
            .collect();
        let mut begin: Vec<(Column, f64)> = Vec::new();
        for going in &program.going {
            let people = now.get(&(going.leaves, going.donor, going.district, going.skill));
            begin.push((going.column, people.map_or(0.0, |people| f64::from(*people) / going.people)));
        }
        begin.extend(
            program.buses.iter().filter_map(|(key, column)| Some((*column, f64::from(*buses.get(key)?)))),
        );
        let mut costs = Vec::new();
        match aim {
            Aim::FirstTwo => {
                let (least, even) = if before.is_some() { (1.0, 0.0) } else { (LEAST_WEIGHT, EVEN_WEIGHT) };
                let least = least * self.asked();
                costs.extend([(program.least, -least), (program.even, -even), (program.total, -1.0)]);
            }
            Aim::Burden { least, total } | Aim::Hours { least, total, .. } => {
                let more = total - ground.total() as f64;
                program.solver.bounds(program.least, (least - 1e-9).max(0.0), 1.0);
                program.solver.bounds(program.total, (more - 1e-6).max(0.0), f64::INFINITY);
                if let Aim::Hours { burden, .. } = aim {
                    program.solver.bounds(program.burden, 0.0, burden + 1e-9);
                    costs.push((program.hours, 1.0));
                } else {
                    costs.push((program.burden, 1.0));
                }
            }
        }
        program.aim(&costs);
        let cost = self.before.as_ref().map_or(0.0, |(_, cost)| *cost);
        for going in &program.going {
            if let Some(below) = going.below {
                program.solver.cost(below, cost * going.people);
            }
        }
        program.solver.begin(&begin);
        program.solver.choose_share("mip_rel_gap", self.limits.gap * 0.2);
        let answer = match program.solver.solve(time_s) {
            Ok(answer) => answer,
            Err(_) => return Ok((None, false)),
        };
        let mut made = Board::new(self.aid);
        for of in others() {
            made.add(of.donor, of.district, of.skill, of.leaves as usize, of.people);
        }
        for going in &program.going {
            let people = ((answer.at(going.column) + 1e-6).floor() * going.people) as u32;
            let people = people.min(made.fits(going.donor, going.district, going.skill, going.leaves));
            made.add(going.donor, going.district, going.skill, going.leaves, people);
        }
        made.fill(donors, &self.best.targets, 1, 0.0);
        Ok((Some(made), answer.best))
    }

    /// The donors in an order that is drawn.
    fn shuffled(&mut self, of: &[usize]) -> Vec<usize> {
        let mut left = of.to_vec();
        of.iter().map(|_| self.drawn.take(&mut left)).collect()
    }
}

/// People whose orders are taken back.
fn changed(before: &Orders, plan: &AidPlan) -> u64 {
    let now: Orders = plan.deployments.iter().map(key).collect();
    let lacks = |(key, people): (&_, &u32)| people.saturating_sub(now.get(key).copied().unwrap_or(0));
    before.iter().map(lacks).map(u64::from).sum()
}

/// The stream of neighbourhoods.
const SEED: u32 = 2022;

fn key(of: &Deployment) -> ((usize, usize, usize, usize), u32) {
    ((of.leaves.max(0) as usize, of.donor, of.district, of.skill), of.people)
}
