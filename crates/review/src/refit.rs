//! A review's measurements put into a scenario: as measured, or drawn from what the measurements leave open.

use crate::{Review, StationReview, calls::Measured, dice::Dice, fit::Fit};
use chance::Law;
use domain::{
    Policy, Scenario,
    scenario::{Arrivals, Changeover, Flow, Late},
};

impl Review {
    /// The scenario with everything that was measured: services, changeovers, reactions, calls, attendance, patience,
    /// bookings. What was not measured stays.
    #[must_use]
    pub fn refit(&self, scenario: &Scenario) -> Scenario {
        self.put_into(scenario, None)
    }

    /// The same with parameters drawn from what the sample leaves open: rehearse many of these, and the interval of
    /// their outcomes holds the fit's own uncertainty. The same seed draws the same.
    #[must_use]
    pub fn refit_drawn(&self, scenario: &Scenario, seed: u64) -> Scenario {
        self.put_into(scenario, Some(&mut Dice::new(seed)))
    }

    fn put_into(&self, scenario: &Scenario, mut dice: Option<&mut Dice>) -> Scenario {
        let mut new = scenario.clone();
        put_stations(&self.stations, &mut new, &mut dice);
        self.put_calls(&mut new, &mut dice);
        self.put_patience(scenario, &mut new, &mut dice);
        self.put_arrivals(&mut new, &mut dice);
        new
    }

    fn put_calls(&self, new: &mut Scenario, dice: &mut Option<&mut Dice>) {
        let Some(calls) = &self.calls else { return };
        if let Some(fit) = &calls.reaction {
            let drawn = law(fit, dice);
            if calls.policy == Policy::Waves.name() {
                let (common, late) = common_and_late(&drawn, fit);
                new.waves.reaction = common;
                new.waves.late = late.map(|(share, reaction)| Late { share, reaction });
            } else if let Arrivals::Broadcast { reaction, .. } = &mut new.arrivals {
                *reaction = drawn;
            }
        }
        if let Some(call) = &calls.call_s {
            let old = new.waves.callers.call.mean_s();
            let length = positive(call, dice);
            if old > 0.0 {
                new.waves.callers.call = new.waves.callers.call.scaled_by(length / old);
            }
        }
        if let Some(come) = calls.come.filter(|_| !new.roll.households.is_empty()) {
            new.attendance.households = share(&come, dice);
        }
        if let Some(persons) = &calls.persons {
            new.attendance.persons = share(persons, dice);
        }
    }

    fn put_patience(&self, scenario: &Scenario, new: &mut Scenario, dice: &mut Option<&mut Dice>) {
        let gave_up = scenario.patience.is_some() || self.patience.mean_min.is_some();
        if gave_up {
            new.patience = match patience(self, scenario) {
                Some(mean) if mean.n > 0 => Some(Law::exponential(60.0 * positive(&mean, dice))),
                Some(_) => scenario.patience.clone(),
                None => None,
            };
        }
    }

    fn put_arrivals(&self, new: &mut Scenario, dice: &mut Option<&mut Dice>) {
        let Some(pattern) = &self.arrivals else { return };
        let normal = |[mean, sd]: [Measured; 2], dice: &mut Option<&mut Dice>| {
            let centre = dice.as_deref_mut().map_or(mean.value, |dice| mean.value + mean.se * dice.normal());
            Law::normal(centre, positive(&sd, dice))
        };
        match &mut new.arrivals {
            Arrivals::Appointments(booked) => {
                if let Some(no_show) = &pattern.no_show {
                    booked.no_show = share(no_show, dice);
                }
                if let Some(seen) = pattern.punctuality {
                    booked.punctuality = Some(normal(seen, dice));
                }
            }
            Arrivals::Schedule { punctuality, .. } => {
                if let Some(seen) = pattern.punctuality {
                    *punctuality = Some(normal(seen, dice));
                }
            }
            Arrivals::Poisson(walk_ins) => {
                let Some(rates) = &pattern.per_hour else { return };
                let drawn: Vec<f64> = rates.iter().map(|rate| positive(rate, dice)).collect();
                walk_ins.per_hour = match (&walk_ins.per_hour, drawn.as_slice()) {
                    (Flow::Constant(_), [rate]) => Flow::Constant(*rate),
                    _ => Flow::Hourly(drawn),
                };
            }
            Arrivals::Broadcast { .. } | Arrivals::Waves | Arrivals::Mix(_) => {}
        }
    }
}

