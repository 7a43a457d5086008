//! A plan that was made before, and what is withdrawn from it.

use super::{date, output::DeploymentFile};
use ::aid::Withdrawal;
use domain::{
    Aid, AidPlan, Notes, Place,
    aid::{Deployment, Team},
};
use jiff::{Unit, civil::Date};
use serde::Deserialize;
use std::collections::BTreeSet;

/// A plan's file this large is none.
const BYTES_MAX: usize = 64 << 20;

/// What stood in a plan.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// Those that had not left, by name.
    pub open: Vec<(String, Deployment)>,
    /// Those that are withdrawn now, and from when on.
    pub withdrawn: Vec<(String, i32)>,
    /// Orders that are withdrawn before they leave.
    pub dropped: Vec<(String, Deployment)>,
    /// Names of all that had left and were withdrawn, now or before.
    pub stopped: BTreeSet<String>,
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
    let read = match bytes.len() {
        0..=BYTES_MAX => serde_json::from_slice::<File>(bytes).map_err(|error| error.to_string()),
        _ => Err(format!("> {} MiB", BYTES_MAX >> 20)),
    };
    let file = match read {
        Ok(file) => file,
        Err(why) => {
            notes.error(Place::file(name), "aid_plan_unread", &[("why", &why)]);
            return Err(notes);
        }
    };
    let mut before = Before::default();
    for of in file.deployments {
        let donor = aid.donors.iter().position(|known| known.name == of.donor);
        let district = aid.districts.iter().position(|known| known.name == of.recipient);
        let skill = aid.skills.iter().position(|known| known.name == of.skill);
        let day = |text: &str| text.parse::<Date>().ok().and_then(|date| days_after(aid, date));
        let days = (day(&of.from), day(&of.until));
        let leaves = of.leaves.as_deref().map(day);
        let (Some(donor), Some(district), Some(skill), (Some(from), Some(until))) =
            (donor, district, skill, days)
        else {
            notes.error(Place::file(name), "aid_plan_other", &[("team", &of.team)]);
            continue;
        };
        let people = of.people;
        let free = aid.free(donor, district, until);
        if of.withdrawn {
            before.stopped.insert(of.team.clone());
        }
        match leaves.flatten() {
            Some(leaves) if !of.left => {
                before.open.push((
                    of.team,
                    Deployment { leaves, donor, district, skill, people, from, until, free },
                ));
            }
            leaves => {
                let leaves = leaves.unwrap_or(from - aid.way_days(donor, district));
                let name = of.team;
                before.left.push(Team { name, donor, district, skill, people, leaves, from, until, free });
            }
        }
    }
    if notes.refuses() { Err(notes) } else { Ok(before) }
}

fn days_after(aid: &Aid, date: Date) -> Option<i32> {
    date.since((Unit::Day, aid.first)).ok().map(|span| span.get_days())
}

/// Who stands in the plan and in `deployed.csv`, too, has left as the table says; that it was withdrawn since, only the plan knows.
fn join(aid: &mut Aid, before: &mut Before) {
    let Before { open, left, stopped, .. } = before;
    open.retain(|(name, _)| !aid.teams.iter().any(|team| team.name == *name));
    left.retain(|old| {
        let same = |team: &Team| {
            let at_once = team.from <= old.until && old.from <= team.until;
            (&team.name, team.skill) == (&old.name, old.skill) && (team.from == old.from || at_once)
        };
        let Some(at) = aid.teams.iter().position(same) else { return true };
        if stopped.contains(&old.name) {
            stop(aid, at, old.until);
        }
        false
    });
    aid.teams.append(left);
}

/// A team that has left works until a day at most.
fn stop(aid: &mut Aid, team: usize, until: i32) {
    let of = &aid.teams[team];
    let until = of.until.min(until);
    let free = of.free.min(aid.free(of.donor, of.district, until));
    let of = &mut aid.teams[team];
    (of.until, of.free) = (until, free);
}

/// The task from a day on, without what is withdrawn: names, each with the first day on which it does not work. Without a day
/// given it is that of the first withdrawal.
///
/// # Errors
/// If no team of the plan has such a name, or a day is none of the plan's.
pub fn withdraw(
    aid: &Aid,
    before: &mut Before,
    out: &[(String, Option<Date>)],
    now: Option<Date>,
) -> Result<(Aid, AidPlan), Notes> {
    let (mut notes, place) = (Notes::default(), || Place::file("--withdraw"));
    let given = out.iter().filter_map(|(_, date)| *date).min();
    let today = now.or(given).and_then(|date| days_after(aid, date)).unwrap_or(0);
    let outside = |day: i32| !(0..aid.days as i32).contains(&day);
    let days = out.iter().filter_map(|(_, date)| days_after(aid, (*date)?));
    if days.chain([today]).any(outside) {
        let last = date(aid, aid.days as i32 - 1);
        notes.error(place(), "aid_withdraw_day", &[("first", &aid.first), ("last", &last)]);
    }
    let mut withdrawals = Vec::new();
    let mut aid = aid.clone();
    join(&mut aid, before);
    for (name, day) in out {
        let day = day.and_then(|date| days_after(&aid, date)).unwrap_or(today);
        if let Some(deployment) = before.open.iter().position(|(known, _)| known == name) {
            withdrawals.push(Withdrawal { deployment, day });
        } else if aid.teams.iter().any(|team| team.name == *name) {
            // It may have several rows: two skills, or one place after another.
            for at in 0..aid.teams.len() {
                if aid.teams[at].name == *name {
                    stop(&mut aid, at, day - 1);
                }
            }
        } else {
            let known = before.open.first().map_or("–", |(name, _)| name.as_str());
            notes.error(place(), "aid_withdraw_unknown", &[("team", name), ("near", &known)]);
            continue;
        }
        before.withdrawn.push((name.clone(), day));
        before.stopped.insert(name.clone());
    }
    if notes.refuses() {
        return Err(notes);
    }
    let names: Vec<String> = before.open.iter().map(|(name, _)| name.clone()).collect();
    let plan =
        AidPlan { deployments: before.open.iter().map(|(_, of)| of.clone()).collect(), trips: Vec::new() };
    let (aid, kept) = ::aid::after(&aid, &plan, &names, &withdrawals, today as usize);
    // Who is withdrawn and stands among the teams has left; the others never will.
    let dropped = withdrawals.iter().map(|out| &before.open[out.deployment]);
    before.dropped =
        dropped.filter(|(name, _)| !aid.teams.iter().any(|team| team.name == *name)).cloned().collect();
    let still: Vec<(String, Deployment)> =
        before.open.iter().filter(|(_, of)| kept.deployments.contains(of)).cloned().collect();
    before.open = still;
    Ok((aid, kept))
}
