//! The examples and services are embedded: a change in them rebuilds this crate. Cities, days of crews, aid between cities and outbreaks are apart
//! from communities, and left out where nobody asks for them: a page's module should not carry them.

use std::{env, fs, io, path::Path};

fn main() {
    for folder in ["examples", "services"] {
        let cargo = &mut io::stdout();
        let line = format!("cargo:rerun-if-changed=../../{folder}\n");
        io::Write::write_all(cargo, line.as_bytes()).expect("cargo reads what a build script prints");
    }
    let out = env::var("OUT_DIR").expect("cargo sets it");
    let [communities, cities, crew_days, aids, outbreaks] =
        ["communities", "cities", "crew-days", "aids", "outbreaks"]
            .map(|folder| Path::new(&out).join(folder));
    for folder in [&communities, &cities, &crew_days, &aids, &outbreaks] {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).expect("the build folder can be written");
    }
    let has = |feature: &str| env::var_os(feature).is_some();
    let (wanted, targets) = (has("CARGO_FEATURE_CITIES"), has("CARGO_FEATURE_TARGETS"));
    for example in fs::read_dir("../../examples").expect("the examples stand in the house") {
        let example = example.expect("a folder can be listed").path();
        let text = fs::read_to_string(example.join("scenario.toml"));
        let is =
            |kind: &str, text: &str| text.lines().any(|line| line.starts_with(&format!("kind = \"{kind}\"")));
        let to = match &text {
            Ok(text) if is("city", text) => &cities,
            Ok(text) if is("aid", text) => &aids,
            Ok(_) => &communities,
            Err(_) if example.join("crews.toml").is_file() => &crew_days,
            Err(_) if example.join("series.csv").is_file() => &outbreaks,
            Err(_) => continue,
        };
        if to == &communities || if to == &outbreaks { targets } else { wanted } {
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