/// A scenario with its stations drawn from what was measured of them leaves open; what was not measured stays. The same seed
/// draws the same.
#[must_use]
pub fn stations_drawn(stations: &[StationReview], scenario: &Scenario, seed: u64) -> Scenario {
    let mut new = scenario.clone();
    put_stations(stations, &mut new, &mut Some(&mut Dice::new(seed)));
    new
}

fn put_stations(stations: &[StationReview], new: &mut Scenario, dice: &mut Option<&mut Dice>) {
    for station in &mut new.site.stations {
        let Some(seen) = stations.iter().find(|one| one.name == station.name) else { continue };
        if let Some(fit) = &seen.fit {
            station.service = law(fit, dice);
        }
        if let Some([each, se]) = seen.plus_each_s {
            let drawn = dice.as_deref_mut().map_or(each, |dice| each + se * dice.normal());
            station.plus_each_s = drawn.max(0.0);
        }
        match (&seen.changeover, station.changeover) {
            (Some(pauses), _) => {
                let away_s = match dice.as_deref_mut() {
                    Some(dice) => dice.positive(pauses.away_s, pauses.away_se),
                    None => pauses.away_s,
                };
                station.changeover = Some(Changeover { every: pauses.every, away_s: away_s.max(0.0) });
            }
            (None, Some(pause)) if seen.no_changeover(pause) => station.changeover = None,
            _ => {}
        }
    }
}

/// A drawn mean is no more than so many times the fitted one.
const DRAWN_MOST: f64 = 3.0;

fn law(fit: &Fit, dice: &mut Option<&mut Dice>) -> Law {
    let drawn = dice.as_deref_mut().map(|dice| fit.doubt.drawn(dice));
    // Of few times a rare long part may be drawn anywhere: what no service takes is not drawn.
    let sane = |law: &Law| law.problems().is_empty() && law.mean_s() <= DRAWN_MOST * fit.law.mean_s().abs();
    drawn.filter(sane).unwrap_or_else(|| fit.law.clone())
}

fn positive(measured: &Measured, dice: &mut Option<&mut Dice>) -> f64 {
    dice.as_deref_mut().map_or(measured.value, |dice| dice.positive(measured.value, measured.se))
}

fn share(measured: &Measured, dice: &mut Option<&mut Dice>) -> f64 {
    dice.as_deref_mut().map_or(measured.value, |dice| dice.share(measured.value, measured.n as f64))
}

/// The common law of a reaction, and the share that reacts otherwise with its law.
pub(crate) fn common_and_late(law: &Law, fit: &Fit) -> (Law, Option<(f64, Law)>) {
    Fit::parts(law, fit.doubt.form)
}

/// The scenario's reaction to a knock as one law.
pub(crate) fn reaction_of_waves(scenario: &Scenario) -> Law {
    let common = scenario.waves.reaction.clone();
    match &scenario.waves.late {
        Some(late) => Law::mixture(vec![(1.0 - late.share, common), (late.share, late.reaction.clone())]),
        None => common,
    }
}

/// Mean minutes of patience: what was measured; with `n` = 0 the scenario's own, where nothing speaks against it;
/// `None` where nobody gives up.
pub(crate) fn patience(review: &Review, scenario: &Scenario) -> Option<Measured> {
    if let Some(mean) = review.patience.mean_min {
        return Some(mean);
    }
    let planned = scenario.patience.as_ref()?.mean_s() / 60.0;
    let expected = review.patience.waited_h * 60.0 / planned.max(1e-9);
    // If the scenario were right, nobody giving up would have a chance of e^-expected.
    let nobody = review.patience.gave_up == 0 && expected > 4.6;
    (!nobody).then_some(Measured { value: planned, se: 0.0, n: 0 })
}
