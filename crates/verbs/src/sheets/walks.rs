//! The doors of each wave in the order of walking, shared out among its callers; and lists of doors of a running round as a table.

use super::{clock, csv_table, marks_in_words};
use crate::voice::Voice;
use domain::{
    Plan, Policy, Roll, Scenario, Wave,
    roll::floor_of,
    walk::{Rounds, Stop, Ways},
};

/// The doors of a wave: who walks to which, and in what order. Stops are places among the wave's households.
pub(super) struct Walked<'a> {
    pub wave: &'a Wave,
    pub rounds: Rounds,
}

/// Every wave of a plan.
pub(super) fn walked<'a>(plan: &'a Plan, scenario: &Scenario) -> Vec<Walked<'a>> {
    let roll = &scenario.roll;
    let building =
        |household: u32| &*roll.entrances[roll.households[household as usize].entrance as usize].building;
    let doors = (0..).zip(&roll.households).map(|(place, of)| (building(place), &*of.door));
    let ways = Ways::new(scenario.walking.clone(), doors);
    // A message to all is nobody's round; whoever goes after it goes alone.
    let callers = if plan.policy == Policy::Broadcast { 1 } else { plan.callers_of(scenario) as usize };
    let of_wave = |wave: &'a Wave| {
        let stops: Vec<Stop<'_>> =
            wave.households.iter().map(|&of| stop(roll, of, scenario.walking.knock_s)).collect();
        Walked { wave, rounds: ways.rounds(&stops, callers) }
    };
    plan.waves.iter().map(of_wave).collect()
}

fn stop(roll: &Roll, household: u32, stay_s: u32) -> Stop<'_> {
    let home = &roll.households[household as usize];
    let entrance = &roll.entrances[home.entrance as usize];
    Stop { building: &entrance.building, entrance: &entrance.entrance, door: &home.door, stay_s }
}

/// The doors as callers walk, with what they should know and room to tick.
pub(super) fn doors_csv(plan: &Plan, scenario: &Scenario, voice: Voice) -> String {
    let roll = &scenario.roll;
    let mut rows = Vec::new();
    for Walked { wave, rounds } in walked(plan, scenario) {
        for (caller, tour) in (1..).zip(&rounds.rounds) {
            for &place in &tour.stops {
                let household = wave.households[place];
                let stop = stop(roll, household, 0);
                rows.push(DoorRow {
                    time: clock(scenario, wave.call_at),
                    wave: Some(wave.number),
                    lane: Some(wave.lane + 1),
                    walker: caller,
                    building: stop.building,
                    entrance: stop.entrance,
                    door: stop.door,
                    people: roll.size(household),
                    know: marks_in_words(roll, household, voice),
                });
            }
        }
    }
    walks(&rows, voice)
}

/// A door on a list of somebody who walks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorRow<'a> {
    /// When it is to be called or reached, `07:05`.
    pub time: String,
    /// The wave, where it is of one.
    pub wave: Option<u32>,
    /// The lane, from 1, where it is sent to one.
    pub lane: Option<u16>,
    /// Whose door it is, from 1.
    pub walker: usize,
    /// The building.
    pub building: &'a str,
    /// The entrance; empty where a building has only one.
    pub entrance: &'a str,
    /// The door.
    pub door: &'a str,
    /// People to call or to visit.
    pub people: u32,
    /// What whoever knocks should know.
    pub know: String,
}

/// Lists of doors as a table that spreadsheets open, with room to tick: UTF-8 with a byte-order mark, and no cell that they would run.
pub fn walks(doors: &[DoorRow<'_>], voice: Voice) -> String {
    let heads = [
        "wave",
        "time",
        "lane",
        "caller",
        "building",
        "entrance",
        "floor",
        "door",
        "people",
        "marks",
        "knocked",
        "coming",
        "not_at_home",
    ];
    let some = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
    let rows = doors.iter().map(|of| {
        [
            some(of.wave),
            of.time.clone(),
            some(of.lane.map(u32::from)),
            of.walker.to_string(),
            of.building.to_owned(),
            of.entrance.to_owned(),
            some(floor_of(of.door).map(u32::from)),
            of.door.to_owned(),
            of.people.to_string(),
            of.know.clone(),
            String::new(),
            String::new(),
            String::new(),
        ]
    });
    csv_table("sheet", &heads, rows, voice)
}

/// Minutes of a round and of the same doors handed out by their numbers, each up to the next whole one.
pub(super) fn minutes(rounds: &Rounds) -> [u32; 2] {
    let longest = rounds.rounds.iter().map(|tour| tour.ends_s).max().unwrap_or(0);
    [longest, rounds.by_number_s].map(|seconds| seconds.div_ceil(60))
}
