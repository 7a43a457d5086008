//! The schema that is checked in is that of the code.

use std::{collections::BTreeMap, env, fs, path::Path};

#[test]
fn openapi_json_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let now = server::openapi();
    if env::var_os("REFRESH").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "openapi.json is old; refresh it: REFRESH=1 cargo test -p server openapi");
}

/// A name in the description is of one type: of two that share one, the later would silently stand for both.
#[test]
fn no_two_types_have_one_name_in_the_description() {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for derived in text.split("#[derive(").skip(1).filter(|part| {
            part.split_once(")]").is_some_and(|(traits, _)| traits.split(", ").any(|of| of == "ToSchema"))
        }) {
            let head: Vec<&str> = derived.lines().take(6).collect();
            let own = head.iter().find_map(|line| line.strip_prefix("#[schema(as = ")?.strip_suffix(")]"));
            let name = head.iter().find_map(|line| {
                let of = line.split_once("struct ").or_else(|| line.split_once("enum "))?.1;
                Some(of.split(|letter: char| !letter.is_alphanumeric()).next().unwrap())
            });
            *found.entry(own.or(name).unwrap().to_owned()).or_default() += 1;
        }
    }
    assert!(found.len() > 100, "types are found");
    let twice: Vec<&String> = found.iter().filter(|(_, count)| **count > 1).map(|(name, _)| name).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
