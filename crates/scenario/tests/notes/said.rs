//! Notes as text, and whether the catalogue has words for them.

use domain::Notes;
use words::Language;

/// One line a note: severity, file:row:column, code, arguments.
pub fn rendered(notes: &Notes) -> String {
    let mut text = String::new();
    for note in &notes.0 {
        text += &format!("{:?}", note.severity).to_lowercase();
        text += &format!(" {}", note.place.file);
        text += &note.place.row.map(|row| format!(":{row}")).unwrap_or_default();
        text += &note.place.column.as_ref().map(|column| format!(":{column}")).unwrap_or_default();
        text += &format!(" {}", note.code);
        for (name, value) in &note.args {
            text += &format!(" {name}={value}");
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
