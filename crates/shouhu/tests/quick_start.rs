//! The README's quick start, to the letter.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The commands of the first `sh` block after a heading.
fn commands(readme: &str, heading: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(readme)).unwrap();
    let after = text.split_once(heading).unwrap_or_else(|| panic!("{readme} has no {heading}")).1;
    let block = after.split_once("```sh\n").unwrap().1.split_once("```").unwrap().0;
    block.lines().map(str::to_owned).collect()
}

/// A folder on the PATH in which `shouhu` is the binary under test.
fn path_with_shouhu(folder: &Path) -> String {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_shouhu"), bin.join("shouhu")).unwrap();
    format!("{}:{}", bin.display(), std::env::var("PATH").unwrap())
}

#[test]
fn your_own_round_works_as_both_readmes_say() {
    let english = commands("README.md", "## Your own round");
    assert_eq!(english, commands("README.zh-CN.md", "## 你自己的一轮"));
    let folder = tempfile::tempdir().unwrap();
    let path = path_with_shouhu(folder.path());
    for command in &english {
        let status = Command::new("sh")
            .args(["-ec", command])
            .env("PATH", &path)
            .current_dir(&folder)
            .status()
            .unwrap();
        assert!(status.success(), "{command}");
    }
    for made in [
        "my-round/scenario.toml",
        "my-round/roll.csv",
        "plan.json",
        "tonight/timetable.txt",
        "tonight/doors.html",
        "report.html",
    ] {
        assert!(folder.path().join(made).metadata().unwrap().len() > 100, "{made}");
    }
}

/// The commands that make would run for a target.
fn recipe(target: &str) -> Vec<String> {
    let make = Command::new("make")
        .args(["--dry-run", "--no-print-directory", target])
        .env_remove("MAKEFLAGS")
        .env_remove("DATA")
        .current_dir(root())
        .output()
        .unwrap();
    assert!(make.status.success(), "make {target}: {}", String::from_utf8_lossy(&make.stderr));
    String::from_utf8(make.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The place of the first command with these words.
fn step(recipe: &[String], words: &str) -> usize {
    let found = recipe.iter().position(|command| command.contains(words));
    found.unwrap_or_else(|| panic!("no {words} in {recipe:#?}"))
}

#[test]
fn make_run_serves_the_pages_where_both_readmes_say() {
    for (readme, heading) in [("README.md", "## Two commands"), ("README.zh-CN.md", "## 两条命令")] {
        assert_eq!(commands(readme, heading), ["make run", "make test"]);
        assert!(
            fs::read_to_string(root().join(readme)).unwrap().contains("<http://127.0.0.1:8300>"),
            "{readme}"
        );
    }
    let run = recipe("run");
    let serves = run.last().unwrap();
    assert!(serves.contains("--package shouhu -- serve --data") && !serves.contains("--listen"), "{serves}");
    assert!(step(&run, "scripts/web.sh") < step(&run, "cargo build"), "the pages are embedded: {run:#?}");
    let help = Command::new(env!("CARGO_BIN_EXE_shouhu")).args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("[default: 127.0.0.1:8300]"), "{help}");
}

#[test]
fn a_release_has_its_pages_in_it() {
    let dist = recipe("dist");
    assert!(step(&dist, "scripts/web.sh") < step(&dist, "scripts/dist.sh"), "{dist:#?}");
}

#[test]
fn make_report_does_the_main_job_in_the_terminal() {
    step(&recipe("report"), "scripts/report.sh");
    // The script builds with cargo; here the binary is built already, so a cargo that only runs it stands in.
    let folder = tempfile::tempdir().unwrap();
    let path = path_with_shouhu(folder.path());
    let cargo = folder.path().join("bin/cargo");
    fs::write(&cargo, "#!/bin/sh\n[ \"$1\" = run ] || exit 0\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec shouhu \"$@\"\n").unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let out = folder.path().join("out");
    let run = Command::new("bash")
        .arg("scripts/report.sh")
        .envs([("PATH", path.as_str()), ("OUT", &out.to_string_lossy()), ("LC_ALL", "C")])
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("one message to all") && said.contains("calls in waves"), "{said}");
    assert!(said.contains("moving one person in each lane from sampling to registration"), "{said}");
    assert!(said.contains("report.html"), "{said}");
    assert!(fs::read_to_string(out.join("report.html")).unwrap().contains("<svg"));
}
