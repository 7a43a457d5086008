//! Notices on their way to channels: receivers on this machine refuse, are slow, and are told of a correction.

use crate::rounds::Site;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::Channels;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};
use tokio::time::sleep;

const SECRET: &str = "a secret of more than thirty-two letters";

/// A request as it came: its head in lower case, and its body.
type Heard = Arc<Mutex<Vec<(String, Value)>>>;

/// A receiver of webhooks on a port of its own, which answers with these one after the other, and with the last one ever after.
pub fn receiver(answers: &'static [&'static str]) -> (SocketAddr, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, heard) = (listener.local_addr().unwrap(), Heard::default());
    let all = heard.clone();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let request = read_request(&mut stream);
            all.lock().unwrap().push(request);
            let answer = answers[number.min(answers.len() - 1)];
            drop(stream.write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n").as_bytes()));
        }
    });
    (address, heard)
}

fn read_request(stream: &mut TcpStream) -> (String, Value) {
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

/// A mail server that takes no TLS, as on this machine. It answers `RCPT` with these, one mail after the other, and keeps what it took.
fn mail_server(answers: &'static [&'static str]) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, taken) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
    let all = taken.clone();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut say = |line: &str| drop(stream.write_all(format!("{line}\r\n").as_bytes()));
            say("220 mail.example");
            while let Some(Ok(line)) = lines.next() {
                match line.get(..4).unwrap_or_default() {
                    "EHLO" => say("250 mail.example"),
                    "RCPT" => say(answers[number.min(answers.len() - 1)]),
                    "DATA" => {
                        say("354 go on");
                        let letter: Vec<String> =
                            lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                        all.lock().unwrap().push(letter.join("\n"));
                        say("250 taken");
                    }
                    "QUIT" => break,
                    _ => say("250 ok"),
                }
            }
        }
    });
    (address, taken)
}

impl Site {
    /// The same site at a server that sends to these channels.
    pub fn with_channels(mut self, channels: &str) -> Site {
        let folder = self.house.data.path();
        let (file, secret) = (folder.join("channels.toml"), folder.join("secret"));
        fs::write(&secret, SECRET).unwrap();
        let channels = channels.replace("SECRET", &secret.display().to_string());
        fs::write(&file, format!("format = 1\n{channels}")).unwrap();
        let channels = Channels::read(&file).unwrap();
        let mut app = self.house.app.clone();
        app.channels = Arc::new(channels);
        app.send_notices();
        self.house.router = app.clone().router();
        self.house.app = app;
        self
    }

    pub async fn noticed(&self, new: Value) -> Value {
        let issued = self.ask(Method::POST, &format!("{}/notices", self.round), Some(new)).await;
        assert_eq!(issued.status, StatusCode::CREATED, "{}", issued.text());
        issued.json()
    }

    /// What became of a notice in a channel.
    async fn in_channel(&self, number: u64, channel: &str) -> Value {
        let all = self.ask(Method::GET, &format!("{}/notices", self.round), None).await.json();
        let notice = all.as_array().unwrap().iter().find(|one| one["number"] == number).unwrap().clone();
        let found = notice["channels"].as_array().unwrap().iter().find(|one| one["channel"] == channel);
        found.unwrap_or(&Value::Null).clone()
    }

    /// The same, as soon as it is so.
    pub async fn becomes(&self, number: u64, channel: &str, state: &str) -> Value {
        let began = Instant::now();
        loop {
            let seen = self.in_channel(number, channel).await;
            if seen["state"] == state {
                return seen;
            }
            assert!(began.elapsed() < Duration::from_secs(40), "{seen} is not {state}");
            sleep(Duration::from_millis(100)).await;
        }
    }

    async fn send_again(&self, number: u64, channel: &str) -> crate::Answer {
        let path = format!("{}/notices/{number}/channels", self.round);
        self.ask(Method::POST, &path, Some(json!({ "channel": channel }))).await
    }
}

pub fn webhook(name: &str, address: SocketAddr) -> String {
    format!(
        "[[channel]]\nname = \"{name}\"\nkind = \"webhook\"\naddress = \"http://{address}/hook\"\nlanguage = \"en\"\n\
         secret_file = \"SECRET\"\n"
    )
}

