//! How a theory is put to the test: replications on fixed seeds, and the standard error between them.

use chance::{Chance, Law, Sampler, Ticks};
use queueing::{
    Engine, Model, People, Probe, Progress, Series, Station, Tally, Visit, poisson::Poisson, replicate,
    simulate,
};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// People each case measures, at least, if nobody wants more.
const PEOPLE_MIN: f64 = 10e6;
/// So many times as many people.
pub static TIMES: AtomicU32 = AtomicU32::new(1);
/// Each replication leaves out so many relaxation times at its start.
const WARMUP_RELAXATIONS: f64 = 20.0;
const THREADS: usize = 2;

/// People each case measures, at least.
pub fn people_min() -> f64 {
    PEOPLE_MIN * f64::from(TIMES.load(Ordering::Relaxed))
}

/// What a theory says, and what an engine measured.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The system and the figure.
    pub name: String,
    /// Which engine ran.
    pub engine: Engine,
    /// What theory says.
    pub theory: f64,
    /// Mean over replications.
    pub measured: f64,
    /// Standard error of the mean, from the variance between replications.
    pub error: f64,
    /// People measured, in millions.
    pub millions: f64,
}

impl Finding {
    /// Judges a figure by its values in the replications.
    pub fn new(name: impl Into<String>, engine: Engine, theory: f64, values: &[f64], people: f64) -> Finding {
        let count = values.len() as f64;
        let measured = values.iter().sum::<f64>() / count;
        let variance =
            values.iter().map(|value| (value - measured) * (value - measured)).sum::<f64>() / (count - 1.0);
        let error = (variance / count).sqrt();
        Finding { name: name.into(), engine, theory, measured, error, millions: people / 1e6 }
    }

    /// Standard errors between the measured and theory.
    pub fn z(&self) -> f64 {
        (self.measured - self.theory) / self.error
    }

    /// Within three standard errors.
    pub fn agrees(&self) -> bool {
        self.z().abs() <= 3.0
    }

    /// A row of a Markdown table.
    pub fn row(&self) -> String {
        let Finding { name, engine, theory, measured, error, millions } = self;
        let z = self.z();
        format!(
            "| {name} | {} | {theory:.5} | {measured:.5} | {error:.5} | {z:+.2} | {millions:.1} |",
            engine.name()
        )
    }
}

/// The head of the table that [`Finding::row`] fills.
pub const HEAD: &str = "| system and figure | engine | theory | measured | standard error | z | people, millions |\n\
                        | --- | --- | ---: | ---: | ---: | ---: | ---: |";

/// A law as the engines draw it.
pub fn law(law: Law) -> Arc<Sampler> {
    Arc::new(Sampler::compile(&law))
}

/// Stations one after the other, in one lane, with every option off.
pub fn site(stations: &[(u32, Law)], warmup: u32) -> Model {
    let count = stations.len();
    let stations = stations.iter().enumerate().map(|(number, (servers, service))| {
        Station::plain(*servers, law(service.clone()), (number + 1 < count).then_some(number + 1))
    });
    Model { warmup, ..Model::plain(stations.collect()) }
}

/// Relaxation time of M/M/c in arrivals: λ/(μ(√c − √a)²), a = λ/μ (Morse, Queues, Inventories and Maintenance, 1958).
pub fn relaxation(servers: u32, load: f64) -> f64 {
    let gap = f64::from(servers).sqrt() - load.sqrt();
    load / (gap * gap)
}

/// How long and how often a case runs.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Arrivals left out at the start of a replication.
    pub warmup: u32,
    /// Arrivals of a replication.
    pub people: u32,
    /// Replications.
    pub replications: u32,
}

impl Size {
    /// For a system that forgets within so many arrivals. Replications are long against the warm-up, and many enough
    /// for their variance to be known.
    pub fn for_relaxation(arrivals: f64) -> Size {
        let warmup = (WARMUP_RELAXATIONS * arrivals).ceil();
        let measured = (15.0 * warmup).clamp(50_000.0, PEOPLE_MIN / 20.0);
        let replications = (people_min() / measured).ceil();
        Size { warmup: warmup as u32, people: (warmup + measured) as u32, replications: replications as u32 }
    }

    /// People measured in all replications.
    pub fn measured(&self) -> f64 {
        f64::from(self.people - self.warmup) * f64::from(self.replications)
    }
}

/// Each system has a seed of its own, made of its name (FNV-1a), the same on both engines: systems that shared a seed
/// would share their luck, and one unlikely draw would look like many.
pub fn seed(system: &str) -> u64 {
    system
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Runs a model with `per_second` Poisson arrivals of one class.
pub fn run(model: &Model, engine: Engine, seed: u64, per_second: f64, size: Size) -> Tally {
    let poisson = Poisson::constant(per_second * 3_600.0, size.people, Ticks::MAX);
    run_with(model, engine, seed, size, &|chance, visits| poisson.arrive(chance, model.lanes, visits))
}

/// Runs a model with any arrivals.
pub fn run_with(
    model: &Model,
    engine: Engine,
    seed: u64,
    size: Size,
    arrive: &(dyn Fn(&Chance, &mut Vec<Visit>) + Sync),
) -> Tally {
    replicate(model, engine, (seed, 0), size.replications, THREADS, &Progress::default(), arrive)
}

/// Means of the replications, in seconds.
pub fn means(series: &Series) -> Vec<f64> {
    series.distribution.means.iter().map(|(_, mean)| mean / 1e4).collect()
}

/// Runs each replication before a probe of its own, on two threads, and keeps what `read` reads from it.
pub fn look_on<P: Probe>(
    model: &Model,
    engine: Engine,
    seed: u64,
    replications: u32,
    arrivals: &Poisson,
    probe: &(dyn Fn(&[Visit]) -> P + Sync),
    read: &(dyn Fn(P) -> Vec<f64> + Sync),
) -> Vec<Vec<f64>> {
    let one = |number: u32| {
        let chance = Chance::new(seed, 0, number);
        let mut visits = Vec::new();
        arrivals.arrive(&chance, model.lanes, &mut visits);
        let mut probe = probe(&visits);
        simulate(
            model,
            engine,
            &mut People::new(visits),
            &chance,
            number,
            &mut Tally::new(model),
            &mut probe,
        );
        read(probe)
    };
    let half = replications / 2;
    std::thread::scope(|scope| {
        let first = scope.spawn(|| (0..half).map(one).collect::<Vec<_>>());
        let second: Vec<_> = (half..replications).map(one).collect();
        let mut all = first.join().expect("a replication does not panic");
        all.extend(second);
        all
    })
}

/// One figure of [`look_on`] in all replications.
pub fn column(rows: &[Vec<f64>], place: usize) -> Vec<f64> {
    rows.iter().map(|row| row[place]).collect()
}
