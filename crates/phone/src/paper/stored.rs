//! What of a sheet is stored, row by row, and how a row is taken back.

use super::{
    ROW_NUMBERS, Roll,
    ids::{row_key, row_of},
};
use domain::{Envelope, Event, Moment, Origin};
use round::label;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A row of a sheet that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// Its number on the sheet.
    pub row: u32,
    /// When it was, as it was typed.
    pub at: Moment,
    /// The station whose sheet it is on.
    pub station: String,
    /// The door's label; absent for who is not on the roll.
    pub door: Option<String>,
    /// How many people.
    pub people: usize,
    /// The tube's label, or the lot.
    pub item: Option<String>,
    events: Vec<Uuid>,
}

/// The rows of a sheet that are stored and not taken back, in their order. A journal does not say how a sheet is called: who
/// asks does.
pub fn stored(sheet: &str, roll: &Roll<'_>) -> Vec<StoredRow> {
    let numbers: BTreeMap<_, u32> =
        (0..ROW_NUMBERS).map(|row| (row_key(roll.round, sheet, row), row)).collect();
    let paper: Vec<&Envelope> = roll.folded.happened().filter(|told| told.origin == Origin::Paper).collect();
    let mut rows = BTreeMap::<u32, Vec<&Envelope>>::new();
    for told in &paper {
        if let Some(&row) = numbers.get(&row_of(told.id)) {
            rows.entry(row).or_default().push(told);
        }
    }
    rows.into_iter().filter_map(|(row, events)| of(row, &events, &paper, roll)).collect()
}

fn of(row: u32, told: &[&Envelope], paper: &[&Envelope], roll: &Roll<'_>) -> Option<StoredRow> {
    let at = Moment::parse(&told.first()?.at)?;
    let served = |told: &&Envelope| match &told.event {
        Event::Served { visit, station, .. } => Some((*visit, station.clone())),
        _ => None,
    };
    let (visits, stations): (BTreeSet<Uuid>, Vec<String>) = told.iter().filter_map(served).unzip();
    let lives_in = |door: &&crate::Door| door.people.iter().any(|of| visits.contains(&of.visit));
    let called = |told: &&Envelope| match &told.event {
        Event::Arrived { household, .. } => *household,
        _ => None,
    };
    let household = told.iter().find_map(called);
    let door = roll.doors.iter().find(|door| Some(door.household) == household);
    let door = door.or_else(|| roll.doors.iter().find(lives_in));
    let (mut item, mut tubes) = (None, BTreeSet::new());
    for told in told {
        if let Event::ItemGiven { kind, item: given, lot, .. } = &told.event {
            let is_tube = kind == "tube";
            item = if is_tube { Some(label(*given)) } else { lot.clone() };
            tubes.extend(is_tube.then_some(*given));
        }
    }
    let mut events: BTreeSet<Uuid> = told.iter().map(|told| told.id).collect();
    // What paper said of their seals goes with it: the tube is filled anew.
    let seals = paper
        .iter()
        .filter(|told| matches!(&told.event, Event::TubeSealed { item, .. } if tubes.contains(item)));
    events.extend(seals.map(|told| told.id));
    Some(StoredRow {
        row,
        at,
        station: stations.into_iter().next()?,
        door: door.map(crate::Door::label),
        people: visits.len(),
        item,
        events: events.into_iter().collect(),
    })
}

impl StoredRow {
    /// What takes it back, and with it what paper said of the seals of its tubes.
    pub fn taken_back(&self) -> Event {
        Event::Undone { events: self.events.clone() }
    }
}
