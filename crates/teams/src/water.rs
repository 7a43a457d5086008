//! When whoever works has last had water, and how long somebody was without.

use crate::{Goods, ShiftNow, Teams, supplies::BREAK};
use chance::Ticks;
use domain::Moment;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A time at work in which nobody confirmed water for longer than the rules allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dry {
    /// Since the last water, or since work began.
    pub from: Moment,
    /// Until the next, until work ended, or until now.
    pub until: Moment,
}

impl Teams {
    /// When all who work in a shift have last had water, by what was confirmed up to now, or began to work; `None`: they have not begun.
    pub fn last_water(&self, of: &ShiftNow, now: Moment) -> Option<Moment> {
        self.last_water_by(of, now, &mut Works::default())
    }

    /// The same of one of many shifts.
    pub(crate) fn last_water_by(&self, of: &ShiftNow, now: Moment, works: &mut Works) -> Option<Moment> {
        self.water(of, now, works)?.last().map(|(_, last)| *last)
    }

    /// Times at work without water for longer than the rules allow. Who goes from one shift straight to another was without it before.
    pub fn dry(&self, of: &ShiftNow, now: Moment) -> Vec<Dry> {
        self.dry_by(of, now, &mut Works::default())
    }

    /// The same of all shifts, in the order of their identifiers.
    pub fn all_dry(&self, now: Moment) -> Vec<(&ShiftNow, Dry)> {
        let mut works = Works::default();
        let dry = |of| self.dry_by(of, now, &mut works).into_iter().map(move |dry| (of, dry));
        self.shifts().flat_map(dry).collect()
    }

    fn dry_by(&self, of: &ShiftNow, now: Moment, works: &mut Works) -> Vec<Dry> {
        let end = of.ended.map_or(now, |(at, _)| at.min(now));
        let Some(times) = self.water(of, end, works) else { return vec![] };
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
    fn water(&self, of: &ShiftNow, until: Moment, works: &mut Works) -> Option<Vec<(Moment, Moment)>> {
        let (began, _) = of.began?;
        let before = of.shift.members.iter().map(|id| works.of(self, *id).water_before(began)).min();
        let mut times = vec![(began, before.unwrap_or(began))];
        for (at, since) in rounds(of, began, until) {
            if times.last().is_none_or(|(_, last)| since > *last) {
                times.push((at, since));
            }
        }
        Some(times)
    }
}

/// What members have worked, and the water that they had: of each looked up once, however many shifts ask for it.
#[derive(Default)]
pub(crate) struct Works {
    members: BTreeMap<Uuid, Work>,
    /// Of each shift, when all had a bottle.
    rounds: BTreeMap<Uuid, Vec<(Moment, Moment)>>,
}

/// What a member has worked.
#[derive(Default)]
struct Work {
    begun: Vec<Begun>,
    /// At which time it is known that they had water when, whatever the shift.
    water: Vec<(Moment, Moment)>,
}

/// Where a member stands after some shift was begun.
struct Begun {
    at: Moment,
    /// Since when there was no break.
    since: Moment,
    /// When the last of all until then ends.
    until: Moment,
}

impl Works {
    fn of(&mut self, teams: &Teams, member: Uuid) -> &Work {
        let Works { members, rounds: known } = self;
        members.entry(member).or_insert_with(|| {
            let all = teams.now().members.get(&member).into_iter().flat_map(|of| &of.shifts);
            let all = all.filter_map(|id| teams.now().shifts.get(id));
            let mut all: Vec<&ShiftNow> = all.filter(|of| of.began.is_some()).collect();
            all.sort_unstable_by_key(|of| of.began);
            let mut work = Work::default();
            for of in all {
                let (at, ends) = of.span();
                let (since, until) = match work.begun.last() {
                    Some(last) if at - last.until < BREAK => (last.since, last.until.max(ends)),
                    Some(last) => (at, last.until.max(ends)),
                    None => (at, ends),
                };
                work.begun.push(Begun { at, since, until });
                let water = known.entry(of.shift.id).or_insert_with(|| rounds(of, at, ends));
                work.water.extend_from_slice(water);
            }
            work.water.sort_unstable();
            let mut last = None;
            for (_, since) in &mut work.water {
                *since = last.map_or(*since, |last: Moment| last.max(*since));
                last = Some(*since);
            }
            work
        })
    }
}

impl Work {
    /// When they had water last, or began to work, if they come straight from another shift to one that begins then; else when it begins.
    fn water_before(&self, began: Moment) -> Moment {
        let nth = self.begun.partition_point(|of| of.at < began);
        let before = nth.checked_sub(1).map(|nth| &self.begun[nth]);
        let Some(before) = before.filter(|of| began - of.until < BREAK) else { return began };
        let known = self.water.partition_point(|(at, _)| *at <= began).checked_sub(1);
        known.map_or(before.since, |nth| self.water[nth].1.max(before.since))
    }
}

/// Of a shift, after one time and up to another: when which time was the last since which there were as many bottles as people, those of
/// the end first.
fn rounds(of: &ShiftNow, from: Moment, until: Moment) -> Vec<(Moment, Moment)> {
    let people = of.shift.members.len() as u64;
    let is_water =
        |(at, goods, _): &&(Moment, Goods, u32)| *goods == Goods::Water && from < *at && *at <= until;
    let mut bottles: Vec<(Moment, u64)> =
        of.received.iter().filter(is_water).map(|(at, _, count)| (*at, u64::from(*count))).collect();
    // What comes at one moment comes together.
    bottles.dedup_by(|next, kept| {
        let together = next.0 == kept.0;
        kept.1 += if together { next.1 } else { 0 };
        together
    });
    let (mut all, mut first, mut sum) = (Vec::new(), 0, 0u64);
    for (nth, (at, count)) in bottles.iter().enumerate() {
        sum += count;
        while first < nth && sum - bottles[first].1 >= people {
            sum -= bottles[first].1;
            first += 1;
        }
        if sum >= people {
            all.push((*at, bottles[first].0));
        }
    }
    all
}
