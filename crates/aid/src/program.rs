//! The plan as a linear program: donors' people leave, gather where it makes no difference which district of several they go to,
//! and work in districts.
//!
//! Districts that are as many days away from a donor, and keep people as long, are one pool to it: so there is a column for each
//! donor, skill and day instead of sixteen, and the program is as exact. What a donor has away and a district has there are columns
//! too, each a sum of the day before and what changes, so that a journey stands in few rows.

use crate::ground::{BUSES_MAX, Ground};
use crate::solver::{Column, Rows, Solver, Terms};
use std::collections::BTreeMap;

/// How districts are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// By pools.
    Pools,
    /// By pools, in whole teams.
    Loads,
    /// Each by itself: every journey has a column.
    Pairs,
    /// Each by itself, in whole buses and teams, for these donors alone.
    Whole,
}

impl View {
    fn pooled(self) -> bool {
        matches!(self, View::Pools | View::Loads)
    }
}

/// A journey's column.
#[derive(Clone, Debug)]
pub struct Going {
    /// The donor.
    pub donor: usize,
    /// The district, or the first of the pool.
    pub district: usize,
    /// The skill.
    pub skill: usize,
    /// The day of leaving.
    pub leaves: usize,
    /// The column.
    pub column: Column,
    /// People for each one of the column.
    pub people: f64,
    /// What it lacks to what was ordered before.
    pub below: Option<Column>,
}

/// People who were ordered before, by day of leaving, donor, district and skill.
pub type Orders = BTreeMap<(usize, usize, usize, usize), u32>;

/// The program.
pub struct Program {
    /// The solver with its columns and rows.
    pub solver: Solver,
    /// Journeys.
    pub going: Vec<Going>,
    /// Buses: donor, district, day.
    pub buses: Vec<((usize, usize, usize), Column)>,
    /// The least-served district's share.
    pub least: Column,
    /// By district: its share, and the column that frees it from the least.
    pub shares: Vec<Option<(Column, Column)>>,
    /// Person-days of each district up to its target, in all.
    pub even: Column,
    /// Person-days that are met by these donors, beyond what there is.
    pub total: Column,
    /// The burden of the donor that has most.
    pub burden: Column,
    /// Hours on the way, of people or of buses.
    pub hours: Column,
}

