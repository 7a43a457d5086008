//! Whatever is told, in whatever order and how often: a book comes to the same, every unit is in one account, and nothing fails.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "book/book.rs"]
mod book;

use book::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use supplies::*;
use uuid::Uuid;

fn few(of: u128, many: u128) -> impl Strategy<Value = Uuid> {
    (0..many).prop_map(move |number| Uuid::from_u128(of << 8 | number))
}

/// Who speaks, and of what.
#[derive(Clone)]
struct Cast {
    parties: Vec<Uuid>,
    shipments: Vec<Uuid>,
    carrier: Uuid,
    /// Whose numbers requests to write something off have.
    write_offs: u128,
}

impl Cast {
    fn party(&self) -> impl Strategy<Value = Uuid> + use<> {
        prop::sample::select(self.parties.clone())
    }

    fn shipment(&self) -> impl Strategy<Value = Uuid> + use<> {
        prop::sample::select(self.shipments.clone())
    }
}

fn usual() -> Cast {
    let shipments = [0, 1].map(|number| Uuid::from_u128(3 << 8 | number)).to_vec();
    Cast { parties: vec![CITY, GARDEN], shipments, carrier: CITY, write_offs: 9 }
}

fn by(cast: &Cast) -> impl Strategy<Value = Who> + use<> {
    use Role::{Carrier, Desk, Gate, Household, Keeper, Volunteer};
    let role = prop::sample::select(vec![Desk, Keeper, Gate, Carrier, Volunteer, Household]);
    (cast.party(), role, few(7, 3)).prop_map(|(party, role, person)| Who { party, role, person })
}

fn some() -> impl Strategy<Value = Lines> {
    prop_oneof![4 => (0..9u32, 0..9u32).prop_map(|(a, b)| lines(a, b)), 1 => (0..9u32).prop_map(|a| [(swabs(), a)].into_iter().collect())]
}

fn stores(cast: &Cast) -> impl Strategy<Value = Store> + use<> {
    (cast.party(), few(5, 2)).prop_map(|(party, place)| Store { party, place })
}

fn end(cast: &Cast) -> impl Strategy<Value = End> + use<> {
    prop_oneof![
        3 => stores(cast).prop_map(End::Store),
        2 => (cast.party(), few(7, 3)).prop_map(|(party, household)| End::Door { party, household }),
    ]
}

fn promised(cast: &Cast) -> impl Strategy<Value = Promise> + use<> {
    let carrier = Carrier { party: cast.carrier, person: None };
    let to = prop_oneof![
        (stores(cast), some()).prop_map(|(store, lines)| To::Store { store, lines }),
        (cast.party(), prop::collection::vec((few(7, 3), some()), 1..3)).prop_map(|(party, of)| To::Doors {
            party,
            of: of.into_iter().map(|(household, lines)| Share { household, lines }).collect(),
        }),
    ];
    (cast.shipment(), proptest::option::of(stores(cast)), to, 0..60i64).prop_map(
        move |(shipment, from, to, due)| Promise { shipment, from, carrier, to, leaves: None, due: at(due) },
    )
}

