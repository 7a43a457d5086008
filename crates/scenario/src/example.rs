//! The examples of the house: ready scenario folders, embedded.

use crate::Files;
use include_dir::{Dir, include_dir};
use std::sync::LazyLock;

static COMMUNITIES: Dir<'static> = include_dir!("$OUT_DIR/communities");
static CITIES: Dir<'static> = include_dir!("$OUT_DIR/cities");
static AIDS: Dir<'static> = include_dir!("$OUT_DIR/aids");
static CREW_DAYS: Dir<'static> = include_dir!("$OUT_DIR/crew-days");
static OUTBREAKS: Dir<'static> = include_dir!("$OUT_DIR/outbreaks");

/// The names of the examples that are communities, in order.
pub fn examples() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| names(&COMMUNITIES));
    &NAMES
}

/// The names of the examples that are cities, in order; none in a build without them.
pub fn cities() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| names(&CITIES));
    &NAMES
}

/// The names of the examples that are days of crews, in order; none in a build without cities.
pub fn crew_days() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| names(&CREW_DAYS));
    &NAMES
}

/// The names of the examples that are outbreaks, in order: a series of cases with policies; none in a build without targets.
pub fn outbreaks() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| names(&OUTBREAKS));
    &NAMES
}

/// The names of the examples that are aid between cities, in order; none in a build without cities.
pub fn aids() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| names(&AIDS));
    &NAMES
}

fn names(embedded: &Dir<'static>) -> Vec<&'static str> {
    let mut names: Vec<&str> = embedded.dirs().filter_map(|dir| dir.path().to_str()).collect();
    names.sort_unstable();
    names
}

/// An example's files, their names within its folder.
pub fn example(name: &str) -> Option<Files> {
    let mut all = [&COMMUNITIES, &CITIES, &CREW_DAYS, &AIDS, &OUTBREAKS].into_iter().flat_map(Dir::dirs);
    let folder = all.find(|dir| dir.path().to_str() == Some(name))?;
    let mut files = Files::default();
    let mut folders = vec![folder];
    while let Some(dir) = folders.pop() {
        folders.extend(dir.dirs());
        for file in dir.files() {
            let path = file.path().strip_prefix(folder.path()).expect("it lies in the folder");
            let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            files.0.insert(parts.join("/"), file.contents().to_vec());
        }
    }
    Some(files)
}
