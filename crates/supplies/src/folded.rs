//! What a book comes to, worked out when somebody asks and not with each record: whoever sends ten thousand records of one shipment has them
//! added up once.

use crate::{
    Event, Ledger, Lines, Loss, Mark, Record, ShipmentNow, Step, Store, Supplies,
    facts::{Facts, Taker, taker},
    flow::Flow,
    ledger::{Account, Entry},
    parties::Parties,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::{Mutex, OnceLock},
};
use uuid::Uuid;

/// What the records come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    pub shipments: BTreeMap<Uuid, Shipment>,
    pub ledger: Ledger,
    /// What the ledger has of losses in stocks, by request.
    written_off: BTreeMap<(Uuid, Store), Vec<Entry>>,
}

/// What a shipment's records come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shipment {
    /// Whose it is, where it was promised. Until then everything counts, and it is shown as unannounced.
    pub parties: Option<Parties>,
    /// What counts of what was told.
    pub facts: Facts,
    /// What does not: it is for another party to say.
    pub aside: BTreeSet<Mark>,
    pub flow: Flow,
    /// As it is shown; `None`: none of its parties has said anything.
    pub now: Option<ShipmentNow>,
}

/// What a book comes to, and what is to be worked out anew before that is true. `now` is there once somebody has asked; until then `before`
/// holds what was true before the records of `anew`.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    before: Mutex<Folded>,
    now: OnceLock<Folded>,
    anew: BTreeSet<Anew>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Anew {
    Shipment(Uuid),
    /// What is lost of a stock, by a request.
    Stock(Uuid, Store),
}

impl Outcome {
    /// What the book comes to now.
    pub fn of(&self, book: &Supplies) -> &Folded {
        self.now.get_or_init(|| {
            let mut before = self.before.lock().expect("nobody stops while it is worked out");
            let mut folded = mem::take(&mut *before);
            for what in &self.anew {
                match *what {
                    Anew::Shipment(shipment) => folded.shipment(book, shipment),
                    Anew::Stock(write_off, store) => folded.stock(book, write_off, store),
                }
            }
            folded
        })
    }

    /// Something was told of a shipment, or of a loss under a request.
    pub fn anew(&mut self, of: Loss, write_off: Uuid) {
        self.before();
        self.anew.insert(match of {
            Loss::Shipment(shipment) => Anew::Shipment(shipment),
            Loss::Store(store) => Anew::Stock(write_off, store),
        });
    }

    /// The ledger, to write down what depends on nothing else.
    pub fn ledger(&mut self) -> &mut Ledger {
        &mut self.before().ledger
    }

    fn before(&mut self) -> &mut Folded {
        let before = self.before.get_mut().expect("nobody stops while it is worked out");
        if let Some(now) = self.now.take() {
            *before = now;
            self.anew.clear();
        }
        before
    }
}

impl From<Folded> for Outcome {
    fn from(now: Folded) -> Outcome {
        Outcome { now: OnceLock::from(now), ..Outcome::default() }
    }
}

impl Folded {
    /// What a shipment's records come to, anew: what the ledger had of it is taken back.
    fn shipment(&mut self, book: &Supplies, id: Uuid) {
        #[cfg(test)]
        tests::WORKED_OUT.with(|count| count.set(count.get() + 1));
        let Some(told) = book.told.get(&id) else { return };
        let mut shipment = Shipment::of(told);
        let of = Loss::Shipment(id);
        let agreed = book.of_shipment.get(&id).into_iter().flatten();
        let agreed = agreed
            .filter_map(|write_off| book.write_offs.get(write_off)?.agreed(of, shipment.parties))
            .map(|(mark, lines)| (mark, lines.clone()));
        let mut agreed: Vec<(Mark, Lines)> = agreed.collect();
        agreed.sort();
        shipment.flow = Flow::of(id, &shipment.facts, &agreed);
        shipment.now = ShipmentNow::of(id, &shipment.facts, &shipment.flow);
        // Most records of a long list change little: what stays is not written anew.
        let old = self.shipments.remove(&id).map(|old| old.flow.entries).unwrap_or_default();
        let new = &shipment.flow.entries;
        let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        old[same..].iter().for_each(|entry| self.ledger.take_back(entry));
        new[same..].iter().for_each(|entry| self.ledger.write(entry));
        self.shipments.insert(id, shipment);
    }

    /// What is lost of a stock by a request, anew.
    fn stock(&mut self, book: &Supplies, id: Uuid, store: Store) {
        let of = Loss::Store(store);
        let agreed = book.write_offs.get(&id).and_then(|write_off| write_off.agreed(of, None));
        let entries = agreed.into_iter().flat_map(|(mark, lines)| {
            lines.0.iter().map(move |(good, count)| Entry {
                at: (mark.at, mark.id),
                good: good.clone(),
                count: i64::from(*count),
                from: Account::Stock(store),
                to: Account::WrittenOff(of),
            })
        });
        let entries: Vec<Entry> = entries.collect();
        entries.iter().for_each(|entry| self.ledger.write(entry));
        let before = if entries.is_empty() {
            self.written_off.remove(&(id, store))
        } else {
            self.written_off.insert((id, store), entries)
        };
        before.iter().flatten().for_each(|entry| self.ledger.take_back(entry));
    }
}

