//! A plan in the making: what still fits, and what it is worth.

use crate::ground::{BUSES_MAX, Ground};
use domain::aid::{Aid, AidPlan, Deployment, Trip};
use std::collections::BTreeMap;

/// Filled so many at a time, all of a donor's buses of a day go to one district.
pub(crate) const CONVOY: u32 = 1_000;

/// What the whole share of the least-served counts beside all person-days that are asked for.
pub(crate) const LEAST_WEIGHT: f64 = 10.0;
/// What a person-day below its district's target counts beside any other.
pub(crate) const EVEN_WEIGHT: f64 = 3.0;

/// People by skill.
pub(crate) type Load = Vec<(usize, u32)>;
/// Donor, skill, day of leaving, people.
type Going = (usize, usize, usize, u32);

/// Deployments on their ground.
#[derive(Clone, Debug)]
pub struct Board<'a> {
    /// What is left of it.
    pub ground: Ground<'a>,
    /// By day, donor, district, skill.
    people: BTreeMap<(usize, usize, usize, usize), u32>,
    /// By day, donor, district: buses, and the people in them.
    buses: BTreeMap<(usize, usize, usize), (u32, u32)>,
}

/// Four numbers by which plans are compared, the first before the second and so on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// The least-served district's share of what it could have at most when the least-served come first.
    pub least: f64,
    /// Person-days that are met.
    pub total: f64,
    /// The burden of the donor that has most.
    pub burden: f64,
    /// Hours on the way, of people, or of buses where they are counted.
    pub hours: f64,
}

/// A district's share of its target; `None` where it can have nothing.
fn held(ground: &Ground<'_>, targets: &[f64], district: usize) -> Option<f64> {
    crate::target(targets, district).map(|target| ground.share(district) / target)
}

