//! Pooled testing against published figures, against an independent reference, and against chance.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chance::{Cause, Chance, unit};
use proptest::prelude::*;
use screening::{Assay, Day, Dilution, DilutionProblem, Households, Tube, best, figures};

fn perfect() -> Assay {
    Assay { sensitivity: 1.0, specificity: 1.0, dilution: Dilution::default() }
}

fn tests_per_person(size: u32, prevalence: f64, assay: &Assay) -> f64 {
    figures(&Tube::of_strangers(size, prevalence), assay).tests_per_person
}

/// Best sizes of 1 to 150 and their tests per person: Dorfman (1943) for perfect tests; the last as the vignette of the R
/// package binGroup2 has it, for a sensitivity and specificity of 0.99.
#[test]
fn the_best_sizes_are_the_published_ones() {
    let flawed = Assay { sensitivity: 0.99, specificity: 0.99, dilution: Dilution::default() };
    for (assay, prevalence, size, tests) in [
        (perfect(), 0.0001, 101, 0.0200),
        (perfect(), 0.0005, 45, 0.0445),
        (perfect(), 0.001, 32, 0.0628),
        (perfect(), 0.005, 15, 0.1391),
        (perfect(), 0.01, 11, 0.1956),
        (perfect(), 0.02, 8, 0.2742),
        (perfect(), 0.05, 5, 0.4262),
        (perfect(), 0.1, 4, 0.5939),
        (flawed, 0.01, 11, 0.2035),
    ] {
        let each: Vec<f64> = (1..=150).map(|size| tests_per_person(size, prevalence, &assay)).collect();
        let place = best(each.iter().copied()).unwrap();
        assert_eq!(place + 1, size, "{prevalence}");
        assert!((each[place] - tests).abs() < 5e-5, "{prevalence}: {}", each[place]);
    }
}

#[test]
fn an_independent_reference_agrees_on_500_cases() {
    let dilution = |rows: &[(f64, f64)]| Dilution::new(rows).unwrap();
    let assays = [
        (1.0, 1.0, dilution(&[])),
        (0.99, 0.99, dilution(&[])),
        (0.9, 0.999, dilution(&[])),
        (0.95, 0.995, dilution(&[(4.0, 0.98), (16.0, 0.9), (64.0, 0.7)])),
        (0.8, 1.0, dilution(&[(2.0, 0.99), (10.0, 0.85), (100.0, 0.5)])),
    ];
    let assays =
        assays.map(|(sensitivity, specificity, dilution)| Assay { sensitivity, specificity, dilution });
    let mut cases = 0;
    for line in include_str!("pools/reference.csv").lines().skip(1) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let found = figures(&Tube::of_strangers(cells[1] as u32, cells[0]), &assays[cells[2] as usize]);
        let ours = [
            found.tests_per_person,
            found.sensitivity.unwrap(),
            found.recalls_per_1000,
            found.false_positives_per_1000,
        ];
        for (ours, wanted) in ours.into_iter().zip(&cells[3..]) {
            assert!((ours - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{line}: {ours}");
        }
        cases += 1;
    }
    assert_eq!(cases, 500);
}

#[test]
fn one_alone_needs_no_second_test() {
    let assay = Assay { sensitivity: 0.9, specificity: 0.98, dilution: Dilution::default() };
    let alone = figures(&Tube::of_strangers(1, 0.2), &assay);
    assert_eq!((alone.tests_per_person, alone.recalls_per_1000), (1.0, 0.0));
    assert!((alone.sensitivity.unwrap() - 0.9).abs() < 1e-12);
    assert!((alone.false_positives_per_1000 - 16.0).abs() < 1e-9);
    assert!((alone.missed_per_1000 - 20.0).abs() < 1e-9);
}

#[test]
fn where_nobody_is_positive_nothing_can_be_missed() {
    let none = figures(&Tube::of_strangers(10, 0.0), &perfect());
    assert_eq!((none.sensitivity, none.tests_per_person), (None, 0.1));
    let all = figures(&Tube::of_strangers(10, 1.0), &perfect());
    assert!((all.tests_per_person - 1.1).abs() < 1e-12 && all.sensitivity == Some(1.0));
}

/// Households and tubes drawn one after the other, 200,000 tubes, against the exact figures.
#[test]
fn households_in_one_tube_are_as_chance_has_them() {
    let numbers = [30, 35, 20, 10, 0, 5];
    let (prevalence, secondary, size) = (0.02, 0.4, 5);
    let assay =
        Assay { sensitivity: 0.95, specificity: 0.99, dilution: Dilution::new(&[(5.0, 0.8)]).unwrap() };
    let tube = Households::new(&numbers, secondary).unwrap().tubes(size, prevalence);
    assert!((tube.prevalence() - prevalence).abs() < 1e-12, "{}", tube.prevalence());
    let persons: f64 = tube.0.iter().map(|tube| tube.a_person * f64::from(tube.persons)).sum();
    assert!((persons - 1.0).abs() < 1e-12, "everybody is in one tube: {persons}");

    // The share infected from outside that gives this prevalence, by halving on the drawn law's mean.
    let mean = |outside: f64| -> (f64, f64) {
        let parts = numbers.iter().enumerate().map(|(place, &number)| {
            let (people, number) = (place as f64 + 1.0, number as f64);
            let spared = 1.0 - outside;
            let infected = people * (outside + secondary * (spared - libm::pow(spared, people)));
            (number * infected, number * people)
        });
        parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
    };
    let (mut low, mut high) = (0.0, prevalence);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let (infected, people) = mean(middle);
        if infected / people < prevalence { low = middle } else { high = middle }
    }
    let mut next = 0;
    let chance = Chance::new(3, 0, 0);
    let mut drawn = || {
        next += 1;
        unit(chance.word(Cause::Household, next, 0))
    };
    let (mut people, mut tests, mut tubes) = (0.0, 0.0, 0u32);
    let mut told = |persons: u32, positives: u32| {
        tubes += 1;
        people += f64::from(persons);
        let again = if persons > 1 { assay.tells(persons, positives) * f64::from(persons) } else { 0.0 };
        tests += 1.0 + again;
        tubes
    };
    let (mut open, mut open_positives) = (0, 0);
    loop {
        let mut which = (drawn() * 100.0) as u64;
        let place = numbers.iter().position(|&number| {
            let here = which < number;
            which = which.saturating_sub(number);
            here
        });
        let household = place.unwrap() + 1;
        let infected: Vec<bool> = (0..household).map(|_| drawn() < low).collect();
        let any = infected.contains(&true);
        let mut infected: Vec<bool> =
            infected.into_iter().map(|from| from || (any && drawn() < secondary)).collect();
        while infected.len() >= size as usize {
            let own = infected.split_off(infected.len() - size as usize);
            told(size, own.iter().filter(|&&is| is).count() as u32);
        }
        let (rest, positives) = (infected.len() as u32, infected.iter().filter(|&&is| is).count() as u32);
        if open + rest > size {
            if told(open, open_positives) > 200_000 {
                break;
            }
            (open, open_positives) = (0, 0);
        }
        open += rest;
        open_positives += positives;
    }
    let exact = figures(&tube, &assay).tests_per_person;
    assert!((tests / people - exact).abs() < 0.002, "{} {exact}", tests / people);
}

