//! Numbered stopwatch cards: handed to whoever comes last, shown at each table when the service there begins. They time the
//! queue before the first table, which nobody writes down otherwise.

use crate::Rules;
use chance::Ticks;
use domain::{Moment, command::Table, event::CARD_CARRIED_MAX};
use std::collections::{BTreeMap, BTreeSet};

/// Cards of a site: their numbers have three digits.
pub const CARDS_MAX: u32 = 999;
/// So many cards that were handed out later have come: whoever has this one was called without it.
const OVERTAKEN: usize = 2;

/// What is known of the stopwatch cards, in whatever order it was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cards(BTreeMap<u32, BTreeSet<(Moment, Option<Shown>)>>);

/// A table, as the event names it.
type Shown = (String, u16, u32);

/// A card's last way through the site.
struct Carried<'a> {
    card: u32,
    /// When it was handed out.
    since: Moment,
    /// Where it was shown since, while it may have been carried.
    shown: Vec<(Moment, &'a str)>,
}

impl Cards {
    pub(crate) fn tapped(&mut self, at: Moment, card: u32, table: Option<&Table>) {
        let shown = table.map(|of| (of.station.clone(), of.lane, of.server));
        self.0.entry(card).or_default().insert((at, shown));
    }

    /// The number that is handed out next: the first beyond all that were handed out. Those that came back are told by
    /// [`Cards::back`].
    pub fn next(&self) -> u32 {
        let highest = self.carried().iter().map(|of| of.card).max();
        highest.map_or(1, |card| (card + 1).min(CARDS_MAX))
    }

    /// The lowest number that was handed out and is free again: shown where people leave the site, or carried for too long.
    pub fn back(&self, rules: &Rules, at: Moment) -> Option<u32> {
        let leaves = |name: &str| {
            rules.station(name).is_some_and(|station| rules.ways_on("", station).contains(&None))
        };
        let is_back = |of: &Carried<'_>| {
            at - of.since > CARD_CARRIED_MAX || of.shown.iter().any(|&(_, name)| leaves(name))
        };
        self.carried().iter().filter(|of| is_back(of)).map(|of| of.card).min()
    }

    /// Cards on their way to a station's tables at a moment, the first that was handed out first. Not any more on its way is
    /// what came there or farther, and what two that were handed out later have overtaken.
    pub fn awaited(&self, rules: &Rules, station: &str, at: Moment) -> Vec<u32> {
        let here = rules.station(station);
        let came = |of: &Carried<'_>| {
            of.shown.iter().any(|&(_, name)| rules.station(name).is_some_and(|there| Some(there) >= here))
        };
        let mut overtaken_by = 0;
        let mut awaited = Vec::new();
        for of in self.carried().iter().rev() {
            if came(of) {
                overtaken_by += 1;
            } else if overtaken_by < OVERTAKEN && at - of.since <= CARD_CARRIED_MAX {
                awaited.push(of.card);
            }
        }
        awaited.reverse();
        awaited
    }

    /// The queue before everybody's first station as the last card that was shown there has measured it: when it came
    /// there, and how long it took.
    pub fn waited(&self, rules: &Rules) -> Option<(Moment, Ticks)> {
        let first = rules.entry("")?;
        let waits = self.carried().into_iter().filter_map(|of| {
            let &(at, name) = of.shown.first()?;
            (rules.station(name) == Some(first)).then_some((at, at - of.since))
        });
        waits.max()
    }

    /// Each card's last way, in the order in which they were handed out.
    fn carried(&self) -> Vec<Carried<'_>> {
        let mut all: Vec<Carried<'_>> = self.0.iter().filter_map(|(&card, taps)| last(card, taps)).collect();
        all.sort_by_key(|of| (of.since, of.card));
        all
    }
}

fn last(card: u32, taps: &BTreeSet<(Moment, Option<Shown>)>) -> Option<Carried<'_>> {
    let &(since, _) = taps.iter().rev().find(|(_, shown)| shown.is_none())?;
    let may = |at: Moment| at >= since && at - since <= CARD_CARRIED_MAX;
    let shown = taps.iter().filter_map(|(at, shown)| Some((*at, shown.as_ref()?.0.as_str())));
    Some(Carried { card, since, shown: shown.filter(|&(at, _)| may(at)).collect() })
}

/// What stands on a card: `SW007`.
pub fn card_code(card: u32) -> String {
    format!("SW{card:03}")
}

/// The number of a card's code, `SW` and three digits; `None` if the text is none.
pub fn read_card_code(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("SW").or_else(|| text.strip_prefix("sw"))?;
    let right = digits.len() == 3 && digits.bytes().all(|of| of.is_ascii_digit());
    digits.parse().ok().filter(|card| right && *card > 0)
}
