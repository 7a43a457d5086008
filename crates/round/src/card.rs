//! Numbered stopwatch cards: handed to whoever comes last, shown at each table when the service there begins. They time the
//! queue before the first table, which nobody writes down otherwise.

use chance::{TICKS_PER_SECOND, Ticks};
use domain::{Moment, command::Table};
use std::collections::{BTreeMap, BTreeSet};

/// Cards of a site: their numbers have three digits.
pub const CARDS_MAX: u32 = 999;
/// Whoever has carried a card for so long has taken it home.
const CARRIED_MAX: Ticks = 3 * 60 * 60 * TICKS_PER_SECOND;

/// What is known of the stopwatch cards, in whatever order it was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cards(BTreeMap<u32, BTreeSet<(Moment, Option<Shown>)>>);

/// A table, as the event names it.
type Shown = (String, u16, u32);

/// A way of a card through the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its number.
    pub card: u32,
    /// When it was handed out.
    pub since: Moment,
    /// When it was first shown at a table.
    pub shown: Option<Moment>,
}

impl Cards {
    pub(crate) fn tapped(&mut self, at: Moment, card: u32, table: Option<&Table>) {
        let shown = table.map(|of| (of.station.clone(), of.lane, of.server));
        self.0.entry(card).or_default().insert((at, shown));
    }

    /// The number that is handed out next: one more than was handed out last.
    pub fn next(&self) -> u32 {
        let handed = self.0.iter().flat_map(|(&card, taps)| {
            taps.iter().filter(|(_, shown)| shown.is_none()).map(move |&(at, _)| (at, card))
        });
        handed.max().map_or(1, |(_, card)| card % CARDS_MAX + 1)
    }

    /// Each card's last way, in the order in which they were handed out.
    pub fn carried(&self) -> Vec<Carried> {
        let mut all: Vec<Carried> = self.0.iter().filter_map(|(&card, taps)| last(card, taps)).collect();
        all.sort_by_key(|of| (of.since, of.card));
        all
    }

    /// Cards on their way to a station's tables at a moment, the first that was handed out first.
    pub fn awaited(&self, station: &str, at: Moment) -> Vec<u32> {
        let not_yet = |of: &Carried| {
            at - of.since <= CARRIED_MAX
                && !self.0[&of.card].iter().any(|(shown_at, shown)| {
                    *shown_at >= of.since && shown.as_ref().is_some_and(|(name, ..)| name == station)
                })
        };
        self.carried().into_iter().filter(not_yet).map(|of| of.card).collect()
    }

    /// The queue before the first table as the last card that came through has measured it: when it came there, and how
    /// long it took.
    pub fn waited(&self) -> Option<(Moment, Ticks)> {
        let waits = self.carried().into_iter().filter_map(|of| Some((of.shown?, of.shown? - of.since)));
        waits.max()
    }
}

fn last(card: u32, taps: &BTreeSet<(Moment, Option<Shown>)>) -> Option<Carried> {
    let &(since, _) = taps.iter().rev().find(|(_, shown)| shown.is_none())?;
    let shown = taps.iter().find(|(at, shown)| *at >= since && shown.is_some()).map(|&(at, _)| at);
    Some(Carried { card, since, shown })
}

/// What stands on a card: `SW007`.
pub fn card_code(card: u32) -> String {
    format!("SW{card:03}")
}

/// The number of a card's code; `None` if the text is none.
pub fn read_card_code(text: &str) -> Option<u32> {
    let rest = text.strip_prefix("SW").or_else(|| text.strip_prefix("sw"))?;
    let digits = rest.trim_start_matches(['-', ' ']);
    let right = (1..=3).contains(&digits.len()) && digits.bytes().all(|of| of.is_ascii_digit());
    digits.parse().ok().filter(|card| right && *card > 0)
}