fn value<'h>(head: &'h str, name: &str) -> &'h str {
    head.split(&format!("\r\n{name}: ")).nth(1).and_then(|rest| rest.split('\r').next()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_signed_and_told_what_a_correction_takes_the_place_of() {
    let (address, heard) = receiver(&["503 Busy", "204 No Content"]);
    let site = Site::new().await.with_channels(&webhook("chat", address));
    let listed = site.ask(Method::GET, &site.rounds.replace("/rounds", "/channels"), None).await;
    assert_eq!(
        listed.json(),
        json!([{ "name": "chat", "kind": "webhook", "language": "en", "buildings": [] }])
    );
    assert!(!listed.text().contains("127.0.0.1"), "no address is told");
    let notices = format!("{}/notices", site.round);
    let nobody = site.ask(Method::POST, &notices, Some(json!({ "channels": ["chat", "no"] }))).await;
    assert_eq!(nobody.problem(), (422, "channel_unknown".to_owned()));
    let first = site.noticed(json!({ "channels": ["chat", "chat"] })).await;
    assert_eq!(first["channels"][0]["state"], "waiting");
    let sent = site.becomes(1, "chat", "sent").await;
    assert_eq!((&sent["tries"], &sent["why"], &sent["due"]), (&json!(2), &json!(""), &Value::Null));
    site.noticed(json!({ "changed": ["Bring an umbrella."], "channels": ["chat"] })).await;
    site.becomes(2, "chat", "sent").await;
    let heard = heard.lock().unwrap().clone();
    let [(busy, one), (again, same), (corrected, two)] = &heard[..] else { panic!("{heard:?}") };
    // A try that was refused comes again as the same.
    assert_eq!((one, value(busy, "idempotency-key")), (same, value(again, "idempotency-key")));
    assert_eq!(value(busy, "idempotency-key"), one["key"]);
    assert!(busy.starts_with("post /hook http/1.1\r\n"), "{busy}");
    let signature = value(busy, "x-shouhu-signature");
    assert!(signature.starts_with("t=") && signature.contains(",v1=") && signature.len() > 70, "{signature}");
    assert_eq!(
        (&one["number"], &one["kind"], &one["supersedes"]),
        (&json!(1), &json!("round"), &Value::Null)
    );
    assert!(one["cap"].as_str().unwrap().contains("urn:oasis:names:tc:emergency:cap:1.2"), "{one}");
    assert_eq!((&two["number"], &two["kind"]), (&json!(2), &json!("change")));
    assert_eq!((&two["supersedes"]["number"], &two["supersedes"]["key"]), (&json!(1), &one["key"]));
    assert!(two["text"].as_str().unwrap().contains("This replaces notice 1"), "{two}");
    assert_ne!(value(corrected, "idempotency-key"), value(busy, "idempotency-key"));
    for hidden in ["王小明", "李四", "Ann", SECRET] {
        assert!(!one.to_string().contains(hidden), "{hidden}: {one}");
    }
    // What no longer holds is not sent any more.
    let old = site.send_again(1, "chat").await;
    assert_eq!(old.problem(), (409, "channel_replaced".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_refuses_is_told_apart_and_sent_to_again_when_it_is_mended() {
    let (address, heard) = receiver(&["302 Found\r\nlocation: http://127.0.0.1:1/", "200 OK"]);
    let gone = "127.0.0.1:1".parse().unwrap();
    let building = format!("{}buildings = [\"9\"]\n", webhook("nine", address));
    let site = Site::new().await;
    let site =
        site.with_channels(&format!("{}{}{building}", webhook("chat", address), webhook("gone", gone)));
    site.noticed(json!({ "channels": ["chat", "gone"] })).await;
    let refused = site.becomes(1, "chat", "refused").await;
    assert!(refused["why"].as_str().unwrap().contains("(302)"), "{refused}");
    assert!(refused["mend"].as_str().unwrap().contains("new address"), "{refused}");
    let waits = site.becomes(1, "gone", "waiting").await;
    assert_eq!(site.send_again(1, "gone").await.problem(), (409, "channel_waiting".to_owned()));
    assert!(waits["due"].is_i64(), "{waits}");
    let key = heard.lock().unwrap()[0].1["key"].clone();
    assert_eq!(site.send_again(1, "chat").await.status, StatusCode::OK);
    site.becomes(1, "chat", "sent").await;
    assert_eq!(heard.lock().unwrap()[1].1["key"], key, "it did not arrive: the same");
    // It did arrive, and somebody wants it once more.
    assert_eq!(site.send_again(1, "chat").await.status, StatusCode::OK);
    site.becomes(1, "chat", "sent").await;
    assert_ne!(heard.lock().unwrap()[2].1["key"], key);
    // Also to one that was not chosen, but to none for whom it is not.
    site.noticed(json!({ "kind": "all-clear", "for": "2" })).await;
    assert_eq!(site.send_again(2, "nine").await.problem(), (422, "channel_others".to_owned()));
    assert_eq!(site.send_again(2, "chat").await.status, StatusCode::OK);
    site.becomes(2, "chat", "sent").await;
    // A correction takes the place of what waits.
    site.noticed(json!({ "changed": ["Bring an umbrella."] })).await;
    assert_eq!(site.becomes(1, "gone", "replaced").await["why"], "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailing_list_gets_a_correction_beneath_the_first_mail() {
    let (address, taken) = mail_server(&["450 greylisted", "250 ok"]);
    let (full, _) = mail_server(&["550 no such list"]);
    let mail = |name: &str, address: SocketAddr| {
        format!(
            "[[channel]]\nname = \"{name}\"\nkind = \"smtp\"\naddress = \"smtp://{address}\"\nlanguage = \"zh\"\n\
             from = \"书记处 <notices@garden.example>\"\nto = [\"residents@lists.garden.example\"]\n"
        )
    };
    let site = Site::new().await.with_channels(&format!("{}{}", mail("list", address), mail("old", full)));
    site.noticed(json!({ "channels": ["list", "old"] })).await;
    let refused = site.becomes(1, "old", "refused").await;
    assert!(refused["why"].as_str().unwrap().contains("(550)"), "{refused}");
    assert!(!refused.to_string().contains("no such list"), "what they answered is not told");
    assert_eq!(site.becomes(1, "list", "sent").await["tries"], 2);
    site.noticed(json!({ "changed": ["Bring an umbrella."], "channels": ["list"] })).await;
    site.becomes(2, "list", "sent").await;
    let taken = taken.lock().unwrap().clone();
    let header = |letter: &str, name: &str| {
        let line = letter.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
        line.unwrap_or_default()
    };
    let [first, second] = &taken[..] else { panic!("{taken:?}") };
    let id = header(first, "Message-ID");
    assert!(id.ends_with("@garden.example>") && id.len() > 40, "{first}");
    assert_eq!((header(second, "In-Reply-To"), header(second, "References")), (id.clone(), id.clone()));
    assert_ne!(header(second, "Message-ID"), id);
    assert_eq!(header(first, "Auto-Submitted"), "auto-generated");
    assert!(header(first, "To").contains("residents@lists.garden.example"), "{first}");
}
