//! `volunteers.csv` and `shifts.csv`: who can help when, as people keep it, and what is to be filled.
//!
//! Map: [`read_volunteers`] the folder's volunteers, shifts and rules · `people` rows → volunteers · `available` when they can come ·
//! `skills` what they can do · `cells` the other cells · `shifts` rows → shifts · `rules` `[roster]` · `own` one volunteer by themselves,
//! and sheets written for who keeps volunteers elsewhere.
//!
//! A name is kept, for the roster shows it; a telephone number is looked at to find two in one cell and people entered twice, and is
//! let go. Notes name the row and the column and quote nothing.

mod available;
mod cells;
mod own;
mod people;
mod rules;
mod shifts;
mod skills;

pub use own::{
    FIRST_ROW, ShiftRow, Understood, VolunteerCells, read_volunteer_cells, understood, volunteer_columns,
    write_shifts, write_volunteers,
};
pub use rules::PostRules;

use crate::{
    Files,
    compose::{self, FILE},
    reader::{Context, Section},
    sheet::Grouped,
    tables::{TABLES, Table},
};
use available::Days;
use domain::{
    Notes, Place, Scenario, Severity,
    roster::{Pair, Role, Rules, Shift, Volunteer},
};
use jiff::civil::{Date, DateTime, Time};

/// Volunteers of one roster. A compound has forty, a town five hundred.
pub const VOLUNTEERS_MAX: usize = 5_000;
/// Rows of shifts.
pub const SHIFTS_MAX: usize = 2_000;
/// A round that says no hour of closing is taken to last so long, in minutes.
pub const ROUND_MIN: i32 = 6 * 60;
/// Days of one roster.
pub const DAYS_MAX: i32 = 14;

/// What a folder says of its volunteers.
#[derive(Clone, Debug, PartialEq)]
pub struct VolunteerSheets {
    /// Midnight of the first day.
    pub midnight: DateTime,
    /// All roles that are known.
    pub roles: Vec<Role>,
    /// This community, and those to which people are lent.
    pub sites: Vec<String>,
    /// Who can help.
    pub volunteers: Vec<Volunteer>,
    /// Who must be on duty at the same times.
    pub together: Vec<Pair>,
    /// Who must not.
    pub apart: Vec<Pair>,
    /// What is to be filled; `None` without `shifts.csv`: the plan's stations say.
    pub shifts: Option<Vec<Shift>>,
    /// The rules.
    pub rules: Rules,
    /// How shifts are made of the plan's stations.
    pub staffing: PostRules,
}

/// The role that a word names, as people say it: `敲门员` is `calling`.
pub fn known_role(word: &str) -> Option<String> {
    skills::role_of(word, &[])
}

/// Whether a folder has volunteers.
pub fn has_volunteers(files: &Files) -> bool {
    SHEETS.iter().any(|name| files.0.contains_key(*name))
}

const SHEETS: [&str; 2] = ["volunteers.csv", "volunteers.xlsx"];
/// Between two words of a cell.
const SEPARATORS: [char; 8] = [';', ',', '、', '/', '|', '&', '+', '和'];
const WORKBOOKS: [&str; 2] = ["volunteers.xlsx", "shifts.xlsx"];

/// Reads the volunteers' sheets of a folder whose scenario is read already, with the same `sets`.
///
/// The sheets are `None` exactly if one of the notes is an error.
pub fn read_volunteers(
    files: &Files,
    scenario: &Scenario,
    sets: &[(String, String)],
) -> (Option<VolunteerSheets>, Notes) {
    let context = Context::new(files);
    let (rules, staffing) = rules_of(&context, sets);
    let sheets = read(&context, scenario, rules, staffing);
    let notes = context.into_notes();
    if notes.refuses() { (None, notes) } else { (sheets, notes) }
}

fn rules_of(context: &Context<'_>, sets: &[(String, String)]) -> (Rules, PostRules) {
    let Some((tree, _)) = compose::tree(context, sets) else { return Default::default() };
    Section::top(context, FILE, &tree).table("roster").map(rules::read).unwrap_or_default()
}

/// `[roster]` of a folder: the rules, and how shifts are made. What cannot be read is as if it were not there.
pub fn roster_rules(files: &Files, sets: &[(String, String)]) -> (Rules, PostRules) {
    rules_of(&Context::new(files), sets)
}

/// Checks `[roster]` where a scenario is read.
pub(crate) fn check_rules(section: Section<'_>) {
    rules::read(section);
}