impl<'a> Board<'a> {
    /// Nobody goes yet.
    pub fn new(aid: &'a Aid) -> Board<'a> {
        Board { ground: Ground::new(aid), people: BTreeMap::new(), buses: BTreeMap::new() }
    }

    /// A plan on the board; what does not fit is left out.
    pub fn of(aid: &'a Aid, plan: &AidPlan) -> Board<'a> {
        let mut board = Board::new(aid);
        for of in &plan.deployments {
            let Ok(leaves) = usize::try_from(of.leaves) else { continue };
            let people = board.fits(of.donor, of.district, of.skill, leaves).min(of.people);
            let team = aid.skills[of.skill].team.max(1);
            board.add(of.donor, of.district, of.skill, leaves, people - people % team);
        }
        board
    }

    /// How many more can leave, in whole teams.
    pub fn fits(&self, donor: usize, district: usize, skill: usize, leaves: usize) -> u32 {
        let ground = &self.ground;
        let Some((from, until, free)) = ground.journey(donor, district, skill, leaves) else { return 0 };
        let days = ground.aid.days;
        let away = leaves..days.min(free as usize);
        let mut most = away.map(|day| ground.room[donor][skill][day]).min().unwrap_or(0);
        if let Some(beds) = &ground.beds[district] {
            let there = from as usize..days.min(until as usize + 1);
            most = most.min(there.map(|day| beds[day]).min().unwrap_or(0));
        }
        most = most.min(self.seats(donor, district, leaves));
        let team = ground.aid.skills[skill].team.max(1);
        most - most % team
    }

    /// Seats that are free, in buses that go and in those that still could.
    pub fn seats(&self, donor: usize, district: usize, leaves: usize) -> u32 {
        let Some(seats) = self.ground.aid.rules.seats else { return u32::MAX };
        let (buses, people) = self.buses.get(&(leaves, donor, district)).copied().unwrap_or_default();
        let more = self.ground.buses[donor].as_ref().map_or(BUSES_MAX, |left| left[leaves]);
        (buses.saturating_add(more)).saturating_mul(seats).saturating_sub(people)
    }

    /// Person-days that so many more would meet.
    pub fn gain(&self, donor: usize, district: usize, skill: usize, leaves: usize, people: u32) -> u64 {
        let Some((from, until, _)) = self.ground.journey(donor, district, skill, leaves) else { return 0 };
        let there = from as usize..self.ground.aid.days.min(until as usize + 1);
        there.map(|day| u64::from(self.ground.missing[district][skill][day].min(people))).sum()
    }

    /// Sends so many more, who fit.
    pub fn add(&mut self, donor: usize, district: usize, skill: usize, leaves: usize, people: u32) {
        let Some((from, until, free)) = self.ground.journey(donor, district, skill, leaves) else { return };
        if people == 0 {
            return;
        }
        let leaves_on = leaves as i32;
        let of = Deployment { leaves: leaves_on, donor, district, skill, people, from, until, free };
        self.ground.take(&of);
        *self.people.entry((leaves, donor, district, skill)).or_default() += people;
        if let Some(seats) = self.ground.aid.rules.seats {
            let (buses, inside) = self.buses.entry((leaves, donor, district)).or_default();
            *inside += people;
            let more = inside.div_ceil(seats).saturating_sub(*buses);
            *buses += more;
            if let Some(left) = &mut self.ground.buses[donor] {
                left[leaves] = left[leaves].saturating_sub(more);
            }
        }
    }

    /// The plan.
    pub fn plan(&self) -> AidPlan {
        let of = |(&(leaves, donor, district, skill), &people): (&(usize, usize, usize, usize), &u32)| {
            let (from, until, free) = self.ground.journey(donor, district, skill, leaves)?;
            Some(Deployment { leaves: leaves as i32, donor, district, skill, people, from, until, free })
        };
        let trip = |(&(leaves, donor, district), &(buses, _)): (&(usize, usize, usize), &(u32, u32))| Trip {
            leaves: leaves as i32,
            donor,
            district,
            buses,
        };
        AidPlan {
            deployments: self.people.iter().filter_map(of).collect(),
            trips: self.buses.iter().map(trip).collect(),
        }
    }

    /// The four levels; each district's share is held against its target.
    pub fn levels(&self, targets: &[f64]) -> Levels {
        let ground = &self.ground;
        let share = |district: usize| {
            if ground.asked[district] == 0 { 1.0 } else { held(ground, targets, district).unwrap_or(1.0) }
        };
        let least = (0..ground.asked.len()).map(share).fold(1.0, f64::min);
        let way = |donor: usize, district: usize| ground.aid.travel_h[donor][district];
        let hours = if ground.aid.rules.seats.is_some() {
            let each = self.buses.iter();
            let each =
                each.map(|((_, donor, district), (buses, _))| f64::from(*buses) * way(*donor, *district));
            each.fold(0.0, |sum, hours| sum + hours)
        } else {
            let each = self.people.iter();
            let each =
                each.map(|((_, donor, district, _), people)| f64::from(*people) * way(*donor, *district));
            each.fold(0.0, |sum, hours| sum + hours)
        };
        Levels { least, total: ground.total() as f64, burden: ground.hardest(), hours }
    }

    /// The first two levels as one number. The least alone says nothing of the others that are nearly as far from their targets: so what all
    /// have up to these counts, too.
    pub fn worth(&self, targets: &[f64]) -> f64 {
        let ground = &self.ground;
        let all: u64 = ground.asked.iter().sum();
        let up_to = |district: usize| {
            let most = ground.asked[district] as f64 * crate::target(targets, district)?;
            Some(most.min(ground.met(district) as f64))
        };
        let even: f64 = (0..ground.asked.len()).filter_map(up_to).sum();
        let Levels { least, total, .. } = self.levels(targets);
        LEAST_WEIGHT * all as f64 * least + EVEN_WEIGHT * even + total
    }

    /// The district that is furthest from its target.
    pub fn worst(&self, targets: &[f64]) -> Option<usize> {
        let districts = (0..self.ground.asked.len()).filter(|district| self.ground.asked[*district] > 0);
        let shares =
            districts.filter_map(|district| Some((district, held(&self.ground, targets, district)?)));
        shares.min_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(district, _)| district)
    }

    /// Fills what is still missing, always for the district that has the least of its target, from the donor that is least
    /// burdened by it, of those that stay below a burden from the nearest; `chunk` people at a time where they need not come as a team.
    pub fn fill(&mut self, donors: &[usize], targets: &[f64], chunk: u32, below: f64) {
        let districts = self.ground.aid.districts.len();
        let mut open: Vec<bool> = self.ground.asked.iter().map(|asked| *asked > 0).collect();
        let most = self.most_days();
        loop {
            let share = |district: usize, board: &Board<'_>| {
                held(&board.ground, targets, district).unwrap_or(f64::INFINITY)
            };
            let of = (0..districts).filter(|district| open[*district]);
            let Some(district) = of.min_by(|one, other| share(*one, self).total_cmp(&share(*other, self)))
            else {
                break;
            };
            match self.next(donors, district, chunk, below, &most) {
                Some((donor, skill, leaves, people)) => {
                    self.add(donor, district, skill, leaves, people);
                    self.fill_bus(donor, district, leaves, chunk >= CONVOY);
                }
                None => open[district] = false,
            }
        }
    }

