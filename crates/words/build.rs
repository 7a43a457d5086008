//! Takes from the catalogue what this build says: a page's module should not carry the sentences of the terminal.

use std::{env, fs, path::Path};

/// Sentences by the first part of their keys, and the feature that says them. What is not listed is said everywhere.
const SAID_BY: [(&str, &[&str]); 6] = [
    (
        "CARGO_FEATURE_TERMINAL",
        &[
            "ahead",
            "channel",
            "channel_mend",
            "custody",
            "decide",
            "drilling",
            "error",
            "evening",
            "exchange",
            "figure",
            "init",
            "keep",
            "method",
            "kept",
            "level",
            "now",
            "own",
            "paper",
            "plan",
            "problem",
            "problem_mend",
            "report",
            "results",
            "results_mend",
            "results_place",
            "rostered",
            "rule",
            "serve",
            "serve_channels",
            "status",
            "stress_des",
            "table",
            "usage",
            "volunteers",
        ],
    ),
    ("CARGO_FEATURE_ROUND", &["calling", "conflict", "holder", "live", "matter", "refusal", "role", "thing"]),
    ("CARGO_FEATURE_REVIEW", &["after", "lesson", "review"]),
    ("CARGO_FEATURE_SHEETS", &["sheet"]),
    ("CARGO_FEATURE_NOTICES", &["notice"]),
    ("CARGO_FEATURE_FAULTS", &["exercise", "fault", "stress"]),
];
/// What is said of a city, of a day of crews, of a method, of the evenings' log, or of figures for others is said in the terminal only: `note.city_no_sites`.
const OF_CITIES: [&str; 5] = ["city_", "crews_", "decision_", "dhis2_", "method_"];
/// The pages bring their own sentences.
const NEVER: &str = "page";

fn main() {
    // Asked when it runs, not when it was built: a target folder serves many clones.
    let here = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let messages = Path::new(&here).join("../../messages");
    println!("cargo:rerun-if-changed=../../messages");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    for language in ["en", "zh"] {
        let name = format!("{language}.json");
        let text = fs::read_to_string(messages.join(&name)).expect("each language has a file");
        let mut catalogue: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&text).expect("a catalogue is one JSON object");
        catalogue.retain(|key, _| {
            let (mut first, rest) = key.split_once('.').unwrap_or((key, ""));
            // Notes on fault cards are said where cards are played.
            if ["note", "mend"].contains(&first) && rest.starts_with("fault_") {
                first = "fault";
            }
            let silent = |(feature, firsts): &(&str, &[&str])| {
                firsts.contains(&first) && env::var_os(feature).is_none()
            };
            let of_cities =
                key.split('.').nth(1).is_some_and(|second| OF_CITIES.iter().any(|of| second.starts_with(of)));
            let here = !of_cities || env::var_os(SAID_BY[0].0).is_some();
            first != NEVER && here && !SAID_BY.iter().any(silent)
        });
        let text = serde_json::to_string(&catalogue).expect("what was read is written");
        fs::write(Path::new(&out).join(&name), text).expect("the build folder can be written");
    }
}