/// Checks the volunteers' sheets of a folder while its scenario is read. A plan and a rehearsal need no volunteers: what refuses a roster
/// is a warning here. What cannot be opened here is left to who can.
pub(crate) fn check(context: &Context<'_>, scenario: &Scenario, sets: &[(String, String)]) {
    let own = Context::new(context.files);
    let opened =
        cfg!(feature = "sheets") || !context.files.0.keys().any(|name| WORKBOOKS.contains(&name.as_str()));
    if opened && has_volunteers(context.files) {
        // What is wrong with the rules is said where the scenario is read.
        let (rules, staffing) = rules_of(&Context::new(context.files), sets);
        read(&own, scenario, rules, staffing);
    }
    for name in SHEETS.iter().chain(&WORKBOOKS).chain(&["shifts.csv"]) {
        context.file(name);
    }
    let mut notes = own.into_notes();
    for note in &mut notes.0 {
        note.severity = note.severity.max(Severity::Warning);
    }
    context.take_over(notes);
}

fn read(
    context: &Context<'_>,
    scenario: &Scenario,
    rules: Rules,
    staffing: PostRules,
) -> Option<VolunteerSheets> {
    let midnight = scenario.round.opens.date().to_datetime(Time::midnight());
    let mut roles: Vec<Role> =
        skills::known().map(|(name, anyone)| Role { name: name.to_owned(), anyone }).collect();
    for station in &scenario.site.stations {
        add_role(&mut roles, &station.name);
    }
    for (post, _) in &staffing.posts {
        add_role(&mut roles, post);
    }
    let mut sites = vec![scenario.community.name.clone()];
    let shifts = file(context, "shifts").map(|(name, bytes)| {
        let mut notes = Grouped::new(&name);
        let shifts = shifts::read(bytes, midnight, &mut roles, &mut sites, &mut notes);
        context.take_over(notes.finish());
        shifts
    });
    // A round that says no hour of closing is staffed for so long.
    let open = if shifts.is_some() { 0 } else { ROUND_MIN };
    let last = shifts.iter().flatten().map(|shift| shift.span.until_min).max().unwrap_or(0);
    let opens = i32::from(scenario.round.opens.hour()) * 60 + i32::from(scenario.round.opens.minute());
    let minutes = |closes| (closes / crate::clock::TICKS_PER_MINUTE) as i32;
    let closes = opens + scenario.round.closes.map_or(open, minutes);
    let count = last.max(closes).div_euclid(domain::roster::DAY_MIN) + 1;
    let days = Days { first: first_day(midnight), count: count.clamp(1, DAYS_MAX) };
    let found: Vec<(String, &[u8])> = file(context, "volunteers").into_iter().collect();
    if SHEETS.iter().all(|name| context.files.0.contains_key(*name)) {
        let args: [(&str, &dyn std::fmt::Display); 2] = [("one", &SHEETS[0]), ("other", &SHEETS[1])];
        context.error(&Place::file(SHEETS[0]), "two_sheets", &args);
    }
    let Some((name, bytes)) = found.into_iter().next() else {
        context.error(&Place::file(SHEETS[0]), "volunteers_none", &[]);
        return None;
    };
    let mut notes = Grouped::new(&name);
    let people = people::read(bytes, days, &mut roles, &mut notes);
    if people.volunteers.is_empty() {
        notes.error(None, "", "volunteers_nobody", &[]);
    }
    context.take_over(notes.finish());
    Some(VolunteerSheets {
        midnight,
        roles,
        sites,
        volunteers: people.volunteers,
        together: people.together,
        apart: people.apart,
        shifts,
        rules,
        staffing,
    })
}

fn first_day(midnight: DateTime) -> Date {
    midnight.date()
}

/// A role's place, added where it is new.
fn add_role(roles: &mut Vec<Role>, name: &str) -> usize {
    if let Some(place) = roles.iter().position(|role| role.name == name) {
        return place;
    }
    roles.push(Role { name: name.to_owned(), anyone: false });
    roles.len() - 1
}

/// A table by its name.
fn table(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.name == name).expect("the tables of volunteers are known")
}

/// The file of a table, CSV or XLSX.
fn file<'f>(context: &Context<'f>, name: &str) -> Option<(String, &'f [u8])> {
    [".csv", ".xlsx"]
        .into_iter()
        .map(|ending| format!("{name}{ending}"))
        .filter_map(|file| Some((context.file(&file)?, file)))
        .map(|(bytes, file)| (file, bytes))
        .next()
}
