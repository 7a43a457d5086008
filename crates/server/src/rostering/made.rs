//! A roster is made, and brought onto what is known by the time that it is solved: that takes up to two minutes, in which the desk and
//! volunteers go on.

use super::{KeptRoster, folder, ids_of, with_volunteers};
use crate::{
    access::who::Who,
    app::App,
    limits,
    machine::{Processors, zones},
    people::{
        self, PeopleError,
        id::{CommunityId, VolunteerId},
        volunteers::Volunteer,
    },
    problem::Fault,
};
use axum::http::StatusCode;
use domain::{
    Plan, Scenario,
    roster::{Roster, Task},
};
use scenario::Files;
use verbs::{Desk, Voice, options::RehearseOptions};

/// A roster to be made.
#[derive(Clone, Debug)]
pub struct Make {
    /// Whose volunteers.
    pub community: CommunityId,
    /// Of which scenario.
    pub scenario: String,
    /// Seconds to solve it.
    pub seconds: f64,
}

/// Makes the roster of a scenario, or makes it anew: what is pinned and who cannot come stays. It takes as long as it may. Whose shifts are
/// others than were solved, where something changed meanwhile.
///
/// # Errors
/// Nobody offered to help, the scenario or somebody's words refuse, somebody makes it already, or the database says no.
pub fn make(app: &App, who: &Who, asked: &Make, voice: Voice) -> Result<Option<Vec<String>>, Fault> {
    let _working = app.making.begin(asked.community, &asked.scenario, asked.seconds)?;
    Solved::of(app, who, asked, voice)?.keep(app, asked)
}

/// What does not change while it is made.
struct Day {
    files: Files,
    scenario: Scenario,
    plan: Option<Plan>,
    /// When it began, seconds since 1970: nobody saw who signed up since.
    began: i64,
}

/// What is known of people.
struct Known {
    task: Task,
    /// The task's volunteers.
    ids: Vec<VolunteerId>,
    /// The roster as it was.
    old: KeptRoster,
    version: Option<i64>,
}

/// A roster that is solved, and not kept yet.
struct Solved {
    day: Day,
    known: Known,
    roster: Roster,
    bound: Option<u64>,
}

impl Day {
    fn of(app: &App, who: &Who, asked: &Make, voice: Voice) -> Result<Day, Fault> {
        let began = people::now();
        let files = folder(app, who, &asked.scenario)?;
        let own_shifts = files.0.contains_key("shifts.csv") || files.0.contains_key("shifts.xlsx");
        let files = with_volunteers(files, &volunteers(app, asked.community)?);
        let desk = Desk { files: &files, machine: &Processors, zones: &zones, voice };
        let (scenario, plan) = if own_shifts {
            (desk.scenario(&[])?, None)
        } else {
            desk.planned(&RehearseOptions { quick: true, ..RehearseOptions::default() })?
        };
        Ok(Day { files, scenario, plan, began })
    }
}

impl Known {
    /// What is known now. Whoever got a shift since the roster `before` keeps it.
    fn now(app: &App, asked: &Make, day: &Day, before: Option<&KeptRoster>) -> Result<Known, Fault> {
        let row = app.people.roster(asked.community, &asked.scenario)?;
        let old = row.as_ref().map(|row| KeptRoster::of(&row.content)).transpose()?.unwrap_or_default();
        let mut held = old.clone();
        held.made_at = day.began;
        let mut volunteers = volunteers(app, asked.community)?;
        volunteers.retain(|one| held.knows(one));
        if let Some(before) = before {
            held.pin_since(before);
        }
        let files = with_volunteers(day.files.clone(), &volunteers);
        let (sheets, said) = scenario::read_volunteers(&files, &day.scenario, &[]);
        let sheets = sheets.ok_or(said)?;
        let (mut task, notes) = verbs::roster::task(&day.scenario, day.plan.as_ref(), sheets);
        if notes.refuses() {
            return Err(notes.into());
        }
        let ids = ids_of(&task, &volunteers)?;
        old.leave_out(&mut task, &ids);
        task.pinned = KeptRoster::of_task(&task, &day.scenario).pins_of(&held, &ids);
        Ok(Known { task, ids, old, version: row.map(|row| row.version) })
    }
}

impl Solved {
    fn of(app: &App, who: &Who, asked: &Make, voice: Voice) -> Result<Solved, Fault> {
        let day = Day::of(app, who, asked, voice)?;
        let known = Known::now(app, asked, &day, None)?;
        let best = ::roster::best(&known.task, asked.seconds, 0.0);
        Ok(Solved { day, known, roster: best.roster, bound: best.bound })
    }

    /// Keeps it. Where what it was made of is not the same any more, it is brought onto what is: whose shifts are others than were solved.
    fn keep(self, app: &App, asked: &Make) -> Result<Option<Vec<String>>, Fault> {
        for tried in 1.. {
            let now = Known::now(app, asked, &self.day, Some(&self.known.old))?;
            let mut kept = KeptRoster::of_task(&now.task, &self.day.scenario);
            let is_same = (&now.task, &now.ids) == (&self.known.task, &self.known.ids);
            let moved = if is_same {
                kept.place(&self.roster, &now.task, &now.ids);
                kept.bound = self.bound;
                None
            } else {
                let wish = self.for_those_of(&now);
                let roster = ::roster::redraft(&now.task, &wish);
                kept.place(&roster, &now.task, &now.ids);
                let others = (0..now.ids.len()).filter(|who| !wish.of(*who).eq(roster.of(*who)));
                Some(others.map(|who| now.task.volunteers[who].name.clone()).collect())
            };
            kept.made = now.old.made + 1;
            kept.made_at = self.day.began;
            kept.carry(now.old);
            let (community, content) = (asked.community, kept.text());
            match app.people.keep_roster(community, &asked.scenario, now.version, &content, people::now()) {
                Err(PeopleError::RosterChanged) if tried < limits::ROSTER_TRIES => {}
                done => return done.map(|_| moved).map_err(Fault::from),
            }
        }
        unreachable!("it is tried until it is done")
    }

    /// The roster with people counted as they are now. Who was erased since is not on it.
    fn for_those_of(&self, now: &Known) -> Roster {
        let place = |who: &usize| now.ids.iter().position(|id| *id == self.known.ids[*who]);
        let shifts = self.roster.shifts.iter().map(|people| people.iter().filter_map(place).collect());
        Roster { shifts: shifts.collect() }
    }
}

fn volunteers(app: &App, community: CommunityId) -> Result<Vec<Volunteer>, Fault> {
    let all = app.people.volunteers_to_place(community)?;
    if all.is_empty() {
        return Err(Fault::new(StatusCode::CONFLICT, "volunteers_none"));
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
