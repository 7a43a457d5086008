//! Commands become events, or are refused.

use crate::{
    Asked, Command, Counts, End, Event, Good, Lines, Loss, MINUTE, Promise, Record, Refusal, ShipmentNow,
    Stage, Step, Supplies, To, Who, folded::Shipment, write_off::Ask,
};
use chance::Ticks;
use domain::{Moment, letters::CodeFault};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Units of one good on one line: a city of 25 million gets four of each on one shipment, and a mistyped number is seen.
pub const COUNT_MOST: i64 = 100_000_000;
/// Goods on one shipment, or in one count.
pub const LINES_MOST: usize = 200;
/// Households of one shipment: what fits into [`BYTES_MOST`] with one good for each. A compound takes several shipments, one for each cart.
pub const SHARES_MOST: usize = 140;
/// Bytes of a record as it is written. A frame of a journal holds 16 KiB (`journal::BODY_MAX`); the rest is for what wraps it.
pub const BYTES_MOST: usize = 15_000;
/// Letters of a good's name, and of its unit.
pub const NAME_LETTERS: usize = domain::supply::NAME_LETTERS;
/// How far ahead something may be promised or needed.
pub const WINDOW_MOST: Ticks = 60 * 24 * 60 * MINUTE;

/// A good of which another number came than left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// Which.
    pub good: Good,
    /// How many left or were promised.
    pub awaited: i64,
    /// How many were counted.
    pub counted: i64,
}

