//! The ledger against a world in which things really lie somewhere. The world moves units one way, tells of it by records that arrive in any
//! order and twice, and shares no code with what folds them. `SUPPLY_EVENTS=1000000` makes it as large as it should be.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "book/book.rs"]
mod book;

use book::*;
use chance::{Cause, Chance};
use std::collections::BTreeMap;
use supplies::*;
use uuid::Uuid;

struct Dice(Chance, u32);

impl Dice {
    fn below(&mut self, many: u32) -> u32 {
        self.1 += 1;
        self.0.word(Cause::Service, self.1 & 0xf_ffff, self.1 >> 20) % many
    }
}

/// A cart on its way: what is in it, and what fell off.
struct Cart {
    id: Uuid,
    to: Store,
    /// Households and what each is to get; empty: it goes to the store.
    doors: Vec<(Uuid, i64)>,
    from: Store,
    loaded: i64,
    inside: i64,
    fallen: i64,
    receipt: Option<Uuid>,
}

/// Where things really lie.
struct World {
    dice: Dice,
    stock: BTreeMap<Store, i64>,
    bought: i64,
    used: BTreeMap<Store, i64>,
    given: BTreeMap<Uuid, i64>,
    gone: i64,
    carts: Vec<Cart>,
    slots: BTreeMap<(Store, i64), u32>,
    told: Vec<Record>,
    minute: i64,
}

const PARTIES: u32 = 40;

impl World {
    fn party(&mut self) -> Uuid {
        Uuid::from_u128(u128::from(1 + self.dice.below(PARTIES)))
    }

    fn store(&mut self) -> Store {
        let (party, place) = (self.party(), 1 + u128::from(self.dice.below(2)));
        store(party, place)
    }

    fn tell(&mut self, by: Who, event: Event) -> Uuid {
        self.minute += 1;
        let id = Uuid::from_u128(0xe << 64 | self.told.len() as u128);
        self.told.push(Record { id, at: at(self.minute), by, event });
        id
    }

    fn lines(count: i64) -> Lines {
        [(swabs(), u32::try_from(count).unwrap())].into_iter().collect()
    }

    fn some(&mut self, of: i64) -> i64 {
        i64::from(self.dice.below(u32::try_from(of).unwrap() + 1))
    }

    fn step(&mut self) {
        let at = self.store();
        let keeper = who(at.party, Role::Keeper);
        let there = self.stock.get(&at).copied().unwrap_or(0);
        match self.dice.below(12) {
            0 => {
                let count = 1 + self.some(500);
                *self.stock.entry(at).or_default() += count;
                self.bought += count;
                self.tell(
                    keeper,
                    Event::Entered { store: at, lines: World::lines(count), entry: Entry::Bought },
                );
            }
            1 if there > 0 => {
                let count = self.some(there.min(50));
                let slot = self.minute / 60;
                let so_far = self.slots.entry((at, slot)).or_default();
                *so_far += count as u32;
                let lines = World::lines(i64::from(*so_far));
                *self.stock.entry(at).or_default() -= count;
                *self.used.entry(at).or_default() += count;
                self.tell(keeper, Event::Used { store: at, slot: book::at(slot * 60), lines });
            }
            2 => {
                // What is counted is what the ledger says: checked when all has been told.
                self.tell(keeper, Event::Counted { store: at, lines: World::lines(there) });
            }
            3 if there > 0 => {
                let (count, to) = (
                    self.some(there),
                    Store { place: Uuid::from_u128(1 + u128::from(self.dice.below(2))), ..at },
                );
                *self.stock.entry(at).or_default() -= count;
                *self.stock.entry(to).or_default() += count;
                let lines = World::lines(count);
                self.tell(keeper, Event::Moved { party: at.party, from: at.place, to: to.place, lines });
            }
            4 | 5 if there > 0 => self.load(at, there),
            6.. if !self.carts.is_empty() => {
                let place = self.dice.below(self.carts.len() as u32) as usize;
                let cart = self.carts.swap_remove(place);
                self.unload(cart);
            }
            _ => {}
        }
    }

