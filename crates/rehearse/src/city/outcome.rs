//! What is kept of all days of a city.

use super::{
    day::{Day, SiteDay},
    figures::Engines,
    lab_tally::LabTally,
    labs::LabDay,
    quarters::{QUARTER, Quarters, stays},
    rounds::RoundTally,
    shapes::Shapes,
};
use crate::TICKS_PER_MINUTE;
use domain::City;
use queueing::{Model, Summary, Tally};
use serde::Serialize;

/// How full a site is: the levels of a public map of waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nobody waits long.
    Clear,
    /// Some wait longer than is asked of them.
    Busy,
    /// Better go elsewhere; or some who came were not served any more.
    Jammed,
}

impl Level {
    /// Minutes of waiting up to which a site is clear, and from which it is jammed.
    pub const CLEAR_MIN: f64 = 25.0;
    /// See [`Level::CLEAR_MIN`].
    pub const JAMMED_MIN: f64 = 50.0;

    /// The level of a wait in minutes.
    pub fn of(wait_min: f64) -> Level {
        if wait_min <= Level::CLEAR_MIN {
            Level::Clear
        } else if wait_min < Level::JAMMED_MIN {
            Level::Busy
        } else {
            Level::Jammed
        }
    }
}

/// Sites up to this number have a map over the day: beyond it nobody can tell them apart.
const MAPPED_MAX: usize = 60_000;

/// All days of a city.
#[derive(Debug)]
pub struct CityOutcome {
    pub(super) replications: u32,
    pub(super) engines: Engines,
    model: Model,
    /// Everyone of all days; of single sites and days nothing is left in it.
    tally: Tally,
    /// People who came, were served, gave up, were turned away, on all days.
    pub(super) people: [u64; 4],
    /// Of each day: mean and 95 % quantile of waits and stays, in ticks.
    pub(super) days: Vec<[f64; 4]>,
    /// Minutes after opening at which 97 in 100 had been served, of each day.
    pub(super) done_97: Vec<f64>,
    /// The most people waiting at any one site, of each day.
    pub(super) queue_max: Vec<f64>,
    /// Tubes tested in time, of each day,
    pub(super) in_time: Vec<f64>,
    /// those that were closed,
    pub(super) filled: Vec<u64>,
    /// and results by quarter.
    pub(super) done: Vec<Quarters>,
    /// How the couriers' rounds went, all days together.
    pub(super) rounds: RoundTally,
    pub(super) sites: Vec<SiteSum>,
    pub(super) labs: Vec<LabSum>,
    pub(super) came: Quarters,
    pub(super) gone: Quarters,
    pub(super) closed: Quarters,
    /// Who came and went at each site on the first day, where they are few enough to be drawn.
    first: Vec<(Quarters, Quarters)>,
    served_in: Vec<f64>,
}

/// A site over all days.
#[derive(Clone, Debug, Default)]
pub(super) struct SiteSum {
    pub people: u64,
    pub served: u64,
    pub tubes: u64,
    /// Sum of the days' 95 % quantiles of waits, in ticks.
    pub wait_p95: f64,
    pub queue_max: u32,
    pub done_97: f64,
    pub done_days: u32,
}

/// A lab over all days.
#[derive(Clone, Debug, Default)]
pub(super) struct LabSum {
    pub tally: LabTally,
    pub busy: f64,
    pub staffed: f64,
    pub machines: u32,
}

impl CityOutcome {
    pub(super) fn new(city: &City, shapes: &Shapes) -> CityOutcome {
        let model = shapes.all[0].model.clone();
        let served_in = city.sites.iter().map(|site| shapes.all[site.shape as usize].served_in).collect();
        CityOutcome {
            replications: 0,
            engines: shapes.engines(),
            tally: Tally::new(&model),
            people: [0; 4],
            model,
            days: Vec::new(),
            done_97: Vec::new(),
            queue_max: Vec::new(),
            in_time: Vec::new(),
            filled: Vec::new(),
            done: Vec::new(),
            rounds: RoundTally::default(),
            sites: vec![SiteSum::default(); city.sites.len()],
            labs: vec![LabSum::default(); city.testing.as_ref().map_or(0, |testing| testing.labs.len())],
            came: Quarters::default(),
            gone: Quarters::default(),
            closed: Quarters::default(),
            first: Vec::new(),
            served_in,
        }
    }

