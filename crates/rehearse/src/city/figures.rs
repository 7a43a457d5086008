//! What is told of a city: the fields of the command's JSON. A replication is a day; numbers are means over days.

use super::{
    lab_tally::LabTally,
    labs::Minutes,
    outcome::{CityOutcome, LabSum, Level},
    quarters::Quarters,
};
use crate::{TICKS_PER_MINUTE, figures::Spread};
use domain::City;
use queueing::{Interval, Series};
use serde::Serialize;

/// Sites that are told one by one: more are a list that nobody reads.
const WORST: usize = 20;

/// How many sites run on which engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Engines {
    /// On sorted server-free times.
    pub fifo: u64,
    /// On an agenda of events.
    pub event: u64,
}

/// The figures of a city.
#[derive(Clone, Debug, Serialize)]
pub struct CityFigures {
    /// People who came: served, left and unserved together.
    pub people: f64,
    /// People served.
    pub served: f64,
    /// People who gave up.
    pub left: f64,
    /// People turned away.
    pub unserved: f64,
    /// Days rehearsed.
    pub replications: u32,
    /// Sites by engine.
    pub engine: Engines,
    /// Waiting before all stations together, of all who were served anywhere.
    pub wait_min: Spread,
    /// From arriving to leaving, of the same people.
    pub stay_min: Spread,
    /// Minutes after opening at which 97 in 100 of those served have left; to a few minutes.
    pub done_97_min: Option<f64>,
    /// Most people waiting at one site at one time.
    pub queue_max: f64,
    /// The sites.
    pub sites: SitesFigures,
    /// The districts, in the order of the table.
    pub districts: Vec<DistrictFigures>,
    /// What became of the tubes; null where nothing is tested.
    pub tubes: Option<TubeFigures>,
    /// The labs, in the order of the table.
    pub labs: Vec<LabFigures>,
    /// How the couriers' rounds went; absent where none are planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounds: Option<RoundFigures>,
    /// From the first swab of a tube to its result; null where nothing is tested.
    pub result_h: Option<ResultHours>,
    /// People of positive tubes, who come again; null where nothing is tested.
    pub recalls: Option<RecallFigures>,
    /// The day by the hour.
    pub hours: Vec<HourFigures>,
}

/// All sites.
#[derive(Clone, Debug, Serialize)]
pub struct SitesFigures {
    /// How many there are.
    pub count: u64,
    /// Those where 95 in 100 wait at most 25 minutes,
    pub clear: u64,
    /// longer than that,
    pub busy: u64,
    /// 50 minutes and more, or where somebody was not served any more.
    pub jammed: u64,
    /// The worst ones.
    pub worst: Vec<SiteFigures>,
}

/// One site.
#[derive(Clone, Debug, Serialize)]
pub struct SiteFigures {
    /// Its district.
    pub district: String,
    /// Its name.
    pub name: String,
    /// Its shape's name.
    pub shape: String,
    /// How full it is.
    pub level: Level,
    /// Whom it serves.
    pub residents: u32,
    /// Those who came.
    pub people: f64,
    /// Those who were not served.
    pub unserved: f64,
    /// 95 in 100 of those served wait no longer.
    pub wait_p95_min: f64,
    /// Most people waiting at one time, of all days.
    pub queue_max: u32,
    /// Minutes after the city's opening at which 97 in 100 have left.
    pub done_97_min: Option<f64>,
}

/// A district.
#[derive(Clone, Debug, Serialize)]
pub struct DistrictFigures {
    /// Its name.
    pub name: String,
    /// Whom its sites serve.
    pub residents: u64,
    /// Those who came.
    pub people: f64,
    /// Those who were not served.
    pub unserved: f64,
    /// How many sites it has, and of each level.
    pub sites: u64,
    /// See [`SitesFigures::clear`].
    pub clear: u64,
    /// See [`SitesFigures::busy`].
    pub busy: u64,
    /// See [`SitesFigures::jammed`].
    pub jammed: u64,
    /// The worst of its sites, by the wait that 95 in 100 do not exceed.
    pub wait_p95_max_min: f64,
}

/// What became of the tubes.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct TubeFigures {
    /// Tubes closed.
    pub filled: f64,
    /// People in a tube, on average.
    pub people_per_tube: f64,
    /// Tested by the end.
    pub tested: f64,
    /// Not tested by then.
    pub waiting: f64,
    /// Tested by the moment at which results are due, of specimens young enough.
    pub in_time: f64,
    /// The same as a share of all tubes.
    pub in_time_share: f64,
    /// Hours after the opening at which the last of those tested had its result, the latest of all days.
    pub last_result_h: f64,
}

