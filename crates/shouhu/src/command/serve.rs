//! `shouhu serve`: the pages and the API, for browsers on this machine.

use super::Stop;
use crate::{args::Serve, speak::Speaker};
use server::{Address, ListenError, Server, Store, StoreError};
use std::{
    path::Path,
    process::{Command, Stdio},
};

pub fn run(args: &Serve, speaker: Speaker) -> Result<(), Stop> {
    let address: Address = args.listen.parse().map_err(|error| {
        let key = if matches!(error, ListenError::NotHere) { "serve.not_here" } else { "serve.no_address" };
        Stop::Usage(speaker.say(key, &[("address", &args.listen)]))
    })?;
    let store =
        Store::open(&args.data).map_err(|error| failed(&stored(&error, &args.data, speaker), speaker))?;
    say_what_is_odd(&store, &args.data, speaker);
    let server = Server::bind(address, store)
        .map_err(|error| failed(&listened(&error, &args.listen, speaker), speaker))?;
    speaker.result(&server.url());
    let data = std::path::absolute(&args.data).unwrap_or_else(|_| args.data.clone());
    speaker.aside(&speaker.say("serve.data", &[("path", &data.display().to_string())]));
    if !server::are_built() {
        speaker.aside(&speaker.word("serve.no_pages"));
    }
    speaker.aside(&speaker.word("serve.stop"));
    if args.open && !open(&server.url()) {
        speaker.aside(&speaker.word("serve.open_failed"));
    }
    server
        .run()
        .map_err(|error| failed(&speaker.say("serve.system", &[("why", &error.to_string())]), speaker))
}

/// Says why, and stops.
fn failed(why: &str, speaker: Speaker) -> Stop {
    speaker.aside(why);
    Stop::Refused
}

fn stored(error: &StoreError, data: &Path, speaker: Speaker) -> String {
    match error {
        StoreError::Disk { path, source } => {
            let args = [("path", &*path.display().to_string()), ("why", &*source.to_string())];
            format!("{} {}", speaker.say("problem.disk", &args), speaker.word("problem_mend.disk"))
        }
        _ => speaker.say("serve.locked", &[("path", &data.display().to_string())]),
    }
}

fn listened(error: &ListenError, listen: &str, speaker: Speaker) -> String {
    match error {
        ListenError::InUse(address) => speaker.say("serve.in_use", &[("address", &address.to_string())]),
        ListenError::System(source) => speaker.say("serve.system", &[("why", &source.to_string())]),
        ListenError::NoAddress | ListenError::NotHere => {
            speaker.say("serve.no_address", &[("address", listen)])
        }
    }
}

/// Folders that no page can show, and a data folder that others can read.
fn say_what_is_odd(store: &Store, data: &Path, speaker: Speaker) {
    // A list that fails now fails again when it is asked for, and is said then.
    if let Ok((_, others)) = store.list()
        && others > 0
    {
        speaker.aside(&speaker.say("serve.not_ids", &[("count", &others.to_string())]));
    }
    let scenarios = data.join("scenarios");
    if others_read(data) && others_read(&scenarios) {
        speaker.aside(&speaker.say("serve.others_read", &[("path", &scenarios.display().to_string())]));
    }
}

#[cfg(unix)]
fn others_read(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_read(_: &Path) -> bool {
    false
}

/// Asks the system to open an address; false if it knows no way.
fn open(url: &str) -> bool {
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    let command = Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    command.is_ok()
}