impl Supplies {
    /// What comes of a command; nothing where it was done before.
    ///
    /// # Errors
    /// A rule says no.
    pub fn decide(&self, at: Moment, by: &Who, command: Command) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            Command::Promise(promise) => {
                let known = self.comes_to().shipments.get(&promise.shipment).map(|of| &of.facts);
                // What was called off stands again where it is promised again.
                if known.is_some_and(|of| of.promise() == Some(&promise) && of.called_off().is_none()) {
                    return Ok(vec![]);
                }
                self.promise(at, promise)?
            }
            Command::CallOff { shipment } => {
                let (of, now) = self.known(shipment)?;
                match now.stage {
                    _ if of.facts.promise().map(Promise::party) != Some(by.party) => {
                        return Err(Refusal::NotTheirs);
                    }
                    Stage::CalledOff => return Ok(vec![]),
                    Stage::Promised => Event::CalledOff { shipment },
                    // Who hears before it leaves that it is not wanted does not send it.
                    Stage::Refused
                        if !of.flow.sent.is_told()
                            && of.flow.taken.values().all(|of| of.parts.is_empty()) =>
                    {
                        Event::CalledOff { shipment }
                    }
                    _ => return Err(Refusal::OnItsWay),
                }
            }
            Command::Send { shipment, from, lines } => {
                let lines = counted(lines)?;
                let (of, now) = self.known(shipment)?;
                let told = of.flow.sent.parts.first();
                match told {
                    Some(told) if told.lines == lines && told.at == End::Store(from) => return Ok(vec![]),
                    Some(_) => return Err(Refusal::AlreadySent),
                    None if now.stage == Stage::CalledOff => return Err(Refusal::CalledOff),
                    None if of.facts.promise().is_some_and(|promise| promise.party() != from.party) => {
                        return Err(Refusal::OtherParty);
                    }
                    None => Event::Sent { shipment, from, lines },
                }
            }
            Command::ReachGate { shipment } => {
                let (of, _) = self.known(shipment)?;
                if of.facts.at_gate().is_some() {
                    return Ok(vec![]);
                }
                Event::AtGate { shipment }
            }
            Command::Give { shipment, household } => {
                let (of, _) = self.known(shipment)?;
                if of.facts.given(household).is_some() {
                    return Ok(vec![]);
                }
                Event::Given { shipment, household }
            }
            Command::Receive { shipment, at, lines, rest, unlisted } => {
                let lines = counted(lines)?;
                match self.comes_to().shipments.get(&shipment) {
                    None if !unlisted => return Err(Refusal::UnknownShipment),
                    // What comes back to its sender is taken back.
                    Some(Shipment { parties: Some(of), .. })
                        if of.sender == by.party && of.receiver != by.party =>
                    {
                        return Err(Refusal::NotTheirs);
                    }
                    Some(of) if at.household().is_some_and(|home| of.facts.is_own_gift(home, by)) => {
                        return Err(Refusal::OwnGift);
                    }
                    Some(of) if !rest => {
                        let told = of.flow.told(&at);
                        if let Some(part) = told.and_then(|told| told.parts.first()) {
                            let again = part.lines == lines && part.at == at;
                            return if again { Ok(vec![]) } else { Err(Refusal::AlreadyReceived) };
                        }
                        if told.is_some_and(|told| told.refused.is_some()) {
                            return Err(Refusal::AlreadyRefused);
                        }
                    }
                    _ => {}
                }
                Event::Received { shipment, at, lines, rest }
            }
            Command::Refuse { shipment, at, reason } => {
                let (of, _) = self.known(shipment)?;
                match of.flow.told(&at) {
                    Some(told) if told.refused.is_some() => return Ok(vec![]),
                    Some(told) if told.is_told() => return Err(Refusal::AlreadyReceived),
                    _ => Event::Refused { shipment, at, reason },
                }
            }
            Command::Settle { shipment, step, at, lines } => {
                let lines = lines.map(counted).transpose()?;
                let (of, _) = self.known(shipment)?;
                let told = match step {
                    Step::Sent => Some(&of.flow.sent),
                    Step::Received => of.flow.told(&at),
                };
                let told = told.filter(|told| !told.told.is_empty()).ok_or(Refusal::NothingToSettle)?;
                if step == Step::Sent && lines.is_none() {
                    return Err(Refusal::NothingToSettle);
                }
                Event::Settled { shipment, step, at, over: told.told.iter().copied().collect(), lines }
            }
            Command::TakeBack { shipment, at, lines } => {
                let lines = counted(lines)?;
                let flow = &self.known(shipment)?.0.flow;
                let mut out = flow.transit.clone();
                for (good, count) in &flow.missing {
                    *out.entry(good.clone()).or_default() += count;
                }
                within(&out, &lines)?;
                Event::TakenBack { shipment, at, lines }
            }
            Command::Find { shipment, at, lines } => {
                let lines = counted(lines)?;
                within(&self.known(shipment)?.0.flow.missing, &lines)?;
                Event::Found { shipment, at, lines }
            }
            Command::Explain { shipment, reason } => {
                let (of, _) = self.known(shipment)?;
                let said = |(mark, why): (&crate::Mark, &crate::Reason)| (mark.by, *why) == (*by, reason);
                if of.facts.explained.iter().any(said) {
                    return Ok(vec![]);
                }
                Event::Explained { shipment, reason }
            }
            Command::AskWriteOff { write_off, of, lines, reason } => {
                let lines = counted(lines)?;
                let mut asks = self.asks(write_off).peekable();
                if asks.peek().is_some() {
                    let again = asks.any(|ask| ask.of == of && *ask.lines == lines);
                    return if again { Ok(vec![]) } else { Err(Refusal::WriteOffDiffers) };
                }
                if let Loss::Shipment(shipment) = of {
                    within(&self.known(shipment)?.0.flow.missing, &lines)?;
                }
                Event::WriteOffAsked { write_off, of, lines, reason }
            }
            Command::AgreeWriteOff { write_off } => {
                let of = self.write_offs.get(&write_off).ok_or(Refusal::UnknownWriteOff)?;
                let other = |ask: &Ask| match ask.may_agree(by, self.parties(ask.of)) {
                    Ok(()) => 0,
                    Err(Refusal::NotTheirs) => 2,
                    Err(_) => 1,
                };
                let asks = self.asks(write_off).min_by_key(|ask| (other(ask), ask.mark));
                let ask = asks.ok_or(Refusal::UnknownWriteOff)?;
                let parties = self.parties(ask.of);
                match () {
                    () if of.agreed(ask.of, parties).is_some() => return Ok(vec![]),
                    () if of.differs(ask.of, parties) => return Err(Refusal::WriteOffDiffers),
                    () => ask.may_agree(by, parties)?,
                }
                Event::WriteOffAgreed { write_off, of: ask.of }
            }
            Command::Enter { store, lines, entry } => Event::Entered { store, lines: counted(lines)?, entry },
            Command::Move { party, from, to, lines } => {
                Event::Moved { party, from, to, lines: counted(lines)? }
            }
            Command::Use { store, slot, lines } => Event::Used { store, slot, lines: counted(lines)? },
            Command::Count { store, lines } => Event::Counted { store, lines: counted(lines)? },
            Command::Need { store, slot, until, round, lines } => match counted(lines)? {
                _ if until <= slot => return Err(Refusal::SlotEnds),
                _ if until > at + WINDOW_MOST => return Err(Refusal::TimeFar),
                lines if self.is_needed(store, (slot, until), round, &lines) => return Ok(vec![]),
                lines => Event::Needed { store, slot, until, round, lines },
            },
            Command::Unheard(command) => match (self.decide(at, by, (*command).clone()), *command) {
                (
                    Err(Refusal::AlreadyReceived | Refusal::AlreadyRefused),
                    Command::Receive { shipment, at, lines, rest, .. },
                ) => Event::Received { shipment, at, lines: counted(lines)?, rest },
                (Err(Refusal::AlreadyReceived), Command::Refuse { shipment, at, reason }) => {
                    Event::Refused { shipment, at, reason }
                }
                (decided, _) => return decided,
            },
        };
        if !self.may(by, &event) {
            return Err(Refusal::NotTheirs);
        }
        let record = Record { id: Uuid::nil(), at, by: *by, event };
        let bytes = serde_json::to_vec(&record).map_or(usize::MAX, |text| text.len());
        if bytes > BYTES_MOST {
            return Err(Refusal::TooLarge);
        }
        Ok(vec![record.event])
    }

    /// The number after the last that this party has given to a shipment: one that it has promised. What others write under a code that nobody
    /// has promised uses up no number.
    pub fn next_number(&self, key: &crate::ShipmentKey) -> u32 {
        let promised = self.comes_to().shipments.iter().filter(|(_, of)| of.parties.is_some());
        let own = promised.filter_map(|(id, _)| key.check(*id).ok());
        own.map(|code| code.number() + 1).max().unwrap_or(0)
    }

    /// Where what was counted is another number than what left or was promised: to be asked before it is written down.
    ///
    /// # Errors
    /// A count that is none, or a shipment that is not known here.
    pub fn differs(
        &self,
        shipment: Uuid,
        household: Option<Uuid>,
        lines: Asked,
    ) -> Result<Vec<Differs>, Refusal> {
        let lines = counted(lines)?;
        let (of, now) = self.known(shipment)?;
        let awaited = match household {
            Some(household) => crate::facts::sum(of.facts.shares().get(&household).into_iter()),
            None => now.awaited(),
        };
        let goods: BTreeSet<&Good> = awaited.keys().chain(lines.0.keys()).collect();
        let differs = goods.into_iter().map(|good| Differs {
            good: good.clone(),
            awaited: awaited.get(good).copied().unwrap_or(0),
            counted: lines.of(good),
        });
        Ok(differs.filter(|of| of.awaited != of.counted).collect())
    }

    fn promise(&self, at: Moment, promise: Promise) -> Result<Event, Refusal> {
        let lines = promise.to.lines();
        checked(&lines)?;
        if let To::Doors { of, .. } = &promise.to {
            if of.len() > SHARES_MOST {
                return Err(Refusal::TooManyShares);
            }
            if of.iter().map(|share| share.household).collect::<BTreeSet<_>>().len() < of.len() {
                return Err(Refusal::ShareTwice);
            }
            of.iter().try_for_each(|share| checked(&share.lines))?;
        }
        if lines.0.values().all(|count| *count == 0) {
            return Err(Refusal::NothingCounted);
        }
        if promise.due <= at || promise.leaves.is_some_and(|leaves| leaves > promise.due) {
            return Err(Refusal::TimePast);
        }
        if promise.due > at + WINDOW_MOST {
            return Err(Refusal::TimeFar);
        }
        let known = self.comes_to().shipments.get(&promise.shipment);
        if !promise.is_of_its_code() {
            return Err(Refusal::OtherParty);
        }
        if let Some(Shipment { parties: Some(parties), flow, .. }) = known {
            if parties.sender != promise.party() {
                return Err(Refusal::OtherParty);
            }
            if flow.sent.is_told() || flow.taken.values().any(|of| of.is_told()) {
                return Err(Refusal::OnItsWay);
            }
        }
        Ok(Event::Promised { promise })
    }

    fn asks(&self, write_off: Uuid) -> impl Iterator<Item = Ask<'_>> {
        let known = self.write_offs.get(&write_off).into_iter();
        known.flat_map(|of| of.losses().into_iter().flat_map(|loss| of.asks(loss, self.parties(loss))))
    }

    fn known(&self, shipment: Uuid) -> Result<(&Shipment, &ShipmentNow), Refusal> {
        let of = self.comes_to().shipments.get(&shipment);
        of.and_then(|of| Some((of, of.now.as_ref()?))).ok_or(Refusal::UnknownShipment)
    }
}