    fn load(&mut self, from: Store, there: i64) {
        let count = 1 + self.some((there - 1).min(200));
        let id = Uuid::from_u128(0x5 << 64 | self.told.len() as u128);
        let to = if self.dice.below(3) == 0 { from } else { self.store() };
        let doors: Vec<(Uuid, i64)> = if self.dice.below(3) == 0 {
            let many = 1 + i64::from(self.dice.below(4));
            (0..many).map(|door| (Uuid::from_u128(0xd00 + door as u128), count / many)).collect()
        } else {
            Vec::new()
        };
        let share =
            |(household, count): &(Uuid, i64)| Share { household: *household, lines: World::lines(*count) };
        let promised = if doors.is_empty() {
            To::Store { store: to, lines: World::lines(count) }
        } else {
            To::Doors { party: to.party, of: doors.iter().map(share).collect() }
        };
        let carrier = Carrier { party: from.party, person: None };
        let due = at(self.minute + 60);
        let promise = Promise { shipment: id, from: Some(from), carrier, to: promised, leaves: None, due };
        self.tell(who(from.party, Role::Desk), Event::Promised { promise });
        *self.stock.entry(from).or_default() -= count;
        let lines = World::lines(count);
        let sent = Event::Sent { shipment: id, from, lines: lines.clone() };
        self.tell(who(from.party, Role::Keeper), sent.clone());
        if self.dice.below(8) == 0 {
            // Somebody else tells the same, as it was.
            self.tell(who(from.party, Role::Volunteer), sent);
        }
        self.carts.push(Cart { id, to, doors, from, loaded: count, inside: count, fallen: 0, receipt: None });
    }

    /// One step more of a cart: to a door, to the gate, back, or what is missing is found or given up.
    fn unload(&mut self, mut cart: Cart) {
        let (shipment, at) = (cart.id, End::Store(cart.to));
        if cart.receipt.is_none() && !cart.doors.is_empty() {
            let (household, awaited) = cart.doors.pop().unwrap();
            let gets = if self.dice.below(5) == 0 { self.some(awaited) } else { awaited };
            let at = End::Door { party: cart.to.party, household };
            cart.inside -= awaited;
            cart.fallen += awaited - gets;
            *self.given.entry(cart.to.party).or_default() += gets;
            let home = Who { party: cart.to.party, role: Role::Household, person: household };
            self.tell(home, Event::Received { shipment, at, lines: World::lines(gets), rest: false });
            if !cart.doors.is_empty() {
                return self.carts.push(cart);
            }
            // What nobody was to get goes back.
            let (count, from) = (cart.inside, cart.from);
            *self.stock.entry(from).or_default() += count;
            cart.inside = 0;
            self.tell(
                who(from.party, Role::Keeper),
                Event::TakenBack { shipment, at: from, lines: World::lines(count) },
            );
            cart.receipt = Some(Uuid::nil());
            return self.carts.push(cart);
        }
        if cart.receipt.is_none() {
            if self.dice.below(10) == 0 {
                let reason = Reason::WrongGoods;
                self.tell(who(cart.to.party, Role::Gate), Event::Refused { shipment, at, reason });
                *self.stock.entry(cart.from).or_default() += cart.inside;
                let back = Event::TakenBack { shipment, at: cart.from, lines: World::lines(cart.inside) };
                self.tell(who(cart.from.party, Role::Keeper), back);
                return;
            }
            let came = if self.dice.below(4) == 0 { self.some(cart.inside) } else { cart.inside };
            (cart.fallen, cart.inside) = (cart.inside - came, 0);
            *self.stock.entry(cart.to).or_default() += came;
            let received = |lines, rest| Event::Received { shipment, at, lines, rest };
            let first = if self.dice.below(4) == 0 { self.some(came) } else { came };
            let mut over =
                vec![self.tell(who(cart.to.party, Role::Gate), received(World::lines(first), false))];
            if first < came && self.dice.below(2) == 0 {
                self.tell(who(cart.to.party, Role::Gate), received(World::lines(came - first), true));
            } else if first < came {
                // They miscounted; another counts right, and the desk looks.
                over.push(
                    self.tell(who(cart.to.party, Role::Volunteer), received(World::lines(came), false)),
                );
                let lines = Some(World::lines(came));
                let settled =
                    Event::Settled { shipment, step: Step::Received, at, over: over.clone(), lines };
                self.tell(who(cart.to.party, Role::Desk), settled);
            }
            cart.receipt = over.first().copied();
            return self.carts.push(cart);
        }
        if cart.fallen == 0 {
            return;
        }
        let count = 1 + self.some(cart.fallen - 1);
        cart.fallen -= count;
        if self.dice.below(2) == 0 {
            *self.stock.entry(cart.to).or_default() += count;
            self.tell(
                who(cart.to.party, Role::Keeper),
                Event::Found { shipment, at: cart.to, lines: World::lines(count) },
            );
        } else {
            self.gone += count;
            let (write_off, of) =
                (Uuid::from_u128(0xf << 64 | self.told.len() as u128), Loss::Shipment(shipment));
            let asked =
                Event::WriteOffAsked { write_off, of, lines: World::lines(count), reason: Reason::Lost };
            self.tell(who(cart.to.party, Role::Keeper), asked);
            self.tell(who(cart.from.party, Role::Desk), Event::WriteOffAgreed { write_off, of });
        }
        self.carts.push(cart);
    }
}

