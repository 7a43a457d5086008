//! Pooled testing against published figures, against an independent reference, and against chance.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chance::{Cause, Chance, unit};
use proptest::prelude::*;
use screening::{Assay, Day, Dilution, DilutionProblem, Filling, Flow, Households, Tube, best, figures};

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
    let diluted =
        Assay { sensitivity: 0.9, specificity: 1.0, dilution: Dilution::new(&[(10.0, 0.8)]).unwrap() };
    let first = Filling::Strangers.figures(10, 0.0, &diluted).sensitivity.unwrap();
    assert!((first - 0.9 * 0.8 * 0.9).abs() < 1e-12, "the first positive is alone in a tube: {first}");
    let all = figures(&Tube::of_strangers(10, 1.0), &perfect());
    assert!((all.tests_per_person - 1.1).abs() < 1e-12 && all.sensitivity == Some(1.0));
}

/// As many households of one as of two, three to a tube. After a tube that began with one alone, another begins so in 3 of 8 cases, after
/// a pair in 1 of 4: x = 3 x / 8 + (1 - x) / 4, 2 of 7. So of 14 tubes one holds three who live alone, one two of them, seven one
/// and a pair, and five a pair alone: 36 people.
#[test]
fn ones_and_pairs_are_as_worked_out_by_hand() {
    let (outside, secondary) = (0.03, 0.4);
    let clean = 1.0 - outside;
    let pair = 2.0 * outside + secondary * 2.0 * (clean - clean * clean);
    let prevalence = (outside + pair) / 3.0;
    let tube = Households::new(&[9, 9], secondary).unwrap().tubes(3, prevalence);
    let found = figures(&tube, &perfect());
    assert!((found.tubes_per_person - 14.0 / 36.0).abs() < 1e-12, "{found:?}");
    let recalled = (2.0 * (1.0 - clean * clean * clean) + (1.0 - clean * clean)) / 3.0;
    assert!((found.recalls_per_1000 / 1_000.0 - recalled).abs() < 1e-12, "{found:?}");
    assert!((found.sensitivity.unwrap() - 1.0).abs() < 1e-12);
}

/// What tubes come to when households are drawn one after the other.
struct Drawn {
    people: f64,
    tubes: f64,
    recalled: f64,
    found: f64,
    positives: f64,
}

/// Draws households and fills so many tubes as the library says it does: none divided, who does not fit begins the next.
fn drawn(numbers: &[u64], outside: f64, secondary: f64, size: usize, assay: &Assay, tubes: f64) -> Drawn {
    let chance = Chance::new(3, 0, 0);
    let mut next = 0;
    let mut luck = || {
        next += 1;
        unit(chance.word(Cause::Household, next, 0))
    };
    let all: u64 = numbers.iter().sum();
    let mut sum = Drawn { people: 0.0, tubes: 0.0, recalled: 0.0, found: 0.0, positives: 0.0 };
    let mut told = |persons: usize, positives: usize| {
        let told = assay.tells(persons as u32, positives as u32);
        let alone = if persons == 1 { 1.0 } else { assay.tells(1, 1) };
        sum.tubes += 1.0;
        sum.people += persons as f64;
        sum.positives += positives as f64;
        sum.recalled += if persons == 1 { 0.0 } else { told * persons as f64 };
        sum.found += told * positives as f64 * alone;
        sum.tubes < tubes
    };
    let (mut open, mut open_positives) = (0, 0);
    loop {
        let mut which = (luck() * all as f64) as u64;
        let place = numbers.iter().position(|&number| {
            let here = which < number;
            which = which.saturating_sub(number);
            here
        });
        let mut infected: Vec<bool> = (0..place.unwrap() + 1).map(|_| luck() < outside).collect();
        let any = infected.contains(&true);
        infected.iter_mut().for_each(|is| *is |= any && luck() < secondary);
        let positives = |of: &[bool]| of.iter().filter(|is| **is).count();
        while infected.len() >= size {
            let own = infected.split_off(infected.len() - size);
            told(size, positives(&own));
        }
        if open + infected.len() > size {
            if !told(open, open_positives) {
                return sum;
            }
            (open, open_positives) = (0, 0);
        }
        open += infected.len();
        open_positives += positives(&infected);
    }
}