/// What somebody tells; what a desk has looked at is of the first records of everybody's or of its own.
fn event(cast: &Cast, (own, ids): (u128, u128)) -> impl Strategy<Value = Event> + use<> {
    let (shipment, stores, end) = (|| cast.shipment(), || stores(cast), || end(cast));
    let write_offs = cast.write_offs;
    let reason = || prop::sample::select(vec![Reason::Lost, Reason::Broken]);
    let record = (any::<bool>(), 0..ids)
        .prop_map(move |(its_own, number)| Uuid::from_u128(if its_own { own } else { 0xe } << 64 | number));
    let of = prop_oneof![shipment().prop_map(Loss::Shipment), stores().prop_map(Loss::Store)];
    let over = prop::collection::vec(record, 0..6);
    prop_oneof![
        4 => promised(cast).prop_map(|promise| Event::Promised { promise }),
        1 => shipment().prop_map(|shipment| Event::CalledOff { shipment }),
        4 => (shipment(), stores(), some()).prop_map(|(shipment, from, lines)| Event::Sent { shipment, from, lines }),
        1 => shipment().prop_map(|shipment| Event::AtGate { shipment }),
        2 => (shipment(), few(7, 3)).prop_map(|(shipment, household)| Event::Given { shipment, household }),
        8 => (shipment(), end(), some(), prop::bool::weighted(0.2))
            .prop_map(|(shipment, at, lines, rest)| Event::Received { shipment, at, lines, rest }),
        2 => (shipment(), end(), reason()).prop_map(|(shipment, at, reason)| Event::Refused { shipment, at, reason }),
        2 => (shipment(), any::<bool>(), end(), over, proptest::option::of(some())).prop_map(|(shipment, sent, at, over, lines)| {
            Event::Settled { shipment, step: if sent { Step::Sent } else { Step::Received }, at, over, lines }
        }),
        2 => (shipment(), stores(), some()).prop_map(|(shipment, at, lines)| Event::TakenBack { shipment, at, lines }),
        2 => (shipment(), stores(), some()).prop_map(|(shipment, at, lines)| Event::Found { shipment, at, lines }),
        1 => (shipment(), reason()).prop_map(|(shipment, reason)| Event::Explained { shipment, reason }),
        2 => (few(write_offs, 2), of.clone(), some(), reason())
            .prop_map(|(write_off, of, lines, reason)| Event::WriteOffAsked { write_off, of, lines, reason }),
        3 => (few(write_offs, 2), of).prop_map(|(write_off, of)| Event::WriteOffAgreed { write_off, of }),
        2 => (stores(), some()).prop_map(|(store, lines)| Event::Entered { store, lines, entry: Entry::Bought }),
        1 => (cast.party(), few(5, 2), few(5, 2), some())
            .prop_map(|(party, from, to, lines)| Event::Moved { party, from, to, lines }),
        3 => (stores(), 0..3i64, some()).prop_map(|(store, slot, lines)| Event::Used { store, slot: at(slot * 20), lines }),
        2 => (stores(), some()).prop_map(|(store, lines)| Event::Counted { store, lines }),
        1 => (stores(), 0..3i64, proptest::option::of(few(7, 2)), some()).prop_map(|(store, slot, round, lines)| {
            Event::Needed { store, slot: at(slot * 20), until: at(slot * 20 + 20), round, lines }
        }),
    ]
}

const MOST: usize = 60;

fn told() -> impl Strategy<Value = Vec<Record>> {
    told_by(&usual(), 0xe)
}

/// By these; their records are of this number.
fn told_by(cast: &Cast, of: u128) -> impl Strategy<Value = Vec<Record>> + use<> {
    let one = (-20..60i64, by(cast), event(cast, (of, MOST as u128)));
    prop::collection::vec(one, 1..MOST).prop_map(move |told| {
        let record = |(number, (minute, by, event)): (usize, (i64, Who, Event))| Record {
            id: Uuid::from_u128(of << 64 | number as u128),
            at: at(minute),
            by,
            event,
        };
        told.into_iter().enumerate().map(record).collect()
    })
}

/// Every unit is in one account: the sum is none, and only what is outside, a stock or a difference can owe anything.
fn balances(state: &Supplies) -> Result<(), TestCaseError> {
    for good in [swabs(), water()] {
        let parties: i64 = [CITY, GARDEN, HAULIER, STRANGER]
            .map(|party| state.ledger().balance(Account::Difference(party), &good))
            .iter()
            .sum();
        let all: i64 =
            state.ledger().accounts().filter(|(_, of, _)| **of == good).map(|(.., count)| count).sum();
        prop_assert_eq!((all + parties, state.ledger().sum(&good)), (0, 0));
    }
    for (account, good, count) in state.ledger().accounts() {
        let may_owe = matches!(account, Account::Outside | Account::Stock(_) | Account::Difference(_));
        let corrected = matches!(account, Account::Used(_));
        prop_assert!(count >= 0 || may_owe || corrected, "{account:?} has {count} of {good:?}");
    }
    for of in state.shipments() {
        for (account, counts) in
            [(Account::Transit(of.id), &of.transit), (Account::Missing(of.id), &of.missing)]
        {
            for good in [swabs(), water()] {
                prop_assert_eq!(
                    state.ledger().balance(account, &good),
                    counts.get(&good).copied().unwrap_or(0)
                );
            }
        }
    }
    Ok(())
}

const HAULIER: Uuid = Uuid::from_u128(3);
const STRANGER: Uuid = Uuid::from_u128(4);

