//! What the records of a party's book come to.

use crate::{
    Event, Good, Ledger, Lines, Loss, Mark, Reason, Record, ShipmentCode, ShipmentNow, Store,
    facts::Facts,
    flow::Flow,
    ledger::{Account, Entry, Key},
};
use domain::{Moment, letters::CodeFault};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a party's book comes to. It depends on which records came in, never on their order, nor on how often they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplies {
    pub(crate) own: Uuid,
    seen: BTreeSet<Uuid>,
    pub(crate) shipments: BTreeMap<Uuid, Shipment>,
    pub(crate) ledger: Ledger,
    pub(crate) write_offs: BTreeMap<Uuid, WriteOff>,
    of_shipment: BTreeMap<Uuid, BTreeSet<Uuid>>,
    used: BTreeMap<(Store, Moment, Uuid, Good), BTreeMap<Key, u32>>,
    pub(crate) needs: BTreeMap<(Store, Good), BTreeMap<Moment, Need>>,
    pub(crate) aside: BTreeMap<Uuid, Record>,
}

/// A shipment: what was told of it, and what that comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shipment {
    pub facts: Facts,
    pub flow: Flow,
}

/// What should be written off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WriteOff {
    pub asked: BTreeMap<Mark, (Loss, Lines, Reason)>,
    pub agreed: BTreeSet<Mark>,
    written: Vec<Entry>,
}

/// What a slot needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    mark: Mark,
    pub until: Moment,
    pub count: u32,
}

impl Supplies {
    /// The book of this party, with nothing in it.
    pub fn of(own: Uuid) -> Supplies {
        Supplies {
            own,
            seen: BTreeSet::new(),
            shipments: BTreeMap::new(),
            ledger: Ledger::default(),
            write_offs: BTreeMap::new(),
            of_shipment: BTreeMap::new(),
            used: BTreeMap::new(),
            needs: BTreeMap::new(),
            aside: BTreeMap::new(),
        }
    }

    /// Whose book it is.
    pub fn own(&self) -> Uuid {
        self.own
    }

    /// All accounts.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// A shipment; `None` for one of which nobody has heard.
    pub fn shipment(&self, id: Uuid) -> Option<ShipmentNow> {
        let of = self.shipments.get(&id)?;
        ShipmentNow::of(id, &of.facts, &of.flow)
    }

