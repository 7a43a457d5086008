//! Draws pinned to the tick. They may change only on purpose: arithmetic that differs between processors or versions of
//! a library would show here. `GOLDEN=write cargo test -p chance` writes the file anew.

use std::fmt::Write as _;
use std::{env, fs};

use chance::{Cause, Chance, Law, Sampler};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden_draws.txt");

fn laws() -> Vec<(&'static str, Law)> {
    let lognormal = Law::lognormal_mean_cv(10.0, 0.3);
    let observation = Law::mixture(vec![
        (0.98, Law::lognormal_mean_cv(1_200.0, 0.025)),
        (0.02, Law::exponential(600.0).with_floor(1_200.0)),
    ]);
    vec![
        ("constant 12.5", Law::constant(12.5)),
        ("exponential 90, floor 120", Law::exponential(90.0).with_floor(120.0)),
        ("lognormal mean 9, cv 0.4", Law::lognormal_mean_cv(9.0, 0.4)),
        ("lognormal median 1800, sigma 0.8", Law::lognormal_median_sigma(1_800.0, 0.8)),
        ("lognormal mean 7200, cv 3", Law::lognormal_mean_cv(7_200.0, 3.0)),
        ("gamma mean 20, cv 0.025", Law::gamma(20.0, 0.025)),
        ("gamma mean 20, cv 0.5", Law::gamma(20.0, 0.5)),
        ("gamma mean 20, cv 3", Law::gamma(20.0, 3.0)),
        ("gamma mean 20, cv 0.001", Law::gamma(20.0, 0.001)),
        ("triangular 5, 8, 30", Law::triangular(5.0, 8.0, 30.0)),
        ("uniform 300 to 5700", Law::uniform(300.0, 5_700.0)),
        ("normal 180, sd 300", Law::normal(180.0, 300.0)),
        ("empirical", Law::empirical(vec![(9.5, 3.0), (7.25, 1.0), (30.0, 0.5), (9.5, 1.0)])),
        ("mixture", Law::mixture(vec![(0.92, lognormal), (0.08, Law::constant(60.0))])),
        ("observation", observation),
    ]
}

fn words() -> Vec<u32> {
    // The ends, both sides of the edges of the first cells and of the last, and twenty-eight from a stream.
    let mut words = vec![0, 1, 4_095, 4_096, (1 << 22) - 1, 1 << 22, (1 << 31) - 1, 1 << 31];
    words.extend([u32::MAX - (1 << 22), u32::MAX - (1 << 22) + 1, u32::MAX - 4_096, u32::MAX]);
    let chance = Chance::new(20_220_328, 4, 2);
    words.extend((0..28).map(|index| chance.word(Cause::Service, 412, index)));
    words
}

#[test]
fn the_draws_of_every_law_are_those_written_down() {
    let mut text = String::new();
    for (name, law) in laws() {
        let sampler = Sampler::compile(&law);
        writeln!(text, "# {name}").unwrap();
        for word in words() {
            writeln!(text, "{word:08x} {}", sampler.draw(word)).unwrap();
        }
    }
    if env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        fs::write(FILE, &text).unwrap();
    }
    let written = fs::read_to_string(FILE).unwrap();
    for (line, (now, then)) in text.lines().zip(written.lines()).enumerate() {
        assert_eq!(now, then, "line {}", line + 1);
    }
    assert_eq!(text.lines().count(), written.lines().count());
}

#[test]
fn draws_taken_together_are_those_taken_one_by_one() {
    let chance = Chance::new(7, 0, 0);
    let many: Vec<u32> =
        words().into_iter().chain((0..1_000).map(|person| chance.word(Cause::Service, person, 0))).collect();
    for (name, law) in laws() {
        let sampler = Sampler::compile(&law);
        let mut together = vec![0; many.len()];
        sampler.draw_each(&many, &mut together);
        for (&word, &drawn) in many.iter().zip(&together) {
            assert_eq!(i64::from(drawn), sampler.draw(word).min(i32::MAX.into()), "{name}, {word:08x}");
        }
    }
}
