//! The events of a site in the order of time, and the site's state at any moment of them.

use chance::{TICKS_PER_SECOND, Ticks};
use domain::{Envelope, Event, Moment};
use round::{Calls, Live, Rules};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Events, and the state at a moment. Going far, forwards or back, folds on from a mark.
pub(crate) struct Tape {
    rules: Rules,
    calls: Calls,
    /// In the order of time, and at one time in the order of their device, whatever the order in which they came.
    events: Vec<(Moment, Envelope)>,
    /// The beginning of a line whose end has not come.
    rest: Vec<u8>,
    /// What devices took back, by device and event.
    undone: BTreeSet<(Uuid, Uuid)>,
    /// Lines that could not be read.
    unread: u32,
    live: Live,
    /// The first so many events are in the state.
    folded: usize,
    at: Moment,
    /// An event came in before others that are in the state already.
    stale: bool,
    marks: Vec<Mark>,
    /// Events between two marks.
    stride: usize,
    /// People waiting at the end of each minute; left out where nothing happened in the minute after it.
    waiting: BTreeMap<i64, u32>,
}

struct Mark {
    folded: usize,
    at: Moment,
    live: Live,
}

/// Folding so many events takes a few hundredths of a second, which nobody notices.
const STRIDE: usize = 2048;
/// A mark of a full round holds a megabyte or two.
const MARKS_MAX: usize = 24;
/// Time passes in such steps: `Live` takes no longer ones.
const HOUR: Ticks = 3600 * TICKS_PER_SECOND;
const MINUTE: Ticks = 60 * TICKS_PER_SECOND;

impl Tape {
    pub(crate) fn new(rules: Rules, calls: Calls) -> Tape {
        let live = Live::new(rules.clone(), calls.clone());
        Tape {
            at: Moment(Ticks::MIN),
            rules,
            calls,
            events: Vec::new(),
            rest: Vec::new(),
            undone: BTreeSet::new(),
            unread: 0,
            live,
            folded: 0,
            stale: false,
            marks: Vec::new(),
            stride: STRIDE,
            waiting: BTreeMap::new(),
        }
    }