    /// Sends what leaves each donor each day, the largest first, each as far as can be to one district: the one that has the least of its
    /// target.
    pub fn send(&mut self, rides: BTreeMap<(usize, usize), Load>, targets: &[f64]) {
        let mut order: Vec<((usize, usize), Load)> = rides.into_iter().collect();
        order.sort_by_key(|(key, load)| {
            (std::cmp::Reverse(load.iter().map(|(_, people)| people).sum::<u32>()), *key)
        });
        for ((leaves, donor), mut load) in order {
            let mut districts: Vec<usize> =
                (0..self.ground.asked.len()).filter(|of| self.ground.asked[*of] > 0).collect();
            let share = |district: &usize| held(&self.ground, targets, *district).unwrap_or(f64::INFINITY);
            districts.sort_by(|one, other| share(one).total_cmp(&share(other)));
            for district in districts {
                for (skill, people) in &mut load {
                    let team = self.ground.aid.skills[*skill].team.max(1);
                    let gap = self.gap(donor, district, *skill, leaves) / team * team;
                    let goes = (*people).min(gap).min(self.fits(donor, district, *skill, leaves));
                    let goes = goes - goes % team;
                    self.add(donor, district, *skill, leaves, goes);
                    *people -= goes;
                }
                if load.iter().all(|(_, people)| *people == 0) {
                    break;
                }
            }
        }
    }

    /// Fills the seats that are free in buses that go anyway, large teams first, and with `all` the donor's other buses of that day, too:
    /// three buses to one district hold six teams of twenty, one to each of three hold two each.
    fn fill_bus(&mut self, donor: usize, district: usize, leaves: usize, all: bool) {
        let Some(seats) = self.ground.aid.rules.seats else { return };
        let mut skills: Vec<usize> = (0..self.ground.aid.skills.len()).collect();
        skills.sort_by_key(|skill| std::cmp::Reverse(self.ground.aid.skills[*skill].team));
        for skill in skills {
            let team = self.ground.aid.skills[skill].team.max(1);
            let (buses, people) = self.buses.get(&(leaves, donor, district)).copied().unwrap_or_default();
            let free = if all { u32::MAX } else { (buses * seats).saturating_sub(people) };
            let most = self.fits(donor, district, skill, leaves).min(free);
            let most = most.min(
                self.gap(donor, district, skill, leaves).checked_next_multiple_of(team).unwrap_or(u32::MAX),
            );
            self.add(donor, district, skill, leaves, most - most % team);
        }
    }

    /// People who are missing on the worst day of a stay.
    fn gap(&self, donor: usize, district: usize, skill: usize, leaves: usize) -> u32 {
        let Some((from, until, _)) = self.ground.journey(donor, district, skill, leaves) else { return 0 };
        let there = from as usize..self.ground.aid.days.min(until as usize + 1);
        there.map(|day| self.ground.missing[district][skill][day]).max().unwrap_or(0)
    }

    /// `[donor][skill][day]`: the days of the plan that who leaves on it can work, where that is most.
    fn most_days(&self) -> Vec<Vec<Vec<u32>>> {
        let (aid, ground) = (self.ground.aid, &self.ground);
        let days = |donor: usize, skill: usize, leaves: usize| {
            let of = (0..aid.districts.len()).filter_map(|to| ground.journey(donor, to, skill, leaves));
            of.map(|(from, until, _)| (aid.days as i32).min(until + 1).abs_diff(from)).max().unwrap_or(0)
        };
        let skills = |donor: usize| {
            (0..aid.skills.len())
                .map(|skill| (0..aid.days).map(|day| days(donor, skill, day)).collect())
                .collect()
        };
        (0..aid.donors.len()).map(skills).collect()
    }

    /// Who should go to a district next: donor, skill, day, people.
    fn next(
        &self,
        donors: &[usize],
        district: usize,
        chunk: u32,
        below: f64,
        most: &[Vec<Vec<u32>>],
    ) -> Option<Going> {
        let ground = &self.ground;
        let mut best: Option<([f64; 4], Going)> = None;
        for (skill, of) in ground.aid.skills.iter().enumerate() {
            if ground.missing[district][skill].iter().all(|missing| *missing == 0) {
                continue;
            }
            let team = of.team.max(1);
            for &donor in donors {
                let rides = |day: &usize| ground.buses[donor].as_ref().is_none_or(|left| left[*day] > 0);
                let days = (ground.aid.now..ground.aid.days).filter(rides);
                let elsewhere = days.map(|day| most[donor][skill][day]).max().unwrap_or(0);
                for leaves in ground.aid.now..ground.aid.days {
                    let fits = self.fits(donor, district, skill, leaves);
                    if fits == 0 {
                        continue;
                    }
                    let missing = self.gap(donor, district, skill, leaves);
                    if missing == 0 {
                        continue;
                    }
                    let people = if team > 1 { team } else { fits.min(missing).min(chunk) };
                    let worth = self.gain(donor, district, skill, leaves, people) as f64 / f64::from(people);
                    let burden = ground.burden_with(donor, people, leaves);
                    // Who could meet more elsewhere is kept for that.
                    let regret = (f64::from(elsewhere) - worth).max(0.0);
                    let order =
                        [regret, -worth, (burden - below).max(0.0), ground.aid.travel_h[donor][district]];
                    if best.as_ref().is_none_or(|(least, _)| order < *least) {
                        best = Some((order, (donor, skill, leaves, people)));
                    }
                }
            }
        }
        best.map(|(_, next)| next)
    }
}