/// Two shipments, one by CITY to GARDEN's gate and one by GARDEN to its doors, with whatever these two say of them; and what the haulier and a
/// stranger write, but for what it is a haulier's to say.
fn meddled() -> impl Strategy<Value = (Vec<Record>, Vec<Record>)> {
    let code = |party| ShipmentKey::new(party, [3; 32]).code(0).unwrap().id();
    let shipments = vec![code(CITY), code(GARDEN)];
    let own = Cast { parties: vec![CITY, GARDEN], shipments, carrier: HAULIER, write_offs: 9 };
    let strangers = Cast { parties: vec![STRANGER, STRANGER, CITY, GARDEN], ..own.clone() };
    let hauliers = Cast { parties: vec![HAULIER, HAULIER, CITY, GARDEN], write_offs: 10, ..own.clone() };
    let told = (told_by(&own, 0xe), -20..60i64, -20..60i64).prop_map(move |(mut told, first, second)| {
        let carrier = Carrier { party: HAULIER, person: None };
        let promises = [Promise { carrier, ..promise(8, 8) }, Promise { carrier, ..round(5) }];
        for (number, (promise, minute)) in promises.into_iter().zip([first, second]).enumerate() {
            let by = who(promise.party(), Role::Desk);
            let promise = Promise { shipment: code(by.party), ..promise };
            let id = Uuid::from_u128(0xd << 64 | number as u128);
            told.push(Record { id, at: at(minute), by, event: Event::Promised { promise } });
        }
        told
    });
    let meddling = (told_by(&strangers, 0xa), told_by(&hauliers, 0xb)).prop_map(|(strangers, hauliers)| {
        let theirs = |of: &Record| {
            matches!(of.event, Event::AtGate { .. } | Event::Given { .. } | Event::Explained { .. })
        };
        let by = |record: Record, party| Record { by: Who { party, ..record.by }, ..record };
        let strangers = strangers.into_iter().map(|record| by(record, STRANGER));
        let hauliers = hauliers.into_iter().filter(|of| !theirs(of)).map(|record| by(record, HAULIER));
        strangers.chain(hauliers).collect()
    });
    (told, meddling)
}

/// What CITY and GARDEN have, and what they should look at.
fn view(state: &Supplies, now: domain::Moment, astray: bool) -> (Vec<ShipmentNow>, Vec<String>, Vec<Near>) {
    let ours = |party: &Uuid| [CITY, GARDEN].contains(party);
    let shipments = state.shipments().map(|mut of| {
        of.astray = None;
        of.elsewhere.clear();
        if astray {
            [&mut of.transit, &mut of.missing, &mut of.surplus].into_iter().for_each(Counts::clear);
        }
        of
    });
    let account = |of: &Account| match of {
        Account::Stock(store) | Account::Used(store) | Account::WrittenOff(Loss::Store(store)) => {
            ours(&store.party)
        }
        Account::Given(party) => ours(party),
        Account::WrittenOff(Loss::Shipment(_)) => true,
        Account::Transit(_) | Account::Missing(_) => !astray,
        Account::Outside | Account::Difference(_) => false,
    };
    let accounts = state.ledger().accounts().filter(|(of, ..)| account(of));
    let differences = [CITY, GARDEN]
        .map(|party| [swabs(), water()].map(|of| state.ledger().balance(Account::Difference(party), &of)));
    let accounts = accounts.map(|of| format!("{of:?}")).chain([format!("{differences:?}")]);
    let near = state.near(now).into_iter().filter(|of| match of.why {
        NearWhy::Aside | NearWhy::Astray | NearWhy::WriteOff => false,
        NearWhy::Short | NearWhy::Surplus | NearWhy::LeftOver | NearWhy::Refused => !astray,
        _ => true,
    });
    (shipments.collect(), accounts.collect(), near.collect())
}