    pub(super) fn add(&mut self, city: &City, mut day: Day) {
        let summary = day.tally.summary(&self.model);
        // The summary counts a replication for each site.
        let sites = f64::from(summary.replications);
        let people = [summary.people, summary.served, summary.left, summary.unserved];
        for (sum, mean) in self.people.iter_mut().zip(people) {
            *sum += (mean * sites).round() as u64;
        }
        let (wait, stay) = (&summary.wait.distribution, &summary.stay.distribution);
        self.days.push([wait.mean, wait.p95, stay.mean, stay.p95]);
        let mut gone = Quarters::default();
        let mut most = 0;
        for (sum, site) in self.sites.iter_mut().zip(&day.sites) {
            sum.add(site);
            most = most.max(site.queue_max);
            self.came.extend(&site.came);
            gone.extend(&site.gone);
        }
        let served: u64 = gone.0.iter().map(|&count| u64::from(count)).sum();
        let minutes = QUARTER as f64 / TICKS_PER_MINUTE as f64;
        self.done_97.extend(gone.reached(served as f64 * 0.97).map(|quarters| quarters * minutes));
        self.queue_max.push(f64::from(most));
        self.gone.extend(&gone);
        self.closed.extend(&day.closed);
        self.in_time.push(day.labs.iter().map(|lab| lab.tally.in_time as f64).sum());
        self.filled.push(day.labs.iter().map(|lab| lab.tally.tubes).sum());
        let mut done = Quarters::default();
        day.labs.iter().for_each(|lab| done.extend(&lab.tally.done));
        self.done.push(done);
        self.rounds.add(&day.rounds);
        for (sum, lab) in self.labs.iter_mut().zip(&day.labs) {
            sum.add(lab);
        }
        if self.replications == 0 && city.sites.len() <= MAPPED_MAX {
            self.first = day.sites.into_iter().map(|site| (site.came, site.gone)).collect();
        }
        day.tally.forget_replications();
        self.tally.merge(day.tally);
        self.replications += 1;
    }

    /// Waits and stays of all people of all sites and days; how many they are is counted apart.
    pub(super) fn summary(&self) -> Summary {
        self.tally.summary(&self.model)
    }

    /// Quarters of an hour of the day in which anybody comes or goes.
    pub fn quarters(&self) -> usize {
        self.came.0.len().max(self.gone.0.len())
    }

    /// Minutes that who comes to a site at the end of each quarter of the first day waits there; `None` for who was not
    /// served any more. Empty where there are too many sites to draw.
    pub fn waits(&self, site: usize) -> Vec<Option<f64>> {
        let Some((came, gone)) = self.first.get(site) else { return Vec::new() };
        let minutes = QUARTER as f64 / TICKS_PER_MINUTE as f64;
        let served_min = self.served_in[site] / TICKS_PER_MINUTE as f64;
        let stays = stays(came, gone, self.quarters());
        stays.into_iter().map(|stay| stay.map(|stay| (stay * minutes - served_min).max(0.0))).collect()
    }

    /// The level of a site: by the wait that 95 in 100 do not exceed, and by whether all who came were served.
    pub fn level(&self, site: usize) -> Level {
        let sum = &self.sites[site];
        if sum.served < sum.people { Level::Jammed } else { Level::of(self.wait_p95_min(site)) }
    }

    /// Minutes of waiting that 95 in 100 people of a site do not exceed, mean over days.
    pub fn wait_p95_min(&self, site: usize) -> f64 {
        self.sites[site].wait_p95 / f64::from(self.replications.max(1)) / TICKS_PER_MINUTE as f64
    }

    /// People simulated, all days.
    pub fn people_simulated(&self) -> f64 {
        self.sites.iter().map(|site| site.people as f64).sum()
    }
}

impl SiteSum {
    fn add(&mut self, day: &SiteDay) {
        self.people += u64::from(day.people);
        self.served += u64::from(day.served);
        self.tubes += day.tubes.len() as u64;
        self.wait_p95 += day.wait_p95;
        self.queue_max = self.queue_max.max(day.queue_max);
        if let Some(done) = day.done_97 {
            self.done_97 += done;
            self.done_days += 1;
        }
    }
}

impl LabSum {
    fn add(&mut self, day: &LabDay) {
        self.tally.add(&day.tally);
        self.busy += day.busy as f64;
        self.staffed += f64::from(day.machines) * day.span as f64;
        self.machines = day.machines;
    }
}
