//! A station in one lane: its queue and its servers.

use crate::model::{Servers, Station};
use chance::Ticks;
use std::collections::VecDeque;

/// In an event's place for the server: nobody serves, the person walks to this desk.
pub(crate) const WALKING: u32 = u32::MAX;
/// In an event's place for the server: a station that does not count its servers.
pub(crate) const UNCOUNTED: u32 = u32::MAX - 2;
/// In an event's place for the server: nobody serves any more, the person stays after the service at this desk.
pub(crate) const OBSERVED: u32 = u32::MAX - 1;

#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub station: usize,
    pub lane: usize,
    /// Whether nobody ever waits here.
    pub unlimited: bool,
    /// People waiting.
    pub waiting: u32,
    /// People on the way here for whom a place in the room is kept.
    pub coming: u32,
    /// Idle servers, who has been idle longest first.
    pub idle: VecDeque<u32>,
    /// Servers that the calendar wants now.
    pub on_duty: u32,
    /// Who is due to leave and still serves: when, and which change of the calendar says so; first due first.
    leaving: VecDeque<(Ticks, u32)>,
    /// Which change of the calendar brought each server.
    hired_by: Vec<u32>,
    /// People since the last pause, by server.
    pub since_pause: Vec<u32>,
    /// People who stop the station before because this one's room is full.
    pub held: VecDeque<Held>,
    /// No server will come any more.
    pub over: bool,
    off_duty: Vec<u32>,
    /// One queue for each priority. Who stopped waiting otherwise than by being served is still in it.
    queues: Vec<VecDeque<u32>>,
    room: Option<u32>,
    scrum: bool,
    picked: u32,
}

/// A person who was served and cannot go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub entry: u32,
    pub from: u32,
    pub server: u32,
    pub since: Ticks,
}

impl Desk {
    pub(crate) fn begin(&mut self, number: usize, lane: usize, priorities: usize, station: &Station) {
        (self.station, self.lane, self.scrum, self.room) = (number, lane, station.scrum, station.room);
        (self.waiting, self.coming, self.on_duty, self.picked) = (0, 0, 0, 0);
        self.unlimited = matches!(station.servers, Servers::Unlimited);
        self.over = matches!(&station.servers, Servers::Calendar(calendar) if calendar.is_empty());
        self.idle.clear();
        self.leaving.clear();
        self.since_pause.clear();
        self.hired_by.clear();
        self.held.clear();
        self.off_duty.clear();
        self.queues.resize_with(priorities, VecDeque::new);
        self.queues.iter_mut().for_each(VecDeque::clear);
    }

    /// Whether a party of this size may come in. A place is kept for those on the way, except that an idle server will
    /// take one of them. A party larger than the room comes in when nobody else is there.
    #[inline]
    pub(crate) fn fits(&self, size: u8) -> bool {
        let Some(room) = self.room else { return true };
        let (size, idle) = (u32::from(size), u32::try_from(self.idle.len()).unwrap_or(u32::MAX));
        let ahead = self.waiting + self.coming;
        self.unlimited
            || self.over
            || self.waiting == 0 && self.coming < idle
            || self.waiting + self.coming.saturating_sub(idle) + size <= room
            || ahead == 0 && room > 0 && size > room
    }

    /// A server comes on duty by this change of the calendar: one who left before, or a new one.
    pub(crate) fn hire(&mut self, change: u32) -> u32 {
        let server = self.off_duty.pop().unwrap_or_else(|| {
            self.since_pause.push(0);
            self.hired_by.push(0);
            self.since_pause.len() as u32 - 1
        });
        self.since_pause[server as usize] = 0;
        self.hired_by[server as usize] = change;
        server
    }

    /// One server goes off duty by this change: who has been idle longest, or else the first to finish.
    pub(crate) fn dismiss(&mut self, at: Ticks, change: u32) {
        match self.idle.pop_front() {
            Some(server) => self.off_duty.push(server),
            None => self.leaving.push_back((at, change)),
        }
    }

    /// Whether a server who is free now was due to leave, and since when. Whoever came by a later change stays.
    #[inline]
    pub(crate) fn leaves(&mut self, server: u32) -> Option<Ticks> {
        if self.leaving.is_empty() {
            return None;
        }
        let hired_by = self.hired_by[server as usize];
        let place = self.leaving.iter().position(|&(_, change)| change > hired_by)?;
        self.off_duty.push(server);
        self.leaving.remove(place).map(|(due, _)| due)
    }

    #[inline]
    pub(crate) fn push(&mut self, priority: u8, entry: u32) {
        self.queues[priority as usize].push_back(entry);
    }

    /// Takes the next person who still waits; `word(n)` gives the chance of the n-th pick from a crowd.
    #[inline]
    pub(crate) fn pop(&mut self, waits: impl Fn(u32) -> bool, word: impl Fn(u32) -> u32) -> Option<u32> {
        if self.waiting == 0 {
            // Whoever is left in the queues has stopped waiting.
            self.queues.iter_mut().for_each(VecDeque::clear);
            return None;
        }
        for queue in &mut self.queues {
            while !queue.is_empty() {
                let next = if self.scrum {
                    let place = ((u64::from(word(self.picked)) * queue.len() as u64) >> 32) as usize;
                    self.picked += 1;
                    queue.swap_remove_back(place)
                } else {
                    queue.pop_front()
                };
                if let Some(next) = next.filter(|&next| waits(next)) {
                    return Some(next);
                }
            }
        }
        None
    }

    /// Everyone in the queues, in order, those who stopped waiting included.
    pub(crate) fn everyone(&self) -> impl Iterator<Item = u32> {
        self.queues.iter().flatten().copied()
    }
}
