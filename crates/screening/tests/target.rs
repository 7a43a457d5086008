//! Forecasts against series whose future is known, and what must hold for any policy.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use screening::{
    target::{Forecast, Goal, Policy, SETS, Step, Tracker, backtest, forecast, quantile},
    transmission::{Effect, Screening},
};

const GOAL: Goal = Goal { at_most: 0.0, days: 3 };

fn learned(cases: &[Option<f64>], seed: u64) -> Tracker {
    let mut tracker = Tracker::new(SETS[0], 0, Screening::default(), cases, seed);
    cases.iter().for_each(|cases| tracker.learn(*cases));
    tracker
}

fn wave() -> Vec<Option<f64>> {
    (0..40).map(|day| Some((40.0 * libm::exp(0.1 * f64::from(day.min(60 - day)))).round())).collect()
}

/// Series that the model itself makes after the same two weeks: what it then says of them a week ahead must be right as often as it says.
#[test]
fn bands_hold_as_many_series_of_the_model_s_own_making_as_they_say() {
    let beginning: Vec<Option<f64>> = wave()[..14].to_vec();
    let made = forecast(&learned(&beginning, 3), &Policy::default(), 27, 120);
    let (mut within_90, mut within_50) = (0, 0);
    for (number, path) in (0_u64..).zip(made.paths()) {
        let known: Vec<Option<f64>> =
            beginning.iter().copied().chain(path[..20].iter().map(|cases| Some(*cases))).collect();
        let ahead = forecast(&learned(&known, 100 + number), &Policy::default(), 7, 1_000).on(6);
        let within = |low, high| (quantile(&ahead, low)..=quantile(&ahead, high)).contains(&path[26]);
        within_90 += usize::from(within(0.05, 0.95));
        within_50 += usize::from(within(0.25, 0.75));
    }
    println!("of 120: {within_90} within 90 %, {within_50} within 50 %");
    // Three standard errors; at few cases a band of whole numbers holds more.
    assert!((98..=120).contains(&within_90), "{within_90}");
    assert!((44..=85).contains(&within_50), "{within_50}");
}

#[test]
fn a_steady_decline_is_carried_on() {
    let cases: Vec<Option<f64>> =
        (0..40).map(|day| Some((4_000.0 * libm::exp(-0.08 * f64::from(day))).round())).collect();
    let median = forecast(&learned(&cases, 1), &Policy::default(), 7, 4_000).quantiles(6, [0.5])[0];
    let came = 4_000.0 * libm::exp(-0.08 * 46.0);
    assert!((0.8..1.3).contains(&(median / came)), "{median} for {came}");
}

#[test]
fn unknown_days_teach_nothing_and_stop_nothing() {
    let mut cases = wave();
    cases[20] = None;
    cases[33] = None;
    let [low, median, high] =
        forecast(&learned(&cases, 1), &Policy::default(), 7, 4_000).quantiles(0, [0.05, 0.5, 0.95]);
    let whole = forecast(&learned(&wave(), 1), &Policy::default(), 7, 4_000).quantiles(0, [0.5])[0];
    assert!(
        low < whole && whole < high && (median / whole - 1.0).abs() < 0.2,
        "{low} {median} {high}, {whole}"
    );
}

