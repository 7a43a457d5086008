//! Which meals have not come.

use super::{Found, Near, NearWhy, Turn};
use crate::{DAY, DeploymentNow, Goods, HOUR, Role, Teams};
use chance::Ticks;
use domain::Moment;

/// Meals come so long before their time at the earliest.
const MEAL_BEFORE: Ticks = 3 * HOUR;
/// So long before its time what is confirmed is that meal rather than the one before, come late.
const OWN_BEFORE: Ticks = HOUR;

impl Teams {
    /// Each meal of the day whose time has come and that lacks portions, until the first of the next day is due.
    pub(super) fn meals_of(&self, of: &DeploymentNow, found: &mut Found) {
        for by in self.unfed(of, found.now).into_iter().flatten() {
            let turn = Turn { party: of.host, role: Role::Stores };
            let (id, team) = (of.deployment.id, Some(of.deployment.team));
            found.add(by, Near { by, why: NearWhy::MealDue, of: id, team, turn });
        }
    }

    /// Times of meals of the day that lack portions. `None`: the host has no meals. A portion counts for the meal that was due last, or for
    /// the next from an hour before it; what is more than that one lacks counts for the first of the day that lacks some.
    fn unfed(&self, of: &DeploymentNow, now: Moment) -> Option<Vec<Moment>> {
        let rules = self.rules(of.host);
        let mut minutes = rules.meals_min.clone();
        minutes.sort_unstable();
        let first = *minutes.first()?;
        let today = rules.day(now);
        let day = if rules.at(today, first) <= now { today } else { today - 1 };
        let begins = rules.at(day, first) + -MEAL_BEFORE;
        let (since, team) = (of.there().map_or(now, |(from, _)| from), of.deployment.team);
        let times = minutes.into_iter().map(|minute| rules.at(day, minute)).filter(|at| *at >= since);
        let lacking = |at: Moment| (at, self.members_of(team, at).count() as u64);
        let mut meals: Vec<(Moment, u64)> = times.map(lacking).collect();
        let all = self.now().teams.get(&team).into_iter().flat_map(|of| &of.received);
        let came = all.filter(|(at, goods, _)| {
            *goods == Goods::Meal && begins <= *at && *at < begins + DAY && *at <= now
        });
        for &(at, _, count) in came {
            let mut left = u64::from(count);
            let own = meals.iter().rposition(|(time, _)| *time + -OWN_BEFORE <= at).unwrap_or(0);
            for nth in [own].into_iter().chain(0..meals.len()) {
                if let Some((_, lacks)) = meals.get_mut(nth).filter(|(time, _)| *time + -MEAL_BEFORE <= at) {
                    let taken = left.min(*lacks);
                    (left, *lacks) = (left - taken, *lacks - taken);
                }
            }
        }
        Some(meals.into_iter().filter(|(at, lacks)| *at <= now && *lacks > 0).map(|(at, _)| at).collect())
    }
}
