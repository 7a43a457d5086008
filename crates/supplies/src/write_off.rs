//! What should be written off: somebody asks, and a second person in another role agrees.

use crate::{Event, Lines, Loss, Mark, Reason, Record, Refusal, Who, parties::Parties};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// All that was told under one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WriteOff {
    told: BTreeMap<Mark, Record>,
}

/// Somebody asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    pub mark: Mark,
    pub of: Loss,
    pub lines: &'a Lines,
    pub reason: Reason,
}

impl WriteOff {
    pub fn take(&mut self, record: &Record) {
        self.told.insert(record.mark(), record.clone());
    }

    /// Where something should be written off, by whomever that is asked.
    pub fn losses(&self) -> BTreeSet<Loss> {
        self.all().map(|ask| ask.of).collect()
    }

    /// Who asks it of a loss and may, the first first. `parties`: of that shipment, where it was promised.
    pub fn asks(&self, of: Loss, parties: Option<Parties>) -> impl Iterator<Item = Ask<'_>> {
        self.all().filter(move |ask| ask.of == of && is_of(of, parties, ask.mark.by.party))
    }

    /// What is written off, if two hands agree. Of two that ask for different things under one request, nobody knows with which the second
    /// agreed: neither is written off.
    pub fn agreed(&self, of: Loss, parties: Option<Parties>) -> Option<(Mark, &Lines)> {
        if self.differs(of, parties) {
            return None;
        }
        let agrees =
            |record: &Record| matches!(record.event, Event::WriteOffAgreed { of: to, .. } if to == of);
        let seconds = self.told.iter().filter(|(_, record)| agrees(record)).map(|(mark, _)| *mark);
        let seconds: Vec<Mark> = seconds.collect();
        self.asks(of, parties).find_map(|ask| {
            let second = seconds.iter().find(|mark| ask.may_agree(&mark.by, parties).is_ok())?;
            Some((ask.mark.max(*second), ask.lines))
        })
    }

    /// Whether two ask for different things.
    pub fn differs(&self, of: Loss, parties: Option<Parties>) -> bool {
        let mut asks = self.asks(of, parties);
        asks.next().is_some_and(|first| asks.any(|ask| ask.lines != first.lines))
    }

    /// Records of those who have no say in it.
    pub fn aside(&self, parties: impl Fn(Loss) -> Option<Parties>) -> impl Iterator<Item = &Record> {
        self.told.values().filter(move |record| match record.event {
            Event::WriteOffAsked { of, .. } | Event::WriteOffAgreed { of, .. } => {
                !is_of(of, parties(of), record.by.party)
            }
            _ => false,
        })
    }

    fn all(&self) -> impl Iterator<Item = Ask<'_>> {
        self.told.iter().filter_map(|(mark, record)| match &record.event {
            Event::WriteOffAsked { of, lines, reason, .. } => {
                Some(Ask { mark: *mark, of: *of, lines, reason: *reason })
            }
            _ => None,
        })
    }
}

impl Ask<'_> {
    /// Whether this one may be the second.
    ///
    /// # Errors
    /// Why not.
    pub fn may_agree(&self, by: &Who, parties: Option<Parties>) -> Result<(), Refusal> {
        let first = &self.mark.by;
        match self.of {
            of if !is_of(of, parties, by.party) => Err(Refusal::NotTheirs),
            _ if first.person == by.person => Err(Refusal::SameHand),
            _ if first.role == by.role => Err(Refusal::SameRole),
            Loss::Shipment(_) if parties.is_some_and(|of| !of.may_write_off(first, by)) => {
                Err(Refusal::CarriersHands)
            }
            _ => Ok(()),
        }
    }
}

/// Whether a loss is also this party's: of a stock only whose it is. Of what nobody promised it is anybody's, until somebody does.
fn is_of(of: Loss, parties: Option<Parties>, party: Uuid) -> bool {
    match of {
        Loss::Store(store) => store.party == party,
        Loss::Shipment(_) => parties.is_none_or(|parties| parties.has(party)),
    }
}
