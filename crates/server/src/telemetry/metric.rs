//! What is counted. Names and units as Prometheus wants them.

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use std::time::Duration;

/// How a metric behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How often a value lay below each bound.
    Histogram,
}

/// One of the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// How it behaves.
    pub kind: Kind,
    /// What it tells.
    pub help: &'static str,
}

/// Bounds of what requests take, in seconds: from what memory answers to what is given up.
pub const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 600.0];

const REQUESTS: Metric = Metric {
    name: "shouhu_http_requests_total",
    kind: Kind::Counter,
    help: "Requests answered, by method, route (never the path) and status",
};
/// How long requests take.
pub const REQUEST_SECONDS: Metric = Metric {
    name: "shouhu_http_request_seconds",
    kind: Kind::Histogram,
    help: "Seconds until an answer begins, by route",
};
const SLICES: Metric = Metric {
    name: "shouhu_slices_total",
    kind: Kind::Counter,
    help: "Uploads of phones, by outcome: stored, gap, refused, quarantined, busy, failed",
};
const FRAMES: Metric = Metric {
    name: "shouhu_frames_stored_total",
    kind: Kind::Counter,
    help: "Events in uploads that were acknowledged as stored; what is sent again counts again",
};
const COMMITS: Metric = Metric {
    name: "shouhu_journal_commits_total",
    kind: Kind::Counter,
    help: "Commits of the journal that this process heard of",
};
const BOARDS: Metric = Metric {
    name: "shouhu_boards_open",
    kind: Kind::Gauge,
    help: "Boards of real rounds that are looked at",
};
const STREAMS: Metric =
    Metric { name: "shouhu_streams_open", kind: Kind::Gauge, help: "Rehearsals that are looked at" };
const WAITING: Metric = Metric {
    name: "shouhu_phones_waiting",
    kind: Kind::Gauge,
    help: "Questions of phones that wait for news",
};
const ROUNDS: Metric =
    Metric { name: "shouhu_rounds_in_memory", kind: Kind::Gauge, help: "Rounds kept folded in memory" };
const READY: Metric =
    Metric { name: "shouhu_ready", kind: Kind::Gauge, help: "1 while the stores answer and nobody stops it" };
const PURGE_FAILED: Metric = Metric {
    name: "shouhu_purge_failed",
    kind: Kind::Gauge,
    help: "1 while names that are past their day may not be destroyed: the last try failed",
};
const POSTED: Metric = Metric {
    name: "shouhu_notices_posted_total",
    kind: Kind::Counter,
    help: "Tries to send a notice, by channel and outcome: sent, again, refused, given_up",
};
const POST_WAITING: Metric = Metric {
    name: "shouhu_notices_waiting",
    kind: Kind::Gauge,
    help: "Notices that wait to be sent to a channel",
};
const BUILD: Metric =
    Metric { name: "shouhu_build_info", kind: Kind::Gauge, help: "1, with the version as a label" };

impl Metric {
    /// All of them, but for those of the process as such (`process_…`).
    pub const ALL: [Metric; 14] = [
        REQUESTS,
        REQUEST_SECONDS,
        SLICES,
        FRAMES,
        COMMITS,
        BOARDS,
        STREAMS,
        WAITING,
        ROUNDS,
        READY,
        PURGE_FAILED,
        POSTED,
        POST_WAITING,
        BUILD,
    ];

    fn describe(self) {
        match self.kind {
            Kind::Counter => describe_counter!(self.name, self.help),
            Kind::Gauge => describe_gauge!(self.name, self.help),
            Kind::Histogram => describe_histogram!(self.name, Unit::Seconds, self.help),
        }
    }
}

/// Tells the recorder of all of them, and what never changes.
pub fn begin() {
    Metric::ALL.into_iter().for_each(Metric::describe);
    gauge!(BUILD.name, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

/// A request was answered.
pub fn answered(method: &'static str, route: &str, status: u16, took: Duration) {
    let route = route.to_owned();
    counter!(REQUESTS.name, "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    histogram!(REQUEST_SECONDS.name, "route" => route).record(took.as_secs_f64());
}

/// A phone's upload was answered.
pub fn slice(outcome: &'static str, frames: usize) {
    counter!(SLICES.name, "outcome" => outcome).increment(1);
    if outcome == "stored" {
        counter!(FRAMES.name).increment(frames as u64);
    }
}

/// It was looked for names that are past their day.
pub fn purged(is_done: bool) {
    gauge!(PURGE_FAILED.name).set(f64::from(u8::from(!is_done)));
}

/// It was tried to send a notice.
pub fn posted(channel: &str, outcome: &'static str) {
    counter!(POSTED.name, "channel" => channel.to_owned(), "outcome" => outcome).increment(1);
}

/// The journal has grown.
pub fn committed() {
    counter!(COMMITS.name).increment(1);
}

/// How much of the server is in use now.
pub struct InUse {
    /// Boards of real rounds.
    pub boards: usize,
    /// Rehearsals that are played.
    pub streams: usize,
    /// Questions of phones that wait.
    pub waiting: usize,
    /// Rounds in memory.
    pub rounds: usize,
    /// Notices that wait to be sent.
    pub posts: usize,
    /// Whether it can take requests.
    pub ready: bool,
}

impl InUse {
    /// Writes it down.
    pub fn tell(&self) {
        let pairs = [
            (BOARDS, self.boards),
            (STREAMS, self.streams),
            (WAITING, self.waiting),
            (ROUNDS, self.rounds),
            (POST_WAITING, self.posts),
        ];
        for (metric, value) in pairs {
            gauge!(metric.name).set(value as f64);
        }
        gauge!(READY.name).set(f64::from(u8::from(self.ready)));
    }
}
