//! `shouhu serve`: the pages and the API, for browsers on this machine or elsewhere.

use super::Stop;
use crate::{
    args::{DATABASE_URL, Log, LogFormat, Serve},
    speak::Speaker,
};
use server::{
    ChannelProblem, Channels, Database, DatabaseError, Listen, ListenError, People, PeopleError, Runs,
    RunsError, Server, Store, StoreError, TlsError, Told, Typed,
    drill::{self, DrillError},
    sharing::{self, SharingError},
    telemetry,
};
use std::{
    io::{self, IsTerminal},
    path::Path,
    process::{Command, Stdio},
    thread,
};

pub fn run(args: &Serve, speaker: Speaker) -> Result<(), Stop> {
    telemetry::log(level(args.log), format(args.log_format));
    let typed = Typed {
        listen: &args.listen,
        public_url: args.public_url.as_deref(),
        proxy: args.proxy.as_deref(),
        tls_cert: args.tls_cert.as_deref(),
        tls_key: args.tls_key.as_deref(),
        plain_http: args.plain_http,
    };
    let listen = Listen::parse(&typed).map_err(|error| Stop::Usage(listened(&error, args, speaker)))?;
    let channels = args.channels.as_deref().map(Channels::read).transpose();
    let channels = channels.map_err(|problems| failed(&channels_of(&problems, args, speaker), speaker))?;
    let database = database(args.database_url.as_ref());
    if args.end_with_input {
        end_with_input();
    }
    if let Some(database) = &database {
        drill::admit_database(database, args.drill)
            .map_err(|error| failed(&drilled(&error, speaker), speaker))?;
    }
    drill::admit(&args.data, args.drill).map_err(|error| failed(&drilled(&error, speaker), speaker))?;
    sharing::admit(&args.data, database.is_some())
        .map_err(|error| failed(&shared(&error, speaker), speaker))?;
    let store = match &database {
        None => Store::open(&args.data),
        Some(database) => Store::shared(&args.data, database),
    };
    let store = store.map_err(|error| failed(&stored(&error, &args.data, speaker), speaker))?;
    say_what_is_odd(&store, &args.data, speaker);
    let people = match &database {
        None => People::open(&args.data),
        Some(database) => People::shared(&args.data, database),
    };
    let people = people.map_err(|error| {
        let why =
            if database.is_some() { people_of_database(&error, speaker) } else { people_of(&error, speaker) };
        failed(&why, speaker)
    })?;
    let runs = match &database {
        None => Runs::open(&args.data, people.rounds_key()),
        Some(database) => Runs::shared(&args.data, database, people.rounds_key()),
    };
    let runs =
        runs.map_err(|error| failed(&rounds_of(&error, speaker), speaker))?.printing_with(args.font.clone());
    if let Err(fault) = server::place(&store, &people, &runs) {
        speaker.aside(&speaker.say("serve.not_placed", &[("why", fault.code())]));
    }
    let server = Server::bind(&listen, store, people, runs)
        .map_err(|error| failed(&listened(&error, args, speaker), speaker))?;
    let server = match &args.metrics {
        Some(address) => {
            let wrong = |error: ListenError| metrics_of(&error, address, speaker);
            server.with_metrics(address).map_err(|error| failed(&wrong(error), speaker))?
        }
        None => server,
    };
    let server = match (&args.mllp, &args.mllp_account) {
        (Some(address), Some(login)) => {
            let wrong = |error: ListenError| mllp_of(&error, address, speaker);
            let server = server.with_mllp(address, login, &args.mllp_zone);
            server.map_err(|error| failed(&wrong(error), speaker))?
        }
        _ => server,
    };
    let count = channels.as_ref().map(Channels::count);
    let server = match channels {
        Some(channels) => server.with_channels(channels),
        None => server,
    };
    let server = if args.drill { server.for_drills() } else { server };
    let first = server.first_link().map_err(|error| failed(&people_of(&error, speaker), speaker))?;
    speaker.result(&server.url());
    let data = std::path::absolute(&args.data).unwrap_or_else(|_| args.data.clone());
    let kept = if database.is_some() { "serve.database" } else { "serve.data" };
    speaker.aside(&speaker.say(kept, &[("path", &data.display().to_string())]));
    if let Some(address) = server.metrics() {
        speaker.aside(&speaker.say("serve.metrics", &[("address", &address.to_string())]));
        if !address.ip().is_loopback() {
            speaker.aside(&speaker.word("serve.metrics_open"));
        }
    }
    if let Some(address) = server.mllp() {
        speaker.aside(&speaker.say("serve.mllp", &[("address", &address.to_string())]));
    }
    if let Some(count) = count {
        speaker.aside(&speaker.say("serve.channels", &[("count", &count.to_string())]));
    }
    if args.drill {
        speaker.aside(&speaker.word("serve.drill"));
    }
    if !server::are_built() {
        speaker.aside(&speaker.word("serve.no_pages"));
    }
    let (is_open, is_tls) = (server.mode().is_open(), server.mode().is_tls());
    if is_open && !is_tls {
        speaker.aside(&speaker.word("serve.plain_http"));
    }
    speaker.aside(&speaker.word(if is_open { "serve.open" } else { "serve.stop" }));
    if let Some(link) = first {
        speaker.aside(&speaker.say("serve.first_link", &[("link", &link)]));
    }
    if args.open && !open(&server.url()) {
        speaker.aside(&speaker.word("serve.open_failed"));
    }
    server
        .run(move |told| speaker.aside(&said(&told, speaker)))
        .map_err(|error| failed(&speaker.say("serve.system", &[("why", &error.to_string())]), speaker))
}

