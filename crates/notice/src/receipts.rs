//! Who has a notice: seen on a telephone, or told at the door; counted by entrance.

use domain::Roll;
use serde::Serialize;
use std::collections::BTreeMap;

/// How a household got a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Got {
    /// Its page was opened.
    Seen,
    /// A volunteer said it at the door.
    Told,
}

/// One receipt: which notice, which household (its place in the roll), how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The notice's number.
    pub notice: u32,
    /// A place in the roll.
    pub household: u32,
    /// How.
    pub got: Got,
}

/// Receipts of one entrance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EntranceReceipts {
    /// Its label.
    pub entrance: String,
    /// Its households.
    pub households: u32,
    /// Those that saw it.
    pub seen: u32,
    /// Those that were told at the door, and had not seen it.
    pub told: u32,
}

/// Receipts of one notice by entrance, in the order of the roll. A household counts once, however often it looks, and whoever saw
/// it is not counted again when told. A receipt for an earlier notice says nothing of this one.
pub fn receipts(number: u32, receipts: &[Receipt], roll: &Roll) -> Vec<EntranceReceipts> {
    let mut got: BTreeMap<u32, Got> = BTreeMap::new();
    let known = |one: &&Receipt| one.notice == number && (one.household as usize) < roll.households.len();
    for one in receipts.iter().filter(known) {
        got.entry(one.household).and_modify(|how| *how = (*how).min(one.got)).or_insert(one.got);
    }
    let of = |(index, entrance): (usize, &domain::roll::Entrance)| {
        let count = |how: Got| {
            let range = got.range(entrance.households.clone());
            u32::try_from(range.filter(|(_, one)| **one == how).count()).expect("the importer limits rows")
        };
        EntranceReceipts {
            entrance: roll.entrance_label(index),
            households: entrance.households.end - entrance.households.start,
            seen: count(Got::Seen),
            told: count(Got::Told),
        }
    };
    roll.entrances.iter().enumerate().map(of).collect()
}
