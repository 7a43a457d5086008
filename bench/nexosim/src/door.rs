//! Where people come in.

use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::Output;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Exp};
use serde::{Deserialize, Serialize};

/// Sends people to the first station as a Poisson stream, until the last of them has come.
#[derive(Serialize, Deserialize)]
pub struct Door {
    /// The number of the person who comes, from 0 -- output port.
    pub person: Output<u32>,

    next: u32,
    people: u32,
    gap_s: Exp<f64>,
    chance: Xoshiro256PlusPlus,
}

#[Model]
impl Door {
    /// A door for so many people.
    pub fn new(arrivals_per_s: f64, people: u32, seed: u64) -> Self {
        Self {
            person: Output::default(),
            next: 0,
            people,
            gap_s: Exp::new(arrivals_per_s).expect("the rate is positive"),
            chance: Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_mul(16)),
        }
    }

    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        self.await_next(cx);
    }

    #[nexosim(schedulable)]
    async fn enter(&mut self, _: (), cx: &Context<Self>) {
        let number = self.next;
        self.next += 1;
        self.await_next(cx);
        self.person.send(number).await;
    }

    fn await_next(&mut self, cx: &Context<Self>) {
        if self.next < self.people {
            let gap = Duration::from_secs_f64(self.gap_s.sample(&mut self.chance));
            // NeXosim takes no event at the present instant; its clock counts nanoseconds.
            cx.schedule_event(gap.max(Duration::from_nanos(1)), schedulable!(Self::enter), ())
                .expect("the gap is positive");
        }
    }
}
