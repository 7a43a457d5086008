//! What is wrong with a day's schedule, minute by minute. It shares nothing with whoever made it but the rules' figures.

use crate::{Crew, DayPlan};
use domain::Moment;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Something that a schedule breaks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is said by its name; moments are the first minute at which it is so")]
pub enum Broken {
    Stranger { member: Uuid },
    TwoCrews { member: Uuid },
    FewPeople { at: Moment, people: usize },
    Twice { member: Uuid, at: Moment },
    Outside { at: Moment },
    Heat { at: Moment },
    Spared { member: Uuid, at: Moment },
    Spell { member: Uuid, at: Moment },
    Work { member: Uuid },
    Rest { member: Uuid },
    Water { member: Uuid, at: Moment },
    Supervisors { has: usize },
}

/// All that a schedule breaks. Times are looked at by the minute.
pub fn check(day: &DayPlan, crews: &[Crew]) -> Vec<Broken> {
    const MINUTE: i64 = 600_000;
    let rules = &day.rules;
    let mut broken = Vec::new();
    let known: BTreeMap<Uuid, _> = day.members.iter().map(|(of, before)| (of.id, (of, before))).collect();
    let mut of_crew: BTreeMap<Uuid, usize> = BTreeMap::new();
    for (nth, crew) in crews.iter().enumerate() {
        for &member in &crew.members {
            if !known.contains_key(&member) {
                broken.push(Broken::Stranger { member });
            }
            if of_crew.insert(member, nth).is_some() {
                broken.push(Broken::TwoCrews { member });
            }
        }
    }
    let has = day.members.iter().filter(|(of, _)| of.supervisor).count();
    if (has as u64) * u64::from(rules.members_a_supervisor) < day.members.len() as u64 {
        broken.push(Broken::Supervisors { has });
    }
    let hot = day.celsius.is_some_and(|of| of >= rules.hot_c);
    let minute_of_day = |at: Moment| (at.0 / MINUTE + i64::from(rules.utc_offset_min)).rem_euclid(1440);
    let allowed = |at: Moment| {
        let hour = minute_of_day(at) / 60;
        let in_window = i64::from(rules.avoid_from_h) <= hour && hour < i64::from(rules.avoid_until_h);
        let stopped = day.celsius.is_some_and(|of| of >= rules.stop_c);
        !(day.outdoor && (stopped || hot && in_window))
    };
    // Of each member: minutes worked, minutes since the last break, minutes since water, first and last minute.
    let mut life: BTreeMap<Uuid, (i64, i64, i64, i64, i64)> = BTreeMap::new();
    let spell_most =
        i64::from(if hot && day.outdoor { rules.hot_spell_h.min(rules.spell_h) } else { rules.spell_h }) * 60;
    let water_most = i64::from(if hot { rules.hot_water_min } else { rules.water_min });
    let first = crews
        .iter()
        .flat_map(|of| &of.spells)
        .map(|of| of.from.0)
        .chain([day.from.0])
        .min()
        .unwrap_or(day.from.0);
    let last = crews
        .iter()
        .flat_map(|of| &of.spells)
        .map(|of| of.until.0)
        .chain([day.until.0])
        .max()
        .unwrap_or(day.until.0);
    let mut few = false;
    for minute in first.div_euclid(MINUTE)..=(last - 1).div_euclid(MINUTE) {
        let at = Moment(minute * MINUTE);
        let mut present = 0;
        for crew in crews {
            let at_work = crew.spells.iter().filter(|of| of.from <= at && at < of.until).count();
            let is_water = crew.spells.iter().any(|of| of.water.contains(&at) || of.from == at);
            for &member in &crew.members {
                let (worked, spell, water, begins, ends) = life.entry(member).or_default();
                if at_work == 0 {
                    *spell = 0;
                    continue;
                }
                if at_work > 1 {
                    broken.push(Broken::Twice { member, at });
                }
                present += 1;
                if *worked == 0 {
                    *begins = minute;
                }
                *worked += 1;
                *spell += 1;
                *water = if is_water { 1 } else { *water + 1 };
                *ends = minute + 1;
                if *spell == spell_most + 1 {
                    broken.push(Broken::Spell { member, at });
                }
                if *water == water_most + 1 {
                    broken.push(Broken::Water { member, at });
                }
                let spared = known.get(&member).is_some_and(|(of, _)| of.spared);
                let too_hot = day.celsius.is_some_and(|of| of >= rules.spared_c);
                if spared && day.outdoor && too_hot {
                    broken.push(Broken::Spared { member, at });
                }
            }
        }
        let inside = day.from <= at && at < day.until;
        if present > 0 && !inside {
            broken.push(Broken::Outside { at });
        }
        if present > 0 && !allowed(at) {
            broken.push(Broken::Heat { at });
        }
        let is_few = inside && allowed(at) && present < day.people;
        if is_few && !few {
            broken.push(Broken::FewPeople { at, people: present });
        }
        few = is_few;
    }
    let very_hot = day.outdoor && day.celsius.is_some_and(|of| of >= rules.very_hot_c);
    let work_most =
        i64::from(if very_hot { rules.very_hot_work_h.min(rules.work_h) } else { rules.work_h }) * 60;
    let rest = i64::from(rules.rest_h) * 60;
    for (member, (worked, .., begins, ends)) in life.into_iter().filter(|(_, of)| of.0 > 0) {
        if worked > work_most {
            broken.push(Broken::Work { member });
        }
        let before = known.get(&member).and_then(|(_, before)| **before).map(|of| of.0.div_euclid(MINUTE));
        if before.is_some_and(|before| begins - before < rest) || ends - begins > 1440 - rest {
            broken.push(Broken::Rest { member });
        }
    }
    broken.sort();
    broken.dedup();
    broken
}
