//! The engines against theory: within three standard errors, between replications on fixed seeds, at ten million people
//! a case and with twenty relaxation times left out. `--nocapture` prints what was found; `docs/verification.md` keeps it.

#![allow(clippy::print_stdout, reason = "the table of findings is for reading")]

mod cases;
mod families;
mod formulas;
mod lab;

use lab::{Finding, HEAD};
use queueing::Engine;

fn judge(findings: Vec<Finding>) {
    let rows: Vec<String> = findings.iter().map(Finding::row).collect();
    println!("{HEAD}\n{}", rows.join("\n"));
    let wrong: Vec<String> = findings.iter().filter(|finding| !finding.agrees()).map(Finding::row).collect();
    assert!(wrong.is_empty(), "more than three standard errors off:\n{}", wrong.join("\n"));
}

#[test]
fn the_fifo_engine_waits_as_erlang_says() {
    judge(families::mmc_fifo());
}

#[test]
fn the_event_engine_waits_as_erlang_says() {
    judge(families::mmc_event());
}

#[test]
fn services_of_any_law_wait_as_pollaczek_and_khinchine_say() {
    judge(families::mg1());
}

#[test]
fn stations_in_series_wait_as_if_each_stood_alone() {
    judge(families::series());
}

#[test]
fn priority_shortens_and_lengthens_waits_as_cobham_says() {
    judge(families::priority());
}

#[test]
fn impatient_people_give_up_as_often_as_the_birth_and_death_equations_say() {
    judge(families::impatience());
}

#[test]
fn a_day_that_varies_follows_its_offered_load_and_kolmogorovs_equations() {
    judge(families::varying());
}

/// The criterion can fail: a service one per cent longer than simulated is noticed.
#[test]
fn a_theory_one_per_cent_wrong_is_found_out() {
    let mut finding = cases::mmc(2, 0.8, Engine::Fifo).remove(0);
    assert!(finding.agrees(), "{}", finding.row());
    for wrong_service in [9.9, 10.1] {
        finding.theory = queueing::theory::mmc_wait(2, 0.16, wrong_service);
        assert!(!finding.agrees(), "{}", finding.row());
    }
}
