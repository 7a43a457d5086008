//! What came of a drill, in figures.

use super::{
    load::Wanted,
    send::{Sent, Stored},
};
use serde::Serialize;
use std::time::Duration;

/// The figures of a drill.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Of the first upload, seconds since 1970, and from there to the last acknowledgement.
    pub began_unix_s: f64,
    pub lasted_s: f64,
    /// Events that the server acknowledged.
    pub events: usize,
    /// Of those that are acknowledged, from the first moment to the last acknowledgement.
    pub per_second: f64,
    /// Of the uploads that were due, a second.
    pub offered_per_second: f64,
    /// Milliseconds from an upload's moment to its acknowledgement.
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
    /// Acknowledged, and not there.
    pub lost: usize,
    /// There more than once.
    pub doubled: usize,
    /// Never acknowledged: they would still be on the phones.
    pub unsent: usize,
    /// Uploads, and their bytes.
    pub uploads: usize,
    pub bytes: usize,
    /// Requests that were told to come again later, and those of them that were not told when.
    pub refused: usize,
    pub refused_without_when: usize,
    /// Milliseconds within which 99 in 100 refusals were given.
    pub refused_p99_ms: Option<f64>,
    /// Requests without an answer.
    pub broken: usize,
    pub phones: usize,
    pub connections: usize,
    pub reconnect: Option<Wave>,
}

/// How all phones that came back at once were served.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wave {
    /// Events a second that came, and that were acknowledged, while the wave lasted.
    pub offered_per_second: f64,
    pub accepted_per_second: f64,
    /// Before the wave.
    pub before_p99_ms: f64,
    /// After the wave: until a second's uploads are as quick as before again, and all of the wave is stored; null: never.
    pub recovered_s: Option<f64>,
}

/// What was meant to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Meant {
    pub events: usize,
    pub uploads: usize,
    pub bytes: usize,
    pub lasts: Duration,
    pub phones: usize,
    pub connections: usize,
}

impl Figures {
    /// Counts; what is lost and doubled is looked for afterwards.
    pub fn of(meant: &Meant, wanted: &Wanted, sent: &Sent) -> Figures {
        let events = sent.stored.iter().map(|stored| stored.events).sum();
        let last = sent.stored.iter().map(|stored| stored.at).max().unwrap_or_default();
        let late = sorted(sent.stored.iter().map(Stored::late));
        let refused = sorted(sent.refused.iter().map(|refused| refused.after));
        Figures {
            began_unix_s: sent.began_unix_s,
            lasted_s: last.as_secs_f64(),
            events,
            per_second: events as f64 / last.max(meant.lasts).as_secs_f64().max(f64::MIN_POSITIVE),
            offered_per_second: meant.events as f64 / meant.lasts.as_secs_f64().max(f64::MIN_POSITIVE),
            p50_ms: quantile_ms(&late, 0.5).unwrap_or(0.0),
            p99_ms: quantile_ms(&late, 0.99).unwrap_or(0.0),
            max_ms: quantile_ms(&late, 1.0).unwrap_or(0.0),
            lost: 0,
            doubled: 0,
            unsent: meant.events - events,
            uploads: meant.uploads,
            bytes: meant.bytes,
            refused: refused.len(),
            refused_without_when: sent.refused.iter().filter(|refused| !refused.says_when).count(),
            refused_p99_ms: quantile_ms(&refused, 0.99),
            broken: sent.broken,
            phones: meant.phones,
            connections: meant.connections,
            reconnect: wanted.wave.map(|wave| Wave::of(wave, meant, sent)),
        }
    }

    /// Whether every event arrived, and once.
    pub fn is_whole(&self) -> bool {
        self.lost + self.doubled + self.unsent == 0
    }
}

/// What counts as quick again: twice what it was before the wave, and a little more for a clock of milliseconds.
const QUICK_TIMES: u32 = 2;
const QUICK_MORE: Duration = Duration::from_millis(10);