    /// All shipments, by their ids.
    pub fn shipments(&self) -> impl Iterator<Item = ShipmentNow> + '_ {
        self.shipments.iter().filter_map(|(id, of)| ShipmentNow::of(*id, &of.facts, &of.flow))
    }

    /// Records that nobody in that role of that party may write: they change nothing, and somebody should look at them.
    pub fn aside(&self) -> impl Iterator<Item = &Record> {
        self.aside.values()
    }

    /// The shipment that a code names, whole or in its short form.
    ///
    /// # Errors
    /// No code, or mistyped; or one that is not known here.
    pub fn read(&self, text: &str) -> Result<ShipmentCode, CodeFault> {
        let known = || self.shipments.keys().filter_map(|id| ShipmentCode::of_id(*id));
        match ShipmentCode::parse(text) {
            Ok(code) => known().find(|known| *known == code).ok_or(CodeFault::Foreign),
            Err(CodeFault::NoCode) => known().find(|code| code.is_short(text)).ok_or(CodeFault::NoCode),
            Err(fault) => Err(fault),
        }
    }

    /// Takes in a record. It cannot fail: what is not somebody's to say stands aside, what contradicts something is kept beside it.
    pub fn apply(&mut self, record: &Record) {
        if !self.seen.insert(record.id) {
            return;
        }
        if !record.event.is_theirs(&record.by) {
            self.aside.insert(record.id, record.clone());
            return;
        }
        let (mark, key) = (record.mark(), (record.at, record.id));
        match &record.event {
            Event::Entered { store, lines, .. } => {
                self.write(key, lines, Account::Outside, Account::Stock(*store));
            }
            Event::Moved { party, from, to, lines } => {
                let stock = |place| Account::Stock(Store { party: *party, place });
                self.write(key, lines, stock(*from), stock(*to));
            }
            Event::Counted { store, lines } => {
                for (good, count) in &lines.0 {
                    self.ledger.count(key, *store, good, i64::from(*count));
                }
            }
            Event::Used { store, slot, lines } => {
                for (good, count) in &lines.0 {
                    self.use_up(key, *store, *slot, record.by.person, good, *count);
                }
            }
            Event::Needed { store, slot, until, lines } => {
                for (good, count) in &lines.0 {
                    let need = Need { mark, until: *until, count: *count };
                    let of = self.needs.entry((*store, good.clone())).or_default();
                    of.entry(*slot).and_modify(|known| *known = need.max(*known)).or_insert(need);
                }
            }
            Event::WriteOffAsked { write_off, of, lines, reason } => {
                let known = self.write_offs.entry(*write_off).or_default();
                known.asked.insert(mark, (*of, lines.clone(), *reason));
                if let Loss::Shipment(shipment) = of {
                    self.of_shipment.entry(*shipment).or_default().insert(*write_off);
                }
                self.write_off(*write_off);
            }
            Event::WriteOffAgreed { write_off } => {
                self.write_offs.entry(*write_off).or_default().agreed.insert(mark);
                self.write_off(*write_off);
            }
            event => {
                if let Some(id) = event.shipment() {
                    self.shipments.entry(id).or_default().facts.take(record);
                    self.flow(id);
                }
            }
        }
    }

    /// How much of a good was used from a stock in a slot.
    pub(crate) fn used_in(&self, store: Store, slot: Moment, good: &Good) -> i64 {
        let from = (store, slot, Uuid::nil(), Good::new("", ""));
        let of = self.used.range(from..).take_while(|((of, at, ..), _)| (*of, *at) == (store, slot));
        let of = of.filter(|((.., name), _)| name == good);
        of.filter_map(|(_, told)| told.last_key_value()).map(|(_, count)| i64::from(*count)).sum()
    }

    fn write(&mut self, at: Key, lines: &Lines, from: Account, to: Account) {
        for (good, count) in &lines.0 {
            let entry = Entry { at, good: good.clone(), count: i64::from(*count), from, to };
            self.ledger.write(&entry);
        }
    }

    /// Each time that one tells what was used so far, what is more than before was used between.
    fn use_up(&mut self, at: Key, store: Store, slot: Moment, by: Uuid, good: &Good, count: u32) {
        let told = self.used.entry((store, slot, by, good.clone())).or_default();
        let before = told.range(..at).next_back().map_or(0, |(_, count)| i64::from(*count));
        let after = told.range(at..).next().map(|(key, count)| (*key, i64::from(*count)));
        told.insert(at, count);
        let (from, to) = (Account::Stock(store), Account::Used(store));
        let entry = |at, count| Entry { at, good: good.clone(), count, from, to };
        let count = i64::from(count);
        self.ledger.write(&entry(at, count - before));
        if let Some((key, after)) = after {
            self.ledger.take_back(&entry(key, after - before));
            self.ledger.write(&entry(key, after - count));
        }
    }

    /// What a shipment's records come to, anew: what the ledger had of it is taken back.
    fn flow(&mut self, id: Uuid) {
        let agreed = self.of_shipment.get(&id).into_iter().flatten();
        let agreed = agreed.filter_map(|write_off| self.write_offs.get(write_off)?.agreed());
        let mut agreed: Vec<(Mark, Lines)> = agreed
            .filter(|(_, of, _)| *of == Loss::Shipment(id))
            .map(|(mark, _, lines)| (mark, lines.clone()))
            .collect();
        agreed.sort();
        let Some(shipment) = self.shipments.get_mut(&id) else { return };
        let flow = Flow::of(id, &shipment.facts, &agreed);
        // Most records of a long list change little: what stays is not written anew.
        let old = std::mem::replace(&mut shipment.flow, flow);
        let new = &shipment.flow.entries;
        let same = old.entries.iter().zip(new).take_while(|(old, new)| old == new).count();
        old.entries[same..].iter().for_each(|entry| self.ledger.take_back(entry));
        new[same..].iter().for_each(|entry| self.ledger.write(entry));
    }

    fn write_off(&mut self, id: Uuid) {
        let Some(write_off) = self.write_offs.get_mut(&id) else { return };
        for entry in std::mem::take(&mut write_off.written) {
            self.ledger.take_back(&entry);
        }
        if let Some((mark, Loss::Store(store), lines)) = write_off.agreed() {
            let entry = |(good, count): (&Good, &u32)| Entry {
                at: (mark.at, mark.id),
                good: good.clone(),
                count: i64::from(*count),
                from: Account::Stock(store),
                to: Account::WrittenOff(Loss::Store(store)),
            };
            write_off.written = lines.0.iter().map(entry).collect();
            write_off.written.iter().for_each(|entry| self.ledger.write(entry));
        }
        let shipments: Vec<Uuid> = write_off
            .asked
            .values()
            .filter_map(|(of, ..)| match of {
                Loss::Shipment(shipment) => Some(*shipment),
                Loss::Store(_) => None,
            })
            .collect();
        shipments.into_iter().for_each(|shipment| self.flow(shipment));
    }
}

impl WriteOff {
    /// What was asked first, if somebody else in another role agrees. In a stock both are of the party whose it is.
    pub fn agreed(&self) -> Option<(Mark, Loss, &Lines)> {
        let (asked, (of, lines, _)) = self.asked.first_key_value()?;
        let second = |mark: &&Mark| {
            let own = match of {
                Loss::Store(store) => mark.by.party == store.party,
                Loss::Shipment(_) => true,
            };
            own && mark.by.role != asked.by.role && mark.by.person != asked.by.person
        };
        self.agreed.iter().find(second).map(|mark| (*mark.max(asked), *of, lines))
    }
}
