//! What each server did, one after the other: turns, each of one person or of people served together.

use crate::observed::{Observed, Visit};
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

/// The servers of one station in one round, by lane and number.
pub(crate) type Desks = BTreeMap<(u16, u32), Turns>;

/// The desks of a station, round by round.
pub(crate) fn desks(observed: &Observed, station: usize) -> Vec<Desks> {
    observed.rounds.iter().map(|round| of_round(&round.visits, station)).collect()
}

fn of_round(visits: &[Visit], station: usize) -> Desks {
    let mut desks = Desks::new();
    for (place, visit) in visits.iter().enumerate() {
        for (number, step) in visit.steps.iter().enumerate().filter(|(_, step)| step.station == station) {
            let Some(ended) = step.ended else { continue };
            desks.entry((step.lane, step.server)).or_default().push(Turn {
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