impl Wave {
    fn of((from, lasts): (Duration, Duration), meant: &Meant, sent: &Sent) -> Wave {
        let end = from + lasts;
        let seconds = lasts.as_secs_f64();
        let due_in = |range: [Duration; 2]| {
            sent.stored.iter().filter(move |stored| range[0] <= stored.due && stored.due < range[1])
        };
        let before = sorted(due_in([Duration::ZERO, from]).map(Stored::late));
        let p99 = before.get(place(before.len(), 0.99)).copied().unwrap_or_default();
        let quick = p99 * QUICK_TIMES + QUICK_MORE;
        let offered: usize = due_in([from, end]).map(|stored| stored.events).sum();
        let accepted: usize = sent
            .stored
            .iter()
            .filter(|stored| from <= stored.at && stored.at < end)
            .map(|stored| stored.events)
            .sum();
        let all_stored = due_in([from, end]).map(|stored| stored.at).max().unwrap_or(end).saturating_sub(end);
        let after = (0..).map(|second| end + Duration::from_secs(second)).take_while(|at| *at < meant.lasts);
        let recovered = after.filter(|&at| at >= end + all_stored.min(meant.lasts)).find(|&at| {
            let late = sorted(due_in([at, at + Duration::from_secs(1)]).map(Stored::late));
            late.get(place(late.len(), 0.99)).is_some_and(|late| *late <= quick)
        });
        Wave {
            offered_per_second: offered as f64 / seconds,
            accepted_per_second: accepted as f64 / seconds,
            before_p99_ms: p99.as_secs_f64() * 1e3,
            recovered_s: recovered.map(|at| (at - end).as_secs_f64()),
        }
    }
}

impl Stored {
    fn late(&self) -> Duration {
        self.at.saturating_sub(self.due)
    }
}

fn sorted(of: impl Iterator<Item = Duration>) -> Vec<Duration> {
    let mut all: Vec<Duration> = of.collect();
    all.sort_unstable();
    all
}

/// The place of a quantile among so many that are sorted.
fn place(count: usize, share: f64) -> usize {
    ((count as f64 * share).ceil() as usize).saturating_sub(1)
}

pub fn quantile_ms(sorted: &[Duration], share: f64) -> Option<f64> {
    sorted.get(place(sorted.len(), share)).map(|late| late.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::drilling::{load::Pace, send::Refused};

    fn stored(due_ms: u64, late_ms: u64) -> Stored {
        let due = Duration::from_millis(due_ms);
        Stored { due, at: due + Duration::from_millis(late_ms), events: 1 }
    }

    fn meant(events: usize, lasts_s: u64) -> Meant {
        let lasts = Duration::from_secs(lasts_s);
        Meant { events, uploads: events, bytes: 0, lasts, phones: 1, connections: 1 }
    }

    fn wanted(wave: Option<(Duration, Duration)>) -> Wanted {
        Wanted { pace: Pace::Rate(100.0), lasts: None, batch: 1, wave }
    }

    #[test]
    fn an_upload_is_late_from_its_moment_on_and_what_is_not_stored_is_told() {
        let refused = [true, false].map(|says_when| Refused { after: Duration::from_millis(3), says_when });
        let sent = Sent {
            stored: (0..100).map(|number| stored(number * 10, number + 1)).collect(),
            refused: refused.to_vec(),
            ..Sent::default()
        };
        let figures = Figures::of(&meant(101, 2), &wanted(None), &sent);
        assert_eq!((figures.p50_ms, figures.p99_ms, figures.max_ms), (50.0, 99.0, 100.0));
        assert_eq!((figures.events, figures.unsent, figures.per_second), (100, 1, 50.0));
        assert_eq!((figures.refused, figures.refused_without_when), (2, 1));
        assert_eq!(figures.refused_p99_ms, Some(3.0));
        assert!(!figures.is_whole());
    }

    #[test]
    fn a_site_has_recovered_when_all_of_the_wave_is_stored_and_uploads_are_quick_again() {
        let seconds = Duration::from_secs;
        let mut all: Vec<Stored> = (0..100).map(|number| stored(number * 20, 5)).collect();
        // In the wave, from second 2 to 3, each waits for two and a half seconds; half a second later it is over.
        all.extend((0..1000).map(|number| stored(2000 + number, 2500)));
        all.extend((0..100).map(|number| stored(3000 + number * 20, 1000 - number * 8)));
        all.extend((0..200).map(|number| stored(5000 + number * 20, if number < 50 { 100 } else { 5 })));
        let sent = Sent { stored: all, ..Sent::default() };
        let wave = Wave::of((seconds(2), seconds(1)), &meant(1400, 9), &sent);
        assert_eq!((wave.offered_per_second, wave.before_p99_ms), (1000.0, 5.0));
        assert_eq!(wave.accepted_per_second, 0.0, "none of it came through before it was over");
        assert_eq!(wave.recovered_s, Some(3.0));
        let never = Wave::of((seconds(2), seconds(1)), &meant(1400, 5), &sent);
        assert_eq!(never.recovered_s, None);
    }
}
