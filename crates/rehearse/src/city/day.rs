//! One day of a city: its sites by shape, then their tubes, then the labs.

use super::{
    CityRehearsal,
    couriers::{Load, Ways},
    labs::{self, LabDay, Rules},
    quarters::Quarters,
    rounds::{Driving, RoundTally},
    shapes::Group,
    stream, tubes,
    tubes::Tube,
};
use crate::Luck;
use chance::{Cause, Sampler, TICKS_PER_SECOND, Ticks};
use domain::{City, city::Testing, scenario::Gives};
use queueing::{Coming, Days, Detail, Progress, Summary, Tally};
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

/// All that a day leaves.
pub(super) struct Day {
    /// Everyone's waits and stays, all sites together.
    pub tally: Tally,
    /// Sites in the order of the city.
    pub sites: Vec<SiteDay>,
    /// Labs in the order of the city.
    pub labs: Vec<LabDay>,
    /// Tubes closed, by quarter.
    pub closed: Quarters,
    /// How the couriers' rounds went, where they are planned.
    pub rounds: RoundTally,
}

/// What a site did on one day.
#[derive(Clone, Debug, Default)]
pub(super) struct SiteDay {
    /// People who came, and who were served.
    pub people: u32,
    pub served: u32,
    /// 95 in 100 of those served did not wait longer; ticks.
    pub wait_p95: f64,
    /// Most people waiting at one time.
    pub queue_max: u32,
    /// When 97 in 100 of those served had left, after the round's opening.
    pub done_97: Option<f64>,
    /// Who came and went, by quarter.
    pub came: Quarters,
    pub gone: Quarters,
    /// What it filled.
    pub tubes: Vec<Tube>,
}

/// Lives one day.
pub(super) fn live(
    rehearsal: &CityRehearsal<'_>,
    luck: Luck,
    number: u32,
    threads: usize,
    progress: &Progress,
) -> Day {
    let city = rehearsal.city;
    let mut sites: Vec<SiteDay> = Vec::new();
    sites.resize_with(city.sites.len(), SiteDay::default);
    let tubes = city.testing.as_ref().filter(|_| city.round.gives == Gives::Tube);
    let mut all: Option<Tally> = None;
    for group in rehearsal.shapes.all.iter().filter(|group| !group.sites.is_empty()) {
        let (tally, summary, lived) =
            live_group(city, group, &group.sites, (luck, number), tubes, threads, progress);
        for (place, mut day) in lived.into_iter().enumerate() {
            day.queue_max = summary.queue_max.get(place).map_or(0, |(_, most)| *most as u32);
            sites[group.sites[place] as usize] = day;
        }
        for &(place, p95) in &summary.wait.distribution.p95s {
            sites[group.sites[place as usize] as usize].wait_p95 = p95;
        }
        for &(place, done) in &summary.done_97 {
            sites[group.sites[place as usize] as usize].done_97 = Some(done + group.opens as f64);
        }
        match &mut all {
            Some(all) => all.merge(tally),
            None => all = Some(tally),
        }
    }
    let tally = all.unwrap_or_else(|| Tally::new(&rehearsal.shapes.all[0].model));
    let (labs, closed, rounds) = match tubes {
        Some(testing) => tested(rehearsal, testing, (luck, number), &mut sites, threads),
        None => Default::default(),
    };
    Day { tally, sites, labs, closed, rounds }
}

