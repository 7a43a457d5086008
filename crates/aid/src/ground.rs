//! The ground that a plan is made on: by donor, skill and day how many can go, by district, skill and day how many are missing, and
//! what a journey costs in days. Teams that have left already are taken off.

use crate::home;
use domain::aid::{Aid, Deployment};

/// Buses that a donor which names no limit has on one day: more than any city sends, and few enough to be multiplied by seats.
pub const BUSES_MAX: u32 = 10_000;

/// Days of the plan after the last of which nothing is counted.
#[derive(Clone, Debug)]
pub struct Ground<'a> {
    /// What it was made from.
    pub aid: &'a Aid,
    /// `[donor][skill][day]`: people who may be away.
    pub limit: Vec<Vec<Vec<u32>>>,
    /// `[donor][skill][day]`: people who can still go, in whole teams.
    pub room: Vec<Vec<Vec<u32>>>,
    /// `[donor][day]`: people of all skills who are away already and count for the burden.
    pub gone: Vec<Vec<u32>>,
    /// `[district][skill][day]`: people asked for.
    pub need: Vec<Vec<Vec<u32>>>,
    /// `[district][skill][day]`: those of them who are not there yet.
    pub missing: Vec<Vec<Vec<u32>>>,
    /// `[district][day]`: beds that are free; `None`: enough.
    pub beds: Vec<Option<Vec<u32>>>,
    /// `[donor][day]`: buses that can still leave; `None`: no bus is counted, or as many as are needed.
    pub buses: Vec<Option<Vec<u32>>>,
    /// `[district]`: person-days asked for.
    pub asked: Vec<u64>,
    /// `[district][skill][day]`: the last day of work of those who begin on this day.
    last: Vec<Vec<Vec<Option<i32>>>>,
    /// `[donor][district]`: days between leaving and working.
    delay: Vec<Vec<i32>>,
}

