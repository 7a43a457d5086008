//! How much of a card it takes: its value is halved in between until the day that holds and the day that breaks are near.

use super::{Bench, Trial};
use ::rehearse::faults::{Fault, Unit, Worse};
use domain::{Plan, Scenario, scenario::Servers};
use std::{collections::BTreeSet, convert::Infallible};

/// Halvings: the range becomes 1,000 times as narrow.
const STEPS: u32 = 10;
/// Values that differ by less than this share of the worse are one.
const NEAR: f64 = 0.02;

/// How much of a card the day holds, and how much breaks it. The search trusts that more is worse, and the few
/// replications of a trial; it says the two values between which it stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// The card as it is usually played.
    pub fault: Fault,
    /// The worst value that was seen to hold; `None` if the mildest breaks.
    pub holds: Option<f64>,
    /// The mildest that was seen to break; `None` if the worst of the card holds.
    pub breaks: Option<f64>,
}

/// Of a card that has a value.
pub(super) fn margin(bench: &Bench<'_>, trial: &Trial) -> Option<Margin> {
    let fault = *trial.faults.first()?;
    let range = ends(&fault, bench.scenario, bench.plan)?;
    let mut breaks = |value: f64| Ok::<bool, Infallible>(!bench.strain(&[fault.with_value(value)]).holds());
    let Ok(margin) = between(fault, range, STEPS, trial.breaks(), &mut breaks);
    Some(margin)
}

/// The margin of a card that is played between the mildest and the worst value, by so many halvings; `breaks(value)` tries
/// one, and as it is usually played that has been done.
///
/// # Errors
/// Those of `breaks`.
pub(crate) fn between<E>(
    fault: Fault,
    (mild, worst): (f64, f64),
    steps: u32,
    usual_breaks: bool,
    breaks: &mut dyn FnMut(f64) -> Result<bool, E>,
) -> Result<Margin, E> {
    let whole = fault.card.scale.as_ref().is_some_and(|scale| scale.whole);
    let usual = fault.value.clamp(mild.min(worst), mild.max(worst));
    let (mut holds, mut broken) = if usual_breaks {
        if breaks(mild)? {
            return Ok(Margin { fault, holds: None, breaks: Some(mild) });
        }
        (mild, usual)
    } else {
        if !breaks(worst)? {
            return Ok(Margin { fault, holds: Some(worst), breaks: None });
        }
        (usual, worst)
    };
    for _ in 0..steps {
        let mut middle = f64::midpoint(holds, broken);
        if whole {
            // A whole number that lies between the two, or there is none.
            middle = (middle + 0.5) as i64 as f64;
            if middle == holds || middle == broken {
                break;
            }
        }
        if (broken - holds).abs() <= NEAR * broken.abs() && !whole {
            break;
        }
        if breaks(middle)? {
            broken = middle;
        } else {
            holds = middle;
        }
    }
    Ok(Margin { fault, holds: Some(holds), breaks: Some(broken) })
}

/// The mildest and the worst value that this scenario can meet.
pub(crate) fn ends(fault: &Fault, scenario: &Scenario, plan: Option<&Plan>) -> Option<(f64, f64)> {
    let scale = fault.card.scale.as_ref()?;
    let lanes = u32::from(scenario.site.lanes);
    let most = match scale.unit {
        Unit::People if scale.worse == Worse::Up => {
            let most = scenario.site.stations.iter().find_map(|station| match &station.servers {
                Servers::Unlimited => None,
                Servers::Calendar(calendar) => {
                    let most = calendar.0.iter().map(|entry| entry.1).max().unwrap_or(0);
                    Some(if station.shared { most } else { most.saturating_mul(lanes) })
                }
            });
            f64::from(most.unwrap_or(1))
        }
        // All who could stand there at one time have shelter.
        Unit::People => f64::from(scenario.site.room.unwrap_or(1_000)),
        Unit::Lanes => f64::from(lanes),
        Unit::Buildings => {
            let names: BTreeSet<&str> =
                scenario.roll.entrances.iter().map(|entrance| entrance.building.as_str()).collect();
            names.len() as f64
        }
        Unit::Waves => {
            let waves = plan.map_or(0, |plan| plan.waves.len()) as u32;
            f64::from(waves / (2 * lanes).max(1))
        }
        _ => scale.most,
    };
    let most = most.clamp(scale.least, scale.most);
    Some(match scale.worse {
        Worse::Up => (scale.least, most),
        Worse::Down => (most, scale.least),
    })
}