fn level(log: Log) -> telemetry::Level {
    match log {
        Log::Off => telemetry::Level::Off,
        Log::Problems => telemetry::Level::Problems,
        Log::Requests => telemetry::Level::Requests,
    }
}

fn format(asked: Option<LogFormat>) -> telemetry::Format {
    match asked {
        Some(LogFormat::Text) => telemetry::Format::Text,
        Some(LogFormat::Json) => telemetry::Format::Json,
        None if io::stderr().is_terminal() => telemetry::Format::Text,
        None => telemetry::Format::Json,
    }
}

fn metrics_of(error: &ListenError, address: &str, speaker: Speaker) -> String {
    match error {
        ListenError::InUse(_) => speaker.say("serve.metrics_in_use", &[("address", address)]),
        ListenError::System(source) => speaker.say("serve.system", &[("why", &source.to_string())]),
        _ => speaker.say("serve.metrics_no_address", &[("address", address)]),
    }
}

fn mllp_of(error: &ListenError, address: &str, speaker: Speaker) -> String {
    match error {
        ListenError::InUse(_) => speaker.say("serve.mllp_in_use", &[("address", address)]),
        ListenError::System(source) => speaker.say("serve.system", &[("why", &source.to_string())]),
        _ => speaker.say("serve.mllp_no_address", &[("address", address)]),
    }
}

