//! The whole site as one model, without ports between the stations: the fewest messages NeXosim can
//! do with, and so its fastest form of this model.

use std::collections::VecDeque;
use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::time::MonotonicTime;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Exp};
use serde::{Deserialize, Serialize};

/// A door and its stations in series.
#[derive(Serialize, Deserialize)]
pub struct Site {
    next: u32,
    people: u32,
    warmup: u32,
    gap_s: Exp<f64>,
    counters: Vec<Counter>,
    chance: Xoshiro256PlusPlus,
}

#[derive(Serialize, Deserialize)]
struct Counter {
    free_servers: u32,
    service_s: Exp<f64>,
    waiting: VecDeque<(u32, MonotonicTime)>,
    waited_s: f64,
    counted: u64,
}

#[Model]
impl Site {
    /// A site for so many people, the first `warmup` of them left out of the waits; stations are
    /// servers and mean service time in seconds.
    pub fn new(arrivals_per_s: f64, people: u32, warmup: u32, stations: &[(u32, f64)], seed: u64) -> Self {
        let counter = |&(servers, mean_s): &(u32, f64)| Counter {
            free_servers: servers,
            service_s: Exp::new(1.0 / mean_s).expect("the mean is positive"),
            waiting: VecDeque::new(),
            waited_s: 0.0,
            counted: 0,
        };
        Self {
            next: 0,
            people,
            warmup,
            gap_s: Exp::new(arrivals_per_s).expect("the rate is positive"),
            counters: stations.iter().map(counter).collect(),
            chance: Xoshiro256PlusPlus::seed_from_u64(seed),
        }
    }

    /// For each station the sum of waits in seconds, and of how many people -- replier.
    pub async fn waits(&mut self) -> Vec<(f64, u64)> {
        self.counters.iter().map(|counter| (counter.waited_s, counter.counted)).collect()
    }

    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        self.await_next(cx);
    }

    #[nexosim(schedulable)]
    fn enter(&mut self, _: (), cx: &Context<Self>) {
        let number = self.next;
        self.next += 1;
        self.await_next(cx);
        self.arrive(0, number, cx);
    }

    #[nexosim(schedulable)]
    fn finish(&mut self, (place, number): (u32, u32), cx: &Context<Self>) {
        let counter = &mut self.counters[place as usize];
        match counter.waiting.pop_front() {
            Some((next, since)) => self.serve(place, next, cx.time().duration_since(since), cx),
            None => counter.free_servers += 1,
        }
        if (place as usize) + 1 < self.counters.len() {
            self.arrive(place + 1, number, cx);
        }
    }

    fn await_next(&mut self, cx: &Context<Self>) {
        if self.next < self.people {
            let gap = Duration::from_secs_f64(self.gap_s.sample(&mut self.chance));
            // NeXosim takes no event at the present instant; its clock counts nanoseconds.
            cx.schedule_event(gap.max(Duration::from_nanos(1)), schedulable!(Self::enter), ())
                .expect("the gap is positive");
        }
    }

    fn arrive(&mut self, place: u32, number: u32, cx: &Context<Self>) {
        let counter = &mut self.counters[place as usize];
        if counter.free_servers > 0 {
            counter.free_servers -= 1;
            self.serve(place, number, Duration::ZERO, cx);
        } else {
            counter.waiting.push_back((number, cx.time()));
        }
    }

    fn serve(&mut self, place: u32, number: u32, waited: Duration, cx: &Context<Self>) {
        let counter = &mut self.counters[place as usize];
        if number >= self.warmup {
            counter.waited_s += waited.as_secs_f64();
            counter.counted += 1;
        }
        let service = Duration::from_secs_f64(counter.service_s.sample(&mut self.chance));
        cx.schedule_event(service.max(Duration::from_nanos(1)), schedulable!(Self::finish), (place, number))
            .expect("the service takes time");
    }
}
