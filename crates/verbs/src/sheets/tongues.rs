//! Doors where another language is spoken, and who comes along.

use super::{clock, csv_table};
use crate::{
    interpreters::{ToInterpret, interpreters, who},
    voice::Voice,
};
use domain::{Plan, Scenario, Wave, roll::Tongue, roster::Volunteer};
use rehearse::TICKS_PER_MINUTE;

/// A door where another language is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenRow<'a> {
    /// When it is called, `07:05`; empty where nobody knows.
    pub time: String,
    /// The wave, where it is of one.
    pub wave: Option<u32>,
    /// The building.
    pub building: &'a str,
    /// The entrance; empty where a building has only one.
    pub entrance: &'a str,
    /// The door.
    pub door: &'a str,
    /// The language.
    pub language: Tongue,
    /// Who comes along, or what to do.
    pub who: String,
}

/// The doors as a table that spreadsheets open: UTF-8 with a byte-order mark, and no cell that they would run.
pub fn spoken(doors: &[SpokenRow<'_>], voice: Voice) -> String {
    let heads = ["wave", "time", "building", "entrance", "door", "language", "interpreter"];
    let rows = doors.iter().map(|of| {
        [
            of.wave.map_or_else(String::new, |wave| wave.to_string()),
            of.time.clone(),
            of.building.to_owned(),
            of.entrance.to_owned(),
            of.door.to_owned(),
            voice.tongue(&of.language.to_string()),
            of.who.clone(),
        ]
    });
    csv_table("sheet", &heads, rows, voice)
}

/// Every door of a plan where another language is spoken; empty where there is none.
pub(super) fn spoken_csv(
    plan: &Plan,
    scenario: &Scenario,
    volunteers: &[Volunteer],
    voice: Voice,
) -> Option<String> {
    let roll = &scenario.roll;
    let language = |household: u32| {
        let residents = roll.households[household as usize].residents.clone();
        let all = residents.filter_map(|of| roll.residents[of as usize].language());
        // A language that is known before one that is not.
        all.min_by_key(|tongue| (*tongue == Tongue::UNKNOWN, *tongue))
    };
    let of_wave = |wave: &'_ Wave| {
        let own = wave.households.iter().filter_map(|&of| Some((of, language(of)?)));
        own.map(|(household, language)| (wave.number, wave.call_at, household, language)).collect::<Vec<_>>()
    };
    let doors: Vec<_> = plan.waves.iter().flat_map(of_wave).collect();
    if doors.is_empty() {
        return None;
    }
    let opens_min = i32::from(scenario.round.opens.hour()) * 60 + i32::from(scenario.round.opens.minute());
    let at_min = |call_at| Some(opens_min + i32::try_from(call_at / TICKS_PER_MINUTE).ok()?);
    let asked: Vec<ToInterpret> = doors
        .iter()
        .map(|&(_, call_at, _, language)| ToInterpret { language, at_min: at_min(call_at) })
        .collect();
    let found = interpreters(&asked, volunteers);
    let rows = doors.iter().zip(found).map(|(&(wave, call_at, household, language), found)| {
        let home = &roll.households[household as usize];
        let entrance = &roll.entrances[home.entrance as usize];
        SpokenRow {
            time: clock(scenario, call_at),
            wave: Some(wave),
            building: &entrance.building,
            entrance: &entrance.entrance,
            door: &home.door,
            language,
            who: who(language, found, volunteers, voice),
        }
    });
    Some(spoken(&rows.collect::<Vec<SpokenRow<'_>>>(), voice))
}
