//! What is kept of the fuzzing, in the usual tests: each seed as it is, cut, and changed in the same ways each time.

use std::{fs, path::Path};

/// Gives every file of these folders, and so many changes of each, to a check.
pub fn check(folders: &[&str], changes: usize, check: impl Fn(&[u8])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
            files.push(entry.path());
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no seeds in {folders:?}");
    // A generator of Lehmer's.
    let mut state = 1_u64;
    let mut chance = |below: usize| {
        state = state * 48_271 % 0x7fff_ffff;
        state as usize % below.max(1)
    };
    for file in files {
        let bytes = fs::read(&file).expect("a seed can be read");
        check(&bytes);
        for _ in 0..changes {
            let mut changed = bytes.clone();
            for _ in 0..=chance(4) {
                let at = chance(changed.len());
                match chance(4) {
                    0 if !changed.is_empty() => changed[at] = chance(256) as u8,
                    1 if !changed.is_empty() => drop(changed.remove(at)),
                    2 => changed.truncate(at),
                    _ => {
                        let part = changed[at..(at + chance(40)).min(changed.len())].to_vec();
                        let into = chance(changed.len());
                        changed.splice(into..into, part);
                    }
                }
            }
            check(&changed);
        }
    }
}