impl From<CodeFault> for Refusal {
    fn from(fault: CodeFault) -> Refusal {
        Refusal::Code(fault)
    }
}

/// What was typed, as counts.
fn counted(asked: Asked) -> Result<Lines, Refusal> {
    if asked.is_empty() {
        return Err(Refusal::NothingCounted);
    }
    let count = |(good, count): (Good, i64)| match u32::try_from(count) {
        Ok(count) => Ok((good, count)),
        Err(_) if count < 0 => Err(Refusal::CountNegative { good: good.name }),
        Err(_) => Err(Refusal::CountLarge { good: good.name }),
    };
    let lines: Lines = asked.into_iter().map(count).collect::<Result<Vec<_>, _>>()?.into_iter().collect();
    checked(&lines)?;
    Ok(lines)
}

fn checked(lines: &Lines) -> Result<(), Refusal> {
    if lines.0.len() > LINES_MOST {
        return Err(Refusal::TooManyLines);
    }
    for (good, count) in &lines.0 {
        let fits = |text: &str| {
            !text.trim().is_empty()
                && text.chars().count() <= NAME_LETTERS
                && !text.chars().any(char::is_control)
        };
        if !fits(&good.name) || !fits(&good.unit) {
            return Err(Refusal::GoodUnnamed);
        }
        if i64::from(*count) > COUNT_MOST {
            return Err(Refusal::CountLarge { good: good.name.clone() });
        }
    }
    Ok(())
}

/// Whether no more is found or written off than is missing.
fn within(missing: &Counts, lines: &Lines) -> Result<(), Refusal> {
    if missing.values().all(|count| *count <= 0) {
        return Err(Refusal::NothingMissing);
    }
    for (good, count) in &lines.0 {
        let missing = missing.get(good).copied().unwrap_or(0);
        if i64::from(*count) > missing {
            return Err(Refusal::MoreThanMissing { good: good.name.clone(), missing });
        }
    }
    Ok(())
}
