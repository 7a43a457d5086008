//! Rows of the volunteers' sheet.

use super::{
    SEPARATORS, VOLUNTEERS_MAX, add_role,
    available::{self, Days},
    cells, skills, table,
};
use crate::{
    sheet::Grouped,
    tables::{self, Cells},
    tongues::tongue_within,
};
use domain::{
    roll::Tongue,
    roster::{Pair, Role, Volunteer},
};
use std::collections::BTreeMap;

/// Volunteers and who belongs together.
#[derive(Default)]
pub(super) struct People {
    pub volunteers: Vec<Volunteer>,
    pub together: Vec<Pair>,
    pub apart: Vec<Pair>,
}

/// A cell that names others, looked at once all are known.
struct Naming {
    who: usize,
    row: u32,
    heading: String,
    text: String,
    together: bool,
}

/// Where a name was met: the volunteer's place, the telephone numbers in that row, and the row.
type Met = (usize, Vec<String>, u32);

/// Characters of a name on a roster.
const NAME_CHARS_MAX: usize = 40;

pub(super) fn read(bytes: &[u8], days: Days, roles: &mut Vec<Role>, notes: &mut Grouped) -> People {
    let mut people = People::default();
    let mut known: BTreeMap<String, Vec<Met>> = BTreeMap::new();
    let mut namings: Vec<Naming> = Vec::new();
    let mut too_many = false;
    tables::read(table("volunteers"), bytes, notes, &mut |_, _| {}, &mut |cells, notes| {
        let at = Some(cells.number());
        let name = cells.text("name").trim();
        if name.is_empty() {
            return;
        }
        if people.volunteers.len() == VOLUNTEERS_MAX {
            too_many = true;
            return;
        }
        let phones = cells::phones(cells.text("phone"));
        if phones.len() > 1 {
            notes.warning(at, cells.heading("phone"), "volunteers_two_phones", &[]);
        }
        let key: String =
            name.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase();
        if let Some(same) = known.get(&key) {
            let met = same.iter().find(|(_, other, _)| {
                other.is_empty() || phones.is_empty() || other.iter().any(|phone| phones.contains(phone))
            });
            match met {
                Some((_, _, row)) => {
                    notes.warning(at, cells.heading("name"), "volunteers_twice", &[("row", row)]);
                    return;
                }
                None => {
                    let row = same[0].2;
                    notes.warning(at, cells.heading("name"), "volunteers_same_name", &[("row", &row)]);
                }
            }
        } else if let Some((_, _, row)) =
            known.values().flatten().find(|(_, other, _)| other.iter().any(|phone| phones.contains(phone)))
        {
            notes.hint(at, cells.heading("phone"), "volunteers_same_phone", &[("row", row)]);
        }
        let who = people.volunteers.len();
        known.entry(key).or_default().push((who, phones, cells.number()));
        for (column, together) in [("together_with", true), ("apart_from", false), ("child_at_home", false)] {
            let text = cells.text(column);
            if cells::is_yes(text) {
                let heading = cells.heading(column).to_owned();
                namings.push(Naming { who, row: cells.number(), heading, text: text.to_owned(), together });
            }
        }
        people.volunteers.push(volunteer(cells, name, days, roles, notes));
    });
    if too_many {
        notes.error(None, "", "volunteers_too_many", &[("max", &VOLUNTEERS_MAX)]);
    }
    for naming in namings {
        name_others(&naming, &known, &mut people, notes);
    }
    for pairs in [&mut people.together, &mut people.apart] {
        pairs.sort_unstable();
        pairs.dedup();
    }
    let both: Vec<Pair> =
        people.together.iter().copied().filter(|pair| people.apart.contains(pair)).collect();
    for (one, other) in both {
        let row = people.volunteers[one].row;
        notes.error(
            Some(people.volunteers[other].row),
            "",
            "volunteers_together_and_apart",
            &[("row", &row)],
        );
    }
    people
}

