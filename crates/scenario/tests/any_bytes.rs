//! Whatever lies in the folder, reading it ends with a scenario or with an error, and never with a panic.

use proptest::prelude::*;
use scenario::{Files, example, read, read_plan};

/// The flu clinic's text with some bytes exchanged, cut or put in.
fn mutated(edits: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut bytes = example("flu-clinic").expect("it is in the house").0["scenario.toml"].clone();
    for &(place, byte, what) in edits {
        let place = place % bytes.len();
        match what % 3 {
            0 => bytes[place] = byte,
            1 => bytes.insert(place, byte),
            _ => drop(bytes.drain(place..(place + usize::from(byte)).min(bytes.len() - 1))),
        }
    }
    bytes
}

fn judged(bytes: Vec<u8>, sets: &[(String, String)]) {
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), bytes.clone());
    files.0.insert("services/flu-clinic.toml".into(), bytes);
    let (scenario, notes) = read(&files, sets, &mut |_, _| {});
    assert_eq!(scenario.is_none(), notes.refuses());
    files.0.remove("services/flu-clinic.toml");
    let (scenario, notes) = read(&files, sets, &mut |_, _| {});
    assert_eq!(scenario.is_none(), notes.refuses());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        judged(bytes, &[]);
    }

    #[test]
    fn any_damage_to_a_scenario_is_judged(
        edits in proptest::collection::vec((any::<usize>(), prop_oneof![any::<u8>(), b'0'..=b'9', Just(b'\n')], any::<u8>()), 1..8)
    ) {
        judged(mutated(&edits), &[]);
    }

    #[test]
    fn any_set_is_judged(
        key in "(site|round|arrivals|waves|community|visitor)(\\.(station|0|lanes|opens|law|[a-z]{1,4}|\\[1\\])){0,3}",
        value in "([0-9.:-]{0,8}|\\{.{0,6}\\}|\\[.{0,6}\\]|.{0,8})",
    ) {
        judged(mutated(&[]), &[(key, value)]);
    }

    #[test]
    fn any_table_of_dilution_is_judged(
        head in "(times,share|稀释倍数,保留灵敏度|.{0,12})",
        rows in proptest::collection::vec("(-?[0-9]{1,3}(\\.[0-9])?,0?\\.[0-9]{1,3}|.{0,9})", 0..6),
    ) {
        let (read, notes) = scenario::read_dilution("d.csv", format!("{head}\n{}\n", rows.join("\n")).as_bytes());
        prop_assert!(read.iter().all(|row| row.times >= 1.0 && (0.0..=1.0).contains(&row.share)));
        prop_assert!(read.len() <= rows.len() && notes.0.iter().all(|note| note.place.file == "d.csv"));
    }

    #[test]
    fn any_plan_is_judged(
        number in any::<i64>(),
        time in "([0-9-]{0,11}T?[0-9:]{0,9}|.{0,5})",
        lane in any::<f64>(),
        member in ".{0,5}",
        cut in 0_usize..200,
    ) {
        let scenario = read(&example("flu-clinic").expect("it is in the house"), &[], &mut |_, _| {}).0;
        let scenario = scenario.expect("it is sound");
        let wave = serde_json::json!({ "number": number, "call_at": time, "lane": lane, "members": [member] });
        let text = serde_json::json!({ "policy": "waves", "waves": [wave] }).to_string();
        let end = text.len().saturating_sub(cut);
        let bytes = &text.as_bytes()[..end];
        let (plan, notes) = read_plan("plan.json", bytes, &scenario);
        prop_assert_eq!(plan.is_none(), notes.refuses());
    }
}
