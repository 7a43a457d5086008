//! Laws as the scenario's TOML writes them, in JSON: `{"law": "lognormal", "mean_s": 9.01, "cv": 0.402}`.

use chance::{Law, Shape};
use serde::Serializer;
use serde_json::{Map, Value, json};

/// Serialises a law with the keys of the scenario's TOML.
pub(crate) fn law<S: Serializer>(law: &Law, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(to_json(law))
}

/// The same where there may be none.
pub(crate) fn optional_law<S: Serializer>(law: &Option<Law>, serializer: S) -> Result<S::Ok, S::Error> {
    match law {
        Some(law) => serializer.collect_map(to_json(law)),
        None => serializer.serialize_none(),
    }
}

/// A law as a JSON object with the keys of the scenario's TOML, to six digits. The values of an empirical law stand under
/// `values`: a scenario keeps them in a file of its own.
pub fn to_json(law: &Law) -> Map<String, Value> {
    let mut map = Map::new();
    let mut name = |name: &str, numbers: &[(&str, f64)]| {
        map.insert("law".to_owned(), json!(name));
        for &(key, value) in numbers {
            map.insert(key.to_owned(), json!(six_digits(value)));
        }
    };
    match &law.shape {
        Shape::Constant { mean_s } => name("constant", &[("mean_s", *mean_s)]),
        Shape::Exponential { mean_s } => name("exponential", &[("mean_s", *mean_s)]),
        Shape::Lognormal { mu, sigma } => {
            let (mean, cv) = (libm::exp(mu + 0.5 * sigma * sigma), libm::expm1(sigma * sigma).sqrt());
            name("lognormal", &[("mean_s", mean), ("cv", cv)]);
        }
        Shape::Gamma { mean_s, cv } => name("gamma", &[("mean_s", *mean_s), ("cv", *cv)]),
        Shape::Triangular { min_s, mode_s, max_s } => {
            name("triangular", &[("min_s", *min_s), ("mode_s", *mode_s), ("max_s", *max_s)]);
        }
        Shape::Uniform { min_s, max_s } => name("uniform", &[("min_s", *min_s), ("max_s", *max_s)]),
        Shape::Normal { mean_s, sd_s } => name("normal", &[("mean_s", *mean_s), ("sd_s", *sd_s)]),
        Shape::Empirical { values } => {
            name("empirical", &[]);
            let pairs = values.iter().map(|&(value, weight)| json!([six_digits(value), six_digits(weight)]));
            map.insert("values".to_owned(), Value::Array(pairs.collect()));
        }
        Shape::Mixture { parts } => {
            name("mixture", &[]);
            // Shares must sum to 1 within 10⁻⁹: the first takes what rounding loses.
            let others: f64 = parts.iter().skip(1).map(|(share, _)| six_digits(*share)).sum();
            let written = parts.iter().enumerate().map(|(place, (share, part))| {
                let share = if place == 0 { round_to(1.0 - others, 1e12) } else { six_digits(*share) };
                let mut written = Map::new();
                written.insert("share".to_owned(), json!(share));
                written.extend(to_json(part));
                Value::Object(written)
            });
            let written: Vec<Value> = written.collect();
            map.insert("parts".to_owned(), Value::Array(written));
        }
    }
    if law.floor_s > 0.0 {
        map.insert("floor_s".to_owned(), json!(six_digits(law.floor_s)));
    }
    map
}

fn round_to(value: f64, scale: f64) -> f64 {
    (value * scale).round() / scale
}

pub(crate) fn six_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = 5.0 - libm::floor(libm::log10(value.abs()));
    let scale = libm::pow(10.0, digits);
    if scale.is_finite() && scale > 0.0 { round_to(value, scale) } else { value }
}
