//! What work asks of people, and what it needs: who may work when, water, clothing and meals.

use crate::{DAY, DeploymentNow, Fitness, Goods, HOUR, MINUTE, Room, Rules, Shift, ShiftNow, Stage, Teams};
use chance::Ticks;
use domain::Moment;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Less than this between two works is no break.
pub(crate) const BREAK: Ticks = 30 * MINUTE;

/// What speaks against a member's taking a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Obstacle {
    /// Ill, positive, exposed, or apart.
    Unfit,
    /// At work elsewhere.
    AtWork,
    /// Too little rest since the last day's work, or before the next.
    Rest,
    /// Too much work that day.
    Work,
    /// Too long without a break.
    Spell,
    /// Not to be outdoors on a hot day.
    Spared,
}

/// What something needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supplies {
    /// Bottles.
    pub water: u32,
    /// Meals.
    pub meals: u32,
    /// Sets.
    pub clothing: u32,
}

impl Teams {
    /// Whose weather and rules a team has at a moment: the recipient's where it is, or where it is to be.
    pub fn host(&self, team: Uuid, at: Moment) -> Option<Uuid> {
        if let Some(stay) = self.stay(team, at) {
            return Some(stay.host);
        }
        let all = self.now().teams.get(&team)?.deployments.iter();
        let open = all.filter_map(|id| self.now().deployments.get(id)).filter(|of| of.stage() != Stage::Over);
        open.min_by_key(|of| ((of.deployment.arrives - at).abs(), of.deployment.id)).map(|of| of.host)
    }

    /// Whether it is a hot day where a team is.
    pub fn is_hot(&self, team: Uuid, at: Moment) -> bool {
        self.host(team, at).is_some_and(|host| self.rules(host).is_hot(self.heat(host, at)))
    }

    pub(crate) fn rules_of(&self, team: Uuid, at: Moment) -> &Rules {
        self.host(team, at).map_or(Rules::usual(), |host| self.rules(host))
    }

    /// What a shift needs: water for its hours, and clothing that lasts as long.
    pub fn supplies(&self, shift: &Shift) -> Supplies {
        let (rules, hot) = (self.rules_of(shift.team, shift.from), self.is_hot(shift.team, shift.from));
        let people = shift.members.len() as u64;
        let hours = hours(shift.until - shift.from);
        let ml = if hot { rules.hot_water_ml_h } else { rules.water_ml_h };
        let lasts = u64::from(if hot { rules.hot_clothing_h } else { rules.clothing_h }.max(1));
        let water = (people * hours * u64::from(ml)).div_ceil(u64::from(rules.bottle_ml.max(1)));
        Supplies { water: count(water), meals: 0, clothing: count(people * hours.div_ceil(lasts)) }
    }

    /// What a team needs on a day: its shifts', its meals, and water for the hours in which nobody works.
    pub fn supplies_of_day(&self, team: Uuid, at: Moment) -> Supplies {
        let rules = self.rules_of(team, at);
        let day = rules.day(at);
        let people = self.members_of(team, at).count() as u64;
        let all = self.now().teams.get(&team).into_iter().flat_map(|of| &of.shifts);
        let shifts: Vec<&ShiftNow> = all
            .filter_map(|id| self.now().shifts.get(id))
            .filter(|of| of.dropped.is_none() && rules.day(of.shift.from) == day)
            .collect();
        let worked: u64 = shifts
            .iter()
            .map(|of| of.shift.members.len() as u64 * hours(of.shift.until - of.shift.from))
            .sum();
        let rest = (people * 24).saturating_sub(worked) * u64::from(rules.rest_water_ml_h);
        let mut all = Supplies {
            water: count(rest.div_ceil(u64::from(rules.bottle_ml.max(1)))),
            meals: count(people * rules.meals_min.len() as u64),
            clothing: 0,
        };
        for need in shifts.iter().map(|of| self.supplies(&of.shift)) {
            all.water = all.water.saturating_add(need.water);
            all.clothing = all.clothing.saturating_add(need.clothing);
        }
        all
    }

