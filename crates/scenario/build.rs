//! The examples and services are embedded: a change in them rebuilds this crate. Cities are apart from communities, and left
//! out where nobody rehearses them: a page's module should not carry them.

use std::{env, fs, io, path::Path};

fn main() {
    for folder in ["examples", "services"] {
        let cargo = &mut io::stdout();
        let line = format!("cargo:rerun-if-changed=../../{folder}\n");
        io::Write::write_all(cargo, line.as_bytes()).expect("cargo reads what a build script prints");
    }
    let out = env::var("OUT_DIR").expect("cargo sets it");
    let (communities, cities) = (Path::new(&out).join("communities"), Path::new(&out).join("cities"));
    for folder in [&communities, &cities] {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).expect("the build folder can be written");
    }
    let wanted = env::var_os("CARGO_FEATURE_CITIES").is_some();
    for example in fs::read_dir("../../examples").expect("the examples stand in the house") {
        let example = example.expect("a folder can be listed").path();
        let Ok(text) = fs::read_to_string(example.join("scenario.toml")) else { continue };
        let city = text.lines().any(|line| line.starts_with("kind = \"city\""));
        if !city || wanted {
            let to = if city { &cities } else { &communities };
            copy(&example, &to.join(example.file_name().expect("an example has a name")))
                .expect("an example can be copied");
        }
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
