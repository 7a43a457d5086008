//! People on their way from station to station, so many rows at a time, and the servers who wait for them.

use super::{GHOST, admit::Line, general::Staff, picked::Waiting, station::Books};
use crate::model::{Model, Servers};
use pulp::Simd;

/// So many rows are looked at together: few enough that all that is known of them stays in the nearest cache.
pub(super) const ROWS: usize = 64;

/// So many people of a line, row by row, on their way from station to station, and what is known of them.
#[derive(Debug, Default)]
pub(super) struct Passage {
    /// When each reaches the station, and who it is, by the place in the line.
    pub at: Vec<i32>,
    pub who: Vec<i32>,
    pub words: Vec<u32>,
    /// Where each person stands among all of the line.
    pub index: Vec<i32>,
    /// How long each service takes, and each person's patience;
    pub services: Vec<i32>,
    pub patience: Vec<i32>,
    /// how long each person waits for the service, [`NOBODY`] where nobody is served, and when that ends;
    pub waits: Vec<i32>,
    pub until: Vec<i32>,
    /// who goes on, and when;
    pub next_at: Vec<i32>,
    pub next_who: Vec<i32>,
    /// and all the wait and all the stay of those who go home.
    pub total: Vec<i32>,
    pub stay: Vec<i32>,
    /// The servers of each station.
    pub free: Vec<Free>,
    pub staff: Vec<Staff>,
    /// By class: which of a station's queues.
    pub queue_of: Vec<u8>,
    /// Where there are several: who comes to each station, and the queue from which each person was called.
    pub waiting: Vec<Waiting>,
    pub queue: Vec<i32>,
    /// Each person's class, where there are several.
    pub class: Vec<i32>,
}

/// Server-free times of a station, sorted, with the person whose departure makes the server free: rows.
#[derive(Debug, Default)]
pub(super) struct Free {
    pub at: Vec<i32>,
    pub who: Vec<i32>,
    /// The latest end of a service.
    pub top: i32,
    /// The queue's number among all at the site.
    pub run: usize,
}

impl Passage {
    /// All servers are there, and nobody else.
    pub(super) fn enter<S: Simd>(&mut self, model: &Model, line: &Line, books: &mut Books) {
        let numbers = ROWS * S::I32_LANES;
        self.words.resize(numbers, 0);
        let rows = [&mut self.at, &mut self.who, &mut self.services, &mut self.waits, &mut self.until];
        let more = [&mut self.next_at, &mut self.next_who, &mut self.total, &mut self.stay, &mut self.index];
        for row in rows.into_iter().chain(more).chain([&mut self.queue, &mut self.class]) {
            row.resize(numbers, 0);
        }
        self.patience.clear();
        self.patience.resize(numbers, i32::MAX);
        self.queue_of.clear();
        self.queue_of.extend(model.queues());
        if self.picks() {
            self.waiting.resize_with(self.waiting.len().max(model.stations.len()), Waiting::default);
            self.waiting.iter_mut().for_each(|waiting| waiting.begin(line.places, S::I32_LANES));
        }
        self.free.resize_with(self.free.len().max(model.stations.len()), Free::default);
        self.staff.resize_with(self.free.len(), Staff::default);
        let picks = self.picks();
        for ((free, staff), station) in self.free.iter_mut().zip(&mut self.staff).zip(&model.stations) {
            let (from, servers) = match &station.servers {
                Servers::Unlimited => (0, 0),
                Servers::Calendar(calendar) => calendar[0],
            };
            free.at.clear();
            free.at.resize(servers as usize * S::I32_LANES, from as i32);
            free.who.clear();
            free.who.resize(servers as usize * S::I32_LANES, line.places as i32);
            free.top = GHOST;
            if (picks || Staff::needed(station))
                && let Servers::Calendar(calendar) = &station.servers
            {
                staff.begin::<S>(station, calendar, line.places as i32);
            }
            free.run = books.crowd.run();
        }
    }

    /// Whether some are served before others.
    pub(super) fn picks(&self) -> bool {
        self.queue_of.iter().any(|&queue| queue > 0)
    }

    /// The next people of a line stand at its first station.
    pub(super) fn arrive<S: Simd>(&mut self, line: &Line, first: usize, rows: usize) {
        let width = S::I32_LANES;
        let nobody = line.places as i32;
        self.at[..rows * width].copy_from_slice(&line.arrived[first * width..(first + rows) * width]);
        let people = self.who.chunks_exact_mut(width).zip(self.at.chunks_exact(width)).take(rows);
        for (place, (who, arrived)) in (first as i32..).zip(people) {
            for (who, &at) in who.iter_mut().zip(arrived) {
                *who = if at == GHOST { nobody } else { place };
            }
        }
    }
}
