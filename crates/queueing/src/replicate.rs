//! Many replications, on as many threads as wanted, with the same bytes for any number of them.

#[cfg(feature = "abreast")]
use crate::abreast::{self, Column};
use crate::{
    event, fifo,
    leaving::Leaving,
    model::{Engine, Model},
    people::{People, Visit},
    poisson::Poisson,
    probe::{NoProbe, Probe},
    tally::{Detail, Tally},
};
use chance::{Chance, Ticks};
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
    leaving: Leaving,
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
    let days = Days {
        model,
        engine,
        count: replications,
        chance: &|number| Chance::new(seed, site, number),
        coming: Coming::Anyone(&|_, chance, visits| arrive(chance, visits)),
        came: None,
        left: None,
        detail: Detail::Everything,
    };
    days.run(threads, progress)
}

/// Fills in who comes on a day: its number, its luck, and room for the visits, which are wanted in the order of time.
pub type Arrive<'a> = dyn Fn(u32, &Chance, &mut Vec<Visit>) + Sync + 'a;

/// Who comes on each day.
#[derive(Clone, Copy)]
pub enum Coming<'a> {
    /// Whoever is filled in.
    Anyone(&'a Arrive<'a>),
    /// Single people by the day's own process, to lanes in turn: as [`Poisson::arrive`] fills them in, but quicker.
    Poisson(&'a (dyn Fn(u32) -> Poisson + Sync + 'a)),
}

/// Sees when people came on a day: the day's number, how many they were, and when each of them came, in order.
pub type Came<'a> = dyn Fn(u32, usize, &dyn Fn(usize) -> Ticks) + Sync + 'a;

/// Sees when people left a lane of the site on a day: the day's number, the lane, and the times, in their order.
pub type Left<'a> = dyn Fn(u32, usize, &[Ticks]) + Sync + 'a;

/// Days of one model: replications of a site, or sites that are alike.
pub struct Days<'a> {
    /// The site.
    pub model: &'a Model,
    /// The engine to run them on; it must be exact for the model. Where it is the fastest that is, days run side by side
    /// in vector registers if they can.
    pub engine: Engine,
    /// How many days.
    pub count: u32,
    /// The luck of each, all of one seed.
    pub chance: &'a (dyn Fn(u32) -> Chance + Sync),
    /// Who comes on each.
    pub coming: Coming<'a>,
    /// Who wants to know when people came.
    pub came: Option<&'a Came<'a>>,
    /// Who wants to know when people left.
    pub left: Option<&'a Left<'a>>,
    /// How much is counted; [`Detail::Waits`] is not for those who want to know when people left.
    pub detail: Detail,
}

