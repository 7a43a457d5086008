//! The folder of plain files that holds all that a plan needs, and the way from it to the nouns of `domain`.
//!
//! [`read`] takes a folder's files and gives the [`Scenario`] or all that is wrong with it; [`read_plan`] and
//! [`write_plan`] do the same for the plan made from it. The format is public: `docs/scenario.md` describes every key.
//!
//! # Map
//! `value` a TOML file as a tree with rows, and `--set` into it · `reader` walks the tree and collects notes · `law`,
//! `clock` the values that occur everywhere · `round`, `site`, `visitors`, `arrivals`, `waves`, `layout` one part of the file
//! each · `service` what a round can be for · `made_roll`, [`roll`], [`sheet`] households, from three numbers or from a
//! spreadsheet · [`tables`], `directive`, `own_rules`, `folder` the other files · `compose` puts the parts together, and `checks`
//! holds them against each other · `city` many sites with couriers and labs · `crews` few crews and several communities · [`read_volunteers`] who can help when · `supplies` what a site uses up · `dhis2` what figures are called elsewhere · `example` folders to begin with · [`plan_file`] the plan's own file · [`read_dilution`] what a laboratory knows of its test · `target` (feature) series of cases and policies · `aid` who sends whom · [`answers`]
//! seven questions and the folder made from them · `method` what another community takes up · `decisions` what people agreed on in the evenings · `edit` a folder changed in place, with what rounds taught (`lesson`).
//!
//! # What it deliberately does not know
//! No disk, no clock, no network: files come as bytes, so that it works in a browser too. It knows no time zones (a
//! change to summer time within a round is not looked at), simulates nothing, and says nothing in any language: notes
//! carry codes and arguments, and the catalogue of messages has the words.

pub mod answers;
pub mod plan_file;
pub mod roll;
pub mod sheet;
pub mod tables;

mod aid;
mod arrivals;
mod checks;
mod city;
mod clock;
mod compose;
mod crews;
mod decisions;
mod dhis2;
mod dilution;
mod directive;
mod edit;
mod example;
mod folder;
mod format;
mod law;
mod layout;
mod lesson;
mod made_roll;
mod method;
mod own_rules;
mod reader;
mod round;
mod service;
mod site;
mod supplies;
#[cfg(feature = "targets")]
pub mod target;
mod tongues;
mod value;
mod visitors;
mod volunteers;
mod walking;
mod waves;

pub use aid::{is_aid, read_aid};
pub use answers::{Answers, Brief, Reach, Staffing, compose};
pub use city::{is_city, read_city};
pub use clock::{local_time, minutes_after};
pub use crews::{is_crew_day, read_crew_day};
pub use decisions::{decide, read_decisions};
pub use dhis2::{DHIS2_FILE, Dhis2Mapping, dhis2_other_day, dhis2_shared, read_dhis2, without_dhis2_id};
pub use dilution::{DilutionRow, read_dilution};
pub use domain::{Note, Notes, Place, Scenario, Severity};
pub use edit::{TAKEN_AWAY, answer_question, change, edit, learn, value_at};
pub use example::{aids, cities, crew_days, example, examples, outbreaks};
pub use format::FORMAT;
pub use law::given_law;
pub use layout::write_layout;
pub use method::{
    Learned, METHOD_FILE, Method, NotTaken, Takes, Took, WithTexts, export_method, is_method, read_method,
    take_method,
};
pub use plan_file::{PlanFile, StaffFile, WaveFile, read_plan, write_plan};
pub use service::{Comes, Notice, RoleCard, Service, Text, service, services};
pub use volunteers::{
    DAYS_MAX, FIRST_ROW, PostRules, ROUND_MIN, ShiftRow, Understood, VOLUNTEERS_MAX, VolunteerCells,
    VolunteerSheets, has_volunteers, known_role, read_volunteer_cells, read_volunteers, roster_rules,
    understood, volunteer_columns, write_shifts, write_volunteers,
};

use domain::OwnRules;
use std::collections::BTreeMap;

/// A folder's files by their path in it, with `/` between parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

/// Reads a scenario's folder. `sets` are keys and values from the command line that take the place of those in
/// `scenario.toml`; `progress` is told bytes done and bytes in all while a large roll is read.
///
/// The scenario is `None` exactly if one of the notes is an error. Notes on the folder's own text name file, row and
/// key; those on a set value name the file `--set` and the key as it was given.
pub fn read(
    files: &Files,
    sets: &[(String, String)],
    progress: &mut dyn FnMut(u64, u64),
) -> (Option<Scenario>, Notes) {
    let context = reader::Context::new(files);
    let scenario = compose::tree(&context, sets)
        .and_then(|(tree, service)| compose::scenario(&context, &tree, service.as_ref(), progress));
    if let Some(scenario) = &scenario {
        volunteers::check(&context, scenario, sets);
    }
    let directives = directive::read_directives(&context);
    let own_rules = own_rules::read_own_rules(&context);
    if cfg!(feature = "decisions") {
        decisions::read(&context);
    }
    folder::check_others(&context);
    let scenario = scenario.map(|mut scenario| {
        let one_comes = scenario.own_rules.one_comes;
        scenario.directives = directives;
        scenario.own_rules = OwnRules { one_comes, ..own_rules };
        scenario
    });
    compose::finish(context, scenario)
}