/// A lab.
#[derive(Clone, Debug, Serialize)]
pub struct LabFigures {
    /// Its name.
    pub name: String,
    /// Tubes of several people that it got.
    pub tubes: f64,
    /// Those tested by the end.
    pub tested: f64,
    /// Machines that its capacity means.
    pub machines: u32,
    /// Time in use over the time from its first tubes to its last result.
    pub utilisation: f64,
    /// Most tubes waiting for a machine at one time, of all days.
    pub queue_max: u64,
    /// Minutes that a tube waits for a machine: mean,
    pub wait_mean_min: Option<f64>,
    /// and 95 in 100 at most.
    pub wait_p95_min: Option<f64>,
}

/// The couriers' rounds of a day.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RoundFigures {
    /// Rounds driven.
    pub driven: f64,
    /// Those that were back more than a quarter of an hour later than planned.
    pub late: f64,
    /// The latest of all days, in minutes after its time.
    pub late_max_min: f64,
    /// Stops at which a vehicle was too full to take all boxes.
    pub full: f64,
    /// Tubes that no round fetched any more.
    pub left_behind: f64,
}

/// Hours from the first swab of a tube to its result.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ResultHours {
    /// Mean.
    pub mean: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 95 in 100 at most.
    pub p95: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
}

/// People of positive tubes.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RecallFigures {
    /// Positive tubes.
    pub tubes: f64,
    /// People in them, each of whom is sampled once more.
    pub people: f64,
    /// Of their single tubes, those tested by the end.
    pub tested: f64,
    /// Hours after the opening at which the last of all tubes that were tested had its result, the latest of all days.
    pub last_result_h: f64,
}

/// One hour.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct HourFigures {
    /// Hours after the city's opening at which it begins.
    pub hour: u32,
    /// People who came to any site,
    pub came: f64,
    /// and who left one, all served.
    pub served: f64,
    /// Tubes closed,
    pub tubes_closed: f64,
    /// brought to labs,
    pub tubes_brought: f64,
    /// and with a result.
    pub tubes_done: f64,
}

