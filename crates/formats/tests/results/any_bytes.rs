//! Whatever comes: no panic, and no more memory than a few times what came.

use super::{read_file, read_table, ways};
use formats::results::{fhir, hl7};
use proptest::prelude::*;
use std::{fs, path::Path};

/// What every reader is given.
fn read_all(bytes: &[u8]) {
    let table = read_table(bytes);
    let fhir = fhir::read(bytes, &ways());
    let file = hl7::read_file(bytes, &ways());
    let message = hl7::read_oru(bytes, 1, &ways());
    let _ = hl7::read_ack(bytes);
    let answer =
        hl7::ack(bytes, &Default::default(), &ways(), hl7::Code::Error, &message.notes, &|_| String::new());
    assert!(hl7::read_ack(answer.as_bytes()).is_ok());
    let mut decoder = hl7::mllp::Decoder::default();
    decoder.push(bytes);
    decoder.close();
    let mut came = 0;
    while let Some(one) = decoder.take() {
        if let hl7::mllp::Came::Message(message) = one {
            came += message.len();
        }
    }
    assert!(came <= bytes.len());
    for reports in [table, fhir, file, message] {
        // Nothing is dropped in silence.
        assert!(reports.refused == 0 || !reports.notes.is_empty());
        let said: usize =
            reports.notes.iter().flat_map(|note| &note.args).map(|(_, value)| value.len()).sum();
        assert!(said <= 4096 + 512 * bytes.len(), "{said} bytes said of {}", bytes.len());
    }
}

/// Files that were found to be of use, and those that once broke a reader.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "tests/results/data",
        "../../fuzz/seeds/hl7",
        "../../fuzz/seeds/fhir",
        "../../fuzz/seeds/results_table",
    ];
    let mut all = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(root.join(folder)).into_iter().flatten() {
            let path = entry.unwrap().path();
            all.push((path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

#[test]
fn what_is_kept_breaks_nothing_whole_cut_or_changed() {
    let corpus = corpus();
    assert!(corpus.len() >= 20);
    // A generator of Lehmer's: the same changes each time.
    let mut state = 1_u64;
    let mut chance = |below: usize| {
        state = state.wrapping_mul(48_271) % 0x7fff_ffff;
        state as usize % below
    };
    for (name, bytes) in &corpus {
        read_all(bytes);
        read_file(name, bytes);
        for _ in 0..30 {
            let mut changed = bytes.clone();
            for _ in 0..=chance(4) {
                if changed.is_empty() {
                    break;
                }
                let at = chance(changed.len());
                match chance(4) {
                    0 => changed[at] = chance(256) as u8,
                    1 => changed.truncate(at),
                    2 => {
                        changed.remove(at);
                    }
                    _ => {
                        let to = (at + chance(40)).min(changed.len());
                        let part = changed[at..to].to_vec();
                        let into = chance(changed.len());
                        changed.splice(into..into, part);
                    }
                }
            }
            read_all(&changed);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
        read_all(&[&b"MSH|^~\\&|"[..], &bytes].concat());
        read_all(&[&"管号,结果\n".as_bytes()[..], &bytes].concat());
    }
}

#[test]
fn a_bundle_that_refers_to_itself_or_is_very_deep_ends() {
    let around = r##"{"resourceType":"DiagnosticReport","status":"final","contained":[{"resourceType":"Specimen","id":"a","subject":{"reference":"#a"},"identifier":[{"value":"T"}]}],"specimen":[{"reference":"#a"}]}"##;
    assert_eq!(fhir::read(around.as_bytes(), &ways()).refused, 1);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(fhir::read(deep.as_bytes(), &ways()).refused, 1);
}