impl Shipment {
    /// Whose word counts follows from the promises alone, and which claims somebody may settle from who made them.
    fn of(told: &BTreeMap<Mark, Record>) -> Shipment {
        let promises = told.values().filter_map(|record| match &record.event {
            Event::Promised { promise } => Some(promise),
            _ => None,
        });
        let parties = Parties::of(promises);
        let claims = parties.map(|parties| strayed(parties, told)).unwrap_or_default();
        let mut shipment = Shipment { parties, ..Shipment::default() };
        for (mark, record) in told {
            let counts = parties.is_none_or(|parties| {
                parties.may(&record.by, &record.event) && settles(parties, &claims, &record.event)
            });
            if counts {
                shipment.facts.take(record);
            } else {
                shipment.aside.insert(*mark);
            }
        }
        shipment
    }
}

/// What others than its receiver say that they have, and by which records.
fn strayed(parties: Parties, told: &BTreeMap<Mark, Record>) -> BTreeSet<(Taker, Uuid)> {
    let strayed = told.values().filter_map(|record| match &record.event {
        Event::Received { at, .. } if at.party() != parties.receiver => Some((taker(at), record.id)),
        _ => None,
    });
    strayed.collect()
}

/// Whether a settling is of something: who has said that something strayed to them can settle that, and nobody gets anything by settling.
fn settles(parties: Parties, claims: &BTreeSet<(Taker, Uuid)>, event: &Event) -> bool {
    match event {
        Event::Settled { at, step: Step::Received, over, .. } if at.party() != parties.receiver => {
            over.iter().any(|claim| claims.contains(&(taker(at), *claim)))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Carrier, End, Good, Reason, Role, To, Who};
    use domain::Moment;
    use std::cell::Cell;

    thread_local! {
        /// How often a shipment was worked out.
        pub(super) static WORKED_OUT: Cell<u32> = const { Cell::new(0) };
    }

    const PARTNER: Uuid = Uuid::from_u128(1);
    const SHIPMENT: Uuid = Uuid::from_u128(0x500);

    fn store(party: Uuid) -> Store {
        Store { party, place: Uuid::from_u128(10) }
    }

    fn record(number: u32, event: Event) -> Record {
        let by = Who { party: PARTNER, role: Role::Desk, person: Uuid::from_u128(7) };
        Record { id: Uuid::from_u128(u128::from(number)), at: Moment(i64::from(number)), by, event }
    }

    fn worked_out() -> u32 {
        WORKED_OUT.with(Cell::get)
    }

    /// What a partner may write ten thousand times of one shipment.
    fn many() -> Vec<Record> {
        let lines: Lines = (0..200).map(|good| (Good::new(&good.to_string(), "piece"), 1)).collect();
        let received = |shipment| Event::Received {
            shipment,
            at: End::Store(store(PARTNER)),
            lines: lines.clone(),
            rest: true,
        };
        // Each promise names another to receive it, so that each time other words count.
        let promised = |number: u32| Event::Promised {
            promise: crate::Promise {
                shipment: SHIPMENT,
                from: Some(store(PARTNER)),
                carrier: Carrier { party: PARTNER, person: None },
                to: To::Store { store: store(Uuid::from_u128(u128::from(number))), lines: lines.clone() },
                leaves: None,
                due: Moment(i64::MAX),
            },
        };
        let asked = || Event::WriteOffAsked {
            write_off: Uuid::from_u128(9),
            of: Loss::Shipment(SHIPMENT),
            lines: lines.clone(),
            reason: Reason::Lost,
        };
        let of = |number: u32| match number % 10 {
            0 => promised(number),
            1 => asked(),
            _ => received(SHIPMENT),
        };
        (0..5_000).map(|number| record(number, of(number))).collect()
    }

    #[test]
    fn however_many_records_of_a_shipment_come_in_it_is_worked_out_once() {
        let mut book = Supplies::of(PARTNER);
        let before = worked_out();
        many().iter().for_each(|record| book.apply(record));
        assert_eq!(worked_out() - before, 0, "nobody has asked");
        assert_eq!(book.shipments().count(), 1);
        assert!(book.shipment(SHIPMENT).is_some() && book.near(Moment(0)).len() < 5_000);
        assert_eq!(worked_out() - before, 1);
        // What says nothing of it leaves it as it is.
        let lines: Lines = [(Good::new("0", "piece"), 5)].into_iter().collect();
        book.apply(&record(9_000, Event::Counted { store: store(PARTNER), lines }));
        assert_eq!(book.ledger().balance(Account::Stock(store(PARTNER)), &Good::new("0", "piece")), 5);
        assert_eq!(worked_out() - before, 1);
        let other = book.clone();
        assert_eq!((other == book, worked_out() - before), (true, 1));
        book.apply(&record(9_001, Event::AtGate { shipment: SHIPMENT }));
        assert!(other != book && book.shipment(SHIPMENT).is_some());
        assert_eq!(worked_out() - before, 2);
    }
}
