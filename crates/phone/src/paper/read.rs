//! What comes of a sheet, row by row.

use super::{
    Cell, Roll, Row, Shift, State, Typed, Wrong,
    cells::{Item, Said, cells, item},
    ids::{Known, RowIds, Stored, row_of},
    people::{Somebody, people},
};
use domain::{Command, Envelope, Event, Moment, Origin, command::Thing, event::Guest};
use journal::Frame;
use round::{Folded, Refusal, Round, TubeCode};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Reads a sheet: all that is wrong with each row, and what is to be stored of the others. A row that was stored before
/// is not stored again.
///
/// # Errors
/// There is no such table.
pub fn read(shift: &Shift, roll: &Roll<'_>) -> Result<Typed, Refusal> {
    let live = roll.folded.live().round();
    let rules = live.rules();
    let table = &shift.table;
    let count = Command::CountQueue { station: table.station.clone(), lane: table.lane, people: 0 };
    // Whether there is such a table, and nothing else.
    Round::new(rules.clone()).decide(roll.now, &count)?;
    let station = rules.station(&table.station).expect("it was found just now");
    let gives = rules.gives.as_ref().filter(|(_, counters)| counters.contains(&station));
    let gives = gives.map(|(kind, _)| kind.clone());
    let mut desk = Desk {
        shift,
        roll,
        station,
        stored: Stored::new(roll.folded),
        all: live.clone(),
        paper: on_paper(roll.folded, &table.station, gives.is_some()),
        gives,
        tubes: BTreeSet::new(),
        frames: Vec::new(),
    };
    let mut before = None;
    let mut rows = Vec::new();
    let mut numbers = BTreeSet::new();
    for row in shift.rows.iter().filter(|row| !row.is_blank()) {
        let state = if numbers.insert(row.row) {
            desk.row(row, &mut before)
        } else {
            State::Wrong(vec![Wrong::cell(Cell::Time, "row_twice", &[("row", &row.row)])])
        };
        rows.push((row.row, state));
    }
    if shift.seals {
        desk.seal();
    }
    Ok(Typed { rows, frames: desk.frames })
}

/// What a table's paper knows: what stands on other sheets of its station, and which lots were recalled, for that is called
/// out. Sheets of other stations it has not seen, so that they may be typed in any order.
fn on_paper(folded: &Folded, station: &str, gives: bool) -> Round {
    let paper = || folded.happened().filter(|told| told.origin == Origin::Paper);
    let here = |told: &&Envelope| matches!(&told.event, Event::Served { station: at, .. } if at == station);
    let rows: BTreeSet<_> = paper().filter(here).map(|told| row_of(told.id)).collect();
    let mut round = Round::new(folded.live().round().rules().clone());
    for told in folded.happened() {
        let known = match (&told.event, told.origin) {
            (Event::LotRecalled { .. }, _) => true,
            (Event::TubeSealed { .. }, Origin::Paper) => gives,
            (_, Origin::Paper) => rows.contains(&row_of(told.id)),
            _ => false,
        };
        if known {
            round.admit(told);
        }
    }
    round
}

struct Desk<'a> {
    shift: &'a Shift,
    roll: &'a Roll<'a>,
    station: usize,
    gives: Option<String>,
    stored: Stored,
    /// Everything that is known.
    all: Round,
    /// What paper knows.
    paper: Round,
    /// Tubes on this sheet, with when each was filled last.
    tubes: BTreeSet<(Moment, Uuid)>,
    frames: Vec<Frame>,
}

impl Desk<'_> {
    fn row(&mut self, row: &Row, before: &mut Option<TubeCode>) -> State {
        let gives = self.gives.as_deref();
        let said = cells(row, self.roll, gives, *before);
        // "As above" never reaches over a tube that could not be read.
        *before = match item(&row.item, self.roll, gives, *before) {
            Ok(Item::Tube(code)) => Some(code),
            _ => None,
        };
        let said = match said {
            Ok(said) => said,
            Err(wrong) => return State::Wrong(wrong),
        };
        if let Some(code) = *before {
            self.tubes.insert((said.at, code.item()));
        }
        let (ids, known) = self.stored.row(self.roll.round, self.shift, row.row, &said.plain());
        let wrong = |code| State::Wrong(vec![Wrong::cell(Cell::Time, code, &[("row", &row.row)])]);
        match known {
            Known::Same => return State::Known,
            Known::Other => return wrong("row_other"),
            // Somebody sends the sheet once more, not knowing.
            Known::Back if !self.shift.anew => return wrong("row_back"),
            Known::Back | Known::New => {}
        }
        let people = people(&said, &ids, (&self.all, &self.paper), self.station);
        let mut paper = self.paper.clone();
        let mut events = Vec::new();
        for (number, somebody) in (0..).zip(&people) {
            for command in self.commands(&said, somebody, &ids, number) {
                match paper.decide(said.at, &command) {
                    Ok(some) => {
                        some.iter().for_each(|event| paper.apply(said.at, event));
                        events.extend(some);
                    }
                    Err(refusal) => return State::Wrong(vec![Wrong::refused(&refusal, paper.rules())]),
                }
            }
        }
        self.paper = paper;
        self.keep(said.at, &ids, &events);
        State::Right(said.people)
    }

    /// What the table did with a person.
    fn commands(&self, said: &Said<'_>, of: &Somebody, ids: &RowIds, number: u32) -> Vec<Command> {
        let table = self.shift.table.clone();
        let household = said.door.map(|door| door.household);
        let thing = |item, lot: &Option<String>| Thing {
            kind: self.gives.clone().unwrap_or_default(),
            item,
            lot: lot.clone(),
        };
        let item = match &said.item {
            Item::Nothing => None,
            Item::Tube(code) => Some(thing(code.item(), &None)),
            Item::Lot(lot) => Some(thing(ids.thing(b"item", number), lot)),
        };
        let (visit, class) = (of.visit, of.class.clone());
        // Who was met at a station first is let in where the entry's sheet says so.
        let lets_in = self.paper.rules().entry(&class) == Some(self.station);
        let guest = of.guest.then_some(Guest::Other);
        match item {
            item if !lets_in => vec![Command::Serve { visit, table, item }],
            None => vec![Command::CheckIn { visit, household, class, guest, table }],
            Some(Thing { kind, item, lot }) if of.guest => vec![
                Command::CheckIn { visit, household, class, guest, table },
                Command::GiveItem { visit, kind, item, lot },
            ],
            item => {
                let lane = (table.lane > 0).then_some(table.lane);
                vec![Command::Arrive { visit, household, class, lane }, Command::Serve { visit, table, item }]
            }
        }
    }

    /// The tubes on the sheet that paper knows to be open.
    fn seal(&mut self) {
        for (at, item) in self.tubes.clone().into_iter().rev() {
            let (ids, known) = self.stored.seal(self.roll.round, self.shift, item);
            if matches!(known, Known::New | Known::Back)
                && let Ok(events) = self.paper.decide(at, &Command::SealTube { item })
            {
                events.iter().for_each(|event| self.paper.apply(at, event));
                self.keep(at, &ids, &events);
            }
        }
    }

    fn keep(&mut self, at: Moment, ids: &RowIds, events: &[Event]) {
        for (number, event) in (0..).zip(events) {
            self.all.apply(at, event);
            let id = *ids.event(number).as_bytes();
            self.frames.push(Frame { id, body: Envelope::body(at, Origin::Paper, event) });
        }
    }
}
