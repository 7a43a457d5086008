//! The standard normal law.

use std::f64::consts::FRAC_1_SQRT_2;

/// The probability that a standard normal variable is at most `x`.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The value that a standard normal variable stays below with probability `p`; ±∞ at 1 and 0, NaN outside.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    normal_quantile_of_tails(p, 1.0 - p)
}

/// As [`normal_quantile`], from both tails: `p` below and `q = 1 - p` above. Whichever is small gives the precision, so
/// neither end of the law is worse than the other.
///
/// Algorithm AS 241, PPND16 (M. J. Wichura, Applied Statistics 37, 1988, 477-484): about 1 part in 10¹⁶.
#[must_use]
pub fn normal_quantile_of_tails(p: f64, q: f64) -> f64 {
    let below = p <= q;
    let tail = if below { p } else { q };
    let middle = 0.5 - tail;
    if middle <= 0.425 {
        let r = 0.180625 - middle * middle;
        let size = middle * ratio(r, &CENTRE);
        return if below { -size } else { size };
    }
    if tail <= 0.0 {
        return match (tail == 0.0, below) {
            (true, true) => f64::NEG_INFINITY,
            (true, false) => f64::INFINITY,
            _ => f64::NAN,
        };
    }
    let r = (-libm::log(tail)).sqrt();
    let size = if r <= 5.0 { ratio(r - 1.6, &SHOULDER) } else { ratio(r - 5.0, &TAIL) };
    if below { -size } else { size }
}

/// A quotient of two polynomials; coefficients in rising order.
type Ratio = ([f64; 8], [f64; 8]);

#[inline]
fn ratio(x: f64, (above, below): &Ratio) -> f64 {
    let horner = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
    horner(above) / horner(below)
}

/// The coefficients a and b of the paper.
const CENTRE: Ratio = (
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
);

/// The coefficients c and d of the paper.
const SHOULDER: Ratio = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

/// The coefficients e and f of the paper.
const TAIL: Ratio = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_7e-15,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn the_quantile_undoes_the_distribution_far_into_both_tails() {
        for i in 1..=370 {
            let x = f64::from(i) * 0.1;
            // The slope of ln Φ is about x there, so x carries a rounding of Φ with a factor of 1/x².
            assert!((normal_quantile_of_tails(normal_cdf(-x), 1.0) + x).abs() < 1e-12 * x, "{x}");
            assert!((normal_quantile_of_tails(1.0, normal_cdf(-x)) - x).abs() < 1e-12 * x, "{x}");
        }
    }

    #[test]
    fn another_library_agrees() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        for i in 1..1_000 {
            let p = f64::from(i) / 1_000.0;
            let expected = normal.inverse_cdf(p);
            assert!((normal_quantile(p) - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{p}");
            let x = f64::from(i - 500) / 60.0;
            assert!((normal_cdf(x) - normal.cdf(x)).abs() <= 1e-9 * normal.cdf(x), "{x}");
        }
    }

    #[test]
    fn published_quantiles_are_met() {
        // Given with the algorithm in the paper.
        assert!((normal_quantile(0.25) + 0.674_489_750_196_081_7).abs() < 1e-15);
        assert!((normal_quantile(0.001) + 3.090_232_306_167_814).abs() < 1e-14);
        assert!((normal_quantile(1e-20) + 9.262_340_089_798_408).abs() < 1e-14);
    }

    #[test]
    fn the_ends_are_infinite_and_beyond_them_is_nothing() {
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(1.1).is_nan());
        assert!(normal_quantile(f64::NAN).is_nan());
        assert_eq!(normal_quantile(0.5), 0.0);
    }
}
