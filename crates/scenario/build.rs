//! The examples and services are embedded: a change in them rebuilds this crate.

fn main() {
    for folder in ["examples", "services"] {
        let cargo = &mut std::io::stdout();
        let line = format!("cargo:rerun-if-changed=../../{folder}\n");
        std::io::Write::write_all(cargo, line.as_bytes()).expect("cargo reads what a build script prints");
    }
}
