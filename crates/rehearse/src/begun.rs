//! How many were served so far, slot by slot: what goods are used up by.

use crate::{Luck, Rehearsal};
use chance::Ticks;
use queueing::{Probe, Progress};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

/// One replication: whose service had begun by the end of each slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// By station and desk (the lane; 0 where the station is shared).
    desks: BTreeMap<(usize, usize), Vec<Counts>>,
    /// The last beginning of all.
    pub last: Ticks,
    /// People who came.
    pub arrived: u64,
    slot: Ticks,
}

/// People, and the parties in which they came, that began in a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    people: u64,
    parties: u64,
}

/// A round lasts a week, and a slot a quarter of an hour.
const SLOTS_MAX: usize = 7 * 24 * 4;

impl Probe for Begun {
    fn arrived(&mut self, _: Ticks, _: usize, _: usize) {
        self.arrived += 1;
    }

    fn started(&mut self, at: Ticks, _: usize, size: u8, station: usize, desk: usize, _: usize) {
        // Who is served before the opening is served in the first slot.
        let slot = usize::try_from(at.div_euclid(self.slot)).unwrap_or(0).min(SLOTS_MAX - 1);
        let slots = self.desks.entry((station, desk)).or_default();
        slots.resize(slots.len().max(slot + 1), Counts::default());
        slots[slot].people += u64::from(size);
        slots[slot].parties += 1;
        self.last = self.last.max(at);
    }
}

impl Begun {
    /// Nobody yet, by slots of this length.
    pub fn by_slots(slot: Ticks) -> Begun {
        Begun { slot: slot.max(1), ..Begun::default() }
    }

    /// Slots until the last service that begins.
    pub fn slots(&self) -> usize {
        self.desks.values().map(Vec::len).max().unwrap_or(0)
    }

    /// People who began at each desk of a station by the end of a slot.
    pub fn people(&self, station: usize, slot: usize) -> impl Iterator<Item = u64> + '_ {
        self.by(station, slot, |counts| counts.people)
    }

    /// Parties, likewise.
    pub fn parties(&self, station: usize, slot: usize) -> impl Iterator<Item = u64> + '_ {
        self.by(station, slot, |counts| counts.parties)
    }

    fn by(&self, station: usize, slot: usize, of: fn(&Counts) -> u64) -> impl Iterator<Item = u64> + '_ {
        let desks = self.desks.range((station, 0)..(station + 1, 0));
        desks.map(move |(_, slots)| slots.iter().take(slot + 1).map(of).sum())
    }
}

impl Rehearsal {
    /// Runs each of the first replications once more, on so many threads, and counts by slots of this length. The same for any
    /// number of threads, unless it is stopped: then fewer.
    pub fn begun(
        &self,
        luck: Luck,
        replications: u32,
        slot: Ticks,
        threads: usize,
        progress: &Progress,
    ) -> Vec<Begun> {
        let (next, all) = (AtomicU32::new(0), Mutex::new(BTreeMap::new()));
        let work = || {
            while !progress.stop.load(Ordering::Relaxed) {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= replications.max(1) {
                    break;
                }
                let mut begun = Begun::by_slots(slot);
                self.look_on(luck, number, &mut begun);
                all.lock().expect("nothing panics while it is held").insert(number, begun);
                progress.done.fetch_add(1, Ordering::Relaxed);
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads.min(replications as usize) {
                scope.spawn(work);
            }
            work();
        });
        all.into_inner().expect("nothing panicked").into_values().collect()
    }
}
