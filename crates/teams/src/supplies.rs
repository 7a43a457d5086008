//! What work asks of people, and what it needs: who may work when, water, clothing, meals, and how long somebody was without.

use crate::{
    DAY, DeploymentNow, Fitness, Goods, HOUR, MINUTE, Room, Rules, Shift, ShiftNow, Stage, Teams,
    state::TeamNow,
};
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

/// A time at work in which nobody confirmed water for longer than the rules allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dry {
    /// Since the last water, or since work began.
    pub from: Moment,
    /// Until the next, until work ended, or until now.
    pub until: Moment,
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

    /// When all who work in a shift have last had water, by what was confirmed up to now, or began to work; `None`: they have not begun.
    pub fn last_water(&self, of: &ShiftNow, now: Moment) -> Option<Moment> {
        self.water(of, now)?.last().map(|(_, last)| *last)
    }

    /// Times at work without water for longer than the rules allow. Who goes from one shift straight to another was without it before.
    pub fn dry(&self, of: &ShiftNow, now: Moment) -> Vec<Dry> {
        let end = of.ended.map_or(now, |(at, _)| at.min(now));
        let Some(times) = self.water(of, end) else { return vec![] };
        let every = self.water_every(of, end);
        let until = times.iter().skip(1).map(|(at, _)| *at).chain([end]);
        let dry = times.iter().zip(until).map(|((_, from), until)| Dry { from: *from, until });
        dry.filter(|of| of.until - of.from > every).collect()
    }

    /// How often whoever works in a shift has water: as on a hot day if that on which they began was one, or this is.
    pub(crate) fn water_every(&self, of: &ShiftNow, now: Moment) -> Ticks {
        let (team, (from, _)) = (of.shift.team, of.span());
        self.rules_of(team, from).water_every(self.is_hot(team, from) || self.is_hot(team, now))
    }

    /// From when on which time was the last at which all who work in a shift had water, up to some moment. Nobody has had any by a
    /// bottle that somebody else has drunk, nor by what was confirmed without a shift: that is in the lodging.
    fn water(&self, of: &ShiftNow, until: Moment) -> Option<Vec<(Moment, Moment)>> {
        let (began, _) = of.began?;
        let before = of.shift.members.iter().map(|id| self.water_before(*id, of, began)).min();
        let mut times = vec![(began, before.unwrap_or(began))];
        let bottles: Vec<(Moment, u32)> = bottles(of, began, until).collect();
        for nth in 0..bottles.len() {
            let last = times.last().map_or(began, |(_, last)| *last);
            // So far back there are as many bottles as people.
            if let Some(since) = enough(&bottles[..=nth], of.shift.members.len()).filter(|of| *of > last) {
                times.push((bottles[nth].0, since));
            }
        }
        Some(times)
    }

    /// When a member who begins a shift has last had water, or began to work, if they came straight from another.
    fn water_before(&self, member: Uuid, shift: &ShiftNow, began: Moment) -> Moment {
        let all = self.now().members.get(&member).into_iter().flat_map(|of| &of.shifts);
        let all = all.filter_map(|id| self.now().shifts.get(id)).filter(|of| of.shift.id != shift.shift.id);
        let near = |of: &&ShiftNow| of.began.is_some_and(|(at, _)| at < began);
        let mut before: Vec<&ShiftNow> = all.filter(near).collect();
        before.sort_unstable_by_key(|of| of.began);
        let (mut last, mut ends) = (began, None::<Moment>);
        for of in before {
            let (from, until) = of.span();
            if ends.is_none_or(|ends| from - ends >= BREAK) {
                last = from;
            }
            let bottles: Vec<(Moment, u32)> = bottles(of, from, until.min(began)).collect();
            last = enough(&bottles, of.shift.members.len()).map_or(last, |at| at.max(last));
            ends = ends.max(Some(until));
        }
        if ends.is_none_or(|ends| began - ends >= BREAK) { began } else { last }
    }

    /// How many of a kind a shift has received.
    pub(crate) fn received(of: &ShiftNow, goods: Goods) -> u32 {
        let told = of.received.iter().filter(|(_, what, _)| *what == goods);
        told.map(|(.., count)| *count).fold(0, u32::saturating_add)
    }

    /// Meals that a team received from one time to another.
    pub(crate) fn meals(of: &TeamNow, from: Moment, until: Moment) -> u32 {
        let told =
            of.received.iter().filter(|(at, goods, _)| *goods == Goods::Meal && from <= *at && *at < until);
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
        if shift.outdoor && is_spared && celsius.is_some_and(|celsius| celsius >= rules.spared_c) {
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

/// Bottles that a shift received after one time, up to another.
fn bottles(of: &ShiftNow, from: Moment, until: Moment) -> impl Iterator<Item = (Moment, u32)> {
    let water =
        of.received.iter().filter(move |(at, goods, _)| *goods == Goods::Water && from < *at && *at <= until);
    water.map(|(at, _, count)| (*at, *count))
}

/// The last time since which there are as many bottles as people, those of the end first.
fn enough(bottles: &[(Moment, u32)], people: usize) -> Option<Moment> {
    let mut sum = 0u64;
    let found = bottles.iter().rev().find(|(_, count)| {
        sum += u64::from(*count);
        sum >= people as u64
    });
    found.map(|(at, _)| *at)
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
