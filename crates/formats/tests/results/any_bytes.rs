//! Whatever comes: no panic, nothing dropped in silence, and what is read is written and read again. The same checks are
//! fuzzed.

use super::ways;
use formats::results::fhir;
use proptest::prelude::*;

#[path = "../../../../fuzz/checks/fhir.rs"]
mod bundle;
#[path = "../../../../fuzz/kept.rs"]
mod kept;
#[path = "../../../../fuzz/checks/hl7.rs"]
mod message;
#[path = "../../../../fuzz/checks/results_table.rs"]
mod rows;

type Check = fn(&[u8]);

const CHECKS: [(&str, Check); 3] =
    [("hl7", message::check), ("fhir", bundle::check), ("results_table", rows::check)];

#[test]
fn what_is_kept_breaks_nothing_whole_cut_or_changed() {
    for (name, check) in CHECKS {
        let seeds = format!("fuzz/seeds/{name}");
        kept::check(&[&seeds, "crates/formats/tests/results/data"], 40, check);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for (_, check) in CHECKS {
            check(&bytes);
            check(&[&b"MSH|^~\\&|"[..], &bytes].concat());
            check(&["管号,结果\n".as_bytes(), &bytes].concat());
        }
    }
}

#[test]
fn a_bundle_that_refers_to_itself_or_is_very_deep_ends() {
    let around =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/fhir/reference_to_itself"));
    assert_eq!(fhir::read(&around.unwrap(), &ways()).refused, 1);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(fhir::read(deep.as_bytes(), &ways()).refused, 1);
}