/// All that is wrong with the file of channels, a line each.
fn channels_of(problems: &[ChannelProblem], args: &Serve, speaker: Speaker) -> String {
    let path = args.channels.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let line = |ChannelProblem { code, number, what }: &ChannelProblem| {
        let gaps = [("path", &*path), ("number", &*number.to_string()), ("what", what)];
        speaker.say(&format!("serve_channels.{code}"), &gaps)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The database that was named, as an argument or where other programs do not see it.
pub(super) fn database(typed: Option<&String>) -> Option<Database> {
    let named = typed.cloned().or_else(|| std::env::var(DATABASE_URL).ok());
    named.filter(|url| !url.is_empty()).map(|url| Database::at(&url))
}

/// What happens while the server runs.
fn said(told: &Told, speaker: Speaker) -> String {
    match told {
        Told::Renewed => speaker.word("serve.tls_renewed").to_owned(),
        Told::NotRenewed(error) => {
            format!("{} {}", certificate(error, speaker), speaker.word("serve.tls_not_renewed"))
        }
        Told::Purged(purged) => {
            let [rows, bytes, found] =
                [purged.rows, purged.bytes_scanned, purged.found].map(|number| number.to_string());
            speaker.say("serve.purged", &[("rows", &rows), ("bytes", &bytes), ("found", &found)])
        }
        Told::NotPurged(error) => speaker.say("serve.not_purged", &[("why", &people_of(error, speaker))]),
    }
}

/// Says why, and stops.
fn failed(why: &str, speaker: Speaker) -> Stop {
    speaker.aside(why);
    Stop::Refused
}

fn shared(error: &SharingError, speaker: Speaker) -> String {
    let of = |key: &str, path: &Path| speaker.say(key, &[("path", &path.display().to_string())]);
    match error {
        SharingError::Own(path) => of("serve.database_own", path),
        SharingError::Marked(path) => of("serve.database_marked", path),
        SharingError::Disk { path, source } => disk(path, source, speaker),
    }
}

pub(super) fn rounds_of(error: &RunsError, speaker: Speaker) -> String {
    match error {
        RunsError::OtherKey(path) => {
            speaker.say("serve.rounds_key", &[("path", &path.display().to_string())])
        }
        _ => speaker.say("serve.rounds", &[("why", &error.to_string())]),
    }
}

fn drilled(error: &DrillError, speaker: Speaker) -> String {
    let of = |key: &str, path: &Path| speaker.say(key, &[("path", &path.display().to_string())]);
    match error {
        DrillError::Real(path) => of("serve.drill_real", path),
        DrillError::Marked(path) => of("serve.drill_marked", path),
        DrillError::DatabaseReal => speaker.word("serve.drill_database_real").to_owned(),
        DrillError::DatabaseMarked => speaker.word("serve.drill_database_marked").to_owned(),
        DrillError::Database(error) => of_database(error, speaker),
        DrillError::Disk { path, source } => disk(path, source, speaker),
    }
}

/// Whoever started this process holds its input: when that ends, however it does, so does this.
fn end_with_input() {
    thread::spawn(|| {
        drop(io::copy(&mut io::stdin(), &mut io::sink()));
        std::process::exit(0);
    });
}

fn disk(path: &Path, source: &io::Error, speaker: Speaker) -> String {
    let args = [("path", &*path.display().to_string()), ("why", &*source.to_string())];
    format!("{} {}", speaker.say("problem.disk", &args), speaker.word("problem_mend.disk"))
}

pub(super) fn stored(error: &StoreError, data: &Path, speaker: Speaker) -> String {
    match error {
        StoreError::Disk { path, source } => disk(path, source, speaker),
        StoreError::Database(error) => of_database(error, speaker),
        StoreError::Newer => speaker.word("serve.database_newer").to_owned(),
        _ => speaker.say("serve.locked", &[("path", &data.display().to_string())]),
    }
}

fn listened(error: &ListenError, args: &Serve, speaker: Speaker) -> String {
    let address = [("address", &*args.listen)];
    match error {
        ListenError::NoAddress => speaker.say("serve.no_address", &address),
        ListenError::Plain => speaker.say("serve.plain", &address),
        ListenError::NoPublicUrl => {
            let url = args.public_url.as_deref().unwrap_or_default();
            speaker.say("serve.no_public_url", &[("address", url)])
        }
        ListenError::NoProxy => {
            speaker.say("serve.no_proxy", &[("address", args.proxy.as_deref().unwrap_or_default())])
        }
        ListenError::HalfCertificate => speaker.word("serve.half_certificate").to_owned(),
        ListenError::Certificate(error) => certificate(error, speaker),
        ListenError::InUse(address) => speaker.say("serve.in_use", &[("address", &address.to_string())]),
        ListenError::System(source) => speaker.say("serve.system", &[("why", &source.to_string())]),
    }
}

fn certificate(error: &TlsError, speaker: Speaker) -> String {
    let say = |key: &str, path: &Path, more: &[(&str, &str)]| {
        let path = path.display().to_string();
        speaker.say(key, &[&[("path", &*path)], more].concat())
    };
    match error {
        TlsError::File { path, source } => say("serve.tls_file", path, &[("why", &source.to_string())]),
        TlsError::NoCertificate(path) => say("serve.tls_no_certificate", path, &[]),
        TlsError::NoKey(path) => say("serve.tls_no_key", path, &[]),
        TlsError::OtherKey(files) => {
            let key = files.key.display().to_string();
            say("serve.tls_other_key", &files.certificate, &[("key", &key)])
        }
        TlsError::Unusable { path, source } => {
            say("serve.tls_unusable", path, &[("why", &source.to_string())])
        }
    }
}

/// What is wrong with the file of accounts and names.
pub(super) fn people_of(error: &PeopleError, speaker: Speaker) -> String {
    let say = |key: &str, path: &Path| speaker.say(key, &[("path", &*path.display().to_string())]);
    match error {
        PeopleError::Newer { path, .. } => say("serve.people_newer", path),
        PeopleError::KeyMissing(path) => say("serve.key_missing", path),
        PeopleError::KeyWrong(path) => say("serve.key_wrong", path),
        PeopleError::Disk { path, source } => disk(path, source, speaker),
        PeopleError::Database { doing, source } => {
            speaker.say("serve.people_database", &[("doing", doing), ("why", &source.to_string())])
        }
        other => speaker.say("serve.people_database", &[("doing", ""), ("why", &format!("{other:?}"))]),
    }
}

/// What is wrong with accounts and names in a database.
fn people_of_database(error: &PeopleError, speaker: Speaker) -> String {
    let say = |key: &str, path: &Path| speaker.say(key, &[("path", &*path.display().to_string())]);
    match error {
        PeopleError::Newer { .. } => speaker.word("serve.database_newer").to_owned(),
        PeopleError::KeyMissing(path) => say("serve.database_key_missing", path),
        PeopleError::KeyWrong(path) => say("serve.database_key_wrong", path),
        PeopleError::Database { source, .. } => of_database(source, speaker),
        other => people_of(other, speaker),
    }
}

pub(super) fn of_database(error: &DatabaseError, speaker: Speaker) -> String {
    speaker.say("serve.database_failed", &[("why", &error.to_string())])
}

/// Folders that no page can show, and a data folder that others can read.
fn say_what_is_odd(store: &Store, data: &Path, speaker: Speaker) {
    // A list that fails now fails again when it is asked for, and is said then.
    if let Ok((_, others)) = store.list(&server::access::who::Who::Owner)
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