impl Days<'_> {
    /// Runs them all; in the tally each day is a replication of its number.
    pub fn run(&self, threads: usize, progress: &Progress) -> Tally {
        let told = self.left.is_some();
        assert!(
            !told || self.detail == Detail::Everything,
            "who counts waits alone does not know when people left"
        );
        let together = self.together();
        let batches = self.count.div_ceil(together);
        let batch = |bench: &mut Bench, tally: &mut Tally, number: u32| {
            if progress.stop.load(Ordering::Relaxed) {
                return;
            }
            let numbers = number * together..self.count.min((number + 1) * together);
            let count = numbers.len() as u64;
            match numbers.len() {
                #[cfg(feature = "abreast")]
                ABREAST_MIN.. => self.several(bench, tally, numbers),
                _ => numbers.for_each(|number| self.one(bench, tally, number)),
            }
            progress.done.fetch_add(count, Ordering::Relaxed);
        };
        #[cfg(feature = "threads")]
        if threads > 1 && batches > 1 {
            return on_threads(&|| Tally::of(self.model, self.detail), batches, threads, &batch);
        }
        let _ = threads;
        let (mut bench, mut tally) = (Bench::default(), Tally::of(self.model, self.detail));
        (0..batches).for_each(|number| batch(&mut bench, &mut tally, number));
        tally
    }

    /// How many days run side by side.
    fn together(&self) -> u32 {
        // (The event engine is asked for where the FIFO engine would do to see whether they agree.)
        #[cfg(feature = "abreast")]
        if (self.engine == Engine::Fifo || self.model.engine() == Engine::Event) && abreast::suits(self.model)
        {
            return abreast::width() as u32;
        }
        1
    }

    fn one(&self, bench: &mut Bench, tally: &mut Tally, number: u32) {
        let chance = (self.chance)(number);
        self.fill(number, &chance, &mut bench.people);
        let Bench { people, streams, workspace, leaving, .. } = bench;
        self.live(number, &chance, people, tally, (streams, workspace, leaving));
    }

    fn fill(&self, number: u32, chance: &Chance, people: &mut People) {
        people.visits.clear();
        match self.coming {
            Coming::Anyone(arrive) => arrive(number, chance, &mut people.visits),
            Coming::Poisson(poisson) => poisson(number).arrive(chance, self.model.lanes, &mut people.visits),
        }
        self.tell_who_came(number, &people.visits);
    }

    fn tell_who_came(&self, number: u32, visits: &[Visit]) {
        if let Some(came) = self.came {
            came(number, visits.len(), &|place| visits[place].at);
        }
    }

    fn live(
        &self,
        number: u32,
        chance: &Chance,
        people: &mut People,
        tally: &mut Tally,
        (streams, workspace, leaving): (&mut fifo::Streams, &mut event::Workspace, &mut Leaving),
    ) {
        debug_assert!(people.visits.is_sorted_by_key(|visit| visit.at), "people come in the order of time");
        let model = self.model;
        let station_by_station = match self.engine {
            Engine::Fifo => true,
            Engine::Event => {
                fifo::QUICK && model.stations_apart() && fifo::services_take_time(model, people, chance)
            }
        };
        assert!(fifo::QUICK || self.left.is_none(), "this build does not tell when people left");
        match (station_by_station, self.left.filter(|_| fifo::QUICK)) {
            (true, None) => fifo::run(model, people, chance, number, tally, streams, &mut NoProbe),
            (false, None) => event::run(model, people, chance, number, tally, workspace, &mut NoProbe),
            (station_by_station, Some(left)) => {
                leaving.begin(model.lanes);
                if station_by_station {
                    fifo::run(model, people, chance, number, tally, streams, leaving);
                } else {
                    event::run(model, people, chance, number, tally, workspace, leaving);
                }
                leaving.tell(|lane, times| left(number, lane, times));
            }
        }
    }

    #[cfg(feature = "abreast")]
    fn several(&self, bench: &mut Bench, tally: &mut Tally, numbers: Range<u32>) {
        let Bench { columns, abreast: workspace, streams, workspace: events, leaving, .. } = bench;
        columns.resize_with(numbers.len(), Column::default);
        for (column, number) in columns.iter_mut().zip(numbers) {
            column.begin((self.chance)(number), number);
            match self.coming {
                Coming::Anyone(arrive) => {
                    arrive(number, &column.chance, &mut column.people.visits);
                    self.tell_who_came(number, &column.people.visits);
                }
                Coming::Poisson(poisson) => column.poisson = Some(poisson(number)),
            }
        }
        if abreast::run(self.model, columns, tally, workspace) {
            for (place, column) in columns.iter().enumerate() {
                if let Some(came) = self.came.filter(|_| column.poisson.is_some()) {
                    workspace.arrivals(place, self.model.lanes, |people, at| came(column.number, people, at));
                }
                if let Some(left) = self.left {
                    workspace.departures(place, |lane, times| left(column.number, lane, times));
                }
            }
            return;
        }
        for Column { people, chance, number, poisson } in columns {
            if poisson.is_some() {
                self.fill(*number, chance, people);
            }
            self.live(*number, chance, people, tally, (streams, events, leaving));
        }
    }
}

/// So many days are worth the width of the registers.
#[cfg(feature = "abreast")]
const ABREAST_MIN: usize = 3;

/// Threads take the next batch as they are free: what a tally sums is integers, and what it lists is sorted by
/// replication when it is read, so who did which does not show.
#[cfg(feature = "threads")]
fn on_threads(
    empty: &(dyn Fn() -> Tally + Sync),
    batches: u32,
    threads: usize,
    batch: &(dyn Fn(&mut Bench, &mut Tally, u32) + Sync),
) -> Tally {
    let next = AtomicU64::new(0);
    let work = || {
        let (mut bench, mut tally) = (Bench::default(), empty());
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
