//! What a party's desk sees of its stock and its shipments.

use super::{clock, stock_of};
use crate::{
    api::parties::{
        doors::{self, DoorsCount, Known},
        last,
        provide::{self, BringSeen, GoodNeeded, RoundTakes, Rounds},
        seconds,
    },
    limits,
    parties::calls::Calls,
};
use domain::Moment;
use parties::Book;
use serde::Serialize;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};
use supplies::{
    Asked, Call, Command, Counts, End, Good, Loss, Near, NearWhy, Reason, Role, ShipmentCode, ShipmentNow,
    Stage, Step, Subject, To,
};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;

/// Stock and shipments, as a party's desk sees them.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuppliesPage {
    /// What people call the party.
    name: String,
    /// Those to whom something can be sent: partners that are told of supplies, by their names.
    receivers: Vec<PartyNamed>,
    /// What is in stock, by its name.
    stock: Vec<StockSeen>,
    /// Shipments that are not over, first those that somebody should look at and then the soonest; and then those that are, the newest first.
    shipments: Vec<ShipmentSeen>,
    /// What somebody should look at, the soonest first.
    near: Vec<SupplyNear>,
    /// How many of both are left off, and still to be seen to.
    left_off: usize,
    /// Why something is missing, refused or written off.
    reasons: Vec<Worded>,
    /// Whether it has doors to which goods can go, and whoever asks may see them.
    doors: bool,
    /// Its rounds that are not over and take something, the soonest first.
    rounds: Vec<RoundTakes>,
    /// What the rounds that its stock provides for need: first what is lacking.
    needs: Vec<GoodNeeded>,
    /// What of that is to be brought, the first first.
    bring: Vec<BringSeen>,
}

/// A party and what people call it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyNamed {
    #[schema(value_type = String)]
    pub(crate) party: Uuid,
    pub(crate) name: String,
}

/// A word of the API, and that of people.
#[derive(Debug, Serialize, ToSchema)]
pub struct Worded {
    key: String,
    word: String,
}

/// A good in stock.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockSeen {
    /// What it is called.
    good: String,
    /// In what it is counted.
    unit: String,
    /// How many there are, by the last count and what came and went since.
    count: i64,
    /// When it was counted last, seconds since 1970; null where it never was.
    #[schema(required)]
    counted: Option<i64>,
    /// How many more that count found than the book had, or fewer.
    off: i64,
}

/// A shipment.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShipmentSeen {
    /// Its id.
    #[schema(value_type = String)]
    id: Uuid,
    /// What stands on its delivery note; empty where it has no code.
    code: String,
    /// What is typed of it where it is awaited.
    short: String,
    /// `promised`, `called_off`, `sent`, `at_gate`, `received`, `short`, `refused` or `taken_back`.
    stage: String,
    /// The same in words.
    stage_word: String,
    /// Since when, seconds since 1970.
    since: i64,
    /// From whom; empty where that is not known, or it comes from outside.
    from: String,
    /// To whom; empty where that is not known.
    to: String,
    /// Who brings it; empty where that is not known.
    carrier: String,
    /// Whether it comes to this party's stock, or somebody said here that it came.
    incoming: bool,
    /// When it is handed over at the latest, seconds since 1970; null where nobody promised it.
    #[schema(required)]
    due: Option<i64>,
    /// What is on it.
    lines: Vec<ShipmentLine>,
    /// What somebody knows of what is missing or too much: whose, and what, in words.
    explained: Vec<String>,
    /// How far it is at doors; null where it goes to a stock.
    #[schema(required)]
    doors: Option<DoorsCount>,
    /// Whether nothing is to be done any more.
    over: bool,
    /// What this desk can do with it now: `call_off`, `send`, `reach_gate`, `receive`, `rest`, `refuse`, `settle`, `settle_sent`, `take_back`,
    /// `find`, `explain`, `ask_write_off`.
    can: Vec<&'static str>,
}

/// A good on a shipment.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShipmentLine {
    good: String,
    unit: String,
    /// How many were promised.
    promised: i64,
    /// How many left.
    sent: i64,
    /// How many whoever takes it in should find: what left; as long as nobody has said that, what was promised.
    awaited: i64,
    /// How many came.
    received: i64,
    /// How many left, did not come, and are neither found nor written off.
    missing: i64,
    /// How many came and had not left.
    surplus: i64,
    /// How many are on their way.
    transit: i64,
}

