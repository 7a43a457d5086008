//! A queue with a number of servers.

use std::collections::VecDeque;
use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::Output;
use nexosim::time::MonotonicTime;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Exp};
use serde::{Deserialize, Serialize};

/// Serves in order of arrival and adds up how long people waited.
#[derive(Serialize, Deserialize)]
pub struct Station {
    /// The number of the person who leaves -- output port.
    pub person: Output<u32>,

    free_servers: u32,
    service_s: Exp<f64>,
    waiting: VecDeque<(u32, MonotonicTime)>,
    warmup: u32,
    waited_s: f64,
    counted: u64,
    chance: Xoshiro256PlusPlus,
}

#[Model]
impl Station {
    /// A station that leaves the first `warmup` people out of its waits.
    pub fn new(servers: u32, mean_s: f64, warmup: u32, seed: u64) -> Self {
        Self {
            person: Output::default(),
            free_servers: servers,
            service_s: Exp::new(1.0 / mean_s).expect("the mean is positive"),
            waiting: VecDeque::new(),
            warmup,
            waited_s: 0.0,
            counted: 0,
            chance: Xoshiro256PlusPlus::seed_from_u64(seed),
        }
    }

    /// A person comes -- input port.
    pub fn arrive(&mut self, number: u32, cx: &Context<Self>) {
        if self.free_servers > 0 {
            self.free_servers -= 1;
            self.serve(number, Duration::ZERO, cx);
        } else {
            self.waiting.push_back((number, cx.time()));
        }
    }

    /// Sum of waits in seconds, and of how many people -- replier.
    pub async fn waits(&mut self) -> (f64, u64) {
        (self.waited_s, self.counted)
    }

    #[nexosim(schedulable)]
    async fn finish(&mut self, number: u32, cx: &Context<Self>) {
        match self.waiting.pop_front() {
            Some((next, since)) => self.serve(next, cx.time().duration_since(since), cx),
            None => self.free_servers += 1,
        }
        self.person.send(number).await;
    }

    fn serve(&mut self, number: u32, waited: Duration, cx: &Context<Self>) {
        if number >= self.warmup {
            self.waited_s += waited.as_secs_f64();
            self.counted += 1;
        }
        let service = Duration::from_secs_f64(self.service_s.sample(&mut self.chance));
        // NeXosim takes no event at the present instant; its clock counts nanoseconds.
        cx.schedule_event(service.max(Duration::from_nanos(1)), schedulable!(Self::finish), number)
            .expect("the service takes time");
    }
}