#[test]
fn better_screening_and_fewer_contacts_reach_the_target_no_later() {
    let cases: Vec<Option<f64>> =
        (0..30).map(|day| Some((60.0 * libm::exp(-0.09 * f64::from(day))).round())).collect();
    let now = Screening { interval_days: 3.0, participation: 0.9, ..Screening::default() };
    let mut tracker = Tracker::new(SETS[0], 0, now, &cases, 1);
    cases.iter().for_each(|cases| tracker.learn(*cases));
    let reached = |screening: Screening, contacts: f64| {
        let policy = Policy(vec![Step { from: 1, screening, contacts }]);
        let lived = forecast(&tracker, &policy, 30, 4_000);
        lived.reached(&GOAL, GOAL.kept(&cases))
    };
    let held = forecast(&tracker, &Policy::default(), 30, 4_000).reached(&GOAL, GOAL.kept(&cases));
    assert_eq!(reached(now, 1.0), held);
    assert!(held.windows(2).all(|pair| pair[0] <= pair[1]));
    let day = 20;
    for (better, contacts) in [
        (Screening { interval_days: 1.0, ..now }, 1.0),
        (Screening { delay_days: 0.0, ..now }, 1.0),
        (now, 0.5),
    ] {
        assert!(reached(better, contacts)[day] > held[day] + 0.01, "{better:?} {contacts}");
    }
    assert!(reached(now, 2.0)[day] < held[day] - 0.05);
    assert!(reached(Screening { interval_days: 14.0, ..now }, 1.0)[day] < held[day]);
}

#[test]
fn the_same_seed_gives_the_same_forecast_and_another_one_another() {
    let of = |seed| -> Forecast { forecast(&learned(&wave(), seed), &Policy::default(), 10, 200) };
    let paths = |one: &Forecast| one.paths().map(<[f64]>::to_vec).collect::<Vec<_>>();
    assert_eq!(paths(&of(4)), paths(&of(4)));
    assert_ne!(paths(&of(4)), paths(&of(5)));
}

/// Twenty a day are taken off the week before day 30 by a correction that is known on its evening only.
#[test]
fn a_back_test_sees_nothing_of_what_comes_later() {
    let mut came = wave();
    came[30] = None;
    came[23..30].iter_mut().flatten().for_each(|cases| *cases -= 20.0);
    let known_on = |day: usize| -> Vec<Option<f64>> {
        let told = if day < 30 { wave() } else { came.clone() };
        told[..=day].to_vec()
    };
    let scores = |came: &[Option<f64>], known_on: &dyn Fn(usize) -> Vec<Option<f64>>| {
        backtest(came, known_on, Screening::default(), &GOAL, 1, &mut |_| {})
    };
    let honest = scores(&came, &known_on);
    // What is known now of days before the first forecast is neither learned nor held against anything.
    let mut garbled = came.clone();
    garbled[..14].fill(Some(9_999.0));
    assert_eq!(scores(&garbled, &known_on), honest);
    // Who knew the correction from the beginning would have scored otherwise.
    let hindsight = scores(&came, &|day| came[..=day].to_vec());
    assert_ne!(hindsight.counts, honest.counts);
    assert_eq!(honest.counts[0].forecasts, 25);
}

#[test]
fn numbers_that_no_path_foretold_are_known_by_the_paths_that_are_left() {
    let mut quiet: Vec<Option<f64>> = (0..24).map(|day| Some(f64::from(2 + day % 2))).collect();
    assert!(learned(&quiet, 1).effective_paths() > 100.0);
    assert!(learned(&wave(), 1).effective_paths() > 100.0);
    quiet.push(Some(900.0));
    assert!(learned(&quiet, 1).effective_paths() < 20.0);
}

#[test]
fn a_gap_of_years_ends_and_leaves_numbers() {
    let mut cases = vec![Some(3.0)];
    cases.extend(vec![None; 700]);
    cases.extend(wave());
    let ahead = forecast(&learned(&cases, 1), &Policy::default(), 7, 200).on(6);
    assert!(ahead.iter().all(|cases| cases.is_finite()));
}

/// Beyond the longest interval people's turn comes after an infection is over: twice the interval is half of them.
#[test]
fn testing_everybody_in_eight_weeks_is_half_of_testing_them_in_four() {
    let of = |interval_days| {
        let screening = Screening { interval_days, ..Screening::default() };
        Effect::of(&screening, &SETS[0].infection()).reduction()
    };
    assert!((of(56.0) / of(28.0) - 0.5).abs() < 0.02, "{} {}", of(56.0), of(28.0));
}
