//! What the records of a party's book come to.

use crate::{
    Event, Good, Ledger, Lines, Loss, Mark, Promise, Record, ShipmentCode, ShipmentNow, Store, To, Who,
    facts::Facts,
    flow::Flow,
    ledger::{Account, Entry, Key},
    parties::Parties,
    write_off::WriteOff,
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
    /// What the ledger has of losses in stocks.
    written_off: BTreeMap<Uuid, Vec<Entry>>,
    pub(crate) used: BTreeMap<(Store, Moment, Uuid, Good), BTreeMap<Key, u32>>,
    /// By slot and round.
    pub(crate) needs: BTreeMap<(Store, Good), BTreeMap<(Moment, Option<Uuid>), Need>>,
    pub(crate) aside: BTreeMap<Uuid, Record>,
}

/// A shipment: what was told of it, and what that comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shipment {
    told: BTreeMap<Mark, Record>,
    /// Whose it is, where it was promised. Until then everything counts, and it is shown as unannounced.
    pub parties: Option<Parties>,
    /// What counts of what was told.
    pub facts: Facts,
    /// What does not: it is for another party to say.
    aside: BTreeSet<Mark>,
    pub flow: Flow,
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
            written_off: BTreeMap::new(),
            used: BTreeMap::new(),
            needs: BTreeMap::new(),
            aside: BTreeMap::new(),
        }
    }

    /// Whether a record came in.
    pub fn knows(&self, record: Uuid) -> bool {
        self.seen.contains(&record)
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

    /// Shipments on which a household gets something, by their ids.
    pub fn to_household(&self, party: Uuid, household: Uuid) -> impl Iterator<Item = ShipmentNow> + '_ {
        let is_theirs = move |of: &&Promise| match &of.to {
            To::Doors { party: whose, of } => {
                *whose == party && of.iter().any(|share| share.household == household)
            }
            To::Store { .. } => false,
        };
        let theirs =
            self.shipments.iter().filter(move |(_, of)| of.facts.promise().filter(is_theirs).is_some());
        theirs.filter_map(|(id, of)| ShipmentNow::of(*id, &of.facts, &of.flow))
    }

    /// Records that nobody in that role of that party may write, or not of that shipment: they change nothing, and somebody should look at
    /// them.
    pub fn aside(&self) -> impl Iterator<Item = &Record> {
        let shipments =
            self.shipments.values().flat_map(|of| of.aside.iter().filter_map(|mark| of.told.get(mark)));
        let write_offs = self.write_offs.values().flat_map(|of| of.aside(|loss| self.parties(loss)));
        self.aside.values().chain(shipments).chain(write_offs)
    }

    /// What somebody asks to write off under a request, and may, the first first: where it was lost, what, and why.
    pub fn asked(&self, id: Uuid) -> Option<(Loss, &Lines, crate::Reason)> {
        let of = self.write_offs.get(&id)?;
        let asks = of.losses().into_iter().flat_map(|loss| of.asks(loss, self.parties(loss)));
        asks.min_by_key(|ask| ask.mark).map(|ask| (ask.of, ask.lines, ask.reason))
    }

    /// Whose the shipment is on which something was lost, where it is one that was promised.
    pub(crate) fn parties(&self, of: Loss) -> Option<Parties> {
        match of {
            Loss::Shipment(shipment) => self.shipments.get(&shipment)?.parties,
            Loss::Store(_) => None,
        }
    }

    /// Whether this one may say this, by all that is known here.
    pub(crate) fn may(&self, by: &Who, event: &Event) -> bool {
        let parties = event.shipment().and_then(|shipment| self.shipments.get(&shipment)?.parties);
        event.is_theirs(by) && parties.is_none_or(|parties| parties.may(by, event))
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
            Event::Needed { store, slot, until, round, lines } => {
                for (good, count) in &lines.0 {
                    let need = Need { mark, until: *until, count: *count };
                    let of = self.needs.entry((*store, good.clone())).or_default();
                    of.entry((*slot, *round)).and_modify(|known| *known = need.max(*known)).or_insert(need);
                }
            }
            Event::WriteOffAsked { write_off, of, .. } | Event::WriteOffAgreed { write_off, of } => {
                self.write_offs.entry(*write_off).or_default().take(record);
                if let Loss::Shipment(shipment) = of {
                    self.of_shipment.entry(*shipment).or_default().insert(*write_off);
                }
                self.write_off(*write_off);
            }
            event => {
                if let Some(id) = event.shipment() {
                    self.shipments.entry(id).or_default().take(record);
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
        let of = Loss::Shipment(id);
        let agreed =
            agreed.filter_map(|write_off| self.write_offs.get(write_off)?.agreed(of, self.parties(of)));
        let mut agreed: Vec<(Mark, Lines)> = agreed.map(|(mark, lines)| (mark, lines.clone())).collect();
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
        let Some(write_off) = self.write_offs.get(&id) else { return };
        let (mut shipments, mut entries) = (Vec::new(), Vec::new());
        for of in write_off.losses() {
            match (of, write_off.agreed(of, None)) {
                (Loss::Shipment(shipment), _) => shipments.push(shipment),
                (Loss::Store(store), Some((mark, lines))) => {
                    entries.extend(lines.0.iter().map(|(good, count)| Entry {
                        at: (mark.at, mark.id),
                        good: good.clone(),
                        count: i64::from(*count),
                        from: Account::Stock(store),
                        to: Account::WrittenOff(of),
                    }));
                }
                (Loss::Store(_), None) => {}
            }
        }
        entries.iter().for_each(|entry| self.ledger.write(entry));
        let before = if entries.is_empty() {
            self.written_off.remove(&id)
        } else {
            self.written_off.insert(id, entries)
        };
        before.iter().flatten().for_each(|entry| self.ledger.take_back(entry));
        shipments.into_iter().for_each(|shipment| self.flow(shipment));
    }
}

impl Shipment {
    /// Takes in what was told. Whose word counts follows from the promises alone; where they change that, all is weighed anew.
    fn take(&mut self, record: &Record) {
        self.told.insert(record.mark(), record.clone());
        if matches!(record.event, Event::Promised { .. }) {
            let promises = self.told.values().filter_map(|record| match &record.event {
                Event::Promised { promise } => Some(promise),
                _ => None,
            });
            let parties = Parties::of(promises);
            if parties != self.parties {
                self.parties = parties;
                (self.facts, self.aside) = (Facts::default(), BTreeSet::new());
                let told = std::mem::take(&mut self.told);
                told.values().for_each(|record| self.weigh(record));
                self.told = told;
                return;
            }
        }
        self.weigh(record);
    }

    fn weigh(&mut self, record: &Record) {
        if self.parties.is_none_or(|parties| parties.may(&record.by, &record.event)) {
            self.facts.take(record);
        } else {
            self.aside.insert(record.mark());
        }
    }
}
