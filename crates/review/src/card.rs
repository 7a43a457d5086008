//! Stopwatch cards: handed out at the entrance to some of the people, tapped or filled in at each station. They give
//! exact times of a sample, where nobody has a phone to spare at the stations.

mod table;
mod tapped;

pub use table::read_cards;
pub(crate) use tapped::{Carried, WHOLE_LEAST, sampled_waits, tapped};

use crate::observed::{End, Observed, Round, Step, Visit, place_of};
use domain::Moment;

/// One person's card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// What stands on it.
    pub name: String,
    /// What was tapped, in any order.
    pub taps: Vec<Tap>,
}

/// One entry of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tap {
    /// The station's name.
    pub station: String,
    /// What happened there.
    pub what: What,
    /// When.
    pub at: Moment,
}

/// What a card is tapped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The person joined the queue.
    Came,
    /// The service began.
    Started,
    /// The service ended.
    Ended,
}

impl Observed {
    /// Takes in cards as a round of their own: a sample of its people, whose waits and services are exact. Who comes from
    /// one station stands in the queue of the next, unless the card says when.
    pub fn take_in_cards(&mut self, cards: &[Card]) {
        let all = || cards.iter().flat_map(|card| &card.taps);
        let Some(opened) = all().map(|tap| tap.at).min() else { return };
        let mut round = Round { opened, sample: true, ..Round::default() };
        for card in cards {
            let mut taps: Vec<&Tap> = card.taps.iter().collect();
            // Stable: at one moment a row's end comes before the next row's arrival.
            taps.sort_by_key(|tap| tap.at);
            let mut visit = Visit::default();
            for tap in taps {
                let station = place_of(&mut self.stations, &tap.station);
                let at = tap.at - opened;
                let open =
                    visit.steps.last().is_some_and(|step| step.station == station && step.ended.is_none());
                if !open {
                    let before = visit.steps.last().and_then(|step| step.ended);
                    visit.steps.push(Step {
                        station,
                        lane: 0,
                        server: 0,
                        queued: before,
                        started: None,
                        ended: None,
                        quit: None,
                        inferred: false,
                    });
                }
                let Some(step) = visit.steps.last_mut() else { continue };
                match tap.what {
                    What::Came => step.queued = Some(at),
                    What::Started => step.started = Some(at),
                    What::Ended => step.ended = Some(at),
                }
                round.last = round.last.max(at);
            }
            visit.arrived = visit.steps.first().and_then(|step| step.queued.or(step.started));
            if let Some(end) = visit.steps.last().and_then(|step| step.ended) {
                visit.end = End::Left(end);
            }
            if !visit.steps.is_empty() {
                round.visits.push(visit);
            }
        }
        self.rounds.push(round);
    }
}
