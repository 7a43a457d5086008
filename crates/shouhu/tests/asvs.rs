//! docs/asvs.md says of each requirement where it is met: the tests and files that it names are there, and its counts are right.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document() -> String {
    fs::read_to_string(root().join("docs/asvs.md")).unwrap()
}

/// All sources of a kind below a folder, together.
fn sources(folder: &str, ending: &str) -> String {
    let mut open = vec![root().join(folder)];
    let mut text = String::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|own| own == ending) {
                text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    text
}

/// What stands between two marks.
fn quoted(text: &str, mark: char) -> impl Iterator<Item = &str> {
    text.lines().flat_map(move |line| line.split(mark).skip(1).step_by(2))
}

#[test]
fn every_test_and_file_that_the_document_names_is_there() {
    let (document, rust, pages) = (document(), sources("crates", "rs"), sources("web/tests", "ts"));
    let mut missing = Vec::new();
    for word in quoted(&document, '`') {
        let is_name = word
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
        let is_path = word.chars().all(|letter| letter.is_ascii_alphanumeric() || "_./-".contains(letter));
        let is_missing = if is_name && word.matches('_').count() > 1 && !word.starts_with('_') {
            // A test, or a metric.
            !rust.contains(&format!("fn {word}(")) && !rust.contains(&format!("\"{word}\""))
        } else if is_path
            && word.contains('/')
            && !word.starts_with("keys/")
            && !word.starts_with('/')
            && !word.ends_with('/')
        {
            // What begins otherwise lies in a data folder, or is an address.
            !root().join(word).exists() && !root().join("crates").join(word).exists()
        } else {
            false
        };
        if is_missing {
            missing.push(word);
        }
    }
    // Shorter ones are words of the text.
    let of_pages = quoted(&document, '"').filter(|name| name.len() > 14);
    missing.extend(of_pages.filter(|name| !pages.contains(*name)));
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_counts_at_the_top_are_those_of_the_rows() {
    let document = document();
    let mut counts =
        BTreeMap::from(["met", "partly", "not met", "does not apply", "all"].map(|of| (of, [0; 3])));
    for line in document.lines() {
        let cells: Vec<&str> = line.split(" | ").collect();
        let &[numbers, level, _, is, ..] = &*cells else { continue };
        let Ok(level) = level.parse::<usize>() else { continue };
        let numbers =
            numbers.trim_start_matches("| ").split(", ").filter(|of| of.matches('.').count() == 2).count();
        if numbers == 0 {
            continue;
        }
        assert!(counts.contains_key(is), "{line}");
        for of in [is, "all"] {
            if let Some(count) = counts.get_mut(of) {
                count[level - 1] += numbers;
                count[2] += numbers;
            }
        }
    }
    assert_eq!(counts["all"], [70, 183, 253], "requirements of levels 1 and 2");
    for (of, [one, two, both]) in counts {
        let row = format!("| {of} | {one} | {two} | {both} |");
        assert!(document.contains(&row), "{row}");
    }
}
