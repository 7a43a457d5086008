//! When people left is told alike by either engine, and by replications side by side.

use chance::{Chance, Law, Sampler, Ticks};
use queueing::{
    Class, Coming, Days, Detail, Engine, LaneChoice, Model, Progress, Station, Tally, Visit, poisson::Poisson,
};
use std::sync::{Arc, Mutex};

fn model(changeover: bool) -> Model {
    let law = |mean| Arc::new(Sampler::compile(&Law::lognormal_mean_cv(mean, 0.4)));
    let mut model = Model {
        lanes: 2,
        lane_choice: LaneChoice::Assigned,
        stations: vec![Station::plain(1, law(10.0), Some(1)), Station::plain(2, law(18.0), None)],
        classes: vec![Class::COMMON],
        closes: Some(60 * 60 * 10_000),
        patience: None,
        room: None,
        warmup: 0,
    };
    if changeover {
        model.stations[1].changeover = Some(queueing::Changeover { every: 10, away: 150_000 });
    }
    model
}

/// Who left each lane on each day; and who came, as a lane of the number of no lane.
type Departures = Vec<(u32, usize, Vec<Ticks>)>;
const CAME: usize = usize::MAX;

fn lived(
    model: &Model,
    engine: Engine,
    days: u32,
    by_itself: bool,
    poisson: &Poisson,
) -> (Departures, Tally) {
    let told = Mutex::new(Departures::new());
    let days = Days {
        model,
        engine,
        count: days,
        chance: &|number| Chance::new(5, number, 0),
        coming: if by_itself {
            Coming::Poisson(&|number| poisson.scaled(1.0 + f64::from(number) / 50.0))
        } else {
            Coming::Anyone(&|number, chance: &Chance, visits: &mut Vec<Visit>| {
                poisson.scaled(1.0 + f64::from(number) / 50.0).arrive(chance, 2, visits);
            })
        },
        came: Some(&|number, people, at| {
            told.lock().expect("no thread panics").push((number, CAME, (0..people).map(at).collect()));
        }),
        left: Some(&|number, lane, times: &[Ticks]| {
            told.lock().expect("no thread panics").push((number, lane, times.to_vec()));
        }),
        detail: Detail::Everything,
    };
    let tally = days.run(1, &Progress::default());
    let mut told = told.into_inner().expect("no thread panics");
    told.sort_unstable();
    (told, tally)
}

#[test]
fn departures_are_told_alike_whatever_runs() {
    let until = 60 * 60 * 10_000;
    let processes = [
        Poisson::constant(700.0, u32::MAX, until),
        Poisson::constant(2_000.0, 999, until),
        Poisson::hourly(&[900.0, 300.0], 5_000, 2 * until),
        Poisson::hourly(&[0.0, 900.0, 0.0, 300.0], u32::MAX, Ticks::MAX).sooner(until),
    ];
    for (poisson, changeover) in processes.iter().flat_map(|poisson| [(poisson, false), (poisson, true)]) {
        let model = model(changeover);
        // Twelve days run side by side where registers are wide enough, two never do.
        let (many, tally) = lived(&model, Engine::Fifo, 12, false, poisson);
        let (few, _) = lived(&model, Engine::Fifo, 2, true, poisson);
        let (event, by_event) = lived(&model, Engine::Event, 12, true, poisson);
        let (by_process, by_itself) = lived(&model, Engine::Fifo, 12, true, poisson);
        assert_eq!(many.len(), 36);
        assert!(many.iter().all(|(.., times)| times.len() > 200 && times.is_sorted()));
        assert_eq!(many[..6], few);
        assert_eq!(many, event);
        assert_eq!(many, by_process);
        assert_eq!(tally.summary(&model), by_event.summary(&model));
        assert_eq!(tally.summary(&model), by_itself.summary(&model));
    }
}

#[test]
fn whoever_forgets_replications_still_knows_everyone() {
    let model = model(false);
    let (_, mut tally) =
        lived(&model, Engine::Fifo, 12, true, &Poisson::constant(700.0, u32::MAX, 60 * 60 * 10_000));
    let whole = tally.summary(&model);
    tally.forget_replications();
    let rest = tally.summary(&model);
    for (whole, rest) in [(&whole.wait, &rest.wait), (&whole.stay, &rest.stay)] {
        let (whole, rest) = (&whole.distribution, &rest.distribution);
        assert_eq!((whole.people, whole.mean, whole.p95), (rest.people, rest.mean, rest.p95));
        assert_eq!((whole.means.len(), rest.means.len()), (12, 0));
    }
    assert_eq!((rest.replications, rest.queue_max.len()), (0, 0));
}
