//! Compiles the crate anew when the built pages change: the files that are embedded are known, a new one beside them is not.
#![allow(clippy::print_stdout, reason = "Cargo is told by printing")]

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let built = "../../web/dist";
    let are_built = Path::new(built).is_dir();
    // Debug builds read the pages from the disk when they are asked for, if they were there when it was compiled.
    if are_built && std::env::var("PROFILE").is_ok_and(|profile| profile == "debug") {
        return;
    }
    let watched = if are_built { built } else { "../../web" };
    println!("cargo::rerun-if-changed={watched}");
}
