//! Server processes of a drill's own, over one database: started, killed, and started again where they were.

use super::DrillFault;
use crate::args::DATABASE_URL;
use std::{
    env,
    fs::{self, DirBuilder, File},
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};
use uuid::Uuid;

/// A process that has not said its address after so long does not start: it waits for the database ten seconds.
const START_WITHIN: Duration = Duration::from_secs(30);
/// What is told of why one did not start: a line or two.
const SAID_BYTES: u64 = 2000;

/// Processes of this program over one database. All of them end with this.
pub struct Processes {
    database: String,
    /// Their data folders are in it; it goes with this.
    home: PathBuf,
    all: Vec<Process>,
}

struct Process {
    data: PathBuf,
    /// `http://127.0.0.1:PORT`.
    url: String,
    /// Holds the process's input: should this program be killed, it ends, too.
    child: Child,
}

impl Processes {
    /// Starts so many.
    pub fn start(database: &str, count: usize) -> Result<Processes, DrillFault> {
        let home = env::temp_dir().join(format!("shouhu-drill-{}", Uuid::new_v4()));
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&home).map_err(DrillFault::System)?;
        let mut processes = Processes { database: database.to_owned(), home, all: Vec::new() };
        for number in 0..count {
            let data = processes.home.join(number.to_string());
            if let Some(first) = processes.all.first() {
                given_the_key(&first.data, &data).map_err(DrillFault::System)?;
            }
            let (child, url) = started(&processes.database, &data, "127.0.0.1:0")?;
            processes.all.push(Process { data, url, child });
        }
        Ok(processes)
    }

    pub fn urls(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|process| &*process.url)
    }

    /// Kills one: it can do nothing more, not even end its connections.
    pub fn kill(&mut self, number: usize) -> Result<(), DrillFault> {
        let child = &mut self.all[number].child;
        child.kill().and_then(|()| child.wait()).map(drop).map_err(DrillFault::System)
    }

    /// Starts one again, at the address where it was.
    pub fn again(&mut self, number: usize) -> Result<(), DrillFault> {
        let process = &mut self.all[number];
        let listen = process.url.trim_start_matches("http://");
        (process.child, process.url) = started(&self.database, &process.data, listen)?;
        Ok(())
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for process in &mut self.all {
            // It may have been killed already.
            drop(process.child.kill().and_then(|()| process.child.wait()));
        }
        drop(fs::remove_dir_all(&self.home));
    }
}

/// A folder for drills with the master key of another.
fn given_the_key(from: &Path, to: &Path) -> io::Result<()> {
    // Marked first: a folder that holds anything else could be real.
    fs::create_dir_all(to.join("keys"))?;
    fs::copy(from.join(server::drill::FILE), to.join(server::drill::FILE))?;
    fs::copy(from.join("keys/master.key"), to.join("keys/master.key")).map(drop)
}

/// Starts a process, and waits until it says its address.
fn started(database: &str, data: &Path, listen: &str) -> Result<(Child, String), DrillFault> {
    let program = env::current_exe().map_err(DrillFault::System)?;
    let log = data.with_extension("log");
    let mut child = Command::new(program)
        .args(["serve", "--drill", "--end-with-input", "--listen", listen, "--data"])
        .arg(data)
        .env(DATABASE_URL, database)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(File::create(&log).map_err(DrillFault::System)?)
        .spawn()
        .map_err(DrillFault::System)?;
    let (say, said) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        thread::spawn(move || {
            let mut line = String::new();
            drop(BufReader::new(output).read_line(&mut line));
            drop(say.send(line));
        });
    }
    let line = said.recv_timeout(START_WITHIN).unwrap_or_default();
    if line.starts_with("http://") {
        return Ok((child, line.trim().to_owned()));
    }
    drop(child.kill().and_then(|()| child.wait()));
    let mut why = String::new();
    drop(File::open(log).and_then(|file| file.take(SAID_BYTES).read_to_string(&mut why)));
    Err(DrillFault::Process(why.trim().to_owned()))
}