impl Program {
    #[allow(clippy::needless_range_loop, reason = "several lists are walked by one day")]
    /// The program for some donors; a district's share is measured against its target, journeys against what was ordered before.
    pub fn new(
        ground: &Ground<'_>,
        donors: &[usize],
        view: View,
        targets: &[f64],
        before: Option<&Orders>,
    ) -> Program {
        let mut rows = Rows::default();
        let aid = ground.aid;
        let (skills, days) = (aid.skills.len(), aid.days);
        let seats = f64::from(aid.rules.seats.unwrap_or(1));
        let mut going: Vec<Going> = Vec::new();
        let mut buses = Vec::new();
        let mut burdens = Vec::new();
        let mut hours: Terms = Vec::new();
        let mut come = Come::new();
        let mut pools: BTreeMap<(usize, Vec<usize>, usize), Terms> = BTreeMap::new();
        let step = common_team(ground);
        for &donor in donors {
            let mut leaving: Vec<Terms> = vec![Vec::new(); days];
            let mut in_teams: Vec<Terms> = vec![Vec::new(); days];
            let mut of_skill: BTreeMap<(usize, usize), Terms> = BTreeMap::new();
            let mut by_district: BTreeMap<(usize, usize), Terms> = BTreeMap::new();
            let mut away_all: Vec<Terms> = vec![Vec::new(); days];
            for skill in 0..skills {
                let room = &ground.room[donor][skill];
                if room.iter().all(|room| *room == 0) {
                    continue;
                }
                let whole = matches!(view, View::Whole | View::Loads);
                let team = if whole { f64::from(aid.skills[skill].team.max(1)) } else { 1.0 };
                let mut change: Vec<Terms> = vec![Vec::new(); days];
                for pool in pools_of(ground, donor, skill, view) {
                    for leaves in 0..days {
                        let Some((from, _, free)) = ground.journey(donor, pool[0], skill, leaves) else {
                            continue;
                        };
                        let away = leaves..days.min(free as usize);
                        let most = away.map(|day| room[day]).min().unwrap_or(0);
                        if most == 0 {
                            continue;
                        }
                        let most = f64::from(most) / team;
                        let column =
                            if team > 1.0 { rows.whole(0.0, most.floor()) } else { rows.column(0.0, most) };
                        let ordered = before.and_then(|before| before.get(&(leaves, donor, pool[0], skill)));
                        let below = ordered.map(|people| rows.below(column, f64::from(*people) / team));
                        going.push(Going {
                            donor,
                            district: pool[0],
                            skill,
                            leaves,
                            column,
                            people: team,
                            below,
                        });
                        change[leaves].push((column, team));
                        if (free as usize) < days {
                            change[free as usize].push((column, -team));
                        }
                        leaving[leaves].push((column, team));
                        if aid.skills[skill].team > 1 {
                            in_teams[leaves].push((column, team));
                            of_skill.entry((skill, leaves)).or_default().push((column, team));
                        }
                        if view.pooled() && pool.len() > 1 {
                            pools
                                .entry((skill, pool.clone(), from as usize))
                                .or_default()
                                .push((column, team));
                        } else {
                            come.entry((pool[0], skill, from as usize)).or_default().push((column, team));
                        }
                        if view == View::Whole && aid.rules.seats.is_some() {
                            by_district.entry((pool[0], leaves)).or_default().push((column, team));
                        } else {
                            hours.push((column, team * aid.travel_h[donor][pool[0]] / seats));
                        }
                    }
                }
                let mut before: Option<Column> = None;
                for day in 0..days {
                    if before.is_none() && change[day].is_empty() {
                        continue;
                    }
                    let mut terms = std::mem::take(&mut change[day]);
                    terms.extend(before.map(|before| (before, 1.0)));
                    let away = rows.sum(0.0, terms, f64::from(room[day]));
                    away_all[day].push((away, 1.0));
                    before = Some(away);
                }
            }
            // Who is away already bears, too, on days on which nobody else can go.
            for (day, terms) in away_all.into_iter().enumerate().skip(aid.now) {
                let limit = ground.spare(donor, day);
                let gone = ground.gone[donor][day];
                if limit > 0 && (gone > 0 || !terms.is_empty()) {
                    burdens.push((f64::from(gone), terms, limit as f64));
                }
            }
            let limits = ground.buses[donor].as_ref();
            // Whole teams fill the seats of a day only to a multiple of what their sizes have in common.
            if let (Some(limits), 2..) = (limits, step) {
                for (day, terms) in in_teams.iter().enumerate().filter(|(_, terms)| !terms.is_empty()) {
                    let seats = seats as u64 * u64::from(limits[day]);
                    rows.row(f64::NEG_INFINITY, (seats - seats % u64::from(step)) as f64, terms);
                }
                for ((skill, day), terms) in
                    of_skill.iter().filter(|((skill, _), _)| aid.skills[*skill].team > step)
                {
                    let seats = seats as u64 * u64::from(limits[*day]);
                    let team = u64::from(aid.skills[*skill].team);
                    rows.row(f64::NEG_INFINITY, (seats - seats % team) as f64, terms);
                }
            }
            if view == View::Whole && aid.rules.seats.is_some() {
                let mut by_day: Vec<Terms> = vec![Vec::new(); days];
                for ((district, leaves), mut terms) in by_district {
                    let most = f64::from(limits.map_or(BUSES_MAX, |limits| limits[leaves]));
                    let bus = rows.whole(0.0, most);
                    buses.push(((donor, district, leaves), bus));
                    hours.push((bus, aid.travel_h[donor][district]));
                    terms.push((bus, -seats));
                    rows.row(f64::NEG_INFINITY, 0.0, &terms);
                    by_day[leaves].push((bus, 1.0));
                }
                for (day, terms) in by_day.iter().enumerate().filter(|(_, terms)| terms.len() > 1) {
                    if let Some(limits) = limits {
                        rows.row(f64::NEG_INFINITY, f64::from(limits[day]), terms);
                    }
                }
            } else if let Some(limits) = limits {
                for (day, terms) in leaving.iter().enumerate().filter(|(_, terms)| !terms.is_empty()) {
                    rows.row(f64::NEG_INFINITY, seats * f64::from(limits[day]), terms);
                }
            }
        }
        for ((skill, pool, from), mut terms) in pools {
            for district in pool {
                let to = rows.column(0.0, f64::INFINITY);
                terms.push((to, -1.0));
                come.entry((district, skill, from)).or_default().push((to, 1.0));
            }
            rows.row(0.0, 0.0, &terms);
        }
        let Met { least, shares, even, total } = meet(&mut rows, ground, come, targets);
        let burden = rows.largest(burdens);
        let way = rows.sum(0.0, hours, f64::INFINITY);
        Program { solver: rows.into_solver(), going, buses, least, even, shares, total, burden, hours: way }
    }

    /// Sets the objective: these columns count so much, all else nothing. It is minimised.
    pub fn aim(&mut self, of: &[(Column, f64)]) {
        let all = [self.least, self.even, self.total, self.burden, self.hours];
        let shares: Vec<Column> = self.shares.iter().flatten().map(|(share, _)| *share).collect();
        for column in all.into_iter().chain(shares) {
            self.solver.cost(column, 0.0);
        }
        for (column, cost) in of {
            self.solver.cost(*column, *cost);
        }
    }
}

