//! Who was missed, by door: tomorrow's list. It holds no names; where nobody knows which door a household's identifier
//! stands for, the wave alone is said.

use crate::{sheets::harmless, voice::Voice};
use ::rehearse::{Luck, Purpose, events};
use ::review::Review;
use domain::{Plan, Scenario};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A household that was missed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MissedDoor {
    /// Its wave; null where it was not called in waves.
    pub wave: Option<u32>,
    /// Its door, `12-2-301`; null where it is not known.
    pub door: Option<String>,
    /// `not_called`, `not_come`, or `not_served` where people came and some of them left without being served.
    pub why: &'static str,
    /// People who came and were not served.
    pub people: u32,
}

/// The last round's list, in the order of waves and of the roll. `known` are the households that events tell of, `seeds`
/// those of rehearsals that the events come from.
pub(super) fn missed(
    review: &Review,
    scenario: Option<&Scenario>,
    plan: Option<&Plan>,
    known: &BTreeSet<Uuid>,
    seeds: &[u64],
) -> Vec<MissedDoor> {
    let households = scenario.map_or(0, |scenario| scenario.roll.households.len());
    let mut doors = BTreeMap::<Uuid, u32>::new();
    for &seed in seeds {
        let luck = Luck { seed, purpose: Purpose::Rehearse };
        doors.extend((0..households as u32).map(|number| (events::household(luck, number), number)));
    }
    let door = |number: u32| scenario.map(|scenario| scenario.roll.household_id(number));
    let mut listed: Vec<(Option<u32>, Option<u32>, MissedDoor)> = review
        .coverage
        .missed
        .iter()
        .map(|one| {
            let number = doors.get(&one.household).copied();
            let door = number.and_then(door);
            (one.wave, number, MissedDoor { wave: one.wave, door, why: one.why, people: one.people })
        })
        .collect();
    if let Some(plan) = plan.filter(|_| !doors.is_empty()) {
        let known: BTreeSet<u32> = known.iter().filter_map(|id| doors.get(id).copied()).collect();
        for wave in &plan.waves {
            let silent = wave.households.iter().filter(|number| !known.contains(number));
            listed.extend(silent.map(|&number| {
                let one =
                    MissedDoor { wave: Some(wave.number), door: door(number), why: "not_called", people: 0 };
                (Some(wave.number), Some(number), one)
            }));
        }
    }
    listed.sort();
    listed.into_iter().map(|(_, _, one)| one).collect()
}

/// The list as CSV, with a heading in the user's language; a byte order mark has spreadsheets read it as UTF-8.
pub fn missed_csv(missed: &[MissedDoor], voice: Voice) -> String {
    let mut text = String::from("\u{feff}");
    let mut row = |cells: [String; 4]| {
        let cells = cells.map(|cell| harmless(&cell));
        let cells = cells.map(|cell| if cell.contains([',', '"', '\n']) { quoted(&cell) } else { cell });
        text += &cells.join(",");
        text += "\r\n";
    };
    row(["wave", "door", "why", "people"].map(|name| voice.word(&format!("review.missed.{name}"))));
    for one in missed {
        row([
            one.wave.map_or_else(String::new, |wave| wave.to_string()),
            one.door.clone().unwrap_or_default(),
            voice.word(&format!("review.missed.{}", one.why)),
            if one.people > 0 { one.people.to_string() } else { String::new() },
        ]);
    }
    text
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}
