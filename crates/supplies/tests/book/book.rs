//! Two parties with their stores, and who says what there.
#![allow(dead_code, reason = "each test takes what it needs")]

use domain::Moment;
use supplies::*;
use uuid::Uuid;

pub const MINUTE: i64 = 60 * 10_000;
pub const AT: Moment = Moment(16_000_000_000_000);
pub const CITY: Uuid = Uuid::from_u128(1);
pub const GARDEN: Uuid = Uuid::from_u128(2);
pub const SHIPMENT: Uuid = Uuid::from_u128(0x500);

pub fn at(minute: i64) -> Moment {
    AT + minute * MINUTE
}

pub fn store(party: Uuid, place: u128) -> Store {
    Store { party, place: Uuid::from_u128(place) }
}

pub fn depot() -> Store {
    store(CITY, 10)
}

pub fn gate() -> Store {
    store(GARDEN, 20)
}

pub fn who(party: Uuid, role: Role) -> Who {
    Who { party, role, person: Uuid::from_u128((party.as_u128() << 32) | (0x100 + role as u128)) }
}

pub fn swabs() -> Good {
    Good::new("swabs", "piece")
}

pub fn water() -> Good {
    Good::new("water", "bottle")
}

pub fn lines(swab: u32, bottles: u32) -> Lines {
    [(swabs(), swab), (water(), bottles)].into_iter().collect()
}

pub fn asked(swab: i64, bottles: i64) -> Asked {
    vec![(swabs(), swab), (water(), bottles)]
}

pub fn door(household: u128) -> End {
    End::Door { party: GARDEN, household: Uuid::from_u128(household) }
}

/// From the depot to the gate, due after an hour.
pub fn promise(swab: u32, bottles: u32) -> Promise {
    Promise {
        shipment: SHIPMENT,
        from: Some(depot()),
        carrier: Carrier { party: CITY, person: None },
        to: To::Store { store: gate(), lines: lines(swab, bottles) },
        leaves: None,
        due: at(60),
    }
}

/// To three households, each with so many, due after an hour.
pub fn round(each: u32) -> Promise {
    let share = |household| Share { household: Uuid::from_u128(household), lines: lines(0, each) };
    Promise {
        from: Some(gate()),
        carrier: Carrier { party: GARDEN, person: None },
        to: To::Doors { party: GARDEN, of: [31, 32, 33].map(share).to_vec() },
        ..promise(0, 0)
    }
}

/// A book that is written in, step by step.
pub struct Book {
    pub state: Supplies,
    pub log: Vec<Record>,
    pub now: Moment,
}

impl Book {
    pub fn of(party: Uuid) -> Book {
        Book { state: Supplies::of(party), log: Vec::new(), now: AT }
    }

    pub fn later(&mut self, minutes: i64) {
        self.now = self.now + minutes * MINUTE;
    }

    /// Done, and done again it is nothing new.
    pub fn done(&mut self, by: Who, command: Command) -> Vec<Uuid> {
        let events = self.state.decide(self.now, &by, command.clone()).expect("it is granted");
        let ids = events.into_iter().map(|event| self.tell(by, event)).collect();
        self.later(1);
        ids
    }

    pub fn refused(&self, by: Who, command: Command) -> Refusal {
        self.state.decide(self.now, &by, command).expect_err("it is refused")
    }

    /// A fact from a phone.
    pub fn tell(&mut self, by: Who, event: Event) -> Uuid {
        let id = Uuid::from_u128(0xe << 64 | self.log.len() as u128);
        let record = Record { id, at: self.now, by, event };
        self.state.apply(&record);
        self.log.push(record);
        id
    }

    pub fn shipment(&self) -> ShipmentNow {
        self.state.shipment(SHIPMENT).expect("it is known")
    }

    pub fn has(&self, account: Account, good: &Good) -> i64 {
        self.state.ledger().balance(account, good)
    }

    /// What is near, and whom to call: `short: city desk, city carrier`.
    pub fn near(&self) -> Vec<String> {
        let name = |call: &Call| {
            let party = if call.party == CITY { "city" } else { "garden" };
            format!("{party} {}", call.role.key().rsplit('.').next().unwrap())
        };
        let near = self.state.near(self.now).into_iter().map(|of| {
            let call: Vec<String> = of.call.iter().map(name).collect();
            let doors = if of.households.is_empty() {
                String::new()
            } else {
                format!(" ({} doors)", of.households.len())
            };
            format!("{}{doors}: {}", of.why.key().rsplit('.').next().unwrap(), call.join(", "))
        });
        near.collect()
    }
}
