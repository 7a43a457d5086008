//! The program as people start it: shared by the tests of its commands.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test uses a part of it; a test that cannot go on should stop"
)]

use serde_json::Value;
use std::{
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// `shouhu ARGS…`, started in this folder, in English.
pub fn shouhu(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shouhu"))
        .args(args)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The JSON object that a command prints, and its exit status.
pub fn json(folder: &Path, args: &[&str]) -> (Value, i32) {
    let output = shouhu(folder, args);
    let text = String::from_utf8(output.stdout).unwrap();
    let value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{args:?}: {error}: {text}{}", String::from_utf8_lossy(&output.stderr))
    });
    (value, output.status.code().unwrap())
}

/// The JSON object of a command that succeeds.
pub fn told(folder: &Path, args: &[&str]) -> Value {
    let (value, status) = json(folder, args);
    assert_eq!(status, 0, "{args:?}: {value}");
    value
}

/// A folder with an example in its folder `at`.
pub fn example(name: &str, at: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = told(folder.path(), &["init", at, "--example", name, "--json"]);
    let first = ["scenario.toml", "crews.toml", "series.csv"];
    let is_first = |file: &Value| file.as_str().is_some_and(|file| first.contains(&file));
    assert!(made["files"].as_array().unwrap().iter().any(is_first));
    folder
}

/// Without what differs from run to run.
pub fn timeless(mut value: Value) -> Value {
    let mut costs = vec![&mut value];
    while let Some(object) = costs.pop().and_then(Value::as_object_mut) {
        for cost in ["cpu_s", "wall_s", "people_per_second"] {
            object.remove(cost);
        }
        costs.extend(object.get_mut("without"));
    }
    value
}

/// A figure.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}