fn minutes(ticks: f64) -> f64 {
    ticks / TICKS_PER_MINUTE as f64
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

impl CityOutcome {
    /// In minutes and people.
    pub fn figures(&self, city: &City) -> CityFigures {
        let summary = self.summary();
        let days = f64::from(self.replications.max(1));
        let [people, served, left, unserved] = self.people.map(|sum| sum as f64 / days);
        let (labs, all) = (self.labs(city, days), self.all_labs());
        let tested = city.testing.is_some();
        CityFigures {
            people,
            served,
            left,
            unserved,
            replications: self.replications,
            engine: self.engines,
            wait_min: self.spread(&summary.wait, 0),
            stay_min: self.spread(&summary.stay, 2),
            done_97_min: mean(&self.done_97),
            queue_max: mean(&self.queue_max).unwrap_or(0.0),
            sites: self.sites(city, days),
            districts: self.districts(city, days),
            tubes: tested.then(|| self.tubes(&all, days)),
            labs,
            rounds: self.round_figures(days),
            result_h: tested.then(|| result_hours(&all.results)),
            recalls: tested.then(|| RecallFigures {
                tubes: all.positive as f64 / days,
                people: all.recalled as f64 / days,
                tested: all.singles_tested as f64 / days,
                last_result_h: minutes(all.last[1] as f64) / 60.0,
            }),
            hours: self.hours(&all, days),
        }
    }

    /// A distribution over all days; the intervals come from the variance between days.
    fn spread(&self, series: &Series, place: usize) -> Spread {
        let distribution = &series.distribution;
        let some = |ticks: f64| (distribution.people > 0).then(|| minutes(ticks));
        let interval = |centre: f64, place: usize| {
            let limits = Interval::around(centre, self.days.iter().map(|day| day[place]))?;
            Some([minutes(limits.low), minutes(limits.high)])
        };
        Spread {
            mean: some(distribution.mean),
            p50: some(distribution.p50),
            p95: some(distribution.p95),
            max: some(distribution.max),
            ci95: interval(distribution.mean, place),
            p95_ci95: interval(distribution.p95, place + 1),
        }
    }

    fn sites(&self, city: &City, days: f64) -> SitesFigures {
        let mut worst: Vec<usize> = (0..city.sites.len()).collect();
        worst.sort_by(|&one, &other| {
            let unserved = |site: usize| self.sites[site].people - self.sites[site].served;
            self.level(other)
                .cmp(&self.level(one))
                .then(self.wait_p95_min(other).total_cmp(&self.wait_p95_min(one)))
                .then(unserved(other).cmp(&unserved(one)))
                .then(one.cmp(&other))
        });
        worst.truncate(WORST);
        let [clear, busy, jammed] = self.by_level(0..city.sites.len());
        let worst = worst.into_iter().map(|site| self.site(city, site, days)).collect();
        SitesFigures { count: city.sites.len() as u64, clear, busy, jammed, worst }
    }

    fn site(&self, city: &City, number: usize, days: f64) -> SiteFigures {
        let (site, sum) = (&city.sites[number], &self.sites[number]);
        SiteFigures {
            district: city.districts[site.district as usize].name.clone(),
            name: site.name.clone(),
            shape: city.shapes[site.shape as usize].name.clone(),
            level: self.level(number),
            residents: site.residents,
            people: sum.people as f64 / days,
            unserved: (sum.people - sum.served) as f64 / days,
            wait_p95_min: self.wait_p95_min(number),
            queue_max: sum.queue_max,
            done_97_min: (sum.done_days > 0).then(|| minutes(sum.done_97 / f64::from(sum.done_days))),
        }
    }

    fn by_level(&self, sites: impl Iterator<Item = usize>) -> [u64; 3] {
        let mut counts = [0; 3];
        sites.for_each(|site| counts[self.level(site) as usize] += 1);
        counts
    }

    fn districts(&self, city: &City, days: f64) -> Vec<DistrictFigures> {
        let mut of: Vec<Vec<usize>> = vec![Vec::new(); city.districts.len()];
        for (number, site) in city.sites.iter().enumerate() {
            of[site.district as usize].push(number);
        }
        let figures = |(district, sites): (&domain::city::District, &Vec<usize>)| {
            let [clear, busy, jammed] = self.by_level(sites.iter().copied());
            let sum = |of: &dyn Fn(usize) -> u64| sites.iter().map(|&site| of(site)).sum::<u64>();
            let unserved = sum(&|site| self.sites[site].people - self.sites[site].served);
            DistrictFigures {
                name: district.name.clone(),
                residents: sum(&|site| u64::from(city.sites[site].residents)),
                people: sum(&|site| self.sites[site].people) as f64 / days,
                unserved: unserved as f64 / days,
                sites: sites.len() as u64,
                clear,
                busy,
                jammed,
                wait_p95_max_min: sites.iter().map(|&site| self.wait_p95_min(site)).fold(0.0, f64::max),
            }
        };
        city.districts.iter().zip(&of).map(figures).collect()
    }

    fn round_figures(&self, days: f64) -> Option<RoundFigures> {
        let sum = &self.rounds;
        (sum.driven > 0).then(|| RoundFigures {
            driven: sum.driven as f64 / days,
            late: sum.late as f64 / days,
            late_max_min: minutes(sum.late_max as f64),
            full: sum.full as f64 / days,
            left_behind: sum.left_behind as f64 / days,
        })
    }

    fn tubes(&self, all: &LabTally, days: f64) -> TubeFigures {
        let filled: u64 = self.sites.iter().map(|site| site.tubes).sum();
        let people: u64 = self.sites.iter().map(|site| site.served).sum();
        assert_eq!(filled, all.tubes, "every tube that was filled was brought to a lab");
        TubeFigures {
            filled: filled as f64 / days,
            people_per_tube: people as f64 / (filled.max(1)) as f64,
            tested: all.tested as f64 / days,
            waiting: (filled - all.tested) as f64 / days,
            in_time: all.in_time as f64 / days,
            in_time_share: all.in_time as f64 / (filled.max(1)) as f64,
            last_result_h: minutes(all.last[0] as f64) / 60.0,
        }
    }

    fn labs(&self, city: &City, days: f64) -> Vec<LabFigures> {
        let Some(testing) = &city.testing else { return Vec::new() };
        let figures = |(lab, sum): (&domain::city::Lab, &LabSum)| LabFigures {
            name: lab.name.clone(),
            tubes: sum.tally.tubes as f64 / days,
            tested: sum.tally.tested as f64 / days,
            machines: sum.machines,
            utilisation: if sum.staffed > 0.0 { sum.busy / sum.staffed } else { 0.0 },
            queue_max: sum.tally.queue_max,
            wait_mean_min: sum.tally.waits.mean(),
            wait_p95_min: sum.tally.waits.quantile(0.95),
        };
        testing.labs.iter().zip(&self.labs).map(figures).collect()
    }

    /// All labs as one.
    fn all_labs(&self) -> LabTally {
        let mut all = LabTally::default();
        self.labs.iter().for_each(|lab| all.add(&lab.tally));
        all
    }

    fn hours(&self, all: &LabTally, days: f64) -> Vec<HourFigures> {
        let columns = [&self.came, &self.gone, &self.closed, &all.came, &all.done].map(Quarters::hours);
        let hours = columns.iter().map(Vec::len).max().unwrap_or(0);
        let at = |column: usize, hour: usize| columns[column].get(hour).map_or(0.0, |&n| n as f64 / days);
        (0..hours)
            .map(|hour| HourFigures {
                hour: hour as u32,
                came: at(0, hour),
                served: at(1, hour),
                tubes_closed: at(2, hour),
                tubes_brought: at(3, hour),
                tubes_done: at(4, hour),
            })
            .collect()
    }
}

fn result_hours(results: &Minutes) -> ResultHours {
    let hours = |minutes: Option<f64>| minutes.map(|minutes| minutes / 60.0);
    ResultHours {
        mean: hours(results.mean()),
        p50: hours(results.quantile(0.5)),
        p95: hours(results.quantile(0.95)),
        max: hours(results.quantile(1.0)),
    }
}
