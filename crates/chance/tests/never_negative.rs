//! No draw of a law that cannot be negative is negative, whatever the law and the word.

use chance::{Law, Sampler};
use proptest::prelude::*;

fn times_s() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 1e-5..1e-2, 0.01..100.0, 100.0..1e5]
}

fn cvs() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.02..1.0, 1.0..4.0, 4.0..20.0]
}

fn simple_laws() -> impl Strategy<Value = Law> {
    prop_oneof![
        times_s().prop_map(Law::constant),
        times_s().prop_map(Law::exponential),
        (times_s(), cvs()).prop_map(|(mean_s, cv)| Law::lognormal_mean_cv(mean_s, cv)),
        (times_s(), cvs()).prop_map(|(mean_s, cv)| Law::gamma(mean_s, cv)),
        (times_s(), times_s(), times_s()).prop_map(|(a, b, c)| Law::triangular(a, a + b, a + b + c)),
        (times_s(), times_s()).prop_map(|(a, b)| Law::uniform(a, a + b)),
        prop::collection::vec((times_s(), 0.1..5.0), 1..40).prop_map(Law::empirical),
    ]
}

fn laws() -> impl Strategy<Value = Law> {
    let floored = (simple_laws(), times_s()).prop_map(|(law, floor_s)| law.with_floor(floor_s));
    let mixed = (simple_laws(), simple_laws(), 0.0..1.0)
        .prop_map(|(one, other, share)| Law::mixture(vec![(share, one), (1.0 - share, other)]));
    prop_oneof![simple_laws(), floored, mixed]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_draw_of_a_law_that_cannot_be_negative_is_negative(
        law in laws(),
        words in prop::collection::vec(any::<u32>(), 200),
    ) {
        prop_assert!(!law.may_be_negative());
        prop_assert_eq!(law.problems(), []);
        let sampler = Sampler::compile(&law);
        let least = (law.lowest_s() * 1e4 - 0.5).floor() as i64;
        prop_assert!(sampler.min_ticks() >= least.max(0), "least {} of {:?}", sampler.min_ticks(), law);
        let edges = [0, 1, 4_095, 4_096, (1 << 22) - 1, 1 << 22, u32::MAX - (1 << 22), u32::MAX - 4_095, u32::MAX];
        for word in words.into_iter().chain(edges) {
            let draw = sampler.draw(word);
            prop_assert!(draw >= 0 && draw >= sampler.min_ticks() && draw <= sampler.max_ticks(), "{word}: {draw}");
        }
    }
}