    /// How many of a kind a shift has received.
    pub(crate) fn received(of: &ShiftNow, goods: Goods) -> u32 {
        let told = of.received.iter().filter(|(_, what, _)| *what == goods);
        told.map(|(.., count)| *count).fold(0, u32::saturating_add)
    }

    /// People whom its host has put in a lodging, but those of one deployment.
    pub(crate) fn guests(&self, lodging: Uuid, but: Option<Uuid>) -> usize {
        let others = self
            .now()
            .deployments
            .values()
            .filter(|of| Some(of.deployment.id) != but && of.stage() == Stage::Lodged)
            .filter(|of| self.now().lodgings.get(&lodging).is_none_or(|(_, house)| house.host == of.host));
        let here = others.filter_map(|of| {
            let (_, known, rooms) = of.lodged.last()?;
            (*known == lodging).then(|| sleepers(of, rooms))
        });
        here.fold(0, usize::saturating_add)
    }

    /// When each member works or has worked.
    pub(crate) fn duties(&self) -> BTreeMap<Uuid, Vec<(Moment, Moment)>> {
        let mut all: BTreeMap<Uuid, Vec<(Moment, Moment)>> = BTreeMap::new();
        for of in self.now().shifts.values().filter(|of| of.dropped.is_none() || of.began.is_some()) {
            for &member in &of.shift.members {
                all.entry(member).or_default().push(of.span());
            }
        }
        all.values_mut().for_each(|spans| spans.sort_unstable());
        all
    }

    /// What speaks against a member's taking a shift, by when else they work.
    pub(crate) fn obstacles(
        &self,
        member: Uuid,
        shift: &Shift,
        known: &[(Moment, Moment)],
        fitness: &BTreeMap<Uuid, Fitness>,
    ) -> Vec<Obstacle> {
        let rules = self.rules_of(shift.team, shift.from);
        let celsius = self.host(shift.team, shift.from).and_then(|host| self.heat(host, shift.from));
        let (day, rest) = (rules.day(shift.from), Ticks::from(rules.rest_h) * HOUR);
        let mut found = Vec::new();
        if fitness.get(&member).is_some_and(|of| *of != Fitness::Fit) {
            found.push(Obstacle::Unfit);
        }
        let is_spared = self.now().members.get(&member).is_some_and(|of| of.member.spared);
        if is_spared && rules.spares(shift.outdoor, celsius) {
            found.push(Obstacle::Spared);
        }
        if known.iter().any(|(from, until)| *from < shift.until && shift.from < *until) {
            found.push(Obstacle::AtWork);
        }
        let is_near = |(from, until): &(Moment, Moment)| {
            rules.day(*from) != day && shift.from - *until < rest && *from - shift.until < rest
        };
        if known.iter().any(is_near) {
            found.push(Obstacle::Rest);
        }
        let same = known.iter().filter(|(from, _)| rules.day(*from) == day);
        let worked: Ticks = same.map(|(from, until)| *until - *from).sum();
        if worked + (shift.until - shift.from) > rules.work(shift.outdoor, celsius) {
            found.push(Obstacle::Work);
        }
        let (mut from, mut until) = (shift.from, shift.until);
        for _ in known {
            for (begins, ends) in known {
                if *begins - until < BREAK && from - *ends < BREAK {
                    (from, until) = (from.min(*begins), until.max(*ends));
                }
            }
        }
        if until - from > rules.spell(shift.outdoor && rules.is_hot(celsius)) {
            found.push(Obstacle::Spell);
        }
        found
    }
}

/// Hours, begun ones whole.
fn hours(of: Ticks) -> u64 {
    (of.clamp(0, 30 * DAY) as u64).div_ceil(HOUR as u64)
}

fn count(of: u64) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// How many beds a deployment takes: where no rooms are told, one for each of its number.
pub(crate) fn sleepers(of: &DeploymentNow, rooms: &[Room]) -> usize {
    match rooms {
        [] => of.deployment.number as usize,
        rooms => rooms.iter().map(|room| room.members.len()).sum(),
    }
}
