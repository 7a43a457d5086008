//! Now serving, lane by lane: what a big screen shows from afar.

use crate::board::site::Site;
use round::{Board, Round};
use serde::Serialize;
use std::collections::BTreeMap;

/// A lane of the site.
#[derive(Serialize)]
pub(super) struct LaneNow<'a> {
    /// From 1; 0 where all stations are shared.
    lane: u16,
    /// The wave to which most people in its queues and at its counters belong; absent where nobody is called in waves.
    wave: Option<u32>,
    /// Its doors.
    doors: &'a [String],
    /// The wave that comes next to this lane, when, and its doors.
    next: Option<NextWave<'a>>,
    /// The numbers of those who are being served, smallest first.
    numbers: Vec<u32>,
    /// People waiting in it.
    waiting: usize,
    /// The wait of somebody who joins its first queue now.
    predicted_wait_min: Option<f64>,
}

#[derive(Serialize)]
struct NextWave<'a> {
    wave: u32,
    clock: String,
    doors: &'a [String],
}

pub(super) fn lanes<'a>(site: &'a Site, round: &Round, board: &Board) -> Vec<LaneNow<'a>> {
    let rules = round.rules();
    let own = rules.stations.iter().any(|station| !station.shared && station.servers.is_some());
    let lanes = if own { 1..=rules.lanes } else { 0..=0 };
    lanes.map(|lane| lane_now(site, round, board, lane)).collect()
}

fn lane_now<'a>(site: &'a Site, round: &Round, board: &Board, lane: u16) -> LaneNow<'a> {
    let rules = round.rules();
    let desks = board.desks.iter().filter(|desk| desk.lane == lane && desk.servers.is_some());
    let mut numbers: Vec<u32> =
        desks.clone().flat_map(|desk| desk.now.iter().map(|now| now.person)).collect();
    numbers.sort_unstable();
    let wave = if site.calls.broadcast { None } else { wave_of(round, lane) };
    let coming = site.calls.waves.iter().filter(|of| lane == 0 || of.lane == 0 || of.lane == lane);
    let coming = coming.filter(|_| !site.calls.broadcast);
    let next = coming.clone().find(|of| match wave {
        Some(wave) => of.number > wave,
        None => !round.waves().contains_key(&of.number),
    });
    LaneNow {
        lane,
        wave,
        doors: wave.map_or(&[], |wave| site.doors(wave)),
        next: next.map(|of| NextWave {
            wave: of.number,
            clock: rules.clock(rules.opens + of.call_at),
            doors: site.doors(of.number),
        }),
        numbers,
        waiting: desks.clone().map(|desk| desk.queue).sum(),
        predicted_wait_min: desks.clone().next().and_then(|desk| desk.predicted_wait_min),
    }
}

/// The wave to which most people in a lane's queues and at its counters belong.
fn wave_of(round: &Round, lane: u16) -> Option<u32> {
    let mut people: BTreeMap<u32, usize> = BTreeMap::new();
    let counters = round.counters().iter().filter(|(desk, _)| desk.lane == lane);
    for (_, counter) in counters {
        let waiting = counter.queue().map(|waiting| waiting.visit);
        let served = counter.busy().flat_map(|(_, visits)| visits.iter().copied());
        let waves = waiting.chain(served).filter_map(|visit| {
            let household = round.visit(visit)?.household?;
            Some(round.households().get(&household)?.called?.1)
        });
        for wave in waves {
            *people.entry(wave).or_default() += 1;
        }
    }
    // Of two with as many the one that was called first.
    people.into_iter().max_by_key(|&(wave, people)| (people, std::cmp::Reverse(wave))).map(|(wave, _)| wave)
}
