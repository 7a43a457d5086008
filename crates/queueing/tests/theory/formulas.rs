//! The formulas themselves, against published values and cases that can be worked out by hand.

use queueing::theory::{cobham_waits, erlang_c, mg1_wait, mmc_wait, mmc_with_patience, mtg_infinity, mtmc};

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
}

#[test]
fn erlangs_c_is_what_can_be_worked_out_by_hand() {
    for load in [0.1, 0.5, 0.9] {
        near(erlang_c(1, load), load, 1e-14);
        let two: f64 = 2.0 * load;
        near(erlang_c(2, two), 2.0 * load * load / (1.0 + load), 1e-14);
    }
    // Three servers, two erlangs: (8/6 · 3) / (1 + 2 + 2 + 8/6 · 3).
    near(erlang_c(3, 2.0), 4.0 / 9.0, 1e-14);
}

#[test]
fn erlangs_c_meets_the_tables() {
    // Ten servers and eight erlangs: 0.409 in the tables of Erlang's second formula.
    near(erlang_c(10, 8.0), 0.409, 5e-4);
    near(erlang_c(5, 4.0), 0.554, 5e-4);
}

#[test]
fn a_single_server_waits_load_over_what_is_left() {
    near(mmc_wait(1, 0.08, 10.0), 40.0, 1e-12);
    near(mg1_wait(0.08, 10.0, 1.0), 40.0, 1e-12);
    near(mg1_wait(0.08, 10.0, 0.0), 20.0, 1e-12);
}

#[test]
fn priority_moves_waits_between_classes_and_makes_none() {
    for servers in [1, 2, 5] {
        let rates = [0.02, 0.03, 0.01].map(|rate| rate * f64::from(servers));
        let waits = cobham_waits(servers, &rates, 10.0);
        let total: f64 = rates.iter().sum();
        let mean = rates.iter().zip(&waits).map(|(rate, wait)| rate * wait).sum::<f64>() / total;
        near(mean, mmc_wait(servers, total, 10.0), 1e-10);
        assert!(waits.is_sorted());
    }
    // One server, loads 0.3 and 0.5: residual 8 over (1 · 0.7) and over (0.7 · 0.2).
    let waits = cobham_waits(1, &[0.03, 0.05], 10.0);
    near(waits[0], 8.0 / 0.7, 1e-12);
    near(waits[1], 8.0 / 0.14, 1e-12);
}

/// With patience as long as service each person leaves at the same rate, served or not: the number present is Poisson.
#[test]
fn patience_as_long_as_service_makes_a_poisson_number() {
    let a: f64 = 1.7;
    let one = mmc_with_patience(1, 0.17, 10.0, 10.0);
    near(one.queue, a - 1.0 + libm::exp(-a), 1e-12);
    near(one.gives_up, 1.0 - (1.0 - libm::exp(-a)) / a, 1e-12);
    near(one.wait_of_all, one.queue / 0.17, 1e-12);
}

#[test]
fn endless_patience_is_none() {
    let patient = mmc_with_patience(3, 0.24, 10.0, 1e9);
    near(patient.wait_of_all, mmc_wait(3, 0.24, 10.0), 1e-5);
    assert!(patient.gives_up < 1e-6);
}

#[test]
fn kolmogorovs_equations_settle_where_erlang_says() {
    let (present, long) = mtmc(2, &|_| 0.12, 10.0, 4_000.0, 120, 8_000);
    let queue = 0.12 * mmc_wait(2, 0.12, 10.0);
    near(present, queue + 1.2, 1e-6);
    // Once settled, the area grows by the queue's length a second.
    let (_, longer) = mtmc(2, &|_| 0.12, 10.0, 5_000.0, 120, 10_000);
    near((longer - long) / 1_000.0, queue, 1e-6);
}

#[test]
fn with_servers_for_all_kolmogorov_and_the_offered_load_agree() {
    let rate = |second: f64| if second < 600.0 { 0.5 } else { 0.1 };
    let longer_than = |seconds: f64| libm::exp(-seconds / 20.0);
    // By hand, before the rate changes: 0.5 · 20 · (1 − e^(−t/20)).
    near(mtg_infinity(&rate, &longer_than, 50.0, 5_000), 10.0 * (1.0 - libm::exp(-2.5)), 1e-5);
    let (present, waited) = mtmc(100, &rate, 20.0, 700.0, 101, 7_000);
    near(present, mtg_infinity(&rate, &longer_than, 700.0, 7_000), 1e-3);
    near(waited, 0.0, 1e-9);
}
