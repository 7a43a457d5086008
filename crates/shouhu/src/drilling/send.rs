//! Sending, open-loop: each upload has its moment, whatever became of those before, and is late from that moment on.

use super::{
    http::{Address, Broken, Connection},
    load::{Sender, Upload},
};
use jiff::Timestamp;
use serde_json::Value;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

/// After the last moment, what is not stored yet is tried for so long.
pub const GRACE: Duration = Duration::from_secs(60);
/// A phone whose connection broke tries again after this long, and at another process at once, as a balancer would.
const ANEW_AFTER: Duration = Duration::from_secs(1);
const ELSEWHERE_AFTER: Duration = Duration::from_millis(50);

/// What was acknowledged so far, for whoever looks on.
#[derive(Debug, Default)]
pub struct Progress {
    /// Events.
    pub events: AtomicU64,
    /// Uploads: the phone's number, its upload, and when; where somebody wants to know.
    pub uploads: Option<Mutex<Vec<Acknowledged>>>,
}

/// An upload that was acknowledged.
#[derive(Clone, Copy, Debug)]
pub struct Acknowledged {
    pub phone: usize,
    pub upload: usize,
    pub at: Instant,
}

impl Progress {
    fn acknowledged(&self, phone: usize, upload: usize, events: usize) {
        self.events.fetch_add(events as u64, Ordering::Relaxed);
        if let Some(uploads) = &self.uploads {
            let mut uploads = uploads.lock().unwrap_or_else(PoisonError::into_inner);
            uploads.push(Acknowledged { phone, upload, at: Instant::now() });
        }
    }

    /// Those from this place on.
    pub fn since(&self, place: usize) -> Vec<Acknowledged> {
        let uploads = self.uploads.as_ref().map(|of| of.lock().unwrap_or_else(PoisonError::into_inner));
        uploads.map(|of| of[place.min(of.len())..].to_vec()).unwrap_or_default()
    }
}

/// An upload that was stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stored {
    /// Its moment, from the start.
    pub due: Duration,
    /// When it was acknowledged, from the start.
    pub at: Duration,
    pub events: usize,
}

/// An upload that was refused, to be sent again later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refused {
    /// From its sending to the refusal.
    pub after: Duration,
    /// Whether the server said when to come again.
    pub says_when: bool,
}

/// What became of the uploads of some phones.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// The start, seconds since 1970.
    pub began_unix_s: f64,
    pub stored: Vec<Stored>,
    pub refused: Vec<Refused>,
    /// Requests without an answer.
    pub broken: usize,
    /// The first answer that was neither "stored" nor "later".
    pub odd: Option<String>,
    /// Uploads of each phone that were acknowledged, by the phone's number.
    pub done: Vec<(usize, usize)>,
}

/// Sends all, on so many connections to each of these processes in turn, beginning now.
pub async fn send(
    addresses: &[Address],
    senders: Vec<Arc<Sender>>,
    connections: usize,
    progress: Arc<Progress>,
) -> Sent {
    let mut lanes: Vec<Vec<(usize, Arc<Sender>)>> = vec![Vec::new(); connections];
    for (number, sender) in senders.into_iter().enumerate() {
        lanes[number % connections].push((number, sender));
    }
    let mut opened = JoinSet::new();
    for lane in lanes.into_iter().filter(|lane| !lane.is_empty()) {
        let mut processes: Vec<Connection> = addresses.iter().map(Connection::new).collect();
        opened.spawn(async move {
            for connection in &mut processes {
                // Whoever cannot connect now finds out when it sends.
                drop(connection.open().await);
            }
            (processes, lane)
        });
    }
    let mut lanes = Vec::new();
    while let Some(lane) = opened.join_next().await {
        lanes.extend(lane);
    }
    let began_unix_s = Timestamp::now().as_microsecond() as f64 / 1e6;
    let start = Instant::now();
    let mut running = JoinSet::new();
    for (processes, lane) in lanes {
        running.spawn(on_one(processes, lane, start, progress.clone()));
    }
    let mut sent = Sent { began_unix_s, ..Sent::default() };
    while let Some(done) = running.join_next().await {
        sent.add(done.unwrap_or_default());
    }
    sent
}

