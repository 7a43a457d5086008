//! The examples of the house: ready scenario folders, embedded.

use crate::Files;
use include_dir::{Dir, include_dir};
use std::sync::LazyLock;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../examples");

/// The examples' names, in order.
pub fn examples() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut names: Vec<&str> = EMBEDDED.dirs().filter_map(|dir| dir.path().to_str()).collect();
        names.sort_unstable();
        names
    });
    &NAMES
}

/// An example's files, their names within its folder.
pub fn example(name: &str) -> Option<Files> {
    let folder = EMBEDDED.dirs().find(|dir| dir.path().to_str() == Some(name))?;
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
