//! `supplies.csv` as people write it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chance::Ticks;
use domain::{Scenario, supply::Per};
use scenario::{example, read};

const MINUTE: Ticks = 600_000;

/// The scenario, and the notes on supplies as `file:row column code`.
fn folder(example_name: &str, table: &str, sets: &[(&str, &str)]) -> (Option<Scenario>, Vec<String>) {
    let mut files = example(example_name).unwrap();
    files.0.insert("supplies.csv".to_owned(), table.as_bytes().to_vec());
    let sets: Vec<(String, String)> =
        sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (scenario, notes) = read(&files, &sets, &mut |_, _| {});
    let own =
        notes.0.iter().filter(|note| note.code.starts_with("supplies") || note.place.file == "supplies.csv");
    let said = own.map(|note| {
        let (row, column) = (note.place.row.unwrap_or(0), note.place.column.clone().unwrap_or_default());
        format!("{row} {column} {}", note.code)
    });
    (scenario, said.collect())
}

#[test]
fn a_table_in_either_language_is_read() {
    let english = "good,unit,per,rate,hot_rate,station,box,on_hand,coming,coming_at,lead_min\n\
        swabs,piece,person,1.05,,sampling,100,250,500,10:00,30\n\
        water,bottle,staff-hour,0.5,2,,24,,,,\n";
    let chinese = "单位,物资,按什么用,用量,高温用量,工位,每箱数量,现有数量,在途数量,在途到达时间,运送分钟数\n\
        piece,swabs,每人,1.05,,sampling,100,250,500,2022-03-28 10:00,30\n\
        bottle,water,人时,0.5,2,,24,,,,\n";
    let (first, said) = folder("sunshine-garden", english, &[]);
    assert_eq!(said, [""; 0]);
    let (second, said) =
        folder("sunshine-garden", chinese, &[("supplies.hot", "true"), ("supplies.slot_min", "30")]);
    assert_eq!(said, [""; 0]);
    let (first, second) = (first.unwrap().supplies, second.unwrap().supplies);
    assert_eq!(first.goods, second.goods);
    assert_eq!((first.slot, second.slot, first.hot, second.hot), (60 * MINUTE, 30 * MINUTE, false, true));
    let [swabs, water] = first.goods.as_slice() else { panic!("{first:?}") };
    assert_eq!(
        (swabs.per, swabs.rate_millionths, swabs.station, swabs.per_box),
        (Per::Person, 1_050_000, Some(1), 100)
    );
    // Three hours after seven.
    assert_eq!((swabs.on_hand, &*swabs.coming, swabs.lead), (250, &[(180 * MINUTE, 500)][..], 30 * MINUTE));
    assert_eq!(
        (water.rate(false), water.rate(true), water.per_box, water.on_hand),
        (500_000, 2_000_000, 24, 0)
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once_with_row_and_column() {
    let table = "good,unit,per,rate,station,on_hand,coming,coming_at,bxo\n\
        swabs,piece,persn,1,sampling,,,,\n\
        tubes,piece,tube,1,sampeling,,,,\n\
        gowns,piece,staff_hour,0,,,,,\n\
        gowns,piece,person,1,,,,,\n\
        masks,piece,person,-1,,,,,\n\
        gloves,pair,person,1,,,40,,\n\
        soap,,person,1,,-3,,09:00,\n\
        a name that nobody would ever write upon a box of anything,piece,person,1,,,,,\n";
    let (scenario, said) = folder("sunshine-garden", table, &[]);
    assert!(scenario.is_none());
    assert_eq!(
        said,
        [
            "2 per supplies_per",
            "3 station supplies_station",
            "5 good supplies_twice",
            "6 rate table_out_of_range",
            "8 on_hand table_out_of_range",
            "7 coming supplies_coming_when",
            "8 unit table_cell_missing",
            "8 coming_at supplies_coming_what",
            "9 good supplies_name_long",
            "4 rate supplies_rate_none",
            "0 bxo table_heading_unknown",
        ]
    );
    // What is given is a vote: there are no tubes.
    let (_, said) = folder("polling-place", "good,unit,per,rate\nseals,piece,tube,1\n", &[]);
    assert_eq!(said, ["2 per supplies_no_tubes"]);
    let (_, said) = folder("sunshine-garden", "good,unit\n", &[]);
    assert_eq!(said, ["0  table_heading_missing"]);
}

#[test]
fn rules_without_goods_are_a_hint_and_no_more() {
    let files = example("sunshine-garden").unwrap();
    let sets = [("supplies.hot".to_owned(), "true".to_owned())];
    let (scenario, notes) = read(&files, &sets, &mut |_, _| {});
    assert!(scenario.unwrap().supplies.goods.is_empty());
    assert!(notes.0.iter().any(|note| note.code == "supplies_unused"));
}