/// 200,000 tubes of each kind, drawn, against the exact figures: within four standard errors of what varies most.
#[test]
fn households_in_one_tube_are_as_chance_has_them() {
    let diluted =
        Assay { sensitivity: 0.95, specificity: 0.99, dilution: Dilution::new(&[(5.0, 0.8)]).unwrap() };
    for (numbers, outside, secondary, size, assay) in [
        (&[30, 35, 20, 10, 0, 5][..], 0.01, 0.4, 5, &diluted),
        (&[30, 35, 20, 10, 0, 5], 0.01, 0.4, 10, &diluted),
        (&[30, 35, 20, 10, 0, 5], 0.02, 0.0, 10, &perfect()),
        (&[0, 0, 7], 0.005, 0.9, 2, &diluted),
        (&[1, 0, 0, 0, 1], 0.05, 0.2, 7, &diluted),
    ] {
        const TUBES: f64 = 200_000.0;
        let found = drawn(numbers, outside, secondary, size, assay, TUBES);
        let people: f64 = (1..).zip(numbers).map(|(people, &number)| f64::from(people) * number as f64).sum();
        let infected: f64 = (1..)
            .zip(numbers)
            .map(|(people, &number)| {
                let (people, spared) = (f64::from(people), 1.0 - outside);
                number as f64 * people * (outside + secondary * (spared - libm::pow(spared, people)))
            })
            .sum();
        let prevalence = infected / people;
        let tube = Households::new(numbers, secondary).unwrap().tubes(size as u32, prevalence);
        let persons: f64 = tube.0.iter().map(|tube| tube.a_person * f64::from(tube.persons)).sum();
        assert!((persons - 1.0).abs() < 1e-12, "everybody is in one tube: {persons}");
        assert!((tube.prevalence() - prevalence).abs() < 1e-12, "{} {prevalence}", tube.prevalence());
        let exact = figures(&tube, assay);
        let sd = 4.0 / libm::sqrt(TUBES);
        let near = |name: &str, drawn: f64, exact: f64, off: f64| {
            assert!((drawn - exact).abs() < off, "{numbers:?} in {size}: {name} {drawn} {exact}");
        };
        near(
            "tubes a person",
            found.tubes / found.people,
            exact.tubes_per_person,
            sd * exact.tubes_per_person,
        );
        let recalled = exact.recalls_per_1000 / 1_000.0;
        near("recalled", found.recalled / found.people, recalled, sd * libm::sqrt(recalled));
        let sensitivity = exact.sensitivity.unwrap();
        let off = 4.0 / libm::sqrt(found.positives / 2.0);
        near(
            "found",
            found.found / found.positives,
            sensitivity,
            off * (1.0 - sensitivity * sensitivity).max(0.1),
        );
    }
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
    // (4,000 × 10 s + 400 × 15 s) / 8 at the table; 400 tubes take the laboratory four hours, and the first is full in a minute.
    assert!((hours.sampling_h - 46_000.0 / 8.0 / 3_600.0).abs() < 1e-9);
    assert!((hours.first_h - 10.0).abs() < 1.0 / 60.0 && hours.all_h == hours.first_h);
    // Of 400 tubes 0.00995 each are told positive: 39.8 people come again, while others' first tubes are still tested. The last of all
    // hears of it after six hours, and comes after two.
    let some = day.hours(&figures(&Tube::of_strangers(10, 0.001), &perfect()));
    assert!((some.first_h - 10.0).abs() < 0.02 && (some.second_h - 8.0).abs() < 0.02, "{some:?}");
    assert!((some.recall_chance - (1.0 - libm::pow(0.999, 4_000.0))).abs() < 1e-12);
    assert_eq!(some.all_h, some.first_h + some.recall_chance * some.second_h);
    // At 5 % 1,605 come again, who take the laboratory sixteen hours: longer than it takes them to come.
    let many = day.hours(&figures(&Tube::of_strangers(10, 0.05), &perfect()));
    let again = 4_000.0 * (1.0 - libm::pow(0.95, 10.0));
    // It has tested the 400 after 4 hours, stands idle until the first come back after 8, and ends when all are tested.
    assert!((many.all_h - (8.0 + again / 100.0 + 6.0)).abs() < 0.1, "{many:?}");
    // One in a million: on 4 of 1,000 days somebody is called again, with nine others.
    let seldom = day.hours(&figures(&Tube::of_strangers(10, 1e-6), &perfect()));
    assert!((seldom.recall_chance - 0.004).abs() < 1e-5 && (seldom.second_h - 8.0).abs() < 0.2, "{seldom:?}");

    // Who comes in two crowds: 1,000 in the first hour, 3,000 in the last of ten. The laboratory waits for the second.
    let mut people = [0.0; 10];
    (people[0], people[9]) = (1_000.0, 3_000.0);
    let crowds = day.hours_after(Flow { people: &people, from_h: 1.0, step_h: 1.0 }, &tens);
    assert!(
        (crowds.sampling_h - 10.0).abs() + (crowds.first_h - (10.0 + 3.0 + 6.0)).abs() < 1e-9,
        "{crowds:?}"
    );
    let slow = Day { lab_tubes_per_hour: 30.0, ..day };
    let crowds = slow.hours_after(Flow { people: &people, from_h: 1.0, step_h: 1.0 }, &tens);
    assert!((crowds.first_h - (10.0 + 10.0 + 6.0)).abs() < 1e-9, "{}", crowds.first_h);
    let free = Day { lab_tubes_per_hour: f64::INFINITY, ..day };
    assert!((free.hours(&tens).first_h - (46_000.0 / 8.0 / 3_600.0 + 6.0)).abs() < 1e-9);
}

