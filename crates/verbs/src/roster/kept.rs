//! A roster that was made before: its JSON, held against the task of today.

use domain::{
    Notes, Place,
    roster::{Roster, Task},
};
use serde::Deserialize;

/// A roster that was made before.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Who did what.
    pub roster: Roster,
    /// What a person set.
    pub pinned: Vec<(usize, usize)>,
}

#[derive(Deserialize)]
struct File {
    shifts: Vec<ShiftFile>,
}

#[derive(Deserialize)]
struct ShiftFile {
    from: String,
    until: String,
    role: String,
    #[serde(default)]
    site: Option<String>,
    volunteers: Vec<OnShift>,
}

#[derive(Deserialize)]
struct OnShift {
    name: String,
    #[serde(default)]
    row: u32,
    #[serde(default)]
    pinned: bool,
}

/// Reads `roster.json`. Who or what is no longer there is left out, with a warning.
///
/// # Errors
/// Notes, if the file is no roster.
pub fn read_kept(file: &str, bytes: &[u8], task: &Task) -> Result<(Kept, Notes), Notes> {
    let mut notes = Notes::default();
    let read: File = match serde_json::from_slice(bytes) {
        Ok(read) => read,
        Err(error) => {
            let mut place = Place::file(file);
            place.row = u32::try_from(error.line()).ok();
            notes.error(place, "roster_no_file", &[]);
            return Err(notes);
        }
    };
    let mut kept = Kept { roster: Roster::empty(task), pinned: Vec::new() };
    let (mut gone, mut nobody) = (0u32, 0u32);
    for shift in &read.shifts {
        let same = |at: &usize| {
            let own = &task.shifts[*at];
            let site = (own.site > 0).then(|| task.sites[own.site].as_str());
            super::output::local(task, own.span.from_min) == shift.from
                && super::output::local(task, own.span.until_min) == shift.until
                && task.roles[own.role].name == shift.role
                && site == shift.site.as_deref()
        };
        let Some(at) = (0..task.shifts.len()).find(same) else {
            gone += 1;
            continue;
        };
        for person in &shift.volunteers {
            let named = |who: &usize| task.volunteers[*who].name == person.name;
            let those: Vec<usize> = (0..task.volunteers.len()).filter(named).collect();
            let by_row = those.iter().find(|who| task.volunteers[**who].row == person.row);
            match by_row.or(those.first()) {
                Some(&who) => {
                    kept.roster.shifts[at].push(who);
                    if person.pinned {
                        kept.pinned.push((who, at));
                    }
                }
                None => nobody += 1,
            }
        }
    }
    if gone > 0 {
        notes.warning(Place::file(file), "roster_shifts_gone", &[("count", &gone)]);
    }
    if nobody > 0 {
        notes.warning(Place::file(file), "roster_people_gone", &[("count", &nobody)]);
    }
    Ok((kept, notes))
}