proptest! {
    /// Households of one person are strangers; and so are those who pass nothing on, where they fit without a gap.
    #[test]
    fn strangers_are_households_of_one(size in 1u32..40, prevalence in 0.0001..0.9f64, secondary in 0.0..1.0f64) {
        let assay = Assay { sensitivity: 0.9, specificity: 0.97, dilution: Dilution::new(&[(64.0, 0.5)]).unwrap() };
        let strangers = figures(&Tube::of_strangers(size, prevalence), &assay);
        let ones = figures(&Households::new(&[7], secondary).unwrap().tubes(size, prevalence), &assay);
        let pairs = figures(&Households::new(&[0, 3], 0.0).unwrap().tubes(2 * size, prevalence), &assay);
        let twice = figures(&Tube::of_strangers(2 * size, prevalence), &assay);
        prop_assert!((strangers.tests_per_person - ones.tests_per_person).abs() < 1e-9);
        prop_assert!((strangers.sensitivity.unwrap() - ones.sensitivity.unwrap()).abs() < 1e-9);
        prop_assert!((pairs.tests_per_person - twice.tests_per_person).abs() < 1e-9);
    }

    /// Whoever is infected at home is in the same tube: fewer tubes are positive than with strangers.
    #[test]
    fn who_falls_ill_together_costs_fewer_tests(size in 4u32..30, prevalence in 0.001..0.1f64, secondary in 0.1..0.9f64) {
        let together = |secondary: f64| {
            let tubes = Households::new(&[2, 5, 3, 1], secondary).unwrap().tubes(size, prevalence);
            figures(&tubes, &perfect()).tests_per_person
        };
        prop_assert!(together(secondary) < together(0.0));
    }
}

#[test]
fn a_dilution_that_cannot_be_names_all_its_rows() {
    let rows = [(0.5, 1.0), (2.0, 0.9), (4.0, 1.2), (2.0, 0.8), (8.0, 0.85), (f64::NAN, 0.1)];
    let problems = Dilution::new(&rows).unwrap_err();
    let wanted = [
        DilutionProblem::Times(0),
        DilutionProblem::Share(2),
        DilutionProblem::Order(3),
        DilutionProblem::Rises(4),
        DilutionProblem::Times(5),
    ];
    assert_eq!(problems, wanted);
}

/// 4,000 people, 8 samplers, 10 s a swab and 15 s a change, 100 tubes an hour: worked out by hand.
#[test]
fn a_day_is_as_long_as_its_slowest_part() {
    let day = Day {
        people: 4_000.0,
        samplers: 8.0,
        swab_s: 10.0,
        change_s: 15.0,
        lab_tubes_per_hour: 100.0,
        turnaround_h: 6.0,
        return_h: 2.0,
    };
    let tens = figures(&Tube::of_strangers(10, 0.0), &perfect());
    let hours = day.hours(&tens);
    // (4,000 × 10 s + 400 × 15 s) / 8 at the table; 400 tubes take the laboratory four hours.
    assert!((hours.sampling_h - 46_000.0 / 8.0 / 3_600.0).abs() < 1e-12);
    assert!((hours.first_h - 10.0).abs() < 1e-12 && hours.all_h == hours.first_h);
    let some = day.hours(&figures(&Tube::of_strangers(10, 0.001), &perfect()));
    assert!(some.all_h > some.first_h + 8.0);
}