    /// Takes in lines, cut anywhere.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let mut bytes = bytes;
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            let (line, after) = (&bytes[..end], &bytes[end + 1..]);
            if self.rest.is_empty() {
                self.line(line);
            } else {
                let mut whole = std::mem::take(&mut self.rest);
                whole.extend_from_slice(line);
                self.line(&whole);
            }
            bytes = after;
        }
        self.rest.extend_from_slice(bytes);
    }

    fn line(&mut self, line: &[u8]) {
        if line.trim_ascii().is_empty() {
            return;
        }
        let Ok(envelope) = serde_json::from_slice::<Envelope>(line) else {
            self.unread += 1;
            return;
        };
        if let Event::Undone { events } = &envelope.event {
            self.take_back(envelope.device, events);
            return;
        }
        if self.undone.contains(&(envelope.device, envelope.id)) {
            return;
        }
        let last = self.events.last().map(|&(at, _)| at);
        // An event without a readable time happened after what came before it, as far as anybody knows.
        let at = Moment::parse(&envelope.at).or(last).unwrap_or(self.rules.opens);
        let order = |at: Moment, of: &Envelope| (at, of.device, of.seq);
        let own = order(at, &envelope);
        let place = match self.events.last() {
            Some((at, last)) if own < order(*at, last) => {
                self.events.partition_point(|(at, other)| order(*at, other) <= own)
            }
            _ => self.events.len(),
        };
        self.events.insert(place, (at, envelope));
        if place < self.folded {
            self.stale = true;
            self.marks.retain(|mark| mark.folded <= place);
        }
    }

    /// What a device takes back did not happen: the state is folded anew without it.
    fn take_back(&mut self, device: Uuid, events: &[Uuid]) {
        self.undone.extend(events.iter().map(|&event| (device, event)));
        let undone = |(_, of): &(Moment, Envelope)| of.device == device && events.contains(&of.id);
        let Some(first) = self.events.iter().position(undone) else { return };
        self.events.retain(|of| !undone(of));
        if first < self.folded {
            self.stale = true;
            self.marks.retain(|mark| mark.folded <= first);
        }
    }

    /// Goes to a moment; true where the state changed.
    pub(crate) fn advance(&mut self, to_min: f64) -> bool {
        let to = self.rules.opens + (to_min * MINUTE as f64) as Ticks;
        let back = to < self.at || self.stale;
        let mark = self.marks.iter().rposition(|mark| mark.at <= to);
        let leap = mark.is_some_and(|mark| self.marks[mark].folded > self.folded);
        if back || leap {
            self.go_on_from(mark);
        }
        let before = self.folded;
        while let Some((at, envelope)) = self.events.get(self.folded).filter(|(at, _)| *at <= to) {
            let at = *at;
            let minute = self.rules.ticks(at).div_euclid(MINUTE) - 1;
            self.waiting.entry(minute).or_insert(self.live.round().counts().waiting);
            pass(&mut self.live, self.at, at);
            self.live.admit(envelope);
            self.at = self.at.max(at);
            self.folded += 1;
            if self.folded.is_multiple_of(self.stride) {
                self.mark(at);
            }
        }
        pass(&mut self.live, self.at, to);
        self.at = to;
        let minute = self.rules.ticks(to).div_euclid(MINUTE) - 1;
        if self.folded > 0 {
            self.waiting.entry(minute).or_insert(self.live.round().counts().waiting);
        }
        back || leap || self.folded > before
    }

    /// Takes up the state of a mark, or of the beginning.
    fn go_on_from(&mut self, mark: Option<usize>) {
        (self.folded, self.at, self.live) = match mark.map(|mark| &self.marks[mark]) {
            Some(mark) => (mark.folded, mark.at, mark.live.clone()),
            None => (0, Moment(Ticks::MIN), Live::new(self.rules.clone(), self.calls.clone())),
        };
        if std::mem::take(&mut self.stale) {
            // The minute of the mark is not over.
            self.waiting.split_off(&self.rules.ticks(self.at).div_euclid(MINUTE));
        }
    }

    fn mark(&mut self, at: Moment) {
        if self.marks.last().is_some_and(|last| last.folded >= self.folded) {
            return;
        }
        self.marks.push(Mark { folded: self.folded, at, live: self.live.clone() });
        if self.marks.len() > MARKS_MAX {
            self.stride *= 2;
            self.marks.retain(|mark| mark.folded.is_multiple_of(self.stride));
        }
    }

    pub(crate) fn live(&self) -> &Live {
        &self.live
    }

    /// The moment that is shown.
    pub(crate) fn at(&self) -> Moment {
        self.at
    }

    pub(crate) fn unread(&self) -> u32 {
        self.unread
    }

    pub(crate) fn first_min(&self) -> Option<f64> {
        self.events.first().map(|&(at, _)| self.rules.minutes(at))
    }

    pub(crate) fn last_min(&self) -> Option<f64> {
        self.events.last().map(|&(at, _)| self.rules.minutes(at))
    }

    /// People waiting at the end of each of the last minutes: (minutes ago, people), the oldest first.
    pub(crate) fn waited(&self, minutes: i64) -> Vec<(i64, u32)> {
        let now = self.rules.ticks(self.at).div_euclid(MINUTE);
        // Where a minute is left out, nothing happened in the one after it.
        let known = |minute: i64| self.waiting.range(minute..now).next().map(|(_, &waiting)| waiting);
        let first = self.waiting.keys().next().map_or(now, |&first| first.max(now - minutes));
        (first..now).filter_map(|minute| Some((now - minute, known(minute)?))).collect()
    }
}

/// Lets time pass, step by step.
fn pass(live: &mut Live, from: Moment, to: Moment) {
    let mut at = from.max(to + -HOURS_MAX * HOUR);
    while at < to {
        at = to.min(at + HOUR);
        live.advance(at);
    }
}

/// A round lasts at most a week, and nothing is watched before its first call.
const HOURS_MAX: Ticks = 8 * 24;
