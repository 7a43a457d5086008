//! A plan that was made before, and what is withdrawn from it.

use super::{date, output::DeploymentFile};
use ::aid::Withdrawal;
use domain::{
    Aid, AidPlan, Notes, Place,
    aid::{Deployment, Team},
};
use jiff::{Unit, civil::Date};
use serde::Deserialize;

/// A plan's file this large is none.
const BYTES_MAX: usize = 64 << 20;

/// What stood in a plan.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// Those that had not left, by name.
    pub open: Vec<(String, Deployment)>,
    /// Those that are withdrawn by now, and from when on.
    pub withdrawn: Vec<(String, i32)>,
    left: Vec<Team>,
}

#[derive(Deserialize)]
struct File {
    deployments: Vec<DeploymentFile>,
}

/// Reads a plan's file; `name` is what notes call it.
///
/// # Errors
/// All that is wrong with it.
pub fn read_before(name: &str, bytes: &[u8], aid: &Aid) -> Result<Before, Notes> {
    let mut notes = Notes::default();
    let read = (bytes.len() <= BYTES_MAX).then(|| serde_json::from_slice::<File>(bytes).ok()).flatten();
    let Some(file) = read else {
        notes.error(Place::file(name), "aid_plan_unread", &[]);
        return Err(notes);
    };
    let mut before = Before::default();
    for of in file.deployments {
        let donor = aid.donors.iter().position(|known| known.name == of.donor);
        let district = aid.districts.iter().position(|known| known.name == of.recipient);
        let skill = aid.skills.iter().position(|known| known.name == of.skill);
        let day = |text: &str| text.parse::<Date>().ok().and_then(|date| days_after(aid, date));
        let days = (day(&of.from), day(&of.until), day(&of.free));
        let leaves = of.leaves.as_deref().map(day);
        let (Some(donor), Some(district), Some(skill), (Some(from), Some(until), Some(free))) =
            (donor, district, skill, days)
        else {
            notes.error(Place::file(name), "aid_plan_other", &[("team", &of.team)]);
            continue;
        };
        let people = of.people;
        match leaves.flatten() {
            Some(leaves) if !of.left => {
                before.open.push((
                    of.team,
                    Deployment { leaves, donor, district, skill, people, from, until, free },
                ));
            }
            _ => before.left.push(Team { name: of.team, donor, district, skill, people, from, until, free }),
        }
    }
    if notes.refuses() { Err(notes) } else { Ok(before) }
}

fn days_after(aid: &Aid, date: Date) -> Option<i32> {
    date.since((Unit::Day, aid.first)).ok().map(|span| span.get_days())
}

/// The task from a day on, without what is withdrawn: names, each with the first day on which it does not work. Without a day
/// given it is that of the first withdrawal.
///
/// # Errors
/// If no team of the plan has such a name, or the day is none of the plan's.
pub fn withdraw(
    aid: &Aid,
    before: &mut Before,
    out: &[(String, Option<Date>)],
    now: Option<Date>,
) -> Result<(Aid, AidPlan), Notes> {
    let mut notes = Notes::default();
    let given = out.iter().filter_map(|(_, date)| *date).min();
    let today = now.or(given).and_then(|date| days_after(aid, date)).unwrap_or(0);
    if !(0..aid.days as i32).contains(&today) {
        let last = date(aid, aid.days as i32 - 1);
        notes.error(Place::default(), "aid_withdraw_day", &[("first", &aid.first), ("last", &last)]);
        return Err(notes);
    }
    let mut withdrawals = Vec::new();
    let mut aid = aid.clone();
    // What stands in the plan's file as having left stands in deployed.csv, too, where it did so before the first plan.
    before
        .left
        .retain(|team| !aid.teams.iter().any(|other| other.name == team.name && other.from == team.from));
    aid.teams.append(&mut before.left.clone());
    for (name, day) in out {
        let day = day.and_then(|date| days_after(&aid, date)).unwrap_or(today);
        if let Some(deployment) = before.open.iter().position(|(known, _)| known == name) {
            withdrawals.push(Withdrawal { deployment, day });
        } else if let Some(team) = aid.teams.iter_mut().find(|team| team.name == *name) {
            team.until = team.until.min(day - 1);
            team.free = team.free.min(day + aid.rules.rest_days as i32 + 1);
        } else {
            let known = before.open.first().map_or("–", |(name, _)| name.as_str());
            notes.error(Place::default(), "aid_withdraw_unknown", &[("team", name), ("near", &known)]);
            continue;
        }
        before.withdrawn.push((name.clone(), day));
    }
    if notes.refuses() {
        return Err(notes);
    }
    let names: Vec<String> = before.open.iter().map(|(name, _)| name.clone()).collect();
    let plan =
        AidPlan { deployments: before.open.iter().map(|(_, of)| of.clone()).collect(), trips: Vec::new() };
    let (aid, kept) = ::aid::after(&aid, &plan, &names, &withdrawals, today as usize);
    let still: Vec<(String, Deployment)> =
        before.open.iter().filter(|(_, of)| kept.deployments.contains(of)).cloned().collect();
    before.open = still;
    Ok((aid, kept))
}