#[test]
fn every_unit_is_where_it_really_is() {
    let events: usize =
        std::env::var("SUPPLY_EVENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(30_000);
    let mut world = World {
        dice: Dice(Chance::new(7, 0, 0), 0),
        stock: BTreeMap::new(),
        bought: 0,
        used: BTreeMap::new(),
        given: BTreeMap::new(),
        gone: 0,
        carts: Vec::new(),
        slots: BTreeMap::new(),
        told: Vec::new(),
        minute: 0,
    };
    while world.told.len() < events {
        world.step();
    }
    // One in ten comes twice, and all in any order.
    let mut told: Vec<usize> = (0..world.told.len()).chain((0..world.told.len()).step_by(10)).collect();
    for place in (1..told.len()).rev() {
        let other = world.dice.below(place as u32 + 1) as usize;
        told.swap(place, other);
    }
    let mut state = Supplies::of(CITY);
    let looks = told.len() / 50;
    for (number, place) in told.iter().enumerate() {
        state.apply(&world.told[*place]);
        if number % looks == 0 {
            assert_eq!(state.ledger().sum(&swabs()), 0, "after {number} records");
        }
    }
    let ledger = state.ledger();
    let has = |account| ledger.balance(account, &swabs());
    assert_eq!(has(Account::Outside), -world.bought);
    for (store, count) in &world.stock {
        assert_eq!(has(Account::Stock(*store)), *count, "{store:?}");
        let counted = ledger.differences(*store, &swabs());
        assert!(
            counted.iter().all(|of| of.counted == of.booked),
            "all was told, and counts find nothing else"
        );
    }
    for (store, count) in &world.used {
        assert_eq!(has(Account::Used(*store)), *count);
    }
    for party in 1..=u128::from(PARTIES) {
        let party = Uuid::from_u128(party);
        assert_eq!(has(Account::Given(party)), world.given.get(&party).copied().unwrap_or(0));
        assert_eq!(has(Account::Difference(party)), 0);
    }
    let (mut transit, mut missing, mut gone) = (0, 0, 0);
    for (account, _, count) in ledger.accounts() {
        match account {
            Account::Transit(_) => transit += count,
            Account::Missing(_) => missing += count,
            Account::WrittenOff(_) => gone += count,
            _ => {}
        }
    }
    let inside: i64 = world.carts.iter().map(|cart| cart.inside).sum();
    let fallen: i64 = world.carts.iter().map(|cart| cart.fallen).sum();
    assert_eq!((transit, missing, gone), (inside, fallen, world.gone));
    let most = world.carts.iter().filter(|cart| cart.receipt.is_none() && cart.doors.is_empty());
    for cart in most {
        assert_eq!(has(Account::Transit(cart.id)), cart.loaded, "{:?}", cart.id);
    }
    // The world was no dull one.
    assert!(world.gone > 0 && missing > 0 && transit > 0 && !world.given.is_empty());
    assert_eq!(state.aside().count(), 0);
    assert!(state.shipments().all(|of| of.contested.is_empty()));
}