/// Lives these sites, which are of one shape; what is returned is in their order.
pub(super) fn live_group(
    city: &City,
    group: &Group,
    numbers: &[u32],
    (luck, replication): (Luck, u32),
    testing: Option<&Testing>,
    threads: usize,
    progress: &Progress,
) -> (Tally, Summary, Vec<SiteDay>) {
    let days: Vec<Mutex<SiteDay>> = numbers.iter().map(|_| Mutex::default()).collect();
    let day = |place: u32| days[place as usize].lock().expect("no thread panics");
    let shift = group.opens;
    let residents = |place: u32| city.sites[numbers[place as usize] as usize].residents;
    let process = |place: u32| group.coming.process(residents(place));
    let came = |place: u32, people: usize, at: &dyn Fn(usize) -> Ticks| {
        let mut day = day(place);
        day.people = people as u32;
        day.came.count_by(people, |person| at(person) + shift);
    };
    let left = |place: u32, _: usize, times: &[Ticks]| {
        let mut day = day(place);
        day.served += times.len() as u32;
        day.gone.count(times, shift);
        if let Some(testing) = testing {
            tubes::fill(times, shift, city.round.pool, testing.open_max, &mut day.tubes);
        }
    };
    let run = Days {
        model: &group.model,
        engine: group.engine,
        count: numbers.len() as u32,
        chance: &|place| stream(luck, numbers[place as usize], replication),
        coming: Coming::Poisson(&process),
        came: Some(&came),
        left: Some(&left),
        detail: Detail::Everything,
    };
    let tally = run.run(threads, progress);
    let summary = tally.summary(&group.model);
    let days = days.into_iter().map(|day| day.into_inner().expect("no thread panics")).collect();
    (tally, summary, days)
}

/// Tubes are looked at, brought and tested. Labs do not know of each other, so that threads may share them.
fn tested(
    rehearsal: &CityRehearsal<'_>,
    testing: &Testing,
    (luck, replication): (Luck, u32),
    sites: &mut [SiteDay],
    threads: usize,
) -> (Vec<LabDay>, Quarters, RoundTally) {
    let city = rehearsal.city;
    let ways = Ways::new(&testing.couriers, luck, replication);
    let positive = tubes::positive_by_size(testing.prevalence);
    let mut loads: Vec<Vec<Load>> = vec![Vec::new(); testing.labs.len()];
    let mut closed = Quarters::default();
    for ((number, site), &lab) in (0u32..).zip(sites.iter_mut()).zip(&rehearsal.labs) {
        let chance = stream(luck, number, replication);
        for (four, tubes) in (0u32..).zip(site.tubes.chunks_mut(4)) {
            let words = chance.block(Cause::Specimen, four, 0);
            for (tube, word) in tubes.iter_mut().zip(words) {
                tube.positive = chance::happens(word, positive[tube.people as usize]);
            }
        }
        if city.rounds.is_some() {
            site.tubes.sort_by_key(|tube| tube.closed);
        } else {
            let its_loads = &mut loads[lab as usize];
            let place = &testing.labs[lab as usize];
            let of = &city.sites[number as usize];
            let late = city.districts[of.district as usize].late;
            ways.loads(number, of, late, place, &mut site.tubes, |load| its_loads.push(load));
        }
        closed.count_by(site.tubes.len(), |tube| tubes::ticks(site.tubes[tube].closed));
    }
    let rounds = match &city.rounds {
        Some(rounds) => Driving::new(city, testing, rounds, (luck, replication)).drive(sites, &mut loads),
        None => RoundTally::default(),
    };
    let opens = city.round.opens.time();
    let opens = (i64::from(opens.hour()) * 60 + i64::from(opens.minute())) * 60 + i64::from(opens.second());
    let rules = Rules {
        testing,
        run: Sampler::compile(&testing.run),
        recall: Sampler::compile(&testing.recall),
        opens: opens * TICKS_PER_SECOND,
        luck,
        replication,
    };
    let sites: &[SiteDay] = sites;
    let one = |number: usize| {
        let mut loads = loads[number].clone();
        loads.sort_unstable();
        labs::live(&rules, number as u32, &testing.labs[number], &loads, sites)
    };
    (each(testing.labs.len(), threads, &one), closed, rounds)
}

/// Does so many things, on so many threads; what is returned is in order.
fn each<T: Send + Default>(count: usize, threads: usize, one: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    let slots: Vec<Mutex<T>> = (0..count).map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = slots.get(number) else { return };
            *slot.lock().expect("no thread panics") = one(number);
        }
    };
    #[cfg(feature = "threads")]
    std::thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            scope.spawn(work);
        }
        work();
    });
    #[cfg(not(feature = "threads"))]
    {
        let _ = threads;
        work();
    }
    slots.into_iter().map(|slot| slot.into_inner().expect("no thread panics")).collect()
}