proptest! {
    /// Without second visits the laboratory ends when its last unbroken run of work does: from some moment on, the tubes that still
    /// come over its pace. With them nothing ends sooner.
    #[test]
    fn a_laboratory_ends_with_its_last_run_of_work(
        people in proptest::collection::vec(0u32..200, 1..300),
        tubes_per_hour in 1.0..2_000.0f64,
        size in 1u32..30,
    ) {
        let people: Vec<f64> = people.into_iter().map(f64::from).collect();
        let flow = Flow { people: &people, from_h: 0.5, step_h: 1.0 / 60.0 };
        let day = Day {
            people: 0.0,
            samplers: 10.0,
            swab_s: 20.0,
            change_s: 10.0,
            lab_tubes_per_hour: tubes_per_hour,
            turnaround_h: 4.0,
            return_h: 2.0,
        };
        let nobody = figures(&Tube::of_strangers(size, 0.0), &perfect());
        let runs = (0..people.len()).filter(|&from| people[from] > 0.0).map(|from| {
            let tubes = people[from..].iter().sum::<f64>() / f64::from(size);
            0.5 + from as f64 / 60.0 + tubes / tubes_per_hour
        });
        let ends = runs.fold(0.0, f64::max);
        let found = day.hours_after(flow, &nobody);
        // A day is looked at in about 5,000 steps, each of whole minutes: its people's, its laboratory's work, and the way back.
        let everybody = people.iter().sum::<f64>();
        let step_with = |tested: f64| {
            let minutes = people.len() as f64 + 60.0 * (tested / tubes_per_hour + 6.0);
            (minutes / 5_000.0).ceil() / 60.0
        };
        let step = step_with(everybody / f64::from(size));
        if people.iter().any(|&people| people > 0.0) {
            prop_assert!((found.first_h - ends - 4.0).abs() <= 1.01 * step, "{} {}", found.first_h, ends);
        }
        let calls = figures(&Tube::of_strangers(size, 0.02), &perfect());
        let some = day.hours_after(flow, &calls);
        prop_assert!(some.first_h >= found.first_h - 1.01 * step && some.second_h >= 0.0);
        if size > 1 && some.recall_chance > 0.0 {
            let again = calls.recalls_per_1000 / 1_000.0 / some.recall_chance;
            let step = step_with(everybody * (1.0 / f64::from(size) + again));
            prop_assert!(some.second_h >= 6.0 - 2.0 * step, "{some:?}");
        }
    }
}
