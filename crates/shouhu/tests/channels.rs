//! A server that is killed while it sends a notice sends it again, with the same key; and a file of channels that is wrong starts none.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

const SCENARIO: &str = r#"format = 1
[community]
name = "Willow Court"
timezone = "UTC"
[round]
date = "TODAY"
opens = "00:00"
closes = "23:59"
purpose = "screening"
pool = 3
[site]
lanes = 1
[[site.station]]
name = "registration"
servers = 1
service = { law = "constant", mean_s = 10 }
[arrivals]
law = "waves"
[waves]
reaction = { law = "constant", mean_min = 3 }
"#;

struct Served(Child, String);

impl Drop for Served {
    fn drop(&mut self) {
        // As `kill -9`: nothing of it is told.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Served {
    fn start(data: &Path) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shouhu"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .arg("--channels")
            .arg(data.join("channels.toml"))
            .arg("--data")
            .arg(data.join("data"))
            .env("LC_ALL", "C")
            .env("CHAT_SECRET", "a secret of more than thirty-two letters")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Served(child, line.trim().strip_prefix("http://").unwrap().to_owned())
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        write!(
            stream,
            "{method} /api/v1/{path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            self.1,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 20"), "{path}: {answer}");
        let json = body
            .find(['{', '['])
            .and_then(|from| serde_json::Deserializer::from_str(&body[from..]).into_iter().next());
        json.unwrap().unwrap()
    }
}

/// A request as it came, up to the end of its head, and its body.
fn read_request(stream: &TcpStream) -> (String, Value) {
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
    }
    let head = head.to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    (head, serde_json::from_slice(&body).unwrap())
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let of = |bytes: &[u8]| {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(bytes.get(at).copied().unwrap_or(0)));
        let letter = |at: usize| match at <= bytes.len() {
            true => char::from(LETTERS[(bits >> (18 - 6 * at) & 63) as usize]),
            false => '=',
        };
        (0..4).map(letter).collect::<String>()
    };
    text.as_bytes().chunks(3).map(of).collect()
}

#[test]
fn a_notice_that_was_on_its_way_when_the_server_was_killed_is_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let channel = format!(
        "format = 1\n[[channel]]\nname = \"chat\"\nkind = \"webhook\"\naddress = \"http://{}/\"\nlanguage = \"en\"\n\
         secret_env = \"CHAT_SECRET\"\n",
        receiver.local_addr().unwrap()
    );
    fs::write(folder.path().join("channels.toml"), channel).unwrap();
    let served = Served::start(folder.path());
    let roll = "building,door,name\n1,101,Ann\n1,102,Bob\n";
    let day = |later: i64| {
        let at = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * later);
        at.to_string()[..10].to_owned()
    };
    let scenario = SCENARIO.replace("TODAY", &day(0));
    let files = json!({ "scenario.toml": base64(&scenario), "roll.csv": base64(roll) });
    let scenario = served.ask("POST", "scenarios", &json!({ "files": files }));
    let community = served.ask("POST", "communities", &json!({ "name": "Willow Court" }));
    let rounds = format!("communities/{}/rounds", community["id"].as_str().unwrap());
    let new = json!({ "scenario": scenario["id"], "policy": "waves", "retain_until": day(30) });
    let round = served.ask("POST", &rounds, &new);
    let notices = format!("{rounds}/{}/notices", round["id"].as_str().unwrap());
    served.ask("POST", &notices, &json!({ "channels": ["chat"] }));
    // It is taken, and not answered.
    let (first, _) = receiver.accept().unwrap();
    let (_, sent) = read_request(&first);
    drop(served);
    drop(first);
    let served = Served::start(folder.path());
    let (mut second, _) = receiver.accept().unwrap();
    let (head, again) = read_request(&second);
    assert_eq!((&again, &again["number"]), (&sent, &json!(1)));
    assert!(head.contains(&format!("idempotency-key: {}\r\n", sent["key"].as_str().unwrap())), "{head}");
    second.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    let seen = || served.ask("GET", &notices, &Value::Null)[0]["channels"][0].clone();
    let sent = (0..200).map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        seen()
    });
    let sent =
        sent.into_iter().find(|seen| seen["state"] == "sent").expect("it is written down that it was taken");
    assert_eq!(sent["tries"], 2);
}

#[test]
fn a_file_of_channels_that_is_wrong_is_refused_with_all_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("channels.toml");
    let channel = "name = \"a\"\nlanguage = \"en\"\n";
    let text = format!(
        "format = 1\n[[channel]]\n{channel}kind = \"webhook\"\naddress = \"http://chat.example/\"\n\
         [[channel]]\n{channel}kind = \"smtp\"\naddress = \"mail.example\"\nfrom = \"a@b.example\"\nto = [\"c@d.example\"]\n"
    );
    fs::write(&file, text).unwrap();
    let said = Command::new(env!("CARGO_BIN_EXE_shouhu"))
        .args(["serve", "--listen", "127.0.0.1:0", "--channels"])
        .arg(&file)
        .arg("--data")
        .arg(folder.path().join("data"))
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(1));
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    for part in [
        "channel 1: a webhook needs a secret",
        "Write https://",
        "named twice",
        "channel 2: this is no mail server",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!folder.path().join("data").exists(), "nothing was begun");
}
