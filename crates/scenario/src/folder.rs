//! What lies in a scenario's folder besides what is read: tables of later versions, and files that nobody asks for.

use crate::reader::{Context, nearest_by};
use crate::tables;
use domain::Place;

/// Names that have a meaning in the folder.
const KNOWN: [&str; 22] = [
    "scenario.toml",
    "roll.csv",
    "roll.xlsx",
    "volunteers.csv",
    "volunteers.xlsx",
    "shifts.csv",
    "shifts.xlsx",
    "directive.toml",
    "notice.toml",
    "decisions.toml",
    "questions.csv",
    "questions.xlsx",
    "labs.csv",
    "donors.csv",
    "demand.csv",
    "deployed.csv",
    "travel.csv",
    "supplies.csv",
    "supplies.xlsx",
    "sites.csv",
    "places.csv",
    "outlines.geojson",
];
/// Endings of what people and this house lay beside a scenario: papers, pictures, plans, reports.
const BESIDE: [&str; 14] = [
    ".md", ".txt", ".pdf", ".html", ".json", ".jsonl", ".docx", ".doc", ".png", ".jpg", ".jpeg", ".ics",
    ".parquet", ".log",
];

/// Names of files share their endings, so they must be more alike than keys: `times.csv` is no `sites.csv`.
const LIKENESS_MIN: f64 = 0.75;

/// Notes on all files that nothing has used by now.
pub(crate) fn check_others(context: &Context<'_>) {
    for (name, bytes) in &context.files.0 {
        if context.has_used(name) || is_beside(name) {
            continue;
        }
        if let Some(notes) = tables::check_table(name, bytes) {
            context.take_over(notes);
            continue;
        }
        // Where scenario.toml cannot be read, nothing has asked for the roll yet.
        if KNOWN.contains(&name.as_str()) {
            continue;
        }
        let place = Place::file(name.clone());
        match nearest_by(LIKENESS_MIN, name, &KNOWN) {
            Some(near) => context.hint(&place, "unknown_file_near", &[("name", name), ("near", &near)]),
            None => context.hint(&place, "unknown_file", &[("name", name)]),
        }
    }
}

/// Hidden files, a spreadsheet program's lock files, papers, and services for other rounds.
fn is_beside(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let last = parts.last().copied().unwrap_or_default();
    let lower = last.to_ascii_lowercase();
    parts.iter().any(|part| part.starts_with('.') || part.starts_with("~$"))
        || (name.starts_with("services/") && lower.ends_with(".toml"))
        || BESIDE.iter().any(|ending| lower.ends_with(ending))
        || ["readme", "license", "makefile", "thumbs.db"].contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use crate::{Files, read};

    #[test]
    fn a_roll_beside_a_spoilt_scenario_is_not_called_unknown() {
        let files =
            [("scenario.toml", "format = 1\n[community\n"), ("roll.csv", "building,door,name\n1,101,a\n")];
        let files = Files(files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into());
        let (scenario, notes) = read(&files, &[], &mut |_, _| {});
        assert!(scenario.is_none());
        assert!(notes.0.iter().all(|note| note.place.file == "scenario.toml"), "{notes:?}");
    }
}