/// Whether somebody settles what they said themselves.
fn settles_its_own(of: &Record, all: &[Record]) -> bool {
    let Event::Settled { shipment, at, over, .. } = &of.event else { return false };
    let is_claim = |claim: &Record| {
        let Event::Received { shipment: what, at: came, .. } = &claim.event else { return false };
        let same =
            |one: &End, other: &End| (one.party(), one.household()) == (other.party(), other.household());
        what == shipment && same(came, at) && over.contains(&claim.id) && claim.event.is_theirs(&claim.by)
    };
    of.event.is_theirs(&of.by) && all.iter().any(is_claim)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_book_comes_to_the_same_in_whatever_order_it_is_written(
        (told, again) in told().prop_flat_map(|told| {
            let twice: Vec<Record> = told.iter().chain(told.iter().step_by(3)).cloned().collect();
            (Just(told), Just(twice).prop_shuffle())
        }),
        looks in prop::collection::vec(0..90i64, 0..4),
    ) {
        let mut once = Supplies::of(GARDEN);
        for record in &told {
            once.apply(record);
            balances(&once)?;
            looks.iter().for_each(|minute| drop(once.near(at(*minute))));
        }
        let mut other = Supplies::of(GARDEN);
        again.iter().for_each(|record| other.apply(record));
        prop_assert_eq!(&once, &other);
        // The sender's server folds the same records and sees the same shipments and the same accounts.
        let mut sender = Supplies::of(CITY);
        again.iter().rev().for_each(|record| sender.apply(record));
        prop_assert_eq!(once.shipments().collect::<Vec<_>>(), sender.shipments().collect::<Vec<_>>());
        prop_assert_eq!(once.ledger(), sender.ledger());
        let aside: BTreeSet<Uuid> = once.aside().map(|of| of.id).collect();
        prop_assert_eq!(&aside, &sender.aside().map(|of| of.id).collect());
        prop_assert_eq!(aside.len(), once.near(at(0)).iter().filter(|of| of.why == NearWhy::Aside).count());
        let nobodys = told.iter().filter(|of| !of.event.is_theirs(&of.by));
        prop_assert!(nobodys.map(|of| of.id).all(|id| aside.contains(&id)));
    }

    /// Whoever carries a shipment, and partners who have nothing to do with it, write whatever they like, dated back too: for its sender and
    /// its receiver nothing changes, and what does not count is shown.
    #[test]
    fn what_is_not_theirs_to_write_changes_nothing(
        (told, all) in meddled().prop_flat_map(|(told, meddling)| {
            let all: Vec<Record> = told.iter().chain(&meddling).cloned().collect();
            (Just(told), Just(all).prop_shuffle())
        }),
        minute in 0..90i64,
    ) {
        for party in [CITY, GARDEN] {
            let (mut without, mut with) = (Supplies::of(party), Supplies::of(party));
            told.iter().for_each(|record| without.apply(record));
            all.iter().for_each(|record| with.apply(record));
            let mut other = Supplies::of(party);
            all.iter().rev().for_each(|record| other.apply(record));
            prop_assert_eq!(&with, &other);
            balances(&with)?;
            // Only what another party says that it has itself may be missing no more: that is astray, and shown.
            let astray = with.shipments().any(|of| of.astray.is_some());
            prop_assert_eq!(view(&without, at(minute), astray), view(&with, at(minute), astray));
            let aside: BTreeSet<Uuid> = with.aside().map(|of| of.id).collect();
            let meddles = |of: &&Record| match &of.event {
                // Who has said that something strayed to them settles that, and nothing else.
                Event::Settled { step: Step::Received, .. } => !settles_its_own(of, &all),
                event => matches!(
                    event,
                    Event::Promised { .. } | Event::CalledOff { .. } | Event::Sent { .. } | Event::Refused { .. }
                        | Event::Settled { .. } | Event::TakenBack { .. } | Event::Found { .. }
                ),
            };
            let meddling = all.iter().filter(|of| ![CITY, GARDEN].contains(&of.by.party)).filter(meddles);
            prop_assert!(meddling.map(|of| of.id).all(|id| aside.contains(&id)));
        }
    }

    /// What is written is read back; and no account, volunteer or household of a name is in it.
    #[test]
    fn what_is_written_is_read_back(told in told()) {
        for record in told {
            let text = serde_json::to_string(&record).unwrap();
            prop_assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
        }
    }
}

/// The test above would find a fold that depends on the order: this one does.
#[test]
fn an_order_that_matters_is_found() {
    let sent = |number, count| Record {
        id: Uuid::from_u128(number),
        at: at(5),
        by: who(CITY, Role::Desk),
        event: Event::Counted { store: depot(), lines: lines(count, 0) },
    };
    // Two records of one identity and two contents. A book takes the first that comes in: that identities are each of one record, whoever
    // writes, is for whoever hands records in to see to.
    let fold = |order: [Record; 2]| {
        let mut state = Supplies::of(CITY);
        order.iter().for_each(|record| state.apply(record));
        state
    };
    assert_ne!(fold([sent(1, 3), sent(1, 4)]), fold([sent(1, 4), sent(1, 3)]));
    assert_eq!(fold([sent(1, 3), sent(2, 4)]), fold([sent(2, 4), sent(1, 3)]));
}
