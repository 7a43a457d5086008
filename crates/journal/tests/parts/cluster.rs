//! A PostgreSQL for the tests of one program, and a database of its own for each of them.
//!
//! The server is started from the programs on the PATH or in `/usr/lib/postgresql`, listens on a socket in a folder of its
//! own, and ends with this process, however that ends. `SHOUHU_TEST_POSTGRES=postgresql://...` has one used that runs
//! already; its user must be allowed to make databases.

#![allow(dead_code, reason = "each test uses its own part")]

use std::{
    env, fs,
    hash::{BuildHasher, RandomState},
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

/// A server.
pub struct Cluster {
    /// Of a database that is always there.
    url: String,
    /// Of its socket, and of its address where it has one.
    pub port: u16,
    /// Where its socket and its data are; `None` if it is not ours.
    folder: Option<PathBuf>,
    /// Ends when its input does.
    server: Option<Child>,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            drop(server.stdin.take());
            drop(server.wait());
        }
    }
}

/// A database, dropped with this.
pub struct Database {
    /// Its address.
    pub url: String,
    name: String,
    server: String,
}

/// A port that is free, and stays so while nobody listens on it: a program that asks for any port is given none of these.
pub fn port() -> u16 {
    loop {
        let port = 20_000 + (RandomState::new().hash_one(0) % 12_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// An empty database of this program's server.
pub fn database() -> Database {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(Cluster::shared).database()
}

impl Cluster {
    fn shared() -> Cluster {
        match env::var("SHOUHU_TEST_POSTGRES") {
            Ok(url) => Cluster::at(url),
            Err(_) => Cluster::start(&[]),
        }
    }

    /// A server that runs already.
    pub fn at(url: String) -> Cluster {
        Cluster { url, port: 0, folder: None, server: None }
    }

    /// A server with these settings (`name=value`), apart from the others'.
    pub fn start(settings: &[&str]) -> Cluster {
        Cluster::start_with(settings, &[])
    }

    /// The same with these files among its data.
    pub fn start_with(settings: &[&str], files: &[(&str, &str)]) -> Cluster {
        let programs = programs().expect(
            "PostgreSQL's programs are needed: install postgresql, or name a server as SHOUHU_TEST_POSTGRES=postgresql://...",
        );
        // In memory where the system has such a folder: it syncs as it should, and a slow disk costs nobody anything. No
        // test stops the machine.
        let named = || tempfile::Builder::new().prefix("shouhu-pg-").to_owned();
        let folder = named().tempdir_in("/dev/shm").or_else(|_| named().tempdir()).unwrap().keep();
        let root = number("id", &["-u"]) == Some(0);
        // The server refuses to run as root.
        let of = |flag| number("id", &[flag, "postgres"]).expect("root's tests need the user postgres");
        let owner = root.then(|| (of("-u"), of("-g")));
        let own = |path: &Path| {
            if let Some((user, group)) = owner {
                std::os::unix::fs::chown(path, Some(user), Some(group)).unwrap();
            }
        };
        own(&folder);
        for (name, text) in files {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            own(&path);
        }
        let port = port();
        let mut shell = Command::new("sh");
        shell.args(["-c", LIFE, "sh"]).arg(&programs).arg(&folder).arg(format!("port={port}")).args(settings);
        shell.current_dir(&folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        // Ctrl-C ends the tests, and their end the server.
        shell.process_group(0);
        if let Some((user, group)) = owner {
            shell.uid(user).gid(group);
        }
        let mut server = shell.spawn().unwrap();
        let mut said = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "ready\n", "PostgreSQL did not start; what it said stands above");
        let url = format!("postgresql://shouhu@{}:{port}/postgres", encoded(&folder));
        Cluster { url, port, folder: Some(folder), server: Some(server) }
    }

    /// An empty database.
    pub fn database(&self) -> Database {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
        let name = format!("shouhu_test_{}_{}_{nanos}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut client = journal::postgres::connect(&self.url).unwrap();
        client.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Database { url: named(&self.url, &name), name, server: self.url.clone() }
    }

    /// The process of the server; `None` if it is not ours.
    pub fn pid(&self) -> Option<u32> {
        let file = self.folder.as_ref()?.join("data/postmaster.pid");
        fs::read_to_string(file).ok()?.lines().next()?.parse().ok()
    }

    /// Where its socket and its data are; `None` if it is not ours.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Kills one of its processes, whereupon it cuts all connections and recovers as after a crash. Afterwards none of its
    /// processes of before answers any more.
    pub fn crash(&self) {
        let log = self.folder().expect("a server of our own").join("log");
        let ended = || fs::read_to_string(&log).unwrap().matches("all server processes terminated").count();
        let before = ended();
        let mut client = journal::postgres::connect(&self.url).unwrap();
        let checkpointer = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'";
        let pid: i32 = client.query_one(checkpointer, &[]).unwrap().get(0);
        assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
        // Until it has noticed, it serves on, and would be gone only for whoever asks next.
        let begun = Instant::now();
        while ended() == before {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the server does not notice that {pid} is gone"
            );
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // On a server of our own it goes with the server.
        let (server, name) = (self.server.clone(), self.name.clone());
        // A test may end on a thread of a runtime, which must not wait for the network.
        let gone = thread::spawn(move || {
            if let Ok(mut client) = journal::postgres::connect(&server) {
                drop(client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
            }
        });
        drop(gone.join());
    }
}

/// Makes a cluster, runs it until the input ends, and leaves nothing: $1 the programs, $2 the folder, then settings.
const LIFE: &str = r#"
bin=$1 at=$2
shift 2
gone() { rm -rf "$at"; }
server=
fail() { cat "$at/log" >&2; [ -z "$server" ] || kill -QUIT "$server"; gone; exit 1; }
LC_ALL=C "$bin/initdb" -D "$at/data" -U shouhu --auth=trust --encoding=UTF8 --no-locale --no-sync >"$at/log" 2>&1 || fail
set -- listen_addresses= "unix_socket_directories=$at" max_connections=200 shared_buffers=64MB "$@"
for one in "$at"/server.*; do
    [ -e "$one" ] && mv "$one" "$at/data"
done
for one in "$@"; do
    echo "${one%%=*} = '${one#*=}'" >>"$at/data/postgresql.conf"
done
"$bin/postgres" -D "$at/data" >>"$at/log" 2>&1 </dev/null &
server=$!
tries=0
until grep -q 'ready to accept connections' "$at/log"; do
    tries=$((tries + 1))
    { [ "$tries" -lt 1200 ] && kill -0 "$server" 2>/dev/null; } || fail
    sleep 0.05
done
echo ready
exec >/dev/null
cat >/dev/null
kill -QUIT "$server"
wait "$server"
gone
"#;

/// The folder of `initdb` and the rest: on the PATH, or the newest of Debian's.
fn programs() -> Option<PathBuf> {
    let has = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    let path = env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    let version = |bin: &PathBuf| -> Option<u32> { bin.parent()?.file_name()?.to_str()?.parse().ok() };
    debian.sort_by_key(|bin| std::cmp::Reverse(version(bin)));
    env::split_paths(&path).chain(debian).find(has)
}

fn number(program: &str, args: &[&str]) -> Option<u32> {
    let said = Command::new(program).args(args).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(said.stdout).ok()?.trim().parse().ok()
}

/// A folder as the host of an address.
fn encoded(folder: &Path) -> String {
    folder.to_str().unwrap().replace('%', "%25").replace('/', "%2F")
}

/// The same address with another database.
fn named(url: &str, name: &str) -> String {
    let (place, query) = url.split_once('?').map_or((url, None), |(place, query)| (place, Some(query)));
    let start = place.find("://").unwrap() + 3;
    let end = place[start..].find('/').map_or(place.len(), |slash| start + slash);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", &place[..end])
}
