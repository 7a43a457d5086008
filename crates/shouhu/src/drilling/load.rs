//! What is going to be sent, and when: events of rehearsals, written down by phones, signed, and packed.

use super::site::{Member, Site};
use domain::{Envelope, Moment};
use hyper::body::Bytes;
use journal::{Head, SecretKey};
use phone::{Bundle, Phone};
use round::{TUBES_MAX, TubeKey};
use std::{collections::BTreeMap, time::Duration};
use uuid::Uuid;

/// At which pace events are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// As they happen, so many minutes in one of ours.
    Speed(f64),
    /// So many a second, evenly.
    Rate(f64),
}

/// How much is sent, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    pub pace: Pace,
    /// For how long; without it, one rehearsal.
    pub lasts: Option<Duration>,
    /// Events of an upload.
    pub batch: usize,
    /// From when on, and for how long, ten times as many come.
    pub wave: Option<(Duration, Duration)>,
}

impl Wanted {
    /// How many events that is, where the pace says it.
    pub fn events(&self) -> f64 {
        match (self.pace, self.lasts) {
            (Pace::Rate(rate), Some(lasts)) => {
                let more = self.wave.map_or(0.0, |(_, lasts)| lasts.as_secs_f64() * (WAVE_TIMES - 1.0));
                (lasts.as_secs_f64() + more) * rate
            }
            _ => 0.0,
        }
    }
}

/// How much more comes when all phones come back at once.
pub const WAVE_TIMES: f64 = 10.0;
/// Events of one drill, at most: they are prepared beforehand, some hundred bytes each.
pub const EVENTS_MAX: usize = 4_000_000;

/// An upload that waits for its moment.
#[derive(Clone, Debug)]
pub struct Upload {
    /// From the start.
    pub due: Duration,
    pub bytes: Bytes,
    pub events: usize,
    /// Where the log stands with it.
    pub head: Head,
}

/// All that a phone is going to send, in order, and what it must come to.
pub struct Sender {
    pub path: String,
    pub uploads: Vec<Upload>,
    /// Of each event, in the order of the log.
    pub ids: Vec<Uuid>,
    pub device: Uuid,
    /// Of which round.
    pub round: usize,
}

/// The moments at which events are due, from the start, for each event of `at` (moments of the rehearsals, in order).
fn due(wanted: &Wanted, at: &[f64]) -> Vec<Duration> {
    let seconds = |number: usize| match (wanted.pace, wanted.wave) {
        (Pace::Speed(speed), _) => at[number] / speed,
        (Pace::Rate(rate), None) => number as f64 / rate,
        (Pace::Rate(rate), Some((from, lasts))) => {
            // So many come before the wave, so many in it; all others at the old pace again.
            let (from, lasts) = (from.as_secs_f64(), lasts.as_secs_f64());
            let (before, within) = (from * rate, lasts * rate * WAVE_TIMES);
            let number = number as f64;
            if number < before {
                number / rate
            } else if number < before + within {
                from + (number - before) / (rate * WAVE_TIMES)
            } else {
                from + lasts + (number - before - within) / rate
            }
        }
    };
    (0..at.len()).map(|number| Duration::from_secs_f64(seconds(number))).collect()
}

/// Deals events out to the phones in turn, and lets each write its own down. `lived` gives a rehearsal's events, again and
/// again with other luck.
pub fn load(
    site: Site,
    wanted: &Wanted,
    start: Moment,
    mut lived: impl FnMut(u64) -> Vec<Envelope>,
) -> (Site, Vec<Sender>) {
    let (events, at) = gathered(wanted, &mut lived);
    let due = due(wanted, &at);
    let mut phones: Vec<(Writer, Sender)> = site.members.iter().map(Writer::new).collect();
    let count = phones.len();
    let mut tubes = BTreeMap::new();
    for (number, (event, due)) in events.into_iter().zip(due).enumerate() {
        if wanted.lasts.is_some_and(|lasts| due >= lasts) {
            break;
        }
        let (writer, sender) = &mut phones[number % count];
        let at = start + (due.as_secs_f64() * chance::TICKS_PER_SECOND as f64) as i64;
        let event = writer.labelled(event, &mut tubes);
        writer.write(at, event, sender);
        if writer.waiting >= wanted.batch {
            writer.pack(due, sender);
        }
    }
    let last = phones.iter().flat_map(|(_, sender)| sender.uploads.last()).map(|upload| upload.due).max();
    let senders = phones.into_iter().map(|(mut writer, mut sender)| {
        writer.pack(last.unwrap_or_default(), &mut sender);
        sender
    });
    let senders = senders.collect();
    (site, senders)
}

