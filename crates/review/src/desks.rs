//! What each server did, one after the other: turns, each of one person or of people served together.

use crate::observed::{Observed, Round, Visit};
use chance::Ticks;
use std::collections::BTreeMap;

/// One service of one server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Turn {
    pub started: Option<Ticks>,
    pub ended: Ticks,
    /// When the first of them reached the queue.
    pub queued: Option<Ticks>,
    pub people: u32,
    pub class: Option<usize>,
    /// Visit and step of each.
    pub members: Vec<(usize, usize)>,
}

/// The turns of one server, in the order of their ends.
pub(crate) type Turns = Vec<Turn>;

/// One server of a station, or all of a lane's that are not told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Desk {
    pub lane: u16,
    /// Its number; 0 where nobody wrote it down.
    pub server: u32,
    /// Whether its turns are all that one server did, so that what lies between two of them tells of the server.
    pub whole: bool,
}

/// The servers of one station in one round.
pub(crate) type Desks = BTreeMap<Desk, Turns>;

/// The desks of a station, round by round; `single`: each lane of it has one server, whatever its number.
pub(crate) fn desks(observed: &Observed, station: usize, single: bool) -> Vec<Desks> {
    let of_round =
        |round: &Round| of_visits(&round.visits, station, |server| !round.sample && (single || server > 0));
    observed.rounds.iter().map(of_round).collect()
}

fn of_visits(visits: &[Visit], station: usize, whole: impl Fn(u32) -> bool) -> Desks {
    let mut desks = Desks::new();
    for (place, visit) in visits.iter().enumerate() {
        for (number, step) in visit.steps.iter().enumerate().filter(|(_, step)| step.station == station) {
            let Some(ended) = step.ended else { continue };
            let desk = Desk { lane: step.lane, server: step.server, whole: whole(step.server) };
            desks.entry(desk).or_default().push(Turn {
                started: step.started,
                ended,
                queued: step.queued,
                people: 1,
                class: visit.class,
                members: vec![(place, number)],
            });
        }
    }
    for turns in desks.values_mut() {
        turns.sort_by_key(|turn| (turn.ended, turn.started, turn.queued));
        join(turns);
    }
    desks
}

/// People whom one server finished with at the same moment, begun at the same moment, were served together.
fn join(turns: &mut Turns) {
    turns.dedup_by(|next, first| {
        let together = next.ended == first.ended && next.started == first.started;
        if together {
            first.people += next.people;
            first.queued = first.queued.min(next.queued);
            first.members.append(&mut next.members);
        }
        together
    });
}

impl Turn {
    /// Whether someone certainly stood there when the server's last service ended.
    pub fn waited_since(&self, end: Ticks) -> bool {
        self.queued.is_some_and(|queued| queued <= end)
    }
}
