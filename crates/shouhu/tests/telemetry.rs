//! What whoever runs a server sees of it: metrics, whether it is ready, and its log, none of which tells of anybody.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use serde_json::Value;
use server::telemetry::Metric;
use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

struct Served {
    child: Child,
    pages: String,
    side: String,
    log: std::path::PathBuf,
}

impl Served {
    fn start(data: &Path) -> Served {
        let log = data.join("stderr");
        let mut child = Command::new(env!("CARGO_BIN_EXE_shouhu"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--metrics",
                "127.0.0.1:0",
                "--log",
                "requests",
                "--log-format",
                "json",
            ])
            .arg("--data")
            .arg(data)
            .env("LC_ALL", "C")
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let pages = line.trim().strip_prefix("http://").unwrap().to_owned();
        let side = loop {
            // It is said right after the first line.
            let said = fs::read_to_string(&log).unwrap();
            match said.split_once("http://").and_then(|(_, rest)| rest.split_once("/metrics")) {
                Some((side, _)) => break side.to_owned(),
                None => sleep(Duration::from_millis(10)),
            }
        };
        Served { child, pages, side, log }
    }

    fn get(address: &str, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn metrics_and_log_tell_routes_and_never_paths() {
    let data = tempfile::tempdir().unwrap();
    let served = Served::start(data.path());
    assert_eq!(Served::get(&served.side, "/live"), (200, "live\n".to_owned()));
    assert_eq!(Served::get(&served.side, "/ready"), (200, "ready\n".to_owned()));
    assert_eq!(Served::get(&served.pages, "/api/v1/ready").0, 200);
    assert!(!Served::get(&served.pages, "/metrics").1.contains("shouhu_ready"), "not where everybody asks");
    assert_eq!(Served::get(&served.pages, "/api/v1/scenarios/canary-zhang-wei").0, 404);
    Served::get(&served.pages, "/canary-12-2-301");

    let (status, metrics) = Served::get(&served.side, "/metrics");
    assert_eq!(status, 200);
    let counted = r#"shouhu_http_requests_total{method="GET",route="/api/v1/scenarios/{id}",status="404"} 1"#;
    assert!(metrics.contains(counted), "{metrics}");
    for part in ["shouhu_ready 1", "shouhu_boards_open 0", "shouhu_build_info{version=", "process_open_fds"] {
        assert!(metrics.contains(part), "{part} in {metrics}");
    }
    assert!(metrics.contains(r#"shouhu_http_request_seconds_bucket{route="page",le="0.25"}"#), "{metrics}");

    let log = fs::read_to_string(&served.log).unwrap();
    let requests: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let unknown = requests.iter().find(|line| line["route"] == "/api/v1/scenarios/{id}").unwrap();
    assert_eq!((&unknown["status"], &unknown["code"]), (&Value::from(404), &Value::from("scenario_unknown")));
    for text in [&metrics, &log] {
        assert!(!text.contains("canary") && !text.contains("127.0.0.1\""), "{text}");
    }
}

#[test]
fn dashboard_and_alerts_ask_for_what_there_is() {
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging");
    let known: BTreeSet<&str> = Metric::ALL.iter().map(|metric| metric.name).collect();
    let mut asked = BTreeSet::new();
    for file in ["grafana/dashboard.json", "prometheus/alerts.yml"] {
        let text = fs::read_to_string(packaging.join(file)).unwrap();
        for word in text.split(|of: char| !(of.is_ascii_alphanumeric() || of == '_')) {
            let name = word.trim_end_matches("_bucket");
            if name.starts_with("shouhu_") {
                assert!(known.contains(name), "{file} asks for {name}");
                asked.insert(name.to_owned());
            }
        }
    }
    assert!(known.iter().all(|name| asked.contains(*name)), "each is shown somewhere: {known:?}, {asked:?}");
}
