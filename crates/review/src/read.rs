//! Files of events: one JSON object a line. What can be read is used; the rest becomes notes.

use domain::{
    Moment, Notes, Place,
    event::{Envelope, Event},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Notes of one kind in a file; the rest is counted in one more.
const NOTES_MAX: usize = 20;

/// Reads the lines of a file. Empty lines are passed over; a line that is no event, an event that is there twice, a time
/// that is none, and a gap in a device's numbers are notes with their row. A file cut in its last line is told apart.
pub fn read(bytes: &[u8], file_name: &str) -> (Vec<Envelope>, Notes) {
    let mut reading = Reading::new(file_name);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let ended = bytes.last().is_none_or(|&byte| byte == b'\n');
    let mut lines = bytes.split(|&byte| byte == b'\n').zip(1u32..).peekable();
    while let Some((line, row)) = lines.next() {
        let line = line.trim_ascii();
        if !line.is_empty() {
            let last = lines.peek().is_none() && !ended;
            reading.line(line, row, last);
        }
    }
    reading.finished()
}

struct Reading {
    file: String,
    events: Vec<Envelope>,
    notes: Notes,
    seen: BTreeSet<Uuid>,
    /// By device and community: the rows of each number.
    numbers: BTreeMap<(Uuid, Uuid), BTreeMap<u64, u32>>,
    counts: BTreeMap<&'static str, usize>,
}

impl Reading {
    fn new(file: &str) -> Reading {
        Reading {
            file: file.to_owned(),
            events: Vec::new(),
            notes: Notes::default(),
            seen: BTreeSet::new(),
            numbers: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    fn note(&mut self, row: u32, code: &'static str, args: &[(&'static str, &dyn std::fmt::Display)]) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= NOTES_MAX {
            self.notes.warning(Place::file(&self.file).row(row), code, args);
        }
    }

    fn line(&mut self, line: &[u8], row: u32, cut: bool) {
        let event: Envelope = match serde_json::from_slice(line) {
            Ok(event) => event,
            Err(error) if cut && error.is_eof() => return self.note(row, "event_cut", &[]),
            Err(_) => return self.not_an_event(line, row),
        };
        if !self.seen.insert(event.id) {
            return self.note(row, "event_line_twice", &[]);
        }
        if Moment::parse(&event.at).is_none() {
            return self.note(row, "event_time", &[]);
        }
        self.numbers.entry((event.device, event.community_id)).or_default().insert(event.seq, row);
        self.events.push(event);
    }

    /// A line that is JSON with an unknown type was written by a later version; anything else is no event at all.
    fn not_an_event(&mut self, line: &[u8], row: u32) {
        let value: Option<serde_json::Value> = serde_json::from_slice(line).ok();
        let kind = value.as_ref().and_then(|value| value.get("type")).and_then(|kind| kind.as_str());
        match kind {
            Some(kind) if !Event::TYPES.contains(&kind) => {
                let shown: String = kind.chars().take(40).collect();
                self.note(row, "event_unknown", &[("type", &shown)]);
            }
            _ => self.note(row, "event_line", &[]),
        }
    }

    fn finished(mut self) -> (Vec<Envelope>, Notes) {
        let numbers = std::mem::take(&mut self.numbers);
        for of_device in numbers.values() {
            let mut before: Option<u64> = None;
            for (&number, &row) in of_device {
                let missing = before.map_or(0, |before| number - before - 1);
                if missing > 0 {
                    self.note(row, "event_gap", &[("count", &missing)]);
                }
                before = Some(number);
            }
        }
        for (code, count) in std::mem::take(&mut self.counts) {
            if count > NOTES_MAX {
                let more = count - NOTES_MAX;
                let kind = format!("@note.{code}");
                self.notes.warning(
                    Place::file(&self.file),
                    "event_more",
                    &[("count", &more), ("kind", &kind)],
                );
            }
        }
        if self.events.is_empty() {
            self.notes.error(Place::file(&self.file), "event_none", &[]);
        }
        (self.events, self.notes)
    }
}
