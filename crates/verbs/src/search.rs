//! Where the search for waves meets the rehearsal.

use crate::run::Run;
use ::plan::search::{Did, Free, Judge, Luck as For, Searched, searched};
use domain::{Plan, Scenario};
use rehearse::{Draws, Luck, Purpose, Trial};

/// Replications of the final word, at least.
const FINAL: u32 = 1_000;
/// Replications that plans are searched on, at most.
const SEARCHED: u32 = 32;

/// How a search is carried out.
pub struct Search<'a> {
    /// What it may change.
    pub free: Free,
    /// Threads of the trials.
    pub threads: usize,
    /// Told how far it is, from 0 to 1; says whether it goes on.
    pub goes_on: &'a mut dyn FnMut(f64) -> bool,
}

/// The best plan that is found around the pinned waves of a plan that is kept.
pub fn search(scenario: &Scenario, run: &Run<'_>, kept: Option<&Plan>, search: Search<'_>) -> Searched {
    let luck = Luck { seed: run.seed, purpose: Purpose::Choose };
    let mut judge = Rehearsals {
        run,
        draws: Draws::new(scenario, luck, 0..SEARCHED),
        trials: Vec::new(),
        threads: search.threads,
        goes_on: search.goes_on,
    };
    searched(scenario, kept, search.free, &mut judge)
}

struct Rehearsals<'a> {
    run: &'a Run<'a>,
    draws: Draws,
    /// Sites by how they are staffed.
    trials: Vec<(Vec<(usize, u32)>, Option<Trial>)>,
    threads: usize,
    goes_on: &'a mut dyn FnMut(f64) -> bool,
}

impl Judge for Rehearsals<'_> {
    fn judge(&mut self, scenario: &Scenario, plan: &Plan, luck: For) -> Did {
        match luck {
            For::Search(replications) => {
                let place = self.trials.iter().position(|(staff, _)| *staff == plan.staff);
                let place = place.unwrap_or_else(|| {
                    self.trials.push((plan.staff.clone(), Trial::new(scenario, self.threads)));
                    self.trials.len() - 1
                });
                match &mut self.trials[place].1 {
                    Some(trial) => {
                        let did = trial.run(plan, &self.draws, replications);
                        Did {
                            wait_p95_min: did.wait_p95_min,
                            wait_p95_upper_min: did.wait_p95_min,
                            done_97_min: did.done_97_min,
                            unserved: did.unserved,
                            caller_hours: did.caller_hours,
                        }
                    }
                    None => self.rehearsed(scenario, plan, Purpose::Choose, replications),
                }
            }
            For::Check(replications) => self.rehearsed(scenario, plan, Purpose::Check, replications),
            For::Final => {
                self.rehearsed(scenario, plan, Purpose::Confirm, self.run.trials.confirm.max(FINAL))
            }
        }
    }

    fn goes_on(&mut self, done: f64) -> bool {
        (self.goes_on)(done)
    }
}

impl Rehearsals<'_> {
    fn rehearsed(&self, scenario: &Scenario, plan: &Plan, purpose: Purpose, replications: u32) -> Did {
        let luck = Luck { seed: self.run.seed, purpose };
        let rehearsal = self.run.rehearsal(scenario, Some(plan));
        let caller_hours = rehearsal.caller_hours(luck, replications.min(SEARCHED));
        let figures = self.run.machine.run("progress.search", &rehearsal, luck, replications).0.figures();
        let p95 = figures.wait_min.p95.unwrap_or(0.0);
        Did {
            wait_p95_min: p95,
            wait_p95_upper_min: figures.wait_min.p95_ci95.map_or(p95, |limits| limits[1]),
            done_97_min: figures.done_97_min.unwrap_or(f64::NAN),
            unserved: figures.unserved + figures.left,
            caller_hours,
        }
    }
}
