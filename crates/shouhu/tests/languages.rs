//! Every language of the catalogue through the binary: by `--lang`, by the surroundings, in reports and notices.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::{fs, path::Path, process::Command};
use terminal::{example, json, shouhu};
use words::Language;

fn said(folder: &Path, arguments: &[&str]) -> String {
    let out = shouhu(folder, arguments);
    assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap()
}

fn sentence(language: Language, key: &str) -> &'static str {
    let sentence = &language.catalogue()[key];
    sentence.split('{').next().unwrap()
}

/// What stands where a sentence is missing.
fn unsaid(text: &str) -> Option<&str> {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && !"._".contains(letter));
    words.find(|word| {
        Language::En.catalogue().contains_key(word.trim_matches('.')) && word.trim_matches('.').contains('.')
    })
}

#[test]
fn a_plan_is_made_rehearsed_and_handed_out_in_every_language() {
    let folder = example("sunshine-garden", "garden");
    let at = folder.path();
    for language in Language::ALL {
        let tag = language.tag();
        let checked = said(at, &["check", "garden", "--lang", tag]);
        assert!(checked.contains(sentence(language, "check.roll")), "{tag}: {checked}");
        let sheets = format!("sheets-{tag}");
        let planned = said(
            at,
            &["plan", "garden", "--reps", "10", "--sheets", &sheets, "-o", "plan.json", "--lang", tag],
        );
        assert!(planned.contains(sentence(language, "plan.written")), "{tag}: {planned}");
        assert_eq!(unsaid(&planned), None, "{tag}");
        let residents: Vec<String> = fs::read_dir(at.join(&sheets))
            .unwrap()
            .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
            .filter(|page| page.starts_with("<!doctype html>"))
            .collect();
        assert!(!residents.is_empty());
        for page in residents {
            assert!(page.starts_with(&format!("<!doctype html><html lang={tag}>")), "{tag}");
            assert_eq!(unsaid(&page), None, "{tag}");
        }
        let run = ["rehearse", "garden", "--plan", "plan.json", "--reps", "10", "--report", "report.html"];
        let rehearsed = said(at, &[&run[..], &["--lang", tag]].concat());
        assert_eq!(unsaid(&rehearsed), None, "{tag}");
        // The report speaks the language of who made it, and what stands in for it, and no other.
        let report = fs::read_to_string(at.join("report.html")).unwrap();
        for other in Language::ALL {
            let spoken = report.contains(&format!("<main lang=\"{}\"", other.html()));
            assert_eq!(spoken, language.on_paper().contains(&other), "{tag}: {}", other.tag());
        }
    }
}

#[test]
fn a_notice_stands_in_another_language_where_the_households_own_words_do_not() {
    let folder = example("sunshine-garden", "garden");
    let at = folder.path();
    let own = "format = 1\nissued_by = \"Secretariat\"\n\
        where = { en = \"the garden\", zh = \"中心花园\", zh-Hant = \"中心花園\" }\n";
    fs::write(at.join("garden/notice.toml"), own).unwrap();
    for (language, place) in
        [("en", "the garden"), ("es", "the garden"), ("zh", "中心花园"), ("zh-Hant", "中心花園")]
    {
        let (found, status) = json(at, &["notice", "garden", "--language", language, "--json"]);
        assert_eq!(status, 0, "{found}");
        assert_eq!(found["language"], language);
        let text = found["text"].as_str().unwrap();
        assert!(text.contains(place), "{language}: {text}");
    }
    let wrong = own.replace("zh-Hant", "zh-Hnat");
    fs::write(at.join("garden/notice.toml"), wrong).unwrap();
    let (found, _) = json(at, &["check", "garden", "--json"]);
    assert_eq!(found["notes"][0]["code"], "unknown_key_near", "{found}");
}

#[test]
fn the_surroundings_choose_and_an_unknown_language_is_refused_with_the_known_ones() {
    let folder = example("sunshine-garden", "garden");
    for (locale, tag) in [
        ("es_MX.UTF-8", "es"),
        ("zh_TW.UTF-8", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh_CN.UTF-8", "zh"),
        ("fr_FR", "en"),
    ] {
        let out = Command::new(env!("CARGO_BIN_EXE_shouhu"))
            .args(["check", "garden"])
            .current_dir(folder.path())
            .env("LC_ALL", locale)
            .output()
            .unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        let language = Language::of_tag(tag).unwrap();
        assert!(text.contains(sentence(language, "check.roll")), "{locale}: {text}");
    }
    let refused = shouhu(folder.path(), &["check", "garden", "--lang", "fr"]);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2));
    for language in Language::ALL {
        assert!(told.contains(language.tag()), "{told}");
    }
}
