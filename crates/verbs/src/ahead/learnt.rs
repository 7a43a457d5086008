//! What a day's own events say of its site, and what they leave open.

use super::{LearntOf, Running};
use chance::{Cause, Chance, Law, normal};
use domain::{Envelope, Moment, Notes, Scenario};
use rehearse::TICKS_PER_MINUTE;
use review::{Observed, StationReview, stations_drawn};

/// What was learnt.
pub(super) struct Learnt {
    /// Of the stations; none as long as little has happened.
    stations: Vec<StationReview>,
    /// Households that were called long enough ago to have come, and those of them that came.
    called: u32,
    come: u32,
}

/// Before so many events there is nothing to fit.
const EVENTS_LEAST: usize = 90;
/// A mean service time that was planned and not yet seen is taken to be wrong by so much, as a standard deviation of its
/// logarithm. It is a choice without a source: we know of no published figure of how wrong plans are.
pub const PLAN_DOUBT: f64 = 0.15;
/// The same of the share of households that come, where a site is made up that is not as planned.
const ATTENDANCE_DOUBT: f64 = 0.02;
/// What a plan says of attendance is worth so many households.
const PLAN_HOUSEHOLDS: f64 = 30.0;
/// Who has not come by then after the call comes hardly any more.
const LONG_AGO_MIN: i64 = 100;
/// Keeps these draws apart from those of the days that are lived.
const SITE: u32 = (1 << 31) + 4;

impl Learnt {
    pub(super) fn of(running: &Running<'_>, at: Moment) -> Learnt {
        let round = running.folded.live().round();
        let long_ago = |since: Moment| at - since >= LONG_AGO_MIN * TICKS_PER_MINUTE;
        let called =
            round.households().values().filter(|of| of.called.is_some_and(|(since, _)| long_ago(since)));
        let (mut all, mut come) = (0, 0);
        for household in called {
            all += 1;
            come += u32::from(!household.people.is_empty());
        }
        Learnt { stations: stations(running), called: all, come }
    }

    /// Sites as they may be, for all that is known.
    pub(super) fn drawn(&self, scenario: &Scenario, sites: u32, seed: i64) -> Vec<Scenario> {
        (0..sites)
            .map(|number| {
                let chance = Chance::new(seed as u64, SITE, number);
                let off = |place: u32| normal(chance.word(Cause::Planning, place, 0));
                let seed = (seed as u64).wrapping_mul(1 << 16).wrapping_add(number.into());
                let mut site = stations_drawn(&self.stations, scenario, seed);
                for (place, station) in (0..).zip(&mut site.site.stations) {
                    if self.seen_at(&station.name).is_none() {
                        station.service = doubted(&station.service, off(place));
                    }
                }
                let planned = site.attendance.households;
                let n = f64::from(self.called) + PLAN_HOUSEHOLDS;
                let mean = (planned * PLAN_HOUSEHOLDS + f64::from(self.come)) / n;
                let sd = (mean * (1.0 - mean) / (n + 1.0)).sqrt();
                site.attendance.households = (mean + sd * off(1000)).clamp(0.0, 1.0);
                site
            })
            .collect()
    }

    fn seen_at(&self, station: &str) -> Option<&StationReview> {
        let of = self.stations.iter().find(|of| of.name == station)?;
        of.fit.is_some().then_some(of)
    }

    /// Mean seconds that the first station takes for one person: as it was seen, or as it is planned.
    pub(super) fn first_s(&self, scenario: &Scenario) -> f64 {
        let Some(first) = scenario.site.stations.first() else { return 0.0 };
        let pause = first.changeover.map_or(0.0, |pause| pause.away_s / f64::from(pause.every.max(1)));
        let seen = self.seen_at(&first.name).and_then(|of| of.mean_s);
        seen.unwrap_or_else(|| first.service.mean_s()) + pause
    }

    /// Stations of which enough was seen.
    pub(super) fn seen(&self, scenario: &Scenario) -> Vec<LearntOf> {
        let stations = scenario.site.stations.iter().filter_map(|station| {
            let of = self.seen_at(&station.name)?;
            Some(LearntOf {
                station: station.name.clone(),
                planned_s: station.service.mean_s(),
                seen_s: of.mean_s?,
            })
        });
        stations.collect()
    }
}

/// A site as it may turn out to be: its services take longer or shorter than planned by [`PLAN_DOUBT`], and households come
/// by two in a hundred more or fewer, each as a standard deviation. The same number gives the same site.
pub fn as_it_turns_out(scenario: &Scenario, number: u64) -> Scenario {
    let chance = Chance::new(number, u32::MAX, 0);
    let off = |place: u32| normal(chance.word(Cause::Site, place, 0));
    let mut real = scenario.clone();
    for (place, station) in (0..).zip(&mut real.site.stations) {
        station.service = doubted(&station.service, off(place));
    }
    let attendance = &mut real.attendance.households;
    *attendance = (*attendance + ATTENDANCE_DOUBT * off(100)).clamp(0.5, 1.0);
    real
}

/// A law whose mean may be another; chairs, where everybody stays equally long, are no matter of speed.
fn doubted(law: &Law, normal: f64) -> Law {
    if law.variance() == 0.0 { law.clone() } else { law.scaled_by(libm::exp(PLAN_DOUBT * normal)) }
}

fn stations(running: &Running<'_>) -> Vec<StationReview> {
    let told: Vec<Envelope> = running.folded.happened().cloned().collect();
    if told.len() < EVENTS_LEAST {
        return Vec::new();
    }
    let mut observed = Observed::new();
    observed.take_in(&told, &mut Notes::default());
    observed.stations(Some(running.scenario))
}
