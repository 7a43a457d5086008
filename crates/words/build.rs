//! Makes a language of each file in `messages/`, and packs what this build carries of it.

use std::{env, fmt::Write, fs, path::Path};

/// What stations and languages are called is read as well as said: every build carries it.
const ALWAYS: [&str; 2] = ["language.", "station."];
/// The pages bring their own sentences.
const NEVER: &str = "page.";

fn main() {
    // Asked when it runs, not when it was built: a target folder serves many clones.
    let here = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let messages = Path::new(&here).join("../../messages");
    println!("cargo:rerun-if-changed=../../messages");
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    let out = Path::new(&out);
    let carried = env::var_os("CARGO_FEATURE_CARRIED").is_some();
    let mut tags: Vec<String> = fs::read_dir(&messages)
        .expect("the catalogue is a folder")
        .filter_map(|entry| entry.expect("a folder can be listed").file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    tags.sort_unstable();
    let (mut variants, mut names) = (String::new(), String::new());
    let (mut tagged, mut texts) = (String::new(), String::new());
    for tag in &tags {
        let text = fs::read_to_string(messages.join(format!("{tag}.json"))).expect("a file that was listed");
        let mut catalogue: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&text).expect("a catalogue is one JSON object");
        let name = catalogue.get("language.name").and_then(|name| name.as_str()).unwrap_or(tag).to_owned();
        catalogue.retain(|key, _| {
            ALWAYS.iter().any(|first| key.starts_with(first)) || carried && !key.starts_with(NEVER)
        });
        let text = serde_json::to_string(&catalogue).expect("what was read is written");
        fs::write(out.join(format!("{tag}.json")), text).expect("the build folder can be written");
        // `zh-Hant` is the variant `ZhHant`.
        let variant: String = tag
            .split('-')
            .flat_map(|part| {
                part.chars().enumerate().map(|(at, letter)| {
                    if at == 0 { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
                })
            })
            .collect();
        writeln!(variants, "    /// {name}.\n    {variant},").expect("a string takes it");
        write!(names, "Language::{variant}, ").expect("a string takes it");
        write!(tagged, "\"{tag}\", ").expect("a string takes it");
        writeln!(texts, "    include_str!(concat!(env!(\"OUT_DIR\"), \"/{tag}.json\")),")
            .expect("a string takes it");
    }
    let count = tags.len();
    let code = format!(
        "/// A language of the catalogue: one for each file in `messages/`.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]\n\
         pub enum Language {{\n{variants}}}\n\n\
         impl Language {{\n    /// All languages of the catalogue, in the order of their tags.\n    \
         pub const ALL: [Language; {count}] = [{names}];\n}}\n\n\
         const TAGS: [&str; {count}] = [{tagged}];\n\
         /// What this build carries of each.\n\
         const TEXTS: [&str; {count}] = [\n{texts}];\n"
    );
    fs::write(out.join("languages.rs"), code).expect("the build folder can be written");
}
