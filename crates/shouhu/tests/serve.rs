//! `shouhu serve` as a program: it listens, it stops, and a crash leaves a whole folder.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../../journal/tests/parts/cluster.rs"]
mod cluster;

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread::{self, sleep},
    time::{Duration, Instant},
};
use tempfile::TempDir;

fn shouhu(data: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shouhu"));
    command.arg("serve").arg("--data").arg(data).args(more).env("LC_ALL", "C");
    command
}

/// A server at a free port.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(data: &Path) -> Served {
        Served::on(data, "")
    }

    /// On a database that is named where other programs do not see it.
    fn on(data: &Path, database: &str) -> Served {
        let mut child = shouhu(data, &["--listen", "127.0.0.1:0"])
            .env("SHOUHU_DATABASE_URL", database)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("http://").unwrap_or_else(|| panic!("no address: {line:?}")).to_owned();
        Served { child, address }
    }

    /// Status and body of one request; `None` where the connection broke.
    fn ask(&self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> Option<(u16, Value)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n{headers}\r\n",
            self.address,
            body.len(),
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).unwrap_or(Value::Null)))
    }

    fn get(&self, path: &str) -> (u16, Value) {
        self.ask("GET", path, "", None).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn said(mut command: Command) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command.output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

fn data() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn it_listens_answers_and_shares_its_folder_with_the_terminal() {
    let data = data();
    let served = Served::start(&data.path().join("new/data"));
    assert_eq!(served.get("/api/v1/health").0, 200);
    let made =
        served.ask("POST", "/api/v1/scenarios", "", Some(&json!({ "example": "flu-clinic" }))).unwrap();
    assert_eq!(made.0, 201);
    let folder = data.path().join("new/data/scenarios").join(made.1["id"].as_str().unwrap());
    let check = Command::new(env!("CARGO_BIN_EXE_shouhu")).arg("check").arg(folder).output().unwrap();
    assert!(check.status.success());
    let (status, problem) = served.ask("GET", "/", "origin: http://evil.example\r\n", None).unwrap();
    assert_eq!((status, &problem["code"]), (403, &json!("origin_foreign")));
}

#[test]
fn another_address_than_this_machine_is_wrong_usage() {
    let data = data();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8300"] {
        let (status, text) = said(shouhu(data.path(), &["--listen", address]));
        assert_eq!(status, Some(2), "{address}");
        for way in ["--tls-cert", "--public-url", "ssh -L", "--plain-http"] {
            assert!(text.contains(way), "{text}");
        }
    }
    for address in ["8300", "server.example:8300"] {
        let (status, text) = said(shouhu(data.path(), &["--listen", address]));
        assert_eq!(status, Some(2));
        assert!(text.contains("127.0.0.1:8300"), "{text}");
    }
    for (more, word) in [
        (&["--public-url", "http://garden.example"][..], "https://garden.example"),
        (&["--tls-cert", "cert.pem"], "--tls-key"),
        (&["--proxy", "172.17.0.1"], "--public-url"),
        (&["--proxy", "nginx", "--public-url", "https://garden.example"], "172.17.0.0/16"),
        (&["--listen", "0.0.0.0:0", "--public-url", "https://garden.example"], "--plain-http"),
    ] {
        let (status, text) = said(shouhu(data.path(), more));
        assert_eq!(status, Some(2));
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn a_certificate_that_is_wrong_is_said_with_its_file() {
    let data = data();
    let (status, text) = said(shouhu(
        data.path(),
        &["--listen", "127.0.0.1:0", "--tls-cert", "none.pem", "--tls-key", "none.key"],
    ));
    assert_eq!(status, Some(1));
    assert!(text.contains("none.pem"), "{text}");
}

/// Behind a proxy: everybody needs a session, and the first link makes the first account.
#[test]
fn others_sign_in_and_the_first_link_is_shown_until_it_is_used() {
    let folder = data();
    let start = || {
        let args = ["--listen", "127.0.0.1:0", "--public-url", "https://garden.example"];
        let mut child =
            shouhu(folder.path(), &args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "https://garden.example");
        let token = |line: String| Some(line.split_once("https://garden.example/welcome#")?.1.to_owned());
        let link = lines.map_while(Result::ok).find_map(token);
        child.kill().unwrap();
        child.wait().unwrap();
        link
    };
    let (first, second) = (start().unwrap(), start().unwrap());
    assert_eq!(first.len(), 64);
    assert_ne!(first, second);
}

#[test]
fn a_taken_port_or_folder_is_said() {
    let (one, other) = (data(), data());
    let served = Served::start(one.path());
    let (status, text) = said(shouhu(other.path(), &["--listen", &served.address]));
    assert_eq!(status, Some(1));
    assert!(text.contains("in use") && text.contains("--listen"), "{text}");
    let (status, text) = said(shouhu(one.path(), &["--listen", "127.0.0.1:0"]));
    assert_eq!(status, Some(1));
    assert!(text.contains("--data"), "{text}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_it_though_a_board_looks_on() {
    let data = data();
    let mut served = Served::start(data.path());
    let made =
        served.ask("POST", "/api/v1/scenarios", "", Some(&json!({ "example": "flu-clinic" }))).unwrap();
    let id = made.1["id"].as_str().unwrap();
    let mut board = TcpStream::connect(&served.address).unwrap();
    let ask = format!("GET /api/v1/scenarios/{id}/events HTTP/1.1\r\nhost: {}\r\n\r\n", served.address);
    board.write_all(ask.as_bytes()).unwrap();
    let mut board = BufReader::new(board);
    let mut line = String::new();
    while !line.starts_with("event: site") {
        line.clear();
        assert!(board.read_line(&mut line).unwrap() > 0);
    }
    let pid = served.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let began = Instant::now();
    let status = served.child.wait().unwrap();
    assert!(
        status.success() && began.elapsed() < Duration::from_secs(10),
        "{status} after {:?}",
        began.elapsed()
    );
}

/// Killed at many moments of many writes, a folder holds all of a change or nothing of it.
#[test]
fn a_kill_in_the_middle_of_a_write_leaves_a_whole_folder() {
    let data = data();
    let files = |generation: u32| -> Value {
        // The number in base64: three digits are four letters.
        let text = ["MDAw", "MTEx", "MjIy", "MzMz", "NDQ0", "NTU1", "NjY2", "Nzc3", "ODg4", "OTk5"]
            [generation as usize % 10];
        let names = (0..40).map(|number| (format!("{number}.txt"), json!(text.repeat(500))));
        Value::Object(names.collect())
    };
    let first = Served::start(data.path());
    let made = first
        .ask("POST", "/api/v1/scenarios", "", Some(&json!({ "name": "kill", "files": files(0) })))
        .unwrap();
    assert_eq!(made.1["id"], "kill");
    drop(first);
    let (mut cut, mut written) = (0, 0);
    for round in 0..12u64 {
        let served = Served::start(data.path());
        let (status, now) = served.get("/api/v1/scenarios/kill");
        assert_eq!(status, 200);
        let contents: Vec<&Value> = now["files"].as_object().unwrap().values().collect();
        assert_eq!(contents.len(), 40);
        assert!(
            contents.iter().all(|content| *content == contents[0]),
            "files of two generations in round {round}"
        );
        let mut version = now["version"].as_str().unwrap().to_owned();
        let served = &served;
        let pid = served.child.id().to_string();
        // However long a write takes here, there is one before it is killed.
        let (tell, told) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || {
                told.recv_timeout(Duration::from_secs(60)).expect("nothing is written");
                sleep(Duration::from_millis(17 * round));
                kill(&pid);
            });
            for generation in 1.. {
                let header = format!("if-match: {version}\r\n");
                let body = json!({ "files": files(generation) });
                match served.ask("PUT", "/api/v1/scenarios/kill", &header, Some(&body)) {
                    Some((200, now)) => {
                        version = now["version"].as_str().unwrap().to_owned();
                        let _ = tell.send(());
                    }
                    Some(other) => panic!("{other:?}"),
                    None => {
                        cut += 1;
                        break;
                    }
                }
                written += 1;
            }
        });
    }
    assert_eq!(cut, 12);
    assert!(written >= 12, "{written}");
}

