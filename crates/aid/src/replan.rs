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
/// Withdrawn people are away until their journey home and their rest are over; who is withdrawn and has not left yet never leaves.
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
        let still_here = of.leaves >= aid.now as i32;
        if out.is_some_and(|day| still_here || day <= of.leaves) {
            continue;
        }
        if still_here {
            kept.deployments.push(of.clone());
            continue;
        }
        let name = names.get(at).cloned().unwrap_or_default();
        let Deployment { leaves, donor, district, skill, people, from, .. } = *of;
        let until = out.map_or(of.until, |day| of.until.min(day - 1));
        let free = aid.free(donor, district, until);
        aid.teams.push(Team { name, donor, district, skill, people, leaves, from, until, free });
    }
    let trips = plan.trips.iter().filter(|of| of.leaves >= aid.now as i32);
    let still = |donor: usize, district: usize, leaves: i32| {
        kept.deployments.iter().any(|of| (of.donor, of.district, of.leaves) == (donor, district, leaves))
    };
    kept.trips = trips.filter(|of| still(of.donor, of.district, of.leaves)).cloned().collect();
    (aid, kept)
}