/// The uploads of some phones on one connection to each process, in the order of their moments.
async fn on_one(
    mut processes: Vec<Connection>,
    phones: Vec<(usize, Arc<Sender>)>,
    start: Instant,
    progress: Arc<Progress>,
) -> Sent {
    let mut sent = Sent { done: phones.iter().map(|(number, _)| (*number, 0)).collect(), ..Sent::default() };
    let mut queue: Vec<(Duration, usize, usize)> = Vec::new();
    for (place, (_, sender)) in phones.iter().enumerate() {
        queue.extend(sender.uploads.iter().enumerate().map(|(at, upload)| (upload.due, place, at)));
    }
    queue.sort();
    let end = start + queue.last().map_or(Duration::ZERO, |(due, ..)| *due) + GRACE;
    for (due, place, at) in queue {
        let (number, sender) = &phones[place];
        // What an earlier upload of this phone ran into, this one would, too.
        if sent.done[place].1 < at {
            continue;
        }
        sleep_until(start + due).await;
        // Each phone's log goes on at the next process.
        let first = (number + at) % processes.len();
        processes.rotate_left(first);
        if one(&mut processes, &sender.path, &sender.uploads[at], start, end, &mut sent).await {
            sent.done[place].1 = at + 1;
            progress.acknowledged(*number, at, sender.uploads[at].events);
        }
        processes.rotate_right(first);
    }
    sent
}

/// Sends one until it is stored, to the first of these processes, and to the next where one does not answer; false if it never was.
pub async fn one(
    processes: &mut [Connection],
    path: &str,
    upload: &Upload,
    start: Instant,
    end: Instant,
    sent: &mut Sent,
) -> bool {
    let mut at = 0;
    while Instant::now() < end {
        let began = Instant::now();
        let answer = processes[at].ask("POST", path, "application/octet-stream", upload.bytes.clone()).await;
        match judged(answer, began) {
            Judged::Stored(seq) if seq >= upload.head.seq => {
                sent.stored.push(Stored { due: upload.due, at: start.elapsed(), events: upload.events });
                return true;
            }
            Judged::Later(refused, seconds) => {
                sent.refused.push(refused);
                // As a phone does: not all at the same moment.
                let jitter = f64::from(upload.bytes.last().copied().unwrap_or(0)) / 255.0;
                sleep(Duration::from_secs(seconds).mul_f64(0.5 + 0.5 * jitter)).await;
            }
            Judged::Broken => {
                sent.broken += 1;
                at = (at + 1) % processes.len();
                sleep(if at == 0 { ANEW_AFTER } else { ELSEWHERE_AFTER }).await;
            }
            Judged::Odd(what) => {
                sent.odd.get_or_insert(what);
                return false;
            }
            Judged::Stored(seq) => {
                sent.odd.get_or_insert(format!("stored up to {seq}, not to {}", upload.head.seq));
                return false;
            }
        }
    }
    false
}

enum Judged {
    Stored(u64),
    Later(Refused, u64),
    Broken,
    Odd(String),
}

/// Where a server does not say when, a phone comes again after so many seconds.
const LATER_S: u64 = 2;

fn judged(answer: Result<super::http::Answer, Broken>, began: Instant) -> Judged {
    let Ok(answer) = answer else { return Judged::Broken };
    if answer.status.as_u16() == 503 || answer.status.as_u16() == 429 {
        let refused = Refused { after: began.elapsed(), says_when: answer.retry_after.is_some() };
        return Judged::Later(refused, answer.retry_after.unwrap_or(LATER_S));
    }
    let said: Value = answer.json();
    match (said["kind"].as_str(), said["seq"].as_u64()) {
        (Some("stored"), Some(seq)) => Judged::Stored(seq),
        _ => Judged::Odd(format!("{}: {}", answer.status.as_u16(), String::from_utf8_lossy(&answer.body))),
    }
}

impl Sent {
    fn add(&mut self, other: Sent) {
        self.stored.extend(other.stored);
        self.refused.extend(other.refused);
        self.broken += other.broken;
        self.odd = self.odd.take().or(other.odd);
        self.done.extend(other.done);
    }
}
