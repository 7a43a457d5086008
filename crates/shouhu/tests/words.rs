//! The catalogue and the code that speaks from it hold each other.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Every sentence, those of the pages too.
fn catalogue() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../messages/en.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The sources of the crates and of the pages. In the pages' sources words stand in other quotation marks too.
fn sources() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut open: Vec<PathBuf> = vec![root.join("crates"), root.join("web/src")];
    let mut text = String::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir()
                && !path.ends_with("tests")
                && !path.ends_with("examples")
                && !path.ends_with("module")
            {
                open.push(path);
                continue;
            }
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("rs") => text += &fs::read_to_string(path).unwrap(),
                Some("ts" | "svelte") => {
                    text += &fs::read_to_string(path).unwrap().replace(['\'', '`'], "\"");
                }
                _ => {}
            }
        }
    }
    text
}

/// The string literals of the sources that look like keys of the catalogue or parts of them.
fn literals(source: &str) -> BTreeSet<&str> {
    let words = source.split('"').filter(|word| !word.is_empty() && word.len() < 80);
    words
        .filter(|word| word.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-@".contains(letter)))
        .collect()
}

#[test]
fn every_key_that_the_code_names_has_words() {
    let source = sources();
    let catalogue = catalogue();
    let prefixes: BTreeSet<&str> =
        catalogue.keys().filter_map(|key| key.split_once('.')).map(|(first, _)| first).collect();
    for literal in literals(&source) {
        let key = literal.trim_start_matches('@');
        let Some((first, rest)) = key.split_once('.') else { continue };
        // A file name such as plan.json looks like a key and is none.
        let file = ["json", "toml", "csv", "xlsx", "txt", "html", "css", "js", "docx", "rs", "md"]
            .iter()
            .any(|end| rest.ends_with(end));
        if prefixes.contains(first) && !file && !rest.is_empty() && rest != "call_at" {
            let known = catalogue.contains_key(key) || catalogue.keys().any(|other| other.starts_with(key));
            assert!(known, "{key} has no words");
        }
    }
}

#[test]
fn every_note_that_the_code_can_give_has_words_and_a_mend() {
    let source = sources();
    let catalogue = catalogue();
    for literal in literals(&source) {
        let is_code = catalogue.contains_key(&format!("note.{literal}"));
        assert!(!is_code || catalogue.contains_key(&format!("mend.{literal}")), "{literal} has no mend");
    }
}

#[test]
fn no_words_are_left_that_nobody_says() {
    let source = sources();
    let literals = literals(&source);
    for key in catalogue().keys() {
        let last = key.rsplit('.').next().unwrap();
        let (_, rest) = key.split_once('.').unwrap();
        let said = literals.contains(key.as_str())
            || literals.contains(last)
            || literals.contains(rest)
            || key.starts_with("station.")
            || key.strip_prefix("page.example.").is_some_and(|name| scenario::examples().contains(&name))
            || last.parse::<u8>().is_ok()
            || source.contains(&format!("@{key}"));
        assert!(said, "nobody says {key}");
    }
}
