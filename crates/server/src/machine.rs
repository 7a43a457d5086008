//! Rehearsals on this machine, and how many of them at a time.

use crate::problem::Fault;
use axum::http::StatusCode;
use cpu_time::ProcessTime;
use domain::Moment;
use jiff::{civil::DateTime, tz::TimeZone};
use rehearse::Progress;
use std::{sync::Arc, thread, time::Instant};
use tokio::{sync::Semaphore, task::spawn_blocking};
use verbs::{Cost, Machine, Work};

/// All processors.
#[derive(Clone, Copy, Debug)]
pub struct Processors;

impl Machine for Processors {
    /// CPU time is that of the whole program: what is computed at the same time for somebody else is in it.
    fn watch(&self, _: &'static str, _: u64, work: &mut Work<'_>) -> Cost {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let (cpu, wall) = (ProcessTime::now(), Instant::now());
        let people = work(threads, &Progress::default());
        Cost::new(people, cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64())
    }
}

/// A time of day in an IANA time zone as a moment of the world; `None` if the zone is not one that we know. The tables are
/// in the binary.
pub fn zones(name: &str, at: DateTime) -> Option<Moment> {
    Some(Moment::from(TimeZone::get(name).ok()?.to_timestamp(at).ok()?))
}

/// Who computes, and who waits for a turn.
#[derive(Clone, Debug)]
pub struct Turns {
    computing: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Turns {
    /// With so many at one time, and so many that compute or wait.
    pub fn new(computing: usize, or_waiting: usize) -> Turns {
        Turns {
            computing: Arc::new(Semaphore::new(computing)),
            waiting: Arc::new(Semaphore::new(or_waiting)),
        }
    }

    /// Computes when it is its turn. Whoever asked may be gone by then: work that has begun ends, other work never begins.
    ///
    /// # Errors
    /// Too many wait already, or what the work refuses.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let busy = |_| Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy");
        let place = self.waiting.clone().try_acquire_owned().map_err(busy)?;
        let turn = self.computing.clone().acquire_owned().await.expect("it is never closed");
        aside(move || {
            let _held = (place, turn);
            work()
        })
        .await
    }
}

/// Does what blocks, disk or computation, off the threads that serve.
///
/// # Errors
/// What the work refuses; a panic in it is a fault of ours, and ends this request alone.
pub async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let broken = |_| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "broken");
    spawn_blocking(work).await.map_err(broken)?
}