/// As many events as are wanted, and the seconds at which they happen, from the first on.
fn gathered(wanted: &Wanted, lived: &mut dyn FnMut(u64) -> Vec<Envelope>) -> (Vec<domain::Event>, Vec<f64>) {
    let (mut events, mut at) = (Vec::new(), Vec::new());
    let needed = match wanted.pace {
        Pace::Rate(_) => wanted.events().ceil() as usize,
        Pace::Speed(_) => usize::MAX,
    };
    let mut from = 0.0;
    for round in 0.. {
        let told = lived(round);
        let moments: Vec<Moment> = told.iter().filter_map(|event| Moment::parse(&event.at)).collect();
        let Some(first) = moments.iter().min() else { break };
        let second = |at: &Moment| (*at - *first) as f64 / chance::TICKS_PER_SECOND as f64;
        let mut dated: Vec<(f64, domain::Event)> = told
            .iter()
            .zip(&moments)
            .map(|(envelope, at)| (from + second(at), envelope.event.clone()))
            .collect();
        dated.sort_by(|a, b| a.0.total_cmp(&b.0));
        from = dated.last().map_or(from, |(at, _)| *at);
        let (more_at, more): (Vec<f64>, Vec<domain::Event>) = dated.into_iter().unzip();
        at.extend(more_at);
        events.extend(more);
        let over = match (wanted.pace, wanted.lasts) {
            (_, None) => true,
            (Pace::Speed(speed), Some(lasts)) => from / speed >= lasts.as_secs_f64(),
            (Pace::Rate(_), Some(_)) => events.len() >= needed,
        };
        if over || events.len() >= EVENTS_MAX {
            break;
        }
    }
    let count = events.len().min(needed).min(EVENTS_MAX);
    events.truncate(count);
    at.truncate(count);
    (events, at)
}

/// A phone while it writes.
pub struct Writer {
    phone: Phone,
    /// The key of its round's tubes.
    tubes: Option<TubeKey>,
    waiting: usize,
}

impl Writer {
    pub fn new(member: &Member) -> (Writer, Sender) {
        let Member { bundle, key, random, round, .. } = member;
        let path = format!("/api/v1/communities/{}/logs/{}", bundle.community, bundle.device);
        let sender =
            Sender { path, uploads: Vec::new(), ids: Vec::new(), device: bundle.device, round: *round };
        let phone = Phone::join(
            Bundle { waves: Vec::new(), ..bundle.clone() },
            SecretKey::from_random(*key),
            *random,
        );
        let tubes = bundle.tube_key.map(|key| TubeKey::new(bundle.community, key));
        (Writer { phone, tubes, waiting: 0 }, sender)
    }

    /// The event with a tube that the round has: those of a rehearsal have no codes. `numbers` says which is which.
    pub fn labelled(&self, mut event: domain::Event, numbers: &mut BTreeMap<Uuid, u32>) -> domain::Event {
        let item = match &mut event {
            domain::Event::ItemGiven { kind, item, .. } if kind == "tube" => Some(item),
            domain::Event::TubeSealed { item, .. } => Some(item),
            _ => None,
        };
        if let (Some(item), Some(key)) = (item, &self.tubes) {
            let next = numbers.len() as u32 % TUBES_MAX;
            *item = key.code(*numbers.entry(*item).or_insert(next)).item();
        }
        event
    }

    pub fn write(&mut self, at: Moment, event: domain::Event, sender: &mut Sender) {
        let step = self.phone.written(at, vec![event]);
        sender.ids.extend(step.frames.iter().map(|frame| Uuid::from_bytes(frame.id)));
        self.phone.done(step);
        self.waiting += 1;
    }

    /// Packs what waits. The next upload goes on after it: that is sent only once this one is stored.
    pub fn pack(&mut self, due: Duration, sender: &mut Sender) {
        while let Some(slice) = self.phone.slice() {
            let upload = Upload {
                due,
                bytes: slice.to_bytes().into(),
                events: slice.frames.len(),
                head: slice.head(),
            };
            assert!(self.phone.stored(&upload.head), "it is the phone's own");
            sender.uploads.push(upload);
        }
        self.waiting = 0;
    }
}

/// Of each round, the ids that must be there: those of events whose upload was acknowledged.
pub fn acknowledged<'s>(
    senders: impl Iterator<Item = (&'s Sender, usize)>,
) -> BTreeMap<usize, Vec<(Uuid, &'s [Uuid])>> {
    let mut of_rounds: BTreeMap<usize, Vec<(Uuid, &[Uuid])>> = BTreeMap::new();
    for (sender, stored) in senders {
        of_rounds.entry(sender.round).or_default().push((sender.device, &sender.ids[..stored]));
    }
    of_rounds
}
