//! A recording as server-sent events, at a pace.
//!
//! Four kinds of message: `site` once, `events` (one event a line), `clock` (the minute it is at the site), `end`. They
//! say nothing of where the events come from: that stands on each envelope.
//!
//! The stream is drawn, never pushed: a slow page makes later messages longer, and holds up nobody.

use crate::{
    limits,
    recording::Recording,
    schema::events::{Clock, End},
};
use axum::response::sse::Event;
use futures_util::{Stream, stream};
use serde::Serialize;
use std::{convert::Infallible, sync::Arc};
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{Duration, Instant, sleep_until},
};

/// How a recording is played.
#[derive(Debug)]
pub struct Play {
    /// What.
    pub recording: Arc<Recording>,
    /// The minute after opening at which the pace begins; what came before is sent at once.
    pub from_min: f64,
    /// Minutes at the site in a minute here.
    pub speed: f64,
    /// Events that the page has already.
    pub seen: usize,
    /// Turns true when the server stops.
    pub stopping: watch::Receiver<bool>,
    /// Its place among the streams; free again when the page goes.
    pub _place: Option<OwnedSemaphorePermit>,
}

struct Playing {
    play: Play,
    /// Events that were sent.
    sent: usize,
    /// When the pace began, and when time was last told.
    began: Instant,
    told: Option<Instant>,
    /// When events were last sent at the pace.
    last: Instant,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Site,
    Events,
    Over,
}

impl Play {
    /// The messages. The stream ends after `end`, or when the server stops.
    pub fn messages(self) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static {
        let now = Instant::now();
        let sent = self.seen.min(self.recording.lines.len());
        let playing = Playing { play: self, sent, began: now, told: None, last: now, stage: Stage::Site };
        stream::unfold(playing, |mut playing| async {
            let message = playing.next().await?;
            Some((Ok(message), playing))
        })
    }
}

impl Playing {
    async fn next(&mut self) -> Option<Event> {
        match self.stage {
            Stage::Site => {
                self.stage = Stage::Events;
                self.began = Instant::now();
                let site = Event::default().event("site").data(&self.play.recording.site);
                // A browser that lost the server asks again this often.
                return Some(site.retry(Duration::from_secs(2)));
            }
            Stage::Over => return None,
            Stage::Events => {}
        }
        loop {
            let now = Instant::now();
            let minute = self.minute(now);
            let due = self.play.recording.until(minute);
            let all = self.play.recording.lines.len();
            if self.sent < due {
                let to = due.min(self.sent + limits::MESSAGE_EVENTS);
                self.last = now;
                return Some(self.events(to));
            }
            if self.sent == all {
                self.stage = Stage::Over;
                let [_, last_min] = self.play.recording.span_min;
                return Some(message("end", &End { last_min: Some(last_min) }).id(self.sent.to_string()));
            }
            let tell = self.told.map_or(now, |told| told + limits::CLOCK_EVERY);
            if tell <= now {
                self.told = Some(now);
                return Some(message("clock", &Clock { now_min: minute }));
            }
            let next = self.began + self.until(self.play.recording.lines[self.sent].at_min);
            let wake = next.max(self.last + limits::MESSAGE_EVERY).min(tell);
            tokio::select! {
                () = sleep_until(wake) => {}
                _ = self.play.stopping.wait_for(|stopping| *stopping) => return None,
            }
        }
    }

    /// The minute after opening that it is at the site.
    fn minute(&self, now: Instant) -> f64 {
        self.play.from_min + now.duration_since(self.began).as_secs_f64() / 60.0 * self.play.speed
    }

    /// From the beginning of the pace to a minute; to the next microsecond, so that who wakes is never too early.
    fn until(&self, at_min: f64) -> Duration {
        let seconds = ((at_min - self.play.from_min) * 60.0 / self.play.speed).max(0.0);
        Duration::from_secs_f64(seconds) + Duration::from_micros(1)
    }

    fn events(&mut self, to: usize) -> Event {
        let lines = &self.play.recording.lines[self.sent..to];
        let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        self.sent = to;
        Event::default().event("events").id(to.to_string()).data(lines.join("\n"))
    }
}

fn message(kind: &str, content: &impl Serialize) -> Event {
    let text = serde_json::to_string(content).expect("our own types are written as JSON");
    Event::default().event(kind).data(text)
}
