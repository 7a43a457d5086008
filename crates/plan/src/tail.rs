//! What the waves leave: a last call for those not at home, and visits to those who cannot come. And the posts to fill.

use chance::{Sampler, TICKS_PER_SECOND, Ticks};
use domain::{Mark, Plan, Policy, Scenario, scenario::Servers};

/// The end of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail {
    /// When doors that did not open are knocked at again, in ticks after opening.
    pub last_call_at: Ticks,
    /// Households of which a share is expected not to have come by then.
    pub households_expected: u32,
    /// Residents marked as frail or ill, who may need someone to come to them.
    pub at_home: u32,
}

/// The tail of a plan; `None` for a broadcast, which nobody follows up.
pub fn tail(plan: &Plan, scenario: &Scenario) -> Option<Tail> {
    let last = plan.waves.iter().filter(|_| plan.policy == Policy::Waves).map(|wave| wave.call_at).max()?;
    // Nineteen of twenty who come at once have come by then.
    let reaction = Sampler::compile(&scenario.waves.reaction).draw(u32::MAX / 20 * 19);
    let minute = 60 * TICKS_PER_SECOND;
    let late = scenario.waves.late.as_ref().map_or(0.0, |late| late.share);
    let away = 1.0 - scenario.attendance.households * (1.0 - late);
    let frail = |marks: &&domain::Marks| marks.has(Mark::Frail) || marks.has(Mark::Ill);
    Some(Tail {
        last_call_at: (last + reaction.max(0)).div_euclid(minute) * minute + minute,
        households_expected: (scenario.roll.households.len() as f64 * away + 0.5) as u32,
        at_home: scenario.roll.residents.iter().filter(frail).count() as u32,
    })
}

/// A post and how many people fill it at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// A station's name, or `caller`.
    pub post: String,
    /// People at one time, at most, all lanes together.
    pub people: u32,
}

/// How many people each post of a plan takes.
pub fn needs(plan: &Plan, scenario: &Scenario) -> Vec<Need> {
    let staffed = plan.staffed(scenario);
    let scenario = staffed.as_ref().unwrap_or(scenario);
    let mut needs: Vec<Need> = scenario
        .site
        .stations
        .iter()
        .filter_map(|station| {
            let Servers::Calendar(calendar) = &station.servers else { return None };
            let most = calendar.0.iter().map(|entry| entry.1).max()?;
            let lanes = if station.shared { 1 } else { u32::from(scenario.site.lanes) };
            Some(Need { post: station.name.clone(), people: most * lanes })
        })
        .collect();
    if plan.policy == Policy::Waves {
        needs.push(Need { post: "caller".to_owned(), people: scenario.waves.callers.number });
    }
    needs
}