impl<'a> Ground<'a> {
    /// Days, donors, districts, skills are those of the task.
    pub fn new(aid: &'a Aid) -> Ground<'a> {
        let (skills, days) = (aid.skills.len(), aid.days);
        let by_day = || vec![0u32; days];
        let mut need = vec![vec![by_day(); skills]; aid.districts.len()];
        // A team works on after the plan's last day as long as it is asked for.
        let horizon = days + aid.rules.stay_days;
        let mut wanted = vec![vec![vec![false; horizon]; skills]; aid.districts.len()];
        for request in &aid.requests {
            let span = request.from.max(0)..=request.until.min(horizon as i32 - 1);
            for day in span.map(|day| day as usize) {
                if let Some(need) = need[request.district][request.skill].get_mut(day) {
                    *need = need.saturating_add(request.people);
                }
                wanted[request.district][request.skill][day] |= request.people > 0;
            }
        }
        let last = |wanted: &Vec<bool>| (0..days).map(|day| last_day(wanted, day, aid)).collect();
        let last = wanted.iter().map(|of| of.iter().map(last).collect()).collect();
        let to = |donor: usize| (0..aid.districts.len()).map(|to| aid.way_days(donor, to)).collect();
        let delay = (0..aid.donors.len()).map(to).collect();
        let limit: Vec<Vec<Vec<u32>>> = (0..aid.donors.len())
            .map(|donor| (0..skills).map(|skill| home::limits(aid, donor, skill)).collect())
            .collect();
        let of_buses = |buses: u32| vec![buses; days];
        let buses = |of: &domain::aid::Donor| aid.rules.seats.and(of.buses).map(of_buses);
        let mut ground = Ground {
            aid,
            room: limit.clone(),
            gone: vec![by_day(); aid.donors.len()],
            missing: need.clone(),
            beds: aid.districts.iter().map(|of| of.beds.map(|beds| vec![beds; days])).collect(),
            buses: aid.donors.iter().map(buses).collect(),
            asked: need.iter().map(|of| of.iter().flatten().map(|need| u64::from(*need)).sum()).collect(),
            limit,
            need,
            last,
            delay,
        };
        for team in &aid.teams {
            ground.occupy(
                team.donor,
                team.district,
                team.skill,
                team.people,
                team.leaves,
                (team.from, team.until, team.free),
            );
        }
        // What is left goes in whole teams.
        for by_skill in &mut ground.room {
            for (room, skill) in by_skill.iter_mut().zip(&aid.skills) {
                room.iter_mut().for_each(|room| *room -= *room % skill.team.max(1));
            }
        }
        ground
    }

    /// Takes off what a deployment uses.
    pub fn take(&mut self, of: &Deployment) {
        let times = (of.from, of.until, of.free);
        self.occupy(of.donor, of.district, of.skill, of.people, of.leaves, times);
    }

    fn occupy(
        &mut self,
        donor: usize,
        district: usize,
        skill: usize,
        people: u32,
        leaves: i32,
        (from, until, free): (i32, i32, i32),
    ) {
        let days = self.aid.days as i32;
        let span = |from: i32, to: i32| (from.max(0)..to.min(days)).map(|day| day as usize);
        for day in span(leaves, free) {
            let room = &mut self.room[donor][skill][day];
            *room = room.saturating_sub(people);
            self.gone[donor][day] = self.gone[donor][day].saturating_add(people);
        }
        for day in span(from, until + 1) {
            let missing = &mut self.missing[district][skill][day];
            *missing = missing.saturating_sub(people);
            if let Some(beds) = &mut self.beds[district] {
                beds[day] = beds[day].saturating_sub(people);
            }
        }
    }

    /// Who leaves on a day for a district: the first and the last day of work, and the day from which they count at home again; `None` if
    /// nobody is asked for when they come, or that is after the plan.
    pub fn journey(
        &self,
        donor: usize,
        district: usize,
        skill: usize,
        leaves: usize,
    ) -> Option<(i32, i32, i32)> {
        if leaves < self.aid.now {
            return None;
        }
        let delay = self.delay[donor][district];
        let from = leaves + delay as usize;
        let until = (*self.last[district][skill].get(from)?)?;
        Some((from as i32, until, self.aid.free(donor, district, until)))
    }

    /// Days between leaving and working.
    pub fn delay(&self, donor: usize, district: usize) -> i32 {
        self.delay[donor][district]
    }

    /// The last day of work of each who begins on each day, by which districts are alike for a skill.
    pub fn last(&self, district: usize, skill: usize) -> &[Option<i32>] {
        &self.last[district][skill]
    }

    /// Person-days that a district has.
    pub fn met(&self, district: usize) -> u64 {
        let missing: u64 = self.missing[district].iter().flatten().map(|missing| u64::from(*missing)).sum();
        self.asked[district] - missing
    }

    /// The share of what a district asks for that it has; 1 where nothing is asked.
    pub fn share(&self, district: usize) -> f64 {
        if self.asked[district] == 0 { 1.0 } else { self.met(district) as f64 / self.asked[district] as f64 }
    }

    /// The share of the districts that ask for something which has least.
    pub fn least(&self) -> f64 {
        (0..self.asked.len()).map(|district| self.share(district)).fold(1.0, f64::min)
    }

    /// Person-days that all districts have.
    pub fn total(&self) -> u64 {
        (0..self.asked.len()).map(|district| self.met(district)).sum()
    }

    /// People of all skills who may be away from a donor on a day.
    pub fn spare(&self, donor: usize, day: usize) -> u64 {
        self.limit[donor].iter().map(|limit| u64::from(limit[day])).sum()
    }

    /// On its hardest day that is left, the share of a donor's people who may be away that are.
    pub fn burden(&self, donor: usize) -> f64 {
        self.burden_with(donor, 0, 0)
    }

    /// The burden with so many more away from a day on.
    pub fn burden_with(&self, donor: usize, people: u32, leaves: usize) -> f64 {
        let of = |day: usize| {
            let limit = self.spare(donor, day);
            let gone = f64::from(self.gone[donor][day]) + if day >= leaves { f64::from(people) } else { 0.0 };
            if limit == 0 { 0.0 } else { gone / limit as f64 }
        };
        (self.aid.now..self.aid.days).map(of).fold(0.0, f64::max)
    }

    /// The burden of the donor that has most.
    pub fn hardest(&self) -> f64 {
        (0..self.aid.donors.len()).map(|donor| self.burden(donor)).fold(0.0, f64::max)
    }
}

/// The last day of work of who begins on a day: while they are asked for without a break, and no longer than a stay.
fn last_day(wanted: &[bool], day: usize, aid: &Aid) -> Option<i32> {
    let asked = wanted[day..].iter().take_while(|wanted| **wanted).count();
    (asked > 0).then(|| (day + asked.min(aid.rules.stay_days.max(1))) as i32 - 1)
}
