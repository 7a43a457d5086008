//! Notes as text, and whether the catalogue has words for them.

use domain::Notes;
use std::fmt::Write as _;
use words::Language;

/// One line a note: severity, file:row:column, code, arguments.
pub fn rendered(notes: &Notes) -> String {
    let mut text = String::new();
    for note in &notes.0 {
        let severity = format!("{:?}", note.severity).to_lowercase();
        write!(text, "{severity} {}", note.place.file).unwrap();
        if let Some(row) = note.place.row {
            write!(text, ":{row}").unwrap();
        }
        if let Some(column) = &note.place.column {
            write!(text, ":{column}").unwrap();
        }
        write!(text, " {}", note.code).unwrap();
        for (name, value) in &note.args {
            write!(text, " {name}={value}").unwrap();
        }
        text.push('\n');
    }
    text
}

/// The notes of which a language lacks the words, or whose words have gaps that no argument fills.
pub fn without_words(notes: &Notes) -> Vec<String> {
    let mut lacking = Vec::new();
    for note in &notes.0 {
        for language in Language::ALL {
            for kind in ["note", "mend"] {
                let key = format!("{kind}.{}", note.code);
                let filled = |gap: &&str| note.args.iter().any(|(name, _)| name == gap);
                match language.catalogue().get(&key) {
                    Some(sentence) if words::gaps(sentence).iter().all(filled) => {}
                    _ => lacking.push(format!("{} {key}", language.tag())),
                }
            }
        }
    }
    lacking.sort();
    lacking.dedup();
    lacking
}
