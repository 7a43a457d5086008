//! A roster that was made before: its JSON, held against the task of today.

use domain::{
    Notes, Place,
    roster::{Roster, Span, Task},
};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// A roster that was made before.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Who did what.
    pub roster: Roster,
    /// What a person set.
    pub pinned: Vec<(usize, usize)>,
    /// Who dropped out, and for how long.
    pub out: Vec<(usize, Span)>,
}

#[derive(Deserialize)]
struct File {
    shifts: Vec<ShiftFile>,
    #[serde(default)]
    out: Vec<OutFile>,
    #[serde(default)]
    agreed_max_min: Option<i32>,
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

/// Somebody who dropped out, as the file has them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutFile {
    /// Their name.
    name: String,
    /// Their row in the volunteers' sheet.
    #[serde(default)]
    row: u32,
    /// From when on, local.
    from: String,
    /// Until when; null: for good.
    until: Option<String>,
}

impl OutFile {
    pub(super) fn new(task: &Task, (who, span): (usize, Span)) -> OutFile {
        let at = |minute: i32| super::output::local(task, minute);
        let person = &task.volunteers[who];
        OutFile {
            name: person.name.clone(),
            row: person.row,
            from: at(span.from_min),
            until: (span.until_min < i32::MAX).then(|| at(span.until_min)),
        }
    }

    /// `None` where a time is none.
    fn span(&self, task: &Task) -> Option<Span> {
        let minute = |text: &str| {
            let at: DateTime = text.parse().ok()?;
            i32::try_from(at.duration_since(task.midnight).as_mins()).ok()
        };
        let until_min = self.until.as_deref().map_or(Some(i32::MAX), minute)?;
        Some(Span { from_min: minute(&self.from)?, until_min })
    }
}

/// Reads `roster.json`. Who or what is no longer there is left out, with a warning; who dropped out is taken as not free in the task,
/// and what was agreed before they did stays agreed.
///
/// # Errors
/// Notes, if the file is no roster.
pub fn read_kept(file: &str, bytes: &[u8], task: &mut Task) -> Result<(Kept, Notes), Notes> {
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
    let mut kept = Kept { roster: Roster::empty(task), ..Kept::default() };
    let (mut gone, mut nobody) = (0u32, 0u32);
    // Two rows of a sheet may be equal: each is one shift.
    let mut taken = vec![false; task.shifts.len()];
    for shift in &read.shifts {
        let same = |at: &usize| {
            let own = &task.shifts[*at];
            let site = (own.site > 0).then(|| task.sites[own.site].as_str());
            !taken[*at]
                && super::output::local(task, own.span.from_min) == shift.from
                && super::output::local(task, own.span.until_min) == shift.until
                && task.roles[own.role].name == shift.role
                && site == shift.site.as_deref()
        };
        let Some(at) = (0..task.shifts.len()).find(same) else {
            gone += 1;
            continue;
        };
        taken[at] = true;
        for person in &shift.volunteers {
            let there = &kept.roster.shifts[at];
            match found(task, &person.name, person.row, |who| !there.contains(&who)) {
                Some(who) => {
                    kept.roster.shifts[at].push(who);
                    if person.pinned {
                        kept.pinned.push((who, at));
                    }
                }
                None => nobody += 1,
            }
        }
    }
    for out in &read.out {
        let Some(span) = out.span(task) else {
            notes.error(Place::file(file), "roster_no_file", &[]);
            return Err(notes);
        };
        match found(task, &out.name, out.row, |_| true) {
            Some(who) => {
                kept.out.push((who, span));
                ::roster::excuse(task, who, span);
            }
            None => nobody += 1,
        }
    }
    task.rules.agreed_max_min = read.agreed_max_min;
    if gone > 0 {
        notes.warning(Place::file(file), "roster_shifts_gone", &[("count", &gone)]);
    }
    if nobody > 0 {
        notes.warning(Place::file(file), "roster_people_gone", &[("count", &nobody)]);
    }
    Ok((kept, notes))
}

/// Who has a name: of namesakes the one of that row, or else the first who is free.
fn found(task: &Task, name: &str, row: u32, free: impl Fn(usize) -> bool) -> Option<usize> {
    let named = |who: &usize| task.volunteers[*who].name == name && free(*who);
    let mut those = (0..task.volunteers.len()).filter(named);
    those.clone().find(|who| task.volunteers[*who].row == row).or_else(|| those.next())
}

/// The one volunteer of a name, or of a name and a row of the sheet: `Ann`, `Ann#7`.
///
/// # Errors
/// Notes, if nobody has it, or several have.
pub fn named(task: &Task, text: &str) -> Result<usize, Notes> {
    let those = |name: &str, row: Option<u32>| -> Vec<usize> {
        let is = |who: &usize| {
            let person = &task.volunteers[*who];
            person.name == name && row.is_none_or(|row| person.row == row)
        };
        (0..task.volunteers.len()).filter(is).collect()
    };
    let by_row = || {
        let (name, row) = text.rsplit_once('#')?;
        Some(those(name, Some(row.parse().ok()?)))
    };
    let found = Some(those(text, None)).filter(|found| !found.is_empty()).or_else(by_row).unwrap_or_default();
    let mut notes = Notes::default();
    match found[..] {
        [who] => return Ok(who),
        [] => notes.error(Place::file("volunteers.csv"), "roster_out_unknown", &[]),
        _ => {
            let rows: Vec<String> = found.iter().map(|who| task.volunteers[*who].row.to_string()).collect();
            notes.error(Place::file("volunteers.csv"), "roster_out_namesakes", &[("rows", &rows.join(", "))]);
        }
    }
    Err(notes)
}
