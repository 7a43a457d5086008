//! What the records of a party's book come to.

use crate::{
    Event, Good, Ledger, Lines, Loss, Mark, Promise, Record, ShipmentCode, ShipmentNow, Store, To, Who,
    folded::{Folded, Outcome},
    ledger::{Account, Entry, Key},
    parties::Parties,
    write_off::WriteOff,
};
use domain::{Moment, letters::CodeFault};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a party's book comes to. It depends on which records came in, never on their order, nor on how often they came.
#[derive(Debug)]
pub struct Supplies {
    pub(crate) own: Uuid,
    seen: BTreeSet<Uuid>,
    /// By shipment.
    pub(crate) told: BTreeMap<Uuid, BTreeMap<Mark, Record>>,
    pub(crate) write_offs: BTreeMap<Uuid, WriteOff>,
    /// Requests to write something off, by shipment.
    pub(crate) of_shipment: BTreeMap<Uuid, BTreeSet<Uuid>>,
    pub(crate) used: BTreeMap<(Store, Moment, Uuid, Good), BTreeMap<Key, u32>>,
    pub(crate) needs: BTreeMap<(Store, Good), Needs>,
    pub(crate) aside: BTreeMap<Uuid, Record>,
    outcome: Outcome,
}

/// What slots need, by slot and round.
pub(crate) type Needs = BTreeMap<(Moment, Option<Uuid>), Need>;

/// What a slot needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    mark: Mark,
    pub until: Moment,
    pub count: u32,
}

impl Clone for Supplies {
    /// It is worked out before, so that it need not be for each of the two.
    fn clone(&self) -> Supplies {
        Supplies {
            own: self.own,
            seen: self.seen.clone(),
            told: self.told.clone(),
            write_offs: self.write_offs.clone(),
            of_shipment: self.of_shipment.clone(),
            used: self.used.clone(),
            needs: self.needs.clone(),
            aside: self.aside.clone(),
            outcome: self.comes_to().clone().into(),
        }
    }
}

impl PartialEq for Supplies {
    fn eq(&self, other: &Supplies) -> bool {
        self.own == other.own
            && self.seen == other.seen
            && self.told == other.told
            && self.write_offs == other.write_offs
            && self.of_shipment == other.of_shipment
            && self.used == other.used
            && self.needs == other.needs
            && self.aside == other.aside
            && self.comes_to() == other.comes_to()
    }
}

impl Eq for Supplies {}

impl Supplies {
    /// The book of this party, with nothing in it.
    pub fn of(own: Uuid) -> Supplies {
        Supplies {
            own,
            seen: BTreeSet::new(),
            told: BTreeMap::new(),
            write_offs: BTreeMap::new(),
            of_shipment: BTreeMap::new(),
            used: BTreeMap::new(),
            needs: BTreeMap::new(),
            aside: BTreeMap::new(),
            outcome: Outcome::default(),
        }
    }

    /// What it comes to, worked out for all of which something was told since somebody asked last.
    pub(crate) fn comes_to(&self) -> &Folded {
        self.outcome.of(self)
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
        &self.comes_to().ledger
    }

    /// A shipment; `None` for one of which nobody has heard.
    pub fn shipment(&self, id: Uuid) -> Option<ShipmentNow> {
        self.comes_to().shipments.get(&id)?.now.clone()
    }

    /// All shipments, by their ids.
    pub fn shipments(&self) -> impl Iterator<Item = ShipmentNow> + '_ {
        self.comes_to().shipments.values().filter_map(|of| of.now.clone())
    }

    /// Shipments on which a household gets something, by their ids.
    pub fn to_household(&self, party: Uuid, household: Uuid) -> impl Iterator<Item = ShipmentNow> + '_ {
        let is_theirs = move |of: &&Promise| match &of.to {
            To::Doors { party: whose, of } => {
                *whose == party && of.iter().any(|share| share.household == household)
            }
            To::Store { .. } => false,
        };
        let shipments = self.comes_to().shipments.values();
        let theirs = shipments.filter(move |of| of.facts.promise().filter(is_theirs).is_some());
        theirs.filter_map(|of| of.now.clone())
    }

    /// Records that nobody in that role of that party may write, or not of that shipment: they change nothing, and somebody should look at
    /// them.
    pub fn aside(&self) -> impl Iterator<Item = &Record> {
        let told = |id: &Uuid, mark: &Mark| self.told.get(id)?.get(mark);
        let shipments = self.comes_to().shipments.iter();
        let shipments =
            shipments.flat_map(move |(id, of)| of.aside.iter().filter_map(move |mark| told(id, mark)));
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
            Loss::Shipment(shipment) => self.comes_to().shipments.get(&shipment)?.parties,
            Loss::Store(_) => None,
        }
    }

    /// Whether this one may say this, by all that is known here.
    pub(crate) fn may(&self, by: &Who, event: &Event) -> bool {
        let parties = event.shipment().and_then(|shipment| self.parties(Loss::Shipment(shipment)));
        event.is_theirs(by) && parties.is_none_or(|parties| parties.may(by, event))
    }

    /// The shipment that a code names, whole or in its short form.
    ///
    /// # Errors
    /// No code, or mistyped; or one that is not known here.
    pub fn read(&self, text: &str) -> Result<ShipmentCode, CodeFault> {
        let known = || self.told.keys().filter_map(|id| ShipmentCode::of_id(*id));
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
                let ledger = self.outcome.ledger();
                for (good, count) in &lines.0 {
                    ledger.count(key, *store, good, i64::from(*count));
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
                self.outcome.anew(*of, *write_off);
            }
            event => {
                if let Some(id) = event.shipment() {
                    self.told.entry(id).or_default().insert(mark, record.clone());
                    self.outcome.anew(Loss::Shipment(id), Uuid::nil());
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
        let ledger = self.outcome.ledger();
        for (good, count) in &lines.0 {
            let entry = Entry { at, good: good.clone(), count: i64::from(*count), from, to };
            ledger.write(&entry);
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
        let ledger = self.outcome.ledger();
        ledger.write(&entry(at, count - before));
        if let Some((key, after)) = after {
            ledger.take_back(&entry(key, after - before));
            ledger.write(&entry(key, after - count));
        }
    }
}