fn kill(pid: &str) {
    let command = if cfg!(windows) { ("taskkill", ["/F", "/PID"]) } else { ("kill", ["-KILL", "--"]) };
    assert!(Command::new(command.0).args(command.1).arg(pid).status().unwrap().success());
}

#[test]
fn two_processes_that_start_at_once_share_a_database() {
    let database = cluster::database();
    let [first, second] = [data(), data()];
    drop(Served::on(first.path(), &database.url));
    std::fs::create_dir(second.path().join("keys")).unwrap();
    let key = "keys/master.key";
    std::fs::copy(first.path().join(key), second.path().join(key)).unwrap();
    let (one, two) = thread::scope(|scope| {
        let one = scope.spawn(|| Served::on(first.path(), &database.url));
        let two = scope.spawn(|| Served::on(second.path(), &database.url));
        (one.join().unwrap(), two.join().unwrap())
    });
    let made = json!({ "example": "flu-clinic", "name": "Tuesday" });
    assert_eq!(one.ask("POST", "/api/v1/scenarios", "", Some(&made)).unwrap().0, 201);
    let listed = two.get("/api/v1/scenarios");
    assert_eq!((listed.0, &listed.1[0]["name"]), (200, &json!("Tuesday")));
    drop(one);
    assert_eq!(two.get("/api/v1/scenarios"), listed, "nobody notices but its log");
    // Its folder is served on no files of its own, and its key is none that another process may make.
    let (status, why) = said(shouhu(first.path(), &[]));
    assert!(status == Some(1) && why.contains("SHOUHU_DATABASE_URL"), "{why}");
    let (status, why) = said(shouhu(data().path(), &["--database-url", &database.url]));
    assert!(status == Some(1) && why.contains("Copy keys/master.key"), "{why}");
}

#[test]
fn a_password_in_the_address_is_never_printed() {
    let url = "postgresql://ann:s3cret-word@127.0.0.1:1/town";
    let data = data();
    let (status, why) = said(shouhu(data.path(), &["--database-url", url]));
    assert!(status == Some(1) && why.contains("127.0.0.1:1"), "{why}");
    assert!(!why.contains("s3cret"), "{why}");
    let (status, why) = said(shouhu(data.path(), &["--drill", "--database-url", url]));
    assert!(status == Some(1) && !why.contains("s3cret"), "{why}");
}