/// Something that somebody should look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplyNear {
    /// The shipment, if it is about one.
    #[schema(required, value_type = Option<String>)]
    shipment: Option<Uuid>,
    /// What should be written off, if it is about that and this desk may agree.
    #[schema(required, value_type = Option<String>)]
    write_off: Option<Uuid>,
    /// What it is about, if it is about something else: a good and how many, or who wrote what is not theirs.
    what: String,
    /// Why, in words.
    why: String,
    /// Its time, seconds since 1970.
    by: i64,
    /// Whom to call, the first first.
    call: Vec<CallSeen>,
    /// The doors that it is about, in the order of walking: where nobody has said that it came, or something is missing.
    doors: Vec<String>,
}

/// Whom to call.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallSeen {
    /// Which party, and as what, in words.
    who: String,
    /// The number that the party gave; empty where it gave none.
    pub(in crate::api::parties) phone: String,
}

/// A book and who looks at it.
pub(in crate::api::parties) struct Desk<'a> {
    pub book: &'a Book,
    pub name: String,
    pub by: &'a str,
    pub calls: BTreeMap<Uuid, Calls>,
    pub doors: Known,
    pub rounds: Rounds,
    pub voice: Voice,
}

impl Desk<'_> {
    pub fn page(self) -> SuppliesPage {
        let (now, supplies) = (clock(), self.book.supplies());
        let told = |of: &&parties::Partner| of.is_told(parties::Subject::Supplies);
        let named = |of: &parties::Partner| PartyNamed { party: of.card.party, name: of.card.name.clone() };
        let mut receivers: Vec<PartyNamed> = self.book.partners().filter(told).map(named).collect();
        receivers.sort_by(|one, other| one.name.cmp(&other.name));
        let (mut over, mut open): (Vec<ShipmentNow>, Vec<ShipmentNow>) =
            supplies.shipments().partition(ShipmentNow::is_over);
        let mut near = self.book.near_supplies(now);
        let mut left_off = near.len().saturating_sub(limits::LINES_SHOWN);
        near.truncate(limits::LINES_SHOWN);
        let first: BTreeSet<Uuid> = near
            .iter()
            .filter_map(|near| match near.of {
                Subject::Shipment(id) => Some(id),
                _ => None,
            })
            .collect();
        let due = |of: &ShipmentNow| of.promise.as_ref().map_or(of.since, |promise| promise.due);
        open.sort_by_key(|of| (!first.contains(&of.id), due(of), of.id));
        left_off += open.len().saturating_sub(limits::LINES_SHOWN);
        open.truncate(limits::LINES_SHOWN);
        over.sort_by_key(|of| (Reverse(of.since), of.id));
        over.truncate(limits::SHIPMENTS_SHOWN);
        SuppliesPage {
            receivers,
            stock: self.stock(),
            shipments: open.iter().chain(&over).map(|of| self.shipment(now, of)).collect(),
            near: near.iter().map(|near| self.near(now, near)).collect(),
            left_off,
            reasons: self.reasons(),
            doors: self.doors.choose,
            rounds: self.rounds.seen(supplies),
            needs: provide::needs(supplies, now),
            bring: self.rounds.bring(supplies, now),
            name: self.name.clone(),
        }
    }

    pub fn reasons(&self) -> Vec<Worded> {
        let word = |reason: Reason| Worded { key: last(reason.key()), word: self.voice.word(reason.key()) };
        Reason::ALL.into_iter().map(word).collect()
    }

    fn stock(&self) -> Vec<StockSeen> {
        let (ledger, store) = (self.book.supplies().ledger(), stock_of(self.book.own()));
        let seen = |(good, count): (&Good, i64)| {
            let mut counts = ledger.differences(store, good);
            let counted = counts.pop();
            // What was there when the book began is no difference.
            let off = |of: supplies::Difference| match of.booked {
                0 if counts.is_empty() => 0,
                booked => of.counted - booked,
            };
            StockSeen {
                good: good.name.clone(),
                unit: good.unit.clone(),
                count,
                counted: counted.as_ref().map(|of| seconds(of.at)),
                off: counted.map_or(0, off),
            }
        };
        ledger.stock(store).map(seen).collect()
    }

    pub fn named(&self, party: Uuid) -> String {
        match self.book.partner(party) {
            Some(partner) => partner.card.name.clone(),
            None if party == self.book.own() => self.name.clone(),
            None => self.voice.word("supplies.somebody"),
        }
    }

    pub fn called(&self, call: &Call) -> CallSeen {
        let phones = self.calls.get(&call.party).map(|calls| &calls.phones);
        // Who gave no number for whoever brings it may have given the desk's.
        let phone = phones.and_then(|phones| phones.get(&call.role).or_else(|| phones.get(&Role::Desk)));
        let who = format!("{} · {}", self.named(call.party), self.voice.word(call.role.key()));
        CallSeen { who, phone: phone.cloned().unwrap_or_default() }
    }

    fn near(&self, now: Moment, near: &Near) -> SupplyNear {
        let (mut shipment, mut write_off, mut what) = (None, None, String::new());
        match &near.of {
            Subject::Shipment(id) => shipment = Some(*id),
            Subject::WriteOff(id) => {
                let agree = Command::AgreeWriteOff { write_off: *id };
                write_off = self.granted(now, Role::Desk, agree).then_some(*id);
                let asks = self.book.supplies().asked(*id);
                what = asks
                    .map(|(_, lines, reason)| {
                        let lines = lines
                            .0
                            .iter()
                            .map(|(good, count)| format!("{count} {} {}", good.unit, good.name));
                        let lines: Vec<String> = lines.collect();
                        format!("{} · {}", lines.join(", "), self.voice.word(reason.key()))
                    })
                    .unwrap_or_default();
                shipment = asks.and_then(|(of, ..)| match of {
                    Loss::Shipment(id) => Some(id),
                    Loss::Store(_) => None,
                });
            }
            Subject::Stock(_, good, count) => what = format!("{count} {} {}", good.unit, good.name),
            Subject::Record(_) => {}
        }
        // Who wrote what is not theirs is asked by name.
        if near.why == NearWhy::Aside {
            what = near.call.first().map(|call| self.named(call.party)).unwrap_or_default();
        }
        let is_own_desk = |call: &&Call| call.party == self.book.own() && call.role == Role::Desk;
        SupplyNear {
            shipment,
            write_off,
            what,
            why: self.voice.word(near.why.key()),
            by: seconds(near.by),
            // Nobody calls their own desk.
            call: near.call.iter().filter(|call| !is_own_desk(call)).map(|call| self.called(call)).collect(),
            doors: self.doors.doors(self.book, near),
        }
    }

    fn shipment(&self, now: Moment, of: &ShipmentNow) -> ShipmentSeen {
        let own = self.book.own();
        let promise = of.promise.as_ref();
        let promised = promise.map(|promise| promise.to.lines()).unwrap_or_default();
        let goods: BTreeSet<&Good> =
            promised.0.keys().chain(of.sent.keys()).chain(of.received.keys()).collect();
        let awaited = of.awaited();
        let at = |counts: &Counts, good: &Good| counts.get(good).copied().unwrap_or(0);
        let lines = goods.into_iter().map(|good| ShipmentLine {
            good: good.name.clone(),
            unit: good.unit.clone(),
            promised: promised.of(good),
            sent: at(&of.sent, good),
            awaited: at(&awaited, good),
            received: at(&of.received, good),
            missing: at(&of.missing, good),
            surplus: at(&of.surplus, good),
            transit: at(&of.transit, good),
        });
        let explained = of
            .explained
            .iter()
            .map(|(party, _, reason)| format!("{}: {}", self.named(*party), self.voice.word(reason.key())));
        let code = ShipmentCode::of_id(of.id);
        let doors = doors::count(own, of);
        let at_doors = doors.is_some() && of.stage == Stage::AtGate;
        ShipmentSeen {
            id: of.id,
            code: code.map(|code| code.to_string()).unwrap_or_default(),
            short: code.map(ShipmentCode::short).unwrap_or_default(),
            stage: last(of.stage.key()),
            stage_word: self.voice.word(if at_doors { "supplies.stage.at_doors" } else { of.stage.key() }),
            since: seconds(of.since),
            from: promise.and_then(|of| of.from).map(|from| self.named(from.party)).unwrap_or_default(),
            to: promise.map(|of| self.named(of.to.party())).unwrap_or_default(),
            carrier: promise.map(|of| self.named(of.carrier.party)).unwrap_or_default(),
            incoming: doors.is_none() && promise.is_none_or(|of| of.to.party() == own),
            due: promise.map(|of| seconds(of.due)),
            lines: lines.collect(),
            explained: explained.collect(),
            doors,
            over: of.is_over(),
            can: self.can(now, of),
        }
    }

    fn granted(&self, now: Moment, role: Role, command: Command) -> bool {
        let command = parties::Command::Supplies { role, command };
        self.book.decide(now, self.by, command).is_ok_and(|acts| !acts.is_empty())
    }

    /// What would be granted, asked of the rules themselves, and has a sense.
    pub fn can(&self, now: Moment, of: &ShipmentNow) -> Vec<&'static str> {
        let (own, shipment) = (self.book.own(), of.id);
        let (store, at) = (stock_of(own), End::Store(stock_of(own)));
        let counts =
            |of: &Counts| -> Asked { of.iter().map(|(good, count)| (good.clone(), *count)).collect() };
        let promise = of.promise.as_ref();
        let lines = counts(&of.awaited());
        // What comes to doors is said of each.
        let doors = promise.is_some_and(|of| matches!(of.to, To::Doors { .. }));
        let to_us = !doors && promise.is_none_or(|of| of.to.party() == own);
        let from_us = promise.is_some_and(|of| of.party() == own);
        let stage = last(of.stage.key());
        let waits = ["promised", "sent", "at_gate"].contains(&&*stage);
        let (reason, write_off, of_it) = (Reason::Unknown, Uuid::nil(), Loss::Shipment(shipment));
        let (missing, is_short) = (counts(&of.missing), !of.missing.is_empty());
        let receive = |rest| Command::Receive { shipment, at, lines: lines.clone(), rest, unlisted: false };
        let settle =
            |step, lines: &Counts| Command::Settle { shipment, step, at, lines: Some(counts(lines)) };
        let carries = !doors && promise.is_none_or(|of| [of.carrier.party, of.to.party()].contains(&own));
        let asks = [
            ("send", from_us, Role::Keeper, Command::Send { shipment, from: store, lines: lines.clone() }),
            ("receive", to_us && waits, Role::Gate, receive(false)),
            ("rest", to_us && stage == "short", Role::Gate, receive(true)),
            (
                "reach_gate",
                carries && waits && stage != "promised",
                Role::Gate,
                Command::ReachGate { shipment },
            ),
            ("refuse", to_us && waits, Role::Gate, Command::Refuse { shipment, at, reason }),
            (
                "take_back",
                from_us && !of.transit.is_empty(),
                Role::Keeper,
                Command::TakeBack { shipment, at: store, lines: counts(&of.transit) },
            ),
            ("find", is_short, Role::Keeper, Command::Find { shipment, at: store, lines: missing.clone() }),
            (
                "explain",
                is_short || !of.surplus.is_empty(),
                Role::Desk,
                Command::Explain { shipment, reason },
            ),
            (
                "ask_write_off",
                is_short,
                Role::Keeper,
                Command::AskWriteOff { write_off, of: of_it, lines: missing, reason },
            ),
            ("settle", to_us && !of.received.is_empty(), Role::Desk, settle(Step::Received, &of.received)),
            (
                "settle",
                of.elsewhere.contains_key(&own),
                Role::Desk,
                settle(Step::Received, of.elsewhere.get(&own).unwrap_or(&of.received)),
            ),
            ("settle_sent", from_us && !of.sent.is_empty(), Role::Desk, settle(Step::Sent, &of.sent)),
            ("call_off", from_us, Role::Desk, Command::CallOff { shipment }),
        ];
        let granted = asks
            .into_iter()
            .filter(|(_, is, role, command)| *is && self.granted(now, *role, command.clone()));
        granted.map(|(word, ..)| word).collect()
    }
}
