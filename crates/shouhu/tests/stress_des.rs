//! `rehearse --stress-des`: the sheet, whole, in both languages.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{fs, process::Command};

/// The sheet of an example in a language.
fn sheet(example: &str, language: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let shouhu = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shouhu"));
        let output = command.args(args).current_dir(folder.path()).env("LC_ALL", "C").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    shouhu(&["init", "round", "--example", example]);
    let rehearse = ["--lang", language, "rehearse", "round", "--reps", "3", "--stress-des", "sheet.md"];
    shouhu(&[&rehearse, more].concat());
    fs::read_to_string(folder.path().join("sheet.md")).unwrap()
}

#[test]
fn a_comparison_is_told_by_the_checklist() {
    insta::assert_snapshot!(sheet("sunshine-garden", "en", &["--compare", "waves"]));
}

#[test]
fn a_walk_in_clinic_is_told_in_chinese() {
    insta::assert_snapshot!(sheet("flu-clinic", "zh", &[]));
}

#[test]
fn every_example_has_a_sheet_without_a_gap() {
    for example in scenario::examples() {
        for language in ["en", "zh"] {
            let sheet = sheet(example, language, &[]);
            assert!(!sheet.contains("stress_des."), "{example}: a word is missing: {sheet}");
            assert_eq!(sheet.matches("\n### ").count(), 24, "{example}");
        }
    }
}
