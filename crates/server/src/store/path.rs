//! Paths of a scenario's files: safe on every file system, and never out of the folder.

use super::StoreError;
use crate::limits;
use std::collections::BTreeMap;

/// Signs that a name may have beside letters and digits of any script.
const SIGNS: &str = " -_.,+()（）【】·、—";
/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// All paths of a new folder.
pub(super) fn check_all<'a>(paths: impl Iterator<Item = &'a String> + Clone) -> Result<(), StoreError> {
    check_each(paths.clone())?;
    check_beside(paths)
}

/// Each path by itself.
pub(super) fn check_each<'a>(mut paths: impl Iterator<Item = &'a String>) -> Result<(), StoreError> {
    match paths.find(|path| !is_safe(path)) {
        Some(path) => Err(StoreError::Path(shown(path))),
        None => Ok(()),
    }
}

/// Whether the paths can lie beside each other: no two alike but for capitals, none a folder of another.
pub(super) fn check_beside<'a>(paths: impl Iterator<Item = &'a String>) -> Result<(), StoreError> {
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    for path in paths {
        let lower = path.to_lowercase();
        let clash = || StoreError::Clash(shown(path));
        for (end, _) in lower.match_indices('/') {
            if !*seen.entry(lower[..end].to_owned()).or_insert(true) {
                return Err(clash());
            }
        }
        if seen.insert(lower, false).is_some() {
            return Err(clash());
        }
    }
    Ok(())
}

/// As much of a path as a sentence can hold.
fn shown(path: &str) -> String {
    path.chars().filter(|letter| !letter.is_control()).take(80).collect()
}

fn is_safe(path: &str) -> bool {
    path.len() <= limits::PATH_BYTES
        && path.split('/').count() <= limits::FOLDER_DEPTH + 1
        && path.split('/').all(is_safe_name)
}

fn is_safe_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = |device| {
        stem.strip_prefix(device).is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    // Pages keep files by their names: `__proto__` is none there.
    let is_inner = name.starts_with("__") && name.ends_with("__");
    !name.is_empty()
        && !name.starts_with(['.', ' '])
        && !name.ends_with(['.', ' '])
        && name.chars().all(|letter| letter.is_alphanumeric() || SIGNS.contains(letter))
        && !DEVICES.contains(&stem.as_str())
        && !is_inner
        && !numbered("com")
        && !numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_its_folder() {
        for path in [
            "",
            "/",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a//b",
            "a/",
            "./a",
            ".name",
            ".write/x",
            "a/.git/config",
            "a\\b",
            "c:\\x",
            "C:x",
            "a\0b",
            "a\nb",
            "x.toml ",
            "x.",
            "CON",
            "nul.txt",
            "com1.csv",
            "a/b/c/d/e/f",
            "~$roll.xlsx",
            "a|b",
            "a*b",
            "%2e%2e/x",
            "\u{202e}vsc.llor",
            "__proto__",
            "services/__proto__",
        ] {
            assert!(!is_safe(path), "{path:?}");
        }
        assert!(!is_safe(&"x".repeat(201)));
    }

    #[test]
    fn names_in_any_script_are_safe() {
        for path in [
            "scenario.toml",
            "services/my-service.toml",
            "花名册（三月）.xlsx",
            "Žižkov 2.csv",
            "common.csv",
            "_a__b.toml",
        ] {
            assert!(is_safe(path), "{path:?}");
        }
    }

    #[test]
    fn two_files_do_not_take_each_others_place() {
        let check = |paths: &[&str]| {
            let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
            check_beside(paths.iter()).is_ok()
        };
        assert!(check(&["a/b", "a/c", "b"]));
        assert!(!check(&["a", "a/b"]));
        assert!(!check(&["a/b", "a"]));
        assert!(!check(&["Roll.csv", "roll.csv"]));
    }
}
