//! Special functions, on `libm` alone: normal, gamma, beta and Student's t.

mod beta;
mod gamma;
mod normal;
mod student;

pub use beta::regularised_beta;
pub use gamma::{regularised_gamma_lower, regularised_gamma_upper};
pub use normal::{normal_cdf, normal_quantile, normal_quantile_of_tails};
pub use student::student_t_quantile;

pub(crate) use gamma::gamma_quantile;

/// What ln Γ(z) exceeds (z - ½) ln z - z + ½ ln 2π by, from z = 10 on (Stirling's series, to 10⁻¹³).
fn stirling_excess(z: f64) -> f64 {
    let inverse = 1.0 / z;
    let square = inverse * inverse;
    inverse
        * (1.0 / 12.0
            - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0))))
}

/// From here on Stirling's series is as good as `lgamma`, and its main terms can be cancelled by hand.
const STIRLING_FROM: f64 = 10.0;