/// By district, skill, first day: who comes.
pub type Come = BTreeMap<(usize, usize, usize), Terms>;

/// What districts have of what they ask for.
pub struct Met {
    /// The least-served district's share.
    pub least: Column,
    /// By district: its share, and the column that frees it from the least.
    pub shares: Vec<Option<(Column, Column)>>,
    /// Person-days of each district up to its target, in all.
    pub even: Column,
    /// Person-days that are met, beyond what there is.
    pub total: Column,
}

#[allow(clippy::needless_range_loop, reason = "several lists are walked by one day")]
/// What districts have once these come; a district's share is measured against its target.
pub fn meet(rows: &mut Rows, ground: &Ground<'_>, mut come: Come, targets: &[f64]) -> Met {
    let days = ground.aid.days;
    let mut counted = Vec::new();
    let mut shares = vec![None; ground.aid.districts.len()];
    let (mut all, mut even): (Terms, Terms) = (Vec::new(), Vec::new());
    for district in 0..ground.aid.districts.len() {
        let mut met: Terms = Vec::new();
        let mut there: Vec<Terms> = vec![Vec::new(); days];
        for skill in 0..ground.aid.skills.len() {
            let mut change: Vec<Terms> = vec![Vec::new(); days];
            for from in 0..days {
                let Some(terms) = come.remove(&(district, skill, from)) else { continue };
                let until = ground.last(district, skill)[from].map_or(days, |last| last as usize + 1);
                if until < days {
                    change[until].extend(terms.iter().map(|(column, people)| (*column, -people)));
                }
                change[from].extend(terms);
            }
            let mut before: Option<Column> = None;
            for day in 0..days {
                if before.is_none() && change[day].is_empty() {
                    continue;
                }
                let mut terms = std::mem::take(&mut change[day]);
                terms.extend(before.map(|before| (before, 1.0)));
                let present = rows.sum(0.0, terms, f64::INFINITY);
                there[day].push((present, 1.0));
                before = Some(present);
                let missing = f64::from(ground.missing[district][skill][day]);
                if missing > 0.0 {
                    met.push((rows.least(missing, vec![present]), 1.0));
                }
            }
        }
        if let Some(beds) = &ground.beds[district] {
            for (day, terms) in there.iter().enumerate().filter(|(_, terms)| !terms.is_empty()) {
                rows.row(f64::NEG_INFINITY, f64::from(beds[day]), terms);
            }
        }
        if ground.asked[district] == 0 {
            continue;
        }
        let sum = rows.sum(0.0, met, f64::INFINITY);
        all.push((sum, 1.0));
        let (asked, has) = (ground.asked[district] as f64, ground.met(district) as f64);
        let Some(target) = crate::target(targets, district) else { continue };
        let share = rows.sum(has / asked / target, vec![(sum, 1.0 / asked / target)], f64::INFINITY);
        // Raised above the share, a district no longer counts for the least.
        let freed = rows.column(0.0, 0.0);
        counted.push(rows.sum(0.0, vec![(share, 1.0), (freed, 1.0)], f64::INFINITY));
        even.push((rows.least(1.0, vec![share]), asked * target));
        shares[district] = Some((share, freed));
    }
    let even = rows.sum(0.0, even, f64::INFINITY);
    let least = rows.least(1.0, counted);
    let total = rows.sum(0.0, all, f64::INFINITY);
    Met { least, shares, even, total }
}

/// The greatest number that divides the size of each team of more than one.
fn common_team(ground: &Ground<'_>) -> u32 {
    let teams = ground.aid.skills.iter().map(|skill| skill.team).filter(|team| *team > 1);
    let common = |mut one: u32, mut other: u32| {
        while other > 0 {
            (one, other) = (other, one % other);
        }
        one
    };
    teams.fold(0, common)
}

/// Districts that are alike to a donor for a skill.
fn pools_of(ground: &Ground<'_>, donor: usize, skill: usize, view: View) -> Vec<Vec<usize>> {
    let asked = |district: &usize| ground.last(*district, skill).iter().any(Option::is_some);
    let districts = (0..ground.aid.districts.len()).filter(asked);
    if !view.pooled() {
        return districts.map(|district| vec![district]).collect();
    }
    let mut pools: BTreeMap<(i32, &[Option<i32>]), Vec<usize>> = BTreeMap::new();
    for district in districts {
        let alike = (ground.delay(donor, district), ground.last(district, skill));
        pools.entry(alike).or_default().push(district);
    }
    pools.into_values().collect()
}
