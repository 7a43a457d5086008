//! The ledger: each unit is in exactly one account, and each entry takes from one what it gives to another.

use crate::{Good, Loss, Store};
use domain::Moment;
use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Included, Unbounded},
};
use uuid::Uuid;

/// Where units are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// Not in anybody's book: from there all comes, so that it owes what is elsewhere.
    Outside,
    /// In a stock. Less than nothing where more is told to have left than ever came: somebody should count.
    Stock(Store),
    /// On its way on a shipment.
    Transit(Uuid),
    /// Left on a shipment and did not come.
    Missing(Uuid),
    /// Used from a stock.
    Used(Store),
    /// With the households of a party.
    Given(Uuid),
    /// Written off by two.
    WrittenOff(Loss),
    /// What counting found too much or too little at a party, the other way round.
    Difference(Uuid),
}

/// Units go from one account to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When, and by which record: a count of the stock takes in what was before it.
    pub at: Key,
    pub good: Good,
    /// How many, more than none.
    pub count: i64,
    pub from: Account,
    pub to: Account,
}

pub(crate) type Key = (Moment, Uuid);

/// All accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    balances: BTreeMap<(Account, Good), i64>,
    shelves: BTreeMap<(Store, Good), Shelf>,
}

/// A good in a stock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shelf {
    moves: BTreeMap<Key, i64>,
    counts: BTreeMap<Key, Counting>,
    /// What moved since it was counted last.
    since: i64,
    moved: i64,
}

/// Somebody counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counting {
    counted: i64,
    /// What moved between the count before and this one.
    before: i64,
}

/// What a count found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// When it was counted.
    pub at: Moment,
    /// By which record.
    pub record: Uuid,
    /// How many there were.
    pub counted: i64,
    /// How many there should have been, by all that is known now.
    pub booked: i64,
}

impl Ledger {
    /// How many of a good are in an account.
    pub fn balance(&self, account: Account, good: &Good) -> i64 {
        let shelf = |store| self.shelves.get(&(store, good.clone()));
        let booked = self.balances.get(&(account, good.clone())).copied().unwrap_or(0);
        match account {
            Account::Stock(store) => shelf(store).map_or(0, Shelf::on_hand),
            Account::Difference(party) => {
                let shelves =
                    self.shelves.iter().filter(|((store, of), _)| store.party == party && of == good);
                booked - shelves.map(|(_, shelf)| shelf.on_hand() - shelf.moved).sum::<i64>()
            }
            _ => booked,
        }
    }

    /// Every account that is not empty, but those of differences that counts found.
    pub fn accounts(&self) -> impl Iterator<Item = (Account, &Good, i64)> {
        let shelves =
            self.shelves.iter().map(|((store, good), shelf)| (Account::Stock(*store), good, shelf.on_hand()));
        let others =
            self.balances.iter().filter(|((account, _), _)| !matches!(account, Account::Difference(_)));
        shelves
            .chain(others.map(|((account, good), count)| (*account, good, *count)))
            .filter(|(.., count)| *count != 0)
    }

    /// The sum of all accounts of a good: always 0.
    pub fn sum(&self, good: &Good) -> i64 {
        let shelves = self.shelves.iter().filter(|((_, of), _)| of == good);
        let moved: i64 = shelves.map(|(_, shelf)| shelf.moved).sum();
        moved + self.balances.iter().filter(|((_, of), _)| of == good).map(|(_, count)| count).sum::<i64>()
    }

    /// The goods of a stock, with how many there are.
    pub fn stock(&self, store: Store) -> impl Iterator<Item = (&Good, i64)> {
        let shelves = self.shelves.iter().filter(move |((of, _), _)| *of == store);
        shelves.map(|((_, good), shelf)| (good, shelf.on_hand()))
    }

    /// What each count of a good in a stock found, the first first.
    pub fn differences(&self, store: Store, good: &Good) -> Vec<Difference> {
        let Some(shelf) = self.shelves.get(&(store, good.clone())) else { return Vec::new() };
        let mut last = 0;
        let found = shelf.counts.iter().map(|(&(at, record), counting)| {
            let booked = last + counting.before;
            last = counting.counted;
            Difference { at, record, counted: counting.counted, booked }
        });
        found.collect()
    }

    /// The shelves of a party that hold less than nothing.
    pub(crate) fn overdrawn(&self, party: Uuid) -> impl Iterator<Item = (Store, &Good, i64, Moment)> {
        let shelves = self.shelves.iter().filter(move |((store, _), _)| store.party == party);
        shelves.filter_map(|((store, good), shelf)| {
            let last = shelf.moves.last_key_value().map_or(Moment::default(), |((at, _), _)| *at);
            (shelf.on_hand() < 0).then_some((*store, good, shelf.on_hand(), last))
        })
    }

    pub(crate) fn write(&mut self, entry: &Entry) {
        self.put(entry.from, entry, -entry.count);
        self.put(entry.to, entry, entry.count);
    }

    pub(crate) fn take_back(&mut self, entry: &Entry) {
        self.put(entry.from, entry, entry.count);
        self.put(entry.to, entry, -entry.count);
    }

    pub(crate) fn count(&mut self, at: Key, store: Store, good: &Good, counted: i64) {
        self.shelves.entry((store, good.clone())).or_default().count(at, counted);
    }

    fn put(&mut self, account: Account, entry: &Entry, count: i64) {
        if let Account::Stock(store) = account {
            let key = (store, entry.good.clone());
            let shelf = self.shelves.entry(key.clone()).or_default();
            shelf.put(entry.at, count);
            if shelf.moves.is_empty() && shelf.counts.is_empty() {
                self.shelves.remove(&key);
            }
            return;
        }
        let key = (account, entry.good.clone());
        let balance = self.balances.entry(key.clone()).or_default();
        *balance += count;
        if *balance == 0 {
            self.balances.remove(&key);
        }
    }
}

impl Shelf {
    fn on_hand(&self) -> i64 {
        self.counts.last_key_value().map_or(0, |(_, last)| last.counted) + self.since
    }

    fn put(&mut self, at: Key, count: i64) {
        let moved = self.moves.entry(at).or_default();
        *moved += count;
        if *moved == 0 {
            self.moves.remove(&at);
        }
        self.moved += count;
        match self.counts.range_mut(at..).next() {
            Some((_, next)) => next.before += count,
            None => self.since += count,
        }
    }

    /// What moved between two counts is divided by one between them. The part with fewer moves is summed, so that counts in any order
    /// of their times look at each move about log₂ n times.
    fn count(&mut self, at: Key, counted: i64) {
        let from = self.counts.range(..at).next_back().map_or(Unbounded, |(key, _)| Excluded(*key));
        let mut after = self.counts.range_mut(at..).next();
        let until = after.as_ref().map_or(Unbounded, |(key, _)| Included(**key));
        let whole = after.as_mut().map_or(&mut self.since, |(_, next)| &mut next.before);
        let mut early = self.moves.range((from, Included(at))).rev();
        let mut late = self.moves.range((Excluded(at), until));
        let mut sums = [0, 0];
        let before = loop {
            let Some((_, moved)) = early.next() else { break sums[0] };
            sums[0] += moved;
            let Some((_, moved)) = late.next() else { break *whole - sums[1] };
            sums[1] += moved;
        };
        *whole -= before;
        self.counts.insert(at, Counting { counted, before });
    }
}
