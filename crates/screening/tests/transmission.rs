//! Screening's effect on transmission against published figures, and what must hold for any way of screening.

use proptest::prelude::*;
use screening::transmission::{Effect, Infection, Screening};

fn reduction(screening: Screening) -> f64 {
    100.0 * Effect::of(&screening, &Infection::default()).reduction()
}

/// Reductions of R in percent, PCR and perfect participation: delay in days, then every 1, 3 and 7 days.
const PUBLISHED: [(f64, [f64; 3]); 3] =
    [(0.0, [100.0, 89.0, 53.0]), (1.0, [95.0, 72.0, 40.0]), (2.0, [73.0, 51.0, 27.0])];

#[test]
fn reductions_of_r_are_those_of_the_paper_s_model() {
    for (delay_days, wanted) in PUBLISHED {
        for (interval_days, wanted) in [1.0, 3.0, 7.0].into_iter().zip(wanted) {
            let found = reduction(Screening { interval_days, delay_days, ..Screening::default() });
            println!("every {interval_days} days, delay {delay_days}: {found:.2} % ({wanted})");
            assert!(
                (found - wanted).abs() <= 1.0,
                "every {interval_days}, delay {delay_days}: {found} for {wanted}"
            );
        }
    }
}

/// The paper's notebook: every 5 days at a limit of 10⁶ leaves 1.06 of 2.5 by the baseline without screening.
#[test]
fn an_antigen_test_every_five_days_leaves_r_above_one() {
    let left = 2.5
        * (1.0
            - reduction(Screening {
                interval_days: 5.0,
                delay_days: 0.0,
                limit_log10: 6.0,
                ..Screening::default()
            }) / 100.0);
    assert!((left - 1.06).abs() < 0.02, "{left}");
}

#[test]
fn who_does_not_come_or_does_not_isolate_takes_a_share_of_the_effect() {
    let all = reduction(Screening::default());
    let half = |screening: Screening| assert!((reduction(screening) - all / 2.0).abs() < 1e-9);
    half(Screening { participation: 0.5, ..Screening::default() });
    half(Screening { isolate: 0.5, ..Screening::default() });
    let pooled = reduction(Screening { pool: 10, ..Screening::default() });
    let blunt = reduction(Screening { limit_log10: 4.0, ..Screening::default() });
    assert!((pooled - blunt).abs() < 1e-9 && pooled < all);
}

proptest! {
    #[test]
    fn more_screening_never_leaves_more(
        interval_days in 1.0..14.0_f64, delay_days in 0.0..4.0_f64, participation in 0.0..1.0_f64,
        limit_log10 in 2.0..7.0_f64, pool in 1_u32..40, pace in 0.4..1.0_f64,
    ) {
        let base = Screening { interval_days, delay_days, participation, limit_log10, pool, isolate: 1.0 };
        let infection = Infection { pace, ..Infection::default() };
        let of = |screening: Screening| Effect::of(&screening, &infection);
        let effect = of(base);
        let all: f64 = effect.found.iter().sum();
        prop_assert!((0.0..=1.0 + 1e-9).contains(&all));
        prop_assert!(effect.found.iter().all(|share| *share >= -1e-12));
        prop_assert!((0.0..=1.0).contains(&effect.reduction()));
        // Later by a day, fewer who come, and a blunter test; longer intervals only by whole multiples (the days of tests are then fewer).
        let worse = [
            Screening { delay_days: delay_days + 1.0, ..base },
            Screening { participation: participation * 0.7, ..base },
            Screening { pool: pool * 2, ..base },
        ];
        for worse in worse {
            prop_assert!(of(worse).reduction() <= effect.reduction() + 1e-9);
        }
    }
}
