//! Many replications, on as many threads as wanted, with the same bytes for any number of them.

use crate::{
    event, fifo,
    model::{Engine, Model},
    people::{People, Visit},
    probe::{NoProbe, Probe},
    tally::Tally,
};
use chance::Chance;
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
    let run = |bench: &mut Bench, tally: &mut Tally, number: u32| {
        if progress.stop.load(Ordering::Relaxed) {
            return;
        }
        let chance = Chance::new(seed, site, number);
        bench.people.visits.clear();
        arrive(&chance, &mut bench.people.visits);
        debug_assert!(
            bench.people.visits.is_sorted_by_key(|visit| visit.at),
            "people come in the order of time"
        );
        let Bench { people, streams, workspace } = bench;
        match engine {
            Engine::Fifo => fifo::run(model, people, &chance, number, tally, streams, &mut NoProbe),
            Engine::Event => event::run(model, people, &chance, number, tally, workspace, &mut NoProbe),
        }
        progress.done.fetch_add(1, Ordering::Relaxed);
    };
    #[cfg(feature = "threads")]
    if threads > 1 && replications > 1 {
        return on_threads(model, replications, threads, &run);
    }
    let _ = threads;
    let (mut bench, mut tally) = (Bench::default(), Tally::new(model));
    (0..replications).for_each(|number| run(&mut bench, &mut tally, number));
    tally
}

/// Threads take the next replication as they are free: what a tally sums is integers, and what it lists is sorted by
/// replication when it is read, so who did which does not show.
#[cfg(feature = "threads")]
fn on_threads(
    model: &Model,
    replications: u32,
    threads: usize,
    run: &(dyn Fn(&mut Bench, &mut Tally, u32) + Sync),
) -> Tally {
    let next = AtomicU64::new(0);
    let work = || {
        let (mut bench, mut tally) = (Bench::default(), Tally::new(model));
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= u64::from(replications) {
                return tally;
            }
            run(&mut bench, &mut tally, u32::try_from(number).expect("fewer than replications"));
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(replications as usize)).map(|_| scope.spawn(work)).collect();
        let mut tally = work();
        for other in others {
            tally.merge(other.join().expect("a panic in a replication ends the run"));
        }
        tally
    })
}
