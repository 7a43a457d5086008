//! Many replications, on as many threads as wanted, with the same bytes for any number of them.

#[cfg(feature = "abreast")]
use crate::abreast::{self, Column};
use crate::{
    event, fifo,
    model::{Engine, Model},
    people::{People, Visit},
    probe::{NoProbe, Probe},
    tally::Tally,
};
use chance::Chance;
#[cfg(feature = "abreast")]
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far a run is, readable and stoppable from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Replications done.
    pub done: AtomicU64,
    /// Set to true, no further replication starts.
    pub stop: AtomicBool,
}

/// What one thread keeps from one replication to the next.
#[derive(Debug, Default)]
struct Bench {
    people: People,
    streams: fifo::Streams,
    workspace: event::Workspace,
    #[cfg(feature = "abreast")]
    columns: Vec<Column>,
    #[cfg(feature = "abreast")]
    abreast: abreast::Workspace,
}

/// Runs one replication of a model on people who are already there, and adds it to the tally.
pub fn simulate<P: Probe>(
    model: &Model,
    engine: Engine,
    people: &mut People,
    chance: &Chance,
    number: u32,
    tally: &mut Tally,
    probe: &mut P,
) {
    match engine {
        Engine::Fifo => fifo::run(model, people, chance, number, tally, &mut fifo::Streams::default(), probe),
        Engine::Event => {
            event::run(model, people, chance, number, tally, &mut event::Workspace::default(), probe);
        }
    }
}

/// Runs replications 0 to `replications` − 1 of the random stream `site`. `arrive(chance, visits)` fills in who comes in one of them, in order.
pub fn replicate(
    model: &Model,
    engine: Engine,
    (seed, site): (u64, u32),
    replications: u32,
    threads: usize,
    progress: &Progress,
    arrive: &(dyn Fn(&Chance, &mut Vec<Visit>) + Sync),
) -> Tally {
    let one = |bench: &mut Bench, tally: &mut Tally, number: u32| {
        let chance = Chance::new(seed, site, number);
        bench.people.visits.clear();
        arrive(&chance, &mut bench.people.visits);
        run(model, engine, bench, &chance, number, tally);
    };
    #[cfg(feature = "abreast")]
    let several = |bench: &mut Bench, tally: &mut Tally, numbers: Range<u32>| {
        bench.columns.resize_with(numbers.len(), Column::default);
        for (column, number) in bench.columns.iter_mut().zip(numbers) {
            column.begin(Chance::new(seed, site, number), number);
            arrive(&column.chance, &mut column.people.visits);
        }
        if !abreast::run(model, &bench.columns, tally, &mut bench.abreast) {
            for place in 0..bench.columns.len() {
                let Column { people, chance, number } = &mut bench.columns[place];
                fifo::run(model, people, chance, *number, tally, &mut bench.streams, &mut NoProbe);
            }
        }
    };
    #[cfg(feature = "abreast")]
    let together = if engine == Engine::Fifo && abreast::suits(model) { abreast::width() as u32 } else { 1 };
    #[cfg(not(feature = "abreast"))]
    let together = 1;
    let batches = replications.div_ceil(together);
    let batch = |bench: &mut Bench, tally: &mut Tally, number: u32| {
        if progress.stop.load(Ordering::Relaxed) {
            return;
        }
        let numbers = number * together..replications.min((number + 1) * together);
        let count = numbers.len() as u64;
        match numbers.len() {
            #[cfg(feature = "abreast")]
            ABREAST_MIN.. => several(bench, tally, numbers),
            _ => numbers.for_each(|number| one(bench, tally, number)),
        }
        progress.done.fetch_add(count, Ordering::Relaxed);
    };
    #[cfg(feature = "threads")]
    if threads > 1 && batches > 1 {
        return on_threads(model, batches, threads, &batch);
    }
    let _ = threads;
    let (mut bench, mut tally) = (Bench::default(), Tally::new(model));
    (0..batches).for_each(|number| batch(&mut bench, &mut tally, number));
    tally
}

/// So many replications are worth the width of the registers.
#[cfg(feature = "abreast")]
const ABREAST_MIN: usize = 3;

fn run(model: &Model, engine: Engine, bench: &mut Bench, chance: &Chance, number: u32, tally: &mut Tally) {
    let Bench { people, streams, workspace, .. } = bench;
    debug_assert!(people.visits.is_sorted_by_key(|visit| visit.at), "people come in the order of time");
    match engine {
        Engine::Fifo => fifo::run(model, people, chance, number, tally, streams, &mut NoProbe),
        Engine::Event => event::run(model, people, chance, number, tally, workspace, &mut NoProbe),
    }
}

/// Threads take the next batch as they are free: what a tally sums is integers, and what it lists is sorted by
/// replication when it is read, so who did which does not show.
#[cfg(feature = "threads")]
fn on_threads(
    model: &Model,
    batches: u32,
    threads: usize,
    batch: &(dyn Fn(&mut Bench, &mut Tally, u32) + Sync),
) -> Tally {
    let next = AtomicU64::new(0);
    let work = || {
        let (mut bench, mut tally) = (Bench::default(), Tally::new(model));
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= u64::from(batches) {
                return tally;
            }
            batch(&mut bench, &mut tally, u32::try_from(number).expect("fewer than batches"));
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(batches as usize)).map(|_| scope.spawn(work)).collect();
        let mut tally = work();
        for other in others {
            tally.merge(other.join().expect("a panic in a replication ends the run"));
        }
        tally
    })
}
