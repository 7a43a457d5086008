//! A team is withdrawn: what has left already stands, the rest is planned anew.

use domain::aid::{Aid, AidPlan, Deployment, Team};

/// A deployment that ends before its time, or does not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Its place in the plan.
    pub deployment: usize,
    /// The first day on which it does not work.
    pub day: i32,
}

/// The task from a day on, with what has left before standing as teams, and those orders that have not been carried out yet.
/// Withdrawn people are away until their journey home and their rest are over.
pub fn after(
    aid: &Aid,
    plan: &AidPlan,
    names: &[String],
    withdrawn: &[Withdrawal],
    now: usize,
) -> (Aid, AidPlan) {
    let mut aid = Aid { now: now.max(aid.now), ..aid.clone() };
    let mut kept = AidPlan::default();
    for (at, of) in plan.deployments.iter().enumerate() {
        let out = withdrawn.iter().find(|out| out.deployment == at).map(|out| out.day);
        if out.is_none() && of.leaves >= aid.now as i32 {
            kept.deployments.push(of.clone());
            continue;
        }
        let name = names.get(at).cloned().unwrap_or_default();
        let (until, free) = out.map_or((of.until, of.free), |day| stopped(&aid, of, day));
        let Deployment { donor, district, skill, people, from, .. } = *of;
        aid.teams.push(Team { name, donor, district, skill, people, from, until, free });
    }
    let trips = plan.trips.iter().filter(|of| of.leaves >= aid.now as i32);
    let still = |donor: usize, district: usize, leaves: i32| {
        kept.deployments.iter().any(|of| (of.donor, of.district, of.leaves) == (donor, district, leaves))
    };
    kept.trips = trips.filter(|of| still(of.donor, of.district, of.leaves)).cloned().collect();
    (aid, kept)
}

/// The last day of work of who stops on a day, and the day from which they count at home again.
fn stopped(aid: &Aid, of: &Deployment, day: i32) -> (i32, i32) {
    let way = of.from - of.leaves;
    let until = of.until.min(day - 1);
    (until, until.max(of.leaves - 1).max(day - 1) + 1 + way + aid.rules.rest_days as i32)
}