fn volunteer(
    cells: &Cells<'_>,
    name: &str,
    days: Days,
    roles: &mut Vec<Role>,
    notes: &mut Grouped,
) -> Volunteer {
    let at = Some(cells.number());
    let available = available::read(cells.text("available"), days);
    if available.unknown {
        notes.warning(at, cells.heading("available"), "volunteers_when_unknown", &[]);
    }
    if available.spans.is_empty() {
        notes.hint(at, cells.heading("available"), "volunteers_never", &[]);
    }
    let mut own: Vec<usize> = roles_in(cells, "skills", roles, notes);
    if cells::is_yes(cells.text("languages")) {
        own.push(add_role(roles, "interpreting"));
    }
    own.sort_unstable();
    own.dedup();
    let mut prefers = roles_in(cells, "prefers", roles, notes);
    prefers.sort_unstable();
    prefers.dedup();
    let experience = cells.text("experience");
    let first_timer = cells::is_new(experience);
    if first_timer.is_none() && !experience.is_empty() {
        notes.warning(at, cells.heading("experience"), "volunteers_experience_unknown", &[]);
    }
    let mut limits = cells::limits(cells.text("limits"));
    if limits.unknown {
        notes.warning(at, cells.heading("limits"), "volunteers_limit_unknown", &[]);
    }
    let hours = cells.text("hours_max");
    if !hours.is_empty() {
        match cells::minutes(hours) {
            Some(minutes) => limits.minutes_per_day_max = Some(minutes),
            None => notes.warning(at, cells.heading("hours_max"), "volunteers_hours_unknown", &[]),
        }
    }
    let organisations = cells.text("organisations").split([';', ',', '、', '/', '|']);
    Volunteer {
        name: name.chars().take(NAME_CHARS_MAX).collect(),
        roles: own,
        available: available.spans,
        if_needed: available.if_needed || cells::is_yes(cells.text("standby")),
        first_timer: first_timer.unwrap_or(false),
        guest: cells::is_yes(cells.text("from")),
        excused: false,
        no_suit: limits.no_suit,
        no_heat: limits.no_heat,
        minutes_per_day_max: limits.minutes_per_day_max,
        prefers,
        languages: languages_in(cells),
        organisations: organisations.map(str::trim).filter(|of| !of.is_empty()).map(str::to_owned).collect(),
        row: cells.number(),
    }
}

/// The languages that somebody says they speak.
fn languages_in(cells: &Cells<'_>) -> Vec<Tongue> {
    let words = [cells.text("languages"), cells.text("skills")].map(|text| text.split(SEPARATORS));
    let mut found: Vec<Tongue> = words.into_iter().flatten().filter_map(tongue_within).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The roles that a cell names.
fn roles_in(cells: &Cells<'_>, column: &str, roles: &mut Vec<Role>, notes: &mut Grouped) -> Vec<usize> {
    let own: Vec<String> = roles.iter().map(|role| role.name.clone()).collect();
    let mut found = Vec::new();
    for word in cells.text(column).split(SEPARATORS).map(str::trim).filter(|word| !word.is_empty()) {
        if skills::is_none(word) {
            continue;
        }
        if let Some(role) = skills::role_of(word, &own) {
            found.push(add_role(roles, &role));
            continue;
        }
        let (at, heading) = (Some(cells.number()), cells.heading(column));
        match skills::nearest(word, &own) {
            Some(near) => notes.warning(at, heading, "volunteers_skill_unknown_near", &[("nearest", &near)]),
            None => notes.warning(at, heading, "volunteers_skill_unknown", &[]),
        }
    }
    found
}

/// Whom a cell names: others in the sheet.
fn name_others(
    naming: &Naming,
    known: &BTreeMap<String, Vec<Met>>,
    people: &mut People,
    notes: &mut Grouped,
) {
    let plain: String =
        naming.text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase();
    let mut any = false;
    for (key, rows) in known {
        // `孩子在家，和示例轮流`: a name among other words, but no letter of a longer one.
        let whole = plain.split(SEPARATORS).any(|part| part == key);
        let within = !key.is_ascii() && key.chars().count() > 1 && plain.contains(key.as_str());
        if !(whole || within) || rows.iter().all(|(place, ..)| *place == naming.who) {
            continue;
        }
        any = true;
        if rows.len() > 1 {
            notes.warning(Some(naming.row), &naming.heading, "volunteers_which_name", &[("row", &rows[0].2)]);
        }
        let other = rows[0].0;
        if other != naming.who {
            let pair = (naming.who.min(other), naming.who.max(other));
            if naming.together { people.together.push(pair) } else { people.apart.push(pair) }
        }
    }
    if !any {
        notes.warning(Some(naming.row), &naming.heading, "volunteers_name_unknown", &[]);
    }
}
